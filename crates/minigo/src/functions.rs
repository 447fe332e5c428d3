//! Compiles the functions of a package to machine code, in parallel.
//!
//! A function without pointers goes through all stages at once: build, passes, emission, assembly. Other functions stop
//! after their passes, because their stack maps are symbols that functions share; when all maps have symbols, emission
//! and assembly go on in parallel.

use cranelift_entity::EntitySet;
use minigo_base::{Pos, PosTable};
use minigo_obj::{Attrs, FuncText, LSym, Sym, SymKind, SymTable, Unit};
use minigo_ssa::amd64::{StackMaps, emit, stack_map};
use minigo_ssa::{Config, Func, Liveness, Scratch, liveness};
use minigo_ssagen::Symbols;
use minigo_ssagen::dwarf::{self, DebugVar};
use minigo_ssagen::generated;
use minigo_ssagen::ir::{self, FuncId, Needed};

use crate::debug::Debug;
use crate::failure::Failure;
use crate::options::Options;
use crate::parallel;
use crate::profile::Compiler;

/// A compiled function.
pub(crate) struct Compiled {
    /// With its instructions only if [`Options::rows`] asks for them.
    pub symbol: LSym,
    /// Empty if no listing is wanted.
    pub listing: String,
    /// The text that the debugging settings asked for.
    pub notes: Notes,
    /// The function's position and variables, for versions whose listings show debugging entries.
    pub debug: Option<(Pos, Vec<DebugVar>)>,
}

/// The text that debugging settings ask for.
#[derive(Default)]
pub(crate) struct Notes {
    /// The function after passes.
    pub dumps: String,
    /// The passes' explanations, each with its position.
    pub remarks: Vec<(Pos, String)>,
}

/// The functions of a package, and how to compile them.
pub(crate) struct Functions<'a> {
    pub package: &'a ir::Package,
    pub symbols: &'a Symbols,
    pub positions: &'a PosTable,
    pub options: &'a Options,
    pub compiler: Compiler,
    pub debug: &'a Debug,
}

/// The source of a function.
#[derive(Clone, Copy)]
enum Source {
    /// A function of the program.
    Func(FuncId),
    /// The generated comparison of arrays of so many interfaces.
    ArrayEqual(u16),
    /// The generated method `os.(*File).close`.
    FileClose,
}

/// Memory that a thread's functions use one after the other.
#[derive(Default)]
struct Memory {
    builder: minigo_ssagen::Memory,
    /// None while a function has it.
    scratch: Option<Box<Scratch>>,
}

/// A function between passes and emission.
enum Stage {
    Compiled(Compiled),
    /// Waits for the symbols of its stack maps.
    Func(Box<Func>, Liveness, Notes),
    Generated,
}

/// The symbols of stack maps, each once, in order of first use.
#[derive(Default)]
struct GcLocals {
    symbols: Vec<LSym>,
    /// Which are among `symbols`.
    added: EntitySet<Sym>,
}

impl GcLocals {
    fn add(&mut self, content: &[u8], syms: &mut SymTable) -> Sym {
        let sym = syms.lookup_gclocals(content);
        if self.added.insert(sym) {
            let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
            s.write(content);
            self.symbols.push(s);
        }
        sym
    }
}

