//! The frame: stack-split prologue, saved BP, NOSPLIT inference, offsets from SP.
//!
//! On entry, the offsets of local variables and parameters are relative to the frame; on exit, they are relative to
//! SP. The frame, from high to low address:
//!
//! ```text
//!   parameters and results      args_size
//!   return address              8
//!   saved BP                    8, or nothing for a frameless function without calls
//!   autos, outgoing arguments   frame_size
//! ```
//!
//! The instructions at entry and exit are those of the dialect ([`Prologue`]). Source: gc obj6.go, preprocess.

use super::opcode::As;
use super::operand::number;
use super::prologue::{Entry, Frame, REG_SIZE, STACK_SMALL};
use crate::dialect::Dialect;
use crate::func_text::FuncText;
use crate::prog::{Addr, AddrKind, Name, NameKind, Prog};
use crate::sym::{Attrs, SymTable};
use crate::unit::Unit;

/// Adds prologue and epilogues and makes all offsets relative to SP. `frame_size` then includes the saved
/// BP, and `attrs` an inferred NOSPLIT.
///
/// Requires branch targets to be set. Adds messages to `errors`, like gc's without a position.
pub(super) fn preprocess(f: &mut FuncText, unit: &Unit, errors: &mut Vec<String>) {
    if f[FuncText::TEXT].link().is_none() {
        return;
    }
    let prologue = unit.dialect.prologue;
    let bp_size = saved_bp_size(f, unit.dialect);
    let frame = Frame {
        size: size_with_bp(f.frame_size, bp_size),
        bp_size,
    };
    f.frame_size += bp_size;
    if bp_size == 0 && prologue.marks_frameless {
        f.attrs.insert(Attrs::NOFRAME);
    }
    if is_nosplit_leaf(f, unit.syms, frame.size) {
        f.attrs.insert(Attrs::NOSPLIT);
        f.makers.inferred_nosplit = true;
    }
    f.makers.own = f.len() as u32;
    let mut entry = Entry {
        last: FuncText::TEXT,
        pos: f.pos(),
        f,
        frame,
        shared: unit.model.shared,
        stack_map_pcdata: unit.dialect.stack_map_pcdata,
        unsafe_points: unit.dialect.unsafe_points,
    };
    (prologue.check_stack)(&mut entry);
    entry.f.makers.with_check = entry.f.len() as u32;
    if frame.size % REG_SIZE != 0 {
        errors.push(format!("unaligned stack size {}", frame.size));
    }
    (prologue.make_frame)(&mut entry);
    if entry.f.attrs.has(Attrs::WRAPPER) {
        entry.adjust_panic(prologue);
    }
    f.makers.with_frame = f.len() as u32;
    resolve_offsets(f, frame, unit, errors);
    f.makers.with_leaves = f.len() as u32;
}

/// The code that the assembler adds to the beginning of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prologue {
    /// The bytes of the saved BP: 8, or 0 if it isn't saved.
    pub saved_bp_size: i64,
    /// The stack is compared with its limit in g.
    pub checks_stack: bool,
}

/// Returns what the assembler adds to a function that it has not assembled yet.
pub fn prologue_of(f: &FuncText, syms: &SymTable, dialect: &Dialect) -> Prologue {
    let saved_bp_size = saved_bp_size(f, dialect);
    let size = size_with_bp(f.frame_size, saved_bp_size);
    Prologue {
        saved_bp_size,
        checks_stack: !f.attrs.has(Attrs::NOSPLIT) && !is_nosplit_leaf(f, syms, size),
    }
}

/// Returns the bytes of the saved BP.
fn saved_bp_size(f: &FuncText, dialect: &Dialect) -> i64 {
    let known = (dialect.prologue.saved_bp_size)(f);
    known.unwrap_or_else(|| if has_call(f) { REG_SIZE } else { 0 })
}

/// Reports whether a function calls something.
fn has_call(f: &FuncText) -> bool {
    f.iter()
        .any(|(_, p)| matches!(p.as_, As::CALL | As::DUFFCOPY | As::DUFFZERO))
}

/// Returns the size of the frame including the saved BP. gc keeps it in 32 bits and takes negative sizes for 0.
fn size_with_bp(frame_size: i64, bp_size: i64) -> i64 {
    i64::from((frame_size as i32).max(0).wrapping_add(bp_size as i32))
}

