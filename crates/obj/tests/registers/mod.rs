//! Registers of the decoder and of Go as kinds and numbers.

use iced_x86::Register;
use minigo_obj::Reg;

/// Returns the kind of a register and its number among those. General registers of all sizes are one kind.
pub fn number(register: Register) -> Option<(char, usize)> {
    if let Some(n) = [Register::AH, Register::CH, Register::DH, Register::BH]
        .iter()
        .position(|&high| high == register)
    {
        return Some(('H', n));
    }
    if register.is_gpr() {
        return Some(('R', register.full_register().number()));
    }
    let n = register.number();
    let kind = match register {
        _ if register.is_xmm() => 'X',
        _ if register.is_ymm() => 'Y',
        _ if register.is_zmm() => 'Z',
        _ if register.is_mm() => 'M',
        _ if register.is_k() => 'K',
        _ => return None,
    };
    Some((kind, n))
}

/// Returns the same for a register of Go.
pub fn go_number(reg: Reg) -> Option<(char, usize)> {
    let from = |first: Reg, last: Reg, kind| {
        reg.is_in(first, last)
            .then(|| (kind, reg.index() - first.index()))
    };
    from(Reg::AX, Reg::R15, 'R')
        .or(from(Reg::AL, Reg::R15B, 'R'))
        .or(from(Reg::AH, Reg::BH, 'H'))
        .or(from(Reg::M0, Reg::M7, 'M'))
        .or(from(Reg::K0, Reg::K7, 'K'))
        .or(from(Reg::X0, Reg::X31, 'X'))
        .or(from(Reg::Y0, Reg::Y31, 'Y'))
        .or(from(Reg::Z0, Reg::Z31, 'Z'))
}
