//! Operand classes: the operands that a form accepts, and the classes of registers and integers.

use crate::amd64::Reg;

/// A class of operands that a form accepts. Names follow gc's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Debug)]
#[repr(u8)]
pub enum Class {
    /// `$0`.
    I0,
    /// `$1`.
    I1,
    /// `$0` to `$3`.
    U2,
    /// Fits a signed byte.
    I8,
    /// Fits an unsigned byte.
    U8,
    /// Fits a signed 32-bit integer.
    S32,
    /// Fits a signed or unsigned 32-bit integer.
    I32,
    /// Any integer.
    I64,
    /// `$sym(SB)`: the address of a symbol or variable.
    IAddr,
    /// The register AL.
    Al,
    /// The register AX.
    Ax,
    /// The register CL.
    Cl,
    /// CX or CL, the count of a shift.
    Cx,
    /// A byte register, or a general register in place of its low byte.
    Rb,
    /// AX, BX, CX or DX.
    Rx,
    /// A general register.
    Rl,
    /// Memory.
    M,
    /// [`Class::Rb`] or memory.
    Mb,
    /// [`Class::Rl`] or memory.
    Ml,
    /// A general or MMX register, or memory.
    Mm,
    /// A branch target.
    Br,
    /// `*sym(SB)`.
    Indir,
    /// A segment register.
    Seg,
    /// The register CS.
    Cs,
    /// The register SS.
    Ss,
    /// The register DS.
    Ds,
    /// The register ES.
    Es,
    /// The register FS.
    Fs,
    /// The register GS.
    Gs,
    /// A control register that exists.
    Cr,
    /// A debug register that MOVL accepts.
    DrL,
    /// A debug register that MOVQ accepts.
    DrQ,
    /// A test register.
    Tr,
    /// GDTR.
    Gdtr,
    /// IDTR.
    Idtr,
    /// LDTR.
    Ldtr,
    /// MSW.
    Msw,
    /// TASK.
    Task,
    /// The top of the x87 stack.
    F0,
    /// An x87 register.
    Rf,
    /// An MMX register.
    Mr,
    /// X0, where it is implied.
    X0,
    /// X0 to X15.
    Xr,
    /// [`Class::Xr`] or memory.
    Xm,
    /// Fits a signed or an unsigned byte.
    Ui8,
    /// Y0 to Y15.
    Yr,
    /// [`Class::Yr`] or memory.
    Ym,
    /// Z0 to Z31.
    Zr,
    /// [`Class::Zr`] or memory.
    Zm,
    /// X0 to X31.
    XrE,
    /// [`Class::XrE`] or memory.
    XmE,
    /// Y0 to Y31.
    YrE,
    /// [`Class::YrE`] or memory.
    YmE,
    /// A mask register.
    K,
    /// A mask register other than K0.
    Kn,
    /// [`Class::K`] or memory.
    Km,
    /// Memory with an index of X0 to X15.
    XVm,
    /// Memory with an index of X0 to X31.
    XVmE,
    /// Memory with an index of Y0 to Y15.
    YVm,
    /// Memory with an index of Y0 to Y31.
    YVmE,
    /// Memory with an index of Z0 to Z31.
    ZVm,
    /// A list of four of X0 to X31.
    X4,
    /// A list of four of Z0 to Z31.
    Z4,
}

impl Class {
    /// The class as a mask of one bit.
    pub(crate) const fn bit(self) -> u64 {
        1 << self as u8
    }

    /// The name of the class in messages: `reg/mem`, `imm8`, `X0-X15`.
    pub fn name(self) -> &'static str {
        match self {
            Class::I0 => "$0",
            Class::I1 => "$1",
            Class::U2 => "uimm2",
            Class::I8 => "imm8",
            Class::U8 => "uimm8",
            Class::S32 => "simm32",
            Class::I32 => "imm32",
            Class::I64 => "imm64",
            Class::IAddr => "$sym(SB)",
            Class::Al => "AL",
            Class::Ax => "AX",
            Class::Cl => "CL",
            Class::Cx => "CX",
            Class::Rb => "reg8",
            Class::Rx => "AX-DX",
            Class::Rl => "reg",
            Class::M => "mem",
            Class::Mb => "reg8/mem",
            Class::Ml => "reg/mem",
            Class::Mm => "reg/M/mem",
            Class::Br => "label",
            Class::Indir => "*sym(SB)",
            Class::Seg => "seg",
            Class::Cs => "CS",
            Class::Ss => "SS",
            Class::Ds => "DS",
            Class::Es => "ES",
            Class::Fs => "FS",
            Class::Gs => "GS",
            Class::Cr => "CR",
            Class::DrL => "DR",
            Class::DrQ => "DR",
            Class::Tr => "TR",
            Class::Gdtr => "GDTR",
            Class::Idtr => "IDTR",
            Class::Ldtr => "LDTR",
            Class::Msw => "MSW",
            Class::Task => "TASK",
            Class::F0 => "F0",
            Class::Rf => "F",
            Class::Mr => "M",
            Class::X0 => "X0",
            Class::Xr => "X0-X15",
            Class::Xm => "X0-X15/mem",
            Class::Ui8 => "imm8",
            Class::Yr => "Y0-Y15",
            Class::Ym => "Y0-Y15/mem",
            Class::Zr => "Z",
            Class::Zm => "Z/mem",
            Class::XrE => "X",
            Class::XmE => "X/mem",
            Class::YrE => "Y",
            Class::YmE => "Y/mem",
            Class::K => "K",
            Class::Kn => "K1-K7",
            Class::Km => "K/mem",
            Class::XVm => "mem(X0-X15)",
            Class::XVmE => "mem(X)",
            Class::YVm => "mem(Y0-Y15)",
            Class::YVmE => "mem(Y)",
            Class::ZVm => "mem(Z)",
            Class::X4 => "[X-X+3]",
            Class::Z4 => "[Z-Z+3]",
        }
    }
}

