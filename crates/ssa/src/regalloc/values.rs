//! One value: its arguments into registers, a register for its result.

use minigo_base::internal;
use smallvec::SmallVec;

use super::registers::lowest;
use super::{Preferences, State};
use crate::amd64::regs::SP;
use crate::entity::Value;
use crate::func::Location;
use crate::op::{Op, RESULT_IN_ARG0, RegMask};

/// The arguments of an operation.
type Args = SmallVec<[Value; 4]>;

impl State<'_> {
    /// Issues `v` at the end of the current block.
    pub(super) fn value(&mut self, v: Value, preferences: Preferences) {
        let op = self.f[v].op;
        let reg = &op.info().reg;
        match op {
            Op::Phi => internal!(
                "{}: phi {v} follows other values of {}",
                self.f.name,
                self.block
            ),
            Op::SP => {
                self.assign_reg(SP, v, v);
                self.sp = Some(v);
            }
            Op::SB => {
                self.assign_reg(self.registers.sb(), v, v);
                self.sb = Some(v);
            }
            Op::Select0 | Op::Select1 => {
                if self.values[v].needs_reg {
                    let r = self.selected_reg(v);
                    self.assign_reg(r, v, v);
                }
            }
            // Parameters start in their slots.
            Op::Arg => self.values[v].spill = v.into(),
            _ if reg.inputs.is_empty() && reg.outputs.is_empty() => {
                self.free_regs(self.registers.mask(reg.clobbers));
            }
            _ if self.values[v].rematerializable => {
                // It is issued where it is used.
                for index in 0..self.f[v].args.len() {
                    let arg = self.f[v].args[index];
                    self.f[arg].uses -= 1;
                }
                self.advance_uses(v);
                return;
            }
            _ => {
                self.operation(v, preferences);
                return;
            }
        }
        self.f[self.block].values.push(v);
        self.advance_uses(v);
    }

    /// Returns the register of the half of a pair that `v` selects.
    fn selected_reg(&self, v: Value) -> u8 {
        let tuple = self.f[v].args[0];
        let Location::Pair(first, second) = self.f.homes[tuple] else {
            internal!("{}: {tuple} has no pair of registers", self.f.name);
        };
        let r = if self.f[v].op == Op::Select0 {
            first
        } else {
            second
        };
        r.expect("a half that is used has a register")
    }

    /// Issues an operation on registers.
    fn operation(&mut self, v: Value, preferences: Preferences) {
        let op = self.f[v].op;
        let mut args = self.load_args(v, &preferences);
        if op.has(RESULT_IN_ARG0) {
            self.preserve_overwritten(v, &preferences, &mut args);
        }
        // The result may take the register of an argument whose last use this is.
        self.tmpused = std::mem::take(&mut self.nospill);
        self.advance_uses(v);
        let clobbers = self.registers.mask(op.info().reg.clobbers);
        self.free_regs(clobbers);
        self.tmpused |= clobbers;
        self.alloc_outputs(v, &preferences, &mut args);
        self.tmpused = 0;
        for (index, &arg) in args.iter().enumerate() {
            self.f.set_arg(v, index, arg);
        }
        self.f[self.block].values.push(v);
    }

    /// Gets the arguments into registers, the most constrained first. Returns their copies.
    fn load_args(&mut self, v: Value, preferences: &Preferences) -> Args {
        let mut args = self.f[v].args.clone();
        for &(index, class) in self.f[v].op.info().reg.inputs {
            let index = index as usize;
            let mut mask = self.registers.mask(class);
            if mask & self.values[args[index]].regs == 0 {
                mask &= self.registers.allocatable & !self.nospill;
                let preferred = preferences.inputs.get(index);
                if let Some(r) = preferred.and_then(|list| list.first_in(mask & !self.used)) {
                    mask = 1 << r;
                }
                mask = self.unless_avoided(mask);
            }
            args[index] = self.pin_in_reg(args[index], mask, self.f[v].pos);
        }
        args
    }

    /// Makes sure that the result of `v` can overwrite argument 0: that it isn't needed any more, has
    /// another register or can be computed again. A commutative operation may overwrite argument 1
    /// instead. Otherwise one of them is copied into an empty register, if there is one; if not,
    /// later uses will load it from its slot.
    fn preserve_overwritten(&mut self, v: Value, preferences: &Preferences, args: &mut Args) {
        let first = self.f[v].args[0];
        let commutative = self.f[v].op.is_commutative();
        let second = commutative.then(|| self.f[v].args[1]);
        let can_spare: [fn(&Self, Value) -> bool; 3] = [
            |state, arg| !state.is_live_after(arg),
            |state, arg| state.values[arg].rematerializable,
            |state, arg| state.values[arg].regs.count_ones() >= 2,
        ];
        for can_spare in can_spare {
            if can_spare(self, first) {
                return;
            }
            if second.is_some_and(|second| can_spare(self, second)) {
                args.swap(0, 1);
                return;
            }
        }

        let free = self.compatible(self.f[first].ty) & !self.used;
        let pos = self.f[v].pos;
        if free == 0 {
            return;
        }
        if let Some(r) = preferences.output.first_in(free) {
            // The operation works on the copy.
            args[0] = self.pin_in_reg(first, 1 << r, pos);
        } else if let Some(r) = preferences.inputs[0].first_in(free) {
            // The operation overwrites the original.
            self.copy_aside(first, 1 << r, v);
        } else if let Some(second) = second
            && let Some(r) = preferences.inputs[1].first_in(free)
        {
            self.copy_aside(second, 1 << r, v);
            args.swap(0, 1);
        } else {
            let mask = self.unless_avoided(free);
            self.copy_aside(first, mask, v);
        }
    }

    /// Copies an argument of `v` into an empty register of `mask`, for later uses.
    fn copy_aside(&mut self, arg: Value, mask: RegMask, v: Value) {
        let copy = self.pin_in_reg(arg, mask, self.f[v].pos);
        self.note_copy(copy);
    }

    /// Finds registers for the results.
    fn alloc_outputs(&mut self, v: Value, preferences: &Preferences, args: &mut Args) {
        let op = self.f[v].op;
        let mut regs = [None; 2];
        let mut taken = 0;
        for &(index, class) in op.info().reg.outputs {
            let mut mask = self.registers.mask(class) & self.registers.allocatable & !taken;
            if mask == 0 {
                continue;
            }
            if op.has(RESULT_IN_ARG0) && index == 0 {
                mask = 1 << self.overwritten_reg(op, preferences, args, mask);
            }
            if let Some(r) = preferences.output.first_in(mask & !self.used) {
                mask = 1 << r;
            }
            if mask & !self.avoid & !self.nospill != 0 {
                mask &= !self.avoid;
            }
            let r = self.alloc_reg(mask);
            regs[index as usize] = Some(r);
            taken |= 1 << r;
            self.tmpused |= 1 << r;
        }
        if self.f[v].ty.is_tuple() {
            // The selectors put their values there.
            self.f.homes[v] = Location::Pair(regs[0], regs[1]);
        } else if let Some(r) = regs[0] {
            self.assign_reg(r, v, v);
        }
    }

    /// Returns the register of the argument that the result overwrites, made argument 0: of a commutative operation
    /// the one that the result prefers, if it is empty now.
    fn overwritten_reg(
        &self,
        op: Op,
        preferences: &Preferences,
        args: &mut Args,
        mask: RegMask,
    ) -> u8 {
        let r0 = self.reg_of(args[0]);
        if op.is_commutative() {
            let r1 = self.reg_of(args[1]);
            let either = (1 << r0 | 1 << r1) & mask & !self.used;
            if let Some(r) = preferences.output.first_in(either) {
                if r == r1 {
                    args.swap(0, 1);
                }
                return r;
            }
        }
        debug_assert_ne!(lowest(1 << r0), SP, "the result would overwrite SP");
        r0
    }
}
