//! Lines of assembly: labels, instructions, and the pseudo instructions that make symbols.
//!
//! Source: gc asm/internal/asm/parse.go and asm.go; obj/plist.go, Flushplist.

use cranelift_entity::EntityRef;
use minigo_base::unicode::quote;
use minigo_base::{Pos, PosTable};
use rustc_hash::FxHashMap;

use super::hint;
use super::input::{Fatal, Input};
use super::operand::Operand;
use super::pseudo::Variables;
use super::recall::Lines;
use super::token::{Atom, Atoms, Kind, Token};
use super::{Each, Failed, Options, Outcome};
use crate::amd64::{As, Bases, FixedEncoder, Reg, has_destination_only, suffix};
use crate::encoded::Encoded;
use crate::func_text::{FuncText, Room};
use crate::lsym::LSym;
use crate::prog::{Addr, AddrKind, Local, Name, NameKind, Prog, ProgId, locals};
use crate::sym::{Attrs, Sym, SymKind, SymTable};

/// Parsing goes on, or ends with the messages so far.
pub(super) type Step<T = ()> = Result<T, Fatal>;

/// Errors after which gc gives up.
const MAX_ERRORS: usize = 10;

/// Warnings that are printed.
const MAX_WARNINGS: usize = 10;

/// The index of FUNCDATA that describes arguments.
pub(super) const FUNCDATA_ARGS_POINTER_MAPS: i64 = 0;

/// Reads a whole file; its functions go to `each`.
pub(super) fn parse(
    input: Input,
    syms: &mut SymTable,
    options: &Options,
    variables: &mut Variables,
    each: Each,
) -> Result<Outcome, Failed> {
    variables.start_file();
    let mut parser = Parser::new(input, syms, options, variables, each);
    let done = parser.lines().and_then(|()| parser.finish());
    parser.end(done)?;
    Ok(Outcome {
        constants: std::mem::take(&mut parser.constants),
        messages: parser.messages(),
        printed: std::mem::take(&mut parser.printed),
        has_mistakes: parser.has_mistakes,
    })
}

/// Reads a whole file for the functions that it defines and refers to. Gives their text and what was found on the
/// way, one message a line.
pub(super) fn symabis(
    input: Input,
    syms: &mut SymTable,
    options: &Options,
) -> Result<(String, String), Failed> {
    let mut each = |_: FuncText, _: &SymTable, _: &PosTable| {};
    let mut variables = Variables::default();
    let mut parser = Parser::new(input, syms, options, &mut variables, &mut each);
    let text = parser.symabis();
    let text = parser.end(text)?;
    Ok((text, parser.messages()))
}

pub(super) struct Parser<'a, 's> {
    pub(super) input: Input<'a>,
    pub(super) syms: &'s mut SymTable,
    each: Each<'s>,
    max_errors: usize,
    /// Messages, with their places.
    pub(super) errors: Vec<String>,
    n_errors: usize,
    n_warnings: usize,
    /// Errors spoil only the function that they are in.
    lenient: bool,
    /// Instructions are wanted as bytes, if possible.
    pub(super) only_code: bool,
    /// Errors until this function began.
    n_errors_before: usize,
    /// What gc prints to standard output.
    pub(super) printed: String,
    /// gc has found what keeps it from writing an object, but goes on.
    has_mistakes: bool,
    /// Instructions of the file so far, TEXT among them.
    n_progs: u32,
    /// What the function before took, for which the next one makes room.
    pub(super) room: Room,
    /// The line being parsed, for messages and positions.
    pub(super) line: u32,
    /// The line of the last message: there is one a line.
    error_line: u32,
    /// The tokens of a line's operands.
    pub(super) tokens: Vec<Token>,
    /// Where each operand ends in `tokens`.
    pub(super) ends: Vec<(usize, usize)>,
    /// The place in the operand being parsed, and its end; indices into `tokens`.
    pub(super) at: usize,
    pub(super) end: usize,
    /// How many expressions lie around the one being parsed.
    pub(super) depth: u32,
    /// The bytes of the string that was parsed last.
    pub(super) string: Vec<u8>,
    /// The instruction being parsed is a jump, so that names alone are labels.
    pub(super) is_jump: bool,
    /// Labels of the next instruction.
    pub(super) pending_labels: Vec<Atom>,
    /// The labels of this function.
    pub(super) labels: FxHashMap<Atom, ProgId>,
    /// Jumps to labels that are not there yet; none of instructions before the first function.
    patches: Vec<(Option<ProgId>, Atom)>,
    /// Instructions whose last operand is `n(PC)`, by its number in the file.
    numbered: Vec<(ProgId, i64)>,
    /// The function being read; instructions before the first are dropped.
    pub(super) text: Option<FuncText>,
    /// Has the names of variables outside of functions, for messages.
    pub(super) outside: FuncText,
    /// Where its variables are at the next instruction, if its TEXT says it.
    pub(super) bases: Option<Bases>,
    /// That function says itself where its arguments have pointers.
    pub(super) has_args_map: bool,
    /// Its names of variables.
    pub(super) local_of: FxHashMap<Atom, Local>,
    pub(super) variables: &'s mut Variables,
    /// Floating-point constants in memory.
    constants: Vec<LSym>,
    /// What lines before meant.
    pub(super) lines: Lines,
    encoder: FixedEncoder,
}

