//! An independent check of the allocation.
//!
//! The allocated function is executed symbolically: a state maps every register and slot to the value of before
//! allocation that it holds, moves copy contents, and where paths meet only common contents stay known. The
//! state at the start of each block is the greatest fixed point. Every operation must find in its
//! registers exactly the values that it had as arguments before (regalloc2: checker.rs has the same idea).
//!
//! Nothing of the allocator's own bookkeeping is used but the final code and homes. Contents become only
//! less known from round to round, so that an error in any round is an error.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::constraints::Constraints;
use crate::amd64::regs::{MAX_REGISTERS, RegisterFile, SP};
use crate::entity::{Block, Value};
use crate::func::{Func, Location};
use crate::op::{CLOBBER_ARG0, Op, RESULT_IN_ARG0, RegMask};
use crate::scratch::GraphLists;
use crate::value::Aux;

type Args = SmallVec<[Value; 4]>;

/// The parts that equal values have in common, if they can be computed again.
type Computation = (Op, i64, Aux, Args);

/// The function before allocation, as far as the check needs it.
pub(super) struct Before {
    /// By value number; none for numbers that no block listed.
    values: Vec<Option<ValueBefore>>,
    /// The values of each block that must be issued: all that can't be computed again.
    issued: Vec<Vec<Value>>,
    controls: Vec<SmallVec<[Value; 2]>>,
    /// The first value with the same computation.
    computations: FxHashMap<Computation, Value>,
}

struct ValueBefore {
    op: Op,
    args: Args,
    /// The value that stands for this one: the first one with the same computation.
    same: Value,
}

impl Before {
    /// Records the function as it is now.
    pub(super) fn new(f: &Func) -> Before {
        let mut before = Before {
            values: std::iter::repeat_with(|| None)
                .take(f.num_values())
                .collect(),
            issued: vec![Vec::new(); f.num_blocks()],
            controls: vec![SmallVec::new(); f.num_blocks()],
            computations: FxHashMap::default(),
        };
        for &b in &f.layout {
            before.controls[b.id()] = f[b].controls().collect();
            for &v in &f[b].values {
                let mut same = v;
                if f.rematerializable(v) {
                    let computations = &mut before.computations;
                    same = *computations.entry(computation(f, v)).or_insert(v);
                } else {
                    before.issued[b.id()].push(v);
                }
                before.values[id(v)] = Some(ValueBefore {
                    op: f[v].op,
                    args: f[v].args.clone(),
                    same,
                });
            }
        }
        before
    }

    /// Returns the value of that number before allocation; none for values that allocation made.
    fn get(&self, v: Value) -> Option<&ValueBefore> {
        self.values.get(id(v))?.as_ref()
    }

    /// Returns the content of a location that holds `v`.
    fn content(&self, v: Value) -> Content {
        Content::Value(self.get(v).map_or(v, |before| before.same))
    }
}

fn computation(f: &Func, v: Value) -> Computation {
    let data = &f[v];
    (data.op, data.aux_int, data.aux, data.args.clone())
}

fn id(v: Value) -> usize {
    v.as_u32() as usize
}

/// Reports whether a value has no register: memory, flags, tuples, lists of results, nothing.
fn is_abstract(f: &Func, v: Value) -> bool {
    let ty = f[v].ty;
    ty.is_memory() || ty.is_flags() || ty.is_tuple() || ty.is_results() || ty.is_void()
}

/// The content of a register or slot, as far as it is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Content {
    Unknown,
    /// It holds this value of before allocation.
    Value(Value),
    /// It holds this result of an operation with several, until the selector.
    Part(Value, usize),
}

/// The contents of registers and slots at one point of the function.
#[derive(Clone)]
struct State {
    regs: [Content; MAX_REGISTERS],
    /// By variable.
    slots: Vec<Content>,
}

impl State {
    fn get(&self, location: Location) -> Content {
        match location {
            Location::Register(r) => self.regs[r as usize],
            Location::Slot(var) => self.slots[var.as_u32() as usize],
            Location::None | Location::Pair(..) | Location::Results(_) | Location::Temporary(_) => {
                Content::Unknown
            }
        }
    }

