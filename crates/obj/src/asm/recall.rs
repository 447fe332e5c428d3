//! Lines that recur: large assembly files say the same things over and over, so what a line means is found out
//! once.
//!
//! Only lines that mean the same everywhere are kept: one instruction, without macros and with no more than one
//! variable of the function. Labels are many, but each is there once.

use super::line_table::{Key, LineTable, TOGETHER};
use super::parse::{Parser, Step, is_jump};
use super::token::Atom;
use crate::amd64::{As, Bases};
use crate::encoded::{Encoded, InstructionBytes};
use crate::prog::{Addr, AddrKind, NameKind, Prog, locals};
use crate::reloc::Reloc;

/// The lines so far.
pub(super) struct Lines {
    table: LineTable,
    relocated: Vec<(InstructionBytes, Reloc)>,
    instructions: Vec<Instruction>,
    /// The line being parsed, if it may be kept.
    candidate: Option<Candidate>,
    /// How many of the next lines are looked up at once: few where lines are new.
    together: usize,
}

/// What a line means.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    /// A jump to a label.
    Jump(As, Atom),
    /// An instruction whose bytes are known.
    Code(InstructionBytes),
    /// The same with a relocation: an index into [`Lines::relocated`].
    Relocated(u32),
    /// Another instruction: an index into [`Lines::instructions`].
    Instruction(u32),
}

#[derive(Clone, Copy)]
struct Instruction {
    prog: Prog,
    /// Operands between the first and the last, if there are any.
    rest: [Addr; Instruction::REST],
    n_rest: u8,
    /// The name of the variable among the operands.
    local: Option<Atom>,
    /// What it was encoded to last, and where the variable was then.
    encoded: Option<(Bases, Encoded)>,
}

impl Instruction {
    /// Longer lines are not kept.
    const REST: usize = 2;

    fn rest(&self) -> &[Addr] {
        &self.rest[..usize::from(self.n_rest)]
    }
}

#[derive(Clone, Copy)]
struct Candidate {
    key: Key,
    /// The state of the input at its beginning: macros used and messages printed.
    uses: u32,
    n_messages: usize,
}

impl Lines {
    pub(super) fn new() -> Lines {
        Lines {
            table: LineTable::new(),
            relocated: Vec::new(),
            instructions: Vec::new(),
            candidate: None,
            together: 1,
        }
    }

    /// Does not keep the line being parsed.
    pub(super) fn forget(&mut self) {
        self.candidate = None;
    }

    /// Forgets everything: lines may mean something else, as after the definition of a macro.
    pub(super) fn clear(&mut self) {
        *self = Lines::new();
    }
}

impl Parser<'_, '_> {
    /// Does what the lines that come next mean, as far as they are known. The next line is a candidate then.
    pub(super) fn recall(&mut self) -> Step {
        if std::mem::take(&mut self.input.macros_changed) {
            self.lines.clear();
        }
        self.lines.candidate = None;
        let mut keys = [Key::default(); TOGETHER];
        loop {
            let n = self.input.short_lines(&mut keys[..self.lines.together]);
            let keys = &keys[..n];
            let found = self.lines.table.find(keys);
            for (key, number) in keys.iter().zip(found) {
                if let Some(number) = number {
                    self.line = self.input.line();
                    self.input.skip_line(key.line_len());
                    self.mean(self.lines.table.meaning(number))?;
                } else if let Some(label) = self.input.label(key.line_len()) {
                    self.line = self.input.line();
                    self.input.skip_line(key.line_len());
                    self.pending_labels.push(label);
                } else {
                    self.lines.together = 1;
                    self.input.begin_line();
                    self.lines.candidate = Some(Candidate {
                        key: *key,
                        uses: self.input.macro_uses,
                        n_messages: self.errors.len() + self.input.messages.len(),
                    });
                    return Ok(());
                }
            }
            if n == 0 {
                return Ok(());
            }
            self.lines.together = (2 * n).min(TOGETHER);
        }
    }