impl<'a, 's> Parser<'a, 's> {
    /// At the beginning of a file.
    fn new(
        input: Input<'a>,
        syms: &'s mut SymTable,
        options: &Options,
        variables: &'s mut Variables,
        each: Each<'s>,
    ) -> Parser<'a, 's> {
        Parser {
            input,
            syms,
            each,
            max_errors: if options.all_errors {
                usize::MAX
            } else {
                MAX_ERRORS
            },
            lenient: options.lenient,
            only_code: options.only_code,
            n_errors_before: 0,
            errors: Vec::new(),
            n_errors: 0,
            n_warnings: 0,
            printed: String::new(),
            has_mistakes: false,
            n_progs: 0,
            room: Room::default(),
            line: 0,
            error_line: 0,
            tokens: Vec::new(),
            ends: Vec::new(),
            at: 0,
            end: 0,
            depth: 0,
            string: Vec::new(),
            is_jump: false,
            pending_labels: Vec::new(),
            labels: FxHashMap::default(),
            patches: Vec::new(),
            numbered: Vec::new(),
            text: None,
            outside: FuncText::new(SymTable::MORESTACK, Attrs::NONE, Pos::NONE),
            bases: None,
            has_args_map: false,
            local_of: FxHashMap::default(),
            variables,
            constants: Vec::new(),
            lines: Lines::new(),
            encoder: FixedEncoder::default(),
        }
    }

    /// What reading has given, unless there were errors.
    fn end<T>(&mut self, done: Step<T>) -> Result<T, Failed> {
        let fatal = match done {
            Ok(value) if self.n_errors == 0 => return Ok(value),
            Ok(_) => false,
            Err(Fatal(message)) => {
                self.errors.append(&mut self.input.messages);
                self.errors.push(message);
                true
            }
        };
        Err(Failed {
            messages: self.messages(),
            printed: std::mem::take(&mut self.printed),
            fatal,
        })
    }
}

impl Parser<'_, '_> {
    /// Reports an error on this line, unless there is one already.
    pub(super) fn error(&mut self, message: impl std::fmt::Display) -> Step {
        if self.line == self.error_line {
            return Ok(());
        }
        self.error_line = self.line;
        self.errors.append(&mut self.input.messages);
        let place = format!("{}:{}", self.input.file(), self.line);
        self.errors.push(format!("{place}: {message}"));
        self.n_errors += 1;
        if self.n_errors > self.max_errors {
            return Err(Fatal("asm: too many errors".to_owned()));
        }
        Ok(())
    }

    /// Reports what gc finds out later, without a place.
    pub(super) fn diag(&mut self, message: impl std::fmt::Display) {
        self.has_mistakes = true;
        self.errors.append(&mut self.input.messages);
        self.errors.push(format!("asm: {message}"));
    }

    /// Adds what helps to the error that was just reported; not to one that was left out, or has a hint.
    pub(super) fn hint(&mut self, text: impl FnOnce(&Self) -> Option<String>) {
        let place = format!("{}:{}: ", self.input.file(), self.line);
        if self
            .errors
            .last()
            .is_some_and(|last| last.starts_with(&place) && !last.contains('\n'))
            && let Some(text) = text(self)
            && let Some(last) = self.errors.last_mut()
        {
            last.push_str("\n\thint: ");
            last.push_str(&text);
        }
    }

