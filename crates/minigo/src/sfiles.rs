//! Assembles the assembly files of a package as `go build` does beside its Go files.
//!
//! Each file is assembled on its own, so that its static names are its own; names of the package are shared
//! (gc: go/internal/work/gc.go, asm).

use std::cell::RefCell;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use minigo_base::{Message, PosTable};
use minigo_obj::{
    AddrKind, As, Attrs, Dialect, FuncText, LSym, NameKind, Reloc, RelocKind, Sym, SymKind,
    SymTable, Unit, asm,
};
use minigo_ssagen::Assembly;

use minigo_story::json;
use minigo_story::why::{self, Known};

use crate::excerpts;
use crate::failure::Failure;
use crate::file_assembler::FileAssembler;
use crate::files::full;
use crate::options::Options;
use crate::source::Source;

/// The symbols that the assembly files of a package define.
#[derive(Default)]
pub(crate) struct Assembled {
    /// Functions and variables, then constants, file by file. Functions have their instructions only if
    /// [`Options::rows`] asks for them.
    pub(crate) symbols: Vec<LSym>,
    /// The listing of `go tool asm -S` for each file in turn, if [`Options::listing`] asks for it.
    pub(crate) listing: String,
    /// The listing as data, if [`Options::json`] asks for it.
    pub(crate) data: json::Symbols,
    /// The functions that the files define and the symbols that operands of the form `f(SB)` refer to. Go functions
    /// among them get a second name for the assembly's calling convention.
    pub(crate) named: Vec<Sym>,
    /// The files that they include.
    pub(crate) included: Vec<PathBuf>,
}

/// Assembles the files; `header` is the text of `go_asm.h`.
///
/// # Errors
///
/// The assembler's messages about the first file with errors, as `go build` prints them.
pub(crate) fn assemble(
    sources: &[&Source],
    header: &str,
    options: &Options,
    dialect: &'static Dialect,
    syms: &mut SymTable,
    positions: &mut PosTable,
) -> Result<Assembled, Failure> {
    let mut assembled = Assembled::default();
    let os = format!("GOOS_{}", options.target.os());
    let mut defines = vec![(os.as_str(), "1"), ("GOARCH_amd64", "1")];
    defines.extend(dialect.assembly.defines);
    let included = RefCell::new(Vec::new());
    for source in sources {
        syms.start_file();
        let text = Box::new(source.text.as_slice());
        let reading = asm::Options {
            dialect,
            defines: &defines,
            includes: &|name| {
                included.borrow_mut().push(beside(source, name, options));
                include(source, name, header, options)
            },
            all_errors: options.all_errors,
            lenient: false,
            body: asm::Body::Instructions,
        };
        let mut texts = Vec::new();
        let mut push = |f: FuncText, _: &SymTable, _: &PosTable| texts.push(f);
        let name = full_name(source, options);
        let mut variables = asm::Variables::default();
        let read = asm::read_each(
            &name,
            text,
            &reading,
            syms,
            positions,
            &mut variables,
            &mut push,
        );
        let read = read.map_err(|failed| {
            let messages = failed.messages(&name);
            failure(&messages, source, options)
        })?;
        let data = variables.collect(syms);
        let unit = Unit {
            hand_written: true,
            debugging: options.debugging,
            ..Unit::new(syms, positions, dialect)
        };
        let (mut defined, errors) = assembled.functions(texts, &unit);
        if read.has_mistakes || !errors.is_empty() {
            let messages = format!("{}{errors}asm: assembly failed\n", read.messages);
            return Err(failure(&messages, source, options));
        }
        defined.extend(data);
        assembled.add(defined, read.constants, &unit, options);
    }
    assembled.included = included.into_inner();
    Ok(assembled)
}

