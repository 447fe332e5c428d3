//! Source positions of instructions: by Go's table of functions, or by debugging information.

mod dwarf;
mod pclntab;
mod row;

use std::ops::Range;

use object::read::{self, Object, ObjectSection};

use crate::place::Place;

pub(crate) use row::Row;

/// The positions of a file's instructions.
#[derive(Default)]
pub(crate) enum Lines<'a> {
    /// No table.
    #[default]
    None,
    /// Go's table, which names functions, too.
    Go(pclntab::Table<'a>),
    /// Debugging information.
    Dwarf(dwarf::Table),
}

/// The names of the section with Go's table.
const GO_TABLES: [&str; 3] = [".gopclntab", ".data.rel.ro.gopclntab", "__gopclntab"];

impl<'a> Lines<'a> {
    /// Reads the table of a file. `text` is the address where Go's code begins, `number` says the numbers of sections.
    pub(crate) fn read(
        object: &read::File<'a>,
        text: u64,
        number: &dyn Fn(usize) -> Option<usize>,
    ) -> Lines<'a> {
        let mut sections = GO_TABLES
            .iter()
            .filter_map(|name| object.section_by_name(name));
        let go = sections.find_map(|section| pclntab::Table::read(section.data().ok()?, text));
        if let Some(table) = go {
            return Lines::Go(table);
        }
        match dwarf::Table::read(object, number) {
            Some(table) => Lines::Dwarf(table),
            None => Lines::None,
        }
    }

    /// Reports whether there is a table.
    pub(crate) fn is_some(&self) -> bool {
        !matches!(self, Lines::None)
    }

    /// Returns the positions of instructions in `size` bytes, in the order of addresses.
    pub(crate) fn rows(&self, start: Place, size: u64) -> Vec<Row<'_>> {
        match self {
            Lines::None => Vec::new(),
            Lines::Go(table) => table.rows(&(start.offset..start.offset.saturating_add(size))),
            Lines::Dwarf(table) => table.rows(start, size),
        }
    }

    /// Returns the names and the addresses of the functions that Go's table has.
    pub(crate) fn functions(&self) -> Vec<(String, Range<u64>)> {
        match self {
            Lines::Go(table) => table.functions(),
            _ => Vec::new(),
        }
    }
}
