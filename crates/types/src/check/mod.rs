//! The checker: names, then types, in gc's phases.
//!
//! 1. [`resolve`] walks every file once and does what gc does while it builds its tree: declares, resolves
//!    what is declared already, reports redeclarations and unused imports. A name that is
//!    not declared yet is looked up in the package's scope when its type is asked for.
//! 2. Constants, types and signatures; then package-level variables; then function bodies ([`decl`],
//!    [`stmt`], [`expr`]). The first one to need an object checks its declaration.
//! 3. Without errors so far: unused variables, the order of initialisation, the types of variables that
//!    nothing needed.
//!
//! gc has one mutable tree. Here the tree stays, and what gc writes into a node is written into tables by
//! expression. Two habits of gc's are visible in its messages and kept: the current position is a global
//! that nodes set when they are entered, names declared earlier excepted, which have no position of
//! their own (gc: subr.go, setlineno); and an error takes the type away from the node that it is
//! about, which for a name is the one node of its object, so that later uses of it are silent.

mod assign;
mod call;
mod convert;
mod decl;
mod expr;
mod imports;
mod initorder;
mod literal;
mod operation;
mod packages;
mod print;
mod resolve;
mod resolve_expr;
mod resolve_stmt;
mod returns;
mod stmt;
mod universe;
mod unsupported;

pub use packages::Imports;

use std::fmt;

use cranelift_entity::{EntityRef, PrimaryMap, SecondaryMap};
use minigo_base::{Diagnostics, Pos, PosTable};
use minigo_syntax::ast::{Ast, Expr, ExprKind};
use minigo_syntax::sym::Sym;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::constant::{Const, Messages, Value};
use crate::info::{ExprInfo, Func, Init, Mode, Object, ObjectKind, Package, VarKind};
use crate::ty::{Kind, Type, Types};

/// Checks a package.
///
/// The result is complete only if there are no errors in `diags` then. With syntax errors in there before,
/// and when something is refused, names are resolved, which may report more, and types are not checked.
pub fn check<'a>(
    ast: &'a Ast,
    positions: &'a PosTable,
    diags: &'a mut Diagnostics,
    imports: Imports<'a>,
) -> Package {
    let mut checker = Checker::new(ast, positions, diags, imports);
    checker.resolve_files();
    if checker.diags.syntax_errors == 0 && !checker.refused && !checker.silent {
        checker.checking = true;
        checker.check_package();
    }
    checker.package
}

/// In which context an expression stands, as a set.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Top(u8);

impl Top {
    /// A statement.
    const STMT: Top = Top(1);
    /// A value is wanted.
    const EXPR: Top = Top(2);
    /// A type is wanted.
    const TYPE: Top = Top(4);
    /// It is called.
    const CALLEE: Top = Top(8);
    /// A call may have several results.
    const MULTI: Top = Top(16);
    /// It is assigned to.
    const ASSIGN: Top = Top(32);

    fn has(self, other: Top) -> bool {
        self.0 & other.0 != 0
    }
}

impl std::ops::BitOr for Top {
    type Output = Top;
    fn bitor(self, other: Top) -> Top {
        Top(self.0 | other.0)
    }
}

/// Marks on expressions, as a set.
mod mark {
    /// Has been checked.
    pub const CHECKED: u16 = 1;
    /// An error about it has been reported (gc: Node.Diag).
    pub const DIAG: u16 = 2;
    /// A name that was not declared when it was read.
    pub const LATE: u16 = 4;
    /// Parentheses that the checker has taken away: messages print without them.
    pub const STRIPPED: u16 = 8;
    /// A name that is `iota` and has become a number.
    pub const IOTA: u16 = 16;
    /// Something minigo has not, and that was said.
    pub const REFUSED: u16 = 32;
    /// Is checked all the same, but of a type that minigo has no values of.
    pub const UNSUPPORTED: u16 = 64;
    /// Wrong on the left of `:=`, and stands for `_`.
    pub const BLANKED: u16 = 128;
    /// A sum of constant strings of which one had a type.
    pub const TYPED_SUM: u16 = 256;
    /// A call with too many arguments, of which only the first is left.
    pub const FIRST_ARG: u16 = 512;
}

