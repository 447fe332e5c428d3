//! The tree of one function between the typed AST and SSA: gc's `Node`s as an arena.
//!
//! `noder` makes it from the typed AST, `inline` expands calls in it, `order` makes the order of
//! evaluation explicit, `walk` (with `swt`) reduces it to the few forms listed below, and `build` turns
//! those into SSA. All five passes replay gc's creation of temporaries and of positions, because both
//! are visible in the listing: temporaries by their number (`.autotmp_7` is the seventh entry of
//! [`Func::dcl`]), positions as operands of scheduling.
//!
//! A node has an operation, a position, a type, up to two operands and four lists, as gc's has; which
//! of them an operation uses is said beside it in [`Op`]. Nodes may be shared: every mention of a
//! variable is the same [`Op::Name`] node, and walk uses one `Goto` in several places of a switch.
//! Passes therefore never change a `Name` or `Literal` in place.
//!
//! # After walk
//!
//! `init` of any node is a list of statements to build before the node itself, for statements and
//! expressions alike. A node's position is pushed on the line stack unless
//! [`Func::has_unique_pos`] is false for an expression: names and named constants carry the position of
//! their declaration. Positions of statements may be unknown; they are pushed all the same.
//!
//! Statements that `build` meets (`enter`, then `body`):
//!
//! | op | operands |
//! |---|---|
//! | `As` | `left`: `Name` of a local, a global or blank; `right`: the value, none: the zero value of `left`'s type |
//! | `CallFunc` | as below, the result is dropped |
//! | `Block` | `list`: statements |
//! | `Empty`, `Dcl`, `DclConst`, `DclType`, `Fall` | nothing to build but `init` |
//! | `If` | `left`: condition; `body`, `rlist`: the two arms |
//! | `For` | `left`: condition or none; `right`: post statement or none; `body`; `aux`: its label, if any |
//! | `Switch` | `body`: dispatch code and clauses, `Break` without label leaves it; `aux`: its label, if any |
//! | `Goto`, `Label` | `aux`: label |
//! | `Break`, `Continue` | `aux`: label of the statement meant, or none for the innermost |
//! | `Return` | `list`: assignments to the results, then the function exits |
//! | `InlMark` | `aux`: index into the inline tree |
//! | `VarKill` | `left`: `Name` of the temporary that is dead from here |
//!
//! Expressions:
//!
//! | op | operands |
//! |---|---|
//! | `Name` | `aux`: variable, global or function |
//! | `Literal` | `aux`: integer (two's complement of the type's width, sign- or zero-extended to 64 bits), bool or string |
//! | `Conv` | `left`; between integer types of different identity |
//! | `ConvNop` | `left`, same representation; also made to hold `init` for a `Name` |
//! | `Plus`, `Neg`, `BitNot`, `Not` | `left` |
//! | `Add` … `Rsh` | `left`, `right`; no `AndNot`; shift counts of any integer type |
//! | `Eq` … `Ge` | `left`, `right` of one type |
//! | `AndAnd`, `OrOr` | `left`, `right`; in conditions only: the range tests of a switch |
//! | `CallFunc` | `left`: `Name` of the callee; `list`: assignments to temporaries, first; `rlist`: one argument per parameter; the value is the first result |
//! | `Result` | `aux`: offset in bytes from the start of the argument area of the call just made |

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityList, ListPool, PrimaryMap, entity_impl};
use minigo_base::Pos;
use rustc_hash::FxHashMap;

/// A node of a function's tree. Index into the function's arena.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(u32);
entity_impl!(Node, "n");

/// A variable of a function: parameter, result, local or temporary.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(u32);
entity_impl!(Var, "var");

/// A label of a function, written by the user or made by a pass.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(u32);
entity_impl!(Label, "label");

/// A string constant of a function. Index into [`Func::strings`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Str(u32);
entity_impl!(Str, "str");

/// A function of the package, with or without a body. Index into [`Package::funcs`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FuncId(u32);
entity_impl!(FuncId, "func");

/// A package variable. Index into [`Package::globals`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Global(u32);
entity_impl!(Global, "global");

/// A named type declared by the program. Index into [`Package::defined`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Defined(u32);
entity_impl!(Defined, "type");

/// A list of nodes, in the pool of their function.
pub type Nodes = EntityList<Node>;

