//! From the typed AST to SSA: inlines calls, makes the order of evaluation and temporaries explicit, lowers statements,
//! and builds SSA.
//!
//! Takes a checked package without errors. Returns an [`ir::Package`], whose functions after `walk` have the few forms
//! listed in [`ir`], and from each function an `ssa::Func`, in which only variables in memory remain. Nothing here
//! depends on the machine.

mod build;
mod deadcode;
mod deadlocals;
pub mod dump;
pub mod dumpobj;
pub mod dwarf;
pub mod export;
mod fmt;
mod fold;
pub mod front;
pub mod generated;
mod imported;
mod init;
pub mod inline;
pub mod ir;
mod literals;
pub mod noder;
pub mod order;
pub mod pgen;
mod phi;
pub mod reflect;
mod staticinit;
mod swt;
pub mod symbols;
pub mod walk;
mod wrapper;

pub use build::{Memory, build};
pub use front::Front;
pub use symbols::Symbols;
pub use wrapper::Assembly;
