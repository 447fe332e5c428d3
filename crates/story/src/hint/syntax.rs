//! Hints on text that is another language's.

use minigo_base::nearest;

use super::{Place, first_word};

/// Types that declarations of other languages begin with.
const TYPES: &[&str] = &[
    "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
    "uintptr", "byte", "rune", "bool", "string", "float", "float32", "float64", "double", "char",
    "long", "short", "unsigned", "void",
];

/// Words that begin declarations of variables elsewhere.
const LET: &[&str] = &["let", "auto", "val", "mut", "my", "dim"];

/// Words that begin declarations of functions elsewhere.
const DEF: &[&str] = &[
    "def", "fn", "fun", "function", "sub", "proc", "public", "private", "static",
];

/// The message about a statement outside of functions.
pub(super) const OUTSIDE: &str = "syntax error: non-declaration statement outside function body";

/// Returns the hint on a syntax error or a wrong character.
pub(super) fn hint(place: &Place) -> Option<String> {
    if let Some(character) = place.text.strip_prefix("invalid character U+") {
        return of_character(character, place);
    }
    if let Some(what) = place.unexpected() {
        return of_unexpected(what, place);
    }
    let text = place
        .text
        .strip_prefix("syntax error: ")
        .unwrap_or(place.text);
    let hint = match text {
        "package statement must be first" => {
            "a file begins with its package clause: package main".to_owned()
        }
        "missing import path" | "missing import path; require quoted string" => {
            let path = place
                .line
                .rsplit(' ')
                .next()
                .unwrap_or("")
                .trim_end_matches(';');
            format!("paths of packages have quotes: import \"{path}\"")
        }
        _ if place.text == OUTSIDE => return of_statement_outside(place),
        "more than one character in rune literal" => {
            "'x' is one character; texts have double quotes: \"text\"".to_owned()
        }
        _ if text.starts_with("cannot use ") && text.contains("assignment") => {
            let condition = place.line.replacen(" = ", " == ", 1);
            format!("= assigns, == compares: {condition}")
        }
        _ if text.starts_with("invalid digit ") && text.ends_with(" in octal literal") => {
            "a number with a leading 0 is octal; decimal numbers have none".to_owned()
        }
        _ if text.starts_with("cannot use ~ outside of interface") => {
            "^x is the bitwise complement".to_owned()
        }
        _ if place.line.contains("**") && text.contains("indirect") => {
            "Go has no operator for powers: multiply in a loop, or shift for powers of two"
                .to_owned()
        }
        _ => return None,
    };
    Some(hint)
}

/// Returns the hint on a character that Go's text doesn't have: the rest of the message after `U+`.
fn of_character(text: &str, place: &Place) -> Option<String> {
    let code = text.split_whitespace().next()?;
    let c = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
    let ascii = match c {
        '?' => return Some("Go has no ?: operator: write if and else".to_owned()),
        '#' if place.line.starts_with("#include") => {
            return Some(
                "Go has no preprocessor; packages are imported: import \"fmt\"".to_owned(),
            );
        }
        '#' => return Some("a comment begins with //".to_owned()),
        '~' => return Some("^x is the bitwise complement".to_owned()),
        '@' => {
            return Some(
                "Go has no annotations; directives are comments: //go:noinline".to_owned(),
            );
        }
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' => '"',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{2013}' | '\u{2014}' | '\u{2212}' => '-',
        '\u{d7}' => '*',
        '\u{f7}' => '/',
        '\u{3002}' => '.',
        '\u{3001}' => ',',
        '\u{a0}' | '\u{3000}' | '\u{200b}' | '\u{feff}' => {
            return Some("this isn't the ordinary space: retype it".to_owned());
        }
        // Full-width forms.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xff01 + 0x21)?,
        _ => return None,
    };
    Some(format!("{c} isn't {ascii}: retype it"))
}

