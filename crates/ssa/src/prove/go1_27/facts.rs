//! Facts about values on the way from the entry to the block that is looked at.
//!
//! Two kinds of facts: a limit for every value, and orders between values, signed and unsigned. Orders are kept
//! twice: in two partially ordered sets, which know what follows from several of them, and in a list for each
//! value, along which a new limit spreads. All of it is sound and nothing complete; which consequences are drawn
//! is gc's (gc: prove.go, factsTable).

use super::limit::{Limit, sign_extend};
use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;
use crate::prove::poset::{Operand, Poset};
use crate::prove::relation::{
    ANY, Domain, EQ, GE, GT, LE, LT, NE, NUMBERS, Relation, clean_extension, comparison, reversed,
};
use crate::prove::sum_parts;

/// An order of a value to another one, in the list of the first.
#[derive(Clone, Copy, Debug)]
struct Ordering {
    /// The value whose list has it.
    of: Value,
    /// The other value.
    to: Value,
    d: Domain,
    r: Relation,
    /// The next older one in the list, as index plus 1; 0 for none.
    next: u32,
}

/// A state to come back to.
#[derive(Clone, Copy, Debug)]
struct Checkpoint {
    n_old_limits: usize,
    n_orderings: usize,
}

/// The facts that hold at one place, and how to go back to earlier places.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    /// Whether the facts contradict each other: the place cannot be reached.
    pub contradiction: bool,
    /// Number of checkpoints made after the contradiction was found.
    contradiction_depth: usize,
    checkpoints: Vec<Checkpoint>,
    signed: Poset,
    unsigned: Poset,
    /// All orderings, in the order in which they were learned.
    orderings: Vec<Ordering>,
    /// The newest ordering of each value, as index plus 1; 0 for none.
    newest: Vec<u32>,
    /// The limit of each value.
    limits: Vec<Limit>,
    /// Earlier entries of `limits`.
    old_limits: Vec<(Value, Limit)>,
    /// Values whose limit is being spread. A new limit on the way would come from a contradiction.
    spreading: Vec<bool>,
}

impl Facts {
    /// Returns the facts that operations alone say, in the memory of the last ones.
    pub(crate) fn new(f: &mut Func) -> Facts {
        let mut facts: Facts = f.scratch.lend();
        let n = f.num_values();
        facts.newest.resize(n, 0);
        facts.limits.resize(n, Limit::NONE);
        facts.spreading.resize(n, false);
        for b in f.walk() {
            for &v in &f[b].values {
                facts.limits[v.id()] = Limit::of_operation(f, v);
            }
        }
        facts
    }

    /// Leaves the memory to the next facts. All that was learned has been forgotten.
    pub(crate) fn free(mut self, f: &mut Func) {
        debug_assert!(!self.contradiction && self.checkpoints.is_empty());
        debug_assert!(self.signed.is_empty() && self.unsigned.is_empty());
        debug_assert!(self.orderings.is_empty() && self.old_limits.is_empty());
        self.newest.clear();
        self.limits.clear();
        self.spreading.clear();
        if f.keeps_tables() {
            f.scratch.take_back(self);
        }
    }

    /// Adds a value that was made after these facts.
    pub(crate) fn add_value(&mut self, f: &Func, v: Value) {
        if self.limits.len() < f.num_values() {
            self.newest.resize(f.num_values(), 0);
            self.limits.resize(f.num_values(), Limit::NONE);
            self.spreading.resize(f.num_values(), false);
        }
        self.limits[v.id()] = Limit::of_operation(f, v);
    }

    /// Returns the known limit of a value.
    pub(crate) fn limit(&self, v: Value) -> Limit {
        self.limits[v.id()]
    }

    /// Reports whether `v`, read as signed, is known not to be negative.
    pub(crate) fn is_non_negative(&self, v: Value) -> bool {
        self.limit(v).is_non_negative()
    }

    /// Reports whether `v < w`, signed or unsigned, is known of two different values.
    pub(super) fn is_less(&mut self, v: Value, w: Value, d: Domain) -> bool {
        self.set(d).ordered(operand(v), operand(w))
    }

    /// Reports whether `v <= w`, signed or unsigned, is known of two different values.
    pub(super) fn is_at_most(&mut self, v: Value, w: Value, d: Domain) -> bool {
        self.set(d).ordered_or_equal(operand(v), operand(w))
    }

