//! Go 1.15, and Go 1.10 as a change of it.

use super::Front;
use crate::dumpobj::DebugFormat;
use crate::reflect::DescriptorFormat;

/// Go 1.15.
pub static GO1_15: Front = Front {
    guarded_init: false,
    init_first: false,
    lists_used_types: false,
    dwarf_symbols: false,
    package_name_symbol: true,
    type_descriptors: true,
    descriptors: &DescriptorFormat::GO1_15,
    generated_functions: true,
    lacks_barriers: true,
    init_allocates_arrays: true,
    stack_objects_have_masks: false,
    debug: &DebugFormat::GO1_15,
    interleaves_data: false,
    args_bits_per_word: 2,
    unified_ir: false,
    removes_dead_locals: false,
    var_kills: true,
    wraps_assembly: false,
    decimal_macros: false,
    addresses_where_used: false,
    defines_pointers_only: false,
    lookup_tables: false,
    jump_tables: false,
    init_in_front: false,
    converts_bools: false,
    folds_constants: true,
    drops_identical_conversions: false,
    saves_all_values: true,
    phis_at_block_start: false,
    makes_second_array: true,
    nil_checks_are_pointers: false,
    literals_in_interfaces: false,
    copies_bytes_twice: false,
    addresses_have_lines: false,
    empty_interface: "interface {}",
    print_lines: [241, 273],
};

/// Go 1.10.
pub static GO1_10: Front = Front {
    guarded_init: true,
    dwarf_symbols: true,
    package_name_symbol: false,
    type_descriptors: false,
    ..GO1_15
};
