//! Calls, parameters and results by the register convention (gc: expand_calls.go).

use cranelift_entity::SecondaryMap;
use minigo_base::{Pos, internal};

use crate::abi::{Assignment, Place, register_types, words};
use crate::block::BlockKind;
use crate::config::Config;
use crate::entity::{Block, Value, Var};
use crate::func::{Func, VarClass};
use crate::op::Op;
use crate::ty::{Kind, Type};
use crate::value::Aux;

/// Gives calls and returns the values that registers hold as arguments, stores those that the stack holds, and
/// makes parameters and results of calls read registers or the stack.
///
/// Ensures that no argument or result of a call has several words; values that lost their last use here are
/// invalid.
pub(crate) fn expand_calls(f: &mut Func, _config: &Config) {
    let (sp, _) = f.sp_sb();
    let mut expander = Expander {
        own: own_assignment(f),
        memory_of: SecondaryMap::new(),
        sp,
    };
    let found = expander.find(f);
    for &v in &found.params {
        expander.expand_param(f, v);
    }
    for &v in &found.selects {
        expander.expand_select(f, v);
    }
    for &v in &found.calls {
        expander.expand_call(f, v);
    }
    for &b in &found.returns {
        expander.expand_return(f, b);
    }
}

/// The values and blocks of a function that change, in block and value order.
#[derive(Default)]
struct Found {
    params: Vec<Value>,
    selects: Vec<Value>,
    calls: Vec<Value>,
    returns: Vec<Block>,
}

struct Expander {
    /// The places of the function's own parameters and results.
    own: Assignment,
    /// By call: the memory after it.
    memory_of: SecondaryMap<Value, Option<Value>>,
    sp: Value,
}

/// The places of the parameters and results of `f`.
fn own_assignment(f: &Func) -> Assignment {
    let types = |class: VarClass| {
        let vars = f.vars.values().filter(move |var| var.class == class);
        vars.map(|var| var.ty)
    };
    Assignment::new(
        f.convention,
        types(VarClass::Param),
        types(VarClass::Result),
    )
}

/// The places of the parameters and results of the function that `call` calls. Only those of results are known
/// once the call is expanded.
fn callee_assignment(f: &Func, call: Value) -> Assignment {
    let [params @ .., _memory] = &f[call].args[..] else {
        internal!("{call} has no memory argument");
    };
    let results = f.type_names.result_list(f[call].ty);
    let [results @ .., _memory] = results else {
        internal!("{call} has no memory result");
    };
    let Aux::Sym(callee) = f[call].aux else {
        internal!("{call} calls nothing");
    };
    let params = params.iter().map(|&arg| f[arg].ty);
    let convention = f.convention_of(callee);
    Assignment::new(convention, params, results.iter().copied())
}

impl Expander {
    /// Finds what changes, and gives the memory after each call the number of results in registers.
    fn find(&mut self, f: &mut Func) -> Found {
        let mut found = Found::default();
        for block_index in 0..f.layout.len() {
            let b = f.layout[block_index];
            for index in 0..f[b].values.len() {
                let v = f[b].values[index];
                match f[v].op {
                    Op::StaticLECall | Op::TailLECall => found.calls.push(v),
                    Op::Arg => found.params.push(v),
                    Op::SelectN if f[v].ty.is_memory() => {
                        let call = f[v].args[0];
                        let n_registers = callee_assignment(f, call).n_result_registers();
                        f[v].aux_int = n_registers as i64;
                        self.memory_of[call] = Some(v);
                    }
                    Op::SelectN => found.selects.push(v),
                    _ => {}
                }
            }
            let returns_values = |v: Value| f[v].op == Op::MakeResult;
            if f[b].kind == BlockKind::Ret && f[b].control.is_some_and(returns_values) {
                found.returns.push(b);
            }
        }
        found
    }

    /// Makes a parameter the register that holds it. gc computes the stack address in any case.
    fn expand_param(&self, f: &mut Func, v: Value) {
        let Aux::Var(var) = f[v].aux else {
            internal!("parameter {v} has no variable");
        };
        let place = self.own.params[index_in_class(f, var)];
        let offset = if place.is_in_registers() {
            0
        } else {
            place.offset
        };
        let ty = f[v].ty;
        f.const_off_ptr_sp(ty.pointer_to(), offset, self.sp);
        if place.is_in_registers() {
            assert!(place.n_registers == 1, "parameter {v} has several words");
            f.reset(v, Op::ArgIntReg);
            f[v].pos = f[f.entry].pos;
            f[v].aux = Aux::Var(var);
            f[v].aux_int = place.first_register as i64;
        }
    }

