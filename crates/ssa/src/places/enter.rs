//! The values that variables have, and what is not known about them, before blocks are looked at one by one.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::changes::{Change, Changes};
use super::order::{FEW_VALUES, Owner, SourceOrder, assigned, line_of};
use super::search::Search;
use super::states::State;
use super::stops::{Graph, Stops};
use crate::abi::Convention;
use crate::arguments::in_registers;
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location, VarClass};
use crate::lists::ValueLists;
use crate::op::Op;
use crate::regalloc::written;

/// Where the places of variables change.
pub(super) struct Entered {
    /// The changes of variables, by index, at values.
    pub(super) changes: ValueLists<(u32, Change)>,
    /// The variables, by index, about which nothing is known from the beginning of a block on.
    pub(super) unknown: FxHashMap<Block, Vec<usize>>,
    /// The states when the function begins.
    pub(super) entry: Vec<State>,
}

/// Returns where the places of `vars` change.
pub(super) fn enter(f: &Func, vars: &[Var], order: &SourceOrder, graph: &Graph) -> Entered {
    let mut enter = Enter {
        f,
        vars,
        order,
        graph,
        changes: Changes::new(f.num_values()),
        stops: None,
        searches: FxHashMap::default(),
        unknown: FxHashMap::default(),
        early: Vec::new(),
        entry: vec![State::default(); vars.len()],
    };
    enter.enter_params();
    for index in 0..vars.len() {
        enter.enter_values(index);
    }
    Entered {
        changes: enter.changes.lists(),
        unknown: enter.unknown,
        entry: enter.entry,
    }
}

struct Enter<'a> {
    f: &'a Func,
    vars: &'a [Var],
    order: &'a SourceOrder,
    graph: &'a Graph,
    changes: Changes,
    /// Made when the first variable needs them.
    stops: Option<Stops>,
    /// Searches in large blocks.
    searches: FxHashMap<Block, Search>,
    unknown: FxHashMap<Block, Vec<usize>>,
    /// Where the variable has a new value from some value of a block on, which is computed behind others.
    early: Vec<(Block, Range<usize>)>,
    entry: Vec<State>,
}

impl Enter<'_> {
    /// Enters the places where parameters are passed.
    fn enter_params(&mut self) {
        let f = self.f;
        if !self
            .vars
            .iter()
            .any(|&var| f.vars[var].class == VarClass::Param)
        {
            return;
        }
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

    /// Enters the values of a variable, and what is not known about them.
    fn enter_values(&mut self, index: usize) {
        let (f, order) = (self.f, self.order);
        let var = self.vars[index];
        let values = &f.named_values[var];
        let is_param = f.vars[var].class == VarClass::Param;
        let mut assigned = assigned(f, var, |v| f[v].op == Op::Phi);
        // The only value is an assigned one, whatever it joins.
        let n_assigned = if values.len() == 1 { 1 } else { assigned.len() };
        let n_lost = order.assignments[var].saturating_sub(n_assigned as u32);
        if n_lost == 1 && order.assignments[var] == 1 && is_param {
            // The parameter is neither used nor assigned to.
            return;
        }
        let first = values.first().copied();
        let is_exact = |&v: &Value| {
            first == Some(v) || order.owners[v] == Owner::One(var) && constant(f, v).is_none()
        };
        if n_lost > 0 || !values.iter().all(is_exact) {
            self.entry[index] = State::default();
            return;
        }
        let before = self.changes.len();
        for &v in values {
            self.changes.push(v, index, Change::Is);
        }
        if let Some(first) = first
            && let Some(constant) = constant(f, first)
            && !self.is_in_block(first)
        {
            self.entry[index].constant = Some(constant);
        }
        if values.len() > 1 {
            assigned.retain(|v| first != Some(*v));
            if !assigned.iter().all(|&v| self.check_order(index, v)) {
                // Nothing is known about it anywhere.
                self.entry[index] = State::default();
                self.changes.truncate(before);
            }
        }
        for (b, early) in std::mem::take(&mut self.early) {
            self.enter_early(index, b, early);
        }
    }

    /// Enters that a variable has a new value from the first of the values `early` of a block on, which is computed behind
    /// them.
    fn enter_early(&mut self, index: usize, b: Block, early: Range<usize>) {
        let values = &self.f[b].values;
        match early.start.checked_sub(1) {
            Some(before) => self.changes.push(values[before], index, Change::Unknown),
            None => self.unknown.entry(b).or_default().push(index),
        }
        for &v in &values[early] {
            self.changes.remove(v, index);
        }
    }

    fn is_in_block(&self, v: Value) -> bool {
        let block = self.f[v].block.expand();
        block.is_some_and(|b| self.f[b].values.contains(&v))
    }

    /// Enters what the order of instructions makes uncertain about a variable whose value `v` is. Returns false if that is
    /// everything.
    fn check_order(&mut self, index: usize, v: Value) -> bool {
        let (f, order) = (self.f, self.order);
        let Some(b) = f[v].block.expand() else {
            return true;
        };
        let Some(number) = order.number(f, v) else {
            return false;
        };
        // It moved past a place where a debugger may stop.
        let stops = self
            .stops
            .get_or_insert_with(|| Stops::new(f, self.graph, order));
        let is_late = stops.before[b] > number;
        let is_early = stops.after[b].is_some_and(|after| after < number);
        if is_late || is_early {
            return false;
        }
        let Some((at, first, last)) = self.moved_past(b, v, number) else {
            return true;
        };
        let values = &f[b].values;
        if let Some(first) = first {
            self.early.push((b, first..at));
        }
        if let Some(last) = last {
            // The program assigns after that.
            self.changes.remove(v, index);
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
            self.changes.push(values[last], index, change);
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
    ) -> Option<(usize, Option<usize>, Option<usize>)> {
        let (f, order) = (self.f, self.order);
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
}

/// Returns the number that a value is.
pub(super) fn constant(f: &Func, v: Value) -> Option<i64> {
    let data = &f[v];
    matches!(data.op, Op::MOVLconst | Op::MOVQconst).then_some(data.aux_int)
}
