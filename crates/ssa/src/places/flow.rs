//! How the places of variables change from value to value.

use std::ops::Range;

use cranelift_entity::SecondaryMap;
use minigo_obj::ProgId;
use rustc_hash::FxHashMap;

use super::order::{FEW_VALUES, Owner, SourceOrder, assigned, line_of, sized};
use super::place::{Place, Places, Point};
use super::search::Search;
use super::states::{State, States};
use super::stops::Stops;
use crate::abi::Convention;
use crate::amd64::{Origin, Origins};
use crate::arguments::in_registers;
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location, VarClass};
use crate::op::Op;
use crate::regalloc::written;
use crate::value::Aux;

/// A change of a variable at a value.
#[derive(Clone, Copy)]
enum Change {
    /// The value is the variable's.
    Is,
    /// This value is, which was computed before.
    Moves(Value),
    /// The variable's place is unknown from here on.
    Unknown,
}

/// What is known about the places of variables throughout a function.
pub(super) struct Flow<'a> {
    f: &'a Func,
    vars: Vec<Var>,
    /// The changes of variables, by index, at values.
    changes: SecondaryMap<Value, Vec<(usize, Change)>>,
    /// Made when the first variable needs them.
    stops: Option<Stops>,
    /// Searches in large blocks.
    searches: FxHashMap<Block, Search>,
    /// The variables about which nothing is known from the beginning of a block on.
    unknown: FxHashMap<Block, Vec<usize>>,
    /// The variables, by index, that have a new value from some value of a block on, which is computed behind others.
    early: Vec<(usize, Block, Range<usize>)>,
    /// The states when the function begins.
    entry: Vec<State>,
    /// The states at the end of blocks that have been reached.
    ends: SecondaryMap<Block, Option<Box<[State]>>>,
}

