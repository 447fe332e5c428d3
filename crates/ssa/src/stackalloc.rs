//! Stack slots for values without register.
//!
//! Spills, phis without register and parameters need slots. Two values interfere when one is made while
//! the other is live; others may share a slot. The values are taken in order: one that belongs to a
//! variable of the program goes to that variable's own slot, others to the first slot of their type
//! without an interfering value (gc: stackalloc.go).

mod events;
mod live;

use std::ops::Range;

use cranelift_entity::SecondaryMap;
use minigo_base::internal;
use rustc_hash::FxHashMap;

use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location, VarClass};
use crate::op::Op;
use crate::regalloc::SpillsAtEnd;
use crate::ty::Type;
use crate::value::Aux;

use self::events::{Event, Events};
use self::live::{Memory, live_at_end};
pub(crate) use self::live::{OpenLive, StackLive, take_back};

/// Sets the homes of all values that need a slot, making variables for them. Returns the values with
/// slots that are live at the end of each block. The caller gives the lists back to the function's scratch memory by
/// [`take_back`].
///
/// `spills` are needed at the ends of blocks though no value there uses them.
pub(crate) fn stackalloc(f: &mut Func, spills: &SpillsAtEnd) -> StackLive {
    let mut memory: Memory = f.scratch.lend();
    memory.events.find(f);
    let live_at_end = live_at_end(f, &mut memory, spills);
    assign_param_slots(f);
    if memory.events.needs_more_slots {
        assign_slots(f, &mut memory, &live_at_end);
    }
    if f.keeps_tables() {
        f.scratch.take_back(memory);
    }
    live_at_end
}

fn id(v: Value) -> usize {
    v.as_u32() as usize
}

/// The values that interfere with those of one block. Edges between values of different types don't count, unless one is a
/// parameter.
struct Interference {
    places: Vec<Place>,
    live: OpenLive,
    /// The values of the block that need slots, last first.
    made: Vec<Made>,
    /// The values that are live where these are made: those that have their slots, and those that get theirs later.
    earlier: Vec<Value>,
    later: Vec<Value>,
}

/// A value that needs a slot, and its edges.
struct Made {
    v: Value,
    earlier: Range<usize>,
    later: Range<usize>,
}

