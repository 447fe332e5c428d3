//! Splitting of critical edges.

use crate::block::{BlockKind, Edge};
use crate::config::Config;
use crate::deadcode::remove_phi_arg;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use crate::phielim::phielim_value;

/// Puts a new block on every edge that leaves a block with several successors and enters one with
/// several predecessors. Moves for a phi then have a block of their own.
///
/// When the target has exactly one phi, edges that bring the same argument share the new block.
/// Blocks made here are visited too: sharing can give them several predecessors.
///
/// Ensures that every predecessor of a merge has one successor (gc: critical.go, critical).
pub(crate) fn critical(f: &mut Func, _config: &Config) {
    // The new block for an argument of the current block's phi, by value number.
    let mut shared = f.scratch.targets.table(f.num_values(), None.into());
    let mut at = 0;
    while at < f.layout.len() {
        let b = f.layout[at];
        at += 1;
        if f[b].preds.len() <= 1 {
            continue;
        }
        let phi = only_phi(f, b);
        if let Some(phi) = phi {
            for arg in &f[phi].args {
                shared[arg.id()] = None.into();
            }
        }
        let mut index = 0;
        while index < f[b].preds.len() {
            let pred = f[b].preds[index];
            if f[pred.block].kind == BlockKind::Plain {
                index += 1;
                continue;
            }
            let arg = phi.map(|phi| f[phi].args[index].id());
            if let (Some(phi), Some(d)) = (phi, arg.and_then(|arg| shared[arg].expand())) {
                join_edge(f, pred, d);
                f.remove_pred(b, index);
                remove_phi_arg(f, phi, index);
                if f.profile.pass.critical_removes_phis {
                    phielim_value(f, phi);
                } else if f[phi].args.len() == 1 {
                    f.set_op(phi, Op::Copy);
                }
                // The last edge is now at this index.
                continue;
            }
            let d = f.new_block(BlockKind::Plain);
            f[d].pos = f[pred.block].pos;
            if let Some(arg) = arg {
                shared[arg] = d.into();
            }
            splice(f, pred, d, b, index);
            index += 1;
        }
    }
    f.scratch.targets.free(shared);
}

/// Returns the phi of a block that has exactly one.
fn only_phi(f: &Func, b: Block) -> Option<Value> {
    let mut phis = f[b].values.iter().filter(|&&v| f[v].op == Op::Phi);
    let phi = phis.next().copied();
    phi.filter(|_| phis.next().is_none())
}

/// Makes the successor edge `pred` lead to block `d`, as its last predecessor.
fn join_edge(f: &mut Func, pred: Edge, d: Block) {
    let index = f[d].preds.len() as u32;
    f[pred.block].succs[pred.index as usize] = Edge { block: d, index };
    f[d].preds.push(pred);
}

/// Puts the new block `d` on the edge that enters `b` as predecessor `index`.
fn splice(f: &mut Func, pred: Edge, d: Block, b: Block, index: usize) {
    join_edge(f, pred, d);
    f[b].preds[index] = Edge { block: d, index: 0 };
    f[d].succs.push(Edge {
        block: b,
        index: index as u32,
    });
}
