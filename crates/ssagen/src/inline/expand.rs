//! Expansion of inlined calls (gc: inl.go, inlnode, mkinlcall and inlsubst).

use cranelift_entity::packed_option::PackedOption;
use cranelift_entity::{EntityRef, EntitySet, SecondaryMap};
use minigo_base::{Pos, PosBase, PosTable};
use minigo_types::info;
use rustc_hash::FxHashMap;

use super::Messages;
use crate::ir::{
    Aux, Class, Func, FuncId, InlinedCall, Label, LabelData, Node, NodeData, Nodes, Op, Package,
    Type, Var,
};

/// State of the pass for a package.
pub(super) struct Inliner<'a> {
    pub(super) package: &'a mut Package,
    pub(super) positions: &'a mut PosTable,
    pub(super) types: &'a info::Package,
    pub(super) messages: Messages,
    /// Whether bodies pass through unified IR.
    pub(super) unified: bool,
    /// The messages so far.
    pub(super) out: String,
    /// Number of calls expanded so far in all functions, which is part of the names of copied labels.
    pub(super) generation: u32,
    /// Functions that were expanded anywhere.
    pub(super) inlined: EntitySet<FuncId>,
    /// The stack of functions being expanded.
    pub(super) expanding: Vec<FuncId>,
}

/// The function whose calls are expanded.
pub(super) struct Caller {
    pub(super) func: FuncId,
    pub(super) f: Func,
    /// The current line, for new nodes.
    pub(super) line: Pos,
    /// Calls with a higher cost are not expanded.
    pub(super) max_cost: i32,
}

impl Caller {
    /// Makes the declaration of a variable.
    pub(super) fn declaration(&mut self, var: Var) -> Node {
        let name = self.f.vars[var].node;
        self.f.unary(self.line, Op::Dcl, Type::VOID, name)
    }
}

