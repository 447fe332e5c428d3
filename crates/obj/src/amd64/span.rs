//! From instructions to the function's bytes: branch sizes, padding of jumps, relocations.
//!
//! Every instruction is encoded once. Only branches inside the function depend on distances. Their sizes are found in
//! rounds over the function, as in gc: a forward branch starts short and, if its target turns out too far, is long
//! from the next round on; a backward branch has the shortest size in each round. In compiled code, nops move jumps
//! that would cross or end at a 32-byte boundary after it (the JCC erratum of Intel's processors). The padding uses
//! the sizes of the previous round, so rounds go on until no jump changes its size. All of this decides bytes, so the
//! rounds follow gc exactly. They work on sizes alone; the bytes are put together once at the end.
//!
//! Source: gc asm6.go, span6, padJump and fusedJump.

use minigo_base::internal;

use super::code::{Branch, Code, Fault};
use super::encode::encode;
use super::hint::operand_hint;
use super::operand::number;
use super::{As, Reg, shared};
use crate::encoded::Run;
use crate::func_text::FuncText;
use crate::print;
use crate::prog::{Addr, AddrKind, Prog, ProgId};
use crate::reloc::{Reloc, RelocKind};
use crate::sym::Sym;
use crate::unit::{Unit, retpoline};

/// Jumps must not cross or end at multiples of this.
const PAD_BOUNDARY: u32 = 32;

