//! Go 1.15, and Go 1.10 as a change of it.

use super::Dialect;

/// Go 1.15.
pub static GO1_15: Dialect = Dialect {
    abi_internal: true,
    stack_map_pcdata: 1,
    unsafe_points: true,
    aligned_jumps: true,
    inline_marks: true,
    riscv_relocs: true,
};

/// Go 1.10.
pub static GO1_10: Dialect = Dialect {
    abi_internal: false,
    stack_map_pcdata: 0,
    unsafe_points: false,
    aligned_jumps: false,
    inline_marks: false,
    riscv_relocs: false,
};
