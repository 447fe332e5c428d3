//! Line tables (gc: obj/dwarf.go, generateDebugLinesSymbol).

use std::collections::BTreeMap;

use gimli::write::{FileId, LineProgram, LineString};
use minigo_obj::pcln::values;

use super::{Function, distance, runs};
use crate::memory::size;
use crate::program::Program;

/// The files of a unit by their names in listings.
pub(super) type Files<'a> = BTreeMap<&'a str, FileId>;

/// Returns the full name of the first function's file.
pub(super) fn first_file(program: &Program, functions: &[Function]) -> String {
    let tables = functions
        .iter()
        .filter_map(|function| function.symbol.pcln.as_deref());
    let mut files = tables.filter_map(|pcln| pcln.files.first());
    let first = files.next().map(|name| program.paths.full(name));
    first.unwrap_or_else(|| program.package.to_owned())
}

/// Writes the lines of functions: a sequence for each run of them. Returns their files.
pub(super) fn write<'a>(
    program: &Program,
    functions: &[Function<'a>],
    lines: &mut LineProgram,
) -> Files<'a> {
    let mut files = Files::new();
    for function in functions {
        for name in function.symbol.pcln.iter().flat_map(|pcln| &pcln.files) {
            files.entry(name).or_insert_with(|| {
                let full = program.paths.full(name);
                let string = |text: &str| LineString::String(text.as_bytes().to_vec());
                let (directory, base) = match full.rsplit_once('/') {
                    Some((folder, base)) if !folder.is_empty() && !base.is_empty() => {
                        (lines.add_directory(string(folder)), base)
                    }
                    _ => (lines.default_directory(), &*full),
                };
                lines.add_file(string(base), directory, None)
            });
        }
    }
    for run in runs(functions) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            continue;
        };
        lines.begin_sequence(Some(first.address));
        for function in run {
            write_function(function, distance(first, function), &files, lines);
        }
        lines.end_sequence(distance(first, last) + size(last.symbol));
    }
    files
}

/// Writes the lines of a function at an offset in the sequence.
fn write_function(function: &Function, start: u64, files: &Files, lines: &mut LineProgram) {
    let symbol = function.symbol;
    let (Some(pcln), Some(debug)) = (&symbol.pcln, &symbol.debug) else {
        return;
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
    while let (Some((file_index, file_end)), Some((number, line_end)), Some((is_stmt, stmt_end))) =
        (file, line, stmt)
    {
        let known = pcln.files.get(file_index as usize);
        let row = lines.row();
        row.address_offset = start + u64::from(pc);
        if let Some(file) = known.and_then(|name| files.get(&**name)) {
            row.file = *file;
        }
        row.line = number.max(0) as u64;
        row.is_statement = is_stmt == 1;
        lines.generate_row();
        pc = file_end.min(line_end).min(stmt_end);
        if file_end == pc {
            file = next_files.next();
        }
        if line_end == pc {
            line = next_lines.next();
        }
        if stmt_end == pc {
            stmt = next_stmts.next();
        }
    }
}
