//! Listings as data.

use minigo_base::PosTable;
use minigo_obj::dialect::HeaderField;
use minigo_obj::list::{self, Row};
use minigo_obj::{Attrs, LSym, RelocKind, Unit};
use serde::Serialize;

use super::portable;
use crate::lang::Lang;
use crate::why::{Known, Reasons, Sentence, Who};

/// The symbols of a listing.
#[derive(Clone, Debug, Default)]
pub struct Symbols {
    /// The functions.
    pub funcs: Vec<Function>,
    /// The other symbols.
    pub data: Vec<Data>,
}

/// A function of a listing.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Function {
    /// Its name after linking, such as `main.add`, if the package is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its name in the listing, such as `"".add`.
    pub sym: String,
    /// The file that declares it.
    pub file: String,
    /// The line that declares it.
    pub line: u32,
    /// Bytes of its code.
    pub size: i64,
    /// Bytes of its frame, without the return address.
    pub frame: i64,
    /// Bytes of its arguments and results on the stack.
    pub args: i64,
    /// Why it doesn't check the stack; null if it does.
    pub nosplit: Option<Nosplit>,
    /// Other words of its first line in the listing: `dupok`.
    pub attributes: Vec<String>,
    /// Its instructions, and what annotates them.
    pub insts: Vec<Instruction>,
    /// Its relocations in the order of the listing.
    pub relocs: Vec<Relocation>,
}

/// Why a function doesn't check the stack.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Nosplit {
    /// The assembler saw that it needs no check.
    Inferred,
    /// The source asks for it.
    Asked,
}

/// A line of a function's listing.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Instruction {
    /// Offset in the function.
    pub pc: u32,
    /// The machine code in hexadecimal, with relocated fields zero; empty for annotations.
    pub bytes: String,
    /// The file of the statement.
    pub file: String,
    /// The line of the statement; 0 if it has none.
    pub line: u32,
    /// The column of the statement, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The mnemonic: `MOVL`.
    #[serde(rename = "as")]
    pub mnemonic: String,
    /// The operands as the listing prints them, separated by commas.
    pub ops: String,
    /// Why it is there, if that was asked for: one reason, or for TEXT a second one about NOSPLIT.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Reason>,
    /// The value that it computes, if reasons were asked for and it computes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
}

/// Why an instruction is there.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Reason {
    /// Who made it.
    pub by: Who,
    /// The sentence's name and its details.
    #[serde(flatten)]
    pub sentence: Sentence,
    /// The sentence in English.
    pub en: String,
    /// The sentence in Chinese.
    pub zh: String,
}

/// The value of an instruction.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Value {
    /// Its name in dumps. Numbers of freed values are used again.
    pub id: String,
    /// The steps of its value.
    pub steps: Vec<Step>,
    /// The pass that made it of several neighbouring stores, if one did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined_by: Option<String>,
}

/// A step in the life of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Step {
    /// The pass; `start` before the first.
    pub pass: String,
    /// The operation that it gave the value.
    pub op: String,
    /// The rewrite rule that it used last, if one did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
}

/// A rewrite rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Rule {
    /// The operations that it matches, and the one that replaces them: `Mul64(Const64) → LEAQ2`.
    pub name: String,
    /// Its file and line: `amd64.rules:12`.
    pub place: String,
}

/// A symbol of a listing that isn't a function.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Data {
    /// Its name in the listing.
    pub sym: String,
    /// Its kind: `SRODATA`.
    pub kind: String,
    /// Bytes.
    pub size: i64,
    /// Other words of its first line in the listing: `dupok`.
    pub attributes: Vec<String>,
    /// Its content in hexadecimal, with relocated fields zero; shorter than its size if the rest is zero.
    pub bytes: String,
    /// Its relocations in the order of the listing.
    pub relocs: Vec<Relocation>,
}

/// A field that the linker fills in.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Relocation {
    /// Offset in the symbol.
    pub off: u32,
    /// Bytes.
    pub size: u8,
    /// The number or the name that the listing prints for its kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// The symbol whose address it depends on; `TLS` for the thread's base.
    pub sym: String,
    /// Added to the address.
    pub add: i64,
}

impl Symbols {
    /// Adds a symbol of a listing. `known` says why each line of a function is there; without it, nothing does.
    pub fn add(&mut self, s: &LSym, unit: &Unit, package: &Package, known: Option<Known>) {
        match s.text {
            Some(_) => self.funcs.push(Function::new(s, unit, package, known)),
            None => self.data.push(Data::new(s, unit)),
        }
    }

    /// Adds others.
    pub fn append(&mut self, mut others: Symbols) {
        self.funcs.append(&mut others.funcs);
        self.data.append(&mut others.data);
    }
}

/// The package of symbols.
#[derive(Clone, Copy, Debug)]
pub struct Package<'a> {
    /// Its name; empty if it isn't known.
    pub name: &'a str,
    /// The folder that names of files are relative to.
    pub folder: &'a std::path::Path,
}

