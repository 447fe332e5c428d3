//! Building of expressions (gc: ssa.go, expr).

use minigo_base::unicode::quote;
use minigo_ssa::{Aux, Op, Type};
use minigo_ssa::{BlockKind, StringData, Value};

use super::{Builder, Slot};
use crate::ir::{self, Node, Runtime};

impl Builder<'_> {
    /// Builds an expression and returns its value.
    pub(super) fn expr(&mut self, n: Node) -> Value {
        let node = &self.func.nodes[n];
        // Names and named constants have the position of their declaration.
        let own_pos = match node.op {
            ir::Op::Name => false,
            ir::Op::Literal => !node.named,
            _ => true,
        };
        if own_pos {
            self.push_line(node.pos);
        }
        if !node.init.is_empty() {
            self.stmt_list(node.init);
        }
        let v = match (node.left.expand(), node.right.expand()) {
            (Some(left), Some(right)) => self.binary(n, left, right),
            (Some(left), None) => self.unary(n, left),
            (None, _) => self.operand(n),
        };
        if own_pos {
            self.pop_line();
        }
        v
    }

    fn operand(&mut self, n: Node) -> Value {
        let node = &self.func.nodes[n];
        let ty = self.symbols.ty(node.ty);
        match (node.op, node.aux) {
            (ir::Op::Name, ir::Aux::Var(var)) if self.optimize => {
                self.variable(Slot::var(self.var(var)), ty)
            }
            (ir::Op::Name, _) => {
                let address = self.address(n);
                self.load(ty, address)
            }
            (ir::Op::Literal, ir::Aux::Int(value)) => self.f.const_int(ty, value),
            (ir::Op::Literal, ir::Aux::Bool(value)) => self.const_bool(value),
            (ir::Op::Literal, ir::Aux::Nil) => self.zero(ty),
            (ir::Op::Literal, ir::Aux::Str(text)) => {
                let func = self.func;
                self.const_string(&func.strings[text])
            }
            (ir::Op::Result, ir::Aux::Offset(offset)) => {
                let address = self.sp_address(ty, offset);
                self.load(ty, address)
            }
            (ir::Op::Result, ir::Aux::ResultIndex(index)) => self.select(index, ty),
            (ir::Op::Min | ir::Op::Max, _) => self.min_max(n),
            (op, aux) => minigo_base::internal!("build: walk leaves no expression {op:?} {aux:?}"),
        }
    }

    /// Builds `min` or `max`: each operand is compared with the value so far.
    fn min_max(&mut self, n: Node) -> Value {
        let node = &self.func.nodes[n];
        let operands = self.func.slice(&node.list);
        let mut x = self.expr(operands[0]);
        for &operand in &operands[1..] {
            let a = self.expr(operand);
            let less = match node.op {
                ir::Op::Min => self.comparison(ir::Op::Lt, node.ty, a, x),
                _ => self.comparison(ir::Op::Lt, node.ty, x, a),
            };
            x = self.ternary(less, a, x);
        }
        x
    }

    /// Builds `if condition { x } else { y }`. The value is a variable of its own.
    fn ternary(&mut self, condition: Value, x: Value, y: Value) -> Value {
        let slot = self.new_slot();
        let [then, other, end] = std::array::from_fn(|_| self.f.new_block(BlockKind::Plain));
        let b = self.block();
        self.end_block();
        self.f.reset_block_with_control(b, BlockKind::If, condition);
        for (block, value) in [(then, x), (other, y)] {
            self.f.add_edge(b, block);
            self.start_block(block);
            self.assigned.set(slot, value);
            self.jump(end);
        }
        self.start_block(end);
        self.variable(slot, self.f[x].ty)
    }

    /// Returns the value of a constant string. The empty string has one value per function.
    pub(super) fn const_string(&mut self, text: &[u8]) -> Value {
        let sym = self.symbols.string(text);
        let strings = &mut self.f.strings;
        let index = *self.strings.entry(sym).or_insert_with(|| {
            strings.push(StringData {
                sym,
                len: text.len() as i64,
                text: quote(text).into(),
            });
            strings.len() as u32 - 1
        });
        if text.is_empty() {
            return self.f.const_empty_string(Type::STRING, index);
        }
        self.entry_value(Op::ConstString, Type::STRING, Aux::Str(index), &[])
    }

    fn unary(&mut self, n: Node, left: Node) -> Value {
        let node = &self.func.nodes[n];
        if node.op == ir::Op::CallFunc {
            let result = self.call(n).expect("a call used as a value has a result");
            return match self.registers {
                true => result,
                false => self.load(self.symbols.ty(node.ty), result),
            };
        }
        match node.op {
            ir::Op::Addr => return self.address(left),
            ir::Op::SliceArr => return self.slice_array(left),
            _ => {}
        }
        let arg = self.expr(left);
        let arg_ty = self.f[arg].ty;
        let width = width(node.ty);
        match node.op {
            ir::Op::Plus => arg,
            ir::Op::Neg => self.value(NEG[width], arg_ty, &[arg]),
            ir::Op::BitNot => self.value(COM[width], arg_ty, &[arg]),
            ir::Op::Not => self.value(Op::Not, arg_ty, &[arg]),
            ir::Op::ConvNop => self.value(Op::Copy, self.symbols.ty(node.ty), &[arg]),
            ir::Op::Conv => {
                let op = match self.func.nodes[left].ty.kind {
                    ir::Kind::Bool if self.front.converts_bools => Op::CvtBoolToUint8,
                    _ => conversion(self.func.nodes[left].ty, node.ty),
                };
                self.value(op, self.symbols.ty(node.ty), &[arg])
            }
            op => minigo_base::internal!("build: walk leaves no expression {op:?}"),
        }
    }

    fn binary(&mut self, n: Node, left: Node, right: Node) -> Value {
        let node = &self.func.nodes[n];
        if node.op == ir::Op::Index {
            let address = self.address(n);
            return self.load(self.symbols.ty(node.ty), address);
        }
        let a = self.expr(left);
        let b = self.expr(right);
        let ty = self.f[a].ty;
        let signed = node.ty.is_signed();
        if node.op == ir::Op::Iface {
            return self.value(Op::IMake, self.symbols.ty(node.ty), &[a, b]);
        }
        let op = match node.op {
            ir::Op::AndNot => {
                let b = self.value(COM[width(node.ty)], self.f[b].ty, &[b]);
                return self.value(AND[width(node.ty)], ty, &[a, b]);
            }
            ir::Op::Add => ADD[width(node.ty)],
            ir::Op::Sub => SUB[width(node.ty)],
            ir::Op::Mul => MUL[width(node.ty)],
            ir::Op::And => AND[width(node.ty)],
            ir::Op::Or => OR[width(node.ty)],
            ir::Op::Xor => XOR[width(node.ty)],
            ir::Op::Div | ir::Op::Mod => {
                let table = match (node.op, signed) {
                    (ir::Op::Div, true) => DIV,
                    (ir::Op::Div, _) => DIVU,
                    (_, true) => MOD,
                    (_, false) => MODU,
                };
                self.check_divisor(node.ty, b);
                table[width(node.ty)]
            }
            ir::Op::Lsh | ir::Op::Rsh => {
                self.check_shift_count(b);
                let table = match (node.op, signed) {
                    (ir::Op::Lsh, _) => LSH,
                    (_, true) => RSH,
                    (_, false) => RSHU,
                };
                let count_width = self.f[b].ty.size().trailing_zeros() as usize;
                table[width(node.ty)][count_width]
            }
            _ => return self.comparison(node.op, self.func.nodes[left].ty, a, b),
        };
        self.value(op, ty, &[a, b])
    }

    /// Builds `a op b` for operands of type `ty`. `>` and `>=` become `<` and `<=`.
    fn comparison(&mut self, op: ir::Op, ty: ir::Type, a: Value, b: Value) -> Value {
        let width = width(ty);
        let boolean = ty.kind == ir::Kind::Bool;
        let (less, leq) = if ty.is_signed() {
            (LESS, LEQ)
        } else {
            (LESSU, LEQU)
        };
        let (op, a, b) = match op {
            ir::Op::Eq if boolean => (Op::EqB, a, b),
            ir::Op::Ne if boolean => (Op::NeqB, a, b),
            ir::Op::Eq => (EQ[width], a, b),
            ir::Op::Ne => (NEQ[width], a, b),
            ir::Op::Lt => (less[width], a, b),
            ir::Op::Le => (leq[width], a, b),
            ir::Op::Gt => (less[width], b, a),
            ir::Op::Ge => (leq[width], b, a),
            op => minigo_base::internal!("build: walk leaves no expression {op:?}"),
        };
        self.value(op, Type::BOOL, &[a, b])
    }

    /// Adds a panic for a zero divisor, unless it is a non-zero constant (gc: ssa.go, intDivide).
    fn check_divisor(&mut self, ty: ir::Type, divisor: Value) {
        let data = &self.f[divisor];
        if data.is_generic_int_const() && data.aux_int != 0 {
            return;
        }
        let zero = self.zero(self.symbols.ty(ty));
        let nonzero = self.value(NEQ[width(ty)], Type::BOOL, &[divisor, zero]);
        self.check(nonzero, Runtime::Panicdivide);
    }

    /// Adds a panic for a negative count.
    fn check_shift_count(&mut self, count: Value) {
        let ty = self.f[count].ty;
        if !ty.is_signed() {
            return;
        }
        let zero = self.zero(ty);
        let op = LEQ[ty.size().trailing_zeros() as usize];
        let positive = self.value(op, Type::BOOL, &[zero, count]);
        self.check(positive, Runtime::Panicshift);
    }
}

