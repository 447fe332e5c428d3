//! Constant values and exact arithmetic (Go: package go/constant).
//!
//! Integers have any size; the checker reports those of more than 512 bits. Numbers with a fraction are exact fractions
//! until their parts get too large, from where on they have a mantissa of 512 bits ([`crate::float`]).

use std::cmp::Ordering;
use std::rc::Rc;

use minigo_base::literal::{first_char, unquote};
use minigo_base::unicode::quote;
use minigo_syntax::token::{LitKind, Operator};
use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::check::format_float;
use crate::constant::{Int, Value, fits};
use crate::float::Float;
use crate::ty::{Kind, Type};

/// Bits of a fraction's parts from which on it becomes a float.
const MAX_FRACTION: u64 = 4 << 10;

/// A constant value.
#[derive(Clone, Debug)]
pub(super) enum Val {
    /// Unknown after an error, so that no operation on it is an error.
    Unknown,
    Bool(bool),
    Str(Rc<[u8]>),
    Int(BigInt),
    /// A fraction, possibly with denominator 1.
    Ratio(BigRational),
    /// A number that is too large or small for a fraction.
    Float(Float),
    /// Real and imaginary part.
    Complex(Rc<(Val, Val)>),
}

impl Val {
    pub(super) fn int(value: impl Into<BigInt>) -> Val {
        Val::Int(value.into())
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Val::Unknown)
    }

    pub(super) fn is_int(&self) -> bool {
        matches!(self, Val::Int(_))
    }

    /// Returns the value of a literal, unknown if it is out of range.
    pub(super) fn of_literal(kind: LitKind, text: &str) -> Val {
        match kind {
            LitKind::Int => Int::digits(text).map_or(Val::Unknown, Val::Int),
            LitKind::Float => float_literal(text),
            LitKind::Imag => match float_literal(text.trim_end_matches('i')) {
                Val::Unknown => Val::Unknown,
                imaginary => Val::complex(Val::int(0), imaginary),
            },
            LitKind::Rune => first_char(text).map_or(Val::Unknown, Val::int),
            LitKind::String => unquote(text).map_or(Val::Unknown, |bytes| Val::Str(bytes.into())),
        }
    }

    fn ratio(ratio: BigRational) -> Val {
        match ratio.numer().bits() < MAX_FRACTION && ratio.denom().bits() < MAX_FRACTION {
            true => Val::Ratio(ratio),
            false => Val::float(float_of(&ratio)),
        }
    }

    fn float(float: Float) -> Val {
        match float.is_infinite() {
            true => Val::Unknown,
            false => Val::Float(float),
        }
    }

    pub(super) fn complex(re: Val, im: Val) -> Val {
        match re.is_unknown() || im.is_unknown() {
            true => Val::Unknown,
            false => Val::Complex(Rc::new((re, im))),
        }
    }

    /// Returns the real part of a number.
    pub(super) fn real(&self) -> Val {
        match self {
            Val::Complex(parts) => parts.0.clone(),
            other => other.clone(),
        }
    }

    /// Returns the imaginary part of a number.
    pub(super) fn imag(&self) -> Val {
        match self {
            Val::Complex(parts) => parts.1.clone(),
            Val::Unknown => Val::Unknown,
            _ => Val::int(0),
        }
    }

    /// Returns the number as an integer, or unknown if it isn't one.
    pub(super) fn to_int(&self) -> Val {
        match self {
            Val::Int(_) => self.clone(),
            Val::Ratio(ratio) if ratio.is_integer() => Val::Int(ratio.numer().clone()),
            Val::Float(float) => float.near_int(MAX_FRACTION).map_or(Val::Unknown, Val::Int),
            Val::Complex(_) => match self.to_float() {
                Val::Unknown => Val::Unknown,
                float => float.to_int(),
            },
            _ => Val::Unknown,
        }
    }

    /// Returns the number as a fraction or float, or unknown if it has an imaginary part.
    pub(super) fn to_float(&self) -> Val {
        match self {
            Val::Int(int) if int.bits() < MAX_FRACTION => {
                Val::Ratio(BigRational::from_integer(int.clone()))
            }
            Val::Int(int) => Val::Float(Float::from_int(int)),
            Val::Ratio(_) | Val::Float(_) => self.clone(),
            Val::Complex(parts) if parts.1.sign() == 0 => parts.0.to_float(),
            _ => Val::Unknown,
        }
    }

    fn to_complex(&self) -> Val {
        match self {
            Val::Complex(_) | Val::Unknown => self.clone(),
            other => Val::complex(other.clone(), Val::int(0)),
        }
    }

    /// Returns the sign of a number: -1, 0 or 1. That of a complex number tells whether it is zero.
    pub(super) fn sign(&self) -> i32 {
        let of_int = |int: &BigInt| match int.sign() {
            Sign::Minus => -1,
            Sign::NoSign => 0,
            Sign::Plus => 1,
        };
        match self {
            Val::Int(int) => of_int(int),
            Val::Ratio(ratio) => of_int(ratio.numer()),
            Val::Float(float) => match float.compare(&Float::zero()) {
                Ordering::Less => -1,
                Ordering::Equal => 0,
                Ordering::Greater => 1,
            },
            Val::Complex(parts) => parts.0.sign() | parts.1.sign(),
            _ => 1,
        }
    }

    /// Returns the integer if it has at most 64 bits without a sign.
    pub(super) fn as_u64(&self) -> Option<u64> {
        match self {
            Val::Int(int) => int.to_u64(),
            _ => None,
        }
    }

    /// Reports whether a real number is exactly `float`.
    pub(super) fn is_exact(&self, float: f64) -> bool {
        self.as_floating() == Some(Float::from_f64(float))
    }

    fn as_floating(&self) -> Option<Float> {
        Some(match self {
            Val::Int(int) => Float::from_int(int),
            Val::Ratio(ratio) => float_of(ratio),
            Val::Float(float) => float.clone(),
            _ => return None,
        })
    }

    /// Returns the nearest `f64` of a real number.
    pub(super) fn to_f64(&self) -> Option<f64> {
        Some(self.as_floating()?.to_f64())
    }

    /// Returns the result of a unary operation. `bits` is the size of an unsigned operand of `^`, otherwise 0.
    pub(super) fn unary(&self, op: Operator, bits: u32) -> Val {
        match (op, self) {
            (_, Val::Unknown) => Val::Unknown,
            (Operator::Add, _) => self.clone(),
            (Operator::Sub, Val::Int(int)) => Val::Int(-int),
            (Operator::Sub, Val::Ratio(ratio)) => Val::Ratio(-ratio),
            (Operator::Sub, Val::Float(float)) => Val::Float(float.neg()),
            (Operator::Sub, Val::Complex(parts)) => {
                Val::complex(parts.0.unary(op, 0), parts.1.unary(op, 0))
            }
            (Operator::Xor, Val::Int(int)) => {
                let inverted = !int;
                Val::Int(match bits {
                    0 => inverted,
                    _ => inverted & ((BigInt::one() << bits) - 1),
                })
            }
            (Operator::Not, Val::Bool(value)) => Val::Bool(!value),
            _ => Val::Unknown,
        }
    }

    /// Returns the result of an arithmetic or logical operation on numbers, strings or truth values. `integer` asks for
    /// integer division.
    pub(super) fn binary(&self, op: Operator, other: &Val, integer: bool) -> Val {
        use Operator::*;
        match matched(self, other) {
            (Val::Bool(x), Val::Bool(y)) => match op {
                AndAnd => Val::Bool(x && y),
                OrOr => Val::Bool(x || y),
                _ => Val::Unknown,
            },
            (Val::Int(x), Val::Int(y)) => Val::Int(match op {
                Add => x + y,
                Sub => x - y,
                Mul => x * y,
                Div if integer => x / y,
                Div => return Val::ratio(BigRational::new(x, y)),
                Rem => x % y,
                And => x & y,
                Or => x | y,
                Xor => x ^ y,
                AndNot => x & !y,
                _ => return Val::Unknown,
            }),
            (Val::Ratio(x), Val::Ratio(y)) => Val::ratio(match op {
                Add => x + y,
                Sub => x - y,
                Mul => x * y,
                Div => x / y,
                _ => return Val::Unknown,
            }),
            (Val::Float(x), Val::Float(y)) => Val::float(match op {
                Add => x.add(&y),
                Sub => x.sub(&y),
                Mul => x.mul(&y),
                Div => x.quo(&y),
                _ => return Val::Unknown,
            }),
            (Val::Complex(x), Val::Complex(y)) => complex_binary(&x, op, &y),
            (Val::Str(x), Val::Str(y)) if op == Add => Val::Str([&x[..], &y[..]].concat().into()),
            _ => Val::Unknown,
        }
    }

    /// Returns the integer shifted to the left, or to the right.
    pub(super) fn shift(&self, right: bool, bits: u64) -> Val {
        match self {
            Val::Int(int) if right => Val::Int(int >> bits),
            Val::Int(int) => Val::Int(int << bits),
            _ => Val::Unknown,
        }
    }

    /// Reports whether a comparison holds.
    pub(super) fn compare(&self, op: Operator, other: &Val) -> bool {
        let order = match matched(self, other) {
            (Val::Bool(x), Val::Bool(y)) if x == y => Ordering::Equal,
            (Val::Bool(_), Val::Bool(_)) => Ordering::Less,
            (Val::Int(x), Val::Int(y)) => x.cmp(&y),
            (Val::Ratio(x), Val::Ratio(y)) => x.cmp(&y),
            (Val::Float(x), Val::Float(y)) => x.compare(&y),
            (Val::Str(x), Val::Str(y)) => x.cmp(&y),
            (Val::Complex(x), Val::Complex(y)) => {
                let equal = x.0.compare(Operator::Eql, &y.0) && x.1.compare(Operator::Eql, &y.1);
                if equal {
                    Ordering::Equal
                } else {
                    Ordering::Less
                }
            }
            _ => return false,
        };
        match op {
            Operator::Eql => order == Ordering::Equal,
            Operator::Neq => order != Ordering::Equal,
            Operator::Lss => order == Ordering::Less,
            Operator::Leq => order != Ordering::Greater,
            Operator::Gtr => order == Ordering::Greater,
            Operator::Geq => order != Ordering::Less,
            _ => false,
        }
    }

    /// Returns the value as one of type kind `kind`, rounded if necessary; none if there is no such value (gc: types2,
    /// representableConst). An unknown value can have any type. `ideal` is the untyped type, if `kind` is that of one.
    pub(super) fn represented(&self, kind: Kind, ideal: Option<Type>) -> Option<Val> {
        if self.is_unknown() {
            return Some(Val::Unknown);
        }
        let integer =
            kind.is_integer() || matches!(ideal, Some(Type::UNTYPED_INT | Type::UNTYPED_RUNE));
        if integer {
            let Val::Int(int) = self.to_int() else {
                return None;
            };
            return (ideal.is_some() || fits(&int, kind)).then_some(Val::Int(int));
        }
        if kind.is_float() || ideal == Some(Type::UNTYPED_FLOAT) {
            return round(&self.to_float(), kind);
        }
        if kind.is_complex() || ideal == Some(Type::UNTYPED_COMPLEX) {
            let Val::Complex(parts) = self.to_complex() else {
                return None;
            };
            let part = match kind {
                Kind::Complex64 => Kind::Float32,
                Kind::Complex128 => Kind::Float64,
                _ => return Some(Val::Complex(parts)),
            };
            let (re, im) = (round(&parts.0, part)?, round(&parts.1, part)?);
            return Some(Val::complex(re, im));
        }
        let same = match self {
            Val::Str(_) => kind == Kind::String,
            Val::Bool(_) => kind == Kind::Bool,
            _ => false,
        };
        same.then(|| self.clone())
    }

    /// Returns the value as later stages have it. `rune` marks an untyped rune.
    pub(super) fn to_value(&self, rune: bool) -> Option<Value> {
        Some(match self {
            Val::Unknown => return None,
            Val::Bool(value) => Value::Bool(*value),
            Val::Str(bytes) => Value::String(bytes.to_vec()),
            Val::Int(value) => {
                let mut int = Int::new(value.clone());
                int.rune = rune;
                Value::Int(int)
            }
            Val::Ratio(_) | Val::Float(_) => Value::Float(self.as_floating()?),
            Val::Complex(parts) => return parts.0.to_float().to_value(false),
        })
    }
}

