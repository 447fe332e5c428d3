//! The passes, in their order.

use minigo_base::GoVersion;

use crate::copyelim::copyelim;
use crate::deadcode::deadcode;
use crate::func::Func;
use crate::numberlines::number_lines;
use crate::phielim::phielim;

/// What the passes need to know besides the function.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whose code is made.
    pub version: GoVersion,
    /// False for `-N`: only required passes run.
    pub optimize: bool,
    /// Check the function after every pass.
    pub check: bool,
    /// Passes switched off by name (`-d=ssa/<pass>/off`), spaces written as `_`.
    pub off: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            version: GoVersion::default(),
            optimize: true,
            check: cfg!(debug_assertions),
            off: Vec::new(),
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
        name: "pre-opt deadcode",
        run: deadcode,
        required: false,
        after: &[],
    },
    Pass {
        name: "opt deadcode",
        run: deadcode,
        required: true,
        after: &[],
    },
    Pass {
        name: "gcse deadcode",
        run: deadcode,
        required: true,
        after: &[],
    },
    Pass {
        name: "generic deadcode",
        run: deadcode,
        required: true,
        after: &[],
    },
    Pass {
        name: "lowered deadcode for cse",
        run: deadcode,
        required: false,
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
        name: "late deadcode",
        run: deadcode,
        required: false,
        after: &[],
    },
];

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
        (pass.run)(f, config);
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
