//! Imports, which are in scope in one file (gc: noder.go, importDecl; main.go, importfile and clearImports).

use minigo_base::Pos;
use minigo_syntax::ast::{Decl, Expr, ExprKind};
use minigo_syntax::sym::Sym;
use minigo_syntax::token::LitKind;

use super::literal::unquoted;
use super::packages::{cleaned, is_local};
use super::universe::Export;
use super::{Binding, Checker};
use crate::info::{Import, Name, Object, ObjectData, ObjectKind};
use crate::profile::GO1_15;
use crate::ty::Type;
use minigo_base::unicode::quote;

/// An import under its local name.
pub(super) struct Imported {
    /// None if no identifier in the package has this name.
    sym: Option<Sym>,
    object: Object,
    path: String,
    /// Whether the name is a guess: a package outside the standard library may have any name.
    guessed: bool,
    /// Whether this is a dot import.
    dot: bool,
}

/// The package that an imported name denotes.
pub(super) struct ImportedPackage {
    pub object: Object,
    /// The name in its package clause; for the standard library, the last element of the path.
    pub name: String,
    /// The import path, if minigo supports the package.
    pub known: Option<&'static str>,
}

/// The names bound by `import . "fmt"` in a file.
pub(super) struct DotImport {
    package: Object,
    path: &'static str,
    names: Vec<(Sym, Object)>,
}

impl Checker<'_> {
    /// Checks that all files agree on the package's name.
    pub(super) fn check_package_name(&mut self, name: Expr) {
        let sym = self.ast.name(name).unwrap_or(Sym::BLANK);
        let first = self
            .ast
            .files
            .values()
            .find_map(|file| file.pkg_name.expand());
        if first == Some(name) {
            if sym == Sym::BLANK {
                self.error("invalid package name _");
            }
            self.package.name = sym;
        } else if sym != self.package.name {
            let (name, expected) = (self.ast.text(sym), self.ast.text(self.package.name));
            self.error(format_args!("package {name}; expected {expected}"));
        }
    }

    /// Declares an import.
    pub(super) fn import(
        &mut self,
        decl: Decl,
        local_name: Option<Expr>,
        path: Expr,
        imports: &mut Vec<Imported>,
    ) {
        let pos = self.ast[decl].pos;
        let ExprKind::BasicLit { kind, bad, text } = self.ast[path].kind else {
            return self.suppress_after_bad(path);
        };
        if bad {
            return;
        }
        if kind != LitKind::String {
            return self.error("import path must be a string");
        }
        let bytes = unquoted(self.ast.text(text));
        let path = String::from_utf8_lossy(&bytes).into_owned();
        if path.is_empty() {
            return self.error("import path is empty");
        }
        if path == "main" {
            // gc stops here.
            self.error("cannot import \"main\"");
            self.silent = true;
            return;
        }
        if let Some(wrong) = wrong_path(&path, &bytes, Spaces::Refused) {
            return self.error(wrong);
        }
        if path.starts_with('/') {
            return self.error("import path cannot be absolute path");
        }
        let known = Checker::known_package(&path);
        if known.is_none() && !self.find_package(&path) {
            return;
        }
        let local = local_name.and_then(|name| self.ast.name(name));
        match local.map(|sym| self.ast.text(sym)) {
            Some(".") => {
                if let Some(known) = known {
                    self.import_names(pos, known, imports);
                }
                return self.package.imports.push(Import { path, pos });
            }
            Some("init") => {
                let message = "cannot import package as init - init must be a func";
                return self.error_at(pos, message);
            }
            _ => {}
        }
        // If no identifier of the package has this name, nothing can refer to the import.
        let last = path.rsplit('/').next().unwrap_or(&path);
        let sym = local.or_else(|| self.ast.interner.find(last));
        if sym != Some(Sym::BLANK) {
            let name = sym.map_or_else(|| Name::Known(known.unwrap_or("")), Name::Source);
            let object = self.new_import(name, pos, known.is_none());
            self.imported.push(ImportedPackage {
                object,
                name: last.to_owned(),
                known,
            });
            let import = Imported {
                sym,
                object,
                path: path.clone(),
                guessed: local.is_none() && path.starts_with('.'),
                dot: false,
            };
            self.bind_import(import, pos, imports);
        }
        self.package.imports.push(Import { path, pos });
    }

    /// Looks for an unsupported package. Refuses it if it exists; else reports gc's error.
    fn find_package(&mut self, path: &str) -> bool {
        let full = self.imports.resolve(path);
        if is_local(path)
            && let Some(wrong) = wrong_path(&full, full.as_bytes(), Spaces::Allowed)
        {
            self.error(wrong);
            return false;
        }
        if self.imports.finds_in(&full, GO1_15.standard) {
            self.refuse_at(self.pos, format_args!("import {path:?}"));
            return true;
        }
        let canonical = cleaned(&full);
        if canonical != full {
            self.error(format_args!(
                "non-canonical import path {full:?} (should be {canonical:?})"
            ));
        }
        self.error_with_hint(
            self.pos,
            format_args!("can't find import: {full:?}"),
            "minigo has fmt and os, and compiles one package",
        );
        // gc stops here.
        self.silent = true;
        false
    }

    /// Binds the exports of a package for `import . "fmt"` (gc: main.go, importdot).
    fn import_names(&mut self, pos: Pos, path: &'static str, imports: &mut Vec<Imported>) {
        let package = self.new_import(Name::Known(path), pos, false);
        self.imported.push(ImportedPackage {
            object: package,
            name: path.to_owned(),
            known: Some(path),
        });
        let mut names = Vec::new();
        // Only names that occur in the program matter.
        for name in Checker::exported_names(path) {
            let Some(sym) = self.ast.interner.find(name) else {
                continue;
            };
            if self.bindings[sym].def.is_some() {
                self.redeclare(pos, sym, &format!("during import {path:?}"));
                continue;
            }
            let object = match self.export(path, name) {
                Export::Known(object) => object,
                Export::Unsupported | Export::Nothing => {
                    let object = self.new_import(Name::Source(sym), pos, true);
                    self.package.objects[object].kind = ObjectKind::UnsupportedExtern;
                    object
                }
            };
            self.bindings[sym].def = object.into();
            self.bindings[sym].block = 0;
            names.push((sym, object));
        }
        self.dot_imports.push(DotImport {
            package,
            path,
            names,
        });
        imports.push(Imported {
            sym: None,
            object: package,
            path: path.to_owned(),
            guessed: false,
            dot: true,
        });
    }

    /// Returns the import that `package` denotes.
    pub(super) fn imported_package(&self, package: Object) -> Option<&ImportedPackage> {
        let mut imports = self.imported.iter();
        imports.find(|import| import.object == package)
    }

    fn new_import(&mut self, name: Name, pos: Pos, used: bool) -> Object {
        self.package.objects.push(ObjectData {
            name,
            pos,
            kind: ObjectKind::Package,
            ty: Type::INVALID,
            value: None.into(),
            used,
        })
    }

    /// Records the use of a name, which may come from `import . "os"`. Returns false after refusing an unsupported one.
    pub(super) fn use_dot_import(&mut self, expr: Expr, sym: Sym, object: Object) -> bool {
        let imports = self.dot_imports.iter();
        let mut imports = imports.filter(|import| import.names.contains(&(sym, object)));
        let Some(import) = imports.next() else {
            return true;
        };
        let (package, path) = (import.package, import.path);
        self.package.objects[package].used = true;
        if self.package[object].kind != ObjectKind::UnsupportedExtern {
            return true;
        }
        let what = format!("{path}.{}", self.ast.text(sym));
        self.refuse_at(self.ast[expr].pos, what);
        false
    }

    fn bind_import(&mut self, import: Imported, pos: Pos, imports: &mut Vec<Imported>) {
        if let Some(sym) = import.sym {
            let def = self.bindings[sym].def.expand();
            let mut others = imports.iter();
            let guessed =
                import.guessed || others.any(|other| other.guessed && def == Some(other.object));
            if def.is_some() && !guessed {
                self.redeclare(pos, sym, "as imported package name");
            }
            self.bindings[sym] = Binding {
                def: import.object.into(),
                block: 1,
                last_pos: pos,
            };
        }
        // Without a symbol, paths are compared.
        let same =
            |other: &Imported| !other.dot && (other.sym, &other.path) == (None, &import.path);
        if let Some(index) = imports
            .iter()
            .rposition(same)
            .filter(|_| import.sym.is_none())
        {
            let previous = self.format_pos(self.package[imports.remove(index).object].pos);
            self.error_at(
                pos,
                format_args!(
                    "{} redeclared as imported package name\n\
                     \tprevious declaration at {previous}",
                    import.path
                ),
            );
        }
        imports.push(import);
    }

    /// Unbinds a file's imports and reports unused ones. A name that has been redeclared since keeps its new meaning.
    pub(super) fn clear_imports(&mut self, imports: Vec<Imported>) {
        for import in std::mem::take(&mut self.dot_imports) {
            for (sym, object) in import.names {
                if self.bindings[sym].def.expand() == Some(object) {
                    self.bindings[sym].def = None.into();
                }
            }
        }
        for import in imports {
            if let Some(sym) = import.sym {
                if self.bindings[sym].def.expand() != Some(import.object) {
                    continue;
                }
                self.bindings[sym].def = None.into();
            }
            let object = &self.package[import.object];
            if object.used || self.diags.syntax_errors > 0 {
                continue;
            }
            let (pos, path) = (object.pos, import.path.as_str());
            let name = import.sym.map_or(path, |sym| self.ast.text(sym));
            let hint = "remove the import, or name it _ if only its initialisation counts";
            match path == name {
                true => {
                    let message = format_args!("imported and not used: {path:?}");
                    self.error_with_hint(pos, message, hint);
                }
                false => {
                    let message = format_args!("imported and not used: {path:?} as {name}");
                    self.error_with_hint(pos, message, hint);
                }
            }
        }
    }
}