/// How far an object or a package-level assignment is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Unchecked,
    Pending,
    Done,
}

/// The declaration behind an object, as long as the checker needs it.
#[derive(Clone, Copy, Debug, Default)]
enum Definition {
    /// Predeclared, a parameter, or a function.
    #[default]
    None,
    /// A constant.
    Const {
        typ: Option<Expr>,
        value: Expr,
        /// The value is repeated from a declaration above.
        copied: bool,
        iota: i64,
    },
    /// A type.
    Type { typ: Expr, alias: bool },
    /// A parameter or result whose type was wrong in the signature.
    Param(Expr),
    /// A variable; its type is written or comes from the value.
    Var {
        typ: Option<Expr>,
        /// The package-level assignment that gives it a value.
        init: Option<Init>,
    },
}

/// A top-level declaration to be checked (gc: xtop).
#[derive(Clone, Copy, Debug)]
enum Item {
    Const(Object, Pos),
    Type {
        object: Object,
        pos: Pos,
        alias: bool,
    },
    Func(Func, Pos),
    Init(Init),
    /// `var _ T`, which has nothing to execute.
    BlankVar(Object, Pos),
}

/// What is being checked, for messages about loops (gc: typecheck_tcstack).
#[derive(Clone, Copy, Debug)]
enum Entry {
    Object(Object),
    Expr(Expr),
    Init(Init),
    /// A declaration, as messages call it, and its position.
    Decl(&'static str, Pos),
}

/// What a name means where the resolver is (gc: types.Sym).
#[derive(Clone, Copy, Debug, Default)]
struct Binding {
    def: cranelift_entity::packed_option::PackedOption<Object>,
    /// Number of the block with the declaration; 0 for none.
    block: u32,
    /// Position that a redeclaration calls the previous one.
    last_pos: Pos,
}

struct Checker<'a> {
    ast: &'a Ast,
    positions: &'a PosTable,
    diags: &'a mut Diagnostics,
    imports: Imports<'a>,
    package: Package,
    /// The current position (gc: lineno).
    pos: Pos,
    /// While names are resolved, the results of the innermost function.
    results: Vec<Object>,
    /// Something was refused.
    refused: bool,
    /// An error was reported.
    wrong: bool,
    /// Names are resolved, and types are being checked.
    checking: bool,
    /// Something was refused, or gc would have given up: errors are no longer reported, because they may
    /// follow from that.
    silent: bool,
    /// Values of types that minigo has not, to be refused if nothing is wrong.
    unsupported: Vec<(Pos, &'static str)>,
    marks: SecondaryMap<Expr, u16>,
    definitions: SecondaryMap<Object, Definition>,
    /// Whether the object's name is being checked.
    states: SecondaryMap<Object, State>,
    /// Whether the object's declaration is checked (gc: Walkdef).
    defined: SecondaryMap<Object, State>,
    init_states: SecondaryMap<Init, State>,
    /// Objects that an error has been reported about.
    object_diags: SecondaryMap<Object, bool>,
    /// Where a variable is given its first value, if it is declared with one.
    assigned_at: SecondaryMap<Object, Pos>,
    /// Signatures, which stay with the functions even if an error has taken their names' types away.
    signatures: SecondaryMap<Func, Option<Type>>,
    items: Vec<Item>,
    stack: Vec<Entry>,
    /// `iota` of the constant whose declaration is being checked, innermost last; none for other objects.
    iotas: Vec<Option<i64>>,
    /// The number that each `iota` stands for, whatever it is converted to.
    iota_numbers: FxHashMap<Expr, i64>,
    /// Position of all expressions but literals in a repeated constant value.
    copy_pos: Option<Pos>,
    /// The function being walked.
    func: Option<Func>,
    bindings: SecondaryMap<Sym, Binding>,
    /// Bindings to restore at the end of blocks.
    shadowed: Vec<(Sym, Binding)>,
    /// Per open block: length of `shadowed` and number of the block around.
    scopes: Vec<(usize, u32)>,
    /// Imported packages.
    imported: Vec<imports::ImportedPackage>,
    /// The file's imports whose names are known without the package's.
    dot_imports: Vec<imports::DotImport>,
    /// Number of the current block, and the last number given.
    block: u32,
    last_block: u32,
    universe: FxHashMap<&'static str, Object>,
    /// Functions of other packages: path, name, object.
    externs: Vec<(&'static str, &'static str, Object)>,
    blank: Object,
    n_inits: u32,
    messages: Messages,
}

impl<'a> Checker<'a> {
    fn new(
        ast: &'a Ast,
        positions: &'a PosTable,
        diags: &'a mut Diagnostics,
        imports: Imports<'a>,
    ) -> Self {
        let package = Package {
            name: Sym::BLANK,
            imports: Vec::new(),
            types: Types::default(),
            objects: PrimaryMap::new(),
            values: PrimaryMap::new(),
            exprs: SecondaryMap::new(),
            funcs: PrimaryMap::new(),
            globals: Vec::new(),
            inits: PrimaryMap::new(),
            init_order: Vec::new(),
            spreads: Vec::new(),
            collapsed: FxHashSet::default(),
        };
        let mut checker = Checker {
            ast,
            positions,
            diags,
            imports,
            package,
            pos: Pos::NONE,
            results: Vec::new(),
            refused: false,
            wrong: false,
            checking: false,
            silent: false,
            unsupported: Vec::new(),
            object_diags: SecondaryMap::new(),
            marks: SecondaryMap::new(),
            definitions: SecondaryMap::new(),
            states: SecondaryMap::new(),
            defined: SecondaryMap::new(),
            init_states: SecondaryMap::new(),
            assigned_at: SecondaryMap::new(),
            signatures: SecondaryMap::new(),
            items: Vec::new(),
            stack: Vec::new(),
            iotas: Vec::new(),
            iota_numbers: FxHashMap::default(),
            copy_pos: None,
            func: None,
            bindings: SecondaryMap::new(),
            shadowed: Vec::new(),
            scopes: Vec::new(),
            imported: Vec::new(),
            dot_imports: Vec::new(),
            block: 1,
            last_block: 1,
            universe: FxHashMap::default(),
            externs: Vec::new(),
            blank: Object::new(0),
            n_inits: 0,
            messages: Messages::new(),
        };
        checker.package.exprs.resize(ast.exprs.len());
        checker.marks.resize(ast.exprs.len());
        checker.declare_universe();
        checker
    }

