//! A compiled package, and the listings, objects and executables that are made of it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Seek, Write};
use std::path::PathBuf;

use minigo_base::{Pos, PosTable};
use minigo_link::{Debugging, LinkError, Paths, Program, Runtime, Settings};
use minigo_obj::{LSym, Sym, SymKind, SymTable, Unit};
use minigo_ssagen::{dumpobj, reflect};
use minigo_story::frame::{self, Frame, NoFrame};
use minigo_story::json;
use minigo_story::why::Form;

use crate::failure::Failure;
use crate::functions::Story;
use crate::options::Options;
use crate::profile::Compiler;
use crate::rows::Function;
use crate::sfiles::Assembled;
use crate::stack;
use crate::target::Target;
use crate::variables::Variables;

/// The facts for debugging information.
pub(crate) const DEBUGGING: Debugging = Debugging {
    producer: concat!("minigo ", env!("CARGO_PKG_VERSION")),
};

/// A compiled package.
pub struct Built {
    /// Names of all symbols.
    pub(crate) syms: SymTable,
    /// File names of positions.
    pub(crate) positions: PosTable,
    /// Functions in listing order, then data.
    pub(crate) symbols: Vec<LSym>,
    /// The listing of each function.
    pub(crate) function_listings: Vec<Box<str>>,
    /// The listing of each function as data, if [`Options::json`] asks for it.
    pub(crate) functions_as_data: Vec<json::Function>,
    /// The symbols of the package's assembly files.
    pub(crate) assembled: Assembled,
    pub(crate) asm_header: String,
    pub(crate) name: String,
    pub(crate) is_program: bool,
    /// Names of files in executables.
    pub(crate) paths: Paths,
    pub(crate) options: Options,
    /// The profiles of `options.version`.
    pub(crate) compiler: Compiler,
    pub(crate) report: String,
    /// None unless `options.rows` asks for instructions.
    pub(crate) variables: Variables,
    /// The first call of each function whose calls are inlined; empty unless `options.rows` asks for it.
    pub(crate) inlined: BTreeMap<Sym, Pos>,
    /// Empty unless `options.record` asks for passes.
    pub(crate) stories: BTreeMap<Sym, Story>,
    pub(crate) differs: Option<&'static str>,
}

impl Built {
    /// The package's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reports whether the package can be linked to an executable: it is a package main, and if it has no Go files,
    /// its assembly defines main.
    pub fn is_program(&self) -> bool {
        self.is_program
    }

    /// The files that the package's assembly files include.
    pub fn included(&self) -> &[PathBuf] {
        &self.assembled.included
    }

    /// The text of `go_asm.h`: the package's constants, for assembly.
    pub fn asm_header(&self) -> &str {
        &self.asm_header
    }

    /// The text that [`Options::explain`] and [`Options::debug`] asked for.
    pub fn report(&self) -> &str {
        &self.report
    }

