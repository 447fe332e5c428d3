//! Statements.

use minigo_base::Pos;

use super::Parser;
use crate::ast::{BranchKind, CallKind, Clause, ClauseData, Expr, ExprKind, List, Stmt, StmtKind};
use crate::handler::Place;
use crate::print;
use crate::token::{Operator, Token};

/// The header of an `if`, `for` or `switch`. A range clause is the `init`.
#[derive(Default)]
struct Header {
    init: Option<Stmt>,
    cond: Option<Expr>,
    post: Option<Stmt>,
}

/// The keyword in front of a simple statement, which decides what else is allowed there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// First in the header of a `for`: also a range clause.
    For,
    /// In the header of a `switch`: also a type switch guard with a name.
    Switch,
    Other,
}

impl Parser<'_> {
    /// StatementList = { Statement ";" } . The semicolon is optional before `}`.
    fn stmt_list(&mut self) -> List<Stmt> {
        let start = self.stmts.len();
        while !matches!(
            self.tok,
            Token::Eof | Token::Rbrace | Token::Case | Token::Default
        ) {
            let stmt = self.stmt_or_none();
            self.clear_pragma();
            let Some(stmt) = stmt else { break };
            self.stmts.push(stmt);
            if !self.got(Token::Semi) && self.tok != Token::Rbrace {
                self.syntax_error("at end of statement");
                self.advance_to(&[Token::Semi, Token::Rbrace, Token::Case, Token::Default]);
                self.got(Token::Semi); // doesn't start an empty statement
            }
        }
        self.take_stmts(start)
    }

    /// Parses a statement. Returns none if there isn't one or if it is incomplete after an error.
    fn stmt_or_none(&mut self) -> Option<Stmt> {
        self.nested(Self::any_stmt)
    }

    fn any_stmt(&mut self) -> Option<Stmt> {
        match self.tok {
            Token::Var => return Some(self.decl_stmt(Self::var_decl)),
            Token::Const => return Some(self.decl_stmt(Self::const_decl)),
            Token::Type => return Some(self.decl_stmt(Self::type_decl)),
            _ => self.clear_pragma(),
        }
        use Operator::{Add, And, Mul, Not, Sub, Xor};
        let pos = self.pos();
        Some(match self.tok {
            Token::Name => return self.labeled_or_simple_stmt(),
            Token::Operator | Token::Star => match self.scanner.op {
                Add | Sub | Mul | And | Xor | Not => self.simple_stmt(After::Other),
                _ => return None,
            },
            Token::Literal
            | Token::Func
            | Token::Lparen
            | Token::Lbrack
            | Token::Struct
            | Token::Map
            | Token::Chan
            | Token::Interface
            | Token::Arrow => self.simple_stmt(After::Other),
            Token::Lbrace => self.block(),
            Token::For => self.for_stmt(),
            Token::Switch => self.switch_stmt(),
            Token::Select => self.select_stmt(),
            Token::If => self.if_stmt(),
            Token::Fallthrough => self.branch(BranchKind::Fallthrough),
            Token::Break => self.branch(BranchKind::Break),
            Token::Continue => self.branch(BranchKind::Continue),
            Token::Goto => self.branch(BranchKind::Goto),
            Token::Go => self.call_stmt(CallKind::Go),
            Token::Defer => self.call_stmt(CallKind::Defer),
            Token::Return => {
                self.next();
                let start = self.exprs.len();
                if !matches!(self.tok, Token::Semi | Token::Rbrace) {
                    self.expr_list();
                }
                let results = self.take_exprs(start);
                self.new_stmt(pos, StmtKind::Return(results))
            }
            Token::Semi => self.new_stmt(pos, StmtKind::Empty),
            _ => return None,
        })
    }

    fn branch(&mut self, kind: BranchKind) -> Stmt {
        let pos = self.pos();
        self.next();
        let label = match kind {
            BranchKind::Fallthrough => None,
            BranchKind::Goto => Some(self.name()),
            _ if self.tok == Token::Name => Some(self.name()),
            _ => None,
        };
        let label = label.into();
        self.new_stmt(pos, StmtKind::Branch { kind, label })
    }

    fn labeled_or_simple_stmt(&mut self) -> Option<Stmt> {
        let place = self.scanner.place;
        let start = self.exprs.len();
        self.expr_list();
        if self.tok == Token::Colon
            && let [label] = self.exprs[start..]
            && self.ast.name(label).is_some()
        {
            self.exprs.truncate(start);
            self.wide.note(label.into(), place);
            return self.labeled_stmt(label);
        }
        Some(self.finish_simple_stmt(start, After::Other))
    }

    /// LabeledStmt = Label ":" Statement .
    fn labeled_stmt(&mut self, label: Expr) -> Option<Stmt> {
        let pos = self.pos();
        self.next();
        let stmt = if self.tok == Token::Rbrace {
            // The semicolon may be omitted before `}`, and the empty statement with it.
            self.new_stmt(self.pos(), StmtKind::Empty)
        } else if let Some(stmt) = self.stmt_or_none() {
            stmt
        } else {
            self.syntax_error_at(pos, "missing statement after label");
            return None;
        };
        Some(self.new_stmt(pos, StmtKind::Labeled { label, stmt }))
    }

    /// SimpleStmt = ExpressionStmt | SendStmt | IncDecStmt | Assignment | ShortVarDecl .
    fn simple_stmt(&mut self, after: After) -> Stmt {
        let start = self.exprs.len();
        if after == After::For && self.tok == Token::Range {
            return self.range_clause(List::default(), false);
        }
        self.expr_list();
        self.finish_simple_stmt(start, after)
    }

    /// Parses the rest of a simple statement after the expressions on `self.exprs` from `start` on, and pops them.
    fn finish_simple_stmt(&mut self, start: usize, after: After) -> Stmt {
        let pos = self.pos();
        let first = self.exprs[start];
        match self.tok {
            Token::Assign | Token::Define => return self.assignment(start, after),
            _ if self.exprs.len() > start + 1 => {
                self.expecting(":= or = or comma");
                self.advance_to(&[Token::Semi, Token::Rbrace]);
                // Recover with the first expression alone.
                self.exprs.truncate(start);
                return self.expr_stmt(first);
            }
            _ => self.exprs.truncate(start),
        }
        let op = self.scanner.op;
        match self.tok {
            Token::AssignOp => {
                self.next();
                let (lhs, rhs) = (first, self.expr());
                self.new_stmt(pos, StmtKind::AssignOp { op, lhs, rhs })
            }
            Token::IncOp => {
                self.next();
                self.new_stmt(pos, StmtKind::IncDec { op, x: first })
            }
            Token::Arrow => {
                self.next();
                let (chan, value) = (first, self.expr());
                self.new_stmt(pos, StmtKind::Send { chan, value })
            }
            _ => self.expr_stmt(first),
        }
    }

    fn expr_stmt(&mut self, x: Expr) -> Stmt {
        self.new_stmt(self.ast[x].pos, StmtKind::Expr(x))
    }

    /// Parses `= …` or `:= …` after the expressions on `self.exprs` from `start` on, and pops them.
    fn assignment(&mut self, start: usize, after: After) -> Stmt {
        let pos = self.pos();
        let op_place = self.scanner.place;
        let is_define = self.tok == Token::Define;
        self.next();
        let lhs = self.take_exprs(start);
        if after == After::For && self.tok == Token::Range {
            return self.range_clause(lhs, is_define);
        }
        self.expr_list();
        if after == After::Switch
            && is_define
            && let (&[name], &[guard]) = (&self.ast[lhs], &self.exprs[start..])
            && let ExprKind::Name(_) = self.ast[name].kind
            && let ExprKind::TypeSwitchGuard { x, .. } = self.ast[guard].kind
        {
            self.exprs.truncate(start);
            let lhs = name.into();
            self.ast.exprs[guard].kind = ExprKind::TypeSwitchGuard { lhs, x };
            return self.expr_stmt(guard);
        }
        let rhs = self.take_exprs(start);
        if !is_define {
            return self.new_stmt(pos, StmtKind::Assign { lhs, rhs });
        }
        let stmt = self.new_stmt(pos, StmtKind::Define { lhs, rhs });
        self.wide.note(stmt.into(), op_place);
        stmt
    }

    fn range_clause(&mut self, lhs: List<Expr>, def: bool) -> Stmt {
        let pos = self.pos();
        self.next();
        let x = self.expr();
        self.new_stmt(pos, StmtKind::Range { lhs, def, x })
    }

    /// Parses a `go` or `defer` statement.
    fn call_stmt(&mut self, kind: CallKind) -> Stmt {
        let pos = self.pos();
        let keyword = kind.text();
        self.next();
        let found = self.primary_expr();
        let x = self.ast.unparen(found);
        let at = self.ast[found].pos;
        if x != found {
            let message = format!("expression in {keyword} must not be parenthesized");
            self.error_at(at, &message);
        }
        let call = match self.ast[x].kind {
            ExprKind::Call { .. } => x,
            _ if !self.profile.checks_calls => x,
            _ => {
                let at = self.ast[x].pos;
                self.error_at(
                    at,
                    &format!("expression in {keyword} must be function call"),
                );
                // The most common mistake is to omit the parentheses.
                let (args, has_dots) = (List::default(), false);
                let kind = ExprKind::Call {
                    fun: x,
                    args,
                    has_dots,
                    lparen: at,
                };
                self.new_expr(at, kind)
            }
        };
        self.new_stmt(pos, StmtKind::Call { kind, call })
    }

    /// Parses a block whose opening brace is the current token.
    pub(super) fn block(&mut self) -> Stmt {
        let (pos, place) = (self.pos(), self.scanner.place);
        self.next();
        self.rest_of_block(pos, place)
    }

    fn rest_of_block(&mut self, pos: Pos, place: Place) -> Stmt {
        let list = self.stmt_list();
        let rbrace = self.pos();
        self.want(Token::Rbrace);
        let block = self.new_stmt(pos, StmtKind::Block { list, rbrace });
        self.wide.note(block.into(), place);
        block
    }

    /// Parses the block after a header. `context` names the header in messages.
    fn body(&mut self, context: &str) -> Stmt {
        let (pos, place) = (self.pos(), self.scanner.place);
        if !self.got(Token::Lbrace) {
            self.expecting(&format!("{{ after {context}"));
            self.advance_to(&[Token::Name, Token::Rbrace]);
            let rbrace = self.pos();
            if self.got(Token::Rbrace) {
                let list = List::default();
                return self.new_stmt(pos, StmtKind::Block { list, rbrace });
            }
        }
        self.rest_of_block(pos, place)
    }

    fn for_stmt(&mut self) -> Stmt {
        let pos = self.pos();
        let Header { init, cond, post } = self.header(Token::For);
        let body = self.body("for clause");
        let (init, cond, post) = (init.into(), cond.into(), post.into());
        let kind = StmtKind::For {
            init,
            cond,
            post,
            body,
        };
        self.new_stmt(pos, kind)
    }

    /// Parses `if … { … } else if … { … } else { … }`. A loop, since chains may be long.
    fn if_stmt(&mut self) -> Stmt {
        let mut chain = Vec::new();
        let mut els = None;
        loop {
            let (pos, place) = (self.pos(), self.scanner.place);
            let Header { init, cond, .. } = self.header(Token::If);
            let then = self.body("if clause");
            chain.push((pos, place, init, cond, then));
            if !self.got(Token::Else) {
                break;
            }
            match self.tok {
                Token::If => {
                    self.link();
                    continue;
                }
                Token::Lbrace => els = Some(self.block()),
                _ => {
                    self.syntax_error("else must be followed by if or statement block");
                    self.advance_to(&[Token::Name, Token::Rbrace]);
                }
            }
            break;
        }
        for (pos, place, init, cond, then) in chain.into_iter().rev() {
            let kind = StmtKind::If {
                init: init.into(),
                cond: cond.into(),
                then,
                els: els.into(),
            };
            let stmt = self.new_stmt(pos, kind);
            self.wide.note(stmt.into(), place);
            els = Some(stmt);
        }
        els.expect("a chain has at least one link")
    }

    /// Parses the header of an `if`, `for` or `switch`, including its keyword.
    fn header(&mut self, keyword: Token) -> Header {
        self.next();
        if self.tok == Token::Lbrace {
            if keyword == Token::If {
                self.syntax_error("missing condition in if statement");
            }
            return Header::default();
        }
        let outer = std::mem::replace(&mut self.xnest, -1);
        let header = self.header_parts(keyword);
        self.xnest = outer;
        header
    }

    fn header_parts(&mut self, keyword: Token) -> Header {
        let mut header = Header::default();
        let after = match keyword {
            Token::For => After::For,
            Token::Switch => After::Switch,
            _ => After::Other,
        };
        if self.tok != Token::Semi {
            if self.got(Token::Var) {
                let keyword = keyword.text();
                self.syntax_error(&format!(
                    "var declaration not allowed in {keyword} initializer"
                ));
            }
            let init = self.simple_stmt(after);
            header.init = Some(init);
            if let StmtKind::Range { .. } = self.ast[init].kind {
                return header;
            }
        }
        if self.tok == Token::Lbrace {
            let cond = header.init.take();
            return self.unpack_cond(header, cond);
        }
        let mut semi = None;
        if self.tok == Token::Semi {
            semi = Some((self.pos(), self.scanner.semi));
            self.next();
        } else {
            // Asking for a brace gives a better message than asking for a semicolon.
            self.want(Token::Lbrace);
            if self.tok != Token::Lbrace {
                self.advance_to(&[Token::Lbrace, Token::Rbrace]);
            }
        }
        let mut cond = None;
        if keyword == Token::For {
            if self.tok != Token::Semi {
                if self.tok == Token::Lbrace {
                    self.expecting("for loop condition");
                    return header;
                }
                cond = Some(self.simple_stmt(After::Other));
            }
            self.want(Token::Semi);
            if self.tok != Token::Lbrace {
                header.post = Some(self.post_stmt());
            }
        } else if self.tok != Token::Lbrace {
            cond = Some(self.simple_stmt(after));
        }
        if let (Token::If, None, Some((pos, text))) = (keyword, cond, semi) {
            let message = match text {
                "semicolon" => "missing condition in if statement".to_owned(),
                _ => format!(
                    "unexpected {text}, {} {{ after if clause",
                    self.profile.expecting
                ),
            };
            self.syntax_error_at(pos, &message);
        }
        self.unpack_cond(header, cond)
    }

    fn post_stmt(&mut self) -> Stmt {
        let post = self.simple_stmt(After::Other);
        if let StmtKind::Define { .. } = self.ast[post].kind {
            let pos = self.ast[post].pos;
            self.syntax_error_at(pos, "cannot declare in post statement of for loop");
        }
        post
    }

    /// Makes `cond`, the statement in the place of a condition or tag, the header's condition.
    fn unpack_cond(&mut self, mut header: Header, cond: Option<Stmt>) -> Header {
        let Some(cond) = cond else { return header };
        let found = match self.ast[cond].kind {
            StmtKind::Expr(x) => {
                header.cond = Some(x);
                return header;
            }
            // Usually a mistyped `==`, so the message shows it clearly.
            StmtKind::Assign { lhs, rhs } => {
                let (lhs, rhs) = (self.emphasized(lhs), self.emphasized(rhs));
                format!("assignment {lhs} = {rhs}")
            }
            _ => print::stmt_line(self.ast, cond, self.profile.short_texts),
        };
        let pos = self.ast[cond].pos;
        self.syntax_error_at(pos, &format!("cannot use {found} as value"));
        header
    }

    /// Returns one side of an assignment, in parentheses where they make it clear.
    fn emphasized(&self, side: List<Expr>) -> String {
        let short = self.profile.short_texts;
        let text = print::list_line(self.ast, side, short);
        let is_operation = |side: &[Expr]| matches!(side, [x] if matches!(self.ast[*x].kind, ExprKind::Binary { .. }));
        match !short || is_operation(&self.ast[side]) {
            true => format!("({text})"),
            false => text,
        }
    }

    fn switch_stmt(&mut self) -> Stmt {
        let pos = self.pos();
        let Header { init, cond, .. } = self.header(Token::Switch);
        let (body, rbrace) = self.clauses("missing { after switch clause", Self::case_clause);
        let (init, tag) = (init.into(), cond.into());
        let kind = StmtKind::Switch {
            init,
            tag,
            body,
            rbrace,
        };
        self.new_stmt(pos, kind)
    }

    fn select_stmt(&mut self) -> Stmt {
        let pos = self.pos();
        self.next();
        let (body, rbrace) = self.clauses("missing { after select clause", Self::comm_clause);
        self.new_stmt(pos, StmtKind::Select { body, rbrace })
    }

    /// Parses `"{" { clause } "}" .` Returns the clauses and the position of the closing brace.
    fn clauses(
        &mut self,
        missing_brace: &str,
        clause: fn(&mut Self, &mut ClauseData),
    ) -> (List<Clause>, Pos) {
        if !self.got(Token::Lbrace) {
            self.syntax_error(missing_brace);
            self.advance_to(&[Token::Case, Token::Default, Token::Rbrace]);
        }
        let start = self.clauses.len();
        while !matches!(self.tok, Token::Eof | Token::Rbrace) {
            let clause = self.clause(clause);
            self.clauses.push(clause);
        }
        let rbrace = self.pos();
        self.want(Token::Rbrace);
        (self.take_clauses(start), rbrace)
    }

    /// `( "case" … | "default" ) ":" StatementList .`
    fn clause(&mut self, case: fn(&mut Self, &mut ClauseData)) -> Clause {
        let (pos, place) = (self.pos(), self.scanner.place);
        let mut data = ClauseData {
            pos,
            cases: List::default(),
            comm: None.into(),
            body: List::default(),
            colon: pos,
        };
        match self.tok {
            Token::Case => {
                self.next();
                case(self, &mut data);
            }
            Token::Default => self.next(),
            _ => {
                self.expecting("case or default or }");
                self.advance_to(&[Token::Colon, Token::Case, Token::Default, Token::Rbrace]);
            }
        }
        data.colon = self.pos();
        self.want(Token::Colon);
        data.body = self.stmt_list();
        let clause = self.ast.clauses.push(data);
        self.wide.note(clause.into(), place);
        clause
    }

    fn case_clause(&mut self, data: &mut ClauseData) {
        let start = self.exprs.len();
        self.expr_list();
        data.cases = self.take_exprs(start);
    }

    /// Parses any simple statement; the type checker verifies that it communicates.
    fn comm_clause(&mut self, data: &mut ClauseData) {
        data.comm = Some(self.simple_stmt(After::Other)).into();
    }
}
