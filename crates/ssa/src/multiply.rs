//! Multiplication by constants with one or two additions, shifts and address computations.
//!
//! Every [`Step`] computes `a*x + b*y` of its operands in one instruction. A product is one step of `x` with itself,
//! or an outer step of `x` and an inner step of `x`; the cheapest is taken, and of equally cheap ones the first in the
//! order of [`Shape`], then of the inner, then of the outer step (gc: config.go, buildRecipes).

use crate::entity::Value;
use crate::func::Func;
use crate::op::Op;

/// An instruction that computes a linear combination of two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Step {
    Add,
    Neg,
    Sub,
    Lea2,
    Lea4,
    Lea8,
    /// By at least 2; a shift by 1 is an addition.
    Shift(u32),
}

impl Step {
    /// The steps other than shifts, in order; shifts come last.
    const UNSHIFTED: [Step; 6] = [
        Step::Add,
        Step::Neg,
        Step::Sub,
        Step::Lea2,
        Step::Lea4,
        Step::Lea8,
    ];

    /// All steps in order.
    fn all() -> impl Iterator<Item = Step> {
        Step::UNSHIFTED.into_iter().chain((2..64).map(Step::Shift))
    }

    /// The factors of both operands; the second one is 0 for steps with one operand.
    fn factors(self) -> (i64, i64) {
        match self {
            Step::Add => (1, 1),
            Step::Neg => (-1, 0),
            Step::Sub => (1, -1),
            Step::Lea2 => (1, 2),
            Step::Lea4 => (1, 4),
            Step::Lea8 => (1, 8),
            Step::Shift(count) => (1 << count, 0),
        }
    }

    /// The factor if both operands are the same.
    fn factor(self) -> i64 {
        let (a, b) = self.factors();
        a.wrapping_add(b)
    }

    /// In tenths of a cycle. Steps that compute in place cost slightly more.
    fn cost(self) -> u32 {
        match self {
            Step::Add | Step::Lea2 | Step::Lea4 | Step::Lea8 => 10,
            Step::Neg | Step::Sub | Step::Shift(_) => 11,
        }
    }

    /// The operation for 64 bits, and for 32.
    fn op(self) -> (Op, Op) {
        match self {
            Step::Add => (Op::ADDQ, Op::ADDL),
            Step::Neg => (Op::NEGQ, Op::NEGL),
            Step::Sub => (Op::SUBQ, Op::SUBL),
            Step::Lea2 => (Op::LEAQ2, Op::LEAL2),
            Step::Lea4 => (Op::LEAQ4, Op::LEAL4),
            Step::Lea8 => (Op::LEAQ8, Op::LEAL8),
            Step::Shift(_) => (Op::SHLQconst, Op::SHLLconst),
        }
    }

    /// Makes the step in the block, at the position and of the type of the product `v`.
    fn make(self, f: &mut Func, v: Value, x: Value, y: Value) -> Value {
        let (block, pos, ty) = (f.block_of(v), f[v].pos, f[v].ty);
        let (quad, long) = self.op();
        let op = if ty.size() == 4 { long } else { quad };
        match self {
            Step::Neg => f.new_value(block, pos, op, ty, &[x]),
            Step::Shift(count) => f.new_value_int(block, pos, op, ty, i64::from(count), &[x]),
            _ => f.new_value(block, pos, op, ty, &[x, y]),
        }
    }
}

/// The operands of the outer one of two steps, in order of preference.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shape {
    /// The inner step twice, which often needs one register less.
    Both,
    /// `x` and the inner step.
    Second,
    /// The inner step and `x`.
    First,
}

/// The steps of a product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Recipe {
    One(Step),
    Two {
        inner: Step,
        shape: Shape,
        outer: Step,
    },
}

