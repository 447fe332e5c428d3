//! The places of the program's variables at each instruction, for debuggers.
//!
//! Values know their variables, so a variable is where its last value is: in a register, in a slot, or it is a constant.
//! Optimization makes that false where values are computed earlier or later than the program says, are shared, or not
//! computed at all. A place is only named where none of this happened; there is no place where anything is in doubt.
//! Variables that are not optimized are in their slots from their first assignment on.

mod search;

use std::ops::Range;

use cranelift_entity::{EntityRef, SecondaryMap};
use minigo_base::{IsStmt, Pos, PosBase};
use minigo_obj::{ProgId, Reg};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::abi::Convention;
use crate::amd64::{Origin, Origins};
use crate::arguments::in_registers;
use crate::dom::{dominators, postorder};
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location, VarClass};
use crate::op::{Op, RegMask};
use crate::regalloc::written;
use crate::scratch::GraphLists;
use crate::value::Aux;

use self::search::Search;

/// The order of a function's values before its passes, which is that of the program.
#[derive(Debug)]
pub struct SourceOrder {
    /// The number and the position of each value; 0 for values that passes make.
    numbers: SecondaryMap<Value, (u32, Pos)>,
    /// The number of assignments to each named variable.
    assignments: SecondaryMap<Var, u32>,
    /// The variable that each value was computed for, if it is a single one.
    owners: SecondaryMap<Value, Owner>,
    /// The first and the last number of the values of each line.
    lines: FxHashMap<Line, (u32, u32)>,
}

/// A file, or an inlined call in it, and a line.
type Line = (PosBase, u32);

fn line_of(f: &Func, v: Value) -> Line {
    (f[v].pos.base(), f[v].pos.line())
}

/// Returns a map of `n` entries, which do not grow one by one.
fn sized<K: EntityRef, V: Clone + Default>(n: usize) -> SecondaryMap<K, V> {
    let mut map = SecondaryMap::new();
    map.resize(n);
    map
}

/// The variables that have a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Owner {
    #[default]
    None,
    One(Var),
    Many,
}

impl SourceOrder {
    /// Returns the order of the values of `f`, before its passes.
    pub fn new(f: &Func) -> SourceOrder {
        let mut numbers: SecondaryMap<Value, (u32, Pos)> = sized(f.num_values());
        let values = f.layout.iter().flat_map(|&b| &f[b].values);
        let mut lines: FxHashMap<Line, (u32, u32)> = FxHashMap::default();
        let mut add = |(line, (first, last)): (Line, (u32, u32))| {
            let known = lines.entry(line).or_insert((first, last));
            *known = (known.0.min(first), known.1.max(last));
        };
        // Values of a line mostly follow each other.
        let mut of_line: Option<(Line, (u32, u32))> = None;
        for &v in values {
            // Those that join others are made when the rest of the function is there.
            if matches!(f[v].op, Op::Phi | Op::Copy) {
                continue;
            }
            // Values are made in the order of the program, whatever the order of blocks.
            let number = v.as_u32();
            numbers[v] = (number, f[v].pos);
            match &mut of_line {
                Some((line, (first, last))) if *line == line_of(f, v) => {
                    (*first, *last) = (number.min(*first), number.max(*last));
                }
                _ => of_line
                    .replace((line_of(f, v), (number, number)))
                    .into_iter()
                    .for_each(&mut add),
            }
        }
        of_line.into_iter().for_each(add);
        let mut owners: SecondaryMap<Value, Owner> = sized(f.num_values());
        for &var in &f.names {
            for &v in &f.named_values[var] {
                owners[v] = match owners[v] {
                    Owner::None => Owner::One(var),
                    Owner::One(_) | Owner::Many => Owner::Many,
                };
            }
        }
        let mut assignments = SecondaryMap::new();
        for &var in &f.names {
            // What joins values of another variable is an assignment of it.
            let joins = |v: Value| f[v].op == Op::Phi && owners[v] == Owner::One(var);
            assignments[var] = assigned(f, var, joins).len() as u32;
        }
        SourceOrder {
            numbers,
            assignments,
            owners,
            lines,
        }
    }

