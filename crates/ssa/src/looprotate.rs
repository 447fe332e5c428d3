//! Loops with the test at the bottom.

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

/// Returns the last predecessor of the header that is directly in the loop and does nothing but jump; none if
/// that is the header itself.
fn latch(f: &Func, header: Block, l: Loop, innermost: &[Option<Loop>]) -> Option<Block> {
    let preds = f[header].preds.iter().rev().map(|edge| edge.block);
    let jumps_back =
        |&pred: &Block| f[pred].kind == BlockKind::Plain && innermost[pred.id()] == Some(l);
    preds
        .into_iter()
        .find(jumps_back)
        .filter(|&latch| latch != header)
}