    /// Says what looks like a mistake but is none to gc; only the first times.
    pub(super) fn warn(&mut self, message: impl std::fmt::Display) {
        self.n_warnings += 1;
        if self.n_warnings <= MAX_WARNINGS {
            self.errors.append(&mut self.input.messages);
            let place = format!("{}:{}", self.input.file(), self.line);
            self.errors.push(format!("{place}: warning: {message}"));
        }
    }

    fn messages(&mut self) -> String {
        self.errors.append(&mut self.input.messages);
        let lines = self.errors.iter();
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

    pub(super) fn static_symbol(&mut self, name: Atom) -> Sym {
        if let Some(sym) = self.input.atoms[name].static_sym.expand() {
            return sym;
        }
        let sym = self.syms.lookup_static(self.input.atoms.text(name));
        self.input.atoms[name].static_sym = sym.into();
        sym
    }

    /// The name of a variable in this function.
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

    fn lines(&mut self) -> Step {
        loop {
            self.recall()?;
            let (word, suffix) = match self.line()? {
                Line::Blank => continue,
                Line::End => return Ok(()),
                Line::Instruction(word, suffix) => (word, suffix),
            };
            match (word, self.input.atoms[word].mnemonic) {
                (Atoms::DATA, _) => self.asm_data()?,
                (Atoms::GLOBL, _) => self.asm_globl()?,
                (_, Some(As::FUNCDATA)) => self.asm_funcdata()?,
                (_, Some(As::PCDATA)) => self.asm_pcdata()?,
                (_, Some(As::PCALIGN)) => self.asm_pcalign()?,
                (_, Some(As::TEXT)) => self.asm_text()?,
                (_, Some(as_)) => self.instruction(as_, word, &suffix)?,
                (_, None) => {
                    let name = quote(self.input.atoms.text(word).as_bytes());
                    self.error(format_args!("unrecognized instruction {name}"))?;
                    self.hint(|parser| hint::nearest(parser.input.atoms.text(word)));
                }
            }
        }
    }

    /// Reads a line: labels, a word, and operands into `tokens`.
    pub(super) fn line(&mut self) -> Step<Line> {
        loop {
            let first = self.input.next()?;
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
            self.tokens.clear();
            self.ends.clear();
            match self.operands()? {
                After::Label => {
                    self.pending_labels.push(first.text);
                    self.lines.forget();
                }
                After::Line(suffix) => return Ok(Line::Instruction(first.text, suffix)),
                After::Nothing => return Ok(Line::End),
            }
        }
    }

    /// Splits what follows the word at commas outside of parentheses. `AX:DX` is old for `DX, AX`.
    fn operands(&mut self) -> Step<After> {
        let mut suffix = String::new();
        let mut nesting = 0;
        let mut colon = None;
        loop {
            let start = self.tokens.len();
            let end = loop {
                let mut token = self.input.next()?;
                if self.ends.is_empty() && self.tokens.len() == start {
                    if token.kind == Kind::Punct('.') {
                        token = self.input.next()?;
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
                        colon = Some(self.ends.len());
                        break token.kind;
                    }
                    Kind::Punct('(' | '[') => nesting += 1,
                    Kind::Punct(')' | ']') => nesting -= 1,
                    _ => {}
                }
                self.tokens.push(match token.kind {
                    Kind::Punct(_) => token,
                    kind => Token {
                        kind,
                        text: self.input.atoms[token.text].symbol_text,
                    },
                });
            };
            if self.tokens.len() > start {
                self.ends.push((start, self.tokens.len()));
                if let Some(at) = colon
                    && self.ends.len() == at + 2
                {
                    self.ends.swap(at, at + 1);
                    colon = None;
                }
            } else if !self.ends.is_empty() || end == Kind::Punct(',') || colon.is_some() {
                self.error("missing operand")?;
            }
            if matches!(end, Kind::NEWLINE | Kind::Punct(';')) {
                return Ok(After::Line(suffix));
            }
        }
    }

    /// The tokens of an operand of the line.
    pub(super) fn operand_tokens(&self, index: usize) -> &[Token] {
        let (start, end) = self.ends[index];
        &self.tokens[start..end]
    }

    /// Parses an operand of the line.
    pub(super) fn address(&mut self, index: usize) -> Step<Operand> {
        let (start, end) = self.ends[index];
        self.parse_operand(start, end)
    }

    fn instruction(&mut self, as_: As, word: Atom, suffix: &str) -> Step {
        let name = self.input.atoms.text(word);
        self.is_jump = is_jump(name);
        let mut operands = [None; 5];
        let n = self.ends.len();
        for index in 0..n {
            let mut operand = self.address(index)?;
            if let (AddrKind::SConst, Some(f)) = (operand.addr.kind, &mut self.text) {
                let text = f.add_local(String::from_utf8_lossy(&self.string));
                operand.addr.name = Name::auto(text);
            }
            if !self.is_jump && operand.addr.reg.is_pseudo() {
                let name = self.input.atoms.text(word).to_owned();
                self.error(format_args!("illegal use of pseudo-register in {name}"))?;
            }
            if let Some(place) = operands.get_mut(index) {
                *place = Some(operand);
            }
        }
        if self.is_jump {
            return self.asm_jump(as_, suffix, operands, n);
        }
        let mut addrs = [Addr::NONE; 5];
        for (addr, operand) in addrs.iter_mut().zip(operands.into_iter().flatten()) {
            *addr = operand.addr;
        }
        let (from, rest, to): (Addr, &[Addr], Addr) = match n {
            0 => (Addr::NONE, &[], Addr::NONE),
            1 if has_destination_only(as_) => (Addr::NONE, &[], addrs[0]),
            1 => (addrs[0], &[], Addr::NONE),
            2..=5 => (addrs[0], &addrs[1..n - 1], addrs[n - 1]),
            _ => {
                return self.error(format_args!(
                    "can't handle {as_} instruction with {n} operands"
                ));
            }
        };
        for a in &addrs[..n.min(addrs.len())] {
            if let (AddrKind::Const, Some((cut, bytes))) = (a.kind, hint::cut(as_, a.offset)) {
                let value = a.offset;
                self.warn(format_args!("{as_} keeps {bytes} of {value}: {cut}"));
            }
        }
        let from = self.float_constant(as_, from);
        let (as_, from) = zero_constant(as_, from, to);
        let prog = self.with_suffix(Prog::new(as_, from, to, self.pos()), suffix)?;
        if let Some(encoded) = self.fixed(&prog, rest) {
            self.append_encoded(&encoded)?;
            match locals(&prog, rest).next() {
                Some(_) => self.keep(&prog, rest),
                None => self.keep_code(&encoded),
            }
            return Ok(());
        }
        let id = self.append(prog)?;
        self.keep(&prog, rest);
        if let (AddrKind::Branch, Some(id)) = (to.kind, id) {
            self.numbered.push((id, to.offset));
        }
        if let (Some(f), Some(id), false) = (&mut self.text, id, rest.is_empty()) {
            f.set_rest(id, rest);
        }
        Ok(())
    }

    /// A floating-point constant where there is no such immediate: it comes from memory, from a symbol that
    /// the linker makes (gc: obj6.go, progedit).
    fn float_constant(&mut self, as_: As, from: Addr) -> Addr {
        if from.kind != AddrKind::FConst {
            return from;
        }
        let bits = from.offset as u64;
        let single = matches!(
            as_,
            As::MOVSS
                | As::FMOVF
                | As::FADDF
                | As::FSUBF
                | As::FSUBRF
                | As::FMULF
                | As::FDIVF
                | As::FDIVRF
                | As::FCOMF
                | As::FCOMFP
                | As::ADDSS
                | As::SUBSS
                | As::MULSS
                | As::DIVSS
                | As::COMISS
                | As::UCOMISS
        );
        let double = matches!(
            as_,
            As::MOVSD
                | As::FMOVD
                | As::FADDD
                | As::FSUBD
                | As::FSUBRD
                | As::FMULD
                | As::FDIVD
                | As::FDIVRD
                | As::FCOMD
                | As::FCOMDP
                | As::ADDSD
                | As::SUBSD
                | As::MULSD
                | As::DIVSD
                | As::COMISD
                | As::UCOMISD
        );
        let zeroing = bits == 0 && matches!(as_, As::MOVSS | As::MOVSD);
        if !single && !double || zeroing {
            return from;
        }
        if single {
            let bits = (f64::from_bits(bits) as f32).to_bits();
            self.float_symbol(&format!("$f32.{bits:08x}"), &bits.to_le_bytes())
        } else {
            self.float_symbol(&format!("$f64.{bits:016x}"), &bits.to_le_bytes())
        }
    }

    /// A constant in memory, which is made where it is used first.
    fn float_symbol(&mut self, name: &str, bytes: &[u8]) -> Addr {
        let sym = self.syms.lookup(name);
        if self.syms[sym].kind == SymKind::Sxxx {
            self.syms[sym].kind = SymKind::SRODATA;
            let mut symbol = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
            symbol.write(bytes);
            self.constants.push(symbol);
        }
        Addr::sym(sym, 0)
    }

    /// The instruction with the suffix that was written after its mnemonic.
    fn with_suffix(&mut self, mut prog: Prog, text: &str) -> Step<Prog> {
        if !text.is_empty() {
            match suffix::parse(&text[1..]) {
                Ok(suffix) => prog.suffix = suffix,
                Err(message) => self.error(message)?,
            }
        }
        Ok(prog)
    }

    /// The bytes of an instruction, if they are wanted and known at once.
    pub(super) fn fixed(&mut self, prog: &Prog, rest: &[Addr]) -> Option<Encoded> {
        match self.only_code {
            true => self.encoder.encode(prog, rest, self.bases),
            false => None,
        }
    }

    /// From now on, instructions are not encoded at once.
    pub(super) fn keep_instructions(&mut self) {
        self.only_code = false;
        self.lines.clear();
    }

    /// Adds an instruction that is encoded already.
    pub(super) fn append_encoded(&mut self, instruction: &Encoded) -> Step {
        let pos = self.pos();
        self.count_prog();
        let begins = !self.pending_labels.is_empty();
        let id = match &mut self.text {
            Some(f) => f.append_encoded(instruction, begins, pos, self.n_progs),
            None => return self.drop_prog(),
        };
        if begins {
            self.define_labels(id)
        } else {
            Ok(())
        }
    }

    /// Passes over an instruction that is in no function.
    fn drop_prog(&mut self) -> Step {
        if self.n_progs == 1 {
            self.warn("instructions before the first TEXT are in no function, and dropped");
        }
        self.define_labels(ProgId::from_u32(0))
    }

    /// Adds an instruction to the function, with the labels before it.
    pub(super) fn append(&mut self, prog: Prog) -> Step<Option<ProgId>> {
        self.count_prog();
        if prog.as_ == As::END {
            // Counts, but is no part of the function.
            return Ok(None);
        }
        let id = match &mut self.text {
            Some(f) => {
                let id = f.append(prog.as_, prog.from, prog.to, prog.pos);
                f[id].suffix = prog.suffix;
                // Until it has a place, messages show its number.
                f[id].pc = self.n_progs;
                Some(id)
            }
            None => None,
        };
        if prog.as_ == As::FUNCDATA
            && prog.from.offset == FUNCDATA_ARGS_POINTER_MAPS
            && prog.from.kind == AddrKind::Const
        {
            self.has_args_map = true;
        }
        self.bases = self.bases.map(|bases| bases.after(&prog));
        match id {
            Some(id) => self.define_labels(id)?,
            None => self.drop_prog()?,
        }
        Ok(id)
    }

    /// Gives the next instruction its number in the file, from 1.
    pub(super) fn count_prog(&mut self) -> u32 {
        self.n_progs += 1;
        self.n_progs
    }

    pub(super) fn define_labels(&mut self, id: ProgId) -> Step {
        for index in 0..self.pending_labels.len() {
            let label = self.pending_labels[index];
            if self.labels.contains_key(&label) {
                // gc comes back to all of them at the next instruction.
                let text = quote(self.input.atoms.text(label).as_bytes());
                return self.error(format_args!("label {text} multiply defined"));
            }
            self.labels.insert(label, id);
        }
        self.pending_labels.clear();
        Ok(())
    }

    fn asm_jump(
        &mut self,
        as_: As,
        suffix: &str,
        mut operands: [Option<Operand>; 5],
        n: usize,
    ) -> Step {
        if n != 1 && n != 2 {
            return self.error(format_args!(
                "wrong number of arguments to {as_} instruction"
            ));
        }
        let Some(target) = operands[n - 1].take() else {
            return Ok(());
        };
        let from = match &operands[0] {
            Some(first) if n == 2 => first.addr,
            _ => Addr::NONE,
        };
        let a = target.addr;
        let is_symbol = matches!(a.name.kind(), NameKind::Extern | NameKind::Static);
        let pos = self.pos();
        let mut prog = Prog::new(as_, from, a, pos);
        match a.kind {
            AddrKind::Branch => {
                prog.to = Addr::branch();
                prog = self.with_suffix(prog, suffix)?;
                let number = i64::from(self.n_progs) + 1;
                if let Some(id) = self.append(prog)? {
                    self.numbered.push((id, number.wrapping_add(a.offset)));
                }
                return Ok(());
            }
            AddrKind::Reg => {}
            AddrKind::Const if n == 2 => prog.to = from,
            AddrKind::Const => {}
            AddrKind::Mem | AddrKind::Indir if is_symbol => {}
            AddrKind::Mem if a.reg.is_none() && a.offset == 0 => {
                let Some(label) = target.symbol else {
                    if a.index.is_some() {
                        // gc takes it for a label and drops it.
                        self.warn(format_args!("{as_} of an index without a base has no code"));
                    }
                    return Ok(());
                };
                prog = self.with_suffix(prog, suffix)?;
                self.jump(prog, label)?;
                if suffix.is_empty() && !from.is_some() {
                    self.keep_jump(as_, label);
                }
                return Ok(());
            }
            AddrKind::Mem if a.name == Name::NONE => {}
            _ => {
                let target = self.go_addr(&target);
                return self.error(format_args!("cannot assemble jump {target}"));
            }
        }
        prog = self.with_suffix(prog, suffix)?;
        let id = self.append(prog)?;
        self.keep(&prog, &[]);
        if let (AddrKind::Branch, Some(id)) = (prog.to.kind, id) {
            self.numbered.push((id, prog.to.offset));
        }
        Ok(())
    }

    /// Adds a jump to a label, which may come later.
    pub(super) fn jump(&mut self, mut prog: Prog, label: Atom) -> Step {
        let known = self.labels.get(&label).copied();
        prog.to = match known {
            Some(_) => Addr::branch(),
            None => Addr::NONE,
        };
        let id = self.append(prog)?;
        match (id, known, &mut self.text) {
            (Some(id), Some(known), Some(f)) => f.set_target(id, known),
            (id, None, _) => self.patches.push((id, label)),
            _ => {}
        }
        Ok(())
    }

    /// An operand as Go's `%+v` prints it, in one message only.
    fn go_addr(&self, operand: &Operand) -> String {
        let a = &operand.addr;
        let mut offset = a.offset;
        let (kind, value) = match a.kind {
            AddrKind::Mem => ("MEM", "<nil>".to_owned()),
            AddrKind::Addr => ("ADDR", "<nil>".to_owned()),
            AddrKind::Indir => ("INDIR", "<nil>".to_owned()),
            AddrKind::RegList => ("REGLIST", "<nil>".to_owned()),
            AddrKind::SConst => ("SCONST", String::from_utf8_lossy(&self.string).into_owned()),
            AddrKind::FConst => {
                offset = 0;
                ("FCONST", go_float(f64::from_bits(a.offset as u64)))
            }
            _ => ("NONE", "<nil>".to_owned()),
        };
        let (reg, mut index) = (a.reg.gc_number(), a.index.gc_number());
        if a.kind == AddrKind::RegList {
            offset = (reg | index << 16) as i64 | 1 << 61;
            index = 0;
        }
        let name = match a.kind {
            AddrKind::SConst => 0,
            _ => a.name.kind() as usize,
        };
        let symbol = match operand.symbol {
            Some(symbol) => self.input.atoms.text(symbol),
            None => "<nil>",
        };
        let scale = a.scale;
        format!(
            "&{{Reg:{reg} Index:{index} Scale:{scale} Type:TYPE_{kind} Name:{name} Class:0 \
             Offset:{offset} Sym:{symbol} Val:{value}}}"
        )
    }

    /// Resolves the jumps of a function that has been read. After a mistake they stay, and are mistakes in
    /// the next function too, as in gc.
    pub(super) fn patch(&mut self) -> Step {
        for index in 0..self.patches.len() {
            let (id, label) = self.patches[index];
            let Some(&target) = self.labels.get(&label) else {
                if self.lenient {
                    self.patches.clear();
                }
                let text = self.input.atoms.text(label).to_owned();
                return self.error(format_args!("undefined label {text}"));
            };
            if let (Some(id), Some(f)) = (id, &mut self.text)
                && id.index() < f.len()
            {
                f[id].to = Addr::branch();
                f.set_target(id, target);
            }
        }
        self.patches.clear();
        Ok(())
    }

    /// Ends the function being read.
    pub(super) fn end_text(&mut self) {
        let before = std::mem::replace(&mut self.n_errors_before, self.n_errors);
        let spoiled = self.n_errors != if self.lenient { before } else { 0 };
        let Some(mut f) = self.text.take() else {
            return;
        };
        let n_numbered = f.len();
        self.room = f.room();
        let args_map = self.add_args_map(&mut f);
        let code_starts = match self.numbered.is_empty() {
            true => Vec::new(),
            false => f.encoded_starts(),
        };
        for (id, number) in self.numbered.drain(..) {
            let here = u32::try_from(number).ok();
            match here.and_then(|number| f.numbered(number, n_numbered, &code_starts)) {
                Some(target) => f.set_target(id, target),
                // In gc, what is added has number 0.
                None if number == 0 && args_map.is_some() => {
                    f[id].target = args_map.into();
                }
                None => f[id].to.offset = number,
            }
        }
        if !spoiled {
            (self.each)(f, self.syms, self.input.files);
        }
    }

    /// Functions of this package have their arguments described by their Go declaration.
    fn add_args_map(&mut self, f: &mut FuncText) -> Option<ProgId> {
        if self.has_args_map || !self.syms.is_own(f.sym) {
            return None;
        }
        // Symbols have the same numbers with a listing and without, so that objects are the same.
        let map = derived(self.syms, f.sym, ".args_stackmap");
        let index = Addr::imm(FUNCDATA_ARGS_POINTER_MAPS);
        let prog = Prog::new(As::FUNCDATA, index, Addr::sym(map, 0), f.pos());
        Some(f.insert_after(FuncText::TEXT, prog))
    }

    fn finish(&mut self) -> Step {
        if self.n_errors == 0 {
            self.patch()?;
            // gc prints a mistake here, but has decided already that there is none.
            self.n_errors = 0;
        } else if self.lenient {
            self.patch()?;
        }
        self.end_text();
        Ok(())
    }
}

/// Whether a mnemonic is that of a jump, whose operand may be a label.
pub(super) fn is_jump(name: &str) -> bool {
    name.starts_with('J') || name.starts_with("LOOP") || matches!(name, "CALL" | "XBEGIN")
}

/// What a line is.
pub(super) enum Line {
    /// Nothing, after labels perhaps.
    Blank,
    /// A word and its suffixes.
    Instruction(Atom, String),
    /// The end of the text, or of what can be read after an error.
    End,
}

/// What follows the first word of a line.
enum After {
    /// The word is a label.
    Label,
    /// The line has been read; suffixes of the word.
    Line(String),
    /// Nothing more, after an error.
    Nothing,
}

/// A number as Go's `%v` prints it.
fn go_float(value: f64) -> String {
    let digits = format!("{value:e}");
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..21).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:02}", exponent.abs())
        }
        _ => value.to_string(),
    }
}

/// `MOVSS $0, X0` is shorter as XORPS.
fn zero_constant(as_: As, from: Addr, to: Addr) -> (As, Addr) {
    let to_sse = to.kind == AddrKind::Reg && to.reg.is_in(Reg::X0, Reg::X15);
    if from.kind == AddrKind::FConst && matches!(as_, As::MOVSS | As::MOVSD) && to_sse {
        (As::XORPS, to)
    } else {
        (as_, from)
    }
}

/// The symbol whose name is another's and a suffix; static if that is.
pub(super) fn derived(syms: &mut SymTable, sym: Sym, suffix: &str) -> Sym {
    let name = format!("{}{suffix}", syms.name(sym));
    if syms[sym].attrs.has(Attrs::STATIC) {
        syms.lookup_static(&name)
    } else {
        syms.lookup(&name)
    }
}
