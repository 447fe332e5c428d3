//! Construction of SSA from the walked tree of a function (gc: ssa.go, buildssa).
//!
//! Statements are built in order, with one block current at a time. Within a block, variables are values. A variable
//! that is read before it is assigned in the block becomes a `FwdRef`, which [`crate::phi`] resolves at the end. Memory
//! is such a variable, too. Values and blocks are made in gc's order, because their numbers break ties in later passes.
//! Positions come from a stack of the lines of the nodes being built, for the same reason.
//!
//! Statements are taken from a stack of tasks, so that long functions and long chains of `else if` don't recurse.
//! Expressions do.

mod call;
mod expr;
mod memory;
mod stmt;

use cranelift_entity::SecondaryMap;
use cranelift_entity::packed_option::PackedOption;
use minigo_base::{Pos, PosBase};
use minigo_obj::Sym;
use minigo_ssa::abi::Assignment;
use minigo_ssa::{Aux, Barrier, Config, Op, Scratch, Type};
use minigo_ssa::{Block, BlockKind, Func, Value, Var, VarClass, VarData};
use rustc_hash::FxHashMap;

use crate::front::Front;
use crate::ir::{self, External, TreeScratch};
use crate::phi;
use crate::symbols::Symbols;
use stmt::{LabelBlocks, Task};

/// Scratch memory for building functions, lent from one to the next: empty lists and tables.
#[derive(Default)]
pub struct Memory {
    pub(crate) tree: TreeScratch,
    vars: SecondaryMap<ir::Var, PackedOption<Var>>,
    named: SecondaryMap<Var, bool>,
    addresses: SecondaryMap<Var, PackedOption<Value>>,
    assigned: Current,
    forward: Current,
    defs: Vec<(Block, Slot, Value)>,
    results: Vec<Var>,
    lines: Vec<Pos>,
    block_starts: SecondaryMap<Block, Pos>,
    tasks: Vec<Task>,
}

impl Memory {
    /// Takes the memory of a tree that is not needed any more.
    pub fn take_back(&mut self, tree: ir::Func) {
        self.tree.take_back(tree);
    }
}

/// Builds function `id` of a package from its walked tree, in the memory of `scratch` and `memory`. The result has generic
/// operations, resolved variables and placed phis.
pub fn build(
    package: &ir::Package,
    id: ir::FuncId,
    func: &ir::Func,
    symbols: &Symbols,
    front: &Front,
    config: &Config,
    scratch: Box<Scratch>,
    memory: &mut Memory,
) -> Func {
    let tree = std::mem::take(&mut memory.tree);
    let lists = std::mem::take(memory);
    let mut builder = Builder::new(package, func, id, symbols, front, config, scratch, lists);
    builder.declare();
    builder.stmt_list(func.enter);
    builder.stmt_list(func.body);
    if builder.current.is_some() {
        builder.push_line(func.end_pos);
        builder.exit();
        builder.pop_line();
    }
    set_missing_positions(&mut builder.f);
    let starts = front.phis_at_block_start.then_some(&builder.block_starts);
    phi::insert_phis(&mut builder.f, &builder.defs, &builder.named, starts);
    let (f, lists) = builder.finish();
    *memory = Memory { tree, ..lists };
    f
}

/// A variable during construction: 0 is memory, `n + 1` is variable `n` of the `Func`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Slot(u32);

impl Slot {
    /// The memory state.
    pub(crate) const MEM: Slot = Slot(0);

    /// Returns the slot of a variable.
    pub(crate) fn var(var: Var) -> Slot {
        Slot(var.as_u32() + 1)
    }

    /// Returns the slot that a `FwdRef` reads.
    pub(crate) fn of_fwd_ref(aux: Aux) -> Slot {
        match aux {
            Aux::Var(var) => Slot::var(var),
            _ => Slot::MEM,
        }
    }

    /// Returns the variable; none for memory.
    pub(crate) fn to_var(self) -> Option<Var> {
        self.0.checked_sub(1).map(Var::from_u32)
    }

