//! Messages about the program that is being compiled.
//!
//! Messages are collected, then printed once: sorted by position (line and column, earlier report first
//! on a tie), exact repetitions dropped, at most ten unless asked for all (gc: subr.go, yyerrorl and
//! flusherrors).

use std::fmt;

use crate::pos::{Pos, PosTable};

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where; unknown positions print without a prefix.
    pub pos: Pos,
    /// The message, in gc's words where gc has them. May hold several lines.
    pub message: String,
    /// What the programmer may do about it, which gc does not say; empty if nothing helps.
    pub hint: &'static str,
}

/// The errors of one compilation.
#[derive(Clone, Debug, Default)]
pub struct Diagnostics {
    errors: Vec<Diagnostic>,
    /// Report all errors, not only ten (`-e`).
    pub all: bool,
    /// Where the limit was hit: the position of the tenth error.
    pub stopped_at: Option<Pos>,
    /// Number of syntax errors, those not shown included.
    pub syntax_errors: usize,
    /// Position of the last syntax error.
    last_syntax: Pos,
}

impl Diagnostics {
    /// Errors after which gc gives up.
    pub const LIMIT: usize = 10;

    /// Adds an error, unless there is a syntax error on the line and it is another one, or the last
    /// error but syntax errors is the same on the same line (gc: subr.go, yyerrorl). After
    /// [`Self::LIMIT`] of them, later ones are dropped and the place of the last is kept for the
    /// closing `too many errors` line.
    pub fn error(&mut self, pos: Pos, message: impl fmt::Display) {
        self.error_with_hint(pos, message, "");
    }

    /// Adds an error as [`Self::error`] does, with a hint for people at a terminal.
    pub fn error_with_hint(&mut self, pos: Pos, message: impl fmt::Display, hint: &'static str) {
        if self.stopped_at.is_some() {
            return;
        }
        let message = message.to_string();
        if message.starts_with("syntax error") {
            self.syntax_errors += 1;
            if self.last_syntax.is_known() && self.last_syntax.same_file_and_line(pos) {
                return;
            }
            self.last_syntax = pos;
        } else {
            let mut others = self.errors.iter().rev();
            let last = others.find(|error| !error.message.starts_with("syntax error"));
            if last.is_some_and(|last| last.pos.same_file_and_line(pos) && last.message == message)
            {
                return;
            }
        }
        self.errors.push(Diagnostic { pos, message, hint });
        if !self.all && self.errors.len() >= Self::LIMIT {
            self.stopped_at = Some(pos);
        }
    }

    /// Whether nothing was reported.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Number of errors reported so far.
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// Whether the limit was hit, so that going on is useless.
    pub fn stopped(&self) -> bool {
        self.stopped_at.is_some()
    }

    /// The errors in the order in which they print.
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut errors: Vec<&Diagnostic> = self.errors.iter().collect();
        errors.sort_by_key(|error| error.pos);
        errors.dedup_by(|b, a| a.pos == b.pos && a.message == b.message);
        errors
    }

    /// The text that gc prints: a line `file:line:col: message` an error.
    pub fn render(&self, table: &PosTable) -> String {
        let mut text = String::new();
        for error in self.sorted() {
            if error.pos.is_known() {
                text.push_str(&table.format(error.pos, true, false));
                text.push_str(": ");
            }
            text.push_str(&error.message);
            text.push('\n');
        }
        if let Some(pos) = self.stopped_at {
            text.push_str(&format!(
                "{}: too many errors\n",
                table.format(pos, true, false)
            ));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_deduplicated_and_limited() {
        let mut table = PosTable::default();
        let file = table.add_file("x.go");
        let mut diags = Diagnostics::default();
        diags.error(Pos::new(file, 2, 1), "b");
        diags.error(Pos::new(file, 1, 4), "a");
        diags.error(Pos::new(file, 1, 4), "a");
        assert_eq!(diags.render(&table), "x.go:1:4: a\nx.go:2:1: b\n");
        for line in 3..20 {
            diags.error(Pos::new(file, line, 1), "c");
        }
        assert_eq!(diags.len(), Diagnostics::LIMIT);
        assert!(
            diags
                .render(&table)
                .ends_with("x.go:10:1: too many errors\n")
        );
    }
}
