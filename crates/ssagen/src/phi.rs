//! Placement of phis: replaces every `FwdRef` by a copy of the value it reads, or by a phi.
//!
//! Small functions are resolved on demand (Braun et al., Simple and Efficient Construction of SSA Form): a `FwdRef`
//! looks up its variable at the end of each predecessor, which may create new `FwdRef`s there. Large functions place
//! phis at iterated dominance frontiers (Sreedhar and Gao, A Linear Time Algorithm for Placing Phi-Nodes); then one
//! walk of the dominator tree resolves all reads. The two algorithms number their values differently, so the limit
//! between them is gc's (gc: phi.go).

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntitySet, SecondaryMap};
use minigo_base::Pos;
use minigo_ssa::lists::BlockLists;
use minigo_ssa::{Aux, Op, Type};
use minigo_ssa::{Block, Func, Value, Var};
use rustc_hash::FxHashMap;

use crate::build::Slot;

/// Functions with more blocks than this place phis at dominance frontiers.
const SMALL_BLOCKS: usize = 500;

/// The length of worklists that most functions don't exceed.
const USUAL_LEN: usize = 32;

/// Replaces all `FwdRef`s. `defs` holds the values of variables at the end of each block that assigns them, once each, in
/// order of construction. `named` selects the variables whose values are recorded in `Func::named_values`. With `starts`,
/// phis have the positions where their blocks start.
///
/// Unreachable blocks of large functions keep their `FwdRef`s, as in gc.
pub(crate) fn insert_phis(
    f: &mut Func,
    defs: &[(Block, Slot, Value)],
    named: &SecondaryMap<Var, bool>,
    starts: Option<&SecondaryMap<Block, Pos>>,
) {
    if f.layout.len() <= SMALL_BLOCKS {
        OnDemand {
            reachable: reachable_blocks(f),
            defs: Defs::new(f, defs),
            f,
            named,
            starts,
            fwd_refs: Vec::with_capacity(USUAL_LEN),
        }
        .insert_phis();
    } else {
        Frontier::insert_phis(f, defs, named, starts);
    }
}

/// Returns the blocks reachable from the entry.
fn reachable_blocks(f: &Func) -> EntitySet<Block> {
    let mut reachable = EntitySet::with_capacity(f.num_blocks());
    reachable.insert(f.entry);
    let mut work = Vec::with_capacity(USUAL_LEN);
    work.push(f.entry);
    while let Some(b) = work.pop() {
        for edge in &f[b].succs {
            if reachable.insert(edge.block) {
                work.push(edge.block);
            }
        }
    }
    reachable
}

/// Turns a `FwdRef` into another operation. Its type and position stay.
fn resolve(f: &mut Func, v: Value, op: Op, args: &[Value]) {
    f.set_op(v, op);
    f[v].aux = Aux::None;
    f.add_args(v, args);
}

/// The values of variables at the ends of blocks.
enum Defs {
    /// A row of so many slots for each block.
    Table(usize, Vec<PackedOption<Value>>),
    /// For functions of so many variables that a table would be large, and mostly empty.
    Map(FxHashMap<(Block, Slot), Value>),
}

impl Defs {
    /// The most elements of a table.
    const TABLE: usize = 1 << 16;

    fn new(f: &Func, defs: &[(Block, Slot, Value)]) -> Defs {
        let n_slots = n_slots(f, defs);
        let len = n_slots * f.num_blocks();
        let mut known = match len <= Defs::TABLE {
            true => Defs::Table(n_slots, vec![None.into(); len]),
            false => Defs::Map(FxHashMap::default()),
        };
        for &(b, slot, v) in defs {
            known.set(b, slot, v);
        }
        known
    }

    /// Returns the value of `slot` at the end of block `b`, if it is known.
    fn get(&self, b: Block, slot: Slot) -> Option<Value> {
        match self {
            Defs::Table(n_slots, values) => values[b.id() * n_slots + slot.index()].expand(),
            Defs::Map(values) => values.get(&(b, slot)).copied(),
        }
    }

    fn set(&mut self, b: Block, slot: Slot, v: Value) {
        match self {
            Defs::Table(n_slots, values) => values[b.id() * *n_slots + slot.index()] = v.into(),
            Defs::Map(values) => {
                values.insert((b, slot), v);
            }
        }
    }
}

/// Returns a number above all slots of a function. Variables that aren't the function's are assigned before they are read.
fn n_slots(f: &Func, defs: &[(Block, Slot, Value)]) -> usize {
    let last = defs.iter().map(|(_, slot, _)| slot.index()).max();
    1 + last.unwrap_or(0).max(f.vars.len())
}

