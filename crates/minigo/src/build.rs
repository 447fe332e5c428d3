//! The pipeline: the files of a package to symbols, and symbols to listings, objects and executables.
//!
//! Each stage reads what the one before it made, in this order: parse, check, lower (inlining, order,
//! walk), then for every function on its own and in parallel build, compile, emit, assemble; the symbols
//! are joined in source order. Assembly files come after them, because they may use the package's constants.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use minigo_base::{Diagnostics, GoVersion, Pos, PosTable};
use minigo_link::{LinkError, Paths, Program, Runtime};
use minigo_obj::{LSym, SymKind, SymTable, Unit};
use minigo_ssagen::dwarf;
use minigo_ssagen::export::asm_header;
use minigo_ssagen::inline::Messages;
use minigo_ssagen::ir;
use minigo_ssagen::{Front, Symbols, dumpobj, pgen, reflect};
use minigo_syntax::ast::{Ast, DeclKind};
use minigo_types::Imports;

use crate::debug::Debug;
use crate::files::{PackageFiles, shown};
use crate::functions::{Compiled, Functions};
use crate::profile::Compiler;
use crate::sfiles::{self, Assembled};
use crate::target::Target;

/// How to compile.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whose code is made.
    pub version: GoVersion,
    /// False for `-N`.
    pub optimize: bool,
    /// False for `-l`.
    pub inline: bool,
    /// What the inliner says: 0 nothing, 1 decisions, 2 and more reasons (`-m`).
    pub explain: u32,
    /// Report all errors, not only ten (`-e`).
    pub all_errors: bool,
    /// The package path that debugging symbols name (`-p`).
    pub package: String,
    /// What to cut from the front of file names (`-trimpath`); empty: the folder.
    pub trimpath: Option<String>,
    /// Keep what [`Built::listing`] prints, with the names of files as they were given.
    pub listing: bool,
    /// Size of a program's first stack in bytes.
    pub stack0: u64,
    /// The values of `-d`.
    pub debug: Vec<String>,
    /// Show source lines under messages.
    pub pretty: bool,
    /// What objects are for.
    pub target: Target,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            version: GoVersion::default(),
            optimize: true,
            inline: true,
            explain: 0,
            all_errors: false,
            package: String::new(),
            trimpath: None,
            listing: true,
            stack0: 2048,
            debug: Vec::new(),
            pretty: false,
            target: Target::Linux,
        }
    }
}

impl Options {
    /// How files are named in executables. A trimpath without prefix stands for the folder, as in go build.
    fn paths(&self) -> Paths {
        let folder = std::env::current_dir().unwrap_or_default();
        let rewrites = match self.trimpath.as_deref() {
            Some("") => format!("{}=>command-line-arguments", folder.display()),
            prefix => prefix.unwrap_or_default().to_owned(),
        };
        Paths { folder, rewrites }
    }
}

/// Why there is no result.
#[derive(Debug)]
pub enum Failure {
    /// The program is wrong: messages, each with a newline.
    Program(String),
    /// A file or a flag is wrong: one message without a newline.
    Environment(String),
}

/// One source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name that messages and listings print.
    pub name: String,
    /// What it holds.
    pub text: Vec<u8>,
}

/// A compiled package.
pub struct Built {
    /// Names of all symbols.
    syms: SymTable,
    /// File names of positions.
    positions: PosTable,
    /// Functions in listing order, then data. Functions are without their instructions.
    symbols: Vec<LSym>,
    /// The listing of the functions, each one's in turn.
    function_listings: Vec<String>,
    /// What the package's assembly files define.
    assembled: Assembled,
    /// The text of `go_asm.h`: what assembly may know of the package.
    pub asm_header: String,
    /// The package's name.
    name: String,
    /// Whether it can be linked: a package main, if it has Go files.
    pub is_program: bool,
    /// Names of files in executables.
    paths: Paths,
    options: Options,
    /// The profiles of `options.version`.
    compiler: Compiler,
    /// What `-m` and `-d` asked for.
    pub report: String,
    /// What in the listing is known to differ from gc's.
    pub differs: Option<&'static str>,
}

/// Compiles the files of one package.
///
/// # Errors
///
/// A file that cannot be read, or errors in the program.
pub fn compile(files: &PackageFiles, options: &Options) -> Result<Built, Failure> {
    let (sources, assembly) = (read(&files.go, options)?, read(&files.assembly, options)?);
    compile_with_assembly(&sources, &assembly, options)
}

