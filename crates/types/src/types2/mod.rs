//! The checker of later versions: gc's package types2, whose operands, order and words are kept.
//!
//! 1. [`resolver`] declares what files and the package declare, with imports in a scope per file.
//! 2. Types, then aliases, then everything else at package level is checked; an object's declaration on first use
//!    ([`decl`]). Function bodies are put off until then.
//! 3. Bodies are checked one by one ([`stmt`], [`expr`]); each reports its unused variables at its end.
//! 4. The initialisation order ([`initorder`]), and unused imports.
//!
//! Nothing stops the checker: a wrong operand is invalid and causes no further errors. An untyped expression keeps its
//! facts in a table of its own until its context gives it a type, which then goes down to its operands.
//!
//! What minigo doesn't support is refused where it stands and has no type ([`unsupported`]); what is in it is looked up
//! nevertheless. Values of supported types that don't exist at run time are refused last, in a package without errors.

mod assignments;
mod builtins;
mod call;
mod constant;
mod conversions;
mod decl;
mod expr;
mod imports;
mod initorder;
mod literals;
mod operand;
mod predicates;
mod range;
mod resolver;
mod returns;
mod scope;
mod stmt;
mod typexpr;
mod universe;
mod unsupported;
mod values;

use std::borrow::Cow;
use std::fmt;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, SecondaryMap, entity_impl};
use minigo_base::{Diagnostics, Pos, PosTable};
use minigo_syntax::ast::{Ast, Decl, Expr, ExprKind, File};
use minigo_syntax::sym::Sym;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::check::Imports;
use crate::info::{self, ExprInfo, Func, Init, Object, ObjectKind, Package};
use crate::profile::Profile;
use crate::ty::Type;
use constant::Val;
use operand::{Mode, Operand};
use scope::Scopes;

/// Checks a package.
///
/// The result is complete only if `diags` then has no errors. Nothing is checked after syntax errors.
pub(crate) fn check<'a>(
    ast: &'a Ast,
    positions: &'a PosTable,
    diags: &'a mut Diagnostics,
    imports: Imports<'a>,
    profile: &'static Profile,
) -> Package {
    let mut checker = Checker::new(ast, positions, diags, imports, profile);
    if checker.diags.syntax_errors == 0 {
        checker.check_files();
    }
    checker.package
}

/// The declaration of an object at package level, or of several variables by one call.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct DeclInfo(u32);
entity_impl!(DeclInfo, "declinfo");

/// The data of a declaration (gc: types2/resolver.go, declInfo).
#[derive(Clone, Debug, Default)]
struct DeclData {
    /// Index of the file.
    file: usize,
    /// The variables that one call initialises.
    lhs: Vec<Object>,
    /// The written type.
    typ: Option<Expr>,
    /// The value.
    init: Option<Expr>,
    /// Whether the value is that of an earlier constant.
    inherited: bool,
    /// The declaration of a type.
    type_decl: Option<Decl>,
    func: Option<Func>,
    /// Package-level objects that the value or body refers to, in order of the first reference.
    deps: Vec<Object>,
}

/// What an untyped expression is, until it has a type.
#[derive(Clone, Debug)]
struct Untyped {
    /// Whether the expression is the left operand of a shift whose type is not known yet.
    is_lhs: bool,
    mode: Mode,
    ty: Type,
    val: Val,
}

/// Something put off until all declarations at package level are checked.
#[derive(Clone, Copy, Debug)]
enum Delayed {
    Body(Func, DeclInfo),
    /// The body of a closure in a declaration.
    Closure(Expr, Environment),
}

/// What surrounds the expression or statement that is being checked.
#[derive(Clone, Copy, Debug, Default)]
struct Environment {
    /// The declaration at package level that it belongs to.
    decl: Option<DeclInfo>,
    /// Index of the file, whose imports are in scope.
    file: usize,
    /// The value of `iota`.
    iota: Option<i64>,
    /// Position for errors in a value that a constant inherits; unknown elsewhere.
    errpos: Pos,
    /// The function whose variables are collected.
    func: Option<Func>,
    /// Whether it is in a body.
    in_body: bool,
}