    /// Returns the number of a value; none if a pass made it.
    fn number(&self, f: &Func, v: Value) -> Option<u32> {
        let (number, pos) = self.numbers[v];
        let is_same = pos.base() == f[v].pos.base() && pos.line() == f[v].pos.line();
        (number != 0 && is_same).then_some(number)
    }

    /// Returns the least and the largest number that a value may have, if a debugger may stop at its instructions.
    fn seen(&self, f: &Func, v: Value) -> Option<(u32, u32)> {
        let data = &f[v];
        if data.pos.is_stmt() != IsStmt::Yes && !data.op.is_call() {
            return None;
        }
        // Parameters are kept where the function begins, whatever line that is said to be.
        let is_param = |v: Value| matches!(f[v].op, Op::Arg | Op::ArgIntReg);
        if is_param(v) || data.op == Op::StoreReg && is_param(data.args[0]) {
            return None;
        }
        if let Some(number) = self.number(f, v) {
            return Some((number, number));
        }
        let of_line = self.lines.get(&line_of(f, v));
        Some(of_line.copied().unwrap_or((0, u32::MAX)))
    }
}

/// The numbers of values at which a debugger may stop, by block.
struct Stops {
    /// The largest in the blocks that come before a block on all ways.
    before: SecondaryMap<Block, u32>,
    /// The least in the blocks that come after a block on all ways to them.
    after: SecondaryMap<Block, Option<u32>>,
}

impl Stops {
    fn new(f: &Func, order: &SourceOrder) -> Stops {
        let mut lists = GraphLists::default();
        let idom = dominators(f, &mut lists);
        let blocks = postorder(f, &mut lists);
        let mut own: SecondaryMap<Block, Option<(u32, u32)>> = SecondaryMap::new();
        for &b in blocks.iter() {
            let seen = f[b].values.iter().filter_map(|&v| order.seen(f, v));
            own[b] = seen.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        }
        let mut stops = Stops {
            before: SecondaryMap::new(),
            after: SecondaryMap::new(),
        };
        let least = |one: Option<u32>, other: Option<u32>| one.into_iter().chain(other).min();
        for &b in blocks.iter() {
            if let Some(parent) = idom[b] {
                let own = own[b].map(|(least, _)| least);
                let below = least(own, stops.after[b]);
                stops.after[parent] = least(stops.after[parent], below);
            }
        }
        for &b in blocks.iter().rev() {
            if let Some(parent) = idom[b] {
                let own = own[parent].map_or(0, |(_, largest)| largest);
                stops.before[b] = stops.before[parent].max(own);
            }
        }
        stops
    }
}

/// A point between instructions: the beginning of one, or inside it, where its effects are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The instruction; one behind the last for the end of the function.
    pub prog: ProgId,
    /// The point is behind the first byte.
    pub is_inside: bool,
}

/// A place that holds the value of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A register.
    Register(Reg),
    /// The slot of a variable.
    Slot(Var),
    /// None: the value is known.
    Constant(i64),
}

/// The places of a variable, in order, each from one point to another.
#[derive(Clone, Debug)]
pub struct Places {
    /// The variable.
    pub var: Var,
    /// The place from the beginning of the function to its first value.
    pub at_entry: Option<Place>,
    /// The places at values.
    pub ranges: Vec<(Point, Point, Place)>,
}

/// The number of values of a block up to which scans are faster than searches.
const FEW_VALUES: usize = 64;

/// Variables times values beyond which no places are looked for.
const LIMIT: usize = 1 << 21;

/// Returns the places of the program's variables in `f`, whose instructions come from `origins`. Requires all passes.
pub fn places(f: &Func, origins: &Origins, end: ProgId, order: &SourceOrder) -> Vec<Places> {
    let vars: Vec<Var> = f
        .vars
        .iter()
        .filter(|(_, data)| {
            is_visible(data.own_name()) && (data.ty.is_integer() || data.ty.is_boolean())
        })
        .map(|(var, _)| var)
        .collect();
    if vars.len() * f.num_values() > LIMIT {
        let nowhere = |var| Places {
            var,
            at_entry: None,
            ranges: Vec::new(),
        };
        return vars.into_iter().map(nowhere).collect();
    }
    Flow::new(f, vars, order).places(origins, end)
}

