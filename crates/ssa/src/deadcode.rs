//! Removal of blocks that control cannot reach and of values that nothing needs.
//!
//! Later passes reuse the numbers of removed values and blocks, so the order of freeing is gc's: values in
//! block and value order, then blocks. A statement mark of a removed value moves to the value that is
//! first in data flow on the same line of the same block (gc: deadcode.go).

use cranelift_entity::packed_option::PackedOption;
use minigo_base::{IsStmt, Pos, PosBase};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::block::{BlockKind, Likely};
use crate::config::Config;
use crate::copyelim::copyelim;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::{CALL, HAS_SIDE_EFFECTS, NIL_CHECK, Op};
use crate::phielim::phielim_value;

/// Removes unreachable blocks and dead values, and makes `First` blocks plain.
///
/// Ensures that every block in the layout is reachable and every value is used or has an effect; no
/// argument is a copy. Breaks cached analyses if it removes an edge.
///
/// A second run changes nothing, unless removed values were the last ones of an inlined call.
pub(crate) fn deadcode(f: &mut Func, config: &Config) {
    if !f.changed {
        debug_assert!(!has_anything_dead(f), "{} has changed unnoticed", f.name);
        return;
    }
    let reachable = reachable_blocks(f);
    cut_dead_edges(f, &reachable);
    copyelim(f, config);
    let mut live = LiveValues::find(f, &reachable);
    prune_names(f, &live.live);
    // Most of the time nothing is dead.
    let is_any_dead = live.is_any_dead();
    if is_any_dead {
        let mut blocks = f.scratch.graph.blocks.list();
        cut_dead_values(f, &reachable, &mut live, &mut blocks);
        remove_dead_values(f, &live.live, &blocks);
        remove_dead_blocks(f, &reachable);
        f.scratch.graph.blocks.free(blocks);
    }
    f.changed = is_any_dead && live.inlined.is_some();
    live.free(f);
    f.scratch.flags.free(reachable);
}

/// Reports whether a value is dead or a block unreachable.
fn has_anything_dead(f: &mut Func) -> bool {
    let reachable = reachable_blocks(f);
    let live = LiveValues::find(f, &reachable);
    let is_any_dead = live.is_any_dead();
    live.free(f);
    f.scratch.flags.free(reachable);
    is_any_dead
}

/// Reports which blocks the entry reaches, by block number. The list comes from the scratch memory.
pub(crate) fn reachable_blocks(f: &mut Func) -> Vec<bool> {
    let mut reachable = f.scratch.flags.table(f.num_blocks(), false);
    reachable[f.entry.id()] = true;
    let mut work = f.scratch.graph.blocks.list();
    work.push(f.entry);
    while let Some(b) = work.pop() {
        let n_taken = match f[b].kind {
            BlockKind::First => 1,
            _ => f[b].succs.len(),
        };
        for edge in &f[b].succs[..n_taken] {
            if !std::mem::replace(&mut reachable[edge.block.id()], true) {
                work.push(edge.block);
            }
        }
    }
    f.scratch.graph.blocks.free(work);
    reachable
}

/// Removes successor edge `index` of `b` from both ends, and the arguments of the target's phis that
/// belong to it; phis left with one source become copies.
pub(crate) fn remove_edge(f: &mut Func, b: Block, index: usize) {
    let edge = f[b].succs[index];
    let (target, pred_index) = (edge.block, edge.index as usize);
    f.remove_succ(b, index);
    f.remove_pred(target, pred_index);
    for value_index in 0..f[target].values.len() {
        let v = f[target].values[value_index];
        if f[v].op == Op::Phi {
            remove_phi_arg(f, v, pred_index);
            phielim_value(f, v);
        }
    }
}

/// Removes argument `index` of the phi `v`; the last one takes its place, as in the list of preds.
pub(crate) fn remove_phi_arg(f: &mut Func, v: Value, index: usize) {
    let old = f[v].args.swap_remove(index);
    f[old].uses -= 1;
}

