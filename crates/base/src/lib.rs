//! The vocabulary of all crates of minigo: source positions, the table of source files, diagnostics, the names of Go
//! versions, Go's sort, values of literals, names that are spelt alike, and tables in chunks.
//!
//! Nothing here depends on an AST, an IR or a machine. An item is here only if several crates need it.

pub mod chunks;
pub mod diag;
pub mod literal;
pub mod path;
pub mod pos;
pub mod sort;
pub mod spelling;
pub mod unicode;
pub mod version;

pub use chunks::ChunkMap;
pub use diag::{Code, Diagnostic, Diagnostics, Excerpt, Message};
pub use pos::{FIRST_FILE_BASE, IsStmt, Pos, PosBase, PosBaseData, PosTable, Position};
pub use spelling::nearest;
pub use version::GoVersion;

/// Reports an error in minigo itself, never in the program that it reads. Panics with a message that the command line
/// prints as `internal compiler error: …`, with exit status 101.
#[macro_export]
macro_rules! internal {
    ($($arg:tt)*) => { panic!("internal compiler error: {}", format_args!($($arg)*)) };
}
