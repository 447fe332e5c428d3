//! Induction variables: phis that a loop counts up or down to a bound (gc: loopbce.go).

use crate::block::BlockKind;
use crate::dom::SparseTree;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;

/// A variable whose bounds are known in all blocks that `entry` dominates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct InductionVar {
    /// The phi.
    pub ind: Value,
    /// The lower bound.
    pub min: Value,
    /// The upper bound.
    pub max: Value,
    /// The first block of the loop's body.
    pub entry: Block,
    /// Whether the lower bound itself is not reached.
    pub min_exclusive: bool,
    /// Whether the upper bound itself can be reached.
    pub max_inclusive: bool,
    /// The block of the comparison.
    header: Block,
    /// The number that is added or subtracted each time.
    step: i64,
}

/// Returns the induction variables of loops of this form, in layout order; 64-bit signed ones only, as in gc.
///
/// ```text
/// loop:  ind = Phi min next
///        if ind < max (or ≤) then entry else exit
/// entry: …
///        next = ind + constant
///        goto loop
/// ```
pub(crate) fn induction_vars(f: &mut Func) -> Vec<InductionVar> {
    let tree = f.sdom();
    let blocks = f.layout.iter();
    let vars: Vec<InductionVar> = blocks.filter_map(|&b| induction_var(f, b, &tree)).collect();
    for var in &vars {
        let limit = |v: Value| match f[v].is_generic_int_const() {
            true => f[v].aux_int.to_string(),
            false => "?".to_owned(),
        };
        let (min, max) = (limit(var.min), limit(var.max));
        let open = if var.min_exclusive { '(' } else { '[' };
        let close = if var.max_inclusive { ']' } else { ')' };
        f.remark(
            f[var.header].pos,
            format_args!(
                "Induction variable: limits {open}{min},{max}{close}, increment {}",
                var.step
            ),
        );
    }
    vars
}

/// The parts of a phi that counts.
struct Count {
    start: Value,
    step: Value,
    next: Value,
}

impl Count {
    /// Returns the parts of `ind` if it is a phi of a start value and itself plus a step.
    fn of(f: &Func, ind: Value) -> Option<Count> {
        if f[ind].op != Op::Phi || f[ind].args.len() < 2 {
            return None;
        }
        [(0, 1), (1, 0)].into_iter().find_map(|(at, other)| {
            let next = f[ind].args[at];
            if f[next].op != Op::Add64 {
                return None;
            }
            let ind_at = f[next].args.iter().position(|&arg| arg == ind)?;
            Some(Count {
                start: f[ind].args[other],
                step: f[next].args[1 - ind_at],
                next,
            })
        })
    }
}

/// Returns the induction variable that the branch of `b` compares with its bound.
fn induction_var(f: &Func, b: Block, tree: &SparseTree) -> Option<InductionVar> {
    if f[b].kind != BlockKind::If || f[b].preds.len() != 2 {
        return None;
    }
    let control = f[b].control?;
    let inclusive = match f[control].op {
        Op::Leq64 => true,
        Op::Less64 => false,
        _ => return None,
    };
    let (low, high) = (f[control].args[0], f[control].args[1]);
    // A variable that grows is on the low side of the comparison.
    let (ind, bound, count, grows) = match Count::of(f, low) {
        Some(count) => (low, high, count, true),
        None => (high, low, Count::of(f, high)?, false),
    };
    if f[count.step].op != Op::Const64 {
        return None;
    }
    let step = f[count.step].aux_int;
    if step == 0 || (step > 0) != grows {
        return None;
    }
    // The body is entered through the comparison only, and counting happens in the body.
    let entry = f[b].succs[0].block;
    let next_block = f[count.next].block.expect("an argument is in a block");
    if f[entry].preds.len() != 1 || !tree.is_ancestor_eq(entry, next_block) {
        return None;
    }
    let (min, max) = if grows {
        (count.start, bound)
    } else {
        (bound, count.start)
    };
    if step.wrapping_abs() > 1 && !cannot_overflow(f, min, max, step.wrapping_abs()) {
        return None;
    }
    Some(InductionVar {
        ind,
        min,
        max,
        entry,
        min_exclusive: !grows && !inclusive,
        max_inclusive: !grows || inclusive,
        header: b,
        step: step.wrapping_abs(),
    })
}

/// Reports whether counting from one bound to the other in steps greater than one stays between them: with
/// constant bounds a multiple of the step apart. (gc's other cases are about lengths of slices.)
fn cannot_overflow(f: &Func, min: Value, max: Value, step: i64) -> bool {
    let constant = |v: Value| (f[v].op == Op::Const64).then_some(f[v].aux_int);
    match (constant(min), constant(max)) {
        (Some(min), Some(max)) => max > min && max % step == min % step,
        _ => false,
    }
}
