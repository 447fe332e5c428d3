//! Stack slots for values without register.
//!
//! Spills, phis without register and parameters need slots. Two values interfere when one is made while
//! the other is live; others may share a slot. The values are taken in order: one that belongs to a
//! variable of the program goes to that variable's own slot, others to the first slot of their type
//! without an interfering value (gc: stackalloc.go).

mod holders;
mod live;

use std::ops::Range;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, SecondaryMap};
use minigo_base::internal;
use rustc_hash::FxHashMap;

use crate::bits::Bits;
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location, VarClass};
use crate::op::Op;
use crate::regalloc::SpillsAtEnd;
use crate::ty::Type;
use crate::value::Aux;

use self::holders::{Event, Events, Holder, Holders};
use self::live::{Memory, live_at_end};
pub(crate) use self::live::{OpenLive, StackLive, take_back};

/// Sets the homes of all values that need a slot, making variables for them. Returns the values with
/// slots that are live at the end of each block. The caller gives the lists back to the function's scratch memory by
/// [`take_back`].
///
/// `spills` are needed at the ends of blocks though no value there uses them.
pub(crate) fn stackalloc(f: &mut Func, spills: &mut SpillsAtEnd) -> StackLive {
    let mut memory: Memory = f.scratch.lend();
    let live_at_end = live_at_end(f, &mut memory, spills);
    assign_param_slots(f);
    if live_at_end.holders.n_assigned() != 0 {
        assign_slots(f, &mut memory, &live_at_end);
    }
    if f.keeps_tables() {
        f.scratch.take_back(memory);
    }
    live_at_end
}

/// The values that interfere with those of one block. Edges between values of different types don't count, unless one is a
/// parameter.
struct Interference {
    /// The numbers of the types of values.
    classes: Vec<u32>,
    live: OpenLive,
    /// The values of the block that need slots, last first.
    made: Vec<Made>,
    /// The values that are live where these are made: those that have their slots, and those that get theirs later.
    earlier: Vec<Holder>,
    later: Vec<Holder>,
}

/// A value that needs a slot, and its edges.
struct Made {
    holder: Holder,
    earlier: Range<usize>,
    later: Range<usize>,
}

impl Interference {
    fn new(f: &Func, live_at_end: &StackLive, mut live: OpenLive) -> Interference {
        live.reset(live_at_end);
        Interference {
            classes: classes(f, &live_at_end.holders),
            live,
            made: Vec::new(),
            earlier: Vec::new(),
            later: Vec::new(),
        }
    }

    /// Finds the edges of the values of `b`.
    fn find(&mut self, b: Block, events: &Events, live_at_end: &StackLive) {
        self.made.clear();
        self.earlier.clear();
        self.later.clear();
        let events = &events.of[b];
        if !events.iter().any(|event| matches!(event, Event::Made(_))) {
            return;
        }
        live_at_end.open(b, &mut self.live);
        for &event in events {
            match event {
                Event::Made(holder) => {
                    self.live.remove(holder);
                    self.add(holder);
                    if live_at_end.holders.is_param(holder) {
                        // It is in its slot from the start of the function on.
                        self.live.add(holder);
                    }
                }
                Event::Used(holder) | Event::UsedByPhi(holder) => self.live.add(holder),
            }
        }
    }

    /// Adds the edges between `holder` and what is live where it is made.
    fn add(&mut self, holder: Holder) {
        let class = self.classes[holder.index()];
        let (earlier, later) = (self.earlier.len(), self.later.len());
        self.live.each(|other| {
            let other_class = self.classes[other.index()];
            if class != other_class && class != PARAM && other_class != PARAM {
                return;
            }
            match other < holder {
                true => self.earlier.push(other),
                false => self.later.push(other),
            }
        });
        self.made.push(Made {
            holder,
            earlier: earlier..self.earlier.len(),
            later: later..self.later.len(),
        });
    }
}

/// The class of parameters.
const PARAM: u32 = 0;

/// Returns the classes of the values that need slots: [`PARAM`], or the number of the type.
fn classes(f: &Func, holders: &Holders) -> Vec<u32> {
    let mut types: Vec<Type> = Vec::new();
    let n_params = holders.len() - holders.n_assigned();
    let mut classes = vec![PARAM; n_params];
    classes.extend(holders.values()[n_params..].iter().map(|&v| {
        let ty = f[v].ty;
        let same = |&known: &Type| known == ty || known.compare(ty, &f.type_names).is_eq();
        let class = types.iter().position(same);
        if class.is_none() {
            types.push(ty);
        }
        PARAM + 1 + class.unwrap_or(types.len() - 1) as u32
    }));
    classes
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
fn names_of_values(f: &Func) -> SecondaryMap<Value, PackedOption<Var>> {
    let mut names: SecondaryMap<Value, PackedOption<Var>> = SecondaryMap::new();
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
                names[v] = var.into();
            }
        }
    }
    names
}

