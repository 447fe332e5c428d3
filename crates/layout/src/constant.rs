//! Integer constants: the lengths of arrays.

use minigo_syntax::ast::{Expr, ExprKind};
use minigo_syntax::token::{LitKind, Operator};

use crate::{MAX_DEPTH, Result, Scope, Types};

impl Types<'_> {
    /// Returns the value of an expression as the length of an array.
    pub(crate) fn array_len(&mut self, scope: Scope, expr: Expr) -> Result<u64> {
        let value = self.integer(scope, expr, None)?;
        u64::try_from(value).map_err(|_| {
            let text = minigo_syntax::print::line(self.ast(scope.package), expr);
            self.wrong(scope, expr, &format!("invalid array length {text}"))
        })
    }

    /// Returns the value of a constant expression. `iota` is that of its declaration.
    fn integer(&mut self, scope: Scope, expr: Expr, iota: Option<i128>) -> Result<i128> {
        self.depth += 1;
        let value = if self.depth > MAX_DEPTH {
            Err(self.beyond(scope, expr, "constant is nested too deeply"))
        } else {
            self.integer_nested(scope, expr, iota)
        };
        self.depth -= 1;
        value?.ok_or_else(|| {
            let text = minigo_syntax::print::line(self.ast(scope.package), expr);
            self.beyond(
                scope,
                expr,
                &format!("minigo cannot compute the constant {text}"),
            )
        })
    }

    fn integer_nested(
        &mut self,
        scope: Scope,
        expr: Expr,
        iota: Option<i128>,
    ) -> Result<Option<i128>> {
        let ast = &self.packages[scope.package].ast;
        Ok(match ast[expr].kind {
            ExprKind::BasicLit { kind, text, .. } => literal(kind, ast.text(text)),
            ExprKind::Paren(x) => Some(self.integer(scope, x, iota)?),
            ExprKind::Name(name) => {
                let name = ast.text(name).to_owned();
                return self.constant(scope, expr, &name, iota);
            }
            ExprKind::Unary { op, x } => {
                let value = self.integer(scope, x, iota)?;
                match op {
                    Operator::Add => Some(value),
                    Operator::Sub => value.checked_neg(),
                    Operator::Xor => Some(!value),
                    _ => None,
                }
            }
            ExprKind::Binary { op, x, y } => {
                let (x, y) = (self.integer(scope, x, iota)?, self.integer(scope, y, iota)?);
                operation(op, x, y)
            }
            // A valid conversion to an integer type keeps the value.
            ExprKind::Call { fun, args, .. } => match ast[args] {
                [arg] => {
                    self.resolve(scope, fun)?;
                    Some(self.integer(scope, arg, iota)?)
                }
                _ => None,
            },
            _ => None,
        })
    }

    fn constant(
        &mut self,
        scope: Scope,
        expr: Expr,
        name: &str,
        iota: Option<i128>,
    ) -> Result<Option<i128>> {
        let Some(constant) = self.packages[scope.package].constants.get(name).copied() else {
            if name == "iota" {
                return Ok(iota);
            }
            let undeclared = self.rules.undeclared;
            return Err(self.wrong(scope, expr, &format!("{undeclared}: {name}")));
        };
        let key = (scope.package, name.to_owned());
        let Some(value) = constant.value.filter(|_| !self.computing.contains(&key)) else {
            return Ok(None);
        };
        self.computing.push(key);
        let value = self.integer(constant.scope, value, Some(constant.iota));
        self.computing.pop();
        value.map(Some)
    }
}

/// Returns the value of an integer or character literal.
fn literal(kind: LitKind, text: &str) -> Option<i128> {
    if kind == LitKind::Rune {
        let mut chars = text.trim_matches('\'').chars();
        let value = chars.next()?;
        return (value != '\\' && chars.next().is_none()).then_some(value as i128);
    }
    let digits = text.replace('_', "").to_ascii_lowercase();
    let with_base = |prefix: &str, base| {
        let digits = digits.strip_prefix(prefix)?;
        i128::from_str_radix(digits, base).ok()
    };
    (kind == LitKind::Int)
        .then(|| {
            with_base("0x", 16)
                .or_else(|| with_base("0b", 2))
                .or_else(|| with_base("0o", 8))
                .or_else(|| with_base("0", 8))
                .or_else(|| digits.parse().ok())
        })
        .flatten()
}

fn operation(op: Operator, x: i128, y: i128) -> Option<i128> {
    match op {
        Operator::Add => x.checked_add(y),
        Operator::Sub => x.checked_sub(y),
        Operator::Mul => x.checked_mul(y),
        Operator::Div => x.checked_div(y),
        Operator::Rem => x.checked_rem(y),
        Operator::And => Some(x & y),
        Operator::Or => Some(x | y),
        Operator::Xor => Some(x ^ y),
        Operator::AndNot => Some(x & !y),
        Operator::Shl => {
            let count = u32::try_from(y).ok().filter(|&count| count < 127)?;
            x.checked_mul(1 << count)
        }
        Operator::Shr => u32::try_from(y).ok().map(|y| x >> y.min(127)),
        _ => None,
    }
}
