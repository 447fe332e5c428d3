//! Go 1.27.

use super::Front;
use crate::dumpobj::DebugFormat;
use crate::reflect::DescriptorFormat;

/// Go 1.27.
pub static GO1_27: Front = Front {
    guarded_init: false,
    init_first: true,
    lists_used_types: true,
    dwarf_symbols: false,
    package_name_symbol: true,
    type_descriptors: true,
    descriptors: &DescriptorFormat::GO1_27,
    generated_functions: false,
    lacks_barriers: false,
    init_allocates_arrays: false,
    stack_objects_have_masks: true,
    debug: &DebugFormat::GO1_27,
    interleaves_data: true,
    args_bits_per_word: 1,
    unified_ir: true,
    removes_dead_locals: true,
    var_kills: false,
    wraps_assembly: true,
    decimal_macros: true,
    addresses_where_used: true,
    defines_pointers_only: true,
    lookup_tables: true,
    jump_tables: true,
    init_in_front: true,
    converts_bools: true,
    folds_constants: false,
    drops_identical_conversions: true,
    saves_all_values: false,
    phis_at_block_start: true,
    makes_second_array: false,
    nil_checks_are_pointers: true,
    literals_in_interfaces: true,
    copies_bytes_twice: true,
    addresses_have_lines: true,
    empty_interface: "any",
    print_lines: [263, 306],
};
