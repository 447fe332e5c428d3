//! Removal of blocks that only jump.

use minigo_base::IsStmt;

use crate::block::{BlockKind, Edge};
use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::numberlines::is_poor_statement_op;
use crate::op::Op;

/// Removes plain blocks that hold no code, or that are the only predecessor of their successor: their
/// predecessors jump to the successor, which takes over values and statement mark.
///
/// Requires final locations: phis of a removed block join those of its successor without moves.
/// Breaks nothing; runs last (gc: trim.go, trim).
pub(crate) fn trim(f: &mut Func, _config: &Config) {
    let blocks = std::mem::take(&mut f.layout);
    let mut kept = Vec::with_capacity(blocks.len());
    for &b in &blocks {
        if is_trimmable(f, b) {
            splice_out(f, b);
        } else {
            kept.push(b);
        }
    }
    if kept.len() < blocks.len() {
        f.invalidate_cfg();
    }
    f.layout = kept;
}

fn is_trimmable(f: &Func, b: Block) -> bool {
    if f[b].kind != BlockKind::Plain || b == f.entry {
        return false;
    }
    let succ = f[b].succs[0].block;
    let only_phis = || f[b].values.iter().all(|&v| f[v].op == Op::Phi);
    succ != b && (f[succ].preds.len() == 1 || only_phis())
}

/// Removes `b` from the graph and moves its values and predecessors to its successor.
fn splice_out(f: &mut Func, b: Block) {
    let Edge { block: succ, index } = f[b].succs[0];
    let index = index as usize;
    let n_preds = f[succ].preds.len();
    let preds = f[b].preds.clone();
    // The first predecessor takes the place of `b`, the others come last.
    for (n, &pred) in preds.iter().enumerate() {
        let at = if n == 0 { index } else { f[succ].preds.len() };
        if n == 0 {
            f[succ].preds[at] = pred;
        } else {
            f[succ].preds.push(pred);
        }
        f[pred.block].succs[pred.index as usize] = Edge {
            block: succ,
            index: at as u32,
        };
    }
    if f[b].pos.is_stmt() == IsStmt::Yes {
        move_statement_mark(f, b, succ);
    }
    if n_preds > 1 {
        for at in 0..f[succ].values.len() {
            let v = f[succ].values[at];
            if f[v].op == Op::Phi {
                merge_phi(f, v, index, b, preds.len());
            }
        }
        retain_used_phis(f, b, index, n_preds);
    }
    let mut values = std::mem::take(&mut f[b].values);
    for &v in &values {
        f[v].block = succ.into();
    }
    values.append(&mut f[succ].values);
    f[succ].values = values;
}

/// Marks the first real value of `succ`, or its jump, as the statement that began with `b`.
fn move_statement_mark(f: &mut Func, b: Block, succ: Block) {
    let pos = f[b].pos;
    let first = f[succ]
        .values
        .iter()
        .find(|&&v| !is_poor_statement_op(f[v].op));
    match first.copied() {
        Some(v) if f[v].pos.same_file_and_line(pos) => f[v].pos = f[v].pos.with_is_stmt(),
        Some(_) => {}
        None if f[succ].pos.same_file_and_line(pos) => f[succ].pos = f[succ].pos.with_is_stmt(),
        None => {}
    }
}

/// Replaces argument `index` of phi `v` of the successor by one for each former predecessor of `b`: the
/// arguments if it was a phi of `b`, else copies of itself.
fn merge_phi(f: &mut Func, v: Value, index: usize, b: Block, n_preds: usize) {
    let arg = f[v].args[index];
    if f[arg].block == b.into() {
        assert_eq!(f[arg].op, Op::Phi, "{arg} is in a block that holds no code");
        let args = f[arg].args.clone();
        f.set_arg(v, index, args[0]);
        f.add_args(v, &args[1..]);
    } else {
        for _ in 1..n_preds {
            f.add_arg(v, arg);
        }
    }
}

/// Drops the phis of `b` that became part of a phi of the successor. For others the successor's former
/// edges can only be loops back to it, on which the phi itself is the argument; there were `n_preds`
/// of them, number `index` being the one from `b`.
fn retain_used_phis(f: &mut Func, b: Block, index: usize, n_preds: usize) {
    let mut values = std::mem::take(&mut f[b].values);
    values.retain(|&v| {
        if f[v].op == Op::Phi && f[v].uses == 0 {
            f.reset_args(v);
            return false;
        }
        if f[v].op == Op::Phi {
            let args = f[v].args.clone();
            f.reset_args(v);
            for at in 0..n_preds {
                f.add_arg(v, if at == index { args[0] } else { v });
            }
            f.add_args(v, &args[1..]);
        }
        true
    });
    f[b].values = values;
}
