//! Lists that share what they have in common.
//!
//! Most of what is live at the end of one block is live at the end of the next. So lists consist of chunks of a few items,
//! and a list that is made by a few changes of another one has all other chunks in common with it: its cost is
//! that of the changes.

use crate::runs::Runs;

/// An item of [`SharedLists`].
pub trait Item: Copy {
    /// The number of what the item is about. A list has at most one item of each.
    fn key(self) -> u32;
    /// The number in it that often differs by the same amount in all items of two lists.
    fn offset(self) -> i32;
    /// Returns the item with an offset that is more by `n`.
    fn plus(self, n: i32) -> Self;
}

/// The number of items of all chunks but a list's last one, which may have fewer.
const CHUNK: usize = 8;

/// A chunk of a list, and what is to be added to the offsets of its items.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Where the chunk begins in [`SharedLists::items`], or [`CHANGED`].
    chunk: u32,
    offset: i32,
}

/// The chunk of a part of an open list whose items have changed since it was opened or saved.
const CHANGED: u32 = u32::MAX;

/// Lists by number, of items with an offset. They are read and changed as [`OpenList`]s.
#[derive(Debug)]
pub struct SharedLists<T> {
    lists: Vec<List>,
    /// The parts of all lists.
    parts: Runs<Part>,
    /// The items of all chunks. They don't change.
    items: Runs<T>,
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

impl<T> Default for SharedLists<T> {
    fn default() -> Self {
        SharedLists {
            lists: Vec::new(),
            parts: Runs::default(),
            items: Runs::default(),
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
    }

    /// Returns the number of items of a list.
    pub fn len(&self, list: usize) -> usize {
        self.lists[list].len as usize
    }

    /// Calls `each` with the items of a list in order.
    #[inline]
    pub fn each(&self, list: usize, mut each: impl FnMut(T)) {
        let List { start, len, .. } = self.lists[list];
        let mut left = len as usize;
        for part in self.parts.get(start, left.div_ceil(CHUNK)) {
            let n = left.min(CHUNK);
            left -= n;
            for &item in self.items.get(part.chunk, n) {
                each(item.plus(part.offset));
            }
        }
    }

    /// Makes `open` hold what a list does.
    pub fn open(&self, list: usize, open: &mut OpenList<T>) {
        let List {
            start, len, stamp, ..
        } = self.lists[list];
        if stamp == 0 || stamp != open.stamp {
            let parts = self.parts.get(start, (len as usize).div_ceil(CHUNK));
            self.replace(open, parts, len as usize, 0);
            (open.stamp, open.source) = (stamp, list as u32);
        }
    }

    /// Makes `open` consist of `parts`. Only those that it doesn't have cost more than a comparison.
    fn replace(&self, open: &mut OpenList<T>, parts: &[Part], len: usize, offset: i32) {
        for (index, part) in parts.iter().enumerate() {
            let start = index * CHUNK;
            let n = (len - start).min(CHUNK);
            if open.has_chunk(index, part.chunk, n) {
                continue;
            }
            let items = self.items.get(part.chunk, n);
            if open.items.len() < start + n {
                open.items.resize(start + n, items[0]);
            }
            open.items[start..start + n].copy_from_slice(items);
            for (place, item) in (start as u32..).zip(items) {
                open.places[item.key() as usize] = place;
            }
        }
        open.items.truncate(len);
        open.parts.clear();
        let shifted = |part: &Part| Part {
            offset: part.offset + offset,
            ..*part
        };
        open.parts.extend(parts.iter().map(shifted));
        open.stamp = 0;
    }

    /// Makes chunks of the parts of `open` that have changed.
    fn publish(&mut self, open: &mut OpenList<T>) {
        for (part, items) in open.parts.iter_mut().zip(open.items.chunks(CHUNK)) {
            if part.chunk == CHANGED {
                part.chunk = self.items.push(items);
            }
        }
    }

    /// Makes what `open` holds a list. If that is another list's content, too, they share their parts.
    pub fn save(&mut self, open: &mut OpenList<T>, list: usize) {
        if open.stamp != 0
            && let source = &mut self.lists[open.source as usize]
            && source.stamp == open.stamp
        {
            source.capacity = 0;
            self.lists[list] = *source;
            return;
        }
        self.publish(open);
        self.last_stamp += 1;
        (open.stamp, open.source) = (self.last_stamp, list as u32);
        let list = &mut self.lists[list];
        list.stamp = self.last_stamp;
        let n_parts = open.parts.len();
        if n_parts > list.capacity as usize {
            list.start = self.parts.push(&open.parts);
            list.capacity = n_parts as u32;
        } else {
            let parts = self.parts.get_mut(list.start, n_parts);
            parts.copy_from_slice(&open.parts);
        }
        list.len = open.len() as u32;
    }

    /// Adds the items of `other`, with `offset` added to their offsets, to those of `open` in order. An item that is there
    /// already is replaced if the offset of the new one is smaller. Returns whether `open` has changed.
    pub fn merge(&mut self, open: &mut OpenList<T>, other: &mut OpenList<T>, offset: i32) -> bool {
        if offset == 0 && other.stamp != 0 && other.stamp == open.stamp {
            return false;
        }
        if open.is_empty() {
            self.publish(other);
            self.replace(open, &other.parts, other.len(), offset);
            if offset == 0 {
                (open.stamp, open.source) = (other.stamp, other.source);
            }
            return !other.is_empty();
        }
        let mut changed = false;
        for (index, part) in other.parts.iter().enumerate() {
            let items = other.items_of(index);
            let n = items.len();
            let offset = part.offset + offset;
            if open.has_chunk(index, part.chunk, n) {
                let has_more = n < CHUNK && open.len() > index * CHUNK + n;
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
            for item in items {
                let item = item.plus(offset);
                let known = open.get(item.key());
                if known.is_none_or(|known| item.offset() < known.offset()) {
                    open.set(item);
                    changed = true;
                }
            }
        }
        changed
    }
}

/// A list that is being read by key or changed: in this order, sparse sets' (see [`crate::sparse`]).
#[derive(Debug)]
pub struct OpenList<T> {
    /// All items, without the offsets of their parts.
    items: Vec<T>,
    parts: Vec<Part>,
    /// By key: the index of its item, if the item there has that key.
    places: Vec<u32>,
    /// The stamp of its content, 0 if it has changed since it was opened or saved, and the list that it was then.
    stamp: Stamp,
    source: u32,
}

impl<T> Default for OpenList<T> {
    fn default() -> Self {
        OpenList {
            items: Vec::new(),
            parts: Vec::new(),
            places: Vec::new(),
            stamp: 0,
            source: 0,
        }
    }
}

impl<T: Item> OpenList<T> {
    /// Empties the list and reserves memory for keys below `n`.
    pub fn reset(&mut self, n: usize) {
        self.items.clear();
        self.parts.clear();
        self.stamp = 0;
        if self.places.len() < n {
            self.places.resize(n, 0);
        }
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Reports whether the list is empty.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Reports whether part `index` has the first `n` items of a chunk.
    fn has_chunk(&self, index: usize, chunk: u32, n: usize) -> bool {
        let part = self.parts.get(index);
        part.is_some_and(|part| part.chunk == chunk)
            && chunk != CHANGED
            && index * CHUNK + n <= self.len()
    }

    /// Returns the items of a part, without its offset.
    fn items_of(&self, part: usize) -> &[T] {
        let start = part * CHUNK;
        &self.items[start..self.len().min(start + CHUNK)]
    }

    /// Adds `n` to the offsets of all items.
    pub fn shift(&mut self, n: i32) {
        for part in &mut self.parts {
            part.offset += n;
        }
        self.stamp = 0;
    }

    /// Calls `each` with the items in order.
    #[inline]
    pub fn each(&self, mut each: impl FnMut(T)) {
        for (part, items) in self.parts.iter().zip(self.items.chunks(CHUNK)) {
            for item in items {
                each(item.plus(part.offset));
            }
        }
    }

    /// Returns the index of the item with that key.
    #[inline]
    pub fn find(&self, key: u32) -> Option<usize> {
        let place = *self.places.get(key as usize)? as usize;
        let item = self.items.get(place)?;
        (item.key() == key).then_some(place)
    }

    /// Returns the item with that key.
    pub fn get(&self, key: u32) -> Option<T> {
        self.find(key).map(|place| self.item(place))
    }

    fn item(&self, place: usize) -> T {
        self.items[place].plus(self.parts[place / CHUNK].offset)
    }

    /// Replaces the item with the same key, or appends this one.
    pub fn set(&mut self, item: T) {
        match self.find(item.key()) {
            Some(place) => self.write(place, item),
            None => self.append(item),
        }
    }

    /// Appends an item, unless there is one with the same key.
    pub fn add(&mut self, item: T) {
        if self.find(item.key()).is_none() {
            self.append(item);
        }
    }

    fn append(&mut self, item: T) {
        let place = self.len();
        if place.is_multiple_of(CHUNK) {
            let (chunk, offset) = (CHANGED, 0);
            self.parts.push(Part { chunk, offset });
        }
        self.places[item.key() as usize] = place as u32;
        self.items.push(item);
        self.write(place, item);
    }

    /// Removes the item with that key if there is one; the last item takes its place.
    pub fn remove(&mut self, key: u32) {
        let Some(place) = self.find(key) else {
            return;
        };
        let last = self.len() - 1;
        if place != last {
            let moved = self.item(last);
            self.write(place, moved);
            self.places[moved.key() as usize] = place as u32;
        }
        self.items.truncate(last);
        self.stamp = 0;
        if last.is_multiple_of(CHUNK) {
            self.parts.pop();
        }
    }

    fn write(&mut self, place: usize, item: T) {
        let part = &mut self.parts[place / CHUNK];
        part.chunk = CHANGED;
        self.items[place] = item.plus(-part.offset);
        self.stamp = 0;
    }

    /// Appends what `make` makes of the items of `other` whose keys have no item here. Returns whether there are any.
    pub fn add_missing(&mut self, other: &OpenList<T>, make: impl Fn(T) -> T) -> bool {
        let n_known = self.len();
        for (index, part) in other.parts.iter().enumerate() {
            let items = other.items_of(index);
            if self.has_chunk(index, part.chunk, items.len()) {
                continue;
            }
            for &item in items {
                if self.find(item.key()).is_none() {
                    self.append(make(item.plus(part.offset)));
                }
            }
        }
        self.len() > n_known
    }

    /// Replaces the items for which `choose` makes another one of them and of the items of `other` with
    /// the same keys. Returns whether there are any. `choose` must make none of equal items.
    pub fn update(
        &mut self,
        other: &OpenList<T>,
        mut choose: impl FnMut(T, T) -> Option<T>,
    ) -> bool {
        let mut changed = false;
        for (index, part) in other.parts.iter().enumerate() {
            let items = other.items_of(index);
            if self.has_chunk(index, part.chunk, items.len())
                && self.parts[index].offset == part.offset
            {
                continue;
            }
            for &item in items {
                let Some(known) = self.find(item.key()) else {
                    continue;
                };
                if let Some(chosen) = choose(self.item(known), item.plus(part.offset)) {
                    self.write(known, chosen);
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
        all.iter().for_each(|&(key, n)| open.set(Numbered(key, n)));
        lists.save(&mut open, 0);
        let n_items = lists.items.len();
        open.shift(1);
        open.remove(100);
        open.set(Numbered(3, 0));
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
        assert_eq!(open.get(100), Some(Numbered(100, 7)));
        assert_eq!(open.find(499), Some(499));
        lists.open(1, &mut open);
        assert_eq!(open.get(100), None);
        assert_eq!(open.find(499), Some(100));
        assert_eq!((lists.len(1), lists.len(2)), (499, 0));
    }

    #[test]
    fn equal_lists_share_their_parts() {
        let mut lists = SharedLists::default();
        lists.reset(4);
        let (mut open, mut other) = (OpenList::default(), OpenList::default());
        open.reset(100);
        other.reset(100);
        (0..90).for_each(|key| open.set(Numbered(key, 0)));
        lists.save(&mut open, 0);
        let n_parts = lists.parts.len();
        lists.open(0, &mut other);
        lists.save(&mut other, 1);
        assert_eq!(lists.parts.len(), n_parts, "nothing has changed");
        other.remove(5);
        lists.save(&mut other, 0);
        other.remove(6);
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
            open.set(Numbered(key, 0));
        }
        lists.save(&mut open, 0);
        for key in [3, 2] {
            open.remove(key);
        }
        lists.save(&mut open, 1);
        open.set(Numbered(9, 0));
        open.set(Numbered(3, 0));
        lists.open(1, &mut open);
        assert_eq!(open.find(3), None);
        lists.open(0, &mut open);
        assert_eq!(open.find(3), Some(3));
    }

    #[test]
    fn a_merge_keeps_the_nearest() {
        let mut lists = SharedLists::default();
        lists.reset(3);
        let (mut open, mut other) = (OpenList::default(), OpenList::default());
        open.reset(100);
        other.reset(100);
        (0..20).for_each(|key| open.set(Numbered(key, 10)));
        lists.save(&mut open, 0);
        lists.merge(&mut other, &mut open, 5);
        assert!(
            !lists.merge(&mut open, &mut other, 0),
            "all are further away"
        );
        other.set(Numbered(7, 1));
        other.set(Numbered(50, 30));
        assert!(lists.merge(&mut open, &mut other, 1));
        lists.save(&mut open, 1);
        let mut expected: Vec<(u32, i32)> = (0..20).map(|key| (key, 10)).collect();
        expected[7].1 = 2;
        expected.push((50, 31));
        assert_eq!(read(&lists, 1), expected);
        assert_eq!(read(&lists, 0)[7], (7, 10));
        assert!(lists.merge(&mut open, &mut other, -100));
        lists.save(&mut open, 2);
        assert_eq!(read(&lists, 2)[19], (19, -85));
    }
}
