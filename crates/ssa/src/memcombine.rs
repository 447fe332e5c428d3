//! Wider stores in place of neighbouring narrow ones (gc: memcombine.go).
//!
//! In minigo's language these are stores of arguments that are passed on the stack. gc combines loads into the operands
//! of `|`, too.

use smallvec::SmallVec;

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use crate::ty::Type;
use crate::value::Aux;

/// The bytes of the widest store, and the most stores that become one.
const MAX_SIZE: i64 = 8;

/// Combines stores of constants, of neighbouring loads, and of the parts of one integer.
pub(crate) fn memcombine(f: &mut Func, _config: &Config) {
    let mut followed = f.scratch.set(f.num_values());
    for index in 0..f.layout.len() {
        let b = f.layout[index];
        followed.clear();
        let stores = f[b].values.iter().filter(|&&v| f[v].op == Op::Store);
        let stores: Vec<Value> = stores.copied().collect();
        for &v in &stores {
            followed.add(f[v].args[2].as_u32());
        }
        // Chains of stores, the last store of each first.
        let mut order = Vec::with_capacity(stores.len());
        for last in stores
            .into_iter()
            .filter(|v| !followed.contains(v.as_u32()))
        {
            let before = |&v: &Value| Some(f[v].args[2]).filter(|&v| is_store_in(f, v, b));
            order.extend(std::iter::successors(Some(last), before));
        }
        for v in order {
            if f[v].op == Op::Store && size_of(f, v) < MAX_SIZE {
                combine_stores(f, v);
            }
        }
    }
    f.scratch.free_set(followed);
}

fn is_store_in(f: &Func, v: Value, b: Block) -> bool {
    f[v].op == Op::Store && f[v].block == b.into()
}

/// Returns the bytes that a store writes.
fn size_of(f: &Func, store: Value) -> i64 {
    match f[store].aux {
        Aux::Type(ty) => ty.size(),
        aux => minigo_base::internal!("{store} stores {aux:?}"),
    }
}

/// A store, and its offset from its base.
#[derive(Clone, Copy)]
struct Part {
    store: Value,
    offset: i64,
    size: i64,
}

type Parts = SmallVec<[Part; 8]>;

/// A pointer without its constant parts, and the variable index that is added to it.
type Base = (Value, Option<Value>);

/// Returns the base of a pointer and its offset from there.
fn split(f: &Func, mut ptr: Value) -> (Base, i64) {
    let (mut index, mut offset) = (None, 0);
    loop {
        match f[ptr].op {
            Op::OffPtr => {
                offset += f[ptr].aux_int;
                ptr = f[ptr].args[0];
            }
            Op::AddPtr if index.is_none() => {
                let mut added = f[ptr].args[1];
                if f[added].op == Op::Add64 {
                    let [x, y] = [f[added].args[0], f[added].args[1]];
                    if f[x].op == Op::Const64 {
                        offset += f[x].aux_int;
                        added = y;
                    } else if f[y].op == Op::Const64 {
                        offset += f[y].aux_int;
                        added = x;
                    }
                }
                index = Some(added);
                ptr = f[ptr].args[0];
            }
            _ => return ((ptr, index), offset),
        }
    }
}

/// Makes `root` also do the stores before it, if they write to one range of 2, 4 or 8 bytes.
fn combine_stores(f: &mut Func, root: Value) {
    let (found, memory) = match neighbours(f, root) {
        Some(found) => found,
        None => return,
    };
    let first = found.iter().find(|part| f[part.store].args[2] == memory);
    let pos = f[first.expect("the first store follows the memory").store].pos;
    let size = found.iter().map(|part| part.size).sum();
    let value = constant(f, &found, size)
        .or_else(|| wide_load(f, &found, size))
        .or_else(|| whole_integer(f, root, &found, size));
    let Some(value) = value else {
        return;
    };
    let ptr = f[found[0].store].args[0];
    for part in &found {
        let v = part.store;
        if v == root {
            f[v].aux = Aux::Type(f[value].ty);
            f[v].pos = pos;
            f.set_arg(v, 0, ptr);
            f.set_arg(v, 1, value);
            f.set_arg(v, 2, memory);
        } else {
            f.reset(v, Op::Invalid);
            f[v].ty = Type::BOOL;
        }
    }
}

