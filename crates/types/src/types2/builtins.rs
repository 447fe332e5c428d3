//! Calls of predeclared functions (gc: types2/builtins.go).

use minigo_syntax::ast::{Expr, ExprKind};
use minigo_syntax::token::Operator;

use super::Checker;
use super::constant::Val;
use super::expr::Form;
use super::operand::{Mode, Operand};
use super::universe::arity;
use crate::info::{Builtin, Object};
use crate::ty::Type;

impl Checker<'_> {
    /// Checks a call of a predeclared function.
    pub(super) fn check_builtin(
        &mut self,
        call: Expr,
        fun: Expr,
        builtin: Builtin,
        object: Object,
        args: &[Expr],
    ) -> (Operand, Form) {
        let name = self.name(object).to_owned();
        let (n_args, variadic, form) = arity(&name);
        let wrong = (Operand::invalid(call), form);
        let has_dots = matches!(self.ast[call].kind, ExprKind::Call { has_dots: true, .. });
        if has_dots && name != "append" {
            let message =
                format_args!("invalid operation: invalid use of ... with built-in {name}");
            self.expr_error(call, message.to_string());
            self.use_exprs(args);
            return wrong;
        }
        if builtin == Builtin::Unsupported {
            self.refuse(self.start_pos(fun), &name);
            match args {
                // The others don't count if the type is wrong.
                [typ, others @ ..] if name == "make" => {
                    let known = self.diags.len();
                    self.check_type(*typ);
                    match self.diags.len() == known {
                        true => self.use_exprs(others),
                        false => self.quietly(|checker| checker.use_exprs(others)),
                    }
                }
                _ => self.use_exprs(args),
            };
            return wrong;
        }
        let mut operands = self.check_values(args);
        if operands.iter().any(|x| !x.is_valid()) {
            if builtin == Builtin::Panic && self.n_refused > 0 {
                // What it is passed may be right.
                self.panics.insert(call);
            }
            return wrong;
        }
        // Messages show the type of the first argument as that of a wrong call.
        let mut wrong = wrong;
        if let Some(first) = operands.first() {
            wrong.0.ty = first.ty;
        }
        let count = operands.len();
        let amount = match () {
            () if count < n_args => "not enough",
            () if !variadic && count > n_args => "too many",
            () => "",
        };
        if !amount.is_empty() {
            let text = self.text(call);
            let message = format!(
                "invalid operation: {amount} arguments for {text} (expected {n_args}, found {count})"
            );
            self.expr_error(call, message);
            return wrong;
        }
        let x = match builtin {
            Builtin::Len => self.check_len(call, operands),
            Builtin::Min => self.check_min_max(call, operands, &name, Operator::Lss),
            Builtin::Max => self.check_min_max(call, operands, &name, Operator::Gtr),
            Builtin::Panic => {
                self.panics.insert(call);
                self.assignment(&mut operands[0], Some(Type::INTERFACE), "argument to panic");
                self.no_value(call, &operands)
            }
            Builtin::Print | Builtin::Println | Builtin::Unsupported => {
                let context = format!("argument to built-in {name}");
                for x in &mut operands {
                    self.assignment(x, None, &context);
                    if !x.is_valid() {
                        break;
                    }
                }
                self.no_value(call, &operands)
            }
        };
        (x, form)
    }

    /// Checks a list of arguments. A single call with several results supplies all of them.
    fn check_values(&mut self, args: &[Expr]) -> Vec<Operand> {
        match *args {
            [arg] => self.check_multi(arg),
            _ => args.iter().map(|&arg| self.check_expr(arg)).collect(),
        }
    }

    fn no_value(&self, call: Expr, operands: &[Operand]) -> Operand {
        let mut x = Operand::invalid(call);
        if operands.iter().all(Operand::is_valid) {
            x.mode = Mode::NoValue;
        }
        x
    }

    fn check_len(&mut self, call: Expr, operands: Vec<Operand>) -> Operand {
        let x = &operands[0];
        let mut result = Operand::invalid(call);
        result.ty = x.ty;
        if !self.is_string(x.ty) {
            if self.underlying(x.ty) != Type::INVALID {
                let text = self.describe(x);
                let message = format_args!("invalid argument: {text} for built-in len");
                self.operand_error(x, message.to_string());
            }
            return result;
        }
        result.ty = Type::INT;
        result.mode = Mode::Value;
        if x.is_constant() {
            result.mode = Mode::Constant;
            if let Val::Str(bytes) = &x.val {
                result.val = Val::int(bytes.len());
            }
        }
        result
    }

    fn check_min_max(
        &mut self,
        call: Expr,
        operands: Vec<Operand>,
        name: &str,
        op: Operator,
    ) -> Operand {
        let exprs: Vec<Option<Expr>> = operands.iter().map(Operand::expr).collect();
        let mut operands = operands.into_iter();
        let mut x = operands.next().expect("at least one argument");
        let mut wrong = Operand::invalid(call);
        wrong.ty = x.ty;
        if !self.check_ordered(&x) {
            return wrong;
        }
        for mut a in operands {
            if !self.check_ordered(&a) {
                return wrong;
            }
            self.match_types(&mut x, &mut a);
            if !x.is_valid() {
                return wrong;
            }
            if !self.identical(x.ty, a.ty) {
                let (previous, ty) = (self.type_text(x.ty), self.type_text(a.ty));
                let text = self.source_text(&a);
                let message = format!(
                    "invalid argument: mismatched types {previous} (previous argument) and {ty} (type of {text})"
                );
                self.operand_error(&a, message);
                return wrong;
            }
            if x.is_constant() && a.is_constant() {
                if a.val.compare(op, &x.val) {
                    x = a;
                }
            } else {
                x.mode = Mode::Value;
            }
        }
        if !x.is_constant() {
            x.mode = Mode::Value;
            let context = format!("argument to built-in {name}");
            self.assignment(&mut x, Some(Type::INTERFACE), &context);
            if !x.is_valid() {
                return wrong;
            }
        }
        for expr in exprs.into_iter().flatten() {
            self.update_type(expr, x.ty, true);
        }
        x
    }

    fn check_ordered(&mut self, x: &Operand) -> bool {
        let ordered = self.is_ordered(x.ty);
        if !ordered {
            let text = self.describe(x);
            let message = format_args!("invalid argument: {text} cannot be ordered");
            self.operand_error(x, message.to_string());
        }
        ordered
    }
}
