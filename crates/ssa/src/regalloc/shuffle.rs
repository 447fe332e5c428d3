//! Moves on the edges into merges.
//!
//! A merge expects values in certain registers, and its phis' arguments in registers or slots. On each
//! edge the values are elsewhere; the predecessor, which has no other successor, gets the moves at
//! its end. Moves that would destroy the last copy of a value wait for others; when all wait they
//! form cycles, and one value goes to a temporary register (gc: regalloc.go, shuffle, edgeState).

use minigo_base::{Pos, internal};
use smallvec::SmallVec;

use super::registers::lowest;
use super::{EndReg, State};
use crate::amd64::regs::MAX_REGISTERS;
use crate::entity::{Block, Value, Var};
use crate::func::Location;
use crate::op::{Op, RegMask};
use crate::stackalloc::{OpenLive, StackLive};
use crate::ty::Type;

impl State<'_> {
    /// Moves values on all edges into merges. `stack_live` has the spills that are live at the end of
    /// each block.
    pub(super) fn shuffle(&mut self, stack_live: &StackLive) {
        let n_values = self.f.num_values();
        let mut edge = Edge {
            pred: self.f.entry,
            block: self.f.entry,
            index: self.f.scratch.graph.numbers.table(n_values, 0),
            present: Vec::new(),
            stack_live: std::mem::take(&mut self.in_slots),
            in_slots: Vec::new(),
            wants_slot: Vec::new(),
            regs: [None; MAX_REGISTERS],
            slots: vec![None; self.f.vars.len()],
            touched_slots: Vec::new(),
            wanted: Vec::new(),
            arrived: Vec::new(),
            extra: Vec::new(),
            used: 0,
            unique: 0,
            last: 0,
            rematerializable: 0,
            s: self,
        };
        edge.stack_live.reset(stack_live);
        for at in 0..edge.s.visit_order.len() {
            let b = edge.s.visit_order[at];
            let n_preds = edge.s.f[b].preds.len();
            if n_preds > 1 {
                for index in 0..n_preds {
                    edge.start(b, index);
                    if !edge.is_in_place() {
                        edge.set_up(stack_live);
                        edge.process();
                    }
                }
            }
        }
        let Edge {
            index, stack_live, ..
        } = edge;
        self.in_slots = stack_live;
        self.f.scratch.graph.numbers.free(index);
    }
}

/// The copies of a value at hand.
type Copies = SmallVec<[Value; 2]>;

/// The content of a register or slot.
#[derive(Clone, Copy, Debug)]
struct Content {
    /// The value, and its copy that is here.
    v: Value,
    copy: Value,
    /// Whether it is here to stay.
    last: bool,
    /// Position of the next use.
    pos: Pos,
}

/// A value that must be in a certain location.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    location: Location,
    v: Value,
    /// The phi whose argument on this edge it is.
    phi: Option<(Value, usize)>,
    /// Position of the use.
    pos: Pos,
}

/// The moves of one edge. The memory is used again for the next one.
struct Edge<'a, 'f> {
    s: &'a mut State<'f>,
    pred: Block,
    block: Block,
    /// The values that have or had copies, in the order in which they got the first one. The order of the
    /// copies of each decides between them.
    present: Vec<(Value, Copies)>,
    /// By value number: the index of the value in `present`, if it is there.
    index: Vec<u32>,
    /// The values with slots that are live at the end of the predecessor.
    stack_live: OpenLive,
    /// The ones among them that matter for the edge, each with its rank among all.
    in_slots: Vec<(u32, Value)>,
    /// By variable, between uses false: a phi is in its slot.
    wants_slot: Vec<bool>,
    regs: [Option<Content>; MAX_REGISTERS],
    /// By variable.
    slots: Vec<Option<Content>>,
    touched_slots: Vec<Var>,
    wanted: Vec<Wanted>,
    /// The initial copies that are in their wanted locations.
    arrived: Vec<Value>,
    /// Values that were evicted from their final location.
    extra: Vec<Wanted>,
    /// Registers in use, with the only copy of a value, with a value that is there to stay, with a value
    /// that can be computed again.
    used: RegMask,
    unique: RegMask,
    last: RegMask,
    rematerializable: RegMask,
}

