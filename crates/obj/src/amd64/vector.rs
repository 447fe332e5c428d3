//! The prefixes of vector instructions: VEX and EVEX.
//!
//! Sources: gc asm6.go, asmvex and asmevex; Intel SDM vol. 2A 2.3 and 2.7.

use super::As;
use super::code::{Code, Fault};
use super::modrm::{modrm_number, put_modrm};
use super::operand::{Operands, arg};
use super::optab::{Form, Map};
use super::regbits::{EXT, EXT_EVEX, bits};
use super::suffix::Suffix;
use crate::prog::{Addr, AddrKind};

/// The registers of an instruction as [`bits`]; 0 for none.
struct RegBits {
    reg: u8,
    vvvv: u8,
    /// A register in ModRM.rm, or the base of memory.
    rm: u8,
    index: u8,
    rm_is_mem: bool,
}

impl RegBits {
    fn of(form: &Form, addrs: &[Addr]) -> RegBits {
        let of = |place| arg(addrs, place).map_or(0, |a| bits(a.reg));
        let rm = arg(addrs, form.rm);
        RegBits {
            reg: of(form.reg),
            vvvv: of(form.vvvv),
            rm: of(form.rm),
            index: rm.map_or(0, |a| bits(a.index)),
            rm_is_mem: rm.is_some_and(|a| a.kind == AddrKind::Mem),
        }
    }
}

/// Returns the numbers of opcode map and prefix in VEX and EVEX.
fn map_and_prefix(form: &Form) -> (u8, u8) {
    let map = match form.map {
        Map::One => 0,
        Map::X0f => 1,
        Map::X0f38 => 2,
        Map::X0f3a => 3,
    };
    let prefix = match form.prefixes {
        [0, 0xf3] => 2,
        [0, 0xf2] => 3,
        [0, _] => 0,
        _ => 1,
    };
    (map, prefix)
}

/// Appends VEX, in two bytes if possible, and opcode (Intel SDM vol. 2A 2.3.5).
pub(super) fn put_vex(form: &Form, addrs: &[Addr], code: &mut Code) {
    let r = RegBits::of(form, addrs);
    let (map, prefix) = map_and_prefix(form);
    let bit = |on: bool, bit: u8| if on { 0 } else { bit };
    let not_r = bit(r.reg & EXT != 0, 0x80);
    let not_xb = bit(r.index & EXT != 0, 0x40) | bit(r.rm & EXT != 0, 0x20);
    let rest = (!r.vvvv & 0xf) << 3 | form.length << 2 | prefix;
    if map == 1 && not_xb == 0x60 && !form.wide {
        code.bytes.extend_from_slice(&[0xc5, not_r | rest]);
    } else {
        let wide = if form.wide { 0x80 } else { 0 };
        code.bytes
            .extend_from_slice(&[0xc4, not_r | not_xb | map, wide | rest]);
    }
    code.put(form.opcode);
}

/// Adds the faults of a suffix.
pub(super) fn vector_faults(form: &Form, ops: &Operands, suffix: u8, code: &mut Code) {
    let suffix = Suffix::of(suffix);
    let mem = arg(&ops.addrs, form.rm).is_some_and(|a| a.kind == AddrKind::Mem);
    if suffix.zeroing && !form.zeroing {
        code.faults.push(Fault::Vector("unsupported zeroing"));
    }
    let has_mask = ops.mask.is_some() || arg(&ops.addrs, form.mask).is_some();
    if suffix.zeroing && !has_mask && code.dialect.assembly.checks_masks {
        const NO_MASK: &str = "mask register must be specified for .Z instructions";
        code.faults.push(Fault::Vector(NO_MASK));
    }
    let message = if suffix.rounding.is_some() {
        match (mem, form.rounding) {
            (true, _) => "illegal rounding with memory argument",
            (false, false) => "unsupported rounding",
            (false, true) => return,
        }
    } else if suffix.broadcast {
        code.disp_unit = i32::from(form.broadcast.max(1));
        match (mem, form.broadcast) {
            (false, _) => "illegal broadcast without memory argument",
            (true, 0) => "unsupported broadcast",
            (true, _) => return,
        }
    } else if suffix.sae {
        match (mem, form.sae) {
            (true, _) => "illegal SAE with memory argument",
            (false, false) => "unsupported SAE",
            (false, true) => return,
        }
    } else {
        return;
    };
    code.faults.push(Fault::Vector(message));
}

/// Appends EVEX and opcode (Intel SDM vol. 2A 2.7.1).
pub(super) fn put_evex(form: &Form, ops: &Operands, suffix: u8, code: &mut Code) {
    let addrs = &ops.addrs;
    let r = RegBits::of(form, addrs);
    let (map, prefix) = map_and_prefix(form);
    let suffix = Suffix::of(suffix);
    let bit = |on: bool, bit: u8| if on { bit } else { 0 };
    let high = |bits: u8, bit: u8| if bits & bit == 0 { 1 } else { 0 };
    // The fifth bit of a register in ModRM.rm is in the place of the fourth bit of an index.
    let not_x = if r.rm_is_mem {
        high(r.index, EXT)
    } else {
        high(r.rm, EXT_EVEX)
    };
    let not_v = high(r.index, EXT_EVEX) & high(r.vvvv, EXT_EVEX);
    let mask = match ops.mask {
        Some(mask) => bits(mask),
        None => arg(addrs, form.mask).map_or(0, |a| bits(a.reg)),
    };
    let length = suffix.rounding.unwrap_or(form.length);
    let special = suffix.rounding.is_some() || suffix.broadcast || suffix.sae;
    code.bytes.extend_from_slice(&[
        0x62,
        high(r.reg, EXT) << 7
            | not_x << 6
            | high(r.rm, EXT) << 5
            | high(r.reg, EXT_EVEX) << 4
            | map,
        bit(form.wide, 0x80) | (!r.vvvv & 0xf) << 3 | 1 << 2 | prefix,
        bit(suffix.zeroing, 0x80) | length << 5 | bit(special, 0x10) | not_v << 3 | mask,
        form.opcode,
    ]);
}

/// Appends ModRM, SIB and displacement, and the register in the last byte.
pub(super) fn put_vector_modrm(form: &Form, addrs: &[Addr], as_: As, code: &mut Code) {
    let reg = arg(addrs, form.reg).map_or(form.digit, |a| modrm_number(a.reg));
    if let Some(a) = arg(addrs, form.rm) {
        put_modrm(reg << 3, a, as_, code);
    }
    if let Some(a) = arg(addrs, form.last) {
        code.put((bits(a.reg) & 0xf) << 4);
    }
}
