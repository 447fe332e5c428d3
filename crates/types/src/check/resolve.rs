//! Names and declarations, handled as gc does while it builds its tree (gc: noder.go, dcl.go).
//!
//! The resolver walks the source once, in order. The current position moves as in gc, because redeclarations quote the
//! position that was current when a name was declared.

use minigo_base::Pos;
use minigo_syntax::ast::{Decl, DeclKind, Expr, ExprKind, Field, File, Group, List, StmtKind};
use minigo_syntax::pragma::PragmaFlags;
use minigo_syntax::sym::Sym;

use super::{Binding, Checker, Definition, Item, mark};
use crate::info::{Func, FuncData, Init, InitData, Name, Object, ObjectData, ObjectKind, VarKind};
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
            if self.silent {
                return; // gc has stopped
            }
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

    /// Declares constants, types and variables, at package level or in a function.
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
        let typ = typ.filter(|&typ| !matches!(self.ast[typ].kind, ExprKind::Bad));
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
            let value = value.filter(|&value| !self.is_missing(value));
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

    /// Records a package-level assignment. Returns none inside functions.
    fn package_init(&mut self, names: &[Expr], value: Expr) -> Option<Init> {
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
        let init_number = init.then_some(self.n_inits);
        let func_data = FuncData::new(object, decl, init_number, body.expand(), pragma);
        self.package.funcs.push(func_data);
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
        func: Func,
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
        self.results = self.package[func].results.clone();
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

    fn declare_params(&mut self, func: Func, params: List<Field>, results: List<Field>) {
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
        self.suppress_after_bad(self.ast[field].typ);
        self.resolve_expr(self.ast[field].typ);
    }

    /// Declares a name of a closure or type switch, which are unsupported.
    pub(super) fn declare_unsupported(&mut self, name: Expr) -> Object {
        self.declare(name, ObjectKind::Var(VarKind::Param), Context::Param)
    }

    /// Creates the object of a declared name without binding the name.
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

    /// Creates an object and binds its name up to the end of the block (gc: dcl.go, declare).
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

    /// Reports a redeclared name. If an import of another file has declared it, the error is at the import.
    pub(super) fn redeclare(&mut self, pos: Pos, sym: Sym, place: &str) {
        let binding = self.bindings[sym];
        let (pos, previous) = match binding.def.is_some() {
            true => (pos, binding.last_pos),
            false => (binding.last_pos, pos),
        };
        let (name, previous) = (self.ast.text(sym), self.format_pos(previous));
        self.error_at(
            pos,
            format_args!("{name} redeclared {place}\n\tprevious declaration at {previous}"),
        );
    }

    /// Opens a block.
    pub(super) fn open_scope(&mut self) {
        self.last_block += 1;
        self.scopes.push((self.shadowed.len(), self.block));
        self.block = self.last_block;
    }

    /// Closes a block and restores the names that it shadowed.
    pub(super) fn close_scope(&mut self) {
        let (length, block) = self.scopes.pop().expect("blocks are opened before closed");
        for (sym, binding) in self.shadowed.drain(length..).rev() {
            self.bindings[sym] = binding;
        }
        self.block = block;
    }

    /// Resolves the left side of `:=` and declares the names that are new in this block.
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
            let message = "no new variables on left side of :=";
            self.error_with_hint(pos, message, "= assigns to variables that exist");
        }
    }

    /// Reports whether an expression could not be parsed. In some places that is the same as a missing one.
    pub(super) fn is_missing(&self, expr: Expr) -> bool {
        matches!(self.ast[expr].kind, ExprKind::Bad)
    }

    /// Suppresses further errors if an expression could not be parsed: gc stops when it asks for its kind.
    pub(super) fn suppress_after_bad(&mut self, expr: Expr) {
        self.silent |= self.is_missing(expr);
    }
}
