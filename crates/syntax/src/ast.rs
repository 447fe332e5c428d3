//! The syntax tree of a package: arenas of expressions, statements, declarations and what they
//! consist of.
//!
//! All files of a package are parsed into one [`Ast`], so ids are unique in the package and later
//! stages keep what they find out in side tables by id. Nodes are small and `Copy`; children are
//! ids, and lists are ranges of a pool. `ast[id]` gives a node, `&ast[list]` the slice of a list.
//! Nodes are never freed one by one, so that dropping a deep tree costs no stack.
//!
//! Kinds of nodes and their positions are gc's (gc: syntax/nodes.go): [`ExprData::pos`] and its
//! kin say which token a node stands at. Declared names are expressions of kind [`ExprKind::Name`]
//! like used ones, so that one table by [`Expr`] holds the objects of both.

use std::marker::PhantomData;
use std::ops::Index;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, entity_impl};
use minigo_base::{Pos, PosBase};

use crate::pragma::PragmaData;
use crate::sym::{Interner, Sym};
use crate::token::{LitKind, Operator};

/// An expression, a type, or a name where it is declared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expr(u32);
entity_impl!(Expr, "expr");

/// A statement.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stmt(u32);
entity_impl!(Stmt, "stmt");

/// One specification of an import, constant, type or variable declaration, or a function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decl(u32);
entity_impl!(Decl, "decl");

/// A parameter, result, receiver, struct field, or interface method.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Field(u32);
entity_impl!(Field, "field");

/// A clause of a `switch` or `select`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clause(u32);
entity_impl!(Clause, "clause");

/// The parentheses of a declaration like `const ( … )`: equal for declarations of one group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group(u32);
entity_impl!(Group, "group");

/// The `//go:` directives in front of a declaration.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pragma(u32);
entity_impl!(Pragma, "pragma");

/// A source file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct File(u32);
entity_impl!(File, "file");

/// A list of children: a range of the pool for `T` in [`Ast`]. The default is the empty list.
pub struct List<T> {
    start: u32,
    len: u32,
    of: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    /// Number of children.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for List<T> {}

impl<T> Default for List<T> {
    fn default() -> Self {
        List {
            start: 0,
            len: 0,
            of: PhantomData,
        }
    }
}

impl<T> std::fmt::Debug for List<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "[{}; {}]", self.start, self.len)
    }
}

/// A source file.
#[derive(Clone, Debug)]
pub struct FileData {
    /// Where the file's first token is.
    pub pos: Pos,
    /// The base of positions before any line directive.
    pub base: PosBase,
    /// Directives in front of the package clause.
    pub pragma: PackedOption<Pragma>,
    /// The package's name; none when the package clause is wrong, and then there are no declarations.
    pub pkg_name: PackedOption<Expr>,
    /// Top-level declarations in source order.
    pub decls: List<Decl>,
    /// `//go:linkname` directives in source order.
    pub linknames: Vec<Linkname>,
    /// Number of lines, that of the end of the file.
    pub lines: u32,
}

/// A `//go:linkname local remote` directive.
#[derive(Clone, Debug)]
pub struct Linkname {
    /// Where the directive's text starts, after the slashes.
    pub pos: Pos,
    /// The name in this package.
    pub local: Sym,
    /// The symbol's name for the linker; none for the default.
    pub remote: Option<Sym>,
}

/// A declaration.
#[derive(Clone, Copy, Debug)]
pub struct DeclData {
    /// The first token of the specification: a name, a path, a receiver's parenthesis. The keyword
    /// in front (`var`, `func`) is not part of it.
    pub pos: Pos,
    /// The parentheses it stands in.
    pub group: PackedOption<Group>,
    /// Directives in front of it.
    pub pragma: PackedOption<Pragma>,
    /// What it declares.
    pub kind: DeclKind,
}

/// Kinds of declarations.
#[derive(Clone, Copy, Debug)]
pub enum DeclKind {
    /// `import name "path"`
    Import {
        /// The local name, `.` included; none without renaming.
        local_name: PackedOption<Expr>,
        /// A basic literal, whatever its kind, or [`ExprKind::Bad`] where it is missing.
        path: Expr,
    },
    /// `const names typ = values`
    Const {
        /// At least one name.
        names: List<Expr>,
        /// None when left out.
        typ: PackedOption<Expr>,
        /// Empty for the implicit repetition of the last non-empty list of the group.
        values: List<Expr>,
    },
    /// `type name typ` and `type name = typ`
    Type {
        /// The declared name.
        name: Expr,
        /// Whether there is an `=`.
        alias: bool,
        /// The type.
        typ: Expr,
    },
    /// `var names typ = values`
    Var {
        /// At least one name.
        names: List<Expr>,
        /// None when left out.
        typ: PackedOption<Expr>,
        /// Empty when left out.
        values: List<Expr>,
    },
    /// `func (recv) name typ body`
    Func {
        /// None for a function that is no method.
        recv: PackedOption<Field>,
        /// The declared name.
        name: Expr,
        /// Of kind [`ExprKind::FuncType`].
        typ: Expr,
        /// Of kind [`StmtKind::Block`]; none for a function implemented elsewhere.
        body: PackedOption<Stmt>,
    },
}

