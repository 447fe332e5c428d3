//! Division and divisibility by constants with multiplications.
//!
//! `x / c` is `x * m >> (n + s)` for a suitable `m`; `x % c == 0` holds for the multiples of `c`, whose product
//! with the inverse of the odd part of `c`, rotated by the number of factors two, is small. Numbers and
//! the choice of `s` are gc's (gc: magic.go; Hacker's Delight, chapter 10).

use crate::rewrite::zero_extend;

/// Multiplier and shift for an unsigned division of `n` bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Umagic {
    n: u32,
    /// Number of bits of the divisor.
    pub s: i64,
    /// `ceil(2^(n+s) / c) - 2^n`: the multiplier without its highest bit.
    pub m: u64,
}

impl Umagic {
    /// Returns the whole multiplier of n+1 bits; n is less than 64.
    pub fn whole(self) -> i64 {
        (1 << self.n) + self.m as i64
    }

    /// Returns half of the multiplier, rounded down.
    pub fn half(self) -> i64 {
        ((1 << (self.n - 1)) + self.m / 2) as i64
    }

    /// Returns half of the multiplier, rounded up.
    pub fn half_up(self) -> i64 {
        (1u64 << (self.n - 1)).wrapping_add(self.m.wrapping_add(1) / 2) as i64
    }
}

/// Reports whether an unsigned division by `c` can be a multiplication: not 0 and no power of two.
pub(crate) fn umagic_ok(n: u32, c: i64) -> bool {
    let d = zero_extend(n, c);
    d & d.wrapping_sub(1) != 0
}

/// Returns multiplier and shift for the division of unsigned `n`-bit numbers by `c`.
pub(crate) fn umagic(n: u32, c: i64) -> Umagic {
    let d = zero_extend(n, c) as u64;
    let s = 64 - d.leading_zeros();
    // The dividend is 2^(n+s), up to 2^128: one is taken off and put back after the division.
    let below = ((1u128 << (n + s - 1)) - 1) << 1 | 1;
    let m = below / u128::from(d) + 1;
    Umagic {
        n,
        s: i64::from(s),
        m: (m - (1 << n)) as u64,
    }
}

/// Multiplier and shift for a signed division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Smagic {
    /// Number of bits of the divisor less one.
    pub s: i64,
    /// `ceil(2^(n+s) / c)`.
    pub m: u64,
}

/// Reports whether a signed division by `c` can be a multiplication: positive and no power of two.
pub(crate) fn smagic_ok(c: i64) -> bool {
    c > 0 && c & (c - 1) != 0
}

/// Returns multiplier and shift for the division of signed `n`-bit numbers by `c`.
pub(crate) fn smagic(n: u32, c: i64) -> Smagic {
    let s = 63 - c.leading_zeros();
    let m = ((1u128 << (n + s)) - 1) / c as u128 + 1;
    Smagic {
        s: i64::from(s),
        m: m as u64,
    }
}

/// The constants of a test for unsigned divisibility: `rotate(x * m, -k) <= max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Udivisible {
    /// Number of factors two of the divisor.
    pub k: i64,
    /// Inverse of the odd part of the divisor modulo 2^n.
    pub m: i64,
    /// `floor((2^n - 1) / c)`.
    pub max: i64,
}

/// Reports whether there is such a test for `c`: not 0 and no power of two.
pub(crate) fn udivisible_ok(n: u32, c: i64) -> bool {
    umagic_ok(n, c)
}

/// Returns the test for `x % c == 0` of unsigned `n`-bit numbers.
pub(crate) fn udivisible(n: u32, c: i64) -> Udivisible {
    let d = zero_extend(n, c) as u64;
    let k = d.trailing_zeros();
    let mask = u64::MAX >> (64 - n);
    Udivisible {
        k: i64::from(k),
        m: (inverse(d >> k) & mask) as i64,
        max: (mask / d) as i64,
    }
}

/// The constants of a test for signed divisibility: `rotate(x * m + a, -k) <= max`, unsigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sdivisible {
    /// See [`Udivisible::k`].
    pub k: i64,
    /// See [`Udivisible::m`].
    pub m: i64,
    /// Moves the negative multiples after the positive ones: `floor((2^(n-1) - 1) / (c>>k))` without its
    /// low `k` bits.
    pub a: i64,
    /// `2a >> k`.
    pub max: i64,
}

/// Reports whether there is such a test for `c`: positive and no power of two.
pub(crate) fn sdivisible_ok(c: i64) -> bool {
    smagic_ok(c)
}

/// Returns the test for `x % c == 0` of signed `n`-bit numbers.
pub(crate) fn sdivisible(n: u32, c: i64) -> Sdivisible {
    let d = c as u64;
    let k = d.trailing_zeros();
    let odd = d >> k;
    let mask = u64::MAX >> (64 - n);
    let a = ((mask >> 1) / odd) & (1u64 << k).wrapping_neg();
    Sdivisible {
        k: i64::from(k),
        m: (inverse(odd) & mask) as i64,
        a: a as i64,
        max: ((2 * a) >> k) as i64,
    }
}

/// Returns the inverse of an odd number modulo 2^64, by Newton's method: each step doubles the correct bits.
pub(crate) fn inverse(odd: u64) -> u64 {
    // An odd number is its own inverse modulo 8.
    let mut m = odd;
    for _ in 0..5 {
        m = m.wrapping_mul(2u64.wrapping_sub(m.wrapping_mul(odd)));
    }
    m
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotients_of_8_bits_are_exact() {
        for c in 1..=255i64 {
            let unsigned = i64::from(c as u8 as i8);
            if umagic_ok(8, unsigned) {
                let magic = umagic(8, unsigned);
                let test = udivisible(8, unsigned);
                for x in 0..=255i64 {
                    assert_eq!((x * magic.whole()) >> (8 + magic.s), x / c, "{x} / {c}");
                    let product = (x as u8).wrapping_mul(test.m as u8);
                    let divides = product.rotate_right(test.k as u32) <= test.max as u8;
                    assert_eq!(divides, x % c == 0, "{x} % {c}");
                }
            }
            if c < 128 && smagic_ok(c) {
                let magic = smagic(8, c);
                let test = sdivisible(8, c);
                for x in -128..=127i64 {
                    let quotient = ((x * magic.m as i64) >> (8 + magic.s)) - (x >> 63);
                    assert_eq!(quotient, x / c, "{x} / {c}");
                    let product = (x as u8).wrapping_mul(test.m as u8);
                    let moved = product.wrapping_add(test.a as u8);
                    let divides = moved.rotate_right(test.k as u32) <= test.max as u8;
                    assert_eq!(divides, x % c == 0, "{x} % {c}");
                }
            }
        }
    }

    #[test]
    fn quotients_of_64_bits_are_exact_at_the_edges() {
        for c in [3u64, 7, 10, 641, u64::MAX, u64::MAX - 1, (1 << 63) + 1] {
            let magic = umagic(64, c as i64);
            for x in [
                0,
                1,
                c - 1,
                c,
                u64::MAX,
                u64::MAX / c * c - 1,
                u64::MAX / c * c,
            ] {
                let high = ((u128::from(x) * u128::from(magic.m)) >> 64) + u128::from(x);
                assert_eq!((high >> magic.s) as u64, x / c, "{x} / {c}");
            }
        }
    }
}
