//! Pseudo instructions: TEXT begins a function, DATA and GLOBL make variables, PCDATA and FUNCDATA annotate.
//!
//! Source: gc asm/internal/asm/asm.go; obj/plist.go, Globl; obj/data.go.

use std::fmt::Write;

use minigo_base::Pos;
use minigo_base::unicode::quote;

use super::number::{OUT_OF_RANGE, parse_uint};
use super::operand::Operand;
use super::parser::{FUNCDATA_ARGS_POINTER_MAPS, Parser, Step, derived};
use super::token::{Kind, Token};
use super::variables::Data;
use crate::amd64::{As, Bases};
use crate::func_text::FuncText;
use crate::lsym::LSym;
use crate::print::addr_string;
use crate::prog::{Addr, AddrKind, Name, NameKind, Prog};
use crate::reloc::{Reloc, RelocKind};
use crate::sym::{Attrs, Sym, SymKind};

/// Flags of GLOBL (gc: obj/textflag.go). Those of TEXT are a fact of the dialect.
const DUPOK: i64 = 2;
const RODATA: i64 = 8;
const NOPTR: i64 = 16;
const TLSBSS: i64 = 256;

/// The largest offset that DATA may write to.
const MAX_DATA: i64 = 1 << 30;

impl Parser<'_, '_> {
    /// Checks the symbol that a pseudo instruction defines. Returns it if it is valid.
    fn valid_symbol(
        &mut self,
        pseudo: &str,
        operand: &Operand,
        may_offset: bool,
    ) -> Step<Option<Sym>> {
        let a = &operand.addr;
        let is_plain = a.scale == 0 && a.reg.is_none();
        let is_branch = a.kind == AddrKind::Branch && !operand.is_global;
        let sym = a.name.sym().filter(|_| is_plain && !is_branch);
        let name = match operand.symbol {
            Some(name) => quote(self.input.atoms.text(name).as_bytes()),
            None => "\"<erroneous symbol>\"".to_owned(),
        };
        if sym.is_none() {
            self.error(format_args!("{pseudo} symbol {name} must be a symbol(SB)"))?;
            return Ok(None);
        }
        if !may_offset && a.offset != 0 {
            self.error(format_args!(
                "{pseudo} symbol {name} must not be offset from SB"
            ))?;
            return Ok(None);
        }
        Ok(sym)
    }

    /// Returns an operand as messages show it.
    fn shown(&self, a: &Addr) -> String {
        addr_string(self.text.as_ref().unwrap_or(&self.outside), a, self.syms)
    }

    /// Checks an immediate operand.
    fn valid_immediate(&mut self, pseudo: &str, a: &Addr) -> Step<bool> {
        if a.kind == AddrKind::Const {
            return Ok(true);
        }
        let found = match a.kind {
            AddrKind::SConst => format!("${}", quote(&self.operands.string)),
            _ => self.shown(a),
        };
        self.error(format_args!(
            "{pseudo}: expected immediate constant; found {found}"
        ))?;
        Ok(false)
    }

    /// Parses the flags: a constant without `$`.
    fn flags(&mut self, pseudo: &str, index: usize) -> Step<i64> {
        let a = self.address(index)?.addr;
        let plain =
            a.kind == AddrKind::Mem && a.name == Name::NONE && a.reg.is_none() && a.index.is_none();
        if !plain {
            let found = self.shown(&a);
            self.error(format_args!(
                "{pseudo}: expected integer constant; found {found}"
            ))?;
        }
        Ok(a.offset)
    }

