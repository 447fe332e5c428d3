//! Notes on the values of a compiled function, made while the function is still there: what each means in the words of
//! the program.

use std::collections::BTreeMap;

use minigo_obj::{ProgId, SymTable};
use minigo_ssa::amd64::{Origin, Origins};
use minigo_ssa::{
    Aux, Block, BlockKind, Func, History, Location, Op, ValAndOff, Value, Var, VarClass,
};

use super::sentence::{Purpose, Sentence};
use super::{Reason, Who, shown};

/// The notes of a function: each holds from its instruction on, in order of creation.
#[derive(Debug, Default)]
pub struct Notes {
    entries: Vec<(ProgId, Origin, Note)>,
}

/// A note on the instructions of a value or of the end of a block.
#[derive(Clone, Debug)]
pub(super) enum Note {
    /// A value.
    Value(Reason),
    /// The end of a block that depends on two values that were compared.
    Branch {
        left: String,
        right: String,
        /// The carry flag is a bit: the left side's.
        is_bit: bool,
    },
    /// The end of another block.
    End,
}

impl Notes {
    pub(super) fn of(&self, id: ProgId) -> Option<(Origin, &Note)> {
        let last = self.entries[..self.index_after(id)].last();
        last.map(|(_, origin, note)| (*origin, note))
    }

    /// Reports whether two instructions are those of the same value.
    pub(super) fn is_same(&self, first: ProgId, second: ProgId) -> bool {
        self.index_after(first) == self.index_after(second)
    }

    fn index_after(&self, id: ProgId) -> usize {
        self.entries.partition_point(|&(start, ..)| start <= id)
    }
}

/// Returns the notes on the values of `f`, whose instructions come from `origins`.
pub fn notes(f: &Func, history: &History, origins: &Origins, syms: &SymTable) -> Notes {
    let mut names: BTreeMap<Value, Var> = BTreeMap::new();
    for &var in &f.names {
        for &v in &f.named_values[var] {
            names.entry(v).or_insert(var);
        }
    }
    let teller = Teller {
        f,
        history,
        names,
        syms,
    };
    let entries = origins.iter().map(|&(id, origin)| {
        let note = match origin {
            Origin::Value(v) => Note::Value(teller.value(v)),
            Origin::End(b) => teller.end(b),
        };
        (id, origin, note)
    });
    Notes {
        entries: entries.collect(),
    }
}

/// Tells about values.
struct Teller<'a> {
    f: &'a Func,
    history: &'a History,
    /// The first variable that each value is the value of.
    names: BTreeMap<Value, Var>,
    syms: &'a SymTable,
}

/// Values are looked through up to this depth.
const DEPTH: usize = 8;

