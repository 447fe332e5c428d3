//! Partially ordered sets of values, with undo.
//!
//! Records that one value is less than, at most, equal to or different from another, and answers which relations
//! follow. A forest of directed acyclic graphs of nodes with at most two children: a path from a to b
//! means a ≤ b, and a < b if an edge on it is strict. Equal values share a node. Constants are linked to
//! each other as soon as they appear and are all in the first graph (gc: poset.go).
//!
//! A relation that can't be found in the graph isn't known; where gc's graph forgets something, this one does. Unlike
//! gc's, it knows by union-find which graph a node is in, and the parents and values of a node, so that most
//! changes take time by what they touch, not by the size of the set.

mod paths;

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use paths::Search;

/// A value as a member of a set.
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

/// A node. Lists only grow, and shrink by undo: entries that no longer hold are passed over.
#[derive(Default, Debug)]
struct Node {
    left: Option<Edge>,
    right: Option<Edge>,
    /// Nodes that have or had an edge to this one.
    parents: SmallVec<[u32; 2]>,
    /// Values that are or were this node.
    values: SmallVec<[u32; 2]>,
    /// Constants that are or were this node.
    constants: SmallVec<[u64; 1]>,
    /// Another node of the same graph, nearer to the one that represents it; 0 for that one.
    up: u32,
    /// Number of nodes in the graph, if this one represents it.
    size: u32,
    /// The root of the graph, if this node represents it.
    root: u32,
}

impl Node {
    fn children(&self) -> impl Iterator<Item = Edge> + use<> {
        [self.left, self.right].into_iter().flatten()
    }
}

/// A change that can be undone.
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
    /// Separate the graph that a node represented.
    Union(u32),
    /// Set the root of the graph that the first node represents.
    Root(u32, u32),
}

/// A partially ordered set of values.
#[derive(Debug, Default)]
pub(crate) struct Poset {
    /// The node of every known value, by its number; 0 for others.
    values: Vec<u32>,
    /// The node of every known constant.
    constants: BTreeMap<u64, u32>,
    nodes: Vec<Node>,
    /// The tops of the graphs. The first one reaches all constants.
    roots: Vec<u32>,
    /// Pairs of different nodes, the greater number first.
    non_equal: FxHashSet<(u32, u32)>,
    undo: Vec<Undo>,
    down: Search,
    up: Search,
    rising: Vec<(u32, usize)>,
}

impl Poset {
    /// Reports whether `a ≤ b` is known.
    pub(crate) fn ordered_or_equal(&mut self, a: Operand, b: Operand) -> bool {
        match (self.lookup(a), self.lookup(b)) {
            (Some(i), Some(j)) => i == j || self.reaches(i, j, false),
            _ => false,
        }
    }

    /// Reports whether `a < b` is known.
    pub(crate) fn ordered(&mut self, a: Operand, b: Operand) -> bool {
        match (self.lookup(a), self.lookup(b)) {
            (Some(i), Some(j)) => i != j && self.reaches(i, j, true),
            _ => false,
        }
    }

    /// Records `a < b`. Returns false if that contradicts a known relation.
    pub(crate) fn set_order(&mut self, a: Operand, b: Operand) -> bool {
        self.order(a, b, true)
    }

    /// Records `a ≤ b`. Returns false if that contradicts a known relation.
    pub(crate) fn set_order_or_equal(&mut self, a: Operand, b: Operand) -> bool {
        self.order(a, b, false)
    }

