//! One value: its arguments into registers, a register for its result.

use minigo_base::internal;
use smallvec::SmallVec;

use super::constraints::Constraints;
use super::desired::RegList;
use super::registers::{is_single, lowest};
use super::{Preferences, State};
use crate::amd64::regs::SP;
use crate::entity::Value;
use crate::func::Location;
use crate::op::{CLOBBER_ARG0, Op, RESULT_IN_ARG0, RegClass, RegMask, TEMPORARY};

/// The most results that an operation or a call has in registers.
const MAX_RESULTS: usize = 9;

/// The arguments of an operation.
type Args = SmallVec<[Value; 4]>;

impl State<'_> {
    /// Issues `v` at the end of the current block.
    pub(super) fn value(&mut self, v: Value, preferences: Preferences) {
        let op = self.f[v].op;
        let constraints = self.constraints(v);
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
            Op::SelectN => {
                if self.values[v].needs_reg {
                    let r = self.registers.parameters[self.f[v].aux_int as usize];
                    self.assign_reg(r, v, v);
                }
            }
            // Parameters on the stack start in their slots.
            Op::Arg => self.values[v].spill = v.into(),
            _ if constraints.is_empty() => self.free_regs(constraints.clobbers()),
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
                self.operation(v, constraints, preferences);
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
    fn operation(&mut self, v: Value, constraints: Constraints, preferences: Preferences) {
        let op = self.f[v].op;
        let mut args = self.f[v].args.clone();
        self.load_args(v, constraints, &preferences, &mut args);
        if op.has(RESULT_IN_ARG0) {
            self.preserve_overwritten(v, constraints, &preferences, &mut args);
        }
        if op.has(CLOBBER_ARG0) {
            self.preserve_clobbered(v);
        }
        if op.has(TEMPORARY) {
            self.alloc_temporary(v);
        }
        if op.has(CLOBBER_ARG0) {
            self.free_reg(self.reg_of(args[0]));
        }
        // The result may take the register of an argument whose last use this is.
        self.tmpused = std::mem::take(&mut self.nospill);
        self.advance_uses(v);
        let clobbers = constraints.clobbers();
        self.free_regs(clobbers);
        self.tmpused |= clobbers;
        self.alloc_outputs(v, constraints, &preferences, &mut args);
        self.tmpused = 0;
        for (index, &arg) in args.iter().enumerate() {
            self.f.set_arg(v, index, arg);
        }
        self.f[self.block].values.push(v);
        if self.facts.frees_before_calls {
            self.drop_if_unused(v);
        }
    }

    /// Replaces the arguments by copies in registers, the most constrained first.
    fn load_args(
        &mut self,
        v: Value,
        constraints: Constraints,
        preferences: &Preferences,
        args: &mut Args,
    ) {
        let mut placed = 0;
        if self.facts.fixed_operands_first {
            placed = self.load_fixed_args(v, constraints, args);
        }
        for (index, mut mask) in constraints.inputs() {
            if placed >> index & 1 != 0 {
                continue;
            }
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
    }

    /// Replaces arguments that must be in one register: first those that are there already, then those whose register
    /// is free, as long as this frees the registers of others. Returns the set of their indices.
    fn load_fixed_args(&mut self, v: Value, constraints: Constraints, args: &mut Args) -> u32 {
        let pos = self.f[v].pos;
        let fixed = constraints.inputs();
        let fixed = fixed.filter(|(_, mask)| is_single(*mask));
        let mut placed = 0u32;
        for (index, mask) in fixed.clone() {
            if mask & self.values[args[index]].regs != 0 {
                args[index] = self.pin_in_reg(args[index], mask, pos);
                placed |= 1 << index;
            }
        }
        loop {
            let mut freed = false;
            for (index, mask) in fixed.clone() {
                if placed >> index & 1 != 0 || mask & !self.used == 0 {
                    continue;
                }
                let arg = args[index];
                args[index] = self.pin_in_reg(arg, mask, pos);
                placed |= 1 << index;
                let regs = self.values[arg].regs;
                if regs & !constraints.clobbers() == 0 || !self.is_live_after(arg) {
                    self.free_regs(regs & !mask & !self.nospill);
                    freed = true;
                }
            }
            if !freed {
                return placed;
            }
        }
    }

    /// Makes sure that the result of `v` can overwrite argument 0: that it isn't needed any more, has
    /// another register or can be computed again. A commutative operation may overwrite argument 1
    /// instead. Otherwise one of them is copied into an empty register, if there is one; if not,
    /// later uses will load it from its slot.
    fn preserve_overwritten(
        &mut self,
        v: Value,
        constraints: Constraints,
        preferences: &Preferences,
        args: &mut Args,
    ) {
        let first = self.f[v].args[0];
        let commutative = self.f[v].op.is_commutative();
        let second = commutative.then(|| self.f[v].args[1]);
        let can_spare: [fn(&Self, Value) -> bool; 3] = [
            |state, arg| !state.is_live_after(arg),
            |state, arg| state.values[arg].rematerializable,
            |state, arg| !is_single(state.values[arg].regs),
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
        let fixed_first = self.facts.fixed_operands_first;
        let result = constraints.outputs().next().map_or(0, |(_, mask)| mask);
        let for_copy = if fixed_first { free & result } else { free };
        if let Some(r) = preferences.output.first_in(for_copy) {
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
            let copy = self.copy_aside(first, mask, v);
            if fixed_first
                && result >> self.reg_of(copy) & 1 != 0
                && preferences.inputs[0]
                    .first_in(1 << self.reg_of(args[0]))
                    .is_some()
            {
                // Later uses would rather have the original where it is.
                args[0] = copy;
            }
        }
    }

    /// Makes sure that `v` can destroy the register of argument 0: that it isn't needed any more, has another register or
    /// can be computed again. Otherwise it is copied into an empty register, if there is one; if not, later uses will
    /// load it from its slot.
    fn preserve_clobbered(&mut self, v: Value) {
        let arg = self.f[v].args[0];
        let state = &self.values[arg];
        let free = self.compatible(self.f[arg].ty) & !self.used;
        if self.is_live_after(arg) && !state.rematerializable && is_single(state.regs) && free != 0
        {
            self.copy_aside(arg, free, v);
        }
    }

    /// Finds a register that `v` uses besides those of its arguments, none of which it is.
    fn alloc_temporary(&mut self, v: Value) {
        let mut mask = self.registers.allocatable & self.registers.mask(RegClass::Gp);
        if mask & !self.avoid & !self.nospill != 0 {
            mask &= !self.avoid;
        }
        let r = self.alloc_reg(mask);
        self.nospill |= 1 << r;
        self.f.homes[v] = Location::Temporary(r);
    }

    /// Copies an argument of `v` into an empty register of `mask`, for later uses.
    fn copy_aside(&mut self, arg: Value, mask: RegMask, v: Value) -> Value {
        let copy = self.pin_in_reg(arg, mask, self.f[v].pos);
        self.note_copy(copy);
        copy
    }

    /// Finds registers for the results.
    fn alloc_outputs(
        &mut self,
        v: Value,
        constraints: Constraints,
        preferences: &Preferences,
        args: &mut Args,
    ) {
        let op = self.f[v].op;
        let fixed_first = self.facts.fixed_operands_first;
        let mut regs = [None; MAX_RESULTS];
        let mut taken = 0;
        for (index, allowed) in constraints.outputs() {
            let mut mask = allowed & self.registers.allocatable & !taken;
            if mask == 0 {
                continue;
            }
            if op.has(RESULT_IN_ARG0) && index == 0 {
                mask = 1 << self.overwritten_reg(op, preferences, args, mask);
            }
            let wanted = match index {
                _ if index == 0 || !fixed_first => preferences.output,
                1 => self.second_preference(v),
                _ => RegList::default(),
            };
            if let Some(r) = wanted.first_in(mask & !self.used) {
                mask = 1 << r;
            }
            let unusable = match fixed_first {
                true => self.nospill | self.used,
                false => self.nospill,
            };
            if mask & !self.avoid & !unusable != 0 {
                mask &= !self.avoid;
            }
            let r = self.alloc_reg(mask);
            regs[index] = Some(r);
            taken |= 1 << r;
            self.tmpused |= 1 << r;
        }
        if self.f[v].ty.is_tuple() {
            // The selectors put their values there.
            self.f.homes[v] = Location::Pair(regs[0], regs[1]);
        } else if op.is_call() || op == Op::MakeResult {
            self.f.homes[v] = Location::Results(constraints.outputs().count() as u8);
        } else if let Some(r) = regs[0] {
            self.assign_reg(r, v, v);
        }
    }

    /// Returns the registers that the second half of tuple `v` prefers.
    fn second_preference(&self, v: Value) -> RegList {
        let mut entries = self.second_preferences.iter();
        let entry = entries.find(|entry| entry.0 == v);
        entry.map_or_else(RegList::default, |entry| entry.1)
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
