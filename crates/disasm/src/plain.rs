//! Disassembly to read, in the layout of `go tool objdump` (gc: cmd/internal/disasm).

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use crate::decode::{Targets, instructions};
use crate::file::{File, Function};
use crate::lines::Row;
use crate::place::{Base, Place};
use crate::source::Sources;
use crate::text::{Names, write_instruction};

/// Writes functions, each with a line for its name, and between them an empty one. With `sources`, the lines of source
/// files stand before their instructions.
///
/// # Errors
///
/// The errors of `out`.
pub fn write_plain<'f>(
    out: &mut dyn Write,
    file: &File,
    functions: impl Iterator<Item = &'f Function>,
    mut sources: Option<&mut Sources>,
) -> io::Result<()> {
    let mut table = Columns::default();
    for (index, function) in functions.enumerate() {
        if index > 0 {
            out.write_all(b"\n")?;
        }
        write_function(out, file, function, sources.as_deref_mut(), &mut table)?;
    }
    Ok(())
}

fn write_function(
    out: &mut dyn Write,
    file: &File,
    function: &Function,
    mut sources: Option<&mut Sources>,
    table: &mut Columns,
) -> io::Result<()> {
    let rows = file.lines.rows(function.place, function.range.len() as u64);
    let mut positions = Positions::new(&rows);
    let mut header = format!("TEXT {}(SB)", function.name);
    if file.lines.is_some() {
        let (name, _) = positions.at(function.place.offset);
        let _ = write!(header, " {name}");
    }
    writeln!(out, "{header}")?;
    let code = file.code(function);
    let mut last = None;
    for decoded in instructions(file, function) {
        let address = function.place.plus(decoded.offset as i64);
        let (name, line) = positions.at(address.offset);
        match &mut sources {
            Some(sources) => {
                if last != Some((name, line)) {
                    last = Some((name, line));
                    if let Some(text) = sources.line(name, line) {
                        table.flush(out)?;
                        out.write_all(text)?;
                        out.write_all(b"\n")?;
                    }
                }
                table.cell(|text| {
                    let _ = write!(text, "  {:#x}", address.offset);
                });
            }
            None if file.lines.is_some() => {
                let base = name.rsplit('/').next().unwrap_or("");
                table.cell(|text| {
                    let _ = write!(text, "  {base}:{line}");
                });
                table.cell(|text| {
                    let _ = write!(text, "{:#x}", address.offset);
                });
            }
            None => table.cell(|text| {
                let _ = write!(text, "  {:#x}", address.offset);
            }),
        }
        table.cell(|text| push_hex(text, &code[decoded.offset..decoded.end()]));
        let names = names(file, &decoded.targets(file, function));
        table.cell(|text| write_instruction(text, &decoded.instruction, &names));
        table.end_line();
    }
    table.flush(out)
}

/// Returns the names of the places that an instruction refers to. A branch into a function is to an address.
pub(crate) fn names(file: &File, targets: &Targets) -> Names {
    let name = |place: Place, mark: &str| {
        let (name, distance) = file.describe(place)?;
        Some(match distance {
            0 => format!("{name}{mark}(SB)"),
            _ => format!("{name}{distance:+}{mark}(SB)"),
        })
    };
    let start = |place: &Place| {
        let is_start = matches!(file.symbol_at(*place), Some((_, 0)));
        is_start || matches!(place.base, Base::Symbol(_))
    };
    let mark = if targets.by_table { "@GOT" } else { "" };
    Names {
        branch: targets
            .branch
            .filter(start)
            .and_then(|place| name(place, "")),
        memory: targets.memory.and_then(|place| name(place, mark)),
        immediate: targets.immediate.and_then(|place| name(place, "")),
    }
}

/// Appends bytes in hexadecimal.
pub(crate) fn push_hex(out: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// The positions of instructions, asked for in the order of addresses.
pub(crate) struct Positions<'a> {
    rows: &'a [Row<'a>],
    next: usize,
}

impl<'a> Positions<'a> {
    pub(crate) fn new(rows: &'a [Row<'a>]) -> Positions<'a> {
        Positions { rows, next: 0 }
    }

    /// Returns the file and the line of an address; an empty name if they aren't known.
    pub(crate) fn at(&mut self, address: u64) -> (&'a str, i32) {
        while self
            .rows
            .get(self.next)
            .is_some_and(|row| row.start <= address)
        {
            self.next += 1;
        }
        let row = self.next.checked_sub(1).map(|index| &self.rows[index]);
        row.map_or(("", 0), |row| (row.file, row.line))
    }
}

/// Lines of cells, each with a tab behind it, in columns: as Go's `tabwriter` aligns them with a least width of 18,
/// tabs of 8 and a padding of 1.
#[derive(Default)]
struct Columns {
    text: String,
    /// The cells, line by line.
    cells: Vec<Range<usize>>,
    /// The ends of the lines in `cells`.
    ends: Vec<usize>,
}

impl Columns {
    /// Adds a cell to the line.
    fn cell(&mut self, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        self.cells.push(start..self.text.len());
    }

    fn end_line(&mut self) {
        self.ends.push(self.cells.len());
    }

    /// Writes the lines.
    fn flush(&mut self, out: &mut dyn Write) -> io::Result<()> {
        const TABS: &[u8] = &[b'\t'; 64];
        let width_of = |cell: &Range<usize>| self.text[cell.clone()].chars().count();
        let mut widths: Vec<usize> = Vec::new();
        let mut start = 0;
        for &end in &self.ends {
            for (column, cell) in self.cells[start..end].iter().enumerate() {
                if widths.len() <= column {
                    widths.push(18);
                }
                widths[column] = widths[column].max(width_of(cell) + 1);
            }
            start = end;
        }
        start = 0;
        for &end in &self.ends {
            for (cell, width) in self.cells[start..end].iter().zip(&widths) {
                out.write_all(self.text[cell.clone()].as_bytes())?;
                let mut n_tabs = (width.next_multiple_of(8) - width_of(cell)).div_ceil(8);
                while n_tabs > 0 {
                    let n = n_tabs.min(TABS.len());
                    out.write_all(&TABS[..n])?;
                    n_tabs -= n;
                }
            }
            out.write_all(b"\n")?;
            start = end;
        }
        self.text.clear();
        self.cells.clear();
        self.ends.clear();
        Ok(())
    }
}
