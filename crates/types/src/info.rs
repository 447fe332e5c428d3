//! What the checker found out about a package: objects, and facts about expressions by id.
//!
//! The tables describe expressions as gc's type checker leaves them. Three rules for the reader:
//!
//! - Facts are recorded for [`Package::unwrap`]ped expressions: ask `package[package.unwrap(ast, e)]`.
//! - An expression with a [`value`](ExprInfo::value) is a literal of its type, whatever its operands
//!   say: they keep what they had before folding. A named constant is a literal too.
//! - The types of what is executed are final and never untyped; those of constants' declarations may be.
//!   There are no implicit conversions: both sides of an assignment, argument or operation have
//!   identical types; the parameters of `panic` and `fmt.Println`, which take an interface, excepted.

use std::borrow::Cow;
use std::ops::Index;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, SecondaryMap, entity_impl};
use minigo_base::Pos;
use minigo_syntax::ast::{Ast, Decl, Expr, ExprKind, Stmt};
use minigo_syntax::pragma::PragmaFlags;
use minigo_syntax::sym::Sym;

use crate::constant::{Const, Value};
use crate::ty::{Type, Types};

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object(u32);
entity_impl!(Object, "object");

/// A function of the package, in source order, `init` functions included.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Func(u32);
entity_impl!(Func, "func");

/// A package-level assignment that initialises variables, in declaration order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Init(u32);
entity_impl!(Init, "init");

/// How an object is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// As in the source.
    Source(Sym),
    /// A predeclared name, or one of an imported package.
    Known(&'static str),
    /// An unnamed result, `~r1`. Numbers start at the number of parameters.
    Unnamed(u32),
    /// A result named `_`, `~b1`. Numbers are shared with unnamed results.
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
    /// `len`, of constant strings, so always itself constant.
    Len,
    /// One that minigo refuses where it is called: `append` and so on.
    Unsupported,
}

/// Functions of other packages that minigo knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extern {
    /// `fmt.Print`
    FmtPrint,
    /// `fmt.Println`
    FmtPrintln,
    /// `os.Exit`
    OsExit,
}

/// Where a variable lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VarKind {
    /// At package level.
    Global,
    /// A parameter with a name other than `_`.
    Param,
    /// A result, named or not.
    Result,
    /// A local variable.
    Local,
    /// `_`, of which there is one object.
    Blank,
}

/// Kinds of objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    /// A variable.
    Var(VarKind),
    /// A constant, `true` and `false` included.
    Const,
    /// A type, defined, alias or predeclared.
    TypeName,
    /// A function of the package.
    Func(Func),
    /// A function of another package.
    Extern(Extern),
    /// Something of another package that minigo refuses where it is used.
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

/// The record of an object.
#[derive(Clone, Debug)]
pub struct ObjectData {
    /// How it is called.
    pub name: Name,
    /// Where its name is declared; unknown for predeclared objects.
    pub pos: Pos,
    /// What it is.
    pub kind: ObjectKind,
    /// Type of a variable, constant or function, or the type itself.
    pub ty: Type,
    /// Value of a constant.
    pub value: PackedOption<Const>,
    /// Whether a variable is read, or a package referred to.
    pub used: bool,
}

/// What kind of thing an expression is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Not checked, or a call without a result, or wrong.
    #[default]
    None,
    /// It has a value, or several: then the type is a [`crate::ty::Kind::Tuple`].
    Value,
    /// It is a type. A call of one is a conversion.
    Type,
    /// It is a function, and is called.
    Callee,
}

/// What is known about an expression.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExprInfo {
    /// Its type; [`Type::INVALID`] when it has none.
    pub ty: Type,
    /// Its value, if it is constant.
    pub value: PackedOption<Const>,
    /// What a name stands for, where used and where declared; also of `fmt.Println`, as a whole.
    pub object: PackedOption<Object>,
    /// What kind of thing it is.
    pub mode: Mode,
    /// The name is declared here. On the left of `:=` this tells new variables from old ones.
    pub declares: bool,
}

/// A function of the package.
#[derive(Clone, Debug)]
pub struct FuncData {
    /// Its object. A function called `_` has one too, which no name refers to.
    pub object: Object,
    /// Its declaration.
    pub decl: Decl,
    /// For `func init`: which one, from 0 (`init.0`).
    pub init: Option<u32>,
    /// Parameters in order; none where unnamed or `_`. Types are in the signature.
    pub params: Vec<Option<Object>>,
    /// Results in order.
    pub results: Vec<Object>,
    /// Named parameters, results, then local variables, constants and types in source order
    /// (gc: Func.Dcl, whose length numbers temporaries).
    pub declared: Vec<Object>,
    /// The body; none for a function implemented in assembly.
    pub body: Option<Stmt>,
    /// Where the body's closing brace is.
    pub end_pos: Pos,
    /// Directives in front of it.
    pub pragma: PragmaFlags,
    /// Calls with several results that are the only argument of a call, `print` or `return`, in the
    /// order in which gc makes temporaries for them: one a result, after [`Self::declared`].
    pub spreads: Vec<Expr>,
}

/// A package-level assignment: `var x = e`, or `var x, y = f()`. A variable without a value has none,
/// and `var _ T` neither.
#[derive(Clone, Debug)]
pub struct InitData {
    /// The declaration's position.
    pub pos: Pos,
    /// Declared names; as many as results of the call, or one.
    pub lhs: Vec<Expr>,
    /// The value, or the call.
    pub rhs: Expr,
}

/// An import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The import path.
    pub path: String,
    /// Where it is.
    pub pos: Pos,
}

/// A checked package.
#[derive(Clone, Debug)]
pub struct Package {
    /// The name in its package clause.
    pub name: Sym,
    /// Imports in source order.
    pub imports: Vec<Import>,
    /// All types.
    pub types: Types,
    /// All objects.
    pub objects: PrimaryMap<Object, ObjectData>,
    /// All values.
    pub values: PrimaryMap<Const, Value>,
    /// Facts about expressions.
    pub exprs: SecondaryMap<Expr, ExprInfo>,
    /// Functions in source order.
    pub funcs: PrimaryMap<Func, FuncData>,
    /// Package-level variables in declaration order, `_` excepted.
    pub globals: Vec<Object>,
    /// Package-level assignments in declaration order.
    pub inits: PrimaryMap<Init, InitData>,
    /// The same in the order in which they are to be executed.
    pub init_order: Vec<Init>,
    /// Calls with several results that are the only argument of a call outside of functions, in the
    /// order in which gc makes temporaries for them.
    pub spreads: Vec<Expr>,
    /// Sums of string literals that stand for their left operand, which has the whole value
    /// (gc: noder.go, sum).
    pub(crate) collapsed: rustc_hash::FxHashSet<Expr>,
}

impl Package {
    /// `expr` without parentheses, which have no facts of their own.
    pub fn unwrap(&self, ast: &Ast, mut expr: Expr) -> Expr {
        loop {
            expr = match ast[expr].kind {
                ExprKind::Paren(x) => x,
                ExprKind::Binary { x, .. } if self.collapsed.contains(&expr) => x,
                _ => return expr,
            }
        }
    }

    /// The value of a constant expression, which is unwrapped.
    pub fn value(&self, expr: Expr) -> Option<&Value> {
        self.exprs[expr]
            .value
            .expand()
            .map(|value| &self.values[value])
    }

    /// An object's name as in listings: `x`, `~r1`, `fmt.Println`.
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
