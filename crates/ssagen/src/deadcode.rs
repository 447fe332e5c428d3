//! Removal of arms that a constant condition excludes, right after type checking.
//!
//! It comes before inlining and thus decides which functions are small enough, and which locals they use
//! (gc: typecheck.go, deadcode).

use crate::ir::{Aux, Func, Node, NodeData, Nodes, Op, Type};
use minigo_base::Pos;

/// Empties dead arms of `if`s, and drops what follows an `if` whose live arm leaves the function. A body
/// of nothing but such is replaced by an empty statement.
pub(crate) fn deadcode(f: &mut Func) {
    f.body = list(f, f.body);
    let body = f.slice(&f.body);
    if !body.is_empty() && body.iter().all(|&n| is_dead(f, n)) {
        let empty = f.node(Pos::NONE, Op::Empty, Type::VOID, Aux::None);
        f.body = f.list(&[empty]);
    }
}

/// Whether a statement does nothing, evidently.
fn is_dead(f: &Func, n: Node) -> bool {
    let node = &f.nodes[n];
    let cond = node.left.expand().and_then(|cond| f.bool_const(cond));
    node.init.is_empty()
        && match node.op {
            Op::If => cond.is_some() && node.body.is_empty() && node.rlist.is_empty(),
            Op::For => cond == Some(false),
            _ => false,
        }
}

/// Handles a list and all lists in it; returns what is left of it.
fn list(f: &mut Func, nodes: Nodes) -> Nodes {
    if nodes.is_empty() {
        return nodes;
    }
    let mut last_label = None;
    for i in 0..nodes.len(&f.pool) {
        let n = f.nth(nodes, i);
        let leaves = f.nodes[n].op == Op::If && if_leaves(f, n);
        let NodeData {
            init,
            body,
            list: first,
            rlist,
            ..
        } = f.nodes[n];
        f.nodes[n].init = list(f, init);
        f.nodes[n].body = list(f, body);
        f.nodes[n].list = list(f, first);
        f.nodes[n].rlist = list(f, rlist);
        if leaves {
            let is_label = |&n: &Node| f.nodes[n].op == Op::Label;
            let find = || f.slice(&nodes).iter().rposition(is_label);
            if last_label
                .get_or_insert_with(find)
                .is_none_or(|label| i > label)
            {
                let rest = f.slice(&nodes)[..=i].to_vec();
                return f.list(&rest);
            }
        }
    }
    nodes
}

/// Simplifies the condition of an `if` and drops the dead arm. Whether the live arm leaves the function.
fn if_leaves(f: &mut Func, n: Node) -> bool {
    let cond = f.nodes[n].left.expect("If has a condition");
    let cond = short_circuit(f, cond);
    f.nodes[n].left = cond.into();
    let live = match f.bool_const(cond) {
        Some(true) => {
            f.nodes[n].rlist = Nodes::new();
            f.nodes[n].body
        }
        Some(false) => {
            f.nodes[n].body = Nodes::new();
            f.nodes[n].rlist
        }
        None => return false,
    };
    f.slice(&live)
        .last()
        .is_some_and(|&last| matches!(f.nodes[last].op, Op::Return | Op::Panic))
}

/// `true && x` is `x`, `false && x` is `false`, and so on, at any depth of `&&` and `||`.
fn short_circuit(f: &mut Func, n: Node) -> Node {
    let node = f.nodes[n];
    let (Op::AndAnd | Op::OrOr, Some(x), Some(y)) =
        (node.op, node.left.expand(), node.right.expand())
    else {
        return n;
    };
    let x = short_circuit(f, x);
    let y = short_circuit(f, y);
    f.nodes[n].left = x.into();
    f.nodes[n].right = y.into();
    match (f.bool_const(x), node.op) {
        (Some(true), Op::AndAnd) | (Some(false), Op::OrOr) => y,
        (Some(_), _) => x,
        (None, _) => n,
    }
}