fn round(val: &Val, kind: Kind) -> Option<Val> {
    let float = match val {
        Val::Ratio(ratio) => Float::near_ratio(ratio.numer(), ratio.denom()),
        Val::Int(int) => Float::near_ratio(int, &BigInt::one()),
        _ => val.as_floating()?,
    };
    let rounded = match kind {
        Kind::Float32 => float.to_f32(),
        Kind::Float64 => float.to_f64(),
        _ => return Some(val.clone()),
    };
    rounded
        .is_finite()
        .then(|| Val::Ratio(BigRational::from_float(rounded).unwrap_or_else(BigRational::zero)))
}

fn float_of(ratio: &BigRational) -> Float {
    let numerator = Float::from_int(ratio.numer());
    match ratio.is_integer() {
        true => numerator,
        false => Float::from_ratio(ratio.numer(), ratio.denom()),
    }
}

fn float_literal(text: &str) -> Val {
    if let [b'0', b'b' | b'o' | b'B' | b'O', ..] = text.as_bytes() {
        // The number in front of an imaginary unit.
        let int = Int::digits(text).map(BigRational::from_integer);
        return int.map_or(Val::Unknown, Val::Ratio);
    }
    let Ok(float) = Float::parse(text) else {
        return Val::Unknown;
    };
    let exponent = float.binary_exponent();
    if float.is_zero() {
        return Val::Ratio(BigRational::zero());
    }
    if exponent.unsigned_abs() >= MAX_FRACTION {
        return Val::float(float);
    }
    ratio_literal(text).map_or(Val::Unknown, Val::Ratio)
}