/// State of the algorithm for small functions.
struct OnDemand<'a> {
    f: &'a mut Func,
    named: &'a SecondaryMap<Var, bool>,
    starts: Option<&'a SecondaryMap<Block, Pos>>,
    /// Values of variables at the end of blocks. `FwdRef`s count as definitions.
    defs: Defs,
    reachable: EntitySet<Block>,
    /// `FwdRef`s to resolve, last first.
    fwd_refs: Vec<Value>,
}

impl OnDemand<'_> {
    fn insert_phis(&mut self) {
        for &b in &self.f.layout {
            for &v in &self.f[b].values {
                if self.f[v].op == Op::FwdRef {
                    self.fwd_refs.push(v);
                    let slot = Slot::of_fwd_ref(self.f[v].aux);
                    if self.defs.get(b, slot).is_none() {
                        self.defs.set(b, slot, v);
                    }
                }
            }
        }
        let mut args = Vec::with_capacity(USUAL_LEN);
        while let Some(v) = self.fwd_refs.pop() {
            let b = self.f[v].block.expect("blocks list their FwdRefs");
            if !self.reachable.contains(b) {
                resolve(self.f, v, Op::Unknown, &[]);
                continue;
            }
            args.clear();
            for i in 0..self.f[b].preds.len() {
                let pred = self.f[b].preds[i].block;
                args.push(self.outgoing(pred, v));
            }
            let mut others = args.iter().copied().filter(|&arg| arg != v);
            let first = others.next().expect("a block that is reached is entered");
            if others.all(|other| other == first) {
                resolve(self.f, v, Op::Copy, &[first]);
            } else {
                resolve(self.f, v, Op::Phi, &args);
                if let Some(starts) = self.starts {
                    self.f[v].pos = starts[b];
                }
            }
        }
    }

    /// Returns the value at the end of `b` of the variable that the `FwdRef` `v` reads.
    fn outgoing(&mut self, mut b: Block, v: Value) -> Value {
        let aux = self.f[v].aux;
        let slot = Slot::of_fwd_ref(aux);
        loop {
            if let Some(v) = self.defs.get(b, slot) {
                return v;
            }
            // With a single predecessor, the variable has the value from there.
            let &[edge] = &self.f[b].preds[..] else {
                break;
            };
            b = edge.block;
            if !self.reachable.contains(b) {
                break;
            }
        }
        let (pos, ty) = (self.f[v].pos, self.f[v].ty);
        let v = self.f.new_value_aux(b, pos, Op::FwdRef, ty, 0, aux, &[]);
        self.defs.set(b, slot, v);
        if let Some(var) = slot.to_var()
            && self.named[var]
        {
            self.f.add_named_value(var, v);
        }
        self.fwd_refs.push(v);
        v
    }
}

/// A variable that some block reads without assigning it first.
struct Crossing {
    slot: Slot,
    ty: Type,
    /// The blocks that assign it, in layout order.
    defs: Vec<Block>,
}

/// A dominator tree node for the placement of phis.
#[derive(Clone, Copy, Default)]
struct DomNode {
    first_child: PackedOption<Block>,
    sibling: PackedOption<Block>,
    /// Depth in the tree; 0 for the entry and for unreachable blocks.
    level: u32,
    /// The least depth of a successor of any block in this subtree.
    reach: u32,
}

/// State of the algorithm for large functions.
struct Frontier<'a> {
    f: &'a mut Func,
    named: &'a SecondaryMap<Var, bool>,
    starts: Option<&'a SecondaryMap<Block, Pos>>,
    variables: Vec<Crossing>,
    /// Index into `variables`, by slot.
    numbers: Vec<Option<u32>>,
    tree: SecondaryMap<Block, DomNode>,
    /// Placeholder for phi arguments that aren't known yet.
    placeholder: Value,
    /// The variable of each phi.
    phis: SecondaryMap<Value, u32>,
}

