//! The encoding of memory: segments, ModRM, SIB and displacements.
//!
//! Sources: gc asm6.go, prefixof and asmandsz; Intel SDM vol. 2A chapter 2.

use super::code::{Code, Fault};
use super::operand::number;
use super::regbits::{BYTE_REX, REX_B, REX_X, bits, rex_bit};
use super::{As, Reg};
use crate::prog::{Addr, AddrKind, NameKind};
use crate::reloc::RelocKind;

/// Returns the prefix for a memory operand's segment register or thread base; 0 for none (gc: asm6.go, prefixof).
///
/// # Errors
/// In a shared library, the thread base isn't loaded into a register.
pub(super) fn segment_prefix(a: &Addr, shared: bool) -> Result<u8, Fault> {
    let of_reg = |reg| match reg {
        Reg::CS => 0x2e,
        Reg::DS => 0x3e,
        Reg::ES => 0x26,
        Reg::FS => FS_PREFIX,
        Reg::GS => 0x65,
        _ => 0,
    };
    if a.reg < Reg::CS && a.index < Reg::CS {
        return Ok(0);
    }
    if a.kind == AddrKind::Mem && a.name.kind() == NameKind::None {
        let prefix = match a.reg {
            Reg::TLS if shared => return Err(Fault::ThreadBase),
            Reg::TLS => FS_PREFIX,
            reg => of_reg(reg),
        };
        if prefix != 0 {
            return Ok(prefix);
        }
    }
    Ok(match a.index {
        Reg::TLS if shared => FS_PREFIX,
        index => of_reg(index),
    })
}

/// The prefix for memory relative to FS, the thread base.
const FS_PREFIX: u8 = 0x64;

/// Returns the base register of a memory operand: SP for local variables, none for symbols.
fn base(a: &Addr) -> Reg {
    match a.name.kind() {
        NameKind::None => a.reg,
        NameKind::Extern | NameKind::Static | NameKind::GotRef => Reg::NONE,
        NameKind::Auto | NameKind::Param => Reg::SP,
    }
}

/// Returns the REX bits for the operand in ModRM.rm.
pub(super) fn rm_rex(a: &Addr) -> u8 {
    if a.kind == AddrKind::Reg && a.reg > Reg::Z31 {
        0
    } else if a.kind == AddrKind::Reg {
        bits(a.reg) & BYTE_REX | rex_bit(a.reg, REX_B)
    } else {
        rex_bit(a.index, REX_X) | rex_bit(base(a), REX_B)
    }
}

/// Returns the number of a register that is added to an opcode. It is -1 for registers without a number in gc.
pub(super) fn opcode_number(reg: Reg) -> u8 {
    if reg.is_none() || reg.is_in(Reg::CR9, Reg::CR15) {
        0xff
    } else {
        bits(reg) & 7
    }
}

/// Returns a register for ModRM.reg. The number -1 also sets ModRM.mod.
pub(super) fn modrm_number(reg: Reg) -> u8 {
    opcode_number(reg) & 0x1f
}

const MOD_DISP8: u8 = 1 << 6;
const MOD_DISP32: u8 = 2 << 6;
const MOD_REG: u8 = 3 << 6;
/// ModRM.rm: a SIB byte follows. Also the index in it that means none.
const RM_SIB: u8 = 4;
/// ModRM.rm without displacement: relative to the instruction. Also the base in SIB that means none.
pub(super) const RM_RIP: u8 = 5;

