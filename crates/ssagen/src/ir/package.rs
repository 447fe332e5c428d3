//! What a package consists of, and what functions of it may refer to.

use cranelift_entity::{PrimaryMap, entity_impl};
use minigo_base::Pos;

use super::{Aux, Defined, Func, Kind, Needed, Type};

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
    /// Panics with an interface.
    Gopanic,
    /// Gives the address of a copy of two bytes.
    ConvT16,
    /// Gives the address of a copy of four bytes.
    ConvT32,
    /// Gives the address of a copy of eight bytes.
    ConvT64,
    /// Gives the address of a copy of a string.
    ConvTstring,
}

impl Runtime {
    /// All of them, in order.
    pub const ALL: [Runtime; 16] = [
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
        Runtime::Gopanic,
        Runtime::ConvT16,
        Runtime::ConvT32,
        Runtime::ConvT64,
        Runtime::ConvTstring,
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
            Runtime::Gopanic => "gopanic",
            Runtime::ConvT16 => "convT16",
            Runtime::ConvT32 => "convT32",
            Runtime::ConvT64 => "convT64",
            Runtime::ConvTstring => "convTstring",
        }
    }

    /// Its only parameter, if it has one. For conversions, a type that represents its argument.
    pub fn param(self) -> Option<Type> {
        match self {
            Runtime::Printint => Some(Type::INT64),
            Runtime::Printuint => Some(Type::UINT64),
            Runtime::Printbool => Some(Type::BOOL),
            Runtime::Printstring | Runtime::ConvTstring => Some(Type::STRING),
            Runtime::Gopanic => Some(Type::INTERFACE),
            Runtime::ConvT16 => Some(Type::basic(Kind::Uint16)),
            Runtime::ConvT32 => Some(Type::basic(Kind::Uint32)),
            Runtime::ConvT64 => Some(Type::UINT64),
            Runtime::Printlock
            | Runtime::Printunlock
            | Runtime::Printsp
            | Runtime::Printnl
            | Runtime::Panicdivide
            | Runtime::Panicshift
            | Runtime::Throwinit => None,
        }
    }

    /// Its only result, if it has one.
    pub fn result(self) -> Option<Type> {
        use Runtime::{ConvT16, ConvT32, ConvT64, ConvTstring};
        matches!(self, ConvT16 | ConvT32 | ConvT64 | ConvTstring).then_some(Type::UNSAFE_POINTER)
    }

    /// Whether a call of it does not come back (gc: ssa.go, stmt).
    pub fn ends_block(self) -> bool {
        matches!(self, Runtime::Throwinit | Runtime::Gopanic)
    }
}

/// A variable that generated code refers to and that the program does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum External {
    /// `os.Stdout`
    Stdout,
    /// The numbers from 0 to 255, eight bytes each: `runtime.staticuint64s`.
    StaticUint64s,
    /// The method table of `*os.File` as an `io.Writer`.
    FileWriterItab,
    /// The descriptor of a type.
    Descriptor(Type),
    /// A constant in memory that the compiler makes: `""..stmp_N`.
    Static(u32),
}

/// One type of the program.
#[derive(Clone, Debug)]
pub struct DefinedData {
    /// As declared.
    pub name: Box<str>,
    /// Representation.
    pub kind: Kind,
    /// For types declared in functions, which of all these it is, from 1; 0 for types of the package.
    pub generation: u32,
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
    /// `type.[N]interface {}`, and what it refers to.
    Array(u16),
}

/// An integer constant of the package, typed or not (gc: obj.go, dumpGlobalConst).
#[derive(Clone, Debug)]
pub struct Constant {
    /// Its name.
    pub name: Box<str>,
    /// Its type; `int` for untyped ones.
    pub ty: Type,
    /// Its value, modulo 2^64.
    pub value: i64,
}

/// A constant in memory.
#[derive(Clone, Debug)]
pub struct Static {
    /// Its type.
    pub ty: Type,
    /// Its value: an integer or boolean.
    pub value: Aux,
    /// Its value, if it is a string.
    pub text: Option<Box<[u8]>>,
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
    /// Types of the program: those of the package in source order, then local ones that are used.
    pub defined: PrimaryMap<Defined, DefinedData>,
    /// Inlined calls of all functions.
    pub inline_tree: Vec<InlinedCall>,
    /// Functions in the order in which they were first inlined: `go.info."".F$abstract`.
    pub abstract_funcs: Vec<FuncId>,
    /// Strings and stack maps in listing order, each once.
    pub data: Vec<Data>,
    /// Lengths of arrays of interfaces whose comparison is generated, with the function that first needs each.
    pub array_equals: Vec<(FuncId, u16)>,
    /// The constants `""..stmp_N` in order of number.
    pub statics: Vec<Static>,
    /// Integer constants in declaration order.
    pub constants: Vec<Constant>,
    /// The first variable that is declared after an integer constant.
    pub global_after_constant: Option<Global>,
    /// What all functions need of types, in order, each once.
    pub needed: Vec<Needed>,
    /// Paths of imported packages in the order of their initialisation, each once.
    pub imports: Vec<Box<str>>,
    /// The functions that `""..inittask` runs, in order; none: there is no such symbol.
    pub inittask: Option<Vec<FuncId>>,
}
