//! Emission: a scheduled function with registers and frame offsets becomes a list of instructions
//! (gc: ssa.go, genssa; gsubr.go, Prog).
//!
//! Every value is at most a few instructions and every block ends in at most two jumps; nothing is
//! reordered. Besides instructions the stream has positions with statement marks, the PCDATA that selects
//! the stack map of a call, and marks where inlined bodies begin. The prologue and offsets from SP
//! are left to the preprocessor.

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, SecondaryMap};
use minigo_base::{IsStmt, Pos};
use minigo_obj::{
    Addr, As, Attrs, FuncText, JumpTable, Local, Name, Prog, ProgId, Reg, RegisterParam, Sym,
};
use rustc_hash::FxHashMap;

use crate::abi::Convention;
use crate::arguments::{ArgumentLiveness, in_registers};
use crate::block::{BlockKind, Edge, Likely};
use crate::config::Config;
use crate::entity::{Block, Value, Var};
use crate::func::{Func, Location, VarClass};
use crate::liveness::Liveness;
use crate::op::Op;
use crate::value::{Aux, not_stmt_boundary};

/// The symbols of a frame's pointer maps.
#[derive(Clone, Copy, Debug)]
pub struct StackMaps<'a> {
    /// Of the arguments, none of which is a pointer.
    pub args: Sym,
    /// Of the autos.
    pub locals: Sym,
    /// The autos whose address is taken, if there are any.
    pub objects: Option<Sym>,
    /// The places of arguments, if there are any: see [`argument_info`](crate::argument_info).
    pub arg_info: Option<Sym>,
    /// Which arguments are in their places, if any is passed in a register: see [`Liveness::argument_maps`].
    pub arg_live: Option<Sym>,
    /// The jump tables, each with its block: see [`jump_tables`].
    pub jump_tables: &'a [(Block, Sym)],
}

/// Returns the blocks that end in jumps through tables. The name of such a table is that of the function, `.jump` and
/// the number of the block.
pub fn jump_tables(f: &Func) -> impl Iterator<Item = Block> {
    let blocks = f.layout.iter().copied();
    blocks.filter(|&b| f[b].kind == BlockKind::JUMPTABLE)
}

/// Returns the content of a stack map symbol: one map of `bits` bits, none of them a pointer.
pub fn stack_map(bits: u32) -> Vec<u8> {
    let mut data = Vec::with_capacity(8 + bits.div_ceil(8) as usize);
    data.extend_from_slice(&1u32.to_le_bytes());
    data.extend_from_slice(&bits.to_le_bytes());
    data.resize(8 + bits.div_ceil(8) as usize, 0);
    data
}

/// Returns the instructions of `f`, with frame and argument size, ready for the preprocessor.
///
/// Requires all passes. `maps` are the symbols for FUNCDATA, made of `liveness`.
pub fn emit(f: &Func, config: &Config, liveness: &Liveness, maps: StackMaps) -> FuncText {
    emit_with(Emitter::new(f, liveness, maps.jump_tables), config, maps)
}

/// Where the instructions of a function come from: each entry holds from its instruction on, in order of creation.
pub type Origins = Vec<(ProgId, Origin)>;

/// Where an instruction comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A value.
    Value(Value),
    /// The end of a block.
    End(Block),
}

/// Returns the instructions as [`emit`] does, and where they come from.
pub fn emit_with_origins(
    f: &Func,
    config: &Config,
    liveness: &Liveness,
    maps: StackMaps,
) -> (FuncText, Origins) {
    let mut origins = Origins::with_capacity(usual_len(f));
    let mut emitter = Emitter::new(f, liveness, maps.jump_tables);
    emitter.origins = Some(&mut origins);
    let text = emit_with(emitter, config, maps);
    (text, origins)
}

/// Returns a number of instructions that most functions with these values and blocks don't exceed.
fn usual_len(f: &Func) -> usize {
    let n_values: usize = f.walk().map(|b| f[b].values.len()).sum();
    n_values + 2 * f.layout.len() + 8
}

