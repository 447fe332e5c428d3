//! The tree of one function between the typed AST and SSA: gc's `Node`s in an arena.
//!
//! `noder` makes it from the typed AST, `inline` expands calls, `order` makes the order of evaluation explicit, `walk`
//! (with `swt`) reduces it to the few forms listed below, and `build` turns those into SSA. All five passes create
//! temporaries and positions exactly as gc does, because both are visible in the listing: temporaries by their number
//! (`.autotmp_7` is the seventh entry of [`Func::dcl`]), positions as operands of scheduling.
//!
//! As in gc, a node has an operation, a position, a type, up to two operands and four lists. [`Op`] documents which of
//! them an operation uses. Nodes may be shared: every use of a variable is the same [`Op::Name`] node, and walk uses
//! one `Goto` in several places of a switch. Passes therefore never change a `Name` or `Literal` in place.
//!
//! # After walk
//!
//! `init` of any node is a list of statements to build before the node itself, for both statements and expressions. A
//! node's position is pushed on the line stack, except for an expression without [`Func::has_unique_pos`]: names and
//! named constants carry the position of their declaration. Positions of statements are pushed even if they are
//! unknown.
//!
//! Statements built from `enter` and then `body`:
//!
//! | op | operands |
//! |---|---|
//! | `As` | `left`: `Name` of a local, a global or blank; `right`: the value, none: the zero value of `left`'s type |
//! | `CallFunc` | as below, the result is dropped |
//! | `Block` | `list`: statements |
//! | `Empty`, `Dcl`, `DclConst`, `DclType`, `Fall` | nothing to build but `init` |
//! | `If` | `left`: condition; `body`, `rlist`: the two arms; `aux`: whether it is likely |
//! | `For` | `left`: condition or none; `right`: post statement or none; `body`; `aux`: its label, if any |
//! | `Switch` | `body`: dispatch code and clauses, `Break` without label leaves it; `aux`: its label, if any |
//! | `JumpTable` | `left`: a `Name`; `list`: values as literals, ascending; `rlist`: the `Goto` of each |
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
//! | `Add` … `Rsh` | `left`, `right`; shift counts of any integer type |
//! | `Eq` … `Ge` | `left`, `right` of one type |
//! | `AndAnd`, `OrOr` | `left`, `right`; in conditions only: the range tests of a switch |
//! | `CallFunc` | `left`: `Name` of the callee; `list`: assignments to temporaries, first; `rlist`: one argument per parameter; the value is the first result |
//! | `Result` | `aux`: offset in bytes from the start of the argument area of the call just made, or number of the result |
//! | `Min`, `Max` | `list`: two or more operands |
//! | `Iface` | `left`: address of a type descriptor or method table; `right`: a pointer |
//! | `Addr` | `left`: a `Name` in memory, or `Index` |
//! | `Index` | `left`: a `Name` of an array or `Deref`; `right`: an `int`, in bounds; on the left of an assignment, too |
//! | `SliceArr` | `left`: a pointer to an array |

mod package;
mod ty;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityList, ListPool, PrimaryMap, entity_impl};
use minigo_base::Pos;
use minigo_ssa::abi::Convention;
use rustc_hash::FxHashMap;

pub use package::{
    Constant, Data, DefinedData, Extern, External, ForeignFunction, ForeignVariable, FuncId,
    Global, GlobalData, GlobalInit, InlinedCall, Package, Runtime, Static, Trees,
};
pub use ty::{Defined, Kind, Signature, Slot, Type, TypeName};

/// A node of a function's tree: an index into the function's arena.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(u32);
entity_impl!(Node, "n");

/// A variable of a function: parameter, result, local or temporary.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(u32);
entity_impl!(Var, "var");

/// A label of a function, written in the source or made by a pass.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label(u32);
entity_impl!(Label, "label");

/// A string constant of a function: an index into [`Func::strings`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Str(u32);
entity_impl!(Str, "str");

/// A list of nodes in the pool of their function.
pub type Nodes = EntityList<Node>;

