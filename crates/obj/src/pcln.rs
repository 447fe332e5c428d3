//! Per-function pc tables for tracebacks: stack depth, file, line and inlined call.
//!
//! A table is a sequence of pairs of varints: the change of the value (zigzag, from -1), then the number of
//! bytes of code for which the new value holds. A change of zero ends the table. Source: gc obj/pcln.go, linkpcln.

use std::collections::BTreeMap;

use minigo_base::Pos;
use serde::{Deserialize, Serialize};

use crate::amd64::As;
use crate::func_text::FuncText;
use crate::print;
use crate::sym::Sym;
use crate::unit::{InlinedCall, Unit};

/// One inlined call of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InlinedNode {
    /// The call that contains this one, as an index into [`Pcln::inline_tree`].
    pub parent: Option<u32>,
    /// The function that was expanded.
    pub func: Sym,
    /// The file of the call, as an index into [`Pcln::files`].
    pub file: u32,
    /// The line of the call, line directives applied.
    pub line: u32,
    /// The file of the function's beginning, as an index into [`Pcln::files`]; none if it is not known.
    pub start_file: Option<u32>,
    /// The line of the function's beginning, line directives applied; 0 if it is not known.
    pub start_line: u32,
    /// The offset of the instruction that stands for the call site; [`Self::NO_PC`] for versions that have none.
    pub parent_pc: u32,
}

impl InlinedNode {
    /// The `parent_pc` of versions that only have `parent`, `file` and `line`.
    pub const NO_PC: u32 = u32::MAX;
}

/// The tables of a function.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Pcln {
    /// Bytes of parameters and results; [`FuncText::ARGS_SIZE_UNKNOWN`] if assembly doesn't state it.
    pub args_size: i32,
    /// Bytes of the frame, the saved BP included.
    pub frame_size: i32,
    /// The bytes between SP and the return address, by pc.
    #[serde(with = "serde_bytes")]
    pub sp: Vec<u8>,
    /// The index in `files`, by pc.
    #[serde(with = "serde_bytes")]
    pub file: Vec<u8>,
    /// The line with line directives applied, by pc.
    #[serde(with = "serde_bytes")]
    pub line: Vec<u8>,
    /// The index in `inline_tree` or -1, by pc. Empty without inlined calls.
    #[serde(with = "serde_bytes")]
    pub inline: Vec<u8>,
    /// Names of the function's files, as listings print them.
    pub files: Vec<Box<str>>,
    /// The inlined calls; outer ones come first.
    pub inline_tree: Vec<InlinedNode>,
    /// For each of them, its index in [`Unit::inlined_calls`]. Not stored.
    #[serde(skip)]
    pub inlined_calls: Vec<u32>,
    /// The line of the function's beginning, line directives applied.
    pub start_line: u32,
    /// The offset in the table [`Self::arg_live`] of the map of arguments that are in memory, or -1, by pc. Empty if all
    /// are there.
    #[serde(with = "serde_bytes")]
    pub live_args: Vec<u8>,
    /// The table of the places of arguments, in versions that have it.
    pub arg_info: Option<Sym>,
    /// The table of maps of arguments.
    pub arg_live: Option<Sym>,
}

