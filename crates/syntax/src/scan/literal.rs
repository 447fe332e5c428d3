//! Scans numbers, runes and strings. A malformed literal is read up to where a good one would end, and its first error
//! is reported.

use super::Scanner;
use crate::token::{LitKind, Token};
use minigo_base::unicode;

impl Scanner<'_> {
    /// Completes a literal that ends before `ch`.
    fn literal(&mut self, kind: LitKind, ok: bool) {
        self.lit.end = self.at;
        self.nlsemi = true;
        self.tok = Token::Literal;
        self.kind = kind;
        self.bad = !ok;
    }

    /// Reads a number, from after its decimal point if `seen_point` (gc: syntax/scanner.go, number).
    pub(super) fn number(&mut self, seen_point: bool) {
        let mut number = Number::default();
        if !seen_point {
            self.integer_part(&mut number);
        }
        if seen_point || self.ch == Some('.') {
            self.fraction(&mut number, seen_point);
        }
        if !number.seen_digit {
            let message = format!("{} literal has no digits", number.base_name());
            self.number_error(&mut number, &message);
        }
        self.exponent(&mut number);
        if self.ch == Some('i') {
            number.kind = LitKind::Imag;
            self.advance();
        }
        self.literal(number.kind, !number.bad);
        if !number.bad {
            self.bad = self.check_digits(&number);
        }
    }

    /// Reports an error at `ch` unless the number already has one.
    fn number_error(&mut self, number: &mut Number, message: &str) {
        if !number.bad {
            self.error(message);
            number.bad = true;
        }
    }

    fn integer_part(&mut self, number: &mut Number) {
        if self.ch == Some('0') {
            self.advance();
            let prefix = self.ch.map(|ch| ch.to_ascii_lowercase());
            (number.base, number.prefix) = match prefix {
                Some('x') => (16, prefix),
                Some('o') => (8, prefix),
                Some('b') => (2, prefix),
                _ => (8, Some('0')),
            };
            match number.prefix {
                Some('0') => number.seen_digit = true,
                _ => self.advance(),
            }
        }
        self.digits(number);
    }

    fn fraction(&mut self, number: &mut Number, seen_point: bool) {
        if !seen_point {
            if let Some('o' | 'b') = number.prefix {
                let message = format!("invalid radix point in {} literal", number.base_name());
                self.number_error(number, &message);
            }
            self.advance();
        }
        number.kind = LitKind::Float;
        self.digits(number);
    }

    /// Reads the exponent, if there is one.
    fn exponent(&mut self, number: &mut Number) {
        let Some(ch @ ('e' | 'E' | 'p' | 'P')) = self.ch else {
            if number.prefix == Some('x') && number.kind == LitKind::Float {
                self.number_error(number, "hexadecimal mantissa requires a 'p' exponent");
            }
            return;
        };
        let mantissa = match (ch, number.prefix) {
            ('e' | 'E', Some('x' | 'o' | 'b')) => Some("decimal"),
            ('p' | 'P', prefix) if prefix != Some('x') => Some("hexadecimal"),
            _ => None,
        };
        if let Some(mantissa) = mantissa {
            let message = format!("'{ch}' exponent requires {mantissa} mantissa");
            self.number_error(number, &message);
        }
        self.advance();
        number.kind = LitKind::Float;
        if let Some('+' | '-') = self.ch {
            self.advance();
        }
        number.seen_digit = false;
        number.base = 10;
        self.digits(number);
        if !number.seen_digit {
            self.number_error(number, "exponent has no digits");
        }
    }

    /// Reads digits and separators. All decimal digits are accepted in bases up to ten; the first one too large is
    /// recorded.
    fn digits(&mut self, number: &mut Number) {
        while let Some(ch) = self.ch {
            match ch {
                '_' => number.seen_separator = true,
                '0'..='9' => {
                    number.seen_digit = true;
                    if ch as u32 - '0' as u32 >= number.base && number.invalid.is_none() {
                        number.invalid = Some(self.at - self.lit.start);
                    }
                }
                'a'..='f' | 'A'..='F' if number.base == 16 => number.seen_digit = true,
                _ => return,
            }
            self.advance();
        }
    }

    /// Reports a digit too large for the base or a misplaced separator in the literal just read. Returns true if there
    /// was one.
    fn check_digits(&mut self, number: &Number) -> bool {
        let lit = &self.src[self.lit.clone()];
        if let (LitKind::Int, Some(at)) = (number.kind, number.invalid) {
            let (digit, base) = (lit[at] as char, number.base_name());
            self.error_in_token(at, &format!("invalid digit '{digit}' in {base} literal"));
            return true;
        }
        if number.seen_separator
            && let Some(at) = invalid_separator(lit)
        {
            self.error_in_token(at, "'_' must separate successive digits");
            return true;
        }
        false
    }

    // Strings and runes.

    pub(super) fn rune(&mut self) {
        let mut ok = true;
        self.advance();
        let mut n_chars = 0;
        loop {
            match self.ch {
                Some('\'') => {
                    if ok && n_chars == 0 {
                        self.error("empty rune literal or unescaped '");
                    } else if ok && n_chars != 1 {
                        self.error_in_token(0, "more than one character in rune literal");
                    }
                    ok &= n_chars == 1;
                    self.advance();
                    break;
                }
                Some('\\') => {
                    self.advance();
                    ok &= self.escape('\'');
                }
                Some('\n') | None => {
                    if ok && self.ch.is_some() {
                        self.error("newline in rune literal");
                    } else if ok {
                        self.error_in_token(0, "rune literal not terminated");
                    }
                    ok = false;
                    break;
                }
                Some(_) => self.advance(),
            }
            n_chars += 1;
        }
        self.literal(LitKind::Rune, ok);
    }

    pub(super) fn string(&mut self) {
        let mut ok = true;
        self.advance();
        loop {
            match self.ch {
                Some('"') => {
                    self.advance();
                    break;
                }
                Some('\\') => {
                    self.advance();
                    ok &= self.escape('"');
                }
                Some('\n') => {
                    self.error("newline in string");
                    ok = false;
                    break;
                }
                None => {
                    self.error_in_token(0, "string not terminated");
                    ok = false;
                    break;
                }
                Some(_) => {
                    self.skip_bytes(|byte| byte < 0x80 && !matches!(byte, b'"' | b'\\' | b'\n' | 0))
                }
            }
        }
        self.literal(LitKind::String, ok);
    }

    pub(super) fn raw_string(&mut self) {
        let mut ok = true;
        self.advance();
        loop {
            match self.ch {
                Some('`') => {
                    self.advance();
                    break;
                }
                None => {
                    self.error_in_token(0, "string not terminated");
                    ok = false;
                    break;
                }
                Some('\n') => self.advance(),
                Some(_) => {
                    self.skip_bytes(|byte| byte < 0x80 && !matches!(byte, b'`' | b'\n' | 0));
                }
            }
        }
        self.literal(LitKind::String, ok);
    }

    /// Reads an escape sequence from after its backslash. Returns false after an error. The caller reports the end of
    /// the file.
    fn escape(&mut self, quote: char) -> bool {
        let Some(ch) = self.ch else { return true };
        let (n_digits, base, max) = match ch {
            'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\\' => {
                self.advance();
                return true;
            }
            ch if ch == quote => {
                self.advance();
                return true;
            }
            '0'..='7' => (3, 8, 255),
            'x' => (2, 16, 255),
            'u' => (4, 16, char::MAX as u32),
            'U' => (8, 16, char::MAX as u32),
            _ => {
                self.error("unknown escape");
                return false;
            }
        };
        if base == 16 {
            self.advance();
        }
        let mut code: u32 = 0;
        for _ in 0..n_digits {
            let Some(ch) = self.ch else { return true };
            let Some(digit) = ch.to_digit(base) else {
                let (ch, base) = (unicode::quoted(ch), base_name(base));
                self.error(&format!("invalid character {ch} in {base} escape"));
                return false;
            };
            code = code.wrapping_mul(base) + digit;
            self.advance();
        }
        if code > max && base == 8 {
            self.error(&format!("octal escape value {code} > 255"));
            return false;
        }
        if code > max || (0xd800..0xe000).contains(&code) {
            let code = unicode::code_point(code);
            self.error(&format!("escape is invalid Unicode code point {code}"));
            return false;
        }
        true
    }
}

