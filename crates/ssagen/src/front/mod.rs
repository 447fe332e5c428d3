//! The differences between the front ends of Go versions, as data.

mod go1_15;

use minigo_base::GoVersion;

pub use go1_15::{GO1_10, GO1_15};

/// The facts about one Go version that lowering and the data symbols depend on. No code asks which version it is.
#[derive(Debug)]
pub struct Front {
    /// Whether a package always has a generated `init` function with an `initdone·` guard. Otherwise the runtime calls
    /// the functions in the package's `..inittask`.
    pub guarded_init: bool,
    /// Whether the DWARF symbols of functions are listed.
    pub dwarf_symbols: bool,
    /// Whether a symbol holds the package's name and the DWARF entries of constants are listed.
    pub package_name_symbol: bool,
    /// Whether descriptors of declared types (`type.*`) have a pointer to a comparison function. minigo makes only this
    /// form.
    pub type_descriptors: bool,
}

impl Front {
    /// Returns the facts of a version, or `None` if `ssagen` doesn't support it.
    pub const fn of(version: GoVersion) -> Option<&'static Front> {
        match version {
            GoVersion::Go1_10 => Some(&GO1_10),
            GoVersion::Go1_15 => Some(&GO1_15),
            GoVersion::Go1_27 => None,
        }
    }
}
