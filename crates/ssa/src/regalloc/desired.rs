//! Desired registers of values.

use super::State;
use super::registers::lowest;
use super::steps::{Kind, Step};
use crate::entity::Value;
use crate::op::{Op, RESULT_IN_ARG0, RegMask};

/// Up to four registers, the most desired first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct RegList([u8; 4]);

impl Default for RegList {
    fn default() -> RegList {
        RegList([RegList::NONE; 4])
    }
}

impl RegList {
    /// Fills the entries after the last register.
    const NONE: u8 = u8::MAX;

    /// Returns the registers in order.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = u8> + '_ {
        self.0.iter().copied().filter(|&r| r != RegList::NONE)
    }

    /// Returns the first register that is a member of `mask`.
    pub(super) fn first_in(&self, mask: RegMask) -> Option<u8> {
        self.iter().find(|&r| mask >> r & 1 != 0)
    }

    /// Puts `r` first and drops the last one of four others.
    fn prefer(&mut self, r: u8) {
        let last = self.0.len() - 1;
        let at = self.0.iter().position(|&x| x == r).unwrap_or(last);
        self.0.copy_within(..at, 1);
        self.0[0] = r;
    }

    /// Drops the registers of `mask`. Returns whether none is left.
    fn remove(&mut self, mask: RegMask) -> bool {
        let mut kept = RegList::default();
        let keep = self.iter().filter(|&r| mask >> r & 1 == 0);
        for (place, r) in kept.0.iter_mut().zip(keep) {
            *place = r;
        }
        *self = kept;
        kept.0[0] == RegList::NONE
    }
}

/// The number of entries up to which a search is faster than a table.
const FEW: usize = 8;

/// The desired registers of all values at one point of the function (gc: regalloc.go, desiredState).
///
/// There are few at a time in most functions, so a list is enough. Its order is observable: a list that is merged into
/// another passes its priorities on in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Desired {
    entries: Vec<(Value, RegList)>,
    /// Registers that other values should avoid: at least those of `entries`.
    pub(super) avoid: RegMask,
}

impl Desired {
    /// Reports whether no value desires a register.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the desired registers of `v`.
    pub(super) fn get(&self, v: Value) -> RegList {
        let entry = self.entries.iter().find(|entry| entry.0 == v);
        entry.map_or_else(RegList::default, |entry| entry.1)
    }

    /// Makes `r` the most desired register of `v`.
    pub(super) fn add(&mut self, v: Value, r: u8) {
        self.avoid |= 1 << r;
        let at = self.entries.iter().position(|entry| entry.0 == v);
        let at = at.unwrap_or_else(|| {
            self.entries.push((v, RegList::default()));
            self.entries.len() - 1
        });
        self.entries[at].1.prefer(r);
    }

    /// Puts `regs` before the registers that `v` desires so far.
    pub(super) fn add_list(&mut self, v: Value, regs: RegList) {
        for r in regs.iter().rev() {
            self.add(v, r);
        }
    }

    /// Drops the registers of `mask` everywhere.
    pub(super) fn clobber(&mut self, mask: RegMask) {
        if mask == 0 {
            return;
        }
        let mut at = 0;
        while let Some(entry) = self.entries.get_mut(at) {
            if entry.1.remove(mask) {
                self.entries.swap_remove(at);
            } else {
                at += 1;
            }
        }
        self.avoid &= !mask;
    }

    /// Removes and returns the desired registers of `v`.
    pub(super) fn remove(&mut self, v: Value) -> RegList {
        let at = self.entries.iter().position(|entry| entry.0 == v);
        at.map_or_else(RegList::default, |at| self.entries.swap_remove(at).1)
    }

    /// Puts the desired registers of `other` before these. `places` is memory for a number by value.
    pub(super) fn merge(&mut self, other: &Desired, places: &mut [u32]) {
        self.avoid |= other.avoid;
        if self.entries.len() + other.entries.len() <= FEW {
            for &(v, regs) in &other.entries {
                self.add_list(v, regs);
            }
            return;
        }
        for (place, &(v, _)) in (0..).zip(&self.entries) {
            places[v.id()] = place;
        }
        for &(v, regs) in &other.entries {
            let mut place = places[v.id()] as usize;
            if self.entries.get(place).is_none_or(|entry| entry.0 != v) {
                place = self.entries.len();
                self.entries.push((v, RegList::default()));
            }
            for r in regs.iter().rev() {
                self.avoid |= 1 << r;
                self.entries[place].1.prefer(r);
            }
        }
    }

    /// Drops all entries.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.avoid = 0;
    }

    /// Becomes a copy of `other`, keeping its memory.
    pub(super) fn copy_from(&mut self, other: &Desired) {
        self.entries.clone_from(&other.entries);
        self.avoid = other.avoid;
    }
}

impl State<'_> {
    /// Steps backwards over `v`, given the desired registers of its result: registers that it destroys or needs for an
    /// argument are useless to other values, and an argument whose register becomes the result's desires the registers
    /// that the result desires.
    pub(super) fn step_back(&self, desired: &mut Desired, step: &Step, result: RegList) {
        if step.kind == Kind::Other && result == RegList::default() {
            return;
        }
        let v = step.v;
        let data = &self.f[v];
        let row = &data.op.info().reg;
        if let Some(constraints) = self.passed_constraints(v) {
            desired.clobber(self.registers.mask(row.clobbers));
            for (index, mask) in constraints.inputs() {
                desired.clobber(mask);
                desired.add(data.args[index], lowest(mask));
            }
        } else if row.is_fixed {
            desired.clobber(self.registers.mask(row.clobbers));
            for &(index, class) in row.inputs {
                if class.is_single() {
                    let mask = self.registers.mask(class);
                    desired.clobber(mask);
                    desired.add(data.args[index as usize], lowest(mask));
                }
            }
        }
        let moves_in_place = self.facts.fixed_operands_first
            && matches!(data.op, Op::ADDQconst | Op::ADDLconst | Op::Select0);
        if result != RegList::default() && (data.op.has(RESULT_IN_ARG0) || moves_in_place) {
            if data.op.is_commutative() {
                desired.add_list(data.args[1], result);
            }
            desired.add_list(data.args[0], result);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_moves_to_the_front() {
        let mut list = RegList::default();
        for r in [1, 2, 3, 2, 4, 5, 1] {
            list.prefer(r);
        }
        assert_eq!(list.iter().collect::<Vec<_>>(), [1, 5, 4, 2]);
        assert!(!list.remove(1 << 5 | 1 << 1));
        assert_eq!(list.first_in(1 << 2 | 1 << 5), Some(2));
        assert!(list.remove(!0));
    }

    #[test]
    fn an_entry_without_registers_goes() {
        let v = Value::from_u32;
        let mut desired = Desired::default();
        desired.add(v(1), 0);
        desired.add(v(2), 1);
        desired.add(v(3), 2);
        desired.clobber(1);
        assert_eq!(desired.entries[0].0, v(3));
        assert_eq!(desired.avoid, 0b110);
        assert_eq!(desired.remove(v(3)).first_in(!0), Some(2));
        assert_eq!(desired.get(v(3)), RegList::default());
    }
}
