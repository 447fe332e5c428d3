//! The parser's side of the cache: replaying lines, and adding those that were parsed.

use super::table::{MAX_BATCH, Meaning};
use super::{Candidate, Instruction, Key};
use crate::amd64::As;
use crate::asm::parser::{Parser, Step, is_jump};
use crate::asm::token::Atom;
use crate::encoded::Encoded;
use crate::prog::{Addr, AddrKind, NameKind, Prog, locals};

impl Parser<'_, '_> {
    /// Replays the lines that come next as long as they are in the cache, or labels. The line after them is a candidate
    /// for the cache.
    pub(in crate::asm) fn replay_lines(&mut self) -> Step {
        if std::mem::take(&mut self.input.macros_changed) {
            self.cache.clear();
        }
        self.cache.candidate = None;
        if self.prints {
            return Ok(());
        }
        let mut keys = [Key::default(); MAX_BATCH];
        loop {
            let n = self.input.short_lines(&mut keys[..self.cache.batch]);
            let keys = &keys[..n];
            let found = self.cache.table.find(keys);
            for (key, entry) in keys.iter().zip(found) {
                if let Some(entry) = entry {
                    self.line = self.input.line();
                    self.input.skip_line(key.line_len());
                    self.replay(self.cache.table.meaning(entry))?;
                } else if let Some(label) = self.input.label(key.line_len()) {
                    self.input.skip_line(key.line_len());
                    self.line = self.input.line();
                    self.saw_code = true;
                    self.labels.pending.push(label);
                } else {
                    self.cache.batch = 1;
                    self.input.begin_line();
                    self.cache.candidate = Some(Candidate {
                        key: *key,
                        n_macro_uses: self.input.macro_uses,
                        n_messages: self.messages.errors.len() + self.input.messages.len(),
                    });
                    return Ok(());
                }
            }
            if n == 0 {
                return Ok(());
            }
            self.cache.batch = (2 * n).min(MAX_BATCH);
        }
    }

    /// Adds the jump or instruction of a line.
    fn replay(&mut self, meaning: Meaning) -> Step {
        // Later lines may depend on it: operands of TEXT are labels after a jump.
        match meaning {
            Meaning::Jump(..) => self.is_jump = true,
            Meaning::Code(_) | Meaning::Relocated(_) => self.is_jump = false,
            Meaning::Instruction(index) => {
                self.is_jump = is_jump(self.cache.instructions[index as usize].prog.as_.name());
            }
        }
        match meaning {
            Meaning::Jump(as_, label) => {
                let prog = Prog::new(as_, Addr::NONE, Addr::NONE, self.pos());
                self.jump(prog, label)?;
            }
            Meaning::Code(bytes) => self.append_encoded(&bytes, None)?,
            Meaning::Relocated(index) => {
                let (bytes, reloc) = self.cache.relocated[index as usize];
                self.append_encoded(&bytes, Some(&reloc))?;
            }
            Meaning::Instruction(index) => {
                if let Some(encoded) = self.encoded_with_local(index) {
                    return self.append_encoded(&encoded.bytes, encoded.reloc.as_ref());
                }
                let mut instruction = self.cache.instructions[index as usize];
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

    /// The bytes of an instruction with a variable, if they are wanted and known at this place.
    fn encoded_with_local(&mut self, index: u32) -> Option<Encoded> {
        let bases = self.bases?;
        let instruction = &self.cache.instructions[index as usize];
        instruction.local?;
        if let Some((old, encoded)) = instruction.encoded
            && old == bases
        {
            return Some(encoded);
        }
        let instruction = *instruction;
        let encoded = self
            .cache
            .encode(&instruction.prog, instruction.rest(), self.bases)?;
        self.cache.instructions[index as usize].encoded = Some((bases, encoded));
        Some(encoded)
    }

    /// Caches the line that was just parsed, if it is one instruction that means the same everywhere.
    pub(in crate::asm) fn cache_instruction(&mut self, prog: &Prog, rest: &[Addr]) {
        let depends = |a: &Addr| match a.kind {
            AddrKind::Branch => a.name.kind() == NameKind::None,
            // The text of the string is the name of a variable.
            AddrKind::SConst => true,
            // Only functions have constants in memory.
            AddrKind::FConst => self.text.is_none(),
            _ => false,
        };
        let mut operands = [&prog.from, &prog.to].into_iter().chain(rest);
        if operands.any(depends) || rest.len() > Instruction::MAX_REST {
            return;
        }
        let mut locals = locals(prog, rest);
        let local = locals.next();
        if local.is_some() && (self.text.is_none() || locals.any(|other| Some(other) != local)) {
            return;
        }
        let index = self.cache.instructions.len() as u32;
        if self.cache_line(Meaning::Instruction(index)) {
            let local = match (&self.text, local) {
                (Some(f), Some(local)) => Some(self.input.atoms.get(f.local_name(local))),
                _ => None,
            };
            let mut between = [Addr::NONE; Instruction::MAX_REST];
            between[..rest.len()].copy_from_slice(rest);
            self.cache.instructions.push(Instruction {
                prog: *prog,
                rest: between,
                n_rest: rest.len() as u8,
                local,
                encoded: None,
            });
        }
    }

    /// Caches the line that was just parsed: an instruction whose bytes are the same everywhere.
    pub(in crate::asm) fn cache_encoded(&mut self, encoded: &Encoded) {
        let code = encoded.bytes;
        let Some(reloc) = encoded.reloc else {
            self.cache_line(Meaning::Code(code));
            return;
        };
        let index = self.cache.relocated.len() as u32;
        if self.cache_line(Meaning::Relocated(index)) {
            self.cache.relocated.push((code, reloc));
        }
    }

    /// Caches the line that was just parsed: a jump to a label.
    pub(in crate::asm) fn cache_jump(&mut self, as_: As, label: Atom) {
        self.cache_line(Meaning::Jump(as_, label));
    }

    /// Caches the line that was just parsed, unless its meaning depends on more than its text. Returns whether it did.
    fn cache_line(&mut self, meaning: Meaning) -> bool {
        let Some(line) = self.cache.candidate.take() else {
            return false;
        };
        let n_messages = self.messages.errors.len() + self.input.messages.len();
        let unfit = line.n_macro_uses != self.input.macro_uses
            || line.n_messages != n_messages
            || !self.input.is_line_before(line.key.line_len())
            || self.cache.table.is_full();
        if !unfit {
            self.cache.table.insert(&line.key, meaning);
        }
        !unfit
    }
}
