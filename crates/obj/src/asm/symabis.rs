//! The functions that assembly defines and refers to, for the compiler of the Go files in the package.
//!
//! Each has a line, `def NAME ABI0` or `ref NAME ABI0`. Only operands of the form `NAME(SB)` count. Source: gc
//! asm/internal/asm/parse.go, ParseSymABIs; for the format, gc/main.go, readSymABIs.

use std::fmt::Write;

use minigo_base::PosTable;

use super::input::Input;
use super::line::Line;
use super::parser::{Parser, Step};
use super::token::{Atoms, Kind, Token};
use super::variables::Variables;
use super::{Failed, Options};
use crate::amd64::As;
use crate::func_text::FuncText;
use crate::sym::SymTable;

/// Reads a whole file for the functions that it defines and refers to. Returns their lines, and messages after which
/// reading went on, one per line.
pub(super) fn read(
    input: Input,
    syms: &mut SymTable,
    options: &Options,
) -> Result<(String, String), Failed> {
    let mut each = |_: FuncText, _: &SymTable, _: &PosTable| {};
    let mut variables = Variables::default();
    let mut parser = Parser::new(input, syms, options, &mut variables, &mut each);
    let text = parser.symabis();
    let text = parser.end(text)?;
    Ok((text, parser.take_messages()))
}

impl Parser<'_, '_> {
    /// Reads all lines. Returns the lines about functions.
    fn symabis(&mut self) -> Step<String> {
        let mut text = String::new();
        loop {
            let word = match self.line()? {
                Line::Blank => continue,
                Line::End => return Ok(text),
                Line::Instruction(word, _) => word,
            };
            let mut operands = 0..self.operands.ends.len();
            let mut what = "ref";
            match (word, self.input.atoms[word].mnemonic) {
                (_, Some(As::TEXT)) => {
                    operands.end = operands.end.min(1);
                    what = "def";
                }
                // The first operand of DATA is defined by it; that of FUNCDATA is a number.
                (Atoms::DATA, _) | (_, Some(As::FUNCDATA)) => operands.start = operands.end.min(1),
                _ => {}
            }
            for index in operands {
                if let Some(name) = self.function(index) {
                    let _ = writeln!(text, "{what} {name} ABI0");
                }
            }
        }
    }

    /// Returns the name in an operand of the form `name(SB)` or `name+8(SB)`, with an optional `$` or `*`.
    fn function(&self, index: usize) -> Option<&str> {
        let mut tokens = self.operand_tokens(index);
        if let [prefix, rest @ ..] = tokens
            && matches!(prefix.kind, Kind::Punct('$' | '*'))
        {
            tokens = rest;
        }
        let is = |token: &Token, kind: Kind| token.kind == kind;
        let [name, rest @ ..] = tokens else {
            return None;
        };
        let rest = match rest {
            [plus, offset, rest @ ..] if is(plus, Kind::Punct('+')) && is(offset, Kind::Int) => {
                rest
            }
            _ => rest,
        };
        let is_symbol = is(name, Kind::Ident) && self.input.atoms[name.text].reg.is_none();
        let [open, base, close] = rest else {
            return None;
        };
        let is_base = is(open, Kind::Punct('('))
            && is(base, Kind::Ident)
            && self.input.atoms.text(base.text) == "SB"
            && is(close, Kind::Punct(')'));
        (is_symbol && is_base).then(|| self.input.atoms.text(name.text))
    }
}
