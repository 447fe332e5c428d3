//! Removal of assignments to variables that are never used, after inlining (gc: deadlocals/deadlocals.go).

use minigo_base::Pos;
use rustc_hash::FxHashMap;

use crate::ir::{Aux, Class, Func, Node, NodeData, Op, Type};

/// Replaces assignments of names and literals to unused locals and parameters by `_ = 0`, with a literal at `pos`.
///
/// Requires that the init list of an assignment holds only declarations.
pub(crate) fn remove_dead_locals(f: &mut Func, pos: Pos) {
    let mut visitor = Visitor {
        f,
        defs: FxHashMap::default(),
    };
    visitor.nodes(visitor.f.slice(&visitor.f.body));
    let defs = visitor.defs;
    let dead: Vec<Assignment> = defs.into_values().flatten().flatten().collect();
    if dead.is_empty() {
        return;
    }
    let blank = f.blank();
    let zero = f.node(pos, Op::Literal, Type::INT, Aux::Int(0));
    for Assignment { stmt, index } in dead {
        match index {
            None => {
                f.nodes[stmt].left = blank.into();
                f.nodes[stmt].right = zero.into();
            }
            Some(i) => {
                f.set_nth(f.nodes[stmt].list, i, blank);
                f.set_nth(f.nodes[stmt].rlist, i, zero);
            }
        }
    }
}

/// An assignment of one variable.
#[derive(Clone, Copy)]
struct Assignment {
    stmt: Node,
    /// Its index in a parallel assignment.
    index: Option<usize>,
}

struct Visitor<'a> {
    f: &'a Func,
    /// The assignments of each variable that nothing uses so far; none for one that is used.
    defs: FxHashMap<Node, Option<Vec<Assignment>>>,
}

impl Visitor<'_> {
    fn nodes(&mut self, list: &[Node]) {
        for &n in list {
            self.node(n);
        }
    }

    fn node(&mut self, n: Node) {
        let f = self.f;
        let node = &f.nodes[n];
        match node.op {
            Op::Dcl => {}
            Op::Name => {
                if self.is_local(n, false)
                    && let Some(skipped) = self.defs.insert(n, None).flatten()
                {
                    for assignment in skipped {
                        if let Some(value) = self.value(assignment) {
                            self.node(value);
                        }
                    }
                }
            }
            Op::As => {
                let left = node.left.expect("an assignment has a left side");
                let assignment = Assignment {
                    stmt: n,
                    index: None,
                };
                self.assign(left, assignment, false);
            }
            Op::As2 => {
                let left = f.slice(&node.list);
                let discards = left.iter().any(|&left| !f.is_blank(left));
                for (i, &left) in left.iter().enumerate() {
                    let assignment = Assignment {
                        stmt: n,
                        index: Some(i),
                    };
                    self.assign(left, assignment, discards);
                }
            }
            _ => {
                self.nodes(f.slice(&node.init));
                self.nodes(node.left.expand().as_slice());
                self.nodes(node.right.expand().as_slice());
                for list in [&node.list, &node.rlist, &node.body] {
                    self.nodes(f.slice(list));
                }
            }
        }
    }

    fn value(&self, assignment: Assignment) -> Option<Node> {
        let node = &self.f.nodes[assignment.stmt];
        match assignment.index {
            None => node.right.expand(),
            Some(i) => Some(self.f.nth(node.rlist, i)),
        }
    }

    /// Visits an assignment to `left`. With `discards`, nothing uses what is assigned to `_`.
    fn assign(&mut self, left: Node, assignment: Assignment, discards: bool) {
        let value = self.value(assignment);
        if self.f.nodes[left].op != Op::Name {
            self.node(left);
        } else if self.is_local(left, discards) && !value.is_some_and(|n| self.has_effects(n)) {
            let defs = self.defs.entry(left).or_insert_with(|| Some(Vec::new()));
            if let Some(defs) = defs {
                defs.push(assignment);
                return;
            }
        }
        if let Some(value) = value {
            self.node(value);
        }
    }

    fn has_effects(&self, n: Node) -> bool {
        let node = &self.f.nodes[n];
        !node.init.is_empty() || !matches!(node.op, Op::Name | Op::Literal)
    }

    fn is_local(&self, n: Node, discards: bool) -> bool {
        match self.f.nodes[n] {
            NodeData {
                aux: Aux::Blank, ..
            } => discards,
            NodeData {
                aux: Aux::Var(var), ..
            } => self.f.vars[var].class != Class::ParamOut,
            _ => false,
        }
    }
}
