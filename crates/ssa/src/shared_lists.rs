//! Lists that share what they have in common.
//!
//! Most of what is live at the end of one block is live at the end of the next. So lists consist of chunks of a few items,
//! and a list that is made by a few changes of another one has all other chunks in common with it: its cost is
//! that of the changes.

use crate::entity::Value;

/// An item of [`SharedLists`].
pub trait Item: Copy {
    /// The number of what the item is about. A list has at most one item of each.
    fn key(self) -> u32;
    /// The number in it that often differs by the same amount in all items of two lists.
    fn offset(self) -> i32;
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
    fn plus(self, _: i32) -> Self {
        self
    }
}

/// The number of items of a chunk.
const CHUNK: usize = 8;

/// A chunk of a list, and what is to be added to the offsets of its items.
#[derive(Clone, Copy, Debug)]
struct Part {
    chunk: u32,
    offset: i32,
}

/// Lists by number, of items with an offset.
#[derive(Debug)]
pub struct SharedLists<T> {
    lists: Vec<List>,
    /// The parts of all lists.
    parts: Vec<Part>,
    /// The items of all chunks.
    items: Vec<T>,
    /// The chunks below this number may belong to several lists and don't change any more.
    n_shared: u32,
    /// The stamp of the list that was saved last.
    last_stamp: Stamp,
}

/// The number of a content that was saved, not 0.
type Stamp = u32;

#[derive(Clone, Copy, Debug, Default)]
struct List {
    /// The first of its parts.
    start: u32,
    /// The number of parts that it has room for; 0 if another list has the same parts.
    capacity: u32,
    /// The number of items.
    len: u32,
    /// Lists with the same stamp are equal. 0 for one that was never saved.
    stamp: Stamp,
}

/// A list that is being read by key or changed: in this order, sparse sets' (see [`crate::sparse`]). It belongs to a
/// [`SharedLists`], whose methods work on it.
#[derive(Debug, Default)]
pub struct OpenList {
    parts: Vec<Part>,
    len: usize,
    /// By key: the index of its item, if the item there has that key.
    places: Vec<u32>,
    /// The stamp of its content, 0 if it has changed since it was opened or saved, and the list that it was then.
    stamp: Stamp,
    source: u32,
}

impl OpenList {
    /// Empties the list and reserves memory for keys below `n`.
    pub fn reset(&mut self, n: usize) {
        self.parts.clear();
        (self.len, self.stamp) = (0, 0);
        if self.places.len() < n {
            self.places.resize(n, 0);
        }
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Reports whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Reports whether part `index` has the first `n` items of a chunk.
    fn has_chunk(&self, index: usize, chunk: u32, n: usize) -> bool {
        let part = self.parts.get(index);
        part.is_some_and(|part| part.chunk == chunk) && index * CHUNK + n <= self.len
    }

    /// Adds `n` to the offsets of all items.
    pub fn shift(&mut self, n: i32) {
        for part in &mut self.parts {
            part.offset += n;
        }
        self.stamp = 0;
    }
}

impl<T> Default for SharedLists<T> {
    fn default() -> Self {
        SharedLists {
            lists: Vec::new(),
            parts: Vec::new(),
            items: Vec::new(),
            n_shared: 0,
            last_stamp: 0,
        }
    }
}

impl<T: Item> SharedLists<T> {
    /// Makes `n` empty lists.
    pub fn reset(&mut self, n: usize) {
        self.lists.clear();
        self.lists.resize(n, List::default());
        self.parts.clear();
        self.items.clear();
        self.n_shared = 0;
    }

    /// Returns the number of items of a list.
    pub fn len(&self, list: usize) -> usize {
        self.lists[list].len as usize
    }

    /// Calls `each` with the items of a list in order.
    #[inline]
    pub fn each(&self, list: usize, each: impl FnMut(T)) {
        let List { start, len, .. } = self.lists[list];
        self.each_of(&self.parts[start as usize..], len as usize, each);
    }

    /// Calls `each` with the items of an open list in order.
    #[inline]
    pub fn each_open(&self, open: &OpenList, each: impl FnMut(T)) {
        self.each_of(&open.parts, open.len, each);
    }

    #[inline]
    fn each_of(&self, parts: &[Part], len: usize, mut each: impl FnMut(T)) {
        let mut left = len;
        for part in parts {
            if left == 0 {
                break;
            }
            let n = left.min(CHUNK);
            left -= n;
            for &item in &self.chunk(part.chunk)[..n] {
                each(item.plus(part.offset));
            }
        }
    }

