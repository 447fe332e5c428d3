//! The encoding of registers: their numbers and the bits of REX.
//!
//! Sources: gc asm6.go, regrex; Intel SDM vol. 2A chapter 2.

use super::Reg;

/// The fourth bit of a register's number.
pub(super) const EXT: u8 = 1 << 3;
/// The fifth bit of a vector register's number.
pub(super) const EXT_EVEX: u8 = 1 << 4;
/// Marks byte registers that need a REX prefix.
pub(super) const BYTE_REX: u8 = 0x40;

pub(super) const REX_W: u8 = 0x48;
pub(super) const REX_R: u8 = 4;
pub(super) const REX_X: u8 = 2;
pub(super) const REX_B: u8 = 1;

/// The encoding of each register: the number in the low five bits, and [`BYTE_REX`] for byte registers that need a
/// REX prefix even if it is empty.
static REG_BITS: [u8; Reg::COUNT] = {
    let mut table = [0; Reg::COUNT];
    let mut index = 0;
    while index < Reg::COUNT {
        table[index] = reg_bits(Reg::from_index(index));
        index += 1;
    }
    table
};

const fn reg_bits(reg: Reg) -> u8 {
    const fn from(reg: Reg, first: Reg) -> u8 {
        (reg.index() - first.index()) as u8
    }
    match reg {
        Reg::SPB | Reg::BPB | Reg::SIB | Reg::DIB => from(reg, Reg::AL) | BYTE_REX,
        Reg::ES => 0,
        Reg::CS => 1,
        Reg::SS => 2,
        Reg::DS => 3,
        Reg::FS => 4,
        Reg::GS => 5,
        _ if reg.is_in(Reg::AL, Reg::R15B) => from(reg, Reg::AL),
        _ if reg.is_gpr() => from(reg, Reg::AX),
        _ if reg.is_in(Reg::AH, Reg::BH) => from(reg, Reg::AH) + 4,
        _ if reg.is_in(Reg::F0, Reg::F7) => from(reg, Reg::F0),
        _ if reg.is_in(Reg::M0, Reg::M7) => from(reg, Reg::M0),
        _ if reg.is_in(Reg::K0, Reg::K7) => from(reg, Reg::K0),
        _ if reg.is_in(Reg::X0, Reg::X31) => from(reg, Reg::X0),
        _ if reg.is_in(Reg::Y0, Reg::Y31) => from(reg, Reg::Y0),
        _ if reg.is_in(Reg::Z0, Reg::Z31) => from(reg, Reg::Z0),
        _ if reg.is_in(Reg::CR0, Reg::CR15) => from(reg, Reg::CR0),
        _ if reg.is_in(Reg::DR0, Reg::DR7) => from(reg, Reg::DR0),
        _ if reg.is_in(Reg::TR0, Reg::TR7) => from(reg, Reg::TR0),
        _ => 0,
    }
}

/// Returns the encoding of a register.
pub(super) fn bits(reg: Reg) -> u8 {
    REG_BITS[reg.index()]
}

/// Returns `bit` if a register needs that bit of REX. Control registers are in ModRM.reg only.
pub(super) fn rex_bit(reg: Reg, bit: u8) -> u8 {
    let has_bit = bit == REX_R || !reg.is_in(Reg::CR8, Reg::CR15);
    if bits(reg) & EXT != 0 && has_bit {
        bit
    } else {
        0
    }
}