/// Returns the cheapest recipe for a multiplication by `c`, if there is one. 0 and 1 need none.
fn recipe(c: i64) -> Option<Recipe> {
    if matches!(c, 0 | 1) {
        return None;
    }
    if let Some(step) = Step::all().find(|step| step.factor() == c) {
        return Some(Recipe::One(step));
    }
    let mut best: Option<(u32, Recipe)> = None;
    for shape in [Shape::Both, Shape::Second, Shape::First] {
        for inner in Step::all() {
            let m = inner.factor();
            // Of all outer shifts, only one can complete the product.
            let shift = (c.trailing_zeros()).checked_sub(m.trailing_zeros());
            let shift = shift.filter(|&count| count >= 2).map(Step::Shift);
            for outer in Step::UNSHIFTED.into_iter().chain(shift) {
                let (a, b) = outer.factors();
                let (a, b) = match shape {
                    Shape::Both => (a.wrapping_mul(m), b.wrapping_mul(m)),
                    Shape::Second => (a, b.wrapping_mul(m)),
                    Shape::First => (a.wrapping_mul(m), b),
                };
                let cost = inner.cost() + outer.cost();
                if a.wrapping_add(b) == c && best.is_none_or(|(least, _)| cost < least) {
                    best = Some((
                        cost,
                        Recipe::Two {
                            inner,
                            shape,
                            outer,
                        },
                    ));
                }
            }
        }
    }
    best.map(|(_, recipe)| recipe)
}

/// Makes `v`, the product of `x` and `c`, a copy of the last step of its recipe. Returns whether there is a recipe.
pub(crate) fn multiply_by(f: &mut Func, v: Value, x: Value, c: i64) -> bool {
    let product = match recipe(c) {
        None => return false,
        Some(Recipe::One(step)) => step.make(f, v, x, x),
        Some(Recipe::Two {
            inner,
            shape,
            outer,
        }) => {
            let inner = inner.make(f, v, x, x);
            let (first, second) = match shape {
                Shape::Both => (inner, inner),
                Shape::Second => (x, inner),
                Shape::First => (inner, x),
            };
            outer.make(f, v, first, second)
        }
    };
    f.copy_of(v, product);
    true
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn value(recipe: Recipe) -> i64 {
        match recipe {
            Recipe::One(step) => step.factor(),
            Recipe::Two {
                inner,
                shape,
                outer,
            } => {
                let (a, b) = outer.factors();
                let m = inner.factor();
                let (x, y) = match shape {
                    Shape::Both => (m, m),
                    Shape::Second => (1, m),
                    Shape::First => (m, 1),
                };
                a.wrapping_mul(x).wrapping_add(b.wrapping_mul(y))
            }
        }
    }

    /// gc's table has 680 products.
    #[test]
    fn recipes_compute_their_product() {
        let mut products = BTreeSet::new();
        for outer in Step::all() {
            products.insert(outer.factor());
            let (a, b) = outer.factors();
            for m in Step::all().map(Step::factor) {
                products.insert(outer.factor().wrapping_mul(m));
                products.insert(a.wrapping_add(b.wrapping_mul(m)));
                products.insert(a.wrapping_mul(m).wrapping_add(b));
            }
        }
        let mut found = 0;
        for c in products {
            if let Some(recipe) = recipe(c) {
                assert_eq!(value(recipe), c, "{recipe:?}");
                found += 1;
            }
        }
        assert_eq!(found, 680);
    }

    #[test]
    fn equally_cheap_recipes_have_an_order() {
        let two = |inner, shape, outer| {
            Some(Recipe::Two {
                inner,
                shape,
                outer,
            })
        };
        assert_eq!(recipe(3), Some(Recipe::One(Step::Lea2)));
        assert_eq!(recipe(6), two(Step::Add, Shape::Both, Step::Lea2));
        assert_eq!(recipe(7), two(Step::Lea2, Shape::Second, Step::Lea2));
        assert_eq!(recipe(10), two(Step::Add, Shape::Both, Step::Lea4));
        assert_eq!(recipe(11), two(Step::Lea4, Shape::Second, Step::Lea2));
        assert_eq!(recipe(i64::MIN), Some(Recipe::One(Step::Shift(63))));
        assert_eq!(recipe(14), None);
    }
}
