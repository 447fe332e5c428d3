//! Joining of basic blocks, whole runs of plain blocks at a time (gc: fuse.go).

use minigo_base::{IsStmt, Pos};

use crate::block::{BlockKind, Edge, Likely};
use crate::branchredirect::redirect_branches;
use crate::config::Config;
use crate::deadcode::remove_edge;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::fuse::{Way, empty_block, fuse};
use crate::fuse_comparisons::{fuse_range, fuse_single_bit_difference};
use crate::op::Op;
use crate::rewrite::is_removable;

/// Merges two comparisons with constants into one condition, and runs of plain blocks.
pub(crate) fn fuse_runs_early(f: &mut Func, _config: &Config) {
    fuse(
        f,
        &[fuse_range, fuse_single_bit_difference, fuse_plain_run],
        |_| false,
    );
}

/// Drops branches whose two ways are the same, merges runs of plain blocks, and redirects branches whose outcome
/// a predecessor has decided.
pub(crate) fn fuse_runs_late(f: &mut Func, _config: &Config) {
    fuse(f, &[fuse_shared_if, fuse_plain_run], redirect_branches);
}

/// Merges the run of plain blocks that `b` is in, each the only predecessor of the next, into the block behind it.
pub(crate) fn fuse_plain_run(f: &mut Func, b: Block) -> bool {
    if f[b].kind != BlockKind::Plain {
        return false;
    }
    let mut last = f[b].succs[0].block;
    if f[last].preds.len() != 1 || last == b {
        return false;
    }
    // A run can be a cycle.
    let mut first = b;
    while let [pred] = f[first].preds[..]
        && pred.block != last
        && f[pred.block].kind == BlockKind::Plain
    {
        first = pred.block;
    }
    while f[last].kind == BlockKind::Plain {
        let next = f[last].succs[0].block;
        if next == first || f[next].preds.len() != 1 {
            break;
        }
        last = next;
    }
    merge_run(f, first, last);
    true
}

/// Merges the blocks from `first` on into `last`.
fn merge_run(f: &mut Func, first: Block, last: Block) {
    let mut run = f.scratch.graph.blocks.list();
    let mut b = first;
    while b != last {
        run.push(b);
        let next = f[b].succs[0].block;
        if f[b].pos.is_stmt() == IsStmt::Yes {
            keep_statement(f, f[b].pos, next);
        }
        b = next;
    }
    let old = std::mem::take(&mut f[last].values);
    for &b in &run {
        f.move_values(b, last);
    }
    f[last].values.extend(old);
    f[last].preds = std::mem::take(&mut f[first].preds);
    for index in 0..f[last].preds.len() {
        let pred = f[last].preds[index];
        f[pred.block].succs[pred.index as usize] = Edge {
            block: last,
            index: index as u32,
        };
    }
    if f.entry == first {
        f.entry = last;
    }
    for &b in &run {
        empty_block(f, b);
    }
    f.scratch.graph.blocks.free(run);
}

/// Gives the statement mark of a jump at `pos` to the first value of the block `next` that can be a statement on its
/// line. If there is none and no value of a later line, the jump of `next` takes position and mark, unless it
/// has a mark for another line.
fn keep_statement(f: &mut Func, pos: Pos, next: Block) {
    let line = pos.line();
    let mut is_line_over = false;
    for index in 0..f[next].values.len() {
        let v = f[next].values[index];
        let at = f[v].pos;
        if at.is_stmt() == IsStmt::No {
            continue;
        }
        if at.line() == line {
            f[v].pos = at.with_is_stmt();
            return;
        }
        is_line_over |= line < at.line();
    }
    let at = f[next].pos;
    if line != 0 && !is_line_over && (at.line() == line || at.is_stmt() != IsStmt::Yes) {
        f[next].pos = pos.with_is_stmt();
    }
}

/// Makes an If block plain when both ways lead to one block, directly or through an empty block that may have other
/// predecessors, and the phis there don't tell them apart. It keeps the second way.
fn fuse_shared_if(f: &mut Func, b: Block) -> bool {
    if f[b].kind != BlockKind::If {
        return false;
    }
    let (mut yes, mut no) = [0, 1].map(|index| Way::new(f, b, index, true)).into();
    if yes.end.block != no.end.block {
        // One of two empty blocks may lead to the other.
        let (Some(s0), Some(s1)) = (yes.via, no.via) else {
            return false;
        };
        if s0 == no.end.block {
            yes = Way {
                via: None,
                end: Edge {
                    block: s0,
                    ..yes.end
                },
            };
        } else if yes.end.block == s1 {
            no = Way {
                via: None,
                end: Edge {
                    block: s1,
                    ..no.end
                },
            };
        } else {
            return false;
        }
    }
    let differs = |&v: &Value| {
        let data = &f[v];
        data.op == Op::Phi
            && data.uses > 0
            && data.args[yes.end.index as usize] != data.args[no.end.index as usize]
    };
    if f[yes.end.block].values.iter().any(differs) {
        return false;
    }
    remove_edge(f, b, 0);
    if let Some(s0) = yes.via
        && f[s0].preds.is_empty()
    {
        remove_edge(f, s0, 0);
        // What is left in it is dead.
        f.move_values(s0, b);
        empty_block(f, s0);
    }
    f[b].likely = Likely::Unknown;
    f.reset_block(b, BlockKind::Plain);
    invalidate_unused(f, b);
    true
}

/// Invalidates the values of `b` without uses, and those that they alone use, so that the blocks count as empty.
fn invalidate_unused(f: &mut Func, b: Block) {
    let unused = |f: &Func, v: Value| f[v].uses == 0 && is_removable(f, v);
    let mut work = f.scratch.values.list();
    work.extend(f[b].values.iter().filter(|&&v| unused(f, v)));
    while let Some(v) = work.pop() {
        if unused(f, v) {
            work.extend_from_slice(&f[v].args);
            f.reset(v, Op::Invalid);
        }
    }
    f.scratch.values.free(work);
}
