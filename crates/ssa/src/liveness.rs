//! The stack maps of a function: which words of its variables hold pointers at each call (gc: plive.go).
//!
//! A variable is live from where it is written, or for an array from its VarDef, to its last use on some
//! path. Taking its address counts as a use: the holder of the address must find the value that was written
//! before. Calls with the same live variables share a map. The first map is that of the function's entry, where
//! no variable is live.

use cranelift_entity::SecondaryMap;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::arguments::ArgumentLiveness;
use crate::config::Config;
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location, VarClass, VarData};
use crate::op::{Op, SYM_ADDR, SYM_READ, SYM_WRITE};
use crate::ty::Type;
use crate::value::Aux;

/// Size of a word in bytes.
const WORD: i64 = 8;

/// A set of words of the frame, a bit for each.
type Bits = Vec<bool>;

/// The pointers in a function's frame, for the garbage collector.
#[derive(Debug)]
pub struct Liveness {
    /// The stack map of each call, as index into `maps`.
    pub(crate) map_of: SecondaryMap<Value, u32>,
    /// Bits of the words that hold pointers, from the lowest variable with pointers on.
    maps: Vec<Bits>,
    /// Variables whose address is taken: offset from the top of the autos in bytes, type; from low to high
    /// address.
    objects: Vec<(i64, Type)>,
    /// The homes of parameters in registers.
    pub(crate) arguments: Option<ArgumentLiveness>,
    /// Where the function can't be preempted, because it has read whether write barriers are in use: values, and the
    /// ends of blocks.
    pub(crate) unsafe_values: FxHashSet<Value>,
    pub(crate) unsafe_blocks: FxHashSet<Block>,
}

impl Liveness {
    /// Reports whether the function has variables with pointers.
    pub fn has_pointers(&self) -> bool {
        self.maps.iter().any(|map| !map.is_empty())
    }

    /// Returns the content of the symbol that describes arguments: the same number of maps, none with a pointer.
    pub fn args_map(&self) -> Vec<u8> {
        encode(self.maps.iter().map(|_| &[][..]), self.maps.len(), 0)
    }

    /// Returns the content of the symbol that describes the autos.
    pub fn locals_map(&self) -> Vec<u8> {
        let bits = self.maps[0].len();
        encode(self.maps.iter().map(|map| &map[..]), self.maps.len(), bits)
    }

    /// Returns the content of the symbol that says where which parameters are in their homes, if any is passed in a
    /// register.
    pub fn argument_maps(&self) -> Option<&[u8]> {
        let arguments = self.arguments.as_ref();
        arguments.map(|arguments| &arguments.content[..])
    }

    /// Marks what is between the tests of the flag and the ends of stores with write barriers (gc: plive.go,
    /// markUnsafePoints).
    fn mark_barriers(&mut self, f: &Func) {
        for &b in &f.layout {
            let values = &f[b].values;
            let Some(end) = values.iter().position(|&v| f[v].op == Op::WBend) else {
                continue;
            };
            self.unsafe_values.extend(&values[..end]);
            // The block that tests is a predecessor, or the one before the two ways.
            let preds = [0, 1].map(|index| f[b].preds[index].block);
            let before = preds.map(|pred| f[pred].preds[0].block);
            let test = match () {
                () if before[0] == preds[1] => preds[1],
                () if before[1] == preds[0] => preds[0],
                () => before[0],
            };
            let reads = |&v: &Value| f[v].args.last().is_some_and(|&arg| f[arg].ty.is_memory());
            let operand = |&v: &Value| f[v].args.first().copied();
            let mut chain = std::iter::successors(f[test].control, operand);
            let load = chain.find(reads);
            let after = f[test].values.iter().skip_while(|&&v| Some(v) != load);
            self.unsafe_values.extend(after.skip(1));
            self.unsafe_blocks.insert(test);
            for way in f[test].succs.iter().map(|edge| edge.block) {
                if way != b {
                    self.unsafe_values.extend(&f[way].values);
                    self.unsafe_blocks.insert(way);
                }
            }
        }
    }

    /// Returns the variables whose address is taken.
    pub fn objects(&self) -> &[(i64, Type)] {
        &self.objects
    }
}

/// Encodes the number of maps, the number of bits, then each map's bits in bytes.
fn encode<'a>(maps: impl Iterator<Item = &'a [bool]>, len: usize, bits: usize) -> Vec<u8> {
    let mut data = Vec::with_capacity(8 + len * bits.div_ceil(8));
    data.extend_from_slice(&(len as u32).to_le_bytes());
    data.extend_from_slice(&(bits as u32).to_le_bytes());
    for map in maps {
        for byte in map.chunks(8) {
            let bit = |(n, &is): (usize, &bool)| u8::from(is) << n;
            data.push(byte.iter().enumerate().map(bit).sum());
        }
    }
    data
}

/// A set of the variables with pointers, a bit for each.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Set(Box<[u64]>);

impl Set {
    fn new(len: usize) -> Set {
        Set(vec![0; len.div_ceil(64)].into())
    }

    fn contains(&self, index: usize) -> bool {
        self.0[index / 64] >> (index % 64) & 1 != 0
    }

    fn set(&mut self, index: usize, is_member: bool) {
        let bit = 1 << (index % 64);
        if is_member {
            self.0[index / 64] |= bit;
        } else {
            self.0[index / 64] &= !bit;
        }
    }

    fn add_all(&mut self, other: &Set) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }
}