struct Checker<'a> {
    ast: &'a Ast,
    positions: &'a PosTable,
    diags: &'a mut Diagnostics,
    imports: Imports<'a>,
    profile: &'static Profile,
    package: Package,
    env: Environment,
    scopes: Scopes,
    /// Results of the innermost function.
    results: Vec<Object>,
    /// Whether an error in a literal has been reported before this check.
    has_scan_errors: bool,
    /// Whether an error has been reported.
    has_errors: bool,
    /// Number of features that have been refused.
    n_refused: u32,
    /// Whether nothing is reported: gc may not look at this.
    quiet: bool,
    /// Names of methods, which are refused.
    methods: FxHashSet<Sym>,
    decls: PrimaryMap<DeclInfo, DeclData>,
    /// The declarations of package-level objects, which are all that has one.
    decl_of: SecondaryMap<Object, PackedOption<DeclInfo>>,
    /// Package-level objects in source order.
    objects: Vec<Object>,
    /// Position of a package-level object in source order.
    order: SecondaryMap<Object, u32>,
    /// The assignment that initialises a package-level variable.
    init_of: SecondaryMap<Object, PackedOption<Init>>,
    /// Types of objects, none until they are determined.
    types: SecondaryMap<Object, PackedOption<Type>>,
    values: FxHashMap<Object, Val>,
    /// Objects being checked, outermost first.
    path: Vec<Object>,
    /// Types that aliases stand for.
    aliases: FxHashMap<Type, Type>,
    /// Underlying types of defined types, where `byte` and `uint8` are told apart.
    unders: FxHashMap<Type, Type>,
    /// Names of the parameters and results of signatures and tuples.
    var_names: FxHashMap<Type, (Vec<String>, Vec<String>)>,
    /// The results of functions as a type.
    result_tuples: FxHashMap<Type, Type>,
    untyped: FxHashMap<Expr, Untyped>,
    delayed: Vec<Delayed>,
    /// Calls of `panic` in functions with results.
    panics: FxHashSet<Expr>,
    universe: FxHashMap<Sym, Object>,
    iota: Object,
    blank: Object,
    imported: Vec<imports::Imported>,
    /// Functions of other packages: path, name, object.
    externs: Vec<(&'static str, &'static str, Object)>,
    n_inits: u32,
}

impl<'a> Checker<'a> {
    fn new(
        ast: &'a Ast,
        positions: &'a PosTable,
        diags: &'a mut Diagnostics,
        imports: Imports<'a>,
        profile: &'static Profile,
    ) -> Self {
        let mut checker = Checker {
            ast,
            positions,
            has_scan_errors: !diags.is_empty(),
            diags,
            imports,
            profile,
            package: Package::new(),
            env: Environment::default(),
            scopes: Scopes::new(ast.files.len()),
            results: Vec::new(),
            has_errors: false,
            n_refused: 0,
            quiet: false,
            methods: FxHashSet::default(),
            decls: PrimaryMap::new(),
            decl_of: SecondaryMap::new(),
            objects: Vec::new(),
            order: SecondaryMap::new(),
            init_of: SecondaryMap::new(),
            types: SecondaryMap::new(),
            values: FxHashMap::default(),
            path: Vec::new(),
            aliases: FxHashMap::default(),
            unders: FxHashMap::default(),
            var_names: FxHashMap::default(),
            result_tuples: FxHashMap::default(),
            untyped: FxHashMap::default(),
            delayed: Vec::new(),
            panics: FxHashSet::default(),
            universe: FxHashMap::default(),
            iota: Object::from_u32(0),
            blank: Object::from_u32(0),
            imported: Vec::new(),
            externs: Vec::new(),
            n_inits: 0,
        };
        checker.package.exprs.resize(ast.exprs.len());
        checker.declare_universe();
        checker
    }

    /// Runs all phases (gc: types2/check.go, checkFiles).
    fn check_files(&mut self) {
        self.collect_objects();
        self.report_direct_cycles();
        self.check_package_objects();
        self.process_delayed();
        self.order_inits();
        self.report_unused_imports();
        self.record_untyped();
        self.finish_objects();
        if !self.has_errors && self.n_refused == 0 {
            self.refuse_values();
        }
    }

    fn process_delayed(&mut self) {
        let mut next = 0;
        while let Some(&delayed) = self.delayed.get(next) {
            next += 1;
            if self.diags.stopped() {
                return;
            }
            match delayed {
                Delayed::Body(func, decl) => self.check_body(func, decl),
                Delayed::Closure(expr, env) => {
                    let outer = std::mem::replace(&mut self.env, env);
                    self.check_closure(expr);
                    self.env = outer;
                }
            }
        }
    }

    /// Reports an error. Lines of `message` that start with a tab are notes.
    fn error(&mut self, pos: Pos, message: impl fmt::Display) {
        self.error_with_hint(pos, message, "");
    }

    /// Reports an error with a hint on how to fix it.
    fn error_with_hint(
        &mut self,
        pos: Pos,
        message: impl fmt::Display,
        hint: impl Into<Cow<'static, str>>,
    ) {
        if self.quiet {
            return;
        }
        let message = message.to_string();
        if self.has_errors || self.n_refused > 0 {
            // Consequences of other errors.
            let first = message.split("\n\t").next().unwrap_or("");
            let inside = |what| first.find(what).is_some_and(|at| at > 0);
            if inside("invalid operand") || inside("invalid type") {
                return;
            }
        }
        let pos = match self.env.errpos.is_known() {
            true => self.env.errpos,
            false => pos,
        };
        self.diags.error_with_hint(pos, message, hint);
        self.has_errors = true;
    }

    /// Reports an error about an operand.
    fn operand_error(&mut self, x: &Operand, message: impl fmt::Display) {
        self.error(self.operand_pos(x), message);
    }

    /// Reports an error at the start of an expression.
    fn expr_error(&mut self, expr: Expr, message: impl fmt::Display) {
        self.error(self.start_pos(expr), message);
    }

    /// Returns a note on a second place.
    fn note(&self, pos: Pos, text: &str) -> String {
        let place = self.positions.format(pos, true, true);
        format!("\n\t{place}: {text}")
    }