impl Functions<'_> {
    /// Compiles all functions. Returns them in listing order, and the symbols that describe their frames.
    pub(crate) fn compile(
        &self,
        syms: &mut SymTable,
    ) -> Result<(Vec<Compiled>, Vec<LSym>), Failure> {
        generated::enter_callees(syms);
        let sources = self.sources();
        let empty: Vec<StackMaps<'static>> = sources
            .iter()
            .map(|&source| StackMaps {
                args: syms.lookup_gclocals(&stack_map(self.args_bits(source))),
                locals: syms.lookup_gclocals(&stack_map(0)),
                objects: None,
                arg_info: None,
                arg_live: None,
                jump_tables: &[],
            })
            .collect();
        let stages = sources.iter().copied().zip(empty).collect();
        let stages = parallel::map(
            stages,
            Memory::default,
            |memory, (source, maps)| match source {
                Source::Func(id) => self.passes(id, maps, syms, memory),
                Source::ArrayEqual(_) | Source::FileClose => Ok(Stage::Generated),
            },
        )?;

        let mut locals = GcLocals::default();
        let mut maps = Vec::with_capacity(sources.len());
        for (&source, stage) in sources.iter().zip(&stages) {
            maps.push(self.stack_maps(source, stage, &mut locals, syms));
        }
        let syms = &*syms;
        let finish = |memory: &mut Memory, ((stage, source), (sym, maps))| match stage {
            Stage::Compiled(compiled) => Ok(compiled),
            Stage::Func(f, liveness, notes) => {
                self.emission(*f, &liveness, maps, notes, syms, memory)
            }
            Stage::Generated => {
                let text = self.generate(source, sym, maps, syms);
                self.assembly(text, Notes::default(), None, syms)
            }
        };
        let is_compiled = |stage| matches!(stage, &Stage::Compiled(_));
        let all_compiled = stages.iter().all(is_compiled);
        let stages = stages.into_iter().zip(sources).zip(maps);
        let compiled = if all_compiled {
            let mut memory = Memory::default();
            stages.map(|item| finish(&mut memory, item)).collect()
        } else {
            parallel::map(stages.collect(), Memory::default, finish)
        };
        Ok((compiled?, locals.symbols))
    }

    /// Returns the functions in listing order.
    fn sources(&self) -> Vec<Source> {
        let mut sources = Vec::new();
        if self.package.needed.contains(&Needed::Itab) {
            sources.push(Source::FileClose);
        }
        for (id, f) in &self.package.funcs {
            if f.has_body && &*f.name != "_" {
                sources.push(Source::Func(id));
            }
            let equals = self.package.array_equals.iter();
            let equals = equals.filter(|(func, _)| *func == id);
            sources.extend(equals.map(|&(_, len)| Source::ArrayEqual(len)));
        }
        sources
    }

    /// Returns the number of bits in the stack map of the arguments of a function without pointers.
    fn args_bits(&self, source: Source) -> u32 {
        match source {
            Source::Func(id) if self.compiler.ssa.emit.args_bitmap => {
                self.package.funcs[id].signature.args_size / 8
            }
            _ => 0,
        }
    }

    /// Returns the symbols of a function and of its stack maps.
    fn stack_maps(
        &self,
        source: Source,
        stage: &Stage,
        locals: &mut GcLocals,
        syms: &mut SymTable,
    ) -> (Sym, StackMaps<'static>) {
        let (sym, [args, autos]) = match (source, stage) {
            (Source::Func(id), Stage::Func(_, liveness, _)) => (
                self.symbols.func(id),
                [liveness.args_map(), liveness.locals_map()],
            ),
            (Source::Func(id), _) => (
                self.symbols.func(id),
                [stack_map(self.args_bits(source)), stack_map(0)],
            ),
            (Source::ArrayEqual(len), _) => {
                let maps = match self.options.optimize {
                    true => generated::EQUAL_MAPS,
                    false => generated::EQUAL_MAPS_UNOPTIMIZED,
                };
                let sym = syms.lookup(&generated::array_equal_name(len));
                (sym, [maps.args, maps.locals].map(<[u8]>::to_vec))
            }
            (Source::FileClose, _) => {
                let maps = generated::CLOSE_MAPS;
                let sym = syms.lookup(generated::FILE_CLOSE);
                (sym, [maps.args, maps.locals].map(<[u8]>::to_vec))
            }
        };
        let args = locals.add(&args, syms);
        let autos = locals.add(&autos, syms);
        let mut objects = None;
        if let Source::Func(id) = source
            && self.package.funcs[id].has_arrays()
        {
            // Without bytes, if optimization has left none of the arrays.
            let list = syms.lookup(&format!("{}.stkobj", syms.name(sym)));
            let mut symbol = LSym::new(list, SymKind::SRODATA, Attrs::NONE);
            if let Stage::Func(f, liveness, _) = stage
                && !liveness.objects().is_empty()
            {
                write_stack_objects(&mut symbol, f, liveness, syms);
                objects = Some(list);
            }
            locals.symbols.push(symbol);
        }
        let maps = StackMaps {
            args,
            locals: autos,
            objects,
            arg_info: None,
            arg_live: None,
            jump_tables: &[],
        };
        (sym, maps)
    }

    fn config(&self) -> Config {
        Config {
            profile: self.compiler.ssa,
            optimize: self.options.optimize,
            check: self.debug.check.unwrap_or(cfg!(debug_assertions)),
            off: self.debug.off.clone(),
            explain: self.debug.explain.clone(),
        }
    }

    /// Builds a function and runs all passes over it; a function without pointers is also emitted and assembled.
    fn passes(
        &self,
        id: FuncId,
        maps: StackMaps,
        syms: &SymTable,
        memory: &mut Memory,
    ) -> Result<Stage, Failure> {
        let name = &*self.package.funcs[id].name;
        let config = self.config();
        let mut notes = Notes::default();
        let dumps = &mut notes.dumps;
        if self.debug.dumps_tree(name) {
            let tree = &self.package.funcs[id];
            dumps.push_str(&minigo_ssagen::dump::dump(self.package, tree, "after walk"));
        }
        let scratch = memory.scratch.take().unwrap_or_default();
        let builder = &mut memory.builder;
        let front = self.compiler.front;
        let mut f = minigo_ssagen::build(
            self.package,
            id,
            self.symbols,
            front,
            &config,
            scratch,
            builder,
        );
        minigo_ssa::compile(&mut f, &config, &mut |pass, f| {
            if self.debug.dumps(pass, name) {
                dumps.push_str(&minigo_ssa::dump(f, pass, syms));
            }
        });
        notes.remarks = std::mem::take(&mut f.remarks);
        let liveness = liveness(&f);
        if liveness.has_pointers() {
            return Ok(Stage::Func(Box::new(f), liveness, notes));
        }
        let compiled = self.emission(f, &liveness, maps, notes, syms, memory)?;
        Ok(Stage::Compiled(compiled))
    }

    fn emission(
        &self,
        f: Func,
        liveness: &Liveness,
        maps: StackMaps,
        notes: Notes,
        syms: &SymTable,
        memory: &mut Memory,
    ) -> Result<Compiled, Failure> {
        let text = emit(&f, &self.config(), liveness, maps);
        let debug = self
            .compiler
            .front
            .dwarf_symbols
            .then(|| (text.pos(), dwarf::debug_vars(&f, self.positions)));
        memory.scratch = Some(f.into_scratch());
        self.assembly(text, notes, debug, syms)
    }

    /// Returns the instructions of a generated function.
    fn generate(&self, source: Source, sym: Sym, maps: StackMaps, syms: &SymTable) -> FuncText {
        let pos = self.positions.autogenerated();
        let maps = [maps.args, maps.locals];
        match source {
            Source::ArrayEqual(len) if self.options.optimize => {
                generated::array_equal(len, sym, maps, pos, syms)
            }
            Source::ArrayEqual(len) => {
                generated::array_equal_unoptimized(len, sym, maps, pos, syms)
            }
            Source::FileClose if self.options.optimize => {
                generated::file_close(sym, maps, pos, syms)
            }
            Source::FileClose => generated::file_close_unoptimized(sym, maps, pos, syms),
            Source::Func(id) => minigo_base::internal!("function {id} is generated"),
        }
    }

    fn assembly(
        &self,
        text: FuncText,
        notes: Notes,
        debug: Option<(Pos, Vec<DebugVar>)>,
        syms: &SymTable,
    ) -> Result<Compiled, Failure> {
        let unit = Unit {
            optimize: self.options.optimize,
            inlined_calls: self.symbols.inline_tree(),
            ..Unit::new(syms, self.positions, self.compiler.dialect)
        };
        let mut symbol = minigo_obj::amd64::assemble(text, &unit)
            .map_err(|errors| Failure::program(&errors.join("\n")))?;
        let mut listing = String::new();
        if self.options.listing {
            minigo_obj::list::write_symbol(&mut listing, &symbol, &unit);
        }
        if !self.options.rows {
            symbol.text = None;
        }
        Ok(Compiled {
            symbol,
            listing,
            notes,
            debug,
        })
    }
}

/// Writes the list of a frame's variables whose address is taken: their number, then for each its offset from
/// the top of the autos and its type (gc: ssa.go, emitStackObjects).
fn write_stack_objects(s: &mut LSym, f: &Func, liveness: &Liveness, syms: &mut SymTable) {
    s.write(&(liveness.objects().len() as u64).to_le_bytes());
    for &(offset, ty) in liveness.objects() {
        s.write(&offset.to_le_bytes());
        let descriptor = format!("type.{}", ty.display(&f.type_names));
        s.write_addr(syms.lookup(&descriptor), 0);
    }
}
