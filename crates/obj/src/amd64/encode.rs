//! Encoding of one instruction: choice of the form, prefixes, opcode, ModRM, SIB and immediates.
//!
//! [`encode`] appends the bytes of all instructions except branches inside the function, whose size depends on the
//! place of their targets. For a branch it returns the [`Branch`] whose size `span` finds. Sources: gc asm6.go
//! (doasm, asmandsz, vaddr), Intel SDM vol. 2A chapter 2.

use super::code::{Branch, Code, Fault};
use super::modrm::{RM_RIP, modrm_number, opcode_number, put_modrm, rm_rex, segment_prefix};
use super::operand::{
    Operands, arg, check_gather, find_form, is_no_operand, low_byte, number, operands,
};
use super::optab::{Class, Encoding, Form, Imm, Map, Special, forms};
use super::regbits::{BYTE_REX, REX_B, REX_R, REX_W, bits, rex_bit};
use super::vector::{put_evex, put_vector_modrm, put_vex, vector_faults};
use super::{As, Reg};
use crate::prog::{Addr, AddrKind, Name, Prog};
use crate::reloc::{Reloc, RelocKind};

/// Appends the bytes of an instruction to `code`, or returns which branch it is. `rest` are the operands between the
/// first and the last. Byte instructions turn their general registers into byte registers, which listings then print.
///
/// # Errors
/// The instruction can't be encoded. The bytes that gc has written by then stay.
pub(super) fn encode(
    p: &mut Prog,
    rest: &[Addr],
    code: &mut Code,
) -> Result<Option<Branch>, Fault> {
    code.begin();
    if matches!(p.as_, As::TEXT) {
        // TEXT $f(SB) can be read but not encoded.
        return match p.from.kind {
            AddrKind::Mem => Ok(None),
            _ => Err(Fault::Invalid),
        };
    }
    if let Some(branch) = branch(p, rest) {
        return Ok(Some(branch));
    }
    if forms(p.as_).is_empty() {
        // Two of them have an entry in gc's table, but no form.
        let is_known = matches!(p.as_, As::ENTER | As::FFREE);
        return Err(if is_known {
            Fault::Invalid
        } else {
            Fault::MissingOp
        });
    }
    if code.dialect.short_constants && is_short_constant(p, rest) {
        p.as_ = As::MOVL;
        let encoded = encode(p, rest, code);
        p.as_ = As::MOVQ;
        return encoded;
    }
    for a in [&p.from, &p.to] {
        let prefix = segment_prefix(a, code.shared)?;
        if prefix != 0 {
            code.put(prefix);
        }
    }
    check_gather(p, rest, code.dialect.assembly.checks_masks)?;
    if code.shared && is_thread_base_load(p, rest) {
        return load_thread_base(p, code);
    }
    let mut ops = operands(p, rest);
    let n_operands = ops.len;
    let has_constant = ops.addrs.iter().any(is_no_operand);
    let form = find_form(p, &mut ops)?;
    if has_constant {
        code.faults.push(Fault::Constant);
    }
    if form.byte_regs || form.byte_from {
        low_byte(&mut p.from);
        if form.byte_regs {
            low_byte(&mut p.to);
        }
        let n_low = if form.byte_regs { ops.len } else { 1 };
        ops.addrs[..n_low].iter_mut().for_each(low_byte);
    }
    if form.only_386 {
        code.faults.push(Fault::Only386);
    }
    match form.special {
        // Assembly can't name the callee.
        Special::Duff if !p.to.is_some() => {
            let named = p.from.kind == AddrKind::Addr;
            return Err(if named {
                Fault::Invalid
            } else {
                Fault::NoTarget
            });
        }
        Special::None if form.encoding == Encoding::Evex => {
            code.disp_unit = i32::from(form.disp_unit);
            vector_faults(form, &ops, p.suffix, code);
            regular(form, &ops, p, code);
        }
        Special::None => regular(form, &ops, p, code),
        special => {
            let has_target = p.target.is_some();
            if let Some(branch) = encode_special(special, form, &ops, has_target, code)? {
                return Ok(Some(branch));
            }
        }
    }
    if form.n_args == 0 && n_operands > 0 && matches!(p.as_, As::RETFW | As::RETFL | As::RETFQ) {
        // gc treats an unknown operand as a number.
        if p.from.name.sym().is_some() {
            return Err(Fault::NeedsReloc(p.from));
        }
        let value = number(&p.from) as i16;
        code.bytes.extend_from_slice(&value.to_le_bytes());
    }
    code.finish();
    code.faults.pop().map_or(Ok(None), Err)
}

