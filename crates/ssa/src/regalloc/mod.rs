//! Register allocation: a linear scan over the blocks in layout order, with furthest-next-use eviction.
//!
//! 1. [`live`] finds the values live at the ends of blocks, the distances of their next uses, and their desired
//!    registers.
//! 2. Every block is processed once, in layout order ([`blocks`], [`values`]). It starts with the
//!    registers as its predecessor left them (a merge: the predecessor visited last). Every value gets
//!    a register when it is issued; arguments that are in none are loaded from their spill slot,
//!    copied, or computed again. When no register is free, the value whose next use is furthest away
//!    loses its own. Nothing is stored at that moment: a value that is ever loaded gets one spill.
//! 3. [`place_spills`] puts each spill where it dominates the loads, outside of deeper loops.
//! 4. [`crate::stackalloc`] assigns slots to spills and to phis without register.
//! 5. [`shuffle`] makes every edge into a merge move values to where the merge expects them.
//!
//! A *value* below is one of before allocation; its *copies* are values of after it that hold the same:
//! itself, moves, loads, recomputations. The result isn't strict SSA form: a use refers to the copy of one
//! path to it, while the shuffles of other paths put their copies into the same register. No later pass may
//! remove values without uses (gc: regalloc.go, in the same order throughout).

mod blocks;
mod check;
mod constraints;
mod desired;
mod live;
mod loop_live;
mod place_spills;
mod registers;
mod shuffle;
mod steps;
mod values;

use std::sync::Arc;

use cranelift_entity::SecondaryMap;
use minigo_base::{Pos, internal};

use self::constraints::Constraints;
use self::desired::{Desired, RegList};
use self::live::Live;
use self::registers::{Held, Restores, UseList, ValueState};
use self::steps::Steps;
use crate::amd64::regs::{MAX_REGISTERS, RegisterFile};
use crate::config::Config;
use crate::dom::SparseTree;
use crate::entity::{Block, Value};
use crate::func::{Func, Location};
use crate::layout::degree_order;
use crate::lists::BlockLists;
use crate::loopnest::LoopNest;
use crate::op::{CLOBBER_ARG0, Op, RegClass, RegMask};
use crate::profile::record::RegallocFacts;
use crate::shared_lists::{OpenList, SharedLists};
use crate::sparse::SparseSet;
use crate::stackalloc::{self, OpenLive, stackalloc};
use crate::ty::{Kind, Type};

/// Distance of an edge that is unlikely to be taken, and of a call.
const UNLIKELY_DISTANCE: i32 = 100;

/// The index of the next call if there is none.
const NO_CALL: i32 = i32::MAX;

/// Returns the registers that the instructions of `v` write. Requires homes.
pub(crate) fn written(f: &Func, v: Value) -> RegMask {
    let bit = |home| match home {
        Location::Register(r) | Location::Temporary(r) => 1 << r,
        Location::Pair(first, second) => {
            let halves = [first, second].into_iter().flatten();
            halves.fold(0, |mask, r| mask | 1 << r)
        }
        Location::None | Location::Slot(_) | Location::Results(_) => 0,
    };
    let data = &f[v];
    let constraints = Constraints::new(f, v);
    let mut written = constraints.clobbers() | bit(f.homes[v]);
    if let Location::Results(_) = f.homes[v] {
        let results = constraints.outputs();
        written |= results.fold(0, |mask, (_, allowed)| mask | allowed);
    }
    if data.op.has(CLOBBER_ARG0) {
        written |= bit(f.homes[data.args[0]]);
    }
    written
}

