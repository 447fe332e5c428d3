//! From the typed AST to SSA: inlining, order of evaluation, temporaries, lowering of statements, and
//! construction.
//!
//! Takes a checked package; gives an [`ir::Package`], whose functions after `walk` have the few forms that
//! [`ir`] lists, and from each of them an `ssa::Func`. On entry nothing is wrong with the program; on exit
//! all variables that are not in memory are gone. No machine is known here.

mod build;
mod deadcode;
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
pub mod noder;
pub mod order;
pub mod pgen;
mod phi;
pub mod reflect;
mod swt;
pub mod symbols;
pub mod walk;

pub use build::{Memory, build};
pub use front::Front;
pub use symbols::Symbols;
