//! The flags of the commands, named as in `go build`, `go tool compile`, `go tool asm` and `go vet`.
//!
//! Go's flags have one dash and may be whole words (`-go 1.15`, `-linkmode=external`). [`double_dashes`] turns them into
//! the double-dash form that clap reads.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use minigo_base::GoVersion;
use minigo_story::Lang;
use minigo_story::why::Form;

use super::color::When;
use super::values::{self, LinkerFlags};
use crate::profile::Tool;

/// A compiler for a subset of Go that prints what Go's own compiler prints.
#[derive(Parser, Debug)]
#[command(
    name = "minigo",
    version,
    arg_required_else_help = true,
    args_override_self = true,
    disable_help_subcommand = false,
    after_help = QUESTIONS
)]
pub struct Cli {
    /// When to print in colour (also by NO_COLOR, CLICOLOR_FORCE)
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub color: When,

    /// The command to run.
    #[command(subcommand)]
    pub command: Command,
}

/// The questions of readers of listings, and the commands that answer.
const QUESTIONS: &str = "\
Questions:
  Why is this line in the listing?       minigo build -why x.go
  What is where on the stack?            minigo frame x.go FUNC
  What did the passes do to a function?  minigo see x.go
  When does the stack grow, and by whom? minigo run -growth x.go
  Which calls are inlined?               minigo build -m x.go
  Where are a function's arguments?      minigo sig 'func(a int32, b string) bool'
  Is my assembly right?                  minigo vet x.go x.s
  What is in an object or a program?     minigo objdump FILE
  What does a word or message mean?      minigo explain NOSPLIT";

/// The commands. Doc comments of the structs of flags would replace these descriptions in help texts.
#[derive(Subcommand, Debug)]
#[command(defer = true)]
pub enum Command {
    /// Compile a package to an executable, an object (-c) or a listing (-S)
    Build(Build),
    /// Compile a package and run it
    Run(Run),
    /// Assemble Plan 9 assembly to an object
    Asm(Asm),
    /// Check assembly against its Go declarations, as go vet does, and more
    Vet(Vet),
    /// Print the places of a function's arguments, for assembly
    Sig(Sig),
    /// Draw the stack frames of functions
    Frame(FrameFlags),
    /// Write a page that shows source, passes, listing and frame of functions
    See(See),
    /// Disassemble an object or an executable, to read or as assembly
    Objdump(Objdump),
    /// Explain a message of the compiler or the assembler, or a term
    Explain(Explain),
    /// Print the version
    Version,
}

// `minigo asm`, with the flags of `go tool asm`.
#[derive(Args, Debug)]
pub struct Asm {
    /// Go version whose assembler to follow: 1.15 or 1.27 (default: MINIGO_GO, else 1.15)
    #[arg(long, value_name = "VERSION", value_parser = values::versions(Tool::Assembler), hide_possible_values = true)]
    pub go: Option<GoVersion>,

    /// Write the object to this file, or to standard output (-) (default: the name of the assembly file with .o)
    #[arg(short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Print the listing to standard output
    #[arg(short = 'S', value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::listing(), hide_possible_values = true)]
    pub listing: bool,

    /// Flags of the listing.
    #[command(flatten)]
    pub reasons: Reasons,

    /// Write one JSON document to standard output, with messages, too (minigo explain schema describes it)
    #[arg(long)]
    pub json: bool,

    /// Search this folder for included files, too
    #[arg(short = 'I', value_name = "FOLDER")]
    pub include: Vec<PathBuf>,

    /// Define a macro (default value: 1)
    #[arg(short = 'D', value_name = "NAME[=VALUE]")]
    pub define: Vec<String>,

    /// Package path (default: main)
    #[arg(short = 'p', value_name = "PATH")]
    pub package: Option<String>,

    /// Put debugging information into the object: lines, functions and frames
    #[arg(short = 'g')]
    pub debugging: bool,

    /// Prefix to cut off the names of files in debugging information
    #[arg(long, value_name = "PREFIX")]
    pub trimpath: Option<PathBuf>,

    /// Report all errors, not only the first eleven
    #[arg(short = 'e', value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub all_errors: bool,

    /// Print instructions as they are read
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub debug: bool,

