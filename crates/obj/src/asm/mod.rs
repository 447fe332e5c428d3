//! The reader of Plan 9 assembly: `.s` text to functions and data.
//!
//! `scan` makes tokens of the text, `input` expands macros, `line` splits lines into operands, and `parse` sends each
//! line to `instruction` or `pseudo`. `line_cache` replays lines that recur. Messages and their positions are those
//! of `go tool asm`: at most one per line, and none after more than ten. Go's own headers are built in
//! ([`Assembly::headers`](crate::dialect::Assembly::headers)).

mod beginner;
mod hint;
mod input;
mod instruction;
mod line;
mod line_cache;
mod number;
mod operand;
mod parse;
mod parser;
mod pseudo;
mod scan;
mod symabis;
mod texts;
mod token;
mod utf8;
mod variables;

use minigo_base::PosTable;

pub use scan::Reader;
pub use variables::Variables;

use crate::dialect::{self, Dialect};
use crate::func_text::FuncText;
use crate::lsym::LSym;
use crate::sym::SymTable;

/// Opens an included file by the name in quotes, or returns the reason why it can't.
pub type Includes<'a> = &'a dyn Fn(&str) -> Result<Reader<'static>, String>;

/// Returns Go's text for an error of the system.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        // The name contains a NUL.
        std::io::ErrorKind::InvalidInput => "invalid argument".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error")
                .next()
                .unwrap_or_default()
                .to_lowercase()
        }
    }
}

/// The symbols that a file defines.
#[derive(Debug, Default)]
pub struct AsmFile {
    /// Functions, in the order of their TEXT.
    pub texts: Vec<FuncText>,
    /// Variables, in the order of their GLOBL.
    pub data: Vec<LSym>,
    /// Floating-point constants that instructions refer to, in order of first use. Listings don't have them.
    pub constants: Vec<LSym>,
}

/// Options for reading a file.
pub struct Options<'a> {
    /// The facts about the Go version whose assembler reads.
    pub dialect: &'static Dialect,
    /// Predefined macros with their text.
    pub defines: &'a [(&'a str, &'a str)],
    /// Opens included files.
    pub includes: Includes<'a>,
    /// Report all errors, not only the first eleven.
    pub all_errors: bool,
    /// Pass on functions without errors even if others have some.
    pub lenient: bool,
    /// The form in which functions are passed on.
    pub body: Body,
}

/// The form of the functions that are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Instructions, which listings can print.
    Instructions,
    /// The same; each is also printed as soon as it is read (`-debug`).
    Printed,
    /// Bytes as far as an instruction has the same bytes everywhere, and instructions in between. Such functions can
    /// only be assembled, which is faster.
    Encoded,
}

/// Reads the assembly file called `name` as Go 1.15 does. `defines` are predefined macros with their text.
///
/// # Errors
/// The file has errors. The messages are those of `go tool asm`, one per line, without the line that says that
/// assembly failed.
pub fn read(
    name: &str,
    text: &str,
    defines: &[(&str, &str)],
    includes: Includes,
    syms: &mut SymTable,
    files: &mut PosTable,
) -> Result<AsmFile, String> {
    let options = Options {
        dialect: &dialect::GO1_15,
        defines,
        includes,
        all_errors: false,
        lenient: false,
        body: Body::Instructions,
    };
    let mut texts = Vec::new();
    let mut keep = |f: FuncText, _: &SymTable, _: &PosTable| texts.push(f);
    let mut variables = Variables::default();
    let outcome = read_each(
        name,
        Box::new(text.as_bytes()),
        &options,
        syms,
        files,
        &mut variables,
        &mut keep,
    )
    .map_err(|failed| failed.messages)?;
    if outcome.has_mistakes {
        return Err(outcome.messages);
    }
    Ok(AsmFile {
        texts,
        data: variables.collect(syms),
        constants: outcome.constants,
    })
}

/// Receives each function as soon as it has been read.
pub type Each<'a> = &'a mut dyn FnMut(FuncText, &SymTable, &PosTable);

/// The result of [`read_each`].
pub struct Outcome {
    /// Floating-point constants that instructions refer to, in order of first use. Listings don't have them.
    pub constants: Vec<LSym>,
    /// Messages after which reading went on, one per line: `go tool asm` goes on after errors of its scanner.
    pub messages: String,
    /// The text that `go tool asm` prints to standard output.
    pub printed: String,
    /// No object is made because of one of the messages.
    pub has_mistakes: bool,
}

/// The errors of a file that is not assembled.
#[derive(Debug)]
pub struct Failed {
    /// One message per line.
    pub messages: String,
    /// See [`Outcome::printed`].
    pub printed: String,
    /// Reading stopped at the last error, without a final message.
    pub fatal: bool,
}

impl Failed {
    /// Returns all messages about the file called `name`.
    pub fn messages(self, name: &str) -> String {
        match self.fatal {
            true => self.messages,
            false => format!("{}asm: assembly of {name} failed\n", self.messages),
        }
    }
}

/// Reads a file like [`read`], but passes every function to `each` when its end is reached, so that only the
/// instructions of one function are in memory. Adds variables to `variables`. After an error, no more functions are
/// passed on unless [`Options::lenient`] is set.
///
/// # Errors
/// See [`read`].
pub fn read_each<'a>(
    name: &str,
    text: Reader<'a>,
    options: &'a Options<'a>,
    syms: &mut SymTable,
    files: &'a mut PosTable,
    variables: &mut Variables,
    each: Each,
) -> Result<Outcome, Failed> {
    let find = |name: &str| find_include(options, name);
    let input = input(name, text, options, files, &find, syms);
    parse::parse(input, syms, options, variables, each)
}

/// Returns the functions that a file of the package defines and refers to, in the format of `go tool asm -gensymabis`, and messages
/// after which reading went on, one per line.
///
/// # Errors
/// See [`read`].
pub fn symabis<'a>(
    name: &str,
    text: Reader<'a>,
    package: &str,
    options: &'a Options<'a>,
) -> Result<(String, String), Failed> {
    let mut syms = SymTable::with_naming(&options.dialect.naming, package);
    let mut files = PosTable::default();
    let find = |name: &str| find_include(options, name);
    let input = input(name, text, options, &mut files, &find, &syms);
    symabis::read(input, &mut syms, options)
}

/// Returns the tokens of a file.
fn input<'a>(
    name: &str,
    text: Reader<'a>,
    options: &Options,
    files: &'a mut PosTable,
    find: Includes<'a>,
    syms: &SymTable,
) -> input::Input<'a> {
    let assembly = options.dialect.assembly;
    let prefix = syms.own_prefix();
    let mut input = input::Input::new(name, text, files, find, prefix, assembly);
    for (name, value) in options.defines {
        input.predefine(name, value);
    }
    if let Some(selectors) = assembly.abi_selectors_of(syms.package()) {
        for name in selectors.experiments {
            input.predefine(name, "1");
        }
    }
    input
}

/// Opens an included file: one that the options find, or one that is built in.
fn find_include(options: &Options, name: &str) -> Result<Reader<'static>, String> {
    (options.includes)(name).or_else(|reason| {
        let mut headers = options.dialect.assembly.headers.iter();
        match headers.find(|(known, _)| *known == name) {
            Some((_, text)) => Ok(Box::new(text.as_bytes()) as Reader),
            None => Err(reason),
        }
    })
}
