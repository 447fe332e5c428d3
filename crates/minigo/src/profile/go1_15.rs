//! Go 1.15, and Go 1.10 as a change of it.

use minigo_obj::dialect;
use minigo_ssa::profile;
use minigo_ssagen::front;

use super::{Assembler, Compiler, Constraints, Profile};

/// Go 1.15.
pub static GO1_15: Profile = Profile {
    constraints: CONSTRAINTS,
    trimmed_folder: "command-line-arguments",
    compiler: Some(Compiler {
        front: &front::GO1_15,
        ssa: &profile::GO1_15,
        dialect: &dialect::GO1_15,
        link: &minigo_link::profile::GO1_15,
    }),
    assembler: Some(Assembler {
        dialect: &dialect::GO1_15,
        link: &minigo_link::profile::GO1_15,
    }),
    vet: Some(&minigo_vet::profile::GO1_15),
};

/// Go 1.10.
pub static GO1_10: Profile = Profile {
    constraints: CONSTRAINTS,
    trimmed_folder: "command-line-arguments",
    compiler: Some(Compiler {
        front: &front::GO1_10,
        ssa: &profile::GO1_10,
        dialect: &dialect::GO1_10,
        link: &minigo_link::profile::GO1_15,
    }),
    assembler: None,
    vet: None,
};

const CONSTRAINTS: Constraints = Constraints {
    unix_tag: false,
    go_build_lines: false,
};
