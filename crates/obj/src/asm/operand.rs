//! Operands and constant expressions. Source: gc asm/internal/asm/parse.go.

use minigo_base::literal::unquote;
use minigo_base::unicode::quote;

use super::hint;
use super::number::{OUT_OF_RANGE, parse_float, parse_uint};
use super::parser::{Parser, Step};
use super::token::{Atom, Kind, Token};
use crate::amd64::Reg;
use crate::prog::{Addr, AddrKind, Name, NameKind};

/// The deepest nesting of expressions.
const MAX_DEPTH: u32 = 1000;

/// An operand, with the name that an [`Addr`] doesn't have.
#[derive(Clone, Copy, Default)]
pub(super) struct Operand {
    pub addr: Addr,
    /// The label or symbol that the operand begins with.
    pub symbol: Option<Atom>,
    /// The symbol is relative to SB, not only to PC.
    pub is_global: bool,
}

/// A register, or an index with its scale; 0 for no scale.
struct Scaled {
    reg: Reg,
    /// The second register of a pair, `reg:second`.
    second: Reg,
    scale: u8,
}

/// The symbols among which a name is looked up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Linkage {
    /// Those of the program, with the calling convention of assembly.
    Global,
    /// Those of the file: `name<>`.
    Static,
    /// Functions with the calling convention of compiled code: `name<ABIInternal>`.
    Internal,
}

/// Whether wrong calling conventions are reported.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    Mistakes,
    Nothing,
}

impl Parser<'_, '_> {
    pub(super) fn peek(&self) -> Kind {
        self.token().map_or(Kind::Eof, |token| token.kind)
    }

    /// Returns the next token without taking it.
    fn token(&self) -> Option<Token> {
        (self.operands.at < self.operands.end).then(|| self.operands.tokens[self.operands.at])
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.token();
        self.operands.at += usize::from(token.is_some());
        token
    }

    /// Returns the text of a token; `EOF` at the end.
    fn text(&self, token: Option<Token>) -> String {
        match token {
            Some(token) => self.input.atoms.text(token.text).to_owned(),
            None => "EOF".to_owned(),
        }
    }

    pub(super) fn reg_name(&self, token: Option<Token>) -> Option<Reg> {
        self.input.atoms[token?.text].reg
    }

    fn expect(&mut self, kind: Kind, message: &str) -> Step {
        if self.peek() != kind {
            let found = self.next();
            let found = self.text(found);
            self.error(format_args!("expected {message}, found {found}"))?;
        }
        Ok(())
    }

    /// Takes the next token, which must have that kind.
    fn get(&mut self, kind: Kind) -> Step<Option<Token>> {
        if self.peek() != kind {
            self.expect(kind, &kind.name())?;
        }
        Ok(self.next())
    }

    fn expect_operand_end(&mut self) -> Step {
        self.expect(Kind::Eof, "end of operand")
    }

    /// Parses an operand of the line.
    pub(super) fn address(&mut self, index: usize) -> Step<Operand> {
        let (start, end) = self.operands.ends[index];
        self.parse_operand(start, end)
    }

    /// Parses the operand of the tokens from `start` to `end`.
    fn parse_operand(&mut self, start: usize, end: usize) -> Step<Operand> {
        self.operands.at = start;
        self.operands.end = end;
        let mut operand = Operand::default();
        if end == start + 1
            && self.operands.tokens[start].kind == Kind::Ident
            && let Some(reg) = self.input.atoms[self.operands.tokens[start].text].reg
        {
            // Most operands.
            operand.addr = Addr::reg(reg);
            return Ok(operand);
        }
        self.operand_into(&mut operand)?;
        Ok(operand)
    }

