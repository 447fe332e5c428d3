//! The flags register.

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::lower::split_load;
use crate::op::{CLOBBER_FLAGS, Op};

/// Recomputes flags so that every user finds them in the one flags register: flags that were destroyed, or
/// that a successor needs at the end of a block.
///
/// Requires the final order of values. Sets `flags_live_at_end`, which keeps emission from zeroing
/// registers by XOR. Like regalloc, breaks strict SSA form: users in other blocks of flags computed
/// again keep the original as their argument (gc: flagalloc.go, flagalloc).
pub(crate) fn flagalloc(f: &mut Func, _config: &Config) {
    let end = flags_at_end(f);
    let spilled = spilled_flags(f, &end);
    // Most of the time all flags stay in the register until they are used.
    if spilled.contains(&true) {
        recompute_spilled(f, &end, &spilled);
    }
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        f[b].flags_live_at_end = end[b.id()].is_some();
    }
}

/// Computes flags again where they are needed and the register holds others, and removes originals that have
/// become unused.
fn recompute_spilled(f: &mut Func, end: &[Option<Value>], spilled: &[bool]) {
    let mut remove = Vec::new();
    let mut old = Vec::new();
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        old.clear();
        old.append(&mut f[b].values);
        recompute(f, b, &old, end, spilled, &mut remove);
    }
    remove_unused(f, remove);
}

/// Returns the flags that should be in the register at the end of each block, by block number: a best effort in
/// two rounds, since a wrong guess only costs an instruction.
fn flags_at_end(f: &mut Func) -> Vec<Option<Value>> {
    let mut end = vec![None; f.num_blocks()];
    // The flags at the end and at the start of blocks in the first round.
    let mut first_round = vec![None; f.num_blocks()];
    let order = f.postorder();
    for _ in 0..2 {
        for (at, &b) in order.iter().enumerate() {
            f.look_along(&order, at);
            let at_end = flags_control(f, b).or(end[b.id()]);
            let flags = match first_round[b.id()] {
                Some((known, at_start)) if known == at_end => at_start,
                _ => flags_before(f, b, at_end),
            };
            first_round[b.id()] = Some((at_end, flags));
            if flags.is_some() {
                for edge in &f[b].preds {
                    end[edge.block.id()] = flags;
                }
            }
        }
    }
    // No instruction can follow the jump: only the flags that it reads can stay.
    for &b in &f.layout {
        if let Some(control) = flags_control(f, b)
            && end[b.id()] != Some(control)
        {
            end[b.id()] = None;
        }
    }
    end
}

/// Finds flags that are needed where the register holds others; the table is by value number.
fn spilled_flags(f: &Func, end: &[Option<Value>]) -> Vec<bool> {
    let mut spilled = vec![false; f.num_values()];
    for b in f.walk() {
        let mut flags = flags_at_start(f, b, end);
        for &v in &f[b].values {
            for &arg in &f[v].args {
                if f[arg].ty.is_flags() && flags != Some(arg) {
                    spilled[arg.as_u32() as usize] = true;
                    flags = Some(arg);
                }
            }
            flags = flags_after(f, v, flags);
        }
        for wanted in [flags_control(f, b), end[b.id()]].into_iter().flatten() {
            if flags != Some(wanted) {
                spilled[wanted.as_u32() as usize] = true;
            }
        }
    }
    spilled
}

