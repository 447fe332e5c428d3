//! Terminating statements (gc: types2/return.go).

use minigo_syntax::ast::{BranchKind, Clause, List, Stmt, StmtKind};
use minigo_syntax::sym::Sym;

use super::Checker;

impl Checker<'_> {
    /// Reports whether control never reaches the end of a statement with the given label.
    pub(super) fn is_terminating(&self, stmt: Stmt, label: Option<Sym>) -> bool {
        let mut stmt = stmt;
        loop {
            match self.ast[stmt].kind {
                StmtKind::Labeled { label, stmt } => {
                    return self.is_terminating(stmt, self.ast.name(label));
                }
                StmtKind::Expr(expr) => return self.panics.contains(&self.unparen(expr)),
                StmtKind::Return(_) => return true,
                StmtKind::Branch { kind, .. } => {
                    return matches!(kind, BranchKind::Goto | BranchKind::Fallthrough);
                }
                StmtKind::Block { list, .. } => return self.is_terminating_list(&self.ast[list]),
                StmtKind::If { then, els, .. } => match els.expand() {
                    Some(els) if self.is_terminating(then, None) => stmt = els,
                    _ => return false,
                },
                StmtKind::Switch { body, .. } => return self.is_terminating_switch(body, label),
                StmtKind::Select { body, .. } => {
                    return self.ast[body].iter().all(|&clause| {
                        let list = &self.ast[self.ast[clause].body];
                        self.is_terminating_list(list) && !self.list_breaks(list, label, true)
                    });
                }
                StmtKind::For {
                    init, cond, body, ..
                } => {
                    let is_range =
                        |init: Stmt| matches!(self.ast[init].kind, StmtKind::Range { .. });
                    return cond.is_none()
                        && !init.expand().is_some_and(is_range)
                        && !self.breaks(body, label, true);
                }
                _ => return false,
            }
        }
    }

    fn is_terminating_list(&self, list: &[Stmt]) -> bool {
        let mut list = list.iter().rev();
        let last = list.find(|&&stmt| !matches!(self.ast[stmt].kind, StmtKind::Empty));
        last.is_some_and(|&stmt| self.is_terminating(stmt, None))
    }

    fn is_terminating_switch(&self, body: List<Clause>, label: Option<Sym>) -> bool {
        let mut has_default = false;
        for &clause in &self.ast[body] {
            let data = &self.ast[clause];
            has_default |= data.cases.is_empty();
            let list = &self.ast[data.body];
            if !self.is_terminating_list(list) || self.list_breaks(list, label, true) {
                return false;
            }
        }
        has_default
    }

    /// Reports whether a statement contains a `break` out of the statement with the given label, or with `implicit` one
    /// without a label.
    fn breaks(&self, stmt: Stmt, label: Option<Sym>, implicit: bool) -> bool {
        let mut stmt = stmt;
        loop {
            match self.ast[stmt].kind {
                StmtKind::Labeled { stmt: inner, .. } => stmt = inner,
                StmtKind::Branch {
                    kind: BranchKind::Break,
                    label: found,
                } => {
                    return match found.expand() {
                        Some(found) => label.is_some() && self.ast.name(found) == label,
                        None => implicit,
                    };
                }
                StmtKind::Block { list, .. } => {
                    return self.list_breaks(&self.ast[list], label, implicit);
                }
                StmtKind::If { then, els, .. } => {
                    if self.breaks(then, label, implicit) {
                        return true;
                    }
                    let Some(els) = els.expand() else {
                        return false;
                    };
                    stmt = els;
                }
                StmtKind::Switch { body, .. } | StmtKind::Select { body, .. } => {
                    return label.is_some()
                        && self.ast[body].iter().any(|&clause| {
                            let list = &self.ast[self.ast[clause].body];
                            self.list_breaks(list, label, false)
                        });
                }
                StmtKind::For { body, .. } => {
                    return label.is_some() && self.breaks(body, label, false);
                }
                _ => return false,
            }
        }
    }

    fn list_breaks(&self, list: &[Stmt], label: Option<Sym>, implicit: bool) -> bool {
        list.iter().any(|&stmt| self.breaks(stmt, label, implicit))
    }
}
