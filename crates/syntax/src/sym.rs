//! Interned text: identifiers and the source text of literals.
//!
//! Equal texts have equal ids, so that the rest of the front end compares and indexes by id. The table uses open
//! addressing with linear probing; its size is a power of two, and it is at most half full. Texts are never removed.

use cranelift_entity::{PrimaryMap, entity_impl};

/// An identifier or the text of a literal (gc: types.Sym): an index into [`Interner`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sym(u32);
entity_impl!(Sym, "sym");

impl Sym {
    /// The blank identifier, `_`.
    pub const BLANK: Sym = Sym(0);
}

/// The interned texts of a package.
#[derive(Clone, Debug)]
pub struct Interner {
    /// All texts, concatenated.
    text: String,
    /// End of each text as a byte offset into `text`. A text starts where the previous one ends.
    ends: PrimaryMap<Sym, u32>,
    /// Hash table of ids, `EMPTY` where free.
    slots: Vec<u32>,
}

const EMPTY: u32 = u32::MAX;

impl Default for Interner {
    fn default() -> Self {
        let mut interner = Interner {
            text: String::new(),
            ends: PrimaryMap::new(),
            slots: vec![EMPTY; 1024],
        };
        interner.intern("_");
        interner
    }
}

impl Interner {
    /// Returns the id of `text` if it has been interned.
    pub fn find(&self, text: &str) -> Option<Sym> {
        self.slot(text).ok()
    }

    /// Returns the id of `text`, or the index of the free slot for it.
    fn slot(&self, text: &str) -> Result<Sym, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = hash(text.as_bytes()) as usize & mask;
        loop {
            match self.slots[slot] {
                EMPTY => return Err(slot),
                found if self.text(Sym(found)) == text => return Ok(Sym(found)),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    /// Returns the id of `text`, interning it if it is new.
    pub fn intern(&mut self, text: &str) -> Sym {
        let slot = match self.slot(text) {
            Ok(sym) => return sym,
            Err(slot) => slot,
        };
        self.text.push_str(text);
        let end = u32::try_from(self.text.len()).expect("source text is under 4 GiB");
        let sym = self.ends.push(end);
        self.slots[slot] = sym.as_u32();
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        sym
    }

    /// Returns the text with the id `sym`.
    pub fn text(&self, sym: Sym) -> &str {
        let end = self.ends[sym] as usize;
        let start = match sym.0 {
            0 => 0,
            n => self.ends[Sym(n - 1)] as usize,
        };
        &self.text[start..end]
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let mut slots = vec![EMPTY; mask + 1];
        for sym in self.ends.keys() {
            let mut slot = hash(self.text(sym).as_bytes()) as usize & mask;
            while slots[slot] != EMPTY {
                slot = (slot + 1) & mask;
            }
            slots[slot] = sym.as_u32();
        }
        self.slots = slots;
    }
}

/// Returns a multiplicative hash over eight-byte words, with the high bits folded into the low ones.
fn hash(text: &[u8]) -> u64 {
    const K: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = text.len() as u64;
    for chunk in text.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(K);
    }
    hash ^ hash >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_equal_ids() {
        let mut interner = Interner::default();
        let syms: Vec<Sym> = (0..5000)
            .map(|n| interner.intern(&format!("name{n}")))
            .collect();
        for (n, &sym) in syms.iter().enumerate() {
            assert_eq!(interner.text(sym), format!("name{n}"));
            assert_eq!(interner.intern(&format!("name{n}")), sym);
        }
        assert_eq!(interner.intern("_"), Sym::BLANK);
        let empty = interner.intern("");
        assert_eq!(interner.text(empty), "");
    }
}
