//! The passes, in their order.

use minigo_base::internal;

use crate::branchelim::branchelim;
use crate::check::check;
use crate::copyelim::copyelim;
use crate::critical::critical;
use crate::cse::cse;
use crate::deadcode::deadcode;
use crate::deadstore::dse;
use crate::decompose::{decompose_args, decompose_builtin};
use crate::flagalloc::flagalloc;
use crate::func::Func;
use crate::fuse::fuse_early;
use crate::fuse::fuse_late;
use crate::layout::layout;
use crate::likelyadjust::likelyadjust;
use crate::looprotate::loop_rotate;
use crate::lower::lower;
use crate::nilcheck::nilcheckelim;
use crate::numberlines::number_lines;
use crate::opt::opt;
use crate::phielim::phielim;
use crate::phiopt::phiopt;
use crate::profile::{self, Profile};
use crate::prove::prove;
use crate::regalloc::regalloc;
use crate::schedule::schedule;
use crate::shortcircuit::shortcircuit;
use crate::stackframe::stackframe;
use crate::tighten::{phi_tighten, tighten, tighten_tuple_selectors};
use crate::trim::trim;
use crate::zcse::zcse;

/// What the passes need to know besides the function.
#[derive(Clone, Debug)]
pub struct Config {
    /// The facts about the Go version whose code is made.
    pub profile: &'static Profile,
    /// False for `-N`: only required passes run.
    pub optimize: bool,
    /// Check the function after every pass.
    pub check: bool,
    /// Passes switched off by name (`-d=ssa/<pass>/off`), spaces written as `_`.
    pub off: Vec<String>,
    /// Passes that say what they do (`-d=ssa/<pass>/debug`), of [`EXPLAINED`].
    pub explain: Vec<String>,
}

/// The passes that can say what they do.
pub const EXPLAINED: [&str; 2] = ["prove", "phiopt"];

impl Default for Config {
    fn default() -> Self {
        Config {
            profile: &profile::GO1_15,
            optimize: true,
            check: cfg!(debug_assertions),
            off: Vec::new(),
            explain: Vec::new(),
        }
    }
}

/// One pass.
pub struct Pass {
    /// gc's name, in dumps and flags. A pass that runs twice has two names.
    pub name: &'static str,
    /// What it does to the function.
    pub run: fn(&mut Func, &Config),
    /// Runs without optimization too, and cannot be switched off.
    pub required: bool,
    /// Passes that must have run before, each with the reason.
    pub after: &'static [(&'static str, &'static str)],
}

