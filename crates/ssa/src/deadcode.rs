//! Removal of blocks that control cannot reach and of values that nothing needs.
//!
//! Later passes reuse the numbers of removed values and blocks, so the order of freeing is gc's: values in
//! block and value order, then blocks. A statement mark of a removed value moves to the value that is
//! first in data flow on the same line of the same block (gc: deadcode.go).

use cranelift_entity::packed_option::PackedOption;
use minigo_base::{IsStmt, Pos, PosBase};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ahead::{STEP, prefetch};
use crate::block::{BlockKind, Likely};
use crate::config::Config;
use crate::copyelim::{
    copy_source, copyelim, copyelim_controls, copyelim_names, copyelim_value, has_copy_arg,
};
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
    if f.profile.pass.copyelim_removes_phis {
        copyelim(f, config);
    } else {
        copyelim_names(f);
    }
    // Uses of copies that are left go on the way.
    let mut live = LiveValues::find(f, &reachable);
    prune_names(f, &mut live.states);
    // Most of the time nothing is dead.
    let is_any_dead = live.is_any_dead();
    if is_any_dead {
        let mut blocks = f.scratch.graph.blocks.list();
        cut_dead_values(f, &reachable, &live, &mut blocks);
        remove_dead_values(f, &live.states, &blocks);
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
    // Most edges lead forwards, so that a walk in order of the layout, which is that of memory, meets nearly all blocks
    // when they are known to be reachable or not. The others wait in a list.
    let mut passed = f.scratch.flags.table(f.num_blocks(), false);
    let mut work = f.scratch.graph.blocks.list();
    for &b in &f.layout {
        passed[b.id()] = true;
        if reachable[b.id()] {
            work.push(b);
        }
        while let Some(b) = work.pop() {
            let n_taken = match f[b].kind {
                BlockKind::First => 1,
                _ => f[b].succs.len(),
            };
            for edge in &f[b].succs[..n_taken] {
                let succ = edge.block;
                if !std::mem::replace(&mut reachable[succ.id()], true) && passed[succ.id()] {
                    work.push(succ);
                }
            }
        }
    }
    f.scratch.graph.blocks.free(work);
    f.scratch.flags.free(passed);
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

/// The state of a value in a walk over all values, from the last to the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    /// The walk is not there yet, and nothing needs it so far.
    Ahead,
    /// The walk is not there yet; it is needed.
    NeededAhead,
    /// The walk has passed it; nothing needs it so far.
    Dead,
    /// It is needed, and so are its arguments.
    Live,
    /// The same, and it is in the list of the name that is pruned.
    LiveAndListed,
}

/// The values that must stay.
struct LiveValues {
    /// By value number: dead or live.
    states: Vec<State>,
    /// The values that must stay whoever uses them, in reverse order; some are listed several times.
    roots: Vec<Value>,
    /// Values that were found to be live behind the walk, whose arguments aren't marked yet.
    work: Vec<Value>,
    n_live: usize,
    /// The number of values in reachable blocks.
    n_values: usize,
    /// Whether there are other blocks.
    has_unreachable: bool,
    /// The inlined calls of which values or blocks are left, if there are marks of inlined calls.
    inlined: Option<FxHashSet<u32>>,
}

impl LiveValues {
    /// Finds the values that must stay, and replaces their arguments and controls that are copies by the copies' sources.
    ///
    /// Users mostly come behind what they use, so that one walk in reverse order finds nearly all.
    fn find(f: &mut Func, reachable: &[bool]) -> LiveValues {
        let mut found = LiveValues {
            states: f.scratch.states.table(f.num_values(), State::Ahead),
            roots: f.scratch.long_lists.list(),
            work: f.scratch.long_lists.list(),
            n_live: 0,
            n_values: 0,
            has_unreachable: false,
            inlined: None,
        };
        for index in (0..f.layout.len()).rev() {
            let b = f.layout[index];
            f.look_back_along(&f.layout, index);
            if reachable[b.id()] {
                found.visit(f, b, reachable);
            } else {
                found.has_unreachable = true;
            }
        }
        found
    }

    /// Marks controls, calls and effects of the block, the mark of an inlined body of which values or blocks are left,
    /// and what live values need.
    fn visit(&mut self, f: &mut Func, b: Block, reachable: &[bool]) {
        skip_copied_controls(f, b);
        for control in f[b].controls() {
            self.mark(control);
        }
        let n_values = f[b].values.len();
        self.n_values += n_values;
        for index in (0..n_values).rev() {
            let v = f[b].values[index];
            let is_root = self.is_root(f, v);
            if is_root {
                self.roots.push(v);
            }
            if is_root || self.states[v.id()] == State::NeededAhead {
                self.states[v.id()] = State::Live;
                self.n_live += 1;
                self.mark_args(f, v, reachable);
            } else {
                self.states[v.id()] = State::Dead;
            }
        }
        self.roots.extend(f[b].second_control.expand());
        self.roots.extend(f[b].control);
        while let Some(v) = self.work.pop() {
            self.mark_args(f, v, reachable);
        }
    }

    /// Marks the arguments of `v`, or their sources if they are copies.
    fn mark_args(&mut self, f: &mut Func, v: Value, reachable: &[bool]) {
        if has_copy_arg(f, v) {
            copyelim_value(f, v);
        }
        each_needed(f, v, reachable, |arg| self.mark(arg));
    }

