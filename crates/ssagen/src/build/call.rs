//! Building of calls and run-time checks (gc: ssa.go, call, check and rtcall).

use minigo_obj::Sym;
use minigo_ssa::abi::Assignment;
use minigo_ssa::{Aux, Op, Type};
use minigo_ssa::{Block, BlockKind, Likely, Value};

use super::Builder;
use crate::ir::{self, Node, Runtime, Signature, Slot};

impl Builder<'_> {
    /// Builds a call. On the stack convention, arguments are stored above SP in order of parameters, and the address of
    /// the first result is returned, if there is one; on the register convention, the result itself.
    pub(super) fn call(&mut self, n: Node) -> Option<Value> {
        let node = &self.func.nodes[n];
        let callee = self.func.nodes[node.left.expect("a call has a callee")].aux;
        let runtime;
        let (sym, signature) = match callee {
            ir::Aux::Func(id) => (self.symbols.func(id), &self.package.funcs[id].signature),
            ir::Aux::Runtime(fun) => {
                // Conversions take any type of the right size.
                let args = self.func.slice(&node.rlist).iter();
                let args = args.map(|&arg| self.func.nodes[arg].ty);
                let params = match fun.result() {
                    Some(_) => args.collect(),
                    None => Vec::from_iter(fun.param()),
                };
                runtime = Signature::new(&params, fun.result().as_slice());
                (self.symbols.runtime(fun), &runtime)
            }
            aux => minigo_base::internal!("{aux:?} is called"),
        };
        self.stmt_list(node.list);
        if self.registers {
            return self.late_call(n, callee, sym, signature);
        }
        let args = self.func.slice(&node.rlist);
        debug_assert_eq!(args.len(), signature.params.len());
        for (&arg, param) in args.iter().zip(&signature.params) {
            let ty = self.symbols.ty(param.ty);
            let address = self.sp_address(ty, param.offset);
            let v = self.expr(arg);
            self.store_not_stmt(ty, address, v);
        }
        self.static_call(sym, i64::from(signature.args_size));
        let result = signature.results.first()?;
        Some(self.sp_address(self.symbols.ty(result.ty), result.offset))
    }

    /// Builds a call whose arguments are its operands, which `expand calls` places later.
    fn late_call(
        &mut self,
        n: Node,
        callee: ir::Aux,
        sym: Sym,
        signature: &Signature,
    ) -> Option<Value> {
        let args = self.func.slice(&self.func.nodes[n].rlist);
        let mut operands = Vec::with_capacity(args.len() + 1);
        for &arg in args {
            operands.push(self.expr(arg));
        }
        let ty = match callee {
            ir::Aux::Func(id) => self.symbols.results(id),
            ir::Aux::Runtime(fun) => self.symbols.runtime_results(fun),
            aux => minigo_base::internal!("{aux:?} is called"),
        };
        let types = |slots: &[Slot]| -> Vec<Type> {
            slots.iter().map(|slot| self.symbols.ty(slot.ty)).collect()
        };
        let (params, results) = (types(&signature.params), types(&signature.results));
        let result = results.first().copied();
        let n_results = results.len();
        let convention = self.f.convention_of(sym);
        let width = Assignment::new(convention, params, results).size();
        let call = self.static_late_call(sym, ty, operands, width, n_results);
        if self.func.nodes[n].aux == ir::Aux::Tail {
            self.f.set_op(call, Op::TailLECall);
        }
        self.last_call = call.into();
        result.map(|ty| self.select(0, ty))
    }

    /// Calls `sym` with `operands` and memory.
    fn static_late_call(
        &mut self,
        sym: Sym,
        ty: Type,
        mut operands: Vec<Value>,
        width: i64,
        n_results: usize,
    ) -> Value {
        operands.push(self.mem());
        let call = self.value_aux(Op::StaticLECall, ty, Aux::Sym(sym), &operands);
        self.f[call].aux_int = width;
        let mem = self.value(Op::SelectN, Type::MEM, &[call]);
        self.f[mem].aux_int = n_results as i64;
        self.assigned.set(super::Slot::MEM, mem);
        call
    }

    /// Returns result `index` of the last call.
    pub(super) fn select(&mut self, index: u32, ty: Type) -> Value {
        let call = self.last_call.expect("a result follows its call");
        let v = self.value(Op::SelectN, ty, &[call]);
        self.f[v].aux_int = i64::from(index);
        v
    }

    /// Returns the address of a value of type `ty`, `offset` bytes above SP.
    pub(super) fn sp_address(&mut self, ty: Type, offset: u32) -> Value {
        let sp = self.sp;
        self.f
            .const_off_ptr_sp(ty.pointer_to(), i64::from(offset), sp)
    }

    fn static_call(&mut self, sym: Sym, args_size: i64) {
        let mem = self.mem();
        let call = self.value_aux(Op::StaticCall, Type::MEM, Aux::Sym(sym), &[mem]);
        self.f[call].aux_int = args_size;
        self.assigned.set(super::Slot::MEM, call);
    }

    /// Calls `fun`, which panics, unless `condition` holds. Checks of one kind on one line share the call.
    pub(super) fn check(&mut self, condition: Value, fun: Runtime) {
        let b = self.block();
        self.end_block();
        self.f.reset_block_with_control(b, BlockKind::If, condition);
        self.f[b].likely = Likely::Likely;
        let next = self.f.new_block(BlockKind::Plain);
        let pos = self.pos();
        let key = (fun, pos.base(), pos.line());
        let panic = match self.panics.get(&key) {
            Some(&panic) => panic,
            None => {
                let panic = self.f.new_block(BlockKind::Plain);
                self.panics.insert(key, panic);
                self.start_block(panic);
                self.panic(fun)
            }
        };
        self.f.add_edge(b, next);
        self.f.add_edge(b, panic);
        self.start_block(next);
    }

    /// Calls `fun`, which doesn't return, and ends the current block.
    fn panic(&mut self, fun: Runtime) -> Block {
        let sym = self.symbols.runtime(fun);
        if !self.registers {
            self.static_call(sym, 0);
            return self.leave(BlockKind::Exit);
        }
        let ty = self.symbols.runtime_results(fun);
        let call = self.static_late_call(sym, ty, Vec::new(), 0, 0);
        let b = self.block();
        self.end_block();
        self.f.reset_block_with_control(b, BlockKind::Exit, call);
        b
    }
}
