//! Simplification of values by the limits of their operands, and of branches (gc: prove.go, simplifyValue,
//! constantFoldArguments, simplifyBlock).

use super::facts::Facts;
use super::limit::low_bits;
use crate::block::BlockKind;
use crate::dom::SparseTree;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use crate::prove::branch::{Branch, deciding_branch, remove_branch};
use crate::ty::Type;

impl Facts {
    /// Replaces the operands of `v` that can only be one number by constants.
    pub(super) fn fold_operands(&mut self, f: &mut Func, v: Value) {
        for index in 0..f[v].args.len() {
            let arg = f[v].args[index];
            let Some(number) = self.limit(arg).only() else {
                continue;
            };
            if f[arg].is_generic_int_const() || matches!(f[arg].op, Op::ConstBool | Op::ConstNil) {
                continue;
            }
            let ty = f[arg].ty;
            let constant = if ty.is_boolean() {
                f.const_bool(ty, number != 0)
            } else if ty.is_integer() {
                f.const_int(ty, number)
            } else if ty.is_ptr() && number == 0 {
                f.const_nil(ty)
            } else {
                continue;
            };
            f.set_arg(v, index, constant);
            self.add_value(f, constant);
        }
    }

    /// Gives `v`, in block `b`, an operation that needs less.
    pub(super) fn simplify(&mut self, f: &mut Func, b: Block, v: Value) {
        use Op::*;
        match f[v].op {
            op if (Lsh8x8..=Rsh64Ux64).contains(&op) => self.simplify_shift(f, v),
            Div8 | Div16 | Div32 | Div64 | Mod8 | Mod16 | Mod32 | Mod64 => {
                self.simplify_division(f, v);
            }
            Mul64 | Mul32 | Mul16 | Mul8 => self.simplify_product(f, b, v),
            Eq64 | Eq32 | Eq16 | Eq8 | Neq64 | Neq32 | Neq16 | Neq8 => {
                self.simplify_equality(f, v);
            }
            And64 | And32 | And16 | And8 => {
                if let Some((x, mask)) = self.one_constant(f, v) {
                    let (fixed, varying) = self.limit(x).leading_bits();
                    // The bits that may be set are kept.
                    if (fixed | low_bits(varying)) & !(mask as u64) == 0 {
                        self.drop_operation(f, v, x);
                    }
                }
            }
            Or64 | Or32 | Or16 | Or8 => {
                if let Some((x, mask)) = self.one_constant(f, v) {
                    let (fixed, _) = self.limit(x).leading_bits();
                    // The bits that are added are set already.
                    if mask as u64 & !fixed == 0 {
                        self.drop_operation(f, v, x);
                    }
                }
            }
            _ => {}
        }
    }

    /// Removes an outgoing branch of `b` to a block that has other predecessors if it is never taken. Branches
    /// to blocks of their own are looked at when those are entered.
    pub(super) fn simplify_branch(&mut self, f: &mut Func, tree: &SparseTree, b: Block) {
        let (BlockKind::If, Some(control)) = (f[b].kind, f[b].control) else {
            return;
        };
        for branch in Branch::BOTH {
            let succ = f[b].succs[branch.index()].block;
            if deciding_branch(f, tree, b, succ).is_some() {
                continue;
            }
            self.checkpoint();
            self.learn(f, control, branch == Branch::True);
            let never_taken = self.contradiction;
            self.restore();
            if never_taken {
                remove_branch(f, b, branch);
                return;
            }
        }
    }

    /// Makes a signed shift of a number that is not negative unsigned; marks shifts by less than the width.
    fn simplify_shift(&mut self, f: &mut Func, v: Value) {
        let op = f[v].op;
        let (value, by) = (f[v].args[0], f[v].args[1]);
        if (Op::Rsh8x8..=Op::Rsh64x64).contains(&op) && self.is_non_negative(value) {
            f.remark(f[v].pos, format_args!("Proved {op} is unsigned"));
            f.set_op(v, unsigned_shift(op));
        }
        let bits = 8 * f[value].ty.size();
        let limit = self.limit(by);
        if limit.umax < bits as u64 || limit.max < bits && limit.is_non_negative() {
            f[v].aux_int = 1;
            if !f[by].is_generic_int_const() {
                let op = f[v].op;
                f.remark(f[v].pos, format_args!("Proved {op} bounded"));
            }
        }
    }

    /// Makes a division of numbers that are not negative unsigned; marks those that cannot overflow.
    fn simplify_division(&mut self, f: &mut Func, v: Value) {
        use Op::*;
        let op = f[v].op;
        let (dividend, divisor) = (self.limit(f[v].args[0]), self.limit(f[v].args[1]));
        if dividend.is_non_negative() && divisor.is_non_negative() {
            f.remark(f[v].pos, format_args!("Proved {op} is unsigned"));
            let unsigned = match op {
                Div8 => Div8u,
                Div16 => Div16u,
                Div32 => Div32u,
                Div64 => Div64u,
                Mod8 => Mod8u,
                Mod16 => Mod16u,
                Mod32 => Mod32u,
                _ => Mod64u,
            };
            f.set_op(v, unsigned);
            f[v].aux_int = 0;
            return;
        }
        // The quotient that faults; the narrowest division is done in more bits.
        let most_negative: i64 = match op {
            Div16 | Mod16 => i16::MIN.into(),
            Div32 | Mod32 => i32::MIN.into(),
            Div64 | Mod64 => i64::MIN,
            _ => return,
        };
        if divisor.max < -1 || divisor.min > -1 || dividend.min > most_negative {
            f.remark(f[v].pos, format_args!("Proved {op} does not need fix-up"));
            f[v].aux_int = 1;
        }
    }

