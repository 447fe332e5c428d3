//! Declarations at package level (gc: types2/resolver.go, types2/cycles.go).

use minigo_base::Pos;
use minigo_syntax::ast::{Decl, DeclKind, Expr, ExprKind, File, Group, List};
use minigo_syntax::pragma::PragmaFlags;
use minigo_syntax::sym::Sym;
use rustc_hash::FxHashMap;

use super::constant::Val;
use super::{Checker, DeclData, DeclInfo, Environment};
use crate::info::{FuncData, InitData, Name, Object, ObjectData, ObjectKind, VarKind};
use crate::ty::Type;

/// The last constant values of a group, which declarations without values repeat.
#[derive(Default)]
pub(super) struct ConstGroup {
    /// Whether the declaration before is a constant's, and its group.
    group: Option<Option<Group>>,
    iota: i64,
    typ: Option<Expr>,
    values: List<Expr>,
    /// Whether there is anything to repeat.
    is_set: bool,
}

/// How the constants of a declaration get their values.
pub(super) struct ConstSource {
    pub(super) iota: i64,
    pub(super) typ: Option<Expr>,
    pub(super) values: List<Expr>,
    pub(super) inherited: bool,
}

impl ConstGroup {
    /// Ends a run of constant declarations.
    pub(super) fn end(&mut self) {
        self.group = None;
    }

    /// Enters a declaration of constants.
    pub(super) fn next(
        &mut self,
        group: Option<Group>,
        typ: Option<Expr>,
        values: List<Expr>,
    ) -> ConstSource {
        if group.is_none() || self.group != Some(group) {
            *self = ConstGroup::default();
        }
        self.group = Some(group);
        let mut inherited = true;
        if typ.is_some() || !values.is_empty() {
            (self.typ, self.values, self.is_set) = (typ, values, true);
            inherited = false;
        } else if !self.is_set {
            self.is_set = true;
            inherited = false;
        }
        let iota = self.iota;
        self.iota += 1;
        ConstSource {
            iota,
            typ: self.typ,
            values: self.values,
            inherited,
        }
    }
}

