//! The text of instructions and operands, as listings and messages print them.
//!
//! Source: gc obj/util.go, WriteDconv.

use std::fmt::Write;

use minigo_base::unicode::quote;
use minigo_base::{Pos, PosTable};

use crate::amd64::opcode::As;
use crate::amd64::suffix;
use crate::func_text::FuncText;
use crate::prog::{Addr, AddrKind, NameKind, Prog, ProgId};
use crate::sym::{Attrs, SymTable};
use crate::unit::Unit;

/// The text of the position that was printed last: most instructions share it with the one before.
#[derive(Default)]
pub(crate) struct PositionText {
    pos: Pos,
    text: String,
}

/// Returns an instruction with its offset and position, as messages show it.
pub(crate) fn prog_string(f: &FuncText, id: ProgId, unit: &Unit) -> String {
    any_prog_string(f, &f[id], unit)
}

/// Returns an instruction that names variables of `f`, but may not be in it, like [`prog_string`].
pub(crate) fn any_prog_string(f: &FuncText, p: &Prog, unit: &Unit) -> String {
    let mut text = String::new();
    write_prog(&mut text, f, p, unit, &mut PositionText::default());
    text
}

/// Returns the text of an operand.
pub(crate) fn addr_string(f: &FuncText, a: &Addr, syms: &SymTable) -> String {
    let mut text = String::new();
    write_addr(&mut text, f, None, a, syms);
    text
}

/// `00004 (file:line)\tMNEMONIC\toperands`.
pub(crate) fn write_prog(
    out: &mut String,
    f: &FuncText,
    p: &Prog,
    unit: &Unit,
    position: &mut PositionText,
) {
    push_decimal(out, u64::from(p.pc), 5);
    out.push_str(" (");
    position.write(out, p.pos, unit.files);
    out.push_str(")\t");
    write_instruction(out, f, p, unit.syms);
}

impl PositionText {
    /// Appends a position. In an inlined body, that is a position in the innermost inlined function.
    pub(crate) fn write(&mut self, out: &mut String, pos: Pos, files: &PosTable) {
        if self.text.is_empty() || !self.pos.same_file_and_line(pos) {
            self.pos = pos;
            self.text.clear();
            let base = files.base(pos.base());
            if pos.is_known() && base.pos.base() == pos.base() {
                self.text.push_str(&base.filename);
                self.text.push(':');
                push_decimal(&mut self.text, u64::from(pos.line()), 1);
            } else {
                self.text = files.format(pos, false, true);
            }
        }
        out.push_str(&self.text);
    }
}

/// `MNEMONIC\toperands`.
pub(crate) fn write_instruction(out: &mut String, f: &FuncText, p: &Prog, syms: &SymTable) {
    out.push_str(p.as_.name());
    if p.suffix != 0 {
        out.push('.');
        out.push_str(suffix::name(p.suffix));
    }
    let mut separator = "\t";
    let mut next = |out: &mut String| {
        out.push_str(separator);
        separator = ", ";
    };
    if p.as_ == As::TEXT {
        next(out);
        write_addr(out, f, Some(p), &p.from, syms);
        if f.attrs != Attrs::NONE {
            next(out);
            let _ = write!(out, "{}", f.attrs);
        }
        next(out);
        let _ = write!(out, "${}", f.frame_size);
        if f.args_size != FuncText::ARGS_SIZE_UNKNOWN {
            let _ = write!(out, "-{}", f.args_size);
        }
        return;
    }
    let rest = f.rest(p);
    for a in std::iter::once(&p.from).chain(rest).chain([&p.to]) {
        if a.is_some() {
            next(out);
            write_addr(out, f, Some(p), a, syms);
        }
    }
}

