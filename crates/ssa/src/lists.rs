//! A list for each block or value, all of them in one vector.

use std::ops::Index;

use crate::entity::{Block, Value};
use crate::runs::Runs;

/// Lists by block number. A list that grows may move; its old memory stays unused.
#[derive(Debug)]
pub struct BlockLists<T> {
    /// The start and the length of each list in `runs`.
    ranges: Vec<(u32, u32)>,
    runs: Runs<T>,
    /// The list that is being set.
    new: Vec<T>,
}

impl<T> Default for BlockLists<T> {
    fn default() -> Self {
        BlockLists {
            ranges: Vec::new(),
            runs: Runs::default(),
            new: Vec::new(),
        }
    }
}

impl<T: Copy> BlockLists<T> {
    /// Makes empty lists for `n` blocks.
    pub fn reset(&mut self, n: usize) {
        self.ranges.clear();
        self.ranges.resize(n, (0, 0));
        self.runs.clear();
    }

    /// Replaces the list of `b`.
    pub fn set(&mut self, b: Block, items: impl IntoIterator<Item = T>) {
        self.new.clear();
        self.new.extend(items);
        let new = &self.new[..];
        let (start, n) = &mut self.ranges[b.id()];
        if new.len() <= *n as usize {
            self.runs.get_mut(*start, new.len()).copy_from_slice(new);
        } else {
            *start = self.runs.push(new);
        }
        *n = new.len() as u32;
    }

    /// Appends to the list of `b`.
    pub fn push(&mut self, b: Block, item: T) {
        let (start, n) = &mut self.ranges[b.id()];
        *start = self.runs.append(*start, *n as usize, item);
        *n += 1;
    }
}

impl<T: Copy> Index<Block> for BlockLists<T> {
    type Output = [T];
    #[inline]
    fn index(&self, b: Block) -> &[T] {
        let (start, n) = self.ranges[b.id()];
        self.runs.get(start, n as usize)
    }
}

/// Lists by value number, made at once.
#[derive(Debug)]
pub(crate) struct ValueLists<T> {
    /// Where the list of each value begins in `items`, and where the last list ends.
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> ValueLists<T> {
    /// Makes lists for `n` values from items, each with the value to whose list it belongs. The order of `items` is the
    /// order within a list.
    pub(crate) fn new(n: usize, items: &[(Value, T)]) -> ValueLists<T> {
        // Two entries more: while the lists are filled, that behind a value's is where its next item goes.
        let mut starts = vec![0; n + 2];
        for &(v, _) in items {
            starts[v.id() + 2] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut ordered: Vec<T> = items.iter().map(|&(_, item)| item).collect();
        for &(v, item) in items {
            let next = &mut starts[v.id() + 1];
            ordered[*next as usize] = item;
            *next += 1;
        }
        ValueLists {
            starts,
            items: ordered,
        }
    }
}

impl<T> Index<Value> for ValueLists<T> {
    type Output = [T];
    #[inline]
    fn index(&self, v: Value) -> &[T] {
        let (start, end) = (self.starts[v.id()], self.starts[v.id() + 1]);
        &self.items[start as usize..end as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_grow_and_shrink_on_their_own() {
        let [a, b] = [0, 1].map(Block::from_u32);
        let mut lists = BlockLists::default();
        lists.reset(2);
        lists.push(a, 1);
        lists.set(b, [2, 3]);
        lists.push(a, 4);
        assert_eq!((&lists[a], &lists[b]), (&[1, 4][..], &[2, 3][..]));
        lists.set(b, [5]);
        lists.set(a, [6, 7, 8]);
        assert_eq!((&lists[a], &lists[b]), (&[6, 7, 8][..], &[5][..]));
        lists.push(b, 9);
        assert_eq!((&lists[a], &lists[b]), (&[6, 7, 8][..], &[5, 9][..]));
        lists.reset(2);
        assert!(lists[a].is_empty() && lists[b].is_empty());
    }

    #[test]
    fn lists_of_values_keep_their_order() {
        let [a, b, c] = [0, 1, 2].map(Value::from_u32);
        let lists = ValueLists::new(3, &[(c, 1), (a, 2), (c, 3), (a, 4)]);
        assert_eq!(
            [&lists[a], &lists[b], &lists[c]],
            [&[2, 4][..], &[], &[1, 3]]
        );
    }
}
