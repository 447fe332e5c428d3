//! Go 1.15's way: a walk over the dominator tree carries the facts of the branches passed on the way. A branch
//! whose facts contradict them is never taken. On the way back, values are simplified by the limits known: shifts
//! by less than the width, divisions that can't overflow (gc: prove.go).

mod facts;
mod induction;

use rustc_hash::FxHashMap;

use super::branch::{Branch, deciding_branch, remove_branch};
use super::relation::{ANY, Domain, GE, GT, LE, LT, NUMBERS, comparison};
use crate::block::BlockKind;
use crate::config::Config;
use crate::dom::SparseTree;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use facts::{Facts, const_delta};
use induction::{InductionVar, induction_vars};

/// Removes branches that are never taken and marks shifts and divisions that need no fix-up.
///
/// Requires no dead values (they would be facts too). Leaves `First` blocks for deadcode.
pub(crate) fn prove(f: &mut Func, _config: &Config) {
    let mut facts = Facts::new(f);
    facts.checkpoint();
    let variables: FxHashMap<Block, InductionVar> = induction_vars(f)
        .into_iter()
        .map(|var| (var.entry, var))
        .collect();
    let (idom, tree) = (f.idom(), f.sdom());
    let mut work = vec![(f.entry, Step::Enter)];
    while let Some((b, step)) = work.pop() {
        match step {
            Step::Enter => {
                f.look_behind(b);
                facts.checkpoint();
                // The branch that leads here is looked at now: earlier steps may have removed it.
                let arrival = idom[b]
                    .and_then(|parent| Some((parent, deciding_branch(f, &tree, parent, b)?)));
                if let Some(var) = variables.get(&b) {
                    let parent = idom[b].expect("the body of a loop has a dominator");
                    add_induction_var(f, &mut facts, parent, var);
                }
                if let Some((parent, branch)) = arrival {
                    add_branch(f, &mut facts, parent, branch);
                    if facts.contradiction {
                        remove_branch(f, parent, branch);
                        facts.restore();
                        continue;
                    }
                }
                add_local_induction(f, &mut facts, b);
                work.push((b, Step::Leave));
                let children = std::iter::successors(tree.child(b), |&child| tree.sibling(child));
                work.extend(children.map(|child| (child, Step::Enter)));
            }
            Step::Leave => {
                f.look_at_waiting(&work);
                simplify_values(f, &mut facts, b);
                simplify_branch(f, &mut facts, &tree, b);
                facts.restore();
            }
        }
    }
    facts.restore();
    facts.free(f);
}

/// A step of the walk over the dominator tree.
#[derive(Clone, Copy)]
enum Step {
    /// Add its facts and go on to its children.
    Enter,
    /// Simplify it, after its children, and forget its facts.
    Leave,
}

/// Signed facts about two values that are not negative are unsigned facts too.
fn domains_of_signed(f: &Func, facts: &mut Facts, v: Value, w: Value) -> &'static [Domain] {
    if facts.is_non_negative(f, v) && facts.is_non_negative(f, w) {
        NUMBERS
    } else {
        &[Domain::Signed]
    }
}

/// Adds the facts that a branch of `b` implies.
fn add_branch(f: &mut Func, facts: &mut Facts, b: Block, branch: Branch) {
    let control = f[b].control.expect("an If block has a control");
    facts.add_condition(control, branch == Branch::True);
    let Some((mut domains, mut r)) = comparison(f[control].op) else {
        return;
    };
    let (v, w) = (f[control].args[0], f[control].args[1]);
    if domains == [Domain::Signed] {
        domains = domains_of_signed(f, facts, v, w);
    }
    if branch == Branch::False {
        r ^= ANY;
    }
    for &d in domains {
        facts.update(f, b, v, w, d, r);
    }
}

/// Adds the bounds of an induction variable.
fn add_induction_var(f: &mut Func, facts: &mut Facts, b: Block, var: &InductionVar) {
    let domains = domains_of_signed(f, facts, var.min, var.max);
    let or_equal = |inclusive: bool| if inclusive { LE } else { LT };
    for &d in domains {
        facts.update(f, b, var.min, var.ind, d, or_equal(!var.min_exclusive));
    }
    for &d in domains {
        facts.update(f, b, var.ind, var.max, d, or_equal(var.max_inclusive));
    }
}

/// Adds bounds of phis of `b` of the form `i1 = Phi(min, i2)` with `i2 = i1 + 1`, where the way back to
/// `b` is taken on `i2 < max`, and `min < max` is known: then `min <= i1 < max`.
fn add_local_induction(f: &mut Func, facts: &mut Facts, b: Block) {
    let [_, back] = f[b].preds[..] else {
        return;
    };
    // Facts can add constants, but no phis.
    for index in 0..f[b].values.len() {
        let i1 = f[b].values[index];
        if f[i1].op != Op::Phi {
            continue;
        }
        let (min, i2) = (f[i1].args[0], f[i1].args[1]);
        if const_delta(f, i2) != Some((i1, 1)) {
            continue;
        }
        let mut next = Some(back.block);
        while let Some(pred) = next {
            if let Some((max, d)) = upper_bound(f, pred, b, i2) {
                facts.checkpoint();
                facts.update(f, b, min, max, d, GE);
                let proved = facts.contradiction;
                facts.restore();
                if proved {
                    facts.update(f, b, min, i1, d, LE);
                    facts.update(f, b, i1, max, d, LT);
                }
            }
            next = match f[pred].preds[..] {
                [edge] => Some(edge.block),
                _ => None,
            };
        }
    }
}

