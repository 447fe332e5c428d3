//! What is known of amd64: registers, and the instructions of operations and blocks.

mod emit;
pub mod regs;
mod value;

pub use emit::{StackMaps, args_map_bits, emit, stack_map};
