//! From text to tokens. Comments and blanks go, line ends stay.

use std::rc::Rc;

use minigo_base::PosBase;

use super::number;
use super::token::{Atoms, Kind, Token};

/// A file being read.
pub(super) struct Scanner {
    text: Rc<str>,
    /// Offset of the next character.
    pos: usize,
    /// Line of the next character, from 1.
    pub line: u32,
    /// Ends of lines that were no tokens, so that `line` lags behind.
    lost_lines: u32,
    /// What positions are relative to; a `#line` changes it.
    pub base: PosBase,
    /// The file's own name, for messages of the scanner.
    name: Rc<str>,
    /// Offset of the last token, and its line with lost ones counted.
    start: usize,
    start_line: u32,
    /// Whether the last token followed the one before without a blank.
    pub adjacent: bool,
}

impl Scanner {
    pub(super) fn new(name: &str, text: &str, base: PosBase) -> Scanner {
        Scanner {
            text: text.into(),
            pos: 0,
            line: 1,
            lost_lines: 0,
            base,
            name: name.into(),
            start: 0,
            start_line: 1,
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
        self.start_line = self.line + self.lost_lines;
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
        let line = self.start_line;
        messages.push(format!("{}:{line}:{col}: {message}", self.name));
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
                    self.start_line = self.line + self.lost_lines;
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
        let (kind, len) = number::scan(rest.as_bytes(), &mut |message| {
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
                    // As in gc, the end of the line is lost.
                    self.pos = self.start + at + 1;
                    self.error("literal not terminated", messages);
                    self.lost_lines += 1;
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

/// Whether a character may begin a name.
fn is_ident(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | '\u{b7}' | '\u{2215}')
}
