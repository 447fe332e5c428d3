//! Removal of stores that another store overwrites before any load (gc: deadstore.go).
//!
//! gc's two other passes of that file remove stores to local variables that are never read. In minigo's
//! language the only local variables in memory are arrays of arguments, which all are passed on.

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use crate::sparse::{SparseMap, SparseSet};
use crate::value::Aux;

/// Makes stores that are overwritten in the same block, without a load or call in between, copies of the
/// memory before them.
pub(crate) fn dse(f: &mut Func, _config: &Config) {
    if !f.may_have(&[Op::Store, Op::Zero]) {
        return;
    }
    let mut scratch = Scratch {
        loaded: f.scratch.set(f.num_values()),
        stored: f.scratch.set(f.num_values()),
        shadowed: SparseMap::new(f.num_values()),
    };
    for index in 0..f.layout.len() {
        let b = f.layout[index];
        if let Some(last) = scratch.last_store(f, b) {
            scratch.remove_dead_stores(f, b, last);
        }
    }
    f.scratch.free_set(scratch.loaded);
    f.scratch.free_set(scratch.stored);
}

/// Tables for one block, by value number.
struct Scratch {
    /// Memory states that a load or a call in the block reads.
    loaded: SparseSet,
    /// Memory states that another one in the block follows.
    stored: SparseSet,
    /// Addresses that are certainly written later, with the size in bytes.
    shadowed: SparseMap<i64>,
}

impl Scratch {
    /// Classifies the uses of the memory states of `b`. Returns the last state, if the block changes memory.
    fn last_store(&mut self, f: &Func, b: Block) -> Option<Value> {
        self.loaded.clear();
        self.stored.clear();
        let no_phi = |&&v: &&Value| f[v].op != Op::Phi;
        let memory = |&&v: &&Value| f[v].ty.is_memory();
        for &v in f[b].values.iter().filter(no_phi) {
            for &arg in f[v].args.iter().filter(memory) {
                if f[arg].block != b.into() {
                    continue;
                }
                if f[v].ty.is_memory() {
                    self.stored.add(arg.as_u32());
                }
                if !matches!(f[v].op, Op::Store | Op::Zero | Op::VarDef | Op::VarKill) {
                    self.loaded.add(arg.as_u32());
                }
            }
        }
        let mut stores = f[b].values.iter().filter(no_phi).filter(memory).peekable();
        stores.peek()?;
        let mut last = stores.filter(|v| !self.stored.contains(v.as_u32()));
        let found = last.next().copied();
        assert!(
            found.is_some() && last.next().is_none(),
            "{b} has not one last memory state"
        );
        found
    }

    /// Walks the memory states of `b` backwards from the last one.
    fn remove_dead_stores(&mut self, f: &mut Func, b: Block, last: Value) {
        self.shadowed.clear();
        let mut next = Some(last);
        while let Some(v) = next {
            if self.loaded.contains(v.as_u32()) {
                self.shadowed.clear();
            }
            let size = match (f[v].op, f[v].aux) {
                (Op::Store | Op::Zero, Aux::Type(ty)) => Some(ty.size()),
                _ => None,
            };
            if let Some(size) = size {
                let address = f[v].args[0].as_u32();
                if self.shadowed.get(address).is_some_and(|n| n >= size) {
                    let memory = f.memory_arg(v).expect("stores change memory");
                    f.reset(v, Op::Copy);
                    f.add_arg(v, memory);
                } else {
                    self.shadowed.set(address, size);
                }
            }
            // A memory phi is the first state of its block.
            next = match f[v].op {
                Op::Phi => None,
                _ => f.memory_arg(v).filter(|&arg| f[arg].block == b.into()),
            };
        }
    }
}
