//! The reader of Plan 9 assembly: `.s` text to functions and data.
//!
//! Text becomes tokens (`scan`), macros are expanded (`input`), lines are split into operands and become
//! instructions (`parse`, `operand`). Messages and their positions are those of `go tool asm`: at most one a
//! line, and after more than ten of them nothing more. `textflag.h` and `funcdata.h` need no file.

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
mod quote;
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

/// Finds an included file by the name in quotes, or says why it can't.
pub type Includes<'a> = &'a dyn Fn(&str) -> Result<Reader<'static>, String>;

/// What Go calls an error of the system.
pub fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        // Names with a NUL.
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

/// What a file defines.
#[derive(Debug, Default)]
pub struct AsmFile {
    /// Functions, in the order of their TEXT.
    pub texts: Vec<FuncText>,
    /// Variables, in the order of their GLOBL.
    pub data: Vec<LSym>,
    /// Floating-point constants that instructions refer to, in order of first use; not listed.
    pub constants: Vec<LSym>,
}

/// How a file is read.
pub struct Options<'a> {
    /// The facts about the Go version whose assembler reads.
    pub dialect: &'static Dialect,
    /// Macros defined beforehand, with their text.
    pub defines: &'a [(&'a str, &'a str)],
    /// Where included files are.
    pub includes: Includes<'a>,
    /// All errors are reported, not only the first eleven.
    pub all_errors: bool,
    /// Functions without mistakes are handed over even if there are some in others.
    pub lenient: bool,
    /// In which form functions are handed over.
    pub body: Body,
}

/// The form of the functions that are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// Instructions, which listings can print.
    Instructions,
    /// Bytes as far as an instruction has the same bytes everywhere, and instructions in between. Such functions can
    /// only be assembled, which is faster.
    Encoded,
}

/// Reads the assembly file called `name` as Go 1.15 does. `defines` are macros defined beforehand, with their text.
///
/// # Errors
/// The messages as `go tool asm` prints them, one a line, without the line that says that assembly failed.
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

/// What is done with a function as soon as it has been read.
pub type Each<'a> = &'a mut dyn FnMut(FuncText, &SymTable, &PosTable);

/// What [`read_each`] gives.
pub struct Outcome {
    /// Floating-point constants that instructions refer to, in order of first use; not listed.
    pub constants: Vec<LSym>,
    /// What was found on the way, one message a line. `go tool asm` goes on after complaints of its scanner.
    pub messages: String,
    /// What `go tool asm` prints to standard output on the way.
    pub printed: String,
    /// Among the messages are some after which no object is made.
    pub has_mistakes: bool,
}

/// Why a file is not assembled.
#[derive(Debug)]
pub struct Failed {
    /// One message a line.
    pub messages: String,
    /// As of [`Outcome`].
    pub printed: String,
    /// Reading stopped there: `go tool asm` says nothing more.
    pub fatal: bool,
}

impl Failed {
    /// All that is said of a file of that name.
    pub fn messages(self, name: &str) -> String {
        match self.fatal {
            true => self.messages,
            false => format!("{}asm: assembly of {name} failed\n", self.messages),
        }
    }
}

/// Reads a file as [`read`] does, but hands every function to `each` when its end is reached, so that the
/// instructions of only one need memory; its variables are added to `variables`. After an error no more functions are
/// handed over, unless [`Options::lenient`] says so.
///
/// # Errors
/// As [`read`].
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
    let input = input(name, text, options, files, &find, syms.own_prefix());
    parse::parse(input, syms, options, variables, each)
}

/// The functions that a file defines and refers to, as `go tool asm -gensymabis` writes them for the compiler; and
/// what was found on the way, one message a line.
///
/// # Errors
/// As [`read`].
pub fn symabis<'a>(
    name: &str,
    text: Reader<'a>,
    options: &'a Options<'a>,
) -> Result<(String, String), Failed> {
    let (mut syms, mut files) = (SymTable::new(), PosTable::default());
    let find = |name: &str| find_include(options, name);
    let input = input(name, text, options, &mut files, &find, syms.own_prefix());
    symabis::read(input, &mut syms, options)
}

/// The tokens of a file.
fn input<'a>(
    name: &str,
    text: Reader<'a>,
    options: &Options,
    files: &'a mut PosTable,
    find: Includes<'a>,
    own_prefix: &str,
) -> input::Input<'a> {
    let mut input = input::Input::new(name, text, files, find, own_prefix);
    for (name, value) in options.defines {
        input.predefine(name, value);
    }
    input
}

/// An included file: what the options find, or one that is built in.
fn find_include(options: &Options, name: &str) -> Result<Reader<'static>, String> {
    match ((options.includes)(name), name) {
        (Err(_), "textflag.h") => Ok(Box::new(TEXTFLAG.as_bytes())),
        (Err(_), "funcdata.h") => Ok(Box::new(FUNCDATA.as_bytes())),
        (found, _) => found,
    }
}

/// Flags of TEXT and GLOBL.
const TEXTFLAG: &str = "\
#define NOPROF 1
#define DUPOK 2
#define NOSPLIT 4
#define RODATA 8
#define NOPTR 16
#define WRAPPER 32
#define NEEDCTXT 64
#define TLSBSS 256
#define NOFRAME 512
#define REFLECTMETHOD 1024
#define TOPFRAME 2048
";

/// Tables of PCDATA and FUNCDATA, and what functions say with them.
const FUNCDATA: &str = "\
#define PCDATA_RegMapIndex 0
#define PCDATA_StackMapIndex 1
#define PCDATA_InlTreeIndex 2
#define FUNCDATA_ArgsPointerMaps 0
#define FUNCDATA_LocalsPointerMaps 1
#define FUNCDATA_RegPointerMaps 2
#define FUNCDATA_StackObjects 3
#define FUNCDATA_InlTree 4
#define FUNCDATA_OpenCodedDeferInfo 5
#define GO_ARGS FUNCDATA $FUNCDATA_ArgsPointerMaps, go_args_stackmap(SB)
#define GO_RESULTS_INITIALIZED PCDATA $PCDATA_StackMapIndex, $1
#define NO_LOCAL_POINTERS FUNCDATA $FUNCDATA_LocalsPointerMaps, runtime\u{b7}no_pointers_stackmap(SB)
#define ArgsSizeUnknown 0x80000000
";
