//! Facts that the functions of a package or file share while they are assembled.

use minigo_base::{Pos, PosTable};

use crate::amd64::Reg;
use crate::dialect::Dialect;
use crate::sym::{Sym, SymTable};

/// The surroundings of a function. Functions that are assembled in parallel share them.
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
    /// Functions get tables for tracebacks. Off where no runtime reads them.
    pub tracebacks: bool,
    /// Functions get the facts that debuggers need.
    pub debugging: bool,
    /// The kind of executable or library that the code becomes part of.
    pub model: CodeModel,
}

/// One inlined call of a package.
#[derive(Clone, Copy, Debug)]
pub struct InlinedCall {
    /// The call that contains this one, if that was inlined too.
    pub parent: Option<u32>,
    /// Position of the call.
    pub pos: Pos,
    /// The function that was expanded.
    pub func: Sym,
    /// Position of its declaration, if it is known.
    pub declared: Pos,
}

/// The kind of executable or library that code becomes part of. The default is an executable at a fixed address
/// (gc: obj/link.go, Flag_shared, Flag_dynlink, Retpoline).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CodeModel {
    /// A shared library: the offset of g is loaded from the global offset table.
    pub shared: bool,
    /// A shared library that refers to symbols of others through that table. Implies `shared`.
    pub dynlink: bool,
    /// Calls and jumps through registers go through functions of the runtime that don't speculate.
    pub retpoline: bool,
}

impl CodeModel {
    /// Adds the symbols that such code may refer to.
    pub fn intern(self, syms: &mut SymTable) {
        if self.dynlink {
            syms.lookup("runtime.duffzero");
            syms.lookup("runtime.duffcopy");
        }
        if self.retpoline {
            let real = (1..Reg::FP.index()).map(Reg::from_index);
            for reg in real.chain([Reg::FP, Reg::SB, Reg::PC]) {
                syms.lookup(&retpoline(reg));
            }
        }
    }
}

/// The name of the runtime's function that jumps to the address in a register. Go's assembler has numbers, but no names,
/// for pseudo-registers.
pub(crate) fn retpoline(reg: Reg) -> String {
    match reg {
        Reg::FP => "runtime.retpolineR???-1".to_owned(),
        Reg::SB => "runtime.retpolineR???-2".to_owned(),
        Reg::PC => "runtime.retpolineR???-4".to_owned(),
        _ => format!("runtime.retpoline{reg}"),
    }
}

impl<'a> Unit<'a> {
    /// Returns the unit of a compiled package without inlined calls, with optimisation.
    pub fn new(syms: &'a SymTable, files: &'a PosTable, dialect: &'static Dialect) -> Unit<'a> {
        Unit {
            syms,
            files,
            inlined_calls: &[],
            dialect,
            hand_written: false,
            optimize: true,
            tracebacks: true,
            debugging: false,
            model: CodeModel::default(),
        }
    }
}
