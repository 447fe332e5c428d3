//! Instructions as Plan 9 assembly sees them: [`Prog`], its operands [`Addr`], and a function of them.
//!
//! A function owns its instructions. They have ids in order of creation and a linked order of execution,
//! so that passes can insert some without renaming the others. Operands are ordered as they print: the
//! source first, the destination last.
//!
//! ```
//! # use minigo_obj::*;
//! # use minigo_base::Pos;
//! let mut syms = SymTable::new();
//! let add = syms.own("add");
//! let mut f = FuncText::new(add, Attrs::ABI_INTERNAL, Pos::NONE);
//! f.args_size = 16;
//! let a = f.add_own_local("a");
//! f.append(As::MOVL, Addr::param(a, 0), Addr::reg(Reg::AX), Pos::NONE);
//! f.append(As::RET, Addr::NONE, Addr::NONE, Pos::NONE);
//! ```

use std::fmt::Write;
use std::ops::{Index, IndexMut, Range};

use cranelift_entity::packed_option::{PackedOption, ReservedValue};
use cranelift_entity::{EntityRef, PrimaryMap, entity_impl};
use minigo_base::Pos;

use crate::amd64::{As, Fixed, Reg};
use crate::lsym::{Attrs, Reloc, Sym};

/// An instruction of a [`FuncText`]: its index in order of creation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProgId(u32);
entity_impl!(ProgId, "p");

/// The name of a local variable or parameter of a [`FuncText`], for listings only.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Local(u32);
entity_impl!(Local, "local");

/// How an operand is addressed (gc: obj/link.go, AddrType).
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
    /// `*sym(SB)`: what the function pointer in memory points to.
    Indir,
    /// `[reg-index]`: consecutive registers.
    RegList,
    /// Instructions in a row that are encoded already: a range of the function's code, see
    /// [`FuncText::append_code`].
    Code,
}

/// What kind of name an operand has, and so which register it is relative to (gc: AddrName).
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
        assert!(index <= Self::INDEX_MASK, "too many names");
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

    /// What kind of name this is.
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

    /// The symbol, of a name that has one.
    pub fn sym(self) -> Option<Sym> {
        match self.kind() {
            NameKind::Extern | NameKind::Static | NameKind::GotRef => {
                Some(Sym::new((self.0 & Self::INDEX_MASK) as usize))
            }
            NameKind::None | NameKind::Auto | NameKind::Param => None,
        }
    }

    /// The name of another variable of the same kind.
    pub(crate) fn renamed(self, local: Local) -> Name {
        Name::new(self.kind(), local.as_u32())
    }

    /// The variable, of a name that has one.
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
    /// How the operand is addressed.
    pub kind: AddrKind,
    /// The register, or the base of a memory operand; none means the name's default (SB, SP or FP).
    pub reg: Reg,
    /// The index register of a memory operand, the last register of a list.
    pub index: Reg,
    /// What the index is multiplied by: 1, 2, 4 or 8; 0 without index.
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

    /// A local variable; `offset` is in bytes from the top of the autos, so negative. Prints with its
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

    /// A parameter or result; `offset` is in bytes from the first parameter. Prints with its distance from
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

    /// A part of the function's code.
    fn code(range: Range<u32>) -> Addr {
        Addr {
            kind: AddrKind::Code,
            offset: i64::from(range.start) | i64::from(range.end) << 32,
            ..Addr::NONE
        }
    }

    /// Which part of the function's code this is, if it is one.
    pub(crate) fn code_range(&self) -> Option<Range<u32>> {
        (self.kind == AddrKind::Code).then_some(self.offset as u32..(self.offset >> 32) as u32)
    }

    /// Whether there is an operand.
    pub fn is_some(&self) -> bool {
        self.kind != AddrKind::None
    }
}

/// Operands between the first and the last, a range in the function's pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Rest {
    start: u32,
    len: u8,
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
    /// Where a branch inside the function goes.
    pub target: PackedOption<ProgId>,
    /// The next instruction.
    link: PackedOption<ProgId>,
    /// By how many bytes the frame grows here; negative when it shrinks.
    pub spadj: i32,
    rest_start: u32,
    rest_len: u8,
    /// Suffix bits of AVX-512 instructions (`.Z`, `.BCST`, `.RN_SAE`); 0 for none.
    pub suffix: u8,
    /// The mnemonic.
    pub as_: As,
}

impl Prog {
    /// An instruction that is in no function yet.
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

    fn rest(&self) -> Rest {
        Rest {
            start: self.rest_start,
            len: self.rest_len,
        }
    }
}

