//! `minigo asm`: assembles files as `go tool asm` does, to an ELF or Mach-O object.
//!
//! Messages, the listing and the closing lines are those of `go tool asm` (gc: cmd/asm/main.go).

use std::cell::RefCell;
use std::fs::File;
use std::io::{Seek, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use minigo_base::path::clean;
use minigo_base::{GoVersion, Message, PosTable};
use minigo_link::object::Writer;
use minigo_link::{Debugging, LinkError, Paths, Program};
use minigo_obj::{Attrs, CodeModel, Dialect, FuncText, LSym, SymTable, Unit, asm};
use minigo_story::Lang;
use minigo_story::json;
use minigo_story::why::{self, Form, Known};

use crate::built::{self, unlinkable};
use crate::excerpts;
use crate::failure::Failure;
use crate::file_assembler::FileAssembler;
use crate::files;
use crate::profile::Assembler;
use crate::stack;
use crate::target::Target;

/// How to assemble. The default is what `minigo asm` does without flags.
#[derive(Clone, Debug)]
pub struct Options {
    /// The current folder, where relative names of files start.
    pub folder: PathBuf,
    /// The version of Go whose assembler to follow.
    pub version: GoVersion,
    /// The package's path (`-p`), if it is known.
    pub package: Option<String>,
    /// Folders of included files (`-I`).
    pub include: Vec<PathBuf>,
    /// Macros and their texts (`-D`).
    pub defines: Vec<(String, String)>,
    /// Report all errors, not only eleven (`-e`).
    pub all_errors: bool,
    /// Print instructions as they are read (`-debug`).
    pub debug: bool,
    /// Write the listing (`-S`).
    pub listing: bool,
    /// Keep the listing as data instead of as text (`-json`).
    pub json: bool,
    /// Say in the listing why each line is there.
    pub why: Option<(Form, Lang)>,
    /// Put debugging information into the object (`-g`).
    pub debugging: bool,
    /// The prefix to cut off the names of files in debugging information (`-trimpath`).
    pub trimpath: String,
    /// How code refers to symbols (`-shared`, `-dynlink`, `-spectre`).
    pub model: CodeModel,
    /// The system that the object is for.
    pub target: Target,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            folder: PathBuf::new(),
            version: GoVersion::default(),
            package: None,
            include: Vec::new(),
            defines: Vec::new(),
            all_errors: false,
            debug: false,
            listing: false,
            json: false,
            why: None,
            debugging: false,
            trimpath: String::new(),
            model: CodeModel::default(),
            target: Target::default(),
        }
    }
}

/// The result of a run of the assembler.
pub struct Assembled {
    /// The text for standard output: the listing, if it was asked for.
    pub listing: Vec<u8>,
    /// The listing as data, if it was asked for.
    pub symbols: json::Symbols,
    /// Errors and warnings.
    pub messages: Vec<Message>,
    /// There are no errors.
    pub ok: bool,
}

/// `go tool asm` exits without flushing its buffer after an error, so that only whole blocks of a listing are
/// written.
const LISTING_BLOCK: usize = 4096;

/// The package of objects whose package is not known.
const DEFAULT_PACKAGE: &str = "main";

/// Messages and the object of the files so far.
struct Output<'a, W: Write + Seek> {
    link: &'static minigo_link::Profile,
    package: &'a str,
    paths: &'a Paths,
    debugging: Option<Debugging<'static>>,
    object: Writer<W>,
    /// Why the object can't be made.
    broken: Option<LinkError>,
    constants: Vec<LSym>,
    /// The text for standard output before the listing.
    printed: String,
    listing: String,
    symbols: json::Symbols,
    messages: String,
    failed: bool,
}

impl<W: Write + Seek> Output<'_, W> {
    /// Adds a function to the object, which is given up after a mistake.
    fn add(&mut self, function: LSym, syms: &SymTable) {
        if self.failed || self.broken.is_some() {
            return;
        }
        let program = Program {
            profile: self.link,
            syms,
            package: self.package,
            paths: self.paths,
            symbols: Vec::new(),
            runtime: None,
            debugging: self.debugging,
            symbol_table: true,
        };
        self.broken = self.object.add(&program, function).err();
    }

    /// Adds a symbol to the listing.
    fn list(&mut self, symbol: &LSym, unit: &Unit, options: &Options) {
        if !options.json {
            return why::write_written(&mut self.listing, symbol, unit, options.why);
        }
        let package = json::Package {
            name: package(options),
            folder: &options.folder,
        };
        let known = options.why.map(|_| Known::default());
        self.symbols.add(symbol, unit, &package, known);
    }
}

/// The functions that files define and refer to.
pub struct Symabis {
    /// The text that `-gensymabis` writes.
    pub text: String,
    /// Warnings.
    pub messages: Vec<Message>,
    /// The files that were read because others include them.
    pub included: Vec<PathBuf>,
}

