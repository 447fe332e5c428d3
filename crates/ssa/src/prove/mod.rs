//! Branches that earlier branches decide, and operations that need fewer precautions than in general.
//!
//! Each generation of gc proves in its own way; all of them walk over the dominator tree with facts about
//! values, and keep orders between values in a [`poset`].

mod branch;
pub(crate) mod go1_15;
pub(crate) mod go1_27;
mod poset;
mod relation;
