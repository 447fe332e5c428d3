//! The syntax tree of a package: arenas of expressions, statements, declarations and their parts.
//!
//! All files of a package are parsed into one [`Ast`], so ids are unique in the package and later stages keep their
//! results in side tables by id. Nodes are small and `Copy`; children are ids, and lists are ranges of a pool.
//! `ast[id]` is a node, `&ast[list]` the slice of a list. Nodes are never freed one by one, so that dropping a deep
//! tree takes no stack.
//!
//! Kinds of nodes and their positions are gc's (gc: syntax/nodes.go): [`ExprData::pos`] and its counterparts document
//! the token at which a node stands. Declared names are expressions of kind [`ExprKind::Name`] like used ones, so that
//! one table by [`Expr`] holds the objects of both.

use std::marker::PhantomData;
use std::ops::Index;

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{PrimaryMap, entity_impl};
use minigo_base::{ChunkMap, Pos, PosBase};

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

/// The parentheses of a declaration like `const ( … )`. Declarations of one group have the same id.
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
    /// Returns the number of children.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Reports whether the list is empty.
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
    /// Position of the first token.
    pub pos: Pos,
    /// The base of positions before any line directive.
    pub base: PosBase,
    /// Directives in front of the package clause.
    pub pragma: PackedOption<Pragma>,
    /// The package's name; none if the package clause is wrong, in which case there are no declarations either.
    pub pkg_name: PackedOption<Expr>,
    /// Top-level declarations in source order.
    pub decls: List<Decl>,
    /// `//go:linkname` directives in source order.
    pub linknames: Vec<Linkname>,
    /// The version that a `//go:build` line asks for, as the number after `go1.`.
    pub go_version: Option<u32>,
    /// Number of lines: the line of the end of the file.
    pub lines: u32,
}

/// A `//go:linkname local remote` directive.
#[derive(Clone, Debug)]
pub struct Linkname {
    /// Start of the directive's text, after the slashes.
    pub pos: Pos,
    /// The directive: `go:linkname`, or `go:linknamestd`.
    pub verb: &'static str,
    /// The name in this package.
    pub local: Sym,
    /// The symbol's name for the linker; none for the default.
    pub remote: Option<Sym>,
}

/// A declaration.
#[derive(Clone, Copy, Debug)]
pub struct DeclData {
    /// The first token of the specification: a name, a path, a receiver's parenthesis. The keyword in front (`var`,
    /// `func`) is not part of it.
    pub pos: Pos,
    /// The enclosing parentheses, if any.
    pub group: PackedOption<Group>,
    /// Directives in front of the declaration.
    pub pragma: PackedOption<Pragma>,
    /// The kind of declaration, with its parts.
    pub kind: DeclKind,
}