/// Looks for mistakes that end the reading of a file, such as a missing header. `go build` reads all assembly files
/// before it compiles anything, and so reports these mistakes instead of others.
///
/// # Errors
///
/// The first such mistake.
pub(crate) fn scan(
    sources: &[&Source],
    options: &Options,
    dialect: &'static Dialect,
) -> Result<(), Failure> {
    let mut syms = SymTable::with_naming(&dialect.naming, &options.package);
    let mut positions = PosTable::default();
    for source in sources {
        let reading = asm::Options {
            dialect,
            defines: &[],
            includes: &|name| include(source, name, "", options),
            all_errors: true,
            lenient: false,
            body: asm::Body::Encoded,
        };
        let text = Box::new(source.text.as_slice());
        let name = full_name(source, options);
        let mut drop = |_: FuncText, _: &SymTable, _: &PosTable| {};
        let read = asm::read_each(
            &name,
            text,
            &reading,
            &mut syms,
            &mut positions,
            &mut asm::Variables::default(),
            &mut drop,
        );
        if let Err(asm::Failed {
            messages,
            fatal: true,
            ..
        }) = read
        {
            // The last message, with the hint below it.
            let lines: Vec<&str> = messages.lines().collect();
            let last = lines.iter().rposition(|line| !line.starts_with('\t'));
            let text = lines[last.unwrap_or(0)..].join("\n");
            return Err(failure(&text, source, options));
        }
    }
    Ok(())
}

/// Returns the functions of the package with a path and a name that the files define and refer to. Files with mistakes are
/// left to [`assemble`].
pub(crate) fn names(
    sources: &[&Source],
    path: &str,
    package: &str,
    options: &Options,
    dialect: &'static Dialect,
) -> Assembly {
    let mut assembly = Assembly::default();
    let own = SymTable::with_naming(&dialect.naming, path);
    for source in sources {
        let reading = asm::Options {
            dialect,
            defines: &[],
            includes: &|name| include(source, name, "", options),
            all_errors: true,
            lenient: true,
            body: asm::Body::Instructions,
        };
        let text = Box::new(source.text.as_slice());
        let Ok((lines, _)) = asm::symabis(&source.name, text, path, &reading) else {
            continue;
        };
        for line in lines.lines() {
            let mut words = line.split(' ');
            let (Some(what), Some(name)) = (words.next(), words.next()) else {
                continue;
            };
            let qualified = name.strip_prefix(package);
            let qualified = qualified.and_then(|rest| rest.strip_prefix('.'));
            let Some(name) = own.own_part(name).or(qualified) else {
                continue;
            };
            match what {
                "def" => assembly.defined.insert(name.into()),
                _ => assembly.referred.insert(name.into()),
            };
        }
    }
    assembly
}

impl Assembled {
    /// Returns the machine code of functions, and the encoder's messages.
    fn functions(&mut self, texts: Vec<FuncText>, unit: &Unit) -> (Vec<LSym>, String) {
        for f in &texts {
            self.named.push(f.sym);
            self.named.extend(references(f));
        }
        let mut functions = Vec::with_capacity(texts.len());
        let mut assembler = FileAssembler::after(false);
        functions.extend(texts.into_iter().map(|f| assembler.add(f, unit)));
        (functions, assembler.messages())
    }

    /// Adds the symbols that a file defines, and its constants.
    fn add(
        &mut self,
        mut defined: Vec<LSym>,
        constants: Vec<LSym>,
        unit: &Unit,
        options: &Options,
    ) {
        if options.listing {
            // The package's name is that of the Go files.
            let package = json::Package {
                name: "",
                folder: &options.folder,
            };
            for symbol in &defined {
                if options.json {
                    let known = options.why.map(|_| Known::default());
                    self.data.add(symbol, unit, &package, known);
                } else {
                    why::write_written(&mut self.listing, symbol, unit, options.why);
                }
            }
        }
        for symbol in &mut defined {
            symbol.funcdata = symbol.text.iter().flat_map(|f| tables(f)).collect();
            if !options.rows {
                symbol.text = None;
            }
        }
        // As in the assembler's object: static symbols come before those with names for others.
        let is_static = |sym: Sym| unit.syms[sym].attrs.has(Attrs::STATIC);
        defined.sort_by_key(|symbol| !symbol.sym.is_some_and(is_static));
        self.symbols.append(&mut defined);
        self.symbols.extend(constants);
    }

