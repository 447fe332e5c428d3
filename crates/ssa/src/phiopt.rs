//! Phis of constants that only repeat the branch before them (gc: phiopt.go).
//!
//! `x := false; if b { x = true }` is a phi of two constants; here it becomes `b` itself.

use crate::block::BlockKind;
use crate::config::Config;
use crate::dom::SparseTree;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::lca::Lca;
use crate::op::Op;
use crate::ty::Type;

/// Replaces phis of booleans, and of the integers 0 and 1, by operations on the condition that chooses
/// between their arguments.
pub(crate) fn phiopt(f: &mut Func, _config: &Config) {
    let tree = f.sdom();
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        f.look_ahead(block_index);
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

/// Replaces phis like [`phiopt`], and then a phi of two different boolean constants when the ways from a branch that
/// dominates them stay apart up to the phi.
pub(crate) fn phiopt_ancestors(f: &mut Func, config: &Config) {
    phiopt(f, config);
    let mut lca = None;
    let tree = f.sdom();
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        if f[b].preds.len() != 2 {
            continue;
        }
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            if !is_phi_of_constants(f, v) {
                continue;
            }
            match ancestor_branch(f, b, &tree, &mut lca) {
                Ancestor::Branch {
                    at,
                    on_true,
                    goes_on,
                } => {
                    let is_true = f[f[v].args[on_true]].aux_int != 0;
                    let op = if is_true { Op::Copy } else { Op::Not };
                    let control = f[at].control.expect("an If block has a control");
                    f.reset(v, op);
                    f.add_arg(v, control);
                    f.remark(f[at].pos, format_args!("converted OpPhi to {op}"));
                    if !goes_on {
                        break;
                    }
                }
                Ancestor::NotDominating => {}
                Ancestor::None => break,
            }
        }
    }
    if let Some(lca) = lca {
        lca.free(f);
    }
}

/// Reports whether `v` is a phi of two different boolean constants.
fn is_phi_of_constants(f: &Func, v: Value) -> bool {
    let [x, y] = f[v].args[..] else {
        return false;
    };
    let constant = |v: Value| f[v].op == Op::ConstBool;
    f[v].op == Op::Phi && constant(x) && constant(y) && f[x].aux_int != f[y].aux_int
}

/// The branch that decides from which of two predecessors a block is entered.
enum Ancestor {
    Branch {
        /// The block with the branch.
        at: Block,
        /// Index of the predecessor that belongs to a true condition.
        on_true: usize,
        /// Whether gc looks at further phis of the block.
        goes_on: bool,
    },
    /// A predecessor is the block with the branch, but the ways meet before the other one. gc looks at further phis.
    NotDominating,
    /// There is none.
    None,
}

fn ancestor_branch(f: &mut Func, b: Block, tree: &SparseTree, lca: &mut Option<Lca>) -> Ancestor {
    let (first, second) = (f[b].preds[0], f[b].preds[1]);
    let is_parent =
        |f: &Func, pred: Block| f[pred].kind == BlockKind::If && tree.parent(b) == Some(pred);
    let direct = [(first, second), (second, first)].into_iter().enumerate();
    for (index, (edge, other)) in direct {
        if is_parent(f, edge.block) {
            // The other way from the branch must lead to the other predecessor only.
            let way = f[edge.block].succs[1 - edge.index as usize].block;
            if !tree.is_ancestor_eq(way, other.block) {
                return Ancestor::NotDominating;
            }
            return Ancestor::Branch {
                at: edge.block,
                on_true: index ^ edge.index as usize,
                goes_on: false,
            };
        }
    }
    let lca = lca.get_or_insert_with(|| Lca::new(f));
    let at = lca.find(first.block, second.block);
    if f[at].kind != BlockKind::If {
        return Ancestor::None;
    }
    let (yes, no) = (f[at].succs[0].block, f[at].succs[1].block);
    let leads = |from: Block, to: Block| tree.is_ancestor_eq(from, to);
    let on_true = if leads(yes, first.block) && leads(no, second.block) {
        0
    } else if leads(no, first.block) && leads(yes, second.block) {
        1
    } else {
        return Ancestor::None;
    };
    if f[yes].preds.len() != 1 || f[no].preds.len() != 1 {
        return Ancestor::None;
    }
    Ancestor::Branch {
        at,
        on_true,
        goes_on: true,
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
        let reuses = |arg| f.profile.pass.phiopt_reuses_condition && arg == self.control;
        let (op, second) = match (constant(if_true), constant(if_false)) {
            (Some(true), Some(false)) => (Op::Copy, None),
            (Some(false), Some(true)) => (Op::Not, None),
            (Some(true), _) if dominates(if_false) => (Op::OrB, Some(if_false)),
            (_, Some(false)) if dominates(if_true) => (Op::AndB, Some(if_true)),
            _ if reuses(if_false) && dominates(if_true) => (Op::AndB, Some(if_true)),
            _ if reuses(if_true) && dominates(if_false) => (Op::OrB, Some(if_false)),
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