/// Reports whether a variable has a name in the program.
fn is_visible(name: &str) -> bool {
    !name.starts_with(['.', '~']) && name != "_"
}

/// Returns the values that assignments gave to a variable, each once, without those that only join values of several ways.
fn assigned(f: &Func, var: Var, joins: impl Fn(Value) -> bool) -> Vec<Value> {
    let mut assigned = Vec::new();
    let mut known = FxHashSet::default();
    for &v in &f.named_values[var] {
        let mut v = v;
        while f[v].op == Op::Copy {
            v = f[v].args[0];
        }
        if !joins(v) && known.insert(v) {
            assigned.push(v);
        }
    }
    assigned
}

/// The places of a variable at some point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    /// The registers that hold its value.
    registers: RegMask,
    /// The slot that holds it.
    slot: Option<Var>,
    constant: Option<i64>,
}

impl State {
    /// Returns what holds on both ways.
    fn meet(self, other: State) -> State {
        State {
            registers: self.registers & other.registers,
            slot: self.slot.filter(|_| self.slot == other.slot),
            constant: self.constant.filter(|_| self.constant == other.constant),
        }
    }

    fn place(self, f: &Func) -> Option<Place> {
        if let Some(slot) = self.slot {
            return Some(Place::Slot(slot));
        }
        if let Some(constant) = self.constant {
            return Some(Place::Constant(constant));
        }
        let register = self.registers.trailing_zeros() as usize;
        let known = f.profile.registers.registers.get(register);
        known.map(|register| Place::Register(register.reg))
    }
}

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