    /// Accepted for compatibility; has no effect on assembly
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub std: bool,

    /// Accepted for compatibility; has no effect on assembly
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub linkshared: bool,

    /// Write the functions that the files define and refer to instead of an object
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub gensymabis: bool,

    /// Make code for a shared library
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub shared: bool,

    /// Make code for a shared library that uses symbols of other libraries
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub dynlink: bool,

    /// Mitigate Spectre: all and ret make indirect calls and jumps go through retpolines; index has no effect on
    /// assembly
    #[arg(
        long,
        value_name = "LIST",
        default_value = "",
        hide_default_value = true,
        value_parser = values::spectre(),
        hide_possible_values = true
    )]
    pub spectre: String,

    /// Accepted for compatibility; has no effect
    #[arg(short = 'v', value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub verbose: bool,

    /// Accepted for compatibility: compressinstructions, which has no effect on amd64
    #[arg(short = 'd', value_name = "SETTINGS", value_parser = values::assembler_setting)]
    pub settings: Option<String>,

    /// Accepted for compatibility; objects are ELF or Mach-O
    #[arg(long, value_name = "true", num_args = 0..=1, require_equals = true,
          default_value = "true", default_missing_value = "true", value_parser = values::only_true(),
          hide_possible_values = true)]
    pub go115newobj: bool,

    /// Print the version and exit
    #[arg(short = 'V', value_name = "full", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub version: Option<String>,

    /// Assembly files; - is standard input, @FILE stands for the arguments in FILE
    #[arg(required_unless_present = "version")]
    pub files: Vec<PathBuf>,
}

// `minigo vet`.
#[derive(Args, Debug)]
pub struct Vet {
    /// Go version whose go vet to follow: 1.15 or 1.27 (default: MINIGO_GO, else 1.15)
    #[arg(long, value_name = "VERSION", value_parser = values::versions(Tool::Vet), hide_possible_values = true)]
    pub go: Option<GoVersion>,

    /// Write one JSON document to standard output, with messages, too (minigo explain schema describes it)
    #[arg(long)]
    pub json: bool,

    /// Compare functions with their Go declarations, as go vet does; naming a check switches the others off
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
          value_parser = values::bools(), hide_possible_values = true)]
    pub asmdecl: Option<bool>,

    /// Look for clobbered frame pointers, as go vet does; only with -go 1.27
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
          value_parser = values::bools(), hide_possible_values = true)]
    pub framepointer: Option<bool>,

    /// Check frames, arguments of calls, reserved registers and missing RET, which go vet doesn't
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
          value_parser = values::bools(), hide_possible_values = true)]
    pub frame: Option<bool>,

    /// Check functions whose names have no middle dot against C's calling convention, which go vet doesn't
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true",
          value_parser = values::bools(), hide_possible_values = true)]
    pub cabi: Option<bool>,

    /// Print the skeleton of an assembly file instead, or write it to a file: the functions that have no body and aren't in
    /// an assembly file yet
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub stub: Option<OsString>,

    /// Import path of the package (default: by go.mod, GOPATH or the folder)
    #[arg(short = 'p', value_name = "PATH")]
    pub package: Option<String>,

    /// Go and assembly files of one package, or its folder (default: the current folder)
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

// `minigo sig`.
#[derive(Args, Debug)]
pub struct Sig {
    /// The function's type, such as 'func(s string, b []byte) (n int, err error)'
    #[arg(value_name = "SIGNATURE")]
    pub signature: String,

    /// Go files that declare the types in it
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

// `minigo frame`.
#[derive(Args, Debug)]
pub struct FrameFlags {
    /// Flags of the compiler.
    #[command(flatten)]
    pub compile: Compile,

    /// Draw the frame before the instruction at this offset (default: the first call, or the first return)
    #[arg(long, value_name = "OFFSET", value_parser = values::offset)]
    pub pc: Option<u32>,

    /// Draw with ASCII characters
    #[arg(long, conflicts_with_all = ["svg", "json"])]
    pub ascii: bool,

    /// Draw as SVG
    #[arg(long, conflicts_with = "json")]
    pub svg: bool,

    /// Write one JSON document to standard output, with messages, too (minigo explain schema describes it)
    #[arg(long)]
    pub json: bool,

