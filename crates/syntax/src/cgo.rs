//! Syntax of `//go:cgo_` directives (gc: gc/lex.go, pragcgo).

/// A directive's verb, its accepted argument lists as one flag per argument (quoted or not), and its usage.
type Directive = (&'static str, &'static [&'static [bool]], &'static str);

const EXPORT: &[&[bool]] = &[&[false], &[false, false]];

const DIRECTIVES: [Directive; 6] = [
    ("go:cgo_export_static", EXPORT, "local [remote]"),
    ("go:cgo_export_dynamic", EXPORT, "local [remote]"),
    (
        "go:cgo_import_dynamic",
        &[&[false], &[false, false], &[false, false, true]],
        "local [remote [\"library\"]]",
    ),
    ("go:cgo_import_static", &[&[false]], "local"),
    ("go:cgo_dynamic_linker", &[&[true]], "\"path\""),
    ("go:cgo_ldflag", &[&[true]], "\"arg\""),
];

/// Returns the usage message for a malformed directive; none if `text` is well formed.
pub(crate) fn wrong_usage(text: &str) -> Option<String> {
    let fields = fields(text);
    let (verb, arguments) = fields.split_first()?;
    let (_, forms, usage) = DIRECTIVES.iter().find(|(known, ..)| known == verb)?;
    let quoted: Vec<bool> = arguments.iter().map(|word| is_quoted(word)).collect();
    let right = forms.contains(&quoted.as_slice());
    (!right).then(|| format!("usage: //{verb} {usage}"))
}

/// Returns the library of `go:cgo_import_dynamic local remote "library"`, the only cgo directive allowed in every file.
pub(crate) fn imported_library(text: &str) -> Option<&str> {
    let directive = text.starts_with("go:cgo_import_dynamic ");
    let library = *fields(text).get(3).filter(|_| directive)?;
    Some(library.trim_matches('"'))
}

/// Reports whether `argument` can't be mistaken for a linker option.
pub(crate) fn is_safe_argument(argument: &str) -> bool {
    let first = argument.chars().next();
    first.is_none_or(|ch| ch.is_ascii_alphanumeric() || "._/".contains(ch) || !ch.is_ascii())
}

fn is_quoted(word: &str) -> bool {
    word.len() >= 2 && word.starts_with('"') && word.ends_with('"')
}

/// Splits a directive into words. A quoted string is a word even without space around it. Text after an unterminated
/// quote is dropped.
fn fields(text: &str) -> Vec<&str> {
    let pieces: Vec<&str> = text.split('"').collect();
    let mut words = Vec::new();
    let mut at = 0;
    for (index, piece) in pieces.iter().enumerate() {
        let in_quotes = index % 2 == 1;
        if !in_quotes {
            let spaces = [' ', '\t', '\n', '\r'];
            words.extend(piece.split(spaces).filter(|word| !word.is_empty()));
        } else if index + 1 < pieces.len() {
            words.push(&text[at - 1..at + piece.len() + 1]);
        }
        at += piece.len() + 1;
    }
    words
}
