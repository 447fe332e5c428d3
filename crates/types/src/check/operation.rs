//! Unary and binary operations (gc: typecheck.go, the arithmetic cases; const.go, evconst).

use std::cmp::Ordering;

use minigo_syntax::ast::{Expr, ExprKind, Stmt};
use minigo_syntax::token::Operator;
use num_traits::Zero;

use super::convert::{operator_allowed, unary_allowed};
use super::{Checker, Top, mark};
use crate::constant::{self, BinaryOp, Value};
use crate::info::Mode;
use crate::ty::{Kind, Type};

/// The construct that an operation belongs to, for messages.
#[derive(Clone, Copy)]
pub(super) enum Subject {
    Expr(Expr),
    Stmt(Stmt),
}

impl Checker<'_> {
    pub(super) fn check_unary(&mut self, expr: Expr, op: Operator, x: Expr) -> Option<Top> {
        let x = self.check_expr(x, Top::EXPR);
        let ty = self.ty(x);
        if ty == Type::INVALID {
            return None;
        }
        if !unary_allowed(op, self.kind(ty)) {
            let (op, name) = (op.text(), self.type_name(ty));
            self.error(format_args!("invalid operation: {op} {name}"));
            return None;
        }
        let info = self.info_mut(expr);
        info.ty = ty;
        info.mode = Mode::Value;
        if self.is_wrong_constant(x) {
            self.silent = true;
        }
        if let Some(value) = self.package.value(x) {
            let kind = self.package.types.kind(ty);
            let folded = match op {
                Operator::Sub => constant::negate(value),
                Operator::Xor => constant::complement(value, kind, &mut self.messages),
                Operator::Not => value.as_bool().map(|value| Value::Bool(!value)),
                _ => Some(value.clone()),
            };
            self.report_messages();
            self.set_constant(expr, folded);
        }
        Some(Top::EXPR)
    }

    pub(super) fn check_binary(
        &mut self,
        expr: Expr,
        op: Operator,
        x: Expr,
        y: Expr,
    ) -> Option<Top> {
        let x = self.check_expr(x, Top::EXPR);
        let y = self.check_right(x, y)?;
        let ty = self.check_operands(Subject::Expr(expr), op, x, Some(y))?;
        let info = self.info_mut(expr);
        info.ty = ty;
        info.mode = Mode::Value;
        if matches!(op, Operator::Shl | Operator::Shr)
            && self.is_wrong_constant(y)
            && let Some(shifted) = self.package.value(x)
        {
            shifted.to_int(&mut self.messages);
            self.report_messages();
        }
        self.suppress_folding_errors(x, y);
        if is_comparison(op) {
            self.fold_comparison(expr, op, x, y);
        } else if let Some(text) = self.fold_strings(x, y) {
            if !ty.is_untyped() {
                self.set_mark(expr, mark::TYPED_SUM);
            }
            self.set_constant(expr, Some(text));
        } else if let (Some(left), Some(right)) = (self.package.value(x), self.package.value(y)) {
            let folded = match op {
                Operator::Shl | Operator::Shr => {
                    constant::shift(left, op == Operator::Shr, right, &mut self.messages)
                }
                _ => binary_op(op)
                    .and_then(|op| constant::binary(left, op, right, &mut self.messages)),
            };
            self.report_messages();
            self.set_constant(expr, folded);
        }
        Some(Top::EXPR)
    }

    /// Checks the right operand. Returns none if it is missing and the left one is wrong, because gc doesn't look at it
    /// then.
    pub(super) fn check_right(&mut self, x: Expr, y: Expr) -> Option<Expr> {
        match self.is_missing(y) && self.ty(x) == Type::INVALID {
            true => None,
            false => Some(self.check_expr(y, Top::EXPR)),
        }
    }

    /// Suppresses further errors where gc stops: folding constants of which one has no value.
    fn suppress_folding_errors(&mut self, x: Expr, y: Expr) {
        let (left, right) = (self.is_wrong_constant(x), self.is_wrong_constant(y));
        let has_value = |expr: Expr| self.info(expr).value.is_some();
        self.silent |= left && (right || has_value(y)) || right && has_value(x);
    }

    /// Returns the sum of two constant strings. The text of a sum on the left is moved, not copied, so that long sums
    /// take linear time. That operand is not needed any more, because messages show the sum.
    fn fold_strings(&mut self, x: Expr, y: Expr) -> Option<Value> {
        let right = self.package.value(y)?.as_string()?.to_vec();
        let left = self.info(x).value.expand()?;
        let is_sum = matches!(self.ast[x].kind, ExprKind::Binary { .. });
        let value = &mut self.package.values[left];
        let mut text = match value {
            Value::String(text) if is_sum => std::mem::take(text),
            Value::String(text) => text.clone(),
            _ => return None,
        };
        text.extend_from_slice(&right);
        Some(Value::String(text))
    }

    fn fold_comparison(&mut self, expr: Expr, op: Operator, x: Expr, y: Expr) {
        if let (Some(left), Some(right)) = (self.package.value(x), self.package.value(y)) {
            let order = constant::compare(left, right);
            let holds = match op {
                Operator::Eql => order == Some(Ordering::Equal),
                Operator::Neq => order != Some(Ordering::Equal),
                Operator::Lss => order == Some(Ordering::Less),
                Operator::Leq => matches!(order, Some(Ordering::Less | Ordering::Equal)),
                Operator::Gtr => order == Some(Ordering::Greater),
                _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
            };
            self.set_value(expr, Value::Bool(holds));
        } else {
            self.default_both(x, y, true);
        }
    }

    /// Checks the operands of an operation against each other and returns its type; none after an error. `y` is none
    /// for the 1 of `x++`.
    pub(super) fn check_operands(
        &mut self,
        subject: Subject,
        op: Operator,
        x: Expr,
        y: Option<Expr>,
    ) -> Option<Type> {
        let right = |checker: &Self| y.map_or(Type::UNTYPED_INT, |y| checker.ty(y));
        if self.ty(x) == Type::INVALID || right(self) == Type::INVALID {
            return None;
        }
        if let (Operator::Shl | Operator::Shr, Some(y)) = (op, y) {
            return self.check_shift(subject, x, y);
        }
        if let Some(y) = y {
            self.default_both(x, y, false);
        }
        let (left, mut other) = (self.ty(x), right(self));
        if left == Type::INVALID || other == Type::INVALID {
            return None;
        }
        if y.is_none() && !left.is_untyped() {
            other = left;
        }
        let ty = match self.kind(left) {
            Kind::Ideal => other,
            _ => left,
        };
        let kind = self.kind(ty);
        if kind != Kind::Ideal && !left.is_identical(other) {
            let (mut left, mut other) = (left, other);
            if let Some(y) = y {
                self.default_both(x, y, true);
                (left, other) = (self.ty(x), self.ty(y));
            }
            if left != Type::INVALID && other != Type::INVALID {
                let text = self.print_subject(subject);
                self.report_mismatched(&text, left, other);
            }
            return None;
        }
        if !operator_allowed(op, kind) {
            let (text, op, kind) = (self.print_subject(subject), op.text(), self.kind_name(ty));
            self.error(format_args!(
                "invalid operation: {text} (operator {op} not defined on {kind})"
            ));
            return None;
        }
        if kind == Kind::Func {
            return self.check_func_operands(subject, x, y);
        }
        let zero = |y: Expr| {
            let value = self.package.value(y).and_then(Value::as_int);
            value.is_some_and(|int| int.value.is_zero())
        };
        if matches!(op, Operator::Div | Operator::Rem) && y.is_some_and(zero) {
            self.error("division by zero");
            return None;
        }
        Some(match is_comparison(op) {
            true => Type::UNTYPED_BOOL,
            false => left,
        })
    }

    /// Checks that functions are compared to `nil` only. Such a comparison is then refused.
    fn check_func_operands(&mut self, subject: Subject, x: Expr, y: Option<Expr>) -> Option<Type> {
        let is_nil = |expr: Expr| matches!(self.package.value(expr), Some(Value::Nil));
        if !is_nil(x) && !y.is_some_and(is_nil) {
            let text = self.print_subject(subject);
            self.error(format_args!(
                "invalid operation: {text} (func can only be compared to nil)"
            ));
            return None;
        }
        self.mark_unsupported(x, "function values");
        Some(Type::UNTYPED_BOOL)
    }

    fn check_shift(&mut self, subject: Subject, x: Expr, y: Expr) -> Option<Type> {
        self.default_literal(y, Some(Type::UINT));
        let count = self.ty(y);
        if count == Type::INVALID {
            // gc stops here.
            self.silent = true;
            return None;
        }
        if !self.kind(count).is_integer() {
            let (text, name) = (self.print_subject(subject), self.type_name(count));
            self.error(format_args!(
                "invalid operation: {text} (shift count type {name}, must be integer)"
            ));
            return None;
        }
        if self.kind(count).is_signed()
            && let Some(func) = self.func
        {
            // gc looks up the package of the function, and stops if an error has invalidated its type.
            self.silent |= self.package[self.package[func].object].ty == Type::INVALID;
        }
        let ty = self.ty(x);
        let kind = self.kind(ty);
        if kind != Kind::Ideal && !kind.is_integer() {
            let (text, name) = (self.print_subject(subject), self.type_name(ty));
            self.error(format_args!(
                "invalid operation: {text} (shift of type {name})"
            ));
            return None;
        }
        Some(ty)
    }

    pub(super) fn print_subject(&self, subject: Subject) -> String {
        match subject {
            Subject::Expr(expr) => self.print(expr),
            Subject::Stmt(stmt) => self.print_stmt(stmt),
        }
    }

    /// Returns the name of a type in messages about operators (gc: typecheck.go, typekind).
    fn kind_name(&self, ty: Type) -> String {
        let predeclared = match self.kind(ty) {
            Kind::Ideal => return "untyped number".to_owned(),
            Kind::Bool => Type::BOOL,
            Kind::String => Type::STRING,
            Kind::Interface => return "interface".to_owned(),
            Kind::Func => return "func".to_owned(),
            Kind::Nil => return "nil".to_owned(),
            _ => self.package.types[ty].underlying,
        };
        self.type_name(predeclared)
    }
}

pub(super) fn is_comparison(op: Operator) -> bool {
    use Operator::*;
    matches!(op, Eql | Neq | Lss | Leq | Gtr | Geq)
}

fn binary_op(op: Operator) -> Option<BinaryOp> {
    Some(match op {
        Operator::Add => BinaryOp::Add,
        Operator::Sub => BinaryOp::Sub,
        Operator::Mul => BinaryOp::Mul,
        Operator::Div => BinaryOp::Quo,
        Operator::Rem => BinaryOp::Rem,
        Operator::And => BinaryOp::And,
        Operator::Or => BinaryOp::Or,
        Operator::Xor => BinaryOp::Xor,
        Operator::AndNot => BinaryOp::AndNot,
        Operator::AndAnd => BinaryOp::AndAnd,
        Operator::OrOr => BinaryOp::OrOr,
        _ => return None,
    })
}
