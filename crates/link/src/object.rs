//! Writes relocatable objects: ELF, or Mach-O for Darwin.
//!
//! Faerie makes them in parts (`part.rs`). The parts of an ELF object are joined (`join.rs`); the runtime's part is made
//! beforehand, by the build script.

mod debugging;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::{self, Cursor, Seek, Write};

use cranelift_entity::SecondaryMap;
use minigo_obj::{LSym, Reloc, RelocKind, Sym};
use rustc_hash::FxHashSet;
use target_lexicon::{BinaryFormat, Triple};

use crate::join::{self, Joined, NamedId};
use crate::link::ENTRY;
use crate::macho;
use crate::memory::{Segment, size};
use crate::part::{self, Defined, Link, declaration, is_local, static_name};
use crate::program::{LinkError, Program, addressed};

const R_X86_64_64: u32 = 1;
const R_X86_64_PC32: u32 = 2;
const R_X86_64_PLT32: u32 = 4;
const R_X86_64_GOTPCREL: u32 = 9;
const R_X86_64_32: u32 = 10;
const X86_64_RELOC_UNSIGNED: u32 = 0;
const X86_64_RELOC_SIGNED: u32 = 1;
const X86_64_RELOC_BRANCH: u32 = 2;

/// Size of the parts of a program that faerie gets, in bytes, relocations included.
const PART: usize = 1 << 17;

/// Size of a relocation in bytes, in an object as in memory.
const RELOC: usize = 24;

/// Approximate size of the names and headers of one symbol in an object, in bytes.
const HEADERS: usize = 256;

/// Returns an object for `target` called `name` with the symbols of `program`.
///
/// # Errors
///
/// The errors of [`Writer::finish`].
pub fn object(program: &Program, target: &Triple, name: &str) -> Result<Vec<u8>, LinkError> {
    let symbols = program
        .symbols
        .iter()
        .copied()
        .chain(program.runtime_symbols());
    let size: usize = symbols.map(|s| part_size(s) + HEADERS).sum();
    let mut bytes = Cursor::new(Vec::with_capacity(size));
    write(program, target, name, &mut bytes)?;
    Ok(bytes.into_inner())
}

/// Writes an object for `target` called `name` with the symbols of `program` to `sink`, in small pieces.
///
/// # Errors
///
/// The errors of [`Writer::finish`].
pub fn write(
    program: &Program,
    target: &Triple,
    name: &str,
    sink: impl Write + Seek,
) -> Result<(), LinkError> {
    Writer::new(target, name, sink).finish(program)
}

/// Writes an object; an ELF object part by part.
pub struct Writer<W: Write + Seek> {
    target: Triple,
    name: String,
    /// ELF rather than Mach-O.
    is_elf: bool,
    output: Output<W>,
    /// Functions of the next part, and their approximate size in the object.
    next: Vec<LSym>,
    size: usize,
    /// Functions that are written, part by part, without their contents.
    written: Vec<Vec<LSym>>,
    /// Size of a part in bytes.
    part: usize,
    /// The names of symbols in the object, as far as they were used.
    names: SecondaryMap<Sym, String>,
    /// The symbols of joined parts, as far as relocations used them.
    ids: SecondaryMap<Sym, Option<NamedId>>,
}

/// The destination of parts.
enum Output<W: Write + Seek> {
    /// The file; Mach-O has one part.
    Single(W),
    Joined(Box<Joined<W>>),
    /// None, after the file could not be written.
    Broken,
}

impl<W: Write + Seek> Writer<W> {
    /// Begins an object for `target` called `name`, which is written to `sink` in small pieces and flushed.
    pub fn new(target: &Triple, name: &str, sink: W) -> Writer<W> {
        let is_elf = target.binary_format == BinaryFormat::Elf;
        Writer {
            target: target.clone(),
            name: name.to_owned(),
            is_elf,
            output: Output::Single(sink),
            next: Vec::new(),
            size: 0,
            written: Vec::new(),
            part: if is_elf { PART } else { usize::MAX },
            names: SecondaryMap::new(),
            ids: SecondaryMap::new(),
        }
    }

