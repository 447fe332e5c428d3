//! Facts about values that `prove` has on the way from the entry to the block that it visits.
//!
//! Three kinds of facts: orders between values, signed and unsigned, in two partially ordered sets; limits
//! of single values; and the truth of conditions. A new fact brings others that follow from it by the
//! rules in [`Facts::update`]. The rules are sound and incomplete; the consequences that they draw, and the
//! constants that they make, are gc's (gc: prove.go, factsTable).

use rustc_hash::FxHashMap;

use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use crate::prove::poset::{Operand, Poset};
use crate::prove::relation::{
    ANY, Domain, EQ, GE, GT, LE, LT, NE, Relation, clean_extension, reversed,
};
use crate::prove::sum_parts;
use crate::ty::Type;

/// Bounds of a value, inclusive.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Limit {
    /// Smallest, signed.
    pub min: i64,
    /// Largest, signed.
    pub max: i64,
    /// Smallest, unsigned.
    pub umin: u64,
    /// Largest, unsigned.
    pub umax: u64,
}

impl Limit {
    const NONE: Limit = Limit {
        min: i64::MIN,
        max: i64::MAX,
        umin: 0,
        umax: u64::MAX,
    };

    fn intersect(self, other: Limit) -> Limit {
        Limit {
            min: self.min.max(other.min),
            max: self.max.min(other.max),
            umin: self.umin.max(other.umin),
            umax: self.umax.min(other.umax),
        }
    }

    fn is_empty(self) -> bool {
        self.min > self.max || self.umin > self.umax
    }

    /// The limits of a constant, as far as the two domains agree.
    fn of_constant(f: &Func, v: Value, d: Domain) -> Limit {
        let mut limit = Limit::NONE;
        match d {
            Domain::Signed => {
                let c = f[v].aux_int;
                (limit.min, limit.max) = (c, c);
                if c >= 0 {
                    (limit.umin, limit.umax) = (c as u64, c as u64);
                }
            }
            Domain::Unsigned => {
                let c = f[v].aux_unsigned();
                (limit.umin, limit.umax) = (c, c);
                if c as i64 >= 0 {
                    (limit.min, limit.max) = (c as i64, c as i64);
                }
            }
        }
        limit
    }

    /// The limits of a value that was limited by `old` and has relation `r` to the signed constant `c`. Overflow
    /// only weakens the limit, which is still sound.
    fn signed(old: Limit, r: Relation, c: i64) -> Limit {
        let mut limit = Limit::NONE;
        match r {
            LT => limit.max = c.wrapping_sub(1),
            LE => limit.max = c,
            GE => limit.min = c,
            GT => limit.min = c.wrapping_add(1),
            EQ => (limit.min, limit.max) = (c, c),
            _ => {
                limit = old;
                if c == limit.min {
                    limit.min = c.wrapping_add(1);
                }
                if c == limit.max {
                    limit.max = c.wrapping_sub(1);
                }
            }
        }
        if limit.min >= 0 {
            limit.umin = limit.min as u64;
        }
        if limit.max != Limit::NONE.max && old.min >= 0 && limit.max >= 0 {
            limit.umax = limit.max as u64;
        }
        limit
    }

    /// Returns the same for an unsigned constant.
    fn unsigned(old: Limit, r: Relation, c: u64) -> Limit {
        let mut limit = Limit::NONE;
        match r {
            LT => limit.umax = c.wrapping_sub(1),
            LE => limit.umax = c,
            GE => limit.umin = c,
            GT => limit.umin = c.wrapping_add(1),
            EQ => (limit.umin, limit.umax) = (c, c),
            _ => {
                limit = old;
                if c == limit.umin {
                    limit.umin = c.wrapping_add(1);
                }
                if c == limit.umax {
                    limit.umax = c.wrapping_sub(1);
                }
            }
        }
        limit
    }
}

/// The facts that hold at one point, with undo to earlier points.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Whether the facts contradict each other: the point can't be reached.
    pub contradiction: bool,
    /// Number of checkpoints made after the contradiction was found.
    contradiction_depth: usize,
    /// Conditions compared with false.
    conditions: FxHashMap<Value, Relation>,
    /// Earlier entries of `conditions`; none for a checkpoint.
    old_conditions: Vec<Option<(Value, Relation)>>,
    signed: Poset,
    unsigned: Poset,
    limits: FxHashMap<Value, Limit>,
    /// Earlier entries of `limits`; none for a checkpoint.
    old_limits: Vec<Option<(Value, Limit)>>,
    /// The constant zero.
    zero: Value,
}

