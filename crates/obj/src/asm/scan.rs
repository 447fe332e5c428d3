//! From text to tokens. Comments and blanks are skipped; line ends are tokens.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::Read;

use minigo_base::PosBase;
use minigo_base::unicode::{is_digit, is_letter};

use super::line_cache::Key;
use super::number;
use super::reason;
use super::token::{Atom, Atoms, Kind, Token};
use super::utf8::decode;

/// A source of text.
pub type Reader<'a> = Box<dyn Read + 'a>;

/// A file being read, a few lines at a time.
pub(super) struct Scanner<'a> {
    source: Option<Reader<'a>>,
    /// Whole lines of the file, from the line of the last token or later.
    text: String,
    /// The bytes that were read of the line after them.
    rest: Vec<u8>,
    /// The offset of the next character.
    pos: usize,
    /// The line of the next character, from 1.
    pub line: u32,
    /// The number of line ends that were not tokens, by which `line` is too small.
    lost_lines: u32,
    /// The base of positions. A `#line` changes it.
    pub base: PosBase,
    /// The file's own name, for messages of the scanner.
    name: Box<str>,
    /// The offset that [`Self::begin_line`] marked last.
    line_start: usize,
    /// The offset of the last token, and its line including lost ones.
    start: usize,
    start_line: u32,
    /// The offset of a character and its column: the last that was asked for.
    counted: Cell<(usize, usize)>,
    /// Comments that are build constraints are tokens.
    build_lines: bool,
    /// The last token followed the one before without a blank.
    pub adjacent: bool,
    /// Text has been read.
    begun: bool,
    /// Messages of Go's scanner about characters that are not reached yet, with the offset of each.
    errors_ahead: VecDeque<(usize, &'static str)>,
}

/// A mark that editors put in front of text.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The number of bytes that are read at a time.
const PIECE: usize = 1 << 16;

