//! The places of variables at some point of a function.

use super::place::Place;
use crate::entity::Var;
use crate::func::{Func, Location};
use crate::op::RegMask;

/// The places of a variable at some point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// The registers that hold its value.
    pub(super) registers: RegMask,
    /// The slot that holds it.
    pub(super) slot: Option<Var>,
    pub(super) constant: Option<i64>,
}

impl State {
    /// Returns what holds on both ways.
    pub(super) fn meet(self, other: State) -> State {
        State {
            registers: self.registers & other.registers,
            slot: self.slot.filter(|_| self.slot == other.slot),
            constant: self.constant.filter(|_| self.constant == other.constant),
        }
    }

    pub(super) fn place(self, f: &Func) -> Option<Place> {
        if let Some(slot) = self.slot {
            return Some(Place::Slot(slot));
        }
        if let Some(constant) = self.constant {
            return Some(Place::Constant(constant));
        }
        let register = self.registers.trailing_zeros() as usize;
        let known = f.profile.registers.registers.get(register);
        known.map(|register| Place::Register(register.reg))
    }
}

/// The places of all variables at some point.
pub(super) struct States {
    /// By the index of the variable.
    pub(super) states: Vec<State>,
    /// The registers that may hold the value of a variable.
    held: RegMask,
    /// The indices of the variables whose states may have changed since they were shown.
    pub(super) touched: Vec<usize>,
}

impl States {
    pub(super) fn new(states: Vec<State>) -> States {
        States {
            held: states.iter().fold(0, |held, state| held | state.registers),
            states,
            touched: Vec::new(),
        }
    }

    pub(super) fn set(&mut self, index: usize, state: State) {
        self.states[index] = state;
        self.touched.push(index);
    }

    /// Adds the place of a value to those of its variable.
    pub(super) fn add(&mut self, index: usize, home: Location) {
        let state = &mut self.states[index];
        match home {
            Location::Register(r) => {
                state.registers |= 1 << r;
                self.held |= 1 << r;
            }
            Location::Slot(slot) => state.slot = Some(slot),
            _ => return,
        }
        self.touched.push(index);
    }

    /// Ends what is known of registers, and of a slot if there is one.
    pub(super) fn destroy(&mut self, registers: RegMask, slot: Option<Var>) {
        if self.held & registers == 0 && slot.is_none() {
            return;
        }
        self.held &= !registers;
        for (index, state) in self.states.iter_mut().enumerate() {
            let in_slot = slot.is_some() && state.slot == slot;
            if state.registers & registers != 0 || in_slot {
                state.registers &= !registers;
                state.slot = state.slot.filter(|_| !in_slot);
                self.touched.push(index);
            }
        }
    }
}
