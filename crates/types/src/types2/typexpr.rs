//! Names and type expressions (gc: types2/typexpr.go).

use minigo_base::unicode;
use minigo_syntax::ast::{Expr, ExprKind};
use minigo_syntax::sym::Sym;
use minigo_syntax::token::Operator;

use super::Checker;
use super::constant::Val;
use super::operand::{Mode, Operand};
use crate::info::{self, Object, ObjectKind, VarKind};
use crate::ty::Type;

impl Checker<'_> {
    /// Checks a name. With `want_type`, one that isn't a type's is an error.
    pub(super) fn check_name(&mut self, x: &mut Operand, expr: Expr, want_type: bool) {
        let sym = self.ast.name(expr).unwrap_or(Sym::BLANK);
        let Some(object) = self.lookup(sym).filter(|_| sym != Sym::BLANK) else {
            if sym == Sym::BLANK {
                self.expr_error(expr, "cannot use _ as value or type");
            } else {
                if self.has_refused_dot_import() {
                    return;
                }
                let name = self.ast.text(sym);
                if unicode::is_identifier(name) {
                    let hint = self.name_like(name);
                    let message = format_args!("undefined: {name}");
                    self.error_with_hint(self.start_pos(expr), message, hint);
                }
            }
            return;
        };
        if object != self.iota {
            self.info_mut(expr).object = object.into();
        }
        let kind = self.kind_of_object(object);
        let is_type = kind == ObjectKind::TypeName;
        if !is_type && want_type && kind != ObjectKind::UnsupportedExtern {
            let (name, what) = (self.ast.text(sym), self.object_kind(object));
            self.expr_error(expr, format_args!("{name} ({what}) is not a type"));
            if let ObjectKind::Var(_) = kind {
                self.package.objects[object].used = true;
            }
            return;
        }
        let is_own = self.decl_of[object].is_some() || self.package[object].pos.is_known();
        if self.object_type(object).is_none() || is_type && want_type && is_own {
            self.check_object(object);
        }
        self.use_dot_import(object);
        let ty = self.object_type(object).unwrap_or(Type::INVALID);
        match kind {
            ObjectKind::Package => {
                let name = self.ast.text(sym);
                let message = format_args!("use of package {name} not in selector");
                return self.expr_error(expr, message);
            }
            ObjectKind::Const | ObjectKind::Iota => {
                self.add_dependency(object);
                if ty == Type::INVALID {
                    return;
                }
                x.val = if kind == ObjectKind::Iota {
                    let Some(iota) = self.env.iota else {
                        let message = "cannot use iota outside constant declaration";
                        return self.expr_error(expr, message);
                    };
                    Val::int(iota)
                } else {
                    self.values.get(&object).cloned().unwrap_or(Val::Unknown)
                };
                x.mode = Mode::Constant;
            }
            ObjectKind::TypeName => {
                if self.is_unsupported_type(ty) {
                    return self.refuse(self.ast[expr].pos, "interfaces");
                }
                x.mode = Mode::Type;
            }
            ObjectKind::Var(_) => {
                self.package.objects[object].used = true;
                self.add_dependency(object);
                if ty == Type::INVALID {
                    return;
                }
                x.mode = Mode::Variable;
            }
            ObjectKind::Func(_) => {
                self.add_dependency(object);
                self.info_mut(expr).mode = info::Mode::Callee;
                if ty == Type::INVALID {
                    return;
                }
                x.mode = Mode::Value;
            }
            ObjectKind::Extern(_) => {
                self.info_mut(expr).mode = info::Mode::Callee;
                x.mode = Mode::Value;
            }
            ObjectKind::UnsupportedExtern => {
                let text = self.text(expr);
                return self.refuse(self.ast[expr].pos, text);
            }
            ObjectKind::Builtin(builtin) => {
                self.info_mut(expr).mode = info::Mode::Callee;
                x.builtin = Some((builtin, object));
                x.mode = Mode::Builtin;
            }
            ObjectKind::Nil => x.mode = Mode::Nil,
        }
        x.ty = ty;
    }

    /// Records that the declaration being checked refers to an object of the package.
    fn add_dependency(&mut self, object: Object) {
        if let Some(decl) = self.env.decl
            && self.decl_of[object].is_some()
        {
            self.decls[decl].deps.push(object);
        }
    }

    /// Returns the name of an object's kind.
    fn object_kind(&self, object: Object) -> &'static str {
        match self.kind_of_object(object) {
            ObjectKind::Package => "package name",
            ObjectKind::Const | ObjectKind::Iota => "constant",
            ObjectKind::TypeName => "type",
            ObjectKind::Var(VarKind::Global) => "package-level variable",
            ObjectKind::Var(VarKind::Param) => "parameter",
            ObjectKind::Var(VarKind::Result) => "result variable",
            ObjectKind::Var(_) => "local variable",
            ObjectKind::Func(_) | ObjectKind::Extern(_) | ObjectKind::UnsupportedExtern => {
                "function"
            }
            ObjectKind::Builtin(_) => "built-in function",
            ObjectKind::Nil => "untyped nil",
        }
    }

    /// Checks a type expression. Returns the invalid type if it isn't one.
    pub(super) fn check_type(&mut self, expr: Expr) -> Type {
        let mut x = Operand::invalid(expr);
        match self.ast[expr].kind {
            ExprKind::Bad => {}
            ExprKind::Name(_) => self.check_name(&mut x, expr, true),
            ExprKind::Selector { x: operand, sel } => {
                self.check_selector(&mut x, expr, operand, sel, true);
            }
            ExprKind::Paren(inner) => return self.check_type(inner),
            ExprKind::Unary {
                op: Operator::Mul,
                x: inner,
            } => {
                self.refuse(self.ast[expr].pos, "pointers");
                self.check_type(inner);
            }
            ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::BasicLit { .. }
            | ExprKind::Call { .. }
            | ExprKind::CompositeLit { .. }
            | ExprKind::FuncLit { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Assert { .. }
            | ExprKind::TypeSwitchGuard { .. }
            | ExprKind::KeyValue { .. } => {
                let text = self.text(expr);
                self.expr_error(expr, format_args!("{text} is not a type"));
                self.use_expr(expr);
            }
            _ => self.check_unsupported(&mut x, expr),
        }
        match x.mode {
            Mode::Type => {
                self.record_type(expr, Mode::Type, x.ty, &Val::Unknown);
                x.ty
            }
            Mode::Invalid => Type::INVALID,
            _ => {
                let text = self.describe(&x);
                self.operand_error(&x, format_args!("{text} is not a type"));
                Type::INVALID
            }
        }
    }
}
