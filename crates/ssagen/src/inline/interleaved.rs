//! The inliner where bodies pass through unified IR (gc: inline/interleaved and noder/reader.go, unifiedInlineCall).
//!
//! All functions are measured before any call is expanded. Then the functions of each component are visited until
//! nothing changes. A call of a function within its own expansion stays, so a function that calls itself is expanded in
//! itself once. An expanded call stays an `InlCall`, which `order` resolves.

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, SecondaryMap};
use minigo_base::Pos;
use rustc_hash::FxHashMap;

use super::expand::{Caller, Inliner, Subst};
use super::{BIG_FUNCTION_MAX_COST, Messages, components, max_cost};
use crate::ir::{Aux, Class, Func, FuncId, InlinedCall, Label, Node, Nodes, Op, Type};

/// A function whose calls are being expanded.
struct Expansion {
    caller: Caller,
    /// Its calls: those of the source, then those of expanded bodies.
    calls: Vec<Node>,
}

impl Inliner<'_> {
    /// Measures all functions but `init`, which initialises variables, and expands their calls.
    pub(super) fn interleave(&mut self, init: Option<FuncId>) {
        let components = components(self.package, init);
        let mut originals = FxHashMap::default();
        for func in components.iter().flat_map(|(component, _)| component) {
            let f = &self.package.funcs[*func];
            if !f.imported && &*f.name != "_" && Some(*func) != init {
                self.caninl(*func);
            }
            if self.package.funcs[*func].inline.is_some() {
                originals.insert(*func, self.package.funcs[*func].clone());
            }
        }
        if self.messages == Messages::Reasons {
            self.name_big_functions(init);
        }
        for (component, _) in &components {
            let mut expansions: Vec<Expansion> = Vec::with_capacity(component.len());
            for &func in component {
                let f = &self.package.funcs[func];
                if f.imported {
                    continue;
                }
                let stand_in = Func {
                    name: f.name.clone(),
                    ..Func::default()
                };
                let f = std::mem::replace(&mut self.package.funcs[func], stand_in);
                let mut calls = Vec::new();
                if f.has(Op::CallFunc) {
                    add_calls(&f, f.slice(&f.body), &mut calls);
                }
                expansions.push(Expansion {
                    caller: Caller {
                        func,
                        line: f.pos,
                        max_cost: max_cost(&f),
                        f,
                    },
                    calls,
                });
            }
            let mut changes = true;
            while changes {
                changes = false;
                for expansion in &mut expansions {
                    let mut i = 0;
                    while let Some(&call) = expansion.calls.get(i) {
                        changes |= self.try_expand(expansion, call, &originals);
                        i += 1;
                    }
                }
            }
            for Expansion { caller, .. } in expansions {
                self.package.funcs[caller.func] = caller.f;
            }
        }
    }

    /// Adds a message about each function in which only calls of small functions are expanded.
    fn name_big_functions(&mut self, init: Option<FuncId>) {
        let others = self.package.funcs.keys().filter(|&func| Some(func) != init);
        for func in init.into_iter().chain(others) {
            let f = &self.package.funcs[func];
            if !f.imported && max_cost(f) == BIG_FUNCTION_MAX_COST {
                let line = format!(
                    "{}: function {} considered 'big'; reducing max cost of inlinees\n",
                    self.format_pos(f.pos),
                    f.name
                );
                self.out.push_str(&line);
            }
        }
    }

    /// Expands call `n` if its callee can be inlined here. Returns whether it did.
    fn try_expand(
        &mut self,
        expansion: &mut Expansion,
        n: Node,
        originals: &FxHashMap<FuncId, Func>,
    ) -> bool {
        let caller = &mut expansion.caller;
        let node = caller.f.nodes[n];
        if node.op != Op::CallFunc {
            return false;
        }
        let callee = node.left.expect("a callee");
        let Aux::Func(callee) = caller.f.nodes[callee].aux else {
            return false;
        };
        let Some(original) = originals.get(&callee) else {
            return false;
        };
        let inline = original.inline.as_ref().expect("originals can be inlined");
        if inline.cost > caller.max_cost || self.is_repeated(node.pos) {
            return false;
        }
        if self.is_within(node.pos, callee) {
            if self.messages == Messages::Reasons {
                let line = format!(
                    "{}: cannot inline {} into {}: repeated recursive cycle\n",
                    self.format_pos(node.pos),
                    original.name,
                    caller.f.name
                );
                self.out.push_str(&line);
            }
            return false;
        }
        if self.messages != Messages::None {
            let place = self.format_pos(node.pos);
            let line = format!("{place}: inlining call to {}\n", original.name);
            self.out.push_str(&line);
        }
        let body = self.expand_in_place(caller, n, callee, original);
        let body = caller.f.slice(&body).to_vec();
        add_calls(&caller.f, &body, &mut expansion.calls);
        true
    }

    /// Reports whether a call is a copy of one of the calls that it was expanded in.
    fn is_repeated(&self, pos: Pos) -> bool {
        let place = |pos: Pos| {
            let file = &self.positions.base(pos.base()).filename;
            (file, pos.line(), pos.col())
        };
        let inner = place(pos);
        self.expanded_calls(pos)
            .any(|call| place(call.pos) == inner)
    }

    /// Reports whether a position is in an expansion of `callee`.
    fn is_within(&self, pos: Pos, callee: FuncId) -> bool {
        self.expanded_calls(pos).any(|call| call.func == callee)
    }

    /// Returns the expanded calls that a position is in, innermost first.
    fn expanded_calls(&self, pos: Pos) -> impl Iterator<Item = &InlinedCall> {
        let tree = &self.package.inline_tree;
        let first = self.positions.base(pos.base()).inlined;
        std::iter::successors(first, |&call| tree[call as usize].parent)
            .map(|call| &tree[call as usize])
    }

    /// Turns call `n` of `callee` into an `InlCall` and returns the copy of the body.
    fn expand_in_place(
        &mut self,
        caller: &mut Caller,
        n: Node,
        callee: FuncId,
        original: &Func,
    ) -> Nodes {
        let call = caller.f.nodes[n];
        caller.line = call.pos;
        let mut init = caller.f.slice(&call.init).to_vec();
        let package = &mut *self.package;
        let inline = original.inline.as_ref().expect("the callee can be inlined");
        let mut subst = Subst {
            callee: original,
            positions: self.positions,
            unified: true,
            delays_results: delays_results(original),
            vars: SecondaryMap::<_, PackedOption<Node>>::default(),
            labels: FxHashMap::default(),
            generation: self.generation + 1,
            return_label: Label::new(0),
            results: Vec::new(),
            bases: Vec::new(),
            index: u32::try_from(package.inline_tree.len()).expect("fewer than 2^32 calls"),
        };
        let mut copies = Vec::with_capacity(original.dcl.len());
        let (mut params, mut decls) = (Vec::new(), Vec::new());
        for &var in &original.dcl {
            let copy = subst.declare(caller, var);
            let name = caller.f.vars[copy].node;
            match original.vars[var].class {
                Class::Param => {
                    params.push(name);
                    decls.push(caller.declaration(copy));
                }
                Class::ParamOut => subst.results.push(name),
                Class::Auto | Class::NotVar => {}
            }
            copies.push(copy);
        }
        subst.return_label = caller.f.auto_label(".i");
        self.generation += 1;
        let pass = caller.f.node(call.pos, Op::As2, Type::VOID, Aux::None);
        caller.f.nodes[pass].list = caller.f.list(&params);
        caller.f.nodes[pass].rlist = call.list;
        caller.f.nodes[pass].init = caller.f.list(&decls);
        init.push(pass);
        if !subst.delays_results {
            for &result in &subst.results {
                init.push(caller.f.unary(call.pos, Op::Dcl, Type::VOID, result));
                init.push(caller.f.unary(call.pos, Op::As, Type::VOID, result));
            }
        }
        package.inline_tree.push(InlinedCall {
            parent: subst.positions.base(call.pos.base()).inlined,
            pos: call.pos,
            func: callee,
        });
        if self.inlined.insert(callee) {
            package.abstract_funcs.push(callee);
        }
        let index = Aux::InlIndex(subst.index);
        let mark = call.pos.with_is_stmt();
        init.push(caller.f.node(mark, Op::InlMark, Type::VOID, index));

        let body = subst.list(caller, &inline.body);
        let mut body = caller.f.slice(&body).to_vec();
        for var in copies {
            let pos = subst.updated_pos(caller.f.vars[var].pos);
            caller.f.vars[var].pos = pos;
            let name = caller.f.vars[var].node;
            caller.f.nodes[name].pos = pos;
        }
        let results = std::mem::take(&mut subst.results);
        let label = Aux::Label(subst.return_label);
        body.push(caller.f.node(call.pos, Op::Label, Type::VOID, label));

        let init = caller.f.list(&init);
        let body = caller.f.list(&body);
        let results = caller.f.list(&results);
        let node = &mut caller.f.nodes[n];
        node.op = Op::InlCall;
        node.aux = Aux::None;
        node.left = None.into();
        node.list = Nodes::new();
        node.init = init;
        node.body = body;
        node.rlist = results;
        body
    }
}

