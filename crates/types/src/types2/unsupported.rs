//! Refuses unsupported features of Go by name. Expressions inside them are checked nevertheless, so that names in them
//! count as used and errors are reported.

use std::fmt;

use minigo_base::Pos;
use minigo_syntax::ast::{CallKind, Clause, Decl, Expr, ExprKind, Field, List, Stmt, StmtKind};
use minigo_syntax::sym::Sym;

use super::operand::Operand;
use super::{Checker, Delayed};
use crate::info::{ObjectKind, VarKind};
use crate::refusal::feature_name;
use crate::ty::Type;

impl Checker<'_> {
    /// Refuses an unsupported feature of Go, silently after errors in literals.
    pub(super) fn refuse(&mut self, pos: Pos, what: impl fmt::Display) {
        self.n_refused += 1;
        if !self.quiet && !self.has_scan_errors {
            let message = format_args!("minigo does not support {what}");
            self.diags.error(pos, message);
        }
    }

    /// Looks at something that gc looks at only if a part is right whose type minigo doesn't know. Names in it count as used;
    /// nothing is reported.
    pub(super) fn quietly<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.quiet, true);
        let found = look(self);
        self.quiet = outer;
        found
    }

    /// Reports whether the package declares a method with a name, of any type. Methods are refused.
    pub(super) fn refused_method(&self, name: &str) -> bool {
        let sym = self.ast.interner.find(name);
        sym.is_some_and(|sym| self.methods.contains(&sym))
    }

    /// Looks up the type of a receiver. Names in brackets are type parameters.
    pub(super) fn use_receiver(&mut self, typ: Expr) {
        match self.ast[typ].kind {
            ExprKind::Paren(x) | ExprKind::Unary { x, .. } | ExprKind::Index { x, .. } => {
                self.use_receiver(x);
            }
            _ => self.use_expr(typ),
        }
    }

    /// Refuses an expression or type of an unsupported kind.
    pub(super) fn check_unsupported(&mut self, x: &mut Operand, expr: Expr) {
        let what = feature_name(self.ast[expr].kind);
        self.refuse(self.ast[expr].pos, what);
        x.invalidate();
        match self.ast[expr].kind {
            ExprKind::FuncLit { .. } => match self.env.in_body {
                true => self.check_closure(expr),
                false => self.delayed.push(Delayed::Closure(expr, self.env)),
            },
            ExprKind::FuncType { params, results } => {
                self.use_fields(params);
                self.use_fields(results);
            }
            ExprKind::CompositeLit { typ, elems, .. } => {
                typ.expand().inspect(|&typ| self.use_expr(typ));
                for &elem in &self.ast[elems] {
                    match self.ast[elem].kind {
                        ExprKind::KeyValue { key, value } => self.use_pair(key, value),
                        _ => self.use_element(elem),
                    }
                }
            }
            ExprKind::KeyValue { key, value } => {
                self.use_exprs(&[key, value]);
            }
            ExprKind::Index { x, index } => {
                if self.use_exprs(&[x]) {
                    self.use_expr(index);
                } else {
                    self.quietly(|checker| checker.use_expr(index));
                }
            }
            ExprKind::List(list) => {
                self.use_exprs(&self.ast[list]);
            }
            ExprKind::Slice { x, index, .. } => {
                self.use_expr(x);
                for index in index.into_iter().filter_map(|index| index.expand()) {
                    self.use_expr(index);
                }
            }
            ExprKind::Assert { x, typ } => {
                let x = self.check_raw(x).0;
                if x.is_valid() && self.is_interface(x.ty) {
                    self.check_type(typ);
                } else {
                    self.quietly(|checker| checker.check_type(typ));
                }
            }
            ExprKind::TypeSwitchGuard { x, .. } => self.use_expr(x),
            ExprKind::ArrayType { len, elem } => {
                len.expand().inspect(|&len| self.use_length(len));
                self.check_type(elem);
            }
            ExprKind::SliceType(elem)
            | ExprKind::DotsType(elem)
            | ExprKind::ChanType { elem, .. } => {
                self.check_type(elem);
            }
            ExprKind::MapType { key, value } => {
                self.check_type(key);
                self.check_type(value);
            }
            ExprKind::StructType(fields) => self.use_fields(fields),
            ExprKind::InterfaceType(methods) => {
                for &method in &self.ast[methods] {
                    let typ = self.ast[method].typ;
                    match self.ast[typ].kind {
                        ExprKind::FuncType { params, results } => {
                            self.use_fields(params);
                            self.use_fields(results);
                        }
                        ExprKind::Name(_) | ExprKind::Selector { .. } => self.use_expr(typ),
                        // Terms of a constraint.
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn use_element(&mut self, elem: Expr) {
        match self.ast[elem].kind {
            // Without a type, which is that of the elements.
            ExprKind::CompositeLit { typ, elems, .. } if typ.is_none() => {
                for &elem in &self.ast[elems] {
                    match self.ast[elem].kind {
                        ExprKind::KeyValue { key, value } => self.use_pair(key, value),
                        _ => self.use_element(elem),
                    }
                }
            }
            _ => self.use_expr(elem),
        }
    }

    /// Looks at an element with a key: the name of a field, or a value. gc doesn't look at elements with wrong keys.
    fn use_pair(&mut self, key: Expr, value: Expr) {
        let name = self.ast.name(key);
        match name.is_some_and(|sym| self.lookup(sym).is_none()) {
            true => self.quietly(|checker| checker.use_element(value)),
            false => self.use_element(value),
        }
    }

    /// Looks at the length of an array, which may be a type parameter without a constraint (gc: types2/typexpr.go,
    /// arrayLength).
    fn use_length(&mut self, len: Expr) {
        let Some(sym) = self.ast.name(len).filter(|&sym| sym != Sym::BLANK) else {
            return self.use_expr(len);
        };
        let name = self.ast.text(sym);
        let message = match self.lookup(sym).map(|object| self.kind_of_object(object)) {
            None if self.has_refused_dot_import() => return,
            None => format!("undefined array length {name} or missing type constraint"),
            Some(ObjectKind::Const | ObjectKind::Iota | ObjectKind::UnsupportedExtern) => {
                return self.use_expr(len);
            }
            Some(_) => format!("invalid array length {name}"),
        };
        self.expr_error(len, message);
    }

    fn use_fields(&mut self, fields: List<Field>) {
        let mut last = None;
        for &field in &self.ast[fields] {
            let typ = self.ast[field].typ;
            if last != Some(typ) {
                self.check_type(typ);
            }
            last = Some(typ);
        }
    }

    /// Refuses the type parameters of a declaration.
    pub(super) fn refuse_type_params(&mut self, decl: Decl) {
        let params = self.ast.type_params(decl);
        if let Some(&first) = params.and_then(|params| self.ast[params].first()) {
            self.refuse(self.ast[first].pos, "type parameters");
        }
    }

    /// Checks the body of a closure, which has been refused.
    pub(super) fn check_closure(&mut self, expr: Expr) {
        let ExprKind::FuncLit { typ, body } = self.ast[expr].kind else {
            return;
        };
        let ExprKind::FuncType { params, results } = self.ast[typ].kind else {
            return;
        };
        let (param_types, ..) = self.field_types(params);
        let (result_types, ..) = self.field_types(results);
        let outer_vars = self.scopes.begin_body();
        self.scopes.open();
        let mut result_objects = Vec::new();
        let kinds = [
            (params, VarKind::Param, param_types),
            (results, VarKind::Result, result_types),
        ];
        for (fields, kind, types) in kinds {
            for (&field, ty) in self.ast[fields].iter().zip(types) {
                let name = self.ast[field].name.expand();
                let object = match name {
                    Some(name) => self.new_object(name, ObjectKind::Var(kind)),
                    None => {
                        let name = crate::info::Name::Unnamed(0);
                        self.object(name, self.ast[field].pos, ObjectKind::Var(kind))
                    }
                };
                self.set_object_type(object, ty);
                if let Some(name) = name {
                    let sym = self.ast.name(name).unwrap_or(Sym::BLANK);
                    self.declare(Some(name), sym, object);
                }
                if kind == VarKind::Result {
                    result_objects.push(object);
                }
            }
        }
        let outer_results = std::mem::replace(&mut self.results, result_objects);
        let outer = self.env;
        self.env.func = None;
        self.env.in_body = true;
        if let StmtKind::Block { list, rbrace } = self.ast[body].kind {
            self.check_stmts(&self.ast[list]);
            self.check_end(body, rbrace);
        }
        self.env = outer;
        self.results = outer_results;
        self.scopes.close();
        self.scopes.end_body(outer_vars);
    }

    /// Refuses a statement of an unsupported kind.
    pub(super) fn check_unsupported_stmt(&mut self, stmt: Stmt) {
        let pos = self.ast[stmt].pos;
        match self.ast[stmt].kind {
            StmtKind::Send { chan, value } => {
                self.refuse(pos, "channels");
                self.use_exprs(&[chan, value]);
            }
            StmtKind::Call { kind, call } => {
                let (what, keyword) = match kind {
                    CallKind::Go => ("goroutines", "go"),
                    CallKind::Defer => ("defer", "defer"),
                };
                if !self.is_call(call) {
                    let message = format_args!("expression in {keyword} must be function call");
                    self.expr_error(call, message.to_string());
                    self.use_expr(call);
                    return;
                }
                self.refuse(pos, what);
                self.use_expr(call);
            }
            StmtKind::Select { body, .. } => {
                self.refuse(pos, "select");
                for &clause in &self.ast[body] {
                    let clause = &self.ast[clause];
                    self.scopes.open();
                    clause.comm.expand().inspect(|&comm| self.check_stmt(comm));
                    self.check_stmts(&self.ast[clause.body]);
                    self.scopes.close();
                }
            }
            _ => {}
        }
    }

    /// Refuses a type switch.
    pub(super) fn check_type_switch(&mut self, guard: Expr, body: List<Clause>) {
        let ExprKind::TypeSwitchGuard { lhs, x } = self.ast[guard].kind else {
            return;
        };
        let lhs = lhs.expand();
        if let Some(lhs) = lhs.filter(|&lhs| self.is_blank(lhs)) {
            self.expr_error(lhs, "no new variable on left side of :=");
        }
        let x = self.check_expr(x);
        if x.is_valid() && !self.is_interface(x.ty) {
            let text = self.describe(&x);
            self.operand_error(&x, format_args!("{text} is not an interface"));
        } else {
            self.refuse(self.ast[guard].pos, "type switches");
        }
        self.check_defaults(body);
        let mut vars = Vec::new();
        for &clause in &self.ast[body] {
            let data = &self.ast[clause];
            for &case in &self.ast[data.cases] {
                let is_nil = self.ast.name(case).and_then(|sym| self.lookup(sym));
                let is_nil =
                    is_nil.is_some_and(|object| self.kind_of_object(object) == ObjectKind::Nil);
                if !is_nil {
                    self.check_type(case);
                }
            }
            self.scopes.open();
            if let Some(lhs) = lhs
                && let Some(sym) = self.ast.name(lhs).filter(|&sym| sym != Sym::BLANK)
            {
                let object = self.new_object(lhs, ObjectKind::Var(VarKind::Local));
                self.set_object_type(object, Type::INVALID);
                self.declare(None, sym, object);
                vars.push(object);
            }
            self.check_stmts(&self.ast[data.body]);
            self.scopes.close();
        }
        let used = vars.iter().any(|&var| self.package[var].used);
        for var in vars {
            self.package.objects[var].used = true;
        }
        if let Some(lhs) = lhs.filter(|&lhs| !used && self.n_refused == 0 && !self.is_blank(lhs)) {
            let name = self.text(lhs);
            self.expr_error(lhs, format_args!("{name} declared and not used"));
        }
    }
}
