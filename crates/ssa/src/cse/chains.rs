//! The refinement of classes that takes many rounds, as in chains of equal operations such as the terms of a long sum.
//!
//! Which classes there are, their numbers and the exchanges of arguments don't depend on the order of members. So a
//! class is only looked at where the class of an argument has changed, and its largest part stays where it is: a part
//! of one value costs the same whether it leaves a large class or a small one. The order of members, which the version's
//! sort determines, is found afterwards, for the classes of which it decides something.

use std::collections::BTreeSet;
use std::ops::Range;

use smallvec::SmallVec;

use super::{Partition, sort_by};
use crate::ahead::prefetch;
use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;

/// The numbers of the classes of a value's arguments.
type Key = SmallVec<[i32; 2]>;

/// No group or node.
const NONE: u32 = u32::MAX;

/// The members of a class, in no order. Its largest part is the same group.
#[derive(Default)]
struct Group {
    members: Vec<Value>,
    /// Members whose keys may differ from those of the others, which are equal.
    changed: Vec<Value>,
    /// The number of the class, its place in the list of classes, its node.
    number: i32,
    slot: u32,
    node: u32,
}

/// A class, for as long as it isn't split.
struct Node {
    /// The class that it is a part of, and which part.
    parent: u32,
    part: u32,
    /// The rounds in which it was looked at first, and in which it was split.
    first: u32,
    split: u32,
}

/// The state of the refinement. Tables are by value number.
struct Chains<'a> {
    f: &'a mut Func,
    partition: &'a Partition,
    groups: Vec<Group>,
    /// The group of each value, [`NONE`] for one that is alone, and its place among the members.
    group_of: Vec<u32>,
    place: Vec<u32>,
    has_changed: Vec<bool>,
    /// The values with an argument: `users[starts[v]..starts[v + 1]]`.
    starts: Vec<u32>,
    users: Vec<Value>,
    /// The classes, as groups, and which of them have members that have changed.
    slots: Vec<u32>,
    dirty: BTreeSet<u32>,
    nodes: Vec<Node>,
    /// Values that became alone: the class that they left, which part of it they were, and the value.
    alone: Vec<(u32, u32, Value)>,
    next: i32,
    round: u32,
}

/// Refines the classes of `partition`, of which those before `at` have been looked at in the current round;
/// `changed` tells whether one of them was split.
pub(super) fn refine(f: &mut Func, partition: &mut Partition, at: usize, changed: bool) {
    let mut chains = Chains::new(f, partition, at);
    chains.run(at, changed);
    let lists = chains.finish();
    partition.classes.clear();
    let mut start = 0;
    for list in lists {
        let end = start + list.len();
        partition.values[start..end].copy_from_slice(&list);
        partition.classes.push(start..end);
        start = end;
    }
}