    /// Does what a line means.
    fn mean(&mut self, meaning: Meaning) -> Step {
        // What follows may depend on it: operands of TEXT are labels after a jump.
        match meaning {
            Meaning::Jump(..) => self.is_jump = true,
            Meaning::Code(_) | Meaning::Relocated(_) => self.is_jump = false,
            Meaning::Instruction(index) => {
                self.is_jump = is_jump(self.lines.instructions[index as usize].prog.as_.name());
            }
        }
        match meaning {
            Meaning::Jump(as_, label) => {
                let prog = Prog::new(as_, Addr::NONE, Addr::NONE, self.pos());
                self.jump(prog, label)?;
            }
            Meaning::Code(code) => self.append_encoded(&Encoded {
                bytes: code,
                reloc: None,
            })?,
            Meaning::Relocated(index) => {
                let (code, reloc) = self.lines.relocated[index as usize];
                let reloc = Some(reloc);
                self.append_encoded(&Encoded { bytes: code, reloc })?;
            }
            Meaning::Instruction(index) => {
                if let Some(encoded) = self.encoded(index) {
                    return self.append_encoded(&encoded);
                }
                let mut instruction = self.lines.instructions[index as usize];
                if let Some(local) = instruction.local {
                    let local = self.local(local);
                    let Instruction { prog, rest, .. } = &mut instruction;
                    let operands = [&mut prog.from, &mut prog.to].into_iter().chain(rest);
                    for a in operands.filter(|a| a.name.local().is_some()) {
                        a.name = a.name.renamed(local);
                    }
                }
                instruction.prog.pos = self.pos();
                let id = self.append(instruction.prog)?;
                if let (Some(f), Some(id), true) = (&mut self.text, id, instruction.n_rest > 0) {
                    f.set_rest(id, instruction.rest());
                }
            }
        }
        Ok(())
    }

    /// The bytes of an instruction with a variable, if they are wanted and known here.
    fn encoded(&mut self, index: u32) -> Option<Encoded> {
        let bases = self.bases?;
        let instruction = &self.lines.instructions[index as usize];
        instruction.local?;
        if let Some((old, encoded)) = instruction.encoded
            && old == bases
        {
            return Some(encoded);
        }
        let instruction = *instruction;
        let encoded = self.fixed(&instruction.prog, instruction.rest())?;
        self.lines.instructions[index as usize].encoded = Some((bases, encoded));
        Some(encoded)
    }

    /// Keeps the line that was just parsed, if it is one instruction that means the same everywhere.
    pub(super) fn keep(&mut self, prog: &Prog, rest: &[Addr]) {
        let depends = |a: &Addr| match a.kind {
            AddrKind::Branch => a.name.kind() == NameKind::None,
            // The text is a variable's name.
            AddrKind::SConst => true,
            _ => false,
        };
        let mut operands = [&prog.from, &prog.to].into_iter().chain(rest);
        if operands.any(depends) || rest.len() > Instruction::REST {
            return;
        }
        let mut locals = locals(prog, rest);
        let local = locals.next();
        if local.is_some() && (self.text.is_none() || locals.any(|other| Some(other) != local)) {
            return;
        }
        let index = self.lines.instructions.len() as u32;
        if self.keep_line(Meaning::Instruction(index)) {
            let local = match (&self.text, local) {
                (Some(f), Some(local)) => Some(self.input.atoms.get(f.local_name(local))),
                _ => None,
            };
            let mut kept = [Addr::NONE; Instruction::REST];
            kept[..rest.len()].copy_from_slice(rest);
            self.lines.instructions.push(Instruction {
                prog: *prog,
                rest: kept,
                n_rest: rest.len() as u8,
                local,
                encoded: None,
            });
        }
    }

    /// Keeps a line that is an instruction whose bytes are the same everywhere.
    pub(super) fn keep_code(&mut self, encoded: &Encoded) {
        let code = encoded.bytes;
        let Some(reloc) = encoded.reloc else {
            self.keep_line(Meaning::Code(code));
            return;
        };
        let index = self.lines.relocated.len() as u32;
        if self.keep_line(Meaning::Relocated(index)) {
            self.lines.relocated.push((code, reloc));
        }
    }

    /// Keeps a line that is a jump to a label.
    pub(super) fn keep_jump(&mut self, as_: As, label: Atom) {
        self.keep_line(Meaning::Jump(as_, label));
    }

    /// Keeps the line that was just parsed, unless something else than the line decided what it means. Gives whether
    /// it does.
    fn keep_line(&mut self, meaning: Meaning) -> bool {
        let Some(line) = self.lines.candidate.take() else {
            return false;
        };
        let n_messages = self.errors.len() + self.input.messages.len();
        let unfit = line.uses != self.input.macro_uses
            || line.n_messages != n_messages
            || !self.input.is_line_before(line.key.line_len())
            || self.lines.table.is_full();
        if !unfit {
            self.lines.table.add(&line.key, meaning);
        }
        !unfit
    }
}
