//! Instructions as Plan 9 assembly sees them: [`Prog`] and its operands [`Addr`].
//!
//! Operands are ordered as they print: the source first, the destination last.

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, entity_impl};
use minigo_base::{Pos, internal};

use crate::amd64::opcode::As;
use crate::amd64::reg::Reg;
use crate::sym::Sym;

/// An instruction of a [`FuncText`](crate::FuncText): its index in order of creation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProgId(u32);
entity_impl!(ProgId, "p");

impl ProgId {
    /// The TEXT instruction that every function begins with.
    pub(crate) const TEXT: ProgId = ProgId(0);
}

/// The name of a local variable or parameter of a [`FuncText`](crate::FuncText). Only listings use it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Local(u32);
entity_impl!(Local, "local");

/// The addressing mode of an operand (gc: obj/link.go, AddrType).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum AddrKind {
    /// No operand.
    #[default]
    None,
    /// A branch: to the function that `name` gives, or inside this one to [`Prog::target`].
    Branch,
    /// `sym+off(reg)(index*scale)`: memory.
    Mem,
    /// `$off`: an integer.
    Const,
    /// `$1.5`: the bits of a float64 in `offset`.
    FConst,
    /// `$"text"`: `name` is a [`Local`] that holds the text.
    SConst,
    /// A register.
    Reg,
    /// `$sym+off(reg)`: an address.
    Addr,
    /// `*sym(SB)`: the function that a pointer in memory points to.
    Indir,
    /// `[reg-index]`: consecutive registers.
    RegList,
}

/// The kind of an operand's name, which implies the register that it is relative to (gc: AddrName).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// No name.
    None,
    /// A symbol, `x(SB)`.
    Extern,
    /// A symbol of this file, `x<>(SB)`.
    Static,
    /// A local variable, relative to the top of the autos: `x-8(SP)`.
    Auto,
    /// A parameter or result, relative to the first of them: `x+0(FP)`.
    Param,
    /// A symbol's slot in the global offset table.
    GotRef,
}

/// The name of an operand: its kind in three bits, and a [`Sym`] or [`Local`] in the others.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Name(u32);

impl Name {
    /// No name.
    pub const NONE: Name = Name(0);

    const INDEX_BITS: u32 = 29;
    const INDEX_MASK: u32 = (1 << Self::INDEX_BITS) - 1;

    fn new(kind: NameKind, index: u32) -> Name {
        if index > Self::INDEX_MASK {
            internal!("{index} names of kind {kind:?}");
        }
        Name((kind as u32) << Self::INDEX_BITS | index)
    }

    /// A symbol visible to others.
    pub fn external(sym: Sym) -> Name {
        Name::new(NameKind::Extern, sym.as_u32())
    }

    /// A symbol of this file.
    pub fn file_static(sym: Sym) -> Name {
        Name::new(NameKind::Static, sym.as_u32())
    }

    /// A symbol's slot in the global offset table.
    pub fn gotref(sym: Sym) -> Name {
        Name::new(NameKind::GotRef, sym.as_u32())
    }

    /// A local variable.
    pub fn auto(local: Local) -> Name {
        Name::new(NameKind::Auto, local.as_u32())
    }

    /// A parameter or result.
    pub fn param(local: Local) -> Name {
        Name::new(NameKind::Param, local.as_u32())
    }

    /// The kind of the name.
    pub fn kind(self) -> NameKind {
        match self.0 >> Self::INDEX_BITS {
            0 => NameKind::None,
            1 => NameKind::Extern,
            2 => NameKind::Static,
            3 => NameKind::Auto,
            4 => NameKind::Param,
            _ => NameKind::GotRef,
        }
    }

    /// The symbol, if the name has one.
    pub fn sym(self) -> Option<Sym> {
        match self.kind() {
            NameKind::Extern | NameKind::Static | NameKind::GotRef => {
                Some(Sym::new((self.0 & Self::INDEX_MASK) as usize))
            }
            NameKind::None | NameKind::Auto | NameKind::Param => None,
        }
    }

    /// Returns the name of another variable of the same kind.
    pub(crate) fn renamed(self, local: Local) -> Name {
        Name::new(self.kind(), local.as_u32())
    }

    /// The variable, if the name has one.
    pub fn local(self) -> Option<Local> {
        match self.kind() {
            NameKind::Auto | NameKind::Param => {
                Some(Local::new((self.0 & Self::INDEX_MASK) as usize))
            }
            NameKind::None | NameKind::Extern | NameKind::Static | NameKind::GotRef => None,
        }
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}", self.kind(), self.0 & Self::INDEX_MASK)
    }
}

/// An operand. Sixteen bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Addr {
    /// The integer, or the offset from the name or base in bytes.
    pub offset: i64,
    /// The symbol or variable that a memory operand or address is relative to.
    pub name: Name,
    /// The addressing mode.
    pub kind: AddrKind,
    /// The register, or the base of a memory operand; none means the name's default (SB, SP or FP).
    pub reg: Reg,
    /// The index register of a memory operand, or the last register of a list.
    pub index: Reg,
    /// The factor of the index: 1, 2, 4 or 8; 0 without an index.
    pub scale: u8,
}