    /// Adds a function of `program` before the others, so that its contents need not stay in memory. The symbols of
    /// `program` are ignored.
    ///
    /// # Errors
    ///
    /// The errors of [`Writer::finish`].
    pub fn add(&mut self, program: &Program, function: LSym) -> Result<(), LinkError> {
        self.size += part_size(&function);
        self.next.push(function);
        if self.size <= self.part {
            return Ok(());
        }
        let mut functions = std::mem::take(&mut self.next);
        self.size = 0;
        let refs: Vec<&LSym> = functions.iter().collect();
        self.write_part(program, &refs, &[])?;
        for function in &mut functions {
            (function.data, function.relocs) = (Vec::new(), Vec::new());
        }
        self.written.push(functions);
        Ok(())
    }

    /// Writes the functions that were added and the symbols of `program`. References to undefined
    /// symbols become imports.
    ///
    /// # Errors
    ///
    /// Two definitions of a symbol, code that the object format can't express, and errors of the sink.
    pub fn finish(mut self, program: &Program) -> Result<(), LinkError> {
        let written = std::mem::take(&mut self.written);
        let next = std::mem::take(&mut self.next);
        let written = written.iter().flatten();
        let mut is_written = SecondaryMap::new();
        for sym in written.clone().filter_map(|function| function.sym) {
            is_written[sym] = true;
        }
        let all = written.chain(&next);
        let program = &Program {
            symbols: all.chain(program.symbols.iter().copied()).collect(),
            ..*program
        };
        let resolved = program.needed(program.resolve()?, &[ENTRY, part::START]);
        let mut symbols = resolved.symbols;
        let others = symbols.split_off(resolved.n_own);
        let runtime = program.runtime.filter(|_| self.is_elf);
        let number = |symbol: &LSym| runtime?.number(symbol);
        let (mut prebuilt, others): (Vec<_>, Vec<_>) =
            others.into_iter().partition(|s| number(s).is_some());
        symbols.extend(others);
        for part in [&mut prebuilt, &mut symbols] {
            // Faerie's order: local, weak, global.
            part.sort_by_key(|s| match s.sym {
                Some(sym) if is_local(s, program.is_static(sym)) => 0,
                Some(sym) if program.syms.name(sym) == part::START => 1,
                _ => 2,
            });
        }
        let all = [&*prebuilt, &*symbols].concat();
        let tables = (program.profile.tables)(program, &all, None);
        if !prebuilt.is_empty() {
            self.write_prebuilt(program, &prebuilt, number)?;
        }
        symbols.retain(|symbol| !symbol.sym.is_some_and(|sym| is_written[sym]));
        symbols.extend(&tables);
        self.write_parts(program, &symbols, &prebuilt)?;
        if let Some(debugging) = program.debugging.filter(|_| self.is_elf) {
            self.write_debugging(program, debugging, &all)?;
        }
        match self.output {
            Output::Joined(joined) => joined.finish().map_err(|err| broken(&self.name, err)),
            Output::Single(_) | Output::Broken => Ok(()),
        }
    }

    /// Writes symbols, part by part, and with the last part the relocations of the `prebuilt` ones.
    fn write_parts(
        &mut self,
        program: &Program,
        symbols: &[&LSym],
        prebuilt: &[&LSym],
    ) -> Result<(), LinkError> {
        let (mut start, mut size) = (0, 0);
        for (index, symbol) in symbols.iter().enumerate() {
            if size > self.part {
                self.write_part(program, &symbols[start..index], &[])?;
                (start, size) = (index, 0);
            }
            size += part_size(symbol);
        }
        self.write_part(program, &symbols[start..], prebuilt)
    }

    /// Writes symbols of the runtime's object, where they have numbers, without relocations.
    fn write_prebuilt(
        &mut self,
        program: &Program,
        symbols: &[&LSym],
        number: impl Fn(&LSym) -> Option<u32>,
    ) -> Result<(), LinkError> {
        let Some(mut joined) = self.joined()? else {
            return Ok(());
        };
        for symbol in symbols {
            if let Some((sym, number)) = symbol.sym.zip(number(symbol)) {
                let is_static = program.is_static(sym);
                self.names[sym] = part::prebuilt_name(program.syms.name(sym), is_static, number);
            }
        }
        let names = symbols.iter().filter_map(|symbol| symbol.sym);
        let names: FxHashSet<&[u8]> = names.map(|sym| self.names[sym].as_bytes()).collect();
        let added = joined.add(program.profile.runtime.object, |name| names.contains(name));
        added.map_err(|err| self.broken(err))?;
        self.output = Output::Joined(joined);
        Ok(())
    }