/// Assigns slots, block by block.
fn assign_slots(f: &mut Func, memory: &mut Memory, live_at_end: &StackLive) {
    let holders = &live_at_end.holders;
    let live = std::mem::take(&mut memory.live);
    let mut interference = Interference::new(f, live_at_end, live);
    let mut slots = Slots {
        names: names_of_values(f),
        shared: FxHashMap::default(),
        assigned: assigned_params(f, holders),
        taken: Bits::default(),
        taken_before: vec![Taken::default(); holders.len()],
    };
    for at in 0..f.layout.len() {
        interference.find(f.layout[at], &memory.events, live_at_end);
        for made in interference.made.iter().rev() {
            let v = holders.value(made.holder);
            if !holders.is_param(made.holder) {
                slots.assign(
                    f,
                    v,
                    made.holder,
                    &interference.earlier[made.earlier.clone()],
                );
            }
            slots.take(made.holder, &interference.later[made.later.clone()]);
        }
    }
    memory.live = interference.live;
}

/// The slots that values share, and who has them.
struct Slots {
    names: SecondaryMap<Value, PackedOption<Var>>,
    /// The shared slots of each type.
    shared: FxHashMap<Type, Vec<Var>>,
    /// The slots of the values that have theirs, in order.
    assigned: Vec<Assigned>,
    taken: Bits,
    /// For each value what is taken by those that got their slots before it and are made where it is live.
    taken_before: Vec<Taken>,
}

/// The slot of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Assigned {
    /// The slot of a variable of the program.
    Own(Var),
    /// One of the shared slots of its type.
    Shared(u32),
}

/// Returns the slots of parameters.
fn assigned_params(f: &Func, holders: &Holders) -> Vec<Assigned> {
    let homes = holders.values().iter().map_while(|&v| match f.homes[v] {
        Location::Slot(var) => Some(Assigned::Own(var)),
        _ => None,
    });
    homes.collect()
}

/// Slots that a value can't get, by variable and by number among those of a type.
#[derive(Clone, Default)]
struct Taken {
    vars: Bits,
    slots: Bits,
}

impl Slots {
    /// Assigns a slot to `v`, which interferes with `earlier` values.
    fn assign(&mut self, f: &mut Func, v: Value, holder: Holder, earlier: &[Holder]) {
        let before = &self.taken_before[holder.index()];
        let named = match f[v].op {
            Op::StoreReg => f[v].args[0],
            _ => v,
        };
        let assigned = |other: &Holder| self.assigned[other.index()];
        if let Some(var) = self.names[named].expand()
            && f[v].ty.compare(f.vars[var].ty, &f.type_names).is_eq()
            // A variable's values can interfere with each other.
            && !before.vars.contains(var.index())
            && earlier.iter().all(|other| assigned(other) != Assigned::Own(var))
        {
            f.homes[v] = Location::Slot(var);
            self.assigned.push(Assigned::Own(var));
            return;
        }
        let key = match f.profile.stackalloc.by_type_identity {
            true => f[v].ty.without_alias(),
            false => f[v].ty,
        };
        let shared = self.shared.entry(key).or_default();
        // A slot of another type may have the same number; gc takes it for this one.
        self.taken.clone_from(&before.slots);
        for other in earlier {
            if let Assigned::Shared(slot) = assigned(other) {
                self.taken.insert(slot as usize);
            }
        }
        let slot = self.taken.first_missing().min(shared.len());
        if slot == shared.len() {
            let var = f.new_auto(f[v].pos, f[v].ty);
            shared.push(var);
        }
        f.homes[v] = Location::Slot(shared[slot]);
        self.assigned.push(Assigned::Shared(slot as u32));
    }

    /// Takes the slot of a value from those that get theirs later and interfere.
    fn take(&mut self, holder: Holder, later: &[Holder]) {
        let slot = self.assigned[holder.index()];
        for other in later {
            let before = &mut self.taken_before[other.index()];
            match slot {
                Assigned::Own(var) => before.vars.insert(var.index()),
                Assigned::Shared(slot) => before.slots.insert(slot as usize),
            }
        }
    }
}
