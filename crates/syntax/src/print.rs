//! The tree as source text: laid out over lines, or in one line for messages.
//!
//! Text over lines parses back to the same tree, positions apart, if the tree is without errors. Text in one
//! line is what gc's messages show (gc: syntax/printer.go): it has no parentheses but those that the
//! tree keeps, and so may not parse back where the parser dropped some.
//!
//! White space between tokens is pending until the next token is known, which may make a semicolon
//! superfluous. Chains that are deep on the left (`a + b + c`, `a.b.c`) and `else if` are printed in a loop.

mod decl;
mod expr;
mod stmt;

use crate::ast::{Ast, Expr, File, List, Stmt};

/// The file as gofmt-like text, comments lost and directives kept.
pub fn file(ast: &Ast, file: File) -> String {
    let mut printer = Printer::new(ast, true);
    printer.file(file);
    printer.finish()
}

/// An expression in one line.
pub fn line(ast: &Ast, expr: Expr) -> String {
    let mut printer = Printer::new(ast, false);
    printer.expr(expr);
    printer.finish()
}

/// Expressions in one line, separated by commas.
pub(crate) fn list_line(ast: &Ast, list: List<Expr>) -> String {
    let mut printer = Printer::new(ast, false);
    printer.expr_list(list);
    printer.finish()
}

/// A statement in one line.
pub(crate) fn stmt_line(ast: &Ast, stmt: Stmt) -> String {
    let mut printer = Printer::new(ast, false);
    printer.stmt(stmt);
    printer.finish()
}

struct Printer<'a> {
    ast: &'a Ast,
    /// Whether to break lines, and to print what it takes to parse the text again.
    lines: bool,
    out: String,
    /// Depth of indentation, in tabs.
    indent: usize,
    /// Number of newlines that `out` ends with.
    n_newlines: usize,
    pending: Vec<Space>,
    /// Whether a newline after the last token would be a semicolon.
    implies_semi: bool,
    /// Whether the last token is a number, of which a dot would be a part.
    after_number: bool,
    /// Whether a brace after a type's name would start a block.
    in_header: bool,
    /// A function type without results in front of what could be taken for a result.
    needs_results: Option<Expr>,
}

/// Deeper lines are not indented more, so that text stays linear in the size of the tree.
const MAX_INDENT: usize = 100;

/// Pending white space, and what changes it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    /// Dropped where a newline or closing bracket follows; the flag tells whether the token before makes the
    /// newline a semicolon.
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

    /// A name, literal or keyword after which a newline is a semicolon.
    fn word(&mut self, text: &str) {
        self.token(text);
        self.implies_semi = true;
    }

    /// A token after which a newline is nothing.
    fn token(&mut self, text: &str) {
        self.flush(false, false);
        self.write(text);
        self.implies_semi = false;
    }

    /// `.` or `...` after an operand.
    fn dots(&mut self, text: &str) {
        if self.lines && self.after_number {
            self.blank();
        }
        self.token(text);
    }

    /// A closing bracket.
    fn close(&mut self, text: &str) {
        self.flush(false, text != "]");
        self.write(text);
        self.implies_semi = true;
    }

    /// An operator. In gc's eyes it is no token, so that `x++` ends a line like `x`.
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

    /// Writes pending white space, before the end of the text, or a closing bracket, or another token.
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
