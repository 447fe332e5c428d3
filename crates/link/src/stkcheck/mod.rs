//! Checks that NOSPLIT functions have enough stack, whatever calls them. One file for each algorithm of Go's linker.
//!
//! A function with stack check leaves at least [`LIMIT`] bytes below its frame. Chains of calls that begin there and go through
//! NOSPLIT functions must not need more, the call of morestack included where the next function with stack check begins.
//! Functions that are known to fit are not walked again.
//!
//! minigo's runtime is NOSPLIT throughout; Go's functions that print and panic are not. In chains of the package they
//! count as Go's do. Their real use of stack is checked as a chain of its own and comes from the reserve of every stack
//! (runtime/stack.s).

pub(crate) mod go1_15;
pub(crate) mod go1_27;
mod tree;

use minigo_obj::{LSym, Reloc, RelocKind, Sym};

use crate::program::{Program, Resolved};

/// Checks all functions. Returns the messages of Go's linker, and trees that explain them unless the messages do.
pub(crate) type Check = fn(&Program, &Resolved) -> (Vec<String>, Vec<String>);

/// Bytes that a function with stack check leaves (gc: objabi/stack.go, StackLimit).
const LIMIT: i32 = 800;
/// Bytes that a call pushes.
const CALL_SIZE: i32 = 8;
const MORESTACK: &str = "runtime.morestack";

/// The target of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Callee {
    /// A function, by index.
    Function(usize),
    /// A function of the runtime, by index, that checks the stack in Go's runtime, or that the runtime calls with
    /// nothing else on the stack.
    Checked(usize),
    /// The function that grows the stack, which needs only its return address.
    Morestack,
    /// A function pointer, which is assumed to point to a function with stack check.
    Pointer,
    /// An undefined function, or one whose frame Go's linker doesn't know: the walk ends without a message.
    Unknown(Sym),
}

/// Returns the calls of a function in order, with their offsets. A jump to a function counts as a call.
fn calls(program: &Program, resolved: &Resolved, s: &LSym) -> Vec<(u32, Callee)> {
    let callee = |reloc: &Reloc| match reloc.kind {
        RelocKind::CALLIND => Some(Callee::Pointer),
        RelocKind::CALL => Some(match resolved.target(reloc) {
            Some(index) => callee(program, s, resolved.symbols[index], index),
            None => Callee::Unknown(reloc.sym?),
        }),
        _ => None,
    };
    let calls = s.relocs.iter();
    let calls = calls.filter_map(|reloc| Some((reloc.off, callee(reloc)?)));
    let mut calls: Vec<_> = calls.collect();
    calls.sort_by_key(|&(off, _)| off);
    calls
}

/// Returns the callee of a call of `target`, which has that index.
fn callee(program: &Program, caller: &LSym, target: &LSym, index: usize) -> Callee {
    let name = program.name_of(target);
    let of_library = |name: &str| {
        ["runtime.", "fmt.", "os."]
            .iter()
            .any(|path| name.starts_with(path))
            && !is_morestack(name)
    };
    if name == MORESTACK {
        Callee::Morestack
    } else if of_library(&name) != of_library(&program.name_of(caller)) {
        Callee::Checked(index)
    } else {
        Callee::Function(index)
    }
}

fn is_morestack(name: &str) -> bool {
    name.starts_with(MORESTACK)
}
