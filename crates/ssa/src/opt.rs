//! Passes `opt`, `divisible`, `divmod`, `middle opt` and `late opt`: rules for generic operations, and the functions
//! that their conditions call.

use crate::config::Config;
use crate::entity::Value;
use crate::func::Func;
use crate::op::{NIL_CHECK, Op};
use crate::rewrite::zero_extend;
use crate::ty::{Kind, Type};
use crate::value::Aux;

/// Simplifies generic operations (gc: opt.go, opt).
pub(crate) fn opt(f: &mut Func, _config: &Config) {
    (f.profile.rules.generic)(f, f.profile.rewrite.unused);
}

/// Finds tests for divisibility by constants (gc: opt.go, divisible).
pub(crate) fn divisible(f: &mut Func, _config: &Config) {
    (f.profile.rules.divisible)(f, f.profile.rewrite.unused);
}

/// Divides by constants with multiplications (gc: opt.go, divmod).
pub(crate) fn divmod(f: &mut Func, _config: &Config) {
    (f.profile.rules.divmod)(f, f.profile.rewrite.unused);
}

/// The number of stores that may be between a load or store and the one that it repeats.
const MAX_STORES_BETWEEN: usize = 3;

/// Makes a load of a stored value a copy of it. The types must be the same (gc 1.15: generic.rules).
pub(crate) fn load_of_store(f: &mut Func, load: Value) -> bool {
    let ty = f[load].ty;
    // As in gc, it is the size of the last store that must be the size of the load.
    let same_size = store(f, f[load].args[1]).is_some_and(|(_, last, _)| last.size() == ty.size());
    let fits = |_: Type, x: Value| same_size && ty.compare(f[x].ty, &f.type_names).is_eq();
    let stored = stored_value(f, load, fits);
    become_copy(f, load, stored)
}

/// Makes a load of a stored value a copy of it. Integers of the same size are exchangeable (gc 1.27:
/// generic.rules).
pub(crate) fn load_of_compatible_store(f: &mut Func, load: Value) -> bool {
    let ty = f[load].ty;
    let fits = |stored: Type, x: Value| {
        let other = f[x].ty;
        let same_kind = if ty.is_integer() {
            other.is_integer()
        } else if ty.is_ptr() {
            other.is_ptr()
        } else {
            ty.compare(other, &f.type_names).is_eq()
        };
        stored.size() == ty.size() && other.size() == ty.size() && same_kind
    };
    let stored = stored_value(f, load, fits);
    become_copy(f, load, stored)
}

fn become_copy(f: &mut Func, v: Value, source: Option<Value>) -> bool {
    if let Some(source) = source {
        f.copy_of(v, source);
    }
    source.is_some()
}

/// Returns the value that the last store to the address of `load` stored, if `fits` accepts its type in memory and
/// the value. Looks through other stores that don't overlap.
fn stored_value(f: &Func, load: Value, fits: impl Fn(Type, Value) -> bool) -> Option<Value> {
    let (ptr, mem) = (f[load].args[0], f[load].args[1]);
    let mut between = mem;
    for depth in 0..=MAX_STORES_BETWEEN {
        let (stored_ptr, ty, x) = store(f, between)?;
        let mut later = stores_from(f, mem).take(depth);
        if is_same_ptr(f, ptr, stored_ptr)
            && fits(ty, x)
            && later.all(|later| is_disjoint_store(f, between, later))
        {
            return Some(x);
        }
        between = f[between].args[2];
    }
    None
}

/// Makes a store of a value to where it was just loaded from a copy of the memory before it (gc: generic.rules).
pub(crate) fn store_of_load(f: &mut Func, v: Value) -> bool {
    let Some((ptr, ty, load)) = store(f, v) else {
        return false;
    };
    if f[load].op != Op::Load || f[load].ty.size() != ty.size() {
        return false;
    }
    let (loaded_ptr, loaded_mem) = (f[load].args[0], f[load].args[1]);
    if !is_same_ptr(f, ptr, loaded_ptr) {
        return false;
    }
    let mem = f[v].args[2];
    let mut between = mem;
    for _ in 0..MAX_STORES_BETWEEN {
        if between == loaded_mem {
            break;
        }
        if f[between].op != Op::Store || !is_disjoint_store(f, v, between) {
            return false;
        }
        between = f[between].args[2];
    }
    if between != loaded_mem {
        return false;
    }
    f.copy_of(v, mem);
    true
}

