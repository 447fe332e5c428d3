//! Relocatable objects, through faerie: ELF, or Mach-O for Darwin.
//!
//! The only file that names faerie. What it cannot do shapes the objects: zeroed data is stored as data (as such,
//! faerie gives it no size), duplicates are local symbols, g has a fixed place in thread-local storage instead
//! of a symbol, and Mach-O's addends are in the relocated bytes.

use std::collections::BTreeMap;

use faerie::{ArtifactBuilder, Decl, Link, Reloc as FaerieReloc, SectionKind};
use minigo_obj::{Attrs, LSym, Reloc, RelocKind, Sym, SymKind};
use target_lexicon::{BinaryFormat, Triple};

use crate::link::{TLS_OFFSET, size};
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

/// Writes the symbols of `program` as an object for `target` called `name`.
///
/// References to symbols that are not defined become imports.
///
/// # Errors
///
/// Two definitions of a symbol, and what the object format cannot express.
pub fn object(program: &Program, target: &Triple, name: &str) -> Result<Vec<u8>, LinkError> {
    let broken = |err: &dyn std::fmt::Display| LinkError(format!("{name}: {err}"));
    let triple = target
        .to_string()
        .parse()
        .map_err(|err| broken(&format!("unsupported target {target}: {err:?}")))?;
    let mut artifact = ArtifactBuilder::new(triple).name(name.to_owned()).finish();
    let resolved = program.resolve()?;
    let table = pclntab(program, &resolved);
    let resolved = resolved.with(table.as_ref());
    let format = Format {
        program,
        is_elf: target.binary_format == BinaryFormat::Elf,
    };
    let loaded = || {
        resolved
            .symbols
            .iter()
            .filter_map(|s| Some((*s, s.sym?, Segment::of(s.kind)?)))
    };
    for (symbol, sym, segment) in loaded() {
        artifact
            .declare(format.name(sym), declaration(program, symbol, sym, segment))
            .map_err(|e| broken(&e))?;
    }
    // What is called anywhere is a function, even if its address is taken elsewhere.
    let mut imports: BTreeMap<String, bool> = BTreeMap::new();
    for (symbol, _, _) in loaded() {
        for reloc in &symbol.relocs {
            let target = addressed(reloc).filter(|&sym| resolved.defined[sym].is_none());
            if let Some(sym) = target {
                *imports.entry(format.name(sym)).or_default() |= reloc.kind == RelocKind::CALL;
            }
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
            .map_err(|e| broken(&e))?;
    }
    for (symbol, sym, _) in loaded() {
        program.check_size(symbol)?;
        artifact
            .define(format.name(sym), format.contents(symbol)?)
            .map_err(|e| broken(&e))?;
    }
    for (symbol, sym, _) in loaded() {
        let from = format.name(sym);
        for reloc in &symbol.relocs {
            let Some(target) = addressed(reloc) else {
                continue;
            };
            let definition =
                resolved.defined[target].and_then(|index| resolved.symbols[index as usize].sym);
            let link = Link {
                from: &from,
                to: &format.name(definition.unwrap_or(target)),
                at: u64::from(reloc.off),
            };
            artifact
                .link_with(link, format.reloc(reloc))
                .map_err(|e| broken(&e))?;
        }
    }
    if format.is_elf {
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

/// How names, bytes and relocations are in an object of one format.
struct Format<'a> {
    program: &'a Program<'a>,
    /// ELF rather than Mach-O.
    is_elf: bool,
}

impl Format<'_> {
    /// The name in the object. Static symbols of different files may have the same name, so that they carry
    /// their number. On Darwin, faerie adds the `_` that C's names have there.
    fn name(&self, sym: Sym) -> String {
        let name = self.program.name(sym);
        match self.program.is_static(sym) {
            true => format!("{name}.{}", sym.as_u32()),
            false => name.into_owned(),
        }
    }

    /// The relocation with its addend, which Mach-O has in the relocated bytes instead.
    fn reloc(&self, reloc: &Reloc) -> FaerieReloc {
        if !self.is_elf {
            let reloc = match reloc.kind {
                RelocKind::ADDR => X86_64_RELOC_UNSIGNED,
                RelocKind::CALL => X86_64_RELOC_BRANCH,
                _ => X86_64_RELOC_SIGNED,
            };
            return FaerieReloc::Raw { reloc, addend: 0 };
        }
        // The processor counts from the end of the field, ELF from its start.
        let (kind, addend) = match reloc.kind {
            RelocKind::ADDR if reloc.siz == 8 => (R_X86_64_64, reloc.add),
            RelocKind::ADDR => (R_X86_64_32, reloc.add),
            RelocKind::CALL => (R_X86_64_PLT32, reloc.add - 4),
            RelocKind::GOTPCREL => (R_X86_64_GOTPCREL, reloc.add - 4),
            _ => (R_X86_64_PC32, reloc.add - 4),
        };
        FaerieReloc::Raw {
            reloc: kind,
            addend: addend as i32,
        }
    }

    /// The symbol's bytes, trailing zeros included, and what is known of relocated fields filled in.
    ///
    /// # Errors
    ///
    /// On Darwin, the place of g, which is the runtime's matter, and addresses inside of instructions.
    fn contents(&self, symbol: &LSym) -> Result<Vec<u8>, LinkError> {
        let mut bytes = symbol.data.clone();
        bytes.resize(size(symbol) as usize, 0);
        for reloc in &symbol.relocs {
            let field = &mut bytes[reloc.off as usize..][..usize::from(reloc.siz)];
            let refused = |what: &str| {
                let name = self.program.name_of(symbol);
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
