//! From a function's instructions to its symbol.

use super::{pass, preprocess, span};
use crate::func_text::FuncText;
use crate::lsym::LSym;
use crate::pcln::Pcln;
use crate::sym::SymKind;
use crate::unit::Unit;

/// The machine code of a function: threads jumps, adds prologue and epilogues, encodes, tabulates what
/// tracebacks tell.
///
/// # Errors
/// Messages in gc's words, without the position in front that the caller's tool may add, for what has no
/// encoding.
pub fn assemble(f: FuncText, unit: &Unit) -> Result<LSym, Vec<String>> {
    let attempt = attempt(f, unit);
    if attempt.errors.is_empty() {
        Ok(attempt.symbol)
    } else {
        Err(attempt.errors)
    }
}

/// What became of a function.
pub struct Attempt {
    /// The machine code; if there are errors, as much of it as gc lists.
    pub symbol: LSym,
    /// Messages as of [`assemble`].
    pub errors: Vec<String>,
    /// Where gc stops at once and says nothing more.
    pub fatal: bool,
}

/// Does what [`assemble`] does, and gives what there is of a function with errors, too.
pub fn attempt(mut f: FuncText, unit: &Unit) -> Attempt {
    let mut errors = Vec::new();
    pass::linkpatch(&mut f, unit, &mut errors);
    preprocess::preprocess(&mut f, unit, &mut errors);
    let code = span::span(&mut f, unit, &mut errors);
    let pcln = (unit.tracebacks && errors.is_empty())
        .then(|| Box::new(Pcln::new(&f, code.bytes.len() as u32, unit)));
    let symbol = LSym {
        sym: Some(f.sym),
        kind: SymKind::STEXT,
        attrs: f.attrs,
        size: code.size,
        data: code.bytes,
        relocs: code.relocs,
        text: Some(Box::new(f)),
        pcln,
        ..LSym::default()
    };
    Attempt {
        symbol,
        errors,
        fatal: code.fatal,
    }
}

/// What gc complains of when it goes through the instructions that an [`attempt`] has left once more, which it does
/// for each TEXT of a function but the first. They get another frame, but no other bytes (gc: obj/plist.go).
pub fn complain_again(f: &mut FuncText, unit: &Unit) -> Vec<String> {
    let mut errors = pass::branches_elsewhere(f, unit);
    preprocess::preprocess(f, unit, &mut errors);
    errors
}
