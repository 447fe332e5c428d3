//! The frame of a function at one of its instructions: what lies where on the stack, and who uses it.
//!
//! All of it comes from the assembled instructions: the depth of the stack at each of them, and the operands that are on
//! the stack. Names and types come from [`Variable`]s; code without any, such as hand-written code, gets the names that its
//! operands have. Places are counted from FP, the first byte of the arguments, which doesn't move:
//!
//! ```text
//!   FP+size   arguments and results, in the caller's frame
//!   FP        the first of them
//!   FP-8      return address
//!   FP-16     the caller's BP, if the function saves it
//!             locals and spilled values
//!   SP        arguments and results of calls
//! ```

mod accesses;
mod draw;
mod svg;

use minigo_obj::{FuncText, LSym, Reg, Sym, SymTable, list};

use accesses::{Accesses, Flow};
pub use draw::Style;

/// Bytes of a register, and so of the return address and the saved BP.
const WORD: i64 = 8;

/// A variable of a function with a place in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name; may be empty for a parameter.
    pub name: String,
    /// The name of its type; empty if nobody says.
    pub ty: String,
    /// The kind.
    pub kind: VariableKind,
    /// Parameters and results: bytes from FP. Locals: bytes from the top of the locals, negative.
    pub offset: i64,
    /// Bytes.
    pub size: i64,
}

/// The kind of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// A parameter in memory, or the place of one that is passed in registers.
    Param {
        /// It is passed in registers, and its place is for spilling it.
        in_registers: bool,
    },
    /// A result.
    Result {
        /// Its number among the results, from 1.
        number: usize,
    },
    /// A local variable or temporary.
    Local {
        /// The values that are spilled to it, as dumps name them: `v16`.
        spilled: Vec<String>,
    },
}

/// A function that is called, with its parameters and results.
#[derive(Clone, Copy, Debug)]
pub struct Callee<'a> {
    /// Its name without the package.
    pub name: &'a str,
    /// Its parameters and results.
    pub variables: &'a [Variable],
}

/// A function whose frame is asked for.
pub struct Source<'a> {
    /// The assembled function, with its instructions.
    pub symbol: &'a LSym,
    /// Its name after linking: `main.add`.
    pub name: &'a str,
    /// Its variables.
    pub variables: &'a [Variable],
    /// The names of symbols.
    pub syms: &'a SymTable,
    /// Returns what is known about a function that is called.
    pub callee: &'a dyn Fn(Sym) -> Option<Callee<'a>>,
}

/// The frame of a function before one of its instructions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The function's name after linking.
    pub name: String,
    /// The offset of the instruction.
    pub pc: u32,
    /// The instruction as listings print it, with a blank for the tab.
    pub instruction: String,
    /// Bytes of the frame at the instruction, without the return address.
    pub depth: i64,
    /// Bytes of the frame when it is open.
    pub frame_size: i64,
    /// Bytes of arguments and results.
    pub args_size: i64,
    /// The pseudo SP, as an offset from SP.
    pub pseudo_sp: i64,
    /// Where BP points, as an offset from SP; none while it is the caller's.
    pub bp: Option<i64>,
    /// The parts, from high to low address.
    pub rows: Vec<Row>,
    /// The caller's name and the parts of its frame above the arguments, if they were asked for.
    pub caller: Option<(String, Vec<Row>)>,
}

/// A part of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The lowest byte, as an offset from SP.
    pub offset: i64,
    /// Bytes.
    pub size: i64,
    /// The kind.
    pub part: Part,
    /// The instructions that read it, by offset.
    pub reads: Vec<u32>,
    /// The instructions that write it, by offset.
    pub writes: Vec<u32>,
    /// The instructions that take its address, by offset.
    pub addressed: Vec<u32>,
    /// What it holds at the instruction.
    pub state: State,
}

