//! The table of Go 1.2 to 1.15.
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
use minigo_obj::pcln::InlinedNode;
use minigo_obj::{Attrs, LSym, Pcln, Reloc, RelocKind, Sym, SymKind};

use super::{NAME, functions, renumbered};
use crate::program::Program;

const HEADER: [u8; 8] = [0xfb, 0xff, 0xff, 0xff, 0, 0, 1, 8];
const HEADER_SIZE: usize = 16;
/// Indices of the table of inlined calls among the PCDATA tables, and of their tree among FUNCDATA (gc: objabi/funcdata.go).
const PCDATA_INL_TREE_INDEX: usize = 2;
const FUNCDATA_INL_TREE: usize = 4;

/// Returns the table of the functions among symbols of a program, which are in their order in memory; none if no symbol
/// refers to the table.
pub(crate) fn tables(program: &Program, symbols: &[&LSym], _text: Option<u64>) -> Vec<LSym> {
    let Some(sym) = program.syms.get(NAME) else {
        return Vec::new();
    };
    let n_functions = functions(symbols).count();
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
    for (index, (function, sym)) in functions(symbols).enumerate() {
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
    vec![writer.table]
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
