//! Records the passes of a function while they run.

use std::collections::BTreeSet;
use std::fmt::Write;

use indexmap::IndexSet;
use minigo_base::{Pos, PosBase, PosTable};
use minigo_obj::SymTable;
use minigo_ssa::{Func, History, Snapshot};
use rustc_hash::FxBuildHasher;

use crate::json::Step;

use super::{BlockLife, Graph, Pass, Place, Record, ValueLife, diff};

/// The number of blocks above which only a few states are recorded, unless others are asked for.
const MOST_BLOCKS: usize = 20_000;
/// The states that are recorded of larger functions.
const USUAL: [&str; 3] = ["start", "lower", "regalloc"];

/// Records the passes of a function. A [`History`] looks at each state first.
pub struct Recorder {
    lines: IndexSet<String, FxBuildHasher>,
    passes: Vec<Pass>,
    graphs: Vec<Graph>,
    /// The lines of the last state.
    state: Vec<u32>,
    /// For [`diff::edits`].
    scratch: Vec<u32>,
    /// The bases of positions.
    bases: BTreeSet<PosBase>,
    /// The last position and home of each value, by number and generation.
    known: Vec<Vec<Known>>,
    /// The states to record; all if there are none.
    wanted: Vec<String>,
}

#[derive(Clone, Default)]
struct Known {
    pos: Pos,
    home: Option<String>,
}

impl Recorder {
    /// Makes a recorder that keeps the states after the passes `wanted`, or all states if there are none.
    pub fn new(wanted: &[String]) -> Recorder {
        Recorder {
            lines: IndexSet::default(),
            passes: Vec::new(),
            graphs: Vec::new(),
            state: Vec::new(),
            scratch: Vec::new(),
            bases: BTreeSet::new(),
            known: Vec::new(),
            wanted: wanted.to_vec(),
        }
    }

    /// Records the state after a pass, at which `history` has looked already.
    pub fn observe(&mut self, pass: &str, f: &Func, history: &History, syms: &SymTable) {
        if self.passes.is_empty() && self.wanted.is_empty() && f.layout.len() > MOST_BLOCKS {
            self.wanted = USUAL.map(str::to_owned).to_vec();
        }
        if !self.wanted.is_empty() && !self.wanted.iter().any(|name| name == pass) {
            self.passes.push(Pass {
                name: pass.to_owned(),
                changed: false,
                recorded: false,
                num_blocks: f.num_blocks(),
                num_values: f.num_values(),
                edits: Vec::new(),
                graph: self.graphs.len().saturating_sub(1),
            });
            return;
        }
        let snapshot = Snapshot::new(f, pass, syms);
        let mut state = Vec::with_capacity(self.state.len());
        let mut line = String::new();
        let mut intern = |lines: &mut IndexSet<String, FxBuildHasher>, text: &mut String| {
            let index = match lines.get_index_of(text.as_str()) {
                Some(index) => index,
                None => lines.insert_full(text.clone()).0,
            };
            text.clear();
            state.push(index as u32);
        };
        let mut graph = Graph::default();
        let mut last_base = PosBase::from_u32(0);
        let bases = &mut self.bases;
        let mut note_base = |pos: Pos| {
            if pos.base() != last_base {
                last_base = pos.base();
                bases.insert(last_base);
            }
        };
        self.known.resize_with(f.num_values(), Vec::new);
        for block in &snapshot.blocks {
            let _ = write!(line, "  {block}");
            intern(&mut self.lines, &mut line);
            note_base(block.pos);
            graph.blocks.push(block.id.as_u32());
            let succs = block.succs.iter().map(|edge| edge.block.as_u32());
            graph.succs.extend(succs);
            graph.ends.push(graph.succs.len() as u32);
            for value in &block.values {
                let _ = write!(line, "    {value}");
                intern(&mut self.lines, &mut line);
                note_base(value.pos);
                let generations = history.values()[value.id.id()].len();
                let known = &mut self.known[value.id.id()];
                known.resize_with(generations, Known::default);
                if let Some(known) = known.last_mut() {
                    known.pos = value.pos;
                    known.home.clone_from(&value.home);
                }
            }
        }
        for (name, values) in &snapshot.names {
            let values: Vec<String> = values.iter().map(|v| v.to_string()).collect();
            let _ = write!(line, "  name {name} [{}]", values.join(" "));
            intern(&mut self.lines, &mut line);
        }
        self.scratch.resize(self.lines.len(), u32::MAX);
        let edits = diff::edits(&self.state, &state, &mut self.scratch);
        self.state = state;
        if self.graphs.last() != Some(&graph) {
            self.graphs.push(graph);
        }
        self.passes.push(Pass {
            name: pass.to_owned(),
            changed: !edits.is_empty(),
            recorded: true,
            num_blocks: snapshot.num_blocks,
            num_values: snapshot.num_values,
            edits,
            graph: self.graphs.len() - 1,
        });
    }

    /// Returns the record of the function.
    pub fn finish(self, f: &Func, history: &History, files: &PosTable) -> Record {
        let Recorder {
            lines,
            passes,
            graphs,
            known,
            bases,
            ..
        } = self;
        let mut values = Vec::new();
        for (id, lives) in history.values().iter().enumerate() {
            for (generation, life) in lives.iter().enumerate() {
                let known = known.get(id).and_then(|known| known.get(generation));
                let known = known.cloned().unwrap_or_default();
                let pos = known.pos;
                let place = [pos.base().as_u32(), pos.line(), pos.col()];
                let pos = pos.is_known().then_some(place);
                values.push(ValueLife {
                    id: format!("v{id}.{generation}"),
                    born: life.born,
                    died: life.died,
                    steps: life.steps.iter().map(Step::from).collect(),
                    pos,
                    home: known.home,
                });
            }
        }
        let mut blocks = Vec::new();
        for (id, lives) in history.blocks().iter().enumerate() {
            for (generation, life) in lives.iter().enumerate() {
                blocks.push(BlockLife {
                    id: format!("b{id}.{generation}"),
                    born: life.born,
                    died: life.died,
                });
            }
        }
        Record {
            func: f.name.clone(),
            lines: lines.into_iter().collect(),
            passes,
            values,
            blocks,
            places: bases
                .into_iter()
                .map(|base| Place::new(base, files))
                .collect(),
            graphs,
        }
    }
}
