//! Merging of two comparisons with constants into one condition, which later rewriting makes one comparison (gc:
//! fuse_comparisons.go).

use crate::block::{BlockKind, Likely};
use crate::branchelim::can_execute_speculatively;
use crate::deadcode::remove_edge;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;

/// Merges two orders of one value and constants, as in `1 <= x && x < 5`.
pub(crate) fn fuse_range(f: &mut Func, b: Block) -> bool {
    fuse_comparisons(f, b, |f, x, y, _| compare_same_with_constants(f, x, y))
}

/// Merges two tests of one value for constants that differ in one bit, as in `x == 4 || x == 6`.
pub(crate) fn fuse_single_bit_difference(f: &mut Func, b: Block) -> bool {
    fuse_comparisons(f, b, differ_in_one_bit)
}

/// Merges the condition of the only predecessor of `b` into that of `b`, joined by the given operation, when
/// `can_merge` says so for the conditions of `b` and of the predecessor and they share the true (`||`) or the
/// false (`&&`) successor:
///
/// ```text
///   p            p
///   |\           |
///   | b    =>    b
///   |/ \        / \
///   s0 s1      s0 s1
/// ```
fn fuse_comparisons(
    f: &mut Func,
    b: Block,
    can_merge: fn(&Func, Value, Value, Op) -> bool,
) -> bool {
    let [pred] = f[b].preds[..] else {
        return false;
    };
    let p = pred.block;
    if f[b].kind != BlockKind::If || f[p].kind != BlockKind::If {
        return false;
    }
    // Computing the condition of b early gains nothing if b is unlikely.
    let expected = match f[p].likely {
        Likely::Likely => Some(0),
        Likely::Unlikely => Some(1),
        Likely::Unknown => None,
    };
    if expected.is_some_and(|index: usize| f[p].succs[index].block != b) {
        return false;
    }
    let control = |b: Block| f[b].control.expect("an If block has a control");
    let (first, second) = (control(p), control(b));
    for (index, op) in [(0, Op::OrB), (1, Op::AndB)] {
        if f[p].succs[index].block != f[b].succs[index].block {
            continue;
        }
        if !can_merge(f, second, first, op) || !can_execute_speculatively(f, b) {
            return false;
        }
        let (pos, ty) = (f[second].pos, f[second].ty);
        let both = f.new_value(b, pos, op, ty, &[first, second]);
        f.set_control(b, both);
        remove_edge(f, p, index);
        f.reset_block(p, BlockKind::Plain);
        f[p].likely = Likely::Unknown;
        return true;
    }
    false
}

/// Reports whether both values order the same value and a constant, both signed or both unsigned.
fn compare_same_with_constants(f: &Func, x: Value, y: Value) -> bool {
    let same_kind = is_signed_inequality(f[x].op) && is_signed_inequality(f[y].op)
        || is_unsigned_inequality(f[x].op) && is_unsigned_inequality(f[y].op);
    let compared = |v: Value| Some(split_constant(f, v)?.0);
    same_kind && compared(x).is_some() && compared(x) == compared(y)
}

/// Reports whether `x op y` asks whether a value is, or is not, one of two constants that differ in one bit.
fn differ_in_one_bit(f: &Func, x: Value, y: Value, op: Op) -> bool {
    use Op::*;
    let joined_by = match f[x].op {
        Eq64 | Eq32 | Eq16 | Eq8 => OrB,
        Neq64 | Neq32 | Neq16 | Neq8 => AndB,
        _ => return false,
    };
    if f[x].op != f[y].op || op != joined_by {
        return false;
    }
    let (Some((v, c)), Some((w, d))) = (split_constant(f, x), split_constant(f, y)) else {
        return false;
    };
    v == w && (c ^ d).cast_unsigned().is_power_of_two()
}

/// Splits the arguments of a comparison into the operand that is compared with the first constant one, and that
/// constant.
fn split_constant(f: &Func, v: Value) -> Option<(Value, i64)> {
    let args = &f[v].args;
    let constant = args.iter().position(|&arg| f[arg].is_generic_int_const())?;
    Some((args[constant ^ 1], f[args[constant]].aux_int))
}

fn is_signed_inequality(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        Less64 | Less32 | Less16 | Less8 | Leq64 | Leq32 | Leq16 | Leq8
    )
}

fn is_unsigned_inequality(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        Less64U | Less32U | Less16U | Less8U | Leq64U | Leq32U | Leq16U | Leq8U
    )
}
