//! Stack slots for values without register.
//!
//! Spills, phis without register and parameters need slots. Two values interfere when one is made while
//! the other is live; others may share a slot. The values are taken in order: one that belongs to a
//! variable of the program goes to that variable's own slot, others to the first slot of their type
//! without an interfering value (gc: stackalloc.go).

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use minigo_base::internal;
use rustc_hash::FxHashMap;

use crate::entity::{Value, Var};
use crate::func::{Func, Location, VarClass};
use crate::lists::SharedLists;
use crate::op::Op;
use crate::regalloc::SpillsAtEnd;
use crate::sparse::SparseSet;
use crate::ty::Type;
use crate::value::Aux;

/// Sets the homes of all values that need a slot, making variables for them. Returns the values with
/// slots that are live at the end of each block, in an order that `shuffle` sees. The caller gives the lists
/// back to the function's scratch memory.
///
/// `spills` are needed at the ends of blocks though no value there uses them.
pub(crate) fn stackalloc(f: &mut Func, spills: &SpillsAtEnd) -> SharedLists<Value> {
    let values = Values::new(f);
    let live = live_at_end(f, &values, spills);
    assign_param_slots(f);
    if needs_more_slots(f, &values) {
        let interference = Interference::new(f, &values, &live);
        assign_slots(f, &values, &interference);
    }
    f.scratch.flags.free(values.needs_slot);
    f.scratch.choices.free(values.spill);
    live
}

/// Facts about values, by value number.
struct Values {
    needs_slot: Vec<bool>,
    /// The spill of a value.
    spill: Vec<PackedOption<Value>>,
}

impl Values {
    fn new(f: &mut Func) -> Values {
        let mut values = Values {
            needs_slot: f.scratch.flags.table(f.num_values(), false),
            spill: f.scratch.choices.table(f.num_values(), None.into()),
        };
        for &b in &f.layout {
            for &v in &f[b].values {
                let data = &f[v];
                let ty = data.ty;
                values.needs_slot[id(v)] = !(ty.is_memory() || ty.is_void() || ty.is_flags())
                    && f.homes[v] == Location::None
                    && !f.rematerializable(v);
                if data.op == Op::StoreReg {
                    values.spill[id(data.args[0])] = v.into();
                }
            }
        }
        values
    }
}

fn id(v: Value) -> usize {
    v.as_u32() as usize
}

/// Returns the values with slots that are live at the end of each block: a fixed point over blocks in postorder.
fn live_at_end(f: &mut Func, values: &Values, spills: &SpillsAtEnd) -> SharedLists<Value> {
    let order = f.postorder();
    let mut result: SharedLists<Value> = f.scratch.lend();
    result.reset(f.num_blocks(), f.num_values());
    let mut live = f.scratch.set(f.num_values());
    let mut in_reg = f.scratch.set(f.num_values());
    let mut at_pred = f.scratch.set(f.num_values());
    let mut phis = f.scratch.values.list();
    let mut dirty = f.scratch.flags.table(f.num_blocks(), true);
    let mut has_spills = f.scratch.flags.table(f.num_blocks(), false);
    let mut changed = true;
    while changed {
        changed = false;
        for &b in order.iter() {
            if !std::mem::take(&mut dirty[b.id()]) {
                continue;
            }
            live.clear();
            result.each(b, |v| live.add(v.as_u32()));
            phis.clear();
            for &v in f[b].values.iter().rev() {
                live.remove(v.as_u32());
                if f[v].op == Op::Phi {
                    // Its arguments may have slots though it has none itself.
                    if !f[v].ty.is_memory() && !f[v].ty.is_void() {
                        phis.push(v);
                    }
                    continue;
                }
                add_args(f, v, values, &mut live);
            }
            for (index, edge) in f[b].preds.iter().enumerate() {
                let pred = edge.block;
                at_pred.clear();
                result.each(pred, |v| at_pred.add(v.as_u32()));
                at_pred.add_all(live.contents());
                if !std::mem::replace(&mut has_spills[pred.id()], true) {
                    spills.each(pred, &mut in_reg, |v| at_pred.add(v.as_u32()));
                }
                for &phi in &phis {
                    let arg = f[phi].args[index];
                    if values.needs_slot[id(arg)] {
                        at_pred.add(arg.as_u32());
                    }
                    if let Some(spill) = values.spill[id(arg)].expand() {
                        at_pred.add(spill.as_u32());
                    }
                }
                if at_pred.len() != result.len(pred) {
                    let contents = at_pred.contents().iter();
                    result.set(pred, contents.map(|&v| Value::from_u32(v)));
                    dirty[pred.id()] = true;
                    changed = true;
                }
            }
        }
    }
    if f.profile.stackalloc.by_id {
        let mut list = f.scratch.values.list();
        for &b in order.iter() {
            result.read(b, &mut list);
            list.sort_unstable();
            result.set(b, list.iter().copied());
        }
        f.scratch.values.free(list);
    }
    f.scratch.free_set(live);
    f.scratch.free_set(in_reg);
    f.scratch.free_set(at_pred);
    f.scratch.values.free(phis);
    f.scratch.flags.free(dirty);
    f.scratch.flags.free(has_spills);
    result
}

