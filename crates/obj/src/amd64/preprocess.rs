//! The frame: stack-split prologue, saved BP, NOSPLIT inference, offsets from SP.
//!
//! On entry local variables and parameters are named relative to the frame; on exit relative to SP. The
//! frame, from high to low address:
//!
//! ```text
//!   parameters and results      args_size
//!   return address              8
//!   saved BP                    8, or nothing for a frameless function without calls
//!   autos, outgoing arguments   frame_size
//! ```
//!
//! Source: gc obj6.go, preprocess and stacksplit; objabi/stack.go for the limits.

use minigo_base::Pos;

use super::operand::number;
use super::{As, Reg, shared};
use crate::func_text::FuncText;
use crate::prog::{Addr, AddrKind, Name, NameKind, Prog, ProgId};
use crate::sym::{Attrs, SymTable};
use crate::unit::Unit;

/// Frames up to this size need no more than the red zone below the stack guard.
const STACK_SMALL: i64 = 128;
/// Frames up to this size can't wrap around the address space.
const STACK_BIG: i64 = 4096;
/// Bytes between the stack guard and the end of the stack.
const STACK_GUARD: i64 = 928;
/// What the stack guard holds when the goroutine is asked to stop.
const STACK_PREEMPT: i64 = -1314;
/// Offset of `stackguard0` in `g`; `stackguard1`, for the system stack, follows.
const G_STACKGUARD0: i64 = 16;
const G_STACKGUARD1: i64 = 24;
/// Offset of `_panic` in `g`, and of `argp` in a panic.
const G_PANIC: i64 = 32;
const PANIC_ARGP: i64 = 0;
/// The table of `PCDATA` that marks unsafe points, and its values.
const PCDATA_UNSAFE_POINT: i64 = 0;
const UNSAFE_POINT_SAFE: i64 = -1;
const UNSAFE_POINT_UNSAFE: i64 = -2;
/// Size of a register, and so of the return address and of the saved BP.
const REG_SIZE: i64 = 8;

/// Adds prologue and epilogues and makes all offsets relative to SP. `frame_size` then includes the saved
/// BP, and `attrs` an inferred NOSPLIT.
///
/// Requires branch targets to be set. Errors, without position as gc's, are added to `errors`.
pub(super) fn preprocess(f: &mut FuncText, unit: &Unit, errors: &mut Vec<String>) {
    if f[FuncText::TEXT].link().is_none() {
        return;
    }
    let bp_size = saved_bp_size(f);
    let frame_size = whole_size(f.frame_size, bp_size);
    f.frame_size += bp_size;
    if is_nosplit_leaf(f, unit, frame_size) {
        f.attrs.insert(Attrs::NOSPLIT);
    }
    let mut prologue = Prologue {
        last: FuncText::TEXT,
        pos: f.pos(),
        f,
    };
    prologue.split(unit, frame_size);
    prologue.enter(frame_size, bp_size, errors);
    if prologue.f.attrs.has(Attrs::WRAPPER) {
        prologue.adjust_panic(frame_size);
    }
    resolve_offsets(f, frame_size, bp_size, errors);
}

/// How much of the frame holds the caller's BP: nothing if there is no frame and nothing is called, nor for
/// NOFRAME and frameless NOSPLIT functions, which may run where a frame would be wrong.
fn saved_bp_size(f: &FuncText) -> i64 {
    let has_call = || {
        f.iter()
            .any(|(_, p)| matches!(p.as_, As::CALL | As::DUFFCOPY | As::DUFFZERO))
    };
    stated_bp_size(f).unwrap_or_else(|| if has_call() { REG_SIZE } else { 0 })
}

/// The same as far as TEXT says it.
fn stated_bp_size(f: &FuncText) -> Option<i64> {
    let frameless = f.frame_size as i32 <= 0;
    if f.attrs.has(Attrs::NOFRAME) || frameless && f.attrs.has(Attrs::NOSPLIT) {
        return Some(0);
    }
    (!frameless).then_some(REG_SIZE)
}

/// The size of the frame with the saved BP, which gc keeps in 32 bits. A frame below zero is none.
fn whole_size(frame_size: i64, bp_size: i64) -> i64 {
    i64::from((frame_size as i32).max(0).wrapping_add(bp_size as i32))
}

/// What named variables are relative to: offsets from SP, in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bases {
    autos: i64,
    params: i64,
}

