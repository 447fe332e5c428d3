//! The inliner (gc: inl.go, scc.go).
//!
//! Functions are visited bottom-up by strongly connected components of the call graph. For each function of a
//! component, `caninl` measures the body and keeps a copy if it is small and simple enough, and `inlcalls` replaces
//! calls of functions that have such a copy. A function that is alone in its component and calls itself is never
//! inlined.
//!
//! An expanded call is an `InlCall`, which its parent turns at once into a block (as a statement) or into the result
//! variable with everything else as its init list. Copied nodes keep line and column but get a position base per
//! expansion. Bases and temporaries are made in gc's order, since both are numbered.

mod expand;
mod interleaved;

use cranelift_entity::{EntityRef, EntitySet};
use minigo_base::PosTable;
use minigo_types::info;

use crate::fmt::Printer;
use crate::front::Front;
use crate::ir::{Aux, Class, Func, FuncId, Inline, Node, Nodes, Op, Package, Var};
use expand::Inliner;

/// The largest cost of a function that can be inlined.
const MAX_BUDGET: i32 = 80;
/// The cost of a call that isn't itself inlined.
const EXTRA_CALL_COST: i32 = 57;
/// The cost of a panic in addition to its node.
const EXTRA_PANIC_COST: i32 = 1;
/// Functions with this many nodes are big.
const BIG_FUNCTION_NODES: usize = 5000;
/// The largest cost of a call that is expanded in a big function.
const BIG_FUNCTION_MAX_COST: i32 = 20;

/// Verbosity of the inliner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Messages {
    /// No messages.
    None,
    /// Functions that can be inlined, and inlined calls (`-m`).
    Decisions,
    /// Also costs, bodies, and reasons for not inlining (`-m=2`).
    Reasons,
}

/// Expands calls in all functions of a package, of which `init` initialises variables. Returns the messages, one per line.
///
/// Requires `noder`'s form. Ensures that no `InlCall` is left, unless bodies pass through unified IR. Fills the inline tree, the list of inlined functions,
/// and each function's inlining data.
pub fn inline(
    package: &mut Package,
    positions: &mut PosTable,
    types: &info::Package,
    messages: Messages,
    front: &Front,
    init: Option<FuncId>,
) -> String {
    let mut inliner = Inliner {
        package,
        positions,
        types,
        messages,
        unified: front.unified_ir,
        out: String::new(),
        generation: 0,
        inlined: EntitySet::new(),
        expanding: Vec::new(),
    };
    if front.unified_ir {
        inliner.interleave(init);
        return inliner.out;
    }
    for (component, recursive) in components(inliner.package, None) {
        for &func in &component {
            if inliner.package.funcs[func].imported {
                continue;
            }
            if recursive && component.len() == 1 {
                if inliner.messages == Messages::Reasons {
                    inliner.cannot_inline(func, "recursive");
                }
            } else {
                inliner.caninl(func);
            }
            inliner.inlcalls(func);
        }
    }
    inliner.out
}

/// Returns the strongly connected components of the call graph, callees first, with functions in the order of
/// discovery, from `first` on. The flag is set if a component's functions call themselves or each other.
///
/// This is Tarjan's algorithm with two numbers per function, which distinguishes a function that calls itself from one
/// that doesn't. It uses an explicit stack.
fn components(package: &Package, first: Option<FuncId>) -> Vec<(Vec<FuncId>, bool)> {
    /// A function on the search stack.
    struct Frame {
        func: FuncId,
        number: u32,
        min: u32,
        next: usize,
    }
    const DONE: u32 = u32::MAX;
    // The callees of all functions, and the start of each function's callees.
    let (mut calls, mut starts) = (Vec::new(), vec![0]);
    let mut work = Vec::new();
    for f in package.funcs.values() {
        if f.has(Op::CallFunc) {
            add_callees(f, &mut work, &mut calls);
        }
        starts.push(calls.len());
    }
    let callees = |func: FuncId| &calls[starts[func.index()]..starts[func.index() + 1]];
    let mut numbers = vec![0u32; package.funcs.len()];
    let mut generation = 0;
    let (mut stack, mut frames, mut out) = (Vec::new(), Vec::<Frame>::new(), Vec::new());
    let mut enter = |func: FuncId, numbers: &mut Vec<u32>, stack: &mut Vec<FuncId>| {
        generation += 2;
        numbers[func.index()] = generation - 1;
        stack.push(func);
        Frame {
            func,
            number: generation - 1,
            min: generation,
            next: 0,
        }
    };
    for root in first.into_iter().chain(package.funcs.keys()) {
        if numbers[root.index()] != 0 {
            continue;
        }
        frames.push(enter(root, &mut numbers, &mut stack));
        while let Some(frame) = frames.last_mut() {
            if let Some(&callee) = callees(frame.func).get(frame.next) {
                frame.next += 1;
                match numbers[callee.index()] {
                    0 => frames.push(enter(callee, &mut numbers, &mut stack)),
                    number => frame.min = frame.min.min(number),
                }
                continue;
            }
            let Frame {
                func, number, min, ..
            } = *frame;
            frames.pop();
            if min == number || min == number + 1 {
                let start = stack.iter().rposition(|&member| member == func);
                let component = stack.split_off(start.expect("a root is on the stack"));
                for member in &component {
                    numbers[member.index()] = DONE;
                }
                out.push((component, min == number));
            }
            if let Some(caller) = frames.last_mut() {
                caller.min = caller.min.min(min);
            }
        }
    }
    out
}

