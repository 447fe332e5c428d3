//! Assignments and variable declarations (gc: typecheck.go, typecheckas and typecheckas2).

use minigo_syntax::ast::{Expr, ExprKind, Stmt, StmtKind};
use minigo_syntax::token::Operator;

use super::call::unsupported_value;
use super::operation::Subject;
use super::{Checker, Definition, Entry, State, Top, mark};
use crate::info::{Init, Mode, Object, ObjectKind};
use crate::ty::{Kind, Type};

impl Checker<'_> {
    /// Checks a package-level assignment unless it has been checked.
    pub(super) fn check_init_item(&mut self, init: Init) {
        let before = self.pos;
        self.pos = self.package.inits[init].pos;
        match self.init_states[init] {
            State::Done => {}
            State::Pending => {
                let text = self.print_init(init);
                self.report_checking_loop(&text);
            }
            State::Unchecked => {
                self.init_states[init] = State::Pending;
                self.stack.push(Entry::Init(init));
                let lhs = self.package.inits[init].lhs.clone();
                let rhs = self.package.inits[init].rhs;
                self.check_assignment(&lhs, &[rhs], true);
                self.stack.pop();
                self.init_states[init] = State::Done;
            }
        }
        self.pos = before;
    }

    /// Checks the variables of a declaration in a function, with or without values.
    pub(super) fn check_var_decl(&mut self, names: &[Expr], values: &[Expr]) {
        if values.len() == 1 && names.len() > 1 {
            return self.check_assignment(names, values, true);
        }
        for (index, &name) in names.iter().enumerate() {
            match values.get(index) {
                Some(&value) if !self.is_missing(value) => {
                    self.check_assignment(&[name], &[value], true);
                }
                Some(_) => {
                    self.check_lhs(name);
                }
                None if values.is_empty() => {
                    self.check_lhs(name);
                }
                None => return,
            }
        }
    }

    /// Checks `lhs = rhs`. With `declares` it is a declaration, which determines the types of new variables.
    pub(super) fn check_assignment(&mut self, lhs: &[Expr], rhs: &[Expr], declares: bool) {
        match (lhs, rhs) {
            ([left], [right]) => self.check_single(*left, *right, declares),
            _ => self.check_parallel(lhs, rhs, declares),
        }
    }

    /// Returns the variable declared by `lhs` if the declaration omits its type, so that it takes the type of its
    /// value.
    fn inferred(&self, lhs: Expr, declares: bool) -> Option<Object> {
        let info = self.info(lhs);
        let object = info.object.expand().filter(|_| declares && info.declares)?;
        match self.definitions[object] {
            Definition::Var { typ: None, .. } => Some(object),
            _ => None,
        }
    }

    fn check_single(&mut self, left: Expr, right: Expr, declares: bool) {
        let inferred = self.inferred(left, declares);
        let left = match inferred {
            Some(_) => left,
            None => self.check_lhs(left),
        };
        let missing = inferred.is_none() && self.is_missing(right);
        let right = match missing {
            true => right,
            false => self.check_expr(right, Top::EXPR | Top::MULTI),
        };
        if inferred.is_none() {
            self.check_assignable(left);
        }
        let ty = self.shared_type(right);
        if self.kind(ty) == Kind::Tuple {
            let (fun, n_results) = (self.callee(right), self.package.types[ty].params.len());
            self.error(format_args!(
                "assignment mismatch: 1 variable but {fun} returns {n_results} values"
            ));
            self.info_mut(right).ty = Type::INVALID;
        } else if ty != Type::INVALID
            && inferred.is_none()
            && self.shared_type(left) != Type::INVALID
        {
            self.assign_convert(right, self.ty(left), "assignment");
            if self.kind_of(left) == Kind::Blank {
                self.refuse_value(right);
            }
        }
        if let Some(object) = inferred {
            self.infer(left, object, Source::Value(right));
        }
    }

    fn check_parallel(&mut self, lhs: &[Expr], rhs: &[Expr], declares: bool) {
        let inferred: Vec<Option<Object>> = lhs
            .iter()
            .map(|&left| self.inferred(left, declares))
            .collect();
        let mut lefts = Vec::with_capacity(lhs.len());
        for (&left, inferred) in lhs.iter().zip(&inferred) {
            lefts.push(match inferred {
                Some(_) => left,
                None => self.check_lhs(left),
            });
        }
        let top = match rhs {
            [_] => Top::EXPR | Top::MULTI,
            _ => Top::EXPR,
        };
        let rights: Vec<Expr> = rhs
            .iter()
            .map(|&right| self.check_expr(right, top))
            .collect();
        for (&left, inferred) in lefts.iter().zip(&inferred) {
            if inferred.is_none() {
                self.check_assignable(left);
            }
        }
        if lefts.len() == rights.len() {
            for (index, &right) in rights.iter().enumerate() {
                self.check_pair(lefts[index], right, inferred[index]);
            }
            return;
        }
        let first = rights[0];
        let is_call = self.is_function_call(first);
        if rights.len() == 1 {
            let ty = self.shared_type(first);
            if ty == Type::INVALID {
                return;
            }
            if self.kind(ty) == Kind::Tuple {
                let results = self.package.types[ty].params.clone();
                if results.len() == lefts.len() {
                    for (index, &result) in results.iter().enumerate() {
                        self.check_result(lefts[index], result, inferred[index]);
                    }
                    return;
                }
                return self.report_results(lefts.len(), first, results.len());
            }
        }
        match is_call {
            true => self.report_results(lefts.len(), first, rights.len()),
            false => {
                let (left, right) = (lefts.len(), rights.len());
                self.error(format_args!(
                    "assignment mismatch: {left} variables but {right} values"
                ));
            }
        }
    }

    fn check_pair(&mut self, left: Expr, right: Expr, inferred: Option<Object>) {
        match inferred {
            Some(object) => self.infer(left, object, Source::Value(right)),
            None => {
                let ty = self.shared_type(left);
                if ty != Type::INVALID && self.shared_type(right) != Type::INVALID {
                    self.assign_convert(right, ty, "assignment");
                    if self.kind(ty) == Kind::Blank {
                        self.refuse_value(right);
                    }
                }
            }
        }
    }

    /// Returns the type of a checked expression, or none if an error about the same name on the left has invalidated it
    /// since.
    fn shared_type(&self, expr: Expr) -> Type {
        match self.object_of(expr) {
            Some(object) if self.package[object].ty == Type::INVALID => Type::INVALID,
            _ => self.ty(expr),
        }
    }

    fn check_result(&mut self, left: Expr, result: Type, inferred: Option<Object>) {
        if let Some(object) = inferred {
            return self.infer(left, object, Source::Result(result));
        }
        let ty = self.ty(left);
        if result != Type::INVALID && ty != Type::INVALID && !self.is_assignable(result, ty) {
            let (result, long) = (self.type_name(result), self.print_long(left));
            self.error(format_args!(
                "cannot assign {result} to {long} in multiple assignment"
            ));
        }
    }

    fn report_results(&mut self, n_lefts: usize, call: Expr, n_results: usize) {
        let fun = self.callee(call);
        self.error(format_args!(
            "assignment mismatch: {n_lefts} variables but {fun} returns {n_results} values"
        ));
    }

    /// Gives a new variable the type of its value.
    fn infer(&mut self, left: Expr, object: Object, value: Source) {
        let ty = match value {
            Source::Value(right) => {
                self.default_literal(right, None);
                self.refuse_value(right);
                self.ty(right)
            }
            Source::Result(ty) => {
                if let Some(what) = unsupported_value(self.kind(ty))
                    && !self.is_blank(left)
                {
                    self.mark_unsupported(left, what);
                }
                ty
            }
        };
        self.package.objects[object].ty = ty;
        let info = self.info_mut(left);
        info.ty = ty;
        info.mode = Mode::Value;
    }

    /// Checks the left side of an assignment. A name denotes its object from here on, and so has no position of its own
    /// (gc: typecheckas).
    fn check_lhs(&mut self, left: Expr) -> Expr {
        if self.has_mark(left, mark::BLANKED) {
            self.info_mut(left).ty = self.package[self.blank].ty;
            return left;
        }
        if let Some(sym) = self.ast.name(left)
            && self.resolve_late(left, Some(sym)).is_some()
        {
            self.clear_mark(left, mark::LATE);
        }
        self.check_expr(left, Top::EXPR | Top::ASSIGN)
    }

    /// Reports an operand that can't be assigned to (gc: checkassign).
    fn check_assignable(&mut self, left: Expr) {
        let ok = self.variable(left).is_some() || self.has_mark(left, mark::BLANKED);
        if ok || self.ty(left) == Type::INVALID {
            return;
        }
        let text = self.print(left);
        self.error(format_args!("cannot assign to {text}"));
        self.invalidate(left);
    }

    /// Returns the called function of `call` as text.
    fn callee(&self, call: Expr) -> String {
        match self.ast[call].kind {
            ExprKind::Call { fun, .. } => self.print(fun),
            _ => self.print(call),
        }
    }

    fn is_function_call(&self, expr: Expr) -> bool {
        let ExprKind::Call { fun, .. } = self.ast[expr].kind else {
            return false;
        };
        let object = self.object_of(self.unwrap(fun));
        object.is_some_and(|object| {
            matches!(
                self.package[object].kind,
                ObjectKind::Func(_) | ObjectKind::Extern(_)
            )
        })
    }

    /// Checks `x op= y`, `x++` or `x--`.
    pub(super) fn check_op_assignment(&mut self, stmt: Stmt) {
        let (op, left, right) = match self.ast[stmt].kind {
            StmtKind::AssignOp { op, lhs, rhs } => (op, lhs, Some(rhs)),
            StmtKind::IncDec { op, x } => (op, x, None),
            _ => return,
        };
        let left = self.check_expr(left, Top::EXPR);
        let right = right.map(|right| self.check_expr(right, Top::EXPR));
        self.check_assignable(left);
        let ty = self.ty(left);
        if ty == Type::INVALID || right.is_some_and(|right| self.ty(right) == Type::INVALID) {
            return;
        }
        let number = super::convert::operator_allowed(Operator::Sub, self.kind(ty));
        if right.is_none() && !number {
            let (text, name) = (self.print_stmt(stmt), self.type_name(ty));
            self.error(format_args!(
                "invalid operation: {text} (non-numeric type {name})"
            ));
            return;
        }
        self.check_operands(Subject::Stmt(stmt), op, left, right);
    }
}

/// The source of a new variable's type.
#[derive(Clone, Copy)]
enum Source {
    Value(Expr),
    Result(Type),
}
