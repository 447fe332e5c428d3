//! Lowers switches to comparisons and jumps (gc: swt.go).
//!
//! The clauses become labels, one after another, with the dispatch code in front. Runs of constant cases are sorted,
//! adjacent integers of one clause are merged into ranges, and the result is a binary search down to at most three
//! entries, which are tested one by one. Only the first test is a statement boundary for debuggers. Before all that,
//! clauses that return constants may become a lookup in a table (`table`).

mod table;

pub(crate) use table::is_small;

use minigo_base::Pos;

use crate::fold::sort_key;
use crate::ir::{Aux, Node, Op, Type};
use crate::walk::Walk;

/// The number of entries from which the search is binary.
const BINARY_SEARCH_MIN: usize = 4;
/// The number of entries from which there may be a table.
const JUMP_TABLE_MIN: usize = 8;
/// The largest number of values for each entry in a table.
const JUMP_TABLE_DENSITY: usize = 4;

/// An entry of the dispatch code.
#[derive(Clone, Copy)]
struct Case {
    /// Position of the clause.
    pos: Pos,
    /// The smallest or only value. A single value needn't be constant.
    lo: Node,
    /// The largest value; the same node as `lo` for a single value.
    hi: Node,
    /// The `Goto` to the clause.
    jump: Node,
}

impl Walk<'_, '_> {
    /// Replaces the cases of a switch by dispatch code in its body and walks the code.
    pub(crate) fn switch(&mut self, n: Node) {
        self.set_line(n);
        let mut out = Vec::new();
        let tag = match self.f.nodes[n].left.take() {
            Some(tag) => tag,
            None => self
                .f
                .node(self.line, Op::Literal, Type::BOOL, Aux::Bool(true)),
        };
        let mut init = self.f.slice(&self.f.nodes[n].init).to_vec();
        let mut tag = self.expr(tag, &mut init);
        self.f.nodes[n].init = self.f.list(&init);
        if self.f.nodes[tag].op != Op::Literal {
            tag = self.copy_expr(tag, &mut out);
        }

        self.lookup_table(n, tag, &mut out);
        let mut pending = Vec::new();
        let mut default = None;
        let mut bodies = Vec::new();
        let clauses = std::mem::take(&mut self.f.nodes[n].list);
        for i in 0..clauses.len(&self.f.pool) {
            let clause = self.f.nodes[self.f.nth(clauses, i)];
            let label = Aux::Label(self.f.auto_label(".s"));
            let jump = self.f.node(clause.pos, Op::Goto, Type::VOID, label);
            if clause.list.is_empty() {
                default = Some(jump);
            }
            for j in 0..clause.list.len(&self.f.pool) {
                let value = self.f.nth(clause.list, j);
                let case = Case {
                    pos: clause.pos,
                    lo: value,
                    hi: value,
                    jump,
                };
                if self.f.nodes[tag].ty.is_integer() && self.f.nodes[value].op == Op::Literal {
                    pending.push(case);
                } else {
                    self.flush(tag, &mut pending, &mut out);
                    self.search(tag, &[case], &mut out);
                }
            }
            bodies.push(self.f.node(clause.pos, Op::Label, Type::VOID, label));
            let body = self.f.slice(&clause.body);
            bodies.extend_from_slice(body);
            if let Some(pos) = self.end_of_clause(body) {
                bodies.push(self.f.node(pos, Op::Break, Type::VOID, Aux::None));
            }
        }

        let default = default.unwrap_or_else(|| {
            let pos = self.line.with_not_stmt();
            self.f.node(pos, Op::Break, Type::VOID, Aux::None)
        });
        self.flush(tag, &mut pending, &mut out);
        out.push(default);
        out.extend(bodies);
        self.f.nodes[n].body = self.f.list(&out);
        self.stmts(self.f.nodes[n].body);
    }

    /// Returns the position of the break at the end of a clause, which is that of its last statement; none if that is a
    /// `fallthrough` (gc: hasFall).
    fn end_of_clause(&self, body: &[Node]) -> Option<Pos> {
        let last = body.iter().rfind(|&&n| self.f.nodes[n].op != Op::VarKill);
        match last.map(|&n| &self.f.nodes[n]) {
            None => Some(Pos::NONE),
            Some(node) if node.op == Op::Fall => None,
            Some(node) => Some(node.pos),
        }
    }

