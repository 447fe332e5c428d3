//! Prints the tree as source text: as formatted lines, or in one line for messages.
//!
//! Formatted text parses back to the same tree, except for positions, if the tree has no errors. One-line text is what
//! gc's messages show (gc: syntax/printer.go): it has only the parentheses that the tree keeps, and so may not parse
//! back where the parser dropped some.
//!
//! White space between tokens is pending until the next token is known, because that token may make a semicolon
//! superfluous. Left-deep chains (`a + b + c`, `a.b.c`) and `else if` are printed in a loop.

mod decl;
mod expr;
mod stmt;

use crate::ast::{Ast, Expr, File, List, Stmt};

/// Returns the file as gofmt-like text with directives but without other comments.
pub fn file(ast: &Ast, file: File) -> String {
    let mut printer = Printer::new(ast, true);
    printer.file(file);
    printer.finish()
}

/// Returns an expression as one line.
pub fn line(ast: &Ast, expr: Expr) -> String {
    let mut printer = Printer::new(ast, false);
    printer.expr(expr);
    printer.finish()
}

/// Returns an expression as one line, without the contents of composite literals and functions (gc: syntax/printer.go,
/// ShortForm).
pub fn short_line(ast: &Ast, expr: Expr) -> String {
    let mut printer = Printer::new(ast, false);
    printer.short = true;
    printer.expr(expr);
    printer.finish()
}

/// Returns expressions as one line, separated by commas.
pub(crate) fn list_line(ast: &Ast, list: List<Expr>, short: bool) -> String {
    let mut printer = Printer::new(ast, false);
    printer.short = short;
    printer.expr_list(list);
    printer.finish()
}

/// Returns a statement as one line.
pub(crate) fn stmt_line(ast: &Ast, stmt: Stmt, short: bool) -> String {
    let mut printer = Printer::new(ast, false);
    printer.short = short;
    printer.stmt(stmt);
    printer.finish()
}

struct Printer<'a> {
    ast: &'a Ast,
    /// Whether to break lines, and to add the parentheses needed to parse the text again.
    lines: bool,
    /// Whether to leave out the contents of composite literals and functions.
    short: bool,
    out: String,
    /// Depth of indentation, in tabs.
    indent: usize,
    /// Number of newlines that `out` ends with.
    n_newlines: usize,
    pending: Vec<Space>,
    /// Whether a newline after the last token would be a semicolon.
    implies_semi: bool,
    /// Whether the last token is a number, which would absorb a following dot.
    after_number: bool,
    /// Whether a brace after a type's name would start a block.
    in_header: bool,
    /// A function type without results that needs explicit empty ones, lest the following text be taken for a result.
    needs_results: Option<Expr>,
}

/// The deepest indentation, which keeps the text linear in the size of the tree.
const MAX_INDENT: usize = 100;

/// Pending white space and changes of indentation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    /// A semicolon. Dropped before a closing bracket and, if the flag is set, before a newline, which then stands for
    /// it.
    Semi(bool),
    Blank,
    Newline,
    Indent,
    Outdent,
}

impl<'a> Printer<'a> {
    fn new(ast: &'a Ast, lines: bool) -> Printer<'a> {
        Printer {
            ast,
            lines,
            short: false,
            out: String::new(),
            indent: 0,
            n_newlines: 0,
            pending: Vec::new(),
            implies_semi: false,
            after_number: false,
            in_header: false,
            needs_results: None,
        }
    }

    fn finish(mut self) -> String {
        self.flush(true, false);
        if self.lines {
            self.out.push('\n');
        }
        self.out
    }

    /// Writes a name, literal or keyword after which a newline is a semicolon.
    fn word(&mut self, text: &str) {
        self.token(text);
        self.implies_semi = true;
    }

    /// Writes a token after which a newline is ignored.
    fn token(&mut self, text: &str) {
        self.flush(false, false);
        self.write(text);
        self.implies_semi = false;
    }

    /// Writes `.` or `...` after an operand.
    fn dots(&mut self, text: &str) {
        if self.lines && self.after_number {
            self.blank();
        }
        self.token(text);
    }

    /// Writes a closing bracket.
    fn close(&mut self, text: &str) {
        self.flush(false, text != "]");
        self.write(text);
        self.implies_semi = true;
    }

    /// Writes an operator. It doesn't change `implies_semi`, so that a newline after `x++` is a semicolon as after `x`.
    fn operator(&mut self, text: &str) {
        self.flush(false, false);
        self.write(text);
    }

    fn blank(&mut self) {
        self.pending.push(Space::Blank);
    }

    fn semi(&mut self) {
        self.pending.push(Space::Semi(self.implies_semi));
        self.implies_semi = false;
    }

    fn newline(&mut self) {
        match self.lines {
            true => {
                self.pending.push(Space::Newline);
                self.implies_semi = false;
            }
            false => self.blank(),
        }
    }

    fn indent(&mut self) {
        self.pending.push(Space::Indent);
    }

    fn outdent(&mut self) {
        self.pending.push(Space::Outdent);
    }

    /// Writes pending white space before a token, a closing bracket (`at_close`) or the end of the text (`at_end`).
    fn flush(&mut self, at_end: bool, at_close: bool) {
        let (mut newline, mut close) = (at_end, at_close);
        let mut pending = std::mem::take(&mut self.pending);
        let mut kept = vec![true; pending.len()];
        for (space, kept) in pending.iter().zip(&mut kept).rev() {
            match *space {
                Space::Semi(_) if close => (close, *kept) = (false, false),
                Space::Semi(true) if newline => (newline, *kept) = (false, false),
                Space::Newline => newline = true,
                _ => {}
            }
        }
        let mut after_blank = false;
        for (space, _) in pending.iter().zip(kept).filter(|(_, kept)| *kept) {
            match space {
                Space::Semi(_) => {
                    self.write(";");
                    after_blank = false;
                }
                Space::Blank if !after_blank => {
                    self.write(" ");
                    after_blank = true;
                }
                Space::Newline if self.n_newlines < 2 => {
                    self.out.push('\n');
                    self.n_newlines += 1;
                    after_blank = false;
                }
                Space::Blank | Space::Newline => {}
                Space::Indent => self.indent += 1,
                Space::Outdent => self.indent = self.indent.saturating_sub(1),
            }
        }
        pending.clear();
        self.pending = pending;
    }

    fn write(&mut self, text: &str) {
        if self.n_newlines > 0 {
            let n_tabs = self.indent.min(MAX_INDENT);
            self.out.extend(std::iter::repeat_n('\t', n_tabs));
        }
        self.out.push_str(text);
        self.n_newlines = 0;
        self.after_number = false;
    }
}
