//! The table of Go 1.20 and later, and the index of functions by address.
//!
//! ```text
//!   header           f1 ff ff ff 00 00 01 08; 8 each: number of functions, of files, 0, offsets of the next five
//!   names            of functions, each with a zero byte at the end
//!   units            4 for each file: offset of its name among the next
//!   files            names with a zero byte at the end
//!   tables           pc tables, which have offsets from 1 on, 0 being none, and other tables
//!   functions        4, 4 for each: entry, offset of the record; 4: end of the last; then the records
//! ```
//!
//! Entries count from the first function. Records are followed by the offsets of the function's pc tables, then by those of
//! its other tables, in Go from another place. All files are in one unit. The runtime finds functions by an index of its own,
//! because entries aren't known in objects. Source: gc link/internal/ld/pcln.go; runtime/symtab.go.

use std::collections::BTreeMap;

use cranelift_entity::SecondaryMap;
use minigo_obj::pcln::InlinedNode;
use minigo_obj::{Attrs, LSym, Pcln, Reloc, RelocKind, Sym, SymKind};

use super::{NAME, functions, renumbered};
use crate::program::Program;

/// The symbol of the index: the number of functions; 8, 8 for each: its address, the offset of its record in the
/// table; 8: the end of the last.
const INDEX: &str = "runtime.findfunctab";

const HEADER: [u8; 8] = [0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8];
/// Size of the header: eight words.
const HEADER_SIZE: usize = 8 + 8 * 8;
/// The offset of a table that a function doesn't have.
const NO_TABLE: u32 = u32::MAX;

/// Indices of pc tables and of other tables (gc: internal/abi/symtab.go).
const PCDATA_INL_TREE_INDEX: usize = 2;
const PCDATA_ARG_LIVE_INDEX: usize = 3;
const FUNCDATA_INL_TREE: usize = 3;
const FUNCDATA_ARG_INFO: usize = 5;
const FUNCDATA_ARG_LIVE_INFO: usize = 6;

/// Functions with a role for tracebacks (gc: internal/objabi/funcid.go).
const ROLES: &[(&str, u8)] = &[
    ("runtime.goexit", 8),
    ("runtime.gopanic", 10),
    ("runtime.morestack", 13),
    ("runtime.main", 17),
    ("runtime.sigpanic", 20),
];
/// The role of generated functions that call another one.
const ROLE_WRAPPER: u8 = 23;

/// The outermost function of a stack.
const FLAG_TOP_FRAME: u8 = 1;

/// Returns the table and the index.
pub(crate) fn tables(program: &Program, symbols: &[&LSym], text: Option<u64>) -> Vec<LSym> {
    let (Some(table), Some(index)) = (program.syms.get(NAME), program.syms.get(INDEX)) else {
        return Vec::new();
    };
    let mut writer = Writer {
        program,
        contents: contents(program, symbols),
        names: Vec::new(),
        name_of: SecondaryMap::new(),
        files: BTreeMap::new(),
        file_names: Vec::new(),
        tables: vec![0],
        records: Vec::new(),
    };
    let entries: Vec<(&LSym, Sym, u32)> = functions(symbols)
        .map(|(function, sym)| (function, sym, writer.function(function, sym)))
        .collect();
    writer.join(&entries, table, index, text)
}

/// Returns the tables that the functions among `symbols` name.
fn contents<'a>(program: &Program<'a>, symbols: &[&LSym]) -> SecondaryMap<Sym, Option<&'a [u8]>> {
    let mut named: SecondaryMap<Sym, bool> = SecondaryMap::new();
    let pclns = symbols.iter().filter_map(|s| s.pcln.as_deref());
    for sym in pclns
        .flat_map(|pcln| [pcln.arg_info, pcln.arg_live])
        .flatten()
    {
        named[sym] = true;
    }
    let mut contents = SecondaryMap::new();
    for symbol in &program.symbols {
        if let Some(sym) = symbol.sym.filter(|&sym| named[sym]) {
            contents[sym] = Some(&*symbol.data);
        }
    }
    contents
}