struct Flow<'a> {
    f: &'a Func,
    vars: Vec<Var>,
    /// The changes of variables, by index, at values.
    changes: SecondaryMap<Value, Vec<(usize, Change)>>,
    /// None as long as nobody asked.
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
    fn new(f: &'a Func, vars: Vec<Var>, order: &SourceOrder) -> Flow<'a> {
        let mut flow = Flow {
            f,
            changes: sized(f.num_values()),
            stops: None,
            searches: FxHashMap::default(),
            unknown: FxHashMap::default(),
            early: Vec::new(),
            entry: vec![State::default(); vars.len()],
            ends: SecondaryMap::new(),
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
                // Nobody uses it, and nobody assigns to it.
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
    fn start(&self, b: Block) -> Option<Vec<State>> {
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
        states
    }

    /// Applies what is not known about variables in a block, after its phis.
    fn enter_block(&self, b: Block, states: &mut [State]) {
        for &index in self.unknown.get(&b).into_iter().flatten() {
            states[index] = State::default();
        }
    }

    /// Finds the variables, by index, whose value `v` copies.
    fn find_copied(&self, v: Value, states: &[State], copied: &mut Vec<usize>) {
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
        let all = states.iter().enumerate();
        copied.extend(
            all.filter(|(_, state)| holds(state))
                .map(|(index, _)| index),
        );
    }

    /// Applies the part of a value that destroys places. Returns whether it destroys any.
    fn destroy(&self, v: Value, states: &mut [State]) -> bool {
        let f = self.f;
        let data = &f[v];
        if matches!(data.op, Op::Phi | Op::Arg | Op::ArgIntReg) {
            return false;
        }
        let destroyed = written(f, v);
        let slot = match (data.op, f.homes[v], data.aux) {
            (Op::StoreReg, Location::Slot(slot), _) => Some(slot),
            (Op::VarLive, _, _) => None,
            (_, _, Aux::Var(var)) if data.ty.is_memory() => Some(var),
            _ => None,
        };
        let mut destroys = false;
        for state in &mut *states {
            if state.registers & destroyed != 0 {
                state.registers &= !destroyed;
                destroys = true;
            }
            if slot.is_some() && state.slot == slot {
                state.slot = None;
                destroys = true;
            }
        }
        if let Some(index) = slot.and_then(|var| self.index(var))
            && data.op != Op::StoreReg
        {
            states[index] = State::default();
            destroys = true;
        }
        destroys
    }

    /// Applies the part of a value that makes places. `copied` are the variables whose value it copies. Returns false if it
    /// surely makes none.
    fn make(&self, v: Value, copied: &[usize], states: &mut [State]) -> bool {
        let f = self.f;
        let data = &f[v];
        let changes = &self.changes[v];
        if copied.is_empty() && !data.ty.is_memory() && changes.is_empty() {
            return false;
        }
        for &index in copied {
            add(&mut states[index], f.homes[v]);
        }
        if let Aux::Var(var) = data.aux
            && data.ty.is_memory()
            && !matches!(data.op, Op::VarDef | Op::VarKill | Op::VarLive)
            && let Some(index) = self.index(var)
        {
            states[index].slot = Some(var);
        }
        for &(index, change) in changes {
            states[index] = State::default();
            let value = match change {
                Change::Is => v,
                Change::Moves(value) => value,
                Change::Unknown => continue,
            };
            match constant(f, value) {
                Some(constant) => states[index].constant = Some(constant),
                None => add(&mut states[index], f.homes[value]),
            }
        }
        true
    }

    /// Finds the states at the ends of blocks.
    fn solve(&mut self) {
        let f = self.f;
        // Blocks before which nothing has changed since they were looked at.
        let mut is_done: SecondaryMap<Block, bool> = SecondaryMap::new();
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

    /// Applies the values of a block to states, and shows the states after what each destroys and after what it makes; none
    /// if they are surely as before.
    fn walk(
        &self,
        b: Block,
        states: &mut [State],
        mut show: impl FnMut(Value, bool, Option<&[State]>),
    ) {
        let f = self.f;
        let mut copied = Vec::new();
        let mut has_entered = false;
        for &v in &f[b].values {
            let mut is_news = false;
            if f[v].op != Op::Phi && !std::mem::replace(&mut has_entered, true) {
                self.enter_block(b, states);
                is_news = true;
            }
            self.find_copied(v, states, &mut copied);
            is_news |= self.destroy(v, states);
            show(v, false, is_news.then_some(&*states));
            let is_news = self.make(v, &copied, states);
            show(v, true, is_news.then_some(&*states));
        }
        if !has_entered {
            self.enter_block(b, states);
        }
    }

    fn places(mut self, origins: &Origins, end: ProgId) -> Vec<Places> {
        self.solve();
        let f = self.f;
        let mut writers: Vec<Writer> = self.vars.iter().map(|_| Writer::default()).collect();
        // The beginnings of values and of the ends of blocks, and where they end.
        let mut next = origins.iter().map(|&(prog, _)| prog).skip(1);
        let mut spans: SecondaryMap<Value, Option<(ProgId, ProgId)>> = sized(f.num_values());
        let mut starts: SecondaryMap<Block, Option<ProgId>> = SecondaryMap::new();
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
            let put = |writers: &mut [Writer], point, states: &[State]| {
                for (writer, state) in writers.iter_mut().zip(states) {
                    writer.put(point, state.place(f));
                }
            };
            let point = |prog, is_inside| Point { prog, is_inside };
            // Values without instructions change places where the instructions before them end.
            let mut end = point(start, false);
            put(&mut writers, end, &states);
            self.walk(b, &mut states, |v, is_made, states| {
                let at = match spans[v] {
                    None => end,
                    Some((start, behind)) if !is_made => point(start, start != behind),
                    Some((_, behind)) => point(behind, false),
                };
                if is_made {
                    end = at;
                }
                if let Some(states) = states {
                    put(&mut writers, at, states);
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

/// Adds a place of a value to those of its variable.
fn add(state: &mut State, home: Location) {
    match home {
        Location::Register(r) => state.registers |= 1 << r,
        Location::Slot(slot) => state.slot = Some(slot),
        _ => {}
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
