//! Refuses values without a representation at run time, in a package that is right: strings that aren't constant,
//! floating-point and complex numbers, interfaces, and functions that aren't called.

use minigo_base::Pos;
use minigo_syntax::ast::{Decl, DeclKind, Expr, ExprKind, Field, List, Stmt, StmtKind};

use super::Checker;
use crate::check::unsupported_value;
use crate::info::{Builtin, Extern, Func, Mode, ObjectKind};
use crate::ty::{Kind, Type};

impl Checker<'_> {
    /// Refuses what has no value at run time.
    pub(super) fn refuse_values(&mut self) {
        for func in self.package.funcs.keys() {
            self.refuse_in_func(func);
        }
        for file in self.ast.files.values() {
            for &decl in &self.ast[file.decls] {
                self.refuse_in_decl(decl);
            }
        }
    }

    fn refuse_in_func(&mut self, func: Func) {
        let data = &self.package[func];
        let (decl, body) = (data.decl, data.body);
        if let DeclKind::Func { typ, .. } = self.ast[decl].kind
            && let ExprKind::FuncType { params, results } = self.ast[typ].kind
        {
            self.refuse_fields(params);
            self.refuse_fields(results);
        }
        if let Some(body) = body {
            self.refuse_in_stmt(body);
        }
    }

    fn refuse_fields(&mut self, fields: List<Field>) {
        let mut last = None;
        for &field in &self.ast[fields] {
            let typ = self.ast[field].typ;
            if last != Some(typ) {
                self.refuse_type(typ);
            }
            last = Some(typ);
        }
    }

    /// Refuses the type of a variable.
    fn refuse_type(&mut self, typ: Expr) {
        let ty = self.package.exprs[self.unparen(typ)].ty;
        self.refuse_kind(self.ast[typ].pos, ty);
    }

    fn refuse_kind(&mut self, pos: Pos, ty: Type) {
        if let Some(what) = unsupported_value(self.kind(ty)) {
            self.refuse(pos, what);
        }
    }

    fn refuse_in_decl(&mut self, decl: Decl) {
        let DeclKind::Var { names, typ, values } = self.ast[decl].kind else {
            return;
        };
        match typ.expand() {
            Some(typ) => self.refuse_type(typ),
            None => self.refuse_vars(names),
        }
        self.refuse_in_exprs(values);
    }

    /// Refuses variables whose types come from their values.
    fn refuse_vars(&mut self, names: List<Expr>) {
        for &name in &self.ast[names] {
            let info = &self.package.exprs[name];
            if info.declares && !self.is_blank(name) {
                let ty = info.ty;
                self.refuse_kind(self.ast[name].pos, ty);
            }
        }
    }

    fn refuse_in_exprs(&mut self, exprs: List<Expr>) {
        for &expr in &self.ast[exprs] {
            self.refuse_in_expr(expr);
        }
    }

    fn refuse_in_stmts(&mut self, list: List<Stmt>) {
        for &stmt in &self.ast[list] {
            self.refuse_in_stmt(stmt);
        }
    }

    fn refuse_in_stmt(&mut self, stmt: Stmt) {
        match self.ast[stmt].kind {
            StmtKind::Labeled { stmt, .. } => self.refuse_in_stmt(stmt),
            StmtKind::Block { list, .. } => self.refuse_in_stmts(list),
            StmtKind::Expr(expr) => self.refuse_in_call(expr),
            StmtKind::Decl(decls) => {
                for &decl in &self.ast[decls] {
                    self.refuse_in_decl(decl);
                }
            }
            StmtKind::Assign { lhs, rhs } | StmtKind::Define { lhs, rhs } => {
                self.refuse_vars(lhs);
                match self.ast[rhs] {
                    [call] => self.refuse_in_call(call),
                    _ => self.refuse_in_exprs(rhs),
                }
            }
            StmtKind::AssignOp { lhs, rhs, .. } => {
                self.refuse_in_expr(lhs);
                self.refuse_in_expr(rhs);
            }
            StmtKind::IncDec { x, .. } => self.refuse_in_expr(x),
            StmtKind::Return(results) => match self.ast[results] {
                [call] => self.refuse_in_call(call),
                _ => self.refuse_in_exprs(results),
            },
            StmtKind::If {
                init,
                cond,
                then,
                els,
            } => {
                for stmt in [init.expand(), Some(then), els.expand()] {
                    stmt.inspect(|&stmt| self.refuse_in_stmt(stmt));
                }
                cond.expand().inspect(|&cond| self.refuse_in_expr(cond));
            }
            StmtKind::For {
                init,
                cond,
                post,
                body,
            } => {
                for stmt in [init.expand(), post.expand(), Some(body)] {
                    stmt.inspect(|&stmt| self.refuse_in_stmt(stmt));
                }
                cond.expand().inspect(|&cond| self.refuse_in_expr(cond));
            }
            StmtKind::Range { lhs, x, .. } => {
                self.refuse_vars(lhs);
                self.refuse_in_expr(x);
            }
            StmtKind::Switch {
                init, tag, body, ..
            } => {
                init.expand().inspect(|&init| self.refuse_in_stmt(init));
                tag.expand().inspect(|&tag| self.refuse_in_expr(tag));
                for &clause in &self.ast[body] {
                    self.refuse_in_exprs(self.ast[clause].cases);
                    self.refuse_in_stmts(self.ast[clause].body);
                }
            }
            _ => {}
        }
    }

    /// Refuses what is in an expression that may be a call with any results. A conversion has one.
    fn refuse_in_call(&mut self, expr: Expr) {
        let call = self.unparen(expr);
        match self.ast[call].kind {
            ExprKind::Call { fun, args, .. }
                if self.package.exprs[call].value.is_none()
                    && self.package.exprs[self.unparen(fun)].mode != Mode::Type =>
            {
                self.refuse_in_args(call, fun, args);
            }
            _ => self.refuse_in_expr(expr),
        }
    }

    fn refuse_in_expr(&mut self, expr: Expr) {
        let expr = self.unparen(expr);
        let info = self.package.exprs[expr];
        if info.mode == Mode::Type {
            return;
        }
        let ty = match info.value.is_some() {
            true => self.default_type(info.ty),
            false => info.ty,
        };
        if ty != Type::BLANK
            && let Some(what) = unsupported_value(self.kind(ty))
        {
            return self.refuse(self.ast[expr].pos, what);
        }
        if info.value.is_some() {
            return;
        }
        match self.ast[expr].kind {
            ExprKind::Unary { x, .. } => self.refuse_in_expr(x),
            ExprKind::Binary { x, y, .. } => {
                self.refuse_in_expr(x);
                self.refuse_in_expr(y);
            }
            ExprKind::Call { fun, args, .. } => self.refuse_in_args(expr, fun, args),
            _ => {}
        }
    }

    fn refuse_in_args(&mut self, call: Expr, fun: Expr, args: List<Expr>) {
        /// The largest length that an array type can have here.
        const MAX_ARGS: usize = u16::MAX as usize;
        let fun = self.unparen(fun);
        let object = self.package.exprs[fun].object.expand();
        let kind = object.map(|object| self.kind_of_object(object));
        let prints = matches!(
            kind,
            Some(
                ObjectKind::Builtin(Builtin::Print | Builtin::Println | Builtin::Panic)
                    | ObjectKind::Extern(Extern::FmtPrint | Extern::FmtPrintln)
            )
        );
        if let Some(ObjectKind::Extern(_)) = kind
            && args.len() > MAX_ARGS
        {
            self.refuse(self.ast[call].pos, "more than 65535 arguments");
        }
        let is_call = kind.is_none()
            || matches!(kind, Some(ObjectKind::Func(_) | ObjectKind::Extern(_)))
            || prints
            || matches!(kind, Some(ObjectKind::Builtin(_) | ObjectKind::TypeName));
        if !is_call {
            return self.refuse(self.ast[fun].pos, "function values");
        }
        for &arg in &self.ast[args] {
            let inner = self.unparen(arg);
            let info = &self.package.exprs[inner];
            if prints && info.value.is_some() && self.kind(info.ty) == Kind::String {
                continue;
            }
            match args.len() {
                1 => self.refuse_in_only_arg(call, arg),
                _ => self.refuse_in_expr(arg),
            }
        }
    }

    /// Refuses what is in the only argument of a call, which may have several values.
    fn refuse_in_only_arg(&mut self, call: Expr, arg: Expr) {
        let inner = self.unparen(arg);
        let ty = self.package.exprs[inner].ty;
        if self.kind(ty) != Kind::Tuple {
            return self.refuse_in_expr(arg);
        }
        for result in self.package.types[ty].params.clone() {
            self.refuse_kind(self.ast[call].pos, result);
        }
        self.refuse_in_call(arg);
    }
}
