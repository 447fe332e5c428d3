//! Imports, which are known in one file (gc: noder.go, importDecl; main.go, importfile and clearImports).

use minigo_base::Pos;
use minigo_syntax::ast::{Decl, Expr, ExprKind};
use minigo_syntax::sym::Sym;
use minigo_syntax::token::LitKind;

use super::literal::unquote;
use super::{Binding, Checker};
use crate::constant::quote;
use crate::info::{Import, Name, Object, ObjectData, ObjectKind};
use crate::ty::Type;

/// An imported package under its local name.
pub(super) struct Imported {
    /// None when nothing in the package is called like this.
    sym: Option<Sym>,
    object: Object,
    path: &'static str,
}

impl Checker<'_> {
    /// Files of a package agree on its name.
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

    /// An import declaration.
    pub(super) fn import(
        &mut self,
        decl: Decl,
        local_name: Option<Expr>,
        path: Expr,
        imports: &mut Vec<Imported>,
    ) {
        let pos = self.ast[decl].pos;
        let ExprKind::BasicLit { kind, bad, text } = self.ast[path].kind else {
            return self.stop_at_bad(path);
        };
        if bad {
            return;
        }
        if kind != LitKind::String {
            return self.error("import path must be a string");
        }
        let path = String::from_utf8(unquote(self.ast.text(text))).unwrap_or_default();
        if path.is_empty() {
            return self.error("import path is empty");
        }
        if path == "main" {
            // gc gives up here.
            self.error("cannot import \"main\"");
            self.silent = true;
            return;
        }
        if let Some(wrong) = wrong_path(&path) {
            return self.error(wrong);
        }
        let known = Checker::known_package(&path);
        if known.is_none() {
            self.refuse_at(pos, format_args!("import {path:?}"));
        }
        let local = local_name.and_then(|name| self.ast.name(name));
        match local.map(|sym| self.ast.text(sym)) {
            Some(".") => return self.refuse_at(pos, "dot imports"),
            Some("init") => {
                let message = "cannot import package as init - init must be a func";
                return self.error_at(pos, message);
            }
            _ => {}
        }
        // No identifier of the package may be called like the import, and then nothing refers to it.
        let last = path.rsplit('/').next().unwrap_or(&path);
        let sym = local.or_else(|| self.ast.interner.find(last));
        if sym != Some(Sym::BLANK) {
            self.bind_import(sym, pos, known, imports);
        }
        self.package.imports.push(Import { path, pos });
    }

    /// Binds a package; one without a path is not known to minigo.
    fn bind_import(
        &mut self,
        sym: Option<Sym>,
        pos: Pos,
        path: Option<&'static str>,
        imports: &mut Vec<Imported>,
    ) {
        let object = self.package.objects.push(ObjectData {
            name: sym.map_or(Name::Known(path.unwrap_or("")), Name::Source),
            pos,
            kind: ObjectKind::Package,
            ty: Type::INVALID,
            value: None.into(),
            used: path.is_none(),
        });
        if let Some(sym) = sym {
            if self.bindings[sym].def.is_some() {
                self.redeclare(pos, sym, "as imported package name");
            }
            self.bindings[sym] = Binding {
                def: object.into(),
                block: 1,
                last_pos: pos,
            };
        }
        // Without a symbol, names are compared.
        let path_text = path.unwrap_or("");
        let same =
            |other: &Imported| sym.is_none() && other.sym.is_none() && other.path == path_text;
        if let Some(index) = imports.iter().rposition(same) {
            let previous = self.place(self.package[imports.remove(index).object].pos);
            self.error_at(
                pos,
                format_args!(
                    "{path_text} redeclared as imported package name\n\
                     \tprevious declaration at {previous}"
                ),
            );
        }
        imports.push(Imported {
            sym,
            object,
            path: path_text,
        });
        self.imported_paths.push((object, path));
    }

    /// Forgets a file's imports and reports those not used. What has taken a name over in the
    /// meantime keeps it.
    pub(super) fn clear_imports(&mut self, imports: Vec<Imported>) {
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
            let (pos, path) = (object.pos, import.path);
            let name = import.sym.map_or(path, |sym| self.ast.text(sym));
            match path == name {
                true => self.error_at(pos, format_args!("imported and not used: {path:?}")),
                false => {
                    let message = format_args!("imported and not used: {path:?} as {name}");
                    self.error_at(pos, message);
                }
            }
        }
    }
}

/// What is wrong about an import path's characters (gc: subr.go, isbadimport).
fn wrong_path(path: &str) -> Option<String> {
    if path.contains('\0') {
        return Some("import path contains NUL".to_owned());
    }
    if matches!(path, "go" | "type") {
        return Some(format!(
            "import path {path:?} is reserved and cannot be used"
        ));
    }
    let quoted = quote(path.as_bytes());
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
            _ if c.is_whitespace() => "space character",
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
