//! Frames as data.

use serde::Serialize;

use crate::frame::{self, Part, Row, State, Variable, VariableKind};

/// The frame of a function before one of its instructions.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Frame {
    /// The function's name after linking: `main.add`.
    pub name: String,
    /// The offset of the instruction.
    pub pc: u32,
    /// The instruction as listings print it, with a blank for the tab.
    pub instruction: String,
    /// Bytes of the frame at the instruction, without the return address.
    pub sp: i64,
    /// Bytes of the frame when it is open.
    pub frame: i64,
    /// Bytes of arguments and results.
    pub args: i64,
    /// FP, as an offset from SP.
    pub fp: i64,
    /// The pseudo SP, as an offset from SP.
    pub pseudo_sp: i64,
    /// Where BP points, as an offset from SP; null if that isn't known.
    pub bp: Option<i64>,
    /// The parts, from high to low address, without gaps.
    pub slots: Vec<Slot>,
    /// The caller, if it was asked for and there is one in the package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<Caller>,
}

/// The caller of a function.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Caller {
    /// Its name after linking.
    pub name: String,
    /// The parts of its frame above the arguments, with offsets from the SP of the function.
    pub slots: Vec<Slot>,
}

/// A part of a frame.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Slot {
    /// The lowest byte, as an offset from SP.
    pub off: i64,
    /// Bytes.
    pub size: i64,
    /// The kind.
    #[serde(flatten)]
    pub kind: SlotKind,
    /// The instructions that read it, by offset.
    pub reads: Vec<u32>,
    /// The instructions that write it, by offset.
    pub writes: Vec<u32>,
    /// The instructions that take its address, by offset.
    pub addressed: Vec<u32>,
    /// Its content; null if that isn't known or needs no word.
    pub state: Option<SlotState>,
    /// For `live`: the offset of the last instruction that reads the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_until: Option<u32>,
}

/// The kind of a part of a frame.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum SlotKind {
    /// A parameter.
    Param {
        /// Its name; may be empty.
        name: String,
        /// The name of its type; empty if nobody says.
        #[serde(rename = "type")]
        ty: String,
        /// It is passed in registers, and its place is for spilling it.
        in_registers: bool,
    },
    /// A result.
    Result {
        /// Its name.
        name: String,
        /// The name of its type; empty if nobody says.
        #[serde(rename = "type")]
        ty: String,
        /// Its number among the results, from 1.
        number: usize,
    },
    /// A local variable.
    Local {
        /// Its name; may be empty.
        name: String,
        /// The name of its type; empty if nobody says.
        #[serde(rename = "type")]
        ty: String,
    },
    /// A place to which values are spilled.
    Spill {
        /// Its name: that of a variable, or one of the compiler's.
        name: String,
        /// The name of its type.
        #[serde(rename = "type")]
        ty: String,
        /// The values, as dumps name them.
        values: Vec<String>,
    },
    /// A parameter of a call.
    OutArg {
        /// The function that is called.
        callee: String,
        /// The offset of the call.
        call: u32,
        /// The parameter's name; may be empty.
        name: String,
        /// The name of its type.
        #[serde(rename = "type")]
        ty: String,
    },
    /// A result of a call.
    OutResult {
        /// The function that is called.
        callee: String,
        /// The offset of the call.
        call: u32,
        /// The result's name.
        name: String,
        /// The name of its type.
        #[serde(rename = "type")]
        ty: String,
    },
    /// The return address.
    ReturnAddress {
        /// The place in the caller that it is, if the caller was asked for: `main.main+0x30`.
        #[serde(skip_serializing_if = "Option::is_none")]
        place: Option<String>,
    },
    /// The caller's BP.
    SavedBp,
    /// Bytes between variables, for alignment.
    Hole,
    /// Bytes without a name: room for other calls, or what no operand names.
    Unnamed,
}

/// The content of a part of a frame.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum SlotState {
    /// No instruction on the way here wrote it.
    NotWritten,
    /// A value that is read on some way from here.
    Live,
    /// A value that nobody reads any more.
    Dead,
}

impl From<&frame::Frame> for Frame {
    fn from(frame: &frame::Frame) -> Frame {
        let slots = |rows: &[Row]| rows.iter().map(Slot::from).collect();
        Frame {
            name: frame.name.clone(),
            pc: frame.pc,
            instruction: frame.instruction.clone(),
            sp: frame.depth,
            frame: frame.frame_size,
            args: frame.args_size,
            fp: frame.fp(),
            pseudo_sp: frame.pseudo_sp,
            bp: frame.bp,
            slots: slots(&frame.rows),
            caller: frame.caller.as_ref().map(|(name, rows)| Caller {
                name: name.clone(),
                slots: slots(rows),
            }),
        }
    }
}

impl From<&Row> for Slot {
    fn from(row: &Row) -> Slot {
        let (state, live_until) = match row.state {
            State::Unknown => (None, None),
            State::NotWritten => (Some(SlotState::NotWritten), None),
            State::LiveUntil(pc) => (Some(SlotState::Live), Some(pc)),
            State::Dead => (Some(SlotState::Dead), None),
        };
        Slot {
            off: row.offset,
            size: row.size,
            kind: SlotKind::from(&row.part),
            reads: row.reads.clone(),
            writes: row.writes.clone(),
            addressed: row.addressed.clone(),
            state,
            live_until,
        }
    }
}

impl From<&Part> for SlotKind {
    fn from(part: &Part) -> SlotKind {
        match part {
            Part::Variable(variable) => SlotKind::from(variable),
            Part::Outgoing {
                callee,
                variable,
                call,
            } => {
                let (callee, call) = (callee.clone(), *call);
                let (name, ty) = (variable.name.clone(), variable.ty.clone());
                match variable.kind {
                    VariableKind::Result { .. } => SlotKind::OutResult {
                        callee,
                        call,
                        name,
                        ty,
                    },
                    VariableKind::Param { .. } | VariableKind::Local { .. } => SlotKind::OutArg {
                        callee,
                        call,
                        name,
                        ty,
                    },
                }
            }
            Part::ReturnAddress(place) => SlotKind::ReturnAddress {
                place: place.clone(),
            },
            Part::SavedBp => SlotKind::SavedBp,
            Part::Hole => SlotKind::Hole,
            Part::Unnamed => SlotKind::Unnamed,
        }
    }
}

impl From<&Variable> for SlotKind {
    fn from(variable: &Variable) -> SlotKind {
        let (name, ty) = (variable.name.clone(), variable.ty.clone());
        match &variable.kind {
            VariableKind::Param { in_registers } => SlotKind::Param {
                name,
                ty,
                in_registers: *in_registers,
            },
            VariableKind::Result { number } => SlotKind::Result {
                name,
                ty,
                number: *number,
            },
            VariableKind::Local { spilled } if spilled.is_empty() => SlotKind::Local { name, ty },
            VariableKind::Local { spilled } => SlotKind::Spill {
                name,
                ty,
                values: spilled.clone(),
            },
        }
    }
}
