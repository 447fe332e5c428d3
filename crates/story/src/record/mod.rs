//! The passes of a function as data: what each changed, and the life of every value and block.
//!
//! A [`Recorder`] looks at the function after every pass. It keeps each line that a dump would have once, and for each pass
//! the difference to the state before, so that a record is as large as what happened, not as all dumps. Numbers of values
//! and blocks are used again; here they are told apart by generation: `v8.0`, `v8.1`.

mod diff;
mod recorder;

use minigo_base::{PosBase, PosTable};
use serde::Serialize;

use crate::json::Step;

pub use recorder::Recorder;

/// The passes of a function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Record {
    /// The function, as dumps name it.
    pub func: String,
    /// Each line of a dump below its header, once, in the order in which they appeared.
    pub lines: Vec<String>,
    /// `start`, then the passes that ran.
    pub passes: Vec<Pass>,
    /// The values, by number and generation.
    pub values: Vec<ValueLife>,
    /// The blocks, by number and generation.
    pub blocks: Vec<BlockLife>,
    /// The files of positions: what the first number of a position in a line stands for.
    pub places: Vec<Place>,
    /// The graphs of blocks that passes left, each different from the one before.
    #[serde(skip)]
    pub graphs: Vec<Graph>,
}

/// The changes of a pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Pass {
    /// The name, as `-d` takes it with `_` for blanks.
    pub name: String,
    /// Whether it changed a line.
    pub changed: bool,
    /// Whether its state was wanted. Otherwise the edits are none, and its changes are among those of the next one.
    pub recorded: bool,
    /// One more than the largest block number ever used.
    pub num_blocks: usize,
    /// One more than the largest value number ever used.
    pub num_values: usize,
    /// How to make the lines after the pass from those before it, from the first line to the last.
    pub edits: Vec<Edit>,
    /// The graph after the pass, as an index into [`Record::graphs`].
    #[serde(skip)]
    pub graph: usize,
}

/// A part of the difference between two states.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Edit {
    /// How many lines stay, from the end of the edit before on.
    pub keep: usize,
    /// How many lines go after them.
    pub remove: usize,
    /// The lines that come in their place, as indices into [`Record::lines`].
    pub insert: Vec<u32>,
}

/// The life of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ValueLife {
    /// Number and generation: `v8.0`.
    pub id: String,
    /// The first state that has it, as an index into [`Record::passes`].
    pub born: usize,
    /// The first state that doesn't have it any more; null if it is there to the end.
    pub died: Option<usize>,
    /// How it got its operations; the first step made it.
    pub steps: Vec<Step>,
    /// Its last position: place, line and column, which is 0 if it is unknown; null if nothing is known.
    pub pos: Option<[u32; 3]>,
    /// The register or stack slot that it had last.
    pub home: Option<String>,
}

/// The life of a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct BlockLife {
    /// Number and generation: `b2.0`.
    pub id: String,
    /// The first state that has it, as an index into [`Record::passes`].
    pub born: usize,
    /// The first state that doesn't have it any more; null if it is there to the end.
    pub died: Option<usize>,
}

/// A file of positions, or a line directive or an inlined call in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Place {
    /// The number in positions.
    pub number: u32,
    /// The name of the file that holds the text.
    pub file: String,
    /// Whether the text was inlined here.
    pub inlined: bool,
}

/// The blocks of a state in layout order, with their successors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// The blocks' numbers.
    pub blocks: Vec<u32>,
    /// For each block, where its successors end in `succs`.
    pub ends: Vec<u32>,
    /// The numbers of all successors, block by block.
    pub succs: Vec<u32>,
}

impl Record {
    /// Returns the lines of a state below the header, as indices into [`Self::lines`].
    pub fn state(&self, pass: usize) -> Vec<u32> {
        let mut lines = Vec::new();
        for pass in 0..=pass {
            lines = self.next_state(&lines, pass);
        }
        lines
    }

    /// Returns the lines of a state, given those of the state before it.
    pub fn next_state(&self, before: &[u32], pass: usize) -> Vec<u32> {
        diff::apply(before, &self.passes[pass].edits)
    }

    /// Returns the dump after a pass.
    pub fn dump(&self, pass: usize) -> String {
        let Pass {
            name,
            num_blocks,
            num_values,
            ..
        } = &self.passes[pass];
        let mut text = format!("== {}: {name} nb={num_blocks} nv={num_values}\n", self.func);
        for line in self.state(pass) {
            text.push_str(&self.lines[line as usize]);
            text.push('\n');
        }
        text
    }
}

impl Place {
    fn new(base: PosBase, files: &PosTable) -> Place {
        let data = files.base(base);
        let text = files.base(data.pos.base());
        Place {
            number: base.as_u32(),
            file: text.filename.clone(),
            inlined: data.inlined.is_some(),
        }
    }
}
