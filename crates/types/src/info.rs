//! Results of type checking: the objects of a package, and facts about expressions by id.
//!
//! The tables describe expressions as gc's type checker leaves them:
//!
//! - Facts are recorded for [`Package::unwrap`]ped expressions: use `package[package.unwrap(ast, e)]`.
//! - An expression with a [`value`](ExprInfo::value) is a literal of its type, whatever its operands say: those keep
//!   the facts that they had before folding. A named constant is a literal too.
//! - Types of executed code are final and never untyped; those of constant declarations may be untyped.
//! - There are no implicit conversions: both sides of an assignment, argument or operation have identical types. The
//!   exceptions are the parameters of `panic` and `fmt.Println`, which are interfaces.

use std::borrow::Cow;
use std::ops::Index;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, entity_impl};
use minigo_base::{ChunkMap, Pos};
use minigo_syntax::ast::{Ast, Decl, Expr, ExprKind, Stmt};
use minigo_syntax::pragma::PragmaFlags;
use minigo_syntax::sym::Sym;

use crate::constant::{Const, Value};
use crate::ty::{Type, Types};

/// The entity that a name denotes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object(u32);
entity_impl!(Object, "object");

/// A function of the package, including `init` functions. Ids are in source order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Func(u32);
entity_impl!(Func, "func");

/// A package-level assignment that initialises variables. Ids are in declaration order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Init(u32);
entity_impl!(Init, "init");

/// The name of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// A name in the source.
    Source(Sym),
    /// A predeclared name, or a name exported by another package.
    Known(&'static str),
    /// An unnamed result, `~r1`. Numbering starts at the number of parameters.
    Unnamed(u32),
    /// A result named `_`, `~b1`. It shares its numbering with unnamed results.
    Blank(u32),
}

/// Predeclared functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// `print`
    Print,
    /// `println`
    Println,
    /// `panic`
    Panic,
    /// `len`. Its argument must be a constant string, so its result is always constant.
    Len,
    /// `min`
    Min,
    /// `max`
    Max,
    /// A predeclared function without support, such as `append`. Calls of it are refused.
    Unsupported,
}

/// Functions of other packages that minigo supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extern {
    /// `fmt.Print`
    FmtPrint,
    /// `fmt.Println`
    FmtPrintln,
    /// `os.Exit`
    OsExit,
}

/// The kind of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// A package-level variable.
    Global,
    /// A parameter with a name other than `_`.
    Param,
    /// A result, named or not.
    Result,
    /// A local variable.
    Local,
    /// `_`. There is one such object.
    Blank,
}

/// Kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// A variable.
    Var(VarKind),
    /// A constant, including `true` and `false`.
    Const,
    /// A type: defined, alias or predeclared.
    TypeName,
    /// A function of the package.
    Func(Func),
    /// A function of another package.
    Extern(Extern),
    /// An export of another package without support. Uses of it are refused.
    UnsupportedExtern,
    /// A predeclared function.
    Builtin(Builtin),
    /// `nil`.
    Nil,
    /// `iota`.
    Iota,
    /// An imported package.
    Package,
}

/// The data of an object.
#[derive(Clone, Debug)]
pub struct ObjectData {
    /// The object's name.
    pub name: Name,
    /// Position of the declared name; unknown for predeclared objects.
    pub pos: Pos,
    /// The kind of object.
    pub kind: ObjectKind,
    /// The type of a variable, constant or function, or the denoted type.
    pub ty: Type,
    /// The value of a constant.
    pub value: PackedOption<Const>,
    /// Whether a variable is read or a package is referred to.
    pub used: bool,
}

/// The kind of entity that an expression denotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Nothing: not checked, a call without a result, or wrong.
    #[default]
    None,
    /// A value, or several, in which case the type is a [`crate::ty::Kind::Tuple`].
    Value,
    /// A type. Calling it is a conversion.
    Type,
    /// A function in call position.
    Callee,
}

/// Facts about an expression.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExprInfo {
    /// The type; [`Type::INVALID`] if there is none.
    pub ty: Type,
    /// The value of a constant expression.
    pub value: PackedOption<Const>,
    /// The object that a used or declared name denotes. Also set for a qualified name like `fmt.Println` as a whole.
    pub object: PackedOption<Object>,
    /// The kind of entity denoted.
    pub mode: Mode,
    /// Whether the name is declared here. Distinguishes new variables on the left of `:=` from old ones.
    pub declares: bool,
}

/// A function of the package.
#[derive(Clone, Debug)]
pub struct FuncData {
    /// The function's object. A function named `_` has one too, to which no name refers.
    pub object: Object,
    /// The function's declaration.
    pub decl: Decl,
    /// For an `init` function, its number from 0 (`init.0`).
    pub init: Option<u32>,
    /// Parameters in order; none for those unnamed or named `_`. Their types are in the signature.
    pub params: Vec<Option<Object>>,
    /// Results in order.
    pub results: Vec<Object>,
    /// Named parameters and results, then local variables, constants and types in source order (gc: Func.Dcl, whose
    /// length determines the numbers of temporaries).
    pub declared: Vec<Object>,
    /// The body; none for a function implemented in assembly.
    pub body: Option<Stmt>,
    /// Position of the body's closing brace.
    pub end_pos: Pos,
    /// Directives in front of the function.
    pub pragma: PragmaFlags,
    /// Calls with several results that are the only argument of a call, `print` or `return`. gc makes temporaries for
    /// them in this order, one per result, numbered after [`Self::declared`].
    pub spreads: Vec<Expr>,
}

