//! The layout of local variables in the frame.

use std::cmp::Ordering;

use crate::compile::Config;
use crate::func::{Aux, Func, Location, Var, VarClass, VarData};
use crate::sort::sort;

/// Gives every local variable that is some value's home or operand its offset, and the function the size
/// of all (gc: gc/pgen.go, AllocFrame).
///
/// Homes of values that were removed count too. Offsets go down from the end of the frame in the order
/// of [`comes_before`]: large variables first, so that none needs padding.
pub(crate) fn stackframe(f: &mut Func, _config: &Config) {
    mark_used(f);
    let mut order: Vec<Var> = f.vars.keys().collect();
    sort(&mut order, |&a, &b| comes_before(&f.vars[a], &f.vars[b]));
    let mut size = 0;
    for var in order {
        let data = &mut f.vars[var];
        if data.class == VarClass::Auto && data.used {
            size = round_up(size + data.ty.size(), data.ty.alignment());
            data.offset = -size;
        }
    }
    f.stack_size = round_up(size, 8);
}

/// Sets `used`. Parameters and results that were used before stay so.
fn mark_used(f: &mut Func) {
    for data in f.vars.values_mut() {
        data.used &= data.class != VarClass::Auto;
    }
    for home in f.homes.values() {
        if let Location::Slot(var) = *home {
            f.vars[var].used = true;
        }
    }
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        for n in 0..f[b].values.len() {
            if let Aux::Var(var) = f[f[b].values[n]].aux {
                f.vars[var].used = true;
            }
        }
    }
}

/// The order of variables: parameters and results by offset; then locals, used ones first, those that
/// hold pointers first, larger ones first, then by name (gc: gc/pgen.go, cmpstackvarlt).
fn comes_before(a: &VarData, b: &VarData) -> bool {
    let is_auto = |data: &VarData| data.class == VarClass::Auto;
    match (is_auto(a), is_auto(b)) {
        (false, false) => a.offset < b.offset,
        (true, true) => {
            let has_pointers = |data: &VarData| data.ty.is_ptr() || data.ty.is_string();
            let order = (b.used.cmp(&a.used))
                .then_with(|| has_pointers(b).cmp(&has_pointers(a)))
                .then_with(|| b.ty.size().cmp(&a.ty.size()))
                .then_with(|| a.name.cmp(&b.name));
            order == Ordering::Less
        }
        (a_is_auto, _) => !a_is_auto,
    }
}

/// The next multiple of `alignment`, a power of two.
fn round_up(size: i64, alignment: i64) -> i64 {
    (size + alignment - 1) & -alignment
}
