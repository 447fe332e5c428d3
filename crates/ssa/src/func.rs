//! A function in SSA form: values, blocks, edges, and the bookkeeping that makes gc's tie-breaks
//! reproducible.
//!
//! Ids are observable: freed values and blocks are reused last freed first, and every pass replays
//! gc's allocations and frees. The order of values in a block and of edges is real order: removal
//! moves the last element into the hole (gc: func.go, block.go, value.go).

use std::sync::Arc;

use cranelift_entity::{PrimaryMap, SecondaryMap};
use minigo_base::{Pos, PosBase};
use minigo_obj::Sym;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::abi::Convention;
use crate::bits::Bits;
use crate::block::{BlockData, BlockKind, Edge, Likely};
use crate::dom::SparseTree;
use crate::entity::{Block, Value, Var};
use crate::history::Trace;
use crate::loopnest::LoopNest;
use crate::op::{NO_ARGS, Op, OpSet};
use crate::pass::Stage;
use crate::profile::record::Profile;
use crate::scratch::{Scratch, USUAL_BLOCKS};
use crate::ty::{Type, TypeNames};
use crate::value::{Aux, ValueData, not_stmt_boundary};

/// The part of a frame that a variable is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VarClass {
    /// Argument area of the caller's frame.
    Param,
    /// Result area of the caller's frame.
    Result,
    /// This frame.
    Auto,
}

/// The record of a variable.
#[derive(Clone, Debug)]
pub struct VarData {
    /// The name as listings print it after `"".`: `a`, `~r2`, `.autotmp_3`. Variables of functions of other
    /// packages have the package in front: `fmt.n`.
    pub name: String,
    /// Where it lives.
    pub class: VarClass,
    /// Its type.
    pub ty: Type,
    /// Where it was declared.
    pub pos: Pos,
    /// Offset in bytes: params and results from the start of the argument area (0 is the first
    /// argument), autos from the end of the frame (negative), set by stackframe.
    pub offset: i64,
    /// Set by stackframe: an auto that needs a slot.
    pub used: bool,
}

impl VarData {
    /// Returns the name without the package.
    pub fn own_name(&self) -> &str {
        self.name.strip_prefix("fmt.").unwrap_or(&self.name)
    }

    /// Reports whether it comes from a function of another package.
    pub(crate) fn is_imported(&self) -> bool {
        self.own_name().len() < self.name.len()
    }
}

/// Where a value lives after register allocation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Location {
    /// Nowhere: memory, flags, unused results.
    #[default]
    None,
    /// A register by number (see [`crate::amd64::regs`]).
    Register(u8),
    /// The slot of a variable.
    Slot(Var),
    /// The registers of a pair; none for a half without register.
    Pair(Option<u8>, Option<u8>),
    /// That many parameter registers, in order: the results of a call.
    Results(u8),
    /// Nowhere, but it uses this register besides those of its arguments.
    Temporary(u8),
}

/// A constant string of the program.
#[derive(Clone, Debug)]
pub struct StringData {
    /// The symbol that holds its bytes.
    pub sym: Sym,
    /// Length in bytes.
    pub len: i64,
    /// The content as a Go literal, for dumps.
    pub text: Arc<str>,
}

/// Constants and stack addresses of the entry block by aux integer (gc: func.go, constants).
type Constants = FxHashMap<i64, SmallVec<[Value; 2]>>;

/// The tables of a function that the next one uses again.
#[derive(Debug, Default)]
struct Tables {
    values: PrimaryMap<Value, ValueData>,
    blocks: PrimaryMap<Block, BlockData>,
    copies: Bits,
    homes: SecondaryMap<Value, Location>,
    constants: Constants,
    aux_numbers: FxHashMap<Aux, u32>,
}

/// The symbols of write barriers.
#[derive(Clone, Copy, Debug)]
pub struct Barrier {
    /// The variable that says whether they are in use.
    pub flag: Sym,
    /// The functions that make room for one pointer and for two.
    pub record: [Sym; 2],
}

/// A function in SSA form.
#[derive(Debug)]
pub struct Func {
    /// The name in dumps.
    pub name: String,
    /// The function's symbol.
    pub sym: Sym,
    /// Where it is declared.
    pub pos: Pos,
    /// Line of the closing brace.
    pub end_pos: Pos,
    /// `//go:nosplit`.
    pub nosplit: bool,
    /// How it is passed its parameters.
    pub convention: Convention,
    /// The called functions that are passed their parameters on the stack, in versions with registers for them.
    pub stack_callees: Arc<FxHashSet<Sym>>,
    /// What stores need that tell the garbage collector about pointers; none if the function has no such store.
    pub barrier: Option<Barrier>,
    /// Whether it only calls a function of the other convention.
    pub is_wrapper: bool,
    /// Size of parameters and results in bytes, rounded up to 8.
    pub args_size: i64,
    /// Size of the autos in bytes, set by stackframe.
    pub stack_size: i64,
    /// Variables in order of creation: params, results, locals, temporaries, spill slots (gc: Dcl).
    pub vars: PrimaryMap<Var, VarData>,
    /// Constant strings, each once.
    pub strings: Vec<StringData>,
    /// The content of symbols that are never written.
    pub read_only: Arc<FxHashMap<Sym, Box<[u8]>>>,
    /// Defined types of the package.
    pub type_names: Arc<TypeNames>,
    /// The inlined call that a position base stands for, as index into the inline tree; none for code
    /// at its own place.
    pub inlined_calls: Arc<SecondaryMap<PosBase, Option<u32>>>,