/// Reports whether an instruction is MOVQ of a positive constant of 31 bits to a register.
fn is_short_constant(p: &Prog, rest: &[Addr]) -> bool {
    p.as_ == As::MOVQ
        && p.from.kind == AddrKind::Const
        && p.from.name == Name::NONE
        && u32::try_from(number(&p.from)).is_ok_and(|value| value >> 31 == 0)
        && p.to.kind == AddrKind::Reg
        && p.to.reg.is_gpr()
        && rest.is_empty()
}

/// Reports whether an instruction is `MOVQ TLS, BX`.
fn is_thread_base_load(p: &Prog, rest: &[Addr]) -> bool {
    matches!(p.as_, As::MOVQ | As::MOVL)
        && (p.from.kind, p.from.reg) == (AddrKind::Reg, Reg::TLS)
        && p.to.kind == AddrKind::Reg
        && p.to.reg.is_gpr()
        && rest.is_empty()
}

/// Appends the load of g's offset from the thread base, from the global offset table.
fn load_thread_base(p: &Prog, code: &mut Code) -> Result<Option<Branch>, Fault> {
    let modrm = (bits(p.to.reg) & 7) << 3 | RM_RIP;
    let rex = REX_W | rex_bit(p.to.reg, REX_R);
    code.bytes.extend_from_slice(&[rex, 0x8b, modrm]);
    code.put_reloc(RelocKind::TLS_IE, None, -4);
    match p.as_ {
        As::MOVQ => Ok(None),
        _ => Err(Fault::NarrowThreadBase),
    }
}

/// Returns the branch of an instruction whose only operand is a target in the function, as most have.
fn branch(p: &Prog, rest: &[Addr]) -> Option<Branch> {
    if p.to.kind != AddrKind::Branch || p.target.is_none() || p.suffix != 0 {
        return None;
    }
    if p.from.is_some() || p.to.name.sym().is_some() || !rest.is_empty() {
        return None;
    }
    let takes_target = |form: &&Form| form.n_args == 1 && form.args[0] == Class::Br;
    let form = forms(p.as_).iter().find(takes_target)?;
    match form.special {
        Special::Jcc => Some(Branch::Jcc(form.opcode)),
        Special::Jmp => Some(Branch::Jmp),
        _ => None,
    }
}

fn encode_special(
    special: Special,
    form: &Form,
    ops: &Operands,
    has_target: bool,
    code: &mut Code,
) -> Result<Option<Branch>, Fault> {
    let last = &ops.addrs[ops.len.saturating_sub(1)];
    let is_jump = matches!(special, Special::Jcc | Special::Loop | Special::Xbegin);
    if is_jump && !has_target {
        return Err(Fault::NoTarget);
    }
    match special {
        Special::None | Special::Pseudo => {}
        Special::Jcc => return Ok(Some(Branch::Jcc(form.opcode))),
        Special::Loop => {
            return Ok(Some(match form.suffix {
                None => Branch::Loop(form.opcode),
                Some(opcode) => Branch::LoopAddr32(opcode),
            }));
        }
        Special::Xbegin => return Ok(Some(Branch::Xbegin)),
        Special::Jmp => match last.name.sym() {
            None if !has_target => return Err(Fault::NoTarget),
            None => return Ok(Some(Branch::Jmp)),
            Some(sym) => {
                code.put(0xe9);
                code.put_reloc(RelocKind::CALL, Some(sym), 0);
            }
        },
        Special::Call => {
            let sym = last.name.sym().ok_or(Fault::NoTarget)?;
            code.put(form.opcode);
            code.put_reloc(RelocKind::CALL, Some(sym), last.offset);
        }
        Special::CallReg => {
            // gc marks the byte after a REX prefix, ignoring other prefixes.
            let rex = u32::from(rm_rex(last) != 0);
            code.relocs.push(Reloc {
                off: code.start as u32 + rex,
                siz: 0,
                kind: RelocKind::CALLIND,
                sym: None,
                add: 0,
            });
            put_legacy(form, &ops.addrs, As::CALL, code);
        }
        Special::CallIndir => {
            code.put(0xff);
            code.put(0x15);
            code.put_reloc(RelocKind::PCREL, last.name.sym(), last.offset);
        }
        Special::CallConst => {
            code.put(form.opcode);
            code.put_reloc(RelocKind::PCREL, None, last.offset);
        }
        Special::Data => {
            let value = last.offset.to_le_bytes();
            code.bytes
                .extend_from_slice(&value[..usize::from(form.opcode)]);
        }
        Special::Duff => {
            // BP is saved around the call, since the callee doesn't save it and callers are found by it.
            let sym = match (ops.len, last.kind) {
                (1, AddrKind::Addr) => last.name.sym(),
                _ => None,
            };
            let sym = sym.ok_or(Fault::NoTarget)?;
            // MOVQ BP, -16(SP)
            // LEAQ -16(SP), BP
            code.bytes
                .extend_from_slice(&[0x48, 0x89, 0x6c, 0x24, 0xf0, 0x48, 0x8d, 0x6c, 0x24, 0xf0]);
            code.put(form.opcode);
            code.put_reloc(RelocKind::CALL, Some(sym), last.offset);
            // MOVQ (BP), BP
            code.bytes.extend_from_slice(&[0x48, 0x8b, 0x6d, 0x00]);
        }
        Special::MovQuad => mov_quad(&ops.addrs, code),
        Special::NoAddress => return Err(Fault::BadAddr(Addr::NONE)),
    }
    Ok(None)
}

