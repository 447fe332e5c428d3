//! What the functions of a package or file have in common while they are assembled.

use minigo_base::{GoVersion, PosTable};

use crate::lsym::SymTable;
use crate::pcln::InlinedCall;

/// The surroundings of a function: read only, shared by functions that are assembled in parallel.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// All symbols that instructions name.
    pub syms: &'a SymTable,
    /// File names, for listings and errors.
    pub files: &'a PosTable,
    /// The inlined calls that positions name by index.
    pub inlined_calls: &'a [InlinedCall],
    /// Whose listing is printed.
    pub version: GoVersion,
    /// Written by hand rather than compiled: jumps are not padded.
    pub hand_written: bool,
    /// Jumps to jumps are shortened. Off for `-N`.
    pub optimize: bool,
    /// What tracebacks tell is tabulated. Off where there is no runtime to tell it.
    pub tracebacks: bool,
}

impl<'a> Unit<'a> {
    /// A compiled package without inlined calls, with optimisation.
    pub fn new(syms: &'a SymTable, files: &'a PosTable, version: GoVersion) -> Unit<'a> {
        Unit {
            syms,
            files,
            inlined_calls: &[],
            version,
            hand_written: false,
            optimize: true,
            tracebacks: true,
        }
    }
}