    /// Returns the slot as a table index.
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The values of variables in the current block, by slot.
#[derive(Default)]
struct Current {
    values: Vec<PackedOption<Value>>,
    set: Vec<Slot>,
}

impl Current {
    fn get(&self, slot: Slot) -> Option<Value> {
        self.values[slot.index()].expand()
    }

    fn set(&mut self, slot: Slot, v: Value) {
        let old = std::mem::replace(&mut self.values[slot.index()], v.into());
        if old.is_none() {
            self.set.push(slot);
        }
    }

    fn clear(&mut self) {
        for slot in self.set.drain(..) {
            self.values[slot.index()] = None.into();
        }
    }
}

struct Builder<'a> {
    package: &'a ir::Package,
    func: &'a ir::Func,
    symbols: &'a Symbols,
    id: ir::FuncId,
    /// Whether arguments and results travel in registers.
    registers: bool,
    front: &'a Front,
    /// Whether variables are kept in SSA rather than in memory.
    optimize: bool,
    f: Func,
    /// The `Func`'s variable for each variable of the tree.
    vars: SecondaryMap<ir::Var, PackedOption<Var>>,
    /// Whether a variable's values are recorded in `Func::named_values`.
    named: SecondaryMap<Var, bool>,
    /// The block being built; none in unreachable code.
    current: Option<Block>,
    assigned: Current,
    /// Variables read in the current block before any assignment there.
    forward: Current,
    /// As in [`phi::insert_phis`].
    defs: Vec<(Block, Slot, Value)>,
    /// Addresses of parameters and results.
    addresses: SecondaryMap<Var, PackedOption<Value>>,
    /// Results kept in SSA, which are stored at each exit.
    results: Vec<Var>,
    start_mem: Value,
    sp: Value,
    sb: Value,
    /// The last call whose results are selected.
    last_call: PackedOption<Value>,
    /// Positions of the nodes being built, innermost last.
    lines: Vec<Pos>,
    /// The first position in each block.
    block_starts: SecondaryMap<Block, Pos>,
    /// The last known position pushed.
    last_pos: Pos,
    /// The block that panics by a given function for a given file and line.
    panics: FxHashMap<(ir::Runtime, PosBase, u32), Block>,
    /// Index in `Func::strings` of each constant string, by its data symbol.
    strings: FxHashMap<Sym, u32>,
    labels: SecondaryMap<ir::Label, LabelBlocks>,
    break_to: PackedOption<Block>,
    continue_to: PackedOption<Block>,
    tasks: Vec<Task>,
}

