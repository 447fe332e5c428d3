//! The nest of loops, by a depth-first search: Havlak's algorithm, in which edges into the middle of a loop are left out.

use super::Edges;

/// No block.
pub(super) const NONE: u32 = u32::MAX;

/// A depth-first search of a graph, and its loops.
pub(super) struct Nest {
    /// Blocks in reverse postorder, in which the first successor comes first; unreachable ones last.
    pub order: Vec<u32>,
    /// The place of each block in `order`.
    pub place: Vec<u32>,
    /// The block from which the search came to each.
    pub parent: Vec<u32>,
    /// The innermost loop around each block, by its header; the header's is its own.
    pub inner: Vec<u32>,
    /// The loop around each loop, by header.
    pub outer: Vec<u32>,
    /// The number of loops around each block.
    pub depth: Vec<u32>,
    /// Headers of loops, outer ones before inner ones.
    pub headers: Vec<u32>,
}

/// The facts that the search collects, by block.
struct Search {
    preorder: Vec<u32>,
    /// The place in `preorder`.
    number: Vec<u32>,
    /// The last place of a block below it.
    last: Vec<u32>,
    parent: Vec<u32>,
    postorder: Vec<u32>,
}

impl Search {
    fn new(edges: &Edges) -> Search {
        let n = edges.succs.len();
        let mut search = Search {
            preorder: Vec::with_capacity(n),
            number: vec![NONE; n],
            last: vec![0; n],
            parent: vec![NONE; n],
            postorder: Vec::with_capacity(n),
        };
        let mut stack: Vec<(u32, usize)> = Vec::new();
        // Of what the start doesn't lead to, blocks that nothing leads to come before unreachable loops.
        let heads = (1..n as u32).filter(|&block| edges.preds[block as usize].is_empty());
        for root in (0..n.min(1) as u32).chain(heads).chain(1..n as u32) {
            if search.number[root as usize] != NONE {
                continue;
            }
            search.enter(root);
            stack.push((root, edges.succs[root as usize].len()));
            while let Some((block, left)) = stack.last_mut() {
                let block = *block as usize;
                if *left == 0 {
                    search.last[block] = search.preorder.len() as u32 - 1;
                    search.postorder.push(block as u32);
                    stack.pop();
                    continue;
                }
                // The last successor first, so that the order has the first one first.
                *left -= 1;
                let next = edges.succs[block][*left];
                if search.number[next as usize] == NONE {
                    search.parent[next as usize] = block as u32;
                    search.enter(next);
                    stack.push((next, edges.succs[next as usize].len()));
                }
            }
        }
        search
    }

    fn enter(&mut self, block: u32) {
        self.number[block as usize] = self.preorder.len() as u32;
        self.preorder.push(block);
    }

    /// Returns the blocks in reverse postorder; those that nothing leads to come after the others.
    fn reverse_postorder(&self) -> Vec<u32> {
        let is_root = |block: &u32| self.parent[*block as usize] == NONE;
        let trees = self.postorder.split_inclusive(is_root);
        trees.flat_map(|tree| tree.iter().rev().copied()).collect()
    }

    /// Reports whether the search came to `b` from `a`, or they are the same.
    fn is_ancestor(&self, a: u32, b: u32) -> bool {
        let (a, b) = (a as usize, b as usize);
        self.number[a] <= self.number[b] && self.number[b] <= self.last[a]
    }
}

impl Nest {
    pub(super) fn new(edges: &Edges) -> Nest {
        let n = edges.succs.len();
        let search = Search::new(edges);
        // The header of the innermost loop around each block, of which a header is no part.
        let mut around = vec![NONE; n];
        let mut is_header = vec![false; n];
        // Blocks of a finished loop stand for its header.
        let mut stands_for: Vec<u32> = (0..n as u32).collect();
        let mut work = Vec::new();
        for &header in search.preorder.iter().rev() {
            for &pred in &edges.preds[header as usize] {
                if search.is_ancestor(header, pred) {
                    is_header[header as usize] = true;
                    work.push(find(&mut stands_for, pred));
                }
            }
            while let Some(block) = work.pop() {
                if block == header || around[block as usize] != NONE {
                    continue;
                }
                around[block as usize] = header;
                stands_for[block as usize] = header;
                for &pred in &edges.preds[block as usize] {
                    let is_back = search.is_ancestor(block, pred);
                    let pred = find(&mut stands_for, pred);
                    if !is_back && search.is_ancestor(header, pred) {
                        work.push(pred);
                    }
                }
            }
        }
        let mut depth = vec![0; n];
        let mut inner = around.clone();
        let mut headers = Vec::new();
        for &block in &search.preorder {
            let at = block as usize;
            let outside = match around[at] {
                NONE => 0,
                header => depth[header as usize],
            };
            depth[at] = outside + u32::from(is_header[at]);
            if is_header[at] {
                inner[at] = block;
                headers.push(block);
            }
        }
        let order = search.reverse_postorder();
        let mut place = vec![0; n];
        for (at, &block) in order.iter().enumerate() {
            place[block as usize] = at as u32;
        }
        Nest {
            order,
            place,
            parent: search.parent,
            inner,
            outer: around,
            depth,
            headers,
        }
    }

    /// Returns the header of the outermost loop around a block; the block itself if there is none.
    pub(super) fn outermost(&self, block: u32) -> u32 {
        let mut found = block;
        let mut header = self.inner[block as usize];
        while header != NONE {
            found = header;
            header = self.outer[header as usize];
        }
        found
    }

    /// Reports whether an edge goes forward in the order.
    pub(super) fn is_forward(&self, from: u32, to: u32) -> bool {
        self.place[from as usize] < self.place[to as usize]
    }

    /// Returns the innermost loop around both ends of an edge, and the loops just inside it around each end.
    pub(super) fn common(&self, from: u32, to: u32) -> (u32, u32, u32) {
        let depth = |header: u32| match header {
            NONE => 0,
            header => self.depth[header as usize],
        };
        let (mut a, mut b) = (self.inner[from as usize], self.inner[to as usize]);
        let (mut below_a, mut below_b) = (NONE, NONE);
        while a != b {
            if depth(a) >= depth(b) {
                below_a = a;
                a = self.outer[a as usize];
            } else {
                below_b = b;
                b = self.outer[b as usize];
            }
        }
        (a, below_a, below_b)
    }
}

fn find(stands_for: &mut [u32], block: u32) -> u32 {
    let mut root = block;
    while stands_for[root as usize] != root {
        root = stands_for[root as usize];
    }
    let mut next = block;
    while stands_for[next as usize] != root {
        next = std::mem::replace(&mut stands_for[next as usize], root);
    }
    root
}