struct Writer<'a> {
    program: &'a Program<'a>,
    /// The contents of tables that functions name.
    contents: SecondaryMap<Sym, Option<&'a [u8]>>,
    /// The names of functions, and the offset of each, plus one.
    names: Vec<u8>,
    name_of: SecondaryMap<Sym, u32>,
    /// Numbers of files from 0, by their names in listings.
    files: BTreeMap<&'a str, u32>,
    /// Names of files by number.
    file_names: Vec<&'a str>,
    /// The pc tables and the other tables.
    tables: Vec<u8>,
    records: Vec<u8>,
}

impl<'a> Writer<'a> {
    /// Returns the offset of the name of a function.
    fn name(&mut self, sym: Sym) -> u32 {
        if self.name_of[sym] == 0 {
            let at = self.names.len() as u32;
            self.names.extend(self.program.name(sym).as_bytes());
            self.names.push(0);
            self.name_of[sym] = at + 1;
        }
        self.name_of[sym] - 1
    }

    fn file(&mut self, name: &'a str) -> u32 {
        let next = self.files.len() as u32;
        *self.files.entry(name).or_insert_with(|| {
            self.file_names.push(name);
            next
        })
    }

    /// Appends a table and returns its offset.
    fn table(&mut self, content: &[u8]) -> u32 {
        let at = self.tables.len() as u32;
        self.tables.extend(content);
        at
    }

    /// Appends a pc table and returns its offset; 0 if there is none.
    fn pc_values(&mut self, table: &[u8]) -> u32 {
        match table {
            [] => 0,
            _ => self.table(table),
        }
    }

    /// Appends the record of a function, without its entry, and returns the record's offset among all.
    fn function(&mut self, function: &'a LSym, sym: Sym) -> u32 {
        let none = Pcln::default();
        let pcln = function.pcln.as_deref().unwrap_or(&none);
        let files = function.pcln.iter().flat_map(|pcln| &pcln.files);
        let numbers: Vec<u32> = files.map(|name| self.file(name)).collect();
        let name = self.name(sym);
        let pcsp = self.pc_values(&pcln.sp);
        let pcfile = self.pc_values(&renumbered(&pcln.file, &numbers));
        let pcline = self.pc_values(&pcln.line);
        let mut pc_tables = vec![0; PCDATA_ARG_LIVE_INDEX + 1];
        pc_tables[PCDATA_INL_TREE_INDEX] = self.pc_values(&pcln.inline);
        pc_tables[PCDATA_ARG_LIVE_INDEX] = self.pc_values(&pcln.live_args);
        let mut others = vec![NO_TABLE; FUNCDATA_ARG_LIVE_INFO + 1];
        let named = [
            (FUNCDATA_ARG_INFO, pcln.arg_info),
            (FUNCDATA_ARG_LIVE_INFO, pcln.arg_live),
        ];
        for (index, table) in named {
            if let Some(content) = table.and_then(|sym| self.contents[sym]) {
                others[index] = self.table(content);
            }
        }
        if !pcln.inline_tree.is_empty() {
            let tree = self.inline_tree(&pcln.inline_tree);
            others[FUNCDATA_INL_TREE] = self.table(&tree);
        }
        while pc_tables.last() == Some(&0) {
            pc_tables.pop();
        }
        while others.last() == Some(&NO_TABLE) {
            others.pop();
        }
        let at = self.records.len() as u32;
        let start = pcln.start_line;
        let args = pcln.args_size as u32;
        let head = [0, name, args, 0, pcsp, pcfile, pcline];
        let words = head.into_iter().chain([pc_tables.len() as u32, 0, start]);
        words.for_each(|word| self.records.extend(word.to_le_bytes()));
        let flags = match function.attrs.has(Attrs::TOPFRAME) {
            true => FLAG_TOP_FRAME,
            false => 0,
        };
        let role = self.role(function, sym);
        self.records.extend([role, flags, 0, others.len() as u8]);
        let tables = pc_tables.into_iter().chain(others);
        tables.for_each(|offset| self.records.extend(offset.to_le_bytes()));
        at
    }