/// Compiles the files of a package that has to be whole: without assembly files, a function without body is
/// an error.
///
/// # Errors
///
/// As [`compile`].
pub fn compile_complete(files: &PackageFiles, options: &Options) -> Result<Built, Failure> {
    Pipeline {
        sources: &read(&files.go, options)?,
        assembly: &read(&files.assembly, options)?,
        options,
        complete: files.assembly.is_empty(),
    }
    .run()
}

/// Compiles sources in memory.
///
/// # Errors
///
/// Errors in the program.
pub fn compile_sources(sources: &[Source], options: &Options) -> Result<Built, Failure> {
    compile_with_assembly(sources, &[], options)
}

/// Compiles Go and assembly sources in memory.
///
/// # Errors
///
/// Errors in the program.
pub fn compile_with_assembly(
    sources: &[Source],
    assembly: &[Source],
    options: &Options,
) -> Result<Built, Failure> {
    Pipeline {
        sources,
        assembly,
        options,
        complete: false,
    }
    .run()
}

/// Parses and checks sources in memory.
///
/// # Errors
///
/// Errors in the program.
pub fn check_sources(sources: &[Source], options: &Options) -> Result<(), Failure> {
    Pipeline {
        sources,
        assembly: &[],
        options,
        complete: false,
    }
    .check()
    .map(drop)
}

/// Reads files. With a listing they have the names that were given, as with gc alone, else those that `go build` shows.
fn read(files: &[PathBuf], options: &Options) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::with_capacity(files.len());
    for file in files {
        if file.is_dir() {
            return Err(Failure::Environment(format!(
                "{}: is a directory",
                file.display()
            )));
        }
        let text = std::fs::read(file)
            .map_err(|err| Failure::Environment(format!("{}: {err}", file.display())))?;
        let name = match options.listing {
            true => file.to_owned(),
            false => shown(file),
        };
        sources.push(Source {
            name: name.to_string_lossy().into_owned(),
            text,
        });
    }
    Ok(sources)
}

struct Pipeline<'a> {
    /// Go files.
    sources: &'a [Source],
    /// Assembly files.
    assembly: &'a [Source],
    options: &'a Options,
    /// Functions without body are errors.
    complete: bool,
}

/// A package without errors.
struct Checked {
    ast: Ast,
    types: minigo_types::info::Package,
    positions: PosTable,
}

