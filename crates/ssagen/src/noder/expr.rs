//! Conversion of expressions.

use cranelift_entity::EntityRef;
use minigo_base::Pos;
use minigo_syntax::ast::{Expr, ExprKind, List};
use minigo_syntax::token::{LitKind, Operator};
use minigo_types::constant::Value;
use minigo_types::info::{Builtin, Extern, Mode, ObjectKind, VarKind};
use minigo_types::ty;

use super::Noder;
use crate::imported;
use crate::ir::{Aux, Node, NodeData, Op, Type, Var};

impl Noder<'_> {
    /// Converts an expression.
    pub(super) fn expr(&mut self, expr: Expr) -> Node {
        let expr = self.types.unwrap(self.ast, expr);
        match self.types.value(expr) {
            Some(value) => self.literal(expr, value),
            None => self.operation(expr),
        }
    }

    pub(super) fn exprs(&mut self, list: List<Expr>) -> Vec<Node> {
        let ast = self.ast;
        ast[list].iter().map(|&expr| self.expr(expr)).collect()
    }

    /// Converts a constant expression. A declared constant has the position of its declaration.
    fn literal(&mut self, expr: Expr, value: &Value) -> Node {
        let info = self.types[expr];
        let aux = match value {
            Value::Bool(value) => Aux::Bool(*value),
            Value::String(bytes) => Aux::Str(self.f.strings.push(bytes.as_slice().into())),
            Value::Int(int) => Aux::Int(int.to_i64()),
            // An operand of a constant that is printed in its original form.
            Value::Nil | Value::Float(_) => Aux::None,
        };
        let declared = match info.object.expand() {
            Some(object) if self.types[object].kind == ObjectKind::Const && !self.unified => {
                Some(object)
            }
            _ => None,
        };
        let pos = declared.map_or(self.pos(expr), |object| self.types[object].pos);
        let ty = self.ty(info.ty);
        let n = self.f.node(pos, Op::Literal, ty, aux);
        self.f.nodes[n].named = declared.is_some();
        if self.texts {
            let orig = match (declared, self.ast[expr].kind) {
                (Some(object), _) => self.text(self.types.name(self.ast, object).into()),
                (None, ExprKind::BasicLit { kind, .. }) => self.text(literal_text(kind, value)),
                (None, _) => self.operation(expr),
            };
            self.f.nodes[n].orig = orig.into();
        }
        n
    }

    /// Creates a node for verbatim text in printed expressions.
    fn text(&mut self, text: String) -> Node {
        let text = self.f.strings.push(text.into_bytes().into());
        self.f.node(Pos::NONE, Op::Name, Type::VOID, Aux::Str(text))
    }

    /// Converts an expression that isn't constant, or the operation that a constant was folded from.
    fn operation(&mut self, expr: Expr) -> Node {
        let data = self.ast[expr];
        let ty = self.ty(self.types[expr].ty);
        match data.kind {
            ExprKind::Name(_) => self.name(expr),
            ExprKind::Unary { op, x } => {
                let op = match op {
                    Operator::Not => Op::Not,
                    Operator::Xor => Op::BitNot,
                    Operator::Add => Op::Plus,
                    Operator::Sub => Op::Neg,
                    op => minigo_base::internal!("noder: unary {op:?}"),
                };
                let x = self.expr(x);
                self.f.unary(data.pos, op, ty, x)
            }
            ExprKind::Binary { op, x, y } => {
                let x = self.expr(x);
                let y = self.expr(y);
                self.f.binary(data.pos, binary_op(op), ty, x, y)
            }
            ExprKind::Call { fun, args, .. } => self.call(expr, fun, args),
            kind => minigo_base::internal!("noder: expression {kind:?}"),
        }
    }

    fn name(&mut self, expr: Expr) -> Node {
        let object = self.types[expr].object.expand();
        let object = object.expect("a name stands for an object");
        let data = &self.types[object];
        match data.kind {
            ObjectKind::Var(VarKind::Global) => {
                let global = self.out.globals[object].expect("package variables are declared");
                let ty = self.ty(data.ty);
                self.f.global(global, data.pos, ty)
            }
            ObjectKind::Var(VarKind::Blank) => self.f.blank(),
            ObjectKind::Var(_) => {
                let var = self.vars[&object];
                self.f.vars[var].node
            }
            ObjectKind::Func(func) => {
                let func = Aux::Func(Self::func_id(func));
                self.f.node(data.pos, Op::Name, Type::VOID, func)
            }
            kind => minigo_base::internal!("noder: name of {kind:?}"),
        }
    }

    /// Converts a conversion, or a call of a function, which may be predeclared.
    fn call(&mut self, expr: Expr, fun: Expr, args: List<Expr>) -> Node {
        let pos = self.pos(expr);
        let fun = self.types.unwrap(self.ast, fun);
        let callee = self.types[fun];
        if callee.mode == Mode::Type {
            let arg = self.ast[args][0];
            let pos = match self.unified {
                true => self.pos(arg),
                false => pos,
            };
            let arg = self.expr(arg);
            let ty = self.ty(callee.ty);
            let from = self.f.nodes[arg].ty;
            self.out.package.converted.extend([from, ty]);
            return self.f.convert(pos, ty, arg);
        }
        let object = callee.object.expand().expect("callees have objects");
        match self.types[object].kind {
            ObjectKind::Func(_) => {
                let left = self.name(fun);
                let ty = match self.types[expr].ty {
                    ty if self.types.types.kind(ty) == ty::Kind::Tuple => Type::VOID,
                    ty => self.ty(ty),
                };
                let n = self.f.unary(pos, Op::CallFunc, ty, left);
                self.args(n, args);
                n
            }
            ObjectKind::Builtin(Builtin::Print) => self.print(pos, Op::Print, args),
            ObjectKind::Builtin(Builtin::Println) => self.print(pos, Op::Printn, args),
            ObjectKind::Builtin(builtin @ (Builtin::Min | Builtin::Max)) => {
                let op = match builtin {
                    Builtin::Min => Op::Min,
                    _ => Op::Max,
                };
                let ty = self.ty(self.types[expr].ty);
                let n = self.f.node(pos, op, ty, Aux::None);
                self.args(n, args);
                n
            }
            // Always constant, so it only occurs in printed expressions.
            ObjectKind::Builtin(Builtin::Len) => {
                let len = self.text("len".to_owned());
                let n = self.f.unary(pos, Op::CallFunc, Type::VOID, len);
                self.args(n, args);
                n
            }
            ObjectKind::Builtin(Builtin::Panic) => {
                let arg = self.ast[args][0];
                let at = self.pos(arg);
                let mut arg = self.expr(arg);
                if self.unified {
                    self.out.package.converted.push(self.f.nodes[arg].ty);
                    arg = self.f.unary(at, Op::ConvIface, Type::ANY, arg);
                }
                self.f.unary(pos, Op::Panic, Type::VOID, arg)
            }
            ObjectKind::Extern(function) => {
                let func = Aux::Func(imported::id(function, self.types.funcs.len()));
                let left = self.f.node(Pos::NONE, Op::Name, Type::VOID, func);
                let n = self.f.unary(pos, Op::CallFunc, Type::VOID, left);
                self.args(n, args);
                match function {
                    Extern::OsExit => {}
                    _ if self.unified => self.pass_interfaces(n, args),
                    _ => self.interfaces(n),
                }
                n
            }
            kind => minigo_base::internal!("noder: call of {kind:?}"),
        }
    }

    /// Converts the arguments of `n` to interfaces. Each conversion has the position of the last expression with a
    /// position of its own (gc: typecheck.go, typecheckaste).
    fn interfaces(&mut self, n: Node) {
        let args = self.f.nodes[n].list;
        let mut pos = self.f.nodes[n].pos;
        for i in 0..args.len(&self.f.pool) {
            let arg = self.f.nth(args, i);
            if self.f.has_unique_pos(arg) {
                pos = self.f.nodes[arg].pos;
            }
            let conversion = self.f.unary(pos, Op::ConvIface, Type::INTERFACE, arg);
            self.f.set_nth(args, i, conversion);
        }
    }

    /// Passes the arguments of `n` as a slice of interfaces, each converted at its own position.
    fn pass_interfaces(&mut self, n: Node, args: List<Expr>) {
        let NodeData { list, pos, .. } = self.f.nodes[n];
        let mut elements = self.f.slice(&list).to_vec();
        let args = &self.ast[args];
        let is_spread = args.len() != elements.len();
        for (i, element) in elements.iter_mut().enumerate() {
            let at = match is_spread {
                true => pos,
                false => self.pos(args[i]),
            };
            self.out.package.converted.push(self.f.nodes[*element].ty);
            *element = self.f.unary(at, Op::ConvIface, Type::INTERFACE, *element);
        }
        let slice = self.f.slice_literal(pos, &elements);
        self.f.nodes[n].list = self.f.list(&[slice]);
        self.f.nodes[n].aux = Aux::Spread;
    }

    fn print(&mut self, pos: Pos, op: Op, args: List<Expr>) -> Node {
        let n = self.f.node(pos, op, Type::VOID, Aux::None);
        self.args(n, args);
        if self.unified {
            let list = self.f.slice(&self.f.nodes[n].list).to_vec();
            for (&arg, node) in self.ast[args].iter().zip(list) {
                let arg = self.types.unwrap(self.ast, arg);
                if let Some(&ty) = self.types.printed.get(&arg) {
                    self.f.nodes[node].ty = self.ty(ty);
                }
            }
        }
        n
    }

    /// Sets the arguments or returned values of `n`. A single call with several results is moved in front, and its
    /// results go to temporaries (gc: typecheckargs).
    pub(super) fn args(&mut self, n: Node, args: List<Expr>) {
        let ast = self.ast;
        let list = match ast[args] {
            [arg] => {
                let call = self.types.unwrap(ast, arg);
                let inner = self.expr(arg);
                if self.types.types.kind(self.types[call].ty) == ty::Kind::Tuple {
                    if self.unified {
                        let pos = self.f.nodes[n].pos;
                        let list = self.results(pos, call, inner);
                        self.f.nodes[n].list = self.f.list(&list);
                        return;
                    }
                    self.spread(n, call, inner)
                } else {
                    vec![inner]
                }
            }
            _ => self.exprs(args),
        };
        self.f.nodes[n].list = self.f.list(&list);
    }

    fn spread(&mut self, n: Node, call: Expr, inner: Node) -> Vec<Node> {
        if self.texts {
            let orig = self.f.nodes.push(self.f.nodes[n]);
            self.f.nodes[orig].list = self.f.list(&[inner]);
            self.f.nodes[n].orig = orig.into();
        }
        let pos = self.f.nodes[n].pos;
        let first = self.spreads[&call];
        let n_results = self.types.types[self.types[call].ty].params.len();
        let (mut temps, mut decls) = (Vec::new(), Vec::new());
        for i in 0..n_results {
            let var = Var::new(first.index() + i);
            let temp = self.f.vars[var].node;
            self.f.vars[var].pos = pos;
            self.f.nodes[temp].pos = pos;
            temps.push(temp);
            decls.push(self.f.unary(pos, Op::Dcl, Type::VOID, temp));
        }
        let assignment = self.as2func(pos, &temps, inner);
        self.f.nodes[assignment].init = self.f.list(&decls);
        self.f.nodes[n].init = self.f.list(&[assignment]);
        temps
    }

    /// Makes `left = call`, for a call with several results.
    pub(super) fn as2func(&mut self, pos: Pos, left: &[Node], call: Node) -> Node {
        let n = self.f.node(pos, Op::As2Func, Type::VOID, Aux::None);
        self.f.nodes[n].list = self.f.list(left);
        self.f.nodes[n].right = call.into();
        n
    }
}

