//! The register that holds addresses from the global offset table, in hand-written code for `-dynlink`.
//!
//! An instruction that names a symbol of possibly another library destroys R15 ([`super::shared`]). Code that reads R15
//! after that is refused. Source: gc obj6.go, errorCheck.

use super::{As, Reg, shared};
use crate::func_text::FuncText;
use crate::print;
use crate::prog::{Addr, AddrKind, Prog, ProgId};
use crate::unit::Unit;

/// Reports the first instruction found that reads R15 after an access to a global symbol.
///
/// Requires the operands as they were written: before accesses are rewritten.
pub(super) fn check(f: &FuncText, unit: &Unit, errors: &mut Vec<String>) {
    let mut work: Vec<ProgId> = Vec::new();
    let mut marked = vec![false; f.len()];
    let mut is_mentioned = false;
    for (id, p) in f.iter() {
        let operands = Operands::of(f, p);
        if uses_global(p, &operands, unit) {
            work.push(id);
            marked[id.as_u32() as usize] = true;
        }
        is_mentioned |= operands.all().any(mentions);
    }
    if !is_mentioned {
        return;
    }
    while let Some(id) = work.pop() {
        let p = &f[id];
        let operands = Operands::of(f, p);
        let effects = Effects::of(p, &operands);
        if operands.reads(&effects) {
            // The file itself, whatever #line says.
            let base = unit.files.base(p.pos.base()).pos.base();
            let file = &unit.files.base(base).filename;
            let file = file.rsplit('/').next().unwrap_or_default();
            let (line, text) = (p.pos.line(), print::prog_string(f, id, unit));
            errors.push(format!(
                "{file}:{line}: when dynamic linking, R15 is clobbered by a global variable access and is used here: {text}"
            ));
            return;
        }
        if operands.writes(&effects) {
            continue;
        }
        let falls_through = !matches!(p.as_, As::JMP | As::RET);
        let next = p.link().filter(|_| falls_through);
        for next in p.target.expand().into_iter().chain(next) {
            if !std::mem::replace(&mut marked[next.as_u32() as usize], true) {
                work.push(next);
            }
        }
    }
}

/// The operands of an instruction that gc looks at.
struct Operands<'a> {
    from: &'a Addr,
    /// The second of three and more.
    third: Option<&'a Addr>,
    to: &'a Addr,
}

/// The operands that an instruction reads and writes, as far as they are registers. Only right for R15: gc knows no
/// implied operands.
struct Effects {
    reads_from: bool,
    reads_to: bool,
    reads_third: bool,
    writes_third: bool,
}

impl<'a> Operands<'a> {
    fn of(f: &'a FuncText, p: &'a Prog) -> Operands<'a> {
        Operands {
            from: &p.from,
            third: f.rest(p).first(),
            to: &p.to,
        }
    }

    fn all(&self) -> impl Iterator<Item = &'a Addr> {
        [self.from, self.to].into_iter().chain(self.third)
    }

    fn reads(&self, effects: &Effects) -> bool {
        let in_address = |a: &Addr| a.kind == AddrKind::Mem && mentions(a);
        effects.reads_from && is_register(self.from)
            || effects.reads_to && is_register(self.to)
            || effects.reads_third && self.third.is_some_and(is_register)
            || self.all().any(in_address)
    }

    fn writes(&self, effects: &Effects) -> bool {
        is_register(self.to) || effects.writes_third && self.third.is_some_and(is_register)
    }
}

impl Effects {
    fn of(p: &Prog, operands: &Operands) -> Effects {
        use As::*;
        let mut effects = Effects {
            reads_from: true,
            reads_to: true,
            reads_third: true,
            writes_third: false,
        };
        let name = p.as_.name();
        if name.starts_with("MOV") || name.starts_with("PMOV") {
            effects.reads_to = false;
        }
        match p.as_ {
            POPW | POPL | POPQ | LEAL | LEAQ | IMUL3W | IMUL3L | IMUL3Q => effects.reads_to = false,
            PEXTRB | PEXTRW | PEXTRD | PEXTRQ | EXTRACTPS => effects.reads_to = false,
            VPEXTRB | VPEXTRW | VPEXTRD | VPEXTRQ => effects.reads_to = false,
            BSFW | BSFL | BSFQ | BSRW | BSRL | BSRQ => effects.reads_to = false,
            POPCNTW | POPCNTL | POPCNTQ | LZCNTW | LZCNTL | LZCNTQ => effects.reads_to = false,
            SHLXL | SHLXQ | SHRXL | SHRXQ | SARXL | SARXQ => effects.reads_to = false,
            // A register exclusive-or'd with itself is zero, whatever it was.
            XORL | XORQ => {
                let (from, to) = (operands.from, operands.to);
                let both_registers = from.kind == AddrKind::Reg && to.kind == AddrKind::Reg;
                if both_registers && from.reg == to.reg {
                    (effects.reads_from, effects.reads_to) = (false, false);
                }
            }
            MULXL | MULXQ => {
                (effects.reads_to, effects.reads_third) = (false, false);
                effects.writes_third = true;
            }
            _ => {}
        }
        effects
    }
}

/// Reports whether an instruction goes through the global offset table by way of R15.
fn uses_global(p: &Prog, operands: &Operands, unit: &Unit) -> bool {
    match p.as_ {
        As::CALL | As::TEXT | As::FUNCDATA | As::RET | As::JMP => false,
        // The address is loaded into the destination.
        As::LEAQ => false,
        _ => operands.all().any(|a| shared::is_global(a, unit)),
    }
}

fn is_register(a: &Addr) -> bool {
    a.kind == AddrKind::Reg && is_r15(a.reg)
}

fn mentions(a: &Addr) -> bool {
    a.kind != AddrKind::RegList && (is_r15(a.reg) || is_r15(a.index))
}

fn is_r15(reg: Reg) -> bool {
    matches!(reg, Reg::R15 | Reg::R15B)
}