impl Facts {
    /// Returns an empty set of facts, with memory from the scratch memory. Uses (and, if there is none yet, makes)
    /// the zero of the entry block.
    pub(crate) fn new(f: &mut Func) -> Facts {
        let mut facts = Facts {
            zero: f.const_int(Type::INT64, 0),
            ..f.scratch.lend()
        };
        // About one fact for each block.
        facts.signed.reserve(f.num_blocks());
        facts.old_conditions.reserve(2 * f.num_blocks());
        facts
    }

    /// Gives the memory back. Requires that all facts but limits of constants have been undone.
    pub(crate) fn free(mut self, f: &mut Func) {
        debug_assert!(!self.contradiction && self.conditions.is_empty());
        debug_assert!(self.signed.is_empty() && self.unsigned.is_empty());
        self.limits.clear();
        if f.keeps_tables() {
            f.scratch.take_back(self);
        }
    }

    /// Returns the known limits of a value.
    pub(crate) fn limit(&self, v: Value) -> Option<Limit> {
        self.limits.get(&v).copied()
    }

    /// Sets a checkpoint.
    pub(crate) fn checkpoint(&mut self) {
        if self.contradiction {
            self.contradiction_depth += 1;
        }
        self.old_conditions.push(None);
        self.old_limits.push(None);
        self.signed.checkpoint();
        self.unsigned.checkpoint();
    }

    /// Undoes all changes since the last checkpoint that wasn't undone.
    pub(crate) fn restore(&mut self) {
        if self.contradiction_depth > 0 {
            self.contradiction_depth -= 1;
        } else {
            self.contradiction = false;
        }
        while let Some(Some((condition, old))) = self.old_conditions.pop() {
            if old == ANY {
                self.conditions.remove(&condition);
            } else {
                self.conditions.insert(condition, old);
            }
        }
        while let Some(Some((v, old))) = self.old_limits.pop() {
            if old == Limit::NONE {
                self.limits.remove(&v);
            } else {
                self.limits.insert(v, old);
            }
        }
        self.signed.undo();
        self.unsigned.undo();
    }

    /// Adds that a condition is true or false.
    pub(crate) fn add_condition(&mut self, condition: Value, holds: bool) {
        if self.contradiction {
            return;
        }
        // The relation of false to the condition.
        let r = if holds { NE } else { EQ };
        let old = self.conditions.get(&condition).copied().unwrap_or(ANY);
        if old != r {
            self.old_conditions.push(Some((condition, old)));
            self.conditions.insert(condition, old & r);
            self.contradiction |= old & r == 0;
        }
    }

    /// Adds that `v` and `w` are in one of the relations `r`, with its consequences. Constants that this needs are
    /// made in block `parent`.
    pub(crate) fn update(
        &mut self,
        f: &mut Func,
        parent: Block,
        v: Value,
        w: Value,
        d: Domain,
        r: Relation,
    ) {
        if self.contradiction {
            return;
        }
        if v == w {
            self.contradiction = r & EQ == 0;
            return;
        }
        if !self.order(f, v, w, d, r) {
            self.contradiction = true;
            return;
        }
        let (mut v, mut w, mut r) = (v, w, r);
        if f[v].is_generic_int_const() {
            (v, w, r) = (w, v, reversed(r));
        }
        if f[w].is_generic_int_const() && !self.narrow(f, v, w, d, r) {
            self.contradiction = true;
            return;
        }
        // From here on the greater value comes first.
        if r == LT || r == LE {
            (v, w, r) = (w, v, reversed(r));
        }
        self.update_neighbours(f, parent, v, w, d, r);
        if d == Domain::Signed && (r == GT || r == GE) {
            self.update_sum(f, parent, v, w, r);
        }
        // For an extension that keeps the number, the same holds for its operand.
        let narrower = |f: &Func, v: Value| {
            let arg = clean_extension(f, v)?;
            (f[arg].ty.is_signed() == (d == Domain::Signed)).then_some(arg)
        };
        if let Some(arg) = narrower(f, v) {
            self.update(f, parent, arg, w, d, r);
        }
        if let Some(arg) = narrower(f, w) {
            self.update(f, parent, v, arg, d, r);
        }
    }

