//! Branches whose outcome a branch before them has decided (gc: fuse_branchredirect.go).

use crate::block::{BlockKind, Edge};
use crate::deadcode::remove_phi_arg;
use crate::entity::Block;
use crate::func::Func;
use crate::op::Op;
use crate::phielim::phielim_value;
use crate::prove::go1_27::facts::Facts;

/// Makes each branch to a block that only tests a condition go straight to the successor of that block, if the
/// branch taken decides the condition. Reports whether anything changed.
///
/// ```text
///   p: if x < y         p: if x < y
///      |                   |   (x <= y)
///   b: if x <= y   =>   b  |
///     / \              / \ |
///    o   s            o   s
/// ```
pub(crate) fn redirect_branches(f: &mut Func) -> bool {
    if !f.layout.iter().any(|&b| only_tests(f, b)) {
        return false;
    }
    let mut facts = Facts::new(f);
    facts.checkpoint();
    let mut changed = false;
    for block_index in (0..f.layout.len()).rev() {
        let b = f.layout[block_index];
        if !only_tests(f, b) {
            continue;
        }
        let mut index = 0;
        while index < f[b].preds.len() {
            match known_successor(f, &mut facts, b, index) {
                Some(out) => {
                    redirect(f, b, index, out);
                    changed = true;
                }
                None => index += 1,
            }
        }
        if f[b].preds.is_empty() && b != f.entry {
            f[b].kind = BlockKind::Invalid;
        }
    }
    facts.restore();
    facts.free(f);
    changed
}

/// Reports whether an If block holds nothing but its control, which nothing else uses, or nothing at all.
fn only_tests(f: &Func, b: Block) -> bool {
    let (BlockKind::If, Some(control)) = (f[b].kind, f[b].control) else {
        return false;
    };
    if f[control].block == b.into() {
        f[b].values.len() == 1 && f[control].uses == 1
    } else {
        f[b].values.is_empty()
    }
}

/// Returns the index of the successor that `b` has when it is entered from the If block that is predecessor `index`.
fn known_successor(f: &mut Func, facts: &mut Facts, b: Block, index: usize) -> Option<usize> {
    let pred = f[b].preds[index];
    if f[pred.block].kind != BlockKind::If || pred.block == b {
        return None;
    }
    let control = |f: &Func, b: Block| f[b].control.expect("an If block has a control");
    facts.checkpoint();
    facts.learn(f, control(f, pred.block), pred.index == 0);
    let is_impossible = |f: &mut Func, facts: &mut Facts, way: usize| {
        facts.checkpoint();
        facts.learn(f, control(f, b), way == 0);
        let contradiction = facts.contradiction;
        facts.restore();
        contradiction
    };
    let mut known = None;
    for way in [0, 1] {
        if is_impossible(f, facts, way) && f[b].succs[1 - way].block != b {
            known = Some(1 - way);
            break;
        }
    }
    facts.restore();
    known
}

/// Moves the edge that enters `b` as predecessor `index` to successor `out` of `b`.
fn redirect(f: &mut Func, b: Block, index: usize, out: usize) {
    let (pred, succ) = (f[b].preds[index], f[b].succs[out]);
    f.remove_pred(b, index);
    f[pred.block].succs[pred.index as usize] = Edge {
        block: succ.block,
        index: f[succ.block].preds.len() as u32,
    };
    for value_index in 0..f[b].values.len() {
        let v = f[b].values[value_index];
        if f[v].op == Op::Phi {
            remove_phi_arg(f, v, index);
            phielim_value(f, v);
        }
    }
    f[succ.block].preds.push(pred);
    for value_index in 0..f[succ.block].values.len() {
        let v = f[succ.block].values[value_index];
        if f[v].op == Op::Phi {
            let arg = f[v].args[succ.index as usize];
            f.add_arg(v, arg);
        }
    }
}
