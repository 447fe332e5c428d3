//! Code for shared libraries: g by the initial-exec model (`-shared`), and symbols of other libraries through the
//! global offset table (`-dynlink`).
//!
//! Source: gc obj6.go, progedit and rewriteToUseGot; obj/plist.go, MarkUnsafePoints; psABI 3.5 for the table.

use super::prologue::{PCDATA_UNSAFE_POINT, UNSAFE_POINT_SAFE, UNSAFE_POINT_UNSAFE};
use super::{As, Reg};
use crate::func_text::FuncText;
use crate::print;
use crate::prog::{Addr, AddrKind, Name, NameKind, Prog, ProgId};
use crate::sym::Sym;
use crate::unit::Unit;

/// The register for addresses from the global offset table.
const GOT_REG: Reg = Reg::R15;
/// Marks the instructions where a thread base is in a register as unsafe points: the scheduler must not move the
/// goroutine to another thread there.
pub(super) fn mark_unsafe_points(f: &mut FuncText) {
    let is_unsafe = |p: &Prog| p.from.index == Reg::TLS;
    let mark = |f: &mut FuncText, before: ProgId, value: i64| {
        let (table, value) = (Addr::imm(PCDATA_UNSAFE_POINT), Addr::imm(value));
        let mut mark = Prog::new(As::PCDATA, table, value, f[before].pos);
        mark.pc = f[before].link().map_or(0, |next| f[next].pc);
        f.insert_after(before, mark)
    };
    let mut value = UNSAFE_POINT_SAFE;
    let mut before = FuncText::TEXT;
    while let Some(id) = f[before].link() {
        let p = &f[id];
        if p.as_ == As::PCDATA && p.from.offset == PCDATA_UNSAFE_POINT {
            value = p.to.offset;
        } else if value != UNSAFE_POINT_UNSAFE && is_unsafe(p) {
            mark(f, before, UNSAFE_POINT_UNSAFE);
            let mut last = id;
            while let Some(next) = f[last].link().filter(|&next| is_unsafe(&f[next])) {
                last = next;
            }
            if f[last].link().is_none() {
                return;
            }
            before = mark(f, last, value);
            continue;
        }
        before = id;
    }
}

/// Rewrites an instruction that names a symbol of possibly another library to use the global offset table. Adds a
/// message to `errors` if that is not possible.
pub(super) fn use_got(f: &mut FuncText, id: ProgId, unit: &Unit, errors: &mut Vec<String>) {
    if matches!(f[id].as_, As::DUFFCOPY | As::DUFFZERO) {
        call_duff(f, id, unit);
    }
    let p = &mut f[id];
    if p.as_ == As::LEAQ && p.from.kind == AddrKind::Mem && is_global(&p.from, unit) {
        p.as_ = As::MOVQ;
        p.from.kind = AddrKind::Addr;
    }
    if p.from.kind == AddrKind::Addr && is_global(&p.from, unit) {
        load_address(f, id, unit, errors);
    }
    let diag = |f: &FuncText, what: &str, end: &str| {
        format!("{what} {}{end}", print::prog_string(f, id, unit))
    };
    const DYNLINK: &str = " with -dynlink";
    let is_extern = |a: &Addr| a.name.kind() == NameKind::Extern;
    let is_any = |a: &Addr| is_global(a, unit);
    let mut rest = f.rest(&f[id]).to_vec();
    let takes_third = unit.dialect.assembly.checks_got_register;
    let unknown = match takes_third {
        true => rest.iter().skip(1).filter(|a| is_any(a)).count(),
        false => usize::from(rest.first().is_some_and(is_extern)),
    };
    for _ in 0..unknown {
        errors.push(diag(f, "don't know how to handle", DYNLINK));
    }
    let Prog { as_, from, to, .. } = f[id];
    if is_any(&from) && is_any(&to) {
        let what = "cannot handle NAME_EXTERN on both sides in";
        errors.push(diag(f, what, DYNLINK));
    }
    let third = rest.first().copied().filter(|a| takes_third && is_any(a));
    if third.is_some() && (is_any(&from) || is_any(&to)) {
        let what = "cannot handle NAME_EXTERN on multiple operands in";
        errors.push(diag(f, what, DYNLINK));
    }
    let sources = [Some(from), Some(to), third].into_iter().flatten();
    let Some(source) = sources.into_iter().find(is_any) else {
        return;
    };
    if matches!(as_, As::CALL | As::TEXT | As::FUNCDATA | As::RET | As::JMP) {
        return;
    }
    if source.kind != AddrKind::Mem {
        errors.push(diag(f, "don't know how to handle", DYNLINK));
    }
    // MOVQ x@GOT(SB), R15
    // the instruction with (R15)
    let (mut from, mut to) = (from, to);
    let operand = match rest.first_mut() {
        _ if is_extern(&from) => &mut from,
        Some(third) if !is_extern(&to) => third,
        _ => &mut to,
    };
    operand.reg = GOT_REG;
    operand.name = Name::NONE;
    let pos = f[id].pos;
    let load = Prog::new(As::MOVQ, got(source.name.sym(), 0), Addr::reg(GOT_REG), pos);
    let load = f.insert_after(id, load);
    let access = f.insert_after(load, Prog::new(as_, from, to, pos));
    if takes_third && !rest.is_empty() {
        f.set_rest(access, &rest);
    }
    f.replace(id, Prog::new(As::NOP, Addr::NONE, Addr::NONE, pos));
}

