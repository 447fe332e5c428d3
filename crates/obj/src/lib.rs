//! Machine code for amd64: from lists of [`Prog`]s to bytes, relocations and listings.
//!
//! Takes compiled or hand-written functions as [`FuncText`]s and a [`SymTable`] filled beforehand; returns an
//! [`LSym`] for each function. On entry, local variables are named by their offset in the frame and
//! branches by the [`ProgId`] of their target. On exit, every `Prog` has its final operands and `pc`, and
//! only relocations are missing in the bytes.
//!
//! Functions are independent of each other: from the beginning of assembling, the symbol table is only read, so that
//! functions can be assembled in parallel. Nothing is optimised here: instructions are neither reordered nor dropped.

pub mod amd64;
pub mod asm;
pub mod debug;
pub mod dialect;
mod encoded;
mod func_text;
pub mod list;
mod lsym;
pub mod pcln;
mod print;
pub mod prog;
mod reloc;
mod sym;
mod unit;

pub use amd64::{As, Attempt, Reg, assemble, attempt, check_again};
pub use dialect::Dialect;
pub use func_text::{FuncText, JumpTable, Makers, RegisterParam};
pub use lsym::LSym;
pub use pcln::Pcln;
pub use prog::{Addr, AddrKind, Local, Name, NameKind, Prog, ProgId};
pub use reloc::{Reloc, RelocKind};
pub use sym::{Attrs, Naming, Sym, SymData, SymKind, SymTable};
pub use unit::{CodeModel, InlinedCall, Unit};
