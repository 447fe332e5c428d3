//! The type checker: turns a syntax tree into a typed package and reports gc's errors.
//!
//! Takes the [`Ast`] of a package and leaves it unchanged. Returns an [`info::Package`]:
//! functions, variables, constants, the initialisation order, and tables of types, constant values and objects by
//! expression id. No errors come after it: a package without diagnostics is a valid program that minigo can compile.
//!
//! A checker follows gc in what is reported, where, in which order and in how many phases, because errors in an early
//! phase hide those of later ones. There are two: that of Go 1.15 (gc: noder.go, main.go, typecheck.go) and that of
//! later versions (gc: package types2); a [`Profile`] names one. Parts of Go that minigo doesn't support are refused by
//! name.
//!
//! It doesn't remove dead code, inline calls, or do anything else that no message depends on.

mod check;
pub mod constant;
pub mod float;
pub mod info;
pub mod profile;
mod refusal;
pub mod ty;
mod types2;
mod universe;

use minigo_base::{Diagnostics, PosTable};
use minigo_syntax::ast::Ast;

pub use check::Imports;
pub use profile::Profile;

/// Checks a package as the version of the profile does.
///
/// The result is complete only if `diags` then has no errors. After syntax errors, or if something is refused, not all is
/// checked.
pub fn check<'a>(
    ast: &'a Ast,
    positions: &'a PosTable,
    diags: &'a mut Diagnostics,
    imports: Imports<'a>,
    profile: &'static Profile,
) -> info::Package {
    let package = (profile.check)(ast, positions, diags, imports, profile);
    if profile.checks_directives && diags.is_empty() {
        minigo_syntax::check_directives(ast, diags);
    }
    package
}
