//! The lines of a listing, with what made them.

use minigo_obj::{LSym, Unit, list};
use minigo_ssa::{Block, Value};
use minigo_story::Lang;
use minigo_story::why::{Known, Reasons, Who};

/// A line of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The offset of the instruction.
    pub pc: u32,
    /// Mnemonic, a tab, and operands.
    pub text: String,
    /// The machine code.
    pub bytes: Vec<u8>,
    /// The number of the file and the line, if they are known; line directives don't count.
    pub pos: Option<(u32, u32)>,
    /// Who made it.
    pub who: Who,
    /// Why it is there, in all languages.
    pub why: [String; Lang::ALL.len()],
    /// Its value, if it has one.
    pub value: Option<Value>,
    /// The block whose end it is, if it is one.
    pub block: Option<Block>,
}

/// Returns the lines of an assembled function.
pub fn lines(s: &LSym, unit: &Unit, known: Known) -> Vec<Line> {
    let mut reasons = Reasons::new(s, unit, known);
    let line = |row: list::Row| {
        let told = reasons.of(&row);
        let why = Lang::ALL.map(|lang| {
            let sentences = told.iter().map(|reason| reason.text(lang));
            sentences.collect::<Vec<_>>().join("; ")
        });
        let pos = row.pos.is_known();
        Line {
            pc: row.pc,
            text: row.text(unit.syms),
            bytes: row.bytes.to_vec(),
            pos: pos.then(|| (row.pos.base().as_u32(), row.pos.line())),
            who: told[0].who,
            why,
            value: told[0].value,
            block: told[0].block,
        }
    };
    list::rows(s).map(line).collect()
}
