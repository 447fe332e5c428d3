//! Go 1.27.

use super::{Assembled, Profile};
use crate::{pclntab, stkcheck};

/// Go 1.27.
pub static GO1_27: Profile = Profile {
    runtime: Assembled {
        symbols: include_bytes!(concat!(env!("OUT_DIR"), "/go1_27.bin")),
        object: include_bytes!(concat!(env!("OUT_DIR"), "/go1_27.o")),
    },
    tables: pclntab::go1_27::tables,
    check_stack: stkcheck::go1_27::check,
    function_align: 32,
    requires_tables: false,
};
