//! What lines mean, found by their text.
//!
//! Assembling a large file is mostly looking up lines here, and that is mostly waiting for memory. So a look-up
//! reads little of it: the text is compared in words, and is beside the meaning. And lines are looked up together,
//! in steps: the processor fetches what one needs while it waits for another's.

use super::recall::Meaning;

/// How many lines are looked up together at most.
pub(super) const TOGETHER: usize = 16;

/// A line of less than 40 bytes, as words.
#[derive(Clone, Copy, Default)]
pub(super) struct Key {
    words: [u64; Key::WORDS],
    len: u32,
    hash: u32,
}

const WORD: usize = size_of::<u64>();

impl Key {
    const WORDS: usize = 5;

    /// One more than the length of the longest line that has a key.
    const MOST: usize = Key::WORDS * WORD;

    /// The first line of a text, if it is short enough and its end is there.
    pub(super) fn of_line(text: &[u8]) -> Option<Key> {
        match text.first_chunk() {
            Some(bytes) => Key::of_bytes(bytes),
            None => {
                let mut bytes = [0; Key::MOST];
                bytes[..text.len()].copy_from_slice(text);
                Key::of_bytes(&bytes)
            }
        }
    }

    /// Looks at all words, wherever the line ends: so there is nothing for the processor to guess.
    fn of_bytes(bytes: &[u8; Key::MOST]) -> Option<Key> {
        let mut words = [0; Key::WORDS];
        let (mut len, mut is_open) = (0, true);
        for (index, bytes) in bytes.as_chunks::<WORD>().0.iter().enumerate() {
            let word = u64::from_le_bytes(*bytes);
            let newlines = newlines(word);
            let ends = newlines != 0;
            let before = match ends {
                true => (newlines ^ newlines.wrapping_sub(1)) >> 8,
                false => u64::MAX,
            };
            words[index] = if is_open { word & before } else { 0 };
            // All bytes of a word without a newline.
            len += if is_open {
                newlines.trailing_zeros() / 8
            } else {
                0
            };
            is_open &= !ends;
        }
        (!is_open).then_some(Key {
            words,
            len,
            hash: hash(&words),
        })
    }

    /// The length of the line with its end.
    pub(super) fn line_len(&self) -> usize {
        self.len as usize + 1
    }
}

