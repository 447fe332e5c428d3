//! The changes of variables at values, while they are collected.

use crate::entity::Value;
use crate::lists::ValueLists;

/// A change of a variable at a value.
#[derive(Clone, Copy)]
pub(super) enum Change {
    /// The value is the variable's.
    Is,
    /// This value is, which was computed before.
    Moves(Value),
    /// The variable's place is unknown from here on.
    Unknown,
}

/// Changes of variables, one variable after the other.
pub(super) struct Changes {
    entries: Vec<Entry>,
    /// The last entry at each value; [`NONE`] if there is none.
    last: Vec<u32>,
}

struct Entry {
    v: Value,
    /// The variable, by index.
    index: u32,
    change: Change,
    is_removed: bool,
    /// The entry before it at the same value; [`NONE`] if there is none.
    previous: u32,
}

/// No entry.
const NONE: u32 = u32::MAX;

impl Changes {
    /// Returns no changes, with room for those at `n_values` values.
    pub(super) fn new(n_values: usize) -> Changes {
        Changes {
            entries: Vec::with_capacity(32),
            last: vec![NONE; n_values],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Adds a change of a variable behind the others at `v`.
    pub(super) fn push(&mut self, v: Value, index: usize, change: Change) {
        let entry = self.entries.len() as u32;
        let previous = std::mem::replace(&mut self.last[v.id()], entry);
        self.entries.push(Entry {
            v,
            index: index as u32,
            change,
            is_removed: false,
            previous,
        });
    }

    /// Removes the changes of a variable at `v`.
    pub(super) fn remove(&mut self, v: Value, index: usize) {
        let mut at = self.last[v.id()];
        while let Some(entry) = self.entries.get_mut(at as usize) {
            entry.is_removed |= entry.index == index as u32;
            at = entry.previous;
        }
    }

    /// Removes all changes but the first `len`.
    pub(super) fn truncate(&mut self, len: usize) {
        for entry in self.entries.drain(len..).rev() {
            self.last[entry.v.id()] = entry.previous;
        }
    }

    /// Returns the changes and their variables by value.
    pub(super) fn lists(&self) -> ValueLists<(u32, Change)> {
        let kept = self.entries.iter().filter(|entry| !entry.is_removed);
        let items: Vec<_> = kept
            .map(|entry| (entry.v, (entry.index, entry.change)))
            .collect();
        ValueLists::new(self.last.len(), &items)
    }
}
