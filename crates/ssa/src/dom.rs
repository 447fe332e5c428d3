//! Postorder, dominators and the dominator tree.

use cranelift_entity::SecondaryMap;

use crate::func::{Block, Func};

/// The blocks that the entry reaches in postorder: depth first, successors in order, a block after all
/// that were first reached through it (gc: dom.go, postorderWithNumbering).
pub fn postorder(f: &Func) -> Vec<Block> {
    let mut seen = vec![false; f.num_blocks()];
    let mut order = Vec::with_capacity(f.layout.len());
    let mut stack = vec![(f.entry, 0)];
    seen[f.entry.id()] = true;
    while let Some((b, next)) = stack.last_mut() {
        match f[*b].succs.get(*next) {
            Some(edge) => {
                *next += 1;
                if !std::mem::replace(&mut seen[edge.block.id()], true) {
                    stack.push((edge.block, 0));
                }
            }
            None => {
                order.push(*b);
                stack.pop();
            }
        }
    }
    order
}

/// The immediate dominator of every block; none for the entry and for unreachable blocks.
///
/// The algorithm of Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm". The tree is
/// unique, so that it is also the one of gc's Lengauer–Tarjan (gc: dom.go, dominatorsLTOrig).
pub fn dominators(f: &mut Func) -> SecondaryMap<Block, Option<Block>> {
    let order = f.postorder();
    let mut number = vec![usize::MAX; f.num_blocks()];
    for (n, b) in order.iter().enumerate() {
        number[b.id()] = n;
    }
    // Immediate dominators as postorder numbers; the entry, numbered last, is its own.
    let entry = order.len() - 1;
    let mut idom = vec![usize::MAX; order.len()];
    idom[entry] = entry;
    let mut changed = true;
    while changed {
        changed = false;
        for n in (0..entry).rev() {
            let mut new = usize::MAX;
            for pred in &f[order[n]].preds {
                let p = number[pred.block.id()];
                if p == usize::MAX || idom[p] == usize::MAX {
                    continue;
                }
                new = if new == usize::MAX {
                    p
                } else {
                    intersect(&idom, new, p)
                };
            }
            changed |= std::mem::replace(&mut idom[n], new) != new;
        }
    }
    let mut result = SecondaryMap::with_capacity(f.num_blocks());
    result.resize(f.num_blocks());
    for (n, &b) in order[..entry].iter().enumerate() {
        result[b] = Some(order[idom[n]]);
    }
    result
}

/// The nearest common ancestor of two blocks given by postorder number.
fn intersect(idom: &[usize], mut a: usize, mut b: usize) -> usize {
    while a != b {
        while a < b {
            a = idom[a];
        }
        while b < a {
            b = idom[b];
        }
    }
    a
}

/// A block's place in the dominator tree.
#[derive(Clone, Copy, Debug, Default)]
struct Node {
    child: Option<Block>,
    sibling: Option<Block>,
    parent: Option<Block>,
    /// Number on entering and on leaving the block in a walk of the tree.
    entry: u32,
    exit: u32,
}

/// The dominator tree with constant-time ancestor queries.
///
/// Children are linked in front of earlier ones in layout order, so that walks visit them in reverse
/// layout order (gc: sparsetree.go, newSparseTree).
#[derive(Clone, Debug)]
pub struct SparseTree {
    nodes: Vec<Node>,
}

impl SparseTree {
    /// Builds the tree from immediate dominators.
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
                tree.nodes[b.id()].parent = Some(parent);
                tree.nodes[b.id()].sibling = tree.nodes[parent.id()].child;
                tree.nodes[parent.id()].child = Some(b);
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
            at = self.nodes[b.id()].child;
            let mut leaving = Some(b).filter(|_| at.is_none());
            while let Some(b) = leaving {
                self.nodes[b.id()].exit = n;
                n += 1;
                if b == root {
                    return;
                }
                at = self.nodes[b.id()].sibling;
                leaving = if at.is_some() {
                    None
                } else {
                    self.nodes[b.id()].parent
                };
            }
        }
    }

    /// The first child.
    pub fn child(&self, b: Block) -> Option<Block> {
        self.nodes[b.id()].child
    }

    /// The next child of the same parent.
    pub fn sibling(&self, b: Block) -> Option<Block> {
        self.nodes[b.id()].sibling
    }

    /// The immediate dominator.
    pub fn parent(&self, b: Block) -> Option<Block> {
        self.nodes[b.id()].parent
    }

    /// Whether `a` dominates `b`; every block dominates itself.
    pub fn is_ancestor_eq(&self, a: Block, b: Block) -> bool {
        let (x, y) = (&self.nodes[a.id()], &self.nodes[b.id()]);
        a == b || x.entry <= y.entry && y.exit <= x.exit
    }

    /// Whether `a` dominates `b` and is another block.
    pub fn is_ancestor(&self, a: Block, b: Block) -> bool {
        let (x, y) = (&self.nodes[a.id()], &self.nodes[b.id()]);
        a != b && x.entry < y.entry && y.exit < x.exit
    }

    /// A number by which dominators sort before the blocks that they dominate.
    pub fn dom_order(&self, b: Block) -> u32 {
        self.nodes[b.id()].entry
    }

    /// The number on leaving the block: those of blocks that it dominates, their `dom_order` included,
    /// are between its own two.
    pub fn dom_exit(&self, b: Block) -> u32 {
        self.nodes[b.id()].exit
    }
}
