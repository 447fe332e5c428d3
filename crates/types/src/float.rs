//! Binary floating-point numbers with a mantissa of 512 bits, in which gc computes untyped constants.
//!
//! A number is `±mantissa · 2^exponent`. Every operation rounds once, to nearest, ties to even (gc: mpfloat.go, which
//! uses math/big). Exponents have the range of math/big: beyond 32 bits a number becomes infinite or zero.

use std::cmp::Ordering;

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};

/// Bits of a mantissa, and the size limit of integer constants in bits.
pub const PRECISION: u64 = 512;

/// A floating-point constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Float {
    negative: bool,
    /// At most [`PRECISION`] bits; zero for the number zero.
    mantissa: BigUint,
    exponent: i64,
    infinite: bool,
}

impl Float {
    /// Returns zero.
    pub fn zero() -> Float {
        Float {
            negative: false,
            mantissa: BigUint::zero(),
            exponent: 0,
            infinite: false,
        }
    }

    fn infinity(negative: bool) -> Float {
        Float {
            negative,
            infinite: true,
            ..Float::zero()
        }
    }

    /// Returns `mantissa · 2^exponent`, rounded. `sticky` is set if the exact mantissa is slightly larger.
    fn rounded(negative: bool, mantissa: BigUint, exponent: i64, sticky: bool) -> Float {
        Float::rounded_to(negative, mantissa, exponent, sticky, PRECISION)
    }

    fn rounded_to(negative: bool, m: BigUint, exponent: i64, sticky: bool, bits: u64) -> Float {
        let (mut mantissa, mut exponent) = (m, exponent);
        if mantissa.bits() > bits {
            let drop = mantissa.bits() - bits;
            let half = mantissa.bit(drop - 1);
            let rest = sticky || mantissa.trailing_zeros().unwrap_or(0) < drop - 1;
            mantissa >>= drop;
            exponent += drop as i64;
            if half && (rest || mantissa.bit(0)) {
                mantissa += 1u32;
            }
        }
        if mantissa.is_zero() {
            return Float::zero();
        }
        let zeros = mantissa.trailing_zeros().unwrap_or(0);
        mantissa >>= zeros;
        exponent += zeros as i64;
        let top = exponent.saturating_add(mantissa.bits() as i64);
        if top > i64::from(i32::MAX) {
            return Float::infinity(negative);
        }
        if top < i64::from(i32::MIN) {
            return Float::zero();
        }
        Float {
            negative,
            mantissa,
            exponent,
            infinite: false,
        }
    }

    /// Returns the number nearest to `value`.
    pub fn from_int(value: &BigInt) -> Float {
        let negative = value.sign() == Sign::Minus;
        Float::rounded(negative, value.magnitude().clone(), 0, false)
    }

    /// Parses a literal, decimal or hexadecimal. Underscores are allowed. The scanner has checked the syntax.
    ///
    /// # Errors
    ///
    /// Returns gc's message about a number that is out of range, without the literal (gc: mpfloat.go, SetString).
    pub fn parse(literal: &str) -> Result<Float, ParseError> {
        let text: String = literal.chars().filter(|&c| c != '_').collect();
        let lower = text.to_ascii_lowercase();
        let is_part = |c: char| c.is_ascii_hexdigit() || "xp.+-".contains(c);
        if let Some(at) = lower.find(|c| !is_part(c)) {
            // The scanner has reported this character but kept it.
            let found = char::from(lower.as_bytes()[at]);
            return Err(ParseError::Malformed(format!(
                "expected end of string, found {found:?}"
            )));
        }
        let (radix, marker, text) = match lower.strip_prefix("0x") {
            Some(hex) => (16, 'p', hex),
            None => (10, 'e', &*lower),
        };
        let (digits, exponent) = text.split_once(marker).unwrap_or((text, "0"));
        let exponent: i64 = exponent.parse().map_err(|_| {
            let digits = exponent.trim_start_matches('+');
            ParseError::Malformed(format!(
                "strconv.ParseInt: parsing \"{digits}\": value out of range"
            ))
        })?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = [whole, fraction].concat();
        let mantissa = BigUint::parse_bytes(all_digits.as_bytes(), radix).unwrap_or_default();
        if mantissa.is_zero() {
            return Ok(Float::zero());
        }
        let fraction_bits = if radix == 16 { 4 } else { 1 };
        let exponent = exponent.saturating_sub(fraction_bits * fraction.len() as i64);
        let top = exponent.saturating_add(mantissa.bits() as i64);
        if i32::try_from(top).is_err() {
            return Err(ParseError::Malformed("exponent overflow".to_owned()));
        }
        let float = match radix {
            16 => Float::rounded(false, mantissa, exponent, false),
            _ => scale_decimal(mantissa, exponent),
        };
        match float.infinite {
            true => Err(ParseError::TooLarge),
            false => Ok(float),
        }
    }

