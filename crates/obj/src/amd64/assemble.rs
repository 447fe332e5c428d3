//! From a function's instructions to its symbol.

use super::{got_register, pass, preprocess, span};
use crate::debug::Debug;
use crate::func_text::FuncText;
use crate::lsym::LSym;
use crate::pcln::Pcln;
use crate::sym::SymKind;
use crate::unit::Unit;

/// Returns the machine code of a function: threads jumps, adds prologue and epilogues, encodes, and makes the tables
/// for tracebacks.
///
/// # Errors
/// Some instructions have no encoding. The messages are gc's, without the position that the caller may add in front.
pub fn assemble(f: FuncText, unit: &Unit) -> Result<LSym, Vec<String>> {
    let attempt = attempt(f, unit);
    if attempt.errors.is_empty() {
        Ok(attempt.symbol)
    } else {
        Err(attempt.errors)
    }
}

/// The result of assembling a function that may have errors.
pub struct Attempt {
    /// The machine code; with errors, the part that gc lists.
    pub symbol: LSym,
    /// The messages; see [`assemble`].
    pub errors: Vec<String>,
    /// gc stops at the last error.
    pub fatal: bool,
}

/// Like [`assemble`], but also returns the code of a function with errors.
pub fn attempt(mut f: FuncText, unit: &Unit) -> Attempt {
    let mut errors = Vec::new();
    if unit.model.dynlink && unit.dialect.assembly.checks_got_register {
        got_register::check(&f, unit, &mut errors);
    }
    pass::linkpatch(&mut f, unit, &mut errors);
    preprocess::preprocess(&mut f, unit, &mut errors);
    let code = span::span(&mut f, unit, &mut errors);
    let pcln = (unit.tracebacks && errors.is_empty())
        .then(|| Box::new(Pcln::new(&f, code.bytes.len() as u32, unit)));
    let debug = (unit.debugging && pcln.is_some())
        .then(|| Box::new(Debug::new(&f, code.bytes.len() as u32, unit)));
    let symbol = LSym {
        sym: Some(f.sym),
        kind: SymKind::STEXT,
        attrs: f.attrs,
        size: code.size,
        align: code.align,
        data: code.bytes,
        relocs: code.relocs,
        text: Some(Box::new(f)),
        pcln,
        debug,
        ..LSym::default()
    };
    Attempt {
        symbol,
        errors,
        fatal: code.fatal,
    }
}

/// Returns gc's messages about a function that [`attempt`] has assembled and that has another TEXT: gc goes through
/// its instructions once more for each. They get another frame, but the same bytes (gc: obj/plist.go).
pub fn check_again(f: &mut FuncText, unit: &Unit) -> Vec<String> {
    let mut errors = pass::wrong_operands(f, unit);
    preprocess::preprocess(f, unit, &mut errors);
    errors
}
