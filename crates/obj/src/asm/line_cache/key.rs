//! Lines as keys of a table: their text in words, and its hash.

/// A line of less than 40 bytes, as words.
#[derive(Clone, Copy, Default)]
pub(in crate::asm) struct Key {
    pub(super) words: [u64; Key::WORDS],
    pub(super) len: u32,
    pub(super) hash: u32,
}

const WORD: usize = size_of::<u64>();

impl Key {
    pub(super) const WORDS: usize = 5;

    /// One more than the length of the longest line that has a key.
    const MAX_LEN: usize = Key::WORDS * WORD;

    /// The key of the first line of a text; none if the line is too long or has no end.
    pub(in crate::asm) fn of_line(text: &[u8]) -> Option<Key> {
        match text.first_chunk() {
            Some(bytes) => Key::of_bytes(bytes),
            None => {
                let mut bytes = [0; Key::MAX_LEN];
                bytes[..text.len()].copy_from_slice(text);
                Key::of_bytes(&bytes)
            }
        }
    }

    /// Looks at all words wherever the line ends, so that the loop is branch-free.
    fn of_bytes(bytes: &[u8; Key::MAX_LEN]) -> Option<Key> {
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

    /// The length of the line, its end included.
    pub(in crate::asm) fn line_len(&self) -> usize {
        self.len as usize + 1
    }
}

/// The hash of a line.
pub(super) fn hash(words: &[u64; Key::WORDS]) -> u32 {
    let hash = words.iter().fold(0u64, |hash, word| {
        (hash.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    (hash >> 32) as u32
}

/// Sets the highest bit of the first byte of `word` that is a newline. Bits of bytes above it may be set too.
fn newlines(word: u64) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; WORD]);
    let zero_at_newline = word ^ (ONES * b'\n' as u64);
    zero_at_newline.wrapping_sub(ONES) & !zero_at_newline & ONES << 7
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length of the first line of a text, its end included, if it has a key.
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
}
