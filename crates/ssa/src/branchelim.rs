//! Conditional moves in place of branches around little code (gc: branchelim.go).
//!
//! ```text
//! b            b
//! | \         / \
//! |  simple  yes no
//! | /         \ /
//! post        post
//! ```
//!
//! The phis of `post` become conditional selections, and all blocks become one. gc keeps branches whose
//! result decides the address of a load; in minigo's language no address depends on a value.

use minigo_base::IsStmt;

use crate::block::{BlockKind, Likely};
use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::numberlines::is_poor_statement_op;
use crate::op::{HAS_SIDE_EFFECTS, Op};

/// The greatest number of values that a conditional move may compute in vain.
const MAX_SPECULATED: usize = 2;
/// Cost in instructions below which both arms of a branch are worth computing.
const MAX_COST: usize = 2;

/// Replaces branches by conditional moves until nothing changes. Breaks cached analyses if it replaced any.
pub(crate) fn branchelim(f: &mut Func, _config: &Config) {
    let mut changed = true;
    while changed {
        changed = false;
        for index in 0..f.layout.len() {
            let b = f.layout[index];
            f.look_ahead(index);
            changed |= eliminate_if(f, b) || eliminate_if_else(f, b);
        }
    }
}

/// Reports whether all values of `b` can be computed when they are not needed: no memory, no effects, no faults,
/// and no phis.
pub(crate) fn can_execute_speculatively(f: &Func, b: Block) -> bool {
    let speculates_marks = f.profile.pass.speculates_inlined_calls;
    f[b].values.iter().all(|&v| {
        let data = &f[v];
        data.op != Op::Phi
            && !is_div_mod(data.op)
            && !data.ty.is_memory()
            && (f.memory_arg(v).is_none() || speculates_marks && data.op == Op::InlMark)
            && !data.op.has(HAS_SIDE_EFFECTS)
    })
}

fn is_div_mod(op: Op) -> bool {
    use Op::*;
    matches!(
        op,
        Div8 | Div8u
            | Div16
            | Div16u
            | Div32
            | Div32u
            | Div64
            | Div64u
            | Mod8
            | Mod8u
            | Mod16
            | Mod16u
            | Mod32
            | Mod32u
            | Mod64
            | Mod64u
    )
}

/// Reports whether `b` is plain with one predecessor.
fn is_leaf(f: &Func, b: Block) -> bool {
    f[b].kind == BlockKind::Plain && f[b].preds.len() == 1
}

/// Reports whether `b` branches and nothing is known about the direction; a predicted branch costs less than
/// computing both sides.
fn is_unpredicted_if(f: &Func, b: Block) -> bool {
    f[b].kind == BlockKind::If && f[b].likely == Likely::Unknown
}

/// Reports whether `post` joins two paths, neither through `b` itself, and has phis, all of them of a type that
/// can be moved on a condition: at least 16 and at most 64 bits.
fn can_select(f: &Func, b: Block, post: Block) -> bool {
    let mut phis = f[post].values.iter().filter(|&&v| f[v].op == Op::Phi);
    let selectable = |&v: &Value| {
        let ty = f[v].ty;
        ty.size() <= 8 && (ty.is_ptr() || ty.is_integer() && ty.size() >= 2)
    };
    f[post].preds.len() == 2 && post != b && phis.clone().next().is_some() && phis.all(selectable)
}

/// Turns the phis of `post` into selections by the control of `b`; `swap` if the first argument does not
/// belong to the true side.
fn select(f: &mut Func, b: Block, post: Block, swap: bool) {
    let control = f[b].control.expect("an If block has a control");
    for index in 0..f[post].values.len() {
        let v = f[post].values[index];
        if f[v].op == Op::Phi {
            f.set_op(v, Op::CondSelect);
            if swap {
                f.swap_args(v);
            }
            f.add_arg(v, control);
        }
    }
}

/// Makes `b` end as `post` does, with its edges.
fn take_over_end(f: &mut Func, b: Block, post: Block) {
    let kind = f[post].kind;
    match f[post].control {
        Some(control) => f.reset_block_with_control(b, kind, control),
        None => f.reset_block(b, kind),
    }
    f[b].succs = f[post].succs.clone();
    for edge in f[b].succs.clone() {
        f[edge.block].preds[edge.index as usize].block = b;
    }
}

/// Empties a block that another one has taken over.
fn clobber(f: &mut Func, b: Block) {
    f.reset_block(b, BlockKind::Invalid);
    f[b].preds.clear();
    f[b].succs.clear();
    f[b].likely = Likely::Unknown;
}

