//! Initialisation of package variables at compile time, in a function `init` whose calls are expanded (gc:
//! staticinit/sched.go).
//!
//! A constant becomes data, and so does a copy of a variable that is known to have its first value still. The value of
//! an expanded call counts if the body is a single return.

use cranelift_entity::EntityRef;
use minigo_base::Pos;
use rustc_hash::FxHashMap;

use crate::fold::wrap;
use crate::init::may_divide_by_zero;
use crate::ir::{Aux, Func, FuncId, Global, GlobalInit, Node, NodeData, Op, Package, Type, Var};

/// Removes the assignments of `init` that can be executed at compile time.
pub(crate) fn initialize_static(package: &mut Package, init: FuncId) {
    let f = std::mem::take(&mut package.funcs[init]);
    let stmts = f.slice(&f.body).to_vec();
    let mut definitions = vec![None; package.globals.len()];
    for &stmt in &stmts {
        let node = &f.nodes[stmt];
        for name in node
            .left
            .expand()
            .into_iter()
            .chain(f.slice(&node.list).iter().copied())
        {
            if let Aux::Global(global) = f.nodes[name].aux {
                definitions[global.index()] = Some(stmt);
            }
        }
    }
    let mut schedule = Schedule {
        package,
        f,
        definitions,
        seen_mutation: false,
        out: Vec::new(),
    };
    for stmt in stmts {
        if !schedule.try_static(stmt) {
            schedule.out.push(stmt);
        }
    }
    let Schedule { mut f, out, .. } = schedule;
    f.body = f.list(&out);
    package.funcs[init] = f;
}

struct Schedule<'a> {
    package: &'a mut Package,
    f: Func,
    /// The statement that initialises each variable.
    definitions: Vec<Option<Node>>,
    /// Whether an initialiser before may have assigned package variables.
    seen_mutation: bool,
    /// The assignments left for `init`.
    out: Vec<Node>,
}

/// The values of an expanded call's parameters.
type Arguments = FxHashMap<Var, Node>;

