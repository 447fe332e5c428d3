//! The state of the parser, and the methods that all kinds of lines use: messages, symbols, and the instructions and
//! labels of the function being read.
//!
//! Source: gc asm/internal/asm/parse.go and asm.go; obj/plist.go, Flushplist.

use std::fmt::Write;

use cranelift_entity::EntityRef;
use minigo_base::Pos;
use minigo_base::unicode::quote;
use rustc_hash::FxHashMap;

use super::beginner;
use super::input::{Fatal, Input};
use super::line_cache::LineCache;
use super::token::{Atom, Token};
use super::variables::Variables;
use super::{Body, Each, Failed, Options};
use crate::amd64::{As, Bases, StandaloneEncoder};
use crate::dialect::Dialect;
use crate::encoded::InstructionBytes;
use crate::func_text::{FuncText, Room};
use crate::lsym::LSym;
use crate::print;
use crate::prog::{Addr, AddrKind, Local, Prog, ProgId};
use crate::reloc::Reloc;
use crate::sym::{Attrs, Sym, SymTable};
use crate::unit::Unit;

/// A step of parsing, after which parsing goes on or ends.
pub(super) type Step<T = ()> = Result<T, Fatal>;

/// The number of errors after which gc stops.
const MAX_ERRORS: usize = 10;

/// The largest number of warnings that are printed.
const MAX_WARNINGS: usize = 10;

/// The index of FUNCDATA that describes arguments.
pub(super) const FUNCDATA_ARGS_POINTER_MAPS: i64 = 0;

pub(super) struct Parser<'a, 's> {
    pub(super) dialect: &'static Dialect,
    pub(super) input: Input<'a>,
    pub(super) syms: &'s mut SymTable,
    each: Each<'s>,
    max_errors: usize,
    /// Instructions are printed as they are read.
    pub(super) prints: bool,
    /// Only functions with errors are not passed on.
    pub(super) lenient: bool,
    pub(super) messages: Messages,
    /// The number of instructions of the file so far, including TEXT.
    pub(super) n_progs: u32,
    /// The size of the previous function, for which the next one makes room.
    pub(super) room: Room,
    /// The line being parsed, for messages and positions.
    pub(super) line: u32,
    /// Something other than comments and blank lines was read.
    pub(super) saw_code: bool,
    /// There was a TEXT, right or wrong.
    pub(super) saw_text: bool,
    /// Operands may name functions by their calling convention.
    pub(super) allows_abi: bool,
    /// The instruction being parsed is a jump, so that a name without pseudo register is a label.
    pub(super) is_jump: bool,
    pub(super) operands: OperandTokens,
    pub(super) labels: Labels,
    /// The function being read; instructions before the first are dropped.
    pub(super) text: Option<FuncText>,
    /// Holds names of variables outside functions, for messages.
    pub(super) outside: FuncText,
    /// The origins of its variables at the next instruction, if TEXT determines them.
    pub(super) bases: Option<Bases>,
    /// The indices of FUNCDATA in that function.
    pub(super) stated_tables: Vec<i64>,
    /// Its names of variables.
    pub(super) local_of: FxHashMap<Atom, Local>,
    pub(super) variables: &'s mut Variables,
    /// Floating-point constants in memory.
    pub(super) constants: Vec<LSym>,
    /// The lines so far.
    pub(super) cache: LineCache,
}

/// The messages about a file.
#[derive(Default)]
pub(super) struct Messages {
    /// The messages with their places.
    pub errors: Vec<String>,
    /// Messages that gc finds once the whole file is read, if there are no others.
    pub late: Vec<String>,
    pub n_errors: usize,
    /// The number of errors before this function.
    n_errors_before: usize,
    n_warnings: usize,
    /// The line of the last message: each line has at most one.
    pub error_line: u32,
    /// The text that gc prints to standard output.
    pub printed: String,
    /// An error was found after which gc goes on but doesn't write an object.
    pub has_mistakes: bool,
}

/// The operands of a line, and the state of parsing one of them.
#[derive(Default)]
pub(super) struct OperandTokens {
    pub tokens: Vec<Token>,
    /// Start and end of each operand in `tokens`.
    pub ends: Vec<(usize, usize)>,
    /// The place in the operand being parsed and its end, as indices into `tokens`.
    pub at: usize,
    pub end: usize,
    /// The number of expressions around the one being parsed.
    pub depth: u32,
    /// The bytes of the string that was parsed last.
    pub string: Vec<u8>,
}

/// The labels of a function, and the jumps to them.
#[derive(Default)]
pub(super) struct Labels {
    /// Labels of the next instruction.
    pub pending: Vec<Atom>,
    pub defined: FxHashMap<Atom, ProgId>,
    /// Jumps to labels that aren't defined yet; no id for jumps before the first function.
    patches: Vec<(Option<ProgId>, Atom)>,
    /// Instructions whose last operand is `n(PC)`, by its number in the file.
    pub numbered: Vec<(ProgId, i64)>,
}

