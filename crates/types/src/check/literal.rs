//! Values of literals as written (gc: noder.go, basicLit).

use minigo_base::literal::unquote;
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
            let bytes = unquoted(text);
            let code = match (text, &*bytes) {
                ("", _) => 0,
                (_, &[byte]) => u32::from(byte),
                (_, bytes) => {
                    let first = String::from_utf8_lossy(bytes).chars().next();
                    first.unwrap_or(char::REPLACEMENT_CHARACTER).into()
                }
            };
            let mut int = Int::new(code.into());
            int.rune = true;
            Value::Int(int)
        }
        LitKind::String => Value::String(unquoted(text)),
    }
}

/// Returns the bytes of a literal in quotes: none if the scanner has skipped a character of an escape, or after the closing
/// quote.
pub(crate) fn unquoted(text: &str) -> Vec<u8> {
    unquote(text).unwrap_or_default()
}
