//! `minigo asm`: what `go tool asm` does, with an ELF object as its result.
//!
//! Messages, the listing and the closing lines are those of `go tool asm` (gc: cmd/asm/main.go).

use std::path::Path;

use minigo_base::{GoVersion, PosTable};
use minigo_link::{Paths, Program};
use minigo_obj::{LSym, SymTable, Unit, asm, assemble, list};

use crate::build::Failure;
use crate::flags::Asm;
use crate::target::Target;

/// What a run of the assembler gives.
pub struct Assembled {
    /// The listing, if it was asked for.
    pub listing: String,
    /// The relocatable object.
    pub object: Vec<u8>,
}

/// Assembles the files of the command line to one object for `target`.
///
/// # Errors
///
/// Messages about the text, as `go tool asm` prints them, and files that cannot be read.
pub fn run(flags: &Asm, target: Target) -> Result<Assembled, Failure> {
    let mut syms = SymTable::new();
    let mut files = PosTable::default();
    let defines: Vec<(&str, &str)> = flags
        .define
        .iter()
        .map(|define| define.split_once('=').unwrap_or((define, "1")))
        .collect();
    let mut read = Vec::new();
    for path in &flags.files {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|err| Failure::Environment(format!("{name}: {err}")))?;
        let shown = match flags.trimpath.as_deref() {
            Some(prefix) => path.strip_prefix(prefix).unwrap_or(path),
            _ => path,
        };
        let shown = shown.display().to_string();
        let include = |file: &str| find_include(flags, path, file);
        let file = asm::read(&shown, &text, &defines, &include, &mut syms, &mut files).map_err(
            |messages| Failure::Program(format!("{messages}asm: assembly of {name} failed\n")),
        )?;
        read.push(file);
    }
    let unit = Unit {
        hand_written: true,
        ..Unit::new(&syms, &files, GoVersion::GO1_15)
    };
    let mut symbols: Vec<LSym> = Vec::new();
    let mut constants = Vec::new();
    let mut errors = String::new();
    for file in read {
        for f in file.texts {
            match assemble(f, &unit) {
                Ok(symbol) => symbols.push(symbol),
                Err(messages) => {
                    for message in messages {
                        errors.push_str(&format!("asm: {message}\n"));
                    }
                }
            }
        }
        symbols.extend(file.data);
        constants.extend(file.constants);
    }
    if !errors.is_empty() {
        return Err(Failure::Program(format!("{errors}asm: assembly failed\n")));
    }
    let mut listing = String::new();
    if flags.listing {
        for symbol in &symbols {
            list::write_symbol(&mut listing, symbol, &unit);
        }
    }
    let program = Program {
        syms: &syms,
        package: flags.package.as_deref().unwrap_or("main"),
        paths: &Paths::default(),
        symbols: symbols.iter().chain(&constants).collect(),
    };
    let name = flags.files[0].display().to_string();
    let object = minigo_link::object::object(&program, &target.triple(), &name)
        .map_err(|err| Failure::Program(format!("{err}\n")))?;
    Ok(Assembled { listing, object })
}

/// The text of an included file: beside the file that includes it, then in the folders of `-I`.
fn find_include(flags: &Asm, includer: &Path, name: &str) -> Result<String, String> {
    let beside = includer.parent().unwrap_or(Path::new(""));
    let folders = std::iter::once(beside).chain(flags.include.iter().map(|path| path.as_path()));
    for folder in folders {
        if let Ok(text) = std::fs::read_to_string(folder.join(name)) {
            return Ok(text);
        }
    }
    Err(format!("open {name}: no such file or directory"))
}