impl Pcln {
    /// Returns the tables of an assembled function of `size` bytes. Requires the `pc` of all instructions.
    pub(crate) fn new(f: &FuncText, size: u32, unit: &Unit) -> Pcln {
        let positions = unit.files;
        let mut values = Values {
            unit,
            local: BTreeMap::new(),
            tree: Vec::new(),
            calls: Vec::new(),
            files: Vec::new(),
        };
        let [mut sp, mut file, mut line, mut inline, mut live_args] =
            [(); 5].map(|()| Table::default());
        let tables = unit.dialect.argument_tables;
        let (mut live, mut has_live_args) = (-1, false);
        let (mut arg_info, mut arg_live) = (None, None);
        let (mut depth, mut file_index, mut line_number) = (0, -1, -1);
        // Neighbours usually have the same base.
        let mut file_base = None;
        let (mut call, mut call_base) = (-1, None);
        let mut next = Some(FuncText::TEXT);
        while let Some(id) = next {
            let p = &f[id];
            next = p.link();
            if !matches!(p.as_, As::TEXT | As::NOP) && p.pos.line() != 0 {
                let (name, number) = positions.file_line(p.pos);
                line_number = number as i32;
                if file_base.replace(p.pos.base()) != Some(p.pos.base()) {
                    file_index = values.file(name);
                }
            }
            if call_base.replace(p.pos.base()) != Some(p.pos.base()) {
                call = values.inlined_call(p.pos);
            }
            // Zero-size instructions have no pc of their own.
            if next.is_none_or(|next| f[next].pc != p.pc) {
                sp.put(p.pc, depth);
                file.put(p.pc, file_index);
                line.put(p.pc, line_number);
                inline.put(p.pc, call);
                if tables.is_some() {
                    live_args.put(p.pc, live);
                }
            }
            depth += p.spadj;
            match (p.as_, &tables) {
                (As::PCDATA, Some(tables)) if p.from.offset == tables.live_pcdata => {
                    live = p.to.offset as i32;
                    has_live_args = true;
                }
                (As::FUNCDATA, Some(tables)) if p.from.offset == tables.info_funcdata => {
                    arg_info = p.to.name.sym();
                }
                (As::FUNCDATA, Some(tables)) if p.from.offset == tables.live_funcdata => {
                    arg_live = p.to.name.sym();
                }
                _ => {}
            }
        }
        for &(id, call) in f.inline_marks() {
            // The inlined body may have no instructions left.
            if let Some(&local) = values.local.get(&call) {
                values.tree[local as usize].parent_pc = f[id].pc;
            }
        }
        let has_inlined_calls = !values.tree.is_empty();
        Pcln {
            args_size: f.args_size,
            frame_size: f.frame_size.max(0) as i32,
            sp: sp.finish(size),
            file: file.finish(size),
            line: line.finish(size),
            inline: if has_inlined_calls {
                inline.finish(size)
            } else {
                Vec::new()
            },
            files: values.files.into_iter().map(Box::from).collect(),
            inline_tree: values.tree,
            inlined_calls: values.calls,
            start_line: match f.pos().line() {
                0 => 0,
                _ => positions.file_line(f.pos()).1,
            },
            live_args: if has_live_args {
                live_args.finish(size)
            } else {
                Vec::new()
            },
            arg_info,
            arg_live,
        }
    }
}

impl Pcln {
    /// The values of [`Self::sp`], each with the offset up to which it holds.
    pub fn stack_depths(&self) -> impl Iterator<Item = (u32, i32)> {
        let mut pc = 0;
        values(&self.sp).map(move |(value, length)| {
            pc += length;
            (pc, value)
        })
    }
}

/// Returns gc's messages about FUNCDATA indices that a function has more than once, and, where gc gives up, about tables
/// that don't begin at their symbol.
pub fn table_mistakes(f: &FuncText, unit: &Unit) -> Vec<String> {
    let mut seen = Vec::new();
    let mut messages = Vec::new();
    for (_, p) in f.iter().filter(|(_, p)| p.as_ == As::FUNCDATA) {
        let index = p.from.offset;
        if index >= 0 && seen.contains(&index) {
            messages.push(format!("multiple definitions for FUNCDATA ${index}"));
        }
        seen.push(index);
    }
    if unit.dialect.assembly.checks_tables {
        let mut tables = f.iter().filter(|(_, p)| p.as_ == As::FUNCDATA);
        if let Some((id, _)) = tables.find(|(_, p)| p.to.offset != 0) {
            let text = print::prog_string(f, id, unit);
            messages.push(format!("bad funcdata: {text}"));
        }
    }
    messages
}

/// The values of a table, each with the number of bytes of code for which it holds.
pub fn values(table: &[u8]) -> impl Iterator<Item = (i32, u32)> {
    let mut rest = table;
    let mut value = -1i32;
    let mut is_first = true;
    std::iter::from_fn(move || {
        let may_end = !std::mem::take(&mut is_first);
        let change = read_varint(&mut rest).filter(|&change| change != 0 || !may_end)?;
        value = value.wrapping_add((change >> 1) as i32 ^ -((change & 1) as i32));
        Some((value, read_varint(&mut rest)?))
    })
}

/// The function's files and inlined calls, numbered in order of first use.
struct Values<'a> {
    unit: &'a Unit<'a>,
    /// The index in `tree` of each of the package's inlined calls.
    local: BTreeMap<u32, u32>,
    tree: Vec<InlinedNode>,
    /// The number of each among the package's.
    calls: Vec<u32>,
    files: Vec<&'a str>,
}