impl Addr {
    /// No operand.
    pub const NONE: Addr = Addr {
        offset: 0,
        name: Name::NONE,
        kind: AddrKind::None,
        reg: Reg::NONE,
        index: Reg::NONE,
        scale: 0,
    };

    /// Reports whether it is memory at an address that is a plain number: `8`, where `$8` may be meant.
    pub fn is_at_number(&self) -> bool {
        let is_memory = matches!(self.kind, AddrKind::Mem | AddrKind::Indir);
        let is_plain = self.reg.is_none() && self.index.is_none() && self.name == Name::NONE;
        is_memory && is_plain
    }

    /// `AX`.
    pub const fn reg(reg: Reg) -> Addr {
        Addr {
            kind: AddrKind::Reg,
            reg,
            ..Addr::NONE
        }
    }

    /// `$5`.
    pub const fn imm(value: i64) -> Addr {
        Addr {
            kind: AddrKind::Const,
            offset: value,
            ..Addr::NONE
        }
    }

    /// `8(SP)`.
    pub const fn mem(base: Reg, offset: i64) -> Addr {
        Addr {
            kind: AddrKind::Mem,
            reg: base,
            offset,
            ..Addr::NONE
        }
    }

    /// `8(AX)(CX*4)`.
    pub const fn indexed(base: Reg, index: Reg, scale: u8, offset: i64) -> Addr {
        Addr {
            kind: AddrKind::Mem,
            reg: base,
            index,
            scale,
            offset,
            ..Addr::NONE
        }
    }

    /// `x+8(SB)`: memory at a symbol.
    pub fn sym(sym: Sym, offset: i64) -> Addr {
        Addr {
            kind: AddrKind::Mem,
            name: Name::external(sym),
            offset,
            ..Addr::NONE
        }
    }

    /// `$x+8(SB)`: the address of a symbol.
    pub fn sym_addr(sym: Sym, offset: i64) -> Addr {
        Addr {
            kind: AddrKind::Addr,
            ..Addr::sym(sym, offset)
        }
    }

    /// A local variable. `offset` is in bytes from the top of the autos, so it is negative. Prints with its
    /// distance from SP.
    pub fn auto(local: Local, offset: i64) -> Addr {
        Addr {
            kind: AddrKind::Mem,
            name: Name::auto(local),
            reg: Reg::SP,
            offset,
            ..Addr::NONE
        }
    }

    /// A parameter or result. `offset` is in bytes from the first parameter. Prints with its distance from
    /// SP.
    pub fn param(local: Local, offset: i64) -> Addr {
        Addr {
            kind: AddrKind::Mem,
            name: Name::param(local),
            reg: Reg::SP,
            offset,
            ..Addr::NONE
        }
    }

    /// A branch inside the function, to [`Prog::target`].
    pub const fn branch() -> Addr {
        Addr {
            kind: AddrKind::Branch,
            ..Addr::NONE
        }
    }

    /// `f(SB)` as the operand of CALL, JMP or RET.
    pub fn func(sym: Sym) -> Addr {
        Addr {
            kind: AddrKind::Branch,
            name: Name::external(sym),
            ..Addr::NONE
        }
    }

    /// Reports whether there is an operand.
    pub fn is_some(&self) -> bool {
        self.kind != AddrKind::None
    }
}

/// The operands between the first and the last: a range in the function's pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Rest {
    pub start: u32,
    pub len: u8,
}

/// One instruction. 64 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Prog {
    /// First source operand.
    pub from: Addr,
    /// Destination operand, or the only one of an instruction that reads nothing.
    pub to: Addr,
    /// Source line, printed by listings.
    pub pos: Pos,
    /// Offset of the first byte in the function; before encoding, the number of the instruction in its file,
    /// if it was read from one.
    pub pc: u32,
    /// The target of a branch inside the function.
    pub target: PackedOption<ProgId>,
    /// The next instruction.
    pub(crate) link: PackedOption<ProgId>,
    /// The number of bytes by which the frame grows here; negative when it shrinks.
    pub spadj: i32,
    pub(crate) rest_start: u32,
    pub(crate) rest_len: u8,
    /// Suffix bits of AVX-512 instructions (`.Z`, `.BCST`, `.RN_SAE`); 0 for none.
    pub suffix: u8,
    /// The mnemonic.
    pub as_: As,
}

impl Prog {
    /// Returns an instruction that is in no function yet.
    pub fn new(as_: As, from: Addr, to: Addr, pos: Pos) -> Prog {
        Prog {
            from,
            to,
            pos,
            pc: 0,
            target: PackedOption::default(),
            link: PackedOption::default(),
            spadj: 0,
            rest_start: 0,
            rest_len: 0,
            suffix: 0,
            as_,
        }
    }

    /// The next instruction of the function.
    pub fn link(&self) -> Option<ProgId> {
        self.link.expand()
    }

    pub(crate) fn rest(&self) -> Rest {
        Rest {
            start: self.rest_start,
            len: self.rest_len,
        }
    }
}

/// The variables that the operands of an instruction name. `rest` are the operands between the first and the last.
pub(crate) fn locals<'a>(p: &'a Prog, rest: &'a [Addr]) -> impl Iterator<Item = Local> + 'a {
    let operands = [&p.from, &p.to].into_iter().chain(rest);
    operands.filter_map(|a| a.name.local())
}
