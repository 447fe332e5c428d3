//! The type checker: turns a syntax tree into a typed package and reports gc's errors.
//!
//! Takes the [`Ast`](minigo_syntax::ast::Ast) of a package and leaves it unchanged. Returns an [`info::Package`]:
//! functions, variables, constants, the initialisation order, and tables of types, constant values and objects by
//! expression id. No errors come after it: a package without diagnostics is a valid program that minigo can compile.
//!
//! The checker follows gc 1.15 in what is reported, where, in which order and in how many phases, because errors in an
//! early phase hide those of later ones (gc: noder.go, main.go, typecheck.go). Parts of Go that minigo doesn't support
//! are refused by name.
//!
//! It doesn't remove dead code, inline calls, or do anything else that no message depends on.

mod check;
pub mod constant;
pub mod float;
pub mod info;
pub mod ty;

pub use check::{Imports, check};
