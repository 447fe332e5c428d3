//! The order in which blocks are emitted.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::block::{BlockKind, Likely};
use crate::config::Config;
use crate::entity::Block;
use crate::func::Func;
use crate::sparse::SparseSet;

/// Orders the blocks for emission by the number of predecessors that are not yet placed.
///
/// Requires the predictions of `likelyadjust`. Later passes keep the order but for `loop rotate`.
pub(crate) fn layout_by_degree(f: &mut Func, _config: &Config) {
    f.layout = degree_order(f);
}

/// Returns a greedy order: after a block comes its likely successor, else the successor with the fewest
/// predecessors not yet placed, else any block, blocks that lead to a panic last
/// (gc: layout.go, layoutOrder).
pub(crate) fn degree_order(f: &mut Func) -> Vec<Block> {
    let mut exit = exits(f);
    // Number of predecessors not yet placed; only started at the right number for blocks that are no
    // exits. Negative numbers occur, and win.
    let mut degree = vec![0i32; f.num_blocks()];
    let mut zero_degree = f.scratch.set(f.num_blocks());
    let mut positive_degree = f.scratch.set(f.num_blocks());
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
    let mut placed = f.scratch.flags.table(f.num_blocks(), false);
    let mut b = f.entry;
    loop {
        order.push(b);
        f.prefetch_behind(b);
        placed[b.id()] = true;
        if order.len() == f.layout.len() {
            break;
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
    for set in [exit, zero_degree, positive_degree] {
        f.scratch.free_set(set);
    }
    f.scratch.flags.free(placed);
    order
}

/// Orders the blocks for emission depth first.
///
/// Requires the predictions of `likelyadjust`. Later passes keep the order but for `loop rotate`.
pub(crate) fn layout_depth_first(f: &mut Func, _config: &Config) {
    f.layout = depth_first_order(f);
}

/// After a block comes its likely successor, else the last block that became free of unplaced predecessors, else
/// the successor that was seen last, else any block, those that lead to a panic last (gc: layout.go, layoutOrder).
fn depth_first_order(f: &mut Func) -> Vec<Block> {
    let mut exit = exits(f);
    // Number of predecessors not yet placed; only started at the right number for blocks that are no exits.
    let mut degree = vec![0i32; f.num_blocks()];
    let mut zero_degree = f.scratch.graph.blocks.list();
    let mut seen = f.scratch.graph.blocks.list();
    let mut positive_degree = f.scratch.set(f.num_blocks());
    for &b in &f.layout {
        if exit.contains(b.as_u32()) {
            continue;
        }
        degree[b.id()] = f[b].preds.len() as i32;
        if f[b].preds.is_empty() {
            zero_degree.push(b);
        } else {
            positive_degree.add(b.as_u32());
        }
    }

    let mut order = Vec::with_capacity(f.layout.len());
    let mut placed = f.scratch.flags.table(f.num_blocks(), false);
    let mut b = f.entry;
    loop {
        order.push(b);
        f.prefetch_behind(b);
        placed[b.id()] = true;
        if order.len() == f.layout.len() {
            break;
        }
        for edge in f[b].succs.iter().rev() {
            let succ = edge.block;
            degree[succ.id()] -= 1;
            if degree[succ.id()] == 0 {
                positive_degree.remove(succ.as_u32());
                zero_degree.push(succ);
            } else {
                seen.push(succ);
            }
        }
        let last_unplaced =
            |stack: &mut Vec<Block>| std::iter::from_fn(|| stack.pop()).find(|b| !placed[b.id()]);
        b = likely_successor(f, b)
            .filter(|succ| !placed[succ.id()])
            .or_else(|| last_unplaced(&mut zero_degree))
            .or_else(|| last_unplaced(&mut seen))
            .or_else(|| pop_unplaced(&mut positive_degree, &placed))
            .or_else(|| pop_unplaced(&mut exit, &placed))
            .expect("every block is in one of the sets");
    }
    for set in [exit, positive_degree] {
        f.scratch.free_set(set);
    }
    for list in [zero_degree, seen] {
        f.scratch.graph.blocks.free(list);
    }
    f.scratch.flags.free(placed);
    order
}

/// Returns the blocks from which every path ends in a panic.
///
/// gc walks the set round after round, over the members that it had at the start of the round, and adds
/// each predecessor whose successors are all members by then. Their order decides where they go. Here a
/// block is queued at the place of the walk where it will be added, once it has no other successors:
/// the next edge to it in this round, or the first one in the next round.
fn exits(f: &mut Func) -> SparseSet {
    let mut exit = f.scratch.set(f.num_blocks());
    let mut position = f.scratch.graph.numbers.table(f.num_blocks(), u32::MAX);
    let mut others = f.scratch.graph.numbers.table(f.num_blocks(), 0);
    for &b in &f.layout {
        others[b.id()] = f[b].succs.len() as u32;
        if f[b].kind == BlockKind::Exit {
            position[b.id()] = exit.len() as u32;
            exit.add(b.as_u32());
        }
    }
    // Points of the walk: the position of a member, the index of its predecessor, and that block.
    let mut round = BinaryHeap::new();
    let mut next_round = BinaryHeap::new();
    for at in 0..exit.len() {
        let b = Block::from_u32(exit.contents()[at]);
        for edge in &f[b].preds {
            others[edge.block.id()] -= 1;
            if others[edge.block.id()] == 0 {
                next_round.extend(encounters(f, edge.block, &position).min().map(Reverse));
            }
        }
    }
    while !next_round.is_empty() {
        std::mem::swap(&mut round, &mut next_round);
        let n_members = exit.len() as u32;
        while let Some(Reverse(here)) = round.pop() {
            let (_, _, b) = here;
            position[b.id()] = exit.len() as u32;
            exit.add(b.as_u32());
            for edge in &f[b].preds {
                others[edge.block.id()] -= 1;
                if others[edge.block.id()] == 0 {
                    let encounters = || encounters(f, edge.block, &position);
                    let this_round = encounters().filter(|&at| at > here && at.0 < n_members);
                    match this_round.min() {
                        Some(at) => round.push(Reverse(at)),
                        None => next_round.extend(encounters().min().map(Reverse)),
                    }
                }
            }
        }
    }
    f.scratch.graph.numbers.free(position);
    f.scratch.graph.numbers.free(others);
    exit
}

/// Returns the points at which the walk of the members meets `b`, whose successors are all members.
fn encounters<'a>(
    f: &'a Func,
    b: Block,
    position: &'a [u32],
) -> impl Iterator<Item = (u32, u32, Block)> + 'a {
    let succs = f[b].succs.iter();
    succs.map(move |edge| (position[edge.block.id()], edge.index, b))
}

fn likely_successor(f: &Func, b: Block) -> Option<Block> {
    match f[b].likely {
        Likely::Likely => Some(f[b].succs[0].block),
        Likely::Unlikely => Some(f[b].succs[1].block),
        Likely::Unknown => None,
    }
}

/// Returns the first unplaced successor, panics apart, that waits for the fewest other blocks.
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
