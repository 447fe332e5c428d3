//! The ways that lead from a block to the blocks that it dominates.

use minigo_base::IsStmt;

use crate::block::BlockKind;
use crate::dom::SparseTree;
use crate::entity::Block;
use crate::func::Func;

/// A successor of an If block.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Branch {
    True,
    False,
}

impl Branch {
    pub(super) const BOTH: [Branch; 2] = [Branch::True, Branch::False];

    pub(super) fn index(self) -> usize {
        match self {
            Branch::True => 0,
            Branch::False => 1,
        }
    }
}

/// Returns the branch of `p`, the immediate dominator of `b`, that all paths to `b` take.
pub(super) fn deciding_branch(f: &Func, tree: &SparseTree, p: Block, b: Block) -> Option<Branch> {
    if f[p].kind != BlockKind::If {
        return None;
    }
    match deciding_edge(f, tree, p, b)? {
        0 => Some(Branch::True),
        _ => Some(Branch::False),
    }
}

/// Returns the entry in the jump table of `p`, the immediate dominator of `b`, that all ways to `b` take.
pub(super) fn deciding_entry(f: &Func, tree: &SparseTree, p: Block, b: Block) -> Option<usize> {
    if f[p].kind != BlockKind::JumpTable {
        return None;
    }
    deciding_edge(f, tree, p, b)
}

/// Returns the first successor of `p` that only `p` leads to and that dominates `b`.
fn deciding_edge(f: &Func, tree: &SparseTree, p: Block, b: Block) -> Option<usize> {
    f[p].succs
        .iter()
        .position(|edge| tree.is_ancestor_eq(edge.block, b) && f[edge.block].preds.len() == 1)
}

/// Gives `b`, of which a way is never taken, the statement mark of its control on the same line.
pub(super) fn take_statement_mark(f: &mut Func, b: Block) {
    let pos = f[b].control.map(|control| f[control].pos);
    if pos.is_some_and(|pos| pos.is_stmt() == IsStmt::Yes && pos.same_file_and_line(f[b].pos)) {
        f[b].pos = f[b].pos.with_is_stmt();
    }
}

/// Makes `b` always take the other branch.
pub(super) fn remove_branch(f: &mut Func, b: Block, branch: Branch) {
    take_statement_mark(f, b);
    if let Some(op) = f[b].control.map(|control| f[control].op) {
        let verb = match branch {
            Branch::True => "Disproved",
            Branch::False => "Proved",
        };
        f.remark(f[b].pos, format_args!("{verb} {op}"));
    }
    f.reset_block(b, BlockKind::First);
    if branch == Branch::True {
        f.swap_successors(b);
    }
}
