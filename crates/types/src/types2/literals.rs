//! Literals (gc: types2/literals.go).

use minigo_syntax::ast::{Expr, ExprKind};
use minigo_syntax::token::LitKind;

use super::Checker;
use super::constant::Val;
use super::operand::{Mode, Operand};
use crate::ty::Type;

impl Checker<'_> {
    /// Checks a basic literal.
    pub(super) fn check_literal(&mut self, x: &mut Operand, expr: Expr) {
        /// The longest number in bytes, underscores included.
        const LONGEST: usize = 10_000;
        let ExprKind::BasicLit { kind, text, .. } = self.ast[expr].kind else {
            return;
        };
        let text = self.ast.text(text);
        let is_number = matches!(kind, LitKind::Int | LitKind::Float | LitKind::Imag);
        if is_number && text.len() > LONGEST {
            let (start, length) = (&text[..10], text.len());
            let message = format!("excessively long constant: {start}... ({length} chars)");
            return self.expr_error(expr, message);
        }
        x.val = Val::of_literal(kind, text);
        if x.val.is_unknown() {
            return self.expr_error(expr, format_args!("malformed constant: {text}"));
        }
        x.mode = Mode::Constant;
        x.ty = match kind {
            LitKind::Int => Type::UNTYPED_INT,
            LitKind::Float => Type::UNTYPED_FLOAT,
            LitKind::Imag => Type::UNTYPED_COMPLEX,
            LitKind::Rune => Type::UNTYPED_RUNE,
            LitKind::String => Type::UNTYPED_STRING,
        };
        self.check_overflow(x, self.op_pos(expr));
    }
}