/// Appends the functions that `f` calls, in the order in which an inspection of its body finds the calls. `work` must
/// be empty, and is empty on return.
fn add_callees(f: &Func, work: &mut Vec<Node>, callees: &mut Vec<FuncId>) {
    work.extend(f.slice(&f.body).iter().rev());
    while let Some(n) = work.pop() {
        let node = &f.nodes[n];
        if node.op == Op::CallFunc
            && let Some(left) = node.left.expand()
            && let Aux::Func(func) = f.nodes[left].aux
        {
            callees.push(func);
        }
        for list in [&node.rlist, &node.body, &node.list] {
            work.extend(f.slice(list).iter().rev());
        }
        work.extend(node.right.expand());
        work.extend(node.left.expand());
        work.extend(f.slice(&node.init).iter().rev());
    }
}

/// The visitor that measures a function's body (gc: hairyVisitor).
struct HairyVisitor<'a> {
    package: &'a Package,
    f: &'a Func,
    /// The remaining budget.
    budget: i32,
    /// Whether bodies pass through unified IR.
    unified: bool,
    /// Calls with a higher cost are not expanded in the function.
    max_cost: i32,
    /// Whether to continue below zero, for the message.
    exact: bool,
    used_locals: Vec<Var>,
    has_calls: bool,
}

/// The measurements of a function that can be inlined.
struct Measured {
    /// The cost of a call to the caller's budget.
    cost: i32,
    /// The locals that the body uses, sorted.
    used_locals: Vec<Var>,
    has_calls: bool,
}

impl HairyVisitor<'_> {
    fn visit_list(&mut self, list: &Nodes) -> Result<(), &'static str> {
        let f = self.f;
        for &n in f.slice(list) {
            self.visit(n)?;
        }
        Ok(())
    }

    /// Deducts the cost of `n` and everything in it from the budget.
    ///
    /// # Errors
    ///
    /// Returns the operation that forbids inlining; an empty string if the budget is exhausted and `exact` is off.
    fn visit(&mut self, n: Node) -> Result<(), &'static str> {
        let f = self.f;
        let node = &f.nodes[n];
        match node.op {
            Op::CallFunc => {
                self.has_calls = true;
                let callee = node.left.expect("a callee");
                let inline = match f.nodes[callee].aux {
                    Aux::Func(func) => self.package.funcs[func].inline.as_ref(),
                    _ => None,
                };
                let inline = inline.filter(|inline| inline.cost <= self.max_cost);
                self.budget -= inline.map_or(EXTRA_CALL_COST, |inline| inline.cost);
            }
            Op::Panic => {
                let value = node.left.expect("a panic has a value");
                let is_free = self.unified && f.nodes[value].op == Op::ConvIface;
                self.budget += i32::from(is_free) - EXTRA_PANIC_COST;
            }
            Op::For | Op::DclType | Op::Break if !self.unified => return Err(node.op.name()),
            Op::DclConst | Op::Empty | Op::Label if !self.unified => return Ok(()),
            Op::Fall => return Ok(()),
            Op::ConvNop | Op::Block | Op::Empty if self.unified => self.budget += 1,
            Op::As2 if self.unified => self.budget += temporaries(f, n) as i32,
            // A slice literal costs one more for no reason (gc: inl.go, "Hack for toolstash").
            Op::SliceLit if self.unified && !node.list.is_empty() => self.budget -= 1,
            Op::If
                if !self.unified
                    && node
                        .left
                        .expand()
                        .is_some_and(|cond| f.bool_const(cond).is_some()) =>
            {
                self.visit_list(&node.init)?;
                self.visit_list(&node.body)?;
                return self.visit_list(&node.rlist);
            }
            Op::Name => {
                if let Aux::Var(var) = node.aux
                    && f.vars[var].class == Class::Auto
                {
                    self.used_locals.push(var);
                }
            }
            _ => {}
        }
        self.budget -= 1;
        if self.budget < 0 && !self.exact {
            return Err("");
        }
        for operand in [node.left, node.right] {
            if let Some(operand) = operand.expand() {
                self.visit(operand)?;
            }
        }
        for list in [&node.list, &node.rlist, &node.init, &node.body] {
            self.visit_list(list)?;
        }
        Ok(())
    }
}

