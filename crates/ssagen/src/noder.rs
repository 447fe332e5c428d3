//! Converts the typed AST to the trees of `ir`, as gc's noder and type checker leave them.
//!
//! Statement lists are flat: nested blocks are spliced into them. Each name has one node, and constants are literals. A
//! call whose only argument is a call with several results gets temporaries and an assignment in front; these
//! temporaries are numbered after everything that the function declares (gc: noder.go, dcl.go, and the rewriting parts
//! of typecheck.go).

mod expr;
mod stmt;
mod unified;

use std::ops::Range;

use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap};
use minigo_base::{ChunkMap, Pos, PosTable};
use minigo_syntax::ast::{Ast, Decl, DeclKind, Expr, ExprKind, Field, Stmt, StmtKind};
use minigo_syntax::pragma::PragmaFlags;
use minigo_syntax::sym::Sym;
use minigo_types::constant::Value;
use minigo_types::info::{self, Name, Object, ObjectKind, VarKind};
use minigo_types::ty;
use rustc_hash::FxHashMap;

use crate::deadcode::deadcode;
use crate::front::Front;
use crate::imported;
use crate::ir::{
    Aux, Class, Constant, Defined, DefinedData, Extern, ForeignVariable, Func, FuncId, Global,
    GlobalData, GlobalInit, Kind, Label, Node, Op, Package, Pragmas, Signature, TreeScratch, Type,
    TypeName, Var,
};

/// The statements that initialise package variables, in declaration order or in that of execution, and the function that
/// will contain them.
#[derive(Debug, Default)]
pub struct Initializers {
    /// Owner of the statements' nodes. Its `dcl` holds the temporaries made for them.
    pub func: Func,
    /// `As` and `As2Func` nodes.
    pub stmts: Vec<Node>,
    /// Position of the first variable of each statement.
    pub places: Vec<Pos>,
}

/// Converts the functions and variables of a package without errors. With `texts`, literals keep their original
/// spelling for messages of the inliner, which don't show it if bodies pass through unified IR. Compiled code doesn't use the
/// `foreign_variables`.
///
/// Trees take the place of what they are made of: expressions, statements and the facts about them are gone then.
pub fn noder(
    mut ast: Ast,
    types: &mut info::Package,
    positions: &mut PosTable,
    texts: bool,
    front: &'static Front,
    foreign_variables: &[ForeignVariable],
) -> (Package, Initializers) {
    let mut out = Output {
        package: Package {
            name: ast.text(types.name).into(),
            imports: imports(types),
            foreign_variables: foreign_variables.to_vec(),
            ..Package::default()
        },
        n_foreign: 0,
        globals: SecondaryMap::default(),
        defined: FxHashMap::default(),
        generations: generations(types),
        scratch: TreeScratch::default(),
    };
    out.package.funcs.reserve(types.funcs.len() + 1);
    let mut noder = Noder::new(&ast, types, texts, front, &mut out);
    noder.declare_types();
    noder.declare_globals();
    noder.declare_externs();
    let runs = runs_of_functions(&ast);
    let mut funcs = types.funcs.keys();
    loop {
        let mut noder = Noder::new(&ast, types, texts, front, &mut out);
        for func in funcs.by_ref().take(BATCH) {
            let func = noder.func(func);
            noder.out.package.funcs.push(func);
        }
        let Some(next) = types.funcs.keys().nth(out.package.funcs.len()) else {
            break;
        };
        let next = first_expr(&ast, types[next].decl);
        for run in &runs {
            let done = run.start..run.end.min(next.unwrap_or(run.start));
            ast.exprs.release(done.clone());
            types.exprs.release(done);
        }
        let last = info::Func::new(out.package.funcs.len() - 1);
        if let Some(body) = types[last].body {
            // Only functions have statements, and a body is the last one of its function.
            ast.stmts.release(0..body.index() + 1);
        }
    }
    if !out.package.imports.is_empty() {
        imported::declare(&mut out.package, positions, front);
    }
    let initializers = Noder::new(&ast, types, texts, front, &mut out).initializers();
    types.exprs = ChunkMap::default();
    types.values = PrimaryMap::new();
    (out.package, initializers)
}

/// The number of functions after which the expressions and statements of functions that have a tree go.
const BATCH: usize = 32;

/// Returns the ranges of expressions that only functions without tree need, one for each sequence of functions in a file.
fn runs_of_functions(ast: &Ast) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    for file in ast.files.values() {
        let mut run: Option<Range<usize>> = None;
        for &decl in &ast[file.decls] {
            match (first_expr(ast, decl), &mut run) {
                (Some(first), Some(run)) => run.end = first,
                (Some(first), None) => run = Some(first..first),
                (None, _) => runs.extend(run.take()),
            }
        }
        runs.extend(run);
    }
    runs
}

