//! Joins relocatable ELF objects of the parts of a program to one object, as `ld -r` does.
//!
//! All ELF objects are made this way. Faerie holds an object several times in memory, so it gets a large program in
//! parts, and without relocations. The contents of each part are written at once; headers, symbols and relocations
//! are written at the end, when the order of the symbols is known: local ones come first. Sections keep their order.

use std::error::Error;
use std::io::{Seek, SeekFrom, Write};
use std::ops::Range;

use cranelift_entity::{PrimaryMap, SecondaryMap, entity_impl};
use object::elf::{
    FileHeader64, Rela64, RelocationType, SHF_ALLOC, SHF_INFO_LINK, SHN_LORESERVE, SHN_UNDEF,
    SHT_NOBITS, SHT_NULL, SHT_PROGBITS, SHT_RELA, SHT_STRTAB, SHT_SYMTAB, SHT_SYMTAB_SHNDX,
    STB_LOCAL, STT_FILE, STT_SECTION, SectionFlags, SectionHeader64, SectionType, Sym64,
    SymbolSection,
};
use object::pod::{Pod, bytes_of};
use object::read::elf::{FileHeader, SectionHeader};
use object::{I64, LittleEndian as LE, U16, U32, U64};
use rustc_hash::FxHashMap;

/// Fails on an error of the sink or a malformed part.
pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// An object while parts are added to it.
pub(crate) struct Joined<W: Write + Seek> {
    sink: W,
    /// Bytes written so far.
    len: u64,
    header: Option<FileHeader64<LE>>,
    /// The symbol with the file's name.
    file: Option<Sym64<LE>>,
    /// Sections with contents.
    sections: Vec<Section>,
    /// Symbols with names, by which `ids` finds them.
    named: PrimaryMap<NamedId, Named>,
    ids: FxHashMap<Box<[u8]>, NamedId>,
    strings: Vec<u8>,
}

struct Section {
    /// The header. Its name shares a string with the name of its relocations, which starts with [`RELA`].
    header: SectionHeader64<LE>,
    relocs: Vec<Reloc>,
}

/// A symbol with a name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct NamedId(u32);
entity_impl!(NamedId);

struct Named {
    symbol: Sym64<LE>,
    /// Index into the sections, if the symbol is defined.
    section: Option<u32>,
}

/// A relocation of a section. Parts have none, because they may refer to symbols of other parts.
pub(crate) struct Reloc {
    /// Offset of the field in the section.
    pub(crate) offset: u32,
    pub(crate) target: Target,
    pub(crate) kind: u32,
    pub(crate) addend: i32,
}

/// The target of a relocation.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    Symbol(NamedId),
    /// The beginning of a section.
    Section(SectionIndex),
}

/// A section that [`Joined::add_plain`] added.
#[derive(Clone, Copy)]
pub(crate) struct SectionIndex(u32);

/// The prefix of the names of sections with relocations.
const RELA: &str = ".rela";

/// The empty section that makes stacks non-executable. An object has one.
const STACK_NOTE: &[u8] = b".note.GNU-stack";

/// Names of tables.
const TABLES: [&[u8]; 3] = [b".strtab", b".symtab", b".symtab_shndx"];

/// Sections before those with contents: the empty one, names, symbols.
const FIRST_SECTION: u32 = 3;
const STRTAB: u16 = 1;
const SYMTAB: u32 = 2;

/// Symbols before those of sections: the empty one, the file.
const FIRST_SYMBOL: u32 = 2;

impl<W: Write + Seek> Joined<W> {
    /// Begins an object that is written to `sink`.
    pub(crate) fn new(mut sink: W) -> Result<Joined<W>> {
        // The header is written at the end.
        const HEADER: usize = size_of::<FileHeader64<LE>>();
        sink.write_all(&[0; HEADER])?;
        Ok(Joined {
            sink,
            len: HEADER as u64,
            header: None,
            file: None,
            sections: Vec::new(),
            named: PrimaryMap::new(),
            ids: FxHashMap::default(),
            strings: vec![0],
        })
    }