/// Removes the edges from unreachable to reachable blocks and the edges that `First` blocks never take.
fn cut_dead_edges(f: &mut Func, reachable: &[bool]) {
    let stays = |&b: &Block| reachable[b.id()] && f[b].kind != BlockKind::First;
    if f.layout.iter().all(stays) {
        return;
    }
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        if reachable[b.id()] {
            continue;
        }
        let mut index = 0;
        while let Some(edge) = f[b].succs.get(index) {
            if reachable[edge.block.id()] {
                remove_edge(f, b, index);
            } else {
                index += 1;
            }
        }
    }
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        if reachable[b.id()] && f[b].kind == BlockKind::First {
            remove_edge(f, b, 1);
            f[b].kind = BlockKind::Plain;
            f[b].likely = Likely::Unknown;
        }
    }
}

/// The values that must stay.
struct LiveValues {
    /// By value number.
    live: Vec<bool>,
    /// The same as a list, roots first.
    marked: Vec<Value>,
    n_roots: usize,
    /// The number of values in reachable blocks.
    n_values: usize,
    /// Whether there are other blocks.
    has_unreachable: bool,
    /// The inlined calls of which values or blocks are left, if there are marks of inlined calls.
    inlined: Option<FxHashSet<u32>>,
}

impl LiveValues {
    fn find(f: &mut Func, reachable: &[bool]) -> LiveValues {
        let mut found = LiveValues {
            live: f.scratch.flags.table(f.num_values(), false),
            marked: f.scratch.long_lists.list(),
            n_roots: 0,
            n_values: 0,
            has_unreachable: false,
            inlined: None,
        };
        let f = &*f;
        found.mark_roots(f, reachable);
        found.n_roots = found.marked.len();
        let mut next = 0;
        while let Some(&v) = found.marked.get(next) {
            next += 1;
            each_needed(f, v, reachable, |arg| found.mark(arg));
        }
        found
    }

    /// Puts the list in the order of a search that goes on with the value found last: users before what they use.
    fn order_depth_first(&mut self, f: &mut Func, reachable: &[bool]) {
        let mut found = f.scratch.flags.table(f.num_values(), false);
        let mut work = f.scratch.long_lists.list();
        self.marked.truncate(self.n_roots);
        for &root in &self.marked {
            found[root.id()] = true;
            work.push(root);
        }
        while let Some(v) = work.pop() {
            each_needed(f, v, reachable, |arg| {
                if !std::mem::replace(&mut found[arg.id()], true) {
                    self.marked.push(arg);
                    work.push(arg);
                }
            });
        }
        f.scratch.flags.free(found);
        f.scratch.long_lists.free(work);
    }

    /// Reports whether there are other values, or blocks that are not reachable.
    fn is_any_dead(&self) -> bool {
        self.marked.len() < self.n_values || self.has_unreachable
    }

    /// Gives the lists back to the scratch memory.
    fn free(self, f: &mut Func) {
        f.scratch.flags.free(self.live);
        f.scratch.long_lists.free(self.marked);
    }

    fn mark(&mut self, v: Value) {
        if !std::mem::replace(&mut self.live[v.id()], true) {
            self.marked.push(v);
        }
    }

    /// Marks controls, calls and effects of reachable blocks, and the marks of inlined bodies of which values or
    /// blocks are left.
    fn mark_roots(&mut self, f: &Func, reachable: &[bool]) {
        for &b in &f.layout {
            if !reachable[b.id()] {
                self.has_unreachable = true;
                continue;
            }
            let block = &f[b];
            self.n_values += block.values.len();
            for control in block.controls() {
                self.mark(control);
            }
            for &v in &block.values {
                let data = &f[v];
                let stays = match data.op {
                    Op::InlMark => {
                        let inlined = self.inlined.get_or_insert_with(|| inlined_calls(f));
                        inlined.contains(&(data.aux_int as u32))
                    }
                    op => op.has_any(CALL | HAS_SIDE_EFFECTS | NIL_CHECK) || data.ty.is_void(),
                };
                if stays {
                    self.mark(v);
                }
            }
        }
    }
}

/// Calls `need` with the arguments of `v`; of a phi, those that come from reachable blocks.
#[inline]
fn each_needed(f: &Func, v: Value, reachable: &[bool], mut need: impl FnMut(Value)) {
    let data = &f[v];
    if data.op != Op::Phi {
        data.args.iter().copied().for_each(need);
        return;
    }
    let b = data.block.expect("a live value is in a block");
    for (&arg, pred) in data.args.iter().zip(&f[b].preds) {
        if reachable[pred.block.id()] {
            need(arg);
        }
    }
}