impl Bases {
    /// Behind the prologue of a function of which no more than TEXT is known; none if that is not enough.
    pub(crate) fn stated(f: &FuncText) -> Option<Bases> {
        let bp_size = stated_bp_size(f)?;
        Some(Bases::at(whole_size(f.frame_size, bp_size), bp_size))
    }

    /// Where SP is `depth` bytes below the return address.
    fn at(depth: i64, bp_size: i64) -> Bases {
        Bases {
            autos: depth - bp_size,
            params: depth + REG_SIZE,
        }
    }

    /// Behind an instruction that may move SP.
    pub(crate) fn after(self, p: &Prog) -> Bases {
        let lowered = sp_adjustment(p).unwrap_or(0);
        Bases {
            autos: self.autos.wrapping_add(lowered),
            params: self.params.wrapping_add(lowered),
        }
    }

    /// Makes the offsets of variables relative to SP. As in gc, those of operands after the second and before the
    /// last stay as they are.
    pub(super) fn resolve(self, p: &mut Prog, rest: &mut [Addr]) {
        let operands = [&mut p.from, &mut p.to].into_iter();
        for a in operands.chain(rest.first_mut()) {
            let base = match a.name.kind() {
                NameKind::Auto => self.autos,
                NameKind::Param => self.params,
                _ => continue,
            };
            a.offset = a.offset.wrapping_add(base);
        }
    }
}

/// Whether a function needs no stack check: a small frame, and no calls but of runtime functions that
/// check for themselves before they use any stack.
fn is_nosplit_leaf(f: &FuncText, unit: &Unit, frame_size: i64) -> bool {
    if frame_size >= STACK_SMALL || f.attrs.has(Attrs::NOSPLIT) {
        return false;
    }
    f.iter().all(|(_, p)| match p.as_ {
        As::CALL => {
            let sym = p.to.name.sym();
            sym.is_some_and(|sym| unit.syms[sym].zero_arg_runtime_call)
                && frame_size < STACK_SMALL - REG_SIZE
        }
        As::DUFFCOPY | As::DUFFZERO => frame_size < STACK_SMALL - REG_SIZE,
        _ => true,
    })
}

/// Adds instructions after TEXT, or wherever `last` is.
struct Prologue<'a> {
    f: &'a mut FuncText,
    last: ProgId,
    pos: Pos,
}

