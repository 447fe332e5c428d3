//! The differences between the back ends of Go versions, as data.
//!
//! `record` has the types of the facts. A file for each generation has the facts; a version that differs
//! little from its generation is written as a change of it. Only this module and those files know versions.

mod go1_15;
mod go1_27;
pub(crate) mod record;

use minigo_base::GoVersion;

pub use go1_15::{GO1_10, GO1_15};
pub use go1_27::GO1_27;
pub use record::{
    EmitFacts, PassFacts, Profile, RegallocFacts, Rewrite, RewriteFacts, RuleSet, StackallocFacts,
    Unused,
};

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
