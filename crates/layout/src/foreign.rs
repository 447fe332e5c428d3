//! Declarations that compiled code doesn't use: what assembly implements and reads, of any type.
//!
//! The compiler's checker refuses most types, but needs none of them to place arguments and variables for assembly. So such
//! declarations are taken out of the tree before it is checked. Where one of them may be wrong or has no known size, all
//! stay, and the checker says why.

use minigo_syntax::ast::{Ast, Decl, DeclKind, Expr, ExprKind, Field, File, List};
use minigo_syntax::sym::Sym;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{Call, Result, Rules, Scope, Shape, TypeData, Types};

/// The rules of the compiler.
static RULES: Rules = Rules {
    gc_sizes: true,
    named_aliases: false,
    undeclared: "undefined",
};

/// The declarations that were taken out of a tree.
#[derive(Clone, Debug, Default)]
pub struct Foreign {
    /// Functions without body.
    pub functions: Vec<ForeignFunction>,
    /// Variables without a value.
    pub variables: Vec<ForeignVariable>,
    /// The macros for the sizes of structs and the offsets of their fields.
    pub macros: Vec<(Decl, String)>,
    /// The number of types.
    n_types: usize,
    /// Whether a function has an argument whose type is written as an interface with methods.
    pub has_methods: bool,
}

/// A function without body.
#[derive(Clone, Debug)]
pub struct ForeignFunction {
    /// Its declaration.
    pub decl: Decl,
    /// Its name.
    pub name: String,
    /// Its arguments.
    pub call: Call,
}

/// A variable without a value.
#[derive(Clone, Debug)]
pub struct ForeignVariable {
    /// Its declaration.
    pub decl: Decl,
    /// Its name.
    pub name: String,
    /// The size in bytes.
    pub size: u64,
    /// Whether it holds pointers.
    pub has_pointers: bool,
}

impl Foreign {
    /// Reports whether there are types or variables, which have descriptors in Go's objects.
    pub fn has_types(&self) -> bool {
        self.n_types > 0 || !self.variables.is_empty()
    }

    /// Takes the declarations of types that minigo doesn't compile out of a package, unless compiled code uses them.
    pub fn take_out(ast: &mut Ast) -> Foreign {
        let mut finder = Finder::new(ast);
        finder.find();
        if finder.candidates.is_empty() {
            return Foreign::default();
        }
        finder.keep_used();
        let taken = finder.candidates;
        let Some(imports) = unused_imports(ast, &taken) else {
            return Foreign::default();
        };
        let Ok(foreign) = layout(ast, &taken) else {
            return Foreign::default();
        };
        let taken: FxHashSet<Decl> = taken.into_keys().chain(imports).collect();
        for file in ast.files.keys() {
            ast.retain_decls(file, |decl| !taken.contains(&decl));
        }
        foreign
    }
}

/// The declarations with types that minigo doesn't compile, and their files.
type Candidates = FxHashMap<Decl, File>;

struct Finder<'a> {
    ast: &'a Ast,
    candidates: Candidates,
    /// The names of types among them.
    types: FxHashSet<Sym>,
}

