//! Predeclared names and the supported exports of other packages.

use minigo_base::Pos;

use super::Checker;
use crate::constant::Value;
use crate::info::{Builtin, Extern, Name, Object, ObjectData, ObjectKind, VarKind};
use crate::profile::GO1_15;
use crate::ty::Type;
use crate::universe::{EXTERNS, TYPES};

const BUILTINS: &[(&str, Builtin)] = &[
    ("append", Builtin::Unsupported),
    ("cap", Builtin::Unsupported),
    ("close", Builtin::Unsupported),
    ("complex", Builtin::Unsupported),
    ("copy", Builtin::Unsupported),
    ("delete", Builtin::Unsupported),
    ("imag", Builtin::Unsupported),
    ("len", Builtin::Len),
    ("make", Builtin::Unsupported),
    ("new", Builtin::Unsupported),
    ("panic", Builtin::Panic),
    ("print", Builtin::Print),
    ("println", Builtin::Println),
    ("real", Builtin::Unsupported),
    ("recover", Builtin::Unsupported),
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

impl Checker<'_> {
    /// Creates the objects of all predeclared names.
    pub(super) fn declare_universe(&mut self) {
        self.blank = self.predeclare("_", ObjectKind::Var(VarKind::Blank), Type::BLANK);
        for &(name, ty) in TYPES {
            self.predeclare(name, ObjectKind::TypeName, ty);
        }
        for &(name, builtin) in BUILTINS {
            self.predeclare(name, ObjectKind::Builtin(builtin), Type::INVALID);
        }
        self.predeclare_value("true", ObjectKind::Const, Value::Bool(true));
        self.predeclare_value("false", ObjectKind::Const, Value::Bool(false));
        self.predeclare_value("nil", ObjectKind::Nil, Value::Nil);
        self.predeclare("iota", ObjectKind::Iota, Type::INVALID);
        for &(path, name, full_name, function) in EXTERNS {
            let ty = match function {
                Extern::FmtPrint | Extern::FmtPrintln => {
                    let results = vec![Type::INT, Type::ERROR];
                    (self.package.types).func(vec![Type::INTERFACE], results, true, true)
                }
                Extern::OsExit => self
                    .package
                    .types
                    .func(vec![Type::INT], vec![], false, false),
            };
            let object = self.predeclare(full_name, ObjectKind::Extern(function), ty);
            self.externs.push((path, name, object));
        }
    }

    fn predeclare(&mut self, name: &'static str, kind: ObjectKind, ty: Type) -> Object {
        let object = self.package.objects.push(ObjectData {
            name: Name::Known(name),
            pos: Pos::NONE,
            kind,
            ty,
            value: None.into(),
            used: false,
        });
        self.universe.insert(name, object);
        object
    }

    fn predeclare_value(&mut self, name: &'static str, kind: ObjectKind, value: Value) {
        let object = self.predeclare(name, kind, value.ideal_type());
        self.package.objects[object].value = self.package.values.push(value).into();
    }

    /// Returns the path of a package, if minigo supports it.
    pub(super) fn known_package(path: &str) -> Option<&'static str> {
        GO1_15
            .exports
            .iter()
            .map(|export| export.0)
            .find(|&known| known == path)
    }

    /// Returns the exported names of a package.
    pub(super) fn exported_names(path: &str) -> impl Iterator<Item = &'static str> {
        let exports = GO1_15.exports.iter().find(|export| export.0 == path);
        exports.map_or("", |export| export.1).split(' ')
    }

    /// Looks up the export `name` of the package `path`.
    pub(super) fn export(&self, path: &str, name: &str) -> Export {
        let mut externs = self.externs.iter();
        if let Some(&(.., object)) = externs.find(|known| (known.0, known.1) == (path, name)) {
            return Export::Known(object);
        }
        match Checker::exported_names(path).any(|known| known == name) {
            true => Export::Unsupported,
            false => Export::Nothing,
        }
    }
}
