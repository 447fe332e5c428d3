//! Debugging information: lines, functions, inlined calls, variables and frames, as DWARF 5.
//!
//! It is written function by function, for `gimli`'s trees of it would be larger than all other facts about a program.
//! `gimli` writes what is of bounded size: headers, frames of a few functions, fields.
//!
//! Everything comes from the tables of functions: lines, stack depths and inlined calls from [`Pcln`](minigo_obj::Pcln),
//! statements and variables from [`Debug`](minigo_obj::debug::Debug). Functions without the latter, which are those of the
//! runtime, whose sources no program has, get frames only.

mod entries;
mod frames;
mod functions;
mod lines;
mod places;
mod relocated;

use cranelift_entity::SecondaryMap;
use gimli::write::{Address, DebugFrame, EhFrame, EndianVec, Result, Sections, Writer};
use gimli::{Encoding, Format, LittleEndian, SectionId, constants as dw};
use minigo_obj::{LSym, Sym};
use rustc_hash::FxHashMap;

use self::entries::Abbreviations;
use self::functions::Unit;
use self::places::Lists;

pub(crate) use relocated::{Relocated, Relocation, Target};

use crate::memory::size;
use crate::program::Program;

/// Facts for debugging information that concern a program as a whole.
#[derive(Clone, Copy, Debug)]
pub struct Debugging<'a> {
    /// The name and version of the compiler.
    pub producer: &'a str,
}

/// A function that debuggers see.
#[derive(Clone, Copy)]
pub(crate) struct Function<'a> {
    pub(crate) symbol: &'a LSym,
    pub(crate) sym: Sym,
    pub(crate) address: Address,
}

impl Function<'_> {
    /// Returns the address of the instruction at an offset.
    fn at(&self, offset: u64) -> Address {
        match self.address {
            Address::Constant(address) => Address::Constant(address + offset),
            Address::Symbol { symbol, addend } => Address::Symbol {
                symbol,
                addend: addend + offset as i64,
            },
        }
    }
}

/// Bytes of an address.
const ADDRESS_SIZE: u8 = 8;

/// Bytes of an offset in a section, and of a length.
const OFFSET_SIZE: u8 = 4;

const ENCODING: Encoding = Encoding {
    format: Format::Dwarf32,
    version: 5,
    address_size: ADDRESS_SIZE,
};

/// The section of frames in ELF objects, which is loaded. Executables and Mach-O objects have that of debuggers.
pub(crate) const LOADED_FRAMES: SectionId = SectionId::EhFrame;

/// Addresses in that section count from their own place.
const RELATIVE: dw::DwEhPe = dw::DwEhPe(dw::DW_EH_PE_pcrel.0 | dw::DW_EH_PE_sdata4.0);

/// A section of an executable.
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    /// The bytes are compressed, with the header that ELF wants.
    pub(crate) is_compressed: bool,
}

/// Returns the sections of an executable from its functions in order of address.
pub(crate) fn executable(
    program: &Program,
    debugging: Debugging,
    functions: &[Function],
) -> Vec<Section> {
    let mut frames = DebugFrame::from(EndianVec::new(LittleEndian));
    let mut sections = Sections::new(EndianVec::new(LittleEndian));
    let written = frames::write(functions, None, |table| {
        table.write_debug_frame(&mut frames)
    });
    written
        .and_then(|()| write(program, debugging, functions, &mut sections))
        .unwrap_or_else(|err| minigo_base::internal!("debugging information: {err}"));
    let mut all = vec![compressed(SectionId::DebugFrame, frames.0.into_vec())];
    let added: Result<()> = sections.for_each_mut(|id: SectionId, section| {
        if section.len() > 0 {
            all.push(compressed(id, section.take()));
        }
        Ok(())
    });
    debug_assert!(added.is_ok());
    all
}

/// The fastest level of compression; better ones save a few percent.
const LEVEL: u8 = 1;

/// Bytes of a section below which compression takes more time than all that is saved is worth.
const SMALL: usize = 4096;

