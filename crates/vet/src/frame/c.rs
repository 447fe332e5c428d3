//! The checks of functions that C calls: those whose names have no middle dot, so that they belong to no package.
//! Functions that assembly for Go calls have conventions of their own.
//!
//! Source: psABI 3.2.1 and 3.2.2. Go has no stack to grow there, for there is no g.

use minigo_obj::amd64::{Prologue, accesses, prologue_of};
use minigo_obj::{Addr, AddrKind, As, Attrs, Dialect, FuncText, Prog, ProgId, Reg, SymTable};
use rustc_hash::FxHashSet;

use super::Function;
use super::reserved::first_reached;

/// The registers that a function of C must preserve.
const PRESERVED: [Reg; 6] = [Reg::BX, Reg::BP, Reg::R12, Reg::R13, Reg::R14, Reg::R15];

/// The alignment of the stack at calls, in bytes.
const ALIGNMENT: i64 = 16;

pub(super) fn check(function: &mut Function, dialect: &'static Dialect) {
    let f = function.f;
    let symbol = function.package.syms.name(f.sym);
    let is_go_function = function.package.declared.contains_key(symbol);
    // The system starts programs at functions that aren't called.
    let is_entry = symbol.starts_with("_rt0") || !f.iter().any(|(_, prog)| prog.as_ == As::RET);
    let is_helper = function.package.helpers.contains(symbol);
    if is_of_go(f, symbol) || is_helper || is_go_function || is_entry {
        return;
    }
    let prologue = prologue_of(f, function.package.syms, dialect);
    check_stack(function, prologue);
    for reg in PRESERVED {
        if reg != Reg::BP || prologue.saved_bp_size == 0 {
            preserved(function, reg);
        }
    }
    alignment(function, prologue);
}

/// Reports whether a function belongs to a Go package.
fn is_of_go(f: &FuncText, symbol: &str) -> bool {
    symbol.contains('.') || f.attrs.has(Attrs::STATIC)
}

/// Returns the functions without a middle dot that functions of Go call or jump to, directly or through others.
pub(super) fn helpers(functions: &[FuncText], syms: &SymTable) -> FxHashSet<String> {
    let mut helpers: FxHashSet<String> = FxHashSet::default();
    loop {
        let n_helpers = helpers.len();
        for f in functions {
            let symbol = syms.name(f.sym);
            if !is_of_go(f, symbol) && !helpers.contains(symbol) {
                continue;
            }
            let calls = f
                .iter()
                .filter(|(_, prog)| matches!(prog.as_, As::CALL | As::JMP | As::RET));
            let callees = calls.filter_map(|(_, prog)| prog.to.name.sym());
            let names = callees.map(|callee| syms.name(callee).to_owned());
            helpers.extend(names.filter(|name| !name.contains('.')));
        }
        if helpers.len() == n_helpers {
            return helpers;
        }
    }
}

/// Reports a function that would compare SP with the limit in g.
fn check_stack(function: &mut Function, prologue: Prologue) {
    if !prologue.checks_stack {
        return;
    }
    let f = function.f;
    function.report(
        &f[FuncText::TEXT],
        "a function of C must be NOSPLIT",
        &format!(
            "a check of the stack, which reads g, in a frame of {}",
            function.frame
        ),
        &format!("TEXT {}(SB), NOSPLIT, {}", function.name, function.stated()),
        "the name has no middle dot, so that the function is C's, where there is no g",
    );
}

/// Returns the register of 64 bits that a general register is a part of.
fn whole(reg: Reg) -> Reg {
    if reg.is_in(Reg::AL, Reg::R15B) {
        return Reg::AX.offset(reg.index() - Reg::AL.index());
    }
    match reg {
        Reg::AH => Reg::AX,
        Reg::CH => Reg::CX,
        Reg::DH => Reg::DX,
        Reg::BH => Reg::BX,
        reg => reg,
    }
}

/// Reports whether an instruction writes a register, as an operand or by itself.
fn writes(f: &FuncText, prog: &Prog, reg: Reg) -> bool {
    let is_it = |operand: &Addr| operand.kind == AddrKind::Reg && whole(operand.reg) == reg;
    let implied = match reg {
        Reg::BX => prog.as_ == As::CPUID,
        Reg::BP => matches!(prog.as_, As::LEAVEQ | As::ENTER),
        _ => false,
    };
    implied
        || accesses(prog, f.rest(prog)).any(|(operand, access)| access.writes && is_it(&operand))
}

/// Reports whether an instruction puts a saved value back into the register that it writes.
fn restores(f: &FuncText, prog: &Prog, reg: Reg) -> bool {
    let saved_by =
        |as_: As| move |(_, prog): (ProgId, &Prog)| prog.as_ == as_ && prog.from == Addr::reg(reg);
    match prog.as_ {
        As::POPQ => f.iter().any(saved_by(As::PUSHQ)),
        As::MOVQ if matches!(prog.from.kind, AddrKind::Mem | AddrKind::Reg) => {
            f.iter().any(saved_by(As::MOVQ))
        }
        As::LEAVEQ => true,
        // The other register gets the value.
        As::XCHGQ => true,
        _ => false,
    }
}

/// Follows the function from each write to the register to a RET.
fn preserved(function: &mut Function, reg: Reg) {
    let f = function.f;
    for (id, prog) in f.iter() {
        if !writes(f, prog, reg) || restores(f, prog, reg) {
            continue;
        }
        let end = first_reached(f, id, |other| match other.as_ {
            As::RET => Some(true),
            _ => writes(f, other, reg).then_some(false),
        });
        let Some(end) = end else { continue };
        let (_, line) = function.place(&f[end]);
        function.report(
            prog,
            &format!("a function of C must preserve {reg}"),
            &format!("{} overwrites {reg} before RET on line {line}", prog.as_),
            "BX, BP and R12 to R15 at RET as they were at the beginning",
            "use AX, CX, DX, SI, DI or R8 to R11, or save the register and put it back",
        );
        return;
    }
}

/// Reports calls of other functions of C with a stack that isn't aligned.
fn alignment(function: &mut Function, prologue: Prologue) {
    if function.moves_sp || function.f.frame_size < 0 {
        return;
    }
    let f = function.f;
    for (id, pushed) in function.with_pushed() {
        let prog = &f[id];
        let callee = prog.to.name.sym().filter(|_| prog.as_ == As::CALL);
        let Some(callee) = callee.map(|callee| function.package.syms.name(callee)) else {
            continue;
        };
        // With the return address, SP was aligned in the caller.
        let depth = 8 + prologue.saved_bp_size + function.frame + pushed;
        if callee.contains('.') || depth % ALIGNMENT == 0 {
            continue;
        }
        function.report(
            prog,
            &format!("CALL of {callee}: the stack is not aligned to 16 bytes, as C requires"),
            &format!("{depth} bytes below the caller's frame"),
            "a multiple of 16: return address, saved BP, frame and pushed values",
            "state a frame that is 8 bytes larger",
        );
    }
}