    /// `TEXT name(SB), flags, $frame-args`.
    pub(super) fn asm_text(&mut self) -> Step {
        self.saw_text = true;
        let n = self.operands.ends.len();
        if n != 2 && n != 3 {
            return self.error("expect two or three operands for TEXT");
        }
        self.patch()?;
        self.labels.defined.clear();
        self.end_text();
        self.local_of.clear();
        self.stated_tables.clear();
        let operand = self.address(0)?;
        let Some(sym) = self.valid_symbol("TEXT", &operand, false)? else {
            return Ok(());
        };
        let flags = if n == 3 { self.flags("TEXT", 1)? } else { 0 };
        let name = self.syms.name(sym).to_owned();
        let assembly = self.dialect.assembly;
        let mut attrs = self.syms[sym].attrs.kept(Attrs::NAME);
        for &(flag, attr) in assembly.text_flags {
            if flags & flag != 0 {
                attrs.insert(attr);
            }
        }
        if attrs.has(Attrs::ABI_INTERNAL) && !attrs.has(Attrs::NOSPLIT) {
            // The stack check would have to save the arguments in registers.
            let name = quote(name.as_bytes());
            self.error(format_args!("TEXT {name}: ABIInternal requires NOSPLIT"))?;
        }
        let Some((frame_size, args_size)) = self.text_size(&name, n - 1)? else {
            return Ok(());
        };
        self.declare_text(sym, &name, &mut attrs);
        let mut f = FuncText::new(sym, attrs, self.pos());
        f.reserve_room(self.room);
        if self.cache.encodes() {
            f.encode_early(self.room);
        }
        f.frame_size = frame_size;
        f.args_size = args_size;
        f[FuncText::TEXT].pc = self.count_prog();
        f[FuncText::TEXT].from.kind = operand.addr.kind;
        f[FuncText::TEXT].from.name = operand.addr.name;
        self.bases = Bases::stated(&f, self.dialect);
        let text = f[FuncText::TEXT];
        self.text = Some(f);
        // Wrong operands of TEXT may have named variables, which are not this function's.
        self.local_of.clear();
        self.define_labels(FuncText::TEXT)?;
        self.print(Some(FuncText::TEXT), text, &[]);
        Ok(())
    }

    /// Declares a function. A second declaration is a mistake, after which gc goes on.
    fn declare_text(&mut self, sym: Sym, name: &str, attrs: &mut Attrs) {
        let is_function = self.syms[sym].kind == SymKind::STEXT;
        if is_function {
            // gc goes through its instructions again, see `check_again`.
            self.cache.stop_encoding();
        }
        if !self.dialect.assembly.keeps_first_declaration {
            if is_function {
                self.diag(format_args!("InitTextSym double init for {name}"));
            }
            if is_function || self.variables.has(sym) {
                self.diag(format_args!("symbol {name} listed multiple times"));
            }
            self.syms[sym].kind = SymKind::STEXT;
            self.syms[sym].attrs = *attrs;
            return;
        }
        let pos = self.pos();
        if let Some(other) = self.variables.functions.insert(sym, pos) {
            let (here, other) = (self.place(pos), self.place(other));
            self.diag(format_args!(
                "{here}: symbol {name} redeclared\n\t{other}: other declaration of symbol {name}"
            ));
            *attrs = self.syms[sym].attrs;
        } else if self.variables.has(sym) {
            let here = self.place(pos);
            self.diag(format_args!("{here}: symbol {name} redeclared"));
            *attrs = self.syms[sym].attrs;
        } else {
            self.syms[sym].kind = SymKind::STEXT;
            self.syms[sym].attrs = *attrs;
        }
    }

    /// Returns a position as messages show it.
    fn place(&self, pos: Pos) -> String {
        self.input.files.format(pos, false, true)
    }

    /// Parses `$frame-args`: two sizes, not a subtraction.
    fn text_size(&mut self, name: &str, index: usize) -> Step<Option<(i64, i32)>> {
        let tokens = self.operand_tokens(index).to_vec();
        let is_int = |token: Option<&Token>| token.is_some_and(|token| token.kind == Kind::Int);
        let negative = tokens.get(1).map(|token| token.kind) == Some(Kind::Punct('-'));
        let number = 1 + usize::from(negative);
        if tokens[0].kind != Kind::Punct('$') || !is_int(tokens.get(number)) {
            self.error(format_args!(
                "TEXT {name}: frame size must be an immediate constant"
            ))?;
            return Ok(None);
        }
        let mut frame_size = self.positive(tokens[number])?;
        if negative {
            frame_size = -frame_size;
        }
        let rest = &tokens[number + 1..];
        let args_size = match rest {
            [] => FuncText::ARGS_SIZE_UNKNOWN,
            [minus, size] if minus.kind == Kind::Punct('-') && size.kind == Kind::Int => {
                self.positive(*size)? as i32
            }
            _ => {
                self.error(format_args!(
                    "TEXT {name}: argument size must be of form -integer"
                ))?;
                return Ok(None);
            }
        };
        Ok(Some((frame_size, args_size)))
    }