/// A parameter, result, receiver, struct field, or interface method.
#[derive(Clone, Copy, Debug)]
pub struct FieldData {
    /// Its first token. The type's position is not used, since names of one list share the type.
    pub pos: Pos,
    /// None for an unnamed parameter and an embedded field or interface.
    pub name: PackedOption<Expr>,
    /// The type; a method's is of kind [`ExprKind::FuncType`]. `a, b T` gives two fields with the
    /// same type id.
    pub typ: Expr,
    /// A struct field's tag: a basic literal, whatever its kind.
    pub tag: PackedOption<Expr>,
}

/// An expression or type.
#[derive(Clone, Copy, Debug)]
pub struct ExprData {
    /// The operator of a binary or unary operation, the opening bracket or dot of what follows an
    /// operand (call, index, slice, selector, assertion, type switch guard), the opening brace of a
    /// composite literal, the colon of a key, the opening parenthesis of a function type, else the
    /// first token.
    pub pos: Pos,
    /// What it is.
    pub kind: ExprKind,
}

/// Kinds of expressions and types.
#[derive(Clone, Copy, Debug)]
pub enum ExprKind {
    /// What could not be parsed; an error has been reported.
    Bad,
    /// An identifier, used or declared.
    Name(Sym),
    /// A literal as spelled in the source.
    BasicLit {
        /// Int, float, …
        kind: LitKind,
        /// The spelling is wrong, and reported.
        bad: bool,
        /// Source text, quotes included.
        text: Sym,
    },
    /// `typ{elems}`
    CompositeLit {
        /// None inside another composite literal.
        typ: PackedOption<Expr>,
        /// Values, or [`ExprKind::KeyValue`] where a key is given.
        elems: List<Expr>,
        /// Where the closing brace is.
        rbrace: Pos,
    },
    /// `key: value` in a composite literal.
    KeyValue {
        /// Left of the colon.
        key: Expr,
        /// Right of it.
        value: Expr,
    },
    /// `func typ body`
    FuncLit {
        /// Of kind [`ExprKind::FuncType`].
        typ: Expr,
        /// Of kind [`StmtKind::Block`].
        body: Stmt,
    },
    /// `(x)`. Parentheses around types are not kept where only a type can stand.
    Paren(Expr),
    /// `x.sel`
    Selector {
        /// Left of the dot.
        x: Expr,
        /// A name.
        sel: Expr,
    },
    /// `x[index]`
    Index {
        /// What is indexed.
        x: Expr,
        /// The index.
        index: Expr,
    },
    /// `x[lo:hi:max]`
    Slice {
        /// What is sliced.
        x: Expr,
        /// Low, high and maximum; none when left out.
        index: [PackedOption<Expr>; 3],
        /// Whether there are two colons.
        full: bool,
    },
    /// `x.(typ)`
    Assert {
        /// The interface value.
        x: Expr,
        /// The asserted type.
        typ: Expr,
    },
    /// `lhs := x.(type)`
    TypeSwitchGuard {
        /// The declared name; none without `lhs :=`.
        lhs: PackedOption<Expr>,
        /// The interface value.
        x: Expr,
    },
    /// `op x`; `*x` is also the pointer type.
    Unary {
        /// One of `+ - ! ^ * & <-`.
        op: Operator,
        /// The operand.
        x: Expr,
    },
    /// `x op y`
    Binary {
        /// The operator.
        op: Operator,
        /// Left operand.
        x: Expr,
        /// Right operand.
        y: Expr,
    },
    /// `fun(args)`, also a conversion.
    Call {
        /// The function or type.
        fun: Expr,
        /// The arguments.
        args: List<Expr>,
        /// Whether `...` follows the last argument.
        has_dots: bool,
    },
    /// `[len]elem`
    ArrayType {
        /// None for `[...]elem`.
        len: PackedOption<Expr>,
        /// Type of the elements.
        elem: Expr,
    },
    /// `[]elem`
    SliceType(Expr),
    /// `...elem`, the type of a last parameter.
    DotsType(Expr),
    /// `struct { fields }`
    StructType(List<Field>),
    /// `interface { methods }`
    InterfaceType(List<Field>),
    /// `func (params) results`
    FuncType {
        /// The parameters: all named or none.
        params: List<Field>,
        /// The results: all named or none.
        results: List<Field>,
    },
    /// `map[key]value`
    MapType {
        /// Type of the keys.
        key: Expr,
        /// Type of the values.
        value: Expr,
    },
    /// `chan elem`, `chan<- elem`, `<-chan elem`
    ChanType {
        /// Which of the three.
        dir: ChanDir,
        /// Type of the elements.
        elem: Expr,
    },
}

