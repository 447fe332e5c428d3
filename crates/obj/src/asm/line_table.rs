//! What lines mean, found by their text.
//!
//! Assembling a large file is mostly looking up lines here, so that a look-up reads little memory: the text is
//! compared in words, and is beside the meaning.

use super::recall::Meaning;

/// A line of less than 40 bytes, as words.
#[derive(Clone, Copy)]
pub(super) struct Key {
    words: [u64; Key::WORDS],
    len: u32,
    hash: u32,
}

const WORD: usize = size_of::<u64>();

impl Key {
    const WORDS: usize = 5;

    /// The first line of a text, if it is short enough and its end is there.
    pub(super) fn of_line(text: &[u8]) -> Option<Key> {
        let mut words = [0; Key::WORDS];
        let mut hash: u64 = 0;
        for (index, place) in words.iter_mut().enumerate() {
            let rest = &text[(index * WORD).min(text.len())..];
            let word = match rest.first_chunk::<WORD>() {
                Some(bytes) => u64::from_le_bytes(*bytes),
                None => {
                    let mut bytes = [0; WORD];
                    bytes[..rest.len()].copy_from_slice(rest);
                    u64::from_le_bytes(bytes)
                }
            };
            let end = first_newline(word);
            *place = word & (1u64.checked_shl(end * 8).unwrap_or(0)).wrapping_sub(1);
            hash = (hash.rotate_left(5) ^ *place).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            if end < WORD as u32 {
                return Some(Key {
                    words,
                    len: index as u32 * WORD as u32 + end,
                    hash: (hash >> 32) as u32,
                });
            }
        }
        None
    }

    /// The length of the line with its end.
    pub(super) fn line_len(&self) -> usize {
        self.len as usize + 1
    }
}

/// How many bytes of a word are before the first that is a newline.
fn first_newline(word: u64) -> u32 {
    const ONES: u64 = u64::from_le_bytes([1; WORD]);
    let zero_at_newline = word ^ (ONES * b'\n' as u64);
    let ends = zero_at_newline.wrapping_sub(ONES) & !zero_at_newline & ONES << 7;
    ends.trailing_zeros() / 8
}

/// A hash table with linear probing that is at most half full.
pub(super) struct LineTable {
    slots: Vec<Slot>,
    entries: Vec<Entry>,
}

/// A place of the table.
#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    /// Index of an entry, or [`Slot::FREE`].
    entry: u32,
}

impl Slot {
    const FREE: u32 = u32::MAX;
}

/// One line of the processor's cache.
struct Entry {
    words: [u64; Key::WORDS],
    len: u8,
    meaning: Meaning,
}

impl LineTable {
    const FIRST_SLOTS: usize = 1024;

    /// Lines that are kept at most.
    const MOST: usize = 1 << 15;

    pub(super) fn new() -> LineTable {
        LineTable {
            slots: Self::free(Self::FIRST_SLOTS),
            entries: Vec::new(),
        }
    }

    fn free(n: usize) -> Vec<Slot> {
        let free = Slot {
            hash: 0,
            entry: Slot::FREE,
        };
        vec![free; n]
    }

    /// Whether nothing more can be added.
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() == Self::MOST
    }

    /// What a line means, if it is there.
    pub(super) fn find(&self, key: &Key) -> Option<Meaning> {
        let mut place = self.place(key.hash);
        loop {
            let slot = self.slots[place];
            if slot.entry == Slot::FREE {
                return None;
            }
            if slot.hash == key.hash {
                let entry = &self.entries[slot.entry as usize];
                if entry.words == key.words && u32::from(entry.len) == key.len {
                    return Some(entry.meaning);
                }
            }
            place = self.place(place as u32 + 1);
        }
    }

    /// Adds a line that is not there.
    pub(super) fn add(&mut self, key: &Key, meaning: Meaning) {
        let slot = Slot {
            hash: key.hash,
            entry: self.entries.len() as u32,
        };
        self.entries.push(Entry {
            words: key.words,
            len: key.len as u8,
            meaning,
        });
        self.enter(slot);
        if self.entries.len() * 2 > self.slots.len() {
            let more = Self::free(self.slots.len() * 2);
            let slots = std::mem::replace(&mut self.slots, more);
            let taken = slots.into_iter().filter(|slot| slot.entry != Slot::FREE);
            taken.for_each(|slot| self.enter(slot));
        }
    }

    fn enter(&mut self, slot: Slot) {
        let mut place = self.place(slot.hash);
        while self.slots[place].entry != Slot::FREE {
            place = self.place(place as u32 + 1);
        }
        self.slots[place] = slot;
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
            assert!(table.find(&key).is_none());
            table.add(&key, Meaning::Relocated(n as u32));
        }
        for (n, key) in keys.enumerate() {
            assert!(matches!(table.find(&key), Some(Meaning::Relocated(m)) if m == n as u32));
        }
    }
}