    fn set(&mut self, location: Location, content: Content) {
        match location {
            Location::Register(r) => self.regs[r as usize] = content,
            Location::Slot(var) => self.slots[var.as_u32() as usize] = content,
            Location::None | Location::Pair(..) | Location::Results(_) | Location::Temporary(_) => {
            }
        }
    }

    /// Drops contents that differ in `other`. Returns whether there were any.
    fn meet(&mut self, other: &State) -> bool {
        let mut changed = false;
        let places = self.regs.iter_mut().chain(&mut self.slots);
        for (content, other) in places.zip(other.regs.iter().chain(&other.slots)) {
            if content != other && *content != Content::Unknown {
                *content = Content::Unknown;
                changed = true;
            }
        }
        changed
    }
}

/// Checks that `f`, allocated, computes the same as before.
///
/// # Errors
///
/// The first violation that was found, in words.
pub(super) fn check(f: &Func, before: &Before) -> Result<(), String> {
    let checker = Checker { f, before };
    let order = crate::dom::postorder(f, &mut GraphLists::default());
    let mut starts: Vec<Option<State>> = vec![None; f.num_blocks()];
    starts[f.entry.id()] = Some(checker.entry_state());
    let mut dirty = vec![false; f.num_blocks()];
    dirty[f.entry.id()] = true;
    let mut changed = true;
    while changed {
        changed = false;
        for &b in order.iter().rev() {
            if !std::mem::take(&mut dirty[b.id()]) {
                continue;
            }
            changed = true;
            let mut state = starts[b.id()].clone().expect("a way leads here");
            checker
                .block(b, &mut state)
                .map_err(|why| format!("{b}: {why}"))?;
            for edge in &f[b].succs {
                let at_end = checker
                    .edge(&state, edge.block, edge.index as usize)
                    .map_err(|why| format!("{b} -> {}: {why}", edge.block))?;
                let lost = match &mut starts[edge.block.id()] {
                    Some(start) => start.meet(&at_end),
                    start => start.replace(at_end).is_none(),
                };
                dirty[edge.block.id()] |= lost;
            }
        }
    }
    Ok(())
}

struct Checker<'a> {
    f: &'a Func,
    before: &'a Before,
}

