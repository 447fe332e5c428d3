//! Go's table of functions and source lines, `.gopclntab` (gc: debug/gosym/pclntab.go).

use std::ops::Range;

use super::row::Row;

/// The layout of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// Of Go 1.2: one table, whose offsets begin at its start.
    Whole,
    /// Of Go 1.16: names, files, values and functions are tables of their own.
    Divided,
    /// Of Go 1.18: the same; addresses are distances from the start of the code, of four bytes.
    Relative,
}

/// A table of a program for processors with pointers of eight bytes.
pub(crate) struct Table<'a> {
    layout: Layout,
    /// The address that functions' addresses are relative to.
    text: u64,
    n_functions: usize,
    names: &'a [u8],
    units: &'a [u8],
    files: &'a [u8],
    values: &'a [u8],
    functions: &'a [u8],
}

/// The size of the table's header before its offsets.
const HEADER: usize = 8;

impl<'a> Table<'a> {
    /// Reads a table. `text` is the address of the code, for tables that don't say it. None if the table is of an
    /// unknown version, or damaged.
    pub(crate) fn read(data: &'a [u8], text: u64) -> Option<Table<'a>> {
        let layout = match u32_at(data, 0)? {
            0xffff_fffb => Layout::Whole,
            0xffff_fffa => Layout::Divided,
            0xffff_fff0 | 0xffff_fff1 => Layout::Relative,
            _ => return None,
        };
        let (quantum, pointer) = (*data.get(6)?, *data.get(7)?);
        if quantum != 1 || pointer != 8 {
            return None;
        }
        let word = |n: usize| u64_at(data, HEADER + 8 * n);
        let part = |n: usize| data.get(usize::try_from(word(n)?).ok()?..);
        let n_functions = usize::try_from(word(0)?).ok()?;
        let table = match layout {
            Layout::Whole => {
                let functions = data.get(HEADER + 8..)?;
                let size = n_functions.checked_mul(16)?.checked_add(8)?;
                let files = u32_at(functions, size)? as usize;
                Table {
                    layout,
                    text: 0,
                    n_functions,
                    names: data,
                    units: &[],
                    files: data.get(files..)?,
                    values: data,
                    functions,
                }
            }
            Layout::Divided | Layout::Relative => {
                let first = if layout == Layout::Divided { 2 } else { 3 };
                Table {
                    layout,
                    text: if layout == Layout::Divided { 0 } else { text },
                    n_functions,
                    names: part(first)?,
                    units: part(first + 1)?,
                    files: part(first + 2)?,
                    values: part(first + 3)?,
                    functions: part(first + 4)?,
                }
            }
        };
        // Its end has an address, too.
        table.entry(n_functions)?;
        Some(table)
    }

    /// Returns the bytes of a function's description.
    fn function(&self, index: usize) -> Option<&'a [u8]> {
        let offset = match self.layout {
            Layout::Relative => u64::from(u32_at(self.functions, index.checked_mul(8)? + 4)?),
            _ => u64_at(self.functions, index.checked_mul(16)? + 8)?,
        };
        let base = match self.layout {
            Layout::Whole => self.names,
            _ => self.functions,
        };
        base.get(usize::try_from(offset).ok()?..)
    }

    /// Returns the address of a function, or the end of the last one.
    fn entry(&self, index: usize) -> Option<u64> {
        match self.layout {
            Layout::Relative => {
                let distance = u32_at(self.functions, index.checked_mul(8)?)?;
                Some(self.text.wrapping_add(u64::from(distance)))
            }
            _ => u64_at(self.functions, index.checked_mul(16)?),
        }
    }

    /// Returns a field of a function's description; field 0 is its address.
    fn field(&self, function: &[u8], n: usize) -> Option<usize> {
        let first = if self.layout == Layout::Relative {
            4
        } else {
            8
        };
        u32_at(function, first + 4 * (n - 1)).map(|value| value as usize)
    }

    /// Returns the names and the addresses of all functions.
    pub(crate) fn functions(&self) -> Vec<(String, Range<u64>)> {
        let function = |index| {
            let name = self.field(self.function(index)?, 1)?;
            let name = String::from_utf8_lossy(text_at(self.names, name)?).into_owned();
            Some((name, self.entry(index)?..self.entry(index + 1)?))
        };
        (0..self.n_functions).map_while(function).collect()
    }

