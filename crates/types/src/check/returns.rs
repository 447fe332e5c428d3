//! Terminating statements: decides whether control can reach the end of a function (gc: typecheck.go, checkreturn).

use minigo_syntax::ast::{BranchKind, Expr, ExprKind, List, Stmt, StmtKind};
use minigo_syntax::sym::Sym;
use rustc_hash::FxHashSet;

use super::Checker;
use crate::info::{Builtin, ObjectKind};

impl Checker<'_> {
    /// Reports whether a function's body ends in a terminating statement.
    pub(super) fn is_terminating_body(&self, body: List<Stmt>) -> bool {
        let Some(last) = self.last_stmt(body) else {
            return false;
        };
        // Most bodies end in `return`; only others need the set of loops with a `break`.
        if let StmtKind::Return(_) = self.ast[last].kind {
            return true;
        }
        let mut breaks = Breaks {
            left: FxHashSet::default(),
            labels: Vec::new(),
        };
        self.find_breaks(body, None, &mut breaks);
        self.is_terminating(last, &breaks.left)
    }

    /// Returns the last statement that isn't empty.
    fn last_stmt(&self, list: List<Stmt>) -> Option<Stmt> {
        let is_kept = |stmt: &&Stmt| match self.ast[**stmt].kind {
            StmtKind::Empty => false,
            StmtKind::Decl(decls) => !decls.is_empty(),
            _ => true,
        };
        self.ast[list].iter().rev().find(is_kept).copied()
    }

    fn is_terminating_list(&self, list: List<Stmt>, left: &FxHashSet<Stmt>) -> bool {
        self.last_stmt(list)
            .is_some_and(|last| self.is_terminating(last, left))
    }

    fn is_terminating(&self, stmt: Stmt, left: &FxHashSet<Stmt>) -> bool {
        match self.ast[stmt].kind {
            StmtKind::Labeled { stmt, .. } => self.is_terminating(stmt, left),
            StmtKind::Block { list, .. } => self.is_terminating_list(list, left),
            StmtKind::Return(_) => true,
            StmtKind::Branch { kind, .. } => {
                matches!(kind, BranchKind::Goto | BranchKind::Fallthrough)
            }
            StmtKind::Expr(expr) => self.is_panic(expr),
            StmtKind::If { then, els, .. } => {
                self.is_terminating(then, left)
                    && els
                        .expand()
                        .is_some_and(|els| self.is_terminating(els, left))
            }
            StmtKind::For { cond, .. } => cond.is_none() && !left.contains(&stmt),
            StmtKind::Switch { body, .. } => {
                let clauses = &self.ast[body];
                let has_default = clauses
                    .iter()
                    .any(|&clause| self.ast[clause].cases.is_empty());
                let mut bodies = clauses.iter().map(|&clause| self.ast[clause].body);
                has_default
                    && !left.contains(&stmt)
                    && bodies.all(|body| self.is_terminating_list(body, left))
            }
            _ => false,
        }
    }

    fn is_panic(&self, expr: Expr) -> bool {
        let ExprKind::Call { fun, .. } = self.ast[self.unwrap(expr)].kind else {
            return false;
        };
        let object = self.object_of(self.unwrap(fun));
        object
            .is_some_and(|object| self.package[object].kind == ObjectKind::Builtin(Builtin::Panic))
    }

    /// Collects the loops and switches in a list that a `break` leaves. `around` is the target of an unlabeled `break`.
    fn find_breaks(&self, list: List<Stmt>, around: Option<Stmt>, breaks: &mut Breaks) {
        for &stmt in &self.ast[list] {
            self.find_breaks_in(stmt, around, None, breaks);
        }
    }

    fn find_breaks_in(
        &self,
        stmt: Stmt,
        around: Option<Stmt>,
        label: Option<Sym>,
        breaks: &mut Breaks,
    ) {
        match self.ast[stmt].kind {
            StmtKind::Labeled { label, stmt } => {
                self.find_breaks_in(stmt, around, self.ast.name(label), breaks);
            }
            StmtKind::Branch {
                kind: BranchKind::Break,
                label,
            } => match label.expand().and_then(|label| self.ast.name(label)) {
                Some(label) => {
                    let mut labels = breaks.labels.iter().rev();
                    if let Some(&(_, target)) = labels.find(|entry| entry.0 == label) {
                        breaks.left.insert(target);
                    }
                }
                None => breaks.left.extend(around),
            },
            StmtKind::Block { list, .. } => self.find_breaks(list, around, breaks),
            StmtKind::If { then, els, .. } => {
                self.find_breaks_in(then, around, None, breaks);
                els.expand()
                    .inspect(|&els| self.find_breaks_in(els, around, None, breaks));
            }
            StmtKind::For { body, .. } => {
                breaks.labels.extend(label.map(|label| (label, stmt)));
                self.find_breaks_in(body, Some(stmt), None, breaks);
                breaks
                    .labels
                    .truncate(breaks.labels.len() - usize::from(label.is_some()));
            }
            StmtKind::Switch { body, .. } => {
                breaks.labels.extend(label.map(|label| (label, stmt)));
                for &clause in &self.ast[body] {
                    self.find_breaks(self.ast[clause].body, Some(stmt), breaks);
                }
                breaks
                    .labels
                    .truncate(breaks.labels.len() - usize::from(label.is_some()));
            }
            _ => {}
        }
    }
}

/// The targets of `break` statements.
struct Breaks {
    left: FxHashSet<Stmt>,
    /// Labels of the enclosing loops and switches.
    labels: Vec<(Sym, Stmt)>,
}
