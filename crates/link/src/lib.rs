//! Symbols to files: relocatable objects (through faerie) and static executables (our own linker), and
//! the runtime that executables carry.
//!
//! Takes the [`LSym`](minigo_obj::LSym)s of a package and of the runtime, all named in one
//! [`SymTable`](minigo_obj::SymTable); gives the bytes of a file. Executables do not go through an object:
//! [`link()`] lays out the symbols in memory itself. Nothing here reads or writes files.

mod elf;
mod join;
pub mod link;
mod memory;
pub mod object;
mod part;
pub mod paths;
mod pclntab;
pub mod program;
pub mod runtime;
mod stkcheck;
mod stktree;

pub use link::{link, verify};
pub use paths::Paths;
pub use program::{LinkError, Program};
pub use runtime::Runtime;
