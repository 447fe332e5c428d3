//! Numbers in Go's notation: their extent, errors and value.

use super::token::Kind;

/// A number being scanned (gc: text/scanner, scanNumber).
struct Number<'a> {
    bytes: &'a [u8],
    len: usize,
    has_digit: bool,
    has_separator: bool,
    /// A digit that the base doesn't have.
    invalid: Option<u8>,
}

/// Returns the kind and length of the number at the beginning of `bytes`.
pub(super) fn scan(bytes: &[u8], error: &mut dyn FnMut(&str)) -> (Kind, usize) {
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

impl Number<'_> {
    /// Returns the next byte, in lower case if it is a letter.
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

/// Reports whether a `_` is not between two digits. The prefix counts as a digit.
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

/// Go's message about invalid numbers.
pub(super) const INVALID_SYNTAX: &str = "invalid syntax";
/// Go's message about numbers that are too large.
pub(super) const OUT_OF_RANGE: &str = "value out of range";

/// Parses an integer in Go's notation: `0x`, `0b`, `0o` or `0` before it, `_` between digits.
///
/// # Errors
/// [`INVALID_SYNTAX`] or [`OUT_OF_RANGE`].
pub(super) fn parse_uint(text: &str) -> Result<u64, &'static str> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'0') && bytes.len() < 19 && bytes.iter().all(u8::is_ascii_digit) {
        let value = bytes
            .iter()
            .fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
        return if bytes.is_empty() {
            Err(INVALID_SYNTAX)
        } else {
            Ok(value)
        };
    }
    if !bytes.first().is_some_and(u8::is_ascii_digit) {
        return Err(INVALID_SYNTAX);
    }
    let prefixed = |prefix: &str| {
        let start = text.get(..prefix.len())?;
        start
            .eq_ignore_ascii_case(prefix)
            .then(|| &text[prefix.len()..])
    };
    let (digits, radix) = if let Some(digits) = prefixed("0x") {
        (digits, 16)
    } else if let Some(digits) = prefixed("0b") {
        (digits, 2)
    } else if let Some(digits) = prefixed("0o") {
        (digits, 8)
    } else if let Some(digits) = prefixed("0").filter(|digits| !digits.is_empty()) {
        (digits, 8)
    } else {
        (text, 10)
    };
    let misplaced = digits.ends_with('_') || digits.contains("__");
    let leading = digits.starts_with('_') && radix == 10;
    if misplaced || leading {
        return Err(INVALID_SYNTAX);
    }
    let digits = digits.replace('_', "");
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(INVALID_SYNTAX);
    }
    u64::from_str_radix(&digits, radix).map_err(|_| OUT_OF_RANGE)
}

/// Parses a floating-point number in Go's notation, decimal or hexadecimal.
///
/// # Errors
/// [`INVALID_SYNTAX`] or [`OUT_OF_RANGE`].
pub(super) fn parse_float(text: &str) -> Result<f64, &'static str> {
    if has_misplaced_separator(text.as_bytes()) {
        return Err(INVALID_SYNTAX);
    }
    let digits = text.replace('_', "");
    let value = match digits.strip_prefix("0x").or(digits.strip_prefix("0X")) {
        Some(hex) => parse_hex_float(hex)?,
        None => digits.parse().map_err(|_| INVALID_SYNTAX)?,
    };
    if value.is_finite() {
        Ok(value)
    } else {
        Err(OUT_OF_RANGE)
    }
}

/// Parses `1.8p-3` after its `0x`. Rounds to nearest, ties to even.
fn parse_hex_float(text: &str) -> Result<f64, &'static str> {
    const MANTISSA_BITS: i64 = 53;
    const LEAST_EXPONENT: i64 = -1074;
    let (digits, exponent) = text.split_once(['p', 'P']).ok_or(INVALID_SYNTAX)?;
    let mut exponent: i64 = exponent.parse().map_err(|_| INVALID_SYNTAX)?;
    exponent = exponent.clamp(-100_000, 100_000);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut mantissa: u64 = 0;
    for (at, c) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(c.to_digit(16).ok_or(INVALID_SYNTAX)?);
        let beyond = mantissa >> 59 != 0;
        if beyond {
            // Digits that no longer fit only set the lowest bit.
            mantissa |= u64::from(digit != 0);
        } else {
            mantissa = mantissa << 4 | digit;
        }
        exponent += i64::from(beyond) * 4 - i64::from(at >= whole.len()) * 4;
    }
    let bits = i64::from(u64::BITS - mantissa.leading_zeros());
    let least = (exponent + bits - MANTISSA_BITS).max(LEAST_EXPONENT);
    let shift = least - exponent;
    let rounded = match shift {
        i64::MIN..=0 => return Ok(scale(mantissa as f64, exponent)),
        64.. => 0,
        _ => {
            let half = 1 << (shift - 1);
            let (quotient, rest) = (mantissa >> shift, mantissa & ((half << 1) - 1));
            let up = rest > half || rest == half && quotient & 1 == 1;
            quotient + u64::from(up)
        }
    };
    Ok(scale(rounded as f64, least))
}

/// Returns `value` times two to the `exponent`, in steps without rounding.
fn scale(mut value: f64, mut exponent: i64) -> f64 {
    while exponent != 0 && value != 0.0 && value.is_finite() {
        let step = exponent.clamp(-500, 500);
        value *= 2f64.powi(step as i32);
        exponent -= step;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_go_s() {
        for (text, expected) in [
            ("1.5", Ok(1.5)),
            ("0x1p-2", Ok(0.25)),
            ("0x_1.8P1", Ok(3.0)),
            ("0x1p-1074", Ok(f64::from_bits(1))),
            ("0x1p-1076", Ok(0.0)),
            ("0x1.fffffffffffff8p0", Ok(2.0)),
            ("0x1p1024", Err(OUT_OF_RANGE)),
            ("1e400", Err(OUT_OF_RANGE)),
            ("1_0.5", Ok(10.5)),
            ("1__0.5", Err(INVALID_SYNTAX)),
        ] {
            assert_eq!(parse_float(text), expected, "{text}");
        }
    }

    #[test]
    fn integers_are_go_s() {
        for (text, expected) in [
            ("0", Ok(0)),
            ("017", Ok(15)),
            ("0x_fF", Ok(255)),
            ("1_000", Ok(1000)),
            ("0b11", Ok(3)),
            ("08", Err(INVALID_SYNTAX)),
            ("0x", Err(INVALID_SYNTAX)),
            ("1__0", Err(INVALID_SYNTAX)),
            ("18446744073709551615", Ok(u64::MAX)),
            ("18446744073709551616", Err(OUT_OF_RANGE)),
        ] {
            assert_eq!(parse_uint(text), expected, "{text}");
        }
    }
}