    fn mark(&mut self, v: Value) {
        let state = &mut self.states[v.id()];
        match *state {
            State::Ahead => *state = State::NeededAhead,
            State::Dead => {
                *state = State::Live;
                self.n_live += 1;
                self.work.push(v);
            }
            State::NeededAhead | State::Live | State::LiveAndListed => {}
        }
    }

    fn is_root(&mut self, f: &Func, v: Value) -> bool {
        let data = &f[v];
        match data.op {
            Op::InlMark => {
                let inlined = self.inlined.get_or_insert_with(|| inlined_calls(f));
                inlined.contains(&(data.aux_int as u32))
            }
            op => op.has_any(CALL | HAS_SIDE_EFFECTS | NIL_CHECK) || data.ty.is_void(),
        }
    }

    /// Returns the live values that `is_wanted` accepts, each with its place in a search from the roots that goes on with
    /// the value found last, which finds users before what they use.
    fn search(
        &self,
        f: &mut Func,
        reachable: &[bool],
        is_wanted: impl Fn(&Func, Value) -> bool,
    ) -> Vec<(usize, Value)> {
        let mut found = f.scratch.flags.table(f.num_values(), false);
        let mut work = Vec::with_capacity(self.roots.len());
        for &root in self.roots.iter().rev() {
            if !std::mem::replace(&mut found[root.id()], true) {
                work.push((work.len(), root));
            }
        }
        let mut n_found = work.len();
        let mut wanted = Vec::new();
        while let Some((place, v)) = work.pop() {
            if let Some(&(_, later)) = work.get(work.len().wrapping_sub(STEP)) {
                prefetch(&f[later]);
            }
            if is_wanted(f, v) {
                wanted.push((place, v));
            }
            each_needed(f, v, reachable, |arg| {
                if !std::mem::replace(&mut found[arg.id()], true) {
                    prefetch(&f[arg]);
                    work.push((n_found, arg));
                    n_found += 1;
                }
            });
        }
        f.scratch.flags.free(found);
        wanted
    }

    /// Reports whether there are other values, or blocks that are not reachable.
    fn is_any_dead(&self) -> bool {
        self.n_live < self.n_values || self.has_unreachable
    }

    /// Gives the lists back to the scratch memory.
    fn free(self, f: &mut Func) {
        f.scratch.states.free(self.states);
        f.scratch.long_lists.free(self.roots);
        f.scratch.long_lists.free(self.work);
    }
}

/// Replaces controls that are copies by the copies' sources.
fn skip_copied_controls(f: &mut Func, b: Block) {
    if !f[b].controls().any(|control| f.is_copy(control)) {
        return;
    }
    for control in f[b].controls() {
        if f.is_copy(control) {
            copy_source(f, control);
        }
    }
    copyelim_controls(f, b);
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
fn prune_names(f: &mut Func, states: &mut [State]) {
    let mut names = std::mem::take(&mut f.names);
    names.retain(|&var| {
        let values = &mut f.named_values[var];
        values.retain(|v| {
            let state = &mut states[v.id()];
            let stays = *state == State::Live;
            if stays {
                *state = State::LiveAndListed;
            }
            stays
        });
        for v in &*values {
            states[v.id()] = State::Live;
        }
        !values.is_empty()
    });
    f.names = names;
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
fn cut_dead_values(f: &mut Func, reachable: &[bool], live: &LiveValues, blocks: &mut Vec<Block>) {
    let mut lost: LostMarks = f.scratch.lend();
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        let is_reachable = reachable[b.id()];
        if !is_reachable {
            f.reset_control(b);
        }
        let mut from = 0;
        let is_dead = |v: Value| live.states[v.id()] != State::Live;
        while let Some(index) = f.find_value(b, from, is_dead) {
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
        move_statement_marks(f, reachable, live, &mut lost);
    }
    lost.clear();
    f.scratch.take_back(lost);
}

/// Moves each lost mark to the first live value in data flow that is on the line and in the block, or else to
/// the block's jump. Of several blocks that lost the mark of one line, the last one counts.
fn move_statement_marks(f: &mut Func, reachable: &[bool], live: &LiveValues, lost: &mut LostMarks) {
    let mut lost_here = f.scratch.flags.table(f.num_blocks(), false);
    for b in lost.values().filter_map(|b| b.expand()) {
        lost_here[b.id()] = true;
    }
    let mut homes = live.search(f, reachable, |f, v| {
        let data = &f[v];
        let is_near = data.block.expand().is_some_and(|b| lost_here[b.id()]);
        is_near
            && data.pos.is_stmt() != IsStmt::No
            && lost.get(&line_of(data.pos)) == Some(&data.block)
    });
    homes.sort_unstable();
    for &(_, v) in homes.iter().rev() {
        let pos = f[v].pos;
        if let Some(b) = lost.get_mut(&line_of(pos))
            && b.is_some()
        {
            f[v].pos = pos.with_is_stmt();
            *b = None.into();
        }
    }
    f.scratch.flags.free(lost_here);
    for (&line, &b) in &*lost {
        if let Some(b) = b.expand()
            && line_of(f[b].pos) == line
        {
            f[b].pos = f[b].pos.with_is_stmt();
        }
    }
}

fn remove_dead_values(f: &mut Func, states: &[State], blocks: &[Block]) {
    for &b in blocks {
        let mut values = std::mem::take(&mut f[b].values);
        values.retain(|&v| {
            let is_live = states[v.id()] == State::Live;
            if !is_live {
                f.free_value(v);
            }
            is_live
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
