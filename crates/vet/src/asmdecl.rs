//! go vet's asmdecl: compares assembly with the Go declarations of its functions.
//!
//! The findings, their texts and their order are go vet's (asmdecl.go, run). A finding depends on a line and on its
//! place in a function.

use rustc_hash::FxHashMap;

use crate::reference;
use crate::text::{self, Text};
use crate::{Finding, Profile, Source};
use minigo_layout::Arguments;
use minigo_layout::Trouble;

/// The size of a word in bytes, and of the return address between frame and arguments.
const WORD: i64 = 8;

/// The registers of the first result of an ABIInternal function, and the instructions that write them implicitly.
const RESULT_REGISTERS: [&str; 2] = ["AX", "X0"];
const RESULT_WRITERS: [&str; 1] = ["SYSCALL"];

/// The functions that Go declares without body, by name without receiver. Arguments that minigo can't lay out are
/// missing.
pub(crate) type Declared = FxHashMap<String, Result<Arguments, Trouble>>;

/// Returns the findings in one file of the package `path`.
pub(crate) fn check(
    source: &Source,
    path: &str,
    declared: &Declared,
    profile: &'static Profile,
    findings: &mut Vec<Finding>,
) {
    let mut file = File {
        source,
        path,
        declared,
        profile,
        findings,
        line: 0,
        name: String::new(),
        function: None,
        internal: false,
        locals: 0,
        args: 0,
        no_frame: false,
        wrote_sp: false,
        wrote_result: false,
        rets: Vec::new(),
    };
    let text = String::from_utf8_lossy(&source.text);
    for line in text.split_inclusive('\n') {
        file.line += 1;
        let code = line.find("//").map_or(line, |comment| &line[..comment]);
        file.check_line(code);
    }
    file.flush_rets();
}

/// The state between the lines of a file.
struct File<'a> {
    source: &'a Source,
    path: &'a str,
    declared: &'a Declared,
    profile: &'static Profile,
    findings: &'a mut Vec<Finding>,
    line: u32,
    /// The function of the line, empty if go vet doesn't know it.
    name: String,
    /// Its arguments, if Go declares it.
    function: Option<&'a Arguments>,
    /// Whether it is `<ABIInternal>`.
    internal: bool,
    /// The sizes in bytes that TEXT states: of the frame with the return address, and of the arguments.
    locals: i64,
    args: i64,
    no_frame: bool,
    /// Whether SP was changed, so that offsets from it have no meaning.
    wrote_sp: bool,
    wrote_result: bool,
    /// The line numbers of RET.
    rets: Vec<u32>,
}

impl<'a> File<'a> {
    fn check_line(&mut self, line: &str) {
        if let Some(text) = text::text(line) {
            self.flush_rets();
            return self.begin(&text);
        }
        if line.contains("TEXT") && line.contains("SB") {
            self.flush_rets();
            return self.leave();
        }
        // A jump to another function writes no results here.
        if line.contains("RET") && !(self.profile.abi_selectors && line.contains("(SB)")) {
            self.rets.push(self.line);
        }
        if self.name.is_empty() {
            return;
        }
        if text::has_data(line) {
            self.function = None;
        }
        if [", SP", ",\tSP", "NOP SP", "NOP\tSP"]
            .iter()
            .any(|write| line.contains(write))
        {
            self.wrote_sp = true;
            return;
        }
        let writes_result = RESULT_WRITERS.iter().chain(&RESULT_REGISTERS);
        if self.internal
            && writes_result
                .into_iter()
                .any(|writer| line.contains(writer))
        {
            self.wrote_result = true;
        }
        self.check_sp(line);
        if let Some(function) = self.function {
            self.check_unnamed(line, function);
            self.check_named(line, function);
        }
    }

    /// Begins a function.
    fn begin(&mut self, text: &Text) {
        let path = text.path.trim();
        if !path.is_empty() && path.replace('\u{2215}', "/") != self.path {
            return self.leave();
        }
        (self.name, self.internal) = self.selector(text.name);
        let declared = self.declared.get(&self.name);
        self.function = declared.and_then(|arguments| arguments.as_ref().ok());
        self.args = number(text.args);
        self.locals = number(text.frame).wrapping_add(WORD);
        self.no_frame = text.flags.contains("NOFRAME");
        self.wrote_sp = false;
        self.wrote_result = false;
        match self.function {
            Some(function) => {
                let unstated = text.flags == "7" || text.flags.contains("NOSPLIT");
                let wrong = self.args != function.size as i64;
                if wrong && !(unstated && self.args == 0) {
                    let (have, want) = (self.args, function.size);
                    self.report(format!("wrong argument size {have}; expected $...-{want}"));
                }
            }
            None if declared.is_none() && !self.name.contains("<>") && !self.no_frame => {
                let name = &self.name;
                self.report(format!("function {name} missing Go declaration"));
            }
            None => {}
        }
    }

