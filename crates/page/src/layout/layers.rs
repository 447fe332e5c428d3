//! Layers: the longest way from the start, where a loop is as long as all of its layers.

use super::Edges;
use super::nest::{NONE, Nest};

/// A part of a loop: a block in no loop further inside, or a loop.
#[derive(Clone, Copy)]
enum Part {
    Block(usize),
    Loop(usize),
}

/// Returns the layer of each block.
pub(super) fn layers(edges: &Edges, nest: &Nest) -> Vec<u32> {
    let n = edges.succs.len();
    // The edges that go forward, by the loop that they are in: its depth, its header, the place of the source.
    let mut constraints = Vec::new();
    for &from in &nest.order {
        for &to in &edges.succs[from as usize] {
            if !nest.is_forward(from, to) {
                continue;
            }
            let (around, from_loop, to_loop) = nest.common(from, to);
            let part = |block: u32, inside: u32| match inside {
                NONE => Part::Block(block as usize),
                header => Part::Loop(header as usize),
            };
            let source = part(from, from_loop);
            let place = nest.place[match source {
                Part::Block(at) | Part::Loop(at) => at,
            }];
            constraints.push((around, place, source, part(to, to_loop)));
        }
    }
    // Inner loops first; NONE, which is around all, last.
    let rank = |header: u32| match header {
        NONE => (u32::MAX, 0),
        header => {
            let depth = nest.depth[header as usize];
            (u32::MAX - depth, header)
        }
    };
    constraints.sort_by_key(|&(around, place, ..)| (rank(around), place));

    let mut of_block = vec![0; n];
    let mut of_loop = vec![0; n];
    let mut height = vec![1; n];
    let mut members: Vec<Vec<Part>> = vec![Vec::new(); n];
    for &block in &nest.order {
        if let Some(members) = members.get_mut(nest.inner[block as usize] as usize) {
            members.push(Part::Block(block as usize));
        }
    }
    for &header in &nest.headers {
        if let Some(members) = members.get_mut(nest.outer[header as usize] as usize) {
            members.push(Part::Loop(header as usize));
        }
    }
    let mut next = constraints.iter().peekable();
    let mut headers = nest.headers.clone();
    headers.sort_by_key(|&header| rank(header));
    for header in headers.into_iter().chain([NONE]) {
        while let Some(&&(_, _, source, target)) =
            next.next_if(|(around, ..)| *around == header).as_ref()
        {
            let below = match source {
                Part::Block(at) => of_block[at] + 1,
                Part::Loop(at) => of_loop[at] + height[at],
            };
            let target = match target {
                Part::Block(at) => &mut of_block[at],
                Part::Loop(at) => &mut of_loop[at],
            };
            *target = below.max(*target);
        }
        if header != NONE {
            let ends = members[header as usize].iter().map(|&part| match part {
                Part::Block(at) => of_block[at] + 1,
                Part::Loop(at) => of_loop[at] + height[at],
            });
            height[header as usize] = ends.max().unwrap_or(1);
        }
    }
    // From places in loops to places in the graph.
    for &header in &nest.headers {
        let outer = nest.outer[header as usize];
        if outer != NONE {
            of_loop[header as usize] += of_loop[outer as usize];
        }
    }
    for (block, layer) in of_block.iter_mut().enumerate() {
        if nest.inner[block] != NONE {
            *layer += of_loop[nest.inner[block] as usize];
        }
    }
    below_each_other(&mut of_block, nest);
    of_block
}

/// Moves blocks that nothing leads to below the others, each with those that only it leads to.
fn below_each_other(layers: &mut [u32], nest: &Nest) {
    let mut root = vec![NONE; layers.len()];
    let mut above = 0;
    let mut end = 0;
    for &block in &nest.order {
        let at = block as usize;
        root[at] = match nest.parent[at] {
            NONE => block,
            parent => root[parent as usize],
        };
        if root[at] == block {
            above = end;
        }
        layers[at] += above;
        end = end.max(layers[at] + 1);
    }
}
