//! The instructions of a function with the depth of the stack, their accesses to it, and how control flows.

use cranelift_entity::SecondaryMap;
use minigo_obj::amd64::accesses;
use minigo_obj::{Addr, AddrKind, As, FuncText, LSym, Local, NameKind, ProgId, Reg, Sym, SymTable};

use super::{State, WORD, is_sp};

/// An instruction.
pub(super) struct Step {
    pub id: ProgId,
    pub pc: u32,
    /// Bytes between SP and the return address before the instruction.
    pub depth: i64,
    /// BP points at the saved one.
    pub has_own_bp: bool,
    /// The instructions that may follow.
    next: Vec<usize>,
}

/// An access of an instruction to the stack.
struct StackAccess {
    step: usize,
    /// From FP.
    start: i64,
    size: i64,
    reads: bool,
    writes: bool,
}

/// A variable that an operand names.
pub(super) struct Named {
    pub local: Local,
    /// From FP.
    pub start: i64,
    pub size: i64,
}

/// The offsets of the instructions that access a part of the stack.
#[derive(Default)]
pub(super) struct Accesses {
    pub reads: Vec<u32>,
    pub writes: Vec<u32>,
    pub addressed: Vec<u32>,
}

/// The instructions of a function.
pub(super) struct Flow {
    pub steps: Vec<Step>,
    /// The function saves the caller's BP.
    pub saves_bp: bool,
    /// The variables that operands name, in order of first use.
    pub named: Vec<Named>,
    accesses: Vec<StackAccess>,
    /// The calls, with their functions.
    calls: Vec<(usize, Option<Sym>)>,
    returns: Vec<usize>,
}

impl Flow {
    /// Returns the instructions of an assembled function; none if it has none.
    pub(super) fn new(symbol: &LSym) -> Option<Flow> {
        let text = symbol.text.as_deref()?;
        text[FuncText::TEXT].link()?;
        let mut flow = Flow {
            steps: Vec::new(),
            saves_bp: false,
            named: Vec::new(),
            accesses: Vec::new(),
            calls: Vec::new(),
            returns: Vec::new(),
        };
        let mut index_of: SecondaryMap<ProgId, usize> = SecondaryMap::new();
        for (index, (id, _)) in text.iter().enumerate() {
            index_of[id] = index;
        }
        let (mut depth, mut has_own_bp) = (0, false);
        let n = text.iter().count();
        for (index, (id, p)) in text.iter().enumerate() {
            let falls_through = !matches!(p.as_, As::JMP | As::RET | As::UNDEF);
            let mut following = Vec::new();
            following.extend((falls_through && index + 1 < n).then_some(index + 1));
            following.extend(p.target.expand().map(|target| index_of[target]));
            if p.as_ == As::JMP && p.to.index != Reg::NONE {
                let targets = text.jump_tables.iter().flat_map(|table| &table.targets);
                following.extend(targets.map(|&target| index_of[target]));
            }
            flow.steps.push(Step {
                id,
                pc: p.pc,
                depth,
                has_own_bp,
                next: following,
            });
            flow.add_accesses(index, text, depth);
            match p.as_ {
                As::CALL | As::DUFFZERO | As::DUFFCOPY => {
                    let sym = p.to.name.sym();
                    flow.calls.push((index, sym));
                }
                As::RET => flow.returns.push(index),
                _ => {}
            }
            let saves = p.from == Addr::reg(Reg::BP);
            let is_slot =
                p.to.kind == AddrKind::Mem && is_sp(p.to.reg) && p.to.offset == depth - WORD;
            flow.saves_bp |=
                saves && (p.as_ == As::MOVQ && is_slot || p.as_ == As::PUSHQ && depth == 0);
            depth += i64::from(p.spadj);
            has_own_bp = match p.as_ {
                // The code after a return is reached with the frame in place.
                As::RET => flow.saves_bp && depth > 0,
                _ if p.to != Addr::reg(Reg::BP) => has_own_bp,
                As::LEAQ => true,
                As::MOVQ => p.from == Addr::reg(Reg::SP),
                _ => false,
            };
        }
        Some(flow)
    }

    fn add_accesses(&mut self, index: usize, text: &FuncText, depth: i64) {
        let id = self.steps[index].id;
        let p = &text[id];
        if matches!(p.as_, As::TEXT | As::FUNCDATA | As::PCDATA | As::NOP) {
            return;
        }
        for (operand, access) in accesses(p, text.rest(p)) {
            if !matches!(operand.kind, AddrKind::Mem | AddrKind::Addr) {
                continue;
            }
            let is_named = matches!(operand.name.kind(), NameKind::Auto | NameKind::Param);
            let is_stack =
                is_named || operand.name.kind() == NameKind::None && operand.reg == Reg::SP;
            if !is_stack || operand.index != Reg::NONE {
                continue;
            }
            let start = operand.offset - depth - WORD;
            self.accesses.push(StackAccess {
                step: index,
                start,
                size: access.size,
                reads: access.reads,
                writes: access.writes,
            });
            if let Some(local) = operand.name.local() {
                match self.named.iter_mut().find(|named| named.start == start) {
                    Some(named) => named.size = named.size.max(access.size),
                    None => self.named.push(Named {
                        local,
                        start,
                        size: access.size,
                    }),
                }
            }
        }
    }

    /// Returns the instruction at an offset, the last of those that share it, which has the bytes.
    pub(super) fn at(&self, pc: u32) -> Option<usize> {
        self.steps.iter().rposition(|step| step.pc == pc)
    }

    pub(super) fn calls(&self) -> impl Iterator<Item = (usize, Option<Sym>)> {
        self.calls.iter().copied()
    }

