//! Symbols to a relocatable object, through faerie: ELF, or Mach-O for Darwin.
//!
//! The only file that names faerie; the build script uses it, too, for the runtime. What faerie cannot do shapes the objects: zeroed data is stored as data
//! (as such, faerie gives it no size), duplicates are local symbols, g has a fixed place in thread-local storage
//! instead of a symbol, and Mach-O's addends are in the relocated bytes.

use std::collections::BTreeMap;

use faerie::{ArtifactBuilder, ArtifactError, Decl, Link as FaerieLink, Reloc, SectionKind};
use minigo_obj::{Attrs, LSym, RelocKind, SymKind};
use target_lexicon::{BinaryFormat, Triple};

use crate::memory::{Segment, TLS_OFFSET, size};

/// A symbol that a part defines.
pub(crate) struct Defined<'a> {
    /// In the object, where no other symbol has it.
    pub(crate) name: &'a str,
    pub(crate) decl: Decl,
    pub(crate) contents: Vec<u8>,
}

/// A relocation of a Mach-O object: a field of the symbol `from`, the offset of the field, and what it refers to.
pub(crate) struct Link<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) at: u64,
    pub(crate) kind: u32,
}

/// An object for `target` called `file` of some symbols and relocations. It imports symbols, by name, of which some are
/// functions.
///
/// # Errors
///
/// What faerie says: two definitions of a symbol, targets that it does not know.
pub(crate) fn object(
    target: &Triple,
    file: &str,
    symbols: Vec<Defined>,
    imports: &BTreeMap<&str, bool>,
    links: &[Link],
) -> Result<Vec<u8>, String> {
    let triple = target.to_string().parse();
    let triple = triple.map_err(|err| format!("unsupported target {target}: {err:?}"))?;
    let mut artifact = ArtifactBuilder::new(triple).name(file.to_owned()).finish();
    let text = |err: ArtifactError| err.to_string();
    for symbol in &symbols {
        artifact.declare(symbol.name, symbol.decl).map_err(text)?;
    }
    for (name, is_function) in imports {
        let import: Decl = match is_function {
            true => Decl::function_import().into(),
            false => Decl::data_import().into(),
        };
        artifact.declare(name, import).map_err(text)?;
    }
    for symbol in symbols {
        artifact
            .define(symbol.name, symbol.contents)
            .map_err(text)?;
    }
    if target.binary_format == BinaryFormat::Elf {
        // Without this section, linkers make the stack executable.
        let section = ".note.GNU-stack";
        let decl = Decl::section(SectionKind::Debug);
        artifact.declare(section, decl).map_err(text)?;
        artifact.define(section, Vec::new()).map_err(text)?;
    }
    for &Link { from, to, at, kind } in links {
        let reloc = Reloc::Raw {
            reloc: kind,
            addend: 0,
        };
        let link = FaerieLink { from, to, at };
        artifact.link_with(link, reloc).map_err(text)?;
    }
    artifact.emit().map_err(|err| err.to_string())
}

/// The name of a static symbol. Those of different files may have the same name, so that they carry a number.
pub(crate) fn static_name(name: &str, number: u32) -> String {
    format!("{name}.{number}")
}

/// The name in the runtime's object of a symbol that had a number in its table.
pub(crate) fn prebuilt_name(name: &str, is_static: bool, number: u32) -> String {
    match is_static {
        true => format!("{name}.r{number}"),
        false => name.to_owned(),
    }
}

/// Whether a symbol, which may be static, is a local one of the object, in front of global ones.
pub(crate) fn is_local(symbol: &LSym, is_static: bool) -> bool {
    is_static || symbol.attrs.has(Attrs::DUPOK)
}

/// How a symbol is declared.
pub(crate) fn declaration(symbol: &LSym, segment: Segment, is_static: bool) -> Decl {
    let local = is_local(symbol, is_static);
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

/// The symbol's bytes, trailing zeros included, and what is known of relocated fields filled in.
///
/// # Errors
///
/// On Darwin, what has no place in its objects: the place of g, which is the runtime's matter, and addresses inside of
/// instructions.
pub(crate) fn contents(symbol: &LSym, is_elf: bool) -> Result<Vec<u8>, &'static str> {
    let mut bytes = symbol.data.clone();
    bytes.resize(size(symbol) as usize, 0);
    for reloc in &symbol.relocs {
        let field = &mut bytes[reloc.off as usize..][..usize::from(reloc.siz)];
        match reloc.kind {
            RelocKind::TLS_LE | RelocKind::TLS_IE if !is_elf => {
                return Err("stack checks and other uses of TLS");
            }
            RelocKind::TLS_LE => {
                field.copy_from_slice(&(TLS_OFFSET + reloc.add as i32).to_le_bytes());
            }
            RelocKind::TLS_IE => {
                field.copy_from_slice(&TLS_OFFSET.to_le_bytes());
                relax(&mut bytes[..reloc.off as usize]);
            }
            RelocKind::GOTPCREL if !is_elf => {
                return Err("-dynlink");
            }
            RelocKind::ADDR if !is_elf => {
                if symbol.kind == SymKind::STEXT || reloc.siz != 8 {
                    return Err("absolute addresses of 32 bits");
                }
                field.copy_from_slice(&reloc.add.to_le_bytes());
            }
            RelocKind::CALL | RelocKind::PCREL if !is_elf => {
                field.copy_from_slice(&(reloc.add as i32).to_le_bytes());
            }
            _ => {}
        }
    }
    Ok(bytes)
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
