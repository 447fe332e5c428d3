//! Control flow in place of booleans that a branch has just decided: `&&` and `||` (gc: shortcircuit.go).
//!
//! Construction makes `if a && b` a phi of `a` and `b` and a branch on the phi. This pass redirects the path on
//! which `a` is false to the false successor.

use minigo_base::Pos;
use smallvec::{SmallVec, smallvec};

use crate::block::{BlockKind, Edge};
use crate::config::Config;
use crate::deadcode::remove_phi_arg;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::fuse::{fuse, fuse_plain};
use crate::fuse_runs::fuse_plain_run;
use crate::op::Op;
use crate::phielim::phielim_value;
use crate::ty::Type;

/// Makes branches on phis of known booleans jumps, until nothing changes. Breaks cached analyses.
pub(crate) fn shortcircuit(f: &mut Func, _config: &Config) {
    make_known_args_constant(f);
    fuse(f, &[fuse_plain, shortcircuit_block], |_| false);
}

/// Makes branches on phis of known booleans jumps, like [`shortcircuit`], and merges runs of plain blocks.
pub(crate) fn shortcircuit_runs(f: &mut Func, _config: &Config) {
    make_known_args_constant(f);
    fuse(f, &[fuse_plain_run, shortcircuit_block], |_| false);
}

/// Makes every boolean phi argument that is the control of the predecessor it comes from a constant.
fn make_known_args_constant(f: &mut Func) {
    // By the index of the edge: true, false.
    let mut constants = [None; 2];
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        f.look_ahead(block_index);
        // New constants aren't phis.
        for value_index in 0..f[b].values.len() {
            let v = f[b].values[value_index];
            if f[v].op != Op::Phi || !f[v].ty.is_boolean() {
                continue;
            }
            for index in 0..f[v].args.len() {
                let pred = f[b].preds[index];
                let known = f[pred.block].kind == BlockKind::If
                    && f[pred.block].control == Some(f[v].args[index]);
                if known {
                    let edge = pred.index as usize;
                    let constant =
                        *constants[edge].get_or_insert_with(|| f.const_bool(Type::BOOL, edge == 0));
                    f.set_arg(v, index, constant);
                }
            }
        }
    }
}

/// A path into a branch on which its direction is known.
struct Known {
    /// The phi that decides.
    control: Value,
    /// Index of its constant argument, and of the predecessor that it belongs to.
    pred: usize,
    /// Index of the successor taken from there.
    taken: usize,
    /// Whether the block holds other phis, which must move.
    has_other_phis: bool,
}

/// Redirects a predecessor of an If block to the successor that it always leads to:
///
/// ```text
///   p   q        p   q
///    \ /         |  /
///     b     =>   | b
///    / \         |/ \
///   t   u        t   u
/// ```
fn shortcircuit_block(f: &mut Func, b: Block) -> bool {
    let Some(known) = Known::find(f, b) else {
        return false;
    };
    let (edge_in, edge_out) = (f[b].preds[known.pred], f[b].succs[known.taken]);
    let (p, t) = (edge_in.block, edge_out.block);
    if p == b || t == b {
        // An endless loop stays one.
        return false;
    }
    let plan = if known.has_other_phis {
        let Some(plan) = Plan::new(f, b, &known) else {
            return false;
        };
        Some(plan)
    } else {
        None
    };
    f.remove_pred(b, known.pred);
    remove_phi_arg(f, known.control, known.pred);
    f[p].succs[edge_in.index as usize] = Edge {
        block: t,
        index: f[t].preds.len() as u32,
    };
    f[t].preds.push(edge_in);
    for index in 0..f[t].values.len() {
        let v = f[t].values[index];
        if f[v].op == Op::Phi {
            let arg = f[v].args[edge_out.index as usize];
            f.add_arg(v, arg);
        }
    }
    if let Some(plan) = plan {
        plan.move_phis(f, b, known.control);
    }
    if f[b].preds.is_empty() {
        f[b].kind = BlockKind::Invalid;
    }
    phielim_value(f, known.control);
    true
}

