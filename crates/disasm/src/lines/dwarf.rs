//! Source lines of debugging information.

use std::borrow::Cow;
use std::ops::Range;

use gimli::{EndianSlice, LittleEndian, SectionId};
use object::read::{self, Object, ObjectSection, ObjectSymbol};
use object::{CompressionFormat, ObjectKind, RelocationTarget, SectionKind};

use super::row::Row;
use crate::place::{Base, Place};

/// The rows of all line tables in the order of addresses.
pub(crate) struct Table {
    files: Vec<String>,
    rows: Vec<TableRow>,
}

struct TableRow {
    address: u64,
    /// The number of the file; none at the end of a sequence.
    file: Option<usize>,
    line: i32,
}

/// Sections of objects all begin at 0. Each gets addresses of its own.
const ROOM: u32 = 40;

/// Debugging information that takes more memory than this isn't read.
const LARGEST: u64 = 1 << 30;

type Slice<'a> = EndianSlice<'a, LittleEndian>;

impl Table {
    /// Reads the line tables of a file; none without any. `number` says the numbers of sections. Damaged units are left
    /// out.
    pub(crate) fn read(
        object: &read::File,
        number: &dyn Fn(usize) -> Option<usize>,
    ) -> Option<Table> {
        let load = |id: SectionId| -> Result<Cow<[u8]>, gimli::Error> {
            Ok(section(object, id.name(), number).unwrap_or_default())
        };
        let sections = gimli::DwarfSections::load(load).ok()?;
        let dwarf = sections.borrow(|data| EndianSlice::new(data, LittleEndian));
        let mut table = Table {
            files: Vec::new(),
            rows: Vec::new(),
        };
        let mut units = dwarf.units();
        while let Ok(Some(header)) = units.next() {
            if let Ok(unit) = dwarf.unit(header) {
                table.add_unit(&dwarf, &unit);
            }
        }
        table
            .rows
            .sort_by_key(|row| (row.address, row.file.is_some()));
        (!table.rows.is_empty()).then_some(table)
    }

    /// Adds the rows of a unit.
    fn add_unit(&mut self, dwarf: &gimli::Dwarf<Slice>, unit: &gimli::Unit<Slice>) {
        let Some(program) = unit.line_program.clone() else {
            return;
        };
        let first = self.files.len();
        let mut numbers = Vec::new();
        let mut rows = program.rows();
        while let Ok(Some((header, row))) = rows.next_row() {
            let index = row.file_index();
            let known = numbers.iter().position(|&number| number == index);
            let number = known.unwrap_or_else(|| {
                numbers.push(index);
                self.files.push(file_name(dwarf, unit, header, index));
                numbers.len() - 1
            });
            let line = row.line().map_or(0, |line| line.get());
            self.rows.push(TableRow {
                address: row.address(),
                file: (!row.end_sequence()).then_some(first + number),
                line: i32::try_from(line).unwrap_or(0),
            });
        }
    }

    /// Returns the positions of the instructions of a range.
    pub(crate) fn rows(&self, start: Place, size: u64) -> Vec<Row<'_>> {
        let shift = match start.base {
            Base::Memory => 0,
            Base::Section(number) => pseudo_address(number),
            Base::Symbol(_) => return Vec::new(),
        };
        let first = start.offset.wrapping_add(shift);
        let range: Range<u64> = first..first.saturating_add(size);
        let from = self.rows.partition_point(|row| row.address <= range.start);
        let to = self.rows.partition_point(|row| row.address < range.end);
        let rows = &self.rows[from.saturating_sub(1).min(to)..to];
        let row = |row: &TableRow| Row {
            start: row.address.max(first).wrapping_sub(shift),
            file: row.file.map_or("", |file| &self.files[file]),
            line: if row.file.is_some() { row.line } else { 0 },
        };
        rows.iter().map(row).collect()
    }
}

/// Returns the address at which a section of an object seems to be.
fn pseudo_address(number: usize) -> u64 {
    (number as u64 + 1) << ROOM
}

/// Returns the data of a section, unpacked and relocated.
fn section<'a>(
    object: &read::File<'a>,
    name: &str,
    number: &dyn Fn(usize) -> Option<usize>,
) -> Option<Cow<'a, [u8]>> {
    let section = object.section_by_name(name)?;
    let data = section.compressed_data().ok()?;
    if data.uncompressed_size > LARGEST {
        return None;
    }
    let mut data = match data.format {
        CompressionFormat::None => Cow::Borrowed(data.data),
        CompressionFormat::Zlib => {
            let limit = usize::try_from(data.uncompressed_size).ok()?;
            let data = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(data.data, limit);
            Cow::Owned(data.ok()?)
        }
        _ => return None,
    };
    if object.kind() == ObjectKind::Relocatable {
        relocate(object, &section, data.to_mut(), number);
    }
    Some(data)
}

/// Fills in the fields that the linker would fill in: addresses of code, and offsets in other sections.
fn relocate(
    object: &read::File,
    section: &read::Section,
    data: &mut [u8],
    number: &dyn Fn(usize) -> Option<usize>,
) {
    let code = |index| {
        let section = object.section_by_index(index).ok()?;
        let is_code = section.kind() == SectionKind::Text;
        is_code
            .then(|| number(index.0).map(pseudo_address))
            .flatten()
    };
    for (offset, relocation) in section.relocations() {
        let target = match relocation.target() {
            RelocationTarget::Symbol(index) => match object.symbol_by_index(index) {
                Ok(symbol) => (symbol.address(), symbol.section_index()),
                Err(_) => continue,
            },
            RelocationTarget::Section(index) => (0, Some(index)),
            _ => continue,
        };
        let base = target.1.and_then(code).unwrap_or(0);
        let size = usize::from(relocation.size() / 8);
        let Ok(offset) = usize::try_from(offset) else {
            continue;
        };
        let field = offset
            .checked_add(size)
            .and_then(|end| data.get_mut(offset..end));
        let Some(field) = field.filter(|field| field.len() <= 8) else {
            continue;
        };
        let mut value = target.0.wrapping_add(base);
        value = value.wrapping_add_signed(relocation.addend());
        if relocation.has_implicit_addend() {
            let mut bytes = [0; 8];
            bytes[..field.len()].copy_from_slice(field);
            value = value.wrapping_add(u64::from_le_bytes(bytes));
        }
        field.copy_from_slice(&value.to_le_bytes()[..field.len()]);
    }
}

/// Returns the whole name of a file of a line table.
fn file_name(
    dwarf: &gimli::Dwarf<Slice>,
    unit: &gimli::Unit<Slice>,
    header: &gimli::LineProgramHeader<Slice>,
    index: u64,
) -> String {
    let Some(file) = header.file(index) else {
        return String::new();
    };
    let text = |value| {
        let text = dwarf.attr_string(unit, value).ok()?;
        Some(text.to_string_lossy().into_owned())
    };
    let name = text(file.path_name()).unwrap_or_default();
    let folder = file.directory(header).and_then(text).unwrap_or_default();
    let own = unit
        .comp_dir
        .map(|folder| folder.to_string_lossy().into_owned());
    let parts = [own.unwrap_or_default(), folder, name];
    let mut path = String::new();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        if part.starts_with('/') {
            path.clear();
        } else if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(part);
    }
    path
}
