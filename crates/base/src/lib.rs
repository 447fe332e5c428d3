//! What every other crate of minigo shares: source positions, the table of source files,
//! diagnostics, and the record of what differs between Go versions.
//!
//! Takes nothing, gives vocabulary. Nothing here knows an AST, an IR or a machine. An item
//! lives here only when at least three crates need it.

pub mod diag;
pub mod path;
pub mod pos;
pub mod sort;
pub mod unicode;
pub mod version;

pub use diag::{Code, Diagnostic, Diagnostics, Excerpt, Message};
pub use pos::{FIRST_FILE_BASE, IsStmt, Pos, PosBase, PosBaseData, PosTable, Position};
pub use version::GoVersion;

/// Reports a mistake of minigo itself, never of the program it reads: panics with a message that the
/// command line turns into `internal compiler error: …` and exit status 101.
#[macro_export]
macro_rules! internal {
    ($($arg:tt)*) => { panic!("internal compiler error: {}", format_args!($($arg)*)) };
}
