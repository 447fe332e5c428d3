//! Go 1.10 and 1.15.

use super::{Assembled, Profile};
use crate::{pclntab, stkcheck};

/// Go 1.10 and 1.15.
pub static GO1_15: Profile = Profile {
    runtime: Assembled {
        symbols: include_bytes!(concat!(env!("OUT_DIR"), "/go1_15.bin")),
        object: include_bytes!(concat!(env!("OUT_DIR"), "/go1_15.o")),
    },
    tables: pclntab::go1_15::tables,
    check_stack: stkcheck::go1_15::check,
    function_align: 16,
    requires_tables: true,
};
