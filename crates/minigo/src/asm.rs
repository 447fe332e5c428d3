//! `minigo asm`: what `go tool asm` does, with an ELF object as its result.
//!
//! Messages, the listing and the closing lines are those of `go tool asm` (gc: cmd/asm/main.go).

use std::fs::File;
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use minigo_base::path::clean;
use minigo_base::{PosTable, unicode};
use minigo_link::object::Writer;
use minigo_link::{LinkError, Paths, Program};
use minigo_obj::{CodeModel, FuncText, LSym, SymTable, Unit, asm, dialect, list};

use crate::attempts::Attempts;
use crate::build::Failure;
use crate::flags::Asm;
use crate::target::Target;

/// What a run of the assembler gives.
pub struct Assembled {
    /// What goes to standard output: the listing, if it was asked for.
    pub listing: Vec<u8>,
    /// What is wrong, and what looks wrong but is accepted, one message a line.
    pub messages: String,
    /// There was no mistake.
    pub ok: bool,
}

/// `go tool asm` ends without writing out the rest of its buffer if there was a mistake, so that of a listing
/// there are only whole blocks.
const LISTING_BLOCK: usize = 4096;

/// The `go tool asm` that is followed.
const RELEASE: &str = "go1.15.15";

/// Messages and the object of the files so far.
struct Output<'a> {
    package: &'a str,
    paths: &'a Paths,
    object: Writer<BufWriter<&'a mut File>>,
    /// What is wrong with the object.
    broken: Option<LinkError>,
    constants: Vec<LSym>,
    /// What goes to standard output before the listing.
    printed: String,
    listing: String,
    messages: String,
    failed: bool,
}

impl Output<'_> {
    /// Adds a function to the object, of which nothing is left after a mistake.
    fn add(&mut self, function: LSym, syms: &SymTable) {
        if self.failed || self.broken.is_some() {
            return;
        }
        let program = Program {
            syms,
            package: self.package,
            paths: self.paths,
            symbols: Vec::new(),
            runtime: None,
        };
        self.broken = self.object.add(&program, function).err();
    }
}

/// What `-shared`, `-dynlink` and `-spectre` ask for.
fn code_model(flags: &Asm) -> CodeModel {
    CodeModel {
        shared: flags.shared || flags.dynlink,
        dynlink: flags.dynlink,
        retpoline: matches!(flags.spectre.as_str(), "all" | "ret"),
    }
}

/// What `-V` prints: a line that build systems take apart, with the version of `go tool asm` that this stands for.
pub fn version() -> String {
    let own = env!("CARGO_PKG_VERSION");
    format!("asm version {RELEASE} minigo {own}\n")
}

/// Looks at flags that `go tool asm` checks itself.
///
/// # Errors
///
/// The line that it prints.
pub fn check(flags: &Asm) -> Result<(), String> {
    if !matches!(flags.spectre.as_str(), "" | "index" | "all" | "ret") {
        return Err(format!("unknown setting -spectre={}", flags.spectre));
    }
    for (name, _) in flags.define.iter().map(|define| macro_of(define)) {
        let is_letter = |c: char| unicode::is_letter(c) || matches!(c, '_' | '\u{b7}' | '\u{2215}');
        let is_part = |c: char| is_letter(c) || unicode::is_digit(c);
        if !(name.starts_with(is_letter) && name.chars().all(is_part)) {
            let quoted = unicode::quote(name.as_bytes());
            return Err(format!(
                "parsing -D: {quoted} is not a valid identifier name"
            ));
        }
    }
    if flags.files.len() > 1 && flags.output.is_none() {
        return Err("several files need -o".to_owned());
    }
    Ok(())
}

/// The macro that `-D` defines, and its text.
fn macro_of(define: &str) -> (&str, &str) {
    define
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .unwrap_or((define, "1"))
}

/// The functions that the files define and refer to, as `-gensymabis` writes them, and messages on the way.
///
/// # Errors
///
/// Messages about the text, as `go tool asm` prints them, and files that cannot be read.
pub fn symabis(flags: &Asm) -> Result<(String, String), Failure> {
    let (mut text, mut messages) = (String::new(), String::new());
    for path in &flags.files {
        let defines: Vec<(&str, &str)> = flags.define.iter().map(|d| macro_of(d)).collect();
        let includes = |file: &str| find_include(flags, path, file);
        let options = options(flags, &defines, &includes);
        let name = path.display().to_string();
        let read = open(path).and_then(|file| {
            let read = asm::symabis(&name, Box::new(file), &options);
            read.map_err(|failed| failed.messages(&name))
        });
        let (lines, said) =
            read.map_err(|said| Failure::Program(std::mem::take(&mut messages) + &said))?;
        text.push_str(&lines);
        messages.push_str(&said);
    }
    Ok((text, messages))
}

fn options<'a>(
    flags: &Asm,
    defines: &'a [(&'a str, &'a str)],
    includes: asm::Includes<'a>,
) -> asm::Options<'a> {
    asm::Options {
        defines,
        includes,
        all_errors: flags.all_errors,
        lenient: false,
        only_code: !flags.listing && code_model(flags) == CodeModel::default(),
    }
}

/// Opens a file, or says why it can't.
fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|err| format!("asm: open {}: {}\n", path.display(), asm::reason(&err)))
}

