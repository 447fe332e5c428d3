//! The fast path of the reader: a cache of lines by their text.
//!
//! Large assembly files repeat few different lines, so a line is parsed once. Only lines that mean the same everywhere
//! are cached: one instruction, without macros and with at most one variable of the function. Labels are many, but
//! each occurs once.
//!
//! A cached line is replayed: its jump or instruction is added to the function again. Where functions are wanted as
//! bytes only ([`Body::Encoded`](super::Body)), an instruction that has the same bytes everywhere is encoded when it
//! is parsed, and replaying it copies these.
//!
//! The entry is [`LineCache`]: the parser calls `replay_lines` before each line that it parses itself, and one of the
//! `cache_*` methods after it.

mod key;
mod replay;
mod table;

pub(super) use key::Key;

use self::table::Table;
use super::token::Atom;
use crate::amd64::{Bases, StandaloneEncoder};
use crate::encoded::{Encoded, InstructionBytes};
use crate::prog::{Addr, Prog};
use crate::reloc::Reloc;

/// The lines so far.
pub(super) struct LineCache {
    table: Table,
    relocated: Vec<(InstructionBytes, Reloc)>,
    instructions: Vec<Instruction>,
    /// The line being parsed, if it may be cached.
    candidate: Option<Candidate>,
    /// The number of lines that are looked up at once: few where lines are new.
    batch: usize,
    /// Encodes instructions when they are parsed; none if functions are wanted as instructions.
    encoder: Option<StandaloneEncoder>,
}

/// An instruction that is not encoded, or has a variable.
#[derive(Clone, Copy)]
struct Instruction {
    prog: Prog,
    /// Operands between the first and the last, if there are any.
    rest: [Addr; Instruction::MAX_REST],
    n_rest: u8,
    /// The name of the variable among the operands.
    local: Option<Atom>,
    /// The last encoding of the instruction, and the origins of variables then.
    encoded: Option<(Bases, Encoded)>,
}

impl Instruction {
    /// Instructions with more operands between the first and the last are not cached.
    const MAX_REST: usize = 2;

    fn rest(&self) -> &[Addr] {
        &self.rest[..usize::from(self.n_rest)]
    }
}

/// The line being parsed, with the state of the input at its beginning.
#[derive(Clone, Copy)]
struct Candidate {
    key: Key,
    /// The number of uses of macros.
    n_macro_uses: u32,
    n_messages: usize,
}

impl LineCache {
    /// Returns an empty cache. The encoder is there if functions are wanted as bytes.
    pub(super) fn new(encoder: Option<StandaloneEncoder>) -> LineCache {
        LineCache {
            table: Table::default(),
            relocated: Vec::new(),
            instructions: Vec::new(),
            candidate: None,
            batch: 1,
            encoder,
        }
    }

    /// Reports whether instructions are encoded when they are parsed.
    pub(super) fn encodes(&self) -> bool {
        self.encoder.is_some()
    }

    /// From now on, instructions are not encoded when they are parsed.
    pub(super) fn stop_encoding(&mut self) {
        *self = LineCache::new(None);
    }

    /// Doesn't cache the line being parsed.
    pub(super) fn skip_line(&mut self) {
        self.candidate = None;
    }

    /// Empties the cache: lines may mean something else, as after the definition of a macro.
    fn clear(&mut self) {
        *self = LineCache::new(self.encoder.take());
    }

    /// The bytes of an instruction, if they are wanted and the same everywhere. `bases` says where variables are.
    pub(super) fn encode(
        &mut self,
        prog: &Prog,
        rest: &[Addr],
        bases: Option<Bases>,
    ) -> Option<Encoded> {
        self.encoder.as_mut()?.encode(prog, rest, bases)
    }
}