    fn chunk(&self, chunk: u32) -> &[T] {
        let start = chunk as usize * CHUNK;
        &self.items[start..start + CHUNK]
    }

    /// Makes `open` hold what a list does.
    pub fn open(&self, list: usize, open: &mut OpenList) {
        let List {
            start, len, stamp, ..
        } = self.lists[list];
        if stamp == 0 || stamp != open.stamp {
            let n_parts = (len as usize).div_ceil(CHUNK);
            let parts = &self.parts[start as usize..][..n_parts];
            self.replace(open, parts, len as usize, 0);
            (open.stamp, open.source) = (stamp, list as u32);
        }
    }

    /// Makes `open` consist of `parts`. Only those that it doesn't have cost more than a comparison.
    fn replace(&self, open: &mut OpenList, parts: &[Part], len: usize, offset: i32) {
        for (index, part) in parts.iter().enumerate() {
            let start = index * CHUNK;
            let n = (len - start).min(CHUNK);
            if !open.has_chunk(index, part.chunk, n) {
                let items = &self.chunk(part.chunk)[..n];
                for (place, item) in (start as u32..).zip(items) {
                    open.places[item.key() as usize] = place;
                }
            }
        }
        open.parts.clear();
        let shifted = |part: &Part| Part {
            offset: part.offset + offset,
            ..*part
        };
        open.parts.extend(parts.iter().map(shifted));
        (open.len, open.stamp) = (len, 0);
    }

    /// Makes what `open` holds a list. If that is another list's content, too, they share their parts.
    pub fn save(&mut self, open: &mut OpenList, list: usize) {
        self.share();
        if open.stamp != 0
            && let source = &mut self.lists[open.source as usize]
            && source.stamp == open.stamp
        {
            source.capacity = 0;
            self.lists[list] = *source;
            return;
        }
        self.last_stamp += 1;
        (open.stamp, open.source) = (self.last_stamp, list as u32);
        let list = &mut self.lists[list];
        list.stamp = self.last_stamp;
        let n_parts = open.parts.len();
        if n_parts > list.capacity as usize {
            list.start = self.parts.len() as u32;
            list.capacity = n_parts as u32;
            self.parts.extend_from_slice(&open.parts);
        } else {
            self.parts[list.start as usize..][..n_parts].copy_from_slice(&open.parts);
        }
        list.len = open.len as u32;
    }

    /// From now on, a change of an item makes a copy of its chunk.
    fn share(&mut self) {
        self.n_shared = (self.items.len() / CHUNK) as u32;
    }

    /// Frees the chunks that are in no list. Open lists that have changed since they were opened or saved must
    /// not be used again before they are opened.
    pub fn drop_unsaved(&mut self) {
        self.items.truncate(self.n_shared as usize * CHUNK);
    }

    /// Returns the index of the item with that key.
    #[inline]
    pub fn find(&self, open: &OpenList, key: u32) -> Option<usize> {
        let place = *open.places.get(key as usize)? as usize;
        (place < open.len && self.stored(open, place).key() == key).then_some(place)
    }

    /// Returns the item with that key.
    pub fn get(&self, open: &OpenList, key: u32) -> Option<T> {
        self.find(open, key).map(|place| self.item(open, place))
    }

    fn item(&self, open: &OpenList, place: usize) -> T {
        let item = self.stored(open, place);
        item.plus(open.parts[place / CHUNK].offset)
    }

    /// Returns the item without the offset of its part.
    fn stored(&self, open: &OpenList, place: usize) -> T {
        let chunk = open.parts[place / CHUNK].chunk as usize;
        self.items[chunk * CHUNK + place % CHUNK]
    }

    /// Replaces the item with the same key, or appends this one.
    pub fn set(&mut self, open: &mut OpenList, item: T) {
        let key = item.key();
        let place = self.find(open, key).unwrap_or_else(|| {
            let place = open.len;
            if place.is_multiple_of(CHUNK) {
                let chunk = (self.items.len() / CHUNK) as u32;
                self.items.extend([item; CHUNK]);
                open.parts.push(Part { chunk, offset: 0 });
            }
            open.places[key as usize] = place as u32;
            (open.len, open.stamp) = (open.len + 1, 0);
            place
        });
        self.write(open, place, item);
    }

    /// Appends an item, unless there is one with the same key.
    pub fn add(&mut self, open: &mut OpenList, item: T) {
        if self.find(open, item.key()).is_none() {
            self.set(open, item);
        }
    }

