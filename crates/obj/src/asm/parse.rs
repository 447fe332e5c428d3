//! Reads a file: each line goes to the parser of its mnemonic.

use minigo_base::unicode::quote;

use super::beginner::{self, Mistake};
use super::input::Input;
use super::line::Line;
use super::parser::{Parser, Step};
use super::token::{Atom, Atoms};
use super::variables::Variables;
use super::{Each, Failed, Options, Outcome, hint};
use crate::amd64::As;
use crate::sym::SymTable;

/// Reads a whole file, and passes its functions to `each`.
pub(super) fn parse(
    input: Input,
    syms: &mut SymTable,
    options: &Options,
    variables: &mut Variables,
    each: Each,
) -> Result<Outcome, Failed> {
    variables.start_file();
    let mut parser = Parser::new(input, syms, options, variables, each);
    let done = parser.lines().and_then(|()| parser.finish());
    parser.end(done)?;
    for message in std::mem::take(&mut parser.messages.late) {
        parser.diag(message);
    }
    parser.variables.end_file();
    Ok(Outcome {
        constants: std::mem::take(&mut parser.constants),
        messages: parser.take_messages(),
        printed: std::mem::take(&mut parser.messages.printed),
        has_mistakes: parser.messages.has_mistakes,
    })
}

impl Parser<'_, '_> {
    fn lines(&mut self) -> Step {
        loop {
            self.replay_lines()?;
            let (word, suffix) = match self.line()? {
                Line::Blank => continue,
                Line::End => {
                    self.hint_line("", "");
                    return Ok(());
                }
                Line::Instruction(word, suffix) => (word, suffix),
            };
            let done = self.instruction_line(word, &suffix);
            if self.line == self.messages.error_line && done.is_ok() {
                let word = self.input.atoms.text(word).to_owned();
                self.hint_line(&word, &suffix);
            }
            done?;
        }
    }

    /// Reads a line that starts with a word and its suffix.
    fn instruction_line(&mut self, word: Atom, suffix: &str) -> Step {
        match (word, self.input.atoms[word].mnemonic) {
            (Atoms::DATA, _) => self.asm_data(),
            (Atoms::GLOBL, _) => self.asm_globl(),
            (_, Some(As::FUNCDATA)) => self.asm_funcdata(),
            (_, Some(As::PCDATA)) => self.asm_pcdata(),
            (_, Some(As::PCALIGN)) => self.asm_pcalign(),
            (_, Some(As::TEXT)) => self.asm_text(),
            (_, Some(as_)) => self.instruction(as_, word, suffix),
            (_, None) => {
                let name = quote(self.input.atoms.text(word).as_bytes());
                self.error(format_args!("unrecognized instruction {name}"))?;
                let assembly = self.dialect.assembly;
                self.hint(|parser| hint::nearest(parser.input.atoms.text(word), assembly));
                Ok(())
            }
        }
    }

    /// Adds a hint to the error of this line, which starts with a word and its suffix.
    fn hint_line(&mut self, word: &str, suffix: &str) {
        self.hint(|parser| {
            let message = parser.messages.errors.last()?;
            let message = message.split_once(": ").map_or("", |(_, text)| text);
            let texts = parser.operands.tokens.iter();
            let texts = texts.map(|token| parser.input.atoms.text(token.text));
            let suffix = Some(suffix).filter(|suffix| !suffix.is_empty());
            let tokens: Vec<&str> = suffix.into_iter().chain(texts).collect();
            beginner::hint(&Mistake {
                word,
                tokens: &tokens,
                message,
            })
        });
    }

    fn finish(&mut self) -> Step {
        if self.messages.n_errors == 0 {
            self.patch()?;
            // gc prints errors here, but has decided before that the file has none.
            self.messages.n_errors = 0;
        } else if self.lenient {
            self.patch()?;
        }
        self.end_text();
        Ok(())
    }
}
