//! Mutated Go: real files in which a few tokens or lines are changed, mostly to others of their kind, so that many still
//! compile.

use crate::random::Random;

const TYPES: &[&str] = &[
    "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
    "uintptr", "byte", "rune", "bool",
];

const LITERALS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "3",
    "7",
    "8",
    "10",
    "16",
    "31",
    "32",
    "33",
    "63",
    "64",
    "100",
    "127",
    "128",
    "255",
    "256",
    "1000",
    "32767",
    "32768",
    "65535",
    "65536",
    "0x7fffffff",
    "0x80000000",
    "0xffffffff",
    "1 << 32",
    "-1 << 31",
    "1<<63 - 1",
    "-1 << 63",
    "1<<64 - 1",
    "1 << 64",
    "1 << 600",
    "'a'",
    "'\\xff'",
    "'世'",
    "1.0",
    "1.5",
    "1e3",
    "1e100",
    "2i",
    "0b101",
    "0o17",
    "017",
    "08",
    "1_000",
    "\"s\"",
    "true",
    "false",
    "iota",
    "nil",
];

const BINARY: &[&str] = &[
    "+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", "&^", "==", "!=", "<", "<=", ">", ">=",
    "&&", "||",
];

const ASSIGNMENTS: &[&str] = &[
    "=", ":=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "&^=",
];

const KEYWORDS: &[&str] = &[
    "break",
    "case",
    "chan",
    "const",
    "continue",
    "default",
    "defer",
    "else",
    "fallthrough",
    "for",
    "func",
    "go",
    "goto",
    "if",
    "import",
    "interface",
    "map",
    "package",
    "range",
    "return",
    "select",
    "struct",
    "switch",
    "type",
    "var",
];

const PUNCTUATION: &[&str] = &[
    "(", ")", "{", "}", "[", "]", ",", ";", ":", ".", "...", "<-", "++", "--", "!", "~", "\n", "_",
    "#", "?", "@", "$", "'", "\"", "`", "\\", "//", "/*", "*/", "\0", "\u{feff}", "\r", "é", "x",
];

/// All operators. Where one is the beginning of another, the longer one is first.
const OPERATORS: &[&str] = &[
    "<<=", ">>=", "&^=", "...", ":=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>",
    "&^", "==", "!=", "<=", ">=", "&&", "||", "<-", "++", "--",
];

/// Operators and literals that may stand for each other where types agree.
const ALIKE: &[&[&str]] = &[
    &["+", "-", "*", "/", "%", "&", "|", "^", "&^"],
    &["<<", ">>"],
    &["==", "!=", "<", "<=", ">", ">="],
    &["&&", "||"],
    &["+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "&^="],
    &["<<=", ">>="],
    &["++", "--"],
    &["true", "false"],
    &[
        "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64",
        "uintptr",
    ],
];

/// Returns the words and operators that Go consists of.
pub fn words() -> impl Iterator<Item = &'static str> {
    let all = [KEYWORDS, TYPES, LITERALS, BINARY, ASSIGNMENTS, PUNCTUATION];
    all.into_iter().flatten().copied()
}

/// Returns the text with one operator, number or type exchanged, so that it most often compiles.
pub fn with_one_change(text: &str, random: &mut Random) -> String {
    let mut tokens = tokens(text);
    exchange_alike(&mut tokens, random);
    tokens.concat()
}

/// Returns the text with a few changes.
pub fn mutated(text: &str, random: &mut Random) -> String {
    let mut tokens = tokens(text);
    if random.chance(60) {
        for _ in 0..1 + random.below(6) {
            exchange_alike(&mut tokens, random);
        }
        return tokens.concat();
    }
    for _ in 0..1 + random.below(4) {
        if tokens.is_empty() {
            break;
        }
        match random.below(20) {
            0 => lines(&mut tokens, random),
            1 => {
                let at = random.below(tokens.len());
                tokens.remove(at);
            }
            2 => {
                let at = random.below(tokens.len());
                let all = [TYPES, LITERALS, BINARY, ASSIGNMENTS, KEYWORDS, PUNCTUATION];
                let kind = random.pick(&all);
                tokens.insert(at, format!(" {} ", random.pick(kind)));
            }
            _ => exchange(&mut tokens, random),
        }
    }
    tokens.concat()
}