/// Returns the exact value of a literal whose exponent is moderate.
fn ratio_literal(text: &str) -> Option<BigRational> {
    let text: String = text.chars().filter(|&c| c != '_').collect();
    let lower = text.to_ascii_lowercase();
    let (radix, base, marker, digits) = match lower.strip_prefix("0x") {
        Some(hex) => (16, 2u32, 'p', hex),
        None => (10, 10, 'e', &*lower),
    };
    let (digits, exponent) = digits.split_once(marker).unwrap_or((digits, "0"));
    let exponent: i64 = exponent.parse().ok()?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mantissa = BigInt::parse_bytes([whole, fraction].concat().as_bytes(), radix)?;
    let scale = if radix == 16 { 4 } else { 1 } * fraction.len() as i64;
    let exponent = exponent - scale;
    let power = BigInt::from(base).pow(exponent.unsigned_abs() as u32);
    Some(match exponent < 0 {
        true => BigRational::new(mantissa, power),
        false => BigRational::from_integer(mantissa * power),
    })
}

/// Converts both operands to the more complex of their representations.
fn matched(x: &Val, y: &Val) -> (Val, Val) {
    let rank = |val: &Val| match val {
        Val::Unknown => 0,
        Val::Bool(_) | Val::Str(_) => 1,
        Val::Int(_) => 2,
        Val::Ratio(_) => 3,
        Val::Float(_) => 4,
        Val::Complex(_) => 5,
    };
    let lift = |val: &Val, to: i32| match to {
        3 => val.to_float(),
        4 => val.as_floating().map_or(Val::Unknown, Val::Float),
        5 => val.to_complex(),
        _ => val.clone(),
    };
    let (left, right) = (rank(x), rank(y));
    if left == 0 || right == 0 {
        return (Val::Unknown, Val::Unknown);
    }
    let top = left.max(right);
    let lifted = |val: &Val, rank: i32| {
        if rank == top {
            val.clone()
        } else {
            lift(val, top)
        }
    };
    (lifted(x, left), lifted(y, right))
}