/// Returns the stores that end in `root` and write to one range, by address, and the memory before them.
fn neighbours(f: &Func, root: Value) -> Option<(Parts, Value)> {
    let (base, offset) = split(f, f[root].args[0]);
    let part = |store, offset| Part {
        store,
        offset,
        size: size_of(f, store),
    };
    let mut parts = Parts::from_slice(&[part(root, offset)]);
    let mut total = parts[0].size;
    let mut v = f[root].args[2];
    let b = f[root].block.expect("a listed value is in a block");
    while parts.len() < 8 && is_store_in(f, v, b) && f[v].uses == 1 {
        let (other, offset) = split(f, f[v].args[0]);
        let next = part(v, offset);
        if next.size > MAX_SIZE - total || other != base {
            break;
        }
        parts.push(next);
        total += next.size;
        v = f[v].args[2];
    }
    for wanted in [8, 4, 2] {
        let mut size = 0;
        let is_whole = |part: &Part| {
            size += part.size;
            size == wanted
        };
        let Some(last) = parts.iter().position(is_whole).filter(|&last| last > 0) else {
            continue;
        };
        let memory = f[parts[last].store].args[2];
        let mut found = Parts::from_slice(&parts[..=last]);
        // At most twelve elements are sorted by insertion.
        found.sort_by_key(|part| part.offset);
        let joins = |pair: &[Part]| pair[1].offset == pair[0].offset + pair[0].size;
        if found.windows(2).all(joins) {
            return Some((found, memory));
        }
    }
    None
}

fn unsigned(size: i64) -> Type {
    match size {
        2 => Type::UINT16,
        4 => Type::UINT32,
        _ => Type::UINT64,
    }
}

/// Returns the constant that the parts of `size` bytes make, if they are constants.
fn constant(f: &mut Func, parts: &[Part], size: i64) -> Option<Value> {
    let mut bits = 0;
    for part in parts {
        let value = &f[f[part.store].args[1]];
        if !matches!(
            value.op,
            Op::Const32 | Op::Const16 | Op::Const8 | Op::ConstBool
        ) {
            return None;
        }
        let mask = (1 << (8 * part.size)) - 1;
        bits |= (value.aux_int & mask) << (8 * (part.offset - parts[0].offset));
    }
    Some(f.const_int(unsigned(size), bits))
}

/// Widens the first of the loads that the parts of `size` bytes are, if they are loads of one range that nothing else
/// uses.
fn wide_load(f: &mut Func, parts: &[Part], size: i64) -> Option<Value> {
    let first = f[parts[0].store].args[1];
    let source = |f: &Func, load: Value| {
        let data = &f[load];
        let is_load = data.op == Op::Load && data.uses == 1 && !data.ty.has_pointers();
        is_load.then(|| (split(f, data.args[0]), data.args[1]))
    };
    let ((base, start), memory) = source(f, first)?;
    for part in parts {
        let ((other, offset), other_memory) = source(f, f[part.store].args[1])?;
        let distance = part.offset - parts[0].offset;
        if other != base || other_memory != memory || offset != start + distance {
            return None;
        }
    }
    f[first].ty = unsigned(size);
    Some(first)
}

/// Returns the value that a truncation shortens.
fn truncated(f: &Func, v: Value) -> Option<Value> {
    use Op::*;
    let data = &f[v];
    let truncates = matches!(
        data.op,
        Trunc64to8 | Trunc64to16 | Trunc64to32 | Trunc32to8 | Trunc32to16 | Trunc16to8
    );
    truncates.then(|| data.args[0])
}