    /// The phases after the resolver (gc: main.go).
    fn check_package(&mut self) {
        for index in 0..self.items.len() {
            match self.items[index] {
                Item::Const(object, pos) => self.check_const_item(object, pos),
                Item::Type {
                    object,
                    pos,
                    alias: false,
                } => self.check_type_item(object, pos),
                Item::Func(func, pos) => self.check_signature_item(func, pos),
                Item::Type { .. } | Item::Init(_) | Item::BlankVar(..) => {}
            }
        }
        for index in 0..self.items.len() {
            match self.items[index] {
                Item::Type {
                    object,
                    pos,
                    alias: true,
                } => self.check_type_item(object, pos),
                Item::Init(init) => self.check_init_item(init),
                Item::BlankVar(object, pos) => self.check_blank_item(object, pos),
                Item::Const(..) | Item::Type { .. } | Item::Func(..) => {}
            }
        }
        for func in self.package.funcs.keys() {
            self.check_body(func);
            if self.diags.stopped() {
                return;
            }
        }
        if !self.wrong && self.diags.syntax_errors == 0 {
            self.refuse_unsupported();
        }
        if self.diags.is_empty() {
            self.report_unused_variables();
        }
        if self.diags.is_empty() {
            self.order_inits();
        }
        if self.diags.is_empty() {
            self.check_unneeded_variables();
        }
        if self.diags.is_empty() {
            self.refuse_unsupported();
        }
    }

