//! Declarations.

use cranelift_entity::packed_option::PackedOption;
use minigo_base::Pos;

use super::Parser;
use crate::ast::{Decl, DeclData, DeclKind, ExprKind, Group, List, Pragma, Stmt, StmtKind};
use crate::branches;
use crate::sym::Sym;
use crate::token::{LitKind, Token};

/// The common start of all declarations.
struct Spec {
    pos: Pos,
    group: PackedOption<Group>,
    pragma: PackedOption<Pragma>,
}

impl Parser<'_> {
    /// `spec | "(" { spec ";" } ")" .` Leaves the declarations on `self.decls`.
    pub(super) fn group(&mut self, spec: fn(&mut Self, PackedOption<Group>)) {
        if self.tok != Token::Lparen {
            return spec(self, None.into());
        }
        let group = self.ast.new_group();
        self.clear_pragma();
        self.list(
            "grouped declaration",
            Token::Lparen,
            Token::Semi,
            Token::Rparen,
            |p| {
                spec(p, group.into());
                false
            },
        );
    }

    fn spec(&mut self, group: PackedOption<Group>) -> Spec {
        Spec {
            pos: self.pos(),
            group,
            pragma: self.take_pragma(),
        }
    }

    fn push_decl(&mut self, spec: Spec, kind: DeclKind) -> Decl {
        let Spec { pos, group, pragma } = spec;
        let decl = self.ast.decls.push(DeclData {
            pos,
            group,
            pragma,
            kind,
        });
        self.decls.push(decl);
        decl
    }

    /// ImportSpec = [ "." | PackageName ] ImportPath .
    pub(super) fn import_decl(&mut self, group: PackedOption<Group>) {
        let spec = self.spec(group);
        let local_name = match self.tok {
            Token::Name => Some(self.name()),
            Token::Dot => {
                let dot = self.ast.interner.intern(".");
                let name = self.new_name(self.pos(), dot);
                self.next();
                Some(name)
            }
            _ => None,
        };
        let Some(path) = self.literal_or_none() else {
            self.syntax_error("missing import path");
            self.advance_to(&[Token::Semi, Token::Rparen]);
            // gc keeps an incomplete node here, at which it stops later.
            let (local_name, path) = (local_name.into(), self.bad_expr());
            self.push_decl(spec, DeclKind::Import { local_name, path });
            return;
        };
        if self.profile.checks_import_paths
            && let ExprKind::BasicLit {
                kind,
                bad: false,
                text,
            } = self.ast[path].kind
            && kind != LitKind::String
        {
            let pos = self.ast[path].pos;
            self.syntax_error_at(pos, "import path must be a string");
            self.ast.exprs[path].kind = ExprKind::BasicLit {
                kind,
                bad: true,
                text,
            };
        }
        let local_name = local_name.into();
        self.push_decl(spec, DeclKind::Import { local_name, path });
    }

    /// ConstSpec = IdentifierList [ [ Type ] "=" ExpressionList ] .
    pub(super) fn const_decl(&mut self, group: PackedOption<Group>) {
        let spec = self.spec(group);
        let start = self.exprs.len();
        let first = self.name();
        self.exprs.push(first);
        self.more_names();
        let names = self.take_exprs(start);
        let mut typ = None;
        if !matches!(self.tok, Token::Eof | Token::Semi | Token::Rparen) {
            typ = self.type_or_none();
            if self.got_assign() {
                self.expr_list();
            }
        }
        let (typ, values) = (typ.into(), self.take_exprs(start));
        self.push_decl(spec, DeclKind::Const { names, typ, values });
    }

    /// TypeSpec = identifier [ "=" ] Type .
    pub(super) fn type_decl(&mut self, group: PackedOption<Group>) {
        let spec = self.spec(group);
        let name = self.name();
        let (mut type_params, mut alias, mut typ) = (None, false, None);
        if self.tok == Token::Lbrack && self.profile.type_params {
            (type_params, alias, typ) = self.type_params_or_array();
        } else {
            alias |= self.got_assign();
            typ = typ.or_else(|| self.type_or_none());
        }
        let typ = typ.unwrap_or_else(|| {
            let bad = self.bad_expr();
            self.syntax_error("in type declaration");
            self.advance_to(&[Token::Semi, Token::Rparen]);
            bad
        });
        let decl = self.push_decl(spec, DeclKind::Type { name, alias, typ });
        self.set_type_params(decl, type_params);
    }

    /// VarSpec = IdentifierList ( Type [ "=" ExpressionList ] | "=" ExpressionList ) .
    pub(super) fn var_decl(&mut self, group: PackedOption<Group>) {
        let spec = self.spec(group);
        let place = self.scanner.place;
        let start = self.exprs.len();
        let first = self.name();
        self.exprs.push(first);
        self.more_names();
        let names = self.take_exprs(start);
        let mut typ = None;
        if self.got_assign() {
            self.expr_list();
        } else {
            typ = Some(self.type_());
            if self.got_assign() {
                self.expr_list();
            }
        }
        let (typ, values) = (typ.into(), self.take_exprs(start));
        let decl = self.push_decl(spec, DeclKind::Var { names, typ, values });
        self.wide.note(decl.into(), place);
    }

    /// FunctionDecl = "func" [ Receiver ] identifier Signature [ FunctionBody ] .
    pub(super) fn func_decl(&mut self) {
        let spec = self.spec(None.into());
        let mut recv = None;
        let has_recv = self.tok == Token::Lparen;
        if has_recv {
            let params = self.receivers();
            let receivers = &self.ast[params];
            recv = receivers.first().copied();
            match receivers.len() {
                0 => self.receiver_error("method has no receiver"),
                1 => {}
                _ => self.receiver_error("method has multiple receivers"),
            }
        }
        let (name, type_params, typ);
        if self.tok == Token::Name {
            name = self.name();
            (type_params, typ) = self.declared_func_type();
        } else {
            let keeps = self.profile.keeps_unnamed_funcs;
            let pos = self.pos();
            name = self.new_name(pos, Sym::BLANK);
            let (params, results) = (List::default(), List::default());
            typ = self.new_expr(pos, ExprKind::FuncType { params, results });
            type_params = None;
            self.expecting(if has_recv && keeps {
                "name"
            } else {
                "name or ("
            });
            self.advance_to(&[Token::Lbrace, Token::Semi]);
            if !keeps {
                return;
            }
        }
        let body = (self.tok == Token::Lbrace).then(|| self.func_body());
        let (recv, body) = (recv.into(), body.into());
        let kind = DeclKind::Func {
            recv,
            name,
            typ,
            body,
        };
        let decl = self.push_decl(spec, kind);
        self.set_type_params(decl, type_params);
    }

    fn receiver_error(&mut self, message: &str) {
        match self.profile.late_positions {
            true => self.scanner.error(message),
            false => self.error_at(self.pos(), message),
        }
    }

    /// Parses the body of a function. Checks its labels and branches unless an error may have left some of them out.
    pub(super) fn func_body(&mut self) -> Stmt {
        self.fnest += 1;
        let n_errors = self.scanner.handler.n_errors;
        let body = self.block();
        self.fnest -= 1;
        if n_errors == self.scanner.handler.n_errors {
            let handler = &mut self.scanner.handler;
            branches::check(self.ast, handler, &self.wide, self.profile, body);
        }
        body
    }

    /// Parses a `const`, `type` or `var` statement.
    pub(super) fn decl_stmt(&mut self, spec: fn(&mut Self, PackedOption<Group>)) -> Stmt {
        let pos = self.pos();
        let start = self.decls.len();
        self.next();
        self.group(spec);
        let decls = self.take_decls(start);
        self.new_stmt(pos, StmtKind::Decl(decls))
    }
}
