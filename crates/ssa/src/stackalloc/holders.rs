//! The values that need slots, and what happens to them in each block. Most values are made in registers and used from
//! there: the walks over blocks that find live slots and interference look at the few others alone.

use cranelift_entity::packed_option::PackedOption;

use crate::entity::{Block, Value};
use crate::func::{Func, Location};
use crate::lists::BlockLists;
use crate::op::Op;
use crate::shared_lists::Item;

/// The number of a value that needs a slot: parameters come first, then the others in the order in which they get their
/// slots. So values of neighbouring blocks are neighbours in tables.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Holder(u32);

impl Holder {
    /// Returns the number as a table index.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

impl Item for Holder {
    fn key(self) -> u32 {
        self.0
    }
    fn offset(self) -> i32 {
        0
    }
    fn plus(self, _: i32) -> Self {
        self
    }
}

/// The values that need slots, by number.
#[derive(Debug, Default)]
pub(super) struct Holders {
    values: Vec<Value>,
    n_params: usize,
    /// By value number: the holder, [`Holders::NONE`] if it is none.
    numbers: Vec<u32>,
}

impl Holders {
    const NONE: u32 = u32::MAX;
    /// A value without number so far.
    const UNNUMBERED: u32 = u32::MAX - 1;

    /// Finds the values of `f` that need slots.
    pub(super) fn find(&mut self, f: &Func) {
        self.values.clear();
        self.numbers.clear();
        self.numbers.resize(f.num_values(), Holders::NONE);
        let mut needs_any = false;
        for v in (0..f.num_values() as u32).map(Value::from_u32) {
            let data = &f[v];
            let ty = data.ty;
            if data.block.is_some()
                && f.homes[v] == Location::None
                && !(ty.is_memory() || ty.is_void() || ty.is_flags())
                && !f.rematerializable(v)
            {
                self.numbers[v.id()] = Holders::UNNUMBERED;
                needs_any = true;
            }
        }
        self.n_params = 0;
        if !needs_any {
            return;
        }
        for &v in &f[f.entry].values {
            if f[v].op == Op::Arg {
                self.number(v);
            }
        }
        self.n_params = self.values.len();
        for &b in &f.layout {
            for &v in &f[b].values {
                self.number(v);
            }
        }
    }

    fn number(&mut self, v: Value) {
        let number = &mut self.numbers[v.id()];
        if *number == Holders::UNNUMBERED {
            *number = self.values.len() as u32;
            self.values.push(v);
        }
    }

    /// Returns how many there are.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Returns how many there are besides parameters.
    pub(super) fn n_assigned(&self) -> usize {
        self.values.len() - self.n_params
    }

    /// Returns the value with that number.
    pub(super) fn value(&self, holder: Holder) -> Value {
        self.values[holder.index()]
    }

    /// Returns all values in order.
    pub(super) fn values(&self) -> &[Value] {
        &self.values
    }

    /// Returns the number of `v` if it needs a slot.
    pub(super) fn get(&self, v: Value) -> Option<Holder> {
        let number = self.numbers.get(v.id()).copied();
        number.filter(|&n| n != Holders::NONE).map(Holder)
    }

    /// Reports whether the value is a parameter. It is in its slot from the start of the function on.
    pub(super) fn is_param(&self, holder: Holder) -> bool {
        holder.index() < self.n_params
    }
}

/// A definition or use in a block of a value that needs a slot.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    Made(Holder),
    Used(Holder),
    /// Used at the end of a predecessor.
    UsedByPhi(Holder),
}

/// A value that must be in its slot at the end of a predecessor because of a phi.
#[derive(Clone, Copy, Debug)]
pub(super) struct PhiArg {
    /// The index of the predecessor.
    pub(super) index: u32,
    pub(super) holder: Holder,
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
    /// The most phis of one block that need slots.
    pub(super) most_phis: usize,
}

impl Events {
    /// Finds the events of the blocks of `f`. Their memory is that of older ones.
    pub(super) fn find(&mut self, f: &mut Func, holders: &Holders) {
        self.of.reset(f.num_blocks());
        self.phi_args.reset(f.num_blocks());
        self.most_phis = 0;
        let mut spills = f.scratch.choices.table(f.num_values(), None.into());
        for &v in holders.values() {
            if f[v].op == Op::StoreReg {
                spills[f[v].args[0].id()] = v.into();
            }
        }
        for &b in &f.layout {
            self.find_in(f, b, holders, &spills);
        }
        f.scratch.choices.free(spills);
    }

    fn find_in(&mut self, f: &Func, b: Block, holders: &Holders, spills: &[PackedOption<Value>]) {
        let mut n_phis = 0;
        let mut n_slot_phis = 0;
        for &v in f[b].values.iter().rev() {
            let data = &f[v];
            let is_phi = data.op == Op::Phi;
            n_phis += usize::from(is_phi);
            if let Some(holder) = holders.get(v) {
                self.of.push(b, Event::Made(holder));
                n_slot_phis += usize::from(is_phi);
            }
            for holder in data.args.iter().filter_map(|&arg| holders.get(arg)) {
                let event = match is_phi {
                    true => Event::UsedByPhi(holder),
                    false => Event::Used(holder),
                };
                self.of.push(b, event);
            }
        }
        self.most_phis = self.most_phis.max(n_slot_phis);
        if n_phis == 0 {
            return;
        }
        // They come first. They may have arguments with slots though they have none themselves.
        let phis = &f[b].values[..n_phis];
        let has_content = |phi: &&Value| !f[**phi].ty.is_memory() && !f[**phi].ty.is_void();
        for index in 0..f[b].preds.len() {
            for &phi in phis.iter().rev().filter(has_content) {
                let arg = f[phi].args[index];
                let spill = spills[arg.id()].expand();
                for (v, is_spill) in [(Some(arg), false), (spill, true)] {
                    if let Some(holder) = v.and_then(|v| holders.get(v)) {
                        let arg = PhiArg {
                            index: index as u32,
                            holder,
                            is_spill,
                        };
                        self.phi_args.push(b, arg);
                    }
                }
            }
        }
    }
}
