//! What the functions of a package or file have in common while they are assembled.

use minigo_base::{Pos, PosTable};

use crate::amd64::Reg;
use crate::dialect::Dialect;
use crate::sym::{Sym, SymTable};

/// The surroundings of a function: read only, shared by functions that are assembled in parallel.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// All symbols that instructions name.
    pub syms: &'a SymTable,
    /// File names, for listings and errors.
    pub files: &'a PosTable,
    /// The inlined calls that positions name by index.
    pub inlined_calls: &'a [InlinedCall],
    /// The facts about the Go version whose code is made.
    pub dialect: &'static Dialect,
    /// Written by hand rather than compiled: jumps are not padded.
    pub hand_written: bool,
    /// Jumps to jumps are shortened. Off for `-N`.
    pub optimize: bool,
    /// What tracebacks tell is tabulated. Off where there is no runtime to tell it.
    pub tracebacks: bool,
    /// What the code is for.
    pub model: CodeModel,
}

/// One inlined call of a package.
#[derive(Clone, Copy, Debug)]
pub struct InlinedCall {
    /// The call that contains it, if that was inlined too.
    pub parent: Option<u32>,
    /// Position of the call.
    pub pos: Pos,
    /// The function that was expanded.
    pub func: Sym,
}

/// What code is for beyond executables of fixed addresses (gc: obj/link.go, Flag_shared, Flag_dynlink, Retpoline).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeModel {
    /// A shared library: the place of g is loaded from the global offset table.
    pub shared: bool,
    /// One that names symbols of others: these are found through that table. Goes with `shared`.
    pub dynlink: bool,
    /// Calls and jumps through registers go through functions of the runtime that don't speculate.
    pub retpoline: bool,
}

impl CodeModel {
    /// Makes the symbols known that such code may name.
    pub fn intern(self, syms: &mut SymTable) {
        if self.dynlink {
            syms.lookup("runtime.duffzero");
            syms.lookup("runtime.duffcopy");
        }
        if self.retpoline {
            for index in 1..Reg::FP.index() {
                syms.lookup(&retpoline(Reg::from_index(index)));
            }
        }
    }
}

/// The function of the runtime that goes where a register points.
pub(crate) fn retpoline(reg: Reg) -> String {
    format!("runtime.retpoline{reg}")
}

impl<'a> Unit<'a> {
    /// A compiled package without inlined calls, with optimisation.
    pub fn new(syms: &'a SymTable, files: &'a PosTable, dialect: &'static Dialect) -> Unit<'a> {
        Unit {
            syms,
            files,
            inlined_calls: &[],
            dialect,
            hand_written: false,
            optimize: true,
            tracebacks: true,
            model: CodeModel::default(),
        }
    }
}
