//! The symbols that files define: variables, by DATA and GLOBL, and stack maps.

use minigo_base::Pos;
use rustc_hash::FxHashMap;

use crate::lsym::LSym;
use crate::sym::{Attrs, Sym, SymKind, SymTable};

/// The variables of the files so far. One file may declare a variable that another one fills.
#[derive(Default)]
pub struct Variables {
    pub(super) data: FxHashMap<Sym, Data>,
    /// In the order of their GLOBL.
    pub(super) declared: Vec<Sym>,
    /// The positions of functions' TEXT, where declaring one twice is reported with both.
    pub(super) functions: FxHashMap<Sym, Pos>,
    /// A stack map that the assembler makes at the end of the file.
    map: Option<LSym>,
}

/// A variable that DATA fills.
#[derive(Default)]
pub(super) struct Data {
    pub symbol: LSym,
    /// The end of the last DATA in this file. The next one must not begin before it.
    pub end: i64,
    /// The size that GLOBL states; none if there is no GLOBL yet.
    pub declared: Option<i64>,
}

impl Variables {
    /// Begins a file.
    pub(super) fn start_file(&mut self) {
        self.data.values_mut().for_each(|data| data.end = 0);
    }

    /// Adds a stack map that functions of this file need, after its variables.
    pub(super) fn add_map(&mut self, sym: Sym, content: &[u8]) {
        let mut map = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
        map.write(content);
        map.align = 4;
        self.map = Some(map);
    }

    /// Ends a file.
    pub(super) fn end_file(&mut self) {
        let Some(map) = self.map.take() else {
            return;
        };
        let Some(sym) = map.sym.filter(|sym| !self.data.contains_key(sym)) else {
            return;
        };
        let map = Data {
            declared: Some(map.size),
            symbol: map,
            ..Data::default()
        };
        self.data.insert(sym, map);
        self.declared.push(sym);
    }

    /// Reports whether a variable was declared.
    pub(super) fn has(&self, sym: Sym) -> bool {
        let data = self.data.get(&sym);
        data.is_some_and(|data| data.declared.is_some())
    }

    /// Returns the declared variables. Sets kind and attributes of their symbols.
    pub fn collect(mut self, syms: &mut SymTable) -> Vec<LSym> {
        let mut declared = Vec::new();
        for sym in self.declared {
            if let Some(data) = self.data.remove(&sym) {
                syms[sym].kind = data.symbol.kind;
                syms[sym].attrs = data.symbol.attrs;
                declared.push(data.symbol);
            }
        }
        declared
    }
}
