//! The compiler of rewrite rules: turns rule text into Rust matchers.
//!
//! Takes a rule file and the table of operations (the rows of `ssa/src/op.rs`). Returns Rust text for `include!` with
//! one function per operation. A rule reads like an arm of `match`:
//!
//! ```text
//! // x * 1 is x.
//! for N in 8, 16, 32, 64 {
//!     Mul$N(Const$N[1], x) => x
//!     Mul$N<t>(x, Const$N[c]) if is_power_of_two(c) => Lsh$Nx64<t>(x, Const64<UINT64>[log2(c)])
//! }
//! ```
//!
//! - `Op<type>[aux integer]{aux}(arguments)` matches or makes a value. Names start with a lower-case letter. The first
//!   occurrence in a pattern binds the name; later ones compare. Without parentheses, any arguments match.
//! - `x: Op(…)` names a matched value. `~x: Op(…)` also requires this to be its only use, and the rewrite invalidates
//!   it.
//! - Conditions, aux integers (`i64`) and aux values are Rust expressions. `f` is the function and `v` the rewritten
//!   value. An aux integer of a result is truncated to the width that its operation declares.
//! - A result is a value to make in place of `v`, a matched value, of which `v` becomes a copy, or a call of a Rust
//!   function that returns whether it did the rewrite. `@x` in front of a result makes it in the block of `x`, and `v`
//!   becomes a copy of it; if the condition binds `x`, it is the block itself.
//! - `Op => Op` without operands changes only the operation: arguments, aux fields and type stay.
//! - A pattern that starts with a block kind matches the control value. `swap` after the result exchanges the
//!   successors. Calls know the block as `block`.
//! - `for` expands its rules once per item, in order. Loops nest, and items may have several words.
//!
//! The rules of one operation are tried in order. The details that the notation leaves out follow gc (gc: rulegen.go).
//! Both orders of commutative arguments are tried, the written one first, outer values before inner ones. Results are
//! made outside in and left to right, and identical parts once. They have the position of `v`, or of the last matched
//! value that can fault.

mod expand;
mod generate;
mod make;
mod ops;
mod parse;

use std::fmt;

pub use ops::Ops;

/// An error in a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Line number, from 1.
    pub line: usize,
    /// Description of the error.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.message)
    }
}

impl std::error::Error for Error {}

/// Compiles a rule file to two Rust functions, `rewrite_value(f, v)` and `rewrite_block(f, b)`, with their helpers.
/// Each tries the rules once and returns whether one matched. `file` is the name in comments.
///
/// # Errors
///
/// Fails at the first line that isn't a rule, names an unknown operation, or can't be reached.
pub fn compile(file: &str, text: &str, ops: &Ops) -> Result<String, Error> {
    let mut rules = Vec::new();
    for line in expand::expand(text)? {
        rules.push(parse::rule(&line, ops)?);
    }
    generate::generate(file, &rules, ops)
}

#[cfg(test)]
mod tests;