/// All passes that do something to minigo's language, in gc's order (gc: compile.go, passes).
///
/// gc has more, which find nothing to do here: those for arguments of several words, structures, bounds
/// checks, write barriers, software floating point, variables that are never read, and indexed loads.
pub const PASSES: &[Pass] = &[
    Pass {
        name: "number lines",
        run: number_lines,
        required: true,
        after: &[],
    },
    Pass {
        name: "early phielim",
        run: phielim,
        required: false,
        after: &[],
    },
    Pass {
        name: "early copyelim",
        run: copyelim,
        required: false,
        after: &[],
    },
    Pass {
        name: "early deadcode",
        run: deadcode,
        required: false,
        after: &[(
            "number lines",
            "a dead value's statement mark moves to another value",
        )],
    },
    Pass {
        name: "short circuit",
        run: shortcircuit,
        required: false,
        after: &[],
    },
    Pass {
        name: "decompose args",
        run: decompose_args,
        required: true,
        after: &[],
    },
    Pass {
        name: "pre-opt deadcode",
        run: deadcode,
        required: false,
        after: &[],
    },
    Pass {
        name: "opt",
        run: opt,
        required: true,
        after: &[],
    },
    Pass {
        name: "zero arg cse",
        run: zcse,
        required: true,
        after: &[],
    },
    Pass {
        name: "opt deadcode",
        run: deadcode,
        required: true,
        after: &[],
    },
    Pass {
        name: "generic cse",
        run: cse,
        required: false,
        after: &[(
            "opt deadcode",
            "merging a dead value would make it live again",
        )],
    },
    Pass {
        name: "phiopt",
        run: phiopt,
        required: false,
        after: &[],
    },
    Pass {
        name: "gcse deadcode",
        run: deadcode,
        required: true,
        after: &[],
    },
    Pass {
        name: "nilcheckelim",
        run: nilcheckelim,
        required: false,
        after: &[("gcse deadcode", "dead states of memory would be last, too")],
    },
    Pass {
        name: "prove",
        run: prove,
        required: false,
        after: &[("gcse deadcode", "dead values would take part in facts")],
    },
    Pass {
        name: "early fuse",
        run: fuse_early,
        required: false,
        after: &[],
    },
    Pass {
        name: "decompose builtin",
        run: decompose_builtin,
        required: true,
        after: &[],
    },
    Pass {
        name: "late opt",
        run: opt,
        required: true,
        after: &[(
            "opt",
            "tests for divisibility are known by the quotients it makes",
        )],
    },
    Pass {
        name: "generic deadcode",
        run: deadcode,
        required: true,
        after: &[],
    },
    Pass {
        name: "branchelim",
        run: branchelim,
        required: false,
        after: &[],
    },
    Pass {
        name: "late fuse",
        run: fuse_late,
        required: false,
        after: &[],
    },
    Pass {
        name: "dse",
        run: dse,
        required: false,
        after: &[(
            "generic deadcode",
            "dead stores would make a block end with two memory states",
        )],
    },
    Pass {
        name: "lower",
        run: lower,
        required: true,
        after: &[("decompose builtin", "no instruction handles a string")],
    },
    Pass {
        name: "lowered deadcode for cse",
        run: deadcode,
        required: false,
        after: &[],
    },
    Pass {
        name: "lowered cse",
        run: cse,
        required: false,
        after: &[(
            "lowered deadcode for cse",
            "merging a dead value would make it live again",
        )],
    },
    Pass {
        name: "tighten tuple selectors",
        run: tighten_tuple_selectors,
        required: true,
        after: &[],
    },
    Pass {
        name: "lowered deadcode",
        run: deadcode,
        required: true,
        after: &[],
    },
    Pass {
        name: "late phielim",
        run: phielim,
        required: false,
        after: &[],
    },
    Pass {
        name: "late copyelim",
        run: copyelim,
        required: false,
        after: &[],
    },
    Pass {
        name: "tighten",
        run: tighten,
        required: false,
        after: &[],
    },
    Pass {
        name: "late deadcode",
        run: deadcode,
        required: false,
        after: &[],
    },
    Pass {
        name: "critical",
        run: critical,
        required: true,
        after: &[],
    },
    Pass {
        name: "phi tighten",
        run: phi_tighten,
        required: false,
        after: &[(
            "critical",
            "constants for a phi need a predecessor that goes nowhere else",
        )],
    },
    Pass {
        name: "likelyadjust",
        run: likelyadjust,
        required: false,
        after: &[],
    },
    Pass {
        name: "layout",
        run: layout,
        required: true,
        after: &[
            ("critical", "it makes blocks"),
            ("likelyadjust", "likely successors come next"),
        ],
    },
    Pass {
        name: "schedule",
        run: schedule,
        required: true,
        after: &[(
            "tighten tuple selectors",
            "selectors are issued behind their tuple",
        )],
    },
    Pass {
        name: "flagalloc",
        run: flagalloc,
        required: true,
        after: &[(
            "schedule",
            "what destroys flags is known from the order of values",
        )],
    },
    Pass {
        name: "regalloc",
        run: regalloc,
        required: true,
        after: &[
            (
                "critical",
                "moves for a merge need a predecessor that goes nowhere else",
            ),
            ("schedule", "next use is a distance in the order of values"),
            ("flagalloc", "flags have one home and are settled first"),
        ],
    },
    Pass {
        name: "loop rotate",
        run: loop_rotate,
        required: false,
        after: &[("regalloc", "it follows the order of blocks")],
    },
    Pass {
        name: "stackframe",
        run: stackframe,
        required: true,
        after: &[("regalloc", "it makes the spill slots")],
    },
    Pass {
        name: "trim",
        run: trim,
        required: false,
        after: &[("regalloc", "blocks are empty when they need no moves")],
    },
];

/// Whether the pass that `f` is in, or was in last, is the pass `name` or a later one.
pub(crate) fn has_reached(f: &Func, name: &str) -> bool {
    let at = |name: &str| PASSES.iter().position(|pass| pass.name == name);
    at(f.pass) >= at(name)
}

/// Runs all passes on `f`. `observe` sees the function before the first pass, under the name `start`,
/// and after each one.
pub fn compile(f: &mut Func, config: &Config, observe: &mut dyn FnMut(&str, &Func)) {
    observe("start", f);
    for pass in PASSES {
        let off = config
            .off
            .iter()
            .any(|name| name.replace('_', " ") == pass.name);
        if !pass.required && (off || !config.optimize) {
            continue;
        }
        f.pass = pass.name;
        f.explains = config.explain.iter().any(|name| name == pass.name);
        (pass.run)(f, config);
        if config.check
            && let Err(why) = check(f)
        {
            internal!("{} after {}: {why}", f.name, pass.name);
        }
        observe(pass.name, f);
    }
}

#[cfg(test)]
mod tests {
    use super::PASSES;

    #[test]
    fn every_pass_runs_after_what_it_needs() {
        for (at, pass) in PASSES.iter().enumerate() {
            for (name, reason) in pass.after {
                let earlier = PASSES[..at].iter().any(|earlier| earlier.name == *name);
                assert!(earlier, "{} must run after {name}: {reason}", pass.name);
            }
        }
    }
}
