//! The runtime: Plan 9 assembly, assembled into every executable.
//!
//! Entry and exit, the stack that grows, print, the panics that compiled code can raise, the signals that the
//! processor can, and the traceback that all of these end with. All of it leaves every register but SP and
//! BP to its callers, takes the arguments of compiled code on the stack, and is NOSPLIT.

use minigo_base::{GoVersion, PosTable};
use minigo_obj::{LSym, SymTable, Unit, amd64, asm};

/// The sources: file name and text.
pub const SOURCES: &[(&str, &str)] = &[
    ("<runtime>/rt0.s", include_str!("runtime/rt0.s")),
    ("<runtime>/stack.s", include_str!("runtime/stack.s")),
    ("<runtime>/print.s", include_str!("runtime/print.s")),
    ("<runtime>/panic.s", include_str!("runtime/panic.s")),
    ("<runtime>/signal.s", include_str!("runtime/signal.s")),
    ("<runtime>/traceback.s", include_str!("runtime/traceback.s")),
    ("<runtime>/fmt.s", include_str!("runtime/fmt.s")),
    ("<runtime>/alg.s", include_str!("runtime/alg.s")),
];

/// What the sources include.
const HEADER: (&str, &str) = ("runtime.h", include_str!("runtime/runtime.h"));

/// Functions that have another name, too, which assembly cannot express.
const ALIASES: &[(&str, &str)] = &[
    ("os.write", "os.(*File).Write"),
    ("os.close", "os.(*file).close"),
];

/// Assembles the runtime, whose symbols are added to `syms`. Programs start with a stack of `stack0` bytes.
///
/// # Errors
///
/// What the assembler says; only a mistake in the sources above can make it say anything.
pub fn assemble(syms: &mut SymTable, stack0: u64) -> Result<Vec<LSym>, Vec<String>> {
    let mut positions = PosTable::default();
    let mut symbols = Vec::new();
    let mut texts = Vec::new();
    let include = |name: &str| match HEADER {
        (header, text) if header == name => Ok(text.to_owned()),
        _ => Err(format!("{name}: no such file")),
    };
    for (name, source) in SOURCES {
        let file = asm::read(name, source, &[], &include, syms, &mut positions)
            .map_err(|err| vec![err])?;
        symbols.extend(file.data);
        texts.extend(file.texts);
    }
    let unit = Unit {
        hand_written: true,
        ..Unit::new(syms, &positions, GoVersion::default())
    };
    for text in texts {
        symbols.push(amd64::assemble(text, &unit)?);
    }
    for (name, alias) in ALIASES {
        let sym = syms.get(name);
        let function = symbols.iter().find(|symbol| symbol.sym == sym);
        let mut function = function.expect("the sources above define it").clone();
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
    Ok(symbols)
}
