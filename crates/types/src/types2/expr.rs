//! Expressions (gc: types2/expr.go).

use minigo_base::Pos;
use minigo_syntax::ast::{Expr, ExprKind};
use minigo_syntax::token::Operator;

use super::constant::{Val, bit_len};
use super::operand::{Mode, Operand, Source};
use super::{Checker, Untyped};
use crate::ty::{Kind, Type};

/// What kind of expression was checked, which decides whether it can be a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Conversion,
    Expression,
    Statement,
}

/// Why an untyped value can't have a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    Truncated,
    Overflow,
    /// Any other reason.
    Invalid,
}

impl Checker<'_> {
    /// Checks an expression that must be a single value.
    pub(super) fn check_expr(&mut self, expr: Expr) -> Operand {
        let (mut x, _) = self.check_raw(expr);
        self.exclude(&mut x, &[Mode::NoValue, Mode::Builtin, Mode::Type]);
        self.single_value(&mut x);
        x
    }

    /// Checks an expression that may have several values. They are described as results of a function in messages.
    pub(super) fn check_multi(&mut self, expr: Expr) -> Vec<Operand> {
        let (mut x, _) = self.check_raw(expr);
        self.exclude(&mut x, &[Mode::NoValue, Mode::Builtin, Mode::Type]);
        if x.is_valid() && self.kind(x.ty) == Kind::Tuple {
            let results = self.package.types[x.ty].params.clone();
            let pos = self.start_pos(expr);
            let result = |(index, ty)| {
                let text = format!("{} function result", ordinal(index + 1));
                Operand::value(Source::Text(pos, text), ty)
            };
            return results.into_iter().enumerate().map(result).collect();
        }
        vec![x]
    }

    /// Checks an expression that may be a type.
    pub(super) fn check_expr_or_type(&mut self, expr: Expr) -> Operand {
        let (mut x, _) = self.check_raw(expr);
        self.exclude(&mut x, &[Mode::NoValue]);
        self.single_value(&mut x);
        x
    }

    /// Checks any expression and records what it is.
    pub(super) fn check_raw(&mut self, expr: Expr) -> (Operand, Form) {
        let (x, form) = self.check_any(expr);
        self.record(&x);
        (x, form)
    }

    fn check_any(&mut self, expr: Expr) -> (Operand, Form) {
        let mut x = Operand::invalid(expr);
        match self.ast[expr].kind {
            ExprKind::Bad => return (x, Form::Statement),
            ExprKind::Name(_) => self.check_name(&mut x, expr, false),
            ExprKind::BasicLit { bad, .. } => {
                if !bad {
                    self.check_literal(&mut x, expr);
                }
            }
            ExprKind::Paren(inner) => {
                let (mut x, form) = self.check_raw(inner);
                x.source = Source::Expr(expr);
                return (x, form);
            }
            ExprKind::Selector { x: operand, sel } => {
                self.check_selector(&mut x, expr, operand, sel, false);
            }
            ExprKind::Call { fun, args, .. } => return self.check_call(expr, fun, args),
            ExprKind::Unary {
                op: Operator::Mul,
                x: operand,
            } => self.check_indirection(&mut x, expr, operand),
            ExprKind::Unary { op, x: operand } => {
                self.check_unary(&mut x, expr, op, operand);
                if op == Operator::Recv && x.is_valid() {
                    return (x, Form::Statement);
                }
            }
            ExprKind::Binary {
                op,
                x: left,
                y: right,
            } => {
                x = self.check_binary(Some(expr), left, right, op);
            }
            _ => self.check_unsupported(&mut x, expr),
        }
        if !x.is_valid() {
            x.source = Source::Expr(expr);
            return (x, Form::Statement);
        }
        x.source = Source::Expr(expr);
        (x, Form::Expression)
    }

    /// Reports an operand of a kind that is not allowed here.
    pub(super) fn exclude(&mut self, x: &mut Operand, modes: &[Mode]) {
        if !modes.contains(&x.mode) {
            return;
        }
        let what = match x.mode {
            Mode::NoValue if modes.contains(&Mode::Type) => "used as value",
            Mode::NoValue => "used as value or type",
            Mode::Builtin => "must be called",
            _ => "is not an expression",
        };
        let text = self.describe(x);
        self.operand_error(x, format_args!("{text} {what}"));
        x.invalidate();
    }

    pub(super) fn single_value(&mut self, x: &mut Operand) {
        if x.mode == Mode::Value && self.kind(x.ty) == Kind::Tuple {
            let text = self.describe(x);
            let message = format_args!("multiple-value {text} in single-value context");
            self.operand_error(x, message);
            x.invalidate();
        }
    }

    fn check_indirection(&mut self, x: &mut Operand, expr: Expr, operand: Expr) {
        let inner = self.check_expr_or_type(operand);
        match inner.mode {
            Mode::Invalid => {}
            Mode::Type => self.refuse(self.ast[expr].pos, "pointers"),
            _ => {
                let text = self.describe(&inner);
                let message = format_args!("invalid operation: cannot indirect {text}");
                self.operand_error(&inner, message);
            }
        }
        x.invalidate();
    }

    fn check_unary(&mut self, x: &mut Operand, expr: Expr, op: Operator, operand: Expr) {
        *x = self.check_expr(operand);
        if !x.is_valid() {
            return;
        }
        let mut op = op;
        match op {
            Operator::And => {
                if x.mode == Mode::Variable {
                    self.refuse(self.ast[expr].pos, "pointers");
                } else {
                    let text = self.describe(x);
                    let message = format_args!("invalid operation: cannot take address of {text}");
                    self.operand_error(x, message);
                }
                return x.invalidate();
            }
            Operator::Recv => {
                let text = self.describe(x);
                let ty = self.type_text(x.ty);
                let message =
                    format_args!("invalid operation: cannot receive from non-channel {ty} {text}");
                self.operand_error(x, message.to_string());
                return x.invalidate();
            }
            Operator::Tilde => {
                let pos = self.start_pos(expr);
                if !self.is_integer(x.ty) {
                    self.error(pos, "cannot use ~ outside of interface or type constraint");
                    return x.invalidate();
                }
                self.error(
                    pos,
                    "cannot use ~ outside of interface or type constraint (use ^ for bitwise complement)",
                );
                op = Operator::Xor;
            }
            _ => {}
        }
        let defined = match op {
            Operator::Add | Operator::Sub => self.is_numeric(x.ty),
            Operator::Xor => self.is_integer(x.ty),
            Operator::Not => self.is_boolean(x.ty),
            _ => false,
        };
        if !defined {
            return self.report_undefined_operator(x, op);
        }
        if x.mode == Mode::Constant {
            if x.val.is_unknown() {
                return;
            }
            let bits = match self.is_unsigned(x.ty) {
                true => self.kind(x.ty).size() * 8,
                false => 0,
            };
            x.val = x.val.unary(op, bits);
            x.source = Source::Expr(expr);
            self.check_overflow(x, self.op_pos(expr));
            return;
        }
        x.mode = Mode::Value;
    }

    fn report_undefined_operator(&mut self, x: &mut Operand, op: Operator) {
        let (op, text) = (op.text(), self.describe(x));
        let message = format_args!("invalid operation: operator {op} not defined on {text}");
        self.operand_error(x, message);
        x.invalidate();
    }

    /// Checks that a constant is representable by its type; that one without a type isn't too large (gc:
    /// types2/const.go, overflow).
    pub(super) fn check_overflow(&mut self, x: &mut Operand, op_pos: Pos) {
        if x.val.is_unknown() {
            return self.error(op_pos, "constant result is not representable");
        }
        if !x.ty.is_untyped() {
            let under = self.underlying(x.ty);
            return self.check_representable(x, under);
        }
        const LIMIT: u64 = 512;
        if let Val::Int(int) = &x.val
            && bit_len(int) > LIMIT
        {
            let name = x.expr().map_or("", |expr| self.operation_name(expr));
            self.error(op_pos, format_args!("constant {name}overflow"));
            x.val = Val::Unknown;
        }
        /// Bytes of the longest string. gc's limit is some thirty times that.
        const LONGEST: usize = 1 << 26;
        if let Val::Str(bytes) = &x.val
            && bytes.len() > LONGEST
        {
            self.refuse(op_pos, format_args!("strings of more than {LONGEST} bytes"));
            x.val = Val::Unknown;
        }
    }

    /// Returns the name of an operation that may overflow, followed by a space.
    fn operation_name(&self, expr: Expr) -> &'static str {
        match self.ast[expr].kind {
            ExprKind::Unary {
                op: Operator::Xor, ..
            } => "bitwise complement ",
            ExprKind::Binary { op, .. } => match op {
                Operator::Add => "addition ",
                Operator::Sub => "subtraction ",
                Operator::Xor => "bitwise XOR ",
                Operator::Mul => "multiplication ",
                Operator::Shl => "shift ",
                _ => "",
            },
            _ => "",
        }
    }

    /// Gives a constant the representation that it has in a basic type, or reports that it has none.
    pub(super) fn check_representable(&mut self, x: &mut Operand, ty: Type) {
        match self.representation(x, ty) {
            Ok(val) => x.val = val,
            Err(failure) => {
                self.report_conversion(failure, x, ty);
                x.invalidate();
            }
        }
    }

    /// Returns the value that a constant has in a basic type.
    fn representation(&self, x: &Operand, ty: Type) -> Result<Val, Failure> {
        let ideal = ty.is_untyped().then_some(ty);
        if let Some(val) = x.val.represented(self.kind(ty), ideal) {
            return Ok(val);
        }
        Err(match self.is_numeric(x.ty) && self.is_numeric(ty) {
            true if !self.is_integer(x.ty) && self.is_integer(ty) => Failure::Truncated,
            true => Failure::Overflow,
            false => Failure::Invalid,
        })
    }

    fn report_conversion(&mut self, failure: Failure, x: &Operand, ty: Type) {
        let (text, ty) = (self.describe(x), self.type_text(ty));
        let message = match failure {
            Failure::Truncated => format!("{text} truncated to {ty}"),
            Failure::Overflow => format!("{text} overflows {ty}"),
            Failure::Invalid => format!("cannot convert {text} to type {ty}"),
        };
        self.operand_error(x, message);
    }

    /// Returns the type, and for a constant the value, that an untyped operand has where `target` is expected.
    pub(super) fn implicit_type(
        &self,
        x: &Operand,
        target: Type,
    ) -> Result<(Type, Option<Val>), Failure> {
        if !x.is_valid() || !x.ty.is_untyped() || target == Type::INVALID {
            return Ok((x.ty, None));
        }
        if target.is_untyped() {
            return match self.larger_type(x.ty, target) {
                Some(ty) => Ok((ty, None)),
                None => Err(Failure::Invalid),
            };
        }
        if x.is_nil() {
            return match self.has_nil(target) {
                true => Ok((target, None)),
                false => Err(Failure::Invalid),
            };
        }
        let under = self.underlying(target);
        match self.kind(under) {
            Kind::Interface if under == Type::INTERFACE => Ok((self.default_type(x.ty), None)),
            _ if !self.is_const_type(under) => Err(Failure::Invalid),
            _ if x.mode == Mode::Constant => {
                let val = self.representation(x, under)?;
                Ok((target, Some(val)))
            }
            _ => {
                let fits = match x.ty {
                    Type::UNTYPED_BOOL => self.is_boolean(target),
                    Type::UNTYPED_STRING => self.is_string(target),
                    Type::UNTYPED_NIL => false,
                    _ => self.is_numeric(target),
                };
                match fits {
                    true => Ok((target, None)),
                    false => Err(Failure::Invalid),
                }
            }
        }
    }

    /// Returns the larger of two untyped types, if values of both can be of one.
    fn larger_type(&self, x: Type, y: Type) -> Option<Type> {
        if x == y {
            return Some(x);
        }
        (self.is_numeric(x) && self.is_numeric(y)).then(|| x.max(y))
    }

    /// Gives an untyped operand the type `target`, or reports that it can't have it.
    pub(super) fn convert_untyped(&mut self, x: &mut Operand, target: Type) {
        match self.implicit_type(x, target) {
            Err(failure) => {
                let under = self.underlying(target);
                self.report_conversion(failure, x, under);
                x.invalidate();
            }
            Ok((ty, val)) => self.set_implicit(x, ty, val),
        }
    }

    pub(super) fn set_implicit(&mut self, x: &mut Operand, ty: Type, val: Option<Val>) {
        if let Some(val) = val {
            if let Some(expr) = x.expr()
                && let Some(untyped) = self.untyped.get_mut(&expr)
            {
                untyped.val = val.clone();
            }
            x.val = val;
        }
        if ty != x.ty {
            x.ty = ty;
            if let Some(expr) = x.expr() {
                self.update_type(expr, ty, false);
            }
        }
    }

    /// Gives an untyped expression and its operands a type. Unless it is untyped and not `last`, the facts about them
    /// are recorded (gc: updateExprType).
    pub(super) fn update_type(&mut self, expr: Expr, ty: Type, last: bool) {
        let Some(old) = self.untyped.get(&expr) else {
            return;
        };
        let constant = old.mode == Mode::Constant;
        match self.ast[expr].kind {
            ExprKind::Paren(x) => self.update_type(x, ty, last),
            ExprKind::Unary { op, x } if op != Operator::Mul && !constant => {
                self.update_type(x, ty, last);
            }
            ExprKind::Binary { op, x, y } if !constant => {
                if is_shift(op) {
                    self.update_type(x, ty, last);
                } else if !is_comparison(op) {
                    self.update_type(x, ty, last);
                    self.update_type(y, ty, last);
                }
            }
            _ => {}
        }
        if !last && ty.is_untyped() {
            if let Some(untyped) = self.untyped.get_mut(&expr) {
                untyped.ty = ty;
            }
            return;
        }
        let Some(Untyped {
            is_lhs,
            mode,
            ty: old_type,
            mut val,
        }) = self.untyped.remove(&expr)
        else {
            return;
        };
        if is_lhs && !self.is_integer(ty) {
            let (text, name) = (self.text(expr), self.type_text(ty));
            let message =
                format!("invalid operation: shifted operand {text} (type {name}) must be integer");
            return self.expr_error(expr, message);
        }
        if mode == Mode::Constant {
            let mut x = Operand {
                mode,
                source: Source::Expr(expr),
                ty: old_type,
                val: val.clone(),
                builtin: None,
            };
            self.convert_untyped(&mut x, ty);
            if !x.is_valid() {
                return;
            }
            // Folded values are as later stages have them.
            if !ty.is_untyped() {
                val = x.val;
            }
        }
        self.record_type(expr, mode, ty, &val);
    }

    /// Checks `left op right`. `expr` is the operation; none in an assignment.
    pub(super) fn check_binary(
        &mut self,
        expr: Option<Expr>,
        left: Expr,
        right: Expr,
        op: Operator,
    ) -> Operand {
        let mut x = self.check_expr(left);
        let mut y = self.check_expr(right);
        if !x.is_valid() {
            return x;
        }
        if !y.is_valid() {
            x.invalidate();
            x.source = y.source;
            return x;
        }
        if is_shift(op) {
            self.check_shift(&mut x, &mut y, expr, op);
            return x;
        }
        self.match_types(&mut x, &mut y);
        if !x.is_valid() {
            return x;
        }
        if is_comparison(op) {
            self.check_comparison(&mut x, &mut y, op, false);
            return x;
        }
        if !self.identical(x.ty, y.ty) {
            if x.ty != Type::INVALID && y.ty != Type::INVALID {
                let operation = match expr {
                    Some(expr) => self.text(expr),
                    None => {
                        let (left, right) = (self.text(left), self.text(right));
                        format!("{left} {}= {right}", op.text())
                    }
                };
                let (left, right) = (self.type_text(x.ty), self.type_text(y.ty));
                let message =
                    format!("invalid operation: {operation} (mismatched types {left} and {right})");
                self.operand_error(&x, message);
            }
            x.invalidate();
            return x;
        }
        if !self.is_defined(op, x.ty) {
            self.report_undefined_operator(&mut x, op);
            return x;
        }
        if matches!(op, Operator::Div | Operator::Rem) && self.divides_by_zero(&x, &y) {
            self.operand_error(&y, "invalid operation: division by zero");
            x.invalidate();
            return x;
        }
        if x.is_constant() && y.is_constant() {
            if x.val.is_unknown() || y.val.is_unknown() {
                x.val = Val::Unknown;
                return x;
            }
            let integer = self.is_integer(x.ty);
            x.val = x.val.binary(op, &y.val, integer);
            if let Some(expr) = expr {
                x.source = Source::Expr(expr);
                self.check_overflow(&mut x, self.op_pos(expr));
            } else {
                self.check_overflow(&mut x, Pos::NONE);
            }
            return x;
        }
        x.mode = Mode::Value;
        x
    }

    fn divides_by_zero(&self, x: &Operand, y: &Operand) -> bool {
        if !y.is_constant() {
            return false;
        }
        if (x.is_constant() || self.is_integer(x.ty)) && y.val.sign() == 0 {
            return true;
        }
        if x.is_constant() && self.is_complex(x.ty) {
            let square = |part: Val| part.binary(Operator::Mul, &part, false);
            return square(y.val.real()).sign() == 0 && square(y.val.imag()).sign() == 0;
        }
        false
    }

    fn is_defined(&self, op: Operator, ty: Type) -> bool {
        use Operator::*;
        match op {
            Add => self.is_numeric(ty) || self.is_string(ty),
            Sub | Mul | Div => self.is_numeric(ty),
            Rem | And | Or | Xor | AndNot => self.is_integer(ty),
            AndAnd | OrOr => self.is_boolean(ty),
            _ => false,
        }
    }

    /// Gives untyped operands each other's types where that is possible.
    pub(super) fn match_types(&mut self, x: &mut Operand, y: &mut Operand) {
        if !self.may_convert(x, y) {
            return;
        }
        self.convert_untyped(x, y.ty);
        if !x.is_valid() {
            return;
        }
        self.convert_untyped(y, x.ty);
        if !y.is_valid() {
            x.invalidate();
        }
    }

    fn may_convert(&self, x: &Operand, y: &Operand) -> bool {
        if !x.ty.is_untyped() && !y.ty.is_untyped() {
            return false;
        }
        if self.is_numeric(x.ty) != self.is_numeric(y.ty) {
            return false;
        }
        if self.is_interface(x.ty) || self.is_interface(y.ty) {
            return true;
        }
        if self.is_boolean(x.ty) != self.is_boolean(y.ty)
            || self.is_string(x.ty) != self.is_string(y.ty)
        {
            return false;
        }
        if x.is_nil() {
            return self.has_nil(y.ty);
        }
        if y.is_nil() {
            return self.has_nil(x.ty);
        }
        true
    }

    /// Checks a comparison, or that of a case with the tag of a `switch`, where `x` is the case.
    pub(super) fn check_comparison(
        &mut self,
        x: &mut Operand,
        y: &mut Operand,
        op: Operator,
        is_case: bool,
    ) {
        if x.ty == Type::INVALID || y.ty == Type::INVALID {
            return x.invalidate();
        }
        if let Some((at_y, cause)) = self.incomparable(x, y, op) {
            let wrong = if at_y { &*y } else { &*x };
            let cause = cause.unwrap_or_else(|| {
                let what = match self.composite_kind(wrong.ty) {
                    Some(kind) => kind.to_owned(),
                    None => self.type_text(wrong.ty),
                };
                format!("operator {} not defined on {what}", op.text())
            });
            let (left, right) = (self.source_text(x), self.source_text(y));
            if is_case {
                let message = format!("invalid case {left} in switch on {right} ({cause})");
                self.operand_error(x, message);
            } else {
                let op = op.text();
                let message = format!("invalid operation: {left} {op} {right} ({cause})");
                self.operand_error(&wrong.clone(), message);
            }
            return x.invalidate();
        }
        if x.is_constant() && y.is_constant() {
            x.val = Val::Bool(x.val.compare(op, &y.val));
        } else {
            x.mode = Mode::Value;
            for operand in [&*x, &*y] {
                if let Some(expr) = operand.expr() {
                    let ty = self.default_type(operand.ty);
                    self.update_type(expr, ty, true);
                }
            }
        }
        x.ty = Type::UNTYPED_BOOL;
    }

    /// Returns whether the second of two operands is at fault that can't be compared, and why.
    fn incomparable(
        &self,
        x: &Operand,
        y: &Operand,
        op: Operator,
    ) -> Option<(bool, Option<String>)> {
        if !self.is_assignable(x, y.ty) && !self.is_assignable(y, x.ty) {
            let (left, right) = (self.type_text(x.ty), self.type_text(y.ty));
            return Some((true, Some(format!("mismatched types {left} and {right}"))));
        }
        if matches!(op, Operator::Eql | Operator::Neq) {
            if x.is_nil() || y.is_nil() {
                let ty = if x.is_nil() { y.ty } else { x.ty };
                let both = x.is_nil() && y.is_nil();
                return (both || !self.has_nil(ty)).then_some((true, None));
            }
            for (at_y, operand) in [(false, x), (true, y)] {
                if !self.is_comparable(operand.ty) {
                    let kind = self.composite_kind(operand.ty);
                    let cause = kind.filter(|&kind| kind == "func");
                    let cause = cause.map(|kind| format!("{kind} can only be compared to nil"));
                    return Some((at_y, cause));
                }
            }
            return None;
        }
        if !self.is_ordered(x.ty) {
            return Some((false, None));
        }
        (!self.is_ordered(y.ty)).then_some((true, None))
    }

    fn check_shift(&mut self, x: &mut Operand, y: &mut Operand, expr: Option<Expr>, op: Operator) {
        let integer = match x.is_constant() {
            true => x.val.to_int(),
            false => Val::Unknown,
        };
        if !(self.is_integer(x.ty) || x.ty.is_untyped() && integer.is_int()) {
            return self.report_shifted(x);
        }
        let mut count = Val::Unknown;
        if y.is_constant() {
            count = y.val.to_int();
            if count.is_int() && count.sign() < 0 {
                let text = self.describe(y);
                let message = format_args!("invalid operation: negative shift count {text}");
                self.operand_error(y, message);
                return x.invalidate();
            }
            if y.ty.is_untyped() {
                self.check_representable(y, Type::UINT);
                if !y.is_valid() {
                    return x.invalidate();
                }
            }
        } else if self.is_integer(y.ty) {
            // Of an integer type, or without a type yet.
        } else if y.ty.is_untyped() {
            self.convert_untyped(y, Type::UINT);
            if !y.is_valid() {
                return x.invalidate();
            }
        } else {
            let text = self.describe(y);
            let message = format_args!("invalid operation: shift count {text} must be integer");
            self.operand_error(y, message);
            return x.invalidate();
        }
        if x.is_constant() {
            if y.is_constant() {
                return self.fold_shift(x, y, integer, count, expr, op);
            }
            if x.ty.is_untyped() {
                // The operand is checked when its type is known.
                if let Some(expr) = x.expr()
                    && let Some(untyped) = self.untyped.get_mut(&expr)
                {
                    untyped.is_lhs = true;
                }
                x.mode = Mode::Value;
                return;
            }
        }
        if !self.is_integer(x.ty) {
            return self.report_shifted(x);
        }
        x.mode = Mode::Value;
    }

    fn report_shifted(&mut self, x: &mut Operand) {
        let text = self.describe(x);
        let message = format_args!("invalid operation: shifted operand {text} must be integer");
        self.operand_error(x, message);
        x.invalidate();
    }

    fn fold_shift(
        &mut self,
        x: &mut Operand,
        y: &Operand,
        integer: Val,
        count: Val,
        expr: Option<Expr>,
        op: Operator,
    ) {
        /// The largest exponent of a `float64`, with the bits of its mantissa.
        const MAX_SHIFT: u64 = 1023 - 1 + 52;
        let is_integer = self.is_integer(x.ty);
        if x.val.is_unknown() || y.val.is_unknown() {
            x.val = Val::Unknown;
            if !is_integer {
                x.ty = Type::UNTYPED_INT;
            }
            return;
        }
        let Some(bits) = count.as_u64().filter(|&bits| bits <= MAX_SHIFT) else {
            let text = self.describe(y);
            let message = format_args!("invalid operation: invalid shift count {text}");
            self.operand_error(y, message);
            return x.invalidate();
        };
        if !is_integer {
            x.ty = Type::UNTYPED_INT;
        }
        x.val = integer.shift(op == Operator::Shr, bits);
        if let Some(expr) = expr {
            x.source = Source::Expr(expr);
            self.check_overflow(x, self.op_pos(expr));
        } else {
            self.check_overflow(x, Pos::NONE);
        }
    }
}

pub(super) fn is_shift(op: Operator) -> bool {
    matches!(op, Operator::Shl | Operator::Shr)
}

pub(super) fn is_comparison(op: Operator) -> bool {
    use Operator::*;
    matches!(op, Eql | Neq | Lss | Leq | Gtr | Geq)
}

/// Returns a number as `1st`, `2nd`, `3rd`, `4th`.
fn ordinal(number: usize) -> String {
    let suffix = match number {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
    format!("{number}{suffix}")
}