/// Assigns a register or a stack slot (`homes`) to every value that needs one, and inserts moves, spills,
/// loads and recomputations where values must change places.
///
/// Requires scheduled values, settled flags and no critical edges. Ensures that the arguments of every
/// operation are in registers that it allows. Breaks strict SSA form.
pub(crate) fn regalloc(f: &mut Func, config: &Config) {
    let before = config.check.then(|| check::Before::new(f));
    let mut state = State::new(f);
    state.find_steps();
    if state.facts.loop_live_sets {
        state.compute_loop_live();
    } else {
        state.compute_live();
    }
    for at in 0..state.visit_order.len() {
        state.block(state.visit_order[at]);
    }
    state.free_regs(state.used);
    state.place_spills();
    state.free_analysis();
    let mut spills = SpillsAtEnd {
        n_spills: &state.n_spills,
        live: &mut state.live,
        end_regs: &state.end_regs,
        values: &mut state.values,
    };
    let stack_live = stackalloc(state.f, &mut spills);
    state.shuffle(&stack_live);
    stackalloc::take_back(state.f, stack_live);
    state.remove_unused_copies();
    state.free();
    if let Some(before) = before
        && let Err(why) = check::check(f, &before)
    {
        internal!("{}: regalloc: {why}", f.name);
    }
}

/// A register's content at the end of a block.
#[derive(Clone, Copy, Debug)]
struct EndReg {
    r: u8,
    held: Held,
}

/// A register's expected content at the start of a merge, phis apart.
#[derive(Clone, Copy, Debug)]
struct StartReg {
    r: u8,
    held: Held,
    /// Position of the next use.
    pos: Pos,
}

/// The spills that are needed at the ends of blocks because their values are in no register there.
pub(crate) struct SpillsAtEnd<'a> {
    /// By block number: how many there are.
    n_spills: &'a [u32],
    live: &'a mut SharedLists<Live>,
    end_regs: &'a BlockLists<EndReg>,
    /// The states of values. No value is in a register any more.
    values: &'a mut SecondaryMap<Value, ValueState>,
}

impl SpillsAtEnd<'_> {
    /// Calls `each` with the spills that are needed at the end of `b`, in the order of the live values.
    pub(crate) fn each(&mut self, b: Block, mut each: impl FnMut(Value)) {
        if self.n_spills[b.id()] == 0 {
            return;
        }
        for reg in &self.end_regs[b] {
            self.values[reg.held.v].regs |= 1 << reg.r;
        }
        self.live.each(b.id(), |live| {
            let state = &self.values[live.v];
            if !state.rematerializable && state.regs == 0 {
                // Values of fixed registers have none.
                state.spill.expand().into_iter().for_each(&mut each);
            }
        });
        for reg in &self.end_regs[b] {
            self.values[reg.held.v].regs = 0;
        }
    }

    /// Frees the memory of live values, after the last use of [`SpillsAtEnd::each`].
    pub(crate) fn free(&mut self) {
        *self.live = SharedLists::default();
    }
}

/// The desired registers that concern one operation.
#[derive(Clone, Copy, Debug, Default)]
struct Preferences {
    output: RegList,
    /// Of its first three arguments, which they have in common with later uses of them.
    inputs: [RegList; 3],
}

/// The memory that a [`State`] leaves to the next one: empty lists.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    live: SharedLists<Live>,
    live_here: OpenList<Live>,
    some_live: Vec<Live>,
    steps: Steps,
    desired: Vec<Desired>,
    end_regs: BlockLists<EndReg>,
    start_regs: BlockLists<StartReg>,
    values: SecondaryMap<Value, ValueState>,
    restores: SecondaryMap<Value, Restores>,
    orig: SecondaryMap<Value, Value>,
    copy_used: SecondaryMap<Value, Option<bool>>,
    preferences: Vec<Preferences>,
    uses: UseList,
    in_slots: OpenLive,
    scratch: live::Scratch,
}

