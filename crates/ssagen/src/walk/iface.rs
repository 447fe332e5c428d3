//! Conversions to interfaces, slices of interfaces, and panics (gc: walk.go, OCONVIFACE; sinit.go, slicelit).

use super::Walk;
use crate::ir::{Aux, Class, External, Kind, Needed, Node, NodeData, Op, Runtime, Type};

impl Walk<'_, '_> {
    /// Walks a conversion to an interface. The result is a type descriptor, or a method table for `io.Writer`, and the
    /// address of the value. A byte's address is in the table of all bytes, a constant has an address, and other values
    /// are copied by the runtime.
    pub(super) fn convert_to_interface(&mut self, n: Node, init: &mut Vec<Node>) -> Node {
        self.left(n, init);
        let node = self.f.nodes[n];
        let value = node.left.expect("a conversion has an operand");
        let (word, data) = if node.ty == Type::WRITER {
            self.f.needed.push(Needed::Itab);
            (self.external_address(External::FileWriterItab), value)
        } else {
            let ty = self.f.nodes[value].ty;
            let data = match self.data_address(value) {
                Some(data) => data,
                None => self.copy_in_memory(value, init),
            };
            self.f.needed.push(Needed::Descriptor(ty));
            (self.external_address(External::Descriptor(ty)), data)
        };
        self.f.binary(self.line, Op::Iface, node.ty, word, data)
    }

    fn external_address(&mut self, external: External) -> Node {
        let ty = Type::UINT8;
        let name = self
            .f
            .node(self.line, Op::Name, ty, Aux::External(external));
        self.address_of(name)
    }

    fn address_of(&mut self, n: Node) -> Node {
        self.f.unary(self.line, Op::Addr, Type::POINTER, n)
    }

    /// Returns the address of a read-only variable that holds `value`, if there is one.
    fn data_address(&mut self, value: Node) -> Option<Node> {
        let node = self.f.nodes[value];
        match node {
            _ if node.ty.size() == 1 => {
                let aux = Aux::External(External::StaticUint64s);
                let bytes = self.f.node(self.line, Op::Name, Type::UINT8, aux);
                let byte = match node.ty.is_identical(Type::UINT8) {
                    true => value,
                    false => self.f.unary(self.line, Op::Conv, Type::UINT8, value),
                };
                let index = self.f.unary(self.line, Op::Conv, Type::INT, byte);
                let three = self.f.node(self.line, Op::Literal, Type::UINT, Aux::Int(3));
                let index = self.f.binary(self.line, Op::Lsh, Type::INT, index, three);
                let element = self
                    .f
                    .binary(self.line, Op::Index, Type::UINT8, bytes, index);
                Some(self.address_of(element))
            }
            NodeData {
                aux: Aux::External(External::Static(_)),
                ..
            } => Some(self.address_of(value)),
            _ => None,
        }
    }

    /// Emits a runtime call that copies a value to memory. Returns the address.
    fn copy_in_memory(&mut self, value: Node, init: &mut Vec<Node>) -> Node {
        let convert = match self.f.nodes[value].ty {
            ty if ty.kind == Kind::String => Runtime::ConvTstring,
            ty if ty.size() == 2 => Runtime::ConvT16,
            ty if ty.size() == 4 => Runtime::ConvT32,
            _ => Runtime::ConvT64,
        };
        let value = match convert {
            _ if self.front.saves_all_values => value,
            Runtime::ConvTstring => self.converted(Kind::String, value),
            Runtime::ConvT16 => self.converted(Kind::Uint16, value),
            Runtime::ConvT32 => self.converted(Kind::Uint32, value),
            _ => self.converted(Kind::Uint64, value),
        };
        let call = self.new_runtime_call(convert, Some(value));
        self.f.nodes[call].ty = Type::UNSAFE_POINTER;
        let call = self.expr(call, init);
        self.copy_expr(call, init)
    }