    values: PrimaryMap<Value, ValueData>,
    blocks: PrimaryMap<Block, BlockData>,
    /// Whether a value, block or name may have changed since deadcode left nothing to do.
    pub(crate) changed: bool,
    /// The numbers of the values that are copies, in a block or not.
    copies: Bits,
    /// Number of copies.
    n_copies: u32,
    /// The operations that values have had.
    ops: OpSet,
    /// Values that have become invalid since rewriting freed the invalid ones, perhaps freed elsewhere.
    invalidated: Vec<Value>,
    free_values: Vec<Value>,
    free_blocks: Vec<Block>,
    /// The blocks in their current order; layout makes it the order of emission (gc: Blocks).
    pub layout: Vec<Block>,
    /// The first block to run; not always first in `layout`.
    pub entry: Block,
    /// The facts about the Go version whose code is made.
    pub profile: &'static Profile,
    /// The stage that passes have brought it to.
    pub stage: Stage,
    /// Name of the running pass; some rules ask for it.
    pub pass: &'static str,
    /// Whether the running pass reports its decisions.
    pub explains: bool,
    /// Reports of passes, each with its position, in gc's words.
    pub remarks: Vec<(Pos, String)>,
    /// The trace of the passes; none unless it was asked for.
    pub trace: Option<Box<Trace>>,

    /// Named variables in order of first appearance (gc: Names).
    pub names: Vec<Var>,
    /// The values that a named variable has had, in order (gc: NamedValues).
    pub named_values: SecondaryMap<Var, Vec<Value>>,
    /// Where values live, set by regalloc (gc: RegAlloc).
    pub homes: SecondaryMap<Value, Location>,

    /// Numbers of aux operands in order of first appearance, which order values in common-subexpression
    /// elimination and last from its first run to its second (gc: auxmap).
    pub(crate) aux_numbers: FxHashMap<Aux, u32>,
    /// The last number given.
    pub(crate) n_aux_numbers: u32,
    constants: Constants,
    cached_postorder: Option<Arc<[Block]>>,
    cached_idom: Option<Arc<SecondaryMap<Block, Option<Block>>>>,
    cached_sdom: Option<Arc<SparseTree>>,
    cached_loopnest: Option<Arc<LoopNest>>,
    /// Memory for the passes.
    pub(crate) scratch: Box<Scratch>,
}

impl std::ops::Index<Value> for Func {
    type Output = ValueData;
    #[inline]
    fn index(&self, v: Value) -> &ValueData {
        &self.values[v]
    }
}

impl std::ops::IndexMut<Value> for Func {
    #[inline]
    fn index_mut(&mut self, v: Value) -> &mut ValueData {
        self.changed = true;
        &mut self.values[v]
    }
}

impl std::ops::Index<Block> for Func {
    type Output = BlockData;
    #[inline]
    fn index(&self, b: Block) -> &BlockData {
        &self.blocks[b]
    }
}

impl std::ops::IndexMut<Block> for Func {
    #[inline]
    fn index_mut(&mut self, b: Block) -> &mut BlockData {
        self.changed = true;
        &mut self.blocks[b]
    }
}

// The keys under which gc caches constants that aren't numbers; as numbers they are unlikely (gc: func.go,
// constSliceMagic and others).
const CONST_SLICE: i64 = 1_122_334_455;
const CONST_INTERFACE: i64 = 2_233_445_566;
const CONST_NIL: i64 = 3_344_556_677;
const CONST_EMPTY_STRING: i64 = 4_455_667_788;

impl Func {
    /// Records a decision of the pass at `pos`, if reports were asked for.
    pub(crate) fn remark(&mut self, pos: Pos, what: std::fmt::Arguments) {
        if self.explains {
            self.remarks.push((pos, what.to_string()));
        }
    }

