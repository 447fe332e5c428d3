//! The amd64 target: registers, and the instructions of operations and blocks.

mod emit;
pub mod regs;
mod value;

pub use emit::{Origin, Origins, StackMaps, emit, emit_with_origins, jump_tables, stack_map};