impl Checker<'_> {
    fn registers(&self) -> &'static RegisterFile {
        self.f.profile.registers
    }

    /// Parameters are in their slots or registers.
    fn entry_state(&self) -> State {
        let mut state = State {
            regs: [Content::Unknown; MAX_REGISTERS],
            slots: vec![Content::Unknown; self.f.vars.len()],
        };
        for &v in &self.f[self.f.entry].values {
            if matches!(self.f[v].op, Op::Arg | Op::ArgIntReg) {
                state.set(self.f.homes[v], self.before.content(v));
            }
        }
        state
    }

    /// Executes the values of a block.
    fn block(&self, b: Block, state: &mut State) -> Result<(), String> {
        let f = self.f;
        let mut issued = self.before.issued[b.id()].iter();
        for &v in &f[b].values {
            match self.before.get(v) {
                Some(before) => {
                    if issued.next() != Some(&v) {
                        return Err(format!("{v} is issued out of order"));
                    }
                    self.operation(v, before, state)
                }
                None => self.made(v, state),
            }
            .map_err(|why| format!("{v} = {}: {why}", f[v].op))?;
        }
        if let Some(v) = issued.next() {
            return Err(format!("{v} is not issued"));
        }
        let (old, new) = (&self.before.controls[b.id()], f[b].controls());
        if old.len() != new.count() {
            return Err("a control value came or went".to_owned());
        }
        for (&old, new) in old.iter().zip(f[b].controls()) {
            match is_abstract(f, old) {
                true => same(old, new)?,
                false => self.holds(state, new, old, self.registers().allocatable)?,
            }
        }
        Ok(())
    }

    /// Executes a value that was there before.
    fn operation(&self, v: Value, before: &ValueBefore, state: &mut State) -> Result<(), String> {
        let f = self.f;
        let data = &f[v];
        if data.op != before.op || data.args.len() != before.args.len() {
            return Err("the operation changed".to_owned());
        }
        let home = f.homes[v];
        match data.op {
            // Set on the edges.
            Op::Phi => Ok(()),
            Op::Arg | Op::ArgIntReg => match state.get(home) == self.before.content(v) {
                true => Ok(()),
                false => Err("the parameter is not in its place".to_owned()),
            },
            Op::SP | Op::SB => {
                let r = match data.op {
                    Op::SP => SP,
                    _ => self.registers().sb(),
                };
                state.set(Location::Register(r), self.before.content(v));
                is_home(home, 1 << r)
            }
            Op::Select0 | Op::Select1 | Op::SelectN => {
                same(before.args[0], data.args[0])?;
                let part = match data.op {
                    Op::Select0 => 0,
                    Op::Select1 => 1,
                    _ => data.aux_int as usize,
                };
                if is_abstract(f, v) {
                    return Ok(());
                }
                if state.get(home) != Content::Part(data.args[0], part) {
                    return Err("the part is not in this register".to_owned());
                }
                state.set(home, self.before.content(v));
                Ok(())
            }
            _ => {
                self.arguments(v, &before.args, state)?;
                self.results(v, state)
            }
        }
    }

    /// Checks that the arguments are in allowed registers. Those of commutative operations whose result
    /// overwrites one may have been exchanged.
    fn arguments(&self, v: Value, before: &Args, state: &State) -> Result<(), String> {
        let op = self.f[v].op;
        let result = self.arguments_in_order(v, before, state);
        if result.is_err() && op.has(RESULT_IN_ARG0) && op.is_commutative() {
            let mut swapped = before.clone();
            swapped.swap(0, 1);
            return self.arguments_in_order(v, &swapped, state).or(result);
        }
        result
    }

    fn arguments_in_order(&self, v: Value, before: &Args, state: &State) -> Result<(), String> {
        let data = &self.f[v];
        let constraints = Constraints::new(self.f, v);
        for (index, (&old, &new)) in before.iter().zip(&data.args).enumerate() {
            match constraints.inputs().find(|input| input.0 == index) {
                Some((_, allowed)) => self.holds(state, new, old, allowed)?,
                None => same(old, new)?,
            }
        }
        Ok(())
    }

    /// Checks that the home of `new` is a register of `allowed` that holds `old`.
    fn holds(&self, state: &State, new: Value, old: Value, allowed: RegMask) -> Result<(), String> {
        let home = self.f.homes[new];
        is_home(home, allowed)?;
        let (content, wanted) = (state.get(home), self.before.content(old));
        if content != wanted {
            let location = location_name(self.f, home);
            return Err(format!("{location} holds {content:?}, not {wanted:?}"));
        }
        Ok(())
    }

    /// Applies the clobbers and results of an operation.
    fn results(&self, v: Value, state: &mut State) -> Result<(), String> {
        let data = &self.f[v];
        let constraints = Constraints::new(self.f, v);
        let (clobbers, allocatable) = (constraints.clobbers(), self.registers().allocatable);
        for (r, content) in state.regs.iter_mut().enumerate() {
            if clobbers >> r & 1 != 0 {
                *content = Content::Unknown;
            }
        }
        if let Aux::Var(var) = data.aux
            && data.ty.is_memory()
        {
            state.set(Location::Slot(var), Content::Unknown);
        }
        let home = self.f.homes[v];
        if let Location::Temporary(r) = home {
            state.set(Location::Register(r), Content::Unknown);
        }
        if data.op.has(CLOBBER_ARG0) {
            state.set(self.f.homes[data.args[0]], Content::Unknown);
        }
        let first = match home {
            Location::Pair(first, _) => first.map(Location::Register),
            home => Some(home),
        };
        if data.op.has(RESULT_IN_ARG0)
            && first.is_some_and(|first| first != self.f.homes[data.args[0]])
        {
            return Err("the result is not in the register of argument 0".to_owned());
        }
        if let Location::Pair(first, second) = home {
            let halves = [first, second].into_iter().enumerate();
            for (half, r) in halves.filter_map(|(half, r)| Some((half, r?))) {
                let output = constraints.outputs().find(|output| output.0 == half);
                let (_, allowed) = output.ok_or("a half without register has one")?;
                is_home(Location::Register(r), allowed & allocatable)?;
                state.set(Location::Register(r), Content::Part(v, half));
            }
        } else if let Location::Results(_) = home {
            for (part, allowed) in constraints.outputs() {
                let r = allowed.trailing_zeros() as usize;
                state.regs[r] = Content::Part(v, part);
            }
        } else if let Some((_, allowed)) = constraints.outputs().next() {
            is_home(home, allowed & allocatable)?;
            state.set(home, self.before.content(v));
        }
        Ok(())
    }

    /// Executes a value that allocation made: a move, or a value computed again.
    fn made(&self, v: Value, state: &mut State) -> Result<(), String> {
        let f = self.f;
        let home = f.homes[v];
        let source = || f.homes[f[v].args[0]];
        let allocatable = self.registers().allocatable;
        let (from, to) = match f[v].op {
            Op::Copy => (is_home(source(), !0), is_home(home, allocatable)),
            Op::LoadReg => (is_slot(f, source(), v), is_home(home, allocatable)),
            Op::StoreReg => (is_home(source(), !0), is_slot(f, home, v)),
            _ => {
                let computed = self.before.computations.get(&computation(f, v));
                let value = *computed.ok_or("nothing is computed like this")?;
                state.set(home, Content::Value(value));
                return is_home(home, allocatable);
            }
        };
        from.and(to)?;
        state.set(home, state.get(source()));
        Ok(())
    }

    /// Returns the state on the edge that enters `b` as predecessor `index`, with the phis in their homes.
    fn edge(&self, state: &State, b: Block, index: usize) -> Result<State, String> {
        let f = self.f;
        let mut at_start = state.clone();
        let phis = f[b].values.iter().take_while(|&&v| f[v].op == Op::Phi);
        for &phi in phis {
            let before = self.before.get(phi).ok_or("allocation made a phi")?;
            let (old, new) = (before.args[index], f[phi].args[index]);
            if is_abstract(f, phi) {
                same(old, new)?;
                continue;
            }
            let home = f.homes[phi];
            if f.homes[new] != home || state.get(home) != self.before.content(old) {
                let location = location_name(f, home);
                let content = state.get(home);
                return Err(format!(
                    "{phi} wants {old} in {location}, which holds {content:?}"
                ));
            }
            at_start.set(home, self.before.content(phi));
        }
        Ok(at_start)
    }
}