impl<'a, 's> Parser<'a, 's> {
    /// Returns a parser at the beginning of a file.
    pub(super) fn new(
        input: Input<'a>,
        syms: &'s mut SymTable,
        options: &Options,
        variables: &'s mut Variables,
        each: Each<'s>,
    ) -> Parser<'a, 's> {
        let assembly = options.dialect.assembly;
        let allows_abi = assembly.abi_selectors_of(syms.package()).is_some();
        Parser {
            dialect: options.dialect,
            input,
            syms,
            each,
            max_errors: if options.all_errors {
                usize::MAX
            } else {
                MAX_ERRORS
            },
            prints: options.body == Body::Printed,
            lenient: options.lenient,
            messages: Messages::default(),
            n_progs: 0,
            room: Room::default(),
            line: 0,
            saw_code: false,
            saw_text: false,
            allows_abi,
            is_jump: false,
            operands: OperandTokens::default(),
            labels: Labels::default(),
            text: None,
            outside: FuncText::new(SymTable::MORESTACK, Attrs::NONE, Pos::NONE),
            bases: None,
            stated_tables: Vec::new(),
            local_of: FxHashMap::default(),
            variables,
            constants: Vec::new(),
            cache: LineCache::new(
                (options.body == Body::Encoded).then(|| StandaloneEncoder::new(options.dialect)),
            ),
        }
    }

    /// Returns the result of reading, unless there were errors.
    pub(super) fn end<T>(&mut self, done: Step<T>) -> Result<T, Failed> {
        let fatal = match done {
            Ok(value) if self.messages.n_errors == 0 => return Ok(value),
            Ok(_) => false,
            Err(Fatal(message)) => {
                self.messages.errors.append(&mut self.input.messages);
                self.messages.errors.push(message);
                true
            }
        };
        Err(Failed {
            messages: self.take_messages(),
            printed: std::mem::take(&mut self.messages.printed),
            fatal,
        })
    }
}

impl Parser<'_, '_> {
    /// Reports an error on this line, unless there is one already.
    pub(super) fn error(&mut self, message: impl std::fmt::Display) -> Step {
        if self.line == self.messages.error_line {
            return Ok(());
        }
        self.messages.error_line = self.line;
        self.messages.errors.append(&mut self.input.messages);
        let place = format!("{}:{}", self.input.file(), self.line);
        self.messages.errors.push(format!("{place}: {message}"));
        self.messages.n_errors += 1;
        if self.messages.n_errors > self.max_errors {
            return Err(Fatal("asm: too many errors".to_owned()));
        }
        Ok(())
    }

    /// Reports an error that gc finds after parsing, without a place.
    pub(super) fn diag(&mut self, message: impl std::fmt::Display) {
        self.messages.has_mistakes = true;
        self.messages.errors.append(&mut self.input.messages);
        self.messages.errors.push(format!("asm: {message}"));
    }

    /// Adds a hint to the error that was just reported, unless that was left out or has a hint.
    pub(super) fn hint(&mut self, text: impl FnOnce(&Self) -> Option<String>) {
        let place = format!("{}:{}: ", self.input.file(), self.line);
        if self
            .messages
            .errors
            .last()
            .is_some_and(|last| last.starts_with(&place) && !last.contains('\n'))
            && let Some(text) = text(self)
            && let Some(last) = self.messages.errors.last_mut()
        {
            last.push_str("\n\thint: ");
            last.push_str(&text);
        }
    }

    /// Warns of a likely mistake that gc accepts. Only the first warnings are printed.
    pub(super) fn warn(&mut self, message: impl std::fmt::Display) {
        self.messages.n_warnings += 1;
        if self.messages.n_warnings <= MAX_WARNINGS {
            self.messages.errors.append(&mut self.input.messages);
            let place = format!("{}:{}", self.input.file(), self.line);
            self.messages
                .errors
                .push(format!("{place}: warning: {message}"));
        }
    }

    pub(super) fn take_messages(&mut self) -> String {
        self.messages.errors.append(&mut self.input.messages);
        let lines = self.messages.errors.iter();
        lines.map(|message| format!("{message}\n")).collect()
    }

    pub(super) fn pos(&self) -> Pos {
        Pos::new(self.input.base(), self.line, 0)
    }

    pub(super) fn symbol(&mut self, name: Atom) -> Sym {
        if let Some(sym) = self.input.atoms[name].sym.expand() {
            return sym;
        }
        let sym = self.syms.lookup(self.input.atoms.text(name));
        self.input.atoms[name].sym = sym.into();
        sym
    }

