//! The values that are live at the ends of blocks, with the distances to their next uses and their desired
//! registers.

use minigo_base::Pos;

use super::desired::Desired;
use super::steps::Kind;
use super::{State, UNLIKELY_DISTANCE};
use crate::block::Likely;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::shared_lists::{Item, OpenList};

/// Distance in instructions of an edge that is likely to be taken.
const LIKELY_DISTANCE: i32 = 1;
/// Distance of an edge without a prediction.
const NORMAL_DISTANCE: i32 = 10;

/// A value that is used after the end of a block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Live {
    pub(super) v: Value,
    /// Instructions from the end of the block to the next use, on the path where that is nearest.
    pub(super) distance: i32,
    /// The nearest use.
    pub(super) user: User,
}

impl Live {
    pub(super) fn new(v: Value, distance: i32, user: User) -> Live {
        Live { v, distance, user }
    }
}

/// The user of a value: the number of another value, or with [`User::BLOCK`] the number of the block whose control it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct User(u32);

impl User {
    pub(super) const UNKNOWN: User = User(u32::MAX);
    const BLOCK: u32 = 1 << 31;

    pub(super) fn block(b: Block) -> User {
        User(b.as_u32() | User::BLOCK)
    }

    /// Returns the position of the use.
    pub(super) fn pos(self, f: &Func) -> Pos {
        match self {
            User::UNKNOWN => Pos::NONE,
            User(id) if id & User::BLOCK != 0 => f[Block::from_u32(id & !User::BLOCK)].pos,
            User(id) => f[Value::from_u32(id)].pos,
        }
    }
}

impl From<Value> for User {
    fn from(v: Value) -> User {
        User(v.as_u32())
    }
}

impl Item for Live {
    fn key(self) -> u32 {
        self.v.as_u32()
    }
    fn offset(self) -> i32 {
        self.distance
    }
    fn plus(self, n: i32) -> Live {
        let distance = self.distance + n;
        Live { distance, ..self }
    }
}

impl State<'_> {
    /// Computes `live` and `desired`: a fixed point over blocks in postorder (gc: regalloc.go,
    /// computeLive).
    ///
    /// The order of the lists is observable. A block's live values are a function of those at its end: its
    /// live values are passed on to its predecessors only when they have changed. Its desired
    /// registers are passed on in every round, since they take precedence over registers that came from
    /// the predecessors' other successors in between.
    pub(super) fn compute_live(&mut self) {
        let order = self.f.postorder();
        self.must_call = self.nest.unavoidable_calls(self.f);
        let (n_blocks, n_values) = (self.f.num_blocks(), self.f.num_values());
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.live.reset(n_values);
        scratch.at_end.reset(n_values);
        let mut dirty = self.f.scratch.flags.table(n_blocks, true);
        let mut places = self.f.scratch.graph.numbers.table(n_values, 0);
        // Without loops, all successors come before their predecessors: a second round would find the same.
        let has_loops = self.nest.has_irreducible || !self.nest.loops.is_empty();
        let mut again = true;
        while again {
            let mut changed = false;
            for &b in order.iter() {
                self.desired_at_start(b, &mut scratch.desired);
                for edge in &self.f[b].preds {
                    self.desired[edge.block.id()].merge(&scratch.desired, &mut places);
                }
                if std::mem::take(&mut dirty[b.id()]) {
                    self.live_at_start(b, &mut scratch);
                    for index in 0..self.f[b].preds.len() {
                        let pred = self.f[b].preds[index].block;
                        if self.pass_on(b, index, &mut scratch) {
                            dirty[pred.id()] = true;
                            changed = true;
                        }
                    }
                }
            }
            again = changed && has_loops;
        }
        self.f.scratch.flags.free(dirty);
        self.f.scratch.graph.numbers.free(places);
        self.scratch = scratch;
    }

    /// Sets `desired` to the desired registers at the start of `b`. None are passed through phis.
    fn desired_at_start(&self, b: Block, desired: &mut Desired) {
        desired.copy_from(&self.desired[b.id()]);
        for (_, step) in self.steps.backwards(b) {
            let result = desired.remove(step.v);
            if step.kind != Kind::Phi {
                self.step_back(desired, &step, result);
            }
        }
    }

    /// Finds the values live at the start of `b`, arguments of phis apart, with their distances from there, and
    /// the phis.
    fn live_at_start(&mut self, b: Block, scratch: &mut Scratch) {
        let (f, lists) = (&*self.f, &self.live);
        let n_values = self.steps.len(b) as i32;
        let Scratch { live, phis, .. } = scratch;
        phis.clear();
        lists.open(b.id(), live);
        live.shift(n_values);
        if let Some(control) = f[b].control
            && self.values[control].needs_reg
        {
            live.set(Live::new(control, n_values, User::block(b)));
        }
        // What is to be added to all distances.
        let mut calls = 0;
        for (at, step) in self.steps.backwards(b) {
            live.remove(step.v.as_u32());
            match step.kind {
                Kind::Phi => phis.push(step.v),
                // A value that is live across a call is spilled anyway.
                Kind::Call => calls += UNLIKELY_DISTANCE,
                Kind::Fixed | Kind::Other => {}
            }
            for &arg in step.args {
                live.set(Live::new(arg, at as i32 - calls, step.v.into()));
            }
        }
        live.shift(calls);
    }

    /// Makes the values live at the start of `b` live at the end of predecessor `index`. Returns whether that
    /// is new, or nearer than known.
    fn pass_on(&mut self, b: Block, index: usize, scratch: &mut Scratch) -> bool {
        let (f, lists) = (&*self.f, &mut self.live);
        let pred = f[b].preds[index].block;
        let delta = edge_distance(f, pred, b);
        let Scratch {
            live, at_end, phis, ..
        } = scratch;
        lists.open(pred.id(), at_end);
        let mut changed = lists.merge(at_end, live, delta);
        // All phis happen at once, at the start of the block.
        for &phi in phis.iter() {
            let arg = f[phi].args[index];
            let known = at_end.get(arg.as_u32());
            if self.values[arg].needs_reg && known.is_none_or(|known| delta < known.distance) {
                at_end.set(Live::new(arg, delta, phi.into()));
                changed = true;
            }
        }
        if changed {
            lists.save(at_end, pred.id());
        }
        changed
    }
}

/// Memory reused for every block and function; every use clears it first.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) live: OpenList<Live>,
    pub(super) at_end: OpenList<Live>,
    phis: Vec<Value>,
    desired: Desired,
}

/// Returns the number of instructions that an edge counts as. At least 1, so that the use by a block's control differs from
/// the first one after the block.
pub(super) fn edge_distance(f: &Func, pred: Block, b: Block) -> i32 {
    let [first, second] = f[pred].succs[..] else {
        return NORMAL_DISTANCE;
    };
    let likely = match f[pred].likely {
        Likely::Unknown => return NORMAL_DISTANCE,
        Likely::Likely => [true, false],
        Likely::Unlikely => [false, true],
    };
    // gc: when both edges lead to `b`, the unlikely one counts.
    if first.block == b && !likely[0] || second.block == b && !likely[1] {
        UNLIKELY_DISTANCE
    } else {
        LIKELY_DISTANCE
    }
}
