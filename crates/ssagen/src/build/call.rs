//! Building of calls and run-time checks (gc: ssa.go, call, check and rtcall).

use minigo_obj::Sym;
use minigo_ssa::{Aux, Op, Type};
use minigo_ssa::{BlockKind, Likely, Value};

use super::{Builder, Slot};
use crate::ir::{self, Node, Runtime, Signature};

impl Builder<'_> {
    /// Builds a call. Arguments are stored above SP in order of parameters. Returns the address of the first result, if
    /// there is one.
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
        self.assigned.set(Slot::MEM, call);
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
                self.static_call(self.symbols.runtime(fun), 0);
                self.leave(BlockKind::Exit)
            }
        };
        self.f.add_edge(b, next);
        self.f.add_edge(b, panic);
        self.start_block(next);
    }
}