    fn role(&self, function: &LSym, sym: Sym) -> u8 {
        if function.attrs.has(Attrs::WRAPPER) || function.attrs.has(Attrs::ABI_WRAPPER) {
            return ROLE_WRAPPER;
        }
        let name = self.program.syms.name(sym);
        let known = ROLES.iter().find(|(known, _)| *known == name);
        known.map_or(0, |&(_, role)| role)
    }

    /// Returns the inlined calls of a function (gc: runtime/symtabinl.go, inlinedCall).
    fn inline_tree(&mut self, tree: &[InlinedNode]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(tree.len() * 16);
        for node in tree {
            // The role is 0.
            for word in [0, self.name(node.func), node.parent_pc, node.start_line] {
                bytes.extend(word.to_le_bytes());
            }
        }
        bytes
    }

    /// Returns the table and the index of functions, each with its symbol and the offset of its record.
    fn join(
        mut self,
        functions: &[(&LSym, Sym, u32)],
        table: Sym,
        index: Sym,
        text: Option<u64>,
    ) -> Vec<LSym> {
        let names_of_files = std::mem::take(&mut self.file_names);
        let (mut units, mut files) = (Vec::new(), Vec::new());
        for name in &names_of_files {
            units.extend((files.len() as u32).to_le_bytes());
            files.extend(self.program.paths.full(name).as_bytes());
            files.push(0);
        }
        let mut bytes = HEADER.to_vec();
        bytes.resize(HEADER_SIZE, 0);
        let mut put = |word: usize, value: usize| {
            bytes[8 * word..8 * word + 8].copy_from_slice(&(value as u64).to_le_bytes());
        };
        put(1, functions.len());
        put(2, names_of_files.len());
        let mut at = HEADER_SIZE;
        let parts = [&self.names, &units, &files, &self.tables];
        for (number, part) in parts.into_iter().enumerate() {
            put(4 + number, at);
            at = (at + part.len()).next_multiple_of(8);
        }
        put(8, at);
        for part in parts {
            bytes.extend(part);
            bytes.resize(bytes.len().next_multiple_of(8), 0);
        }
        let start = bytes.len();
        // Records are behind the list of functions.
        let first = (functions.len() * 8 + 4).next_multiple_of(8);
        let mut symbol = LSym::new(table, SymKind::SRODATA, Attrs::LOCAL);
        let mut index = LSym::new(index, SymKind::SRODATA, Attrs::LOCAL);
        index.write(&(functions.len() as u64).to_le_bytes());
        let mut entry = |at: usize, sym: Sym, add: i64| {
            if let Some(text) = text {
                symbol.relocs.push(Reloc {
                    off: at as u32,
                    siz: 4,
                    kind: RelocKind::ADDR,
                    sym: Some(sym),
                    add: add - text as i64,
                });
            }
        };
        for &(_, sym, record) in functions {
            let record = first + record as usize;
            entry(bytes.len(), sym, 0);
            entry(start + record, sym, 0);
            bytes.extend([0; 4]);
            bytes.extend((record as u32).to_le_bytes());
            index.write_addr(sym, 0);
            index.write(&((start + record) as u64).to_le_bytes());
        }
        if let Some(&(function, sym, _)) = functions.last() {
            let size = function.data.len() as i64;
            entry(bytes.len(), sym, size);
            index.write_addr(sym, size);
        }
        bytes.resize(start + first, 0);
        bytes.extend(&self.records);
        symbol.write(&bytes);
        // Go's tools take the table to be at the end of read-only data.
        vec![index, symbol]
    }
}
