//! The row of a pass in a table of passes, and the stages that a function goes through.

use crate::config::Config;
use crate::func::Func;
use crate::op::Op;

/// One pass.
#[derive(Clone, Copy)]
pub struct Pass {
    /// gc's name, in dumps and flags. A pass that runs twice has two names.
    pub name: &'static str,
    /// The transformation.
    pub run: fn(&mut Func, &Config),
    /// Runs without optimization too, and can't be switched off.
    pub required: bool,
    /// Can report its decisions (`-d=ssa/<pass>/debug`).
    pub explains: bool,
    /// The stage that the function reaches here, if it is another one than before.
    pub reaches: Option<Stage>,
    /// The operations of which a function must have one for the pass to change it; none if that doesn't depend on
    /// operations.
    pub needs: &'static [Op],
    /// Passes that must have run before, each with the reason.
    pub after: &'static [(&'static str, &'static str)],
}

impl Pass {
    /// An optimization that depends on no other pass. Rows are written as changes of this one.
    pub const OPTIONAL: Pass = Pass {
        name: "",
        run: |_, _| {},
        required: false,
        explains: false,
        reaches: None,
        needs: &[],
        after: &[],
    };

    /// A pass that always runs and depends on no other one.
    pub const REQUIRED: Pass = Pass {
        required: true,
        ..Pass::OPTIONAL
    };
}

/// How far compilation of a function has come, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Stage {
    /// The order of values in a block means nothing.
    #[default]
    Unordered,
    /// The order of values in a block is the order of execution.
    Scheduled,
    /// Values have registers and stack slots; a use needs the right register, not a dominating definition.
    Allocated,
}
