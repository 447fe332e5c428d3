//! Statements and function bodies (gc: types2/stmt.go).

use minigo_base::Pos;
use minigo_syntax::ast::{Clause, Expr, ExprKind, List, Stmt, StmtKind};
use rustc_hash::FxHashMap;

use super::constant::Val;
use super::expr::Form;
use super::operand::{Mode, Operand, Source};
use super::{Checker, DeclInfo, Environment};
use crate::info::Func;
use crate::ty::Type;

/// The constants in the cases of a `switch`, with their types and positions.
type Seen = FxHashMap<Key, Vec<(Type, Pos)>>;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Int(i128),
    Float(u64),
    String(Vec<u8>),
}

impl Checker<'_> {
    /// Checks a function's body.
    pub(super) fn check_body(&mut self, func: Func, decl: DeclInfo) {
        let data = &self.package[func];
        let Some(body) = data.body else { return };
        let StmtKind::Block { list, rbrace } = self.ast[body].kind else {
            return;
        };
        let results = data.results.clone();
        self.env = Environment {
            decl: Some(decl),
            file: self.decls[decl].file,
            func: Some(func),
            in_body: true,
            ..Environment::default()
        };
        self.package.funcs[func].end_pos = rbrace;
        let outer = self.scopes.begin_body();
        self.scopes.open();
        self.bind_params(func);
        self.results = results;
        self.check_stmts(&self.ast[list]);
        self.check_end(body, rbrace);
        self.scopes.close();
        let blocks = self.scopes.end_body(outer);
        self.report_usage(blocks);
    }

    /// Reports a body with results whose end can be reached.
    pub(super) fn check_end(&mut self, body: Stmt, rbrace: Pos) {
        if !self.results.is_empty() && !self.is_terminating(body, None) {
            let hint =
                "every way through the function ends with return, panic, goto or an endless for";
            self.error_with_hint(rbrace, "missing return", hint);
        }
    }

    pub(super) fn check_stmts(&mut self, list: &[Stmt]) {
        for &stmt in list {
            if self.diags.stopped() {
                return;
            }
            self.check_stmt(stmt);
        }
    }

    pub(super) fn check_stmt(&mut self, stmt: Stmt) {
        let data = self.ast[stmt];
        match data.kind {
            StmtKind::Empty | StmtKind::Branch { .. } => {}
            StmtKind::Decl(decls) => self.check_decl_stmt(decls),
            StmtKind::Labeled { stmt, .. } => self.check_stmt(stmt),
            StmtKind::Expr(expr) => self.check_expr_stmt(expr),
            StmtKind::Assign { lhs, rhs } => {
                self.assign_vars(&self.ast[lhs], &self.ast[rhs]);
            }
            StmtKind::Define { lhs, rhs } => self.check_define(data.pos, lhs, rhs),
            StmtKind::AssignOp { op, lhs, rhs } => {
                let mut x = self.check_binary(None, lhs, rhs, op);
                self.assign_operand(lhs, &mut x, "assignment");
            }
            StmtKind::IncDec { op, x: operand } => {
                let mut x = self.check_expr(operand);
                if !x.is_valid() {
                    return;
                }
                if !self.is_numeric(x.ty) {
                    let (text, op) = (self.text(operand), op.text());
                    let ty = self.type_text(x.ty);
                    let message =
                        format!("invalid operation: {text}{op}{op} (non-numeric type {ty})");
                    return self.expr_error(operand, message);
                }
                self.assign_operand(operand, &mut x, "assignment");
            }
            StmtKind::Return(results) => self.check_return(stmt, results),
            StmtKind::Block { list, .. } => {
                self.scopes.open();
                self.check_stmts(&self.ast[list]);
                self.scopes.close();
            }
            StmtKind::If { .. } => self.check_if(stmt),
            StmtKind::Switch {
                init,
                tag,
                body,
                rbrace,
            } => {
                self.scopes.open();
                init.expand().inspect(|&init| self.check_stmt(init));
                match tag.expand() {
                    Some(tag) if self.is_type_switch(tag) => self.check_type_switch(tag, body),
                    tag => self.check_switch(tag, body, rbrace),
                }
                self.scopes.close();
            }
            StmtKind::For {
                init,
                cond,
                post,
                body,
            } => {
                if let Some(init) = init.expand()
                    && let StmtKind::Range { .. } = self.ast[init].kind
                {
                    return self.check_range(stmt, init, body);
                }
                self.scopes.open();
                init.expand().inspect(|&init| self.check_stmt(init));
                cond.expand()
                    .inspect(|&cond| self.check_condition(cond, "for"));
                post.expand().inspect(|&post| self.check_stmt(post));
                self.check_stmt(body);
                self.scopes.close();
            }
            StmtKind::Send { .. } | StmtKind::Call { .. } | StmtKind::Select { .. } => {
                self.check_unsupported_stmt(stmt);
            }
            // Belongs to a `for`.
            StmtKind::Range { .. } => {}
        }
    }

    /// Checks `if … { … } else if … { … }`. A loop, since chains may be long.
    fn check_if(&mut self, stmt: Stmt) {
        let mut next = Some(stmt);
        let mut depth = 0;
        while let Some(stmt) = next {
            let StmtKind::If {
                init,
                cond,
                then,
                els,
            } = self.ast[stmt].kind
            else {
                self.check_stmt(stmt);
                break;
            };
            self.scopes.open();
            depth += 1;
            init.expand().inspect(|&init| self.check_stmt(init));
            cond.expand()
                .inspect(|&cond| self.check_condition(cond, "if"));
            self.check_stmt(then);
            next = els.expand();
        }
        for _ in 0..depth {
            self.scopes.close();
        }
    }

    fn check_condition(&mut self, cond: Expr, statement: &str) {
        let x = self.check_expr(cond);
        if x.is_valid() && !self.is_boolean(x.ty) {
            let message = format_args!("non-boolean condition in {statement} statement");
            self.expr_error(cond, message);
        }
    }

    fn check_expr_stmt(&mut self, expr: Expr) {
        let (x, form) = self.check_raw(expr);
        let what = match x.mode {
            Mode::Builtin => "must be called",
            Mode::Type => "is not an expression",
            _ if form == Form::Statement => return,
            _ => "is not used",
        };
        let text = self.describe(&x);
        self.operand_error(&x, format_args!("{text} {what}"));
    }

    fn check_return(&mut self, stmt: Stmt, values: List<Expr>) {
        let values = &self.ast[values];
        let results = self.results.clone();
        let named = results
            .first()
            .is_some_and(|&result| !self.name(result).is_empty());
        if !values.is_empty() || !named {
            return self.init_vars(&results, values, Some(stmt));
        }
        for &result in &results {
            let crate::info::Name::Source(sym) = self.package[result].name else {
                continue;
            };
            if let Some(other) = self.lookup(sym).filter(|&other| other != result) {
                let name = self.ast.text(sym);
                let ty = self.object_type(result).unwrap_or(Type::INVALID);
                let text = format!("inner declaration of var {name} {}", self.type_text(ty));
                let note = match self.package[other].pos.is_known() {
                    true => self.note(self.package[other].pos, &text),
                    false => format!("\n\t{text}"),
                };
                let message = format!("result parameter {name} not in scope at return{note}");
                self.error(self.ast[stmt].pos, message);
            }
        }
    }

    fn is_type_switch(&self, tag: Expr) -> bool {
        matches!(self.ast[tag].kind, ExprKind::TypeSwitchGuard { .. })
    }

    /// Reports all `default` clauses but the first.
    pub(super) fn check_defaults(&mut self, body: List<Clause>) {
        let mut first: Option<Pos> = None;
        for &clause in &self.ast[body] {
            let data = &self.ast[clause];
            if !data.cases.is_empty() {
                continue;
            }
            match first {
                Some(first) => {
                    let place = self.positions.format(first, true, true);
                    let message = format!("multiple defaults (first at {place})");
                    self.error(data.pos, message);
                }
                None => first = Some(data.pos),
            }
        }
    }

    fn check_switch(&mut self, tag: Option<Expr>, body: List<Clause>, rbrace: Pos) {
        let ast = self.ast;
        let mut x = match tag {
            Some(tag) => {
                let mut x = self.check_expr(tag);
                self.assignment(&mut x, None, "switch expression");
                if x.is_valid() && !self.is_comparable(x.ty) && !self.has_nil(x.ty) {
                    let (text, ty) = (self.describe(&x), self.type_text(x.ty));
                    let message = format!("cannot switch on {text} ({ty} is not comparable)");
                    self.operand_error(&x, message);
                    x.invalidate();
                }
                x
            }
            None => {
                let first = ast[body].first();
                let pos = first.map_or(rbrace, |&clause| ast[clause].pos);
                let mut x = Operand::value(Source::Text(pos, "true".to_owned()), Type::BOOL);
                x.mode = Mode::Constant;
                x.val = Val::Bool(true);
                x
            }
        };
        self.check_defaults(body);
        let mut seen = Seen::default();
        for &clause in &ast[body] {
            let data = &ast[clause];
            for &case in &ast[data.cases] {
                self.check_case(&mut x, case, &mut seen);
            }
            self.scopes.open();
            self.check_stmts(&ast[data.body]);
            self.scopes.close();
        }
    }

    fn check_case(&mut self, x: &mut Operand, case: Expr, seen: &mut Seen) {
        let mut v = self.check_expr(case);
        if !x.is_valid() || !v.is_valid() {
            return;
        }
        self.convert_untyped(&mut v, x.ty);
        if !v.is_valid() {
            return;
        }
        let mut result = v.clone();
        let mut tag = x.clone();
        let op = minigo_syntax::token::Operator::Eql;
        self.check_comparison(&mut result, &mut tag, op, true);
        if !result.is_valid() || v.mode != Mode::Constant {
            return;
        }
        let key = match &v.val {
            Val::Int(int) => match i128::try_from(int) {
                Ok(int) if (i64::MIN.into()..=u64::MAX.into()).contains(&int) => Key::Int(int),
                _ => return,
            },
            Val::Ratio(_) | Val::Float(_) => match v.val.to_f64() {
                Some(float) if v.val.is_exact(float) => Key::Float(float.to_bits()),
                _ => return,
            },
            Val::Str(bytes) => Key::String(bytes.to_vec()),
            _ => return,
        };
        let types = seen.entry(key).or_default();
        let places: Vec<(Type, Pos)> = types.clone();
        let same = places
            .iter()
            .find(|(ty, _)| self.identical(v.ty, *ty))
            .copied();
        match same {
            Some((_, previous)) => {
                let text = self.describe(&v);
                let note = self.note(previous, "previous case");
                let message = format!("duplicate case {text} in expression switch{note}");
                self.operand_error(&v, message);
            }
            None => types.push((v.ty, self.ast[case].pos)),
        }
    }
}