impl Prologue<'_> {
    fn add(&mut self, as_: As, from: Addr, to: Addr) -> ProgId {
        self.last = self
            .f
            .insert_after(self.last, Prog::new(as_, from, to, self.pos));
        self.last
    }

    fn add_pcdata(&mut self, table: i64, value: i64) {
        self.add(As::PCDATA, Addr::imm(table), Addr::imm(value));
    }

    fn mark_unsafe_point(&mut self, unit: &Unit, value: i64) {
        if unit.dialect.unsafe_points {
            self.add_pcdata(PCDATA_UNSAFE_POINT, value);
        }
    }

    /// Loads `g`, and unless the function is NOSPLIT, compares SP with the stack guard and calls for more
    /// stack.
    fn split(&mut self, unit: &Unit, frame_size: i64) {
        let nosplit = self.f.attrs.has(Attrs::NOSPLIT);
        if !nosplit || self.f.attrs.has(Attrs::WRAPPER) {
            // MOVQ (TLS), CX
            self.add(As::MOVQ, Addr::mem(Reg::TLS, 0), Addr::reg(Reg::CX));
            if unit.model.shared {
                self.last = shared::load_thread_base(self.f, self.last);
            }
        }
        if nosplit {
            return;
        }
        let guard = if self.f.attrs.has(Attrs::CFUNC) {
            G_STACKGUARD1
        } else {
            G_STACKGUARD0
        };
        let guard = Addr::mem(Reg::CX, guard);
        let preempted = self.compare(unit, frame_size, guard);
        let too_low = self.add(As::JLS, Addr::NONE, Addr::branch());
        self.mark_unsafe_point(unit, UNSAFE_POINT_SAFE);
        let body = self.last;
        let call = self.more_stack(unit, frame_size);
        self.last = body;
        self.pos = self.f.pos();
        for branch in preempted.into_iter().chain([too_low]) {
            self.f.set_target(branch, call);
        }
    }

    /// The comparison before JLS, in one of three sizes. Gives the branch that very large frames need
    /// when the guard is no address at all.
    fn compare(&mut self, unit: &Unit, frame_size: i64, guard: Addr) -> Option<ProgId> {
        let (ax, si) = (Addr::reg(Reg::AX), Addr::reg(Reg::SI));
        if frame_size <= STACK_SMALL {
            // CMPQ SP, stackguard
            self.add(As::CMPQ, Addr::reg(Reg::SP), guard);
            self.mark_unsafe_point(unit, UNSAFE_POINT_UNSAFE);
            return None;
        }
        if frame_size <= STACK_BIG {
            // LEAQ -(frame_size-STACK_SMALL)(SP), AX
            // CMPQ AX, stackguard
            self.add(As::LEAQ, Addr::mem(Reg::SP, STACK_SMALL - frame_size), ax);
            self.add(As::CMPQ, ax, guard);
            self.mark_unsafe_point(unit, UNSAFE_POINT_UNSAFE);
            return None;
        }
        // MOVQ stackguard, SI
        // CMPQ SI, $STACK_PREEMPT
        // JEQ  morestack
        // LEAQ STACK_GUARD(SP), AX
        // SUBQ SI, AX
        // CMPQ AX, $(frame_size+STACK_GUARD-STACK_SMALL)
        self.add(As::MOVQ, guard, si);
        self.mark_unsafe_point(unit, UNSAFE_POINT_UNSAFE);
        self.add(As::CMPQ, si, Addr::imm(STACK_PREEMPT));
        let preempted = self.add(As::JEQ, Addr::NONE, Addr::branch());
        self.add(As::LEAQ, Addr::mem(Reg::SP, STACK_GUARD), ax);
        self.add(As::SUBQ, si, ax);
        let limit = frame_size + STACK_GUARD - STACK_SMALL;
        self.add(As::CMPQ, ax, Addr::imm(limit));
        Some(preempted)
    }

    /// The end of the function, which calls for more stack and starts again. Gives the call.
    fn more_stack(&mut self, unit: &Unit, frame_size: i64) -> ProgId {
        let start = self.f[FuncText::TEXT].link().expect("there is a prologue");
        let func_pos = self.f.pos();
        self.last = self.f.last();
        // NOP: the frame is not there yet.
        self.pos = self.f[self.last].pos;
        let nop = self.add(As::NOP, Addr::NONE, Addr::NONE);
        self.f[nop].spadj = -(frame_size as i32);
        self.pos = func_pos;
        self.add_pcdata(unit.dialect.stack_map_pcdata, -1);
        self.mark_unsafe_point(unit, UNSAFE_POINT_UNSAFE);
        // CALL runtime.morestack(SB)
        let callee = if self.f.attrs.has(Attrs::CFUNC) {
            SymTable::MORESTACKC
        } else if self.f.attrs.has(Attrs::NEEDCTXT) {
            SymTable::MORESTACK
        } else {
            SymTable::MORESTACK_NOCTXT
        };
        let call = self.add(As::CALL, Addr::NONE, Addr::func(callee));
        self.mark_unsafe_point(unit, UNSAFE_POINT_SAFE);
        // JMP start
        let jmp = self.add(As::JMP, Addr::NONE, Addr::branch());
        self.f.set_target(jmp, start);
        self.f[jmp].spadj = frame_size as i32;
        call
    }

    /// Makes the frame and points BP at the saved one.
    fn enter(&mut self, frame_size: i64, bp_size: i64, errors: &mut Vec<String>) {
        if frame_size != 0 {
            if frame_size % REG_SIZE != 0 {
                errors.push(format!("unaligned stack size {frame_size}"));
            }
            // SUBQ $frame_size, SP
            let adjust = self.add(As::ADJSP, Addr::imm(frame_size), Addr::NONE);
            self.f[adjust].spadj = frame_size as i32;
        }
        if bp_size > 0 {
            // MOVQ BP, frame_size-8(SP)
            // LEAQ frame_size-8(SP), BP
            let slot = Addr::mem(Reg::SP, frame_size - bp_size);
            self.add(As::MOVQ, Addr::reg(Reg::BP), slot);
            self.add(As::LEAQ, slot, Addr::reg(Reg::BP));
        }
    }

    /// In a wrapper, moves the argument pointer of a panic that points at the wrapper's frame.
    fn adjust_panic(&mut self, frame_size: i64) {
        let (bx, di) = (Addr::reg(Reg::BX), Addr::reg(Reg::DI));
        let argp = Addr::mem(Reg::BX, PANIC_ARGP);
        //	MOVQ  g_panic(CX), BX
        //	TESTQ BX, BX
        //	JNE   check
        // end:
        //	NOP
        self.add(As::MOVQ, Addr::mem(Reg::CX, G_PANIC), bx);
        self.add(As::TESTQ, bx, bx);
        let has_panic = self.add(As::JNE, Addr::NONE, Addr::branch());
        let end = self.add(As::NOP, Addr::NONE, Addr::NONE);
        // check, after the rest of the function:
        //	LEAQ  frame_size+8(SP), DI
        //	CMPQ  panic_argp(BX), DI
        //	JNE   end
        //	MOVQ  SP, panic_argp(BX)
        //	JMP   end
        self.last = self.f.last();
        self.pos = self.f[self.last].pos;
        let check = self.add(As::LEAQ, Addr::mem(Reg::SP, frame_size + REG_SIZE), di);
        self.f.set_target(has_panic, check);
        self.add(As::CMPQ, argp, di);
        let other = self.add(As::JNE, Addr::NONE, Addr::branch());
        self.f.set_target(other, end);
        self.add(As::MOVQ, Addr::reg(Reg::SP), argp);
        let jmp = self.add(As::JMP, Addr::NONE, Addr::branch());
        self.f.set_target(jmp, end);
    }
}

