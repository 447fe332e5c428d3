//! Removal of branches that a constant condition excludes, right after type checking.
//!
//! This happens before inlining and so affects which functions are small enough and which locals they use (gc:
//! typecheck.go, deadcode).

use crate::ir::{Aux, Func, Node, NodeData, Nodes, Op, Type};
use minigo_base::Pos;

/// Empties dead branches of `if`s, and drops the statements after an `if` whose live branch leaves the function. A body
/// in which nothing else remains is replaced by an empty statement.
pub(crate) fn deadcode(f: &mut Func) {
    f.body = list(f, f.body);
    let body = f.slice(&f.body);
    if !body.is_empty() && body.iter().all(|&n| is_dead(f, n)) {
        let empty = f.node(Pos::NONE, Op::Empty, Type::VOID, Aux::None);
        f.body = f.list(&[empty]);
    }
}

/// Reports whether a statement evidently does nothing.
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

/// Removes dead code in a list and all nested lists. Returns the remaining list.
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

/// Simplifies the condition of an `if` and drops its dead branch. Returns whether the live branch leaves the function.
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

/// Simplifies `true && x` to `x`, `false && x` to `false`, and so on, at any depth of `&&` and `||`.
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
