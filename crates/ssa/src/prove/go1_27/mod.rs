//! Go 1.27's way: a walk over the dominator tree carries limits of all values and orders between them, narrowed by
//! the branches passed and by the operations met. A branch whose facts contradict them is never taken. Operands
//! that can only be one number become constants, and operations are simplified, where they are met (gc: prove.go).

mod countdown;
pub(crate) mod facts;
mod flow;
mod induction;
pub(crate) mod limit;
mod order;
mod simplify;

use rustc_hash::FxHashMap;

use super::branch::{Branch, deciding_branch, deciding_entry, remove_branch, take_statement_mark};
use super::relation::{Domain, LE, LT, NUMBERS};
use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use facts::{Facts, const_delta};
use induction::{InductionVar, induction_vars};
use limit::Limit;

/// Removes branches that are never taken, turns loops that only count, and simplifies operations by what is known
/// of their operands.
///
/// Requires no dead values (they would be facts too). Leaves `First` blocks for deadcode, and the values of every
/// block sorted by dependence and number.
pub(crate) fn prove(f: &mut Func, _config: &Config) {
    let mut variables: FxHashMap<Block, Vec<InductionVar>> = FxHashMap::default();
    for var in induction_vars(f) {
        if countdown::only_counts(f, &var) {
            countdown::count_down(f, &var);
        } else {
            variables.entry(var.entry).or_default().push(var);
        }
    }
    let mut facts = Facts::new(f);
    let (idom, tree) = (f.idom(), f.sdom());
    let (mut scores, mut open) = (vec![0; f.num_values()], Vec::new());
    facts.checkpoint();
    let mut work = vec![(f.entry, Step::Enter)];
    while let Some((b, step)) = work.pop() {
        if step == Step::Leave {
            facts.restore();
            continue;
        }
        f.look_behind(b);
        facts.checkpoint();
        // The branch that leads here is looked at now: earlier steps may have removed it.
        let branch = idom[b].and_then(|parent| deciding_branch(f, &tree, parent, b));
        for var in variables.get(&b).into_iter().flatten() {
            add_induction_var(f, &mut facts, var);
        }
        if let Some((parent, branch)) = idom[b].zip(branch) {
            let control = f[parent].control.expect("an If block has a control");
            facts.learn(f, control, branch == Branch::True);
        } else if let Some(parent) = idom[b]
            && let Some(entry) = deciding_entry(f, &tree, parent, b)
        {
            add_table_entry(f, &mut facts, parent, entry as i64);
        }
        if facts.contradiction {
            // An entry of a jump table stays.
            match (idom[b], branch) {
                (Some(parent), Some(branch)) => remove_branch(f, parent, branch),
                (Some(parent), None) => take_statement_mark(f, parent),
                (None, _) => {}
            }
            facts.restore();
            continue;
        }
        sort_values(f, b, &mut scores, &mut open);
        // Constants made on the way are not looked at, nor are comparisons.
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            facts.flow(f, v);
            facts.fold_operands(f, v);
            facts.add_orders(f, v);
            facts.simplify(f, b, v);
        }
        facts.simplify_branch(f, &tree, b);
        work.push((b, Step::Leave));
        let children = std::iter::successors(tree.child(b), |&child| tree.sibling(child));
        work.extend(children.map(|child| (child, Step::Enter)));
    }
    facts.restore();
    facts.free(f);
}

/// What to do with a block of the dominator tree.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Add its facts and simplify it, then go on to its children.
    Enter,
    /// Forget its facts.
    Leave,
}

/// Adds the bounds of an induction variable.
fn add_induction_var(f: &Func, facts: &mut Facts, var: &InductionVar) {
    let both = facts.is_non_negative(var.min) && facts.is_non_negative(var.max);
    let domains = if both { NUMBERS } else { &[Domain::Signed] };
    let or_equal = |inclusive: bool| if inclusive { LE } else { LT };
    for &d in domains {
        facts.update(f, var.min, var.ind, d, or_equal(!var.min_exclusive));
    }
    for &d in domains {
        facts.update(f, var.ind, var.max, d, or_equal(var.max_inclusive));
    }
}

/// Adds that the jump table of `b` is entered at `index`. If the control is a value plus a constant, it is a limit of
/// that value.
fn add_table_entry(f: &Func, facts: &mut Facts, b: Block, index: i64) {
    let control = f[b].control.expect("a jump table has a control");
    let (value, number) = match const_delta(f, control) {
        Some((value, delta)) => (value, index.wrapping_sub(delta)),
        None => (control, index),
    };
    facts.narrow(f, value, Limit::constant(number, number as u64));
}

/// Sorts the values of `b` so that operands come first: by the length of the longest chain of operands in the block,
/// then by number. Phis come first of all. `scores` is a table by value, `work` an empty list.
fn sort_values(f: &mut Func, b: Block, scores: &mut Vec<u32>, work: &mut Vec<Value>) {
    scores.resize(f.num_values(), 0);
    let mut values = std::mem::take(&mut f[b].values);
    for &v in &values {
        scores[v.id()] = 0;
    }
    for &v in &values {
        work.push(v);
        while let Some(&v) = work.last() {
            let in_block = |&&arg: &&Value| f[arg].block.expand() == Some(b);
            let operands = match f[v].op {
                Op::Phi => &[][..],
                _ => &f[v].args[..],
            };
            let n_open = work.len();
            let open = operands.iter().filter(in_block);
            work.extend(open.filter(|arg| scores[arg.id()] == 0));
            if work.len() == n_open {
                let of_operands = operands.iter().filter(in_block);
                let longest = of_operands.map(|arg| scores[arg.id()]).max().unwrap_or(0);
                scores[v.id()] = match f[v].op {
                    Op::Phi => 1,
                    _ => 2.max(longest + 1),
                };
                work.pop();
            }
        }
    }
    values.sort_unstable_by_key(|&v| (scores[v.id()], v));
    f[b].values = values;
}
