//! Joining of basic blocks.
//!
//! One driver walks the blocks from last to first until nothing changes, and tries the simplifications
//! that the running pass asks for on each (gc: fuse.go). Emptied blocks stay in the layout as invalid ones
//! until the next deadcode.

use minigo_base::IsStmt;

use crate::block::{BlockKind, Edge, Likely};
use crate::config::Config;
use crate::deadcode::remove_edge;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::fuse_comparisons::fuse_range;
use crate::op::{HAS_SIDE_EFFECTS, Op};

/// One simplification of a block. Returns whether it changed the function.
pub(crate) type Simplification = fn(&mut Func, Block) -> bool;

/// Merges range checks into one condition, and blocks with their only successor.
pub(crate) fn fuse_early(f: &mut Func, _config: &Config) {
    fuse(f, &[fuse_range, fuse_plain], |_| false);
}

/// Drops branches whose two sides are the same, and merges blocks with their only successor.
pub(crate) fn fuse_late(f: &mut Func, _config: &Config) {
    fuse(f, &[fuse_if, fuse_plain], |_| false);
}

/// Applies the simplifications to every block, and then `and_finally` to the function, until nothing changes.
pub(crate) fn fuse(
    f: &mut Func,
    simplifications: &[Simplification],
    and_finally: fn(&mut Func) -> bool,
) {
    loop {
        let mut changed = false;
        for index in (0..f.layout.len()).rev() {
            let b = f.layout[index];
            f.look_back_along(&f.layout, index);
            for simplify in simplifications {
                changed |= simplify(f, b);
            }
        }
        changed |= and_finally(f);
        if !changed {
            return;
        }
        f.invalidate_cfg();
    }
}

/// A way out of an If block.
pub(crate) struct Way {
    /// The empty plain block on the way; none if the edge is direct.
    pub(crate) via: Option<Block>,
    /// The edge into the block where it leads.
    pub(crate) end: Edge,
}

impl Way {
    /// Returns the way that begins with successor `index` of `b`. The empty block may have other predecessors if it
    /// `may_be_shared`.
    pub(crate) fn new(f: &Func, b: Block, index: usize, may_be_shared: bool) -> Way {
        let edge = f[b].succs[index];
        let next = &f[edge.block];
        let is_own = may_be_shared || next.preds.len() == 1;
        if next.kind == BlockKind::Plain && is_own && is_empty(f, edge.block) {
            Way {
                via: Some(edge.block),
                end: next.succs[0],
            }
        } else {
            Way {
                via: None,
                end: edge,
            }
        }
    }
}

/// Makes an If block plain when both sides lead to one block, directly or through empty blocks, whose phis
/// don't distinguish them.
///
/// ```text
///   b        b        b      b
///  / \      | \      / |    | |
/// s0  s1    |  s1   s0 |    | |
///  \ /      | /      \ |    | |
///   ss      ss        ss     ss
/// ```
fn fuse_if(f: &mut Func, b: Block) -> bool {
    if f[b].kind != BlockKind::If {
        return false;
    }
    let (yes, no) = [0, 1].map(|index| Way::new(f, b, index, false)).into();
    let end = yes.end.block;
    if end != no.end.block {
        return false;
    }
    let differs = |&v: &Value| {
        let data = &f[v];
        data.op == Op::Phi
            && data.uses > 0
            && data.args[yes.end.index as usize] != data.args[no.end.index as usize]
    };
    if f[end].values.iter().any(differs) {
        return false;
    }
    match (yes.via, no.via) {
        (Some(_), Some(s1)) => {
            // The first path only loses its block: its phi arguments now belong to b.
            f[b].succs[0] = yes.end;
            f[end].preds[yes.end.index as usize] = Edge { block: b, index: 0 };
            remove_edge(f, b, 1);
            remove_edge(f, s1, 0);
        }
        (Some(s0), None) => {
            remove_edge(f, b, 0);
            remove_edge(f, s0, 0);
        }
        (None, Some(s1)) => {
            remove_edge(f, b, 1);
            remove_edge(f, s1, 0);
        }
        (None, None) => remove_edge(f, b, 1),
    }
    f.reset_block(b, BlockKind::Plain);
    f[b].likely = Likely::Unknown;
    for via in [yes.via, no.via].into_iter().flatten() {
        // The values left in it are dead.
        f.move_values(via, b);
        empty_block(f, via);
    }
    true
}

/// Reports whether `b` holds nothing that is used or has an effect.
pub(crate) fn is_empty(f: &Func, b: Block) -> bool {
    f[b].values.iter().all(|&v| {
        let data = &f[v];
        data.uses == 0 && !data.op.is_call() && !data.op.has(HAS_SIDE_EFFECTS) && !data.ty.is_void()
    })
}

/// Merges a plain block into its successor if that has no other predecessor. The successor survives.
pub(crate) fn fuse_plain(f: &mut Func, b: Block) -> bool {
    if f[b].kind != BlockKind::Plain {
        return false;
    }
    let c = f[b].succs[0].block;
    if f[c].preds.len() != 1 {
        return false;
    }
    if f[b].pos.is_stmt() == IsStmt::Yes {
        move_statement_mark(f, b, c);
    }
    let old = std::mem::take(&mut f[c].values);
    f.move_values(b, c);
    f[c].values.extend(old);
    f[c].preds = std::mem::take(&mut f[b].preds);
    for index in 0..f[c].preds.len() {
        let pred = f[c].preds[index];
        f[pred.block].succs[pred.index as usize] = Edge {
            block: c,
            index: index as u32,
        };
    }
    if f.entry == b {
        f.entry = c;
    }
    empty_block(f, b);
    true
}

/// Moves the statement mark of the jump of `b` to the first value of `c` that can be a statement on its
/// line, or else to the jump of `c` if that is on its line.
fn move_statement_mark(f: &mut Func, b: Block, c: Block) {
    let line = f[b].pos.line();
    let takes = |&v: &Value| f[v].pos.is_stmt() != IsStmt::No && f[v].pos.line() == line;
    if let Some(v) = f[c].values.iter().copied().find(takes) {
        f[v].pos = f[v].pos.with_is_stmt();
    } else if line != 0 && f[c].pos.line() == line {
        f[c].pos = f[c].pos.with_is_stmt();
    }
}

/// Makes `b` an invalid block without edges and values. The caller has redirected its edges. Only a block
/// that is its own single predecessor still has values here; they are lost, not freed, as in gc.
pub(crate) fn empty_block(f: &mut Func, b: Block) {
    f[b].kind = BlockKind::Invalid;
    f[b].values.clear();
    f[b].preds.clear();
    f[b].succs.clear();
}