/// Issues the values `old` of block `b` again, and flags where they are needed. Originals that may have
/// become unused go to `remove`.
fn recompute(
    f: &mut Func,
    b: Block,
    old: &[Value],
    end: &[Option<Value>],
    spilled: &[bool],
    remove: &mut Vec<Value>,
) {
    // The original of the flags in the register.
    let mut flags = flags_at_start(f, b, end);
    debug_assert!(
        f[b].preds.iter().all(|edge| end[edge.block.id()] == flags),
        "predecessors of {b} leave different flags"
    );
    for &v in old {
        if spilled[v.as_u32() as usize] && f.memory_arg(v).is_some() {
            // The memory may be another one where the flags are computed again.
            remove.push(v);
            assert!(split_load(f, v), "{v} is no comparison with memory");
        }
        for index in 0..f[v].args.len() {
            let arg = f[v].args[index];
            if f[arg].ty.is_flags() && flags != Some(arg) {
                let copy = copy_flags(f, arg, b);
                f.set_arg(v, index, copy);
                flags = Some(arg);
            }
        }
        f[b].values.push(v);
        flags = flags_after(f, v, flags);
    }
    if let Some(control) = flags_control(f, b)
        && flags != Some(control)
    {
        remove.push(control);
        let copy = copy_flags(f, control, b);
        f.set_control(b, copy);
        flags = Some(control);
    }
    if let Some(wanted) = end[b.id()]
        && flags != Some(wanted)
    {
        remove.push(wanted);
        copy_flags(f, wanted, b);
    }
}

/// Removes given values without uses from their blocks. Their numbers stay unused.
fn remove_unused(f: &mut Func, mut values: Vec<Value>) {
    values.retain(|&v| f[v].uses == 0);
    for &v in &values {
        f.reset(v, Op::Invalid);
    }
    let mut blocks: Vec<Block> = values.iter().filter_map(|&v| f[v].block.expand()).collect();
    blocks.sort_unstable();
    blocks.dedup();
    for b in blocks {
        let mut kept = std::mem::take(&mut f[b].values);
        kept.retain(|&v| f[v].op != Op::Invalid);
        f[b].values = kept;
    }
}

/// Returns the flags that should be in the register at the start of `b`, given those at its end.
fn flags_before(f: &Func, b: Block, at_end: Option<Value>) -> Option<Value> {
    let mut flags = at_end;
    for &v in f[b].values.iter().rev() {
        if flags == Some(v) || clobbers_flags(f, v) {
            flags = None;
        }
        flags = flags_arg(f, v).or(flags);
    }
    flags
}

/// Returns the control value, if it is flags.
fn flags_control(f: &Func, b: Block) -> Option<Value> {
    f[b].control.filter(|&control| f[control].ty.is_flags())
}

/// Returns the flags in the register at the start of `b`, given those at the ends of blocks.
fn flags_at_start(f: &Func, b: Block, end: &[Option<Value>]) -> Option<Value> {
    end[f[b].preds.first()?.block.id()]
}

/// Returns the last argument that is flags.
fn flags_arg(f: &Func, v: Value) -> Option<Value> {
    let mut args = f[v].args.iter().rev().copied();
    args.find(|&arg| f[arg].ty.is_flags())
}

/// Returns the flags in the register after `v`, given those before.
fn flags_after(f: &Func, v: Value, before: Option<Value>) -> Option<Value> {
    if f[v].ty.is_flags() {
        Some(v)
    } else if clobbers_flags(f, v) {
        None
    } else {
        before
    }
}

/// Reports whether the operation changes the flags register. An operation that makes flags as half
/// of a tuple does so even when that half has no selector.
fn clobbers_flags(f: &Func, v: Value) -> bool {
    let ty = f[v].ty;
    let destroys = match f[v].op {
        Op::NOTL | Op::NOTQ => !f.profile.pass.not_keeps_flags,
        op => op.has(CLOBBER_FLAGS),
    };
    destroys || ty.is_tuple() && (ty.field(0).is_flags() || ty.field(1).is_flags())
}

/// Computes the flags `v`, and the flags and tuples that they are made of, at the end of `b`.
fn copy_flags(f: &mut Func, v: Value, b: Block) -> Value {
    let mut replaced: Vec<(usize, Value)> = Vec::new();
    for index in 0..f[v].args.len() {
        let arg = f[v].args[index];
        if f[arg].ty.is_flags() || f[arg].ty.is_tuple() {
            replaced.push((index, copy_flags(f, arg, b)));
        }
    }
    let copy = f.copy_into(v, b);
    for (index, arg) in replaced {
        f.set_arg(copy, index, arg);
    }
    copy
}
