//! The intermediate representation and every pass over it.
//!
//! Takes a [`Func`] of generic operations with phis placed. Returns the same `Func` lowered to amd64,
//! scheduled, with registers and frame offsets, then its instructions as `Prog`s. Knows no AST and no
//! Go type: a [`Type`] is width, pointerness, memory, flags.
//!
//! After [`compile()`] every value is a few instructions at most, and `layout` and every block's `values` are
//! in the order of emission.
//!
//! A [`Profile`] has the facts about a Go version: its passes, rules, registers. Passes read facts of the function's
//! profile; only `profile` knows versions and which passes there are.

pub mod abi;
mod addressingmodes;
mod ahead;
pub mod amd64;
mod arguments;
mod bits;
mod block;
mod branchelim;
mod branchredirect;
pub mod check;
mod compile;
mod config;
mod copyelim;
mod critical;
mod cse;
mod deadauto;
mod deadcode;
mod deadstore;
mod decompose;
pub mod dom;
mod entity;
mod expandcalls;
mod flagalloc;
mod frame_variables;
mod func;
mod fuse;
mod fuse_comparisons;
mod fuse_runs;
pub mod history;
mod knownbits;
mod layout;
mod lca;
mod likelyadjust;
pub mod lists;
mod liveness;
mod loopinvariant;
pub mod loopnest;
mod looprotate;
mod lower;
mod magic;
mod memcombine;
mod multiply;
mod nilcheck;
mod numberlines;
pub mod op;
mod opt;
pub mod parse;
mod pass;
mod phielim;
mod phiopt;
pub mod places;
pub mod print;
pub mod profile;
mod prove;
mod regalloc;
mod rewrite;
mod runs;
mod sccp;
mod schedule;
mod scratch;
mod shared_lists;
mod shortcircuit;
mod snapshot;
pub mod sparse;
mod stackalloc;
mod stackframe;
mod tighten;
mod trim;
pub mod ty;
mod value;
mod writebarrier;
mod zcse;

pub use arguments::{argument_info, argument_places};
pub use block::{BlockData, BlockKind, Edge, Likely};
pub use compile::{compile, run_pass};
pub use config::Config;
pub use entity::{Block, Value, Var};
pub use frame_variables::{FrameVariable, frame_variables};
pub use func::{Barrier, Func, Location, StringData, VarClass, VarData};
pub use history::{History, Life, Rule, Step, Trace};
pub use liveness::{Liveness, liveness};
pub use op::Op;
pub use parse::parse;
pub use pass::{Pass, Stage};
pub use print::{dump, dump_state};
pub use profile::Profile;
pub use scratch::Scratch;
pub use snapshot::{BlockSnapshot, Snapshot, ValueSnapshot};
pub use ty::{Kind, Type, TypeNames};
pub use value::{Aux, ValAndOff, ValueData};
