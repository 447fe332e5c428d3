//! Initialisation of package variables: which become data, which the generated `init` function assigns, and in which
//! order (gc: initorder.go, sinit.go, init.go).
//!
//! Assignments are taken in declaration order, each as soon as the variables it depends on are initialised.
//! Dependencies include those of called functions, whose bodies are inspected after inlining and walk. A constant, or a
//! copy of a statically initialised variable, becomes data.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use cranelift_entity::{EntityRef, EntitySet};
use minigo_base::Pos;

use crate::ir::{
    Aux, Extern, Func, FuncId, Global, GlobalData, GlobalInit, Node, NodeData, Nodes, Op, Package,
    Runtime, Type,
};
use crate::noder::Initializers;

/// Sets the initial values of package variables. Returns the function that computes the others, if there are any. Its
/// calls are not inlined.
///
/// Requires that the other functions have been walked. Ensures that the new function has the form that `order`
/// requires.
pub(crate) fn initialize(package: &mut Package, initializers: Initializers) -> Option<Func> {
    let mut schedule = Schedule::new(package, initializers);
    schedule.run();
    let Schedule { mut func, out, .. } = schedule;
    let &first = out.first()?;
    func.name = "init".into();
    func.pos = func.nodes[first].pos;
    func.has_body = true;
    func.body = func.list(&out);
    Some(func)
}

/// Adds a function that executes all assignments to package variables, which are in the order of execution, to a package
/// whose calls haven't been expanded. Returns none if there are no assignments.
pub(crate) fn add_init(
    package: &mut Package,
    initializers: Initializers,
    pos: Pos,
) -> Option<FuncId> {
    let Initializers {
        mut func, stmts, ..
    } = initializers;
    if stmts.is_empty() {
        return None;
    }
    func.name = "init".into();
    func.pos = pos;
    func.has_body = true;
    func.body = func.list(&stmts);
    Some(package.funcs.push(func))
}

/// Guards the initialisation of a package, as Go did before `inittask`: a variable records that it has not started (0),
/// is in progress (1) or is done (2). After the assignments of `func`, the program's `init` functions are called.
///
/// The statements are those of `fninit` in recorded listings of Go 1.10.
pub(crate) fn guard_init(
    package: &mut Package,
    mut func: Func,
    user_inits: &[FuncId],
    pos: Pos,
) -> Func {
    let ty = Type::UINT8;
    let done = package.globals.push(GlobalData {
        name: "initdone·".into(),
        ty,
        pos,
        init: GlobalInit::Zero,
    });
    package.externs.push(Extern::Variable(done));
    let f = &mut func;
    let gate = f.global(done, pos, ty);
    let [one, two] = [1, 2].map(|n| f.node(pos, Op::Literal, ty, Aux::Int(n)));
    let leave = f.node(pos, Op::Return, Type::VOID, Aux::None);
    let throw = call(f, pos, Aux::Runtime(Runtime::Throwinit));
    let mut stmts = Vec::new();
    for (op, then) in [(Op::Gt, leave), (Op::Eq, throw)] {
        let condition = f.binary(pos, op, Type::BOOL, gate, one);
        let guard = f.unary(pos, Op::If, Type::VOID, condition);
        let body = f.list(&[then]);
        f.nodes[guard].body = body;
        f.nodes[guard].aux = Aux::Likely;
        stmts.push(guard);
    }
    stmts.push(f.binary(pos, Op::As, Type::VOID, gate, one));
    stmts.extend_from_slice(f.slice(&f.body));
    for &init in user_inits {
        stmts.push(call(f, pos, Aux::Func(init)));
    }
    stmts.push(f.binary(pos, Op::As, Type::VOID, gate, two));
    stmts.push(f.node(pos, Op::Return, Type::VOID, Aux::None));
    func.body = func.list(&stmts);
    func.name = "init".into();
    func.pos = pos;
    func.has_body = true;
    func
}

