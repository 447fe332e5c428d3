//! Different texts, numbered from 0 in the order in which they are added.

use std::hash::BuildHasher;

use rustc_hash::FxBuildHasher;

/// A hash table with linear probing that is at most half full.
pub(super) struct Texts {
    slots: Vec<Slot>,
    /// All texts in order, and the end of each.
    names: String,
    ends: Vec<u32>,
}

/// A slot of the table.
#[derive(Clone, Copy)]
struct Slot {
    /// A short text with its length in the highest byte, or the hash of a longer text.
    word: u64,
    /// The number of the text, or [`Slot::FREE`].
    index: u32,
}

impl Slot {
    const FREE: u32 = u32::MAX;

    /// The length of the longest texts that are compared as numbers. Most words of assembly are shorter.
    const FITS: usize = 7;

    const fn free() -> Slot {
        Slot {
            word: 0,
            index: Slot::FREE,
        }
    }
}

/// The slot for a text that is not in the table.
#[derive(Clone, Copy)]
pub(super) struct Vacancy {
    word: u64,
    place: usize,
}

impl Texts {
    const FIRST_SLOTS: usize = 1024;

    pub(super) fn new() -> Texts {
        Texts {
            slots: vec![Slot::free(); Self::FIRST_SLOTS],
            names: String::new(),
            ends: Vec::new(),
        }
    }

    /// Returns the number of a part of `text`, or the slot for it.
    pub(super) fn find(&self, text: &str, start: usize, end: usize) -> Result<u32, Vacancy> {
        let word = word(text.as_bytes(), start, end);
        let mut place = self.place(word);
        loop {
            let slot = self.slots[place];
            if slot.index == Slot::FREE {
                return Err(Vacancy { word, place });
            }
            let is_short = end - start <= Slot::FITS;
            let same_text = || self.text(slot.index).as_bytes() == &text.as_bytes()[start..end];
            if slot.word == word && (is_short || same_text()) {
                return Ok(slot.index);
            }
            place = (place + 1) & (self.slots.len() - 1);
        }
    }

    /// Adds a text with the slot that [`Self::find`] has just returned. Returns its number.
    pub(super) fn add(&mut self, text: &str, vacancy: Vacancy) -> u32 {
        let index = self.ends.len() as u32;
        self.names.push_str(text);
        self.ends.push(self.names.len() as u32);
        self.slots[vacancy.place] = Slot {
            word: vacancy.word,
            index,
        };
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        index
    }

    /// Returns the slot where the search for a text begins.
    fn place(&self, word: u64) -> usize {
        let hash = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (hash >> 32) as usize & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        let free = vec![Slot::free(); self.slots.len() * 2];
        for slot in std::mem::replace(&mut self.slots, free) {
            if slot.index != Slot::FREE {
                let mut place = self.place(slot.word);
                while self.slots[place].index != Slot::FREE {
                    place = (place + 1) & (self.slots.len() - 1);
                }
                self.slots[place] = slot;
            }
        }
    }

    /// Returns the text with a number.
    pub(super) fn text(&self, index: u32) -> &str {
        let start = match index {
            0 => 0,
            _ => self.ends[index as usize - 1],
        };
        &self.names[start as usize..self.ends[index as usize] as usize]
    }
}

/// Returns a part of a text as a number: its bytes and its length if they fit, else its hash with the highest bit
/// set.
fn word(text: &[u8], start: usize, end: usize) -> u64 {
    const LEN_SHIFT: usize = 8 * Slot::FITS;
    let len = end - start;
    if len > Slot::FITS {
        return FxBuildHasher.hash_one(&text[start..end]) | 1 << (u64::BITS - 1);
    }
    let bytes = match text[start..].first_chunk() {
        Some(bytes) => *bytes,
        None => {
            let mut bytes = [0; size_of::<u64>()];
            bytes[..len].copy_from_slice(&text[start..end]);
            bytes
        }
    };
    let mask = (1 << (8 * len)) - 1;
    u64::from_le_bytes(bytes) & mask | (len as u64) << LEN_SHIFT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_numbers() {
        let mut texts = Texts::new();
        let names: Vec<String> = (0..5000u64)
            .map(|i| format!("n{}", i * i * i * i))
            .collect();
        let odd = [
            "",
            "\0",
            "\0\0",
            "abcdefg",
            "abcdefg\u{7}",
            "abcdefg\0",
            "\0\0\0\0\0\0\0",
        ];
        for name in names.iter().map(String::as_str).chain(odd) {
            let vacancy = texts.find(name, 0, name.len()).expect_err("a new text");
            texts.add(name, vacancy);
        }
        for (index, name) in names.iter().enumerate() {
            let inside = format!("<{name}>");
            let found = texts.find(&inside, 1, 1 + name.len()).ok();
            assert_eq!(found, Some(index as u32), "{name}");
            assert_eq!(texts.text(index as u32), name);
        }
        assert!(texts.find("n", 0, 1).is_err());
    }
}
