//! Merging of equal values without arguments, before the general elimination of common subexpressions.

use std::collections::hash_map::Entry;

use cranelift_entity::packed_option::PackedOption;
use rustc_hash::FxHashMap;

use crate::config::Config;
use crate::entity::Value;
use crate::func::Func;
use crate::op::{NO_ARGS, Op};
use crate::ty::Type;
use crate::value::Aux;

/// The parts of a value without arguments that equal values have in common. Types count by name: `byte` is not
/// `uint8` here.
type Key = (Op, i64, Aux, Type);

/// The first value of each key.
type FirstValues = FxHashMap<Key, Value>;

/// Returns the key of a value without arguments.
fn key(f: &Func, v: Value) -> Key {
    let data = &f[v];
    let aux_int = match data.op {
        Op::Const32 => i64::from(data.aux_int as i32),
        Op::Const16 => i64::from(data.aux_int as i16),
        Op::Const8 | Op::ConstBool => i64::from(data.aux_int as i8),
        _ => data.aux_int,
    };
    (data.op, aux_int, data.aux, data.ty)
}

/// Makes every argument without arguments of its own the first such value, which is moved to the end of
/// the entry block, where it dominates all uses (gc: zcse.go). Duplicates go in deadcode.
pub(crate) fn zcse(f: &mut Func, _config: &Config) {
    let mut first: FirstValues = f.scratch.lend();
    let mut replaced_by = f.scratch.choices.list();
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        f.look_ahead(block_index);
        let mut from = 0;
        while let Some(index) = f.find_value(b, from, |v| f[v].op.has(NO_ARGS)) {
            let v = f[b].values[index];
            from = index + 1;
            match first.entry(key(f, v)) {
                Entry::Vacant(entry) => {
                    entry.insert(v);
                    if b != f.entry {
                        // The last value is at this index next.
                        f.move_value(v, f.entry, index);
                        from = index;
                    }
                }
                Entry::Occupied(entry) if *entry.get() != v => {
                    // Made for the first duplicate.
                    replaced_by.resize(f.num_values(), None.into());
                    replaced_by[v.id()] = (*entry.get()).into();
                }
                Entry::Occupied(_) => {}
            }
        }
    }
    first.clear();
    f.scratch.take_back(first);
    if !replaced_by.is_empty() {
        replace(f, &replaced_by);
    }
    f.scratch.choices.free(replaced_by);
}

/// Redirects arguments; by value number, the value that replaces it.
fn replace(f: &mut Func, replaced_by: &[PackedOption<Value>]) {
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        f.look_ahead(block_index);
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            for arg_index in 0..f[v].args.len() {
                let arg = f[v].args[arg_index];
                if let Some(same) = replaced_by[arg.id()].expand() {
                    f.set_arg(v, arg_index, same);
                }
            }
        }
    }
}
