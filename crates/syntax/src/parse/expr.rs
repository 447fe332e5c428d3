//! Expressions.

use minigo_base::Pos;

use super::Parser;
use crate::ast::{ChanDir, Expr, ExprKind};
use crate::print;
use crate::token::{Operator, Token};

impl Parser<'_> {
    /// ExpressionList = Expression { "," Expression } . Leaves the expressions on `self.exprs`.
    pub(super) fn expr_list(&mut self) {
        let first = self.expr();
        self.exprs.push(first);
        while self.got(Token::Comma) {
            let expr = self.expr();
            self.exprs.push(expr);
        }
    }

    /// Parses an expression. After an error it is [`ExprKind::Bad`].
    pub(super) fn expr(&mut self) -> Expr {
        let outer = std::mem::take(&mut self.height);
        let x = self.binary_expr(0);
        self.height = self.height.max(outer);
        x
    }

    /// Expression = UnaryExpr | Expression binary_op Expression , with operators that bind tighter than
    /// `precedence`.
    fn binary_expr(&mut self, precedence: u8) -> Expr {
        let x = self.unary_expr();
        self.operations(x, precedence)
    }

    /// Parses the operators that bind tighter than `precedence` after an operand, with their operands.
    pub(super) fn operations(&mut self, operand: Expr, precedence: u8) -> Expr {
        let mut x = operand;
        while let Token::Operator | Token::Star = self.tok
            && self.scanner.op.precedence() > precedence
        {
            let (pos, op) = (self.pos(), self.scanner.op);
            self.link();
            self.next();
            let y = self.binary_expr(op.precedence());
            x = self.new_expr(pos, ExprKind::Binary { op, x, y });
        }
        x
    }

    fn unary_expr(&mut self) -> Expr {
        self.nested(Self::operator_or_primary)
    }

    /// UnaryExpr = PrimaryExpr | unary_op UnaryExpr .
    fn operator_or_primary(&mut self) -> Expr {
        use Operator::*;
        match (self.tok, self.scanner.op) {
            (Token::Operator | Token::Star, op @ (Mul | Add | Sub | Not | Xor | And | Tilde)) => {
                let pos = self.pos();
                self.next();
                let mut x = self.unary_expr();
                if op == And {
                    // &(T{}) is &T{}
                    x = self.ast.unparen(x);
                }
                self.new_expr(pos, ExprKind::Unary { op, x })
            }
            (Token::Arrow, _) => {
                let pos = self.pos();
                self.next();
                let x = self.unary_expr();
                self.receive(pos, x)
            }
            _ => self.primary_expr(),
        }
    }

    /// Builds the node for `<-` at `pos` in front of `x`: a receive operation, or a receive-only channel type if `x` is
    /// a channel type, which is known only now that `x` has been read. The arrow then belongs to the channel type:
    /// `<-(chan E)` is `(<-chan E)`, and `<-(chan<- E)` is `(<-chan (<-E))`.
    fn receive(&mut self, pos: Pos, x: Expr) -> Expr {
        let ExprKind::ChanType { .. } = self.ast[x].kind else {
            let op = Operator::Recv;
            return self.new_expr(pos, ExprKind::Unary { op, x });
        };
        let mut typ = x;
        loop {
            let ExprKind::ChanType { dir, elem } = self.ast[typ].kind else {
                let found = match self.profile.short_texts {
                    true => print::short_line(self.ast, typ),
                    false => print::line(self.ast, typ),
                };
                let expecting = self.profile.expecting;
                self.syntax_error(&format!("unexpected {found}, {expecting} chan"));
                return x;
            };
            if dir == ChanDir::RecvOnly {
                let expecting = self.profile.expecting;
                self.syntax_error(&format!("unexpected <-, {expecting} chan"));
            }
            let recv = ChanDir::RecvOnly;
            self.ast.exprs[typ].kind = ExprKind::ChanType { dir: recv, elem };
            if dir != ChanDir::SendOnly {
                return x;
            }
            typ = elem;
        }
    }

    /// Operand = Literal | identifier | "(" Expression ")" | FunctionLit | Type .
    fn operand(&mut self) -> Expr {
        let pos = self.pos();
        match self.tok {
            Token::Name => self.name(),
            Token::Literal => self.literal(),
            Token::Lparen => {
                self.next();
                self.xnest += 1;
                let x = self.expr();
                self.xnest -= 1;
                self.want(Token::Rparen);
                self.new_expr(pos, ExprKind::Paren(x))
            }
            Token::Func => {
                self.next();
                let typ = self.func_type_without_params("function type");
                if self.tok != Token::Lbrace {
                    return typ;
                }
                self.xnest += 1;
                let body = self.func_body();
                self.xnest -= 1;
                self.new_expr(pos, ExprKind::FuncLit { typ, body })
            }
            Token::Lbrack | Token::Chan | Token::Map | Token::Struct | Token::Interface => {
                self.type_()
            }
            _ => {
                let bad = self.bad_expr();
                self.expecting("expression");
                self.advance_to(&[Token::Rparen, Token::Rbrack, Token::Rbrace]);
                bad
            }
        }
    }

    fn literal(&mut self) -> Expr {
        let pos = self.pos();
        let kind = ExprKind::BasicLit {
            kind: self.scanner.kind,
            bad: self.scanner.bad,
            text: self.intern(),
        };
        self.next();
        self.new_expr(pos, kind)
    }

    /// Parses a literal, if there is one.
    pub(super) fn literal_or_none(&mut self) -> Option<Expr> {
        (self.tok == Token::Literal).then(|| self.literal())
    }

    /// PrimaryExpr = Operand { Selector | Index | Slice | TypeAssertion | Arguments | LiteralValue } .
    pub(super) fn primary_expr(&mut self) -> Expr {
        let x = self.operand();
        self.suffixes(x)
    }

    /// Parses the selectors, indices, calls and literal values after an operand.
    pub(super) fn suffixes(&mut self, operand: Expr) -> Expr {
        let mut x = operand;
        loop {
            if let Token::Dot | Token::Lbrack | Token::Lparen = self.tok {
                self.link();
            }
            let pos = self.pos();
            x = match self.tok {
                Token::Dot => self.selector_or_assertion(pos, x),
                Token::Lbrack if self.profile.type_params => self.instance_or_slice(pos, x),
                Token::Lbrack => self.index_or_slice(pos, x),
                Token::Lparen => self.call(pos, x),
                Token::Lbrace if self.starts_literal_value(x) => {
                    if let ExprKind::Paren(_) = self.ast[x].kind {
                        self.syntax_error("cannot parenthesize type in composite literal");
                    }
                    self.literal_value(Some(x))
                }
                _ => return x,
            }
        }
    }

    fn selector_or_assertion(&mut self, pos: Pos, x: Expr) -> Expr {
        self.next();
        let kind = match self.tok {
            Token::Name => {
                let sel = self.name();
                ExprKind::Selector { x, sel }
            }
            Token::Lparen => {
                self.next();
                let kind = if self.got(Token::Type) {
                    let lhs = None.into(); // set by the statement
                    ExprKind::TypeSwitchGuard { lhs, x }
                } else {
                    let typ = self.type_();
                    ExprKind::Assert { x, typ }
                };
                let expr = self.new_expr(pos, kind);
                self.want(Token::Rparen);
                return expr;
            }
            _ => {
                self.expecting("name or (");
                self.advance_to(&[Token::Semi, Token::Rparen]);
                return x;
            }
        };
        self.new_expr(pos, kind)
    }

    fn index_or_slice(&mut self, pos: Pos, x: Expr) -> Expr {
        self.next();
        self.xnest += 1;
        let mut indices = [None; 3];
        if self.tok != Token::Colon {
            let index = self.expr();
            if self.got(Token::Rbrack) {
                self.xnest -= 1;
                return self.new_expr(pos, ExprKind::Index { x, index });
            }
            indices[0] = Some(index);
        }
        self.want(Token::Colon);
        if !matches!(self.tok, Token::Colon | Token::Rbrack) {
            indices[1] = Some(self.expr());
        }
        let full = self.got(Token::Colon);
        if full {
            if indices[1].is_none() {
                self.scanner.error("middle index required in 3-index slice");
            }
            if self.tok == Token::Rbrack {
                self.scanner.error("final index required in 3-index slice");
            } else {
                indices[2] = Some(self.expr());
            }
        }
        self.want(Token::Rbrack);
        self.xnest -= 1;
        let index = indices.map(Into::into);
        self.new_expr(pos, ExprKind::Slice { x, index, full })
    }

    /// Arguments = "(" [ ExpressionList [ "..." ] [ "," ] ] ")" .
    fn call(&mut self, pos: Pos, fun: Expr) -> Expr {
        let start = self.exprs.len();
        let lparen = self.pos();
        let mut has_dots = false;
        self.xnest += 1;
        self.list(
            "argument list",
            Token::Lparen,
            Token::Comma,
            Token::Rparen,
            |p| {
                let arg = p.expr();
                p.exprs.push(arg);
                has_dots = p.got(Token::DotDotDot);
                has_dots
            },
        );
        self.xnest -= 1;
        let args = self.take_exprs(start);
        let kind = ExprKind::Call {
            fun,
            args,
            has_dots,
            lparen,
        };
        self.new_expr(pos, kind)
    }

    /// Reports whether `{` after `x` starts the elements of a composite literal rather than a block.
    fn starts_literal_value(&self, x: Expr) -> bool {
        match self.ast[self.ast.unparen(x)].kind {
            ExprKind::Name(_) | ExprKind::Selector { .. } => self.xnest >= 0,
            ExprKind::Index { .. } if self.profile.type_params => {
                self.xnest >= 0 && !self.is_value(self.ast.unparen(x))
            }
            ExprKind::ArrayType { .. }
            | ExprKind::SliceType(_)
            | ExprKind::StructType(_)
            | ExprKind::MapType { .. } => true,
            _ => false,
        }
    }

    /// LiteralValue = "{" [ ElementList [ "," ] ] "}" .
    fn literal_value(&mut self, typ: Option<Expr>) -> Expr {
        let pos = self.pos();
        let start = self.exprs.len();
        self.xnest += 1;
        let context = "composite literal";
        let rbrace = self.list(context, Token::Lbrace, Token::Comma, Token::Rbrace, |p| {
            let mut element = p.element();
            if p.tok == Token::Colon {
                let pos = p.pos();
                p.next();
                let (key, value) = (element, p.element());
                element = p.new_expr(pos, ExprKind::KeyValue { key, value });
            }
            p.exprs.push(element);
            false
        });
        self.xnest -= 1;
        let kind = ExprKind::CompositeLit {
            typ: typ.into(),
            elems: self.take_exprs(start),
            rbrace,
        };
        self.new_expr(pos, kind)
    }

    /// Element = Expression | LiteralValue .
    fn element(&mut self) -> Expr {
        match self.tok {
            Token::Lbrace => self.nested(|p| p.literal_value(None)),
            _ => self.expr(),
        }
    }
}