    /// Returns the first call that isn't one for more stack, or the first return while the frame is still open, or the last
    /// instruction.
    pub(super) fn first_call_or_return(&self, text: &FuncText, syms: &SymTable) -> usize {
        let is_own = |sym: Option<Sym>| {
            sym.is_none_or(|sym| !syms.name(sym).starts_with("runtime.morestack"))
        };
        let mut calls = self.calls().filter(|&(_, sym)| is_own(sym));
        if let Some((call, _)) = calls.next() {
            return call;
        }
        let Some(&(mut at)) = self.returns.first() else {
            return self.steps.len() - 1;
        };
        // ADDQ $size, SP; MOVQ size-8(SP), BP or POPQ BP
        let closes = |step: &Step| {
            let p = &text[step.id];
            let restores = self.saves_bp && p.to == Addr::reg(Reg::BP) && p.as_ != As::LEAQ;
            p.to == Addr::reg(Reg::SP) && p.spadj < 0 || restores
        };
        while at > 0 && closes(&self.steps[at - 1]) {
            at -= 1;
        }
        at
    }

    /// Returns the call whose parameters or results are on the stack at an instruction: the next one in the same straight
    /// code, or the last one if its results are still to be read.
    pub(super) fn call_at(&self, at: usize) -> Option<(usize, Option<Sym>)> {
        let next = self.calls().find(|&(call, _)| call >= at);
        let last = self.calls().filter(|&(call, _)| call < at).last();
        let bottom = |call: usize| -WORD - self.steps[call].depth;
        let touches =
            |access: &StackAccess, call: usize| access.start >= bottom(call) && access.size > 0;
        let limit = next.map_or(self.steps.len(), |(call, _)| call);
        let in_use = |&(call, _): &(usize, Option<Sym>)| {
            self.accesses.iter().any(|access| {
                access.step >= at
                    && access.step < limit
                    && access.reads
                    && touches(access, call)
                    && !self.is_named_at(access.start)
            })
        };
        let prepared = |&(call, _): &(usize, Option<Sym>)| {
            let from = last.map_or(0, |(last, _)| last);
            call == at
                || self.accesses.iter().any(|access| {
                    access.step > from
                        && access.step < at
                        && access.writes
                        && touches(access, call)
                        && !self.is_named_at(access.start)
                })
        };
        next.filter(prepared).or(last.filter(in_use))
    }

    /// Reports whether an operand names the place, so that it is a variable's or above the frame.
    fn is_named_at(&self, start: i64) -> bool {
        start >= -2 * WORD || self.named.iter().any(|named| named.start == start)
    }

    /// Returns the offsets of the calls before and after a call.
    pub(super) fn around(&self, call: usize) -> (u32, u32) {
        let before = self.calls().filter(|&(other, _)| other < call).last();
        let after = self.calls().find(|&(other, _)| other > call);
        (
            before.map_or(0, |(other, _)| self.steps[other].pc),
            after.map_or(u32::MAX, |(other, _)| self.steps[other].pc),
        )
    }

    /// Returns the accesses to a part of the stack.
    pub(super) fn accesses(&self, start: i64, size: i64) -> Accesses {
        let mut found = Accesses::default();
        for access in &self.accesses {
            if access.start >= start + size || access.start + access.size.max(1) <= start {
                continue;
            }
            let pc = self.steps[access.step].pc;
            if access.reads {
                found.reads.push(pc);
            }
            if access.writes {
                found.writes.push(pc);
            }
            if access.size == 0 {
                found.addressed.push(pc);
            }
        }
        found
    }

    /// Reports whether an instruction on some way to `at` writes to a part of the stack.
    pub(super) fn written_before(&self, at: usize, start: i64, size: i64) -> bool {
        let overlaps = |access: &&StackAccess| {
            access.start < start + size && start < access.start + access.size.max(1)
        };
        let mut written = vec![false; self.steps.len()];
        let mut work: Vec<usize> = Vec::new();
        for access in self.accesses.iter().filter(overlaps) {
            // Who has the address may write.
            if access.writes || access.size == 0 {
                work.extend(self.steps[access.step].next.iter().copied());
            }
        }
        while let Some(step) = work.pop() {
            if !std::mem::replace(&mut written[step], true) {
                work.extend(self.steps[step].next.iter().copied());
            }
        }
        written[at]
    }

    /// Returns what a part of the stack holds at an instruction.
    pub(super) fn state(&self, at: usize, start: i64, size: i64) -> State {
        if !self.written_before(at, start, size) {
            return State::NotWritten;
        }
        let end = start + size;
        let mut reads = vec![false; self.steps.len()];
        let mut kills = vec![false; self.steps.len()];
        for access in &self.accesses {
            if access.start >= end || access.start + access.size.max(1) <= start {
                continue;
            }
            if access.size == 0 {
                // Whoever has the address may read it at any time.
                return State::Unknown;
            }
            reads[access.step] |= access.reads;
            kills[access.step] |= access.writes
                && !access.reads
                && access.start <= start
                && access.start + access.size >= end;
        }
        // The reads that control reaches from here before the part is written anew.
        let mut seen = vec![false; self.steps.len()];
        let mut work = vec![at];
        let mut last = None;
        while let Some(step) = work.pop() {
            if std::mem::replace(&mut seen[step], true) {
                continue;
            }
            if reads[step] {
                last = last.max(Some(self.steps[step].pc));
            }
            if !kills[step] {
                work.extend(self.steps[step].next.iter().copied());
            }
        }
        last.map_or(State::Dead, State::LiveUntil)
    }
}