    /// Removes the item with that key if there is one; the last item takes its place.
    pub fn remove(&mut self, open: &mut OpenList, key: u32) {
        let Some(place) = self.find(open, key) else {
            return;
        };
        let last = open.len - 1;
        if place != last {
            let moved = self.item(open, last);
            self.write(open, place, moved);
            open.places[moved.key() as usize] = place as u32;
        }
        (open.len, open.stamp) = (last, 0);
        if last.is_multiple_of(CHUNK) {
            open.parts.pop();
        }
    }

    fn write(&mut self, open: &mut OpenList, place: usize, item: T) {
        open.stamp = 0;
        let part = &mut open.parts[place / CHUNK];
        if part.chunk < self.n_shared {
            let start = part.chunk as usize * CHUNK;
            part.chunk = (self.items.len() / CHUNK) as u32;
            self.items.extend_from_within(start..start + CHUNK);
        }
        self.items[part.chunk as usize * CHUNK + place % CHUNK] = item.plus(-part.offset);
    }

    /// Adds the items of `other`, with `offset` added to their offsets, to those of `open` in order. An item that is there
    /// already is replaced if the offset of the new one is smaller. Returns whether `open` has changed.
    pub fn merge(&mut self, open: &mut OpenList, other: &OpenList, offset: i32) -> bool {
        self.share();
        if offset == 0 && other.stamp != 0 && other.stamp == open.stamp {
            return false;
        }
        if open.is_empty() {
            self.replace(open, &other.parts, other.len, offset);
            if offset == 0 {
                (open.stamp, open.source) = (other.stamp, other.source);
            }
            return !other.is_empty();
        }
        let mut changed = false;
        for (index, part) in other.parts.iter().enumerate() {
            let n = (other.len - index * CHUNK).min(CHUNK);
            let offset = part.offset + offset;
            if open.has_chunk(index, part.chunk, n) {
                let has_more = n < CHUNK && open.len > index * CHUNK + n;
                let known = &mut open.parts[index].offset;
                if *known <= offset {
                    continue;
                }
                if !has_more {
                    *known = offset;
                    open.stamp = 0;
                    changed = true;
                    continue;
                }
            }
            for place in 0..n {
                let item = self.chunk(part.chunk)[place].plus(offset);
                let known = self.get(open, item.key());
                if known.is_none_or(|known| item.offset() < known.offset()) {
                    self.set(open, item);
                    changed = true;
                }
            }
        }
        changed
    }

    /// Appends what `make` makes of the items of `other` whose keys have no item in `open`. Returns whether there are any.
    pub fn add_missing(
        &mut self,
        open: &mut OpenList,
        other: &OpenList,
        make: impl Fn(T) -> T,
    ) -> bool {
        self.share();
        let n_known = open.len;
        for (index, part) in other.parts.iter().enumerate() {
            let n = (other.len - index * CHUNK).min(CHUNK);
            if open.has_chunk(index, part.chunk, n) {
                continue;
            }
            for place in 0..n {
                let item = self.chunk(part.chunk)[place].plus(part.offset);
                if self.find(open, item.key()).is_none() {
                    self.set(open, make(item));
                }
            }
        }
        open.len > n_known
    }