    /// Takes the object out of `output`; none if it is broken.
    fn joined(&mut self) -> Result<Option<Box<Joined<W>>>, LinkError> {
        match std::mem::replace(&mut self.output, Output::Broken) {
            Output::Single(sink) => match Joined::new(sink) {
                Ok(joined) => Ok(Some(Box::new(joined))),
                Err(err) => Err(self.broken(err)),
            },
            Output::Joined(joined) => Ok(Some(joined)),
            Output::Broken => Ok(None),
        }
    }

    /// Writes the symbols of a part, and the relocations of the `prebuilt` ones.
    fn write_part(
        &mut self,
        program: &Program,
        symbols: &[&LSym],
        prebuilt: &[&LSym],
    ) -> Result<(), LinkError> {
        let bytes = self.part(program, symbols, prebuilt)?;
        if !self.is_elf {
            if let Output::Single(sink) = &mut self.output {
                let written = sink.write_all(&bytes).and_then(|()| sink.flush());
                written.map_err(|err| broken(&self.name, err.into()))?;
            }
            return Ok(());
        }
        let Some(mut joined) = self.joined()? else {
            return Ok(());
        };
        let added = joined.add(&bytes, |_| true);
        added.map_err(|err| self.broken(err))?;
        self.relocate(&mut joined, symbols);
        self.relocate(&mut joined, prebuilt);
        self.output = Output::Joined(joined);
        Ok(())
    }

    /// Returns the error for an object that can't be written.
    fn broken(&self, err: Box<dyn Error>) -> LinkError {
        broken(&self.name, err)
    }

    /// Returns a part with some symbols. Symbols of no part that they or the `prebuilt` ones refer to become imports.
    fn part(
        &mut self,
        program: &Program,
        symbols: &[&LSym],
        prebuilt: &[&LSym],
    ) -> Result<Vec<u8>, LinkError> {
        let targets = targets(symbols.iter().chain(prebuilt));
        let defined = symbols.iter().filter_map(|symbol| symbol.sym);
        for sym in defined.chain(targets.iter().map(|&(sym, _)| sym)) {
            if self.names[sym].is_empty() {
                self.names[sym] = object_name(program, sym);
            }
        }
        let names = &self.names;
        let is_known =
            |name: &str| matches!(&self.output, Output::Joined(joined) if joined.has(name));
        let defined: BTreeSet<&str> = loaded(symbols).map(|(_, sym, _)| &*names[sym]).collect();
        let mut imports: BTreeMap<&str, bool> = BTreeMap::new();
        for (target, is_function) in targets {
            let name = &*names[target];
            if !defined.contains(name) && !is_known(name) {
                *imports.entry(name).or_default() |= is_function;
            }
        }
        let define = |(symbol, sym, segment)| {
            program.check_size(symbol)?;
            let contents = part::contents(symbol, self.is_elf).map_err(|what| {
                let name = program.name_of(symbol);
                LinkError::Program(format!(
                    "{name}: minigo does not support {what} in objects for darwin/amd64"
                ))
            })?;
            Ok(Defined {
                name: &names[sym],
                decl: declaration(symbol, &names[sym], segment, program.is_static(sym)),
                contents,
            })
        };
        let defined = loaded(symbols).map(define).collect::<Result<_, _>>()?;
        let (links, sections) = match self.is_elf {
            true => (Vec::new(), Vec::new()),
            false => (self.links(symbols), self.sections(program, symbols)),
        };
        let has_sections = !sections.is_empty();
        let mut bytes = part::object(
            &self.target,
            &self.name,
            defined,
            &imports,
            &links,
            sections,
        )
        .map_err(|err| self.broken(err.into()))?;
        if has_sections {
            macho::relocate_by_section(&mut bytes).map_err(|err| self.broken(err.into()))?;
        }
        Ok(bytes)
    }

