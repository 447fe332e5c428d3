//! Initialisation and assignment (gc: types2/assignments.go).

use minigo_base::Pos;
use minigo_syntax::ast::{Expr, ExprKind, List, Stmt};
use minigo_syntax::sym::Sym;

use super::Checker;
use super::expr::Failure;
use super::operand::{Mode, Operand};
use crate::info::{self, Object, ObjectKind};
use crate::ty::{Kind, Type};

impl Checker<'_> {
    /// Checks that `x` can be assigned to a variable of type `ty`, or to `_` if there is none, and gives it its final
    /// type. `context` names the assignment in messages.
    pub(super) fn assignment(&mut self, x: &mut Operand, ty: Option<Type>, context: &str) {
        self.single_value(x);
        match x.mode {
            Mode::Invalid => return,
            Mode::Nil | Mode::Constant | Mode::Variable | Mode::Value => {}
            Mode::NoValue | Mode::Builtin | Mode::Type => {
                let (text, ty) = (self.describe(x), self.opt_type_text(ty));
                let message = format_args!("cannot assign {text} to {ty} in {context}");
                self.operand_error(x, message);
                return x.invalidate();
            }
        }
        if x.ty.is_untyped() {
            let mut target = ty;
            if x.is_nil() {
                if ty.is_none() {
                    let message = format_args!("use of untyped nil in {context}");
                    self.operand_error(x, message);
                    return x.invalidate();
                }
            } else if ty.is_none_or(|ty| self.is_interface(ty)) {
                target = Some(self.default_type(x.ty));
            }
            let target = target.unwrap_or(Type::INVALID);
            match self.implicit_type(x, target) {
                Err(failure) => {
                    let (text, target) = (self.describe(x), self.type_text(target));
                    let why = match failure {
                        Failure::Truncated => " (truncated)",
                        Failure::Overflow => " (overflows)",
                        Failure::Invalid => "",
                    };
                    let message =
                        format_args!("cannot use {text} as {target} value in {context}{why}");
                    self.operand_error(x, message);
                    return x.invalidate();
                }
                Ok((ty, val)) => self.set_implicit(x, ty, val),
            }
        }
        let Some(ty) = ty else { return };
        if self.is_assignable(x, ty) {
            return;
        }
        if self.underlying(ty) == Type::ERROR
            && self.is_declared(x.ty)
            && self.refused_method("Error")
        {
            // The type may have the method, which has been refused.
            return x.invalidate();
        }
        let (text, name) = (self.describe(x), self.type_text(ty));
        let mut message = format!("cannot use {text} as {name} value in {context}");
        if self.underlying(ty) == Type::ERROR {
            let from = self.type_text(x.ty);
            message.push_str(&format!(
                ": {from} does not implement {name} (missing method Error)"
            ));
        } else if self.underlying(x.ty) == Type::INTERFACE {
            message.push_str(": need type assertion");
        }
        self.operand_error(x, message);
        x.invalidate();
    }

    fn opt_type_text(&self, ty: Option<Type>) -> String {
        ty.map_or_else(|| "<nil>".to_owned(), |ty| self.type_text(ty))
    }

    /// Reports whether an operand can be assigned to a variable of type `ty`.
    pub(super) fn is_assignable(&self, x: &Operand, ty: Type) -> bool {
        if !x.is_valid() || ty == Type::INVALID || self.identical(x.ty, ty) {
            return true;
        }
        match x.ty.is_untyped() {
            true => self.implicit_type(x, ty).is_ok(),
            false => self.typed_assignable(x.ty, ty),
        }
    }

    /// Checks the initial value of a variable, which takes the value's type unless it has one.
    pub(super) fn init_var(&mut self, object: Object, x: &mut Operand, context: &str) {
        let ty = self.object_type(object);
        if !x.is_valid() || x.ty == Type::INVALID || ty == Some(Type::INVALID) {
            if ty.is_none() {
                self.set_object_type(object, Type::INVALID);
            }
            return x.invalidate();
        }
        let ty = match ty {
            Some(ty) => ty,
            None if x.ty == Type::UNTYPED_NIL => {
                self.operand_error(x, format_args!("use of untyped nil in {context}"));
                self.set_object_type(object, Type::INVALID);
                return x.invalidate();
            }
            None => self.default_type(x.ty),
        };
        self.set_object_type(object, ty);
        self.assignment(x, Some(ty), context);
    }

    /// Checks the initial values of variables, or those that `stmt` returns.
    pub(super) fn init_vars(&mut self, lhs: &[Object], rhs: &[Expr], stmt: Option<Stmt>) {
        let context = match stmt {
            Some(_) => "return statement",
            None if lhs.len() > 1 => "multiple assignment",
            None => "assignment",
        };
        let is_call = matches!(rhs, [value] if self.is_call(*value));
        if lhs.len() == rhs.len() && !is_call {
            for (&object, &value) in lhs.iter().zip(rhs) {
                let mut x = self.check_expr(value);
                self.init_var(object, &mut x, context);
            }
            return;
        }
        let [value] = *rhs else {
            if self.use_exprs(rhs) {
                match stmt {
                    Some(stmt) => {
                        let values: Vec<Operand> =
                            rhs.iter().map(|&value| self.check_expr(value)).collect();
                        self.report_returned(self.ast[stmt].pos, lhs, &values);
                    }
                    None => self.report_assign_count(rhs, lhs.len(), rhs.len()),
                }
            }
            return self.invalidate_untyped_vars(lhs);
        };
        let mut values = self.check_multi(value);
        if values.len() == lhs.len() {
            for (&object, x) in lhs.iter().zip(&mut values) {
                self.init_var(object, x, context);
            }
            return;
        }
        if values[0].is_valid() {
            match stmt {
                Some(stmt) => self.report_returned(self.ast[stmt].pos, lhs, &values),
                None => self.report_assign_count(rhs, lhs.len(), values.len()),
            }
        }
        self.invalidate_untyped_vars(lhs);
    }

    fn invalidate_untyped_vars(&mut self, vars: &[Object]) {
        for &object in vars {
            if self.object_type(object).is_none() {
                self.set_object_type(object, Type::INVALID);
            }
        }
    }

    fn report_assign_count(&mut self, rhs: &[Expr], n_left: usize, n_right: usize) {
        let count = |number: usize, unit: &str| {
            let plural = if number == 1 { "" } else { "s" };
            format!("{number} {unit}{plural}")
        };
        let (vars, values) = (count(n_left, "variable"), count(n_right, "value"));
        if let [value] = *rhs
            && let ExprKind::Call { fun, .. } = self.ast[self.unparen(value)].kind
        {
            let fun = self.text(fun);
            let message = format_args!("assignment mismatch: {vars} but {fun} returns {values}");
            return self.expr_error(value, message);
        }
        self.expr_error(
            rhs[0],
            format_args!("assignment mismatch: {vars} but {values}"),
        );
    }

    fn report_returned(&mut self, pos: Pos, lhs: &[Object], rhs: &[Operand]) {
        let (mut pos, mut qualifier) = (pos, "not enough");
        if rhs.len() > lhs.len() {
            pos = self.operand_pos(&rhs[lhs.len()]);
            qualifier = "too many";
        } else if let Some(last) = rhs.last() {
            pos = self.operand_pos(last);
        }
        let have: Vec<Type> = rhs.iter().map(|x| x.ty).collect();
        let want = lhs.iter().map(|&object| self.object_type(object));
        let want: Vec<Type> = want.map(|ty| ty.unwrap_or(Type::INVALID)).collect();
        let have = self.types_summary(&have, false, false);
        let want = self.types_summary(&want, false, false);
        let message = format!("{qualifier} return values\n\thave {have}\n\twant {want}");
        self.error(pos, message);
    }

    /// Checks `lhs = rhs`.
    pub(super) fn assign_vars(&mut self, lhs: &[Expr], rhs: &[Expr]) {
        let context = match lhs.len() {
            1 => "assignment",
            _ => "multiple assignment",
        };
        let is_call = matches!(rhs, [value] if self.is_call(*value));
        if lhs.len() == rhs.len() && !is_call {
            for (&left, &right) in lhs.iter().zip(rhs) {
                self.assign_value(left, right, context);
            }
            return;
        }
        let [value] = *rhs else {
            let left = self.use_lhs(lhs);
            let right = self.use_exprs(rhs);
            if left && right {
                self.report_assign_count(rhs, lhs.len(), rhs.len());
            }
            return;
        };
        let mut values = self.check_multi(value);
        if values.len() == lhs.len() {
            for (&left, x) in lhs.iter().zip(&mut values) {
                self.assign_operand(left, x, context);
            }
            return;
        }
        if values[0].is_valid() {
            self.report_assign_count(rhs, lhs.len(), values.len());
        }
        self.use_lhs(lhs);
    }

    fn assign_value(&mut self, left: Expr, right: Expr, context: &str) {
        match self.check_lhs(left) {
            Some(Type::INVALID) => {
                self.use_exprs(&[right]);
            }
            ty => {
                let mut x = self.check_expr(right);
                self.assignment(&mut x, ty, blank_context(ty, context));
            }
        }
    }

    /// Checks the assignment of a checked value.
    pub(super) fn assign_operand(&mut self, left: Expr, x: &mut Operand, context: &str) {
        match self.check_lhs(left) {
            Some(Type::INVALID) => x.invalidate(),
            ty => self.assignment(x, ty, blank_context(ty, context)),
        }
    }

    /// Checks the left side of an assignment. Returns its type: none for `_`. It isn't a use of the variable.
    fn check_lhs(&mut self, left: Expr) -> Option<Type> {
        let name = self.unparen(left);
        if self.is_blank(name) {
            let blank = self.blank;
            self.info_mut(name).object = blank.into();
            return None;
        }
        let variable = self.variable_named(name);
        let used = variable.is_some_and(|object| self.package[object].used);
        let x = self.check_expr(left);
        if let Some(object) = variable {
            self.package.objects[object].used = used;
        }
        if !x.is_valid() || x.ty == Type::INVALID {
            return Some(Type::INVALID);
        }
        if x.mode == Mode::Variable {
            return Some(x.ty);
        }
        if let ExprKind::Selector { x: operand, .. } = self.ast[left].kind {
            self.check_expr(operand);
        }
        let text = self.source_text(&x);
        let message =
            format!("cannot assign to {text} (neither addressable nor a map index expression)");
        self.operand_error(&x, message);
        Some(Type::INVALID)
    }

    /// Returns the variable that a name denotes.
    pub(super) fn variable_named(&self, name: Expr) -> Option<Object> {
        let object = self.lookup_name(name)?;
        matches!(self.kind_of_object(object), ObjectKind::Var(_)).then_some(object)
    }

    /// Checks `lhs := rhs`.
    pub(super) fn check_define(&mut self, pos: Pos, lhs: List<Expr>, rhs: List<Expr>) {
        let (lhs, rhs) = (&self.ast[lhs], &self.ast[rhs]);
        let mut seen: Vec<Sym> = Vec::new();
        let mut vars: Vec<Option<Object>> = vec![None; lhs.len()];
        let mut new_vars = Vec::new();
        let mut has_error = false;
        for (index, &left) in lhs.iter().enumerate() {
            let Some(sym) = self.ast.name(left) else {
                self.use_lhs(&[left]);
                let text = self.text(left);
                self.expr_error(left, format_args!("non-name {text} on left side of :="));
                has_error = true;
                continue;
            };
            let name = self.ast.text(sym);
            if sym != Sym::BLANK {
                if seen.contains(&sym) {
                    let message = format_args!("{name} repeated on left side of :=");
                    self.expr_error(left, message);
                    has_error = true;
                    continue;
                }
                seen.push(sym);
            }
            if let Some(old) = self.scopes.in_innermost(sym) {
                let info = self.info_mut(left);
                info.object = old.into();
                if let ObjectKind::Var(_) = self.kind_of_object(old) {
                    vars[index] = Some(old);
                    // The name is recorded as an expression that is assigned to.
                    let ty = self.object_type(old).unwrap_or(Type::INVALID);
                    let ty = self.unalias(ty);
                    let info = self.info_mut(left);
                    info.ty = ty;
                    info.mode = info::Mode::Value;
                } else {
                    self.expr_error(left, format_args!("cannot assign to {name}"));
                    has_error = true;
                }
                continue;
            }
            let object = self.new_local(left);
            vars[index] = Some(object);
            if sym == Sym::BLANK {
                let blank = self.blank;
                self.info_mut(left).object = blank.into();
            } else {
                self.define_name(left, object);
                new_vars.push((sym, object));
            }
        }
        let vars: Vec<Object> = vars
            .into_iter()
            .zip(lhs)
            .map(|(object, &left)| {
                object.unwrap_or_else(|| {
                    let name = info::Name::Source(Sym::BLANK);
                    let kind = ObjectKind::Var(info::VarKind::Blank);
                    self.object(name, self.ast[left].pos, kind)
                })
            })
            .collect();
        self.init_vars(&vars, rhs, None);
        if new_vars.is_empty() && !has_error {
            let message = "no new variables on left side of :=";
            return self.error_with_hint(pos, message, "= assigns to variables that exist");
        }
        for (sym, object) in new_vars {
            self.declare(None, sym, object);
            self.add_declared(object);
        }
    }

    /// Reports whether a type is that of several results.
    pub(super) fn is_tuple(&self, ty: Type) -> bool {
        self.kind(ty) == Kind::Tuple
    }
}

/// Returns the name of an assignment, which is another one for `_`.
fn blank_context(ty: Option<Type>, context: &str) -> &str {
    match ty {
        None if context == "assignment" => "assignment to _ identifier",
        _ => context,
    }
}