    /// Returns the positions of the instructions of a range.
    pub(crate) fn rows(&self, range: &Range<u64>) -> Vec<Row<'a>> {
        let mut rows = Vec::new();
        let mut index = self.first_at(range.start);
        while let (Some(start), Some(end)) = (self.entry(index), self.entry(index + 1)) {
            if index >= self.n_functions || start >= range.end {
                break;
            }
            if end > range.start {
                self.add_rows(index, start..end, &mut rows);
            }
            index += 1;
        }
        rows
    }

    /// Returns the number of the function that an address belongs to.
    fn first_at(&self, address: u64) -> usize {
        let (mut low, mut high) = (0, self.n_functions);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.entry(middle) {
                Some(entry) if entry <= address => low = middle + 1,
                _ => high = middle,
            }
        }
        low.saturating_sub(1)
    }

    /// Adds the positions of a function: the files and the lines of its parts, side by side.
    fn add_rows(&self, index: usize, range: Range<u64>, rows: &mut Vec<Row<'a>>) -> Option<()> {
        let unknown = |start| Row {
            start,
            file: "",
            line: -1,
        };
        rows.push(unknown(range.start));
        let function = self.function(index)?;
        let mut files = Values::new(self.values.get(self.field(function, 5)?..)?);
        let mut lines = Values::new(self.values.get(self.field(function, 6)?..)?);
        let unit = self.field(function, 8).unwrap_or(0);
        let mut file = files.next();
        let mut line = lines.next();
        let mut start = range.start;
        while let (Some((file_end, file_value)), Some((line_end, line_value))) = (file, line) {
            let name = self.file_name(unit, file_value);
            rows.push(Row {
                start,
                file: name,
                line: line_value,
            });
            let end = file_end.min(line_end);
            if file_end == end {
                file = files.next();
            }
            if line_end == end {
                line = lines.next();
            }
            start = range.start + end;
            if start >= range.end {
                return Some(());
            }
        }
        rows.push(unknown(start));
        Some(())
    }

    /// Returns the name of a file by its number in a function's table.
    fn file_name(&self, unit: usize, number: i32) -> &'a str {
        let name = || {
            let number = usize::try_from(number).ok()?;
            let bytes = match self.layout {
                Layout::Whole => {
                    let offset = u32_at(self.files, number.checked_mul(4)?)?;
                    text_at(self.names, offset as usize)?
                }
                _ => {
                    let index = unit.checked_add(number)?.checked_mul(4)?;
                    text_at(self.files, u32_at(self.units, index)? as usize)?
                }
            };
            std::str::from_utf8(bytes).ok()
        };
        name().unwrap_or("")
    }
}

/// A table of values by address: pairs of differences to the last value and address.
struct Values<'a> {
    data: &'a [u8],
    offset: u64,
    value: i32,
    is_first: bool,
}

impl<'a> Values<'a> {
    fn new(data: &'a [u8]) -> Values<'a> {
        Values {
            data,
            offset: 0,
            value: -1,
            is_first: true,
        }
    }

    fn varint(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in (0..32).step_by(7) {
            let (&byte, rest) = self.data.split_first()?;
            self.data = rest;
            value |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

impl Iterator for Values<'_> {
    /// The offset in the function until which a value holds, and the value.
    type Item = (u64, i32);

    fn next(&mut self) -> Option<(u64, i32)> {
        let delta = self.varint()?;
        if delta == 0 && !self.is_first {
            return None;
        }
        self.is_first = false;
        let sign = (delta & 1).wrapping_neg();
        self.value = self.value.wrapping_add(((delta >> 1) ^ sign) as i32);
        self.offset += u64::from(self.varint()?);
        Some((self.offset, self.value))
    }
}

fn u32_at(data: &[u8], offset: usize) -> Option<u32> {
    let bytes = data.get(offset..offset.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

fn u64_at(data: &[u8], offset: usize) -> Option<u64> {
    let bytes = data.get(offset..offset.checked_add(8)?)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

/// Returns the text that ends with a zero byte.
fn text_at(data: &[u8], offset: usize) -> Option<&[u8]> {
    let data = data.get(offset..)?;
    let end = data.iter().position(|&byte| byte == 0)?;
    Some(&data[..end])
}