    /// Makes a product with a factor that is 0 or 1 a conjunction or a choice.
    fn simplify_product(&mut self, f: &mut Func, b: Block, v: Value) {
        use Op::*;
        if self.limit(v).only().is_some() {
            return;
        }
        let (mut x, mut y) = (f[v].args[0], f[v].args[1]);
        let (x_limit, y_limit) = (self.limit(x), self.limit(y));
        // Such a factor is better shifted.
        let is_power_of_two = |n: u64| n as i64 > 0 && n.is_power_of_two();
        for limit in [x_limit, y_limit] {
            if limit.umin == limit.umax && limit.umin.is_power_of_two()
                || limit.min == limit.max && is_power_of_two(limit.min as u64)
            {
                return;
            }
        }
        let ty = f[v].ty;
        let (and, not_equal) = match ty.size() {
            1 => (And8, Neq8),
            2 => (And16, Neq16),
            4 => (And32, Neq32),
            _ => (And64, Neq64),
        };
        match (x_limit.umax <= 1, y_limit.umax <= 1) {
            (true, true) => {
                f.set_op(v, and);
                f.remark(f[v].pos, format_args!("Rewrote Mul {v} into And"));
                return;
            }
            (false, false) => return,
            (false, true) => std::mem::swap(&mut x, &mut y),
            (true, false) => {}
        }
        // No conditional move has 8 bits.
        if ty.size() < 2 {
            return;
        }
        let zero = f.const_int(ty, 0);
        self.add_value(f, zero);
        let check = f.new_value(b, f[v].pos, not_equal, Type::BOOL, &[zero, x]);
        self.add_value(f, check);
        f.reset(v, CondSelect);
        f.add_args(v, &[y, zero, check]);
        f.remark(
            f[v].pos,
            format_args!("Rewrote Mul {v} into CondSelect; {x} is bool"),
        );
    }

    /// Makes a comparison of a number that is 0 or 1 with 1 one with 0, which is encoded shorter.
    fn simplify_equality(&mut self, f: &mut Func, v: Value) {
        use Op::*;
        let Some((x, 1)) = self.one_constant(f, v) else {
            return;
        };
        if self.limit(x).umax > 1 {
            return;
        }
        let zero = f.const_int(f[x].ty, 0);
        self.add_value(f, zero);
        let op = f[v].op;
        let inverted = match op {
            Eq8 => Neq8,
            Eq16 => Neq16,
            Eq32 => Neq32,
            Eq64 => Neq64,
            Neq8 => Eq8,
            Neq16 => Eq16,
            Neq32 => Eq32,
            _ => Eq64,
        };
        f.set_op(v, inverted);
        let constant_at = usize::from(f[v].args[0] == x);
        f.set_arg(v, constant_at, zero);
        f.remark(
            f[v].pos,
            format_args!(
                "Rewrote {v} ({op}) {x} argument is boolean-like; rewrote to {inverted} against 0"
            ),
        );
    }

    /// Returns the operand of `v` that may be several numbers, and the number that the other one is.
    fn one_constant(&self, f: &Func, v: Value) -> Option<(Value, i64)> {
        let (x, y) = (f[v].args[0], f[v].args[1]);
        match (self.limit(x).only(), self.limit(y).only()) {
            (None, Some(number)) => Some((x, number)),
            (Some(number), None) => Some((y, number)),
            _ => None,
        }
    }

    /// Makes `v` its operand `x`.
    fn drop_operation(&mut self, f: &mut Func, v: Value, x: Value) {
        let op = f[v].op;
        f.copy_of(v, x);
        f.remark(f[v].pos, format_args!("Proved {v} is a no-op {op}"));
    }
}

/// Returns the unsigned form of a signed shift to the right.
fn unsigned_shift(op: Op) -> Op {
    use Op::*;
    const SIGNED: [Op; 16] = [
        Rsh8x8, Rsh8x16, Rsh8x32, Rsh8x64, Rsh16x8, Rsh16x16, Rsh16x32, Rsh16x64, Rsh32x8,
        Rsh32x16, Rsh32x32, Rsh32x64, Rsh64x8, Rsh64x16, Rsh64x32, Rsh64x64,
    ];
    const UNSIGNED: [Op; 16] = [
        Rsh8Ux8, Rsh8Ux16, Rsh8Ux32, Rsh8Ux64, Rsh16Ux8, Rsh16Ux16, Rsh16Ux32, Rsh16Ux64, Rsh32Ux8,
        Rsh32Ux16, Rsh32Ux32, Rsh32Ux64, Rsh64Ux8, Rsh64Ux16, Rsh64Ux32, Rsh64Ux64,
    ];
    let at = SIGNED.iter().position(|&signed| signed == op);
    at.map_or(op, |at| UNSIGNED[at])
}