    /// Returns a function without blocks, with memory from `scratch`. The caller makes the first block and stores it in
    /// `entry`.
    pub fn new(
        name: &str,
        sym: Sym,
        pos: Pos,
        type_names: Arc<TypeNames>,
        profile: &'static Profile,
        mut scratch: Box<Scratch>,
    ) -> Func {
        let Tables {
            mut values,
            mut blocks,
            copies,
            homes,
            constants,
            aux_numbers,
        } = scratch.lend();
        values.push(ValueData::freed());
        let entry = blocks.push(BlockData::freed());
        Func {
            name: name.to_owned(),
            sym,
            pos,
            end_pos: pos,
            nosplit: false,
            convention: Convention::default(),
            stack_callees: Arc::default(),
            barrier: None,
            is_wrapper: false,
            args_size: 0,
            stack_size: 0,
            vars: PrimaryMap::new(),
            strings: Vec::new(),
            read_only: Arc::default(),
            type_names,
            inlined_calls: Arc::default(),
            values,
            blocks,
            changed: true,
            copies,
            n_copies: 0,
            ops: OpSet::default(),
            invalidated: scratch.values.list(),
            free_values: scratch.values.list(),
            free_blocks: scratch.graph.blocks.list(),
            layout: scratch.graph.blocks.list(),
            entry,
            profile,
            stage: Stage::default(),
            pass: "start",
            explains: false,
            remarks: Vec::new(),
            trace: None,
            names: Vec::new(),
            named_values: SecondaryMap::new(),
            homes,
            aux_numbers,
            n_aux_numbers: 0,
            constants,
            cached_postorder: None,
            cached_idom: None,
            cached_sdom: None,
            cached_loopnest: None,
            scratch,
        }
    }

    /// Notes the rule that rewrote `v`, as name and place (see [`crate::Rule`]), if somebody wants to know.
    #[inline]
    pub(crate) fn note_rule(&mut self, v: Value, rule: &'static str) {
        if let Some(trace) = &mut self.trace {
            trace.rules.push((v, rule));
        }
    }

    /// Returns the function's memory, for the next one.
    pub fn into_scratch(mut self) -> Box<Scratch> {
        let mut scratch = self.scratch;
        for block in self.blocks.values_mut() {
            scratch.values.free(std::mem::take(&mut block.values));
        }
        for list in self.named_values.values_mut() {
            scratch.values.free(std::mem::take(list));
        }
        for list in [self.free_values, self.invalidated] {
            scratch.values.free(list);
        }
        for list in [self.free_blocks, self.layout] {
            scratch.graph.blocks.free(list);
        }
        self.values.clear();
        self.blocks.clear();
        self.copies.clear();
        self.homes.clear();
        self.constants.clear();
        self.aux_numbers.clear();
        scratch.take_back(Tables {
            values: self.values,
            blocks: self.blocks,
            copies: self.copies,
            homes: self.homes,
            constants: self.constants,
            aux_numbers: self.aux_numbers,
        });
        scratch
    }

    /// Reports whether the tables of passes are worth keeping for the next function. Those of a large
    /// function go back to the allocator, which then has their memory for the next pass.
    pub(crate) fn keeps_tables(&self) -> bool {
        self.num_blocks() <= USUAL_BLOCKS
    }

    /// Returns one more than the largest value number ever used: the size of tables indexed by value.
    pub fn num_values(&self) -> usize {
        self.values.len()
    }

    /// Returns one more than the largest block number ever used: the size of tables indexed by block.
    pub fn num_blocks(&self) -> usize {
        self.blocks.len()
    }

    // Values.

    /// Makes a value that is in no list and has no arguments.
    #[inline]
    fn alloc_value(&mut self, new: ValueData) -> Value {
        let pos = if not_stmt_boundary(new.op) {
            new.pos.with_not_stmt()
        } else {
            new.pos
        };
        let new = ValueData { pos, ..new };
        self.changed = true;
        let is_copy = new.op == Op::Copy;
        self.ops.insert(new.op);
        let v = match self.free_values.pop() {
            Some(v) => {
                self[v] = new;
                v
            }
            None => self.values.push(new),
        };
        if is_copy {
            self.count_copy(v, true);
        }
        v
    }

    /// Makes a value without operands besides `args` at the end of block `b`.
    pub fn new_value(&mut self, b: Block, pos: Pos, op: Op, ty: Type, args: &[Value]) -> Value {
        self.new_value_aux(b, pos, op, ty, 0, Aux::None, args)
    }

    /// Makes a value with an integer operand at the end of block `b`.
    pub fn new_value_int(
        &mut self,
        b: Block,
        pos: Pos,
        op: Op,
        ty: Type,
        aux_int: i64,
        args: &[Value],
    ) -> Value {
        self.new_value_aux(b, pos, op, ty, aux_int, Aux::None, args)
    }

    /// Makes a value with both operands at the end of block `b`.
    pub fn new_value_aux(
        &mut self,
        b: Block,
        pos: Pos,
        op: Op,
        ty: Type,
        aux_int: i64,
        aux: Aux,
        args: &[Value],
    ) -> Value {
        for &arg in args {
            self[arg].uses += 1;
        }
        let v = self.alloc_value(ValueData {
            op,
            ty,
            block: b.into(),
            pos,
            args: SmallVec::from_slice(args),
            aux_int,
            aux,
            uses: 0,
        });
        self[b].values.push(v);
        v
    }