/// The hash of a line.
fn hash(words: &[u64; Key::WORDS]) -> u32 {
    let hash = words.iter().fold(0u64, |hash, word| {
        (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    (hash >> 32) as u32
}

/// The highest bit of the first byte that is a newline, perhaps with bits of bytes above it.
fn newlines(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; WORD]);
    let zero_at_newline = word ^ (ONES * b'\n' as u64);
    zero_at_newline.wrapping_sub(ONES) & !zero_at_newline & ONES << 7
}

/// A hash table with linear probing that is at most half full.
pub(super) struct LineTable {
    slots: Vec<Slot>,
    entries: Vec<Entry>,
}

/// A place of the table: one more than the index of an entry, and the bits of its hash that have not decided where it
/// is. [`FREE`] if there is none.
type Slot = u32;

const FREE: Slot = 0;

/// Bits of a slot for the entry.
const ENTRY_BITS: u32 = LineTable::MOST.ilog2() + 1;

fn slot(hash: u32, entry: usize) -> Slot {
    hash >> ENTRY_BITS << ENTRY_BITS | (entry as u32 + 1)
}

/// The index of the entry, beyond all if the place is free.
fn entry_of(slot: Slot) -> u32 {
    (slot & ((1 << ENTRY_BITS) - 1)).wrapping_sub(1)
}

/// One line of the processor's cache.
struct Entry {
    words: [u64; Key::WORDS],
    len: u8,
    meaning: Meaning,
}

impl Entry {
    fn is_of(&self, key: &Key) -> bool {
        let words = self.words.iter().zip(&key.words);
        let differences = words.fold(0, |all, (a, b)| all | (a ^ b));
        differences == 0 && u32::from(self.len) == key.len
    }
}

impl LineTable {
    const FIRST_SLOTS: usize = 1024;

    /// Lines that are kept at most.
    const MOST: usize = 1 << 17;

    pub(super) fn new() -> LineTable {
        LineTable {
            slots: vec![FREE; Self::FIRST_SLOTS],
            entries: Vec::new(),
        }
    }

    /// Whether nothing more can be added.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() == Self::MOST
    }

    /// The numbers of lines that are there.
    pub(super) fn find(&self, keys: &[Key]) -> [Option<u32>; TOGETHER] {
        let mut slots = [FREE; TOGETHER];
        for (slot, key) in slots.iter_mut().zip(keys) {
            *slot = self.slots[self.place(key.hash)];
        }
        // For most, that is all to be fetched.
        let mut begins = [0; TOGETHER];
        for (begin, &slot) in begins.iter_mut().zip(&slots) {
            let entry = self.entries.get(entry_of(slot) as usize);
            *begin = entry.map_or(0, |entry| entry.words[0]);
        }
        let mut found = [None; TOGETHER];
        for (index, key) in keys.iter().enumerate() {
            let entry = entry_of(slots[index]);
            let is_there = begins[index] == key.words[0]
                && (self.entries.get(entry as usize)).is_some_and(|entry| entry.is_of(key));
            found[index] = match is_there {
                true => Some(entry),
                false => self.find_from(slots[index], key),
            };
        }
        found
    }

    /// The number of a line if the search for it begins with `slot`.
    fn find_from(&self, mut slot: Slot, key: &Key) -> Option<u32> {
        let mut place = self.place(key.hash);
        while slot != FREE {
            let entry = entry_of(slot);
            let same_hash = (slot ^ key.hash) >> ENTRY_BITS == 0;
            if same_hash && self.entries[entry as usize].is_of(key) {
                return Some(entry);
            }
            place = self.place(place as u32 + 1);
            slot = self.slots[place];
        }
        None
    }

    /// What the line with that number means.
    pub(super) fn meaning(&self, number: u32) -> Meaning {
        self.entries[number as usize].meaning
    }

    /// Adds a line that is not there.
    pub(super) fn add(&mut self, key: &Key, meaning: Meaning) {
        self.enter(key.hash, self.entries.len());
        self.entries.push(Entry {
            words: key.words,
            len: key.len as u8,
            meaning,
        });
        if self.entries.len() * 2 > self.slots.len() {
            self.grow();
        }
    }

    /// Makes room. Memory that is not used yet costs nothing, but to move what is there does.
    fn grow(&mut self) {
        self.entries.reserve(Self::MOST - self.entries.len());
        self.slots = vec![FREE; self.slots.len() * 2];
        for entry in 0..self.entries.len() {
            self.enter(hash(&self.entries[entry].words), entry);
        }
    }

    fn enter(&mut self, hash: u32, entry: usize) {
        let mut place = self.place(hash);
        while self.slots[place] != FREE {
            place = self.place(place as u32 + 1);
        }
        self.slots[place] = slot(hash, entry);
    }

    /// Where the search for a hash begins.
    fn place(&self, hash: u32) -> usize {
        hash as usize & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length of the line that a text begins with, its end included, if it has a key.
    fn len(text: &str) -> Option<usize> {
        Key::of_line(text.as_bytes()).map(|key| key.line_len())
    }

    #[test]
    fn lines_end_at_the_first_newline() {
        for n in 0..=40 {
            let line = "x".repeat(n) + "\n";
            assert_eq!(len(&line), (n < 40).then_some(n + 1), "{n}");
            assert_eq!(len(&(line.clone() + "\n\u{a0}\n")), len(&line), "{n}");
            assert_eq!(len(line.trim_end()), None, "{n}");
        }
    }

    #[test]
    fn entries_fit_a_cache_line() {
        assert_eq!(size_of::<Entry>(), 64);
    }

    #[test]
    fn lines_keep_their_meaning() {
        let mut table = LineTable::new();
        let lines = (0..5000).map(|n| format!("\tADDQ\t${}, AX\n", n * n));
        let lines: Vec<String> = lines
            .chain(["\n".into(), "\0\n".into(), "\0\0\n".into()])
            .collect();
        let keys = lines
            .iter()
            .map(|line| Key::of_line(line.as_bytes()).expect("short"));
        for (n, key) in keys.clone().enumerate() {
            assert_eq!(table.find(&[key])[0], None);
            table.add(&key, Meaning::Relocated(n as u32));
        }
        for (n, key) in keys.enumerate() {
            let number = table.find(&[key])[0].expect("it was added");
            assert!(matches!(table.meaning(number), Meaning::Relocated(m) if m == n as u32));
        }
    }
}
