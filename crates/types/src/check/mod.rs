//! The checker: resolves names, then checks types, in gc's phases.
//!
//! 1. [`resolve`] walks every file once and does the work that gc does while it builds its tree: it declares names,
//!    resolves those already declared, and reports redeclarations and unused imports. A name that is not declared yet
//!    is looked up in the package's scope when its type is needed.
//! 2. Constants, types and signatures are checked; then package-level variables; then function bodies ([`decl`],
//!    [`stmt`], [`expr`]). An object's declaration is checked on first use.
//! 3. If there are no errors: unused variables, the initialisation order, and the types of variables that nothing used.
//!
//! gc mutates one tree. Here the tree is constant, and the results that gc writes into nodes go into tables by
//! expression. Two of gc's habits show in its messages and are kept. The current position is a global that nodes set
//! when they are entered, except for names declared earlier, which have no position of their own (gc: subr.go,
//! setlineno). And an error takes the type away from the node at fault, which for a name is the node of its object, so
//! that later uses of the name report nothing.

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

pub(crate) use call::unsupported_value;
pub(crate) use literal::unquoted;
pub use packages::Imports;
pub(crate) use packages::{cleaned, is_local};
pub(crate) use stmt::format_float;

use std::borrow::Cow;
use std::fmt;

use cranelift_entity::{EntityRef, SecondaryMap};
use minigo_base::{Diagnostics, Pos, PosTable};
use minigo_syntax::ast::{Ast, Expr, ExprKind};
use minigo_syntax::sym::Sym;
use rustc_hash::FxHashMap;

use crate::constant::{Const, Messages, Value};
use crate::info::{ExprInfo, Func, Init, Mode, Object, ObjectKind, Package, VarKind};
use crate::profile::Profile;
use crate::ty::{Kind, Type};

/// Checks a package.
///
/// The result is complete only if `diags` then has no errors. If it contains syntax errors on entry, or if something is
/// refused, names are resolved, which may report more errors, but types are not checked.
pub(crate) fn check<'a>(
    ast: &'a Ast,
    positions: &'a PosTable,
    diags: &'a mut Diagnostics,
    imports: Imports<'a>,
    _profile: &'static Profile,
) -> Package {
    let mut checker = Checker::new(ast, positions, diags, imports);
    checker.resolve_files();
    if checker.diags.syntax_errors == 0 && !checker.refused && !checker.silent {
        checker.checking = true;
        checker.check_package();
    }
    checker.package
}

/// The set of contexts in which an expression stands (gc: typecheck's `top`).
#[derive(Clone, Copy, PartialEq, Eq)]
struct Top(u8);

impl Top {
    /// Statement context.
    const STMT: Top = Top(1);
    /// A value is required.
    const EXPR: Top = Top(2);
    /// A type is required.
    const TYPE: Top = Top(4);
    /// Callee of a call.
    const CALLEE: Top = Top(8);
    /// A call may have several results.
    const MULTI: Top = Top(16);
    /// Left side of an assignment.
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

/// Marks on expressions, a bit set.
mod mark {
    /// Checked.
    pub const CHECKED: u16 = 1;
    /// Named in a reported error (gc: Node.Diag).
    pub const DIAG: u16 = 2;
    /// A name that was undeclared when the resolver reached it.
    pub const LATE: u16 = 4;
    /// Parentheses that the checker has removed. Messages omit them.
    pub const STRIPPED: u16 = 8;
    /// The name `iota`, replaced by a number.
    pub const IOTA: u16 = 16;
    /// Unsupported and already reported.
    pub const REFUSED: u16 = 32;
    /// Checked, but of a type without run-time values.
    pub const UNSUPPORTED: u16 = 64;
    /// Wrong on the left of `:=`; treated as `_`.
    pub const BLANKED: u16 = 128;
    /// A sum of constant strings with a typed operand.
    pub const TYPED_SUM: u16 = 256;
    /// A call with too many arguments, reduced to its first.
    pub const FIRST_ARG: u16 = 512;
}

/// Progress in checking an object or a package-level assignment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Unchecked,
    Pending,
    Done,
}

