//! The values with slots that are live at the ends of blocks.
//!
//! A spill may be live where it can't have been stored: at the end of a predecessor that its store doesn't dominate,
//! if the value is in a register there, and from there on backwards to the entry. A function has the more of these the
//! larger it is. They have lists of their own, which rarely differ between neighbours.

use super::holders::{Event, Events, Holder, Holders};
use crate::dom::SparseTree;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::RegClass;
use crate::regalloc::SpillsAtEnd;
use crate::shared_lists::{Item, OpenList, SharedLists};

/// The values with slots that are live at the end of each block.
#[derive(Debug, Default)]
pub(crate) struct StackLive {
    /// By block number, then by block number the spills that weren't stored where they became live.
    lists: SharedLists<Holder>,
    n_blocks: usize,
    pub(super) holders: Holders,
    /// Whether the order of the lists counts. Then all values are in the first ones.
    is_ordered: bool,
}

/// The live values at one place.
#[derive(Debug, Default)]
pub(crate) struct OpenLive {
    near: OpenList<Holder>,
    /// The spills that weren't stored where they became live.
    far: OpenList<Holder>,
}

impl OpenLive {
    /// Empties the lists and reserves memory for what `live` has.
    pub(crate) fn reset(&mut self, live: &StackLive) {
        self.near.reset(live.holders.len());
        self.far.reset(live.holders.len());
    }

    /// Adds a value to what is live.
    pub(super) fn add(&mut self, holder: Holder) {
        self.near.add(holder);
    }

    /// Removes a value from what is live.
    pub(super) fn remove(&mut self, holder: Holder) {
        self.near.remove(holder.key());
        self.far.remove(holder.key());
    }

    /// Calls `each` with the live values.
    #[inline]
    pub(super) fn each(&self, mut each: impl FnMut(Holder)) {
        self.near.each(&mut each);
        self.far.each(each);
    }
}

impl StackLive {
    fn reset(&mut self, n_blocks: usize, is_ordered: bool) {
        self.lists.reset(2 * n_blocks);
        (self.n_blocks, self.is_ordered) = (n_blocks, is_ordered);
    }

    /// Makes `open` hold what is live at the end of `b`.
    pub(crate) fn open(&self, b: Block, open: &mut OpenLive) {
        self.lists.open(b.id(), &mut open.near);
        self.lists.open(self.n_blocks + b.id(), &mut open.far);
    }

    /// Makes what `open` holds live at the end of `b`. Returns whether any of it wasn't.
    fn extend(&mut self, b: Block, open: &mut OpenLive) -> bool {
        let mut changed = false;
        for (list, open) in [
            (b.id(), &mut open.near),
            (self.n_blocks + b.id(), &mut open.far),
        ] {
            if open.len() != self.lists.len(list) {
                self.lists.save(open, list);
                changed = true;
            }
        }
        changed
    }

    fn merge(&mut self, open: &mut OpenLive, other: &mut OpenLive) {
        self.lists.merge(&mut open.near, &mut other.near, 0);
        self.lists.merge(&mut open.far, &mut other.far, 0);
    }

    /// Adds a spill that the end of `b` needs.
    fn add_spill(&self, open: &mut OpenLive, f: &Func, tree: &SparseTree, spill: Holder, b: Block) {
        let key = spill.key();
        if open.near.find(key).is_some() || open.far.find(key).is_some() {
            return;
        }
        let block = f[self.holders.value(spill)].block;
        let block = block.expect("spills have been placed");
        match self.is_ordered || tree.is_ancestor_eq(block, b) {
            true => open.near.add(spill),
            false => open.far.add(spill),
        }
    }

    /// Calls `each` with the live values and their ranks in the order in which they count: that of the lists, or of
    /// their numbers.
    pub(crate) fn each(&self, open: &OpenLive, mut each: impl FnMut(Value, u32)) {
        let mut place = 0;
        open.near.each(|holder| {
            let v = self.holders.value(holder);
            each(v, if self.is_ordered { place } else { v.as_u32() });
            place += 1;
        });
        open.far.each(|holder| {
            let v = self.holders.value(holder);
            each(v, v.as_u32());
        });
    }