    /// Returns the relocations of the symbols of a Mach-O object.
    fn links(&self, symbols: &[&LSym]) -> Vec<Link<'_>> {
        let mut links = Vec::new();
        for (symbol, sym, _) in loaded(symbols) {
            links.extend(symbol.relocs.iter().filter_map(|reloc| {
                Some(Link {
                    from: &self.names[sym],
                    to: &self.names[addressed(reloc)?],
                    at: reloc.off.into(),
                    kind: macho_reloc(reloc),
                })
            }));
        }
        links
    }

    /// Adds the relocations of symbols of a joined part. Names are looked up once for each symbol.
    fn relocate(&mut self, joined: &mut Joined<W>, symbols: &[&LSym]) {
        let Writer { names, ids, .. } = self;
        for (symbol, sym, _) in loaded(symbols) {
            let mut id = |sym| *ids[sym].get_or_insert_with(|| joined.id(&names[sym]));
            let from = id(sym);
            let mut relocs = Vec::with_capacity(symbol.relocs.len());
            relocs.extend(symbol.relocs.iter().filter_map(|reloc| {
                let target = join::Target::Symbol(id(addressed(reloc)?));
                let (kind, addend) = elf_reloc(reloc);
                Some(join::Reloc {
                    offset: reloc.off,
                    target,
                    kind,
                    addend,
                })
            }));
            joined.relocate(from, relocs);
        }
    }
}

/// Returns the type of a relocation and its addend in ELF.
fn elf_reloc(reloc: &Reloc) -> (u32, i32) {
    // The processor's displacements start at the end of the field, ELF's at its start.
    let (kind, addend) = match reloc.kind {
        RelocKind::ADDR if reloc.siz == 8 => (R_X86_64_64, reloc.add),
        RelocKind::ADDR => (R_X86_64_32, reloc.add),
        RelocKind::CALL => (R_X86_64_PLT32, reloc.add - 4),
        RelocKind::GOTPCREL => (R_X86_64_GOTPCREL, reloc.add - 4),
        _ => (R_X86_64_PC32, reloc.add - 4),
    };
    (kind, addend as i32)
}

/// Returns the type of a relocation in Mach-O. The addend is in the relocated bytes.
fn macho_reloc(reloc: &Reloc) -> u32 {
    match reloc.kind {
        RelocKind::ADDR => X86_64_RELOC_UNSIGNED,
        RelocKind::CALL => X86_64_RELOC_BRANCH,
        _ => X86_64_RELOC_SIGNED,
    }
}

/// Returns the error for an object called `name`.
fn broken(name: &str, err: Box<dyn Error>) -> LinkError {
    match err.downcast::<io::Error>() {
        Ok(err) => LinkError::Sink(err.to_string()),
        Err(err) => LinkError::Program(format!("{name}: {err}")),
    }
}

/// Returns the symbols that are loaded, and their segments.
fn loaded<'a>(symbols: &[&'a LSym]) -> impl Iterator<Item = (&'a LSym, Sym, Segment)> {
    let with_segment = |symbol: &&'a LSym| Some((*symbol, symbol.sym?, Segment::of(symbol.kind)?));
    symbols.iter().filter_map(with_segment)
}

/// Returns the approximate size of a symbol in an object, in bytes.
fn part_size(symbol: &LSym) -> usize {
    size(symbol) as usize + symbol.relocs.len() * RELOC
}

/// Returns the symbols whose addresses `symbols` need, and whether they are functions: a symbol that is called anywhere
/// is a function, even if its address is taken elsewhere.
fn targets<'a>(symbols: impl Iterator<Item = &'a &'a LSym>) -> Vec<(Sym, bool)> {
    let mut targets: Vec<(Sym, bool)> = Vec::new();
    let mut index_of: SecondaryMap<Sym, Option<u32>> = SecondaryMap::new();
    for reloc in symbols.flat_map(|symbol| &symbol.relocs) {
        let Some(target) = addressed(reloc) else {
            continue;
        };
        let is_call = reloc.kind == RelocKind::CALL;
        match index_of[target] {
            Some(index) => targets[index as usize].1 |= is_call,
            None => {
                index_of[target] = Some(targets.len() as u32);
                targets.push((target, is_call));
            }
        }
    }
    targets
}