/// Returns the hint on something unexpected: the message after that word.
fn of_unexpected(what: &str, place: &Place) -> Option<String> {
    let first = place.first_word();
    let rest = place.line[first.len()..].trim_end_matches('{').trim();
    let is_expected = |other: &str| {
        let (_, expected) = what
            .split_once(" expecting ")
            .or(what.split_once(" expected "))?;
        (expected == other || expected.strip_prefix(other)?.starts_with(' ')).then_some(())
    };
    let at_end = what.ends_with(" at end of statement");
    let hint = match first_word(what) {
        "while" => return Some(do_while()),
        "else" => "else stands on the line of the } before it: } else {".to_owned(),
        word @ ("elif" | "elseif" | "elsif") => {
            let condition = place.after.trim_end_matches('{').trim();
            format!("{word} is else if: }} else if {condition} {{")
        }
        "catch" | "except" | "finally" => return Some(exceptions()),
        "in" if first == "for" => {
            "for counts, and range lists: for i := 0; i < n; i++ {".to_owned()
        }
        "and" => "the operator is &&".to_owned(),
        "or" => "the operator is ||".to_owned(),
        "return" if place.line.starts_with("func ") => return None,
        _ if first == "while" => for_loop(rest),
        _ if first == "until" => format!("Go's only loop is for: for !({}) {{", unparen(rest)),
        _ if first == "do" && at_end => do_while(),
        _ if first == "package" => "the name of a package has no quotes: package main".to_owned(),
        _ if place.word_before() == "not" => "the operator is !".to_owned(),
        _ if what.starts_with("semicolon or newline before {") => {
            "{ stands at the end of the line before".to_owned()
        }
        _ if what.starts_with("newline") && is_expected("{").is_some() => {
            "the body is in braces, and { stands at the end of this line".to_owned()
        }
        _ if what.starts_with("newline") && what.contains("comma or )") => {
            "close ) on this line, or end the line with a comma".to_owned()
        }
        _ if what.starts_with("newline") && what.contains("comma or }") && first == "try" => {
            exceptions()
        }
        _ if what.contains("comma or )") => "a comma separates two of a list".to_owned(),
        _ if what.starts_with("newline") && is_expected("type").is_some() => {
            "a variable is declared with a type or a value: var x int, or x := 1".to_owned()
        }
        _ if what.starts_with("EOF") => "a { above has no }".to_owned(),
        _ if what.starts_with(":, ") && is_expected("{").is_some() => {
            "the body is in braces, without a colon: {".to_owned()
        }
        _ if what.starts_with(":= ") || what.starts_with(":=, ") => match first {
            "for" | "if" | "switch" if rest.starts_with('(') => {
                format!("{first} has no parentheses: {first} {} {{", unparen(rest))
            }
            _ => return None,
        },
        _ if what.starts_with("++") || what.starts_with("--") => match at_end {
            true => "x++ is a statement and has no value: write it on a line of its own".to_owned(),
            false if place.before.trim().is_empty() => {
                let sign = &what[..2];
                let rest = place.line.trim_start_matches(['+', '-']);
                format!("{sign} stands behind its operand: {rest}{sign}")
            }
            false => return None,
        },
        _ if what.starts_with("[, ") && first == "func" => return None,
        _ if what.starts_with("- after top level") && place.after.starts_with('>') => {
            "the type of the result follows the parameters without ->".to_owned()
        }
        _ if what.starts_with("=, ") && place.line.contains("===") => "== compares".to_owned(),
        _ if what.starts_with(">, ") && place.line.contains("<>") => "!= compares".to_owned(),
        _ if first == "func" && is_expected("(").is_some() => {
            "a function is declared outside of functions".to_owned()
        }
        _ if at_end => return of_declaration(what, place),
        _ => return None,
    };
    Some(hint)
}

/// Returns the hint on a statement of two words, which may be a declaration elsewhere.
fn of_declaration(what: &str, place: &Place) -> Option<String> {
    let before = place.word_before();
    let name = first_word(what);
    let value = place.after.trim_end_matches(';');
    if TYPES.contains(&before) && !name.is_empty() {
        return Some(format!("the name comes first: var {name} {before}{value}"));
    }
    if LET.contains(&before) && !name.is_empty() {
        let value = value.trim_start().trim_start_matches('=').trim_start();
        return Some(format!("a variable is declared with :=: {name} := {value}"));
    }
    let keywords = [
        "for", "if", "return", "switch", "var", "func", "const", "goto", "break", "continue",
        "type",
    ];
    let near = nearest(before, keywords)?;
    Some(format!("did you mean {near}?"))
}

/// Returns the hint on a statement outside of functions.
fn of_statement_outside(place: &Place) -> Option<String> {
    let first = place.first_word();
    let hint = match first {
        // The end of something that has been reported already.
        "" if !place.line.starts_with('}') => return None,
        "" => "there is a } too many: an earlier one ends the function".to_owned(),
        _ if DEF.contains(&first) || TYPES.contains(&first) && place.line.contains('(') => {
            "a function begins with func, and types come after names: func add(a, b int) int {"
                .to_owned()
        }
        "class" | "struct" | "enum" => "a type begins with type: type T int".to_owned(),
        "using" | "include" | "from" | "require" => {
            "packages are imported: import \"fmt\"".to_owned()
        }
        _ if place.line.contains(":=") => {
            let text = place.line.replacen(":=", "=", 1);
            format!("outside of functions, a declaration begins with its keyword: var {text}")
        }
        _ if LET.contains(&first) || TYPES.contains(&first) => {
            "outside of functions, a declaration begins with its keyword: var x int = 1".to_owned()
        }
        _ => {
            let keywords = ["func", "import", "var", "const", "type", "package"];
            match nearest(first, keywords) {
                Some(near) => format!("did you mean {near}?"),
                None => "statements stand inside of functions: func main() {".to_owned(),
            }
        }
    };
    Some(hint)
}

fn for_loop(condition: &str) -> String {
    format!("Go's only loop is for: for {} {{", unparen(condition))
}

fn do_while() -> String {
    "Go's only loop is for: for { …; if !(condition) { break } }".to_owned()
}

fn exceptions() -> String {
    "Go has no exceptions: functions return what went wrong, and panic ends the program".to_owned()
}

/// Returns a text without the parentheses around it.
fn unparen(text: &str) -> &str {
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    inner.unwrap_or(text).trim()
}
