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
    /// The indices of the variables whose value is copied.
    copied: Vec<usize>,
}

impl States {
    /// Returns states of `n` variables in no place.
    pub(super) fn new(n: usize) -> States {
        States {
            states: vec![State::default(); n],
            held: 0,
            touched: Vec::new(),
            copied: Vec::new(),
        }
    }

    /// Begins a block, at which the states are now those.
    pub(super) fn begin(&mut self) {
        self.touched.clear();
        let registers = self.states.iter().map(|state| state.registers);
        self.held = registers.fold(0, |held, registers| held | registers);
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

    /// Reports whether some of these registers may hold the value of a variable.
    pub(super) fn hold(&self, registers: RegMask) -> bool {
        self.held & registers != 0
    }

    /// Finds the variables whose value is at `from`.
    pub(super) fn find_copied(&mut self, from: Location) {
        self.copied.clear();
        if let Location::Register(r) = from
            && !self.hold(1 << r)
        {
            return;
        }
        let holds = |state: &State| match from {
            Location::Register(r) => state.registers >> r & 1 != 0,
            Location::Slot(slot) => state.slot == Some(slot),
            _ => false,
        };
        let all = self.states.iter().enumerate();
        let copied = all.filter(|(_, state)| holds(state));
        self.copied.extend(copied.map(|(index, _)| index));
    }

    /// Adds the place of a copy to those of the variables whose value it is.
    pub(super) fn add_copied(&mut self, home: Location) {
        let copied = std::mem::take(&mut self.copied);
        for &index in &copied {
            self.add(index, home);
        }
        self.copied = copied;
    }

    /// Ends what is known of registers, and of a slot if there is one.
    pub(super) fn destroy(&mut self, registers: RegMask, slot: Option<Var>) {
        if !self.hold(registers) && slot.is_none() {
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
