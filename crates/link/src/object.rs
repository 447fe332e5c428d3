//! Relocatable objects, through faerie: ELF, or Mach-O for Darwin.
//!
//! The only file that names faerie. It gets ELF objects in parts, which are [joined](crate::join). What it
//! cannot do shapes the objects: zeroed data is stored as data (as such, faerie gives it no size), duplicates are
//! local symbols, g has a fixed place in thread-local storage instead of a symbol, and Mach-O's addends are in the
//! relocated bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::io::{Cursor, Seek, Write};

use cranelift_entity::SecondaryMap;
use faerie::{
    Artifact, ArtifactBuilder, ArtifactError, Decl, Link, Reloc as FaerieReloc, SectionKind,
};
use minigo_obj::{Attrs, LSym, Reloc, RelocKind, Sym, SymKind};
use target_lexicon::{BinaryFormat, Triple};

use crate::join::{self, Joined, NamedId};
use crate::link::{ENTRY, TLS_OFFSET, size};
use crate::pclntab::pclntab;
use crate::program::{LinkError, Program, Segment, addressed};

const R_X86_64_64: u32 = 1;
const R_X86_64_PC32: u32 = 2;
const R_X86_64_PLT32: u32 = 4;
const R_X86_64_GOTPCREL: u32 = 9;
const R_X86_64_32: u32 = 10;
const X86_64_RELOC_UNSIGNED: u32 = 0;
const X86_64_RELOC_SIGNED: u32 = 1;
const X86_64_RELOC_BRANCH: u32 = 2;

/// How much of a program is given to faerie at a time: bytes, among them those of relocations.
const PART: usize = 1 << 17;

/// Bytes of a relocation, in an object as in memory.
const RELOC: usize = 24;

/// About how many bytes of an object are names and headers of one symbol.
const HEADERS: usize = 256;

/// The symbols of `program` as an object for `target` called `name`.
///
/// # Errors
///
/// As [`Writer::finish`].
pub fn object(program: &Program, target: &Triple, name: &str) -> Result<Vec<u8>, LinkError> {
    let symbols = program.symbols.iter().copied().chain(program.runtime);
    let size: usize = symbols.map(|s| part_size(s) + HEADERS).sum();
    let mut bytes = Cursor::new(Vec::with_capacity(size));
    Writer::new(target, name, &mut bytes).finish(program)?;
    Ok(bytes.into_inner())
}

/// Writes an object, an ELF one part by part.
pub struct Writer<W: Write + Seek> {
    target: Triple,
    name: String,
    /// ELF rather than Mach-O.
    is_elf: bool,
    output: Output<W>,
    /// Functions of the next part, and about how many bytes of the object they are.
    next: Vec<LSym>,
    size: usize,
    /// Functions that are written, without their contents, part by part.
    written: Vec<Vec<LSym>>,
    /// How much is a part.
    part: usize,
    /// The names of symbols in the object, as far as they were needed.
    names: SecondaryMap<Sym, String>,
    /// The symbols of joined parts, as far as relocations needed them.
    ids: SecondaryMap<Sym, Option<NamedId>>,
}

/// Where parts go.
enum Output<W: Write + Seek> {
    /// To the file; Mach-O has one.
    Single(W),
    Joined(Box<Joined<W>>),
    /// Nowhere, since the file could not be written.
    Broken,
}

impl<W: Write + Seek> Writer<W> {
    /// An object for `target` called `name` that is written to `sink` in small pieces, and flushed.
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

    /// Adds a function of `program` in advance, so that its contents need no memory until all are known. The symbols
    /// of `program` do not matter yet.
    ///
    /// # Errors
    ///
    /// As [`Writer::finish`].
    pub fn add(&mut self, program: &Program, function: LSym) -> Result<(), LinkError> {
        self.size += part_size(&function);
        self.next.push(function);
        if self.size <= self.part {
            return Ok(());
        }
        let mut functions = std::mem::take(&mut self.next);
        self.size = 0;
        let refs: Vec<&LSym> = functions.iter().collect();
        self.write_part(program, &refs, false)?;
        for function in &mut functions {
            (function.data, function.relocs) = (Vec::new(), Vec::new());
        }
        self.written.push(functions);
        Ok(())
    }