/// The kind of a part of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A variable of the function.
    Variable(Variable),
    /// A parameter or result of a call.
    Outgoing {
        /// The function that is called.
        callee: String,
        /// The parameter or result.
        variable: Variable,
        /// The offset of the call.
        call: u32,
    },
    /// The return address; with the caller, the place in it.
    ReturnAddress(Option<String>),
    /// The caller's BP.
    SavedBp,
    /// Bytes between variables, for alignment.
    Hole,
    /// Bytes without a name: room for other calls, or what no operand names.
    Unnamed,
}

/// What a part of a frame holds at an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is known, or nothing need be said.
    Unknown,
    /// No instruction on the way here wrote it.
    NotWritten,
    /// A value that is read on some way from here, last at this offset.
    LiveUntil(u32),
    /// A value that nobody reads any more.
    Dead,
}

/// Why there is no frame to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoFrame {
    /// The function has no instructions.
    NoInstructions,
    /// No instruction begins at the offset.
    NoInstruction(u32),
}

/// Returns the frame of a function before the instruction at offset `pc`; without one, before its first call, or if there
/// is none, before its first return.
///
/// # Errors
///
/// No instruction begins there.
pub fn frame<'a>(source: &'a Source<'a>, pc: Option<u32>) -> Result<Frame, NoFrame> {
    let flow = Flow::new(source.symbol).ok_or(NoFrame::NoInstructions)?;
    let at = match pc {
        Some(pc) => flow.at(pc).ok_or(NoFrame::NoInstruction(pc))?,
        None => {
            let text = source.symbol.text.as_deref();
            let text = text.ok_or(NoFrame::NoInstructions)?;
            flow.first_call_or_return(text, source.syms)
        }
    };
    Ok(Picture { source, flow, at }.frame())
}

/// Returns the offsets of a function's instructions.
pub fn offsets(symbol: &LSym) -> Vec<u32> {
    let rows = list::rows(symbol).filter(|row| !row.bytes.is_empty());
    rows.map(|row| row.pc).collect()
}

/// Returns the offset of the first call of `callee`.
pub fn call_of(symbol: &LSym, callee: Sym) -> Option<u32> {
    let flow = Flow::new(symbol)?;
    let mut calls = flow.calls();
    calls.find_map(|(step, sym)| (sym == Some(callee)).then(|| flow.steps[step].pc))
}

impl Frame {
    /// FP, as an offset from SP.
    pub fn fp(&self) -> i64 {
        self.depth + WORD
    }

    /// Adds the caller's part of the stack, of which `caller` is the frame at the call.
    pub fn add_caller(&mut self, caller: &Frame, return_offset: u32) {
        let arguments = (self.args_size + WORD - 1) & !(WORD - 1);
        let fp = self.fp();
        let above = caller
            .rows
            .iter()
            .filter(|row| row.offset >= arguments && row.offset < caller.depth);
        let moved = above.map(|row| Row {
            offset: row.offset + fp,
            ..row.clone()
        });
        self.caller = Some((caller.name.clone(), moved.collect()));
        for row in &mut self.rows {
            if let Part::ReturnAddress(place) = &mut row.part {
                *place = Some(format!("{}+{return_offset:#x}", caller.name));
            }
        }
        if self.bp.is_none() {
            self.bp = caller.bp.map(|bp| bp + fp);
        }
    }
}

/// A frame while it is put together.
struct Picture<'a> {
    source: &'a Source<'a>,
    flow: Flow,
    /// The index of the instruction.
    at: usize,
}

