//! Integer instructions: moves, arithmetic, logic, shifts, bits, jumps, strings and the stack.

use super::Class::*;
use super::{B, Form, L, Op, Q, Rows, Special, W, load, none, rm, store};
use crate::amd64::As::*;

/// ADD, OR, ADC, SBB, AND, SUB and XOR of bytes, which only differ in a number.
const fn alu8(n: u8) -> [Form; 4] {
    let op = Op::parse(B);
    [
        op.opcode(n << 3 | 4).of(&[I32, Al], "b-"),
        op.opcode(0x80).digit(n).of(&[I32, Mb], "bm"),
        op.opcode(n << 3).of(&[Rb, Mb], "rm"),
        op.opcode(n << 3 | 2).of(&[Mb, Rb], "mr"),
    ]
}

/// The same for larger operands. `size` has the prefix.
const fn alu(size: &str, n: u8) -> [Form; 5] {
    let op = Op::parse(size);
    [
        op.opcode(0x83).digit(n).of(&[I8, Ml], "bm"),
        op.opcode(n << 3 | 5).of(&[I32, Ax], "z-"),
        op.opcode(0x81).digit(n).of(&[I32, Ml], "zm"),
        op.opcode(n << 3 | 1).of(&[Rl, Ml], "rm"),
        op.opcode(n << 3 | 3).of(&[Ml, Rl], "mr"),
    ]
}

/// CMP: the operands print in the order of the comparison, so the second is the immediate.
const fn cmp(size: &str) -> [Form; 5] {
    let op = Op::parse(size);
    [
        op.opcode(0x83).digit(7).of(&[Ml, I8], "mb"),
        op.opcode(0x3d).of(&[Ax, I32], "-z"),
        op.opcode(0x81).digit(7).of(&[Ml, I32], "mz"),
        op.opcode(0x39).of(&[Ml, Rl], "mr"),
        op.opcode(0x3b).of(&[Rl, Ml], "rm"),
    ]
}

const fn test(size: &str) -> [Form; 4] {
    let op = Op::parse(size);
    [
        op.opcode(0xa9).of(&[I32, Ax], "z-"),
        op.opcode(0xf7).of(&[I32, Ml], "zm"),
        op.opcode(0x85).of(&[Rl, Ml], "rm"),
        op.opcode(0x85).of(&[Ml, Rl], "mr"),
    ]
}

/// Shifts and rotations of bytes, which only differ in the digit.
const fn shift8(n: u8) -> [Form; 3] {
    let op = Op::parse(B).digit(n);
    [
        op.opcode(0xd0).of(&[I1, Mb], "-m"),
        op.opcode(0xc0).of(&[U8, Mb], "bm"),
        op.opcode(0xd2).of(&[Cx, Mb], "-m"),
    ]
}

/// The same for larger operands.
const fn shift(size: &str, n: u8) -> [Form; 3] {
    let op = Op::parse(size).digit(n);
    [
        op.opcode(0xd1).of(&[I1, Ml], "-m"),
        op.opcode(0xc1).of(&[U8, Ml], "bm"),
        op.opcode(0xd3).of(&[Cx, Ml], "-m"),
    ]
}

/// SHL and SHR, which also shift bits in from a third operand with opcode `0F` `double`.
const fn shift_double(size: &str, n: u8, double: u8) -> [Form; 5] {
    let [one, constant, count] = shift(size, n);
    let op = Op::parse(size).x0f();
    [
        one,
        constant,
        count,
        op.opcode(double).of(&[I8, Rl, Ml], "brm"),
        op.opcode(double + 1).of(&[Cx, Rl, Ml], "-rm"),
    ]
}

/// BT, BTS, BTR and BTC: by constant with the digit, by register with an opcode of their own.
const fn bit_test(size: &str, n: u8) -> [Form; 2] {
    let op = Op::parse(size).x0f();
    [
        op.opcode(0xba).digit(n).of(&[I8, Ml], "bm"),
        op.opcode(0x83 | n << 3).of(&[Rl, Ml], "rm"),
    ]
}