/// Makes a call without arguments and results.
fn call(f: &mut Func, pos: Pos, callee: Aux) -> Node {
    let callee = f.node(Pos::NONE, Op::Name, Type::VOID, callee);
    f.unary(pos, Op::CallFunc, Type::VOID, callee)
}

/// The assignments and their progress.
struct Schedule<'a> {
    package: &'a mut Package,
    func: Func,
    /// All assignments in declaration order.
    stmts: Vec<Node>,
    /// Position of the first variable of each assignment, which orders those that are ready.
    places: Vec<Pos>,
    /// The assignment that initialises each variable.
    definitions: Vec<Option<usize>>,
    done: Vec<bool>,
    /// Number of variables that each assignment waits for.
    waits: Vec<usize>,
    /// The assignments that wait for each assignment.
    blocking: Vec<Vec<usize>>,
    ready: BinaryHeap<Reverse<(Pos, usize)>>,
    /// The assignments left for `init`.
    out: Vec<Node>,
}

impl Schedule<'_> {
    fn new(package: &mut Package, initializers: Initializers) -> Schedule<'_> {
        let Initializers {
            func,
            stmts,
            places,
        } = initializers;
        let mut definitions = vec![None; package.globals.len()];
        for (i, &stmt) in stmts.iter().enumerate() {
            let node = &func.nodes[stmt];
            let left = node.left.expand();
            for &name in left.iter().chain(func.slice(&node.list)) {
                if let Aux::Global(global) = func.nodes[name].aux {
                    definitions[global.index()] = Some(i);
                }
            }
        }
        let n = stmts.len();
        Schedule {
            package,
            func,
            stmts,
            places,
            definitions,
            done: vec![false; n],
            waits: vec![0; n],
            blocking: vec![Vec::new(); n],
            ready: BinaryHeap::new(),
            out: Vec::new(),
        }
    }

    fn run(&mut self) {
        for i in 0..self.stmts.len() {
            for dependency in self.dependencies(i) {
                if !self.done[dependency.1] {
                    self.waits[i] += 1;
                    self.blocking[dependency.1].push(i);
                }
            }
            if self.waits[i] == 0 {
                self.ready.push(Reverse((self.places[i], i)));
            }
            self.flush_ready();
        }
    }

    fn flush_ready(&mut self) {
        while let Some(Reverse((_, i))) = self.ready.pop() {
            let stmt = self.stmts[i];
            if !self.try_static(stmt) {
                self.out.push(stmt);
            }
            self.done[i] = true;
            for blocked in std::mem::take(&mut self.blocking[i]) {
                self.waits[blocked] -= 1;
                if self.waits[blocked] == 0 {
                    self.ready.push(Reverse((self.places[blocked], blocked)));
                }
            }
        }
    }

    /// Returns the initialised variables that assignment `i` depends on, directly or through functions, each with the
    /// index of its assignment.
    fn dependencies(&self, i: usize) -> Vec<(Global, usize)> {
        let mut dependencies = Vec::new();
        let mut globals = EntitySet::<Global>::new();
        let mut funcs = EntitySet::<FuncId>::new();
        let mut work = Vec::new();
        let node = &self.func.nodes[self.stmts[i]];
        let right = node.right.expand();
        let right = right.iter().chain(self.func.slice(&node.rlist));
        append_names(&self.func, &Vec::from_iter(right.copied()), &mut work);
        while let Some(aux) = work.pop() {
            match aux {
                Aux::Global(global) if globals.insert(global) => {
                    if let Some(definition) = self.definitions[global.index()] {
                        dependencies.push((global, definition));
                    }
                }
                Aux::Func(func) if funcs.insert(func) => {
                    let f = &self.package.funcs[func];
                    append_names(f, f.slice(&f.body), &mut work);
                }
                _ => {}
            }
        }
        dependencies
    }

    /// Executes an assignment at compile time, if possible. Returns whether it did.
    fn try_static(&mut self, stmt: Node) -> bool {
        let node = self.func.nodes[stmt];
        let (Op::As, Some(left), Some(right)) = (node.op, node.left.expand(), node.right.expand())
        else {
            return false;
        };
        match self.func.nodes[left].aux {
            Aux::Global(global) => {
                let value = self.without_nops(right);
                match self.func.nodes[value].op {
                    Op::Name => self.static_copy(node.pos, left, global, value),
                    Op::Literal => self.static_value(global, value),
                    _ => false,
                }
            }
            _ => can_discard(&self.func, right),
        }
    }

    /// Executes `left = right` at compile time for a variable `right`, by repeating its initialiser.
    fn static_copy(&mut self, pos: Pos, left: Node, global: Global, right: Node) -> bool {
        let Aux::Global(source) = self.func.nodes[right].aux else {
            return false;
        };
        let Some(definition) = self.definitions[source.index()] else {
            return false;
        };
        let node = self.func.nodes[self.stmts[definition]];
        let (Op::As, Some(value)) = (node.op, node.right.expand()) else {
            return false;
        };
        let ty = self.func.nodes[left].ty;
        let mut value = value;
        while self.func.nodes[value].op == Op::ConvNop
            && !self.func.nodes[value].ty.is_identical(ty)
        {
            value = self.func.nodes[value].left.expect("an operand");
        }
        match self.func.nodes[value].op {
            Op::Literal => self.static_value(global, value),
            Op::Name => {
                if !self.static_copy(pos, left, global, value) {
                    let value = if self.func.nodes[value].ty.is_identical(ty) {
                        value
                    } else {
                        self.func.convert(pos, ty, value)
                    };
                    let copy = self.func.binary(pos, Op::As, Type::VOID, left, value);
                    self.out.push(copy);
                }
                true
            }
            _ => false,
        }
    }

    fn static_value(&mut self, global: Global, value: Node) -> bool {
        let value = match self.func.nodes[value].aux {
            Aux::Int(value) => value,
            Aux::Bool(value) => i64::from(value),
            _ => return false,
        };
        if value != 0 {
            self.package.globals[global].init = GlobalInit::Static(value);
        }
        true
    }

    fn without_nops(&self, mut n: Node) -> Node {
        while self.func.nodes[n].op == Op::ConvNop {
            n = self.func.nodes[n].left.expect("an operand");
        }
        n
    }
}

