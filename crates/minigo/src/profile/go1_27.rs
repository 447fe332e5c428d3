//! Go 1.27.

use minigo_obj::dialect;
use minigo_ssa::profile;
use minigo_ssagen::front;

use super::{Assembler, Compiler, Constraints, Profile};

/// Go 1.27.
pub static GO1_27: Profile = Profile {
    constraints: Constraints {
        unix_tag: true,
        go_build_lines: true,
    },
    trimmed_folder: ".",
    compiler: Some(Compiler {
        front: &front::GO1_27,
        ssa: &profile::GO1_27,
        dialect: &dialect::GO1_27,
        link: &minigo_link::profile::GO1_27,
    }),
    assembler: Some(Assembler {
        dialect: &dialect::GO1_27,
        link: &minigo_link::profile::GO1_27,
    }),
    vet: Some(&minigo_vet::profile::GO1_27),
};
