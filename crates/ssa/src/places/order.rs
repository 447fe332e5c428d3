//! The order of the program, which values had before the passes.

use cranelift_entity::{EntityRef, SecondaryMap};
use minigo_base::{IsStmt, Pos, PosBase};
use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::entity::{Value, Var};
use crate::func::Func;
use crate::op::Op;

/// The number of values up to which scans are faster than searches.
pub(super) const FEW_VALUES: usize = 64;

/// The order of a function's values before its passes, which is that of the program.
#[derive(Debug)]
pub struct SourceOrder {
    /// The number and the position of each value; 0 for values that passes make.
    numbers: SecondaryMap<Value, (u32, Pos)>,
    /// The number of assignments to each named variable.
    pub(super) assignments: SecondaryMap<Var, u32>,
    /// The variable that each value was computed for, if it is a single one.
    pub(super) owners: SecondaryMap<Value, Owner>,
    /// The lines, in order, and the first and the last number of the values of each.
    lines: Vec<(Line, (u32, u32))>,
}

/// A file, or an inlined call in it, and a line.
type Line = (PosBase, u32);

/// Returns the line that a value is for.
pub(super) fn line_of(f: &Func, v: Value) -> Line {
    (f[v].pos.base(), f[v].pos.line())
}

/// Returns a map of `n` entries, which do not grow one by one.
pub(super) fn sized<K: EntityRef, V: Clone + Default>(n: usize) -> SecondaryMap<K, V> {
    let mut map = SecondaryMap::new();
    map.resize(n);
    map
}

/// The variables that have a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Owner {
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
        // Values of a line mostly follow each other.
        let mut lines: Vec<(Line, (u32, u32))> = Vec::with_capacity(32);
        for &v in values {
            // Those that join others are made when the rest of the function is there.
            if matches!(f[v].op, Op::Phi | Op::Copy) {
                continue;
            }
            // Values are made in the order of the program, whatever the order of blocks.
            let number = v.as_u32();
            numbers[v] = (number, f[v].pos);
            match lines.last_mut() {
                Some((line, (first, last))) if *line == line_of(f, v) => {
                    (*first, *last) = (number.min(*first), number.max(*last));
                }
                _ => lines.push((line_of(f, v), (number, number))),
            }
        }
        lines.sort_unstable();
        lines.dedup_by(|(line, (_, last)), (known, (_, known_last))| {
            let is_known = line == known;
            if is_known {
                *known_last = (*known_last).max(*last);
            }
            is_known
        });
        let mut owners: SecondaryMap<Value, Owner> = sized(f.num_values());
        for &var in &f.names {
            for &v in &f.named_values[var] {
                owners[v] = match owners[v] {
                    Owner::None => Owner::One(var),
                    Owner::One(_) | Owner::Many => Owner::Many,
                };
            }
        }
        let mut assignments = sized(f.vars.len());
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
    pub(super) fn number(&self, f: &Func, v: Value) -> Option<u32> {
        let (number, pos) = self.numbers[v];
        let is_same = pos.base() == f[v].pos.base() && pos.line() == f[v].pos.line();
        (number != 0 && is_same).then_some(number)
    }

    /// Returns the least and the largest number that a value may have, if a debugger may stop at its instructions.
    pub(super) fn seen(&self, f: &Func, v: Value) -> Option<(u32, u32)> {
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
        let line = line_of(f, v);
        let known = self.lines.binary_search_by_key(&line, |&(line, _)| line);
        Some(known.map_or((0, u32::MAX), |known| self.lines[known].1))
    }
}

/// Returns the values that assignments gave to a variable, each once, without those that only join values of several ways.
pub(super) fn assigned(f: &Func, var: Var, joins: impl Fn(Value) -> bool) -> SmallVec<[Value; 8]> {
    let mut assigned = SmallVec::new();
    // Empty while there are few.
    let mut known = FxHashSet::default();
    for &v in &f.named_values[var] {
        let mut v = v;
        while f[v].op == Op::Copy {
            v = f[v].args[0];
        }
        let is_known = if assigned.len() < FEW_VALUES {
            assigned.contains(&v)
        } else {
            if known.is_empty() {
                known.extend(assigned.iter().copied());
            }
            known.contains(&v)
        };
        if !is_known && !joins(v) {
            assigned.push(v);
            if !known.is_empty() {
                known.insert(v);
            }
        }
    }
    assigned
}