    /// Returns the name of the symbol that an operand names: `·` at its beginning stands for the package.
    pub(super) fn qualified(&mut self, name: Atom) -> Atom {
        let text = self.input.atoms.text(name);
        match text.strip_prefix('.') {
            Some(rest) if self.dialect.assembly.qualifies_operands => {
                let name = self.syms.own_name(rest);
                self.input.atoms.get(&name)
            }
            _ => name,
        }
    }

    /// Returns the function with a name and the calling convention of compiled code.
    pub(super) fn internal_symbol(&mut self, name: Atom) -> Sym {
        self.syms.lookup_internal(self.input.atoms.text(name))
    }

    pub(super) fn static_symbol(&mut self, name: Atom) -> Sym {
        if let Some(sym) = self.input.atoms[name].static_sym.expand() {
            return sym;
        }
        let sym = self.syms.lookup_static(self.input.atoms.text(name));
        self.input.atoms[name].static_sym = sym.into();
        sym
    }

    /// Returns the variable of this function with a name.
    pub(super) fn local(&mut self, name: Atom) -> Local {
        if let Some(&local) = self.local_of.get(&name) {
            return local;
        }
        let text = self.input.atoms.text(name);
        let f = self.text.as_mut().unwrap_or(&mut self.outside);
        let local = f.add_local(text);
        self.local_of.insert(name, local);
        local
    }

    /// Adds an instruction that is encoded already.
    pub(super) fn append_encoded(
        &mut self,
        bytes: &InstructionBytes,
        reloc: Option<&Reloc>,
    ) -> Step {
        let pos = self.pos();
        self.count_prog();
        let begins = !self.labels.pending.is_empty();
        let id = match &mut self.text {
            Some(f) => f.append_encoded(bytes, reloc, begins, pos, self.n_progs),
            None => return self.drop_prog(),
        };
        if begins {
            self.define_labels(id)
        } else {
            Ok(())
        }
    }

    /// Drops an instruction that is in no function.
    pub(super) fn drop_prog(&mut self) -> Step {
        if self.n_progs == 1 && !self.saw_text {
            self.warn("instructions before the first TEXT are in no function, and dropped");
        }
        self.define_labels(ProgId::from_u32(0))
    }

    /// Adds an instruction to the function, with the labels before it.
    pub(super) fn append(&mut self, prog: Prog) -> Step<Option<ProgId>> {
        self.count_prog();
        if prog.as_ == As::END {
            // END is counted but is not part of the function.
            return Ok(None);
        }
        let id = match &mut self.text {
            Some(f) => {
                let id = f.append(prog.as_, prog.from, prog.to, prog.pos);
                f[id].suffix = prog.suffix;
                // Messages show its number until it has an offset.
                f[id].pc = self.n_progs;
                Some(id)
            }
            None => None,
        };
        if prog.as_ == As::FUNCDATA && prog.from.kind == AddrKind::Const {
            self.stated_tables.push(prog.from.offset);
        }
        self.bases = self.bases.map(|bases| bases.after(&prog));
        match id {
            Some(id) => self.define_labels(id)?,
            None => self.drop_prog()?,
        }
        Ok(id)
    }

    /// Prints an instruction as it was read, with its line, if that is wanted. It is in no function if there is no `id`.
    pub(super) fn print(&mut self, id: Option<ProgId>, mut prog: Prog, rest: &[Addr]) {
        if !self.prints {
            return;
        }
        prog.pc = self.n_progs;
        let f = match (&mut self.text, id) {
            (Some(f), Some(id)) => {
                (prog.rest_start, prog.rest_len) = (f[id].rest_start, f[id].rest_len);
                f
            }
            _ => {
                let f = &mut self.outside;
                let id = f.append(prog.as_, prog.from, prog.to, prog.pos);
                f.set_rest(id, rest);
                (prog.rest_start, prog.rest_len) = (f[id].rest_start, f[id].rest_len);
                f
            }
        };
        let unit = Unit::new(self.syms, self.input.files, self.dialect);
        let text = print::any_prog_string(f, &prog, &unit);
        let _ = writeln!(self.messages.printed, "{} {text}", self.line);
    }

    /// Counts an instruction. Returns its number in the file, from 1.
    pub(super) fn count_prog(&mut self) -> u32 {
        self.n_progs += 1;
        self.n_progs
    }

    pub(super) fn define_labels(&mut self, id: ProgId) -> Step {
        for index in 0..self.labels.pending.len() {
            let label = self.labels.pending[index];
            if self.labels.defined.contains_key(&label) {
                // gc defines all of them again at the next instruction.
                let text = quote(self.input.atoms.text(label).as_bytes());
                return self.error(format_args!("label {text} multiply defined"));
            }
            self.labels.defined.insert(label, id);
        }
        self.labels.pending.clear();
        Ok(())
    }