fn complex_binary(x: &(Val, Val), op: Operator, y: &(Val, Val)) -> Val {
    use Operator::{Add, Div, Mul, Sub};
    let apply = |x: &Val, op, y: &Val| x.binary(op, y, false);
    let ((a, b), (c, d)) = (x, y);
    match op {
        Add | Sub => Val::complex(apply(a, op, c), apply(b, op, d)),
        Mul | Div => {
            let (ac, bd) = (apply(a, Mul, c), apply(b, Mul, d));
            let (bc, ad) = (apply(b, Mul, c), apply(a, Mul, d));
            if op == Mul {
                return Val::complex(apply(&ac, Sub, &bd), apply(&bc, Add, &ad));
            }
            let s = apply(&apply(c, Mul, c), Add, &apply(d, Mul, d));
            let re = apply(&apply(&ac, Add, &bd), Div, &s);
            let im = apply(&apply(&bc, Sub, &ad), Div, &s);
            Val::complex(re, im)
        }
        _ => Val::Unknown,
    }
}

/// Formats the value as messages print it.
impl std::fmt::Display for Val {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Val::Unknown => f.write_str("unknown"),
            Val::Bool(value) => write!(f, "{value}"),
            Val::Str(bytes) => {
                const LONGEST: usize = 72;
                let text = quote(bytes);
                match text.char_indices().nth(LONGEST - 3) {
                    Some((end, _)) if text.chars().count() > LONGEST => {
                        write!(f, "{}...", &text[..end])
                    }
                    _ => f.write_str(&text),
                }
            }
            Val::Int(int) => write!(f, "{int}"),
            Val::Ratio(_) | Val::Float(_) => {
                let float = self.as_floating().unwrap_or_else(Float::zero);
                let text = float.display();
                let value = float.to_f64();
                let integral = !self.to_int().is_unknown();
                match !integral && !text.contains('.') && value.is_finite() && value != 0.0 {
                    true => f.write_str(&format_float(value)),
                    false => f.write_str(&text),
                }
            }
            Val::Complex(parts) => write!(f, "({} + {}i)", parts.0, parts.1),
        }
    }
}

