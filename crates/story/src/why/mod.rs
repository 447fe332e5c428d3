//! Why each line of a listing is there: who made it, and one sentence.
//!
//! What the compiler knew about a value is noted while the function is emitted ([`values`]); which part of the assembler
//! added a line is told by the numbers of instructions ([`minigo_obj::Makers`]). [`Reasons::of`] puts both together
//! for a row of a listing.
//!
//! A comment begins with a tab, a semicolon and a blank. Without its comments, an annotated listing is the listing.

mod instruction;
mod rows;
mod sentence;
pub mod values;

use minigo_base::PosTable;
use minigo_obj::list::Row;
use minigo_obj::{LSym, SymTable, Unit, list};
use minigo_ssa::{Block, Step, Value};
use serde::Serialize;

use crate::frame::Variable;
use crate::lang::{Lang, Text};
pub use rows::Reasons;
pub use sentence::Sentence;
pub use values::{Notes, notes};

/// Who made a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Who {
    /// A statement of the program.
    #[serde(rename = "go")]
    Statement,
    /// The register allocator.
    #[serde(rename = "ra")]
    Registers,
    /// The maps for the garbage collector and for stopping goroutines.
    #[serde(rename = "live")]
    Liveness,
    /// The check of the stack.
    #[serde(rename = "split")]
    StackCheck,
    /// The frame: opening and closing it.
    #[serde(rename = "frame")]
    Frame,
    /// Padding.
    #[serde(rename = "pad")]
    Padding,
    /// A call of the runtime that a statement needs.
    #[serde(rename = "run")]
    Runtime,
    /// A line of an assembly file.
    #[serde(rename = "asm")]
    Source,
}

impl Who {
    /// All of them.
    pub const ALL: [Who; 8] = [
        Who::Statement,
        Who::Registers,
        Who::Liveness,
        Who::StackCheck,
        Who::Frame,
        Who::Padding,
        Who::Runtime,
        Who::Source,
    ];

    /// The word for it.
    pub const fn word(self) -> Text {
        match self {
            Who::Statement => Text {
                en: "go",
                zh: "语句",
            },
            Who::Registers => Text {
                en: "ra",
                zh: "寄存器",
            },
            Who::Liveness => Text {
                en: "live",
                zh: "指针图",
            },
            Who::StackCheck => Text {
                en: "split",
                zh: "栈检查",
            },
            Who::Frame => Text {
                en: "frame",
                zh: "栈帧",
            },
            Who::Padding => Text {
                en: "pad",
                zh: "对齐",
            },
            Who::Runtime => Text {
                en: "run",
                zh: "运行时",
            },
            Who::Source => Text {
                en: "asm",
                zh: "源码",
            },
        }
    }

    /// Reports whether the line of the source says more.
    const fn has_line(self) -> bool {
        matches!(
            self,
            Who::Statement | Who::Registers | Who::Runtime | Who::Source
        )
    }
}

/// Why a line is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Who made it.
    pub who: Who,
    /// What it does.
    pub sentence: Sentence,
    /// The pass that made it of several neighbouring stores, if one did.
    pub joined_by: Option<&'static str>,
    /// Its value, if it has one.
    pub value: Option<Value>,
    /// The block whose end it is, if it is one.
    pub block: Option<Block>,
    /// The steps of its value.
    pub steps: Vec<Step>,
}

impl Reason {
    /// Returns the sentence, and the pass that joined stores.
    pub fn text(&self, lang: Lang) -> String {
        let mut text = self.sentence.text(lang);
        if let Some(pass) = self.joined_by {
            text.push_str(&match lang {
                Lang::En => format!("; {pass} joined neighbouring stores"),
                Lang::Zh => format!("；{pass} 合并了相邻的存储"),
            });
        }
        text
    }
}

/// The form of an annotated listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The listing, with comments.
    Full,
    /// Offset, instruction and comment of each line.
    Brief,
}

/// Everything that is known about a function besides its instructions: nothing about hand-written ones.
#[derive(Clone, Copy, Default)]
pub struct Known<'a> {
    /// The notes on its values; none for hand-written functions.
    pub notes: Option<&'a Notes>,
    /// Its variables.
    pub variables: &'a [Variable],
}

