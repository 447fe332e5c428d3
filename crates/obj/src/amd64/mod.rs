//! The target: registers, mnemonics and their encoding.

pub mod opcode;
pub mod reg;

pub use opcode::As;
pub use reg::Reg;
