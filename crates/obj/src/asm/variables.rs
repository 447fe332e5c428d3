//! Variables that DATA and GLOBL define.

use rustc_hash::FxHashMap;

use crate::lsym::LSym;
use crate::sym::{Sym, SymTable};

/// The variables of the files so far. One file may declare a variable that another one fills.
#[derive(Default)]
pub struct Variables {
    pub(super) data: FxHashMap<Sym, Data>,
    /// In the order of their GLOBL.
    pub(super) declared: Vec<Sym>,
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
