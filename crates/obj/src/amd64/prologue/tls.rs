//! Functions that load g from thread-local storage and save BP by MOVQ: Go 1.10 to 1.16.

use super::{
    Entry, Frame, Prologue, REG_SIZE, STACK_BIG, STACK_GUARD, STACK_PREEMPT, STACK_SMALL,
    UNSAFE_POINT_SAFE, UNSAFE_POINT_UNSAFE, stack_guard,
};
use crate::amd64::opcode::As;
use crate::amd64::reg::Reg;
use crate::amd64::thread_base;
use crate::func_text::FuncText;
use crate::prog::{Addr, Prog, ProgId};
use crate::sym::Attrs;

/// The form.
pub(crate) static TLS: Prologue = Prologue {
    g: G,
    wrapper_scratch: Some([Reg::BX, Reg::DI]),
    saved_bp_size,
    marks_frameless: false,
    check_stack,
    make_frame,
    leave,
};

const G: Reg = Reg::CX;

/// Functions without a frame that are NOFRAME or NOSPLIT don't save BP: they may run where a frame would be wrong.
/// Other functions without a frame save it if they call something.
fn saved_bp_size(f: &FuncText) -> Option<i64> {
    let frameless = f.frame_size as i32 <= 0;
    if f.attrs.has(Attrs::NOFRAME) || frameless && f.attrs.has(Attrs::NOSPLIT) {
        return Some(0);
    }
    (!frameless).then_some(REG_SIZE)
}

/// Loads g, and unless the function is NOSPLIT, compares SP with the stack guard and calls for more stack.
fn check_stack(entry: &mut Entry) {
    let nosplit = entry.f.attrs.has(Attrs::NOSPLIT);
    if !nosplit || entry.f.attrs.has(Attrs::WRAPPER) {
        // MOVQ (TLS), CX
        entry.add(As::MOVQ, Addr::mem(Reg::TLS, 0), Addr::reg(G));
        if entry.shared {
            entry.last = thread_base::load(entry.f, entry.last);
        }
    }
    if nosplit {
        return;
    }
    let preempted = compare(entry);
    let too_low = entry.add(As::JLS, Addr::NONE, Addr::branch());
    entry.mark_unsafe_point(UNSAFE_POINT_SAFE);
    let body = entry.last;
    let (_, call) = entry.more_stack();
    entry.last = body;
    entry.pos = entry.f.pos();
    for branch in preempted.into_iter().chain([too_low]) {
        entry.f.set_target(branch, call);
    }
}

/// The comparison before JLS, in one of three sizes. Returns the branch that very large frames need when the guard is
/// not an address.
fn compare(entry: &mut Entry) -> Option<ProgId> {
    let frame_size = entry.frame.size;
    let guard = stack_guard(entry.f, G);
    let (ax, si) = (Addr::reg(Reg::AX), Addr::reg(Reg::SI));
    if frame_size <= STACK_SMALL {
        // CMPQ SP, stackguard
        entry.add(As::CMPQ, Addr::reg(Reg::SP), guard);
        entry.mark_unsafe_point(UNSAFE_POINT_UNSAFE);
        return None;
    }
    if frame_size <= STACK_BIG {
        // LEAQ -(frame_size-STACK_SMALL)(SP), AX
        // CMPQ AX, stackguard
        entry.add(As::LEAQ, Addr::mem(Reg::SP, STACK_SMALL - frame_size), ax);
        entry.add(As::CMPQ, ax, guard);
        entry.mark_unsafe_point(UNSAFE_POINT_UNSAFE);
        return None;
    }
    // MOVQ stackguard, SI
    // CMPQ SI, $STACK_PREEMPT
    // JEQ  morestack
    // LEAQ STACK_GUARD(SP), AX
    // SUBQ SI, AX
    // CMPQ AX, $(frame_size+STACK_GUARD-STACK_SMALL)
    entry.add(As::MOVQ, guard, si);
    entry.mark_unsafe_point(UNSAFE_POINT_UNSAFE);
    entry.add(As::CMPQ, si, Addr::imm(STACK_PREEMPT));
    let preempted = entry.add(As::JEQ, Addr::NONE, Addr::branch());
    entry.add(As::LEAQ, Addr::mem(Reg::SP, STACK_GUARD), ax);
    entry.add(As::SUBQ, si, ax);
    let limit = frame_size + STACK_GUARD - STACK_SMALL;
    entry.add(As::CMPQ, ax, Addr::imm(limit));
    Some(preempted)
}

/// Makes the frame and points BP at the saved one.
fn make_frame(entry: &mut Entry) {
    let Frame { size, bp_size } = entry.frame;
    if size != 0 {
        // SUBQ $size, SP
        let adjust = entry.add(As::ADJSP, Addr::imm(size), Addr::NONE);
        entry.f[adjust].spadj = size as i32;
    }
    if bp_size > 0 {
        // MOVQ BP, size-8(SP)
        // LEAQ size-8(SP), BP
        let slot = Addr::mem(Reg::SP, size - bp_size);
        entry.add(As::MOVQ, Addr::reg(Reg::BP), slot);
        entry.add(As::LEAQ, slot, Addr::reg(Reg::BP));
    }
}

/// Adds the epilogue before a RET.
fn leave(f: &mut FuncText, id: ProgId, frame: Frame) -> ProgId {
    let Frame { size, bp_size } = frame;
    if size == 0 {
        return id;
    }
    let mut last = id;
    let Prog {
        to, pos, suffix, ..
    } = f[id];
    // ADDQ $size, SP
    let mut adjust = Prog::new(As::ADJSP, Addr::imm(-size), Addr::NONE, pos);
    adjust.spadj = -(size as i32);
    if bp_size > 0 {
        // MOVQ size-8(SP), BP
        let slot = Addr::mem(Reg::SP, size - bp_size);
        let rest = f.rest(&f[id]).to_vec();
        f.replace(id, Prog::new(As::MOVQ, slot, Addr::reg(Reg::BP), pos));
        f.set_rest(id, &rest);
        last = f.insert_after(last, adjust);
    } else {
        f.replace(id, adjust);
    }
    // A suffix of RET stays with the first of these instructions.
    f[id].suffix = suffix;
    // The instruction after the RET is reached by a branch with the frame in place.
    let mut ret = Prog::new(As::RET, Addr::NONE, to, pos);
    ret.spadj = size as i32;
    f.insert_after(last, ret)
}