/// Operations, under gc's names without the `O`. The operands are the fields `left`, `right`, `list`, `rlist`, `body`
/// and `aux` of [`NodeData`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `aux`: `Var`, `Global`, `Func`, `Runtime` or `Blank`; or `Str` for verbatim text in a printed expression.
    Name,
    /// `aux`: `Int`, `Bool` or `Str`; none for a number in a printed expression.
    Literal,
    /// `left` converted to `ty`.
    Conv,
    /// `left` as `ty`, with the same bits.
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
    /// `left &^ right`; removed by walk before Go 1.27.
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
    /// `left && right`; replaced by a temporary in order. Walk makes new ones for switches.
    AndAnd,
    /// `left || right`, like `AndAnd`.
    OrOr,
    /// `left(list)`; after walk, `list` holds assignments to temporaries and `rlist` the arguments.
    CallFunc,
    /// `min(list)`
    Min,
    /// `max(list)`
    Max,
    /// An expanded call, while inlining: `init` and `body`, with the values `rlist`.
    InlCall,
    /// A result of the preceding call, at the `Offset` in `aux`.
    Result,
    /// `left` as an interface of type `ty`; removed by walk.
    ConvIface,
    /// `[]interface {}{ list }`; removed by walk. `aux`: the array of its elements, if order made one.
    SliceLit,
    /// The interface with the descriptor or method table `left` and the data word `right`.
    Iface,
    /// `&left`
    Addr,
    /// `left[right]`; the index is in bounds.
    Index,
    /// `*left`
    Deref,
    /// `left[:]` of a pointer to an array.
    SliceArr,

    /// `left = right`
    As,
    /// `left op= right`, with `SubOp` in `aux`; removed by walk.
    AsOp,
    /// `list = rlist` in parallel; removed by walk.
    As2,
    /// `list = right`, for a call with several results; removed by walk.
    As2Func,
    /// `{ list }`
    Block,
    /// The empty statement.
    Empty,
    /// The declaration of the local `left`.
    Dcl,
    /// The declaration of a constant. `left` is `_`, in place of gc's node for the constant, which counts in the size
    /// of a function.
    DclConst,
    /// The declaration of a type. `left` is `_`, as for `DclConst`.
    DclType,
    /// `if left { body } else { rlist }`
    If,
    /// `for init; left; right { body }`
    For,
    /// `for list = range left { body }`, over an integer; the list has a variable or none. Removed by walk.
    Range,
    /// `switch left { list }` with a list of `Case`s; only `body` after walk.
    Switch,
    /// `case list: body`; an empty list is `default`.
    Case,
    /// Jumps by the value of `left`: to the label of a `Goto` in `rlist` for the value of the literal in `list`.
    JumpTable,
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
    /// `print(list)`; removed by walk.
    Print,
    /// `println(list)`; removed by walk.
    Printn,
    /// The start of an inlined body.
    InlMark,
    /// The end of the live range of the temporary `left`.
    VarKill,
}

/// The part of a node that isn't a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Aux {
    /// No payload.
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
    /// The zero value of a pointer, slice or interface.
    Nil,
    /// A variable that the program doesn't declare.
    External(External),
    /// A label.
    Label(Label),
    /// The operator of an `AsOp`; true for `x++` and `x--`.
    SubOp(Op, bool),
    /// Index into [`Package::inline_tree`].
    InlIndex(u32),
    /// Marks a call in place of a return.
    Tail,
    /// Marks an `If` whose condition is likely to hold.
    Likely,
    /// An offset in bytes.
    Offset(u32),
    /// The number of a result.
    ResultIndex(u32),
    /// Marks a call whose last argument is the slice of a variadic parameter (gc: IsDDD).
    Spread,
}

/// The data of a node.
#[derive(Clone, Copy, Debug)]
pub struct NodeData {
    /// The operation.
    pub op: Op,
    /// Whether evaluation may call or panic, so that it must precede the storing of arguments (gc: subr.go,
    /// calcHasCall). Set by walk.
    pub has_call: bool,
    /// Whether a `Literal` is a declared constant, so that its position is that of the declaration.
    pub named: bool,
    /// Whether an assignment is written `:=`.
    pub defines: bool,
    /// The position; for names and named constants, that of the declaration.
    pub pos: Pos,
    /// The type of the value.
    pub ty: Type,
    /// The first operand.
    pub left: PackedOption<Node>,
    /// The second operand.
    pub right: PackedOption<Node>,
    /// The original expression of a folded constant; none if it is the node itself.
    pub orig: PackedOption<Node>,
    /// Statements to run first.
    pub init: Nodes,
    /// The first list.
    pub list: Nodes,
    /// The second list.
    pub rlist: Nodes,
    /// Nested statements.
    pub body: Nodes,
    /// The payload.
    pub aux: Aux,
}

