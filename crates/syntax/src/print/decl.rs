//! Files and declarations.

use super::Printer;
use crate::ast::{Decl, DeclKind, Expr, File, List, Pragma};
use crate::pragma::PragmaFlags;

impl Printer<'_> {
    pub(super) fn file(&mut self, file: File) {
        let file = &self.ast[file];
        let Some(name) = file.pkg_name.expand() else {
            return;
        };
        self.pragma(file.pragma.expand());
        self.token("package");
        self.blank();
        self.expr(name);
        let mut rest = &self.ast[file.decls];
        let mut last = None;
        while let Some(&first) = rest.first() {
            self.semi();
            self.newline();
            let keyword = keyword(&self.ast[first].kind);
            // Consecutive ungrouped declarations of one kind are adjacent; functions are separated by blank lines.
            let grouped = self.ast[first].group.is_some();
            if last != Some((keyword, false)) || grouped || keyword == "func" {
                self.newline();
            }
            last = Some((keyword, grouped));
            let n = self.group_len(rest);
            self.decls(&rest[..n]);
            rest = &rest[n..];
        }
        for linkname in &file.linknames {
            let local = self.ast.text(linkname.local);
            let remote = linkname.remote.map_or("", |remote| self.ast.text(remote));
            let text = format!("//go:linkname {local} {remote}");
            self.semi();
            self.newline();
            self.word(text.trim_end());
        }
    }

    /// Returns the number of leading declarations that belong to one group.
    fn group_len(&self, decls: &[Decl]) -> usize {
        let group = self.ast[decls[0]].group;
        let same_group = |&&decl: &&Decl| group.is_some() && self.ast[decl].group == group;
        decls.iter().take_while(same_group).count().max(1)
    }

    pub(super) fn decl_stmt(&mut self, decls: List<Decl>) {
        match &self.ast[decls] {
            // The tree doesn't keep the keyword of an empty group.
            [] => {
                self.token("var");
                self.blank();
                self.token("(");
                self.close(")");
            }
            decls => self.decls(decls),
        }
    }

    /// Prints one ungrouped declaration or all of a group.
    fn decls(&mut self, decls: &[Decl]) {
        let first = self.ast[decls[0]];
        let keyword = keyword(&first.kind);
        if first.group.is_none() {
            self.pragma(first.pragma.expand());
            self.token(keyword);
            self.blank();
            return self.decl(decls[0]);
        }
        self.token(keyword);
        self.blank();
        self.token("(");
        self.newline();
        self.indent();
        for &decl in decls {
            self.pragma(self.ast[decl].pragma.expand());
            self.decl(decl);
            self.semi();
            self.newline();
        }
        self.outdent();
        self.close(")");
    }

    fn decl(&mut self, decl: Decl) {
        match self.ast[decl].kind {
            DeclKind::Import { local_name, path } => {
                if let Some(name) = local_name.expand() {
                    self.expr(name);
                    self.blank();
                }
                self.expr(path);
            }
            DeclKind::Const { names, typ, values } | DeclKind::Var { names, typ, values } => {
                self.values(names, typ.expand(), values);
            }
            DeclKind::Type { name, alias, typ } => {
                self.expr(name);
                self.blank();
                if alias {
                    self.token("=");
                    self.blank();
                }
                self.expr(typ);
            }
            DeclKind::Func {
                recv,
                name,
                typ,
                body,
            } => {
                if let Some(recv) = recv.expand() {
                    let recv = self.ast[recv];
                    self.token("(");
                    if let Some(name) = recv.name.expand() {
                        self.expr(name);
                        self.blank();
                    }
                    self.expr(recv.typ);
                    self.close(")");
                    self.blank();
                }
                self.expr(name);
                self.signature(typ);
                if let Some(body) = body.expand() {
                    self.blank();
                    self.stmt(body);
                }
            }
        }
    }

    /// Prints `names typ = values`.
    fn values(&mut self, names: List<Expr>, typ: Option<Expr>, values: List<Expr>) {
        self.expr_list(names);
        if let Some(typ) = typ {
            self.blank();
            self.expr(typ);
        }
        if !values.is_empty() {
            self.blank();
            self.token("=");
            self.blank();
            self.expr_list(values);
        }
    }

    /// Prints directives, one per line; nothing in one-line text.
    fn pragma(&mut self, pragma: Option<Pragma>) {
        let Some(pragma) = pragma.filter(|_| self.lines) else {
            return;
        };
        for &(flags, _) in &self.ast[pragma].places {
            if let Some(verb) = PragmaFlags::verb(flags) {
                self.token(&format!("//{verb}"));
                self.newline();
            }
        }
    }
}

fn keyword(kind: &DeclKind) -> &'static str {
    match kind {
        DeclKind::Import { .. } => "import",
        DeclKind::Const { .. } => "const",
        DeclKind::Type { .. } => "type",
        DeclKind::Var { .. } => "var",
        DeclKind::Func { .. } => "func",
    }
}
