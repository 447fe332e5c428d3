//! The inputs that are there already: those of the tests and examples.

use std::path::Path;

use minigo::{Options, Source, Target};
use minigo_tests::{Archive, files, root};

use crate::random::{Style, program};

/// The largest input in bytes. Small ones are changed, and run, more often.
const LARGEST: usize = 8 << 10;

/// Lines of recorded instructions in an input.
const INSTRUCTIONS: usize = 40;

/// Random programs beside those of the tests.
const PROGRAMS: u64 = 40;

/// Returns the files of all tests and examples.
fn archives() -> impl Iterator<Item = Archive> {
    let tests = files(&root().join("tests"), ".txtar").into_iter();
    let tests = tests.map(|file| Archive::parse(&text(&file)));
    let mut folders: Vec<_> = files(&root().join("examples"), ".go");
    folders.extend(files(&root().join("examples"), ".s"));
    let mut folders: Vec<_> = folders
        .iter()
        .filter_map(|file| Some(file.parent()?.to_owned()))
        .collect();
    folders.dedup();
    tests.chain(
        folders
            .into_iter()
            .filter_map(|folder| Archive::of_example(&folder).ok()),
    )
}

fn text(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

/// Sorts inputs and removes those that are too large or there twice.
fn usable(inputs: impl Iterator<Item = String>) -> Vec<Vec<u8>> {
    let mut inputs: Vec<Vec<u8>> = inputs
        .filter(|input| !input.is_empty() && input.len() <= LARGEST)
        .map(String::into_bytes)
        .collect();
    inputs.sort();
    inputs.dedup();
    inputs
}

/// Returns the sections that are files with an extension.
fn sections(extension: &str) -> impl Iterator<Item = String> {
    archives().flat_map(move |archive| {
        let sections = archive.sections.into_iter();
        sections
            .filter(move |(name, _)| name.ends_with(extension))
            .map(|(_, text)| text)
    })
}

/// Returns Go files.
pub fn go() -> Vec<Vec<u8>> {
    usable(sections(".go").chain(random()))
}

/// Returns Go files that are programs.
pub fn programs() -> Vec<Vec<u8>> {
    let whole = archives().filter_map(|archive| {
        let is_go = |name: &str| name.ends_with(".go");
        let mut go = archive.sections.into_iter().filter(|(name, _)| is_go(name));
        match (go.next(), go.next()) {
            (Some((_, text)), None) => Some(text),
            _ => None,
        }
    });
    let is_program = |text: &String| text.contains("package main") && text.contains("rint");
    usable(whole.filter(is_program).chain(random()))
}

/// Returns small random programs.
fn random() -> impl Iterator<Item = String> {
    (0..PROGRAMS).map(|seed| {
        program(
            seed,
            Style {
                all_integers: seed % 2 == 0,
                calls: true,
                globals: true,
                main: true,
                functions: 1 + seed as usize % 3,
            },
        )
    })
}

/// Returns assembly files, and the recorded instructions in pieces.
pub fn assembly() -> Vec<Vec<u8>> {
    let recorded = files(&root().join("tests/obj"), ".txt")
        .into_iter()
        .flat_map(|file| {
            let text = text(&file);
            let lines: Vec<&str> = text.lines().collect();
            let function =
                |lines: &[&str]| format!("TEXT ·f(SB), 4, $16-8\n\t{}\n", lines.join("\n\t"));
            lines.chunks(INSTRUCTIONS).map(function).collect::<Vec<_>>()
        });
    let runtime = files(&root().join("crates"), ".s").into_iter();
    let runtime = runtime.map(|file| text(&file));
    usable(sections(".s").chain(runtime).chain(recorded))
}

/// Returns objects of small packages, for both systems.
pub fn objects() -> Vec<Vec<u8>> {
    let mut objects = Vec::new();
    for text in go().iter().step_by(8) {
        for target in [Target::Linux, Target::Darwin] {
            let options = Options {
                target,
                listing: false,
                rows: false,
                ..Options::default()
            };
            let built = minigo::compile(&[Source::new("x.go", text.as_slice())], &options);
            objects.extend(built.and_then(|built| built.object("x.o")));
        }
    }
    objects.retain(|object| object.len() <= 2 * LARGEST);
    objects
}

/// Returns packages with assembly as txtar archives of their files.
pub fn packages() -> Vec<Vec<u8>> {
    let packages = archives().filter_map(|archive| {
        let sections: Vec<_> = archive.package().into_iter().cloned().collect();
        let package = Archive {
            comment: String::new(),
            sections,
        };
        (!package.sections.is_empty()).then(|| package.render())
    });
    usable(packages)
}
