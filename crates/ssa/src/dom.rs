//! Postorder, dominators and the dominator tree.

use std::sync::Arc;

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

use crate::ahead::STEP;
use crate::entity::Block;
use crate::func::Func;
use crate::scratch::GraphLists;

/// Returns the blocks that the entry reaches in postorder: depth first, successors in order, a block after all
/// that were first reached through it (gc: dom.go, postorderWithNumbering).
pub fn postorder(f: &Func, lists: &mut GraphLists) -> Arc<[Block]> {
    /// No block: the walk hasn't reached it.
    const NOT_REACHED: u32 = u32::MAX;
    let mut next_succ = lists.numbers.table(f.num_blocks(), NOT_REACHED);
    let mut order = lists.blocks.list();
    let mut stack = lists.blocks.list();
    stack.push(f.entry);
    next_succ[f.entry.id()] = 0;
    while let Some(&b) = stack.last() {
        let next = &mut next_succ[b.id()];
        match f[b].succs.get(*next as usize) {
            Some(edge) => {
                *next += 1;
                f.prefetch_behind(edge.block);
                if next_succ[edge.block.id()] == NOT_REACHED {
                    next_succ[edge.block.id()] = 0;
                    stack.push(edge.block);
                }
            }
            None => {
                order.push(b);
                stack.pop();
            }
        }
    }
    let result = Arc::from(&order[..]);
    lists.numbers.free(next_succ);
    lists.blocks.free(order);
    lists.blocks.free(stack);
    result
}

/// Returns the immediate dominator of every block; none for the entry and for unreachable blocks.
///
/// The simple algorithm of Lengauer and Tarjan, "A Fast Algorithm for Finding Dominators in a Flowgraph",
/// which is gc's, too (gc: dom.go, dominatorsLTOrig); the tree is unique. It takes m log n steps even for
/// the deep trees of long functions.
pub fn dominators(f: &Func, lists: &mut GraphLists) -> SecondaryMap<Block, Option<Block>> {
    let tree = SpanningTree::new(f, lists);
    let n = tree.blocks.len();
    let numbers = &mut lists.numbers;
    let mut forest = Forest {
        semi: numbers.list(),
        label: numbers.list(),
        ancestor: numbers.table(n, NONE),
        path: numbers.list(),
    };
    forest.semi.extend(0..n as u32);
    forest.label.extend(0..n as u32);
    let mut idom = numbers.table(n, 0);
    // Blocks whose semidominator is known and whose dominator is not, as lists by semidominator.
    let (mut bucket, mut next) = (numbers.table(n, NONE), numbers.table(n, NONE));
    for w in (1..n).rev() {
        f.prefetch_block(tree.blocks[w.saturating_sub(STEP)]);
        for pred in &f[tree.blocks[w]].preds {
            let v = tree.number[pred.block.id()];
            if v != NONE {
                let u = forest.eval(v);
                forest.semi[w] = forest.semi[w].min(forest.semi[u as usize]);
            }
        }
        let semi = forest.semi[w] as usize;
        next[w] = std::mem::replace(&mut bucket[semi], w as u32);
        let parent = tree.parent[w];
        forest.ancestor[w] = parent;
        let mut v = std::mem::replace(&mut bucket[parent as usize], NONE);
        while v != NONE {
            let u = forest.eval(v);
            let lower = forest.semi[u as usize] < forest.semi[v as usize];
            idom[v as usize] = if lower { u } else { parent };
            v = next[v as usize];
        }
    }
    let mut result = SecondaryMap::with_capacity(f.num_blocks());
    result.resize(f.num_blocks());
    for w in 1..n {
        if idom[w] != forest.semi[w] {
            idom[w] = idom[idom[w] as usize];
        }
        result[tree.blocks[w]] = Some(tree.blocks[idom[w] as usize]);
    }
    forest.free(lists);
    tree.free(lists);
    for list in [idom, bucket, next] {
        lists.numbers.free(list);
    }
    result
}

/// No block.
const NONE: u32 = u32::MAX;

/// A depth-first walk from the entry; blocks are numbered in the order in which it reaches them.
struct SpanningTree {
    /// Block of each number.
    blocks: Vec<Block>,
    /// Number of each block by id; [`NONE`] for unreachable ones.
    number: Vec<u32>,
    /// From where the walk reached each number.
    parent: Vec<u32>,
}

