//! The contents of a package, and the entities that its functions refer to.

use cranelift_entity::{PrimaryMap, SecondaryMap, entity_impl};
use minigo_base::Pos;
use minigo_syntax::ast::Decl;

use super::{Aux, Defined, Func, Kind, Needed, Type};

/// A function of the package, with or without a body: an index into [`Package::funcs`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FuncId(u32);
entity_impl!(FuncId, "func");

/// A package variable: an index into [`Package::globals`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Global(u32);
entity_impl!(Global, "global");

/// The runtime functions that generated code calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Runtime {
    /// Takes the print lock.
    Printlock,
    /// Releases the print lock.
    Printunlock,
    /// Prints an `int64`.
    Printint,
    /// Prints a `uint64`.
    Printuint,
    /// Prints a `bool`.
    Printbool,
    /// Prints a string.
    Printstring,
    /// Prints a space.
    Printsp,
    /// Prints a newline.
    Printnl,
    /// Panics on a division by zero. Called from SSA only.
    Panicdivide,
    /// Panics on a negative shift count. Called from SSA only.
    Panicshift,
    /// Ends the program because a package is initialised while its initialisation is in progress.
    Throwinit,
    /// Panics with an interface value.
    Gopanic,
    /// Returns the address of a copy of two bytes.
    ConvT16,
    /// Returns the address of a copy of four bytes.
    ConvT32,
    /// Returns the address of a copy of eight bytes.
    ConvT64,
    /// Returns the address of a copy of a string.
    ConvTstring,
}

impl Runtime {
    /// All functions, in order.
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

    /// Returns the function's name without the package.
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

    /// Returns the type of the only parameter, if there is one. For conversions, it is a type that represents the
    /// argument.
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

    /// Returns the type of the only result, if there is one.
    pub fn result(self) -> Option<Type> {
        use Runtime::{ConvT16, ConvT32, ConvT64, ConvTstring};
        matches!(self, ConvT16 | ConvT32 | ConvT64 | ConvTstring).then_some(Type::UNSAFE_POINTER)
    }

    /// Reports whether a call doesn't return (gc: ssa.go, stmt).
    pub fn ends_block(self) -> bool {
        matches!(self, Runtime::Throwinit | Runtime::Gopanic)
    }
}

/// A variable that generated code refers to but that the program doesn't declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum External {
    /// `os.Stdout`
    Stdout,
    /// The numbers from 0 to 255, eight bytes each: `runtime.staticuint64s`.
    StaticUint64s,
    /// Whether write barriers are in use: `runtime.writeBarrier`.
    WriteBarrier,
    /// `runtime.gcWriteBarrier1`
    RecordOne,
    /// `runtime.gcWriteBarrier2`
    RecordTwo,
    /// The method table of `*os.File` as an `io.Writer`.
    FileWriterItab,
    /// The descriptor of a type.
    Descriptor(Type),
    /// A constant in memory, made by the compiler: `""..stmp_N`.
    Static(u32),
}

/// A type declared by the program.
#[derive(Clone, Debug)]
pub struct DefinedData {
    /// The declared name.
    pub name: Box<str>,
    /// The representation.
    pub kind: Kind,
    /// For types declared in functions, the number among all of them, from 1; 0 for types of the package.
    pub generation: u32,
}

/// The initial value of a package variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GlobalInit {
    /// Zero, or a value assigned by `init`. Listed without bytes.
    Zero,
    /// A constant in the data segment.
    Static(i64),
}

/// A package variable.
#[derive(Clone, Debug)]
pub struct GlobalData {
    /// The declared name.
    pub name: Box<str>,
    /// The type.
    pub ty: Type,
    /// Position of the declaration.
    pub pos: Pos,
    /// The initial value.
    pub init: GlobalInit,
}

/// An inlined call.
#[derive(Clone, Copy, Debug)]
pub struct InlinedCall {
    /// Index of the enclosing inlined call, if any.
    pub parent: Option<u32>,
    /// Position of the call.
    pub pos: Pos,
    /// The expanded function.
    pub func: FuncId,
}

/// A declaration of the package that has symbols.
#[derive(Clone, Copy, Debug)]
pub enum Extern {
    /// A variable.
    Variable(Global),
    /// An integer constant, by its index in [`Package::constants`].
    Constant(usize),
    /// A type, or another name of one.
    Type(Type),
    /// One of [`Package::foreign_variables`], by index.
    Foreign(usize),
}