impl Edge<'_, '_> {
    /// Starts with edge `index` into `b`: collects the values that must be in certain locations.
    fn start(&mut self, b: Block, index: usize) {
        self.block = b;
        self.pred = self.s.f[b].preds[index].block;
        let s = &*self.s;
        let starts = s.start_regs[b].iter().map(|start| Wanted {
            location: Location::Register(start.r),
            v: start.held.v,
            phi: None,
            pos: start.pos,
        });
        let phis = s.f[b].values.iter().copied();
        let phis = phis.take_while(|&phi| s.f[phi].op == Op::Phi);
        let phis = phis.filter(|&phi| s.f.homes[phi] != Location::None);
        let args = phis.map(|phi| Wanted {
            location: s.f.homes[phi],
            v: s.f[phi].args[index],
            phi: Some((phi, index)),
            pos: s.f[phi].pos,
        });
        self.wanted.clear();
        self.wanted.extend(starts.chain(args));
    }

    /// Reports whether all values are in the wanted registers already, as on most edges.
    fn is_in_place(&mut self) -> bool {
        let end_regs = &self.s.end_regs[self.pred];
        let copy_in_place = |wanted: &Wanted| {
            let is_there = |reg: &&EndReg| wanted.location == Location::Register(reg.r);
            let reg = end_regs.iter().find(is_there)?;
            (reg.held.v == wanted.v).then_some(reg.held.copy)
        };
        self.arrived.clear();
        self.arrived
            .extend(self.wanted.iter().map_while(copy_in_place));
        if self.arrived.len() < self.wanted.len() {
            return false;
        }
        for at in 0..self.wanted.len() {
            self.arrive(self.wanted[at].phi, self.arrived[at]);
        }
        true
    }

    /// Finds the content of registers and slots.
    fn set_up(&mut self, stack_live: &StackLive) {
        self.clear();
        for at in 0..self.s.end_regs[self.pred].len() {
            let reg = self.s.end_regs[self.pred][at];
            let location = Location::Register(reg.r);
            self.set(location, reg.held.v, reg.held.copy, Pos::NONE);
        }
        self.find_slots(stack_live);
        for at in 0..self.in_slots.len() {
            let spill = self.in_slots[at].1;
            // A spill that does not dominate the edge was placed for other uses; then the value is in a
            // register here.
            let block = self.s.f[spill].block.expect("spills have been placed");
            if self.s.sdom.is_ancestor_eq(block, self.pred) {
                let home = self.s.f.homes[spill];
                self.set(home, self.s.orig[spill], spill, Pos::NONE);
            }
        }
    }

    /// Finds the live spills that matter: those of values in registers or wanted somewhere, and those in slots where others
    /// are wanted. They are set in the order of the list, or of their numbers.
    fn find_slots(&mut self, stack_live: &StackLive) {
        stack_live.open(self.pred, &mut self.stack_live);
        self.in_slots.clear();
        let in_regs = self.s.end_regs[self.pred].iter().map(|reg| reg.held.v);
        let wanted = self.wanted.iter().map(|wanted| wanted.v);
        for v in in_regs.chain(wanted) {
            if let Some(spill) = self.s.values[v].spill.expand()
                && let Some(rank) = stack_live.rank(&self.stack_live, spill)
            {
                self.in_slots.push((rank, spill));
            }
        }
        let mut wants_any = false;
        for wanted in &self.wanted {
            if let Location::Slot(var) = wanted.location {
                self.wants_slot.resize(self.slots.len(), false);
                self.wants_slot[var.as_u32() as usize] = true;
                wants_any = true;
            }
        }
        if wants_any {
            stack_live.each(&self.stack_live, |spill, rank| {
                if let Location::Slot(var) = self.s.f.homes[spill]
                    && self.wants_slot[var.as_u32() as usize]
                {
                    self.in_slots.push((rank, spill));
                }
            });
            for wanted in &self.wanted {
                if let Location::Slot(var) = wanted.location {
                    self.wants_slot[var.as_u32() as usize] = false;
                }
            }
        }
        self.in_slots.sort_unstable();
        self.in_slots.dedup();
    }

    fn clear(&mut self) {
        self.present.clear();
        for var in self.touched_slots.drain(..) {
            self.slots[var.as_u32() as usize] = None;
        }
        self.regs = [None; MAX_REGISTERS];
        (self.used, self.unique, self.last, self.rematerializable) = (0, 0, 0, 0);
        debug_assert!(self.extra.is_empty());
    }

    /// Makes moves until every value is in its wanted location.
    fn process(&mut self) {
        let mut wanted = std::mem::take(&mut self.wanted);
        while !wanted.is_empty() {
            let n_before = wanted.len();
            wanted.retain(|&wanted| !self.process_wanted(wanted));
            if wanted.len() < n_before {
                wanted.append(&mut self.extra);
            } else {
                self.break_cycle(wanted[0]);
            }
        }
        self.wanted = wanted;
    }