fn same(old: Value, new: Value) -> Result<(), String> {
    match old == new {
        true => Ok(()),
        false => Err(format!("{old} became {new}")),
    }
}

fn is_home(home: Location, allowed: RegMask) -> Result<(), String> {
    match home {
        Location::Register(r) if allowed >> r & 1 != 0 => Ok(()),
        _ => Err(format!("{home:?} is not allowed here")),
    }
}

/// Reports whether `home` is a slot that is wide enough for `v`.
fn is_slot(f: &Func, home: Location, v: Value) -> Result<(), String> {
    match home {
        Location::Slot(var) if f.vars[var].ty.size() >= f[v].ty.size() => Ok(()),
        _ => Err(format!("{home:?} is no slot for {v}")),
    }
}

fn location_name(f: &Func, location: Location) -> String {
    match location {
        Location::Register(r) => f.profile.registers.registers[r as usize].name.to_owned(),
        Location::Slot(var) => f.vars[var].name.clone(),
        location => format!("{location:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::profile::GO1_15;

    /// A loop that exchanges two variables, before allocation.
    const SWAP: &str = "\
== f: flagalloc nb=6 nv=29
  b1: Plain -> b2 @2:4:2+ preds succs b2.0
    v8 = Arg <int32> {a} (a[int32]) u1 @2:3:6-
    v9 = Arg <int32> {b} (b[int32]) u1 @2:3:6-
    v10 = Arg <int32> {n} (n[int32]) u1 @2:3:6-
    v11 = MOVLconst <int32> [0] (i[int32]) u1 @0:0:0-
  b2: GT v20 -> b4 b5 (likely) @2:4:23? preds b1.0 b4.0 succs b4.0 b5.0
    v12 = Phi <int32> v11 v19 (i[int32]) u2 @2:4:23-
    v27 = Phi <int32> v9 v28 (a[int32], b[int32]) u2 @2:7:11-
    v28 = Phi <int32> v8 v27 (a[int32], b[int32]) u2 @2:7:11-
    v20 = CMPL <flags> v10 v12 u1 @2:4:23+
  b4: Plain -> b2 @2:4:28? preds b2.0 succs b2.1
    v19 = ADDLconst <int32> [1] v12 (i[int32]) u1 @2:4:29+
  b5: Ret v25 @2:7:11+ preds b2.1 succs
    v1 = InitMem <mem> u1 @0:0:0-
    v24 = VarDef <mem> {~r3} v1 u1 @2:7:2-
    v2 = SP <uintptr> u1 @0:0:0-
    v22 = SUBL <int32> v28 v27 u1 @2:7:11+
    v25 = MOVLstore <mem> {~r3} v2 v22 v24 u1 @2:7:2?
  name a[int32] [v8 v28 v27]
  name b[int32] [v9 v27 v28]
  name n[int32] [v10]
  name i[int32] [v11 v12 v19]
";

    fn allocated() -> (Func, Before) {
        let mut syms = minigo_obj::SymTable::new();
        let mut f = crate::parse(SWAP, &mut syms, &GO1_15)
            .expect("a good dump")
            .func;
        let before = Before::new(&f);
        let config = Config {
            check: false,
            ..Config::new(&GO1_15)
        };
        crate::regalloc::regalloc(&mut f, &config);
        (f, before)
    }

    fn listed(f: &Func) -> Vec<Value> {
        let blocks = f.layout.iter();
        blocks.flat_map(|&b| f[b].values.iter().copied()).collect()
    }

    #[test]
    fn a_good_allocation_passes() {
        let (f, before) = allocated();
        assert_eq!(check(&f, &before), Ok(()));
    }

    #[test]
    fn a_result_in_another_register_is_found() {
        let (f, _) = allocated();
        for v in listed(&f) {
            let Location::Register(r) = f.homes[v] else {
                continue;
            };
            // AX to BX hold other values everywhere.
            for other in (0..4).filter(|&other| other != r) {
                let (mut f, before) = allocated();
                f.homes[v] = Location::Register(other);
                assert!(check(&f, &before).is_err(), "{v} in register {other}");
            }
        }
    }

    #[test]
    fn a_missing_value_is_found() {
        let (f, _) = allocated();
        for v in listed(&f) {
            let (mut f, before) = allocated();
            let b = f[v].block.expect("a listed value has a block");
            f[b].values.retain(|&other| other != v);
            assert!(check(&f, &before).is_err(), "without {v}");
        }
    }

    #[test]
    fn moves_in_another_order_are_found() {
        let (f, _) = allocated();
        let is_copy = |v: Value| f[v].op == Op::Copy;
        let mut exchanged = 0;
        for &b in &f.layout {
            for at in 1..f[b].values.len() {
                if is_copy(f[b].values[at - 1]) && is_copy(f[b].values[at]) {
                    let (mut f, before) = allocated();
                    f[b].values.swap(at - 1, at);
                    assert!(check(&f, &before).is_err(), "{b} at {at}");
                    exchanged += 1;
                }
            }
        }
        assert_eq!(exchanged, 2);
    }
}