impl Pipeline<'_> {
    fn run(&self) -> Result<Built, Failure> {
        let compiler = Compiler::of(self.options.version).map_err(Failure::Environment)?;
        let built = match (self.sources, self.assembly) {
            ([], [_, ..]) => self.assembly_only(compiler),
            _ => self.compile(compiler),
        };
        if let Err(Failure::Program(_)) = built {
            sfiles::scan(self.assembly, self.options)?;
        }
        built
    }

    fn compile(&self, compiler: Compiler) -> Result<Built, Failure> {
        let options = self.options;
        let debug = Debug::parse(&options.debug).map_err(Failure::Environment)?;
        let Checked {
            ast,
            types,
            mut positions,
        } = self.check()?;

        let messages = match options.explain {
            0 => Messages::None,
            1 => Messages::Decisions,
            _ => Messages::Reasons,
        };
        let lowering = pgen::Options {
            no_inline: !options.inline,
            messages,
            front: compiler.front,
        };
        let (package, mut report) = pgen::lower_package(&ast, &types, &mut positions, lowering);
        let asm_header = asm_header(&ast, &types);
        drop(types);
        drop(ast);

        let mut syms = SymTable::new();
        let symbols = Symbols::new(&package, &positions, &mut syms);
        let data = dumpobj::data_symbols(
            &package,
            &symbols,
            &positions,
            &options.package,
            compiler.front,
            &mut syms,
        );
        let functions = Functions {
            package: &package,
            symbols: &symbols,
            positions: &positions,
            options,
            compiler,
            debug: &debug,
        };
        let (compiled, frame_symbols) = functions.compile(&mut syms)?;

        let mut all = Vec::with_capacity(compiled.len() + data.len() + 1);
        let mut entries = Vec::new();
        let mut function_listings = Vec::new();
        let mut said = Vec::new();
        for Compiled {
            symbol,
            listing,
            notes,
            debug,
        } in compiled
        {
            said.extend(notes.remarks);
            function_listings.push(listing);
            report.push_str(&notes.dumps);
            if let Some((pos, vars)) = debug {
                entries.extend(dwarf::function_entry(
                    &symbol, pos, &vars, &positions, &mut syms,
                ));
            }
            all.push(symbol);
        }
        said.sort_by_key(|&(pos, _)| pos);
        let line = |(pos, remark): (Pos, String)| {
            let place = positions.format(symbols.outermost(pos), true, false);
            format!("{place}: {remark}\n")
        };
        let mut lines: Vec<String> = said.into_iter().map(line).collect();
        lines.dedup();
        report.push_str(&lines.concat());
        all.extend(entries);
        all.extend(data);
        all.extend(frame_symbols);
        let assembled = sfiles::assemble(
            self.assembly,
            &asm_header,
            options,
            compiler.dialect,
            &mut syms,
            &mut positions,
        )?;
        if compiler.dialect.abi_internal {
            let funcs = package.funcs.iter().filter(|(_, f)| !f.imported);
            let declared = funcs.map(|(id, _)| symbols.func(id));
            all.extend(assembled.abi_aliases(declared, &package.name, &syms));
        }
        let name = package.name.to_string();
        let is_program = name == "main";
        let differs = known_difference(&package, options, compiler.front);
        Ok(Built {
            syms,
            positions,
            symbols: all,
            function_listings,
            assembled,
            asm_header,
            name,
            is_program,
            paths: options.paths(),
            options: options.clone(),
            compiler,
            report,
            differs,
        })
    }

    /// A package main without Go files, which is a program if it defines main.
    fn assembly_only(&self, compiler: Compiler) -> Result<Built, Failure> {
        let (mut syms, mut positions) = (SymTable::new(), PosTable::default());
        let options = self.options;
        let mut assembled = sfiles::assemble(
            self.assembly,
            "",
            options,
            compiler.dialect,
            &mut syms,
            &mut positions,
        )?;
        // Without declarations in Go there are no maps of arguments.
        for s in &mut assembled.symbols {
            s.funcdata.clear();
        }
        let main = ["\"\".main", "main.main"].map(|name| syms.get(name));
        let is_main = |s: &LSym| s.kind == SymKind::STEXT && main.contains(&s.sym);
        let is_program = assembled.symbols.iter().any(is_main);
        Ok(Built {
            symbols: Vec::new(),
            syms,
            positions,
            function_listings: Vec::new(),
            assembled,
            asm_header: String::new(),
            name: "main".to_owned(),
            is_program,
            paths: self.options.paths(),
            options: options.clone(),
            compiler,
            report: String::new(),
            differs: None,
        })
    }

    /// Parses and checks.
    fn check(&self) -> Result<Checked, Failure> {
        let mut positions = PosTable::default();
        let mut diags = Diagnostics::default();
        diags.all = self.options.all_errors;
        let mut ast = Ast::default();
        for source in self.sources {
            minigo_syntax::parse_file(
                &mut ast,
                &mut positions,
                &mut diags,
                &source.name,
                &source.text,
            );
            // gc stops after the first file with syntax errors.
            if diags.syntax_errors > 0 {
                break;
            }
        }
        if self.complete {
            missing_bodies(&ast, &mut diags);
        }
        let folder = std::env::current_dir().unwrap_or_default();
        let imports = Imports {
            folder: &folder.to_string_lossy(),
            exists: |path| Path::new(path).exists(),
        };
        let types = minigo_types::check(&ast, &positions, &mut diags, imports);
        self.stop_on_errors(&diags, &positions)?;
        Ok(Checked {
            ast,
            types,
            positions,
        })
    }

    fn stop_on_errors(&self, diags: &Diagnostics, positions: &PosTable) -> Result<(), Failure> {
        if diags.is_empty() {
            return Ok(());
        }
        Err(Failure::Program(crate::messages::render(
            diags,
            positions,
            self.sources,
            self.options,
        )))
    }
}

/// What in the listing of a package differs from gc's, as far as it is known.
fn known_difference(
    package: &ir::Package,
    options: &Options,
    front: &Front,
) -> Option<&'static str> {
    // Without inlining, the calls that convert arguments stand between the array and its elements.
    let lacks_barriers = match options.inline {
        true => ir::Func::has_long_arrays,
        false => ir::Func::has_arrays,
    };
    let init = package.funcs.values().rfind(|f| &*f.name == "init");
    if !front.type_descriptors && (!package.needed.is_empty() || !package.defined.is_empty()) {
        Some("descriptors of types and conversions to interfaces are those of Go 1.15")
    } else if !options.optimize && package.funcs.values().any(lacks_barriers) {
        Some("arguments of fmt.Print and fmt.Println are stored without write barriers")
    } else if init.is_some_and(ir::Func::has_arrays) {
        Some("the arguments of fmt.Print and fmt.Println in init are on the stack")
    } else {
        None
    }
}