    /// Returns the note on another declaration of a name; empty for predeclared and imported names.
    fn other_declaration(&self, object: Object) -> String {
        let pos = self.package[object].pos;
        match pos.is_known() {
            true => {
                let text = format!("other declaration of {}", self.name(object));
                self.note(pos, &text)
            }
            false => String::new(),
        }
    }

    /// Returns the name of an object, empty for an unnamed result.
    fn name(&self, object: Object) -> &str {
        match self.package[object].name {
            info::Name::Source(sym) => self.ast.text(sym),
            info::Name::Known(name) => name,
            info::Name::Unnamed(_) => "",
            info::Name::Blank(_) => "_",
        }
    }

    fn info_mut(&mut self, expr: Expr) -> &mut ExprInfo {
        &mut self.package.exprs[expr]
    }

    /// Returns the type of an object, if it has been determined.
    fn object_type(&self, object: Object) -> Option<Type> {
        self.types[object].expand()
    }

    fn set_object_type(&mut self, object: Object, ty: Type) {
        self.types[object] = ty.into();
    }

    fn is_blank(&self, expr: Expr) -> bool {
        self.ast.name(expr) == Some(Sym::BLANK)
    }

    fn kind_of_object(&self, object: Object) -> ObjectKind {
        self.package[object].kind
    }

    /// Returns the version that the file asks for, as the number after `go1.`. It chooses the language; one before Go 1.21
    /// stands for that.
    fn file_version(&self) -> Option<u32> {
        let file = File::from_u32(self.env.file as u32);
        self.ast.files.get(file)?.go_version
    }

    /// Records the facts about an expression; those of an untyped one when its type is known (gc:
    /// types2/recording.go, record).
    fn record(&mut self, x: &Operand) {
        let Some(expr) = x.expr() else { return };
        if x.is_valid() && x.ty.is_untyped() && x.mode != Mode::NoValue {
            let untyped = Untyped {
                is_lhs: false,
                mode: x.mode,
                ty: x.ty,
                val: x.val.clone(),
            };
            self.untyped.insert(expr, untyped);
            return;
        }
        self.record_type(expr, x.mode, x.ty, &x.val);
    }

    fn record_type(&mut self, expr: Expr, mode: Mode, ty: Type, val: &Val) {
        if mode == Mode::Invalid {
            return;
        }
        let value = match mode {
            Mode::Constant => val.to_value(ty == Type::UNTYPED_RUNE),
            Mode::Nil => Some(crate::constant::Value::Nil),
            _ => None,
        };
        let value = value.map(|value| self.package.add_value(value));
        let ty = match mode {
            Mode::NoValue => Type::INVALID,
            _ => self.unalias(ty),
        };
        let info = self.info_mut(expr);
        info.value = value.into();
        info.ty = ty;
        let callee = info.mode == info::Mode::Callee;
        info.mode = match mode {
            Mode::NoValue => info::Mode::None,
            Mode::Type => info::Mode::Type,
            _ if callee => info::Mode::Callee,
            _ => info::Mode::Value,
        };
    }

    fn record_untyped(&mut self) {
        let untyped = std::mem::take(&mut self.untyped);
        for (expr, untyped) in untyped {
            // What is left and executed are counts of shifts (gc: noder/helpers.go, idealType).
            let val = match untyped.val.to_int() {
                Val::Unknown => untyped.val,
                int => int,
            };
            self.record_type(expr, untyped.mode, untyped.ty, &val);
            self.info_mut(expr).ty = match untyped.ty {
                Type::UNTYPED_RUNE => Type::INT32,
                Type::UNTYPED_NIL => Type::UNTYPED_NIL,
                ty if self.is_numeric(ty) && val.sign() < 0 => Type::INT,
                ty if self.is_numeric(ty) => Type::UINT,
                ty => self.default_type(ty),
            };
        }
    }

    /// Enters the types and values of objects into the package.
    fn finish_objects(&mut self) {
        for object in self.package.objects.keys() {
            let ty = self.types[object].expand().unwrap_or(Type::INVALID);
            let ty = self.unalias(ty);
            let value = self.values.get(&object);
            let value = value.and_then(|value| value.to_value(ty == Type::UNTYPED_RUNE));
            if let Some(value) = value {
                let value = self.package.add_value(value);
                self.package.objects[object].value = value.into();
            }
            self.package.objects[object].ty = ty;
        }
        for expr in self.package.exprs.keys() {
            let info = &self.package.exprs[expr];
            if let Some(object) = info.object.expand()
                && info.declares
            {
                let ty = self.package.objects[object].ty;
                let info = &mut self.package.exprs[expr];
                info.ty = ty;
                info.mode = info::Mode::Value;
            }
        }
    }

    /// Returns an expression without parentheses.
    fn unparen(&self, expr: Expr) -> Expr {
        self.ast.unparen(expr)
    }

    fn is_call(&self, expr: Expr) -> bool {
        matches!(self.ast[self.unparen(expr)].kind, ExprKind::Call { .. })
    }
}