/// The origins of named variables, as offsets from SP in bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bases {
    autos: i64,
    params: i64,
}

impl Bases {
    /// Returns the origins after the prologue of a function of which only TEXT is known; none if that is not enough.
    pub(crate) fn stated(f: &FuncText, dialect: &Dialect) -> Option<Bases> {
        let bp_size = (dialect.prologue.saved_bp_size)(f)?;
        Some(Bases::at(size_with_bp(f.frame_size, bp_size), bp_size))
    }

    /// Returns the origins where SP is `depth` bytes below the return address.
    fn at(depth: i64, bp_size: i64) -> Bases {
        Bases {
            autos: depth - bp_size,
            params: depth + REG_SIZE,
        }
    }

    /// Returns the origins after an instruction that may move SP.
    pub(crate) fn after(self, p: &Prog) -> Bases {
        let lowered = sp_adjustment(p).unwrap_or(0);
        Bases {
            autos: self.autos.wrapping_add(lowered),
            params: self.params.wrapping_add(lowered),
        }
    }

    /// Makes the offsets of variables relative to SP. As in gc, operands after the second and before the last don't
    /// change.
    pub(super) fn resolve(self, p: &mut Prog, rest: &mut [Addr]) {
        let operands = [&mut p.from, &mut p.to].into_iter();
        for a in operands.chain(rest.first_mut()) {
            let base = match a.name.kind() {
                NameKind::Auto => self.autos,
                NameKind::Param => self.params,
                _ => continue,
            };
            a.offset = a.offset.wrapping_add(base);
        }
    }
}

/// Reports whether a function needs no stack check: its frame is small, and it only calls functions of the runtime
/// that check the stack before they use any.
fn is_nosplit_leaf(f: &FuncText, syms: &SymTable, frame_size: i64) -> bool {
    if frame_size >= STACK_SMALL || f.attrs.has(Attrs::NOSPLIT) {
        return false;
    }
    f.iter().all(|(_, p)| match p.as_ {
        As::CALL => {
            let sym = p.to.name.sym();
            sym.is_some_and(|sym| syms[sym].zero_arg_runtime_call)
                && frame_size < STACK_SMALL - REG_SIZE
        }
        As::DUFFCOPY | As::DUFFZERO => frame_size < STACK_SMALL - REG_SIZE,
        _ => true,
    })
}

/// Returns by how many bytes a stack instruction moves SP down; none for other instructions.
pub(super) fn sp_adjustment(p: &Prog) -> Option<i64> {
    Some(match p.as_ {
        As::PUSHL | As::PUSHFL => 4,
        As::PUSHQ | As::PUSHFQ => 8,
        As::PUSHW | As::PUSHFW => 2,
        As::POPL | As::POPFL => -4,
        As::POPQ | As::POPFQ => -8,
        As::POPW | As::POPFW => -2,
        As::ADJSP => number(&p.from),
        _ => return None,
    })
}

/// Follows SP through the function: names become offsets from it, and RET drops the frame.
fn resolve_offsets(f: &mut FuncText, frame: Frame, unit: &Unit, errors: &mut Vec<String>) {
    let assembly = unit.dialect.assembly;
    let mut depth = 0;
    let mut next = Some(FuncText::TEXT);
    while let Some(id) = next {
        let (p, rest) = f.with_rest(id);
        Bases::at(depth, frame.bp_size).resolve(p, rest);
        if let Some(adjustment) = sp_adjustment(p) {
            p.spadj = adjustment as i32;
            depth += adjustment;
        }
        let mut last = id;
        if p.as_ == As::RET {
            if depth != frame.size {
                let name = match assembly.names_functions {
                    true => format!("{}: ", unit.syms.name(f.sym)),
                    false => String::new(),
                };
                let hint = "every RET comes after as many POPs as PUSHes";
                errors.push(format!("{name}unbalanced PUSH/POP\n\thint: {hint}"));
            }
            last = (unit.dialect.prologue.leave)(f, id, frame);
            // RET with a named operand is JMP. But the name of a string constant is its text.
            let p = &mut f[last];
            let to_register = assembly.returns_to_registers && p.to.kind == AddrKind::Reg;
            if p.to.name != Name::NONE && p.to.kind != AddrKind::SConst || to_register {
                p.as_ = As::JMP;
            }
        }
        next = f[last].link();
    }
}
