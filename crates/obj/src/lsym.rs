//! Defined symbols: attributes, bytes and relocations.

use cranelift_entity::EntityRef;
use serde::{Deserialize, Serialize};

use crate::debug::Debug;
use crate::func_text::{FuncText, JumpTable};
use crate::pcln::Pcln;
use crate::reloc::{Reloc, RelocKind};
use crate::sym::{Attrs, Sym, SymKind};

/// A defined symbol: header, bytes and relocations, for a function also its instructions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct LSym {
    /// The symbol; none in a default value only.
    pub sym: Option<Sym>,
    /// The kind of the memory.
    pub kind: SymKind,
    /// For a function, includes NOSPLIT if the preprocessor inferred it.
    pub attrs: Attrs,
    /// Size in memory, in bytes; larger than `data` where the rest is zero.
    pub size: i64,
    /// The alignment that the compiler asks for, in bytes; 0 leaves it to the linker. Not stored.
    #[serde(skip)]
    pub align: u32,
    /// Bytes; relocated fields are zero.
    #[serde(with = "serde_bytes")]
    pub data: Vec<u8>,
    /// In any order; listings sort them by offset.
    pub relocs: Vec<Reloc>,
    /// For a function, its instructions after the preprocessor, with args and frame sizes. Not stored.
    #[serde(skip)]
    pub text: Option<Box<FuncText>>,
    /// For a hand-written function, the tables that its FUNCDATA name, which must be defined at link time.
    pub funcdata: Vec<Sym>,
    /// For a function, its pc tables for tracebacks.
    pub pcln: Option<Box<Pcln>>,
    /// For a function, the facts for debuggers, if they were asked for. Not stored.
    #[serde(skip)]
    pub debug: Option<Box<Debug>>,
}

impl LSym {
    /// Returns an empty data symbol.
    pub fn new(sym: Sym, kind: SymKind, attrs: Attrs) -> LSym {
        LSym {
            sym: Some(sym),
            kind,
            attrs,
            ..LSym::default()
        }
    }

    /// Replaces symbol number `n` of the table that the symbol was made with by `names[n]`.
    pub fn rename(&mut self, names: &[Sym]) {
        let new = |sym: &mut Sym| *sym = names[sym.index()];
        self.sym.iter_mut().for_each(new);
        let relocs = self.relocs.iter_mut();
        relocs.filter_map(|reloc| reloc.sym.as_mut()).for_each(new);
        self.funcdata.iter_mut().for_each(new);
        let inlined = self.pcln.iter_mut().flat_map(|pcln| &mut pcln.inline_tree);
        inlined.map(|node| &mut node.func).for_each(new);
        let tables = self.pcln.iter_mut();
        let tables = tables.flat_map(|pcln| [&mut pcln.arg_info, &mut pcln.arg_live]);
        tables.flatten().for_each(new);
    }

    /// Appends bytes, and increases the size by their number.
    pub fn write(&mut self, bytes: &[u8]) {
        self.data.extend_from_slice(bytes);
        self.size += bytes.len() as i64;
    }

    /// Returns the symbols of an assembled function's jump tables.
    pub fn jump_tables(&self) -> Vec<LSym> {
        let Some(f) = &self.text else {
            return Vec::new();
        };
        let table = |table: &JumpTable| {
            let mut symbol = LSym::new(table.sym, SymKind::SRODATA, Attrs::STATIC);
            for &target in &table.targets {
                symbol.write_addr(f.sym, i64::from(f[target].pc));
            }
            symbol
        };
        f.jump_tables.iter().map(table).collect()
    }

    /// Appends an eight-byte address of `sym + add`.
    pub fn write_addr(&mut self, sym: Sym, add: i64) {
        self.relocs.push(Reloc {
            off: self.data.len() as u32,
            siz: 8,
            kind: RelocKind::ADDR,
            sym: Some(sym),
            add,
        });
        self.write(&[0; 8]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sym::{SymData, SymTable};

    #[test]
    fn symbols_of_another_table_are_renamed() {
        let mut theirs = SymTable::new();
        let f = theirs.lookup("f");
        let local = theirs.lookup_static("f");
        let mut symbol = LSym::new(f, SymKind::SDATA, Attrs::NONE);
        symbol.write_addr(local, 0);

        let mut ours = SymTable::new();
        ours.lookup("g");
        let our_local = ours.lookup_static("f");
        let their_data: Vec<SymData> = theirs.iter().map(|(_, data)| data.clone()).collect();
        let names = ours.import(&their_data);
        symbol.rename(&names);
        assert_eq!(symbol.sym, ours.get("f"));
        let target = symbol.relocs[0].sym.expect("an address has a symbol");
        assert_eq!(ours.name(target), "f");
        assert!(ours[target].attrs.has(Attrs::STATIC));
        assert_ne!(target, our_local);
    }
}
