//! Instructions whose bytes are the same wherever they stand: most of what is written by hand.
//!
//! They need no frame and no distance: neither variables nor branches, nothing that moves SP or that prologues
//! and epilogues depend on. Without jump padding, which hand-written code has not, what stands around them does
//! not matter.

use minigo_base::Pos;

use super::As;
use super::encode::{Code, encode};
use super::pass::edit;
use super::preprocess::sp_adjustment;
use super::span::names_al;
use crate::lsym::{Attrs, Reloc, SymTable};
use crate::prog::{Addr, FuncText, NameKind, Prog};

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

/// The bytes of an instruction of hand-written code with its relocation, of which the offset is that in the
/// bytes; none if the bytes depend on its place, or if something is wrong with it.
pub(crate) fn encode_fixed(prog: &Prog, rest: &[Addr]) -> Option<(Fixed, Option<Reloc>)> {
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
    let mut f = FuncText::new(SymTable::MORESTACK, Attrs::NONE, Pos::NONE);
    let id = f.append(prog.as_, prog.from, prog.to, prog.pos);
    f[id].suffix = prog.suffix;
    f.set_rest(id, rest);
    edit(&mut f, id);
    let mut code = Code::default();
    let named_al = names_al(&f[id]);
    let branch = encode(&mut f, id, &mut code).ok()?;
    let len = code.bytes.len();
    if branch.is_some() || code.relocs.len() > 1 || len == 0 || len > Fixed::MOST {
        return None;
    }
    if names_al(&f[id]) && !named_al {
        // The second time, gc may encode it otherwise.
        encode(&mut f, id, &mut code).ok()?;
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