/// Returns the index into the operation tables: the binary logarithm of the size in bytes.
fn width(ty: ir::Type) -> usize {
    ty.size().trailing_zeros() as usize
}

/// Returns the operation that converts an integer.
pub(super) fn conversion(from: ir::Type, to: ir::Type) -> Op {
    match (from.size(), to.size(), from.is_signed()) {
        (2, 1, _) => Op::Trunc16to8,
        (4, 1, _) => Op::Trunc32to8,
        (4, 2, _) => Op::Trunc32to16,
        (8, 1, _) => Op::Trunc64to8,
        (8, 2, _) => Op::Trunc64to16,
        (8, 4, _) => Op::Trunc64to32,
        (1, 2, true) => Op::SignExt8to16,
        (1, 4, true) => Op::SignExt8to32,
        (1, 8, true) => Op::SignExt8to64,
        (2, 4, true) => Op::SignExt16to32,
        (2, 8, true) => Op::SignExt16to64,
        (4, 8, true) => Op::SignExt32to64,
        (1, 2, false) => Op::ZeroExt8to16,
        (1, 4, false) => Op::ZeroExt8to32,
        (1, 8, false) => Op::ZeroExt8to64,
        (2, 4, false) => Op::ZeroExt16to32,
        (2, 8, false) => Op::ZeroExt16to64,
        (4, 8, false) => Op::ZeroExt32to64,
        _ => Op::Copy,
    }
}

