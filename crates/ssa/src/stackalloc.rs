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
use crate::lists::BlockLists;
use crate::op::Op;
use crate::sparse::SparseSet;
use crate::ty::Type;
use crate::value::Aux;

/// Sets the homes of all values that need a slot, making variables for them. Returns the values with
/// slots that are live at the end of each block, in an order that `shuffle` sees. The caller gives the lists
/// back to the function's scratch memory.
///
/// `spill_live` lists spills that are needed at the end of a block though no value there uses them.
pub(crate) fn stackalloc(f: &mut Func, spill_live: &BlockLists<Value>) -> BlockLists<Value> {
    let values = Values::new(f);
    let live = live_at_end(f, &values, spill_live);
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
fn live_at_end(f: &mut Func, values: &Values, spill_live: &BlockLists<Value>) -> BlockLists<Value> {
    let order = f.postorder();
    let mut result: BlockLists<Value> = f.scratch.lend();
    result.reset(f.num_blocks());
    let mut live = f.scratch.set(f.num_values());
    let mut at_pred = f.scratch.set(f.num_values());
    let mut phis = f.scratch.values.list();
    let mut dirty = f.scratch.flags.table(f.num_blocks(), true);
    let mut changed = true;
    while changed {
        changed = false;
        for &b in order.iter() {
            if !std::mem::take(&mut dirty[b.id()]) {
                continue;
            }
            live.clear();
            add_all(&mut live, &result[b]);
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
                add_all(&mut at_pred, &result[pred]);
                at_pred.add_all(live.contents());
                add_all(&mut at_pred, &spill_live[pred]);
                for &phi in &phis {
                    let arg = f[phi].args[index];
                    if values.needs_slot[id(arg)] {
                        at_pred.add(arg.as_u32());
                    }
                    if let Some(spill) = values.spill[id(arg)].expand() {
                        at_pred.add(spill.as_u32());
                    }
                }
                if at_pred.len() != result[pred].len() {
                    let contents = at_pred.contents().iter();
                    result.set(pred, contents.map(|&v| Value::from_u32(v)));
                    dirty[pred.id()] = true;
                    changed = true;
                }
            }
        }
    }
    if f.profile.stackalloc.by_id {
        for &b in order.iter() {
            result.list_mut(b).sort_unstable();
        }
    }
    f.scratch.free_set(live);
    f.scratch.free_set(at_pred);
    f.scratch.values.free(phis);
    f.scratch.flags.free(dirty);
    result
}

fn add_all(set: &mut SparseSet, values: &[Value]) {
    for &v in values {
        set.add(v.as_u32());
    }
}

/// Adds the arguments of `v` that need slots.
fn add_args(f: &Func, v: Value, values: &Values, live: &mut SparseSet) {
    for &arg in &f[v].args {
        if values.needs_slot[id(arg)] {
            live.add(arg.as_u32());
        }
    }
}

/// The interference between values, as far as assignment needs it: the neighbours of value `v` that get their
/// slot before it are `edges[starts[v]..starts[v + 1]]`.
struct Interference {
    starts: Vec<u32>,
    edges: Vec<Value>,
}

impl Interference {
    fn new(f: &mut Func, values: &Values, live_at_end: &BlockLists<Value>) -> Interference {
        let order = assignment_order(f, values);
        let mut live = f.scratch.set(f.num_values());
        let mut starts = vec![0u32; f.num_values() + 1];
        // Twice, since all pairs in one list would take most of the memory.
        each_pair(f, values, live_at_end, &mut live, |v, w| {
            starts[id(later(&order, v, w).0)] += 1;
        });
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        // From here on each start moves down as its edges are filled in from the last one.
        let mut edges = vec![Value::NONE; sum as usize];
        each_pair(f, values, live_at_end, &mut live, |v, w| {
            let (v, w) = later(&order, v, w);
            starts[id(v)] -= 1;
            edges[starts[id(v)] as usize] = w;
        });
        f.scratch.free_set(live);
        f.scratch.graph.numbers.free(order);
        Interference { starts, edges }
    }

    fn of(&self, v: Value) -> &[Value] {
        &self.edges[self.starts[id(v)] as usize..self.starts[id(v) + 1] as usize]
    }
}

/// Returns the position of each value in the order of assignment, by value number; arguments come first.
fn assignment_order(f: &mut Func, values: &Values) -> Vec<u32> {
    let mut order = f.scratch.graph.numbers.table(f.num_values(), 0);
    let mut next = 0;
    for &b in &f.layout {
        for &v in &f[b].values {
            if values.needs_slot[id(v)] && f[v].op != Op::Arg {
                next += 1;
                order[id(v)] = next;
            }
        }
    }
    order
}

/// Returns the two values, the one that is assigned later first.
fn later(order: &[u32], v: Value, w: Value) -> (Value, Value) {
    if order[id(v)] < order[id(w)] {
        (w, v)
    } else {
        (v, w)
    }
}

/// Calls `pair` with all values of equal type, or with a parameter among them, of which one is made while the
/// other is live.
fn each_pair(
    f: &Func,
    values: &Values,
    live_at_end: &BlockLists<Value>,
    live: &mut SparseSet,
    mut pair: impl FnMut(Value, Value),
) {
    for &b in &f.layout {
        live.clear();
        add_all(live, &live_at_end[b]);
        for &v in f[b].values.iter().rev() {
            let data = &f[v];
            let is_arg = data.op == Op::Arg;
            if values.needs_slot[id(v)] {
                live.remove(v.as_u32());
                for &other in live.contents() {
                    let other = Value::from_u32(other);
                    let ty = f[other].ty;
                    let same = || data.ty == ty || data.ty.compare(ty, &f.type_names).is_eq();
                    if is_arg || f[other].op == Op::Arg || same() {
                        pair(v, other);
                    }
                }
            }
            add_args(f, v, values, live);
            if is_arg && values.needs_slot[id(v)] {
                // It is in its slot from the start of the function on.
                live.add(v.as_u32());
            }
        }
    }
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
                && interference.of(v).iter().all(|&other| f.homes[other] != Location::Slot(var))
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
            for &other in interference.of(v) {
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
