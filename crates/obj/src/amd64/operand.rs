//! Classes of operands, and the form that takes the operands of an instruction.
//!
//! Source: gc asm6.go, oclass, ytab and doasm; obj6.go, unaryDst.

use std::cmp::Ordering;

use super::code::Fault;
use super::optab::{Class, Encoding, Form, MEM, NO_ARG, REG_CLASSES, UNUSED, forms, int_classes};
use super::regbits::{BYTE_REX, EXT_EVEX, bits};
use super::{As, Reg};
use crate::prog::{Addr, AddrKind, NameKind, Prog};

/// Returns the classes of an operand as a mask (gc: asm6.go, oclass).
pub(super) fn classes(a: &Addr) -> u64 {
    match a.kind {
        AddrKind::Reg => REG_CLASSES[a.reg.index()],
        AddrKind::Const => int_classes(a.offset),
        AddrKind::Mem => mem_classes(a),
        AddrKind::Branch => Class::Br.bit(),
        AddrKind::RegList => list_classes(a),
        AddrKind::Indir if a.name.kind() != NameKind::None && a.reg.is_none() => Class::Indir.bit(),
        AddrKind::Addr => match a.name.kind() {
            NameKind::None => int_classes(a.offset),
            NameKind::GotRef => 0,
            _ => Class::IAddr.bit(),
        },
        _ => 0,
    }
}

/// Returns the classes of a register list. Instructions only take lists of four vector registers.
fn list_classes(a: &Addr) -> u64 {
    let both_in = |first, last| a.reg.is_in(first, last) && a.index.is_in(first, last);
    if a.index.index() != a.reg.index() + 3 {
        0
    } else if both_in(Reg::X0, Reg::X31) {
        Class::X4.bit()
    } else if both_in(Reg::Z0, Reg::Z31) {
        Class::Z4.bit()
    } else if both_in(Reg::Y0, Reg::Y31) {
        UNUSED
    } else {
        0
    }
}

fn mem_classes(a: &Addr) -> u64 {
    if a.index == Reg::SP || a.index.is_pseudo() {
        return 0;
    }
    if a.index.is_in(Reg::X0, Reg::Z31) {
        let high = bits(a.index) & EXT_EVEX != 0;
        return match a.index {
            x if x <= Reg::X31 && high => Class::XVmE.bit(),
            x if x <= Reg::X31 => Class::XVm.bit() | Class::XVmE.bit(),
            y if y <= Reg::Y31 && high => Class::YVmE.bit(),
            y if y <= Reg::Y31 => Class::YVm.bit() | Class::YVmE.bit(),
            _ => Class::ZVm.bit(),
        };
    }
    match a.name.kind() {
        NameKind::None => MEM,
        // Symbols are addressed relative to the instruction: no base, no index.
        NameKind::Extern | NameKind::Static | NameKind::GotRef => {
            if a.reg.is_some() || a.index.is_some() || a.scale != 0 {
                0
            } else {
                MEM
            }
        }
        NameKind::Auto | NameKind::Param => {
            if a.reg.is_some() && a.reg != Reg::SP {
                0
            } else {
                MEM
            }
        }
    }
}

/// Replaces a general register by its low byte.
pub(super) fn low_byte(a: &mut Addr) {
    if a.kind == AddrKind::Reg && a.reg.is_gpr() {
        a.reg = Reg::AL.offset(a.reg.index() - Reg::AX.index());
    }
}

/// The operands of an instruction in order. An instruction with more than six matches no form.
pub(super) struct Operands {
    pub addrs: [Addr; MAX_OPERANDS],
    pub len: usize,
    /// The mask register before the last operand, which is then not in `addrs`.
    pub mask: Option<Reg>,
}

const MAX_OPERANDS: usize = 6;

pub(super) fn operands(p: &Prog, rest: &[Addr]) -> Operands {
    let mut operands = Operands {
        addrs: [Addr::NONE; MAX_OPERANDS],
        len: 0,
        mask: None,
    };
    for a in std::iter::once(&p.from).chain(rest).chain([&p.to]) {
        if a.is_some() {
            if operands.len < MAX_OPERANDS {
                operands.addrs[operands.len] = *a;
            }
            operands.len += 1;
        }
    }
    operands
}

pub(super) fn find_form(p: &Prog, operands: &mut Operands) -> Result<&'static Form, Fault> {
    let len = operands.len;
    if len > MAX_OPERANDS {
        return Err(Fault::Invalid);
    }
    let mut masks = [0; MAX_OPERANDS];
    for (mask, a) in masks.iter_mut().zip(&operands.addrs[..len]) {
        *mask = classes(a);
    }
    let has_mask = len >= 3 && masks[len - 2] & Class::Kn.bit() != 0;
    let accepts = |form: &Form, masks: &[u64]| {
        let n_args = usize::from(form.n_args);
        let all_match = || {
            let mut pairs = masks.iter().zip(&form.args[..n_args]);
            pairs.all(|(mask, &class)| mask & class.bit() != 0)
        };
        match masks.len().cmp(&n_args) {
            Ordering::Less => false,
            Ordering::Equal => all_match(),
            // A double shift ignores operands between the first two and the last.
            Ordering::Greater if form.is_move() => {
                let ends = masks[..2].iter().chain(masks.last());
                n_args == 3
                    && ends
                        .zip(&form.args)
                        .all(|(mask, class)| mask & class.bit() != 0)
            }
            // After the operands of a form, gc ignores operands that it doesn't know.
            Ordering::Greater => masks[n_args..].iter().all(|&mask| mask == 0) && all_match(),
        }
    };
    let mut without_mask = masks;
    if has_mask {
        without_mask[len - 2] = masks[len - 1];
    }
    for form in forms(p.as_) {
        if p.suffix != 0 && form.encoding != Encoding::Evex && !form.is_move() {
            continue;
        }
        if accepts(form, &masks[..len]) {
            // The last operand is encoded like the form's last one, even if gc doesn't know it.
            if len > usize::from(form.n_args) {
                operands.len = usize::from(form.n_args);
                if operands.len > 1 || operands.len == 1 && has_destination_only(p.as_) {
                    operands.addrs[operands.len - 1] = operands.addrs[len - 1];
                }
            }
            // The target is the last operand, even if it is missing.
            if matches!(p.as_, As::CALL | As::JMP) {
                operands.addrs[operands.len - 1] = p.to;
            }
            return Ok(form);
        }
        if has_mask && form.maskable && accepts(form, &without_mask[..len - 1]) {
            operands.mask = Some(operands.addrs[len - 2].reg);
            operands.addrs[len - 2] = operands.addrs[len - 1];
            operands.len -= 1;
            return Ok(form);
        }
    }
    Err(Fault::Invalid)
}