    /// Marks a state to come back to.
    pub(crate) fn checkpoint(&mut self) {
        if self.contradiction {
            self.contradiction_depth += 1;
        }
        self.checkpoints.push(Checkpoint {
            n_old_limits: self.old_limits.len(),
            n_orderings: self.orderings.len(),
        });
        self.signed.checkpoint();
        self.unsigned.checkpoint();
    }

    /// Forgets all since the last checkpoint that wasn't undone.
    pub(crate) fn restore(&mut self) {
        if self.contradiction_depth > 0 {
            self.contradiction_depth -= 1;
        } else {
            self.contradiction = false;
        }
        let Some(state) = self.checkpoints.pop() else {
            return;
        };
        for (v, old) in self.old_limits.drain(state.n_old_limits..).rev() {
            self.limits[v.id()] = old;
        }
        for ordering in self.orderings.drain(state.n_orderings..).rev() {
            self.newest[ordering.of.id()] = ordering.next;
        }
        self.signed.undo();
        self.unsigned.undo();
    }

    /// Adds that a condition is true or false, and the consequences.
    pub(crate) fn learn(&mut self, f: &Func, condition: Value, holds: bool) {
        let truth = i64::from(holds);
        self.narrow(f, condition, Limit::constant(truth, truth as u64));
    }

    /// Adds a limit of `v`, and the consequences.
    pub(crate) fn narrow(&mut self, f: &Func, v: Value, limit: Limit) {
        let old = self.limit(v);
        let new = old.intersect(limit).agreed(8 * f[v].ty.size() as u32);
        if new == old {
            return;
        }
        if new.is_empty() {
            self.contradiction = true;
            return;
        }
        if std::mem::replace(&mut self.spreading[v.id()], true) {
            return;
        }
        self.old_limits.push((v, old));
        self.limits[v.id()] = new;
        let mut at = self.newest[v.id()];
        while at != 0 {
            let Ordering { to, d, r, next, .. } = self.orderings[at as usize - 1];
            self.bound(f, to, d, reversed(r), new);
            at = next;
        }
        if f[v].ty.is_boolean() {
            self.learn_comparison(f, v, new.min == 1);
        }
        self.spreading[v.id()] = false;
    }

    /// Adds the relation between the operands of a comparison that is true or false.
    fn learn_comparison(&mut self, f: &Func, condition: Value, holds: bool) {
        let op = f[condition].op;
        let negated = |r: Relation| if holds { r } else { r ^ ANY };
        if let Some((domains, r)) = comparison(op) {
            let (v, w) = (f[condition].args[0], f[condition].args[1]);
            let both =
                domains == [Domain::Signed] && self.is_non_negative(v) && self.is_non_negative(w);
            for &d in if both { NUMBERS } else { domains } {
                self.update(f, v, w, d, negated(r));
            }
        } else if matches!(op, Op::EqB | Op::NeqB) {
            let (v, w) = (f[condition].args[0], f[condition].args[1]);
            let r = if op == Op::EqB { EQ } else { NE };
            self.relate_booleans(f, v, w, negated(r));
        }
    }

    /// Narrows `x` by its relation to a value with limit `other`. Overflow only weakens the limit; the code that
    /// it would be about is unreachable.
    fn bound(&mut self, f: &Func, x: Value, d: Domain, r: Relation, other: Limit) {
        match d {
            Domain::Signed => match r {
                EQ => self.narrow(f, x, Limit::signed(other.min, other.max)),
                LE => self.narrow(f, x, Limit::signed(i64::MIN, other.max)),
                LT => self.narrow(f, x, Limit::signed(i64::MIN, other.max.wrapping_sub(1))),
                GE => self.narrow(f, x, Limit::signed(other.min, i64::MAX)),
                GT => self.narrow(f, x, Limit::signed(other.min.wrapping_add(1), i64::MAX)),
                _ if other.min == other.max => {
                    // Only a bound moves away from the constant.
                    let c = other.min;
                    if self.limit(x).min == c {
                        self.narrow(f, x, Limit::signed(c.wrapping_add(1), i64::MAX));
                    }
                    if self.limit(x).max == c {
                        self.narrow(f, x, Limit::signed(i64::MIN, c.wrapping_sub(1)));
                    }
                }
                _ => {}
            },
            Domain::Unsigned => match r {
                EQ => self.narrow(f, x, Limit::unsigned(other.umin, other.umax)),
                LE => self.narrow(f, x, Limit::unsigned(0, other.umax)),
                LT => self.narrow(f, x, Limit::unsigned(0, other.umax.wrapping_sub(1))),
                GE => self.narrow(f, x, Limit::unsigned(other.umin, u64::MAX)),
                GT => self.narrow(f, x, Limit::unsigned(other.umin.wrapping_add(1), u64::MAX)),
                _ if other.umin == other.umax => {
                    let c = other.umin;
                    if self.limit(x).umin == c {
                        self.narrow(f, x, Limit::unsigned(c.wrapping_add(1), u64::MAX));
                    }
                    if self.limit(x).umax == c {
                        self.narrow(f, x, Limit::unsigned(0, c.wrapping_sub(1)));
                    }
                }
                _ => {}
            },
        }
    }

