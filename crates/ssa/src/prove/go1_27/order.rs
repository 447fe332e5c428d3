//! Orders between a value and its operands (gc: prove.go, addValueFact).

use super::facts::Facts;
use super::limit::{Limit, add_signed, add_unsigned};
use crate::block::{BlockData, BlockKind};
use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;
use crate::prove::relation::{Domain, EQ, GE, GT, LE, LT, comparison};

impl Facts {
    /// Adds orders between `v` and its operands.
    pub(super) fn add_orders(&mut self, f: &Func, v: Value) {
        use Op::*;
        let arg = |index: usize| f[v].args[index];
        match f[v].op {
            Add64 | Add32 | Add16 | Add8 => self.order_sum(f, v),
            Sub64 | Sub32 | Sub16 | Sub8 => {
                let (x, y) = (self.limit(arg(0)), self.limit(arg(1)));
                if x.umin >= y.umax {
                    let r = if y.may_be_zero() { LE } else { LT };
                    self.update(f, v, arg(0), Domain::Unsigned, r);
                }
            }
            And64 | And32 | And16 | And8 => {
                self.update(f, v, arg(0), Domain::Unsigned, LE);
                self.update(f, v, arg(1), Domain::Unsigned, LE);
                for x in [arg(0), arg(1)] {
                    if self.is_non_negative(x) {
                        self.update(f, v, x, Domain::Signed, LE);
                    }
                }
            }
            // The signed ones say nothing about negative numbers.
            Div64 | Div32 | Div16 | Div8 | Mod64 | Mod32 | Mod16 | Mod8
                if !(self.is_non_negative(arg(0)) && self.is_non_negative(arg(1))) => {}
            op if (Rsh8x8..=Rsh64x64).contains(&op) && !self.is_non_negative(arg(0)) => {}
            Div64 | Div32 | Div16 | Div8 | Div64u | Div32u | Div16u | Div8u => {
                let smallest = self.limit(arg(1)).umin;
                self.order_quotient(f, v, smallest);
            }
            op if (Rsh8x8..=Rsh64Ux64).contains(&op) => {
                let smallest = power_of_two(self.limit(arg(1)).umin);
                self.order_quotient(f, v, smallest);
            }
            Mod64 | Mod32 | Mod16 | Mod8 | Mod64u | Mod32u | Mod16u | Mod8u => {
                self.order_remainder(f, v)
            }
            StringLen if f[arg(0)].op == StringMake => {
                self.update(f, v, f[arg(0)].args[1], Domain::Signed, EQ);
            }
            Phi => self.order_min_max(f, v),
            _ => {}
        }
    }

    /// Adds the orders between a sum that doesn't overflow and its operands.
    fn order_sum(&mut self, f: &Func, v: Value) {
        let bits = 8 * f[v].ty.size() as u32;
        let (a, b) = (f[v].args[0], f[v].args[1]);
        let (x, y) = (self.limit(a), self.limit(b));
        let more = |other: Limit| if other.may_be_zero() { GE } else { GT };
        let less = |other: Limit| if other.may_be_zero() { LE } else { LT };
        if add_unsigned(x.umax, y.umax, bits).is_some() {
            self.update(f, v, b, Domain::Unsigned, more(x));
            self.update(f, v, a, Domain::Unsigned, more(y));
        }
        if add_signed(x.max, y.max, bits).is_some() {
            if x.min >= 0 {
                self.update(f, v, b, Domain::Signed, more(x));
            }
            if y.min >= 0 {
                self.update(f, v, a, Domain::Signed, more(y));
            }
        }
        if add_signed(x.min, y.min, bits).is_some() {
            if x.max <= 0 {
                self.update(f, v, b, Domain::Signed, less(x));
            }
            if y.max <= 0 {
                self.update(f, v, a, Domain::Signed, less(y));
            }
        }
    }

    /// Adds that a quotient is at most its dividend. If that is a sum `x + y` and the divisor, which is at least
    /// `divisor`, is greater than `y`, the quotient is at most `x`: a division that rounds up.
    fn order_quotient(&mut self, f: &Func, v: Value, divisor: u64) {
        let dividend = f[v].args[0];
        if matches!(f[dividend].op, Op::Add64 | Op::Add32 | Op::Add16 | Op::Add8) {
            let bits = 8 * f[dividend].ty.size() as u32;
            let (x, y) = (f[dividend].args[0], f[dividend].args[1]);
            let (x_max, y_max) = (self.limit(x).umax, self.limit(y).umax);
            if add_unsigned(x_max, y_max, bits).is_some() {
                if x_max < divisor {
                    self.update(f, v, y, Domain::Unsigned, LE);
                }
                if y_max < divisor {
                    self.update(f, v, x, Domain::Unsigned, LE);
                }
            }
        }
        self.update(f, v, dividend, Domain::Unsigned, LE);
    }

    /// Adds that a remainder is at most its dividend and less than its divisor.
    fn order_remainder(&mut self, f: &Func, v: Value) {
        self.update(f, v, f[v].args[0], Domain::Unsigned, LE);
        self.update(f, v, f[v].args[1], Domain::Unsigned, LT);
    }

    /// Adds that a phi is at most, or at least, both of its operands if it chooses the smaller or the greater one
    /// of them by comparing them.
    fn order_min_max(&mut self, f: &Func, v: Value) {
        let [x, y] = f[v].args[..] else {
            return;
        };
        let b = f[v].block.expect("the value is listed");
        let (from_x, from_y) = (f[b].preds[0].block, f[b].preds[1].block);
        let only_pred = |data: &BlockData| match data.preds[..] {
            [edge] => Some(edge.block),
            _ => None,
        };
        let (pred_of_x, pred_of_y) = (only_pred(&f[from_x]), only_pred(&f[from_y]));
        let fork = if from_x == from_y || pred_of_y == Some(from_x) {
            Some(from_x)
        } else if pred_of_x == Some(from_y) {
            Some(from_y)
        } else if pred_of_x == pred_of_y {
            pred_of_x
        } else {
            None
        };
        let Some(fork) = fork.filter(|&fork| f[fork].kind == BlockKind::If) else {
            return;
        };
        let condition = f[fork].control.expect("an If block has a control");
        let edge_to_x = if from_x == fork {
            f[b].preds[0]
        } else {
            f[from_x].preds[0]
        };
        let x_if_true = edge_to_x.index == 0;
        let chooses_less = match f[condition].args[..] {
            [left, right] if (left, right) == (x, y) => x_if_true,
            [left, right] if (left, right) == (y, x) => !x_if_true,
            _ => return,
        };
        let Some((&[d], LT | LE)) = comparison(f[condition].op) else {
            return;
        };
        let r = if chooses_less { LE } else { GE };
        self.update(f, v, x, d, r);
        self.update(f, v, y, d, r);
    }
}

/// Returns two to the power of `n`, or 0 if that overflows.
fn power_of_two(n: u64) -> u64 {
    1u64.checked_shl(n.min(64) as u32).unwrap_or(0)
}