    /// Returns the number nearest to a fraction.
    pub fn from_ratio(numerator: &BigInt, denominator: &BigInt) -> Float {
        let negative = numerator.sign() == Sign::Minus;
        let (top, bottom) = (numerator.magnitude(), denominator.magnitude());
        let shift = (PRECISION + 2 + bottom.bits()).saturating_sub(top.bits());
        let (quotient, rest) = (top << shift).div_rem(bottom);
        Float::rounded(negative, quotient, -(shift as i64), !rest.is_zero())
    }

    /// Returns a number that is on the same side as a fraction of every number with up to 254 bits, and equal to it if it
    /// is one itself, so that it rounds to fewer bits as the fraction does.
    pub fn near_ratio(numerator: &BigInt, denominator: &BigInt) -> Float {
        const BITS: i64 = 256;
        let negative = numerator.sign() == Sign::Minus;
        let (top, bottom) = (numerator.magnitude(), denominator.magnitude());
        let shift = BITS + bottom.bits() as i64 - top.bits() as i64;
        let (mut quotient, rest) = match u64::try_from(shift) {
            Ok(shift) => (top << shift).div_rem(bottom),
            Err(_) => top.div_rem(&(bottom << shift.unsigned_abs())),
        };
        if !rest.is_zero() {
            quotient |= BigUint::one();
        }
        Float::rounded(negative, quotient, -shift, false)
    }

    /// Reports whether the number is too large.
    pub fn is_infinite(&self) -> bool {
        self.infinite
    }

    /// Reports whether the number is zero.
    pub fn is_zero(&self) -> bool {
        self.mantissa.is_zero() && !self.infinite
    }

    /// Returns the negated number. Zero has no sign.
    pub fn neg(&self) -> Float {
        Float {
            negative: !self.negative && !self.is_zero(),
            ..self.clone()
        }
    }

    /// Returns `self + other`.
    pub fn add(&self, other: &Float) -> Float {
        if self.infinite || other.is_zero() {
            return self.clone();
        }
        if other.infinite || self.is_zero() {
            return other.clone();
        }
        let (large, small) = if self.binary_exponent() >= other.binary_exponent() {
            (self, other)
        } else {
            (other, self)
        };
        // A number below the last bit of the sum affects only the direction of rounding.
        let reach = 2 * PRECISION as i64 + 4;
        if large.binary_exponent() - small.binary_exponent() > reach {
            let mantissa = large.signed_mantissa() << (reach as u64);
            let nudge = if small.negative { -1 } else { 1 };
            return Float::from_signed(mantissa + nudge, large.exponent - reach);
        }
        let exponent = large.exponent.min(small.exponent);
        let sum = (large.signed_mantissa() << (large.exponent - exponent) as u64)
            + (small.signed_mantissa() << (small.exponent - exponent) as u64);
        Float::from_signed(sum, exponent)
    }

    /// Returns `self - other`.
    pub fn sub(&self, other: &Float) -> Float {
        self.add(&other.neg())
    }

    /// Returns `self * other`.
    pub fn mul(&self, other: &Float) -> Float {
        let negative = self.negative != other.negative;
        if self.infinite || other.infinite {
            return Float::infinity(negative);
        }
        let mantissa = &self.mantissa * &other.mantissa;
        Float::rounded(negative, mantissa, self.exponent + other.exponent, false)
    }

