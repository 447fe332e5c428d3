//! The amd64 target: registers, and the instructions of operations and blocks.

mod emit;
pub mod regs;
mod value;

pub use emit::{StackMaps, emit, jump_tables, stack_map};
