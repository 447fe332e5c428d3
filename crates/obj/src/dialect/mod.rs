//! The differences between the object code and listings of Go versions, as data.

mod go1_15;

use minigo_base::GoVersion;

pub use go1_15::{GO1_10, GO1_15};

/// The facts about one Go version that the preprocessor, the encoder and the listing read. None of them asks which
/// version it is.
#[derive(Debug)]
pub struct Dialect {
    /// TEXT lines and headers of Go functions carry `ABIInternal`.
    pub abi_internal: bool,
    /// The PCDATA table that announces stack maps.
    pub stack_map_pcdata: i64,
    /// `PCDATA $0, $-2` and `$-1` mark unsafe points around the stack check.
    pub unsafe_points: bool,
    /// Jumps are kept off 32-byte boundaries (the JCC erratum).
    pub aligned_jumps: bool,
    /// Inlined calls have marks: instructions that tracebacks name as their call sites.
    pub inline_marks: bool,
    /// Relocation kinds include RISC-V's calls, which makes the numbers of later kinds one higher.
    pub riscv_relocs: bool,
}

impl Dialect {
    /// Returns the dialect of a version, or `None` if `obj` doesn't support it.
    pub const fn of(version: GoVersion) -> Option<&'static Dialect> {
        match version {
            GoVersion::Go1_10 => Some(&GO1_10),
            GoVersion::Go1_15 => Some(&GO1_15),
            GoVersion::Go1_27 => None,
        }
    }
}