    /// Returns `self / other`. The divisor must not be zero.
    pub fn quo(&self, other: &Float) -> Float {
        let negative = self.negative != other.negative;
        if self.infinite || other.is_zero() {
            return Float::infinity(negative);
        }
        if other.infinite || self.is_zero() {
            return Float::zero();
        }
        let shift = (PRECISION + 2 + other.mantissa.bits()).saturating_sub(self.mantissa.bits());
        let (quotient, rest) = (&self.mantissa << shift).div_rem(&other.mantissa);
        let exponent = self.exponent - other.exponent - shift as i64;
        Float::rounded(negative, quotient, exponent, !rest.is_zero())
    }

    /// Compares two numbers.
    pub fn compare(&self, other: &Float) -> Ordering {
        let sign = |float: &Float| match (float.is_zero(), float.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let by_sign = sign(self).cmp(&sign(other));
        if by_sign != Ordering::Equal || self.is_zero() {
            return by_sign;
        }
        let by_size = match (self.infinite, other.infinite) {
            (false, false) => self
                .binary_exponent()
                .cmp(&other.binary_exponent())
                .then_with(|| {
                    let exponent = self.exponent.min(other.exponent);
                    let left = &self.mantissa << (self.exponent - exponent) as u64;
                    left.cmp(&(&other.mantissa << (other.exponent - exponent) as u64))
                }),
            (left, right) => left.cmp(&right),
        };
        if self.negative {
            by_size.reverse()
        } else {
            by_size
        }
    }

    /// Returns the number as an integer. A fraction confined to the last 16 bits of precision is rounded off (gc:
    /// mpint.go, SetFloat).
    ///
    /// # Errors
    ///
    /// Fails if the number is too large or has a fraction.
    pub fn to_int(&self) -> Result<BigInt, NotInteger> {
        if self.infinite || self.binary_exponent() > 2 * PRECISION as i64 {
            return Err(NotInteger::TooLarge);
        }
        if let Some(exact) = self.exact_int() {
            return Ok(exact);
        }
        let keep = PRECISION - 16;
        if self.mantissa.bits() > keep {
            let drop = self.mantissa.bits() - keep;
            let down = &self.mantissa >> drop;
            for mantissa in [down.clone(), down + 1u32] {
                let near =
                    Float::rounded(self.negative, mantissa, self.exponent + drop as i64, false);
                if let Some(exact) = near.exact_int() {
                    return Ok(exact);
                }
            }
        }
        let whole = self.signed_mantissa() / (BigInt::one() << self.exponent.unsigned_abs());
        Err(NotInteger::Fraction(whole))
    }

    /// Returns the number as an integer, if it is one but for the last four bits of precision and has fewer than
    /// `max_bits` bits (Go: go/constant, ToInt).
    pub fn near_int(&self, max_bits: u64) -> Option<BigInt> {
        if self.infinite || self.binary_exponent() >= max_bits as i64 {
            return None;
        }
        let keep = PRECISION - 4;
        if let Some(exact) = self.exact_int() {
            return Some(exact);
        }
        let drop = self
            .mantissa
            .bits()
            .checked_sub(keep)
            .filter(|&drop| drop > 0)?;
        let down = &self.mantissa >> drop;
        [down.clone(), down + 1u32]
            .into_iter()
            .find_map(|mantissa| {
                let exponent = self.exponent + drop as i64;
                Float::rounded(self.negative, mantissa, exponent, false).exact_int()
            })
    }

    fn exact_int(&self) -> Option<BigInt> {
        if self.is_zero() {
            return Some(BigInt::zero());
        }
        // The mantissa is odd, so a negative exponent implies a fraction.
        (self.exponent >= 0).then(|| self.signed_mantissa() << self.exponent as u64)
    }

    /// Returns the nearest `f64`, which is infinite if the number is too large.
    pub fn to_f64(&self) -> f64 {
        self.to_ieee(53, -1074, 1024)
    }

    /// Returns the nearest `f32`, as an `f64`; infinite if the number is too large.
    pub fn to_f32(&self) -> f64 {
        self.to_ieee(24, -149, 128)
    }

    fn to_ieee(&self, bits: u64, lowest: i64, highest: i64) -> f64 {
        let sign = if self.negative { -1.0 } else { 1.0 };
        if self.infinite {
            return sign * f64::INFINITY;
        }
        // Subnormal numbers have fewer bits.
        let bits = (bits as i64).min(self.binary_exponent() - lowest);
        if self.is_zero() || bits < 0 {
            return 0.0;
        }
        let (mantissa, exponent) = if bits == 0 {
            // Below the smallest number: exactly half of it rounds to even, which is zero.
            let above_half = !self.mantissa.is_one();
            (u64::from(above_half), lowest)
        } else {
            let near = Float::rounded_to(
                false,
                self.mantissa.clone(),
                self.exponent,
                false,
                bits as u64,
            );
            (near.mantissa.to_u64().unwrap_or(0), near.exponent)
        };
        if mantissa == 0 {
            return 0.0;
        }
        if exponent + (64 - i64::from(mantissa.leading_zeros())) > highest {
            return sign * f64::INFINITY;
        }
        // In two steps, because a single power of two might be below the smallest number.
        let half = (exponent / 2) as i32;
        sign * (mantissa as f64) * 2f64.powi(half) * 2f64.powi(exponent as i32 - half)
    }

    /// Returns the number equal to `value`, which must be finite.
    pub fn from_f64(value: f64) -> Float {
        let bits = value.to_bits();
        let exponent = (bits >> 52 & 0x7ff) as i64;
        let fraction = bits & ((1 << 52) - 1);
        let (mantissa, exponent) = match exponent {
            0 => (fraction, -1074),
            _ => (fraction | 1 << 52, exponent - 1075),
        };
        Float::rounded(value < 0.0, mantissa.into(), exponent, false)
    }

    /// Formats the number with six significant digits, as messages do (gc: mpfloat.go, GoString).
    pub fn display(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        if self.infinite {
            return format!("{sign}Inf");
        }
        let value = self.to_f64().abs();
        if self.is_zero() == (value == 0.0) && value.is_finite() {
            return format!("{sign}{}", format_general(value));
        }
        // Outside the range of `f64`: approximate mantissa and decimal exponent.
        let top = self.binary_exponent();
        let fraction = Float {
            negative: false,
            exponent: self.exponent - top,
            ..self.clone()
        };
        let digits = top as f64 * (std::f64::consts::LN_2 / std::f64::consts::LN_10);
        let mut exponent = digits as i64;
        let mut mantissa = fraction.to_f64() * libm::pow(10.0, digits - exponent as f64);
        if mantissa < 1.0 - 0.5e-6 {
            mantissa *= 10.0;
            exponent -= 1;
        } else if mantissa >= 10.0 {
            mantissa /= 10.0;
            exponent += 1;
        }
        format!("{sign}{}e{exponent:+}", format_general(mantissa))
    }

    /// Returns the exponent `e` such that the absolute value is in `[2^(e-1), 2^e)`.
    pub(crate) fn binary_exponent(&self) -> i64 {
        self.exponent + self.mantissa.bits() as i64
    }

    fn signed_mantissa(&self) -> BigInt {
        let sign = if self.negative {
            Sign::Minus
        } else {
            Sign::Plus
        };
        BigInt::from_biguint(sign, self.mantissa.clone())
    }

    fn from_signed(mantissa: BigInt, exponent: i64) -> Float {
        let negative = mantissa.sign() == Sign::Minus;
        Float::rounded(negative, mantissa.into_parts().1, exponent, false)
    }
}

/// Reason why a number has no integer value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotInteger {
    /// It exceeds the limit of integer constants.
    TooLarge,
    /// It has a fraction. Holds the integer part.
    Fraction(BigInt),
}