/// Returns the largest cost of a call that is expanded in `f`.
fn max_cost(f: &Func) -> i32 {
    // Counting is rarely needed: a node counts once for each operand or entry of a list that it is.
    let at_most = 1 + 2 * f.nodes.len() + f.pool.capacity();
    match at_most >= BIG_FUNCTION_NODES && count_nodes(f) >= BIG_FUNCTION_NODES {
        true => BIG_FUNCTION_MAX_COST,
        false => MAX_BUDGET,
    }
}

/// Returns the number of nodes that temporaries for the results of a call add to the parallel assignment `n`.
fn temporaries(f: &Func, n: Node) -> usize {
    let node = &f.nodes[n];
    let first = f.slice(&node.rlist).first();
    let init = first.map_or(&[][..], |&first| f.slice(&f.nodes[first].init));
    match init {
        [assignment] if f.nodes[*assignment].op == Op::As2Func => 4 * node.list.len(&f.pool) + 1,
        _ => 0,
    }
}

/// Returns the number of nodes of a function, including its own. The temporaries of a call's results don't count.
fn count_nodes(f: &Func) -> usize {
    let (mut count, mut temps) = (1, 0);
    let mut work = f.slice(&f.body).to_vec();
    while let Some(n) = work.pop() {
        count += 1;
        let node = &f.nodes[n];
        if node.op == Op::As2 {
            temps += temporaries(f, n);
        }
        work.extend(node.left.expand());
        work.extend(node.right.expand());
        for list in [&node.init, &node.body, &node.list, &node.rlist] {
            work.extend_from_slice(f.slice(list));
        }
    }
    count - temps.min(count)
}

