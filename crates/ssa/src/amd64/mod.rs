//! What the passes know of amd64.

pub mod regs;
