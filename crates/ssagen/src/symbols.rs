//! The symbols that the functions of a package refer to, made before the first function is built.
//!
//! Building functions needs no more than to read them, so functions can be built in parallel.

use std::sync::Arc;

use cranelift_entity::SecondaryMap;
use minigo_base::{PosBase, PosTable};
use minigo_obj::{InlinedCall, Sym, SymTable};
use minigo_ssa::{Type, TypeNames};
use minigo_types::constant::quote;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::ir::{self, Defined, FuncId, Global, Package, Runtime};

/// The symbols of a package.
#[derive(Clone, Debug)]
pub struct Symbols {
    funcs: SecondaryMap<FuncId, Sym>,
    globals: SecondaryMap<Global, Sym>,
    runtime: [Sym; Runtime::ALL.len()],
    strings: FxHashMap<Box<[u8]>, Sym>,
    /// Index of each defined type in `type_names`.
    defined: SecondaryMap<Defined, u16>,
    type_names: Arc<TypeNames>,
    /// The inlined call that a position base stands for.
    inlined_calls: Arc<SecondaryMap<PosBase, Option<u32>>>,
    inline_tree: Vec<InlinedCall>,
}

impl Symbols {
    /// Enters everything that the functions of `package` may refer to into `table`. `positions` are those
    /// of the package.
    pub fn new(package: &Package, positions: &PosTable, table: &mut SymTable) -> Symbols {
        let mut symbols = Symbols {
            funcs: SecondaryMap::with_default(SymTable::MORESTACK_NOCTXT),
            globals: SecondaryMap::with_default(SymTable::MORESTACK_NOCTXT),
            runtime: Runtime::ALL.map(|fun| table.lookup(&format!("runtime.{}", fun.name()))),
            strings: FxHashMap::default(),
            defined: SecondaryMap::new(),
            type_names: Arc::default(),
            inlined_calls: Arc::default(),
            inline_tree: Vec::new(),
        };
        for (id, func) in &package.funcs {
            symbols.funcs[id] = table.lookup(&format!("\"\".{}", func.name));
            for text in func.strings.values() {
                if !symbols.strings.contains_key(text) {
                    let sym = table.lookup(&string_symbol(text));
                    symbols.strings.insert(text.clone(), sym);
                }
            }
        }
        for (id, global) in &package.globals {
            symbols.globals[id] = table.lookup(&format!("\"\".{}", global.name));
        }
        let mut names = TypeNames::default();
        for (defined, name) in &package.defined {
            symbols.defined[defined] = names.add(name, 0);
        }
        symbols.type_names = Arc::new(names);
        let mut inlined_calls = SecondaryMap::new();
        for (base, data) in positions.iter() {
            if data.inlined.is_some() {
                inlined_calls[base] = data.inlined;
            }
        }
        symbols.inlined_calls = Arc::new(inlined_calls);
        let inlined = package.inline_tree.iter().map(|call| InlinedCall {
            parent: call.parent,
            pos: call.pos,
            func: symbols.funcs[call.func],
        });
        symbols.inline_tree = inlined.collect();
        symbols
    }

    /// The symbol of a function of the package.
    pub fn func(&self, func: FuncId) -> Sym {
        self.funcs[func]
    }

    /// The symbol of a package variable.
    pub fn global(&self, global: Global) -> Sym {
        self.globals[global]
    }

    /// The symbol of a function of the runtime.
    pub fn runtime(&self, fun: Runtime) -> Sym {
        self.runtime[fun as usize]
    }

    /// The symbol that holds a constant string of the package.
    pub fn string(&self, text: &[u8]) -> Sym {
        self.strings[text]
    }

    /// The type of values of a type of the language.
    pub(crate) fn ty(&self, ty: ir::Type) -> Type {
        use ir::{Kind, TypeName};
        let basic = match ty.kind {
            Kind::Void => Type::VOID,
            Kind::Bool => Type::BOOL,
            Kind::Int8 => Type::INT8,
            Kind::Int16 => Type::INT16,
            Kind::Int32 => Type::INT32,
            Kind::Int64 => Type::INT64,
            Kind::Int => Type::INT,
            Kind::Uint8 => Type::UINT8,
            Kind::Uint16 => Type::UINT16,
            Kind::Uint32 => Type::UINT32,
            Kind::Uint64 => Type::UINT64,
            Kind::Uint => Type::UINT,
            Kind::Uintptr => Type::UINTPTR,
            Kind::String => Type::STRING,
        };
        match (ty.name, ty.kind) {
            (TypeName::Defined(defined), _) => basic.defined(self.defined[defined]),
            (TypeName::Alias, Kind::Uint8) => Type::BYTE,
            (TypeName::Alias, Kind::Int32) => Type::RUNE,
            (TypeName::Basic | TypeName::Alias, _) => basic,
        }
    }

    /// The inlined calls, as indices into the inline tree, of position bases.
    pub fn inlined_calls(&self) -> Arc<SecondaryMap<PosBase, Option<u32>>> {
        Arc::clone(&self.inlined_calls)
    }

    /// All inlined calls of the package.
    pub fn inline_tree(&self) -> &[InlinedCall] {
        &self.inline_tree
    }

    /// The defined types of the package.
    pub fn type_names(&self) -> Arc<TypeNames> {
        Arc::clone(&self.type_names)
    }
}

/// The name of the symbol that holds a constant string: its text, or for long strings their length and
/// hash (gc: obj.go, stringsym).
pub fn string_symbol(text: &[u8]) -> String {
    const LONGEST_TEXT: usize = 100;
    if text.len() <= LONGEST_TEXT {
        return format!("go.string.{}", quote(text));
    }
    let mut name = format!("go.string..gostring.{}.", text.len());
    for byte in Sha256::digest(text) {
        name.push_str(&format!("{byte:02x}"));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::string_symbol;

    #[test]
    fn strings_are_named_by_text_or_hash() {
        assert_eq!(string_symbol(b"a\"\n"), r#"go.string."a\"\n""#);
        assert_eq!(
            string_symbol(&[b'x'; 101]),
            "go.string..gostring.101.c675a2e604b0cd1229c036e3ce0c87422980a245e295bbc605a507a2299752db"
        );
    }
}