/// Assembles the files of the command line to one object for `target`, which is written to `file`. After a
/// mistake, that is of no use.
///
/// # Errors
///
/// An object that cannot be made or written.
pub fn run(flags: &Asm, target: Target, file: &mut File) -> Result<Assembled, Failure> {
    let mut syms = SymTable::new();
    let mut files = PosTable::default();
    let name = flags.files[0].display().to_string();
    let mut output = Output {
        package: flags.package.as_deref().unwrap_or("main"),
        paths: &Paths::default(),
        object: Writer::new(
            &target.triple(),
            &name,
            BufWriter::with_capacity(1 << 16, file),
        ),
        broken: None,
        constants: Vec::new(),
        printed: String::new(),
        listing: String::new(),
        messages: String::new(),
        failed: false,
    };
    code_model(flags).intern(&mut syms);
    let mut variables = asm::Variables::default();
    for path in &flags.files {
        let read = read(
            flags,
            path,
            &mut syms,
            &mut files,
            &mut variables,
            &mut output,
        );
        if read.is_break() {
            return Ok(Assembled {
                listing: output.printed.into_bytes(),
                messages: output.messages,
                ok: false,
            });
        }
    }
    let data = variables.collect(&mut syms);
    if flags.listing {
        let unit = unit(flags, &syms, &files);
        for symbol in &data {
            list::write_symbol(&mut output.listing, symbol, &unit);
        }
    }
    let mut listing = output.listing.into_bytes();
    if output.failed {
        output.messages.push_str("asm: assembly failed\n");
        listing.truncate(listing.len() / LISTING_BLOCK * LISTING_BLOCK);
        listing = [output.printed.into_bytes(), listing].concat();
    } else {
        let program = Program {
            syms: &syms,
            package: output.package,
            paths: output.paths,
            symbols: data.iter().chain(&output.constants).collect(),
            runtime: None,
        };
        let written = match output.broken {
            Some(err) => Err(err),
            None => output.object.finish(&program),
        };
        written.map_err(|err| Failure::Program(format!("{err}\n")))?;
    }
    Ok(Assembled {
        listing,
        messages: output.messages,
        ok: !output.failed,
    })
}

/// Hand-written code of Go 1.15.
fn unit<'a>(flags: &Asm, syms: &'a SymTable, files: &'a PosTable) -> Unit<'a> {
    Unit {
        hand_written: true,
        tracebacks: false,
        model: code_model(flags),
        ..Unit::new(syms, files, &dialect::GO1_15)
    }
}

/// Assembles a file. Each function is done when its end is reached, and its instructions are dropped. There is
/// nothing more to do after a mistake in reading.
fn read(
    flags: &Asm,
    path: &Path,
    syms: &mut SymTable,
    files: &mut PosTable,
    variables: &mut asm::Variables,
    output: &mut Output,
) -> ControlFlow<()> {
    let name = path.display().to_string();
    let text = match open(path) {
        Ok(text) => text,
        Err(message) => {
            output.messages.push_str(&message);
            return ControlFlow::Break(());
        }
    };
    let defines: Vec<(&str, &str)> = flags.define.iter().map(|d| macro_of(d)).collect();
    let includes = |file: &str| find_include(flags, path, file);
    let options = options(flags, &defines, &includes);
    // Messages about encoding count only if there are none about the text.
    let mut attempts = Attempts::after(output.failed);
    let mut each = |f: FuncText, syms: &SymTable, files: &PosTable| {
        if attempts.fatal {
            return;
        }
        let unit = unit(flags, syms, files);
        let mut symbol = attempts.add(f, &unit);
        if flags.listing {
            list::write_symbol(&mut output.listing, &symbol, &unit);
        }
        symbol.text = None;
        if attempts.is_ok() {
            output.add(symbol, syms);
        }
    };
    let text = Box::new(text);
    match asm::read_each(&name, text, &options, syms, files, variables, &mut each) {
        Ok(mut read) => {
            let (fatal, is_ok) = (attempts.fatal, attempts.is_ok());
            output.messages.push_str(&read.messages);
            output.messages.push_str(&attempts.messages());
            output.printed.push_str(&read.printed);
            if fatal {
                return ControlFlow::Break(());
            }
            output.failed |= read.has_mistakes || !is_ok;
            output.constants.append(&mut read.constants);
            ControlFlow::Continue(())
        }
        Err(failed) => {
            output.printed.push_str(&failed.printed);
            output.messages.push_str(&failed.messages(&name));
            ControlFlow::Break(())
        }
    }
}

/// An included file: by its name alone, beside the file of the command line, then in the folders of `-I`. The message
/// names the last place (gc: lex/input.go, include).
fn find_include(flags: &Asm, includer: &Path, name: &str) -> Result<asm::Reader<'static>, String> {
    let beside = includer.parent().unwrap_or(Path::new("")).to_owned();
    let below = |folder: &PathBuf| clean(folder.join(name.trim_start_matches('/')));
    let mut last = PathBuf::from(name);
    for next in [&beside].into_iter().chain(&flags.include) {
        if let Ok(file) = File::open(&last) {
            return Ok(Box::new(file));
        }
        last = below(next);
    }
    match File::open(&last) {
        Ok(file) => Ok(Box::new(file)),
        Err(err) => Err(format!("open {}: {}", last.display(), asm::reason(&err))),
    }
}