impl Interference {
    fn new(f: &Func, events: &Events, mut live: OpenLive) -> Interference {
        live.reset(f.num_values());
        Interference {
            places: places(f, events),
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
        live_at_end.open(b, &mut self.live);
        for &event in &events.of[b] {
            match event {
                Event::Made(v) => {
                    self.live.remove(v);
                    self.add(v, live_at_end);
                    if self.places[id(v)].is_param() {
                        // It is in its slot from the start of the function on.
                        self.live.add(v);
                    }
                }
                Event::Used(v) | Event::UsedByPhi(v) => self.live.add(v),
            }
        }
    }

    /// Adds the edges between `v` and what is live where it is made.
    fn add(&mut self, v: Value, live: &StackLive) {
        let place = self.places[id(v)];
        let (earlier, later) = (self.earlier.len(), self.later.len());
        live.each(&self.live, |other, _| {
            let other_place = self.places[id(other)];
            if place.class != other_place.class && !place.is_param() && !other_place.is_param() {
                return;
            }
            match other_place.order <= place.order {
                true => self.earlier.push(other),
                false => self.later.push(other),
            }
        });
        self.made.push(Made {
            v,
            earlier: earlier..self.earlier.len(),
            later: later..self.later.len(),
        });
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
fn places(f: &Func, events: &Events) -> Vec<Place> {
    let mut places = vec![Place::default(); f.num_values()];
    let mut types: Vec<Type> = Vec::new();
    let mut order = 0;
    for &b in &f.layout {
        for &event in events.of[b].iter().rev() {
            let Event::Made(v) = event else { continue };
            if f[v].op == Op::Arg {
                continue;
            }
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
    places
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

/// Assigns slots, block by block.
fn assign_slots(f: &mut Func, memory: &mut Memory, live_at_end: &StackLive) {
    let live = std::mem::take(&mut memory.live);
    let mut interference = Interference::new(f, &memory.events, live);
    let mut slots = Slots {
        names: names_of_values(f),
        shared: FxHashMap::default(),
        slot_of: vec![None; f.num_values()],
        taken: Vec::new(),
        taken_before: vec![0; f.num_values()],
        before: vec![Taken::default()],
    };
    for at in 0..f.layout.len() {
        interference.find(f.layout[at], &memory.events, live_at_end);
        for made in interference.made.iter().rev() {
            if f[made.v].op != Op::Arg {
                slots.assign(f, made.v, &interference.earlier[made.earlier.clone()]);
            }
            slots.take(f, made.v, &interference.later[made.later.clone()]);
        }
    }
    memory.live = interference.live;
}

/// The slots that values share, and who has them.
struct Slots {
    names: SecondaryMap<Value, Option<Var>>,
    /// The shared slots of each type.
    shared: FxHashMap<Type, Vec<Var>>,
    /// By value number: the slot among those of its type.
    slot_of: Vec<Option<u32>>,
    taken: Vec<bool>,
    /// By value number: what is taken by values that got their slots before one and are made where it is live, as
    /// index of `before`. 0 for nothing.
    taken_before: Vec<u32>,
    before: Vec<Taken>,
}

/// Slots that a value can't get, by variable and by number among those of a type.
#[derive(Default)]
struct Taken {
    vars: Vec<bool>,
    slots: Vec<bool>,
}

impl Slots {
    /// Assigns a slot to `v`, which interferes with `earlier` values.
    fn assign(&mut self, f: &mut Func, v: Value, earlier: &[Value]) {
        let before = &self.before[self.taken_before[id(v)] as usize];
        let named = match f[v].op {
            Op::StoreReg => f[v].args[0],
            _ => v,
        };
        if let Some(var) = self.names[named]
            && f[v].ty.compare(f.vars[var].ty, &f.type_names).is_eq()
            // A variable's values can interfere with each other.
            && before.vars.get(var.as_u32() as usize) != Some(&true)
            && earlier.iter().all(|&other| f.homes[other] != Location::Slot(var))
        {
            f.homes[v] = Location::Slot(var);
            return;
        }
        let key = match f.profile.stackalloc.by_type_identity {
            true => f[v].ty.without_alias(),
            false => f[v].ty,
        };
        let shared = self.shared.entry(key).or_default();
        // A slot of another type may have the same number; gc takes it for this one.
        self.taken.clone_from(&before.slots);
        self.taken.resize(shared.len(), false);
        for &other in earlier {
            if let Some(slot) = self.slot_of[id(other)]
                && let Some(taken) = self.taken.get_mut(slot as usize)
            {
                *taken = true;
            }
        }
        let slot = self.taken.iter().position(|&taken| !taken);
        let slot = slot.unwrap_or(shared.len());
        if slot == shared.len() {
            let var = f.new_auto(f[v].pos, f[v].ty);
            shared.push(var);
        }
        f.homes[v] = Location::Slot(shared[slot]);
        self.slot_of[id(v)] = Some(slot as u32);
    }

    /// Takes the slot of `v` from values that get theirs later.
    fn take(&mut self, f: &Func, v: Value, later: &[Value]) {
        let Location::Slot(var) = f.homes[v] else {
            return;
        };
        for &other in later {
            let index = &mut self.taken_before[id(other)];
            if *index == 0 {
                *index = self.before.len() as u32;
                self.before.push(Taken::default());
            }
            let before = &mut self.before[*index as usize];
            let (taken, at) = match self.slot_of[id(v)] {
                Some(slot) => (&mut before.slots, slot as usize),
                None => (&mut before.vars, var.as_u32() as usize),
            };
            if taken.len() <= at {
                taken.resize(at + 1, false);
            }
            taken[at] = true;
        }
    }
}
