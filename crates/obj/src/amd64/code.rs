//! The product of encoding: bytes with relocations, branches without size, and faults.

use super::reg::Reg;
use crate::prog::Addr;
use crate::reloc::{Reloc, RelocKind};
use crate::sym::Sym;

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
    pub(super) start: usize,
    first_reloc: usize,
    /// What is wrong with that instruction although encoding goes on.
    pub faults: Vec<Fault>,
    /// What a displacement of one byte counts in, in bytes.
    pub disp_unit: i32,
    /// For a shared library: a thread base may be in any register.
    pub shared: bool,
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

    pub(super) fn begin(&mut self) {
        self.faults.clear();
        self.start = self.bytes.len();
        self.first_reloc = self.relocs.len();
        self.disp_unit = 1;
    }

    pub(super) fn put(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn put32(&mut self, value: i32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A four-byte field that the linker fills in.
    pub(super) fn put_reloc(&mut self, kind: RelocKind, sym: Option<Sym>, add: i64) {
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
    pub(super) fn finish(&mut self) {
        let end = self.bytes.len() as i64;
        for reloc in &mut self.relocs[self.first_reloc..] {
            if reloc.kind == RelocKind::PCREL {
                reloc.add -= end - (i64::from(reloc.off) + i64::from(reloc.siz));
            }
        }
    }
}