impl<'a> Flow<'a> {
    pub(super) fn new(f: &'a Func, vars: Vec<Var>, order: &SourceOrder) -> Flow<'a> {
        let mut flow = Flow {
            f,
            changes: sized(f.num_values()),
            stops: None,
            searches: FxHashMap::default(),
            unknown: FxHashMap::default(),
            early: Vec::new(),
            entry: vec![State::default(); vars.len()],
            ends: sized(f.num_blocks()),
            vars,
        };
        flow.vars.sort_unstable();
        flow.enter_params();
        flow.enter_values(order);
        flow
    }

    fn index(&self, var: Var) -> Option<usize> {
        self.vars.binary_search(&var).ok()
    }

    /// Enters the places where parameters are passed.
    fn enter_params(&mut self) {
        let f = self.f;
        let parts = in_registers(f, VarClass::Param);
        for (index, &var) in self.vars.iter().enumerate() {
            if f.vars[var].class != VarClass::Param {
                continue;
            }
            let part = parts.iter().find(|part| part.var == var);
            match part.filter(|_| f.convention == Convention::Registers) {
                Some(part) => self.entry[index].registers = 1 << part.register,
                None => self.entry[index].slot = Some(var),
            }
        }
    }

    /// Enters the values of variables, and what is not known about them.
    fn enter_values(&mut self, order: &SourceOrder) {
        let f = self.f;
        for index in 0..self.vars.len() {
            let var = self.vars[index];
            let values = &f.named_values[var];
            let is_param = f.vars[var].class == VarClass::Param;
            let mut assigned = assigned(f, var, |v| f[v].op == Op::Phi);
            // The only value is an assigned one, whatever it joins.
            let n_assigned = if values.len() == 1 { 1 } else { assigned.len() };
            let n_lost = order.assignments[var].saturating_sub(n_assigned as u32);
            if n_lost == 1 && order.assignments[var] == 1 && is_param {
                // The parameter is neither used nor assigned to.
                continue;
            }
            let first = values.first().copied();
            let is_exact = |&v: &Value| {
                first == Some(v) || order.owners[v] == Owner::One(var) && constant(f, v).is_none()
            };
            if n_lost > 0 || !values.iter().all(is_exact) {
                self.forget(index);
                continue;
            }
            for &v in values {
                self.changes[v].push((index, Change::Is));
            }
            if let Some(first) = first.filter(|&v| !self.is_in_block(v)) {
                self.entry[index].constant = constant(f, first);
            }
            if values.len() > 1 {
                assigned.retain(|&v| first != Some(v));
                if !assigned.iter().all(|&v| self.check_order(index, v, order)) {
                    self.forget(index);
                }
            }
        }
        for (index, b, early) in std::mem::take(&mut self.early) {
            self.enter_early(index, b, early);
        }
    }

    /// Enters that a variable has a new value from the first of the values `early` of a block on, which is computed behind
    /// them.
    fn enter_early(&mut self, index: usize, b: Block, early: Range<usize>) {
        let values = &self.f[b].values;
        match early.start.checked_sub(1) {
            Some(before) => {
                self.changes[values[before]].push((index, Change::Unknown));
            }
            None => self.unknown.entry(b).or_default().push(index),
        }
        for &v in &values[early] {
            self.changes[v].retain(|&(other, _)| other != index);
        }
    }

    /// Enters that nothing is known about a variable anywhere.
    fn forget(&mut self, index: usize) {
        self.entry[index] = State::default();
        for changes in self.changes.values_mut() {
            changes.retain(|&(other, _)| other != index);
        }
    }

    fn is_in_block(&self, v: Value) -> bool {
        let block = self.f[v].block.expand();
        block.is_some_and(|b| self.f[b].values.contains(&v))
    }

    /// Enters what the order of instructions makes uncertain about a variable whose value `v` is. Returns false if that is
    /// everything.
    fn check_order(&mut self, index: usize, v: Value, order: &SourceOrder) -> bool {
        let f = self.f;
        let Some(b) = f[v].block.expand() else {
            return true;
        };
        let Some(number) = order.number(f, v) else {
            return false;
        };
        // It moved past a place where a debugger may stop.
        let stops = self.stops.get_or_insert_with(|| Stops::new(f, order));
        let is_late = stops.before[b] > number;
        let is_early = stops.after[b].is_some_and(|after| after < number);
        if is_late || is_early {
            return false;
        }
        let Some((at, first, last)) = self.moved_past(b, v, number, order) else {
            return true;
        };
        let values = &f[b].values;
        if let Some(first) = first {
            self.early.push((index, b, first..at));
        }
        if let Some(last) = last {
            // The program assigns after that.
            self.changes[v].retain(|&(other, _)| other != index);
            let home = match f.homes[v] {
                Location::Register(r) => 1 << r,
                _ => 0,
            };
            let between = &values[at + 1..=last];
            let stays = home != 0 && between.iter().all(|&other| written(f, other) & home == 0);
            let change = if stays {
                Change::Moves(v)
            } else {
                Change::Unknown
            };
            self.changes[values[last]].push((index, change));
        }
        true
    }

    /// Returns the index of `v`, which has that number, in its block, the index of the first value before it that belongs
    /// behind it, and that of the last value behind it that belongs before it, if a debugger may stop there.
    fn moved_past(
        &mut self,
        b: Block,
        v: Value,
        number: u32,
        order: &SourceOrder,
    ) -> Option<(usize, Option<usize>, Option<usize>)> {
        let f = self.f;
        let values = &f[b].values;
        let is_other_line = |at: usize| line_of(f, values[at]) != line_of(f, v);
        if values.len() > FEW_VALUES {
            let search = self.searches.entry(b);
            let search = search.or_insert_with(|| Search::new(f, b, order));
            let at = search.index(v)?;
            let first = search.first_above(at, number, is_other_line);
            return Some((at, first, search.last_below(at, number, is_other_line)));
        }
        let at = values.iter().position(|&other| other == v)?;
        let seen = |at: usize| order.seen(f, values[at]).filter(|_| is_other_line(at));
        let too_early = |&at: &usize| seen(at).is_some_and(|(_, last)| last > number);
        let too_late = |&at: &usize| seen(at).is_some_and(|(first, _)| first < number);
        let first = (0..at).find(too_early);
        Some((at, first, (at + 1..values.len()).rfind(too_late)))
    }

    /// Returns the states at the beginning of a block; none if no way to it is known yet.
    fn start(&self, b: Block) -> Option<States> {
        let f = self.f;
        let mut states = (b == f.entry).then(|| self.entry.clone());
        for pred in &f[b].preds {
            let Some(end) = &self.ends[pred.block] else {
                continue;
            };
            states = Some(match states {
                None => end.to_vec(),
                Some(states) => {
                    let both = states.iter().zip(end.iter());
                    both.map(|(&one, &other)| one.meet(other)).collect()
                }
            });
        }
        states.map(States::new)
    }

    /// Applies what is not known about variables in a block, after its phis.
    fn enter_block(&self, b: Block, states: &mut States) {
        for &index in self.unknown.get(&b).into_iter().flatten() {
            states.set(index, State::default());
        }
    }

    /// Finds the variables, by index, whose value `v` copies.
    fn find_copied(&self, v: Value, states: &States, copied: &mut Vec<usize>) {
        copied.clear();
        let data = &self.f[v];
        if !matches!(data.op, Op::Copy | Op::LoadReg | Op::StoreReg) {
            return;
        }
        let from = self.f.homes[data.args[0]];
        let holds = |state: &State| match from {
            Location::Register(r) => state.registers >> r & 1 != 0,
            Location::Slot(slot) => state.slot == Some(slot),
            _ => false,
        };
        let all = states.states.iter().enumerate();
        copied.extend(
            all.filter(|(_, state)| holds(state))
                .map(|(index, _)| index),
        );
    }

    /// Applies the part of a value that destroys places.
    fn destroy(&self, v: Value, states: &mut States) {
        let f = self.f;
        let data = &f[v];
        if matches!(data.op, Op::Phi | Op::Arg | Op::ArgIntReg) {
            return;
        }
        let slot = match (data.op, f.homes[v], data.aux) {
            (Op::StoreReg, Location::Slot(slot), _) => Some(slot),
            (Op::VarLive, _, _) => None,
            (_, _, Aux::Var(var)) if data.ty.is_memory() => Some(var),
            _ => None,
        };
        states.destroy(written(f, v), slot);
        if let Some(index) = slot.and_then(|var| self.index(var))
            && data.op != Op::StoreReg
        {
            states.set(index, State::default());
        }
    }

    /// Applies the part of a value that makes places. `copied` are the variables whose value it copies.
    fn make(&self, v: Value, copied: &[usize], states: &mut States) {
        let f = self.f;
        let data = &f[v];
        for &index in copied {
            states.add(index, f.homes[v]);
        }
        if data.ty.is_memory()
            && let Aux::Var(var) = data.aux
            && !matches!(data.op, Op::VarDef | Op::VarKill | Op::VarLive)
            && let Some(index) = self.index(var)
        {
            states.add(index, Location::Slot(var));
        }
        for &(index, change) in &self.changes[v] {
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
        // Blocks before which nothing has changed since they were looked at.
        let mut is_done: SecondaryMap<Block, bool> = sized(f.num_blocks());
        loop {
            let mut changed = false;
            for &b in &f.layout {
                if is_done[b] {
                    continue;
                }
                let Some(mut states) = self.start(b) else {
                    continue;
                };
                is_done[b] = true;
                self.walk(b, &mut states, |_, _, _| {});
                let states = states.states;
                if self.ends[b].as_deref() != Some(&states[..]) {
                    self.ends[b] = Some(states.into());
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

    /// Applies the values of a block to states, and shows the states after what each destroys and after what it makes.
    fn walk(&self, b: Block, states: &mut States, mut show: impl FnMut(Value, bool, &States)) {
        let f = self.f;
        let mut copied = Vec::new();
        let mut has_entered = false;
        for &v in &f[b].values {
            if f[v].op != Op::Phi && !std::mem::replace(&mut has_entered, true) {
                self.enter_block(b, states);
            }
            self.find_copied(v, states, &mut copied);
            self.destroy(v, states);
            show(v, false, states);
            states.touched.clear();
            self.make(v, &copied, states);
            show(v, true, states);
            states.touched.clear();
        }
        if !has_entered {
            self.enter_block(b, states);
        }
    }

    /// Returns the places of the variables, in the order of their numbers.
    pub(super) fn places(mut self, origins: &Origins, end: ProgId) -> Vec<Places> {
        self.solve();
        let f = self.f;
        let mut writers: Vec<Writer> = self.vars.iter().map(|_| Writer::default()).collect();
        // The beginnings of values and of the ends of blocks, and where they end.
        let mut next = origins.iter().map(|&(prog, _)| prog).skip(1);
        let mut spans: SecondaryMap<Value, Option<(ProgId, ProgId)>> = sized(f.num_values());
        let mut starts: SecondaryMap<Block, Option<ProgId>> = sized(f.num_blocks());
        let mut block_start = None;
        for &(prog, origin) in origins {
            let behind = next.next().unwrap_or(end);
            let start = *block_start.get_or_insert(prog);
            match origin {
                Origin::Value(v) => {
                    spans[v] = Some((prog, behind));
                }
                Origin::End(b) => {
                    starts[b] = Some(start);
                    block_start = None;
                }
            }
        }
        for &b in &f.layout {
            let (Some(mut states), Some(start)) = (self.start(b), starts[b]) else {
                continue;
            };
            let point = |prog, is_inside| Point { prog, is_inside };
            // Values without instructions change places where the instructions before them end.
            let mut end = point(start, false);
            for (writer, state) in writers.iter_mut().zip(&states.states) {
                writer.put(end, state.place(f));
            }
            self.walk(b, &mut states, |v, is_made, states| {
                let at = match spans[v] {
                    None => end,
                    Some((start, behind)) if !is_made => point(start, start != behind),
                    Some((_, behind)) => point(behind, false),
                };
                if is_made {
                    end = at;
                }
                for &index in &states.touched {
                    writers[index].put(at, states.states[index].place(f));
                }
            });
        }
        let last = Point {
            prog: end,
            is_inside: false,
        };
        let vars = self.vars.iter().zip(&self.entry).zip(writers);
        vars.map(|((&var, entry), mut writer)| {
            writer.put(last, None);
            Places {
                var,
                at_entry: entry.place(f),
                ranges: writer.ranges,
            }
        })
        .collect()
    }
}

/// Returns the number that a value is.
fn constant(f: &Func, v: Value) -> Option<i64> {
    let data = &f[v];
    matches!(data.op, Op::MOVLconst | Op::MOVQconst).then_some(data.aux_int)
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
