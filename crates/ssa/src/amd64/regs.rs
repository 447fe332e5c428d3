//! The registers that values can live in, by the numbers that register masks use.

use minigo_obj::Reg;

/// A register of the allocator.
pub struct Register {
    /// As dumps print it.
    pub name: &'static str,
    /// The assembler's register; none for SB.
    pub reg: Reg,
}

/// Number of registers, SB included.
pub const NUM_REGS: usize = 33;
/// AX.
pub const AX: u8 = 0;
/// CX.
pub const CX: u8 = 1;
/// DX.
pub const DX: u8 = 2;
/// The stack pointer.
pub const SP: u8 = 4;
/// The frame pointer.
pub const BP: u8 = 5;
/// X0.
pub const X0: u8 = 16;
/// The static base, a pseudo register.
pub const SB: u8 = 32;

macro_rules! registers {
    ($($name:ident)*) => {
        /// The registers by number (gc: AMD64Ops.go, regNamesAMD64).
        pub const REGISTERS: [Register; NUM_REGS] = [
            $(Register { name: stringify!($name), reg: Reg::$name },)*
            Register { name: "SB", reg: Reg::NONE },
        ];
    };
}

registers! {
    AX CX DX BX SP BP SI DI R8 R9 R10 R11 R12 R13 R14 R15
    X0 X1 X2 X3 X4 X5 X6 X7 X8 X9 X10 X11 X12 X13 X14 X15
}
