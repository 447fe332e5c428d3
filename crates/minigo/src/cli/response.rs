//! Files of arguments: `@FILE` stands for what FILE holds, as in Go's compiler and assembler.
//!
//! Source: objabi/flag.go, expandArgs; the rules of quotes are those of libiberty's buildargv.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

use super::habits::n_before_command;
use super::stop::Stop;

/// The number of files that may name each other, one in the other.
const MAX_DEPTH: usize = 100;

/// Returns a command line with the arguments of files in the place of their names, if its command takes any.
pub(super) fn expanded(args: Vec<OsString>) -> Result<Vec<OsString>, Stop> {
    let command = n_before_command(&args);
    if !matches!(args.get(command), Some(name) if name == "asm" || name == "build") {
        return Ok(args);
    }
    let mut expanded = args[..=command].to_vec();
    add(&args[command + 1..], 0, &mut expanded)?;
    Ok(expanded)
}

fn add(args: &[OsString], depth: usize, expanded: &mut Vec<OsString>) -> Result<(), Stop> {
    for arg in args {
        let Some(name) = arg.as_bytes().strip_prefix(b"@") else {
            expanded.push(arg.clone());
            continue;
        };
        let path = OsString::from_vec(name.to_vec());
        let wrong = |why: &dyn std::fmt::Display| {
            Stop::Usage(format!("{}: {why}", Path::new(&path).display()))
        };
        if depth == MAX_DEPTH {
            return Err(wrong(&"files of arguments name each other without an end"));
        }
        let text = std::fs::read(&path).map_err(|err| wrong(&err))?;
        add(&arguments(&text), depth + 1, expanded)?;
    }
    Ok(())
}

/// Returns the arguments in the text of a file: separated by blanks, unless these are quoted.
fn arguments(text: &[u8]) -> Vec<OsString> {
    let mut arguments = Vec::new();
    let mut argument: Option<Vec<u8>> = None;
    let mut quote = None;
    let mut rest = text;
    while let Some((&c, after)) = rest.split_first() {
        rest = after;
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, b'\'' | b'"') => {
                quote = Some(c);
                argument.get_or_insert_default();
            }
            (None, b' ' | b'\t' | b'\r' | b'\n') => arguments.extend(argument.take()),
            (None | Some(b'"'), b'\\') => {
                let (escaped, after) = escape(rest, quote.is_some());
                rest = after;
                if !escaped.is_empty() {
                    argument.get_or_insert_default().extend(escaped);
                }
            }
            _ => argument.get_or_insert_default().push(c),
        }
    }
    arguments.extend(argument);
    arguments.into_iter().map(OsString::from_vec).collect()
}

/// Returns what stands for a backslash and the text behind it, and the rest. The end of a line stands for nothing; in double
/// quotes, only a few characters are escaped.
fn escape(text: &[u8], is_quoted: bool) -> (&[u8], &[u8]) {
    match text {
        [b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..] => (b"", rest),
        [b'\\' | b'"' | b'$' | b'`', rest @ ..] => (&text[..1], rest),
        [_, rest @ ..] if !is_quoted => (&text[..1], rest),
        _ => (b"\\", text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_blanks() {
        for (text, expected) in [
            ("-S -o y.o\n x.s", &["-S", "-o", "y.o", "x.s"][..]),
            ("", &[]),
            ("''  \"\"", &["", ""]),
            ("'a b'c \"d\\\"\\n e\"", &["a bc", "d\"\\n e"]),
            ("a\\ b \\'c 'd\\'", &["a b", "'c", "d\\"]),
            ("a\\\nb \\\r\n c", &["ab", "c"]),
            ("end\\", &["end\\"]),
        ] {
            assert_eq!(arguments(text.as_bytes()), expected, "{text:?}");
        }
    }
}
