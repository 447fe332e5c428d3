//! Hints on mistakes that Go names, but whose cause or cure beginners may not see.

use super::{Place, first_word};

/// Messages, as a beginning and an end, and their hints.
const HINTS: &[(&str, &str, &str)] = &[
    (
        "func main must have no arguments",
        "",
        "func main() { has none; os.Exit(1), with import \"os\", ends a program with a status",
    ),
    (
        "assignment mismatch: 1 variable but ",
        " returns 2 values",
        "a variable for each result, or _ for one that isn't needed: x, _ := f()",
    ),
    (
        "",
        " used as value",
        "the function has no result: call it as a statement, or declare a result: func f() int {",
    ),
    (
        "unknown escape",
        "",
        "a backslash is written twice: \\\\; texts in backquotes have no escapes",
    ),
    (
        "comment not terminated",
        "",
        "a comment that begins with /* ends with */",
    ),
    (
        "missing value in const declaration",
        "",
        "a constant has a value: const x = 1; a variable needs none: var x int",
    ),
    (
        "missing init expr for ",
        "",
        "a constant has a value: const x = 1; a variable needs none: var x int",
    ),
    (
        "constant ",
        " truncated to integer",
        "integers have no fraction: round the number, or count in smaller units",
    ),
    (
        "cannot use ",
        "(truncated)",
        "integers have no fraction: round the number, or count in smaller units",
    ),
    (
        "syntax error: unexpected semicolon",
        "{ after for clause",
        "the { is on the line of for, without a semicolon before it",
    ),
];

/// Returns the hint on a message.
pub(super) fn hint(place: &Place) -> Option<String> {
    let text = place.text;
    if text == "syntax error: else must be followed by if or statement block" {
        return Some(format!(
            "a condition needs if: {}",
            place.line.replacen("else ", "else if ", 1)
        ));
    }
    if let Some(name) = text.strip_suffix(" is not a type") {
        return shadowed(first_word(name));
    }
    if let Some(conversion) = text.strip_prefix("cannot convert ") {
        return of_conversion(conversion);
    }
    let is_of = |front: &str, back: &str| text.starts_with(front) && text.ends_with(back);
    let (.., hint) = HINTS.iter().find(|(front, back, _)| is_of(front, back))?;
    Some((*hint).to_owned())
}

/// Returns the hint on a predeclared type whose name is something else's here.
fn shadowed(name: &str) -> Option<String> {
    let is_predeclared = ["int", "bool", "byte", "rune", "string", "uint", "error"].contains(&name)
        || name
            .strip_prefix("int")
            .or(name.strip_prefix("uint"))
            .is_some_and(|bits| bits.parse::<u8>().is_ok());
    is_predeclared.then(|| format!("something else is named {name} here: give it another name"))
}

/// Returns the hint on a conversion between numbers and truth, which Go doesn't have.
fn of_conversion(conversion: &str) -> Option<String> {
    let (value, target) = conversion.rsplit_once(" to type ")?;
    let is_bool = value.ends_with("type bool)") || value.ends_with("type untyped bool)");
    if target == "bool" {
        Some("a condition is made by comparing: x != 0".to_owned())
    } else if is_bool {
        Some("choose the number: n := 0; if b { n = 1 }".to_owned())
    } else {
        None
    }
}
