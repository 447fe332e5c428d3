//! The arguments of a function as tracebacks print them: where they are, and from where on they are in memory.
//!
//! A parameter in a register has a place in memory too, its home, in which it is only after it was stored there. Source:
//! gc ssagen/ssa.go, EmitArgInfo, and liveness/arg.go.

use cranelift_entity::SecondaryMap;

use crate::abi::{Assignment, words};
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location, VarClass};
use crate::op::Op;
use crate::ty::Type;

/// A parameter that is passed in registers, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The parameter.
    pub var: Var,
    /// The number of the register.
    pub register: u8,
    /// The offset of its home from the first parameter, in bytes.
    pub home: i64,
    /// Bytes.
    pub size: i64,
}

/// Returns the parts of parameters, or of results, that are passed in registers.
pub(crate) fn in_registers(f: &Func, class: VarClass) -> Vec<Part> {
    let registers = f.profile.registers.parameters;
    if registers.is_empty() {
        return Vec::new();
    }
    let vars = || f.vars.iter().filter(|(_, data)| data.class == class);
    // Results take the same registers as parameters do.
    let types = vars().map(|(_, data)| data.ty);
    let assigned = Assignment::new(f.convention, types, []);
    let mut parts = Vec::new();
    for ((var, data), place) in vars().zip(&assigned.params) {
        let registers = registers[place.first_register..].iter();
        let registers = registers.take(place.n_registers);
        for (&register, (ty, offset)) in registers.zip(words(data.ty)) {
            parts.push(Part {
                var,
                register,
                home: data.offset + offset,
                size: ty.size(),
            });
        }
    }
    parts
}

/// Arguments beyond this number print as dots.
const MAX_PRINTED: usize = 10;
/// Offsets from here on have other meanings.
const FIRST_SPECIAL: i64 = 0xf0;
const OFFSET_TOO_LARGE: u8 = 0xfb;
const DOTS: u8 = 0xfc;
const END_AGGREGATE: u8 = 0xfd;
const START_AGGREGATE: u8 = 0xfe;
const END: u8 = 0xff;

/// Returns the content of the symbol that says where arguments are: an offset and a size for each. None without
/// parameters.
pub fn argument_info(f: &Func) -> Option<Vec<u8>> {
    let vars = f.vars.values();
    let mut params = vars.filter(|data| data.class == VarClass::Param).peekable();
    params.peek()?;
    Some(argument_places(
        params.map(|param| (param.offset, param.ty)),
    ))
}

/// Returns such a content for parameters with the offsets of their places in memory.
pub fn argument_places(params: impl IntoIterator<Item = (i64, Type)>) -> Vec<u8> {
    let mut data = Vec::new();
    let mut n = 0;
    for (offset, ty) in params {
        if !write_argument(&mut data, &mut n, offset, ty) {
            break;
        }
    }
    data.push(END);
    data
}

/// Writes one argument, or the words of one. Returns false when there are more than are printed.
fn write_argument(data: &mut Vec<u8>, n: &mut usize, offset: i64, ty: Type) -> bool {
    if *n >= MAX_PRINTED {
        data.push(DOTS);
        return false;
    }
    if words(ty).count() == 1 {
        match u8::try_from(offset) {
            Ok(byte) if offset < FIRST_SPECIAL => data.extend([byte, ty.size() as u8]),
            _ => data.push(OFFSET_TOO_LARGE),
        }
        *n += 1;
        return true;
    }
    data.push(START_AGGREGATE);
    for (word, at) in words(ty) {
        if !write_argument(data, n, offset + at, word) {
            break;
        }
    }
    data.push(END_AGGREGATE);
    true
}

/// The homes that hold their parameters, for each point of a function.
#[derive(Debug)]
pub(crate) struct ArgumentLiveness {
    /// The offset of the map for the beginning of a block, or [`ArgumentLiveness::ALL`].
    pub at_block: SecondaryMap<Block, i64>,
    /// The map from the end of a value on, where it changes.
    pub after: SecondaryMap<Value, Option<i64>>,
    /// The offset of the first home, and the maps.
    pub content: Vec<u8>,
}

impl ArgumentLiveness {
    /// Instead of a map: all homes hold their parameters.
    pub(crate) const ALL: i64 = -1;

    /// Homes further away are not listed.
    const MAX_OFFSET: i64 = 0xff;

