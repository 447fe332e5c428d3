//! Prediction of branches.

use crate::block::{BlockKind, Likely};
use crate::config::Config;
use crate::entity::Block;
use crate::func::Func;
use crate::loopnest::LoopNest;

/// Classes of blocks, from likely to unlikely: plain code, code that calls, code that returns, code that panics.
const DEFAULT: u8 = 0;
const CALL: u8 = 1;
const RET: u8 = 2;
const EXIT: u8 = 3;

/// Predicts the branches without a prediction: control stays in loops, and avoids panics,
/// returns and calls, in this order (gc: likelyadjust.go, likelyadjust).
///
/// `layout` and the distances of regalloc follow the predictions.
pub(crate) fn likelyadjust(f: &mut Func, _config: &Config) {
    let (order, nest) = (f.postorder(), f.loopnest());
    // Every path from the block meets a class at least as unlikely as `certain`; `local` is the block's own class.
    let mut certain = vec![DEFAULT; f.num_blocks()];
    let mut local = vec![DEFAULT; f.num_blocks()];
    for (at, &b) in order.iter().enumerate() {
        f.look_along(&order, at);
        let succ = |index: usize| f[b].succs[index].block.id();
        match f[b].kind {
            BlockKind::Exit => (local[b.id()], certain[b.id()]) = (EXIT, EXIT),
            BlockKind::Ret | BlockKind::RetJmp => (local[b.id()], certain[b.id()]) = (RET, RET),
            _ => {
                match f[b].succs.len() {
                    1 => certain[b.id()] = certain[succ(0)],
                    2 => {
                        certain[b.id()] = certain[succ(0)].min(certain[succ(1)]);
                        if f[b].likely == Likely::Unknown {
                            f[b].likely = predict(f, &nest, b, &certain, &local);
                        }
                    }
                    _ => {}
                }
                if f[b].values.iter().any(|&v| f[v].op.is_call()) {
                    local[b.id()] = CALL;
                    certain[b.id()] = CALL.max(certain[f[b].succs[0].block.id()]);
                }
            }
        }
    }
}

/// Returns the prediction for a block with two successors.
fn predict(f: &Func, nest: &LoopNest, b: Block, certain: &[u8], local: &[u8]) -> Likely {
    let (first, second) = (f[b].succs[0].block, f[b].succs[1].block);
    let (l, l0, l1) = (nest.of(b), nest.of(first), nest.of(second));
    if l.is_some() && l0 != l1 {
        // Stay in loops; between two loops, in the block's own.
        return if l1.is_none() {
            Likely::Likely
        } else if l0.is_none() {
            Likely::Unlikely
        } else if l == l0 {
            Likely::Likely
        } else if l == l1 {
            Likely::Unlikely
        } else {
            Likely::Unknown
        };
    }
    let rank = |b: Block| (certain[b.id()], local[b.id()]);
    match rank(second).cmp(&rank(first)) {
        std::cmp::Ordering::Greater => Likely::Likely,
        std::cmp::Ordering::Equal => Likely::Unknown,
        std::cmp::Ordering::Less => Likely::Unlikely,
    }
}