impl Checker<'_> {
    /// Declares the objects of all files.
    pub(super) fn collect_objects(&mut self) {
        let ast = self.ast;
        let files: Vec<File> = ast.files.keys().collect();
        for &file in &files {
            let Some(name) = ast[file].pkg_name.expand() else {
                continue;
            };
            let sym = ast.name(name).unwrap_or(Sym::BLANK);
            if self.package.name == Sym::BLANK {
                match sym {
                    Sym::BLANK => self.expr_error(name, "invalid package name _"),
                    _ => self.package.name = sym,
                }
            } else if sym != self.package.name {
                let (name, expected) = (ast.text(sym), ast.text(self.package.name));
                let message = format!("package {name}; expected package {expected}");
                self.error(ast[file].pos, message);
            }
        }
        for (index, &file) in files.iter().enumerate() {
            let same = |name| ast.name(name) == Some(self.package.name);
            if ast[file].pkg_name.expand().is_some_and(same) {
                self.collect_file(index, ast[file].decls);
            }
        }
        self.report_hidden_imports();
    }

    fn collect_file(&mut self, file: usize, decls: List<Decl>) {
        self.env = Environment {
            file,
            ..Environment::default()
        };
        let ast = self.ast;
        let mut group = ConstGroup::default();
        for &decl in &ast[decls] {
            let data = &ast[decl];
            if !matches!(data.kind, DeclKind::Const { .. }) {
                group.end();
            }
            match data.kind {
                DeclKind::Import { local_name, path } => {
                    self.import(decl, local_name.expand(), path);
                }
                DeclKind::Const { names, typ, values } => {
                    let source = group.next(data.group.expand(), typ.expand(), values);
                    self.collect_constants(file, data.pos, &ast[names], &source);
                }
                DeclKind::Var { names, typ, values } => {
                    self.collect_variables(file, data.pos, &ast[names], typ.expand(), values);
                }
                DeclKind::Type { name, .. } => {
                    let object = self.new_object(name, ObjectKind::TypeName);
                    let decl = DeclData {
                        file,
                        type_decl: Some(decl),
                        ..DeclData::default()
                    };
                    let decl = self.decls.push(decl);
                    self.declare_in_package(name, object, decl);
                }
                DeclKind::Func { .. } => self.collect_func(file, decl),
            }
        }
    }

    fn collect_constants(&mut self, file: usize, pos: Pos, names: &[Expr], source: &ConstSource) {
        let values = &self.ast[source.values];
        for (index, &name) in names.iter().enumerate() {
            let object = self.new_object(name, ObjectKind::Const);
            self.values.insert(object, Val::int(source.iota));
            let decl = self.decls.push(DeclData {
                file,
                typ: source.typ,
                init: values.get(index).copied(),
                inherited: source.inherited,
                ..DeclData::default()
            });
            self.declare_in_package(name, object, decl);
        }
        self.check_arity(pos, names, values, true, source.inherited);
    }

    fn collect_variables(
        &mut self,
        file: usize,
        pos: Pos,
        names: &[Expr],
        typ: Option<Expr>,
        values: List<Expr>,
    ) {
        let values = &self.ast[values];
        // One value, or none, belongs to all names.
        let shared = (values.len() < 2).then(|| {
            self.decls.push(DeclData {
                file,
                typ,
                init: values.first().copied(),
                ..DeclData::default()
            })
        });
        let mut objects = Vec::with_capacity(names.len());
        for (index, &name) in names.iter().enumerate() {
            let kind = match self.is_blank(name) {
                true => VarKind::Blank,
                false => VarKind::Global,
            };
            let object = self.new_object(name, ObjectKind::Var(kind));
            objects.push(object);
            let decl = shared.unwrap_or_else(|| {
                self.decls.push(DeclData {
                    file,
                    typ,
                    init: values.get(index).copied(),
                    ..DeclData::default()
                })
            });
            self.declare_in_package(name, object, decl);
            if kind == VarKind::Global {
                self.package.globals.push(object);
            }
            if values.len() == names.len() {
                let init = self.package.inits.push(InitData {
                    pos,
                    lhs: vec![name],
                    rhs: values[index],
                });
                self.init_of[object] = init.into();
            }
        }
        if let ([value], [_, _, ..]) = (values, names) {
            let init = self.package.inits.push(InitData {
                pos,
                lhs: names.to_vec(),
                rhs: *value,
            });
            for &object in &objects {
                self.init_of[object] = init.into();
            }
        }
        if let Some(shared) = shared {
            self.decls[shared].lhs = objects;
        }
        if typ.is_none() || !values.is_empty() {
            self.check_arity(pos, names, values, false, false);
        }
    }

    /// Reports names without values, and values without names (gc: types2/resolver.go, arity).
    pub(super) fn check_arity(
        &mut self,
        pos: Pos,
        names: &[Expr],
        values: &[Expr],
        constant: bool,
        inherited: bool,
    ) {
        let (left, right) = (names.len(), values.len());
        if left < right {
            let extra = values[left];
            if inherited {
                let place = self.positions.format(self.ast[extra].pos, true, true);
                self.error(pos, format_args!("extra init expr at {place}"));
            } else {
                let text = self.text(extra);
                self.expr_error(extra, format_args!("extra init expr {text}"));
            }
        } else if left > right && (constant || right != 1) {
            let name = names[right];
            let text = self.text(name);
            self.expr_error(name, format_args!("missing init expr for {text}"));
        }
    }

    fn collect_func(&mut self, file: usize, decl: Decl) {
        let ast = self.ast;
        let data = &ast[decl];
        let DeclKind::Func {
            recv,
            name,
            typ,
            body,
        } = data.kind
        else {
            return;
        };
        let func = self.package.funcs.next_key();
        let object = self.new_object(name, ObjectKind::Func(func));
        let text = self.text(name);
        let is_program = ast.text(self.package.name) == "main";
        let init = text == "init" && recv.is_none();
        let type_params = ast.type_params(decl);
        if recv.is_none() {
            if init || text == "main" && is_program {
                if let Some(&first) = type_params.and_then(|params| ast[params].first()) {
                    let message = format!("func {text} must have no type parameters");
                    self.error(ast[first].pos, message);
                }
                if let ExprKind::FuncType { params, results } = ast[typ].kind
                    && !(params.is_empty() && results.is_empty())
                {
                    let message =
                        format!("func {text} must have no arguments and no return values");
                    self.expr_error(name, message);
                }
            }
            if init {
                self.define_name(name, object);
                if body.is_none() {
                    self.expr_error(name, "func init must have a body");
                }
            } else {
                let sym = ast.name(name).unwrap_or(Sym::BLANK);
                self.declare(Some(name), sym, object);
            }
        } else {
            self.define_name(name, object);
            self.methods.extend(ast.name(name));
        }
        let pragma = data.pragma.expand();
        let pragma = pragma.map_or(PragmaFlags::default(), |pragma| ast[pragma].flags);
        let init_number = init.then_some(self.n_inits);
        let func_data = FuncData::new(object, decl, init_number, body.expand(), pragma);
        self.package.funcs.push(func_data);
        self.n_inits += u32::from(init);
        let info = self.decls.push(DeclData {
            file,
            func: Some(func),
            ..DeclData::default()
        });
        self.enter_object(object, info);
    }

    /// Creates the object of a declared name.
    pub(super) fn new_object(&mut self, name: Expr, kind: ObjectKind) -> Object {
        let sym = self.ast.name(name).unwrap_or(Sym::BLANK);
        self.object(Name::Source(sym), self.ast[name].pos, kind)
    }

    pub(super) fn object(&mut self, name: Name, pos: Pos, kind: ObjectKind) -> Object {
        self.package.objects.push(ObjectData {
            name,
            pos,
            kind,
            ty: Type::INVALID,
            value: None.into(),
            used: false,
        })
    }

    fn declare_in_package(&mut self, name: Expr, object: Object, decl: DeclInfo) {
        let sym = self.ast.name(name).unwrap_or(Sym::BLANK);
        let text = self.ast.text(sym);
        if text == "init" {
            self.expr_error(name, "cannot declare init - must be func");
            return;
        }
        if text == "main" && self.ast.text(self.package.name) == "main" {
            self.expr_error(name, "cannot declare main - must be func");
            return;
        }
        self.declare(Some(name), sym, object);
        // A name in a wrong declaration still denotes its object.
        self.define_name(name, object);
        self.enter_object(object, decl);
    }

    fn enter_object(&mut self, object: Object, decl: DeclInfo) {
        self.decl_of[object] = decl.into();
        self.order[object] = self.objects.len() as u32;
        self.objects.push(object);
    }

    /// Reports names that the package declares and a file imports.
    fn report_hidden_imports(&mut self) {
        let mut hidden = Vec::new();
        for names in &self.scopes.files {
            let both = names
                .iter()
                .filter_map(|(sym, &import)| Some((*self.scopes.package.get(sym)?, import)));
            hidden.extend(both);
        }
        hidden.sort();
        for (object, import) in hidden {
            let (pos, name) = (self.package[object].pos, self.name(object).to_owned());
            let message = self.hidden_import(&name, import);
            self.error(pos, message);
        }
    }

    /// Reports types that are defined as themselves, directly or by way of other names.
    pub(super) fn report_direct_cycles(&mut self) {
        let mut done: FxHashMap<Object, Option<usize>> = FxHashMap::default();
        for index in 0..self.objects.len() {
            let mut object = self.objects[index];
            if self.kind_of_object(object) != ObjectKind::TypeName {
                continue;
            }
            let mut path: Vec<Object> = Vec::new();
            loop {
                match done.get(&object) {
                    Some(None) => break,
                    Some(&Some(start)) => {
                        self.set_object_type(object, Type::INVALID);
                        let cycle = path[start..].to_vec();
                        let first = self.first_in_source(&cycle);
                        self.report_cycle(&cycle, first);
                        break;
                    }
                    None => {}
                }
                done.insert(object, Some(path.len()));
                path.push(object);
                let Some(next) = self.named_definition(object) else {
                    break;
                };
                object = next;
            }
            for object in path {
                done.insert(object, None);
            }
        }
    }

    /// Returns the type of the package by whose name a type is defined.
    fn named_definition(&self, object: Object) -> Option<Object> {
        let decl = self.decls[self.decl_of[object].expand()?].type_decl?;
        let DeclKind::Type { typ, .. } = self.ast[decl].kind else {
            return None;
        };
        let next = *self.scopes.package.get(&self.ast.name(typ)?)?;
        (self.kind_of_object(next) == ObjectKind::TypeName).then_some(next)
    }

    /// Checks the declarations of all objects but for the bodies of functions.
    pub(super) fn check_package_objects(&mut self) {
        let objects = self.objects.clone();
        let mut aliases = Vec::new();
        let mut others = Vec::new();
        for object in objects {
            match self.type_decl(object) {
                Some(true) => aliases.push(object),
                Some(false) => self.check_object(object),
                None => others.push(object),
            }
        }
        for object in aliases.into_iter().chain(others) {
            self.check_object(object);
        }
    }

    /// Reports whether an object is an alias; none if it isn't a type.
    fn type_decl(&self, object: Object) -> Option<bool> {
        let decl = self.decls[self.decl_of[object].expand()?].type_decl?;
        match self.ast[decl].kind {
            DeclKind::Type { alias, .. } => Some(alias),
            _ => None,
        }
    }

    /// Returns the index of the object that comes first in the source.
    pub(super) fn first_in_source(&self, objects: &[Object]) -> usize {
        let positions = objects.iter().map(|&object| self.package[object].pos);
        let first = positions
            .enumerate()
            .min_by_key(|&(index, pos)| (pos, index));
        first.map_or(0, |(index, _)| index)
    }
}