    /// Makes a value that no block lists yet; the caller must place it.
    pub fn new_value_no_block(&mut self, pos: Pos, op: Op, ty: Type) -> Value {
        self.alloc_value(ValueData {
            op,
            ty,
            pos,
            ..ValueData::freed()
        })
    }

    /// Frees a value without arguments and uses. Its number is the next to be reused.
    pub fn free_value(&mut self, v: Value) {
        let data = &self.values[v];
        assert!(data.block.is_some(), "{v} is freed twice");
        assert!(data.uses == 0, "{v} is freed with {} uses", data.uses);
        assert!(data.args.is_empty(), "{v} is freed with arguments");
        let is_copy = data.op == Op::Copy;
        self.uncache(v);
        if is_copy {
            self.count_copy(v, false);
        }
        self[v] = ValueData::freed();
        self.free_values.push(v);
        if let Some(trace) = &mut self.trace {
            trace.freed_values.push(v);
        }
    }

    /// Removes `v` from the cached constants if it is one of them (gc: func.go, unCache).
    fn uncache(&mut self, v: Value) {
        let data = &self.values[v];
        if data.op.has(NO_ARGS) || data.op == Op::OffPtr {
            let magic = match data.op {
                Op::ConstNil => Some(CONST_NIL),
                Op::ConstSlice => Some(CONST_SLICE),
                Op::ConstString => Some(CONST_EMPTY_STRING),
                Op::ConstInterface => Some(CONST_INTERFACE),
                _ => None,
            };
            let key = data.aux_int;
            if !self.uncache_by(key, v)
                && let Some(magic) = magic
                && self.profile.rewrite.reset_uncaches
            {
                self.uncache_by(magic, v);
            }
        }
    }

    /// Removes `v` from the constants cached under `key`. Returns whether it was there.
    fn uncache_by(&mut self, key: i64, v: Value) -> bool {
        let cached = self.constants.get_mut(&key);
        let found = cached.and_then(|cached| {
            let at = cached.iter().position(|&c| c == v)?;
            Some(cached.swap_remove(at))
        });
        found.is_some()
    }

    /// Returns the cached entry-block constant of that operation, type and integer; made without a position
    /// when there is none (gc: func.go, constVal).
    fn const_val(&mut self, op: Op, ty: Type, c: i64) -> Value {
        if let Some(cached) = self.constants.get(&c) {
            let same = |&&v: &&Value| {
                let data = &self[v];
                data.op == op && data.ty.compare(ty, &self.type_names).is_eq()
            };
            if let Some(&v) = cached.iter().find(same) {
                debug_assert_eq!(self[v].aux_int, c);
                return v;
            }
        }
        let v = self.new_value_int(self.entry, Pos::NONE, op, ty, c, &[]);
        self.constants.entry(c).or_default().push(v);
        v
    }

    /// Returns the entry-block boolean constant.
    pub fn const_bool(&mut self, ty: Type, c: bool) -> Value {
        self.const_val(Op::ConstBool, ty, i64::from(c))
    }

    /// Returns the entry-block integer constant of the type's width; `c` is truncated and sign-extended.
    pub fn const_int(&mut self, ty: Type, c: i64) -> Value {
        let (op, c) = match ty.size() {
            1 => (Op::Const8, i64::from(c as i8)),
            2 => (Op::Const16, i64::from(c as i16)),
            4 => (Op::Const32, i64::from(c as i32)),
            _ => (Op::Const64, c),
        };
        self.const_val(op, ty, c)
    }

    /// Returns the entry-block nil slice.
    pub fn const_slice(&mut self, ty: Type) -> Value {
        self.const_magic(Op::ConstSlice, ty, CONST_SLICE)
    }

    /// Returns the entry-block nil interface.
    pub fn const_interface(&mut self, ty: Type) -> Value {
        self.const_magic(Op::ConstInterface, ty, CONST_INTERFACE)
    }

    /// Returns the entry-block nil pointer.
    pub fn const_nil(&mut self, ty: Type) -> Value {
        self.const_magic(Op::ConstNil, ty, CONST_NIL)
    }

    /// Returns a constant without operands, cached under `key`.
    fn const_magic(&mut self, op: Op, ty: Type, key: i64) -> Value {
        let same = |&&v: &&Value| {
            let data = &self[v];
            data.op == op && data.ty.compare(ty, &self.type_names).is_eq()
        };
        let cached = self.constants.get(&key);
        if let Some(&v) = cached.and_then(|cached| cached.iter().find(same)) {
            return v;
        }
        let v = self.new_value(self.entry, Pos::NONE, op, ty, &[]);
        self.constants.entry(key).or_default().push(v);
        v
    }