fn emit_with(mut emitter: Emitter, config: &Config, maps: StackMaps) -> FuncText {
    let f = emitter.f;
    emitter.text.reserve(usual_len(f));
    let pos = emitter.pos;
    emitter.text.funcdata(0, maps.args, pos);
    emitter.text.funcdata(1, maps.locals, pos);
    if let Some(objects) = maps.objects {
        let table = f.profile.dialect.stack_objects_funcdata;
        emitter.text.funcdata(table, objects, pos);
    }
    if f.profile.emit.argument_tables {
        if let Some(info) = maps.arg_info {
            emitter.text.funcdata(FUNCDATA_ARG_INFO, info, pos);
        }
        if let Some(live) = maps.arg_live {
            emitter.text.funcdata(FUNCDATA_ARG_LIVE, live, pos);
        }
    }
    if f.profile.emit.statement_marks {
        emitter.take_first_pos();
    }
    for (i, &b) in f.layout.iter().enumerate() {
        let next = f.layout.get(i + 1).copied().filter(|_| config.optimize);
        f.look_ahead(i);
        emitter.block(b, next);
    }
    // The return address of a panic call must still be inside of the function.
    if f.layout
        .last()
        .is_some_and(|&b| f[b].kind == BlockKind::Exit)
    {
        emitter.hardware_nop();
    }
    emitter.place_inline_marks();
    emitter.resolve_branches();
    emitter.resolve_jump_tables();
    if f.profile.emit.nop_before_inlined_body && !emitter.inline_marks.is_empty() {
        emitter.begin_with_own_instruction();
    }
    let frame_size = emitter.max_arg + f.stack_size;
    emitter.text.frame_size = (frame_size + 7) & !7;
    emitter.text
}

/// The function that initialises the package. Those that programs call `init` have numbers.
const PACKAGE_INIT: &str = "init";

/// The FUNCDATA tables of arguments, and the PCDATA table that selects a map of the second.
const FUNCDATA_ARG_INFO: i64 = 5;
const FUNCDATA_ARG_LIVE: i64 = 6;
const PCDATA_ARG_LIVE: i64 = 3;

/// A point of the program where the garbage collector may inspect the frame.
#[derive(Clone, Copy)]
struct SafePoint {
    /// Index of the stack map; none where it doesn't matter.
    stack_map: Option<i64>,
    /// The function can't be preempted here.
    unsafe_point: bool,
}

/// The state of emission. Instructions of values are in [`crate::amd64::value`].
pub(super) struct Emitter<'a> {
    pub(super) f: &'a Func,
    liveness: &'a Liveness,
    pub(super) text: FuncText,
    /// Position of the next instruction.
    pub(super) pos: Pos,
    /// The state at the next instruction, and the one that the last PCDATA announced.
    next_live: SafePoint,
    previous_live: SafePoint,
    /// The map of arguments that the last PCDATA announced.
    previous_arg_live: i64,
    /// First instruction of the block's current run of instructions on one line.
    line_run_start: Option<ProgId>,
    /// The statement that begins the function moves to its first instruction: the value that loses its
    /// mark, and the position until it is used.
    first: Option<Value>,
    first_pos: Option<Pos>,
    starts: SecondaryMap<Block, PackedOption<ProgId>>,
    branches: Vec<(ProgId, Block)>,
    /// Marks of inlined bodies, with the index of their calls in the inline tree.
    inline_marks: Vec<(ProgId, u32)>,
    jump_tables: &'a [(Block, Sym)],
    /// Where instructions come from, if somebody wants to know.
    origins: Option<&'a mut Origins>,
    locals: SecondaryMap<Var, PackedOption<Local>>,
    /// Bytes of arguments and results of the largest call.
    pub(super) max_arg: i64,
}

