//! The values of Go's string and character literals.

use std::str::Chars;

/// The only error of `strconv.Unquote`.
const INVALID: &str = "invalid syntax";

/// Returns the bytes of a string in double quotes or backquotes, or of at most one character in single quotes.
///
/// # Errors
/// Go's `strconv.Unquote` refuses the text.
pub fn unquote(text: &str) -> Result<Vec<u8>, &'static str> {
    let quote = text.chars().next().ok_or(INVALID)?;
    let body = text[quote.len_utf8()..]
        .strip_suffix(quote)
        .ok_or(INVALID)?;
    if quote == '`' {
        let kept = || body.bytes().filter(|&byte| byte != b'\r').collect();
        return (!body.contains('`')).then(kept).ok_or(INVALID);
    }
    let mut bytes = Vec::with_capacity(body.len());
    let mut chars = body.chars();
    while !chars.as_str().is_empty() {
        match unit(&mut chars, quote)? {
            Unit::Byte(byte) => bytes.push(byte),
            Unit::Char(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        if quote == '\'' && !chars.as_str().is_empty() {
            return Err(INVALID);
        }
    }
    Ok(bytes)
}

/// Returns the first character in single quotes: its code point, or the byte that an escape denotes.
///
/// # Errors
/// Go's `strconv.UnquoteChar` refuses the text.
pub fn first_char(text: &str) -> Result<u32, &'static str> {
    let body = text.strip_prefix('\'').ok_or(INVALID)?;
    let body = body.strip_suffix('\'').ok_or(INVALID)?;
    Ok(match unit(&mut body.chars(), '\'')? {
        Unit::Byte(byte) => byte.into(),
        Unit::Char(c) => c.into(),
    })
}

/// A character of a literal, or an escape.
enum Unit {
    Byte(u8),
    Char(char),
}

/// Reads a character or an escape.
fn unit(chars: &mut Chars, quote: char) -> Result<Unit, &'static str> {
    match chars.next().ok_or(INVALID)? {
        '\\' => escape(chars, quote),
        '\n' => Err(INVALID),
        c if c == quote => Err(INVALID),
        c => Ok(Unit::Char(c)),
    }
}

/// Reads an escape after its backslash.
fn escape(chars: &mut Chars, quote: char) -> Result<Unit, &'static str> {
    let c = chars.next().ok_or(INVALID)?;
    Ok(Unit::Byte(match c {
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
            let code = number(chars, 0, len, 16)?;
            return char::from_u32(code).map(Unit::Char).ok_or(INVALID);
        }
        _ => return Err(INVALID),
    }))
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
            ("\"\\x\u{feff}41\"", Err(INVALID)),
            ("`a\r\n\\n`", Ok(b"a\n\\n".to_vec())),
            ("''", Ok(Vec::new())),
            ("'ab'", Err(INVALID)),
        ] {
            assert_eq!(unquote(text), expected, "{text}");
        }
    }

    #[test]
    fn characters_are_go_s() {
        for (text, code) in [
            ("'a'", Ok(97)),
            (r"'\''", Ok(39)),
            (r"'\377'", Ok(255)),
            (r"'\U0001F600'", Ok(0x1f600)),
            ("'\u{feff}a'", Ok(0xfeff)),
            ("'\\1\u{feff}01'", Err(INVALID)),
        ] {
            assert_eq!(first_char(text), code, "{text}");
        }
    }
}
