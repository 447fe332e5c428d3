//! Blocks and edges (gc: block.go).

use cranelift_entity::packed_option::PackedOption;
use minigo_base::Pos;
use smallvec::SmallVec;

use crate::entity::{Block, Value};

/// An edge of the control-flow graph, as seen from one of its ends.
///
/// Invariant: with `e = f[b].succs[n]`, `f[e.block].preds[e.index]` is `Edge { block: b, index: n }`,
/// and the same with preds and succs exchanged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Edge {
    /// The block at the other end.
    pub block: Block,
    /// Index of this edge in the other block's opposite list.
    pub index: u32,
}

/// The kind of a block's end. gc's names: generic kinds, then amd64's conditions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs, reason = "conditions are named as dumps print them")]
pub enum BlockKind {
    /// A freed block, or an emptied one that waits for the next deadcode.
    Invalid,
    /// Control: flags. Successors: condition holds, does not hold.
    EQ,
    NE,
    LT,
    LE,
    GT,
    GE,
    OS,
    OC,
    ULT,
    ULE,
    UGT,
    UGE,
    /// One successor.
    Plain,
    /// Control: a boolean. Successors: true, false.
    If,
    /// Control: memory. Returns.
    Ret,
    /// Control: memory. Jumps to another function, which returns instead.
    RetJmp,
    /// Control: memory. Doesn't return (a panic).
    Exit,
    /// Control: an index. Successors: one for each index.
    JumpTable,
    /// A lowered jump table. Controls: an integer, which is less than the number of successors, and the address of the
    /// table. One successor for each value of the integer.
    JUMPTABLE,
    /// Two successors, the first is always taken; until the next deadcode.
    First,
}

/// The successor that a branch is expected to take.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Likely {
    /// The second.
    Unlikely = -1,
    /// Not known.
    #[default]
    Unknown = 0,
    /// The first.
    Likely = 1,
}

impl Likely {
    /// Returns the prediction after the successors were exchanged.
    #[must_use]
    pub fn swapped(self) -> Likely {
        match self {
            Likely::Unlikely => Likely::Likely,
            Likely::Unknown => Likely::Unknown,
            Likely::Likely => Likely::Unlikely,
        }
    }
}

/// The record of a block.
#[derive(Clone, Debug)]
pub struct BlockData {
    /// The kind of its end.
    pub kind: BlockKind,
    /// Position of the jump.
    pub pos: Pos,
    /// Expected successor.
    pub likely: Likely,
    /// Set by flagalloc: a successor uses the flags.
    pub flags_live_at_end: bool,
    /// Whether the block exists (is not in the free list).
    pub allocated: bool,
    /// The value that decides or ends the block, if the kind has one. Change it through `Func` only.
    pub control: Option<Value>,
    /// The address of the table of a lowered jump table. Change it through `Func` only.
    pub second_control: PackedOption<Value>,
    /// Successors; the kind defines the meaning of their order.
    pub succs: SmallVec<[Edge; 2]>,
    /// Predecessors, in the order of the arguments of the block's phis.
    pub preds: SmallVec<[Edge; 2]>,
    /// The values: unordered in meaning until `schedule`, but the order is observable.
    pub values: Vec<Value>,
}

impl BlockKind {
    /// All kinds.
    pub const ALL: [BlockKind; 21] = {
        use BlockKind::*;
        [
            Invalid, EQ, NE, LT, LE, GT, GE, OS, OC, ULT, ULE, UGT, UGE, Plain, If, Ret, RetJmp,
            Exit, JumpTable, JUMPTABLE, First,
        ]
    };
}

impl BlockData {
    /// Returns the control values in their order.
    pub fn controls(&self) -> impl Iterator<Item = Value> + use<> {
        self.control.into_iter().chain(self.second_control.expand())
    }

    pub(crate) fn freed() -> BlockData {
        BlockData {
            kind: BlockKind::Invalid,
            pos: Pos::NONE,
            likely: Likely::Unknown,
            flags_live_at_end: false,
            allocated: false,
            control: None,
            second_control: None.into(),
            succs: SmallVec::new(),
            preds: SmallVec::new(),
            values: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_stay_small() {
        assert!(size_of::<BlockData>() <= 96, "{}", size_of::<BlockData>());
    }
}
