//! Removal of the uses of copies.

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use crate::phielim::phielim;

/// Makes every argument, control and named value that is a copy the copy's source (gc: copyelim.go); first phis of
/// one value copies, if the version does both at once.
///
/// Ensures that no argument is a copy, those of copies included; the copies themselves go in deadcode.
pub(crate) fn copyelim(f: &mut Func, config: &Config) {
    if f.profile.pass.copyelim_removes_phis {
        // Which leaves no arguments that are copies.
        phielim(f, config);
    } else {
        copyelim_args(f);
    }
    if !f.has_copies() {
        return;
    }
    for block_index in 0..f.layout.len() {
        copyelim_controls(f, f.layout[block_index]);
    }
    copyelim_names(f);
}

/// Replaces controls that are copies by the copies' sources. Requires that these are no copies.
pub(crate) fn copyelim_controls(f: &mut Func, b: Block) {
    f.replace_controls(b, |f, control| {
        f.is_copy(control).then(|| f[control].args[0])
    });
}

/// Replaces named values that are copies by the copies' sources.
pub(crate) fn copyelim_names(f: &mut Func) {
    if !f.has_copies() {
        return;
    }
    for name_index in 0..f.names.len() {
        let var = f.names[name_index];
        for index in 0..f.named_values[var].len() {
            let v = f.named_values[var][index];
            if f.is_copy(v) {
                f.named_values[var][index] = copy_source(f, v);
            }
        }
    }
}

fn copyelim_args(f: &mut Func) {
    if !f.has_copies() {
        return;
    }
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        f.look_ahead(block_index);
        let mut from = 0;
        while let Some(index) = f.find_value(b, from, |v| has_copy_arg(f, v)) {
            copyelim_value(f, f[b].values[index]);
            from = index + 1;
        }
    }
}

/// Returns the value at the end of the chain of copies from `v`. All copies of the chain become direct copies of it,
/// so that long chains are walked once.
pub(crate) fn copy_source(f: &mut Func, v: Value) -> Value {
    let mut source = f[v].args[0];
    if f[source].op != Op::Copy {
        return source;
    }
    // Dead code can hold a cycle of copies: a second walk at half speed meets the first one there.
    let mut slow = source;
    let mut advance = false;
    while f[source].op == Op::Copy {
        source = f[source].args[0];
        if source == slow {
            f.reset(source, Op::Unknown);
            break;
        }
        if advance {
            slow = f[slow].args[0];
        }
        advance = !advance;
    }
    let mut copy = v;
    while copy != source {
        let next = f[copy].args[0];
        f.set_arg(copy, 0, source);
        copy = next;
    }
    source
}

/// Replaces the arguments of `v` that are copies by their sources.
pub(crate) fn copyelim_value(f: &mut Func, v: Value) {
    if !has_copy_arg(f, v) {
        return;
    }
    for index in 0..f[v].args.len() {
        let arg = f[v].args[index];
        if f[arg].op == Op::Copy {
            let source = copy_source(f, arg);
            f.set_arg(v, index, source);
        }
    }
}

/// Reports whether an argument of `v` is a copy.
pub(crate) fn has_copy_arg(f: &Func, v: Value) -> bool {
    f.has_copies() && f[v].args.iter().any(|&arg| f.is_copy(arg))
}
