//! The differences between the back ends of Go versions, as data.

mod go1_15;

use minigo_base::GoVersion;
use minigo_obj::Dialect;

pub use go1_15::{GO1_10, GO1_15};

/// The facts about one Go version that passes and emission read. None of them asks which version it is.
#[derive(Debug)]
pub struct Profile {
    /// The object code that emission writes for.
    pub dialect: &'static Dialect,
    /// Facts of emission.
    pub emit: EmitFacts,
}

/// Differences in the instructions that emission adds to those of values (gc: ssa.go, genssa).
#[derive(Debug)]
pub struct EmitFacts {
    /// Every call announces its stack map, even if it is the last one's.
    pub stack_map_at_each_call: bool,
    /// Positions carry statement marks. Without, spills, restores and copies print the line before them, and
    /// the first statement doesn't move to the first instruction.
    pub statement_marks: bool,
    /// A panic call is followed by UNDEF. Without, by a NOP where the function ends.
    pub undef_after_panic: bool,
    /// An empty endless loop contains a NOP, and its jump has a line of its own.
    pub nop_in_empty_loop: bool,
    /// `FUNCDATA $0` describes the argument words even when none of them is a pointer.
    pub args_bitmap: bool,
}

impl Profile {
    /// Returns the profile of a version, or `None` if `ssa` doesn't support it.
    pub const fn of(version: GoVersion) -> Option<&'static Profile> {
        match version {
            GoVersion::Go1_10 => Some(&GO1_10),
            GoVersion::Go1_15 => Some(&GO1_15),
            GoVersion::Go1_27 => None,
        }
    }
}