/// What the machine sees of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Kind {
    /// No value: statements, calls without a single result.
    #[default]
    Void,
    /// `bool`, one byte.
    Bool,
    /// Signed integers.
    Int8,
    /// Two bytes.
    Int16,
    /// Four bytes.
    Int32,
    /// Eight bytes.
    Int64,
    /// Eight bytes.
    Int,
    /// Unsigned integers.
    Uint8,
    /// Two bytes.
    Uint16,
    /// Four bytes.
    Uint32,
    /// Eight bytes.
    Uint64,
    /// Eight bytes.
    Uint,
    /// Eight bytes.
    Uintptr,
    /// Pointer and length; constants only.
    String,
}

/// Which of the names of a kind a type has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum TypeName {
    /// The predeclared name of the kind: `int32`.
    #[default]
    Basic,
    /// `byte` or `rune`. Identical to `uint8` or `int32`, but gc prints it so and keeps separate
    /// temporaries for it.
    Alias,
    /// A type declared by the program.
    Defined(Defined),
}

/// A type: a kind and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Type {
    /// Representation.
    pub kind: Kind,
    /// Identity.
    pub name: TypeName,
}

impl Type {
    /// No value.
    pub const VOID: Type = Type::basic(Kind::Void);
    /// `bool`.
    pub const BOOL: Type = Type::basic(Kind::Bool);
    /// `int64`, the parameter of `printint`.
    pub const INT64: Type = Type::basic(Kind::Int64);
    /// `uint64`, the parameter of `printuint`.
    pub const UINT64: Type = Type::basic(Kind::Uint64);
    /// `uint8`.
    pub const UINT8: Type = Type::basic(Kind::Uint8);
    /// `string`.
    pub const STRING: Type = Type::basic(Kind::String);

    /// The predeclared type of a kind.
    pub const fn basic(kind: Kind) -> Type {
        Type {
            kind,
            name: TypeName::Basic,
        }
    }

    /// Size in bytes; 0 for no value.
    pub fn size(self) -> u32 {
        match self.kind {
            Kind::Void => 0,
            Kind::Bool | Kind::Int8 | Kind::Uint8 => 1,
            Kind::Int16 | Kind::Uint16 => 2,
            Kind::Int32 | Kind::Uint32 => 4,
            Kind::Int64 | Kind::Int | Kind::Uint64 | Kind::Uint | Kind::Uintptr => 8,
            Kind::String => 16,
        }
    }

    /// Alignment in bytes, at least 1.
    pub fn align(self) -> u32 {
        self.size().clamp(1, 8)
    }

    /// Whether it is an integer type.
    pub fn is_integer(self) -> bool {
        !matches!(self.kind, Kind::Void | Kind::Bool | Kind::String)
    }

    /// Whether it is a signed integer type.
    pub fn is_signed(self) -> bool {
        matches!(
            self.kind,
            Kind::Int8 | Kind::Int16 | Kind::Int32 | Kind::Int64 | Kind::Int
        )
    }

    /// Whether a value of one type is a value of the other without conversion: the same type, or
    /// `byte` and `uint8`, or `rune` and `int32`.
    pub fn is_identical(self, other: Type) -> bool {
        let defined = |name| match name {
            TypeName::Defined(defined) => Some(defined),
            TypeName::Basic | TypeName::Alias => None,
        };
        self.kind == other.kind && defined(self.name) == defined(other.name)
    }

    /// Whether values of both have the same bits: the same width and signedness (gc: simtype).
    pub fn is_same_machine_type(self, other: Type) -> bool {
        let sized = |kind| match kind {
            Kind::Int => Kind::Int64,
            Kind::Uint | Kind::Uintptr => Kind::Uint64,
            kind => kind,
        };
        sized(self.kind) == sized(other.kind)
    }

    /// The name of a predeclared type; for a defined type, that of its kind.
    pub fn kind_name(self) -> &'static str {
        match (self.kind, self.name) {
            (Kind::Uint8, TypeName::Alias) => "byte",
            (Kind::Int32, TypeName::Alias) => "rune",
            (Kind::Void, _) => "",
            (Kind::Bool, _) => "bool",
            (Kind::Int8, _) => "int8",
            (Kind::Int16, _) => "int16",
            (Kind::Int32, _) => "int32",
            (Kind::Int64, _) => "int64",
            (Kind::Int, _) => "int",
            (Kind::Uint8, _) => "uint8",
            (Kind::Uint16, _) => "uint16",
            (Kind::Uint32, _) => "uint32",
            (Kind::Uint64, _) => "uint64",
            (Kind::Uint, _) => "uint",
            (Kind::Uintptr, _) => "uintptr",
            (Kind::String, _) => "string",
        }
    }
}

