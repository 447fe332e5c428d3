//! Go 1.10 and 1.15.

use minigo_obj::{Attrs, LSym, SymKind};

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
    overwrites,
    duplicate: |name, _, _, _| format!("duplicated definition of symbol {name}"),
    function_align: 16,
    requires_tables: true,
};

/// A variable with contents replaces one without.
fn overwrites(old: &LSym, new: &LSym) -> Option<bool> {
    if new.attrs.has(Attrs::DUPOK) {
        return Some(new.size > old.size);
    }
    if old.attrs.has(Attrs::DUPOK) {
        return Some(false);
    }
    let is_data = |s: &LSym| s.kind != SymKind::STEXT;
    if new.data.is_empty() {
        return is_data(new).then_some(false);
    }
    (is_data(old) && is_data(new) && old.data.is_empty()).then_some(true)
}