/// Exchanges an operator, a number or a type; a type everywhere.
fn exchange_alike(tokens: &mut [String], random: &mut Random) {
    let kind = |token: &String| ALIKE.iter().find(|kind| kind.contains(&token.as_str()));
    let is_number = |token: &String| token.starts_with(|c: char| c.is_ascii_digit());
    let places: Vec<usize> = (0..tokens.len())
        .filter(|&at| is_number(&tokens[at]) || kind(&tokens[at]).is_some())
        .collect();
    if places.is_empty() {
        return;
    }
    let old = tokens[random.pick(&places)].clone();
    let new = match kind(&old) {
        Some(kind) => random.pick(kind),
        None => random.pick(LITERALS),
    };
    if TYPES.contains(&old.as_str()) {
        for token in tokens.iter_mut().filter(|token| **token == old) {
            *token = new.to_owned();
        }
    } else {
        let same: Vec<usize> = places.into_iter().filter(|&at| tokens[at] == old).collect();
        tokens[random.pick(&same)] = new.to_owned();
    }
}

/// Exchanges a token for another, most often of its kind.
fn exchange(tokens: &mut [String], random: &mut Random) {
    let is_changed = |token: &String| !token.trim().is_empty() && !token.starts_with("//");
    let places: Vec<usize> = (0..tokens.len())
        .filter(|&at| is_changed(&tokens[at]))
        .collect();
    let Some(&at) = places.get(random.below(places.len().max(1))) else {
        return;
    };
    let same = |kinds: &[&'static str]| kinds.contains(&tokens[at].as_str());
    let first = tokens[at].chars().next().unwrap_or(' ');
    let other = places[random.below(places.len())];
    tokens[at] = if random.chance(8) {
        tokens[other].clone()
    } else if same(TYPES) {
        random.pick(TYPES).to_owned()
    } else if same(KEYWORDS) {
        random.pick(KEYWORDS).to_owned()
    } else if same(ASSIGNMENTS) {
        random.pick(ASSIGNMENTS).to_owned()
    } else if same(BINARY) {
        random.pick(BINARY).to_owned()
    } else if first.is_ascii_digit() || matches!(first, '\'' | '"') || same(LITERALS) {
        random.pick(LITERALS).to_owned()
    } else if first.is_alphabetic() || first == '_' {
        // A name of the same file.
        let is_name = |token: &String| {
            token.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && !KEYWORDS.contains(&token.as_str())
        };
        let names: Vec<usize> = places
            .iter()
            .copied()
            .filter(|&at| is_name(&tokens[at]))
            .collect();
        tokens[random.pick(&names)].clone()
    } else {
        random.pick(PUNCTUATION).to_owned()
    };
}

/// Removes, doubles or moves a line.
fn lines(tokens: &mut Vec<String>, random: &mut Random) {
    let text = tokens.concat();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (at, to) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(3) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(to, lines[at]),
        _ => lines.swap(at, to),
    }
    *tokens = self::tokens(&lines.concat());
}

/// Splits a text into words, literals, comments, operators and white space.
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let len = token_len(rest, first);
        tokens.push(rest[..len].to_owned());
        rest = &rest[len..];
    }
    tokens
}

fn token_len(rest: &str, first: char) -> usize {
    let while_ = |holds: fn(char) -> bool| rest.find(|c| !holds(c)).unwrap_or(rest.len());
    match first {
        _ if first.is_whitespace() => while_(char::is_whitespace),
        _ if first.is_alphanumeric() || first == '_' => while_(|c| c.is_alphanumeric() || c == '_'),
        '"' | '\'' | '`' => quoted_len(rest, first),
        '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
        '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
        _ => {
            let operator = OPERATORS
                .iter()
                .find(|operator| rest.starts_with(**operator));
            operator.map_or(first.len_utf8(), |operator| operator.len())
        }
    }
}

/// Returns the length of a literal in quotes, or of the quote alone if the literal doesn't end on its line.
fn quoted_len(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' if quote != '`' => break,
            _ if escaped => escaped = false,
            '\\' if quote != '`' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    1
}
