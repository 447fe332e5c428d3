//! Reads a file: each line goes to the parser of its mnemonic.

use minigo_base::unicode::quote;

use super::input::Input;
use super::line::Line;
use super::parser::{Parser, Step};
use super::token::Atoms;
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
                Line::End => return Ok(()),
                Line::Instruction(word, suffix) => (word, suffix),
            };
            match (word, self.input.atoms[word].mnemonic) {
                (Atoms::DATA, _) => self.asm_data()?,
                (Atoms::GLOBL, _) => self.asm_globl()?,
                (_, Some(As::FUNCDATA)) => self.asm_funcdata()?,
                (_, Some(As::PCDATA)) => self.asm_pcdata()?,
                (_, Some(As::PCALIGN)) => self.asm_pcalign()?,
                (_, Some(As::TEXT)) => self.asm_text()?,
                (_, Some(as_)) => self.instruction(as_, word, &suffix)?,
                (_, None) => {
                    let name = quote(self.input.atoms.text(word).as_bytes());
                    self.error(format_args!("unrecognized instruction {name}"))?;
                    let assembly = self.dialect.assembly;
                    self.hint(|parser| hint::nearest(parser.input.atoms.text(word), assembly));
                }
            }
        }
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
