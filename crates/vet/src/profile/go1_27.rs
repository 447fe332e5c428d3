//! `go vet` of Go 1.27.

use minigo_layout::Rules;
use minigo_obj::dialect;

use super::Profile;

/// Go 1.27.
pub static GO1_27: Profile = Profile {
    dialect: &dialect::GO1_27,
    types: Rules {
        gc_sizes: true,
        named_aliases: true,
        undeclared: "undefined",
    },
    newer_syntax: true,
    framepointer: true,
    abi_selectors: true,
    reserved_registers: true,
    workspaces: true,
    dot_slash: false,
    status: 1,
};
