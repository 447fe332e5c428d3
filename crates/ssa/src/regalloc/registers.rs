//! The state of registers and values: contents of registers, next uses of values, and the ways in which a
//! value gets into a register.

use cranelift_entity::packed_option::PackedOption;
use minigo_base::Pos;

use super::live::User;
use super::{NO_CALL, State};
use crate::entity::{Block, Value};
use crate::func::Location;
use crate::op::{Op, RegMask};

/// The content of a register.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Held {
    /// The value.
    pub(super) v: Value,
    /// Its copy that is in this register.
    pub(super) copy: Value,
}

/// The allocation state of a value (gc: valState).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ValueState {
    /// The registers that hold it.
    pub(super) regs: RegMask,
    /// Its uses in the rest of the block, nearest first: index into [`UseList`].
    pub(super) uses: Option<UseIndex>,
    /// The store to its stack slot, or the value itself when it starts there (parameters, phis without
    /// register).
    pub(super) spill: PackedOption<Value>,
    /// Whether it lives in registers: it isn't memory, flags, a tuple or void.
    pub(super) needs_reg: bool,
    /// Whether it is computed again instead of being spilled.
    pub(super) rematerializable: bool,
}

/// The range of numbers in the dominator tree of the blocks that need a spill.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Restores {
    pub(super) min: u32,
    pub(super) max: u32,
}

impl Restores {
    /// Extends the range by that of a block.
    pub(super) fn include(&mut self, entry: u32, exit: u32) {
        self.min = self.min.min(entry);
        self.max = self.max.max(exit);
    }
}

/// An index into [`UseList`], not 0.
pub(super) type UseIndex = std::num::NonZeroU32;

/// A use of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use {
    /// Instructions from the start of the block.
    pub(super) distance: i32,
    pub(super) user: User,
    /// The next use of the same value, no nearer than this.
    next: Option<UseIndex>,
}

/// Linked lists of uses in one vector, whose free entries form a list too.
#[derive(Debug, Default)]
pub(super) struct UseList {
    uses: Vec<Use>,
    free: Option<UseIndex>,
}

impl UseList {
    /// Returns the use with that index.
    pub(super) fn get(&self, at: UseIndex) -> Use {
        self.uses[at.get() as usize - 1]
    }

    fn add(&mut self, new: Use) -> UseIndex {
        if let Some(at) = self.free {
            self.free = self.get(at).next;
            self.uses[at.get() as usize - 1] = new;
            return at;
        }
        self.uses.push(new);
        UseIndex::new(self.uses.len() as u32).expect("a length after a push")
    }

    /// Drops all uses.
    pub(super) fn clear(&mut self) {
        self.uses.clear();
        self.free = None;
    }

    /// Frees the use. Returns the next one.
    fn remove(&mut self, at: UseIndex) -> Option<UseIndex> {
        let next = self.get(at).next;
        self.uses[at.get() as usize - 1].next = self.free;
        self.free = Some(at);
        next
    }
}