    /// Emits the tests of the pending integer constants.
    fn flush(&mut self, tag: Node, pending: &mut Vec<Case>, out: &mut Vec<Node>) {
        let mut cases = std::mem::take(pending);
        let value = |n: Node| match self.f.nodes[n].aux {
            Aux::Int(value) => value,
            aux => minigo_base::internal!("walk: case {aux:?}"),
        };
        let ty = self.f.nodes[tag].ty;
        cases.sort_by_key(|case| sort_key(value(case.lo), ty));
        let mut merged: Vec<Case> = Vec::with_capacity(cases.len());
        for case in cases {
            match merged.last_mut() {
                Some(last)
                    if last.jump == case.jump
                        && value(last.hi).wrapping_add(1) == value(case.lo) =>
                {
                    last.hi = case.lo;
                }
                _ => merged.push(case),
            }
        }
        if !self.jump_table(tag, &merged, out) {
            self.search(tag, &merged, out);
        }
    }

    /// Emits a jump by a table of the values from the first case to the last, if there are enough cases for that.
    /// Returns whether it did.
    fn jump_table(&mut self, tag: Node, cases: &[Case], out: &mut Vec<Node>) -> bool {
        let (Some(first), Some(last)) = (cases.first(), cases.last()) else {
            return false;
        };
        let ty = self.f.nodes[tag].ty;
        let value = |n: Node| match self.f.nodes[n].aux {
            Aux::Int(value) => sort_key(value, ty),
            aux => minigo_base::internal!("walk: case {aux:?}"),
        };
        let width = value(last.hi) - value(first.lo) + 1;
        if !self.front.jump_tables
            || !self.optimize
            || cases.len() < JUMP_TABLE_MIN
            || width > (cases.len() * JUMP_TABLE_DENSITY) as i128
        {
            return false;
        }
        let (mut values, mut jumps) = (Vec::new(), Vec::new());
        for case in cases {
            for value in value(case.lo)..=value(case.hi) {
                values.push(value as i64);
                jumps.push(case.jump);
            }
        }
        let values: Vec<Node> = values
            .into_iter()
            .map(|value| self.f.node(self.line, Op::Literal, ty, Aux::Int(value)))
            .collect();
        let table = self.node(Op::JumpTable, Aux::None);
        self.f.nodes[table].left = tag.into();
        self.f.nodes[table].list = self.f.list(&values);
        self.f.nodes[table].rlist = self.f.list(&jumps);
        out.push(table);
        true
    }

    /// Emits the search for `tag` in sorted cases. The depth of recursion is logarithmic in their number.
    fn search(&mut self, tag: Node, cases: &[Case], out: &mut Vec<Node>) {
        if cases.len() < BINARY_SEARCH_MIN {
            // Created first to last, since only the first is a statement boundary; nested last to first.
            let tests: Vec<Node> = cases.iter().map(|case| self.case_test(tag, case)).collect();
            let first = tests.into_iter().rev().reduce(|next, test| {
                self.f.nodes[test].rlist = self.f.list(&[next]);
                test
            });
            out.extend(first);
            return;
        }
        let (lower, upper) = cases.split_at(cases.len() / 2);
        let test = self.node(Op::If, Aux::None);
        let highest = lower[lower.len() - 1].hi;
        let cond = self.f.binary(self.line, Op::Le, Type::BOOL, tag, highest);
        self.line = self.line.with_not_stmt();
        self.fold(cond);
        self.f.nodes[test].left = cond.into();
        let (mut body, mut rlist) = (Vec::new(), Vec::new());
        self.search(tag, lower, &mut body);
        self.search(tag, upper, &mut rlist);
        self.f.nodes[test].body = self.f.list(&body);
        self.f.nodes[test].rlist = self.f.list(&rlist);
        out.push(test);
    }

    /// Makes `if tag == case { goto clause }`.
    fn case_test(&mut self, tag: Node, case: &Case) -> Node {
        let test = self.node(Op::If, Aux::None);
        let cond = self.case_cond(tag, case);
        self.f.nodes[test].left = cond.into();
        self.f.nodes[test].body = self.f.list(&[case.jump]);
        self.line = self.line.with_not_stmt();
        test
    }

    fn case_cond(&mut self, tag: Node, case: &Case) -> Node {
        if case.lo != case.hi {
            let low = self.test(case, Op::Ge, tag, case.lo);
            let high = self.test(case, Op::Le, tag, case.hi);
            return self.test(case, Op::AndAnd, low, high);
        }
        match self.f.bool_const(tag) {
            Some(true) => case.lo,
            Some(false) => {
                let not = self.f.unary(case.pos, Op::Not, Type::BOOL, case.lo);
                self.fold(not);
                not
            }
            None => self.test(case, Op::Eq, tag, case.lo),
        }
    }

    /// Makes a test at the clause's position.
    fn test(&mut self, case: &Case, op: Op, x: Node, y: Node) -> Node {
        let n = self.f.binary(case.pos, op, Type::BOOL, x, y);
        self.fold(n);
        n
    }
}