    fn converted(&mut self, kind: Kind, value: Node) -> Node {
        let ty = Type::basic(kind);
        match self.f.nodes[value].ty == ty {
            true => value,
            false => self.f.convert(self.line, ty, value),
        }
    }

    /// Turns `panic(v)` into a runtime call with `v` as an interface.
    pub(super) fn panic(&mut self, n: Node, init: &mut Vec<Node>) -> Node {
        let value = self.f.nodes[n].left.expect("a panic has a value");
        let value = match self.f.nodes[value].op {
            Op::ConvIface => value,
            _ => {
                let ty = Type::INTERFACE;
                self.f.unary(self.line, Op::ConvIface, ty, value)
            }
        };
        let call = self.new_runtime_call(Runtime::Gopanic, Some(value));
        self.expr(call, init)
    }

    /// Emits the assignments to the array of a slice literal, and assigns the slice to the variable `to`.
    pub(super) fn slice_literal(&mut self, n: Node, to: Node, init: &mut Vec<Node>) {
        let node = self.f.nodes[n];
        let len = node.list.len(&self.f.pool);
        let len = u16::try_from(len).expect("the type checker limits arguments");
        let pointer = self.f.temp(self.line, Type::basic(Kind::ArrayPointer(len)));
        let array_type = Type::basic(Kind::Array(len));
        let array = match node.aux {
            Aux::Var(var) => self.f.vars[var].node,
            _ => {
                if self.front.makes_second_array {
                    self.f.temp(self.line, array_type);
                }
                self.f.temp(self.line, array_type)
            }
        };
        if let Some(var) = self.f.var_of(array) {
            self.f.vars[var].addressed = true;
        }
        // *array = zero; pointer = &array
        init.push(self.f.unary(self.line, Op::As, Type::VOID, array));
        let address = self.f.unary(
            self.line,
            Op::Addr,
            Type::basic(Kind::ArrayPointer(len)),
            array,
        );
        init.push(
            self.f
                .binary(self.line, Op::As, Type::VOID, pointer, address),
        );
        for i in 0..usize::from(len) {
            // pointer[i] = value
            let value = self.f.nth(node.list, i);
            let array = self.f.unary(self.line, Op::Deref, array_type, pointer);
            let index = Aux::Int(i as i64);
            let index = self.f.node(self.line, Op::Literal, Type::INT, index);
            let element = self
                .f
                .binary(self.line, Op::Index, Type::INTERFACE, array, index);
            self.set_line(value);
            let assignment = self.f.binary(self.line, Op::As, Type::VOID, element, value);
            let mut stmts = Vec::from_iter(self.copy_local_byte(value));
            stmts.push(assignment);
            self.in_block(&stmts, init);
        }
        // to = pointer[:]
        let slice = self.f.unary(self.line, Op::SliceArr, Type::SLICE, pointer);
        let assignment = self.f.binary(self.line, Op::As, Type::VOID, to, slice);
        self.in_block(&[assignment], init);
    }

    /// Makes the assignment of the operand of conversion `n` to a temporary, if it is a local variable of one byte: gc
    /// orders the elements of a slice once more, when the operand is a temporary already.
    fn copy_local_byte(&mut self, n: Node) -> Option<Node> {
        let value = self.f.nodes[n].left.expand()?;
        let ty = self.f.nodes[value].ty;
        let is_local = |var| self.f.vars[var].class == Class::Auto;
        if !self.front.copies_bytes_twice
            || ty.size() != 1
            || !self.f.var_of(value).is_some_and(is_local)
        {
            return None;
        }
        let temp = self.f.temp(self.line, ty);
        self.f.nodes[n].left = temp.into();
        Some(self.f.binary(self.line, Op::As, Type::VOID, temp, value))
    }

    /// Appends statements, walked inside a block.
    fn in_block(&mut self, stmts: &[Node], init: &mut Vec<Node>) {
        let block = self.f.block(stmts, self.line);
        init.push(self.stmt(block));
    }
}
