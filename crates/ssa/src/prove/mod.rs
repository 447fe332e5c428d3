//! Branches that earlier branches decide, and operations that need fewer precautions than in general.
//!
//! Each generation of gc proves in its own way; all of them walk over the dominator tree with facts about
//! values, and keep orders between values in a [`poset`].

mod branch;
pub(crate) mod go1_15;
pub(crate) mod go1_27;
mod poset;
mod relation;

use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;

/// Returns the value and the constant whose sum is `v`, a sum or else a difference, if one operand is a `constant`
/// (gc: prove.go, isConstDelta).
fn sum_parts(f: &Func, v: Value, constant: Op, is_sum: bool) -> Option<(Value, i64)> {
    let (a, b) = (f[v].args[0], f[v].args[1]);
    if is_sum && f[a].op == constant {
        Some((b, f[a].aux_int))
    } else if f[b].op == constant {
        let c = f[b].aux_int;
        if is_sum {
            return Some((a, c));
        }
        (c != c.wrapping_neg()).then_some((a, -c))
    } else {
        None
    }
}
