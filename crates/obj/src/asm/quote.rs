//! The values of Go's quoted strings and characters.

use std::str::Chars;

/// The only error of `strconv.Unquote`.
const INVALID: &str = "invalid syntax";

/// Returns the bytes of a string or character in quotes.
///
/// # Errors
/// Go's `strconv.Unquote` refuses the text.
pub(super) fn unquote(text: &str) -> Result<Vec<u8>, &'static str> {
    let quote = text.chars().next().ok_or(INVALID)?;
    let body = text[quote.len_utf8()..]
        .strip_suffix(quote)
        .ok_or(INVALID)?;
    let mut bytes = Vec::with_capacity(body.len());
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut chars, quote, &mut bytes)?,
            '\n' => return Err(INVALID),
            c if c == quote => return Err(INVALID),
            c => push_char(&mut bytes, c),
        }
    }
    Ok(bytes)
}

fn push_char(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Appends the bytes of an escape after its backslash.
fn escape(chars: &mut Chars, quote: char, bytes: &mut Vec<u8>) -> Result<(), &'static str> {
    let c = chars.next().ok_or(INVALID)?;
    bytes.push(match c {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '\\' => b'\\',
        '\'' | '"' if c == quote => c as u8,
        'x' => number(chars, 0, 2, 16)? as u8,
        '0'..='7' => {
            let first = c as u32 - '0' as u32;
            u8::try_from(number(chars, first, 2, 8)?).map_err(|_| INVALID)?
        }
        'u' | 'U' => {
            let len = if c == 'u' { 4 } else { 8 };
            let c = char::from_u32(number(chars, 0, len, 16)?).ok_or(INVALID)?;
            push_char(bytes, c);
            return Ok(());
        }
        _ => return Err(INVALID),
    });
    Ok(())
}

/// Returns the number whose first digits are `value`, followed by `len` more digits.
fn number(chars: &mut Chars, mut value: u32, len: u32, radix: u32) -> Result<u32, &'static str> {
    for _ in 0..len {
        let digit = chars
            .next()
            .and_then(|c| c.to_digit(radix))
            .ok_or(INVALID)?;
        value = value
            .checked_mul(radix)
            .and_then(|value| value.checked_add(digit))
            .ok_or(INVALID)?;
    }
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_go_s() {
        for (text, expected) in [
            (r#""a\tb""#, Ok(b"a\tb".to_vec())),
            (r#""\x41\101\u00e9""#, Ok("AA\u{e9}".as_bytes().to_vec())),
            (r"'\''", Ok(b"'".to_vec())),
            (r#""\'""#, Err(INVALID)),
            (r#""\400""#, Err(INVALID)),
            (r#""\UFFFFFFFF""#, Err(INVALID)),
            (r#""""#, Ok(Vec::new())),
            ("\"", Err(INVALID)),
        ] {
            assert_eq!(unquote(text), expected, "{text}");
        }
    }
}