    /// Returns the second names of Go functions that assembly defines or refers to, in the order of `funcs`. Assembly
    /// may also qualify them by the package's name (gc: gsubr.go, initLSym; main.go, readSymABIs).
    pub(crate) fn abi_aliases(
        &self,
        funcs: impl Iterator<Item = Sym>,
        package: &str,
        syms: &SymTable,
    ) -> Vec<LSym> {
        let mut named = self.named.clone();
        named.sort();
        let is_named = |sym: &Sym| {
            let name = syms.name(*sym);
            let name = syms.own_part(name).unwrap_or(name);
            let qualified = syms.get(&format!("{package}.{name}"));
            let mut names = std::iter::once(*sym).chain(qualified);
            names.any(|name| named.binary_search(&name).is_ok())
        };
        funcs.filter(is_named).map(abi_alias).collect()
    }
}

/// Returns the alias of a function for the other calling convention.
fn abi_alias(function: Sym) -> LSym {
    let mut alias = LSym::new(function, SymKind::SABIALIAS, Attrs::DUPOK);
    alias.relocs.push(Reloc {
        off: 0,
        siz: 0,
        kind: RelocKind::NONE,
        sym: Some(function),
        add: 0,
    });
    alias
}

/// Returns the symbols that operands of the form `f(SB)` refer to.
fn references(f: &FuncText) -> impl Iterator<Item = Sym> + '_ {
    let operands = f.iter().skip(1).flat_map(|(_, p)| {
        let rest = f.rest(p).iter();
        rest.chain([&p.from, &p.to])
    });
    operands
        .filter(|a| matches!(a.kind, AddrKind::Mem | AddrKind::Branch))
        .filter(|a| a.name.kind() == NameKind::Extern && a.offset == 0)
        .filter_map(|a| a.name.sym())
}

/// Returns the symbols that a function's FUNCDATA name.
fn tables(f: &FuncText) -> impl Iterator<Item = Sym> + '_ {
    let funcdata = f.iter().filter(|(_, p)| p.as_ == As::FUNCDATA);
    funcdata.filter_map(|(_, p)| p.to.name.sym())
}

/// Returns the path of an included file that is beside the file that includes it.
fn beside(source: &Source, name: &str, options: &Options) -> PathBuf {
    let beside = Path::new(&source.name).with_file_name(name);
    options.folder.join(beside)
}

/// Opens an included file: one beside the file that includes it, or the header that the compiler writes.
fn include(
    source: &Source,
    name: &str,
    header: &str,
    options: &Options,
) -> Result<asm::Reader<'static>, String> {
    match std::fs::File::open(beside(source, name, options)) {
        Ok(file) => Ok(Box::new(file)),
        Err(_) if name == "go_asm.h" => Ok(Box::new(Cursor::new(header.to_owned()))),
        Err(_) => Err(format!("open {name}: no such file or directory")),
    }
}

/// Returns the assembler's name for a file: without a listing its whole name, as in `go build`.
fn full_name(source: &Source, options: &Options) -> String {
    match options.listing {
        true => source.name.clone(),
        false => {
            let full = full(&options.folder, Path::new(&source.name));
            full.display().to_string()
        }
    }
}

/// Returns the failure with the assembler's messages about a file.
fn failure(messages: &str, source: &Source, options: &Options) -> Failure {
    let mut messages = Message::read_all(&shortened(messages, source, options));
    let full = full_name(source, options);
    excerpts::add(&mut messages, |file| {
        match file == source.name || file == full {
            true => Some(String::from_utf8_lossy(&source.text).into_owned()),
            false => std::fs::read_to_string(beside(source, file, options)).ok(),
        }
    });
    Failure::Program(messages)
}

/// Returns messages with a file's own name instead of its whole name at the beginning of a line or after a tab or blank. The
/// encoder's messages keep the whole name, as in `go build` (gc: go/internal/work/exec.go, showOutput).
fn shortened(messages: &str, source: &Source, options: &Options) -> String {
    let (full, name) = (full_name(source, options), &source.name);
    let lines = messages.lines().map(|line| match line.strip_prefix(&full) {
        Some(rest) => format!("{name}{rest}\n"),
        None => match line
            .strip_prefix('\t')
            .and_then(|line| line.strip_prefix(&full))
        {
            Some(rest) => format!("\t{name}{rest}\n"),
            None => line.replace(&format!(" {full}"), &format!(" {name}")) + "\n",
        },
    });
    lines.collect()
}
