//! The table of instruction forms: the operands of every mnemonic and their encoding.
//!
//! A mnemonic has a list of [`Form`]s; the first one whose classes accept all operands is encoded. This order is part
//! of Go's assembler language: it decides between equivalent encodings (gc: asm6.go, optab and the ytabs). Forms are
//! written in the notation of the processor manuals, `"66 W 0F 38 F6/2"`, with one letter per operand for its place
//! in the encoding (see [`Form::new`]). They are parsed while this crate is compiled; at run time the table is
//! constant data.
//!
//! An operand has a set of classes: `$0` is a byte, an int32 and an int64 at once. The set is a mask of [`Class`]
//! bits, and a form matches if each operand's mask has the bit of the form's class.

mod avx;
mod avx2;
mod class;
mod float;
mod integer;
mod mask;
mod packed;
mod sse;
mod system;
mod uses;
mod x87;

use super::As;

pub use class::Class;
pub(super) use class::{MEM, REG_CLASSES, UNUSED, int_classes};
pub(super) use uses::{Memory, Use};

/// The immediate after ModRM and displacement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Imm {
    /// None.
    None,
    /// One byte.
    Byte,
    /// Two bytes.
    Word,
    /// Four bytes.
    Long,
}

/// The opcode map, selected by escape bytes before the opcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Map {
    /// No escape byte.
    One,
    /// `0F`.
    X0f,
    /// `0F 38`.
    X0f38,
    /// `0F 3A`.
    X0f3a,
}

/// Forms that are more than opcode, ModRM and immediate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Special {
    /// Nothing special.
    None,
    /// No bytes at all.
    Pseudo,
    /// A conditional jump. The opcode is the short one; the long one is `0F` and the short one plus 16.
    Jcc,
    /// JMP inside the function, or to another one.
    Jmp,
    /// A jump that only has a short form.
    Loop,
    /// XBEGIN, which only has a long form.
    Xbegin,
    /// CALL of a function.
    Call,
    /// CALL of an address in a register or memory, which is marked for the linker.
    CallReg,
    /// CALL of the function that a pointer in memory points to.
    CallIndir,
    /// CALL or JMP to an absolute address.
    CallConst,
    /// Data: the bytes are the only operand, and the opcode is their number.
    Data,
    /// A call into the middle of a runtime function that clears or copies, with BP saved around it.
    Duff,
    /// MOVQ of a constant that is not a signed 32-bit integer.
    MovQuad,
    /// FLDENV, for which gc takes the address from the destination.
    NoAddress,
}

/// The encoding of prefixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Encoding {
    /// As bytes, with REX where it is needed.
    Legacy,
    /// Folded into a prefix of two or three bytes.
    Vex,
    /// Folded into a prefix of four bytes, with masks, broadcast and rounding.
    Evex,
}

/// No operand in that place.
pub(super) const NO_ARG: u8 = 0xff;

/// One form of a mnemonic: its operands and its encoding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// The class of each operand; there are `n_args`.
    pub args: [Class; 5],
    pub n_args: u8,
    /// The deviation from the regular pattern.
    pub special: Special,
    /// Prefixes before REX, in this order: 66, then F2 or F3; 0 for none.
    pub prefixes: [u8; 2],
    pub map: Map,
    pub opcode: u8,
    /// A byte after the opcode, if there is no ModRM.
    pub suffix: Option<u8>,
    /// The operand in ModRM.reg; [`NO_ARG`] for `digit`.
    pub reg: u8,
    /// ModRM.reg if it isn't an operand. Numbers above 7 set REX.R.
    pub digit: u8,
    /// The operand in ModRM.rm; [`NO_ARG`] if there is no ModRM.
    pub rm: u8,
    /// The register that is added to the opcode.
    pub plus: u8,
    pub imm: Imm,
    /// The operand that is the immediate.
    pub imm_arg: u8,
    /// 64-bit operands: REX.W.
    pub wide: bool,
    /// General registers stand for their low bytes and print as these.
    pub byte_regs: bool,
    /// The same for the first operand only.
    pub byte_from: bool,
    /// The form exists on 386 only.
    pub only_386: bool,
    pub encoding: Encoding,
    /// The vector length: 0, 1, 2 for 128, 256 and 512 bits.
    pub length: u8,
    /// The operand in VEX.vvvv.
    pub vvvv: u8,
    /// The register in the upper half of the last byte.
    pub last: u8,
    /// The operand that is a required mask.
    pub mask: u8,
    /// A mask may precede the last operand.
    pub maskable: bool,
    /// With a mask, elements may be zeroed.
    pub zeroing: bool,
    pub rounding: bool,
    /// Exceptions may be suppressed.
    pub sae: bool,
    /// The number of bytes that can be broadcast; 0 if none can be.
    pub broadcast: u8,
    /// The unit of a one-byte displacement, in bytes.
    pub disp_unit: u8,
}

