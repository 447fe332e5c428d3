//! The functions that assembly defines and refers to, for the compiler of the Go files in the package.
//!
//! Each has a line, `def NAME ABI0` or `ref NAME ABI0`, with the calling convention at its end. Only operands of the form `NAME(SB)` count. Source: gc
//! asm/internal/asm/parse.go, ParseSymABIs; for the format, gc/main.go, readSymABIs.

use std::fmt::Write;

use minigo_base::PosTable;

use super::input::Input;
use super::line::Line;
use super::operand::{Linkage, Report};
use super::parser::{Parser, Step};
use super::token::{Atom, Atoms, Kind};
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
                if let Some((name, abi)) = self.function(index)? {
                    let name = self.input.atoms.text(name);
                    let _ = writeln!(text, "{what} {name} {abi}");
                }
            }
        }
    }

    /// Returns the name in an operand of the form `name(SB)` or `name+8(SB)`, with an optional `$` or `*`, and its
    /// calling convention.
    fn function(&mut self, index: usize) -> Step<Option<(Atom, &'static str)>> {
        (self.operands.at, self.operands.end) = self.operands.ends[index];
        if matches!(self.peek(), Kind::Punct('$' | '*')) {
            self.next();
        }
        let name = match self.next() {
            Some(token) if token.kind == Kind::Ident && self.reg_name(Some(token)).is_none() => {
                self.qualified(token.text)
            }
            _ => return Ok(None),
        };
        let has_selectors = self.dialect.assembly.abi_selectors.is_some();
        if !has_selectors && self.peek() == Kind::Punct('<') {
            return Ok(None);
        }
        let abi = match self.linkage(name, Report::Nothing)? {
            Linkage::Static => return Ok(None),
            Linkage::Global => "ABI0",
            Linkage::Internal => "ABIInternal",
        };
        if self.peek() == Kind::Punct('+') {
            self.next();
            if !self.takes(Kind::Int) {
                return Ok(None);
            }
        }
        let is_base = |parser: &mut Self| {
            let token = parser.next();
            token.is_some_and(|token| {
                token.kind == Kind::Ident && parser.input.atoms.text(token.text) == "SB"
            })
        };
        let is_function = self.takes(Kind::Punct('('))
            && is_base(self)
            && self.takes(Kind::Punct(')'))
            && self.peek() == Kind::Eof;
        Ok(is_function.then_some((name, abi)))
    }

    /// Takes a token. Reports whether it is of that kind.
    fn takes(&mut self, kind: Kind) -> bool {
        self.next().is_some_and(|token| token.kind == kind)
    }
}
