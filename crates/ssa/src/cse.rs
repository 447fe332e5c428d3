//! Elimination of common subexpressions.
//!
//! Values are first put into classes by everything but their arguments. A class whose members' arguments
//! are in different classes is split, until none is: a coarsest partition, so that equal cycles through
//! phis are found too. Of each class, a value that dominates another replaces it (gc: cse.go).
//!
//! The numbers of classes, the order of members and the exchange of commutative arguments by class are
//! observable, so all follow gc's, its unstable sort included.

mod chains;

use std::cmp::Ordering;
use std::ops::Range;

use cranelift_entity::packed_option::PackedOption;
use minigo_base::IsStmt;

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use crate::opt::is_disjoint;
use crate::ty::Type;
use crate::value::Aux;
use minigo_base::sort::{pdqsort, sort};

/// Makes values with equal operation, type, operands and arguments one, where one dominates the other.
/// The others go in deadcode.
///
/// Requires no dead values that must stay dead.
pub(crate) fn cse(f: &mut Func, _config: &Config) {
    let mut partition: Partition = f.scratch.lend();
    partition.start(f);
    partition.find_memory(f);
    partition.refine(f);
    if let Some(replaced_by) = partition.replacements(f) {
        replace(f, &replaced_by);
        f.scratch.choices.free(replaced_by);
    }
    if f.keeps_tables() {
        f.scratch.take_back(partition);
    }
}

/// How often all values are sorted, before only those are looked at whose arguments have changed.
const USUAL_ROUNDS: usize = 4;

/// The key by which values of one operation are compared, arguments apart.
#[derive(Clone, Copy, Debug)]
struct Key {
    aux_int: i64,
    n_args: u32,
    /// Of phis only.
    block: PackedOption<Block>,
    ty: Type,
    aux: Aux,
    v: Value,
}

impl Key {
    fn new(f: &Func, v: Value) -> Key {
        let data = &f[v];
        Key {
            aux_int: data.aux_int,
            n_args: data.args.len() as u32,
            block: match data.op {
                Op::Phi => data.block,
                _ => None.into(),
            },
            ty: match data.op {
                // One half of one pair is one value, whatever type its users gave it.
                Op::Select0 | Op::Select1 | Op::SelectN => Type::INVALID,
                _ => data.ty,
            },
            aux: data.aux,
            v,
        }
    }

    fn cmp(&self, other: &Key, f: &Func) -> Ordering {
        let ty = || match self.ty == other.ty {
            true => Ordering::Equal,
            false => self.ty.compare(other.ty, &f.type_names),
        };
        let aux = || match self.aux == other.aux {
            true => Ordering::Equal,
            false => known_aux_number(f, self.aux).cmp(&known_aux_number(f, other.aux)),
        };
        (self.aux_int.cmp(&other.aux_int))
            .then_with(|| self.n_args.cmp(&other.n_args))
            .then_with(|| self.block.cmp(&other.block))
            .then_with(ty)
            .then_with(aux)
    }
}

/// Sets `listed` to the values that can be merged, with their operations, in block and value order; numbers their
/// aux operands in that order.
fn collect(f: &mut Func, listed: &mut Vec<(Op, Value)>) {
    listed.clear();
    // No operand has a number too, which is 0 in comparisons.
    let mut none_has_number = f.aux_numbers.contains_key(&Aux::None);
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        f.look_ahead(block_index);
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            // A value that changes memory has an effect of its own.
            if f[v].ty.is_memory() {
                continue;
            }
            let aux = f[v].aux;
            if aux != Aux::None || !none_has_number {
                number_aux(f, aux);
                none_has_number |= aux == Aux::None;
            }
            listed.push((f[v].op, v));
        }
    }
}

/// Numbers an aux operand, if this is its first appearance.
fn number_aux(f: &mut Func, aux: Aux) {
    let next = f.n_aux_numbers + 1;
    let number = *f.aux_numbers.entry(aux).or_insert(next);
    f.n_aux_numbers = f.n_aux_numbers.max(number);
}

/// Returns the number of an aux operand that has one; 0 for none.
fn known_aux_number(f: &Func, aux: Aux) -> u32 {
    match aux {
        Aux::None => 0,
        aux => f.aux_numbers[&aux],
    }
}