/// Returns address, type and value of a store.
fn store(f: &Func, v: Value) -> Option<(Value, Type, Value)> {
    match f[v].aux {
        Aux::Type(ty) if f[v].op == Op::Store => Some((f[v].args[0], ty, f[v].args[1])),
        _ => None,
    }
}

/// Returns `v` and the states of memory before it, latest first. Those that the caller takes must be stores.
fn stores_from(f: &Func, v: Value) -> impl Iterator<Item = Value> {
    std::iter::successors(Some(v), |&v| Some(f[v].args[2]))
}

fn is_disjoint_store(f: &Func, a: Value, b: Value) -> bool {
    match (store(f, a), store(f, b)) {
        (Some((p, t, _)), Some((q, u, _))) => is_disjoint(f, p, t.size(), q, u.size()),
        _ => false,
    }
}

/// Reports whether both are known to be the same address.
pub(crate) fn is_same_ptr(f: &Func, mut p: Value, mut q: Value) -> bool {
    loop {
        if p == q {
            return true;
        }
        if f[p].op != f[q].op && f.profile.rewrite.zero_offsets_alias {
            (p, q) = (without_zero_offsets(f, p), without_zero_offsets(f, q));
            if p == q {
                return true;
            }
        }
        let (a, b) = (&f[p], &f[q]);
        if a.op != b.op {
            return false;
        }
        match a.op {
            Op::OffPtr if a.aux_int == b.aux_int => (p, q) = (a.args[0], b.args[0]),
            // The base is SP or SB, known by its operation before common subexpressions are merged.
            Op::Addr | Op::LocalAddr => {
                return a.aux == b.aux && f[a.args[0]].op == f[b.args[0]].op;
            }
            _ => return false,
        }
    }
}

fn without_zero_offsets(f: &Func, mut ptr: Value) -> Value {
    while f[ptr].op == Op::OffPtr && f[ptr].aux_int == 0 {
        ptr = f[ptr].args[0];
    }
    ptr
}

/// Reports whether `n` bytes at `p` and `m` bytes at `q` are known not to overlap.
pub(crate) fn is_disjoint(f: &Func, p: Value, n: i64, q: Value, m: i64) -> bool {
    if n == 0 || m == 0 {
        return true;
    }
    if p == q {
        return false;
    }
    if f.profile.pass.types_alias_by_pointers && has_disjoint_types(f[p].ty, f[q].ty) {
        return true;
    }
    let ((p, at_p), (q, at_q)) = (base_and_offset(f, p), base_and_offset(f, q));
    if is_same_ptr(f, p, q) {
        return at_p + n <= at_q || at_q + m <= at_p;
    }
    // Different variables; arguments of calls at SP and variables.
    match f[p].op {
        Op::Addr | Op::LocalAddr => match f[q].op {
            Op::Addr | Op::LocalAddr | Op::SP => true,
            Op::Arg | Op::ArgIntReg => f[f[p].args[0]].op == Op::SP,
            _ => false,
        },
        Op::Arg | Op::ArgIntReg => matches!(f[q].op, Op::SP | Op::LocalAddr),
        Op::SP => matches!(
            f[q].op,
            Op::Addr | Op::LocalAddr | Op::Arg | Op::ArgIntReg | Op::SP
        ),
        _ => false,
    }
}

fn base_and_offset(f: &Func, ptr: Value) -> (Value, i64) {
    let (mut base, mut offset) = (ptr, 0i64);
    while f[base].op == Op::OffPtr {
        offset = offset.wrapping_add(f[base].aux_int);
        base = f[base].args[0];
    }
    if f[base].op.has(NIL_CHECK) && !f[base].ty.is_void() {
        base = f[base].args[0];
    }
    (base, offset)
}

/// Reports whether memory of one pointer type cannot be that of the other: one holds a pointer, the other has none.
fn has_disjoint_types(p: Type, q: Type) -> bool {
    let element = |ty: Type| (ty.kind() == Kind::Ptr).then(|| ty.elem());
    let (Some(x), Some(y)) = (element(p), element(q)) else {
        return false;
    };
    let is_pointer = |ty: Type| ty.size() == 8 && ty.has_pointers();
    is_pointer(x) && !y.has_pointers() || is_pointer(y) && !x.has_pointers()
}

