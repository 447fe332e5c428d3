//! The live analysis of Go 1.27: one walk where loops are reducible, completed from what is live at loop headers
//! (gc: regalloc.go, computeLive and computeDesired).

use minigo_base::Pos;

use super::desired::Desired;
use super::live::{Live, edge_distance};
use super::{State, UNLIKELY_DISTANCE};
use crate::entity::{Block, Value};
use crate::lists::SharedLists;
use crate::loopnest::Loop;
use crate::op::Op;
use crate::sparse::{SparseMap, SparseSet};

/// The distance of a value that is live through a loop, until a use is found.
const UNKNOWN_DISTANCE: i32 = -1;

/// Live values by distance and position of the next use.
type LiveMap = SparseMap<(i32, Pos)>;

/// Values live at a place, in the order in which they were found.
type LiveList = Vec<(u32, (i32, Pos))>;

/// The tables of the analysis.
struct Walk {
    live: LiveMap,
    /// What is live at the end of another block.
    other: LiveMap,
    /// Numbers of live values that are computed again behind a call.
    rematerializable: Vec<u32>,
    /// By loop: the values live at the start of its header, phis apart.
    at_header: Vec<LiveList>,
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
            live: LiveMap::default(),
            other: LiveMap::default(),
            rematerializable: Vec::new(),
            at_header: vec![LiveList::new(); self.nest.loops.len()],
            n_calls: vec![0; self.f.num_blocks()],
            has_loop_sets: has_loops && !self.nest.has_irreducible,
        };
        walk.live.reserve(self.f.num_values());
        walk.other.reserve(self.f.num_values());
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
            for &b in &self.f.layout {
                let list = &mut self.live_here;
                self.live.read(b, list);
                list.sort_unstable_by_key(|live| (live.distance, live.v));
                self.live.set(b, list.iter().copied());
            }
        }
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
        read(live, &self.live, b);
        let f = &*self.f;
        let mut updated = false;
        for edge in &f[b].succs {
            let delta = edge_distance(f, b, edge.block);
            for &phi in f[edge.block].values.iter() {
                if f[phi].op != Op::Phi {
                    break;
                }
                let arg = f[phi].args[edge.index as usize];
                let known = live.get(arg.as_u32());
                if self.values[arg].needs_reg && known.is_none_or(|(known, _)| delta < known) {
                    live.set(arg.as_u32(), (delta, f[phi].pos));
                    updated = true;
                }
            }
        }
        if updated {
            write(&mut self.live, b, live);
        }
        let n_values = f[b].values.len() as i32;
        for (distance, _) in live.values_mut() {
            *distance += n_values;
        }
        for control in f[b].controls() {
            if self.values[control].needs_reg {
                live.set(control.as_u32(), (n_values, f[b].pos));
            }
        }
        for (at, &v) in f[b].values.iter().enumerate().rev() {
            live.remove(v.as_u32());
            if f[v].op == Op::Phi {
                continue;
            }
            if f[v].op.is_call() {
                walk.n_calls[b.id()] += 1;
                for (distance, _) in live.values_mut() {
                    *distance += UNLIKELY_DISTANCE;
                }
                // They are computed again behind the call.
                let ids = live.contents().iter().map(|&(id, _)| id);
                walk.rematerializable
                    .extend(ids.filter(|&id| self.values[Value::from_u32(id)].rematerializable));
                for id in walk.rematerializable.drain(..) {
                    live.remove(id);
                }
            }
            for &arg in &f[v].args {
                if self.values[arg].needs_reg {
                    live.set(arg.as_u32(), (at as i32, f[v].pos));
                }
            }
        }
        if walk.has_loop_sets
            && let Some(l) = self.nest.of(b)
            && self.nest.loops[l].header == b
        {
            walk.at_header[index(l)] = live.contents().to_vec();
        }
        let mut changed = false;
        for edge in &f[b].preds {
            let pred = edge.block;
            let delta = edge_distance(f, pred, b);
            let at_end = &mut walk.other;
            read(at_end, &self.live, pred);
            let mut updated = false;
            for &(id, (distance, pos)) in live.contents() {
                let distance = distance + delta;
                if at_end.get(id).is_none_or(|(known, _)| distance < known) {
                    updated = true;
                    at_end.set(id, (distance, pos));
                }
            }
            if updated {
                write(&mut self.live, pred, at_end);
                changed = true;
            }
        }
        changed
    }

    /// Makes what is live at the header of a loop live at the end of each of its blocks.
    fn add_loop_sets(&mut self, order: &[Block], walk: &mut Walk) {
        let mut loops: Vec<Loop> = self.nest.loops.keys().collect();
        loops.sort_by_key(|&l| self.nest.loops[l].depth);
        for l in loops {
            let Some(outer) = self.nest.loops[l].outer else {
                continue;
            };
            walk.live.clear();
            for &(id, next) in walk.at_header[index(l)].iter() {
                walk.live.set(id, next);
            }
            for &(id, next) in walk.at_header[index(outer)].iter() {
                if walk.live.get(id).is_none() {
                    walk.live.set(id, next);
                }
            }
            walk.at_header[index(l)] = walk.live.contents().to_vec();
        }
        for &b in order {
            let Some(l) = self.nest.of(b) else { continue };
            read(&mut walk.live, &self.live, b);
            for &(id, _) in &walk.at_header[index(l)] {
                if walk.live.get(id).is_none() {
                    walk.live.set(id, (UNKNOWN_DISTANCE, Pos::NONE));
                }
            }
            write(&mut self.live, b, &walk.live);
        }
    }

    /// Finds the nearest uses of values whose distance isn't known, from what successors know.
    fn find_distances(&mut self, order: &[Block], walk: &mut Walk) {
        let mut unfinished = order.to_vec();
        while !unfinished.is_empty() {
            unfinished.retain(|&b| {
                let live = &mut walk.live;
                read(live, &self.live, b);
                let mut n_unknown = 0;
                for &(_, (distance, _)) in live.contents() {
                    n_unknown += usize::from(distance == UNKNOWN_DISTANCE);
                }
                let mut updated = false;
                for edge in &self.f[b].succs {
                    let succ = edge.block;
                    let delta = self.f[succ].values.len() as i32
                        + edge_distance(self.f, b, succ)
                        + walk.n_calls[succ.id()] * UNLIKELY_DISTANCE;
                    self.live.each(succ, |next| {
                        let id = next.v.as_u32();
                        if next.distance == UNKNOWN_DISTANCE {
                            return;
                        }
                        let Some((known, _)) = live.get(id) else {
                            return;
                        };
                        let distance = next.distance + delta;
                        if known == UNKNOWN_DISTANCE {
                            n_unknown -= 1;
                        } else if distance >= known {
                            return;
                        }
                        live.set(id, (distance, next.pos));
                        updated = true;
                    });
                }
                if updated {
                    write(&mut self.live, b, live);
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
        for &v in f[b].values.iter().rev() {
            let wanted = desired.remove(v);
            if f[v].op != Op::Phi {
                self.step_back(desired, v, wanted);
                continue;
            }
            for r in wanted.iter() {
                desired.avoid &= !(1 << r);
            }
            for (pred, &arg) in f[v].args.iter().enumerate() {
                let from_inside = heads.is_some() && self.nest.of(f[b].preds[pred].block) == heads;
                if !from_inside {
                    of_phis[pred].add_list(arg, wanted);
                }
            }
        }
    }
}

/// The index of a loop in lists by loop.
fn index(l: Loop) -> usize {
    cranelift_entity::EntityRef::index(l)
}

/// Makes `map` hold what the list of `b` does.
fn read(map: &mut LiveMap, lists: &SharedLists<Live>, b: Block) {
    map.clear();
    lists.each(b, |next| {
        map.set(next.v.as_u32(), (next.distance, next.pos))
    });
}

/// Makes the list of `b` what `map` holds.
fn write(lists: &mut SharedLists<Live>, b: Block, map: &LiveMap) {
    let entries = map.contents().iter();
    lists.set(
        b,
        entries.map(|&(id, (distance, pos))| Live {
            v: Value::from_u32(id),
            distance,
            pos,
        }),
    );
}