/// Adds the arguments of `v` that need slots.
fn add_args(f: &Func, v: Value, values: &Values, live: &mut SparseSet) {
    for &arg in &f[v].args {
        if values.needs_slot[id(arg)] {
            live.add(arg.as_u32());
        }
    }
}

/// The interference between values of equal type, or with a parameter among them, as far as assignment needs it: the
/// neighbours of a value that get their slot before it.
struct Interference {
    /// By value number: the range in `edges` of those that are live where it is made.
    ranges: Vec<(u32, u32)>,
    edges: Vec<Value>,
    /// The others: a value, and a neighbour where which is made the value is live. Sorted.
    others: Vec<(Value, Value)>,
}

impl Interference {
    fn new(f: &mut Func, values: &Values, live_at_end: &SharedLists<Value>) -> Interference {
        let places = places(f, values);
        let mut live = f.scratch.set(f.num_values());
        let mut found = Interference {
            ranges: vec![(0, 0); f.num_values()],
            edges: Vec::new(),
            others: Vec::new(),
        };
        for &b in &f.layout {
            live.clear();
            live_at_end.each(b, |v| live.add(v.as_u32()));
            for &v in f[b].values.iter().rev() {
                if values.needs_slot[id(v)] {
                    live.remove(v.as_u32());
                    found.add(v, live.contents(), &places);
                }
                add_args(f, v, values, &mut live);
                if f[v].op == Op::Arg && values.needs_slot[id(v)] {
                    // It is in its slot from the start of the function on.
                    live.add(v.as_u32());
                }
            }
        }
        found.others.sort_unstable();
        f.scratch.free_set(live);
        found
    }

    /// Adds the edges between `v` and what is live where it is made.
    fn add(&mut self, v: Value, live: &[u32], places: &[Place]) {
        let place = places[id(v)];
        let start = self.edges.len() as u32;
        for &other in live {
            let other_place = places[other as usize];
            let other = Value::from_u32(other);
            if place.class != other_place.class && !place.is_param() && !other_place.is_param() {
                continue;
            }
            if other_place.order <= place.order {
                self.edges.push(other);
            } else {
                self.others.push((other, v));
            }
        }
        self.ranges[id(v)] = (start, self.edges.len() as u32);
    }

    fn of(&self, v: Value) -> impl Iterator<Item = Value> + '_ {
        let (start, end) = self.ranges[id(v)];
        let first = self.others.partition_point(|other| other.0 < v);
        let others = self.others[first..].iter();
        let others = others.take_while(move |other| other.0 == v);
        let live = self.edges[start as usize..end as usize].iter().copied();
        live.chain(others.map(|&(_, neighbour)| neighbour))
    }
}

/// The place of a value in the order of assignment, and the number of its type.
#[derive(Clone, Copy, Default)]
struct Place {
    /// 0 for parameters, which come first.
    order: u32,
    class: u32,
}

impl Place {
    fn is_param(self) -> bool {
        self.order == 0
    }
}