/// Operations, under gc's names without the `O`. The lists an operation uses are `left`, `right`,
/// `list`, `rlist`, `body` and `aux` of [`NodeData`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `aux`: `Var`, `Global`, `Func`, `Runtime` or `Blank`; `Str` for a text that stands in a printed
    /// expression only.
    Name,
    /// `aux`: `Int`, `Bool` or `Str`.
    Literal,
    /// `left` converted to `ty`.
    Conv,
    /// `left` as `ty`, same bits.
    ConvNop,
    /// `+left`
    Plus,
    /// `-left`
    Neg,
    /// `^left`
    BitNot,
    /// `!left`
    Not,
    /// `left + right`
    Add,
    /// `left - right`
    Sub,
    /// `left * right`
    Mul,
    /// `left / right`
    Div,
    /// `left % right`
    Mod,
    /// `left & right`
    And,
    /// `left | right`
    Or,
    /// `left ^ right`
    Xor,
    /// `left &^ right`, gone after walk.
    AndNot,
    /// `left << right`
    Lsh,
    /// `left >> right`
    Rsh,
    /// `left == right`
    Eq,
    /// `left != right`
    Ne,
    /// `left < right`
    Lt,
    /// `left <= right`
    Le,
    /// `left > right`
    Gt,
    /// `left >= right`
    Ge,
    /// `left && right`, replaced by a temporary in order; walk makes new ones for switches.
    AndAnd,
    /// `left || right`, as `AndAnd`.
    OrOr,
    /// `left(list)`; after walk, `list` are assignments to temporaries and `rlist` the arguments.
    CallFunc,
    /// An expanded call, only while inlining: `init` and `body`, values `rlist`.
    InlCall,
    /// A result of the call just made, `aux` `Offset`.
    Result,

    /// `left = right`
    As,
    /// `left op= right`, `aux` `SubOp`; gone after walk.
    AsOp,
    /// `list = rlist` in parallel, gone after walk.
    As2,
    /// `list = right`, a call with several results; gone after walk.
    As2Func,
    /// `{ list }`
    Block,
    /// Nothing.
    Empty,
    /// The declaration of local `left`.
    Dcl,
    /// The declaration of a constant. `left` is `_`: gc has the constant there, which counts in the size of
    /// a function.
    DclConst,
    /// The declaration of a type, with `left` likewise.
    DclType,
    /// `if left { body } else { rlist }`
    If,
    /// `for init; left; right { body }`
    For,
    /// `switch left { list }` of `Case`s; after walk only `body`.
    Switch,
    /// `case list: body`; an empty list is `default`.
    Case,
    /// `fallthrough`
    Fall,
    /// `goto`
    Goto,
    /// `label:`
    Label,
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `return list`
    Return,
    /// `panic(left)`
    Panic,
    /// `print(list)`, gone after walk.
    Print,
    /// `println(list)`, gone after walk.
    Printn,
    /// The place where an inlined body starts.
    InlMark,
    /// Temporary `left` is dead from here.
    VarKill,
}

/// The part of a node that is not a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Aux {
    /// Nothing.
    #[default]
    None,
    /// A variable of the function.
    Var(Var),
    /// A package variable.
    Global(Global),
    /// A function of the package.
    Func(FuncId),
    /// A function of the runtime.
    Runtime(Runtime),
    /// The blank identifier on the left of an assignment.
    Blank,
    /// An integer of at most 64 bits, extended to 64 by the sign of its type.
    Int(i64),
    /// A boolean.
    Bool(bool),
    /// A string.
    Str(Str),
    /// A label.
    Label(Label),
    /// The operator of an `AsOp`; true: `x++` or `x--`.
    SubOp(Op, bool),
    /// Index into [`Package::inline_tree`].
    InlIndex(u32),
    /// Bytes.
    Offset(u32),
}