fn write_addr(out: &mut String, f: &FuncText, p: Option<&Prog>, a: &Addr, syms: &SymTable) {
    match a.kind {
        AddrKind::None => {}
        AddrKind::Reg if a.offset != 0 => {
            let _ = write!(out, "${},{}", a.offset, a.reg);
        }
        AddrKind::Reg => out.push_str(a.reg.name()),
        AddrKind::Branch => match (a.name.sym(), p.and_then(|p| p.target.expand())) {
            (Some(sym), _) => {
                out.push_str(syms.name(sym));
                out.push_str("(SB)");
            }
            (None, Some(target)) => push_int(out, i64::from(f[target].pc)),
            (None, None) => {
                push_int(out, a.offset);
                out.push_str("(PC)");
            }
        },
        AddrKind::Indir => {
            out.push('*');
            write_name(out, f, a, syms);
        }
        AddrKind::Mem => {
            write_name(out, f, a, syms);
            if a.index.is_some() {
                out.push('(');
                out.push_str(a.index.name());
                if a.scale != 0 {
                    out.push('*');
                    push_int(out, i64::from(a.scale));
                }
                out.push(')');
            }
        }
        AddrKind::Const => {
            out.push('$');
            write_name(out, f, a, syms);
            if a.reg.is_some() {
                let _ = write!(out, "({})", a.reg);
            }
        }
        AddrKind::FConst => {
            out.push_str("$(");
            push_float(out, f64::from_bits(a.offset as u64));
            out.push(')');
        }
        AddrKind::SConst => {
            let text = a.name.local().map_or("", |local| f.local_name(local));
            let _ = write!(out, "${}", quote(text.as_bytes()));
        }
        // The offset in the callee, which the compiler's DUFFZERO and DUFFCOPY imply.
        AddrKind::Addr
            if p.is_some_and(|p| matches!(p.as_, As::DUFFZERO | As::DUFFCOPY) && p.to == *a) =>
        {
            let _ = write!(out, "${}", a.offset);
        }
        AddrKind::Addr => {
            out.push('$');
            write_name(out, f, a, syms);
        }
        AddrKind::RegList => {
            let _ = write!(out, "[{}-{}]", a.reg, a.index);
        }
    }
}

/// `name+offset(base)`. The base is implied by the kind of name unless the operand has another.
fn write_name(out: &mut String, f: &FuncText, a: &Addr, syms: &SymTable) {
    let name = a.name;
    let local = name.local();
    if local.is_some_and(|local| f.is_own_local(local)) {
        out.push_str(syms.own_prefix());
    }
    let local = || local.map_or("", |local| f.local_name(local));
    let mut named = |text: &str, mark: &str, after: &str, default: &str| {
        out.push_str(text);
        out.push_str(mark);
        if a.offset != 0 {
            if a.offset > 0 {
                out.push('+');
            }
            push_int(out, a.offset);
        }
        out.push_str(after);
        out.push('(');
        out.push_str(if a.reg.is_some() {
            a.reg.name()
        } else {
            default
        });
        out.push(')');
    };
    let symbol = || name.sym().map_or("", |sym| syms.name(sym));
    match name.kind() {
        NameKind::None => {
            if a.reg.is_none() {
                push_int(out, a.offset);
                return;
            }
            if a.offset != 0 {
                push_int(out, a.offset);
            }
            out.push('(');
            out.push_str(a.reg.name());
            out.push(')');
        }
        NameKind::Extern => named(symbol(), "", "", "SB"),
        NameKind::Static => named(symbol(), "<>", "", "SB"),
        NameKind::GotRef => named(symbol(), "", "@GOT", "SB"),
        NameKind::Auto => named(local(), "", "", "SP"),
        NameKind::Param => named(local(), "", "", "FP"),
    }
}

pub(crate) fn push_int(out: &mut String, value: i64) {
    if value < 0 {
        out.push('-');
    }
    push_decimal(out, value.unsigned_abs(), 1);
}

/// Like C's `%.17g`, but always with a point or an exponent.
fn push_float(out: &mut String, value: f64) {
    let digits = format!("{value:.16e}");
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| {
        let text = text.trim_end_matches('0');
        text.strip_suffix('.').unwrap_or(text).to_owned()
    };
    if (-5..17).contains(&exponent) {
        let decimals = (16 - exponent).max(0) as usize;
        let fixed = format!("{value:.decimals$}");
        let fixed = if fixed.contains('.') {
            trim(&fixed)
        } else {
            fixed
        };
        out.push_str(&fixed);
        if !fixed.contains('.') {
            out.push_str(".0");
        }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "{}e{sign}{:02}", trim(mantissa), exponent.abs());
    }
}

/// Appends a decimal number with at least `width` digits.
pub(crate) fn push_decimal(out: &mut String, value: u64, width: usize) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value);
    for _ in digits.len()..width {
        out.push('0');
    }
    out.push_str(digits);
}

pub(crate) fn push_ascii(out: &mut String, text: &[u8]) {
    out.push_str(std::str::from_utf8(text).unwrap_or_default());
}
