//! Expressions: dispatch, names, and the requirements of their context (gc: typecheck.go, typecheck and typecheck1).

use minigo_base::{Pos, nearest};
use minigo_syntax::ast::{Expr, ExprKind};
use minigo_syntax::sym::Sym;
use minigo_syntax::token::{LitKind, Operator};

use super::literal::literal_value;
use super::{Checker, Definition, Entry, State, Top, mark};
use crate::constant::{Messages, Value, ValueKind};
use crate::info::{Mode, Name, Object, ObjectData, ObjectKind, VarKind};
use crate::ty::{Kind, Type};

impl Checker<'_> {
    /// Checks an expression in its context. Returns the unwrapped expression, whose facts are in the tables.
    pub(super) fn check_expr(&mut self, expr: Expr, top: Top) -> Expr {
        let mut expr = self.without_sums(expr);
        let before = self.set_pos(expr, false);
        let outer = expr;
        while let ExprKind::Paren(x) = self.ast[expr].kind {
            expr = self.without_sums(x);
        }
        match self.ast[expr].kind {
            ExprKind::Name(sym) => self.check_name(expr, Some(sym), top),
            ExprKind::Selector { .. } if self.is_package_selector(expr) => {
                self.check_name(expr, None, top);
            }
            ExprKind::BasicLit { .. } if !self.has_mark(expr, mark::REFUSED) => {
                self.info_mut(expr).mode = Mode::Value;
                self.check_use(expr, top, Top::EXPR);
            }
            _ if self.has_mark(expr, mark::CHECKED) => {}
            ExprKind::Bad => self.silent = true, // gc stops here
            _ => {
                self.stack.push(Entry::Expr(expr));
                self.check_expr1(expr, top);
                self.stack.pop();
                self.set_mark(expr, mark::CHECKED);
            }
        }
        self.strip(outer);
        self.pos = before;
        expr
    }

    /// Marks the parentheses around a checked expression as removed.
    fn strip(&mut self, mut expr: Expr) {
        while let ExprKind::Paren(x) = self.ast[expr].kind {
            self.set_mark(expr, mark::STRIPPED);
            expr = self.without_sums(x);
        }
    }

    /// Makes an expression checkable again, as the value of another constant. Names and literals are shared with the
    /// first check (gc: subr.go, treecopy).
    pub(super) fn uncheck(&mut self, expr: Expr) {
        let mut work = vec![expr];
        while let Some(expr) = work.pop() {
            match self.ast[expr].kind {
                ExprKind::Name(_) => {
                    // gc converts copies of constants.
                    let is_const = |object: Object| self.package[object].kind == ObjectKind::Const;
                    let object = self.info(expr).object.expand();
                    if self.has_mark(expr, mark::IOTA) || object.is_some_and(is_const) {
                        self.marks[expr] &= !(mark::DIAG | mark::IOTA);
                    }
                    continue;
                }
                ExprKind::BasicLit { kind, bad, text } => {
                    if !bad && !self.ty(expr).is_untyped() {
                        self.restore_literal(expr, kind, text);
                    }
                    continue;
                }
                ExprKind::Paren(x) | ExprKind::Unary { x, .. } => work.push(x),
                ExprKind::Binary { x, y, .. } => work.extend([x, y]),
                ExprKind::Call { fun, args, .. } => {
                    work.push(fun);
                    work.extend_from_slice(&self.ast[args]);
                }
                ExprKind::Selector { x, .. } if !self.is_package_selector(expr) => work.push(x),
                _ => continue,
            }
            self.marks[expr] &= !(mark::CHECKED | mark::DIAG | mark::STRIPPED | mark::FIRST_ARG);
            let info = self.info_mut(expr);
            info.value = None.into();
            info.ty = Type::INVALID;
        }
    }

    /// Undoes the conversion of a literal, since gc converts copies. Strings keep the joined text of a sum.
    fn restore_literal(&mut self, expr: Expr, kind: LitKind, text: Sym) {
        if kind != LitKind::String {
            let value = literal_value(kind, self.ast.text(text), &mut Messages::new());
            self.set_value(expr, value);
        }
        if let Some(value) = self.package.value(expr) {
            self.info_mut(expr).ty = value.ideal_type();
            self.marks[expr] &= !mark::DIAG;
        }
    }

    fn without_sums(&self, mut expr: Expr) -> Expr {
        while let ExprKind::Binary { x, .. } = self.ast[expr].kind
            && self.package.collapsed.contains(&expr)
        {
            expr = x;
        }
        expr
    }

    /// Reports whether a selector is a qualified name like `fmt.Println`, supported or not.
    fn is_package_selector(&self, expr: Expr) -> bool {
        self.is_name(expr) || self.has_mark(expr, mark::LATE)
    }

    fn check_expr1(&mut self, expr: Expr, top: Top) {
        if self.has_mark(expr, mark::REFUSED) {
            return;
        }
        let place = match self.ast[expr].kind {
            ExprKind::Unary {
                op: Operator::Mul,
                x,
            } => self.check_indirection(expr, x, top),
            ExprKind::Unary { op, x } => self.check_unary(expr, op, x),
            ExprKind::Binary { op, x, y } => self.check_binary(expr, op, x, y),
            ExprKind::Call { fun, args, .. } => self.check_call(expr, fun, args, top),
            ExprKind::Selector { x, sel } => self.check_selector(expr, x, sel),
            _ => None,
        };
        match place {
            Some(place) => {
                self.set_mark(expr, mark::CHECKED);
                self.check_use(expr, top, place);
            }
            None => self.info_mut(expr).ty = Type::INVALID,
        }
    }

    /// Reports an expression that its context doesn't permit. `is` holds the contexts that would.
    pub(super) fn check_use(&mut self, expr: Expr, top: Top, is: Top) {
        let uses = Top::EXPR | Top::TYPE | Top::CALLEE;
        if self.is_type(expr) && !top.has(Top::TYPE) {
            let name = self.type_name(self.ty(expr));
            self.error(format_args!("type {name} is not an expression"));
        } else if top.has(Top::TYPE) && !top.has(Top::EXPR) && !self.is_type(expr) {
            let text = self.print(expr);
            self.error(format_args!("{text} is not a type"));
        } else if top.has(uses) && !top.has(Top::STMT) && !is.has(uses) {
            let text = self.print(expr);
            self.error(format_args!("{text} used as value"));
        } else if top.has(Top::STMT) && !top.has(uses) && !is.has(Top::STMT) {
            if !self.has_mark(expr, mark::DIAG) {
                let text = self.print(expr);
                self.error(format_args!("{text} evaluated but not used"));
                self.set_mark(expr, mark::DIAG);
            }
        } else {
            return;
        }
        self.invalidate(expr);
    }

    /// Checks `*x`. A pointer type is refused; as an operation it is wrong, because there are no pointers.
    fn check_indirection(&mut self, expr: Expr, x: Expr, top: Top) -> Option<Top> {
        let x = self.check_expr(x, Top::EXPR | Top::TYPE);
        if self.ty(x) == Type::INVALID {
            return None;
        }
        if self.is_type(x) {
            self.refuse(expr, "pointers");
            return None;
        }
        if top.has(Top::EXPR | Top::STMT) {
            let long = self.print_long(x);
            self.error(format_args!("invalid indirect of {long}"));
            return None;
        }
        Some(Top(0))
    }

    /// Reports a field or method selection, since no supported type has any.
    fn check_selector(&mut self, expr: Expr, x: Expr, sel: Expr) -> Option<Top> {
        let x = self.check_expr(x, Top::EXPR | Top::TYPE);
        if self.has_diag(x) {
            self.set_mark(expr, mark::DIAG);
        }
        self.default_literal(x, None);
        let ty = self.ty(x);
        if ty == Type::INVALID {
            return None;
        }
        let sym = self.ast.name(sel).unwrap_or(Sym::BLANK);
        let (text, name, sel) = (self.print(expr), self.type_name(ty), self.ast.text(sym));
        if self.is_type(x) {
            self.error(format_args!(
                "{text} undefined (type {name} has no method {sel})"
            ));
        } else if sym == Sym::BLANK {
            self.error("cannot refer to blank field or method");
        } else {
            let message =
                format_args!("{text} undefined (type {name} has no field or method {sel})");
            self.error(message);
        }
        None
    }

    /// Checks a name: an identifier `sym`, or a qualified name if `sym` is none.
    fn check_name(&mut self, expr: Expr, sym: Option<Sym>, top: Top) {
        if self.has_mark(expr, mark::IOTA) {
            self.check_use(expr, top, Top::EXPR);
            return;
        }
        let Some(object) = self.resolve_late(expr, sym) else {
            if !self.has_mark(expr, mark::IOTA) {
                self.report_undefined(expr, sym);
                return;
            }
            self.check_use(expr, top, Top::EXPR);
            return;
        };
        self.check_object(object, top);
        let data = &self.package.objects[object];
        let (mut ty, value) = (data.ty, data.value);
        let mode = match data.kind {
            ObjectKind::TypeName => Mode::Type,
            ObjectKind::Func(_) | ObjectKind::Extern(_) | ObjectKind::Builtin(_) => Mode::Callee,
            _ => Mode::Value,
        };
        if mode == Mode::Type && self.kind(ty) == Kind::Interface {
            self.refuse(expr, "interfaces");
            ty = Type::INVALID;
        }
        let info = self.info_mut(expr);
        info.ty = ty;
        info.value = value;
        info.mode = mode;
    }

    /// Returns the object of a name, looked up in the package's scope if it was not yet declared. `iota` in a constant
    /// declaration becomes a number and has no object.
    pub(super) fn resolve_late(&mut self, expr: Expr, sym: Option<Sym>) -> Option<Object> {
        if let Some(object) = self.info(expr).object.expand() {
            return Some(object);
        }
        let sym = sym?;
        let bound = self.bindings[sym].def.expand();
        let object = bound.or_else(|| self.universe.get(self.ast.text(sym)).copied())?;
        if self.package[object].kind == ObjectKind::Iota {
            if let Some(Some(iota)) = self.iotas.last().copied() {
                self.set_value(expr, Value::int(iota));
                let info = self.info_mut(expr);
                info.ty = Type::UNTYPED_INT;
                info.mode = Mode::Value;
                self.set_mark(expr, mark::IOTA);
                self.iota_numbers.insert(expr, iota);
            }
            return None;
        }
        self.info_mut(expr).object = object.into();
        Some(object)
    }

    fn report_undefined(&mut self, expr: Expr, sym: Option<Sym>) {
        self.info_mut(expr).ty = Type::INVALID;
        if self.has_mark(expr, mark::DIAG) {
            return;
        }
        self.set_mark(expr, mark::DIAG);
        match sym {
            Some(sym) => {
                let (name, pos) = (self.ast.text(sym), self.ast[expr].pos);
                let hint = self.name_like(name, pos);
                self.error_with_hint(pos, format_args!("undefined: {name}"), hint);
            }
            None => {
                let message = format!("undefined: {}", self.extern_name(expr));
                let hint = self.export_like(expr);
                self.set_pos(expr, false);
                self.error_with_hint(self.pos, message, hint);
            }
        }
    }

    /// Returns a hint on the name in scope that is most like one that isn't. Blocks have ended: of the variables of
    /// functions, those count that are declared before it in its function.
    fn name_like(&self, name: &str, pos: Pos) -> String {
        if !self.diags.may_search() {
            return String::new();
        }
        let start = self.func.map(|func| self.ast[self.package[func].decl].pos);
        let is_near = |object: &&ObjectData| match object.kind {
            ObjectKind::Var(VarKind::Global) => true,
            ObjectKind::Var(_) => {
                start.is_some_and(|start| start <= object.pos && object.pos < pos)
            }
            _ => true,
        };
        let objects = self.package.objects.values().filter(is_near);
        let declared = objects.filter_map(|object| match object.name {
            Name::Source(sym) => Some(self.ast.text(sym)),
            _ => None,
        });
        let near = nearest(name, declared.chain(self.universe.keys().copied()));
        near.map_or_else(String::new, |near| format!("did you mean {near}?"))
    }

    /// Returns a hint on the export that is most like a name that isn't one.
    fn export_like(&self, expr: Expr) -> String {
        let ExprKind::Selector { x, sel } = self.ast[expr].kind else {
            return String::new();
        };
        let package = self.info(x).object.expand();
        let package = package.and_then(|package| self.imported_package(package));
        let (Some(path), Some(sel)) = (package.and_then(|it| it.known), self.ast.name(sel)) else {
            return String::new();
        };
        let near = nearest(self.ast.text(sel), Checker::exported_names(path));
        near.map_or_else(String::new, |near| format!("did you mean {path}.{near}?"))
    }

    /// Returns a qualified name with the package's own name.
    fn extern_name(&self, expr: Expr) -> String {
        let ExprKind::Selector { x, sel } = self.ast[expr].kind else {
            return self.print(expr);
        };
        let package = self.info(x).object.expand();
        let import = package.and_then(|package| self.imported_package(package));
        let name = import.map_or("", |import| &*import.name);
        format!("{name}.{}", self.print(sel))
    }

    /// Checks a name by what it denotes, whose declaration is checked first (gc: typecheck of a name, which shares its
    /// node with the declaration).
    pub(super) fn check_object(&mut self, object: Object, top: Top) {
        if self.states[object] == State::Pending {
            self.report_loop(object, top);
            return;
        }
        self.states[object] = State::Pending;
        self.stack.push(Entry::Object(object));
        self.check_object1(object, top);
        self.stack.pop();
        self.states[object] = State::Done;
    }

    fn check_object1(&mut self, object: Object, top: Top) {
        let kind = self.package[object].kind;
        if let ObjectKind::Builtin(_) = kind {
            if !top.has(Top::CALLEE) {
                let name = self.print_object(object);
                self.error(format_args!("use of builtin {name} not in function call"));
            }
            return;
        }
        if kind == ObjectKind::Package {
            let name = self.print_object(object);
            self.error(format_args!("use of package {name} without selector"));
            return;
        }
        self.check_definition(object);
        let is_type = kind == ObjectKind::TypeName;
        if let ObjectKind::Var(variable) = kind
            && !top.has(Top::ASSIGN)
        {
            if variable == VarKind::Blank && object == self.blank {
                self.error("cannot use _ as value");
                self.package.objects[object].ty = Type::INVALID;
                return;
            }
            self.package.objects[object].used = true;
        }
        let data = &mut self.package.objects[object];
        if kind == ObjectKind::Const
            && data.ty == Type::INVALID
            && let Some(value) = data.value.expand()
            && self.package.values[value].kind() == ValueKind::String
        {
            // gc takes it for a literal without a type, whatever error has invalidated the type.
            data.ty = Type::UNTYPED_STRING;
        }
        let ty = data.ty;
        if is_type && ty == Type::INVALID {
            return;
        }
        let uses = Top::EXPR | Top::TYPE | Top::CALLEE;
        if is_type && !top.has(Top::TYPE) {
            if !self.package.types[ty].broken {
                let name = self.type_name(ty);
                self.error(format_args!("type {name} is not an expression"));
            }
        } else if !is_type && top.has(Top::TYPE) && !top.has(Top::EXPR) {
            let name = self.print_object(object);
            self.error(format_args!("{name} is not a type"));
        } else if top.has(Top::STMT) && !top.has(uses) {
            if !self.object_diags[object] {
                let name = self.print_object(object);
                self.error(format_args!("{name} evaluated but not used"));
                self.object_diags[object] = true;
            }
        } else {
            return;
        }
        self.package.objects[object].ty = Type::INVALID;
    }

    /// Reports a declaration that depends on itself.
    fn report_loop(&mut self, object: Object, top: Top) {
        let only_type = top.has(Top::TYPE) && !top.has(Top::EXPR);
        let kind = self.package[object].kind;
        match kind {
            ObjectKind::TypeName if !top.has(Top::TYPE) || self.report_alias_loop(object) => {}
            ObjectKind::TypeName => return,
            ObjectKind::Const if !only_type => {
                let uses = self.print_cycle(object);
                let pos = self.package[object].pos;
                self.error_at(pos, format_args!("constant definition loop{uses}"));
            }
            _ if only_type => {
                let name = self.print_object(object);
                self.error(format_args!("{name} is not a type"));
            }
            _ => {}
        }
        let name = self.print_object(object);
        self.report_checking_loop(&name);
    }

    /// Reports a cycle that consists of aliases only. Returns false if it contains a defined type, which may make it
    /// valid.
    fn report_alias_loop(&mut self, object: Object) -> bool {
        let is_alias = |entry: &Object| {
            matches!(
                self.definitions[*entry],
                Definition::Type { alias: true, .. }
            )
        };
        let cycle = self.cycle_of(object);
        if !cycle.iter().all(is_alias) {
            return false;
        }
        let (name, uses) = (self.print_object(object), self.print_cycle(object));
        let pos = self.package[object].pos;
        self.error_at(
            pos,
            format_args!("invalid recursive type alias {name}{uses}"),
        );
        true
    }

    /// Returns the objects of `start`'s kind on the cycle from `start` to itself.
    fn cycle_of(&self, start: Object) -> Vec<Object> {
        let is_start = |entry: &Entry| matches!(entry, Entry::Object(object) if *object == start);
        let first = self.stack.iter().rposition(is_start).unwrap_or(0);
        let kind = self.package[start].kind;
        let objects = self.stack[first..].iter().filter_map(|entry| match entry {
            Entry::Object(object) => Some(*object),
            _ => None,
        });
        objects
            .filter(|&object| self.package[object].kind == kind)
            .collect()
    }

    fn print_cycle(&self, start: Object) -> String {
        let cycle = self.cycle_of(start);
        let mut text = String::new();
        for (index, &object) in cycle.iter().enumerate() {
            let next = cycle[(index + 1) % cycle.len()];
            let place = self.format_pos(self.package[object].pos);
            let (name, next) = (self.print_object(object), self.print_object(next));
            text.push_str(&format!("\n\t{place}: {name} uses {next}"));
        }
        text
    }

    /// Reports a cycle for which there is no better message, with everything that is being checked.
    pub(super) fn report_checking_loop(&mut self, what: &str) {
        if !self.diags.is_empty() {
            return;
        }
        let mut trace = String::new();
        for &entry in self.stack.iter().rev() {
            trace.push_str("\n\t");
            trace.push_str(&self.print_entry(entry));
        }
        self.error(format_args!("typechecking loop involving {what}{trace}"));
    }
}