    /// Parses `$sym+off(SB)(reg)(index*scale)`, whose parts are all optional, or a register or constant.
    fn operand_into(&mut self, operand: &mut Operand) -> Step {
        let prefix = match self.peek() {
            Kind::Punct(c @ ('$' | '*')) => {
                self.next();
                Some(c)
            }
            _ => None,
        };
        let token = self.next();
        let kind = token.map_or(Kind::Eof, |token| token.kind);
        let reg = self.reg_name(token);
        if let (Kind::Ident, None, Some(token)) = (kind, reg, token) {
            let name = self.qualified(token.text);
            self.symbol_reference(operand, name, prefix)?;
            if self.peek() == Kind::Eof {
                return Ok(());
            }
        }
        if kind == Kind::Punct('[') {
            if prefix.is_some() {
                self.error("illegal use of register list")?;
            }
            self.register_list(&mut operand.addr)?;
            return self.expect_operand_end();
        }
        if kind == Kind::Ident && reg.is_some() {
            if let Some(scaled) = self.register(token, prefix)? {
                if scaled.scale != 0 {
                    self.error("expected simple register reference")?;
                }
                operand.addr.kind = AddrKind::Reg;
                operand.addr.reg = scaled.reg;
            }
            return self.expect_operand_end();
        }
        let is_constant = match kind {
            Kind::Int | Kind::Float | Kind::String | Kind::Char => true,
            Kind::Punct('+' | '-' | '~') => true,
            Kind::Punct('(') => {
                if self.peek() == Kind::Eof {
                    return self.error("missing right parenthesis");
                }
                self.reg_name(self.token()).is_none()
            }
            _ => false,
        };
        if is_constant || kind == Kind::Punct('(') {
            self.operands.at -= 1;
        }
        if is_constant && self.constant(operand, prefix)? {
            return Ok(());
        }
        self.register_indirect(operand, prefix)?;
        self.expect_operand_end()
    }

    /// Parses a constant. Returns false if it is the offset of a following part.
    fn constant(&mut self, operand: &mut Operand, prefix: Option<char>) -> Step<bool> {
        let rest = &self.operands.tokens[self.operands.at..self.operands.end];
        let have = |kind| rest.iter().any(|token| token.kind == kind);
        if have(Kind::Float) {
            if prefix != Some('$') {
                self.error("floating-point constant must be an immediate")?;
            }
            operand.addr.kind = AddrKind::FConst;
            operand.addr.offset = self.float_expr()?.to_bits() as i64;
            self.expect_operand_end()?;
            return Ok(true);
        }
        if have(Kind::String) {
            if prefix != Some('$') {
                self.error("string constant must be an immediate")?;
                return Ok(true);
            }
            let token = self.get(Kind::String)?;
            match unquote(&self.text(token)) {
                Ok(bytes) => self.operands.string = bytes,
                Err(error) => self.error(format_args!("string parse error: {error}"))?,
            }
            operand.addr.kind = AddrKind::SConst;
            self.expect_operand_end()?;
            return Ok(true);
        }
        operand.addr.offset = self.expr()? as i64;
        if self.peek() == Kind::Punct('(') {
            return Ok(false);
        }
        operand.addr.kind = match prefix {
            Some('$') => AddrKind::Const,
            Some(_) => AddrKind::Indir,
            None => AddrKind::Mem,
        };
        self.expect_operand_end()?;
        Ok(true)
    }

    /// Parses a register with an optional scale.
    fn register(&mut self, token: Option<Token>, prefix: Option<char>) -> Step<Option<Scaled>> {
        let Some(reg) = self.reg_name(token) else {
            let name = self.text(token);
            self.error(format_args!("expected register; found {name}"))?;
            return Ok(None);
        };
        if let Some(prefix @ '$') = prefix {
            let name = self.text(token);
            self.error(format_args!(
                "prefix {prefix} not allowed for register: {prefix}{name}"
            ))?;
        }
        let mut second = Reg::NONE;
        match self.peek() {
            Kind::Punct(':') => {
                self.next();
                let token = self.next();
                let Some(reg) = self.reg_name(token) else {
                    let name = self.text(token);
                    self.error(format_args!("expected register; found {name}"))?;
                    return Ok(None);
                };
                second = reg;
            }
            Kind::Punct(',') => {
                self.next();
                self.error("(register,register) not supported on this architecture")?;
                return Ok(None);
            }
            Kind::Punct('+') => {
                self.next();
                self.error("(register+register) not supported on this architecture")?;
                return Ok(None);
            }
            _ => {}
        }
        let mut scale = 0;
        if self.peek() == Kind::Punct('*') {
            self.next();
            let token = self.next();
            let text = self.text(token);
            match &*text {
                "1" | "2" | "4" | "8" => scale = text.as_bytes()[0] - b'0',
                _ => self.error(format_args!("bad scale: {text}"))?,
            }
        }
        Ok(Some(Scaled { reg, second, scale }))
    }