    /// Adds that two booleans are equal or different. Nothing is concluded from several such facts.
    fn relate_booleans(&mut self, f: &Func, v: Value, w: Value, r: Relation) {
        if self.contradiction {
            return;
        }
        if v == w {
            self.contradiction = r & EQ == 0;
            return;
        }
        let mut at = self.newest[v.id()];
        while at != 0 {
            let known = self.orderings[at as usize - 1];
            if known.to == w {
                self.contradiction |= known.r != r;
                return;
            }
            at = known.next;
        }
        self.add_ordering(v, w, Domain::Unsigned, r);
        self.add_ordering(w, v, Domain::Unsigned, r);
        let (v_limit, w_limit) = (self.limit(v), self.limit(w));
        self.bound(f, w, Domain::Unsigned, r, v_limit);
        self.bound(f, v, Domain::Unsigned, r, w_limit);
    }

    /// Adds that two numbers are in one of the relations `r`, and the consequences.
    pub(crate) fn update(&mut self, f: &Func, v: Value, w: Value, d: Domain, r: Relation) {
        if self.contradiction {
            return;
        }
        if v == w {
            self.contradiction = r & EQ == 0;
            return;
        }
        let is_possible = self.order(v, w, d, r);
        self.add_ordering(v, w, d, r);
        self.add_ordering(w, v, d, reversed(r));
        if !is_possible {
            self.contradiction = true;
            return;
        }
        let (v_limit, w_limit) = (self.limit(v), self.limit(w));
        if r == NE {
            self.bound(f, w, d, r, v_limit);
            self.bound(f, v, d, r, w_limit);
        } else {
            self.bound(f, v, d, r, w_limit);
            self.bound(f, w, d, reversed(r), v_limit);
        }
        // From here on the greater value comes first.
        let (v, w, r) = match r {
            LT | LE => (w, v, reversed(r)),
            _ => (v, w, r),
        };
        self.update_neighbours(f, v, w, d, r);
        if d == Domain::Signed && (r == GT || r == GE) {
            self.update_sum(f, v, w, r);
        }
        // An extension that keeps the number says the same about its operand.
        let narrower = |v: Value| {
            let arg = clean_extension(f, v)?;
            (f[arg].ty.is_signed() == (d == Domain::Signed)).then_some(arg)
        };
        if let Some(arg) = narrower(v) {
            self.update(f, arg, w, d, r);
        }
        if let Some(arg) = narrower(w) {
            self.update(f, v, arg, d, r);
        }
    }