impl SpanningTree {
    fn new(f: &Func, lists: &mut GraphLists) -> SpanningTree {
        let mut tree = SpanningTree {
            blocks: lists.blocks.list(),
            number: lists.numbers.table(f.num_blocks(), NONE),
            parent: lists.numbers.list(),
        };
        // Blocks, and from where they would be reached.
        let (mut work, mut from) = (lists.blocks.list(), lists.numbers.list());
        for list in [&mut tree.blocks, &mut work] {
            list.reserve(f.num_blocks());
        }
        for list in [&mut tree.parent, &mut from] {
            list.reserve(f.num_blocks());
        }
        work.push(f.entry);
        from.push(NONE);
        while let (Some(b), Some(parent)) = (work.pop(), from.pop()) {
            if tree.number[b.id()] != NONE {
                continue;
            }
            let number = tree.blocks.len() as u32;
            f.prefetch_behind(b);
            tree.number[b.id()] = number;
            tree.blocks.push(b);
            tree.parent.push(parent);
            for edge in &f[b].succs {
                work.push(edge.block);
                from.push(number);
            }
        }
        lists.blocks.free(work);
        lists.numbers.free(from);
        tree
    }

    fn free(self, lists: &mut GraphLists) {
        lists.blocks.free(self.blocks);
        lists.numbers.free(self.number);
        lists.numbers.free(self.parent);
    }
}

/// The part of the spanning tree that is processed, with its paths compressed.
struct Forest {
    /// Number of the semidominator, so far.
    semi: Vec<u32>,
    /// The number of least semidominator on the compressed path above.
    label: Vec<u32>,
    ancestor: Vec<u32>,
    path: Vec<u32>,
}

impl Forest {
    /// Returns the number of least semidominator on the path from the root of `v`'s tree, exclusive, to `v`.
    fn eval(&mut self, v: u32) -> u32 {
        let up = |forest: &Forest, v: u32| forest.ancestor[v as usize];
        if up(self, v) == NONE {
            return v;
        }
        let mut at = v;
        while up(self, up(self, at)) != NONE {
            self.path.push(at);
            at = up(self, at);
        }
        while let Some(v) = self.path.pop() {
            let above = up(self, v) as usize;
            let label = self.label[above];
            if self.semi[label as usize] < self.semi[self.label[v as usize] as usize] {
                self.label[v as usize] = label;
            }
            self.ancestor[v as usize] = self.ancestor[above];
        }
        self.label[v as usize]
    }

    fn free(self, lists: &mut GraphLists) {
        for list in [self.semi, self.label, self.ancestor, self.path] {
            lists.numbers.free(list);
        }
    }
}

/// A block's links and numbers in the dominator tree.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    child: PackedOption<Block>,
    sibling: PackedOption<Block>,
    parent: PackedOption<Block>,
    /// Number on entering and on leaving the block in a walk of the tree.
    entry: u32,
    exit: u32,
}

/// The dominator tree with constant-time ancestor queries.
///
/// Children are linked in front of earlier ones in layout order or postorder, so that walks visit them in the
/// reverse of that (gc: sparsetree.go, newSparseTree).
#[derive(Clone, Debug)]
pub struct SparseTree {
    nodes: Vec<Node>,
}

impl SparseTree {
    /// Builds the tree from immediate dominators, with children in reverse order of the layout.
    pub fn new(f: &Func, idom: &SecondaryMap<Block, Option<Block>>) -> SparseTree {
        SparseTree::ordered(f, idom, &f.layout)
    }

    /// Builds the tree with children linked in the reverse of `order`.
    pub fn ordered(
        f: &Func,
        idom: &SecondaryMap<Block, Option<Block>>,
        order: &[Block],
    ) -> SparseTree {
        let mut tree = SparseTree {
            nodes: vec![Node::default(); f.num_blocks()],
        };
        for &b in order {
            if let Some(parent) = idom[b] {
                tree.nodes[b.id()].parent = parent.into();
                tree.nodes[b.id()].sibling = tree.nodes[parent.id()].child;
                tree.nodes[parent.id()].child = b.into();
            }
        }
        tree.number(f.entry);
        tree
    }

