//! Registers that values can live in, by the numbers that register masks use.

use minigo_obj::Reg;

use crate::op::{RegClass, RegMask};

/// A register of the allocator.
#[derive(Debug)]
pub struct Register {
    /// The name in dumps.
    pub name: &'static str,
    /// The assembler's register; none for SB.
    pub reg: Reg,
}

/// The number of registers of the largest register file.
pub const MAX_REGISTERS: usize = 33;

// Numbers that all register files agree on.

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
/// DI.
pub const DI: u8 = 7;
/// R11.
pub const R11: u8 = 11;
/// R14, which holds g in the register convention and is named so then.
pub const G: u8 = 14;
/// X0.
pub const X0: u8 = 16;

/// The registers of a generation, and the classes of registers that rows of operations name.
#[derive(Debug)]
pub struct RegisterFile {
    /// The registers by number. The last one is SB, the static base.
    pub registers: &'static [Register],
    /// Registers that can be given to values.
    pub allocatable: RegMask,
    /// The registers of integer parameters and results, in the order in which they are passed. Empty if all are passed
    /// on the stack.
    pub parameters: &'static [u8],
    /// The registers of each class, by class.
    classes: [RegMask; RegClass::ALL.len()],
}

impl RegisterFile {
    /// Returns the file with the given registers, general-purpose registers and floating-point registers, of which
    /// the allocator leaves `reserved` alone.
    pub const fn new(
        registers: &'static [Register],
        gp: RegMask,
        fp: RegMask,
        reserved: RegMask,
    ) -> RegisterFile {
        assert!(registers.len() <= MAX_REGISTERS);
        let sb = 1 << (registers.len() - 1);
        let gp_sp = gp | 1 << SP;
        let mut classes = [0; RegClass::ALL.len()];
        let mut at = 0;
        while at < classes.len() {
            let class = RegClass::ALL[at];
            classes[class as usize] = match class {
                RegClass::None => 0,
                RegClass::Gp => gp,
                RegClass::GpSp => gp_sp,
                RegClass::GpSpSb => gp_sp | sb,
                RegClass::GpSpNotDx => gp_sp & !(1 << DX),
                RegClass::Fp => fp,
                RegClass::GpFp => gp | fp,
                RegClass::Ax => 1 << AX,
                RegClass::Cx => 1 << CX,
                RegClass::Dx => 1 << DX,
                RegClass::Di => 1 << DI,
                RegClass::CxDi => 1 << CX | 1 << DI,
                RegClass::X0 => 1 << X0,
                RegClass::R11 => 1 << R11,
            };
            at += 1;
        }
        RegisterFile {
            registers,
            allocatable: (gp | fp) & !reserved,
            parameters: &[],
            classes,
        }
    }

    /// Returns the file with parameters and results in registers.
    pub const fn with_parameters(self, parameters: &'static [u8]) -> RegisterFile {
        RegisterFile { parameters, ..self }
    }

    /// Returns the registers of a class.
    #[inline]
    pub const fn mask(&self, class: RegClass) -> RegMask {
        self.classes[class as usize]
    }

    /// Returns the number of SB.
    pub const fn sb(&self) -> u8 {
        self.registers.len() as u8 - 1
    }

    /// Returns the number of the register with a name, as dumps print it.
    pub(crate) fn number(&self, name: &str) -> Option<u8> {
        let at = self
            .registers
            .iter()
            .position(|register| register.name == name);
        at.map(|number| number as u8)
    }
}

macro_rules! registers {
    (@reg g) => {
        minigo_obj::Reg::R14
    };
    (@reg $name:ident) => {
        minigo_obj::Reg::$name
    };
    ($($name:ident)*) => {
        &[
            $($crate::amd64::regs::Register {
                name: stringify!($name),
                reg: registers!(@reg $name),
            },)*
            $crate::amd64::regs::Register {
                name: "SB",
                reg: minigo_obj::Reg::NONE,
            },
        ]
    };
}
pub(crate) use registers;
