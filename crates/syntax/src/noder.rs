//! Errors that gc reports while it converts a file's syntax tree and that need no scope: directives that don't fit
//! their declaration, and misplaced `...` (gc: gc/noder.go).
//!
//! The checks walk the arenas rather than the tree; diagnostics are sorted, so the order of reports doesn't matter.

use cranelift_entity::EntityRef;
use cranelift_entity::packed_option::PackedOption;
use minigo_base::{Diagnostics, Pos};

use crate::ast::{Ast, Decl, DeclKind, Expr, ExprKind, Field, File, Linkname, List, Pragma};
use crate::pragma::PragmaFlags;

/// Checks `file`, the last one parsed, whose first declaration and expression have the given indices.
pub(crate) fn check(
    ast: &Ast,
    diags: &mut Diagnostics,
    file: File,
    first_decl: usize,
    first_expr: usize,
) {
    if ast[file].pkg_name.is_none() {
        return;
    }
    let mut noder = Noder {
        ast,
        diags,
        imports_unsafe: false,
    };
    noder.misplaced(ast[file].pragma, PragmaFlags::default());
    let is_broken = |&decl: &Decl| match ast[decl].kind {
        DeclKind::Import { path, .. } => matches!(ast[path].kind, ExprKind::Bad),
        _ => false,
    };
    if ast[ast[file].decls].iter().any(is_broken) {
        return; // gc stops at an import without a path
    }
    let signatures = (first_expr..ast.exprs.len()).map(Expr::new);
    let end = signatures.clone().find(|&typ| noder.stops_gc(typ));
    let reached = |pos| end.is_none_or(|end| pos <= ast[end].pos);
    for decl in (first_decl..ast.decls.len()).map(Decl::new) {
        let stops_here = matches!(ast[decl].kind, DeclKind::Func { typ, .. } if Some(typ) == end);
        if !stops_here && reached(ast[decl].pos) {
            noder.decl(decl);
        }
    }
    for typ in signatures.take_while(|&typ| Some(typ) != end) {
        if let ExprKind::FuncType { params, results } = ast[typ].kind {
            noder.params(params);
            noder.no_dots(&ast[results]);
        }
    }
    if !noder.imports_unsafe && end.is_none() {
        for linkname in &ast[file].linknames {
            noder.linkname(linkname);
        }
    }
}

/// Checks directives, in versions that do so after types are checked.
pub fn check_directives(ast: &Ast, diags: &mut Diagnostics) {
    let mut noder = Noder {
        ast,
        diags,
        imports_unsafe: false,
    };
    for file in ast.files.values() {
        noder.misplaced(file.pragma, PragmaFlags::BUILD);
        for linkname in &file.linknames {
            noder.linkname(linkname);
        }
    }
    for decl in ast.decls.values() {
        let DeclKind::Func { body, .. } = decl.kind else {
            noder.misplaced(decl.pragma, PragmaFlags::default());
            continue;
        };
        noder.misplaced(decl.pragma, PragmaFlags::FUNC);
        noder.func_pragma(decl.pos, decl.pragma);
        let pragma = decl.pragma.expand();
        let flags = pragma.map_or(PragmaFlags::default(), |pragma| ast[pragma].flags);
        if body.is_some() && flags.intersects(PragmaFlags::NOESCAPE) {
            let message = "can only use //go:noescape with external func implementations";
            noder.diags.error(decl.pos, message);
        }
    }
}

struct Noder<'a> {
    ast: &'a Ast,
    diags: &'a mut Diagnostics,
    imports_unsafe: bool,
}