impl Picture<'_> {
    fn text(&self) -> &FuncText {
        let text = self.source.symbol.text.as_deref();
        text.expect("a function with instructions has a flow")
    }

    fn frame(&self) -> Frame {
        let step = &self.flow.steps[self.at];
        let depth = step.depth;
        let saves_bp = self.flow.saves_bp;
        let top = if saves_bp { -2 * WORD } else { -WORD };
        let args_size = self.args_size();
        let fp = depth + WORD;
        let mut rows = self.arguments(args_size);
        rows.push(self.row(-WORD, WORD, Part::ReturnAddress(None), State::Unknown));
        let bottom = -WORD - depth;
        rows.extend(self.own(top, bottom));
        // From places relative to FP to offsets from SP.
        for row in &mut rows {
            row.offset += fp;
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.offset));
        let prog = &self.text()[step.id];
        let mut instruction = String::new();
        for row in list::rows(self.source.symbol) {
            if row.id == step.id {
                instruction = row.text(self.source.syms).replace('\t', " ");
            }
        }
        Frame {
            name: self.source.name.to_owned(),
            pc: prog.pc,
            instruction,
            depth,
            frame_size: self.text().frame_size.max(0),
            args_size,
            pseudo_sp: fp + top,
            bp: step.has_own_bp.then_some(fp - 2 * WORD),
            rows,
            caller: None,
        }
    }

    /// The bytes of arguments and results: those that TEXT states or the declaration has, or that operands name.
    fn args_size(&self) -> i64 {
        match self.text().args_size {
            FuncText::ARGS_SIZE_UNKNOWN => {
                let ends = self.flow.named.iter().filter(|named| named.start >= 0);
                let end = ends.map(|named| named.start + named.size).max();
                (end.unwrap_or(0) + WORD - 1) & !(WORD - 1)
            }
            size => {
                let declared = self.source.variables.iter();
                let declared = declared
                    .filter(|variable| !matches!(variable.kind, VariableKind::Local { .. }))
                    .map(|variable| variable.offset + variable.size);
                i64::from(size).max(declared.max().unwrap_or(0))
            }
        }
    }

    fn arguments(&self, args_size: i64) -> Vec<Row> {
        let declared = self.source.variables.iter();
        let declared =
            declared.filter(|variable| !matches!(variable.kind, VariableKind::Local { .. }));
        let mut variables: Vec<Variable> = declared.cloned().collect();
        self.add_named(&mut variables, 0, |start| start >= 0);
        let rows = variables
            .into_iter()
            .filter(|variable| variable.offset + variable.size <= args_size);
        let rows = rows.map(|variable| {
            let state = self.argument_state(&variable);
            self.row(
                variable.offset,
                variable.size,
                Part::Variable(variable),
                state,
            )
        });
        self.filled(rows.collect(), 0, args_size)
    }

    fn argument_state(&self, variable: &Variable) -> State {
        let (start, size) = (variable.offset, variable.size);
        match variable.kind {
            VariableKind::Result { .. } if !self.flow.written_before(self.at, start, size) => {
                State::NotWritten
            }
            VariableKind::Param { in_registers: true } => self.flow.state(self.at, start, size),
            VariableKind::Param { .. }
            | VariableKind::Result { .. }
            | VariableKind::Local { .. } => State::Unknown,
        }
    }

    /// Adds the variables that operands name, unless others are there. Places are relative to `top`.
    fn add_named(&self, variables: &mut Vec<Variable>, top: i64, is_there: impl Fn(i64) -> bool) {
        for named in self.flow.named.iter().filter(|named| is_there(named.start)) {
            let (start, end) = (named.start - top, named.start - top + named.size);
            let overlaps =
                |other: &Variable| start < other.offset + other.size && other.offset < end;
            if named.size == 0 || variables.iter().any(overlaps) {
                continue;
            }
            let kind = match named.start >= 0 {
                true => VariableKind::Param {
                    in_registers: false,
                },
                false => VariableKind::Local {
                    spilled: Vec::new(),
                },
            };
            variables.push(Variable {
                name: self.text().local_name(named.local).to_owned(),
                ty: String::new(),
                kind,
                offset: start,
                size: named.size,
            });
        }
    }

    /// The rows of the function's own frame: below `top` the locals, from `bottom` the arguments of calls.
    fn own(&self, top: i64, bottom: i64) -> Vec<Row> {
        let locals = self.source.variables.iter();
        let locals = locals.filter(|variable| variable.offset < 0);
        let mut variables: Vec<Variable> = locals.cloned().collect();
        self.add_named(&mut variables, top, |start| start < top);
        let mut rows = Vec::new();
        if self.flow.saves_bp && bottom <= -2 * WORD {
            let state = match self.flow.steps[self.at].has_own_bp {
                true => State::Unknown,
                false => State::NotWritten,
            };
            rows.push(self.row(-2 * WORD, WORD, Part::SavedBp, state));
        }
        let mut lowest = top.max(bottom);
        for variable in variables {
            let start = variable.offset + top;
            if start >= bottom {
                lowest = lowest.min(start);
                let state = self.flow.state(self.at, start, variable.size);
                rows.push(self.row(start, variable.size, Part::Variable(variable), state));
            }
        }
        rows.extend(self.outgoing(bottom, lowest));
        self.filled(rows, bottom, -WORD)
    }

    /// The parameters and results of the call that the instruction belongs to.
    fn outgoing(&self, bottom: i64, end: i64) -> Vec<Row> {
        let Some((call, sym)) = self.flow.call_at(self.at) else {
            return Vec::new();
        };
        let Some(callee) = sym.and_then(|sym| (self.source.callee)(sym)) else {
            return Vec::new();
        };
        let at_call = &self.flow.steps[call];
        let mut rows = Vec::new();
        for variable in callee.variables {
            let start = -WORD - at_call.depth + variable.offset;
            if variable.offset < 0 || start < bottom || start + variable.size > end {
                continue;
            }
            let part = Part::Outgoing {
                callee: callee.name.to_owned(),
                variable: variable.clone(),
                call: at_call.pc,
            };
            let mut row = self.row(start, variable.size, part, State::Unknown);
            // Only the accesses of this call.
            let (before, after) = self.flow.around(call);
            row.writes.retain(|&pc| pc >= before && pc < at_call.pc);
            row.reads.retain(|&pc| pc > at_call.pc && pc <= after);
            if matches!(variable.kind, VariableKind::Result { .. }) {
                row.writes.clear();
                let is_before = self.flow.steps[self.at].pc <= at_call.pc;
                row.state = if is_before {
                    State::NotWritten
                } else {
                    State::Unknown
                };
            }
            rows.push(row);
        }
        rows
    }

    fn row(&self, start: i64, size: i64, part: Part, state: State) -> Row {
        let Accesses {
            reads,
            writes,
            addressed,
        } = match part {
            Part::ReturnAddress(_) | Part::SavedBp => Accesses::default(),
            Part::Variable(_) | Part::Outgoing { .. } | Part::Hole | Part::Unnamed => {
                self.flow.accesses(start, size)
            }
        };
        Row {
            offset: start,
            size,
            part,
            reads,
            writes,
            addressed,
            state,
        }
    }

    /// Adds rows for the bytes from `start` to `end` that `rows` leave.
    fn filled(&self, mut rows: Vec<Row>, start: i64, end: i64) -> Vec<Row> {
        rows.sort_by_key(|row| row.offset);
        let mut filled = Vec::with_capacity(rows.len());
        let mut next = start;
        let fill = |filled: &mut Vec<Row>, from: i64, to: i64| {
            if from < to {
                let part = if to - from < WORD {
                    Part::Hole
                } else {
                    Part::Unnamed
                };
                filled.push(self.row(from, to - from, part, State::Unknown));
            }
        };
        for row in rows {
            fill(&mut filled, next, row.offset);
            next = row.offset + row.size;
            filled.push(row);
        }
        fill(&mut filled, next, end);
        filled
    }
}

/// Reports whether a register is the stack pointer, or none is named, as in operands of variables.
fn is_sp(reg: Reg) -> bool {
    matches!(reg, Reg::SP | Reg::NONE)
}