/// Returns the value that an unsigned shift moves to the right, and the count.
fn shifted(f: &Func, v: Value) -> Option<(Value, Value)> {
    let data = &f[v];
    let shifts = matches!(data.op, Op::Rsh64Ux64 | Op::Rsh32Ux64 | Op::Rsh16Ux64);
    shifts.then(|| (data.args[0], data.args[1]))
}

/// Returns the integer of which the first two parts are parts.
fn common_integer(f: &Func, parts: &[Part]) -> Option<Value> {
    let x = truncated(f, f[parts[0].store].args[1])?;
    let y = truncated(f, f[parts[1].store].args[1])?;
    let (x2, y2) = (shifted(f, x), shifted(f, y));
    match (x2, y2) {
        (_, Some((y2, _))) if y2 == x => Some(x),
        (Some((x2, _)), _) if x2 == y => Some(y),
        (Some((x2, _)), Some((y2, _))) if x2 == y2 => Some(x2),
        _ => None,
    }
}

/// Returns the number of bits by which the integer `whole` is shifted to get the value that a store truncates; -1 if it
/// isn't constant.
fn shift(f: &Func, store: Value, whole: Value) -> Option<i64> {
    let value = truncated(f, f[store].args[1])?;
    if value == whole {
        return Some(0);
    }
    let (value, count) = shifted(f, value)?;
    (value == whole).then_some(match f[count].op {
        Op::Const64 => f[count].aux_int,
        _ => -1,
    })
}

/// Returns the integer of `size` bytes of which the parts are the parts, in the order of memory or in the opposite one.
fn whole_integer(f: &mut Func, root: Value, parts: &[Part], size: i64) -> Option<Value> {
    let whole = common_integer(f, parts)?;
    let shifts = parts.iter().map(|part| shift(f, part.store, whole));
    let shifts = shifts.collect::<Option<SmallVec<[i64; 8]>>>()?;
    let first = shifts[0];
    let in_order =
        |(part, shift): (&Part, &i64)| *shift == first + 8 * (part.offset - parts[0].offset);
    let is_in_order = parts.iter().zip(&shifts).skip(1).all(in_order);
    let mut bytes = 0;
    let mut is_opposite = true;
    for (part, &shift) in parts.iter().zip(&shifts).skip(1) {
        bytes += part.size;
        is_opposite &= shift == first - 8 * bytes;
    }
    // Only whole bytes can be exchanged.
    if !is_in_order && !is_opposite || is_opposite && parts.len() as i64 != size {
        return None;
    }
    let (b, pos) = (
        f[root].block.expect("a listed value is in a block"),
        f[root].pos,
    );
    let mut value = whole;
    if is_in_order && first != 0 {
        value = right_shift(f, b, pos, value, first);
    }
    let lowest = first - 8 * (size - parts[0].size);
    if is_opposite && lowest != 0 {
        value = right_shift(f, b, pos, value, lowest);
    }
    let op = match (f[value].ty.size(), size) {
        (8, 2) => Some(Op::Trunc64to16),
        (8, 4) => Some(Op::Trunc64to32),
        (4, 2) => Some(Op::Trunc32to16),
        _ => None,
    };
    if let Some(op) = op {
        value = f.new_value(b, pos, op, unsigned(size), &[value]);
    }
    if is_opposite {
        let op = match f[value].ty.size() {
            8 => Op::Bswap64,
            4 => Op::Bswap32,
            _ => Op::Bswap16,
        };
        let ty = f[value].ty;
        value = f.new_value(b, pos, op, ty, &[value]);
    }
    Some(value)
}

fn right_shift(f: &mut Func, b: Block, pos: minigo_base::Pos, v: Value, count: i64) -> Value {
    let count = f.const_int(Type::UINT64, count);
    let ty = f[v].ty;
    let op = match ty.size() {
        8 => Op::Rsh64Ux64,
        4 => Op::Rsh32Ux64,
        _ => Op::Rsh16Ux64,
    };
    f.new_value(b, pos, op, ty, &[v, count])
}
