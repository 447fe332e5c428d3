use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::*;

/// Returns the graph of blocks `0..n` with these edges.
fn graph(n: u32, edges: &[(u32, u32)]) -> Graph {
    let mut graph = Graph::default();
    for block in 0..n {
        graph.blocks.push(block);
        let succs = edges.iter().filter(|(from, _)| *from == block);
        graph.succs.extend(succs.map(|&(_, to)| to));
        graph.ends.push(graph.succs.len() as u32);
    }
    graph
}

/// Returns layer and column of each block.
fn places(layout: &Layout) -> Vec<(u32, u32)> {
    let nodes = layout.nodes.iter();
    nodes.map(|node| (node.layer, node.column)).collect()
}

/// Checks what holds for every layout.
fn check(graph: &Graph) -> Layout {
    let layout = layout(graph);
    let cells: BTreeSet<(u32, u32)> = places(&layout).into_iter().collect();
    assert_eq!(cells.len(), layout.nodes.len(), "two blocks in one place");
    for node in &layout.nodes {
        for &to in &node.succs {
            let to = &layout.nodes[to as usize];
            let has_lane = match to.layer {
                layer if layer <= node.layer => to.up.is_some_and(|lane| lane < layout.up_lanes),
                layer if layer == node.layer + 1 => true,
                _ => to.down.is_some_and(|lane| lane < layout.down_lanes),
            };
            assert!(has_lane, "an edge from b{} to b{}", node.block, to.block);
        }
    }
    layout
}

#[test]
fn branches_are_side_by_side() {
    let diamond = graph(4, &[(0, 1), (0, 2), (1, 3), (2, 3)]);
    assert_eq!(places(&check(&diamond)), [(0, 0), (1, 0), (1, 1), (2, 0)]);
    // Without else, the way around is a lane.
    let layout = check(&graph(3, &[(0, 1), (0, 2), (1, 2)]));
    assert_eq!(places(&layout), [(0, 0), (1, 0), (2, 0)]);
    assert_eq!(layout.nodes[2].down, Some(0));
    // Returns one after the other stay aside.
    let returns = graph(5, &[(0, 1), (0, 2), (2, 3), (2, 4)]);
    assert_eq!(
        places(&check(&returns)),
        [(0, 0), (1, 1), (1, 0), (2, 0), (2, 1)]
    );
}

#[test]
fn what_follows_a_loop_is_below_it() {
    // 1 is a header, 2 and 3 its body, 4 the exit.
    let layout = check(&graph(5, &[(0, 1), (1, 2), (1, 4), (2, 3), (3, 1)]));
    assert_eq!(places(&layout), [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)]);
    let depths: Vec<u32> = layout.nodes.iter().map(|node| node.depth).collect();
    assert_eq!(depths, [0, 1, 1, 1, 0]);
    assert_eq!(layout.nodes[1].up, Some(0));
}

#[test]
fn irreducible_loops_have_a_place() {
    let layout = check(&graph(4, &[(0, 1), (0, 2), (1, 2), (2, 1), (2, 3)]));
    assert!(layout.nodes.iter().any(|node| node.depth == 1));
    // A loop of one block; blocks that nothing leads to are below the others.
    let layout = check(&graph(5, &[(0, 0), (0, 1), (3, 2), (3, 1), (4, 1)]));
    assert_eq!(places(&layout), [(0, 0), (1, 0), (3, 0), (2, 0), (4, 0)]);
    check(&graph(0, &[]));
}

#[test]
fn folded_loops_are_one_node() {
    let edges = [(0, 1), (1, 2), (1, 4), (2, 3), (2, 2), (3, 1)];
    let layout = folded(&graph(5, &edges));
    let nodes: Vec<(u32, u32)> = layout.nodes.iter().map(|n| (n.block, n.size)).collect();
    assert_eq!(nodes, [(0, 1), (1, 3), (4, 1)]);
    assert_eq!(places(&layout), [(0, 0), (1, 0), (2, 0)]);
}

#[test]
fn a_small_change_moves_little() {
    let edges = [
        (0, 1),
        (1, 2),
        (1, 4),
        (2, 3),
        (3, 1),
        (4, 5),
        (4, 6),
        (5, 6),
    ];
    let before = places(&check(&graph(7, &edges)));
    // The same with an empty block between 5 and 6.
    let mut more = edges.to_vec();
    more.retain(|&edge| edge != (5, 6));
    more.extend([(5, 7), (7, 6)]);
    let after = places(&check(&graph(8, &more)));
    assert_eq!(before[..6], after[..6]);
}

#[test]
fn large_graphs_take_little_time() {
    const N: u32 = 20_000;
    let chain = (0..N - 1).map(|b| (b, b + 1));
    let ladder = chain.clone().chain((0..N - 2).map(|b| (b, b + 2)));
    let exits = chain.clone().chain((0..N - 1).map(|b| (b, N - 1)));
    let table = (1..N - 1).flat_map(|b| [(0, b), (b, N - 1)]);
    // Loops one in the other.
    let half = N / 2;
    let nested = chain.clone().chain((0..half).map(|b| (N - 1 - b, b)));
    let back = chain.clone().chain((1..N).map(|b| (b, b / 2)));
    let shapes: [Vec<(u32, u32)>; 6] = [
        chain.clone().collect(),
        ladder.collect(),
        exits.collect(),
        table.collect(),
        nested.collect(),
        back.collect(),
    ];
    for (index, mut edges) in shapes.into_iter().enumerate() {
        edges.sort_by_key(|&(from, _)| from);
        let mut graph = Graph::default();
        let mut edges = edges.into_iter().peekable();
        for block in 0..N {
            graph.blocks.push(block);
            while let Some((_, to)) = edges.next_if(|&(from, _)| from == block) {
                graph.succs.push(to);
            }
            graph.ends.push(graph.succs.len() as u32);
        }
        let start = Instant::now();
        check(&graph);
        folded(&graph);
        let time = start.elapsed();
        assert!(time < Duration::from_secs(5), "shape {index}: {time:?}");
    }
}
