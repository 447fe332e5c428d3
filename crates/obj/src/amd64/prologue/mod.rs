//! Entry and exit of functions: stack check, frame, saved BP. One file for each form that gc has made.
//!
//! The parts that all forms share are here: constants of the stack, the calls of morestack, and the adjustment of panics
//! in wrappers. Source: gc obj6.go, preprocess and stacksplit; objabi/stack.go for the limits.

mod registers;
mod tls;

use minigo_base::Pos;

pub(crate) use registers::REGISTERS;
pub(crate) use tls::TLS;

use crate::amd64::opcode::As;
use crate::amd64::reg::Reg;
use crate::func_text::{FuncText, RegisterParam};
use crate::prog::{Addr, Prog, ProgId};
use crate::sym::{Attrs, Sym, SymTable};

/// The beginning and the end of functions in a Go version.
#[derive(Debug)]
pub(crate) struct Prologue {
    /// The register that holds g when the stack is checked.
    pub g: Reg,
    /// Two registers that are free at the entry of a wrapper, which adjusts panics with them. None: it doesn't.
    pub wrapper_scratch: Option<[Reg; 2]>,
    /// Returns the bytes of the frame that hold the caller's BP; none if that depends on calls in the function.
    pub saved_bp_size: fn(&FuncText) -> Option<i64>,
    /// Functions that don't save BP are marked NOFRAME.
    pub marks_frameless: bool,
    /// Adds the stack check, unless the function is NOSPLIT.
    pub check_stack: fn(&mut Entry),
    /// Adds the instructions that make the frame and set BP.
    pub make_frame: fn(&mut Entry),
    /// Turns a RET into the instructions that restore BP and drop the frame, with a RET at the end, whose id it returns.
    pub leave: fn(&mut FuncText, ProgId, Frame) -> ProgId,
}

/// The sizes of a frame, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// All between SP and the return address.
    pub size: i64,
    /// The part that holds the caller's BP: [`REG_SIZE`] or 0.
    pub bp_size: i64,
}

/// Frames up to this size need no more than the red zone below the stack guard.
pub(crate) const STACK_SMALL: i64 = 128;
/// Frames up to this size can't wrap around the address space.
const STACK_BIG: i64 = 4096;
/// Bytes between the stack guard and the end of the stack.
const STACK_GUARD: i64 = 928;
/// The stack guard of a goroutine that is asked to stop.
const STACK_PREEMPT: i64 = -1314;
/// Offset of `stackguard0` in `g`; `stackguard1`, for the system stack, follows.
const G_STACKGUARD0: i64 = 16;
const G_STACKGUARD1: i64 = 24;
/// Offset of `_panic` in `g`, and of `argp` in a panic.
const G_PANIC: i64 = 32;
const PANIC_ARGP: i64 = 0;
/// The PCDATA table that marks unsafe points, and its values.
pub(crate) const PCDATA_UNSAFE_POINT: i64 = 0;
pub(crate) const UNSAFE_POINT_SAFE: i64 = -1;
pub(crate) const UNSAFE_POINT_UNSAFE: i64 = -2;
/// Size of a register, and so of the return address and of the saved BP.
pub(crate) const REG_SIZE: i64 = 8;

/// Adds instructions after TEXT, or after `last`.
pub(crate) struct Entry<'a> {
    pub f: &'a mut FuncText,
    pub frame: Frame,
    /// The instruction after which the next one goes.
    pub last: ProgId,
    /// The position of the next instruction.
    pub pos: Pos,
    /// The code is for a shared library.
    pub shared: bool,
    /// The PCDATA table that announces stack maps.
    pub stack_map_pcdata: i64,
    /// Unsafe points are marked.
    pub unsafe_points: bool,
}