/// By how much a stack instruction moves SP down.
pub(super) fn sp_adjustment(p: &Prog) -> Option<i64> {
    Some(match p.as_ {
        As::PUSHL | As::PUSHFL => 4,
        As::PUSHQ | As::PUSHFQ => 8,
        As::PUSHW | As::PUSHFW => 2,
        As::POPL | As::POPFL => -4,
        As::POPQ | As::POPFQ => -8,
        As::POPW | As::POPFW => -2,
        As::ADJSP => number(&p.from),
        _ => return None,
    })
}

/// Follows SP through the function: names become offsets from it, and RET gives the frame back.
fn resolve_offsets(f: &mut FuncText, frame_size: i64, bp_size: i64, errors: &mut Vec<String>) {
    let mut depth = 0;
    let mut next = Some(FuncText::TEXT);
    while let Some(id) = next {
        let (p, rest) = f.with_rest(id);
        Bases::at(depth, bp_size).resolve(p, rest);
        if let Some(adjustment) = sp_adjustment(p) {
            p.spadj = adjustment as i32;
            depth += adjustment;
        }
        let last = if p.as_ == As::RET {
            if depth != frame_size {
                errors.push("unbalanced PUSH/POP".to_owned());
            }
            leave(f, id, frame_size, bp_size)
        } else {
            id
        };
        next = f[last].link();
    }
}

/// Turns a RET into the epilogue with that RET at its end, which it gives. RET to something with a name is JMP.
fn leave(f: &mut FuncText, id: ProgId, frame_size: i64, bp_size: i64) -> ProgId {
    let mut last = id;
    if frame_size != 0 {
        let Prog {
            to, pos, suffix, ..
        } = f[id];
        // ADDQ $frame_size, SP
        let mut adjust = Prog::new(As::ADJSP, Addr::imm(-frame_size), Addr::NONE, pos);
        adjust.spadj = -(frame_size as i32);
        if bp_size > 0 {
            // MOVQ frame_size-8(SP), BP
            let slot = Addr::mem(Reg::SP, frame_size - bp_size);
            let rest = f.rest(&f[id]).to_vec();
            f.replace(id, Prog::new(As::MOVQ, slot, Addr::reg(Reg::BP), pos));
            f.set_rest(id, &rest);
            last = f.insert_after(last, adjust);
        } else {
            f.replace(id, adjust);
        }
        // What was written after RET stays with the first of them.
        f[id].suffix = suffix;
        // What follows the RET is reached by a branch with the frame in place.
        let mut ret = Prog::new(As::RET, Addr::NONE, to, pos);
        ret.spadj = frame_size as i32;
        last = f.insert_after(last, ret);
    }
    let p = &mut f[last];
    // The name of a string constant is its text.
    if p.to.name != Name::NONE && p.to.kind != AddrKind::SConst {
        p.as_ = As::JMP;
    }
    last
}