impl Known {
    /// Looks for an If block that holds nothing but phis, one of which decides with a constant for some
    /// predecessor, and negations and copies of that one.
    fn find(f: &Func, b: Block) -> Option<Known> {
        if f[b].kind != BlockKind::If {
            return None;
        }
        let only_here = |v: Value| f[v].uses == 1 && f[v].block == b.into();
        let mut control = f[b].control?;
        let mut n_values = 1;
        let mut negated = false;
        while only_here(control) && matches!(f[control].op, Op::Copy | Op::Not) {
            negated ^= f[control].op == Op::Not;
            control = f[control].args[0];
            n_values += 1;
        }
        if f[control].op != Op::Phi || !only_here(control) {
            return None;
        }
        let is_phi = |&&v: &&Value| f[v].op == Op::Phi;
        let n_other = f[b].values.iter().filter(is_phi).count() - 1;
        if n_other > 0 && f[b].preds.len() != 2 || f[b].values.len() != n_values + n_other {
            return None;
        }
        // A phi of phis could not be moved in any order.
        let takes_phi = |&v: &Value| {
            let here = |arg: Value| arg != v && f[arg].op == Op::Phi && f[arg].block == b.into();
            f[v].args.iter().any(|&arg| here(arg))
        };
        if n_other > 0 && f[b].values.iter().filter(is_phi).any(takes_phi) {
            return None;
        }
        let is_constant = |&arg: &Value| f[arg].op == Op::ConstBool;
        let pred = f[control].args.iter().position(is_constant)?;
        let value = f[f[control].args[pred]].aux_int != 0;
        Some(Known {
            control,
            pred,
            taken: usize::from(value == negated),
            has_other_phis: n_other > 0,
        })
    }
}

/// The shapes of control flow after the branch in which the value of another phi is known everywhere.
enum Shape {
    /// Both successors are single and meet in a block that has no other predecessor.
    Meet {
        /// The block where they meet.
        at: Block,
        /// The blocks on the way from the other successor.
        arm: Arm,
    },
    /// The other successor is single and leads to the taken one, which has no third predecessor.
    OtherJoinsTaken {
        /// The blocks on the way.
        arm: Arm,
    },
    /// The taken successor is single and leads to the other one, which has no third predecessor.
    TakenJoinsOther,
    /// Both successors are single; the taken one returns.
    TakenExits,
    /// Both successors are single; the other one returns.
    OtherExits,
}

/// Blocks that are entered through the first of them only and lead to one block.
type Arm = SmallVec<[Block; 6]>;

/// Returns the blocks that `start` reaches without passing `end`, at most `max` of them; none if one has another
/// predecessor or none leads to `end` (gc: shortcircuit.go, flowsTo).
fn arm(f: &Func, start: Block, end: Block, max: usize) -> Option<Arm> {
    let mut arm = Arm::new();
    let mut reaches_end = false;
    let mut work: Arm = smallvec![start];
    while let Some(b) = work.pop() {
        if b == end {
            reaches_end = true;
        } else if !arm.contains(&b) {
            if arm.len() == max {
                return None;
            }
            arm.push(b);
            work.extend(f[b].succs.iter().map(|edge| edge.block));
        }
    }
    let is_closed = |&b: &Block| {
        let mut preds = f[b].preds.iter();
        b == start || preds.all(|edge| arm.contains(&edge.block))
    };
    let leaves = |&b: &Block| max == 1 && f[b].succs.len() != 1;
    (reaches_end && arm.iter().all(is_closed) && !arm.iter().any(leaves)).then_some(arm)
}

/// The way to move phis out of a block with two predecessors, one of which is about to be redirected.
struct Plan {
    shape: Shape,
    /// The successor that the redirected predecessor always takes.
    taken: Block,
    /// The other successor.
    other: Block,
    /// Index of the redirected predecessor.
    pred: usize,
}

impl Plan {
    /// Classifies control flow before the change; none if the phis can't be moved.
    fn new(f: &Func, b: Block, known: &Known) -> Option<Plan> {
        let taken = f[b].succs[known.taken].block;
        let other = f[b].succs[1 - known.taken].block;
        let n_preds = |b: Block| f[b].preds.len();
        let next = |b: Block| match f[b].succs[..] {
            [edge] => Some(edge.block),
            _ => None,
        };
        let exits = |b: Block| f[b].succs.is_empty();
        let max_arm = f.profile.pass.short_circuit_arm;
        let is_succ = |pred: &Edge| pred.block == taken || pred.block == other;
        if max_arm > 1 && f[b].preds.iter().any(is_succ) {
            return None;
        }
        let arm_to = |meet: Block| arm(f, other, meet, max_arm);
        let meeting = || {
            let at = next(taken).filter(|&meet| n_preds(meet) == 2)?;
            let arm = arm_to(at)?;
            Some(Shape::Meet { at, arm })
        };
        let joining = || {
            let arm = arm_to(taken)?;
            Some(Shape::OtherJoinsTaken { arm })
        };
        let shape = match (n_preds(taken), n_preds(other)) {
            (1, 1) => match meeting() {
                Some(shape) => shape,
                _ if exits(taken) => Shape::TakenExits,
                _ if exits(other) => Shape::OtherExits,
                _ => return None,
            },
            (2, 1) => joining()?,
            (1, 2) if next(taken) == Some(other) => Shape::TakenJoinsOther,
            _ => return None,
        };
        Some(Plan {
            shape,
            taken,
            other,
            pred: known.pred,
        })
    }

