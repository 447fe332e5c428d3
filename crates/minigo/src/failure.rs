//! The reasons for which a command fails.

use std::fmt;
use std::path::Path;

use minigo_base::Message;

/// A reason for which a command fails. It displays as gc's lines, without the last newline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The program is wrong: the errors of the compiler, the assembler or the linker.
    Program(Vec<Message>),
    /// A file, an option or the system is at fault.
    Environment(String),
}

impl Failure {
    /// Returns a failure with the messages of an assembler or a linker, each with a newline.
    pub(crate) fn program(text: &str) -> Failure {
        Failure::Program(Message::read_all(text))
    }

    /// Returns the failure to read a file.
    pub(crate) fn file(path: &Path, err: &dyn fmt::Display) -> Failure {
        Failure::Environment(format!("{}: {err}", path.display()))
    }

    /// The errors in the program; empty for other failures.
    pub fn messages(&self) -> &[Message] {
        match self {
            Failure::Program(messages) => messages,
            Failure::Environment(_) => &[],
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Program(messages) => {
                for (index, message) in messages.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "\n" };
                    write!(out, "{separator}{message}")?;
                }
                Ok(())
            }
            Failure::Environment(text) => out.write_str(text),
        }
    }
}

impl std::error::Error for Failure {}
