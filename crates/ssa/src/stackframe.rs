//! The layout of local variables in the frame.

use std::cmp::Ordering;

use crate::arguments::in_registers;
use crate::config::Config;
use crate::entity::Var;
use crate::func::{Func, Location, VarClass, VarData};
use crate::op::Op;
use crate::value::Aux;
use minigo_base::sort::sort;

/// Sets the offset of every local variable that is a value's home or operand, and the size of all of them (gc:
/// gc/pgen.go, AllocFrame).
///
/// Homes of values that were removed count too. Offsets go down from the end of the frame in the order
/// of [`comes_before`]: large variables first, so that none needs padding.
pub(crate) fn stackframe(f: &mut Func, _config: &Config) {
    let results = in_registers(f, VarClass::Result);
    let results: Vec<Var> = results.into_iter().map(|part| part.var).collect();
    mark_used(f, &results);
    let mut order: Vec<Var> = f.vars.keys().collect();
    if f.profile.stackalloc.by_alignment {
        order.sort_by(|&a, &b| by_alignment(&f.vars[a], &f.vars[b]));
    } else {
        sort(&mut order, |&a, &b| comes_before(&f.vars[a], &f.vars[b]));
    }
    let mut size = 0;
    for var in order {
        let data = &mut f.vars[var];
        if data.used && (data.class == VarClass::Auto || results.contains(&var)) {
            size = round_up(size + data.ty.size(), data.ty.alignment());
            data.offset = -size;
        }
    }
    f.stack_size = round_up(size, 8);
}

/// Sets `used`. Parameters and results in memory that were used before stay so; `results` are those in registers.
fn mark_used(f: &mut Func, results: &[Var]) {
    for (var, data) in f.vars.iter_mut() {
        data.used &= data.class != VarClass::Auto && !results.contains(&var);
    }
    for home in f.homes.values() {
        if let Location::Slot(var) = *home {
            f.vars[var].used = true;
        }
    }
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        for n in 0..f[b].values.len() {
            let v = f[b].values[n];
            if let Aux::Var(var) = f[v].aux
                && !(f[v].op == Op::VarDef && results.contains(&var))
            {
                f.vars[var].used = true;
            }
        }
    }
}

/// Returns the order of variables: parameters and results by offset; then locals, used ones first, those that
/// hold pointers first, larger ones first, then by name (gc: gc/pgen.go, cmpstackvarlt).
fn comes_before(a: &VarData, b: &VarData) -> bool {
    let is_auto = |data: &VarData| data.class == VarClass::Auto;
    match (is_auto(a), is_auto(b)) {
        (false, false) => a.offset < b.offset,
        (true, true) => {
            let has_pointers = |data: &VarData| data.ty.has_pointers();
            let order = (b.used.cmp(&a.used))
                .then_with(|| has_pointers(b).cmp(&has_pointers(a)))
                .then_with(|| b.ty.size().cmp(&a.ty.size()))
                .then_with(|| a.own_name().cmp(b.own_name()));
            order == Ordering::Less
        }
        (a_is_auto, _) => !a_is_auto,
    }
}

/// Orders variables in the frame: those that hold pointers first, those with a larger alignment first, then by name.
/// The order of others doesn't matter.
fn by_alignment(a: &VarData, b: &VarData) -> Ordering {
    (b.ty.has_pointers().cmp(&a.ty.has_pointers()))
        .then_with(|| b.ty.alignment().cmp(&a.ty.alignment()))
        .then_with(|| a.own_name().cmp(b.own_name()))
}

/// Returns the next multiple of `alignment`, a power of two.
fn round_up(size: i64, alignment: i64) -> i64 {
    (size + alignment - 1) & -alignment
}

#[cfg(test)]
mod tests {
    use minigo_base::Pos;

    use super::*;
    use crate::ty::Type;

    #[test]
    fn large_variables_come_first() {
        let text = "\
== f: loop rotate nb=2 nv=1
  b1: Ret @2:1:1+ preds succs
";
        let mut syms = minigo_obj::SymTable::new();
        let mut f = crate::parse(text, &mut syms, &crate::profile::GO1_15)
            .expect("a good dump")
            .func;
        let mut home = |n: u32, name: &str, ty: Type| {
            let var = f.new_auto(Pos::NONE, ty);
            f.vars[var].name = name.to_owned();
            if n > 0 {
                f.homes[crate::Value::from_u32(n)] = Location::Slot(var);
            }
            var
        };
        let vars = [
            home(1, "x", Type::UINT8),
            home(2, ".autotmp_9", Type::INT32),
            home(3, ".autotmp_10", Type::INT32),
            home(0, "unused", Type::INT64),
            home(4, "y", Type::INT64),
        ];
        stackframe(&mut f, &Config::new(&crate::profile::GO1_15));
        let offsets = vars.map(|var| f.vars[var].used.then_some(f.vars[var].offset));
        let want = [Some(-17), Some(-16), Some(-12), None, Some(-8)];
        assert_eq!((offsets, f.stack_size), (want, 24));
    }
}
