//! Functions of the register convention, which hold g in R14 and save BP by PUSHQ: Go 1.21 and later.

use super::{
    Entry, Frame, Prologue, REG_SIZE, STACK_BIG, STACK_SMALL, UNSAFE_POINT_SAFE,
    UNSAFE_POINT_UNSAFE, stack_guard,
};
use crate::amd64::opcode::As;
use crate::amd64::reg::Reg;
use crate::amd64::thread_base;
use crate::func_text::FuncText;
use crate::prog::{Addr, AddrKind, Prog, ProgId};
use crate::sym::Attrs;

/// The form.
pub(crate) static REGISTERS: Prologue = Prologue {
    g: G,
    wrapper_scratch: None,
    saved_bp_size,
    marks_frameless: true,
    check_stack,
    make_frame,
    leave,
};

const G: Reg = Reg::R14;

/// Free at the entry: no parameter is passed in it.
const SCRATCH: Reg = Reg::R12;

/// Functions that are NOFRAME don't save BP. Other functions without a frame save it if they call something.
fn saved_bp_size(f: &FuncText) -> Option<i64> {
    if f.attrs.has(Attrs::NOFRAME) {
        return Some(0);
    }
    (f.frame_size as i32 > 0).then_some(REG_SIZE)
}

/// Compares SP with the stack guard and calls for more stack, unless the function is NOSPLIT. Functions of the stack
/// convention load g first.
fn check_stack(entry: &mut Entry) {
    if entry.f.attrs.has(Attrs::NOSPLIT) {
        return;
    }
    if !entry.f.attrs.has(Attrs::ABI_INTERNAL) {
        // MOVQ (TLS), R14
        entry.add(As::MOVQ, Addr::mem(Reg::TLS, 0), Addr::reg(G));
        if entry.shared {
            entry.last = thread_base::load(entry.f, entry.last);
        }
    }
    let wrapped = compare(entry);
    let too_low = entry.add(As::JLS, Addr::NONE, Addr::branch());
    entry.mark_unsafe_point(UNSAFE_POINT_SAFE);
    let body = entry.last;
    let (before, _) = entry.more_stack();
    entry.last = body;
    entry.pos = entry.f.pos();
    for branch in wrapped.into_iter().chain([too_low]) {
        entry.f.set_target(branch, before);
    }
}

/// The comparison before JLS, in one of three sizes. Returns the branch for very large frames below address 0.
fn compare(entry: &mut Entry) -> Option<ProgId> {
    let frame_size = entry.frame.size;
    let guard = stack_guard(entry.f, G);
    let (sp, scratch) = (Addr::reg(Reg::SP), Addr::reg(SCRATCH));
    if frame_size <= STACK_SMALL {
        // CMPQ SP, stackguard
        entry.add(As::CMPQ, sp, guard);
        entry.mark_unsafe_point(UNSAFE_POINT_UNSAFE);
        return None;
    }
    if frame_size <= STACK_BIG {
        // LEAQ -(frame_size-STACK_SMALL)(SP), R12
        // CMPQ R12, stackguard
        let lowest = Addr::mem(Reg::SP, STACK_SMALL - frame_size);
        entry.add(As::LEAQ, lowest, scratch);
        entry.add(As::CMPQ, scratch, guard);
        entry.mark_unsafe_point(UNSAFE_POINT_UNSAFE);
        return None;
    }
    // MOVQ SP, R12
    // SUBQ $(frame_size-STACK_SMALL), R12
    // JCS  morestack
    // CMPQ R12, stackguard
    entry.add(As::MOVQ, sp, scratch);
    entry.mark_unsafe_point(UNSAFE_POINT_UNSAFE);
    let below = Addr::imm(frame_size - STACK_SMALL);
    entry.add(As::SUBQ, below, scratch);
    let wrapped = entry.add(As::JCS, Addr::NONE, Addr::branch());
    entry.add(As::CMPQ, scratch, guard);
    Some(wrapped)
}

/// Saves BP, points it at the saved one, and makes the rest of the frame.
fn make_frame(entry: &mut Entry) {
    let Frame { size, bp_size } = entry.frame;
    if bp_size > 0 {
        // PUSHQ BP
        // MOVQ SP, BP
        let bp = Addr::reg(Reg::BP);
        entry.add(As::PUSHQ, bp, Addr::NONE);
        entry.add(As::MOVQ, Addr::reg(Reg::SP), bp);
    }
    if size != bp_size {
        // SUBQ $(size-8), SP
        let rest = size - bp_size;
        let adjust = entry.add(As::ADJSP, Addr::imm(rest), Addr::NONE);
        entry.f[adjust].spadj = rest as i32;
    }
}

/// Adds the epilogue before a RET.
fn leave(f: &mut FuncText, id: ProgId, frame: Frame) -> ProgId {
    let Frame { size, bp_size } = frame;
    if size == 0 {
        return id;
    }
    let Prog {
        from,
        to,
        pos,
        suffix,
        ..
    } = f[id];
    let rest_operands = f.rest(&f[id]).to_vec();
    let mut epilogue = Vec::new();
    if size != bp_size {
        // ADDQ $(size-8), SP
        let rest = size - bp_size;
        // gc leaves the parts of a first operand of RET that a constant doesn't have.
        let rest_of_ret = Addr {
            kind: AddrKind::Const,
            offset: -rest,
            ..from
        };
        let mut adjust = Prog::new(As::ADJSP, rest_of_ret, Addr::NONE, pos);
        adjust.spadj = -(rest as i32);
        epilogue.push(adjust);
    }
    if bp_size > 0 {
        // POPQ BP
        let before = if epilogue.is_empty() {
            from
        } else {
            Addr::NONE
        };
        let mut pop = Prog::new(As::POPQ, before, Addr::reg(Reg::BP), pos);
        pop.spadj = -(bp_size as i32);
        epilogue.push(pop);
    }
    // The instruction after the RET is reached by a branch with the frame in place.
    let mut ret = Prog::new(As::RET, Addr::NONE, to, pos);
    ret.spadj = size as i32;
    epilogue.push(ret);
    // A suffix of RET stays with the first of these instructions.
    epilogue[0].suffix = suffix;
    let mut last = id;
    for (index, prog) in epilogue.into_iter().enumerate() {
        match index {
            0 => {
                f.replace(id, prog);
                f.set_rest(id, &rest_operands);
            }
            _ => last = f.insert_after(last, prog),
        }
    }
    last
}