impl Inliner<'_> {
    /// Expands the calls in `f`, which is function `func` and has been taken out of the package.
    pub(super) fn expand_calls(&mut self, func: FuncId, f: Func, max_cost: i32) -> Func {
        let mut caller = Caller {
            func,
            line: f.pos,
            f,
            max_cost,
        };
        let body = caller.f.body;
        self.statements(&mut caller, body);
        caller.f
    }

    /// Formats a position as messages print it. Inside expanded calls it is that of the outermost call.
    pub(super) fn format_pos(&self, pos: Pos) -> String {
        let mut pos = pos;
        while let Some(call) = self.positions.base(pos.base()).inlined {
            let mut outer = &self.package.inline_tree[call as usize];
            while let Some(parent) = outer.parent {
                outer = &self.package.inline_tree[parent as usize];
            }
            pos = outer.pos;
        }
        let text = self.positions.format(pos, true, false);
        // Unified IR has complete file names; the empty one has none.
        match self.unified && text.starts_with(':') {
            true => format!("??{text}"),
            false => text,
        }
    }

    /// Expands calls in a list of statements. Expanded calls become blocks.
    fn statements(&mut self, caller: &mut Caller, list: Nodes) {
        for i in 0..list.len(&caller.f.pool) {
            let n = self.node(caller, caller.f.nth(list, i));
            if caller.f.nodes[n].op == Op::InlCall {
                into_statement(&mut caller.f, n);
            }
            caller.f.set_nth(list, i, n);
        }
    }

    /// Expands calls in a list of expressions. Expanded calls become their result.
    fn expressions(&mut self, caller: &mut Caller, list: Nodes) {
        for i in 0..list.len(&caller.f.pool) {
            let n = self.expression(caller, caller.f.nth(list, i));
            caller.f.set_nth(list, i, n);
        }
    }

    fn expression(&mut self, caller: &mut Caller, n: Node) -> Node {
        let n = self.node(caller, n);
        match caller.f.nodes[n].op {
            Op::InlCall => {
                let result = caller.f.nth(caller.f.nodes[n].rlist, 0);
                with_statements(caller, n, result)
            }
            _ => n,
        }
    }

    /// Expands the calls in `n`, then `n` itself if it is one.
    fn node(&mut self, caller: &mut Caller, n: Node) -> Node {
        if caller.f.may_be_shared(n) {
            return n;
        }
        let line = caller.line;
        if caller.f.has_unique_pos(n) {
            caller.line = caller.f.nodes[n].pos;
        }
        let node = caller.f.nodes[n];
        self.statements(caller, node.init);
        if let Some(left) = node.left.expand() {
            caller.f.nodes[n].left = self.expression(caller, left).into();
        }
        if let Some(right) = node.right.expand() {
            self.right(caller, n, right);
        }
        if node.op == Op::Block {
            self.statements(caller, node.list);
        } else {
            self.expressions(caller, node.list);
        }
        if node.op == Op::If {
            self.statements(caller, node.rlist);
        } else {
            self.expressions(caller, node.rlist);
        }
        self.statements(caller, node.body);
        let n = match node.op {
            Op::CallFunc => self.call(caller, n),
            _ => n,
        };
        caller.line = line;
        n
    }

    /// Expands calls in the right operand: the post statement of a loop, the call of an `As2Func`, or a value.
    fn right(&mut self, caller: &mut Caller, n: Node, right: Node) {
        match caller.f.nodes[n].op {
            Op::For => {
                let right = self.node(caller, right);
                if caller.f.nodes[right].op == Op::InlCall {
                    into_statement(&mut caller.f, right);
                }
                caller.f.nodes[n].right = right.into();
            }
            Op::As2Func => {
                let call = self.node(caller, right);
                caller.f.nodes[n].right = call.into();
                if caller.f.nodes[call].op == Op::InlCall {
                    let results = caller.f.nodes[call].rlist;
                    let first = with_statements(caller, call, caller.f.nth(results, 0));
                    caller.f.set_nth(results, 0, first);
                    let node = &mut caller.f.nodes[n];
                    node.op = Op::As2;
                    node.rlist = results;
                    node.right = None.into();
                }
            }
            _ => {
                let right = self.expression(caller, right);
                caller.f.nodes[n].right = right.into();
            }
        }
    }

    /// Expands a call if its callee can be inlined here.
    fn call(&mut self, caller: &mut Caller, n: Node) -> Node {
        let callee = caller.f.nodes[n].left.expect("a callee");
        let Aux::Func(callee) = caller.f.nodes[callee].aux else {
            return n;
        };
        if callee == caller.func {
            return n;
        }
        match &self.package.funcs[callee].inline {
            Some(inline) if inline.cost <= caller.max_cost => {}
            _ => return n,
        }
        let name = &self.package.funcs[callee].name;
        let place = || self.format_pos(caller.f.nodes[n].pos);
        if self.expanding.contains(&callee) {
            if self.messages == Messages::Reasons {
                let line = format!(
                    "{}: cannot inline {name} into {}: repeated recursive cycle\n",
                    place(),
                    caller.f.name
                );
                self.out.push_str(&line);
            }
            return n;
        }
        let line = match self.messages {
            Messages::None => String::new(),
            Messages::Decisions => format!("{}: inlining call to {name}\n", place()),
            Messages::Reasons => {
                let text = self.body_text(callee);
                format!("{}: inlining call to {name} {text}\n", place())
            }
        };
        self.out.push_str(&line);
        self.expanding.push(callee);
        let n = self.expand(caller, n, callee);
        self.expanding.pop();
        n
    }

    /// Sets the positions of temporaries' declarations in an imported body. gc checks such a body where it is first
    /// inlined, and makes the declarations there (gc: typecheckinl).
    fn check_body(&mut self, callee: FuncId, line: Pos) {
        let f = &mut self.package.funcs[callee];
        let Some(inline) = f.inline.as_ref().filter(|_| f.imported) else {
            return;
        };
        for n in f.slice(&inline.body).to_vec() {
            if f.nodes[n].pos == Pos::NONE {
                f.nodes[n].pos = line;
            }
        }
    }

    /// Makes the `InlCall` that replaces call `n` of `callee`.
    fn expand(&mut self, caller: &mut Caller, n: Node, callee: FuncId) -> Node {
        let call = caller.f.nodes[n];
        let mut init = caller.f.slice(&call.init).to_vec();
        if !self.inlined.contains(callee) {
            self.check_body(callee, caller.line);
        }
        let package = &mut *self.package;
        let callee_f = &package.funcs[callee];
        let inline = callee_f.inline.as_ref().expect("the callee can be inlined");
        let mut subst = Subst {
            callee: callee_f,
            positions: self.positions,
            unified: false,
            delays_results: false,
            vars: SecondaryMap::default(),
            labels: FxHashMap::default(),
            generation: self.generation + 1,
            return_label: Label::new(0),
            results: Vec::new(),
            bases: Vec::new(),
            index: u32::try_from(package.inline_tree.len()).expect("fewer than 2^32 calls"),
        };
        let formals = subst.formals(caller, &inline.dcl, &mut init);
        subst.pass_arguments(caller, &call, &mut init);
        subst.return_label = caller.f.auto_label(".i");
        self.generation += 1;
        package.inline_tree.push(InlinedCall {
            parent: subst.positions.base(call.pos.base()).inlined,
            pos: call.pos,
            func: callee,
        });
        if self.inlined.insert(callee) {
            package.abstract_funcs.push(callee);
        }
        let pos = call.pos.with_is_stmt();
        let index = Aux::InlIndex(subst.index);
        init.push(caller.f.node(pos, Op::InlMark, Type::VOID, index));

        let body = subst.list(caller, &inline.body);
        let mut body = caller.f.slice(&body).to_vec();
        let label = Aux::Label(subst.return_label);
        body.push(caller.f.node(caller.line, Op::Label, Type::VOID, label));
        for var in formals {
            let pos = subst.updated_pos(caller.f.vars[var].pos);
            caller.f.vars[var].pos = pos;
            let name = caller.f.vars[var].node;
            caller.f.nodes[name].pos = pos;
        }
        let results = std::mem::take(&mut subst.results);

        let inlined = caller.f.node(caller.line, Op::InlCall, call.ty, Aux::None);
        let body = caller.f.list(&body);
        caller.f.nodes[inlined].init = caller.f.list(&init);
        caller.f.nodes[inlined].body = body;
        caller.f.nodes[inlined].rlist = caller.f.list(&results);
        self.statements(caller, body);
        inlined
    }
}

