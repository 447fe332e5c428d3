//! Scans source bytes into tokens and inserts semicolons (gc: syntax/source.go and scanner.go).
//!
//! The scanner makes one pass with one character of look-ahead. Plain ASCII, which is nearly all of a source, is read
//! bytewise. NUL, invalid UTF-8 and byte order marks are reported and skipped as they are read, so that no other code
//! handles them. Tokens are ranges of the source; no text is copied.

mod literal;

use std::borrow::Cow;
use std::ops::Range;

use minigo_base::Pos;

use crate::handler::{Handler, Place};
use crate::token::{LitKind, Operator, Token};
use minigo_base::unicode;

pub(crate) struct Scanner<'a> {
    src: &'a [u8],
    pub(crate) handler: Handler<'a>,
    /// The character at `at`; none at the end of the file.
    ch: Option<char>,
    /// Offsets of `ch` and of the character after it.
    at: usize,
    next: usize,
    /// Line of `ch`, from 1, and the offset at which that line starts.
    line: u32,
    line_start: usize,
    /// Whether a newline or the end of the file is a semicolon.
    nlsemi: bool,

    /// The current token.
    pub(crate) tok: Token,
    /// Position of the current token.
    pub(crate) place: Place,
    /// Byte range of the current token.
    lit: Range<usize>,
    /// For a literal, its kind and whether it is malformed.
    pub(crate) kind: LitKind,
    pub(crate) bad: bool,
    /// For an operator, assignment operator, `++`, `--` or `*`, the operator.
    pub(crate) op: Operator,
    /// For a semicolon, its source: `semicolon`, `newline` or `EOF`.
    pub(crate) semi: &'static str,
}