/// Returns the places of the values that need slots, by value number.
fn places(f: &Func, values: &Values) -> Vec<Place> {
    let mut places = vec![Place::default(); f.num_values()];
    let mut types: Vec<Type> = Vec::new();
    let mut order = 0;
    for &b in &f.layout {
        for &v in &f[b].values {
            if values.needs_slot[id(v)] && f[v].op != Op::Arg {
                order += 1;
                let ty = f[v].ty;
                let same = |&known: &Type| known == ty || known.compare(ty, &f.type_names).is_eq();
                let class = types.iter().position(same);
                if class.is_none() {
                    types.push(ty);
                }
                let class = class.unwrap_or(types.len() - 1) as u32;
                places[id(v)] = Place { order, class };
            }
        }
    }
    places
}

/// Reports whether any value but parameters needs a slot.
fn needs_more_slots(f: &Func, values: &Values) -> bool {
    let needs_slot = |&v: &Value| values.needs_slot[id(v)] && f[v].op != Op::Arg;
    f.layout.iter().any(|&b| f[b].values.iter().any(needs_slot))
}

/// Assigns parameters to the slots in which they are passed.
fn assign_param_slots(f: &mut Func) {
    for at in 0..f[f.entry].values.len() {
        let v = f[f.entry].values[at];
        if f[v].op == Op::Arg {
            let Aux::Var(var) = f[v].aux else {
                internal!("{}: argument {v} has no variable", f.name);
            };
            f.homes[v] = Location::Slot(var);
        }
    }
}

/// Returns the variable that each value belongs to. Of several, the last one; or the first one that may be stored: the
/// slot of a parameter takes only the parameter itself.
fn names_of_values(f: &Func) -> SecondaryMap<Value, Option<Var>> {
    let mut names: SecondaryMap<Value, Option<Var>> = SecondaryMap::new();
    names.resize(f.num_values());
    for &var in &f.names {
        let is_param = f.vars[var].class == VarClass::Param;
        for &v in &f.named_values[var] {
            let is_stored = match f[v].op {
                Op::ArgIntReg => f[v].aux == Aux::Var(var),
                Op::Arg => true,
                _ => !is_param,
            };
            if !f.profile.stackalloc.first_names || is_stored && names[v].is_none() {
                names[v] = Some(var);
            }
        }
    }
    names
}

fn assign_slots(f: &mut Func, values: &Values, interference: &Interference) {
    let names = names_of_values(f);
    // The shared slots of each type, and the slot of each value among them.
    let mut slots: FxHashMap<Type, Vec<Var>> = FxHashMap::default();
    let mut slot_of: Vec<Option<u32>> = vec![None; f.num_values()];
    let mut taken = Vec::new();
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        for n in 0..f[b].values.len() {
            let v = f[b].values[n];
            if !values.needs_slot[id(v)] || f[v].op == Op::Arg {
                continue;
            }
            let named = match f[v].op {
                Op::StoreReg => f[v].args[0],
                _ => v,
            };
            if let Some(var) = names[named]
                && f[v].ty.compare(f.vars[var].ty, &f.type_names).is_eq()
                // A variable's values can interfere with each other.
                && interference.of(v).all(|other| f.homes[other] != Location::Slot(var))
            {
                f.homes[v] = Location::Slot(var);
                continue;
            }
            let key = match f.profile.stackalloc.by_type_identity {
                true => f[v].ty.without_alias(),
                false => f[v].ty,
            };
            let shared = slots.entry(key).or_default();
            taken.clear();
            taken.resize(shared.len(), false);
            for other in interference.of(v) {
                // A slot of another type may have the same number; gc takes it for this one.
                if let Some(slot) = slot_of[id(other)]
                    && let Some(taken) = taken.get_mut(slot as usize)
                {
                    *taken = true;
                }
            }
            let slot = taken.iter().position(|&taken| !taken);
            let slot = slot.unwrap_or(shared.len());
            if slot == shared.len() {
                let var = f.new_auto(f[v].pos, f[v].ty);
                shared.push(var);
            }
            f.homes[v] = Location::Slot(shared[slot]);
            slot_of[id(v)] = Some(slot as u32);
        }
    }
}