/// Direction of a channel type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChanDir {
    /// `chan T`
    Both,
    /// `chan<- T`
    SendOnly,
    /// `<-chan T`
    RecvOnly,
}

/// A statement.
#[derive(Clone, Copy, Debug)]
pub struct StmtData {
    /// The operator of an assignment, `++`, `--` or send, the `range` keyword of a range clause, the
    /// colon of a labeled statement, the expression's position of an expression statement, else the
    /// first token.
    pub pos: Pos,
    /// What it is.
    pub kind: StmtKind,
}

/// Kinds of statements.
#[derive(Clone, Copy, Debug)]
pub enum StmtKind {
    /// Nothing.
    Empty,
    /// `label: stmt`
    Labeled {
        /// A name.
        label: Expr,
        /// The statement, at least an empty one.
        stmt: Stmt,
    },
    /// `{ list }`
    Block {
        /// The statements.
        list: List<Stmt>,
        /// Where the closing brace is.
        rbrace: Pos,
    },
    /// An expression as a statement, a call unless wrong; also a condition or tag in a header.
    Expr(Expr),
    /// `chan <- value`
    Send {
        /// The channel.
        chan: Expr,
        /// The value.
        value: Expr,
    },
    /// Declarations of one `const`, `type` or `var`.
    Decl(List<Decl>),
    /// `lhs = rhs`
    Assign {
        /// Left of the operator.
        lhs: List<Expr>,
        /// Right of it.
        rhs: List<Expr>,
    },
    /// `lhs := rhs`
    Define {
        /// Names, unless wrong.
        lhs: List<Expr>,
        /// The values.
        rhs: List<Expr>,
    },
    /// `lhs op= rhs`
    AssignOp {
        /// The binary operator.
        op: Operator,
        /// Left of the operator.
        lhs: Expr,
        /// Right of it.
        rhs: Expr,
    },
    /// `x++`, `x--`
    IncDec {
        /// [`Operator::Add`] or [`Operator::Sub`].
        op: Operator,
        /// The operand.
        x: Expr,
    },
    /// `break label`, `continue label`, `goto label`, `fallthrough`
    Branch {
        /// Which of the four.
        kind: BranchKind,
        /// A name; none when left out.
        label: PackedOption<Expr>,
    },
    /// `go call`, `defer call`
    Call {
        /// Which of the two.
        kind: CallKind,
        /// Of kind [`ExprKind::Call`].
        call: Expr,
    },
    /// `return results`
    Return(List<Expr>),
    /// `if init; cond then else els`
    If {
        /// A simple statement.
        init: PackedOption<Stmt>,
        /// None only after an error.
        cond: PackedOption<Expr>,
        /// A block.
        then: Stmt,
        /// A block or another `if`.
        els: PackedOption<Stmt>,
    },
    /// `for init; cond; post body`
    For {
        /// A simple statement or a [`StmtKind::Range`].
        init: PackedOption<Stmt>,
        /// None for an endless loop and with a range clause.
        cond: PackedOption<Expr>,
        /// A simple statement.
        post: PackedOption<Stmt>,
        /// A block.
        body: Stmt,
    },
    /// `lhs := range x`, the `init` of a [`StmtKind::For`].
    Range {
        /// Empty when left out.
        lhs: List<Expr>,
        /// Whether `lhs` is declared.
        def: bool,
        /// What is ranged over.
        x: Expr,
    },
    /// `switch init; tag { clauses }`
    Switch {
        /// A simple statement.
        init: PackedOption<Stmt>,
        /// May be a [`ExprKind::TypeSwitchGuard`]; none means `true`.
        tag: PackedOption<Expr>,
        /// The clauses, with `cases`.
        body: List<Clause>,
        /// Where the closing brace is.
        rbrace: Pos,
    },
    /// `select { clauses }`
    Select {
        /// The clauses, with `comm`.
        body: List<Clause>,
        /// Where the closing brace is.
        rbrace: Pos,
    },
}

/// Kinds of branch statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchKind {
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `fallthrough`
    Fallthrough,
    /// `goto`
    Goto,
}

/// Kinds of call statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// `go`
    Go,
    /// `defer`
    Defer,
}

impl BranchKind {
    /// The keyword.
    pub fn text(self) -> &'static str {
        match self {
            BranchKind::Break => "break",
            BranchKind::Continue => "continue",
            BranchKind::Fallthrough => "fallthrough",
            BranchKind::Goto => "goto",
        }
    }
}

impl CallKind {
    /// The keyword.
    pub fn text(self) -> &'static str {
        match self {
            CallKind::Go => "go",
            CallKind::Defer => "defer",
        }
    }
}