impl Form {
    /// No operands and no bytes.
    const NONE: Form = Op::NONE.form(&[]);

    /// Returns a form, given its operand classes, the place of each operand, and its opcode.
    ///
    /// `places` has one letter per operand: `m` ModRM.rm, `r` ModRM.reg, `o` added to the opcode, `*` both ModRM.rm
    /// and ModRM.reg, `b` `w` `z` an immediate of a byte, two bytes, or four (two after prefix 66), `-` implied by
    /// the opcode. `op` is the opcode as in the manuals: prefixes, `W` for REX.W, escape bytes, opcode and `/digit`.
    /// `B` marks byte registers (`B<` only in the first operand), `!` marks a form that 64-bit mode doesn't have.
    const fn new(args: &[Class], places: &str, op: &str) -> Form {
        Op::parse(op).of(args, places)
    }

    /// Returns a form that the encoder treats specially.
    const fn special(args: &[Class], special: Special, op: &str) -> Form {
        Op::parse(op).form(args).with_special(special)
    }

    /// Reports whether gc has this form in a separate table, which ignores suffixes and compares all operands: moves
    /// of system registers and double shifts (gc: asm6.go, ymovtab).
    pub(super) fn is_move(&self) -> bool {
        let is_system = |class: &Class| (Class::Seg..=Class::Task).contains(class);
        self.args[..usize::from(self.n_args)].iter().any(is_system)
            || self.map == Map::X0f && matches!(self.opcode, 0xa4 | 0xa5 | 0xac | 0xad)
    }

    /// Returns the same form, but treated specially by the encoder.
    const fn with_special(mut self, special: Special) -> Form {
        self.special = special;
        self
    }

    const fn with_imm(mut self, imm: Imm, arg: u8) -> Form {
        self.imm = imm;
        self.imm_arg = arg;
        self
    }
}

/// A parsed opcode. See [`Form::new`] for its text.
#[derive(Clone, Copy)]
struct Op {
    prefixes: [u8; 2],
    wide: bool,
    map: Map,
    opcode: u8,
    suffix: Option<u8>,
    digit: u8,
    byte_regs: bool,
    byte_from: bool,
    only_386: bool,
}

impl Op {
    /// Returns an opcode without any parts.
    const NONE: Op = Op {
        prefixes: [0; 2],
        wide: false,
        map: Map::One,
        opcode: 0,
        suffix: None,
        digit: 0,
        byte_regs: false,
        byte_from: false,
        only_386: false,
    };

