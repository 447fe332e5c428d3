//! Reading of objects and executables.

use object::read::{self, Object, ObjectSection, ObjectSymbol, ObjectSymbolTable};
use object::{Architecture, BinaryFormat, ObjectKind, SectionKind, SymbolKind};

use crate::file::{File, Section, Symbol};
use crate::functions::without_padding;
use crate::lines::Lines;
use crate::place::{Base, Place};

/// Names that mark places and aren't functions (gc: cmd/internal/disasm).
const MARKS: [&str; 6] = [
    "runtime.text",
    "text",
    "_text",
    "runtime.etext",
    "etext",
    "_etext",
];

impl<'a> File<'a> {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// The file isn't an ELF or Mach-O file of amd64, or it is damaged.
    pub fn parse(data: &'a [u8]) -> Result<File<'a>, String> {
        let object = open(data)?;
        let is_linked = object.kind() != ObjectKind::Relocatable;
        let mut file = File {
            sections: Vec::new(),
            symbols: Vec::new(),
            by_place: Vec::new(),
            functions: Vec::new(),
            lines: Lines::default(),
        };
        let numbers = file.read_sections(&object, is_linked)?;
        let symbols = file.read_symbols(&object, &numbers);
        if !is_linked {
            file.read_relocations(&object, &numbers, &symbols);
        }
        let number = |index: usize| numbers.get(index).copied().flatten();
        file.lines = Lines::read(&object, file.text_start(), &number);
        if is_linked && object.symbols().next().is_none() {
            file.add_functions_of_lines();
        }
        file.sort_symbols();
        if object.format() == BinaryFormat::MachO {
            file.extend_symbols();
        }
        file.find_functions();
        Ok(file)
    }

    /// Reads the sections, and returns their numbers by those of the file.
    fn read_sections(
        &mut self,
        object: &read::File<'a>,
        is_linked: bool,
    ) -> Result<Vec<Option<usize>>, String> {
        let mut numbers = Vec::new();
        for section in object.sections() {
            let name = String::from_utf8_lossy(section.name_bytes().unwrap_or_default());
            let is_code = section.kind() == SectionKind::Text;
            let number = self.sections.len();
            let wrong = |err| format!("section {name}: {err}");
            let data = match is_code {
                true => section.data().map_err(wrong)?,
                false => &[],
            };
            self.sections.push(Section {
                address: section.address(),
                data,
                base: match is_linked {
                    true => Base::Memory,
                    false => Base::Section(number),
                },
                is_code,
                relocations: Vec::new(),
                name: name.into_owned(),
            });
            let index = section.index().0;
            if numbers.len() <= index {
                numbers.resize(index + 1, None);
            }
            numbers[index] = Some(number);
        }
        Ok(numbers)
    }

    /// Reads the symbols, and returns their numbers by those of the file.
    fn read_symbols(&mut self, object: &read::File, numbers: &[Option<usize>]) -> Vec<usize> {
        let mut by_index = Vec::new();
        // Mach-O puts it before each name.
        let prefix: &[u8] = match object.format() {
            BinaryFormat::MachO => b"_",
            _ => b"",
        };
        let has_symbols = object.symbols().next().is_some();
        let table = match has_symbols {
            true => object.symbol_table(),
            false => object.dynamic_symbol_table(),
        };
        for symbol in table.iter().flat_map(|table| table.symbols()) {
            let section = symbol.section_index();
            let section = section.and_then(|index| numbers.get(index.0).copied().flatten());
            let number = self.symbols.len();
            let kind = symbol.kind();
            let is_section = kind == SymbolKind::Section;
            let base = section.map(|section| self.sections[section].base);
            let name = match (is_section, section) {
                (true, Some(section)) => self.sections[section].name.clone(),
                _ => {
                    let name = symbol.name_bytes().unwrap_or_default();
                    let name = name.strip_prefix(prefix).unwrap_or(name);
                    String::from_utf8_lossy(name).into_owned()
                }
            };
            let in_code = section.is_some_and(|section| self.sections[section].is_code);
            let is_named = !name.is_empty() && !is_section && kind != SymbolKind::File;
            let index = symbol.index().0;
            if by_index.len() <= index {
                by_index.resize(index + 1, usize::MAX);
            }
            by_index[index] = number;
            self.symbols.push(Symbol {
                is_code: in_code && is_named && !MARKS.contains(&name.as_str()),
                place: Place {
                    base: base.unwrap_or(Base::Symbol(number)),
                    offset: if base.is_some() { symbol.address() } else { 0 },
                },
                size: symbol.size(),
                extent: symbol.size(),
                is_local: symbol.is_local(),
                section,
                name,
            });
        }
        by_index
    }

    /// Adds the functions of Go's table as symbols. Executables without symbols have it, too.
    fn add_functions_of_lines(&mut self) {
        for (name, range) in self.lines.functions() {
            let code = self
                .sections
                .iter()
                .enumerate()
                .find_map(|(number, section)| {
                    let start = usize::try_from(range.start.checked_sub(section.address)?).ok()?;
                    let end = usize::try_from(range.end.checked_sub(section.address)?).ok()?;
                    let code = section.data.get(start..end)?;
                    section.is_code.then_some((number, code))
                });
            let Some((section, code)) = code else {
                continue;
            };
            self.symbols.push(Symbol {
                name,
                place: Place {
                    base: Base::Memory,
                    offset: range.start,
                },
                size: without_padding(code).len() as u64,
                extent: code.len() as u64,
                is_local: false,
                section: Some(section),
                is_code: true,
            });
        }
    }

    /// Returns the address where Go's code begins: that of a symbol, as there may be C's code before it.
    fn text_start(&self) -> u64 {
        let symbol = self
            .symbols
            .iter()
            .find(|symbol| symbol.name == "runtime.text");
        let mut sections = self.sections.iter();
        let is_text = |section: &&Section| matches!(&*section.name, ".text" | "__text");
        match symbol {
            Some(symbol) => symbol.place.offset,
            None => sections.find(is_text).map_or(0, |section| section.address),
        }
    }

    /// Notes one symbol for each place: a function's before others, then one that other files can name.
    fn sort_symbols(&mut self) {
        let symbols = &self.symbols;
        let is_named = |&index: &usize| {
            let symbol: &Symbol = &symbols[index];
            let name = symbol.name.as_str();
            !name.is_empty()
                && !MARKS.contains(&name)
                && !matches!(symbol.place.base, Base::Symbol(_))
        };
        let mut by_place: Vec<usize> = (0..symbols.len()).filter(is_named).collect();
        by_place.sort_by_key(|&index| {
            let symbol = &symbols[index];
            (
                symbol.place,
                !symbol.is_code,
                symbol.is_local,
                symbol.size == 0,
                index,
            )
        });
        by_place.dedup_by_key(|index| symbols[*index].place);
        self.by_place = by_place;
    }

    /// Lets each symbol without a size name everything until the next one. Those of Mach-O have none.
    fn extend_symbols(&mut self) {
        for (position, &index) in self.by_place.iter().enumerate() {
            let place = self.symbols[index].place;
            let next = self
                .by_place
                .get(position + 1)
                .map(|&next| self.symbols[next].place);
            let next = next.filter(|next| next.base == place.base);
            let extent = next.map_or(u64::MAX, |next| next.offset - place.offset);
            self.symbols[index].extent = extent;
        }
    }
}

/// Opens a file that minigo can disassemble.
fn open(data: &[u8]) -> Result<read::File<'_>, String> {
    const GO_S: &str = "Go's own object format, which minigo doesn't read; go tool objdump reads it, and minigo executables of Go";
    let starts = |start: &[u8]| data.starts_with(start);
    if starts(b"!<arch>\n") {
        let text = &data[..data.len().min(4096)];
        let is_go_s = text.windows(10).any(|window| window == b"go object ");
        let archive = "an archive; ar x takes the objects out of it";
        return Err(if is_go_s { GO_S } else { archive }.to_owned());
    }
    if starts(b"go object ") {
        return Err(GO_S.to_owned());
    }
    if object::FileKind::parse(data).is_err() {
        return Err("want an object or an executable in the ELF or Mach-O format".to_owned());
    }
    let object = read::File::parse(data).map_err(|err| format!("damaged: {err}"))?;
    let format = match object.format() {
        BinaryFormat::Elf => "ELF",
        _ => "Mach-O",
    };
    match object.architecture() {
        Architecture::X86_64 => Ok(object),
        other => Err(format!("{format} for {other:?}; minigo disassembles amd64")),
    }
}
