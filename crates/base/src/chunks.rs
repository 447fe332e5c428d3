//! A table by id in chunks of equal size: it grows without moving, and parts that nothing needs any more can go.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

use cranelift_entity::{EntityRef, Keys};

/// Data by id, like a `PrimaryMap`.
#[derive(Clone, Debug)]
pub struct ChunkMap<K, V> {
    /// Chunks of [`ChunkMap::CHUNK`] items but for the last one. Those that are gone are empty.
    chunks: Vec<Vec<V>>,
    len: usize,
    key: PhantomData<fn() -> K>,
}

/// The size of chunks in bytes, at most. An allocator has larger blocks from larger areas, which come back whole or not at
/// all.
const CHUNK_SIZE: usize = 8192;

impl<K, V> Default for ChunkMap<K, V> {
    fn default() -> Self {
        ChunkMap {
            chunks: Vec::new(),
            len: 0,
            key: PhantomData,
        }
    }
}

impl<K, V> ChunkMap<K, V> {
    /// The number of items of a chunk, a power of two.
    const CHUNK: usize = {
        assert!(size_of::<V>() > 0 && size_of::<V>() <= CHUNK_SIZE);
        1 << (CHUNK_SIZE / size_of::<V>()).ilog2()
    };
}

impl<K: EntityRef, V> ChunkMap<K, V> {
    /// Returns the number of items, including those that are gone.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Reports whether there have never been items.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends an item.
    #[inline]
    pub fn push(&mut self, item: V) -> K {
        if self.len.is_multiple_of(Self::CHUNK) {
            self.chunks.push(Vec::with_capacity(Self::CHUNK));
        }
        self.chunks[self.len / Self::CHUNK].push(item);
        self.len += 1;
        K::new(self.len - 1)
    }

    /// Appends defaults until there are `len` items.
    pub fn resize(&mut self, len: usize)
    where
        V: Clone + Default,
    {
        while self.len < len {
            let chunk = self.len / Self::CHUNK;
            if self.len.is_multiple_of(Self::CHUNK) {
                self.chunks.push(Vec::with_capacity(Self::CHUNK));
            }
            let n = (len - chunk * Self::CHUNK).min(Self::CHUNK);
            self.chunks[chunk].resize(n, V::default());
            self.len = chunk * Self::CHUNK + n;
        }
    }

    /// Drops the items of all chunks that are entirely in a range of indices. Nothing may ask for an item of the range
    /// any more. Of a range that begins like an earlier one, only the rest is looked at.
    pub fn release(&mut self, range: Range<usize>) {
        let chunks = range.start.div_ceil(Self::CHUNK)..range.end.min(self.len) / Self::CHUNK;
        let chunks = self.chunks.get_mut(chunks).into_iter().flatten();
        // Chunks before one that is gone are gone, too.
        for chunk in chunks.rev().take_while(|chunk| !chunk.is_empty()) {
            *chunk = Vec::new();
        }
    }

    /// Returns all ids.
    pub fn keys(&self) -> Keys<K> {
        Keys::with_len(self.len)
    }

    /// Returns the items with their ids. Requires that all are there.
    pub fn iter(&self) -> impl Iterator<Item = (K, &V)> {
        self.keys().zip(self.chunks.iter().flatten())
    }
}

impl<K: EntityRef, V> Index<K> for ChunkMap<K, V> {
    type Output = V;
    #[inline]
    fn index(&self, id: K) -> &V {
        let index = id.index();
        &self.chunks[index / Self::CHUNK][index % Self::CHUNK]
    }
}

impl<K: EntityRef, V> IndexMut<K> for ChunkMap<K, V> {
    #[inline]
    fn index_mut(&mut self, id: K) -> &mut V {
        let index = id.index();
        &mut self.chunks[index / Self::CHUNK][index % Self::CHUNK]
    }
}

#[cfg(test)]
mod tests {
    use cranelift_entity::entity_impl;

    use super::*;

    const CHUNK: usize = ChunkMap::<Id, usize>::CHUNK;

    #[derive(Clone, Copy, PartialEq, Eq)]
    struct Id(u32);
    entity_impl!(Id, "id");

    #[test]
    fn whole_chunks_go() {
        let mut map = ChunkMap::<Id, usize>::default();
        for item in 0..3 * CHUNK {
            assert_eq!(map.push(item).index(), item);
        }
        map.resize(3 * CHUNK + 5);
        map.release(CHUNK - 1..3 * CHUNK - 1);
        assert_eq!(map[Id::new(CHUNK - 1)], CHUNK - 1);
        assert_eq!(map[Id::new(2 * CHUNK)], 2 * CHUNK);
        assert_eq!(map[Id::new(3 * CHUNK + 4)], 0);
        assert!(map.chunks[1].is_empty());
        assert_eq!(map.len(), 3 * CHUNK + 5);
    }
}