impl<'a> Emitter<'a> {
    fn new(f: &'a Func, liveness: &'a Liveness, jump_tables: &'a [(Block, Sym)]) -> Emitter<'a> {
        let mut attrs = Attrs::NONE;
        if f.profile.dialect.abi_internal && f.convention == Convention::Registers {
            attrs.insert(Attrs::ABI_INTERNAL);
        }
        if f.is_wrapper {
            attrs.insert(Attrs::DUPOK | Attrs::ABI_WRAPPER);
        }
        if f.nosplit {
            attrs.insert(Attrs::NOSPLIT);
        }
        if f.profile.emit.marks_package_init && f.name == PACKAGE_INIT {
            attrs.insert(Attrs::PKG_INIT);
        }
        let mut text = FuncText::new(f.sym, attrs, f.pos);
        text.args_size = i32::try_from((f.args_size + 7) & !7)
            .expect("the type checker limits the size of arguments");
        let live = SafePoint {
            stack_map: Some(-1),
            unsafe_point: false,
        };
        let mut starts = SecondaryMap::new();
        starts.resize(f.num_blocks());
        Emitter {
            f,
            liveness,
            text,
            pos: f.pos,
            next_live: live,
            previous_live: live,
            previous_arg_live: ArgumentLiveness::ALL,
            line_run_start: None,
            first: None,
            first_pos: None,
            starts,
            branches: Vec::with_capacity(f.layout.len()),
            inline_marks: Vec::new(),
            jump_tables,
            origins: None,
            locals: SecondaryMap::new(),
            max_arg: 0,
        }
    }

    /// Takes the first statement's position for the first instruction: debuggers may take a first instruction
    /// without statement mark for part of the previous function.
    fn take_first_pos(&mut self) {
        let f = self.f;
        let is_first = |&&v: &&Value| f[v].pos.is_stmt() == IsStmt::Yes && self.may_be_first(v);
        self.first = f[f.entry].values.iter().find(is_first).copied();
        self.first_pos = self.first.map(|v| f[v].pos);
    }

    /// Reports whether `v` may be the first instruction of a statement.
    fn may_be_first(&self, v: Value) -> bool {
        let op = self.f[v].op;
        let is_move = matches!(op, Op::Arg | Op::ArgIntReg | Op::LoadReg | Op::StoreReg);
        !(is_move && self.f.profile.emit.first_pos_skips_moves)
    }

    /// Returns the position of a value, without the mark that moves to the first instruction.
    fn value_pos(&self, v: Value) -> Pos {
        if self.first == Some(v) {
            self.f[v].pos.with_default_stmt()
        } else {
            self.f[v].pos
        }
    }

    fn block(&mut self, b: Block, next: Option<Block>) {
        let f = self.f;
        let start = self.text.next_id();
        self.starts[b] = start.into();
        self.line_run_start = None;
        if let Some(arguments) = &self.liveness.arguments {
            self.announce_arg_live(arguments.at_block[b]);
        }
        if self.f.profile.emit.stack_map_at_block_start {
            self.next_live.stack_map = Some(-1);
        }
        self.next_live.unsafe_point = f.nosplit;
        let mut among_flags = self.consts_among_flags(b);
        for &v in &f[b].values {
            self.note_origin(Origin::Value(v));
            self.set_pos_from(v);
            match f[v].op {
                Op::InitMem
                | Op::Arg
                | Op::SP
                | Op::SB
                | Op::Select0
                | Op::Select1
                | Op::SelectN
                | Op::MakeResult
                | Op::VarDef
                | Op::VarLive
                | Op::VarKill
                | Op::WBend
                | Op::Phi => {}
                Op::ArgIntReg => self.save_register_params(),
                Op::InlMark if self.f.profile.dialect.inline_marks => {
                    if self.f.profile.emit.first_pos_skips_moves {
                        self.first_pos = None;
                    }
                    let mark = self.hardware_nop();
                    self.inline_marks.push((mark, f[v].aux_int as u32));
                }
                Op::InlMark => {}
                op => {
                    self.next_live = SafePoint {
                        stack_map: op.is_call().then(|| i64::from(self.liveness.map_of[v])),
                        unsafe_point: f.nosplit || self.liveness.unsafe_values.contains(&v),
                    };
                    if self.may_be_first(v)
                        && let Some(pos) = self.first_pos.take()
                    {
                        self.pos = pos;
                    }
                    let keep_flags = among_flags.pop_if(|last| *last == v).is_some();
                    self.value(v, keep_flags);
                }
            }
            let arguments = self.liveness.arguments.as_ref();
            if let Some(map) = arguments.and_then(|arguments| arguments.after[v]) {
                self.announce_arg_live(map);
            }
        }
        self.note_origin(Origin::End(b));
        self.next_live.unsafe_point = f.nosplit || self.liveness.unsafe_blocks.contains(&b);
        let mut pos = f[b].pos;
        let to_itself = f[b].succs.len() == 1 && f[b].succs[0].block == b;
        let empty_loop = self.text.next_id() == start && to_itself;
        if empty_loop && self.f.profile.emit.nop_in_empty_loop {
            pos = self.empty_loop(pos);
        }
        self.pos = pos;
        self.end_block(b, next);
    }

    fn note_origin(&mut self, origin: Origin) {
        if let Some(origins) = &mut self.origins {
            origins.push((self.text.next_id(), origin));
        }
    }

    /// Returns the constants of `b`, last first, that are made while flags are in use and so must not destroy them
    /// (gc: amd64/ssa.go, ssaMarkMoves).
    fn consts_among_flags(&self, b: Block) -> Vec<Value> {
        let f = self.f;
        let is_flags = |&v: &Value| f[v].ty.is_flags();
        let mut live = f[b].flags_live_at_end || f[b].control.as_ref().is_some_and(is_flags);
        let mut consts = Vec::new();
        for &v in f[b].values.iter().rev() {
            if live && matches!(f[v].op, Op::MOVLconst | Op::MOVQconst) {
                consts.push(v);
            }
            live = live && !f[v].ty.is_flags() || f[v].args.iter().any(is_flags);
        }
        consts
    }

    /// Sets the position for the instructions of `v` (gc: ssa.go, DebugFriendlySetPosFrom).
    fn set_pos_from(&mut self, v: Value) {
        let pos = self.value_pos(v);
        let marks = self.f.profile.emit.statement_marks;
        self.pos = match self.f[v].op {
            Op::Phi | Op::Copy | Op::LoadReg | Op::StoreReg if !marks => return,
            Op::Phi | Op::Copy | Op::LoadReg | Op::StoreReg => pos.with_not_stmt(),
            _ if pos == Pos::NONE => self.pos.with_not_stmt(),
            _ if pos.is_stmt() != IsStmt::Yes => pos.with_not_stmt(),
            _ => pos,
        };
    }

    /// Puts an instruction into an empty endless loop at `pos`, for a debugger to stop at. Returns the
    /// position of the jump: another line, so that the debugger notices each iteration.
    fn empty_loop(&mut self, mut pos: Pos) -> Pos {
        // XCHGL AX, AX
        let nop = self.hardware_nop();
        let nop_pos = self.text[nop].pos.with_is_stmt();
        self.text[nop].pos = nop_pos;
        for fallback in [nop_pos, self.text.pos()] {
            if pos == Pos::NONE {
                pos = fallback;
            }
        }
        pos.with_bogus_line()
    }

    /// Ends block `b`, after which `next` is emitted (gc: amd64/ssa.go, ssaGenBlock).
    fn end_block(&mut self, b: Block, next: Option<Block>) {
        let data = &self.f[b];
        let succ = |i: usize| data.succs[i].block;
        match data.kind {
            BlockKind::Plain => {
                if next != Some(succ(0)) {
                    self.branch(As::JMP, succ(0));
                }
            }
            BlockKind::Exit => {
                if self.f.profile.emit.undef_after_panic {
                    self.prog(As::UNDEF, Addr::NONE, Addr::NONE);
                }
            }
            // The call is a jump.
            BlockKind::RetJmp => {}
            BlockKind::Ret => {
                self.prog(As::RET, Addr::NONE, Addr::NONE);
            }
            BlockKind::JUMPTABLE => {
                // JMP (AX)(CX*8)
                let [index, table] = [data.control, data.second_control.expand()]
                    .map(|control| self.reg(control.expect("a jump table has two controls")));
                let entry = Addr::indexed(table, index, 8, 0);
                self.prog(As::JMP, Addr::NONE, entry);
            }
            kind => {
                let (jump, inverse) = conditional_jump(kind);
                if next == Some(succ(0)) {
                    self.branch(inverse, succ(1));
                } else if next == Some(succ(1)) {
                    self.branch(jump, succ(0));
                } else if data.likely == Likely::Unlikely {
                    self.branch(inverse, succ(1));
                    self.branch(As::JMP, succ(0));
                } else {
                    self.branch(jump, succ(0));
                    self.branch(As::JMP, succ(1));
                }
            }
        }
    }

    // Instructions.

    /// Adds an instruction at the current position, after the PCDATA that is due.
    fn raw_prog(&mut self, as_: As, from: Addr, to: Addr) -> ProgId {
        let profile = self.f.profile;
        let (next, previous) = (self.next_live, &mut self.previous_live);
        if profile.dialect.unsafe_points && next.unsafe_point != previous.unsafe_point {
            // PCDATA $0, $-2
            previous.unsafe_point = next.unsafe_point;
            let value = if next.unsafe_point { -2 } else { -1 };
            self.text.pcdata(0, value, self.pos);
        }
        if !profile.emit.stack_map_at_each_call
            && next.stack_map.is_some()
            && next.stack_map != self.previous_live.stack_map
        {
            self.previous_live.stack_map = next.stack_map;
            self.stack_map_pcdata();
        }
        let id = self.text.append(as_, from, to, self.pos);
        self.pos = match self.pos.is_stmt() {
            IsStmt::Yes => self.pos.with_not_stmt(),
            _ => self.pos,
        };
        id
    }

    fn stack_map_pcdata(&mut self) {
        if let Some(index) = self.next_live.stack_map {
            // PCDATA $1, $0
            let table = self.f.profile.dialect.stack_map_pcdata;
            self.text.pcdata(table, index, self.pos);
        }
    }

    /// Announces the map of arguments, if it isn't the one that holds already.
    fn announce_arg_live(&mut self, map: i64) {
        if map != self.previous_arg_live {
            self.previous_arg_live = map;
            self.text.pcdata(PCDATA_ARG_LIVE, map, self.pos);
        }
    }

    /// Lists the parameters that must survive a call for more stack.
    fn save_register_params(&mut self) {
        if self.text.register_params.is_empty() {
            let registers = self.f.profile.registers.registers;
            let params = in_registers(self.f, VarClass::Param);
            let params = params.into_iter().map(|part| RegisterParam {
                reg: registers[usize::from(part.register)].reg,
                home: part.home,
                size: part.size as u8,
            });
            self.text.register_params = params.collect();
        }
    }

    /// Adds an instruction; a statement's mark goes to the first instruction of its run on one line.
    pub(super) fn prog(&mut self, as_: As, from: Addr, to: Addr) -> ProgId {
        let id = self.raw_prog(as_, from, to);
        let pos = self.text[id].pos;
        match self.line_run_start {
            Some(start) if self.text[start].pos.line() == pos.line() => {
                if pos.is_stmt() == IsStmt::Yes {
                    self.text[start].pos = self.text[start].pos.with_is_stmt();
                    self.text[id].pos = pos.with_not_stmt();
                }
            }
            _ => self.line_run_start = Some(id),
        }
        id
    }

    /// Adds a one-byte instruction that does nothing.
    fn hardware_nop(&mut self) -> ProgId {
        // XCHGL AX, AX
        self.raw_prog(As::XCHGL, Addr::reg(Reg::AX), Addr::reg(Reg::AX))
    }

    fn branch(&mut self, as_: As, to: Block) {
        let id = self.prog(as_, Addr::NONE, Addr::branch());
        self.branches.push((id, to));
    }

    /// Adds `CALL sym(SB)` at the value's position, with the mark of the current one.
    pub(super) fn call(&mut self, v: Value, sym: Sym) {
        let is_stmt = self.pos.is_stmt() == IsStmt::Yes;
        self.max_arg = self.max_arg.max(self.f[v].aux_int);
        if self.f.profile.emit.stack_map_at_each_call {
            self.stack_map_pcdata();
        }
        let (own, callee) = (self.f.convention, self.f.convention_of(sym));
        if own == Convention::Stack && callee == Convention::Registers {
            self.reset_fixed_registers();
        }
        let as_ = match self.f[v].op {
            Op::CALLtail => As::RET,
            _ => As::CALL,
        };
        let id = self.prog(as_, Addr::NONE, Addr::func(sym));
        let pos = self.value_pos(v);
        self.text[id].pos = if is_stmt {
            pos.with_is_stmt()
        } else {
            pos.with_not_stmt()
        };
        if own == Convention::Registers && callee == Convention::Stack {
            self.reset_fixed_registers();
        }
    }

    /// Sets the registers that functions of the register convention rely on: zero and g.
    fn reset_fixed_registers(&mut self) {
        // XORPS X15, X15
        // MOVQ (TLS), R14
        let zero = Addr::reg(Reg::X15);
        self.prog(As::XORPS, zero, zero);
        self.prog(As::MOVQ, Addr::mem(Reg::TLS, 0), Addr::reg(Reg::R14));
    }

    // Operands.

    /// Returns the register that holds `v`.
    pub(super) fn reg(&self, v: Value) -> Reg {
        match self.f.homes[v] {
            Location::Register(r) => self.f.profile.registers.registers[usize::from(r)].reg,
            home => minigo_base::internal!("{}: {v} is in no register but {home:?}", self.f.name),
        }
    }

    /// Returns the operand in memory at `base`, a register, plus the aux symbol or variable of `v` plus `offset`.
    pub(super) fn memory(&mut self, v: Value, base: Value, offset: i64) -> Addr {
        let addr = Addr::mem(self.reg(base), offset);
        self.with_aux(v, addr)
    }

    /// Returns `addr` relative to the aux symbol or variable of `v` (gc: ssa.go, AddAux2).
    pub(super) fn with_aux(&mut self, v: Value, addr: Addr) -> Addr {
        match self.f[v].aux {
            Aux::Sym(sym) => Addr {
                name: Name::external(sym),
                ..addr
            },
            Aux::Var(var) => self.relative_to(var, addr),
            Aux::JumpTable(b) => Addr {
                name: Name::external(self.jump_table(b)),
                ..addr
            },
            Aux::None | Aux::Type(_) | Aux::Str(_) => addr,
        }
    }

    fn jump_table(&self, b: Block) -> Sym {
        let table = self.jump_tables.iter().find(|table| table.0 == b);
        table.expect("the tables are all blocks that need one").1
    }

    /// Returns the spill slot of `v` (gc: ssa.go, AddrAuto).
    pub(super) fn slot(&mut self, v: Value) -> Addr {
        match self.f.homes[v] {
            Location::Slot(var) => self.relative_to(var, Addr::mem(Reg::SP, 0)),
            home => minigo_base::internal!("{}: {v} is in no slot but {home:?}", self.f.name),
        }
    }

    fn relative_to(&mut self, var: Var, addr: Addr) -> Addr {
        let data = &self.f.vars[var];
        let local = match self.locals[var].expand() {
            Some(local) => local,
            None => {
                let local = match data.is_imported() {
                    true => self.text.add_local(&data.name),
                    false => self.text.add_own_local(&data.name),
                };
                self.locals[var] = local.into();
                local
            }
        };
        let name = match data.class {
            // The slot of a result in a register is among the autos.
            VarClass::Result if data.offset < 0 => Name::auto(local),
            VarClass::Param | VarClass::Result => Name::param(local),
            VarClass::Auto => Name::auto(local),
        };
        Addr {
            name,
            offset: addr.offset + data.offset,
            ..addr
        }
    }

    // After all blocks.

    /// Drops the marks of inlined bodies that another instruction at the position of the call can replace. That
    /// instruction becomes a statement, and the marks take no space.
    fn place_inline_marks(&mut self) {
        if self.inline_marks.is_empty() {
            return;
        }
        let mut marks: FxHashMap<Pos, Vec<(ProgId, u32)>> = FxHashMap::default();
        for &(mark, call) in &self.inline_marks {
            let pos = self.text[mark].pos.at_column_1();
            marks.entry(pos).or_default().push((mark, call));
        }
        // Until the preprocessor inserts instructions, ids are in order of the list.
        for index in 0..self.text.len() {
            let id = ProgId::new(index);
            let prog = &self.text[id];
            let sized = !matches!(prog.as_, As::NOP | As::FUNCDATA | As::PCDATA | As::TEXT);
            let marks_itself = || self.inline_marks.binary_search_by_key(&id, |mark| mark.0);
            if !sized || marks_itself().is_ok() {
                continue;
            }
            let pos = prog.pos;
            let Some(same) = marks.remove(&pos.at_column_1()) else {
                continue;
            };
            self.text[id].pos = pos.with_is_stmt();
            for (mark, call) in same {
                self.text.add_inline_mark(id, call);
                // NOP
                let prog = &mut self.text[mark];
                prog.as_ = As::NOP;
                prog.pos = Pos::NONE;
                prog.from = Addr::NONE;
                prog.to = Addr::NONE;
            }
        }
        for &(mark, call) in &self.inline_marks {
            if self.text[mark].as_ != As::NOP {
                self.text.add_inline_mark(mark, call);
            }
        }
    }

    /// Puts a NOP before the first instruction of a leaf without a frame if that is in an inlined body, so that the
    /// function's address is in the function itself.
    fn begin_with_own_instruction(&mut self) {
        let is_call = |as_| matches!(as_, As::CALL | As::DUFFCOPY | As::DUFFZERO);
        if self.f.stack_size != 0 || self.text.iter().any(|(_, p)| is_call(p.as_)) {
            return;
        }
        let annotates = |as_| matches!(as_, As::TEXT | As::NOP | As::FUNCDATA | As::PCDATA);
        let mut rest = self.text.iter().skip_while(|(_, p)| annotates(p.as_));
        let Some((first, p)) = rest.next() else {
            return;
        };
        if self.f.inlined_calls[p.pos.base()].is_some() {
            drop(rest);
            // Until the preprocessor inserts instructions, ids are in order of the list.
            let before = ProgId::new(first.index() - 1);
            // XCHGL AX, AX
            let ax = Addr::reg(Reg::AX);
            let nop = Prog::new(As::XCHGL, ax, ax, self.f.pos.with_is_stmt());
            self.text.insert_after(before, nop);
        }
    }

    /// Notes the places that jump tables go to.
    fn resolve_jump_tables(&mut self) {
        for &(b, sym) in self.jump_tables {
            let start = |edge: &Edge| self.starts[edge.block].expect("every block is emitted");
            let targets = self.f[b].succs.iter().map(start).collect();
            self.text.jump_tables.push(JumpTable { sym, targets });
        }
    }

    /// Sets the targets of branches. A branch on the line where its block begins a statement isn't a statement.
    fn resolve_branches(&mut self) {
        for (id, b) in std::mem::take(&mut self.branches) {
            let target = self.starts[b].expect("every block is emitted");
            self.text.set_target(id, target);
            let pos = self.text[id].pos;
            let begins_there = || {
                let values = &self.f[b].values;
                let first = values.iter().find(|&&v| !not_stmt_boundary(self.f[v].op));
                first.map(|&v| self.value_pos(v)).is_some_and(|first| {
                    first.line() == pos.line() && first.is_stmt() == IsStmt::Yes
                })
            };
            if pos.is_stmt() != IsStmt::Yes || begins_there() {
                self.text[id].pos = pos.with_not_stmt();
            }
        }
    }
}

/// Returns the jumps of a conditional block: taken when the condition holds, and when it doesn't.
fn conditional_jump(kind: BlockKind) -> (As, As) {
    match kind {
        BlockKind::EQ => (As::JEQ, As::JNE),
        BlockKind::NE => (As::JNE, As::JEQ),
        BlockKind::LT => (As::JLT, As::JGE),
        BlockKind::GE => (As::JGE, As::JLT),
        BlockKind::LE => (As::JLE, As::JGT),
        BlockKind::GT => (As::JGT, As::JLE),
        BlockKind::OS => (As::JOS, As::JOC),
        BlockKind::OC => (As::JOC, As::JOS),
        BlockKind::ULT => (As::JCS, As::JCC),
        BlockKind::UGE => (As::JCC, As::JCS),
        BlockKind::UGT => (As::JHI, As::JLS),
        BlockKind::ULE => (As::JLS, As::JHI),
        BlockKind::Invalid
        | BlockKind::Plain
        | BlockKind::If
        | BlockKind::Ret
        | BlockKind::RetJmp
        | BlockKind::Exit
        | BlockKind::JumpTable
        | BlockKind::JUMPTABLE
        | BlockKind::First => {
            minigo_base::internal!("lower leaves no {kind} among conditional blocks")
        }
    }
}