    /// Adds a relation to the partially ordered set. Returns false for a contradiction.
    fn order(&mut self, f: &Func, v: Value, w: Value, d: Domain, r: Relation) -> bool {
        let (a, b) = (operand(f, v, d), operand(f, w, d));
        let order = match d {
            Domain::Signed => &mut self.signed,
            Domain::Unsigned => &mut self.unsigned,
        };
        match r {
            LT => order.set_order(a, b),
            GT => order.set_order(b, a),
            LE => order.set_order_or_equal(a, b),
            GE => order.set_order_or_equal(b, a),
            EQ => order.set_equal(a, b),
            _ => order.set_non_equal(a, b),
        }
    }

    /// Narrows the limits of `v` by its relation to the constant `w`. Returns false for a contradiction.
    fn narrow(&mut self, f: &Func, v: Value, w: Value, d: Domain, r: Relation) -> bool {
        let old = match self.limit(v) {
            Some(known) => known,
            None if f[v].is_generic_int_const() => Limit::of_constant(f, v, d),
            None => Limit::NONE,
        };
        let limit = match d {
            Domain::Signed => Limit::signed(old, r, f[w].aux_int),
            Domain::Unsigned => Limit::unsigned(old, r, f[w].aux_unsigned()),
        };
        let limit = old.intersect(limit);
        self.old_limits.push(Some((v, old)));
        self.limits.insert(v, limit);
        !limit.is_empty()
    }

