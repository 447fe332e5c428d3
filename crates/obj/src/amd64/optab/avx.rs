//! The notation of instructions with VEX and EVEX prefixes.
//!
//! The forms of a group differ only in the vector length. A group is written as the operands and the opcode:
//!
//! ```text
//! (VADDPD, both("Wv Hv Vv", "xy 66 0F 58", "xyz 66 W 0F 58 nv b8 kz r"))
//! ```
//!
//! An operand is a letter for its place, which implies its kind, as in the opcode map of the processor
//! manuals, and one for its size. Places: `W` vector register or memory in ModRM.rm, `U` register in
//! ModRM.rm, `V` register in ModRM.reg, `H` register in VEX.vvvv, `L` register in the last byte; `E` `R` `G`
//! `B` the same for general registers, in this order: ModRM.rm with and without memory, ModRM.reg,
//! VEX.vvvv; `M` memory, `A` memory with a vector as index, `T` a list of four registers in EVEX.vvvv, `K` a
//! mask that must be there, `i` an unsigned byte, `s` a signed or unsigned byte. Sizes: `v` the vector
//! length, `h` half of it (but no less than 128 bits), `x` `y` `z` 128, 256 and 512 bits, `k` a mask
//! register, `d` a general register.
//!
//! An opcode begins with its vector lengths. Then follow, as in the other tables, prefixes, `W`, map, opcode and
//! digit. Then, for EVEX: `n` and the unit of a one-byte displacement in bytes, or `v` `h` `q` `e` for the vector
//! length, half, a quarter or an eighth of it; `b4` or `b8` for the bytes that can be broadcast; `k` if a mask may
//! precede the last operand, `kz` if zeroing is allowed too; `r` for rounding and `s` for suppression of exceptions
//! at the greatest length.

use super::{Class, Encoding, Form, Imm, Op, hex};
use crate::amd64::As;

/// The forms of one mnemonic in match order.
#[derive(Clone, Copy)]
pub(super) struct Forms {
    list: [Form; Forms::MAX],
    len: usize,
}

/// Rows of one of the tables.
pub(super) type AvxRows = &'static [(As, Forms)];

/// Forms for the same operands with VEX and, where these don't match, with EVEX prefix.
pub(super) const fn both(args: &str, vex_op: &str, evex_op: &str) -> Forms {
    vex(args, vex_op).evex(args, evex_op)
}

/// Forms with VEX prefix.
pub(super) const fn vex(args: &str, op: &str) -> Forms {
    Forms::NONE.vex(args, op)
}

/// Forms with EVEX prefix.
pub(super) const fn evex(args: &str, op: &str) -> Forms {
    Forms::NONE.evex(args, op)
}

impl Forms {
    const MAX: usize = 12;

    const NONE: Forms = Forms {
        list: [Form::NONE; Forms::MAX],
        len: 0,
    };

    /// Adds forms with VEX prefix.
    pub(super) const fn vex(self, args: &str, op: &str) -> Forms {
        self.add(Encoding::Vex, args, op)
    }

    /// Adds forms with EVEX prefix.
    pub(super) const fn evex(self, args: &str, op: &str) -> Forms {
        self.add(Encoding::Evex, args, op)
    }

    const fn add(mut self, encoding: Encoding, args: &str, op: &str) -> Forms {
        let text = op.as_bytes();
        let mut n = 0;
        while text[n] != b' ' {
            n += 1;
        }
        let mut i = 0;
        while i < n {
            let length = text[i] - b'x';
            self.list[self.len] = form(encoding, length, i + 1 == n, args.as_bytes(), text);
            self.len += 1;
            i += 1;
        }
        self
    }
}

/// The form of one vector length: 0, 1, 2 for 128, 256 and 512 bits.
const fn form(encoding: Encoding, length: u8, greatest: bool, args: &[u8], text: &[u8]) -> Form {
    let mut form = opcode(text).form(&[]);
    form.encoding = encoding;
    form.length = length;
    let (mut i, mut n) = (0, 0);
    while i < args.len() {
        let size = if i + 1 < args.len() {
            args[i + 1]
        } else {
            b' '
        };
        let place = args[i];
        form = operand(form, n, place, size);
        n += 1;
        i += if size == b' ' { 2 } else { 3 };
    }
    form.n_args = n;
    flags(form, greatest, text)
}

