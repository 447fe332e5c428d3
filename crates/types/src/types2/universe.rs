//! Predeclared names and the supported exports of other packages (gc: types2/universe.go).

use minigo_base::Pos;

use super::Checker;
use super::constant::Val;
use super::expr::Form;
use crate::constant::Value;
use crate::info::{Builtin, Extern, Name, Object, ObjectKind, VarKind};
use crate::ty::Type;
use crate::universe::{EXTERNS, TYPES};

/// Name, function, least number of arguments, whether there may be more, and what a call is.
type Row = (&'static str, Builtin, usize, bool, Form);

const BUILTINS: &[Row] = &[
    ("append", Builtin::Unsupported, 1, true, Form::Expression),
    ("cap", Builtin::Unsupported, 1, false, Form::Expression),
    ("clear", Builtin::Unsupported, 1, false, Form::Statement),
    ("close", Builtin::Unsupported, 1, false, Form::Statement),
    ("complex", Builtin::Unsupported, 2, false, Form::Expression),
    ("copy", Builtin::Unsupported, 2, false, Form::Statement),
    ("delete", Builtin::Unsupported, 2, false, Form::Statement),
    ("imag", Builtin::Unsupported, 1, false, Form::Expression),
    ("len", Builtin::Len, 1, false, Form::Expression),
    ("make", Builtin::Unsupported, 1, true, Form::Expression),
    ("max", Builtin::Max, 1, true, Form::Expression),
    ("min", Builtin::Min, 1, true, Form::Expression),
    ("new", Builtin::Unsupported, 1, false, Form::Expression),
    ("panic", Builtin::Panic, 1, false, Form::Statement),
    ("print", Builtin::Print, 0, true, Form::Statement),
    ("println", Builtin::Println, 0, true, Form::Statement),
    ("real", Builtin::Unsupported, 1, false, Form::Expression),
    ("recover", Builtin::Unsupported, 0, false, Form::Statement),
];

/// The meaning of a name in another package.
pub(super) enum Export {
    /// A supported function.
    Known(Object),
    /// An unsupported export.
    Unsupported,
    /// Not exported.
    Nothing,
}

/// Returns the least number of arguments of a predeclared function, whether there may be more, and what a call is.
pub(super) fn arity(name: &str) -> (usize, bool, Form) {
    let row = BUILTINS.iter().find(|row| row.0 == name);
    let &(_, _, n_args, variadic, form) = row.expect("a predeclared function");
    (n_args, variadic, form)
}

impl Checker<'_> {
    /// Creates the objects of all predeclared names.
    pub(super) fn declare_universe(&mut self) {
        self.blank = self.predeclare("_", ObjectKind::Var(VarKind::Blank), Type::BLANK);
        let newer = [("any", Type::INTERFACE), ("comparable", Type::INTERFACE)];
        for &(name, ty) in newer.iter().chain(TYPES) {
            self.predeclare(name, ObjectKind::TypeName, ty);
        }
        for &(name, builtin, ..) in BUILTINS {
            self.predeclare(name, ObjectKind::Builtin(builtin), Type::INVALID);
        }
        for (name, value) in [("true", true), ("false", false)] {
            let object = self.predeclare(name, ObjectKind::Const, Type::UNTYPED_BOOL);
            self.values.insert(object, Val::Bool(value));
        }
        let nil = self.predeclare("nil", ObjectKind::Nil, Type::UNTYPED_NIL);
        self.package.objects[nil].value = self.package.values.push(Value::Nil).into();
        self.iota = self.predeclare("iota", ObjectKind::Iota, Type::UNTYPED_INT);
        for &(path, name, full_name, function) in EXTERNS {
            let strings = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
            let ty = match function {
                Extern::FmtPrint | Extern::FmtPrintln => self.signature_type(
                    (vec![Type::INTERFACE], strings(&["a"])),
                    (vec![Type::INT, Type::ERROR], strings(&["n", "err"])),
                    true,
                    true,
                ),
                Extern::OsExit => self.signature_type(
                    (vec![Type::INT], strings(&["code"])),
                    (Vec::new(), Vec::new()),
                    false,
                    false,
                ),
            };
            let object = self.predeclare(full_name, ObjectKind::Extern(function), ty);
            self.externs.push((path, name, object));
        }
    }

    fn predeclare(&mut self, name: &'static str, kind: ObjectKind, ty: Type) -> Object {
        let object = self.object(Name::Known(name), Pos::NONE, kind);
        self.set_object_type(object, ty);
        if let Some(sym) = self.ast.interner.find(name) {
            self.universe.insert(sym, object);
        }
        object
    }

    /// Returns the path of a package, if minigo supports it.
    pub(super) fn known_package(&self, path: &str) -> Option<&'static str> {
        let mut exports = self.profile.exports.iter().map(|export| export.0);
        exports.find(|&known| known == path)
    }

    /// Returns the exported names of a package.
    pub(super) fn exported_names(&self, path: &str) -> impl Iterator<Item = &'static str> + use<> {
        let exports = self.profile.exports.iter().find(|export| export.0 == path);
        exports.map_or("", |export| export.1).split_whitespace()
    }

    /// Looks up the export `name` of the package `path`.
    pub(super) fn export(&self, path: &str, name: &str) -> Export {
        let mut externs = self.externs.iter();
        if let Some(&(.., object)) = externs.find(|known| (known.0, known.1) == (path, name)) {
            return Export::Known(object);
        }
        match self.exported_names(path).any(|known| known == name) {
            true => Export::Unsupported,
            false => Export::Nothing,
        }
    }

    /// Reports whether values of a predeclared type are unsupported even as constants.
    pub(super) fn is_unsupported_type(&self, ty: Type) -> bool {
        ty == Type::INTERFACE
    }
}
