//! Source files in memory.

use std::path::Path;

/// A source file: its name, which messages and listings print, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The name of the file. `.s` at its end makes it assembly.
    pub name: String,
    /// The contents of the file.
    pub text: Vec<u8>,
}

impl Source {
    /// Returns a file with that name and those contents.
    pub fn new(name: impl Into<String>, text: impl Into<Vec<u8>>) -> Source {
        Source {
            name: name.into(),
            text: text.into(),
        }
    }

    /// Reports whether the file is assembly rather than Go.
    pub fn is_assembly(&self) -> bool {
        let extension = Path::new(&self.name).extension();
        extension.is_some_and(|extension| extension == "s")
    }
}
