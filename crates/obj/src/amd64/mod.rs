//! The target: registers, mnemonics, frames and encoding.

mod access;
mod assemble;
mod code;
mod encode;
mod got_register;
mod hint;
mod modrm;
pub mod opcode;
mod operand;
mod optab;
mod pass;
mod preprocess;
pub(crate) mod prologue;
pub mod reg;
mod regbits;
mod shared;
mod span;
mod standalone;
pub(crate) mod suffix;
mod thread_base;
mod vector;

pub use access::{Access, accesses};
pub use assemble::{Attempt, assemble, attempt, check_again};
pub use opcode::As;
pub(crate) use operand::has_destination_only;
pub use optab::{Class, FormOperands, operand_forms};
pub(crate) use preprocess::Bases;
pub use preprocess::{Prologue, prologue_of};
pub use reg::Reg;
pub(crate) use standalone::StandaloneEncoder;