/// Classes of values that may be equal. The memory of one function serves the next.
#[derive(Debug, Default)]
struct Partition {
    /// Values that can be merged, in block and value order.
    listed: Vec<(Op, Value)>,
    /// The operations of the listed values, in order.
    ops: Vec<Op>,
    /// By operation: the number of its values, then where they go in `values`. 0 between uses.
    group_ends: Vec<u32>,
    /// The keys of the values of one operation.
    keys: Vec<Key>,
    /// The values, members of a class next to each other.
    values: Vec<Value>,
    /// The classes of at least two values, as ranges of `values`.
    classes: Vec<Range<usize>>,
    /// By value number: the number of the value's class, or minus its own number if it is alone.
    class_of: Vec<i32>,
    /// The number of the next class.
    next: i32,
    /// By value number, for loads: the memory that a load is compared by, and the number of stores between it and
    /// the load. Empty if loads are compared by their argument.
    memory: Vec<Option<(Value, u8)>>,
    /// The values of the class being split, with the classes of their arguments.
    keyed: Vec<((i32, i32), Value)>,
    /// The parts of the class that was split last.
    parts: Vec<Range<usize>>,
}

impl Partition {
    /// Puts the values of `f` into classes by everything but their arguments.
    fn start(&mut self, f: &mut Func) {
        collect(f, &mut self.listed);
        let f = &*f;
        self.class_of.clear();
        self.class_of
            .extend((0..f.num_values()).map(|id| -(id as i32)));
        self.classes.clear();
        self.next = 1;
        self.group_by_op();
        let mut start = 0;
        for index in 0..self.ops.len() {
            let op = self.ops[index];
            let end = std::mem::take(&mut self.group_ends[op as usize]) as usize;
            self.keys.clear();
            let same_op = self.values[start..end].iter();
            self.keys.extend(same_op.map(|&v| Key::new(f, v)));
            // The order is total, so every algorithm finds it.
            self.keys
                .sort_unstable_by(|a, b| a.cmp(b, f).then(a.v.cmp(&b.v)));
            for (value, key) in self.values[start..end].iter_mut().zip(&self.keys) {
                *value = key.v;
            }
            let mut at = 0;
            while at < self.keys.len() {
                let same = |other: &&Key| self.keys[at].cmp(other, f).is_eq();
                let n = 1 + self.keys[at + 1..].iter().take_while(same).count();
                self.add(start + at..start + at + n);
                at += n;
            }
            start = end;
        }
    }

    /// Finds the memory that loads of classes are compared by, if that is not their argument.
    fn find_memory(&mut self, f: &Func) {
        self.memory.clear();
        if !f.profile.pass.cse_skips_stores {
            return;
        }
        self.memory.resize(f.num_values(), None);
        for members in &self.classes {
            for &v in &self.values[members.clone()] {
                self.memory[v.id()] = effective_memory(f, v);
            }
        }
    }

    /// Sets `values` to those listed, in the order of their operations, and `group_ends` to the end of each group.
    fn group_by_op(&mut self) {
        self.group_ends.resize(Op::COUNT, 0);
        self.ops.clear();
        for &(op, _) in &self.listed {
            if self.group_ends[op as usize] == 0 {
                self.ops.push(op);
            }
            self.group_ends[op as usize] += 1;
        }
        self.ops.sort_unstable();
        let mut end = 0;
        for &op in &self.ops {
            let end_of_group = &mut self.group_ends[op as usize];
            end += std::mem::replace(end_of_group, end);
        }
        self.values.clear();
        self.values.resize(self.listed.len(), Value::NONE);
        for &(op, v) in &self.listed {
            let end_of_group = &mut self.group_ends[op as usize];
            self.values[*end_of_group as usize] = v;
            *end_of_group += 1;
        }
    }

    /// Makes a range of values a class.
    fn add(&mut self, members: Range<usize>) {
        if let [alone] = self.values[members.clone()] {
            self.class_of[alone.id()] = -(alone.id() as i32);
            return;
        }
        for v in &self.values[members.clone()] {
            self.class_of[v.id()] = self.next;
        }
        self.next += 1;
        self.classes.push(members);
    }

