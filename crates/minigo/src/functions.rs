//! Compiles the functions of a package to machine code, in parallel.
//!
//! Most functions go through all stages at once: build, passes, emission, assembly. Those with pointers or jump tables
//! stop after their passes, because their stack maps are symbols that functions share, and the names of their jump tables
//! are known only then; when all tables have symbols, emission and assembly go on in parallel.

use cranelift_entity::EntitySet;
use minigo_base::{Pos, PosTable};
use minigo_obj::{Attrs, FuncText, LSym, Reloc, RelocKind, Sym, SymKind, SymTable, Unit};
use minigo_ssa::abi::Convention;
use minigo_ssa::amd64::{StackMaps, emit, emit_with_origins, jump_tables, stack_map};
use minigo_ssa::places::SourceOrder;
use minigo_ssa::{
    Block, Config, Func, History, Liveness, Profile, Scratch, Type, argument_info, liveness,
};
use minigo_ssagen::Symbols;
use minigo_ssagen::dwarf::{self, DebugVar};
use minigo_ssagen::generated;
use minigo_ssagen::ir::{self, Defined, External, FuncId, Needed, Trees};
use minigo_ssagen::pgen;
use minigo_ssagen::reflect::array_mask;
use minigo_story::frame::Variable;
use minigo_story::json;
use minigo_story::record::{Record, Recorder};
use minigo_story::why::{self, Known};

use crate::debug::Debug;
use crate::debugging::{self, Placed};
use crate::failure::Failure;
use crate::options::Options;
use crate::parallel;
use crate::profile::Compiler;
use crate::scopes::Scopes;
use crate::variables;

/// A compiled function.
pub(crate) struct Compiled {
    /// With its instructions only if [`Options::rows`] asks for them.
    pub symbol: LSym,
    /// The symbols of its tables, unless an earlier function has them.
    pub tables: Vec<LSym>,
    /// The types of its variables that are declared in functions.
    pub local_types: Vec<Defined>,
    /// The lengths of its arrays of interfaces in memory.
    pub arrays: Vec<u16>,
    /// Empty if no listing is wanted.
    pub listing: Box<str>,
    /// The listing as data, if [`Options::json`] asks for it.
    pub data: Option<Box<json::Function>>,
    /// The variables with a place in memory, if [`Options::rows`] asks for instructions.
    pub variables: Vec<Variable>,
    /// The record of its passes and the notes on its values, if [`Options::record`] asks for them.
    pub story: Option<Box<Story>>,
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
    /// The order of values before the passes, if [`Options::debugging`] asks for it.
    order: Option<Box<SourceOrder>>,
    /// The changes that passes made to values, if [`Options::why`] or [`Options::record`] asks for them.
    history: Option<History>,
    /// The record of the passes, if [`Options::record`] asks for it.
    recorder: Option<Box<Recorder>>,
}

/// The record of the passes of a function, and the notes on its values.
pub(crate) struct Story {
    pub record: Record,
    pub notes: why::Notes,
}

/// What is told about a function besides its instructions.
#[derive(Default)]
struct Told {
    notes: Option<why::Notes>,
    /// If [`Options::record`] asks for it.
    record: Option<Record>,
    /// If [`Options::rows`] or [`Options::why`] asks for them.
    variables: Vec<Variable>,
    /// The variables of the program and their places, if [`Options::debugging`] asks for them.
    placed: Vec<Placed>,
}

/// The functions of a package, and how to compile them.
pub(crate) struct Functions<'a> {
    pub package: &'a ir::Package,
    pub symbols: &'a Symbols,
    pub positions: &'a PosTable,
    /// Empty unless [`Options::debugging`] asks for them.
    pub scopes: &'a Scopes,
    /// The options for lowering functions.
    pub lowering: pgen::Options,
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
    listing: String,
}

/// A function between passes and emission.
enum Stage {
    Compiled(Box<Compiled>),
    /// Waits for the symbols of its stack maps and jump tables.
    Func(Box<Func>, Box<Liveness>, Box<Notes>),
    Generated,
}

/// The symbols that belong to a function beside those that its operations name.
struct Attached {
    maps: StackMaps<'static>,
    jump_tables: Vec<(Block, Sym)>,
    /// The types that it converts to interfaces, with repetitions.
    used_types: Vec<Sym>,
}

