//! The layout of graphs of blocks: a place in a grid for every block, in time near linear in the size of the graph.
//!
//! A block's layer is below those of the blocks that it follows, and a loop has layers of its own: what comes after the
//! loop is below all of it. Its column is that of the block before it, or one to the right for a branch
//! aside. Edges to the next layer are drawn between the two; the others run in lanes beside the blocks: down
//! on the right, up on the left, one for all edges to the same block. Nothing is moved to avoid crossings, so that a small
//! change of the graph is a small change of the picture.
//!
//! Loops are what edges back in a depth-first search close; in irreducible code, edges into the middle of a loop don't
//! count.

mod columns;
mod lanes;
mod layers;
mod nest;
#[cfg(test)]
mod tests;

use minigo_story::record::Graph;

use nest::Nest;

/// Larger graphs are shown with their outermost loops folded.
pub const FOLDED_ABOVE: usize = 500;

/// The places of the blocks of a graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The nodes, in the order of the graph.
    pub nodes: Vec<Node>,
    /// The number of lanes on the left.
    pub up_lanes: u32,
    /// The number of lanes on the right.
    pub down_lanes: u32,
}

/// A block, or a folded loop.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The block's number; of a loop, that of its header.
    pub block: u32,
    /// The number of blocks that it stands for.
    pub size: u32,
    /// The row in the grid.
    pub layer: u32,
    /// The column in the grid.
    pub column: u32,
    /// In how many loops it is.
    pub depth: u32,
    /// The lane of edges up to it.
    pub up: Option<u32>,
    /// The lane of edges that come down to it over more than one layer.
    pub down: Option<u32>,
    /// Its successors, as indices of nodes.
    pub succs: Vec<u32>,
}

/// The successors and predecessors of blocks by index.
struct Edges {
    succs: Vec<Vec<u32>>,
    preds: Vec<Vec<u32>>,
}

impl Edges {
    fn new(succs: Vec<Vec<u32>>) -> Edges {
        let mut preds = vec![Vec::new(); succs.len()];
        for (from, succs) in succs.iter().enumerate() {
            for &to in succs {
                preds[to as usize].push(from as u32);
            }
        }
        Edges { succs, preds }
    }

    fn of(graph: &Graph) -> Edges {
        let len = graph.blocks.iter().max().map_or(0, |&max| max as usize + 1);
        let mut index = vec![None; len];
        for (at, &block) in graph.blocks.iter().enumerate() {
            index[block as usize] = Some(at as u32);
        }
        let mut start = 0;
        let succs = graph.ends.iter().map(|&end| {
            let succs = &graph.succs[start..end as usize];
            start = end as usize;
            let known = succs
                .iter()
                .filter_map(|&block| *index.get(block as usize)?);
            known.collect()
        });
        Edges::new(succs.collect())
    }
}

/// Returns the layout of a graph.
pub fn layout(graph: &Graph) -> Layout {
    let edges = Edges::of(graph);
    let sizes = vec![1; graph.blocks.len()];
    placed(&graph.blocks, &sizes, &edges, &Nest::new(&edges))
}

/// Returns the layout of a graph whose outermost loops are one node each.
pub fn folded(graph: &Graph) -> Layout {
    let edges = Edges::of(graph);
    let nest = Nest::new(&edges);
    let outermost: Vec<u32> = (0..graph.blocks.len() as u32)
        .map(|block| nest.outermost(block))
        .collect();
    // The node of each block that is no folded part of a loop.
    let mut nodes = vec![u32::MAX; outermost.len()];
    let mut blocks = Vec::new();
    let mut sizes: Vec<u32> = Vec::new();
    for (at, &outer) in outermost.iter().enumerate() {
        if outer as usize == at {
            nodes[at] = blocks.len() as u32;
            blocks.push(graph.blocks[at]);
            sizes.push(0);
        }
    }
    let node = |at: usize| nodes[outermost[at] as usize];
    let mut succs: Vec<Vec<u32>> = vec![Vec::new(); blocks.len()];
    for (at, targets) in edges.succs.iter().enumerate() {
        let from = node(at);
        sizes[from as usize] += 1;
        for &target in targets {
            let to = node(target as usize);
            if to != from {
                succs[from as usize].push(to);
            }
        }
    }
    for (targets, size) in succs.iter_mut().zip(&sizes) {
        if *size > 1 {
            targets.sort_unstable();
            targets.dedup();
        }
    }
    let edges = Edges::new(succs);
    placed(&blocks, &sizes, &edges, &Nest::new(&edges))
}

fn placed(blocks: &[u32], sizes: &[u32], edges: &Edges, nest: &Nest) -> Layout {
    let layers = layers::layers(edges, nest);
    let columns = columns::columns(edges, nest, &layers);
    let [up, down] = lanes::lanes(edges, &layers);
    let nodes = (0..blocks.len()).map(|at| Node {
        block: blocks[at],
        size: sizes[at],
        layer: layers[at],
        column: columns[at],
        depth: nest.depth[at],
        up: up.of[at],
        down: down.of[at],
        succs: edges.succs[at].clone(),
    });
    Layout {
        nodes: nodes.collect(),
        up_lanes: up.count,
        down_lanes: down.count,
    }
}
