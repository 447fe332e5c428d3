//! The placement of stores to spill slots.

use super::State;
use super::registers::Restores;
use crate::entity::{Block, Value};
use crate::op::Op;

/// The number of blocks of the dominator tree that are tried for one spill.
const MAX_SPILL_SEARCH: u32 = 100;

impl State<'_> {
    /// Places each spill as far down the dominator tree as it still dominates all blocks that need it, in no
    /// deeper loop than the value, and with the value in a register there
    /// (gc: placeSpills).
    pub(super) fn place_spills(&mut self) {
        // Spills at the start of a block, in order of their values.
        let mut at_start: Vec<(Block, Value)> = Vec::new();
        let mut touched = vec![false; self.f.num_blocks()];
        for v in self.values.keys() {
            let Some(spill) = self.values[v].spill.expand() else {
                continue;
            };
            // Parameters and phis that start in their slots need no store.
            if self.f[spill].block.is_some() {
                continue;
            }
            let (best, copy) = self.spill_place(v, self.restores[v]);
            self.f[spill].block = best.into();
            self.f.add_arg(spill, copy);
            touched[best.id()] = true;
            if self.f[v].block != best.into() || must_be_first(self.f[v].op) {
                at_start.push((best, spill));
            }
        }
        at_start.sort_by_key(|&(b, _)| b);
        for n in 0..self.visit_order.len() {
            let b = self.visit_order[n];
            if touched[b.id()] {
                let first = at_start.partition_point(|&(start, _)| start < b);
                let here = &at_start[first..];
                let n_here = here.partition_point(|&(start, _)| start == b);
                self.insert_spills(b, &here[..n_here]);
            }
        }
    }

    /// Returns the block for the spill of `v`, which `restores` need, and the copy of `v` that is in a register there: at the start of
    /// the block, or `v` itself in its own.
    fn spill_place(&self, v: Value, restores: Restores) -> (Block, Value) {
        let mut b = self.f[v].block.expect("a spilled value has been issued");
        let mut best = (b, v);
        let mut best_depth = self.nest.depth(b);
        let mut n_searched = 0;
        while n_searched < MAX_SPILL_SEARCH {
            let mut child = self.sdom.child(b);
            while let Some(c) = child
                && n_searched < MAX_SPILL_SEARCH
                && !(self.sdom.dom_order(c) <= restores.min
                    && self.sdom.dom_exit(c) >= restores.max)
            {
                child = self.sdom.sibling(c);
                n_searched += 1;
            }
            let Some(c) = child.filter(|_| n_searched < MAX_SPILL_SEARCH) else {
                break;
            };
            b = c;
            n_searched += 1;
            let depth = self.nest.depth(b);
            if depth <= best_depth
                && let Some(copy) = self.in_reg_at_start(b, v)
            {
                best = (b, copy);
                best_depth = depth;
            }
        }
        best
    }

    /// Returns the copy of `v` that is in a register at the start of `b`, the lowest one.
    fn in_reg_at_start(&self, b: Block, v: Value) -> Option<Value> {
        let held = |held: super::Held| (held.v == v).then_some(held.copy);
        match self.f[b].preds[..] {
            [edge] => {
                let mut regs = self.end_regs[edge.block].iter();
                regs.find_map(|reg| held(reg.held))
            }
            _ => {
                let mut regs = self.start_regs[b].iter();
                regs.find_map(|reg| held(reg.held))
            }
        }
    }

    /// Puts the spills `at_start` after the phis and parameters of `b`, and the spills of its own values after these.
    fn insert_spills(&mut self, b: Block, at_start: &[(Block, Value)]) {
        self.old.clear();
        self.old.append(&mut self.f[b].values);
        let f = &mut *self.f;
        let first = self.old.iter().take_while(|&&v| must_be_first(f[v].op));
        let n_first = first.count();
        f[b].values.extend_from_slice(&self.old[..n_first]);
        f[b].values.extend(at_start.iter().map(|&(_, spill)| spill));
        for &v in &self.old[n_first..] {
            f[b].values.push(v);
            // Not a spill in another block, nor the value that is its own.
            if let Some(spill) = self.values[v].spill.expand()
                && spill != v
                && f[spill].block == b.into()
            {
                f[b].values.push(spill);
            }
        }
    }
}

/// Reports whether values of an operation come before all others, spills included.
fn must_be_first(op: Op) -> bool {
    matches!(op, Op::Phi | Op::ArgIntReg)
}
