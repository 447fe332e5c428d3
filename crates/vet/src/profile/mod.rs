//! The differences between `go vet` of Go versions, as data.

mod go1_15;
mod go1_27;

use minigo_base::GoVersion;
use minigo_layout::Rules;
use minigo_obj::Dialect;

pub use go1_15::GO1_15;
pub use go1_27::GO1_27;

/// The facts about one Go version that checks read. None of them asks which version it is.
#[derive(Debug)]
pub struct Profile {
    /// The assembler whose text is read.
    pub dialect: &'static Dialect,
    /// The type checker.
    pub types: Rules,
    /// Whether files may have syntax that minigo's parser lacks. Declarations that it can't parse are ignored.
    pub newer_syntax: bool,
    /// Whether the framepointer analyzer exists.
    pub framepointer: bool,
    /// Whether `TEXT f<ABIInternal>(SB)` is the function f, results may be in registers, and `RET f(SB)` need not write
    /// them.
    pub abi_selectors: bool,
    /// Whether R14 is g and X15 zero in ABIInternal functions, and R15 addresses the global offset table.
    pub reserved_registers: bool,
    /// Whether `go.work` files are read.
    pub workspaces: bool,
    /// Whether findings in assembly name files of the current folder with `./`.
    pub dot_slash: bool,
    /// The exit status of `go vet` when there are findings.
    pub status: u8,
}

impl Profile {
    /// Returns the profile of a version, or `None` if minigo doesn't know its `go vet`.
    pub const fn of(version: GoVersion) -> Option<&'static Profile> {
        match version {
            GoVersion::Go1_10 => None,
            GoVersion::Go1_15 => Some(&GO1_15),
            GoVersion::Go1_27 => Some(&GO1_27),
        }
    }
}
