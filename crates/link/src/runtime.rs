//! The runtime of every executable: Plan 9 assembly in `runtime/`, which the build script assembles.
//!
//! It has entry and exit, the growing stack, print, the panics of compiled code, the processor's signals, and the traceback
//! that panics and signals end with. Its functions are NOSPLIT, take arguments on the stack as compiled code does, and
//! may change every register but SP and BP.

use cranelift_entity::SecondaryMap;
use minigo_base::internal;
use minigo_obj::{LSym, Sym, SymData, SymTable};

/// The assembled runtime: the names of its symbols, and the symbols.
const ASSEMBLED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.bin"));

/// Functions with a second name that Plan 9 syntax can't spell.
const ALIASES: &[(&str, &str)] = &[
    ("os.write", "os.(*File).Write"),
    ("os.close", "os.(*file).close"),
];

/// An object of the runtime's symbols without relocations.
pub(crate) const PREBUILT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.o"));

/// The variable with the size of a program's first stack.
const STACK0: &str = "runtime.stack0";

/// The runtime's part of a program.
#[derive(Debug)]
pub struct Runtime {
    /// The assembled symbols, and those added to them.
    pub symbols: Vec<LSym>,
    /// For symbols that [`PREBUILT`] holds unchanged, their numbers when it was made.
    numbers: SecondaryMap<Sym, Option<u32>>,
}

impl Runtime {
    /// Returns the runtime of programs that start with a stack of `stack0` bytes, and adds its names to `syms`.
    pub fn new(syms: &mut SymTable, stack0: u64) -> Runtime {
        let (names, mut symbols): (Vec<SymData>, Vec<LSym>) = postcard::from_bytes(ASSEMBLED)
            .unwrap_or_else(|err| internal!("the assembled runtime: {err}"));
        let names = syms.import(&names);
        let mut numbers = SecondaryMap::with_capacity(syms.len());
        for symbol in &mut symbols {
            let number = symbol.sym.map(Sym::as_u32);
            symbol.rename(&names);
            if let Some(sym) = symbol.sym {
                numbers[sym] = number;
            }
        }
        let size = syms.get(STACK0);
        for symbol in symbols.iter_mut().filter(|symbol| symbol.sym == size) {
            symbol.data = stack0.to_le_bytes().to_vec();
        }
        if let Some(size) = size {
            numbers[size] = None;
        }
        for (name, alias) in ALIASES {
            let sym = syms.get(name);
            let function = symbols.iter().find(|symbol| symbol.sym == sym);
            let mut function = function.expect("the sources define it").clone();
            function.sym = Some(syms.lookup(alias));
            symbols.push(function);
        }
        Runtime { symbols, numbers }
    }

    /// Returns the number in [`PREBUILT`] of one of the runtime's symbols.
    pub(crate) fn number(&self, symbol: &LSym) -> Option<u32> {
        self.numbers[symbol.sym?]
    }
}