    /// Variables without a value that nothing referred to, whose types are still unchecked.
    fn check_unneeded_variables(&mut self) {
        // gc is nowhere in particular here, or where the generated function of initialisation starts.
        let mut inits = self
            .package
            .init_order
            .iter()
            .map(|&init| &self.package.inits[init]);
        let first = inits.find(|init| {
            let value = self.unwrap(init.rhs);
            self.info(value).value.is_none() && self.object_of(value).is_none()
        });
        let pos = first.map_or(Pos::NONE, |init| init.pos);
        for index in 0..self.package.globals.len() {
            let object = self.package.globals[index];
            if matches!(self.package[object].kind, ObjectKind::Var(_)) {
                self.pos = pos;
                self.check_object(object, Top::EXPR);
            }
        }
    }

    /// Reports an error at the current position.
    fn error(&mut self, message: impl fmt::Display) {
        self.error_at(self.pos, message);
    }

    /// Reports an error.
    fn error_at(&mut self, pos: Pos, message: impl fmt::Display) {
        self.error_with_hint(pos, message, "");
    }

    /// Reports an error, and what may be done about it.
    fn error_with_hint(&mut self, pos: Pos, message: impl fmt::Display, hint: &'static str) {
        if !self.silent {
            self.diags.error_with_hint(pos, message, hint);
            self.wrong = true;
        }
    }

    /// Refuses something that Go has and minigo has not. After syntax errors it may be something else.
    fn refuse_at(&mut self, pos: Pos, what: impl fmt::Display) {
        if self.diags.syntax_errors > 0 {
            return;
        }
        self.diags
            .error(pos, format_args!("minigo does not support {what}"));
        self.refused = true;
        self.silent |= self.checking;
    }

    /// Remembers an expression or type that minigo has no values of. gc's errors are worth more.
    fn mark_unsupported(&mut self, expr: Expr, what: &'static str) {
        if !self.has_mark(expr, mark::UNSUPPORTED) {
            self.set_mark(expr, mark::UNSUPPORTED);
            self.unsupported.push((self.ast[expr].pos, what));
        }
    }

    fn refuse_unsupported(&mut self) {
        for (pos, what) in std::mem::take(&mut self.unsupported) {
            self.refuse_at(pos, what);
        }
    }

    /// Whether an error about an expression, or about the object that it names, has been reported.
    fn has_diag(&self, expr: Expr) -> bool {
        self.has_mark(expr, mark::DIAG)
            || self
                .object_of(expr)
                .is_some_and(|object| self.object_diags[object])
    }

    fn set_diag(&mut self, expr: Expr) {
        match self.object_of(expr) {
            Some(object) => self.object_diags[object] = true,
            None => self.set_mark(expr, mark::DIAG),
        }
    }

    /// Reports the messages of constant arithmetic at the current position.
    fn report_messages(&mut self) {
        for message in std::mem::take(&mut self.messages) {
            self.error(message);
        }
    }

    /// A position as messages print it.
    fn place(&self, pos: Pos) -> String {
        self.positions.format(pos, true, false)
    }

    fn info(&self, expr: Expr) -> &ExprInfo {
        &self.package.exprs[expr]
    }

    fn info_mut(&mut self, expr: Expr) -> &mut ExprInfo {
        &mut self.package.exprs[expr]
    }

    /// The type of an unwrapped expression.
    fn ty(&self, expr: Expr) -> Type {
        self.package.exprs[expr].ty
    }

    fn kind_of(&self, expr: Expr) -> Kind {
        self.package.types.kind(self.ty(expr))
    }

    fn kind(&self, ty: Type) -> Kind {
        self.package.types.kind(ty)
    }

    fn type_name(&self, ty: Type) -> String {
        self.package.types.display(ty)
    }

