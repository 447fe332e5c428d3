//! What happens in each block to values that need slots. Most values are made in registers and used from there: the walks
//! over blocks that find live slots and interference look at the few others alone.

use cranelift_entity::packed_option::PackedOption;

use super::id;
use crate::entity::{Block, Value};
use crate::func::{Func, Location};
use crate::lists::BlockLists;
use crate::op::Op;

/// What a block does to a value that needs a slot.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    Made(Value),
    Used(Value),
    /// Used at the end of a predecessor.
    UsedByPhi(Value),
}

/// What must be in its slot at the end of a predecessor because of a phi.
#[derive(Clone, Copy, Debug)]
pub(super) struct PhiArg {
    /// The index of the predecessor.
    pub(super) index: u32,
    pub(super) v: Value,
    /// Whether it is the spill of the argument.
    pub(super) is_spill: bool,
}

/// The events of all blocks.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// Of each block from its end to its start.
    pub(super) of: BlockLists<Event>,
    /// By predecessor.
    pub(super) phi_args: BlockLists<PhiArg>,
    /// Whether any value needs a slot, and whether any but parameters.
    pub(super) needs_any: bool,
    pub(super) needs_more_slots: bool,
    /// The most phis of one block that need slots.
    pub(super) most_phis: usize,
}

impl Events {
    /// Finds the events of the blocks of `f`. These are in the memory of older ones.
    pub(super) fn find(&mut self, f: &mut Func) {
        let mut needs_slot = f.scratch.flags.table(f.num_values(), false);
        let mut spill = f.scratch.choices.table(f.num_values(), None.into());
        (self.needs_any, self.needs_more_slots) = (false, false);
        self.most_phis = 0;
        for v in (0..f.num_values() as u32).map(Value::from_u32) {
            let data = &f[v];
            let ty = data.ty;
            if data.block.is_none() || f.homes[v] != Location::None {
                continue;
            }
            if !(ty.is_memory() || ty.is_void() || ty.is_flags()) && !f.rematerializable(v) {
                needs_slot[id(v)] = true;
                self.needs_any = true;
                self.needs_more_slots |= data.op != Op::Arg;
            }
            if data.op == Op::StoreReg {
                spill[id(data.args[0])] = v.into();
            }
        }
        self.of.reset(f.num_blocks());
        self.phi_args.reset(f.num_blocks());
        if self.needs_any {
            for &b in &f.layout {
                self.find_in(f, b, &needs_slot, &spill);
            }
        }
        f.scratch.flags.free(needs_slot);
        f.scratch.choices.free(spill);
    }

    fn find_in(&mut self, f: &Func, b: Block, needs_slot: &[bool], spill: &[PackedOption<Value>]) {
        for &v in f[b].values.iter().rev() {
            if needs_slot[id(v)] {
                self.of.push(b, Event::Made(v));
            }
            let data = &f[v];
            let is_phi = data.op == Op::Phi;
            for &arg in data.args.iter().filter(|&&arg| needs_slot[id(arg)]) {
                let event = match is_phi {
                    true => Event::UsedByPhi(arg),
                    false => Event::Used(arg),
                };
                self.of.push(b, event);
            }
        }
        let phis = f[b].values.iter().take_while(|&&v| f[v].op == Op::Phi);
        let n_phis = phis.clone().filter(|&&phi| needs_slot[id(phi)]).count();
        self.most_phis = self.most_phis.max(n_phis);
        let phis = &f[b].values[..phis.count()];
        // Phis may have arguments with slots though they have none themselves.
        let has_content = |phi: &&Value| !f[**phi].ty.is_memory() && !f[**phi].ty.is_void();
        for index in 0..f[b].preds.len() {
            for &phi in phis.iter().rev().filter(has_content) {
                let v = f[phi].args[index];
                let mut push = |v, is_spill| {
                    let index = index as u32;
                    self.phi_args.push(b, PhiArg { index, v, is_spill });
                };
                if needs_slot[id(v)] {
                    push(v, false);
                }
                if let Some(spill) = spill[id(v)].expand() {
                    push(spill, true);
                }
            }
        }
    }
}