/// Reason why a literal can't be represented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// The value would be infinite.
    TooLarge,
    /// The exponent is out of range; in the words of the library that gc uses.
    Malformed(String),
}

/// Returns `mantissa · 10^exponent`. Rounds once if the power of five is exact; else the power has 128 extra bits.
fn scale_decimal(mantissa: BigUint, exponent: i64) -> Float {
    let power = pow5(exponent.unsigned_abs());
    if power.infinite {
        return if exponent > 0 { power } else { Float::zero() };
    }
    if exponent >= 0 {
        let product = mantissa * power.mantissa;
        return Float::rounded(false, product, power.exponent + exponent, false);
    }
    let shift = PRECISION + 130 + power.mantissa.bits();
    let (quotient, rest) = (mantissa << shift).div_rem(&power.mantissa);
    let scale = -power.exponent - shift as i64 + exponent;
    Float::rounded(false, quotient, scale, !rest.is_zero())
}

fn pow5(exponent: u64) -> Float {
    const EXACT: u64 = 4096;
    let bits = if exponent <= EXACT {
        u64::MAX
    } else {
        PRECISION + 128
    };
    let mut result = Float::from_int(&BigInt::one());
    let mut base = Float::from_int(&BigInt::from(5));
    let mut rest = exponent;
    while rest > 0 {
        if rest & 1 == 1 {
            let mantissa = &result.mantissa * &base.mantissa;
            let exponent = result.exponent + base.exponent;
            result = Float::rounded_to(false, mantissa, exponent, false, bits);
        }
        if base.infinite || result.infinite {
            return Float::infinity(false);
        }
        rest >>= 1;
        if rest > 0 {
            let mantissa = &base.mantissa * &base.mantissa;
            base = Float::rounded_to(false, mantissa, 2 * base.exponent, false, bits);
        }
    }
    result
}

