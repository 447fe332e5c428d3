//! Moving values close to their uses.

use std::collections::VecDeque;

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use smallvec::SmallVec;

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::lca::Lca;
use crate::loopnest::LoopNest;
use crate::op::{NIL_CHECK, Op};

/// Moves every selector into the block of its tuple or call, and keeps one of each kind.
///
/// `schedule` issues selectors directly after their tuple, and regalloc has no register for a tuple
/// (gc: tuple.go, tightenTupleSelectors).
pub(crate) fn tighten_tuple_selectors(f: &mut Func, _config: &Config) {
    // By index, the selectors of a tuple that are in its block.
    let mut selectors: SecondaryMap<Value, SmallVec<[Option<Value>; 2]>> = SecondaryMap::new();
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        f.look_ahead(at);
        for n in 0..f[b].values.len() {
            let v = f[b].values[n];
            let index = match f[v].op {
                Op::Select0 => 0,
                Op::Select1 => 1,
                Op::SelectN => f[v].aux_int as usize,
                _ => continue,
            };
            let tuple = f[v].args[0];
            let home = f[tuple].block.expect("arguments are in a block");
            let found = &mut selectors[tuple];
            if found.len() <= index {
                found.resize(index + 1, None);
            }
            match found[index] {
                Some(first) if first == v => {}
                Some(first) => f.copy_of(v, first),
                None if b == home => found[index] = Some(v),
                None => {
                    let moved = f.copy_into(v, home);
                    f.copy_of(v, moved);
                    found[index] = Some(moved);
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
    let movable = movable(f, is_movable);
    let nest = Some(f.loopnest());
    move_to_uses(f, &movable, nest.as_deref(), |_, _, _| true);
    f.scratch.flags.free(movable);
}

/// Moves values like [`tighten`], and those that read memory too, to blocks that start with the state of memory
/// that they read.
pub(crate) fn tighten_loads(f: &mut Func, config: &Config) {
    if f.layout.len() == 1 || !config.optimize && f.layout.len() < 10_000 {
        return;
    }
    let movable = movable(f, is_load_movable);
    let starts = memory_at_start(f);
    // The loops may be wrong if one of them has several entries.
    let nest = Some(f.loopnest()).filter(|nest| !nest.has_irreducible);
    move_to_uses(f, &movable, nest.as_deref(), |f, v, target| {
        let memory = f.memory_arg(v);
        memory.is_none() || starts[target.id()].expand() == memory
    });
    f.scratch.flags.free(movable);
    f.scratch.choices.free(starts);
}

/// By value number: whether `is_movable`.
fn movable(f: &mut Func, is_movable: fn(&Func, Value) -> bool) -> Vec<bool> {
    let mut movable = f.scratch.flags.table(f.num_values(), false);
    for b in f.walk() {
        for &v in &f[b].values {
            movable[v.id()] = is_movable(f, v);
        }
    }
    movable
}

/// Moves values to their uses, but out of the loops of `nest`, until nothing moves. `can_move` is asked last
/// whether a value can move to a block.
fn move_to_uses(
    f: &mut Func,
    movable: &[bool],
    nest: Option<&LoopNest>,
    can_move: impl Fn(&Func, Value, Block) -> bool,
) {
    let idom = f.idom();
    let mut lca = Lca::new(f);
    let mut targets = f.scratch.targets.table(f.num_values(), None.into());
    let mut changed = true;
    while changed {
        find_targets(f, movable, &mut lca, &mut targets);
        for &b in nest.map_or(&[][..], |_| &f.layout) {
            let nest = nest.expect("there are no blocks without");
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
        changed = move_to_targets(f, &targets, &can_move);
    }
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

/// Reports whether a value may be computed in another block, given the memory that it reads.
fn is_load_movable(f: &Func, v: Value) -> bool {
    let data = &f[v];
    let has_place = match data.op {
        Op::Phi | Op::Arg | Op::ArgIntReg | Op::Select0 | Op::Select1 | Op::SelectN => true,
        op => op.has(NIL_CHECK),
    };
    let needs_register = |&&arg: &&Value| {
        let ty = f[arg].ty;
        let elsewhere = ty.is_memory() || ty.is_void() || ty.is_flags() || ty.is_tuple();
        !elsewhere && !matches!(f[arg].op, Op::SP | Op::SB)
    };
    let mut in_register = data.args.iter().filter(needs_register);
    let first = in_register.next();
    let one_register = in_register.all(|arg| Some(arg) == first);
    !has_place && (one_register || data.ty.is_flags())
}

/// By block number: the state of memory at the start of a block, if a value of it or of a block behind it
/// tells (gc: tighten.go, memState).
fn memory_at_start(f: &mut Func) -> Vec<PackedOption<Value>> {
    let mut starts = f.scratch.choices.table(f.num_blocks(), None.into());
    let mut known_at_end = f.scratch.flags.table(f.num_blocks(), false);
    let mut work = VecDeque::new();
    for b in f.walk() {
        let incoming = |&v: &Value| match f[v].op {
            Op::Phi => Some(v).filter(|&v| f[v].ty.is_memory()),
            Op::InitMem => Some(v),
            _ => f
                .memory_arg(v)
                .filter(|&memory| f[memory].block != b.into()),
        };
        if let Some(memory) = f[b].values.iter().find_map(incoming) {
            starts[b.id()] = memory.into();
            work.push_back(b);
        }
    }
    while let Some(b) = work.pop_front() {
        let memory = starts[b.id()].expect("it is set before the block is added");
        let is_phi = f[memory].op == Op::Phi && f[memory].block == b.into();
        for (index, edge) in f[b].preds.iter().enumerate() {
            let pred = edge.block;
            if std::mem::replace(&mut known_at_end[pred.id()], true) || starts[pred.id()].is_some()
            {
                continue;
            }
            let at_end = if is_phi {
                f[memory].args[index]
            } else {
                memory
            };
            starts[pred.id()] = at_end.into();
            work.push_back(pred);
        }
    }
    f.scratch.flags.free(known_at_end);
    starts
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
    for b in f.walk() {
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
        for control in f[b].controls() {
            add_use(control, b);
        }
    }
}

/// Appends values to their new blocks. A block's last value takes the position of one that leaves. Returns
/// whether a value moved.
fn move_to_targets(
    f: &mut Func,
    targets: &[PackedOption<Block>],
    can_move: impl Fn(&Func, Value, Block) -> bool,
) -> bool {
    let mut moved = false;
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        f.look_ahead(at);
        let mut n = 0;
        while let Some(&v) = f[b].values.get(n) {
            match targets[v.id()].expand() {
                Some(target) if target != b && can_move(f, v, target) => {
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
        f.look_ahead(at);
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