    /// Parses a symbol with offset and pseudo register, or the label of a jump.
    fn symbol_reference(
        &mut self,
        operand: &mut Operand,
        name: Atom,
        prefix: Option<char>,
    ) -> Step {
        operand.addr.kind = match prefix {
            None => AddrKind::Mem,
            Some('$') => AddrKind::Addr,
            Some(_) => AddrKind::Indir,
        };
        operand.symbol = Some(name);
        let linkage = self.linkage(name, Report::Mistakes)?;
        if matches!(self.peek(), Kind::Punct('+' | '-')) {
            operand.addr.offset = self.expr()? as i64;
        }
        if self.peek() == Kind::Eof {
            if prefix.is_none() && self.is_jump {
                return Ok(());
            }
            let name = self.input.atoms.text(name).to_owned();
            self.error(format_args!(
                "illegal or missing addressing mode for symbol {name}"
            ))?;
            let assembly = self.dialect.assembly;
            self.hint(|_| hint::missing_header(&name, assembly));
            return Ok(());
        }
        self.get(Kind::Punct('('))?;
        let reg = self.get(Kind::Ident)?;
        self.get(Kind::Punct(')'))?;
        self.set_pseudo_register(operand, reg, linkage, prefix)
    }

    /// Parses `<>`, which makes a name static, or a calling convention: `<ABIInternal>`. gc goes on after mistakes.
    pub(super) fn linkage(&mut self, name: Atom, report: Report) -> Step<Linkage> {
        let mut linkage = Linkage::Global;
        if self.peek() != Kind::Punct('<') {
            return Ok(linkage);
        }
        self.next();
        if self.dialect.assembly.abi_selectors.is_none() || self.peek() == Kind::Punct('>') {
            linkage = Linkage::Static;
        } else if self.peek() == Kind::Ident {
            let token = self.next();
            let abi = self.text(token);
            let name = || quote(self.input.atoms.text(name).as_bytes());
            let mistake = match &*abi {
                _ if !self.allows_abi => Some(format!(
                    "ABI selector only permitted when compiling runtime, reference was to {}",
                    name()
                )),
                "ABI0" => None,
                "ABIInternal" => {
                    linkage = Linkage::Internal;
                    None
                }
                _ => Some(format!(
                    "malformed ABI selector {} in reference to {}",
                    quote(abi.as_bytes()),
                    name()
                )),
            };
            if let (Some(mistake), Report::Mistakes) = (mistake, report) {
                self.error(mistake)?;
            }
        }
        self.get(Kind::Punct('>'))?;
        Ok(linkage)
    }

    /// Sets the pseudo register that a name is relative to.
    fn set_pseudo_register(
        &mut self,
        operand: &mut Operand,
        token: Option<Token>,
        linkage: Linkage,
        prefix: Option<char>,
    ) -> Step {
        let symbol = operand.symbol;
        let a = &mut operand.addr;
        match (self.reg_name(token).unwrap_or_default(), symbol) {
            (Reg::PC, name) => {
                a.kind = AddrKind::Branch;
                if a.name != Name::NONE {
                    // A mark: in x(SB)(PC), the operand has a name in gc; in x(PC), it has none.
                    a.scale = 1;
                }
                if let Some(name) = name {
                    a.name = Name::external(self.symbol(name));
                }
                if prefix.is_some() {
                    self.error("illegal addressing mode for PC")?;
                }
            }
            (Reg::FP, Some(name)) => a.name = Name::param(self.local(name)),
            (Reg::SP, Some(name)) => a.name = Name::auto(self.local(name)),
            (Reg::SB, Some(name)) => {
                operand.is_global = true;
                a.name = match (linkage, a.name.sym()) {
                    // x<>(SB)(SB)
                    (Linkage::Global, Some(sym)) => Name::external(sym),
                    (Linkage::Global, None) => Name::external(self.symbol(name)),
                    (Linkage::Static, _) => Name::file_static(self.static_symbol(name)),
                    (Linkage::Internal, _) => Name::external(self.internal_symbol(name)),
                }
            }
            _ => {
                let reg = self.text(token);
                self.error(format_args!("expected pseudo-register; found {reg}"))?;
            }
        }
        if prefix == Some('$') {
            operand.addr.kind = AddrKind::Addr;
        }
        Ok(())
    }

