//! How the places of variables change from value to value.

use cranelift_entity::SecondaryMap;
use minigo_obj::ProgId;

use super::changes::Change;
use super::enter::{Entered, constant};
use super::order::sized;
use super::place::{Place, Places, Point};
use super::states::{State, States};
use crate::amd64::Origins;
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location};
use crate::op::{Op, RegMask};
use crate::regalloc::written;
use crate::value::Aux;

/// The effect of a value on places.
#[derive(Clone, Copy)]
struct Effect {
    /// The registers that it writes.
    registers: RegMask,
    kind: Kind,
}

/// The effect of a value besides that it writes registers.
#[derive(Clone, Copy)]
enum Kind {
    None,
    /// A variable changes.
    Changes,
    /// It copies another value.
    Copies,
    /// It writes to the slot of a variable.
    Writes(Var),
}

/// The places of variables throughout a function, as far as they are known.
pub(super) struct Flow<'a> {
    f: &'a Func,
    vars: &'a [Var],
    entered: Entered,
    /// By number of the value.
    effects: Vec<Effect>,
    /// The states of all variables at the ends of blocks, by number of the block.
    ends: Vec<State>,
    /// The blocks that have states at their ends.
    reached: SecondaryMap<Block, bool>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(f: &'a Func, vars: &'a [Var], entered: Entered) -> Flow<'a> {
        let none = Effect {
            registers: 0,
            kind: Kind::None,
        };
        let mut effects = vec![none; f.num_values()];
        for &v in f.layout.iter().flat_map(|&b| &f[b].values) {
            let data = &f[v];
            let kind = match (data.op, data.aux) {
                (Op::Copy | Op::LoadReg | Op::StoreReg, _) => Kind::Copies,
                (op, Aux::Var(var)) if data.ty.is_memory() && op != Op::VarLive => {
                    Kind::Writes(var)
                }
                _ if entered.changes[v].is_empty() => Kind::None,
                _ => Kind::Changes,
            };
            let registers = match data.op {
                // They are where they were before.
                Op::Phi | Op::Arg | Op::ArgIntReg => 0,
                _ => written(f, v),
            };
            effects[v.id()] = Effect { registers, kind };
        }
        Flow {
            f,
            vars,
            entered,
            effects,
            ends: vec![State::default(); f.num_blocks() * vars.len()],
            reached: sized(f.num_blocks()),
        }
    }

    fn index(&self, var: Var) -> Option<usize> {
        self.vars.binary_search(&var).ok()
    }

    /// Returns the states at the end of a block.
    fn end(&self, b: Block) -> &[State] {
        let n = self.vars.len();
        &self.ends[b.id() * n..][..n]
    }

    /// Finds the states at the beginning of a block. Returns false if no way to it is known yet.
    fn start(&self, b: Block, states: &mut States) -> bool {
        let mut is_known = b == self.f.entry;
        if is_known {
            states.states.copy_from_slice(&self.entered.entry);
        }
        for pred in &self.f[b].preds {
            if !self.reached[pred.block] {
                continue;
            }
            let end = self.end(pred.block);
            if std::mem::replace(&mut is_known, true) {
                for (state, &other) in states.states.iter_mut().zip(end) {
                    *state = state.meet(other);
                }
            } else {
                states.states.copy_from_slice(end);
            }
        }
        states.begin();
        is_known
    }

    /// Applies what is not known about variables in a block, after its phis.
    fn enter_block(&self, b: Block, states: &mut States) {
        if self.entered.unknown.is_empty() {
            return;
        }
        for &index in self.entered.unknown.get(&b).into_iter().flatten() {
            states.set(index, State::default());
        }
    }

    /// Applies the part of a value that destroys places. Notes the variables whose value it copies.
    fn destroy(&self, v: Value, effect: Effect, states: &mut States) {
        let f = self.f;
        let registers = effect.registers;
        match effect.kind {
            Kind::None | Kind::Changes => states.destroy(registers, None),
            Kind::Copies => {
                states.find_copied(f.homes[f[v].args[0]]);
                let slot = match f.homes[v] {
                    Location::Slot(slot) if f[v].op == Op::StoreReg => Some(slot),
                    _ => None,
                };
                states.destroy(registers, slot);
            }
            Kind::Writes(var) => {
                states.destroy(registers, Some(var));
                if let Some(index) = self.index(var) {
                    states.set(index, State::default());
                }
            }
        }
    }

    /// Applies the part of a value that makes places.
    fn make(&self, v: Value, effect: Effect, states: &mut States) {
        let f = self.f;
        match effect.kind {
            Kind::None => return,
            Kind::Changes => {}
            Kind::Copies => states.add_copied(f.homes[v]),
            Kind::Writes(var) => {
                if !matches!(f[v].op, Op::VarDef | Op::VarKill)
                    && let Some(index) = self.index(var)
                {
                    states.add(index, Location::Slot(var));
                }
            }
        }
        for &(index, change) in &self.entered.changes[v] {
            let index = index as usize;
            states.set(index, State::default());
            let value = match change {
                Change::Is => v,
                Change::Moves(value) => value,
                Change::Unknown => continue,
            };
            match constant(f, value) {
                Some(constant) => states.states[index].constant = Some(constant),
                None => states.add(index, f.homes[value]),
            }
        }
    }

    /// Finds the states at the ends of blocks.
    fn solve(&mut self) {
        let f = self.f;
        let n = self.vars.len();
        let mut states = States::new(n);
        // Blocks before which nothing has changed since they were looked at.
        let mut is_done: SecondaryMap<Block, bool> = sized(f.num_blocks());
        loop {
            let mut changed = false;
            for &b in &f.layout {
                if is_done[b] || !self.start(b, &mut states) {
                    continue;
                }
                is_done[b] = true;
                self.walk(b, &mut states, |_, _, _| {});
                if !self.reached[b] || self.end(b) != states.states {
                    self.reached[b] = true;
                    self.ends[b.id() * n..][..n].copy_from_slice(&states.states);
                    for succ in &f[b].succs {
                        is_done[succ.block] = false;
                    }
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// Applies the values of a block to states, and shows the states that each value changes: after what it destroys and
    /// after what it makes, with its index in the block.
    fn walk(&self, b: Block, states: &mut States, mut show: impl FnMut(usize, bool, &States)) {
        let f = self.f;
        let mut has_entered = false;
        for (at, &v) in f[b].values.iter().enumerate() {
            if !has_entered && f[v].op != Op::Phi {
                has_entered = true;
                self.enter_block(b, states);
            }
            let effect = self.effects[v.id()];
            let is_plain = matches!(effect.kind, Kind::None) && !states.hold(effect.registers);
            if is_plain && states.touched.is_empty() {
                continue;
            }
            self.destroy(v, effect, states);
            if !states.touched.is_empty() {
                show(at, false, states);
                states.touched.clear();
            }
            self.make(v, effect, states);
            if !states.touched.is_empty() {
                show(at, true, states);
                states.touched.clear();
            }
        }
        if !has_entered {
            self.enter_block(b, states);
        }
    }

    /// Returns the places of the variables, in the order of their numbers. `origins` has one entry for each value, in the
    /// order of blocks, and one for the end of each block.
    pub(super) fn places(mut self, origins: &Origins, end: ProgId) -> Vec<Places> {
        self.solve();
        let f = self.f;
        let mut writers: Vec<Writer> = self.vars.iter().map(|_| Writer::default()).collect();
        let point = |prog, is_inside| Point { prog, is_inside };
        let mut states = States::new(self.vars.len());
        let mut next_block = 0;
        for &b in &f.layout {
            // The instructions of each value begin at the first element and end at the next.
            let starts = &origins[next_block..];
            next_block += f[b].values.len() + 1;
            if !self.start(b, &mut states) {
                continue;
            }
            let start = starts[0].0;
            for (writer, state) in writers.iter_mut().zip(&states.states) {
                writer.put(point(start, false), state.place(f));
            }
            self.walk(b, &mut states, |at, is_made, states| {
                let (start, behind) = (starts[at].0, starts[at + 1].0);
                let point = match is_made {
                    false => point(start, start != behind),
                    true => point(behind, false),
                };
                for &index in &states.touched {
                    writers[index].put(point, states.states[index].place(f));
                }
            });
        }
        let vars = self.vars.iter().zip(&self.entered.entry).zip(writers);
        vars.map(|((&var, entry), mut writer)| {
            writer.put(point(end, false), None);
            Places {
                var,
                at_entry: entry.place(f),
                ranges: writer.ranges,
            }
        })
        .collect()
    }
}

/// The places of a variable while they are written.
#[derive(Default)]
struct Writer {
    ranges: Vec<(Point, Point, Place)>,
    /// The place since some point.
    open: Option<(Point, Place)>,
}

impl Writer {
    fn put(&mut self, point: Point, place: Option<Place>) {
        if self.open.map(|(_, place)| place) == place {
            return;
        }
        if let Some((since, place)) = self.open.take()
            && since != point
        {
            self.ranges.push((since, point, place));
        }
        self.open = place.map(|place| (point, place));
    }
}
