//! The facts about functions that only debuggers need, beside the pc tables of [`Pcln`](crate::Pcln).

use std::marker::PhantomData;
use std::ops::Range;

use minigo_base::IsStmt;
use serde::{Deserialize, Serialize};

use crate::amd64::{As, Reg};
use crate::func_text::FuncText;
use crate::pcln::Table;
use crate::prog::{Addr, AddrKind, NameKind, Prog};
use crate::unit::Unit;

/// The facts about a function.
#[derive(Clone, Debug, Default)]
pub struct Debug {
    /// The function is written in assembly.
    pub hand_written: bool,
    /// 1 where an instruction may begin a statement, else 0, by pc, in the form of the tables of [`Pcln`](crate::Pcln).
    pub stmt: Vec<u8>,
    /// 1 where the caller's BP is saved below the return address, else 0, by pc.
    pub saved_bp: Vec<u8>,
    /// The scopes that have variables, outer ones first.
    pub scopes: Vec<Scope>,
    /// For each inlined call of [`Pcln::inline_tree`](crate::Pcln::inline_tree), the scope that contains it, if there is one.
    pub scopes_of_calls: Vec<Option<u32>>,
    /// The variables, encoded by [`Self::add`].
    variables: Vec<u8>,
}

/// The part of a function, or of an inlined call, that a block of the program is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The scope that contains this one, as an index into [`Debug::scopes`].
    pub parent: Option<u32>,
    /// The inlined call whose scope it is, as an index into [`Unit::inlined_calls`](crate::Unit::inlined_calls).
    pub inlined: Option<u32>,
    /// Its instructions, by pc.
    pub code: Vec<Range<u32>>,
}

/// A variable of the program.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Variable<'a> {
    /// The name in the source.
    pub name: &'a str,
    /// The kind.
    pub kind: VariableKind,
    /// The type.
    #[serde(borrow)]
    pub ty: BaseType<'a>,
    /// The line of the declaration, line directives applied.
    pub line: u32,
    /// The inlined call whose variable it is, as an index into [`Unit::inlined_calls`](crate::Unit::inlined_calls).
    pub inlined: Option<u32>,
    /// The scope that declares it, as an index into [`Debug::scopes`]; none for a whole function.
    pub scope: Option<u32>,
    /// The places that hold its value.
    #[serde(borrow)]
    pub places: Places<'a>,
}

/// The places that hold the value of a variable, encoded. There are none at other instructions.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Places<'a> {
    #[serde(with = "serde_bytes")]
    bytes: &'a [u8],
}

/// The kind of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VariableKind {
    /// A parameter.
    Param,
    /// A result.
    Result,
    /// Any other.
    Local,
}

/// A type whose values have no parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BaseType<'a> {
    /// The name: `int32`, `main.T`.
    pub name: &'a str,
    /// Bytes.
    pub size: u8,
    /// The kind of the values.
    pub encoding: Encoding,
}

/// The kind of the values of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Encoding {
    Boolean,
    Signed,
    Unsigned,
}

/// A place that holds the value of a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// A register.
    Register(Reg),
    /// Memory, by its distance in bytes from the first argument, which is above the return address.
    Memory(i64),
    /// None: the value is known.
    Constant(i64),
}

impl<'a> Places<'a> {
    /// Returns the encoded form of places, each with its instructions, by pc. `bytes` is the memory for it.
    pub fn encode(places: &[(Range<u32>, Place)], bytes: &'a mut Vec<u8>) -> Places<'a> {
        bytes.clear();
        places.iter().for_each(|place| append(bytes, place));
        Places { bytes }
    }

    /// Returns the places, each with its instructions, by pc.
    pub fn iter(self) -> impl Iterator<Item = (Range<u32>, Place)> + Clone + use<'a> {
        Decoder::new(self.bytes)
    }
}

