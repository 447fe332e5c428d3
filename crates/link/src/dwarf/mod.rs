//! Debugging information: lines, functions, inlined calls, variables and frames, as DWARF 5, which `gimli` writes.
//!
//! Everything comes from the tables of functions: lines, stack depths and inlined calls from [`Pcln`](minigo_obj::Pcln),
//! statements and variables from [`Debug`](minigo_obj::debug::Debug). Functions without the latter, which are those of the
//! runtime, whose sources no program has, get frames only.

mod frames;
mod functions;
mod lines;
mod relocated;

use gimli::write::{
    Address, AttributeValue, Dwarf, EndianVec, LineProgram, LineString, Range, RangeList, Result,
    Sections, Unit, Writer,
};
use gimli::{Encoding, Format, LineEncoding, LittleEndian, SectionId, constants as dw};
use minigo_obj::{LSym, Sym};

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

const ENCODING: Encoding = Encoding {
    format: Format::Dwarf32,
    version: 5,
    address_size: ADDRESS_SIZE,
};

/// The name of the section of frames in executables and Mach-O objects.
const DEBUG_FRAME: &str = ".debug_frame";

/// The name of the section of frames in ELF objects, which is loaded.
pub(crate) const EH_FRAME: &str = ".eh_frame";

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
    let mut sections = Sections::new(EndianVec::new(LittleEndian));
    let mut frames = gimli::write::DebugFrame::from(EndianVec::new(LittleEndian));
    let table = frames::table(functions, None);
    information(program, debugging, functions)
        .write(&mut sections)
        .and_then(|()| table.write_debug_frame(&mut frames))
        .unwrap_or_else(|err| minigo_base::internal!("debugging information: {err}"));
    let mut all = vec![compressed(DEBUG_FRAME, frames.0.into_vec())];
    let added: Result<()> = sections.for_each_mut(|id: SectionId, section| {
        if section.len() > 0 {
            all.push(compressed(id.name(), section.take()));
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
fn compressed(name: &'static str, bytes: Vec<u8>) -> Section {
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
) -> Vec<Relocated> {
    let mut sections = Sections::new(Relocated::default());
    let table = frames::table(functions, is_elf.then_some(RELATIVE));
    let frames = information(program, debugging, functions)
        .write(&mut sections)
        .and_then(|()| match is_elf {
            true => {
                let mut frames = gimli::write::EhFrame::from(Relocated::default());
                table.write_eh_frame(&mut frames)?;
                Ok(frames.0.named(EH_FRAME))
            }
            false => {
                let mut frames = gimli::write::DebugFrame::from(Relocated::default());
                table.write_debug_frame(&mut frames)?;
                Ok(frames.0.named(DEBUG_FRAME))
            }
        })
        .unwrap_or_else(|err| minigo_base::internal!("debugging information: {err}"));
    let mut all = vec![frames];
    let added: Result<()> = sections.for_each_mut(|id: SectionId, section| {
        if section.len() > 0 {
            all.push(std::mem::take(section).named(id.name()));
        }
        Ok(())
    });
    debug_assert!(added.is_ok());
    all
}

/// Returns the information about a package's functions: a unit for those in Go and one for those in assembly.
fn information(program: &Program, debugging: Debugging, functions: &[Function]) -> Dwarf {
    let mut dwarf = Dwarf::new();
    for (hand_written, language) in [(false, dw::DW_LANG_Go), (true, dw::DW_LANG_Mips_Assembler)] {
        let is_of = |function: &&Function| {
            let debug = function.symbol.debug.as_deref();
            debug.is_some_and(|debug| debug.hand_written == hand_written)
        };
        let functions: Vec<Function> = functions.iter().filter(is_of).copied().collect();
        if !functions.is_empty() {
            dwarf
                .units
                .add(unit(program, debugging, language, &functions));
        }
    }
    dwarf
}

/// Returns the unit of functions in a language.
fn unit(
    program: &Program,
    debugging: Debugging,
    language: dw::DwLang,
    functions: &[Function],
) -> Unit {
    let folder = program.paths.folder.to_string_lossy();
    let folder = match &*folder {
        "" => ".",
        folder => folder,
    };
    let string = |text: &str| LineString::String(text.as_bytes().to_vec());
    let text = |text: &str| AttributeValue::String(text.as_bytes().to_vec());
    let encoding = LineEncoding {
        line_base: -4,
        line_range: 10,
        ..LineEncoding::default()
    };
    let mut lines = LineProgram::new(
        ENCODING,
        encoding,
        string(folder),
        None,
        string(&lines::first_file(program, functions)),
        None,
    );
    let files = lines::write(program, functions, &mut lines);
    let mut unit = Unit::new(ENCODING, lines);
    let address = |address| (dw::DW_AT_low_pc, AttributeValue::Address(address));
    let place = match &ranges(functions)[..] {
        &[Range::StartLength { begin, length }] => {
            let length = AttributeValue::Udata(length);
            [address(begin), (dw::DW_AT_high_pc, length)]
        }
        ranges => {
            let list = unit.ranges.add(RangeList(ranges.to_vec()));
            let ranges = AttributeValue::RangeListRef(list);
            [address(Address::Constant(0)), (dw::DW_AT_ranges, ranges)]
        }
    };
    let root = unit.root();
    let root = unit.get_mut(root);
    // Units in Go are packages, as Go's are.
    let name = match language {
        dw::DW_LANG_Go => program.package.to_owned(),
        _ => lines::first_file(program, functions),
    };
    root.set(dw::DW_AT_name, text(&name));
    root.set(dw::DW_AT_comp_dir, text(folder));
    root.set(dw::DW_AT_producer, text(debugging.producer));
    root.set(dw::DW_AT_language, AttributeValue::Language(language));
    for (name, value) in place {
        root.set(name, value);
    }
    functions::write(program, functions, &files, &mut unit);
    unit
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

/// Returns the ranges of addresses of functions.
fn ranges(functions: &[Function]) -> Vec<Range> {
    let range = |run: &[Function]| {
        let (first, last) = (run.first()?, run.last()?);
        Some(Range::StartLength {
            begin: first.address,
            length: distance(first, last) + size(last.symbol),
        })
    };
    runs(functions).filter_map(range).collect()
}
