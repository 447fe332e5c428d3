//! Folding of constants that appear after type checking, in operations that `walk` and `swt` make on literals (gc:
//! const.go, evconst).

use crate::ir::{Aux, Func, Kind, Node, Op, Type};

/// Turns `n` into a literal if it is an operation on literals that passes after type checking produce: the complement
/// in `x &^ 1`, the tests of a switch on a constant, and the widened arguments of `print`. Keeps its position.
pub(crate) fn fold(f: &mut Func, n: Node) {
    let node = &f.nodes[n];
    let literal = |n: Option<Node>| {
        n.filter(|&n| f.nodes[n].op == Op::Literal)
            .map(|n| (f.nodes[n].aux, f.nodes[n].ty))
    };
    let (left, right) = (literal(node.left.expand()), literal(node.right.expand()));
    let value = match (node.op, left, right) {
        (Op::Conv | Op::ConvNop, Some((Aux::Int(x), _)), _) => Aux::Int(x),
        (Op::BitNot, Some((Aux::Int(x), ty)), _) => Aux::Int(wrap(!x, ty)),
        (Op::Not, Some((Aux::Bool(x), _)), _) => Aux::Bool(!x),
        (Op::Eq, Some((x, _)), Some((y, _))) => Aux::Bool(x == y),
        (Op::Ne, Some((x, _)), Some((y, _))) => Aux::Bool(x != y),
        (Op::AndAnd, Some((Aux::Bool(x), _)), Some((Aux::Bool(y), _))) => Aux::Bool(x && y),
        (Op::Le, Some((Aux::Int(x), ty)), Some((Aux::Int(y), _))) => {
            Aux::Bool(sort_key(x, ty) <= sort_key(y, ty))
        }
        (Op::Ge, Some((Aux::Int(x), ty)), Some((Aux::Int(y), _))) => {
            Aux::Bool(sort_key(x, ty) >= sort_key(y, ty))
        }
        _ => return,
    };
    let orig = f.nodes.push(f.nodes[n]);
    let node = &mut f.nodes[n];
    node.op = Op::Literal;
    node.aux = value;
    node.left = None.into();
    node.right = None.into();
    node.orig = orig.into();
}

/// Returns `value` truncated to the width of `ty` and extended to 64 bits by its sign.
pub(crate) fn wrap(value: i64, ty: Type) -> i64 {
    match ty.kind {
        Kind::Int8 => i64::from(value as i8),
        Kind::Int16 => i64::from(value as i16),
        Kind::Int32 => i64::from(value as i32),
        Kind::Uint8 => i64::from(value as u8),
        Kind::Uint16 => i64::from(value as u16),
        Kind::Uint32 => i64::from(value as u32),
        _ => value,
    }
}

/// Returns an integer that orders like the constant `value` of type `ty`.
pub(crate) fn sort_key(value: i64, ty: Type) -> i128 {
    if ty.is_signed() {
        i128::from(value)
    } else {
        i128::from(value as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complement_keeps_the_width() {
        assert_eq!(wrap(!1, Type::UINT8), 0xfe);
        assert_eq!(wrap(!1, Type::basic(Kind::Int8)), -2);
        assert!(sort_key(-1, Type::UINT64) > sort_key(1, Type::UINT64));
    }
}