    /// Draw the frame of the first caller, too
    #[arg(long = "with-caller")]
    pub with_caller: bool,

    /// Language of the drawing: en or zh (default: that of the locale)
    #[arg(long, value_name = "LANG", value_parser = values::langs(), hide_possible_values = true)]
    pub lang: Option<Lang>,

    /// Go and assembly files of one package, or its folder, then the name of a function (default: all functions)
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
}

// `minigo objdump`, with the flags of `go tool objdump`.
#[derive(Args, Debug)]
#[command(after_help = OBJDUMP_HELP)]
pub struct Objdump {
    /// Print only functions whose names match this regular expression
    #[arg(short = 's', value_name = "REGEXP", allow_hyphen_values = true)]
    pub functions: Option<String>,

    /// Print the lines of the source before their instructions, if the source is still there
    #[arg(short = 'S', value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub source: bool,

    /// Print a file that minigo asm assembles to the same bytes
    #[arg(long)]
    pub asm: bool,

    /// With -asm, Go version whose assembler reads the file: 1.15 or 1.27 (default: MINIGO_GO, else 1.15)
    #[arg(long, value_name = "VERSION", value_parser = values::versions(Tool::Assembler), hide_possible_values = true)]
    pub go: Option<GoVersion>,

    /// Object or executable for amd64, ELF or Mach-O, of any compiler
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// The guarantee of `-asm`.
const OBJDUMP_HELP: &str = "\
With -asm, every function has been assembled again, and its bytes are those of FILE. Fields that a linker fills in refer
to the same symbol with the same addend or, where FILE is linked, to the same address. An instruction that the assembler
would encode in another way is data: BYTE, with the instruction as a comment. So are padding, and a RET after more PUSHes
than POPs, line by line. Variables aren't printed, and names that assembly can't spell are changed.

Without -asm, the layout is that of go tool objdump; the names are the assembler's: JLS, MOVBLZX, CMPQ AX, $1.";

// `minigo explain`.
#[derive(Args, Debug)]
pub struct Explain {
    /// List everything that can be explained
    #[arg(long)]
    pub list: bool,

    /// Write one JSON document to standard output (minigo explain schema describes it; all languages)
    #[arg(long)]
    pub json: bool,

    /// Language of explanations: en or zh (default: that of the locale)
    #[arg(long, value_name = "LANG", value_parser = values::langs(), hide_possible_values = true)]
    pub lang: Option<Lang>,

    /// The code of a message, the message itself, a term or an article; schema for that of -json
    #[arg(value_name = "WORD")]
    pub what: Vec<String>,
}

// `minigo build`.
#[derive(Args, Debug)]
pub struct Build {
    /// Flags of the compiler.
    #[command(flatten)]
    pub compile: Compile,

    /// Write to this file, into this folder, or to standard output (-)
    #[arg(short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Print the assembly listing, to standard output unless -o is given, and build nothing
    #[arg(short = 'S', value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::listing(), hide_possible_values = true)]
    pub listing: bool,

    /// Flags of the listing.
    #[command(flatten)]
    pub reasons: Reasons,

    /// Write one JSON document to standard output, with messages, too (minigo explain schema describes it)
    #[arg(long)]
    pub json: bool,

    /// Write an object file for a linker
    #[arg(short = 'c', conflicts_with = "listing")]
    pub object: bool,

    /// Linker that makes the executable: minigo's own or the system's
    #[arg(long, value_name = "MODE", default_value = "internal")]
    pub linkmode: LinkMode,

    /// Leave out debugging information
    #[arg(short = 'w')]
    pub no_debugging: bool,

    /// Leave out the symbol table and debugging information
    #[arg(short = 's')]
    pub no_symbols: bool,

    /// Flags of the linker, as go build takes them: -w and -s
    #[arg(long, value_name = "FLAGS", value_parser = values::linker_flags, allow_hyphen_values = true)]
    pub ldflags: Option<LinkerFlags>,

    /// Write the package's constants to this file, for assembly (go_asm.h)
    #[arg(long, value_name = "FILE")]
    pub asmhdr: Option<PathBuf>,

