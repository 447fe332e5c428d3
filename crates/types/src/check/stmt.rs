//! Statements and function bodies (gc: typecheck.go, the statement cases; swt.go).

use minigo_base::Pos;
use minigo_syntax::ast::{Clause, DeclKind, Expr, List, Stmt, StmtKind};
use rustc_hash::FxHashMap;

use super::call::ArgTarget;
use super::{Checker, Top};
use crate::constant::Value;
use crate::info::Func;
use crate::ty::{Kind, Type};

/// The constants in the cases of a `switch` with their positions. Integers are compared by their low 64 bits.
type Cases = FxHashMap<(Type, CaseKey), Pos>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum CaseKey {
    Int(i64),
    Float(u64),
    String(Vec<u8>),
}

impl Checker<'_> {
    /// Checks a function's body. It must end in a terminating statement if there are results.
    pub(super) fn check_body(&mut self, func: Func) {
        let data = &self.package[func];
        let (body, end_pos) = (data.body, data.end_pos);
        let has_results = !data.results.is_empty();
        let Some(body) = body else { return };
        let StmtKind::Block { list, .. } = self.ast[body].kind else {
            return;
        };
        self.func = Some(func);
        self.check_stmts(list);
        self.silent |= self.signatures[func].is_none();
        if has_results && !self.is_terminating_body(list) {
            let message = "missing return at end of function";
            let hint =
                "every way through the function ends with return, panic, goto or an endless for";
            self.error_with_hint(end_pos, message, hint);
        }
        self.func = None;
    }

    fn check_stmts(&mut self, list: List<Stmt>) {
        for &stmt in &self.ast[list] {
            self.check_stmt(stmt);
            if self.diags.stopped() {
                return;
            }
        }
    }

    fn check_stmt(&mut self, stmt: Stmt) {
        let data = self.ast[stmt];
        let before = self.pos;
        match data.kind {
            StmtKind::Empty | StmtKind::Branch { .. } => {}
            // Refused by the resolver.
            StmtKind::Send { .. }
            | StmtKind::Call { .. }
            | StmtKind::Range { .. }
            | StmtKind::Select { .. } => {}
            StmtKind::Labeled { stmt, .. } => self.check_stmt(stmt),
            StmtKind::Block { list, .. } => self.check_stmts(list),
            StmtKind::Expr(expr) => {
                self.pos = data.pos;
                self.check_expr(expr, Top::STMT);
            }
            StmtKind::Decl(decls) => {
                for &decl in &self.ast[decls] {
                    self.check_decl(self.ast[decl].pos, self.ast[decl].kind);
                }
            }
            StmtKind::Assign { lhs, rhs } => {
                self.pos = data.pos;
                self.check_assignment(&self.ast[lhs], &self.ast[rhs], false);
            }
            StmtKind::Define { lhs, rhs } => {
                self.pos = data.pos;
                self.check_assignment(&self.ast[lhs], &self.ast[rhs], true);
            }
            StmtKind::AssignOp { .. } | StmtKind::IncDec { .. } => {
                self.pos = data.pos;
                self.check_op_assignment(stmt);
            }
            StmtKind::Return(results) => self.check_return(data.pos, results),
            StmtKind::If {
                init,
                cond,
                then,
                els,
            } => {
                init.expand().inspect(|&init| self.check_stmt(init));
                cond.expand()
                    .inspect(|&cond| self.check_condition(data.pos, cond, "if"));
                self.check_stmt(then);
                els.expand().inspect(|&els| self.check_stmt(els));
            }
            StmtKind::For {
                init,
                cond,
                post,
                body,
            } => {
                init.expand().inspect(|&init| self.check_stmt(init));
                cond.expand()
                    .inspect(|&cond| self.check_condition(data.pos, cond, "for"));
                post.expand().inspect(|&post| self.check_stmt(post));
                self.check_stmt(body);
            }
            StmtKind::Switch {
                init, tag, body, ..
            } => {
                init.expand().inspect(|&init| self.check_stmt(init));
                self.pos = data.pos;
                self.check_switch(tag.expand(), body);
            }
        }
        self.pos = before;
    }

    fn check_decl(&mut self, pos: Pos, kind: DeclKind) {
        self.pos = pos;
        match kind {
            DeclKind::Const { names, .. } => {
                for &name in &self.ast[names] {
                    if let Some(object) = self.info(name).object.expand() {
                        self.check_const_item(object, pos);
                    }
                }
            }
            DeclKind::Type { name, .. } => {
                if let Some(object) = self.info(name).object.expand() {
                    self.check_type_item(object, pos);
                }
            }
            DeclKind::Var { names, values, .. } => {
                self.check_var_decl(&self.ast[names], &self.ast[values]);
            }
            DeclKind::Import { .. } | DeclKind::Func { .. } => {}
        }
    }

    fn check_condition(&mut self, pos: Pos, cond: Expr, statement: &str) {
        self.pos = pos;
        if self.is_missing(cond) {
            return;
        }
        let cond = self.check_expr(cond, Top::EXPR);
        self.default_literal(cond, None);
        if self.ty(cond) != Type::INVALID && self.kind_of(cond) != Kind::Bool {
            let long = self.print_long(cond);
            self.error(format_args!(
                "non-bool {long} used as {statement} condition"
            ));
        }
    }

    fn check_return(&mut self, pos: Pos, results: List<Expr>) {
        self.pos = pos;
        let args = self.check_args(results);
        let Some(func) = self.func else { return };
        let Some(signature) = self.signatures[func] else {
            self.silent = true;
            return;
        };
        if args.is_empty() && self.package.types[signature].named_results {
            return;
        }
        self.check_arguments(ArgTarget::Return, signature, &args);
    }

    fn check_switch(&mut self, tag: Option<Expr>, body: List<Clause>) {
        let mut ty = Type::BOOL;
        let tag = tag.filter(|&tag| !self.is_missing(tag));
        let tag = tag.map(|tag| {
            let tag = self.check_expr(tag, Top::EXPR);
            self.default_literal(tag, None);
            self.refuse_value(tag);
            ty = self.ty(tag);
            tag
        });
        let mut default: Option<Pos> = None;
        let mut cases = Cases::default();
        for &clause in &self.ast[body] {
            let data = &self.ast[clause];
            if data.cases.is_empty() {
                match default {
                    Some(first) => {
                        let place = self.format_pos(first);
                        let message =
                            format_args!("multiple defaults in switch (first at {place})");
                        self.error_at(data.pos, message);
                    }
                    None => default = Some(data.pos),
                }
            }
            for &case in &self.ast[data.cases] {
                self.pos = data.pos;
                self.check_case(data.pos, case, tag, ty, &mut cases);
            }
            self.check_stmts(data.body);
        }
    }

    fn check_case(&mut self, pos: Pos, case: Expr, tag: Option<Expr>, ty: Type, cases: &mut Cases) {
        let case = self.check_expr(case, Top::EXPR);
        let wanted = (ty != Type::INVALID).then_some(ty);
        self.default_literal(case, wanted);
        let case_type = self.ty(case);
        if ty == Type::INVALID || case_type == Type::INVALID {
            return;
        }
        let nil =
            case_type == Type::UNTYPED_NIL || matches!(self.package.value(case), Some(Value::Nil));
        if let Some(tag) = tag.filter(|_| self.kind(ty) == Kind::Func && !nil) {
            let (text, tag) = (self.print(case), self.print(tag));
            let message =
                format_args!("invalid case {text} in switch (can only compare func {tag} to nil)");
            self.error_at(pos, message);
        } else if !self.is_assignable(case_type, ty) {
            let (text, from) = (self.print(case), self.type_name(case_type));
            match tag {
                Some(tag) => {
                    let (tag, ty) = (self.print(tag), self.type_name(ty));
                    self.error_at(
                        pos,
                        format_args!(
                            "invalid case {text} in switch on {tag} (mismatched types {from} and {ty})"
                        ),
                    );
                }
                None => self.error_at(
                    pos,
                    format_args!(
                        "invalid case {text} in switch (mismatched types {from} and bool)"
                    ),
                ),
            }
        }
        if self.kind(case_type) != Kind::Bool {
            self.check_duplicate_case(pos, case, cases);
        }
    }

    /// Reports a constant that repeats one of an earlier case in the same `switch` (gc: const.go, constSet).
    fn check_duplicate_case(&mut self, pos: Pos, case: Expr, cases: &mut Cases) {
        let (key, shown) = match self.package.value(case) {
            Some(Value::Int(int)) => (CaseKey::Int(int.to_i64()), int.to_i64().to_string()),
            Some(Value::Float(float)) => {
                let float = float.to_f64();
                (CaseKey::Float(float.to_bits()), format_float(float))
            }
            Some(Value::String(bytes)) => (
                CaseKey::String(bytes.clone()),
                minigo_base::unicode::quote(bytes),
            ),
            Some(Value::Bool(_) | Value::Nil) => return,
            None => {
                // gc stops here.
                self.silent |= self.is_wrong_constant(case);
                return;
            }
        };
        let before = self.pos;
        self.pos = pos;
        self.set_pos(case, true);
        let pos = std::mem::replace(&mut self.pos, before);
        let key = (self.ty(case).canonical(), key);
        if let Some(&previous) = cases.get(&key) {
            let mut text = self.print(case);
            if text != shown {
                text.push_str(&format!(" (value {shown})"));
            }
            let previous = self.format_pos(previous);
            self.error_at(
                pos,
                format_args!("duplicate case {text} in switch\n\tprevious case at {previous}"),
            );
        } else {
            cases.insert(key, pos);
        }
    }
}

/// Formats a number with the fewest digits, with an exponent if it is very small or large (Go: strconv.FormatFloat,
/// 'g').
pub(crate) fn format_float(float: f64) -> String {
    let text = format!("{float:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    match exponent.parse() {
        Ok(-4..=5) | Err(_) => float.to_string(),
        Ok(exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", i32::abs(exponent))
        }
    }
}
