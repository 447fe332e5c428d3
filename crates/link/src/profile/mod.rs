//! The differences between the runtimes and executables of Go versions, as data. One file for each generation.

mod go1_15;
mod go1_27;

use minigo_base::GoVersion;
use minigo_obj::LSym;

pub use go1_15::GO1_15;
pub use go1_27::GO1_27;

use crate::pclntab::Tables;
use crate::stkcheck::Check;

/// The facts about one Go version that objects and executables depend on.
#[derive(Debug)]
pub struct Profile {
    /// The runtime, which the build script assembles.
    pub(crate) runtime: Assembled,
    /// Makes the tables of functions.
    pub(crate) tables: Tables,
    /// Finds functions that may run out of stack.
    pub(crate) check_stack: Check,
    /// Reports whether a later definition of a name replaces an earlier one; none if they conflict (gc: loader.go,
    /// addSym).
    pub(crate) overwrites: fn(old: &LSym, new: &LSym) -> Option<bool>,
    /// The message about a name with two definitions in a package.
    pub(crate) duplicate: fn(name: &str, package: &str, old: &LSym, new: &LSym) -> String,
    /// The alignment of functions in executables, in bytes (gc: link/internal/amd64/l.go, funcAlign).
    pub(crate) function_align: u64,
    /// Whether the tables that functions in assembly name must be defined.
    pub(crate) requires_tables: bool,
}

/// An assembled runtime.
#[derive(Debug)]
pub(crate) struct Assembled {
    /// The names of its symbols, and the symbols.
    pub(crate) symbols: &'static [u8],
    /// An object of these symbols without relocations.
    pub(crate) object: &'static [u8],
}

impl Profile {
    /// Returns the profile of a version.
    pub const fn of(version: GoVersion) -> &'static Profile {
        match version {
            GoVersion::Go1_10 | GoVersion::Go1_15 => &GO1_15,
            GoVersion::Go1_27 => &GO1_27,
        }
    }
}