    /// Adds a jump to a label, which may come later.
    pub(super) fn jump(&mut self, mut prog: Prog, label: Atom) -> Step {
        let known = self.labels.defined.get(&label).copied();
        prog.to = match known {
            Some(_) => Addr::branch(),
            None => Addr::NONE,
        };
        let id = self.append(prog)?;
        match (id, known, &mut self.text) {
            (Some(id), Some(known), Some(f)) => f.set_target(id, known),
            (id, None, _) => self.labels.patches.push((id, label)),
            _ => {}
        }
        if let (Some(f), Some(id)) = (&self.text, id) {
            prog.target = f[id].target;
        }
        self.print(id, prog, &[]);
        Ok(())
    }

    /// Resolves the jumps of a function that has been read. After an error they remain, and are errors in the next
    /// function too, as in gc.
    pub(super) fn patch(&mut self) -> Step {
        for index in 0..self.labels.patches.len() {
            let (id, label) = self.labels.patches[index];
            let Some(&target) = self.labels.defined.get(&label) else {
                if self.lenient {
                    self.labels.patches.clear();
                }
                let text = self.input.atoms.text(label).to_owned();
                self.error(format_args!("undefined label {text}"))?;
                self.hint(|parser| {
                    let defined = parser.labels.defined.keys();
                    let defined = defined.map(|&label| parser.input.atoms.text(label));
                    Some(beginner::label(&text, defined))
                });
                return Ok(());
            };
            if let (Some(id), Some(f)) = (id, &mut self.text)
                && id.index() < f.len()
            {
                f[id].to = Addr::branch();
                f.set_target(id, target);
            }
        }
        self.labels.patches.clear();
        Ok(())
    }

    /// Ends the function being read.
    pub(super) fn end_text(&mut self) {
        let before = std::mem::replace(&mut self.messages.n_errors_before, self.messages.n_errors);
        let spoiled = self.messages.n_errors != if self.lenient { before } else { 0 };
        let Some(mut f) = self.text.take() else {
            return;
        };
        let n_numbered = f.len();
        self.room = f.room();
        let first_table = self.add_tables(&mut f);
        let code_starts = match self.labels.numbered.is_empty() {
            true => Vec::new(),
            false => f.encoded_starts(),
        };
        for (id, number) in self.labels.numbered.drain(..) {
            let here = u32::try_from(number).ok();
            match here.and_then(|number| f.numbered(number, n_numbered, &code_starts)) {
                Some(target) => f.set_target(id, target),
                // In gc, added instructions have number 0.
                None if number == 0 && first_table.is_some() => {
                    f[id].target = first_table.into();
                }
                None => f[id].to.offset = number,
            }
        }
        if !spoiled {
            (self.each)(f, self.syms, self.input.files);
        }
    }

    /// Reports whether a function has no tables because gc's linker adds a call of it to libraries.
    fn lacks_tables(&self, sym: Sym) -> bool {
        let has_selectors = self.dialect.assembly.abi_selectors.is_some();
        has_selectors && self.syms.name(sym) == "runtime.addmoduledata"
    }

    /// Adds the tables that the Go declaration of a function of this package gives it, after TEXT. Returns the
    /// first.
    fn add_tables(&mut self, f: &mut FuncText) -> Option<ProgId> {
        // Tables describe arguments in memory.
        let is_internal = self.syms[f.sym].attrs.has(Attrs::ABI_INTERNAL);
        if !self.syms.is_own(f.sym) || is_internal || self.lacks_tables(f.sym) {
            return None;
        }
        let mut first = None;
        for table in self.dialect.assembly_funcdata.iter().rev() {
            if self.stated_tables.contains(&table.index) {
                continue;
            }
            // Symbols have the same numbers with a listing and without, so that objects are the same.
            let sym = derived(self.syms, f.sym, table.suffix);
            let (index, to) = (Addr::imm(table.index), Addr::sym(sym, 0));
            let prog = Prog::new(As::FUNCDATA, index, to, f.pos());
            first = Some(f.insert_after(FuncText::TEXT, prog));
        }
        first
    }
}

/// Reports whether a mnemonic is that of a jump, whose operand can be a label.
pub(super) fn is_jump(name: &str) -> bool {
    name.starts_with('J') || name.starts_with("LOOP") || matches!(name, "CALL" | "XBEGIN")
}

/// Returns the symbol whose name is that of another one with a suffix; it is static if the other is.
pub(super) fn derived(syms: &mut SymTable, sym: Sym, suffix: &str) -> Sym {
    let name = format!("{}{suffix}", syms.name(sym));
    if syms[sym].attrs.has(Attrs::STATIC) {
        syms.lookup_static(&name)
    } else {
        syms.lookup(&name)
    }
}