/// Returns a section, compressed if that makes it smaller, as Go's linker does. Small ones stay as they are.
fn compressed(id: SectionId, bytes: Vec<u8>) -> Section {
    let name = id.name();
    if bytes.len() < SMALL {
        return Section {
            name,
            bytes,
            is_compressed: false,
        };
    }
    // Type, reserved, size, alignment (System V ABI, Elf64_Chdr).
    const ELFCOMPRESS_ZLIB: u64 = 1;
    let header = [ELFCOMPRESS_ZLIB, bytes.len() as u64, 1];
    let mut compressed: Vec<u8> = header.iter().flat_map(|word| word.to_le_bytes()).collect();
    compressed.extend(miniz_oxide::deflate::compress_to_vec_zlib(&bytes, LEVEL));
    let is_compressed = compressed.len() < bytes.len();
    Section {
        name,
        bytes: if is_compressed { compressed } else { bytes },
        is_compressed,
    }
}

/// Returns the sections of an object whose functions have the numbers of their addresses as symbols. In ELF, frames are in the
/// section that programs in C have for them.
pub(crate) fn object(
    program: &Program,
    debugging: Debugging,
    functions: &[Function],
    is_elf: bool,
) -> Vec<(SectionId, Relocated)> {
    let mut sections = Sections::new(Relocated::default());
    let frames = object_frames(functions, is_elf);
    let written = write(program, debugging, functions, &mut sections);
    let frames = written
        .and(frames)
        .unwrap_or_else(|err| minigo_base::internal!("debugging information: {err}"));
    let mut all = vec![frames];
    let added: Result<()> = sections.for_each_mut(|id: SectionId, section| {
        if section.len() > 0 {
            all.push((id, std::mem::take(section)));
        }
        Ok(())
    });
    debug_assert!(added.is_ok());
    all
}

/// Returns the section of frames of an object.
fn object_frames(functions: &[Function], is_elf: bool) -> Result<(SectionId, Relocated)> {
    if is_elf {
        let mut frames = EhFrame::from(Relocated::default());
        let address = Some(RELATIVE);
        frames::write(functions, address, |table| {
            table.write_eh_frame(&mut frames)
        })?;
        return Ok((LOADED_FRAMES, frames.0));
    }
    let mut frames = DebugFrame::from(Relocated::default());
    frames::write(functions, None, |table| {
        table.write_debug_frame(&mut frames)
    })?;
    Ok((SectionId::DebugFrame, frames.0))
}

/// Writes the information about a package's functions: a unit for those in Go and one for those in assembly.
fn write<W: Writer>(
    program: &Program,
    debugging: Debugging,
    functions: &[Function],
    sections: &mut Sections<W>,
) -> Result<()> {
    let mut abbreviations = Abbreviations::default();
    let mut has_units = false;
    for (hand_written, language) in [(false, dw::DW_LANG_Go), (true, dw::DW_LANG_Mips_Assembler)] {
        let is_of = |function: &&Function| {
            let debug = function.symbol.debug.as_deref();
            debug.is_some_and(|debug| debug.hand_written == hand_written)
        };
        let functions: Vec<Function> = functions.iter().filter(is_of).copied().collect();
        if !functions.is_empty() {
            has_units = true;
            let abbreviations = &mut abbreviations;
            write_unit(
                program,
                debugging,
                language,
                &functions,
                sections,
                abbreviations,
            )?;
        }
    }
    match has_units {
        true => abbreviations.write(&mut *sections.debug_abbrev),
        false => Ok(()),
    }
}

