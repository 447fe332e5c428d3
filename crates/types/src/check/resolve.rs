//! Names and declarations, as gc deals with them while it builds its tree (gc: noder.go, dcl.go).
//!
//! One walk in source order. The current position moves as gc's does, because redeclarations quote the
//! position at which the walk was when a name was declared.

use minigo_base::Pos;
use minigo_syntax::ast::{
    BranchKind, Decl, DeclKind, Expr, ExprKind, Field, File, Group, List, StmtKind,
};
use minigo_syntax::pragma::PragmaFlags;
use minigo_syntax::sym::Sym;
use minigo_syntax::token::{LitKind, Operator};

use super::literal::{literal_value, unquote};
use super::universe::Export;
use super::{Binding, Checker, Definition, Item, mark};
use crate::constant::{Value, quote};
use crate::info::{FuncData, Import, InitData, Name, Object, ObjectData, ObjectKind, VarKind};
use crate::ty::Type;

/// Where a name is declared (gc: Class).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Package,
    Func,
    Param,
    Local,
}

/// The last constant values of a group, which declarations without values repeat (gc: constState).
#[derive(Clone, Copy, Default)]
pub(super) struct ConstGroup {
    group: Option<Group>,
    typ: Option<Expr>,
    values: List<Expr>,
    iota: i64,
}

/// An imported package under its local name.
struct Imported {
    /// None when nothing in the package is called like this.
    sym: Option<Sym>,
    object: Object,
    path: &'static str,
}

