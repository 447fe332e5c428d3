//! Lines that recur: large assembly files say the same things over and over, so what a line means is found out
//! once.
//!
//! Only lines that mean the same everywhere are kept: one instruction, without a label, without names of
//! variables or labels, without macros.

use super::parse::{Parser, Step};
use super::texts::{Texts, Vacancy};
use crate::prog::{Addr, AddrKind, NameKind, Prog};

/// Lines that are kept at most.
const MOST: usize = 1 << 15;

/// The lines so far.
pub(super) struct Lines {
    texts: Texts,
    known: Vec<Known>,
    /// The line being parsed, if it may be kept.
    candidate: Option<Candidate>,
}

/// What a line means.
#[derive(Clone, Copy)]
struct Known {
    prog: Prog,
    /// Operands between the first and the last, if there are any.
    rest: [Addr; Known::REST],
    n_rest: u8,
}

impl Known {
    /// Longer lines are not kept.
    const REST: usize = 2;
}

#[derive(Clone, Copy)]
struct Candidate {
    vacancy: Vacancy,
    /// Length of the line, its end included.
    len: usize,
    /// The state of the input at its beginning: macros used and messages printed.
    uses: u32,
    n_messages: usize,
}

impl Lines {
    pub(super) fn new() -> Lines {
        Lines {
            texts: Texts::new(),
            known: Vec::new(),
            candidate: None,
        }
    }

    /// The line that comes next will not be kept.
    pub(super) fn give_up(&mut self) {
        self.candidate = None;
    }

    /// Forgets everything: a macro was defined, so that lines may mean something else.
    fn clear(&mut self) {
        *self = Lines::new();
    }
}

impl Parser<'_, '_> {
    /// Adds the instruction of the line that comes next, if that line is known. Gives whether it is.
    pub(super) fn recall(&mut self) -> Step<bool> {
        if std::mem::take(&mut self.input.macros_changed) {
            self.lines.clear();
        }
        self.lines.candidate = None;
        let Some((text, start, end)) = self.input.whole_line() else {
            return Ok(false);
        };
        let index = match self.lines.texts.find(text, start, end) {
            Ok(index) => index,
            Err(vacancy) => {
                self.lines.candidate = Some(Candidate {
                    vacancy,
                    len: end - start,
                    uses: self.input.macro_uses,
                    n_messages: self.errors.len() + self.input.messages.len(),
                });
                return Ok(false);
            }
        };
        self.line = self.input.line();
        self.input.skip_line(end - start);
        let known = &self.lines.known[index as usize];
        let (rest, n_rest) = (known.rest, usize::from(known.n_rest));
        let mut prog = known.prog;
        prog.pos = self.pos();
        let id = self.append(prog)?;
        if let (Some(f), Some(id), true) = (&mut self.text, id, n_rest > 0) {
            f.set_rest(id, &rest[..n_rest]);
        }
        Ok(true)
    }

    /// Keeps the line that was just parsed, if it is one instruction that means the same everywhere.
    pub(super) fn keep(&mut self, prog: &Prog, rest: &[Addr]) {
        let Some(candidate) = self.lines.candidate.take() else {
            return;
        };
        let is_local = |a: &Addr| match a.name.kind() {
            NameKind::Auto | NameKind::Param => true,
            NameKind::None => a.kind == AddrKind::Branch,
            NameKind::Extern | NameKind::Static | NameKind::GotRef => false,
        };
        let n_messages = self.errors.len() + self.input.messages.len();
        let unfit = [&prog.from, &prog.to].into_iter().chain(rest).any(is_local)
            || rest.len() > Known::REST
            || candidate.uses != self.input.macro_uses
            || candidate.n_messages != n_messages
            || self.lines.texts.len() >= MOST;
        if unfit {
            return;
        }
        let Some(text) = self.input.line_before(candidate.len) else {
            return;
        };
        self.lines.texts.add(text, candidate.vacancy);
        let mut kept = [Addr::NONE; Known::REST];
        kept[..rest.len()].copy_from_slice(rest);
        self.lines.known.push(Known {
            prog: *prog,
            rest: kept,
            n_rest: rest.len() as u8,
        });
    }
}
