//! Constant values and constant arithmetic.
//!
//! Integers are exact up to 512 bits. An operation that overflows reports it and continues with 1, marked so that no
//! result computed from it is reported again (gc: mpint.go). Floats have 512 bits ([`crate::float`]). Operations return
//! their messages as text, because only the caller knows the position.

use std::cmp::Ordering;
use std::fmt;

use cranelift_entity::entity_impl;
use minigo_base::unicode;
use num_bigint::{BigInt, Sign};
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::float::{Float, NotInteger, PRECISION};
use crate::ty::{Kind, Type};

/// A constant value: an index into [`crate::info::Package::values`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Const(u32);
entity_impl!(Const, "const");

/// An integer or rune constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Int {
    /// The number; 1 after an overflow.
    pub value: BigInt,
    /// Whether it is a character literal or computed from one, so that its default type is `rune`.
    pub rune: bool,
    /// Whether the value was too large. The overflow has been reported.
    pub overflowed: bool,
}

/// The value of a constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `nil`. Not a constant in Go, but handled like one.
    Nil,
    /// A truth value.
    Bool(bool),
    /// An integer or a rune.
    Int(Int),
    /// A floating-point number.
    Float(Float),
    /// A string of arbitrary bytes.
    String(Vec<u8>),
}

/// The kind of an untyped constant. An operation on two kinds has the larger one, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueKind {
    /// An integer.
    Int,
    /// A rune.
    Rune,
    /// A floating-point number.
    Float,
    /// A string.
    String,
    /// A truth value.
    Bool,
    /// `nil`.
    Nil,
}

/// Operators on two constants of one type, except comparisons and shifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Quo,
    /// `%`
    Rem,
    /// `&`
    And,
    /// `|`
    Or,
    /// `^`
    Xor,
    /// `&^`
    AndNot,
    /// `&&`
    AndAnd,
    /// `||`
    OrOr,
}

impl BinaryOp {
    /// Returns the operator as source.
    fn text(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Quo => "/",
            BinaryOp::Rem => "%",
            BinaryOp::And => "&",
            BinaryOp::Or => "|",
            BinaryOp::Xor => "^",
            BinaryOp::AndNot => "&^",
            BinaryOp::AndAnd => "&&",
            BinaryOp::OrOr => "||",
        }
    }
}

/// Messages reported by operations on constants, in order.
pub type Messages = Vec<String>;

impl Int {
    /// Returns an integer constant.
    pub fn new(value: BigInt) -> Int {
        Int {
            value,
            rune: false,
            overflowed: false,
        }
    }

    fn overflow(&mut self) {
        self.value = BigInt::one();
        self.overflowed = true;
    }

    /// Marks the number as overflowed if it has more than 512 bits once `extra` bits are added. Returns whether it has
    /// overflowed.
    fn check_overflow(&mut self, extra: u64) -> bool {
        if self.value.bits() + extra > PRECISION {
            self.overflow();
        }
        self.overflowed
    }

    /// Returns the low 64 bits as a signed integer; 0 after an overflow (gc: mpint.go, Int64).
    pub fn to_i64(&self) -> i64 {
        if self.overflowed {
            return 0;
        }
        self.value.to_i64().unwrap_or_else(|| {
            let low = self.value.iter_u64_digits().next().unwrap_or(0) as i64;
            if self.value.is_negative() {
                low.wrapping_neg()
            } else {
                low
            }
        })
    }

    /// Parses a literal: decimal or with a prefix `0x`, `0o`, `0b` or `0`. Underscores are allowed.
    pub fn parse(literal: &str, messages: &mut Messages) -> Int {
        let mut int = Int::new(Int::digits(literal).unwrap_or_default());
        if int.check_overflow(0) {
            messages.push(format!("constant too large: {literal}"));
        }
        int
    }

    /// Returns the number that a literal denotes; none if it has wrong digits.
    pub(crate) fn digits(literal: &str) -> Option<BigInt> {
        // The common case.
        if (!literal.starts_with('0') || literal == "0")
            && let Ok(small) = literal.parse::<u64>()
        {
            return Some(small.into());
        }
        let digits: String = literal.chars().filter(|&c| c != '_').collect();
        let lower = digits.to_ascii_lowercase();
        let (radix, digits) = match lower.as_bytes() {
            [b'0', b'x', ..] => (16, &lower[2..]),
            [b'0', b'o', ..] => (8, &lower[2..]),
            [b'0', b'b', ..] => (2, &lower[2..]),
            [b'0', _, ..] => (8, &lower[1..]),
            _ => (10, &lower[..]),
        };
        BigInt::parse_bytes(digits.as_bytes(), radix)
    }
}

