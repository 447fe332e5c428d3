//! Conversion of untyped expressions (gc: const.go, convlit and related functions).

use minigo_syntax::ast::{Expr, ExprKind};
use minigo_syntax::token::Operator;

use super::{Checker, mark};
use crate::constant::{Value, ValueKind};
use crate::info::Mode;
use crate::ty::{Kind, Type};

/// The reason for converting an untyped expression, which decides the wording of an error.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ConversionContext<'a> {
    /// An operation.
    Implicit,
    /// An explicit conversion.
    Explicit,
    /// An assignment or argument, with its name in messages.
    Use(&'a str),
}

impl Checker<'_> {
    /// Gives an untyped expression the type `ty`, or its default type.
    pub(super) fn default_literal(&mut self, expr: Expr, ty: Option<Type>) {
        self.convert_literal(expr, ty, ConversionContext::Implicit);
    }

    /// Gives an untyped expression the type `ty`, or its default type if `ty` is none or not a type of constants. Does
    /// nothing to a typed expression.
    pub(super) fn convert_literal(
        &mut self,
        expr: Expr,
        ty: Option<Type>,
        context: ConversionContext<'_>,
    ) {
        let old = self.ty(expr);
        if old == Type::INVALID || !old.is_untyped() {
            return;
        }
        if old == Type::UNTYPED_NIL {
            self.convert_nil(expr, ty);
            return;
        }
        let wanted = ty.filter(|&ty| is_constant_kind(self.kind(ty)));
        let ty = wanted.unwrap_or_else(|| default_type(self.ideal_kind(expr)));
        if self.info(expr).value.is_some() {
            self.convert_constant(expr, ty, context);
            return;
        }
        match self.ast[expr].kind {
            ExprKind::Unary { op, x } => {
                let x = self.unwrap(x);
                if !unary_allowed(op, self.kind(ty)) {
                    return self.operation_failed(expr, wanted, ty, context);
                }
                self.convert_literal(x, Some(ty), ConversionContext::Implicit);
                let failed = self.ty(x) == Type::INVALID;
                self.info_mut(expr).ty = if failed { Type::INVALID } else { ty };
            }
            ExprKind::Binary { op, x, y } => {
                self.convert_binary(expr, op, (x, y), wanted, ty, context);
            }
            _ => self.conversion_failed(expr, ty, context),
        }
    }

    fn convert_nil(&mut self, expr: Expr, ty: Option<Type>) {
        match ty {
            None => {
                self.error("use of untyped nil");
                self.set_mark(expr, mark::DIAG);
                self.info_mut(expr).ty = Type::INVALID;
            }
            Some(ty) if matches!(self.kind(ty), Kind::Interface | Kind::Func) => {
                self.info_mut(expr).ty = ty
            }
            // The caller handles it.
            Some(_) => {}
        }
    }

    fn convert_constant(&mut self, expr: Expr, ty: Type, context: ConversionContext<'_>) {
        let Some(value) = self.package.value(expr) else {
            return;
        };
        let types = &self.package.types;
        let kind = types.kind(ty);
        let explicit = context == ConversionContext::Explicit;
        let name = || types.display(ty);
        let converted = value.convert(kind, explicit, name, &mut self.messages);
        let unchanged = converted.as_ref() == Some(value);
        self.report_messages();
        match converted {
            Some(_) if unchanged => self.info_mut(expr).ty = ty,
            Some(value) => {
                self.set_value(expr, value);
                self.info_mut(expr).ty = ty;
            }
            None => self.conversion_failed(expr, ty, context),
        }
    }

    fn convert_binary(
        &mut self,
        expr: Expr,
        op: Operator,
        (x, y): (Expr, Expr),
        wanted: Option<Type>,
        ty: Type,
        context: ConversionContext<'_>,
    ) {
        let (x, y) = (self.unwrap(x), self.unwrap(y));
        match op {
            Operator::Eql
            | Operator::Neq
            | Operator::Lss
            | Operator::Leq
            | Operator::Gtr
            | Operator::Geq => {
                if self.kind(ty) == Kind::Bool {
                    self.info_mut(expr).ty = ty;
                } else {
                    self.conversion_failed(expr, ty, context);
                }
            }
            Operator::Shl | Operator::Shr => {
                let inner = match context {
                    ConversionContext::Explicit => ConversionContext::Explicit,
                    ConversionContext::Implicit | ConversionContext::Use(_) => {
                        ConversionContext::Implicit
                    }
                };
                self.convert_literal(x, Some(ty), inner);
                let ty = self.ty(x);
                self.info_mut(expr).ty = ty;
                if ty != Type::INVALID && !self.kind(ty).is_integer() {
                    let (text, name) = (self.print(expr), self.type_name(ty));
                    self.error(format_args!(
                        "invalid operation: {text} (shift of type {name})"
                    ));
                    self.info_mut(expr).ty = Type::INVALID;
                }
            }
            _ if !operator_allowed(op, self.kind(ty)) => {
                self.operation_failed(expr, wanted, ty, context);
            }
            _ => {
                self.convert_literal(x, Some(ty), ConversionContext::Implicit);
                self.convert_literal(y, Some(ty), ConversionContext::Implicit);
                let (left, right) = (self.ty(x), self.ty(y));
                self.info_mut(expr).ty = ty;
                if left == Type::INVALID || right == Type::INVALID {
                    self.info_mut(expr).ty = Type::INVALID;
                } else if !left.is_identical(right) {
                    self.report_mismatched(&self.print(expr), left, right);
                    self.info_mut(expr).ty = Type::INVALID;
                }
            }
        }
    }

    /// Handles an operation that its wanted type doesn't support: it is reported with its default type.
    fn operation_failed(
        &mut self,
        expr: Expr,
        wanted: Option<Type>,
        ty: Type,
        context: ConversionContext<'_>,
    ) {
        if wanted.is_some() {
            self.default_literal(expr, None);
        }
        self.conversion_failed(expr, ty, context);
    }

    /// Reports that the operands have different types.
    pub(super) fn report_mismatched(&mut self, operation: &str, left: Type, right: Type) {
        let (left, right) = (self.type_name(left), self.type_name(right));
        self.error(format_args!(
            "invalid operation: {operation} (mismatched types {left} and {right})"
        ));
    }

    fn conversion_failed(&mut self, expr: Expr, ty: Type, context: ConversionContext<'_>) {
        if !self.has_diag(expr) {
            let (long, name) = (self.print_long(expr), self.type_name(ty));
            if !self.package.types[ty].broken {
                match context {
                    ConversionContext::Explicit => {
                        self.error(format_args!("cannot convert {long} to type {name}"));
                    }
                    ConversionContext::Use(context) => {
                        self.error(format_args!(
                            "cannot use {long} as type {name} in {context}"
                        ));
                    }
                    ConversionContext::Implicit => {
                        self.error(format_args!("cannot use {long} as type {name}"));
                    }
                }
            }
            self.set_mark(expr, mark::DIAG);
        }
        self.info_mut(expr).ty = Type::INVALID;
    }

    /// Returns the kind that decides the default type of an untyped expression (gc: const.go, idealkind).
    pub(super) fn ideal_kind(&self, expr: Expr) -> ValueKind {
        let mut expr = expr;
        let mut kind = ValueKind::Int;
        loop {
            if let Some(value) = self.package.value(expr) {
                return kind.max(value.kind());
            }
            if self.kind_of(expr) == Kind::Bool {
                return ValueKind::Bool;
            }
            match self.ast[expr].kind {
                ExprKind::Unary { x, .. } => expr = self.unwrap(x),
                ExprKind::Binary {
                    op: Operator::Shl | Operator::Shr,
                    x,
                    ..
                } => expr = self.unwrap(x),
                ExprKind::Binary { x, y, .. } => {
                    let y = self.unwrap(y);
                    kind = kind.max(self.ideal_kind(y));
                    expr = self.unwrap(x);
                }
                _ => return kind,
            }
        }
    }

    /// Reconciles the types of two operands of which one or both are untyped. `force` gives two untyped ones a type
    /// (gc: const.go, defaultlit2).
    pub(super) fn default_both(&mut self, x: Expr, y: Expr, force: bool) {
        let (left, right) = (self.ty(x), self.ty(y));
        if left == Type::INVALID || right == Type::INVALID {
            return;
        }
        if !left.is_untyped() {
            return self.convert_literal(y, Some(left), ConversionContext::Implicit);
        }
        if !right.is_untyped() {
            return self.convert_literal(x, Some(right), ConversionContext::Implicit);
        }
        let same = |kind| (self.kind(left) == kind) == (self.kind(right) == kind);
        let nil = left == Type::UNTYPED_NIL || right == Type::UNTYPED_NIL;
        if !force || nil || !same(Kind::Bool) || !same(Kind::String) {
            return;
        }
        let ty = default_type(self.ideal_kind(x).max(self.ideal_kind(y)));
        self.convert_literal(x, Some(ty), ConversionContext::Implicit);
        self.convert_literal(y, Some(ty), ConversionContext::Implicit);
    }

    /// Converts an expression for assignment to type `ty`. `context` names the assignment in messages (gc: subr.go,
    /// assignconv).
    pub(super) fn assign_convert(&mut self, expr: Expr, ty: Type, context: &str) {
        let old = self.ty(expr);
        if old == Type::INVALID || self.package.types[old].broken {
            return;
        }
        let blank = self.kind(ty) == Kind::Blank;
        if blank && old == Type::UNTYPED_NIL {
            self.error("use of untyped nil");
        }
        self.convert_literal(expr, Some(ty), ConversionContext::Use(context));
        let from = self.ty(expr);
        if from == Type::INVALID || from.is_identical(ty) {
            return;
        }
        if self.is_assignable(from, ty) {
            return;
        }
        let (long, name) = (self.print_long(expr), self.type_name(ty));
        self.error(format_args!(
            "cannot use {long} as type {name} in {context}"
        ));
    }

    /// Reports whether a value of type `from` is assignable to type `to` (gc: subr.go, assignop).
    pub(super) fn is_assignable(&self, from: Type, to: Type) -> bool {
        if from.is_identical(to) {
            return true;
        }
        matches!(self.kind(to), Kind::Blank | Kind::Interface)
    }

    /// Folds an operation into its value and checks its range. Without a value, the expression loses its type (gc:
    /// const.go, setconst).
    pub(super) fn set_constant(&mut self, expr: Expr, value: Option<Value>) {
        let Some(mut value) = value else {
            self.info_mut(expr).ty = Type::INVALID;
            return;
        };
        let mut ty = self.ty(expr);
        if ty.is_untyped() {
            ty = value.ideal_type();
        }
        let before = self.set_pos(expr, true);
        let types = &self.package.types;
        let name = || types.display(ty);
        if let Value::Float(_) = value
            && !ty.is_untyped()
        {
            value = value.truncate_float(types.kind(ty), name, &mut self.messages);
        } else if !ty.is_untyped() {
            value.check_range(types.kind(ty), name, &mut self.messages);
        }
        self.report_messages();
        self.pos = before;
        self.set_value(expr, value);
        let info = self.info_mut(expr);
        info.ty = ty;
        info.mode = Mode::Value;
    }
}

