//! `go vet` of Go 1.15.

use minigo_layout::Rules;
use minigo_obj::dialect;

use super::Profile;

/// Go 1.15.
pub static GO1_15: Profile = Profile {
    dialect: &dialect::GO1_15,
    types: Rules {
        gc_sizes: false,
        named_aliases: false,
        undeclared: "undeclared name",
    },
    newer_syntax: false,
    framepointer: false,
    abi_selectors: false,
    reserved_registers: false,
    workspaces: false,
    dot_slash: true,
    status: 2,
};
