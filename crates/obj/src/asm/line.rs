//! Lines: labels, a word, and operands as tokens.
//!
//! Source: gc asm/internal/asm/parse.go, line.

use minigo_base::unicode::quote;

use super::parser::{Parser, Step};
use super::token::{Atom, Kind, Token};

impl Parser<'_, '_> {
    /// Returns the next token that is part of a line. A build constraint must come before all of them.
    fn next_token(&mut self) -> Step<Token> {
        loop {
            let token = self.input.next()?;
            match token.kind {
                Kind::BuildLine if self.saw_code => {
                    self.error("misplaced //go:build comment")?;
                }
                Kind::BuildLine => {}
                Kind::NEWLINE => return Ok(token),
                kind => {
                    self.saw_code = true;
                    if kind != Kind::DIRECTIVE {
                        return Ok(token);
                    }
                }
            }
        }
    }

    /// Reads a line: labels, a word, and operands into `tokens`.
    pub(super) fn line(&mut self) -> Step<Line> {
        loop {
            let first = self.next_token()?;
            self.line = self.input.line();
            match first.kind {
                Kind::NEWLINE => return Ok(Line::Blank),
                Kind::Punct(';') => continue,
                Kind::Eof => return Ok(Line::End),
                Kind::Ident => {}
                _ => {
                    let text = quote(self.input.atoms.text(first.text).as_bytes());
                    self.error(format_args!("expected identifier, found {text}"))?;
                    return Ok(Line::End);
                }
            }
            self.operands.tokens.clear();
            self.operands.ends.clear();
            match self.split_operands()? {
                After::Label => {
                    self.labels.pending.push(first.text);
                    self.cache.skip_line();
                }
                After::Line(suffix) => return Ok(Line::Instruction(first.text, suffix)),
                After::Nothing => return Ok(Line::End),
            }
        }
    }

    /// Splits the rest of the line at commas outside parentheses. `AX:DX` is an old form of `DX, AX`.
    fn split_operands(&mut self) -> Step<After> {
        let mut suffix = String::new();
        let mut nesting = 0;
        let mut colon = None;
        loop {
            let start = self.operands.tokens.len();
            let end = loop {
                let mut token = self.next_token()?;
                if self.operands.ends.is_empty() && self.operands.tokens.len() == start {
                    if token.kind == Kind::Punct('.') {
                        token = self.next_token()?;
                        let text = self.input.atoms.text(token.text).to_owned();
                        if token.kind != Kind::Ident {
                            self.error(format_args!(
                                "instruction suffix expected identifier, found {text}"
                            ))?;
                        }
                        suffix.push('.');
                        suffix.push_str(&text);
                        continue;
                    }
                    if token.kind == Kind::Punct(':') {
                        return Ok(After::Label);
                    }
                }
                match token.kind {
                    Kind::Eof => {
                        self.error("unexpected EOF")?;
                        self.hint(|_| Some("the last line has no newline at its end".to_owned()));
                        return Ok(After::Nothing);
                    }
                    Kind::NEWLINE | Kind::Punct(';') => break token.kind,
                    Kind::Punct(',') if nesting == 0 => break token.kind,
                    Kind::Punct(':') if nesting == 0 => {
                        if colon.is_some() {
                            self.error("invalid ':' in operand")?;
                            return Ok(After::Line(suffix));
                        }
                        colon = Some(self.operands.ends.len());
                        break token.kind;
                    }
                    Kind::Punct('(' | '[') => nesting += 1,
                    Kind::Punct(')' | ']') => nesting -= 1,
                    _ => {}
                }
                self.operands.tokens.push(match token.kind {
                    Kind::Punct(_) => token,
                    kind => Token {
                        kind,
                        text: self.input.atoms[token.text].symbol_text,
                    },
                });
            };
            if self.operands.tokens.len() > start {
                self.operands.ends.push((start, self.operands.tokens.len()));
                if let Some(at) = colon
                    && self.operands.ends.len() == at + 2
                {
                    self.operands.ends.swap(at, at + 1);
                    colon = None;
                }
            } else if !self.operands.ends.is_empty() || end == Kind::Punct(',') || colon.is_some() {
                self.error("missing operand")?;
            }
            if matches!(end, Kind::NEWLINE | Kind::Punct(';')) {
                return Ok(After::Line(suffix));
            }
        }
    }

    /// Returns the tokens of an operand of the line.
    pub(super) fn operand_tokens(&self, index: usize) -> &[Token] {
        let (start, end) = self.operands.ends[index];
        &self.operands.tokens[start..end]
    }
}

/// The contents of a line.
pub(super) enum Line {
    /// Nothing, except labels.
    Blank,
    /// A word and its suffixes.
    Instruction(Atom, String),
    /// The end of the text, or an error after which no more lines can be read.
    End,
}

/// The tokens after the first word of a line.
enum After {
    /// A colon: the word is a label.
    Label,
    /// Operands, which have been read, after the suffixes of the word.
    Line(String),
    /// An error after which no more lines can be read.
    Nothing,
}
