//! The runtime of every executable: Plan 9 assembly in `runtime/`, which the build script assembles. Files in its folders are
//! those of one generation of Go; the others are the same for all but for the macros of `generation.h`.
//!
//! It has entry and exit, the growing stack, print, the panics of compiled code, the processor's signals, and the traceback
//! that panics and signals end with. Its functions are NOSPLIT, take arguments as compiled code passes them, and may
//! change every register that compiled code doesn't expect to keep: all but SP and BP, in Go 1.27 R14 and X15, too.

use cranelift_entity::SecondaryMap;
use minigo_base::internal;
use minigo_obj::{LSym, Sym, SymData, SymTable};

use crate::link::ENTRY;
use crate::part::START;
use crate::profile::Profile;

/// Functions with a second name, for other linkers or because Plan 9 syntax can't spell it.
const ALIASES: &[(&str, &str)] = &[
    (ENTRY, START),
    ("os.write", "os.(*File).Write"),
    ("os.close", "os.(*file).close"),
];

/// The settings of a program's runtime.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// The size of the first stack in bytes.
    pub stack0: u64,
    /// The file descriptor to which each growth of the stack is reported; none if growths are not reported.
    pub growth: Option<u32>,
}

/// The variables with settings: the size of the first stack, and the descriptor for growths.
const STACK0: &str = "runtime.stack0";
const GROWTH: &str = "runtime.growth";

/// The runtime's part of a program.
#[derive(Debug)]
pub struct Runtime {
    /// The assembled symbols, and those added to them.
    pub symbols: Vec<LSym>,
    /// For symbols that the profile's object holds unchanged, their numbers when it was made.
    numbers: SecondaryMap<Sym, Option<u32>>,
}

impl Runtime {
    /// Returns the runtime of programs with some settings, and adds its names to `syms`.
    pub fn new(profile: &Profile, syms: &mut SymTable, settings: Settings) -> Runtime {
        let (names, mut symbols): (Vec<SymData>, Vec<LSym>) =
            postcard::from_bytes(profile.runtime.symbols)
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
        let stack0 = (STACK0, Some(settings.stack0));
        let growth = (GROWTH, settings.growth.map(u64::from));
        for (name, value) in [stack0, growth] {
            let (Some(sym), Some(value)) = (syms.get(name), value) else {
                continue;
            };
            for symbol in symbols.iter_mut().filter(|symbol| symbol.sym == Some(sym)) {
                symbol.data = value.to_le_bytes().to_vec();
            }
            numbers[sym] = None;
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

    /// Returns the number in the profile's object of one of the runtime's symbols.
    pub(crate) fn number(&self, symbol: &LSym) -> Option<u32> {
        self.numbers[symbol.sym?]
    }
}