impl Noder<'_> {
    /// Reports a directive in a file that doesn't import `unsafe`, which minigo doesn't have.
    fn linkname(&mut self, linkname: &Linkname) {
        let verb = linkname.verb;
        let message = format_args!("//{verb} only allowed in Go files that import \"unsafe\"");
        self.diags.error(linkname.pos, message);
    }

    fn decl(&mut self, decl: Decl) {
        let decl = self.ast[decl];
        let fits = match decl.kind {
            DeclKind::Import { path, .. } => {
                let ExprKind::BasicLit { bad, text, .. } = self.ast[path].kind else {
                    return;
                };
                if bad {
                    return;
                }
                let text = self.ast.text(text);
                self.imports_unsafe |= matches!(text, "\"unsafe\"" | "`unsafe`");
                PragmaFlags::default()
            }
            DeclKind::Const { .. } | DeclKind::Var { .. } => PragmaFlags::default(),
            DeclKind::Type { alias: true, .. } => PragmaFlags::default(),
            DeclKind::Type { alias: false, .. } => PragmaFlags::TYPE,
            DeclKind::Func { recv, .. } => {
                if let Some(recv) = recv.expand() {
                    self.no_dots(&[recv]);
                }
                self.func_pragma(decl.pos, decl.pragma);
                PragmaFlags::FUNC
            }
        };
        self.misplaced(decl.pragma, fits);
    }

    fn func_pragma(&mut self, pos: Pos, pragma: PackedOption<Pragma>) {
        let flags = pragma
            .expand()
            .map_or(PragmaFlags::default(), |pragma| self.ast[pragma].flags);
        if flags.intersects(PragmaFlags::SYSTEMSTACK) && flags.intersects(PragmaFlags::NOSPLIT) {
            let message = "go:nosplit and go:systemstack cannot be combined";
            self.diags.error(pos, message);
        }
    }

    /// Reports directives that are not in `fits` as misplaced.
    fn misplaced(&mut self, pragma: PackedOption<Pragma>, fits: PragmaFlags) {
        let Some(pragma) = pragma.expand() else {
            return;
        };
        let pragma = &self.ast[pragma];
        for pos in pragma.misplaced(pragma.flags.without(fits)) {
            self.diags.error(pos, "misplaced compiler directive");
        }
    }

    /// Reports whether `typ` is a signature with a parameter or result whose type could not be parsed. gc reports
    /// nothing past it.
    fn stops_gc(&self, typ: Expr) -> bool {
        let ExprKind::FuncType { params, results } = self.ast[typ].kind else {
            return false;
        };
        let mut fields = self.ast[params].iter().chain(&self.ast[results]);
        fields.any(|&field| matches!(self.ast[self.ast[field].typ].kind, ExprKind::Bad))
    }

    /// Reports variadic parameters that are not the last.
    fn params(&mut self, params: List<Field>) {
        let Some((_, but_last)) = self.ast[params].split_last() else {
            return;
        };
        for &param in but_last {
            let param = self.ast[param];
            if !self.is_dots(param.typ) {
                continue;
            }
            let mut message = "syntax error: cannot use ... with non-final parameter".to_owned();
            let mut pos = self.last_pos(param.typ);
            if let Some(name) = param.name.expand() {
                let sym = self.ast.name(name).expect("a parameter's name is a name");
                message = format!("{message} {}", self.ast.text(sym));
                pos = self.ast[name].pos;
            }
            self.diags.error(pos, message);
        }
    }

    fn no_dots(&mut self, fields: &[Field]) {
        for &field in fields {
            let typ = self.ast[field].typ;
            if self.is_dots(typ) {
                let message = "syntax error: cannot use ... in receiver or result parameter list";
                self.diags.error(self.last_pos(typ), message);
            }
        }
    }

    fn is_dots(&self, typ: Expr) -> bool {
        matches!(self.ast[typ].kind, ExprKind::DotsType(_))
    }

    /// Returns the position of the part of a type that gc converts last, which becomes gc's current line.
    fn last_pos(&self, mut typ: Expr) -> Pos {
        let ast = self.ast;
        loop {
            let pos = ast[typ].pos;
            typ = match ast[typ].kind {
                ExprKind::SliceType(elem) | ExprKind::DotsType(elem) => elem,
                ExprKind::ArrayType { elem, .. } | ExprKind::ChanType { elem, .. } => elem,
                ExprKind::MapType { value, .. } => value,
                ExprKind::Unary { x, .. } | ExprKind::Selector { x, .. } => x,
                ExprKind::InterfaceType(methods) => match ast[methods].last() {
                    Some(&method) if ast[method].name.is_none() => return ast[method].pos,
                    Some(&method) => ast[method].typ,
                    None => return pos,
                },
                ExprKind::FuncType { params, results } => {
                    match ast[results].last().or(ast[params].last()) {
                        Some(&field) => ast[field].typ,
                        None => return pos,
                    }
                }
                _ => return pos,
            };
        }
    }
}
