//! Relations between two values, and what comparisons say about them.

use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;

/// A set of possible relations between two values.
pub(crate) type Relation = u8;
/// Less.
pub(crate) const LT: Relation = 1;
/// Equal.
pub(crate) const EQ: Relation = 2;
/// Greater.
pub(crate) const GT: Relation = 4;
/// Not known.
pub(crate) const ANY: Relation = LT | EQ | GT;
/// At most.
pub(crate) const LE: Relation = LT | EQ;
/// At least.
pub(crate) const GE: Relation = GT | EQ;
/// Different.
pub(crate) const NE: Relation = LT | GT;

/// Returns the relation with its operands exchanged.
pub(crate) fn reversed(r: Relation) -> Relation {
    r & EQ | (r & LT) << 2 | (r & GT) >> 2
}

/// The interpretation of bits as numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Domain {
    /// Two's complement.
    Signed,
    /// Natural numbers.
    Unsigned,
}

/// Both interpretations.
pub(crate) const NUMBERS: &[Domain] = &[Domain::Signed, Domain::Unsigned];

/// Returns the domains in which a comparison relates its operands, and the relation when it is true.
pub(crate) fn comparison(op: Op) -> Option<(&'static [Domain], Relation)> {
    use Op::*;
    const SIGNED: &[Domain] = &[Domain::Signed];
    const UNSIGNED: &[Domain] = &[Domain::Unsigned];
    Some(match op {
        Eq8 | Eq16 | Eq32 | Eq64 => (NUMBERS, EQ),
        Neq8 | Neq16 | Neq32 | Neq64 => (NUMBERS, NE),
        Less8 | Less16 | Less32 | Less64 => (SIGNED, LT),
        Less8U | Less16U | Less32U | Less64U => (UNSIGNED, LT),
        Leq8 | Leq16 | Leq32 | Leq64 => (SIGNED, LE),
        Leq8U | Leq16U | Leq32U | Leq64U => (UNSIGNED, LE),
        _ => return None,
    })
}

/// Returns the operand of an extension that keeps the number.
pub(crate) fn clean_extension(f: &Func, v: Value) -> Option<Value> {
    use Op::*;
    let arg = *f[v].args.first()?;
    let is_clean = match f[v].op {
        SignExt8to16 | SignExt8to32 | SignExt8to64 | SignExt16to32 | SignExt16to64
        | SignExt32to64 => f[arg].ty.is_signed() && f[v].ty.is_signed(),
        ZeroExt8to16 | ZeroExt8to32 | ZeroExt8to64 | ZeroExt16to32 | ZeroExt16to64
        | ZeroExt32to64 => !f[arg].ty.is_signed(),
        _ => false,
    };
    is_clean.then_some(arg)
}
