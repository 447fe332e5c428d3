//! Memory that one function leaves to the next one compiled on the same thread (gc: cache.go).

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, SecondaryMap};
use rustc_hash::FxHashMap;

use crate::cse;
use crate::deadcode::LostMarks;
use crate::facts::Facts;
use crate::func::{Aux, Block, BlockData, Constants, Func, Location, Value, ValueData};
use crate::lists::BlockLists;
use crate::regalloc;
use crate::sparse::SparseSet;
use crate::zcse;

/// The arenas of a function, and the lists and tables that passes work with. Empty until a function has gone
/// into it ([`crate::Func::into_cache`]); never holds content, only memory.
#[derive(Debug, Default)]
pub struct Cache {
    pub(crate) func_values: PrimaryMap<Value, ValueData>,
    pub(crate) func_blocks: PrimaryMap<Block, BlockData>,
    pub(crate) func_homes: SecondaryMap<Value, Location>,
    pub(crate) func_constants: Constants,
    pub(crate) func_aux_numbers: FxHashMap<Aux, u32>,
    pub(crate) values: Pool<Value>,
    /// For as many values as a function has; `values` are those of a block.
    pub(crate) long_lists: Pool<Value>,
    pub(crate) choices: Pool<PackedOption<Value>>,
    pub(crate) targets: Pool<PackedOption<Block>>,
    pub(crate) flags: Pool<bool>,
    pub(crate) block_values: BlockLists<Value>,
    pub(crate) graph: GraphLists,
    pub(crate) first_values: FxHashMap<zcse::Key, Value>,
    pub(crate) lost_marks: LostMarks,
    pub(crate) cse: cse::Partition,
    pub(crate) facts: Facts,
    pub(crate) regalloc: regalloc::Memory,
    sets: Vec<SparseSet>,
}

impl Cache {
    /// An empty set that can hold ids below `n`.
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
}

/// Lists for walks over the control-flow graph.
#[derive(Debug, Default)]
pub struct GraphLists {
    pub(crate) blocks: Pool<Block>,
    pub(crate) numbers: Pool<u32>,
}

/// How many blocks functions of usual size have at most, and how many lists of a kind are kept.
const USUAL_BLOCKS: usize = 256;

impl Func {
    /// Whether tables of passes are kept for the next function. Those of a large function go back to the allocator,
    /// which then has their memory for its next pass.
    pub(crate) fn keeps_tables(&self) -> bool {
        self.num_blocks() <= USUAL_BLOCKS
    }
}

/// Lists that are not in use.
#[derive(Debug)]
pub(crate) struct Pool<T>(Vec<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Pool(Vec::new())
    }
}

impl<T: Clone> Pool<T> {
    /// An empty list.
    pub(crate) fn list(&mut self) -> Vec<T> {
        self.0.pop().unwrap_or_default()
    }

    /// A list of `n` times `value`.
    pub(crate) fn table(&mut self, n: usize, value: T) -> Vec<T> {
        let mut list = self.list();
        list.resize(n, value);
        list
    }

    /// Takes a list back, unless it has no memory, or there are more than enough.
    pub(crate) fn free(&mut self, mut list: Vec<T>) {
        if list.capacity() != 0 && self.0.len() < USUAL_BLOCKS {
            list.clear();
            self.0.push(list);
        }
    }
}