/// Reports whether the results of an expansion are declared only where the return is: there is a single one, with
/// values, and no result has a name.
fn delays_results(f: &Func) -> bool {
    let inline = f.inline.as_ref().expect("the function can be inlined");
    let mut returns = 0;
    let mut work = f.slice(&inline.body).to_vec();
    while let Some(n) = work.pop() {
        let node = &f.nodes[n];
        if node.op == Op::Return {
            returns += if node.list.is_empty() { 2 } else { 1 };
        }
        work.extend(node.left.expand());
        work.extend(node.right.expand());
        for list in [&node.init, &node.body, &node.list, &node.rlist] {
            work.extend_from_slice(f.slice(list));
        }
    }
    let has_name = |slot: &crate::ir::Slot| {
        let var = slot.var.expect("results have variables");
        !f.vars[var].name.starts_with('~')
    };
    returns == 1 && !f.signature.results.iter().any(has_name)
}

/// Appends the calls in a list, those in a call's arguments before it.
fn add_calls(f: &Func, list: &[Node], calls: &mut Vec<Node>) {
    for &n in list {
        let node = &f.nodes[n];
        add_calls(f, f.slice(&node.init), calls);
        for operand in [node.left, node.right] {
            add_calls(f, operand.expand().as_slice(), calls);
        }
        let lists = match node.op {
            Op::If => [&node.body, &node.list, &node.rlist],
            _ => [&node.list, &node.rlist, &node.body],
        };
        for list in lists {
            add_calls(f, f.slice(list), calls);
        }
        if node.op == Op::CallFunc {
            calls.push(n);
        }
    }
}
