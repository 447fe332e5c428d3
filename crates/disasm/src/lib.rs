//! Machine code of amd64 as Plan 9 assembly.
//!
//! [`File::parse`] reads an object or an executable in the ELF or Mach-O format. [`write_plain`] prints its functions
//! as `go tool objdump` does, [`write_assembly`] as a file that the assembler turns into the same bytes.

mod assembler;
mod decode;
mod file;
mod function;
mod functions;
mod lines;
mod listing;
mod parse;
mod place;
mod plain;
mod relocations;
mod rules;
mod source;
mod symbols;
mod text;

pub use file::{File, Function};
pub use listing::{Statistics, write_assembly};
pub use plain::write_plain;
pub use source::{ReadSource, Sources};
