//! Variables while DATA and GLOBL fill them.

use rustc_hash::FxHashMap;

use crate::lsym::LSym;
use crate::sym::{Sym, SymTable};

/// Variables of the files so far: one file may declare what others fill.
#[derive(Default)]
pub struct Variables {
    pub(super) data: FxHashMap<Sym, Data>,
    /// In the order of their GLOBL.
    pub(super) declared: Vec<Sym>,
}

/// A variable while DATA fills it.
#[derive(Default)]
pub(super) struct Data {
    pub symbol: LSym,
    /// End of the last DATA in this file; the next one must not begin before it.
    pub end: i64,
    /// The size that GLOBL gives.
    pub declared: Option<i64>,
}

impl Variables {
    /// At the beginning of a file.
    pub(super) fn start_file(&mut self) {
        self.data.values_mut().for_each(|data| data.end = 0);
    }

    /// Whether a variable was declared.
    pub(super) fn has(&self, sym: Sym) -> bool {
        let data = self.data.get(&sym);
        data.is_some_and(|data| data.declared.is_some())
    }

    /// The variables that were declared, whose symbols become what they are.
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
