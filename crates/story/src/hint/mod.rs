//! Hints: what to write instead of something that Go, or minigo, doesn't have.
//!
//! Go's messages say what is wrong with a text; a hint says what somebody who wrote it probably wanted. It is made of the
//! message and the line that the message is about, and printed under both.

mod feature;
mod mistake;
mod name;
mod syntax;

use minigo_base::{Code, GoVersion, Message};

/// Adds hints to the messages of the compiler of a Go version. A statement outside of functions is a mistake of its own only
/// if it is the first one in the text: a block may have ended too early.
pub fn add(messages: &mut [Message], version: GoVersion) {
    let mut is_lost = false;
    for message in messages {
        let is_outside = message.text == syntax::OUTSIDE;
        if let Some(hint) = hint(message, version).filter(|_| !(is_outside && is_lost)) {
            message.hint = hint;
        }
        is_lost |= message.code == Some(Code::Syntax);
    }
}

fn hint(message: &Message, version: GoVersion) -> Option<String> {
    let excerpt = message.excerpt.as_ref();
    let (line, range) = excerpt.map_or(("", 0..0), |it| (&*it.line, it.range.clone()));
    let place = Place {
        text: &message.text,
        before: &line[..range.start],
        after: &line[range.end..],
        line: line.trim(),
        version,
    };
    feature::hint(&place)
        .or_else(|| syntax::hint(&place))
        .or_else(|| name::hint(&place))
        .or_else(|| mistake::hint(&place))
}

/// A message and the line that it is about.
struct Place<'a> {
    /// The message without its position.
    text: &'a str,
    /// The line before the word that the message is about.
    before: &'a str,
    /// The line after it.
    after: &'a str,
    /// The line.
    line: &'a str,
    /// The version of Go that is compiled.
    version: GoVersion,
}

impl<'a> Place<'a> {
    /// Returns the first word of the line.
    fn first_word(&self) -> &'a str {
        first_word(self.line)
    }

    /// Returns the word before the token, if only blanks are between.
    fn word_before(&self) -> &'a str {
        let before = self.before.trim_end();
        let start = before.rfind(|c| !is_part_of_word(c));
        &before[start.map_or(0, |at| {
            at + before[at..].chars().next().map_or(1, char::len_utf8)
        })..]
    }

    /// Returns the rest of a syntax error that names something unexpected.
    fn unexpected(&self) -> Option<&'a str> {
        let text = self.text.strip_prefix("syntax error: unexpected ")?;
        // Later versions say what kind of word it is.
        let kinds = ["name ", "keyword "];
        Some(
            kinds
                .iter()
                .find_map(|kind| text.strip_prefix(kind))
                .unwrap_or(text),
        )
    }
}

/// Returns the word that a text begins with.
fn first_word(text: &str) -> &str {
    let end = text.find(|c| !is_part_of_word(c));
    &text[..end.unwrap_or(text.len())]
}

fn is_part_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
