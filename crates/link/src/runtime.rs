//! The runtime: Plan 9 assembly in `runtime/`, part of every executable. `build.rs` has assembled it.
//!
//! Entry and exit, the stack that grows, print, the panics that compiled code can raise, the signals that the
//! processor can, and the traceback that all of these end with. All of it leaves every register but SP and
//! BP to its callers, takes the arguments of compiled code on the stack, and is NOSPLIT.

use cranelift_entity::SecondaryMap;
use minigo_base::internal;
use minigo_obj::{LSym, Sym, SymData, SymTable};

/// The names of its symbols and the symbols.
const ASSEMBLED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.bin"));

/// Functions that have another name, too, which assembly cannot express.
const ALIASES: &[(&str, &str)] = &[
    ("os.write", "os.(*File).Write"),
    ("os.close", "os.(*file).close"),
];

/// An object of them without relocations, which has been made for what is written most often: objects of programs.
pub(crate) const PREBUILT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.o"));

/// The variable that says with how large a stack programs start.
const STACK0: &str = "runtime.stack0";

/// The runtime as a part of a program.
#[derive(Debug)]
pub struct Runtime {
    /// All symbols, with those that were added to the assembled ones.
    pub symbols: Vec<LSym>,
    /// For those that [`PREBUILT`] has as they are, the numbers that they had when it was made.
    numbers: SecondaryMap<Sym, Option<u32>>,
}

impl Runtime {
    /// The runtime of programs that start with a stack of `stack0` bytes. The names of its symbols are added to `syms`.
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

    /// The number in [`PREBUILT`] of one of the runtime's symbols.
    pub(crate) fn number(&self, symbol: &LSym) -> Option<u32> {
        self.numbers[symbol.sym?]
    }
}
