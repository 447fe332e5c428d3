//! Frames as data: their parts, each once, and which of them each frame has.

use std::collections::BTreeMap;

use minigo_story::Lang;
use minigo_story::frame::{Frame, Part, Row, State};
use serde::Serialize;

/// The frames of a function.
#[derive(Default, Serialize)]
pub(crate) struct Frames<'a> {
    /// The parts of frames.
    slots: Vec<Slot<'a>>,
    /// The frames, each different from the others.
    frames: Vec<Shape>,
    /// The frame before each line of the listing; -1 if it isn't known.
    at: Vec<i64>,
    /// The line whose frame is shown first; -1 if there is none.
    first: i64,
}

/// A part of a frame.
#[derive(Serialize)]
struct Slot<'a> {
    /// The lowest byte, as an offset from FP.
    off: i64,
    size: i64,
    /// `hole`, `unnamed`, or empty.
    kind: &'static str,
    /// Name and note in all languages.
    name: [String; 2],
    tag: [String; 2],
    reads: &'a [u32],
    writes: &'a [u32],
    addressed: &'a [u32],
}

/// A frame without its instruction.
#[derive(PartialEq, Eq, Serialize)]
struct Shape {
    sp: i64,
    pseudo: i64,
    bp: Option<i64>,
    /// The parts from high to low address, and what they hold: 0 nothing known, -1 not written, -2 not read any more, or one
    /// more than the offset until which the value is needed.
    rows: Vec<(usize, i64)>,
}

impl<'a> Frames<'a> {
    /// Returns the frames of a function whose lines are at the offsets `pcs`.
    pub(crate) fn new(frames: &'a [Frame], pcs: &[u32], first: Option<u32>) -> Frames<'a> {
        let mut interned = Frames::default();
        let mut slots: BTreeMap<(i64, i64, String, Vec<u32>), usize> = BTreeMap::new();
        let mut by_pc = BTreeMap::new();
        for frame in frames {
            let rows = frame.rows.iter().map(|row| {
                let off = row.offset - frame.fp();
                let label = Lang::ALL.map(|lang| row.label(lang));
                let name = format!("{} {}", label[0].0, label[0].1);
                let accesses = row.writes.iter().chain(&row.reads).copied().collect();
                let next = interned.slots.len();
                let slot = *slots.entry((off, row.size, name, accesses)).or_insert(next);
                if slot == next {
                    interned.slots.push(Slot::new(row, off, label));
                }
                (slot, state(row.state))
            });
            let shape = Shape {
                rows: rows.collect(),
                sp: frame.depth,
                pseudo: frame.pseudo_sp,
                bp: frame.bp,
            };
            let known = interned.frames.iter().rposition(|known| *known == shape);
            let index = known.unwrap_or_else(|| {
                interned.frames.push(shape);
                interned.frames.len() - 1
            });
            by_pc.insert(frame.pc, index);
        }
        let at = |pc: &u32| by_pc.get(pc).map_or(-1, |&index| index as i64);
        interned.at = pcs.iter().map(at).collect();
        // The last line of an offset is its instruction, after the annotations.
        let first = first.and_then(|first| pcs.iter().rposition(|&pc| pc == first));
        interned.first = first.map_or(-1, |line| line as i64);
        interned
    }
}

impl<'a> Slot<'a> {
    fn new(row: &'a Row, off: i64, label: [(String, String); 2]) -> Slot<'a> {
        let [(en, en_tag), (zh, zh_tag)] = label;
        Slot {
            off,
            size: row.size,
            kind: kind(&row.part),
            name: [en, zh],
            tag: [en_tag, zh_tag],
            reads: &row.reads,
            writes: &row.writes,
            addressed: &row.addressed,
        }
    }
}

fn kind(part: &Part) -> &'static str {
    match part {
        Part::Hole => "hole",
        Part::Unnamed => "unnamed",
        Part::Variable(_) | Part::Outgoing { .. } | Part::ReturnAddress(_) | Part::SavedBp => "",
    }
}

fn state(state: State) -> i64 {
    match state {
        State::Unknown => 0,
        State::NotWritten => -1,
        State::Dead => -2,
        State::LiveUntil(pc) => i64::from(pc) + 1,
    }
}