/// Reports whether an integer is known not to be negative from the operation that makes it (gc: prove.go,
/// isNonNegative).
pub(crate) fn is_non_negative(f: &Func, v: Value) -> bool {
    let data = &f[v];
    match data.op {
        Op::Const64 | Op::Const32 | Op::Const16 | Op::Const8 => data.aux_int >= 0,
        Op::StringLen
        | Op::ZeroExt8to64
        | Op::ZeroExt16to64
        | Op::ZeroExt32to64
        | Op::ZeroExt8to32
        | Op::ZeroExt16to32
        | Op::ZeroExt8to16 => true,
        Op::Rsh64Ux64 | Op::Rsh32Ux64 => {
            let count = &f[data.args[1]];
            count.op == Op::Const64 && count.aux_int > 0
        }
        Op::Rsh64x64
        | Op::Rsh32x64
        | Op::Rsh8x64
        | Op::Rsh16x64
        | Op::Rsh32x32
        | Op::Rsh64x32
        | Op::SignExt32to64
        | Op::SignExt16to64
        | Op::SignExt8to64
        | Op::SignExt16to32
        | Op::SignExt8to32 => is_non_negative(f, data.args[0]),
        Op::And64 | Op::And32 | Op::And16 | Op::And8 => {
            is_non_negative(f, data.args[0]) || is_non_negative(f, data.args[1])
        }
        Op::Mod64
        | Op::Mod32
        | Op::Mod16
        | Op::Mod8
        | Op::Div64
        | Op::Div32
        | Op::Div16
        | Op::Div8
        | Op::Or64
        | Op::Or32
        | Op::Or16
        | Op::Or8
        | Op::Xor64
        | Op::Xor32
        | Op::Xor16
        | Op::Xor8 => is_non_negative(f, data.args[0]) && is_non_negative(f, data.args[1]),
        _ => false,
    }
}

/// Reports whether `x == c * (x/c)` may become a test for divisibility: divisions are rewritten, and the quotient,
/// known by its multiplication, has no other use.
pub(crate) fn can_test_divisibility(f: &Func, x: Value, product: Value) -> bool {
    f.pass != "opt" && f[product].uses == 1 && !f[x].is_generic_int_const()
}

/// Returns the length in bytes of a constant string.
pub(crate) fn string_len(f: &Func, s: Aux) -> i64 {
    match s {
        Aux::Str(index) => f.strings[index as usize].len,
        _ => 0,
    }
}

/// Returns the symbol that holds the bytes of a constant string.
pub(crate) fn string_sym(f: &Func, s: Aux) -> Aux {
    match s {
        Aux::Str(index) => Aux::Sym(f.strings[index as usize].sym),
        _ => Aux::None,
    }
}

/// Returns the quotient of unsigned numbers of `bits` bits; `d` is not 0.
pub(crate) fn unsigned_div(bits: u32, c: i64, d: i64) -> i64 {
    (zero_extend(bits, c) as u64 / zero_extend(bits, d) as u64) as i64
}

/// Returns the remainder of unsigned numbers of `bits` bits; `d` is not 0.
pub(crate) fn unsigned_rem(bits: u32, c: i64, d: i64) -> i64 {
    (zero_extend(bits, c) as u64 % zero_extend(bits, d) as u64) as i64
}

/// Returns `c >> n` of an unsigned number of `bits` bits, as in Go: 0 for counts from 64 on.
pub(crate) fn unsigned_shift_right(bits: u32, c: i64, n: i64) -> i64 {
    if n as u64 >= 64 {
        0
    } else {
        (zero_extend(bits, c) as u64 >> n) as i64
    }
}

/// Reports whether the sum of two unsigned numbers needs a 65th bit.
pub(crate) fn unsigned_overflow(a: i64, b: i64) -> bool {
    (a as u64).checked_add(b as u64).is_none()
}

/// Returns the number of zeros below the lowest bit set in the low `bits` bits; `bits` for 0.
pub(crate) fn trailing_zeros(bits: u32, a: i64) -> i64 {
    i64::from(a.trailing_zeros().min(bits))
}

/// Returns the number of zeros above the highest bit set in the low `bits` bits; `bits` for 0.
pub(crate) fn leading_zeros(bits: u32, a: i64) -> i64 {
    i64::from(zero_extend(bits, a).leading_zeros() - (64 - bits))
}
