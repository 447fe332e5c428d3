//! The reason of each row of a listing: what the notes say about its instruction, or which part of the assembler added it.

use cranelift_entity::EntityRef;
use minigo_obj::list::Row;
use minigo_obj::{
    Addr, AddrKind, As, Attrs, FuncText, LSym, Makers, NameKind, Prog, ProgId, Reg, Sym, Unit, list,
};
use minigo_ssa::amd64::Origin;

use super::instruction::meaning;
use super::sentence::{Purpose, Sentence};
use super::values::{Note, bit_ending, is_relation, relation};
use super::{Known, Reason, Who, shown};
use crate::frame::{Variable, VariableKind};

/// Bytes of a register, and so of the return address and the saved BP.
const WORD: i64 = 8;
/// Frames below this size need no stack check in functions that call nothing.
const SMALL: i64 = 128;
/// Where g has the guard of its stack.
const GUARDS: [i64; 2] = [16, 24];
/// The PCDATA tables.
const UNSAFE_POINTS: i64 = 0;
const ARGUMENTS: i64 = 3;

/// Finds the reasons of the rows of a function, in their order.
pub struct Reasons<'a> {
    unit: &'a Unit<'a>,
    known: Known<'a>,
    makers: Makers,
    is_nosplit: bool,
    is_wrapper: bool,
    saves_bp: bool,
    /// The sides of the last comparison, in functions without notes.
    compared: Option<(String, String)>,
    /// The last instruction with bytes was a call or can't be reached.
    after_end: bool,
    /// Bytes between SP and the return address before the next row.
    depth: i64,
    /// For each row its bytes.
    sizes: Vec<u32>,
    next: usize,
}