    const fn parse(text: &str) -> Op {
        let mut op = Op::NONE;
        let text = text.as_bytes();
        let mut bytes = [0; 8];
        let mut n = 0;
        let mut i = 0;
        while i < text.len() {
            let next = if i + 1 < text.len() {
                text[i + 1]
            } else {
                b' '
            };
            match text[i] {
                b' ' => {}
                b'W' => op.wide = true,
                b'!' => op.only_386 = true,
                b'/' => {
                    op.digit = next - b'0';
                    i += 1;
                }
                b'B' if next == b'<' => {
                    op.byte_from = true;
                    i += 1;
                }
                b'B' if next == b' ' => op.byte_regs = true,
                _ => {
                    bytes[n] = hex(text[i]) << 4 | hex(next);
                    n += 1;
                    i += 1;
                }
            }
            i += 1;
        }
        op.with_bytes(&bytes, n)
    }

    /// Splits `n` bytes into prefixes, escapes, opcode and suffix: the opcode is the first byte that is
    /// neither, or the last.
    const fn with_bytes(mut self, bytes: &[u8; 8], n: usize) -> Op {
        let mut i = 0;
        if i + 1 < n && bytes[i] == 0x66 {
            self.prefixes[0] = 0x66;
            i += 1;
        }
        if i + 1 < n && (bytes[i] == 0xf2 || bytes[i] == 0xf3) {
            self.prefixes[1] = bytes[i];
            i += 1;
        }
        if i + 1 < n && bytes[i] == 0x0f {
            self.map = Map::X0f;
            i += 1;
            if i + 1 < n && bytes[i] == 0x38 {
                self.map = Map::X0f38;
                i += 1;
            } else if i + 1 < n && bytes[i] == 0x3a {
                self.map = Map::X0f3a;
                i += 1;
            }
        }
        self.opcode = bytes[i];
        if i + 1 < n {
            self.suffix = Some(bytes[i + 1]);
            i += 1;
        }
        assert!(n == 0 || i + 1 == n, "bytes after the opcode");
        self
    }

    /// Returns the same prefixes and map with another opcode.
    const fn opcode(mut self, opcode: u8) -> Op {
        self.opcode = opcode;
        self
    }

    /// Returns the same with another digit.
    const fn digit(mut self, digit: u8) -> Op {
        self.digit = digit;
        self
    }

    /// Returns the same opcode in map `0F`.
    const fn x0f(mut self) -> Op {
        self.map = Map::X0f;
        self
    }

    /// Returns the form with this opcode; see [`Form::new`].
    const fn of(self, args: &[Class], places: &str) -> Form {
        let mut form = self.form(args);
        assert!(places.len() == args.len(), "a place for each operand");
        let mut i = 0;
        while i < args.len() {
            let arg = i as u8;
            match places.as_bytes()[i] {
                b'm' => form.rm = arg,
                b'r' => form.reg = arg,
                b'o' => form.plus = arg,
                b'*' => {
                    form.rm = arg;
                    form.reg = arg;
                }
                b'b' => form = form.with_imm(Imm::Byte, arg),
                b'w' => form = form.with_imm(Imm::Word, arg),
                b'z' if form.prefixes[0] == 0x66 => form = form.with_imm(Imm::Word, arg),
                b'z' => form = form.with_imm(Imm::Long, arg),
                b'-' => {}
                _ => panic!("unknown place"),
            }
            i += 1;
        }
        form
    }

    /// Returns a form whose operands have no places.
    const fn form(self, args: &[Class]) -> Form {
        let mut classes = [Class::M; 5];
        let mut i = 0;
        while i < args.len() {
            classes[i] = args[i];
            i += 1;
        }
        Form {
            args: classes,
            n_args: args.len() as u8,
            special: Special::None,
            prefixes: self.prefixes,
            map: self.map,
            opcode: self.opcode,
            suffix: self.suffix,
            reg: NO_ARG,
            digit: self.digit,
            rm: NO_ARG,
            plus: NO_ARG,
            imm: Imm::None,
            imm_arg: NO_ARG,
            wide: self.wide,
            byte_regs: self.byte_regs,
            byte_from: self.byte_from,
            only_386: self.only_386,
            encoding: Encoding::Legacy,
            length: 0,
            vvvv: NO_ARG,
            last: NO_ARG,
            mask: NO_ARG,
            maskable: false,
            zeroing: false,
            rounding: false,
            sae: false,
            broadcast: 0,
            disp_unit: 1,
        }
    }
}

const fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'A'..=b'F' => digit - b'A' + 10,
        _ => panic!("not a hexadecimal digit"),
    }
}

/// Rows of one of the tables: a mnemonic and its forms in match order.
type Rows = &'static [(As, &'static [Form])];

/// The forms of every mnemonic, by its number; none for mnemonics without forms.
static OPTAB: [&[Form]; As::COUNT] = {
    let mut table: [&[Form]; As::COUNT] = [&[]; As::COUNT];
    let groups: [Rows; 4] = [integer::ROWS, system::ROWS, sse::ROWS, x87::ROWS];
    let mut group = 0;
    while group < groups.len() {
        let rows = groups[group];
        let mut row = 0;
        while row < rows.len() {
            let (as_, forms) = rows[row];
            assert!(table[as_ as usize].is_empty(), "a mnemonic has one row");
            table[as_ as usize] = forms;
            row += 1;
        }
        group += 1;
    }
    table = avx::enter(table, mask::ROWS, &MASK);
    table = avx::enter(table, avx2::ROWS, &AVX2);
    table = avx::enter(table, float::ROWS, &FLOAT);
    avx::enter(table, packed::ROWS, &PACKED)
};

static MASK: [Form; avx::count(mask::ROWS)] = avx::flatten(mask::ROWS);
static AVX2: [Form; avx::count(avx2::ROWS)] = avx::flatten(avx2::ROWS);
static FLOAT: [Form; avx::count(float::ROWS)] = avx::flatten(float::ROWS);
static PACKED: [Form; avx::count(packed::ROWS)] = avx::flatten(packed::ROWS);

/// The operands and suffixes of a form, for messages and for generators of tests.
#[derive(Clone, Copy, Debug)]
pub struct FormOperands {
    /// The class of each operand.
    pub classes: &'static [Class],
    /// A mask register other than K0 may precede the last operand.
    pub maskable: bool,
    /// The suffix `Z` is allowed.
    pub zeroing: bool,
    /// The suffixes of rounding are allowed.
    pub rounding: bool,
    /// The suffix `SAE` is allowed.
    pub sae: bool,
    /// The suffix `BCST` is allowed.
    pub broadcast: bool,
}

/// The operands and suffixes of each form of a mnemonic, in match order.
pub fn operand_forms(as_: As) -> impl Iterator<Item = FormOperands> {
    forms(as_).iter().map(|form| FormOperands {
        classes: &form.args[..usize::from(form.n_args)],
        maskable: form.maskable,
        zeroing: form.zeroing,
        rounding: form.rounding,
        sae: form.sae,
        broadcast: form.broadcast != 0,
    })
}

/// The forms of a mnemonic in match order; none if it isn't supported.
pub(super) fn forms(as_: As) -> &'static [Form] {
    OPTAB[as_.index()]
}

/// The only form of a mnemonic without operands.
const fn none(op: &str) -> [Form; 1] {
    [Form::new(&[], "", op)]
}

/// A form of one operand in ModRM.rm.
const fn rm(class: Class, op: &str) -> [Form; 1] {
    [Form::new(&[class], "m", op)]
}

/// From ModRM.rm to ModRM.reg.
const fn load(from: Class, to: Class, op: &str) -> [Form; 1] {
    [Form::new(&[from, to], "mr", op)]
}

/// From ModRM.reg to ModRM.rm.
const fn store(from: Class, to: Class, op: &str) -> [Form; 1] {
    [Form::new(&[from, to], "rm", op)]
}

/// Byte operands, for templates that add the opcode.
const B: &str = "B 00";
/// Two-byte operands.
const W: &str = "66 00";
/// Four-byte operands.
const L: &str = "00";
/// Eight-byte operands.
const Q: &str = "W 00";