impl<'a> Builder<'a> {
    fn new(
        package: &'a ir::Package,
        func: &'a ir::Func,
        id: ir::FuncId,
        symbols: &'a Symbols,
        front: &'a Front,
        config: &Config,
        scratch: Box<Scratch>,
        memory: Memory,
    ) -> Builder<'a> {
        let pos = func.pos;
        let names = symbols.type_names();
        let sym = symbols.func(id);
        let mut f = Func::new(&func.name, sym, pos, names, config.profile, scratch);
        f.end_pos = func.end_pos;
        f.inlined_calls = symbols.inlined_calls();
        f.read_only = symbols.read_only();
        f.nosplit = func.pragmas.nosplit;
        f.convention = func.convention;
        f.is_wrapper = func.wraps.is_some();
        f.stack_callees = symbols.stack_callees();
        f.args_size = i64::from(func.signature.args_size);
        // Enough for branches and small statements. Unwritten memory costs nothing.
        f.reserve(func.nodes.len() * 3 / 2, func.nodes.len() / 2);
        f.entry = f.new_block(BlockKind::Plain);
        let entry = f.entry;
        let start_mem = f.new_value(entry, Pos::NONE, Op::InitMem, Type::MEM, &[]);
        let sp = f.new_value(entry, Pos::NONE, Op::SP, Type::UINTPTR, &[]);
        let sb = f.new_value(entry, Pos::NONE, Op::SB, Type::UINTPTR, &[]);
        let mut builder = Builder {
            package,
            func,
            symbols,
            id,
            front,
            registers: !config.profile.registers.parameters.is_empty(),
            optimize: config.optimize,
            f,
            vars: memory.vars,
            named: memory.named,
            current: None,
            assigned: memory.assigned,
            forward: memory.forward,
            defs: memory.defs,
            addresses: memory.addresses,
            results: memory.results,
            start_mem,
            sp,
            sb,
            last_call: None.into(),
            lines: memory.lines,
            block_starts: memory.block_starts,
            last_pos: Pos::NONE,
            panics: FxHashMap::default(),
            strings: FxHashMap::default(),
            labels: SecondaryMap::new(),
            break_to: None.into(),
            continue_to: None.into(),
            tasks: memory.tasks,
        };
        let n_vars = func.dcl.len();
        for current in [&mut builder.assigned, &mut builder.forward] {
            current.values.resize(n_vars + 1, None.into());
        }
        builder.vars.resize(func.vars.len());
        builder.named.resize(n_vars);
        builder.addresses.resize(n_vars);
        builder.f.vars.reserve(n_vars);
        builder.f.named_values.resize(n_vars);
        builder.push_line(pos);
        builder
    }

    /// Returns the function, and the memory for the next one.
    fn finish(self) -> (Func, Memory) {
        let mut memory = Memory {
            tree: TreeScratch::default(),
            vars: self.vars,
            named: self.named,
            addresses: self.addresses,
            assigned: self.assigned,
            forward: self.forward,
            defs: self.defs,
            results: self.results,
            lines: self.lines,
            block_starts: self.block_starts,
            tasks: self.tasks,
        };
        memory.vars.clear();
        memory.named.clear();
        memory.addresses.clear();
        for current in [&mut memory.assigned, &mut memory.forward] {
            current.values.clear();
            current.set.clear();
        }
        memory.defs.clear();
        memory.results.clear();
        memory.lines.clear();
        memory.block_starts.clear();
        memory.tasks.clear();
        (self.f, memory)
    }

    /// Enters the variables, and makes the addresses of parameters and results and the values of parameters.
    fn declare(&mut self) {
        self.start_block(self.f.entry);
        self.assigned.set(Slot::MEM, self.start_mem);
        let homes = self.homes();
        for &ir_var in &self.func.dcl {
            let data = &self.func.vars[ir_var];
            let class = match data.class {
                ir::Class::Param => VarClass::Param,
                ir::Class::ParamOut => VarClass::Result,
                ir::Class::Auto | ir::Class::NotVar => VarClass::Auto,
            };
            let ty = self.symbols.ty(data.ty);
            let var = self.f.vars.push(VarData {
                name: String::from(&*data.name),
                class,
                ty,
                pos: data.pos,
                offset: match homes.get(&ir_var) {
                    Some(&home) => home,
                    None => i64::from(data.offset),
                },
                used: false,
            });
            self.vars[ir_var] = var.into();
            self.named[var] = !data.auto_temp && class != VarClass::Result;
            if class != VarClass::Auto {
                let address = self.entry_value(
                    Op::LocalAddr,
                    ty.pointer_to(),
                    Aux::Var(var),
                    &[self.sp, self.start_mem],
                );
                self.addresses[var] = address.into();
            }
            if class == VarClass::Result && self.optimize {
                self.results.push(var);
            }
        }
        if !self.optimize {
            return self.store_params();
        }
        for var in self.f.vars.keys() {
            let data = &self.f.vars[var];
            if data.class == VarClass::Param {
                let v = self.value_aux(Op::Arg, data.ty, Aux::Var(var), &[]);
                self.assign_var(var, v);
            }
        }
    }

    /// Stores the parameters that are passed in registers: without optimization they are in memory.
    fn store_params(&mut self) {
        if !self.registers {
            return;
        }
        let ir::Signature { params, .. } = &self.func.signature;
        let types = params.iter().map(|slot| self.symbols.ty(slot.ty));
        let assignment = Assignment::new(self.func.convention, types, []);
        for (slot, place) in params.iter().zip(&assignment.params) {
            if let Some(ir_var) = slot.var.expand()
                && place.is_in_registers()
            {
                let var = self.var(ir_var);
                let ty = self.f.vars[var].ty;
                let v = self.value_aux(Op::Arg, ty, Aux::Var(var), &[]);
                let address = self.addresses[var].expect("parameters have addresses");
                self.store(ty, address, v);
            }
        }
    }

    /// Returns the homes of parameters and results on the register convention, and sets the size of the area.
    fn homes(&mut self) -> FxHashMap<ir::Var, i64> {
        let mut homes = FxHashMap::default();
        if !self.registers {
            return homes;
        }
        let ir::Signature {
            params, results, ..
        } = &self.func.signature;
        let ty = |slot: &ir::Slot| self.symbols.ty(slot.ty);
        let (params_of, results_of) = (params.iter().map(ty), results.iter().map(ty));
        let assignment = Assignment::new(self.func.convention, params_of, results_of);
        let places = assignment.params.iter().chain(&assignment.results);
        for (slot, place) in params.iter().chain(results).zip(places) {
            if let Some(var) = slot.var.expand() {
                homes.insert(var, place.offset);
            }
        }
        self.f.args_size = assignment.size();
        homes
    }

    // Lines.

    fn push_line(&mut self, pos: Pos) {
        let pos = if pos.is_known() {
            self.last_pos = pos;
            pos
        } else {
            self.pos()
        };
        if let Some(b) = self.current {
            self.note_start(b, pos);
        }
        self.lines.push(pos);
    }

    /// Records the position of block `b`, unless it has one already, if phis want it.
    #[inline]
    fn note_start(&mut self, b: Block, pos: Pos) {
        if self.front.phis_at_block_start && self.block_starts[b] == Pos::NONE {
            self.block_starts[b] = pos;
        }
    }

    fn pop_line(&mut self) {
        self.lines.pop();
    }

    /// Returns the position of the node being built.
    fn pos(&self) -> Pos {
        *self
            .lines
            .last()
            .expect("the function's own line is never popped")
    }

    // Blocks.

    fn start_block(&mut self, b: Block) {
        assert!(self.current.is_none(), "{b} begins inside of another block");
        self.current = Some(b);
        self.assigned.clear();
        self.forward.clear();
    }

    /// Returns the block being built.
    fn block(&self) -> Block {
        self.current
            .expect("code that cannot be reached is not built")
    }

    /// Ends the current block, if there is one: records its variables and sets its position.
    fn end_block(&mut self) -> Option<Block> {
        let b = self.current.take()?;
        for &slot in &self.assigned.set {
            if let Some(v) = self.assigned.get(slot) {
                self.defs.push((b, slot, v));
            }
        }
        self.f[b].pos = if self.lacks_pos(b) {
            Pos::NONE
        } else {
            self.note_start(b, self.last_pos);
            self.last_pos
        };
        Some(b)
    }

    fn lacks_pos(&self, b: Block) -> bool {
        lacks_pos(&self.f, b)
    }

    /// Ends the current block, if there is one, with a jump.
    fn jump(&mut self, to: Block) -> Option<Block> {
        let b = self.end_block()?;
        self.f.add_edge(b, to);
        Some(b)
    }

    /// Ends the current block as one that leaves the function with the current memory.
    fn leave(&mut self, kind: BlockKind) -> Block {
        let mem = self.mem();
        let b = self.block();
        self.end_block();
        self.f.reset_block_with_control(b, kind, mem);
        b
    }

    /// Stores the results and ends the current block with a return.
    fn exit(&mut self) -> Block {
        if self.registers {
            return self.exit_with_results();
        }
        for i in 0..self.results.len() {
            let var = self.results[i];
            let ty = self.f.vars[var].ty;
            let address = self.addresses[var].expect("results have addresses");
            let v = self.variable(Slot::var(var), ty);
            let mem = self.mem();
            let mem = self.value_aux(Op::VarDef, Type::MEM, Aux::Var(var), &[mem]);
            self.assigned.set(Slot::MEM, mem);
            self.store(ty, address, v);
        }
        self.leave(BlockKind::Ret)
    }

    /// Ends the current block with a return of the results, with which it leaves the function.
    fn exit_with_results(&mut self) -> Block {
        let mut args = Vec::with_capacity(self.results.len() + 1);
        for i in 0..self.results.len() {
            let var = self.results[i];
            let ty = self.f.vars[var].ty;
            args.push(self.variable(Slot::var(var), ty));
        }
        if !self.optimize {
            for slot in &self.func.signature.results {
                let var = self.var(slot.var.expect("results have variables"));
                let ty = self.f.vars[var].ty;
                let operands = [self.sp, self.mem()];
                let address = ty.pointer_to();
                let address = self.value_aux(Op::LocalAddr, address, Aux::Var(var), &operands);
                let operands = [address, self.mem()];
                args.push(self.value(Op::Dereference, ty, &operands));
            }
        }
        args.push(self.mem());
        let result = self.value(Op::MakeResult, self.symbols.results(self.id), &args);
        let b = self.block();
        self.end_block();
        self.f.reset_block_with_control(b, BlockKind::Ret, result);
        b
    }

    // Values.

    /// Adds a value to the current block, at the position of the node being built.
    fn value(&mut self, op: Op, ty: Type, args: &[Value]) -> Value {
        self.value_aux(op, ty, Aux::None, args)
    }

    fn value_aux(&mut self, op: Op, ty: Type, aux: Aux, args: &[Value]) -> Value {
        let (b, pos) = (self.block(), self.pos());
        self.f.new_value_aux(b, pos, op, ty, 0, aux, args)
    }

    /// Like [`Self::value_aux`], but never marked as the start of a statement.
    fn value_not_stmt(&mut self, op: Op, ty: Type, aux: Aux, args: &[Value]) -> Value {
        let (b, pos) = (self.block(), self.pos().with_not_stmt());
        self.f.new_value_aux(b, pos, op, ty, 0, aux, args)
    }

    /// Adds a value without a position to the entry block; without optimization, in versions that avoid long live ranges,
    /// to the current block.
    fn entry_value(&mut self, op: Op, ty: Type, aux: Aux, args: &[Value]) -> Value {
        let is_far = self.optimize || !self.front.addresses_where_used;
        let entry = self.current.filter(|_| !is_far).unwrap_or(self.f.entry);
        self.f.new_value_aux(entry, Pos::NONE, op, ty, 0, aux, args)
    }

    fn const_bool(&mut self, value: bool) -> Value {
        self.f.const_bool(Type::BOOL, value)
    }

    /// Returns the zero value of a type.
    fn zero(&mut self, ty: Type) -> Value {
        if ty.is_boolean() {
            self.const_bool(false)
        } else if ty.is_string() {
            self.const_string(b"")
        } else if ty.is_interface() {
            self.f.const_interface(ty)
        } else if ty.is_slice() {
            self.f.const_slice(ty)
        } else if ty.is_ptr() {
            self.f.const_nil(ty)
        } else {
            self.f.const_int(ty, 0)
        }
    }

    fn load(&mut self, ty: Type, address: Value) -> Value {
        let mem = self.mem();
        self.value(Op::Load, ty, &[address, mem])
    }

    fn store(&mut self, ty: Type, address: Value, v: Value) {
        let mem = self.mem();
        let mem = self.value_aux(Op::Store, Type::MEM, Aux::Type(ty), &[address, v, mem]);
        self.assigned.set(Slot::MEM, mem);
    }

    /// Stores an element of an array of interfaces. The store is in two parts if it may need a write barrier, which
    /// only the second part takes (gc: ssa.go, storeType).
    fn store_type(&mut self, ty: Type, address: Value, v: Value) {
        if self.is_stack_address(address) {
            return self.store(ty, address, v);
        }
        self.f.barrier = Some(Barrier {
            flag: self.symbols.external(External::WriteBarrier),
            record: [External::RecordOne, External::RecordTwo]
                .map(|external| self.symbols.external(external)),
        });
        let table = self.value(Op::ITab, Type::BYTE_PTR, &[v]);
        self.store(Type::UINTPTR, address, table);
        let data = self.value(Op::IData, Type::BYTE_PTR, &[v]);
        let data_address = self.value(Op::OffPtr, Type::BYTE_PTR_PTR, &[address]);
        self.f[data_address].aux_int = 8;
        self.store(Type::BYTE_PTR, data_address, data);
    }

    /// Reports whether an address is known to be on the stack (gc: writebarrier.go, IsStackAddr).
    fn is_stack_address(&self, mut address: Value) -> bool {
        while let Op::OffPtr | Op::AddPtr | Op::PtrIndex | Op::Copy = self.f[address].op {
            address = self.f[address].args[0];
        }
        matches!(self.f[address].op, Op::SP | Op::LocalAddr)
    }

    fn store_not_stmt(&mut self, ty: Type, address: Value, v: Value) {
        let mem = self.mem();
        let mem = self.value_not_stmt(Op::Store, Type::MEM, Aux::Type(ty), &[address, v, mem]);
        self.assigned.set(Slot::MEM, mem);
    }

    // Variables.

    /// Makes a variable that isn't one of the function.
    fn new_slot(&mut self) -> Slot {
        let slot = Slot(self.assigned.values.len() as u32);
        for current in [&mut self.assigned, &mut self.forward] {
            current.values.push(None.into());
        }
        slot
    }

    fn mem(&mut self) -> Value {
        self.variable(Slot::MEM, Type::MEM)
    }

    /// Returns the value of a variable: a `FwdRef` if the current block hasn't assigned it.
    fn variable(&mut self, slot: Slot, ty: Type) -> Value {
        if let Some(v) = self.assigned.get(slot).or_else(|| self.forward.get(slot)) {
            return v;
        }
        assert!(self.block() != self.f.entry, "{slot:?} is live at entry");
        let var = slot.to_var();
        let v = self.value_aux(Op::FwdRef, ty, var.map_or(Aux::None, Aux::Var), &[]);
        self.forward.set(slot, v);
        if let Some(var) = var {
            self.name_value(var, v);
        }
        v
    }

    fn assign_var(&mut self, var: Var, v: Value) {
        self.assigned.set(Slot::var(var), v);
        self.name_value(var, v);
    }

    /// Records that `var` has value `v`, if its values are recorded.
    fn name_value(&mut self, var: Var, v: Value) {
        if self.named[var] {
            self.f.add_named_value(var, v);
        }
    }

    /// Returns the `Func`'s variable for a variable of the tree.
    fn var(&self, var: ir::Var) -> Var {
        self.vars[var].expect("variables in use are declared")
    }
}