    /// Parses `(reg)`, `(reg)(index*scale)` or `(index*scale)`.
    fn register_indirect(&mut self, operand: &mut Operand, prefix: Option<char>) -> Step {
        self.get(Kind::Punct('('))?;
        let token = self.next();
        let first = self.register(token, None)?;
        if first.is_none() {
            let name = self.text(token);
            self.error(format_args!("indirect through non-register {name}"))?;
        }
        self.get(Kind::Punct(')'))?;
        if operand.addr.kind == AddrKind::Branch {
            // After x(PC), the operand has no name in gc.
            operand.addr.name = Name::NONE;
        }
        operand.addr.kind = AddrKind::Mem;
        // gc goes on without the register.
        let first = first.unwrap_or(Scaled {
            reg: Reg::NONE,
            second: Reg::NONE,
            scale: 0,
        });
        let reg = first.reg;
        if reg.is_pseudo() && first.second.is_some() {
            return self.error("cannot use pseudo-register in pair");
        }
        if reg.is_pseudo() {
            if reg != Reg::PC && operand.addr.name.kind() == NameKind::None {
                let name = self.text(token);
                self.error(format_args!("cannot reference {name} without a symbol"))?;
            }
            return self.set_pseudo_register(operand, token, Linkage::Global, prefix);
        }
        if first.second.is_some() {
            self.error("indirect through register pair")?;
        }
        let a = &mut operand.addr;
        a.reg = reg;
        if prefix == Some('$') {
            a.kind = AddrKind::Addr;
        }
        if first.scale != 0 {
            a.reg = Reg::NONE;
            a.index = reg;
            a.scale = first.scale;
        } else if self.peek() == Kind::Punct('(') {
            self.next();
            let token = self.next();
            match self.register(token, None)? {
                Some(Scaled { reg, second, scale }) => {
                    if second.is_some() {
                        self.error("unimplemented two-register form")?;
                    }
                    operand.addr.index = reg;
                    operand.addr.scale = scale;
                }
                None => {
                    let name = self.text(token);
                    self.error(format_args!("indirect through non-register {name}"))?;
                }
            }
            self.get(Kind::Punct(')'))?;
        }
        Ok(())
    }

    /// Parses `[Z0-Z3]` after its bracket.
    fn register_list(&mut self, a: &mut Addr) -> Step {
        let token = self.next();
        let low_name = self.text(token);
        let Some(low) = self.reg_name(token) else {
            if token.is_none() {
                return self.error("register list: expected ']', found EOF");
            }
            return self.error(format_args!(
                "register list: bad low register in `[{low_name}`"
            ));
        };
        let token = self.next();
        if token.map(|token| token.kind) != Some(Kind::Punct('-')) {
            let found = token.map_or(Kind::Eof, |token| token.kind).name();
            return self.error(format_args!(
                "register list: expected '-' after `[{low_name}`, found {found}"
            ));
        }
        let token = self.next();
        let high_name = self.text(token);
        let Some(high) = self.reg_name(token) else {
            return self.error(format_args!(
                "register list: bad high register in `[{low_name}-{high_name}`"
            ));
        };
        let token = self.next();
        if token.map(|token| token.kind) != Some(Kind::Punct(']')) {
            let found = token.map_or(Kind::Eof, |token| token.kind).name();
            self.error(format_args!(
                "register list: expected ']' after `[{low_name}-{high_name}`, found {found}"
            ))?;
        }
        a.kind = AddrKind::RegList;
        a.reg = low;
        a.index = high;
        Ok(())
    }

    /// Parses a sum or bitwise or of terms.
    pub(super) fn expr(&mut self) -> Step<u64> {
        let mut value = self.term()?;
        while let Kind::Punct(op @ ('+' | '-' | '|' | '^')) = self.peek() {
            self.next();
            let term = self.term()?;
            value = match op {
                '+' => value.wrapping_add(term),
                '-' => value.wrapping_sub(term),
                '|' => value | term,
                _ => value ^ term,
            };
        }
        Ok(value)
    }

    /// Parses a product, shift or bitwise and of factors.
    fn term(&mut self) -> Step<u64> {
        self.nested(Self::products)
    }

    fn products(&mut self) -> Step<u64> {
        let mut value = self.factor()?;
        loop {
            let kind = self.peek();
            match kind {
                Kind::Punct('*' | '/' | '%' | '&') | Kind::Lsh | Kind::Rsh => self.next(),
                _ => return Ok(value),
            };
            let negative = (value as i64) < 0;
            match kind {
                Kind::Punct('*') => value = value.wrapping_mul(self.factor()?),
                Kind::Punct('&') => value &= self.factor()?,
                Kind::Punct('/') => {
                    if negative {
                        self.error("divide of value with high bit set")?;
                    }
                    match value.checked_div(self.factor()?) {
                        Some(quotient) => value = quotient,
                        None => self.error("division by zero")?,
                    }
                }
                Kind::Punct(_) => {
                    let divisor = self.factor()?;
                    if negative {
                        self.error("modulo of value with high bit set")?;
                    }
                    match value.checked_rem(divisor) {
                        Some(remainder) => value = remainder,
                        None => self.error("modulo by zero")?,
                    }
                }
                Kind::Lsh => {
                    let shift = self.factor()?;
                    if (shift as i64) < 0 {
                        self.error("negative left shift count")?;
                    }
                    // gc ends the term here.
                    return Ok(shifted(value, shift, u64::checked_shl));
                }
                _ => {
                    let shift = self.term()?;
                    if (shift as i64) < 0 {
                        self.error("negative right shift count")?;
                    }
                    if negative {
                        self.error("right shift of value with high bit set")?;
                    }
                    value = shifted(value, shift, u64::checked_shr);
                }
            }
        }
    }