    /// Parses an integer that fits int64.
    fn positive(&mut self, token: Token) -> Step<i64> {
        let text = self.input.atoms.text(token.text).to_owned();
        let value =
            parse_uint(&text).and_then(|value| i64::try_from(value).map_err(|_| OUT_OF_RANGE));
        match value {
            Ok(value) => Ok(value),
            Err(error) => {
                self.number_error("ParseInt", &text, error)?;
                Ok(if error == OUT_OF_RANGE { i64::MAX } else { 0 })
            }
        }
    }

    /// `DATA name+offset(SB)/size, $value`.
    pub(super) fn asm_data(&mut self) -> Step {
        if self.operands.ends.len() != 2 {
            return self.error("expect two operands for DATA");
        }
        let (start, end) = self.operands.ends[0];
        let tokens = &self.operands.tokens[start..end];
        let [.., slash, size] = tokens else {
            return self.error("expect /size for DATA argument");
        };
        if tokens.len() < 3 || slash.kind != Kind::Punct('/') || size.kind != Kind::Int {
            return self.error("expect /size for DATA argument");
        }
        let text = self.input.atoms.text(size.text).to_owned();
        let size = text.parse().unwrap_or(0);
        if size == 0 && !text.trim_start_matches('0').is_empty() {
            let text = quote(text.as_bytes());
            self.error(format_args!("bad size for DATA argument: {text}"))?;
        }
        self.operands.ends[0].1 -= 2;
        let operand = self.address(0)?;
        let Some(sym) = self.valid_symbol("DATA", &operand, true)? else {
            return Ok(());
        };
        let value = self.address(1)?;
        match value.addr.kind {
            AddrKind::Const | AddrKind::FConst | AddrKind::SConst | AddrKind::Addr => {}
            _ => return self.error("DATA value must be an immediate constant or address"),
        }
        let offset = operand.addr.offset;
        let data = self.data_of(sym);
        if offset < data.end {
            let name = self.syms.name(sym).to_owned();
            return self.error(format_args!("overlapping DATA entry for {name}"));
        }
        data.end = offset.wrapping_add(size);
        self.check_end(sym);
        self.write_data(sym, offset, size, &value)
    }

    /// Warns of DATA after the end of the variable: gc keeps it, but linkers don't.
    fn check_end(&mut self, sym: Sym) {
        let data = self.data_of(sym);
        if let (end, Some(size)) = (data.end, data.declared)
            && end > size
        {
            let name = self.syms.name(sym).to_owned();
            self.warn(format_args!(
                "DATA of {name} ends at {end}, GLOBL at {size}"
            ));
        }
    }

    fn data_of(&mut self, sym: Sym) -> &mut Data {
        let attrs = self.syms[sym].attrs;
        self.variables.data.entry(sym).or_insert_with(|| Data {
            symbol: LSym::new(sym, SymKind::Sxxx, attrs),
            ..Data::default()
        })
    }

    /// Writes one value into a variable.
    fn write_data(&mut self, sym: Sym, offset: i64, size: i64, value: &Operand) -> Step {
        let Some(bytes) = self.data_bytes(size, &value.addr)? else {
            return Ok(());
        };
        let kind = self.data_of(sym).symbol.kind;
        if !(0..MAX_DATA).contains(&offset) {
            let name = self.syms.name(sym);
            let message = format!("prepwrite: bad off={offset} siz={size} s={name}");
            self.diag(message);
            return Ok(());
        }
        if kind == SymKind::STLSBSS {
            let message = format!("cannot supply data for {kind} var {}", self.syms.name(sym));
            self.diag(message);
        }
        let start = offset as usize;
        let end = start + bytes.len();
        let symbol = &mut self.data_of(sym).symbol;
        match kind {
            SymKind::Sxxx | SymKind::SBSS => symbol.kind = SymKind::SDATA,
            SymKind::SNOPTRBSS => symbol.kind = SymKind::SNOPTRDATA,
            _ => {}
        }
        if symbol.data.len() < end {
            symbol.data.resize(end, 0);
        }
        symbol.data[start..end].copy_from_slice(&bytes);
        symbol.size = symbol.size.max(end as i64);
        if value.addr.kind == AddrKind::Addr {
            symbol.relocs.push(Reloc {
                off: start as u32,
                siz: 8,
                kind: RelocKind::ADDR,
                sym: value.addr.name.sym(),
                add: value.addr.offset,
            });
        }
        Ok(())
    }