/// Returns the index of the first expression of a function declaration: its name.
fn first_expr(ast: &Ast, decl: Decl) -> Option<usize> {
    match ast[decl].kind {
        DeclKind::Func { name, .. } => Some(name.index()),
        _ => None,
    }
}

/// Returns the paths of imported packages without duplicates.
fn imports(types: &info::Package) -> Vec<Box<str>> {
    let mut paths: Vec<Box<str>> = Vec::new();
    for import in &types.imports {
        if !paths.iter().any(|path| **path == *import.path) {
            paths.push(import.path.as_str().into());
        }
    }
    paths
}

/// The package so far.
struct Output {
    package: Package,
    /// The number of foreign variables so far.
    n_foreign: usize,
    globals: SecondaryMap<Object, Option<Global>>,
    defined: FxHashMap<ty::Type, Defined>,
    /// Numbers of types declared in functions.
    generations: FxHashMap<ty::Type, u32>,
    scratch: TreeScratch,
}

/// The conversion of a package, one function at a time.
struct Noder<'a> {
    ast: &'a Ast,
    types: &'a info::Package,
    texts: bool,
    /// Whether bodies pass through unified IR.
    unified: bool,
    out: &'a mut Output,
    /// The function being converted.
    f: Func,
    /// The function's variables by object.
    vars: FxHashMap<Object, Var>,
    /// The function's labels by name.
    labels: FxHashMap<Sym, Label>,
    /// The first temporary of each call that supplies all arguments of another.
    spreads: FxHashMap<Expr, Var>,
}

/// Numbers the types declared in functions. Aliases count (gc: dcl.go, declare_typegen).
fn generations(types: &info::Package) -> FxHashMap<ty::Type, u32> {
    let declared = types.funcs.values().flat_map(|func| &func.declared);
    let local = declared.filter(|&&object| types[object].kind == ObjectKind::TypeName);
    let mut generations = FxHashMap::default();
    for (&object, generation) in local.zip(1..) {
        let ty = types[object].ty;
        if types.types[ty].declared == Some(object) {
            generations.insert(ty, generation);
        }
    }
    generations
}