    /// Moves the phis of `b` apart from `control`, after the predecessor was redirected.
    fn move_phis(&self, f: &mut Func, b: Block, control: Value) {
        let mut index = 0;
        while index < f[b].values.len() {
            let phi = f[b].values[index];
            if f[phi].uses != 0 && phi != control && f[phi].op == Op::Phi {
                self.move_phi(f, phi, index);
                if f[phi].block != b.into() {
                    self.settle(f, phi);
                    // Another value is at this index now.
                    continue;
                }
            }
            index += 1;
        }
        // Phis without uses are left with too many arguments.
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            if f[v].uses == 0 {
                f.reset(v, Op::Invalid);
            }
        }
    }

    /// Replaces the uses of `phi`, at `index` in its block, in the successors, and moves it to where they
    /// meet or to the one that does not return.
    fn move_phi(&self, f: &mut Func, phi: Value, index: usize) {
        let (taken, other) = (self.taken, self.other);
        let (from_p, from_q) = (f[phi].args[self.pred], f[phi].args[1 - self.pred]);
        // In the taken block, the value is the one of q from b, the one of p from p.
        let in_taken = |f: &mut Func| {
            let (ty, pos): (Type, Pos) = (f[phi].ty, f[phi].pos);
            let joined = f.new_value(taken, pos, Op::Phi, ty, &[from_q, from_p]);
            replace_uses(f, taken, phi, joined);
            joined
        };
        match &self.shape {
            &Shape::Meet { at: meet, ref arm } => {
                for &b in arm {
                    replace_uses(f, b, phi, from_q);
                }
                let joined = in_taken(f);
                if f[phi].uses > 0 {
                    f.move_value(phi, meet, index);
                    let taken_is_first = f[meet].preds[0].block == taken;
                    let args = if taken_is_first {
                        [joined, from_q]
                    } else {
                        [from_q, joined]
                    };
                    f.set_args(phi, &args);
                }
            }
            Shape::OtherJoinsTaken { arm } => {
                for &b in arm {
                    replace_uses(f, b, phi, from_q);
                }
                f.move_value(phi, taken, index);
                f.set_args(phi, &[from_q, from_q, from_p]);
            }
            Shape::TakenJoinsOther => {
                let joined = in_taken(f);
                if f[phi].uses > 0 {
                    f.move_value(phi, other, index);
                    f.set_args(phi, &[from_q, joined]);
                }
            }
            Shape::TakenExits => {
                in_taken(f);
                if f[phi].uses > 0 {
                    f.move_value(phi, other, index);
                    f.set_args(phi, &[from_q]);
                }
            }
            Shape::OtherExits => {
                replace_uses(f, other, phi, from_q);
                f.move_value(phi, taken, index);
                f.set_args(phi, &[from_q, from_p]);
            }
        }
    }

    /// Fixes the phis that are now in one block with `phi`: it used to be evaluated before them, and is now
    /// evaluated with them.
    fn settle(&self, f: &mut Func, phi: Value) {
        let b = f[phi].block.expect("the phi was moved to a block");
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            if f[v].op != Op::Phi || v == phi {
                continue;
            }
            for arg_index in 0..f[v].args.len() {
                if f[v].args[arg_index] == phi {
                    let arg = f[phi].args[arg_index];
                    f.set_arg(v, arg_index, arg);
                }
            }
        }
        if f[phi].uses != 0 {
            phielim_value(f, phi);
        } else {
            f.reset(phi, Op::Invalid);
        }
    }
}

/// Replaces the uses of `old` by values of `b` and as its control.
fn replace_uses(f: &mut Func, b: Block, old: Value, new: Value) {
    for index in 0..f[b].values.len() {
        let v = f[b].values[index];
        for arg_index in 0..f[v].args.len() {
            if f[v].args[arg_index] == old {
                f.set_arg(v, arg_index, new);
            }
        }
    }
    if f[b].control == Some(old) {
        f.set_control(b, new);
    }
}