    /// Adds the consequences for a value that differs by one from either value.
    fn update_neighbours(
        &mut self,
        f: &mut Func,
        parent: Block,
        v: Value,
        w: Value,
        d: Domain,
        r: Relation,
    ) {
        let by = |f: &Func, v: Value, n: i64| {
            const_delta(f, v).and_then(|(x, delta)| (delta == n).then_some(x))
        };
        match r {
            GT => {
                if let Some(x) = by(f, v, 1) {
                    // x+1 > w  =>  x >= w
                    self.update(f, parent, x, w, d, GE);
                } else if let Some(x) = by(f, w, -1) {
                    // v > x-1  =>  v >= x
                    self.update(f, parent, v, x, d, GE);
                }
            }
            GE => {
                if let Some(x) = by(f, v, -1) {
                    // x-1 >= w && x > min  =>  x > w
                    let above_min = |limit: Limit| match d {
                        Domain::Signed => limit.min > signed_range(f, v).0,
                        Domain::Unsigned => limit.umin > 0,
                    };
                    if self.limit(x).is_some_and(above_min) {
                        self.update(f, parent, x, w, d, GT);
                    }
                } else if let Some(x) = by(f, w, 1) {
                    // v >= x+1 && x < max  =>  v > x
                    let below_max = |limit: Limit| match d {
                        Domain::Signed => limit.max < signed_range(f, w).1,
                        Domain::Unsigned => limit.umax < unsigned_max(f, w),
                    };
                    if self.limit(x).is_some_and(below_max) {
                        self.update(f, parent, v, x, d, GT);
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds the consequences of `x + delta > w` (or `>=`), signed, for `x`.
    fn update_sum(&mut self, f: &mut Func, parent: Block, v: Value, w: Value, r: Relation) {
        let Some((x, delta)) = const_delta(f, v) else {
            return;
        };
        let is_wide = f[x].ty.size() == 8;
        if !f[w].is_generic_int_const() {
            // delta < 0 and x + delta does not underflow  =>  x > w
            let type_min = if is_wide {
                i64::MIN
            } else {
                i64::from(i32::MIN)
            };
            let stays = |limit: Limit| delta < 0 && limit.min >= type_min.wrapping_sub(delta);
            if self.limit(x).is_some_and(stays) {
                self.update(f, parent, x, w, Domain::Signed, r);
            }
            return;
        }
        // min = w - delta, max = MaxInt - delta:
        //   min < max  =>  min < x && x <= max
        //   min > max  =>  min < x || x <= max
        let c = f[w].aux_int;
        let (op, ty, min, max) = if is_wide {
            let (min, max) = (c.wrapping_sub(delta), i64::MAX.wrapping_sub(delta));
            (Op::Const64, Type::INT64, min, max)
        } else {
            let (min, max) = (
                (c as i32).wrapping_sub(delta as i32),
                i32::MAX.wrapping_sub(delta as i32),
            );
            (Op::Const32, Type::INT32, i64::from(min), i64::from(max))
        };
        let pos = f[parent].pos;
        let min_value = f.new_value_int(parent, pos, op, ty, min, &[]);
        let max_value = f.new_value_int(parent, pos, op, ty, max, &[]);
        if min < max {
            self.update(f, parent, x, min_value, Domain::Signed, r);
            self.update(f, parent, max_value, x, Domain::Signed, r | EQ);
        } else if let Some(limit) = self.limit(x) {
            // Facts can't express "or", but one side may be known to be false.
            if limit.max <= min {
                if r & EQ == 0 || limit.max < min {
                    self.update(f, parent, max_value, x, Domain::Signed, r | EQ);
                }
            } else if limit.min > max {
                self.update(f, parent, x, min_value, Domain::Signed, r);
            }
        }
    }

    /// Reports whether `v`, read as signed, is known not to be negative.
    pub(crate) fn is_non_negative(&mut self, f: &Func, v: Value) -> bool {
        if is_non_negative(f, v) {
            return true;
        }
        let max = i64::MAX >> (64 - 8 * f[v].ty.size());
        let by_limit = |limit: Limit| limit.min >= 0 || limit.umax <= max as u64;
        if self.limit(v).is_some_and(by_limit) {
            return true;
        }
        if let Some((x, delta)) = const_delta(f, v) {
            let by_sum = |limit: Limit| {
                limit.min >= delta.wrapping_neg()
                    && (delta < 0 || delta > 0 && limit.max <= max.wrapping_sub(delta))
            };
            if self.limit(x).is_some_and(by_sum) {
                return true;
            }
        }
        if let Some(arg) = clean_extension(f, v)
            && self.is_non_negative(f, arg)
        {
            return true;
        }
        let zero = operand(f, self.zero, Domain::Signed);
        self.signed
            .ordered_or_equal(zero, operand(f, v, Domain::Signed))
    }
}

/// Returns the operand of a domain's partially ordered set that stands for a value.
fn operand(f: &Func, v: Value, d: Domain) -> Operand {
    let constant = match d {
        // The sign bit inverted: negative numbers come first.
        Domain::Signed => f[v].aux_int as u64 ^ 1 << 63,
        Domain::Unsigned => f[v].aux_unsigned(),
    };
    Operand {
        id: v.as_u32(),
        constant: f[v].is_generic_int_const().then_some(constant),
    }
}

/// Reports whether the operation alone shows that `v` is not negative (gc: prove.go, isNonNegative).
fn is_non_negative(f: &Func, v: Value) -> bool {
    use Op::*;
    let args = &f[v].args;
    match f[v].op {
        Const64 | Const32 | Const16 | Const8 => f[v].aux_int >= 0,
        ZeroExt8to64 | ZeroExt16to64 | ZeroExt32to64 | ZeroExt8to32 | ZeroExt16to32
        | ZeroExt8to16 => true,
        Rsh64Ux64 | Rsh32Ux64 => f[args[1]].op == Const64 && f[args[1]].aux_int > 0,
        Rsh64x64 | Rsh32x64 | Rsh8x64 | Rsh16x64 | Rsh32x32 | Rsh64x32 | SignExt32to64
        | SignExt16to64 | SignExt8to64 | SignExt16to32 | SignExt8to32 => {
            is_non_negative(f, args[0])
        }
        And64 | And32 | And16 | And8 => is_non_negative(f, args[0]) || is_non_negative(f, args[1]),
        Mod64 | Mod32 | Mod16 | Mod8 | Div64 | Div32 | Div16 | Div8 | Or64 | Or32 | Or16 | Or8
        | Xor64 | Xor32 | Xor16 | Xor8 => {
            is_non_negative(f, args[0]) && is_non_negative(f, args[1])
        }
        _ => false,
    }
}

/// Returns the value and the constant whose sum is `v`; 32 and 64 bits only.
pub(crate) fn const_delta(f: &Func, v: Value) -> Option<(Value, i64)> {
    let (constant, is_sum) = match f[v].op {
        Op::Add64 => (Op::Const64, true),
        Op::Add32 => (Op::Const32, true),
        Op::Sub64 => (Op::Const64, false),
        Op::Sub32 => (Op::Const32, false),
        _ => return None,
    };
    sum_parts(f, v, constant, is_sum)
}

/// Smallest and largest signed result of a sum or difference.
fn signed_range(f: &Func, v: Value) -> (i64, i64) {
    match f[v].op {
        Op::Add32 | Op::Sub32 => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    }
}

/// Largest unsigned result of a sum or difference.
fn unsigned_max(f: &Func, v: Value) -> u64 {
    match f[v].op {
        Op::Add32 | Op::Sub32 => u64::from(u32::MAX),
        _ => u64::MAX,
    }
}
