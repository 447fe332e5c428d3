//! Memory that passes share, and that one function leaves to the next one compiled on the same thread
//! (gc: cache.go).

use std::any::{Any, TypeId};

use cranelift_entity::packed_option::PackedOption;

use crate::deadcode::State;
use crate::entity::{Block, Value};
use crate::sparse::SparseSet;

/// Lends empty lists, sets and tables. A new one owns no memory; what is given back keeps its capacity
/// for the next borrower.
///
/// Lists of common items come from pools. A pass with tables of its own types defines them where it is
/// and borrows them by type.
#[derive(Debug, Default)]
pub struct Scratch {
    /// Values of one block.
    pub(crate) values: Pool<Value>,
    /// As many values as a function has.
    pub(crate) long_lists: Pool<Value>,
    /// An optional value for each value or block.
    pub(crate) choices: Pool<PackedOption<Value>>,
    /// An optional block for each value or block.
    pub(crate) targets: Pool<PackedOption<Block>>,
    /// A condition for each value or block.
    pub(crate) flags: Pool<bool>,
    /// The state of each value in deadcode.
    pub(crate) states: Pool<State>,
    pub(crate) graph: GraphLists,
    sets: Vec<SparseSet>,
    /// One entry for each type that was ever given back.
    typed: Vec<(TypeId, Box<dyn Any + Send + Sync>)>,
}

impl Scratch {
    /// Returns an empty set that can hold ids below `n`.
    pub(crate) fn set(&mut self, n: usize) -> SparseSet {
        let mut set = self.sets.pop().unwrap_or_default();
        set.reserve(n);
        set
    }

    /// Takes a set back.
    pub(crate) fn free_set(&mut self, mut set: SparseSet) {
        set.clear();
        self.sets.push(set);
    }

    /// Returns the memory of type `T` that was given back last, or new memory if there is none.
    pub(crate) fn lend<T: Any + Default + Send + Sync>(&mut self) -> T {
        self.typed().map(std::mem::take).unwrap_or_default()
    }

    /// Takes memory of type `T` back. The borrower has emptied it, or empties it before its next use.
    pub(crate) fn take_back<T: Any + Send + Sync>(&mut self, memory: T) {
        match self.typed() {
            Some(known) => *known = memory,
            None => self.typed.push((TypeId::of::<T>(), Box::new(memory))),
        }
    }

    fn typed<T: Any>(&mut self) -> Option<&mut T> {
        let mut typed = self.typed.iter_mut();
        let (_, memory) = typed.find(|(id, _)| *id == TypeId::of::<T>())?;
        memory.downcast_mut()
    }
}

/// Lists for walks over the control-flow graph.
#[derive(Debug, Default)]
pub struct GraphLists {
    pub(crate) blocks: Pool<Block>,
    pub(crate) numbers: Pool<u32>,
}

/// The number of blocks that most functions don't exceed, and the number of lists that a pool keeps.
pub(crate) const USUAL_BLOCKS: usize = 256;

/// Lists that are not in use.
#[derive(Debug)]
pub(crate) struct Pool<T>(Vec<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool(Vec::new())
    }
}

impl<T: Clone> Pool<T> {
    /// Returns an empty list.
    pub(crate) fn list(&mut self) -> Vec<T> {
        self.0.pop().unwrap_or_default()
    }

    /// Returns a list of `n` times `value`.
    pub(crate) fn table(&mut self, n: usize, value: T) -> Vec<T> {
        let mut list = self.list();
        list.resize(n, value);
        list
    }

    /// Takes a list back. Drops one without capacity, and any list when the pool is full.
    pub(crate) fn free(&mut self, mut list: Vec<T>) {
        if list.capacity() != 0 && self.0.len() < USUAL_BLOCKS {
            list.clear();
            self.0.push(list);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_comes_back_by_type() {
        let mut scratch = Scratch::default();
        let mut numbers: Vec<u32> = scratch.lend();
        numbers.reserve(100);
        scratch.take_back(numbers);
        scratch.take_back(vec![1u8]);
        assert!(scratch.lend::<Vec<u32>>().capacity() >= 100);
        assert_eq!(scratch.lend::<Vec<u32>>().capacity(), 0);
        assert_eq!(scratch.lend::<Vec<u8>>(), [1]);
    }
}
