//! Partially ordered sets of values, with undo.
//!
//! Records that one value is less than, at most, equal to or different from another, and answers what
//! follows. A forest of directed acyclic graphs of nodes with at most two children: a path from a to b
//! means a ≤ b, and a < b if an edge on it is strict. Equal values share a node. Constants are linked to
//! each other as soon as they appear and are all in the first graph (gc: poset.go).
//!
//! What cannot be found in the graph is not known; where gc's graph forgets something, this one does.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

/// A value as a set sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Operand {
    /// The number of the value, not 0.
    pub id: u32,
    /// For a constant: a number whose unsigned order is the order of the set.
    pub constant: Option<u64>,
}

/// An edge to a child: the node and whether it is greater, not only at least as great.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Edge {
    node: u32,
    strict: bool,
}

/// The children of a node.
#[derive(Clone, Copy, Default, Debug)]
struct Node {
    left: Option<Edge>,
    right: Option<Edge>,
}

impl Node {
    fn children(self) -> impl Iterator<Item = Edge> {
        [self.left, self.right].into_iter().flatten()
    }
}

/// How to take a change back.
#[derive(Debug)]
enum Undo {
    /// The end of the changes since a checkpoint.
    Checkpoint,
    /// Set the left child of a node.
    Left(u32, Option<Edge>),
    /// Set the right child of a node.
    Right(u32, Option<Edge>),
    /// Forget that two nodes differ.
    NonEqual(u32, u32),
    /// Remove the last node, made for a value or for none.
    NewNode(Option<u32>),
    /// Set or remove the node of a constant.
    Constant(u64, Option<u32>),
    /// Set or remove the node of a value.
    Alias(u32, Option<u32>),
    /// Remove a root.
    NewRoot(u32),
    /// Put the second node in the place of the first among the roots.
    ChangeRoot(u32, u32),
    /// Make the children of a root roots again.
    MergeRoot(u32),
}

/// A partially ordered set of values.
#[derive(Debug, Default)]
pub(crate) struct Poset {
    /// The node of every known value.
    values: FxHashMap<u32, u32>,
    /// The node of every known constant.
    constants: BTreeMap<u64, u32>,
    nodes: Vec<Node>,
    /// The tops of the graphs. The first one reaches all constants.
    roots: Vec<u32>,
    /// Pairs of different nodes, the greater number first.
    non_equal: FxHashSet<(u32, u32)>,
    undo: Vec<Undo>,
    walk: Walk,
}

/// Scratch of searches.
#[derive(Debug, Default)]
struct Walk {
    open: Vec<u32>,
    beyond: Vec<u32>,
    /// The last search that visited each node.
    visited: Vec<u32>,
    search: u32,
}

impl Walk {
    /// Starts a search over `n` nodes.
    fn start(&mut self, n: usize) {
        if self.search == u32::MAX {
            self.visited.clear();
            self.search = 0;
        }
        self.search += 1;
        self.visited.resize(n.max(self.visited.len()), 0);
    }

    /// Whether this search visits the node for the first time.
    fn visit(&mut self, node: u32) -> bool {
        std::mem::replace(&mut self.visited[node as usize], self.search) != self.search
    }
}

impl Poset {
    /// Whether `a ≤ b` is known.
    pub(crate) fn ordered_or_equal(&mut self, a: Operand, b: Operand) -> bool {
        match (self.lookup(a), self.lookup(b)) {
            (Some(i), Some(j)) => i == j || self.reaches(i, j, false),
            _ => false,
        }
    }

    /// Records `a < b`. False if that contradicts what is known.
    pub(crate) fn set_order(&mut self, a: Operand, b: Operand) -> bool {
        self.order(a, b, true)
    }

    /// Records `a ≤ b`. False if that contradicts what is known.
    pub(crate) fn set_order_or_equal(&mut self, a: Operand, b: Operand) -> bool {
        self.order(a, b, false)
    }

