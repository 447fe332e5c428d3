//! `minigo asm`: what `go tool asm` does, with an ELF object as its result.
//!
//! Messages, the listing and the closing lines are those of `go tool asm` (gc: cmd/asm/main.go).

use std::path::Path;

use minigo_base::{GoVersion, PosTable};
use minigo_link::{Paths, Program};
use minigo_obj::{Attempt, FuncText, LSym, SymTable, Unit, asm, attempt, list};

use crate::build::Failure;
use crate::flags::Asm;
use crate::target::Target;

/// What a run of the assembler gives.
pub struct Assembled {
    /// What goes to standard output: the listing, if it was asked for.
    pub listing: Vec<u8>,
    /// What is wrong, and what looks wrong but is accepted, one message a line.
    pub messages: String,
    /// The relocatable object; none after a mistake.
    pub object: Option<Vec<u8>>,
}

/// `go tool asm` ends without writing out the rest of its buffer if there was a mistake, so that of a listing
/// there are only whole blocks.
const LISTING_BLOCK: usize = 4096;

/// Functions, variables and messages of the files so far.
#[derive(Default)]
struct Output {
    functions: Vec<LSym>,
    data: Vec<LSym>,
    constants: Vec<LSym>,
    listing: String,
    messages: String,
    failed: bool,
}

/// Assembles the files of the command line to one object for `target`.
///
/// # Errors
///
/// Messages about the text, as `go tool asm` prints them, and files that cannot be read.
pub fn run(flags: &Asm, target: Target) -> Result<Assembled, Failure> {
    let mut syms = SymTable::new();
    let mut files = PosTable::default();
    let mut output = Output::default();
    for path in &flags.files {
        read(flags, path, &mut syms, &mut files, &mut output)?;
    }
    let Output {
        functions,
        data,
        constants,
        mut listing,
        mut messages,
        failed,
    } = output;
    if flags.listing {
        let unit = unit(&syms, &files);
        for symbol in &data {
            list::write_symbol(&mut listing, symbol, &unit);
        }
    }
    let mut listing = listing.into_bytes();
    if failed {
        messages.push_str("asm: assembly failed\n");
        listing.truncate(listing.len() / LISTING_BLOCK * LISTING_BLOCK);
        return Ok(Assembled {
            listing,
            messages,
            object: None,
        });
    }
    let program = Program {
        syms: &syms,
        package: flags.package.as_deref().unwrap_or("main"),
        paths: &Paths::default(),
        symbols: functions.iter().chain(&data).chain(&constants).collect(),
    };
    let name = flags.files[0].display().to_string();
    let object = minigo_link::object::object(&program, &target.triple(), &name)
        .map_err(|err| Failure::Program(format!("{err}\n")))?;
    Ok(Assembled {
        listing,
        messages,
        object: Some(object),
    })
}

/// Hand-written code of Go 1.15.
fn unit<'a>(syms: &'a SymTable, files: &'a PosTable) -> Unit<'a> {
    Unit {
        hand_written: true,
        tracebacks: false,
        ..Unit::new(syms, files, GoVersion::GO1_15)
    }
}

/// Assembles a file. Each function is done when its end is reached, and its instructions are dropped.
fn read(
    flags: &Asm,
    path: &Path,
    syms: &mut SymTable,
    files: &mut PosTable,
    output: &mut Output,
) -> Result<(), Failure> {
    let name = path.display().to_string();
    let text =
        std::fs::File::open(path).map_err(|err| Failure::Environment(format!("{name}: {err}")))?;
    let defines: Vec<(&str, &str)> = flags
        .define
        .iter()
        .map(|define| define.split_once('=').unwrap_or((define, "1")))
        .collect();
    let options = asm::Options {
        defines: &defines,
        includes: &|file| find_include(flags, path, file),
        all_errors: flags.all_errors,
        lenient: false,
        only_code: !flags.listing,
    };
    // Messages about encoding count only if there are none about the text.
    let mut errors = String::new();
    let mut each = |f: FuncText, syms: &SymTable, files: &PosTable| {
        let unit = unit(syms, files);
        let Attempt {
            mut symbol,
            errors: mistakes,
        } = attempt(f, &unit);
        if flags.listing {
            list::write_symbol(&mut output.listing, &symbol, &unit);
        }
        symbol.text = None;
        output.functions.push(symbol);
        for message in mistakes {
            errors.push_str(&format!("asm: {message}\n"));
        }
    };
    match asm::read_each(&name, Box::new(text), &options, syms, files, &mut each) {
        Ok(mut read) => {
            output.messages.push_str(&read.messages);
            output.messages.push_str(&errors);
            output.failed |= read.has_mistakes || !errors.is_empty();
            output.data.append(&mut read.data);
            output.constants.append(&mut read.constants);
            Ok(())
        }
        Err(asm::Failed { messages, fatal }) => {
            let before = &output.messages;
            let end = match fatal {
                true => String::new(),
                false => format!("asm: assembly of {name} failed\n"),
            };
            Err(Failure::Program(format!("{before}{messages}{end}")))
        }
    }
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