/// Returns the inlined calls to which the position of some value or block belongs, as indices into the inline
/// tree.
fn inlined_calls(f: &Func) -> FxHashSet<u32> {
    let mut inlined = FxHashSet::default();
    let mut last = None;
    let mut note = |pos: Pos| {
        // Neighbours mostly have the same.
        if last.replace(pos.base()) == Some(pos.base()) {
            return;
        }
        if let Some(index) = f.inlined_calls[pos.base()] {
            inlined.insert(index);
        }
    };
    for &b in &f.layout {
        for &v in &f[b].values {
            note(f[v].pos);
        }
        note(f[b].pos);
    }
    inlined
}

/// Drops dead and repeated values from the lists of named variables, and names without values.
fn prune_names(f: &mut Func, live: &[bool]) {
    let mut listed = f.scratch.set(f.num_values());
    let mut names = std::mem::take(&mut f.names);
    names.retain(|&var| {
        listed.clear();
        f.named_values[var].retain(|v| {
            let stays = live[v.id()] && !listed.contains(v.as_u32());
            listed.add(v.as_u32());
            stays
        });
        !f.named_values[var].is_empty()
    });
    f.names = names;
    f.scratch.free_set(listed);
}

/// A file and a line.
type Line = (PosBase, u32);

/// The lines that lost their statement marks, and the block where each was; none once another value has it.
type LostMarks = FxHashMap<Line, PackedOption<Block>>;

fn line_of(pos: Pos) -> Line {
    (pos.base(), pos.line())
}

/// Removes the arguments of dead values and the controls of dead blocks, and moves the statement marks of dead values in
/// reachable blocks to others. Adds the blocks with dead values to `blocks`.
fn cut_dead_values(
    f: &mut Func,
    reachable: &[bool],
    live: &mut LiveValues,
    blocks: &mut Vec<Block>,
) {
    let mut lost: LostMarks = f.scratch.lend();
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        let is_reachable = reachable[b.id()];
        if !is_reachable {
            f.reset_control(b);
        }
        let mut from = 0;
        while let Some(index) = f.find_value(b, from, |v| !live.live[v.id()]) {
            let v = f[b].values[index];
            f.reset_args(v);
            let pos = f[v].pos;
            if is_reachable && pos.is_stmt() == IsStmt::Yes {
                lost.insert(line_of(pos), b.into());
            }
            from = index + 1;
        }
        if from > 0 {
            blocks.push(b);
        }
    }
    if !lost.is_empty() {
        live.order_depth_first(f, reachable);
        move_statement_marks(f, live, &mut lost);
    }
    lost.clear();
    f.scratch.take_back(lost);
}

/// Moves each lost mark to the first live value in data flow that is on the line and in the block, or else to
/// the block's jump. Of several blocks that lost the mark of one line, the last one counts.
fn move_statement_marks(f: &mut Func, live: &LiveValues, lost: &mut LostMarks) {
    for &v in live.marked.iter().rev() {
        let pos = f[v].pos;
        if pos.is_stmt() == IsStmt::No {
            continue;
        }
        if let Some(b) = lost.get_mut(&line_of(pos))
            && b.is_some()
            && *b == f[v].block
        {
            f[v].pos = pos.with_is_stmt();
            *b = None.into();
        }
    }
    for (&line, &b) in &*lost {
        if let Some(b) = b.expand()
            && line_of(f[b].pos) == line
        {
            f[b].pos = f[b].pos.with_is_stmt();
        }
    }
}

fn remove_dead_values(f: &mut Func, live: &[bool], blocks: &[Block]) {
    for &b in blocks {
        let mut values = std::mem::take(&mut f[b].values);
        values.retain(|&v| {
            if !live[v.id()] {
                f.free_value(v);
            }
            live[v.id()]
        });
        f[b].values = values;
    }
}

fn remove_dead_blocks(f: &mut Func, reachable: &[bool]) {
    let mut layout = std::mem::take(&mut f.layout);
    layout.retain(|&b| {
        if !reachable[b.id()] {
            assert!(f[b].values.is_empty(), "unreachable {b} has live values");
            f.free_block(b);
        }
        reachable[b.id()]
    });
    f.layout = layout;
}
