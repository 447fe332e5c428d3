//! The table of functions that tracebacks read, in the format of Go 1.15, which Go's tools can read.
//!
//! ```text
//!   header                     fb ff ff ff 00 00 01 08
//!   number of functions        8
//!   entry, offset of record    8, 8 for each function, in the order of the program
//!   end of the last function   8
//!   offset of the file table   4
//!   records, names and tables of functions
//!   file table                 4: length of the table; 4 for each file: offset of its name
//!   names of files
//! ```
//!
//! Offsets are from the start of the table. Source: gc link/internal/ld/pcln.go; runtime/runtime2.go, _func.

use std::collections::BTreeMap;

use cranelift_entity::SecondaryMap;
use minigo_obj::pcln::{InlinedNode, values, write_varint};
use minigo_obj::{Attrs, LSym, Pcln, Reloc, RelocKind, Sym, SymKind};

use crate::program::Program;

/// The symbol of the table.
const NAME: &str = "runtime.pclntab";
const HEADER: [u8; 8] = [0xfb, 0xff, 0xff, 0xff, 0, 0, 1, 8];
const HEADER_SIZE: usize = 16;
/// Indices of the table of inlined calls among the PCDATA tables, and of their tree among FUNCDATA (gc: objabi/funcdata.go).
const PCDATA_INL_TREE_INDEX: usize = 2;
const FUNCDATA_INL_TREE: usize = 4;

/// Returns the table of the functions among symbols of a program, which are in their order in memory; none if no symbol
/// refers to the table.
pub(crate) fn pclntab(program: &Program, symbols: &[&LSym]) -> Option<LSym> {
    let sym = program.syms.get(NAME)?;
    let functions = || {
        symbols
            .iter()
            .filter(|s| s.kind == SymKind::STEXT)
            .filter_map(|s| Some((*s, s.sym?)))
    };
    let n_functions = functions().count();
    let mut writer = Writer {
        program,
        sym,
        table: LSym::new(sym, SymKind::SRODATA, Attrs::LOCAL),
        names: SecondaryMap::new(),
        files: BTreeMap::new(),
        file_names: Vec::new(),
    };
    writer.table.write(&HEADER);
    writer.table.write(&(n_functions as u64).to_le_bytes());
    writer.table.write(&vec![0; n_functions * 16 + 8 + 4]);
    let mut end = None;
    for (index, (function, sym)) in functions().enumerate() {
        let record = writer.function(function, sym);
        let at = HEADER_SIZE + index * 16;
        writer.put_addr(at, sym, 0);
        writer.put(at + 8, &(record as u64).to_le_bytes());
        end = Some((sym, function.data.len() as i64));
    }
    let at = HEADER_SIZE + n_functions * 16;
    if let Some((sym, size)) = end {
        writer.put_addr(at, sym, size);
    }
    let file_table = writer.file_table();
    writer.put(at + 8, &file_table.to_le_bytes());
    Some(writer.table)
}

struct Writer<'a> {
    program: &'a Program<'a>,
    sym: Sym,
    table: LSym,
    /// Offsets of the names of functions; 0 for names that aren't written.
    names: SecondaryMap<Sym, u32>,
    /// Numbers of files from 1, by their names in listings.
    files: BTreeMap<&'a str, u32>,
    /// Names of files by number, from 1.
    file_names: Vec<&'a str>,
}