    /// Splits classes whose members' arguments are in different classes until there are none.
    fn refine(&mut self, f: &mut Func) {
        let mut n_sorted = 0;
        loop {
            let mut changed = false;
            let mut index = 0;
            while index < self.classes.len() {
                if n_sorted > self.values.len() * USUAL_ROUNDS {
                    self.sort_addresses(f, index);
                    return chains::refine(f, self, index, changed);
                }
                let members = self.classes[index].clone();
                n_sorted += members.len();
                self.split(f, members);
                if self.parts.len() == 1 {
                    index += 1;
                    continue;
                }
                // The last class takes the place of this one and is looked at next.
                self.classes.swap_remove(index);
                for at in 0..self.parts.len() {
                    self.add(self.parts[at].clone());
                }
                changed = true;
            }
            if !changed {
                return;
            }
        }
    }

    /// Sorts the classes of addresses from `index` on, which are ordered by more than what splits them. Later sorts of
    /// this version leave them as they are.
    fn sort_addresses(&mut self, f: &mut Func, index: usize) {
        for at in index..self.classes.len() {
            let members = self.classes[at].clone();
            if f.profile.pass.cse_skips_stores && f[self.values[members.start]].op == Op::LocalAddr
            {
                self.split(f, members);
            }
        }
    }

    /// Sorts a class by the classes of arguments; `parts` are then those in which they are the same.
    fn split(&mut self, f: &mut Func, members: Range<usize>) {
        let Partition {
            values,
            class_of,
            memory,
            keyed,
            parts,
            ..
        } = self;
        let values = &mut values[members.clone()];
        let class_of = |v: Value| class_of[v.id()];
        let memory = |v: Value| memory.get(v.id()).copied().flatten();
        if f[values[0]].op.is_commutative() {
            for (at, &v) in values.iter().enumerate() {
                f.look_at_later(values, at);
                if class_of(f[v].args[0]) > class_of(f[v].args[1]) {
                    f.swap_args(v);
                }
            }
        }
        let f = &*f;
        if f[values[0]].args.len() <= 2 {
            // Nearly all classes, some of them large and split often: the classes of the arguments are
            // gathered once instead of at every comparison.
            let classes = |v: Value| {
                let class = |index: usize| f[v].args.get(index).map_or(0, |&arg| class_of(arg));
                let second = || memory(v).map_or_else(|| class(1), |(memory, _)| class_of(memory));
                (class(0), second())
            };
            keyed.clear();
            keyed.extend(values.iter().enumerate().map(|(at, &v)| {
                f.look_at_later(values, at);
                (classes(v), v)
            }));
            sort_by(f, keyed, |a, b| a.0 < b.0);
            for (value, &(_, v)) in values.iter_mut().zip(&*keyed) {
                *value = v;
            }
            if f[values[0]].op == Op::LocalAddr && f.profile.pass.cse_skips_stores {
                set_parts(parts, members, |a, b| keyed[a].0.0 == keyed[b].0.0);
            } else {
                set_parts(parts, members, |a, b| keyed[a].0 == keyed[b].0);
            }
            return;
        }
        let args = |v: Value| f[v].args.iter().map(|&arg| class_of(arg));
        sort_by(f, values, |&v, &w| args(v).lt(args(w)));
        set_parts(parts, members, |a, b| args(values[a]).eq(args(values[b])));
    }

    /// Returns the replacements of values, by value number; none if no two values are equal.
    fn replacements(&mut self, f: &mut Func) -> Option<Vec<PackedOption<Value>>> {
        if self.classes.is_empty() {
            return None;
        }
        let tree = f.sdom();
        let mut replaced_by = f.scratch.choices.table(f.num_values(), None.into());
        let block = |v: Value| f[v].block.expect("a listed value is in a block");
        for members in &self.classes {
            let members = &mut self.values[members.clone()];
            let skipped = |v: Value| self.memory.get(v.id()).copied().flatten();
            let skipped = |v: Value| skipped(v).map_or(0, |(_, n_skipped)| n_skipped);
            let order = |v: Value, w: Value| {
                let by_block = tree.dom_order(block(v)).cmp(&tree.dom_order(block(w)));
                if self.memory.is_empty() {
                    return by_block;
                }
                by_block
                    .then_with(|| skipped(v).cmp(&skipped(w)))
                    .then_with(|| prefer(f, v, w))
            };
            sort_by(f, members, |&v, &w| order(v, w).is_lt());
            // Dominators come first, and the blocks that a block dominates directly follow it.
            let mut at = 0;
            while at < members.len() {
                let v = members[at];
                let dominated = |&&w: &&Value| tree.is_ancestor_eq(block(v), block(w));
                let n = members[at + 1..].iter().take_while(dominated).count();
                for w in &members[at + 1..=at + n] {
                    replaced_by[w.id()] = v.into();
                }
                at += n + 1;
            }
        }
        Some(replaced_by)
    }
}

