//! Phis of constants that only repeat the branch before them (gc: phiopt.go).
//!
//! `x := false; if b { x = true }` is a phi of two constants; here it becomes `b` itself.

use crate::block::BlockKind;
use crate::config::Config;
use crate::dom::SparseTree;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use crate::ty::Type;

/// Replaces phis of booleans, and of the integers 0 and 1, by operations on the condition that chooses
/// between their arguments.
pub(crate) fn phiopt(f: &mut Func, _config: &Config) {
    let tree = f.sdom();
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        let Some(branch) = Branch::before(f, b) else {
            continue;
        };
        // New values aren't phis.
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            if f[v].op != Op::Phi {
                continue;
            }
            if f[v].ty.is_integer() {
                branch.convert_integer(f, v);
            } else if f[v].ty.is_boolean() {
                branch.convert_boolean(f, v, &tree);
            }
        }
    }
}

/// The branch whose two sides meet in a block.
struct Branch {
    /// The condition.
    control: Value,
    /// Index of the predecessor, and so of the phi argument, that belongs to a true condition.
    on_true: usize,
}

impl Branch {
    /// Returns the branch before a block that two chains of single blocks from one If block lead to.
    fn before(f: &Func, b: Block) -> Option<Branch> {
        let [first, second] = f[b].preds[..] else {
            return None;
        };
        if f[b].values.is_empty() {
            return None;
        }
        let (via0, from) = chain_start(f, b, first.block);
        if f[from].kind != BlockKind::If {
            return None;
        }
        let (via1, other) = chain_start(f, b, second.block);
        if other != from {
            return None;
        }
        let succ = |index: usize| f[from].succs[index].block;
        let on_true = if succ(0) == via0 && succ(1) == via1 {
            0
        } else {
            assert!(
                succ(0) == via1 && succ(1) == via0,
                "{b} is not where {from} leads"
            );
            1
        };
        Some(Branch {
            control: f[from].control.expect("an If block has a control"),
            on_true,
        })
    }

    /// Replaces a phi of 0 and 1 by the condition as an integer, negated if necessary.
    fn convert_integer(&self, f: &mut Func, v: Value) {
        let (a0, a1) = (f[v].args[0], f[v].args[1]);
        if f[a0].op != f[a1].op || !f[a0].is_generic_int_const() {
            return;
        }
        let first_is_one = match (f[a0].aux_int, f[a1].aux_int) {
            (1, 0) => true,
            (0, 1) => false,
            _ => return,
        };
        let b = f[v].block.expect("a listed value is in a block");
        let pos = f[v].pos;
        let mut condition = self.control;
        if first_is_one != (self.on_true == 0) {
            let ty = f[condition].ty;
            condition = f.new_value(b, pos, Op::Not, ty, &[condition]);
        }
        let byte = f.new_value(b, pos, Op::CvtBoolToUint8, Type::UINT8, &[condition]);
        let op = match f[v].ty.size() {
            1 => Op::Copy,
            2 => Op::ZeroExt8to16,
            4 => Op::ZeroExt8to32,
            _ => Op::ZeroExt8to64,
        };
        f.reset(v, op);
        f.add_arg(v, byte);
        let bits = 8 * f[v].ty.size();
        f.remark(f[b].pos, format_args!("converted OpPhi bool -> int{bits}"));
    }

    /// Replaces a phi of constants by the condition or its negation, and a phi of one constant and a value that
    /// is computed anyway by `||` or `&&`.
    fn convert_boolean(&self, f: &mut Func, v: Value, tree: &SparseTree) {
        let (if_true, if_false) = (f[v].args[self.on_true], f[v].args[1 - self.on_true]);
        let constant = |v: Value| (f[v].op == Op::ConstBool).then_some(f[v].aux_int != 0);
        let dominates = |arg: Value| {
            let block = |v: Value| f[v].block.expect("a listed value is in a block");
            tree.is_ancestor_eq(block(arg), block(v))
        };
        let (op, second) = match (constant(if_true), constant(if_false)) {
            (Some(true), Some(false)) => (Op::Copy, None),
            (Some(false), Some(true)) => (Op::Not, None),
            (Some(true), _) if dominates(if_false) => (Op::OrB, Some(if_false)),
            (_, Some(false)) if dominates(if_true) => (Op::AndB, Some(if_true)),
            _ => return,
        };
        f.reset(v, op);
        f.add_arg(v, self.control);
        if let Some(second) = second {
            f.add_arg(v, second);
        }
        let b = f[v].block.expect("a listed value is in a block");
        f.remark(f[b].pos, format_args!("converted OpPhi to {op}"));
    }
}

/// Follows blocks with one predecessor and one successor from `from` upwards. Returns the last block before the
/// branch (`b` itself if there is none), and the block with the branch.
fn chain_start(f: &Func, b: Block, from: Block) -> (Block, Block) {
    let (mut via, mut at) = (b, from);
    while f[at].succs.len() == 1 && f[at].preds.len() == 1 {
        (via, at) = (at, f[at].preds[0].block);
    }
    (via, at)
}