/// A clause of a `switch` or `select`.
#[derive(Clone, Copy, Debug)]
pub struct ClauseData {
    /// The keyword `case` or `default`.
    pub pos: Pos,
    /// The values or types of a `case` in a `switch`; empty for `default`.
    pub cases: List<Expr>,
    /// The communication of a `case` in a `select`; none for `default`.
    pub comm: PackedOption<Stmt>,
    /// The statements.
    pub body: List<Stmt>,
    /// Where the colon is.
    pub colon: Pos,
}

/// The syntax tree of a package.
#[derive(Clone, Debug, Default)]
pub struct Ast {
    /// All files, in the order in which they were parsed.
    pub files: PrimaryMap<File, FileData>,
    /// All declarations, nested ones included.
    pub decls: PrimaryMap<Decl, DeclData>,
    /// All expressions; one has a larger id than those that it consists of.
    pub exprs: PrimaryMap<Expr, ExprData>,
    /// All statements.
    pub stmts: PrimaryMap<Stmt, StmtData>,
    /// All fields.
    pub fields: PrimaryMap<Field, FieldData>,
    /// All clauses.
    pub clauses: PrimaryMap<Clause, ClauseData>,
    /// All sets of directives.
    pub pragmas: PrimaryMap<Pragma, PragmaData>,
    /// Identifiers and texts of literals.
    pub interner: Interner,
    /// Number of groups.
    pub(crate) n_groups: u32,
    pub(crate) expr_pool: Vec<Expr>,
    pub(crate) stmt_pool: Vec<Stmt>,
    pub(crate) decl_pool: Vec<Decl>,
    pub(crate) field_pool: Vec<Field>,
    pub(crate) clause_pool: Vec<Clause>,
}

impl Ast {
    /// The text of an identifier or literal.
    pub fn text(&self, sym: Sym) -> &str {
        self.interner.text(sym)
    }

    /// The identifier that `expr` is; none for other expressions.
    pub fn name(&self, expr: Expr) -> Option<Sym> {
        match self[expr].kind {
            ExprKind::Name(sym) => Some(sym),
            _ => None,
        }
    }

    /// `expr` without parentheses around it.
    pub fn unparen(&self, mut expr: Expr) -> Expr {
        while let ExprKind::Paren(x) = self[expr].kind {
            expr = x;
        }
        expr
    }

    /// A new group.
    pub(crate) fn new_group(&mut self) -> Group {
        self.n_groups += 1;
        Group(self.n_groups - 1)
    }
}

/// Node look-up, slices of lists, and making lists, for one type of node each.
macro_rules! arena {
    ($id:ident, $data:ident, $map:ident, $pool:ident) => {
        impl Index<$id> for Ast {
            type Output = $data;
            fn index(&self, id: $id) -> &$data {
                &self.$map[id]
            }
        }
        impl Index<List<$id>> for Ast {
            type Output = [$id];
            fn index(&self, list: List<$id>) -> &[$id] {
                &self.$pool[list.start as usize..][..list.len as usize]
            }
        }
        impl Pooled for $id {
            fn pool(ast: &mut Ast) -> &mut Vec<$id> {
                &mut ast.$pool
            }
        }
    };
}

/// Nodes that come in lists.
pub(crate) trait Pooled: Copy {
    fn pool(ast: &mut Ast) -> &mut Vec<Self>;

    /// Moves what `scratch` holds from `start` on into a list.
    fn list(ast: &mut Ast, scratch: &mut Vec<Self>, start: usize) -> List<Self> {
        let pool = Self::pool(ast);
        let list = List {
            start: pool.len() as u32,
            len: (scratch.len() - start) as u32,
            of: PhantomData,
        };
        pool.extend_from_slice(&scratch[start..]);
        scratch.truncate(start);
        list
    }
}

arena!(Expr, ExprData, exprs, expr_pool);
arena!(Stmt, StmtData, stmts, stmt_pool);
arena!(Decl, DeclData, decls, decl_pool);
arena!(Field, FieldData, fields, field_pool);
arena!(Clause, ClauseData, clauses, clause_pool);

impl Index<File> for Ast {
    type Output = FileData;
    fn index(&self, file: File) -> &FileData {
        &self.files[file]
    }
}

impl Index<Pragma> for Ast {
    type Output = PragmaData;
    fn index(&self, pragma: Pragma) -> &PragmaData {
        &self.pragmas[pragma]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_small() {
        assert_eq!(size_of::<ExprData>(), 32);
        assert_eq!(size_of::<StmtData>(), 36);
        assert_eq!(size_of::<DeclData>(), 40);
        assert_eq!(size_of::<FieldData>(), 20);
        assert_eq!(size_of::<ClauseData>(), 36);
    }
}
