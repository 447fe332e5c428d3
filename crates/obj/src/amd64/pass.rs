//! Changes before the frame is made: instructions that stand for others, and jumps to jumps.
//!
//! Source: gc obj6.go, progedit; obj/pass.go, linkpatch and brloop.

use super::{As, Reg};
use crate::prog::{AddrKind, FuncText, NameKind, ProgId};
use crate::unit::Unit;

/// Longer chains of jumps count as endless.
const MAX_JUMPS: u32 = 5000;

/// Rewrites instructions to what the table knows, and shortens jumps to jumps.
pub(super) fn linkpatch(f: &mut FuncText, unit: &Unit) {
    let mut next = Some(FuncText::TEXT);
    while let Some(id) = next {
        edit(f, id);
        next = f[id].link();
    }
    if unit.optimize {
        thread_jumps(f);
    }
}

/// Rewrites one instruction.
fn edit(f: &mut FuncText, id: ProgId) {
    let p = &mut f[id];
    let moves = matches!(p.as_, As::MOVQ | As::MOVL);
    // MOVQ TLS, BX
    // MOVQ off(BX)(TLS*1), CX
    // becomes, where the thread base is a segment register,
    // NOP
    // MOVQ off(TLS), CX
    if moves
        && p.from.kind == AddrKind::Reg
        && p.from.reg == Reg::TLS
        && p.to.kind == AddrKind::Reg
        && p.to.reg.is_gpr()
    {
        p.as_ = As::NOP;
        p.from = Default::default();
        p.to = Default::default();
    }
    for a in [&mut p.from, &mut p.to] {
        if a.kind == AddrKind::Mem && a.index == Reg::TLS && a.reg.is_gpr() {
            a.reg = Reg::TLS;
            a.scale = 0;
            a.index = Reg::NONE;
        }
    }
    // CMPPS X0, X1, 4: the comparison is a constant, though it is written as an address.
    if matches!(p.as_, As::CMPPD | As::CMPPS | As::CMPSD | As::CMPSS)
        && p.to.kind == AddrKind::Mem
        && p.to.name.kind() == NameKind::None
        && p.to.reg.is_none()
        && p.to.index.is_none()
    {
        p.to.kind = AddrKind::Const;
    }
    if matches!(p.as_, As::CALL | As::JMP | As::RET)
        && p.to.kind == AddrKind::Mem
        && matches!(p.to.name.kind(), NameKind::Extern | NameKind::Static)
    {
        p.to.kind = AddrKind::Branch;
    }
    // MOVQ $x(SB), AX is LEAQ x(SB), AX.
    if moves && p.from.kind == AddrKind::Addr {
        p.as_ = if p.as_ == As::MOVL {
            As::LEAL
        } else {
            As::LEAQ
        };
        p.from.kind = AddrKind::Mem;
    }
}

/// Makes a branch to an unconditional jump go where that jump goes, in program order. A branch into a circle
/// of jumps becomes a branch to itself.
fn thread_jumps(f: &mut FuncText) {
    let mut next = Some(FuncText::TEXT);
    while let Some(id) = next {
        if let Some(target) = f[id].target.expand() {
            f[id].target = end_of_jumps(f, target).into();
        }
        next = f[id].link();
    }
}

fn end_of_jumps(f: &FuncText, start: ProgId) -> Option<ProgId> {
    let mut id = start;
    for _ in 0..MAX_JUMPS {
        match (f[id].as_, f[id].target.expand()) {
            (As::JMP, Some(target)) => id = target,
            _ => return Some(id),
        }
    }
    None
}
