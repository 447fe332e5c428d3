//! Calls, conversions and predeclared functions (gc: typecheck.go, OCALL and the operations that it becomes).

use minigo_syntax::ast::{Expr, List};

use super::convert::{ConversionContext, is_constant_kind};
use super::{Checker, Top, mark};
use crate::constant::Value;
use crate::info::{Builtin, Extern, Mode, ObjectKind};
use crate::ty::{Kind, Type};

/// An argument or returned value.
#[derive(Clone, Copy)]
pub(super) enum Arg {
    /// An unwrapped expression.
    Expr(Expr),
    /// One of several results of a call.
    Temp(Type),
}

/// The construct that the arguments belong to.
#[derive(Clone, Copy)]
pub(super) enum ArgTarget {
    Call(Expr),
    Return,
}

impl Checker<'_> {
    pub(super) fn check_call(
        &mut self,
        expr: Expr,
        fun: Expr,
        args: List<Expr>,
        top: Top,
    ) -> Option<Top> {
        let place = ast_pos(self, fun);
        let fun = self.check_expr(fun, Top::EXPR | Top::TYPE | Top::CALLEE);
        if self.has_diag(fun) {
            self.set_mark(expr, mark::DIAG);
        }
        let callee = self.object_of(fun).map(|object| self.package[object].kind);
        if let Some(ObjectKind::Builtin(builtin)) = callee {
            return match builtin {
                Builtin::Print | Builtin::Println => self.check_print(args),
                Builtin::Panic => self.check_panic(expr, args),
                Builtin::Len => self.check_len(expr, args),
                Builtin::Unsupported | Builtin::Min | Builtin::Max => {
                    let name = self.print(fun);
                    self.refuse_at(place, name);
                    self.set_mark(expr, mark::DIAG | mark::REFUSED);
                    None
                }
            };
        }
        self.default_literal(fun, None);
        if self.is_type(fun) {
            return self.check_conversion(expr, self.ty(fun), args);
        }
        let args = self.check_args(args);
        let ty = self.ty(fun);
        if ty == Type::INVALID {
            return None;
        }
        if self.kind(ty) != Kind::Func {
            self.report_no_function(fun, ty);
            return None;
        }
        self.check_arguments(ArgTarget::Call(fun), ty, &args);
        if let Some(ObjectKind::Extern(function)) = callee {
            self.check_extern(expr, function, &args);
        }
        self.call_results(expr, fun, ty, top)
    }

    fn call_results(&mut self, expr: Expr, fun: Expr, ty: Type, top: Top) -> Option<Top> {
        let results = self.package.types[ty].results.clone();
        let info = self.info_mut(expr);
        info.mode = Mode::Value;
        match results[..] {
            [] => {
                info.mode = Mode::None;
                info.ty = Type::INVALID;
                return Some(Top::STMT);
            }
            [result] => info.ty = result,
            _ if top.has(Top::MULTI | Top::STMT) => {
                let tuple = self.package.types.tuple(results);
                self.info_mut(expr).ty = tuple;
            }
            _ => {
                info.ty = Type::INVALID;
                let name = self.print(fun);
                self.error(format_args!(
                    "multiple-value {name}() in single-value context"
                ));
            }
        }
        Some(Top::STMT | Top::EXPR)
    }

    fn report_no_function(&mut self, fun: Expr, ty: Type) {
        let (name, type_name) = (self.print(fun), self.type_name(ty));
        let is_builtin = self
            .universe
            .get(&*name)
            .is_some_and(|&object| matches!(self.package[object].kind, ObjectKind::Builtin(_)));
        let assigned = self.variable(fun).map(|object| self.assigned_at[object]);
        match assigned {
            Some(pos) if is_builtin && pos.is_known() => {
                let place = self.format_pos(pos);
                self.error(format_args!(
                    "cannot call non-function {name} (type {type_name}), declared at {place}"
                ));
            }
            _ => {
                let message = format_args!("cannot call non-function {name} (type {type_name})");
                self.error(message);
            }
        }
    }

    /// Checks arguments or returned values. A single call with several results supplies all of them (gc:
    /// typecheckargs).
    pub(super) fn check_args(&mut self, args: List<Expr>) -> Vec<Arg> {
        let exprs = &self.ast[args];
        let [only] = exprs[..] else {
            let checked = exprs.iter();
            return checked
                .map(|&arg| Arg::Expr(self.check_expr(arg, Top::EXPR)))
                .collect();
        };
        let only = self.check_expr(only, Top::EXPR | Top::MULTI);
        let ty = self.ty(only);
        if self.kind(ty) != Kind::Tuple {
            return vec![Arg::Expr(only)];
        }
        match self.func {
            Some(func) => self.package.funcs[func].spreads.push(only),
            None => self.package.spreads.push(only),
        }
        // gc stops here: it can't make a temporary without a type.
        self.silent |= self.package.types[ty].params.contains(&Type::INVALID);
        let results = self.package.types[ty].params.iter();
        results.map(|&result| Arg::Temp(result)).collect()
    }

    fn arg_type(&self, arg: Arg) -> Type {
        match arg {
            Arg::Expr(expr) => self.ty(expr),
            Arg::Temp(ty) => ty,
        }
    }

    /// Checks the number and types of arguments against the parameters of `signature`, or of returned values against
    /// its results (gc: typecheckaste).
    pub(super) fn check_arguments(&mut self, target: ArgTarget, signature: Type, args: &[Arg]) {
        let data = &self.package.types[signature];
        let (wanted, variadic) = match target {
            ArgTarget::Call(_) => (data.params.clone(), data.variadic),
            ArgTarget::Return => (data.results.clone(), false),
        };
        if wanted.contains(&Type::INVALID) {
            return;
        }
        let fixed = wanted.len() - usize::from(variadic);
        if args.len() < fixed {
            self.report_too_few(target, &wanted, variadic, args);
            return;
        }
        if args.len() > fixed && !variadic {
            let details = self.signature_details(&wanted, variadic, args);
            match target {
                ArgTarget::Call(fun) => {
                    let fun = self.print(fun);
                    self.error(format_args!("too many arguments in call to {fun}{details}"));
                }
                ArgTarget::Return => {
                    self.error(format_args!("too many arguments to return{details}"))
                }
            }
            return;
        }
        let before = self.pos;
        for (index, &arg) in args.iter().enumerate() {
            let ty = wanted[index.min(wanted.len() - 1)];
            self.check_argument(target, arg, ty);
        }
        self.pos = before;
    }

    fn check_argument(&mut self, target: ArgTarget, arg: Arg, ty: Type) {
        let context = |checker: &Self| match target {
            ArgTarget::Call(fun) => format!("argument to {}", checker.print(fun)),
            ArgTarget::Return => "return argument".to_owned(),
        };
        match arg {
            Arg::Expr(expr) => {
                self.set_pos(expr, true);
                let old = self.ty(expr);
                if old == Type::INVALID || old.is_identical(ty) {
                    return;
                }
                let context = context(self);
                self.assign_convert(expr, ty, &context);
            }
            Arg::Temp(from) => {
                if from != Type::INVALID && !self.is_assignable(from, ty) {
                    let context = context(self);
                    let (from, ty) = (self.type_name(from), self.type_name(ty));
                    self.error(format_args!(
                        "cannot use {from} value as type {ty} in {context}"
                    ));
                }
            }
        }
    }

    fn report_too_few(&mut self, target: ArgTarget, wanted: &[Type], variadic: bool, args: &[Arg]) {
        if let [Arg::Expr(only)] = args {
            if self.has_diag(*only) {
                return;
            }
            self.set_diag(*only);
        }
        let details = self.signature_details(wanted, variadic, args);
        match target {
            ArgTarget::Call(fun) => {
                let fun = self.print(fun);
                self.error(format_args!(
                    "not enough arguments in call to {fun}{details}"
                ));
            }
            ArgTarget::Return => {
                self.error(format_args!("not enough arguments to return{details}"))
            }
        }
    }

    /// Returns the `have` and `want` lines of a message; empty if a type is unknown.
    fn signature_details(&self, wanted: &[Type], variadic: bool, args: &[Arg]) -> String {
        let mut have = Vec::new();
        for &arg in args {
            have.push(match self.arg_type(arg) {
                Type::INVALID => return String::new(),
                Type::UNTYPED_STRING => "string".to_owned(),
                Type::UNTYPED_BOOL => "bool".to_owned(),
                ty if self.kind(ty) == Kind::Ideal => "number".to_owned(),
                ty => self.type_name(ty),
            });
        }
        let wanted = self.package.types.display_list(wanted, variadic);
        format!("\n\thave ({})\n\twant {wanted}", have.join(", "))
    }

    /// Refuses arguments of `fmt.Println` that `println` doesn't accept.
    fn check_extern(&mut self, expr: Expr, function: Extern, args: &[Arg]) {
        /// The largest array length that an array type can represent here.
        const MAX_ARGS: usize = u16::MAX as usize;
        if function == Extern::OsExit {
            return;
        }
        for &arg in args {
            self.refuse_printed(arg, expr);
        }
        if args.len() > MAX_ARGS {
            self.mark_unsupported(expr, "more than 65535 arguments");
        }
    }

    /// Refuses to print a type without run-time values, except for constant strings.
    fn refuse_printed(&mut self, arg: Arg, call: Expr) {
        match arg {
            Arg::Expr(expr)
                if self.kind_of(expr) == Kind::String && self.info(expr).value.is_some() => {}
            Arg::Expr(expr) => self.refuse_value(expr),
            Arg::Temp(ty) => {
                if let Some(what) = unsupported_value(self.kind(ty)) {
                    self.mark_unsupported(call, what);
                }
            }
        }
    }

    /// Refuses an expression whose type has no run-time values.
    pub(super) fn refuse_value(&mut self, expr: Expr) {
        if let Some(what) = unsupported_value(self.kind_of(expr)) {
            self.mark_unsupported(expr, what);
        }
    }

    /// Returns the only argument of a conversion or predeclared function. Reports an error if there are none or
    /// several.
    fn single_arg(&mut self, expr: Expr, args: List<Expr>, what: &str) -> Option<Expr> {
        let text = |checker: &Self| checker.print(expr);
        match self.ast[args] {
            [only] => return Some(only),
            [] => {
                let text = text(self);
                self.error(format_args!("missing argument to {what}: {text}"));
            }
            _ => {
                let text = text(self);
                self.error(format_args!("too many arguments to {what}: {text}"));
                self.set_mark(expr, mark::FIRST_ARG);
            }
        }
        None
    }

    fn check_conversion(&mut self, expr: Expr, ty: Type, args: List<Expr>) -> Option<Top> {
        let what = format!("conversion to {}", self.type_name(ty));
        let arg = self.single_arg(expr, args, &what)?;
        let arg = self.check_expr(arg, Top::EXPR);
        if ty == Type::INVALID {
            // gc stops here: it can't convert to a missing type.
            self.silent = true;
            return None;
        }
        self.convert_literal(arg, Some(ty), ConversionContext::Explicit);
        let from = self.ty(arg);
        if from == Type::INVALID {
            return None;
        }
        let constant = self.info(arg).value.is_some() || self.is_wrong_constant(arg);
        if !self.is_convertible(from, ty) {
            let silent = self.has_mark(expr, mark::DIAG) || self.package.types[ty].broken;
            if !self.has_diag(arg) && !silent {
                let (long, name) = (self.print_long(arg), self.type_name(ty));
                self.error(format_args!("cannot convert {long} to type {name}"));
                self.set_mark(expr, mark::DIAG);
            }
            return None;
        }
        let kind = self.kind(ty);
        let info = self.info_mut(expr);
        info.ty = ty;
        info.mode = Mode::Value;
        if constant && is_constant_kind(kind) {
            self.fold_conversion(expr, arg, ty);
        } else if let Some(what) = unsupported_value(kind) {
            self.mark_unsupported(expr, what);
        }
        Some(Top::EXPR)
    }

    fn fold_conversion(&mut self, expr: Expr, arg: Expr, ty: Type) {
        let types = &self.package.types;
        let (from, to) = (types.kind(self.ty(arg)), types.kind(ty));
        let value = self.package.value(arg);
        let value = match is_no_operation(from, to) {
            true => value.cloned(),
            false => {
                let name = || types.display(ty);
                value.and_then(|value| value.convert(to, true, name, &mut self.messages))
            }
        };
        self.report_messages();
        self.set_constant(expr, value);
    }

    fn is_convertible(&self, from: Type, to: Type) -> bool {
        let types = &self.package.types;
        if self.is_assignable(from, to) || types[from].underlying == types[to].underlying {
            return true;
        }
        let number = |kind: Kind| kind.is_integer() || kind.is_float() || kind.is_complex();
        let (from, to) = (types.kind(from), types.kind(to));
        number(from) && number(to) || from.is_integer() && to == Kind::String
    }

    fn check_print(&mut self, args: List<Expr>) -> Option<Top> {
        let single = self.ast[args].first().copied();
        for arg in self.check_args(args) {
            if let Arg::Expr(expr) = arg {
                let int = self.package.value(expr).and_then(Value::as_int).is_some();
                let default = match self.package[expr].ty {
                    Type::UNTYPED_RUNE => Some(Type::RUNE),
                    Type::UNTYPED_INT => Some(Type::INT),
                    _ => None,
                };
                if let Some(default) = default {
                    self.package.printed.insert(expr, default);
                }
                self.default_literal(expr, int.then_some(Type::INT64));
            }
            self.refuse_printed(arg, single.expect("there is an argument"));
        }
        Some(Top::STMT)
    }

    fn check_panic(&mut self, expr: Expr, args: List<Expr>) -> Option<Top> {
        let arg = self.single_arg(expr, args, "panic")?;
        let arg = self.check_expr(arg, Top::EXPR);
        self.default_literal(arg, Some(Type::INTERFACE));
        let ty = self.ty(arg);
        if ty == Type::INVALID {
            return None;
        }
        self.refuse_printed(Arg::Expr(arg), arg);
        Some(Top::STMT)
    }

    fn check_len(&mut self, expr: Expr, args: List<Expr>) -> Option<Top> {
        let arg = self.single_arg(expr, args, "len")?;
        let arg = self.check_expr(arg, Top::EXPR);
        self.default_literal(arg, None);
        if self.ty(arg) == Type::INVALID {
            return None;
        }
        if self.kind_of(arg) != Kind::String {
            let long = self.print_long(arg);
            self.error(format_args!("invalid argument {long} for len"));
            return None;
        }
        let info = self.info_mut(expr);
        info.ty = Type::INT;
        info.mode = Mode::Value;
        let text = self.package.value(arg).and_then(Value::as_string);
        match text.map(<[u8]>::len) {
            Some(length) => self.set_constant(expr, Some(Value::int(length))),
            None => self.mark_unsupported(arg, "strings as values"),
        }
        Some(Top::EXPR)
    }
}

/// Reports whether a conversion changes only the type and no bits (gc: subr.go, convertop, OCONVNOP).
fn is_no_operation(from: Kind, to: Kind) -> bool {
    let shape = |kind: Kind| (kind.is_integer(), kind.size(), kind.is_signed());
    let integers = from.is_integer() && shape(from) == shape(to);
    integers || from == to && matches!(to, Kind::Bool | Kind::String)
}

/// Returns the name of the missing feature if minigo has no run-time values of `kind`.
pub(crate) fn unsupported_value(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::String => Some("strings as values"),
        Kind::Func => Some("function values"),
        Kind::Interface => Some("interfaces"),
        _ if kind.is_float() => Some("floating-point values"),
        _ if kind.is_complex() => Some("complex numbers"),
        _ => None,
    }
}

/// Returns the position of a function's name.
fn ast_pos(checker: &Checker<'_>, expr: Expr) -> minigo_base::Pos {
    checker.ast[expr].pos
}