    /// Go and assembly files of one package, its folder (default: the current folder), a pattern such as ./... or - for
    /// standard input
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// The package is one of several, which are checked and not written.
    #[arg(skip)]
    pub is_checked: bool,
}

impl Build {
    /// Returns the flags of the linker, however they are spelled.
    pub fn linker(&self) -> LinkerFlags {
        let others = self.ldflags.unwrap_or_default();
        let no_symbols = self.no_symbols || others.no_symbols;
        LinkerFlags {
            no_debugging: self.no_debugging || others.no_debugging || no_symbols,
            no_symbols,
        }
    }
}

// `minigo run`.
#[derive(Args, Debug)]
pub struct Run {
    /// Flags of the compiler.
    #[command(flatten)]
    pub compile: Compile,

    /// Say on standard error when and why the program's stack grew, or write it to a file as JSON
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub growth: Option<OsString>,

    /// Language of what -growth says: en or zh (default: that of the locale)
    #[arg(long, value_name = "LANG", value_parser = values::langs(), hide_possible_values = true)]
    pub lang: Option<Lang>,

    /// Go and assembly files of one package, or its folder (default: the current folder), then the program's arguments
    #[arg(value_name = "FILE", trailing_var_arg = true)]
    pub files: Vec<PathBuf>,
}

// Flags of the compiler.
#[derive(Args, Debug)]
pub struct Compile {
    /// Go version to compile as: 1.10, 1.15 or 1.27 (default: MINIGO_GO, else 1.15)
    #[arg(long, value_name = "VERSION", value_parser = values::versions(Tool::Compiler), hide_possible_values = true)]
    pub go: Option<GoVersion>,

    /// Disable optimizations
    #[arg(short = 'N', value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub no_optimize: bool,

    /// Disable inlining
    #[arg(short = 'l', value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::inlining(), hide_possible_values = true)]
    pub no_inline: bool,

    /// Print which calls are inlined, not what escapes to the heap; -m=2 also prints the reasons
    #[arg(short = 'm', value_name = "LEVEL", num_args = 0..=1, require_equals = true, default_missing_value = "1",
          action = clap::ArgAction::Append)]
    pub explain: Vec<u8>,

    /// Report all errors, not only the first ten
    #[arg(short = 'e')]
    pub all_errors: bool,

    /// Package path for debugging symbols
    #[arg(short = 'p', value_name = "PATH", default_value = "")]
    pub package: String,

    /// Cut this prefix off file names in tracebacks (OLD=>NEW replaces it); without a value, the current folder
    #[arg(long, value_name = "PREFIX", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub trimpath: Option<String>,

    /// Size of a program's first stack in bytes, a power of two
    #[arg(long, value_name = "BYTES", default_value = "2048", value_parser = values::stack_size)]
    pub stack0: u64,

    /// Debug the compiler: ssa/PASS/dump=FUNC, ssa/PASS/off, ssa/PASS/debug, ssa/check/on, ssa/help
    #[arg(short = 'd', value_name = "LIST", value_delimiter = ',')]
    pub debug: Vec<String>,
}

// `minigo see`.
#[derive(Args, Debug)]
pub struct See {
    /// Go versions to compile as, side by side: 1.10, 1.15 or 1.27 (default: MINIGO_GO, else 1.15)
    #[arg(long, value_name = "VERSIONS", value_parser = values::versions(Tool::Compiler), hide_possible_values = true, value_delimiter = ',')]
    pub go: Vec<GoVersion>,

    /// Disable optimizations
    #[arg(short = 'N', value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::bools(), hide_possible_values = true)]
    pub no_optimize: bool,

    /// Disable inlining
    #[arg(short = 'l', value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_value = "false", default_missing_value = "true", value_parser = values::inlining(), hide_possible_values = true)]
    pub no_inline: bool,

    /// Package path for debugging symbols
    #[arg(short = 'p', value_name = "PATH", default_value = "")]
    pub package: String,

    /// Debug the compiler: ssa/PASS/off, ssa/check/on
    #[arg(short = 'd', value_name = "LIST", value_delimiter = ',')]
    pub debug: Vec<String>,

    /// Show this function only: its name, which may have the package in front
    #[arg(long, value_name = "FUNC")]
    pub func: Option<String>,

