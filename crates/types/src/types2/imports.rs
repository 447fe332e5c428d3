//! Imports, which are in scope in one file (gc: types2/resolver.go, noder/import.go).

use minigo_base::Pos;
use minigo_base::unicode;
use minigo_syntax::ast::{Decl, Expr, ExprKind};
use minigo_syntax::sym::Sym;

use super::Checker;
use super::universe::Export;
use crate::check::{is_local, unquoted};
use crate::info::{Import, Name, Object, ObjectKind};
use crate::ty::Type;

/// An import under its local name.
pub(super) struct Imported {
    pub(super) object: Object,
    /// The local name; none if nothing can refer to it, and for a dot import.
    name: String,
    path: String,
    /// The path, if minigo supports the package.
    known: Option<&'static str>,
    /// Whether the package has been refused.
    refused: bool,
    /// The objects that a dot import declares, and its file.
    dot: Vec<Object>,
    pub(super) file: usize,
}

impl Checker<'_> {
    /// Declares an import.
    pub(super) fn import(&mut self, decl: Decl, local_name: Option<Expr>, path: Expr) {
        let pos = self.ast[decl].pos;
        let ExprKind::BasicLit { bad, text, .. } = self.ast[path].kind else {
            return;
        };
        if bad {
            return;
        }
        let place = self.ast[path].pos;
        let literal = self.ast.text(text);
        let bytes = unquoted(literal);
        let full = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(wrong) = wrong_path(&full) {
            self.error(place, format_args!("invalid import path ({wrong})"));
            return;
        }
        let known = self.known_package(&full);
        let used = known.is_none();
        let refused = known.is_none() && self.find_package(place, &full);
        let last = full.trim_end_matches('/');
        let last = last.rsplit('/').next().unwrap_or(last);
        let local = local_name.map(|name| self.text(name));
        let name = local.unwrap_or_else(|| last.to_owned());
        if name == "init" {
            let message = "cannot import package as init - init must be a func";
            return self.error(pos, message);
        }
        if known.is_some() {
            let path = full.clone();
            self.package.imports.push(Import { path, pos });
        }
        let sym = self.ast.interner.find(&name);
        let object_name = match sym {
            Some(sym) => Name::Source(sym),
            None => Name::Known(known.unwrap_or("")),
        };
        let object = self.object(object_name, pos, ObjectKind::Package);
        self.set_object_type(object, Type::INVALID);
        self.package.objects[object].used = used;
        let mut imported = Imported {
            object,
            name: name.clone(),
            path: full,
            known,
            refused,
            dot: Vec::new(),
            file: self.env.file,
        };
        if name == "." {
            if let (Some(known), Some(dot)) = (known, local_name) {
                imported.dot = self.import_names(self.ast[dot].pos, known);
            }
        } else if let Some(sym) = sym.filter(|&sym| sym != Sym::BLANK) {
            self.declare_import(sym, object, pos);
        } else {
            // Nothing refers to the import, but another one may have its name.
            let mut same = self.imported.iter();
            let other = same.find(|other| other.name == name && other.file == imported.file);
            if let Some(other) = other.map(|other| other.object).filter(|_| name != "_") {
                let place = self.package[other].pos;
                let note = self.note(place, &format!("other declaration of {name}"));
                self.error(pos, format_args!("{name} redeclared in this block{note}"));
            }
        }
        self.imported.push(imported);
    }

    fn declare_import(&mut self, sym: Sym, object: Object, pos: Pos) {
        let file = self.env.file;
        if let Some(&other) = self.scopes.files[file].get(&sym) {
            let note = self.other_declaration(other);
            let name = self.ast.text(sym);
            self.error(pos, format_args!("{name} redeclared in this block{note}"));
            return;
        }
        self.scopes.files[file].insert(sym, object);
    }

    /// Looks for an unsupported package. Refuses it if it exists; else reports gc's error.
    fn find_package(&mut self, pos: Pos, path: &str) -> bool {
        let failed = |checker: &mut Self, why: &str| {
            checker.error_with_hint(
                pos,
                format_args!("could not import {path} ({why})"),
                "minigo has fmt and os, and compiles one package",
            );
            false
        };
        if path == "main" {
            return failed(self, "cannot import \"main\"");
        }
        if path.starts_with('/') {
            return failed(self, "import path cannot be absolute path");
        }
        let full = self.imports.resolve(path);
        if self.imports.finds_in(&full, self.profile.standard) {
            self.refuse(pos, format_args!("import {path:?}"));
            return true;
        }
        let canonical = crate::check::cleaned(&full);
        if !is_local(path) && canonical != full {
            let why = format!("non-canonical import path {full:?} (should be {canonical:?})");
            return failed(self, &why);
        }
        failed(self, "file not found")
    }

    /// Declares the exports of a package for `import . "fmt"`. Only names that occur in the program matter.
    fn import_names(&mut self, pos: Pos, path: &'static str) -> Vec<Object> {
        let mut objects = Vec::new();
        let file = self.env.file;
        for name in self.exported_names(path) {
            let Some(sym) = self.ast.interner.find(name) else {
                continue;
            };
            let object = match self.export(path, name) {
                Export::Known(object) => object,
                Export::Unsupported | Export::Nothing => {
                    let object =
                        self.object(Name::Source(sym), Pos::NONE, ObjectKind::UnsupportedExtern);
                    self.set_object_type(object, Type::INVALID);
                    object
                }
            };
            if let Some(&other) = self.scopes.files[file].get(&sym) {
                let note = self.other_declaration(other);
                self.error(pos, format_args!("{name} redeclared in this block{note}"));
                continue;
            }
            self.scopes.files[file].insert(sym, object);
            objects.push(object);
        }
        objects
    }

    /// Returns the message about a package-level name that an import of a file hides.
    pub(super) fn hidden_import(&self, name: &str, import: Object) -> String {
        let mut imports = self.imported.iter();
        if self.kind_of_object(import) == ObjectKind::Package
            && let Some(imported) = imports.find(|imported| imported.object == import)
        {
            let path = &imported.path;
            let last = path.rsplit('/').next().unwrap_or(path);
            let note = self.other_declaration(import);
            return format!(
                "{name} already declared through import of package {last} ({path:?}){note}"
            );
        }
        let mut imports = self.imported.iter();
        let dot = imports.find(|imported| imported.dot.contains(&import));
        let path = dot.map_or("", |dot| &*dot.path);
        let last = path.rsplit('/').next().unwrap_or(path);
        format!("{name} already declared through dot-import of package {last} ({path:?})")
    }

    /// Marks the import that has brought a name into the file as used.
    pub(super) fn use_dot_import(&mut self, object: Object) {
        let file = self.env.file;
        let mut imports = self.imported.iter();
        let import = imports.find(|import| import.file == file && import.dot.contains(&object));
        if let Some(import) = import.map(|import| import.object) {
            self.package.objects[import].used = true;
        }
    }

    /// Reports whether any name may come from a refused package.
    pub(super) fn has_refused_dot_import(&self) -> bool {
        let is_dot = |import: &Imported| import.refused && import.name == ".";
        let mut imports = self.imported.iter();
        imports.any(|import| import.file == self.env.file && is_dot(import))
    }

    /// Returns the import path of a package, if minigo supports it.
    pub(super) fn imported_package(&mut self, package: Object) -> Option<&'static str> {
        let mut imports = self.imported.iter();
        let import = imports.find(|import| import.object == package)?;
        // What comes from a refused package is refused as well.
        self.n_refused += u32::from(import.refused);
        import.known
    }

    /// Reports imports that nothing refers to.
    pub(super) fn report_unused_imports(&mut self) {
        if self.n_refused > 0 {
            return;
        }
        let mut unused = Vec::new();
        for import in &self.imported {
            let object = &self.package[import.object];
            if import.name == "_" || object.used {
                continue;
            }
            let (path, name) = (&import.path, &import.name);
            let last = path.rsplit('/').next().unwrap_or(path);
            unused.push((
                object.pos,
                match name == "." || name == last {
                    true => format!("{path:?} imported and not used"),
                    false => format!("{path:?} imported as {name} and not used"),
                },
            ));
        }
        for (pos, message) in unused {
            let hint = "remove the import, or name it _ if only its initialisation counts";
            self.error_with_hint(pos, message, hint);
        }
    }
}

/// Returns what is wrong with the characters of an import path.
fn wrong_path(path: &str) -> Option<String> {
    if path.is_empty() {
        return Some("empty string".to_owned());
    }
    let is_wrong = |c: &char| {
        c.is_whitespace()
            || "!\"#$%&'()*,:;<=>?[\\]^{|}`\u{fffd}".contains(*c)
            || !unicode::is_printable(*c)
    };
    let wrong = path.chars().find(is_wrong)?;
    let code = unicode::code_point(wrong as u32);
    Some(format!("invalid character {code}"))
}
