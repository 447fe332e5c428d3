//! Recursive descent from tokens to a syntax tree (gc: syntax/parser.go).
//!
//! Errors, their positions and the recovery after each follow gc production by production, so that a wrong program gets
//! the same messages. A production that can't make sense of its text returns an [`ExprKind::Bad`] or nothing.
//!
//! Lists are gathered on stacks that all productions share and are moved to the tree's pools when complete. A
//! production pops what it pushed before it returns, unless its documentation says otherwise.

mod decl;
mod expr;
mod generics;
mod stmt;
mod types;

use cranelift_entity::packed_option::PackedOption;
use minigo_base::{Diagnostics, Pos, PosTable};

use crate::ast::{
    Ast, Clause, Decl, DeclKind, Expr, ExprData, ExprKind, Field, File, FileData, Group, Linkname,
    List, Pooled, Pragma, Stmt, StmtData, StmtKind,
};
use crate::branches::WidePlaces;
use crate::handler::Handler;
use crate::noder;
use crate::profile::Profile;
use crate::scan::Scanner;
use crate::sym::Sym;
use crate::token::Token;

/// Parses the file `src`, called `filename` in messages, into `ast`.
///
/// Reports the errors that gc reports before name resolution: lexical and syntax errors, wrong directives, labels and
/// branches. Unless the profile says [`Profile::all_files`], gc parses and declares file after file and stops after the
/// first one with an error counted by [`Diagnostics::syntax_errors`]; callers with several files should do the same.
pub fn parse_file(
    ast: &mut Ast,
    table: &mut PosTable,
    diags: &mut Diagnostics,
    filename: &str,
    src: &[u8],
    profile: &'static Profile,
) -> File {
    let (first_decl, first_expr) = (ast.decls.len(), ast.exprs.len());
    diags.by_first_error = profile.by_first_error;
    let handler = Handler::new(table, diags, filename, profile);
    let mut parser = Parser::new(ast, handler, src, profile);
    let file = parser.file();
    if profile.checks_files {
        noder::check(ast, diags, file, first_decl, first_expr);
    }
    file
}

/// The deepest nesting of statements, expressions and types that the recursive passes over trees have stack for.
const MAX_NESTING: u32 = 500_000;

pub(crate) struct Parser<'a> {
    ast: &'a mut Ast,
    scanner: Scanner<'a>,
    /// The current token.
    tok: Token,
    /// Nesting depth of function bodies. Outside of them, error recovery doesn't stop at statements.
    fnest: u32,
    /// Nesting depth of brackets in an expression. It is negative in the header of a statement, where `{` after a name
    /// starts the body rather than a composite literal.
    xnest: i32,
    /// Nesting depth of statements, expressions and types.
    nesting: u32,
    /// Height of the trees parsed so far at this depth. Chains such as `a + b + c` are deeper than their text is nested.
    height: u32,
    exprs: Vec<Expr>,
    stmts: Vec<Stmt>,
    decls: Vec<Decl>,
    fields: Vec<Field>,
    clauses: Vec<Clause>,
    params: Vec<types::Param>,
    wide: WidePlaces,
    profile: &'static Profile,
}

/// A set of tokens, one bit each.
type TokenSet = u64;

/// Keywords that start a statement, at which parsing can resume after an error.
const STOP_SET: TokenSet = token_set(&[
    Token::Break,
    Token::Const,
    Token::Continue,
    Token::Defer,
    Token::Fallthrough,
    Token::For,
    Token::Go,
    Token::Goto,
    Token::If,
    Token::Return,
    Token::Select,
    Token::Switch,
    Token::Type,
    Token::Var,
]);

const fn token_set(tokens: &[Token]) -> TokenSet {
    let mut set = 0;
    let mut i = 0;
    while i < tokens.len() {
        set |= 1 << tokens[i] as u8;
        i += 1;
    }
    set
}

