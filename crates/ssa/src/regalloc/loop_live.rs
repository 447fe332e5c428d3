//! The live analysis of Go 1.27: one walk where loops are reducible, completed from what is live at loop headers
//! (gc: regalloc.go, computeLive and computeDesired).

use super::desired::Desired;
use super::live::{Live, User, edge_distance};
use super::steps::Kind;
use super::{State, UNLIKELY_DISTANCE};
use crate::entity::Block;
use crate::loopnest::Loop;
use crate::op::Op;
use crate::shared_lists::OpenList;
use crate::sparse::SparseSet;

/// The distance of a value that is live through a loop, until a use is found.
const UNKNOWN_DISTANCE: i32 = -1;

/// The tables of the analysis.
struct Walk {
    live: OpenList<Live>,
    /// What is live at the end of another block.
    other: OpenList<Live>,
    /// Numbers of live values that are computed again behind a call.
    rematerializable: Vec<u32>,
    /// By block number: the calls in it.
    n_calls: Vec<i32>,
    /// Loops exist, and each is entered only through its header.
    has_loop_sets: bool,
}

impl State<'_> {
    /// Computes `live` and `desired`. A function of one block has neither.
    pub(super) fn compute_loop_live(&mut self) {
        if self.f.layout.len() == 1 {
            return;
        }
        let order = self.f.postorder();
        self.must_call = self.find_unavoidable_calls();
        let has_loops = !self.nest.loops.is_empty();
        let mut walk = Walk {
            live: std::mem::take(&mut self.scratch.live),
            other: std::mem::take(&mut self.scratch.at_end),
            rematerializable: Vec::new(),
            n_calls: vec![0; self.f.num_blocks()],
            has_loop_sets: has_loops && !self.nest.has_irreducible,
        };
        walk.live.reset(self.f.num_values());
        walk.other.reset(self.f.num_values());
        loop {
            let mut changed = false;
            for &b in order.iter() {
                changed |= self.walk_block(b, &mut walk);
            }
            // Without irreducible loops, one round finds all that can be found this way.
            if !changed || walk.has_loop_sets || !has_loops {
                break;
            }
        }
        if walk.has_loop_sets {
            self.add_loop_sets(&order, &mut walk);
            self.find_distances(&order, &mut walk);
            self.sorts_live = true;
        }
        (self.scratch.live, self.scratch.at_end) = (walk.live, walk.other);
        self.compute_desired(&order);
    }

    /// Returns, by loop, whether there is no way from its header back to it without a call
    /// (gc: regalloc.go, computeUnavoidableCalls).
    fn find_unavoidable_calls(&self) -> Vec<bool> {
        let (f, nest) = (&*self.f, &*self.nest);
        let mut calls = vec![false; f.num_blocks()];
        for &b in &f.layout {
            calls[b.id()] = f[b].values.iter().any(|&v| f[v].op.is_call());
        }
        let mut work = Vec::new();
        let mut must_call = Vec::with_capacity(nest.loops.len());
        let mut found = SparseSet::new(f.num_blocks());
        for l in nest.loops.keys() {
            let data = &nest.loops[l];
            let leaves = |b: Block| {
                nest.of(b)
                    .is_none_or(|other| other != l && nest.loops[other].depth <= data.depth)
            };
            found.clear();
            work.clear();
            work.push(data.header);
            let mut is_free = false;
            while let Some(b) = work.pop() {
                if calls[b.id()] {
                    continue;
                }
                for edge in &f[b].succs {
                    is_free |= edge.block == data.header;
                    if !found.contains(edge.block.as_u32()) && !leaves(edge.block) {
                        found.add(edge.block.as_u32());
                        work.push(edge.block);
                    }
                }
                if is_free {
                    break;
                }
            }
            must_call.push(!is_free);
        }
        must_call
    }

    /// Adds what the phis of its successors use to what is live at the end of `b`, and passes what is live at its
    /// start on to its predecessors. Returns whether one of them learned something.
    fn walk_block(&mut self, b: Block, walk: &mut Walk) -> bool {
        let live = &mut walk.live;
        let (f, lists) = (&*self.f, &mut self.live);
        lists.open(b.id(), live);
        let mut updated = false;
        if let [edge] = f[b].succs[..] {
            let delta = edge_distance(f, b, edge.block);
            for &phi in f[edge.block].values.iter() {
                if f[phi].op != Op::Phi {
                    break;
                }
                let arg = f[phi].args[edge.index as usize];
                let known = live.get(arg.as_u32());
                if self.values[arg].needs_reg && known.is_none_or(|known| delta < known.distance) {
                    live.set(Live::new(arg, delta, phi.into()));
                    updated = true;
                }
            }
        }
        if updated {
            lists.save(live, b.id());
        }
        let n_values = self.steps.len(b) as i32;
        live.shift(n_values);
        for control in f[b].controls() {
            if self.values[control].needs_reg {
                live.set(Live::new(control, n_values, User::block(b)));
            }
        }
        for (at, step) in self.steps.backwards(b) {
            live.remove(step.v.as_u32());
            if step.kind == Kind::Call {
                walk.n_calls[b.id()] += 1;
                live.shift(UNLIKELY_DISTANCE);
                // They are computed again behind the call.
                live.each(|next| {
                    if self.values[next.v].rematerializable {
                        walk.rematerializable.push(next.v.as_u32());
                    }
                });
                for id in walk.rematerializable.drain(..) {
                    live.remove(id);
                }
            }
            for &arg in step.args {
                live.set(Live::new(arg, at as i32, step.v.into()));
            }
        }
        if walk.has_loop_sets
            && let Some(l) = self.nest.of(b)
            && self.nest.loops[l].header == b
        {
            lists.save(live, at_header(f.num_blocks(), l));
        }
        let mut changed = false;
        for edge in &f[b].preds {
            let pred = edge.block;
            lists.open(pred.id(), &mut walk.other);
            if lists.merge(&mut walk.other, live, edge_distance(f, pred, b)) {
                lists.save(&mut walk.other, pred.id());
                changed = true;
            }
        }
        changed
    }

    /// Makes what is live at the header of a loop live at the end of each of its blocks.
    fn add_loop_sets(&mut self, order: &[Block], walk: &mut Walk) {
        let n_blocks = self.f.num_blocks();
        let lists = &mut self.live;
        let mut loops: Vec<Loop> = self.nest.loops.keys().collect();
        loops.sort_by_key(|&l| self.nest.loops[l].depth);
        for l in loops {
            if let Some(outer) = self.nest.loops[l].outer {
                lists.open(at_header(n_blocks, l), &mut walk.live);
                lists.open(at_header(n_blocks, outer), &mut walk.other);
                if walk.live.add_missing(&walk.other, |next| next) {
                    lists.save(&mut walk.live, at_header(n_blocks, l));
                }
            }
        }
        let unknown = |next: Live| Live::new(next.v, UNKNOWN_DISTANCE, User::UNKNOWN);
        for &b in order {
            let Some(l) = self.nest.of(b) else { continue };
            lists.open(b.id(), &mut walk.live);
            lists.open(at_header(n_blocks, l), &mut walk.other);
            if walk.live.add_missing(&walk.other, unknown) {
                lists.save(&mut walk.live, b.id());
            }
        }
    }

    /// Finds the nearest uses of values whose distance isn't known, from what successors know.
    fn find_distances(&mut self, order: &[Block], walk: &mut Walk) {
        let lists = &mut self.live;
        let mut unfinished = order.to_vec();
        while !unfinished.is_empty() {
            unfinished.retain(|&b| {
                let live = &mut walk.live;
                lists.open(b.id(), live);
                let mut n_unknown = 0;
                live.each(|next| {
                    n_unknown += usize::from(next.distance == UNKNOWN_DISTANCE);
                });
                let mut updated = false;
                for edge in &self.f[b].succs {
                    let succ = edge.block;
                    let delta = self.steps.len(succ) as i32
                        + edge_distance(self.f, b, succ)
                        + walk.n_calls[succ.id()] * UNLIKELY_DISTANCE;
                    lists.open(succ.id(), &mut walk.other);
                    updated |= live.update(&walk.other, |known, next| {
                        let distance = next.distance + delta;
                        let is_nearer = next.distance != UNKNOWN_DISTANCE
                            && (known.distance == UNKNOWN_DISTANCE || distance < known.distance);
                        n_unknown -= usize::from(is_nearer && known.distance == UNKNOWN_DISTANCE);
                        is_nearer.then(|| Live::new(next.v, distance, next.user))
                    });
                }
                if updated {
                    lists.save(live, b.id());
                }
                n_unknown > 0
            });
        }
    }

    /// Computes the desired registers at the end of each block: a fixed point in postorder.
    fn compute_desired(&mut self, order: &[Block]) {
        let has_loops = self.nest.has_irreducible || !self.nest.loops.is_empty();
        let mut desired = Desired::default();
        let mut of_phis: Vec<Desired> = Vec::new();
        let n_values = self.f.num_values();
        let mut places = self.f.scratch.graph.numbers.table(n_values, 0);
        loop {
            let mut changed = false;
            for &b in order {
                self.desired_before(b, &mut desired, &mut of_phis);
                for (edge, of_phis) in self.f[b].preds.iter().zip(&of_phis) {
                    let pred = &mut self.desired[edge.block.id()];
                    let avoided = pred.avoid;
                    pred.merge(&desired, &mut places);
                    pred.merge(of_phis, &mut places);
                    changed |= pred.avoid != avoided;
                }
            }
            if !changed || !has_loops {
                break;
            }
        }
        self.f.scratch.graph.numbers.free(places);
    }

    /// The desired registers at the start of `b`, and for each of its predecessors those of its phis' arguments.
    fn desired_before(&self, b: Block, desired: &mut Desired, of_phis: &mut Vec<Desired>) {
        let f = &*self.f;
        desired.copy_from(&self.desired[b.id()]);
        let n_preds = f[b].preds.len();
        of_phis.resize_with(n_preds.max(of_phis.len()), Desired::default);
        of_phis[..n_preds].iter_mut().for_each(Desired::clear);
        let heads = self.nest.of(b).filter(|&l| self.nest.loops[l].header == b);
        for (_, step) in self.steps.backwards(b) {
            let wanted = desired.remove(step.v);
            if step.kind != Kind::Phi {
                self.step_back(desired, &step, wanted);
                continue;
            }
            for r in wanted.iter() {
                desired.avoid &= !(1 << r);
            }
            for (pred, &arg) in f[step.v].args.iter().enumerate() {
                let from_inside = heads.is_some() && self.nest.of(f[b].preds[pred].block) == heads;
                if !from_inside {
                    of_phis[pred].add_list(arg, wanted);
                }
            }
        }
    }
}

/// The number of the list of the values live at the start of a loop's header, phis apart.
fn at_header(n_blocks: usize, l: Loop) -> usize {
    n_blocks + cranelift_entity::EntityRef::index(l)
}
