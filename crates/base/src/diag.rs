//! Diagnostics about the program that is being compiled.
//!
//! [`Diagnostics`] collects them with the positions of the compilation. [`Diagnostics::messages`] returns them in gc's
//! order, by line and column, without exact repetitions, at most ten unless all are asked for (gc: subr.go, yyerrorl and
//! flusherrors). A [`Message`] knows its file and line itself, and its `Display` is the text that gc prints.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use crate::pos::{Pos, PosTable, Position};

/// A diagnostic of a running compilation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The position, which may be unknown.
    pub pos: Pos,
    /// The first line, in gc's words where gc has them.
    pub text: String,
    /// Further lines: the previous declaration, the types that were found and expected.
    pub notes: Vec<String>,
    /// A way to mend the program, which gc doesn't print; empty if there is none.
    pub hint: Cow<'static, str>,
    /// The kind of mistake, where programs have a use for it.
    pub code: Option<Code>,
}

/// A kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// The text is not Go.
    Syntax,
    /// The text is Go that minigo doesn't compile.
    Unsupported,
}

impl Code {
    /// Returns the kind of the mistake that `text` describes.
    fn of(text: &str) -> Option<Code> {
        if text.starts_with("syntax error") {
            Some(Code::Syntax)
        } else if text.starts_with("minigo does not support") {
            Some(Code::Unsupported)
        } else {
            None
        }
    }
}

/// A diagnostic that stands on its own, without the tables of a compilation. It displays as gc prints it:
/// `file:line:column: text`, then each note on a line of its own after a tab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The position, line directives applied.
    pub position: Option<Position>,
    /// The source line, if its text is at hand.
    pub excerpt: Option<Excerpt>,
    /// The first line, in gc's words where gc has them.
    pub text: String,
    /// Further lines.
    pub notes: Vec<String>,
    /// A way to mend the program, which gc doesn't print; empty if there is none.
    pub hint: String,
    /// The kind of mistake, where programs have a use for it.
    pub code: Option<Code>,
}

/// A line of a source file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The line without its newline.
    pub line: String,
    /// The bytes of the line that the message is about: the name, number or operator at its position.
    pub range: Range<usize>,
}

impl Message {
    /// Returns a message. Lines of `text` that start with a tab are its notes.
    pub fn new(position: Option<Position>, text: &str) -> Message {
        let mut lines = text.split("\n\t");
        let text = lines.next().unwrap_or_default().to_owned();
        Message {
            position,
            code: Code::of(&text),
            text,
            notes: lines.map(str::to_owned).collect(),
            ..Message::default()
        }
    }

    /// Reads messages as an assembler or a linker prints them, each with a newline. They display as `text`.
    pub fn read_all(text: &str) -> Vec<Message> {
        let mut messages: Vec<Message> = Vec::new();
        for line in text.split_terminator('\n') {
            match (line.strip_prefix('\t'), messages.last_mut()) {
                (Some(note), Some(message)) => message.notes.push(note.to_owned()),
                _ => messages.push(Message::read(line)),
            }
        }
        messages
    }

    /// Reads a line that may start with a position.
    fn read(line: &str) -> Message {
        if let Some((front, text)) = line.split_once(": ")
            && let Some(position) = Position::read(front)
        {
            return Message::new(Some(position), text);
        }
        Message::new(None, line)
    }

    /// Returns the position after the last byte that the message is about, if its line is at hand.
    pub fn end(&self) -> Option<Position> {
        let (position, excerpt) = self.position.as_ref().zip(self.excerpt.as_ref())?;
        Some(Position {
            column: Some(position.column? + excerpt.range.len() as u32),
            ..position.clone()
        })
    }
}

impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = &self.position {
            write!(out, "{position}: ")?;
        }
        out.write_str(&self.text)?;
        self.notes
            .iter()
            .try_for_each(|note| write!(out, "\n\t{note}"))
    }
}

/// The errors of one compilation.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    errors: Vec<Diagnostic>,
    /// Report all errors, not only ten (`-e`).
    pub all: bool,
    /// Print the files in the order of their first errors, not in that in which they are known.
    pub by_first_error: bool,
    /// The position of the tenth error, at which the limit was reached.
    pub stopped_at: Option<Pos>,
    /// Number of syntax errors, those not shown included.
    pub syntax_errors: usize,
    /// Position of the last syntax error.
    last_syntax: Pos,
}

impl Diagnostics {
    /// Errors after which gc gives up.
    pub const LIMIT: usize = 10;

    /// The number of errors whose hints are searched for among all names; with more, this would take most of the time.
    const SEARCHED: usize = 100;

    /// Adds an error, unless it is a second syntax error on its line, or the last error of another kind is the
    /// same on the same line (gc: subr.go, yyerrorl). After [`Self::LIMIT`] errors, later ones are dropped and the
    /// position of the last is kept for the closing `too many errors` line. Lines of `message` that start with a
    /// tab are notes.
    pub fn error(&mut self, pos: Pos, message: impl fmt::Display) {
        self.error_with_hint(pos, message, "");
    }

