//! Line tables (gc: obj/dwarf.go, generateDebugLinesSymbol).

use std::collections::BTreeMap;

use gimli::LineEncoding;
use gimli::constants as dw;
use gimli::write::{
    Address, DebugLine, FileId, LineProgram, LineString, LineStringTable, Result, StringTable,
    Writer,
};
use minigo_obj::pcln::values;
use rustc_hash::FxHashMap;

use super::{ADDRESS_SIZE, ENCODING, Function, OFFSET_SIZE, before_nul, distance, runs};
use crate::memory::size;
use crate::program::Program;

/// The files of a unit by their names in listings: their numbers in the line table.
pub(super) type Files<'a> = BTreeMap<&'a str, u64>;

/// The least change of the line in a special opcode.
const LINE_BASE: i8 = -4;

/// The number of changes of the line in special opcodes.
const LINE_RANGE: u8 = 10;

/// The first special opcode, which gimli writes into headers.
const OPCODE_BASE: u8 = 13;

/// Returns the full name of the first function's file.
pub(super) fn first_file(program: &Program, functions: &[Function]) -> String {
    let tables = functions
        .iter()
        .filter_map(|function| function.symbol.pcln.as_deref());
    let mut files = tables.filter_map(|pcln| pcln.files.first());
    let first = files.next().map(|name| program.paths.full(name));
    first.unwrap_or_else(|| program.package.to_owned())
}

/// Writes the lines of functions, whose sources are below `folder`: a sequence for each run of functions. Returns their files.
pub(super) fn write<'a, W: Writer>(
    program: &Program,
    functions: &[Function<'a>],
    folder: &str,
    out: &mut DebugLine<W>,
) -> Result<Files<'a>> {
    let start = out.len();
    let files = write_header(program, functions, folder, out)?;
    for run in runs(functions) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            continue;
        };
        let mut rows = Rows::begin(&mut **out, first.address)?;
        for function in run {
            write_function(function, distance(first, function), &files, &mut rows)?;
        }
        rows.end(distance(first, last) + size(last.symbol))?;
    }
    end(out, start)?;
    Ok(files)
}

/// Writes the length of a table that begins at an offset in the section and ends where that does.
fn end<W: Writer>(out: &mut DebugLine<W>, start: usize) -> Result<()> {
    let length = out.len() - start - usize::from(OFFSET_SIZE);
    out.write_udata_at(start, length as u64, OFFSET_SIZE)
}

fn encoding() -> LineEncoding {
    LineEncoding {
        line_base: LINE_BASE,
        line_range: LINE_RANGE,
        ..LineEncoding::default()
    }
}

/// Writes the header of the table, with the files of functions.
fn write_header<'a, W: Writer>(
    program: &Program,
    functions: &[Function<'a>],
    folder: &str,
    out: &mut DebugLine<W>,
) -> Result<Files<'a>> {
    let string = |text: &str| LineString::String(before_nul(text).to_vec());
    let first = string(&first_file(program, functions));
    let mut lines = LineProgram::new(ENCODING, encoding(), string(folder), None, first, None);
    let mut numbers: FxHashMap<FileId, u64> = lines.files().map(|(id, ..)| id).zip(0..).collect();
    let mut files = Files::new();
    for function in functions {
        for name in function.symbol.pcln.iter().flat_map(|pcln| &pcln.files) {
            files.entry(name).or_insert_with(|| {
                let full = program.paths.full(name);
                let (directory, base) = match full.rsplit_once('/') {
                    Some((folder, base)) if !folder.is_empty() && !base.is_empty() => {
                        (lines.add_directory(string(folder)), base)
                    }
                    _ => (lines.default_directory(), &*full),
                };
                let file = lines.add_file(string(base), directory, None);
                let next = numbers.len() as u64;
                *numbers.entry(file).or_insert(next)
            });
        }
    }
    let mut strings = (LineStringTable::default(), StringTable::default());
    lines.write(out, ENCODING, &mut strings.0, &mut strings.1)?;
    Ok(files)
}

/// Writes the lines of a function at an offset in the sequence.
fn write_function<W: Writer>(
    function: &Function,
    start: u64,
    files: &Files,
    rows: &mut Rows<W>,
) -> Result<()> {
    let symbol = function.symbol;
    let (Some(pcln), Some(debug)) = (&symbol.pcln, &symbol.debug) else {
        return Ok(());
    };
    let ends = |table| {
        let mut end = 0;
        let mut ends = values(table).map(move |(value, length)| {
            end += length;
            (value, end)
        });
        let first = ends.next();
        (first, ends)
    };
    let (mut file, mut next_files) = ends(&pcln.file);
    let (mut line, mut next_lines) = ends(&pcln.line);
    let (mut stmt, mut next_stmts) = ends(&debug.stmt);
    let mut pc = 0;
    let mut known_file = None;
    while let (Some((file_index, file_end)), Some((number, line_end)), Some((is_stmt, stmt_end))) =
        (file, line, stmt)
    {
        if known_file.is_none() {
            let name = pcln.files.get(file_index as usize);
            known_file = name.and_then(|name| files.get(&**name)).copied();
        }
        rows.write(Row {
            address: start + u64::from(pc),
            file: known_file.unwrap_or(rows.last.file),
            line: number.max(0).into(),
            is_stmt: is_stmt == 1,
        })?;
        pc = file_end.min(line_end).min(stmt_end);
        if file_end == pc {
            file = next_files.next();
            known_file = None;
        }
        if line_end == pc {
            line = next_lines.next();
        }
        if stmt_end == pc {
            stmt = next_stmts.next();
        }
    }
    Ok(())
}