    /// Returns the rank of `v` among the live values if it is one of them.
    pub(crate) fn rank(&self, open: &OpenLive, v: Value) -> Option<u32> {
        let key = self.holders.get(v)?.key();
        match open.near.find(key) {
            Some(place) if self.is_ordered => Some(place as u32),
            Some(_) => Some(v.as_u32()),
            None => open.far.find(key).map(|_| v.as_u32()),
        }
    }
}

/// The memory that one function leaves to the next one.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) lists: StackLive,
    pub(super) live: OpenLive,
    pub(super) at_pred: OpenLive,
    pub(super) events: Events,
}

/// Gives the lists of [`live_at_end`] back to the scratch memory.
pub(crate) fn take_back(f: &mut Func, lists: StackLive) {
    if f.keeps_tables() {
        let known: Memory = f.scratch.lend();
        f.scratch.take_back(Memory { lists, ..known });
    }
}

/// Reports whether the order of the lists counts. It is the order in which the moves of an edge find the content of slots,
/// and decides only where values that were in slots are in all registers and no longer in any slot. So many phis
/// have taken their slots.
fn is_ordered(f: &Func, events: &Events) -> bool {
    let registers = f.profile.registers;
    let n_registers = (registers.mask(RegClass::Gp) & registers.allocatable).count_ones();
    !f.profile.stackalloc.by_id && events.most_phis >= n_registers as usize
}

/// Returns the values with slots that are live at the end of each block: a fixed point over blocks in postorder.
pub(super) fn live_at_end(
    f: &mut Func,
    memory: &mut Memory,
    spills: &mut SpillsAtEnd,
) -> StackLive {
    let (order, tree) = (f.postorder(), f.sdom());
    let mut lists = std::mem::take(&mut memory.lists);
    lists.holders.find(f);
    memory.events.find(f, &lists.holders);
    let Memory {
        live,
        at_pred,
        events,
        ..
    } = memory;
    lists.reset(f.num_blocks(), is_ordered(f, events));
    if lists.holders.len() == 0 {
        return lists;
    }
    live.reset(&lists);
    at_pred.reset(&lists);
    let mut dirty = f.scratch.flags.table(f.num_blocks(), true);
    let mut has_spills = f.scratch.flags.table(f.num_blocks(), false);
    let mut changed = true;
    while changed {
        changed = false;
        for &b in order.iter() {
            if !std::mem::take(&mut dirty[b.id()]) {
                continue;
            }
            lists.open(b, live);
            for &event in &events.of[b] {
                match event {
                    Event::Made(holder) => live.remove(holder),
                    Event::Used(holder) => live.add(holder),
                    Event::UsedByPhi(_) => {}
                }
            }
            let mut phi_args = events.phi_args[b].iter().peekable();
            for (index, edge) in (0..).zip(&f[b].preds) {
                let pred = edge.block;
                lists.open(pred, at_pred);
                lists.merge(at_pred, live);
                if !std::mem::replace(&mut has_spills[pred.id()], true) {
                    spills.each(pred, |spill| {
                        if let Some(spill) = lists.holders.get(spill) {
                            lists.add_spill(at_pred, f, &tree, spill, pred);
                        }
                    });
                }
                while let Some(arg) = phi_args.next_if(|arg| arg.index == index) {
                    match arg.is_spill {
                        true => lists.add_spill(at_pred, f, &tree, arg.holder, pred),
                        false => at_pred.add(arg.holder),
                    }
                }
                if lists.extend(pred, at_pred) {
                    dirty[pred.id()] = true;
                    changed = true;
                }
            }
        }
    }
    if !f.keeps_tables() {
        spills.free();
    }
    f.scratch.flags.free(dirty);
    f.scratch.flags.free(has_spills);
    lists
}
