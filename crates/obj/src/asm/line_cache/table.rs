//! A hash table of lines.
//!
//! Assembling a large file is mostly looking up lines here, and that is mostly waiting for memory. So a look-up
//! reads little of it: the text is compared in words, and is stored beside the meaning. And lines are looked up in
//! batches, step by step: the processor fetches memory for one line while it waits for that of another.

use super::key::{Key, hash};
use crate::amd64::As;
use crate::asm::token::Atom;
use crate::encoded::InstructionBytes;

/// The largest batch of lines.
pub(super) const MAX_BATCH: usize = 16;

/// The meaning of a line.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    /// A jump to a label.
    Jump(As, Atom),
    /// An instruction whose bytes are known.
    Code(InstructionBytes),
    /// The same with a relocation: an index into the cache's list of these.
    Relocated(u32),
    /// Another instruction: an index into the cache's list of these.
    Instruction(u32),
}

/// A hash table with linear probing that is at most half full.
pub(super) struct Table {
    slots: Vec<Slot>,
    entries: Vec<Entry>,
}

/// A slot of the table: one more than the index of an entry, and the bits of its hash that don't choose the slot;
/// [`FREE`] if it has no entry.
type Slot = u32;

const FREE: Slot = 0;

/// Bits of a slot for the entry.
const ENTRY_BITS: u32 = Table::MAX_ENTRIES.ilog2() + 1;

fn slot(hash: u32, entry: usize) -> Slot {
    hash >> ENTRY_BITS << ENTRY_BITS | (entry as u32 + 1)
}

/// The index of the entry; larger than all if the slot is free.
fn entry_of(slot: Slot) -> u32 {
    (slot & ((1 << ENTRY_BITS) - 1)).wrapping_sub(1)
}

/// A line and its meaning. Fills one cache line.
struct Entry {
    words: [u64; Key::WORDS],
    len: u8,
    meaning: Meaning,
}

impl Entry {
    fn has(&self, key: &Key) -> bool {
        let words = self.words.iter().zip(&key.words);
        let differences = words.fold(0, |all, (a, b)| all | (a ^ b));
        differences == 0 && u32::from(self.len) == key.len
    }
}

impl Default for Table {
    fn default() -> Table {
        Table {
            slots: vec![FREE; Self::FIRST_SLOTS],
            entries: Vec::new(),
        }
    }
}

impl Table {
    const FIRST_SLOTS: usize = 1024;

    /// The largest number of lines.
    const MAX_ENTRIES: usize = 1 << 17;

    /// Reports whether the table is full.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() == Self::MAX_ENTRIES
    }

    /// Finds a batch of lines: the entry of each that is in the table.
    pub(super) fn find(&self, keys: &[Key]) -> [Option<u32>; MAX_BATCH] {
        let mut slots = [FREE; MAX_BATCH];
        for (slot, key) in slots.iter_mut().zip(keys) {
            *slot = self.slots[self.first_slot(key.hash)];
        }
        // For most lines, no more memory is needed.
        let mut begins = [0; MAX_BATCH];
        for (begin, &slot) in begins.iter_mut().zip(&slots) {
            let entry = self.entries.get(entry_of(slot) as usize);
            *begin = entry.map_or(0, |entry| entry.words[0]);
        }
        let mut found = [None; MAX_BATCH];
        for (index, key) in keys.iter().enumerate() {
            let entry = entry_of(slots[index]);
            let is_there = begins[index] == key.words[0]
                && (self.entries.get(entry as usize)).is_some_and(|entry| entry.has(key));
            found[index] = match is_there {
                true => Some(entry),
                false => self.find_from(slots[index], key),
            };
        }
        found
    }

    /// Finds a line, given the contents of the first slot to look at.
    fn find_from(&self, mut slot: Slot, key: &Key) -> Option<u32> {
        let mut index = self.first_slot(key.hash);
        while slot != FREE {
            let entry = entry_of(slot);
            let same_hash = (slot ^ key.hash) >> ENTRY_BITS == 0;
            if same_hash && self.entries[entry as usize].has(key) {
                return Some(entry);
            }
            index = self.first_slot(index as u32 + 1);
            slot = self.slots[index];
        }
        None
    }

    /// The meaning of the line of an entry.
    pub(super) fn meaning(&self, entry: u32) -> Meaning {
        self.entries[entry as usize].meaning
    }

    /// Adds a line that is not in the table.
    pub(super) fn insert(&mut self, key: &Key, meaning: Meaning) {
        self.fill_slot(key.hash, self.entries.len());
        self.entries.push(Entry {
            words: key.words,
            len: key.len as u8,
            meaning,
        });
        if self.entries.len() * 2 > self.slots.len() {
            self.grow();
        }
    }

    /// Doubles the slots. Reserves all entries at the first call: unused memory costs nothing, but moving entries
    /// does.
    fn grow(&mut self) {
        self.entries.reserve(Self::MAX_ENTRIES - self.entries.len());
        self.slots = vec![FREE; self.slots.len() * 2];
        for entry in 0..self.entries.len() {
            self.fill_slot(hash(&self.entries[entry].words), entry);
        }
    }

    fn fill_slot(&mut self, hash: u32, entry: usize) {
        let mut index = self.first_slot(hash);
        while self.slots[index] != FREE {
            index = self.first_slot(index as u32 + 1);
        }
        self.slots[index] = slot(hash, entry);
    }

    /// The slot where the search for a hash begins.
    fn first_slot(&self, hash: u32) -> usize {
        hash as usize & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_fit_a_cache_line() {
        assert_eq!(size_of::<Entry>(), 64);
    }

    #[test]
    fn lines_keep_their_meaning() {
        let mut table = Table::default();
        let lines = (0..5000).map(|n| format!("\tADDQ\t${}, AX\n", n * n));
        let lines: Vec<String> = lines
            .chain(["\n".into(), "\0\n".into(), "\0\0\n".into()])
            .collect();
        let keys = lines
            .iter()
            .map(|line| Key::of_line(line.as_bytes()).expect("short"));
        for (n, key) in keys.clone().enumerate() {
            assert_eq!(table.find(&[key])[0], None);
            table.insert(&key, Meaning::Relocated(n as u32));
        }
        for (n, key) in keys.enumerate() {
            let number = table.find(&[key])[0].expect("it was added");
            assert!(matches!(table.meaning(number), Meaning::Relocated(m) if m == n as u32));
        }
    }
}