/// Kinds of declarations.
#[derive(Clone, Copy, Debug)]
pub enum DeclKind {
    /// `import name "path"`
    Import {
        /// The local name, which may be `.`; none for an import without renaming.
        local_name: PackedOption<Expr>,
        /// A basic literal of any kind, or [`ExprKind::Bad`] if it is missing.
        path: Expr,
    },
    /// `const names typ = values`
    Const {
        /// At least one name.
        names: List<Expr>,
        /// None if omitted.
        typ: PackedOption<Expr>,
        /// Empty for the implicit repetition of the last non-empty list of the group.
        values: List<Expr>,
    },
    /// `type name typ` and `type name = typ`
    Type {
        /// The declared name.
        name: Expr,
        /// Whether this is an alias, with an `=`.
        alias: bool,
        /// The type.
        typ: Expr,
    },
    /// `var names typ = values`
    Var {
        /// At least one name.
        names: List<Expr>,
        /// None if omitted.
        typ: PackedOption<Expr>,
        /// Empty if omitted.
        values: List<Expr>,
    },
    /// `func (recv) name typ body`
    Func {
        /// None for a function that is not a method.
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
    /// The first token of the field. Fields of one list of names share a type, so its position would not do.
    pub pos: Pos,
    /// None for an unnamed parameter and an embedded field or interface.
    pub name: PackedOption<Expr>,
    /// The type; of kind [`ExprKind::FuncType`] for a method. The two fields of `a, b T` have the same type id.
    pub typ: Expr,
    /// A struct field's tag: a basic literal of any kind.
    pub tag: PackedOption<Expr>,
}

/// An expression or type.
#[derive(Clone, Copy, Debug)]
pub struct ExprData {
    /// For a binary or unary operation, the operator; for a suffix of an operand (call, index, slice, selector,
    /// assertion, type switch guard), its opening bracket or dot; for a composite literal, the opening brace; for a key
    /// and value, the colon; for a function type, the opening parenthesis; else the first token.
    pub pos: Pos,
    /// The kind of expression, with its operands.
    pub kind: ExprKind,
}

/// Kinds of expressions and types.
#[derive(Clone, Copy, Debug)]
pub enum ExprKind {
    /// Source that could not be parsed. The error has been reported.
    Bad,
    /// An identifier, used or declared.
    Name(Sym),
    /// A literal as spelled in the source.
    BasicLit {
        /// Kind of literal.
        kind: LitKind,
        /// Whether the spelling is wrong. The error has been reported.
        bad: bool,
        /// Source text, including quotes.
        text: Sym,
    },
    /// `typ{elems}`
    CompositeLit {
        /// None if elided, inside another composite literal.
        typ: PackedOption<Expr>,
        /// Values, or [`ExprKind::KeyValue`]s for elements with a key.
        elems: List<Expr>,
        /// Position of the closing brace.
        rbrace: Pos,
    },
    /// `key: value` in a composite literal.
    KeyValue {
        /// The key: left of the colon.
        key: Expr,
        /// The value: right of the colon.
        value: Expr,
    },
    /// `func typ body`
    FuncLit {
        /// Of kind [`ExprKind::FuncType`].
        typ: Expr,
        /// Of kind [`StmtKind::Block`].
        body: Stmt,
    },
    /// `(x)`. Parentheses are dropped where only a type can stand.
    Paren(Expr),
    /// `x.sel`
    Selector {
        /// The operand: left of the dot.
        x: Expr,
        /// A name: right of the dot.
        sel: Expr,
    },
    /// `x, y`, several types or values between the brackets of [`ExprKind::Index`]
    List(List<Expr>),
    /// `x[index]`
    Index {
        /// The indexed operand.
        x: Expr,
        /// The index.
        index: Expr,
    },
    /// `x[lo:hi:max]`
    Slice {
        /// The sliced operand.
        x: Expr,
        /// Low, high and maximum; none if omitted.
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
        /// The declared name; none if there is no `lhs :=`.
        lhs: PackedOption<Expr>,
        /// The interface value.
        x: Expr,
    },
    /// `op x`. Also `*x` as a pointer type.
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
    /// `fun(args)`. Also a conversion.
    Call {
        /// The function or type.
        fun: Expr,
        /// The arguments.
        args: List<Expr>,
        /// Whether `...` follows the last argument.
        has_dots: bool,
        /// The opening parenthesis.
        lparen: Pos,
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
        /// Which of the three forms.
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
    /// For an assignment, `++`, `--` or send, the operator; for a range clause, the keyword `range`; for a labeled
    /// statement, the colon; for an expression statement, the expression's position; else the first token.
    pub pos: Pos,
    /// The kind of statement, with its parts.
    pub kind: StmtKind,
}

/// Kinds of statements.
#[derive(Clone, Copy, Debug)]
pub enum StmtKind {
    /// The empty statement.
    Empty,
    /// `label: stmt`
    Labeled {
        /// The label, a name.
        label: Expr,
        /// The labeled statement; an empty one if there is none.
        stmt: Stmt,
    },
    /// `{ list }`
    Block {
        /// The statements.
        list: List<Stmt>,
        /// Position of the closing brace.
        rbrace: Pos,
    },
    /// An expression statement, which is a call unless wrong; also a condition or tag in a header.
    Expr(Expr),
    /// `chan <- value`
    Send {
        /// The channel.
        chan: Expr,
        /// The value.
        value: Expr,
    },
    /// The declarations of one `const`, `type` or `var`.
    Decl(List<Decl>),
    /// `lhs = rhs`
    Assign {
        /// The operands: left of the operator.
        lhs: List<Expr>,
        /// The values: right of the operator.
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
        /// The operand: left of the operator.
        lhs: Expr,
        /// The value: right of the operator.
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
        /// Which of the four keywords.
        kind: BranchKind,
        /// The label, a name; none if omitted.
        label: PackedOption<Expr>,
    },
    /// `go call`, `defer call`
    Call {
        /// Which of the two keywords.
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
        /// None in an endless loop or with a range clause.
        cond: PackedOption<Expr>,
        /// A simple statement.
        post: PackedOption<Stmt>,
        /// A block.
        body: Stmt,
    },
    /// `lhs := range x`, the `init` of a [`StmtKind::For`].
    Range {
        /// Empty if omitted.
        lhs: List<Expr>,
        /// Whether the clause declares `lhs`.
        def: bool,
        /// The operand.
        x: Expr,
    },
    /// `switch init; tag { clauses }`
    Switch {
        /// A simple statement.
        init: PackedOption<Stmt>,
        /// The operand; may be a [`ExprKind::TypeSwitchGuard`]; none means `true`.
        tag: PackedOption<Expr>,
        /// The clauses, with their `cases`.
        body: List<Clause>,
        /// Position of the closing brace.
        rbrace: Pos,
    },
    /// `select { clauses }`
    Select {
        /// The clauses, with their `comm`.
        body: List<Clause>,
        /// Position of the closing brace.
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
    /// Returns the keyword as source.
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
    /// Returns the keyword as source.
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
    /// Position of the keyword `case` or `default`.
    pub pos: Pos,
    /// The values or types of a `case` in a `switch`; empty for `default`.
    pub cases: List<Expr>,
    /// The communication of a `case` in a `select`; none for `default`.
    pub comm: PackedOption<Stmt>,
    /// The statements.
    pub body: List<Stmt>,
    /// Position of the colon.
    pub colon: Pos,
}

/// The syntax tree of a package.
#[derive(Clone, Debug, Default)]
pub struct Ast {
    /// All files, in the order of parsing.
    pub files: PrimaryMap<File, FileData>,
    /// All declarations, including nested ones.
    pub decls: PrimaryMap<Decl, DeclData>,
    /// All expressions. The id of an expression is larger than those of its operands.
    pub exprs: ChunkMap<Expr, ExprData>,
    /// All statements.
    pub stmts: ChunkMap<Stmt, StmtData>,
    /// All fields.
    pub fields: PrimaryMap<Field, FieldData>,
    /// All clauses.
    pub clauses: PrimaryMap<Clause, ClauseData>,
    /// All sets of directives.
    pub pragmas: PrimaryMap<Pragma, PragmaData>,
    /// Identifiers and source texts of literals.
    pub interner: Interner,
    /// Type parameters by declaration, sorted.
    pub(crate) type_params: Vec<(Decl, List<Field>)>,
    /// Number of groups.
    pub(crate) n_groups: u32,
    pub(crate) expr_pool: Vec<Expr>,
    pub(crate) stmt_pool: Vec<Stmt>,
    pub(crate) decl_pool: Vec<Decl>,
    pub(crate) field_pool: Vec<Field>,
    pub(crate) clause_pool: Vec<Clause>,
}

impl Ast {
    /// Returns the text of an identifier or literal.
    pub fn text(&self, sym: Sym) -> &str {
        self.interner.text(sym)
    }