    /// Copies the content of the location that `wanted` waits for to a temporary register.
    fn break_cycle(&mut self, wanted: Wanted) {
        let Content { v, copy, .. } = self
            .content(wanted.location)
            .expect("the location is in use");
        let r = self.find_reg(self.s.f[copy].ty);
        self.erase(Location::Register(r));
        let pos = wanted.pos.with_not_stmt();
        let op = match wanted.location {
            Location::Register(_) => Op::Copy,
            _ => Op::LoadReg,
        };
        let ty = self.s.f[copy].ty;
        let copy = self.s.f.new_value(self.pred, pos, op, ty, &[copy]);
        self.set(Location::Register(r), v, copy, pos);
    }

    /// Puts a value into its wanted location. Returns false, and does nothing, if that would destroy the last
    /// copy of another value.
    fn process_wanted(&mut self, wanted: Wanted) -> bool {
        let Wanted {
            location,
            v,
            phi,
            pos,
        } = wanted;
        let pos = pos.with_not_stmt();
        if let Some(content) = self.content(location) {
            if content.v == v {
                if let Some(content) = self.content_mut(location) {
                    (content.last, content.pos) = (true, pos);
                }
                self.arrive(phi, content.copy);
                return true;
            }
            if self.copies_of(content.v).len() == 1 && !self.s.values[content.v].rematerializable {
                return false;
            }
        }
        // The source is found first, and the location freed before a temporary register is chosen: that
        // must not hold the last copy of the location's old content.
        let source = self.find_source(v);
        self.erase(location);
        let moved = match location {
            Location::Slot(var) => self.store(v, source, var, pos),
            _ => self.load(v, source, pos),
        };
        self.set(location, v, moved, pos);
        self.settle(location);
        if let Some((phi, index)) = phi {
            self.s.f.set_arg(phi, index, moved);
        }
        true
    }

    /// Records that a copy is in its wanted location, for `phi` if that is one's argument.
    fn arrive(&mut self, phi: Option<(Value, usize)>, copy: Value) {
        if let Some((phi, index)) = phi {
            self.s.f.set_arg(phi, index, copy);
        }
        if let Some(used) = &mut self.s.copy_used[copy] {
            *used = true;
        }
    }

    /// Returns the copy to move from: the last one in a register, else the first one in a slot. None for a
    /// value that is computed again.
    fn find_source(&self, v: Value) -> Option<Value> {
        let copies = self.copies_of(v);
        let in_reg = |&&copy: &&Value| matches!(self.s.f.homes[copy], Location::Register(_));
        let source = copies.iter().rev().find(in_reg).or(copies.first());
        let source = source.filter(|_| !self.s.values[v].rematerializable);
        assert!(
            source.is_some() || self.s.values[v].rematerializable,
            "{v} is nowhere on the edge {} -> {}",
            self.pred,
            self.block
        );
        source.copied()
    }

    /// Makes a copy of `v` for a register.
    fn load(&mut self, v: Value, source: Option<Value>, pos: Pos) -> Value {
        let f = &mut *self.s.f;
        let Some(source) = source else {
            return f.copy_into(v, self.pred);
        };
        let op = match f.homes[source] {
            Location::Register(_) => Op::Copy,
            _ => Op::LoadReg,
        };
        f.new_value(self.pred, pos, op, f[source].ty, &[source])
    }

    /// Makes a copy of `v` in the slot of `var`, by way of a temporary register if it is in none.
    fn store(&mut self, v: Value, source: Option<Value>, var: Var, pos: Pos) -> Value {
        let in_reg = match source {
            Some(source) if matches!(self.s.f.homes[source], Location::Register(_)) => source,
            Some(source) => {
                let ty = self.s.f[source].ty;
                let r = self.find_reg(ty);
                self.erase(Location::Register(r));
                let loaded = self
                    .s
                    .f
                    .new_value(self.pred, pos, Op::LoadReg, ty, &[source]);
                self.set(Location::Register(r), v, loaded, pos);
                loaded
            }
            None => {
                let r = self.find_reg(self.s.f[v].ty);
                self.erase(Location::Register(r));
                let computed = self.s.f.copy_into_with_pos(v, self.pred, pos);
                self.set(Location::Register(r), v, computed, pos);
                computed
            }
        };
        // The slot's type: the value's may be wider, where a narrowing conversion was dropped.
        let ty = self.s.f.vars[var].ty;
        self.s
            .f
            .new_value(self.pred, pos, Op::StoreReg, ty, &[in_reg])
    }