/// Appends the names that occur in statements or expressions.
fn append_names(f: &Func, roots: &[Node], out: &mut Vec<Aux>) {
    let mut work = roots.to_vec();
    while let Some(n) = work.pop() {
        let node = &f.nodes[n];
        if node.op == Op::Name {
            out.push(node.aux);
        }
        work.extend(node.left.expand());
        work.extend(node.right.expand());
        for list in [&node.init, &node.list, &node.rlist, &node.body] {
            work.extend_from_slice(f.slice(list));
        }
    }
}

/// Reports whether a division or remainder may panic: its divisor is no literal or 0.
pub(crate) fn may_divide_by_zero(f: &Func, n: Node) -> bool {
    !f.nodes[n].right.expand().is_some_and(|right| {
        matches!(
            f.nodes[right],
            NodeData {
                op: Op::Literal,
                aux: Aux::Int(value),
                ..
            } if value != 0
        )
    })
}

/// Reports whether an expression whose value is unused needn't be evaluated (gc: walk.go, candiscard).
fn can_discard(f: &Func, n: Node) -> bool {
    let all = |list: &Nodes| f.slice(list).iter().all(|&n| can_discard(f, n));
    let operand = |n: Option<Node>| n.is_none_or(|n| can_discard(f, n));
    let node = &f.nodes[n];
    let discards = match node.op {
        Op::Div | Op::Mod => !may_divide_by_zero(f, n),
        Op::CallFunc => false,
        _ => true,
    };
    discards
        && operand(node.left.expand())
        && operand(node.right.expand())
        && all(&node.init)
        && all(&node.list)
}