/// Formats a non-negative number like C's `%.6g`.
fn format_general(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let scientific = format!("{value:.5e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if (-4..6).contains(&exponent) {
        return trim(&format!("{value:.*}", (5 - exponent) as usize));
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", trim(digits), exponent.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn float(text: &str) -> Float {
        Float::parse(text).expect("in range")
    }

    #[test]
    fn literals_print_with_six_digits() {
        for (text, expected) in [
            ("1.5", "1.5"),
            ("0x1p-2", "0.25"),
            ("0x_1.8p1", "3"),
            ("1e100", "1e+100"),
            ("123456789.0", "1.23457e+08"),
            ("0.00001", "1e-05"),
            ("1e-400", "1e-400"),
            ("1e400", "1e+400"),
            ("1e10000", "1e+10000"),
        ] {
            assert_eq!(float(text).display(), expected, "{text}");
        }
        assert_eq!(Float::parse("1e1000000000"), Err(ParseError::TooLarge));
        let malformed = Float::parse("1e5000000000");
        assert!(matches!(malformed, Err(ParseError::Malformed(_))));
        assert!(float("1e-1000000000").is_zero());
    }

    #[test]
    fn arithmetic_rounds_to_512_bits() {
        let third = float("1.0").quo(&float("3.0"));
        assert_eq!(third.mantissa.bits(), PRECISION);
        let sum = third.add(&third).add(&third);
        assert_eq!(sum.compare(&float("1.0")), Ordering::Equal);
        assert_eq!(
            float("0.1").mul(&float("10.0")).to_int(),
            Ok(BigInt::from(1))
        );
        assert_eq!(float("1e600").add(&float("1e-600")).display(), "1e+600");
        assert_eq!(float("1.5").to_int(), Err(NotInteger::Fraction(1.into())));
        assert_eq!(float("1e400").to_int(), Err(NotInteger::TooLarge));
    }

    #[test]
    fn nearest_machine_numbers() {
        for text in ["0.1", "1e-320", "5e-324", "1.7976931348623157e308", "3.25"] {
            assert_eq!(float(text).to_f64(), text.parse::<f64>().unwrap(), "{text}");
            assert_eq!(
                float(text).to_f32(),
                f64::from(text.parse::<f32>().unwrap())
            );
        }
        assert_eq!(float("1e309").to_f64(), f64::INFINITY);
        assert_eq!(float("2e-324").to_f64(), 0.0);
        let tenth = Float::from_f64(0.1);
        assert_eq!(tenth.to_f64(), 0.1);
    }
}
