//! Source lines for messages about assembly, which name a line and no column.

use std::collections::BTreeMap;
use std::ops::Range;

use minigo_base::{Excerpt, Message};

/// The length in bytes up to which lines are shown.
const LONGEST: usize = 200;

/// Adds to messages about lines of assembly the text of these lines. `read` returns the text of a file by its name.
pub(crate) fn add(messages: &mut [Message], read: impl Fn(&str) -> Option<String>) {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for message in messages
        .iter_mut()
        .filter(|message| message.excerpt.is_none())
    {
        let Some((file, line)) = place(message) else {
            continue;
        };
        let lines = texts.entry(file).or_insert_with_key(|file| {
            let text = read(file).unwrap_or_default();
            text.lines().map(str::to_owned).collect()
        });
        message.excerpt = excerpt(lines, line as usize, &message.text);
    }
}

/// Returns the file and the line of a message. The encoder's have them inside: `(x.s:3)`.
fn place(message: &Message) -> Option<(String, u32)> {
    if let Some(position) = &message.position {
        return Some((position.file.to_string(), position.line));
    }
    let inside = message.text.split('(').skip(1);
    let mut places = inside.filter_map(|rest| {
        let (file, line) = rest.split_once(')')?.0.rsplit_once(':')?;
        Some((file.to_owned(), line.parse().ok()?))
    });
    places.next()
}

/// Returns the line that a message is about, and the word in it.
fn excerpt(lines: &[String], line: usize, message: &str) -> Option<Excerpt> {
    let mut index = line.checked_sub(1)?;
    if let Some(label) = message.strip_prefix("undefined label ") {
        // The message is at the end of the function; the jump comes before.
        let jumps = &lines[..lines.len().min(index + 1)];
        index = jumps.iter().rposition(|line| find(line, label).is_some())?;
    }
    let line = lines.get(index).filter(|line| line.len() <= LONGEST)?;
    let range = words(message)
        .find_map(|word| find(line, word))
        .unwrap_or_else(|| {
            let start = line.len() - line.trim_start().len();
            let end = line[start..].find(char::is_whitespace);
            start..end.map_or(line.len(), |end| start + end)
        });
    Some(Excerpt {
        line: line.clone(),
        range,
    })
}

/// Returns the words of a message that may be in the line: quoted ones, then names of symbols and registers, the last
/// first.
fn words(message: &str) -> impl Iterator<Item = &str> {
    let message = message.lines().next().unwrap_or_default();
    let quoted = message.split('"').skip(1).step_by(2);
    let all = message.split([' ', '"', '\'', ';', ',']).rev();
    let all = all.map(|word| word.trim_end_matches([':', '.']));
    let names = all.enumerate().filter(|(index, word)| {
        let is_name = word.contains(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit());
        *index == 0 || is_name
    });
    // `"".f` is a name of the package.
    let names = names.map(|(_, word)| word.rsplit('.').next().unwrap_or(word));
    quoted.chain(names).filter(|word| !word.is_empty())
}

/// Returns where a word stands in the code of a line, with no letter or digit beside it.
fn find(line: &str, word: &str) -> Option<Range<usize>> {
    let code = line.find("//").map_or(line, |comment| &line[..comment]);
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let begins = word.starts_with(is_part);
    let ends = word.ends_with(is_part);
    let mut places = code.match_indices(word).map(|(at, _)| at..at + word.len());
    places.find(|place| {
        let before = code[..place.start].chars().next_back();
        let after = code[place.end..].chars().next();
        !(begins && before.is_some_and(is_part) || ends && after.is_some_and(is_part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, message: &str, line: &str, word: &str) {
        let mut messages = Message::read_all(message);
        add(&mut messages, |_| Some(text.to_owned()));
        let excerpt = messages[0].excerpt.as_ref().expect("a source line");
        assert_eq!(excerpt.line, line);
        assert_eq!(&excerpt.line[excerpt.range.clone()], word);
    }

    #[test]
    fn the_word_of_the_message() {
        let text = "TEXT f(SB), 4, $0\n\tMOVQ RAX, BX // RAX\n\tJMP loop\n\tRET\n";
        let message = "x.s:2: illegal or missing addressing mode for symbol RAX\n";
        check(text, message, "\tMOVQ RAX, BX // RAX", "RAX");
        check(
            text,
            "x.s:2: unrecognized instruction \"MOVQ\"\n",
            "\tMOVQ RAX, BX // RAX",
            "MOVQ",
        );
        check(text, "x.s:5: undefined label loop\n", "\tJMP loop", "loop");
        check(
            text,
            "asm: invalid instruction: 00004 (x.s:3)\tJMP\tBX\n",
            "\tJMP loop",
            "JMP",
        );
        check(text, "x.s:1: something else\n", "TEXT f(SB), 4, $0", "TEXT");
    }
}
