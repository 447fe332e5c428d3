//! Merging of two comparisons with constants, as in `1 <= x && x < 5`, into one condition, which later
//! rewriting makes one unsigned comparison (gc: fuse_comparisons.go).

use crate::block::{BlockKind, Likely};
use crate::branchelim::can_execute_speculatively;
use crate::deadcode::remove_edge;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;

/// Merges the condition of the only predecessor of `b` into that of `b` when both compare one value with
/// constants and share the true (`||`) or the false (`&&`) successor:
///
/// ```text
///   p            p
///   |\           |
///   | b    =>    b
///   |/ \        / \
///   s0 s1      s0 s1
/// ```
pub(crate) fn fuse_comparisons(f: &mut Func, b: Block) -> bool {
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
    if !compare_same_with_constants(f, second, first) {
        return false;
    }
    for (index, op) in [(0, Op::OrB), (1, Op::AndB)] {
        if f[p].succs[index].block != f[b].succs[index].block {
            continue;
        }
        if !can_execute_speculatively(f, b) {
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
    // The operand that is compared with the first constant one.
    let compared = |v: Value| {
        let args = &f[v].args;
        let constant = args.iter().position(|&arg| f[arg].is_generic_int_const())?;
        Some(args[constant ^ 1])
    };
    same_kind && compared(x).is_some() && compared(x) == compared(y)
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
