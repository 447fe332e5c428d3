//! The check of registers with a fixed meaning in Go's register calling convention: R14 is g and X15 is zero in ABIInternal
//! functions, and R15 is overwritten at every global variable when code is linked dynamically.
//!
//! Source: cmd/compile/abi-internal.md; obj6.go, errorCheck.

use minigo_obj::amd64::accesses;
use minigo_obj::{Addr, AddrKind, As, FuncText, NameKind, Prog, ProgId, Reg};

use super::Function;

pub(super) fn check(function: &mut Function) {
    // The runtime sets g and switches between conventions.
    if function.is_internal() && function.package.path != "runtime" {
        clobbered(function, Reg::R14, "g");
        clobbered(function, Reg::X15, "zero");
    }
    global_offset_table(function);
}

/// Reports whether a register is, or overlaps, `reg`.
fn is(a: &Addr, reg: Reg) -> bool {
    let same = match reg {
        Reg::R14 => [Reg::R14, Reg::R14B],
        Reg::R15 => [Reg::R15, Reg::R15B],
        reg => [reg, reg],
    };
    a.kind == AddrKind::Reg
        && (same.contains(&a.reg) || reg == Reg::X15 && [Reg::Y15, Reg::Z15].contains(&a.reg))
}

/// Reports whether an instruction writes a register that is one of its operands.
fn writes(f: &FuncText, prog: &Prog, reg: Reg) -> bool {
    accesses(prog, f.rest(prog)).any(|(operand, access)| access.writes && is(&operand, reg))
}

/// Reports whether a write restores the register's meaning.
fn restores(function: &Function, prog: &Prog, reg: Reg) -> bool {
    let name = prog.as_.name();
    let f = function.f;
    if reg == Reg::X15 {
        return match prog.from.kind {
            AddrKind::Reg if name.contains("XOR") => {
                prog.from == prog.to || f.rest(prog).contains(&prog.from) || is(&prog.from, reg)
            }
            AddrKind::Reg => is_zeroed(f, prog.from),
            // A value saved in memory.
            AddrKind::Mem => f
                .iter()
                .any(|(_, other)| other.to.kind == AddrKind::Mem && is(&other.from, reg)),
            _ => false,
        };
    }
    // A saved copy, or the value in thread-local storage.
    let kept = f
        .iter()
        .any(|(_, other)| other.as_ == As::MOVQ && is(&other.from, reg));
    let pushed = f
        .iter()
        .any(|(_, other)| other.as_ == As::PUSHQ && is(&other.from, reg));
    let from_tls = prog.from.reg == Reg::TLS || prog.from.index == Reg::TLS;
    name == "MOVQ" && (kept || from_tls) || name == "POPQ" && pushed
}

/// Reports whether a general register is set to zero somewhere.
fn is_zeroed(f: &FuncText, a: Addr) -> bool {
    f.iter().any(|(_, prog)| {
        let zero = prog.from == Addr::imm(0) && prog.as_.name().starts_with("MOV");
        let cleared = prog.as_.name().starts_with("XOR") && prog.from == prog.to;
        prog.to == a && (zero || cleared)
    })
}

/// Follows the function from each write to the register: no RET or CALL may come before it is restored.
fn clobbered(function: &mut Function, reg: Reg, meaning: &str) {
    let f = function.f;
    for (id, prog) in f.iter() {
        if !writes(f, prog, reg) || restores(function, prog, reg) {
            continue;
        }
        let Some(end) = first_reached(f, id, |other| {
            if writes(f, other, reg) {
                return Some(false);
            }
            matches!(other.as_, As::RET | As::CALL).then_some(true)
        }) else {
            continue;
        };
        let (_, line) = function.place(&f[end]);
        let end = f[end].as_;
        function.report(
            prog,
            &format!("{reg} is {meaning} in ABIInternal functions, and is overwritten"),
            &format!("{} {reg} before {end} on line {line}", prog.as_),
            &format!("{meaning} in {reg} at every CALL and RET"),
            "use another register, or put the value back before that",
        );
        return;
    }
}

/// Returns the first instruction on the paths from `start` for which `stop` returns true. A path ends where it returns
/// false.
pub(super) fn first_reached(
    f: &FuncText,
    start: ProgId,
    stop: impl Fn(&Prog) -> Option<bool>,
) -> Option<ProgId> {
    let mut seen = vec![false; f.len()];
    let mut work: Vec<ProgId> = after(f, start);
    while let Some(id) = work.pop() {
        if std::mem::replace(&mut seen[id.as_u32() as usize], true) {
            continue;
        }
        match stop(&f[id]) {
            Some(true) => return Some(id),
            Some(false) => {}
            None => work.append(&mut after(f, id)),
        }
    }
    None
}

fn after(f: &FuncText, id: ProgId) -> Vec<ProgId> {
    let prog = &f[id];
    let falls = !matches!(prog.as_, As::JMP | As::RET | As::UNDEF);
    let next = prog.link().filter(|_| falls);
    next.into_iter().chain(prog.target.expand()).collect()
}

fn uses_global(prog: &Prog) -> bool {
    let global = |a: &Addr| {
        a.name.kind() == NameKind::Extern && matches!(a.kind, AddrKind::Mem | AddrKind::Addr)
    };
    let pseudo = matches!(
        prog.as_,
        As::TEXT | As::FUNCDATA | As::PCDATA | As::CALL | As::JMP | As::RET
    );
    !pseudo && (global(&prog.from) || global(&prog.to))
}

fn reads_r15(f: &FuncText, prog: &Prog) -> bool {
    let mentions = |a: &Addr| {
        is(a, Reg::R15)
            || matches!(a.kind, AddrKind::Mem | AddrKind::Addr)
                && [a.reg, a.index].contains(&Reg::R15)
    };
    let overwrites =
        prog.as_.name().starts_with("MOV") || ["LEAQ", "LEAL", "POPQ"].contains(&prog.as_.name());
    let zeroes = prog.as_.name().starts_with("XOR") && prog.from == prog.to;
    mentions(&prog.from) && !zeroes
        || f.rest(prog).iter().any(mentions)
        || mentions(&prog.to) && !(is(&prog.to, Reg::R15) && (overwrites || zeroes))
}

/// Checks uses of R15 after an access to a global variable, which may have gone through the global offset table.
fn global_offset_table(function: &mut Function) {
    let f = function.f;
    if !f.iter().any(|(_, prog)| reads_r15(f, prog)) {
        return;
    }
    // An access whose result is R15 defines it.
    let loses = |prog: &Prog| uses_global(prog) && (reads_r15(f, prog) || !is(&prog.to, Reg::R15));
    for (id, prog) in f.iter().filter(|(_, prog)| loses(prog)) {
        let read = first_reached(f, id, |other| {
            if reads_r15(f, other) {
                return Some(true);
            }
            writes(f, other, Reg::R15).then_some(false)
        });
        if let Some(read) = read {
            let (_, line) = function.place(prog);
            function.report(
                &f[read],
                "R15 is lost at global variables when linked dynamically, and is used here",
                &format!("{} after the global variable on line {line}", f[read].as_),
                "no value in R15 across accesses to global variables",
                "use another register, or write R15 anew behind the access",
            );
            return;
        }
    }
}
