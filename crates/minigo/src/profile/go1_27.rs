//! Go 1.27.

use super::{Constraints, Profile};

/// Go 1.27.
pub static GO1_27: Profile = Profile {
    constraints: Constraints {
        unix_tag: true,
        go_build_lines: true,
    },
    compiler: None,
    vet: Some(&minigo_vet::profile::GO1_27),
};
