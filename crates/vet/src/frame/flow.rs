//! The check of functions that run off their end into the next one.

use minigo_obj::{AddrKind, As, FuncText, NameKind, Prog, ProgId, Reg};
use rustc_hash::FxHashSet;

use super::{Function, Package};

/// The successors of an instruction.
enum Next {
    /// The next instruction.
    Falls,
    /// None in this function.
    Ends,
    /// The target of a jump, and if it is conditional the next instruction.
    Jumps { to: ProgId, falls: bool },
    /// Unknown.
    Unknown,
}

fn next(prog: &Prog, package: &Package) -> Next {
    let name = prog.as_.name();
    match prog.as_ {
        As::RET | As::UNDEF | As::UD1 | As::UD2 | As::HLT | As::INT | As::SYSRET | As::SYSEXIT => {
            Next::Ends
        }
        // Machine code as data.
        As::BYTE | As::LONG | As::QUAD | As::SYSCALL => Next::Unknown,
        As::JMP => match prog.target.expand() {
            Some(to) => Next::Jumps { to, falls: false },
            None => Next::Ends,
        },
        As::CALL => called(prog, package),
        _ if name.starts_with("RETF") || name.starts_with("IRET") => Next::Ends,
        _ if crashes(prog) => Next::Ends,
        _ => match prog.target.expand() {
            Some(to) => Next::Jumps { to, falls: true },
            None => Next::Falls,
        },
    }
}

/// Returns the successors of a call. Which of the runtime's functions return is unknown.
fn called(prog: &Prog, package: &Package) -> Next {
    let Some(callee) = prog.to.name.sym() else {
        return Next::Unknown;
    };
    let name = package.syms.name(callee);
    if package.endless.contains(name) {
        Next::Ends
    } else if package.args_of.contains_key(name) && package.path != "runtime" {
        Next::Falls
    } else {
        Next::Unknown
    }
}

/// Reports whether an instruction writes to an address near 0, by which assembly crashes on purpose.
fn crashes(prog: &Prog) -> bool {
    let a = &prog.to;
    a.kind == AddrKind::Mem
        && a.name.kind() == NameKind::None
        && matches!(a.reg, Reg::NONE)
        && a.index.is_none()
        && a.offset < 4096
}

/// Returns the instructions that are reached, or none if the successors of one are unknown.
fn reached(f: &FuncText, package: &Package) -> Option<(Vec<ProgId>, bool, bool)> {
    let mut seen = vec![false; f.len()];
    let mut work = vec![FuncText::TEXT];
    let mut last = Vec::new();
    let (mut returns, mut unknown) = (false, false);
    while let Some(id) = work.pop() {
        if std::mem::replace(&mut seen[id.as_u32() as usize], true) {
            continue;
        }
        let prog = &f[id];
        let mut falls = false;
        match next(prog, package) {
            Next::Falls => falls = true,
            Next::Ends => returns |= matches!(prog.as_, As::RET | As::JMP),
            Next::Jumps { to, falls: also } => {
                work.push(to);
                falls = also;
            }
            Next::Unknown => {
                unknown = true;
                // The next instruction may be reached or not.
                if let Some(next) = prog.link() {
                    work.push(next);
                }
            }
        }
        if falls {
            match prog.link() {
                Some(next) => work.push(next),
                None => last.push(id),
            }
        }
    }
    Some((last, returns, unknown))
}

/// Returns the functions that never return: they reach no RET, and no instruction with unknown successors.
pub(super) fn endless(functions: &[FuncText], package: &Package) -> FxHashSet<String> {
    let never = |f: &&FuncText| {
        reached(f, package)
            .is_some_and(|(last, returns, unknown)| last.is_empty() && !returns && !unknown)
    };
    let endless = functions.iter().filter(never);
    endless
        .map(|f| package.syms.name(f.sym).to_owned())
        .collect()
}

pub(super) fn check(function: &mut Function) {
    let Some((last, _, _)) = reached(function.f, function.package) else {
        return;
    };
    let f = function.f;
    for id in last {
        let prog = &f[id];
        let have = match prog.as_ {
            As::TEXT | As::FUNCDATA => "no instruction".to_owned(),
            as_ => format!("{as_} as the last instruction"),
        };
        function.report(
            prog,
            "runs off its end: there is no RET",
            &have,
            "RET, JMP or UNDEF",
            "what the linker puts next would be executed",
        );
    }
}
