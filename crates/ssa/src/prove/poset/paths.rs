//! Searches for paths in the graphs.

use super::{Node, Poset};

/// Scratch of searches.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// Nodes to look at.
    pub(super) open: Vec<u32>,
    /// The last search that visited each node.
    visited: Vec<u32>,
    number: u32,
}

impl Search {
    /// Starts a search over `n` nodes.
    pub(super) fn start(&mut self, n: usize, from: &[u32]) {
        if self.number == u32::MAX {
            self.visited.clear();
            self.number = 0;
        }
        self.number += 1;
        self.visited.resize(n.max(self.visited.len()), 0);
        self.open.clear();
        self.open.extend_from_slice(from);
    }

    /// Returns the next node that this search hasn't visited.
    pub(super) fn next(&mut self) -> Option<u32> {
        while let Some(node) = self.open.pop() {
            if self.visit(node) {
                return Some(node);
            }
        }
        None
    }

    /// Reports whether this search visits the node for the first time.
    pub(super) fn visit(&mut self, node: u32) -> bool {
        std::mem::replace(&mut self.visited[node as usize], self.number) != self.number
    }

    pub(super) fn has_visited(&self, node: u32) -> bool {
        self.visited[node as usize] == self.number
    }
}

impl Poset {
    /// Reports whether a path leads from one node to the other, with a strict edge if `strict`.
    pub(super) fn reaches(&mut self, from: u32, to: u32, strict: bool) -> bool {
        self.has_path(from, to) && (!strict || self.has_strict_path(from, to))
    }

    /// Reports whether a path leads from one node to the other: a search from both ends, as one may see little and
    /// the other most of the graph.
    fn has_path(&mut self, from: u32, to: u32) -> bool {
        if self.representative(from) != self.representative(to) {
            return false;
        }
        self.down.start(self.nodes.len(), &[from]);
        self.up.start(self.nodes.len(), &[]);
        self.up.visit(to);
        // Nodes on the way up with how many of their parents were looked at. One at a time, as there can be
        // many.
        self.rising.clear();
        self.rising.push((to, 0));
        while let Some(low) = self.down.next() {
            if self.up.has_visited(low) {
                return true;
            }
            let children = self.nodes[low as usize].children();
            self.down.open.extend(children.map(|edge| edge.node));
            let Some((node, n_seen)) = self.rising.last_mut() else {
                return false;
            };
            let Some(&parent) = self.nodes[*node as usize].parents.get(*n_seen) else {
                self.rising.pop();
                continue;
            };
            *n_seen += 1;
            let mut children = self.nodes[parent as usize].children();
            if children.any(|edge| edge.node == *node) && self.up.visit(parent) {
                if self.down.has_visited(parent) {
                    return true;
                }
                self.rising.push((parent, 0));
            }
        }
        false
    }

    /// Reports whether a path with a strict edge leads from one node to the other.
    fn has_strict_path(&mut self, from: u32, to: u32) -> bool {
        // Find where strict edges lead first; a weak path to a node does not hide a strict one.
        let mut beyond = Vec::new();
        self.down.start(self.nodes.len(), &[from]);
        while let Some(node) = self.down.next() {
            for edge in self.nodes[node as usize].children() {
                if edge.strict {
                    beyond.push(edge.node);
                } else {
                    self.down.open.push(edge.node);
                }
            }
        }
        self.down.start(self.nodes.len(), &beyond);
        while let Some(node) = self.down.next() {
            if node == to {
                return true;
            }
            let children = self.nodes[node as usize].children();
            self.down.open.extend(children.map(|edge| edge.node));
        }
        false
    }

    /// Returns the nodes that are on a path between two nodes.
    pub(super) fn find_paths(&self, from: u32, to: u32) -> Vec<bool> {
        let mut seen = vec![false; self.nodes.len()];
        let mut on_path = vec![false; self.nodes.len()];
        on_path[to as usize] = true;
        // A node is looked at again when its children are done.
        let mut work = vec![(from, false)];
        while let Some((node, children_done)) = work.pop() {
            let Node { left, right, .. } = self.nodes[node as usize];
            // The left one is walked first, as in gc, which matters where aliases made a cycle.
            let children = [right, left].into_iter().flatten();
            if children_done {
                let mut children = children;
                on_path[node as usize] |= children.any(|edge| on_path[edge.node as usize]);
            } else if node != to && !std::mem::replace(&mut seen[node as usize], true) {
                work.push((node, true));
                work.extend(children.map(|edge| (edge.node, false)));
            }
        }
        on_path
    }
}