/// Replaces a branch around one simple block.
fn eliminate_if(f: &mut Func, b: Block) -> bool {
    if !is_unpredicted_if(f, b) {
        return false;
    }
    let arms = [f[b].succs[0].block, f[b].succs[1].block];
    let leads_to =
        |simple: Block, post: Block| is_leaf(f, simple) && f[simple].succs[0].block == post;
    let (simple, post) = match arms {
        [yes, no] if leads_to(yes, no) => (yes, no),
        [yes, no] if leads_to(no, yes) => (no, yes),
        _ => return false,
    };
    if !can_select(f, b, post)
        || f[simple].values.len() > MAX_SPECULATED
        || !can_execute_speculatively(f, simple)
    {
        return false;
    }
    let swap = (f[post].preds[0].block == b) != (f[b].succs[0].block == post);
    select(f, b, post, swap);
    take_over_end(f, b, post);
    move_statement_marks(f, b, simple, post);
    f.move_values(simple, b);
    f.move_values(post, b);
    clobber(f, post);
    clobber(f, simple);
    f.invalidate_cfg();
    true
}

/// Reports whether a value of `b` already carries a statement mark for the line of its jump.
fn has_marked_value(f: &Func, b: Block) -> bool {
    f[b].values
        .iter()
        .any(|&v| f[v].pos.is_stmt() == IsStmt::Yes && f[b].pos.same_file_and_line(f[v].pos))
}

/// Marks the first good value of `b` on the line of its jump. Returns whether there is one.
fn mark_value(f: &mut Func, b: Block) -> bool {
    let good = |&v: &Value| f[b].pos.same_file_and_line(f[v].pos) && !is_poor_statement_op(f[v].op);
    let Some(v) = f[b].values.iter().copied().find(good) else {
        return false;
    };
    f[v].pos = f[v].pos.with_is_stmt();
    true
}

/// Finds new places for the statement marks of the jumps of `simple` and `post`, which `b` is about to
/// absorb: a value on the line, else the jump of `b`, else its only successor.
fn move_statement_marks(f: &mut Func, b: Block, simple: Block, post: Block) {
    let (simple_pos, post_pos) = (f[simple].pos, f[post].pos);
    let one_line = simple_pos.same_file_and_line(post_pos);
    let mut post_lost = post_pos.is_stmt() == IsStmt::Yes;
    let mut simple_lost = simple_pos.is_stmt() == IsStmt::Yes;
    if simple_lost && has_marked_value(f, simple) {
        simple_lost = false;
        post_lost &= !one_line;
    }
    if post_lost {
        post_lost = !has_marked_value(f, post);
    }
    if simple_lost && mark_value(f, simple) {
        post_lost &= !one_line;
    }
    if post_lost {
        post_lost = !mark_value(f, post);
    }
    if !post_lost {
        return;
    }
    if f[b].pos.is_stmt() != IsStmt::Yes {
        f[b].pos = post_pos;
        return;
    }
    let [edge] = f[b].succs[..] else { return };
    let succ = edge.block;
    if f[succ].preds.len() != 1 {
        return;
    }
    let good = |&v: &Value| !is_poor_statement_op(f[v].op);
    if let Some(v) = f[succ].values.iter().copied().find(good) {
        if post_pos.same_file_and_line(f[v].pos) {
            f[v].pos = f[v].pos.with_is_stmt();
        }
    } else if f[succ].pos.is_stmt() != IsStmt::Yes {
        f[succ].pos = post_pos;
    }
}

/// Replaces a branch to two simple blocks.
fn eliminate_if_else(f: &mut Func, b: Block) -> bool {
    if !is_unpredicted_if(f, b) {
        return false;
    }
    let (yes, no) = (f[b].succs[0].block, f[b].succs[1].block);
    let is_simple =
        |b: Block| is_leaf(f, b) && f[b].values.len() <= 1 && can_execute_speculatively(f, b);
    if !is_simple(yes) || !is_simple(no) {
        return false;
    }
    let post = f[yes].succs[0].block;
    if post != f[no].succs[0].block
        || !can_select(f, b, post)
        || if_else_cost(f, yes, no, post) >= MAX_COST
    {
        return false;
    }
    let swap = f[post].preds[0].block != yes;
    select(f, b, post, swap);
    take_over_end(f, b, post);
    for from in [yes, no, post] {
        f.move_values(from, b);
    }
    for emptied in [yes, no, post] {
        clobber(f, emptied);
    }
    f.invalidate_cfg();
    true
}

/// Returns the number of conditional moves, and, if there are several, of operands from the arms: computing those may
/// destroy the flags, so that the condition is needed again.
fn if_else_cost(f: &Func, yes: Block, no: Block, post: Block) -> usize {
    let values = || f[post].values.iter();
    let n_phis = values().filter(|&&v| f[v].op == Op::Phi).count();
    let in_arms = |&&arg: &&Value| f[arg].block == yes.into() || f[arg].block == no.into();
    let n_args: usize = values()
        .map(|&v| f[v].args.iter().filter(in_arms).count())
        .sum();
    if n_phis > 1 { n_phis + n_args } else { n_phis }
}
