//! minigo's own checks. They read a file as the assembler does: macros are expanded, and every operand has its place in
//! the frame.
//!
//! Functions that the assembler would refuse are left out, and so are accesses through a stack pointer that the function
//! itself writes: every finding is a mistake, not a guess.

mod area;
mod c;
mod call;
mod flow;
mod names;
mod reserved;

use std::io::Cursor;

use minigo_base::PosTable;
use minigo_obj::amd64::accesses;
use minigo_obj::{Addr, As, Attrs, FuncText, Prog, ProgId, Reg, SymTable, asm};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::asmdecl::Declared;
use crate::{Checks, Finding, Input, Profile};

/// Returns the text of an included file by the name in quotes, or an error message.
pub type Includes<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// The facts about the package.
pub(crate) struct Surroundings<'a> {
    /// The functions without body.
    pub declared: &'a Declared,
    /// The package's name.
    pub name: &'a str,
    /// The checks to make.
    pub checks: Checks,
    /// Finds included files.
    pub includes: Includes<'a>,
    /// go vet's findings, which aren't repeated.
    pub known: &'a [Finding],
}

/// Returns the findings in the files of a package. `args_size` returns the size of a Go function's arguments in bytes.
pub(crate) fn check(
    input: Input,
    profile: &'static Profile,
    surroundings: &Surroundings,
    args_size: &mut dyn FnMut(&str) -> Option<u64>,
) -> Vec<Finding> {
    let mut syms = SymTable::new();
    let mut files = PosTable::default();
    let mut functions = Vec::new();
    let mut selected = Selected::default();
    for source in input.assembly {
        let text = String::from_utf8_lossy(&source.text);
        let text = selected.take_out(&source.name, &text);
        let include = |name: &str| -> Result<asm::Reader<'static>, String> {
            let text = match ((surroundings.includes)(name), name) {
                // The compiler makes it. Functions that use it can't be read.
                (Err(_), "go_asm.h") => String::new(),
                (text, _) => without_selectors(&text?),
            };
            Ok(Box::new(Cursor::new(text)))
        };
        let options = asm::Options {
            dialect: profile.dialect,
            defines: &DEFINES,
            includes: &include,
            all_errors: true,
            lenient: true,
            body: asm::Body::Instructions,
        };
        let mut keep = |f: FuncText, _: &SymTable, _: &PosTable| functions.push(f);
        // Errors in other functions are the assembler's to report.
        let _ = asm::read_each(
            &source.name,
            Box::new(text.as_bytes()),
            &options,
            &mut syms,
            &mut files,
            &mut asm::Variables::default(),
            &mut keep,
        );
    }
    let defined = functions.iter().map(|f| syms.name(f.sym).to_owned());
    let mut package = Package {
        path: input.path,
        name: surroundings.name,
        syms: &syms,
        files: &files,
        defined: defined.collect(),
        args_of: args_of(&functions, &syms, args_size),
        endless: FxHashSet::default(),
        helpers: c::helpers(&functions, &syms),
        selected: &selected,
        declared: surroundings.declared,
        known: surroundings.known,
    };
    package.endless = flow::endless(&functions, &package);
    let mut findings = Vec::new();
    for f in &functions {
        let mut function = Function::new(f, &package);
        if surroundings.checks.frame {
            names::check(&mut function);
            area::check(&mut function);
            call::check(&mut function);
            flow::check(&mut function);
            if profile.reserved_registers {
                reserved::check(&mut function);
            }
        }
        if surroundings.checks.cabi {
            c::check(&mut function, profile.dialect);
        }
        let mut own = function.findings;
        own.sort_by_key(|finding| finding.line);
        findings.append(&mut own);
    }
    findings
}

/// The macros that `go build` defines for the assembler.
const DEFINES: [(&str, &str); 3] = [
    ("GOOS_linux", "1"),
    ("GOARCH_amd64", "1"),
    ("GOAMD64_v1", "1"),
];

/// Returns the sizes in bytes of the arguments of called functions, as Go declares them or their TEXT states.
fn args_of(
    functions: &[FuncText],
    syms: &SymTable,
    args_size: &mut dyn FnMut(&str) -> Option<u64>,
) -> FxHashMap<String, u64> {
    let stated = functions
        .iter()
        .filter(|f| f.args_size != FuncText::ARGS_SIZE_UNKNOWN)
        .map(|f| (syms.name(f.sym).to_owned(), f.args_size as u64));
    let mut args_of: FxHashMap<String, u64> = stated.collect();
    let mut asked = FxHashSet::default();
    for (_, prog) in functions.iter().flat_map(FuncText::iter) {
        let Some(callee) = prog.to.name.sym().filter(|_| prog.as_ == As::CALL) else {
            continue;
        };
        let symbol = syms.name(callee);
        if let Some(name) = syms.own_part(symbol)
            && asked.insert(callee)
            && let Some(size) = args_size(name)
        {
            args_of.insert(symbol.to_owned(), size);
        }
    }
    args_of
}