impl Teller<'_> {
    fn value(&self, v: Value) -> Reason {
        let (who, sentence) = self.sentence(v);
        Reason {
            who,
            sentence,
            joined_by: self.joined_by(v),
            value: Some(v),
            block: None,
            steps: self.history.of(v).to_vec(),
        }
    }

    /// Returns the pass that made a store write more bytes than the program's did.
    fn joined_by(&self, v: Value) -> Option<&'static str> {
        let [first, .., last] = self.history.of(v) else {
            return None;
        };
        let written = match last.op.to_string().as_bytes() {
            [b'M', b'O', b'V', size, rest @ ..] if rest.starts_with(b"store") => match size {
                b'W' => 2,
                b'L' => 4,
                b'Q' => 8,
                b'O' => 16,
                _ => 1,
            },
            _ => return None,
        };
        (first.stored > 0 && written > first.stored).then_some(last.pass)
    }

    fn sentence(&self, v: Value) -> (Who, Sentence) {
        let f = self.f;
        let data = &f[v];
        let arg = |index: usize| self.describe(data.args[index]);
        let to = || self.place(v);
        let name = data.op.to_string();
        let plain = |sentence| (Who::Statement, sentence);
        match data.op {
            Op::StoreReg => {
                let slot = match f.homes[v] {
                    Location::Slot(var) => self.var(var),
                    _ => String::new(),
                };
                return (Who::Registers, Sentence::Spill { what: arg(0), slot });
            }
            Op::LoadReg => {
                let sentence = match f[data.args[0]].op {
                    Op::Arg => Sentence::LoadParam {
                        to: self.register(v),
                        name: arg(0),
                    },
                    _ => Sentence::Reload {
                        to: self.register(v),
                        what: arg(0),
                    },
                };
                return (Who::Registers, sentence);
            }
            Op::Copy => {
                let to = self.register(v);
                return (Who::Registers, Sentence::Move { to, what: arg(0) });
            }
            Op::InlMark => return plain(Sentence::MarkInlined { bytes: 0 }),
            Op::LoweredNilCheck => return plain(Sentence::NilCheck),
            Op::DUFFZERO | Op::REPSTOSQ | Op::LoweredZero | Op::LoweredZeroLoop => {
                return plain(Sentence::Zero);
            }
            op if op.is_call() => return self.call(v),
            _ => {}
        }
        let made_late = self
            .history
            .of(v)
            .first()
            .is_some_and(|step| step.pass == "regalloc");
        if let Some(number) = self.constant(v) {
            let (to, value) = (to(), with_halves(number));
            return match made_late {
                true => (Who::Registers, Sentence::Again { to, value }),
                false => plain(Sentence::Assign { to, value }),
            };
        }
        if name.starts_with("CMOV") {
            let condition = self.condition(data.args[2], &name[5..]);
            // The other value may be one of the same variable.
            let value = match self.names.get(&v) {
                Some(&var) if arg(1) == self.var(var) => self.register(data.args[1]),
                _ => arg(1),
            };
            return plain(Sentence::Select {
                to: to(),
                value,
                condition,
            });
        }
        if let Some((left, right, is_bits)) = self.compared(v) {
            return plain(match is_bits {
                true => Sentence::TestBits { left, right },
                false => Sentence::Compare { left, right },
            });
        }
        if data.ty.is_memory() {
            return plain(self.store(v, &name));
        }
        if let Some(sentence) = self.load(v, &name) {
            return plain(sentence);
        }
        if name.starts_with("DIV") {
            return plain(Sentence::Divide {
                dividend: arg(0),
                divisor: arg(1),
            });
        }
        if name.starts_with("HMUL") {
            // Factors of unsigned multiplications may be above the signed numbers.
            let factor = |index: usize| match self.constant(data.args[index]) {
                Some(number) if name.ends_with('U') => (number as u64).to_string(),
                _ => arg(index),
            };
            return plain(Sentence::HighHalf {
                left: factor(0),
                right: factor(1),
            });
        }
        if name.ends_with("carrymask") {
            return plain(Sentence::CarryMask { to: to() });
        }
        if name.starts_with("AVG") {
            let value = format!("({} + {}) / 2", arg(0), arg(1));
            return plain(Sentence::Assign { to: to(), value });
        }
        if name.starts_with("MOV") && (name.ends_with("ZX") || name.ends_with("SX")) {
            return plain(Sentence::Widen {
                to: to(),
                value: arg(0),
            });
        }
        match self.expression(v, &name) {
            Some(value) => plain(Sentence::Assign { to: to(), value }),
            None => plain(Sentence::Operation { op: name }),
        }
    }

    fn call(&self, v: Value) -> (Who, Sentence) {
        let callee = match self.f[v].aux {
            Aux::Sym(sym) => shown(self.syms.name(sym), self.syms).to_owned(),
            _ => self.f[v].op.to_string(),
        };
        match callee.starts_with("runtime.") {
            true => {
                let purpose = Purpose::of(&callee);
                (Who::Runtime, Sentence::CallRuntime { callee, purpose })
            }
            false => (Who::Statement, Sentence::Call { callee }),
        }
    }

    /// Returns the callee of the first call after `v` in its block, or of the last one before it.
    fn callee(&self, v: Value, after: bool) -> String {
        let f = self.f;
        let Some(b) = f[v].block.expand() else {
            return String::new();
        };
        let values = &f[b].values;
        let at = values.iter().position(|&other| other == v).unwrap_or(0);
        let is_call = |v: &&Value| f[**v].op.is_call();
        let call = match after {
            true => values[at..].iter().find(is_call),
            false => values[..at].iter().rev().find(is_call),
        };
        call.map_or_else(String::new, |&call| match f[call].aux {
            Aux::Sym(sym) => shown(self.syms.name(sym), self.syms).to_owned(),
            _ => String::new(),
        })
    }

    fn store(&self, v: Value, name: &str) -> Sentence {
        let f = self.f;
        let data = &f[v];
        let (what, offset) = if name.ends_with("storeconst") || name.ends_with("constmodify") {
            let both = ValAndOff(data.aux_int);
            (both.val().to_string(), both.off())
        } else if let [_, value, ..] = data.args[..]
            && !f[value].ty.is_memory()
        {
            let what = match name.strip_prefix("SET") {
                Some(rest) => self.condition(value, rest.trim_end_matches("store")),
                None => self.describe(value),
            };
            (what, data.aux_int)
        } else {
            ("0".to_owned(), data.aux_int)
        };
        let base = data.args.first().copied();
        let is_sp = base.is_some_and(|base| matches!(f[base].op, Op::SP));
        match data.aux {
            Aux::Var(var) if f.vars[var].class == VarClass::Result => {
                let results = f
                    .vars
                    .iter()
                    .filter(|(_, data)| data.class == VarClass::Result);
                let mut results = results.map(|(other, _)| other);
                let number = results.position(|other| other == var).unwrap_or(0) + 1;
                let name = self.var(var);
                return Sentence::StoreResult { number, name, what };
            }
            Aux::None if is_sp => {
                let callee = self.callee(v, true);
                return Sentence::StoreArgument {
                    what,
                    offset,
                    callee,
                };
            }
            _ => {}
        }
        let to = self.memory(v, offset);
        let changed = combined(name, &to, &what).filter(|_| name.ends_with("modify"));
        let value = changed.unwrap_or(what);
        Sentence::Assign { to, value }
    }

    fn load(&self, v: Value, name: &str) -> Option<Sentence> {
        let data = &self.f[v];
        if !name.starts_with("MOV") || !name.contains("load") {
            return None;
        }
        let is_sp = self.f[data.args[0]].op == Op::SP && data.aux == Aux::None;
        let to = self.place(v);
        Some(match is_sp {
            true => Sentence::LoadResult {
                to,
                offset: data.aux_int,
                callee: self.callee(v, false),
            },
            false => {
                let memory = self.memory(v, data.aux_int);
                let value = match name.split_once("loadidx") {
                    Some((_, scale)) => {
                        format!("{memory}({}*{scale})", self.describe(data.args[1]))
                    }
                    None => memory,
                };
                Sentence::Assign { to, value }
            }
        })
    }

    /// Returns the memory that a load or store is about.
    fn memory(&self, v: Value, offset: i64) -> String {
        let data = &self.f[v];
        let plus = |name: String| match offset {
            0 => name,
            offset => format!("{name}{offset:+}"),
        };
        match data.aux {
            Aux::Sym(sym) => plus(shown(self.syms.name(sym), self.syms).to_owned()),
            Aux::Var(var) => plus(self.var(var)),
            Aux::None | Aux::Type(_) | Aux::Str(_) | Aux::JumpTable(_) => {
                let base = data.args.iter().find(|&&base| !self.f[base].ty.is_memory());
                // The address of a memory operand beside a register is the second argument.
                let name = data.op.to_string();
                let base = match name.starts_with("MOV")
                    || name.contains("modify")
                    || name.contains("CMP")
                {
                    true => base.copied(),
                    false => data.args.get(1).copied().or(base.copied()),
                };
                let base = base.map_or_else(String::new, |base| self.describe(base));
                match offset {
                    0 => format!("({base})"),
                    offset => format!("{offset}({base})"),
                }
            }
        }
    }

    /// Returns the value of an operation as an expression.
    fn expression(&self, v: Value, name: &str) -> Option<String> {
        let data = &self.f[v];
        let arg = |index: usize| {
            data.args
                .get(index)
                .map_or_else(String::new, |&v| self.describe(v))
        };
        if let Some(rest) = name.strip_prefix("SET") {
            return Some(self.condition(data.args[0], rest));
        }
        if let Some(rest) = name.strip_prefix("LEA") {
            let scale = rest[1..].parse::<i64>().ok();
            let offset = match data.aux_int {
                0 => String::new(),
                n if n < 0 => format!(" - {}", -n),
                n => format!(" + {n}"),
            };
            return Some(match (scale, data.aux) {
                (_, Aux::Sym(_) | Aux::Var(_)) => format!("&{}", self.memory(v, data.aux_int)),
                (None, _) => format!("{}{offset}", arg(0)),
                (Some(1), _) => format!("{} + {}{offset}", arg(0), arg(1)),
                (Some(scale), _) => format!("{} + {scale}*{}{offset}", arg(0), arg(1)),
            });
        }
        if name.starts_with("NEG") {
            return Some(format!("-{}", arg(0)));
        }
        if name.starts_with("NOT") {
            return Some(format!("^{}", arg(0)));
        }
        let bits = match name.as_bytes().get(3) {
            Some(b'Q') => 64,
            Some(b'L') => 32,
            Some(b'W') => 16,
            _ => 8,
        };
        if name.starts_with("BSWAP") {
            let bits = if name.contains('Q') { 64 } else { 32 };
            return Some(format!("bits.ReverseBytes{bits}({})", arg(0)));
        }
        let right = if name.contains("const") {
            data.aux_int.to_string()
        } else if name.ends_with("load") {
            self.operand_in_memory(v)
        } else {
            arg(1)
        };
        if name.starts_with("ROL") {
            return Some(format!("bits.RotateLeft{bits}({}, {right})", arg(0)));
        }
        combined(name, &arg(0), &right)
    }

    /// Returns the second operand of an operation whose second operand is in memory.
    fn operand_in_memory(&self, v: Value) -> String {
        let data = &self.f[v];
        let is_sp = data
            .args
            .get(1)
            .is_some_and(|&base| self.f[base].op == Op::SP);
        match data.aux {
            Aux::None if is_sp => format!("{}(SP)", data.aux_int),
            _ => self.memory(v, data.aux_int),
        }
    }

    /// Returns what a value of flags compares, and whether it is the common bits that are compared with 0.
    fn compared(&self, flags: Value) -> Option<(String, String, bool)> {
        let data = &self.f[flags];
        let name = data.op.to_string();
        let arg = |index: usize| {
            data.args
                .get(index)
                .map_or_else(String::new, |&v| self.describe(v))
        };
        if data.op == Op::Select1 {
            // The flags of an operation that has a result, too.
            let of = data.args[0];
            let result = self.expression(of, &self.f[of].op.to_string())?;
            return Some((result, "0".to_owned(), false));
        }
        if name.starts_with("CMP") {
            let (left, right) = if name.ends_with("constload") {
                let both = ValAndOff(data.aux_int);
                (self.memory(flags, both.off()), both.val().to_string())
            } else if name.ends_with("load") {
                (self.memory(flags, data.aux_int), arg(1))
            } else if name.ends_with("const") {
                (arg(0), data.aux_int.to_string())
            } else {
                (arg(0), arg(1))
            };
            return Some((left, right, false));
        }
        if name.starts_with("BTL") || name.starts_with("BTQ") {
            let (value, bit) = match name.ends_with("const") {
                true => (arg(0), data.aux_int.to_string()),
                false => (arg(1), arg(0)),
            };
            return Some((value, format!("1<<{bit}"), true));
        }
        if name.starts_with("TEST") {
            return Some(match name.ends_with("const") {
                true => (arg(0), data.aux_int.to_string(), true),
                false if data.args[0] == data.args[1] => (arg(0), "0".to_owned(), false),
                false => (arg(0), arg(1), true),
            });
        }
        None
    }

    /// Returns the sides of the comparison that flags come from.
    fn sides(&self, flags: Value) -> (String, String) {
        match self.compared(flags) {
            Some((left, right, false)) => (left, right),
            Some((left, right, true)) => (format!("{left} & {right}"), "0".to_owned()),
            None => (self.describe(flags), "0".to_owned()),
        }
    }

    /// Returns a condition on flags by the end of a mnemonic: `EQ`, `LT`.
    fn condition(&self, flags: Value, ending: &str) -> String {
        let (left, right) = self.sides(flags);
        let ending = match self.is_bit_test(flags) {
            true => bit_ending(ending),
            false => ending,
        };
        relation(&left, ending, &right)
    }

    fn is_bit_test(&self, flags: Value) -> bool {
        self.f[flags].op.to_string().starts_with("BT")
    }

    fn end(&self, b: Block) -> Note {
        let data = &self.f[b];
        let is_branch = !matches!(
            data.kind,
            BlockKind::Plain | BlockKind::Ret | BlockKind::Exit | BlockKind::JUMPTABLE
        );
        match data.control {
            Some(control) if is_branch => {
                let (left, right) = self.sides(control);
                Note::Branch {
                    left,
                    right,
                    is_bit: self.is_bit_test(control),
                }
            }
            _ => Note::End,
        }
    }

    /// Returns the register of a value, with the variable that it is the value of.
    fn place(&self, v: Value) -> String {
        let register = self.register(v);
        match self.names.get(&v) {
            Some(&var) => format!("{} ({register})", self.var(var)),
            None => register,
        }
    }

    fn register(&self, v: Value) -> String {
        let registers = self.f.profile.registers.registers;
        let name = |r: u8| registers[usize::from(r)].reg.name().to_owned();
        match self.f.homes[v] {
            Location::Register(r) => name(r),
            Location::Pair(first, second) => {
                let both = [first, second].into_iter().flatten().map(name);
                both.collect::<Vec<_>>().join(", ")
            }
            Location::Slot(var) => self.var(var),
            Location::None | Location::Results(_) | Location::Temporary(_) => v.to_string(),
        }
    }

    fn var(&self, var: Var) -> String {
        self.f.vars[var].name.clone()
    }

    fn constant(&self, v: Value) -> Option<i64> {
        let data = &self.f[v];
        match data.op {
            Op::MOVLconst => Some(i64::from(data.aux_int as i32)),
            Op::MOVQconst => Some(data.aux_int),
            Op::MOVOconst => Some(0),
            _ => None,
        }
    }

    /// Returns a value in the words of the program: a variable, a number, or the register that holds it.
    fn describe(&self, v: Value) -> String {
        let f = self.f;
        let mut source = v;
        for _ in 0..DEPTH {
            if let Some(&var) = self.names.get(&source) {
                return self.var(var);
            }
            let data = &f[source];
            match (data.op, data.aux) {
                (Op::Arg | Op::ArgIntReg, Aux::Var(var)) => return self.var(var),
                (Op::LoadReg | Op::StoreReg | Op::Copy, _) => source = data.args[0],
                _ => break,
            }
        }
        match self.constant(source) {
            Some(number) => with_halves(number),
            None => self.register(v),
        }
    }
}