    /// Record these passes only, and begin with the first
    #[arg(long, value_name = "PASSES", value_delimiter = ',')]
    pub pass: Vec<String>,

    /// Write to this file, or to standard output (-) (default: the name of the source file with .html)
    #[arg(short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write what the passes did as a JSON document to standard output (minigo explain schema describes it)
    #[arg(long, conflicts_with = "output")]
    pub json: bool,

    /// Language that the page begins with: en or zh (default: that of the locale)
    #[arg(long, value_name = "LANG", value_parser = values::langs(), hide_possible_values = true)]
    pub lang: Option<Lang>,

    /// Go and assembly files of one package, or its folder (default: the current folder)
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

impl See {
    /// Returns the flags of the compiler for one version of Go; the default version without one.
    pub fn compile(&self, go: Option<GoVersion>) -> Compile {
        Compile {
            go,
            no_optimize: self.no_optimize,
            no_inline: self.no_inline,
            explain: Vec::new(),
            all_errors: false,
            package: self.package.clone(),
            trimpath: None,
            stack0: 2048,
            debug: self.debug.clone(),
        }
    }
}

// Flags of listings that say why.
#[derive(Args, Debug)]
pub struct Reasons {
    /// Print the listing, and behind each line who made it and why; brief leaves out bytes and passes
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "full")]
    pub why: Option<WhyForm>,

    /// Language of the reasons: en or zh (default: that of the locale)
    #[arg(long, value_name = "LANG", value_parser = values::langs(), hide_possible_values = true)]
    pub lang: Option<Lang>,
}

/// The form of a listing that says why.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyForm {
    /// The whole listing.
    Full,
    /// Offset, instruction and reason.
    Brief,
}

impl Reasons {
    /// Returns the form that is asked for.
    pub fn form(&self) -> Option<Form> {
        self.why.map(|form| match form {
            WhyForm::Full => Form::Full,
            WhyForm::Brief => Form::Brief,
        })
    }
}

/// The linker that makes the executable.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkMode {
    /// minigo's own linker.
    Internal,
    /// The system's compiler driver `cc`.
    External,
}

impl Compile {
    /// Returns the level of `-m`: the sum of all of them, as in gc.
    pub fn explain_level(&self) -> u32 {
        self.explain.iter().map(|&level| u32::from(level)).sum()
    }
}

/// Turns `-word` into `--word`, as clap reads it. Single letters, numbers and arguments after `--` stay.
pub fn double_dashes(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut flags = true;
    args.map(|arg| {
        let text = arg.as_bytes();
        flags &= text != b"--";
        let name = text.strip_prefix(b"-").unwrap_or_default();
        let name = name.split(|&byte| byte == b'=').next().unwrap_or_default();
        let word = name.len() > 1 && name[0].is_ascii_alphabetic();
        if flags && word {
            let mut dashed = OsString::from("-");
            dashed.push(arg);
            dashed
        } else {
            arg
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Cli {
        Cli::try_parse_from(double_dashes(line.split(' ').map(OsString::from)))
            .expect("the line parses")
    }

    #[test]
    fn commands_keep_their_descriptions() {
        use clap::CommandFactory;
        let listed = Cli::command();
        let mut built = Cli::command();
        built.build();
        for command in listed.get_subcommands() {
            let page = built
                .find_subcommand(command.get_name())
                .expect("it is built");
            assert_eq!(page.get_about(), command.get_about());
        }
    }

    #[test]
    fn words_may_have_one_dash() {
        let Command::Build(build) =
            parse("minigo build -S -go 1.10 -linkmode=external -m=2 -m -o out f.go").command
        else {
            panic!("not build")
        };
        assert!(build.listing && build.linkmode == LinkMode::External);
        assert_eq!(build.compile.go, Some(GoVersion::Go1_10));
        assert_eq!(build.compile.explain_level(), 3);
        assert_eq!(build.output, Some(PathBuf::from("out")));
        assert_eq!(build.files, [PathBuf::from("f.go")]);
    }

    #[test]
    fn a_program_gets_its_own_flags() {
        let Command::Run(run) = parse("minigo run f.go -v -- -x").command else {
            panic!("not run")
        };
        assert_eq!(run.files, ["f.go", "-v", "--", "-x"].map(PathBuf::from));
    }
}
