//! Instructions whose bytes are the same wherever they stand: most of what is written by hand.
//!
//! They need no frame and no distance: neither variables nor branches, nothing that moves SP or that prologues
//! and epilogues depend on. Without jump padding, which hand-written code has not, what stands around them does
//! not matter.

use super::As;
use super::encode::{Code, encode};
use super::pass::edit;
use super::preprocess::sp_adjustment;
use super::span::names_al;
use crate::lsym::Reloc;
use crate::prog::{Addr, NameKind, Prog};

/// The bytes of an instruction.
#[derive(Clone, Copy)]
pub(crate) struct Fixed {
    bytes: [u8; Fixed::MOST],
    len: u8,
}

impl Fixed {
    /// What processors take.
    const MOST: usize = 15;

    /// Appends the bytes. Copying as many as there can be takes no loop.
    pub(crate) fn append_to(&self, code: &mut Vec<u8>) {
        let end = code.len() + usize::from(self.len);
        code.extend_from_slice(&self.bytes);
        code.truncate(end);
    }
}

/// Encodes such instructions.
#[derive(Default)]
pub(crate) struct FixedEncoder {
    /// The code of one instruction.
    code: Code,
}

impl FixedEncoder {
    /// The bytes of an instruction of hand-written code with its relocation, of which the offset is that in the
    /// bytes; none if the bytes depend on its place, or if something is wrong with it. `rest` are its operands
    /// between the first and the last.
    pub(crate) fn encode(&mut self, prog: &Prog, rest: &[Addr]) -> Option<(Fixed, Option<Reloc>)> {
        let depends = match prog.as_ {
            As::TEXT | As::CALL | As::JMP | As::RET | As::DUFFCOPY | As::DUFFZERO => true,
            As::PCDATA | As::FUNCDATA | As::PCALIGN => true,
            _ => sp_adjustment(prog).is_some(),
        };
        let is_local = |a: &Addr| matches!(a.name.kind(), NameKind::Auto | NameKind::Param);
        let mut operands = [&prog.from, &prog.to].into_iter().chain(rest);
        if depends || operands.any(is_local) {
            return None;
        }
        let mut p = *prog;
        edit(&mut p);
        let named_al = names_al(&p);
        let code = &mut self.code;
        code.clear();
        let branch = encode(&mut p, rest, code).ok()?;
        let len = code.bytes.len();
        if branch.is_some() || code.relocs.len() > 1 || len == 0 || len > Fixed::MOST {
            return None;
        }
        if names_al(&p) && !named_al {
            // The second time, gc may encode it otherwise.
            encode(&mut p, rest, code).ok()?;
            if code.bytes[..len] != code.bytes[len..] {
                return None;
            }
        }
        let mut fixed = Fixed {
            bytes: [0; Fixed::MOST],
            len: len as u8,
        };
        fixed.bytes[..len].copy_from_slice(&code.bytes[..len]);
        Some((fixed, code.relocs.first().copied()))
    }
}