impl State<'_> {
    // Uses.

    /// Records a use of `v` in the block, nearer to its start than all known ones or as near.
    pub(super) fn add_use(&mut self, v: Value, distance: i32, user: User) {
        let next = self.values[v].uses;
        debug_assert!(next.is_none_or(|at| self.uses.get(at).distance >= distance));
        let new = Use {
            distance,
            user,
            next,
        };
        self.values[v].uses = Some(self.uses.add(new));
    }

    /// Removes the nearest use of `v`, which is in the block. Frees its registers if that was the last use.
    pub(super) fn advance_use(&mut self, v: Value) {
        let at = self.values[v].uses.expect("the value is used here");
        let next = self.uses.remove(at);
        self.values[v].uses = next;
        if next.is_none() && !self.is_live_here(v) {
            self.free_regs(self.values[v].regs);
        }
    }

    /// Removes the nearest use of each argument of `v`, which has been issued.
    pub(super) fn advance_uses(&mut self, v: Value) {
        for index in 0..self.f[v].args.len() {
            let arg = self.f[v].args[index];
            if self.values[arg].needs_reg {
                self.advance_use(arg);
                if self.facts.frees_before_calls {
                    self.free_before_call(arg, self.next_call(self.at));
                }
            }
        }
        if self.facts.frees_before_calls {
            self.drop_if_unused(v);
        }
    }

    /// Returns the index of the first call at index `at` of the block or behind.
    fn next_call(&self, at: usize) -> i32 {
        self.next_calls.get(at).copied().unwrap_or(NO_CALL)
    }

    /// Frees the registers of `v` if it is used next behind the call at index `next_call`.
    fn free_before_call(&mut self, v: Value, next_call: i32) {
        let state = &self.values[v];
        let is_behind = match state.uses {
            Some(at) => self.uses.get(at).distance > next_call,
            None => next_call != NO_CALL,
        };
        if is_behind {
            self.free_regs(state.regs);
        }
    }

    /// Frees the registers of `v`, which has been issued, if it isn't used before the next call (gc: dropIfUnused).
    pub(super) fn drop_if_unused(&mut self, v: Value) {
        if !self.values[v].needs_reg {
            return;
        }
        if !self.is_used_later(v) {
            self.free_regs(self.values[v].regs);
        }
        let behind = self.at + usize::from(self.f[v].op.is_call());
        self.free_before_call(v, self.next_call(behind));
    }

    /// Reports whether `v` is live at the end of the block.
    pub(super) fn is_live_here(&self, v: Value) -> bool {
        self.live_here.find(v.as_u32()).is_some()
    }

    /// Reports whether `v` is used in the rest of the block or after it.
    pub(super) fn is_used_later(&self, v: Value) -> bool {
        self.values[v].uses.is_some() || self.is_live_here(v)
    }

    /// Returns the nearest use of `v`, which is live.
    pub(super) fn next_use(&self, v: Value) -> Use {
        if let Some(at) = self.values[v].uses {
            return self.uses.get(at);
        }
        let live = self.live_here.get(v.as_u32());
        let live = live.expect("a value in a register is live");
        Use {
            distance: self.n_values + live.distance,
            user: live.user,
            next: None,
        }
    }

    /// Reports whether `v`, an argument of the current operation, is used after it too.
    pub(super) fn is_live_after(&self, v: Value) -> bool {
        let distance = self.next_use(v).distance;
        let mut at = self.values[v].uses;
        while let Some(index) = at
            && self.uses.get(index).distance == distance
        {
            at = self.uses.get(index).next;
        }
        at.is_some() || self.is_live_here(v)
    }

    // Registers.

    /// Empties register `r`, which is in use.
    pub(super) fn free_reg(&mut self, r: u8) {
        let held = self.regs[r as usize].take();
        let held = held.expect("only a register that holds something is freed");
        self.values[held.v].regs &= !(1 << r);
        self.used &= !(1 << r);
    }

    /// Empties the registers of `mask`.
    pub(super) fn free_regs(&mut self, mask: RegMask) {
        while mask & self.used != 0 {
            self.free_reg(lowest(mask & self.used));
        }
    }

    /// Puts `copy`, a copy of `v`, into the empty register `r`.
    pub(super) fn assign_reg(&mut self, r: u8, v: Value, copy: Value) {
        self.values[v].regs |= 1 << r;
        self.f.homes[copy] = Location::Register(r);
        if self.is_fixed(1 << r) {
            return;
        }
        let old = self.regs[r as usize].replace(Held { v, copy });
        assert!(old.is_none(), "register {r} for {v} holds {old:?}");
        self.used |= 1 << r;
    }

    /// Reports whether a register of `mask` holds one value throughout the function.
    pub(super) fn is_fixed(&self, mask: RegMask) -> bool {
        !self.facts.tracks_fixed_registers && mask & !self.registers.allocatable != 0
    }

    /// The copy of `v` in one of the registers `regs`, the lowest one; `v` itself if one of them is fixed.
    fn copy_in(&mut self, v: Value, regs: RegMask) -> Value {
        if self.is_fixed(regs) {
            return v;
        }
        let r = lowest(regs);
        self.used_since_start |= 1 << r;
        let held = self.regs[r as usize];
        held.expect("the value is in this register").copy
    }

    /// Records that `copy` holds the same as `v`.
    pub(super) fn set_orig(&mut self, copy: Value, v: Value) {
        debug_assert_eq!(self.orig[copy], Value::NONE, "{copy} is two copies");
        self.orig[copy] = self.orig[v];
    }

    /// Makes a copy of `v` by operation `op` on `arg` at the end of block `b`.
    pub(super) fn new_copy(&mut self, b: Block, pos: Pos, op: Op, v: Value, arg: Value) -> Value {
        let copy = self.f.new_value(b, pos, op, self.f[v].ty, &[arg]);
        self.set_orig(copy, v);
        copy
    }

    /// Records a move that may turn out to be useless.
    pub(super) fn note_copy(&mut self, copy: Value) {
        self.copies.push(copy);
        self.copy_used[copy] = Some(false);
    }

    /// Finds an empty register of `mask`, or empties one: that of the value whose next use is furthest
    /// away (gc: allocReg).
    pub(super) fn alloc_reg(&mut self, mask: RegMask) -> u8 {
        let mask = mask & self.registers.allocatable & !self.nospill;
        assert!(mask != 0, "no register is allowed in {}", self.block);
        if mask & !self.used != 0 {
            let r = lowest(mask & !self.used);
            self.used_since_start |= 1 << r;
            return r;
        }
        let (mut r, mut furthest) = (0, -1);
        for candidate in members(mask) {
            let held = self.regs[candidate as usize].expect("no register is empty");
            let distance = self.next_use(held.v).distance;
            if distance > furthest {
                (r, furthest) = (candidate, distance);
            }
        }
        self.copy_to_other_reg(r);
        if self.used_since_start >> r & 1 == 0 {
            // The block doesn't read what it expected here.
            self.start_mask &= !(1 << r);
        }
        self.free_reg(r);
        self.used_since_start |= 1 << r;
        r
    }

    /// Copies the content of `r` into an empty register, if there is one, unless the value is in another register
    /// already or can be computed again.
    fn copy_to_other_reg(&mut self, r: u8) {
        let Held { v, copy } = self.regs[r as usize].expect("the register is about to be emptied");
        let state = self.values[v];
        let free = self.compatible(self.f[v].ty) & !self.used & !self.tmpused & !(1 << r);
        if free == 0 || state.rematerializable || !is_single(state.regs) {
            return;
        }
        self.used_since_start |= 1 << r;
        let moved = self.new_copy(self.block, self.f[v].pos, Op::Copy, v, copy);
        self.note_copy(moved);
        self.assign_reg(lowest(free), v, moved);
    }

    /// Returns the spill of `v` for a use in block `b`. It has no block and no argument yet: where it goes is
    /// known when all its uses are (gc: makeSpill).
    pub(super) fn make_spill(&mut self, v: Value, b: Block) -> Value {
        let (entry, exit) = (self.sdom.dom_order(b), self.sdom.dom_exit(b));
        if let Some(spill) = self.values[v].spill.expand() {
            self.restores[v].include(entry, exit);
            return spill;
        }
        let (pos, ty) = (self.f[v].pos, self.f[v].ty);
        let spill = self.f.new_value_no_block(pos, Op::StoreReg, ty);
        self.set_orig(spill, v);
        self.values[v].spill = spill.into();
        self.restores[v] = Restores {
            min: entry,
            max: exit,
        };
        spill
    }

    /// Gets `v` into a register of `mask`. Returns its copy there (gc: allocValToReg). Code to do so
    /// goes to the end of the current block, at `pos`.
    pub(super) fn load_reg(&mut self, v: Value, mask: RegMask, pos: Pos) -> Value {
        let pos = pos.with_not_stmt();
        let regs = self.values[v].regs;
        if mask & regs != 0 {
            return self.copy_in(v, mask & regs);
        }
        let r = self.alloc_reg(mask);
        // Making room may have moved the value.
        let regs = self.values[v].regs;
        let copy = if regs != 0 {
            let source = self.copy_in(v, regs);
            self.new_copy(self.block, pos, Op::Copy, v, source)
        } else if self.values[v].rematerializable {
            let copy = self.f.copy_into_with_pos(v, self.block, pos);
            self.set_orig(copy, v);
            copy
        } else {
            let spill = self.make_spill(v, self.block);
            self.new_copy(self.block, pos, Op::LoadReg, v, spill)
        };
        self.assign_reg(r, v, copy);
        copy
    }

    /// Gets `v` into a register of `mask` and keeps it there until the current operation is issued.
    pub(super) fn pin_in_reg(&mut self, v: Value, mask: RegMask, pos: Pos) -> Value {
        let copy = self.load_reg(v, mask, pos);
        self.nospill |= 1 << self.reg_of(copy);
        copy
    }
}

/// Reports whether a set that isn't empty has one register.
pub(super) fn is_single(mask: RegMask) -> bool {
    mask & mask.wrapping_sub(1) == 0
}

/// Returns the lowest register of a set that is not empty.
pub(super) fn lowest(mask: RegMask) -> u8 {
    debug_assert_ne!(mask, 0);
    mask.trailing_zeros() as u8
}

/// Returns the registers of a set from the lowest to the highest.
pub(super) fn members(mut mask: RegMask) -> impl Iterator<Item = u8> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let r = lowest(mask);
            mask &= mask - 1;
            r
        })
    })
}
