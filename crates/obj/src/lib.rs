//! Machine code for amd64: from lists of [`Prog`]s to bytes, relocations and listings.
//!
//! Takes functions as [`FuncText`]s, be they compiled or hand-written, and a [`SymTable`] filled beforehand;
//! gives an [`LSym`] a function. On entry, local variables are named by their offset in the frame and
//! branches by the [`ProgId`] of their target; on exit, every `Prog` has its final operands and `pc`, and
//! the bytes leave only relocations open.
//!
//! Functions are independent of each other: the symbol table is read only once assembling begins, so they
//! may be assembled in parallel. Nothing is optimised here: instructions are neither reordered nor dropped.

pub mod amd64;
pub mod asm;
pub mod dialect;
pub mod list;
pub mod lsym;
pub mod pcln;
pub mod prog;
pub mod unit;

pub use amd64::{As, Attempt, Reg, assemble, attempt, complain_again};
pub use dialect::Dialect;
pub use lsym::{Attrs, LSym, Reloc, RelocKind, Sym, SymData, SymKind, SymTable};
pub use pcln::{InlinedCall, Pcln};
pub use prog::{Addr, AddrKind, FuncText, Local, Name, NameKind, Prog, ProgId};
pub use unit::{CodeModel, Unit};
