//! Statement marks: which values and jumps begin a statement for a debugger.
//!
//! Blocks are visited in reverse postorder; a value is marked when its line differs from the line
//! before it, in the block or at the end of any predecessor. The marks are part of positions, which
//! scheduling compares, so they decide the order of instructions too (gc: numberlines.go).

use cranelift_entity::SecondaryMap;
use minigo_base::{IsStmt, Pos};

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;

/// Reports whether values of an operation tend to vanish, so that a mark on them would be lost.
pub(crate) fn is_poor_statement_op(op: Op) -> bool {
    matches!(
        op,
        Op::Addr
            | Op::LocalAddr
            | Op::OffPtr
            | Op::Phi
            | Op::ITab
            | Op::IData
            | Op::IMake
            | Op::StringMake
            | Op::SliceMake
            | Op::ConstBool
            | Op::Const8
            | Op::Const16
            | Op::Const32
            | Op::Const64
            | Op::SP
            | Op::SB
            | Op::ArgIntReg
    )
}

/// Returns the index, at least `index`, of the value of block `b` that should carry the statement mark of value
/// number `index`: the first good one of the same line, before another line begins.
pub(crate) fn next_good_statement_index(f: &Func, b: Block, index: usize) -> usize {
    let values = &f[b].values;
    let v = &f[values[index]];
    if index + 1 >= values.len() || !is_poor_statement_op(v.op) {
        return index;
    }
    for (at, &next) in values.iter().enumerate().skip(index + 1) {
        let next = &f[next];
        if next.pos.is_stmt() == IsStmt::No {
            continue;
        }
        if !next.pos.same_file_and_line(v.pos) {
            return index;
        }
        if !is_poor_statement_op(next.op) {
            return at;
        }
    }
    index
}

/// Marks the values and blocks that begin statements.
///
/// Requires values in the order of construction.
pub(crate) fn number_lines(f: &mut Func, _config: &Config) {
    // The position at the end of every block already visited; unknown for the others.
    let mut ends: SecondaryMap<Block, Pos> = SecondaryMap::new();
    ends.resize(f.num_blocks());
    let order = f.postorder();
    for (at, &b) in order.iter().enumerate().rev() {
        f.look_back_along(&order, at);
        ends[b] = match first_statement(f, b) {
            Some(first) => number_block(f, b, first, &ends),
            None => number_empty_block(f, b, &ends),
        };
    }
}

/// Returns the index of the first value of `b` that can begin a statement.
fn first_statement(f: &Func, b: Block) -> Option<usize> {
    let may_begin = |&v: &Value| f[v].pos.is_stmt() != IsStmt::No;
    let index = f[b].values.iter().position(may_begin)?;
    Some(next_good_statement_index(f, b, index))
}

/// Marks a block whose values begin no statement. Returns the position at its end.
fn number_empty_block(f: &mut Func, b: Block, ends: &SecondaryMap<Block, Pos>) -> Pos {
    // The line at the end of all predecessors, unknown when they differ.
    let mut line = Pos::NONE;
    for pred in &f[b].preds {
        let end = ends[pred.block];
        if !end.same_file_and_line(line) {
            if line != Pos::NONE {
                line = Pos::NONE;
                break;
            }
            line = end;
        }
    }
    let pos = f[b].pos;
    f[b].pos = if pos.is_stmt() == IsStmt::No {
        line
    } else if line == Pos::NONE || !line.same_file_and_line(pos) {
        pos.with_is_stmt()
    } else {
        pos
    };
    f[b].pos
}

/// Marks the values of a block from the first one that can begin a statement, and its jump. Returns the
/// position at its end.
fn number_block(f: &mut Func, b: Block, first: usize, ends: &SecondaryMap<Block, Pos>) -> Pos {
    let v = f[b].values[first];
    let mut last = f[v].pos;
    let starts = f[b].preds.is_empty()
        || f[b]
            .preds
            .iter()
            .any(|pred| !ends[pred.block].same_file_and_line(last));
    f[v].pos = if starts {
        last.with_is_stmt()
    } else {
        last.with_default_stmt()
    };
    let mut index = first + 1;
    while index < f[b].values.len() {
        let v = f[b].values[index];
        if f[v].pos.is_stmt() != IsStmt::No {
            index = next_good_statement_index(f, b, index);
            let v = f[b].values[index];
            let pos = f[v].pos;
            f[v].pos = if pos.same_file_and_line(last) {
                pos.with_default_stmt()
            } else {
                last = pos;
                pos.with_is_stmt()
            };
        }
        index += 1;
    }
    let pos = f[b].pos;
    if pos.is_stmt() != IsStmt::No && !pos.same_file_and_line(last) {
        f[b].pos = pos.with_is_stmt();
        last = f[b].pos;
    }
    last
}