    /// Makes a result of a call that of a register or a load from the stack.
    fn expand_select(&mut self, f: &mut Func, v: Value) {
        let call = f[v].args[0];
        let assignment = callee_assignment(f, call);
        let (b, pos) = (block_of(f, call), f[call].pos);
        let memory = self.memory_of[call].unwrap_or_else(|| {
            let n_registers = assignment.n_result_registers() as i64;
            f.new_value_int(b, pos, Op::SelectN, Type::MEM, n_registers, &[call])
        });
        self.memory_of[call] = Some(memory);
        let place = assignment.results[f[v].aux_int as usize];
        let ty = f[v].ty;
        if !place.is_in_registers() {
            // gc computes the address of the whole first.
            f.const_off_ptr_sp(ty.pointer_to(), place.offset, self.sp);
        }
        let part = |f: &mut Func, whole: Option<Value>, pos: Pos, n: usize, ty: Type, offset| {
            let (op, aux_int, args) = if place.is_in_registers() {
                let register = (place.first_register + n) as i64;
                (Op::SelectN, register, vec![call])
            } else {
                let ptr = f.const_off_ptr_sp(ty.pointer_to(), place.offset + offset, self.sp);
                (Op::Load, 0, vec![ptr, memory])
            };
            let v = whole.unwrap_or_else(|| f.new_value(b, pos, op, ty, &[]));
            f.reset(v, op);
            f.add_args(v, &args);
            f[v].aux_int = aux_int;
            f[v].pos = pos;
            v
        };
        let make = match ty.kind() {
            Kind::String => Op::StringMake,
            Kind::Interface => Op::IMake,
            Kind::Slice => Op::SliceMake,
            _ => {
                part(f, Some(v), pos, 0, ty, 0);
                return;
            }
        };
        let mut parts = Vec::new();
        for (n, (ty, offset)) in words(ty).enumerate() {
            let pos = if n == 0 { pos } else { pos.with_not_stmt() };
            parts.push(part(f, None, pos, n, ty, offset));
        }
        f.reset(v, make);
        f.add_args(v, &parts);
        f[v].pos = pos;
    }

    /// Passes the arguments of a call.
    fn expand_call(&self, f: &mut Func, v: Value) {
        let assignment = callee_assignment(f, v);
        let types = f.type_names.result_list(f[v].ty).to_vec();
        let mut passed = Passed::new(f, v);
        for (index, place) in assignment.params.iter().enumerate() {
            let arg = passed.old[index];
            passed.pass(f, arg, *place, |f, ty, offset| {
                f.const_off_ptr_sp(ty.pointer_to(), place.offset + offset, self.sp)
            });
        }
        passed.finish(f, v);
        let op = match f[v].op {
            Op::TailLECall => Op::TailCall,
            _ => Op::StaticCall,
        };
        f.set_op(v, op);
        set_register_types(f, v, &types, &assignment.results);
    }

    /// Passes the results at the end of `b`. gc computes their stack addresses in any case.
    fn expand_return(&self, f: &mut Func, b: Block) {
        let v = f[b].control.expect("a return has a control");
        let results = f
            .vars
            .iter()
            .filter(|(_, var)| var.class == VarClass::Result);
        let results: Vec<(Var, Type)> = results.map(|(var, data)| (var, data.ty)).collect();
        let mut passed = Passed::new(f, v);
        for (index, (&place, &(var, ty))) in self.own.results.iter().zip(&results).enumerate() {
            let arg = passed.old[index];
            if f[arg].op == Op::Dereference {
                f.set_op(arg, Op::Load);
            }
            let (pos, memory) = (f[v].pos, passed.memory);
            let args = [self.sp, memory];
            let ptr_type = ty.pointer_to();
            let ptr = f.new_value_aux(b, pos, Op::LocalAddr, ptr_type, 0, Aux::Var(var), &args);
            let is_own = |ptr: Value| f[ptr].op == Op::LocalAddr && f[ptr].aux == Aux::Var(var);
            if !place.is_in_registers() && f[arg].op == Op::Load && is_own(f[arg].args[0]) {
                continue;
            }
            passed.pass(f, arg, place, |f, ty, offset| {
                if offset == 0 {
                    return ptr;
                }
                let pos = f[ptr].pos.with_not_stmt();
                f.new_value_int(b, pos, Op::OffPtr, ty.pointer_to(), offset, &[ptr])
            });
        }
        passed.finish(f, v);
        let mut types: Vec<Type> = results.iter().map(|&(_, ty)| ty).collect();
        types.push(Type::MEM);
        set_register_types(f, v, &types, &self.own.results);
    }
}

