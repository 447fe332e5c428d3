//! Moving values close to their uses.

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::lca::Lca;
use crate::op::Op;

/// Moves every selector into the block of its tuple, and keeps one of each kind.
///
/// `schedule` issues selectors directly after their tuple, and regalloc has no register for a tuple
/// (gc: tuple.go, tightenTupleSelectors).
pub(crate) fn tighten_tuple_selectors(f: &mut Func, _config: &Config) {
    if !f.may_have(&[Op::Select0, Op::Select1]) {
        return;
    }
    // The selectors of a tuple that are in its block.
    let mut selectors: SecondaryMap<Value, [Option<Value>; 2]> = SecondaryMap::new();
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        for n in 0..f[b].values.len() {
            let v = f[b].values[n];
            let half = match f[v].op {
                Op::Select0 => 0,
                Op::Select1 => 1,
                _ => continue,
            };
            let tuple = f[v].args[0];
            let home = f[tuple].block.expect("arguments are in a block");
            match selectors[tuple][half] {
                Some(first) if first == v => {}
                Some(first) => f.copy_of(v, first),
                None if b == home => selectors[tuple][half] = Some(v),
                None => {
                    let moved = f.copy_into(v, home);
                    f.copy_of(v, moved);
                    selectors[tuple][half] = Some(moved);
                }
            }
        }
    }
}

/// Moves values into the nearest block that dominates their uses, unless that makes them live in more
/// registers or compute in a deeper loop (gc: tighten.go, tighten).
pub(crate) fn tighten(f: &mut Func, _config: &Config) {
    if f.layout.len() == 1 {
        return;
    }
    let mut movable = f.scratch.flags.table(f.num_values(), false);
    for &b in &f.layout {
        for &v in &f[b].values {
            movable[v.as_u32() as usize] = is_movable(f, v);
        }
    }
    let (idom, nest) = (f.idom(), f.loopnest());
    let mut lca = Lca::new(f);
    let mut targets = f.scratch.targets.table(f.num_values(), None.into());
    let mut changed = true;
    while changed {
        find_targets(f, &movable, &mut lca, &mut targets);
        for &b in &f.layout {
            let depth = nest.depth(b);
            for &v in &f[b].values {
                let target = &mut targets[v.id()];
                while let Some(block) = target.expand()
                    && nest.depth(block) > depth
                {
                    let l = nest.of(block).expect("a block of some depth is in a loop");
                    *target = idom[nest.loops[l].header].into();
                }
            }
        }
        changed = move_to_targets(f, &targets);
    }
    f.scratch.flags.free(movable);
    f.scratch.targets.free(targets);
    lca.free(f);
}

/// Reports whether a value may be computed in another block: it is not tied to its block, reads no memory, and
/// replaces at most one register by its result. Flags may move in any case: there is one flags
/// register, and the closer the better.
fn is_movable(f: &Func, v: Value) -> bool {
    if matches!(f[v].op, Op::Phi | Op::Arg | Op::Select0 | Op::Select1) || f.memory_arg(v).is_some()
    {
        return false;
    }
    let in_register = f[v].args.iter().filter(|&&arg| !f.rematerializable(arg));
    in_register.count() < 2 || f[v].ty.is_flags()
}

/// Sets the nearest common dominator of all uses of each movable value; none for others and for
/// unused ones.
fn find_targets(f: &Func, movable: &[bool], lca: &mut Lca, targets: &mut [PackedOption<Block>]) {
    targets.fill(None.into());
    let mut add_use = |v: Value, b: Block| {
        let at = v.as_u32() as usize;
        if movable[at] {
            let target = targets[at].expand();
            targets[at] = target.map_or(b, |target| lca.find(target, b)).into();
        }
    };
    for &b in &f.layout {
        for &v in &f[b].values {
            for (index, &arg) in f[v].args.iter().enumerate() {
                // A phi uses its argument at the end of the predecessor.
                add_use(
                    arg,
                    match f[v].op {
                        Op::Phi => f[b].preds[index].block,
                        _ => b,
                    },
                );
            }
        }
        if let Some(control) = f[b].control {
            add_use(control, b);
        }
    }
}

/// Appends values to their new blocks. A block's last value takes the position of one that leaves. Returns
/// whether a value moved.
fn move_to_targets(f: &mut Func, targets: &[PackedOption<Block>]) -> bool {
    let mut moved = false;
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        let mut n = 0;
        while let Some(&v) = f[b].values.get(n) {
            match targets[v.id()].expand() {
                Some(target) if target != b => {
                    f.move_value(v, target, n);
                    moved = true;
                }
                _ => n += 1,
            }
        }
    }
    moved
}

/// Copies rematerializable arguments of phis into the predecessors, so that constants are not live from
/// where they were made (gc: tighten.go, phiTighten).
pub(crate) fn phi_tighten(f: &mut Func, _config: &Config) {
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        for n in 0..f[b].values.len() {
            let v = f[b].values[n];
            if f[v].op != Op::Phi {
                continue;
            }
            for index in 0..f[v].args.len() {
                let (arg, pred) = (f[v].args[index], f[b].preds[index].block);
                if f.rematerializable(arg) && f[arg].block != pred.into() {
                    let copy = f.copy_into(arg, pred);
                    f.set_arg(v, index, copy);
                }
            }
        }
    }
}