    /// Records `a = b`. False if that contradicts what is known.
    pub(crate) fn set_equal(&mut self, a: Operand, b: Operand) -> bool {
        debug_assert_ne!(a.id, b.id);
        match (self.lookup(a), self.lookup(b)) {
            (None, None) => {
                let i = self.new_root(a);
                self.alias_new(b, i);
            }
            (Some(i), None) => self.alias_new(b, i),
            (None, Some(j)) => self.alias_new(a, j),
            (Some(i), Some(j)) if i == j => {}
            (Some(i), Some(j)) if self.is_non_equal(i, j) => return false,
            (Some(i), Some(j)) if self.reaches(i, j, false) => return self.collapse_path(i, j),
            (Some(i), Some(j)) if self.reaches(j, i, false) => return self.collapse_path(j, i),
            (Some(i), Some(j)) => {
                self.join_graphs(i, j);
                let mut aliased = vec![false; self.nodes.len()];
                aliased[j as usize] = true;
                self.alias_nodes(i, &aliased);
            }
        }
        true
    }

    /// Records `a ≠ b`. False if that contradicts what is known.
    pub(crate) fn set_non_equal(&mut self, a: Operand, b: Operand) -> bool {
        debug_assert_ne!(a.id, b.id);
        let (known_a, known_b) = (self.lookup(a), self.lookup(b));
        let (Some(i), Some(j)) = (known_a, known_b) else {
            let i = known_a.unwrap_or_else(|| self.new_root(a));
            let j = known_b.unwrap_or_else(|| self.new_root(b));
            self.add_non_equal(i, j);
            return true;
        };
        if self.is_non_equal(i, j) {
            return true;
        }
        if i == j {
            return false;
        }
        self.add_non_equal(i, j);
        for (i, j) in [(i, j), (j, i)] {
            if self.reaches(i, j, false) && !self.reaches(i, j, true) {
                self.add_child(i, j, true);
            }
        }
        true
    }

    /// Marks a state to come back to.
    pub(crate) fn checkpoint(&mut self) {
        self.undo.push(Undo::Checkpoint);
    }