/// One node.
#[derive(Clone, Copy, Debug)]
pub struct NodeData {
    /// What it does.
    pub op: Op,
    /// Whether evaluating it may call or panic, so that it must precede the marshalling of arguments
    /// (gc: subr.go, calcHasCall). Set by walk.
    pub has_call: bool,
    /// A `Literal` that stands for a declared constant: its position is that of the declaration.
    pub named: bool,
    /// An assignment written `:=`.
    pub defines: bool,
    /// Where; the position of the declaration for names and named constants.
    pub pos: Pos,
    /// The type of its value.
    pub ty: Type,
    /// First operand.
    pub left: PackedOption<Node>,
    /// Second operand.
    pub right: PackedOption<Node>,
    /// The expression as it was written, for a constant folded from one; none if it is the node itself.
    pub orig: PackedOption<Node>,
    /// Statements to run first.
    pub init: Nodes,
    /// First list.
    pub list: Nodes,
    /// Second list.
    pub rlist: Nodes,
    /// Statements inside.
    pub body: Nodes,
    /// Payload.
    pub aux: Aux,
}

/// What kind of variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A parameter.
    Param,
    /// A result.
    ParamOut,
    /// A local or temporary.
    Auto,
    /// A local constant or type, which only counts in the numbers of temporaries.
    NotVar,
}

/// One variable.
#[derive(Clone, Debug)]
pub struct VarData {
    /// As printed: `a`, `~r2`, `.autotmp_3`.
    pub name: Box<str>,
    /// Type, never `VOID`.
    pub ty: Type,
    /// Parameter, result or local.
    pub class: Class,
    /// Where it was declared; for a temporary, the line current at its creation.
    pub pos: Pos,
    /// Its byte offset from the first argument, for parameters and results; 0 for locals.
    pub offset: u32,
    /// Whether a pass made it as `.autotmp_N`.
    pub auto_temp: bool,
    /// The one `Name` node that stands for it.
    pub node: Node,
}

/// One label.
#[derive(Clone, Debug)]
pub struct LabelData {
    /// As printed: `L`, `.s0`, `.i1`, `L·3`.
    pub name: Box<str>,
}

/// The parameters and results of a function and where they are passed.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// Parameters in order, unnamed and blank ones included.
    pub params: Vec<Slot>,
    /// Results in order.
    pub results: Vec<Slot>,
    /// Bytes of arguments and results, a multiple of 8.
    pub args_size: u32,
    /// Whether the results have names, `_` included (gc: Outnamed).
    pub named_results: bool,
}

/// One parameter or result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its type.
    pub ty: Type,
    /// Byte offset from the start of the argument area (`0(SP)` at the call).
    pub offset: u32,
    /// The variable inside the function; none for unnamed and blank parameters.
    pub var: PackedOption<Var>,
}

impl Signature {
    /// Lays out parameters and results: parameters at their alignment from 0, results from the next
    /// multiple of 8, the whole rounded up to 8 (gc: align.go, widstruct for functions).
    pub fn new(params: &[Type], results: &[Type]) -> Signature {
        let mut offset = 0u32;
        let mut lay_out = |types: &[Type]| -> Vec<Slot> {
            let mut slots = Vec::with_capacity(types.len());
            for &ty in types {
                offset = offset.next_multiple_of(ty.align());
                slots.push(Slot {
                    ty,
                    offset,
                    var: None.into(),
                });
                offset += ty.size();
            }
            offset = offset.next_multiple_of(8);
            slots
        };
        let (params, results) = (lay_out(params), lay_out(results));
        Signature {
            params,
            results,
            args_size: offset,
            named_results: false,
        }
    }
}

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
}

impl Runtime {
    /// All of them, in order.
    pub const ALL: [Runtime; 10] = [
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
            | Runtime::Panicshift => None,
        }
    }
}

/// What `//go:` directives asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pragmas {
    /// `//go:noinline`
    pub noinline: bool,
    /// `//go:nosplit`
    pub nosplit: bool,
}

/// The body of a function that may be inlined, as it was before calls in it were expanded.
#[derive(Clone, Debug)]
pub struct Inline {
    /// What a call costs a caller's budget.
    pub cost: i32,
    /// Parameters, results and the locals that the body uses, in declaration order.
    pub dcl: Vec<Var>,
    /// The statements, in the function's own arena.
    pub body: Nodes,
}

