//! From text to tokens. Comments and blanks go, line ends stay.

use std::rc::Rc;

use minigo_base::PosBase;

use super::token::{Atoms, Kind, Token};

/// A file being read.
pub(super) struct Scanner {
    text: Rc<str>,
    /// Offset of the next character.
    pos: usize,
    /// Line of the next character, from 1.
    pub line: u32,
    /// What positions are relative to; a `#line` changes it.
    pub base: PosBase,
    /// The file's own name, for messages of the scanner.
    name: Rc<str>,
    /// Offset of the last token.
    start: usize,
    /// Whether the last token followed the one before without a blank.
    pub adjacent: bool,
}

impl Scanner {
    pub(super) fn new(name: &str, text: &str, base: PosBase) -> Scanner {
        Scanner {
            text: text.into(),
            pos: 0,
            line: 1,
            base,
            name: name.into(),
            start: 0,
            adjacent: false,
        }
    }

    /// The next token. What is wrong in the text itself goes to `messages`.
    pub(super) fn next(&mut self, atoms: &mut Atoms, messages: &mut Vec<String>) -> Token {
        let text = Rc::clone(&self.text);
        let end = self.pos;
        self.skip_blanks(&text, messages);
        self.adjacent = self.pos == end;
        self.start = self.pos;
        let kind = self.scan(&text, messages);
        if kind == Kind::NEWLINE {
            self.line += 1;
        }
        Token {
            kind,
            text: atoms.get(&text[self.start..self.pos]),
        }
    }

    fn error(&self, message: &str, messages: &mut Vec<String>) {
        let line_start = self.text[..self.start].rfind('\n').map_or(0, |at| at + 1);
        let col = self.text[line_start..self.start].chars().count() + 1;
        messages.push(format!("{}:{}:{col}: {message}", self.name, self.line));
    }

    fn skip_blanks(&mut self, text: &str, messages: &mut Vec<String>) {
        let bytes = text.as_bytes();
        while let Some(byte) = bytes.get(self.pos) {
            match byte {
                b' ' | b'\t' | b'\r' => self.pos += 1,
                b'/' if bytes.get(self.pos + 1) == Some(&b'/') => {
                    let rest = &bytes[self.pos..];
                    self.pos += rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                }
                b'/' if bytes.get(self.pos + 1) == Some(&b'*') => {
                    self.start = self.pos;
                    let body = self.pos + 2;
                    let len = text[body..].find("*/");
                    if len.is_none() {
                        self.error("comment not terminated", messages);
                    }
                    self.pos = len.map_or(text.len(), |len| body + len + 2);
                    let comment = &bytes[self.start..self.pos];
                    self.line += comment.iter().filter(|&&b| b == b'\n').count() as u32;
                }
                _ => return,
            }
        }
    }

    fn scan(&mut self, text: &str, messages: &mut Vec<String>) -> Kind {
        let rest = &text[self.pos..];
        let Some(first) = rest.chars().next() else {
            return Kind::Eof;
        };
        self.pos += first.len_utf8();
        let second = rest.as_bytes().get(1).copied();
        if is_ident(first) {
            let rest = &rest[first.len_utf8()..];
            self.pos += rest
                .find(|c: char| !is_ident(c) && !c.is_numeric())
                .unwrap_or(rest.len());
            return Kind::Ident;
        }
        let two = |kind| (kind, 1);
        let (kind, more) = match (first, second) {
            ('0'..='9', _) => return self.number(rest, messages),
            ('.', Some(b'0'..=b'9')) => return self.number(rest, messages),
            ('"', _) => return self.quoted(rest, Kind::String, messages),
            ('\'', _) => return self.quoted(rest, Kind::Char, messages),
            ('<', Some(b'<')) => two(Kind::Lsh),
            ('>', Some(b'>')) => two(Kind::Rsh),
            ('-', Some(b'>')) => two(Kind::Arr),
            ('@', Some(b'>')) => two(Kind::Rot),
            _ => (Kind::Punct(first), 0),
        };
        self.pos += more;
        kind
    }

    /// A number. What is wrong with it is said here, but what it is worth is the parser's business.
    fn number(&mut self, rest: &str, messages: &mut Vec<String>) -> Kind {
        let (kind, len) = Number::scan(rest.as_bytes(), &mut |message| {
            self.error(message, messages);
        });
        self.pos = self.start + len;
        kind
    }

    /// Text in quotes, up to the end of the line at most.
    fn quoted(&mut self, rest: &str, kind: Kind, messages: &mut Vec<String>) -> Kind {
        let mut chars = rest.char_indices().peekable();
        let quote = chars.next().map_or('"', |(_, c)| c);
        let mut n_chars = 0;
        loop {
            match chars.next() {
                Some((at, c)) if c == quote => {
                    self.pos = self.start + at + 1;
                    break;
                }
                Some((at, '\n')) => {
                    self.pos = self.start + at;
                    self.error("literal not terminated", messages);
                    break;
                }
                None => {
                    self.pos = self.start + rest.len();
                    self.error("literal not terminated", messages);
                    break;
                }
                Some((_, '\\')) => {
                    let escape = chars.peek().map(|&(_, c)| c);
                    let (first, digits, radix) = match escape {
                        Some('0'..='7') => (0, 3, 8),
                        Some('x') => (1, 2, 16),
                        Some('u') => (1, 4, 16),
                        Some('U') => (1, 8, 16),
                        Some(c) if "abfnrtv\\".contains(c) || c == quote => (1, 0, 2),
                        _ => {
                            self.error("invalid char escape", messages);
                            n_chars += 1;
                            continue;
                        }
                    };
                    chars.by_ref().take(first).for_each(drop);
                    for _ in 0..digits {
                        if chars.next_if(|&(_, c)| c.is_digit(radix)).is_none() {
                            self.error("invalid char escape", messages);
                            break;
                        }
                    }
                }
                Some(_) => {}
            }
            n_chars += 1;
        }
        if kind == Kind::Char && n_chars != 1 {
            self.error("invalid char literal", messages);
        }
        kind
    }
}

