//! The file format of executables: ELF64, little-endian, x86-64 (System V ABI, "Object Files").

use std::borrow::Cow;

use crate::dwarf;
use crate::memory::Segment;

/// A segment of the program in memory.
pub(crate) struct Section {
    pub(crate) segment: Segment,
    pub(crate) address: u64,
    /// Size in bytes.
    pub(crate) size: u64,
    /// The contents; empty for zeroed memory.
    pub(crate) bytes: Vec<u8>,
}

/// An entry of the symbol table.
pub(crate) struct Symbol<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) local: bool,
    pub(crate) segment: Segment,
    pub(crate) address: u64,
    /// Size in bytes.
    pub(crate) size: u64,
}

const PAGE: u64 = 0x1000;
const HEADER_SIZE: u64 = 64;
const PROGRAM_HEADER_SIZE: u64 = 56;
const SECTION_HEADER_SIZE: u64 = 64;
const SYMBOL_SIZE: u64 = 24;

const ET_EXEC: u16 = 2;
const EM_X86_64: u16 = 62;
const PT_LOAD: u32 = 1;
const PT_GNU_STACK: u32 = 0x6474_e551;
const PF_X: u32 = 1;
const PF_W: u32 = 2;
const PF_R: u32 = 4;
const SHT_PROGBITS: u32 = 1;
const SHT_SYMTAB: u32 = 2;
const SHT_STRTAB: u32 = 3;
const SHT_NOBITS: u32 = 8;
const SHF_WRITE: u64 = 1;
const SHF_ALLOC: u64 = 2;
const SHF_EXECINSTR: u64 = 4;
const SHF_COMPRESSED: u64 = 0x800;
const STB_GLOBAL: u8 = 1;
const STT_OBJECT: u8 = 1;
const STT_FUNC: u8 = 2;

/// Names of the sections that are loaded, in the order of their headers after the empty first one.
const LOADED: [&str; 5] = [".text", ".rodata", ".data", ".bss", ".gopclntab"];

/// The index of the section with the table of functions.
const PCLNTAB: u16 = 5;

/// Returns an executable. The sections are text, rodata, data and bss, in order of address. Each but bss starts on a
/// page of its own. Rodata ends with the table of functions at address `pclntab`, which gets a section for Go's tools.
/// `debugging` are sections that are not loaded. Local symbols come first in `symbols`, if there is to be a
/// symbol table.
pub(crate) fn executable(
    sections: &[Section; 4],
    pclntab: u64,
    symbols: Option<&[Symbol]>,
    debugging: &[dwarf::Section],
    entry: u64,
) -> Vec<u8> {
    let mut file = vec![0; PAGE as usize];
    let mut headers = Vec::new();
    let mut program_headers = Vec::new();
    for section in sections {
        let offset = file.len() as u64;
        file.extend_from_slice(&section.bytes);
        if section.segment != Segment::Data && section.segment != Segment::Bss {
            file.resize(file.len().next_multiple_of(PAGE as usize), 0);
        }
        let (kind, flags) = match section.segment {
            Segment::Text => (SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR),
            Segment::Rodata => (SHT_PROGBITS, SHF_ALLOC),
            Segment::Data => (SHT_PROGBITS, SHF_ALLOC | SHF_WRITE),
            Segment::Bss => (SHT_NOBITS, SHF_ALLOC | SHF_WRITE),
        };
        headers.push(SectionHeader {
            kind,
            flags,
            address: section.address,
            offset,
            size: section.size,
            align: 32,
            ..SectionHeader::default()
        });
    }
    let [text, rodata, data, bss] = sections;
    let before_table = pclntab - rodata.address;
    let table = SectionHeader {
        address: pclntab,
        offset: headers[1].offset + before_table,
        size: rodata.size - before_table,
        ..headers[1]
    };
    headers[1].size = before_table;
    headers.push(table);
    let data_end = bss.address + bss.size;
    // The file's headers are mapped with the text.
    load(
        &mut program_headers,
        PF_R | PF_X,
        0,
        text.address - PAGE,
        PAGE + text.size,
        PAGE + text.size,
    );
    load(
        &mut program_headers,
        PF_R,
        headers[1].offset,
        rodata.address,
        rodata.size,
        rodata.size,
    );
    load(
        &mut program_headers,
        PF_R | PF_W,
        headers[2].offset,
        data.address,
        data.size,
        data_end - data.address,
    );
    program_header(
        &mut program_headers,
        PT_GNU_STACK,
        PF_R | PF_W,
        [0, 0, 0, 0, 16],
    );

    let mut names = LOADED.to_vec();
    if let Some(symbols) = symbols {
        let (table, strings) = symbol_table(symbols, pclntab);
        let n_local = 1 + symbols.iter().filter(|symbol| symbol.local).count() as u32;
        let mut symtab = append(&mut file, &table, SHT_SYMTAB, 8);
        // The next section has the names.
        let strtab = headers.len() as u32 + 2;
        (symtab.link, symtab.info, symtab.entry_size) = (strtab, n_local, SYMBOL_SIZE);
        headers.push(symtab);
        headers.push(append(&mut file, &strings, SHT_STRTAB, 1));
        names.extend([".symtab", ".strtab"]);
    }
    for section in debugging {
        let mut header = append(&mut file, &section.bytes, SHT_PROGBITS, 1);
        if section.is_compressed {
            header.flags = SHF_COMPRESSED;
        }
        headers.push(header);
        names.push(section.name);
    }
    names.push(".shstrtab");
    let (strings, offsets) = section_names(&names);
    headers.push(append(&mut file, &strings, SHT_STRTAB, 1));

    file.resize(file.len().next_multiple_of(8), 0);
    let section_headers = file.len() as u64;
    file.extend_from_slice(&[0; SECTION_HEADER_SIZE as usize]);
    for (header, name) in headers.iter().zip(offsets) {
        header.write(name, &mut file);
    }
    let header = file_header(
        entry,
        section_headers,
        program_headers.len() as u64 / PROGRAM_HEADER_SIZE,
        headers.len() as u64 + 1,
    );
    file[..HEADER_SIZE as usize].copy_from_slice(&header);
    file[HEADER_SIZE as usize..HEADER_SIZE as usize + program_headers.len()]
        .copy_from_slice(&program_headers);
    file
}