    /// Adds a part, a whole object, without unwanted symbols and their sections.
    ///
    /// # Errors
    ///
    /// Two definitions of a name.
    pub(crate) fn add(&mut self, part: &[u8], is_wanted: impl Fn(&[u8]) -> bool) -> Result<()> {
        let header = FileHeader64::<LE>::parse(part)?;
        let sections = header.sections(LE, part)?;
        let symbols = sections.symbols(LE, part, SHT_SYMTAB)?;
        let mut has_note = self.header.is_some();
        self.header.get_or_insert(*header);
        let mut places = vec![None; sections.len()];
        let mut is_passed_over = vec![false; sections.len()];
        for (index, symbol) in symbols.enumerate() {
            if symbol.st_type() != STT_SECTION
                && !is_wanted(symbols.symbol_name(LE, symbol)?)
                && let Some(section) = symbols.symbol_section(LE, symbol, index)?
            {
                is_passed_over[section.0] = true;
            }
        }
        for (index, section) in sections.enumerate() {
            let name = sections.section_name(LE, section)?;
            let has_contents = matches!(section.sh_type(LE), SHT_PROGBITS | SHT_NOBITS);
            let is_again = name == STACK_NOTE && std::mem::replace(&mut has_note, true);
            if has_contents && !is_again && !is_passed_over[index.0] {
                let data = section.data(LE, part)?;
                places[index.0] = Some(self.add_section(section, name, data)?);
            }
        }
        for (index, symbol) in symbols.enumerate() {
            let name = symbols.symbol_name(LE, symbol)?;
            match symbol.st_type() {
                STT_SECTION => {}
                _ if !is_wanted(name) => {}
                STT_FILE => self.add_file(symbol, name),
                _ if index.0 == 0 => {}
                _ => {
                    let section = symbols.symbol_section(LE, symbol, index)?;
                    let place = section.and_then(|section| places[section.0]);
                    self.add_named(symbol, name, place)?;
                }
            }
        }
        Ok(())
    }

