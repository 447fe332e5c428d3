//! Lowest common ancestors in the dominator tree.
//!
//! With blocks numbered in preorder, the ancestor of two different blocks is the parent of the
//! shallowest block after the first one up to the second. A table holds the answer for every window
//! whose length is a power of two; two overlapping windows make any range (gc: lca.go; Bender and
//! Farach-Colton, "The LCA Problem Revisited").

use std::sync::Arc;

use crate::dom::SparseTree;
use crate::entity::Block;
use crate::func::Func;
use crate::scratch::GraphLists;

/// Constant-time queries. The first query about blocks of which neither dominates the other builds the table.
pub(crate) struct Lca {
    tree: Arc<SparseTree>,
    entry: Block,
    /// From the function's scratch memory.
    lists: GraphLists,
    table: Option<Table>,
}

impl Lca {
    /// Prepares for the current dominator tree.
    pub(crate) fn new(f: &mut Func) -> Lca {
        Lca {
            tree: f.sdom(),
            entry: f.entry,
            lists: std::mem::take(&mut f.scratch.graph),
            table: None,
        }
    }

    /// Returns the nearest block that dominates both.
    pub(crate) fn find(&mut self, a: Block, b: Block) -> Block {
        if self.tree.is_ancestor_eq(a, b) {
            return a;
        }
        if self.tree.is_ancestor_eq(b, a) {
            return b;
        }
        let make = || Table::new(&self.tree, self.entry, &mut self.lists);
        self.table.get_or_insert_with(make).find(a, b)
    }

    /// Gives the memory back.
    pub(crate) fn free(mut self, f: &mut Func) {
        if let Some(table) = self.table {
            self.lists.numbers.free(table.order);
            self.lists.numbers.free(table.windows);
            self.lists.blocks.free(table.blocks);
        }
        f.scratch.graph = self.lists;
    }
}

/// The answers, after O(n log n) preparation.
struct Table {
    /// Number of each reachable block in preorder, by block number.
    order: Vec<u32>,
    /// One table after the other, each from [`Table::start`] on. In table `k`, at `n`: the parent of the shallowest
    /// of the 2^k blocks from number `n` on, as preorder number. A parent's number is the smaller the shallower
    /// the block is: all blocks in question have an ancestor in common, and shallower parents come before
    /// deeper ones.
    windows: Vec<u32>,
    blocks: Vec<Block>,
}

impl Table {
    fn new(tree: &SparseTree, entry: Block, lists: &mut GraphLists) -> Table {
        let mut order = lists.numbers.table(tree.num_blocks(), 0);
        let mut windows = lists.numbers.list();
        let (mut blocks, mut work) = (lists.blocks.list(), lists.blocks.list());
        work.push(entry);
        while let Some(b) = work.pop() {
            order[b.id()] = blocks.len() as u32;
            windows.push(tree.parent(b).map_or(0, |parent| order[parent.id()]));
            blocks.push(b);
            work.extend(std::iter::successors(tree.child(b), |&child| {
                tree.sibling(child)
            }));
        }
        lists.blocks.free(work);
        let mut half = 0;
        let mut width = 1;
        while 2 * width <= blocks.len() {
            let next = windows.len();
            windows.resize(next + blocks.len() - 2 * width + 1, 0);
            let (narrow, wide) = windows.split_at_mut(next);
            let pairs = narrow[half..].iter().zip(&narrow[half + width..]);
            for (window, (&first, &second)) in wide.iter_mut().zip(pairs) {
                *window = first.min(second);
            }
            half = next;
            width *= 2;
        }
        Table {
            order,
            windows,
            blocks,
        }
    }

    /// Returns the start of the table for windows of 2^`level` blocks. Each earlier table has one entry for each
    /// position of a window.
    fn start(&self, level: usize) -> usize {
        level * (self.blocks.len() + 1) + 1 - (1 << level)
    }

    /// Returns the nearest block that dominates both of two different blocks.
    fn find(&self, a: Block, b: Block) -> Block {
        let (a, b) = (self.order[a.id()] as usize, self.order[b.id()] as usize);
        let (first, last) = (a.min(b) + 1, a.max(b));
        let level = (last - first + 1).ilog2() as usize;
        let window = &self.windows[self.start(level)..];
        self.blocks[window[first].min(window[last + 1 - (1 << level)]) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest_common_dominator() {
        // b1 leads to b2 and b5; b2 to b3 and b4, which meet in b6; b5 joins b6.
        let text = "\
== f: tighten nb=7 nv=1
  b1: If -> b2 b5 @2:1:1+ preds succs b2.0 b5.0
  b2: If -> b3 b4 @2:1:1+ preds b1.0 succs b3.0 b4.0
  b3: Plain -> b6 @2:1:1+ preds b2.0 succs b6.0
  b4: Plain -> b6 @2:1:1+ preds b2.1 succs b6.1
  b5: Plain -> b6 @2:1:1+ preds b1.1 succs b6.2
  b6: Ret @2:1:1+ preds b3.0 b4.0 b5.0 succs
";
        let mut syms = minigo_obj::SymTable::new();
        let mut f = crate::parse(text, &mut syms, &crate::profile::GO1_15)
            .expect("a good dump")
            .func;
        let mut lca = Lca::new(&mut f);
        let b = Block::from_u32;
        let cases = [
            (3, 4, 2),
            (4, 2, 2),
            (3, 5, 1),
            (6, 4, 1),
            (5, 5, 5),
            (1, 6, 1),
        ];
        for (x, y, want) in cases {
            assert_eq!(lca.find(b(x), b(y)), b(want), "{x} {y}");
        }
    }
}