    /// Returns the bytes of a value; none after an error.
    fn data_bytes(&mut self, size: i64, a: &Addr) -> Step<Option<Vec<u8>>> {
        let bad = |what: &str| format!("bad {what} size for DATA argument: {size}");
        let message = match (a.kind, size) {
            (AddrKind::Const, 1 | 2 | 4 | 8) => {
                return Ok(Some(a.offset.to_le_bytes()[..size as usize].to_vec()));
            }
            (AddrKind::Const, _) => bad("int"),
            (AddrKind::FConst, 4) => {
                let value = f64::from_bits(a.offset as u64) as f32;
                return Ok(Some(value.to_le_bytes().to_vec()));
            }
            (AddrKind::FConst, 8) => return Ok(Some(a.offset.to_le_bytes().to_vec())),
            (AddrKind::FConst, _) => bad("float"),
            (AddrKind::SConst, _) => {
                let mut bytes = std::mem::take(&mut self.operands.string);
                let len = bytes.len();
                if size >= len as i64 && size < MAX_DATA {
                    bytes.resize(size as usize, 0);
                    return Ok(Some(bytes));
                }
                self.diag(format_args!("WriteString: bad string size: {size} < {len}"));
                return Ok(None);
            }
            (_, 8) => return Ok(Some(vec![0; 8])),
            _ => bad("addr"),
        };
        self.error(message)?;
        Ok(None)
    }

    /// `GLOBL name(SB), flags, $size`.
    pub(super) fn asm_globl(&mut self) -> Step {
        let n = self.operands.ends.len();
        if n != 2 && n != 3 {
            return self.error("expect two or three operands for GLOBL");
        }
        let operand = self.address(0)?;
        let Some(sym) = self.valid_symbol("GLOBL", &operand, false)? else {
            return Ok(());
        };
        let flags = if n == 3 { self.flags("GLOBL", 1)? } else { 0 };
        let size = self.address(n - 1)?.addr;
        if !self.valid_immediate("GLOBL", &size)? {
            return Ok(());
        }
        let data = self.data_of(sym);
        let again = data.declared.replace(size.offset).is_some();
        let symbol = &mut data.symbol;
        symbol.size = size.offset;
        if symbol.kind == SymKind::Sxxx {
            symbol.kind = SymKind::SBSS;
        }
        if flags & DUPOK != 0 {
            symbol.attrs.insert(Attrs::DUPOK);
        }
        if flags & RODATA != 0 {
            symbol.kind = SymKind::SRODATA;
        } else if flags & NOPTR != 0 {
            symbol.kind = match symbol.kind {
                SymKind::SDATA => SymKind::SNOPTRDATA,
                _ => SymKind::SNOPTRBSS,
            };
        } else if flags & TLSBSS != 0 {
            symbol.kind = SymKind::STLSBSS;
        }
        let is_first = !again && self.syms[sym].kind != SymKind::STEXT;
        let name = self.syms.name(sym).to_owned();
        if self.dialect.assembly.keeps_first_declaration {
            if !is_first {
                let place = self.place(self.pos());
                self.diag(format_args!("{place}: symbol {name} redeclared"));
            }
        } else {
            if again {
                let _ = writeln!(self.messages.printed, "duplicate {name}");
            }
            if !is_first {
                self.diag(format_args!("symbol {name} listed multiple times"));
            }
        }
        self.variables.declared.push(sym);
        self.check_end(sym);
        Ok(())
    }

