//! Passes `decompose args` and `decompose builtin`: strings become their two words.

use crate::compile::Config;
use crate::func::Func;
use crate::rewrite::apply_rewrite;

mod rules {
    #![allow(
        clippy::all,
        irrefutable_let_patterns,
        non_snake_case,
        unused_imports,
        unused_parens,
        unused_variables,
        reason = "generated: clarity is in the rules"
    )]

    use crate::func::{Aux, Block, BlockKind, Func, ValAndOff, Value};
    use crate::op::Op;
    use crate::rewrite::*;
    use crate::ty::Type;

    include!(concat!(env!("OUT_DIR"), "/dec.rs"));
}

/// Splits string parameters (gc: decompose.go, decomposeArgs). The language has none, but the rewriting
/// itself skips copies and frees them, and so decides which numbers later values get.
pub(crate) fn decompose_args(f: &mut Func, _config: &Config) {
    apply_rewrite(f, |_, _| false, |_, _| false);
}

/// Splits the stores of constant strings into stores of pointer and length (gc: decompose.go,
/// decomposeBuiltIn). The language has no string variables, so there are no phis and no named values to
/// split.
pub(crate) fn decompose_builtin(f: &mut Func, _config: &Config) {
    apply_rewrite(f, rules::rewrite_block, rules::rewrite_value);
}
