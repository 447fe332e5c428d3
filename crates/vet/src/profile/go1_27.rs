//! `go vet` of Go 1.27.

use minigo_obj::dialect;

use super::Profile;

/// Go 1.27.
pub static GO1_27: Profile = Profile {
    dialect: &dialect::GO1_27,
    gc_sizes: true,
    named_aliases: true,
    newer_syntax: true,
    framepointer: true,
    abi_selectors: true,
    reserved_registers: true,
    undeclared: "undefined",
    dot_slash: false,
    status: 1,
};