    fn set_value(&mut self, expr: Expr, value: Value) {
        let id: Const = self.package.values.push(value);
        self.info_mut(expr).value = id.into();
    }

    fn has_mark(&self, expr: Expr, mark: u16) -> bool {
        self.marks[expr] & mark != 0
    }

    fn set_mark(&mut self, expr: Expr, mark: u16) {
        self.marks[expr] |= mark;
    }

    fn clear_mark(&mut self, expr: Expr, mark: u16) {
        self.marks[expr] &= !mark;
    }

    fn unwrap(&self, expr: Expr) -> Expr {
        self.package.unwrap(self.ast, expr)
    }

    /// Takes the type away from an expression that an error was reported about, and from the object
    /// that it names (gc sets n.Type to nil).
    fn invalidate(&mut self, expr: Expr) {
        self.info_mut(expr).ty = Type::INVALID;
        if self.has_mark(expr, mark::IOTA) {
            return;
        }
        if let Some(object) = self.info(expr).object.expand()
            && self.is_name(expr)
        {
            self.package.objects[object].ty = Type::INVALID;
        }
    }

    /// Whether the expression is a node that gc shares with its declaration: a name, or one of another
    /// package.
    fn is_name(&self, expr: Expr) -> bool {
        match self.ast[expr].kind {
            ExprKind::Name(_) => true,
            ExprKind::Selector { .. } => self.info(expr).object.is_some(),
            _ => false,
        }
    }

    /// The object that an expression names, if it is a name and no number made of `iota`.
    fn object_of(&self, expr: Expr) -> Option<Object> {
        if !self.is_name(expr) || self.has_mark(expr, mark::IOTA) {
            return None;
        }
        self.info(expr).object.expand()
    }

    /// Whether it names a variable.
    fn variable(&self, expr: Expr) -> Option<Object> {
        self.object_of(expr)
            .filter(|&object| matches!(self.package[object].kind, ObjectKind::Var(_)))
    }

    fn is_blank(&self, expr: Expr) -> bool {
        self.ast.name(expr) == Some(Sym::BLANK)
    }

    fn is_type(&self, expr: Expr) -> bool {
        self.info(expr).mode == Mode::Type
    }

    /// Makes the position of an expression the current one, when it has its own; `checked` is whether names
    /// have been replaced by what they stand for (gc: subr.go, setlineno).
    fn enter(&mut self, expr: Expr, checked: bool) -> Pos {
        let before = self.pos;
        let late = self.has_mark(expr, mark::LATE);
        match self.ast[expr].kind {
            ExprKind::Name(_) => {
                let is_own_node =
                    self.has_mark(expr, mark::IOTA) || self.info(expr).object.is_none();
                if late && (!checked || is_own_node) {
                    self.pos = self.ast[expr].pos;
                }
            }
            // Unknown names of packages stand where gc made their node: at the package's name.
            ExprKind::Selector { x, .. } if late => self.pos = self.ast[x].pos,
            ExprKind::Selector { .. } if self.is_name(expr) => {}
            ExprKind::BasicLit { .. } => self.pos = self.ast[expr].pos,
            _ => self.pos = self.copy_pos.unwrap_or(self.ast[expr].pos),
        }
        before
    }

    /// Variables that are never read, function by function (gc: walk.go).
    fn report_unused_variables(&mut self) {
        for func in self.package.funcs.keys() {
            if self.package[func].body.is_none() {
                continue;
            }
            for index in 0..self.package[func].declared.len() {
                let object = &self.package[self.package[func].declared[index]];
                if object.kind == ObjectKind::Var(VarKind::Local) && !object.used {
                    let crate::info::Name::Source(sym) = object.name else {
                        continue;
                    };
                    let name = self.ast.text(sym);
                    let message = format_args!("{name} declared but not used");
                    let hint = "remove it, or assign it to the blank identifier: _ = name";
                    self.error_with_hint(object.pos, message, hint);
                }
            }
        }
    }
}
