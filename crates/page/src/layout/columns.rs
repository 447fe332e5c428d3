//! Columns: straight on where the code goes on, to the right for branches aside.

use rustc_hash::FxHashMap;

use super::Edges;
use super::nest::{NONE, Nest};

/// Returns the column of each block, given its layer.
pub(super) fn columns(edges: &Edges, nest: &Nest, layers: &[u32]) -> Vec<u32> {
    let n = edges.succs.len();
    // The number of forward edges to each block, and the leftmost column that they come from.
    let mut forward = vec![0; n];
    for (from, succs) in edges.succs.iter().enumerate() {
        for &to in succs {
            forward[to as usize] += u32::from(nest.is_forward(from as u32, to));
        }
    }
    let is_child = |parent: u32, block: u32| {
        forward[block as usize] == 1 && nest.parent[block as usize] == parent
    };
    let mut has_children = vec![false; n];
    for (from, succs) in edges.succs.iter().enumerate() {
        has_children[from] = succs.iter().any(|&to| is_child(from as u32, to));
    }

    let mut wanted = vec![NONE; n];
    let mut columns = vec![0; n];
    let mut cells = Cells::default();
    for &block in &nest.order {
        let at = block as usize;
        let column = match wanted[at] {
            NONE => 0,
            column => column,
        };
        columns[at] = cells.take(layers[at], column);
        let mut children: Vec<u32> = Vec::new();
        for &succ in &edges.succs[at] {
            if !nest.is_forward(block, succ) {
                continue;
            }
            let (_, left, _) = nest.common(block, succ);
            if left != NONE {
                // What follows a loop is below its header.
                let column = columns[left as usize];
                wanted[succ as usize] = wanted[succ as usize].min(column);
            } else if is_child(block, succ) {
                children.push(succ);
            } else {
                wanted[succ as usize] = wanted[succ as usize].min(columns[at]);
            }
        }
        // A branch that ends at once is aside of one that goes on.
        if let [first, second] = children[..]
            && !has_children[first as usize]
            && has_children[second as usize]
        {
            children.swap(0, 1);
        }
        for (offset, child) in children.into_iter().enumerate() {
            wanted[child as usize] = columns[at] + offset as u32;
        }
    }
    columns
}

/// The cells of the grid that are taken.
#[derive(Default)]
struct Cells {
    /// For each taken cell, by layer and column, a column to the right that may be free.
    next: FxHashMap<(u32, u32), u32>,
}

impl Cells {
    /// Takes the first free column from `column` on.
    fn take(&mut self, layer: u32, column: u32) -> u32 {
        let mut free = column;
        while let Some(&next) = self.next.get(&(layer, free)) {
            free = next;
        }
        // The next search is short.
        let mut passed = column;
        while let Some(next) = self.next.insert((layer, passed), free + 1) {
            passed = next;
        }
        free
    }
}