/// The variables that operands name. `rest` are those between the first and the last.
pub(crate) fn locals<'a>(p: &'a Prog, rest: &'a [Addr]) -> impl Iterator<Item = Local> + 'a {
    let operands = [&p.from, &p.to].into_iter().chain(rest);
    operands.filter_map(|a| a.name.local())
}

/// A function: a list of instructions that begins with TEXT.
#[derive(Clone, Debug)]
pub struct FuncText {
    /// The function's symbol.
    pub sym: Sym,
    /// NOSPLIT, ABI_INTERNAL and the like.
    pub attrs: Attrs,
    /// Bytes of autos and outgoing arguments. The preprocessor adds the slot of the saved BP. Negative
    /// sizes, as assembly may state them, mean 0 but print as they are.
    pub frame_size: i64,
    /// Bytes of parameters and results; [`Self::ARGS_SIZE_UNKNOWN`] if assembly does not say.
    pub args_size: i32,
    progs: PrimaryMap<ProgId, Prog>,
    last: ProgId,
    rest: Vec<Addr>,
    code: Vec<u8>,
    /// Offsets are indices into `code`.
    code_relocs: Vec<Reloc>,
    /// The length of each instruction of `code`.
    code_lens: Vec<u8>,
    locals: PrimaryMap<Local, LocalData>,
    local_names: String,
    inline_marks: Vec<(ProgId, u32)>,
}

/// The name of a local variable or parameter.
#[derive(Clone, Copy, Debug)]
struct LocalData {
    /// Where the name ends in [`FuncText::local_names`].
    end: u32,
    /// The variable belongs to a function of the package, so that its name prints with the package's prefix.
    own: bool,
}

/// How many elements the lists of a function have.
#[derive(Clone, Copy, Default)]
pub(crate) struct Room {
    progs: usize,
    code: usize,
    code_lens: usize,
    code_relocs: usize,
}

impl FuncText {
    /// `args_size` of an assembly function that does not state it.
    pub const ARGS_SIZE_UNKNOWN: i32 = i32::MIN;

    /// The id of the TEXT instruction that every function begins with.
    pub const TEXT: ProgId = ProgId(0);

    /// A function without frame, arguments and instructions but TEXT, which gets position `pos`.
    pub fn new(sym: Sym, attrs: Attrs, pos: Pos) -> FuncText {
        let mut progs = PrimaryMap::new();
        let mut name = Addr::sym(sym, 0);
        if attrs.has(Attrs::STATIC) {
            name.name = Name::file_static(sym);
        }
        let text = progs.push(Prog::new(As::TEXT, name, Addr::NONE, pos));
        FuncText {
            sym,
            attrs,
            frame_size: 0,
            args_size: 0,
            progs,
            last: text,
            rest: Vec::new(),
            code: Vec::new(),
            code_relocs: Vec::new(),
            code_lens: Vec::new(),
            locals: PrimaryMap::new(),
            local_names: String::new(),
            inline_marks: Vec::new(),
        }
    }

    /// Makes room for `n` instructions.
    pub fn reserve(&mut self, n: usize) {
        self.progs.reserve(n);
    }

    /// How much room the function takes.
    pub(crate) fn room(&self) -> Room {
        Room {
            progs: self.progs.len(),
            code: self.code.len(),
            code_lens: self.code_lens.len(),
            code_relocs: self.code_relocs.len(),
        }
    }

    /// Makes room for as much.
    pub(crate) fn reserve_room(&mut self, room: Room) {
        self.progs.reserve(room.progs);
        self.code.reserve(room.code);
        self.code_lens.reserve(room.code_lens);
        self.code_relocs.reserve(room.code_relocs);
    }

    /// The function's position.
    pub fn pos(&self) -> Pos {
        self.progs[Self::TEXT].pos
    }

    /// Adds an instruction at the end.
    pub fn append(&mut self, as_: As, from: Addr, to: Addr, pos: Pos) -> ProgId {
        let id = self.progs.push(Prog::new(as_, from, to, pos));
        let last = self.last;
        self.progs[last].link = id.into();
        self.last = id;
        id
    }

    /// Adds an instruction that is encoded already, has a relocation at most, and depends on nothing around it.
    /// Such instructions in a row share a [`Prog`], but none that `begins` something: a branch goes to it. `pos`
    /// and `number` are those of the instruction.
    pub(crate) fn append_code(
        &mut self,
        code: &Fixed,
        reloc: Option<Reloc>,
        begins: bool,
        pos: Pos,
        number: u32,
    ) -> ProgId {
        let start = self.code.len() as u32;
        code.append_to(&mut self.code);
        if let Some(reloc) = reloc {
            let off = start + reloc.off;
            self.code_relocs.push(Reloc { off, ..reloc });
        }
        let end = self.code.len() as u32;
        self.code_lens.push((end - start) as u8);
        let last = self.last;
        match self.progs[last].to.code_range() {
            Some(run) if !begins => {
                self.progs[last].to = Addr::code(run.start..end);
                last
            }
            _ => {
                let id = self.append(As::BYTE, Addr::NONE, Addr::code(start..end), pos);
                self.progs[id].pc = number;
                id
            }
        }
    }

