//! The output of an assembler for the files of a test, as `tests/asm` records it from `go tool asm`.

use std::path::Path;
use std::process::Command;

use crate::{Archive, Content, Section, without_hints};

/// A file that an assembler may write and that is part of its output.
const SYMABIS: &str = "symabis";

impl Archive {
    /// Runs an assembler on the files of the archive, in a folder that has only these. Returns its standard output and
    /// standard error, the file `symabis` if there is one, and the exit status.
    ///
    /// # Errors
    ///
    /// A file that can't be written, or a command that can't be started.
    pub fn asm_output(&self, dir: &Path, command: &mut Command) -> std::io::Result<String> {
        for (name, text) in &self.sections {
            if matches!(Section::parse(name), Ok(section) if section.content == Content::File) {
                let path = dir.join(name);
                std::fs::create_dir_all(path.parent().unwrap_or(dir))?;
                std::fs::write(path, text)?;
            }
        }
        let output = command.current_dir(dir).output()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut printed = text(&output.stdout) + &without_hints(&text(&output.stderr));
        printed += &std::fs::read_to_string(dir.join(SYMABIS)).unwrap_or_default();
        match output.status.code() {
            Some(0) => {}
            Some(code) => printed += &format!("exit status {code}\n"),
            None => printed += "killed\n",
        }
        Ok(printed)
    }
}