    /// Splits a name into the name without ABI selector, and whether the selector is ABIInternal.
    fn selector(&self, name: &str) -> (String, bool) {
        let selected = name
            .strip_suffix('>')
            .and_then(|name| name.rsplit_once("<ABI"));
        match selected.filter(|(name, abi)| !name.is_empty() && !abi.is_empty()) {
            Some((name, abi)) if self.profile.abi_selectors => (name.to_owned(), abi == "Internal"),
            _ => (name.to_owned(), false),
        }
    }

    /// Leaves the function: go vet doesn't know the function of the lines after it.
    fn leave(&mut self) {
        self.function = None;
        self.name.clear();
        self.internal = false;
    }

    /// Checks at the end of a function that results have been written.
    fn flush_rets(&mut self) {
        let lines = std::mem::take(&mut self.rets);
        let Some(result) = self.function.and_then(|function| function.by_name("ret")) else {
            return;
        };
        if self.wrote_result {
            return;
        }
        let what = if self.internal {
            "result register".to_owned()
        } else {
            format!("{}-byte ret+{}(FP)", result.size, result.offset)
        };
        for line in lines {
            self.report_at(line, format!("RET without writing to {what}"));
        }
    }

    /// Checks arguments that are addressed from SP.
    fn check_sp(&mut self, line: &str) {
        if self.wrote_sp || self.no_frame {
            return;
        }
        for operand in text::indirect(line).filter(|operand| operand.reg == "SP") {
            let offset = number(operand.offset);
            if offset < self.locals {
                continue;
            }
            let argument = offset.wrapping_sub(self.locals);
            let function = self.function;
            let var = function.and_then(|function| function.by_offset(argument as u64));
            let text = operand.text;
            self.report(match var {
                Some(var) => format!("{text} should be {}+{argument}(FP)", var.name),
                None if offset >= self.locals.wrapping_add(self.args) => {
                    format!("use of {text} points beyond argument frame")
                }
                None => format!("use of {text} to access argument frame"),
            });
        }
    }

    /// Checks arguments without a name.
    fn check_unnamed(&mut self, line: &str, function: &Arguments) {
        for operand in text::unnamed(line) {
            let offset = number(operand.offset);
            let text = operand.text;
            self.report(match function.by_offset(offset as u64) {
                Some(var) => format!(
                    "use of unnamed argument {text}; offset {offset} is {}+{}(FP)",
                    var.name, var.offset
                ),
                None => format!("use of unnamed argument {text}"),
            });
        }
    }

    /// Checks arguments by name.
    fn check_named(&mut self, line: &str, function: &Arguments) {
        for named in text::named(line) {
            let (name, offset) = (named.name, number(named.offset));
            if name == "ret" || name.starts_with("ret_") {
                self.wrote_result = true;
            }
            if let Some(var) = function.by_name(name) {
                if let Some(message) = reference::check(function, var, line, named.text, offset) {
                    self.report(message);
                }
                continue;
            }
            if name == "argframe" && offset == 0 {
                continue;
            }
            self.report(match function.by_offset(offset as u64) {
                Some(var) => format!(
                    "unknown variable {name}; offset {offset} is {}+{}(FP)",
                    var.name, var.offset
                ),
                None => format!("unknown variable {name}"),
            });
        }
    }

    fn report(&mut self, message: String) {
        self.report_at(self.line, message);
    }

    fn report_at(&mut self, line: u32, message: String) {
        self.findings.push(Finding {
            file: self.source.name.clone(),
            line,
            message: format!("[amd64] {}: {message}", self.name),
        });
    }
}

/// Parses a decimal number: 0 if there is none, the largest one if it is too large.
fn number(digits: &str) -> i64 {
    if digits.is_empty() {
        return 0;
    }
    let limit = if digits.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    digits.parse().unwrap_or(limit)
}