impl<'a> Scanner<'a> {
    /// Creates a scanner before the first token.
    pub(crate) fn new(src: &'a [u8], handler: Handler<'a>) -> Scanner<'a> {
        Scanner {
            src,
            handler,
            ch: Some(' '),
            at: 0,
            next: 0,
            line: 1,
            line_start: 0,
            nlsemi: false,
            tok: Token::Eof,
            place: Place::default(),
            lit: 0..0,
            kind: LitKind::Int,
            bad: false,
            op: Operator::Not,
            semi: "",
        }
    }

    /// Returns the position of the current token.
    pub(crate) fn pos(&self) -> Pos {
        self.handler.pos(self.place)
    }

    /// Returns the source text of the current name or literal.
    pub(crate) fn text(&self) -> Cow<'a, str> {
        String::from_utf8_lossy(&self.src[self.lit.clone()])
    }

    /// Reads the next token. After the last one, or once the error limit is reached, it stays [`Token::Eof`].
    pub(crate) fn next(&mut self) {
        let nlsemi = std::mem::take(&mut self.nlsemi);
        if self.handler.stopped() {
            self.ch = None;
            self.next = self.src.len();
            self.tok = Token::Eof;
            return;
        }
        loop {
            let before = self.ch_place();
            while let Some(' ' | '\t' | '\r' | '\n') = self.ch
                && !(nlsemi && self.ch == Some('\n'))
            {
                self.advance();
            }
            self.place = self.ch_place();
            self.lit.start = self.at;
            if self.ch != Some('/') {
                if self.token(nlsemi) {
                    return;
                }
                continue;
            }
            let blank = self.place.line > before.line || before.col == 1;
            self.advance();
            match self.ch {
                Some('/') => self.line_comment(blank),
                Some('*') => {
                    self.full_comment(blank);
                    if nlsemi && self.line > self.place.line {
                        // A comment that spans lines acts like a newline.
                        self.semi = "newline";
                        self.tok = Token::Semi;
                        return;
                    }
                }
                _ => return self.operator_or_assign(Operator::Div),
            }
        }
    }

    /// Reads the token that starts with `ch`. Returns false if there is none, having skipped `ch`.
    fn token(&mut self, nlsemi: bool) -> bool {
        let Some(ch) = self.ch else {
            self.tok = if nlsemi { Token::Semi } else { Token::Eof };
            self.semi = "EOF";
            return true;
        };
        match ch {
            'a'..='z' | 'A'..='Z' | '_' => self.ident(),
            '0'..='9' => self.number(false),
            '"' => self.string(),
            '`' => self.raw_string(),
            '\'' => self.rune(),
            '\n' => self.semicolon("newline"),
            ';' => self.semicolon("semicolon"),
            '(' => self.single(Token::Lparen),
            '[' => self.single(Token::Lbrack),
            '{' => self.single(Token::Lbrace),
            ',' => self.single(Token::Comma),
            ')' => self.closing(Token::Rparen),
            ']' => self.closing(Token::Rbrack),
            '}' => self.closing(Token::Rbrace),
            '.' => self.dot(),
            _ if !ch.is_ascii() => {
                self.check_ident_char(ch, true);
                self.advance();
                self.ident();
            }
            _ => return self.operator(ch),
        }
        true
    }

    fn single(&mut self, tok: Token) {
        self.advance();
        self.tok = tok;
    }

    fn closing(&mut self, tok: Token) {
        self.single(tok);
        self.nlsemi = true;
    }

    fn semicolon(&mut self, text: &'static str) {
        self.single(Token::Semi);
        self.semi = text;
    }

    fn dot(&mut self) {
        let start = self.at;
        self.advance();
        self.tok = Token::Dot;
        match (self.ch, self.src.get(self.next)) {
            (Some('0'..='9'), _) => self.number(true),
            (Some('.'), Some(b'.')) => {
                self.advance();
                self.single(Token::DotDotDot);
            }
            (Some('.'), Some(b'\n')) => {
                // gc backs up after looking for a third dot, and counts a newline found there twice; its line numbers
                // are off by one from here on.
                self.line += 1;
                self.line_start = start;
            }
            _ => {}
        }
    }

    /// Reads the operator that starts with `ch`. Returns false if there is none.
    fn operator(&mut self, ch: char) -> bool {
        use Operator::*;
        self.advance();
        match (ch, self.ch) {
            (':', Some('=')) => self.single(Token::Define),
            (':', _) => self.tok = Token::Colon,
            ('+', Some('+')) => self.inc_op(Add),
            ('+', _) => self.operator_or_assign(Add),
            ('-', Some('-')) => self.inc_op(Sub),
            ('-', _) => self.operator_or_assign(Sub),
            ('*', _) => {
                self.operator_or_assign(Mul);
                if self.tok == Token::Operator {
                    self.tok = Token::Star;
                }
            }
            ('%', _) => self.operator_or_assign(Rem),
            ('&', Some('&')) => self.second(AndAnd),
            ('&', Some('^')) => {
                self.advance();
                self.operator_or_assign(AndNot);
            }
            ('&', _) => self.operator_or_assign(And),
            ('|', Some('|')) => self.second(OrOr),
            ('|', _) => self.operator_or_assign(Or),
            ('^', _) => self.operator_or_assign(Xor),
            ('<', Some('=')) => self.second(Leq),
            ('<', Some('<')) => {
                self.advance();
                self.operator_or_assign(Shl);
            }
            ('<', Some('-')) => self.single(Token::Arrow),
            ('<', _) => self.plain(Lss),
            ('>', Some('=')) => self.second(Geq),
            ('>', Some('>')) => {
                self.advance();
                self.operator_or_assign(Shr);
            }
            ('>', _) => self.plain(Gtr),
            ('=', Some('=')) => self.second(Eql),
            ('=', _) => self.tok = Token::Assign,
            ('!', Some('=')) => self.second(Neq),
            ('!', _) => self.plain(Not),
            ('~', _) if self.handler.profile.type_params => self.plain(Tilde),
            _ => {
                let code = unicode::code_point(ch as u32);
                self.error_at(self.place, &format!("invalid character {code}"));
                return false;
            }
        }
        true
    }

    fn plain(&mut self, op: Operator) {
        self.op = op;
        self.tok = Token::Operator;
    }

    /// Reads an operator whose last character is `ch`.
    fn second(&mut self, op: Operator) {
        self.advance();
        self.plain(op);
    }

    fn inc_op(&mut self, op: Operator) {
        self.op = op;
        self.closing(Token::IncOp);
    }

    fn operator_or_assign(&mut self, op: Operator) {
        self.op = op;
        match self.ch {
            Some('=') => self.single(Token::AssignOp),
            _ => self.tok = Token::Operator,
        }
    }

    // Characters.

    /// Moves to the next character.
    #[inline]
    fn advance(&mut self) {
        if self.ch == Some('\n') {
            self.line += 1;
            self.line_start = self.next;
        }
        self.at = self.next;
        match self.src.get(self.next) {
            Some(&byte) if byte < 0x80 && byte != 0 => {
                self.next += 1;
                self.ch = Some(byte as char);
            }
            _ => self.advance_rarely(),
        }
    }

    /// Moves to the next character, which isn't plain ASCII (gc: syntax/source.go, nextch).
    #[cold]
    fn advance_rarely(&mut self) {
        const BOM: char = '\u{feff}';
        loop {
            self.at = self.next;
            let rest = &self.src[self.at..];
            let ch = match first_char(rest) {
                None if rest.is_empty() => {
                    self.ch = None;
                    return;
                }
                None => {
                    self.next += 1;
                    self.error("invalid UTF-8 encoding");
                    continue;
                }
                Some(ch) => ch,
            };
            self.next += ch.len_utf8();
            match ch {
                // gc accepts either one at the start of a file.
                '\0' if self.at > 0 => self.error("invalid NUL character"),
                BOM if self.at > 0 => self.error("invalid BOM in the middle of the file"),
                BOM => {}
                ch => {
                    self.ch = Some(ch);
                    return;
                }
            }
        }
    }

    /// Moves past `ch`, which must not be a newline, and the following bytes that `skip` accepts. `skip` must reject
    /// non-ASCII bytes, NUL and newline.
    #[inline]
    fn skip_bytes(&mut self, skip: impl Fn(u8) -> bool) {
        let rest = &self.src[self.next..];
        let n_skipped = rest.iter().position(|&byte| !skip(byte));
        self.next += n_skipped.unwrap_or(rest.len());
        self.advance();
    }

    /// Returns the position of `ch`.
    fn ch_place(&self) -> Place {
        Place {
            line: self.line,
            col: (self.at - self.line_start) as u32 + 1,
        }
    }

    /// Reports an error at `ch`, which is the character after the current token unless one is being read.
    pub(crate) fn error(&mut self, message: &str) {
        self.error_at(self.ch_place(), message);
    }

    fn error_at(&mut self, place: Place, message: &str) {
        let pos = self.handler.pos(place);
        self.handler.error(pos, message);
    }

    /// Reports an error `offset` bytes into the current token.
    fn error_in_token(&mut self, offset: usize, message: &str) {
        let place = Place {
            col: self.place.col + offset as u32,
            ..self.place
        };
        self.error_at(place, message);
    }

    // Names and comments.

    fn ident(&mut self) {
        while matches!(self.ch, Some('a'..='z' | 'A'..='Z' | '0'..='9' | '_')) {
            self.skip_bytes(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        }
        if self.ch.is_some_and(|ch| !ch.is_ascii()) {
            while let Some(ch) = self.ch
                && self.check_ident_char(ch, false)
            {
                self.advance();
            }
        }
        self.lit.end = self.at;
        self.nlsemi = true;
        self.tok = Token::Name;
        let lit = &self.src[self.lit.clone()];
        if (2..=11).contains(&lit.len())
            && let Some(keyword) = Token::keyword(lit)
        {
            use Token::{Break, Continue, Fallthrough, Return};
            self.nlsemi = matches!(keyword, Break | Continue | Fallthrough | Return);
            self.tok = keyword;
        }
    }

    /// Reports whether `ch` belongs to an identifier. Every non-ASCII character does, after an error if it isn't a
    /// letter or digit.
    fn check_ident_char(&mut self, ch: char, first: bool) -> bool {
        if unicode::is_letter(ch) || ch == '_' {
            return true;
        }
        if unicode::is_digit(ch) {
            if first {
                let code = unicode::code_point(ch as u32);
                self.error(&format!("identifier cannot begin with digit {code}"));
            }
            return true;
        }
        if !ch.is_ascii() {
            let code = unicode::code_point(ch as u32);
            self.error(&format!("invalid character {code} in identifier"));
        }
        !ch.is_ascii()
    }

    /// Skips the rest of a comment from its second `/` up to the newline.
    fn line_comment(&mut self, blank: bool) {
        while !matches!(self.ch, None | Some('\n')) {
            self.skip_bytes(|byte| byte < 0x80 && byte != b'\n' && byte != 0);
        }
        self.directive(blank);
    }

    /// Skips the rest of a comment from its `*` up to and including its end.
    fn full_comment(&mut self, blank: bool) {
        self.advance();
        loop {
            match self.ch {
                None => return self.error_in_token(0, "comment not terminated"),
                Some('*') => {
                    self.advance();
                    if self.ch == Some('/') {
                        self.advance();
                        return self.directive(blank);
                    }
                }
                Some('\n') => self.advance(),
                _ => self.skip_bytes(|byte| byte < 0x80 && !matches!(byte, b'*' | b'\n' | 0)),
            }
        }
    }

    /// Passes the comment just read to the handler if it is a directive.
    fn directive(&mut self, blank: bool) {
        let comment = &self.src[self.lit.start..self.at];
        let body = &comment[2..];
        if body.starts_with(b"line ") || comment.starts_with(b"//go:") {
            self.handler.comment(self.place, blank, comment);
        }
    }
}

/// Returns the first character of `bytes`; none if they are empty or invalid UTF-8.
fn first_char(bytes: &[u8]) -> Option<char> {
    let start = &bytes[..bytes.len().min(4)];
    let valid = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&start[..error.valid_up_to()]).ok()?,
    };
    valid.chars().next()
}