/// Returns the name of a symbol in the object. On Darwin, faerie adds the `_` of C's names.
fn object_name(program: &Program, sym: Sym) -> String {
    let name = program.unique_name(sym);
    match program.is_static(sym) {
        true => static_name(&name, sym.as_u32()),
        false => name.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use minigo_obj::{Attrs, SymKind, SymTable};
    use object::read::{File, Object as _, ObjectSection, ObjectSymbol, RelocationTarget};

    use super::*;
    use crate::paths::Paths;
    use crate::profile;

    /// Functions and variables that refer to each other and to others.
    fn symbols(syms: &mut SymTable) -> Vec<LSym> {
        let names: Vec<Sym> = (0..40)
            .map(|n| match n % 5 {
                0 => syms.lookup_static(&format!("s{n}")),
                _ => syms.own(format_args!("f{n}")),
            })
            .collect();
        let other = syms.lookup("other");
        let symbol = |n: usize| {
            let kind = match n % 3 {
                0 => SymKind::SNOPTRDATA,
                1 => SymKind::SRODATA,
                _ => SymKind::STEXT,
            };
            let mut symbol = LSym::new(names[n], kind, Attrs::NONE);
            symbol.write(&vec![n as u8; n]);
            for (i, target) in [names[(n * 7 + 1) % 40], other, names[n]]
                .into_iter()
                .enumerate()
            {
                symbol.write_addr(target, (i * n) as i64);
            }
            symbol
        };
        (0..40).map(symbol).collect()
    }

    /// Describes an object in text: each symbol and the contents of its section.
    fn described(bytes: &[u8]) -> BTreeMap<String, String> {
        let file = File::parse(bytes).expect("an object");
        let describe = |symbol: object::Symbol| {
            let name = symbol.name().expect("a name").to_owned();
            let mut text = format!("{:?} {:?} {}", symbol.kind(), symbol.scope(), symbol.size());
            if let Some(index) = symbol.section_index() {
                let section = file.section_by_index(index).expect("a section");
                let (name, data) = (section.name(), section.data());
                let align = section.align();
                text += &format!(" {name:?} {:?} {align} {data:?}", section.flags());
                for (offset, reloc) in section.relocations() {
                    let RelocationTarget::Symbol(index) = reloc.target() else {
                        panic!("a relocation without symbol");
                    };
                    let target = file.symbol_by_index(index).expect("a symbol");
                    let section = target
                        .section_index()
                        .map(|index| file.section_by_index(index));
                    let target = match section {
                        Some(section) => section.expect("a section").name().map(str::to_owned),
                        None => target.name().map(str::to_owned),
                    };
                    text += &format!(
                        "\n{offset} {target:?} {:?} {}",
                        reloc.flags(),
                        reloc.addend()
                    );
                }
            }
            (name, text)
        };
        file.symbols()
            .filter(|s| !s.name().unwrap_or("").is_empty())
            .map(describe)
            .collect()
    }

    #[test]
    fn parts_are_joined_to_what_they_are_together() {
        let mut syms = SymTable::new();
        let symbols = symbols(&mut syms);
        let program = Program {
            profile: &profile::GO1_15,
            syms: &syms,
            package: "main",
            paths: &Paths::default(),
            symbols: Vec::new(),
            runtime: None,
            debugging: None,
            symbol_table: true,
        };
        let target = "x86_64-unknown-linux-gnu".parse().expect("a target");
        // The first functions are added before the others.
        let described = |part: usize, n_added: usize| {
            let mut bytes = Cursor::new(Vec::new());
            let mut writer = Writer::new(&target, "x.s", &mut bytes);
            writer.part = part;
            for symbol in &symbols[..n_added] {
                writer.add(&program, symbol.clone()).expect("an object");
            }
            let rest = Program {
                symbols: symbols[n_added..].iter().collect(),
                ..program
            };
            writer.finish(&rest).expect("an object");
            described(&bytes.into_inner())
        };
        let whole = described(usize::MAX, 0);
        assert_eq!(whole.len(), 42);
        for part in [0, 500] {
            for n_added in [0, 1, 20, 40] {
                assert_eq!(described(part, n_added), whole);
            }
        }
    }
}
