//! Limits that follow from those of operands (gc: prove.go, flowLimit).
//!
//! They are computed once, where the value is defined; a branch that narrows an operand later doesn't narrow the
//! result again.

use super::facts::Facts;
use super::limit::{Limit, low_bits, sub_signed, sub_unsigned};
use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;
use crate::prove::relation::{Domain, LE, LT};

impl Facts {
    /// Narrows the limit of `v` by those of its operands.
    pub(super) fn flow(&mut self, f: &Func, v: Value) {
        use Op::*;
        let ty = f[v].ty;
        if !ty.is_integer() {
            return;
        }
        let bits = 8 * ty.size() as u32;
        let arg = |index: usize| f[v].args[index];
        match f[v].op {
            ZeroExt8to64 | ZeroExt8to32 | ZeroExt8to16 | ZeroExt16to64 | ZeroExt16to32
            | ZeroExt32to64 => {
                let a = self.limit(arg(0));
                self.narrow(f, v, Limit::unsigned(a.umin, a.umax));
            }
            SignExt8to64 | SignExt8to32 | SignExt8to16 | SignExt16to64 | SignExt16to32
            | SignExt32to64 => {
                let a = self.limit(arg(0));
                self.narrow(f, v, Limit::signed(a.min, a.max));
            }
            Trunc64to8 | Trunc64to16 | Trunc64to32 | Trunc32to8 | Trunc32to16 | Trunc16to8 => {
                let a = self.limit(arg(0));
                if a.umax <= low_bits(bits) {
                    self.narrow(f, v, Limit::unsigned(a.umin, a.umax));
                }
            }
            Or64 | Or32 | Or16 | Or8 => {
                let (a, b) = (self.limit(arg(0)), self.limit(arg(1)));
                let umin = a.umin.max(b.umin);
                self.narrow(f, v, Limit::unsigned(umin, bits_in_use(a, b)));
            }
            Xor64 | Xor32 | Xor16 | Xor8 => {
                let (a, b) = (self.limit(arg(0)), self.limit(arg(1)));
                self.narrow(f, v, Limit::unsigned(0, bits_in_use(a, b)));
            }
            Com64 | Com32 | Com16 | Com8 => {
                let a = self.limit(arg(0));
                self.narrow(f, v, a.complement(bits));
            }
            Add64 | Add32 | Add16 | Add8 => {
                let (a, b) = (self.limit(arg(0)), self.limit(arg(1)));
                self.narrow(f, v, a.add(b, bits));
            }
            Sub64 | Sub32 | Sub16 | Sub8 => {
                let (a, b) = (self.limit(arg(0)), self.limit(arg(1)));
                self.narrow(f, v, a.sub(b, bits));
                self.flow_expanded_remainder(f, v);
                self.flow_difference(f, v, bits);
            }
            Neg64 | Neg32 | Neg16 | Neg8 => {
                let a = self.limit(arg(0));
                self.narrow(f, v, a.negate(bits));
            }
            Mul64 | Mul32 | Mul16 | Mul8 => {
                let (a, b) = (self.limit(arg(0)), self.limit(arg(1)));
                self.narrow(f, v, a.mul(b, bits));
            }
            op if (Lsh8x8..=Lsh64x64).contains(&op) => {
                let (a, b) = (self.limit(arg(0)), self.limit(arg(1)));
                self.narrow(f, v, a.mul(b.power_of_two(bits), bits));
            }
            op if (Rsh8x8..=Rsh64x64).contains(&op) => {
                let (a, b) = (self.limit(arg(0)), self.limit(arg(1)));
                if b.min >= 0 {
                    // The nearer to 0 the further it is shifted, which is up for a negative number.
                    let shifted = |n: i64, by: i64| n >> by.min(63);
                    let min = shifted(a.min, b.min).min(shifted(a.min, b.max));
                    let max = shifted(a.max, b.min).max(shifted(a.max, b.max));
                    self.narrow(f, v, Limit::signed(min, max));
                }
            }
            op if (Rsh8Ux8..=Rsh64Ux64).contains(&op) => {
                let (a, b) = (self.limit(arg(0)), self.limit(arg(1)));
                if b.min >= 0 {
                    let shifted = |n: u64, by: i64| n.checked_shr(by.min(64) as u32).unwrap_or(0);
                    let (umin, umax) = (shifted(a.umin, b.max), shifted(a.umax, b.min));
                    self.narrow(f, v, Limit::unsigned(umin, umax));
                }
            }
            Div64 | Div32 | Div16 | Div8
                if !(self.is_non_negative(arg(0)) && self.is_non_negative(arg(1))) => {}
            Div64 | Div32 | Div16 | Div8 | Div64u | Div32u | Div16u | Div8u => {
                let (a, b) = (self.limit(arg(0)), self.limit(arg(1)));
                let umin = a.umin.checked_div(b.umax).unwrap_or(0);
                let umax = a.umax.checked_div(b.umin).unwrap_or(u64::MAX);
                self.narrow(f, v, Limit::unsigned(umin, umax));
            }
            Mod64 | Mod32 | Mod16 | Mod8 => self.flow_signed_remainder(f, v, arg(0), arg(1)),
            Mod64u | Mod32u | Mod16u | Mod8u => {
                self.flow_remainder(f, v, self.limit(arg(0)), self.limit(arg(1)));
            }
            Phi => {
                // Operands from loops have not been looked at yet.
                let limits = f[v].args.iter().map(|&arg| self.limit(arg));
                let all = limits.reduce(Limit::union);
                self.narrow(f, v, all.expect("a phi has operands"));
            }
            _ => {}
        }
    }

