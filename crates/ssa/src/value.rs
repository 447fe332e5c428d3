//! Values and their operands (gc: value.go).

use cranelift_entity::packed_option::PackedOption;
use minigo_base::Pos;
use minigo_obj::Sym;
use smallvec::SmallVec;

use crate::entity::{Block, Value, Var};
use crate::op::{AuxKind, Op};
use crate::ty::Type;

/// The non-integer operand of an operation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Aux {
    /// Nothing.
    #[default]
    None,
    /// A symbol of the package or the runtime.
    Sym(Sym),
    /// A variable of the function.
    Var(Var),
    /// A type.
    Type(Type),
    /// A constant string: index into [`crate::Func::strings`].
    Str(u32),
    /// The symbol of the jump table that a block of the function ends with.
    JumpTable(Block),
}

/// The record of a value.
#[derive(Clone, Debug)]
pub struct ValueData {
    /// The operation; `Invalid` for a freed value. Change it through `Func` only: copies are counted.
    pub op: Op,
    /// The type of the result.
    pub ty: Type,
    /// The block that lists the value; none for freed values and for spills not yet placed.
    pub block: PackedOption<Block>,
    /// Source position; scheduling compares it whole.
    pub pos: Pos,
    /// Arguments in the operation's order. Change them through `Func` only: uses are counted.
    pub args: SmallVec<[Value; 4]>,
    /// Integer operand; small integers are sign-extended, booleans are 0 and 1.
    pub aux_int: i64,
    /// Other operand.
    pub aux: Aux,
    /// Number of arguments and block controls that are this value.
    pub uses: u32,
}

/// Operations whose values never begin a statement (gc: numberlines.go, notStmtBoundary).
pub(crate) fn not_stmt_boundary(op: Op) -> bool {
    matches!(
        op,
        Op::Copy
            | Op::Phi
            | Op::VarKill
            | Op::VarDef
            | Op::VarLive
            | Op::Unknown
            | Op::FwdRef
            | Op::Arg
            | Op::ArgIntReg
    )
}

impl ValueData {
    pub(crate) fn freed() -> ValueData {
        ValueData {
            op: Op::Invalid,
            ty: Type::INVALID,
            block: None.into(),
            pos: Pos::NONE,
            args: SmallVec::new(),
            aux_int: 0,
            aux: Aux::None,
            uses: 0,
        }
    }

    /// Reports whether this is an integer constant of the generic operations.
    pub fn is_generic_int_const(&self) -> bool {
        matches!(
            self.op,
            Op::Const8 | Op::Const16 | Op::Const32 | Op::Const64
        )
    }

    /// Returns the aux integer of a generic constant as an unsigned number of its width.
    pub fn aux_unsigned(&self) -> u64 {
        match self.op {
            Op::Const8 => u64::from(self.aux_int as u8),
            Op::Const16 => u64::from(self.aux_int as u16),
            Op::Const32 => u64::from(self.aux_int as u32),
            _ => self.aux_int as u64,
        }
    }

    /// Returns the value and offset of an operation whose aux integer holds both.
    pub fn val_and_off(&self) -> ValAndOff {
        debug_assert_eq!(self.op.info().aux, AuxKind::SymValAndOff);
        ValAndOff(self.aux_int)
    }

    /// Reports whether the value does not count when the position of an empty block is looked for (gc: value.go,
    /// LackingPos).
    pub fn lacking_pos(&self) -> bool {
        matches!(self.op, Op::VarDef | Op::VarKill | Op::VarLive | Op::Phi)
            || matches!(self.op, Op::FwdRef | Op::Copy) && self.ty.is_memory()
    }
}

/// A 32-bit value and a 32-bit offset in one aux integer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ValAndOff(pub i64);

impl ValAndOff {
    /// Packs a value and an offset in bytes; none if one does not fit 32 bits.
    pub fn new(val: i64, off: i64) -> Option<ValAndOff> {
        let (val, off) = (i32::try_from(val).ok()?, i32::try_from(off).ok()?);
        Some(ValAndOff(i64::from(val) << 32 | i64::from(off as u32)))
    }

    /// Returns the value.
    pub fn val(self) -> i64 {
        self.0 >> 32
    }

    /// Returns the offset in bytes.
    pub fn off(self) -> i64 {
        i64::from(self.0 as i32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_stay_small() {
        assert!(size_of::<ValueData>() <= 64, "{}", size_of::<ValueData>());
    }
}
