//! The resolution of type expressions to types.

use minigo_base::Pos;
use minigo_syntax::ast::{Expr, ExprKind, Field, List};
use minigo_syntax::token::Operator;

use crate::{
    BASICS, MAX_DEPTH, Package, Place, Result, Scope, Signature, StructField, Trouble, Type,
    TypeData, Types, print,
};

impl Types<'_> {
    /// Returns the type of a type expression.
    ///
    /// # Errors
    /// A name that isn't declared, an array whose length is unknown, or an expression that isn't a type.
    pub fn resolve(&mut self, scope: Scope, expr: Expr) -> Result<Type> {
        self.depth += 1;
        let result = if self.depth > MAX_DEPTH {
            Err(self.beyond(scope, expr, "type is nested too deeply"))
        } else {
            self.resolve_nested(scope, expr)
        };
        self.depth -= 1;
        result
    }

    fn resolve_nested(&mut self, scope: Scope, expr: Expr) -> Result<Type> {
        let ast = &self.packages[scope.package].ast;
        let data = match ast[expr].kind {
            ExprKind::Name(name) => {
                let name = ast.text(name).to_owned();
                return self.named(scope, expr, &name);
            }
            ExprKind::Paren(inner) => return self.resolve(scope, inner),
            ExprKind::Selector { x, sel } => return self.imported(scope, expr, x, sel),
            ExprKind::Unary {
                op: Operator::Mul,
                x,
            } => TypeData::Pointer(self.resolve(scope, x)?),
            ExprKind::SliceType(elem) | ExprKind::DotsType(elem) => {
                TypeData::Slice(self.resolve(scope, elem)?)
            }
            ExprKind::ArrayType { len, elem } => {
                let len = match len.expand() {
                    Some(len) => self.array_len(scope, len)?,
                    None => {
                        return Err(self.wrong(
                            scope,
                            expr,
                            "use of [...] array outside of array literal",
                        ));
                    }
                };
                TypeData::Array(len, self.resolve(scope, elem)?)
            }
            ExprKind::MapType { key, value } => {
                TypeData::Map(self.resolve(scope, key)?, self.resolve(scope, value)?)
            }
            ExprKind::ChanType { dir, elem } => TypeData::Chan(dir, self.resolve(scope, elem)?),
            ExprKind::StructType(fields) => TypeData::Struct(self.struct_fields(scope, fields)?),
            ExprKind::FuncType { params, results } => {
                TypeData::Func(self.signature(scope, params, results)?)
            }
            ExprKind::InterfaceType(members) => self.interface(scope, members)?,
            _ => {
                let text = minigo_syntax::print::line(ast, expr);
                return Err(self.wrong(scope, expr, &format!("{text} is not a type")));
            }
        };
        Ok(self.add(data))
    }

    /// Returns the error for an expression that Go refuses, too.
    pub(crate) fn wrong(&self, scope: Scope, expr: Expr, message: &str) -> Trouble {
        Trouble {
            pos: self.pos(scope, expr),
            message: message.to_owned(),
            wrong: true,
        }
    }

    /// Returns the error for an expression beyond minigo's limits.
    pub(crate) fn beyond(&self, scope: Scope, expr: Expr, message: &str) -> Trouble {
        Trouble {
            wrong: false,
            ..self.wrong(scope, expr, message)
        }
    }

    pub(crate) fn pos(&self, scope: Scope, expr: Expr) -> Pos {
        self.packages[scope.package].ast[expr].pos
    }

    /// Resolves a name alone: declared in the package, predeclared, or from a package that is imported with a dot.
    fn named(&mut self, scope: Scope, expr: Expr, name: &str) -> Result<Type> {
        if let Some(typ) = self.declared_type(scope.package, name)? {
            return Ok(typ);
        }
        if let Some(basic) = BASICS.iter().find(|basic| basic.name == name) {
            return Ok(self.add(TypeData::Basic(basic)));
        }
        match name {
            "error" => {
                return Ok(self.add(TypeData::Named {
                    name: name.to_owned(),
                    path: String::new(),
                    place: Place::Error,
                }));
            }
            "any" if self.rules.named_aliases => {
                let target = self.add(TypeData::Interface {
                    methods: Vec::new(),
                    embedded: Vec::new(),
                });
                return Ok(self.add(TypeData::Alias {
                    name: name.to_owned(),
                    path: String::new(),
                    target,
                }));
            }
            _ => {}
        }
        let dotted: Vec<String> = self
            .imports(scope)
            .filter(|(local, _)| local.as_deref() == Some("."))
            .map(|(_, path)| path.clone())
            .collect();
        for path in dotted {
            let Some(package) = self.import(&path) else {
                let pos = self.pos(scope, expr);
                return Ok(self.elsewhere(path, name, pos));
            };
            if let Some(typ) = self.declared_type(package, name)? {
                return Ok(typ);
            }
        }
        let undeclared = self.rules.undeclared;
        Err(self.wrong(scope, expr, &format!("{undeclared}: {name}")))
    }

    fn imports(&self, scope: Scope) -> impl Iterator<Item = &(Option<String>, String)> {
        let imports = &self.packages[scope.package].imports;
        imports.get(&scope.file).into_iter().flatten()
    }

    /// Returns the type that a package declares with a name.
    fn declared_type(&mut self, package: Package, name: &str) -> Result<Option<Type>> {
        let key = (package, name.to_owned());
        if let Some(&known) = self.declared.get(&key) {
            return Ok(Some(known));
        }
        let data = &self.packages[package];
        let Some(&(file, expr, alias)) = data.types.get(name) else {
            return Ok(None);
        };
        let path = data.path.clone();
        let scope = Scope { package, file };
        let typ = if alias {
            let target = self.resolve(scope, expr)?;
            if !self.rules.named_aliases {
                return Ok(Some(target));
            }
            self.add(TypeData::Alias {
                name: name.to_owned(),
                path,
                target,
            })
        } else {
            self.add(TypeData::Named {
                name: name.to_owned(),
                path,
                place: Place::Declared(scope, expr),
            })
        };
        self.declared.insert(key, typ);
        Ok(Some(typ))
    }

    /// Resolves `x.sel`, a type of an imported package.
    fn imported(&mut self, scope: Scope, expr: Expr, x: Expr, sel: Expr) -> Result<Type> {
        let ast = &self.packages[scope.package].ast;
        let text = |expr| ast.name(expr).map(|name| ast.text(name).to_owned());
        let (Some(local), Some(name)) = (text(x), text(sel)) else {
            let text = minigo_syntax::print::line(ast, expr);
            return Err(self.wrong(scope, expr, &format!("{text} is not a type")));
        };
        let import = self.imports(scope).find(|(known, path)| match known {
            Some(known) => *known == local,
            None => package_name(path) == local,
        });
        let Some(path) = import.map(|(_, path)| path.clone()) else {
            let undeclared = self.rules.undeclared;
            return Err(self.wrong(scope, x, &format!("{undeclared}: {local}")));
        };
        if path == "unsafe" && name == "Pointer" {
            return Ok(self.add(TypeData::Basic(&BASICS[UNSAFE_POINTER])));
        }
        let pos = self.pos(scope, x);
        if let Some(package) = self.import(&path)
            && let Some(typ) = self.declared_type(package, &name)?
        {
            return Ok(typ);
        }
        Ok(self.elsewhere(path, &name, pos))
    }

    fn elsewhere(&mut self, path: String, name: &str, pos: Pos) -> Type {
        self.add(TypeData::Named {
            name: name.to_owned(),
            path,
            place: Place::Elsewhere(pos),
        })
    }

    fn struct_fields(&mut self, scope: Scope, fields: List<Field>) -> Result<Vec<StructField>> {
        let mut resolved = Vec::new();
        for index in 0..fields.len() {
            let ast = &self.packages[scope.package].ast;
            let field = ast.fields[ast[fields][index]];
            let tag = field
                .tag
                .expand()
                .map_or_else(String::new, |tag| print::quote(&print::literal(ast, tag)));
            let name = match field.name.expand() {
                Some(name) => ast.name(name).map(|name| ast.text(name).to_owned()),
                None => embedded_name(ast, field.typ),
            };
            resolved.push(StructField {
                name: name.unwrap_or_default(),
                embedded: field.name.is_none(),
                typ: self.resolve(scope, field.typ)?,
                tag,
            });
        }
        Ok(resolved)
    }

    /// Resolves the parameters and results of a function type.
    pub(crate) fn signature(
        &mut self,
        scope: Scope,
        params: List<Field>,
        results: List<Field>,
    ) -> Result<Signature> {
        let ast = &self.packages[scope.package].ast;
        let variadic = ast[params]
            .last()
            .is_some_and(|&last| matches!(ast[ast.fields[last].typ].kind, ExprKind::DotsType(_)));
        Ok(Signature {
            params: self.named_types(scope, params)?,
            results: self.named_types(scope, results)?,
            variadic,
        })
    }

    fn named_types(&mut self, scope: Scope, fields: List<Field>) -> Result<Vec<(String, Type)>> {
        let mut resolved = Vec::new();
        for index in 0..fields.len() {
            let ast = &self.packages[scope.package].ast;
            let field = ast.fields[ast[fields][index]];
            let name = field.name.expand().and_then(|name| ast.name(name));
            let name = name.map_or_else(String::new, |name| ast.text(name).to_owned());
            resolved.push((name, self.resolve(scope, field.typ)?));
        }
        Ok(resolved)
    }

    fn interface(&mut self, scope: Scope, members: List<Field>) -> Result<TypeData> {
        let (mut methods, mut embedded) = (Vec::new(), Vec::new());
        for index in 0..members.len() {
            let ast = &self.packages[scope.package].ast;
            let member = ast.fields[ast[members][index]];
            let name = member.name.expand().and_then(|name| ast.name(name));
            match (name, ast[member.typ].kind) {
                (Some(name), ExprKind::FuncType { params, results }) => {
                    let name = ast.text(name).to_owned();
                    methods.push((name, self.signature(scope, params, results)?));
                }
                _ => embedded.push(self.resolve(scope, member.typ)?),
            }
        }
        methods.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(TypeData::Interface { methods, embedded })
    }
}

/// The index of `unsafe.Pointer` among the predeclared types.
const UNSAFE_POINTER: usize = 19;

/// Returns the name of an embedded field: that of its type, without package and star.
pub(crate) fn embedded_name(ast: &minigo_syntax::ast::Ast, mut typ: Expr) -> Option<String> {
    loop {
        typ = match ast[typ].kind {
            ExprKind::Name(name) => return Some(ast.text(name).to_owned()),
            ExprKind::Selector { sel, .. } => sel,
            ExprKind::Unary { x, .. } | ExprKind::Paren(x) | ExprKind::Index { x, .. } => x,
            _ => return None,
        };
    }
}

/// Returns the probable name of the package with an import path: the last word, without version.
pub(crate) fn package_name(path: &str) -> &str {
    let is_version = |word: &str| {
        word.strip_prefix('v')
            .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut words = path.rsplit('/');
    let last = words.next().unwrap_or(path);
    let last = if is_version(last) {
        words.next().unwrap_or(last)
    } else {
        last
    };
    match last.rsplit_once('.') {
        Some((name, version)) if is_version(version) => name,
        _ => last,
    }
}