/// Returns a bound that `v` is less than when `pred` branches to `b`, and the domain in which that holds.
fn upper_bound(f: &Func, pred: Block, b: Block, v: Value) -> Option<(Value, Domain)> {
    if f[pred].kind != BlockKind::If {
        return None;
    }
    let leads_to_b = |branch: Branch| f[pred].succs[branch.index()].block == b;
    let holds = match Branch::BOTH.map(leads_to_b) {
        [true, false] => true,
        [false, true] => false,
        _ => return None,
    };
    let control = f[pred].control?;
    let (domains, r) = comparison(f[control].op)?;
    let (left, right) = (f[control].args[0], f[control].args[1]);
    match if holds { r } else { r ^ ANY } {
        LT if left == v => Some((right, domains[0])),
        GT if right == v => Some((left, domains[0])),
        _ => None,
    }
}

/// Simplifies shifts and divisions of `b` by the limits of their operands.
fn simplify_values(f: &mut Func, facts: &mut Facts, b: Block) {
    for index in 0..f[b].values.len() {
        let v = f[b].values[index];
        let op = f[v].op;
        if (Op::Rsh8x8..=Op::Rsh64x64).contains(&op) && shifts_to_zero(f, facts, v) {
            let constant = match f[v].ty.size() {
                8 => Op::Const64,
                4 => Op::Const32,
                2 => Op::Const16,
                _ => Op::Const8,
            };
            f.remark(f[v].pos, format_args!("Proved {op} shifts to zero"));
            f.reset(v, constant);
        } else if (Op::Lsh8x8..=Op::Rsh64Ux64).contains(&op) {
            if is_bounded_shift(f, facts, v) {
                f[v].aux_int = 1;
                f.remark(f[v].pos, format_args!("Proved {op} bounded"));
            }
        } else if let Some(min) = most_negative_dividend(op)
            && needs_no_fix_up(f, facts, v, min)
        {
            f[v].aux_int = 1;
            f.remark(f[v].pos, format_args!("Proved {op} does not need fix-up"));
        }
    }
}

/// Reports whether a signed shift to the right moves all bits but the sign out of a value that is not negative.
fn shifts_to_zero(f: &Func, facts: &mut Facts, v: Value) -> bool {
    let bits = 8 * f[v].ty.size();
    let (value, by) = (f[v].args[0], f[v].args[1]);
    f[by].is_generic_int_const() && f[by].aux_int >= bits - 1 && facts.is_non_negative(f, value)
}

/// Reports whether a shift is by less than the width.
fn is_bounded_shift(f: &Func, facts: &mut Facts, v: Value) -> bool {
    let bits = 8 * f[f[v].args[0]].ty.size();
    let by = f[v].args[1];
    facts.limit(by).is_some_and(|limit| {
        limit.umax < bits as u64 || limit.max < bits && facts.is_non_negative(f, by)
    })
}

/// Returns the dividend whose quotient by -1 overflows, for the divisions that would fault then.
fn most_negative_dividend(op: Op) -> Option<i64> {
    match op {
        Op::Div16 | Op::Mod16 => Some(i64::from(i16::MIN)),
        Op::Div32 | Op::Mod32 => Some(i64::from(i32::MIN)),
        Op::Div64 | Op::Mod64 => Some(i64::MIN),
        _ => None,
    }
}

/// Reports whether the divisor is known not to be -1 or the dividend to be more than the most negative number.
fn needs_no_fix_up(f: &Func, facts: &Facts, v: Value, most_negative: i64) -> bool {
    let (dividend, divisor) = (f[v].args[0], f[v].args[1]);
    facts
        .limit(divisor)
        .is_some_and(|limit| limit.max < -1 || limit.min > -1)
        || facts
            .limit(dividend)
            .is_some_and(|limit| limit.min > most_negative)
}

/// Removes an outgoing branch of `b` to a block that has other predecessors if it is never taken. Branches
/// to blocks of their own were looked at when those were entered.
fn simplify_branch(f: &mut Func, facts: &mut Facts, tree: &SparseTree, b: Block) {
    if f[b].kind != BlockKind::If {
        return;
    }
    for branch in Branch::BOTH {
        let succ = f[b].succs[branch.index()].block;
        if deciding_branch(f, tree, b, succ).is_some() {
            continue;
        }
        facts.checkpoint();
        add_branch(f, facts, b, branch);
        let never_taken = facts.contradiction;
        facts.restore();
        if never_taken {
            remove_branch(f, b, branch);
            return;
        }
    }
}
