//! Passes `decompose args` and `decompose builtin`: strings, slices and interfaces become their words.

use crate::config::Config;
use crate::entity::Var;
use crate::func::{Func, VarData};
use crate::op::Op;
use crate::profile::record::Unused;
use crate::rewrite::apply_rewrite;
use crate::ty::Type;

/// Splits string parameters (gc: decompose.go, decomposeArgs). The language has none, but the rewriting
/// itself skips copies and frees them, and so decides which numbers later values get.
pub(crate) fn decompose_args(f: &mut Func, _config: &Config) {
    apply_rewrite(f, Unused::Rewrite, |_, _| false, |_, _| false);
}

/// Splits the loads, stores and names of strings, slices and interfaces (gc 1.15: decompose.go, decomposeBuiltIn).
/// There are no phis of them, since none of the program's variables is one.
pub(crate) fn decompose_builtin(f: &mut Func, _config: &Config) {
    (f.profile.rules.dec)(f, Unused::Rewrite);
    for var in std::mem::take(&mut f.names) {
        match words(f.vars[var].ty) {
            Some((make, words)) => {
                split_name(f, var, make, &words);
                f.named_values[var].clear();
            }
            None => f.names.push(var),
        }
    }
}

/// As [`decompose_builtin`], and drops freed values and empty lists from all names; the last one takes the place of
/// each (gc 1.27: decompose.go, decomposeBuiltin and deleteNamedVals).
pub(crate) fn decompose_builtin_and_prune(f: &mut Func, _config: &Config) {
    (f.profile.rules.dec)(f, Unused::Skip);
    let mut names = std::mem::take(&mut f.names);
    for &var in &names {
        if let Some((make, words)) = words(f.vars[var].ty) {
            split_name(f, var, make, &words);
            swap_remove_where(f, var, make);
        }
    }
    for index in (0..names.len()).rev() {
        let was_empty = f.named_values[names[index]].is_empty();
        swap_remove_where(f, names[index], Op::Invalid);
        if was_empty {
            names.swap_remove(index);
        }
    }
    names.append(&mut f.names);
    f.names = names;
}

/// The words of a value of several: the operation that makes such a value, and the names and types of its parts.
type Words = (Op, Vec<(&'static str, Type)>);

/// Returns the words of a slice or interface, or `None` for other types.
fn words(ty: Type) -> Option<Words> {
    if ty.is_slice() {
        let pointer = ty.elem().pointer_to();
        let parts = vec![(".ptr", pointer), (".len", Type::INT), (".cap", Type::INT)];
        Some((Op::SliceMake, parts))
    } else if ty.is_interface() {
        let table = if ty == Type::INTERFACE {
            ".type"
        } else {
            ".itab"
        };
        let parts = vec![(table, Type::UINTPTR), (".data", Type::BYTE_PTR)];
        Some((Op::IMake, parts))
    } else {
        None
    }
}

/// Removes the values that are `op` from those of a variable, from the last to the first.
fn swap_remove_where(f: &mut Func, var: Var, op: Op) {
    let mut values = std::mem::take(&mut f.named_values[var]);
    for index in (0..values.len()).rev() {
        if f[values[index]].op == op {
            values.swap_remove(index);
        }
    }
    f.named_values[var] = values;
}

/// Gives each part of a variable a variable of its own, with the words of the values made by `make`.
fn split_name(f: &mut Func, var: Var, make: Op, parts: &[(&'static str, Type)]) {
    f.changed = true;
    let values = f.named_values[var].clone();
    let VarData { class, pos, .. } = f.vars[var];
    // The parts of other packages' variables are this package's.
    let name = f.vars[var].own_name().to_owned();
    for (index, &(suffix, ty)) in parts.iter().enumerate() {
        let part = f.vars.push(VarData {
            name: format!("{name}{suffix}"),
            class,
            ty,
            pos,
            offset: 0,
            used: false,
        });
        f.names.push(part);
        for &v in &values {
            if f[v].op == make {
                let word = f[v].args[index];
                f.named_values[part].push(word);
            }
        }
    }
}
