//! The targets `go` and `link`: packages through the whole pipeline.

use minigo::{Built, Failure, GoVersion, Options, Source, Target, Tool};
use object::{Object, ObjectSection, ObjectSymbol};

use crate::package;

/// Compiles Go text to its listing, as each version, plain, without inlining and without optimization.
pub fn listings(input: &[u8]) {
    let sources = [Source::new("x.go", input)];
    for version in Tool::Compiler.versions() {
        let plain = Options {
            version,
            explain: 2,
            ..Options::default()
        };
        if let Err(failure) = minigo::check(&sources, &plain) {
            // The text of messages and their excerpts.
            let _ = failure.to_string();
            continue;
        }
        for (optimize, inline) in [(true, true), (true, false), (false, true)] {
            let options = Options {
                optimize,
                inline,
                ..plain.clone()
            };
            match minigo::compile(&sources, &options) {
                Ok(built) => built.listing().for_each(drop),
                Err(failure) => drop(failure.to_string()),
            }
        }
    }
}

/// Makes a file of a package.
type Output = fn(Built) -> Result<Vec<u8>, Failure>;

/// Makes objects and executables of a package, as each version, and reads them back.
pub fn binaries(input: &[u8]) {
    let package = package::Files::read(input);
    let sources: Vec<Source> = package.sources().collect();
    for version in Tool::Compiler.versions() {
        for (options, output) in outputs(version) {
            let Ok(built) = minigo::compile(&sources, &options) else {
                break;
            };
            match output(built) {
                Ok(file) => assert!(can_be_read(&file), "not an object: {options:?}"),
                Err(failure) => drop(failure.to_string()),
            }
        }
    }
}

/// Returns the kinds of files that a package becomes. The flags differ so that all are there.
fn outputs(version: GoVersion) -> [(Options, Output); 4] {
    let options = Options {
        version,
        listing: false,
        rows: false,
        // The target `go` checks the passes.
        debug: vec!["ssa/check/off".to_owned()],
        ..Options::default()
    };
    [
        (options.clone(), Built::executable),
        (
            Options {
                optimize: false,
                ..options.clone()
            },
            |built| built.object("x.o"),
        ),
        (
            Options {
                target: Target::Darwin,
                ..options.clone()
            },
            |built| built.object("x.o"),
        ),
        (
            Options {
                inline: false,
                ..options
            },
            |built| built.program_object("x.o"),
        ),
    ]
}

/// Reports whether all sections, symbols and relocations of an object or executable can be read.
fn can_be_read(file: &[u8]) -> bool {
    let Ok(file) = object::File::parse(file) else {
        return false;
    };
    let mut sections = file.sections();
    let mut symbols = file.symbols();
    sections.all(|section| {
        section.relocations().for_each(drop);
        section.data().is_ok() && section.name().is_ok()
    }) && symbols.all(|symbol| symbol.name().is_ok())
}