impl Chains<'_> {
    fn new<'a>(f: &'a mut Func, partition: &'a Partition, at: usize) -> Chains<'a> {
        let n_values = f.num_values();
        let mut chains = Chains {
            groups: Vec::with_capacity(partition.classes.len()),
            group_of: vec![NONE; n_values],
            place: vec![0; n_values],
            has_changed: vec![false; n_values],
            starts: vec![0; n_values + 1],
            users: Vec::new(),
            slots: Vec::with_capacity(partition.classes.len()),
            dirty: BTreeSet::new(),
            nodes: Vec::with_capacity(partition.classes.len()),
            alone: Vec::new(),
            next: partition.next,
            round: 0,
            f,
            partition,
        };
        for (slot, class) in (0..).zip(&partition.classes) {
            let members = &partition.values[class.clone()];
            chains.nodes.push(Node {
                parent: NONE,
                part: 0,
                first: u32::from((slot as usize) < at),
                split: NONE,
            });
            chains.groups.push(Group {
                number: partition.class_of[members[0].id()],
                slot,
                node: slot,
                ..Group::default()
            });
            chains.slots.push(slot);
            chains.dirty.insert(slot);
            for &v in members {
                chains.join(v, slot);
                chains.has_changed[v.id()] = true;
            }
            chains.groups[slot as usize].changed = members.to_vec();
        }
        chains.find_users();
        chains
    }

    /// Lists the values in classes by their arguments.
    fn find_users(&mut self) {
        let classes = &self.partition.classes;
        let members = |class: &Range<usize>| self.partition.values[class.clone()].iter().copied();
        for v in classes.iter().flat_map(members) {
            for arg in &self.f[v].args {
                self.starts[arg.id()] += 1;
            }
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
        self.users = vec![Value::NONE; sum as usize];
        for v in classes.iter().flat_map(members) {
            for arg in &self.f[v].args {
                self.starts[arg.id()] -= 1;
                self.users[self.starts[arg.id()] as usize] = v;
            }
        }
    }

    /// Goes through the classes, from the one at `at` on, until a round splits none.
    fn run(&mut self, at: usize, mut changed: bool) {
        let mut at = at as u32;
        loop {
            while let Some(&slot) = self.dirty.range(at..).next() {
                self.dirty.remove(&slot);
                // Behind a split, another class is in its place.
                let is_split = self.look_at(slot as usize);
                changed |= is_split;
                at = slot + u32::from(!is_split);
            }
            if !std::mem::take(&mut changed) {
                return;
            }
            at = 0;
            self.round += 1;
        }
    }

    /// Returns the number of the class of a value.
    fn number(&self, v: Value) -> i32 {
        match self.group_of[v.id()] {
            NONE => -(v.id() as i32),
            group => self.groups[group as usize].number,
        }
    }

    /// Returns what `v` is compared by.
    fn key(&self, v: Value) -> Key {
        let data = &self.f[v];
        let mut key: Key = data.args.iter().map(|&arg| self.number(arg)).collect();
        if data.op.is_commutative() && key[0] > key[1] {
            key.swap(0, 1);
        }
        if let Some(&Some((memory, _))) = self.partition.memory.get(v.id())
            && let Some(second) = key.get_mut(1)
        {
            *second = self.number(memory);
        }
        // Its memory decides nothing here but the order, which is known.
        if data.op == Op::LocalAddr && self.f.profile.pass.cse_skips_stores {
            key.truncate(1);
        }
        key
    }

    /// Splits a class if some of its members differ. Returns whether they do.
    fn look_at(&mut self, slot: usize) -> bool {
        let g = self.slots[slot];
        let group = &mut self.groups[g as usize];
        let changed = std::mem::take(&mut group.changed);
        let same = |&&v: &&Value| !self.has_changed[v.id()];
        let same = group.members.iter().find(same).copied();
        for v in &changed {
            self.has_changed[v.id()] = false;
        }
        let mut keyed: Vec<(Key, Value)> = changed.iter().map(|&v| (self.key(v), v)).collect();
        keyed.sort_unstable();
        let mut parts: Vec<Part> = Vec::new();
        for (key, v) in keyed {
            match parts.last_mut() {
                Some(part) if part.key == key => part.values.push(v),
                _ => parts.push(Part::new(key, [v].into())),
            }
        }
        if let Some(same) = same {
            let key = self.key(same);
            let found = parts.binary_search_by(|part| part.key.cmp(&key));
            let at = found.unwrap_or_else(|at| {
                parts.insert(at, Part::new(key, Vec::new()));
                at
            });
            parts[at].n_others = self.groups[g as usize].members.len() - changed.len();
        }
        if parts.len() == 1 {
            return false;
        }
        self.split(g, slot, parts);
        true
    }

    /// Replaces a class by its parts.
    fn split(&mut self, g: u32, slot: usize, parts: Vec<Part>) {
        self.slots.swap_remove(slot);
        let last = self.slots.len() as u32;
        if let Some(&moved) = self.slots.get(slot) {
            self.groups[moved as usize].slot = slot as u32;
            if self.dirty.remove(&last) {
                self.dirty.insert(slot as u32);
            }
        }
        let node = self.groups[g as usize].node;
        self.nodes[node as usize].split = self.round;
        let largest = (0..parts.len()).max_by_key(|&at| parts[at].len());
        let largest = largest.expect("a class is split into parts");
        // The parts that leave the group: all but the largest.
        let mut leaving: Vec<Vec<Value>> = Vec::with_capacity(parts.len());
        for part in &parts {
            for &v in &part.values {
                self.leave(g, v);
            }
            leaving.push(part.values.clone());
        }
        if parts[largest].n_others == 0 {
            // The others, if there are any, are a part of their own, and the group is that of the largest.
            let others = std::mem::take(&mut self.groups[g as usize].members);
            if let Some(at) = parts.iter().position(|part| part.n_others > 0) {
                leaving[at].extend(others);
            }
        }
        for &v in std::mem::take(&mut leaving[largest]).iter() {
            self.join(v, g);
        }
        // Arguments are exchanged before any class has a new number.
        for (at, part) in parts.iter().enumerate() {
            if part.len() == 1 && at != largest {
                self.exchange(leaving[at][0]);
            }
        }
        if parts[largest].len() == 1 {
            self.exchange(self.groups[g as usize].members[0]);
        }
        for (at, values) in leaving.iter().enumerate() {
            let is_alone = parts[at].len() == 1;
            let group = match at == largest {
                true => g,
                false if is_alone => NONE,
                false => {
                    self.groups.push(Group::default());
                    self.groups.len() as u32 - 1
                }
            };
            for &v in values {
                match is_alone {
                    true => self.group_of[v.id()] = NONE,
                    false => self.join(v, group),
                }
            }
            if is_alone {
                let v = match at == largest {
                    true => self.groups[g as usize].members[0],
                    false => values[0],
                };
                self.group_of[v.id()] = NONE;
                self.alone.push((node, at as u32, v));
            } else {
                self.place(group, node, at as u32);
            }
        }
        if parts[largest].len() == 1 {
            let v = self.groups[g as usize].members.pop();
            leaving[largest].extend(v);
        }
        for v in leaving.into_iter().flatten() {
            self.mark_users(v);
        }
    }

    /// Appends a part to the classes.
    fn place(&mut self, group: u32, parent: u32, part: u32) {
        let place = &mut self.groups[group as usize];
        place.number = self.next;
        place.slot = self.slots.len() as u32;
        place.node = self.nodes.len() as u32;
        self.next += 1;
        self.slots.push(group);
        self.nodes.push(Node {
            parent,
            part,
            first: self.round,
            split: NONE,
        });
    }

    fn join(&mut self, v: Value, group: u32) {
        let members = &mut self.groups[group as usize].members;
        self.group_of[v.id()] = group;
        self.place[v.id()] = members.len() as u32;
        members.push(v);
    }

    fn leave(&mut self, group: u32, v: Value) {
        let members = &mut self.groups[group as usize].members;
        let at = self.place[v.id()] as usize;
        members.swap_remove(at);
        if let Some(moved) = members.get(at) {
            self.place[moved.id()] = at as u32;
        }
    }

    /// Exchanges the arguments of a commutative operation if that of the later class is first.
    fn exchange(&mut self, v: Value) {
        let data = &self.f[v];
        if data.op.is_commutative() && self.number(data.args[0]) > self.number(data.args[1]) {
            self.f.swap_args(v);
        }
    }

    /// Records that the class of `v` has become another one than that of the values that were in a class with it.
    fn mark_users(&mut self, v: Value) {
        for at in self.starts[v.id()]..self.starts[v.id() + 1] {
            let user = self.users[at as usize];
            let group = self.group_of[user.id()];
            if group != NONE && !std::mem::replace(&mut self.has_changed[user.id()], true) {
                let group = &mut self.groups[group as usize];
                // Its arguments will be looked at.
                prefetch(&self.f[user]);
                group.changed.push(user);
                self.dirty.insert(group.slot);
            }
        }
    }

    /// Returns the members of the classes. They are in order in classes of which members are in one block.
    fn finish(mut self) -> Vec<Vec<Value>> {
        for v in (0..self.group_of.len() as u32).map(Value::from_u32) {
            if self.group_of[v.id()] != NONE {
                self.exchange(v);
            }
        }
        let mut needed = vec![false; self.nodes.len()];
        let mut blocks = Vec::new();
        for &group in &self.slots {
            let group = &self.groups[group as usize];
            blocks.clear();
            blocks.extend(group.members.iter().map(|&v| self.f[v].block));
            blocks.sort_unstable();
            if blocks.windows(2).any(|two| two[0] == two[1]) {
                let mut node = group.node;
                while node != NONE && !std::mem::replace(&mut needed[node as usize], true) {
                    node = self.nodes[node as usize].parent;
                }
            }
        }
        let mut lists: Vec<Vec<Value>> = Vec::new();
        let mut orders = self.orders(&needed);
        for &group in &self.slots {
            let group = &mut self.groups[group as usize];
            lists.push(match needed[group.node as usize] {
                true => std::mem::take(&mut orders[group.node as usize]),
                false => std::mem::take(&mut group.members),
            });
        }
        lists
    }

    /// Returns, by node, the orders in which all sorts leave the members of needed classes that were not split.
    fn orders(&self, needed: &[bool]) -> Vec<Vec<Value>> {
        let mut orders: Vec<Vec<Value>> = vec![Vec::new(); self.nodes.len()];
        if !needed.contains(&true) {
            return orders;
        }
        let leaves = Leaves::new(self);
        let mut parts = vec![0; self.group_of.len()];
        for (node, class) in self.partition.classes.iter().enumerate() {
            orders[node] = self.partition.values[class.clone()].to_vec();
        }
        let of_node = |node: usize| self.nodes[node].split;
        for node in (0..self.nodes.len()).filter(|&node| needed[node]) {
            let mut order = std::mem::take(&mut orders[node]);
            let first = self.nodes[node].first;
            if of_node(node) == NONE {
                // It was looked at in the last round, too.
                sort_equal(self.f, &mut order, self.round + 1 - first);
                orders[node] = order;
                continue;
            }
            sort_equal(self.f, &mut order, of_node(node) - first);
            leaves.find_parts(node as u32, &mut parts);
            sort_by(self.f, &mut order, |v, w| parts[v.id()] < parts[w.id()]);
            for &(_, child) in leaves.children(node as u32) {
                let part = self.nodes[child as usize].part;
                let start = order.partition_point(|v| parts[v.id()] < part);
                let end = order.partition_point(|v| parts[v.id()] <= part);
                orders[child as usize] = order[start..end].to_vec();
            }
        }
        orders
    }
}

