//! Listings: the rows of a function as data, and the text that `-S` prints for a symbol.
//!
//! [`rows`] gives each instruction of a function with its place, position, bytes and relocations. [`write_symbol`] prints
//! a header, for a function these rows, then the bytes in rows of sixteen, then the relocations by offset. Source: gc
//! obj/objfile.go, writeSymDebugNamed.
//!
//! ```
//! # use minigo_base::{Pos, PosTable};
//! # use minigo_obj::{dialect::GO1_15, list::rows, *};
//! let mut syms = SymTable::new();
//! let mut f = FuncText::new(syms.own("one"), Attrs::NOSPLIT, Pos::NONE);
//! f.append(As::MOVL, Addr::imm(1), Addr::reg(Reg::AX), Pos::NONE);
//! f.append(As::RET, Addr::NONE, Addr::NONE, Pos::NONE);
//!
//! let files = PosTable::default();
//! let symbol = assemble(f, &Unit::new(&syms, &files, &GO1_15)).expect("valid instructions");
//! let rows: Vec<_> = rows(&symbol).map(|row| (row.pc, row.text(&syms), row.bytes)).collect();
//! assert_eq!(rows[1], (0, "MOVL\t$1, AX".to_owned(), &[0xb8, 1, 0, 0, 0][..]));
//! assert_eq!(rows[2], (5, "RET".to_owned(), &[0xc3][..]));
//! ```

use std::fmt::Write;

use minigo_base::sort::{pdqsort, sort};
use minigo_base::{Pos, PosTable};

use crate::dialect::{Dialect, HeaderField};
use crate::func_text::FuncText;
use crate::lsym::LSym;
use crate::print::{PositionText, push_ascii, write_instruction, write_prog};
use crate::prog::{Prog, ProgId};
use crate::reloc::{Reloc, RelocKind};
use crate::sym::{Attrs, Sym, SymKind, SymTable};
use crate::unit::Unit;

/// Appends the listing of a symbol to `out`.
pub fn write_symbol(out: &mut String, s: &LSym, unit: &Unit) {
    write_annotated(out, s, unit, |_, _| {});
}

/// Appends the listing of a symbol to `out`. `annotate` may append to each row before its newline.
pub fn write_annotated(
    out: &mut String,
    s: &LSym,
    unit: &Unit,
    mut annotate: impl FnMut(&mut String, &Row),
) {
    // About what is needed: four bytes an instruction, and lines as long as usual.
    let per_byte = if s.text.is_some() { 18 } else { 5 };
    out.reserve(200 + per_byte * s.data.len() + 40 * s.relocs.len());
    header(out, s, unit);
    let mut position = PositionText::default();
    for row in rows(s) {
        push_offset(out, row.pc);
        out.push(' ');
        write_prog(out, row.function, row.instruction, unit, &mut position);
        annotate(out, &row);
        out.push('\n');
    }
    write_data(out, &s.data);
    for reloc in sorted_relocs(s, unit.dialect) {
        let name = match reloc.sym {
            Some(sym) => unit.syms.name(sym),
            None if reloc.kind == RelocKind::TLS_LE => "TLS",
            None => "",
        };
        let _ = writeln!(
            out,
            "\trel {}+{} t={} {name}+{}",
            reloc.off,
            reloc.siz,
            (unit.dialect.reloc_name)(reloc.kind),
            reloc.add
        );
    }
}

/// One instruction of an assembled function: a line of its listing.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    /// The function's symbol.
    pub symbol: Sym,
    /// Offset of the first byte in the symbol. Listings print it twice, in hexadecimal and decimal.
    pub pc: u32,
    /// The position in the source; [`PosTable`] knows file and line.
    pub pos: Pos,
    /// The instruction in the function.
    pub id: ProgId,
    /// Mnemonic and operands.
    pub instruction: &'a Prog,
    /// The bytes of the instruction, with relocated fields zero. Annotations such as PCDATA have none.
    pub bytes: &'a [u8],
    /// The relocations in the bytes; offsets are relative to the symbol.
    pub relocs: &'a [Reloc],
    /// The function, which knows the names of operands and the targets of branches.
    pub function: &'a FuncText,
}

impl Row<'_> {
    /// The instruction as listings print it: mnemonic, a tab, and operands.
    pub fn text(&self, syms: &SymTable) -> String {
        let mut text = String::new();
        write_instruction(&mut text, self.function, self.instruction, syms);
        text
    }

    /// The position as listings print it: `file:line`.
    pub fn position(&self, files: &PosTable) -> String {
        let mut text = String::new();
        PositionText::default().write(&mut text, self.pos, files);
        text
    }
}

/// The rows of an assembled function, in order; none of other symbols.
pub fn rows(s: &LSym) -> Rows<'_> {
    Rows {
        symbol: s,
        next: s.text.as_ref().map(|_| FuncText::TEXT),
        relocs: &s.relocs,
    }
}

/// An iterator over the rows of a function, made by [`rows`].
pub struct Rows<'a> {
    symbol: &'a LSym,
    next: Option<ProgId>,
    /// The relocations of the rows to come. Those of a function are in the order of its code.
    relocs: &'a [Reloc],
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        let function = self.symbol.text.as_deref()?;
        let id = self.next?;
        let instruction = &function[id];
        self.next = instruction.link();
        let pc = instruction.pc;
        let data = &self.symbol.data;
        let end = match self.next {
            Some(next) => function[next].pc,
            None => data.len() as u32,
        };
        let in_row = self.relocs.iter().take_while(|reloc| reloc.off < end);
        let (relocs, later) = self.relocs.split_at(in_row.count());
        self.relocs = later;
        Some(Row {
            symbol: function.sym,
            pc,
            pos: instruction.pos,
            id,
            instruction,
            bytes: data.get(pc as usize..end as usize).unwrap_or_default(),
            relocs,
            function,
        })
    }
}