    /// `PCDATA $table, $value`.
    pub(super) fn asm_pcdata(&mut self) -> Step {
        if self.operands.ends.len() != 2 {
            return self.error("expect two operands for PCDATA");
        }
        let mut addrs = [Addr::NONE; 2];
        for (index, addr) in addrs.iter_mut().enumerate() {
            *addr = self.address(index)?.addr;
            if !self.valid_immediate("PCDATA", addr)? {
                return Ok(());
            }
        }
        let [table, value] = addrs;
        let prog = Prog::new(As::PCDATA, table, value, self.pos());
        let id = self.append(prog)?;
        self.print(id, prog, &[]);
        Ok(())
    }

    /// `PCALIGN $bytes`.
    pub(super) fn asm_pcalign(&mut self) -> Step {
        if self.operands.ends.len() != 1 {
            return self.error("expect one operand for PCALIGN");
        }
        let bytes = self.address(0)?.addr;
        if self.valid_immediate("PCALIGN", &bytes)? {
            // In gc, it has no position.
            let pos = match self.dialect.pads_code {
                true => self.pos(),
                false => Pos::NONE,
            };
            let prog = Prog::new(As::PCALIGN, bytes, Addr::NONE, pos);
            let id = self.append(prog)?;
            self.print(id, prog, &[]);
        }
        Ok(())
    }

    /// `FUNCDATA $index, name(SB)`.
    pub(super) fn asm_funcdata(&mut self) -> Step {
        if self.operands.ends.len() != 2 {
            return self.error("expect two operands for FUNCDATA");
        }
        let index = self.address(0)?.addr;
        if !self.valid_immediate("FUNCDATA", &index)? {
            return Ok(());
        }
        let operand = self.address(1)?;
        let Some(sym) = self.valid_symbol("FUNCDATA", &operand, true)? else {
            return Ok(());
        };
        let mut to = operand.addr;
        if let Some(function) = self.text.as_ref().map(|f| f.sym) {
            let is_no_pointers =
                |parser: &Self| Some(parser.syms.name(sym)) == parser.dialect.assembly.no_pointers;
            // The map of the function's Go declaration is named after the function.
            let map = if self.syms.name(sym) == GO_ARGS {
                self.check_table(index, to, GO_ARGS, ARGS_POINTER_MAPS);
                Some(derived(self.syms, function, ".args_stackmap"))
            } else if is_no_pointers(self) {
                self.check_table(index, to, NO_POINTERS, LOCALS_POINTER_MAPS);
                Some(self.no_pointers_map())
            } else {
                None
            };
            if let Some(map) = map {
                to.name = if to.name.kind() == NameKind::Static {
                    Name::file_static(map)
                } else {
                    Name::external(map)
                };
            }
        }
        let id = self.append(Prog::new(As::FUNCDATA, index, to, self.pos()))?;
        let written = Prog::new(As::FUNCDATA, index, operand.addr, self.pos());
        self.print(id, written, &[]);
        Ok(())
    }

    /// Checks the index of a table that the assembler makes or names.
    fn check_table(&mut self, index: Addr, to: Addr, name: &str, (number, table): (i64, &str)) {
        if index.offset == number {
            return;
        }
        let mut message = format!("FUNCDATA use of {name}(SB) without FUNCDATA_{table}");
        if self.dialect.assembly.names_functions
            && let Some(f) = &self.text
        {
            let (n, place) = (self.n_progs + 1, self.place(self.pos()));
            let [index, to] = [index, to].map(|a| addr_string(f, &a, self.syms));
            message = format!("{n:05} ({place})\tFUNCDATA\t{index}, {to}: {message}");
        }
        self.messages.late.push(message);
    }

    /// Returns the stack map of functions without pointers: two maps, without and with results, of no bits.
    fn no_pointers_map(&mut self) -> Sym {
        const CONTENT: [u8; 8] = [2, 0, 0, 0, 0, 0, 0, 0];
        let sym = self.syms.lookup_gclocals(&CONTENT);
        self.variables.add_map(sym, &CONTENT);
        sym
    }
}

/// The names of tables that the assembler makes or names, and the numbers and names of their kinds.
const GO_ARGS: &str = "go_args_stackmap";
const ARGS_POINTER_MAPS: (i64, &str) = (FUNCDATA_ARGS_POINTER_MAPS, "ArgsPointerMaps");
const NO_POINTERS: &str = "no_pointers_stackmap";
const LOCALS_POINTER_MAPS: (i64, &str) = (1, "LocalsPointerMaps");