impl<'a> Reasons<'a> {
    /// Begins with the first row of a function.
    pub fn new(s: &LSym, unit: &'a Unit<'a>, known: Known<'a>) -> Reasons<'a> {
        let pcs: Vec<u32> = list::rows(s).map(|row| row.pc).collect();
        let ends = pcs.iter().skip(1).copied().chain([s.data.len() as u32]);
        let sizes = pcs
            .iter()
            .zip(ends)
            .map(|(&pc, end)| end.saturating_sub(pc))
            .collect();
        let text = s.text.as_deref();
        let saves =
            |p: &Prog| p.from == Addr::reg(Reg::BP) && matches!(p.as_, As::MOVQ | As::PUSHQ);
        let makers = text.map_or(Makers::default(), |text| text.makers);
        let in_frame =
            |id: ProgId| (makers.with_check..makers.with_frame).contains(&(id.index() as u32));
        Reasons {
            unit,
            known,
            makers,
            is_nosplit: s.attrs.has(Attrs::NOSPLIT),
            is_wrapper: s.attrs.has(Attrs::ABI_WRAPPER),
            compared: None,
            after_end: false,
            saves_bp: text.is_some_and(|text| text.iter().any(|(id, p)| in_frame(id) && saves(p))),
            depth: 0,
            sizes,
            next: 0,
        }
    }

    /// Returns the reasons of the next row: one, or for TEXT others about NOSPLIT and why the compiler made the function.
    pub fn of(&mut self, row: &Row) -> Vec<Reason> {
        let size = self.sizes.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        let mut reasons = vec![self.reason(row, size)];
        if row.id == FuncText::TEXT {
            let nosplit = self.nosplit(row);
            reasons.extend(nosplit.map(|sentence| reason(Who::Frame, sentence)));
            let made = self.made_for(row);
            reasons.extend(made.map(|sentence| reason(Who::Runtime, sentence)));
        }
        if !row.bytes.is_empty() {
            self.after_end = matches!(row.instruction.as_, As::CALL | As::UNDEF);
        }
        self.depth += i64::from(row.instruction.spadj);
        reasons
    }

    fn reason(&mut self, row: &Row, size: u32) -> Reason {
        let p = row.instruction;
        let id = row.id.index() as u32;
        let makers = self.makers;
        if row.id == FuncText::TEXT {
            return reason(Who::Frame, self.text(row));
        }
        if let Some(sentence) = self.table(p) {
            let who = match (id >= makers.own, p.as_) {
                (true, As::PCDATA) => Who::StackCheck,
                _ => Who::Liveness,
            };
            return reason(who, sentence);
        }
        if id >= makers.with_leaves {
            let sentence = match self.is_before_jump(row) {
                true => Sentence::PadJump { bytes: size },
                false => Sentence::PadCode { bytes: size },
            };
            return reason(Who::Padding, sentence);
        }
        let is_jump_back = id < makers.with_frame && p.as_ == As::JMP;
        if id >= makers.own && id < makers.with_check {
            return reason(Who::StackCheck, self.check(row, is_jump_back));
        }
        let closes = id < makers.own && self.is_closing(row);
        if id >= makers.own || closes {
            return match frame(p) {
                Some(sentence) => reason(Who::Frame, sentence),
                None => match p.as_ {
                    As::RET | As::JMP if id >= makers.with_frame => self.returned(p),
                    _ => reason(Who::Frame, Sentence::AdjustPanic),
                },
            };
        }
        match self.known.notes.and_then(|notes| notes.of(row.id)) {
            Some((origin, note)) => Reason {
                block: match origin {
                    Origin::Value(_) => None,
                    Origin::End(b) => Some(b),
                },
                ..self.noted(row, note)
            },
            None if self.known.notes.is_some() => reason(Who::Statement, self.filler(row)),
            None => {
                let (who, other) = match self.unit.hand_written {
                    true => (Who::Source, Sentence::Written),
                    false => (Who::Runtime, Sentence::Generated),
                };
                reason(who, self.written(row, other))
            }
        }
    }

    /// Returns what the compiler made a function for; none for those of the program.
    fn made_for(&self, row: &Row) -> Option<Sentence> {
        let name = self.unit.syms.name(row.symbol);
        let own = shown(name, self.unit.syms);
        if self.is_wrapper {
            let callee = own.to_owned();
            return Some(Sentence::Wrapper { callee });
        }
        if self.unit.hand_written {
            return None;
        }
        let compared = name
            .strip_prefix("type..eq.")
            .or(name.strip_prefix("type:.eq."));
        match (compared, self.known.notes) {
            (Some(elements), _) => Some(Sentence::GeneratedEqual {
                elements: elements.to_owned(),
            }),
            (None, None) => Some(Sentence::GeneratedMethod),
            (None, Some(_)) => (own == "init").then_some(Sentence::Initialization),
        }
    }

    /// An instruction that does nothing and belongs to no value.
    fn filler(&self, row: &Row) -> Sentence {
        let next = row.instruction.link().map(|id| &row.function[id]);
        let is_loop = next.is_some_and(|p| p.as_ == As::JMP && p.target.expand() == Some(row.id));
        match (is_loop, self.after_end) {
            (true, _) => Sentence::EmptyLoop,
            (false, true) => Sentence::KeepsReturnAddress,
            (false, false) => Sentence::OwnFirst,
        }
    }

    /// The statement or line that returns.
    fn returned(&self, p: &Prog) -> Reason {
        let who = match self.known.notes {
            Some(_) => Who::Statement,
            None if !self.unit.hand_written => Who::Runtime,
            None => Who::Source,
        };
        match p.to.name.sym() {
            Some(sym) => {
                let callee = shown(self.unit.syms.name(sym), self.unit.syms).to_owned();
                reason(who, Sentence::Call { callee })
            }
            None => reason(who, Sentence::Return),
        }
    }

    fn text(&self, row: &Row) -> Sentence {
        let f = row.function;
        let variables = self.known.variables.iter();
        let (locals, others): (Vec<&Variable>, Vec<&Variable>) =
            variables.partition(|variable| matches!(variable.kind, VariableKind::Local { .. }));
        let names: Vec<&str> = others
            .iter()
            .map(|variable| variable.name.as_str())
            .collect();
        let in_registers =
            |kind: &VariableKind| *kind == VariableKind::Param { in_registers: true };
        let frame = f.frame_size.max(0);
        let bp = if self.saves_bp { WORD } else { 0 };
        // Offsets of locals are negative, from their top.
        let lowest = locals.iter().map(|variable| variable.offset).min();
        let locals = (lowest.map_or(0, |lowest| -lowest) + WORD - 1) & !(WORD - 1);
        let is_known = self.known.notes.is_some();
        Sentence::Text {
            frame,
            bp,
            locals,
            outgoing: if is_known {
                (frame - bp - locals).max(0)
            } else {
                0
            },
            args: i64::from(f.args_size.max(0)),
            in_registers: others.iter().any(|variable| in_registers(&variable.kind)),
            names: names.join(", "),
        }
    }

    /// Why a function is NOSPLIT, or why it isn't.
    fn nosplit(&self, row: &Row) -> Option<Sentence> {
        let f = row.function;
        let own = |id: ProgId| (id.index() as u32) < self.makers.own;
        let calls = f.iter().filter(|(id, p)| own(*id) && p.as_ == As::CALL);
        let syms = self.unit.syms;
        let mut callees = calls.map(|(_, p)| p.to.name.sym());
        if self.is_nosplit {
            return Some(match self.makers.inferred_nosplit {
                true => Sentence::NosplitInferred {
                    panics: callees.next().is_some(),
                },
                false if self.is_wrapper => Sentence::NosplitWrapper,
                false => Sentence::NosplitAsked,
            });
        }
        if f.frame_size >= SMALL {
            return Some(Sentence::ChecksForFrame);
        }
        let needs_stack =
            |sym: &Option<Sym>| sym.is_none_or(|sym| !syms[sym].zero_arg_runtime_call);
        let callee = callees.find(needs_stack)?;
        let name = callee.map_or("", |sym| shown(syms.name(sym), syms));
        Some(Sentence::ChecksForCall {
            callee: name.to_owned(),
        })
    }

    /// Annotations for the garbage collector and tracebacks.
    fn table(&self, p: &Prog) -> Option<Sentence> {
        let (table, value) = (p.from.offset, p.to.offset);
        Some(match (p.as_, table) {
            (As::FUNCDATA, 0) => Sentence::ArgsMap,
            (As::FUNCDATA, 1) => Sentence::LocalsMap,
            (As::FUNCDATA, table) if table == self.unit.dialect.stack_objects_funcdata => {
                Sentence::ObjectsMap
            }
            (As::FUNCDATA, _) => Sentence::OtherTable,
            (As::PCDATA, table) if table == self.unit.dialect.stack_map_pcdata => match value {
                -1 => Sentence::NoStackMap,
                index => Sentence::StackMap { index },
            },
            (As::PCDATA, UNSAFE_POINTS) => match value {
                -2 => Sentence::NoPreemption,
                _ => Sentence::Preemption,
            },
            (As::PCDATA, ARGUMENTS) => Sentence::ArgumentsAt { index: value },
            (As::PCDATA, _) => Sentence::OtherTable,
            _ => return None,
        })
    }

    /// Reports whether the instruction after padding is a jump, or one that is fused with a jump.
    fn is_before_jump(&self, row: &Row) -> bool {
        let mut next = row.instruction.link();
        while let Some(id) = next {
            let p = &row.function[id];
            if !matches!(p.as_, As::PCDATA | As::FUNCDATA | As::NOP) {
                let name = p.as_.name();
                let fused = ["CMP", "TEST", "ADD", "SUB", "AND", "INC", "DEC"];
                return name.starts_with('J')
                    || matches!(p.as_, As::CALL | As::RET | As::DUFFZERO | As::DUFFCOPY)
                    || fused.iter().any(|start| name.starts_with(start));
            }
            next = p.link();
        }
        false
    }

    /// An instruction of the stack check.
    fn check(&mut self, row: &Row, is_jump_back: bool) -> Sentence {
        let p = row.instruction;
        let is_guard = |a: &Addr| {
            a.kind == AddrKind::Mem && a.name.kind() == NameKind::None && GUARDS.contains(&a.offset)
        };
        let register = |a: &Addr| a.reg.name().to_owned();
        let is_param = self.saves_param(row);
        match p.as_ {
            As::NOP => Sentence::NotOpenHere,
            As::CALL => Sentence::MoreStack,
            As::JMP if is_jump_back => Sentence::StartAgain,
            As::JLS => Sentence::TooLittle {
                target: target(row).unwrap_or(0),
            },
            As::CMPQ if p.from == Addr::reg(Reg::SP) => Sentence::CompareSp {
                register: register(&p.to),
            },
            As::CMPQ if is_guard(&p.to) => Sentence::CompareLowest,
            As::LEAQ if p.from.offset < 0 => Sentence::LowestSp,
            _ if is_param && p.to.kind == AddrKind::Mem => Sentence::KeepParam {
                register: register(&p.from),
            },
            _ if is_param => Sentence::ParamBack {
                register: register(&p.to),
            },
            As::MOVQ
                if p.to.kind == AddrKind::Reg
                    && !is_guard(&p.from)
                    && p.from != Addr::reg(Reg::SP) =>
            {
                Sentence::LoadG {
                    register: register(&p.to),
                }
            }
            _ => Sentence::CheckHuge,
        }
    }

    /// Reports whether an instruction of the stack check is about a parameter in a register.
    fn saves_param(&self, row: &Row) -> bool {
        let p = row.instruction;
        let on_stack = |a: &Addr| a.kind == AddrKind::Mem && a.reg == Reg::SP;
        p.as_.name().starts_with("MOV") && (on_stack(&p.from) || on_stack(&p.to))
    }

    /// Reports whether an instruction took the place of a return: it closes the frame before it.
    fn is_closing(&self, row: &Row) -> bool {
        let leaves = self.makers.with_frame..self.makers.with_leaves;
        let f = row.function;
        let mut next = row.instruction.link();
        while let Some(id) = next {
            let index = id.index() as u32;
            if index < self.makers.with_leaves {
                return leaves.contains(&index) && frame(row.instruction).is_some();
            }
            next = f[id].link();
        }
        false
    }

    fn noted(&self, row: &Row, note: &Note) -> Reason {
        let p = row.instruction;
        match note {
            Note::Value(noted) => {
                let mut noted = noted.clone();
                let is_call = matches!(
                    noted.sentence,
                    Sentence::Call { .. } | Sentence::CallRuntime { .. }
                );
                if p.as_ == As::NOP || matches!(noted.sentence, Sentence::MarkInlined { .. }) {
                    let bytes = row.bytes.len() as u32;
                    noted.sentence = Sentence::MarkInlined { bytes };
                } else if is_call && p.as_ == As::XORPS {
                    noted.sentence = Sentence::ZeroAgain;
                } else if is_call && p.to == Addr::reg(Reg::R14) {
                    noted.sentence = Sentence::GAgain;
                } else if let Sentence::Divide { .. } = noted.sentence {
                    noted.sentence = division(p).unwrap_or(noted.sentence);
                } else if let (true, Sentence::Assign { value, .. }) =
                    (self.is_continued(row), &noted.sentence)
                {
                    noted.sentence = Sentence::Toward {
                        value: value.clone(),
                    };
                }
                noted
            }
            Note::Branch {
                left,
                right,
                is_bit,
            } if p.as_ != As::JMP => {
                let ending = p.as_.name().strip_prefix('J').unwrap_or("");
                let ending = if *is_bit { bit_ending(ending) } else { ending };
                let condition = relation(left, ending, right);
                let target = target(row).unwrap_or(0);
                reason(Who::Statement, Sentence::Branch { condition, target })
            }
            Note::Branch { .. } | Note::End => match (p.as_, target(row)) {
                (As::RET, _) => reason(Who::Statement, Sentence::Return),
                (As::UNDEF, _) => reason(Who::Statement, Sentence::Unreachable),
                (As::JMP, Some(target)) => {
                    let back = target <= row.pc;
                    reason(Who::Statement, Sentence::Jump { target, back })
                }
                (As::JMP, None) => reason(Who::Statement, Sentence::JumpTable),
                _ => reason(Who::Statement, self.filler(row)),
            },
        }
    }

    /// Reports whether the next instruction belongs to the same value.
    fn is_continued(&self, row: &Row) -> bool {
        let f = row.function;
        let mut next = row.instruction.link();
        while let Some(id) = next {
            if id.index() < self.makers.own as usize {
                let notes = self.known.notes;
                return notes.is_some_and(|notes| notes.is_same(row.id, id));
            }
            next = f[id].link();
        }
        false
    }

    /// A line of an assembly file, or of a function that the compiler makes without values; `other` if there is nothing to
    /// say about it.
    fn written(&mut self, row: &Row, other: Sentence) -> Sentence {
        let p = row.instruction;
        let meaning = meaning(row, self.unit.syms);
        let before = self.compared.clone();
        match &meaning {
            Some(Sentence::Compare { left, right }) => {
                self.compared = Some((left.clone(), right.clone()));
            }
            Some(Sentence::TestBits { left, right }) => {
                self.compared = Some((format!("{left} & {right}"), "0".to_owned()));
            }
            // Moves and jumps leave the flags.
            _ if ["MOV", "LEA", "J"]
                .iter()
                .any(|start| p.as_.name().starts_with(start)) => {}
            _ => self.compared = None,
        }
        let operands = [&p.from, &p.to].into_iter().chain(row.function.rest(p));
        for a in operands {
            let name = || {
                a.name
                    .local()
                    .map_or("", |local| row.function.local_name(local))
                    .to_owned()
            };
            let top = self.depth - if self.saves_bp { WORD } else { 0 };
            match a.name.kind() {
                NameKind::Param => {
                    return Sentence::ParamAt {
                        name: name(),
                        offset: a.offset - self.depth - WORD,
                        sp: a.offset,
                    };
                }
                NameKind::Auto => {
                    return Sentence::LocalAt {
                        name: name(),
                        offset: a.offset - top,
                        sp: a.offset,
                    };
                }
                NameKind::None if a.kind == AddrKind::Mem && a.reg == Reg::SP => {
                    return Sentence::ArgumentOf { offset: a.offset };
                }
                _ => {}
            }
        }
        let called = p.to.name.sym().filter(|_| p.as_ == As::CALL);
        if let Some(sym) = called {
            let callee = shown(self.unit.syms.name(sym), self.unit.syms).to_owned();
            return match callee.starts_with("runtime.") {
                true => {
                    let purpose = Purpose::of(&callee);
                    Sentence::CallRuntime { callee, purpose }
                }
                false => Sentence::Call { callee },
            };
        }
        match (p.as_, target(row)) {
            (As::RET, _) => Sentence::Return,
            (As::JMP, Some(target)) => Sentence::Jump {
                target,
                back: target <= row.pc,
            },
            (_, Some(target)) => {
                let ending = p.as_.name().strip_prefix('J').unwrap_or("");
                match before.filter(|_| is_relation(ending)) {
                    Some((left, right)) => Sentence::Branch {
                        condition: relation(&left, ending, &right),
                        target,
                    },
                    None => Sentence::WrittenJump { target },
                }
            }
            _ => meaning.unwrap_or(other),
        }
    }
}

fn reason(who: Who, sentence: Sentence) -> Reason {
    Reason {
        who,
        sentence,
        joined_by: None,
        value: None,
        block: None,
        steps: Vec::new(),
    }
}

/// What an instruction besides the division does for it.
fn division(p: &Prog) -> Option<Sentence> {
    let name = p.as_.name();
    if name.starts_with("IDIV") || name.starts_with("DIV") {
        None
    } else if name.starts_with("XOR") {
        Some(Sentence::ClearHigh)
    } else if matches!(p.as_, As::CWD | As::CDQ | As::CQO) {
        Some(Sentence::Dividend)
    } else {
        Some(Sentence::MinusOne)
    }
}

/// The offset that a branch goes to.
fn target(row: &Row) -> Option<u32> {
    let target = row.instruction.target.expand()?;
    Some(row.function[target].pc)
}

/// An instruction that opens or closes the frame.
fn frame(p: &Prog) -> Option<Sentence> {
    let bp = Addr::reg(Reg::BP);
    let is_sp = p.to == Addr::reg(Reg::SP) || p.as_ == As::ADJSP;
    let moved = i64::from(p.spadj);
    Some(match p.as_ {
        As::MOVQ | As::PUSHQ if p.from == bp => Sentence::SaveBp,
        As::LEAQ if p.to == bp => Sentence::SetBp,
        As::MOVQ if p.to == bp && p.from == Addr::reg(Reg::SP) => Sentence::SetBp,
        As::MOVQ | As::POPQ if p.to == bp => Sentence::RestoreBp,
        _ if is_sp && moved > 0 => Sentence::Open { size: moved },
        _ if is_sp && moved < 0 => Sentence::Close { size: -moved },
        _ => return None,
    })
}