    /// Writes the functions that were added and the symbols of `program`. References to symbols that are not
    /// defined become imports.
    ///
    /// # Errors
    ///
    /// Two definitions of a symbol, what the object format cannot express, and what is wrong with the sink.
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
        let resolved = program.needed(program.resolve()?, ENTRY);
        let table = pclntab(program, &resolved);
        let mut rest = resolved.with(table.as_ref()).symbols;
        rest.retain(|symbol| !symbol.sym.is_some_and(|sym| is_written[sym]));
        let (mut start, mut size) = (0, 0);
        for (index, symbol) in rest.iter().enumerate() {
            if size > self.part {
                self.write_part(program, &rest[start..index], false)?;
                (start, size) = (index, 0);
            }
            size += part_size(symbol);
        }
        self.write_part(program, &rest[start..], true)
    }

    /// Writes some symbols.
    fn write_part(
        &mut self,
        program: &Program,
        symbols: &[&LSym],
        is_last: bool,
    ) -> Result<(), LinkError> {
        let mut artifact = self.artifact(program, symbols)?;
        let mut joined = match std::mem::replace(&mut self.output, Output::Broken) {
            Output::Single(mut sink) if !self.is_elf => {
                let linked = self.link(&mut artifact, symbols);
                linked.map_err(|err| self.broken(err))?;
                let bytes = artifact.emit().map_err(|err| self.broken(err))?;
                let written = sink.write_all(&bytes).and_then(|()| sink.flush());
                return written.map_err(|err| self.broken(err));
            }
            Output::Single(sink) => Box::new(Joined::new(sink).map_err(|err| self.broken(err))?),
            Output::Joined(joined) => joined,
            Output::Broken => return Ok(()),
        };
        let bytes = artifact.emit().map_err(|err| self.broken(err))?;
        joined.add(&bytes).map_err(|err| self.broken(err))?;
        self.relocate(&mut joined, symbols);
        if is_last {
            return joined.finish().map_err(|err| self.broken(err));
        }
        self.output = Output::Joined(joined);
        Ok(())
    }

    /// What is wrong with the object.
    fn broken(&self, err: impl Display) -> LinkError {
        LinkError(format!("{}: {err}", self.name))
    }

    /// An object of some symbols without their relocations; references to others are imports.
    fn artifact(&mut self, program: &Program, symbols: &[&LSym]) -> Result<Artifact, LinkError> {
        let targets = targets(symbols);
        let defined = symbols.iter().filter_map(|symbol| symbol.sym);
        for sym in defined.chain(targets.iter().map(|&(sym, _)| sym)) {
            if self.names[sym].is_empty() {
                self.names[sym] = object_name(program, sym);
            }
        }
        let names = &self.names;
        let target = &self.target;
        let triple = target
            .to_string()
            .parse()
            .map_err(|err| self.broken(format!("unsupported target {target}: {err:?}")))?;
        let mut artifact = ArtifactBuilder::new(triple)
            .name(self.name.clone())
            .finish();
        for (symbol, sym, segment) in loaded(symbols) {
            artifact
                .declare(&names[sym], declaration(program, symbol, sym, segment))
                .map_err(|err| self.broken(err))?;
        }
        let defined: BTreeSet<&str> = loaded(symbols).map(|(_, sym, _)| &*names[sym]).collect();
        let mut imports: BTreeMap<&str, bool> = BTreeMap::new();
        for (target, is_function) in targets {
            if !defined.contains(&*names[target]) {
                *imports.entry(&names[target]).or_default() |= is_function;
            }
        }
        for (name, is_function) in imports {
            let import = if is_function {
                Decl::function_import().into()
            } else {
                Decl::data_import().into()
            };
            artifact
                .declare::<_, Decl>(name, import)
                .map_err(|err| self.broken(err))?;
        }
        for (symbol, sym, _) in loaded(symbols) {
            program.check_size(symbol)?;
            artifact
                .define(&names[sym], self.contents(program, symbol)?)
                .map_err(|err| self.broken(err))?;
        }
        if self.is_elf {
            // Without this section, linkers make the stack executable.
            let section = ".note.GNU-stack";
            artifact
                .declare(section, Decl::section(SectionKind::Debug))
                .map_err(|err| self.broken(err))?;
            artifact
                .define(section, Vec::new())
                .map_err(|err| self.broken(err))?;
        }
        Ok(artifact)
    }

    /// Adds the relocations of all symbols of a Mach-O object.
    fn link(&self, artifact: &mut Artifact, symbols: &[&LSym]) -> Result<(), ArtifactError> {
        for (symbol, sym, _) in loaded(symbols) {
            for reloc in &symbol.relocs {
                let Some(target) = addressed(reloc) else {
                    continue;
                };
                let link = Link {
                    from: &self.names[sym],
                    to: &self.names[target],
                    at: u64::from(reloc.off),
                };
                let (reloc, addend) = macho_reloc(reloc);
                artifact.link_with(link, FaerieReloc::Raw { reloc, addend })?;
            }
        }
        Ok(())
    }

    /// Adds the relocations of symbols in a part that was joined, without a look at names for each.
    fn relocate(&mut self, joined: &mut Joined<W>, symbols: &[&LSym]) {
        let Writer { names, ids, .. } = self;
        for (symbol, sym, _) in loaded(symbols) {
            let mut id = |sym| *ids[sym].get_or_insert_with(|| joined.id(&names[sym]));
            let from = id(sym);
            let mut relocs = Vec::with_capacity(symbol.relocs.len());
            relocs.extend(symbol.relocs.iter().filter_map(|reloc| {
                let target = id(addressed(reloc)?);
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

    /// The symbol's bytes, trailing zeros included, and what is known of relocated fields filled in.
    ///
    /// # Errors
    ///
    /// On Darwin, the place of g, which is the runtime's matter, and addresses inside of instructions.
    fn contents(&self, program: &Program, symbol: &LSym) -> Result<Vec<u8>, LinkError> {
        let mut bytes = symbol.data.clone();
        bytes.resize(size(symbol) as usize, 0);
        for reloc in &symbol.relocs {
            let field = &mut bytes[reloc.off as usize..][..usize::from(reloc.siz)];
            let refused = |what: &str| {
                let name = program.name_of(symbol);
                LinkError(format!(
                    "{name}: minigo does not support {what} in objects for darwin/amd64"
                ))
            };
            match reloc.kind {
                RelocKind::TLS_LE | RelocKind::TLS_IE if !self.is_elf => {
                    return Err(refused("stack checks and other uses of TLS"));
                }
                RelocKind::TLS_LE => {
                    field.copy_from_slice(&(TLS_OFFSET + reloc.add as i32).to_le_bytes());
                }
                RelocKind::TLS_IE => {
                    field.copy_from_slice(&TLS_OFFSET.to_le_bytes());
                    relax(&mut bytes[..reloc.off as usize]);
                }
                RelocKind::GOTPCREL if !self.is_elf => {
                    return Err(refused("-dynlink"));
                }
                RelocKind::ADDR if !self.is_elf => {
                    if symbol.kind == SymKind::STEXT || reloc.siz != 8 {
                        return Err(refused("absolute addresses of 32 bits"));
                    }
                    field.copy_from_slice(&reloc.add.to_le_bytes());
                }
                RelocKind::CALL | RelocKind::PCREL if !self.is_elf => {
                    field.copy_from_slice(&(reloc.add as i32).to_le_bytes());
                }
                _ => {}
            }
        }
        Ok(bytes)
    }
}

/// The type of a relocation and its addend.
fn elf_reloc(reloc: &Reloc) -> (u32, i32) {
    // The processor counts from the end of the field, ELF from its start.
    let (kind, addend) = match reloc.kind {
        RelocKind::ADDR if reloc.siz == 8 => (R_X86_64_64, reloc.add),
        RelocKind::ADDR => (R_X86_64_32, reloc.add),
        RelocKind::CALL => (R_X86_64_PLT32, reloc.add - 4),
        RelocKind::GOTPCREL => (R_X86_64_GOTPCREL, reloc.add - 4),
        _ => (R_X86_64_PC32, reloc.add - 4),
    };
    (kind, addend as i32)
}

/// The type of a relocation. Its addend is in the relocated bytes.
fn macho_reloc(reloc: &Reloc) -> (u32, i32) {
    let kind = match reloc.kind {
        RelocKind::ADDR => X86_64_RELOC_UNSIGNED,
        RelocKind::CALL => X86_64_RELOC_BRANCH,
        _ => X86_64_RELOC_SIGNED,
    };
    (kind, 0)
}

/// Makes `MOVQ g@GOTTPOFF(IP), reg` at the end of `code`, up to its field, `MOVQ $offset, reg`, as linkers do: the
/// place of g in thread-local storage is known.
fn relax(code: &mut [u8]) {
    const REX_R: u8 = 4;
    const REX_B: u8 = 1;
    if let [.., rex, opcode, modrm] = code {
        if *rex & REX_R != 0 {
            *rex = *rex & !REX_R | REX_B;
        }
        *opcode = 0xc7;
        *modrm = 0xc0 | *modrm >> 3 & 7;
    }
}

/// Symbols with memory, and which.
fn loaded<'a>(symbols: &[&'a LSym]) -> impl Iterator<Item = (&'a LSym, Sym, Segment)> {
    let with_segment = |symbol: &&'a LSym| Some((*symbol, symbol.sym?, Segment::of(symbol.kind)?));
    symbols.iter().filter_map(with_segment)
}

/// About how many bytes of an object a symbol is.
fn part_size(symbol: &LSym) -> usize {
    size(symbol) as usize + symbol.relocs.len() * RELOC
}

/// The symbols whose addresses symbols need, and whether they are functions: what is called anywhere is one, even if
/// its address is taken elsewhere.
fn targets(symbols: &[&LSym]) -> Vec<(Sym, bool)> {
    let mut targets: Vec<(Sym, bool)> = Vec::new();
    let mut index_of: SecondaryMap<Sym, Option<u32>> = SecondaryMap::new();
    for reloc in symbols.iter().flat_map(|symbol| &symbol.relocs) {
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

fn declaration(program: &Program, symbol: &LSym, sym: Sym, segment: Segment) -> Decl {
    let local = program.is_static(sym) || symbol.attrs.has(Attrs::DUPOK);
    if segment == Segment::Text {
        let function = Decl::function().with_align(Some(16));
        return if local {
            function.local().into()
        } else {
            function.global().into()
        };
    }
    // Addresses are filled in when the program is loaded, wherever that is.
    let has_addresses = symbol.relocs.iter().any(|r| r.kind == RelocKind::ADDR);
    let data = Decl::data()
        .with_writable(segment != Segment::Rodata || has_addresses)
        .with_align(Some(8));
    if local {
        data.local().into()
    } else {
        data.global().into()
    }
}

/// The name in the object. Static symbols of different files may have the same name, so that they carry their
/// number. On Darwin, faerie adds the `_` that C's names have there.
fn object_name(program: &Program, sym: Sym) -> String {
    let name = program.name(sym);
    match program.is_static(sym) {
        true => format!("{name}.{}", sym.as_u32()),
        false => name.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use minigo_obj::SymTable;
    use object::read::{File, Object as _, ObjectSection, ObjectSymbol, RelocationTarget};

    use super::*;
    use crate::paths::Paths;

    /// Functions and variables that refer to each other and to others.
    fn symbols(syms: &mut SymTable) -> Vec<LSym> {
        let names: Vec<Sym> = (0..40)
            .map(|n| match n % 5 {
                0 => syms.lookup_static(&format!("s{n}")),
                _ => syms.lookup(&format!("\"\".f{n}")),
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

    /// Everything that an object says, in text: a symbol and what is in its section.
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
            syms: &syms,
            package: "main",
            paths: &Paths::default(),
            symbols: Vec::new(),
            runtime: &[],
        };
        let target = "x86_64-unknown-linux-gnu".parse().expect("a target");
        // The first functions are added in advance.
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