/// Whether an import path may contain spaces: the folder of a relative one may.
#[derive(PartialEq, Eq)]
enum Spaces {
    Allowed,
    Refused,
}

/// Returns the error in the characters of an import path, if any. `bytes` is the path as written (gc: subr.go,
/// isbadimport).
fn wrong_path(path: &str, bytes: &[u8], spaces: Spaces) -> Option<String> {
    if path.contains('\0') {
        return Some("import path contains NUL".to_owned());
    }
    if matches!(path, "go" | "type") {
        return Some(format!(
            "import path {path:?} is reserved and cannot be used"
        ));
    }
    let quoted = quote(bytes);
    path.chars().find_map(|c| {
        let what = match c {
            '\u{fffd}' => {
                return Some("import path contains invalid UTF-8 sequence: ".to_owned() + &quoted);
            }
            _ if c < ' ' || c == '\x7f' => "control character",
            '\\' => {
                return Some(format!(
                    "import path contains backslash; use slash: {quoted}"
                ));
            }
            _ if c.is_whitespace() && spaces == Spaces::Refused => "space character",
            _ if "!\"#$%&'()*,:;<=>?[]^`{|}".contains(c) => {
                return Some(format!(
                    "import path contains invalid character '{c}': {quoted}"
                ));
            }
            _ => return None,
        };
        Some(format!("import path contains {what}: {quoted}"))
    })
}