    /// Names a known difference between the listing and gc's, if there is one.
    pub fn known_difference(&self) -> Option<&'static str> {
        self.differs
    }

    /// Returns the functions, first the compiled ones in the order of the listing, then those of assembly files; none
    /// unless [`Options::rows`] asked for them.
    pub fn functions(&self) -> impl Iterator<Item = Function<'_>> {
        let symbols = self.symbols.iter().chain(&self.assembled.symbols);
        symbols.filter_map(|symbol| Function::of(symbol, &self.syms, &self.positions))
    }

    /// Returns a function's name after linking: `main.add`.
    pub fn linked_name(&self, function: &Function) -> String {
        let name = function.name();
        match self.syms.own_part(name) {
            Some(own) => format!("{}.{own}", self.name),
            None => name.to_owned(),
        }
    }

    /// Reports whether a function has this name after linking, which may lack the package.
    pub(crate) fn is_called(&self, function: &Function, name: &str) -> bool {
        let linked = self.linked_name(function);
        linked == name || linked.split_once('.').is_some_and(|(_, own)| own == name)
    }

    /// Returns the frame of a function before the instruction at `pc`, or its first call or return; with its first caller
    /// in the package above it, if that is wanted and there is one.
    ///
    /// # Errors
    ///
    /// No instruction begins at `pc`.
    pub fn frame(
        &self,
        function: &Function,
        pc: Option<u32>,
        with_caller: bool,
    ) -> Result<Frame, NoFrame> {
        let mut frame = self.own_frame(function, pc)?;
        let sym = function.symbol.sym;
        let callers = self.functions().filter(|_| with_caller);
        let mut calls = callers.filter_map(|caller| {
            let pc = frame::call_of(caller.symbol, sym?)?;
            Some((caller, pc))
        });
        if let Some((caller, pc)) = calls.next() {
            let after = frame::offsets(caller.symbol)
                .into_iter()
                .find(|&offset| offset > pc);
            let end = caller.symbol.size as u32;
            frame.add_caller(&self.own_frame(&caller, Some(pc))?, after.unwrap_or(end));
        }
        Ok(frame)
    }

    /// Returns the place of the first call of a function that was inlined, as `file:line:column`.
    pub fn inlined_call(&self, function: &Function) -> Option<String> {
        let pos = *self.inlined.get(&function.symbol.sym?)?;
        Some(self.positions.format(pos, true, false))
    }

    fn own_frame(&self, function: &Function, pc: Option<u32>) -> Result<Frame, NoFrame> {
        let sym = function.symbol.sym;
        let source = frame::Source {
            symbol: function.symbol,
            name: &self.linked_name(function),
            variables: sym.map_or(&[], |sym| self.variables.of(sym)),
            syms: &self.syms,
            callee: &|sym| self.variables.callee(sym),
        };
        frame::frame(&source, pc)
    }

    pub(crate) fn unit(&self) -> Unit<'_> {
        Unit::new(&self.syms, &self.positions, self.compiler.dialect)
    }

    /// Returns the listing of `go tool compile -S` for the Go files, in pieces; without functions unless
    /// [`Options::listing`] asked for them.
    pub fn listing(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let unit = self.unit();
        let functions = self.function_listings.iter().map(|text| Cow::from(&**text));
        let is_brief = matches!(self.options.why, Some((Form::Brief, _)));
        let data = self
            .symbols
            .iter()
            .filter(move |s| s.kind != SymKind::STEXT && !is_brief);
        functions.chain(data.map(move |symbol| {
            let mut text = String::new();
            minigo_obj::list::write_symbol(&mut text, symbol, &unit);
            Cow::from(text)
        }))
    }

    /// Returns the listings of the Go files and then of the assembly files as data, if [`Options::json`] asked for them.
    pub fn symbols(&self) -> json::Symbols {
        let unit = self.unit();
        let package = json::Package {
            name: &self.name,
            folder: &self.options.folder,
        };
        let mut symbols = json::Symbols {
            funcs: self.functions_as_data.clone(),
            data: Vec::new(),
        };
        for symbol in self.symbols.iter().filter(|s| s.kind != SymKind::STEXT) {
            symbols.add(symbol, &unit, &package, None);
        }
        symbols.append(self.assembled.data.clone());
        symbols
    }

    /// The listing of `go tool asm -S` for each assembly file in turn.
    pub fn assembly_listing(&self) -> &str {
        &self.assembled.listing
    }

    /// Returns a relocatable object called `name`, with the runtime if the package is a program and the target has a
    /// runtime.
    ///
    /// # Errors
    ///
    /// Code that the object format can't express.
    pub fn object(self, name: &str) -> Result<Vec<u8>, Failure> {
        let mut bytes = Cursor::new(Vec::new());
        self.write_object(name, &mut bytes)?;
        Ok(bytes.into_inner())
    }

    /// Writes such an object to `sink` in small pieces, and flushes it.
    ///
    /// # Errors
    ///
    /// Code that the object format can't express; the errors of `sink`, as [`Failure::Environment`].
    pub fn write_object(
        mut self,
        name: &str,
        sink: impl Write + Seek + Send,
    ) -> Result<(), Failure> {
        stack::with_large(|| {
            self.options.tell_freed();
            let has_runtime = self.is_program && self.require_runtime().is_ok();
            let runtime = has_runtime.then(|| self.runtime());
            let target = self.options.target.triple();
            let program = self.program(runtime.as_ref());
            minigo_link::object::write(&program, &target, name, sink).map_err(unlinkable)
        })
    }

    /// Returns a static executable.
    ///
    /// # Errors
    ///
    /// The messages of Go's linker about the program; a target without a runtime.
    pub fn executable(mut self) -> Result<Vec<u8>, Failure> {
        self.require_runtime()?;
        stack::with_large(|| {
            let runtime = self.runtime();
            minigo_link::link(&self.program(Some(&runtime))).map_err(unlinkable)
        })
    }

    /// Returns the object of a whole program, called `name`, for the system's linker.
    ///
    /// # Errors
    ///
    /// The errors of [`Self::executable`].
    pub fn program_object(mut self, name: &str) -> Result<Vec<u8>, Failure> {
        self.require_runtime()?;
        stack::with_large(|| {
            let runtime = self.runtime();
            let program = self.program(Some(&runtime));
            minigo_link::verify(&program).map_err(unlinkable)?;
            let target = self.options.target.triple();
            minigo_link::object::object(&program, &target, name).map_err(unlinkable)
        })
    }

    fn require_runtime(&self) -> Result<(), Failure> {
        match self.options.target {
            Target::Linux => Ok(()),
            Target::Darwin => Err(Failure::Environment(format!(
                "minigo has no runtime for {}/{}; -c makes an object",
                self.options.target.os(),
                Target::ARCH
            ))),
        }
    }

    /// Returns the runtime's symbols and, unless the compiler has written it, the list of functions that the runtime
    /// calls before main.
    fn runtime(&mut self) -> Runtime {
        let settings = Settings {
            stack0: self.options.stack0,
            growth: self.options.growth,
        };
        let mut runtime = Runtime::new(self.compiler.link, &mut self.syms, settings);
        let symbols = &mut runtime.symbols;
        symbols.extend(reflect::runtime_types(self.compiler.front, &mut self.syms));
        if self.symbols.is_empty() {
            // Written in assembly: nothing to initialise.
            symbols.push(dumpobj::inittask(&[], &[], &mut self.syms));
        } else if self.compiler.front.guarded_init {
            let init = self.syms.own("init");
            symbols.push(dumpobj::inittask(&[], &[init], &mut self.syms));
        }
        runtime
    }

    fn program<'a>(&'a self, runtime: Option<&'a Runtime>) -> Program<'a> {
        Program {
            profile: self.compiler.link,
            syms: &self.syms,
            package: &self.name,
            paths: &self.paths,
            symbols: self.symbols.iter().chain(&self.assembled.symbols).collect(),
            runtime,
            debugging: self.options.debugging.then_some(DEBUGGING),
            symbol_table: self.options.symbol_table,
        }
    }
}

/// Returns the failure to link, or to write an object.
pub(crate) fn unlinkable(err: LinkError) -> Failure {
    match err {
        LinkError::Program(text) => Failure::program(&text),
        LinkError::Sink(reason) => Failure::Environment(reason),
    }
}