/// The state of the allocation (gc: regAllocState). Tables are by block or value number.
struct State<'a> {
    f: &'a mut Func,
    registers: &'static RegisterFile,
    /// Order in which blocks are processed.
    visit_order: Vec<Block>,
    sdom: Arc<SparseTree>,
    nest: Arc<LoopNest>,

    /// By loop: every way through it calls a function. Empty for functions of one block.
    must_call: Vec<bool>,
    /// The values that are live at the end of each block.
    live: SharedLists<Live>,
    /// The values that are live at the end of the current block, and how many values it has, from which on their
    /// distances count.
    live_here: OpenList<Live>,
    n_values: i32,
    /// Some of them.
    some_live: Vec<Live>,
    steps: Steps,
    /// Whether live values are looked at in the order of their distances instead of that of the analysis.
    sorts_live: bool,
    /// The desired registers at the end of each block.
    desired: Vec<Desired>,
    /// By block number: the place of the block in `visit_order`.
    places: Vec<u32>,

    /// By value of before allocation.
    values: SecondaryMap<Value, ValueState>,
    /// By value of before allocation: where its spill is needed.
    restores: SecondaryMap<Value, Restores>,
    /// The value that a value is a copy of; itself for those of before allocation.
    orig: SecondaryMap<Value, Value>,
    uses: UseList,
    /// The values of the registers SP and SB, once they are issued.
    sp: Option<Value>,
    sb: Option<Value>,

    /// The differences of the Go version.
    facts: RegallocFacts,

    /// The content of each register.
    regs: [Option<Held>; MAX_REGISTERS],
    /// Registers in use.
    used: RegMask,
    /// Registers that hold arguments of the current operation: not to be given to another.
    nospill: RegMask,
    /// Registers that the current operation reads, destroys or writes.
    tmpused: RegMask,

    /// The block being processed.
    block: Block,
    /// The index in it of the value being processed, as of before allocation.
    at: usize,
    /// For each value of the block the index of the next call at it or behind, [`NO_CALL`] if there is none.
    next_calls: Vec<i32>,
    /// Registers that were used since the start of the block.
    used_since_start: RegMask,
    /// Registers that a merge expects, of `start_regs`, without those that were reused before they were read.
    start_mask: RegMask,
    /// Values that may be in registers at its start because it uses them.
    reg_live: SparseSet,
    /// A call in it empties all registers.
    calls: bool,
    /// Registers that later operations in the block need, and that are better left free.
    avoid: RegMask,
    /// Preferences by index of the operation.
    preferences: Vec<Preferences>,
    /// Preferences for the second half of a tuple.
    second_preferences: Vec<(Value, RegList)>,
    /// The block's phis and other values as they were.
    phis: Vec<Value>,
    old: Vec<Value>,

    end_regs: BlockLists<EndReg>,
    start_regs: BlockLists<StartReg>,
    /// By block number: how many spills are needed at its end because their values are in no register.
    n_spills: Vec<u32>,
    /// Moves made so that a value may stay in a register, in order, and whether the shuffle of an edge
    /// relied on them. Unused ones are removed at the end.
    copies: Vec<Value>,
    copy_used: SecondaryMap<Value, Option<bool>>,

    /// The values with slots that are live where moves are made.
    in_slots: OpenLive,
    /// Memory of [`live`].
    scratch: live::Scratch,
}