    /// Records `a = b`. Returns false if that contradicts a known relation.
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
                self.alias_nodes(i, &[j]);
            }
        }
        true
    }

    /// Records `a ≠ b`. Returns false if that contradicts a known relation.
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

    /// Reports whether nothing is known.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.iter().all(|&node| node == 0)
            && self.constants.is_empty()
            && self.roots.is_empty()
    }

    /// Reserves memory for the facts of that many blocks.
    pub(crate) fn reserve(&mut self, n_blocks: usize) {
        self.nodes.reserve(n_blocks);
        self.undo.reserve(4 * n_blocks);
    }

    /// Sets a checkpoint.
    pub(crate) fn checkpoint(&mut self) {
        self.undo.push(Undo::Checkpoint);
    }

    /// Undoes all changes since the last checkpoint that wasn't undone.
    pub(crate) fn undo(&mut self) {
        while let Some(undo) = self.undo.pop() {
            match undo {
                Undo::Checkpoint => return,
                Undo::Left(node, old) => {
                    let edge = std::mem::replace(&mut self.nodes[node as usize].left, old);
                    self.forget_parent(edge);
                }
                Undo::Right(node, old) => {
                    let edge = std::mem::replace(&mut self.nodes[node as usize].right, old);
                    self.forget_parent(edge);
                }
                Undo::NonEqual(i, j) => {
                    self.non_equal.remove(&(i, j));
                }
                Undo::NewNode(id) => {
                    if let Some(id) = id {
                        self.values[id as usize] = 0;
                    }
                    self.nodes.pop();
                }
                Undo::Constant(key, old) => {
                    let node = match old {
                        Some(old) => self.constants.insert(key, old),
                        None => self.constants.remove(&key),
                    };
                    let node = node.expect("the constant had a node");
                    self.nodes[node as usize].constants.pop();
                }
                Undo::Alias(id, old) => {
                    let node = std::mem::replace(&mut self.values[id as usize], old.unwrap_or(0));
                    self.nodes[node as usize].values.pop();
                }
                Undo::NewRoot(node) => self.remove_root(node),
                Undo::ChangeRoot(new, old) => self.change_root(new, old),
                Undo::MergeRoot(node) => {
                    let Node { left, right, .. } = self.nodes[node as usize];
                    let (left, right) = left.zip(right).expect("a merged root has two children");
                    self.change_root(node, left.node);
                    self.roots.push(right.node);
                }
                Undo::Union(node) => {
                    let up = std::mem::take(&mut self.nodes[node as usize].up);
                    self.nodes[up as usize].size -= self.nodes[node as usize].size;
                }
                Undo::Root(node, old) => self.nodes[node as usize].root = old,
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
                let root = self.find_root(j);
                if root == j {
                    self.change_root(j, i);
                    self.undo.push(Undo::ChangeRoot(i, j));
                    self.add_child(i, j, strict);
                    self.set_root(i);
                } else {
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
            // All nodes between them are equal, unless an edge there is strict.
            return !strict && self.collapse_path(j, i);
        }
        self.join_graphs(i, j);
        self.add_child(i, j, strict);
        true
    }

    /// Returns the node of a value; constants get one when first asked for.
    fn lookup(&mut self, n: Operand) -> Option<u32> {
        if let Some(constant) = n.constant
            && self.node_of(n.id).is_none()
        {
            self.new_constant(n, constant);
        }
        self.node_of(n.id)
    }

    /// Returns the node of a value, if it has one.
    fn node_of(&self, id: u32) -> Option<u32> {
        self.values
            .get(id as usize)
            .copied()
            .filter(|&node| node != 0)
    }

    /// Makes `node` the node of a value.
    fn set_node(&mut self, id: u32, node: u32) {
        if self.values.len() <= id as usize {
            self.values.resize(id as usize + 1, 0);
        }
        self.values[id as usize] = node;
    }

    /// Makes a node for a value, or a dummy one.
    fn new_node(&mut self, n: Option<Operand>) -> u32 {
        if self.nodes.is_empty() {
            // Numbers from 1, as in gc: they decide where children go.
            self.nodes.push(Node::default());
        }
        let node = self.nodes.len() as u32;
        self.nodes.push(Node {
            size: 1,
            ..Node::default()
        });
        if let Some(n) = n {
            self.set_node(n.id, node);
            self.nodes[node as usize].values.push(n.id);
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
        self.nodes[node as usize].constants.push(key);
        self.undo.push(Undo::Constant(key, None));
    }

    /// Adds a child; a node with two gets a dummy in between.
    fn add_child(&mut self, parent: u32, child: u32, strict: bool) {
        let edge = Some(Edge {
            node: child,
            strict,
        });
        let Node { left, right, .. } = self.nodes[parent as usize];
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
            self.set_left(dummy, if on_right { right } else { left });
            self.set_right(dummy, edge);
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
        self.note_parent(node, edge);
    }

    fn set_right(&mut self, node: u32, edge: Option<Edge>) {
        let old = std::mem::replace(&mut self.nodes[node as usize].right, edge);
        self.undo.push(Undo::Right(node, old));
        self.note_parent(node, edge);
    }

    /// Adds the parent to the target of a new edge, and joins their graphs.
    fn note_parent(&mut self, parent: u32, edge: Option<Edge>) {
        if let Some(edge) = edge {
            self.nodes[edge.node as usize].parents.push(parent);
            self.unite(parent, edge.node);
        }
    }

    /// Undoes the last change of an edge's target.
    fn forget_parent(&mut self, edge: Option<Edge>) {
        if let Some(edge) = edge {
            self.nodes[edge.node as usize].parents.pop();
        }
    }

    /// Returns the node that represents the graph of a node.
    fn representative(&self, mut node: u32) -> u32 {
        while self.nodes[node as usize].up != 0 {
            node = self.nodes[node as usize].up;
        }
        node
    }

    /// Makes two nodes members of one graph; its root is one of the two unless set.
    fn unite(&mut self, i: u32, j: u32) {
        let (mut large, mut small) = (self.representative(i), self.representative(j));
        if large == small {
            return;
        }
        if self.nodes[large as usize].size < self.nodes[small as usize].size {
            (large, small) = (small, large);
        }
        self.nodes[small as usize].up = large;
        self.nodes[large as usize].size += self.nodes[small as usize].size;
        self.undo.push(Undo::Union(small));
        if self.nodes[large as usize].root == 0 {
            self.set_root(self.nodes[small as usize].root);
        }
    }

    /// Makes a node the root of its graph; 0 is no node and changes nothing.
    fn set_root(&mut self, node: u32) {
        if node != 0 {
            let top = self.representative(node);
            let old = std::mem::replace(&mut self.nodes[top as usize].root, node);
            self.undo.push(Undo::Root(top, old));
        }
    }

    fn new_root(&mut self, n: Operand) -> u32 {
        let node = self.new_node(Some(n));
        self.add_root(node);
        node
    }

    fn add_root(&mut self, node: u32) {
        self.roots.push(node);
        self.undo.push(Undo::NewRoot(node));
        self.set_root(node);
    }

    /// Puts a dummy in the place of a root, with the root and a new node below it.
    fn add_below_new_root(&mut self, root: u32, node: u32) {
        let dummy = self.new_node(None);
        self.change_root(root, dummy);
        self.undo.push(Undo::ChangeRoot(dummy, root));
        self.add_child(dummy, root, false);
        self.add_child(dummy, node, false);
        self.set_root(dummy);
    }

    fn change_root(&mut self, old: u32, new: u32) {
        let at = self.root_index(old);
        self.roots[at] = new;
    }

    fn remove_root(&mut self, node: u32) {
        let at = self.root_index(node);
        self.roots.remove(at);
    }

    /// Returns the place of a root. Changes, and undoing them, mostly concern the last ones.
    fn root_index(&self, node: u32) -> usize {
        let at = self.roots.iter().rposition(|&root| root == node);
        at.expect("the node is a root")
    }

    /// Returns the root of the graph that holds a node.
    fn find_root(&self, node: u32) -> u32 {
        self.nodes[self.representative(node) as usize].root
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
        self.set_left(root, edge(kept));
        self.set_right(root, edge(other));
        self.set_root(root);
        self.change_root(kept, root);
        self.remove_root(other);
        self.undo.push(Undo::MergeRoot(root));
    }

    /// Makes all nodes on the paths between two nodes equal; false if one of the paths is strict.
    fn collapse_path(&mut self, from: u32, to: u32) -> bool {
        if self.reaches(from, to, true) {
            return false;
        }
        let on_path = self.find_paths(from, to);
        let others: Vec<u32> = (0..on_path.len() as u32)
            .filter(|&node| node != from && on_path[node as usize])
            .collect();
        self.alias_nodes(from, &others);
        true
    }

    /// Maps a value not yet known to an existing node.
    fn alias_new(&mut self, n: Operand, node: u32) {
        self.set_node(n.id, node);
        self.nodes[node as usize].values.push(n.id);
        self.undo.push(Undo::Alias(n.id, None));
    }

    /// Makes `aliased` nodes, in ascending order, the node `master`: their values, their parents' edges and
    /// their children move to it. The children of `master` itself are left alone, even where they are
    /// aliased.
    fn alias_nodes(&mut self, master: u32, aliased: &[u32]) {
        let is_aliased = |node: u32| aliased.binary_search(&node).is_ok();
        // Dummies made on the way stand for edges of `master`.
        let n_nodes = self.nodes.len() as u32;
        for &node in aliased {
            for parent in self.nodes[node as usize].parents.clone() {
                if parent != master && parent < n_nodes && !is_aliased(parent) {
                    self.redirect(parent, node, master);
                }
            }
            for edge in self.nodes[node as usize].children() {
                if !is_aliased(edge.node) {
                    self.add_child(master, edge.node, edge.strict);
                }
            }
            self.set_left(node, None);
            self.set_right(node, None);
            self.move_values(node, master);
        }
    }

    /// Makes edges of `parent` to `old` edges to `new`.
    fn redirect(&mut self, parent: u32, old: u32, new: u32) {
        let redirected = |edge: Option<Edge>| {
            let edge = edge.filter(|edge| edge.node == old)?;
            Some(Edge { node: new, ..edge })
        };
        let Node { left, right, .. } = self.nodes[parent as usize];
        if let Some(edge) = redirected(left) {
            self.set_left(parent, Some(edge));
        }
        if let Some(edge) = redirected(right) {
            self.set_right(parent, Some(edge));
        }
    }

    /// Makes the values and constants of one node those of another.
    fn move_values(&mut self, from: u32, to: u32) {
        for id in self.nodes[from as usize].values.clone() {
            if self.node_of(id) == Some(from) {
                self.set_node(id, to);
                self.nodes[to as usize].values.push(id);
                self.undo.push(Undo::Alias(id, Some(from)));
            }
        }
        for key in self.nodes[from as usize].constants.clone() {
            if self.constants.get(&key) == Some(&from) {
                self.constants.insert(key, to);
                self.nodes[to as usize].constants.push(key);
                self.undo.push(Undo::Constant(key, Some(from)));
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
mod tests;