/// A number being scanned (gc: text/scanner, scanNumber).
struct Number<'a> {
    bytes: &'a [u8],
    len: usize,
    has_digit: bool,
    has_separator: bool,
    /// A digit that the base has not.
    invalid: Option<u8>,
}

impl Number<'_> {
    /// The kind of the number that `bytes` begins with, and its length.
    fn scan(bytes: &[u8], error: &mut dyn FnMut(&str)) -> (Kind, usize) {
        let mut number = Number {
            bytes,
            len: 0,
            has_digit: false,
            has_separator: false,
            invalid: None,
        };
        let kind = number.rest(error);
        (kind, number.len)
    }

    /// The next byte, in lower case if it is a letter.
    fn peek(&self) -> u8 {
        self.bytes.get(self.len).map_or(0, u8::to_ascii_lowercase)
    }

    fn digits(&mut self, base: u8) {
        loop {
            match self.peek() {
                b'_' => self.has_separator = true,
                digit @ b'0'..=b'9' => {
                    if base < 10 && digit >= b'0' + base && self.invalid.is_none() {
                        self.invalid = Some(digit);
                    }
                    self.has_digit = true;
                }
                b'a'..=b'f' if base == 16 => self.has_digit = true,
                _ => return,
            }
            self.len += 1;
        }
    }

    fn rest(&mut self, error: &mut dyn FnMut(&str)) -> Kind {
        let mut prefix = 0;
        let mut kind = Kind::Int;
        let mut base = 10;
        if self.peek() == b'0' {
            self.len += 1;
            (base, prefix) = match self.peek() {
                b'x' => (16, b'x'),
                b'o' => (8, b'o'),
                b'b' => (2, b'b'),
                _ => (8, b'0'),
            };
            if prefix == b'0' {
                self.has_digit = true;
            } else {
                self.len += 1;
            }
        }
        let name = match prefix {
            b'x' => "hexadecimal literal",
            b'o' | b'0' => "octal literal",
            b'b' => "binary literal",
            _ => "decimal literal",
        };
        self.digits(base);
        if self.peek() == b'.' {
            self.len += 1;
            kind = Kind::Float;
            if matches!(prefix, b'o' | b'b') {
                error(&format!("invalid radix point in {name}"));
            }
            self.digits(base);
        }
        if !self.has_digit {
            error(&format!("{name} has no digits"));
        }
        let exponent = self.peek();
        if matches!(exponent, b'e' | b'p') {
            let letter = char::from(self.bytes[self.len]);
            if exponent == b'e' && !matches!(prefix, 0 | b'0') {
                error(&format!("'{letter}' exponent requires decimal mantissa"));
            } else if exponent == b'p' && prefix != b'x' {
                error(&format!(
                    "'{letter}' exponent requires hexadecimal mantissa"
                ));
            }
            self.len += 1;
            kind = Kind::Float;
            if matches!(self.peek(), b'+' | b'-') {
                self.len += 1;
            }
            self.has_digit = false;
            self.digits(10);
            if !self.has_digit {
                error("exponent has no digits");
            }
        } else if prefix == b'x' && kind == Kind::Float {
            error("hexadecimal mantissa requires a 'p' exponent");
        }
        if let (Kind::Int, Some(digit)) = (kind, self.invalid) {
            let digit = char::from(digit);
            error(&format!("invalid digit '{digit}' in {name}"));
        }
        if self.has_separator && has_misplaced_separator(&self.bytes[..self.len]) {
            error("'_' must separate successive digits");
        }
        kind
    }
}

/// Whether a `_` is not between two digits, where the prefix counts as one.
fn has_misplaced_separator(text: &[u8]) -> bool {
    let hex = text.len() > 1 && text[1].eq_ignore_ascii_case(&b'x');
    let prefixed = text.len() > 1 && matches!(text[1] | 0x20, b'x' | b'o' | b'b');
    let is_digit = |byte: &u8| byte.is_ascii_digit() || hex && byte.is_ascii_hexdigit();
    let start = if prefixed { 2 } else { 0 };
    text.iter().enumerate().skip(start).any(|(at, &byte)| {
        let after_digit = at > start && is_digit(&text[at - 1]) || at == start && prefixed;
        byte == b'_' && !(after_digit && text.get(at + 1).is_some_and(is_digit))
    })
}

/// Whether a character may begin a name.
fn is_ident(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '\u{b7}' | '\u{2215}')
}
