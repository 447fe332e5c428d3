//! A function as a list of instructions.
//!
//! A function owns its instructions. They have ids in order of creation and a linked order of execution,
//! so that passes can insert some without renaming the others.
//!
//! ```
//! # use minigo_obj::*;
//! # use minigo_base::{Pos, internal};
//! let mut syms = SymTable::new();
//! let add = syms.own("add");
//! let mut f = FuncText::new(add, Attrs::ABI_INTERNAL, Pos::NONE);
//! f.args_size = 16;
//! let a = f.add_own_local("a");
//! f.append(As::MOVL, Addr::param(a, 0), Addr::reg(Reg::AX), Pos::NONE);
//! f.append(As::RET, Addr::NONE, Addr::NONE, Pos::NONE);
//! ```

use std::fmt::Write;
use std::ops::{Index, IndexMut};

use cranelift_entity::packed_option::ReservedValue;
use cranelift_entity::{EntityRef, PrimaryMap};
use minigo_base::{Pos, internal};

use crate::amd64::opcode::As;
use crate::amd64::reg::Reg;
use crate::encoded::{EncodedRuns, InstructionBytes, Lens, Run};
use crate::prog::{Addr, Local, Name, Prog, ProgId, Rest};
use crate::reloc::Reloc;
use crate::sym::{Attrs, Sym};

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
    /// The parameters in registers, which must survive a call for more stack.
    pub register_params: Vec<RegisterParam>,
    /// The tables of jumps through memory.
    pub jump_tables: Vec<JumpTable>,
    /// Who made the instructions.
    pub makers: Makers,
    /// The types that are converted to interfaces, in order; the linker keeps their methods.
    pub used_types: Vec<Sym>,
    progs: PrimaryMap<ProgId, Prog>,
    last: ProgId,
    rest: Vec<Addr>,
    body: Body,
    locals: PrimaryMap<Local, LocalData>,
    local_names: String,
    inline_marks: Vec<(ProgId, u32)>,
}

/// A parameter that is passed in a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegisterParam {
    /// The register.
    pub reg: Reg,
    /// Its place in memory: the offset from the first parameter, in bytes.
    pub home: i64,
    /// The number of bytes: 1, 2, 4 or 8.
    pub size: u8,
}

/// Who made the instructions of an assembled function: ids are in order of creation, so that numbers of instructions tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Makers {
    /// The number of instructions before the frame was made: those of the compiler, or of the file.
    pub own: u32,
    /// The number of instructions with the stack check.
    pub with_check: u32,
    /// The number of instructions with those that make the frame.
    pub with_frame: u32,
    /// The number of instructions with those that close it. The others are padding.
    pub with_leaves: u32,
    /// NOSPLIT was inferred.
    pub inferred_nosplit: bool,
}

/// A table of addresses in a function.
#[derive(Clone, Debug)]
pub struct JumpTable {
    /// The table's symbol.
    pub sym: Sym,
    /// The instruction that each entry is the address of.
    pub targets: Vec<ProgId>,
}

/// The name of a local variable or parameter.
#[derive(Clone, Copy, Debug)]
struct LocalData {
    /// The end of the name in [`FuncText::local_names`].
    end: u32,
    /// The variable belongs to a function of the package, so that its name prints with the package's prefix.
    own: bool,
}

/// The form of a function's instructions.
#[derive(Clone, Debug)]
enum Body {
    /// Each as a [`Prog`].
    Instructions,
    /// Encoded instructions as bytes, with a [`Prog`] for each run of them, and the others each as a [`Prog`].
    Encoded(EncodedRuns),
}

/// The size of a function, for which the next one makes room.
#[derive(Clone, Copy, Default)]
pub(crate) struct Room {
    progs: usize,
    encoded: Lens,
}

impl FuncText {
    /// `args_size` of an assembly function that does not state it.
    pub const ARGS_SIZE_UNKNOWN: i32 = i32::MIN;

    /// The id of the TEXT instruction that every function begins with.
    pub const TEXT: ProgId = ProgId::TEXT;

