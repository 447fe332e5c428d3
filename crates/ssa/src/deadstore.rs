//! Removal of stores that another store overwrites before any load (gc: deadstore.go).

use smallvec::SmallVec;

use crate::config::Config;
use crate::entity::{Block, Value, Var};
use crate::func::Func;
use crate::op::Op;
use crate::sparse::{SparseMap, SparseSet};
use crate::value::Aux;

/// Makes stores that are overwritten in the same block, without a load or call in between, copies of the
/// memory before them.
pub(crate) fn dse(f: &mut Func, _config: &Config) {
    let mut scratch: Option<Scratch> = None;
    for index in 0..f.layout.len() {
        let b = f.layout[index];
        f.look_ahead(index);
        // One store overwrites nothing.
        let is_store = |&&v: &&Value| matches!(f[v].op, Op::Store | Op::Zero);
        if f[b].values.iter().filter(is_store).count() < 2 {
            continue;
        }
        let scratch = scratch.get_or_insert_with(|| Scratch::new(f));
        if let Some(last) = scratch.last_store(f, b) {
            scratch.remove_dead_stores(f, b, last);
        }
    }
    if let Some(scratch) = scratch {
        f.scratch.free_set(scratch.loaded);
        f.scratch.free_set(scratch.stored);
    }
}

/// Tables for one block, by value number.
struct Scratch {
    /// Memory states that a load or a call in the block reads.
    loaded: SparseSet,
    /// Memory states that another one in the block follows.
    stored: SparseSet,
    /// Addresses at which bytes are certainly written later, as indices of `ranges`.
    shadowed: SparseMap<usize>,
    /// The ranges of bytes from those addresses.
    ranges: Vec<Ranges>,
    /// The first address of each local variable in the block.
    addresses: Vec<(Var, Value)>,
}

impl Scratch {
    fn new(f: &mut Func) -> Scratch {
        Scratch {
            loaded: f.scratch.set(f.num_values()),
            stored: f.scratch.set(f.num_values()),
            shadowed: SparseMap::new(f.num_values()),
            ranges: Vec::new(),
            addresses: Vec::new(),
        }
    }

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
                let is_write = matches!(f[v].op, Op::Store | Op::Zero | Op::VarDef | Op::VarKill);
                let is_mark = matches!(f[v].op, Op::InlMark | Op::LocalAddr);
                if !(is_write || is_mark && f.profile.pass.dse_by_range) {
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
        self.ranges.clear();
        self.find_addresses(f, b);
        let mut next = Some(last);
        while let Some(v) = next {
            if self.loaded.contains(v.as_u32()) {
                self.shadowed.clear();
                self.ranges.clear();
            }
            let size = match (f[v].op, f[v].aux) {
                (Op::Store | Op::Zero, Aux::Type(ty)) => Some(ty.size()),
                _ => None,
            };
            if let Some(size) = size {
                let (address, offset) = self.base_and_offset(f, f[v].args[0]);
                let known = self.shadowed.get(address.as_u32());
                let index = known.unwrap_or(self.ranges.len());
                if known.is_none() {
                    self.shadowed.set(address.as_u32(), index);
                    self.ranges.push(Ranges::default());
                }
                let (start, end) = (offset, offset + size);
                if self.ranges[index].contains(start, end) {
                    let memory = f.memory_arg(v).expect("stores change memory");
                    f.reset(v, Op::Copy);
                    f.add_arg(v, memory);
                } else {
                    self.ranges[index].add(start, end);
                }
            }
            // A memory phi is the first state of its block.
            next = match f[v].op {
                Op::Phi => None,
                _ => f.memory_arg(v).filter(|&arg| f[arg].block == b.into()),
            };
        }
    }
    /// Finds the first address of each local variable in `b`, if addresses stand for variables.
    fn find_addresses(&mut self, f: &Func, b: Block) {
        self.addresses.clear();
        if !f.profile.pass.dse_by_range {
            return;
        }
        for &v in &f[b].values {
            if let (Op::LocalAddr, Aux::Var(var)) = (f[v].op, f[v].aux)
                && !self.addresses.iter().any(|&(known, _)| known == var)
            {
                self.addresses.push((var, v));
            }
        }
    }

    /// Returns the value that an address is tracked by, and its offset in bytes from there.
    fn base_and_offset(&self, f: &Func, ptr: Value) -> (Value, i64) {
        let (mut base, mut offset) = (ptr, 0i64);
        if !f.profile.pass.dse_by_range {
            return (base, offset);
        }
        while f[base].op == Op::OffPtr {
            offset = offset.wrapping_add(f[base].aux_int);
            base = f[base].args[0];
        }
        if let (Op::LocalAddr, Aux::Var(var)) = (f[base].op, f[base].aux)
            && let Some(&(_, first)) = self.addresses.iter().find(|&&(known, _)| known == var)
        {
            base = first;
        }
        (base, offset)
    }
}

/// Ranges of bytes that don't touch.
#[derive(Default)]
struct Ranges(SmallVec<[(i64, i64); 1]>);

impl Ranges {
    /// The largest number of ranges, and the largest end of one, that gc tracks.
    const MAX_LEN: usize = 64;
    const MAX_END: i64 = 0xffff;

    fn contains(&self, start: i64, end: i64) -> bool {
        self.0
            .iter()
            .any(|range| range.0 <= start && end <= range.1)
    }

    /// Adds a range, joined with those that it touches.
    fn add(&mut self, start: i64, end: i64) {
        if start < 0 || end > Ranges::MAX_END || self.0.len() >= Ranges::MAX_LEN {
            return;
        }
        let mut joined = (start, end);
        self.0.retain(|range| {
            let apart = joined.1 < range.0 || range.1 < joined.0;
            if !apart {
                joined = (joined.0.min(range.0), joined.1.max(range.1));
            }
            apart
        });
        self.0.push(joined);
    }
}