impl<'a> Noder<'a> {
    fn new(
        ast: &'a Ast,
        types: &'a info::Package,
        texts: bool,
        front: &'static Front,
        out: &'a mut Output,
    ) -> Noder<'a> {
        Noder {
            ast,
            types,
            texts: texts && !front.unified_ir,
            unified: front.unified_ir,
            out,
            f: Func::default(),
            vars: FxHashMap::default(),
            labels: FxHashMap::default(),
            spreads: FxHashMap::default(),
        }
    }

    /// Adds all types of the package, including unused ones.
    fn declare_types(&mut self) {
        let types = self.types;
        for (object, data) in &types.objects {
            if data.kind == ObjectKind::TypeName
                && data.name != Name::Source(Sym::BLANK)
                && types.types[data.ty].declared == Some(object)
                && !self.out.generations.contains_key(&data.ty)
            {
                self.ty(data.ty);
            }
        }
    }

    /// Collects the declarations that have symbols. Constants have if debuggers see them: integers that fit into their
    /// type, or into `int` if untyped.
    fn declare_externs(&mut self) {
        let (ast, types) = (self.ast, self.types);
        for &decl in ast.files.values().flat_map(|file| &ast[file.decls]) {
            self.declare_foreign(|other| other < decl);
            match ast[decl].kind {
                DeclKind::Const { names, .. } => {
                    for &name in &ast[names] {
                        let object = types[name].object.expand();
                        if let Some(constant) = object.and_then(|object| self.constant(object)) {
                            let index = self.out.package.constants.len();
                            self.out.package.externs.push(Extern::Constant(index));
                            self.out.package.constants.push(constant);
                        }
                    }
                }
                DeclKind::Var { names, .. } => {
                    let objects = ast[names].iter();
                    let objects = objects.filter_map(|&name| types[name].object.expand());
                    let globals = objects.filter_map(|object| self.out.globals[object]);
                    self.out
                        .package
                        .externs
                        .extend(globals.map(Extern::Variable));
                }
                DeclKind::Type { name, .. } => {
                    if let Some(object) = types[name].object.expand()
                        && types[object].name != Name::Source(Sym::BLANK)
                    {
                        let ty = self.ty(types[object].ty);
                        self.out.package.externs.push(Extern::Type(ty));
                    }
                }
                _ => {}
            }
        }
        self.declare_foreign(|_| true);
    }

    /// Collects the next foreign variables, as long as their declarations are wanted.
    fn declare_foreign(&mut self, is_wanted: impl Fn(Decl) -> bool) {
        let package = &mut self.out.package;
        while let Some(data) = package.foreign_variables.get(self.out.n_foreign)
            && is_wanted(data.decl)
        {
            package.externs.push(Extern::Foreign(self.out.n_foreign));
            self.out.n_foreign += 1;
        }
    }

    fn constant(&mut self, object: Object) -> Option<Constant> {
        let (types, data) = (self.types, &self.types[object]);
        let Value::Int(int) = &types.values[data.value.expand()?] else {
            return None;
        };
        let name = types.name(self.ast, object);
        let ty = match data.ty.is_untyped() {
            true if i64::try_from(&int.value).is_err() => return None,
            true => Type::INT,
            false => self.ty(data.ty),
        };
        (name != "_").then(|| Constant {
            name: name.into(),
            ty,
            value: int.to_i64(),
        })
    }

    fn declare_globals(&mut self) {
        let types = self.types;
        for &object in &types.globals {
            let data = &types[object];
            let name = types.name(self.ast, object).into();
            let ty = self.ty(data.ty);
            let global = self.out.package.globals.push(GlobalData {
                name,
                ty,
                pos: data.pos,
                init: GlobalInit::Zero,
            });
            self.out.globals[object] = Some(global);
        }
    }

    /// Converts a type. In signatures, aliases may be types of their own.
    fn ty(&mut self, ty: ty::Type) -> Type {
        let types = self.types;
        let declared = types.types[ty].declared;
        let ty = declared.map_or(ty, |object| types[object].ty);
        let data = &types.types[ty];
        let kind = match data.kind {
            ty::Kind::Bool => Kind::Bool,
            ty::Kind::Int8 => Kind::Int8,
            ty::Kind::Uint8 => Kind::Uint8,
            ty::Kind::Int16 => Kind::Int16,
            ty::Kind::Uint16 => Kind::Uint16,
            ty::Kind::Int32 => Kind::Int32,
            ty::Kind::Uint32 => Kind::Uint32,
            ty::Kind::Int64 => Kind::Int64,
            ty::Kind::Uint64 => Kind::Uint64,
            ty::Kind::Int => Kind::Int,
            ty::Kind::Uint => Kind::Uint,
            ty::Kind::Uintptr => Kind::Uintptr,
            ty::Kind::String => Kind::String,
            ty::Kind::Interface if ty == ty::Type::ERROR => Kind::Error,
            _ => Kind::Void,
        };
        let name = if data.declared.is_some() {
            let generations = &self.out.generations;
            let package = &mut self.out.package;
            let defined = self.out.defined.entry(ty).or_insert_with(|| {
                package.defined.push(DefinedData {
                    name: data.name.as_str().into(),
                    kind,
                    generation: generations.get(&ty).copied().unwrap_or(0),
                })
            });
            TypeName::Defined(*defined)
        } else if ty == ty::Type::BYTE || ty == ty::Type::RUNE {
            TypeName::Alias
        } else {
            TypeName::Basic
        };
        Type::named(kind, name)
    }

    fn func(&mut self, func: info::Func) -> Func {
        let types = self.types;
        let data = &types[func];
        let decl = &self.ast[data.decl];
        self.f = Func {
            name: match data.init {
                Some(number) => format!("init.{number}").into(),
                None => types.name(self.ast, data.object).into(),
            },
            pos: decl.pos,
            end_pos: data.end_pos,
            pragmas: Pragmas {
                noinline: data.pragma.intersects(PragmaFlags::NOINLINE),
                nosplit: data.pragma.intersects(PragmaFlags::NOSPLIT),
                uintptr_escapes: data.pragma.intersects(PragmaFlags::UINTPTR_ESCAPES),
            },
            has_body: data.body.is_some(),
            ..Func::default()
        };
        if data.body.is_some() {
            let n_exprs = self.n_exprs(func);
            self.out.scratch.lend_new(&mut self.f, n_exprs);
        }
        self.vars.clear();
        self.labels.clear();
        self.spreads.clear();
        self.signature(data);
        if !self.unified {
            for &object in &data.declared {
                self.declare(object);
            }
            for &call in &data.spreads {
                self.declare_spread(call);
            }
        }
        if let Some(body) = data.body {
            self.body(data, body);
            self.out.scratch.reclaim(&mut self.f);
        }
        std::mem::take(&mut self.f)
    }

    /// Returns the number of expressions between a function's signature and the next function's.
    fn n_exprs(&self, func: info::Func) -> usize {
        let start = |func| match self.ast[self.types.funcs.get(func)?.decl].kind {
            DeclKind::Func { typ, .. } => Some(typ.as_u32()),
            _ => None,
        };
        let next = info::Func::from_u32(func.as_u32() + 1);
        let end = start(next).unwrap_or(self.ast.exprs.len() as u32);
        end.saturating_sub(start(func).unwrap_or(end)) as usize
    }

    /// Creates the variables of parameters and results, with their offsets.
    fn signature(&mut self, data: &info::FuncData) {
        let signature = &self.types.types[self.types[data.object].ty];
        let params: Vec<Type> = signature.params.iter().map(|&ty| self.ty(ty)).collect();
        let results: Vec<Type> = signature.results.iter().map(|&ty| self.ty(ty)).collect();
        let mut layout = Signature::new(&params, &results);
        layout.named_results = signature.named_results;
        for (slot, &object) in layout.params.iter_mut().zip(&data.params) {
            if let Some(object) = object {
                slot.var = self.var(object, Class::Param).into();
            }
        }
        for (slot, &object) in layout.results.iter_mut().zip(&data.results) {
            slot.var = self.var(object, Class::ParamOut).into();
        }
        if self.unified {
            self.declare_params(data, &mut layout);
        }
        for slot in layout.params.iter().chain(&layout.results) {
            if let Some(var) = slot.var.expand() {
                self.f.vars[var].offset = slot.offset;
            }
        }
        self.f.signature = layout;
    }

    fn var(&mut self, object: Object, class: Class) -> Var {
        let data = &self.types[object];
        let name = self.types.name(self.ast, object);
        let ty = self.ty(data.ty);
        let var = self.f.var(data.pos, &name, ty, class);
        self.vars.insert(object, var);
        var
    }

    /// Enters a declared object into `dcl`.
    fn declare(&mut self, object: Object) {
        let var = match self.vars.get(&object) {
            Some(&var) => var,
            None => match self.types[object].kind {
                ObjectKind::Var(VarKind::Local) => self.var(object, Class::Auto),
                _ => self.var(object, Class::NotVar),
            },
        };
        self.f.dcl.push(var);
    }

    /// Creates temporaries for the results of a call that supplies the arguments of another. Their position is set
    /// where they are used.
    fn declare_spread(&mut self, call: Expr) {
        let call = self.types.unwrap(self.ast, call);
        let results = &self.types.types[self.types[call].ty].params;
        let first = self.f.vars.next_key();
        for &ty in results {
            let ty = self.ty(ty);
            self.f.temp(Pos::NONE, ty);
        }
        self.spreads.insert(call, first);
    }

    fn body(&mut self, data: &info::FuncData, body: Stmt) {
        let StmtKind::Block { list, .. } = self.ast[body].kind else {
            minigo_base::internal!("noder: a body is a block");
        };
        let mut stmts = self.stmts(list);
        if stmts.is_empty() {
            let line = self.ast[list].last().map(|&stmt| self.ast[stmt].pos);
            let line = match line {
                _ if self.unified => Pos::NONE,
                Some(line) => line,
                None => self.signature_end(data),
            };
            stmts.push(self.f.node(line, Op::Empty, Type::VOID, Aux::None));
        }
        self.f.body = self.f.list(&stmts);
        if !self.unified {
            deadcode(&mut self.f);
        }
    }

    /// Returns the position of the last type in the signature, or of the declaration if there is none.
    fn signature_end(&self, data: &info::FuncData) -> Pos {
        let DeclKind::Func { typ, .. } = self.ast[data.decl].kind else {
            minigo_base::internal!("noder: a function's declaration");
        };
        let ExprKind::FuncType { params, results } = self.ast[typ].kind else {
            minigo_base::internal!("noder: a function's type");
        };
        let last: Option<&Field> = self.ast[results].last().or(self.ast[params].last());
        match last {
            Some(&field) => self.ast[self.ast.unparen(self.ast[field].typ)].pos,
            None => self.ast[data.decl].pos,
        }
    }

    /// Converts the assignments to package variables, and for `var _ = f()` those to `_`; with unified IR in the order
    /// of execution, which the type checker finds.
    fn initializers(&mut self) -> Initializers {
        let types = self.types;
        self.f = Func::default();
        self.vars.clear();
        self.spreads.clear();
        if !self.unified {
            for &call in &types.spreads {
                self.declare_spread(call);
            }
        }
        let (mut stmts, mut places) = (Vec::new(), Vec::new());
        let inits = match self.unified {
            true => types.init_order.clone(),
            false => types.inits.keys().collect(),
        };
        for init in inits.iter().map(|&init| &types.inits[init]) {
            places.push(self.ast[init.lhs[0]].pos);
            let left: Vec<Node> = init.lhs.iter().map(|&name| self.expr(name)).collect();
            let right = self.expr(init.rhs);
            stmts.push(match left[..] {
                [left] => self.f.binary(init.pos, Op::As, Type::VOID, left, right),
                _ => self.as2func(init.pos, &left, right),
            });
        }
        Initializers {
            func: std::mem::take(&mut self.f),
            stmts,
            places,
        }
    }

    /// Returns the id of a function of the package. Both tables are in source order.
    fn func_id(func: info::Func) -> FuncId {
        FuncId::new(func.index())
    }
}
