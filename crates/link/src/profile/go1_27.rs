//! Go 1.27.

use minigo_obj::{Attrs, LSym, SymKind};

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
    overwrites,
    duplicate,
    function_align: 32,
    requires_tables: false,
};

/// Contents replace a variable without contents. Of two variables without contents, the larger one counts.
fn overwrites(old: &LSym, new: &LSym) -> Option<bool> {
    if new.attrs.has(Attrs::DUPOK) {
        return Some(old.attrs.has(Attrs::DUPOK) && new.size > old.size);
    }
    if old.attrs.has(Attrs::DUPOK) {
        return Some(true);
    }
    let is_empty = |s: &LSym| s.kind != SymKind::STEXT && s.data.is_empty();
    match (is_empty(old), is_empty(new)) {
        (true, true) => Some(new.size > old.size),
        (true, false) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
    }
}

fn duplicate(name: &str, package: &str, old: &LSym, new: &LSym) -> String {
    let described = |s: &LSym| format!("{package} (type {} size {})", s.kind, s.size);
    let (old, new) = (described(old), described(new));
    format!("link: duplicated definition of symbol {name}, from {new} and {old}")
}
