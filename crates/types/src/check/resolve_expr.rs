//! Resolution of names and literals in expressions.

use minigo_syntax::ast::{BranchKind, Expr, ExprKind, List};
use minigo_syntax::sym::Sym;
use minigo_syntax::token::{LitKind, Operator};

use super::literal::literal_value;
use super::universe::Export;
use super::{Checker, mark};
use crate::constant::Value;
use crate::info::{Object, ObjectKind};

impl Checker<'_> {
    /// Resolves a list of expressions.
    pub(super) fn resolve_exprs(&mut self, exprs: List<Expr>) {
        for &expr in &self.ast[exprs] {
            self.resolve_expr(expr);
        }
    }

    /// Resolves the names in an expression and evaluates its literals. Refuses unsupported features.
    pub(super) fn resolve_expr(&mut self, expr: Expr) {
        let data = self.ast[expr];
        self.pos = data.pos;
        match data.kind {
            ExprKind::Bad => self.set_mark(expr, mark::DIAG),
            ExprKind::Name(sym) => self.resolve_name(expr, sym),
            ExprKind::BasicLit { kind, bad, text } => self.literal(expr, kind, bad, text),
            ExprKind::Paren(x) => self.resolve_expr(x),
            ExprKind::Unary { op, x } => {
                match op {
                    Operator::Recv => self.refuse(expr, "channels"),
                    Operator::And => self.refuse(expr, "pointers"),
                    _ => {}
                }
                self.resolve_expr(x);
            }
            ExprKind::Binary {
                op: Operator::Add,
                x,
                ..
            } if self.may_join(x) => self.resolve_sum(expr),
            ExprKind::Binary { x, y, .. } => {
                self.resolve_expr(x);
                self.resolve_expr(y);
            }
            ExprKind::Call {
                fun,
                args,
                has_dots,
                ..
            } => {
                self.resolve_expr(fun);
                self.resolve_exprs(args);
                if has_dots {
                    self.refuse(expr, "arguments with ...");
                }
            }
            ExprKind::Selector { x, sel } => self.resolve_selector(expr, x, sel),
            _ => self.resolve_unsupported(expr),
        }
    }

    fn resolve_name(&mut self, expr: Expr, sym: Sym) {
        if sym == Sym::BLANK {
            self.info_mut(expr).object = self.blank.into();
            return;
        }
        match self.bindings[sym].def.expand() {
            Some(object) if self.use_dot_import(expr, sym, object) => {
                self.info_mut(expr).object = object.into();
            }
            Some(_) => self.set_mark(expr, mark::REFUSED | mark::DIAG),
            None => self.set_mark(expr, mark::LATE),
        }
    }

    /// Resolves `fmt.Println`, or a field or method of a value, which no supported type has.
    fn resolve_selector(&mut self, expr: Expr, x: Expr, sel: Expr) {
        self.suppress_after_bad(x);
        self.resolve_expr(x);
        let package = self.info(x).object.expand();
        let package = package
            .filter(|&object| self.is_name(x) && self.package[object].kind == ObjectKind::Package);
        let (Some(package), Some(sel)) = (package, self.ast.name(sel)) else {
            return;
        };
        self.use_package_name(package, sel);
        let name = self.ast.text(sel);
        let known = self
            .imported_package(package)
            .and_then(|import| import.known);
        let Some(path) = known else {
            self.set_mark(expr, mark::REFUSED | mark::DIAG);
            return;
        };
        match self.export(path, name) {
            Export::Known(object) => self.info_mut(expr).object = object.into(),
            Export::Unsupported => {
                let what = format!("{path}.{name}");
                self.refuse_at(self.ast[x].pos, what);
                self.set_mark(expr, mark::REFUSED | mark::DIAG);
            }
            Export::Nothing => self.set_mark(expr, mark::LATE),
        }
    }

    /// Records the use of a package for one of its names, which must be exported (gc: subr.go, restrictlookup).
    pub(super) fn use_package_name(&mut self, package: Object, name: Sym) {
        self.package.objects[package].used = true;
        let name = self.ast.text(name);
        if name.chars().next().is_some_and(char::is_uppercase) {
            return;
        }
        if let Some(import) = self.imported_package(package) {
            let package = import.name.clone();
            self.error(format_args!(
                "cannot refer to unexported name {package}.{name}"
            ));
        }
    }

    /// Resolves a sum from the left. Adjacent string literals are joined (gc: noder.go, sum).
    fn resolve_sum(&mut self, expr: Expr) {
        let mut sums = Vec::new();
        let mut left = expr;
        while let ExprKind::Binary {
            op: Operator::Add,
            x,
            ..
        } = self.ast[left].kind
        {
            sums.push(left);
            left = x;
        }
        self.resolve_expr(left);
        let mut string = self.string_literal(left);
        for &sum in sums.iter().rev() {
            let ExprKind::Binary { y, .. } = self.ast[sum].kind else {
                continue;
            };
            self.resolve_expr(y);
            let right = self.string_literal(y);
            match (string, right) {
                (Some(string), Some(right)) => {
                    self.append_string(string, right);
                    self.package.collapsed.insert(sum);
                }
                (_, right) => string = right,
            }
        }
    }

    /// Reports whether a string literal to the right of `x` in a sum could be joined with it.
    fn may_join(&self, x: Expr) -> bool {
        let op = match self.ast[x].kind {
            ExprKind::Binary { op, .. } => Some(op),
            _ => None,
        };
        op == Some(Operator::Add) || self.string_literal(x).is_some()
    }

    fn string_literal(&self, expr: Expr) -> Option<Expr> {
        match self.ast[expr].kind {
            ExprKind::BasicLit {
                kind: LitKind::String,
                ..
            } => Some(expr),
            _ => None,
        }
    }

    fn append_string(&mut self, to: Expr, from: Expr) {
        let (Some(to), Some(from)) = (self.info(to).value.expand(), self.info(from).value.expand())
        else {
            return;
        };
        if let Value::String(tail) = std::mem::replace(&mut self.package.values[from], Value::Nil)
            && let Value::String(text) = &mut self.package.values[to]
        {
            text.extend_from_slice(&tail);
        }
    }

    fn literal(&mut self, expr: Expr, kind: LitKind, bad: bool, text: Sym) {
        if kind == LitKind::Imag {
            return self.refuse(expr, "complex numbers");
        }
        let text = if bad { "" } else { self.ast.text(text) };
        if kind == LitKind::Int
            && !text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            // gc stops at characters that the scanner has reported but kept.
            self.silent = true;
            return;
        }
        let value = literal_value(kind, text, &mut self.messages);
        self.report_messages();
        if bad {
            self.set_mark(expr, mark::DIAG);
        }
        self.info_mut(expr).ty = value.ideal_type();
        self.set_value(expr, value);
    }

    /// Checks that `fallthrough` ends a case.
    pub(super) fn check_fallthrough(&mut self, kind: BranchKind, allowed: bool) {
        if kind == BranchKind::Fallthrough && !allowed {
            self.error("fallthrough statement out of place");
        }
    }
}
