//! Relocatable objects, through faerie: ELF, or Mach-O for Darwin.
//!
//! The only file that names faerie. What it cannot do shapes the objects: zeroed data is stored as data,
//! duplicates are local symbols, and g has a fixed place in thread-local storage instead of a symbol.

use std::borrow::Cow;

use faerie::{ArtifactBuilder, Decl, Link, Reloc as FaerieReloc, SectionKind};
use minigo_obj::{Attrs, LSym, RelocKind, Sym};
use target_lexicon::{BinaryFormat, Triple};

use crate::link::TLS_OFFSET;
use crate::program::{LinkError, Program, Segment, addressed};

const R_X86_64_64: u32 = 1;
const R_X86_64_PC32: u32 = 2;
const R_X86_64_PLT32: u32 = 4;
const R_X86_64_32: u32 = 10;

/// Writes the symbols of `program` as an object for `target` called `name`.
///
/// References to symbols that are not defined become imports.
///
/// # Errors
///
/// What the object format cannot express.
pub fn object(program: &Program, target: &Triple, name: &str) -> Result<Vec<u8>, LinkError> {
    let broken = |err: &dyn std::fmt::Display| LinkError(format!("{name}: {err}"));
    let triple = target
        .to_string()
        .parse()
        .map_err(|err| broken(&format!("unsupported target {target}: {err:?}")))?;
    let mut artifact = ArtifactBuilder::new(triple).name(name.to_owned()).finish();
    let defined = program.definitions();
    let loaded = || {
        program
            .symbols
            .iter()
            .filter_map(|s| Some((*s, s.sym?, Segment::of(s.kind)?)))
    };
    for (symbol, sym, segment) in loaded() {
        artifact
            .declare(
                file_name(program, sym),
                declaration(program, symbol, sym, segment),
            )
            .map_err(|e| broken(&e))?;
    }
    let target_of =
        |sym: Sym| match defined[sym].and_then(|index| program.symbols[index as usize].sym) {
            Some(sym) => file_name(program, sym),
            None => program.name(sym),
        };
    for (symbol, _, _) in loaded() {
        for reloc in &symbol.relocs {
            if let Some(sym) = addressed(reloc).filter(|&sym| defined[sym].is_none()) {
                let import = if reloc.kind == RelocKind::CALL {
                    Decl::function_import().into()
                } else {
                    Decl::data_import().into()
                };
                artifact
                    .declare::<_, Decl>(target_of(sym), import)
                    .map_err(|e| broken(&e))?;
            }
        }
    }
    for (symbol, sym, _) in loaded() {
        artifact
            .define(file_name(program, sym), contents(symbol))
            .map_err(|e| broken(&e))?;
    }
    for (symbol, sym, _) in loaded() {
        let from = file_name(program, sym);
        for reloc in &symbol.relocs {
            let Some(target_sym) = addressed(reloc) else {
                continue;
            };
            let to = target_of(target_sym);
            // The processor counts from the end of the field, ELF from its start.
            let (kind, addend) = match reloc.kind {
                RelocKind::ADDR if reloc.siz == 8 => (R_X86_64_64, reloc.add),
                RelocKind::ADDR => (R_X86_64_32, reloc.add),
                RelocKind::CALL => (R_X86_64_PLT32, reloc.add - 4),
                _ => (R_X86_64_PC32, reloc.add - 4),
            };
            let link = Link {
                from: &from,
                to: &to,
                at: u64::from(reloc.off),
            };
            let result = if target.binary_format == BinaryFormat::Elf {
                artifact.link_with(
                    link,
                    FaerieReloc::Raw {
                        reloc: kind,
                        addend: addend as i32,
                    },
                )
            } else {
                artifact.link(link)
            };
            result.map_err(|e| broken(&e))?;
        }
    }
    if target.binary_format == BinaryFormat::Elf {
        // Without this section, linkers make the stack executable.
        let section = ".note.GNU-stack";
        artifact
            .declare(section, Decl::section(SectionKind::Debug))
            .map_err(|e| broken(&e))?;
        artifact
            .define(section, Vec::new())
            .map_err(|e| broken(&e))?;
    }
    artifact.emit().map_err(|e| broken(&e))
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
    let data = Decl::data()
        .with_writable(segment != Segment::Rodata)
        .with_align(Some(8));
    if local {
        data.local().into()
    } else {
        data.global().into()
    }
}

/// The name in the object: static symbols of different files may have the same name, so that they carry
/// their number.
fn file_name<'a>(program: &Program<'a>, sym: Sym) -> Cow<'a, str> {
    let name = program.name(sym);
    if program.is_static(sym) {
        Cow::Owned(format!("{name}.{}", sym.as_u32()))
    } else {
        name
    }
}

/// The symbol's bytes with zeroed memory spelled out and g's place filled in.
fn contents(symbol: &LSym) -> Vec<u8> {
    let mut bytes = symbol.data.clone();
    bytes.resize(bytes.len().max(symbol.size.max(0) as usize), 0);
    for reloc in symbol
        .relocs
        .iter()
        .filter(|reloc| reloc.kind == RelocKind::TLS_LE)
    {
        let at = reloc.off as usize;
        bytes[at..at + 4].copy_from_slice(&(TLS_OFFSET + reloc.add as i32).to_le_bytes());
    }
    bytes
}
