//! The programs of all test files and examples, for what holds for every program.

use std::path::{Path, PathBuf};

use minigo::{Options, Source};
use minigo_base::GoVersion;
use minigo_tests::{Archive, files, root};

use crate::relative;

/// A program whose function `sum` spills a variable over a call.
pub const SPILL: &str = include_str!("spill.go");

/// Larger files would take most of the time.
const LARGEST: usize = 40_000;

/// The sources of a test file or an example.
pub struct Program {
    /// The file that has them.
    pub name: String,
    /// Names and texts.
    sources: Vec<(String, String)>,
}

impl Program {
    /// Returns the sources.
    pub fn sources(&self) -> Vec<Source> {
        let sources = self.sources.iter();
        sources
            .map(|(name, text)| Source::new(name, text.as_str()))
            .collect()
    }
}

/// Returns the programs of all test files but those of `vet`, and of the examples. Not all of them compile.
pub fn programs() -> Vec<Program> {
    let tests = files(&root().join("tests"), ".txtar").into_iter();
    let vetted = root().join("tests/vet");
    let tests = tests.filter(|file| !file.starts_with(&vetted));
    let tests = tests.filter_map(|file| {
        let text = std::fs::read_to_string(&file).ok()?;
        let archive = Archive::parse(&text);
        program(&file, &archive).filter(|_| text.len() < LARGEST)
    });
    let examples = files(&root().join("examples"), ".go").into_iter();
    let examples = examples.filter_map(|file| {
        let archive = Archive::of_example(file.parent()?).ok()?;
        program(&file, &archive)
    });
    tests.chain(examples).collect()
}

/// Returns the program of an archive: its package, else its first source file.
fn program(file: &Path, archive: &Archive) -> Option<Program> {
    let mut sources: Vec<(String, String)> = archive.package().into_iter().cloned().collect();
    if sources.is_empty() {
        let is_source = |name: &str| name.ends_with(".go") || name.ends_with(".s");
        let mut all = archive.sections.iter();
        sources.extend(all.find(|(name, _)| is_source(name)).cloned());
    }
    Some(Program {
        name: relative(file),
        sources: (!sources.is_empty()).then_some(sources)?,
    })
}

/// Returns options for many programs: without the checks between passes, which other trials make.
pub fn options(version: GoVersion) -> Options {
    Options {
        version,
        debug: vec!["ssa/check/off".to_owned()],
        folder: PathBuf::from("/home/gopher"),
        ..Options::default()
    }
}
