//! The compiler of rewrite rules: rule text to Rust matchers.
//!
//! Takes a rule file and the table of operations (the rows of `ssa/src/op.rs`); gives Rust text with
//! one function per operation, for `include!`. A rule reads like an arm of `match`:
//!
//! ```text
//! // x * 1 is x.
//! for N in 8, 16, 32, 64 {
//!     Mul$N(Const$N[1], x) => x
//!     Mul$N<t>(x, Const$N[c]) if is_power_of_two(c) => Lsh$Nx64<t>(x, Const64<UINT64>[log2(c)])
//! }
//! ```
//!
//! - `Op<type>[aux integer]{aux}(arguments)` matches or makes a value. Names start with a small letter;
//!   the first occurrence in a pattern binds, later ones compare. Without parentheses any arguments match.
//! - `x: Op(…)` names a matched value; `~x: Op(…)` also says that this is its only use, and that the
//!   rewrite invalidates it.
//! - Conditions, aux integers (`i64`) and aux values are Rust; `f` is the function, `v` the rewritten value. An
//!   aux integer of a result is cut to the width that its operation declares.
//! - A result is a value to make in place of `v`, a matched value (`v` becomes a copy of it), or a call of
//!   a Rust function that says whether it did the rewrite. `@x` before a result makes it in the block of
//!   `x` and `v` a copy of it; a name bound by the condition is a block.
//! - `Op => Op` without operands renames: arguments, aux fields and type stay.
//! - A pattern that starts with a kind of block matches the control value; `swap` after the result
//!   exchanges the successors.
//! - `for` expands its rules once per item, in order; nested loops and items of several words are allowed.
//!
//! The order of the rules of one operation is the order in which they are tried. What the notation
//! leaves out is decided here once, as gc does it (gc: rulegen.go): both orders of commutative arguments
//! are tried, as written first, outer values before inner ones; results are made from the outside in and from
//! left to right, identical parts once; they are at the position of `v`, or of the last matched value that
//! can fault.

mod expand;
mod generate;
mod make;
mod ops;
mod parse;

use std::fmt;

pub use ops::Ops;

/// What is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Line, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.message)
    }
}

impl std::error::Error for Error {}

/// Compiles a rule file to two Rust functions, `rewrite_value(f, v)` and `rewrite_block(f, b)`, which try the
/// rules once and say whether one matched, and what they need. `file` is named in comments.
///
/// # Errors
///
/// The first line that is no rule, names an unknown operation, or cannot be reached.
pub fn compile(file: &str, text: &str, ops: &Ops) -> Result<String, Error> {
    let mut rules = Vec::new();
    for line in expand::expand(text)? {
        rules.push(parse::rule(&line, ops)?);
    }
    generate::generate(file, &rules, ops)
}

#[cfg(test)]
mod tests;
