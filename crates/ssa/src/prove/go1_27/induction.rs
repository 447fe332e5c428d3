//! Induction variables: phis that a loop counts up or down to a bound (gc: loopbce.go).

use std::ops::RangeInclusive;

use crate::block::{BlockKind, Edge};
use crate::dom::SparseTree;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;

/// A variable whose bounds are known in all blocks that `entry` dominates.
#[derive(Clone, Copy, Debug)]
pub(super) struct InductionVar {
    /// The phi.
    pub ind: Value,
    /// The sum that is the phi's next value.
    pub next: Value,
    /// The lower bound.
    pub min: Value,
    /// The upper bound.
    pub max: Value,
    /// The block that is entered if the bound is not reached.
    pub entry: Block,
    /// The distance from one value to the next, greater than 0.
    pub step: i64,
    /// Whether the lower bound itself is not reached.
    pub min_exclusive: bool,
    /// Whether the upper bound itself can be reached.
    pub max_inclusive: bool,
}

/// Returns the induction variables of loops of this form, by blocks in layout order; signed, of any width. Between
/// the comparison and the body there may be more of them.
///
/// ```text
/// loop:  ind = Phi start next
///        if ind < bound (or ≤) then entry else exit
/// entry: …
///        next = ind + constant
///        goto loop
/// ```
///
/// The last value before a constant bound replaces it, which may make a constant.
pub(super) fn induction_vars(f: &mut Func) -> Vec<InductionVar> {
    let tree = f.sdom();
    let mut vars = Vec::new();
    for index in 0..f.layout.len() {
        let b = f.layout[index];
        let (BlockKind::If, Some(control)) = (f[b].kind, f[b].control) else {
            continue;
        };
        let inclusive = match f[control].op {
            Op::Leq64 | Op::Leq32 | Op::Leq16 | Op::Leq8 => true,
            Op::Less64 | Op::Less32 | Op::Less16 | Op::Less8 => false,
            _ => continue,
        };
        for ind_is_less in [true, false] {
            let (mut ind, mut bound) = (f[control].args[0], f[control].args[1]);
            if !ind_is_less {
                std::mem::swap(&mut ind, &mut bound);
            }
            let Some(count) = Count::of(f, ind) else {
                continue;
            };
            let comparison = Comparison {
                block: b,
                ind,
                bound,
                ind_is_less,
                inclusive,
            };
            if let Some(var) = comparison.induction_var(f, &tree, &count) {
                explain(f, b, &var);
                vars.push(var);
            }
        }
    }
    vars
}

/// The parts of a phi that counts.
struct Count {
    start: Value,
    step: Value,
    next: Value,
    /// The edge by which the phi gets its next value.
    back: Edge,
}

impl Count {
    /// Returns the parts of `ind` if it is a phi of a start value and itself plus a step.
    fn of(f: &Func, ind: Value) -> Option<Count> {
        let [first, second] = f[ind].args[..] else {
            return None;
        };
        if f[ind].op != Op::Phi {
            return None;
        }
        let block = f[ind].block.expect("an argument is listed");
        let orders = [(first, second, 0), (second, first, 1)];
        orders.into_iter().find_map(|(next, start, index)| {
            if !matches!(f[next].op, Op::Add64 | Op::Add32 | Op::Add16 | Op::Add8) {
                return None;
            }
            let ind_at = f[next].args.iter().position(|&arg| arg == ind)?;
            Some(Count {
                start,
                step: f[next].args[1 - ind_at],
                next,
                back: f[block].preds[index],
            })
        })
    }
}

/// A comparison of a phi with a bound, at the end of a block.
struct Comparison {
    block: Block,
    ind: Value,
    bound: Value,
    /// The phi is on the left: true if it is less than the bound.
    ind_is_less: bool,
    /// True if both are equal.
    inclusive: bool,
}