/// Scanning state of a number.
struct Number {
    kind: LitKind,
    /// Whether an error was reported.
    bad: bool,
    base: u32,
    /// `x`, `o` or `b`, or `0` for a leading zero alone; none for a decimal number.
    prefix: Option<char>,
    /// Whether the mantissa or, once it has started, the exponent has a digit.
    seen_digit: bool,
    seen_separator: bool,
    /// Offset in the literal of the first digit too large for the base.
    invalid: Option<usize>,
}

impl Default for Number {
    fn default() -> Self {
        Number {
            kind: LitKind::Int,
            bad: false,
            base: 10,
            prefix: None,
            seen_digit: false,
            seen_separator: false,
            invalid: None,
        }
    }
}

impl Number {
    fn base_name(&self) -> &'static str {
        base_name(self.base)
    }
}

fn base_name(base: u32) -> &'static str {
    match base {
        2 => "binary",
        8 => "octal",
        16 => "hexadecimal",
        _ => "decimal",
    }
}

/// Returns the index of the first `_` in the number `lit` that isn't between digits. The prefix counts as a digit.
fn invalid_separator(lit: &[u8]) -> Option<usize> {
    #[derive(PartialEq)]
    enum Class {
        Digit,
        Separator,
        Other,
    }
    let prefix = match lit {
        [b'0', letter, ..] => letter.to_ascii_lowercase(),
        _ => 0,
    };
    let (start, mut last) = match prefix {
        b'x' | b'o' | b'b' => (2, Class::Digit),
        _ => (0, Class::Other),
    };
    for (at, &byte) in lit.iter().enumerate().skip(start) {
        let class = match byte {
            b'_' => Class::Separator,
            b'0'..=b'9' => Class::Digit,
            b'a'..=b'f' | b'A'..=b'F' if prefix == b'x' => Class::Digit,
            _ => Class::Other,
        };
        match (&last, &class) {
            (Class::Digit, Class::Separator) => {}
            (_, Class::Separator) => return Some(at),
            (Class::Separator, Class::Other) => return Some(at - 1),
            _ => {}
        }
        last = class;
    }
    (last == Class::Separator).then(|| lit.len() - 1)
}