/// The kind of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A parameter.
    Param,
    /// A result.
    ParamOut,
    /// A local or temporary.
    Auto,
    /// A local constant or type, which counts only in the numbering of temporaries.
    NotVar,
}

/// The data of a variable.
#[derive(Clone, Debug)]
pub struct VarData {
    /// The printed name: `a`, `~r2`, `.autotmp_3`.
    pub name: Box<str>,
    /// The type, never `VOID`.
    pub ty: Type,
    /// The kind of variable.
    pub class: Class,
    /// Position of the declaration; for a temporary, the line current at its creation.
    pub pos: Pos,
    /// Offset in bytes from the first argument, for parameters and results; 0 for locals.
    pub offset: u32,
    /// Whether a pass made it, named `.autotmp_N`.
    pub auto_temp: bool,
    /// Whether its address is taken, so that it lives in memory.
    pub addressed: bool,
    /// The only `Name` node of the variable.
    pub node: Node,
}

/// The data of a label.
#[derive(Clone, Debug)]
pub struct LabelData {
    /// The printed name: `L`, `.s0`, `.i1`, `L·3`.
    pub name: Box<str>,
}

/// Effects of `//go:` directives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pragmas {
    /// `//go:noinline`
    pub noinline: bool,
    /// `//go:nosplit`
    pub nosplit: bool,
    /// `//go:uintptrescapes`, which forbids inlining.
    pub uintptr_escapes: bool,
}

/// The body of a function that can be inlined, as it was before its own calls were expanded.
#[derive(Clone, Debug)]
pub struct Inline {
    /// The cost of a call to the caller's budget.
    pub cost: i32,
    /// Parameters, results and the locals that the body uses, in declaration order.
    pub dcl: Vec<Var>,
    /// The statements, in the function's own arena.
    pub body: Nodes,
}

/// A type symbol that a function needs at run time (gc: reflect.go, signatset and itabs).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Needed {
    /// The descriptor of a type.
    Descriptor(Type),
    /// The method table of `*os.File` as an `io.Writer`.
    Itab,
}

/// A function.
#[derive(Clone, Debug, Default)]
pub struct Func {
    /// The declared name; `init.0` for the first `func init`, `init` for the generated one. A function named `_` is
    /// ordered and walked but not compiled.
    pub name: Box<str>,
    /// Position of the name; for the generated `init`, that of its first statement.
    pub pos: Pos,
    /// Position of the closing brace; unknown for the generated `init`.
    pub end_pos: Pos,
    /// Directives.
    pub pragmas: Pragmas,
    /// Parameters, results and argument size.
    pub signature: Signature,
    /// Whether it has a body. A function without one is implemented in assembly.
    pub has_body: bool,
    /// Whether `order` and `walk` have seen the body.
    pub is_walked: bool,
    /// How it is passed its parameters.
    pub convention: Convention,
    /// The function that it calls for callers of the other convention. Both have the same name.
    pub wraps: Option<FuncId>,
    /// Named parameters, results, locals (including constants and types) and temporaries, in creation order.
    pub dcl: Vec<Var>,
    /// Statements that run before the body: they zero the results.
    pub enter: Nodes,
    /// The statements.
    pub body: Nodes,
    /// Data for inlining; none if the function can't be inlined.
    pub inline: Option<Inline>,
    /// Whether it belongs to another package, like `fmt.Println`. Only its signature and perhaps its inlining data are
    /// known.
    pub imported: bool,
    /// Strings whose data symbols order and walk made, in order, with repetitions.
    pub string_symbols: Vec<Str>,
    /// Type symbols needed at run time, in order, with repetitions.
    pub needed: Vec<Needed>,
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
    /// The only `Name` node of each package variable that the function uses.
    pub globals: FxHashMap<Global, Node>,
    /// The node of `_`, if there is one.
    pub blank: PackedOption<Node>,
    /// Number of labels made by passes (`.s0`, `.i1`, …).
    pub auto_labels: u32,
}

/// Number of nodes from which a function's arena has memory pages of its own, of which only written ones cost memory.
const LARGE: usize = 1024;

