//! Encoding of one instruction: choice of the form, prefixes, opcode, ModRM, SIB and immediates.
//!
//! [`encode`] appends the bytes of everything except branches inside the function, whose size depends on
//! where their targets end up; for those it gives the [`Branch`] that `span` then sizes. Sources: gc asm6.go
//! (doasm, asmandsz, vaddr), Intel SDM vol. 2A chapter 2.

use std::cmp::Ordering;

use super::optab::{
    Class, Encoding, Form, Imm, MEM, Map, NO_ARG, REG_CLASSES, Special, UNUSED, forms, int_classes,
};
use super::suffix::Suffix;
use super::{As, Reg};
use crate::list::reg_number;
use crate::lsym::{Reloc, RelocKind};
use crate::prog::{Addr, AddrKind, NameKind, Prog};

/// A branch to another instruction of the function; its bytes are written once its distance is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Branch {
    /// A conditional jump with its short opcode.
    Jcc(u8),
    /// JMP.
    Jmp,
    /// A jump that has no long form, with its opcode.
    Loop(u8),
    /// JCXZL: the same after an address-size prefix.
    LoopAddr32(u8),
    /// XBEGIN, which has no short form.
    Xbegin,
}

/// What is wrong with an instruction. The texts are gc's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No form takes the operands.
    Invalid,
    /// There is no form at all: no instruction but a word of the language.
    MissingOp,
    /// The instruction is 386's.
    Only386,
    /// The offset of a memory operand needs more than 32 bits.
    OffsetTooLarge,
    /// An operand that cannot be addressed: index or scale; base; or a symbol with an index.
    BadIndex { scale: u8, index: Reg, base: Reg },
    /// The same without an index.
    BadAddr(Addr),
    /// CALL without a function, or a jump without its target.
    NoTarget,
    /// A symbol where a number must be.
    NeedsReloc(Addr),
    /// `(TLS)` in a shared library, in an instruction that is no load of g.
    ThreadBase,
    /// The thread base has 64 bits.
    NarrowThreadBase,
    /// The slot of a symbol in the global offset table holds its address, not a place in it.
    OffsetInTable,
    /// A floating-point or string constant where an operand counts for nothing.
    Constant,
    /// Something that vector instructions don't allow together, in gc's words.
    Vector(&'static str),
    /// The same of registers that must be distinct, before the operands are looked at.
    Gather(&'static str),
}

/// The bytes of instructions one after the other, with their relocations, in the order of encoding.
#[derive(Default)]
pub(super) struct Code {
    pub bytes: Vec<u8>,
    /// Offsets are indices into `bytes`.
    pub relocs: Vec<Reloc>,
    /// Where the bytes and the relocations of the instruction being encoded begin.
    start: usize,
    first_reloc: usize,
    /// What is wrong with that instruction although encoding goes on.
    pub faults: Vec<Fault>,
    /// What a displacement of one byte counts in, in bytes.
    disp_unit: i32,
    /// For a shared library: a thread base may be in any register.
    shared: bool,
}

impl Code {
    /// What there is of code for a shared library or not.
    pub(super) fn new(bytes: Vec<u8>, relocs: Vec<Reloc>, shared: bool) -> Code {
        Code {
            bytes,
            relocs,
            shared,
            ..Code::default()
        }
    }

    /// Makes it empty.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.relocs.clear();
    }

    fn begin(&mut self) {
        self.faults.clear();
        self.start = self.bytes.len();
        self.first_reloc = self.relocs.len();
        self.disp_unit = 1;
    }

    fn put(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    fn put32(&mut self, value: i32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A four-byte field that the linker fills in.
    fn put_reloc(&mut self, kind: RelocKind, sym: Option<crate::Sym>, add: i64) {
        self.relocs.push(Reloc {
            off: self.bytes.len() as u32,
            siz: 4,
            kind,
            sym,
            add,
        });
        self.put32(0);
    }

    /// PC-relative fields count from the end of the instruction, but the linker counts from the end of the
    /// field: what follows the field goes into the addend.
    fn finish(&mut self) {
        let end = self.bytes.len() as i64;
        for reloc in &mut self.relocs[self.first_reloc..] {
            if reloc.kind == RelocKind::PCREL {
                reloc.add -= end - (i64::from(reloc.off) + i64::from(reloc.siz));
            }
        }
    }
}

const EXT: u8 = 1 << 3;
/// The fifth bit of a vector register's number.
const EXT_EVEX: u8 = 1 << 4;
const BYTE_REX: u8 = 0x40;

/// How registers are encoded: the number in the low five bits, and [`BYTE_REX`] for byte registers that
/// need a REX prefix, be it empty.
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

fn bits(reg: Reg) -> u8 {
    REG_BITS[reg.index()]
}

/// The REX bit for an extended register in some place.
fn rex_bit(reg: Reg, bit: u8) -> u8 {
    if bits(reg) & EXT != 0 { bit } else { 0 }
}

const REX_W: u8 = 0x48;
const REX_R: u8 = 4;
const REX_X: u8 = 2;
const REX_B: u8 = 1;

/// The classes of an operand, as a mask (gc: asm6.go, oclass).
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

/// Lists of four vector registers are the only ones that there are instructions for.
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

/// The prefix that a memory operand's segment register or thread base needs; 0 for none (gc: asm6.go,
/// prefixof).
///
/// # Errors
/// A thread base that has not been loaded into a register, in a shared library.
fn segment_prefix(a: &Addr, shared: bool) -> Result<u8, Fault> {
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

/// The prefix of memory relative to FS, which is where the thread base points.
const FS_PREFIX: u8 = 0x64;

/// The general register replaced by its low byte.
fn low_byte(a: &mut Addr) {
    if a.kind == AddrKind::Reg && a.reg.is_gpr() {
        a.reg = Reg::AL.offset(a.reg.index() - Reg::AX.index());
    }
}

/// Operands in order; instructions with more than six match no form.
struct Operands {
    addrs: [Addr; MAX_OPERANDS],
    len: usize,
    /// The mask before the last operand, which is not among the others then.
    mask: Option<Reg>,
}

const MAX_OPERANDS: usize = 6;

fn operands(p: &Prog, rest: &[Addr]) -> Operands {
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

fn find_form(p: &Prog, operands: &mut Operands) -> Result<&'static Form, Fault> {
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
            // Operands that gc does not know count as none where a form ends.
            Ordering::Greater => {
                masks[n_args..].iter().all(|&mask| mask == 0) && all_match() && !form.is_move()
            }
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
            // The last operand goes where the form's last one does, known or not.
            if len > usize::from(form.n_args) {
                operands.len = usize::from(form.n_args);
                if operands.len > 1 || has_destination_only(p.as_) {
                    operands.addrs[operands.len - 1] = operands.addrs[len - 1];
                }
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

/// Whether a single operand is where the result goes (gc: obj6.go, unaryDst).
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
        RDFSBASEL | RDFSBASEQ | RDGSBASEL | RDGSBASEQ | RDRANDL | RDRANDQ | RDRANDW
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

/// Gathers trap if registers that must be distinct are not (gc: asm6.go, avx2gatherValid).
fn check_gather(p: &Prog, rest: &[Addr]) -> Result<(), Fault> {
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
    // To gc, all registers from CS on are the same.
    let number = |reg: Reg| (reg.is_some() && reg < Reg::CS).then(|| bits(reg) & (BYTE_REX - 1));
    // A list has a last register where memory has an index.
    let index_of = |a: &Addr| match a.kind {
        AddrKind::RegList => None,
        _ => number(a.index),
    };
    let Some(second) = rest.first() else {
        return Ok(());
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

/// Encodes an instruction with its operands between the first and the last at the end of `code`, or says which branch it is. Byte instructions turn their
/// general registers into byte registers, which listings then print.
///
/// # Errors
/// Gives what is wrong with the instruction; the bytes that gc has written when it finds out stay.
pub(super) fn encode(
    p: &mut Prog,
    rest: &[Addr],
    code: &mut Code,
) -> Result<Option<Branch>, Fault> {
    code.begin();
    if matches!(p.as_, As::TEXT) {
        // TEXT $f(SB) is read, but no instruction.
        return match p.from.kind {
            AddrKind::Mem => Ok(None),
            _ => Err(Fault::Invalid),
        };
    }
    if let Some(branch) = branch(p, rest) {
        return Ok(Some(branch));
    }
    if forms(p.as_).is_empty() {
        // gc has a place for two of them, and no form in it.
        let is_known = matches!(p.as_, As::ENTER | As::FFREE);
        return Err(if is_known {
            Fault::Invalid
        } else {
            Fault::MissingOp
        });
    }
    for a in [&p.from, &p.to] {
        let prefix = segment_prefix(a, code.shared)?;
        if prefix != 0 {
            code.put(prefix);
        }
    }
    check_gather(p, rest)?;
    if code.shared && is_thread_base_load(p, rest) {
        return load_thread_base(p, code);
    }
    let mut ops = operands(p, rest);
    let n_operands = ops.len;
    let form = find_form(p, &mut ops)?;
    if ops.addrs.iter().any(is_no_operand) {
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
    if ops.len < n_operands && matches!(p.as_, As::RETFW | As::RETFL | As::RETFQ) {
        // gc takes an operand that it does not know for a number.
        if p.from.name.sym().is_some() {
            return Err(Fault::NeedsReloc(p.from));
        }
        let value = number(&p.from) as i16;
        code.bytes.extend_from_slice(&value.to_le_bytes());
    }
    code.finish();
    code.faults.pop().map_or(Ok(None), Err)
}

/// Whether an instruction is `MOVQ TLS, BX`.
fn is_thread_base_load(p: &Prog, rest: &[Addr]) -> bool {
    matches!(p.as_, As::MOVQ | As::MOVL)
        && (p.from.kind, p.from.reg) == (AddrKind::Reg, Reg::TLS)
        && p.to.kind == AddrKind::Reg
        && p.to.reg.is_gpr()
        && rest.is_empty()
}

/// The offset of g from the thread's base, from the global offset table.
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

/// Which branch an instruction is that has no operand but a target in the function: most are.
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
            // gc marks the byte after a REX prefix, whatever other prefixes there are.
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
            // The call ends where BP is not saved; callers are found by it.
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

/// MOVQ of a constant beyond int32: four bytes zero-extended if that does, else eight.
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

/// Whether an operand is a constant that no instruction takes.
fn is_no_operand(a: &Addr) -> bool {
    matches!(a.kind, AddrKind::FConst | AddrKind::SConst)
}

/// An operand as an immediate: what gc keeps in the place of the value, whatever the operand is.
pub(super) fn number(a: &Addr) -> i64 {
    match a.kind {
        AddrKind::FConst | AddrKind::SConst => 0,
        AddrKind::RegList => (1 << 61 | reg_number(a.reg) | reg_number(a.index) << 16) as i64,
        _ => a.offset,
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

/// The operand in a place of a form.
fn arg(addrs: &[Addr], place: u8) -> Option<&Addr> {
    (place != NO_ARG).then(|| &addrs[usize::from(place)])
}

/// The registers of an instruction, or 0, as [`bits`].
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

/// The second byte of the map and the prefix, as VEX and EVEX number them.
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

/// VEX and opcode; two bytes if they do (Intel SDM vol. 2A 2.3.5).
fn put_vex(form: &Form, addrs: &[Addr], code: &mut Code) {
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

/// What a suffix may not ask for.
fn vector_faults(form: &Form, ops: &Operands, suffix: u8, code: &mut Code) {
    let suffix = Suffix::of(suffix);
    let mem = arg(&ops.addrs, form.rm).is_some_and(|a| a.kind == AddrKind::Mem);
    if suffix.zeroing && !form.zeroing {
        code.faults.push(Fault::Vector("unsupported zeroing"));
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

/// EVEX and opcode (Intel SDM vol. 2A 2.7.1).
fn put_evex(form: &Form, ops: &Operands, suffix: u8, code: &mut Code) {
    let addrs = &ops.addrs;
    let r = RegBits::of(form, addrs);
    let (map, prefix) = map_and_prefix(form);
    let suffix = Suffix::of(suffix);
    let bit = |on: bool, bit: u8| if on { bit } else { 0 };
    let high = |bits: u8, bit: u8| if bits & bit == 0 { 1 } else { 0 };
    // The fifth bit of a register in ModRM.rm is in the place of the index's fourth.
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

/// ModRM with what belongs to it, and the register in the last byte.
fn put_vector_modrm(form: &Form, addrs: &[Addr], as_: As, code: &mut Code) {
    let reg = arg(addrs, form.reg).map_or(form.digit, |a| modrm_number(a.reg));
    if let Some(a) = arg(addrs, form.rm) {
        put_modrm(reg << 3, a, as_, code);
    }
    if let Some(a) = arg(addrs, form.last) {
        code.put((bits(a.reg) & 0xf) << 4);
    }
}

/// Prefixes, opcode and ModRM with what belongs to it.
fn put_legacy(form: &Form, addrs: &[Addr], as_: As, code: &mut Code) {
    let arg = |place| arg(addrs, place);
    let mut rex = if form.wide { REX_W } else { 0 };
    let mut modrm_reg = form.digit;
    if let Some(a) = arg(form.plus) {
        rex |= bits(a.reg) & BYTE_REX | rex_bit(a.reg, REX_B);
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
    let plus = arg(form.plus).map_or(0, |a| bits(a.reg) & 7);
    code.put(form.opcode + plus);
    if let Some(suffix) = form.suffix {
        code.put(suffix);
    }
    if let Some(a) = rm {
        put_modrm(modrm_reg << 3, a, as_, code);
    }
}

/// The base register of a memory operand: SP for local variables, none for symbols.
fn base(a: &Addr) -> Reg {
    match a.name.kind() {
        NameKind::None => a.reg,
        NameKind::Extern | NameKind::Static | NameKind::GotRef => Reg::NONE,
        NameKind::Auto | NameKind::Param => Reg::SP,
    }
}

/// The REX bits of the ModRM.rm operand.
fn rm_rex(a: &Addr) -> u8 {
    if a.kind == AddrKind::Reg && a.reg > Reg::Z31 {
        0
    } else if a.kind == AddrKind::Reg {
        bits(a.reg) & BYTE_REX | rex_bit(a.reg, REX_B)
    } else {
        rex_bit(a.index, REX_X) | rex_bit(base(a), REX_B)
    }
}

/// A register in ModRM.reg. What has no number for gc has -1, which fills ModRM.mod, too.
fn modrm_number(reg: Reg) -> u8 {
    if reg.is_none() || reg.is_in(Reg::CR9, Reg::CR15) {
        0x1f
    } else {
        bits(reg) & 7
    }
}

const MOD_DISP8: u8 = 1 << 6;
const MOD_DISP32: u8 = 2 << 6;
const MOD_REG: u8 = 3 << 6;
/// ModRM.rm: a SIB byte follows. Also the index in it that means none.
const RM_SIB: u8 = 4;
/// ModRM.rm without displacement: relative to the instruction. Also the base in SIB that means none.
const RM_RIP: u8 = 5;

/// ModRM with `reg` in its place, SIB and displacement (gc: asm6.go, asmandsz). An operand that has none is a
/// fault and no bytes; what follows it is still encoded.
fn put_modrm(reg: u8, a: &Addr, as_: As, code: &mut Code) {
    // Only LEAL may wrap around, as hash functions do with their constants.
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
    if a.index.is_some() && a.index != Reg::TLS {
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
        // An absolute address, relative to the segment if one is named.
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

/// ModRM and perhaps SIB with the shortest displacement; a base whose low bits are those of BP can't do
/// without one.
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

/// The SIB byte; 0 for an index, scale or base that there is no way to write.
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