    /// Finds the homes that hold their parameters. Returns none if no parameter is in a register. Requires all passes.
    pub(crate) fn new(f: &Func) -> Option<ArgumentLiveness> {
        let mut args = in_registers(f, VarClass::Param);
        args.retain(|part| part.home <= Self::MAX_OFFSET);
        args.truncate(MAX_PRINTED);
        let first = args.first()?.home;
        let mut finder = Finder {
            f,
            all: (1 << args.len()) - 1,
            args,
            maps: Vec::new(),
        };
        let (at_start, at_end) = finder.solve();
        let mut result = ArgumentLiveness {
            at_block: SecondaryMap::new(),
            after: SecondaryMap::new(),
            content: vec![first as u8],
        };
        result.at_block.resize(f.num_blocks());
        for &b in &f.layout {
            result.at_block[b] = finder.offset(at_start[b]);
            let mut live = at_start[b];
            let mut last = None;
            let values = &f[b].values;
            for (n, &v) in values.iter().enumerate() {
                let effect = finder.effect(v);
                if effect & !live != 0 {
                    live |= effect;
                    last = Some(v);
                }
                if (may_fault(f, v) || n + 1 == values.len())
                    && let Some(stored) = last.take()
                {
                    result.after[stored] = Some(finder.offset(live));
                }
            }
            debug_assert_eq!(live, at_end[b]);
        }
        for map in &finder.maps {
            let bytes = map.to_le_bytes();
            result.content.extend(&bytes[..finder.map_size()]);
        }
        Some(result)
    }
}

/// A set of homes, a bit for each.
type Homes = u16;

struct Finder<'a> {
    f: &'a Func,
    args: Vec<Part>,
    all: Homes,
    /// The maps in order of first use.
    maps: Vec<Homes>,
}

impl Finder<'_> {
    /// Returns the homes in use at the beginning and at the end of each block: those that all paths have stored to.
    fn solve(&self) -> (SecondaryMap<Block, Homes>, SecondaryMap<Block, Homes>) {
        let f = self.f;
        let mut stored: SecondaryMap<Block, Homes> = SecondaryMap::new();
        let mut at_start = SecondaryMap::with_default(self.all);
        let mut at_end = SecondaryMap::with_default(self.all);
        for by_block in [&mut stored, &mut at_start, &mut at_end] {
            by_block.resize(f.num_blocks());
        }
        for &b in &f.layout {
            let effects = f[b].values.iter().map(|&v| self.effect(v));
            stored[b] = effects.fold(0, |stored, effect| stored | effect);
        }
        let mut changed = true;
        while changed {
            changed = false;
            for &b in &f.layout {
                let preds = f[b].preds.iter().map(|edge| at_end[edge.block]);
                let mut live = preds.fold(self.all, |live, pred| live & pred);
                if b == f.entry {
                    live = 0;
                }
                at_start[b] = live;
                live |= stored[b];
                changed |= at_end[b] != live;
                at_end[b] = live;
            }
        }
        (at_start, at_end)
    }

    /// Returns the homes that `v` stores to.
    fn effect(&self, v: Value) -> Homes {
        if self.f[v].op != Op::StoreReg {
            return 0;
        }
        let Location::Slot(var) = self.f.homes[v] else {
            return 0;
        };
        let stored = self.args.iter().position(|part| part.var == var);
        stored.map_or(0, |index| 1 << index)
    }

    fn map_size(&self) -> usize {
        self.args.len().div_ceil(8)
    }

    /// Returns the offset of a map in the symbol.
    fn offset(&mut self, live: Homes) -> i64 {
        if live == self.all {
            return ArgumentLiveness::ALL;
        }
        let known = self.maps.iter().position(|&map| map == live);
        let index = known.unwrap_or_else(|| {
            self.maps.push(live);
            self.maps.len() - 1
        });
        (1 + index * self.map_size()) as i64
    }
}

/// Reports whether a traceback may begin at `v`.
fn may_fault(f: &Func, v: Value) -> bool {
    let never = matches!(
        f[v].op,
        Op::LoadReg
            | Op::StoreReg
            | Op::Copy
            | Op::Phi
            | Op::VarDef
            | Op::VarLive
            | Op::Select0
            | Op::Select1
            | Op::SelectN
            | Op::MakeResult
            | Op::InlMark
    );
    !never && !f[v].args.is_empty()
}