impl State<'_> {
    fn new(f: &mut Func) -> State<'_> {
        let (sdom, nest) = (f.sdom(), f.loopnest());
        let facts = f.profile.regalloc;
        let visit_order = match facts.visits_layout {
            true => {
                let mut order = f.scratch.graph.blocks.list();
                order.extend_from_slice(&f.layout);
                order
            }
            false => degree_order(f),
        };
        let n_blocks = f.num_blocks();
        let Memory {
            mut live,
            mut live_here,
            some_live,
            steps,
            mut desired,
            mut end_regs,
            mut start_regs,
            mut values,
            mut restores,
            mut orig,
            mut copy_used,
            preferences,
            uses,
            in_slots,
            scratch,
        } = f.scratch.lend();
        let mut places = f.scratch.graph.numbers.table(n_blocks, 0);
        for (place, b) in (0..).zip(&visit_order) {
            places[b.id()] = place;
        }
        live.reset(n_blocks + nest.loops.len());
        live_here.reset(f.num_values());
        end_regs.reset(n_blocks);
        start_regs.reset(n_blocks);
        desired.resize(n_blocks.max(desired.len()), Desired::default());
        values.resize(f.num_values());
        restores.resize(f.num_values());
        orig.resize(f.num_values());
        copy_used.resize(f.num_values());
        f.homes.resize(f.num_values());
        State {
            registers: f.profile.registers,
            places,
            visit_order,
            sdom,
            nest,
            must_call: Vec::new(),
            live,
            live_here,
            n_values: 0,
            some_live,
            steps,
            sorts_live: false,
            desired,
            values,
            restores,
            orig,
            uses,
            sp: None,
            sb: None,
            regs: [None; MAX_REGISTERS],
            used: 0,
            nospill: 0,
            tmpused: 0,
            facts,
            block: f.entry,
            at: 0,
            next_calls: Vec::new(),
            used_since_start: 0,
            start_mask: 0,
            second_preferences: Vec::new(),
            reg_live: f.scratch.set(f.num_values()),
            calls: false,
            avoid: 0,
            preferences,
            phis: f.scratch.values.list(),
            old: f.scratch.values.list(),
            end_regs,
            start_regs,
            n_spills: f.scratch.graph.numbers.table(n_blocks, 0),
            copies: f.scratch.values.list(),
            copy_used,
            in_slots,
            scratch,
            f,
        }
    }

    /// Frees what only the walk over the blocks needs, where memory isn't kept for the next function.
    fn free_analysis(&mut self) {
        if self.f.keeps_tables() {
            return;
        }
        self.live_here = OpenList::default();
        self.some_live = Vec::new();
        self.steps = Steps::default();
        self.desired = Vec::new();
        self.restores = SecondaryMap::new();
        self.preferences = Vec::new();
        self.uses = UseList::default();
        self.scratch = live::Scratch::default();
    }

    /// Gives the memory back.
    fn free(mut self) {
        // Blocks are not made here.
        let n_blocks = self.f.num_blocks();
        let desired = self.desired.iter_mut().take(n_blocks);
        desired.for_each(Desired::clear);
        self.values.clear();
        self.restores.clear();
        self.orig.clear();
        self.copy_used.clear();
        self.uses.clear();
        let keeps_tables = self.f.keeps_tables();
        let memory = &mut self.f.scratch;
        memory.free_set(self.reg_live);
        for list in [self.phis, self.old, self.copies] {
            memory.values.free(list);
        }
        memory.graph.blocks.free(self.visit_order);
        memory.graph.numbers.free(self.places);
        memory.graph.numbers.free(self.n_spills);
        if !keeps_tables {
            return;
        }
        memory.take_back(Memory {
            live: self.live,
            live_here: self.live_here,
            some_live: self.some_live,
            steps: self.steps,
            desired: self.desired,
            end_regs: self.end_regs,
            start_regs: self.start_regs,
            values: self.values,
            restores: self.restores,
            orig: self.orig,
            copy_used: self.copy_used,
            preferences: self.preferences,
            uses: self.uses,
            in_slots: self.in_slots,
            scratch: self.scratch,
        });
    }

    /// Returns the registers that can hold a value of type `ty`.
    fn compatible(&self, ty: Type) -> RegMask {
        let class = match ty.kind() {
            Kind::Tuple | Kind::Flags => RegClass::None,
            Kind::Int128 => RegClass::Fp,
            _ => RegClass::Gp,
        };
        self.registers.mask(class) & self.registers.allocatable
    }

    /// Returns the register that a value of after allocation is in.
    fn reg_of(&self, v: Value) -> u8 {
        match self.f.homes[v] {
            Location::Register(r) => r,
            home => internal!("{}: {v} is in {home:?}, not in a register", self.f.name),
        }
    }

    /// Removes the moves that turned out to be useless, and the moves that only those used.
    fn remove_unused_copies(&mut self) {
        if self.copies.is_empty() {
            return;
        }
        let mut work = std::mem::take(&mut self.copies);
        let mut touched = self.f.scratch.flags.table(self.f.num_blocks(), false);
        while let Some(copy) = work.pop() {
            if self.copy_used[copy] == Some(false) && self.f[copy].uses == 0 {
                let b = self.f[copy].block.expect("a copy is in a block");
                touched[b.id()] = true;
                work.push(self.f[copy].args[0]);
                self.f.remove_arg(copy, 0);
                self.f.free_value(copy);
                self.copy_used[copy] = None;
            }
        }
        for &b in &self.visit_order {
            if touched[b.id()] {
                let mut values = std::mem::take(&mut self.f[b].values);
                values.retain(|&v| self.f[v].op != Op::Invalid);
                self.f[b].values = values;
            }
        }
        self.f.scratch.flags.free(touched);
        self.copies = work;
    }
}