/// A part of a class.
struct Part {
    key: Key,
    /// The members that have changed.
    values: Vec<Value>,
    /// The number of the others.
    n_others: usize,
}

impl Part {
    fn new(key: Key, values: Vec<Value>) -> Part {
        Part {
            key,
            values,
            n_others: 0,
        }
    }

    fn len(&self) -> usize {
        self.values.len() + self.n_others
    }
}

/// The values below the nodes.
struct Leaves<'a> {
    chains: &'a Chains<'a>,
    /// Nodes by their parents; values that are alone by the nodes that they left.
    children: Vec<(u32, u32)>,
    alone: Vec<(u32, u32, Value)>,
    /// By node: the group of a class that was not split.
    groups: Vec<u32>,
}

impl Leaves<'_> {
    fn new<'a>(chains: &'a Chains) -> Leaves<'a> {
        let parents = chains.nodes.iter().map(|node| node.parent);
        let mut children: Vec<(u32, u32)> = parents.zip(0..).collect();
        children.sort_unstable();
        let mut alone = chains.alone.clone();
        alone.sort_unstable();
        let mut groups = vec![NONE; chains.nodes.len()];
        for &group in &chains.slots {
            groups[chains.groups[group as usize].node as usize] = group;
        }
        Leaves {
            chains,
            children,
            alone,
            groups,
        }
    }

    fn children(&self, node: u32) -> &[(u32, u32)] {
        let start = self.children.partition_point(|child| child.0 < node);
        let end = self.children.partition_point(|child| child.0 <= node);
        &self.children[start..end]
    }

    fn alone(&self, node: u32) -> &[(u32, u32, Value)] {
        let start = self.alone.partition_point(|alone| alone.0 < node);
        let end = self.alone.partition_point(|alone| alone.0 <= node);
        &self.alone[start..end]
    }

    /// Sets, by value, the part of `node` that it was in.
    fn find_parts(&self, node: u32, parts: &mut [u32]) {
        for &(_, part, v) in self.alone(node) {
            parts[v.id()] = part;
        }
        let mut work = Vec::new();
        for &(_, child) in self.children(node) {
            let part = self.chains.nodes[child as usize].part;
            work.push(child);
            while let Some(node) = work.pop() {
                for &(_, _, v) in self.alone(node) {
                    parts[v.id()] = part;
                }
                if let Some(group) = self.chains.groups.get(self.groups[node as usize] as usize) {
                    for v in &group.members {
                        parts[v.id()] = part;
                    }
                }
                work.extend(self.children(node).iter().map(|child| child.1));
            }
        }
    }
}

/// Does what `n` sorts do to values of which none is less than another.
fn sort_equal(f: &Func, values: &mut [Value], n: u32) {
    if n == 0 {
        return;
    }
    let mut moved: Vec<u32> = (0..values.len() as u32).collect();
    sort_by(f, &mut moved, |_, _| false);
    let old = values.to_vec();
    let mut done = vec![false; old.len()];
    let mut cycle = Vec::new();
    for start in 0..old.len() {
        cycle.clear();
        let mut at = start;
        while !std::mem::replace(&mut done[at], true) {
            cycle.push(at);
            at = moved[at] as usize;
        }
        for (index, &at) in cycle.iter().enumerate() {
            values[at] = old[cycle[(index + n as usize) % cycle.len()]];
        }
    }
}