/// Operands that Go knows but that no form takes: CR1, TLS, lists of Y registers. Operands that Go doesn't know have
/// an empty mask and are ignored after the operands of a form: `INW SPB` is INW.
pub(in crate::amd64) const UNUSED: u64 = 1 << 63;

/// The classes of a memory operand.
pub(in crate::amd64) const MEM: u64 = Class::M.bit()
    | Class::Mb.bit()
    | Class::Ml.bit()
    | Class::Mm.bit()
    | Class::Xm.bit()
    | Class::Ym.bit()
    | Class::Zm.bit()
    | Class::XmE.bit()
    | Class::YmE.bit()
    | Class::Km.bit();

/// The classes of each register.
pub(in crate::amd64) static REG_CLASSES: [u64; Reg::COUNT] = {
    let mut table = [0; Reg::COUNT];
    let mut index = 0;
    while index < Reg::COUNT {
        table[index] = reg_classes(Reg::from_index(index));
        index += 1;
    }
    table
};

const fn reg_classes(reg: Reg) -> u64 {
    use Class::*;
    let byte = Rb.bit() | Mb.bit();
    let long = byte | Rl.bit() | Ml.bit() | Mm.bit();
    let x_evex = XrE.bit() | XmE.bit();
    let x = Xr.bit() | Xm.bit() | x_evex;
    let y_evex = YrE.bit() | YmE.bit();
    let y = Yr.bit() | Ym.bit() | y_evex;
    let k = K.bit() | Km.bit();
    match reg {
        Reg::AL => Al.bit() | byte,
        Reg::CL => Cl.bit() | Cx.bit() | byte,
        // gc reads SPB but doesn't know it.
        Reg::SPB => 0,
        Reg::AX => Ax.bit() | Rx.bit() | long,
        Reg::CX => Cx.bit() | Rx.bit() | long,
        Reg::DX | Reg::BX => Rx.bit() | long,
        Reg::F0 => F0.bit() | Rf.bit(),
        Reg::X0 => X0.bit() | x,
        Reg::K0 => k,
        Reg::CS => Seg.bit() | Cs.bit(),
        Reg::SS => Seg.bit() | Ss.bit(),
        Reg::DS => Seg.bit() | Ds.bit(),
        Reg::ES => Seg.bit() | Es.bit(),
        Reg::FS => Seg.bit() | Fs.bit(),
        Reg::GS => Seg.bit() | Gs.bit(),
        Reg::GDTR => Gdtr.bit(),
        Reg::IDTR => Idtr.bit(),
        Reg::LDTR => Ldtr.bit(),
        Reg::MSW => Msw.bit(),
        Reg::TASK => Task.bit(),
        Reg::CR0 | Reg::CR2 | Reg::CR3 | Reg::CR4 | Reg::CR8 => Cr.bit(),
        Reg::DR0 | Reg::DR6 | Reg::DR7 => DrL.bit() | DrQ.bit(),
        Reg::DR2 | Reg::DR3 => DrQ.bit(),
        Reg::TR6 | Reg::TR7 => Tr.bit(),
        Reg::TLS => UNUSED,
        _ if reg.is_in(Reg::CR0, Reg::CR8) || reg.is_in(Reg::DR0, Reg::TR7) => UNUSED,
        _ if reg.is_gpr() => long,
        _ if reg.is_in(Reg::AL, Reg::R15B) || reg.is_in(Reg::AH, Reg::BH) => byte,
        _ if reg.is_in(Reg::F1, Reg::F7) => Rf.bit(),
        _ if reg.is_in(Reg::M0, Reg::M7) => Mr.bit() | Mm.bit(),
        _ if reg.is_in(Reg::X1, Reg::X15) => x,
        _ if reg.is_in(Reg::X16, Reg::X31) => x_evex,
        _ if reg.is_in(Reg::Y0, Reg::Y15) => y,
        _ if reg.is_in(Reg::Y16, Reg::Y31) => y_evex,
        _ if reg.is_in(Reg::Z0, Reg::Z31) => Zr.bit() | Zm.bit(),
        _ if reg.is_in(Reg::K1, Reg::K7) => k | Kn.bit(),
        _ => 0,
    }
}

/// The classes of an integer operand.
pub(in crate::amd64) const fn int_classes(value: i64) -> u64 {
    use Class::*;
    let mut mask = I64.bit();
    if value as i32 as i64 == value {
        mask |= S32.bit() | I32.bit();
    } else if value >> 32 == 0 {
        mask |= I32.bit();
    }
    if value >= -128 && value <= 127 {
        mask |= I8.bit() | Ui8.bit();
    }
    if value >= 0 && value <= 255 {
        mask |= U8.bit() | Ui8.bit();
    }
    if value >= 0 && value <= 3 {
        mask |= U2.bit();
    }
    match value {
        0 => mask | I0.bit(),
        1 => mask | I1.bit(),
        _ => mask,
    }
}