impl Entry<'_> {
    fn add(&mut self, as_: As, from: Addr, to: Addr) -> ProgId {
        self.last = self
            .f
            .insert_after(self.last, Prog::new(as_, from, to, self.pos));
        self.last
    }

    fn add_pcdata(&mut self, table: i64, value: i64) {
        self.add(As::PCDATA, Addr::imm(table), Addr::imm(value));
    }

    fn mark_unsafe_point(&mut self, value: i64) {
        if self.unsafe_points {
            self.add_pcdata(PCDATA_UNSAFE_POINT, value);
        }
    }

    /// Adds the end of the function, which calls for more stack and starts again. Returns the last instruction before
    /// the parameters in registers are saved, and the call.
    fn more_stack(&mut self) -> (ProgId, ProgId) {
        let start = self.f[FuncText::TEXT]
            .link()
            .expect("there is a stack check");
        let func_pos = self.f.pos();
        let frame_size = self.frame.size as i32;
        self.last = self.f.last();
        // NOP: the frame is not there yet.
        self.pos = self.f[self.last].pos;
        let nop = self.add(As::NOP, Addr::NONE, Addr::NONE);
        self.f[nop].spadj = -frame_size;
        self.pos = func_pos;
        self.add_pcdata(self.stack_map_pcdata, -1);
        self.mark_unsafe_point(UNSAFE_POINT_UNSAFE);
        let before = self.last;
        let params = std::mem::take(&mut self.f.register_params);
        for &RegisterParam { reg, home, size } in &params {
            // MOVL AX, 8(SP)
            let home = Addr::mem(Reg::SP, home + REG_SIZE);
            self.add(store(size), Addr::reg(reg), home);
        }
        // CALL runtime.morestack(SB)
        let call = self.add(As::CALL, Addr::NONE, Addr::func(morestack(self.f)));
        self.mark_unsafe_point(UNSAFE_POINT_SAFE);
        for &RegisterParam { reg, home, size } in &params {
            // MOVL 8(SP), AX
            let home = Addr::mem(Reg::SP, home + REG_SIZE);
            self.add(load(size), home, Addr::reg(reg));
        }
        self.f.register_params = params;
        // JMP start
        let jmp = self.add(As::JMP, Addr::NONE, Addr::branch());
        self.f.set_target(jmp, start);
        self.f[jmp].spadj = frame_size;
        (before, call)
    }

    /// In a wrapper, moves the argument pointer of a panic that points at the wrapper's frame.
    pub(crate) fn adjust_panic(&mut self, prologue: &Prologue) {
        let Some(scratch) = prologue.wrapper_scratch else {
            return;
        };
        let [panic, argument] = scratch.map(Addr::reg);
        let argp = Addr::mem(panic.reg, PANIC_ARGP);
        //	MOVQ  g_panic(g), panic
        //	TESTQ panic, panic
        //	JNE   check
        // end:
        //	NOP
        self.add(As::MOVQ, Addr::mem(prologue.g, G_PANIC), panic);
        self.add(As::TESTQ, panic, panic);
        let has_panic = self.add(As::JNE, Addr::NONE, Addr::branch());
        let end = self.add(As::NOP, Addr::NONE, Addr::NONE);
        // check, after the rest of the function:
        //	LEAQ  frame_size+8(SP), argument
        //	CMPQ  panic_argp(panic), argument
        //	JNE   end
        //	MOVQ  SP, panic_argp(panic)
        //	JMP   end
        self.last = self.f.last();
        self.pos = self.f[self.last].pos;
        let arguments = Addr::mem(Reg::SP, self.frame.size + REG_SIZE);
        let check = self.add(As::LEAQ, arguments, argument);
        self.f.set_target(has_panic, check);
        self.add(As::CMPQ, argp, argument);
        let other = self.add(As::JNE, Addr::NONE, Addr::branch());
        self.f.set_target(other, end);
        self.add(As::MOVQ, Addr::reg(Reg::SP), argp);
        let jmp = self.add(As::JMP, Addr::NONE, Addr::branch());
        self.f.set_target(jmp, end);
    }
}

/// Returns the instruction that stores a register of `size` bytes.
fn store(size: u8) -> As {
    match size {
        1 => As::MOVB,
        2 => As::MOVW,
        4 => As::MOVL,
        _ => As::MOVQ,
    }
}

/// Returns the instruction that loads `size` bytes and fills the register.
fn load(size: u8) -> As {
    match size {
        1 => As::MOVBLZX,
        2 => As::MOVWLZX,
        _ => store(size),
    }
}

/// The stack guard of a function's stack, in memory.
fn stack_guard(f: &FuncText, g: Reg) -> Addr {
    match f.attrs.has(Attrs::CFUNC) {
        true => Addr::mem(g, G_STACKGUARD1),
        false => Addr::mem(g, G_STACKGUARD0),
    }
}

/// The function of the runtime that a stack check calls.
fn morestack(f: &FuncText) -> Sym {
    if f.attrs.has(Attrs::CFUNC) {
        SymTable::MORESTACKC
    } else if f.attrs.has(Attrs::NEEDCTXT) {
        SymTable::MORESTACK
    } else {
        SymTable::MORESTACK_NOCTXT
    }
}
