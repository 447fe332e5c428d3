//! Short runs of items in memory that doesn't move when it grows. A vector of all of them would be copied whenever it is
//! full, and what it leaves behind is memory that a large function has for nothing.

/// Runs of items by the index of their first one.
#[derive(Debug)]
pub(crate) struct Runs<T> {
    /// Of at most [`PIECE`] items, or one longer run.
    pieces: Vec<Vec<T>>,
}

/// The number of items of a piece.
const PIECE: usize = 4096;

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Runs { pieces: Vec::new() }
    }
}

/// Returns the piece that an index is in, and the index there.
#[inline]
fn split(index: u32) -> (usize, usize) {
    (index as usize / PIECE, index as usize % PIECE)
}

impl<T: Copy> Runs<T> {
    /// Drops all runs.
    pub(crate) fn clear(&mut self) {
        self.pieces.truncate(1);
        self.pieces.iter_mut().for_each(Vec::clear);
    }

    /// Returns the number of items of all runs.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum()
    }

    /// Returns the `n` items from `start` on, all of one run.
    #[inline]
    pub(crate) fn get(&self, start: u32, n: usize) -> &[T] {
        if n == 0 {
            return &[];
        }
        let (piece, at) = split(start);
        &self.pieces[piece][at..at + n]
    }

    /// Returns the `n` items from `start` on, all of one run.
    pub(crate) fn get_mut(&mut self, start: u32, n: usize) -> &mut [T] {
        if n == 0 {
            return &mut [];
        }
        let (piece, at) = split(start);
        &mut self.pieces[piece][at..at + n]
    }

    /// Adds a run. Returns its start.
    pub(crate) fn push(&mut self, items: &[T]) -> u32 {
        let start = self.make_room(items.len());
        self.last().extend_from_slice(items);
        start
    }

    /// Adds an item to the run of `n` items from `start` on, which moves if it has no room there. Returns its start.
    pub(crate) fn append(&mut self, start: u32, n: usize, item: T) -> u32 {
        let (piece, at) = split(start);
        if n != 0 && piece + 1 == self.pieces.len() {
            let last = self.last();
            if at + n == last.len() && (last.len() < PIECE || at == 0) {
                last.push(item);
                return start;
            }
        }
        let new_start = self.make_room(n + 1);
        if n != 0 {
            let last = self.pieces.len() - 1;
            let (others, rest) = self.pieces.split_at_mut(last);
            match others.get(piece) {
                Some(other) => rest[0].extend_from_slice(&other[at..at + n]),
                None => rest[0].extend_from_within(at..at + n),
            }
        }
        self.last().push(item);
        new_start
    }

    fn last(&mut self) -> &mut Vec<T> {
        self.pieces.last_mut().expect("room was made")
    }

    /// Makes sure that the last piece has room for `n` items. Returns where they begin.
    fn make_room(&mut self, n: usize) -> u32 {
        let len = self.pieces.last().map_or(PIECE, Vec::len);
        if len + n > PIECE && len != 0 {
            // Those of most functions fit the first one.
            self.pieces.push(match self.pieces.len() {
                0 => Vec::new(),
                _ => Vec::with_capacity(PIECE),
            });
        }
        let last = self.pieces.len() - 1;
        (last * PIECE + self.pieces[last].len()) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_stay_whole_across_pieces() {
        let mut runs = Runs::default();
        let numbers: Vec<u32> = (0..2 * PIECE as u32).collect();
        let short = runs.push(&numbers[..PIECE - 2]);
        let mut grown = runs.push(&numbers[..1]);
        let before = grown;
        grown = runs.append(grown, 1, 7);
        assert_eq!(grown, before, "there was room");
        grown = runs.append(grown, 2, 8);
        assert_ne!(grown, before);
        let long = runs.push(&numbers);
        let mut moved = runs.append(long, numbers.len(), 9);
        assert_eq!(moved, long, "a long run grows in its piece");
        assert_eq!(runs.get(moved, numbers.len() + 1).last(), Some(&9));
        moved = runs.append(grown, 3, 10);
        assert_eq!(runs.get(moved, 4), [0, 7, 8, 10]);
        let one = runs.append(0, 0, 1);
        let again = runs.append(one, 1, 2);
        assert_eq!(runs.get(again, 2), [1, 2]);
        let within = runs.append(moved, 4, 11);
        assert_eq!(runs.get(within, 5), [0, 7, 8, 10, 11]);
        assert_eq!(runs.get(short, PIECE - 2), &numbers[..PIECE - 2]);
        runs.get_mut(within, 5)[1] = 6;
        assert_eq!(runs.get(within, 2), [0, 6]);
        runs.clear();
        assert_eq!(runs.push(&[1]), 0);
        assert_eq!(runs.get(5, 0), []);
    }
}