/// The relocations of a symbol in the order in which listings print them: by offset.
pub fn sorted_relocs<'a>(s: &'a LSym, dialect: &Dialect) -> Vec<&'a Reloc> {
    let mut relocs: Vec<_> = s.relocs.iter().collect();
    // Relocations without a place of their own share offset 0; Go's sort is not stable.
    let before = |a: &&Reloc, b: &&Reloc| a.off < b.off;
    match dialect.pattern_defeating_sort {
        true => pdqsort(&mut relocs, before),
        false => sort(&mut relocs, before),
    }
    relocs
}

/// The number of functions that tracebacks leave out (gc: abi/symtab.go, FuncIDWrapper).
const FUNC_ID_WRAPPER: u32 = 0x17;

/// Returns the number of a function's role for the runtime; 0 for most functions (gc: objabi/funcid.go, GetFuncID).
fn func_id(s: &LSym, unit: &Unit) -> u32 {
    if s.attrs.has(Attrs::WRAPPER) || s.attrs.has(Attrs::ABI_WRAPPER) {
        return FUNC_ID_WRAPPER;
    }
    let name = s.sym.map_or("", |sym| unit.syms.name(sym));
    let Some(name) = name.strip_prefix("runtime.") else {
        return 0;
    };
    let mut ids = unit.dialect.func_ids.iter();
    ids.find(|(known, _)| *known == name)
        .map_or(0, |&(_, id)| id)
}

fn header(out: &mut String, s: &LSym, unit: &Unit) {
    // gc sets the sizes when it makes the frame, which a function without instructions doesn't have.
    let sizes = s.text.as_ref().map(|f| match f[FuncText::TEXT].link() {
        Some(_) => (i64::from(f.args_size), i64::from(f.frame_size as i32)),
        None => (0, 0),
    });
    for (index, &field) in unit.dialect.header.iter().enumerate() {
        let end = out.len();
        if index > 0 {
            out.push(' ');
        }
        let before = out.len();
        match (field, sizes) {
            (HeaderField::Name, _) => out.push_str(s.sym.map_or("", |sym| unit.syms.name(sym))),
            (HeaderField::Kind, _) if s.kind != SymKind::Sxxx => {
                let _ = write!(out, "{}", s.kind);
                let is_fips = |sym| unit.syms.is_fips(sym, s.kind);
                if unit.dialect.assembly.fips_kinds && s.sym.is_some_and(is_fips) {
                    out.push_str("FIPS");
                }
            }
            (HeaderField::Attribute(attr, word), _) if s.attrs.has(attr) => out.push_str(word),
            (HeaderField::HandWritten, Some(_)) if unit.hand_written => out.push_str("asm"),
            (HeaderField::Size, _) => {
                let _ = write!(out, "size={}", s.size);
            }
            (HeaderField::Align, _) => {
                let _ = write!(out, "align={:#x}", s.align);
            }
            (HeaderField::Args, Some((args, _))) => {
                let _ = write!(out, "args={args:#x}");
            }
            (HeaderField::Locals, Some((_, locals))) => {
                let _ = write!(out, "locals={locals:#x}");
            }
            (HeaderField::FuncId, Some(_)) => {
                let _ = write!(out, "funcid={:#x}", func_id(s, unit));
            }
            (HeaderField::Leaf, Some(_)) if s.attrs.has(Attrs::LEAF) => out.push_str("leaf"),
            _ => {}
        }
        if out.len() == before {
            out.truncate(end);
        }
    }
    out.push('\n');
}

/// Bytes in a row of data.
const ROW: usize = 16;

/// The columns where the bytes of a row begin in hexadecimal and as text, and where the row ends.
const ROW_HEX: usize = "\t0x0000".len();
const ROW_ASCII: usize = ROW_HEX + ROW * " 00".len() + "  ".len();
const ROW_END: usize = ROW_ASCII + ROW + "\n".len();

/// Appends the bytes in rows of sixteen, in hexadecimal and as text.
fn write_data(out: &mut String, data: &[u8]) {
    for (row, bytes) in data.chunks(ROW).enumerate() {
        push_offset(out, (row * ROW) as u32);
        let mut text = [b' '; ROW_END - ROW_HEX];
        for (i, &byte) in bytes.iter().enumerate() {
            text[3 * i + 1] = DIGITS[usize::from(byte >> 4)];
            text[3 * i + 2] = DIGITS[usize::from(byte & 15)];
            text[ROW_ASCII - ROW_HEX + i] = match byte {
                b' '..=b'~' => byte,
                _ => b'.',
            };
        }
        let end = ROW_ASCII - ROW_HEX + bytes.len();
        text[end] = b'\n';
        push_ascii(out, &text[..=end]);
    }
}

/// Appends an offset at the start of a line.
fn push_offset(out: &mut String, offset: u32) {
    let n_digits = (u32::BITS - offset.leading_zeros()).div_ceil(4).max(4);
    out.push_str("\t0x");
    for digit in (0..n_digits).rev() {
        out.push(char::from(DIGITS[(offset >> (4 * digit) & 15) as usize]));
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";
