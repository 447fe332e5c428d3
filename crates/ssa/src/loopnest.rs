//! The loops of a function and how they nest.
//!
//! A loop is named by its header: a block that dominates a predecessor of itself. Loops are found in
//! one walk in postorder (gc: likelyadjust.go, loopnestfor).

use cranelift_entity::{EntityRef, PrimaryMap, entity_impl};

use crate::dom::SparseTree;
use crate::entity::Block;
use crate::func::Func;

/// A loop. Numbered from 0 in order of discovery.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Loop(u32);
entity_impl!(Loop, "loop");

/// The record of a loop.
#[derive(Clone, Debug)]
pub struct LoopData {
    /// The block through which the loop is entered.
    pub header: Block,
    /// The smallest loop around this one.
    pub outer: Option<Loop>,
    /// 1 for an outermost loop.
    pub depth: u32,
    /// Whether there is no loop inside.
    pub is_inner: bool,
}

/// The loops of a function.
#[derive(Clone, Debug)]
pub struct LoopNest {
    /// The loops in order of discovery.
    pub loops: PrimaryMap<Loop, LoopData>,
    /// The innermost loop of each block, by block number.
    pub innermost: Vec<Option<Loop>>,
    /// Whether some cycle has two entries; then the loops aren't reliable.
    pub has_irreducible: bool,
}

impl LoopNest {
    /// Finds the loops from the blocks in postorder and the dominator tree.
    pub fn new(f: &Func, order: &[Block], tree: &SparseTree) -> LoopNest {
        let mut nest = LoopNest {
            loops: PrimaryMap::new(),
            innermost: vec![None; f.num_blocks()],
            has_irreducible: false,
        };
        nest.find(f, order, tree);
        nest.find_depths();
        nest
    }

    /// Returns the innermost loop of a block.
    pub fn of(&self, b: Block) -> Option<Loop> {
        self.innermost[b.id()]
    }

    /// Returns the nesting depth of a block, 0 outside of loops.
    pub fn depth(&self, b: Block) -> u32 {
        self.of(b).map_or(0, |l| self.loops[l].depth)
    }

    /// Reports whether loop `l` is `other` or inside it; every loop is inside the whole program.
    pub fn is_within_or_eq(&self, l: Loop, other: Option<Loop>) -> bool {
        let Some(other) = other else { return true };
        std::iter::successors(Some(l), |&l| self.loops[l].outer).any(|l| l == other)
    }

    fn find(&mut self, f: &Func, order: &[Block], tree: &SparseTree) {
        let mut visited = vec![false; f.num_blocks()];
        for (at, &b) in order.iter().enumerate() {
            f.look_along(order, at);
            let mut innermost: Option<Loop> = None;
            for edge in &f[b].succs {
                let succ = edge.block;
                let mut found = self.innermost[succ.id()];
                if tree.is_ancestor_eq(succ, b) {
                    if found.is_none() {
                        found = Some(self.loops.push(LoopData::new(succ)));
                        self.innermost[succ.id()] = found;
                    }
                } else if !visited[succ.id()] {
                    self.has_irreducible = true;
                } else if let Some(l) = found
                    && !tree.is_ancestor_eq(self.loops[l].header, b)
                {
                    found = self.nearest_outer(l, b, tree);
                }
                let Some(l) = found else { continue };
                match innermost {
                    None => innermost = found,
                    Some(inner) if inner == l => {}
                    Some(inner) => {
                        let (inner_header, header) =
                            (self.loops[inner].header, self.loops[l].header);
                        if tree.is_ancestor(inner_header, header) {
                            self.nest(inner, l, tree);
                            innermost = found;
                        } else if tree.is_ancestor(header, inner_header) {
                            self.nest(l, inner, tree);
                        }
                    }
                }
            }
            if innermost.is_some() {
                self.innermost[b.id()] = innermost;
            }
            visited[b.id()] = true;
        }
    }

    /// Returns the innermost loop around `l` whose header dominates `b`.
    fn nearest_outer(&self, l: Loop, b: Block, tree: &SparseTree) -> Option<Loop> {
        std::iter::successors(self.loops[l].outer, |&l| self.loops[l].outer)
            .find(|&l| tree.is_ancestor_eq(self.loops[l].header, b))
    }

    /// Records that `outer` is around `inner`, among the outer loops already known.
    fn nest(&mut self, mut outer: Loop, mut inner: Loop, tree: &SparseTree) {
        loop {
            let mut known = self.loops[inner].outer;
            while let Some(l) = known
                && tree.is_ancestor(self.loops[outer].header, self.loops[l].header)
            {
                inner = l;
                known = self.loops[inner].outer;
            }
            if known == Some(outer) {
                return;
            }
            self.loops[inner].outer = Some(outer);
            self.loops[outer].is_inner = false;
            // The loop around the inner one is now around the new outer one.
            match known {
                Some(l) => (outer, inner) = (l, outer),
                None => return,
            }
        }
    }

    /// Returns, by loop, whether all its iterations call a function: such a loop gains nothing from values kept in
    /// registers.
    pub(crate) fn unavoidable_calls(&self, f: &Func) -> Vec<bool> {
        let mut calls = vec![false; f.num_blocks()];
        for b in f.walk() {
            calls[b.id()] = f[b].values.iter().any(|&v| f[v].op.is_call());
        }
        let must_call = |(l, data): (Loop, &LoopData)| {
            calls[data.header.id()] || !self.has_call_free_path(f, l, &mut calls)
        };
        self.loops.iter().map(must_call).collect()
    }

    /// Reports whether one iteration of `l` can end without a call. Visited blocks are marked in `calls` for
    /// later loops too, as gc does.
    fn has_call_free_path(&self, f: &Func, l: Loop, calls: &mut [bool]) -> bool {
        let ends_iteration = |b: Block| b == self.loops[l].header || self.of(b) != Some(l);
        let succs = |b: Block| f[b].succs.iter().map(|edge| edge.block);
        let mut work: Vec<Block> = succs(self.loops[l].header)
            .filter(|&b| !ends_iteration(b))
            .collect();
        while let Some(b) = work.pop() {
            if std::mem::replace(&mut calls[b.id()], true) {
                continue;
            }
            let mut free = false;
            for succ in succs(b) {
                free |= ends_iteration(succ);
                if !calls[succ.id()] {
                    work.push(succ);
                }
            }
            if free {
                return true;
            }
        }
        false
    }

    fn find_depths(&mut self) {
        for l in self.loops.keys() {
            let around = std::iter::successors(Some(l), |&l| self.loops[l].outer);
            self.loops[l].depth = around.count() as u32;
        }
    }
}

impl LoopData {
    fn new(header: Block) -> LoopData {
        LoopData {
            header,
            outer: None,
            depth: 0,
            is_inner: true,
        }
    }
}

impl Loop {
    /// Returns the number as a table index.
    pub fn id(self) -> usize {
        self.index()
    }
}
