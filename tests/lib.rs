//! The parts that the integration tests share with `cargo xtask`: the txtar format, the names of sections, and the
//! outputs of programs and assemblers as they are recorded.

mod asm_output;
mod disassembly;
mod outcome;
mod places;
mod section;

use std::fmt::Write;
use std::path::{Path, PathBuf};

pub use disassembly::{disassembled, round_trip};
pub use outcome::outcome;
pub use places::{declarations, listed, references, registers};
pub use section::{Content, Section};

/// A test file: text on top, then named sections (the format of Go's internal/txtar).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archive {
    /// What is tested and why.
    pub comment: String,
    /// Name and text of each section, in order.
    pub sections: Vec<(String, String)>,
}

impl Archive {
    /// Splits a text at its `-- name --` lines.
    pub fn parse(text: &str) -> Archive {
        let mut archive = Archive {
            comment: String::new(),
            sections: Vec::new(),
        };
        for line in text.split_inclusive('\n') {
            let name = line
                .trim_end()
                .strip_prefix("-- ")
                .and_then(|rest| rest.strip_suffix(" --"));
            match (name, archive.sections.last_mut()) {
                (Some(name), _) => archive
                    .sections
                    .push((name.trim().to_owned(), String::new())),
                (None, Some((_, text))) => text.push_str(line),
                (None, None) => archive.comment.push_str(line),
            }
        }
        archive
    }

    /// Returns the source files of an example as sections, and its outputs; those that aren't recorded yet are empty.
    ///
    /// # Errors
    ///
    /// A file that can't be read.
    pub fn of_example(folder: &Path) -> std::io::Result<Archive> {
        let mut archive = Archive::parse("");
        for extension in [".go", ".s", ".h"] {
            for path in files(folder, extension) {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                archive.set(&name, std::fs::read_to_string(&path)?);
            }
        }
        for (section, file) in EXAMPLE_OUTPUTS {
            let recorded = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
            archive.set(section, recorded);
        }
        Ok(archive)
    }

    /// Returns the text form, which reads back to the same archive.
    pub fn render(&self) -> String {
        let mut text = self.comment.clone();
        for (name, section) in &self.sections {
            let _ = writeln!(text, "-- {name} --");
            text.push_str(section);
            if !section.is_empty() && !section.ends_with('\n') {
                text.push('\n');
            }
        }
        text
    }

    /// Returns the text of a section.
    pub fn section(&self, name: &str) -> Option<&str> {
        self.sections
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, text)| text.as_str())
    }

    /// Returns the sections that are source files of a package with assembly, and none for other tests.
    pub fn package(&self) -> Vec<&(String, String)> {
        let has = |extension: &str| {
            self.sections
                .iter()
                .any(|(name, _)| name.ends_with(extension))
        };
        let is_source = |name: &str| [".go", ".s", ".h"].iter().any(|end| name.ends_with(end));
        let sources = self.sections.iter().filter(|(name, _)| is_source(name));
        sources.filter(|_| has(".go") && has(".s")).collect()
    }

    /// Returns the text of all Go files, one after the other.
    pub fn go_text(&self) -> String {
        let files = self.sections.iter();
        let go = files.filter(|(name, _)| name.ends_with(".go"));
        go.map(|(_, text)| text.as_str()).collect()
    }

    /// Replaces the text of a section, or adds one at the end.
    pub fn set(&mut self, name: &str, text: String) {
        match self.sections.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = text,
            None => self.sections.push((name.to_owned(), text)),
        }
    }
}

/// The outputs of an example: sections, and the files beside the source that record them.
pub const EXAMPLE_OUTPUTS: [(&str, &str); 2] = [("S", "listing.txt"), ("out", "output.txt")];

/// The `go.mod` beside the files of a test of `vet`, which names types with the module's path.
pub const GO_MOD: &str = "module example\n";

/// Returns the project's root folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests are in a folder of the project")
        .to_owned()
}

/// Returns all files below `folder` whose names end with `extension`, sorted.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut work = vec![folder.to_owned()];
    while let Some(folder) = work.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                work.push(path);
            } else if path.to_string_lossy().ends_with(extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Removes from messages the lines that minigo adds to Go's: hints, and warnings about mistakes that Go accepts.
pub fn without_hints(messages: &str) -> String {
    let added = |line: &&str| line.starts_with("\thint: ") || line.contains(": warning: ");
    messages
        .split_inclusive('\n')
        .filter(|line| !added(line))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_read_back() {
        let text = "why\n-- in.go --\npackage p\n-- err --\n-- S --\nx\n";
        let archive = Archive::parse(text);
        assert_eq!(archive.section("in.go"), Some("package p\n"));
        assert_eq!(archive.section("err"), Some(""));
        assert_eq!(archive.render(), text);
    }
}
