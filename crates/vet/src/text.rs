//! The patterns by which asmdecl reads a line of assembly. It knows neither macros nor syntax, so these functions match
//! exactly the text that its patterns match.

/// The parts of `TEXT path·name(SB), flags, $frame-args`. Missing parts are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Text<'a> {
    pub path: &'a str,
    pub name: &'a str,
    pub flags: &'a str,
    pub frame: &'a str,
    pub args: &'a str,
}

/// A number in front of a register: the text `8(SP)` and its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Indirect<'a> {
    pub text: &'a str,
    pub offset: &'a str,
    pub reg: &'a str,
}

/// A reference `name+8(FP)`, with the dollar in front if there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named<'a> {
    pub text: &'a str,
    pub name: &'a str,
    pub offset: &'a str,
}

/// The separator of package and name.
const DOT: char = '\u{b7}';

/// The white space of patterns.
fn is_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\u{c}' | '\r' | ' ')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Returns where `word` is in `line` with no letter, digit or underscore of ASCII beside it.
fn words<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = usize> {
    line.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |&at| {
            let bytes = line.as_bytes();
            let end = at + word.len();
            (at == 0 || !is_word(bytes[at - 1]))
                && bytes.get(end).is_none_or(|&byte| !is_word(byte))
        })
}

/// Reports whether a line has one of the words DATA and GLOBL.
pub(crate) fn has_data(line: &str) -> bool {
    words(line, "DATA")
        .chain(words(line, "GLOBL"))
        .next()
        .is_some()
}

/// Returns the function that begins on a line. Its name is after the last dot before a name and `(SB)`.
pub(crate) fn text(line: &str) -> Option<Text<'_>> {
    words(line, "TEXT").find_map(|at| {
        let rest = &line[at + "TEXT".len()..];
        rest.rmatch_indices(DOT).find_map(|(dot, _)| {
            let after = &rest[dot + DOT.len_utf8()..];
            let (name, _) = after.split_once('(').filter(|(name, _)| !name.is_empty())?;
            let after = after[name.len()..].strip_prefix("(SB)")?;
            let (flags, after) = text_flags(after);
            let (frame, args) = text_sizes(after);
            Some(Text {
                path: &rest[..dot],
                name,
                flags,
                frame,
                args,
            })
        })
    })
}

/// Returns the text after a comma, which may have white space around it.
fn after_comma(text: &str) -> Option<&str> {
    let text = text.trim_start_matches(is_space).strip_prefix(',')?;
    Some(text.trim_start_matches(is_space))
}

fn text_flags(text: &str) -> (&str, &str) {
    let flag = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase() || "|+()".contains(c);
    match after_comma(text).map(|rest| split_while(rest, flag)) {
        Some((flags, rest)) if !flags.is_empty() => (flags, rest),
        _ => ("", text),
    }
}

fn text_sizes(text: &str) -> (&str, &str) {
    let Some(rest) = after_comma(text).and_then(|rest| rest.strip_prefix('$')) else {
        return ("", "");
    };
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    let (number, after) = split_while(digits, |c| c.is_ascii_digit());
    if number.is_empty() {
        return ("", "");
    }
    let frame = &rest[..rest.len() - after.len()];
    let args = after
        .strip_prefix('-')
        .map_or("", |args| split_while(args, |c| c.is_ascii_digit()).0);
    (frame, args)
}

fn split_while(text: &str, accept: impl Fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !accept(c)).unwrap_or(text.len());
    text.split_at(end)
}

/// Returns the numbers in front of a register in parentheses.
pub(crate) fn indirect(line: &str) -> impl Iterator<Item = Indirect<'_>> {
    numbers(line, |_| true)
}

/// Returns the numbers in front of `(FP)`.
pub(crate) fn unnamed(line: &str) -> impl Iterator<Item = Indirect<'_>> {
    numbers(line, |reg| reg == "FP")
}

