//! Changes before the frame is made: instructions that abbreviate others, and jumps to jumps.
//!
//! Source: gc obj6.go, progedit; obj/pass.go, linkpatch and brloop.

use super::{As, shared, thread_base};
use crate::func_text::FuncText;
use crate::print;
use crate::prog::{Addr, AddrKind, NameKind, Prog, ProgId};
use crate::unit::Unit;

/// gc takes longer chains of jumps for circles.
const MAX_JUMPS: u32 = 5000;

/// Rewrites abbreviated instructions to those that have a form, and threads jumps to jumps. Reports branches whose
/// number is that of no instruction.
pub(super) fn linkpatch(f: &mut FuncText, unit: &Unit, errors: &mut Vec<String>) {
    let mut next = Some(FuncText::TEXT);
    while let Some(id) = next {
        check_operands(f, id, unit, false, errors);
        if unit.model.shared {
            thread_base::load(f, id);
        } else {
            thread_base::shorten(&mut f[id]);
        }
        edit_rest(&mut f[id]);
        if unit.model.dynlink {
            shared::use_got(f, id, unit, errors);
        }
        let p = &f[id];
        let is_branch = p.to.kind == AddrKind::Branch && p.to.name.sym().is_none();
        if is_branch && p.target.is_none() {
            let number = p.to.offset as u32;
            let text = print::prog_string(f, id, unit);
            errors.push(format!("branch out of range ({number:#x})\n{text} [<nil>]"));
            f[id].to = Addr::NONE;
        }
        next = f[id].link();
    }
    if unit.optimize {
        thread_jumps(f);
    }
}

/// Returns gc's messages about operands in a function that [`linkpatch`] has gone through: gc doesn't accept its own
/// rewriting of calls and jumps to other functions.
pub(super) fn wrong_operands(f: &FuncText, unit: &Unit) -> Vec<String> {
    let mut errors = Vec::new();
    for (id, _) in f.iter() {
        check_operands(f, id, unit, true, &mut errors);
    }
    errors
}

/// Reports operands of combinations that no instruction can have (gc: obj/pass.go, checkaddr). Once they are `rewritten`,
/// the target of a branch may have a name; before, gc counts that of `x(SB)(PC)`, which has a scale, but not that of `x(PC)`.
fn check_operands(
    f: &FuncText,
    id: ProgId,
    unit: &Unit,
    rewritten: bool,
    errors: &mut Vec<String>,
) {
    let is_wrong = |a: &Addr| {
        let is_indexed = a.reg.is_some() || a.index.is_some() || a.scale != 0;
        let has_name = a.name.kind() != NameKind::None;
        match a.kind {
            AddrKind::Branch => rewritten && has_name || a.scale != 0,
            AddrKind::Indir => is_indexed || !has_name || a.offset != 0,
            _ => false,
        }
    };
    let p = &f[id];
    let rest = f.rest(p);
    let seen = match unit.dialect.assembly.checks_all_operands {
        true => rest,
        false => &rest[..rest.len().min(1)],
    };
    let n_wrong = seen.iter().filter(|a| is_wrong(a)).count()
        + usize::from(is_wrong(&p.from))
        + usize::from(is_wrong(&p.to));
    for _ in 0..n_wrong {
        let text = print::prog_string(f, id, unit);
        errors.push(format!("invalid encoding for argument {text}"));
    }
}

/// Rewrites one instruction of an executable.
pub(super) fn edit(p: &mut Prog) {
    thread_base::shorten(p);
    edit_rest(p);
}

/// Rewrites an instruction. Doesn't change uses of the thread base.
fn edit_rest(p: &mut Prog) {
    // CMPPS X0, X1, 4: the comparison is a constant, although it is written like an address.
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
    if matches!(p.as_, As::MOVQ | As::MOVL) && p.from.kind == AddrKind::Addr {
        p.as_ = if p.as_ == As::MOVL {
            As::LEAL
        } else {
            As::LEAQ
        };
        p.from.kind = AddrKind::Mem;
    }
}

/// Replaces the target of each branch to an unconditional jump by the target of that jump, in program order. A branch
/// into a circle of jumps becomes a branch to itself.
fn thread_jumps(f: &mut FuncText) {
    let mut chains = None;
    let mut next = Some(FuncText::TEXT);
    let mut order = 0;
    while let Some(id) = next {
        if let Some(target) = f[id].target.expand() {
            let end = short_chain(f, target).unwrap_or_else(|| {
                chains
                    .get_or_insert_with(|| Chains::new(f))
                    .end(f, target, order)
            });
            f[id].target = end.into();
        }
        next = f[id].link();
        order += 1;
    }
}

