//! A list for each block, all of them in one vector.

use std::ops::Index;

use crate::entity::Block;

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
}
