//! The products of encoding: bytes with relocations, branches whose size is open, and faults.

use super::reg::Reg;
use crate::dialect::Dialect;
use crate::prog::Addr;
use crate::reloc::{Reloc, RelocKind};
use crate::sym::Sym;
use crate::unit::Unit;

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

/// The reason why an instruction can't be encoded. The texts are gc's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No form takes the operands.
    Invalid,
    /// The mnemonic has no forms: it is a word of the language, not an instruction.
    MissingOp,
    /// The instruction exists on 386 only.
    Only386,
    /// The offset of a memory operand needs more than 32 bits.
    OffsetTooLarge,
    /// A memory operand with an invalid index, scale or base, or a symbol with an index.
    BadIndex { scale: u8, index: Reg, base: Reg },
    /// An invalid memory operand without an index.
    BadAddr(Addr),
    /// CALL without a function, or a jump without its target.
    NoTarget,
    /// A symbol in place of a number.
    NeedsReloc(Addr),
    /// `(TLS)` in a shared library, in an instruction that doesn't load g.
    ThreadBase,
    /// The load of a thread base isn't 64 bits wide.
    NarrowThreadBase,
    /// An offset from a slot of the global offset table: the slot holds the address of the symbol itself.
    OffsetInTable,
    /// A floating-point or string constant, in a form that ignores the operand.
    Constant,
    /// A combination that vector instructions don't allow, in gc's words.
    Vector(&'static str),
    /// Equal registers that must be distinct, in gc's words. Found before the operands are looked at.
    Gather(&'static str),
}

/// The bytes and relocations of instructions, in the order of encoding.
pub(super) struct Code {
    pub bytes: Vec<u8>,
    /// Offsets are indices into `bytes`.
    pub relocs: Vec<Reloc>,
    /// The first byte and relocation of the instruction being encoded.
    pub(super) start: usize,
    first_reloc: usize,
    /// The faults of that instruction that don't end its encoding.
    pub faults: Vec<Fault>,
    /// The unit of a one-byte displacement, in bytes.
    pub disp_unit: i32,
    /// The code is for a shared library, where a thread base can be in any register.
    pub shared: bool,
    /// The facts about the Go version.
    pub dialect: &'static Dialect,
}

impl Code {
    /// Returns no code.
    pub(super) fn new(dialect: &'static Dialect) -> Code {
        Code {
            bytes: Vec::new(),
            relocs: Vec::new(),
            start: 0,
            first_reloc: 0,
            faults: Vec::new(),
            disp_unit: 0,
            shared: false,
            dialect,
        }
    }

    /// Returns code that begins with what was encoded before.
    pub(super) fn after(bytes: Vec<u8>, relocs: Vec<Reloc>, unit: &Unit) -> Code {
        Code {
            bytes,
            relocs,
            shared: unit.model.shared,
            ..Code::new(unit.dialect)
        }
    }

    /// Removes all bytes and relocations.
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

    /// Appends a four-byte field that the linker fills in.
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

    /// Ends an instruction. PC-relative values count from the end of the instruction, but the linker counts from the
    /// end of the field: the addend makes up for the bytes after the field. It wraps around as in gc.
    pub(super) fn finish(&mut self) {
        let end = self.bytes.len() as i64;
        for reloc in &mut self.relocs[self.first_reloc..] {
            if reloc.kind == RelocKind::PCREL {
                let rest = end - (i64::from(reloc.off) + i64::from(reloc.siz));
                reloc.add = reloc.add.wrapping_sub(rest);
            }
        }
    }
}