impl Value {
    /// Returns an integer constant.
    pub fn int(value: impl Into<BigInt>) -> Value {
        Value::Int(Int::new(value.into()))
    }

    /// Returns the number, if the value is nothing but a number from 0.
    pub(crate) fn small(&self) -> Option<usize> {
        match self {
            Value::Int(Int {
                value,
                rune: false,
                overflowed: false,
            }) => value.try_into().ok(),
            _ => None,
        }
    }

    /// Returns the kind of the value.
    pub fn kind(&self) -> ValueKind {
        match self {
            Value::Nil => ValueKind::Nil,
            Value::Bool(_) => ValueKind::Bool,
            Value::Int(int) if int.rune => ValueKind::Rune,
            Value::Int(_) => ValueKind::Int,
            Value::Float(_) => ValueKind::Float,
            Value::String(_) => ValueKind::String,
        }
    }

    /// Returns the untyped type of the value (gc: const.go, idealType).
    pub fn ideal_type(&self) -> Type {
        match self.kind() {
            ValueKind::Int => Type::UNTYPED_INT,
            ValueKind::Rune => Type::UNTYPED_RUNE,
            ValueKind::Float => Type::UNTYPED_FLOAT,
            ValueKind::String => Type::UNTYPED_STRING,
            ValueKind::Bool => Type::UNTYPED_BOOL,
            ValueKind::Nil => Type::UNTYPED_NIL,
        }
    }

    /// Returns the value of a boolean constant.
    pub fn as_bool(&self) -> Option<bool> {
        match *self {
            Value::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the value of an integer or rune constant.
    pub fn as_int(&self) -> Option<&Int> {
        match self {
            Value::Int(int) => Some(int),
            _ => None,
        }
    }

    /// Returns the value of a typed integer or boolean as 64 bits, sign-extended.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Bool(value) => Some(i64::from(*value)),
            Value::Int(int) => Some(int.to_i64()),
            Value::Nil | Value::Float(_) | Value::String(_) => None,
        }
    }