/// Returns the numbers in front of a wanted register. The character before a number, neither sign nor digit, belongs to
/// the match, so that it can't be the end of the match before.
fn numbers(line: &str, wanted: fn(&str) -> bool) -> impl Iterator<Item = Indirect<'_>> {
    let bytes = line.as_bytes();
    let mut free = 0;
    line.match_indices('(').filter_map(move |(open, _)| {
        let start = open
            - bytes[..open]
                .iter()
                .rev()
                .take_while(|b| b.is_ascii_digit())
                .count();
        let before = bytes[..start].last()?;
        let (reg, after) = split_while(&line[open + 1..], |c| {
            c.is_ascii_digit() || c.is_ascii_uppercase()
        });
        // Of a character with several bytes, the last one is enough.
        let taken = start == open || start <= free || matches!(before, b'+' | b'-');
        if taken || reg.is_empty() || !after.starts_with(')') || !wanted(reg) {
            return None;
        }
        let end = open + reg.len() + 2;
        free = end;
        Some(Indirect {
            text: &line[start..end],
            offset: &line[start..open],
            reg,
        })
    })
}

/// Returns the names with an offset from FP.
pub(crate) fn named(line: &str) -> impl Iterator<Item = Named<'_>> {
    // Characters count as letters from U+00FF on, so that the middle dot doesn't.
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c >= '\u{ff}';
    line.match_indices("(FP)")
        .filter_map(move |(open, suffix)| {
            let front = &line[..open];
            let name_end = front.trim_end_matches(|c: char| c.is_ascii_digit());
            let offset = &front[name_end.len()..];
            let name_end = name_end.strip_suffix('+').filter(|_| !offset.is_empty())?;
            let name_start = name_end.trim_end_matches(in_name);
            let name = &name_end[name_start.len()..];
            if name.is_empty() {
                return None;
            }
            let start = name_start.len() - usize::from(name_start.ends_with('$'));
            Some(Named {
                text: &line[start..open + suffix.len()],
                name,
                offset,
            })
        })
}

/// Returns the capital letters at the start of a line, after a label: the instruction.
pub(crate) fn opcode(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(is_space);
    let capitals =
        |text| Some(split_while(text, |c| c.is_ascii_uppercase()).0).filter(|op| !op.is_empty());
    let (label, rest) = split_while(line, |c| c.is_ascii_alphanumeric() || c == '_');
    let labelled = rest.strip_prefix(':').filter(|_| !label.is_empty());
    labelled
        .and_then(|rest| capitals(rest.trim_start_matches(is_space)))
        .or_else(|| capitals(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions() {
        let check = |line, want: Option<[&str; 5]>| {
            let have = text(line).map(|t| [t.path, t.name, t.flags, t.frame, t.args]);
            assert_eq!(have, want, "{line}");
        };
        check(
            "TEXT ·f(SB), NOSPLIT|NOFRAME, $-8-24",
            Some([" ", "f", "NOSPLIT|NOFRAME", "-8", "24"]),
        );
        check(
            "TEXT\tp∕q·f<>(SB),4,$16",
            Some(["\tp∕q", "f<>", "4", "16", ""]),
        );
        check("TEXT ·f(SB), $8-16", Some([" ", "f", "", "8", "16"]));
        check(
            "TEXT ·f(SB), NOSPLIT, $SIZE-8",
            Some([" ", "f", "NOSPLIT", "", ""]),
        );
        check(
            "TEXT ·f(SB),4,$0; CALL ·g(SB)",
            Some([" ·f(SB),4,$0; CALL ", "g", "", "", ""]),
        );
        check("TEXT f(SB), 4, $0", None);
        check("CONTEXT ·f(SB), 4, $0", None);
    }

    #[test]
    fn references() {
        let check = |line, want: &[&str]| {
            let have: Vec<&str> = named(line)
                .map(|n| n.text)
                .chain(indirect(line).map(|i| i.text))
                .collect();
            assert_eq!(have, want, "{line}");
        };
        check("MOVQ x+8(FP), AX", &["x+8(FP)"]);
        check("MOVQ $x_∂+8(FP), AX", &["$x_∂+8(FP)"]);
        check("MOVQ 8(FP), 16(SP)", &["8(FP)", "16(SP)"]);
        check("MOVQ x-8(SP), x(FP)", &[]);
        check("8(SP)", &[]);
        check("M 8(SP)9(SP)", &["8(SP)"]);
        check("M (8(SP))", &["8(SP)"]);
    }

    #[test]
    fn opcodes() {
        assert_eq!(opcode("\tMOVQ x, y"), Some("MOVQ"));
        assert_eq!(opcode("loop1: PCMPESTRI"), Some("PCMPESTRI"));
        assert_eq!(opcode("LOOP: macro"), Some("LOOP"));
        assert_eq!(opcode("  macro(x+0(FP))"), None);
    }
}