/// Reports whether constants can have a type of `kind` (gc: okforconst).
pub(super) fn is_constant_kind(kind: Kind) -> bool {
    let number = kind.is_integer() || kind.is_float() || kind.is_complex();
    number || matches!(kind, Kind::Bool | Kind::String | Kind::Ideal)
}

/// Reports whether an operator is defined on values of `kind` (gc: okfor).
pub(super) fn operator_allowed(op: Operator, kind: Kind) -> bool {
    use Operator::*;
    let integer = kind.is_integer() || kind == Kind::Ideal;
    let number = integer || kind.is_float() || kind.is_complex();
    match op {
        And | Or | Xor | AndNot | Rem | Shl | Shr => integer,
        Add => number || kind == Kind::String,
        Sub | Mul | Div => number,
        Lss | Leq | Gtr | Geq => integer || kind.is_float() || kind == Kind::String,
        Eql | Neq => {
            number
                || matches!(
                    kind,
                    Kind::Bool | Kind::String | Kind::Interface | Kind::Func
                )
        }
        AndAnd | OrOr | Not => kind == Kind::Bool,
        Recv | Tilde => false,
    }
}

/// Reports whether a unary operator is defined on values of `kind`.
pub(super) fn unary_allowed(op: Operator, kind: Kind) -> bool {
    match op {
        Operator::Add => operator_allowed(Operator::Sub, kind),
        _ => operator_allowed(op, kind),
    }
}

fn default_type(kind: ValueKind) -> Type {
    match kind {
        ValueKind::Int => Type::INT,
        ValueKind::Rune => Type::RUNE,
        ValueKind::Float => Type::FLOAT64,
        ValueKind::String => Type::STRING,
        ValueKind::Bool => Type::BOOL,
        ValueKind::Nil => Type::INVALID,
    }
}
