//! Passes `decompose args` and `decompose builtin`: strings, slices and interfaces become their words.

use crate::config::Config;
use crate::entity::Var;
use crate::func::{Func, VarData};
use crate::op::Op;
use crate::rewrite::apply_rewrite;
use crate::ty::Type;

/// Splits string parameters (gc: decompose.go, decomposeArgs). The language has none, but the rewriting
/// itself skips copies and frees them, and so decides which numbers later values get.
pub(crate) fn decompose_args(f: &mut Func, _config: &Config) {
    apply_rewrite(f, |_, _| false, |_, _| false);
}

/// Splits the loads, stores and names of strings, slices and interfaces (gc: decompose.go, decomposeBuiltIn).
/// There are no phis of them, since none of the program's variables is one.
pub(crate) fn decompose_builtin(f: &mut Func, _config: &Config) {
    (f.profile.rules.dec)(f);
    for var in std::mem::take(&mut f.names) {
        let ty = f.vars[var].ty;
        if ty.is_slice() {
            let pointer = ty.elem().pointer_to();
            let parts = [(".ptr", pointer), (".len", Type::INT), (".cap", Type::INT)];
            split_name(f, var, Op::SliceMake, &parts);
        } else if ty.is_interface() {
            let table = if ty == Type::INTERFACE {
                ".type"
            } else {
                ".itab"
            };
            let parts = [(table, Type::UINTPTR), (".data", Type::BYTE_PTR)];
            split_name(f, var, Op::IMake, &parts);
        } else {
            f.names.push(var);
        }
    }
}

/// Replaces a variable by one for each of its parts, with the words of the values made by `make`.
fn split_name(f: &mut Func, var: Var, make: Op, parts: &[(&str, Type)]) {
    f.changed = true;
    let values = std::mem::take(&mut f.named_values[var]);
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
