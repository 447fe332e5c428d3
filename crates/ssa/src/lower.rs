//! Passes `lower` and `late lower`: rules that make and simplify machine operations, and the functions that their
//! conditions call.

use cranelift_entity::packed_option::PackedOption;
use smallvec::SmallVec;

use crate::block::BlockKind;
use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::{Op, SYM_ADDR};
use crate::rewrite::zero_extend;
use crate::ty::Type;
use crate::value::{Aux, ValAndOff};

/// Replaces generic operations by machine operations and simplifies these (gc: lower.go, lower).
///
/// Ensures, after the next deadcode, that the only generic operations left are those without an
/// instruction.
pub(crate) fn lower(f: &mut Func, _config: &Config) {
    (f.profile.rules.amd64)(f, f.profile.rewrite.unused);
}

/// Makes a jump table one of amd64, which has the address of the table as second control (gc: AMD64.rules). Returns true.
pub(crate) fn lower_jump_table(f: &mut Func, b: Block) -> bool {
    let index = f[b].control.expect("a jump table has a control");
    let pos = f[b].pos;
    let aux = Aux::JumpTable(b);
    let address = f.new_value_aux(b, pos, Op::LEAQ, Type::UINTPTR, 0, aux, &[]);
    let sb = f.new_value(b, pos, Op::SB, Type::UINTPTR, &[]);
    f.add_arg(address, sb);
    f.reset_block_with_control(b, BlockKind::JUMPTABLE, index);
    f.set_second_control(b, address);
    true
}

/// Simplifies machine operations where all of them must be known (gc: lower.go, lateLower).
pub(crate) fn late_lower(f: &mut Func, _config: &Config) {
    (f.profile.rules.late_lower)(f, f.profile.rewrite.unused);
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
    read_only(f, sym, 0, 1).map(|byte| byte & 0xff)
}

/// Returns the signed integer of `size` bytes at an offset of a symbol, if that is never written.
pub(crate) fn read_only(f: &Func, sym: Aux, offset: i64, size: usize) -> Option<i64> {
    let Aux::Sym(sym) = sym else {
        return None;
    };
    let content = f.read_only.get(&sym)?;
    let start = usize::try_from(offset).ok()?;
    let bytes = content.get(start..start.checked_add(size)?)?;
    let mut extended = [0; 8];
    extended[8 - size..].copy_from_slice(bytes);
    Some(i64::from_le_bytes(extended) >> (64 - 8 * size))
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
/// operand in memory: `target` must be the last use of `x`, which is guessed from uses and loops (gc 1.15: rewrite.go,
/// canMergeLoadClobber).
pub(crate) fn can_merge_load_clobber(f: &mut Func, target: Value, load: Value, x: Value) -> bool {
    f[x].uses == 1 && is_not_deeper(f, target, x) && can_merge_load(f, target, load)
}

/// As [`can_merge_load_clobber`], but `x` may also be a phi of two uses that `target` feeds: its other use is
/// probably over (gc 1.27: rewrite.go, canMergeLoadClobber).
pub(crate) fn can_merge_load_or_loop(f: &mut Func, target: Value, load: Value, x: Value) -> bool {
    let (phi, uses) = (&f[x], f[x].uses);
    let is_fed = uses == 2
        && phi.op == Op::Phi
        && phi.args.len() == 2
        && phi.args.contains(&target)
        && f[target].uses == 1;
    (is_fed || uses == 1) && is_not_deeper(f, target, x) && can_merge_load(f, target, load)
}

/// Reports whether `target` is in no deeper loop than `x`.
fn is_not_deeper(f: &mut Func, target: Value, x: Value) -> bool {
    let (inner, outer) = (f.block_of(target), f.block_of(x));
    let loops = f.loopnest();
    loops.depth(inner) <= loops.depth(outer)
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

/// Reports whether the bits of `v`'s register from `bits` up (32, 16 or 8) are known to be 0. Looks through `depth`
/// phis (gc 1.15: rewrite.go, zeroUpper32Bits and so on).
pub(crate) fn zero_upper(f: &Func, v: Value, bits: u32, depth: u32) -> bool {
    match f[v].op {
        Op::Phi | Op::Select0 | Op::Select1 => {
            let mut args = f[v].args.iter();
            depth > 0 && args.all(|&arg| zero_upper(f, arg, bits, depth - 1))
        }
        _ => writes_only(f, v, bits),
    }
}

/// As [`zero_upper`], but never of a value of a signed type below 8 bytes: a restored spill of one is sign-extended.
/// Small constants count (gc 1.27: rewrite.go, ZeroUpper32Bits and so on).
pub(crate) fn zero_upper_unsigned(f: &Func, v: Value, bits: u32, depth: u32) -> bool {
    let data = &f[v];
    if data.ty.is_signed() && data.ty.size() < 8 {
        return false;
    }
    match data.op {
        Op::Phi | Op::Select0 | Op::Select1 => {
            let mut args = data.args.iter();
            depth > 0 && args.all(|&arg| zero_upper_unsigned(f, arg, bits, depth - 1))
        }
        Op::MOVQconst | Op::MOVLconst if data.aux_int == zero_extend(bits, data.aux_int) => true,
        _ => writes_only(f, v, bits),
    }
}

/// Reports whether an instruction zeroes the bits of its register from `bits` up.
fn writes_only(f: &Func, v: Value, bits: u32) -> bool {
    match f[v].op {
        Op::Arg => f[v].ty.size() * 8 == i64::from(bits),
        Op::MOVBQZX => bits == 8,
        Op::MOVBload => bits == 8 || bits == 32,
        Op::MOVWQZX => bits == 16,
        Op::MOVWload => bits == 16 || bits == 32,
        Op::MOVLconst
        | Op::MOVLload
        | Op::MOVLQZX
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
        | Op::SHLLconst => bits == 32,
        _ => false,
    }
}

/// The order of the operands of comparisons: by operation, then by line, then by age (gc 1.27: rewrite.go,
/// canonLessThan).
pub(crate) fn canon_less_than(f: &Func, x: Value, y: Value) -> bool {
    let (a, b) = (&f[x], &f[y]);
    if a.op != b.op {
        a.op < b.op
    } else if !a.pos.same_file_and_line(b.pos) {
        a.pos.before(b.pos)
    } else {
        x < y
    }
}

/// Makes `block`, which branches on the test `test` of the sum `sum` with itself, branch on the flags that the addition
/// sets. Returns true (gc 1.27: rewrite.go, flagify).
pub(crate) fn branch_on_sum(f: &mut Func, block: Block, test: Value, sum: Value) -> bool {
    let (kind, pos, ty) = (f[block].kind, f[test].pos, f[sum].ty);
    let with_flags = if f[sum].op == Op::ADDQconst {
        Op::ADDQconstflags
    } else {
        Op::ADDLconstflags
    };
    let tuple = f.copy_into(sum, f.block_of(sum));
    f.set_op(tuple, with_flags);
    f[tuple].ty = Type::tuple(ty, Type::FLAGS);
    f.rewrite_to(sum, Op::Select0, 0, Aux::None, &[tuple]);
    let flags = f.new_value(block, pos, Op::Select1, Type::FLAGS, &[tuple]);
    f.reset_block_with_control(block, kind, flags);
    true
}