impl<'a> Finder<'a> {
    fn new(ast: &'a Ast) -> Finder<'a> {
        Finder {
            ast,
            candidates: FxHashMap::default(),
            types: FxHashSet::default(),
        }
    }

    /// Finds the candidates: types first, until the types that they are made of are known.
    fn find(&mut self) {
        let ast = self.ast;
        let mut declared: FxHashMap<Sym, usize> = FxHashMap::default();
        for name in ast.files.values().flat_map(|file| &ast[file.decls]) {
            for &name in names(ast, *name) {
                *declared.entry(name).or_default() += 1;
            }
        }
        let is_unique = |decl: Decl| names(ast, decl).iter().all(|name| declared[name] == 1);
        loop {
            let before = self.candidates.len();
            for (file, data) in &ast.files {
                for &decl in &ast[data.decls] {
                    if is_unique(decl) && self.is_candidate(decl) {
                        self.candidates.insert(decl, file);
                    }
                }
            }
            if self.candidates.len() == before {
                return;
            }
        }
    }

    fn is_candidate(&mut self, decl: Decl) -> bool {
        let ast = self.ast;
        if ast.type_params(decl).is_some() {
            return false;
        }
        match ast[decl].kind {
            DeclKind::Type { name, typ, .. } => {
                let is_beyond = self.is_beyond(typ);
                self.types.extend(ast.name(name).filter(|_| is_beyond));
                is_beyond
            }
            DeclKind::Var { typ, values, .. } => {
                values.is_empty() && typ.expand().is_some_and(|typ| self.is_beyond(typ))
            }
            DeclKind::Func {
                recv,
                name,
                typ,
                body,
            } => {
                let name = ast.name(name).map_or("_", |name| ast.text(name));
                let is_plain = recv.is_none() && body.is_none();
                is_plain && !matches!(name, "init" | "main" | "_") && self.has_beyond(typ)
            }
            DeclKind::Import { .. } | DeclKind::Const { .. } => false,
        }
    }

    /// Reports whether minigo doesn't compile a type.
    fn is_beyond(&self, typ: Expr) -> bool {
        let ast = self.ast;
        match ast[typ].kind {
            ExprKind::Name(name) => self.types.contains(&name) || BEYOND.contains(&ast.text(name)),
            ExprKind::Paren(inner) => self.is_beyond(inner),
            ExprKind::Bad => false,
            _ => true,
        }
    }

    /// Reports whether minigo doesn't compile the type of a parameter or result of a function.
    fn has_beyond(&self, signature: Expr) -> bool {
        let ExprKind::FuncType { params, results } = self.ast[signature].kind else {
            return false;
        };
        let mut fields = self.ast[params].iter().chain(&self.ast[results]);
        fields.any(|&field| self.is_beyond(self.ast[field].typ))
    }

    /// Drops the candidates that other declarations name.
    fn keep_used(&mut self) {
        let ast = self.ast;
        loop {
            let own = own_names(ast, &self.candidates);
            let others = ast.exprs.iter().filter(|(expr, _)| !own.contains(expr));
            let used: FxHashSet<Sym> = others.filter_map(|(expr, _)| ast.name(expr)).collect();
            let before = self.candidates.len();
            self.candidates
                .retain(|&decl, _| !names(ast, decl).iter().any(|name| used.contains(name)));
            if self.candidates.len() == before {
                return;
            }
        }
    }
}

/// Predeclared types that minigo doesn't compile.
const BEYOND: [&str; 6] = [
    "string",
    "error",
    "float32",
    "float64",
    "complex64",
    "complex128",
];

/// Returns the names that a declaration declares in its package.
fn names(ast: &Ast, decl: Decl) -> Vec<&Sym> {
    let sym = |name: Expr| match &ast.exprs[name].kind {
        ExprKind::Name(sym) => Some(sym),
        _ => None,
    };
    let one = |name: Expr| sym(name).into_iter().collect();
    match ast[decl].kind {
        DeclKind::Import { .. } => Vec::new(),
        DeclKind::Const { names, .. } | DeclKind::Var { names, .. } => {
            ast[names].iter().filter_map(|&name| sym(name)).collect()
        }
        DeclKind::Type { name, .. } => one(name),
        DeclKind::Func { recv, name, .. } if recv.is_none() => one(name),
        DeclKind::Func { .. } => Vec::new(),
    }
}

/// Returns the names in declarations, as expressions.
fn own_names(ast: &Ast, candidates: &Candidates) -> FxHashSet<Expr> {
    let mut own = FxHashSet::default();
    for &decl in candidates.keys() {
        let mut work = Vec::new();
        match ast[decl].kind {
            DeclKind::Type { name, typ, .. } => work.extend([name, typ]),
            DeclKind::Var { names, typ, .. } => {
                work.extend(ast[names].iter().copied().chain(typ.expand()));
            }
            DeclKind::Func { name, typ, .. } => work.extend([name, typ]),
            DeclKind::Import { .. } | DeclKind::Const { .. } => {}
        }
        while let Some(expr) = work.pop() {
            if ast.name(expr).is_some() {
                own.insert(expr);
            }
            work.extend(operands(ast, expr));
        }
    }
    own
}

/// Returns the parts of a type or a constant.
fn operands(ast: &Ast, expr: Expr) -> Vec<Expr> {
    let of_fields = |fields: List<Field>| {
        let fields = ast[fields].iter().map(|&field| &ast[field]);
        fields.flat_map(|field| field.name.expand().into_iter().chain([field.typ]))
    };
    match ast[expr].kind {
        ExprKind::Paren(x) | ExprKind::Unary { x, .. } => vec![x],
        ExprKind::SliceType(elem) | ExprKind::DotsType(elem) | ExprKind::ChanType { elem, .. } => {
            vec![elem]
        }
        ExprKind::Selector { x, sel } => vec![x, sel],
        ExprKind::Binary { x, y, .. } => vec![x, y],
        ExprKind::ArrayType { len, elem } => len.expand().into_iter().chain([elem]).collect(),
        ExprKind::MapType { key, value } => vec![key, value],
        ExprKind::Call { fun, args, .. } => [fun].iter().chain(&ast[args]).copied().collect(),
        ExprKind::StructType(fields) | ExprKind::InterfaceType(fields) => {
            of_fields(fields).collect()
        }
        ExprKind::FuncType { params, results } => {
            of_fields(params).chain(of_fields(results)).collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the imports that only these declarations use, or none if the compiler may see only a part of the uses.
fn unused_imports(ast: &Ast, taken: &Candidates) -> Option<Vec<Decl>> {
    let own = own_names(ast, taken);
    let others = ast.exprs.iter().filter(|(expr, _)| !own.contains(expr));
    let others: FxHashSet<&str> = others
        .filter_map(|(expr, _)| ast.name(expr).map(|name| ast.text(name)))
        .collect();
    let mut imports = Vec::new();
    for (file, data) in &ast.files {
        let mut local = FxHashSet::default();
        for (&decl, _) in taken.iter().filter(|(_, of)| **of == file) {
            let only = Candidates::from_iter([(decl, file)]);
            let names = own_names(ast, &only);
            local.extend(names.iter().filter_map(|&expr| ast.name(expr)));
        }
        for &decl in &ast[data.decls] {
            let DeclKind::Import { local_name, path } = ast[decl].kind else {
                continue;
            };
            let path = crate::print::literal(ast, path);
            let name = match local_name.expand().and_then(|name| ast.name(name)) {
                Some(name) => ast.text(name),
                None => crate::resolve::package_name(&path),
            };
            // Its own name is an expression, too.
            let is_named = local_name.is_some();
            let is_used = local.iter().any(|&used| ast.text(used) == name);
            match (is_used, others.contains(name)) {
                (true, _) if is_named => return None,
                (true, true) => return None,
                (true, false) => imports.push(decl),
                (false, _) => {}
            }
        }
    }
    Some(imports)
}

/// Lays out declarations.
fn layout(ast: &Ast, taken: &Candidates) -> Result<Foreign> {
    let mut types = Types::new(&RULES, &|_| None);
    let package = types.add_package("", ast.clone());
    let mut foreign = Foreign::default();
    let mut sorted: Vec<(Decl, File)> = taken.iter().map(|(&decl, &file)| (decl, file)).collect();
    sorted.sort();
    for (decl, file) in sorted {
        let scope = Scope { package, file };
        match ast[decl].kind {
            DeclKind::Type { name, typ, .. } => {
                let resolved = types.resolve(scope, typ)?;
                types.layout(resolved)?;
                types.check_names(ast, scope, typ)?;
                foreign.n_types += 1;
                let name = ast.name(name).map_or("_", |name| ast.text(name));
                if let Shape::Struct(fields) = types.shape(resolved)? {
                    let size = types.layout(resolved)?.size;
                    let mut text = format!("#define {name}__size {size}\n");
                    for (field, _, offset) in fields.iter().filter(|field| field.0 != "_") {
                        text += &format!("#define {name}_{field} {offset}\n");
                    }
                    foreign.macros.push((decl, text));
                }
            }
            DeclKind::Var { names, typ, .. } => {
                let Some(typ) = typ.expand() else { continue };
                types.check_names(ast, scope, typ)?;
                let typ = types.resolve(scope, typ)?;
                let size = types.layout(typ)?.size;
                let has_pointers = types.has_pointers(typ)?;
                for name in ast[names].iter().filter_map(|&name| ast.name(name)) {
                    if name != Sym::BLANK {
                        foreign.variables.push(ForeignVariable {
                            decl,
                            name: ast.text(name).to_owned(),
                            size,
                            has_pointers,
                        });
                    }
                }
            }
            DeclKind::Func { name, typ, .. } => {
                let ExprKind::FuncType { params, results } = ast[typ].kind else {
                    continue;
                };
                types.check_names(ast, scope, typ)?;
                foreign.has_methods |= has_methods(ast, typ);
                let call = Call::new(&mut types, scope, params, results)?;
                let name = ast.name(name).map_or("_", |name| ast.text(name));
                foreign.functions.push(ForeignFunction {
                    decl,
                    name: name.to_owned(),
                    call,
                });
            }
            DeclKind::Import { .. } | DeclKind::Const { .. } => {}
        }
    }
    Ok(foreign)
}

/// Reports whether a type has a part that is written as an interface with methods.
fn has_methods(ast: &Ast, typ: Expr) -> bool {
    let is_interface = match ast[typ].kind {
        ExprKind::InterfaceType(members) => !ast[members].is_empty(),
        _ => false,
    };
    is_interface
        || operands(ast, typ)
            .into_iter()
            .any(|part| has_methods(ast, part))
}

impl Types<'_> {
    /// Checks what sizes don't depend on: that names of parameters, fields and methods are different, that keys of maps can be
    /// compared, and that types are embedded that can be.
    ///
    /// # Errors
    /// A mistake, or something that may be one.
    fn check_names(&mut self, ast: &Ast, scope: Scope, typ: Expr) -> Result<()> {
        let mut work = vec![typ];
        while let Some(expr) = work.pop() {
            let lists: Vec<List<Field>> = match ast[expr].kind {
                ExprKind::StructType(fields) => {
                    for &field in &ast[fields] {
                        if ast[field].name.is_none() {
                            self.check_embedded(scope, ast[field].typ)?;
                        }
                    }
                    vec![fields]
                }
                ExprKind::InterfaceType(members) => {
                    for &member in &ast[members] {
                        if ast[member].name.is_none() {
                            let typ = self.resolve(scope, ast[member].typ)?;
                            if !matches!(self.shape(typ)?, Shape::Interface | Shape::EmptyInterface)
                            {
                                return Err(self.wrong(scope, expr, "not an interface"));
                            }
                        }
                    }
                    vec![members]
                }
                ExprKind::FuncType { params, results } => vec![params, results],
                ExprKind::MapType { key, .. } => {
                    let key_type = self.resolve(scope, key)?;
                    if !self.is_comparable(key_type)? {
                        return Err(self.wrong(scope, key, "invalid map key type"));
                    }
                    Vec::new()
                }
                _ => Vec::new(),
            };
            let mut seen = FxHashSet::default();
            for &field in lists.iter().flat_map(|&list| &ast[list]) {
                let name = match ast[field].name.expand() {
                    Some(name) => ast.name(name).map(|name| ast.text(name).to_owned()),
                    None => match ast[expr].kind {
                        ExprKind::StructType(_) => {
                            crate::resolve::embedded_name(ast, ast[field].typ)
                        }
                        _ => None,
                    },
                };
                let name = name.filter(|name| name != "_");
                if name.is_some_and(|name| !seen.insert(name)) {
                    return Err(self.wrong(scope, expr, "duplicate name"));
                }
            }
            work.extend(operands(ast, expr));
        }
        Ok(())
    }

    fn check_embedded(&mut self, scope: Scope, typ: Expr) -> Result<()> {
        let resolved = self.resolve(scope, typ)?;
        let (is_pointer, base) = match self.data(resolved) {
            TypeData::Pointer(base) => (true, *base),
            _ => (false, resolved),
        };
        let underlying = self.underlying(base)?;
        let is_bad = match self.data(underlying) {
            TypeData::Pointer(_) => true,
            TypeData::Basic(basic) => basic.name == "unsafe.Pointer",
            TypeData::Interface { .. } | TypeData::Named { .. } => is_pointer,
            _ => false,
        };
        match is_bad {
            true => Err(self.wrong(scope, typ, "embedded type cannot be a pointer")),
            false => Ok(()),
        }
    }

    fn is_comparable(&mut self, typ: crate::Type) -> Result<bool> {
        let underlying = self.underlying(typ)?;
        Ok(match self.data(underlying) {
            TypeData::Slice(_) | TypeData::Map(..) | TypeData::Func(_) => false,
            &TypeData::Array(_, elem) => self.is_comparable(elem)?,
            TypeData::Struct(fields) => {
                let fields: Vec<_> = fields.iter().map(|field| field.typ).collect();
                for field in fields {
                    if !self.is_comparable(field)? {
                        return Ok(false);
                    }
                }
                true
            }
            _ => true,
        })
    }
}