    /// The code and its relocations, in order, which the function has no more.
    pub(crate) fn take_code(&mut self) -> (Vec<u8>, Vec<Reloc>) {
        let relocs = std::mem::take(&mut self.code_relocs);
        (std::mem::take(&mut self.code), relocs)
    }

    /// Where each instruction of the code begins.
    pub(crate) fn code_starts(&self) -> Vec<u32> {
        let lens = self.code_lens.iter();
        let starts = lens.scan(0, |next, &len| {
            let start = *next;
            *next += u32::from(len);
            Some(start)
        });
        starts.collect()
    }

    /// The instruction with a number, among the first `n_numbered` and what they were divided into. It becomes
    /// the first of its [`Prog`]. `code_starts` is what the method of that name gives.
    pub(crate) fn numbered(
        &mut self,
        number: u32,
        n_numbered: usize,
        code_starts: &[u32],
    ) -> Option<ProgId> {
        let progs = &self.progs.values().as_slice()[..n_numbered];
        let index = progs.partition_point(|p| p.pc <= number).checked_sub(1)?;
        let mut id = ProgId::new(index);
        while let Some(next) = self[id].link()
            && self[next].to.kind == AddrKind::Code
            && self[next].pc <= number
        {
            id = next;
        }
        let Prog { pc, to, pos, .. } = self[id];
        if pc == number {
            return Some(id);
        }
        let run = to.code_range()?;
        let first = code_starts.partition_point(|&start| start < run.start);
        let start = *code_starts.get(first + (number - pc) as usize)?;
        if start >= run.end {
            return None;
        }
        self[id].to = Addr::code(run.start..start);
        let mut rest = Prog::new(As::BYTE, Addr::NONE, Addr::code(start..run.end), pos);
        rest.pc = number;
        Some(self.insert_after(id, rest))
    }

    /// Adds an instruction after another one.
    pub fn insert_after(&mut self, before: ProgId, mut prog: Prog) -> ProgId {
        prog.link = self.progs[before].link;
        let id = self.progs.push(prog);
        self.progs[before].link = id.into();
        if self.last == before {
            self.last = id;
        }
        id
    }

    /// Puts another instruction in the place of one, which keeps its id and its successor.
    pub fn replace(&mut self, id: ProgId, mut prog: Prog) {
        prog.link = self.progs[id].link;
        self.progs[id] = prog;
    }

    /// Adds `PCDATA $table, $value`.
    pub fn pcdata(&mut self, table: i64, value: i64, pos: Pos) -> ProgId {
        self.append(As::PCDATA, Addr::imm(table), Addr::imm(value), pos)
    }

    /// Adds `FUNCDATA $index, sym(SB)`.
    pub fn funcdata(&mut self, index: i64, sym: Sym, pos: Pos) -> ProgId {
        self.append(As::FUNCDATA, Addr::imm(index), Addr::sym(sym, 0), pos)
    }

    /// Adds a branch inside the function whose target [`Self::set_target`] gives later.
    pub fn branch(&mut self, as_: As, pos: Pos) -> ProgId {
        self.append(as_, Addr::NONE, Addr::branch(), pos)
    }

    /// Says that an instruction is on the line of an inlined call, in what contains the call, which is given
    /// as index into the package's inlined calls.
    pub fn add_inline_mark(&mut self, id: ProgId, call: u32) {
        self.inline_marks.push((id, call));
    }

    /// The inlined calls with an instruction on the line of each.
    pub(crate) fn inline_marks(&self) -> &[(ProgId, u32)] {
        &self.inline_marks
    }

    /// Says where a branch goes.
    pub fn set_target(&mut self, branch: ProgId, target: ProgId) {
        debug_assert!(!target.is_reserved_value());
        self.progs[branch].target = target.into();
    }

    /// Gives an instruction operands between the first and the last (`$c` first of `IMUL3L $c, AX, CX`
    /// is `from`, `AX` is the rest, `CX` is `to`).
    pub fn set_rest(&mut self, id: ProgId, operands: &[Addr]) {
        self.progs[id].rest_start = self.rest.len() as u32;
        self.progs[id].rest_len = u8::try_from(operands.len()).expect("a handful of operands");
        self.rest.extend_from_slice(operands);
    }

    /// The operands between the first and the last.
    pub fn rest(&self, prog: &Prog) -> &[Addr] {
        let Rest { start, len } = prog.rest();
        &self.rest[start as usize..][..usize::from(len)]
    }

