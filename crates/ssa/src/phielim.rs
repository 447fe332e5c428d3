//! Removal of phis that choose between one value.

use crate::config::Config;
use crate::copyelim::{copyelim_value, has_copy_arg};
use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;

/// Makes every phi whose arguments, itself apart, are all one value a copy of that value, until nothing
/// changes (gc: phielim.go). Construction leaves such phis for every variable that a loop only reads.
pub(crate) fn phielim(f: &mut Func, _config: &Config) {
    loop {
        let mut changed = false;
        for block_index in 0..f.layout.len() {
            let b = f.layout[block_index];
            f.look_ahead(block_index);
            let mut from = 0;
            let is_concerned = |f: &Func, v: Value| f[v].op == Op::Phi || has_copy_arg(f, v);
            while let Some(index) = f.find_value(b, from, |v| is_concerned(f, v)) {
                let v = f[b].values[index];
                copyelim_value(f, v);
                changed |= phielim_value(f, v);
                from = index + 1;
            }
        }
        if !changed {
            return;
        }
    }
}

/// Makes `v` a copy if it is a phi whose arguments, itself apart, are all one value. Returns whether it was.
#[inline]
pub(crate) fn phielim_value(f: &mut Func, v: Value) -> bool {
    f[v].op == Op::Phi && eliminate(f, v)
}

fn eliminate(f: &mut Func, v: Value) -> bool {
    let mut others = f[v].args.iter().copied().filter(|&arg| arg != v);
    // A phi of itself only is in a dead loop and does not matter.
    let Some(source) = others.next() else {
        return false;
    };
    if others.any(|arg| arg != source) {
        return false;
    }
    f.set_op(v, Op::Copy);
    f.set_args(v, &[source]);
    true
}