    /// Returns the entry-block empty string; `index` is where [`Func::strings`] has it.
    pub fn const_empty_string(&mut self, ty: Type, index: u32) -> Value {
        let cached = self.constants.entry(CONST_EMPTY_STRING).or_default();
        let same = |&&v: &&Value| self.values[v].op == Op::ConstString;
        if let Some(&v) = cached.iter().find(same) {
            return v;
        }
        let (entry, aux) = (self.entry, Aux::Str(index));
        let v = self.new_value_aux(entry, Pos::NONE, Op::ConstString, ty, 0, aux, &[]);
        self.constants
            .entry(CONST_EMPTY_STRING)
            .or_default()
            .push(v);
        v
    }

    /// Returns the entry-block address `offset` bytes above SP, a pointer of type `ty`.
    pub fn const_off_ptr_sp(&mut self, ty: Type, offset: i64, sp: Value) -> Value {
        let v = self.const_val(Op::OffPtr, ty, offset);
        if self[v].args.is_empty() {
            self.add_arg(v, sp);
        }
        v
    }

    /// Appends an argument.
    pub fn add_arg(&mut self, v: Value, arg: Value) {
        self[v].args.push(arg);
        self[arg].uses += 1;
    }

    /// Appends arguments.
    pub fn add_args(&mut self, v: Value, args: &[Value]) {
        for &arg in args {
            self.add_arg(v, arg);
        }
    }

    /// Replaces argument `index`.
    pub fn set_arg(&mut self, v: Value, index: usize, arg: Value) {
        let old = std::mem::replace(&mut self[v].args[index], arg);
        self[old].uses -= 1;
        self[arg].uses += 1;
    }

    /// Removes argument `index`; later ones move down.
    pub fn remove_arg(&mut self, v: Value, index: usize) {
        let old = self[v].args.remove(index);
        self[old].uses -= 1;
    }

    /// Removes all arguments.
    pub fn reset_args(&mut self, v: Value) {
        while let Some(arg) = self[v].args.pop() {
            self[arg].uses -= 1;
        }
    }

    /// Replaces all arguments.
    pub fn set_args(&mut self, v: Value, args: &[Value]) {
        self.reset_args(v);
        self.add_args(v, args);
    }

    /// Exchanges the first two arguments. Use counts don't change.
    pub(crate) fn swap_args(&mut self, v: Value) {
        self.values[v].args.swap(0, 1);
    }

    /// Exchanges the operation of `v` and nothing else.
    pub fn set_op(&mut self, v: Value, op: Op) {
        let old = std::mem::replace(&mut self[v].op, op);
        self.ops.insert(op);
        if op == Op::Invalid {
            self.invalidated.push(v);
        }
        if (op == Op::Copy) != (old == Op::Copy) {
            self.count_copy(v, op == Op::Copy);
        }
    }

    /// Notes that `v` has become a copy or is none any more.
    #[inline(never)]
    fn count_copy(&mut self, v: Value, is_copy: bool) {
        if is_copy {
            self.copies.insert(v.id());
            self.n_copies += 1;
        } else {
            self.copies.remove(v.id());
            self.n_copies -= 1;
        }
    }

    /// Reports whether `v` is a copy, without a look at its record.
    #[inline]
    pub(crate) fn is_copy(&self, v: Value) -> bool {
        self.copies.contains(v.id())
    }

    /// Returns the blocks that may hold invalid values, by block number. The list comes from the scratch memory.
    pub(crate) fn take_invalidated(&mut self) -> Vec<bool> {
        let mut blocks = self.scratch.flags.table(self.num_blocks(), false);
        for v in self.invalidated.drain(..) {
            if let Some(b) = self.values[v].block.expand() {
                blocks[b.id()] = true;
            }
        }
        blocks
    }

    /// Reports whether any value may be a copy.
    #[inline]
    pub(crate) fn has_copies(&self) -> bool {
        self.n_copies > 0
    }

    /// Returns the convention of the function with symbol `callee`.
    pub fn convention_of(&self, callee: Sym) -> Convention {
        match self.stack_callees.contains(&callee) {
            true => Convention::Stack,
            false => Convention::Registers,
        }
    }

    /// Reports whether any value may be one of `ops`.
    pub(crate) fn may_have(&self, ops: &[Op]) -> bool {
        ops.iter().any(|&op| self.ops.contains(op))
    }

    /// Makes `v` another operation without operands; type and position stay.
    pub fn reset(&mut self, v: Value, op: Op) {
        if self.profile.rewrite.reset_uncaches {
            self.uncache(v);
        }
        self.reset_args(v);
        self.set_op(v, op);
        let data = &mut self[v];
        data.aux_int = 0;
        data.aux = Aux::None;
    }