/// A function without a body that compiled code doesn't use, so that its arguments may have any type.
#[derive(Clone, Debug)]
pub struct ForeignFunction {
    /// The declared name.
    pub name: Box<str>,
    /// Position of the declaration.
    pub pos: Pos,
    /// The size of parameters and results in bytes.
    pub args_size: u32,
    /// Whether it has results.
    pub has_results: bool,
    /// The numbers of the words that hold pointers: of the parameters, of the results.
    pub pointers: [Vec<u32>; 2],
    /// The places of the parameters' words, as tracebacks read them.
    pub places: Vec<u8>,
}

/// A variable without a value that compiled code doesn't use, so that it may have any type.
#[derive(Clone, Debug)]
pub struct ForeignVariable {
    /// The declared name.
    pub name: Box<str>,
    /// The declaration.
    pub decl: Decl,
    /// The size in bytes.
    pub size: u64,
    /// Whether it holds pointers.
    pub has_pointers: bool,
}

/// A package-level data symbol, in the order in which gc creates them while compiling functions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// `go.string."…"`
    String(Box<[u8]>),
    /// The descriptors of the types that a function converts to interfaces. They come later in some versions.
    UsedTypes(FuncId),
    /// A constant in memory, by number. They come later in some versions.
    Static(u32),
    /// `"".f.args_stackmap` of a function without a body.
    ArgsStackmap(FuncId),
    /// The same of [`Package::foreign_functions`], by index.
    ForeignStackmap(usize),
    /// `type.[N]interface {}`, and the symbols that it refers to.
    Array(u16),
}

/// An integer constant of the package, typed or not (gc: obj.go, dumpGlobalConst).
#[derive(Clone, Debug)]
pub struct Constant {
    /// The name.
    pub name: Box<str>,
    /// The type; `int` if untyped.
    pub ty: Type,
    /// The value modulo 2^64.
    pub value: i64,
}

/// A constant in memory.
#[derive(Clone, Debug)]
pub struct Static {
    /// The type.
    pub ty: Type,
    /// The value of an integer or boolean.
    pub value: Aux,
    /// The value of a string.
    pub text: Option<Box<[u8]>>,
    /// The content of an array, of whose elements `ty` is the type.
    pub table: Option<Box<[u8]>>,
}

/// A package.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// The name in the package clause.
    pub name: Box<str>,
    /// All functions, in source order, followed by the generated `init`, if there is one.
    pub funcs: PrimaryMap<FuncId, Func>,
    /// Package variables in declaration order, except blank ones, followed by `initdone·` if `init` has a guard.
    pub globals: PrimaryMap<Global, GlobalData>,
    /// Types of the program: those of the package in source order, then used local ones.
    pub defined: PrimaryMap<Defined, DefinedData>,
    /// Inlined calls of all functions.
    pub inline_tree: Vec<InlinedCall>,
    /// Functions in the order in which they were first inlined: `go.info."".F$abstract`.
    pub abstract_funcs: Vec<FuncId>,
    /// Strings and stack maps in listing order, without duplicates.
    pub data: Vec<Data>,
    /// Lengths of arrays of interfaces that need a generated comparison, each with the first function that needs it.
    pub array_equals: Vec<(FuncId, u16)>,
    /// The constants `""..stmp_N`, by number.
    pub statics: Vec<Static>,
    /// Integer constants in declaration order.
    pub constants: Vec<Constant>,
    /// The types of explicit conversions and of values converted to interfaces, in order, with repetitions.
    pub converted: Vec<Type>,
    /// Variables, integer constants and types in declaration order.
    pub externs: Vec<Extern>,
    /// Functions that compiled code doesn't use, in source order.
    pub foreign_functions: Vec<ForeignFunction>,
    /// Variables that compiled code doesn't use, in source order.
    pub foreign_variables: Vec<ForeignVariable>,
    /// Type symbols needed by all functions, in order, without duplicates.
    pub needed: Vec<Needed>,
    /// Paths of imported packages in initialisation order, without duplicates.
    pub imports: Vec<Box<str>>,
    /// The functions that `""..inittask` runs, in order; none if there is no such symbol.
    pub inittask: Option<Vec<FuncId>>,
}

/// The functions that are compiled, which the package has the declarations of.
pub type Trees = SecondaryMap<FuncId, Option<Box<Func>>>;

impl Package {
    /// Takes the functions that have a body.
    pub fn take_trees(&mut self) -> Trees {
        let mut trees = Trees::new();
        for (id, f) in self.funcs.iter_mut() {
            if f.has_body {
                trees[id] = Some(Box::new(f.take()));
            }
        }
        trees
    }
}
