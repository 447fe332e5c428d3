//! Pass `lower`: the amd64 rules of the profile, and the conditions of these rules.

use cranelift_entity::packed_option::PackedOption;
use smallvec::SmallVec;

use crate::block::BlockKind;
use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::{Op, SYM_ADDR};
use crate::value::{Aux, ValAndOff};

/// Replaces generic operations by machine operations and simplifies these (gc: lower.go, lower).
///
/// Ensures, after the next deadcode, that the only generic operations left are those without an
/// instruction.
pub(crate) fn lower(f: &mut Func, _config: &Config) {
    (f.profile.rules.amd64)(f);
}

/// Splits a comparison with memory into a load and a comparison. Returns whether `v` was one (gc:
/// AMD64splitload.rules).
pub(crate) fn split_load(f: &mut Func, v: Value) -> bool {
    (f.profile.rules.split_load)(f, v)
}

/// Reports whether a shift is known to be by less than the width.
pub(crate) fn is_bounded(f: &Func, v: Value) -> bool {
    f[v].aux_int != 0
}

/// Returns the byte that a symbol holds, if it is one that is never written.
pub(crate) fn read_only_byte(f: &Func, sym: Aux) -> Option<i64> {
    match sym {
        Aux::Sym(sym) => f.read_only.get(&sym).map(|&byte| i64::from(byte)),
        _ => None,
    }
}

/// Reports whether `v` can be computed again instead of being spilled.
pub(crate) fn is_rematerializable(f: &Func, v: Value) -> bool {
    f.rematerializable(v)
}

/// Returns the value and offset with a larger offset, if that fits.
pub(crate) fn offset_by(packed: ValAndOff, offset: i64) -> Option<ValAndOff> {
    ValAndOff::new(packed.val(), packed.off() + offset)
}

/// Returns the one symbol of an address made of two; none if there are two.
pub(crate) fn merge_sym(a: Aux, b: Aux) -> Option<Aux> {
    match (a, b) {
        (Aux::None, other) | (other, Aux::None) => Some(other),
        _ => None,
    }
}

/// Reports whether a condition holds for flags known at compile time; none if they aren't known.
pub(crate) fn known(f: &Func, flags: Value, condition: BlockKind) -> Option<bool> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let (signed, unsigned) = match f[flags].op {
        Op::FlagEQ => (Equal, Equal),
        Op::FlagLT_ULT => (Less, Less),
        Op::FlagLT_UGT => (Less, Greater),
        Op::FlagGT_ULT => (Greater, Less),
        Op::FlagGT_UGT => (Greater, Greater),
        _ => return None,
    };
    match condition {
        BlockKind::EQ => Some(signed.is_eq()),
        BlockKind::NE => Some(signed.is_ne()),
        BlockKind::LT => Some(signed.is_lt()),
        BlockKind::LE => Some(signed.is_le()),
        BlockKind::GT => Some(signed.is_gt()),
        BlockKind::GE => Some(signed.is_ge()),
        BlockKind::ULT => Some(unsigned.is_lt()),
        BlockKind::ULE => Some(unsigned.is_le()),
        BlockKind::UGT => Some(unsigned.is_gt()),
        BlockKind::UGE => Some(unsigned.is_ge()),
        _ => None,
    }
}

/// Makes `v` the flags of the comparison of two constants.
pub(crate) fn compare_constants(f: &mut Func, v: Value, x: i64, y: i64) -> bool {
    let op = match (x < y, (x as u64) < y as u64) {
        _ if x == y => Op::FlagEQ,
        (true, true) => Op::FlagLT_ULT,
        (true, false) => Op::FlagLT_UGT,
        (false, true) => Op::FlagGT_ULT,
        (false, false) => Op::FlagGT_UGT,
    };
    f.rewrite_to(v, op, 0, Aux::None, &[]);
    true
}

/// Makes `v`, a test of a load with itself, a comparison of memory with 0 in the block of the load.
pub(crate) fn test_of_load(f: &mut Func, v: Value, load: Value, zero: ValAndOff, op: Op) -> bool {
    let (block, pos, sym) = (f.block_of(load), f[load].pos, f[load].aux);
    let (ptr, mem) = (f[load].args[0], f[load].args[1]);
    f.clobber(&[load]);
    let compare = f.new_value_aux(block, pos, op, op.info().ty, zero.0, sym, &[ptr, mem]);
    f.copy_of(v, compare);
    true
}

/// Reports whether `target`, which computes in the register of its other argument `x`, can take `load` as an
/// operand in memory: `target` must be the last use of `x`, which is guessed from uses and loops (gc: rewrite.go,
/// canMergeLoadClobber).
pub(crate) fn can_merge_load_clobber(f: &mut Func, target: Value, load: Value, x: Value) -> bool {
    if f[x].uses != 1 {
        return false;
    }
    let loops = f.loopnest();
    loops.depth(f.block_of(target)) <= loops.depth(f.block_of(x)) && can_merge_load(f, target, load)
}