/// Adds an operand to a form.
const fn operand(mut form: Form, n: u8, place: u8, size: u8) -> Form {
    let evex = matches!(form.encoding, Encoding::Evex);
    let bits = match size {
        b'v' => form.length,
        b'h' => form.length.saturating_sub(1),
        b'x' | b'y' | b'z' => size - b'x',
        _ => 0,
    };
    form.args[n as usize] = match (place, size) {
        (b'W', b'k') => Class::Km,
        (b'U' | b'V' | b'H', b'k') => Class::K,
        (b'E', _) => Class::Ml,
        (b'R' | b'G' | b'B', _) => Class::Rl,
        (b'M', _) => Class::M,
        (b'K', _) => Class::Kn,
        (b'i', _) => Class::U8,
        (b's', _) => Class::Ui8,
        (b'T', _) if bits == 0 => Class::X4,
        (b'T', _) => Class::Z4,
        (b'A', _) => match (bits, evex) {
            (0, false) => Class::XVm,
            (0, true) => Class::XVmE,
            (1, false) => Class::YVm,
            (1, true) => Class::YVmE,
            _ => Class::ZVm,
        },
        (b'W', _) => match (bits, evex) {
            (0, false) => Class::Xm,
            (0, true) => Class::XmE,
            (1, false) => Class::Ym,
            (1, true) => Class::YmE,
            _ => Class::Zm,
        },
        _ => match (bits, evex) {
            (0, false) => Class::Xr,
            (0, true) => Class::XrE,
            (1, false) => Class::Yr,
            (1, true) => Class::YrE,
            _ => Class::Zr,
        },
    };
    match place {
        b'W' | b'U' | b'E' | b'R' | b'M' | b'A' => form.rm = n,
        b'V' | b'G' => form.reg = n,
        b'H' | b'B' | b'T' => form.vvvv = n,
        b'L' => form.last = n,
        b'K' => form.mask = n,
        b'i' | b's' => form = form.with_imm(Imm::Byte, n),
        _ => panic!("unknown place"),
    }
    form
}

/// The opcode between the vector lengths and the flags.
const fn opcode(text: &[u8]) -> Op {
    let mut op = Op::NONE;
    let mut bytes = [0; 8];
    let mut n = 0;
    let mut i = 0;
    while i < text.len() {
        match text[i] {
            b'W' => op.wide = true,
            b'/' => {
                op.digit = text[i + 1] - b'0';
                i += 1;
            }
            b'0'..=b'9' | b'A'..=b'F' if i > 0 && (text[i - 1] == b' ') => {
                bytes[n] = hex(text[i]) << 4 | hex(text[i + 1]);
                n += 1;
                i += 1;
            }
            _ => {}
        }
        i += 1;
    }
    op.with_bytes(&bytes, n)
}

/// Parses the flags after the opcode of an EVEX form.
const fn flags(mut form: Form, greatest: bool, text: &[u8]) -> Form {
    let mut i = 1;
    while i < text.len() {
        if text[i - 1] == b' ' {
            let next = if i + 1 < text.len() {
                text[i + 1]
            } else {
                b' '
            };
            match text[i] {
                b'n' => form.disp_unit = disp_unit(form.length, next, text, i + 1),
                b'b' => form.broadcast = next - b'0',
                b'k' => {
                    form.maskable = true;
                    form.zeroing = next == b'z';
                }
                b'r' => form.rounding = greatest,
                b's' => form.sae = greatest,
                _ => {}
            }
        }
        i += 1;
    }
    form
}

/// The unit of a one-byte displacement in bytes: relative to the vector length, or the number at `i`.
const fn disp_unit(length: u8, first: u8, text: &[u8], mut i: usize) -> u8 {
    let whole = 16 << length;
    match first {
        b'v' => whole,
        b'h' => whole / 2,
        b'q' => whole / 4,
        b'e' => whole / 8,
        _ => {
            let mut unit = 0;
            while i < text.len() && text[i] != b' ' {
                unit = unit * 10 + (text[i] - b'0');
                i += 1;
            }
            unit
        }
    }
}

/// The number of forms of all rows.
pub(super) const fn count(rows: AvxRows) -> usize {
    let (mut n, mut row) = (0, 0);
    while row < rows.len() {
        n += rows[row].1.len;
        row += 1;
    }
    n
}

/// The forms of all rows in order; `N` is their number.
pub(super) const fn flatten<const N: usize>(rows: AvxRows) -> [Form; N] {
    let mut all = [Form::NONE; N];
    let (mut n, mut row) = (0, 0);
    while row < rows.len() {
        let mut i = 0;
        while i < rows[row].1.len {
            all[n] = rows[row].1.list[i];
            n += 1;
            i += 1;
        }
        row += 1;
    }
    all
}

/// Sets the entry of each row's mnemonic to its forms, which are in `all`.
pub(super) const fn enter(
    mut table: [&'static [Form]; As::COUNT],
    rows: AvxRows,
    mut all: &'static [Form],
) -> [&'static [Form]; As::COUNT] {
    let mut row = 0;
    while row < rows.len() {
        let (as_, forms) = &rows[row];
        let (here, rest) = all.split_at(forms.len);
        assert!(table[*as_ as usize].is_empty(), "a mnemonic has one row");
        table[*as_ as usize] = here;
        all = rest;
        row += 1;
    }
    table
}