    /// Narrows the limit of `x - (x / d) * d`, the form that the rules give remainders by a constant.
    fn flow_expanded_remainder(&mut self, f: &Func, v: Value) {
        use Op::*;
        let (mul, div, div_unsigned, constant) = match f[v].op {
            Sub64 => (Mul64, Div64, Div64u, Const64),
            Sub32 => (Mul32, Div32, Div32u, Const32),
            Sub16 => (Mul16, Div16, Div16u, Const16),
            _ => (Mul8, Div8, Div8u, Const8),
        };
        let (x, product) = (f[v].args[0], f[v].args[1]);
        if f[product].op != mul {
            return;
        }
        let (mut quotient, mut d) = (f[product].args[0], f[product].args[1]);
        if f[quotient].op == constant {
            std::mem::swap(&mut quotient, &mut d);
        }
        let op = f[quotient].op;
        if f[d].op != constant
            || op != div && op != div_unsigned
            || f[quotient].args[0] != x
            || f[f[quotient].args[1]].op != constant
            || f[f[quotient].args[1]].aux_int != f[d].aux_int
        {
            return;
        }
        if op == div {
            self.flow_signed_remainder(f, v, x, d);
        } else {
            self.flow_remainder(f, v, self.limit(x), self.limit(d));
        }
    }

    /// Narrows the limit of `v`, the signed remainder of `p` by `q`.
    fn flow_signed_remainder(&mut self, f: &Func, v: Value, p: Value, q: Value) {
        let (a, b) = (self.limit(p), self.limit(q));
        if a.min < 0 && b.min > 0 {
            self.narrow(f, v, Limit::signed(-(b.max - 1), b.max - 1));
        } else if a.is_non_negative() && b.is_non_negative() {
            if b.min > 0 {
                self.narrow(f, v, Limit::signed(0, i64::MAX));
            }
            self.flow_remainder(f, v, a, b);
        }
    }

    /// Narrows the limit of `v`, the remainder of a number with limit `a` by one with limit `b`, unsigned.
    fn flow_remainder(&mut self, f: &Func, v: Value, a: Limit, b: Limit) {
        // A divisor of 0 wraps around to no limit.
        let umax = a.umax.min(b.umax.wrapping_sub(1));
        self.narrow(f, v, Limit::unsigned(0, umax));
    }

    /// Adds limits of the difference `v` that follow from the order of its operands, and its own order.
    fn flow_difference(&mut self, f: &Func, v: Value, bits: u32) {
        let (x, y) = (f[v].args[0], f[v].args[1]);
        if x == y {
            return self.narrow(f, v, Limit::signed(0, 0));
        }
        let (a, b) = (self.limit(x), self.limit(y));
        let mut is_positive = false;
        if sub_signed(a.min, b.max, bits).is_some() && sub_signed(a.max, b.min, bits).is_some() {
            if b.min > 0 {
                self.update(f, v, x, Domain::Signed, LT);
            } else if b.min == 0 {
                self.update(f, v, x, Domain::Signed, LE);
            }
            if self.is_less(y, x, Domain::Signed) {
                self.narrow(f, v, Limit::signed(1, i64::MAX));
                is_positive = true;
            } else if self.is_at_most(y, x, Domain::Signed) {
                self.narrow(f, v, Limit::signed(0, i64::MAX));
            }
        }
        if sub_unsigned(a.umin, b.umax, bits).is_some() {
            let r = if b.umin > 0 { LT } else { LE };
            self.update(f, v, x, Domain::Unsigned, r);
        }
        // A smaller number can be taken away without overflow.
        if !is_positive && self.is_less(y, x, Domain::Unsigned) {
            self.narrow(f, v, Limit::unsigned(1, u64::MAX));
        }
    }
}

/// Returns ones up to the highest bit that may be set in either of two numbers.
fn bits_in_use(a: Limit, b: Limit) -> u64 {
    low_bits(u64::BITS - (a.umax | b.umax).leading_zeros())
}