/// Turns an expanded call into a block.
fn into_statement(f: &mut Func, n: Node) {
    let node = &mut f.nodes[n];
    node.op = Op::Block;
    node.ty = Type::VOID;
    node.list = node.body;
    node.body = Nodes::new();
    node.rlist = Nodes::new();
}

/// Returns `value` with all statements of the expanded call `n` in front.
fn with_statements(caller: &mut Caller, n: Node, value: Node) -> Node {
    let node = caller.f.nodes[n];
    let mut init = caller.f.slice(&node.init).to_vec();
    init.extend_from_slice(caller.f.slice(&node.body));
    caller.f.add_init(value, &init, caller.line)
}

/// State of copying one body into a caller.
pub(super) struct Subst<'a> {
    pub(super) callee: &'a Func,
    pub(super) positions: &'a mut PosTable,
    /// Whether bodies pass through unified IR.
    pub(super) unified: bool,
    /// Whether the results are declared where the only return is.
    pub(super) delays_results: bool,
    /// The caller's name node for each variable of the callee.
    pub(super) vars: SecondaryMap<Var, PackedOption<Node>>,
    /// The caller's label for each label of the callee.
    pub(super) labels: FxHashMap<Label, Label>,
    pub(super) generation: u32,
    /// The label that returns jump to.
    pub(super) return_label: Label,
    /// The variables that returns assign.
    pub(super) results: Vec<Node>,
    /// The callee's position bases, and those of this expansion.
    pub(super) bases: Vec<(PosBase, PosBase)>,
    /// Index of this expansion in the inline tree.
    pub(super) index: u32,
}

