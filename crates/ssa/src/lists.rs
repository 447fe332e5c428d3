//! A list for each block, all of them in one vector.

use std::ops::Index;

use crate::func::Block;

/// Lists by block number. One that changes its length moves behind the others; the memory it had stays unused.
#[derive(Debug)]
pub(crate) struct BlockLists<T> {
    /// Where each list starts, and its length.
    places: Vec<(u32, u32)>,
    items: Vec<T>,
}

impl<T> Default for BlockLists<T> {
    fn default() -> Self {
        BlockLists {
            places: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl<T: Copy> BlockLists<T> {
    /// Makes all lists empty, those of `n` blocks.
    pub(crate) fn reset(&mut self, n: usize) {
        self.places.clear();
        self.places.resize(n, (0, 0));
        self.items.clear();
    }

    /// Replaces the list of `b`.
    pub(crate) fn set(&mut self, b: Block, items: impl IntoIterator<Item = T>) {
        let end = self.items.len();
        self.items.extend(items);
        let len = self.items.len() - end;
        let place = &mut self.places[b.id()];
        if len <= place.1 as usize {
            self.items.copy_within(end.., place.0 as usize);
            self.items.truncate(end);
            place.1 = len as u32;
        } else {
            *place = (end as u32, len as u32);
        }
    }

    /// Appends to the list of `b`.
    pub(crate) fn push(&mut self, b: Block, item: T) {
        let (start, len) = self.places[b.id()];
        let mut start = start as usize;
        if start + len as usize != self.items.len() {
            let end = self.items.len();
            self.items.extend_from_within(start..start + len as usize);
            start = end;
        }
        self.items.push(item);
        self.places[b.id()] = (start as u32, len + 1);
    }
}

impl<T> Index<Block> for BlockLists<T> {
    type Output = [T];
    #[inline]
    fn index(&self, b: Block) -> &[T] {
        let (start, len) = self.places[b.id()];
        &self.items[start as usize..][..len as usize]
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
