//! Values of literals as written (gc: noder.go, basicLit).

use minigo_syntax::token::LitKind;

use crate::constant::{Int, Messages, Value};
use crate::float::{Float, ParseError};

/// Returns the value of a literal as written. An empty text stands for a literal with wrong syntax.
pub(crate) fn literal_value(kind: LitKind, text: &str, messages: &mut Messages) -> Value {
    match kind {
        LitKind::Int => Value::Int(Int::parse(text, messages)),
        LitKind::Float | LitKind::Imag => {
            let float = Float::parse(text).unwrap_or_else(|error| {
                messages.push(match error {
                    ParseError::TooLarge => format!("constant too large: {text}"),
                    ParseError::Malformed(why) => format!("malformed constant: {text} ({why})"),
                });
                Float::zero()
            });
            Value::Float(float)
        }
        LitKind::Rune => {
            let code = if text.is_empty() {
                0
            } else {
                unquote_rune(text)
            };
            let mut int = Int::new(code.into());
            int.rune = true;
            Value::Int(int)
        }
        LitKind::String => Value::String(unquote(text)),
    }
}

/// Returns the bytes of a string literal. They are empty if a character that the scanner skipped follows the closing
/// quote.
pub(crate) fn unquote(literal: &str) -> Vec<u8> {
    if let Some(raw) = literal.strip_prefix('`') {
        let raw = raw.strip_suffix('`').unwrap_or("");
        return raw.bytes().filter(|&byte| byte != b'\r').collect();
    }
    let mut bytes = Vec::with_capacity(literal.len());
    let inner = literal.strip_prefix('"');
    let mut rest = inner
        .and_then(|inner| inner.strip_suffix('"'))
        .unwrap_or("");
    while !rest.is_empty() {
        rest = match unquote_one(rest) {
            (Unquoted::Byte(byte), rest) => {
                bytes.push(byte);
                rest
            }
            (Unquoted::Rune(code), rest) => {
                let rune = char::from_u32(code).unwrap_or('\u{fffd}');
                bytes.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
                rest
            }
        };
    }
    bytes
}

/// Returns the code point of a character literal, which must have valid syntax.
fn unquote_rune(literal: &str) -> u32 {
    let inner = literal.get(1..literal.len().max(2) - 1).unwrap_or("");
    match unquote_one(inner).0 {
        Unquoted::Byte(byte) => u32::from(byte),
        Unquoted::Rune(code) => code,
    }
}

enum Unquoted {
    /// An escape that denotes a byte.
    Byte(u8),
    /// A character.
    Rune(u32),
}

/// Splits off the first character or escape.
fn unquote_one(text: &str) -> (Unquoted, &str) {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or('\u{fffd}');
    if first != '\\' {
        return (Unquoted::Rune(u32::from(first)), chars.as_str());
    }
    let kind = chars.next().unwrap_or('\\');
    let rest = chars.as_str();
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).unwrap_or(0);
    // Invalid UTF-8, which has been reported, can stand in place of digits.
    let split = |count: usize| match rest.char_indices().nth(count) {
        Some((end, _)) => rest.split_at(end),
        None => (rest, ""),
    };
    let byte = |byte| (Unquoted::Byte(byte), rest);
    match kind {
        'a' => byte(7),
        'b' => byte(8),
        'f' => byte(12),
        'n' => byte(b'\n'),
        'r' => byte(b'\r'),
        't' => byte(b'\t'),
        'v' => byte(11),
        'x' => {
            let (digits, rest) = split(2);
            (Unquoted::Byte(number(digits, 16) as u8), rest)
        }
        'u' | 'U' => {
            let (digits, rest) = split(if kind == 'u' { 4 } else { 8 });
            (Unquoted::Rune(number(digits, 16)), rest)
        }
        '0'..='7' => {
            let (_, after) = split(2);
            let digits = &text[1..text.len() - after.len()];
            (Unquoted::Byte(number(digits, 8) as u8), after)
        }
        _ => (Unquoted::Rune(u32::from(kind)), rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn string_literals() {
        for (literal, bytes) in [
            (r#""a\n\x41\101\"""#, &b"a\nAA\""[..]),
            ("`a\r\n\\n`", b"a\n\\n"),
            (r#""\u00e9\xff""#, b"\xc3\xa9\xff"),
            (r#""""#, b""),
            ("\"\\x1\u{fffd}\u{fffd}\"", "\0\u{fffd}".as_bytes()),
            ("\"\\1\u{fffd}\"", b"\0"),
        ] {
            assert_eq!(unquote(literal), bytes, "{literal}");
        }
    }

    #[test]
    fn character_literals() {
        for (literal, code) in [
            ("'a'", 97),
            (r"'\''", 39),
            (r"'\377'", 255),
            (r"'\U0001F600'", 0x1f600),
        ] {
            assert_eq!(unquote_rune(literal), code, "{literal}");
        }
    }
}