impl Comparison {
    /// Returns the induction variable if the comparison decides how far it counts.
    fn induction_var(
        mut self,
        f: &mut Func,
        tree: &SparseTree,
        count: &Count,
    ) -> Option<InductionVar> {
        if !f[count.step].is_generic_int_const() {
            return None;
        }
        let step = f[count.step].aux_int;
        if step == 0 || step == *range(f, self.ind).start() {
            return None;
        }
        let succs = [0, 1].map(|index| f[self.block].succs[index].block);
        let entry = if tree.is_ancestor_eq(succs[0], count.back.block) {
            succs[0]
        } else if tree.is_ancestor_eq(succs[1], count.back.block) {
            // The loop goes on when the comparison is false.
            self.ind_is_less = !self.ind_is_less;
            self.inclusive = !self.inclusive;
            succs[1]
        } else {
            return None;
        };
        if (step > 0) != self.ind_is_less {
            return None;
        }
        // The body is entered through the comparison only, and counting happens in the body.
        let next_block = f[count.next].block.expect("an argument is listed");
        if f[entry].preds.len() != 1 || !tree.is_ancestor_eq(entry, next_block) {
            return None;
        }
        let is_bounded = if step > 0 {
            self.stays_below(f, count.start, step)
        } else {
            self.stays_above(f, count.start, step.wrapping_neg())
        };
        if !is_bounded {
            return None;
        }
        let (min, max) = if step > 0 {
            (count.start, self.bound)
        } else {
            (self.bound, count.start)
        };
        Some(InductionVar {
            ind: self.ind,
            next: count.next,
            min,
            max,
            entry,
            step: step.wrapping_abs(),
            min_exclusive: step < 0 && !self.inclusive,
            max_inclusive: step < 0 || self.inclusive,
        })
    }

    /// Reports whether counting up from `start` ends without overflow. (gc's other cases are about lengths of
    /// slices and strings.)
    fn stays_below(&mut self, f: &mut Func, start: Value, step: i64) -> bool {
        if !f[self.bound].is_generic_int_const() {
            return step == 1 && !self.inclusive;
        }
        let bound = f[self.bound].aux_int;
        let mut last = bound;
        if !self.inclusive {
            if bound == *range(f, self.bound).start() {
                return false;
            }
            last -= 1;
        }
        if f[start].is_generic_int_const() {
            let start = f[start].aux_int;
            if start > last {
                return false;
            }
            let distance = last.wrapping_sub(start) as u64;
            let whole_steps = distance - distance % step as u64;
            last = start.wrapping_add(whole_steps as i64);
        }
        if last > *range(f, self.ind).end() - step {
            return false;
        }
        if last + i64::from(!self.inclusive) != bound {
            self.bound = f.const_int(f[self.bound].ty, last);
            self.inclusive = true;
        }
        true
    }

    /// Reports whether counting down from `start` ends without overflow.
    fn stays_above(&mut self, f: &mut Func, start: Value, step: i64) -> bool {
        if !f[self.bound].is_generic_int_const() {
            return step == 1 && !self.inclusive;
        }
        let bound = f[self.bound].aux_int;
        let mut last = bound;
        if !self.inclusive {
            if bound == *range(f, self.bound).end() {
                return false;
            }
            last += 1;
        }
        if f[start].is_generic_int_const() {
            let start = f[start].aux_int;
            if start < last {
                return false;
            }
            let distance = start.wrapping_sub(last) as u64;
            let whole_steps = distance - distance % step as u64;
            last = start.wrapping_sub(whole_steps as i64);
        }
        if last < *range(f, self.ind).start() + step {
            return false;
        }
        if last - i64::from(!self.inclusive) != bound {
            self.bound = f.const_int(f[self.bound].ty, last);
            self.inclusive = true;
        }
        true
    }
}

/// Returns the numbers of the value's type, signed.
fn range(f: &Func, v: Value) -> RangeInclusive<i64> {
    let unused = 64 - 8 * f[v].ty.size();
    i64::MIN >> unused..=i64::MAX >> unused
}

/// Reports an induction variable that the branch of `b` bounds.
fn explain(f: &mut Func, b: Block, var: &InductionVar) {
    let limit = |v: Value| match f[v].is_generic_int_const() {
        true => f[v].aux_int.to_string(),
        false => "?".to_owned(),
    };
    let (min, max) = (limit(var.min), limit(var.max));
    let open = if var.min_exclusive { '(' } else { '[' };
    let close = if var.max_inclusive { ']' } else { ')' };
    let step = var.step;
    f.remark(
        f[b].pos,
        format_args!("Induction variable: limits {open}{min},{max}{close}, increment {step}"),
    );
}
