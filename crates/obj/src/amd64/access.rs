//! The accesses of an instruction to its operands, by the form that encodes it.

use super::operand::{find_form, operands};
use super::optab::{Form, Memory, Use};
use super::pass::edit;
use super::suffix::Suffix;
use crate::prog::{Addr, AddrKind, Prog};

/// The access of an instruction to an operand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The number of bytes of an operand in memory; 0 if the instruction only takes the address, or if the number depends on
    /// the processor.
    pub size: i64,
    /// It reads the operand.
    pub reads: bool,
    /// It writes the operand.
    pub writes: bool,
    /// A mask chooses the elements of memory, so that any of the bytes may be left alone.
    pub masked: bool,
}

/// Returns the operands of an instruction in their order, with its accesses to them; `rest` are those between the first and
/// the last. An instruction that has no encoding accesses nothing.
pub fn accesses(prog: &Prog, rest: &[Addr]) -> impl Iterator<Item = (Addr, Access)> {
    let mut p = *prog;
    edit(&mut p);
    let mut ops = operands(&p, rest);
    let n_operands = ops.len.min(ops.addrs.len());
    let written = operands(prog, rest).addrs;
    let form = find_form(&p, &mut ops).ok();
    let has_mask = ops.mask.is_some();
    (0..n_operands).map(move |index| {
        let is_mask = has_mask && index + 2 == n_operands;
        // The mask is none of the form's operands.
        let place = index - usize::from(has_mask && index + 1 == n_operands);
        let access = match form.filter(|form| !is_mask && place < usize::from(form.n_args)) {
            Some(form) => access(form, &p, &ops.addrs[place], place as u8, has_mask),
            None => Access {
                reads: is_mask,
                ..Access::default()
            },
        };
        (written[index], access)
    })
}

fn access(form: &Form, p: &Prog, operand: &Addr, place: u8, has_mask: bool) -> Access {
    let is_memory = operand.kind == AddrKind::Mem && place == form.rm;
    let Memory {
        size,
        usage,
        masked,
    } = match is_memory {
        true => form.memory(),
        false => Memory {
            size: 0,
            usage: form.register_use(place),
            masked: false,
        },
    };
    let size = match is_memory && Suffix::of(p.suffix).broadcast {
        true => form.broadcast.into(),
        false => size,
    };
    Access {
        size: size.into(),
        reads: matches!(usage, Use::Read | Use::Update),
        writes: matches!(usage, Use::Write | Use::Update),
        masked: masked || has_mask && is_memory,
    }
}
