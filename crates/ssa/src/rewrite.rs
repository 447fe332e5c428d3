//! Rewriting with compiled rules: the driver, and the functions that rules and generated code share.

use minigo_base::{IsStmt, Pos, PosBase};
use rustc_hash::FxHashMap;

use crate::copyelim::{copy_source, has_copy_arg};
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::numberlines::next_good_statement_index;
use crate::op::{HAS_SIDE_EFFECTS, NIL_CHECK, Op};
use crate::phielim::phielim_value;
use crate::profile::record::Unused;
use crate::ty::Type;
use crate::value::{Aux, not_stmt_boundary};

/// Statement marks that lost their value, by file and line, and the block they were in.
type PendingLines = FxHashMap<(PosBase, u32), Block>;

fn line_of(pos: Pos) -> (PosBase, u32) {
    (pos.base(), pos.line())
}

/// Rewrites until a round over the function changes nothing (gc: rewrite.go, applyRewrite). `rewrite_block` and
/// `rewrite_value` try the rules once and return whether one matched.
///
/// Every round goes over blocks in layout order and over the values that each has when it is visited: new values
/// wait for the next round, unless they are in a later block. A value is rewritten at most once per
/// round. Copies without uses and values that rules invalidate vanish at once. Other values without uses are treated
/// as `unused` demands; those that stay count as uses until the next deadcode.
pub(crate) fn apply_rewrite(
    f: &mut Func,
    unused: Unused,
    rewrite_block: impl Fn(&mut Func, Block) -> bool,
    rewrite_value: impl Fn(&mut Func, Value) -> bool,
) {
    let mut pending = PendingLines::default();
    let mut present = f.scratch.values.list();
    let n_blocks = f.layout.len();
    // The number of blocks visited since the last change. When that is all of them, the rest of the round, which can
    // change nothing, is skipped.
    let mut n_settled = 0;
    let mut changed = true;
    while changed && n_settled < n_blocks {
        changed = false;
        for block_index in 0..n_blocks {
            let b = f.layout[block_index];
            f.look_ahead(block_index);
            n_settled += 1;
            while f[b].controls().any(|control| f[control].op == Op::Copy) {
                f.replace_controls(b, |f, control| {
                    (f[control].op == Op::Copy).then(|| f[control].args[0])
                });
                n_settled = 0;
            }
            let mut block_changed = rewrite_block(f, b);
            present.clone_from(&f[b].values);
            for (index, &v) in present.iter().enumerate() {
                if unused != Unused::Rewrite && f[v].uses == 0 && is_removable(f, v) {
                    if unused == Unused::Remove && f[v].op != Op::Invalid {
                        f.reset(v, Op::Invalid);
                        block_changed = true;
                    }
                    continue;
                }
                block_changed |= phielim_value(f, v);
                if has_copy_arg(f, v) {
                    skip_copies(f, v, &mut pending);
                    block_changed = true;
                }
                if rewrite_value(f, v) {
                    block_changed = true;
                    move_mark_down(f, b, index);
                }
            }
            if block_changed {
                changed = true;
                n_settled = 0;
            } else if n_settled == n_blocks {
                break;
            }
        }
    }
    f.scratch.values.free(present);
    free_invalid(f, pending);
}

/// Reports whether `v` has no effect besides its result (gc: value.go, removeable).
pub(crate) fn is_removable(f: &Func, v: Value) -> bool {
    let data = &f[v];
    let effects = NIL_CHECK | HAS_SIDE_EFFECTS;
    !data.ty.is_void() && !data.ty.is_memory() && !data.op.has_any(effects)
}

/// Makes arguments of `v` that are copies their sources, and invalidates copies without uses, so that
/// rules that ask for a single use see the real number.
fn skip_copies(f: &mut Func, v: Value, pending: &mut PendingLines) {
    for index in 0..f[v].args.len() {
        let mut copy = f[v].args[index];
        if f[copy].op != Op::Copy {
            continue;
        }
        let source = copy_source(f, copy);
        f.set_arg(v, index, source);
        move_mark(f, copy, source, v, pending);
        while f[copy].uses == 0 {
            let next = f[copy].args[0];
            f.reset(copy, Op::Invalid);
            copy = next;
        }
    }
}

/// Moves the statement mark of a copy to its source or else its user, if that is in the same block and line;
/// else records the line.
fn move_mark(f: &mut Func, copy: Value, source: Value, user: Value, pending: &mut PendingLines) {
    let (pos, block) = (f[copy].pos, f[copy].block);
    if pos.is_stmt() != IsStmt::Yes {
        return;
    }
    let fits = |v: Value| {
        let data = &f[v];
        data.block == block && data.pos.line() == pos.line() && data.pos.is_stmt() != IsStmt::No
    };
    if let Some(home) = [source, user].into_iter().find(|&v| fits(v)) {
        f[home].pos = f[home].pos.with_is_stmt();
    } else if let Some(block) = block.expand() {
        pending.insert(line_of(pos), block);
    }
    f[copy].pos = pos.with_not_stmt();
}

/// Moves the statement mark of a rewritten value to a later value if the new operation should not carry it.
fn move_mark_down(f: &mut Func, b: Block, index: usize) {
    let v = f[b].values[index];
    if f[v].pos.is_stmt() != IsStmt::Yes {
        return;
    }
    let better = next_good_statement_index(f, b, index);
    if better != index {
        let home = f[b].values[better];
        f[v].pos = f[v].pos.with_not_stmt();
        f[home].pos = f[home].pos.with_is_stmt();
    }
}