    /// Makes `v` invalid, and so the arguments that have no other use (gc: value.go, invalidateRecursively).
    pub(crate) fn invalidate_recursively(&mut self, v: Value) {
        let args = self[v].args.clone();
        self.reset(v, Op::Invalid);
        for arg in args {
            if self[arg].uses == 0 && self[arg].op != Op::Invalid {
                self.invalidate_recursively(arg);
            }
        }
    }

    /// Returns SP and SB of the entry block, made where they are missing (gc: func.go, spSb).
    pub(crate) fn sp_sb(&mut self) -> (Value, Value) {
        let entry = self.entry;
        let find = |f: &Func, op: Op| f[entry].values.iter().copied().find(|&v| f[v].op == op);
        let pos = Pos::NONE.with_not_stmt();
        let sb = match find(self, Op::SB) {
            Some(sb) => sb,
            None => self.new_value(entry, pos, Op::SB, Type::UINTPTR, &[]),
        };
        let sp = match find(self, Op::SP) {
            Some(sp) => sp,
            None => self.new_value(entry, pos, Op::SP, Type::UINTPTR, &[]),
        };
        (sp, sb)
    }

    /// Makes `v` a copy of `source`, with its type.
    pub fn copy_of(&mut self, v: Value, source: Value) {
        self.reset(v, Op::Copy);
        self.add_arg(v, source);
        self[v].ty = self[source].ty;
    }

    /// Makes the same operation at the end of block `b`, at the same position as no statement.
    pub fn copy_into(&mut self, v: Value, b: Block) -> Value {
        let pos = self[v].pos.with_not_stmt();
        self.copy_into_at(v, b, pos)
    }

    /// Makes the same operation at the end of block `b` at position `pos`; a statement mark of the
    /// original on the same line is kept.
    pub fn copy_into_with_pos(&mut self, v: Value, b: Block, pos: Pos) -> Value {
        use minigo_base::IsStmt;
        let old = self[v].pos;
        let keep = old.is_stmt() == IsStmt::Yes
            && pos.is_stmt() != IsStmt::Yes
            && old.same_file_and_line(pos);
        self.copy_into_at(v, b, if keep { pos.with_is_stmt() } else { pos })
    }

    fn copy_into_at(&mut self, v: Value, b: Block, pos: Pos) -> Value {
        let ValueData {
            op,
            ty,
            aux_int,
            aux,
            ref args,
            ..
        } = self[v];
        let args = args.clone();
        debug_assert!(
            args.iter()
                .all(|&arg| !self[arg].ty.is_memory() || op == Op::SelectN),
            "{v} has a memory argument"
        );
        self.new_value_aux(b, pos, op, ty, aux_int, aux, &args)
    }

    /// Returns the memory argument, always the last; none for values that read no memory.
    pub fn memory_arg(&self, v: Value) -> Option<Value> {
        self[v]
            .args
            .last()
            .copied()
            .filter(|&arg| self[arg].ty.is_memory())
    }

    /// Reports whether the value can be computed again wherever it is needed: its operation allows that and
    /// its arguments are SP and SB, which are always there (gc: regalloc.go, rematerializeable).
    pub fn rematerializable(&self, v: Value) -> bool {
        let data = &self[v];
        data.op.has(crate::op::REMATERIALIZABLE)
            && data
                .args
                .iter()
                .all(|&arg| matches!(self[arg].op, Op::SP | Op::SB))
    }

    // Variables.

    /// Makes a variable in this frame, named by the number of variables so far (gc: gen.go, tempAt).
    pub fn new_auto(&mut self, pos: Pos, ty: Type) -> Var {
        let name = format!(".autotmp_{}", self.vars.len());
        self.vars.push(VarData {
            name,
            class: VarClass::Auto,
            ty,
            pos,
            offset: 0,
            used: true,
        })
    }

    /// Returns the index of the first value of `b`, at `from` or later, that passes `test`.
    pub(crate) fn find_value(
        &self,
        b: Block,
        from: usize,
        test: impl Fn(Value) -> bool,
    ) -> Option<usize> {
        let behind = &self.blocks[b].values[from..];
        let index = behind.iter().position(|&v| test(v))?;
        Some(from + index)
    }

    /// Records that the named variable `var` has value `v` (gc: ssa.go, addNamedValue).
    pub fn add_named_value(&mut self, var: Var, v: Value) {
        self.changed = true;
        let values = &mut self.named_values[var];
        if values.is_empty() {
            self.names.push(var);
            *values = self.scratch.values.list();
        }
        values.push(v);
    }

    /// Moves `v`, at `index` in its block, to the end of block `to`; the last value of the old block takes
    /// its place. Does nothing if it is there already (gc: shortcircuit.go, moveTo).
    pub fn move_value(&mut self, v: Value, to: Block, index: usize) {
        let from = self[v].block.expect("a listed value is in a block");
        assert_eq!(self[from].values[index], v, "{v} is not at {index}");
        if from != to {
            // The value stays live, so `changed` isn't set.
            self.values[v].block = to.into();
            self.blocks[from].values.swap_remove(index);
            self.blocks[to].values.push(v);
        }
    }