macro_rules! by_width {
    ($($name:ident: $b:ident $w:ident $l:ident $q:ident;)*) => {
        $(const $name: [Op; 4] = [Op::$b, Op::$w, Op::$l, Op::$q];)*
    };
}

by_width! {
    ADD: Add8 Add16 Add32 Add64;
    SUB: Sub8 Sub16 Sub32 Sub64;
    MUL: Mul8 Mul16 Mul32 Mul64;
    AND: And8 And16 And32 And64;
    OR: Or8 Or16 Or32 Or64;
    XOR: Xor8 Xor16 Xor32 Xor64;
    NEG: Neg8 Neg16 Neg32 Neg64;
    COM: Com8 Com16 Com32 Com64;
    DIV: Div8 Div16 Div32 Div64;
    DIVU: Div8u Div16u Div32u Div64u;
    MOD: Mod8 Mod16 Mod32 Mod64;
    MODU: Mod8u Mod16u Mod32u Mod64u;
    EQ: Eq8 Eq16 Eq32 Eq64;
    NEQ: Neq8 Neq16 Neq32 Neq64;
    LESS: Less8 Less16 Less32 Less64;
    LESSU: Less8U Less16U Less32U Less64U;
    LEQ: Leq8 Leq16 Leq32 Leq64;
    LEQU: Leq8U Leq16U Leq32U Leq64U;
}

macro_rules! by_widths {
    ($($name:ident: $($b:ident $w:ident $l:ident $q:ident),*;)*) => {
        // Rows: width of the value. Columns: width of the count.
        $(const $name: [[Op; 4]; 4] = [$([Op::$b, Op::$w, Op::$l, Op::$q]),*];)*
    };
}

by_widths! {
    LSH: Lsh8x8 Lsh8x16 Lsh8x32 Lsh8x64, Lsh16x8 Lsh16x16 Lsh16x32 Lsh16x64,
        Lsh32x8 Lsh32x16 Lsh32x32 Lsh32x64, Lsh64x8 Lsh64x16 Lsh64x32 Lsh64x64;
    RSH: Rsh8x8 Rsh8x16 Rsh8x32 Rsh8x64, Rsh16x8 Rsh16x16 Rsh16x32 Rsh16x64,
        Rsh32x8 Rsh32x16 Rsh32x32 Rsh32x64, Rsh64x8 Rsh64x16 Rsh64x32 Rsh64x64;
    RSHU: Rsh8Ux8 Rsh8Ux16 Rsh8Ux32 Rsh8Ux64, Rsh16Ux8 Rsh16Ux16 Rsh16Ux32 Rsh16Ux64,
        Rsh32Ux8 Rsh32Ux16 Rsh32Ux32 Rsh32Ux64, Rsh64Ux8 Rsh64Ux16 Rsh64Ux32 Rsh64Ux64;
}