/// Reports whether a comment is a build constraint (gc: go/build/constraint, IsGoBuild).
fn is_build_line(comment: &str) -> bool {
    let rest = comment.trim_end().strip_prefix("//go:build");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

impl<'a> Scanner<'a> {
    pub(super) fn new(
        name: &str,
        source: Reader<'a>,
        base: PosBase,
        build_lines: bool,
    ) -> Scanner<'a> {
        Scanner {
            source: Some(source),
            text: String::new(),
            rest: Vec::new(),
            pos: 0,
            line: 1,
            lost_lines: 0,
            base,
            name: name.into(),
            line_start: 0,
            start: 0,
            start_line: 1,
            counted: Cell::new((0, 1)),
            build_lines,
            adjacent: false,
            begun: false,
            errors_ahead: VecDeque::new(),
        }
    }

    /// Appends more lines to the text; at the end of the file, the rest. Reports whether there was any.
    fn read_lines(&mut self, messages: &mut Vec<String>) -> bool {
        // Reuse the memory of lines that are done.
        let mut bytes = match self.text.is_empty() {
            true => std::mem::take(&mut self.text).into_bytes(),
            false => Vec::new(),
        };
        bytes.append(&mut self.rest);
        bytes.reserve(2 * PIECE);
        let mut searched = 0;
        while let Some(source) = &mut self.source {
            let n = match source.take(PIECE as u64).read_to_end(&mut bytes) {
                Ok(n) => n,
                Err(error) => {
                    let (name, line, col) = (&self.name, self.line, self.column(self.pos));
                    let reason = reason(&error);
                    messages.push(format!("{name}:{line}:{col}: read {name}: {reason}"));
                    0
                }
            };
            if n == 0 {
                self.source = None;
                break;
            }
            let newline = bytes[searched..].iter().rposition(|&byte| byte == b'\n');
            if let Some(at) = newline {
                let end = searched + at + 1;
                self.rest.extend_from_slice(&bytes[end..]);
                bytes.truncate(end);
                break;
            }
            searched = bytes.len();
        }
        if bytes.is_empty() {
            return false;
        }
        let (mut lines, errors_ahead) = decode(bytes);
        if !self.begun && lines.starts_with(BYTE_ORDER_MARK) {
            lines.remove(0);
        }
        self.begun = true;
        let start = self.text.len();
        self.errors_ahead.extend(
            errors_ahead
                .into_iter()
                .map(|(at, what)| (start + at, what)),
        );
        if self.text.is_empty() {
            self.text = lines;
        } else {
            self.text.push_str(&lines);
        }
        true
    }

    /// Returns the next token. Adds errors in the text itself to `messages`.
    pub(super) fn next(&mut self, atoms: &mut Atoms, messages: &mut Vec<String>) -> Token {
        let token = self.token(atoms, messages);
        if !self.errors_ahead.is_empty() {
            self.report_errors_ahead(messages);
        }
        token
    }

    /// Adds the messages of Go's scanner up to the character after the token or comment that was just read. Their
    /// place is the token's beginning, or the character if that comes before the token.
    fn report_errors_ahead(&mut self, messages: &mut Vec<String>) {
        while let Some(&(at, what)) = self.errors_ahead.front()
            && at <= self.pos
        {
            self.errors_ahead.pop_front();
            let place = if at > self.start { self.start } else { at };
            let text = &self.text.as_bytes()[..self.pos.min(self.text.len())];
            let later = text[place..].iter().filter(|&&byte| byte == b'\n').count() as u32;
            let line = self.line + self.lost_lines - later;
            let col = self.column(place);
            messages.push(format!("{}:{line}:{col}: {what}", self.name));
        }
    }

    /// Returns the column of a character, from 1. Counts on from the last one, because long lines may have many messages.
    fn column(&self, at: usize) -> usize {
        let (from, column) = match self.counted.get() {
            (from, column) if from <= at => (from, column),
            _ => (0, 1),
        };
        let between = &self.text[from..at];
        let column = match between.rfind('\n') {
            Some(newline) => between[newline + 1..].chars().count() + 1,
            None => column + between.chars().count(),
        };
        self.counted.set((at, column));
        column
    }

    /// Drops the text, which has been read.
    fn clear(&mut self) {
        self.text.clear();
        self.pos = 0;
        self.counted.set((0, 1));
    }

    fn token(&mut self, atoms: &mut Atoms, messages: &mut Vec<String>) -> Token {
        let mut blank = false;
        loop {
            let bytes = self.text.as_bytes();
            match bytes.get(self.pos) {
                Some(b' ' | b'\t' | b'\r') => self.pos += 1,
                Some(b'/') if bytes.get(self.pos + 1) == Some(&b'/') => {
                    self.start = self.pos;
                    let rest = &bytes[self.pos..];
                    self.pos += rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                    if !self.errors_ahead.is_empty() {
                        self.report_errors_ahead(messages);
                    }
                    let comment = &self.text[self.start..self.pos];
                    if self.build_lines && is_build_line(comment) {
                        self.adjacent = !blank;
                        return Token {
                            kind: Kind::BuildLine,
                            text: atoms.get_in(&self.text, self.start, self.pos),
                        };
                    }
                }
                Some(b'/') if bytes.get(self.pos + 1) == Some(&b'*') => self.comment(messages),
                Some(_) => break,
                None => {
                    self.start = self.pos;
                    if !self.errors_ahead.is_empty() {
                        self.report_errors_ahead(messages);
                    }
                    self.clear();
                    if !self.read_lines(messages) {
                        return Token {
                            kind: Kind::Eof,
                            text: Atoms::EMPTY,
                        };
                    }
                    continue;
                }
            }
            blank = true;
        }
        self.adjacent = !blank;
        self.start = self.pos;
        let first = self.text.as_bytes()[self.pos];
        let kind = match CLASS[usize::from(first)] {
            Class::Letter => {
                let bytes = self.text.as_bytes();
                let mut end = self.pos + 1;
                while bytes
                    .get(end)
                    .is_some_and(|&b| CLASS[usize::from(b)] <= Class::Digit)
                {
                    end += 1;
                }
                self.pos = end;
                if bytes.get(end).is_some_and(|byte| !byte.is_ascii()) {
                    self.ident_end();
                }
                Kind::Ident
            }
            Class::Plain => {
                self.pos += 1;
                self.line += u32::from(first == b'\n');
                return Token {
                    kind: Kind::Punct(first.into()),
                    text: atoms.character(first),
                };
            }
            Class::Digit | Class::Other => {
                self.start_line = self.line + self.lost_lines;
                self.scan(messages)
            }
        };
        Token {
            kind,
            text: atoms.get_in(&self.text, self.start, self.pos),
        }
    }

    /// Sets `keys` to those of the next lines up to the first long one. Returns their number: 0 if there are messages
    /// ahead, which are added between tokens.
    pub(super) fn short_lines(&mut self, keys: &mut [Key], messages: &mut Vec<String>) -> usize {
        if self.pos == self.text.len() {
            self.clear();
            if !self.read_lines(messages) {
                return 0;
            }
        }
        if !self.errors_ahead.is_empty() {
            return 0;
        }
        let mut rest = &self.text.as_bytes()[self.pos..];
        for (n, place) in keys.iter_mut().enumerate() {
            let Some(key) = Key::of_line(rest) else {
                return n;
            };
            rest = &rest[key.line_len()..];
            *place = key;
        }
        keys.len()
    }

    /// Returns the name in a line of `len` bytes that only has a name of ASCII letters and a colon.
    pub(super) fn label(&self, len: usize, atoms: &mut Atoms) -> Option<Atom> {
        let line = &self.text.as_bytes()[self.pos..][..len];
        let [first, rest @ .., b':', b'\n'] = line else {
            return None;
        };
        let class = |byte: &u8| CLASS[usize::from(*byte)];
        let is_name =
            class(first) == Class::Letter && rest.iter().all(|byte| class(byte) <= Class::Digit);
        is_name.then(|| atoms.get_in(&self.text, self.pos, self.pos + len - ":\n".len()))
    }

    /// Marks the beginning of a line.
    pub(super) fn begin_line(&mut self) {
        self.line_start = self.pos;
    }

    /// Skips a line of `len` bytes.
    pub(super) fn skip_line(&mut self, len: usize) {
        self.pos += len;
        self.line += 1;
    }

    /// Reports whether exactly `len` bytes were read since [`Self::begin_line`].
    pub(super) fn is_line_before(&self, len: usize) -> bool {
        self.line_start + len == self.pos
    }

    fn error(&self, message: &str, messages: &mut Vec<String>) {
        let col = self.column(self.start);
        let line = self.start_line;
        messages.push(format!("{}:{line}:{col}: {message}", self.name));
    }

    /// Skips a comment of possibly many lines.
    fn comment(&mut self, messages: &mut Vec<String>) {
        self.start = self.pos;
        self.start_line = self.line + self.lost_lines;
        let mut searched = self.pos + 2;
        let mut is_terminated = true;
        let end = loop {
            if let Some(len) = self.text[searched..].find("*/") {
                break searched + len + 2;
            }
            // The last character so far may be the star.
            searched = self.text.len() - usize::from(self.text.ends_with('*'));
            searched = searched.max(self.pos + 2);
            if !self.read_lines(messages) {
                is_terminated = false;
                break self.text.len();
            }
        };
        let comment = &self.text.as_bytes()[self.pos..end];
        self.line += comment.iter().filter(|&&b| b == b'\n').count() as u32;
        self.pos = end;
        if !self.errors_ahead.is_empty() {
            self.report_errors_ahead(messages);
        }
        if !is_terminated {
            self.error("comment not terminated", messages);
        }
    }

    /// Moves to the end of a name with characters beyond ASCII.
    fn ident_end(&mut self) {
        let rest = &self.text[self.pos..];
        self.pos += rest
            .find(|c: char| !is_ident(c) && !is_digit(c))
            .unwrap_or(rest.len());
    }

    /// Scans a token that is neither a word of ASCII letters nor a character that is always a token of its own.
    fn scan(&mut self, messages: &mut Vec<String>) -> Kind {
        let rest = &self.text[self.pos..];
        let first = rest.chars().next().expect("a character");
        self.pos += first.len_utf8();
        let second = rest.as_bytes().get(first.len_utf8()).copied();
        if is_ident(first) {
            self.ident_end();
            return Kind::Ident;
        }
        let two = |kind| (kind, 1);
        let (kind, more) = match (first, second) {
            ('0'..='9', _) => return self.number(messages),
            ('.', Some(b'0'..=b'9')) => return self.number(messages),
            ('"', _) => return self.quoted(Kind::String, messages),
            ('\'', _) => return self.quoted(Kind::Char, messages),
            ('<', Some(b'<')) => two(Kind::Lsh),
            ('>', Some(b'>')) => two(Kind::Rsh),
            ('-', Some(b'>')) => two(Kind::Arr),
            ('@', Some(b'>')) => two(Kind::Rot),
            _ => (Kind::Punct(first), 0),
        };
        self.pos += more;
        kind
    }

    /// Scans a number. Its errors are reported here; the parser finds its value.
    fn number(&mut self, messages: &mut Vec<String>) -> Kind {
        let (kind, len) = number::scan(&self.text.as_bytes()[self.start..], &mut |message| {
            self.error(message, messages);
        });
        self.pos = self.start + len;
        kind
    }

    /// Scans text in quotes, which ends at the end of the line at the latest.
    fn quoted(&mut self, kind: Kind, messages: &mut Vec<String>) -> Kind {
        let text = std::mem::take(&mut self.text);
        let rest = &text[self.start..];
        let mut errors = Vec::new();
        let n_chars = self.quoted_end(rest, &mut errors);
        self.text = text;
        for error in errors {
            self.error(error, messages);
        }
        if kind == Kind::Char && n_chars != 1 {
            self.error("invalid char literal", messages);
        }
        kind
    }

    /// Moves after the quote that ends a text. Returns the number of characters.
    fn quoted_end(&mut self, rest: &str, errors: &mut Vec<&str>) -> u32 {
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
                    // As in gc, the line end is not a token.
                    self.pos = self.start + at + 1;
                    errors.push("literal not terminated");
                    self.lost_lines += 1;
                    break;
                }
                None => {
                    self.pos = self.start + rest.len();
                    errors.push("literal not terminated");
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
                            errors.push("invalid char escape");
                            n_chars += 1;
                            continue;
                        }
                    };
                    chars.by_ref().take(first).for_each(drop);
                    for _ in 0..digits {
                        if chars.next_if(|&(_, c)| c.is_digit(radix)).is_none() {
                            errors.push("invalid char escape");
                            break;
                        }
                    }
                }
                Some(_) => {}
            }
            n_chars += 1;
        }
        n_chars
    }
}

/// Reports whether a character can begin a name.
fn is_ident(c: char) -> bool {
    is_letter(c) || matches!(c, '_' | '\u{b7}' | '\u{2215}')
}

/// The kind of token that a byte begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// A name.
    Letter,
    Digit,
    /// A token of this character alone.
    Plain,
    /// Another token, which depends on the next bytes.
    Other,
}

static CLASS: [Class; 256] = {
    let mut table = [Class::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        let b = byte as u8;
        table[byte] = match b {
            b'_' => Class::Letter,
            _ if b.is_ascii_alphabetic() => Class::Letter,
            _ if b.is_ascii_digit() => Class::Digit,
            b'.' | b'"' | b'\'' | b'<' | b'>' | b'-' | b'@' => Class::Other,
            _ => Class::Plain,
        };
        byte += 1;
    }
    table
};