impl Inliner<'_> {
    fn cannot_inline(&mut self, func: FuncId, reason: &str) {
        let f = &self.package.funcs[func];
        let place = self.format_pos(f.pos);
        let line = format!("{place}: cannot inline {}: {reason}\n", f.name);
        self.out.push_str(&line);
    }

    /// Decides whether a function can be inlined, and keeps a copy of its body if so.
    fn caninl(&mut self, func: FuncId) {
        let exact = self.messages == Messages::Reasons;
        match self.measure(func, exact) {
            Err(reason) if exact => self.cannot_inline(func, &reason),
            Err(_) => {}
            Ok(Measured {
                cost,
                used_locals,
                has_calls,
            }) => {
                let mut f = std::mem::take(&mut self.package.funcs[func]);
                // A body without calls is never expanded, so it needs no copy.
                let body = match f.body {
                    body if has_calls => copy_list(&mut f, body),
                    body => body,
                };
                let dcl = f
                    .dcl
                    .iter()
                    .copied()
                    .filter(|&var| match f.vars[var].class {
                        Class::Auto => used_locals.binary_search(&var).is_ok(),
                        Class::NotVar => false,
                        Class::Param | Class::ParamOut => true,
                    });
                f.inline = Some(Inline {
                    cost,
                    dcl: dcl.collect(),
                    body,
                });
                self.package.funcs[func] = f;
                self.can_inline(func, cost);
            }
        }
    }

    /// Measures a function for inlining.
    ///
    /// # Errors
    ///
    /// Returns the reason why it can't be inlined.
    fn measure(&self, func: FuncId, exact: bool) -> Result<Measured, String> {
        let f = &self.package.funcs[func];
        if f.pragmas.noinline {
            return Err("marked go:noinline".to_owned());
        }
        if f.pragmas.uintptr_escapes {
            return Err("marked as having an escaping uintptr argument".to_owned());
        }
        if f.body.is_empty() {
            return Err("no function body".to_owned());
        }
        let mut visitor = HairyVisitor {
            package: self.package,
            f,
            budget: MAX_BUDGET,
            unified: self.unified,
            max_cost: match self.unified {
                true => max_cost(f),
                false => MAX_BUDGET,
            },
            exact,
            used_locals: Vec::new(),
            has_calls: false,
        };
        let visited = visitor.visit_list(&f.body);
        visited.map_err(|op| format!("unhandled op {op}"))?;
        let cost = MAX_BUDGET - visitor.budget;
        if visitor.budget < 0 {
            return Err(format!(
                "function too complex: cost {cost} exceeds budget {MAX_BUDGET}"
            ));
        }
        visitor.used_locals.sort_unstable();
        Ok(Measured {
            cost,
            used_locals: visitor.used_locals,
            has_calls: visitor.has_calls,
        })
    }

    fn can_inline(&mut self, func: FuncId, cost: i32) {
        if self.messages == Messages::None {
            return;
        }
        let f = &self.package.funcs[func];
        let mut line = format!("{}: can inline {}", self.format_pos(f.pos), f.name);
        if self.messages == Messages::Reasons {
            line.push_str(&format!(" with cost {cost} as: {}", self.body_text(func)));
        }
        line.push('\n');
        self.out.push_str(&line);
    }

    /// Returns a function's type and the body for inlining: `func(int32) { … }`.
    fn body_text(&self, func: FuncId) -> String {
        let f = &self.package.funcs[func];
        let ty = if f.imported {
            "func(...interface {}) (int, error)".to_owned()
        } else if func.index() >= self.types.funcs.len() {
            "func()".to_owned()
        } else {
            let object = self.types.funcs[info::Func::new(func.index())].object;
            self.types.types.display(self.types[object].ty)
        };
        let inline = f.inline.as_ref().expect("the function can be inlined");
        let body = Printer::stmts(self.package, f, &inline.body, self.unified);
        format!("{ty} {{ {body} }}")
    }

    /// Expands the calls in a function.
    fn inlcalls(&mut self, func: FuncId) {
        if !self.calls_small_functions(func) {
            return;
        }
        // The name stays in place for the printing of bodies that call the function.
        let name = self.package.funcs[func].name.clone();
        let stand_in = Func {
            name,
            ..Func::default()
        };
        let f = std::mem::replace(&mut self.package.funcs[func], stand_in);
        let max_cost = max_cost(&f);
        let f = self.expand_calls(func, f, max_cost);
        self.package.funcs[func] = f;
    }

    /// Reports whether a function refers to one that can be inlined.
    fn calls_small_functions(&self, func: FuncId) -> bool {
        let mut nodes = self.package.funcs[func].nodes.values();
        nodes.any(|n| match n.aux {
            Aux::Func(callee) => self.package.funcs[callee].inline.is_some(),
            _ => false,
        })
    }
}

/// Copies a list and everything in it within the arena.
fn copy_list(f: &mut Func, list: Nodes) -> Nodes {
    let nodes = f.slice(&list).to_vec();
    let copies: Vec<Node> = nodes.into_iter().map(|n| copy(f, n)).collect();
    f.list(&copies)
}

fn copy(f: &mut Func, n: Node) -> Node {
    if f.may_be_shared(n) {
        return n;
    }
    let mut node = f.nodes[n];
    node.left = node.left.map(|n| copy(f, n)).into();
    node.right = node.right.map(|n| copy(f, n)).into();
    node.list = copy_list(f, node.list);
    node.rlist = copy_list(f, node.rlist);
    node.init = copy_list(f, node.init);
    node.body = copy_list(f, node.body);
    f.nodes.push(node)
}
