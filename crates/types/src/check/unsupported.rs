//! Refuses unsupported features of Go by name. Names inside them are resolved nevertheless, so that they count as used
//! and errors in their declarations are reported.

use minigo_syntax::ast::{CallKind, Expr, ExprKind, Field, List, Stmt, StmtKind};

use super::{Checker, mark};
use crate::info::{Object, ObjectKind};
use crate::refusal::feature_name;

impl Checker<'_> {
    /// Refuses an expression or type, once.
    pub(super) fn refuse(&mut self, expr: Expr, what: &str) {
        if !self.has_mark(expr, mark::REFUSED) {
            self.refuse_at(self.ast[expr].pos, what);
            self.set_mark(expr, mark::REFUSED | mark::DIAG);
        }
    }

    /// Refuses an expression or type and resolves the names in it.
    pub(super) fn resolve_unsupported(&mut self, expr: Expr) {
        self.refuse(expr, feature_name(self.ast[expr].kind));
        match self.ast[expr].kind {
            ExprKind::FuncLit { typ, body } => self.resolve_closure(typ, body),
            ExprKind::FuncType { params, results } => {
                self.resolve_fields(params);
                self.resolve_fields(results);
            }
            ExprKind::CompositeLit { typ, elems, .. } => {
                typ.expand().inspect(|&typ| self.resolve_expr(typ));
                for &elem in &self.ast[elems] {
                    match self.ast[elem].kind {
                        ExprKind::KeyValue { key, value } => {
                            self.resolve_expr(key);
                            self.suppress_after_bad(value);
                            self.resolve_expr(value);
                        }
                        _ => {
                            self.suppress_after_bad(elem);
                            self.resolve_expr(elem);
                        }
                    }
                }
            }
            ExprKind::Index { x, index } => {
                self.resolve_expr(x);
                self.resolve_expr(index);
            }
            ExprKind::Slice { x, index, .. } => {
                self.resolve_expr(x);
                for index in index.into_iter().filter_map(|index| index.expand()) {
                    self.resolve_expr(index);
                }
            }
            ExprKind::Assert { x, typ } => {
                self.resolve_expr(x);
                self.resolve_expr(typ);
            }
            ExprKind::TypeSwitchGuard { lhs, x } => {
                self.resolve_expr(x);
                if lhs.expand().is_some_and(|name| self.is_blank(name)) {
                    self.error("invalid variable name _ in type switch");
                }
            }
            ExprKind::ArrayType { len, elem } => {
                len.expand().inspect(|&len| self.resolve_expr(len));
                self.resolve_expr(elem);
            }
            ExprKind::SliceType(elem) | ExprKind::DotsType(elem) => self.resolve_expr(elem),
            ExprKind::ChanType { elem, .. } => self.resolve_expr(elem),
            ExprKind::MapType { key, value } => {
                self.resolve_expr(key);
                self.resolve_expr(value);
            }
            ExprKind::StructType(fields) => {
                for &field in &self.ast[fields] {
                    match self.ast[field].name.expand() {
                        Some(_) => {
                            self.pos = self.ast[field].pos;
                            self.resolve_expr(self.ast[field].typ);
                        }
                        None => self.resolve_embedded(field),
                    }
                }
                self.pos = self.ast[expr].pos;
            }
            ExprKind::InterfaceType(methods) => {
                for &method in &self.ast[methods] {
                    match self.ast[self.ast[method].typ].kind {
                        ExprKind::FuncType { params, results } => {
                            self.pos = self.ast[self.ast[method].typ].pos;
                            self.resolve_fields(params);
                            self.resolve_fields(results);
                            let name = self.ast[method].name.expand();
                            if name.is_some_and(|name| self.is_blank(name)) {
                                self.error("methods must have a unique non-blank name");
                            }
                        }
                        _ => self.resolve_embedded(method),
                    }
                }
            }
            _ => {}
        }
    }

    /// Resolves an embedded type of a struct or interface. gc looks only at its name (gc: noder.go, packname).
    fn resolve_embedded(&mut self, field: Field) {
        self.pos = self.ast[field].pos;
        let mut typ = self.ast[field].typ;
        if let ExprKind::Unary { x, .. } = self.ast[typ].kind {
            typ = x;
        }
        let ExprKind::Selector { x, sel } = self.ast[typ].kind else {
            self.suppress_after_bad(typ);
            return self.resolve_expr(typ);
        };
        let (Some(name), Some(sel)) = (self.ast.name(x), self.ast.name(sel)) else {
            return;
        };
        match self.bindings[name].def.expand() {
            None => {
                let message = format_args!("undefined: {}", self.ast.text(name));
                self.error(message);
            }
            Some(object) if self.package[object].kind == ObjectKind::Package => {
                self.use_package_name(object, sel);
            }
            Some(_) => {
                let message = format_args!("{} is not a package", self.ast.text(name));
                self.error(message);
            }
        }
    }

    fn resolve_closure(&mut self, typ: Expr, body: Stmt) {
        let ExprKind::FuncType { params, results } = self.ast[typ].kind else {
            return;
        };
        self.resolve_fields(params);
        self.resolve_fields(results);
        self.open_scope();
        self.declare_fields(params);
        let results = self.declare_fields(results);
        let outer = std::mem::replace(&mut self.results, results);
        if let StmtKind::Block { list, .. } = self.ast[body].kind {
            self.resolve_stmts(list, false);
        }
        self.results = outer;
        self.close_scope();
    }

    /// Declares the named fields.
    fn declare_fields(&mut self, fields: List<Field>) -> Vec<Object> {
        let names = self.ast[fields].iter();
        let names = names.filter_map(|&field| self.ast[field].name.expand());
        let names: Vec<Expr> = names.collect();
        let declare = |name| self.declare_unsupported(name);
        names.into_iter().map(declare).collect()
    }

    /// Refuses a statement and resolves the names in it.
    pub(super) fn resolve_unsupported_stmt(&mut self, stmt: Stmt) {
        let pos = self.ast[stmt].pos;
        match self.ast[stmt].kind {
            StmtKind::Send { chan, value } => {
                self.refuse_at(pos, "channels");
                self.resolve_expr(chan);
                self.resolve_expr(value);
            }
            StmtKind::Call { kind, call } => {
                let what = match kind {
                    CallKind::Go => "goroutines",
                    CallKind::Defer => "defer",
                };
                self.refuse_at(pos, what);
                self.resolve_expr(call);
            }
            StmtKind::Range { lhs, def, x } => {
                self.refuse_at(pos, "range");
                self.resolve_expr(x);
                match def {
                    true => self.define(pos, lhs),
                    false => self.resolve_exprs(lhs),
                }
            }
            StmtKind::Select { body, .. } => {
                self.refuse_at(pos, "select");
                for &clause in &self.ast[body] {
                    let clause = &self.ast[clause];
                    self.pos = clause.pos;
                    self.open_scope();
                    clause
                        .comm
                        .expand()
                        .inspect(|&comm| self.resolve_stmt(comm, false));
                    self.resolve_stmts(clause.body, false);
                    self.close_scope();
                }
            }
            _ => {}
        }
    }
}
