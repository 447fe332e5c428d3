//! Messages as data.

use std::path::Path;

use minigo_base::Position;
use serde::Serialize;

use super::portable;

/// A message of the compiler, the assembler or the linker, or a finding of vet.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Message {
    /// The file, if the message has a position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The column in bytes, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The column after the part of the line that the message is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    /// Whether the program is refused for it.
    pub severity: Severity,
    /// The name that `minigo explain` knows the kind of mistake by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Go's words where Go has them.
    pub text: String,
    /// Its further lines.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// A way to mend the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Whether a program is refused for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Severity {
    /// It is.
    Error,
    /// It isn't.
    Warning,
}

/// Returns the position that the assembler's messages about an instruction have in their text:
/// `invalid instruction: 00000 (x.s:2)\tMOVQ\tAX`.
fn named_place(text: &str) -> Option<Position> {
    let (_, rest) = text.split_once(" (")?;
    let (place, _) = rest.split_once(")\t")?;
    let (file, line) = place.rsplit_once(':')?;
    Some(Position {
        file: file.to_owned(),
        line: line.parse().ok()?,
        column: None,
    })
}

impl Message {
    /// Returns a message whose names of files are relative to `folder`.
    pub fn new(message: &minigo_base::Message, folder: &Path) -> Message {
        const WARNING: &str = "warning: ";
        const HINT: &str = "hint: ";
        let named = named_place(&message.text);
        let position = message.position.as_ref().or(named.as_ref());
        let end = message.end();
        let mut hints = message
            .notes
            .iter()
            .filter_map(|note| note.strip_prefix(HINT));
        let hint = Some(message.hint.as_str()).filter(|hint| !hint.is_empty());
        let notes = message.notes.iter().filter(|note| !note.starts_with(HINT));
        let code = crate::explain::Topic::of_message(&message.text);
        let prefix = format!("{}/", folder.display());
        let without_folder = |text: &str| match folder.as_os_str().is_empty() {
            true => text.to_owned(),
            false => text.replace(&prefix, ""),
        };
        let (severity, text) = match message.text.strip_prefix(WARNING) {
            Some(text) => (Severity::Warning, text),
            None => (Severity::Error, message.text.as_str()),
        };
        Message {
            file: position.map(|at| portable(&at.file, folder)),
            line: position.map(|at| at.line),
            column: position.and_then(|at| at.column),
            end_column: end.and_then(|at| at.column),
            severity,
            code: code.map(|code| code.name().to_owned()),
            text: without_folder(text),
            notes: notes.map(|note| without_folder(note)).collect(),
            hint: hint.or(hints.next()).map(str::to_owned),
        }
    }
}
