//! Limits of single values and arithmetic with them (gc: prove.go, limit).

use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;

/// Bounds of a value, inclusive, in both readings of its bits: sign-extended and zero-extended from its width.
///
/// Booleans are 0 and 1. A nil pointer is 0; another one is at least 1, unsigned.
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
    /// Nothing known.
    pub(crate) const NONE: Limit = Limit {
        min: i64::MIN,
        max: i64::MAX,
        umin: 0,
        umax: u64::MAX,
    };

    /// Returns the limit that an operation has whatever its operands are.
    pub(super) fn of_operation(f: &Func, v: Value) -> Limit {
        use Op::*;
        let data = &f[v];
        if data.ty.is_boolean() {
            return match data.op {
                ConstBool => Limit::constant(data.aux_int, data.aux_int as u64),
                _ => Limit {
                    min: 0,
                    max: 1,
                    umin: 0,
                    umax: 1,
                },
            };
        }
        if data.ty.is_ptr() {
            return match data.op {
                ConstNil => Limit::constant(0, 0),
                Addr | LocalAddr => Limit::unsigned(1, u64::MAX),
                _ => Limit::NONE,
            };
        }
        if !data.ty.is_integer() {
            return Limit::NONE;
        }
        let bits = 8 * data.ty.size() as u32;
        let of_width = Limit {
            min: i64::MIN >> (64 - bits),
            max: i64::MAX >> (64 - bits),
            umin: 0,
            umax: low_bits(bits),
        };
        let of_op = match data.op {
            Const64 | Const32 | Const16 | Const8 => {
                Limit::constant(data.aux_int, data.aux_unsigned())
            }
            ZeroExt8to64 | ZeroExt8to32 | ZeroExt8to16 => Limit::unsigned(0, u8::MAX.into()),
            ZeroExt16to64 | ZeroExt16to32 => Limit::unsigned(0, u16::MAX.into()),
            ZeroExt32to64 => Limit::unsigned(0, u32::MAX.into()),
            SignExt8to64 | SignExt8to32 | SignExt8to16 => {
                Limit::signed(i8::MIN.into(), i8::MAX.into())
            }
            SignExt16to64 | SignExt16to32 => Limit::signed(i16::MIN.into(), i16::MAX.into()),
            SignExt32to64 => Limit::signed(i32::MIN.into(), i32::MAX.into()),
            CvtBoolToUint8 => Limit::unsigned(0, 1),
            StringLen => Limit::signed(0, i64::MAX),
            _ => Limit::NONE,
        };
        of_width.intersect(of_op).agreed(bits)
    }

    /// Returns the limit of one number, in both readings.
    pub(super) fn constant(signed: i64, unsigned: u64) -> Limit {
        Limit {
            min: signed,
            max: signed,
            umin: unsigned,
            umax: unsigned,
        }
    }

    /// Returns signed bounds.
    pub(super) fn signed(min: i64, max: i64) -> Limit {
        Limit {
            min,
            max,
            ..Limit::NONE
        }
    }

    /// Returns unsigned bounds.
    pub(super) fn unsigned(umin: u64, umax: u64) -> Limit {
        Limit {
            umin,
            umax,
            ..Limit::NONE
        }
    }

    /// Returns the numbers that are in both.
    pub(super) fn intersect(self, other: Limit) -> Limit {
        Limit {
            min: self.min.max(other.min),
            max: self.max.min(other.max),
            umin: self.umin.max(other.umin),
            umax: self.umax.min(other.umax),
        }
    }

    /// Returns the smallest limit that has the numbers of both.
    pub(super) fn union(self, other: Limit) -> Limit {
        Limit {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            umin: self.umin.min(other.umin),
            umax: self.umax.max(other.umax),
        }
    }

    /// Returns the limit with each reading narrowed by the other: where the sign bit is known to be 0, both read
    /// the same.
    pub(super) fn agreed(mut self, bits: u32) -> Limit {
        if self.min >= 0 {
            self = self.intersect(Limit::unsigned(self.min as u64, self.max as u64));
        }
        if self.umax <= low_bits(bits - 1) {
            self = self.intersect(Limit::signed(self.umin as i64, self.umax as i64));
        }
        self
    }

    /// Reports whether no number is left: the code is unreachable.
    pub(super) fn is_empty(self) -> bool {
        self.min > self.max || self.umin > self.umax
    }

    /// Reports whether 0 may be one of the numbers.
    pub(super) fn may_be_zero(self) -> bool {
        self.min <= 0 && self.umin == 0 && self.max >= 0
    }

    /// Reports whether all numbers, signed, are at least 0.
    pub(super) fn is_non_negative(self) -> bool {
        self.min >= 0
    }

    /// Returns the only number there is, if one reading says so.
    pub(super) fn only(self) -> Option<i64> {
        if self.min == self.max {
            Some(self.min)
        } else {
            (self.umin == self.umax).then_some(self.umin as i64)
        }
    }

    /// Returns the leading bits that all numbers share, with zeros behind, and how many bits vary.
    pub(super) fn leading_bits(self) -> (u64, u32) {
        let varying = u64::BITS - (self.umin ^ self.umax).leading_zeros();
        (self.umin & !low_bits(varying), varying)
    }

    /// Returns the limit of a sum of `bits` bits. Two constants may overflow.
    pub(super) fn add(self, other: Limit, bits: u32) -> Limit {
        let constant = |limit: Limit| {
            if limit.min == limit.max {
                Some(sign_extend(limit.min, bits) as u64)
            } else {
                (limit.umin == limit.umax).then_some(limit.umin)
            }
        };
        if let (Some(a), Some(b)) = (constant(self), constant(other)) {
            let sum = a.wrapping_add(b) & low_bits(bits);
            return Limit::constant(sign_extend(sum as i64, bits), sum);
        }
        let mut sum = Limit::NONE;
        if let Some((min, max)) =
            add_signed(self.min, other.min, bits).zip(add_signed(self.max, other.max, bits))
        {
            (sum.min, sum.max) = (min, max);
        }
        if let Some((umin, umax)) =
            add_unsigned(self.umin, other.umin, bits).zip(add_unsigned(self.umax, other.umax, bits))
        {
            (sum.umin, sum.umax) = (umin, umax);
        }
        sum
    }

    /// Returns the limit of a difference of `bits` bits.
    pub(super) fn sub(self, other: Limit, bits: u32) -> Limit {
        let mut difference = Limit::NONE;
        if let Some((min, max)) =
            sub_signed(self.min, other.max, bits).zip(sub_signed(self.max, other.min, bits))
        {
            (difference.min, difference.max) = (min, max);
        }
        if let Some((umin, umax)) =
            sub_unsigned(self.umin, other.umax, bits).zip(sub_unsigned(self.umax, other.umin, bits))
        {
            (difference.umin, difference.umax) = (umin, umax);
        }
        difference
    }

    /// Returns the limit of a product of `bits` bits. Signed bounds follow where the factors aren't negative.
    pub(super) fn mul(self, other: Limit, bits: u32) -> Limit {
        match self.umax.checked_mul(other.umax) {
            Some(umax) if umax <= low_bits(bits) => {
                Limit::unsigned(self.umin.wrapping_mul(other.umin), umax)
            }
            _ => Limit::NONE,
        }
    }

    /// Returns the limit of two to the power of a number, of `bits` bits.
    pub(super) fn power_of_two(self, bits: u32) -> Limit {
        if self.umax < bits.into() {
            Limit::unsigned(1 << self.umin.min(63), 1 << self.umax)
        } else {
            Limit::NONE
        }
    }

    /// Returns the limit of a complement of `bits` bits.
    pub(super) fn complement(self, bits: u32) -> Limit {
        Limit {
            min: sign_extend(!self.max, bits),
            max: sign_extend(!self.min, bits),
            umin: !self.umax & low_bits(bits),
            umax: !self.umin & low_bits(bits),
        }
    }

    /// Returns the limit of a negated number of `bits` bits.
    pub(super) fn negate(self, bits: u32) -> Limit {
        self.complement(bits).add(Limit::constant(1, 1), bits)
    }
}