    /// Records that `location` now holds `copy`, a copy of `v`.
    fn set(&mut self, location: Location, v: Value, copy: Value, pos: Pos) {
        self.s.f.homes[copy] = location;
        if let Location::Slot(var) = location {
            self.touched_slots.push(var);
        }
        *self.content_mut(location) = Some(Content {
            v,
            copy,
            last: false,
            pos,
        });
        let known = self.present.get(self.index[v.id()] as usize);
        if known.is_none_or(|known| known.0 != v) {
            self.index[v.id()] = self.present.len() as u32;
            self.present.push((v, Copies::new()));
        }
        let copies = &mut self.present[self.index[v.id()] as usize].1;
        copies.push(copy);
        let Location::Register(r) = location else {
            return;
        };
        assert!(self.used >> r & 1 == 0, "register {r} is set twice");
        self.used |= 1 << r;
        match copies[..] {
            [_] => self.unique |= 1 << r,
            [first, _] => {
                if let Location::Register(r) = self.s.f.homes[first] {
                    self.unique &= !(1 << r);
                }
            }
            _ => {}
        }
        if self.s.values[v].rematerializable {
            self.rematerializable |= 1 << r;
        }
    }

    /// Records that the content of `location` is there to stay.
    fn settle(&mut self, location: Location) {
        if let Some(content) = self.content_mut(location) {
            content.last = true;
        }
        if let Location::Register(r) = location {
            self.last |= 1 << r;
        }
    }

    /// Records that the content of `location` is about to be replaced.
    fn erase(&mut self, location: Location) {
        let Some(content) = self.content(location) else {
            return;
        };
        if content.last {
            // It must come back, after other moves.
            self.extra.push(Wanted {
                location,
                v: content.v,
                phi: None,
                pos: content.pos,
            });
        }
        let homes = &self.s.f.homes;
        let copies = &mut self.present[self.index[content.v.id()] as usize].1;
        if let Some(at) = copies.iter().position(|&copy| homes[copy] == location) {
            copies.swap_remove(at);
        }
        if let Location::Register(r) = location {
            self.used &= !(1 << r);
            if content.last {
                self.last &= !(1 << r);
            }
            self.rematerializable &= !(1 << r);
        }
        if let [only] = copies[..]
            && let Location::Register(r) = homes[only]
        {
            self.unique |= 1 << r;
        }
    }

    /// Returns a register for a temporary copy of type `ty`: an empty one; else one whose value has other copies,
    /// if possible not where it is to stay; else one whose value can be computed again; else one that
    /// is stored to a new variable.
    fn find_reg(&mut self, ty: Type) -> u8 {
        let mask = self.s.compatible(ty);
        let choices = [
            mask & !self.used,
            mask & !self.unique & !self.last,
            mask & !self.unique,
            mask & self.rematerializable,
        ];
        if let Some(&choice) = choices.iter().find(|&&choice| choice != 0) {
            return lowest(choice);
        }
        let in_mask = |copy: Value| match self.s.f.homes[copy] {
            Location::Register(r) if mask >> r & 1 != 0 => Some((copy, r)),
            _ => None,
        };
        let found = self.present.iter().find_map(|(v, copies)| {
            let at = copies.iter().find_map(|&copy| in_mask(copy))?;
            Some((*v, at))
        });
        let (v, (copy, r)) = found.expect("all registers of a kind hold something");
        if !self.s.f.rematerializable(copy) {
            let (pos, ty) = (self.s.f[copy].pos, self.s.f[copy].ty);
            let saved = self
                .s
                .f
                .new_value(self.pred, pos, Op::StoreReg, ty, &[copy]);
            // Any type that is as wide as a register would do.
            let typed = self.s.facts.typed_cycle_slots;
            let slot = if typed { ty } else { Type::INT64 };
            let var = self.s.f.new_auto(pos, slot);
            self.slots.push(None);
            self.set(Location::Slot(var), v, saved, pos);
        }
        r
    }

    fn copies_of(&self, v: Value) -> &[Value] {
        let known = self.present.get(self.index[v.id()] as usize);
        known
            .filter(|known| known.0 == v)
            .map_or(&[], |known| &known.1)
    }

    fn content(&self, location: Location) -> Option<Content> {
        match location {
            Location::Register(r) => self.regs[r as usize],
            Location::Slot(var) => self.slots[var.as_u32() as usize],
            location => internal!("{}: {location:?} holds no value", self.s.f.name),
        }
    }

    fn content_mut(&mut self, location: Location) -> &mut Option<Content> {
        match location {
            Location::Register(r) => &mut self.regs[r as usize],
            Location::Slot(var) => &mut self.slots[var.as_u32() as usize],
            location => internal!("{}: {location:?} holds no value", self.s.f.name),
        }
    }
}