/// Reports whether the only operand of an instruction is the destination (gc: obj6.go, unaryDst).
pub(crate) fn has_destination_only(as_: As) -> bool {
    use As::*;
    matches!(
        as_,
        RET | GETCALLERPC | BSWAPL | BSWAPQ | CLDEMOTE | CLFLUSH | CLFLUSHOPT | CLWB
    ) || matches!(
        as_,
        CMPXCHG16B | CMPXCHG8B | DECB | DECL | DECQ | DECW | INCB | INCL | INCQ | INCW
    ) || matches!(
        as_,
        FBSTP | FFREE | FLDENV | FSAVE | FSTCW | FSTENV | FSTSW | FXSAVE64 | FXSAVE
    ) || matches!(
        as_,
        NEGB | NEGL | NEGQ | NEGW | NOTB | NOTL | NOTQ | NOTW | POPL | POPQ | POPW
    ) || matches!(
        as_,
        RDFSBASEL | RDFSBASEQ | RDGSBASEL | RDGSBASEQ | RDPID | RDRANDL | RDRANDQ | RDRANDW
    ) || matches!(
        as_,
        RDSEEDL | RDSEEDQ | RDSEEDW | SETCC | SETCS | SETEQ | SETGE | SETGT | SETHI
    ) || matches!(
        as_,
        SETLE | SETLS | SETLT | SETMI | SETNE | SETOC | SETOS | SETPC | SETPL | SETPS
    ) || matches!(
        as_,
        SGDT | SIDT | SLDTL | SLDTQ | SLDTW | SMSWL | SMSWQ | SMSWW | STMXCSR | STRL
    ) || matches!(
        as_,
        STRQ | STRW | XSAVE64 | XSAVE | XSAVEC64 | XSAVEC | XSAVEOPT64 | XSAVEOPT
    ) || matches!(as_, XSAVES64 | XSAVES)
}

/// Checks the registers of a gather: processors trap if some are equal (gc: asm6.go, avx2gatherValid). Some versions
/// check that there are three operands.
pub(super) fn check_gather(p: &Prog, rest: &[Addr], checks_number: bool) -> Result<(), Fault> {
    if !matches!(
        p.as_,
        As::VGATHERDPD
            | As::VGATHERQPD
            | As::VGATHERDPS
            | As::VGATHERQPS
            | As::VPGATHERDD
            | As::VPGATHERQD
            | As::VPGATHERDQ
            | As::VPGATHERQQ
    ) {
        return Ok(());
    }
    // gc treats all registers from CS on as the same.
    let number = |reg: Reg| (reg.is_some() && reg < Reg::CS).then(|| bits(reg) & (BYTE_REX - 1));
    // In a list, the field of the index holds the last register.
    let index_of = |a: &Addr| match a.kind {
        AddrKind::RegList => None,
        _ => number(a.index),
    };
    let Some(second) = rest.first() else {
        return match checks_number {
            true => Err(Fault::Gather("need a third arg for gather instruction")),
            false => Ok(()),
        };
    };
    let dest = number(p.to.reg);
    if second.reg.is_in(Reg::K0, Reg::K7) {
        if dest == index_of(&p.from) {
            return Err(Fault::Gather(
                "index and destination registers should be distinct",
            ));
        }
    } else {
        let (index, mask) = (index_of(second), number(p.from.reg));
        if dest == mask || dest == index || mask == index {
            return Err(Fault::Gather(
                "mask, index, and destination registers should be distinct",
            ));
        }
    }
    Ok(())
}

/// Reports whether an operand is a constant that no instruction takes.
pub(super) fn is_no_operand(a: &Addr) -> bool {
    matches!(a.kind, AddrKind::FConst | AddrKind::SConst)
}

/// Returns an operand as an immediate: gc encodes the value field of any operand.
pub(super) fn number(a: &Addr) -> i64 {
    match a.kind {
        AddrKind::FConst | AddrKind::SConst => 0,
        AddrKind::RegList => {
            let [first, last] = [a.reg, a.index].map(|reg| reg.gc_number() as i64);
            1 << 61 | first | last << 16
        }
        _ => a.offset,
    }
}

/// Returns the operand in a place of a form.
pub(super) fn arg(addrs: &[Addr], place: u8) -> Option<&Addr> {
    (place != NO_ARG).then(|| &addrs[usize::from(place)])
}