    /// An instruction and the operands between its first and its last, to be changed.
    pub(crate) fn with_rest(&mut self, id: ProgId) -> (&mut Prog, &mut [Addr]) {
        let p = &mut self.progs[id];
        let Rest { start, len } = p.rest();
        (p, &mut self.rest[start as usize..][..usize::from(len)])
    }

    /// The operands between the first and the last, to be changed.
    pub fn rest_mut(&mut self, id: ProgId) -> &mut [Addr] {
        let Rest { start, len } = self.progs[id].rest();
        &mut self.rest[start as usize..][..usize::from(len)]
    }

    /// The id that the next instruction added will have: the target of branches to what comes next.
    pub fn next_id(&self) -> ProgId {
        self.progs.next_key()
    }

    /// The last instruction of the function.
    pub fn last(&self) -> ProgId {
        self.last
    }

    /// Number of instructions, TEXT included; ids are below it.
    pub fn len(&self) -> usize {
        self.progs.len()
    }

    /// Never: TEXT is always there.
    pub fn is_empty(&self) -> bool {
        self.progs.is_empty()
    }

    /// The instructions in their order in the function, TEXT first.
    pub fn iter(&self) -> impl Iterator<Item = (ProgId, &Prog)> {
        let mut next = Some(Self::TEXT);
        std::iter::from_fn(move || {
            let id = next?;
            let prog = &self.progs[id];
            next = prog.link();
            Some((id, prog))
        })
    }

    /// Adds the name of a local variable or parameter that listings print as it is. Names are not
    /// compared: adding one twice makes two.
    pub fn add_local(&mut self, name: impl std::fmt::Display) -> Local {
        self.push_local(name, false)
    }

    /// Adds the name of a local variable or parameter that listings print with the prefix of the package's own
    /// symbols ([`SymTable::own_prefix`](crate::SymTable::own_prefix)): `x` prints as `"".x`.
    pub fn add_own_local(&mut self, name: impl std::fmt::Display) -> Local {
        self.push_local(name, true)
    }

    fn push_local(&mut self, name: impl std::fmt::Display, own: bool) -> Local {
        let _ = write!(self.local_names, "{name}");
        let end = self.local_names.len() as u32;
        self.locals.push(LocalData { end, own })
    }

    /// The name of a local variable or parameter, without the package's prefix.
    pub fn local_name(&self, local: Local) -> &str {
        let start = match local.index() {
            0 => 0,
            index => self.locals[Local::new(index - 1)].end as usize,
        };
        &self.local_names[start..self.locals[local].end as usize]
    }

    /// Reports whether the name of a local variable or parameter prints with the package's prefix.
    pub fn is_own_local(&self, local: Local) -> bool {
        self.locals[local].own
    }
}

impl Index<ProgId> for FuncText {
    type Output = Prog;

    fn index(&self, id: ProgId) -> &Prog {
        &self.progs[id]
    }
}

impl IndexMut<ProgId> for FuncText {
    fn index_mut(&mut self, id: ProgId) -> &mut Prog {
        &mut self.progs[id]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsym::SymTable;

    #[test]
    fn instructions_fit_a_cache_line() {
        assert_eq!(size_of::<Addr>(), 16);
        assert_eq!(size_of::<Prog>(), 64);
    }

    #[test]
    fn insertion_keeps_ids() {
        let mut f = FuncText::new(SymTable::MORESTACK, Attrs::NONE, Pos::NONE);
        let ret = f.append(As::RET, Addr::NONE, Addr::NONE, Pos::NONE);
        let nop = f.insert_after(
            FuncText::TEXT,
            Prog::new(As::NOP, Addr::NONE, Addr::NONE, Pos::NONE),
        );
        let order: Vec<ProgId> = f.iter().map(|(id, _)| id).collect();
        assert_eq!(order, [FuncText::TEXT, nop, ret]);
        assert_eq!(f.last(), ret);
    }

    #[test]
    fn names_keep_their_kind() {
        let mut f = FuncText::new(SymTable::MORESTACK, Attrs::NONE, Pos::NONE);
        let (a, b) = (f.add_local("a"), f.add_own_local(".autotmp_3"));
        assert_eq!((f.local_name(a), f.local_name(b)), ("a", ".autotmp_3"));
        assert_eq!((f.is_own_local(a), f.is_own_local(b)), (false, true));
        assert_eq!(Name::auto(b).kind(), NameKind::Auto);
        assert_eq!(Name::param(a).local(), Some(a));
        assert_eq!(Name::auto(a).sym(), None);
        assert_eq!(
            Addr::sym(SymTable::MORESTACK, 0).name.sym(),
            Some(SymTable::MORESTACK)
        );
    }
}
