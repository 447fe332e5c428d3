//! Makes relocatable objects through faerie: ELF, or Mach-O for Darwin.
//!
//! This is the only file that names faerie; the build script uses it for the runtime. The objects avoid features that faerie
//! lacks: zeroed data is stored as data (faerie gives zeroed symbols no size), duplicates are local symbols, g has a fixed
//! offset in thread-local storage instead of a symbol, and Mach-O's addends are in the relocated bytes.

use std::collections::BTreeMap;

use faerie::{
    Artifact, ArtifactBuilder, ArtifactError, Decl, Link as FaerieLink, Reloc, SectionKind,
};
use minigo_obj::{Attrs, LSym, RelocKind, SymKind};
use target_lexicon::{BinaryFormat, Triple};

use crate::memory::{Segment, TLS_OFFSET, size};

/// A symbol that a part defines.
pub(crate) struct Defined<'a> {
    /// The name in the object, where it is unique.
    pub(crate) name: &'a str,
    pub(crate) decl: Decl,
    pub(crate) contents: Vec<u8>,
}

/// A relocation of a Mach-O object: a field of the symbol `from`, its offset, and the symbol that it refers to.
pub(crate) struct Link<'a> {
    pub(crate) from: &'a str,
    pub(crate) to: &'a str,
    pub(crate) at: u64,
    pub(crate) kind: u32,
}

/// A section of a Mach-O object with debugging information, whose offsets in others need no relocation.
pub(crate) struct Section<'a> {
    /// The name in ELF.
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// The offsets of addresses, of eight bytes, and the functions that they refer to.
    pub(crate) addresses: Vec<(u64, &'a str)>,
}

/// Returns an object for `target` called `file` with some symbols, relocations and sections. `imports` are names of undefined
/// symbols, and whether they are functions.
///
/// # Errors
///
/// The errors of faerie: two definitions of a symbol, unknown targets.
pub(crate) fn object(
    target: &Triple,
    file: &str,
    symbols: Vec<Defined>,
    imports: &BTreeMap<&str, bool>,
    links: &[Link],
    sections: Vec<Section>,
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
    declare_sections(&mut artifact, sections).map_err(text)?;
    artifact.emit().map_err(|err| err.to_string())
}

/// Adds sections with debugging information.
fn declare_sections(artifact: &mut Artifact, sections: Vec<Section>) -> Result<(), ArtifactError> {
    for section in sections {
        let from = section.name;
        artifact.declare(from, Decl::section(SectionKind::Debug))?;
        artifact.define(from, section.bytes)?;
        for (at, to) in section.addresses {
            let (size, addend) = (8, 0);
            artifact.link_with(FaerieLink { from, to, at }, Reloc::Debug { size, addend })?;
        }
    }
    Ok(())
}

/// Returns the name of a static symbol. Static symbols of different files may have the same name, so each has a number.
pub(crate) fn static_name(name: &str, number: u32) -> String {
    format!("{name}.{number}")
}

/// Returns the name in the runtime's object of a symbol, by its number when the object was made.
pub(crate) fn prebuilt_name(name: &str, is_static: bool, number: u32) -> String {
    match is_static {
        true => format!("{name}.r{number}"),
        false => name.to_owned(),
    }
}

/// Reports whether a symbol is local in the object. Local symbols come before global ones.
pub(crate) fn is_local(symbol: &LSym, is_static: bool) -> bool {
    is_static || symbol.attrs.has(Attrs::DUPOK)
}

/// The name under which other linkers look for the entry of a program. It gives way to that of C's runtime.
pub(crate) const START: &str = "_start";

/// The least alignment of functions, in bytes.
const FUNC_ALIGN: u64 = 16;

/// Returns the declaration of a symbol with a name in the object.
pub(crate) fn declaration(symbol: &LSym, name: &str, segment: Segment, is_static: bool) -> Decl {
    let local = is_local(symbol, is_static);
    if segment == Segment::Text {
        let align = u64::from(symbol.align).max(FUNC_ALIGN);
        let function = Decl::function().with_align(Some(align));
        return if local {
            function.local().into()
        } else if name == START {
            function.weak().into()
        } else {
            function.global().into()
        };
    }
    // The dynamic linker writes addresses when it loads the program.
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

/// Returns the symbol's bytes, trailing zeros included, with the known parts of relocated fields.
///
/// # Errors
///
/// On Darwin, code that its objects can't express: uses of g, which needs the runtime, and addresses in instructions.
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

/// Turns `MOVQ g@GOTTPOFF(IP), reg` at the end of `code`, which ends before the field, into `MOVQ $offset, reg`, as
/// linkers do: the offset of g in thread-local storage is known.
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