impl Checker<'_> {
    /// Walks all files, each with its own imports.
    pub(super) fn resolve_files(&mut self) {
        for file in self.ast.files.keys() {
            self.resolve_file(file);
        }
        self.pos = Pos::NONE;
    }

    fn resolve_file(&mut self, file: File) {
        let data = &self.ast[file];
        let Some(pkg_name) = data.pkg_name.expand() else {
            return;
        };
        self.block = 1;
        self.pos = self.ast[pkg_name].pos;
        self.check_package_name(pkg_name);
        let mut imports = Vec::new();
        let mut group = ConstGroup::default();
        for &decl in &self.ast[data.decls] {
            self.pos = self.ast[decl].pos;
            match self.ast[decl].kind {
                DeclKind::Import { local_name, path } => {
                    self.import(decl, local_name.expand(), path, &mut imports);
                }
                DeclKind::Func { .. } => self.func_decl(decl),
                _ => self.declaration(decl, &mut group),
            }
        }
        self.clear_imports(imports);
    }

    fn check_package_name(&mut self, name: Expr) {
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

    fn import(
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
        imports.push(Imported {
            sym,
            object,
            path: path.unwrap_or(""),
        });
        self.imported_paths.push((object, path));
    }

    /// Forgets a file's imports and reports those not used. What has taken a name over in the
    /// meantime keeps it.
    fn clear_imports(&mut self, imports: Vec<Imported>) {
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

    /// Constants, types and variables, at package level or in a function.
    pub(super) fn declaration(&mut self, decl: Decl, group: &mut ConstGroup) {
        self.pos = self.ast[decl].pos;
        match self.ast[decl].kind {
            DeclKind::Const { names, typ, values } => {
                self.const_decl(decl, names, typ.expand(), values, group);
            }
            DeclKind::Type { name, alias, typ } => self.type_decl(decl, name, alias, typ),
            DeclKind::Var { names, typ, values } => {
                self.var_decl(decl, names, typ.expand(), values);
            }
            // The parser allows these at package level only.
            DeclKind::Import { .. } | DeclKind::Func { .. } => {}
        }
    }

    fn const_decl(
        &mut self,
        decl: Decl,
        names: List<Expr>,
        typ: Option<Expr>,
        values: List<Expr>,
        state: &mut ConstGroup,
    ) {
        let data = &self.ast[decl];
        if data.group.is_none() || data.group.expand() != state.group {
            *state = ConstGroup {
                group: data.group.expand(),
                ..ConstGroup::default()
            };
        }
        if let Some(typ) = typ {
            self.resolve_expr(typ);
        }
        if values.is_empty() {
            if typ.is_some() {
                self.error("const declaration cannot have type without expression");
            }
        } else {
            self.resolve_exprs(values);
            (state.typ, state.values) = (typ, values);
        }
        let (names, used) = (&self.ast[names], &self.ast[state.values]);
        for (index, &name) in names.iter().enumerate() {
            let Some(&value) = used.get(index) else {
                self.error("missing value in const declaration");
                break;
            };
            let object = self.declare(name, ObjectKind::Const, self.context());
            self.definitions[object] = Definition::Const {
                typ: state.typ,
                value,
                copied: values.is_empty(),
                iota: state.iota,
            };
            if self.is_package_level() {
                self.items.push(Item::Const(object, self.ast[decl].pos));
            }
        }
        if used.len() > names.len() {
            self.error("extra expression in const declaration");
        }
        state.iota += 1;
    }

    fn type_decl(&mut self, decl: Decl, name: Expr, alias: bool, typ: Expr) {
        let object = self.declare(name, ObjectKind::TypeName, self.context());
        self.resolve_expr(typ);
        self.definitions[object] = Definition::Type { typ, alias };
        if self.is_package_level() {
            let pos = self.ast[decl].pos;
            self.items.push(Item::Type { object, pos, alias });
        }
    }

    fn var_decl(&mut self, decl: Decl, names: List<Expr>, typ: Option<Expr>, values: List<Expr>) {
        if let Some(typ) = typ {
            self.resolve_expr(typ);
        }
        self.resolve_exprs(values);
        self.pos = self.ast[decl].pos;
        let (names, values) = (&self.ast[names], &self.ast[values]);
        if values.len() == 1 && names.len() > 1 {
            let init = self.package_init(names, values[0]);
            for &name in names {
                let object = self.declare_var(name);
                self.definitions[object] = Definition::Var { typ, init };
                self.assigned_at[object] = self.pos;
            }
            if let Some(init) = init {
                self.items.push(Item::Init(init));
            }
            return;
        }
        let counts = (names.len(), values.len());
        for (index, &name) in names.iter().enumerate() {
            let value = values.get(index).copied();
            if value.is_none() && !values.is_empty() {
                self.report_mismatch(counts);
                break;
            }
            let object = self.declare_var(name);
            if value.is_some() {
                self.assigned_at[object] = self.pos;
            }
            let init = value.and_then(|value| self.package_init(&[name], value));
            self.definitions[object] = Definition::Var { typ, init };
            if let Some(init) = init {
                self.items.push(Item::Init(init));
            } else if self.is_package_level() && self.is_blank(name) {
                self.items.push(Item::BlankVar(object, self.pos));
            }
        }
        if values.len() > names.len() {
            self.report_mismatch(counts);
        }
    }

    fn report_mismatch(&mut self, (names, values): (usize, usize)) {
        self.error(format_args!(
            "assignment mismatch: {names} variables but {values} values"
        ));
    }

    /// Records a package-level assignment; none inside of functions.
    fn package_init(&mut self, names: &[Expr], value: Expr) -> Option<crate::info::Init> {
        self.is_package_level().then(|| {
            self.package.inits.push(InitData {
                pos: self.pos,
                lhs: names.to_vec(),
                rhs: value,
            })
        })
    }

    fn declare_var(&mut self, name: Expr) -> Object {
        let context = self.context();
        let kind = match (context, self.is_blank(name)) {
            (_, true) => VarKind::Blank,
            (Context::Package, _) => VarKind::Global,
            _ => VarKind::Local,
        };
        self.declare(name, ObjectKind::Var(kind), context)
    }

    fn context(&self) -> Context {
        match self.is_package_level() {
            true => Context::Package,
            false => Context::Local,
        }
    }

    fn is_package_level(&self) -> bool {
        self.scopes.is_empty()
    }

    fn func_decl(&mut self, decl: Decl) {
        let data = &self.ast[decl];
        let DeclKind::Func {
            recv,
            name,
            typ,
            body,
        } = data.kind
        else {
            return;
        };
        if let Some(recv) = recv.expand() {
            self.refuse_at(data.pos, "methods");
            self.resolve_field(recv);
        }
        let ExprKind::FuncType { params, results } = self.ast[typ].kind else {
            return;
        };
        self.resolve_fields(params);
        self.resolve_fields(results);
        let sym = self.ast.name(name).unwrap_or(Sym::BLANK);
        let no_signature = params.is_empty() && results.is_empty();
        let text = self.ast.text(sym);
        let init = text == "init" && recv.is_none();
        if init && !no_signature {
            let message = "func init must have no arguments and no return values";
            self.error_at(data.pos, message);
        }
        let main = text == "main" && recv.is_none();
        if main && self.ast.text(self.package.name) == "main" && !no_signature {
            let message = "func main must have no arguments and no return values";
            self.error_at(data.pos, message);
        }
        let func = self.package.funcs.next_key();
        let pragma = data.pragma.expand();
        let kind = ObjectKind::Func(func);
        let object = match init {
            false if recv.is_none() => self.declare(name, kind, Context::Func),
            _ => self.new_object(name, kind),
        };
        let pragma = pragma.map_or(PragmaFlags::default(), |pragma| self.ast[pragma].flags);
        self.package.funcs.push(FuncData {
            object,
            decl,
            init: init.then_some(self.n_inits),
            params: Vec::new(),
            results: Vec::new(),
            declared: Vec::new(),
            body: body.expand(),
            end_pos: Pos::NONE,
            pragma,
            spreads: Vec::new(),
        });
        self.n_inits += u32::from(init);
        self.items.push(Item::Func(func, data.pos));
        self.func_body(func, recv.expand(), params, results);
        if body.is_some() && pragma.intersects(PragmaFlags::NOESCAPE) {
            let message = "can only use //go:noescape with external func implementations";
            self.error_at(data.pos, message);
        } else if body.is_none() && init {
            self.error_at(data.pos, "missing function body");
        }
    }

    fn func_body(
        &mut self,
        func: crate::info::Func,
        recv: Option<Field>,
        params: List<Field>,
        results: List<Field>,
    ) {
        self.func = Some(func);
        self.open_scope();
        if let Some(name) = recv.and_then(|recv| self.ast[recv].name.expand()) {
            self.declare(name, ObjectKind::Var(VarKind::Param), Context::Param);
        }
        self.declare_params(func, params, results);
        if let Some(body) = self.package[func].body
            && let StmtKind::Block { list, rbrace } = self.ast[body].kind
        {
            self.resolve_stmts(list, false);
            self.pos = rbrace;
            self.package.funcs[func].end_pos = rbrace;
        }
        self.close_scope();
        self.func = None;
    }

    fn declare_params(
        &mut self,
        func: crate::info::Func,
        params: List<Field>,
        results: List<Field>,
    ) {
        for &field in &self.ast[params] {
            let name = self.ast[field].name.expand();
            let object = name.map(|name| {
                let kind = match self.is_blank(name) {
                    true => VarKind::Blank,
                    false => VarKind::Param,
                };
                self.declare(name, ObjectKind::Var(kind), Context::Param)
            });
            let object = object
                .filter(|&object| self.package[object].kind == ObjectKind::Var(VarKind::Param));
            self.package.funcs[func].params.push(object);
        }
        let mut number = params.len() as u32;
        for &field in &self.ast[results] {
            let name = self.ast[field].name.expand();
            let kind = ObjectKind::Var(VarKind::Result);
            let object = match name {
                Some(name) if !self.is_blank(name) => self.declare(name, kind, Context::Param),
                _ => {
                    let object = self.package.objects.push(ObjectData {
                        name: match name {
                            Some(_) => Name::Blank(number),
                            None => Name::Unnamed(number),
                        },
                        pos: self.ast[field].pos,
                        kind,
                        ty: Type::INVALID,
                        value: None.into(),
                        used: false,
                    });
                    if let Some(name) = name {
                        self.bind_expr(name, object);
                    }
                    self.package.funcs[func].declared.push(object);
                    number += 1;
                    object
                }
            };
            self.package.funcs[func].results.push(object);
        }
    }

    pub(super) fn resolve_fields(&mut self, fields: List<Field>) {
        for &field in &self.ast[fields] {
            self.resolve_field(field);
        }
    }

    pub(super) fn resolve_field(&mut self, field: Field) {
        self.pos = self.ast[field].pos;
        self.stop_at_bad(self.ast[field].typ);
        self.resolve_expr(self.ast[field].typ);
    }

    /// A name that is declared in a closure or by a type switch.
    pub(super) fn declare_unsupported(&mut self, name: Expr) {
        self.declare(name, ObjectKind::Var(VarKind::Param), Context::Param);
    }

    /// A new object for a declared name, which is not bound to it.
    fn new_object(&mut self, name: Expr, kind: ObjectKind) -> Object {
        let object = self.package.objects.push(ObjectData {
            name: Name::Source(self.ast.name(name).unwrap_or(Sym::BLANK)),
            pos: self.ast[name].pos,
            kind,
            ty: Type::INVALID,
            value: None.into(),
            used: false,
        });
        self.bind_expr(name, object);
        object
    }

    fn bind_expr(&mut self, name: Expr, object: Object) {
        let info = self.info_mut(name);
        info.object = object.into();
        info.declares = true;
    }

    /// A new object that a name means from here to the end of the block (gc: dcl.go, declare).
    fn declare(&mut self, name: Expr, kind: ObjectKind, context: Context) -> Object {
        let object = self.new_object(name, kind);
        let pos = self.ast[name].pos;
        let Some(sym) = self.ast.name(name).filter(|&sym| sym != Sym::BLANK) else {
            return object;
        };
        if context == Context::Package {
            let text = self.ast.text(sym);
            if text == "init" {
                self.error_at(pos, "cannot declare init - must be func");
            }
            if text == "main" && self.ast.text(self.package.name) == "main" {
                self.error_at(pos, "cannot declare main - must be func");
            }
            if kind == ObjectKind::Var(VarKind::Global) {
                self.package.globals.push(object);
            }
        } else {
            if let Some(func) = self.func {
                self.package.funcs[func].declared.push(object);
            }
            if !self.is_package_level() {
                self.shadowed.push((sym, self.bindings[sym]));
            }
        }
        // Duplicate parameters are reported with the signature.
        if self.bindings[sym].block == self.block && context != Context::Param {
            self.redeclare(pos, sym, "in this block");
        }
        self.bindings[sym] = Binding {
            def: object.into(),
            block: self.block,
            last_pos: self.pos,
        };
        object
    }

    /// Reports that a name is declared twice. An import of another file is the one to blame.
    fn redeclare(&mut self, pos: Pos, sym: Sym, place: &str) {
        let binding = self.bindings[sym];
        let (pos, previous) = match binding.def.is_some() {
            true => (pos, binding.last_pos),
            false => (binding.last_pos, pos),
        };
        let (name, previous) = (self.ast.text(sym), self.place(previous));
        self.error_at(
            pos,
            format_args!("{name} redeclared {place}\n\tprevious declaration at {previous}"),
        );
    }

    /// Begins a block.
    pub(super) fn open_scope(&mut self) {
        self.last_block += 1;
        self.scopes.push((self.shadowed.len(), self.block));
        self.block = self.last_block;
    }

    /// Ends a block: names mean again what they meant before it.
    pub(super) fn close_scope(&mut self) {
        let (length, block) = self.scopes.pop().expect("blocks are opened before closed");
        for (sym, binding) in self.shadowed.drain(length..).rev() {
            self.bindings[sym] = binding;
        }
        self.block = block;
    }

    /// The left side of `:=`: declares the names that this block does not have yet.
    pub(super) fn define(&mut self, pos: Pos, lhs: List<Expr>) {
        let mut seen: Vec<Sym> = Vec::new();
        let mut new_or_wrong = false;
        for &expr in &self.ast[lhs] {
            self.pos = self.ast[expr].pos;
            let Some(sym) = self.ast.name(expr) else {
                self.resolve_expr(expr);
                let text = self.print(expr);
                let message = format_args!("non-name {text} on left side of :=");
                self.error_at(self.ast[expr].pos, message);
                self.set_mark(expr, mark::BLANKED);
                new_or_wrong = true;
                continue;
            };
            if sym == Sym::BLANK {
                self.info_mut(expr).object = self.blank.into();
                continue;
            }
            if seen.contains(&sym) {
                let name = self.ast.text(sym);
                let message = format_args!("{name} repeated on left side of :=");
                self.error_at(self.ast[expr].pos, message);
                self.set_mark(expr, mark::BLANKED);
                new_or_wrong = true;
                continue;
            }
            seen.push(sym);
            if self.bindings[sym].block == self.block {
                self.info_mut(expr).object = self.bindings[sym].def;
                continue;
            }
            new_or_wrong = true;
            let object = self.declare_var(expr);
            self.definitions[object] = Definition::Var {
                typ: None,
                init: None,
            };
            self.assigned_at[object] = pos;
        }
        if !new_or_wrong {
            self.error_at(pos, "no new variables on left side of :=");
        }
    }

    /// gc trips over an expression that could not be parsed where it asks for its kind, and says no more.
    pub(super) fn stop_at_bad(&mut self, expr: Expr) {
        self.silent |= matches!(self.ast[expr].kind, ExprKind::Bad);
    }

    /// Resolves a list of expressions.
    pub(super) fn resolve_exprs(&mut self, exprs: List<Expr>) {
        for &expr in &self.ast[exprs] {
            self.resolve_expr(expr);
        }
    }

    /// Resolves the names in an expression and reads its literals; refuses what minigo has not.
    pub(super) fn resolve_expr(&mut self, expr: Expr) {
        let data = self.ast[expr];
        self.pos = data.pos;
        match data.kind {
            ExprKind::Bad => self.set_mark(expr, mark::DIAG),
            ExprKind::Name(sym) => self.resolve_name(expr, sym),
            ExprKind::BasicLit { kind, bad, text } => self.literal(expr, kind, bad, text),
            ExprKind::Paren(x) => self.resolve_expr(x),
            ExprKind::Unary { op, x } => {
                match op {
                    Operator::Recv => self.refuse(expr, "channels"),
                    Operator::And | Operator::Mul => self.refuse(expr, "pointers"),
                    _ => {}
                }
                self.resolve_expr(x);
            }
            ExprKind::Binary {
                op: Operator::Add, ..
            } => self.resolve_sum(expr),
            ExprKind::Binary { x, y, .. } => {
                self.resolve_expr(x);
                self.resolve_expr(y);
            }
            ExprKind::Call {
                fun,
                args,
                has_dots,
            } => {
                self.resolve_expr(fun);
                self.resolve_exprs(args);
                if has_dots {
                    self.refuse(expr, "arguments with ...");
                }
            }
            ExprKind::Selector { x, sel } => self.resolve_selector(expr, x, sel),
            _ => self.resolve_unsupported(expr),
        }
    }

    fn resolve_name(&mut self, expr: Expr, sym: Sym) {
        if sym == Sym::BLANK {
            self.info_mut(expr).object = self.blank.into();
            return;
        }
        match self.bindings[sym].def.expand() {
            Some(object) => self.info_mut(expr).object = object.into(),
            None => self.set_mark(expr, mark::LATE),
        }
    }

    /// `fmt.Println`, or a field or method that no type of minigo has.
    fn resolve_selector(&mut self, expr: Expr, x: Expr, sel: Expr) {
        self.stop_at_bad(x);
        self.resolve_expr(x);
        let package = self.info(x).object.expand();
        let package = package
            .filter(|&object| self.is_name(x) && self.package[object].kind == ObjectKind::Package);
        let (Some(package), Some(sel)) = (package, self.ast.name(sel)) else {
            return;
        };
        self.package.objects[package].used = true;
        let name = self.ast.text(sel);
        let imported = self
            .imported_paths
            .iter()
            .find(|import| import.0 == package);
        let Some(path) = imported.and_then(|import| import.1) else {
            self.set_mark(expr, mark::REFUSED | mark::DIAG);
            return;
        };
        let exported = name.chars().next().is_some_and(char::is_uppercase);
        if !exported {
            let message = format_args!("cannot refer to unexported name {path}.{name}");
            self.error(message);
        }
        match self.export(path, name) {
            Export::Known(object) => self.info_mut(expr).object = object.into(),
            Export::Unsupported => {
                let what = format!("{path}.{name}");
                self.refuse_at(self.ast[x].pos, what);
                self.set_mark(expr, mark::REFUSED | mark::DIAG);
            }
            Export::Nothing => self.set_mark(expr, mark::LATE),
        }
    }

    /// A sum, from the left; literal strings that follow one another become one (gc: noder.go, sum).
    fn resolve_sum(&mut self, expr: Expr) {
        let mut sums = Vec::new();
        let mut left = expr;
        while let ExprKind::Binary {
            op: Operator::Add,
            x,
            ..
        } = self.ast[left].kind
        {
            sums.push(left);
            left = x;
        }
        self.resolve_expr(left);
        let mut string = self.string_literal(left);
        for &sum in sums.iter().rev() {
            let ExprKind::Binary { y, .. } = self.ast[sum].kind else {
                continue;
            };
            self.resolve_expr(y);
            let right = self.string_literal(y);
            match (string, right) {
                (Some(string), Some(right)) => {
                    self.append_string(string, right);
                    self.package.collapsed.insert(sum);
                }
                (_, right) => string = right,
            }
        }
    }

    fn string_literal(&self, expr: Expr) -> Option<Expr> {
        match self.ast[expr].kind {
            ExprKind::BasicLit {
                kind: LitKind::String,
                ..
            } => Some(expr),
            _ => None,
        }
    }

    fn append_string(&mut self, to: Expr, from: Expr) {
        let (Some(to), Some(from)) = (self.info(to).value.expand(), self.info(from).value.expand())
        else {
            return;
        };
        if let Value::String(tail) = std::mem::replace(&mut self.package.values[from], Value::Nil)
            && let Value::String(text) = &mut self.package.values[to]
        {
            text.extend_from_slice(&tail);
        }
    }

    fn literal(&mut self, expr: Expr, kind: LitKind, bad: bool, text: Sym) {
        if kind == LitKind::Imag {
            return self.refuse(expr, "complex numbers");
        }
        let text = if bad { "" } else { self.ast.text(text) };
        let value = literal_value(kind, text, &mut self.messages);
        self.report_messages();
        if bad {
            self.set_mark(expr, mark::DIAG);
        }
        self.info_mut(expr).ty = value.ideal_type();
        self.set_value(expr, value);
    }

    /// A branch statement's own rule: `fallthrough` ends a case.
    pub(super) fn check_fallthrough(&mut self, kind: BranchKind, allowed: bool) {
        if kind == BranchKind::Fallthrough && !allowed {
            self.error("fallthrough statement out of place");
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