/// One function.
#[derive(Clone, Debug, Default)]
pub struct Func {
    /// As declared; `init.0` for the first `func init`, `init` for the generated one. A function called `_` is
    /// ordered and walked, but not compiled.
    pub name: Box<str>,
    /// Position of the name; for the generated `init`, that of its first statement.
    pub pos: Pos,
    /// Position of the closing brace; unknown for the generated `init`.
    pub end_pos: Pos,
    /// Directives.
    pub pragmas: Pragmas,
    /// Parameters, results and argument size.
    pub signature: Signature,
    /// Whether it has a body; without one, it is implemented in assembly.
    pub has_body: bool,
    /// Named parameters, results, locals (constants and types included) and temporaries in creation order.
    pub dcl: Vec<Var>,
    /// Run before the body: the results get their zero values.
    pub enter: Nodes,
    /// The statements.
    pub body: Nodes,
    /// What inlining it takes; none if it cannot be inlined.
    pub inline: Option<Inline>,
    /// Strings whose data symbols walk made, in order, with repetitions.
    pub string_symbols: Vec<Str>,
    /// All nodes.
    pub nodes: PrimaryMap<Node, NodeData>,
    /// All lists.
    pub pool: ListPool<Node>,
    /// All variables.
    pub vars: PrimaryMap<Var, VarData>,
    /// All labels.
    pub labels: PrimaryMap<Label, LabelData>,
    /// All string constants.
    pub strings: PrimaryMap<Str, Box<[u8]>>,
    /// The one `Name` node of each package variable that the function mentions.
    pub globals: FxHashMap<Global, Node>,
    /// The node of `_`, if the function has one.
    pub blank: PackedOption<Node>,
    /// Labels that passes have made so far (`.s0`, `.i1`, …).
    pub auto_labels: u32,
}

impl Func {
    /// Adds a node.
    pub fn node(&mut self, pos: Pos, op: Op, ty: Type, aux: Aux) -> Node {
        self.nodes.push(NodeData {
            op,
            has_call: false,
            named: false,
            defines: false,
            pos,
            ty,
            left: None.into(),
            right: None.into(),
            orig: None.into(),
            init: Nodes::new(),
            list: Nodes::new(),
            rlist: Nodes::new(),
            body: Nodes::new(),
            aux,
        })
    }

    /// Adds a node with one operand.
    pub fn unary(&mut self, pos: Pos, op: Op, ty: Type, left: Node) -> Node {
        let n = self.node(pos, op, ty, Aux::None);
        self.nodes[n].left = left.into();
        n
    }

    /// Adds a node with two operands.
    pub fn binary(&mut self, pos: Pos, op: Op, ty: Type, left: Node, right: Node) -> Node {
        let n = self.unary(pos, op, ty, left);
        self.nodes[n].right = right.into();
        n
    }

    /// Adds a conversion between types of which at least one is not a string: without code when both
    /// represent values alike (gc: subr.go, convertop).
    pub fn convert(&mut self, pos: Pos, ty: Type, left: Node) -> Node {
        let op = if self.nodes[left].ty.is_same_machine_type(ty) {
            Op::ConvNop
        } else {
            Op::Conv
        };
        self.unary(pos, op, ty, left)
    }

    /// Adds a variable with its name node, without entering it into `dcl`.
    pub fn var(&mut self, pos: Pos, name: &str, ty: Type, class: Class) -> Var {
        let var = self.vars.next_key();
        let node = self.node(pos, Op::Name, ty, Aux::Var(var));
        self.vars.push(VarData {
            name: name.into(),
            ty,
            class,
            pos,
            offset: 0,
            auto_temp: false,
            node,
        })
    }

    /// A new temporary at `pos`, last in `dcl` and named by its index there (gc: gen.go, tempAt).
    pub fn temp(&mut self, pos: Pos, ty: Type) -> Node {
        let name = format!(".autotmp_{}", self.dcl.len());
        let var = self.var(pos, &name, ty, Class::Auto);
        self.vars[var].auto_temp = true;
        self.dcl.push(var);
        self.vars[var].node
    }

    /// The node of a package variable, declared at `pos`.
    pub fn global(&mut self, global: Global, pos: Pos, ty: Type) -> Node {
        if let Some(&node) = self.globals.get(&global) {
            return node;
        }
        let node = self.node(pos, Op::Name, ty, Aux::Global(global));
        self.globals.insert(global, node);
        node
    }

    /// The node of the blank identifier.
    pub fn blank(&mut self) -> Node {
        self.blank.expand().unwrap_or_else(|| {
            let node = self.node(Pos::NONE, Op::Name, Type::VOID, Aux::Blank);
            self.blank = node.into();
            node
        })
    }