    /// Replaces the items of `open` for which `choose` makes another one of them and of the items of `other` with
    /// the same keys. Returns whether there are any. `choose` must make none of equal items.
    pub fn update(
        &mut self,
        open: &mut OpenList,
        other: &OpenList,
        mut choose: impl FnMut(T, T) -> Option<T>,
    ) -> bool {
        self.share();
        let mut changed = false;
        for (index, part) in other.parts.iter().enumerate() {
            let n = (other.len - index * CHUNK).min(CHUNK);
            if open.has_chunk(index, part.chunk, n) && open.parts[index].offset == part.offset {
                continue;
            }
            for place in 0..n {
                let item = self.chunk(part.chunk)[place].plus(part.offset);
                let Some(known) = self.find(open, item.key()) else {
                    continue;
                };
                if let Some(chosen) = choose(self.item(open, known), item) {
                    self.write(open, known, chosen);
                    changed = true;
                }
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, PartialEq, Debug)]
    struct Numbered(u32, i32);

    impl Item for Numbered {
        fn key(self) -> u32 {
            self.0
        }
        fn offset(self) -> i32 {
            self.1
        }
        fn plus(self, n: i32) -> Self {
            Numbered(self.0, self.1 + n)
        }
    }

    fn read(lists: &SharedLists<Numbered>, list: usize) -> Vec<(u32, i32)> {
        let mut found = Vec::new();
        lists.each(list, |item| found.push((item.0, item.1)));
        found
    }

    #[test]
    fn lists_share_chunks_but_no_changes() {
        let mut lists = SharedLists::default();
        lists.reset(3);
        let mut open = OpenList::default();
        open.reset(1000);
        let all: Vec<(u32, i32)> = (0..500).map(|key| (key, 7)).collect();
        all.iter()
            .for_each(|&(key, n)| lists.set(&mut open, Numbered(key, n)));
        lists.save(&mut open, 0);
        let n_items = lists.items.len();
        open.shift(1);
        lists.remove(&mut open, 100);
        lists.set(&mut open, Numbered(3, 0));
        lists.save(&mut open, 1);
        assert!(
            lists.items.len() <= n_items + 3 * CHUNK,
            "three chunks differ"
        );
        assert_eq!(read(&lists, 0), all);
        let mut changed: Vec<(u32, i32)> = all.iter().map(|&(key, n)| (key, n + 1)).collect();
        changed.swap_remove(100);
        changed[3].1 = 0;
        assert_eq!(read(&lists, 1), changed);
        lists.open(0, &mut open);
        assert_eq!(lists.get(&open, 100), Some(Numbered(100, 7)));
        assert_eq!(lists.find(&open, 499), Some(499));
        lists.open(1, &mut open);
        assert_eq!(lists.get(&open, 100), None);
        assert_eq!(lists.find(&open, 499), Some(100));
        assert_eq!((lists.len(1), lists.len(2)), (499, 0));
    }

    #[test]
    fn equal_lists_share_their_parts() {
        let mut lists = SharedLists::default();
        lists.reset(4);
        let (mut open, mut other) = (OpenList::default(), OpenList::default());
        open.reset(100);
        other.reset(100);
        (0..90).for_each(|key| lists.set(&mut open, Numbered(key, 0)));
        lists.save(&mut open, 0);
        let n_parts = lists.parts.len();
        lists.open(0, &mut other);
        lists.save(&mut other, 1);
        assert_eq!(lists.parts.len(), n_parts, "nothing has changed");
        lists.remove(&mut other, 5);
        lists.save(&mut other, 0);
        lists.remove(&mut other, 6);
        lists.save(&mut other, 2);
        lists.save(&mut open, 3);
        let lens = [0, 1, 2, 3].map(|list| read(&lists, list).len());
        assert_eq!(lens, [89, 90, 88, 90], "each has its own changes");
        assert_eq!(read(&lists, 1), read(&lists, 3));
    }

    #[test]
    fn a_shorter_list_does_not_hide_items_of_a_longer_one() {
        let mut lists = SharedLists::default();
        lists.reset(2);
        let mut open = OpenList::default();
        open.reset(10);
        for key in 0..4 {
            lists.set(&mut open, Numbered(key, 0));
        }
        lists.save(&mut open, 0);
        for key in [3, 2] {
            lists.remove(&mut open, key);
        }
        lists.save(&mut open, 1);
        lists.set(&mut open, Numbered(9, 0));
        lists.set(&mut open, Numbered(3, 0));
        lists.drop_unsaved();
        lists.open(1, &mut open);
        assert_eq!(lists.find(&open, 3), None);
        lists.open(0, &mut open);
        assert_eq!(lists.find(&open, 3), Some(3));
    }

    #[test]
    fn a_merge_keeps_the_nearest() {
        let mut lists = SharedLists::default();
        lists.reset(3);
        let (mut open, mut other) = (OpenList::default(), OpenList::default());
        open.reset(100);
        other.reset(100);
        (0..20).for_each(|key| lists.set(&mut open, Numbered(key, 10)));
        lists.save(&mut open, 0);
        lists.merge(&mut other, &open, 5);
        assert!(!lists.merge(&mut open, &other, 0), "all are further away");
        lists.set(&mut other, Numbered(7, 1));
        lists.set(&mut other, Numbered(50, 30));
        assert!(lists.merge(&mut open, &other, 1));
        lists.save(&mut open, 1);
        let mut expected: Vec<(u32, i32)> = (0..20).map(|key| (key, 10)).collect();
        expected[7].1 = 2;
        expected.push((50, 31));
        assert_eq!(read(&lists, 1), expected);
        assert_eq!(read(&lists, 0)[7], (7, 10));
        assert!(lists.merge(&mut open, &other, -100));
        lists.save(&mut open, 2);
        assert_eq!(read(&lists, 2)[19], (19, -85));
    }
}