/// Appends the encoded form of a value: numbers take as many bytes as they need.
fn append(bytes: &mut Vec<u8>, value: &impl Serialize) {
    let taken = std::mem::take(bytes);
    let appended = postcard::to_extend(value, taken);
    *bytes = appended.expect("memory takes everything");
}

/// Takes encoded values from the front of bytes.
#[derive(Clone)]
struct Decoder<'a, T> {
    bytes: &'a [u8],
    values: PhantomData<T>,
}

impl<'a, T> Decoder<'a, T> {
    fn new(bytes: &'a [u8]) -> Self {
        Decoder {
            bytes,
            values: PhantomData,
        }
    }
}

impl<'a, T: Deserialize<'a>> Iterator for Decoder<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if self.bytes.is_empty() {
            return None;
        }
        let taken = postcard::take_from_bytes(self.bytes);
        let (value, rest) = taken.expect("the bytes are encoded values");
        self.bytes = rest;
        Some(value)
    }
}

impl Debug {
    /// Adds a variable: parameters and results, then locals, those of inlined calls included.
    pub fn add(&mut self, variable: &Variable) {
        append(&mut self.variables, variable);
    }

    /// Frees the memory for more variables.
    pub fn shrink(&mut self) {
        self.variables.shrink_to_fit();
    }

    /// Returns the variables in the order in which they were added.
    pub fn variables(&self) -> impl Iterator<Item = Variable<'_>> {
        Decoder::new(&self.variables)
    }

    /// Returns the tables of an assembled function of `size` bytes. Requires the `pc` of all instructions.
    pub(crate) fn new(f: &FuncText, size: u32, unit: &Unit) -> Debug {
        let [mut stmt, mut saved_bp] = [(); 2].map(|()| Table::default());
        let (mut is_saved, mut has_saved, mut depth) = (0, 0, 0);
        let mut next = Some(FuncText::TEXT);
        while let Some(id) = next {
            let p = &f[id];
            next = p.link();
            if next.is_none_or(|next| f[next].pc != p.pc) {
                let is_stmt = p.pos.line() != 0 && p.pos.is_stmt() != IsStmt::No;
                stmt.put(p.pc, is_stmt.into());
                // The instructions that grow the stack follow a RET, without a frame.
                saved_bp.put(p.pc, if depth > 0 { is_saved } else { 0 });
            }
            if saves_bp(p, depth) {
                (is_saved, has_saved) = (1, 1);
            } else if restores_bp(p, depth) {
                is_saved = 0;
            } else if p.as_ == As::RET && p.spadj != 0 {
                // What follows is reached with the frame in place.
                is_saved = has_saved;
            }
            depth += i64::from(p.spadj);
        }
        Debug {
            hand_written: unit.hand_written,
            stmt: stmt.finish(size),
            saved_bp: saved_bp.finish(size),
            scopes: Vec::new(),
            scopes_of_calls: Vec::new(),
            variables: Vec::new(),
        }
    }
}

fn is_bp(addr: &Addr) -> bool {
    addr.kind == AddrKind::Reg && addr.reg == Reg::BP
}

/// Reports whether an operand is the word below the return address, where `depth` is the distance between this and SP.
fn is_slot(addr: &Addr, depth: i64) -> bool {
    let is_memory = addr.kind == AddrKind::Mem && addr.name.kind() == NameKind::None;
    is_memory && addr.reg == Reg::SP && addr.offset == depth - 8
}

/// Reports whether an instruction saves the caller's BP.
fn saves_bp(p: &Prog, depth: i64) -> bool {
    match p.as_ {
        As::PUSHQ => is_bp(&p.from) && depth == 0,
        As::MOVQ => is_bp(&p.from) && is_slot(&p.to, depth),
        _ => false,
    }
}

/// Reports whether an instruction restores the caller's BP.
fn restores_bp(p: &Prog, depth: i64) -> bool {
    match p.as_ {
        As::POPQ => is_bp(&p.to) && depth == 8,
        As::MOVQ => is_slot(&p.from, depth) && is_bp(&p.to),
        _ => false,
    }
}