    /// Appends the values of one block to those of another.
    pub(crate) fn move_values(&mut self, from: Block, to: Block) {
        let values = std::mem::take(&mut self[from].values);
        for &v in &values {
            self[v].block = to.into();
        }
        if self[to].values.is_empty() {
            self[to].values = values;
        } else {
            self[to].values.extend(values);
        }
    }

    /// Reserves memory for that many more values and blocks.
    pub fn reserve(&mut self, n_values: usize, n_blocks: usize) {
        self.values.reserve(n_values);
        self.blocks.reserve(n_blocks);
    }

    // Blocks.

    /// Makes a block without edges at the end of the layout.
    pub fn new_block(&mut self, kind: BlockKind) -> Block {
        let b = match self.free_blocks.pop() {
            Some(b) => b,
            None => self.blocks.push(BlockData::freed()),
        };
        let values = self.scratch.values.list();
        let data = &mut self[b];
        data.kind = kind;
        data.allocated = true;
        data.values = values;
        self.layout.push(b);
        self.invalidate_cfg();
        b
    }

    /// Frees a block; the caller has removed it from the layout. Its number is the next to be reused.
    pub fn free_block(&mut self, b: Block) {
        assert!(self[b].allocated, "{b} is freed twice");
        let freed = std::mem::replace(&mut self[b], BlockData::freed());
        self.scratch.values.free(freed.values);
        self.free_blocks.push(b);
        if let Some(trace) = &mut self.trace {
            trace.freed_blocks.push(b);
        }
    }

    /// Reports whether every predecessor of `b` goes only or likely to `b` (gc: block.go, likelyBranch).
    pub fn is_likely_branch(&self, b: Block) -> bool {
        let preds = &self[b].preds;
        !preds.is_empty()
            && preds.iter().all(|edge| {
                let pred = &self[edge.block];
                let succs = &pred.succs;
                match succs[..] {
                    [_] => true,
                    [first, second] => {
                        pred.likely == Likely::Likely && first.block == b
                            || pred.likely == Likely::Unlikely && second.block == b
                    }
                    _ => false,
                }
            })
    }

    /// Replaces the control value, or sets the first one.
    pub fn set_control(&mut self, b: Block, control: Value) {
        self.reset_control(b);
        self[b].control = Some(control);
        self[control].uses += 1;
    }

    /// Replaces the second control value, or sets it.
    pub fn set_second_control(&mut self, b: Block, control: Value) {
        if let Some(old) = self[b].second_control.take() {
            self[old].uses -= 1;
        }
        self[b].second_control = control.into();
        self[control].uses += 1;
    }

    /// Replaces each control value for which `replacement` returns another one.
    pub(crate) fn replace_controls(
        &mut self,
        b: Block,
        replacement: impl Fn(&Func, Value) -> Option<Value>,
    ) {
        let second = self[b].second_control.expand();
        if let Some(new) = second.and_then(|old| replacement(self, old)) {
            self.set_second_control(b, new);
        }
        let first = self[b].control;
        if let Some(new) = first.and_then(|old| replacement(self, old)) {
            if let Some(old) = self[b].control.replace(new) {
                self[old].uses -= 1;
            }
            self[new].uses += 1;
        }
    }

    /// Removes the control values.
    pub fn reset_control(&mut self, b: Block) {
        if let Some(old) = self[b].control.take() {
            self[old].uses -= 1;
        }
        if let Some(old) = self[b].second_control.take() {
            self[old].uses -= 1;
        }
    }

    /// Makes `b` a block of another kind without control (gc: Block.Reset).
    pub fn reset_block(&mut self, b: Block, kind: BlockKind) {
        self.reset_control(b);
        self[b].kind = kind;
    }

    /// Makes `b` a block of another kind with that control.
    pub fn reset_block_with_control(&mut self, b: Block, kind: BlockKind, control: Value) {
        self.reset_block(b, kind);
        self[b].control = Some(control);
        self[control].uses += 1;
    }

    /// Adds an edge.
    pub fn add_edge(&mut self, from: Block, to: Block) {
        let (succ, pred) = (self[from].succs.len() as u32, self[to].preds.len() as u32);
        self[from].succs.push(Edge {
            block: to,
            index: pred,
        });
        self[to].preds.push(Edge {
            block: from,
            index: succ,
        });
        self.invalidate_cfg();
    }

    /// Removes predecessor `index` of `b` from its list only; the last one takes its place. The caller
    /// does the same to the arguments of phis and to the other end.
    pub fn remove_pred(&mut self, b: Block, index: usize) {
        self[b].preds.swap_remove(index);
        if let Some(&moved) = self[b].preds.get(index) {
            self[moved.block].succs[moved.index as usize].index = index as u32;
        }
        self.invalidate_cfg();
    }