impl Function {
    /// Returns a function, which must have its instructions.
    pub fn new(s: &LSym, unit: &Unit, package: &Package, known: Option<Known>) -> Function {
        let sym = s.sym.map_or("", |sym| unit.syms.name(sym));
        let own = unit.syms.own_part(sym).filter(|_| !package.name.is_empty());
        let text = s.text.as_deref().expect("a function has instructions");
        let mut reasons = known.map(|known| Reasons::new(s, unit, known));
        let instructions = list::rows(s).map(|row| {
            let reasons = reasons.as_mut().map(|reasons| reasons.of(&row));
            Instruction::new(&row, unit, package, reasons.unwrap_or_default())
        });
        let nosplit = match (s.attrs.has(Attrs::NOSPLIT), text.makers.inferred_nosplit) {
            (true, true) => Some(Nosplit::Inferred),
            (true, false) => Some(Nosplit::Asked),
            (false, _) => None,
        };
        let (file, line, _) = place(unit.files, text.pos(), package);
        Function {
            name: own.map(|own| format!("{}.{own}", package.name)),
            sym: sym.to_owned(),
            file,
            line,
            size: s.size,
            frame: text.frame_size.max(0),
            args: i64::from(text.args_size.max(0)),
            nosplit,
            attributes: attributes(s, unit),
            insts: instructions.collect(),
            relocs: relocations(s, unit),
        }
    }
}

impl Instruction {
    fn new(
        row: &Row,
        unit: &Unit,
        package: &Package,
        reasons: Vec<crate::why::Reason>,
    ) -> Instruction {
        let text = row.text(unit.syms);
        let (mnemonic, ops) = text.split_once('\t').unwrap_or((&text, ""));
        let (file, line, column) = place(unit.files, row.pos, package);
        Instruction {
            pc: row.pc,
            bytes: hexadecimal(row.bytes),
            file,
            line,
            column,
            mnemonic: mnemonic.to_owned(),
            ops: ops.to_owned(),
            value: reasons.first().and_then(Value::of),
            why: reasons.into_iter().map(Reason::from).collect(),
        }
    }
}

impl From<crate::why::Reason> for Reason {
    fn from(reason: crate::why::Reason) -> Reason {
        Reason {
            by: reason.who,
            en: reason.sentence.text(Lang::En),
            zh: reason.sentence.text(Lang::Zh),
            sentence: reason.sentence,
        }
    }
}

impl From<&minigo_ssa::Step> for Step {
    fn from(step: &minigo_ssa::Step) -> Step {
        Step {
            pass: step.pass.to_owned(),
            op: step.op.to_string(),
            rule: step.rule.map(|rule| Rule {
                name: rule.name().to_owned(),
                place: rule.place().to_owned(),
            }),
        }
    }
}

impl Value {
    fn of(reason: &crate::why::Reason) -> Option<Value> {
        Some(Value {
            id: reason.value?.to_string(),
            steps: reason.steps.iter().map(Step::from).collect(),
            joined_by: reason.joined_by.map(str::to_owned),
        })
    }
}

impl Data {
    fn new(s: &LSym, unit: &Unit) -> Data {
        Data {
            sym: s.sym.map_or("", |sym| unit.syms.name(sym)).to_owned(),
            kind: s.kind.to_string(),
            size: s.size,
            attributes: attributes(s, unit),
            bytes: hexadecimal(&s.data),
            relocs: relocations(s, unit),
        }
    }
}

/// The file, the line and the column of a position.
fn place(files: &PosTable, pos: minigo_base::Pos, package: &Package) -> (String, u32, Option<u32>) {
    match files.position(pos) {
        Some(at) => (portable(&at.file, package.folder), at.line, at.column),
        None => (String::new(), 0, None),
    }
}

/// The words for attributes in the first line of a symbol.
fn attributes(s: &LSym, unit: &Unit) -> Vec<String> {
    let fields = unit.dialect.header.iter();
    let words = fields.filter_map(|field| match field {
        HeaderField::Attribute(attribute, word) if s.attrs.has(*attribute) => Some(*word),
        HeaderField::HandWritten if unit.hand_written && s.text.is_some() => Some("asm"),
        _ => None,
    });
    words.map(str::to_owned).collect()
}

fn relocations(s: &LSym, unit: &Unit) -> Vec<Relocation> {
    let relocs = list::sorted_relocs(s, unit.dialect).into_iter();
    let relocs = relocs.map(|reloc| Relocation {
        off: reloc.off,
        size: reloc.siz,
        kind: (unit.dialect.reloc_name)(reloc.kind).to_owned(),
        sym: match reloc.sym {
            Some(sym) => unit.syms.name(sym).to_owned(),
            None if reloc.kind == RelocKind::TLS_LE => "TLS".to_owned(),
            None => String::new(),
        },
        add: reloc.add,
    });
    relocs.collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
