//! Properties of types and expressions (gc: types2/predicates.go, syntax/positions.go).

use minigo_base::Pos;
use minigo_syntax::ast::{Expr, ExprKind};
use minigo_syntax::print;

use super::Checker;
use crate::ty::{Kind, Type};

impl Checker<'_> {
    pub(super) fn kind(&self, ty: Type) -> Kind {
        self.package.types.kind(ty)
    }

    /// Returns the type that an alias stands for; any other type is itself.
    pub(super) fn unalias(&self, ty: Type) -> Type {
        self.aliases.get(&ty).copied().unwrap_or(ty)
    }

    /// Returns the underlying type.
    pub(super) fn underlying(&self, ty: Type) -> Type {
        let ty = self.unalias(ty);
        self.unders.get(&ty).copied().unwrap_or(ty)
    }

    /// Reports whether a type has a name from a declaration in the package.
    pub(super) fn is_declared(&self, ty: Type) -> bool {
        self.package.types[ty].declared.is_some() || ty == Type::ERROR
    }

    /// Reports whether a type is predeclared, defined or an alias.
    fn has_name(&self, ty: Type) -> bool {
        self.is_declared(ty) || !matches!(self.kind(ty), Kind::Func | Kind::Tuple)
    }

    pub(super) fn identical(&self, x: Type, y: Type) -> bool {
        let (x, y) = (self.unalias(x), self.unalias(y));
        if x.is_identical(y) {
            return true;
        }
        let (a, b) = (&self.package.types[x], &self.package.types[y]);
        let structural = a.kind == b.kind && matches!(a.kind, Kind::Func | Kind::Tuple);
        let all = |a: &[Type], b: &[Type]| {
            a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| self.identical(a, b))
        };
        structural
            && a.declared.is_none()
            && b.declared.is_none()
            && a.variadic == b.variadic
            && all(&a.params, &b.params)
            && all(&a.results, &b.results)
    }

    /// Reports whether a value of type `from` can be assigned to type `to`. Untyped values are dealt with elsewhere.
    pub(super) fn typed_assignable(&self, from: Type, to: Type) -> bool {
        if from == Type::INVALID || to == Type::INVALID || self.identical(from, to) {
            return true;
        }
        let (under, target) = (self.underlying(from), self.underlying(to));
        if self.identical(under, target) && (!self.has_name(from) || !self.has_name(to)) {
            return true;
        }
        target == Type::INTERFACE || under == Type::ERROR && target == Type::ERROR
    }

    pub(super) fn is_boolean(&self, ty: Type) -> bool {
        self.kind(ty) == Kind::Bool
    }

    pub(super) fn is_string(&self, ty: Type) -> bool {
        self.kind(ty) == Kind::String
    }

    pub(super) fn is_integer(&self, ty: Type) -> bool {
        self.kind(ty).is_integer() || matches!(ty, Type::UNTYPED_INT | Type::UNTYPED_RUNE)
    }

    pub(super) fn is_unsigned(&self, ty: Type) -> bool {
        let kind = self.kind(ty);
        kind.is_integer() && !kind.is_signed()
    }

    pub(super) fn is_float(&self, ty: Type) -> bool {
        self.kind(ty).is_float() || ty == Type::UNTYPED_FLOAT
    }

    pub(super) fn is_complex(&self, ty: Type) -> bool {
        self.kind(ty).is_complex() || ty == Type::UNTYPED_COMPLEX
    }

    pub(super) fn is_numeric(&self, ty: Type) -> bool {
        self.is_integer(ty) || self.is_float(ty) || self.is_complex(ty)
    }

    pub(super) fn is_ordered(&self, ty: Type) -> bool {
        self.is_integer(ty) || self.is_float(ty) || self.is_string(ty)
    }

    /// Reports whether constants can have the type.
    pub(super) fn is_const_type(&self, ty: Type) -> bool {
        self.is_boolean(ty) || self.is_numeric(ty) || self.is_string(ty)
    }

    pub(super) fn is_interface(&self, ty: Type) -> bool {
        self.kind(ty) == Kind::Interface
    }

    /// Reports whether `nil` is a value of the type.
    pub(super) fn has_nil(&self, ty: Type) -> bool {
        ty == Type::UNTYPED_NIL || matches!(self.kind(ty), Kind::Interface | Kind::Func)
    }

    pub(super) fn is_comparable(&self, ty: Type) -> bool {
        ty != Type::UNTYPED_NIL && !matches!(self.kind(ty), Kind::Func | Kind::Tuple)
    }

    /// Returns the type that an untyped value has by default.
    pub(super) fn default_type(&self, ty: Type) -> Type {
        match ty {
            Type::UNTYPED_BOOL => Type::BOOL,
            Type::UNTYPED_INT => Type::INT,
            Type::UNTYPED_RUNE => Type::RUNE,
            Type::UNTYPED_FLOAT => Type::FLOAT64,
            Type::UNTYPED_COMPLEX => Type::COMPLEX128,
            Type::UNTYPED_STRING => Type::STRING,
            ty => ty,
        }
    }

    /// Returns an expression as text.
    pub(super) fn text(&self, expr: Expr) -> String {
        print::short_line(self.ast, expr)
    }

    /// Returns the position of the first token of an expression.
    pub(super) fn start_pos(&self, expr: Expr) -> Pos {
        let mut expr = expr;
        loop {
            let data = &self.ast[expr];
            expr = match data.kind {
                ExprKind::Binary { x, .. }
                | ExprKind::Selector { x, .. }
                | ExprKind::Index { x, .. }
                | ExprKind::Slice { x, .. }
                | ExprKind::Assert { x, .. }
                | ExprKind::Call { fun: x, .. }
                | ExprKind::KeyValue { key: x, .. } => x,
                ExprKind::TypeSwitchGuard { lhs, x } => lhs.expand().unwrap_or(x),
                ExprKind::CompositeLit { typ, .. } => match typ.expand() {
                    Some(typ) => typ,
                    None => return data.pos,
                },
                _ => return data.pos,
            };
        }
    }

    /// Returns the position of an operation's operator, or of the first token of any other expression.
    pub(super) fn op_pos(&self, expr: Expr) -> Pos {
        match self.ast[expr].kind {
            ExprKind::Unary { .. } | ExprKind::Binary { .. } => self.ast[expr].pos,
            _ => self.start_pos(expr),
        }
    }
}