fn file_header(
    entry: u64,
    section_headers: u64,
    n_program_headers: u64,
    n_sections: u64,
) -> Vec<u8> {
    let mut header = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0".to_vec();
    header.extend(ET_EXEC.to_le_bytes());
    header.extend(EM_X86_64.to_le_bytes());
    header.extend(1u32.to_le_bytes());
    for word in [entry, HEADER_SIZE, section_headers] {
        header.extend(word.to_le_bytes());
    }
    header.extend(0u32.to_le_bytes());
    let tail = [
        HEADER_SIZE,
        PROGRAM_HEADER_SIZE,
        n_program_headers,
        SECTION_HEADER_SIZE,
        n_sections,
        n_sections - 1,
    ];
    for half in tail {
        header.extend((half as u16).to_le_bytes());
    }
    header
}

fn load(headers: &mut Vec<u8>, flags: u32, offset: u64, address: u64, file_size: u64, size: u64) {
    program_header(
        headers,
        PT_LOAD,
        flags,
        [offset, address, file_size, size, PAGE],
    );
}

/// Words: offset in the file, address, size in the file, size in memory, alignment.
fn program_header(headers: &mut Vec<u8>, kind: u32, flags: u32, words: [u64; 5]) {
    headers.extend(kind.to_le_bytes());
    headers.extend(flags.to_le_bytes());
    let [offset, address, file_size, size, align] = words;
    for word in [offset, address, address, file_size, size, align] {
        headers.extend(word.to_le_bytes());
    }
}

#[derive(Clone, Copy, Default)]
struct SectionHeader {
    kind: u32,
    flags: u64,
    address: u64,
    offset: u64,
    size: u64,
    link: u32,
    info: u32,
    align: u64,
    entry_size: u64,
}

impl SectionHeader {
    fn write(&self, name: u32, file: &mut Vec<u8>) {
        file.extend(name.to_le_bytes());
        file.extend(self.kind.to_le_bytes());
        for word in [self.flags, self.address, self.offset, self.size] {
            file.extend(word.to_le_bytes());
        }
        file.extend(self.link.to_le_bytes());
        file.extend(self.info.to_le_bytes());
        file.extend(self.align.to_le_bytes());
        file.extend(self.entry_size.to_le_bytes());
    }
}

/// Appends a section that is not loaded.
fn append(file: &mut Vec<u8>, bytes: &[u8], kind: u32, align: u64) -> SectionHeader {
    file.resize(file.len().next_multiple_of(align as usize), 0);
    let offset = file.len() as u64;
    file.extend_from_slice(bytes);
    SectionHeader {
        kind,
        offset,
        size: bytes.len() as u64,
        align,
        ..SectionHeader::default()
    }
}

/// Returns the symbol table and its strings.
fn symbol_table(symbols: &[Symbol], pclntab: u64) -> (Vec<u8>, Vec<u8>) {
    let mut table = vec![0; SYMBOL_SIZE as usize];
    let mut strings = vec![0];
    for symbol in symbols {
        let kind = if symbol.segment == Segment::Text {
            STT_FUNC
        } else {
            STT_OBJECT
        };
        let bind = if symbol.local { 0 } else { STB_GLOBAL };
        table.extend((strings.len() as u32).to_le_bytes());
        table.extend([bind << 4 | kind, 0]);
        let section = if symbol.address == pclntab {
            PCLNTAB
        } else {
            symbol.segment as u16 + 1
        };
        table.extend(section.to_le_bytes());
        table.extend(symbol.address.to_le_bytes());
        table.extend(symbol.size.to_le_bytes());
        strings.extend_from_slice(symbol.name.as_bytes());
        strings.push(0);
    }
    (table, strings)
}

/// Returns names of sections as bytes, and the offset of each.
fn section_names(names: &[&str]) -> (Vec<u8>, Vec<u32>) {
    let mut bytes = vec![0];
    let mut offsets = Vec::with_capacity(names.len());
    for name in names {
        offsets.push(bytes.len() as u32);
        bytes.extend_from_slice(name.as_bytes());
        bytes.push(0);
    }
    (bytes, offsets)
}