/// Returns the functions that the files define and refer to.
///
/// # Errors
///
/// Mistakes in the text, and files that can't be read, as `go tool asm` reports them.
pub fn symabis(files: &[PathBuf], options: &Options) -> Result<Symabis, Failure> {
    let assembler = Assembler::of(options.version).map_err(Failure::Environment)?;
    let dialect = assembler.dialect;
    stack::with_large(|| {
        let (mut text, mut messages) = (String::new(), String::new());
        let included = RefCell::new(Vec::new());
        for path in files {
            let defines = defines(options);
            let includes = |file: &str| {
                let (path, file) = find_include(options, path, file)?;
                included.borrow_mut().push(path);
                Ok(Box::new(file) as asm::Reader)
            };
            let reading = reading(options, dialect, &defines, &includes);
            let name = shown(path);
            let read = open(options, path).and_then(|file| {
                let package = package(options);
                let read = asm::symabis(&name, file, package, &reading);
                read.map_err(|failed| failed.messages(&name))
            });
            let (lines, warnings) =
                read.map_err(|errors| Failure::program(&(messages.clone() + &errors)))?;
            text.push_str(&lines);
            messages.push_str(&warnings);
        }
        Ok(Symabis {
            text,
            messages: Message::read_all(&messages),
            included: included.into_inner(),
        })
    })
}

/// Returns the release of Go whose assembler stands for a version: `go1.15.15`.
///
/// # Errors
///
/// minigo doesn't assemble as this version does.
pub fn release(version: GoVersion) -> Result<&'static str, String> {
    Ok(Assembler::of(version)?.dialect.assembly.release)
}

/// Returns the package's path; empty if it is not known.
fn package(options: &Options) -> &str {
    options.package.as_deref().unwrap_or_default()
}

fn defines(options: &Options) -> Vec<(&str, &str)> {
    let defines = options.defines.iter();
    defines.map(|(name, text)| (&**name, &**text)).collect()
}

fn reading<'a>(
    options: &Options,
    dialect: &'static Dialect,
    defines: &'a [(&'a str, &'a str)],
    includes: asm::Includes<'a>,
) -> asm::Options<'a> {
    let is_plain = !options.listing && !options.debugging && options.model == CodeModel::default();
    asm::Options {
        dialect,
        defines,
        includes,
        all_errors: options.all_errors,
        lenient: false,
        body: match is_plain {
            _ if options.debug => asm::Body::Printed,
            true => asm::Body::Encoded,
            false => asm::Body::Instructions,
        },
    }
}

/// Opens a file, or standard input.
///
/// # Errors
///
/// The message of `go tool asm`.
fn open(options: &Options, path: &Path) -> Result<asm::Reader<'static>, String> {
    if files::is_stdin(path) {
        return Ok(Box::new(std::io::stdin()));
    }
    match File::open(options.folder.join(path)) {
        Ok(file) => Ok(Box::new(file)),
        Err(err) => Err(format!(
            "asm: open {}: {}\n",
            path.display(),
            asm::reason(&err)
        )),
    }
}

/// Returns the name of a file in messages and listings.
fn shown(path: &Path) -> String {
    match files::is_stdin(path) {
        true => files::STDIN.to_owned(),
        false => path.display().to_string(),
    }
}

/// Assembles files to one object, which is written to `object` piece by piece. After a mistake, what was written is of
/// no use.
///
/// # Errors
///
/// An object that can't be made or written. Mistakes in the text are [`Assembled::messages`].
pub fn assemble<W: Write + Seek + Send>(
    files: &[PathBuf],
    options: &Options,
    object: W,
) -> Result<Assembled, Failure> {
    let assembler = Assembler::of(options.version).map_err(Failure::Environment)?;
    stack::with_large(|| assemble_files(files, options, assembler, object))
}

