//! Instructions whose bytes are the same wherever they stand: most of what is written by hand.
//!
//! They need no distance: they are no branches, and nothing that moves SP or that prologues and epilogues depend on.
//! Variables may be among their operands where the frame is known. Without jump padding, which hand-written code has
//! not, what stands around them does not matter.

use super::As;
use super::code::Code;
use super::encode::encode;
use super::pass::edit;
use super::preprocess::{Bases, sp_adjustment};
use super::span::names_al;
use crate::encoded::{Encoded, InstructionBytes};
use crate::prog::{Addr, Prog, locals};

/// Encodes such instructions.
#[derive(Default)]
pub(crate) struct FixedEncoder {
    /// The code of one instruction.
    code: Code,
}

impl FixedEncoder {
    /// The bytes of an instruction of hand-written code; none if they depend on its place, or if something is wrong
    /// with it. `rest` are its operands between the first and the last, `bases` is where variables are, if that is
    /// known.
    pub(crate) fn encode(
        &mut self,
        prog: &Prog,
        rest: &[Addr],
        bases: Option<Bases>,
    ) -> Option<Encoded> {
        let depends = match prog.as_ {
            As::TEXT | As::CALL | As::JMP | As::RET | As::DUFFCOPY | As::DUFFZERO => true,
            As::PCDATA | As::FUNCDATA | As::PCALIGN => true,
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
            // The second time, gc may encode it otherwise.
            encode(&mut p, rest, code).ok()?;
            if code.bytes[..len] != code.bytes[len..] {
                return None;
            }
        }
        let reloc = code.relocs.first().copied();
        Some(Encoded { bytes, reloc })
    }
}