/// Returns the string of a code point, for conversions of integers.
pub(super) fn rune_string(val: &Val) -> Val {
    let code = val.as_u64().and_then(|code| u32::try_from(code).ok());
    let rune = code.and_then(char::from_u32).unwrap_or('\u{fffd}');
    Val::Str(rune.to_string().into_bytes().into())
}

/// Number of bits of an integer without its sign.
pub(super) fn bit_len(int: &BigInt) -> u64 {
    int.abs().bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(text: &str) -> Val {
        let kind = match text.contains(['.', 'e']) && !text.starts_with("0x") {
            true => LitKind::Float,
            false => LitKind::Int,
        };
        Val::of_literal(kind, text)
    }

    #[test]
    fn fractions_are_exact() {
        let third = literal("1.0").binary(Operator::Div, &literal("3.0"), false);
        let one = third.binary(Operator::Mul, &literal("3.0"), false);
        assert!(one.to_int().is_int());
        assert_eq!(third.to_string(), "0.333333");
        assert!(third.to_int().is_unknown());
    }

    #[test]
    fn values_print_as_in_messages() {
        for (text, shown) in [
            ("0x10", "16"),
            ("1e3", "1000"),
            ("1.5", "1.5"),
            ("1e100", "1e+100"),
            ("1e-2000", "1e-2000"),
            ("123456789.5", "1.23457e+08"),
            ("1000000.5", "1.0000005e+06"),
        ] {
            assert_eq!(literal(text).to_string(), shown, "{text}");
        }
        let long = Val::Str(vec![b'a'; 100].into());
        assert_eq!(long.to_string().len(), 72);
    }

    #[test]
    fn ranges() {
        let int = literal("300");
        assert!(int.represented(Kind::Int16, None).is_some());
        assert!(int.represented(Kind::Uint8, None).is_none());
        assert!(literal("1.0").represented(Kind::Int, None).is_some());
        assert!(literal("1.5").represented(Kind::Int, None).is_none());
        assert!(literal("1e400").represented(Kind::Float64, None).is_none());
    }
}
