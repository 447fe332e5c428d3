//! One block: its state at the start, the preferences of its values, and its state at the end.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::desired::{Desired, RegList};
use super::live::{Live, User};
use super::registers::{Held, is_single, lowest, members};
use super::steps::Kind;
use super::{EndReg, NO_CALL, Preferences, StartReg, State, UNLIKELY_DISTANCE};
use crate::block::Edge;
use crate::entity::{Block, Value};
use crate::func::{Func, Location};
use crate::op::{Op, RegMask};

impl State<'_> {
    /// Allocates registers in `b`, whose predecessors were processed, except along edges back.
    pub(super) fn block(&mut self, b: Block) {
        let last = std::mem::replace(&mut self.block, b);
        (self.start_mask, self.used_since_start) = (0, 0);
        self.collect_uses(b);
        self.take_values(b);
        match self.f[b].preds.len() {
            _ if b == self.f.entry => {}
            1 => self.start_after(b, last),
            _ => self.start_merge(b, last),
        }
        if self.facts.frees_before_calls {
            for index in 0..self.phis.len() {
                self.at = index;
                self.drop_if_unused(self.phis[index]);
            }
        }
        self.collect_preferences(b);
        for index in 0..self.old.len() {
            self.at = self.phis.len() + index;
            self.value(self.old[index], self.preferences[index]);
        }
        self.load_controls(b);
        self.preload(b);
        let mut end_regs = std::mem::take(&mut self.end_regs);
        end_regs.set(b, self.held().map(|(r, held)| EndReg { r, held }));
        self.end_regs = end_regs;
        self.end(b);
        self.drop_unread_starts(b);
        if !self.f.keeps_tables() {
            self.desired[b.id()] = Desired::default();
        }
    }

    /// Returns the registers in use with their content.
    fn held(&self) -> impl Iterator<Item = (u8, Held)> + '_ {
        members(self.used).map(|r| {
            let held = self.regs[r as usize];
            (r, held.expect("a used register holds something"))
        })
    }

    /// Sets the uses of each value in `b`, and finds the values that can be in a
    /// register at its start. No value survives a call in a register but SP and SB.
    fn collect_uses(&mut self, b: Block) {
        self.reg_live.clear();
        self.calls = false;
        let n_values = self.steps.len(b) as i32;
        self.n_values = n_values;
        self.live.open(b.id(), &mut self.live_here);
        for control in self.f[b].controls() {
            if self.values[control].needs_reg {
                self.add_use(control, n_values, User::block(b));
                self.reg_live.add(control.as_u32());
            }
        }
        let mut next_call = NO_CALL;
        if self.facts.frees_before_calls {
            self.next_calls.clear();
            self.next_calls.resize(n_values as usize, NO_CALL);
        }
        let steps = std::mem::take(&mut self.steps);
        for (at, step) in steps.backwards(b) {
            self.reg_live.remove(step.v.as_u32());
            if step.kind == Kind::Call {
                next_call = at as i32;
                self.calls = true;
                self.reg_live.clear();
                for fixed in [self.sp, self.sb].into_iter().flatten() {
                    if self.is_used_later(fixed) {
                        self.reg_live.add(fixed.as_u32());
                    }
                }
            }
            if let Some(known) = self.next_calls.get_mut(at) {
                *known = next_call;
            }
            for &arg in step.args {
                self.add_use(arg, at as i32, step.v.into());
                self.reg_live.add(arg.as_u32());
            }
        }
        self.steps = steps;
    }

    /// Moves the values of `b` to `phis` and `old`, to be issued again.
    fn take_values(&mut self, b: Block) {
        let f = &mut *self.f;
        let phis = f[b].values.iter().take_while(|&&v| f[v].op == Op::Phi);
        let n_phis = phis.count();
        self.phis.clear();
        self.old.clear();
        self.phis.extend_from_slice(&f[b].values[..n_phis]);
        self.old.extend_from_slice(&f[b].values[n_phis..]);
        f[b].values.clear();
        let merges = b != f.entry && f[b].preds.len() > 1;
        assert!(n_phis == 0 || merges, "{b} has phis but merges nothing");
    }

    /// Sets the registers to their content at the end of block `pred`. Now they have that of the end of `last`.
    fn continue_from(&mut self, pred: Block, last: Block) {
        if pred == last {
            return;
        }
        self.free_regs(self.used);
        for at in 0..self.end_regs[pred].len() {
            let EndReg { r, held } = self.end_regs[pred][at];
            self.assign_reg(r, held.v, held.copy);
        }
    }

    /// Reports whether `v`, which isn't made in the block, can be in a register at its start.
    fn is_reg_live(&self, v: Value) -> bool {
        self.reg_live.contains(v.as_u32()) || !self.calls && self.is_live_here(v)
    }

    /// Frees registers outside of `keep` whose value isn't live in registers at the block's start.
    fn drop_dead(&mut self, keep: RegMask) {
        for r in members(self.used & !keep) {
            let held = self.regs[r as usize].expect("a used register holds something");
            if !self.is_reg_live(held.v) {
                self.free_reg(r);
            }
        }
    }

    /// Starts `b` as its only predecessor ends.
    fn start_after(&mut self, b: Block, last: Block) {
        self.continue_from(self.f[b].preds[0].block, last);
        self.drop_dead(0);
    }

    /// Starts `b` as its primary predecessor ends, and decides where its phis are.
    fn start_merge(&mut self, b: Block, last: Block) {
        let primary = self.primary_predecessor(b);
        self.continue_from(self.f[b].preds[primary].block, last);
        let phis = std::mem::take(&mut self.phis);
        let (regs, phi_used) = self.choose_phi_regs(b, &phis, primary);
        for (&phi, &r) in phis.iter().zip(&regs) {
            match r {
                _ if !self.values[phi].needs_reg => {}
                Some(r) => self.assign_reg(r, phi, phi),
                // It starts in its slot; the predecessors store it there.
                None => self.values[phi].spill = phi.into(),
            }
        }
        self.phis = phis;
        self.drop_dead(phi_used);
        let mut start_regs = std::mem::take(&mut self.start_regs);
        let not_phis = self.held().filter(|&(r, _)| phi_used >> r & 1 == 0);
        let starts = not_phis.map(|(r, held)| StartReg {
            r,
            held,
            pos: self.next_use(held.v).user.pos(self.f),
        });
        start_regs.set(b, starts);
        self.start_mask = self.used & !phi_used;
        self.start_regs = start_regs;
    }

    /// Returns the index of the predecessor of merge `b` whose end is its start, among those visited before: the last
    /// one; or the one with the fewest spills at its end, of equals one that is likely to come here, else the first.
    fn primary_predecessor(&self, b: Block) -> usize {
        let place = |b: Block| self.places[b.id()];
        let mut best: Option<(usize, Block)> = None;
        for (index, edge) in self.f[b].preds.iter().enumerate() {
            let pred = edge.block;
            if place(pred) >= place(b) {
                continue;
            }
            let is_better = best.is_none_or(|(_, best)| {
                if !self.facts.flexible_merges {
                    return place(pred) > place(best);
                }
                let n_spills = |b: Block| self.n_spills[b.id()];
                match n_spills(pred).cmp(&n_spills(best)) {
                    Ordering::Less => true,
                    Ordering::Equal => {
                        self.f.is_likely_branch(pred) && !self.f.is_likely_branch(best)
                            || place(pred) < place(best)
                    }
                    Ordering::Greater => false,
                }
            });
            if is_better {
                best = Some((index, pred));
            }
        }
        best.expect("a block has a predecessor visited before").0
    }

    /// Returns the registers of `mask`, or the one of them that holds the argument of `phi` at the end of the first
    /// predecessor of `b`, other than `primary`, that has it in one.
    fn follow_predecessors(&self, b: Block, phi: Value, primary: usize, mask: RegMask) -> RegMask {
        for (index, edge) in self.f[b].preds.iter().enumerate() {
            if index == primary {
                continue;
            }
            let arg = self.orig[self.f[phi].args[index]];
            let mut regs = self.end_regs[edge.block].iter();
            if let Some(reg) = regs.find(|reg| reg.held.v == arg)
                && mask >> reg.r & 1 != 0
            {
                return 1 << reg.r;
            }
        }
        mask
    }

    /// Stops expecting values in registers at the start of `b` that were reused before they were read.
    fn drop_unread_starts(&mut self, b: Block) {
        if !self.facts.flexible_merges {
            return;
        }
        let is_read = |start: &StartReg| self.start_mask >> start.r & 1 != 0;
        if self.start_regs[b].iter().all(is_read) {
            return;
        }
        let kept: SmallVec<[StartReg; 32]> =
            self.start_regs[b].iter().copied().filter(is_read).collect();
        self.start_regs.set(b, kept);
    }

    /// Chooses a register for each phi, if one is left: that of its argument at the end of the primary
    /// predecessor, which is freed, or the lowest empty one. Issues the phis.
    fn choose_phi_regs(
        &mut self,
        b: Block,
        phis: &[Value],
        primary: usize,
    ) -> (Vec<Option<u8>>, RegMask) {
        let pred = self.f[b].preds[primary].block;
        let mut used = 0;
        let mut regs = Vec::with_capacity(phis.len());
        for &phi in phis {
            let arg = self.f[phi].args[primary];
            let mask = self.values[arg].regs & !used & self.registers.allocatable;
            let r = (self.values[phi].needs_reg && mask != 0).then(|| lowest(mask));
            used |= r.map_or(0, |r| 1 << r);
            regs.push(r);
        }
        for (&phi, &r) in phis.iter().zip(&regs) {
            let Some(r) = r else { continue };
            let arg = self.f[phi].args[primary];
            if self.is_reg_live(arg) {
                self.copy_phi_arg(pred, arg, r, used);
            }
            self.free_reg(r);
        }
        self.f[b].values.extend_from_slice(phis);
        for (&phi, r) in phis.iter().zip(&mut regs) {
            if self.values[phi].needs_reg && r.is_none() {
                let mut mask = self.compatible(self.f[phi].ty) & !used & !self.used;
                if self.facts.flexible_merges {
                    mask = self.follow_predecessors(b, phi, primary, mask);
                }
                *r = (mask != 0).then(|| lowest(mask));
                used |= r.map_or(0, |r| 1 << r);
            }
        }
        (regs, used)
    }

    /// Copies the value in register `r`, which a phi takes over, into an empty register at the end of
    /// `pred`, because it is live after the phi; unless it has another register or is computed again.
    fn copy_phi_arg(&mut self, pred: Block, arg: Value, r: u8, phi_used: RegMask) {
        let mask = self.compatible(self.f[arg].ty) & !self.used & !phi_used;
        let state = self.values[arg];
        if mask == 0 || state.rematerializable || !is_single(state.regs) {
            return;
        }
        let free = lowest(mask);
        let held = self.regs[r as usize].expect("the argument is in this register");
        let copy = self.new_copy(pred, self.f[arg].pos, Op::Copy, arg, held.copy);
        self.note_copy(copy);
        self.assign_reg(free, arg, copy);
        let held = Held { v: arg, copy };
        self.end_regs.push(pred, EndReg { r: free, held });
    }

    /// Walks back from the end of `b` to find the registers that each value and its arguments prefer, and the
    /// registers that are better left free in the block.
    fn collect_preferences(&mut self, b: Block) {
        let mut desired = std::mem::take(&mut self.desired[b.id()]);
        // Edges into merges are not critical.
        if let [edge] = self.f[b].succs[..]
            && self.f[edge.block].preds.len() > 1
        {
            self.add_decisions(edge, &mut desired);
        }
        self.second_preferences.clear();
        let mut preferences = std::mem::take(&mut self.preferences);
        preferences.clear();
        preferences.resize(self.old.len(), Preferences::default());
        // The phis come last.
        let steps = self.steps.backwards(b).map(|(_, step)| step);
        for (step, preferences) in steps.zip(preferences.iter_mut().rev()) {
            preferences.output = desired.remove(step.v);
            self.step_back(&mut desired, &step, preferences.output);
            if desired.is_empty() && preferences.output == RegList::default() {
                continue;
            }
            let data = &self.f[step.v];
            for (input, &arg) in preferences.inputs.iter_mut().zip(&data.args) {
                *input = desired.get(arg);
            }
            if data.op == Op::Select1 && preferences.output != RegList::default() {
                self.second_preferences
                    .push((data.args[0], preferences.output));
            }
        }
        self.preferences = preferences;
        self.avoid = desired.avoid;
        self.desired[b.id()] = desired;
    }

    /// Puts what the merge behind `edge` has decided before the preferences that were found without registers.
    fn add_decisions(&self, edge: Edge, desired: &mut Desired) {
        for start in &self.start_regs[edge.block] {
            desired.add(start.held.v, start.r);
        }
        for &phi in &self.f[edge.block].values {
            if self.f[phi].op != Op::Phi {
                break;
            }
            if !self.values[phi].needs_reg {
                continue;
            }
            let reg_of = |v: Value| match self.f.homes[v] {
                Location::Register(r) => Some(r),
                _ => None,
            };
            let args = &self.f[phi].args;
            let mut r = reg_of(phi);
            if r.is_none() && self.facts.flexible_merges {
                r = args.iter().find_map(|&arg| reg_of(arg));
            }
            if let Some(r) = r {
                desired.add(args[edge.index as usize], r);
            }
        }
    }

    /// Gets the control values into registers, if they need them.
    fn load_controls(&mut self, b: Block) {
        let controls: SmallVec<[Value; 2]> = self.f[b].controls().collect();
        for &control in &controls {
            if self.values[control].needs_reg {
                let mask = self.compatible(self.f[control].ty);
                let copy = self.load_reg(control, mask, self.f[b].pos);
                let replacement = |_: &Func, old| (old == control).then_some(copy);
                self.f.replace_controls(b, replacement);
            }
        }
        for control in controls {
            if self.values[control].needs_reg {
                self.advance_use(control);
            }
        }
    }

    /// Loads the values that a loop after `b` will use soon, so that its iterations need not; unless every
    /// iteration calls, so that no value stays in a register.
    fn preload(&mut self, b: Block) {
        let [edge] = self.f[b].succs[..] else { return };
        let Some(l) = self.nest.of(edge.block) else {
            return;
        };
        let data = &self.nest.loops[l];
        if data.header != edge.block {
            return;
        }
        if self.must_call[l.id()] {
            return;
        }
        if self.facts.preloads_phi_arguments {
            self.preload_phi_args(b, edge);
            return;
        }
        let soon = self.used_soon();
        for live in &soon {
            let state = self.values[live.v];
            if state.regs != 0 || state.rematerializable {
                continue;
            }
            let mask = self.compatible(self.f[live.v].ty) & !self.used;
            let mask = self.unless_avoided(mask);
            if mask != 0 {
                self.load_reg(live.v, mask, self.f[b].pos);
            }
        }
        self.some_live = soon;
    }

    /// Returns the values that are used soon after the current block, in order.
    fn used_soon(&mut self) -> Vec<Live> {
        let mut soon = std::mem::take(&mut self.some_live);
        soon.clear();
        self.live_here.each(|live| {
            if live.distance < UNLIKELY_DISTANCE {
                soon.push(live);
            }
        });
        self.sort_live(&mut soon);
        soon
    }

    /// Puts some live values into the order in which they are looked at.
    fn sort_live(&self, values: &mut [Live]) {
        if self.sorts_live {
            values.sort_unstable_by_key(|live| (live.distance, live.v));
        }
    }

    /// Loads what the loop behind `edge` of `b` will use soon, and the arguments of its phis, into registers without a
    /// value that is used soon.
    fn preload_phi_args(&mut self, b: Block, edge: Edge) {
        if self.places[b.id()] > self.places[edge.block.id()] {
            return;
        }
        self.reg_live.clear();
        for &phi in &self.f[edge.block].values {
            if self.f[phi].op == Op::Phi {
                self.reg_live
                    .add(self.f[phi].args[edge.index as usize].as_u32());
            }
        }
        let soon = self.used_soon();
        let used = |regs, live: &Live| regs | self.values[live.v].regs;
        let mut used_soon = soon.iter().fold(0, used);
        for &Live { v, .. } in &soon {
            let state = self.values[v];
            let compatible = self.compatible(self.f[v].ty);
            let is_there = match self.reg_live.contains(v.as_u32()) {
                true => state.regs & compatible != 0,
                false => state.regs != 0 || state.rematerializable,
            };
            let mut mask = compatible & !used_soon;
            if is_there || mask == 0 {
                continue;
            }
            if let Some(r) = self.desired[b.id()].get(v).first_in(mask) {
                mask = 1 << r;
            }
            let mask = self.unless_avoided(mask);
            self.load_reg(v, mask, self.f[b].pos);
            used_soon |= self.values[v].regs;
        }
        self.some_live = soon;
    }

    /// Returns `mask` without registers that are better left free, unless it has no others.
    pub(super) fn unless_avoided(&self, mask: RegMask) -> RegMask {
        if mask & !self.avoid != 0 {
            mask & !self.avoid
        } else {
            mask
        }
    }

    /// Records the values that must be in their slots at the end of `b`.
    fn end(&mut self, b: Block) {
        debug_assert!(
            self.held().all(|(_, held)| self.is_live_here(held.v)),
            "a dead value is in a register at the end of {b}"
        );
        let (entry, exit) = (self.sdom.dom_order(b), self.sdom.dom_exit(b));
        let mut without_spill = std::mem::take(&mut self.some_live);
        without_spill.clear();
        let mut n_spills = 0;
        self.live_here.each(|live| {
            let state = &self.values[live.v];
            debug_assert!(state.uses.is_none(), "{} has uses left", live.v);
            if state.regs != 0 || state.rematerializable {
                return;
            }
            n_spills += 1;
            match state.spill.is_some() {
                true => self.restores[live.v].include(entry, exit),
                false => without_spill.push(live),
            }
        });
        self.n_spills[b.id()] = n_spills;
        self.sort_live(&mut without_spill);
        for live in &without_spill {
            self.make_spill(live.v, b);
        }
        self.some_live = without_spill;
    }
}
