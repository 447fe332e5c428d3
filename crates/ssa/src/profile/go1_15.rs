//! Go 1.15, and Go 1.10 as a change of it.

use minigo_obj::dialect;

use super::{EmitFacts, Profile};

/// Go 1.15.
pub static GO1_15: Profile = Profile {
    dialect: &dialect::GO1_15,
    emit: EmitFacts {
        stack_map_at_each_call: false,
        statement_marks: true,
        undef_after_panic: false,
        nop_in_empty_loop: true,
        args_bitmap: false,
    },
};

/// Go 1.10.
pub static GO1_10: Profile = Profile {
    dialect: &dialect::GO1_10,
    emit: EmitFacts {
        stack_map_at_each_call: true,
        statement_marks: false,
        undef_after_panic: true,
        nop_in_empty_loop: false,
        args_bitmap: true,
    },
};