/// Nops by length, from 1 byte.
const NOPS: [&[u8]; 9] = [
    &[0x90],
    &[0x66, 0x90],
    &[0x0f, 0x1f, 0x00],
    &[0x0f, 0x1f, 0x40, 0x00],
    &[0x0f, 0x1f, 0x44, 0x00, 0x00],
    &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
    &[0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
    &[0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
    &[0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
];

/// No item.
const NONE: u32 = u32::MAX;

/// An instruction in the order of the function.
struct Item {
    id: ProgId,
    /// The start of its bytes in the encoded code, unless it is a branch.
    start: u32,
    /// Offset in the function, in this round.
    pc: u32,
    /// Size in bytes. While padding is computed, it is the size of the previous round.
    size: u32,
    /// Bytes of padding before it, in this round.
    pad: u8,
    /// For PCALIGN and PCALIGNMAX: the padding that they stand for.
    align: Option<Align>,
    branch: Option<Branch>,
    /// For a branch: its target is an earlier instruction, or itself.
    backward: bool,
    /// For a forward branch: its target is too far for the short form.
    long: bool,
    /// A jump, call or return, which must not cross a boundary.
    jump: bool,
    /// The index of a branch's target.
    target: u32,
    /// The index of the jump that the processor fuses with this instruction, or [`NONE`].
    fused_until: u32,
    /// The last forward branch to this instruction so far in this round, or [`NONE`].
    incoming: u32,
    /// For a forward branch: the one before it with the same target, or [`NONE`].
    next_incoming: u32,
}

/// A pseudo instruction that pads code.
#[derive(Clone, Copy)]
struct Align {
    /// The next instruction's offset is a multiple of this.
    to: u32,
    /// Padding of more bytes is left out.
    most: u32,
}

/// The alignments that PCALIGN can ask for.
const ALIGNS: std::ops::RangeInclusive<i64> = 8..=2048;

impl Align {
    /// Returns the padding of an instruction; none if it isn't PCALIGN or PCALIGNMAX. That of a wrong one is empty.
    fn of(p: &Prog) -> Option<Align> {
        let to = number(&p.from);
        let most = match p.as_ {
            As::PCALIGN => to,
            As::PCALIGNMAX => number(&p.to),
            _ => return None,
        };
        Some(match Align::mistake(p) {
            Some(_) => Align { to: 1, most: 0 },
            None => Align {
                to: to as u32,
                most: most as u32,
            },
        })
    }

    /// Returns gc's message about wrong operands (gc: obj/util.go, AlignmentPaddingLength).
    fn mistake(p: &Prog) -> Option<String> {
        let to = number(&p.from);
        if !ALIGNS.contains(&to) || to.count_ones() != 1 {
            return Some(format!(
                "alignment value of an instruction must be a power of two and in the range [8, 2048], got {to}"
            ));
        }
        let most = number(&p.to);
        (p.as_ == As::PCALIGNMAX && !(0..to).contains(&most)).then(|| {
            format!(
                "PCALIGNMAX 'amount' {most} must be non-negative and smaller than the alignment {to}"
            )
        })
    }
}

/// The result for one function.
pub(super) struct Assembled {
    pub bytes: Vec<u8>,
    /// The number of bytes; 0 if gc gives up before all branches have sizes.
    pub size: i64,
    /// gc stops here: nothing is assembled after this.
    pub fatal: bool,
    pub relocs: Vec<Reloc>,
    /// The alignment that PCALIGN needs, in bytes; 0 without any.
    pub align: u32,
}

/// Encodes a function. Sets every `pc`, replaces pseudo instructions by instructions, and adds a NOP for each
/// padding. Adds messages to `errors`; if there are any, only listings can use the result.
pub(super) fn span(f: &mut FuncText, unit: &Unit, errors: &mut Vec<String>) -> Assembled {
    expand_pseudo(f, unit, errors);
    let (bytes, relocs, runs) = f.take_encoded();
    let mut span = Span {
        items: items(f, unit.dialect.pads_code),
        n_given: bytes.len() as u32,
        runs,
        code: Code::after(bytes, relocs, unit),
        second: Vec::new(),
        padded: unit.dialect.aligned_jumps && !unit.hand_written,
        errors: errors.len(),
        fatal: false,
        used_types_offset: 0,
    };
    if span.n_given == 0 {
        span.code.bytes.reserve(f.len() * 5);
    }
    if span.padded {
        span.find_fused(f);
    }
    let mut again = span.first_round(f, unit, errors);
    span.move_used_types(f);
    let failed = span.fatal || again && errors.len() > span.errors;
    // Before jumps were aligned, gc encoded every function at least twice.
    again |= !unit.dialect.aligned_jumps;
    if again && !failed {
        span.use_second_encodings();
    }
    while again {
        if errors.len() > span.errors {
            return Assembled {
                size: 0,
                ..span.finish(f)
            };
        }
        again = span.round(f, unit, errors);
        span.move_used_types(f);
    }
    let assembled = span.finish(f);
    if unit.model.shared {
        shared::mark_unsafe_points(f);
    }
    assembled
}

/// Replaces ADJSP by ADDQ or SUBQ, whichever has the positive constant, but -128 instead of 128, which is longer.
/// With retpolines, calls through registers become calls of the runtime.
fn expand_pseudo(f: &mut FuncText, unit: &Unit, errors: &mut Vec<String>) {
    let mut next = Some(FuncText::TEXT);
    while let Some(id) = next {
        let p = &mut f[id];
        next = p.link();
        if p.to.kind == AddrKind::Branch && p.target.is_none() {
            // Calls too: the mark of a branch is its target.
            p.target = id.into();
        }
        if p.as_ == As::ADJSP {
            p.to.kind = AddrKind::Reg;
            p.to.reg = Reg::SP;
            let value = number(&p.from);
            if value == 0 {
                p.as_ = As::NOP;
            } else if value == 128 || value < 0 && value != -128 {
                p.as_ = As::ADDQ;
                p.from.offset = value.wrapping_neg();
            } else {
                p.as_ = As::SUBQ;
            }
        }
        if unit.model.retpoline && matches!(p.as_, As::CALL | As::JMP) {
            match p.to.kind {
                AddrKind::Reg => p.to = Addr::func(retpoline_of(p.to.reg, unit)),
                AddrKind::Mem => {
                    let text = print::prog_string(f, id, unit);
                    errors.push(format!("non-retpoline-compatible: {text}"));
                }
                _ => {}
            }
        }
    }
}

/// Returns the instructions in order, with the targets of branches as indices.
fn items(f: &FuncText, pads_code: bool) -> Vec<Item> {
    let mut index_of = vec![NONE; f.len()];
    let mut items = Vec::with_capacity(f.len());
    for (id, p) in f.iter() {
        index_of[id.as_u32() as usize] = items.len() as u32;
        let jump = p.target.is_some()
            || matches!(
                p.as_,
                As::JMP | As::CALL | As::RET | As::DUFFCOPY | As::DUFFZERO
            );
        items.push(Item {
            id,
            start: 0,
            pc: 0,
            size: 0,
            pad: 0,
            align: Align::of(p).filter(|_| pads_code),
            branch: None,
            backward: false,
            long: false,
            jump,
            target: NONE,
            fused_until: NONE,
            incoming: NONE,
            next_incoming: NONE,
        });
    }
    for index in 0..items.len() {
        if let Some(target) = f[items[index].id].target.expand() {
            let target = index_of[target.as_u32() as usize];
            items[index].target = target;
            items[index].backward = target <= index as u32;
        }
    }
    items
}

struct Span {
    items: Vec<Item>,
    /// The code that the function had before, then the code that is encoded here.
    code: Code,
    /// The number of bytes that the function had before.
    n_given: u32,
    /// The parts of that code, and the instructions that stand for them.
    runs: Vec<Run>,
    /// Instructions with another encoding from the second round on: item, start and size.
    second: Vec<(u32, u32, u32)>,
    padded: bool,
    /// The number of errors before.
    errors: usize,
    /// gc stops at the last error.
    fatal: bool,
    /// The offset of the relocations of types that the function converts to interfaces.
    used_types_offset: u32,
}

impl Span {
    /// Notes the instructions that are fused with a later jump.
    fn find_fused(&mut self, f: &FuncText) {
        for index in 0..self.items.len() {
            if let Some(until) = fused_until(f, &self.items, index) {
                self.items[index].fused_until = until as u32;
            }
        }
    }

    /// Returns the bytes of padding before an item at offset `c`.
    fn padding(&self, index: usize, c: u32) -> u32 {
        let item = &self.items[index];
        let size = if item.fused_until != NONE {
            // Instructions in between have no bytes.
            self.items[index..=item.fused_until as usize]
                .iter()
                .map(|item| item.size)
                .sum()
        } else if item.jump {
            item.size
        } else {
            return 0;
        };
        let in_line = c % PAD_BOUNDARY;
        if in_line + size >= PAD_BOUNDARY {
            PAD_BOUNDARY - in_line
        } else {
            0
        }
    }

    /// Places an item, and measures the forward branches to it. Reports whether one became long.
    fn place(&mut self, index: usize, c: u32) -> bool {
        let mut again = false;
        self.items[index].pc = c;
        let mut branch = self.items[index].incoming;
        self.items[index].incoming = NONE;
        while branch != NONE {
            let item = &mut self.items[branch as usize];
            let distance = c - (item.pc + item.size);
            // XBEGIN has no short form.
            if !item.long && distance > 127 {
                item.long = true;
                again = true;
            }
            branch = item.next_incoming;
        }
        again
    }

    /// Returns the size of a branch at its place; 0 if its target is too far for its only form. Adds forward branches
    /// to the list of their target.
    fn branch_size(&mut self, index: usize, branch: Branch) -> u32 {
        let item = &self.items[index];
        let long = if item.backward {
            let back = item.pc + 2 - self.items[item.target as usize].pc;
            back > 128
        } else {
            let (target, long) = (item.target as usize, item.long);
            self.items[index].next_incoming = self.items[target].incoming;
            self.items[target].incoming = index as u32;
            long
        };
        match (branch, long) {
            (Branch::Xbegin, _) => 6,
            (Branch::LoopAddr32(_) | Branch::Loop(_), true) => 0,
            (Branch::LoopAddr32(_), false) => 3,
            (_, false) => 2,
            (Branch::Jmp, true) => 5,
            (Branch::Jcc(_), true) => 6,
        }
    }

    /// Returns the bytes of nops that an instruction at offset `c` stands for.
    fn alignment(&self, index: usize, c: u32) -> u32 {
        let padding = self.items[index].align.map(|align| {
            let padding = c.wrapping_neg() % align.to;
            if padding <= align.most { padding } else { 0 }
        });
        padding.unwrap_or(0)
    }

    /// Sets the size of an item. Reports whether that requires another round.
    fn resize(&mut self, index: usize, size: u32) -> bool {
        let item = &mut self.items[index];
        let changed = item.size != size;
        item.size = size;
        changed && self.padded && (item.jump || item.fused_until != NONE)
    }

    /// Encodes everything and places it for the first time.
    fn first_round(&mut self, f: &mut FuncText, unit: &Unit, errors: &mut Vec<String>) -> bool {
        let mut again = false;
        let mut c = 0;
        let mut runs = std::mem::take(&mut self.runs).into_iter().peekable();
        for index in 0..self.items.len() {
            let pad = if self.padded {
                self.padding(index, c)
            } else {
                0
            };
            self.items[index].pad = pad as u8;
            c += pad;
            again |= self.place(index, c);
            let id = self.items[index].id;
            let before = names_al(&f[id]);
            f[id].pc = c;
            let given = runs.next_if(|run| run.id == id).map(|run| run.code);
            let start = self.code.bytes.len() as u32;
            let branch = match given {
                Some(_) => None,
                None if self.items[index].align.is_some() => {
                    errors.extend(Align::mistake(&f[id]));
                    None
                }
                None => self.encode(f, id).unwrap_or_else(|fault| {
                    let before = std::mem::take(&mut self.code.faults);
                    self.fatal = matches!(fault, Fault::ThreadBase | Fault::NeedsReloc(_));
                    report(before, fault, f, id, unit, errors);
                    None
                }),
            };
            let code = given.unwrap_or(start..self.code.bytes.len() as u32);
            let size = code.end - code.start;
            let item = &mut self.items[index];
            item.start = code.start;
            item.branch = branch;
            if self.fatal {
                break;
            }
            let size = match branch {
                Some(branch) => {
                    let size = self.branch_size(index, branch);
                    if size == 0 {
                        errors.push(too_far(f, id, unit));
                    }
                    size
                }
                None => size,
            };
            let size = size + self.alignment(index, c);
            again |= self.resize(index, size);
            c += size;
            if names_al(&f[id]) && !before {
                self.encode_second(f, index);
            }
        }
        again
    }

    /// Encodes an instruction.
    fn encode(&mut self, f: &mut FuncText, id: ProgId) -> Result<Option<Branch>, Fault> {
        let (p, rest) = f.with_rest(id);
        encode(p, rest, &mut self.code)
    }

    /// Encodes an instruction again, now that byte instructions name byte registers: the form for AL may match. gc
    /// uses that encoding if it encodes the function again.
    fn encode_second(&mut self, f: &mut FuncText, index: usize) {
        let n_relocs = self.code.relocs.len();
        let start = self.code.bytes.len();
        let first = self.items[index].start as usize;
        if self.encode(f, self.items[index].id).is_err() {
            return;
        }
        let (old, new) = self.code.bytes.split_at(start);
        if old[first..] == *new {
            self.code.bytes.truncate(start);
            self.code.relocs.truncate(n_relocs);
        } else {
            let size = (self.code.bytes.len() - start) as u32;
            self.second.push((index as u32, start as u32, size));
        }
    }

    fn use_second_encodings(&mut self) {
        for &(index, start, _) in &self.second {
            self.items[index as usize].start = start;
        }
    }

    /// Places everything again.
    fn round(&mut self, f: &mut FuncText, unit: &Unit, errors: &mut Vec<String>) -> bool {
        let mut again = false;
        let mut c = 0;
        let mut second = 0;
        for index in 0..self.items.len() {
            let pad = if self.padded {
                self.padding(index, c)
            } else {
                0
            };
            self.items[index].pad = pad as u8;
            c += pad;
            again |= self.place(index, c);
            if self.items[index].align.is_some() {
                let size = self.alignment(index, c);
                again |= self.resize(index, size);
            } else if let Some(branch) = self.items[index].branch {
                let size = self.branch_size(index, branch);
                if size == 0 {
                    self.set_offsets(f, index);
                    errors.push(too_far(f, self.items[index].id, unit));
                }
                again |= self.resize(index, size);
            } else if let Some(&(_, _, size)) = self
                .second
                .get(second)
                .filter(|&&(item, ..)| item == index as u32)
            {
                second += 1;
                again |= self.resize(index, size);
            }
            c += self.items[index].size;
        }
        again
    }

    /// Sets the `pc` of a branch and its target to the offsets of this round, for a message.
    fn set_offsets(&self, f: &mut FuncText, index: usize) {
        for item in [
            &self.items[index],
            &self.items[self.items[index].target as usize],
        ] {
            f[item.id].pc = item.pc;
        }
    }

    /// Puts the bytes together and sets the `pc` of all instructions.
    fn finish(self, f: &mut FuncText) -> Assembled {
        let size = self
            .items
            .last()
            .map_or(0, |item| (item.pc + item.size) as usize);
        let mut bytes = Vec::with_capacity(size);
        let mut relocs = self.used_types(f);
        let mut pads = Vec::new();
        let aligned = self.items.iter().filter(|item| item.align.is_some());
        // gc keeps the alignment in 16 bits.
        let align = aligned.map(|item| number(&f[item.id].from) as i16).max();
        let align = align.unwrap_or(0).max(0) as u32;
        let of_given = |reloc: &Reloc| reloc.off < self.n_given;
        let n_given_relocs = self.code.relocs.partition_point(of_given);
        let (given, encoded) = self.code.relocs.split_at(n_given_relocs);
        let (mut given, mut encoded) = (given.iter().peekable(), encoded.iter().peekable());
        for (index, item) in self.items.iter().enumerate() {
            if item.pad > 0 {
                fill_nops(&mut bytes, usize::from(item.pad));
                pads.push(index);
            }
            f[item.id].pc = item.pc;
            match item.branch {
                Some(branch) => self.put_branch(item, branch, &mut bytes),
                None if item.align.is_some() => fill_nops(&mut bytes, item.size as usize),
                None => {
                    let end = item.start + item.size;
                    bytes.extend_from_slice(&self.code.bytes[item.start as usize..end as usize]);
                    let next = match item.start < self.n_given {
                        true => &mut given,
                        false => &mut encoded,
                    };
                    // Earlier relocations belong to encodings that are not used.
                    while let Some(reloc) = next.next_if(|reloc| reloc.off < end) {
                        if reloc.off >= item.start {
                            relocs.push(Reloc {
                                off: item.pc + (reloc.off - item.start),
                                ..*reloc
                            });
                        }
                    }
                }
            }
        }
        for index in pads {
            self.add_padding_nop(f, index);
        }
        self.fill_missing(&mut bytes);
        let size = bytes.len() as i64;
        Assembled {
            bytes,
            size,
            fatal: self.fatal,
            relocs,
            align,
        }
    }

    /// Moves the relocations of the types that the function converts to interfaces. They are meant to be at 0, but each
    /// time gc encodes an instruction with a REX prefix, it moves the last relocations that don't come before the
    /// instruction by one byte, and these are the last ones until an instruction has its own.
    fn move_used_types(&mut self, f: &FuncText) {
        if f.used_types.is_empty() {
            return;
        }
        for item in &self.items {
            if item.pc > self.used_types_offset {
                break;
            }
            let code = item.start..item.start + item.size;
            if item.size == 0 || item.branch.is_some() || item.align.is_some() {
                continue;
            }
            let bytes = &self.code.bytes[code.start as usize..code.end as usize];
            self.used_types_offset += u32::from(has_rex(bytes));
            let before = |reloc: &Reloc| reloc.off < code.start;
            let next = self
                .code
                .relocs
                .get(self.code.relocs.partition_point(before));
            if next.is_some_and(|reloc| reloc.off < code.end) {
                break;
            }
        }
    }

    /// Returns the relocations of the types that the function converts to interfaces.
    fn used_types(&self, f: &FuncText) -> Vec<Reloc> {
        if f.used_types.is_empty() {
            return Vec::with_capacity(self.code.relocs.len());
        }
        let relocs = f.used_types.iter().map(|&sym| Reloc {
            off: self.used_types_offset,
            siz: 0,
            kind: RelocKind::USEIFACE,
            sym: Some(sym),
            add: 0,
        });
        relocs.collect()
    }

    fn put_branch(&self, item: &Item, branch: Branch, bytes: &mut Vec<u8>) {
        if item.size == 0 {
            return;
        }
        let target = self.items[item.target as usize].pc;
        let distance = target.wrapping_sub(item.pc + item.size) as i32;
        let long = item.size > 3;
        match branch {
            Branch::Jcc(opcode) if long => bytes.extend_from_slice(&[0x0f, opcode + 0x10]),
            Branch::Jmp if long => bytes.push(0xe9),
            Branch::Xbegin => bytes.extend_from_slice(&[0xc7, 0xf8]),
            Branch::Jcc(opcode) | Branch::Loop(opcode) => bytes.push(opcode),
            Branch::Jmp => bytes.push(0xeb),
            Branch::LoopAddr32(opcode) => bytes.extend_from_slice(&[0x67, opcode]),
        }
        if long {
            bytes.extend_from_slice(&distance.to_le_bytes());
        } else if item.backward {
            // gc doesn't count the prefix of JCXZL here.
            bytes.push(target.wrapping_sub(item.pc + 2) as u8);
        } else {
            bytes.push(distance as u8);
        }
    }

    /// Writes the distance of a jump that has no bytes because its target is too far into the four bytes before it,
    /// as gc does before it knows the target's place. A branch in these bytes whose target doesn't come earlier is
    /// written later. Only listings of functions with errors show this.
    fn fill_missing(&self, bytes: &mut [u8]) {
        let is_forward = |item: &Item| item.branch.is_some() && !item.backward;
        let mut before: Option<&Item> = None;
        for item in &self.items {
            if item.size > 0 {
                before = Some(item);
                continue;
            }
            let written_later =
                before.is_some_and(|before| is_forward(before) && before.target >= item.target);
            if !is_forward(item) || written_later {
                continue;
            }
            let distance = self.items[item.target as usize].pc - item.pc;
            if let Some(start) = item.pc.checked_sub(4) {
                let field = &mut bytes[start as usize..item.pc as usize];
                field.copy_from_slice(&distance.to_le_bytes());
            }
        }
    }

    /// Adds a NOP for the padding before an item, after the instruction before it.
    fn add_padding_nop(&self, f: &mut FuncText, index: usize) {
        let Some(before) = index.checked_sub(1).map(|before| &self.items[before]) else {
            return;
        };
        let pos = f[before.id].pos.with_not_stmt();
        let mut nop = Prog::new(As::NOP, Addr::NONE, Addr::NONE, pos);
        nop.pc = before.pc + before.size;
        f.insert_after(before.id, nop);
    }
}

/// Returns the runtime's function that jumps to the address in a register.
fn retpoline_of(reg: Reg, unit: &Unit) -> Sym {
    let name = retpoline(reg);
    match unit.syms.get(&name) {
        Some(sym) => sym,
        None => internal!("{name} is not in the table of symbols"),
    }
}

/// Returns the message about a jump that needs a long form but has none.
fn too_far(f: &FuncText, id: ProgId, unit: &Unit) -> String {
    format!("loop too far: {}", print::prog_string(f, id, unit))
}

/// Returns the name of a register in gc's messages. No register is one that gc doesn't know.
fn register_name(reg: Reg) -> String {
    match reg.is_none() {
        true => "Rgok(-2048)".to_owned(),
        false => reg.name().to_owned(),
    }
}

/// Reports whether an instruction has a REX prefix, which comes after the others.
fn has_rex(bytes: &[u8]) -> bool {
    let is_prefix = |byte: &&u8| matches!(byte, 0x26 | 0x2e | 0x3e | 0x64..=0x67 | 0xf2 | 0xf3);
    let first = bytes.iter().find(|byte| !is_prefix(byte));
    first.is_some_and(|byte| byte & 0xf0 == 0x40)
}

/// Reports whether an operand is the register AL, which some forms imply.
pub(super) fn names_al(p: &Prog) -> bool {
    p.from.reg == Reg::AL || p.to.reg == Reg::AL
}

fn fill_nops(bytes: &mut Vec<u8>, mut n: usize) {
    while n > 0 {
        let len = n.min(NOPS.len());
        bytes.extend_from_slice(NOPS[len - 1]);
        n -= len;
    }
}

/// Returns the index of the conditional jump that is fused with the item `first`, by the rules of Intel's
/// optimization manual, 3.4.2.2. Prefixes that are written as instructions belong to the pair.
fn fused_until(f: &FuncText, items: &[Item], first: usize) -> Option<usize> {
    let prog = |index: usize| items.get(index).map(|item| &f[item.id]);
    let skip_data = |mut index: usize| {
        while prog(index).is_some_and(|p| matches!(p.as_, As::PCDATA | As::FUNCDATA)) {
            index += 1;
        }
        index
    };
    let mut index = first;
    if matches!(prog(index)?.as_, As::XRELEASE | As::XACQUIRE) {
        index = skip_data(index + 1);
    }
    if prog(index)?.as_ == As::LOCK {
        index = skip_data(index + 1);
    }
    let p = prog(index)?;
    let fusion = Fusion::of(p)?;
    if fusion != Fusion::IncDec && !has_fusable_operands(p) {
        return None;
    }
    index += 1;
    while prog(index).is_some_and(|p| matches!(p.as_, As::PCDATA | As::FUNCDATA | As::NOP)) {
        index += 1;
    }
    fusion.fits(prog(index)?.as_).then_some(index)
}

/// The kinds of instructions that processors fuse with a conditional jump.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fusion {
    CmpAddSub,
    TestAnd,
    IncDec,
}

impl Fusion {
    fn of(p: &Prog) -> Option<Fusion> {
        Some(match p.as_ {
            As::CMPB | As::CMPW | As::CMPL | As::CMPQ => Fusion::CmpAddSub,
            As::ADDB | As::ADDW | As::ADDL | As::ADDQ => Fusion::CmpAddSub,
            As::SUBB | As::SUBW | As::SUBL | As::SUBQ => Fusion::CmpAddSub,
            As::TESTB | As::TESTW | As::TESTL | As::TESTQ => Fusion::TestAnd,
            As::ANDB | As::ANDW | As::ANDL | As::ANDQ => Fusion::TestAnd,
            As::INCB | As::INCW | As::INCL | As::INCQ => Fusion::IncDec,
            As::DECB | As::DECW | As::DECL | As::DECQ => Fusion::IncDec,
            _ => return None,
        })
    }

    /// Reports whether a jump is fused with such an instruction: not for flags that the instruction doesn't set or
    /// that processors don't fuse.
    fn fits(self, jump: As) -> bool {
        match jump {
            As::JEQ | As::JNE | As::JLT | As::JGE | As::JLE | As::JGT => true,
            As::JCS | As::JCC | As::JHI | As::JLS => self != Fusion::IncDec,
            As::JOS | As::JOC | As::JMI | As::JPL | As::JPS | As::JPC => self == Fusion::TestAnd,
            _ => false,
        }
    }
}

/// Reports whether the operands are a register with a register, constant or memory, or memory with a register. The
/// order of CMP's operands is reversed.
fn has_fusable_operands(p: &Prog) -> bool {
    let is_cmp = matches!(p.as_, As::CMPB | As::CMPW | As::CMPL | As::CMPQ);
    let (one, two) = if is_cmp {
        (p.from.kind, p.to.kind)
    } else {
        (p.to.kind, p.from.kind)
    };
    matches!(
        (one, two),
        (
            AddrKind::Reg,
            AddrKind::Reg | AddrKind::Const | AddrKind::Mem
        ) | (AddrKind::Mem, AddrKind::Reg)
    )
}

/// Reports an instruction that can't be encoded, in gc's words where gc has a message, after the faults found
/// `before`.
fn report(
    before: Vec<Fault>,
    fault: Fault,
    f: &FuncText,
    id: ProgId,
    unit: &Unit,
    errors: &mut Vec<String>,
) {
    // gc reports constants that no instruction takes each time it looks at an operand, with its number of their kind.
    // It doesn't look at operands after these faults:
    let at_once = matches!(
        fault,
        Fault::Gather(_) | Fault::MissingOp | Fault::ThreadBase
    );
    let p = &f[id];
    let rest = f.rest(p);
    let again = rest.first().filter(|_| fault == Fault::Invalid);
    for a in [&p.from, &p.to].into_iter().chain(rest).chain(again) {
        let kind = match a.kind {
            _ if at_once => break,
            AddrKind::FConst => 5,
            AddrKind::SConst => 6,
            _ => continue,
        };
        let text = print::addr_string(f, a, unit.syms);
        errors.push(format!("unexpected addr1: type={kind} {text}"));
    }
    for fault in before.into_iter().chain([fault]) {
        errors.extend(message(fault, f, id, unit));
    }
}

/// Returns gc's message about a fault; none about constants, which are reported before.
fn message(fault: Fault, f: &FuncText, id: ProgId, unit: &Unit) -> Option<String> {
    let text = print::prog_string(f, id, unit);
    Some(match fault {
        Fault::Constant => return None,
        Fault::Invalid => {
            let hint = operand_hint(f, id, unit);
            let name = match unit.dialect.assembly.names_functions {
                true => format!("{}: ", unit.syms.name(f.sym)),
                false => String::new(),
            };
            format!("{name}invalid instruction: {text}\n\thint: {hint}")
        }
        Fault::MissingOp if f[id].as_ == As::PCALIGN => {
            format!("asmins: missing op {text}\n\thint: Go 1.27 pads code: -go 1.27")
        }
        Fault::MissingOp => format!("asmins: missing op {text}"),
        Fault::Only386 => format!("asmins: illegal in 64-bit mode: {text}"),
        Fault::OffsetTooLarge => format!("offset too large in {text}"),
        Fault::BadIndex { scale, index, base } => {
            let [index, base] = match unit.dialect.assembly.names_functions {
                true => [index, base].map(register_name),
                false => [index, base].map(|reg| reg.gc_number().to_string()),
            };
            format!("asmidx: bad address {scale}/{index}/{base}")
        }
        Fault::BadAddr(a) => format!(
            "asmand: bad address {}",
            print::addr_string(f, &a, unit.syms)
        ),
        Fault::Vector(words) | Fault::Gather(words) => format!("{words}: {text}"),
        Fault::ThreadBase => "unknown TLS base register for linux with -shared".to_owned(),
        Fault::NarrowThreadBase => format!("invalid load of TLS: {text}"),
        Fault::OffsetInTable => format!("{text} has offset against gotref"),
        Fault::NoTarget => "call without target".to_owned(),
        Fault::NeedsReloc(a) => {
            let text = print::addr_string(f, &a, unit.syms);
            format!("need reloc for {text}\nasm: reloc")
        }
    })
}