impl<'a> Parser<'a> {
    fn new(
        ast: &'a mut Ast,
        handler: Handler<'a>,
        src: &'a [u8],
        profile: &'static Profile,
    ) -> Parser<'a> {
        Parser {
            ast,
            scanner: Scanner::new(src, handler),
            tok: Token::Eof,
            fnest: 0,
            xnest: 0,
            nesting: 0,
            height: 0,
            exprs: Vec::new(),
            stmts: Vec::new(),
            decls: Vec::new(),
            fields: Vec::new(),
            clauses: Vec::new(),
            params: Vec::new(),
            wide: WidePlaces::default(),
            profile,
        }
    }

    /// SourceFile = PackageClause ";" { ImportDecl ";" } { TopLevelDecl ";" } .
    fn file(&mut self) -> File {
        let base = self.scanner.handler.file;
        self.next();
        let pos = self.pos();
        let go_version = self.scanner.handler.end_of_top();
        let (mut pragma, mut pkg_name) = (None.into(), None);
        if self.got(Token::Package) {
            pragma = self.take_pragma();
            pkg_name = Some(self.name());
            self.want(Token::Semi);
        } else {
            self.syntax_error("package statement must be first");
        }
        if self.scanner.handler.n_errors == 0 {
            self.top_level_decls();
        } else {
            pkg_name = None;
        }
        let decls = self.take_decls(0);
        let linknames = std::mem::take(&mut self.scanner.handler.linknames);
        let linknames = linknames
            .into_iter()
            .map(|(pos, verb, local, remote)| Linkname {
                pos,
                verb,
                local: self.ast.interner.intern(&local),
                remote: remote.map(|remote| self.ast.interner.intern(&remote)),
            });
        let file = FileData {
            pos,
            base,
            pragma,
            pkg_name: pkg_name.into(),
            decls,
            linknames: linknames.collect(),
            go_version,
            lines: self.scanner.place.line,
        };
        self.ast.files.push(file)
    }

    /// Parses declarations up to the end of the file and leaves them on `self.decls`.
    fn top_level_decls(&mut self) {
        let late_imports = self.profile.late_imports;
        while !late_imports && self.got(Token::Import) {
            self.group(Self::import_decl);
            self.want(Token::Semi);
        }
        let mut after_imports = false;
        while self.tok != Token::Eof {
            if late_imports && self.tok == Token::Import && after_imports {
                self.syntax_error("imports must appear before other declarations");
            }
            after_imports = self.tok != Token::Import;
            match self.tok {
                Token::Import if late_imports => self.keyword_group(Self::import_decl),
                Token::Const => self.keyword_group(Self::const_decl),
                Token::Type => self.keyword_group(Self::type_decl),
                Token::Var => self.keyword_group(Self::var_decl),
                Token::Func => {
                    self.next();
                    self.func_decl();
                }
                _ => {
                    if self.tok == Token::Lbrace && self.last_decl_lacks_body() {
                        self.syntax_error("unexpected semicolon or newline before {");
                    } else {
                        self.syntax_error("non-declaration statement outside function body");
                    }
                    self.advance_to_decl();
                    continue;
                }
            }
            // Before the semicolon is consumed, because directives of the next declaration follow it.
            self.clear_pragma();
            if self.tok != Token::Eof && !self.got(Token::Semi) {
                self.syntax_error("after top level declaration");
                self.advance_to_decl();
            }
        }
        self.clear_pragma();
    }

    fn keyword_group(&mut self, spec: fn(&mut Self, PackedOption<Group>)) {
        self.next();
        self.group(spec);
    }

    fn last_decl_lacks_body(&self) -> bool {
        self.decls.last().is_some_and(
            |&decl| matches!(self.ast[decl].kind, DeclKind::Func { body, .. } if body.is_none()),
        )
    }

    // Tokens.

    fn next(&mut self) {
        self.scanner.next();
        self.tok = self.scanner.tok;
    }

    /// Returns the position of the current token.
    fn pos(&self) -> Pos {
        self.scanner.pos()
    }

    /// Consumes the current token if it is `tok`, and reports whether it was.
    fn got(&mut self, tok: Token) -> bool {
        if self.tok == tok {
            self.next();
            return true;
        }
        false
    }

    /// Consumes `tok`, or reports that it is missing.
    fn want(&mut self, tok: Token) {
        if !self.got(tok) {
            let tok = self.token_text(tok);
            self.expecting(&tok);
            self.advance_one();
        }
    }

    /// Like `got(Token::Assign)`, but also accepts `:=`, with an error.
    fn got_assign(&mut self) -> bool {
        if self.tok == Token::Define {
            self.expecting("=");
        }
        let found = matches!(self.tok, Token::Assign | Token::Define);
        if found {
            self.next();
        }
        found
    }

    // Errors.

    /// Reports a syntax error at the current token; see [`Self::syntax_error_at`].
    fn syntax_error(&mut self, message: &str) {
        self.syntax_error_at(self.pos(), message);
    }

    /// Reports that `what` is missing at the current token.
    fn expecting(&mut self, what: &str) {
        let message = format!("{} {what}", self.profile.expecting);
        self.syntax_error(&message);
    }

    /// Returns a token as messages name it.
    fn token_text(&self, tok: Token) -> String {
        match tok.is_keyword() && self.profile.kinds_of_tokens {
            true => format!("keyword {}", tok.text()),
            false => tok.expected().to_owned(),
        }
    }

    /// Reports a syntax error. A message that starts with `in`, `at`, `after` or `expecting` is appended to
    /// "unexpected" and the current token; any other message is complete.
    fn syntax_error_at(&mut self, pos: Pos, message: &str) {
        if self.tok == Token::Eof && self.scanner.handler.n_errors > 0 {
            return; // a follow-up error
        }
        let starts = |words: &[&str]| words.iter().any(|word| message.starts_with(word));
        let separator = match () {
            () if starts(&["in ", "at ", "after "]) => " ",
            () if starts(&[self.profile.expecting]) => ", ",
            () => return self.error_at(pos, &format!("syntax error: {message}")),
        };
        let found = match self.tok {
            Token::Name if self.profile.kinds_of_tokens => {
                format!("name {}", self.scanner.text())
            }
            Token::Name => self.scanner.text().into_owned(),
            Token::Semi => self.scanner.semi.to_owned(),
            Token::Literal => format!("literal {}", self.scanner.text()),
            Token::Operator => self.scanner.op.to_string(),
            Token::AssignOp => format!("{}=", self.scanner.op),
            Token::IncOp => self.scanner.op.text().repeat(2),
            tok => self.token_text(tok),
        };
        let message = format!("syntax error: unexpected {found}{separator}{message}");
        self.error_at(pos, &message);
    }

    fn error_at(&mut self, pos: Pos, message: &str) {
        self.scanner.handler.error(pos, message);
    }

    /// Skips to a token of `follow` or, inside a function, of [`STOP_SET`].
    fn advance_to(&mut self, follow: &[Token]) {
        let mut set = token_set(follow) | token_set(&[Token::Eof]);
        if self.fnest > 0 {
            set |= STOP_SET;
        }
        while set & 1 << self.tok as u8 == 0 {
            self.next();
        }
    }

    /// Skips one token, to guarantee progress.
    fn advance_one(&mut self) {
        if self.tok != Token::Eof {
            self.next();
        }
    }

    fn advance_to_decl(&mut self) {
        match self.profile.late_imports {
            true => self.advance_to(&[
                Token::Import,
                Token::Const,
                Token::Type,
                Token::Var,
                Token::Func,
            ]),
            false => self.advance_to(&[Token::Const, Token::Type, Token::Var, Token::Func]),
        }
    }

    /// Runs a production one level deeper. Past [`MAX_NESTING`], reports an error and skips the rest of the file.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> T) -> T {
        if self.nesting == MAX_NESTING {
            self.refuse_nesting();
        }
        self.nesting += 1;
        let outer = std::mem::take(&mut self.height);
        let parsed = parse(self);
        self.height = outer.max(self.height + 1);
        self.nesting -= 1;
        parsed
    }

    /// Adds a link to a chain, whose tree gets one level higher. Past [`MAX_NESTING`], reports an error and skips the
    /// rest of the file.
    fn link(&mut self) {
        self.height += 1;
        if self.nesting + self.height == MAX_NESTING {
            self.refuse_nesting();
        }
    }

    fn refuse_nesting(&mut self) {
        let message = format!("minigo does not support code nested more than {MAX_NESTING} deep");
        self.scanner.handler.refuse(self.pos(), &message);
        while self.tok != Token::Eof {
            self.next();
        }
    }

    // Directives.

    fn take_pragma(&mut self) -> PackedOption<Pragma> {
        let pragma = self.scanner.handler.take_pragma();
        pragma.map(|data| self.ast.pragmas.push(data)).into()
    }

    fn clear_pragma(&mut self) {
        self.scanner.handler.clear_pragma();
    }

    // Nodes.

    fn new_expr(&mut self, pos: Pos, kind: ExprKind) -> Expr {
        self.ast.exprs.push(ExprData { pos, kind })
    }

    fn new_stmt(&mut self, pos: Pos, kind: StmtKind) -> Stmt {
        self.ast.stmts.push(StmtData { pos, kind })
    }

    /// Creates a placeholder at the current token.
    fn bad_expr(&mut self) -> Expr {
        self.new_expr(self.pos(), ExprKind::Bad)
    }

    fn new_name(&mut self, pos: Pos, sym: Sym) -> Expr {
        self.new_expr(pos, ExprKind::Name(sym))
    }

    /// Interns the text of the current token.
    fn intern(&mut self) -> Sym {
        self.ast.interner.intern(&self.scanner.text())
    }

    /// Parses a name. After an error it is blank.
    fn name(&mut self) -> Expr {
        let pos = self.pos();
        if self.tok == Token::Name {
            let sym = self.intern();
            self.next();
            return self.new_name(pos, sym);
        }
        let name = self.new_name(pos, Sym::BLANK);
        self.expecting("name");
        self.advance_one();
        name
    }

    /// IdentifierList = identifier { "," identifier } . Leaves the names after `first` on `self.exprs`.
    fn more_names(&mut self) {
        while self.got(Token::Comma) {
            let name = self.name();
            self.exprs.push(name);
        }
    }

    /// Parses `open { element sep } close`, where `sep` is optional before `close`. Stops after an element for which
    /// the closure returns true. Returns the position of `close`. `context` names the list in messages.
    fn list(
        &mut self,
        context: &str,
        open: Token,
        sep: Token,
        close: Token,
        element: impl FnMut(&mut Self) -> bool,
    ) -> Pos {
        self.want(open);
        self.rest_of_list(context, sep, close, element)
    }

    /// Parses the rest of a list after its opening token.
    fn rest_of_list(
        &mut self,
        context: &str,
        sep: Token,
        close: Token,
        mut element: impl FnMut(&mut Self) -> bool,
    ) -> Pos {
        let mut done = false;
        while self.tok != Token::Eof && self.tok != close && !done {
            done = element(self);
            if !self.got(sep) && self.tok != close {
                let (sep, end) = (sep.expected(), close.expected());
                match self.profile.names_lists {
                    true => {
                        self.syntax_error(&format!("in {context}; possibly missing {sep} or {end}"))
                    }
                    false => self.expecting(&format!("{sep} or {end}")),
                }
                self.advance_to(&[Token::Rparen, Token::Rbrack, Token::Rbrace]);
                if self.tok != close {
                    return self.pos();
                }
            }
        }
        let pos = self.pos();
        self.want(close);
        pos
    }

    // Move the elements pushed since the stack had length `start` into a list of the tree.

    fn take_exprs(&mut self, start: usize) -> List<Expr> {
        Expr::list(self.ast, &mut self.exprs, start)
    }

    fn take_stmts(&mut self, start: usize) -> List<Stmt> {
        Stmt::list(self.ast, &mut self.stmts, start)
    }

    fn take_decls(&mut self, start: usize) -> List<Decl> {
        Decl::list(self.ast, &mut self.decls, start)
    }

    fn take_fields(&mut self, start: usize) -> List<Field> {
        Field::list(self.ast, &mut self.fields, start)
    }

    fn take_clauses(&mut self, start: usize) -> List<Clause> {
        Clause::list(self.ast, &mut self.clauses, start)
    }
}