/// Returns the operation of a binary operator.
pub(super) fn binary_op(op: Operator) -> Op {
    match op {
        Operator::OrOr => Op::OrOr,
        Operator::AndAnd => Op::AndAnd,
        Operator::Eql => Op::Eq,
        Operator::Neq => Op::Ne,
        Operator::Lss => Op::Lt,
        Operator::Leq => Op::Le,
        Operator::Gtr => Op::Gt,
        Operator::Geq => Op::Ge,
        Operator::Add => Op::Add,
        Operator::Sub => Op::Sub,
        Operator::Or => Op::Or,
        Operator::Xor => Op::Xor,
        Operator::Mul => Op::Mul,
        Operator::Div => Op::Div,
        Operator::Rem => Op::Mod,
        Operator::And => Op::And,
        Operator::AndNot => Op::AndNot,
        Operator::Shl => Op::Lsh,
        Operator::Shr => Op::Rsh,
        Operator::Not | Operator::Recv | Operator::Tilde => {
            minigo_base::internal!("noder: binary {op:?}")
        }
    }
}

/// Returns a literal as messages print it: a rune as a character, any other literal by value (gc: fmt.go, vconv).
fn literal_text(kind: LitKind, value: &Value) -> String {
    let rune = value.as_i64().and_then(|value| u32::try_from(value).ok());
    match (kind, rune) {
        (LitKind::Rune, Some(rune)) => match char::from_u32(rune) {
            Some(char) if (' '..'\u{7f}').contains(&char) && char != '\\' && char != '\'' => {
                format!("'{char}'")
            }
            _ if rune < 1 << 16 => format!("'\\u{rune:04x}'"),
            _ => format!("'\\U{rune:08x}'"),
        },
        _ => value.to_string(),
    }
}
