//! Declarations of constants, variables, types and functions (gc: types2/decl.go, types2/signature.go).

use minigo_base::Pos;
use minigo_syntax::ast::{Decl, DeclKind, Expr, ExprKind, Field, List};
use minigo_syntax::sym::Sym;

use super::constant::Val;
use super::operand::{Mode, Operand};
use super::resolver::{ConstGroup, ConstSource};
use super::{Checker, DeclInfo, Delayed, Environment};
use crate::info::{Func, Name, Object, ObjectKind, VarKind};
use crate::refusal::too_many_types;
use crate::ty::Type;

impl Checker<'_> {
    /// Determines the type of an object, and the value of a constant (gc: objDecl).
    pub(super) fn check_object(&mut self, object: Object) {
        if self.path.contains(&object) {
            let valid = self.is_valid_cycle(object);
            let kind = self.kind_of_object(object);
            let is_value = matches!(kind, ObjectKind::Const | ObjectKind::Var(_));
            if !matches!(kind, ObjectKind::Func(_))
                && (!valid || is_value && self.object_type(object).is_none())
            {
                self.set_object_type(object, Type::INVALID);
            }
            return;
        }
        if self.object_type(object).is_some() {
            return;
        }
        let Some(info) = self.decl_of[object].expand() else {
            return;
        };
        self.path.push(object);
        let hidden = self.scopes.in_block().then(|| self.scopes.leave_blocks());
        let data = &self.decls[info];
        let (typ, init, inherited) = (data.typ, data.init, data.inherited);
        let (type_decl, func) = (data.type_decl, data.func);
        let env = Environment {
            file: data.file,
            ..Environment::default()
        };
        let outer = std::mem::replace(&mut self.env, env);
        match self.kind_of_object(object) {
            ObjectKind::Const => {
                self.env.decl = Some(info);
                self.check_constant(object, typ, init, inherited);
            }
            ObjectKind::Var(_) => {
                self.env.decl = Some(info);
                let lhs = self.decls[info].lhs.clone();
                self.check_variable(object, &lhs, typ, init);
            }
            ObjectKind::TypeName => {
                let decl = type_decl.expect("a type has a declaration");
                self.check_type_decl(object, decl);
            }
            _ => {
                let func = func.expect("only functions are left");
                self.check_func(object, func, info);
            }
        }
        self.env = outer;
        if let Some(hidden) = hidden {
            self.scopes.enter_blocks(hidden);
        }
        self.path.pop();
    }

    /// Reports a cycle through `object` unless it is valid or reported with the initialisation order.
    fn is_valid_cycle(&mut self, object: Object) -> bool {
        let start = self.path.iter().position(|&other| other == object);
        let cycle = self.path[start.unwrap_or(0)..].to_vec();
        let (mut n_values, mut n_definitions) = (0, 0);
        for &object in &cycle {
            match self.kind_of_object(object) {
                ObjectKind::Const | ObjectKind::Var(_) => n_values += 1,
                ObjectKind::TypeName if !self.is_alias(object) => n_definitions += 1,
                _ => {}
            }
        }
        if n_values == cycle.len() || n_values == 0 && n_definitions > 0 {
            return true;
        }
        let first = self.first_in_source(&cycle);
        self.report_cycle(&cycle, first);
        false
    }

    /// Reports whether a type is an alias, as far as it is known.
    fn is_alias(&self, object: Object) -> bool {
        let ty = self.object_type(object);
        ty.is_some_and(|ty| {
            self.package.types[ty].declared != Some(object) || self.aliases.contains_key(&ty)
        })
    }

    /// Reports a cycle of declarations that starts at `cycle[start]`.
    pub(super) fn report_cycle(&mut self, cycle: &[Object], start: usize) {
        let object = cycle[start];
        let pos = self.package[object].pos;
        let name = self.name(object);
        let is_type = self.kind_of_object(object) == ObjectKind::TypeName;
        if let [_] = cycle {
            let message = match is_type {
                true => format!("invalid recursive type: {name} refers to itself"),
                false => format!("invalid cycle in declaration: {name} refers to itself"),
            };
            return self.error(pos, message);
        }
        let mut message = match is_type {
            true => format!("invalid recursive type {name}"),
            false => format!("invalid cycle in declaration of {name}"),
        };
        let mut object = object;
        for index in 0..cycle.len() {
            let next = cycle[(start + index + 1) % cycle.len()];
            let text = format!("{} refers to {}", self.name(object), self.name(next));
            message.push_str(&self.note(self.package[object].pos, &text));
            object = next;
        }
        self.error(pos, message);
    }

    /// Reports whether a type is known all through. If it is being defined, that is a cycle, which is reported.
    pub(super) fn is_complete(&mut self, ty: Type) -> bool {
        let object = self.package.types[ty].declared;
        let start = self.path.iter().position(|&other| Some(other) == object);
        let Some(start) = start else {
            return true;
        };
        let cycle = self.path[start..].to_vec();
        let first = self.first_in_source(&cycle);
        self.report_cycle(&cycle, first);
        false
    }

    fn check_constant(
        &mut self,
        object: Object,
        typ: Option<Expr>,
        init: Option<Expr>,
        inherited: bool,
    ) {
        let outer = (self.env.iota, self.env.errpos);
        self.env.iota = self.values.get(&object).and_then(|value| match value {
            Val::Int(int) => i64::try_from(int).ok(),
            _ => None,
        });
        self.env.errpos = Pos::NONE;
        self.values.insert(object, Val::Unknown);
        self.check_constant_value(object, typ, init, inherited);
        (self.env.iota, self.env.errpos) = outer;
    }

    fn check_constant_value(
        &mut self,
        object: Object,
        typ: Option<Expr>,
        init: Option<Expr>,
        inherited: bool,
    ) {
        if let Some(typ) = typ {
            let ty = self.check_type(typ);
            if !self.is_const_type(ty) {
                if self.underlying(ty) != Type::INVALID {
                    let text = self.type_text(ty);
                    self.expr_error(typ, format_args!("invalid constant type {text}"));
                }
                self.set_object_type(object, Type::INVALID);
                return;
            }
            self.set_object_type(object, ty);
        }
        let Some(init) = init else {
            if self.object_type(object).is_none() {
                self.set_object_type(object, Type::INVALID);
            }
            return;
        };
        if inherited {
            self.env.errpos = self.package[object].pos;
        }
        let mut x = self.check_expr(init);
        self.init_constant(object, &mut x);
    }

    fn check_variable(
        &mut self,
        object: Object,
        lhs: &[Object],
        typ: Option<Expr>,
        init: Option<Expr>,
    ) {
        if let Some(typ) = typ {
            let ty = self.check_type(typ);
            self.set_object_type(object, ty);
        }
        let Some(init) = init else {
            if typ.is_none() {
                self.set_object_type(object, Type::INVALID);
            }
            return;
        };
        if lhs.len() < 2 {
            let mut x = self.check_expr(init);
            self.init_var(object, &mut x, "variable declaration");
            return;
        }
        if typ.is_some()
            && let Some(ty) = self.object_type(object)
        {
            for &other in lhs {
                self.set_object_type(other, ty);
            }
        }
        self.init_vars(lhs, &[init], None);
    }

    fn check_type_decl(&mut self, object: Object, decl: Decl) {
        let DeclKind::Type { alias, typ, .. } = self.ast[decl].kind else {
            return;
        };
        let name = self.name(object).to_owned();
        let ty = self.package.types.define(&name, object);
        if self.package.types.has_too_many() {
            self.refuse(self.package[object].pos, too_many_types());
        }
        if self.ast.type_params(decl).is_some() {
            self.refuse_type_params(decl);
            self.set_object_type(object, Type::INVALID);
            return;
        }
        if alias {
            self.aliases.insert(ty, Type::INVALID);
        }
        self.set_object_type(object, ty);
        let n_refused = self.n_refused;
        let definition = self.check_type(typ);
        if definition == Type::INVALID && self.n_refused > n_refused {
            // Nothing is known about the values of a refused type.
            self.aliases.remove(&ty);
            self.set_object_type(object, Type::INVALID);
        }
        if self.object_type(object) == Some(Type::INVALID) {
            self.package.types.set_underlying(ty, Type::INVALID);
            return;
        }
        if definition == ty {
            // Only a local type can get here.
            self.report_cycle(&[object], 0);
            self.package.types.set_underlying(ty, Type::INVALID);
            return;
        }
        if alias {
            let target = self.unalias(definition);
            self.aliases.insert(ty, target);
        }
        let target = self.unalias(definition);
        let under = self.underlying(target);
        self.unders.insert(ty, under);
        self.package.types.set_underlying(ty, target);
    }

    fn check_func(&mut self, object: Object, func: Func, info: DeclInfo) {
        let data = &self.package[func];
        let (decl, body) = (data.decl, data.body);
        // A reference to the function from its own signature finds one without parameters.
        let empty = self
            .package
            .types
            .signature(Vec::new(), Vec::new(), false, false);
        self.set_object_type(object, empty);
        let DeclKind::Func { recv, typ, .. } = self.ast[decl].kind else {
            return;
        };
        let generic = self.ast.type_params(decl).is_some();
        if generic {
            self.refuse_type_params(decl);
        }
        if let Some(recv) = recv.expand() {
            self.refuse(self.ast[decl].pos, "methods");
            self.use_receiver(self.ast[recv].typ);
        }
        if generic || recv.is_some() {
            // Names in it may be type parameters.
            self.set_object_type(object, Type::INVALID);
            let ExprKind::FuncType { params, results } = self.ast[typ].kind else {
                return;
            };
            self.collect_params(func, params, results, true);
            return;
        }
        self.env.func = Some(func);
        let ty = self.check_signature(func, typ);
        self.set_object_type(object, ty);
        if body.is_some() {
            self.delayed.push(Delayed::Body(func, info));
        }
    }

    /// Checks the signature of a declared function, and declares its parameters for the duration.
    fn check_signature(&mut self, func: Func, typ: Expr) -> Type {
        let ExprKind::FuncType { params, results } = self.ast[typ].kind else {
            return Type::INVALID;
        };
        let (param_types, names, variadic) = self.field_types(params);
        let (result_types, result_names, _) = self.field_types(results);
        self.collect_params(func, params, results, false);
        let data = &self.package[func];
        let objects: Vec<Option<Object>> = data.params.clone();
        let result_objects = data.results.clone();
        for (object, &ty) in objects.iter().zip(&param_types) {
            if let Some(object) = *object {
                self.set_object_type(object, ty);
            }
        }
        for (&object, &ty) in result_objects.iter().zip(&result_types) {
            self.set_object_type(object, ty);
        }
        self.scopes.open();
        for &field in self.ast[params].iter().chain(&self.ast[results]) {
            self.declare_param(field);
        }
        self.scopes.close();
        let named = self.ast[results]
            .first()
            .is_some_and(|&field| self.ast[field].name.is_some());
        self.signature_type(
            (param_types, names),
            (result_types, result_names),
            variadic,
            named,
        )
    }

    /// Returns the type of a function with these parameters and results.
    pub(super) fn signature_type(
        &mut self,
        (params, param_names): (Vec<Type>, Vec<String>),
        (results, result_names): (Vec<Type>, Vec<String>),
        variadic: bool,
        named: bool,
    ) -> Type {
        let types = &mut self.package.types;
        let tuple = (results.len() > 1).then(|| types.own_tuple(results.clone()));
        let ty = types.signature(params, results, variadic, named);
        if let Some(tuple) = tuple {
            self.result_tuples.insert(ty, tuple);
            self.var_names
                .insert(tuple, (result_names.clone(), Vec::new()));
        }
        self.var_names.insert(ty, (param_names, result_names));
        ty
    }

    /// Returns the types and names of parameters or results, and whether the last is variadic.
    pub(super) fn field_types(&mut self, fields: List<Field>) -> (Vec<Type>, Vec<String>, bool) {
        let (mut types, mut names) = (Vec::new(), Vec::new());
        let mut variadic = false;
        let mut last: Option<(Expr, Type)> = None;
        for &field in &self.ast[fields] {
            let field = self.ast[field];
            let ty = match last {
                Some((typ, ty)) if typ == field.typ => ty,
                _ => {
                    let mut typ = field.typ;
                    if let ExprKind::DotsType(elem) = self.ast[typ].kind {
                        self.refuse(self.ast[typ].pos, "variadic functions");
                        variadic = true;
                        typ = elem;
                    }
                    match variadic {
                        true => {
                            self.check_type(typ);
                            Type::INVALID
                        }
                        false => self.check_type(typ),
                    }
                }
            };
            last = Some((field.typ, ty));
            types.push(ty);
            let name = field.name.expand();
            names.push(name.map_or(String::new(), |name| self.text(name)));
        }
        (types, names, variadic)
    }

    /// Creates the objects of a function's parameters and results.
    fn collect_params(
        &mut self,
        func: Func,
        params: List<Field>,
        results: List<Field>,
        invalid: bool,
    ) {
        let ast = self.ast;
        for &field in &ast[params] {
            let name = ast[field].name.expand();
            let object = name.map(|name| {
                let kind = match self.is_blank(name) {
                    true => VarKind::Blank,
                    false => VarKind::Param,
                };
                let object = self.new_object(name, ObjectKind::Var(kind));
                self.define_name(name, object);
                object
            });
            let is_param =
                |&object: &Object| self.package[object].kind == ObjectKind::Var(VarKind::Param);
            let object = object.filter(is_param);
            let data = &mut self.package.funcs[func];
            data.params.push(object);
            data.declared.extend(object);
        }
        let mut number = params.len() as u32;
        for &field in &ast[results] {
            let name = ast[field].name.expand();
            let kind = ObjectKind::Var(VarKind::Result);
            let object = match name {
                Some(name) if !self.is_blank(name) => self.new_object(name, kind),
                _ => {
                    let (name, pos) = match name {
                        Some(_) => (Name::Blank(number), ast[field].pos),
                        None => (Name::Unnamed(number), ast[field].pos),
                    };
                    number += 1;
                    self.object(name, pos, kind)
                }
            };
            if let Some(name) = name {
                self.define_name(name, object);
            }
            let data = &mut self.package.funcs[func];
            data.results.push(object);
            data.declared.push(object);
        }
        if invalid {
            let data = &self.package[func];
            let objects: Vec<Object> = data.declared.clone();
            for object in objects {
                self.set_object_type(object, Type::INVALID);
            }
        }
    }

    fn declare_param(&mut self, field: Field) {
        let name = self.ast[field].name.expand();
        if let Some(name) = name
            && let Some(sym) = self.ast.name(name).filter(|&sym| sym != Sym::BLANK)
            && let Some(object) = self.package.exprs[name].object.expand()
        {
            self.declare(Some(name), sym, object);
        }
    }

    /// Binds the names of parameters again, for the body.
    pub(super) fn bind_params(&mut self, func: Func) {
        let data = &self.package[func];
        let objects: Vec<Object> = data.declared.clone();
        for object in objects {
            if let Name::Source(sym) = self.package[object].name
                && self.scopes.in_innermost(sym).is_none()
            {
                self.declare(None, sym, object);
            }
        }
    }

    /// Checks the declarations of one statement.
    pub(super) fn check_decl_stmt(&mut self, decls: List<Decl>) {
        let ast = self.ast;
        let mut group = ConstGroup::default();
        for &decl in &ast[decls] {
            let data = &ast[decl];
            match data.kind {
                DeclKind::Const { names, typ, values } => {
                    let source = group.next(data.group.expand(), typ.expand(), values);
                    self.check_local_constants(data.pos, &ast[names], &source);
                }
                DeclKind::Var { names, typ, values } => {
                    self.check_local_variables(data.pos, &ast[names], typ.expand(), values);
                }
                DeclKind::Type { name, .. } => {
                    let object = self.new_object(name, ObjectKind::TypeName);
                    let sym = ast.name(name).unwrap_or(Sym::BLANK);
                    self.declare(Some(name), sym, object);
                    self.add_declared(object);
                    self.path.push(object);
                    self.check_type_decl(object, decl);
                    self.path.pop();
                }
                DeclKind::Import { .. } | DeclKind::Func { .. } => {}
            }
        }
    }

    fn check_local_constants(&mut self, pos: Pos, names: &[Expr], source: &ConstSource) {
        let values = &self.ast[source.values];
        let mut objects = Vec::with_capacity(names.len());
        for (index, &name) in names.iter().enumerate() {
            let object = self.new_object(name, ObjectKind::Const);
            self.values.insert(object, Val::int(source.iota));
            objects.push(object);
            let init = values.get(index).copied();
            self.check_constant(object, source.typ, init, source.inherited);
        }
        self.check_arity(pos, names, values, true, source.inherited);
        self.declare_all(names, &objects);
    }

    fn check_local_variables(
        &mut self,
        pos: Pos,
        names: &[Expr],
        typ: Option<Expr>,
        values: List<Expr>,
    ) {
        let values = &self.ast[values];
        let mut objects = Vec::with_capacity(names.len());
        for &name in names {
            objects.push(self.new_local(name));
        }
        for (index, &object) in objects.iter().enumerate() {
            let (lhs, init) = match values.len() {
                count if count == names.len() => (&[][..], Some(values[index])),
                1 => (&objects[..], Some(values[0])),
                _ => (&[][..], values.get(index).copied()),
            };
            self.check_variable(object, lhs, typ, init);
            if values.len() == 1 {
                break;
            }
        }
        if typ.is_none() || !values.is_empty() {
            self.check_arity(pos, names, values, false, false);
        }
        self.declare_all(names, &objects);
    }

    /// Creates a local variable.
    pub(super) fn new_local(&mut self, name: Expr) -> Object {
        let kind = match self.is_blank(name) {
            true => VarKind::Blank,
            false => VarKind::Local,
        };
        self.new_object(name, ObjectKind::Var(kind))
    }

    fn declare_all(&mut self, names: &[Expr], objects: &[Object]) {
        for (&name, &object) in names.iter().zip(objects) {
            let sym = self.ast.name(name).unwrap_or(Sym::BLANK);
            self.declare(Some(name), sym, object);
            self.add_declared(object);
        }
    }

    /// Adds an object to those that the function declares.
    pub(super) fn add_declared(&mut self, object: Object) {
        if let Some(func) = self.env.func
            && !matches!(self.package[object].name, Name::Source(Sym::BLANK))
        {
            self.package.funcs[func].declared.push(object);
        }
    }

    /// Gives a constant its value.
    fn init_constant(&mut self, object: Object, x: &mut Operand) {
        let ty = self.object_type(object);
        if !x.is_valid() || x.ty == Type::INVALID || ty == Some(Type::INVALID) {
            if ty.is_none() {
                self.set_object_type(object, Type::INVALID);
            }
            return;
        }
        if x.mode != Mode::Constant {
            let text = self.describe(x);
            self.operand_error(x, format_args!("{text} is not constant"));
            if ty.is_none() {
                self.set_object_type(object, Type::INVALID);
            }
            return;
        }
        let ty = ty.unwrap_or(x.ty);
        self.set_object_type(object, ty);
        self.assignment(x, Some(ty), "constant declaration");
        if x.is_valid() {
            self.values.insert(object, x.val.clone());
        }
    }
}