/// Growable memory for the tree that a pass works on, lent to one function after the other, while its final size is
/// unknown. Large functions have their own.
#[derive(Default)]
pub(crate) struct TreeScratch {
    nodes: PrimaryMap<Node, NodeData>,
    pool: ListPool<Node>,
    is_lent: bool,
}

impl TreeScratch {
    /// Lends memory to a function without a tree, whose body has about `exprs` expressions in the source.
    pub(crate) fn lend_new(&mut self, f: &mut Func, exprs: usize) {
        f.vars.reserve(8);
        if exprs < LARGE {
            self.is_lent = true;
            std::mem::swap(&mut f.nodes, &mut self.nodes);
            std::mem::swap(&mut f.pool, &mut self.pool);
        } else {
            // Enough for all passes over the tree.
            f.nodes.reserve(3 * exprs);
            f.pool = ListPool::with_capacity(64);
        }
    }

    /// Moves the nodes of `f` into lent memory, with room to grow.
    pub(crate) fn lend(&mut self, f: &mut Func) {
        if f.nodes.len() < LARGE {
            self.is_lent = true;
            self.nodes.reserve(3 * f.nodes.len());
            self.nodes.extend(f.nodes.values().copied());
            std::mem::swap(&mut f.nodes, &mut self.nodes);
            self.nodes.clear();
        }
    }

    /// Moves the tree of `f` into memory of exact size.
    pub(crate) fn reclaim(&mut self, f: &mut Func) {
        if std::mem::take(&mut self.is_lent) {
            let nodes = f.nodes.values().copied().collect();
            self.nodes = std::mem::replace(&mut f.nodes, nodes);
            self.nodes.clear();
            let pool = f.pool.clone();
            self.pool = std::mem::replace(&mut f.pool, pool);
            self.pool.clear();
        }
    }

    /// Takes the memory back from a function that is not needed any more.
    pub(crate) fn take_back(&mut self, f: Func) {
        if std::mem::take(&mut self.is_lent) {
            self.nodes = f.nodes;
            self.nodes.clear();
        }
    }
}

impl Func {
    /// Takes the function, and leaves what others need of it: the declaration, and the variables if it can be expanded or
    /// has arrays.
    fn take(&mut self) -> Func {
        let mut declaration = Func {
            name: self.name.clone(),
            pos: self.pos,
            end_pos: self.end_pos,
            pragmas: self.pragmas,
            signature: self.signature.clone(),
            has_body: self.has_body,
            is_walked: self.is_walked,
            convention: self.convention,
            wraps: self.wraps,
            imported: self.imported,
            needed: self.needed.clone(),
            ..Func::default()
        };
        if self.inline.is_some() || self.has_arrays() {
            declaration.inline.clone_from(&self.inline);
            declaration.dcl.clone_from(&self.dcl);
            declaration.vars = self.vars.clone();
        }
        std::mem::replace(self, declaration)
    }

    /// Reports whether there are variables whose address is taken: arrays of arguments.
    pub fn has_arrays(&self) -> bool {
        let is_array = |&var: &Var| matches!(self.vars[var].ty.kind, Kind::Array(_));
        self.dcl.iter().any(is_array)
    }

    /// Reports whether there are arrays of so many arguments that gc, under `-N`, no longer sees that they are on the
    /// stack: too many stores lie between the load of the array's address and the store that set it.
    pub fn has_long_arrays(&self) -> bool {
        let is_long = |&var: &Var| matches!(self.vars[var].ty.kind, Kind::Array(3..));
        self.dcl.iter().any(is_long)
    }

    /// Reports whether a node has the operation, be it part of the body or not. Most functions lack most operations, and
    /// looking at all nodes takes a small part of the time of a walk over the body.
    pub(crate) fn has(&self, op: Op) -> bool {
        self.nodes.values().any(|node| node.op == op)
    }

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

    /// Adds a conversion between types that aren't both strings. It generates no code if both types have the same
    /// representation (gc: subr.go, convertop).
    pub fn convert(&mut self, pos: Pos, ty: Type, left: Node) -> Node {
        let op = if self.nodes[left].ty.is_same_machine_type(ty) {
            Op::ConvNop
        } else {
            Op::Conv
        };
        self.unary(pos, op, ty, left)
    }