impl Frontier<'_> {
    fn insert_phis(
        f: &mut Func,
        defs: &[(Block, Slot, Value)],
        named: &SecondaryMap<Var, bool>,
        starts: Option<&SecondaryMap<Block, Pos>>,
    ) {
        let (variables, numbers) = crossing_variables(f, defs);
        if variables.is_empty() {
            return;
        }
        let tree = dominator_tree(f);
        let entry = f.entry;
        let placeholder = f.new_value(entry, Pos::NONE, Op::Unknown, Type::INVALID, &[]);
        let mut frontier = Frontier {
            f,
            named,
            starts,
            variables,
            numbers,
            tree,
            placeholder,
            phis: SecondaryMap::new(),
        };
        let mut scratch = Scratch::default();
        for number in 0..frontier.variables.len() {
            frontier.insert_var_phis(number, &mut scratch);
        }
        frontier.resolve_fwd_refs(defs);
    }

    /// Places the phis of one variable. Visits its definitions from the deepest to the shallowest and follows the edges
    /// that leave each one's dominator subtree.
    fn insert_var_phis(&mut self, number: usize, scratch: &mut Scratch) {
        let Crossing {
            slot,
            ty,
            ref mut defs,
        } = self.variables[number];
        let defs = std::mem::take(defs);
        let mark = number as u32 + 1;
        for &b in &defs {
            scratch.has_def.add(b, mark);
        }
        let mut heap = BlockHeap::new(defs.iter().map(|&b| (self.tree[b].level, b)).collect());
        while let Some((root_level, root)) = heap.pop() {
            let root_pos = self.f[root].pos;
            scratch.queued.add(root, mark);
            scratch.queue.push(root);
            while let Some(b) = scratch.queue.pop() {
                for i in 0..self.f[b].succs.len() {
                    let c = self.f[b].succs[i].block;
                    if self.tree[c].level > root_level || !scratch.has_phi.add(c, mark) {
                        continue;
                    }
                    let pos = self.starts.map_or(root_pos, |starts| starts[b]);
                    let v = self.f.new_value(c, pos, Op::Phi, ty, &[]);
                    self.phis[v] = number as u32;
                    if let Some(var) = slot.to_var()
                        && self.named[var]
                    {
                        self.f.add_named_value(var, v);
                    }
                    for _ in 0..self.f[c].preds.len() {
                        self.f.add_arg(v, self.placeholder);
                    }
                    if scratch.has_def.add(c, mark) {
                        heap.push(self.tree[c].level, c);
                    }
                }
                let mut child = self.tree[b].first_child;
                while let Some(c) = child.expand() {
                    let node = self.tree[c];
                    // Skip a subtree without an edge that leads up far enough.
                    if node.reach <= root_level && scratch.queued.add(c, mark) {
                        scratch.queue.push(c);
                    }
                    child = node.sibling;
                }
            }
        }
    }

    /// Links each read to the nearest definition above it in the dominator tree.
    fn resolve_fwd_refs(&mut self, defs: &[(Block, Slot, Value)]) {
        /// A step of the walk.
        enum Step {
            Enter(Block),
            /// Restores a variable's previous value after the subtree of a block.
            Restore(u32, Value),
        }
        let mut defs_of = BlockLists::default();
        defs_of.reset(self.f.num_blocks());
        for &(b, slot, v) in defs {
            if let Some(number) = self.numbers[slot.index()] {
                defs_of.push(b, (number, v));
            }
        }
        let mut values = vec![self.placeholder; self.variables.len()];
        let mut stack = vec![Step::Enter(self.f.entry)];
        while let Some(step) = stack.pop() {
            let b = match step {
                Step::Enter(b) => b,
                Step::Restore(number, v) => {
                    values[number as usize] = v;
                    continue;
                }
            };
            let mut define = |number: u32, v, values: &mut [Value]| {
                let old = std::mem::replace(&mut values[number as usize], v);
                stack.push(Step::Restore(number, old));
            };
            for &v in &self.f[b].values {
                if self.f[v].op == Op::Phi {
                    define(self.phis[v], v, &mut values);
                }
            }
            for i in 0..self.f[b].values.len() {
                let v = self.f[b].values[i];
                if self.f[v].op == Op::FwdRef {
                    let slot = Slot::of_fwd_ref(self.f[v].aux);
                    let number = self.numbers[slot.index()].expect("its variable is crossing");
                    resolve(self.f, v, Op::Copy, &[values[number as usize]]);
                }
            }
            for &(number, v) in &defs_of[b] {
                define(number, v, &mut values);
            }
            self.set_phi_args(b, &values);
            let mut child = self.tree[b].first_child;
            while let Some(c) = child.expand() {
                stack.push(Step::Enter(c));
                child = self.tree[c].sibling;
            }
        }
    }

    /// Sets the arguments of the phis in the successors of `b` to the values of their variables at the end of `b`.
    fn set_phi_args(&mut self, b: Block, values: &[Value]) {
        for i in 0..self.f[b].succs.len() {
            let edge = self.f[b].succs[i];
            // Phis are at the end of their block while they are being placed.
            for j in (0..self.f[edge.block].values.len()).rev() {
                let phi = self.f[edge.block].values[j];
                if self.f[phi].op != Op::Phi {
                    break;
                }
                let v = values[self.phis[phi] as usize];
                if self.f[v].op != Op::Unknown {
                    self.f.set_arg(phi, edge.index as usize, v);
                }
            }
        }
    }
}