/// Reports whether a block has nothing that determines its position (gc: block.go, LackingPos).
fn lacks_pos(f: &Func, b: Block) -> bool {
    let data = &f[b];
    data.kind == BlockKind::Plain
        && data.pos == Pos::NONE
        && data.values.iter().all(|&v| f[v].lacking_pos())
}

/// Returns each block without a position that of the code after it (gc: ssa.go, updateUnsetPredPos).
fn set_missing_positions(f: &mut Func) {
    /// A block whose predecessors are being visited.
    struct Visit {
        block: Block,
        /// Index of the next predecessor.
        next: usize,
        /// The position for predecessors, once known.
        pos: Pos,
    }
    let visit = |block| Visit {
        block,
        next: 0,
        pos: Pos::NONE,
    };
    let mut stack = Vec::new();
    for i in 0..f.layout.len() {
        let b = f.layout[i];
        if f[b].pos == Pos::NONE {
            continue;
        }
        stack.push(visit(b));
        while let Some(top) = stack.last_mut() {
            let b = top.block;
            let Some(&edge) = f[b].preds.get(top.next) else {
                stack.pop();
                continue;
            };
            top.next += 1;
            if !lacks_pos(f, edge.block) {
                continue;
            }
            if top.pos == Pos::NONE {
                top.pos = first_position(f, b);
            }
            f[edge.block].pos = top.pos;
            stack.push(visit(edge.block));
        }
    }
}

/// Returns the position of the first value that has one, or else of the block.
fn first_position(f: &Func, b: Block) -> Pos {
    let known = |&&v: &&Value| !f[v].lacking_pos() && f[v].pos != Pos::NONE;
    f[b].values
        .iter()
        .find(known)
        .map_or(f[b].pos, |&v| f[v].pos)
}
