//! Instructions: their operands, jumps to labels, and constants that live in memory.
//!
//! Source: gc asm/internal/asm/parse.go and asm.go; obj6.go, progedit.

use super::hint;
use super::operand::Operand;
use super::parser::{Parser, Step, is_jump};
use super::token::Atom;
use crate::amd64::{As, Reg, has_destination_only, suffix};
use crate::lsym::LSym;
use crate::prog::{Addr, AddrKind, Name, NameKind, Prog, locals};
use crate::sym::{Attrs, SymKind};

impl Parser<'_, '_> {
    pub(super) fn instruction(&mut self, as_: As, word: Atom, suffix: &str) -> Step {
        let name = self.input.atoms.text(word);
        self.is_jump = is_jump(name);
        let mut operands = [None; 5];
        let n = self.operands.ends.len();
        for index in 0..n {
            let mut operand = self.address(index)?;
            if let (AddrKind::SConst, Some(f)) = (operand.addr.kind, &mut self.text) {
                let text = f.add_local(String::from_utf8_lossy(&self.operands.string));
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
            if let (AddrKind::Const, Some((kept, bytes))) = (a.kind, hint::truncated(as_, a.offset))
            {
                let value = a.offset;
                self.warn(format_args!("{as_} keeps {bytes} of {value}: {kept}"));
            }
        }
        // Address 0 is read to crash.
        if matches!(as_, As::MOVB | As::MOVW | As::MOVL | As::MOVQ)
            && from.is_at_number()
            && from.offset != 0
            && self.messages.error_line != self.line
        {
            let number = from.offset;
            self.warn(format_args!(
                "{as_} reads memory at the address {number}; the constant is ${number}"
            ));
        }
        let written = Prog::new(as_, from, to, self.pos());
        let from = self.float_constant(as_, from, to);
        let is_zeroing = self.takes_constant(as_) && is_zero(from) && is_sse(to);
        // XORPS is shorter.
        let (as_, from) = if is_zeroing {
            (As::XORPS, to)
        } else {
            (as_, from)
        };
        let prog = self.with_suffix(Prog::new(as_, from, to, self.pos()), suffix)?;
        let is_mask = |a: &Addr| a.kind == AddrKind::Reg && a.reg.is_in(Reg::K0, Reg::K7);
        let has_mask = addrs[..n].iter().any(is_mask);
        let checks_masks = self.dialect.assembly.checks_masks;
        if suffix::Suffix::of(prog.suffix).zeroing && !has_mask && !checks_masks {
            self.warn(format_args!(
                "{as_} has the suffix Z but no mask register: processors refuse it"
            ));
        }
        if let Some(encoded) = self.cache.encode(&prog, rest, self.bases) {
            self.append_encoded(&encoded.bytes, encoded.reloc.as_ref())?;
            match locals(&prog, rest).next() {
                Some(_) => self.cache_instruction(&prog, rest),
                None => self.cache_encoded(&encoded),
            }
            return Ok(());
        }
        let id = self.append(prog)?;
        self.cache_instruction(&prog, rest);
        if let (AddrKind::Branch, Some(id)) = (to.kind, id) {
            self.labels.numbered.push((id, to.offset));
        }
        if let (Some(f), Some(id), false) = (&mut self.text, id, rest.is_empty()) {
            f.set_rest(id, rest);
        }
        let suffix = prog.suffix;
        self.print(id, Prog { suffix, ..written }, rest);
        Ok(())
    }

    /// Replaces a floating-point constant, which can't be an immediate, by a symbol in memory (gc: obj6.go,
    /// progedit).
    fn float_constant(&mut self, as_: As, from: Addr, to: Addr) -> Addr {
        if from.kind != AddrKind::FConst {
            return from;
        }
        let bits = from.offset as u64;
        let single = matches!(
            as_,
            As::MOVSS
                | As::VMOVSS
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
                | As::VMOVSD
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
        let is_move = self.takes_constant(as_);
        let other_version = matches!(as_, As::VMOVSS | As::VMOVSD) && !is_move;
        let zeroing = is_move && bits == 0 && is_sse(to);
        // Instructions before the first TEXT are dropped.
        let is_dropped = self.text.is_none();
        if !single && !double || zeroing || other_version || is_dropped {
            return from;
        }
        if single {
            let bits = (f64::from_bits(bits) as f32).to_bits();
            self.float_symbol(&format!("$f32.{bits:08x}"), &bits.to_le_bytes())
        } else {
            self.float_symbol(&format!("$f64.{bits:016x}"), &bits.to_le_bytes())
        }
    }

    /// Reports whether an instruction moves a floating-point constant to a register of SSE.
    fn takes_constant(&self, as_: As) -> bool {
        match as_ {
            As::MOVSS | As::MOVSD => true,
            As::VMOVSS | As::VMOVSD => self.dialect.assembly.vector_constants,
            _ => false,
        }
    }

    /// Returns a constant in memory, whose symbol is made at the first use.
    fn float_symbol(&mut self, name: &str, bytes: &[u8]) -> Addr {
        let sym = self.syms.lookup(name);
        if self.syms[sym].kind == SymKind::Sxxx {
            self.syms[sym].kind = SymKind::SRODATA;
            let mut symbol = LSym::new(sym, SymKind::SRODATA, Attrs::DUPOK);
            symbol.write(bytes);
            symbol.align = bytes.len() as u32;
            self.constants.push(symbol);
        }
        Addr::sym(sym, 0)
    }

    /// Adds the suffix that is written after the mnemonic to an instruction.
    fn with_suffix(&mut self, mut prog: Prog, text: &str) -> Step<Prog> {
        if !text.is_empty() {
            match suffix::parse(&text[1..]) {
                Ok(suffix) => prog.suffix = suffix,
                Err(message) => self.error(message)?,
            }
        }
        Ok(prog)
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
                let number = number.wrapping_add(a.offset);
                let id = self.append(prog)?;
                self.labels.numbered.extend(id.map(|id| (id, number)));
                prog.to.offset = number;
                self.print(id, prog, &[]);
                return Ok(());
            }
            AddrKind::Reg => {}
            AddrKind::Const if n == 2 => prog.to = from,
            AddrKind::Const => {}
            AddrKind::Mem | AddrKind::Indir if is_symbol => {}
            AddrKind::Mem if a.reg.is_none() && a.offset == 0 => {
                let Some(label) = target.symbol else {
                    if a.index.is_some() {
                        // gc takes it for a label and ignores it.
                        self.warn(format_args!("{as_} of an index without a base has no code"));
                    }
                    return Ok(());
                };
                prog = self.with_suffix(prog, suffix)?;
                self.jump(prog, label)?;
                if suffix.is_empty() && !from.is_some() {
                    self.cache_jump(as_, label);
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
        self.cache_instruction(&prog, &[]);
        if let (AddrKind::Branch, Some(id)) = (prog.to.kind, id) {
            self.labels.numbered.push((id, prog.to.offset));
        }
        self.print(id, prog, &[]);
        Ok(())
    }

    /// Returns an operand as Go's `%+v` prints it. One message uses it.
    fn go_addr(&self, operand: &Operand) -> String {
        let a = &operand.addr;
        let mut offset = a.offset;
        let (kind, value) = match a.kind {
            AddrKind::Mem => ("MEM", "<nil>".to_owned()),
            AddrKind::Addr => ("ADDR", "<nil>".to_owned()),
            AddrKind::Indir => ("INDIR", "<nil>".to_owned()),
            AddrKind::RegList => ("REGLIST", "<nil>".to_owned()),
            AddrKind::SConst => (
                "SCONST",
                String::from_utf8_lossy(&self.operands.string).into_owned(),
            ),
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
}

/// Returns a number as Go's `%v` prints it.
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

/// Reports whether an operand is the floating-point constant 0.
fn is_zero(a: Addr) -> bool {
    a.kind == AddrKind::FConst && a.offset == 0
}

/// Reports whether an operand is a register of SSE.
fn is_sse(a: Addr) -> bool {
    a.kind == AddrKind::Reg && a.reg.is_in(Reg::X0, Reg::X15)
}
