//! The differences between the checkers of Go versions, as data.

mod go1_15;
mod go1_27;

use minigo_base::{Diagnostics, GoVersion, PosTable};
use minigo_syntax::ast::Ast;

use crate::check::Imports;
use crate::info::Package;

pub use go1_15::GO1_15;
pub use go1_27::GO1_27;

/// A checker: it reports errors in a package and returns what it has found out.
pub type Check = for<'a> fn(
    &'a Ast,
    &'a PosTable,
    &'a mut Diagnostics,
    Imports<'a>,
    &'static Profile,
) -> Package;

/// The facts about one Go version that checking depends on. No code asks which version it is.
#[derive(Debug)]
pub struct Profile {
    /// The checker: those of the versions have little in common.
    pub(crate) check: Check,
    /// Exported names of the importable packages, by path.
    pub(crate) exports: &'static [(&'static str, &'static str)],
    /// The packages of the standard library.
    pub(crate) standard: &'static str,
    /// Whether directives and functions without a body are checked after types, if those are right.
    pub checks_directives: bool,
}

impl Profile {
    /// Returns the facts of a version.
    pub const fn of(version: GoVersion) -> &'static Profile {
        match version {
            GoVersion::Go1_10 | GoVersion::Go1_15 => &GO1_15,
            GoVersion::Go1_27 => &GO1_27,
        }
    }
}
