//! The intermediate representation and every pass over it.
//!
//! Takes a [`Func`] of generic operations with phis placed; gives the same `Func` lowered to amd64,
//! scheduled, with registers and frame offsets, then the `Prog`s of the function. Knows no AST and no
//! Go type: a [`Type`] is width, pointerness, memory, flags.
//!
//! On exit of [`compile()`] every value is at most one instruction, and `layout` and every block's
//! `values` are in the order of emission.

pub mod amd64;
mod branchelim;
pub mod cache;
pub mod check;
pub mod compile;
mod copyelim;
mod critical;
mod cse;
mod deadcode;
mod deadstore;
mod decompose;
pub mod dom;
mod facts;
mod flagalloc;
pub mod func;
mod fuse;
mod fuse_comparisons;
mod layout;
mod lca;
mod likelyadjust;
pub mod lists;
mod liveness;
mod loopbce;
pub mod loopnest;
mod looprotate;
mod lower;
mod magic;
mod nilcheck;
mod numberlines;
pub mod op;
mod opt;
pub mod parse;
mod phielim;
mod phiopt;
mod poset;
pub mod print;
pub mod profile;
mod prove;
mod regalloc;
mod rewrite;
mod schedule;
mod shortcircuit;
pub mod sparse;
mod stackalloc;
mod stackframe;
mod tighten;
mod trim;
pub mod ty;
mod zcse;

pub use cache::Cache;
pub use compile::{Config, compile};
pub use func::{
    Aux, Block, BlockData, BlockKind, Edge, Func, Likely, Location, StringData, ValAndOff, Value,
    ValueData, Var, VarClass, VarData,
};
pub use liveness::{Liveness, liveness};
pub use op::Op;
pub use parse::parse;
pub use print::{dump, dump_state};
pub use profile::Profile;
pub use ty::{Kind, Type, TypeNames};
