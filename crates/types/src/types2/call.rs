//! Calls, selectors, and expressions that are only looked at (gc: types2/call.go).

use minigo_base::{nearest, unicode};
use minigo_syntax::ast::{Expr, ExprKind, List};

use super::Checker;
use super::expr::Form;
use super::operand::{Mode, Operand, Source};
use super::universe::Export;
use crate::info::{self, ObjectKind};
use crate::ty::{Kind, Type};

impl Checker<'_> {
    pub(super) fn check_call(
        &mut self,
        call: Expr,
        fun: Expr,
        args: List<Expr>,
    ) -> (Operand, Form) {
        let values = &self.ast[args];
        let mut x = self.check_expr_or_type(fun);
        match x.mode {
            Mode::Invalid => {
                self.use_exprs(values);
                x.source = Source::Expr(call);
                return (x, Form::Statement);
            }
            Mode::Type => {
                let ty = x.ty;
                x.invalidate();
                if self.is_complete(ty) {
                    x = self.check_conversion(call, ty, values);
                }
                x.source = Source::Expr(call);
                return (x, Form::Conversion);
            }
            Mode::Builtin => {
                let (builtin, object) = x.builtin.expect("a predeclared function");
                let (mut x, form) = self.check_builtin(call, fun, builtin, object, values);
                x.source = Source::Expr(call);
                return (x, form);
            }
            _ => {}
        }
        if self.kind(x.ty) != Kind::Func {
            let (text, ty) = (self.describe(&x), self.type_text(x.ty));
            let message =
                format_args!("invalid operation: cannot call {text}: {ty} is not a function");
            self.operand_error(&x, message.to_string());
            x.invalidate();
            x.source = Source::Expr(call);
            return (x, Form::Statement);
        }
        let signature = self.underlying(x.ty);
        let operands = self.check_args(values);
        self.check_arguments(call, fun, signature, operands);
        let results = self.package.types[signature].results.clone();
        x.val = super::constant::Val::Unknown;
        x.source = Source::Expr(call);
        match results[..] {
            [] => {
                x.mode = Mode::NoValue;
            }
            [result] => {
                x.mode = Mode::Value;
                x.ty = result;
            }
            _ => {
                x.mode = Mode::Value;
                let tuple = self.result_tuples.get(&signature).copied();
                x.ty = tuple.unwrap_or_else(|| self.package.types.tuple(results));
            }
        }
        (x, Form::Statement)
    }

    /// Checks arguments. A single call with several results supplies all of them.
    pub(super) fn check_args(&mut self, args: &[Expr]) -> Vec<Operand> {
        let [arg] = *args else {
            return args.iter().map(|&arg| self.check_expr(arg)).collect();
        };
        let (mut x, _) = self.check_raw(arg);
        self.exclude(&mut x, &[Mode::NoValue, Mode::Builtin, Mode::Type]);
        if x.is_valid() && self.is_tuple(x.ty) {
            let results = self.package.types[x.ty].params.clone();
            let result = |ty| Operand::value(Source::Expr(arg), ty);
            return results.into_iter().map(result).collect();
        }
        vec![x]
    }

    /// Checks the number and types of arguments.
    fn check_arguments(&mut self, call: Expr, fun: Expr, signature: Type, args: Vec<Operand>) {
        let data = &self.package.types[signature];
        let (params, variadic) = (data.params.clone(), data.variadic);
        let has_dots = matches!(self.ast[call].kind, ExprKind::Call { has_dots: true, .. });
        let mut args = args;
        let mut wanted = params.clone();
        if has_dots && !variadic {
            let fun = self.text(fun);
            let message = format_args!("cannot use ... in call to non-variadic {fun}");
            return self.expr_error(call, message);
        }
        if has_dots {
            // The last argument would have to be a slice.
            return self.refuse(self.ast[call].pos, "slices");
        }
        if variadic {
            let last = wanted.pop().expect("a variadic parameter");
            while wanted.len() < args.len() {
                wanted.push(last);
            }
        }
        if args.len() != wanted.len() {
            let (mut pos, mut qualifier) = (self.start_pos(call), "not enough");
            if args.len() > wanted.len() {
                pos = self.operand_pos(&args[wanted.len()]);
                qualifier = "too many";
            } else if let Some(last) = args.last() {
                pos = self.operand_pos(last);
            }
            let have: Vec<Type> = args.iter().map(|x| x.ty).collect();
            let have = self.types_summary(&have, false, has_dots);
            let want = self.types_summary(&params, variadic, false);
            let fun = self.text(fun);
            let message =
                format!("{qualifier} arguments in call to {fun}\n\thave {have}\n\twant {want}");
            return self.error(pos, message);
        }
        if args.is_empty() {
            return;
        }
        let context = format!("argument to {}", self.text(fun));
        for (x, &ty) in args.iter_mut().zip(&wanted) {
            self.assignment(x, Some(ty), &context);
        }
    }

    /// Checks `x.sel`.
    pub(super) fn check_selector(
        &mut self,
        x: &mut Operand,
        expr: Expr,
        operand: Expr,
        sel: Expr,
        want_type: bool,
    ) {
        if let Some(object) = self.lookup_name(operand)
            && self.kind_of_object(object) == ObjectKind::Package
        {
            self.info_mut(operand).object = object.into();
            self.package.objects[object].used = true;
            return self.check_export(x, expr, object, sel);
        }
        let inner = self.check_expr_or_type(operand);
        let place = self.ast[sel].pos;
        match inner.mode {
            Mode::Invalid => return,
            Mode::Builtin => {
                let text = self.describe(&inner);
                let message = format_args!("invalid use of {text} in selector expression");
                return self.error(self.ast[expr].pos, message.to_string());
            }
            _ => {}
        }
        if !self.is_complete(inner.ty) {
            return;
        }
        if want_type {
            let text = self.text(expr);
            return self.error(place, format_args!("{text} is not a type"));
        }
        if self.underlying(inner.ty) == Type::INVALID {
            return;
        }
        let (text, ty, name) = (
            self.source_text(&inner),
            self.type_text(inner.ty),
            self.text(sel),
        );
        if self
            .ast
            .name(sel)
            .is_some_and(|sym| self.methods.contains(&sym))
        {
            return;
        }
        if self.underlying(inner.ty) == Type::ERROR && name == "Error" {
            return self.refuse(place, "interfaces");
        }
        let why = format!("type {ty} has no field or method {name}");
        self.error(place, format_args!("{text}.{name} undefined ({why})"));
    }

    /// Checks the name of another package's export.
    fn check_export(&mut self, x: &mut Operand, expr: Expr, package: info::Object, sel: Expr) {
        let known = self.imported_package(package);
        let name = self.text(sel);
        let Some(path) = known else { return };
        match self.export(path, &name) {
            Export::Known(object) => {
                self.info_mut(expr).object = object.into();
                self.info_mut(expr).mode = info::Mode::Callee;
                x.mode = Mode::Value;
                x.ty = self.object_type(object).unwrap_or(Type::INVALID);
            }
            Export::Unsupported => {
                let what = format!("{path}.{name}");
                self.refuse(self.ast[expr].pos, what);
            }
            Export::Nothing if name == "_" || !unicode::is_identifier(&name) => {}
            Export::Nothing => {
                let place = self.ast[sel].pos;
                let text = self.text(expr);
                let lower = name.to_lowercase();
                let mut same = self
                    .exported_names(path)
                    .filter(|known| known.to_lowercase() == lower);
                match same.next() {
                    Some(known) => {
                        let message = format!("undefined: {text} (but have {known})");
                        self.error(place, message);
                    }
                    None => {
                        let near = nearest(&name, self.exported_names(path));
                        let hint = near.map(|near| format!("did you mean {path}.{near}?"));
                        let hint = hint.unwrap_or_default();
                        self.error_with_hint(place, format_args!("undefined: {text}"), hint);
                    }
                }
            }
        }
    }

    /// Checks expressions whose value isn't needed, because of an error elsewhere. Returns whether they are all right.
    pub(super) fn use_exprs(&mut self, exprs: &[Expr]) -> bool {
        let mut ok = true;
        for &expr in exprs {
            ok &= self.use_one(expr, false);
        }
        ok
    }

    /// Checks one expression whose value isn't needed.
    pub(super) fn use_expr(&mut self, expr: Expr) {
        self.use_one(expr, false);
    }

    /// Like [`Self::use_exprs`], for left sides of assignments, which don't use variables.
    pub(super) fn use_lhs(&mut self, exprs: &[Expr]) -> bool {
        let mut ok = true;
        for &expr in exprs {
            ok &= self.use_one(expr, true);
        }
        ok
    }

    fn use_one(&mut self, expr: Expr, lhs: bool) -> bool {
        let inner = self.unparen(expr);
        if self.ast.name(inner).is_none() {
            return self.check_raw(expr).0.is_valid();
        }
        if self.is_blank(inner) {
            return true;
        }
        let variable = self.variable_named(inner).filter(|_| lhs);
        let used = variable.is_some_and(|object| self.package[object].used);
        let x = self.check_expr_or_type(inner);
        if let Some(object) = variable {
            self.package.objects[object].used = used;
        }
        x.is_valid()
    }
}
