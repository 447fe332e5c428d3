//! Statements.

use super::Printer;
use crate::ast::{Clause, Expr, List, Stmt, StmtKind};

impl Printer<'_> {
    pub(super) fn stmt(&mut self, stmt: Stmt) {
        match self.ast[stmt].kind {
            StmtKind::Empty => {}
            StmtKind::Labeled { label, stmt } => {
                self.outdent();
                self.expr(label);
                self.token(":");
                self.indent();
                self.newline();
                self.stmt(stmt);
            }
            StmtKind::Block { list, .. } => self.block(list),
            StmtKind::Expr(x) => self.expr(x),
            StmtKind::Send { chan, value } => {
                self.expr(chan);
                self.blank();
                self.token("<-");
                self.blank();
                self.expr(value);
            }
            StmtKind::Decl(decls) => self.decl_stmt(decls),
            StmtKind::Assign { lhs, rhs } => self.assign(lhs, "=", rhs),
            StmtKind::Define { lhs, rhs } => self.assign(lhs, ":=", rhs),
            StmtKind::AssignOp { op, lhs, rhs } => {
                self.expr(lhs);
                self.blank();
                self.operator(op.text());
                self.token("=");
                self.blank();
                self.expr(rhs);
            }
            StmtKind::IncDec { op, x } => {
                self.expr(x);
                self.operator(op.text());
                self.operator(op.text());
            }
            StmtKind::Branch { kind, label } => {
                self.word(kind.text());
                if let Some(label) = label.expand() {
                    self.blank();
                    self.expr(label);
                }
            }
            StmtKind::Call { kind, call } => {
                self.token(kind.text());
                self.blank();
                self.expr(call);
            }
            StmtKind::Return(results) => {
                self.word("return");
                if !results.is_empty() {
                    self.blank();
                    self.expr_list(results);
                }
            }
            StmtKind::If { .. } => self.if_chain(stmt),
            StmtKind::For {
                init,
                cond,
                post,
                body,
            } => self.for_stmt(init.expand(), cond.expand(), post.expand(), body),
            StmtKind::Range { lhs, def, x } => {
                if !lhs.is_empty() {
                    self.expr_list(lhs);
                    self.blank();
                    self.token(if def { ":=" } else { "=" });
                    self.blank();
                }
                self.token("range");
                self.blank();
                self.expr(x);
            }
            StmtKind::Switch {
                init, tag, body, ..
            } => {
                self.header("switch", init.expand(), tag.expand());
                self.clauses(body);
            }
            StmtKind::Select { body, .. } => {
                self.token("select");
                self.blank();
                self.clauses(body);
            }
        }
    }

    fn assign(&mut self, lhs: List<Expr>, op: &str, rhs: List<Expr>) {
        self.expr_list(lhs);
        self.blank();
        self.token(op);
        self.blank();
        self.expr_list(rhs);
    }

    fn block(&mut self, list: List<Stmt>) {
        self.token("{");
        if !list.is_empty() {
            self.newline();
            self.indent();
            self.nested(|p| p.stmt_list(list, true));
            self.outdent();
            self.newline();
        }
        self.close("}");
    }

    /// Prints statements. `before_brace` is set if a closing brace follows.
    fn stmt_list(&mut self, list: List<Stmt>, before_brace: bool) {
        let list = &self.ast[list];
        for (i, &stmt) in list.iter().enumerate() {
            self.stmt(stmt);
            self.semi();
            if i + 1 < list.len() {
                self.newline();
            } else if before_brace && self.ends_empty(stmt) {
                // The brace drops one semicolon, which would drop the empty statement with it.
                self.semi();
            }
        }
    }

    /// Reports whether a statement ends in an empty one. In one-line text, labels are not looked through, as in gc.
    fn ends_empty(&self, mut stmt: Stmt) -> bool {
        while let (StmtKind::Labeled { stmt: inner, .. }, true) = (self.ast[stmt].kind, self.lines)
        {
            stmt = inner;
        }
        matches!(self.ast[stmt].kind, StmtKind::Empty)
    }

    /// Prints the keyword and the header up to the body.
    fn header(&mut self, keyword: &str, init: Option<Stmt>, cond: Option<Expr>) {
        self.token(keyword);
        self.blank();
        let in_header = std::mem::replace(&mut self.in_header, true);
        if let Some(init) = init {
            self.stmt(init);
            self.semi();
            self.blank();
        }
        if let Some(cond) = cond {
            self.expr(cond);
            self.blank();
        }
        self.in_header = in_header;
    }

    fn if_chain(&mut self, mut stmt: Stmt) {
        while let StmtKind::If {
            init,
            cond,
            then,
            els,
        } = self.ast[stmt].kind
        {
            self.header("if", init.expand(), cond.expand());
            self.stmt(then);
            let Some(els) = els.expand() else { return };
            self.blank();
            self.token("else");
            self.blank();
            stmt = els;
        }
        self.stmt(stmt);
    }

    fn for_stmt(&mut self, init: Option<Stmt>, cond: Option<Expr>, post: Option<Stmt>, body: Stmt) {
        self.token("for");
        self.blank();
        let in_header = std::mem::replace(&mut self.in_header, true);
        let is_range = |stmt: Stmt| matches!(self.ast[stmt].kind, StmtKind::Range { .. });
        match (init, cond, post) {
            (None, None, None) => {}
            (None, Some(cond), None) => self.expr(cond),
            (Some(range), None, None) if is_range(range) => self.stmt(range),
            _ => {
                if let Some(init) = init {
                    self.stmt(init);
                }
                self.semi();
                self.blank();
                if let Some(cond) = cond {
                    self.expr(cond);
                }
                self.semi();
                if let Some(post) = post {
                    self.blank();
                    self.stmt(post);
                }
            }
        }
        self.blank();
        self.in_header = in_header;
        self.stmt(body);
    }

    fn clauses(&mut self, clauses: List<Clause>) {
        self.token("{");
        let list = &self.ast[clauses];
        if !list.is_empty() {
            self.newline();
        }
        for (i, &clause) in list.iter().enumerate() {
            self.nested(|p| p.clause(clause, i + 1 == list.len()));
            self.newline();
        }
        self.close("}");
    }

    fn clause(&mut self, clause: Clause, is_last: bool) {
        let clause = self.ast[clause];
        if let Some(comm) = clause.comm.expand() {
            self.token("case");
            self.blank();
            self.stmt(comm);
        } else if clause.cases.is_empty() {
            self.token("default");
        } else {
            self.token("case");
            self.blank();
            self.expr_list(clause.cases);
        }
        self.token(":");
        if !clause.body.is_empty() {
            self.newline();
            self.indent();
            self.stmt_list(clause.body, is_last);
            self.outdent();
        }
    }
}