impl Schedule<'_> {
    /// Executes an assignment at compile time, if possible. Returns whether it did.
    fn try_static(&mut self, stmt: Node) -> bool {
        let node = self.f.nodes[stmt];
        let right = node.right.expand();
        let values = right.into_iter().chain(self.f.slice(&node.rlist).to_vec());
        for value in values {
            self.seen_mutation |= any(&self.f, value, &|n| may_assign_global(&self.f, n));
        }
        let (Op::As, Some(left), Some(right)) = (node.op, node.left.expand(), right) else {
            return false;
        };
        let is_blank = self.global(left).is_none();
        if is_blank && !any(&self.f, right, &|n| has_side_effect(&self.f, n)) {
            return true;
        }
        self.assign(node.pos, left, right)
    }

    /// Returns the variable that `left` names, unless it is blank.
    fn global(&self, left: Node) -> Option<Global> {
        match self.f.nodes[left].aux {
            Aux::Global(global) => Some(global),
            _ => None,
        }
    }

    /// Executes `left = right`.
    fn assign(&mut self, pos: Pos, left: Node, right: Node) -> bool {
        let value = self.without_nops(right);
        match self.f.nodes[value].op {
            Op::Name => {
                let ty = self.f.nodes[left].ty;
                self.copy(pos, left, value, ty)
            }
            Op::Literal => self.set(left, self.f.nodes[value].aux),
            Op::InlCall => match self.result_of(value) {
                Some(result) => self.assign(pos, left, result),
                None => false,
            },
            _ => false,
        }
    }

    /// Executes `left = right` for a variable `right`, by repeating its initialiser.
    fn copy(&mut self, pos: Pos, left: Node, right: Node, ty: Type) -> bool {
        let Some(source) = self.global(right) else {
            return false;
        };
        let Some(definition) = self.definitions[source.index()] else {
            return false;
        };
        let node = self.f.nodes[definition];
        let (Op::As, Some(mut value)) = (node.op, node.right.expand()) else {
            return false;
        };
        if self.seen_mutation {
            return false;
        }
        while self.f.nodes[value].op == Op::ConvNop && !self.f.nodes[value].ty.is_identical(ty) {
            value = self.f.nodes[value].left.expect("an operand");
        }
        let data = self.f.nodes[value];
        match data.op {
            Op::Literal => self.set(left, data.aux),
            Op::Name => {
                if !self.copy(pos, left, value, ty) && self.global(left).is_some() {
                    let value = match data.ty.is_identical(ty) {
                        true => value,
                        false => self.f.convert(pos, ty, value),
                    };
                    let copy = self.f.binary(pos, Op::As, Type::VOID, left, value);
                    self.out.push(copy);
                }
                true
            }
            _ => false,
        }
    }

    /// Makes a constant the initial value of a variable.
    fn set(&mut self, left: Node, value: Aux) -> bool {
        let value = match value {
            Aux::Int(value) => value,
            Aux::Bool(value) => i64::from(value),
            _ => return false,
        };
        if value != 0
            && let Some(global) = self.global(left)
        {
            self.package.globals[global].init = GlobalInit::Static(value);
        }
        true
    }

    fn without_nops(&self, mut n: Node) -> Node {
        while self.f.nodes[n].op == Op::ConvNop {
            n = self.f.nodes[n].left.expect("an operand");
        }
        n
    }

    /// Returns the value of an expanded call with its arguments in place of the parameters, if the body is a single
    /// return and the arguments can be moved there.
    fn result_of(&mut self, call: Node) -> Option<Node> {
        let f = &self.f;
        let node = &f.nodes[call];
        let [pass, mark] = f.slice(&node.init)[..] else {
            return None;
        };
        let [block, label] = f.slice(&node.body)[..] else {
            return None;
        };
        let ops = [pass, mark, block, label].map(|n| f.nodes[n].op);
        if ops != [Op::As2, Op::InlMark, Op::Block, Op::Label] {
            return None;
        }
        let [declaration, assignment, jump] = f.slice(&f.nodes[block].list)[..] else {
            return None;
        };
        let ops = [declaration, assignment, jump].map(|n| f.nodes[n].op);
        if ops != [Op::Dcl, Op::As2, Op::Goto] || f.nodes[jump].aux != f.nodes[label].aux {
            return None;
        }
        let [result] = f.slice(&f.nodes[assignment].list)[..] else {
            return None;
        };
        let [value] = f.slice(&f.nodes[assignment].rlist)[..] else {
            return None;
        };
        if f.nodes[declaration].left.expand() != Some(result) {
            return None;
        }
        let params = f.slice(&f.nodes[pass].list);
        let values = f.slice(&f.nodes[pass].rlist);
        let has_effect = |&n: &Node| any(f, n, &|n| has_side_effect(f, n));
        // A value without effects can be repeated, too.
        if values.iter().any(has_effect) {
            return None;
        }
        let mut arguments = Arguments::default();
        for (&param, &value) in params.iter().zip(values) {
            if let Aux::Var(var) = f.nodes[param].aux {
                arguments.insert(var, value);
            }
        }
        self.substituted(value, &arguments)
    }

    /// Returns an expression with arguments in place of parameters; none if it is certain not to be a constant or a
    /// variable.
    fn substituted(&mut self, n: Node, arguments: &Arguments) -> Option<Node> {
        let node = self.f.nodes[n];
        match node.op {
            Op::Literal => Some(n),
            Op::Name => match node.aux {
                Aux::Var(var) => Some(arguments.get(&var).copied().unwrap_or(n)),
                _ => Some(n),
            },
            Op::ConvNop => self.substituted(node.left.expect("an operand"), arguments),
            Op::Conv => {
                let left = node.left.expect("an operand");
                let exact = self.f.nodes[left].op != Op::ConvNop;
                let value = self.substituted(left, arguments).filter(|_| exact)?;
                let NodeData {
                    op: Op::Literal,
                    aux: Aux::Int(value),
                    ..
                } = self.f.nodes[value]
                else {
                    return None;
                };
                let value = Aux::Int(wrap(value, node.ty));
                Some(self.f.node(node.pos, Op::Literal, node.ty, value))
            }
            _ => None,
        }
    }
}

/// Reports whether a predicate holds for an expression or a part of it.
fn any(f: &Func, n: Node, holds: &impl Fn(Node) -> bool) -> bool {
    let node = &f.nodes[n];
    let lists = [&node.init, &node.list, &node.rlist, &node.body];
    let operands = node.left.expand().into_iter().chain(node.right.expand());
    holds(n)
        || operands.into_iter().any(|n| any(f, n, holds))
        || lists
            .into_iter()
            .any(|list| f.slice(list).iter().any(|&n| any(f, n, holds)))
}

/// Reports whether a node may assign a package variable (gc: mayModifyPkgVar).
fn may_assign_global(f: &Func, n: Node) -> bool {
    let node = &f.nodes[n];
    let is_global = |n: Node| matches!(f.nodes[n].aux, Aux::Global(_));
    match node.op {
        Op::CallFunc => true,
        Op::As | Op::AsOp => node.left.expand().is_some_and(is_global),
        Op::As2 | Op::As2Func => f.slice(&node.list).iter().any(|&n| is_global(n)),
        _ => false,
    }
}

/// Reports whether evaluating a node may have an effect, its operands apart (gc: isSideEffect).
fn has_side_effect(f: &Func, n: Node) -> bool {
    let node = &f.nodes[n];
    match node.op {
        Op::Div | Op::Mod => may_divide_by_zero(f, n),
        Op::Name
        | Op::Literal
        | Op::Conv
        | Op::ConvNop
        | Op::ConvIface
        | Op::Plus
        | Op::Neg
        | Op::BitNot
        | Op::Not
        | Op::Add
        | Op::Sub
        | Op::Mul
        | Op::And
        | Op::Or
        | Op::Xor
        | Op::AndNot
        | Op::Lsh
        | Op::Rsh
        | Op::Eq
        | Op::Ne
        | Op::Lt
        | Op::Le
        | Op::Gt
        | Op::Ge
        | Op::AndAnd
        | Op::OrOr => false,
        _ => true,
    }
}
