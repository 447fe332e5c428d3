//! What a package consists of, and what functions of it may refer to.

use cranelift_entity::{PrimaryMap, entity_impl};
use minigo_base::Pos;

use super::{Defined, Func, Type};

/// A function of the package, with or without a body. Index into [`Package::funcs`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FuncId(u32);
entity_impl!(FuncId, "func");

/// A package variable. Index into [`Package::globals`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Global(u32);
entity_impl!(Global, "global");

/// The functions of the runtime that generated code calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Runtime {
    /// Takes the print lock.
    Printlock,
    /// Releases it.
    Printunlock,
    /// Prints an `int64`.
    Printint,
    /// Prints a `uint64`.
    Printuint,
    /// Prints a `bool`.
    Printbool,
    /// Prints a string.
    Printstring,
    /// Prints a blank.
    Printsp,
    /// Prints a newline.
    Printnl,
    /// Panics: division by zero. Called from SSA only.
    Panicdivide,
    /// Panics: negative shift count. Called from SSA only.
    Panicshift,
    /// Ends the program: a package is initialised while it is being initialised.
    Throwinit,
}

impl Runtime {
    /// All of them, in order.
    pub const ALL: [Runtime; 11] = [
        Runtime::Printlock,
        Runtime::Printunlock,
        Runtime::Printint,
        Runtime::Printuint,
        Runtime::Printbool,
        Runtime::Printstring,
        Runtime::Printsp,
        Runtime::Printnl,
        Runtime::Panicdivide,
        Runtime::Panicshift,
        Runtime::Throwinit,
    ];

    /// Its name without the package.
    pub fn name(self) -> &'static str {
        match self {
            Runtime::Printlock => "printlock",
            Runtime::Printunlock => "printunlock",
            Runtime::Printint => "printint",
            Runtime::Printuint => "printuint",
            Runtime::Printbool => "printbool",
            Runtime::Printstring => "printstring",
            Runtime::Printsp => "printsp",
            Runtime::Printnl => "printnl",
            Runtime::Panicdivide => "panicdivide",
            Runtime::Panicshift => "panicshift",
            Runtime::Throwinit => "throwinit",
        }
    }

    /// Its only parameter, if it has one. None has a result.
    pub fn param(self) -> Option<Type> {
        match self {
            Runtime::Printint => Some(Type::INT64),
            Runtime::Printuint => Some(Type::UINT64),
            Runtime::Printbool => Some(Type::BOOL),
            Runtime::Printstring => Some(Type::STRING),
            Runtime::Printlock
            | Runtime::Printunlock
            | Runtime::Printsp
            | Runtime::Printnl
            | Runtime::Panicdivide
            | Runtime::Panicshift
            | Runtime::Throwinit => None,
        }
    }
}

/// What a package variable starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalInit {
    /// Zero, or whatever `init` assigns: listed without bytes.
    Zero,
    /// A constant, in the data segment.
    Static(i64),
}

/// One package variable.
#[derive(Clone, Debug)]
pub struct GlobalData {
    /// As declared.
    pub name: Box<str>,
    /// Type.
    pub ty: Type,
    /// Where it was declared.
    pub pos: Pos,
    /// First value.
    pub init: GlobalInit,
}

/// One inlined call.
#[derive(Clone, Copy, Debug)]
pub struct InlinedCall {
    /// The call that contains it, if that was inlined too.
    pub parent: Option<u32>,
    /// Position of the call.
    pub pos: Pos,
    /// The function that was expanded.
    pub func: FuncId,
}

/// A package-level data symbol in the order in which gc creates them while compiling functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// `go.string."…"`
    String(Box<[u8]>),
    /// `"".f.args_stackmap` of a function without a body.
    ArgsStackmap(FuncId),
}

/// A whole package.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// From the package clause.
    pub name: Box<str>,
    /// All functions, in source order; the generated `init` last, if there is one.
    pub funcs: PrimaryMap<FuncId, Func>,
    /// Package variables in declaration order, blank ones excluded; then `initdone·`, if `init` has a guard.
    pub globals: PrimaryMap<Global, GlobalData>,
    /// Defined types' names.
    pub defined: PrimaryMap<Defined, Box<str>>,
    /// The types defined outside of functions, in order of name.
    pub declared_types: Vec<Type>,
    /// Inlined calls of all functions.
    pub inline_tree: Vec<InlinedCall>,
    /// Functions in the order in which they were first inlined: `go.info."".F$abstract`.
    pub abstract_funcs: Vec<FuncId>,
    /// Strings and stack maps in listing order, each once.
    pub data: Vec<Data>,
    /// The functions that `""..inittask` runs, in order; none: there is no such symbol.
    pub inittask: Option<Vec<FuncId>>,
}
