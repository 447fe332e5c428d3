//! Listings: what `-S` prints for a symbol.
//!
//! A header, for a function its instructions, then the bytes in rows of sixteen, then the relocations by
//! offset. Source: gc obj/objfile.go, writeSymDebugNamed.

use std::fmt::Write;

use minigo_base::sort::sort;

use crate::func_text::FuncText;
use crate::lsym::LSym;
use crate::print::{Place, push_ascii, write_prog};
use crate::reloc::RelocKind;
use crate::sym::{Attrs, SymKind};
use crate::unit::Unit;

/// Appends the listing of a symbol to `out`.
pub fn write_symbol(out: &mut String, s: &LSym, unit: &Unit) {
    // About what is needed: four bytes an instruction, and lines as long as usual.
    let per_byte = if s.text.is_some() { 18 } else { 5 };
    out.reserve(200 + per_byte * s.data.len() + 40 * s.relocs.len());
    header(out, s, unit);
    if let Some(f) = &s.text {
        let mut place = Place::default();
        for (_, p) in f.iter() {
            push_offset(out, p.pc);
            out.push(' ');
            write_prog(out, f, p, unit, &mut place);
            out.push('\n');
        }
    }
    rows(out, &s.data);
    let mut relocs: Vec<_> = s.relocs.iter().collect();
    // Relocations without a place of their own share offset 0; Go's sort is not stable.
    sort(&mut relocs, |a, b| a.off < b.off);
    for reloc in relocs {
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
            reloc_number(reloc.kind, unit),
            reloc.add
        );
    }
}

/// The number of a relocation kind in the version's list.
fn reloc_number(kind: RelocKind, unit: &Unit) -> u8 {
    let number = match kind {
        RelocKind::NONE => 0,
        RelocKind::ADDR => 1,
        RelocKind::ADDROFF => 5,
        RelocKind::WEAKADDROFF => 6,
        RelocKind::CALL => 8,
        RelocKind::CALLIND => 11,
        RelocKind::PCREL => 16,
        RelocKind::TLS_LE => 17,
        RelocKind::TLS_IE => 18,
        RelocKind::USETYPE => 24,
        RelocKind::GOTPCREL => 27,
        RelocKind::DWARFSECREF => 29,
        RelocKind::DWARFFILEREF => 30,
    };
    const CALLRISCV: u8 = 14;
    if !unit.dialect.riscv_relocs && number > CALLRISCV {
        number - 1
    } else {
        number
    }
}

fn header(out: &mut String, s: &LSym, unit: &Unit) {
    if let Some(sym) = s.sym {
        out.push_str(unit.syms.name(sym));
        out.push(' ');
    }
    if s.kind != SymKind::Sxxx {
        let _ = write!(out, "{} ", s.kind);
    }
    for (attr, name) in [
        (Attrs::STATIC, "static "),
        (Attrs::DUPOK, "dupok "),
        (Attrs::CFUNC, "cfunc "),
        (Attrs::NOSPLIT, "nosplit "),
        (Attrs::TOPFRAME, "topframe "),
    ] {
        if s.attrs.has(attr) {
            out.push_str(name);
        }
    }
    let _ = write!(out, "size={}", s.size);
    if let Some(f) = &s.text {
        // gc sets the sizes when it makes the frame, which a function without instructions has not.
        let (args, locals) = match f[FuncText::TEXT].link() {
            Some(_) => (i64::from(f.args_size), i64::from(f.frame_size as i32)),
            None => (0, 0),
        };
        let _ = write!(out, " args={args:#x} locals={locals:#x}");
        if s.attrs.has(Attrs::LEAF) {
            out.push_str(" leaf");
        }
    }
    out.push('\n');
}

/// Bytes in a row.
const ROW: usize = 16;

/// Where a row has its bytes in hexadecimal, where as text, and about where it ends.
const ROW_HEX: usize = "\t0x0000".len();
const ROW_ASCII: usize = ROW_HEX + ROW * " 00".len() + "  ".len();
const ROW_TEXT: usize = ROW_ASCII + ROW + "\n".len();

/// The bytes in rows of sixteen, in hexadecimal and as text.
fn rows(out: &mut String, data: &[u8]) {
    for (row, bytes) in data.chunks(ROW).enumerate() {
        push_offset(out, (row * ROW) as u32);
        let mut text = [b' '; ROW_TEXT - ROW_HEX];
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

/// An offset at the start of a line.
fn push_offset(out: &mut String, offset: u32) {
    let n_digits = (u32::BITS - offset.leading_zeros()).div_ceil(4).max(4);
    let mut text = *b"\t0x00000000";
    for digit in 0..n_digits {
        text[(2 + n_digits - digit) as usize] = DIGITS[(offset >> (4 * digit) & 15) as usize];
    }
    push_ascii(out, &text[..3 + n_digits as usize]);
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";
