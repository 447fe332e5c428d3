//! The runtime: Plan 9 assembly in `runtime/`, part of every executable. `build.rs` has assembled it.
//!
//! Entry and exit, the stack that grows, print, the panics that compiled code can raise, the signals that the
//! processor can, and the traceback that all of these end with. All of it leaves every register but SP and
//! BP to its callers, takes the arguments of compiled code on the stack, and is NOSPLIT.

use minigo_base::internal;
use minigo_obj::{LSym, SymData, SymTable};

/// The names of its symbols and the symbols.
const ASSEMBLED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runtime.bin"));

/// Functions that have another name, too, which assembly cannot express.
const ALIASES: &[(&str, &str)] = &[
    ("os.write", "os.(*File).Write"),
    ("os.close", "os.(*file).close"),
];

/// The symbols of the runtime, whose names are added to `syms`. Programs start with a stack of `stack0` bytes.
pub fn symbols(syms: &mut SymTable, stack0: u64) -> Vec<LSym> {
    let (names, mut symbols): (Vec<SymData>, Vec<LSym>) = postcard::from_bytes(ASSEMBLED)
        .unwrap_or_else(|err| internal!("the assembled runtime: {err}"));
    let names = syms.import(&names);
    for symbol in &mut symbols {
        symbol.rename(&names);
    }
    for (name, alias) in ALIASES {
        let sym = syms.get(name);
        let function = symbols.iter().find(|symbol| symbol.sym == sym);
        let mut function = function.expect("the sources define it").clone();
        function.sym = Some(syms.lookup(alias));
        symbols.push(function);
    }
    let size = syms.get("runtime.stack0");
    for symbol in symbols
        .iter_mut()
        .filter(|symbol| symbol.sym.is_some() && symbol.sym == size)
    {
        symbol.data = stack0.to_le_bytes().to_vec();
    }
    symbols
}