/// The place in the source of the instructions from an address on.
struct Row {
    /// The distance in bytes from the beginning of the sequence.
    address: u64,
    file: u64,
    line: i64,
    is_stmt: bool,
}

/// A sequence of rows that is being written.
struct Rows<'a, W> {
    out: &'a mut W,
    last: Row,
}

impl<'a, W: Writer> Rows<'a, W> {
    fn begin(out: &'a mut W, address: Address) -> Result<Rows<'a, W>> {
        write_extended(out, dw::DW_LNE_set_address, ADDRESS_SIZE)?;
        out.write_address(address, ADDRESS_SIZE)?;
        // DWARF 5, 6.2.2.
        let last = Row {
            address: 0,
            file: 1,
            line: 1,
            is_stmt: true,
        };
        Ok(Rows { out, last })
    }

    fn write(&mut self, row: Row) -> Result<()> {
        if row.is_stmt != self.last.is_stmt {
            self.out.write_u8(dw::DW_LNS_negate_stmt.0)?;
        }
        if row.file != self.last.file {
            self.out.write_u8(dw::DW_LNS_set_file.0)?;
            self.out.write_uleb128(row.file)?;
        }
        // A special opcode changes line and address, and makes a row (DWARF 5, 6.2.5.1).
        let range = i64::from(LINE_RANGE);
        let mut line = row.line - self.last.line - i64::from(LINE_BASE);
        if !(0..range).contains(&line) {
            self.out.write_u8(dw::DW_LNS_advance_line.0)?;
            self.out.write_sleb128(row.line - self.last.line)?;
            line = -i64::from(LINE_BASE);
        }
        let mut opcode = (i64::from(OPCODE_BASE) + line) as u64;
        let mut advance = row.address - self.last.address;
        let most = (u64::from(u8::MAX) - opcode) / u64::from(LINE_RANGE);
        let constant = u64::from((u8::MAX - OPCODE_BASE) / LINE_RANGE);
        if (constant..=most + constant).contains(&advance) && advance > most {
            self.out.write_u8(dw::DW_LNS_const_add_pc.0)?;
            advance -= constant;
        } else if advance > most {
            self.out.write_u8(dw::DW_LNS_advance_pc.0)?;
            self.out.write_uleb128(advance)?;
            advance = 0;
        }
        opcode += advance * u64::from(LINE_RANGE);
        self.last = row;
        self.out.write_u8(opcode as u8)
    }

    /// Ends the sequence at a distance in bytes from its beginning.
    fn end(self, address: u64) -> Result<()> {
        let advance = address - self.last.address;
        if advance != 0 {
            self.out.write_u8(dw::DW_LNS_advance_pc.0)?;
            self.out.write_uleb128(advance)?;
        }
        write_extended(self.out, dw::DW_LNE_end_sequence, 0)
    }
}

/// Writes an extended opcode with so many bytes of operands.
fn write_extended(out: &mut impl Writer, opcode: dw::DwLne, operands: u8) -> Result<()> {
    out.write_u8(0)?;
    out.write_uleb128(u64::from(operands) + 1)?;
    out.write_u8(opcode.0)
}

#[cfg(test)]
mod tests {
    use gimli::read::Result;
    use gimli::write::EndianVec;
    use gimli::{DebugLineOffset, LittleEndian};

    use super::*;

    /// Rows of every change of line and address for which opcodes differ, forwards and backwards.
    fn rows() -> Vec<(u64, u64, u64, bool)> {
        let mut rows = Vec::new();
        let (mut address, mut line) = (0, 10_000);
        for advance in (0..60).chain([255, 256, 5000]) {
            for change in (-12..12).chain([-500, 500]) {
                address += advance;
                line += change;
                let file = u64::from(change == 3);
                rows.push((address, file, line as u64, advance % 2 == 0));
            }
        }
        rows
    }

    #[test]
    fn rows_are_read_as_they_were_written() -> Result<()> {
        const START: u64 = 0x40_1000;
        let mut section = DebugLine::from(EndianVec::new(LittleEndian));
        let text = |text: &str| LineString::String(text.as_bytes().to_vec());
        let mut lines = LineProgram::new(ENCODING, encoding(), text("/x"), None, text("a"), None);
        lines.add_file(text("b"), lines.default_directory(), None);
        let expected = rows();
        let (last, ..) = *expected.last().expect("there are rows");
        let write = |section: &mut DebugLine<EndianVec<LittleEndian>>| {
            let mut strings = (LineStringTable::default(), StringTable::default());
            lines.write(section, ENCODING, &mut strings.0, &mut strings.1)?;
            let mut rows = Rows::begin(&mut **section, Address::Constant(START))?;
            for &(address, file, line, is_stmt) in &expected {
                rows.write(Row {
                    address,
                    file,
                    line: line as i64,
                    is_stmt,
                })?;
            }
            rows.end(last + 100)?;
            end(section, 0)
        };
        write(&mut section).expect("memory takes everything");

        let section = gimli::DebugLine::new(section.slice(), LittleEndian);
        let program = section.program(DebugLineOffset(0), ADDRESS_SIZE, None, None)?;
        let mut read = Vec::new();
        let mut rows = program.rows();
        while let Some((_, row)) = rows.next_row()? {
            let line = row.line().map_or(0, u64::from);
            let address = row.address() - START;
            match row.end_sequence() {
                true => assert_eq!(address, last + 100),
                false => read.push((address, row.file_index(), line, row.is_stmt())),
            }
        }
        assert_eq!(read, expected);
        Ok(())
    }
}
