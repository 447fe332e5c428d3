//! Types, parameters and fields.

use minigo_base::Pos;

use super::Parser;
use crate::ast::{ChanDir, Expr, ExprKind, Field, FieldData, List};
use crate::sym::Sym;
use crate::token::{Operator, Token};

/// A parameter, while it is unknown whether a lone name is its name or its type.
#[derive(Clone, Copy)]
pub(super) struct Param {
    pub(super) pos: Pos,
    pub(super) name: Option<Expr>,
    pub(super) typ: Option<Expr>,
}

impl Parser<'_> {
    /// Parses a type. After an error it is [`ExprKind::Bad`].
    pub(super) fn type_(&mut self) -> Expr {
        if let Some(typ) = self.type_or_none() {
            return typ;
        }
        let bad = self.bad_expr();
        self.expecting("type");
        self.advance_to(&[
            Token::Comma,
            Token::Colon,
            Token::Semi,
            Token::Rparen,
            Token::Rbrack,
            Token::Rbrace,
        ]);
        bad
    }

    /// Parses a type, if there is one.
    pub(super) fn type_or_none(&mut self) -> Option<Expr> {
        self.nested(Self::name_or_literal)
    }

    /// Type = TypeName | TypeLit | "(" Type ")" .
    fn name_or_literal(&mut self) -> Option<Expr> {
        let pos = self.pos();
        Some(match self.tok {
            Token::Star => {
                self.next();
                let x = self.type_();
                self.pointer(pos, x)
            }
            Token::Arrow => {
                self.next();
                self.want(Token::Chan);
                self.chan_type(pos, ChanDir::RecvOnly)
            }
            Token::Chan => {
                self.next();
                let dir = match self.got(Token::Arrow) {
                    true => ChanDir::SendOnly,
                    false => ChanDir::Both,
                };
                self.chan_type(pos, dir)
            }
            Token::Func => {
                self.next();
                self.func_type_without_params("function type")
            }
            Token::Lbrack => self.array_or_slice_type(pos),
            Token::Map => self.map_type(pos),
            Token::Struct => self.struct_type(pos),
            Token::Interface => self.interface_type(pos),
            Token::Name => {
                let name = self.name();
                let name = self.dot_name(name);
                self.instance_of(name)
            }
            Token::Lparen => {
                self.next();
                let typ = self.type_();
                self.want(Token::Rparen);
                typ
            }
            _ => return None,
        })
    }

    pub(super) fn pointer(&mut self, pos: Pos, x: Expr) -> Expr {
        let op = Operator::Mul;
        self.new_expr(pos, ExprKind::Unary { op, x })
    }

    /// `"[" "]" Type | "[" ( Expression | "..." ) "]" Type .`
    fn array_or_slice_type(&mut self, pos: Pos) -> Expr {
        self.next();
        self.xnest += 1;
        if self.got(Token::Rbrack) {
            self.xnest -= 1;
            let elem = self.type_();
            return self.new_expr(pos, ExprKind::SliceType(elem));
        }
        let len = match self.got(Token::DotDotDot) {
            true => None,
            false => Some(self.expr()),
        };
        self.no_comma_in_array();
        self.want(Token::Rbrack);
        self.xnest -= 1;
        let (len, elem) = (len.into(), self.type_());
        self.new_expr(pos, ExprKind::ArrayType { len, elem })
    }

    fn map_type(&mut self, pos: Pos) -> Expr {
        self.next();
        self.want(Token::Lbrack);
        let key = self.type_();
        self.want(Token::Rbrack);
        let value = self.type_();
        self.new_expr(pos, ExprKind::MapType { key, value })
    }

    fn chan_type(&mut self, pos: Pos, dir: ChanDir) -> Expr {
        let elem = self.type_or_none();
        let elem = elem.unwrap_or_else(|| {
            let bad = self.bad_expr();
            self.syntax_error("missing channel element type");
            bad
        });
        self.new_expr(pos, ExprKind::ChanType { dir, elem })
    }

    /// Parses the `.Name` after the name `x`, if there is one.
    pub(super) fn dot_name(&mut self, x: Expr) -> Expr {
        if self.tok != Token::Dot {
            return x;
        }
        let pos = self.pos();
        self.next();
        let sel = self.name();
        self.new_expr(pos, ExprKind::Selector { x, sel })
    }

    /// Parses a name that may be qualified.
    pub(super) fn qualified_name(&mut self) -> Expr {
        let name = match self.tok {
            Token::Name => self.name(),
            _ => {
                let name = self.new_name(self.pos(), Sym::BLANK);
                self.expecting("name");
                self.advance_to(&[Token::Dot, Token::Semi, Token::Rbrace]);
                name
            }
        };
        let name = self.dot_name(name);
        self.instance_of(name)
    }

    /// Signature = Parameters [ Result ] . The position is that of the parenthesis.
    pub(super) fn func_type(&mut self) -> Expr {
        self.func_type_at(self.pos())
    }

    /// Parses a signature, which starts at `pos` with type parameters if there are any.
    pub(super) fn func_type_at(&mut self, pos: Pos) -> Expr {
        let params = self.final_param_list();
        let results = self.func_result();
        self.new_expr(pos, ExprKind::FuncType { params, results })
    }

    /// Result = Parameters | Type .
    fn func_result(&mut self) -> List<Field> {
        if self.tok == Token::Lparen {
            return self.receivers();
        }
        let pos = self.pos();
        let start = self.fields.len();
        if let Some(typ) = self.type_or_none() {
            self.push_field(pos, None, typ, None);
        }
        self.take_fields(start)
    }

    pub(super) fn push_field(
        &mut self,
        pos: Pos,
        name: Option<Expr>,
        typ: Expr,
        tag: Option<Expr>,
    ) {
        let field = self.ast.fields.push(FieldData {
            pos,
            name: name.into(),
            typ,
            tag: tag.into(),
        });
        self.fields.push(field);
    }

    /// StructType = "struct" "{" { FieldDecl ";" } "}" .
    fn struct_type(&mut self, pos: Pos) -> Expr {
        self.next();
        let start = self.fields.len();
        self.list(
            "struct type",
            Token::Lbrace,
            Token::Semi,
            Token::Rbrace,
            |p| {
                p.field_decl();
                false
            },
        );
        let fields = self.take_fields(start);
        self.new_expr(pos, ExprKind::StructType(fields))
    }

    /// FieldDecl = ( IdentifierList Type | EmbeddedField ) [ Tag ] . Leaves the fields on `self.fields`.
    fn field_decl(&mut self) {
        let pos = self.pos();
        match self.tok {
            Token::Name => self.named_fields(),
            _ if self.profile.type_params && self.tok != Token::Name => self.embedded_in_parens(),
            Token::Lparen => {
                self.next();
                if self.tok == Token::Star {
                    self.embedded_pointer(true);
                } else {
                    let typ = self.qualified_name();
                    self.parenthesized_embedded(pos, typ);
                }
            }
            Token::Star => self.embedded_pointer(false),
            _ => {
                self.expecting("field name or embedded type");
                self.advance_to(&[Token::Semi, Token::Rbrace]);
            }
        }
    }

    fn named_fields(&mut self) {
        let pos = self.pos();
        let name = self.name();
        if let Token::Dot | Token::Literal | Token::Semi | Token::Rbrace = self.tok {
            let typ = self.dot_name(name);
            let typ = self.instance_of(typ);
            let tag = self.literal_or_none();
            return self.push_field(pos, None, typ, tag);
        }
        let start = self.exprs.len();
        self.exprs.push(name);
        self.more_names();
        let one_name = self.exprs.len() == start + 1;
        let typ = match one_name && self.tok == Token::Lbrack && self.profile.type_params {
            true => self.array_or_instance(name),
            false => self.type_(),
        };
        if let ExprKind::Index { .. } = self.ast[typ].kind
            && one_name
        {
            self.exprs.truncate(start);
            let tag = self.literal_or_none();
            return self.push_field(pos, None, typ, tag);
        }
        let tag = self.literal_or_none();
        for i in start..self.exprs.len() {
            let name = self.exprs[i];
            self.push_field(self.ast[name].pos, Some(name), typ, tag);
        }
        self.exprs.truncate(start);
    }

    /// Parses `*T`, or after an opening parenthesis `*T)` or `*(T)`. The latter two are errors.
    fn embedded_pointer(&mut self, in_parens: bool) {
        let pos = self.pos();
        self.next();
        let parenthesized = in_parens || self.got(Token::Lparen);
        let name = self.qualified_name();
        let typ = self.pointer(pos, name);
        if parenthesized {
            return self.parenthesized_embedded(pos, typ);
        }
        let tag = self.literal_or_none();
        self.push_field(pos, None, typ, tag);
    }

    fn parenthesized_embedded(&mut self, pos: Pos, typ: Expr) {
        self.want(Token::Rparen);
        let tag = self.literal_or_none();
        self.push_field(pos, None, typ, tag);
        self.syntax_error("cannot parenthesize embedded type");
    }

    /// InterfaceType = "interface" "{" { MethodSpec ";" } "}" .
    fn interface_type(&mut self, pos: Pos) -> Expr {
        self.next();
        let start = self.fields.len();
        self.list(
            "interface type",
            Token::Lbrace,
            Token::Semi,
            Token::Rbrace,
            |p| {
                match p.profile.type_params {
                    true => p.method_or_constraint(),
                    false => p.method_decl(),
                }
                false
            },
        );
        let methods = self.take_fields(start);
        self.new_expr(pos, ExprKind::InterfaceType(methods))
    }

    /// MethodSpec = MethodName Signature | InterfaceTypeName . Leaves it on `self.fields`.
    fn method_decl(&mut self) {
        match self.tok {
            Token::Name => {
                let pos = self.pos();
                let name = self.name();
                if self.tok == Token::Comma {
                    while self.got(Token::Comma) {
                        self.name();
                    }
                    self.syntax_error("name list not allowed in interface type");
                }
                if self.tok == Token::Lparen {
                    let typ = self.func_type();
                    self.push_field(pos, Some(name), typ, None);
                } else {
                    let typ = self.dot_name(name);
                    self.push_field(pos, None, typ, None);
                }
            }
            Token::Lparen => {
                self.syntax_error("cannot parenthesize embedded type");
                let pos = self.pos();
                self.next();
                let typ = self.qualified_name();
                self.want(Token::Rparen);
                self.push_field(pos, None, typ, None);
            }
            _ => {
                self.expecting("method or interface name");
                self.advance_to(&[Token::Semi, Token::Rbrace]);
            }
        }
    }

    /// Parameters = "(" [ ParameterDecl { "," ParameterDecl } [ "," ] ] ")" .
    pub(super) fn param_list(&mut self) -> List<Field> {
        let pos = self.pos();
        let start = self.params.len();
        let context = "parameter list";
        self.list(context, Token::Lparen, Token::Comma, Token::Rparen, |p| {
            if let Some(param) = p.param_decl() {
                p.params.push(param);
            }
            false
        });
        if !self.distribute_types(start) {
            self.syntax_error_at(pos, "mixed named and unnamed function parameters");
        }
        let first_field = self.fields.len();
        for i in start..self.params.len() {
            let Param { pos, name, typ } = self.params[i];
            let typ = typ.expect("types are distributed");
            self.push_field(pos, name, typ, None);
        }
        self.params.truncate(start);
        self.take_fields(first_field)
    }

    /// ParameterDecl = [ IdentifierList ] [ "..." ] Type . Parses one name at a time. Returns none after an error.
    fn param_decl(&mut self) -> Option<Param> {
        use Token::*;
        let pos = self.pos();
        let (mut name, mut typ) = (None, None);
        match self.tok {
            Name => {
                let first = self.name();
                name = Some(first);
                match self.tok {
                    Name | Star | Arrow | Func | Lbrack | Chan | Map | Struct | Interface
                    | Lparen => typ = Some(self.type_()),
                    DotDotDot => typ = Some(self.dots_type()),
                    Dot => {
                        typ = Some(self.dot_name(first));
                        name = None;
                    }
                    _ => {}
                }
            }
            Arrow | Star | Func | Lbrack | Chan | Map | Struct | Interface | Lparen => {
                typ = Some(self.type_());
            }
            DotDotDot => typ = Some(self.dots_type()),
            _ => {
                self.expecting(")");
                self.advance_to(&[Comma, Rparen]);
                return None;
            }
        }
        Some(Param { pos, name, typ })
    }

    fn dots_type(&mut self) -> Expr {
        let pos = self.pos();
        self.next();
        let elem = self.type_or_none();
        let elem = elem.unwrap_or_else(|| {
            let bad = self.bad_expr();
            self.syntax_error("final argument in variadic function missing type");
            bad
        });
        self.new_expr(pos, ExprKind::DotsType(elem))
    }

    /// Assigns a type to each parameter from `start` on. If no parameter has both a name and a type, lone names are
    /// types; else a name without a type has the type of the next parameter. Returns false if named and unnamed
    /// parameters are mixed.
    fn distribute_types(&mut self, start: usize) -> bool {
        let is_full = |param: &Param| param.name.is_some() && param.typ.is_some();
        if !self.params[start..].iter().any(is_full) {
            for param in &mut self.params[start..] {
                param.typ = param.typ.or(param.name);
                param.name = None;
            }
            return true;
        }
        let mut ok = true;
        let mut next_type = None;
        for i in (start..self.params.len()).rev() {
            match (self.params[i].name, self.params[i].typ) {
                (Some(_), Some(typ)) => next_type = Some(typ),
                (None, Some(typ)) => {
                    ok = false;
                    next_type = Some(typ);
                    let blank = self.new_name(self.ast[typ].pos, Sym::BLANK);
                    self.params[i].name = Some(blank);
                }
                (Some(name), None) => {
                    ok &= next_type.is_some();
                    let pos = self.ast[name].pos;
                    let typ = next_type.unwrap_or_else(|| self.new_expr(pos, ExprKind::Bad));
                    self.params[i].typ = Some(typ);
                }
                (None, None) => unreachable!("a parameter has a name or a type"),
            }
        }
        ok
    }
}