    /// Returns a function without frame and arguments whose only instruction is TEXT, at position `pos`.
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
            register_params: Vec::new(),
            jump_tables: Vec::new(),
            makers: Makers::default(),
            used_types: Vec::new(),
            progs,
            last: text,
            rest: Vec::new(),
            body: Body::Instructions,
            locals: PrimaryMap::new(),
            local_names: String::new(),
            inline_marks: Vec::new(),
        }
    }

    /// Makes room for `n` instructions.
    pub fn reserve(&mut self, n: usize) {
        self.progs.reserve(n);
    }

    /// Returns the size of the function.
    pub(crate) fn room(&self) -> Room {
        Room {
            progs: self.progs.len(),
            encoded: match &self.body {
                Body::Instructions => Lens::default(),
                Body::Encoded(runs) => runs.lens(),
            },
        }
    }

    /// Makes room for as many instructions.
    pub(crate) fn reserve_room(&mut self, room: Room) {
        self.progs.reserve(room.progs);
    }

    /// From now on, encoded instructions may be appended. Makes room for as many.
    pub(crate) fn encode_early(&mut self, room: Room) {
        self.body = Body::Encoded(EncodedRuns::with_capacity(room.encoded));
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

    /// Adds an instruction that is encoded already and depends on nothing around it, to a function that
    /// [`Self::encode_early`] was called for. Consecutive ones share a [`Prog`], but one that a branch goes to
    /// (`is_target`) has one of its own. `pos` and `number` are those of the instruction.
    pub(crate) fn append_encoded(
        &mut self,
        bytes: &InstructionBytes,
        reloc: Option<&Reloc>,
        is_target: bool,
        pos: Pos,
        number: u32,
    ) -> ProgId {
        let joins = match &self.body {
            Body::Encoded(runs) => !is_target && runs.ends_with(self.last),
            Body::Instructions => internal!("an encoded instruction in a body without any"),
        };
        if !joins {
            let id = self.append(As::BYTE, Addr::NONE, Addr::NONE, pos);
            self.progs[id].pc = number;
        }
        if let Body::Encoded(runs) = &mut self.body {
            if !joins {
                runs.begin(self.last, number);
            }
            runs.append(bytes, reloc);
        }
        self.last
    }

    /// Takes the encoded instructions out of the function: their code, its relocations in order, and the runs.
    pub(crate) fn take_encoded(&mut self) -> (Vec<u8>, Vec<Reloc>, Vec<Run>) {
        match std::mem::replace(&mut self.body, Body::Instructions) {
            Body::Instructions => Default::default(),
            Body::Encoded(runs) => runs.into_parts(),
        }
    }

    /// The offset of each encoded instruction in the code.
    pub(crate) fn encoded_starts(&self) -> Vec<u32> {
        match &self.body {
            Body::Instructions => Vec::new(),
            Body::Encoded(runs) => runs.starts(),
        }
    }

    /// The instruction with a number in the file, among the first `n_numbered` and the parts that they were divided
    /// into. If it is encoded, it becomes the first of a run. `starts` are [`Self::encoded_starts`].
    pub(crate) fn numbered(
        &mut self,
        number: u32,
        n_numbered: usize,
        starts: &[u32],
    ) -> Option<ProgId> {
        let progs = &self.progs.values().as_slice()[..n_numbered];
        let index = progs.partition_point(|p| p.pc <= number).checked_sub(1)?;
        let id = ProgId::new(index);
        let Prog { pc, pos, .. } = self[id];
        if pc == number {
            return Some(id);
        }
        let Body::Encoded(runs) = &mut self.body else {
            return None;
        };
        let (before, code) = runs.split(number, pc, starts)?;
        let Some(code) = code else {
            return Some(before);
        };
        let mut rest = Prog::new(As::BYTE, Addr::NONE, Addr::NONE, pos);
        rest.pc = number;
        let id = self.insert_after(before, rest);
        if let Body::Encoded(runs) = &mut self.body {
            runs.insert_after(before, id, number, code);
        }
        Some(id)
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

    /// Replaces an instruction. The new one has the same id and successor.
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

    /// Adds a branch inside the function. [`Self::set_target`] sets its target later.
    pub fn branch(&mut self, as_: As, pos: Pos) -> ProgId {
        self.append(as_, Addr::NONE, Addr::branch(), pos)
    }

    /// Notes that an instruction stands for the call site of an inlined call, an index into the package's inlined
    /// calls.
    pub fn add_inline_mark(&mut self, id: ProgId, call: u32) {
        self.inline_marks.push((id, call));
    }

    /// The instructions that stand for call sites, with the index of the inlined call of each.
    pub(crate) fn inline_marks(&self) -> &[(ProgId, u32)] {
        &self.inline_marks
    }

    /// Sets the target of a branch.
    pub fn set_target(&mut self, branch: ProgId, target: ProgId) {
        debug_assert!(!target.is_reserved_value());
        self.progs[branch].target = target.into();
    }

    /// Sets the operands between the first and the last. In `IMUL3L $c, AX, CX`, `$c` is `from`, `AX` is the rest, and
    /// `CX` is `to`.
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

    /// Mutable access to an instruction and the operands between its first and its last.
    pub(crate) fn with_rest(&mut self, id: ProgId) -> (&mut Prog, &mut [Addr]) {
        let p = &mut self.progs[id];
        let Rest { start, len } = p.rest();
        (p, &mut self.rest[start as usize..][..usize::from(len)])
    }

    /// Mutable access to the operands between the first and the last.
    pub fn rest_mut(&mut self, id: ProgId) -> &mut [Addr] {
        let Rest { start, len } = self.progs[id].rest();
        &mut self.rest[start as usize..][..usize::from(len)]
    }

    /// The id of the instruction that is added next: the target of branches to there.
    pub fn next_id(&self) -> ProgId {
        self.progs.next_key()
    }

    /// The last instruction of the function.
    pub fn last(&self) -> ProgId {
        self.last
    }

    /// The number of instructions, including TEXT. All ids are smaller.
    pub fn len(&self) -> usize {
        self.progs.len()
    }

    /// Returns false: TEXT is always there.
    pub fn is_empty(&self) -> bool {
        self.progs.is_empty()
    }

    /// The instructions in the order of the function, TEXT first.
    pub fn iter(&self) -> impl Iterator<Item = (ProgId, &Prog)> {
        let mut next = Some(Self::TEXT);
        std::iter::from_fn(move || {
            let id = next?;
            let prog = &self.progs[id];
            next = prog.link();
            Some((id, prog))
        })
    }

    /// Adds the name of a local variable or parameter that listings print as it is. Adding a name twice makes two
    /// variables.
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
    use crate::prog::NameKind;
    use crate::sym::SymTable;

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
