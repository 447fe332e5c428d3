//! Diagnostics with the source lines that they are about, and how a terminal shows them.

#[cfg(feature = "cli")]
use std::ops::Range;

use minigo_base::pos::COL_MAX;
use minigo_base::{Diagnostics, Excerpt, Message, Pos, PosTable};
#[cfg(feature = "cli")]
use minigo_story::explain::Topic;
use minigo_story::hint;
#[cfg(feature = "cli")]
use unicode_width::UnicodeWidthStr;

use crate::files::Tags;
use crate::options::Options;
use crate::source::Source;

/// Returns the diagnostics of a compilation in the order in which they print, with hints.
pub(crate) fn messages(
    diags: &Diagnostics,
    positions: &PosTable,
    sources: &[&Source],
    options: &Options,
) -> Vec<Message> {
    let files: Vec<Lines> = sources.iter().map(|source| Lines::of(source)).collect();
    let mut messages = diags.messages(positions, |pos| excerpt(pos, positions, &files));
    hint::add(&mut messages, options.version);
    for message in &mut messages {
        if let Some(hint) = of_files(message, sources, options) {
            message.hint = hint;
        }
    }
    messages
}

/// Returns the hint on a message that has to do with the choice of files.
fn of_files(message: &Message, sources: &[&Source], options: &Options) -> Option<String> {
    let file = &message.position.as_ref()?.file;
    if message.text == "missing function body" {
        let excerpt = message.excerpt.as_ref()?;
        let name = &excerpt.line[excerpt.range.clone()];
        return Some(match assembly_with(name, file, options) {
            Some(other) => format!("{other} has {name}: name that file, too, or the folder"),
            None => format!("{name} needs a body, or a .s file of the package that has it"),
        });
    }
    if !message.text.contains("redeclared") {
        return None;
    }
    let source = sources.iter().find(|source| source.name == *file)?;
    let tags = Tags::of_build(options.target, options.version);
    tags.ignores_line(&source.text).then(|| {
        let version = options.version;
        format!("{file} has a //go:build line, which Go {version} doesn't read; -go 1.27 does")
    })
}

/// Returns the assembly file beside a Go file that has a function.
fn assembly_with(name: &str, file: &str, options: &Options) -> Option<String> {
    let folder = options.folder.join(file).parent()?.to_owned();
    let mut found: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let other = entry.file_name().to_string_lossy().into_owned();
        let has_name = |text: String| text.contains(&format!("TEXT \u{b7}{name}(SB)"));
        if other.ends_with(".s") && std::fs::read_to_string(entry.path()).is_ok_and(has_name) {
            found.push(other);
        }
    }
    found.into_iter().min()
}

/// The lines of a source file.
struct Lines<'a> {
    name: &'a str,
    lines: Vec<&'a [u8]>,
}

impl Lines<'_> {
    fn of(source: &Source) -> Lines<'_> {
        Lines {
            name: &source.name,
            lines: source.text.split(|&byte| byte == b'\n').collect(),
        }
    }
}

/// Returns the source line at a position, line directives not applied.
fn excerpt(pos: Pos, positions: &PosTable, files: &[Lines]) -> Option<Excerpt> {
    let base = positions.base(positions.base(pos.base()).pos.base());
    let file = files.iter().find(|file| file.name == base.filename)?;
    let (line, col) = (pos.line() as usize, pos.col());
    let bytes = *file.lines.get(line.checked_sub(1)?)?;
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
/// time, the code that `minigo explain` explains. The caret is green, as compilers have it, or has no colour.
#[cfg(feature = "cli")]
pub(crate) fn for_terminal(messages: &[Message], is_colored: bool) -> String {
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
            text.push_str(&with_caret(line, range, is_colored));
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

/// Returns the source line with a caret below it; nothing for very long lines.
#[cfg(feature = "cli")]
fn with_caret(line: &str, range: &Range<usize>, is_colored: bool) -> String {
    const LONGEST: usize = 200;
    if line.len() > LONGEST {
        return String::new();
    }
    // Tabs stay tabs, so that the caret stands where the terminal shows the character.
    let mut indent = String::new();
    for part in line[..range.start].split_inclusive('\t') {
        let text = part.trim_end_matches('\t');
        indent.extend(std::iter::repeat_n(' ', text.width()));
        indent.push_str(&part[text.len()..]);
    }
    let caret = if is_colored {
        "\x1b[1;32m^\x1b[0m"
    } else {
        "^"
    };
    format!("    {}\n    {indent}{caret}\n", line.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(for_terminal(&messages, true), want);
    }

    #[cfg(feature = "cli")]
    #[test]
    fn terminals_show_the_line_and_a_hint() {
        assert_eq!(
            for_terminal(&messages_of("package p\n\nfunc f() {\n\tx := 1\n}\n"), true),
            "x.go:4:2: x declared but not used\n    \tx := 1\n    \t\x1b[1;32m^\x1b[0m\n    \
             hint: remove it, or assign it to the blank identifier: _ = name\n    \
             explain: minigo explain UnusedVar\n"
        );
    }

    #[cfg(feature = "cli")]
    #[test]
    fn carets_stand_below_wide_and_combining_characters() {
        for (line, before, indent) in [
            ("\tx, 世界 := 1", "\tx, 世界 ", "\t        "),
            ("e\u{301}é y", "e\u{301}é ", "   "),
            ("a\tb\tc", "a\tb\t", " \t \t"),
        ] {
            let shown = with_caret(line, &(before.len()..before.len() + 1), false);
            assert_eq!(shown, format!("    {line}\n    {indent}^\n"));
        }
    }
}