/// Resolves reads whose only predecessor assigns the variable. Returns the variables of all other reads in order of
/// first occurrence, and their indices by slot.
fn crossing_variables(
    f: &mut Func,
    defs: &[(Block, Slot, Value)],
) -> (Vec<Crossing>, Vec<Option<u32>>) {
    let mut variables: Vec<Crossing> = Vec::new();
    let mut numbers = vec![None; n_slots(f, defs)];
    let at_end = defs.iter().map(|&(b, slot, v)| ((b, slot), v));
    let at_end: FxHashMap<(Block, Slot), Value> = at_end.collect();
    for i in 0..f.layout.len() {
        let b = f.layout[i];
        for j in 0..f[b].values.len() {
            let v = f[b].values[j];
            if f[v].op != Op::FwdRef {
                continue;
            }
            let slot = Slot::of_fwd_ref(f[v].aux);
            if let &[edge] = &f[b].preds[..]
                && let Some(&source) = at_end.get(&(edge.block, slot))
            {
                resolve(f, v, Op::Copy, &[source]);
                continue;
            }
            let ty = f[v].ty;
            numbers[slot.index()].get_or_insert_with(|| {
                variables.push(Crossing {
                    slot,
                    ty,
                    defs: Vec::new(),
                });
                variables.len() as u32 - 1
            });
        }
    }
    for &(b, slot, _) in defs {
        if let Some(number) = numbers[slot.index()] {
            variables[number as usize].defs.push(b);
        }
    }
    for variable in &mut variables {
        // The layout is still in the order of block numbers.
        variable.defs.sort_unstable();
    }
    (variables, numbers)
}

fn dominator_tree(f: &mut Func) -> SecondaryMap<Block, DomNode> {
    let idom = f.idom();
    let mut tree = SecondaryMap::<Block, DomNode>::new();
    tree.resize(f.num_blocks());
    for &b in &f.layout {
        if let Some(parent) = idom[b] {
            tree[b].sibling = tree[parent].first_child;
            tree[parent].first_child = b.into();
        }
    }
    let mut order = vec![f.entry];
    let mut at = 0;
    while let Some(&b) = order.get(at) {
        at += 1;
        let mut child = tree[b].first_child;
        while let Some(c) = child.expand() {
            tree[c].level = tree[b].level + 1;
            order.push(c);
            child = tree[c].sibling;
        }
    }
    for &b in order.iter().rev() {
        let succs = f[b].succs.iter().map(|edge| tree[edge.block].level);
        let mut reach = succs.min().unwrap_or(u32::MAX);
        let mut child = tree[b].first_child;
        while let Some(c) = child.expand() {
            reach = reach.min(tree[c].reach);
            child = tree[c].sibling;
        }
        tree[b].reach = reach;
    }
    tree
}

/// Scratch memory for placing the phis of one variable.
#[derive(Default)]
struct Scratch {
    queue: Vec<Block>,
    /// Blocks that have been in `queue`.
    queued: Marks,
    has_phi: Marks,
    has_def: Marks,
}

/// A set of blocks that is emptied by moving on to a greater mark.
#[derive(Default)]
struct Marks(SecondaryMap<Block, u32>);

impl Marks {
    /// Adds `b` to the set of `mark`, which must not be less than any before. Returns whether it was absent.
    fn add(&mut self, b: Block, mark: u32) -> bool {
        std::mem::replace(&mut self.0[b], mark) != mark
    }
}

/// A max-heap of blocks by level. Ties are ordered as in Go's container/heap.
struct BlockHeap(Vec<(u32, Block)>);

impl BlockHeap {
    fn new(blocks: Vec<(u32, Block)>) -> BlockHeap {
        let mut heap = BlockHeap(blocks);
        let len = heap.0.len();
        for i in (0..len / 2).rev() {
            heap.down(i, len);
        }
        heap
    }

    fn push(&mut self, level: u32, b: Block) {
        self.0.push((level, b));
        let mut child = self.0.len() - 1;
        while child > 0 {
            let parent = (child - 1) / 2;
            if !self.less(child, parent) {
                break;
            }
            self.0.swap(parent, child);
            child = parent;
        }
    }

    fn pop(&mut self) -> Option<(u32, Block)> {
        let last = self.0.len().checked_sub(1)?;
        self.0.swap(0, last);
        self.down(0, last);
        self.0.pop()
    }

    fn less(&self, i: usize, j: usize) -> bool {
        self.0[i].0 > self.0[j].0
    }

    /// Sifts down element `parent` among the first `len`.
    fn down(&mut self, mut parent: usize, len: usize) {
        loop {
            let mut child = 2 * parent + 1;
            if child >= len {
                return;
            }
            if child + 1 < len && self.less(child + 1, child) {
                child += 1;
            }
            if !self.less(child, parent) {
                return;
            }
            self.0.swap(parent, child);
            parent = child;
        }
    }
}
