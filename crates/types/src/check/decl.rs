//! Declarations of constants, types, variables and signatures, checked on first use (gc: typecheck.go, typecheckdef;
//! dcl.go, functype).

use minigo_base::Pos;
use minigo_syntax::ast::{DeclKind, Expr, ExprKind, Field, List};
use minigo_syntax::sym::Sym;
use rustc_hash::FxHashSet;

use super::call::unsupported_value;
use super::convert::{ConversionContext, is_constant_kind};
use super::{Checker, Definition, Entry, State, Top};
use crate::constant::Value;
use crate::info::{Func, Name, Object, ObjectKind};
use crate::refusal::too_many_types;
use crate::ty::{Kind, Type};

impl Checker<'_> {
    /// Checks the declaration of a constant.
    pub(super) fn check_const_item(&mut self, object: Object, pos: Pos) {
        self.check_item("<node DCLCONST>", object, pos, Top::EXPR);
    }

    /// Checks the declaration `var _ T`.
    pub(super) fn check_blank_item(&mut self, object: Object, pos: Pos) {
        self.check_item("<node AS>", object, pos, Top::EXPR | Top::ASSIGN);
    }

    /// Checks the declaration of a type.
    pub(super) fn check_type_item(&mut self, object: Object, pos: Pos) {
        self.check_item("<node DCLTYPE>", object, pos, Top::TYPE);
        let data = &self.package[object];
        let (ty, pos) = (data.ty, data.pos);
        if self.kind(ty) == Kind::Forward && !self.package.types[ty].broken {
            self.package.types.set_broken(ty);
            let name = self.type_name(ty);
            self.error_at(pos, format_args!("invalid recursive type {name}"));
        }
    }

    fn check_item(&mut self, node: &'static str, object: Object, pos: Pos, top: Top) {
        let before = self.pos;
        self.pos = pos;
        self.stack.push(Entry::Decl(node, pos));
        self.check_object(object, top);
        self.stack.pop();
        self.pos = before;
    }

    /// Checks the declaration of a function except for its body.
    pub(super) fn check_signature_item(&mut self, func: Func, pos: Pos) {
        let object = self.package[func].object;
        self.check_item("<node DCLFUNC>", object, pos, Top::EXPR | Top::ASSIGN);
        // If an error has invalidated the name's type, gc stops at the missing type in the body.
        let ty = self.package[object].ty;
        self.signatures[func] = (ty != Type::INVALID).then_some(ty);
    }

    /// Checks the declaration of `object`, once.
    pub(super) fn check_definition(&mut self, object: Object) {
        if self.defined[object] != State::Unchecked {
            return;
        }
        self.defined[object] = State::Pending;
        let before = self.pos;
        let iota = match self.definitions[object] {
            Definition::Const { iota, .. } => Some(iota),
            _ => None,
        };
        self.iotas.push(iota);
        match self.definitions[object] {
            Definition::Const {
                typ, value, copied, ..
            } => self.define_const(object, typ, value, copied),
            Definition::Type { typ, alias } => self.define_type(object, typ, alias),
            Definition::Var { typ: Some(typ), .. } => {
                let ty = self.value_type(typ);
                self.package.objects[object].ty = ty;
                self.object_diags[object] = ty == Type::INVALID;
            }
            Definition::Param(typ) => {
                let ty = self.check_type(typ);
                self.package.objects[object].ty = ty;
                self.object_diags[object] = ty == Type::INVALID;
            }
            Definition::Var {
                init: Some(init), ..
            } if self.package[object].ty == Type::INVALID => self.check_init_item(init),
            Definition::Var { .. } => {}
            Definition::None => {
                if let ObjectKind::Func(func) = self.package[object].kind {
                    self.define_func(object, func);
                }
            }
        }
        self.iotas.pop();
        self.pos = before;
        self.defined[object] = State::Done;
    }

    fn define_const(&mut self, object: Object, typ: Option<Expr>, value: Expr, copied: bool) {
        let pos = self.package[object].pos;
        let mut ty = None;
        if let Some(typ) = typ {
            self.uncheck(typ);
            let named = self.check_type(typ);
            self.package.objects[object].ty = named;
            if named == Type::INVALID {
                self.object_diags[object] = true;
                return;
            }
            ty = Some(named);
        }
        let around = self.copy_pos.take();
        // A repeated value may have been checked for an earlier constant.
        self.uncheck(value);
        if copied {
            self.copy_pos = Some(pos);
        }
        let value = self.check_expr(value, Top::EXPR);
        self.copy_pos = around;
        if self.ty(value) == Type::INVALID {
            return;
        }
        match self.package.value(value) {
            None if self.is_wrong_constant(value) => {}
            None | Some(Value::Nil) => {
                let nil = self.info(value).value.is_some();
                self.report_not_constant(pos, value, nil);
                return;
            }
            Some(_) => {}
        }
        if let Some(ty) = ty {
            if !is_constant_kind(self.kind(ty)) {
                let name = self.type_name(ty);
                self.error_at(pos, format_args!("invalid constant type {name}"));
                return;
            }
            let from = self.ty(value);
            if !from.is_untyped() && !from.is_identical(ty) {
                let (long, name) = (self.print_long(value), self.type_name(ty));
                self.error_at(
                    pos,
                    format_args!("cannot use {long} as type {name} in const initializer"),
                );
                return;
            }
            self.convert_literal(value, Some(ty), ConversionContext::Implicit);
        }
        let info = *self.info(value);
        let data = &mut self.package.objects[object];
        (data.ty, data.value) = (info.ty, info.value);
    }

    /// Reports whether an expression names a constant whose value is wrong but whose type is known.
    pub(super) fn is_wrong_constant(&self, expr: Expr) -> bool {
        let object = self.object_of(expr);
        self.info(expr).value.is_none()
            && object.is_some_and(|object| self.package[object].kind == ObjectKind::Const)
    }

    fn report_not_constant(&mut self, pos: Pos, value: Expr, nil: bool) {
        if self.has_diag(value) {
            return;
        }
        self.set_diag(value);
        if nil {
            self.error_at(pos, "const initializer cannot be nil");
        } else {
            let text = self.print(value);
            let message = format_args!("const initializer {text} is not a constant");
            self.error_at(pos, message);
        }
    }

    fn define_type(&mut self, object: Object, typ: Expr, alias: bool) {
        if alias {
            let ty = self.check_type(typ);
            self.package.objects[object].ty = ty;
            return;
        }
        // The type may refer to itself from here on.
        self.defined[object] = State::Done;
        self.states[object] = State::Done;
        let name = self.package.name(self.ast, object);
        let ty = self.package.types.define(&name, object);
        if self.package.types.has_too_many() {
            self.refuse_at(self.package[object].pos, too_many_types());
        }
        self.package.objects[object].ty = ty;
        let n_errors = self.diags.len();
        let definition = self.check_type(typ);
        if definition == Type::INVALID {
            // gc stops here.
            self.package.objects[object].ty = Type::INVALID;
            self.silent = true;
        } else if self.kind(definition) != Kind::Forward {
            self.package.types.set_underlying(ty, definition);
        }
        if self.kind(ty) == Kind::Forward && self.diags.len() > n_errors {
            self.package.types.set_broken(ty);
        }
    }

    /// Returns the type that an expression denotes.
    fn check_type(&mut self, typ: Expr) -> Type {
        let typ = self.check_expr(typ, Top::TYPE);
        match self.is_type(typ) {
            true => self.ty(typ),
            false => Type::INVALID,
        }
    }

    /// Returns the type that an expression denotes, for a variable. Refuses a type without run-time values.
    fn value_type(&mut self, typ: Expr) -> Type {
        let ty = self.check_type(typ);
        if let Some(what) = unsupported_value(self.kind(ty)) {
            self.mark_unsupported(typ, what);
        }
        ty
    }

    fn define_func(&mut self, object: Object, func: Func) {
        let DeclKind::Func { typ, .. } = self.ast[self.package[func].decl].kind else {
            return;
        };
        let ExprKind::FuncType { params, results } = self.ast[typ].kind else {
            return;
        };
        self.pos = self.ast[typ].pos;
        self.stack.push(Entry::Decl("<func>", self.pos));
        let mut param_types = Vec::with_capacity(params.len());
        for (index, &field) in self.ast[params].iter().enumerate() {
            let ty = self.field_type(field);
            param_types.push(ty);
            if let Some(param) = self.package[func].params[index] {
                self.set_param_type(param, field, ty);
            }
        }
        let mut result_types = Vec::with_capacity(results.len());
        for (index, &field) in self.ast[results].iter().enumerate() {
            let ty = self.field_type(field);
            result_types.push(ty);
            let result = self.package[func].results[index];
            self.set_param_type(result, field, ty);
        }
        self.stack.pop();
        self.report_duplicates(params, results);
        let first = self.package[func].results.first();
        let named =
            first.is_some_and(|&result| !matches!(self.package[result].name, Name::Unnamed(_)));
        let signature = (self.package.types).func(param_types, result_types, false, named);
        self.package.objects[object].ty = signature;
    }

    fn set_param_type(&mut self, object: Object, field: Field, ty: Type) {
        self.package.objects[object].ty = ty;
        if ty == Type::INVALID {
            self.definitions[object] = Definition::Param(self.ast[field].typ);
        }
    }

    fn field_type(&mut self, field: Field) -> Type {
        let before = self.pos;
        self.pos = self.ast[field].pos;
        let ty = self.value_type(self.ast[field].typ);
        self.pos = before;
        ty
    }

    fn report_duplicates(&mut self, params: List<Field>, results: List<Field>) {
        let mut seen: FxHashSet<Sym> = FxHashSet::default();
        for &field in self.ast[params].iter().chain(&self.ast[results]) {
            let name = self.ast[field].name.expand();
            let Some(sym) = name.and_then(|name| self.ast.name(name)) else {
                continue;
            };
            if sym != Sym::BLANK && !seen.insert(sym) {
                let name = self.ast.text(sym);
                let pos = self.ast[field].pos;
                self.error_at(pos, format_args!("duplicate argument {name}"));
            }
        }
    }
}
