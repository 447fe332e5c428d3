//! Operands: the results of checking expressions, and how messages show them (gc: types2/operand.go).

use minigo_base::Pos;
use minigo_syntax::ast::Expr;

use super::Checker;
use super::constant::Val;
use crate::info::{Builtin, Object};
use crate::ty::{Kind, Type};

/// The kind of an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Wrong, which has been reported.
    Invalid,
    /// A call without results.
    NoValue,
    /// A predeclared function.
    Builtin,
    /// A type.
    Type,
    Constant,
    /// A value that can be assigned to.
    Variable,
    Value,
    /// `nil`.
    Nil,
}

/// The source of an operand.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Expr(Expr),
    /// A description in place of an expression.
    Text(Pos, String),
}

/// The result of checking an expression.
#[derive(Clone, Debug)]
pub(super) struct Operand {
    pub(super) mode: Mode,
    pub(super) source: Source,
    pub(super) ty: Type,
    pub(super) val: Val,
    pub(super) builtin: Option<(Builtin, Object)>,
}

impl Operand {
    /// Returns a wrong operand.
    pub(super) fn invalid(expr: Expr) -> Operand {
        Operand {
            mode: Mode::Invalid,
            source: Source::Expr(expr),
            ty: Type::INVALID,
            val: Val::Unknown,
            builtin: None,
        }
    }

    /// Returns a value that isn't constant.
    pub(super) fn value(source: Source, ty: Type) -> Operand {
        Operand {
            mode: Mode::Value,
            source,
            ty,
            val: Val::Unknown,
            builtin: None,
        }
    }

    pub(super) fn is_valid(&self) -> bool {
        self.mode != Mode::Invalid
    }

    pub(super) fn is_nil(&self) -> bool {
        self.mode == Mode::Nil
    }

    pub(super) fn is_constant(&self) -> bool {
        self.mode == Mode::Constant
    }

    pub(super) fn invalidate(&mut self) {
        self.mode = Mode::Invalid;
    }

    /// Returns the expression, unless a description stands for it.
    pub(super) fn expr(&self) -> Option<Expr> {
        match self.source {
            Source::Expr(expr) => Some(expr),
            Source::Text(..) => None,
        }
    }
}

impl Checker<'_> {
    /// Returns the position at which errors about an operand are.
    pub(super) fn operand_pos(&self, x: &Operand) -> Pos {
        match x.source {
            Source::Expr(expr) => self.start_pos(expr),
            Source::Text(pos, _) => pos,
        }
    }

    /// Returns the expression of an operand as text.
    pub(super) fn source_text(&self, x: &Operand) -> String {
        match &x.source {
            Source::Expr(expr) => self.text(*expr),
            Source::Text(_, text) => text.clone(),
        }
    }

    /// Returns an operand as messages show it: `x (variable of type int32)`.
    pub(super) fn describe(&self, x: &Operand) -> String {
        if x.mode == Mode::Nil {
            return match x.ty {
                Type::INVALID => "nil (with invalid type)".to_owned(),
                Type::UNTYPED_NIL => "nil".to_owned(),
                ty => format!("nil (of type {})", self.type_text(ty)),
            };
        }
        let expr = self.source_text(x);
        let mut text = String::new();
        let mut has_type = false;
        match x.mode {
            Mode::Invalid | Mode::NoValue | Mode::Builtin | Mode::Type => {}
            _ if x.ty.is_untyped() => {
                text.push_str(&self.type_text(x.ty));
                text.push(' ');
            }
            _ => has_type = true,
        }
        text.push_str(match x.mode {
            Mode::Invalid => "invalid operand",
            Mode::NoValue => "no value",
            Mode::Builtin => "built-in",
            Mode::Type => "type",
            Mode::Constant => "constant",
            Mode::Variable => "variable",
            Mode::Value => "value",
            Mode::Nil => "nil",
        });
        if x.mode == Mode::Constant {
            let value = x.val.to_string();
            if value != expr {
                text.push(' ');
                text.push_str(&value);
            }
        }
        if has_type && x.ty == Type::INVALID {
            text.push_str(" with invalid type");
        } else if has_type {
            text.push_str(" of ");
            if self.is_declared(x.ty) {
                text.push_str(&match self.composite_kind(x.ty) {
                    Some(kind) => kind.to_owned(),
                    None => self.type_text(self.underlying(x.ty)),
                });
                text.push(' ');
            }
            text.push_str("type ");
            text.push_str(&self.type_text(x.ty));
        }
        format!("{expr} ({text})")
    }

    /// Returns the word for a composite type; none for a basic one.
    pub(super) fn composite_kind(&self, ty: Type) -> Option<&'static str> {
        match self.kind(ty) {
            Kind::Func => Some("func"),
            Kind::Interface => Some("interface"),
            Kind::Tuple => Some("tuple"),
            _ => None,
        }
    }

    /// Returns a type as messages show it.
    pub(super) fn type_text(&self, ty: Type) -> String {
        match ty {
            Type::INVALID => return "invalid type".to_owned(),
            Type::UNTYPED_NIL => return "untyped nil".to_owned(),
            Type::INTERFACE => return "any".to_owned(),
            _ => {}
        }
        let data = &self.package.types[ty];
        if data.declared.is_some() || !matches!(data.kind, Kind::Func | Kind::Tuple) {
            return data.name.clone();
        }
        let names = self.var_names.get(&ty);
        let (params, results) = names.map_or((&[][..], &[][..]), |(p, r)| (p, r));
        let parameters = self.var_list(&data.params, params, data.variadic);
        if data.kind == Kind::Tuple {
            return parameters;
        }
        match data.results[..] {
            [] => format!("func{parameters}"),
            [result] if results.first().is_none_or(|name| name.is_empty()) => {
                format!("func{parameters} {}", self.type_text(result))
            }
            _ => {
                let results = self.var_list(&data.results, results, false);
                format!("func{parameters} {results}")
            }
        }
    }

    fn var_list(&self, types: &[Type], names: &[String], variadic: bool) -> String {
        let mut vars = Vec::with_capacity(types.len());
        for (i, &ty) in types.iter().enumerate() {
            let dots = if variadic && i + 1 == types.len() {
                "..."
            } else {
                ""
            };
            let ty = self.type_text(ty);
            vars.push(match names.get(i).filter(|name| !name.is_empty()) {
                Some(name) => format!("{name} {dots}{ty}"),
                None => format!("{dots}{ty}"),
            });
        }
        format!("({})", vars.join(", "))
    }

    /// Returns the types of arguments, parameters or results for the `have` and `want` lines.
    pub(super) fn types_summary(&self, types: &[Type], variadic: bool, dots: bool) -> String {
        let mut texts: Vec<String> = Vec::with_capacity(types.len());
        for &ty in types {
            texts.push(match ty {
                Type::INVALID => "unknown type".to_owned(),
                ty if ty.is_untyped() && self.is_numeric(ty) => "number".to_owned(),
                ty if ty.is_untyped() => self.type_text(ty).replace("untyped ", ""),
                ty => self.type_text(ty),
            });
        }
        if let Some(last) = texts.last_mut() {
            if variadic {
                last.insert_str(0, "...");
            } else if dots {
                last.push_str("...");
            }
        }
        format!("({})", texts.join(", "))
    }
}