/// The declaration of an object, kept until it is checked.
#[derive(Clone, Copy, Debug, Default)]
enum Definition {
    /// Predeclared, a parameter, or a function.
    #[default]
    None,
    /// A constant.
    Const {
        typ: Option<Expr>,
        value: Expr,
        /// Whether the value is repeated from an earlier declaration.
        copied: bool,
        iota: i64,
    },
    /// A type.
    Type { typ: Expr, alias: bool },
    /// A parameter or result with a wrong type in the signature.
    Param(Expr),
    /// A variable, whose type is written or comes from the value.
    Var {
        typ: Option<Expr>,
        /// The package-level assignment that initialises it.
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
    /// `var _ T`, which executes nothing.
    BlankVar(Object, Pos),
}

/// An entity being checked, for messages about cycles (gc: typecheck_tcstack).
#[derive(Clone, Copy, Debug)]
enum Entry {
    Object(Object),
    Expr(Expr),
    Init(Init),
    /// A declaration's name in messages, and its position.
    Decl(&'static str, Pos),
}

/// The current meaning of a name in the resolver (gc: types.Sym).
#[derive(Clone, Copy, Debug, Default)]
struct Binding {
    def: cranelift_entity::packed_option::PackedOption<Object>,
    /// Number of the block with the declaration; 0 if there is none.
    block: u32,
    /// Position that a redeclaration reports as the previous one.
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
    /// Results of the innermost function, while names are resolved.
    results: Vec<Object>,
    /// Whether something was refused.
    refused: bool,
    /// Whether there were errors before this check, all without the words `syntax error`.
    has_scan_errors: bool,
    /// Whether an error was reported.
    has_errors: bool,
    /// Whether names are resolved and types are being checked.
    checking: bool,
    /// Whether errors are suppressed: something was refused, or gc would have stopped, and later errors might be
    /// consequences.
    silent: bool,
    /// Expressions of types without run-time values, to be refused if there are no errors.
    unsupported: Vec<(Pos, &'static str)>,
    marks: SecondaryMap<Expr, u16>,
    definitions: SecondaryMap<Object, Definition>,
    /// Whether the object's name is being checked.
    states: SecondaryMap<Object, State>,
    /// Whether the object's declaration has been checked (gc: Walkdef).
    defined: SecondaryMap<Object, State>,
    init_states: SecondaryMap<Init, State>,
    /// Objects named in a reported error.
    object_diags: SecondaryMap<Object, bool>,
    /// Position of the first assignment to a variable declared with a value.
    assigned_at: SecondaryMap<Object, Pos>,
    /// Signatures, which outlive errors that invalidate the types of the functions' names.
    signatures: SecondaryMap<Func, Option<Type>>,
    items: Vec<Item>,
    stack: Vec<Entry>,
    /// `iota` of the constant declaration being checked, innermost last; none for other objects.
    iotas: Vec<Option<i64>>,
    /// The number that each `iota` stands for, before any conversion.
    iota_numbers: FxHashMap<Expr, i64>,
    /// Position of all expressions in a repeated constant value, except literals.
    copy_pos: Option<Pos>,
    /// The function being walked.
    func: Option<Func>,
    bindings: SecondaryMap<Sym, Binding>,
    /// Bindings to restore at the end of blocks.
    shadowed: Vec<(Sym, Binding)>,
    /// For each open block, the length of `shadowed` and the number of the enclosing block.
    scopes: Vec<(usize, u32)>,
    /// Imported packages.
    imported: Vec<imports::ImportedPackage>,
    /// Dot imports of the file.
    dot_imports: Vec<imports::DotImport>,
    /// Number of the current block, and the last number used.
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
        let mut checker = Checker {
            ast,
            positions,
            has_scan_errors: !diags.is_empty(),
            diags,
            imports,
            package: Package::new(),
            pos: Pos::NONE,
            results: Vec::new(),
            refused: false,
            has_errors: false,
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

    /// Runs the phases after the resolver (gc: main.go).
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
        if !self.has_errors && self.diags.syntax_errors == 0 {
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

    /// Checks the types of variables without a value that nothing referred to.
    fn check_unneeded_variables(&mut self) {
        // Here gc's position is unknown, or that of the generated initialisation function.
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

    /// Reports an error at `pos`.
    fn error_at(&mut self, pos: Pos, message: impl fmt::Display) {
        self.error_with_hint(pos, message, "");
    }

    /// Reports an error with a hint on how to fix it.
    fn error_with_hint(
        &mut self,
        pos: Pos,
        message: impl fmt::Display,
        hint: impl Into<Cow<'static, str>>,
    ) {
        if !self.silent {
            self.diags.error_with_hint(pos, message, hint);
            self.has_errors = true;
        }
    }

    /// Refuses an unsupported feature of Go. After syntax errors the construct may be something else, and after errors in
    /// literals it needn't be said yet, so nothing is reported.
    fn refuse_at(&mut self, pos: Pos, what: impl fmt::Display) {
        if self.diags.syntax_errors > 0 {
            return;
        }
        if !self.has_scan_errors {
            self.diags
                .error(pos, format_args!("minigo does not support {what}"));
        }
        self.refused = true;
        self.silent |= self.checking;
    }

    /// Records an expression or type without run-time values. It is refused later, if there are no errors of gc's.
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

    /// Reports whether an expression, or the object that it names, was named in a reported error.
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

    /// Formats a position as messages print it.
    fn format_pos(&self, pos: Pos) -> String {
        self.positions.format(pos, true, false)
    }

    fn info(&self, expr: Expr) -> &ExprInfo {
        &self.package.exprs[expr]
    }

    fn info_mut(&mut self, expr: Expr) -> &mut ExprInfo {
        &mut self.package.exprs[expr]
    }

    /// Returns the type of an unwrapped expression.
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
        let id: Const = self.package.add_value(value);
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

    /// Takes the type away from an expression with a reported error, and from the object that it names (gc sets n.Type
    /// to nil).
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

    /// Reports whether gc shares the expression's node with its declaration: true for an identifier or a qualified
    /// name.
    fn is_name(&self, expr: Expr) -> bool {
        match self.ast[expr].kind {
            ExprKind::Name(_) => true,
            ExprKind::Selector { .. } => self.info(expr).object.is_some(),
            _ => false,
        }
    }

    /// Returns the object that an expression names. The replaced `iota` has none.
    fn object_of(&self, expr: Expr) -> Option<Object> {
        if !self.is_name(expr) || self.has_mark(expr, mark::IOTA) {
            return None;
        }
        self.info(expr).object.expand()
    }

    /// Returns the variable that an expression names.
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

    /// Makes the position of an expression the current one if it has its own. `checked` is set once names are replaced
    /// by what they denote (gc: subr.go, setlineno). Returns the previous position.
    fn set_pos(&mut self, expr: Expr, checked: bool) -> Pos {
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
            // gc makes the node of an unknown qualified name at the package's name.
            ExprKind::Selector { x, .. } if late => self.pos = self.ast[x].pos,
            ExprKind::Selector { .. } if self.is_name(expr) => {}
            ExprKind::BasicLit { .. } => self.pos = self.ast[expr].pos,
            _ => self.pos = self.copy_pos.unwrap_or(self.ast[expr].pos),
        }
        before
    }

    /// Reports variables that are never read, function by function (gc: walk.go).
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