/// Returns a number; one that is two small ones side by side, as stores that were joined make it, with these.
fn with_halves(number: i64) -> String {
    const SMALL: i64 = 1 << 20;
    let (low, high) = (number & 0xffff_ffff, number >> 32);
    match (1..SMALL).contains(&low) && (1..SMALL).contains(&high) {
        true => format!("{number} ({low} | {high}<<32)"),
        false => number.to_string(),
    }
}

/// Go's operators for mnemonics without their sizes.
pub(super) const OPERATORS: [(&str, &str); 10] = [
    ("ADD", "+"),
    ("SUB", "-"),
    ("MUL", "*"),
    ("IMUL", "*"),
    ("AND", "&"),
    ("OR", "|"),
    ("XOR", "^"),
    ("SHL", "<<"),
    ("SHR", ">>"),
    ("SAR", ">>"),
];

/// Returns Go's operator for the operation of a mnemonic.
fn operator(name: &str) -> Option<&'static str> {
    let found = OPERATORS.iter().find(|(start, _)| name.starts_with(start));
    found.map(|&(_, sign)| sign)
}

/// Returns what the operation of a mnemonic makes of two sides, in Go.
fn combined(name: &str, left: &str, right: &str) -> Option<String> {
    if name.starts_with("BTS") {
        return Some(format!("{left} | 1<<{right}"));
    }
    if name.starts_with("BTR") {
        return Some(format!("{left} &^ (1<<{right})"));
    }
    if name.starts_with("BTC") {
        return Some(format!("{left} ^ 1<<{right}"));
    }
    let sign = operator(name)?;
    Some(match (sign, right.strip_prefix('-')) {
        ("+", Some(positive)) => format!("{left} - {positive}"),
        // Go's operator depends on the type: this one fills with zeros.
        _ if name.starts_with("SHR") => format!("{left} >> {right} (unsigned)"),
        _ => format!("{left} {sign} {right}"),
    })
}

