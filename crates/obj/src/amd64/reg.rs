//! Registers, numbered in gc's order: byte registers, general registers, high bytes, x87, MMX, masks, vector
//! registers of three widths, segment and system registers, and the pseudo registers: TLS, and FP, SB and PC, which
//! only operands of assembly text are relative to.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A register, or none. Numbers are consecutive within each group: `Reg::AX.offset(3)` is `Reg::BX`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Reg(u8);

macro_rules! registers {
    ($($name:ident),* $(,)?) => {
        #[expect(clippy::upper_case_acronyms, reason = "registers are upper case")]
        #[repr(u8)]
        enum Number { NONE, $($name,)* FP, SB, PC }

        #[expect(missing_docs, reason = "a register is its own description")]
        impl Reg {
            /// No register.
            pub const NONE: Reg = Reg(Number::NONE as u8);
            $(pub const $name: Reg = Reg(Number::$name as u8);)*
            /// The arguments of a function. Invalid in an operand without a name.
            pub const FP: Reg = Reg(Number::FP as u8);
            /// The address 0. Invalid in an operand without a name.
            pub const SB: Reg = Reg(Number::SB as u8);
            /// The address of the instruction. Only jumps are relative to it.
            pub const PC: Reg = Reg(Number::PC as u8);
        }

        /// Names by number.
        const NAMES: &[&str] =
            &["NONE", $(stringify!($name),)* "R???-1", "R???-2", "R???-4"];
    };
}

registers! {
    AL, CL, DL, BL, SPB, BPB, SIB, DIB, R8B, R9B, R10B, R11B, R12B, R13B, R14B, R15B, AX, CX, DX, BX, SP,
    BP, SI, DI, R8, R9, R10, R11, R12, R13, R14, R15, AH, CH, DH, BH, F0, F1, F2, F3, F4, F5, F6, F7, M0,
    M1, M2, M3, M4, M5, M6, M7, K0, K1, K2, K3, K4, K5, K6, K7, X0, X1, X2, X3, X4, X5, X6, X7, X8, X9,
    X10, X11, X12, X13, X14, X15, X16, X17, X18, X19, X20, X21, X22, X23, X24, X25, X26, X27, X28, X29,
    X30, X31, Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15, Y16, Y17, Y18, Y19,
    Y20, Y21, Y22, Y23, Y24, Y25, Y26, Y27, Y28, Y29, Y30, Y31, Z0, Z1, Z2, Z3, Z4, Z5, Z6, Z7, Z8, Z9,
    Z10, Z11, Z12, Z13, Z14, Z15, Z16, Z17, Z18, Z19, Z20, Z21, Z22, Z23, Z24, Z25, Z26, Z27, Z28, Z29,
    Z30, Z31, CS, SS, DS, ES, FS, GS, GDTR, IDTR, LDTR, MSW, TASK, CR0, CR1, CR2, CR3, CR4, CR5, CR6, CR7,
    CR8, CR9, CR10, CR11, CR12, CR13, CR14, CR15, DR0, DR1, DR2, DR3, DR4, DR5, DR6, DR7, TR0, TR1, TR2,
    TR3, TR4, TR5, TR6, TR7, TLS,
}

impl Reg {
    /// The number of registers, including [`Self::NONE`]: `reg.index() < Reg::COUNT`.
    pub const COUNT: usize = NAMES.len();

    /// The number of the register: 0 for none.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Returns the register with a number below [`Self::COUNT`].
    pub const fn from_index(index: usize) -> Reg {
        assert!(index < Self::COUNT, "no such register");
        Reg(index as u8)
    }

    /// The number that gc gives the register, as some of its messages show it: 0 for none.
    pub(crate) fn gc_number(self) -> usize {
        const FIRST: usize = 2 * 1024;
        match self.is_none() {
            true => 0,
            false => FIRST + self.index() - Reg::AL.index(),
        }
    }

    /// Reports whether this is [`Self::NONE`].
    pub const fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Reports whether this is a register, not [`Self::NONE`].
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }

    /// Returns the `n`th register after this one, by number.
    pub const fn offset(self, n: usize) -> Reg {
        Reg::from_index(self.index() + n)
    }

    /// Reports whether the number of the register is between those of two others, both included.
    pub const fn is_in(self, first: Reg, last: Reg) -> bool {
        first.0 <= self.0 && self.0 <= last.0
    }

    /// Reports whether this is one of the sixteen general registers, AX to R15.
    pub const fn is_gpr(self) -> bool {
        self.is_in(Reg::AX, Reg::R15)
    }

    /// Reports whether this is FP, SB or PC.
    pub const fn is_pseudo(self) -> bool {
        self.is_in(Reg::FP, Reg::PC)
    }

    /// The name that listings print; `NONE` for none.
    pub fn name(self) -> &'static str {
        NAMES[self.index()]
    }

    /// Returns the register with a name in upper case.
    pub fn from_name(name: &str) -> Option<Reg> {
        const LONGEST: usize = "TASK".len();
        match name {
            "FP" => return Some(Reg::FP),
            "SB" => return Some(Reg::SB),
            "PC" => return Some(Reg::PC),
            // Most names that callers ask for are not those of registers.
            _ if name.len() > LONGEST => return None,
            _ => {}
        }
        let index = NAMES[1..Reg::FP.index()]
            .iter()
            .position(|&other| other == name)?;
        Some(Reg(index as u8 + 1))
    }
}

impl fmt::Display for Reg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Reg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_agree() {
        assert_eq!(Reg::from_name("R15"), Some(Reg::AX.offset(15)));
        assert_eq!(Reg::from_name("Z31"), Some(Reg::Z31));
        assert_eq!(Reg::from_name("NONE"), None);
        assert_eq!(Reg::from_name("R???-4"), None);
        assert!(Reg::R15.is_gpr() && !Reg::AL.is_gpr() && !Reg::AH.is_gpr());
        assert_eq!(Reg::default(), Reg::NONE);
    }
}