/// Reports whether another library may define a name: all but constants that the assembler makes.
pub(super) fn is_global(a: &Addr, unit: &Unit) -> bool {
    let is_constant = |sym: Sym| unit.syms.name(sym).starts_with('$');
    a.name.kind() == NameKind::Extern && a.name.sym().is_some_and(|sym| !is_constant(sym))
}

/// Returns a symbol's slot in the global offset table.
fn got(sym: Option<Sym>, offset: i64) -> Addr {
    Addr {
        kind: AddrKind::Mem,
        name: sym.map_or(Name::NONE, Name::gotref),
        offset,
        ..Addr::NONE
    }
}

/// `MOVQ $x+8(SB), AX` becomes
///
/// ```text
/// MOVQ x@GOT(SB), AX
/// LEAQ 8(AX), AX
/// ```
fn load_address(f: &mut FuncText, id: ProgId, unit: &Unit, errors: &mut Vec<String>) {
    let Prog {
        as_, from, to, pos, ..
    } = f[id];
    let is_simple = to.kind == AddrKind::Reg && as_ == As::MOVQ;
    if !is_simple {
        let text = print::prog_string(f, id, unit);
        let what = "do not know how to handle LEA-type insn to non-register in";
        errors.push(format!("{what} {text} with -dynlink"));
        f[id].as_ = As::MOVQ;
        f[id].to = Addr {
            kind: AddrKind::Reg,
            reg: GOT_REG,
            name: Name::NONE,
            ..to
        };
    }
    let reg = f[id].to;
    f[id].from = Addr {
        kind: AddrKind::Mem,
        name: got(from.name.sym(), 0).name,
        offset: 0,
        ..from
    };
    let mut last = id;
    if from.offset != 0 {
        let address = Addr::mem(reg.reg, from.offset);
        last = f.insert_after(last, Prog::new(As::LEAQ, address, reg, pos));
    }
    if !is_simple {
        f.insert_after(last, Prog::new(as_, Addr::reg(GOT_REG), to, pos));
    }
}

/// `DUFFZERO` becomes
///
/// ```text
/// MOVQ runtime.duffzero@GOT(SB), R15
/// LEAQ offset(R15), R15
/// CALL R15
/// ```
fn call_duff(f: &mut FuncText, id: ProgId, unit: &Unit) {
    let Prog {
        as_, from, to, pos, ..
    } = f[id];
    let name = match as_ {
        As::DUFFZERO => "runtime.duffzero",
        _ => "runtime.duffcopy",
    };
    let reg = Addr::reg(GOT_REG);
    f[id].as_ = As::MOVQ;
    f[id].from = Addr {
        kind: AddrKind::Mem,
        name: got(unit.syms.get(name), 0).name,
        ..from
    };
    f[id].to = reg;
    let address = Prog::new(As::LEAQ, Addr::mem(GOT_REG, to.offset), reg, pos);
    let address = f.insert_after(id, address);
    f.insert_after(address, Prog::new(As::CALL, Addr::NONE, reg, pos));
}
