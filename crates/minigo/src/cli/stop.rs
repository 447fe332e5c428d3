//! Why commands do not succeed.

use std::path::Path;

use minigo_base::Message;

use crate::failure::Failure;

/// Why a command did not succeed.
pub(super) enum Stop {
    /// Errors in the program.
    Program(Vec<Message>),
    /// A file or a flag is wrong.
    Usage(String),
    /// The program that was run ended with this status.
    Status(u8),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        match failure {
            Failure::Program(messages) => Stop::Program(messages),
            Failure::Environment(text) => Stop::Usage(text),
        }
    }
}

/// A file that can't be read or written.
impl From<String> for Stop {
    fn from(text: String) -> Stop {
        Stop::Usage(text)
    }
}

/// Returns the error for an object that can't be written to `path`.
pub(super) fn unwritten(path: &Path, failure: Failure) -> Stop {
    match failure {
        Failure::Environment(reason) => Stop::Usage(format!("{}: {reason}", path.display())),
        Failure::Program(_) => failure.into(),
    }
}

/// Returns that a file can't be read, written or started.
pub(super) fn file_error(path: &Path, err: &std::io::Error) -> Stop {
    Stop::Usage(format!("{}: {err}", path.display()))
}
