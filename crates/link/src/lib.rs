//! Makes files of symbols: relocatable objects (through faerie) and static executables (by a linker of its own), with the
//! runtime that executables need.
//!
//! The input is the [`LSym`](minigo_obj::LSym)s of a package and of the runtime, all named in one
//! [`SymTable`](minigo_obj::SymTable); the output is the bytes of a file. Executables don't go through an object: [`link()`]
//! lays out the symbols itself. This crate reads and writes no files.

mod dwarf;
mod elf;
pub mod functions;
mod join;
pub mod link;
mod macho;
mod memory;
pub mod object;
mod part;
pub mod paths;
mod pclntab;
pub mod profile;
pub mod program;
pub mod runtime;
mod stkcheck;

pub use dwarf::Debugging;
pub use link::{link, verify};
pub use paths::Paths;
pub use profile::Profile;
pub use program::{LinkError, Program};
pub use runtime::{Runtime, Settings};