    /// Adds an error as [`Self::error`] does, with a hint.
    pub fn error_with_hint(
        &mut self,
        pos: Pos,
        message: impl fmt::Display,
        hint: impl Into<Cow<'static, str>>,
    ) {
        if self.stopped_at.is_some() {
            return;
        }
        let Message {
            text, notes, code, ..
        } = Message::new(None, &message.to_string());
        if code == Some(Code::Syntax) {
            self.syntax_errors += 1;
            if self.last_syntax.is_known() && self.last_syntax.same_file_and_line(pos) {
                return;
            }
            self.last_syntax = pos;
        } else {
            // gc doesn't know what minigo refuses in between.
            let counts = |other: Option<Code>| match other {
                Some(Code::Syntax) => false,
                Some(Code::Unsupported) => code == other,
                None => true,
            };
            let mut others = self.errors.iter().rev();
            let last = others.find(|error| counts(error.code));
            if last.is_some_and(|last| {
                last.pos.same_file_and_line(pos) && last.text == text && last.notes == notes
            }) {
                return;
            }
        }
        self.errors.push(Diagnostic {
            pos,
            text,
            notes,
            hint: hint.into(),
            code,
        });
        if !self.all && self.errors.len() >= Self::LIMIT {
            self.stopped_at = Some(pos);
        }
    }

    /// Reports whether a hint on the next error may be searched for among all names.
    pub fn may_search(&self) -> bool {
        self.errors.len() < Self::SEARCHED
    }

    /// Reports whether there are no errors.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Number of errors reported so far.
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// Reports whether the limit is reached, so that further errors are dropped.
    pub fn stopped(&self) -> bool {
        self.stopped_at.is_some()
    }

    /// Returns the errors in the order in which they print.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut errors: Vec<&Diagnostic> = self.errors.iter().collect();
        errors.sort_by_key(|error| error.pos);
        if self.by_first_error {
            let mut first_errors = BTreeMap::new();
            for (index, error) in self.errors.iter().enumerate() {
                first_errors.entry(error.pos.base()).or_insert(index);
            }
            errors.sort_by_key(|error| first_errors[&error.pos.base()]);
        }
        errors.dedup_by(|b, a| a.pos == b.pos && a.text == b.text && a.notes == b.notes);
        errors
    }

    /// Returns the errors in the order in which they print, with `excerpt` of each position, and the line that closes
    /// them if the limit is reached.
    pub fn messages(
        &self,
        table: &PosTable,
        excerpt: impl Fn(Pos) -> Option<Excerpt>,
    ) -> Vec<Message> {
        let message = |error: &Diagnostic| Message {
            position: table.position(error.pos),
            excerpt: excerpt(error.pos),
            text: error.text.clone(),
            notes: error.notes.clone(),
            hint: error.hint.clone().into_owned(),
            code: error.code,
        };
        let mut messages: Vec<Message> = self.sorted().into_iter().map(message).collect();
        if let Some(pos) = self.stopped_at {
            let closing = match table.position(pos) {
                Some(position) => Message::new(Some(position), "too many errors"),
                None => Message::new(None, "<unknown line number>: too many errors"),
            };
            messages.push(closing);
        }
        messages
    }

    /// Returns the text that gc prints: each message with a newline.
    pub fn render(&self, table: &PosTable) -> String {
        let messages = self.messages(table, |_| None);
        messages
            .iter()
            .map(|message| format!("{message}\n"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_deduplicated_and_limited() {
        let mut table = PosTable::default();
        let file = table.add_file("x.go");
        let mut diags = Diagnostics::default();
        diags.error(Pos::new(file, 2, 1), "b");
        diags.error(Pos::new(file, 1, 4), "a");
        diags.error(Pos::new(file, 1, 4), "a");
        assert_eq!(diags.render(&table), "x.go:1:4: a\nx.go:2:1: b\n");
        for line in 3..20 {
            diags.error(Pos::new(file, line, 1), "c");
        }
        assert_eq!(diags.len(), Diagnostics::LIMIT);
        assert!(
            diags
                .render(&table)
                .ends_with("x.go:10:1: too many errors\n")
        );
    }

    #[test]
    fn messages_are_read_as_they_display() {
        let text = "x.s:3: bad operand\n\tMOVQ $1\nx.go:4:12: a: b\nmain.f: no: position\nx.s:07: text\n\t\tin\n";
        let messages = Message::read_all(text);
        let shown: String = messages.iter().map(|m| format!("{m}\n")).collect();
        assert_eq!(shown, text);
        assert_eq!(messages[0].notes, ["MOVQ $1"]);
        let position = messages[1].position.as_ref().expect("a position");
        assert_eq!(
            (&*position.file, position.line, position.column),
            ("x.go", 4, Some(12))
        );
        assert!(messages[2..].iter().all(|m| m.position.is_none()));
    }
}