    /// Adds a slice of the interfaces `elements`, which is nil if there are none (gc: escape.go, fixVariadicCall).
    pub fn slice_literal(&mut self, pos: Pos, elements: &[Node]) -> Node {
        if elements.is_empty() {
            return self.node(pos, Op::Literal, Type::SLICE, Aux::Nil);
        }
        let slice = self.node(pos, Op::SliceLit, Type::SLICE, Aux::None);
        self.nodes[slice].list = self.list(elements);
        slice
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
            addressed: false,
            node,
        })
    }

    /// Creates a temporary at `pos`, last in `dcl` and named by its index there (gc: gen.go, tempAt).
    pub fn temp(&mut self, pos: Pos, ty: Type) -> Node {
        let name = format!(".autotmp_{}", self.dcl.len());
        let var = self.var(pos, &name, ty, Class::Auto);
        self.vars[var].auto_temp = true;
        self.dcl.push(var);
        self.vars[var].node
    }

    /// Returns the node of a package variable declared at `pos`.
    pub fn global(&mut self, global: Global, pos: Pos, ty: Type) -> Node {
        if let Some(&node) = self.globals.get(&global) {
            return node;
        }
        let node = self.node(pos, Op::Name, ty, Aux::Global(global));
        self.globals.insert(global, node);
        node
    }

    /// Returns the node of the blank identifier.
    pub fn blank(&mut self) -> Node {
        self.blank.expand().unwrap_or_else(|| {
            let node = self.node(Pos::NONE, Op::Name, Type::VOID, Aux::Blank);
            self.blank = node.into();
            node
        })
    }

    /// Creates a label with the next number (gc: subr.go, autolabel). The prefix is `.s` or `.i`.
    pub fn auto_label(&mut self, prefix: &str) -> Label {
        let name = format!("{prefix}{}", self.auto_labels).into();
        self.auto_labels += 1;
        self.labels.push(LabelData { name })
    }

    /// Returns the variable of a `Name` node.
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

    /// Reports whether `n` is the blank identifier.
    pub fn is_blank(&self, n: Node) -> bool {
        self.nodes[n].aux == Aux::Blank
    }

    /// Reports whether a node's position is known and is its place in the source. False for names and named constants
    /// (gc: subr.go, hasUniquePos).
    pub fn has_unique_pos(&self, n: Node) -> bool {
        let node = &self.nodes[n];
        match node.op {
            Op::Name => false,
            Op::Literal if node.named => false,
            _ => node.pos.is_known(),
        }
    }

    /// Returns the value of a constant condition.
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

    /// Returns the members of a list.
    pub fn slice(&self, list: &Nodes) -> &[Node] {
        list.as_slice(&self.pool)
    }

    /// Returns member `i` of a list.
    pub fn nth(&self, list: Nodes, i: usize) -> Node {
        list.as_slice(&self.pool)[i]
    }

    /// Replaces member `i` of a list in place.
    pub fn set_nth(&mut self, mut list: Nodes, i: usize, n: Node) {
        list.as_mut_slice(&mut self.pool)[i] = n;
    }

    /// Creates a list.
    pub fn list(&mut self, nodes: &[Node]) -> Nodes {
        Nodes::from_slice(nodes, &mut self.pool)
    }

    /// Returns a list with `nodes` in front of those of `list`.
    pub fn prepend(&mut self, list: Nodes, nodes: &[Node]) -> Nodes {
        if nodes.is_empty() {
            return list;
        }
        let mut all = nodes.to_vec();
        all.extend_from_slice(list.as_slice(&self.pool));
        self.list(&all)
    }

    /// Reports whether a node may have several parents, so that its init list must stay empty (gc: mayBeShared).
    pub fn may_be_shared(&self, n: Node) -> bool {
        matches!(self.nodes[n].op, Op::Name | Op::Literal)
    }

    /// Makes `init` run before `n`: adds it to the node's init list, or to that of a `ConvNop` made at `line` if `n`
    /// may be shared (gc: subr.go, addinit).
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

    /// Makes a `Block` of statements at the position of the first one, or at `line` if there are none (gc: subr.go,
    /// liststmt).
    pub fn block(&mut self, nodes: &[Node], line: Pos) -> Node {
        let pos = nodes.first().map_or(line, |&n| self.nodes[n].pos);
        let block = self.node(pos, Op::Block, Type::VOID, Aux::None);
        self.nodes[block].list = self.list(nodes);
        block
    }
}
