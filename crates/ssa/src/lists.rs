//! A list for each block or value, all of them in one vector.

use std::ops::Index;

use crate::entity::{Block, Value};

/// Lists by block number. A list that changes its length moves to the end of the vector; its old memory stays unused.
#[derive(Debug)]
pub struct BlockLists<T> {
    /// The range of each list in `items`.
    ranges: Vec<(u32, u32)>,
    items: Vec<T>,
}

impl<T> Default for BlockLists<T> {
    fn default() -> Self {
        BlockLists {
            ranges: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl<T: Copy> BlockLists<T> {
    /// Makes empty lists for `n` blocks.
    pub fn reset(&mut self, n: usize) {
        self.ranges.clear();
        self.ranges.resize(n, (0, 0));
        self.items.clear();
    }

    /// Replaces the list of `b`.
    pub fn set(&mut self, b: Block, items: impl IntoIterator<Item = T>) {
        let end = self.items.len();
        self.items.extend(items);
        let new_end = self.items.len();
        let range = &mut self.ranges[b.id()];
        let (start, old_end) = (range.0 as usize, range.1 as usize);
        if new_end - end <= old_end - start {
            self.items.copy_within(end.., start);
            self.items.truncate(end);
            range.1 = (start + new_end - end) as u32;
        } else {
            *range = (end as u32, new_end as u32);
        }
    }

    /// Appends to the list of `b`.
    pub fn push(&mut self, b: Block, item: T) {
        let (start, end) = self.ranges[b.id()];
        let mut start = start as usize;
        if end as usize != self.items.len() {
            let new_start = self.items.len();
            self.items.extend_from_within(start..end as usize);
            start = new_start;
        }
        self.items.push(item);
        self.ranges[b.id()] = (start as u32, self.items.len() as u32);
    }
}

impl<T> Index<Block> for BlockLists<T> {
    type Output = [T];
    #[inline]
    fn index(&self, b: Block) -> &[T] {
        let (start, end) = self.ranges[b.id()];
        &self.items[start as usize..end as usize]
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
