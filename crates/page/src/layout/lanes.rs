//! Lanes for edges that don't go to the next layer: one for all edges to the same block.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Edges;

/// The lanes of one side.
pub(super) struct Lanes {
    /// The lane of each target.
    pub of: Vec<Option<u32>>,
    pub count: u32,
}

/// Returns the lanes for edges up, or within a layer, and for those down.
pub(super) fn lanes(edges: &Edges, layers: &[u32]) -> [Lanes; 2] {
    let mut up = Vec::new();
    let mut down = Vec::new();
    for (block, preds) in edges.preds.iter().enumerate() {
        let to = layers[block];
        let from = preds.iter().map(|&pred| layers[pred as usize]);
        if let Some(lowest) = from.clone().filter(|&from| from >= to).max() {
            up.push((to, lowest, block));
        }
        if let Some(highest) = from.filter(|&from| from + 1 < to).min() {
            down.push((highest, to, block));
        }
    }
    [up, down].map(|intervals| assigned(intervals, layers.len()))
}

/// Gives intervals the lowest lanes in which they meet no other: start, end and block of each.
fn assigned(mut intervals: Vec<(u32, u32, usize)>, n: usize) -> Lanes {
    intervals.sort_unstable();
    let mut lanes = Lanes {
        of: vec![None; n],
        count: 0,
    };
    let mut busy: BinaryHeap<Reverse<(u32, u32)>> = BinaryHeap::new();
    let mut free: BinaryHeap<Reverse<u32>> = BinaryHeap::new();
    for (start, end, block) in intervals {
        while let Some(&Reverse((until, lane))) = busy.peek()
            && until < start
        {
            busy.pop();
            free.push(Reverse(lane));
        }
        let lane = free.pop().map_or(lanes.count, |Reverse(lane)| lane);
        lanes.count = lanes.count.max(lane + 1);
        lanes.of[block] = Some(lane);
        busy.push(Reverse((end, lane)));
    }
    lanes
}