/// The arguments that a call or return is getting.
struct Passed {
    b: Block,
    pos: Pos,
    /// The old arguments, without memory.
    old: Vec<Value>,
    in_registers: Vec<Value>,
    memory: Value,
}

impl Passed {
    fn new(f: &Func, v: Value) -> Passed {
        let mut old = f[v].args.to_vec();
        let memory = old.pop().expect("the last argument is memory");
        Passed {
            b: block_of(f, v),
            pos: f[v].pos,
            old,
            in_registers: Vec::new(),
            memory,
        }
    }

    /// Passes `arg` in registers, or by stores of its words to the addresses that `ptr` makes of their types and
    /// offsets.
    fn pass(
        &mut self,
        f: &mut Func,
        arg: Value,
        place: Place,
        mut ptr: impl FnMut(&mut Func, Type, i64) -> Value,
    ) {
        let parts: &[Op] = match f[arg].ty.kind() {
            Kind::String => &[Op::StringPtr, Op::StringLen],
            Kind::Interface => &[Op::ITab, Op::IData],
            Kind::Slice => &[Op::SlicePtr, Op::SliceLen, Op::SliceCap],
            _ => {
                self.pass_word(f, arg, self.pos, place, 0, &mut ptr);
                return;
            }
        };
        let mut pos = self.pos;
        for (&op, (ty, offset)) in parts.iter().zip(words(f[arg].ty)) {
            let word = match f[arg].op {
                Op::IMake if op == Op::IData => f[arg].args[1],
                _ => f.new_value(self.b, pos, op, ty, &[arg]),
            };
            pos = pos.with_not_stmt();
            self.pass_word(f, word, pos, place, offset, &mut ptr);
        }
    }

    fn pass_word(
        &mut self,
        f: &mut Func,
        word: Value,
        pos: Pos,
        place: Place,
        offset: i64,
        ptr: &mut impl FnMut(&mut Func, Type, i64) -> Value,
    ) {
        if place.is_in_registers() {
            self.in_registers.push(word);
            return;
        }
        let ty = f[word].ty;
        let args = [ptr(f, ty, offset), word, self.memory];
        self.memory = f.new_value_aux(self.b, pos, Op::Store, Type::MEM, 0, Aux::Type(ty), &args);
    }

    /// Gives `v` the new arguments.
    fn finish(self, f: &mut Func, v: Value) {
        f.reset_args(v);
        f.add_args(v, &self.in_registers);
        f.add_arg(v, self.memory);
        for old in self.old {
            if f[old].uses == 0 {
                f.invalidate_recursively(old);
            }
        }
    }
}

/// Sets the type of a call or return to the types in registers. `types` are those of all results and memory.
fn set_register_types(f: &mut Func, v: Value, types: &[Type], places: &[Place]) {
    let in_registers = types.iter().zip(places);
    let in_registers = in_registers.filter(|(_, place)| place.is_in_registers());
    let in_registers = in_registers.flat_map(|(&ty, _)| register_types(ty));
    let list: Vec<Type> = in_registers.chain([Type::MEM]).collect();
    // Nearly always the type that it has.
    let has_list = f[v].ty.is_results() && f.type_names.result_list(f[v].ty) == list;
    if !has_list {
        let ty = std::sync::Arc::make_mut(&mut f.type_names).results(&list);
        f[v].ty = ty;
    }
}

fn block_of(f: &Func, v: Value) -> Block {
    f[v].block.expect("a listed value is in a block")
}

/// The index of a parameter or result among those of its class.
fn index_in_class(f: &Func, var: Var) -> usize {
    let class = f.vars[var].class;
    let before = f.vars.iter().take_while(|&(other, _)| other != var);
    before.filter(|(_, data)| data.class == class).count()
}