impl<'a> Values<'a> {
    fn file(&mut self, name: &'a str) -> i32 {
        let known = self.files.iter().rposition(|known| *known == name);
        let index = known.unwrap_or_else(|| {
            self.files.push(name);
            self.files.len() - 1
        });
        index as i32
    }

    /// The number of the inlined call at a position, -1 for none.
    fn inlined_call(&mut self, pos: Pos) -> i32 {
        match self.unit.files.base(pos.base()).inlined {
            Some(call) => self.node(call) as i32,
            None => -1,
        }
    }

    fn node(&mut self, call: u32) -> u32 {
        if let Some(&known) = self.local.get(&call) {
            return known;
        }
        let InlinedCall {
            parent,
            pos,
            func,
            declared,
        } = self.unit.inlined_calls[call as usize];
        let parent = parent.map(|parent| self.node(parent));
        let (file, line) = self.unit.files.file_line(pos);
        let file = self.file(file) as u32;
        let (start_file, start_line) = match declared.line() {
            0 => (None, 0),
            _ => {
                let (name, line) = self.unit.files.file_line(declared);
                let known = self.files.iter().position(|known| *known == name);
                (known.map(|index| index as u32), line)
            }
        };
        let index = self.tree.len() as u32;
        self.tree.push(InlinedNode {
            parent,
            func,
            file,
            line,
            start_file,
            start_line,
            parent_pc: match self.unit.dialect.inline_marks {
                true => 0,
                false => InlinedNode::NO_PC,
            },
        });
        self.calls.push(call);
        self.local.insert(call, index);
        index
    }
}

/// The bytes of a table that most functions don't exceed.
const USUAL_LEN: usize = 32;

/// A table that is being written.
pub(crate) struct Table {
    bytes: Vec<u8>,
    value: i32,
    /// The pc from which the value holds.
    pc: u32,
}

impl Default for Table {
    fn default() -> Self {
        Table {
            bytes: Vec::new(),
            value: -1,
            pc: 0,
        }
    }
}

impl Table {
    /// Sets the value from `pc` on.
    #[inline]
    pub(crate) fn put(&mut self, pc: u32, value: i32) {
        // It is mostly the same as before.
        if value != self.value || self.bytes.is_empty() {
            self.change(pc, value);
        }
    }

    fn change(&mut self, pc: u32, value: i32) {
        if self.bytes.is_empty() {
            self.bytes.reserve(USUAL_LEN);
        } else {
            write_varint(&mut self.bytes, pc - self.pc);
            self.pc = pc;
        }
        let change = value.wrapping_sub(self.value);
        write_varint(&mut self.bytes, (change << 1 ^ change >> 31) as u32);
        self.value = value;
    }

    pub(crate) fn finish(mut self, size: u32) -> Vec<u8> {
        if !self.bytes.is_empty() {
            write_varint(&mut self.bytes, size - self.pc);
            self.bytes.push(0);
        }
        self.bytes
    }
}

/// Appends an unsigned number in groups of seven bits, the lowest first.
pub fn write_varint(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

/// Takes such a number from the front of `bytes`; returns none at their end.
fn read_varint(bytes: &mut &[u8]) -> Option<u32> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_holds_changes_and_lengths() {
        let mut table = Table::default();
        for (pc, value) in [(0, 0), (4, 24), (9, 24), (200, 0)] {
            table.put(pc, value);
        }
        // +1 for 4 bytes, +24 for 196, -24 for 10.
        let sp = table.finish(210);
        assert_eq!(sp, [2, 4, 48, 0xc4, 1, 47, 10, 0]);
        let pcln = Pcln {
            sp,
            ..Pcln::default()
        };
        let depths: Vec<_> = pcln.stack_depths().collect();
        assert_eq!(depths, [(4, 0), (200, 24), (210, 0)]);
        assert_eq!(Table::default().finish(7), []);
        // Nothing for 4 bytes, 0 for 3: only a later change of zero is the end.
        assert_eq!(
            values(&[0, 4, 2, 3, 0]).collect::<Vec<_>>(),
            [(-1, 4), (0, 3)]
        );
    }
}
