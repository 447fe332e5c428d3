//! Resolution of names in statements: blocks, and the errors about statements that gc reports while it builds its tree.

use minigo_syntax::ast::{BranchKind, Clause, Expr, ExprKind, List, Stmt, StmtKind};
use minigo_syntax::sym::Sym;

use super::Checker;
use super::resolve::ConstGroup;
use crate::info::Name;

impl Checker<'_> {
    /// Resolves a list of statements. `fall_ok` permits the last one to be `fallthrough`.
    pub(super) fn resolve_stmts(&mut self, list: List<Stmt>, fall_ok: bool) {
        let stmts = &self.ast[list];
        for (index, &stmt) in stmts.iter().enumerate() {
            self.resolve_stmt(stmt, fall_ok && index + 1 == stmts.len());
        }
    }

    pub(super) fn resolve_stmt(&mut self, stmt: Stmt, fall_ok: bool) {
        let data = self.ast[stmt];
        self.pos = data.pos;
        match data.kind {
            StmtKind::Empty => {}
            StmtKind::Labeled { stmt, .. } => self.resolve_stmt(stmt, fall_ok),
            StmtKind::Block { .. } => self.resolve_block(stmt),
            StmtKind::Expr(expr) => {
                self.suppress_after_bad(expr);
                self.resolve_expr(expr);
            }
            StmtKind::Decl(decls) => {
                let mut group = ConstGroup::default();
                for &decl in &self.ast[decls] {
                    self.declaration(decl, &mut group);
                }
            }
            StmtKind::Assign { lhs, rhs } => {
                self.resolve_exprs(rhs);
                self.resolve_exprs(lhs);
            }
            StmtKind::Define { lhs, rhs } => {
                self.resolve_exprs(rhs);
                self.define(data.pos, lhs);
            }
            StmtKind::AssignOp { lhs, rhs, .. } => {
                self.resolve_expr(lhs);
                self.resolve_expr(rhs);
            }
            StmtKind::IncDec { x, .. } => self.resolve_expr(x),
            StmtKind::Branch { kind, .. } => self.check_fallthrough(kind, fall_ok),
            StmtKind::Return(results) => {
                self.resolve_exprs(results);
                if results.is_empty() {
                    self.check_shadowed_results();
                }
            }
            StmtKind::Send { .. }
            | StmtKind::Call { .. }
            | StmtKind::Range { .. }
            | StmtKind::Select { .. } => self.resolve_unsupported_stmt(stmt),
            StmtKind::If { .. } | StmtKind::For { .. } | StmtKind::Switch { .. } => {
                self.resolve_control(stmt);
            }
        }
    }

    fn resolve_control(&mut self, stmt: Stmt) {
        self.open_scope();
        match self.ast[stmt].kind {
            StmtKind::If {
                init,
                cond,
                then,
                els,
            } => {
                init.expand()
                    .inspect(|&init| self.resolve_stmt(init, false));
                cond.expand().inspect(|&cond| self.resolve_expr(cond));
                self.resolve_block(then);
                els.expand().inspect(|&els| self.resolve_stmt(els, false));
            }
            StmtKind::For {
                init,
                cond,
                post,
                body,
            } => {
                init.expand()
                    .inspect(|&init| self.resolve_stmt(init, false));
                cond.expand().inspect(|&cond| self.resolve_expr(cond));
                post.expand()
                    .inspect(|&post| self.resolve_stmt(post, false));
                self.resolve_block(body);
            }
            StmtKind::Switch {
                init, tag, body, ..
            } => {
                init.expand()
                    .inspect(|&init| self.resolve_stmt(init, false));
                tag.expand().inspect(|&tag| self.resolve_expr(tag));
                self.resolve_clauses(body, tag.expand());
            }
            _ => {}
        }
        self.close_scope();
    }

    fn resolve_block(&mut self, block: Stmt) {
        if let StmtKind::Block { list, .. } = self.ast[block].kind {
            self.open_scope();
            self.resolve_stmts(list, false);
            self.close_scope();
        }
    }

    fn resolve_clauses(&mut self, clauses: List<Clause>, tag: Option<Expr>) {
        let clauses = &self.ast[clauses];
        let (is_type_switch, guard) = match tag.map(|tag| self.ast[tag].kind) {
            Some(ExprKind::TypeSwitchGuard { lhs, .. }) => (true, lhs.expand()),
            _ => (false, None),
        };
        for (index, &clause) in clauses.iter().enumerate() {
            let data = self.ast[clause];
            self.pos = data.pos;
            self.open_scope();
            self.resolve_exprs(data.cases);
            if let Some(guard) = guard {
                self.declare_unsupported(guard);
            }
            let body = &self.ast[data.body];
            // Trailing empty statements don't count for `fallthrough`.
            let is_empty = |stmt: &Stmt| matches!(self.ast[*stmt].kind, StmtKind::Empty);
            let n_empty = body.iter().rev().take_while(|&stmt| is_empty(stmt)).count();
            let body = &body[..body.len() - n_empty];
            for (position, &stmt) in body.iter().enumerate() {
                self.resolve_stmt(stmt, position + 1 == body.len());
            }
            let falls = body.last().is_some_and(|&last| self.is_fallthrough(last));
            if falls && is_type_switch {
                self.error("cannot fallthrough in type switch");
            }
            if falls && index + 1 == clauses.len() {
                self.error("cannot fallthrough final case in switch");
            }
            self.close_scope();
        }
    }

    /// Reports whether a statement is or ends in `fallthrough`. Blocks are transparent, as in gc.
    fn is_fallthrough(&self, mut stmt: Stmt) -> bool {
        loop {
            stmt = match self.ast[stmt].kind {
                StmtKind::Labeled { stmt, .. } => stmt,
                StmtKind::Block { list, .. } => {
                    let is_empty = |stmt: &Stmt| matches!(self.ast[*stmt].kind, StmtKind::Empty);
                    match self.ast[list].iter().rfind(|&stmt| !is_empty(stmt)) {
                        Some(&last) => last,
                        None => return false,
                    }
                }
                StmtKind::Branch { kind, .. } => return kind == BranchKind::Fallthrough,
                _ => return false,
            }
        }
    }

    /// Reports a bare `return` in a scope where a result is shadowed.
    fn check_shadowed_results(&mut self) {
        for index in 0..self.results.len() {
            let object = self.results[index];
            if let Name::Source(sym) = self.package[object].name
                && sym != Sym::BLANK
                && self.bindings[sym].def.expand() != Some(object)
            {
                let name = self.ast.text(sym);
                self.error(format_args!("{name} is shadowed during return"));
            }
        }
    }
}