/// Returns the end of a chain of jumps, if the chain is short.
fn short_chain(f: &FuncText, start: ProgId) -> Option<Option<ProgId>> {
    const SHORT: u32 = 16;
    let mut id = start;
    for _ in 0..SHORT {
        match jump_target(f, id) {
            Some(target) => id = target,
            None => return Some(Some(id)),
        }
    }
    None
}

fn jump_target(f: &FuncText, id: ProgId) -> Option<ProgId> {
    f[id].target.expand().filter(|_| f[id].as_ == As::JMP)
}

/// The ends of long chains. The targets of jumps before the current one are ends already, so a known chain is valid
/// as long as all of its jumps come later. With it, all chains together take linear time.
struct Chains {
    /// The index in the order of the function, by id.
    order: Vec<u32>,
    known: Vec<Option<Chain>>,
}

#[derive(Clone, Copy)]
struct Chain {
    /// The last target; none for a circle.
    end: Option<ProgId>,
    /// The number of jumps.
    len: u32,
    /// The index of the first of them in the order of the function.
    first: u32,
}

impl Chain {
    /// The value of `first` while the chain is being followed. It is the index of TEXT, which is not a jump.
    const IN_PROGRESS: u32 = 0;
}

impl Chains {
    const NONE: u32 = u32::MAX;

    fn new(f: &FuncText) -> Chains {
        let mut order = vec![0; f.len()];
        for (place, (id, _)) in f.iter().enumerate() {
            order[id.as_u32() as usize] = place as u32;
        }
        Chains {
            order,
            known: vec![None; f.len()],
        }
    }

    /// Returns the end of the chain of jumps that begins at `start`, for the instruction at index `now`; none for a
    /// circle, or a chain so long that gc takes it for one.
    fn end(&mut self, f: &FuncText, start: ProgId, now: u32) -> Option<ProgId> {
        let mut path = Vec::new();
        let mut id = start;
        let mut chain = loop {
            match self.known[id.as_u32() as usize] {
                Some(chain) if chain.first == Chain::IN_PROGRESS => {
                    let order = |id: &ProgId| self.order[id.as_u32() as usize];
                    let circle = path.iter().skip_while(|&&other| other != id);
                    break Chain {
                        end: None,
                        len: u32::MAX,
                        first: circle.map(order).min().unwrap_or(Self::NONE),
                    };
                }
                Some(chain) if chain.first > now => break chain,
                _ => {}
            }
            let Some(target) = jump_target(f, id) else {
                break Chain {
                    end: Some(id),
                    len: 0,
                    first: Self::NONE,
                };
            };
            // A chain that reaches a jump that is being followed is a circle.
            self.known[id.as_u32() as usize] = Some(Chain {
                end: None,
                len: 0,
                first: Chain::IN_PROGRESS,
            });
            path.push(id);
            id = target;
        };
        for &id in path.iter().rev() {
            chain.len = chain.len.saturating_add(1);
            chain.first = chain.first.min(self.order[id.as_u32() as usize]);
            self.known[id.as_u32() as usize] = Some(chain);
        }
        chain.end.filter(|_| chain.len < MAX_JUMPS)
    }
}

#[cfg(test)]
mod tests {
    use minigo_base::Pos;

    use super::*;
    use crate::sym::{Attrs, SymTable};

    /// A function of `n` jumps, each to the instruction that `target` gives for its number.
    fn jumps(n: u32, target: impl Fn(u32) -> u32) -> FuncText {
        let mut f = FuncText::new(SymTable::MORESTACK, Attrs::NONE, Pos::NONE);
        for i in 1..=n {
            let jump = f.branch(As::JMP, Pos::NONE);
            f.set_target(jump, ProgId::from_u32(target(i)));
        }
        f.append(As::RET, Addr::NONE, Addr::NONE, Pos::NONE);
        thread_jumps(&mut f);
        f
    }

    fn target(f: &FuncText, i: u32) -> Option<u32> {
        let target = f[ProgId::from_u32(i)].target.expand();
        target.map(|id| id.as_u32())
    }

    #[test]
    fn long_chains_end_but_not_those_that_gc_takes_for_circles() {
        const N: u32 = 20_000;
        let f = jumps(N, |i| i + 1);
        assert_eq!(target(&f, N - 4000), Some(N + 1));
        assert_eq!(target(&f, N - 4999), Some(N + 1));
        assert_eq!(target(&f, N - 5000), None);
        assert_eq!(target(&f, 1), None);
        let f = jumps(N, |i| if i == 1 { N + 1 } else { i - 1 });
        assert_eq!(target(&f, N), Some(N + 1));
    }

    #[test]
    fn circles_stay_where_they_are() {
        let f = jumps(100, |i| i % 100 + 1);
        assert_eq!(target(&f, 1), None);
        // The first jump no longer has a target, so the others end there.
        assert_eq!(target(&f, 2), Some(1));
        assert_eq!(target(&f, 100), Some(1));
    }
}
