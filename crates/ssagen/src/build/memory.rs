//! Building of addresses, and of the arrays and slices that hold arguments of variadic calls (gc: ssa.go, addr, exprPtr
//! and slice).

use minigo_ssa::{Aux, Op, Type};
use minigo_ssa::{BlockKind, Likely, Value, VarClass};

use super::{Builder, Slot};
use crate::ir::{self, External, Node};

/// Code of the bounds error for the low index of `a[low:]` (gc: op.go, BoundsSliceB).
const BOUNDS_SLICE_B: i64 = 6;
/// Size of the table of all bytes, with eight bytes per entry.
const STATIC_BYTES: u16 = 256 * 8;

impl Builder<'_> {
    /// Returns the address of a variable in memory, or of an array element.
    pub(super) fn address(&mut self, n: Node) -> Value {
        let node = &self.func.nodes[n];
        match node.aux {
            _ if node.op == ir::Op::Index => {
                if self.front.addresses_have_lines {
                    self.push_line(node.pos);
                }
                let address = self.element_address(n);
                if self.front.addresses_have_lines {
                    self.pop_line();
                }
                address
            }
            ir::Aux::Global(global) => {
                let ty = self.symbols.ty(node.ty).pointer_to();
                let sym = self.symbols.global(global);
                self.entry_value(Op::Addr, ty, Aux::Sym(sym), &[self.sb])
            }
            ir::Aux::External(external) => {
                let ty = self.symbols.ty(node.ty);
                let ty = match external {
                    External::StaticUint64s => Type::array(Type::UINT8, STATIC_BYTES),
                    External::Static(number) => self.table_type(number).unwrap_or(ty),
                    _ => ty,
                };
                let sym = self.symbols.external(external);
                self.entry_value(Op::Addr, ty.pointer_to(), Aux::Sym(sym), &[self.sb])
            }
            ir::Aux::Var(ir_var) => {
                let var = self.var(ir_var);
                let ty = self.symbols.ty(node.ty).pointer_to();
                if self.f.vars[var].class == VarClass::Param {
                    return self.addresses[var].expect("parameters have addresses");
                }
                let args = [self.sp, self.mem()];
                if self.func.vars[ir_var].auto_temp {
                    self.value_not_stmt(Op::LocalAddr, ty, Aux::Var(var), &args)
                } else {
                    self.value_aux(Op::LocalAddr, ty, Aux::Var(var), &args)
                }
            }
            aux => minigo_base::internal!("{aux:?} has no address"),
        }
    }

    /// Returns the type of a table; none if the constant isn't one.
    fn table_type(&self, number: u32) -> Option<Type> {
        let data = &self.package.statics[number as usize];
        let size = data.table.as_ref()?.len();
        let len = size / data.ty.size() as usize;
        let len = u16::try_from(len).unwrap_or(u16::MAX);
        Some(Type::array(self.symbols.ty(data.ty), len))
    }

    /// Returns the address of `array[index]`. The index is in bounds.
    fn element_address(&mut self, n: Node) -> Value {
        let node = &self.func.nodes[n];
        let array = node.left.expect("an array is indexed");
        let index = node.right.expect("an array has an index");
        let address = match self.func.nodes[array].op {
            ir::Op::Deref => {
                let pointer = self.func.nodes[array].left.expect("a pointer is followed");
                let pointer = self.expr(pointer);
                self.nil_check(pointer)
            }
            _ => self.address(array),
        };
        let index = self.expr(index);
        // gc makes the length even if it is not checked.
        self.array_len(address);
        let ty = self.symbols.ty(node.ty).pointer_to();
        self.value(Op::PtrIndex, ty, &[address, index])
    }

    /// Returns the length of the array at an address.
    fn array_len(&mut self, address: Value) -> Value {
        let len = self.f[address].ty.elem().array_len();
        self.f.const_int(Type::INT, i64::from(len))
    }

    /// Checks a pointer and returns it.
    fn nil_check(&mut self, pointer: Value) -> Value {
        let mem = self.mem();
        if !self.front.nil_checks_are_pointers {
            self.value(Op::NilCheck, Type::VOID, &[pointer, mem]);
            return pointer;
        }
        self.value(Op::NilCheck, self.f[pointer].ty, &[pointer, mem])
    }

    /// Slices all of the array at a pointer. gc checks even the low index 0.
    pub(super) fn slice_array(&mut self, pointer: Node) -> Value {
        let array = self.expr(pointer);
        let checked = self.nil_check(array);
        let pointer = self.value(Op::Copy, Type::INTERFACE_PTR, &[checked]);
        let len = self.array_len(array);
        let low = self.f.const_int(Type::INT, 0);
        self.check_bounds(low, len);
        let len = self.value(Op::Sub64, Type::INT, &[len, low]);
        self.value(Op::SliceMake, Type::SLICE, &[pointer, len, len])
    }

    /// Panics unless `0 <= index <= len`.
    fn check_bounds(&mut self, index: Value, len: Value) {
        let next = self.f.new_block(BlockKind::Plain);
        let panic = self.f.new_block(BlockKind::Exit);
        let condition = self.value(Op::IsSliceInBounds, Type::BOOL, &[index, len]);
        let b = self.block();
        self.end_block();
        self.f.reset_block_with_control(b, BlockKind::If, condition);
        self.f[b].likely = Likely::Likely;
        self.f.add_edge(b, next);
        self.f.add_edge(b, panic);
        self.start_block(panic);
        let args = [index, len, self.mem()];
        let mem = self.value(Op::PanicBounds, Type::MEM, &args);
        self.f[mem].aux_int = BOUNDS_SLICE_B;
        self.end_block();
        self.f.set_control(panic, mem);
        self.start_block(next);
    }

    /// Starts the live range of a variable in memory.
    pub(super) fn define(&mut self, ir_var: ir::Var) {
        let var = self.var(ir_var);
        if self.front.defines_pointers_only && !self.f.vars[var].ty.has_pointers() {
            return;
        }
        let mem = self.mem();
        let mem = self.value_not_stmt(Op::VarDef, Type::MEM, Aux::Var(var), &[mem]);
        self.assigned.set(Slot::MEM, mem);
    }

    /// Zeroes an array. A store is used for a single element, which could be kept in SSA.
    pub(super) fn zero_array(&mut self, n: Node) {
        if self.func.nodes[n].ty.kind == ir::Kind::Array(1) {
            let ty = self.symbols.ty(self.func.nodes[n].ty);
            let zero = self.zero(ty.elem());
            let zero = self.entry_value(Op::ArrayMake1, ty, Aux::None, &[zero]);
            return self.assign(n, zero);
        }
        self.define(self.func.var_of(n).expect("arrays are variables"));
        let address = self.address(n);
        let ty = self.f[address].ty.elem();
        let mem = self.mem();
        let mem = self.value_aux(Op::Zero, Type::MEM, Aux::Type(ty), &[address, mem]);
        self.f[mem].aux_int = ty.size();
        self.assigned.set(Slot::MEM, mem);
    }
}