/// Returns the end of a mnemonic that depends on a bit for one that depends on the carry flag, which holds the bit.
pub(super) fn bit_ending(ending: &str) -> &str {
    match ending {
        "CS" | "B" | "ULT" => "NE",
        "CC" | "AE" | "UGE" => "EQ",
        other => other,
    }
}

/// Reports whether [`relation`] knows the end of a mnemonic.
pub(super) fn is_relation(ending: &str) -> bool {
    !relation("", ending, "").contains(ending)
}

/// Returns a condition by the end of a mnemonic that depends on it.
pub(super) fn relation(left: &str, ending: &str, right: &str) -> String {
    let (sign, note) = match ending {
        "EQ" => ("==", ""),
        "NE" => ("!=", ""),
        "LT" | "L" => ("<", ""),
        "LE" => ("<=", ""),
        "GT" | "G" => (">", ""),
        "GE" => (">=", ""),
        "CS" | "B" | "ULT" => ("<", " (unsigned)"),
        "LS" | "BE" | "ULE" => ("<=", " (unsigned)"),
        "HI" | "A" | "UGT" => (">", " (unsigned)"),
        "CC" | "AE" | "UGE" => (">=", " (unsigned)"),
        other => return format!("{left} {other} {right}"),
    };
    format!("{left} {sign} {right}{note}")
}
