//! minigo-ssa.