/// Reports whether `target` can take `load` as an operand in memory: it must be in the same block and the only
/// user, and no other argument of `target` may need a later state of memory (gc: rewrite.go, canMergeLoad).
pub(crate) fn can_merge_load(f: &Func, target: Value, load: Value) -> bool {
    const MAX_STEPS: usize = 100;
    let block = f[target].block;
    if f[load].block != block || f[load].uses != 1 {
        return false;
    }
    let Some(mem) = f.memory_arg(load) else {
        return false;
    };
    let here = |v: &Value| f[*v].block == block;
    let others = f[target].args.iter().copied();
    let mut work: SmallVec<[Value; 32]> = others.filter(|arg| *arg != load && here(arg)).collect();
    for _ in 0..MAX_STEPS {
        let Some(v) = work.pop() else { return true };
        let data = &f[v];
        // A phi is at the top of the block.
        if data.op == Op::Phi {
            continue;
        }
        // An address of a variable must not be forced in front of the variable's definition.
        if data.op.has(SYM_ADDR) {
            return false;
        }
        if data.ty.is_memory() {
            if is_memory_before(f, v, mem, block) {
                continue;
            }
            return false;
        }
        // A value that reads the same memory can be computed before `target`.
        if data.args.last() != Some(&mem) {
            work.extend(data.args.iter().copied().filter(here));
        }
    }
    work.is_empty()
}

/// Reports whether `v` is `mem` or a state of memory not far before it in the block.
fn is_memory_before(f: &Func, v: Value, mem: Value, block: PackedOption<Block>) -> bool {
    const MAX_STEPS: usize = 50;
    let states = std::iter::successors(Some(mem), |&m| f.memory_arg(m));
    states
        .take(MAX_STEPS)
        .take_while(|&m| f[m].op != Op::Phi && f[m].block == block && f[m].ty.is_memory())
        .any(|m| m == v)
}

/// Returns the block of one of `values` that all the others dominate and that dominates `v`, found by walking up from
/// `v` over single predecessors; none if there is none nearby (gc: rewrite.go, mergePoint).
pub(crate) fn merge_point(f: &Func, v: Value, values: &[Value]) -> Option<Block> {
    const MAX_DISTANCE: usize = 100;
    let in_block = |b: Block| values.iter().filter(|&&x| f[x].block == b.into()).count();
    let up = |&b: &Block| match f[b].preds[..] {
        [pred] => Some(pred.block),
        _ => None,
    };
    let mut found = None;
    let mut n_found = 0;
    for b in std::iter::successors(f[v].block.expand(), up).take(MAX_DISTANCE) {
        n_found += in_block(b);
        if n_found > 0 {
            found = found.or(Some(b));
        }
        if n_found == values.len() {
            return found;
        }
    }
    None
}

/// Reports whether `is_zero` holds for a value or, up to `depth` phis deep, for all that it merges.
fn zero_upper_bits(f: &Func, v: Value, depth: u32, is_zero: fn(&Func, Value) -> bool) -> bool {
    match f[v].op {
        Op::Phi | Op::Select0 | Op::Select1 => {
            let args = &f[v].args;
            depth > 0
                && args
                    .iter()
                    .all(|&arg| zero_upper_bits(f, arg, depth - 1, is_zero))
        }
        _ => is_zero(f, v),
    }
}

/// Reports whether the upper 32 bits of the register are known to be 0. Looks through `depth` phis.
pub(crate) fn zero_upper_32_bits(f: &Func, v: Value, depth: u32) -> bool {
    zero_upper_bits(f, v, depth, |f, v| match f[v].op {
        Op::MOVLconst
        | Op::MOVLload
        | Op::MOVLQZX
        | Op::MOVWload
        | Op::MOVBload
        | Op::ADDLload
        | Op::SUBLload
        | Op::ANDLload
        | Op::ORLload
        | Op::XORLload
        | Op::ADDL
        | Op::ADDLconst
        | Op::SUBL
        | Op::SUBLconst
        | Op::ANDL
        | Op::ANDLconst
        | Op::ORL
        | Op::ORLconst
        | Op::XORL
        | Op::XORLconst
        | Op::NEGL
        | Op::NOTL
        | Op::SHRL
        | Op::SHRLconst
        | Op::SARL
        | Op::SARLconst
        | Op::SHLL
        | Op::SHLLconst => true,
        Op::Arg => f[v].ty.size() == 4,
        _ => false,
    })
}

/// Reports whether the upper 48 bits of the register are known to be 0. Looks through `depth` phis.
pub(crate) fn zero_upper_48_bits(f: &Func, v: Value, depth: u32) -> bool {
    zero_upper_bits(f, v, depth, |f, v| match f[v].op {
        Op::MOVWQZX | Op::MOVWload => true,
        Op::Arg => f[v].ty.size() == 2,
        _ => false,
    })
}

/// Reports whether the upper 56 bits of the register are known to be 0. Looks through `depth` phis.
pub(crate) fn zero_upper_56_bits(f: &Func, v: Value, depth: u32) -> bool {
    zero_upper_bits(f, v, depth, |f, v| match f[v].op {
        Op::MOVBQZX | Op::MOVBload => true,
        Op::Arg => f[v].ty.size() == 1,
        _ => false,
    })
}