/// The data that the checks of all functions share.
struct Package<'a> {
    path: &'a str,
    name: &'a str,
    syms: &'a SymTable,
    files: &'a PosTable,
    /// The symbols of its functions.
    defined: FxHashSet<String>,
    /// The sizes of functions' arguments in bytes, by symbol.
    args_of: FxHashMap<String, u64>,
    /// The functions that never return.
    endless: FxHashSet<String>,
    /// The functions without a middle dot that assembly for Go calls.
    helpers: FxHashSet<String>,
    selected: &'a Selected,
    declared: &'a Declared,
    known: &'a [Finding],
}

/// One function and the findings in it.
struct Function<'a> {
    f: &'a FuncText,
    package: &'a Package<'a>,
    /// Its name in messages: without the package, with `<>` if it is static.
    name: String,
    /// The size of the frame in bytes, as TEXT states it.
    frame: i64,
    /// Whether SP is written, so that its value is unknown.
    moves_sp: bool,
    /// Whether TEXT and Go disagree about the size of the arguments.
    args_are_wrong: bool,
    findings: Vec<Finding>,
}

impl<'a> Function<'a> {
    fn new(f: &'a FuncText, package: &'a Package<'a>) -> Function<'a> {
        let symbol = package.syms.name(f.sym);
        let name = package.syms.own_part(symbol).unwrap_or(symbol);
        let suffix = if f.attrs.has(Attrs::STATIC) { "<>" } else { "" };
        Function {
            f,
            package,
            name: name.to_owned() + suffix,
            frame: f.frame_size.max(0),
            moves_sp: f.iter().any(|(_, prog)| writes_sp(f, prog)),
            args_are_wrong: false,
            findings: Vec::new(),
        }
    }

    /// Returns the file and line of an instruction.
    fn place(&self, prog: &Prog) -> (&'a str, u32) {
        self.package.files.file_line(prog.pos)
    }

    /// Reports whether go vet has a finding on the line that contains `text`.
    fn is_known(&self, prog: &Prog, text: &str) -> bool {
        let (file, line) = self.place(prog);
        let known = |finding: &&Finding| finding.line == line && finding.file == file;
        let mut known = self.package.known.iter().filter(known);
        known.any(|finding| finding.message.contains(text))
    }

    /// Returns the frame as TEXT states it.
    fn stated(&self) -> String {
        match self.f.args_size {
            FuncText::ARGS_SIZE_UNKNOWN => format!("${}", self.f.frame_size),
            args => format!("${}-{args}", self.f.frame_size),
        }
    }

    /// Reports whether the function is declared `<ABIInternal>`.
    fn is_internal(&self) -> bool {
        let (file, line) = self.package.files.file_line(self.f.pos());
        self.package.selected.has(file, line)
    }

    fn report(&mut self, prog: &Prog, message: &str, have: &str, want: &str, hint: &str) {
        let (file, line) = self.place(prog);
        self.findings.push(Finding {
            file: file.to_owned(),
            line,
            message: format!(
                "[amd64] {}: {message}\n\thave {have}\n\twant {want}\n\thint: {hint}",
                self.name
            ),
        });
    }

    /// Returns the instructions with the number of bytes pushed before each of them.
    fn with_pushed(&self) -> Vec<(ProgId, i64)> {
        let mut pushed = 0;
        let progs = self.f.iter().map(|(id, prog)| {
            let before = pushed;
            pushed += pushes(prog);
            (id, before)
        });
        progs.collect()
    }
}

/// Returns the number of bytes that an instruction pushes, as the assembler counts them.
fn pushes(prog: &Prog) -> i64 {
    match prog.as_ {
        As::PUSHL | As::PUSHQ | As::PUSHFL | As::PUSHFQ => 8,
        As::PUSHW | As::PUSHFW => 2,
        As::POPL | As::POPQ | As::POPFL | As::POPFQ => -8,
        As::POPW | As::POPFW => -2,
        As::ADJSP => prog.from.offset,
        _ => 0,
    }
}

fn writes_sp(f: &FuncText, prog: &Prog) -> bool {
    let implies = matches!(
        prog.as_,
        As::LEAVEQ | As::LEAVEL | As::LEAVEW | As::ENTER | As::IRETQ
    );
    let is_sp = |operand: &Addr| *operand == Addr::reg(Reg::SP);
    implies
        || accesses(prog, f.rest(prog)).any(|(operand, access)| access.writes && is_sp(&operand))
}

/// The lines on which a name has the selector `<ABIInternal>`, which the reader refuses.
#[derive(Default)]
struct Selected {
    lines: FxHashSet<(String, u32)>,
}

const SELECTORS: [&str; 2] = ["<ABIInternal>", "<ABI0>"];

impl Selected {
    /// Returns the text without selectors.
    fn take_out(&mut self, file: &str, text: &str) -> String {
        for (index, line) in text.lines().enumerate() {
            if line.contains(SELECTORS[0]) {
                self.lines.insert((file.to_owned(), index as u32 + 1));
            }
        }
        without_selectors(text)
    }

    fn has(&self, file: &str, line: u32) -> bool {
        self.lines.contains(&(file.to_owned(), line))
    }
}

fn without_selectors(text: &str) -> String {
    SELECTORS
        .iter()
        .fold(text.to_owned(), |text, selector| text.replace(selector, ""))
}
