//! Literals in place of the operands of conversions to interfaces that are known to have their value, so that no copy of
//! them is allocated (gc: escape/escape.go, rewriteWithLiterals; ir/reassignment.go).

use cranelift_entity::SecondaryMap;

use crate::ir::{Aux, Class, Func, Node, Nodes, Op, Type, Var};

/// Replaces operands of conversions. The operand is still evaluated, into a temporary.
pub(crate) fn put_literals_in_interfaces(f: &mut Func) {
    if !f.has(Op::ConvIface) {
        return;
    }
    let mut visitor = Visitor {
        f,
        definitions: SecondaryMap::default(),
        conversions: Vec::new(),
    };
    visitor.list(visitor.f.body);
    let Visitor {
        definitions,
        conversions,
        ..
    } = visitor;
    for n in conversions {
        let conversion = f.nodes[n];
        let operand = conversion.left.expect("a conversion has an operand");
        let value = static_value(f, &definitions, operand);
        if f.nodes[operand].op == Op::Literal || f.nodes[value].op != Op::Literal {
            continue;
        }
        let (pos, ty) = (conversion.pos, f.nodes[operand].ty);
        let temp = f.temp(pos, ty);
        let declaration = f.unary(pos, Op::Dcl, Type::VOID, temp);
        let assignment = f.binary(pos, Op::As, Type::VOID, temp, operand);
        let literal = f.node(pos, Op::Literal, ty, f.nodes[value].aux);
        let init = f.slice(&conversion.init).to_vec();
        let init = Vec::from_iter(init.into_iter().chain([declaration, assignment]));
        f.nodes[n].init = f.list(&init);
        f.nodes[n].left = literal.into();
    }
}

/// What is known of the value of a local variable.
#[derive(Clone, Copy, Default)]
enum Definition {
    /// No assignment was seen.
    #[default]
    None,
    /// It is declared with this value, and not assigned again.
    Value(Node),
    /// It is declared without a value, or assigned later.
    Assigned,
}

/// Returns the expression that always has the value of `n`, or `n`.
fn static_value(f: &Func, definitions: &SecondaryMap<Var, Definition>, mut n: Node) -> Node {
    loop {
        let node = &f.nodes[n];
        n = match (node.op, node.aux) {
            (Op::ConvNop, _) => node.left.expect("a conversion has an operand"),
            (Op::InlCall, _) => f.nth(node.rlist, 0),
            (Op::Name, Aux::Var(var)) => match definitions[var] {
                Definition::Value(value) if f.vars[var].class == Class::Auto => value,
                _ => return n,
            },
            _ => return n,
        };
    }
}

/// A walk over a function in the order in which gc finds the places that values flow to.
struct Visitor<'a> {
    f: &'a Func,
    definitions: SecondaryMap<Var, Definition>,
    /// The conversions to interfaces of values that need memory for it.
    conversions: Vec<Node>,
}

impl Visitor<'_> {
    fn list(&mut self, list: Nodes) {
        for &n in self.f.slice(&list) {
            self.node(n);
        }
    }

    fn node(&mut self, n: Node) {
        let node = self.f.nodes[n];
        self.list(node.init);
        match node.op {
            Op::Dcl => return,
            Op::ConvIface if node.ty != Type::WRITER => self.conversions.push(n),
            Op::As | Op::AsOp | Op::As2 | Op::As2Func => self.assigned(n),
            _ => {}
        }
        for operand in [node.left, node.right] {
            if let Some(operand) = operand.expand() {
                self.node(operand);
            }
        }
        let lists = match node.op {
            Op::If | Op::InlCall => [node.list, node.body, node.rlist],
            _ => [node.list, node.rlist, node.body],
        };
        for list in lists {
            self.list(list);
        }
    }

    /// Records the assignments of statement `n`.
    fn assigned(&mut self, n: Node) {
        let node = self.f.nodes[n];
        match (node.op, node.left.expand()) {
            (Op::As2 | Op::As2Func, _) => {
                for (i, &left) in self.f.slice(&node.list).iter().enumerate() {
                    let value = (node.op == Op::As2).then(|| self.f.nth(node.rlist, i));
                    self.assign(n, left, value);
                }
            }
            (Op::As, Some(left)) => self.assign(n, left, node.right.expand()),
            (_, Some(left)) => self.assign(n, left, None),
            _ => {}
        }
    }

    fn assign(&mut self, stmt: Node, left: Node, value: Option<Node>) {
        let Some(var) = self.f.var_of(left) else {
            return;
        };
        self.definitions[var] = match (self.definitions[var], value) {
            (Definition::None, Some(value)) if self.declares(stmt, left) => {
                Definition::Value(value)
            }
            _ => Definition::Assigned,
        };
    }

    /// Reports whether a statement declares the variable `name`, which it assigns. An expanded call declares its results
    /// in front of the statement.
    fn declares(&self, stmt: Node, name: Node) -> bool {
        let node = &self.f.nodes[stmt];
        let init = self.f.slice(&node.init);
        let declares = |&n: &Node| {
            self.f.nodes[n].op == Op::Dcl && self.f.nodes[n].left.expand() == Some(name)
        };
        init.iter().any(declares) || node.defines && init.is_empty()
    }
}
