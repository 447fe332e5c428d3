//! Type parameters, instances and constraints, and the parameters of versions that have them (gc: syntax/parser.go).

use minigo_base::Pos;

use super::Parser;
use super::types::Param;
use crate::ast::{Decl, Expr, ExprKind, Field, List};
use crate::sym::Sym;
use crate::token::{Operator, Token};

impl Parser<'_> {
    /// Records the type parameters of a declaration.
    pub(super) fn set_type_params(&mut self, decl: Decl, params: Option<List<Field>>) {
        if let Some(params) = params {
            self.ast.type_params.push((decl, params));
        }
    }

    /// Parses what follows `type T`, from the bracket that is the current token on: type parameters and a type, or the
    /// rest of an array or slice type. Returns the parameters, whether it is an alias, and the type, if there is one.
    pub(super) fn type_params_or_array(&mut self) -> (Option<List<Field>>, bool, Option<Expr>) {
        let pos = self.pos();
        self.next();
        match self.tok {
            Token::Name => {}
            Token::Rbrack => {
                self.next();
                let elem = self.type_();
                return (
                    None,
                    false,
                    Some(self.new_expr(pos, ExprKind::SliceType(elem))),
                );
            }
            _ => return (None, false, Some(self.rest_of_array(pos, None))),
        }
        // A name is the start of the length, or the first type parameter.
        let mut x = self.name();
        if self.tok != Token::Lbrack {
            self.xnest += 1;
            x = self.suffixes(x);
            x = self.operations(x, 0);
            self.xnest -= 1;
        }
        match self.extract_name(x, self.tok == Token::Comma) {
            Some((name, typ)) if typ.is_some() || self.tok != Token::Rbrack => {
                let params = self.rest_of_params(Some(name), typ, Token::Rbrack, true, false);
                let alias = self.got_assign();
                let typ = self.type_or_none();
                (Some(params), alias, typ)
            }
            _ => (None, false, Some(self.rest_of_array(pos, Some(x)))),
        }
    }

    /// Splits `P *T`, `P (T)` and the like, which are expressions, too, into a name and a type. Only types that can't be
    /// values count as such unless `force` is set.
    fn extract_name(&mut self, x: Expr, force: bool) -> Option<(Expr, Option<Expr>)> {
        let data = self.ast[x];
        match data.kind {
            ExprKind::Name(_) => Some((x, None)),
            ExprKind::Binary {
                op: Operator::Mul,
                x: left,
                y,
            } => {
                let is_name = self.ast.name(left).is_some();
                (is_name && (force || self.is_type_elem(y))).then(|| {
                    let pointer = self.pointer(data.pos, y);
                    (left, Some(pointer))
                })
            }
            ExprKind::Binary {
                op: Operator::Or,
                x: left,
                y,
            } => {
                let force = force || self.is_type_elem(y);
                let (name, typ) = self.extract_name(left, force)?;
                let x = typ?;
                let op = Operator::Or;
                let union = self.new_expr(data.pos, ExprKind::Binary { op, x, y });
                Some((name, Some(union)))
            }
            ExprKind::Call {
                fun,
                args,
                has_dots: false,
                ..
            } => {
                let &[arg] = &self.ast[args] else {
                    return None;
                };
                let is_name = self.ast.name(fun).is_some();
                let fits = is_name && (force || self.is_type_elem(arg));
                fits.then(|| (fun, Some(self.ast.unparen(arg))))
            }
            _ => None,
        }
    }

    /// Reports whether an expression can only be a type or constraint.
    fn is_type_elem(&self, x: Expr) -> bool {
        match self.ast[x].kind {
            ExprKind::ArrayType { .. }
            | ExprKind::StructType(_)
            | ExprKind::FuncType { .. }
            | ExprKind::InterfaceType(_)
            | ExprKind::SliceType(_)
            | ExprKind::MapType { .. }
            | ExprKind::ChanType { .. } => true,
            ExprKind::Binary { x, y, .. } => self.is_type_elem(x) || self.is_type_elem(y),
            ExprKind::Unary { op, x } => op == Operator::Tilde || self.is_type_elem(x),
            ExprKind::Paren(x) => self.is_type_elem(x),
            _ => false,
        }
    }

    /// Reports whether an expression can only be a value.
    pub(super) fn is_value(&self, x: Expr) -> bool {
        match self.ast[x].kind {
            ExprKind::BasicLit { .. }
            | ExprKind::CompositeLit { .. }
            | ExprKind::FuncLit { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Assert { .. }
            | ExprKind::TypeSwitchGuard { .. }
            | ExprKind::Call { .. }
            | ExprKind::Binary { .. } => true,
            ExprKind::Unary { op, .. } => op != Operator::Mul,
            ExprKind::Paren(x) => self.is_value(x),
            ExprKind::Index { x, index } => self.is_value(x) || self.is_value(index),
            _ => false,
        }
    }

    /// Parses the rest of an array type whose bracket, and possibly length, has been read.
    fn rest_of_array(&mut self, pos: Pos, len: Option<Expr>) -> Expr {
        let mut len = len;
        if len.is_none() && !self.got(Token::DotDotDot) {
            self.xnest += 1;
            len = Some(self.expr());
            self.xnest -= 1;
        }
        self.no_comma_in_array();
        self.want(Token::Rbrack);
        let (len, elem) = (len.into(), self.type_());
        self.new_expr(pos, ExprKind::ArrayType { len, elem })
    }

    /// Reports a comma after an array's length, which is accepted after type parameters.
    pub(super) fn no_comma_in_array(&mut self) {
        if self.tok == Token::Comma && self.profile.type_params {
            self.syntax_error("unexpected comma; expected ]");
            self.next();
        }
    }

    /// Parses the type arguments after a type's name, if there are any.
    pub(super) fn instance_of(&mut self, typ: Expr) -> Expr {
        if self.tok != Token::Lbrack || !self.profile.type_params {
            return typ;
        }
        let pos = self.pos();
        self.next();
        let index = if self.tok == Token::Rbrack {
            self.expecting("type argument list");
            self.bad_expr()
        } else {
            self.type_list(true).0
        };
        self.want(Token::Rbrack);
        self.new_expr(pos, ExprKind::Index { x: typ, index })
    }

    /// Parses types, the first of which may be a value unless `strict` is set. Returns them, and whether there was a
    /// comma.
    fn type_list(&mut self, strict: bool) -> (Expr, bool) {
        self.xnest += 1;
        let first = match strict {
            true => self.type_(),
            false => self.expr(),
        };
        let start = self.exprs.len();
        self.exprs.push(first);
        let mut comma = false;
        while self.got(Token::Comma) {
            comma = true;
            let Some(typ) = self.type_or_none() else {
                break;
            };
            self.exprs.push(typ);
        }
        self.xnest -= 1;
        if self.exprs.len() == start + 1 {
            self.exprs.truncate(start);
            return (first, comma);
        }
        let list = self.take_exprs(start);
        let pos = self.ast[first].pos;
        (self.new_expr(pos, ExprKind::List(list)), comma)
    }

    /// Parses an index, type arguments or slice bounds after an operand.
    pub(super) fn instance_or_slice(&mut self, pos: Pos, x: Expr) -> Expr {
        self.next();
        let mut indices = [None; 3];
        if self.tok != Token::Colon {
            let (index, comma) = if self.tok == Token::Rbrack {
                self.expecting("operand");
                (self.bad_expr(), false)
            } else {
                self.type_list(false)
            };
            if comma || self.tok == Token::Rbrack {
                self.want(Token::Rbrack);
                return self.new_expr(pos, ExprKind::Index { x, index });
            }
            indices[0] = Some(index);
        }
        if !self.got(Token::Colon) {
            self.expecting("comma, : or ]");
            self.advance_to(&[Token::Comma, Token::Colon, Token::Rbrack]);
        }
        self.xnest += 1;
        if !matches!(self.tok, Token::Colon | Token::Rbrack) {
            indices[1] = Some(self.expr());
        }
        let full = self.tok == Token::Colon;
        if full {
            if indices[1].is_none() {
                self.error_at(self.pos(), "middle index required in 3-index slice");
                indices[1] = Some(self.bad_expr());
            }
            self.next();
            if self.tok == Token::Rbrack {
                self.error_at(self.pos(), "final index required in 3-index slice");
                indices[2] = Some(self.bad_expr());
            } else {
                indices[2] = Some(self.expr());
            }
        }
        self.xnest -= 1;
        self.want(Token::Rbrack);
        let index = indices.map(Into::into);
        self.new_expr(pos, ExprKind::Slice { x, index, full })
    }

    /// Parses the type parameters and signature of a declared function.
    pub(super) fn declared_func_type(&mut self) -> (Option<List<Field>>, Expr) {
        let pos = self.pos();
        let params = self.func_type_params("");
        (params, self.func_type_at(pos))
    }

    /// Parses a signature that can't have type parameters; `context` is what it belongs to.
    pub(super) fn func_type_without_params(&mut self, context: &str) -> Expr {
        let pos = self.pos();
        self.func_type_params(context);
        self.func_type_at(pos)
    }

    fn func_type_params(&mut self, context: &str) -> Option<List<Field>> {
        if self.tok != Token::Lbrack || !self.profile.type_params {
            return None;
        }
        let pos = self.pos();
        self.next();
        if !context.is_empty() {
            self.syntax_error_at(pos, &format!("{context} must have no type parameters"));
        }
        if self.tok == Token::Rbrack {
            self.syntax_error("empty type parameter list");
            self.next();
            return None;
        }
        Some(self.rest_of_params(None, None, Token::Rbrack, true, false))
    }

    /// Parses a parameter list whose last parameter may be variadic.
    pub(super) fn final_param_list(&mut self) -> List<Field> {
        if !self.profile.type_params {
            return self.param_list();
        }
        self.want(Token::Lparen);
        self.rest_of_params(None, None, Token::Rparen, false, true)
    }

    /// Parses a list of receivers or results.
    pub(super) fn receivers(&mut self) -> List<Field> {
        if !self.profile.type_params {
            return self.param_list();
        }
        self.want(Token::Lparen);
        self.rest_of_params(None, None, Token::Rparen, false, false)
    }

    /// Parses the rest of a parameter list after its opening token and, if given, the first name and its type.
    fn rest_of_params(
        &mut self,
        name: Option<Expr>,
        typ: Option<Expr>,
        close: Token,
        require_names: bool,
        dots_ok: bool,
    ) -> List<Field> {
        let first_field = self.fields.len();
        if let (Some(name), Some(typ)) = (name, typ)
            && self.tok == close
        {
            self.next();
            self.push_field(self.ast[name].pos, Some(name), typ, None);
            return self.take_fields(first_field);
        }
        let start = self.params.len();
        let (mut name, mut typ) = (name, typ);
        let (mut named, mut typed) = (0, 0);
        let end = self.rest_of_list("parameter list", Token::Comma, close, |p| {
            let (name, typ) = (name.take(), typ.take());
            let param = match (name, typ) {
                (Some(name), Some(typ)) => Some(Param {
                    pos: p.ast[name].pos,
                    name: Some(name),
                    typ: Some(typ),
                }),
                (name, _) => p.param_or_constraint(name, close),
            };
            if let Some(param) = param {
                named += usize::from(param.name.is_some() && param.typ.is_some());
                typed += usize::from(param.typ.is_some());
                p.params.push(param);
            }
            false
        });
        self.distribute(start, (named, typed), end, require_names);
        self.check_dots(start, dots_ok);
        for i in start..self.params.len() {
            let Param { pos, name, typ } = self.params[i];
            let typ = typ.expect("types are distributed");
            self.push_field(pos, name, typ, None);
        }
        self.params.truncate(start);
        self.take_fields(first_field)
    }

    /// Gives each parameter from `start` on a type, and a name if any has one.
    fn distribute(
        &mut self,
        start: usize,
        (named, typed): (usize, usize),
        end: Pos,
        require_names: bool,
    ) {
        let count = self.params.len() - start;
        if count == 0 {
            return;
        }
        if named == 0 && !require_names {
            for param in &mut self.params[start..] {
                if let Some(name) = param.name.take() {
                    param.typ = Some(name);
                }
            }
            return;
        }
        if named == count {
            return;
        }
        let (mut error, mut typ) = (None, None);
        for i in (start..self.params.len()).rev() {
            let param = self.params[i];
            match (param.name, param.typ) {
                (Some(_), Some(found)) => typ = Some(found),
                (_, Some(found)) => {
                    typ = Some(found);
                    let pos = self.start_pos(found);
                    error = Some(pos);
                    self.params[i].name = Some(self.new_name(pos, Sym::BLANK));
                }
                (Some(name), None) if typ.is_none() => {
                    let pos = self.ast[name].pos;
                    error = Some(pos);
                    self.params[i].typ = Some(self.new_expr(pos, ExprKind::Bad));
                }
                (_, None) => self.params[i].typ = typ,
            }
        }
        let Some(pos) = error else { return };
        let (pos, message) = match (named == typed, require_names) {
            (true, true) => (end, "missing type constraint"),
            (true, false) => (end, "missing parameter type"),
            (false, true) if count == 1 => {
                (pos, "missing type parameter name or invalid array length")
            }
            (false, true) => (pos, "missing type parameter name"),
            (false, false) => (pos, "missing parameter name"),
        };
        self.syntax_error_at(pos, message);
    }

    /// Reports the first `...` that isn't in front of the last parameter's type.
    fn check_dots(&mut self, start: usize, dots_ok: bool) {
        let mut first = true;
        for i in start..self.params.len() {
            let Some(typ) = self.params[i].typ else {
                continue;
            };
            let ExprKind::DotsType(elem) = self.ast[typ].kind else {
                continue;
            };
            if dots_ok && i + 1 == self.params.len() {
                continue;
            }
            if std::mem::replace(&mut first, false) {
                let message = match dots_ok {
                    true => "can only use ... with final parameter",
                    false => "invalid use of ...",
                };
                self.error_at(self.ast[typ].pos, message);
            }
            self.params[i].typ = Some(elem);
        }
    }

    /// Returns the position of an expression's first token.
    fn start_pos(&self, expr: Expr) -> Pos {
        let mut expr = expr;
        loop {
            expr = match self.ast[expr].kind {
                ExprKind::Binary { x, .. }
                | ExprKind::Selector { x, .. }
                | ExprKind::Index { x, .. } => x,
                _ => return self.ast[expr].pos,
            };
        }
    }

    fn at_operator(&self, op: Operator) -> bool {
        self.tok == Token::Operator && self.scanner.op == op
    }

    /// Parses a parameter, whose name may have been read. In a list that ends in `]`, its type may be a constraint.
    fn param_or_constraint(&mut self, name: Option<Expr>, follow: Token) -> Option<Param> {
        let constraints = follow == Token::Rbrack;
        let mut pos = self.pos();
        if let Some(name) = name {
            pos = self.ast[name].pos;
        } else if constraints && self.at_operator(Operator::Tilde) {
            let typ = Some(self.union(None));
            return Some(Param {
                pos,
                name: None,
                typ,
            });
        }
        let mut param = Param {
            pos,
            name: None,
            typ: None,
        };
        if self.tok == Token::Name || name.is_some() {
            let name = name.unwrap_or_else(|| self.name());
            if self.tok == Token::Lbrack {
                let typ = self.array_or_instance(name);
                if !matches!(self.ast[typ].kind, ExprKind::Index { .. }) {
                    param.name = Some(name);
                }
                param.typ = Some(self.rest_of_union(typ, constraints));
                return Some(param);
            }
            if self.tok == Token::Dot {
                let typ = self.dot_name(name);
                let typ = self.instance_of(typ);
                param.typ = Some(self.rest_of_union(typ, constraints));
                return Some(param);
            }
            if constraints && self.at_operator(Operator::Or) {
                param.typ = Some(self.union(Some(name)));
                return Some(param);
            }
            param.name = Some(name);
        }
        if self.tok == Token::DotDotDot {
            let dots = self.pos();
            self.next();
            param.typ = Some(match self.type_or_none() {
                Some(elem) => self.new_expr(dots, ExprKind::DotsType(elem)),
                None => {
                    let bad = self.bad_expr();
                    self.syntax_error("... is missing type");
                    bad
                }
            });
            return Some(param);
        }
        if constraints && self.at_operator(Operator::Tilde) {
            param.typ = Some(self.union(None));
            return Some(param);
        }
        param.typ = self.type_or_none();
        if let Some(typ) = param.typ {
            param.typ = Some(self.rest_of_union(typ, constraints));
        }
        if param.name.is_some() || param.typ.is_some() {
            return Some(param);
        }
        let what = self.token_text(follow);
        self.expecting(&what);
        self.advance_to(&[Token::Comma, follow]);
        None
    }

    /// Parses the rest of a union after its first term, if there is any and it is allowed.
    fn rest_of_union(&mut self, term: Expr, allowed: bool) -> Expr {
        match allowed && self.at_operator(Operator::Or) {
            true => self.union(Some(term)),
            false => term,
        }
    }

    /// Parses the terms of a constraint after the first one, or all of them.
    fn union(&mut self, first: Option<Expr>) -> Expr {
        let mut typ = match first {
            Some(first) => first,
            None => self.term(),
        };
        while self.at_operator(Operator::Or) {
            let pos = self.pos();
            self.next();
            let (op, x, y) = (Operator::Or, typ, self.term());
            typ = self.new_expr(pos, ExprKind::Binary { op, x, y });
        }
        typ
    }

    fn term(&mut self) -> Expr {
        let pos = self.pos();
        if self.at_operator(Operator::Tilde) {
            self.next();
            let (op, x) = (Operator::Tilde, self.type_());
            return self.new_expr(pos, ExprKind::Unary { op, x });
        }
        if let Some(typ) = self.type_or_none() {
            return typ;
        }
        let bad = self.bad_expr();
        self.expecting("~ term or type");
        self.advance_to(&[
            Token::Operator,
            Token::Semi,
            Token::Rparen,
            Token::Rbrack,
            Token::Rbrace,
        ]);
        bad
    }

    /// Parses an array or slice type after a name that it doesn't belong to, or the type arguments of that name, which
    /// make an [`ExprKind::Index`].
    pub(super) fn array_or_instance(&mut self, name: Expr) -> Expr {
        let pos = self.pos();
        self.next();
        if self.got(Token::Rbrack) {
            let elem = self.type_();
            return self.new_expr(pos, ExprKind::SliceType(elem));
        }
        let (index, comma) = self.type_list(false);
        self.want(Token::Rbrack);
        if !comma && let Some(elem) = self.type_or_none() {
            let len = Some(index).into();
            return self.new_expr(pos, ExprKind::ArrayType { len, elem });
        }
        self.new_expr(pos, ExprKind::Index { x: name, index })
    }

    /// Parses an embedded field that starts with a star or parenthesis.
    pub(super) fn embedded_in_parens(&mut self) {
        let pos = self.pos();
        match self.tok {
            Token::Star => {
                self.next();
                let typ = if self.tok == Token::Lparen {
                    self.syntax_error("cannot parenthesize embedded type");
                    self.next();
                    let typ = self.qualified_name();
                    self.got(Token::Rparen);
                    typ
                } else {
                    self.qualified_name()
                };
                let tag = self.literal_or_none();
                let typ = self.pointer(pos, typ);
                self.push_field(pos, None, typ, tag);
            }
            Token::Lparen => {
                self.syntax_error("cannot parenthesize embedded type");
                self.next();
                let typ = if self.tok == Token::Star {
                    let pos = self.pos();
                    self.next();
                    let typ = self.qualified_name();
                    self.pointer(pos, typ)
                } else {
                    self.qualified_name()
                };
                self.got(Token::Rparen);
                let tag = self.literal_or_none();
                self.push_field(pos, None, typ, tag);
            }
            _ => {
                self.expecting("field name or embedded type");
                self.advance_to(&[Token::Semi, Token::Rbrace]);
            }
        }
    }

    /// Parses a method or an embedded element of an interface.
    pub(super) fn method_or_constraint(&mut self) {
        const CONTEXT: &str = "interface method";
        let pos = self.pos();
        if self.tok != Token::Name {
            let typ = self.union(None);
            return self.push_field(pos, None, typ, None);
        }
        let name = self.name();
        let typ = match self.tok {
            Token::Lparen => {
                let typ = self.func_type_without_params(CONTEXT);
                return self.push_field(pos, Some(name), typ, None);
            }
            Token::Lbrack => {
                let bracket = self.pos();
                self.next();
                if self.tok == Token::Rbrack {
                    let end = self.pos();
                    self.next();
                    if self.tok == Token::Lparen {
                        self.error_at(end, "empty type parameter list");
                        let typ = self.func_type_without_params(CONTEXT);
                        return self.push_field(pos, Some(name), typ, None);
                    }
                    self.error_at(end, "empty type argument list");
                    name
                } else {
                    let list = self.rest_of_params(None, None, Token::Rbrack, false, false);
                    let first = self.ast[list].first().copied();
                    let is_method = match first {
                        Some(first) => self.ast[first].name.is_some(),
                        None => self.tok == Token::Lparen,
                    };
                    if is_method {
                        let typ = self.func_type_without_params(CONTEXT);
                        if first.is_some() {
                            let message = "interface method must have no type parameters";
                            self.error_at(bracket, message);
                        }
                        return self.push_field(pos, Some(name), typ, None);
                    }
                    match first {
                        Some(_) => self.instance_of_fields(bracket, name, list),
                        None => name,
                    }
                }
            }
            _ => {
                let typ = self.dot_name(name);
                self.instance_of(typ)
            }
        };
        let typ = self.rest_of_union(typ, true);
        self.push_field(pos, None, typ, None);
    }

    /// Returns the instance of `name` whose type arguments have been parsed as parameters.
    fn instance_of_fields(&mut self, pos: Pos, name: Expr, list: List<Field>) -> Expr {
        let types: Vec<Expr> = self.ast[list]
            .iter()
            .map(|&field| self.ast[field].typ)
            .collect();
        let index = match types[..] {
            [typ] => typ,
            _ => {
                let start = self.exprs.len();
                let first = self.ast[self.ast[list][0]].pos;
                self.exprs.extend(types);
                let list = self.take_exprs(start);
                self.new_expr(first, ExprKind::List(list))
            }
        };
        self.new_expr(pos, ExprKind::Index { x: name, index })
    }
}
