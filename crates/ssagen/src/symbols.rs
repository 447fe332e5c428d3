//! The symbols that the functions of a package refer to, made before the first function is built.
//!
//! Building functions needs no more than to read them, so functions can be built in parallel.

use std::sync::Arc;

use cranelift_entity::{EntityRef, SecondaryMap};
use minigo_obj::{Sym, SymTable};
use minigo_ssa::TypeNames;
use rustc_hash::FxHashMap;

use crate::ir::{FuncId, Global, Package, Runtime};

/// The symbols of a package.
#[derive(Clone, Debug)]
pub struct Symbols {
    funcs: SecondaryMap<FuncId, Sym>,
    globals: SecondaryMap<Global, Sym>,
    runtime: [Sym; Runtime::ALL.len()],
    strings: FxHashMap<Box<str>, Sym>,
    type_names: Arc<TypeNames>,
}

impl Symbols {
    /// Enters everything that the functions of `package` may refer to into `table`. `string_name` gives
    /// the name of the symbol that holds a constant string.
    pub fn new(
        package: &Package,
        table: &mut SymTable,
        string_name: &dyn Fn(&str) -> String,
    ) -> Symbols {
        let mut symbols = Symbols {
            funcs: SecondaryMap::with_default(SymTable::MORESTACK_NOCTXT),
            globals: SecondaryMap::with_default(SymTable::MORESTACK_NOCTXT),
            runtime: Runtime::ALL.map(|fun| table.lookup(&format!("runtime.{}", fun.name()))),
            strings: FxHashMap::default(),
            type_names: Arc::default(),
        };
        for (id, func) in &package.funcs {
            symbols.funcs[id] = table.lookup(&format!("\"\".{}", func.name));
            for text in func.strings.values() {
                if !symbols.strings.contains_key(text) {
                    let sym = table.lookup(&string_name(text));
                    symbols.strings.insert(text.clone(), sym);
                }
            }
        }
        for (id, global) in &package.globals {
            symbols.globals[id] = table.lookup(&format!("\"\".{}", global.name));
        }
        let mut names = TypeNames::default();
        for (defined, name) in &package.defined {
            let named = names.add(name, 0);
            debug_assert_eq!(usize::from(named), defined.index() + 1);
        }
        symbols.type_names = Arc::new(names);
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
    pub fn string(&self, text: &str) -> Sym {
        self.strings[text]
    }

    /// The defined types of the package: index 1 is the first of [`Package::defined`].
    pub fn type_names(&self) -> Arc<TypeNames> {
        Arc::clone(&self.type_names)
    }
}