/// Appends the listing of a symbol with the reason of each line.
pub fn write_symbol(out: &mut String, s: &LSym, unit: &Unit, known: Known, form: Form, lang: Lang) {
    let mut reasons = Reasons::new(s, unit, known);
    match form {
        Form::Full => list::write_annotated(out, s, unit, |out, row| {
            for (index, reason) in reasons.of(row).iter().enumerate() {
                if index > 0 {
                    out.push('\n');
                }
                out.push_str("\t; ");
                out.push_str(&comment(reason, row, unit.files, lang, true));
            }
        }),
        Form::Brief => brief(out, s, unit, &mut reasons, lang),
    }
}

/// Appends the listing of a symbol of an assembly file; with the reason of each line, if it is asked for.
pub fn write_written(out: &mut String, s: &LSym, unit: &Unit, why: Option<(Form, Lang)>) {
    match why {
        None => list::write_symbol(out, s, unit),
        Some((Form::Brief, _)) if s.text.is_none() => {}
        Some((form, lang)) => write_symbol(out, s, unit, Known::default(), form, lang),
    }
}

/// The text of a comment: who, where in the source, what for.
fn comment(reason: &Reason, row: &Row, files: &PosTable, lang: Lang, with_steps: bool) -> String {
    /// The file of what the compiler makes.
    const AUTOGENERATED: &str = "<autogenerated>";
    let mut who = reason.who.word().in_lang(lang).to_owned();
    let (file, line) = files.file_line(row.pos);
    if reason.who.has_line() && row.pos.is_known() && file != AUTOGENERATED {
        // An inlined body may be of another file.
        let (own, _) = files.file_line(row.function.pos());
        if file != own {
            who.push_str(&format!(":{}", file.rsplit('/').next().unwrap_or(file)));
        }
        who.push_str(&format!(":{line}"));
    }
    let width = match lang {
        Lang::En => 8,
        Lang::Zh => 10,
    };
    let blank = " ".repeat(width_left(&who, width));
    let sentence = reason.text(lang);
    match reason.value.filter(|_| with_steps) {
        Some(v) => format!("{who}{blank}{sentence}  [{v}: {}]", told(&reason.steps)),
        None => format!("{who}{blank}{sentence}"),
    }
}

/// Returns what passes did to a value: `Mul64 start, LEAQ2 lower (Mul64(Const64) → LEAQ2, amd64.rules:12)`. Rules that
/// only exchange the operation need no name.
fn told(steps: &[Step]) -> String {
    let mut before = String::new();
    let mut told = Vec::new();
    for step in steps {
        let op = step.op.to_string();
        let rule = step.rule.map_or_else(String::new, |rule| {
            match rule.name() == format!("{before} → {op}") {
                true => format!(" ({})", rule.place()),
                false => format!(" ({}, {})", rule.name(), rule.place()),
            }
        });
        told.push(format!("{op} {}{rule}", step.pass));
        before = op;
    }
    told.join(", ")
}

fn width_left(text: &str, width: usize) -> usize {
    let wide = text.chars().filter(|c| !c.is_ascii()).count();
    width.saturating_sub(text.chars().count() + wide).max(1)
}

/// The column of comments in the brief form.
const COLUMN: usize = 52;

/// Appends the header and a line for each instruction.
fn brief(out: &mut String, s: &LSym, unit: &Unit, reasons: &mut Reasons, lang: Lang) {
    let mut listing = String::new();
    list::write_symbol(&mut listing, s, unit);
    out.push_str(listing.lines().next().unwrap_or_default());
    out.push('\n');
    for row in list::rows(s) {
        let text = row.text(unit.syms).replacen('\t', " ", 1);
        let line = format!("{:#06x} {text}", row.pc);
        for (index, reason) in reasons.of(&row).iter().enumerate() {
            let line = if index == 0 { line.as_str() } else { "" };
            let blank = " ".repeat(width_left(line, COLUMN));
            let comment = comment(reason, &row, unit.files, lang, false);
            out.push_str(&format!("{line}{blank}; {comment}\n"));
        }
    }
}

/// Returns the name of a function as sentences show it: without the package if it is this one.
fn shown<'a>(name: &'a str, syms: &SymTable) -> &'a str {
    syms.own_part(name).unwrap_or(name)
}