    /// A new label with the next number (gc: subr.go, autolabel). The prefix is `.s` or `.i`.
    pub fn auto_label(&mut self, prefix: &str) -> Label {
        let name = format!("{prefix}{}", self.auto_labels).into();
        self.auto_labels += 1;
        self.labels.push(LabelData { name })
    }

    /// The variable that a `Name` stands for.
    pub fn var_of(&self, n: Node) -> Option<Var> {
        match self.nodes[n] {
            NodeData {
                op: Op::Name,
                aux: Aux::Var(var),
                ..
            } => Some(var),
            _ => None,
        }
    }

    /// Whether `n` is the blank identifier.
    pub fn is_blank(&self, n: Node) -> bool {
        self.nodes[n].aux == Aux::Blank
    }

    /// Whether a node's position is where it stands in the text, and known: not so for names and named
    /// constants (gc: subr.go, hasUniquePos).
    pub fn has_unique_pos(&self, n: Node) -> bool {
        let node = &self.nodes[n];
        match node.op {
            Op::Name => false,
            Op::Literal if node.named => false,
            _ => node.pos.is_known(),
        }
    }

    /// The boolean that a constant condition has.
    pub fn bool_const(&self, n: Node) -> Option<bool> {
        match self.nodes[n] {
            NodeData {
                op: Op::Literal,
                aux: Aux::Bool(value),
                ..
            } => Some(value),
            _ => None,
        }
    }

    /// The members of a list.
    pub fn slice(&self, list: &Nodes) -> &[Node] {
        list.as_slice(&self.pool)
    }

    /// Member `i` of a list.
    pub fn nth(&self, list: Nodes, i: usize) -> Node {
        list.as_slice(&self.pool)[i]
    }

    /// Replaces member `i` of a list in place.
    pub fn set_nth(&mut self, mut list: Nodes, i: usize, n: Node) {
        list.as_mut_slice(&mut self.pool)[i] = n;
    }

    /// A new list.
    pub fn list(&mut self, nodes: &[Node]) -> Nodes {
        Nodes::from_slice(nodes, &mut self.pool)
    }

    /// Puts `nodes` in front of a list.
    pub fn prepend(&mut self, list: Nodes, nodes: &[Node]) -> Nodes {
        if nodes.is_empty() {
            return list;
        }
        let mut all = nodes.to_vec();
        all.extend_from_slice(list.as_slice(&self.pool));
        self.list(&all)
    }

    /// Whether a node may have more than one parent, so that nothing may be hung on it (gc: mayBeShared).
    pub fn may_be_shared(&self, n: Node) -> bool {
        matches!(self.nodes[n].op, Op::Name | Op::Literal)
    }

    /// Puts statements in front of the evaluation of `n`: into its init list, or into that of a
    /// `ConvNop` made at `line` when `n` may be shared (gc: subr.go, addinit).
    pub fn add_init(&mut self, n: Node, init: &[Node], line: Pos) -> Node {
        if init.is_empty() {
            return n;
        }
        let n = if self.may_be_shared(n) {
            self.unary(line, Op::ConvNop, self.nodes[n].ty, n)
        } else {
            n
        };
        self.nodes[n].init = self.prepend(self.nodes[n].init, init);
        self.nodes[n].has_call = true;
        n
    }

    /// A `Block` of statements, at the position of the first; at `line` when there is none
    /// (gc: subr.go, liststmt).
    pub fn block(&mut self, nodes: &[Node], line: Pos) -> Node {
        let pos = nodes.first().map_or(line, |&n| self.nodes[n].pos);
        let block = self.node(pos, Op::Block, Type::VOID, Aux::None);
        self.nodes[block].list = self.list(nodes);
        block
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
    /// Package variables in declaration order, blank ones excluded.
    pub globals: PrimaryMap<Global, GlobalData>,
    /// Defined types' names.
    pub defined: PrimaryMap<Defined, Box<str>>,
    /// Inlined calls of all functions.
    pub inline_tree: Vec<InlinedCall>,
    /// Functions in the order in which they were first inlined: `go.info."".F$abstract`.
    pub abstract_funcs: Vec<FuncId>,
    /// Strings and stack maps in listing order, each once.
    pub data: Vec<Data>,
    /// The functions that `""..inittask` runs, in order; none: there is no such symbol.
    pub inittask: Option<Vec<FuncId>>,
}
