//! The type checker: a syntax tree to a typed package, with gc's errors.
//!
//! Takes the [`Ast`](minigo_syntax::ast::Ast) of a package, as parsed; leaves it unchanged and gives an
//! [`info::Package`]: functions, variables, constants, initialisation order, and tables by expression
//! id of types, constant values and objects. No errors come after it: what reaches the next
//! stage without diagnostics is a right program that minigo can compile.
//!
//! gc 1.15's checker is followed in what it reports, where, in which order, and in how many phases, because
//! an early phase with errors hides the later ones (gc: noder.go, main.go, typecheck.go). What Go has
//! and minigo has not is refused by name.
//!
//! Not done here: removal of dead code, inlining, and everything that needs no message.

mod check;
pub mod constant;
pub mod float;
pub mod info;
pub mod ty;

pub use check::{Imports, check};