fn assemble_files<W: Write + Seek>(
    paths: &[PathBuf],
    options: &Options,
    assembler: Assembler,
    object: W,
) -> Result<Assembled, Failure> {
    let dialect = assembler.dialect;
    let mut syms = SymTable::with_naming(&dialect.naming, package(options));
    let mut files = PosTable::default();
    let Some(first) = paths.first() else {
        return Err(Failure::Environment("no assembly files".to_owned()));
    };
    let names = Paths {
        folder: options.folder.clone(),
        rewrites: options.trimpath.clone(),
        complete: Vec::new(),
    };
    let mut output = Output {
        link: assembler.link,
        package: options.package.as_deref().unwrap_or(DEFAULT_PACKAGE),
        paths: &names,
        debugging: options.debugging.then_some(built::DEBUGGING),
        object: Writer::new(&options.target.triple(), &shown(first), object),
        broken: None,
        constants: Vec::new(),
        printed: String::new(),
        listing: String::new(),
        symbols: json::Symbols::default(),
        messages: String::new(),
        failed: false,
    };
    options.model.intern(&mut syms);
    let mut variables = asm::Variables::default();
    for path in paths {
        let read = read(
            options,
            dialect,
            path,
            &mut syms,
            &mut files,
            &mut variables,
            &mut output,
        );
        if read.is_break() {
            return Ok(Assembled {
                listing: output.printed.into_bytes(),
                symbols: json::Symbols::default(),
                messages: messages(&output.messages, options),
                ok: false,
            });
        }
    }
    let data = variables.collect(&mut syms);
    if dialect.assembly.lists_constants {
        let name = |symbol: &LSym| symbol.sym.map(|sym| syms.name(sym));
        output.constants.sort_by(|a, b| name(a).cmp(&name(b)));
    }
    if options.listing {
        let unit = unit(options, dialect, &syms, &files);
        for symbol in &data {
            output.list(symbol, &unit, options);
        }
        let constants = output.constants.iter();
        let constants = constants.filter(|_| dialect.assembly.lists_constants);
        let listed = constants.map(|constant| LSym {
            // Equal content makes them equal, not a mark.
            attrs: constant.attrs.without(Attrs::DUPOK),
            ..constant.clone()
        });
        for constant in listed.collect::<Vec<_>>() {
            output.list(&constant, &unit, options);
        }
    }
    let mut listing = output.listing.into_bytes();
    if output.failed {
        output.messages.push_str("asm: assembly failed\n");
        listing.truncate(listing.len() / LISTING_BLOCK * LISTING_BLOCK);
    } else {
        let program = Program {
            profile: assembler.link,
            syms: &syms,
            package: output.package,
            paths: output.paths,
            symbols: data.iter().chain(&output.constants).collect(),
            runtime: None,
            debugging: output.debugging,
            symbol_table: true,
        };
        let written = match output.broken {
            Some(err) => Err(err),
            None => output.object.finish(&program),
        };
        written.map_err(unlinkable)?;
    }
    if !output.printed.is_empty() {
        listing = [output.printed.into_bytes(), listing].concat();
    }
    Ok(Assembled {
        listing,
        symbols: output.symbols,
        messages: messages(&output.messages, options),
        ok: !output.failed,
    })
}

/// Returns messages with their source lines.
fn messages(text: &str, options: &Options) -> Vec<Message> {
    let mut messages = Message::read_all(text);
    excerpts::add(&mut messages, |file| {
        std::fs::read_to_string(options.folder.join(file)).ok()
    });
    messages
}

/// Returns the unit of hand-written code.
fn unit<'a>(
    options: &Options,
    dialect: &'static Dialect,
    syms: &'a SymTable,
    files: &'a PosTable,
) -> Unit<'a> {
    Unit {
        hand_written: true,
        // Debugging information is made of the tables for tracebacks.
        tracebacks: options.debugging,
        debugging: options.debugging,
        model: options.model,
        ..Unit::new(syms, files, dialect)
    }
}

/// Assembles a file, function by function, without keeping instructions. A mistake in reading ends the run.
fn read<W: Write + Seek>(
    options: &Options,
    dialect: &'static Dialect,
    path: &Path,
    syms: &mut SymTable,
    files: &mut PosTable,
    variables: &mut asm::Variables,
    output: &mut Output<W>,
) -> ControlFlow<()> {
    let name = shown(path);
    let text = match open(options, path) {
        Ok(text) => text,
        Err(message) => {
            output.messages.push_str(&message);
            return ControlFlow::Break(());
        }
    };
    let defines = defines(options);
    let includes = |file: &str| {
        let (_, file) = find_include(options, path, file)?;
        Ok(Box::new(file) as asm::Reader)
    };
    let reading = reading(options, dialect, &defines, &includes);
    // Messages about encoding count only if there are none about the text.
    let mut assembler = FileAssembler::after(output.failed);
    let mut each = |f: FuncText, syms: &SymTable, files: &PosTable| {
        if assembler.fatal {
            return;
        }
        let unit = unit(options, dialect, syms, files);
        let mut symbol = assembler.add(f, &unit);
        if options.listing {
            output.list(&symbol, &unit, options);
        }
        symbol.text = None;
        if assembler.is_ok() {
            output.add(symbol, syms);
        }
    };
    match asm::read_each(&name, text, &reading, syms, files, variables, &mut each) {
        Ok(mut read) => {
            let (fatal, is_ok) = (assembler.fatal, assembler.is_ok());
            output.messages.push_str(&read.messages);
            output.messages.push_str(&assembler.messages());
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

/// Opens an included file: by its name alone, beside the file that is assembled, then in the folders of
/// [`Options::include`]. Returns its path, too. The message names the last place (gc: lex/input.go, include).
fn find_include(options: &Options, includer: &Path, name: &str) -> Result<(PathBuf, File), String> {
    let beside = includer.parent().unwrap_or(Path::new("")).to_owned();
    let below = |folder: &PathBuf| clean(folder.join(name.trim_start_matches('/')));
    let mut last = PathBuf::from(name);
    for next in [&beside].into_iter().chain(&options.include) {
        if let Ok(file) = File::open(options.folder.join(&last)) {
            return Ok((options.folder.join(&last), file));
        }
        last = below(next);
    }
    let full = options.folder.join(&last);
    match File::open(&full) {
        Ok(file) => Ok((full, file)),
        Err(err) => Err(format!("open {}: {}", last.display(), asm::reason(&err))),
    }
}