    /// Removes successor `index` of `b` from its list only; the last one takes its place.
    pub fn remove_succ(&mut self, b: Block, index: usize) {
        self[b].succs.swap_remove(index);
        if let Some(&moved) = self[b].succs.get(index) {
            self[moved.block].preds[moved.index as usize].index = index as u32;
        }
        self.invalidate_cfg();
    }

    /// Exchanges the two successors and the prediction. Cached analyses stay (as in gc).
    pub fn swap_successors(&mut self, b: Block) {
        assert_eq!(self[b].succs.len(), 2, "{b} has not two successors");
        self[b].succs.swap(0, 1);
        for index in 0..2 {
            let edge = self[b].succs[index];
            self[edge.block].preds[edge.index as usize].index = index as u32;
        }
        self[b].likely = self[b].likely.swapped();
    }

    // Cached analyses. Their content depends on when they were computed only through
    // `swap_successors`, which does not invalidate them.

    /// Drops the cached analyses of the control-flow graph.
    pub fn invalidate_cfg(&mut self) {
        self.cached_postorder = None;
        self.cached_idom = None;
        self.cached_sdom = None;
        self.cached_loopnest = None;
    }

    /// Returns the blocks that the entry reaches, in postorder.
    pub fn postorder(&mut self) -> Arc<[Block]> {
        if self.cached_postorder.is_none() {
            let mut lists = std::mem::take(&mut self.scratch.graph);
            self.cached_postorder = Some(crate::dom::postorder(self, &mut lists));
            self.scratch.graph = lists;
        }
        self.cached_postorder.clone().expect("just computed")
    }

    /// Returns the immediate dominator of every block; none for the entry and for unreachable blocks.
    pub fn idom(&mut self) -> Arc<SecondaryMap<Block, Option<Block>>> {
        if self.cached_idom.is_none() {
            let mut lists = std::mem::take(&mut self.scratch.graph);
            self.cached_idom = Some(Arc::new(crate::dom::dominators(self, &mut lists)));
            self.scratch.graph = lists;
        }
        self.cached_idom.clone().expect("just computed")
    }

    /// Returns the dominator tree.
    pub fn sdom(&mut self) -> Arc<SparseTree> {
        if self.cached_sdom.is_none() {
            let idom = self.idom();
            let tree = if self.profile.pass.tree_in_postorder {
                let order = self.postorder();
                SparseTree::ordered(self, &idom, &order)
            } else {
                SparseTree::new(self, &idom)
            };
            self.cached_sdom = Some(Arc::new(tree));
        }
        self.cached_sdom.clone().expect("just computed")
    }

    /// Returns the loops.
    pub fn loopnest(&mut self) -> Arc<LoopNest> {
        if self.cached_loopnest.is_none() {
            let (order, tree) = (self.postorder(), self.sdom());
            self.cached_loopnest = Some(Arc::new(LoopNest::new(self, &order, &tree)));
        }
        self.cached_loopnest.clone().expect("just computed")
    }
}

/// Access to the bookkeeping, with which [`crate::parse`] rebuilds a function between two passes.
impl Func {
    /// Makes room for the given numbers of blocks and values, dummies included, all of them freed.
    pub(crate) fn reserve_ids(&mut self, n_blocks: usize, n_values: usize) {
        while self.blocks.len() < n_blocks {
            self.blocks.push(BlockData::freed());
        }
        while self.values.len() < n_values {
            self.values.push(ValueData::freed());
        }
    }

    /// Sets the list of freed values; the last is reused first.
    pub(crate) fn set_free_values(&mut self, values: Vec<Value>) -> Result<(), String> {
        self.free_values = values;
        Ok(())
    }

    /// Sets the list of freed blocks; the last is reused first.
    pub(crate) fn set_free_blocks(&mut self, blocks: Vec<Block>) -> Result<(), String> {
        self.free_blocks = blocks;
        Ok(())
    }

    /// Sets the cached constants with the aux integer `c`.
    pub(crate) fn set_cached_constants(&mut self, c: i64, values: Vec<Value>) {
        self.constants.insert(c, values.into());
    }

    /// Returns the freed values; the last is reused first.
    pub(crate) fn free_values(&self) -> &[Value] {
        &self.free_values
    }

    /// Returns the freed blocks; the last is reused first.
    pub(crate) fn free_blocks(&self) -> &[Block] {
        &self.free_blocks
    }

    /// Returns the cached constants by aux integer.
    pub(crate) fn cached_constants(&self) -> Vec<(i64, &[Value])> {
        let mut cached: Vec<_> = self
            .constants
            .iter()
            .map(|(&c, values)| (c, &values[..]))
            .collect();
        cached.retain(|(_, values)| !values.is_empty());
        cached.sort_unstable_by_key(|&(c, _)| c);
        cached
    }
}
