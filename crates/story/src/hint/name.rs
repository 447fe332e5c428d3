//! Hints on names and types.

use super::{Place, first_word};

/// Names of other languages, and Go's for them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("null", "nil"),
    ("NULL", "nil"),
    ("None", "nil"),
    ("nullptr", "nil"),
    ("True", "true"),
    ("TRUE", "true"),
    ("False", "false"),
    ("FALSE", "false"),
    ("integer", "int"),
    ("Integer", "int"),
    ("boolean", "bool"),
    ("Boolean", "bool"),
    ("char", "byte, or rune for any character"),
    ("short", "int16"),
    ("long", "int64"),
    ("unsigned", "uint"),
    ("size_t", "uint"),
    ("i8", "int8"),
    ("i16", "int16"),
    ("i32", "int32"),
    ("i64", "int64"),
    ("u8", "uint8"),
    ("u16", "uint16"),
    ("u32", "uint32"),
    ("u64", "uint64"),
    ("usize", "uint"),
    ("isize", "int"),
    (
        "printf",
        "fmt.Printf; minigo compiles fmt.Println, fmt.Print and println",
    ),
    (
        "Printf",
        "fmt.Printf; minigo compiles fmt.Println, fmt.Print and println",
    ),
    ("Println", "fmt.Println, with import \"fmt\", or println"),
    ("Print", "fmt.Print, with import \"fmt\", or print"),
    ("puts", "println"),
    ("echo", "println"),
    ("Exit", "os.Exit, with import \"os\""),
    ("exit", "os.Exit, with import \"os\""),
    ("String", "string"),
    ("Int", "int"),
];

/// The packages that minigo compiles.
const PACKAGES: &[&str] = &["fmt", "os"];

/// The largest and the smallest value of a type.
const LIMITS: &[(&str, &str, &str)] = &[
    ("int8", "-128", "127"),
    ("int16", "-32768", "32767"),
    ("int32", "-2147483648", "2147483647"),
    ("rune", "-2147483648", "2147483647"),
    ("int64", "-9223372036854775808", "9223372036854775807"),
    ("int", "-9223372036854775808", "9223372036854775807"),
    ("uint8", "0", "255"),
    ("byte", "0", "255"),
    ("uint16", "0", "65535"),
    ("uint32", "0", "4294967295"),
    ("uint64", "0", "18446744073709551615"),
    ("uint", "0", "18446744073709551615"),
    ("uintptr", "0", "18446744073709551615"),
];

/// Reports whether the message is about an operation like `a < b < c`.
fn is_chain(text: &str) -> bool {
    let operation = text.split(" (mismatched").next().unwrap_or_default();
    let words = operation.split(' ');
    let comparisons = words.filter(|word| ["<", "<=", ">", ">=", "==", "!="].contains(word));
    comparisons.count() > 1 && !operation.contains(['&', '|', '('])
}

/// Returns the hint on a message about a name or a type.
pub(super) fn hint(place: &Place) -> Option<String> {
    let text = place.text;
    if let Some(name) = text.strip_prefix("undefined: ") {
        return of_undefined(name, place);
    }
    if let Some(name) = text.strip_prefix("cannot refer to unexported name ") {
        return exported(name);
    }
    let is_condition = text.starts_with("non-bool ") && text.contains(" used as ");
    if is_condition || text.starts_with("non-boolean condition in ") {
        return Some("a condition is true or false: compare, for example with != 0".to_owned());
    }
    if let Some((_, types)) = text.split_once("(mismatched types ") {
        let (left, right) = types.trim_end_matches(')').split_once(" and ")?;
        if is_chain(text) {
            return Some("comparisons don't chain: a < b && b < c".to_owned());
        }
        return mismatched(left, right);
    }
    if text.starts_with("cannot use ") && text.contains("(type untyped string) as type ") {
        return Some(texts());
    }
    if text.starts_with("too many arguments to return")
        || text.starts_with("too many return values")
    {
        return Some("the types of results follow the parameters: func f() int {".to_owned());
    }
    if text.ends_with(" evaluated but not used") || text.ends_with(" is not used") {
        return Some(match place.line.contains("==") {
            true => "= assigns, == compares".to_owned(),
            false => "assign the value, or drop it with _ =".to_owned(),
        });
    }
    if text.starts_with("cannot assign to ") {
        return Some(
            "only variables can be assigned to; constants and functions keep their values"
                .to_owned(),
        );
    }
    if text == "function main is undeclared in the main package" {
        return Some("a program begins in func main() { }".to_owned());
    }
    overflow(text)
}

fn of_undefined(name: &str, place: &Place) -> Option<String> {
    if let Some((selector, known)) = name.split_once(" (but have ") {
        let package = selector.split('.').next()?;
        return Some(format!(
            "{package}.{}: names for others begin in upper case",
            known.trim_end_matches(')')
        ));
    }
    if name.contains('.') {
        return exported(name);
    }
    if let Some((_, known)) = ELSEWHERE.iter().find(|(other, _)| *other == name) {
        return Some(format!("Go calls it {known}"));
    }
    if place.after.starts_with('.') && place.after[1..].starts_with(char::is_alphabetic) {
        return PACKAGES
            .contains(&name)
            .then(|| format!("import the package: import \"{name}\""));
    }
    let value = place.after.strip_prefix(" = ");
    if let Some(value) = value.filter(|_| place.before.trim().is_empty()) {
        return Some(format!(":= declares a variable: {name} := {value}"));
    }
    if place.first_word() == "func" && is_type(place.word_before()) {
        return Some(format!(
            "the name comes first: {name} {}",
            place.word_before()
        ));
    }
    None
}

/// Returns the hint on a name of a package that begins in lower case.
fn exported(name: &str) -> Option<String> {
    let (package, name) = name.split_once('.')?;
    let first = name.chars().next().filter(|c| c.is_lowercase())?;
    let rest = &name[first.len_utf8()..];
    Some(format!(
        "names for others begin in upper case: {package}.{}{rest}",
        first.to_uppercase()
    ))
}

fn mismatched(left: &str, right: &str) -> Option<String> {
    let is_text = |ty: &str| ty.ends_with("string");
    if is_text(left) != is_text(right) {
        return Some(texts());
    }
    is_type(left).then(|| {
        format!("Go converts nothing by itself: {left}(…) or {right}(…) makes both the same")
    })
}

fn texts() -> String {
    "print texts and numbers one after the other: println(\"x:\", x)".to_owned()
}

fn is_type(name: &str) -> bool {
    LIMITS.iter().any(|(ty, ..)| *ty == name)
        || matches!(name, "bool" | "string" | "float32" | "float64")
}

/// Returns what fits into the type of a message about a constant that doesn't.
fn overflow(text: &str) -> Option<String> {
    let ty = match text.split_once(" overflows ") {
        Some((_, ty)) => first_word(ty),
        None => {
            let (_, rest) = text.strip_suffix("(overflows)")?.split_once(") as ")?;
            first_word(rest)
        }
    };
    let (_, least, most) = LIMITS.iter().find(|(name, ..)| *name == ty)?;
    Some(format!("{ty} holds {least} to {most}"))
}
