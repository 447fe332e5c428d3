//! The order in which blocks are emitted.

use crate::compile::Config;
use crate::func::{Block, BlockKind, Func, Likely};
use crate::sparse::SparseSet;

/// Orders the blocks for emission.
///
/// Requires the predictions of `likelyadjust`. Later passes keep the order but for `loop rotate`.
pub(crate) fn layout(f: &mut Func, _config: &Config) {
    f.layout = layout_order(f);
}

/// A greedy order: after a block comes its likely successor, else the successor with the fewest
/// predecessors not yet placed, else any block, those that lead to a panic last
/// (gc: layout.go, layoutOrder).
pub(crate) fn layout_order(f: &Func) -> Vec<Block> {
    let mut exit = exits(f);
    // Number of predecessors not yet placed; only started at the right number for blocks that are no
    // exits. Negative numbers occur, and win.
    let mut degree = vec![0i32; f.num_blocks()];
    let mut zero_degree = SparseSet::new(f.num_blocks());
    let mut positive_degree = SparseSet::new(f.num_blocks());
    for &b in &f.layout {
        if exit.contains(b.as_u32()) {
            continue;
        }
        degree[b.id()] = f[b].preds.len() as i32;
        if f[b].preds.is_empty() {
            zero_degree.add(b.as_u32());
        } else {
            positive_degree.add(b.as_u32());
        }
    }

    let mut order = Vec::with_capacity(f.layout.len());
    let mut placed = vec![false; f.num_blocks()];
    let mut b = f.entry;
    loop {
        order.push(b);
        placed[b.id()] = true;
        if order.len() == f.layout.len() {
            return order;
        }
        for edge in &f[b].succs {
            let succ = edge.block;
            degree[succ.id()] -= 1;
            if degree[succ.id()] == 0 {
                positive_degree.remove(succ.as_u32());
                zero_degree.add(succ.as_u32());
            }
        }
        b = likely_successor(f, b)
            .filter(|succ| !placed[succ.id()])
            .or_else(|| least_degree_successor(f, b, &degree, &placed))
            .or_else(|| pop_unplaced(&mut zero_degree, &placed))
            .or_else(|| pop_unplaced(&mut positive_degree, &placed))
            .or_else(|| pop_unplaced(&mut exit, &placed))
            .expect("every block is in one of the sets");
    }
}

/// The blocks from which every way ends in a panic.
fn exits(f: &Func) -> SparseSet {
    let mut exit = SparseSet::new(f.num_blocks());
    for &b in &f.layout {
        if f[b].kind == BlockKind::Exit {
            exit.add(b.as_u32());
        }
    }
    loop {
        let n_before = exit.len();
        for at in 0..n_before {
            let b = Block::from_u32(exit.contents()[at]);
            for edge in &f[b].preds {
                let pred = edge.block;
                let mut succs = f[pred].succs.iter();
                if succs.all(|edge| exit.contains(edge.block.as_u32())) {
                    exit.add(pred.as_u32());
                }
            }
        }
        if exit.len() == n_before {
            return exit;
        }
    }
}

fn likely_successor(f: &Func, b: Block) -> Option<Block> {
    match f[b].likely {
        Likely::Likely => Some(f[b].succs[0].block),
        Likely::Unlikely => Some(f[b].succs[1].block),
        Likely::Unknown => None,
    }
}

/// The first unplaced successor, panics apart, that waits for the fewest other blocks.
fn least_degree_successor(f: &Func, b: Block, degree: &[i32], placed: &[bool]) -> Option<Block> {
    let succs = f[b].succs.iter().map(|edge| edge.block);
    succs
        .filter(|succ| !placed[succ.id()] && f[*succ].kind != BlockKind::Exit)
        .min_by_key(|succ| degree[succ.id()])
}

fn pop_unplaced(set: &mut SparseSet, placed: &[bool]) -> Option<Block> {
    while let Some(id) = set.pop() {
        if !placed[id as usize] {
            return Some(Block::from_u32(id));
        }
    }
    None
}