    /// Returns the identifier if `expr` is a name.
    pub fn name(&self, expr: Expr) -> Option<Sym> {
        match self[expr].kind {
            ExprKind::Name(sym) => Some(sym),
            _ => None,
        }
    }

    /// Returns the type parameters of a type or function, if it has any.
    pub fn type_params(&self, decl: Decl) -> Option<List<Field>> {
        let index = self
            .type_params
            .binary_search_by_key(&decl, |&(decl, _)| decl);
        index.ok().map(|index| self.type_params[index].1)
    }

    /// Returns `expr` without enclosing parentheses.
    pub fn unparen(&self, mut expr: Expr) -> Expr {
        while let ExprKind::Paren(x) = self[expr].kind {
            expr = x;
        }
        expr
    }

    /// Keeps those of a file's declarations for which `keep` returns true.
    pub fn retain_decls(&mut self, file: File, keep: impl Fn(Decl) -> bool) {
        let decls = &self[self.files[file].decls];
        let mut kept: Vec<Decl> = decls.iter().copied().filter(|&decl| keep(decl)).collect();
        if kept.len() < decls.len() {
            self.files[file].decls = Pooled::list(self, &mut kept, 0);
        }
    }

    /// Allocates a group.
    pub(crate) fn new_group(&mut self) -> Group {
        self.n_groups += 1;
        Group(self.n_groups - 1)
    }
}

/// Implements node look-up, slices of lists and making lists for one type of node.
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

/// A node type that occurs in lists.
pub(crate) trait Pooled: Copy {
    fn pool(ast: &mut Ast) -> &mut Vec<Self>;

    /// Moves the elements of `scratch` from `start` on into a new list.
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