impl<'a> Writer<'a> {
    /// Overwrites bytes.
    fn put(&mut self, at: usize, bytes: &[u8]) {
        self.table.data[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// Overwrites bytes with an address.
    fn put_addr(&mut self, at: usize, sym: Sym, add: i64) {
        self.table.relocs.push(Reloc {
            off: at as u32,
            siz: 8,
            kind: RelocKind::ADDR,
            sym: Some(sym),
            add,
        });
    }

    fn align(&mut self, to: usize) {
        let len = self.table.data.len();
        self.table.write(&vec![0; len.next_multiple_of(to) - len]);
    }

    /// Appends bytes and returns their offset.
    fn append(&mut self, bytes: &[u8]) -> u32 {
        let at = self.table.data.len() as u32;
        self.table.write(bytes);
        at
    }

    /// Appends a table of values and returns its offset; 0 if there is none.
    fn pc_values(&mut self, table: &[u8]) -> u32 {
        if table.is_empty() {
            return 0;
        }
        self.append(table)
    }

    /// Returns the offset of the name of a function, which ends with a zero byte.
    fn name(&mut self, sym: Sym) -> u32 {
        if self.names[sym] == 0 {
            let name = self.program.name(sym);
            self.names[sym] = self.append(name.as_bytes());
            self.table.write(&[0]);
        }
        self.names[sym]
    }

    fn file(&mut self, name: &'a str) -> u32 {
        let next = self.files.len() as u32 + 1;
        *self.files.entry(name).or_insert_with(|| {
            self.file_names.push(name);
            next
        })
    }

    /// Appends the record of a function after its tables, and returns the record's offset.
    fn function(&mut self, function: &'a LSym, sym: Sym) -> u32 {
        let none = Pcln::default();
        let pcln = function.pcln.as_deref().unwrap_or(&none);
        let files = function.pcln.iter().flat_map(|pcln| &pcln.files);
        let numbers: Vec<u32> = files.map(|name| self.file(name)).collect();
        let name = self.name(sym);
        let tables = [
            self.pc_values(&pcln.sp),
            self.append(&renumbered(&pcln.file, &numbers)),
            self.pc_values(&pcln.line),
        ];
        let inline = self.pc_values(&pcln.inline);
        let tree = self.inline_tree(&pcln.inline_tree, &numbers);
        self.align(8);
        let record = self.append(&[0; 8]);
        self.put_addr(record as usize, sym, 0);
        for word in [name, pcln.args_size as u32, 0].into_iter().chain(tables) {
            self.append(&word.to_le_bytes());
        }
        let Some(tree) = tree else {
            self.table.write(&[0; 8]);
            return record;
        };
        let n_pcdata = PCDATA_INL_TREE_INDEX + 1;
        self.table.write(&(n_pcdata as u32).to_le_bytes());
        self.table.write(&[0, 0, 0, FUNCDATA_INL_TREE as u8 + 1]);
        self.table.write(&[0; 4 * PCDATA_INL_TREE_INDEX]);
        self.append(&inline.to_le_bytes());
        self.align(8);
        self.table.write(&[0; 8 * FUNCDATA_INL_TREE]);
        let at = self.append(&[0; 8]);
        self.put_addr(at as usize, self.sym, i64::from(tree));
        record
    }

    /// Appends the inlined calls of a function, whose files have these numbers, and returns their offset (gc: inlinedCall).
    fn inline_tree(&mut self, tree: &[InlinedNode], files: &[u32]) -> Option<u32> {
        let names: Vec<u32> = tree.iter().map(|node| self.name(node.func)).collect();
        self.align(4);
        let start = self.table.data.len() as u32;
        for (node, name) in tree.iter().zip(names) {
            let parent = node.parent.map_or(-1, |parent| parent as i16);
            self.table.write(&parent.to_le_bytes());
            self.table.write(&[0; 2]);
            let file = files[node.file as usize];
            for word in [file, node.line, name, node.parent_pc] {
                self.append(&word.to_le_bytes());
            }
        }
        (!tree.is_empty()).then_some(start)
    }

    /// Appends the names of files and their table, and returns the table's offset.
    fn file_table(&mut self) -> u32 {
        let names = std::mem::take(&mut self.file_names);
        let mut table = (names.len() as u32 + 1).to_le_bytes().to_vec();
        for name in names {
            let name = self.program.paths.full(name);
            let at = self.append(name.as_bytes());
            self.table.write(&[0]);
            table.extend(at.to_le_bytes());
        }
        self.align(8);
        self.append(&table)
    }
}

/// Returns a table of a function's files with their numbers in the program.
fn renumbered(table: &[u8], numbers: &[u32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(table.len() + 4);
    let mut last = -1i32;
    for (index, length) in values(table) {
        let number = numbers
            .get(index as usize)
            .map_or(-1, |&number| number as i32);
        let change = number - last;
        last = number;
        write_varint(&mut bytes, (change << 1 ^ change >> 31) as u32);
        write_varint(&mut bytes, length);
    }
    bytes.push(0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_get_the_numbers_of_the_program() {
        // File 0 for 5 bytes, file 1 for 200, file 0 for 3.
        let table = [2, 5, 2, 0xc8, 1, 1, 3, 0];
        let expected = [8, 5, 4, 0xc8, 1, 3, 3, 0];
        assert_eq!(renumbered(&table, &[3, 5]), expected);
        assert_eq!(renumbered(&[], &[]), [0]);
    }
}