    /// Returns the bytes of a string constant.
    pub fn as_string(&self) -> Option<&[u8]> {
        match self {
            Value::String(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Converts a number to an integer constant that isn't a rune (gc: const.go, toint).
    pub fn to_int(&self, messages: &mut Messages) -> Value {
        match self {
            Value::Int(int) if int.rune => Value::int(int.value.clone()),
            Value::Float(float) => Value::Int(match float.to_int() {
                Ok(value) => Int::new(value),
                Err(NotInteger::TooLarge) => {
                    messages.push("integer too large".to_owned());
                    let mut int = Int::new(BigInt::one());
                    int.overflowed = true;
                    int
                }
                Err(NotInteger::Fraction(whole)) => {
                    messages.push(truncated_message(float));
                    Int::new(whole)
                }
            }),
            value => value.clone(),
        }
    }

    /// Converts a number to a floating-point constant.
    pub fn to_float(&self) -> Value {
        match self {
            Value::Int(int) => Value::Float(Float::from_int(&int.value)),
            value => value.clone(),
        }
    }

    /// Reports whether a number is out of range for `kind`.
    pub fn overflows(&self, kind: Kind) -> bool {
        match self {
            Value::Int(int) if kind.is_integer() => !fits(&int.value, kind),
            Value::Float(float) => match kind {
                Kind::Float32 | Kind::Complex64 => float.to_f32().is_infinite(),
                Kind::Float64 | Kind::Complex128 => float.to_f64().is_infinite(),
                _ => false,
            },
            _ => false,
        }
    }

    /// Returns the value converted to a type of the given kind; none if the type has no such values. An overflow is
    /// reported as `constant 300 overflows byte`, with the type's name from `type_name`. An `explicit` conversion also
    /// makes a string of an integer (gc: const.go, convertVal).
    pub fn convert(
        &self,
        kind: Kind,
        explicit: bool,
        type_name: impl Fn() -> String,
        messages: &mut Messages,
    ) -> Option<Value> {
        match self {
            Value::Nil => None,
            Value::Bool(_) => (kind == Kind::Bool).then(|| self.clone()),
            Value::String(_) => (kind == Kind::String).then(|| self.clone()),
            Value::Int(int) if explicit && kind == Kind::String => {
                Some(Value::String(encode_rune(int)))
            }
            Value::Int(_) | Value::Float(_) if kind.is_integer() => {
                let value = self.to_int(messages);
                value.check_range(kind, type_name, messages);
                Some(value)
            }
            Value::Int(_) | Value::Float(_) if kind.is_float() || kind.is_complex() => {
                Some(self.to_float().truncate_float(kind, type_name, messages))
            }
            Value::Int(_) | Value::Float(_) => None,
        }
    }

    /// Reports a number that is out of range for `kind`. Returns true if it is.
    pub fn check_range(
        &self,
        kind: Kind,
        type_name: impl Fn() -> String,
        messages: &mut Messages,
    ) -> bool {
        let overflows = self.overflows(kind);
        if overflows {
            messages.push(format!("constant {self} overflows {}", type_name()));
        }
        overflows
    }

    /// Returns a float rounded to the precision of `kind`. One that is too large is reported and returned unchanged.
    pub fn truncate_float(
        self,
        kind: Kind,
        type_name: impl Fn() -> String,
        messages: &mut Messages,
    ) -> Value {
        if self.check_range(kind, type_name, messages) {
            return self;
        }
        match (&self, kind) {
            (Value::Float(float), Kind::Float32 | Kind::Complex64) => {
                Value::Float(Float::from_f64(float.to_f32()))
            }
            (Value::Float(float), Kind::Float64 | Kind::Complex128) => {
                Value::Float(Float::from_f64(float.to_f64()))
            }
            _ => self,
        }
    }
}

/// Returns the message about a truncated constant. gc omits a value that looks like an integer when printed.
fn truncated_message(float: &Float) -> String {
    let text = float.display();
    let looks_integral = match text.parse::<f64>() {
        Ok(value) if value.is_finite() && value != 0.0 => value.fract() == 0.0,
        _ => !text.contains("e-"),
    };
    if looks_integral {
        "constant truncated to integer".to_owned()
    } else {
        format!("constant {text} truncated to integer")
    }
}

/// Reports whether an integer is in the range of an integer type.
pub(crate) fn fits(value: &BigInt, kind: Kind) -> bool {
    let bits = u64::from(kind.size()) * 8;
    if !kind.is_signed() {
        return value.sign() != Sign::Minus && value.bits() <= bits;
    }
    // Only the lowest number may have that many bits.
    value.bits() < bits || value.sign() == Sign::Minus && *value == -(BigInt::one() << (bits - 1))
}

fn encode_rune(int: &Int) -> Vec<u8> {
    let rune = int.value.to_u32().and_then(char::from_u32);
    rune.unwrap_or('\u{fffd}').to_string().into_bytes()
}

/// Converts both operands to floats if either is one.
fn matched(x: &Value, y: &Value) -> (Value, Value) {
    if x.kind() == ValueKind::Float || y.kind() == ValueKind::Float {
        (x.to_float(), y.to_float())
    } else {
        (x.clone(), y.clone())
    }
}

/// Compares two constants of one kind. Returns none for unequal booleans. Only ordered kinds have a meaningful order.
pub fn compare(x: &Value, y: &Value) -> Option<Ordering> {
    match matched(x, y) {
        (Value::Bool(x), Value::Bool(y)) => (x == y).then_some(Ordering::Equal),
        (Value::Int(x), Value::Int(y)) => Some(x.value.cmp(&y.value)),
        (Value::Float(x), Value::Float(y)) => Some(x.compare(&y)),
        (Value::String(x), Value::String(y)) => Some(x.cmp(&y)),
        _ => None,
    }
}

/// Returns the result of an operation on two constants of one kind other than strings; none after an error that leaves
/// no value (gc: const.go, binaryOp).
pub fn binary(x: &Value, op: BinaryOp, y: &Value, messages: &mut Messages) -> Option<Value> {
    match matched(x, y) {
        (Value::Bool(x), Value::Bool(y)) => match op {
            BinaryOp::AndAnd => Some(Value::Bool(x && y)),
            BinaryOp::OrOr => Some(Value::Bool(x || y)),
            _ => None,
        },
        (Value::Int(x), Value::Int(y)) => binary_int(x, op, &y, messages).map(Value::Int),
        (Value::Float(x), Value::Float(y)) => binary_float(&x, op, &y, messages).map(Value::Float),
        _ => None,
    }
}

fn binary_int(x: Int, op: BinaryOp, y: &Int, messages: &mut Messages) -> Option<Int> {
    let rune = x.rune || y.rune;
    if matches!(op, BinaryOp::Quo | BinaryOp::Rem) && y.value.is_zero() {
        messages.push("division by zero".to_owned());
        return None;
    }
    let mut result = Int::new(BigInt::one());
    result.rune = rune;
    // Overflow of the left operand has been reported and is dropped; that of the right one is kept (gc: mpint.go, Set).
    if y.overflowed {
        result.overflowed = true;
        return Some(result);
    }
    let (name, value) = match op {
        BinaryOp::Add => ("addition", x.value + &y.value),
        BinaryOp::Sub => ("subtraction", x.value - &y.value),
        BinaryOp::Mul => ("multiplication", x.value * &y.value),
        BinaryOp::Quo => ("division", x.value / &y.value),
        BinaryOp::Rem => ("modulo", x.value % &y.value),
        BinaryOp::And => ("", x.value & &y.value),
        BinaryOp::Or => ("", x.value | &y.value),
        BinaryOp::Xor => ("", x.value ^ &y.value),
        BinaryOp::AndNot => ("", x.value & !&y.value),
        BinaryOp::AndAnd | BinaryOp::OrOr => return None,
    };
    result.value = value;
    if !name.is_empty() && result.check_overflow(0) {
        messages.push(format!("constant {name} overflow"));
    }
    Some(result)
}

fn binary_float(x: &Float, op: BinaryOp, y: &Float, messages: &mut Messages) -> Option<Float> {
    match op {
        BinaryOp::Add => Some(x.add(y)),
        BinaryOp::Sub => Some(x.sub(y)),
        BinaryOp::Mul => Some(x.mul(y)),
        BinaryOp::Quo if y.is_zero() => {
            messages.push("division by zero".to_owned());
            None
        }
        BinaryOp::Quo => Some(x.quo(y)),
        _ => {
            messages.push(format!(
                "invalid operation: operator {} not defined on untyped float",
                op.text()
            ));
            None
        }
    }
}

/// Returns `-x` for a number.
pub fn negate(x: &Value) -> Option<Value> {
    match x {
        Value::Int(int) => Some(Value::Int(Int {
            value: -&int.value,
            rune: int.rune,
            overflowed: false,
        })),
        Value::Float(float) => Some(Value::Float(float.neg())),
        Value::Nil | Value::Bool(_) | Value::String(_) => None,
    }
}

/// Returns `^x`. For an unsigned kind, inverts the bits of that kind; for others, the result is `-x - 1`.
pub fn complement(x: &Value, kind: Kind, messages: &mut Messages) -> Option<Value> {
    match x {
        Value::Int(int) => {
            let ones = if kind.is_integer() && !kind.is_signed() {
                (BigInt::one() << (kind.size() * 8)) - 1
            } else {
                BigInt::from(-1)
            };
            let mut result = Int::new(ones);
            result.rune = int.rune;
            if int.overflowed {
                result.overflow();
            } else {
                result.value ^= &int.value;
            }
            Some(Value::Int(result))
        }
        Value::Float(_) => {
            messages.push("invalid operation: operator ^ not defined on untyped float".to_owned());
            None
        }
        Value::Nil | Value::Bool(_) | Value::String(_) => None,
    }
}

/// Returns `x << y`, or `x >> y` if `right` (gc: const.go, shiftOp).
pub fn shift(x: &Value, right: bool, y: &Value, messages: &mut Messages) -> Option<Value> {
    let x = match x.kind() {
        ValueKind::Rune => x.clone(),
        _ => x.to_int(messages),
    };
    let y = y.to_int(messages);
    let (Value::Int(x), Value::Int(count)) = (x, y) else {
        return None;
    };
    let mut result = Int::new(x.value);
    result.rune = x.rune;
    if count.overflowed {
        result.overflow();
        return Some(Value::Int(result));
    }
    let bits = count.to_i64();
    if bits < 0 {
        messages.push(format!("invalid negative shift count: {bits}"));
        let negative = right && result.value.is_negative();
        result.value = BigInt::from(if negative { -1 } else { 0 });
    } else if right {
        result.value >>= bits as u64;
    } else if bits >= PRECISION as i64 {
        messages.push(format!("shift count too large: {bits}"));
        result.value = BigInt::zero();
    } else if result.check_overflow(bits as u64) {
        messages.push("constant shift overflow".to_owned());
    } else {
        result.value <<= bits as u64;
    }
    Some(Value::Int(result))
}

/// Formats the value as messages print it (gc: fmt.go, vconv).
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Nil => f.write_str("nil"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(int) if int.rune => fmt_rune(int, f),
            Value::Int(int) => write!(f, "{}", int.value),
            Value::Float(float) => f.write_str(&float.display()),
            Value::String(bytes) => f.write_str(&unicode::quote(bytes)),
        }
    }
}

fn fmt_rune(int: &Int, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match int.to_i64() {
        code @ 0x20..0x80 if code != 0x5c && code != 0x27 => {
            write!(f, "'{}'", code as u8 as char)
        }
        code @ 0..0x10000 => write!(f, "'\\u{code:04x}'"),
        code @ 0x10000..=0x10ffff => write!(f, "'\\U{code:08x}'"),
        _ => write!(f, "('\\x00' + {:#x})", int.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(text: &str) -> Value {
        Value::Int(Int::parse(text, &mut Messages::new()))
    }

    #[test]
    fn literals_of_all_bases() {
        for (text, value) in [
            ("0x_1F", 31),
            ("0b101", 5),
            ("0o17", 15),
            ("017", 15),
            ("0", 0),
        ] {
            assert_eq!(int(text), Value::int(value), "{text}");
        }
        let mut messages = Messages::new();
        let huge = format!("1{}", "0".repeat(200));
        assert!(Int::parse(&huge, &mut messages).overflowed);
        assert_eq!(messages, [format!("constant too large: {huge}")]);
    }

    #[test]
    fn overflow_is_reported_once() {
        let mut messages = Messages::new();
        let big = shift(&int("1"), false, &int("511"), &mut messages).unwrap();
        let huge = binary(&big, BinaryOp::Mul, &big, &mut messages).unwrap();
        assert_eq!(messages, ["constant multiplication overflow"]);
        binary(&int("1"), BinaryOp::Add, &huge, &mut messages).unwrap();
        assert_eq!(messages.len(), 1);
    }

    #[test]
    fn division_truncates_and_complement_follows_the_kind() {
        let mut messages = Messages::new();
        let minus_seven = negate(&int("7")).unwrap();
        let quotient = binary(&minus_seven, BinaryOp::Quo, &int("2"), &mut messages);
        assert_eq!(quotient, Some(Value::int(-3)));
        let rest = binary(&minus_seven, BinaryOp::Rem, &int("2"), &mut messages);
        assert_eq!(rest, Some(Value::int(-1)));
        assert_eq!(
            complement(&int("1"), Kind::Uint8, &mut messages),
            Some(Value::int(254))
        );
        assert_eq!(
            complement(&int("1"), Kind::Ideal, &mut messages),
            Some(Value::int(-2))
        );
        assert!(messages.is_empty());
    }

    #[test]
    fn ranges() {
        for (value, kind, overflows) in [
            (-128, Kind::Int8, false),
            (-129, Kind::Int8, true),
            (128, Kind::Int8, true),
            (255, Kind::Uint8, false),
            (-1, Kind::Uint64, true),
            (i64::MIN, Kind::Int, false),
        ] {
            assert_eq!(
                Value::int(value).overflows(kind),
                overflows,
                "{value} {kind:?}"
            );
        }
    }

    #[test]
    fn values_print_as_in_messages() {
        let rune = |code: i64| {
            let mut int = Int::new(code.into());
            int.rune = true;
            Value::Int(int).to_string()
        };
        assert_eq!(rune(97), "'a'");
        assert_eq!(rune(10), "'\\u000a'");
        assert_eq!(rune(0x1f600), "'\\U0001f600'");
        assert_eq!(rune(-1), "('\\x00' + -0x1)");
        assert_eq!(
            Value::String("a\"\n\x7f\u{200b}é".into()).to_string(),
            "\"a\\\"\\n\\u007f\\u200bé\""
        );
    }
}