const fn imul(size: &str) -> [Form; 4] {
    let op = Op::parse(size);
    [
        op.opcode(0xf7).digit(5).of(&[Ml], "m"),
        op.opcode(0x6b).of(&[I8, Rl], "b*"),
        op.opcode(0x69).of(&[I32, Rl], "z*"),
        op.x0f().opcode(0xaf).of(&[Ml, Rl], "mr"),
    ]
}

const fn imul3(size: &str) -> [Form; 2] {
    let op = Op::parse(size);
    [
        op.opcode(0x6b).of(&[I8, Ml, Rl], "bmr"),
        op.opcode(0x69).of(&[I32, Ml, Rl], "zmr"),
    ]
}

const fn xchg(size: &str) -> [Form; 4] {
    let op = Op::parse(size);
    [
        op.opcode(0x90).of(&[Ax, Rl], "-o"),
        op.opcode(0x90).of(&[Rl, Ax], "o-"),
        op.opcode(0x87).of(&[Rl, Ml], "rm"),
        op.opcode(0x87).of(&[Ml, Rl], "mr"),
    ]
}

/// A number before the target says whether the jump is likely. It is not encoded.
const fn jcc(op: &str) -> [Form; 3] {
    [
        Form::special(&[Br], Special::Jcc, op),
        Form::special(&[I0, Br], Special::Jcc, op),
        Form::special(&[I1, Br], Special::Jcc, op),
    ]
}

const fn loop_(op: &str) -> [Form; 1] {
    [Form::special(&[Br], Special::Loop, op)]
}

/// The callee and the offset in it.
const fn duff() -> [Form; 2] {
    [
        Form::special(&[I32], Special::Duff, "E8"),
        Form::special(&[IAddr], Special::Duff, "E8"),
    ]
}

const fn data(bytes: &str) -> [Form; 1] {
    [Form::special(&[I64], Special::Data, bytes)]
}