/// Sorts by the unstable sort of the version.
fn sort_by<T>(f: &Func, data: &mut [T], less: impl FnMut(&T, &T) -> bool) {
    if f.profile.pass.pattern_defeating_sort {
        pdqsort(data, less);
    } else {
        sort(data, less);
    }
}

/// The largest number of stores that are skipped, and of uses of the memory before one.
const MAX_SKIPPED: u8 = u8::MAX;
const MAX_MEMORY_USES: u32 = 50;

/// Returns the state of memory that a load or nil check sees as well as its own, and the number of stores between:
/// the last ones that don't overlap are skipped (gc: cse.go, skipDisjointMemDefs).
fn effective_memory(f: &Func, v: Value) -> Option<(Value, u8)> {
    let width = match f[v].op {
        Op::Load => f[v].ty.size(),
        Op::NilCheck => 0,
        _ => return None,
    };
    let (ptr, mut memory) = (f[v].args[0], f[v].args[1]);
    let mut n_skipped = 0;
    while n_skipped < MAX_SKIPPED {
        let def = &f[memory];
        let stored = match (def.op, def.aux) {
            (Op::Store, Aux::Type(ty)) => ty.size(),
            (Op::Zero, _) => def.aux_int,
            (Op::VarDef, _) => 0,
            _ => break,
        };
        let before = *def.args.last().expect("stores have a memory argument");
        let is_skipped = stored == 0 || is_disjoint(f, def.args[0], stored, ptr, width);
        if f[before].uses > MAX_MEMORY_USES || !is_skipped {
            break;
        }
        memory = before;
        n_skipped += 1;
    }
    Some((memory, n_skipped))
}

/// Orders equal values of one block: addresses of variables by memory, others with a statement mark first.
fn prefer(f: &Func, v: Value, w: Value) -> Ordering {
    if f[v].op == Op::LocalAddr {
        let (x, y) = (f[v].args[1], f[w].args[1]);
        return memory_depth(f, v, x).cmp(&memory_depth(f, w, y));
    }
    let marked = |v: Value| f[v].pos.is_stmt() == IsStmt::Yes;
    marked(w).cmp(&marked(v))
}

/// Returns the number of states of memory up to `memory` in the block of `v`.
fn memory_depth(f: &Func, v: Value, memory: Value) -> usize {
    let is_start = |memory: Value| matches!(f[memory].op, Op::Phi | Op::InitMem);
    let before = |&memory: &Value| f.memory_arg(memory).filter(|_| !is_start(memory));
    let in_block = |memory: &Value| f[*memory].block == f[v].block;
    std::iter::successors(Some(memory), before)
        .take_while(in_block)
        .count()
}

/// Makes `parts` the parts of a range whose members, by index in it, are the same as the ones before them.
fn set_parts(
    parts: &mut Vec<Range<usize>>,
    range: Range<usize>,
    same: impl Fn(usize, usize) -> bool,
) {
    parts.clear();
    let mut start = range.start;
    for at in range.start + 1..range.end {
        if !same(at - 1 - range.start, at - range.start) {
            parts.push(start..at);
            start = at;
        }
    }
    parts.push(start..range.end);
}

/// Redirects arguments and controls. A statement mark of a value that loses a user in its own block on its
/// own line goes to that user.
fn replace(f: &mut Func, replaced_by: &[PackedOption<Value>]) {
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        f.look_ahead(block_index);
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            for arg_index in 0..f[v].args.len() {
                let old = f[v].args[arg_index];
                let Some(new) = replaced_by[old.id()].expand() else {
                    continue;
                };
                let (pos, old_pos) = (f[v].pos, f[old].pos);
                if old_pos.is_stmt() == IsStmt::Yes
                    && f[old].block == f[v].block
                    && old_pos.line() == pos.line()
                {
                    f[v].pos = pos.with_is_stmt();
                    f[old].pos = old_pos.with_not_stmt();
                }
                f.set_arg(v, arg_index, new);
            }
        }
        f.replace_controls(b, |_, control| replaced_by[control.id()].expand());
    }
}