impl FuncData {
    /// Returns a function whose signature and body are not checked yet.
    pub(crate) fn new(
        object: Object,
        decl: Decl,
        init: Option<u32>,
        body: Option<Stmt>,
        pragma: PragmaFlags,
    ) -> FuncData {
        FuncData {
            object,
            decl,
            init,
            params: Vec::new(),
            results: Vec::new(),
            declared: Vec::new(),
            body,
            end_pos: Pos::NONE,
            pragma,
            spreads: Vec::new(),
        }
    }
}

/// A package-level assignment: `var x = e`, or `var x, y = f()`. There is none for a variable without a value or for
/// `var _ T`.
#[derive(Clone, Debug)]
pub struct InitData {
    /// The declaration's position.
    pub pos: Pos,
    /// The declared names: one, or one per result of the call.
    pub lhs: Vec<Expr>,
    /// The value, or the call.
    pub rhs: Expr,
}

/// An import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The import path.
    pub path: String,
    /// Position of the import declaration.
    pub pos: Pos,
}

/// A checked package.
#[derive(Clone, Debug)]
pub struct Package {
    /// The name in the package clause.
    pub name: Sym,
    /// Imports in source order.
    pub imports: Vec<Import>,
    /// All types.
    pub types: Types,
    /// All objects.
    pub objects: PrimaryMap<Object, ObjectData>,
    /// All values. Small integers, which most constants are, occur once.
    pub values: PrimaryMap<Const, Value>,
    /// The first numbers, as far as they occur.
    small: Vec<PackedOption<Const>>,
    /// Facts about expressions, by unwrapped expression.
    pub exprs: ChunkMap<Expr, ExprInfo>,
    /// Functions in source order.
    pub funcs: PrimaryMap<Func, FuncData>,
    /// Package-level variables in declaration order, except `_`.
    pub globals: Vec<Object>,
    /// Package-level assignments in declaration order.
    pub inits: PrimaryMap<Init, InitData>,
    /// All of [`Self::inits`] in execution order.
    pub init_order: Vec<Init>,
    /// Calls with several results that are the only argument of a call outside of functions, in the order in which gc
    /// makes temporaries for them.
    pub spreads: Vec<Expr>,
    /// The default types of untyped integer constants that `print` takes as `int64`. Later versions of Go print them as
    /// values of these types.
    pub printed: rustc_hash::FxHashMap<Expr, Type>,
    /// Sums of string literals that are represented by their left operand, which has the value of the whole sum (gc:
    /// noder.go, sum).
    pub(crate) collapsed: rustc_hash::FxHashSet<Expr>,
}

impl Package {
    /// Returns a package without name and contents.
    pub(crate) fn new() -> Package {
        Package {
            name: Sym::BLANK,
            imports: Vec::new(),
            types: Types::default(),
            objects: PrimaryMap::new(),
            values: PrimaryMap::new(),
            small: vec![None.into(); 1 << 8],
            exprs: ChunkMap::default(),
            funcs: PrimaryMap::new(),
            globals: Vec::new(),
            inits: PrimaryMap::new(),
            init_order: Vec::new(),
            spreads: Vec::new(),
            printed: rustc_hash::FxHashMap::default(),
            collapsed: rustc_hash::FxHashSet::default(),
        }
    }

    /// Adds a value.
    pub(crate) fn add_value(&mut self, value: Value) -> Const {
        let small = value.small().and_then(|small| self.small.get_mut(small));
        let Some(small) = small else {
            return self.values.push(value);
        };
        if small.is_none() {
            *small = self.values.push(value).into();
        }
        small.expand().expect("it has been added")
    }

    /// Returns `expr` without parentheses, which have no facts of their own.
    pub fn unwrap(&self, ast: &Ast, mut expr: Expr) -> Expr {
        loop {
            expr = match ast[expr].kind {
                ExprKind::Paren(x) => x,
                ExprKind::Binary { x, .. } if self.collapsed.contains(&expr) => x,
                _ => return expr,
            }
        }
    }

    /// Returns the value of a constant expression, which must be unwrapped.
    pub fn value(&self, expr: Expr) -> Option<&Value> {
        self.exprs[expr]
            .value
            .expand()
            .map(|value| &self.values[value])
    }

    /// Returns the object's name as in listings: `x`, `~r1`, `fmt.Println`.
    pub fn name<'a>(&self, ast: &'a Ast, object: Object) -> Cow<'a, str> {
        match self.objects[object].name {
            Name::Source(sym) => ast.text(sym).into(),
            Name::Known(name) => name.into(),
            Name::Unnamed(number) => format!("~r{number}").into(),
            Name::Blank(number) => format!("~b{number}").into(),
        }
    }
}

impl Index<Expr> for Package {
    type Output = ExprInfo;
    fn index(&self, expr: Expr) -> &ExprInfo {
        &self.exprs[expr]
    }
}

impl Index<Object> for Package {
    type Output = ObjectData;
    fn index(&self, object: Object) -> &ObjectData {
        &self.objects[object]
    }
}

impl Index<Func> for Package {
    type Output = FuncData;
    fn index(&self, func: Func) -> &FuncData {
        &self.funcs[func]
    }
}