pub(super) const ROWS: Rows = &[
    (ADDB, &alu8(0)),
    (ADDW, &alu(W, 0)),
    (ADDL, &alu(L, 0)),
    (ADDQ, &alu(Q, 0)),
    (ORB, &alu8(1)),
    (ORW, &alu(W, 1)),
    (ORL, &alu(L, 1)),
    (ORQ, &alu(Q, 1)),
    (ADCB, &alu8(2)),
    (ADCW, &alu(W, 2)),
    (ADCL, &alu(L, 2)),
    (ADCQ, &alu(Q, 2)),
    (SBBB, &alu8(3)),
    (SBBW, &alu(W, 3)),
    (SBBL, &alu(L, 3)),
    (SBBQ, &alu(Q, 3)),
    (ANDB, &alu8(4)),
    (ANDW, &alu(W, 4)),
    (ANDL, &alu(L, 4)),
    (ANDQ, &alu(Q, 4)),
    (SUBB, &alu8(5)),
    (SUBW, &alu(W, 5)),
    (SUBL, &alu(L, 5)),
    (SUBQ, &alu(Q, 5)),
    (XORB, &alu8(6)),
    (XORW, &alu(W, 6)),
    (XORL, &alu(L, 6)),
    (XORQ, &alu(Q, 6)),
    (
        CMPB,
        &[
            Form::new(&[Al, I32], "-b", "B 3C"),
            Form::new(&[Mb, I32], "mb", "B 80/7"),
            Form::new(&[Mb, Rb], "mr", "B 38"),
            Form::new(&[Rb, Mb], "rm", "B 3A"),
        ],
    ),
    (CMPW, &cmp(W)),
    (CMPL, &cmp(L)),
    (CMPQ, &cmp(Q)),
    (
        TESTB,
        &[
            Form::new(&[I32, Al], "b-", "B A8"),
            Form::new(&[I32, Mb], "bm", "B F6/0"),
            Form::new(&[Rb, Mb], "rm", "B 84"),
            Form::new(&[Mb, Rb], "mr", "B 84"),
        ],
    ),
    (TESTW, &test(W)),
    (TESTL, &test(L)),
    (TESTQ, &test(Q)),
    (INCB, &rm(Mb, "B FE/0")),
    (INCW, &rm(Ml, "66 FF/0")),
    (INCL, &rm(Ml, "FF/0")),
    (INCQ, &rm(Ml, "W FF/0")),
    (DECB, &rm(Mb, "B FE/1")),
    (DECW, &rm(Ml, "66 FF/1")),
    (DECL, &rm(Ml, "FF/1")),
    (DECQ, &rm(Ml, "W FF/1")),
    (NEGB, &rm(Mb, "B F6/3")),
    (NEGW, &rm(Mb, "66 F7/3")),
    (NEGL, &rm(Mb, "F7/3")),
    (NEGQ, &rm(Mb, "W F7/3")),
    (NOTB, &rm(Mb, "B F6/2")),
    (NOTW, &rm(Mb, "66 F7/2")),
    (NOTL, &rm(Mb, "F7/2")),
    (NOTQ, &rm(Mb, "W F7/2")),
    (ROLB, &shift8(0)),
    (ROLW, &shift(W, 0)),
    (ROLL, &shift(L, 0)),
    (ROLQ, &shift(Q, 0)),
    (RORB, &shift8(1)),
    (RORW, &shift(W, 1)),
    (RORL, &shift(L, 1)),
    (RORQ, &shift(Q, 1)),
    (RCLB, &shift8(2)),
    (RCLW, &shift(W, 2)),
    (RCLL, &shift(L, 2)),
    (RCLQ, &shift(Q, 2)),
    (RCRB, &shift8(3)),
    (RCRW, &shift(W, 3)),
    (RCRL, &shift(L, 3)),
    (RCRQ, &shift(Q, 3)),
    (SALB, &shift8(4)),
    (SALW, &shift(W, 4)),
    (SALL, &shift(L, 4)),
    (SALQ, &shift(Q, 4)),
    (SARB, &shift8(7)),
    (SARW, &shift(W, 7)),
    (SARL, &shift(L, 7)),
    (SARQ, &shift(Q, 7)),
    (SHLB, &shift8(4)),
    (SHLW, &shift_double(W, 4, 0xa4)),
    (SHLL, &shift_double(L, 4, 0xa4)),
    (SHLQ, &shift_double(Q, 4, 0xa4)),
    (SHRB, &shift8(5)),
    (SHRW, &shift_double(W, 5, 0xac)),
    (SHRL, &shift_double(L, 5, 0xac)),
    (SHRQ, &shift_double(Q, 5, 0xac)),
    (MULB, &rm(Mb, "B F6/4")),
    (MULW, &rm(Ml, "66 F7/4")),
    (MULL, &rm(Ml, "F7/4")),
    (MULQ, &rm(Ml, "W F7/4")),
    (DIVB, &rm(Mb, "B F6/6")),
    (DIVW, &rm(Ml, "66 F7/6")),
    (DIVL, &rm(Ml, "F7/6")),
    (DIVQ, &rm(Ml, "W F7/6")),
    (IDIVB, &rm(Mb, "B F6/7")),
    (IDIVW, &rm(Ml, "66 F7/7")),
    (IDIVL, &rm(Ml, "F7/7")),
    (IDIVQ, &rm(Ml, "W F7/7")),
    (IMULB, &rm(Mb, "B F6/5")),
    (IMULW, &imul(W)),
    (IMULL, &imul(L)),
    (IMULQ, &imul(Q)),
    (IMUL3W, &imul3(W)),
    (IMUL3L, &imul3(L)),
    (IMUL3Q, &imul3(Q)),
    (BTW, &bit_test(W, 4)),
    (BTL, &bit_test(L, 4)),
    (BTQ, &bit_test(Q, 4)),
    (BTSW, &bit_test(W, 5)),
    (BTSL, &bit_test(L, 5)),
    (BTSQ, &bit_test(Q, 5)),
    (BTRW, &bit_test(W, 6)),
    (BTRL, &bit_test(L, 6)),
    (BTRQ, &bit_test(Q, 6)),
    (BTCW, &bit_test(W, 7)),
    (BTCL, &bit_test(L, 7)),
    (BTCQ, &bit_test(Q, 7)),
    (ADCXL, &load(Ml, Rl, "66 0F 38 F6")),
    (ADCXQ, &load(Ml, Rl, "66 W 0F 38 F6")),
    (ADOXL, &load(Ml, Rl, "F3 0F 38 F6")),
    (ADOXQ, &load(Ml, Rl, "F3 W 0F 38 F6")),
    (BSFL, &load(Ml, Rl, "0F BC")),
    (BSFQ, &load(Ml, Rl, "W 0F BC")),
    (BSFW, &load(Ml, Rl, "66 0F BC")),
    (BSRL, &load(Ml, Rl, "0F BD")),
    (BSRQ, &load(Ml, Rl, "W 0F BD")),
    (BSRW, &load(Ml, Rl, "66 0F BD")),
    (BSWAPL, &[Form::new(&[Rl], "o", "0F C8")]),
    (BSWAPQ, &[Form::new(&[Rl], "o", "W 0F C8")]),
    (CMOVLCC, &load(Ml, Rl, "0F 43")),
    (CMOVLCS, &load(Ml, Rl, "0F 42")),
    (CMOVLEQ, &load(Ml, Rl, "0F 44")),
    (CMOVLGE, &load(Ml, Rl, "0F 4D")),
    (CMOVLGT, &load(Ml, Rl, "0F 4F")),
    (CMOVLHI, &load(Ml, Rl, "0F 47")),
    (CMOVLLE, &load(Ml, Rl, "0F 4E")),
    (CMOVLLS, &load(Ml, Rl, "0F 46")),
    (CMOVLLT, &load(Ml, Rl, "0F 4C")),
    (CMOVLMI, &load(Ml, Rl, "0F 48")),
    (CMOVLNE, &load(Ml, Rl, "0F 45")),
    (CMOVLOC, &load(Ml, Rl, "0F 41")),
    (CMOVLOS, &load(Ml, Rl, "0F 40")),
    (CMOVLPC, &load(Ml, Rl, "0F 4B")),
    (CMOVLPL, &load(Ml, Rl, "0F 49")),
    (CMOVLPS, &load(Ml, Rl, "0F 4A")),
    (CMOVQCC, &load(Ml, Rl, "W 0F 43")),
    (CMOVQCS, &load(Ml, Rl, "W 0F 42")),
    (CMOVQEQ, &load(Ml, Rl, "W 0F 44")),
    (CMOVQGE, &load(Ml, Rl, "W 0F 4D")),
    (CMOVQGT, &load(Ml, Rl, "W 0F 4F")),
    (CMOVQHI, &load(Ml, Rl, "W 0F 47")),
    (CMOVQLE, &load(Ml, Rl, "W 0F 4E")),
    (CMOVQLS, &load(Ml, Rl, "W 0F 46")),
    (CMOVQLT, &load(Ml, Rl, "W 0F 4C")),
    (CMOVQMI, &load(Ml, Rl, "W 0F 48")),
    (CMOVQNE, &load(Ml, Rl, "W 0F 45")),
    (CMOVQOC, &load(Ml, Rl, "W 0F 41")),
    (CMOVQOS, &load(Ml, Rl, "W 0F 40")),
    (CMOVQPC, &load(Ml, Rl, "W 0F 4B")),
    (CMOVQPL, &load(Ml, Rl, "W 0F 49")),
    (CMOVQPS, &load(Ml, Rl, "W 0F 4A")),
    (CMOVWCC, &load(Ml, Rl, "66 0F 43")),
    (CMOVWCS, &load(Ml, Rl, "66 0F 42")),
    (CMOVWEQ, &load(Ml, Rl, "66 0F 44")),
    (CMOVWGE, &load(Ml, Rl, "66 0F 4D")),
    (CMOVWGT, &load(Ml, Rl, "66 0F 4F")),
    (CMOVWHI, &load(Ml, Rl, "66 0F 47")),
    (CMOVWLE, &load(Ml, Rl, "66 0F 4E")),
    (CMOVWLS, &load(Ml, Rl, "66 0F 46")),
    (CMOVWLT, &load(Ml, Rl, "66 0F 4C")),
    (CMOVWMI, &load(Ml, Rl, "66 0F 48")),
    (CMOVWNE, &load(Ml, Rl, "66 0F 45")),
    (CMOVWOC, &load(Ml, Rl, "66 0F 41")),
    (CMOVWOS, &load(Ml, Rl, "66 0F 40")),
    (CMOVWPC, &load(Ml, Rl, "66 0F 4B")),
    (CMOVWPL, &load(Ml, Rl, "66 0F 49")),
    (CMOVWPS, &load(Ml, Rl, "66 0F 4A")),
    (LZCNTL, &load(Ml, Rl, "F3 0F BD")),
    (LZCNTQ, &load(Ml, Rl, "F3 W 0F BD")),
    (LZCNTW, &load(Ml, Rl, "66 F3 0F BD")),
    (POPCNTW, &load(Ml, Rl, "66 F3 0F B8")),
    (POPCNTL, &load(Ml, Rl, "F3 0F B8")),
    (POPCNTQ, &load(Ml, Rl, "F3 W 0F B8")),
    (SETCC, &rm(Mb, "B 0F 93/0")),
    (SETCS, &rm(Mb, "B 0F 92/0")),
    (SETEQ, &rm(Mb, "B 0F 94/0")),
    (SETGE, &rm(Mb, "B 0F 9D/0")),
    (SETGT, &rm(Mb, "B 0F 9F/0")),
    (SETHI, &rm(Mb, "B 0F 97/0")),
    (SETLE, &rm(Mb, "B 0F 9E/0")),
    (SETLS, &rm(Mb, "B 0F 96/0")),
    (SETLT, &rm(Mb, "B 0F 9C/0")),
    (SETMI, &rm(Mb, "B 0F 98/0")),
    (SETNE, &rm(Mb, "B 0F 95/0")),
    (SETOC, &rm(Mb, "B 0F 91/0")),
    (SETOS, &rm(Mb, "B 0F 90/0")),
    (SETPC, &rm(Mb, "B 0F 9B/0")),
    (SETPL, &rm(Mb, "B 0F 99/0")),
    (SETPS, &rm(Mb, "B 0F 9A/0")),
    (CRC32B, &load(Mb, Rl, "F2 0F 38 F0")),
    (CRC32L, &load(Ml, Rl, "F2 0F 38 F1")),
    (CRC32Q, &load(Ml, Rl, "F2 W 0F 38 F1")),
    (CRC32W, &load(Ml, Rl, "66 F2 0F 38 F1")),
    (TZCNTW, &load(Ml, Rl, "66 F3 0F BC")),
    (TZCNTL, &load(Ml, Rl, "F3 0F BC")),
    (TZCNTQ, &load(Ml, Rl, "F3 W 0F BC")),
    (CBW, &none("66 98")),
    (CWDE, &none("98")),
    (CDQE, &none("W 98")),
    (CWD, &none("66 99")),
    (CDQ, &none("99")),
    (CQO, &none("W 99")),
    (
        MOVB,
        &[
            Form::new(&[Rb, Mb], "rm", "B 88"),
            Form::new(&[Mb, Rb], "mr", "B 8A"),
            Form::new(&[I32, Rb], "bo", "B B0"),
            Form::new(&[I32, Mb], "bm", "B C6/0"),
        ],
    ),
    (
        MOVW,
        &[
            Form::new(&[Rl, Ml], "rm", "66 89"),
            Form::new(&[Ml, Rl], "mr", "66 8B"),
            Form::new(&[I32, Rl], "zo", "66 B8"),
            Form::new(&[I32, Ml], "zm", "66 C7/0"),
            Form::new(&[IAddr, Rl], "mr", "66 8D"),
            Form::new(&[Seg, Ml], "rm", "8C"),
            Form::new(&[Ml, Seg], "mr", "8E"),
            Form::new(&[Ml, Ldtr], "m-", "0F 00/2"),
            Form::new(&[Ldtr, Ml], "-m", "0F 00/0"),
            Form::new(&[Ml, Msw], "m-", "0F 01/6"),
            Form::new(&[Msw, Ml], "-m", "0F 01/4"),
            Form::new(&[Ml, Task], "m-", "0F 00/3"),
            Form::new(&[Task, Ml], "-m", "0F 00/1"),
        ],
    ),
    (
        MOVL,
        &[
            Form::new(&[Rl, Ml], "rm", "89"),
            Form::new(&[Ml, Rl], "mr", "8B"),
            Form::new(&[I32, Rl], "zo", "B8"),
            Form::new(&[I32, Ml], "zm", "C7/0"),
            Form::new(&[Ml, Mr], "mr", "0F 6E"),
            Form::new(&[Mr, Ml], "rm", "0F 7E"),
            Form::new(&[Ml, Xr], "mr", "66 0F 6E"),
            Form::new(&[Xr, Ml], "rm", "66 0F 7E"),
            Form::new(&[IAddr, Rl], "mr", "8D"),
            Form::new(&[Cr, Rl], "rm", "0F 20"),
            Form::new(&[Rl, Cr], "mr", "0F 22"),
            Form::new(&[DrL, Rl], "rm", "0F 21"),
            Form::new(&[Rl, DrL], "mr", "0F 23"),
            Form::new(&[Tr, Ml], "rm", "0F 24"),
            Form::new(&[Ml, Tr], "mr", "0F 26"),
            Form::new(&[M, Gdtr], "m-", "0F 01/2"),
            Form::new(&[Gdtr, M], "-m", "0F 01/0"),
            Form::new(&[M, Idtr], "m-", "0F 01/3"),
            Form::new(&[Idtr, M], "-m", "0F 01/1"),
        ],
    ),
    (
        MOVQ,
        &[
            Form::new(&[M, Mr], "mr", "0F 6F"),
            Form::new(&[Mr, M], "rm", "0F 7F"),
            Form::new(&[Xr, Mr], "mr", "F2 0F D6"),
            Form::new(&[Xm, Xr], "mr", "F3 0F 7E"),
            Form::new(&[Xr, Xm], "rm", "66 0F D6"),
            Form::new(&[Rl, Ml], "rm", "W 89"),
            Form::new(&[Ml, Rl], "mr", "W 8B"),
            Form::new(&[S32, Rl], "zm", "W C7/0"),
            Form::special(&[I64, Rl], Special::MovQuad, "B8"),
            Form::new(&[I32, Ml], "zm", "W C7/0"),
            Form::new(&[Mm, Mr], "mr", "W 0F 6E"),
            Form::new(&[Mr, Mm], "rm", "W 0F 7E"),
            Form::new(&[Ml, Xr], "mr", "66 W 0F 6E"),
            Form::new(&[Xr, Ml], "rm", "66 W 0F 7E"),
            Form::new(&[IAddr, Rl], "mr", "W 8D"),
            Form::new(&[Cr, Rl], "rm", "0F 20"),
            Form::new(&[Rl, Cr], "mr", "0F 22"),
            Form::new(&[DrQ, Rl], "rm", "0F 21"),
            Form::new(&[Rl, DrQ], "mr", "0F 23"),
            Form::new(&[M, Gdtr], "m-", "0F 01/2"),
            Form::new(&[Gdtr, M], "-m", "0F 01/0"),
            Form::new(&[M, Idtr], "m-", "0F 01/3"),
            Form::new(&[Idtr, M], "-m", "0F 01/1"),
        ],
    ),
    (MOVBLSX, &load(Mb, Rl, "B< 0F BE")),
    (MOVBLZX, &load(Mb, Rl, "B< 0F B6")),
    (MOVBQSX, &load(Mb, Rl, "B< W 0F BE")),
    (MOVBQZX, &load(Mb, Rl, "B< W 0F B6")),
    (MOVBWSX, &load(Mb, Rl, "B< 66 0F BE")),
    (MOVSWW, &load(Mb, Rl, "B< 66 0F BF")),
    (MOVBWZX, &load(Mb, Rl, "B< 66 0F B6")),
    (MOVZWW, &load(Mb, Rl, "B< 66 0F B7")),
    (MOVLQSX, &load(Ml, Rl, "W 63")),
    (MOVLQZX, &load(Ml, Rl, "8B")),
    (MOVWLSX, &load(Ml, Rl, "0F BF")),
    (MOVWLZX, &load(Ml, Rl, "0F B7")),
    (MOVWQSX, &load(Ml, Rl, "W 0F BF")),
    (MOVWQZX, &load(Ml, Rl, "W 0F B7")),
    (MOVQL, &store(Rl, Ml, "89")),
    // The names of Go 1.15, and those of Go 1.27.
    (MOVBEWW, MOVBE_16),
    (MOVBEW, MOVBE_16),
    (MOVBELL, MOVBE_32),
    (MOVBEL, MOVBE_32),
    (MOVBEQQ, MOVBE_64),
    (MOVBEQ, MOVBE_64),
    (MOVNTIL, &store(Rl, Ml, "0F C3")),
    (MOVNTIQ, &store(Rl, Ml, "W 0F C3")),
    (LEAW, &load(M, Rl, "66 8D")),
    (LEAL, &load(M, Rl, "8D")),
    (LEAQ, &load(M, Rl, "W 8D")),
    (LAHF, &none("9F")),
    (SAHF, &none("9E")),
    (XLAT, &none("D7")),
    (
        XCHGB,
        &[
            Form::new(&[Rb, Mb], "rm", "B 86"),
            Form::new(&[Mb, Rb], "mr", "B 86"),
        ],
    ),
    (XCHGW, &xchg(W)),
    (XCHGL, &xchg(L)),
    (XCHGQ, &xchg(Q)),
    (CMPXCHGB, &store(Rb, Mb, "B 0F B0")),
    (CMPXCHGL, &store(Rl, Ml, "0F B1")),
    (CMPXCHGW, &store(Rl, Ml, "66 0F B1")),
    (CMPXCHGQ, &store(Rl, Ml, "W 0F B1")),
    (CMPXCHG8B, &rm(Mb, "0F C7/1")),
    (CMPXCHG16B, &rm(Mb, "W 0F C7/1")),
    (XADDB, &store(Rb, Mb, "B 0F C0")),
    (XADDL, &store(Rl, Ml, "0F C1")),
    (XADDQ, &store(Rl, Ml, "W 0F C1")),
    (XADDW, &store(Rl, Ml, "66 0F C1")),
    (
        PUSHW,
        &[
            Form::new(&[Rl], "o", "66 50"),
            Form::new(&[M], "m", "66 FF/6"),
            Form::new(&[I8], "b", "66 6A"),
            Form::new(&[I32], "z", "66 68"),
            Form::new(&[Cs], "-", "66 0E"),
            Form::new(&[Ss], "-", "66 16"),
            Form::new(&[Ds], "-", "66 1E"),
            Form::new(&[Es], "-", "66 06"),
            Form::new(&[Fs], "-", "66 0F A0"),
            Form::new(&[Gs], "-", "66 0F A8"),
        ],
    ),
    (
        PUSHQ,
        &[
            Form::new(&[Rl], "o", "50"),
            Form::new(&[M], "m", "FF/6"),
            Form::new(&[I8], "b", "6A"),
            Form::new(&[I32], "z", "68"),
            Form::new(&[Fs], "-", "0F A0"),
            Form::new(&[Gs], "-", "0F A8"),
        ],
    ),
    (
        POPW,
        &[
            Form::new(&[Rl], "o", "66 58"),
            Form::new(&[M], "m", "66 8F/0"),
            Form::new(&[Ds], "-", "66 1F"),
            Form::new(&[Es], "-", "66 07"),
            Form::new(&[Ss], "-", "66 17"),
            Form::new(&[Fs], "-", "66 0F A1"),
            Form::new(&[Gs], "-", "66 0F A9"),
        ],
    ),
    (
        POPQ,
        &[
            Form::new(&[Rl], "o", "58"),
            Form::new(&[M], "m", "8F/0"),
            Form::new(&[Fs], "-", "0F A1"),
            Form::new(&[Gs], "-", "0F A9"),
        ],
    ),
    (PUSHFW, &none("66 9C")),
    (PUSHFQ, &none("9C")),
    (POPFW, &none("66 9D")),
    (POPFQ, &none("9D")),
    (CMPSB, &none("B A6")),
    (CMPSL, &none("A7")),
    (CMPSQ, &none("W A7")),
    (CMPSW, &none("66 A7")),
    (INSB, &none("B 6C")),
    (INSL, &none("6D")),
    (INSW, &none("66 6D")),
    (LODSB, &none("B AC")),
    (LODSL, &none("AD")),
    (LODSQ, &none("W AD")),
    (LODSW, &none("66 AD")),
    (MOVSB, &none("B A4")),
    (MOVSL, &none("A5")),
    (MOVSQ, &none("W A5")),
    (MOVSW, &none("66 A5")),
    (OUTSB, &none("B 6E")),
    (OUTSL, &none("6F")),
    (OUTSW, &none("66 6F")),
    (SCASB, &none("B AE")),
    (SCASL, &none("AF")),
    (SCASQ, &none("W AF")),
    (SCASW, &none("66 AF")),
    (STOSB, &none("B AA")),
    (STOSL, &none("AB")),
    (STOSQ, &none("W AB")),
    (STOSW, &none("66 AB")),
    (REP, &none("F3")),
    (REPN, &none("F2")),
    (LOCK, &none("F0")),
    (CLC, &none("F8")),
    (STC, &none("F9")),
    (CMC, &none("F5")),
    (CLD, &none("FC")),
    (STD, &none("FD")),
    (JCC, &jcc("73")),
    (JCS, &jcc("72")),
    (JEQ, &jcc("74")),
    (JGE, &jcc("7D")),
    (JGT, &jcc("7F")),
    (JHI, &jcc("77")),
    (JLE, &jcc("7E")),
    (JLS, &jcc("76")),
    (JLT, &jcc("7C")),
    (JMI, &jcc("78")),
    (JNE, &jcc("75")),
    (JOC, &jcc("71")),
    (JOS, &jcc("70")),
    (JPC, &jcc("7B")),
    (JPL, &jcc("79")),
    (JPS, &jcc("7A")),
    (JCXZL, &loop_("67 E3")),
    (JCXZW, &loop_("E3")),
    (JCXZQ, &loop_("E3")),
    (LOOP, &loop_("E2")),
    (LOOPEQ, &loop_("E1")),
    (LOOPNE, &loop_("E0")),
    (
        JMP,
        &[
            Form::new(&[Ml], "m", "FF/4"),
            Form::special(&[Br], Special::Jmp, "EB"),
            Form::special(&[I32], Special::CallConst, "E9"),
        ],
    ),
    (
        CALL,
        &[
            Form::new(&[Ml], "m", "FF/2").with_special(Special::CallReg),
            Form::new(&[Rx, Rx], "-m", "FF/2").with_special(Special::CallReg),
            Form::special(&[Indir], Special::CallIndir, "FF 15"),
            Form::special(&[Br], Special::Call, "E8"),
            Form::special(&[I32], Special::CallConst, "E8"),
        ],
    ),
    (RET, &none("C3")),
    (
        RETFW,
        &[Form::new(&[], "", "66 CB"), Form::new(&[I32], "w", "66 CA")],
    ),
    (
        RETFL,
        &[Form::new(&[], "", "CB"), Form::new(&[I32], "w", "CA")],
    ),
    (
        RETFQ,
        &[Form::new(&[], "", "W CB"), Form::new(&[I32], "w", "W CA")],
    ),
    (UNDEF, &none("0F 0B")),
    (
        NOP,
        &[
            Form::special(&[], Special::Pseudo, "90"),
            Form::special(&[IAddr], Special::Pseudo, "90"),
            Form::special(&[Ml], Special::Pseudo, "90"),
            Form::special(&[Rf], Special::Pseudo, "90"),
            Form::special(&[Xr], Special::Pseudo, "90"),
        ],
    ),
    (DUFFCOPY, &duff()),
    (DUFFZERO, &duff()),
    (FUNCDATA, &[Form::special(&[I32, M], Special::Pseudo, "90")]),
    (PCDATA, &[Form::special(&[I32, I32], Special::Pseudo, "90")]),
    (BYTE, &data("01")),
    (WORD, &data("02")),
    (LONG, &data("04")),
    (QUAD, &data("08")),
];

/// Moves that reverse the bytes.
const MOVBE_16: &[Form] = &[
    Form::new(&[M, Rl], "mr", "66 0F 38 F0"),
    Form::new(&[Rl, M], "rm", "66 0F 38 F1"),
];
const MOVBE_32: &[Form] = &[
    Form::new(&[M, Rl], "mr", "0F 38 F0"),
    Form::new(&[Rl, M], "rm", "0F 38 F1"),
];
const MOVBE_64: &[Form] = &[
    Form::new(&[M, Rl], "mr", "W 0F 38 F0"),
    Form::new(&[Rl, M], "rm", "W 0F 38 F1"),
];
