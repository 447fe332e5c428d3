//! Expressions and types.

use super::Printer;
use crate::ast::{ChanDir, Expr, ExprKind, Field, List, Stmt, StmtKind};
use crate::token::{LitKind, Operator};

impl Printer<'_> {
    pub(super) fn expr_list(&mut self, list: List<Expr>) {
        for (i, &expr) in self.ast[list].iter().enumerate() {
            if i > 0 {
                self.token(",");
                self.blank();
            }
            self.expr(expr);
        }
    }

    /// Prints an expression: its leftmost operand first, then each suffix in turn.
    pub(super) fn expr(&mut self, expr: Expr) {
        let mut suffixes = Vec::new();
        let mut operand = expr;
        while let Some(left) = self.left_operand(operand) {
            suffixes.push(operand);
            operand = left;
        }
        if suffixes.is_empty() {
            return self.operand(operand);
        }
        self.before_suffix(operand);
        self.operand(operand);
        for suffix in suffixes.into_iter().rev() {
            self.suffix(suffix);
        }
    }

    /// Returns the leftmost operand of an expression with a suffix or a binary operator.
    fn left_operand(&self, expr: Expr) -> Option<Expr> {
        match self.ast[expr].kind {
            ExprKind::Binary { x, .. }
            | ExprKind::Selector { x, .. }
            | ExprKind::Index { x, .. }
            | ExprKind::Slice { x, .. }
            | ExprKind::Assert { x, .. }
            | ExprKind::Call { fun: x, .. } => Some(x),
            ExprKind::TypeSwitchGuard { lhs, x } if lhs.is_none() => Some(x),
            _ => None,
        }
    }

    /// Marks a trailing function type without results, which would otherwise absorb the following suffix.
    fn before_suffix(&mut self, operand: Expr) {
        let mut typ = operand;
        loop {
            typ = match self.ast[typ].kind {
                ExprKind::SliceType(elem)
                | ExprKind::ArrayType { elem, .. }
                | ExprKind::ChanType { elem, .. }
                | ExprKind::MapType { value: elem, .. }
                | ExprKind::Unary { x: elem, .. } => elem,
                ExprKind::FuncType { results, .. } => match self.ast[results] {
                    [] => {
                        self.needs_results = Some(typ);
                        return;
                    }
                    [result] if self.is_lone_type(result) => self.ast[result].typ,
                    _ => return,
                },
                _ => return,
            };
        }
    }

    fn suffix(&mut self, expr: Expr) {
        match self.ast[expr].kind {
            ExprKind::Binary { op, y, .. } => {
                self.blank();
                self.operator(op.text());
                self.blank();
                self.before_suffix(y);
                self.expr(y);
            }
            ExprKind::Selector { sel, .. } => {
                self.dots(".");
                self.expr(sel);
            }
            ExprKind::Index { index, .. } => {
                self.token("[");
                self.nested(|p| p.expr(index));
                self.close("]");
            }
            ExprKind::Slice { index, full, .. } => {
                let [low, high, max] = index.map(|index| index.expand());
                self.token("[");
                self.nested(|p| p.opt_expr(low));
                self.token(":");
                self.nested(|p| p.opt_expr(high));
                if max.is_some() || full && self.lines {
                    self.token(":");
                    self.nested(|p| p.opt_expr(max));
                }
                self.close("]");
            }
            ExprKind::Assert { typ, .. } => {
                self.dots(".");
                self.token("(");
                self.nested(|p| p.expr(typ));
                self.close(")");
            }
            ExprKind::TypeSwitchGuard { .. } => {
                self.dots(".");
                self.token("(");
                self.token("type");
                self.close(")");
            }
            ExprKind::Call { args, has_dots, .. } => {
                self.token("(");
                self.nested(|p| p.expr_list(args));
                if has_dots {
                    self.dots("...");
                }
                self.close(")");
            }
            _ => unreachable!("only these have a left operand"),
        }
    }

    /// Prints the contents of brackets, where a brace after a name starts a literal even in a header.
    pub(super) fn nested(&mut self, print: impl FnOnce(&mut Self)) {
        let in_header = std::mem::replace(&mut self.in_header, false);
        print(self);
        self.in_header = in_header;
    }

    fn opt_expr(&mut self, expr: Option<Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn operand(&mut self, expr: Expr) {
        match self.ast[expr].kind {
            ExprKind::Bad => self.word("<bad expr>"),
            ExprKind::Name(text) => self.word(self.ast.text(text)),
            ExprKind::BasicLit { kind, text, .. } => {
                self.word(self.ast.text(text));
                self.after_number = matches!(kind, LitKind::Int | LitKind::Float);
            }
            ExprKind::CompositeLit { typ, elems, .. } => {
                self.opt_expr(typ.expand());
                match self.short {
                    true => self.short_braces(elems.is_empty()),
                    false => self.nested(|p| p.elements(elems)),
                }
            }
            ExprKind::List(list) => self.expr_list(list),
            ExprKind::KeyValue { key, value } => {
                self.expr(key);
                self.token(":");
                self.blank();
                self.expr(value);
            }
            ExprKind::FuncLit { typ, body } => {
                self.expr(typ);
                self.blank();
                match self.short {
                    true => self.short_braces(self.is_empty_block(body)),
                    false => self.nested(|p| p.stmt(body)),
                }
            }
            ExprKind::Paren(x) => {
                self.token("(");
                self.nested(|p| p.expr(x));
                self.close(")");
            }
            ExprKind::TypeSwitchGuard { lhs, x } => {
                self.opt_expr(lhs.expand());
                self.blank();
                self.token(":=");
                self.blank();
                self.before_suffix(x);
                self.expr(x);
                self.suffix(expr);
            }
            ExprKind::Unary { op, x } => self.unary(op, x),
            _ => self.type_literal(expr),
        }
    }

    /// Prints braces and an ellipsis for what is between them.
    fn short_braces(&mut self, empty: bool) {
        self.token("{");
        if !empty {
            self.word("…");
        }
        self.close("}");
    }

    fn is_empty_block(&self, block: Stmt) -> bool {
        matches!(self.ast[block].kind, StmtKind::Block { list, .. } if list.is_empty())
    }

    fn elements(&mut self, elems: List<Expr>) {
        let is_pair = |&elem: &Expr| matches!(self.ast[elem].kind, ExprKind::KeyValue { .. });
        let all_pairs = self.ast[elems].iter().all(is_pair);
        self.token("{");
        if all_pairs && !elems.is_empty() {
            self.newline();
            self.indent();
            for &elem in &self.ast[elems] {
                self.expr(elem);
                self.token(",");
                self.newline();
            }
            self.outdent();
        } else {
            self.expr_list(elems);
        }
        self.close("}");
    }

    fn unary(&mut self, op: Operator, x: Expr) {
        self.operator(op.text());
        if !self.lines {
            return self.expr(x);
        }
        let in_parens = match self.ast[x].kind {
            // The parser drops parentheses after `&`, but they are needed here.
            ExprKind::Binary { .. } => true,
            ExprKind::CompositeLit { .. } => self.in_header,
            ExprKind::Unary { op: inner, .. } => {
                use Operator::{Add, And, Sub, Xor};
                if matches!((op, inner), (Add, Add) | (Sub, Sub) | (And, And | Xor)) {
                    self.blank(); // keeps two operators from joining
                }
                false
            }
            _ => false,
        };
        if in_parens {
            self.token("(");
            self.nested(|p| p.expr(x));
            self.close(")");
        } else {
            self.expr(x);
        }
    }

    fn type_literal(&mut self, expr: Expr) {
        match self.ast[expr].kind {
            ExprKind::ArrayType { len, elem } => {
                self.token("[");
                match len.expand() {
                    Some(len) => self.nested(|p| p.expr(len)),
                    None => self.token("..."),
                }
                self.close("]");
                self.expr(elem);
            }
            ExprKind::SliceType(elem) => {
                self.token("[");
                self.close("]");
                self.expr(elem);
            }
            ExprKind::DotsType(elem) => {
                self.token("...");
                self.expr(elem);
            }
            ExprKind::StructType(fields) => {
                self.fields("struct", fields, |p| p.struct_fields(fields));
            }
            ExprKind::InterfaceType(methods) => {
                self.fields("interface", methods, |p| p.methods(methods));
            }
            ExprKind::FuncType { .. } => {
                self.token("func");
                self.signature(expr);
            }
            ExprKind::MapType { key, value } => {
                self.token("map");
                self.token("[");
                self.expr(key);
                self.close("]");
                self.expr(value);
            }
            ExprKind::ChanType { dir, elem } => self.chan_type(dir, elem),
            _ => unreachable!("all other kinds are printed by the callers"),
        }
    }

    fn chan_type(&mut self, dir: ChanDir, elem: Expr) {
        if dir == ChanDir::RecvOnly {
            self.token("<-");
        }
        self.token("chan");
        if dir == ChanDir::SendOnly {
            self.token("<-");
        }
        self.blank();
        let recv = ChanDir::RecvOnly;
        let from_channel =
            matches!(self.ast[elem].kind, ExprKind::ChanType { dir, .. } if dir == recv);
        if self.lines && dir == ChanDir::Both && from_channel {
            // Without parentheses the arrow would belong to this type.
            self.token("(");
            self.expr(elem);
            self.close(")");
        } else {
            self.expr(elem);
        }
    }

    fn fields(&mut self, keyword: &str, fields: List<Field>, print: impl FnOnce(&mut Self)) {
        self.token(keyword);
        if !fields.is_empty() && self.lines {
            self.blank();
        }
        self.token("{");
        if !fields.is_empty() {
            self.newline();
            self.indent();
            self.nested(print);
            self.outdent();
            self.newline();
        }
        self.close("}");
    }

    fn struct_fields(&mut self, fields: List<Field>) {
        let mut rest = &self.ast[fields];
        while let Some((&first, after)) = rest.split_first() {
            // Names of one list share their type.
            let first_field = self.ast[first];
            let shares = |&&other: &&Field| self.share_type(first, other);
            let n_more = after.iter().take_while(shares).count();
            if let Some(name) = first_field.name.expand() {
                self.expr(name);
                for &field in &after[..n_more] {
                    self.token(",");
                    self.blank();
                    self.opt_expr(self.ast[field].name.expand());
                }
                self.blank();
            }
            self.expr(first_field.typ);
            if let Some(tag) = first_field.tag.expand() {
                self.blank();
                self.expr(tag);
            }
            rest = &after[n_more..];
            if !rest.is_empty() {
                self.semi();
                self.newline();
            }
        }
    }

    /// Reports whether two fields come from one list of names.
    fn share_type(&self, a: Field, b: Field) -> bool {
        let (a, b) = (self.ast[a], self.ast[b]);
        a.name.is_some() && b.name.is_some() && a.typ == b.typ
    }

    fn methods(&mut self, methods: List<Field>) {
        for (i, &method) in self.ast[methods].iter().enumerate() {
            if i > 0 {
                self.semi();
                self.newline();
            }
            let method = self.ast[method];
            match method.name.expand() {
                Some(name) => {
                    self.expr(name);
                    self.signature(method.typ);
                }
                None => self.expr(method.typ),
            }
        }
    }

    /// Reports whether `result` may be printed without parentheses.
    fn is_lone_type(&self, result: Field) -> bool {
        let result = self.ast[result];
        let is_dots = matches!(self.ast[result.typ].kind, ExprKind::DotsType(_));
        result.name.is_none() && !(is_dots && self.lines)
    }

    /// Prints the parameters and results of a function type.
    pub(super) fn signature(&mut self, typ: Expr) {
        let ExprKind::FuncType { params, results } = self.ast[typ].kind else {
            return self.expr(typ);
        };
        let needs_results = self.needs_results == Some(typ);
        self.nested(|p| p.params(params));
        match self.ast[results] {
            [] if needs_results => {
                self.needs_results = None;
                self.blank();
                self.params(results);
            }
            [] => {}
            [result] if self.is_lone_type(result) => {
                self.blank();
                self.expr(self.ast[result].typ);
            }
            _ => {
                self.blank();
                self.nested(|p| p.params(results));
            }
        }
    }

    pub(super) fn params(&mut self, params: List<Field>) {
        self.token("(");
        let list = &self.ast[params];
        for (i, &param) in list.iter().enumerate() {
            if i > 0 {
                self.token(",");
                self.blank();
            }
            if let Some(name) = self.ast[param].name.expand() {
                self.expr(name);
                let next = list.get(i + 1);
                if next.is_some_and(|&next| self.share_type(param, next)) {
                    continue; // the last name prints the type
                }
                self.blank();
            }
            self.expr(self.ast[param].typ);
        }
        self.close(")");
    }
}
