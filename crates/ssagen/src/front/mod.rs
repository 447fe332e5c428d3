//! The differences between the front ends of Go versions, as data.

mod go1_15;
mod go1_27;

use minigo_base::GoVersion;

use crate::dumpobj::DebugFormat;
use crate::reflect::DescriptorFormat;

pub use go1_15::{GO1_10, GO1_15};
pub use go1_27::GO1_27;

/// The facts about one Go version that lowering and the data symbols depend on. No code asks which version it is.
#[derive(Debug)]
pub struct Front {
    /// Whether a package always has a generated `init` function with an `initdone·` guard. Otherwise the runtime calls
    /// the functions in the package's `..inittask`.
    pub guarded_init: bool,
    /// Whether the function that initialises the package comes first. Otherwise it is the last one.
    pub init_first: bool,
    /// Whether functions list the types that they convert to interfaces, for the linker.
    pub lists_used_types: bool,
    /// Whether the DWARF symbols of functions are listed.
    pub dwarf_symbols: bool,
    /// Whether a symbol holds the package's name and the DWARF entries of constants are listed.
    pub package_name_symbol: bool,
    /// Whether descriptors of declared types (`type.*`) have a pointer to a comparison function. minigo makes only this
    /// form.
    pub type_descriptors: bool,
    /// The form of type descriptors.
    pub descriptors: &'static DescriptorFormat,
    /// Whether the package has functions that its types need: `os.(*File).close`, and the comparison of arrays.
    pub generated_functions: bool,
    /// Whether minigo has no write barriers for the arrays of arguments of which gc, without optimization, doesn't see that
    /// they are on the stack.
    pub lacks_barriers: bool,
    /// Whether gc allocates the arrays of arguments in the function that initialises the package.
    pub init_allocates_arrays: bool,
    /// Whether lists of variables in memory have their sizes and pointers. Otherwise the descriptors of their types.
    pub stack_objects_have_masks: bool,
    /// The form of debugging entries.
    pub debug: &'static DebugFormat,
    /// Whether data symbols are listed in the order of declarations and functions, each followed by the types it needs.
    /// Otherwise by kind.
    pub interleaves_data: bool,
    /// The bits for each word of arguments in the map of a function that is implemented in assembly.
    pub args_bits_per_word: u32,
    /// Whether bodies pass through unified IR: they are written as export data and read back. Then calls have the
    /// position of their parenthesis and named constants that of their use; parameters without a name are variables;
    /// results are numbered from zero; variables and the temporaries of a call's results are numbered together, in the
    /// order of the source; and decided branches are gone from the beginning.
    pub unified_ir: bool,
    /// Whether the ends of temporaries' live ranges are marked. Then the first free temporary is reused, otherwise the
    /// last one.
    pub var_kills: bool,
    /// Whether assignments to unused variables are removed after inlining.
    pub removes_dead_locals: bool,
    /// Whether a conversion to the operand's own type is the operand.
    pub drops_identical_conversions: bool,
    /// Whether functions that assembly defines or refers to have wrappers for the other calling convention.
    pub wraps_assembly: bool,
    /// Whether `go_asm.h` has integers in decimal, not in hexadecimal or as characters.
    pub decimal_macros: bool,
    /// Whether addresses and strings are made in the block that uses them if code isn't optimized.
    pub addresses_where_used: bool,
    /// Whether only the live ranges of variables with pointers begin with a mark.
    pub defines_pointers_only: bool,
    /// Whether clauses that return constants are looked up in a table.
    pub lookup_tables: bool,
    /// Whether dense switches jump by a table.
    pub jump_tables: bool,
    /// Whether statements that must run before a call statement are in front of it, not in its init list.
    pub init_in_front: bool,
    /// Whether a boolean becomes a number by an operation of its own, not by a copy.
    pub converts_bools: bool,
    /// Whether walk folds the operations on constants that it makes. Otherwise `&^` reaches SSA, too.
    pub folds_constants: bool,
    /// Whether every value of a parallel assignment is computed before the first assignment, not just those that an
    /// earlier assignment affects.
    pub saves_all_values: bool,
    /// Whether phis have the position of the first node of their block, not that of the first use.
    pub phis_at_block_start: bool,
    /// Whether a slice literal makes a temporary array that is never used.
    pub makes_second_array: bool,
    /// Whether a nil check is the pointer that it checks.
    pub nil_checks_are_pointers: bool,
    /// Whether the operand of a conversion to an interface becomes a literal where its value is known.
    pub literals_in_interfaces: bool,
    /// Whether the elements of a slice literal are ordered twice, which copies bytes to a second temporary.
    pub copies_bytes_twice: bool,
    /// Whether an address is built on the line of the node that has it.
    pub addresses_have_lines: bool,
    /// The spelling of the type of interfaces without methods.
    pub empty_interface: &'static str,
    /// The lines of package `fmt` on which `Print` and `Println` are declared.
    pub print_lines: [u32; 2],
}

impl Front {
    /// Returns the facts of a version, or `None` if `ssagen` doesn't support it.
    pub const fn of(version: GoVersion) -> Option<&'static Front> {
        match version {
            GoVersion::Go1_10 => Some(&GO1_10),
            GoVersion::Go1_15 => Some(&GO1_15),
            GoVersion::Go1_27 => Some(&GO1_27),
        }
    }
}