/// Appends a MOVQ of a constant outside int32: with four zero-extended bytes if possible, else with eight.
fn mov_quad(addrs: &[Addr], code: &mut Code) {
    let (value, reg) = (addrs[0].offset, addrs[1].reg);
    let rex = rex_bit(reg, REX_B);
    if let Ok(low) = u32::try_from(value) {
        if rex != 0 {
            code.put(0x40 | rex);
        }
        code.put(0xb8 | bits(reg) & 7);
        code.bytes.extend_from_slice(&low.to_le_bytes());
    } else {
        code.put(REX_W | rex);
        code.put(0xb8 | bits(reg) & 7);
        code.bytes.extend_from_slice(&value.to_le_bytes());
    }
}

fn regular(form: &Form, ops: &Operands, p: &Prog, code: &mut Code) {
    let addrs = &ops.addrs;
    match form.encoding {
        Encoding::Legacy => put_legacy(form, addrs, p.as_, code),
        Encoding::Vex => {
            put_vex(form, addrs, code);
            put_vector_modrm(form, addrs, p.as_, code);
        }
        Encoding::Evex => {
            put_evex(form, ops, p.suffix, code);
            put_vector_modrm(form, addrs, p.as_, code);
        }
    }
    let value = arg(addrs, form.imm_arg).map_or(0, number);
    match form.imm {
        Imm::None => {}
        Imm::Byte => code.put(value as u8),
        Imm::Word => code.bytes.extend_from_slice(&(value as i16).to_le_bytes()),
        Imm::Long => code.put32(value as i32),
    }
}

/// Appends prefixes, opcode, ModRM, SIB and displacement.
fn put_legacy(form: &Form, addrs: &[Addr], as_: As, code: &mut Code) {
    let arg = |place| arg(addrs, place);
    let mut rex = if form.wide { REX_W } else { 0 };
    let mut modrm_reg = form.digit;
    if let Some(a) = arg(form.plus) {
        rex |= bits(a.reg) & BYTE_REX;
        if a.reg <= Reg::Z31 {
            rex |= rex_bit(a.reg, REX_B);
        }
    }
    if let Some(a) = arg(form.reg) {
        modrm_reg = modrm_number(a.reg);
        rex |= bits(a.reg) & BYTE_REX | rex_bit(a.reg, REX_R);
    }
    let rm = arg(form.rm);
    if let Some(a) = rm {
        rex |= rm_rex(a);
    }
    for prefix in form.prefixes {
        if prefix != 0 {
            code.put(prefix);
        }
    }
    if rex != 0 {
        code.put(0x40 | rex);
    }
    match form.map {
        Map::One => {}
        Map::X0f => code.put(0x0f),
        Map::X0f38 => code.bytes.extend_from_slice(&[0x0f, 0x38]),
        Map::X0f3a => code.bytes.extend_from_slice(&[0x0f, 0x3a]),
    }
    let plus = arg(form.plus).map_or(0, |a| opcode_number(a.reg));
    code.put(form.opcode.wrapping_add(plus));
    if let Some(suffix) = form.suffix {
        code.put(suffix);
    }
    if let Some(a) = rm {
        put_modrm(modrm_reg << 3, a, as_, code);
    }
}