/// Appends ModRM with `reg`, SIB and displacement (gc: asm6.go, asmandsz). An invalid operand is a fault and appends
/// nothing; encoding continues after it.
pub(super) fn put_modrm(reg: u8, a: &Addr, as_: As, code: &mut Code) {
    // Only LEAL may wrap around: hash functions add constants with it.
    let offset = number(a);
    if i64::from(offset as i32) != offset && as_ != As::LEAL {
        code.faults.push(Fault::OffsetTooLarge);
    }
    let is_addressed = match a.kind {
        AddrKind::Mem | AddrKind::Addr => true,
        AddrKind::Reg => a.reg <= Reg::Z31 && a.offset == 0,
        _ => false,
    };
    if !is_addressed {
        code.faults.push(Fault::BadAddr(*a));
        return;
    }
    if a.kind == AddrKind::Reg {
        code.put(MOD_REG | reg | bits(a.reg) & 7);
        return;
    }
    let base = base(a);
    if let Some(sym) = a.name.sym() {
        if a.index.is_some() {
            code.faults.push(Fault::BadAddr(*a));
            return;
        }
        let kind = match a.name.kind() {
            NameKind::GotRef => RelocKind::GOTPCREL,
            _ => RelocKind::PCREL,
        };
        if kind == RelocKind::GOTPCREL && (a.offset != 0 || a.scale != 0) {
            code.faults.push(Fault::OffsetInTable);
        }
        code.put(reg | RM_RIP);
        code.put_reloc(kind, Some(sym), a.offset);
        return;
    }
    let is_segment = code.dialect.assembly.segment_bases && a.index.is_in(Reg::CS, Reg::GS);
    if a.index.is_some() && a.index != Reg::TLS && !is_segment {
        let sib = sib(a, base, code);
        if base.is_none() {
            code.bytes.extend_from_slice(&[reg | RM_SIB, sib]);
            code.put32(a.offset as i32);
        } else {
            let low = bits(base) & 7;
            put_disp(&mut [reg | RM_SIB, sib], low, a.offset as i32, code);
        }
        return;
    }
    if base.is_none() || base == Reg::TLS || base.is_in(Reg::CS, Reg::GS) {
        // An absolute address, relative to the segment if the operand has one.
        code.bytes
            .extend_from_slice(&[reg | RM_SIB, RM_SIB << 3 | RM_RIP]);
        if base == Reg::TLS {
            code.put_reloc(RelocKind::TLS_LE, None, a.offset);
        } else {
            code.put32(a.offset as i32);
        }
        return;
    }
    if !base.is_gpr() {
        code.faults.push(Fault::BadAddr(*a));
        return;
    }
    let low = bits(base) & 7;
    if low == RM_SIB {
        // SP and R12 as a base need a SIB byte.
        let mut rm = [reg | RM_SIB, RM_SIB << 3 | low];
        put_disp(&mut rm, low, a.offset as i32, code);
    } else if a.index == Reg::TLS && !code.shared {
        code.put(MOD_DISP32 | reg | low);
        code.put_reloc(RelocKind::TLS_LE, None, a.offset);
    } else {
        put_disp(&mut [reg | low], low, a.offset as i32, code);
    }
}

/// Appends `rm`, which is ModRM with or without SIB, and the shortest displacement. A base with the low bits of BP needs
/// one even if it is 0.
fn put_disp(rm: &mut [u8], low_base: u8, disp: i32, code: &mut Code) {
    if disp == 0 && low_base != RM_RIP {
        code.bytes.extend_from_slice(rm);
    } else if disp % code.disp_unit == 0
        && let Ok(short) = i8::try_from(disp / code.disp_unit)
    {
        rm[0] |= MOD_DISP8;
        code.bytes.extend_from_slice(rm);
        code.put(short as u8);
    } else {
        rm[0] |= MOD_DISP32;
        code.bytes.extend_from_slice(rm);
        code.put32(disp);
    }
}

/// Returns the SIB byte; 0 for an invalid index, scale or base.
fn sib(a: &Addr, base: Reg, code: &mut Code) -> u8 {
    let is_index = a.index.is_gpr() && a.index != Reg::SP || a.index.is_in(Reg::X0, Reg::Z31);
    let scale = match a.scale {
        1 => Some(0),
        2 => Some(1),
        4 => Some(2),
        8 => Some(3),
        _ => None,
    };
    match scale {
        Some(scale) if is_index && (base.is_none() || base.is_gpr()) => {
            let low = if base.is_none() {
                RM_RIP
            } else {
                bits(base) & 7
            };
            scale << 6 | (bits(a.index) & 7) << 3 | low
        }
        _ => {
            code.faults.push(Fault::BadIndex {
                scale: a.scale,
                index: a.index,
                base,
            });
            0
        }
    }
}
