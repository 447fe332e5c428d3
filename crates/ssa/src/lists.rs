//! A list for each block, all of them in one vector; and lists that share what they have in common.

use std::ops::Index;

use crate::entity::{Block, Value};
use crate::scratch::USUAL_BLOCKS;

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

/// An item of [`SharedLists`].
pub trait Item: Copy + Eq {
    /// The number of what the item is about.
    fn key(self) -> u32;
    /// The number in it that often differs by the same amount in all items of a list.
    fn offset(self) -> i32;
    /// Returns the item with an offset that is less by `n`.
    fn minus(self, n: i32) -> Self;
    /// Returns the item with an offset that is more by `n`.
    fn plus(self, n: i32) -> Self;
}

impl Item for Value {
    fn key(self) -> u32 {
        self.as_u32()
    }
    fn offset(self) -> i32 {
        0
    }
    fn minus(self, _: i32) -> Self {
        self
    }
    fn plus(self, _: i32) -> Self {
        self
    }
}

/// Lists by block number. Most of what is live at one block is live at the next, so lists consist of runs of items that
/// several lists share.
///
/// A run ends behind an item with a certain property of its key. So a list that gains or loses an item
/// has all runs in common with the old one but one, wherever the item is.
#[derive(Debug)]
pub struct SharedLists<T> {
    /// The list of each block in `parts`.
    lists: Vec<List>,
    /// Runs, and what is to be added to the offsets of their items.
    parts: Vec<(u32, i32)>,
    /// By run: its start in `items`. It ends where the next one starts.
    starts: Vec<u32>,
    items: Vec<T>,
    /// By key: the last run that starts with an item of that key. Empty if lists share nothing.
    latest: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct List {
    start: u32,
    end: u32,
    /// The number of items.
    len: u32,
}

impl<T> Default for SharedLists<T> {
    fn default() -> Self {
        SharedLists {
            lists: Vec::new(),
            parts: Vec::new(),
            starts: Vec::new(),
            items: Vec::new(),
            latest: Vec::new(),
        }
    }
}

impl<T: Item> SharedLists<T> {
    /// The largest number of items of a run.
    const MAX_RUN: usize = 64;

    /// Makes empty lists for `n` blocks, of items with keys below `n_keys`. Those of few blocks share nothing, which is
    /// faster.
    pub fn reset(&mut self, n: usize, n_keys: usize) {
        self.lists.clear();
        self.lists.resize(n, List::default());
        self.parts.clear();
        self.items.clear();
        self.starts.clear();
        self.starts.push(0);
        self.latest.clear();
        if n > USUAL_BLOCKS {
            // A run counts only if it exists and has the same items.
            self.latest.resize(n_keys, 0);
        }
    }

    /// Returns the number of items in the list of `b`.
    pub fn len(&self, b: Block) -> usize {
        self.lists[b.id()].len as usize
    }

    /// Reports whether the list of `b` is empty.
    pub fn is_empty(&self, b: Block) -> bool {
        self.len(b) == 0
    }

    /// Calls `each` with the items in the list of `b` in order.
    #[inline]
    pub fn each(&self, b: Block, mut each: impl FnMut(T)) {
        let List { start, end, .. } = self.lists[b.id()];
        for &(run, base) in &self.parts[start as usize..end as usize] {
            for &item in self.run(run as usize) {
                each(item.plus(base));
            }
        }
    }

    /// Makes `items` the list of `b`.
    pub fn read(&self, b: Block, items: &mut Vec<T>) {
        items.clear();
        items.reserve(self.len(b));
        self.each(b, |item| items.push(item));
    }

    /// Replaces the list of `b`.
    pub fn set(&mut self, b: Block, items: impl IntoIterator<Item = T>) {
        let first = self.parts.len();
        let old_end = self.items.len();
        self.items.extend(items);
        let end = self.items.len();
        let len = (end - old_end) as u32;
        if self.latest.is_empty() {
            self.push_run(end, 0);
        } else {
            // Runs that are known are taken out; `start` is where the next one goes.
            let (mut start, mut from) = (old_end, old_end);
            for at in old_end..end {
                let is_end = is_last(self.items[at].key());
                if is_end || at + 1 - from == Self::MAX_RUN || at + 1 == end {
                    start = self.end_run(start, from, at + 1);
                    from = at + 1;
                }
            }
            self.items.truncate(start);
        }
        let list = &mut self.lists[b.id()];
        let n = self.parts.len() - first;
        if n <= (list.end - list.start) as usize {
            self.parts.copy_within(first.., list.start as usize);
            self.parts.truncate(first);
        } else {
            list.start = first as u32;
        }
        (list.end, list.len) = (list.start + n as u32, len);
    }

    fn run(&self, run: usize) -> &[T] {
        &self.items[self.starts[run] as usize..self.starts[run + 1] as usize]
    }

    /// Makes the items of a range a part: a known run, if that has the same items, or a new one, which moves to `start`.
    /// Returns the end of what is in use then.
    fn end_run(&mut self, start: usize, from: usize, end: usize) -> usize {
        let items = &self.items[from..end];
        let (key, base) = (items[0].key() as usize, items[0].offset());
        let known = self.latest[key] as usize;
        if known + 1 < self.starts.len() {
            let same = |(&item, &other): (&T, &T)| item == other.minus(base);
            let run = self.run(known);
            if run.len() == items.len() && run.iter().zip(items).all(same) {
                self.parts.push((known as u32, base));
                return start;
            }
        }
        self.items.copy_within(from..end, start);
        let end = start + (end - from);
        for item in &mut self.items[start..end] {
            *item = item.minus(base);
        }
        self.latest[key] = self.starts.len() as u32 - 1;
        self.push_run(end, base);
        end
    }

    /// Adds a run that ends at `end`, and makes it a part.
    fn push_run(&mut self, end: usize, base: i32) {
        let run = self.starts.len() as u32 - 1;
        self.starts.push(end as u32);
        self.parts.push((run, base));
    }
}

/// Reports whether a run ends behind an item with this key, as behind one in sixteen.
fn is_last(key: u32) -> bool {
    key.wrapping_mul(0x9e37_79b1) >> 28 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_lists_have_their_own_items() {
        let [a, b] = [0, 1].map(Block::from_u32);
        let values = |ids: std::ops::Range<u32>| ids.map(Value::from_u32).collect::<Vec<_>>();
        let mut lists = SharedLists::default();
        lists.reset(1000, 1000);
        let mut list = values(1..500);
        lists.set(a, list.iter().copied());
        let n_items = lists.items.len();
        list.remove(100);
        lists.set(b, list.iter().copied());
        assert!(lists.items.len() - n_items < 65, "only one run differs");
        let mut read = Vec::new();
        lists.read(b, &mut read);
        assert_eq!((&read, lists.len(b)), (&list, 498));
        lists.read(a, &mut read);
        assert_eq!(read, values(1..500));
        lists.set(b, values(7..9));
        lists.read(b, &mut read);
        assert_eq!(read, values(7..9));
        lists.reset(1000, 1000);
        assert!(lists.is_empty(a) && lists.is_empty(b));
    }

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