/// Complains about functions that only assembly could define (gc: noder.go, funcDecl).
fn missing_bodies(ast: &Ast, diags: &mut Diagnostics) {
    for decl in ast.decls.values() {
        if let DeclKind::Func { body, .. } = decl.kind
            && body.is_none()
        {
            diags.error(decl.pos, "missing function body");
        }
    }
}

impl Built {
    fn unit(&self) -> Unit<'_> {
        Unit::new(&self.syms, &self.positions, self.compiler.dialect)
    }

    /// What `go tool compile -S` prints for the Go files, in pieces; without functions unless [`Options::listing`]
    /// asked for them.
    pub fn listing(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let unit = self.unit();
        let functions = self.function_listings.iter().map(Cow::from);
        let data = self.symbols.iter().filter(|s| s.kind != SymKind::STEXT);
        functions.chain(data.map(move |symbol| {
            let mut text = String::new();
            minigo_obj::list::write_symbol(&mut text, symbol, &unit);
            Cow::from(text)
        }))
    }

    /// What `go tool asm -S` prints for each assembly file in turn.
    pub fn assembly_listing(&self) -> &str {
        &self.assembled.listing
    }

    /// A relocatable object called `name`, with the runtime if the package is a program and the target has
    /// one.
    ///
    /// # Errors
    ///
    /// What the object format cannot express.
    pub fn object(mut self, name: &str) -> Result<Vec<u8>, Failure> {
        let has_runtime = self.is_program && self.options.target == Target::Linux;
        let runtime = has_runtime.then(|| self.runtime());
        let target = self.options.target.triple();
        minigo_link::object::object(&self.program(runtime.as_ref()), &target, name)
            .map_err(unlinkable)
    }

    /// A static executable.
    ///
    /// # Errors
    ///
    /// What Go's linker says of the program; a target without runtime.
    pub fn executable(mut self) -> Result<Vec<u8>, Failure> {
        self.has_runtime()?;
        let runtime = self.runtime();
        minigo_link::link(&self.program(Some(&runtime))).map_err(unlinkable)
    }

    /// The object of a whole program, called `name`, for the system's linker.
    ///
    /// # Errors
    ///
    /// As [`Self::executable`].
    pub fn program_object(mut self, name: &str) -> Result<Vec<u8>, Failure> {
        self.has_runtime()?;
        let runtime = self.runtime();
        let program = self.program(Some(&runtime));
        minigo_link::verify(&program).map_err(unlinkable)?;
        let target = self.options.target.triple();
        minigo_link::object::object(&program, &target, name).map_err(unlinkable)
    }

    fn has_runtime(&self) -> Result<(), Failure> {
        match self.options.target {
            Target::Linux => Ok(()),
            Target::Darwin => Err(Failure::Environment(format!(
                "minigo has no runtime for {}/{}; -c makes an object",
                self.options.target.os(),
                Target::ARCH
            ))),
        }
    }

    /// The runtime's symbols; for versions whose `init` calls everything itself, also the list of what the
    /// runtime is to call.
    fn runtime(&mut self) -> Runtime {
        let mut runtime = Runtime::new(&mut self.syms, self.options.stack0);
        let symbols = &mut runtime.symbols;
        symbols.extend(reflect::runtime_types(&mut self.syms));
        if self.symbols.is_empty() {
            // Written in assembly: nothing to initialise.
            symbols.push(dumpobj::inittask(&[], &[], &mut self.syms));
        } else if self.compiler.front.guarded_init {
            let init = self.syms.lookup("\"\".init");
            symbols.push(dumpobj::inittask(&[], &[init], &mut self.syms));
        }
        runtime
    }

    fn program<'a>(&'a self, runtime: Option<&'a Runtime>) -> Program<'a> {
        Program {
            syms: &self.syms,
            package: &self.name,
            paths: &self.paths,
            symbols: self.symbols.iter().chain(&self.assembled.symbols).collect(),
            runtime,
        }
    }
}

fn unlinkable(err: LinkError) -> Failure {
    Failure::Program(format!("{err}\n"))
}