/// Returns `n` ones, at most 64.
pub(super) fn low_bits(n: u32) -> u64 {
    if n == 0 { 0 } else { u64::MAX >> (64 - n) }
}

/// Returns the number whose lowest `bits` bits these are, signed.
pub(super) fn sign_extend(n: i64, bits: u32) -> i64 {
    n << (64 - bits) >> (64 - bits)
}

/// Returns `x + y` unless it overflows `bits` bits, signed.
pub(super) fn add_signed(x: i64, y: i64, bits: u32) -> Option<i64> {
    let sum = x.checked_add(y)?;
    (sign_extend(sum, bits) == sum).then_some(sum)
}

/// Returns `x + y` unless it overflows `bits` bits, unsigned.
pub(super) fn add_unsigned(x: u64, y: u64, bits: u32) -> Option<u64> {
    x.checked_add(y).filter(|&sum| sum <= low_bits(bits))
}

/// Returns `x - y` unless it overflows `bits` bits, signed.
pub(super) fn sub_signed(x: i64, y: i64, bits: u32) -> Option<i64> {
    let difference = x.checked_sub(y)?;
    (sign_extend(difference, bits) == difference).then_some(difference)
}

/// Returns `x - y` unless it overflows `bits` bits, unsigned.
pub(super) fn sub_unsigned(x: u64, y: u64, bits: u32) -> Option<u64> {
    x.checked_sub(y)
        .filter(|&difference| difference <= low_bits(bits))
}