/// Finds the stack maps of `f`. Requires all passes. Without optimization, all parameters are in memory from the beginning.
pub fn liveness(f: &Func, config: &Config) -> Liveness {
    let tracked = Tracked::new(f);
    let nothing = Set::new(tracked.vars.len());
    let mut result = Liveness {
        map_of: SecondaryMap::new(),
        maps: vec![tracked.frame_bits(&nothing)],
        objects: tracked.objects(),
        arguments: ArgumentLiveness::new(f).filter(|_| config.optimize),
        unsafe_values: FxHashSet::default(),
        unsafe_blocks: FxHashSet::default(),
    };
    if f.barrier.is_some() {
        result.mark_barriers(f);
    }
    if tracked.vars.is_empty() {
        return result;
    }
    let live_at_end = tracked.solve();
    let mut known = FxHashMap::from_iter([(nothing, 0)]);
    for b in f.walk() {
        let mut live = live_at_end[b].clone();
        let mut at_calls = Vec::new();
        for &v in f[b].values.iter().rev() {
            if f[v].op.is_call() {
                at_calls.push((v, live.clone()));
            }
            tracked.apply(v, &mut live);
        }
        for (v, live) in at_calls.into_iter().rev() {
            let next = known.len() as u32;
            let index = *known.entry(live).or_insert_with_key(|live| {
                result.maps.push(tracked.frame_bits(live));
                next
            });
            result.map_of[v] = index;
        }
    }
    result
}

/// The variables with pointers of a function.
struct Tracked<'a> {
    f: &'a Func,
    vars: Vec<Var>,
    index_of: SecondaryMap<Var, Option<u32>>,
    /// Bytes of the frame from the lowest of them on.
    size: i64,
}

impl Tracked<'_> {
    fn new(f: &Func) -> Tracked<'_> {
        let is_tracked =
            |data: &VarData| data.class == VarClass::Auto && data.used && data.ty.has_pointers();
        let vars = f.vars.iter().filter(|(_, data)| is_tracked(data));
        let vars: Vec<Var> = vars.map(|(var, _)| var).collect();
        let mut index_of = SecondaryMap::new();
        for (&var, index) in vars.iter().zip(0..) {
            index_of[var] = Some(index);
        }
        let lowest = vars.iter().map(|&var| f.vars[var].offset).min();
        Tracked {
            f,
            vars,
            index_of,
            size: lowest.map_or(0, |offset| -offset),
        }
    }

    /// Returns the variables live at the end of each block: a fixed point over blocks backwards.
    fn solve(&self) -> SecondaryMap<Block, Set> {
        let f = self.f;
        let nothing = Set::new(self.vars.len());
        let mut at_start = SecondaryMap::with_default(nothing.clone());
        let mut at_end = SecondaryMap::with_default(nothing);
        let mut changed = true;
        while changed {
            changed = false;
            for (at, &b) in f.layout.iter().enumerate().rev() {
                f.look_back_along(&f.layout, at);
                let mut live = at_end[b].clone();
                for edge in &f[b].succs {
                    live.add_all(&at_start[edge.block]);
                }
                at_end[b] = live.clone();
                for &v in f[b].values.iter().rev() {
                    self.apply(v, &mut live);
                }
                if at_start[b] != live {
                    at_start[b] = live;
                    changed = true;
                }
            }
        }
        at_end
    }

    /// Steps backwards over `v`: a variable that it writes is dead before it, one that it uses is live.
    fn apply(&self, v: Value, live: &mut Set) {
        let data = &self.f[v];
        let home = |v: Value| match self.f.homes[v] {
            Location::Slot(var) => Some(var),
            _ => None,
        };
        let (var, used, written) = match (data.op, data.aux) {
            (Op::LoadReg, _) => (home(data.args[0]), true, false),
            (Op::StoreReg, _) => (home(v), false, true),
            (Op::VarDef | Op::VarKill, Aux::Var(var)) => (Some(var), false, true),
            (Op::VarLive, Aux::Var(var)) => (Some(var), true, false),
            (op, Aux::Var(var)) => {
                // The parts of an array are written one by one.
                let is_whole = !self.f.vars[var].ty.is_array();
                let used = op.has(SYM_READ) || op.has(SYM_ADDR);
                (Some(var), used, op.has(SYM_WRITE) && is_whole)
            }
            _ => return,
        };
        if let Some(index) = var.and_then(|var| self.index_of[var]) {
            let index = index as usize;
            live.set(index, used || live.contains(index) && !written);
        }
    }

    /// Returns the words that hold pointers while the given variables are live.
    fn frame_bits(&self, live: &Set) -> Bits {
        let mut bits = vec![false; (self.size / WORD) as usize];
        for (index, &var) in self.vars.iter().enumerate() {
            if live.contains(index) {
                let data = &self.f.vars[var];
                let start = ((data.offset + self.size) / WORD) as usize;
                for (word, is_pointer) in pointers(data.ty).into_iter().enumerate() {
                    bits[start + word] |= is_pointer;
                }
            }
        }
        bits
    }

    fn objects(&self) -> Vec<(i64, Type)> {
        let vars = self.vars.iter().map(|&var| &self.f.vars[var]);
        let mut objects: Vec<(i64, Type)> = vars
            .filter(|data| data.ty.is_array())
            .map(|data| (data.offset, data.ty))
            .collect();
        objects.sort_by_key(|&(offset, _)| offset);
        objects
    }
}

/// Returns which words of a value are pointers. Type descriptors and method tables are never moved or freed.
fn pointers(ty: Type) -> Bits {
    if ty.is_array() {
        pointers(ty.elem()).repeat(usize::from(ty.array_len()))
    } else if ty.is_interface() {
        vec![false, true]
    } else if ty.is_slice() {
        vec![true, false, false]
    } else if ty.is_string() {
        vec![true, false]
    } else {
        vec![ty.is_ptr()]
    }
}
