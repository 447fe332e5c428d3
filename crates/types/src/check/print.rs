//! Prints expressions and statements as messages show them (gc: fmt.go).
//!
//! gc prints the tree as the checker leaves it: parentheses are those that precedence requires, plus those of operands
//! not checked yet; literals print by value and constants by name.

use minigo_syntax::ast::{ChanDir, Expr, ExprKind, Stmt, StmtKind};
use minigo_syntax::token::{LitKind, Operator};

use super::literal::literal_value;
use super::{Checker, Entry, mark};
use crate::constant::{Messages, Value};
use crate::info::{Init, Object, ObjectKind};
use crate::ty::{Kind, Type};

/// Precedence of names, literals, calls, and all else that never needs parentheses.
const PRIMARY: u8 = 8;
const UNARY: u8 = 7;

fn precedence(op: Operator) -> u8 {
    use Operator::*;
    match op {
        Not | Recv | Tilde => UNARY,
        Mul | Div | Rem | And | AndNot | Shl | Shr => 6,
        Add | Sub | Or | Xor => 5,
        Eql | Neq | Lss | Leq | Gtr | Geq => 4,
        AndAnd => 2,
        OrOr => 1,
    }
}

impl Checker<'_> {
    /// Returns an expression as text.
    pub(super) fn print(&self, expr: Expr) -> String {
        let mut text = String::new();
        self.print_expr(&mut text, expr, 0);
        text
    }

    /// Returns an expression with its type: `x (type int32)`.
    pub(super) fn print_long(&self, expr: Expr) -> String {
        self.print_typed(expr, self.ty(expr))
    }

    /// Returns an expression with the given type.
    pub(super) fn print_typed(&self, expr: Expr, ty: Type) -> String {
        match self.kind(ty) {
            Kind::Invalid => self.print(expr),
            Kind::Nil => "nil".to_owned(),
            _ => format!("{} (type {})", self.print(expr), self.type_name(ty)),
        }
    }

    /// Returns the name of an object. A type name prints as its type.
    pub(super) fn print_object(&self, object: Object) -> String {
        let data = &self.package[object];
        if data.kind == ObjectKind::TypeName && data.ty != Type::INVALID {
            return self.type_name(data.ty);
        }
        self.package.name(self.ast, object).into_owned()
    }

    /// Returns a package-level assignment as text.
    pub(super) fn print_init(&self, init: Init) -> String {
        let init = &self.package.inits[init];
        let names: Vec<String> = init.lhs.iter().map(|&name| self.print(name)).collect();
        // Several variables take the results of a call, which gc keeps in a list.
        let value = match names.len() {
            1 => self.print(init.rhs),
            _ => "<N>".to_owned(),
        };
        format!("{} = {value}", names.join(", "))
    }

    /// Returns `x op= y`, `x++` or `x--` as text.
    pub(super) fn print_stmt(&self, stmt: Stmt) -> String {
        match self.ast[stmt].kind {
            StmtKind::AssignOp { op, lhs, rhs } => {
                format!("{} {}= {}", self.print(lhs), op.text(), self.print(rhs))
            }
            StmtKind::IncDec { op, x } => {
                format!("{}{}", self.print(x), op.text().repeat(2))
            }
            _ => String::new(),
        }
    }

    /// Returns one line of the trace of a cycle.
    pub(super) fn print_entry(&self, entry: Entry) -> String {
        let (pos, text) = match entry {
            Entry::Object(object) => (self.package[object].pos, self.print_object(object)),
            Entry::Expr(expr) => (self.ast[expr].pos, self.print(expr)),
            Entry::Init(init) => (self.package.inits[init].pos, self.print_init(init)),
            Entry::Decl(text, pos) => (pos, text.to_owned()),
        };
        format!("{} {text}", self.format_pos(pos))
    }

    fn print_expr(&self, out: &mut String, expr: Expr, outer: u8) {
        match self.ast[expr].kind {
            ExprKind::Paren(x) if self.has_mark(expr, mark::STRIPPED) => {
                self.print_expr(out, x, outer);
            }
            ExprKind::Binary { x, .. } if self.package.collapsed.contains(&expr) => {
                self.print_expr(out, x, outer);
            }
            ExprKind::Binary { .. } if self.folded_string(expr).is_some() => {
                out.push_str(&self.folded_string(expr).unwrap_or_default());
            }
            ExprKind::Binary { x, y, .. } if self.is_string_sum(expr) => {
                self.in_parens(out, outer > 0, |out| {
                    self.print_expr(out, x, 0);
                    out.push_str(" + ");
                    self.print_expr(out, y, 0);
                });
            }
            ExprKind::Binary { op, x, y } => self.in_parens(out, precedence(op) < outer, |out| {
                self.print_expr(out, x, precedence(op));
                out.push(' ');
                out.push_str(op.text());
                out.push(' ');
                self.print_expr(out, y, precedence(op) + 1);
            }),
            ExprKind::Unary { op, x } => self.in_parens(out, UNARY < outer, |out| {
                out.push_str(op.text());
                if self.is_same_unary(x, op) {
                    out.push(' ');
                }
                self.print_expr(out, x, UNARY + 1);
            }),
            ExprKind::Call { fun, args, .. } => {
                match self.is_failed_conversion(expr, fun) {
                    true => out.push_str("(<T>)"),
                    false => self.print_expr(out, fun, PRIMARY),
                }
                let args = &self.ast[args];
                let n_left = match self.has_mark(expr, mark::FIRST_ARG) {
                    true => 1,
                    false => args.len(),
                };
                match (self.spread_temporaries(args), outer) {
                    (Some(temporaries), 1..) => out.push_str(&temporaries),
                    _ => self.print_args(out, &args[..n_left]),
                }
            }
            ExprKind::Name(_) => self.print_name(out, expr),
            ExprKind::BasicLit { .. } => out.push_str(&self.literal_of(expr).to_string()),
            ExprKind::Paren(x) => self.in_parens(out, true, |out| self.print_expr(out, x, 0)),
            ExprKind::Selector { x, sel } => {
                self.print_expr(out, x, PRIMARY);
                out.push('.');
                self.print_expr(out, sel, 0);
            }
            ExprKind::Bad => out.push_str("<N>"),
            _ => self.print_unsupported(out, expr),
        }
    }

    /// Prints an unsupported expression. Messages show one only beside syntax errors.
    fn print_unsupported(&self, out: &mut String, expr: Expr) {
        let text = |expr: Expr| self.print(expr);
        let operand = |expr: Expr| {
            let mut text = String::new();
            self.print_expr(&mut text, expr, PRIMARY);
            text
        };
        out.push_str(&match self.ast[expr].kind {
            ExprKind::FuncLit { .. } => "func literal".to_owned(),
            ExprKind::StructType(_) => "<struct>".to_owned(),
            ExprKind::InterfaceType(_) => "<inter>".to_owned(),
            ExprKind::FuncType { .. } => "<func>".to_owned(),
            ExprKind::SliceType(elem) => format!("[]{}", text(elem)),
            ExprKind::ArrayType { len, elem } => {
                let len = match len.expand() {
                    Some(len) if self.is_missing(len) => String::new(),
                    Some(len) => text(len),
                    None => "<node DDD>".to_owned(),
                };
                format!("[{len}]{}", text(elem))
            }
            ExprKind::DotsType(elem) => format!("...{}", text(elem)),
            ExprKind::ChanType { dir, elem } => match dir {
                ChanDir::RecvOnly => format!("<-chan {}", text(elem)),
                ChanDir::SendOnly => format!("chan<- {}", text(elem)),
                ChanDir::Both if self.is_receiving(elem) => format!("chan ({})", text(elem)),
                ChanDir::Both => format!("chan {}", text(elem)),
            },
            ExprKind::MapType { key, value } => format!("map[{}]{}", text(key), text(value)),
            ExprKind::CompositeLit { typ, .. } => match typ.expand() {
                Some(typ) => format!("{} literal", text(typ)),
                None => "composite literal".to_owned(),
            },
            ExprKind::KeyValue { key, value } => format!("{}:{}", text(key), text(value)),
            ExprKind::Index { x, index } => format!("{}[{}]", operand(x), text(index)),
            ExprKind::Assert { x, typ } => format!("{}.({})", operand(x), text(typ)),
            ExprKind::Slice { x, index, .. } => {
                let bounds = index.map(|index| index.expand().map(text));
                let [low, high, max] = bounds.map(Option::unwrap_or_default);
                let max = if max.is_empty() {
                    max
                } else {
                    format!(":{max}")
                };
                format!("{}[{low}:{high}{max}]", operand(x))
            }
            _ => "<node>".to_owned(),
        });
    }

    fn is_receiving(&self, typ: Expr) -> bool {
        let dir = ChanDir::RecvOnly;
        matches!(self.ast[typ].kind, ExprKind::ChanType { dir: found, .. } if found == dir)
    }

    /// Reports whether an expression is a checked sum of strings, which gc keeps as a list without precedence (gc:
    /// OADDSTR).
    fn is_string_sum(&self, expr: Expr) -> bool {
        let sum = matches!(
            self.ast[expr].kind,
            ExprKind::Binary {
                op: Operator::Add,
                ..
            }
        );
        sum && self.has_mark(expr, mark::CHECKED) && self.kind_of(expr) == Kind::String
    }

    /// Returns a sum of constant strings as text. Unlike other operations, it prints as its value.
    fn folded_string(&self, expr: Expr) -> Option<String> {
        let ExprKind::Binary { x, .. } = self.ast[expr].kind else {
            return None;
        };
        let value = self.package.value(expr)?;
        value.as_string()?;
        self.package.value(self.unwrap(x))?.as_string()?;
        Some(match self.has_mark(expr, mark::TYPED_SUM) {
            true => format!("{}({value})", self.type_name(self.ty(expr))),
            false => value.to_string(),
        })
    }

    fn in_parens(&self, out: &mut String, parens: bool, print: impl FnOnce(&mut String)) {
        if parens {
            out.push('(');
        }
        print(out);
        if parens {
            out.push(')');
        }
    }

    /// Reports whether an expression is a conversion that an error has invalidated.
    fn is_failed_conversion(&self, expr: Expr, fun: Expr) -> bool {
        let failed = self.has_mark(expr, mark::CHECKED) && self.ty(expr) == Type::INVALID;
        let fun = self.unwrap(fun);
        self.is_type(fun) && (failed || self.ty(fun) == Type::INVALID)
    }

    fn print_args(&self, out: &mut String, args: &[Expr]) {
        out.push('(');
        for (index, &arg) in args.iter().enumerate() {
            if index > 0 {
                out.push_str(", ");
            }
            self.print_expr(out, arg, 0);
        }
        out.push(')');
    }

    /// Returns the temporaries that gc has substituted for a call with several results as the only argument. Messages
    /// about the call itself still show the call; those about operands don't (gc: fmt.go, exprfmt).
    fn spread_temporaries(&self, args: &[Expr]) -> Option<String> {
        let [arg] = args else {
            return None;
        };
        let arg = self.unwrap(*arg);
        let n_results = |call: Expr| self.package.types[self.ty(call)].params.len();
        let (spreads, mut number) = match self.func {
            Some(func) => {
                let func = &self.package[func];
                (&func.spreads, func.declared.len())
            }
            None => (&self.package.spreads, 0),
        };
        let index = spreads.iter().position(|&call| call == arg)?;
        number += spreads[..index]
            .iter()
            .map(|&call| n_results(call))
            .sum::<usize>();
        let numbers = number..number + n_results(arg);
        let names: Vec<String> = numbers.map(|number| format!(".autotmp_{number}")).collect();
        Some(format!("({})", names.join(", ")))
    }

    fn print_name(&self, out: &mut String, expr: Expr) {
        let info = self.info(expr);
        if self.has_mark(expr, mark::IOTA)
            && let Some(number) = self.iota_numbers.get(&expr)
        {
            out.push_str(&number.to_string());
            return;
        }
        match info.object.expand() {
            Some(object) => out.push_str(&self.print_object(object)),
            None => {
                let name = self.ast.name(expr).map(|sym| self.ast.text(sym));
                out.push_str(name.unwrap_or("_"));
            }
        }
    }

    /// Reports whether an operand is the same unary operation again, unfolded: `- -x`.
    fn is_same_unary(&self, x: Expr, outer: Operator) -> bool {
        let mut x = x;
        while let ExprKind::Paren(inner) = self.ast[x].kind {
            if !self.has_mark(x, mark::STRIPPED) {
                return false;
            }
            x = inner;
        }
        let same = matches!(self.ast[x].kind, ExprKind::Unary { op, .. } if op == outer);
        same && self.info(x).value.is_none()
    }

    /// Returns the value of a literal before any conversion.
    fn literal_of(&self, expr: Expr) -> Value {
        let ExprKind::BasicLit { kind, bad, text } = self.ast[expr].kind else {
            return Value::Nil;
        };
        if kind == LitKind::String
            && let Some(value) = self.package.value(expr)
        {
            return value.clone();
        }
        let text = if bad { "" } else { self.ast.text(text) };
        literal_value(kind, text, &mut Messages::new())
    }
}
