//! The instructions of each operation (gc: amd64/ssa.go, ssaGenValue).
//!
//! Most operations are the one instruction of their row, and the row decides where its operands are:
//! operands with their own register come in order, a constant or memory takes the place of one, and a
//! result that must be in the register of argument 0 makes that the destination.

use minigo_obj::{Addr, As, Reg, SymTable};

use super::emit::Emitter;
use crate::entity::Value;
use crate::func::Location;
use crate::lower::zero_upper_unsigned;
use crate::op::{AuxKind, FAULT_ON_NIL_ARG1, Op, RESULT_IN_ARG0};
use crate::ty::Type;
use crate::value::Aux;

/// The number of phis that are looked through for a zero upper half.
const ZERO_DEPTH: u32 = 3;

/// The bytes that an instruction zeroes.
const ZEROED: i64 = 16;

impl Emitter<'_> {
    /// Adds the instructions of `v`. With `keep_flags`, they must not destroy the flags.
    pub(super) fn value(&mut self, v: Value, keep_flags: bool) {
        let op = self.f[v].op;
        match op {
            Op::ADDQ => self.add(v, As::LEAQ),
            Op::ADDL => self.add(v, As::LEAL),
            Op::ADDQconst => self.add_const(v, As::LEAQ, As::INCQ, As::DECQ, As::SUBQ),
            Op::ADDLconst => self.add_const(v, As::LEAL, As::INCL, As::DECL, As::SUBL),
            Op::ADDQconstmodify => self.add_const_modify(v, As::INCQ, As::DECQ),
            Op::ADDLconstmodify => self.add_const_modify(v, As::INCL, As::DECL),
            Op::DIVQU | Op::DIVLU | Op::DIVWU => {
                // XORL DX, DX
                self.clear(Reg::DX);
                self.divide(v);
            }
            Op::DIVQ => self.signed_divide(v, As::CMPQ, As::CQO, As::NEGQ),
            Op::DIVL => self.signed_divide(v, As::CMPL, As::CDQ, As::NEGL),
            Op::DIVW => self.signed_divide(v, As::CMPW, As::CWD, As::NEGW),
            Op::HMULQ | Op::HMULL | Op::HMULQU | Op::HMULLU | Op::MULQU | Op::MULLU => {
                self.divide(v);
            }
            Op::AVGQU => self.average(v),
            Op::MULQconst | Op::MULLconst => self.multiply_const(v),
            Op::ANDQconst if self.f.profile.emit.short_copies_and_masks => self.mask(v),
            Op::ADDQconstflags => self.add_const_flags(v, As::INCQ, As::DECQ),
            Op::ADDLconstflags => self.add_const_flags(v, As::INCL, As::DECL),
            Op::SBBQcarrymask | Op::SBBLcarrymask => {
                let r = self.result(v);
                self.prog(asm(op), r, r);
            }
            Op::LEAQ1 | Op::LEAL1 | Op::LEAW1 => self.indexed_address(v, 1),
            Op::LEAQ2 | Op::LEAL2 | Op::LEAW2 => self.indexed_address(v, 2),
            Op::LEAQ4 | Op::LEAL4 | Op::LEAW4 => self.indexed_address(v, 4),
            Op::LEAQ8 | Op::LEAL8 | Op::LEAW8 => self.indexed_address(v, 8),
            Op::MOVBloadidx1 => self.indexed_load(v, 1),
            Op::MOVWloadidx2 => self.indexed_load(v, 2),
            Op::MOVLloadidx4 => self.indexed_load(v, 4),
            Op::MOVQloadidx8 => self.indexed_load(v, 8),
            Op::MOVLconst | Op::MOVQconst => self.const_int(v, keep_flags),
            Op::DUFFZERO => self.duff_zero(v),
            Op::LoweredZero => {
                let (to, size) = (self.reg(self.f[v].args[0]), self.f[v].aux_int);
                self.zero(to, size);
            }
            Op::LoweredZeroLoop => self.zero_loop(v),
            Op::MOVOstoreconst => {
                // MOVUPS X15, 8(SP)
                let data = &self.f[v];
                let to = self.memory(v, data.args[0], data.val_and_off().off());
                self.prog(As::MOVUPS, Addr::reg(Reg::X15), to);
            }
            Op::REPSTOSQ => {
                // REP
                // STOSQ
                self.prog(As::REP, Addr::NONE, Addr::NONE);
                self.prog(As::STOSQ, Addr::NONE, Addr::NONE);
            }
            Op::LoweredNilCheck => {
                // TESTB AX, (CX)
                let address = Addr::mem(self.reg(self.f[v].args[0]), 0);
                self.prog(As::TESTB, Addr::reg(Reg::AX), address);
            }
            Op::LoweredWB => {
                let Some(barrier) = self.f.barrier else {
                    minigo_base::internal!("{v} in a function without barriers")
                };
                let sym = barrier.record[self.f[v].aux_int as usize - 1];
                self.prog(As::CALL, Addr::NONE, Addr::func(sym));
            }
            Op::MOVOconst => {
                let r = self.result(v);
                self.prog(As::XORPS, r, r);
            }
            Op::CALLstatic | Op::CALLtail => match self.f[v].aux {
                Aux::Sym(sym) => self.call(v, sym),
                aux => minigo_base::internal!("{v} calls {aux:?}"),
            },
            Op::Copy => self.copy(v),
            Op::LoadReg => {
                let from = self.slot(self.f[v].args[0]);
                let to = self.result(v);
                self.prog(load_by_type(self.f[v].ty), from, to);
            }
            Op::StoreReg => {
                let from = self.arg(v, 0);
                let to = self.slot(v);
                self.prog(store_by_type(self.f[v].ty), from, to);
            }
            _ => self.one_instruction(v),
        }
    }

    /// Adds an operation that is the instruction of its row.
    fn one_instruction(&mut self, v: Value) {
        let data = &self.f[v];
        let (op, info) = (data.op, data.op.info());
        let sets_flags = info.ty == Type::FLAGS;
        let n_inputs = info.reg.inputs.len();
        let offset = data.aux_int;
        let mut as_ = asm(op);
        let (from, to) = match info.aux {
            AuxKind::SymOff if op.has(FAULT_ON_NIL_ARG1) => {
                // ADDL x(SB), AX
                self.check_result_in_arg0(v);
                (self.memory(v, data.args[1], offset), self.result(v))
            }
            AuxKind::SymOff => {
                let memory = self.memory(v, data.args[0], offset);
                if sets_flags {
                    // CMPL 8(SP), AX
                    (memory, self.arg(v, 1))
                } else if !info.reg.outputs.is_empty() {
                    // MOVL 8(SP), AX
                    (memory, self.result(v))
                } else if n_inputs == 2 {
                    // MOVL AX, 8(SP)
                    (self.arg(v, 1), memory)
                } else {
                    // SETEQ 8(SP)
                    (Addr::NONE, memory)
                }
            }
            AuxKind::SymValAndOff => {
                let packed = data.val_and_off();
                let memory = self.memory(v, data.args[0], packed.off());
                let value = Addr::imm(packed.val());
                if sets_flags {
                    // CMPL 8(SP), $1
                    (memory, value)
                } else {
                    // MOVL $1, 8(SP)
                    (value, memory)
                }
            }
            AuxKind::Int8 | AuxKind::Int16 | AuxKind::Int32 if sets_flags => {
                if op == Op::BTQconst && data.aux_int < 32 {
                    // The same with a shorter encoding.
                    as_ = asm(Op::BTLconst);
                }
                let (arg, value) = (self.arg(v, 0), Addr::imm(data.aux_int));
                if matches!(as_, As::CMPB | As::CMPW | As::CMPL | As::CMPQ) {
                    // CMPL AX, $1
                    (arg, value)
                } else {
                    // TESTL $1, AX
                    (value, arg)
                }
            }
            AuxKind::Int8 | AuxKind::Int16 | AuxKind::Int32 => {
                // SHLL $1, AX
                self.check_result_in_arg0(v);
                (Addr::imm(data.aux_int), self.result(v))
            }
            // CMPL AX, CX
            AuxKind::None if sets_flags => (self.arg(v, 0), self.arg(v, 1)),
            AuxKind::None if op.has(RESULT_IN_ARG0) => {
                self.check_result_in_arg0(v);
                if n_inputs == 2 {
                    // SUBL CX, AX
                    (self.arg(v, 1), self.result(v))
                } else {
                    // NEGL AX
                    (Addr::NONE, self.result(v))
                }
            }
            // SETEQ AX
            AuxKind::None if n_inputs == 0 => (Addr::NONE, self.result(v)),
            // MOVLQSX AX, CX
            AuxKind::None => (self.arg(v, 0), self.result(v)),
            AuxKind::Bool
            | AuxKind::Int64
            | AuxKind::Int128
            | AuxKind::String
            | AuxKind::Sym
            | AuxKind::Typ
            | AuxKind::NameOffInt8
            | AuxKind::TypSize => minigo_base::internal!("{op} reaches emission"),
        };
        self.prog(as_, from, to);
    }

    fn arg(&self, v: Value, index: usize) -> Addr {
        Addr::reg(self.reg(self.f[v].args[index]))
    }

    fn result(&self, v: Value) -> Addr {
        Addr::reg(self.reg(v))
    }

    fn check_result_in_arg0(&self, v: Value) {
        debug_assert!(
            self.result(v) == self.arg(v, 0),
            "{}: {v} and its argument 0 are not in one register",
            self.f.name
        );
    }

    fn clear(&mut self, r: Reg) {
        self.prog(As::XORL, Addr::reg(r), Addr::reg(r));
    }

    /// Adds an addition of registers: two operands if the result is in one of them, else an address.
    fn add(&mut self, v: Value, lea: As) {
        let as_ = asm(self.f[v].op);
        let (to, a, b) = (self.result(v), self.arg(v, 0), self.arg(v, 1));
        if to == a {
            // ADDL CX, AX
            self.prog(as_, b, to);
        } else if to == b {
            self.prog(as_, a, to);
        } else {
            // LEAL (AX)(CX*1), DX
            self.prog(lea, Addr::indexed(a.reg, b.reg, 1, 0), to);
        }
    }

    fn add_const(&mut self, v: Value, lea: As, inc: As, dec: As, sub: As) {
        let data = &self.f[v];
        let (to, a) = (self.result(v), self.arg(v, 0));
        if to != a {
            // LEAL 5(AX), CX
            self.prog(lea, Addr::mem(a.reg, data.aux_int), to);
            return;
        }
        match data.aux_int {
            1 => self.prog(inc, Addr::NONE, to),
            -1 => self.prog(dec, Addr::NONE, to),
            // -128 fits a byte.
            128 => self.prog(sub, Addr::imm(-128), to),
            c => self.prog(asm(data.op), Addr::imm(c), to),
        };
    }

    /// Adds an addition in place whose flags are in use. INC and DEC don't set the carry flag, which isn't.
    fn add_const_flags(&mut self, v: Value, inc: As, dec: As) {
        let data = &self.f[v];
        let to = self.arg(v, 0);
        match data.aux_int {
            1 => self.prog(inc, Addr::NONE, to),
            -1 => self.prog(dec, Addr::NONE, to),
            c => self.prog(asm(data.op), Addr::imm(c), to),
        };
    }

    /// Adds a logical AND with a constant: of 32 bits if the upper half of the constant is zero.
    fn mask(&mut self, v: Value) {
        self.check_result_in_arg0(v);
        let data = &self.f[v];
        let as_ = match u32::try_from(data.aux_int) {
            Ok(_) => As::ANDL,
            Err(_) => asm(data.op),
        };
        self.prog(as_, Addr::imm(data.aux_int), self.result(v));
    }

    fn add_const_modify(&mut self, v: Value, inc: As, dec: As) {
        let data = &self.f[v];
        let packed = data.val_and_off();
        let to = self.memory(v, data.args[0], packed.off());
        match packed.val() {
            1 => self.prog(inc, Addr::NONE, to),
            -1 => self.prog(dec, Addr::NONE, to),
            c => self.prog(asm(data.op), Addr::imm(c), to),
        };
    }

    /// Adds an instruction whose other operands are AX and DX.
    fn divide(&mut self, v: Value) {
        let by = self.arg(v, 1);
        self.prog(asm(self.f[v].op), by, Addr::NONE);
    }

    /// Adds a signed division. The least integer divided by -1 would fault, so -1 is handled apart: n / -1 is -n
    /// and n % -1 is 0.
    fn signed_divide(&mut self, v: Value, compare: As, extend: As, negate: As) {
        let proven = self.f[v].aux_int != 0;
        if proven {
            self.prog(extend, Addr::NONE, Addr::NONE);
            self.divide(v);
            return;
        }
        // CMPL CX, $-1
        // JEQ fix
        if self.f.profile.emit.division_by_minus_one_first {
            let by = self.arg(v, 1);
            self.prog(compare, by, Addr::imm(-1));
            // CMPL CX, $-1
            // JNE other
            // NEGL AX
            // XORL DX, DX
            // JMP over
            let to_other = self.prog(As::JNE, Addr::NONE, Addr::branch());
            self.prog(negate, Addr::NONE, Addr::reg(Reg::AX));
            self.clear(Reg::DX);
            let over = self.prog(As::JMP, Addr::NONE, Addr::branch());
            // other: CDQ
            // IDIVL CX
            let other = self.prog(extend, Addr::NONE, Addr::NONE);
            self.divide(v);
            self.text.set_target(to_other, other);
            self.text.set_target(over, self.text.next_id());
            return;
        }
        let by = self.arg(v, 1);
        self.prog(compare, by, Addr::imm(-1));
        let to_fix = self.prog(As::JEQ, Addr::NONE, Addr::branch());
        // CDQ
        // IDIVL CX
        // JMP over
        self.prog(extend, Addr::NONE, Addr::NONE);
        self.divide(v);
        let over = self.prog(As::JMP, Addr::NONE, Addr::branch());
        // fix: NEGL AX
        // XORL DX, DX
        let fix = self.prog(negate, Addr::NONE, Addr::reg(Reg::AX));
        self.clear(Reg::DX);
        self.text.set_target(to_fix, fix);
        self.text.set_target(over, self.text.next_id());
    }

    /// Adds the average of unsigned integers: their sum is one bit too wide, and that bit is the carry.
    fn average(&mut self, v: Value) {
        self.check_result_in_arg0(v);
        let (from, to) = (self.arg(v, 1), self.result(v));
        // ADDQ CX, AX
        // RCRQ $1, AX
        self.prog(As::ADDQ, from, to);
        self.prog(As::RCRQ, Addr::imm(1), to);
    }

    fn multiply_const(&mut self, v: Value) {
        let data = &self.f[v];
        let to = self.result(v);
        // IMUL3L $5, AX, CX
        let id = self.prog(asm(data.op), Addr::imm(data.aux_int), to);
        let arg = self.arg(v, 0);
        self.text.set_rest(id, &[arg]);
    }

    /// Adds an address. One of three parts is slow, so a second instruction adds a displacement without a symbol.
    fn indexed_address(&mut self, v: Value, scale: u8) {
        let data = &self.f[v];
        let as_ = asm(data.op);
        let to = self.result(v);
        let (mut base, mut index) = (self.arg(v, 0).reg, self.arg(v, 1).reg);
        if scale == 1 && index == Reg::SP {
            std::mem::swap(&mut base, &mut index);
        }
        let address = Addr::indexed(base, index, scale, 0);
        if data.aux_int != 0 && data.aux == Aux::None {
            // LEAL (AX)(CX*4), DX
            // LEAL 8(DX), DX
            self.prog(as_, address, to);
            self.prog(as_, Addr::mem(to.reg, data.aux_int), to);
        } else {
            let address = Addr {
                offset: data.aux_int,
                ..address
            };
            let address = self.with_aux(v, address);
            self.prog(as_, address, to);
        }
    }

    fn indexed_load(&mut self, v: Value, scale: u8) {
        // MOVL 8(AX)(CX*4), DX
        let (mut base, mut index) = (self.arg(v, 0).reg, self.arg(v, 1).reg);
        if scale == 1 && index == Reg::SP {
            std::mem::swap(&mut base, &mut index);
        }
        let data = &self.f[v];
        let address = Addr::indexed(base, index, scale, data.aux_int);
        let address = self.with_aux(v, address);
        let to = self.result(v);
        self.prog(asm(data.op), address, to);
    }

    /// Enters the function that zeroes memory at the point from which it zeroes the wanted number of bytes. Its blocks zero 64 bytes
    /// in four stores and then add 64 to DI; a part of a block finds DI that much lower (gc: amd64/ssa.go,
    /// duff).
    fn duff_zero(&mut self, v: Value) {
        const BLOCK: i64 = 64;
        const BLOCKS: i64 = 16;
        /// Bytes of code: of a store but the first, of the addition, of a block.
        const STORE: i64 = 4;
        const ADD: i64 = 4;
        const BLOCK_CODE: i64 = 19;
        let size = self.f[v].aux_int;
        let (blocks, rest) = (size / BLOCK, size % BLOCK / 16);
        let mut offset = BLOCK_CODE * (BLOCKS - blocks);
        if rest != 0 {
            // LEAQ -48(DI), DI
            let lower = Addr::mem(Reg::DI, 16 * rest - BLOCK);
            self.prog(As::LEAQ, lower, Addr::reg(Reg::DI));
            offset -= ADD + STORE * rest;
        }
        // DUFFZERO $266
        let target = Addr::sym_addr(SymTable::DUFFZERO, offset);
        self.prog(As::DUFFZERO, Addr::NONE, target);
    }

    /// Zeroes `size` bytes from `to` on, by stores of 16 bytes, the last of which may overlap.
    fn zero(&mut self, to: Reg, size: i64) {
        let whole = size / ZEROED * ZEROED;
        let rest = (size != whole).then_some(size - ZEROED);
        for offset in (0..whole).step_by(ZEROED as usize).chain(rest) {
            // MOVUPS X15, 16(AX)
            let from = Addr::reg(Reg::X15);
            self.prog(As::MOVUPS, from, Addr::mem(to, offset));
        }
    }

    /// Zeroes memory in a loop, then the rest of it.
    fn zero_loop(&mut self, v: Value) {
        const STEP: i64 = 4 * ZEROED;
        let Location::Temporary(count) = self.f.homes[v] else {
            minigo_base::internal!("{v} has no counter");
        };
        let count = Addr::reg(self.f.profile.registers.registers[count as usize].reg);
        let (to, size) = (self.reg(self.f[v].args[0]), self.f[v].aux_int);
        // MOVL $3, CX
        self.prog(As::MOVL, Addr::imm(size / STEP), count);
        let start = self.text.next_id();
        self.zero(to, STEP);
        // ADDQ $64, AX
        // DECL CX
        // JNE start
        self.prog(As::ADDQ, Addr::imm(STEP), Addr::reg(to));
        self.prog(As::DECL, Addr::NONE, count);
        let again = self.prog(As::JNE, Addr::NONE, Addr::branch());
        self.text.set_target(again, start);
        self.zero(to, size % STEP);
    }

    fn const_int(&mut self, v: Value, keep_flags: bool) {
        let data = &self.f[v];
        let to = self.result(v);
        if data.aux_int == 0 && !keep_flags {
            // XORL AX, AX
            self.clear(to.reg);
            return;
        }
        // The upper half is zeroed by instructions of 32 bits.
        let as_ = if u32::try_from(data.aux_int).is_ok() {
            As::MOVL
        } else {
            asm(data.op)
        };
        self.prog(as_, Addr::imm(data.aux_int), to);
    }

    fn copy(&mut self, v: Value) {
        let data = &self.f[v];
        if data.ty.is_memory() {
            return;
        }
        let (from, to) = (self.arg(v, 0), self.result(v));
        if from == to {
            return;
        }
        let as_ = match data.ty.size() {
            1 | 2 | 4 => As::MOVL,
            // The upper half becomes zero without a prefix.
            8 if self.f.profile.emit.short_copies_and_masks
                && zero_upper_unsigned(self.f, data.args[0], 32, ZERO_DEPTH) =>
            {
                As::MOVL
            }
            8 => As::MOVQ,
            _ => As::MOVUPS,
        };
        self.prog(as_, from, to);
    }
}

/// Returns the instruction of an operation's row.
fn asm(op: Op) -> As {
    match op.info().asm {
        Some(as_) => as_,
        None => minigo_base::internal!("{op} has no instruction"),
    }
}

/// Returns the load that fills the whole register.
fn load_by_type(ty: Type) -> As {
    match ty.size() {
        1 => As::MOVBLZX,
        2 => As::MOVWLZX,
        _ => store_by_type(ty),
    }
}

fn store_by_type(ty: Type) -> As {
    match ty.size() {
        1 => As::MOVB,
        2 => As::MOVW,
        4 => As::MOVL,
        8 => As::MOVQ,
        size => minigo_base::internal!("no register has {size} bytes"),
    }
}