    /// Parses a constant with signs and parentheses.
    fn factor(&mut self) -> Step<u64> {
        self.nested(Self::operand_of_products)
    }

    /// Parses a part of an expression, unless the nesting is too deep.
    fn nested<T: Default>(&mut self, parse: fn(&mut Self) -> Step<T>) -> Step<T> {
        if self.operands.depth >= MAX_DEPTH {
            self.operands.at = self.operands.end;
            self.error("expression is nested too deeply")?;
            return Ok(T::default());
        }
        self.operands.depth += 1;
        let value = parse(self);
        self.operands.depth -= 1;
        value
    }

    fn operand_of_products(&mut self) -> Step<u64> {
        let token = self.next();
        match token.map_or(Kind::Eof, |token| token.kind) {
            Kind::Int => {
                let text = |token: Token| self.input.atoms.text(token.text);
                let value = token.map_or(Ok(0), |token| parse_uint(text(token)));
                return match value {
                    Ok(value) => Ok(value),
                    Err(error) => {
                        let text = self.text(token);
                        self.number_error("ParseUint", &text, error)?;
                        Ok(if error == OUT_OF_RANGE { u64::MAX } else { 0 })
                    }
                };
            }
            Kind::Char => {
                let text = self.text(token);
                match unquote(&text).map(String::from_utf8) {
                    Ok(Ok(value)) => {
                        if let Some(c) = value.chars().next() {
                            return Ok(u64::from(u32::from(c)));
                        }
                    }
                    Ok(Err(_)) => {
                        self.error("illegal UTF-8 encoding for character constant")?;
                    }
                    Err(error) => self.error(error)?,
                }
                return Ok(u64::from(u32::from(char::REPLACEMENT_CHARACTER)));
            }
            Kind::Punct('+') => return self.factor(),
            Kind::Punct('-') => return Ok(self.factor()?.wrapping_neg()),
            Kind::Punct('~') => return Ok(!self.factor()?),
            Kind::Punct('(') => {
                let value = self.expr()?;
                if self.next().map(|token| token.kind) != Some(Kind::Punct(')')) {
                    self.error("missing closing paren")?;
                }
                return Ok(value);
            }
            _ => {}
        }
        let text = self.text(token);
        self.error(format_args!("unexpected {text} evaluating expression"))?;
        Ok(0)
    }

    /// Parses a floating-point number with signs and parentheses.
    fn float_expr(&mut self) -> Step<f64> {
        self.nested(Self::float_factor)
    }

    fn float_factor(&mut self) -> Step<f64> {
        let token = self.next();
        match token.map_or(Kind::Eof, |token| token.kind) {
            Kind::Punct('(') => {
                let value = self.float_expr()?;
                if self.next().map(|token| token.kind) != Some(Kind::Punct(')')) {
                    self.error("missing closing paren")?;
                }
                return Ok(value);
            }
            Kind::Punct('+') => return self.float_expr(),
            Kind::Punct('-') => return Ok(-self.float_expr()?),
            Kind::Float => {
                let text = self.text(token);
                return match parse_float(&text) {
                    Ok(value) => Ok(value),
                    Err(error) => {
                        self.number_error("ParseFloat", &text, error)?;
                        Ok(0.0)
                    }
                };
            }
            _ => {}
        }
        let text = self.text(token);
        self.error(format_args!(
            "unexpected {text} evaluating float expression"
        ))?;
        Ok(0.0)
    }

    /// Reports an invalid number in Go's words.
    pub(super) fn number_error(&mut self, func: &str, text: &str, error: &str) -> Step {
        let text = quote(text.as_bytes());
        self.error(format_args!("strconv.{func}: parsing {text}: {error}"))
    }
}

/// Shifts by a count that may be too large.
fn shifted(value: u64, count: u64, shift: fn(u64, u32) -> Option<u64>) -> u64 {
    u32::try_from(count)
        .ok()
        .and_then(|count| shift(value, count))
        .unwrap_or(0)
}
