//! Growth of stacks as data.

use serde::Serialize;

/// The growth of a program's stack.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Growth {
    /// Bytes of the first stack.
    pub stack0: u64,
    /// Bytes of the last stack.
    pub stack: i64,
    /// Each growth, in order.
    pub growths: Vec<StackGrowth>,
}

/// A growth of a stack.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct StackGrowth {
    /// The function that found too little, by its name after linking.
    pub function: String,
    /// The file that declares it; empty for functions of the runtime.
    pub file: String,
    /// The line that declares it; 0 for functions of the runtime.
    pub line: u32,
    /// The offset of its call for more stack.
    pub offset: u64,
    /// Bytes by which SP, or what it would become, was below the guard.
    pub below_guard: i64,
    /// Bytes of the stack before.
    pub old_size: i64,
    /// Bytes of the stack after.
    pub new_size: i64,
    /// Bytes that were in use, and were copied.
    pub used: i64,
    /// Saved frame pointers that were adjusted.
    pub saved_bps: i64,
}