impl Subst<'_> {
    /// Declares a local of the caller for a variable of the callee, with the same name. It keeps the callee's position
    /// until the body has been copied.
    pub(super) fn declare(&mut self, caller: &mut Caller, var: Var) -> Var {
        let data = &self.callee.vars[var];
        let copy = caller.f.var(data.pos, &data.name, data.ty, Class::Auto);
        caller.f.vars[copy].auto_temp = self.unified && data.auto_temp;
        caller.f.dcl.push(copy);
        self.vars[var] = caller.f.vars[copy].node.into();
        copy
    }

    /// Creates the caller's variables for parameters, used locals and results, in this order. Parameters and results
    /// are declared in `init`.
    fn formals(&mut self, caller: &mut Caller, dcl: &[Var], init: &mut Vec<Node>) -> Vec<Var> {
        let callee = self.callee;
        let mut formals = Vec::with_capacity(dcl.len());
        for &var in dcl {
            let class = callee.vars[var].class;
            if class != Class::ParamOut {
                let copy = self.declare(caller, var);
                if class == Class::Param {
                    init.push(caller.declaration(copy));
                }
                formals.push(copy);
            }
        }
        for slot in &callee.signature.results {
            let copy = self.declare(caller, slot.var.expect("results have variables"));
            init.push(caller.declaration(copy));
            self.results.push(caller.f.vars[copy].node);
            formals.push(copy);
        }
        formals
    }

    /// Assigns the arguments to the parameters, and zero to the results.
    fn pass_arguments(&mut self, caller: &mut Caller, call: &NodeData, init: &mut Vec<Node>) {
        let arguments = call.list;
        let slots = self.callee.signature.params.iter();
        let mut params: Vec<Node> = slots
            .map(|slot| match slot.var.expand() {
                Some(var) => self.vars[var].expect("parameters are declared"),
                None => caller.f.blank(),
            })
            .collect();
        let is_variadic = self.callee.signature.is_variadic() && call.aux != Aux::Spread;
        let slice = params.pop_if(|_| is_variadic);
        for i in params.len()..arguments.len(&caller.f.pool) {
            let name = format!("~arg{i}");
            let var = caller
                .f
                .var(caller.line, &name, Type::INTERFACE, Class::Auto);
            caller.f.dcl.push(var);
            params.push(caller.f.vars[var].node);
        }
        if !arguments.is_empty() {
            let pass = caller.f.node(caller.line, Op::As2, Type::VOID, Aux::None);
            caller.f.nodes[pass].list = caller.f.list(&params);
            caller.f.nodes[pass].rlist = arguments;
            init.push(pass);
        }
        if let Some(slice) = slice {
            let value = caller.f.slice_literal(caller.line, &params);
            init.push(
                caller
                    .f
                    .binary(caller.line, Op::As, Type::VOID, slice, value),
            );
        }
        for &result in &self.results {
            init.push(caller.f.unary(caller.line, Op::As, Type::VOID, result));
        }
    }

    /// Returns `pos` relative to this expansion.
    pub(super) fn updated_pos(&mut self, pos: Pos) -> Pos {
        let old = pos.base();
        let base = match self.bases.iter().find(|(from, _)| *from == old) {
            Some(&(_, to)) => to,
            None => {
                let to = self.positions.add_inlining(old, self.index);
                self.bases.push((old, to));
                to
            }
        };
        pos.with_base(base)
    }

    pub(super) fn list(&mut self, caller: &mut Caller, list: &Nodes) -> Nodes {
        let callee = self.callee;
        let copies: Vec<Node> = callee
            .slice(list)
            .iter()
            .map(|&n| self.node(caller, n))
            .collect();
        caller.f.list(&copies)
    }

    fn node(&mut self, caller: &mut Caller, n: Node) -> Node {
        let mut node = self.callee.nodes[n];
        node.orig = None.into();
        match node.op {
            Op::Name => return self.name(caller, n),
            Op::Literal => {
                if let Aux::Str(string) = node.aux {
                    let text = self.callee.strings[string].clone();
                    node.aux = Aux::Str(caller.f.strings.push(text));
                }
                if !node.named {
                    node.pos = self.updated_pos(node.pos);
                }
                return caller.f.nodes.push(node);
            }
            Op::Return if self.unified => return self.return_block(caller, n),
            Op::Return => return self.return_stmt(caller, n),
            _ => {}
        }
        node.pos = self.updated_pos(node.pos);
        if let Aux::Label(label) = node.aux {
            node.aux = Aux::Label(self.label(caller, label));
            if matches!(node.op, Op::Goto | Op::Label) {
                node.init = Nodes::new();
                return caller.f.nodes.push(node);
            }
        }
        node.left = node.left.map(|n| self.node(caller, n)).into();
        node.right = node.right.map(|n| self.node(caller, n)).into();
        node.list = self.list(caller, &node.list);
        node.rlist = self.list(caller, &node.rlist);
        node.init = self.list(caller, &node.init);
        node.body = self.list(caller, &node.body);
        caller.f.nodes.push(node)
    }

    fn name(&mut self, caller: &mut Caller, n: Node) -> Node {
        let node = self.callee.nodes[n];
        match node.aux {
            Aux::Var(var) => self.vars[var].expect("variables of an inlined body are declared"),
            Aux::Global(global) => caller.f.global(global, node.pos, node.ty),
            Aux::Blank => caller.f.blank(),
            _ => caller.f.nodes.push(node),
        }
    }

    fn label(&mut self, caller: &mut Caller, label: Label) -> Label {
        let (callee, generation) = (self.callee, self.generation);
        *self.labels.entry(label).or_insert_with(|| {
            let name = format!("{}·{generation}", callee.labels[label].name).into();
            caller.f.labels.push(LabelData { name })
        })
    }

    /// Copies a return: a jump past the body, with the assignment of the results in its init list. It has the position
    /// of the call.
    fn return_stmt(&mut self, caller: &mut Caller, n: Node) -> Node {
        let node = self.callee.nodes[n];
        let label = Aux::Label(self.return_label);
        let jump = caller.f.node(caller.line, Op::Goto, Type::VOID, label);
        let init = self.list(caller, &node.init);
        let mut init = caller.f.slice(&init).to_vec();
        if !self.results.is_empty() && !node.list.is_empty() {
            let assignment = caller.f.node(caller.line, Op::As2, Type::VOID, Aux::None);
            caller.f.nodes[assignment].list = caller.f.list(&self.results);
            caller.f.nodes[assignment].rlist = self.list(caller, &node.list);
            init.push(assignment);
        }
        caller.f.nodes[jump].init = caller.f.list(&init);
        jump
    }

    /// Copies a return: a block that assigns the results and jumps past the body, at the position of the call.
    fn return_block(&mut self, caller: &mut Caller, n: Node) -> Node {
        let node = self.callee.nodes[n];
        let init = self.list(caller, &node.init);
        let mut stmts = caller.f.slice(&init).to_vec();
        if !node.list.is_empty() {
            let assignment = caller.f.node(caller.line, Op::As2, Type::VOID, Aux::None);
            caller.f.nodes[assignment].rlist = self.list(caller, &node.list);
            caller.f.nodes[assignment].list = caller.f.list(&self.results);
            caller.f.nodes[assignment].defines = self.delays_results;
            if self.delays_results {
                for &result in &self.results {
                    stmts.push(caller.f.unary(caller.line, Op::Dcl, Type::VOID, result));
                }
            }
            stmts.push(assignment);
        }
        let label = Aux::Label(self.return_label);
        stmts.push(caller.f.node(caller.line, Op::Goto, Type::VOID, label));
        let block = caller.f.node(caller.line, Op::Block, Type::VOID, Aux::None);
        caller.f.nodes[block].list = caller.f.list(&stmts);
        block
    }
}