    /// Takes back all changes since the last checkpoint that was not undone.
    pub(crate) fn undo(&mut self) {
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Checkpoint => return,
                Undo::Left(node, edge) => self.nodes[node as usize].left = edge,
                Undo::Right(node, edge) => self.nodes[node as usize].right = edge,
                Undo::NonEqual(i, j) => {
                    self.non_equal.remove(&(i, j));
                }
                Undo::NewNode(id) => {
                    if let Some(id) = id {
                        self.values.remove(&id);
                    }
                    self.nodes.pop();
                }
                Undo::Constant(key, old) => {
                    match old {
                        Some(old) => self.constants.insert(key, old),
                        None => self.constants.remove(&key),
                    };
                }
                Undo::Alias(id, old) => {
                    match old {
                        Some(old) => self.values.insert(id, old),
                        None => self.values.remove(&id),
                    };
                }
                Undo::NewRoot(node) => self.remove_root(node),
                Undo::ChangeRoot(new, old) => self.change_root(new, old),
                Undo::MergeRoot(node) => {
                    let Node { left, right } = self.nodes[node as usize];
                    let (left, right) = left.zip(right).expect("a merged root has two children");
                    self.change_root(node, left.node);
                    self.roots.push(right.node);
                }
            }
        }
    }

    /// Records `a < b`, or `a ≤ b` if not `strict`.
    fn order(&mut self, a: Operand, b: Operand, strict: bool) -> bool {
        debug_assert_ne!(a.id, b.id);
        match (self.lookup(a), self.lookup(b)) {
            (None, None) => {
                // Two nodes first, then the root: the numbers of nodes decide where children go.
                let (i, j) = (self.new_node(Some(a)), self.new_node(Some(b)));
                self.add_root(i);
                self.add_child(i, j, strict);
                true
            }
            (Some(i), None) => {
                let j = self.new_node(Some(b));
                self.add_child(i, j, strict);
                true
            }
            (None, Some(j)) => {
                let i = self.new_node(Some(a));
                if self.roots.contains(&j) {
                    self.change_root(j, i);
                    self.undo.push(Undo::ChangeRoot(i, j));
                    self.add_child(i, j, strict);
                } else {
                    let root = self.find_root(j);
                    self.add_below_new_root(root, i);
                    self.add_child(i, j, strict);
                }
                true
            }
            (Some(i), Some(j)) => self.order_known(i, j, strict),
        }
    }

    /// Records an order of two nodes.
    fn order_known(&mut self, i: u32, j: u32, mut strict: bool) -> bool {
        if i == j {
            return !strict;
        }
        strict |= self.is_non_equal(i, j);
        if self.reaches(i, j, false) {
            if strict && !self.reaches(i, j, true) {
                self.add_child(i, j, true);
            }
            return true;
        }
        if self.reaches(j, i, false) {
            // All that is between them is equal, unless something there is strict.
            return !strict && self.collapse_path(j, i);
        }
        self.join_graphs(i, j);
        self.add_child(i, j, strict);
        true
    }

    /// The node of a value; constants get one when first asked for.
    fn lookup(&mut self, n: Operand) -> Option<u32> {
        if let Some(constant) = n.constant
            && !self.values.contains_key(&n.id)
        {
            self.new_constant(n, constant);
        }
        self.values.get(&n.id).copied()
    }

    /// Makes a node for a value, or a dummy one.
    fn new_node(&mut self, n: Option<Operand>) -> u32 {
        if self.nodes.is_empty() {
            // Numbers from 1, as in gc: they decide where children go.
            self.nodes.push(Node::default());
        }
        let node = self.nodes.len() as u32;
        self.nodes.push(Node::default());
        if let Some(n) = n {
            self.values.insert(n.id, node);
        }
        self.undo.push(Undo::NewNode(n.map(|n| n.id)));
        node
    }

    /// Makes a node for a constant, between its neighbours among the constants.
    fn new_constant(&mut self, n: Operand, key: u64) {
        if let Some(&node) = self.constants.get(&key) {
            return self.alias_new(n, node);
        }
        let node = self.new_node(Some(n));
        let lower = self
            .constants
            .range(..key)
            .next_back()
            .map(|(_, &node)| node);
        let higher = self.constants.range(key..).next().map(|(_, &node)| node);
        match (lower, higher) {
            (None, None) => {
                self.add_root(node);
                let last = self.roots.len() - 1;
                self.roots.swap(0, last);
            }
            (Some(lower), Some(higher)) => {
                self.add_child(lower, node, true);
                self.add_child(node, higher, true);
            }
            (Some(lower), None) => self.add_child(lower, node, true),
            (None, Some(higher)) => {
                let root = self.find_root(higher);
                debug_assert_eq!(root, self.roots[0], "a constant is not in the first graph");
                self.add_below_new_root(root, node);
                self.add_child(node, higher, true);
            }
        }
        self.constants.insert(key, node);
        self.undo.push(Undo::Constant(key, None));
    }

    /// Adds a child; a node with two gets a dummy in between.
    fn add_child(&mut self, parent: u32, child: u32, strict: bool) {
        let edge = Some(Edge {
            node: child,
            strict,
        });
        let Node { left, right } = self.nodes[parent as usize];
        if left.is_none() {
            self.set_left(parent, edge);
        } else if right.is_none() {
            self.set_right(parent, edge);
        } else {
            let dummy = self.new_node(None);
            let to_dummy = Some(Edge {
                node: dummy,
                strict: false,
            });
            // Left or right by chance, so that no long chains grow.
            let on_right = (parent ^ child) & 1 != 0;
            let moved = if on_right { right } else { left };
            self.nodes[dummy as usize] = Node {
                left: moved,
                right: edge,
            };
            if on_right {
                self.set_right(parent, to_dummy);
            } else {
                self.set_left(parent, to_dummy);
            }
        }
    }

    fn set_left(&mut self, node: u32, edge: Option<Edge>) {
        let old = std::mem::replace(&mut self.nodes[node as usize].left, edge);
        self.undo.push(Undo::Left(node, old));
    }

    fn set_right(&mut self, node: u32, edge: Option<Edge>) {
        let old = std::mem::replace(&mut self.nodes[node as usize].right, edge);
        self.undo.push(Undo::Right(node, old));
    }

    fn new_root(&mut self, n: Operand) -> u32 {
        let node = self.new_node(Some(n));
        self.add_root(node);
        node
    }

    fn add_root(&mut self, node: u32) {
        self.roots.push(node);
        self.undo.push(Undo::NewRoot(node));
    }

    /// Puts a dummy in the place of a root, with the root and a new node below it.
    fn add_below_new_root(&mut self, root: u32, node: u32) {
        let dummy = self.new_node(None);
        self.change_root(root, dummy);
        self.undo.push(Undo::ChangeRoot(dummy, root));
        self.add_child(dummy, root, false);
        self.add_child(dummy, node, false);
    }

    fn change_root(&mut self, old: u32, new: u32) {
        let at = self.roots.iter().position(|&root| root == old);
        self.roots[at.expect("the node is a root")] = new;
    }

    fn remove_root(&mut self, node: u32) {
        let at = self.roots.iter().position(|&root| root == node);
        self.roots.remove(at.expect("the node is a root"));
    }

    /// The root of the graph that holds a node.
    fn find_root(&mut self, node: u32) -> u32 {
        let at = (0..self.roots.len()).find(|&at| self.reaches(self.roots[at], node, false));
        self.roots[at.expect("every node is in a graph")]
    }

    /// Puts the graphs of two nodes under one root. The first graph keeps its place.
    fn join_graphs(&mut self, i: u32, j: u32) {
        let (mut kept, mut other) = (self.find_root(i), self.find_root(j));
        if kept == other {
            return;
        }
        if other == self.roots[0] {
            (kept, other) = (other, kept);
        }
        let root = self.new_node(None);
        let edge = |node: u32| {
            Some(Edge {
                node,
                strict: false,
            })
        };
        self.nodes[root as usize] = Node {
            left: edge(kept),
            right: edge(other),
        };
        self.change_root(kept, root);
        self.remove_root(other);
        self.undo.push(Undo::MergeRoot(root));
    }

    /// Whether a path leads from one node to the other, with a strict edge if `strict`.
    fn reaches(&mut self, from: u32, to: u32, strict: bool) -> bool {
        let walk = &mut self.walk;
        walk.open.clear();
        walk.open.push(from);
        walk.start(self.nodes.len());
        if strict {
            // Find where strict edges lead first; a weak path to a node does not hide a strict one.
            walk.beyond.clear();
            while let Some(node) = walk.open.pop() {
                if walk.visit(node) {
                    for edge in self.nodes[node as usize].children() {
                        let list = if edge.strict {
                            &mut walk.beyond
                        } else {
                            &mut walk.open
                        };
                        list.push(edge.node);
                    }
                }
            }
            std::mem::swap(&mut walk.open, &mut walk.beyond);
            walk.start(self.nodes.len());
        }
        while let Some(node) = walk.open.pop() {
            if walk.visit(node) {
                if node == to {
                    return true;
                }
                let children = self.nodes[node as usize].children();
                walk.open.extend(children.map(|edge| edge.node));
            }
        }
        false
    }

    /// Makes all nodes on the paths between two nodes equal; false if one of the paths is strict.
    fn collapse_path(&mut self, from: u32, to: u32) -> bool {
        if self.reaches(from, to, true) {
            return false;
        }
        let mut on_path = self.find_paths(from, to);
        on_path[from as usize] = false;
        self.alias_nodes(from, &on_path);
        true
    }

    /// The nodes that are on a path between two nodes.
    fn find_paths(&self, from: u32, to: u32) -> Vec<bool> {
        let mut seen = vec![false; self.nodes.len()];
        let mut on_path = vec![false; self.nodes.len()];
        on_path[to as usize] = true;
        // A node is looked at again when its children are done.
        let mut work = vec![(from, false)];
        while let Some((node, children_done)) = work.pop() {
            let children = self.nodes[node as usize].children();
            if children_done {
                let mut children = children;
                if children.any(|edge| on_path[edge.node as usize]) {
                    on_path[node as usize] = true;
                }
            } else if node != to && !std::mem::replace(&mut seen[node as usize], true) {
                work.push((node, true));
                work.extend(children.map(|edge| (edge.node, false)));
            }
        }
        on_path
    }

    /// Gives a value not yet known an existing node.
    fn alias_new(&mut self, n: Operand, node: u32) {
        self.values.insert(n.id, node);
        self.undo.push(Undo::Alias(n.id, None));
    }

    /// Makes `aliased` nodes the node `master`: their values, their parents' edges and their children move
    /// to it. The children of `master` itself are left alone, even where they are aliased.
    fn alias_nodes(&mut self, master: u32, aliased: &[bool]) {
        let is_aliased = |edge: Option<Edge>| edge.is_some_and(|edge| aliased[edge.node as usize]);
        let to_master = |edge: Edge| Edge {
            node: master,
            ..edge
        };
        for node in 0..aliased.len() as u32 {
            if node == master {
                continue;
            }
            let Node { left, right } = self.nodes[node as usize];
            if aliased[node as usize] {
                for edge in [left, right].into_iter().flatten() {
                    if !is_aliased(Some(edge)) {
                        self.add_child(master, edge.node, edge.strict);
                    }
                }
                self.set_left(node, None);
                self.set_right(node, None);
                continue;
            }
            if is_aliased(left) {
                self.set_left(node, left.map(to_master));
            }
            if is_aliased(right) {
                self.set_right(node, right.map(to_master));
            }
        }
        for (&id, node) in &mut self.values {
            if aliased[*node as usize] {
                self.undo.push(Undo::Alias(id, Some(*node)));
                *node = master;
            }
        }
        for (&key, node) in &mut self.constants {
            if aliased[*node as usize] {
                self.undo.push(Undo::Constant(key, Some(*node)));
                *node = master;
            }
        }
    }

    fn is_non_equal(&self, i: u32, j: u32) -> bool {
        i != j && self.non_equal.contains(&(i.max(j), i.min(j)))
    }

    fn add_non_equal(&mut self, i: u32, j: u32) {
        let pair = (i.max(j), i.min(j));
        if self.non_equal.insert(pair) {
            self.undo.push(Undo::NonEqual(pair.0, pair.1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(id: u32) -> Operand {
        Operand { id, constant: None }
    }

    /// The constant `c`, as value number `1000 + c`.
    fn constant(c: u32) -> Operand {
        Operand {
            id: 1000 + c,
            constant: Some(u64::from(c)),
        }
    }

    fn is_less(set: &mut Poset, a: Operand, b: Operand) -> bool {
        // The opposite contradicts it.
        set.checkpoint();
        let contradicts = !set.set_order_or_equal(b, a);
        set.undo();
        contradicts
    }

    #[test]
    fn orders_are_transitive() {
        let mut set = Poset::default();
        let v: Vec<Operand> = (0..6).map(|id| value(id + 1)).collect();
        assert!(set.set_order(v[0], v[1]) && set.set_order_or_equal(v[1], v[2]));
        assert!(set.set_order_or_equal(v[3], v[4]) && set.set_order_or_equal(v[4], v[5]));
        assert!(set.ordered_or_equal(v[0], v[2]) && is_less(&mut set, v[0], v[2]));
        assert!(!set.ordered_or_equal(v[0], v[3]) && !is_less(&mut set, v[3], v[5]));
        // Two graphs become one.
        assert!(set.set_order(v[2], v[3]));
        assert!(is_less(&mut set, v[1], v[5]) && !set.set_order(v[5], v[0]));
    }

    #[test]
    fn a_cycle_of_weak_orders_makes_equal() {
        let mut set = Poset::default();
        let (a, b, c, d) = (value(1), value(2), value(3), value(4));
        assert!(set.set_order_or_equal(a, b) && set.set_order_or_equal(b, c));
        assert!(set.set_order(c, d) && set.set_order_or_equal(c, a));
        assert!(set.ordered_or_equal(c, b) && is_less(&mut set, a, d));
        assert!(!set.set_non_equal(a, c) && !set.set_order(b, a));
        assert!(!set.set_order_or_equal(d, a), "c < d, and a is c");
    }

    #[test]
    fn different_values_in_weak_order_are_in_strict_order() {
        let mut set = Poset::default();
        let (a, b, c) = (value(1), value(2), value(3));
        assert!(set.set_order_or_equal(a, b) && set.set_non_equal(b, a));
        assert!(is_less(&mut set, a, b) && !set.set_equal(a, b));
        assert!(set.set_non_equal(b, c) && set.set_order_or_equal(b, c));
        assert!(is_less(&mut set, a, c) && is_less(&mut set, b, c));
    }

    #[test]
    fn constants_know_each_other() {
        let mut set = Poset::default();
        let (a, b) = (value(1), value(2));
        assert!(set.set_order_or_equal(a, constant(5)) && set.set_equal(b, constant(9)));
        assert!(is_less(&mut set, a, b) && is_less(&mut set, a, constant(7)));
        assert!(is_less(&mut set, constant(3), b) && !is_less(&mut set, constant(3), a));
        // Another value of the same constant is the same node.
        let nine = Operand {
            id: 3,
            constant: Some(9),
        };
        assert!(set.ordered_or_equal(nine, b) && !set.set_non_equal(nine, b));
        assert!(!set.set_equal(b, constant(8)));
    }

    /// Random facts, taken back: what was known before is known again, and nothing else is left.
    #[test]
    fn undo_restores() {
        let mut set = Poset::default();
        let mut x = 1u32;
        let mut next = move |n: u32| {
            x = x.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            (x >> 16) % n
        };
        let all: Vec<Operand> = (1..9).map(value).chain((0..4).map(constant)).collect();
        let known = |set: &mut Poset| -> Vec<bool> {
            let pairs = all.iter().flat_map(|&a| all.iter().map(move |&b| (a, b)));
            pairs.map(|(a, b)| set.ordered_or_equal(a, b)).collect()
        };
        let mut states = Vec::new();
        for _ in 0..20 {
            set.checkpoint();
            states.push(known(&mut set));
            set.checkpoint();
            for _ in 0..3 {
                let (a, b) = (all[next(12) as usize], all[next(12) as usize]);
                if a.id == b.id {
                    continue;
                }
                let consistent = match next(4) {
                    0 => set.set_order(a, b),
                    1 => set.set_order_or_equal(a, b),
                    2 => set.set_equal(a, b),
                    _ => set.set_non_equal(a, b),
                };
                if !consistent {
                    break;
                }
            }
        }
        while let Some(state) = states.pop() {
            set.undo();
            assert_eq!(known(&mut set), state, "after {} steps", states.len());
            set.undo();
        }
        assert!(set.values.is_empty() && set.constants.is_empty() && set.roots.is_empty());
        assert!(set.non_equal.is_empty() && set.undo.is_empty() && set.nodes.len() == 1);
    }
}