/// The symbols of stack maps, each once, in order of first use.
#[derive(Default)]
struct GcLocals {
    /// Those that the current function is the first to use.
    symbols: Vec<LSym>,
    /// All of them.
    added: EntitySet<Sym>,
}

impl GcLocals {
    /// Alignment in bytes.
    const ALIGN: u32 = 4;

    fn add(&mut self, content: &[u8], syms: &mut SymTable) -> Sym {
        let sym = syms.lookup_gclocals(content);
        if self.added.insert(sym) {
            let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
            s.align = Self::ALIGN;
            s.write(content);
            self.symbols.push(s);
        }
        sym
    }
}

impl Functions<'_> {
    /// Compiles all functions. Returns them in listing order.
    pub(crate) fn compile(
        &self,
        mut trees: Trees,
        syms: &mut SymTable,
    ) -> Result<Vec<Compiled>, Failure> {
        generated::enter_callees(syms);
        let sources = self.sources();
        let stages = sources
            .iter()
            .map(|&source| {
                let [arg_info, arg_live] = self.argument_tables(source, syms);
                let maps = StackMaps {
                    args: syms.lookup_gclocals(&stack_map(self.args_bits(source))),
                    locals: syms.lookup_gclocals(&stack_map(0)),
                    objects: None,
                    arg_info,
                    arg_live,
                    jump_tables: &[],
                };
                match source {
                    Source::Func(id) => {
                        let tree = trees[id].take();
                        Some((id, tree.expect("functions with bodies have trees"), maps))
                    }
                    Source::ArrayEqual(_) | Source::FileClose => None,
                }
            })
            .collect();
        let stages = parallel::map(stages, Memory::default, |memory, function| match function {
            Some((id, tree, maps)) => self.passes(id, *tree, maps, syms, memory),
            None => Ok(Stage::Generated),
        })?;

        let mut locals = GcLocals::default();
        let mut attached = Vec::with_capacity(sources.len());
        let mut frame_symbols = Vec::with_capacity(sources.len());
        for (&source, stage) in sources.iter().zip(&stages) {
            attached.push(self.attached(source, stage, &mut locals, syms));
            frame_symbols.push(std::mem::take(&mut locals.symbols));
        }
        let syms = &*syms;
        let finish = |memory: &mut Memory, ((stage, source), (sym, attached))| match stage {
            Stage::Compiled(compiled) => Ok(*compiled),
            Stage::Func(f, liveness, notes) => {
                self.emission(*f, &liveness, &attached, *notes, syms, memory)
            }
            Stage::Generated => {
                let text = self.generate(source, sym, attached.maps, syms);
                let (told, notes) = Default::default();
                self.assembly(text, told, notes, None, syms, &mut memory.listing)
            }
        };
        let is_compiled = |stage| matches!(stage, &Stage::Compiled(_));
        let all_compiled = stages.iter().all(is_compiled);
        let stages = stages.into_iter().zip(sources).zip(attached);
        let compiled: Result<Vec<Compiled>, Failure> = if all_compiled {
            let mut memory = Memory::default();
            stages.map(|item| finish(&mut memory, item)).collect()
        } else {
            parallel::map(stages.collect(), Memory::default, finish)
        };
        let mut compiled = compiled?;
        for (compiled, mut frame_symbols) in compiled.iter_mut().zip(frame_symbols) {
            frame_symbols.append(&mut compiled.tables);
            compiled.tables = frame_symbols;
        }
        Ok(compiled)
    }

    /// Returns the functions in listing order.
    fn sources(&self) -> Vec<Source> {
        let mut sources = Vec::new();
        let has_generated = self.compiler.front.generated_functions;
        if has_generated && self.package.needed.contains(&Needed::Itab) {
            sources.push(Source::FileClose);
        }
        let init_first = self.compiler.front.init_first;
        let is_init = |f: &ir::Func| &*f.name == "init";
        let first = |f: &ir::Func| init_first && is_init(f);
        let init = self.package.funcs.iter().filter(|(_, f)| first(f));
        let others = self.package.funcs.iter().filter(|(_, f)| !first(f));
        for (id, f) in init.chain(others) {
            if f.has_body && &*f.name != "_" {
                sources.push(Source::Func(id));
            }
            let equals = self.package.array_equals.iter().filter(|_| has_generated);
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

    /// Returns the symbols of the tables that say where the arguments of a function are and whether they are there; none
    /// in versions without.
    fn argument_tables(&self, source: Source, syms: &mut SymTable) -> [Option<Sym>; 2] {
        match source {
            Source::Func(id) if self.compiler.ssa.emit.argument_tables => {
                let name = syms.name(self.symbols.func(id)).to_owned();
                let arg_info = match self.package.funcs[id].convention {
                    Convention::Registers => ".arginfo1",
                    Convention::Stack => ".arginfo0",
                };
                [arg_info, ".argliveinfo"]
                    .map(|suffix| Some(syms.lookup(&[&*name, suffix].concat())))
            }
            _ => [None, None],
        }
    }

    /// Writes the list of a frame's variables whose address is taken: their number, then for each its offset from the top of
    /// the autos, its size, the size up to its last pointer, and its pointers.
    fn write_masks(&self, s: &mut LSym, liveness: &Liveness, syms: &mut SymTable) {
        s.write(&(liveness.objects().len() as u64).to_le_bytes());
        for &(offset, ty) in liveness.objects() {
            let size = ty.size() as u32;
            // An array of interfaces ends in a pointer.
            for field in [offset as u32, size, size] {
                s.write(&field.to_le_bytes());
            }
            let mask = array_mask(array_len(ty), self.compiler.front.descriptors);
            s.relocs.push(Reloc {
                off: s.data.len() as u32,
                siz: 4,
                kind: RelocKind::ADDROFF,
                sym: Some(syms.lookup(&mask)),
                add: 0,
            });
            s.write(&[0; 4]);
        }
    }

    /// Returns the types that a function converts to interfaces, in versions that list them.
    fn used_types(&self, id: FuncId) -> Vec<Sym> {
        if !self.compiler.front.lists_used_types {
            return Vec::new();
        }
        let needed = self.package.funcs[id].needed.iter();
        let types = needed.map(|needed| match needed {
            Needed::Descriptor(ty) => *ty,
            Needed::Itab => ir::Type::FILE,
        });
        types
            .map(|ty| self.symbols.external(External::Descriptor(ty)))
            .collect()
    }

    /// Returns the symbols of a function and of what is attached to it.
    fn attached(
        &self,
        source: Source,
        stage: &Stage,
        locals: &mut GcLocals,
        syms: &mut SymTable,
    ) -> (Sym, Attached) {
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
            let list = syms.lookup(&format!("{}.stkobj", syms.name(sym)));
            let mut symbol = LSym::new(list, SymKind::SRODATA, Attrs::NONE);
            let has_masks = self.compiler.front.stack_objects_have_masks;
            if let Stage::Func(f, liveness, _) = stage
                && !liveness.objects().is_empty()
            {
                objects = Some(list);
                if has_masks {
                    symbol.attrs = Attrs::STATIC;
                    symbol.align = 8;
                    self.write_masks(&mut symbol, liveness, syms);
                } else {
                    write_stack_objects(&mut symbol, f, liveness, syms);
                }
            }
            // Without bytes, if optimization has left none of the arrays, in versions that don't leave it out.
            if objects.is_some() || !has_masks {
                locals.symbols.push(symbol);
            }
        }
        let mut tables = Vec::new();
        if let Stage::Func(f, ..) = stage {
            let name = syms.name(sym).to_owned();
            let table = |b: Block| (b, syms.lookup(&format!("{name}.jump{}", b.as_u32())));
            tables.extend(jump_tables(f).map(table));
        }
        let [arg_info, arg_live] = self.argument_tables(source, syms);
        let maps = StackMaps {
            args,
            locals: autos,
            objects,
            arg_info,
            arg_live,
            jump_tables: &[],
        };
        let used_types = match source {
            Source::Func(id) => self.used_types(id),
            Source::ArrayEqual(_) | Source::FileClose => Vec::new(),
        };
        let attached = Attached {
            maps,
            jump_tables: tables,
            used_types,
        };
        (sym, attached)
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

    /// Builds a function and runs all passes over it. A function without pointers and jump tables is also emitted and
    /// assembled.
    fn passes(
        &self,
        id: FuncId,
        mut tree: ir::Func,
        maps: StackMaps<'static>,
        syms: &SymTable,
        memory: &mut Memory,
    ) -> Result<Stage, Failure> {
        let name = &*self.package.funcs[id].name;
        let config = self.config();
        let mut notes = Notes::default();
        let dumps = &mut notes.dumps;
        let builder = &mut memory.builder;
        pgen::lower(self.package, &mut tree, self.lowering, builder);
        if self.debug.dumps_tree(name) {
            dumps.push_str(&minigo_ssagen::dump::dump(
                self.package,
                &tree,
                "after walk",
            ));
        }
        let scratch = memory.scratch.take().unwrap_or_default();
        let front = self.compiler.front;
        let mut f = minigo_ssagen::build(
            self.package,
            id,
            &tree,
            self.symbols,
            front,
            &config,
            scratch,
            builder,
        );
        builder.take_back(tree);
        notes.order = self
            .options
            .debugging
            .then(|| Box::new(SourceOrder::new(&f)));
        let recording = self.options.record.as_ref();
        let recording = recording.filter(|wanted| wanted.wants(name, &self.package.name));
        let asked = self.options.why.is_some() || recording.is_some();
        let mut history = asked.then(|| History::begin(&mut f));
        let mut recorder = recording.map(|wanted| {
            let passes = &wanted.passes;
            let passes = with_passes_before(passes, self.compiler.ssa, &config);
            Box::new(Recorder::new(&passes))
        });
        minigo_ssa::compile(&mut f, &config, &mut |pass, f| {
            if let Some(history) = &mut history {
                history.observe(f);
                if let Some(recorder) = &mut recorder {
                    recorder.observe(pass, f, history, syms);
                }
            }
            if self.debug.dumps(pass, name) {
                dumps.push_str(&minigo_ssa::dump(f, pass, syms));
            }
        });
        notes.remarks = std::mem::take(&mut f.remarks);
        notes.history = history;
        notes.recorder = recorder;
        let liveness = liveness(&f, &self.config());
        if liveness.has_pointers() || jump_tables(&f).next().is_some() {
            return Ok(Stage::Func(
                Box::new(f),
                Box::new(liveness),
                Box::new(notes),
            ));
        }
        let attached = Attached {
            maps,
            jump_tables: Vec::new(),
            used_types: self.used_types(id),
        };
        let compiled = self.emission(f, &liveness, &attached, notes, syms, memory)?;
        Ok(Stage::Compiled(Box::new(compiled)))
    }

    fn emission(
        &self,
        mut f: Func,
        liveness: &Liveness,
        attached: &Attached,
        mut notes: Notes,
        syms: &SymTable,
        memory: &mut Memory,
    ) -> Result<Compiled, Failure> {
        let contents = [
            (attached.maps.arg_info, argument_info(&f)),
            (
                attached.maps.arg_live,
                liveness.argument_maps().map(<[u8]>::to_vec),
            ),
        ];
        let [arg_info, arg_live] =
            contents.map(|(name, content)| Some(argument_table(name?, &content?)));
        let maps = StackMaps {
            arg_info: arg_info.as_ref().and_then(|table| table.sym),
            arg_live: arg_live.as_ref().and_then(|table| table.sym),
            jump_tables: &attached.jump_tables,
            ..attached.maps
        };
        let mut told = Told::default();
        let mut text = if notes.history.is_none() && notes.order.is_none() {
            emit(&f, &self.config(), liveness, maps)
        } else {
            let (text, origins) = emit_with_origins(&f, &self.config(), liveness, maps);
            if let Some(history) = &notes.history {
                told.notes = Some(why::notes(&f, history, &origins, syms));
                let recorder = notes.recorder.take();
                let positions = self.positions;
                told.record = recorder.map(|recorder| recorder.finish(&f, history, positions));
            }
            if let Some(order) = notes.order.take() {
                let is_param = |call, name: &str, pos| self.is_param(call, name, pos);
                told.placed =
                    debugging::placed(&mut f, &origins, &text, &order, self.positions, is_param);
            }
            text
        };
        text.used_types.clone_from(&attached.used_types);
        let debug = self
            .compiler
            .front
            .dwarf_symbols
            .then(|| (text.pos(), dwarf::debug_vars(&f, self.positions)));
        let local_types = self.symbols.local_types(self.package, &f);
        if self.options.rows || self.options.why.is_some() {
            told.variables = variables::of_compiled(&f);
        }
        memory.scratch = Some(f.into_scratch());
        let listing = &mut memory.listing;
        let mut compiled = self.assembly(text, told, notes, debug, syms, listing)?;
        let tables = arg_info.into_iter().chain(arg_live);
        compiled.tables.splice(0..0, tables);
        compiled.local_types = local_types;
        let objects = liveness.objects().iter();
        compiled.arrays = objects.map(|&(_, ty)| array_len(ty)).collect();
        Ok(compiled)
    }

    /// Reports whether the parameter of an inlined call has this name and position.
    fn is_param(&self, call: u32, name: &str, pos: Pos) -> bool {
        let callee = &self.package.funcs[self.package.inline_tree[call as usize].func];
        callee.vars.values().any(|var| {
            let is_there = (var.pos.line(), var.pos.col()) == (pos.line(), pos.col());
            var.class == ir::Class::Param && *var.name == *name && is_there
        })
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
        told: Told,
        notes: Notes,
        debug: Option<(Pos, Vec<DebugVar>)>,
        syms: &SymTable,
        listing: &mut String,
    ) -> Result<Compiled, Failure> {
        let unit = Unit {
            optimize: self.options.optimize,
            inlined_calls: self.symbols.inline_tree(),
            debugging: self.options.debugging,
            ..Unit::new(syms, self.positions, self.compiler.dialect)
        };
        let mut symbol = minigo_obj::amd64::assemble(text, &unit)
            .map_err(|errors| Failure::program(&errors.join("\n")))?;
        listing.clear();
        let mut data = None;
        let known = Known {
            notes: told.notes.as_ref(),
            variables: &told.variables,
        };
        match self.options.why {
            _ if !self.options.listing => {}
            why if self.options.json => {
                let package = json::Package {
                    name: &self.package.name,
                    folder: &self.options.folder,
                };
                let known = why.map(|_| known);
                let function = json::Function::new(&symbol, &unit, &package, known);
                data = Some(Box::new(function));
            }
            None => minigo_obj::list::write_symbol(listing, &symbol, &unit),
            Some((form, lang)) => {
                why::write_symbol(listing, &symbol, &unit, known, form, lang);
            }
        }
        let tables = symbol.jump_tables();
        debugging::add_variables(&mut symbol, &told.placed, self.scopes, &unit);
        if !self.options.rows {
            symbol.text = None;
        }
        Ok(Compiled {
            symbol,
            tables,
            local_types: Vec::new(),
            arrays: Vec::new(),
            listing: listing.as_str().into(),
            data,
            variables: told.variables,
            story: told
                .record
                .zip(told.notes)
                .map(|(record, notes)| Box::new(Story { record, notes })),
            notes,
            debug,
        })
    }
}

/// Returns passes, and those that run just before them, so that one sees what they change.
fn with_passes_before(wanted: &[String], profile: &Profile, config: &Config) -> Vec<String> {
    let mut before = "start";
    let mut all = wanted.to_vec();
    for pass in profile.passes {
        if wanted.iter().any(|name| name == pass.name) {
            all.push(before.to_owned());
        }
        if pass.required || config.optimize {
            before = pass.name;
        }
    }
    all
}

/// Returns a table about the arguments of a function.
fn argument_table(sym: Sym, content: &[u8]) -> LSym {
    let mut s = LSym::new(sym, SymKind::SRODATA, Attrs::STATIC | Attrs::DUPOK);
    s.align = 1;
    s.write(content);
    s
}

/// Returns the number of elements of an array of interfaces.
fn array_len(ty: Type) -> u16 {
    (ty.size() / Type::INTERFACE.size()) as u16
}

/// Writes the list of a frame's variables whose address is taken: their number, then for each its offset from
/// the top of the autos and its type (gc: ssa.go, emitStackObjects).
fn write_stack_objects(s: &mut LSym, f: &Func, liveness: &Liveness, syms: &mut SymTable) {
    s.write(&(liveness.objects().len() as u64).to_le_bytes());
    for &(offset, ty) in liveness.objects() {
        s.write(&offset.to_le_bytes());
        let descriptor = ty.display(&f.type_names);
        s.write_addr(syms.reserved("type", descriptor), 0);
    }
}
