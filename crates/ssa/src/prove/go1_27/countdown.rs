//! Loops that only count their rounds, turned to count down (gc: downward_counting_loop.go).

use super::induction::InductionVar;
use super::limit::add_signed;
use crate::func::Func;
use crate::op::Op;

/// Reports whether a variable is used for nothing but counting: by the comparison and by its own next value.
pub(super) fn only_counts(f: &Func, var: &InductionVar) -> bool {
    f[var.ind].uses == 2 && f[var.next].uses == 1
}

/// Makes a variable that only counts start at the bound and end at its start, so that a register holds the number of
/// rounds left instead of the variable and its bound. Does nothing if the start isn't constant, the bound is, or
/// the bound changes in the loop.
///
/// Requires that the variable [only counts](only_counts).
pub(super) fn count_down(f: &mut Func, var: &InductionVar) {
    let (start, end) = (var.min, var.max);
    if !f[start].is_generic_int_const() || f[end].is_generic_int_const() {
        return;
    }
    let of_end = f[end].block.expect("an argument is listed");
    let of_phi = f[var.ind].block.expect("an argument is listed");
    if of_end == of_phi {
        return;
    }
    // The last number may be as much as a step beyond the start, which must be one of the type's.
    let beyond = -var.step + i64::from(var.min_exclusive);
    let bits = 8 * f[start].ty.size() as u32;
    if add_signed(f[start].aux_int, beyond, bits).is_none() {
        return;
    }
    let header = f[var.entry].preds[0].block;
    let check = f[header].control.expect("an If block has a control");
    let end_at = f[check].args.iter().position(|&arg| arg == end);
    let start_at = f[var.ind].args.iter().position(|&arg| arg == start);
    let (Some(end_at), Some(start_at)) = (end_at, start_at) else {
        return;
    };
    if !f.sdom().is_ancestor_eq(of_end, of_phi) {
        return;
    }
    f.set_arg(check, end_at, start);
    f.set_arg(var.ind, start_at, end);
    f.swap_args(check);
    if f[var.next].args[0] != var.ind {
        f.swap_args(var.next);
    }
    let subtraction = match f[var.next].op {
        Op::Add8 => Op::Sub8,
        Op::Add16 => Op::Sub16,
        Op::Add32 => Op::Sub32,
        _ => Op::Sub64,
    };
    f.set_op(var.next, subtraction);
    f.remark(f[var.ind].pos, format_args!("Inverted loop iteration"));
}
