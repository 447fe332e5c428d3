//! Instructions that have the same bytes wherever they stand: most hand-written ones.
//!
//! They contain no distance: they are not branches, they don't move SP, and no prologue or epilogue depends on them.
//! Their operands may be variables where the frame is known. Hand-written code has no padding before jumps, so that
//! neighbours don't matter.

use super::As;
use super::code::Code;
use super::encode::encode;
use super::pass::edit;
use super::preprocess::{Bases, sp_adjustment};
use super::span::names_al;
use crate::dialect::Dialect;
use crate::encoded::{Encoded, InstructionBytes};
use crate::prog::{Addr, Prog, locals};

/// Encodes such instructions one by one.
pub(crate) struct StandaloneEncoder {
    /// The code of one instruction, to reuse its memory.
    code: Code,
}

impl StandaloneEncoder {
    /// Returns an encoder of executables for the Go version of `dialect`.
    pub(crate) fn new(dialect: &'static Dialect) -> StandaloneEncoder {
        StandaloneEncoder {
            code: Code::new(dialect),
        }
    }

    /// The bytes of an instruction of hand-written code; none if they depend on where it stands, or if it has no
    /// encoding. `rest` are its operands between the first and the last, `bases` says where variables are, if that is
    /// known.
    pub(crate) fn encode(
        &mut self,
        prog: &Prog,
        rest: &[Addr],
        bases: Option<Bases>,
    ) -> Option<Encoded> {
        let depends = match prog.as_ {
            As::TEXT | As::CALL | As::JMP | As::RET | As::DUFFCOPY | As::DUFFZERO => true,
            As::PCDATA | As::FUNCDATA | As::PCALIGN | As::PCALIGNMAX => true,
            _ => sp_adjustment(prog).is_some(),
        };
        if depends {
            return None;
        }
        let mut p = *prog;
        let mut between = [Addr::NONE; 3];
        let between = between.get_mut(..rest.len())?;
        between.copy_from_slice(rest);
        edit(&mut p);
        if locals(prog, rest).next().is_some() {
            bases?.resolve(&mut p, between);
        }
        let rest = &*between;
        let named_al = names_al(&p);
        let code = &mut self.code;
        code.clear();
        let branch = encode(&mut p, rest, code).ok()?;
        let len = code.bytes.len();
        if branch.is_some() || code.relocs.len() > 1 {
            return None;
        }
        let bytes = InstructionBytes::new(&code.bytes)?;
        if names_al(&p) && !named_al {
            // gc may choose another form when it encodes the function again.
            encode(&mut p, rest, code).ok()?;
            if code.bytes[..len] != code.bytes[len..] {
                return None;
            }
        }
        let reloc = code.relocs.first().copied();
        Some(Encoded { bytes, reloc })
    }
}
