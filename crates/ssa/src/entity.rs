//! The ids of values, blocks and variables.

use cranelift_entity::{EntityRef, entity_impl};

/// A value: the result of one operation. Numbered from 1; 0 is never a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Value(u32);
entity_impl!(Value, "v");

/// A basic block. Numbered from 1; 0 is never a block.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block(u32);
entity_impl!(Block, "b");

/// A parameter, result, local variable or temporary of the function.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(u32);
entity_impl!(Var, "var");

impl Value {
    /// The number 0, which is never a value.
    pub const NONE: Value = Value(0);

    /// Returns the number as a table index.
    pub fn id(self) -> usize {
        self.index()
    }
}

impl Block {
    /// The number 0, which is never a block.
    pub const NONE: Block = Block(0);

    /// Returns the number as a table index.
    pub fn id(self) -> usize {
        self.index()
    }
}