/// Frees the invalidated values and puts lost statement marks on the first value of their line and block.
fn free_invalid(f: &mut Func, mut pending: PendingLines) {
    let mut concerned = f.take_invalidated();
    for b in pending.values() {
        concerned[b.id()] = true;
    }
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        if !concerned[b.id()] {
            continue;
        }
        let mut values = std::mem::take(&mut f[b].values);
        values.retain(|&v| {
            let pos = f[v].pos;
            if f[v].op == Op::Invalid {
                if pos.is_stmt() == IsStmt::Yes {
                    pending.insert(line_of(pos), b);
                }
                f.free_value(v);
                return false;
            }
            let may_begin = f.profile.rewrite.marks_any_value || !not_stmt_boundary(f[v].op);
            if may_begin
                && !pending.is_empty()
                && pos.is_stmt() != IsStmt::No
                && pending.get(&line_of(pos)) == Some(&b)
            {
                pending.remove(&line_of(pos));
                f[v].pos = pos.with_is_stmt();
            }
            true
        });
        f[b].values = values;
        let pos = f[b].pos;
        if pending.get(&line_of(pos)) == Some(&b) {
            pending.remove(&line_of(pos));
            f[b].pos = pos.with_is_stmt();
        }
    }
    f.scratch.flags.free(concerned);
}

/// The functions that generated code calls.
impl Func {
    /// Returns the first two arguments of `v` as they are and exchanged.
    pub(crate) fn both_orders(&self, v: Value) -> [(Value, Value); 2] {
        let (first, second) = (self[v].args[0], self[v].args[1]);
        [(first, second), (second, first)]
    }

    /// Returns the block of a value that rules see.
    pub(crate) fn block_of(&self, v: Value) -> Block {
        self[v].block.expect("rules see values of blocks only")
    }

    /// Exchanges the operation of `v` and nothing else.
    pub(crate) fn rename(&mut self, v: Value, op: Op, rule: &'static str) -> bool {
        self.set_op(v, op);
        self.note_rule(v, rule);
        true
    }

    /// Makes `v` another operation; type and position stay.
    pub(crate) fn rewrite_to(&mut self, v: Value, op: Op, aux_int: i64, aux: Aux, args: &[Value]) {
        self.reset(v, op);
        self[v].aux_int = aux_int;
        self[v].aux = aux;
        self.add_args(v, args);
    }

    /// Invalidates values whose only users are about to be rewritten.
    pub(crate) fn clobber(&mut self, values: &[Value]) {
        for &v in values {
            self.reset(v, Op::Invalid);
        }
    }
}

/// Moves `v` to the position of `other`. Returns true.
pub(crate) fn take_pos(f: &mut Func, v: Value, other: Value) -> bool {
    f[v].pos = f[other].pos;
    true
}

/// Invalidates `v`, whose only users are about to change. Returns true.
pub(crate) fn clobbered(f: &mut Func, v: Value) -> bool {
    f.clobber(&[v]);
    true
}

/// Returns the type of pointers to the elements of a slice.
pub(crate) fn elem_pointer(slice: Type) -> Type {
    slice.elem().pointer_to()
}

// Wrapping arithmetic on aux integers. The rule compiler cuts results to the width of the operation.

/// Returns `a + b`.
pub(crate) fn add(a: i64, b: i64) -> i64 {
    a.wrapping_add(b)
}

/// Returns `a - b`.
pub(crate) fn sub(a: i64, b: i64) -> i64 {
    a.wrapping_sub(b)
}

/// Returns `a * b`.
pub(crate) fn mul(a: i64, b: i64) -> i64 {
    a.wrapping_mul(b)
}

/// Returns `-a`.
pub(crate) fn neg(a: i64) -> i64 {
    a.wrapping_neg()
}

/// Returns `a << n` as in Go: 0 for counts from 64 on.
pub(crate) fn shift_left(a: i64, n: i64) -> i64 {
    if n as u64 >= 64 { 0 } else { a << n }
}

/// Returns `a >> n` as in Go: the sign for counts from 64 on.
pub(crate) fn shift_right(a: i64, n: i64) -> i64 {
    a >> (n as u64).min(63)
}

/// Returns the number whose bit `n` is set; `n` is less than 64.
pub(crate) fn bit(n: i64) -> i64 {
    1 << n
}

/// Returns the low `bits` bits, sign-extended.
pub(crate) fn cut(bits: u32, a: i64) -> i64 {
    a << (64 - bits) >> (64 - bits)
}

/// Returns the low `bits` bits, zero-extended.
pub(crate) fn zero_extend(bits: u32, a: i64) -> i64 {
    ((a as u64) << (64 - bits) >> (64 - bits)) as i64
}

/// Returns the smallest signed number of `bits` bits.
pub(crate) fn smallest(bits: u32) -> i64 {
    i64::MIN >> (64 - bits)
}

/// Returns the largest signed number of `bits` bits.
pub(crate) fn largest(bits: u32) -> i64 {
    i64::MAX >> (64 - bits)
}

/// Reports whether `a` is a positive power of two.
pub(crate) fn is_power_of_two(a: i64) -> bool {
    a > 0 && a & (a - 1) == 0
}

/// Returns the binary logarithm of a positive power of two.
pub(crate) fn log2(a: i64) -> i64 {
    unsigned_log2(64, a)
}

/// Reports whether exactly one of the low `bits` bits is set.
pub(crate) fn is_one_bit(bits: u32, a: i64) -> bool {
    zero_extend(bits, a).count_ones() == 1
}

/// Returns the number of the highest bit set in the low `bits` bits, which are not 0.
pub(crate) fn unsigned_log2(bits: u32, a: i64) -> i64 {
    i64::from(63 - zero_extend(bits, a).leading_zeros())
}

/// Reports whether `a` fits 32 bits with sign.
pub(crate) fn is_32bit(a: i64) -> bool {
    i32::try_from(a).is_ok()
}
