//! The base of thread-local storage: a segment register in executables, loaded into any register in shared libraries.
//!
//! Source: gc obj6.go, progedit.

use super::opcode::As;
use super::reg::Reg;
use crate::func_text::FuncText;
use crate::prog::{Addr, AddrKind, Prog, ProgId};

/// Loads the thread base before g, in code for shared libraries:
///
/// ```text
/// MOVQ (TLS), CX    becomes    MOVQ TLS, CX
///                              MOVQ (CX)(TLS*2), CX
/// ```
///
/// Returns the last of these, or the instruction itself if it is not such a load.
pub(super) fn load(f: &mut FuncText, id: ProgId) -> ProgId {
    let p = &f[id];
    let is_load = matches!(p.as_, As::MOVQ | As::MOVL)
        && (p.from.kind, p.from.reg) == (AddrKind::Mem, Reg::TLS)
        && p.to.kind == AddrKind::Reg
        && p.to.reg.is_gpr();
    if !is_load {
        return id;
    }
    let from = Addr {
        reg: p.to.reg,
        index: Reg::TLS,
        scale: 2,
        ..p.from
    };
    let load = Prog::new(p.as_, from, p.to, p.pos);
    f[id].from = Addr {
        kind: AddrKind::Reg,
        index: Reg::NONE,
        offset: 0,
        ..f[id].from
    };
    f.insert_after(id, load)
}

/// Replaces the thread base in a register by the segment register, in code for executables.
pub(super) fn shorten(p: &mut Prog) {
    // MOVQ TLS, BX
    // MOVQ off(BX)(TLS*1), CX
    // becomes, where the thread base is a segment register,
    // NOP
    // MOVQ off(TLS), CX
    if matches!(p.as_, As::MOVQ | As::MOVL)
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
}
