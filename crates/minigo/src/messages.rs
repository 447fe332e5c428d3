//! Diagnostics with the source lines that they are about, and how a terminal shows them.

#[cfg(feature = "cli")]
use std::ops::Range;

use minigo_base::pos::COL_MAX;
use minigo_base::{Diagnostics, Excerpt, GoVersion, Message, Pos, PosTable};
#[cfg(feature = "cli")]
use minigo_story::explain::Topic;
use minigo_story::hint;

use crate::source::Source;

/// Returns the diagnostics of a compilation in the order in which they print, with hints.
pub(crate) fn messages(
    diags: &Diagnostics,
    positions: &PosTable,
    sources: &[&Source],
    version: GoVersion,
) -> Vec<Message> {
    let mut messages = diags.messages(positions, |pos| excerpt(pos, positions, sources));
    hint::add(&mut messages, version);
    messages
}

/// Returns the source line at a position, line directives not applied.
fn excerpt(pos: Pos, positions: &PosTable, sources: &[&Source]) -> Option<Excerpt> {
    let file = positions.base(positions.base(pos.base()).pos.base());
    let mut sources = sources.iter();
    let source = sources.find(|source| source.name == file.filename)?;
    let (line, col) = (pos.line() as usize, pos.col());
    let bytes = source
        .text
        .split(|&byte| byte == b'\n')
        .nth(line.checked_sub(1)?)?;
    if col == 0 || col == COL_MAX {
        return None;
    }
    let (before, after) = bytes.split_at(bytes.len().min(col as usize - 1));
    let mut text = String::from_utf8_lossy(before).into_owned();
    let start = text.len();
    text.push_str(&String::from_utf8_lossy(after));
    let range = start..start + token_len(&text[start..]);
    Some(Excerpt { line: text, range })
}

/// Length in bytes of the name, number or single character that `text` starts with.
fn token_len(text: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    match text.find(|c| !is_word(c)).unwrap_or(text.len()) {
        0 => text.chars().next().map_or(0, char::len_utf8),
        len => len,
    }
}

/// Returns the text for a terminal: gc's lines, each with its source line, a caret under the column, a hint and, the first
/// time, the code that `minigo explain` explains.
#[cfg(feature = "cli")]
pub(crate) fn for_terminal(messages: &[Message]) -> String {
    let mut text = String::new();
    let mut shown = Vec::new();
    for message in messages {
        // The assembler's hints are notes, which stand in files, too.
        let (hints, notes): (Vec<_>, Vec<_>) = message
            .notes
            .iter()
            .partition(|note| note.starts_with("hint: "));
        let shown_first = Message {
            notes: notes.into_iter().cloned().collect(),
            ..message.clone()
        };
        text.push_str(&format!("{shown_first}\n"));
        if let Some(Excerpt { line, range }) = &message.excerpt {
            text.push_str(&with_caret(line, range));
        }
        if !message.hint.is_empty() {
            text.push_str(&format!("    hint: {}\n", message.hint));
        }
        for hint in hints {
            text.push_str(&format!("    {hint}\n"));
        }
        if let Some(code) = Topic::of_message(&message.text).map(Topic::name)
            && !shown.contains(&code)
        {
            text.push_str(&format!("    explain: minigo explain {code}\n"));
            shown.push(code);
        }
    }
    text
}

/// Returns the source line with a caret below it, in green as compilers have it; nothing for very long lines.
#[cfg(feature = "cli")]
fn with_caret(line: &str, range: &Range<usize>) -> String {
    const LONGEST: usize = 200;
    if line.len() > LONGEST {
        return String::new();
    }
    // Tabs stay tabs, so that the caret stands where the terminal shows the character.
    let before = line[..range.start].chars();
    let indent: String = before.map(|c| if c == '\t' { c } else { ' ' }).collect();
    format!("    {}\n    {indent}\x1b[1;32m^\x1b[0m\n", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    fn messages_of(source: &str) -> Vec<Message> {
        let failure = crate::check(&[Source::new("x.go", source)], &Options::default());
        failure
            .expect_err("an unused variable is an error")
            .messages()
            .to_vec()
    }

    #[test]
    fn messages_have_positions_and_source_lines() {
        let messages = messages_of("package p\n\nfunc f() {\n\tlong := 1\n}\n");
        let [message] = &messages[..] else {
            panic!("{messages:?}");
        };
        let excerpt = message.excerpt.as_ref().expect("a source line");
        assert_eq!(excerpt.line, "\tlong := 1");
        assert_eq!(&excerpt.line[excerpt.range.clone()], "long");
        let end = message.end().expect("an end");
        assert_eq!(message.to_string(), "x.go:4:2: long declared but not used");
        assert_eq!((end.line, end.column), (4, Some(6)));
    }

    #[cfg(feature = "cli")]
    #[test]
    fn terminals_show_the_line_of_assembly_before_the_hint() {
        let mut messages = Message::read_all("x.s:1: unexpected AX\n\thint: no AX\n");
        crate::excerpts::add(&mut messages, |_| Some("\tNOP AX\n".to_owned()));
        let want =
            "x.s:1: unexpected AX\n    \tNOP AX\n    \t    \x1b[1;32m^\x1b[0m\n    hint: no AX\n";
        assert_eq!(for_terminal(&messages), want);
    }

    #[cfg(feature = "cli")]
    #[test]
    fn terminals_show_the_line_and_a_hint() {
        assert_eq!(
            for_terminal(&messages_of("package p\n\nfunc f() {\n\tx := 1\n}\n")),
            "x.go:4:2: x declared but not used\n    \tx := 1\n    \t\x1b[1;32m^\x1b[0m\n    \
             hint: remove it, or assign it to the blank identifier: _ = name\n    \
             explain: minigo explain UnusedVar\n"
        );
    }
}
