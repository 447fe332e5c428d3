//! Conversions (gc: types2/conversions.go).

use minigo_syntax::ast::{Expr, ExprKind};

use super::Checker;
use super::constant::{Val, rune_string};
use super::operand::{Mode, Operand, Source};
use crate::ty::Type;

impl Checker<'_> {
    /// Checks the conversion `call` to `ty`.
    pub(super) fn check_conversion(&mut self, call: Expr, ty: Type, args: &[Expr]) -> Operand {
        let name = self.type_text(ty);
        match *args {
            [] => {
                let message = format_args!("missing argument in conversion to {name}");
                self.expr_error(call, message);
            }
            [arg] => {
                let mut x = self.check_expr(arg);
                if x.is_valid() {
                    if let ExprKind::Call { has_dots: true, .. } = self.ast[call].kind {
                        let message = format_args!("invalid use of ... in conversion to {name}");
                        self.expr_error(arg, message);
                        x.invalidate();
                    } else {
                        self.convert(&mut x, ty);
                    }
                }
                return x;
            }
            [.., last] => {
                self.use_exprs(args);
                let message = format_args!("too many arguments in conversion to {name}");
                self.expr_error(last, message);
            }
        }
        let mut x = Operand::invalid(call);
        x.ty = ty;
        x
    }

    fn convert(&mut self, x: &mut Operand, ty: Type) {
        let constant = x.is_constant();
        let mut ok = false;
        if constant && self.is_const_type(ty) {
            let kind = self.kind(ty);
            if let Some(val) = x.val.represented(kind, None) {
                x.val = val;
                ok = true;
            } else if self.is_integer(x.ty) && self.is_string(ty) {
                x.val = rune_string(&x.val);
                ok = true;
            } else if self.is_integer(ty)
                && let val @ Val::Int(_) = x.val.to_int()
                && !self.is_integer(x.ty)
            {
                // Messages show the integer.
                x.val = val;
            } else if self.is_integer(x.ty) && self.is_integer(ty) {
                let name = self.type_text(ty);
                let message = format!("constant {} overflows {name}", x.val);
                self.operand_error(x, message);
                return x.invalidate();
            }
        } else if self.is_convertible(x, ty) {
            x.mode = Mode::Value;
            ok = true;
        }
        if !ok {
            let (text, name) = (self.describe(x), self.type_text(ty));
            let message = format_args!("cannot convert {text} to type {name}");
            self.operand_error(x, message.to_string());
            return x.invalidate();
        }
        if x.ty.is_untyped() {
            let last = if x.ty == Type::UNTYPED_NIL {
                ty
            } else if self.is_interface(ty) || constant && !self.is_const_type(ty) {
                self.default_type(x.ty)
            } else if x.is_constant() && self.is_integer(x.ty) && self.is_string(ty) {
                x.ty
            } else {
                ty
            };
            if let Source::Expr(expr) = x.source {
                self.update_type(expr, last, true);
            }
        }
        if x.is_nil() {
            x.mode = Mode::Value;
            x.val = Val::Unknown;
        }
        x.ty = ty;
    }

    fn is_convertible(&self, x: &Operand, ty: Type) -> bool {
        if self.is_assignable(x, ty) {
            return true;
        }
        let (from, to) = (self.underlying(x.ty), self.underlying(ty));
        let is_real = |ty| self.is_integer(ty) || self.is_float(ty);
        self.identical(from, to)
            || is_real(from) && is_real(to)
            || self.is_complex(from) && self.is_complex(to)
            || self.is_integer(from) && self.is_string(to)
    }
}
