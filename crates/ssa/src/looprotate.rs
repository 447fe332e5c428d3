//! Loops with the test at the bottom.

use cranelift_entity::SecondaryMap;
use minigo_base::sort::pdqsort;

use crate::block::BlockKind;
use crate::config::Config;
use crate::entity::Block;
use crate::func::Func;
use crate::loopnest::Loop;

/// Moves the header of each loop, and the blocks of the loop that follow it, after a block that jumps
/// back to it. The loop then takes one jump per iteration instead of two.
///
/// ```text
///     header: test, exit if done          jump header
///     body                        =>      body
///     jump header                         header: test, body if not done
/// ```
///
/// Nothing is done when some loop has several entries (gc: looprotate.go, loopRotate).
pub(crate) fn loop_rotate(f: &mut Func, _config: &Config) {
    let nest = f.loopnest();
    if nest.has_irreducible || nest.loops.is_empty() {
        return;
    }
    let mut index = f.scratch.graph.numbers.table(f.num_blocks(), 0);
    for (at, b) in (0..).zip(&f.layout) {
        index[b.id()] = at;
    }

    // The range of the layout that moves after a block, by number of that block, and the blocks that move.
    let mut behind = vec![(0, 0); f.num_blocks()];
    let mut moves = f.scratch.flags.table(f.layout.len(), false);
    for (l, data) in nest.loops.iter() {
        let in_loop = |b: Block| nest.of(b) == Some(l);
        let Some(latch) = latch(f, data.header, l, &nest.innermost) else {
            continue;
        };
        let start = index[data.header.id()] as usize;
        let follow = f.layout[start + 1..].iter();
        let n_follow = follow.take_while(|&&b| b != latch && in_loop(b)).count();
        let end = start + 1 + n_follow;
        moves[start..end].fill(true);
        behind[latch.id()] = (start as u32, end as u32);
    }

    let mut order = f.scratch.graph.blocks.list();
    order.reserve(f.layout.len());
    for (at, &b) in f.layout.iter().enumerate() {
        if !moves[at] {
            order.push(b);
            let (start, end) = behind[b.id()];
            order.extend_from_slice(&f.layout[start as usize..end as usize]);
        }
    }
    assert_eq!(order.len(), f.layout.len(), "loop rotate lost a block");
    f.scratch.graph.numbers.free(index);
    f.scratch.flags.free(moves);
    let old = std::mem::replace(&mut f.layout, order);
    f.scratch.graph.blocks.free(old);
}

/// Moves headers like [`loop_rotate`], inner loops first, so that a rotated loop moves with the one around it.
///
/// A loop's blocks follow its header as long as they are directly in the loop or begin a rotated loop directly inside.
pub(crate) fn loop_rotate_nested(f: &mut Func, _config: &Config) {
    let nest = f.loopnest();
    if nest.has_irreducible || nest.loops.is_empty() {
        return;
    }
    let mut layout = f.layout.clone();
    let mut index = vec![0; f.num_blocks()];
    for (at, b) in layout.iter().enumerate() {
        index[b.id()] = at;
    }
    let mut loops: Vec<Loop> = nest.loops.keys().collect();
    pdqsort(&mut loops, |&a, &b| {
        nest.loops[a].depth > nest.loops[b].depth
    });

    // The first block of a rotated loop, by loop; and the blocks that come behind a block, by block number.
    let mut tops: SecondaryMap<Loop, Option<Block>> = SecondaryMap::new();
    let mut behind: Vec<Vec<Block>> = vec![Vec::new(); f.num_blocks()];
    let mut moves = vec![false; f.num_blocks()];
    for l in loops {
        let header = nest.loops[l].header;
        let Some(top) = latch_or_header(f, header, l, &nest.innermost) else {
            continue;
        };
        tops[l] = Some(top);
        if top == header {
            continue;
        }
        let moves_along = |b: Block| {
            nest.of(b).is_some_and(|inner| {
                inner == l || nest.loops[inner].outer == Some(l) && tops[inner] == Some(b)
            })
        };
        let (start, end) = (index[header.id()], index[top.id()]);
        behind[top.id()].push(header);
        let follow = layout[start + 1..].iter().copied();
        let follow = follow.take_while(|&b| b != top);
        behind[top.id()].extend(follow.filter(|&b| moves_along(b)));
        for b in &behind[top.id()] {
            moves[b.id()] = true;
        }
        // The top is met before the header when blocks are placed.
        layout.swap(start, end);
        (index[header.id()], index[top.id()]) = (end, start);
    }

    let mut order = Vec::with_capacity(layout.len());
    let mut work = Vec::new();
    for &b in layout.iter().filter(|b| !moves[b.id()]) {
        work.push(b);
        while let Some(b) = work.pop() {
            order.push(b);
            work.extend(behind[b.id()].iter().rev());
        }
    }
    assert_eq!(order.len(), layout.len(), "loop rotate lost a block");
    f.layout = order;
}

/// Returns the last predecessor of the header that is directly in the loop and does nothing but jump; none if
/// that is the header itself.
fn latch(f: &Func, header: Block, l: Loop, innermost: &[Option<Loop>]) -> Option<Block> {
    latch_or_header(f, header, l, innermost).filter(|&latch| latch != header)
}

/// The last predecessor of the header that is directly in the loop and does nothing but jump.
fn latch_or_header(f: &Func, header: Block, l: Loop, innermost: &[Option<Loop>]) -> Option<Block> {
    let mut preds = f[header].preds.iter().rev().map(|edge| edge.block);
    let jumps_back =
        |&pred: &Block| f[pred].kind == BlockKind::Plain && innermost[pred.id()] == Some(l);
    preds.find(jumps_back)
}