    /// Reports whether a part has a symbol of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.ids.contains_key(name.as_bytes())
    }

    /// Returns the symbol of that name, which a part must have.
    pub(crate) fn id(&self, name: &str) -> NamedId {
        self.ids[name.as_bytes()]
    }

    /// Adds the relocations of a defined symbol, in the order in which to write them.
    pub(crate) fn relocate(&mut self, symbol: NamedId, relocs: Vec<Reloc>) {
        let section = self.named[symbol].section;
        let section = section.expect("a symbol with relocations has contents");
        self.sections[section as usize].relocs = relocs;
    }

    /// Adds a section that no part has: one with debugging information, or one that is loaded.
    pub(crate) fn add_plain(
        &mut self,
        name: &str,
        data: &[u8],
        is_loaded: bool,
    ) -> Result<SectionIndex> {
        let mut header = table(SHT_PROGBITS, 0, 0..data.len() as u64);
        if is_loaded {
            header.sh_flags.set(LE, SHF_ALLOC);
            header.sh_addralign.set(LE, 8);
        }
        let section = self.add_section(&header, name.as_bytes(), data)?;
        Ok(SectionIndex(section))
    }

    /// Adds the relocations of such a section.
    pub(crate) fn relocate_plain(&mut self, section: SectionIndex, relocs: Vec<Reloc>) {
        self.sections[section.0 as usize].relocs = relocs;
    }

    /// Adds a section and its contents. Returns its index.
    fn add_section(
        &mut self,
        section: &SectionHeader64<LE>,
        name: &[u8],
        data: &[u8],
    ) -> Result<u32> {
        let mut header = *section;
        self.strings.extend_from_slice(RELA.as_bytes());
        header.sh_name.set(LE, self.add_string(name));
        header.sh_offset.set(LE, self.len);
        self.write(data)?;
        self.sections.push(Section {
            header,
            relocs: Vec::new(),
        });
        Ok(self.sections.len() as u32 - 1)
    }

    /// Adds the name of the file, which is the same in all parts.
    fn add_file(&mut self, symbol: &Sym64<LE>, name: &[u8]) {
        if self.file.is_none() {
            let mut symbol = *symbol;
            symbol.st_name.set(LE, self.add_string(name));
            self.file = Some(symbol);
        }
    }

    /// Adds a symbol or its definition.
    fn add_named(&mut self, symbol: &Sym64<LE>, name: &[u8], section: Option<u32>) -> Result<()> {
        let mut symbol = *symbol;
        if let Some(&id) = self.ids.get(name) {
            let known = &mut self.named[id];
            if section.is_some() {
                if known.section.is_some() {
                    let name = String::from_utf8_lossy(name);
                    return Err(format!("duplicated definition of symbol {name}").into());
                }
                symbol.st_name = known.symbol.st_name;
                *known = Named { symbol, section };
            }
            return Ok(());
        }
        symbol.st_name.set(LE, self.add_string(name));
        let id = self.named.push(Named { symbol, section });
        self.ids.insert(name.into(), id);
        Ok(())
    }

    /// Returns the offset of a name.
    fn add_string(&mut self, name: &[u8]) -> u32 {
        let offset = self.strings.len() as u32;
        self.strings.extend_from_slice(name);
        self.strings.push(0);
        offset
    }

    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.len += bytes.len() as u64;
        Ok(self.sink.write_all(bytes)?)
    }

    fn write_struct(&mut self, value: &impl Pod) -> Result<()> {
        self.write(bytes_of(value))
    }

    /// Writes padding up to the alignment of tables. Returns the offset of the next table.
    fn align(&mut self) -> Result<u64> {
        self.write(&[0; 8][..(self.len.next_multiple_of(8) - self.len) as usize])?;
        Ok(self.len)
    }

    /// Writes headers, symbols and relocations.
    pub(crate) fn finish(mut self) -> Result<()> {
        let (order, n_locals) = self.symbol_order();
        let first_named = FIRST_SYMBOL + self.sections.len() as u32;
        let mut headers = vec![table(SHT_NULL, 0, 0..0)];
        let names = TABLES.map(|name| self.add_string(name));
        let strings = std::mem::take(&mut self.strings);
        let start = self.len;
        self.write(&strings)?;
        headers.push(table(SHT_STRTAB, names[0], start..self.len));
        headers.push(self.write_symbols(names[1], &order, first_named + n_locals)?);
        headers.extend(self.sections.iter().map(|section| section.header));
        let mut index_of = SecondaryMap::with_capacity(order.len());
        for (index, &id) in order.iter().enumerate() {
            // A defined symbol is found by its section, as in faerie's objects.
            index_of[id] = match self.named[id].section {
                Some(section) => FIRST_SYMBOL + section,
                None => first_named + index as u32,
            };
        }
        self.write_relocs(&mut headers, &index_of)?;
        if headers.len() + 1 >= usize::from(SHN_LORESERVE) {
            headers.push(self.write_section_indices(names[2], &order)?);
        }
        self.write_headers(headers)
    }

    /// Returns the symbols with names in their order in the file, and how many of them are local.
    fn symbol_order(&self) -> (Vec<NamedId>, u32) {
        let mut order: Vec<NamedId> = self.named.keys().collect();
        let is_global = |id: &NamedId| self.named[*id].symbol.st_bind() != STB_LOCAL;
        order.sort_by_key(is_global);
        let n_locals = order.partition_point(|id| !is_global(id));
        (order, n_locals as u32)
    }

    /// Writes the symbol table. Returns its header.
    fn write_symbols(
        &mut self,
        name: u32,
        order: &[NamedId],
        first_global: u32,
    ) -> Result<SectionHeader64<LE>> {
        let start = self.align()?;
        let empty = Sym64::default();
        self.write_struct(&empty)?;
        self.write_struct(&self.file.unwrap_or(empty))?;
        let place = |section| SymbolSection::new(FIRST_SECTION + section);
        for section in 0..self.sections.len() as u32 {
            let mut symbol = empty;
            symbol.set_st_info(STB_LOCAL, STT_SECTION);
            symbol.st_shndx.set(LE, place(section));
            self.write_struct(&symbol)?;
        }
        for &id in order {
            let Named {
                mut symbol,
                section,
            } = self.named[id];
            symbol.st_shndx.set(LE, section.map_or(SHN_UNDEF, place));
            self.write_struct(&symbol)?;
        }
        let mut header = table(SHT_SYMTAB, name, start..self.len);
        header.sh_link.set(LE, STRTAB.into());
        header.sh_info.set(LE, first_global);
        Ok(header)
    }

    /// Writes the relocations of all sections and adds their headers. `index_of` are the indices of symbols.
    fn write_relocs(
        &mut self,
        headers: &mut Vec<SectionHeader64<LE>>,
        index_of: &SecondaryMap<NamedId, u32>,
    ) -> Result<()> {
        self.align()?;
        for index in 0..self.sections.len() {
            let relocs = std::mem::take(&mut self.sections[index].relocs);
            if relocs.is_empty() {
                continue;
            }
            let name = self.sections[index].header.sh_name.get(LE);
            let start = self.len;
            for reloc in relocs {
                let symbol = match reloc.target {
                    Target::Symbol(id) => index_of[id],
                    Target::Section(SectionIndex(section)) => FIRST_SYMBOL + section,
                };
                self.write_struct(&Rela64::<LE> {
                    r_offset: U64::new(LE, reloc.offset.into()),
                    r_info: Rela64::r_info(LE, false, symbol, RelocationType(reloc.kind)),
                    r_addend: I64::new(LE, reloc.addend.into()),
                })?;
            }
            let name = name - RELA.len() as u32;
            let mut header = table(SHT_RELA, name, start..self.len);
            header.sh_flags.set(LE, SHF_INFO_LINK);
            header.sh_link.set(LE, SYMTAB);
            header.sh_info.set(LE, FIRST_SECTION + index as u32);
            headers.push(header);
        }
        Ok(())
    }

    /// Writes the table of sections of symbols, for indices that a symbol can't hold. Returns its header.
    fn write_section_indices(
        &mut self,
        name: u32,
        order: &[NamedId],
    ) -> Result<SectionHeader64<LE>> {
        let start = self.align()?;
        let sections = 0..self.sections.len() as u32;
        let named = order.iter().map(|&id| self.named[id].section);
        let places: Vec<U32<LE>> = std::iter::repeat_n(None, FIRST_SYMBOL as usize)
            .chain(sections.map(Some))
            .chain(named)
            .map(|section| U32::new(LE, section.map_or(0, |section| FIRST_SECTION + section)))
            .collect();
        self.write(object::pod::bytes_of_slice(&places))?;
        let mut header = table(SHT_SYMTAB_SHNDX, name, start..self.len);
        header.sh_link.set(LE, SYMTAB);
        Ok(header)
    }

    fn write_headers(mut self, mut headers: Vec<SectionHeader64<LE>>) -> Result<()> {
        let start = self.align()?;
        let n = headers.len();
        let fits = n < usize::from(SHN_LORESERVE);
        if !fits {
            headers[0].sh_size.set(LE, n as u64);
        }
        for header in &headers {
            self.write_struct(header)?;
        }
        let Some(mut header) = self.header else {
            return Ok(());
        };
        header.e_shoff.set(LE, start);
        header.e_shnum = U16::new(LE, if fits { n as u16 } else { 0 });
        header.e_shstrndx = U16::new(LE, SymbolSection(STRTAB));
        self.sink.seek(SeekFrom::Start(0))?;
        self.write_struct(&header)?;
        Ok(self.sink.flush()?)
    }
}

/// Returns the header of a table at an offset in the file.
fn table(kind: SectionType, name: u32, place: Range<u64>) -> SectionHeader64<LE> {
    let (align, entry) = match kind {
        SHT_SYMTAB => (8, size_of::<Sym64<LE>>()),
        SHT_RELA => (8, size_of::<Rela64<LE>>()),
        SHT_SYMTAB_SHNDX => (4, size_of::<u32>()),
        SHT_NULL => (0, 0),
        _ => (1, 0),
    };
    SectionHeader64 {
        sh_name: U32::new(LE, name),
        sh_type: U32::new(LE, kind),
        sh_flags: U64::new(LE, SectionFlags(0)),
        sh_addr: U64::new(LE, 0),
        sh_offset: U64::new(LE, place.start),
        sh_size: U64::new(LE, place.end - place.start),
        sh_link: U32::new(LE, 0),
        sh_info: U32::new(LE, 0),
        sh_addralign: U64::new(LE, align),
        sh_entsize: U64::new(LE, entry as u64),
    }
}