/// Writes the unit of functions in a language.
fn write_unit<W: Writer>(
    program: &Program,
    debugging: Debugging,
    language: dw::DwLang,
    functions: &[Function],
    sections: &mut Sections<W>,
    abbreviations: &mut Abbreviations,
) -> Result<()> {
    let folder = program.paths.folder.to_string_lossy();
    let folder = match &*folder {
        "" => ".",
        folder => folder,
    };
    let lines = sections.debug_line.len();
    let files = lines::write(program, functions, folder, &mut sections.debug_line)?;
    let info = &mut *sections.debug_info;
    let start = info.len();
    let length = info.write_initial_length(ENCODING.format)?;
    let length_base = info.len();
    info.write_u16(ENCODING.version)?;
    info.write_u8(dw::DW_UT_compile.0)?;
    info.write_u8(ADDRESS_SIZE)?;
    info.write_offset(0, SectionId::DebugAbbrev, OFFSET_SIZE)?;
    let mut unit = Unit {
        program,
        files: &files,
        sections,
        abbreviations,
        start,
        ranges: Lists::default(),
        places: Lists::default(),
        expanded: SecondaryMap::new(),
        types: FxHashMap::default(),
    };
    let mut ranges = ranges(functions);
    let (first, list) = match (ranges.next(), ranges.next()) {
        (Some(only), None) => (Some(only), None),
        _ => {
            let out = &mut *unit.sections.debug_rnglists;
            (
                None,
                Some(unit.ranges.write_ranges(out, self::ranges(functions))?),
            )
        }
    };
    // Units in Go are packages, as Go's are.
    let name = match language {
        dw::DW_LANG_Go => program.package.to_owned(),
        _ => lines::first_file(program, functions),
    };
    let mut root = unit.entry(dw::DW_TAG_compile_unit, true)?;
    root.text(dw::DW_AT_name, &name)?;
    root.text(dw::DW_AT_comp_dir, folder)?;
    root.text(dw::DW_AT_producer, debugging.producer)?;
    root.number(dw::DW_AT_language, language.0.into())?;
    let (address, length_of_all) = first.unwrap_or((Address::Constant(0), 0));
    root.address(dw::DW_AT_low_pc, address)?;
    match list {
        Some(list) => root.offset(dw::DW_AT_ranges, list, SectionId::DebugRngLists)?,
        None => root.number(dw::DW_AT_high_pc, length_of_all)?,
    }
    root.offset(dw::DW_AT_stmt_list, lines, SectionId::DebugLine)?;
    root.end()?;
    unit.write(functions)?;
    unit.end_children()?;
    let Unit { ranges, places, .. } = unit;
    ranges.end(&mut *sections.debug_rnglists)?;
    places.end(&mut *sections.debug_loclists)?;
    let info = &mut *sections.debug_info;
    let bytes = info.len() - length_base;
    info.write_initial_length_at(length, bytes as u64, ENCODING.format)
}

/// Returns the bytes of a text that a string can hold: those before the first NUL, which `#line` can name.
fn before_nul(text: &str) -> &[u8] {
    let bytes = text.as_bytes();
    let end = bytes.iter().position(|&byte| byte == 0);
    &bytes[..end.unwrap_or(bytes.len())]
}

/// Bytes of padding between functions that count as code of the former.
const MAX_PADDING: u64 = 64;

/// Returns the runs of functions that follow each other, which are known if addresses are.
fn runs<'a, 'b>(functions: &'b [Function<'a>]) -> impl Iterator<Item = &'b [Function<'a>]> {
    functions.chunk_by(|before, after| match (before.address, after.address) {
        (Address::Constant(before_address), Address::Constant(after)) => {
            let end = before_address + size(before.symbol);
            (end..=end + MAX_PADDING).contains(&after)
        }
        _ => false,
    })
}

/// Returns the distance in bytes between two functions of a run.
fn distance(from: &Function, to: &Function) -> u64 {
    match (from.address, to.address) {
        (Address::Constant(from), Address::Constant(to)) => to - from,
        _ => 0,
    }
}

/// Returns the ranges of addresses of functions: the first address and the bytes of each.
fn ranges(functions: &[Function]) -> impl Iterator<Item = (Address, u64)> {
    let range = |run: &[Function]| {
        let (first, last) = (run.first()?, run.last()?);
        Some((first.address, distance(first, last) + size(last.symbol)))
    };
    runs(functions).filter_map(range)
}