    /// Numbers entries and exits in one walk; only their order matters.
    fn number(&mut self, root: Block) {
        let mut n = 1;
        let mut at = Some(root);
        while let Some(b) = at {
            self.nodes[b.id()].entry = n;
            n += 1;
            at = self.child(b);
            let mut leaving = Some(b).filter(|_| at.is_none());
            while let Some(b) = leaving {
                self.nodes[b.id()].exit = n;
                n += 1;
                if b == root {
                    return;
                }
                at = self.sibling(b);
                leaving = if at.is_some() { None } else { self.parent(b) };
            }
        }
    }

    /// Returns the size of tables indexed by block.
    pub(crate) fn num_blocks(&self) -> usize {
        self.nodes.len()
    }

    /// Returns the first child.
    pub fn child(&self, b: Block) -> Option<Block> {
        self.nodes[b.id()].child.expand()
    }

    /// Returns the next child of the same parent.
    pub fn sibling(&self, b: Block) -> Option<Block> {
        self.nodes[b.id()].sibling.expand()
    }

    /// Returns the immediate dominator.
    pub fn parent(&self, b: Block) -> Option<Block> {
        self.nodes[b.id()].parent.expand()
    }

    /// Reports whether `a` dominates `b`; every block dominates itself.
    pub fn is_ancestor_eq(&self, a: Block, b: Block) -> bool {
        let (x, y) = (&self.nodes[a.id()], &self.nodes[b.id()]);
        a == b || x.entry <= y.entry && y.exit <= x.exit
    }

    /// Reports whether `a` dominates `b` and is another block.
    pub fn is_ancestor(&self, a: Block, b: Block) -> bool {
        let (x, y) = (&self.nodes[a.id()], &self.nodes[b.id()]);
        a != b && x.entry < y.entry && y.exit < x.exit
    }

    /// Returns a number by which dominators sort before the blocks that they dominate.
    pub fn dom_order(&self, b: Block) -> u32 {
        self.nodes[b.id()].entry
    }

    /// Returns the number on leaving the block: those of blocks that it dominates, their `dom_order` included,
    /// are between its own two.
    pub fn dom_exit(&self, b: Block) -> u32 {
        self.nodes[b.id()].exit
    }
}

#[cfg(test)]
mod tests {
    use minigo_base::Pos;
    use minigo_obj::SymTable;

    use super::*;
    use crate::block::BlockKind;

    /// Returns the blocks that the entry reaches without passing `avoid`.
    fn reached(f: &Func, avoid: Option<Block>) -> Vec<bool> {
        let mut seen = vec![false; f.num_blocks()];
        let mut work = vec![f.entry];
        while let Some(b) = work.pop() {
            if Some(b) != avoid && !std::mem::replace(&mut seen[b.id()], true) {
                work.extend(f[b].succs.iter().map(|edge| edge.block));
            }
        }
        seen
    }

    #[test]
    fn dominators_are_on_all_paths() {
        let mut state = 1u64;
        let mut random = |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % n
        };
        for _ in 0..100 {
            let mut f = Func::new(
                "f",
                SymTable::MORESTACK,
                Pos::NONE,
                Arc::default(),
                &crate::profile::GO1_15,
                Box::default(),
            );
            let n = 2 + random(12) as usize;
            let blocks: Vec<Block> = (0..n).map(|_| f.new_block(BlockKind::Plain)).collect();
            f.entry = blocks[0];
            for &b in &blocks {
                for _ in 0..random(3) {
                    f.add_edge(b, blocks[1 + random(n as u64 - 1) as usize]);
                }
            }
            let idom = dominators(&f, &mut GraphLists::default());
            let all = reached(&f, None);
            for &b in &blocks {
                let mut listed: Vec<Block> = std::iter::successors(idom[b], |&a| idom[a]).collect();
                let dominates = |&a: &Block| a != b && all[b.id()] && !reached(&f, Some(a))[b.id()];
                let mut expected: Vec<Block> = blocks.iter().copied().filter(dominates).collect();
                listed.sort_unstable();
                expected.sort_unstable();
                assert_eq!(listed, expected, "of {b}");
            }
        }
    }
}