    /// Adds the consequences for a neighbour by one of either value; `v` is the greater one.
    fn update_neighbours(&mut self, f: &Func, v: Value, w: Value, d: Domain, r: Relation) {
        let by =
            |v: Value, n: i64| const_delta(f, v).and_then(|(x, delta)| (delta == n).then_some(x));
        match r {
            GT => {
                if let Some(x) = by(v, 1) {
                    // x+1 > w  =>  x >= w
                    self.update(f, x, w, d, GE);
                } else if let Some(x) = by(w, -1) {
                    // v > x-1  =>  v >= x
                    self.update(f, v, x, d, GE);
                }
            }
            GE => {
                if let Some(x) = by(v, -1) {
                    // x-1 >= w && x > min  =>  x > w
                    let limit = self.limit(x);
                    let above_min = match d {
                        Domain::Signed => limit.min > lowest_sum(f, v),
                        Domain::Unsigned => limit.umin > 0,
                    };
                    if above_min {
                        self.update(f, x, w, d, GT);
                    }
                } else if let Some(x) = by(w, 1) {
                    // v >= x+1 && x < max  =>  v > x
                    let limit = self.limit(x);
                    let below_max = match d {
                        Domain::Signed => limit.max < highest_sum(f, w),
                        Domain::Unsigned => limit.umax < highest_unsigned_sum(f, w),
                    };
                    if below_max {
                        self.update(f, v, x, d, GT);
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds the consequences of `v > w` (or `>=`), signed, for `x` if `v` is `x + delta`.
    fn update_sum(&mut self, f: &Func, v: Value, w: Value, r: Relation) {
        let Some((x, delta)) = const_delta(f, v) else {
            return;
        };
        let bits = 8 * f[x].ty.size() as u32;
        let lowest = i64::MIN >> (64 - bits);
        // Of the widths, gc looks at two.
        let decreases = delta < 0 && bits >= 32 && self.limit(x).min >= lowest.wrapping_sub(delta);
        if decreases {
            self.update(f, x, v, Domain::Signed, GT);
        }
        if !f[w].is_generic_int_const() {
            if decreases {
                self.update(f, x, w, Domain::Signed, r);
            }
            return;
        }
        // min = w - delta, max = MaxInt - delta:
        //   min < max  =>  min < x && x <= max
        //   min > max  =>  min < x || x <= max
        let min = sign_extend(f[w].aux_int.wrapping_sub(delta), bits);
        let max = sign_extend((i64::MAX >> (64 - bits)).wrapping_sub(delta), bits);
        let first = if r == GT { min.wrapping_add(1) } else { min };
        if min < max {
            self.narrow(f, x, Limit::signed(first, max));
            return;
        }
        // Facts can't say "or", but one side may be known to be false.
        let limit = self.limit(x);
        if limit.max <= min {
            if r & EQ == 0 || limit.max < min {
                self.narrow(f, x, Limit::signed(i64::MIN, max));
            }
        } else if limit.min > max {
            self.narrow(f, x, Limit::signed(first, i64::MAX));
        }
    }

    /// Returns the partially ordered set of a domain.
    fn set(&mut self, d: Domain) -> &mut Poset {
        match d {
            Domain::Signed => &mut self.signed,
            Domain::Unsigned => &mut self.unsigned,
        }
    }

    /// Adds a relation to the partially ordered set. Returns false for a contradiction.
    fn order(&mut self, v: Value, w: Value, d: Domain, r: Relation) -> bool {
        let (a, b) = (operand(v), operand(w));
        let set = self.set(d);
        match r {
            LT => set.set_order(a, b),
            GT => set.set_order(b, a),
            LE => set.set_order_or_equal(a, b),
            GE => set.set_order_or_equal(b, a),
            EQ => set.set_equal(a, b),
            _ => set.set_non_equal(a, b),
        }
    }

    /// Adds a relation to the list of its first value.
    fn add_ordering(&mut self, of: Value, to: Value, d: Domain, r: Relation) {
        let next = self.newest[of.id()];
        self.orderings.push(Ordering { of, to, d, r, next });
        self.newest[of.id()] = self.orderings.len() as u32;
    }
}

/// Returns a value as the partially ordered sets see it; they don't know constants here.
fn operand(v: Value) -> Operand {
    Operand {
        id: v.as_u32(),
        constant: None,
    }
}

/// Returns the value and the constant that `v` is the sum of (gc: prove.go, isConstDelta).
pub(super) fn const_delta(f: &Func, v: Value) -> Option<(Value, i64)> {
    use Op::*;
    let (constant, is_sum) = match f[v].op {
        Add64 => (Const64, true),
        Add32 => (Const32, true),
        Add16 => (Const16, true),
        Add8 => (Const8, true),
        Sub64 => (Const64, false),
        Sub32 => (Const32, false),
        Sub16 => (Const16, false),
        Sub8 => (Const8, false),
        _ => return None,
    };
    sum_parts(f, v, constant, is_sum)
}

/// Returns the smallest signed result of a sum or difference. gc has no numbers for the narrow ones.
fn lowest_sum(f: &Func, v: Value) -> i64 {
    match f[v].op {
        Op::Add64 | Op::Sub64 => i64::MIN,
        Op::Add32 | Op::Sub32 => i32::MIN.into(),
        _ => 0,
    }
}

/// Returns the largest signed result of a sum or difference. gc has no numbers for the narrow ones.
fn highest_sum(f: &Func, v: Value) -> i64 {
    match f[v].op {
        Op::Add64 | Op::Sub64 => i64::MAX,
        Op::Add32 | Op::Sub32 => i32::MAX.into(),
        _ => 0,
    }
}

/// Returns the largest unsigned result of a sum or difference. gc has no numbers for the narrow ones.
fn highest_unsigned_sum(f: &Func, v: Value) -> u64 {
    match f[v].op {
        Op::Add64 | Op::Sub64 => u64::MAX,
        Op::Add32 | Op::Sub32 => u32::MAX.into(),
        _ => 0,
    }
}
