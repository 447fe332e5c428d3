//! Makes the order of evaluation explicit: expressions become free of calls, `&&` and `||`.
//!
//! Each statement is appended to the list of its block, after the statements that its operands need: a call whose value
//! is used becomes `temp = call`, and `x && y` becomes `temp = x; if temp { temp = y }`. At the end of a statement its
//! temporaries are killed and go to a free list by type, from which later statements of the function reuse them. The
//! choice of a temporary decides the number of the next new one, so the free list works exactly as gc's (gc: order.go).
//!
//! New nodes get the current line: the position of the innermost statement or expression being ordered that has one of
//! its own.

use minigo_base::Pos;
use rustc_hash::FxHashMap;

use crate::front::Front;
use crate::ir::{
    Aux, Class, External, Func, FuncId, Kind, Node, NodeData, Nodes, Op, Signature, Static, Type,
    Var,
};

/// Orders the body of `f`. `signature` returns the signatures of called functions. Constants that need an address are
/// appended to `statics`.
///
/// Requires the form that `noder` and `inline` leave. Ensures that calls are statements, the right side of an
/// assignment to a name, or in `As2Func`; that `AndAnd` and `OrOr` are gone; that only conditions have an init list;
/// that a variadic call passes a slice; and that a constant or byte to be converted to an interface has an address.
pub fn order<'a>(
    f: &mut Func,
    signature: &dyn Fn(FuncId) -> &'a Signature,
    statics: &mut Vec<Static>,
    front: &Front,
) {
    let body = f.body;
    let mut order = Order {
        f,
        signature,
        statics,
        kills: front.var_kills,
        line: Pos::NONE,
        free: FxHashMap::default(),
    };
    let body = order.block(body);
    f.body = body;
}

/// State of the pass for one function.
struct Order<'f, 'a> {
    f: &'f mut Func,
    signature: &'f dyn Fn(FuncId) -> &'a Signature,
    statics: &'f mut Vec<Static>,
    /// Whether the ends of live ranges are marked.
    kills: bool,
    /// The current line, for new nodes.
    line: Pos,
    /// Free temporaries by type. `byte` and `uint8` share an entry.
    free: FxHashMap<Type, Vec<Node>>,
}

/// The statements and temporaries of a block being built.
#[derive(Default)]
struct Block {
    /// The statements so far.
    out: Vec<Node>,
    /// Temporaries in use, innermost last.
    temps: Vec<Node>,
}

impl Order<'_, '_> {
    /// Makes the position of `n` the current line, if it has one of its own. Returns the previous line.
    fn set_line(&mut self, n: Node) -> Pos {
        let old = self.line;
        if self.f.has_unique_pos(n) {
            self.line = self.f.nodes[n].pos;
        }
        old
    }

    /// Returns a temporary of type `ty`, in use until the end of the statement. When the first free one is taken, the
    /// last one moves into its place.
    fn new_temp(&mut self, block: &mut Block, ty: Type) -> Node {
        let free = self.free.entry(ty.unaliased()).or_default();
        let temp = match free.len() {
            0 => self.f.temp(self.line, ty),
            len => free.swap_remove(if self.kills { 0 } else { len - 1 }),
        };
        block.temps.push(temp);
        temp
    }

    /// Emits `left = right`.
    fn assign(&mut self, block: &mut Block, left: Node, right: Node) {
        let n = self.f.binary(self.line, Op::As, Type::VOID, left, right);
        block.out.push(n);
    }

    /// Emits `temp = n` and returns the temporary.
    fn copy_expr(&mut self, block: &mut Block, n: Node) -> Node {
        let temp = self.new_temp(block, self.f.nodes[n].ty);
        self.assign(block, temp, n);
        temp
    }

    /// Returns kill marks for the temporaries above `mark`, latest first. They stay in use.
    fn kills(&mut self, block: &Block, mark: usize) -> Vec<Node> {
        if !self.kills {
            return Vec::new();
        }
        let temps = block.temps[mark..].iter().rev();
        temps
            .map(|&temp| self.f.unary(self.line, Op::VarKill, Type::VOID, temp))
            .collect()
    }

    /// Frees the temporaries above `mark`.
    fn pop_temps(&mut self, block: &mut Block, mark: usize) {
        for temp in block.temps.drain(mark..) {
            let ty = self.f.nodes[temp].ty;
            self.free.entry(ty.unaliased()).or_default().push(temp);
        }
    }

    /// Emits kill marks for the temporaries above `mark` and frees them.
    fn clean_temps(&mut self, block: &mut Block, mark: usize) {
        let kills = self.kills(block, mark);
        block.out.extend(kills);
        self.pop_temps(block, mark);
    }

    /// Orders a list of statements that forms a block.
    fn block(&mut self, list: Nodes) -> Nodes {
        let mut block = Block {
            out: Vec::with_capacity(list.len(&self.f.pool)),
            temps: Vec::new(),
        };
        if !self.kills
            && let Some(&first) = self.f.slice(&list).first()
        {
            self.set_line(first);
        }
        self.stmts(&mut block, list);
        self.clean_temps(&mut block, 0);
        self.f.list(&block.out)
    }

    /// Orders an expression and makes the statements it needs its init list. Its temporaries stay in use in the
    /// enclosing block.
    fn expr_in_place(&mut self, outer: &mut Block, n: Node) -> Node {
        let mut block = Block::default();
        let n = self.expr(&mut block, n, None);
        let n = self.f.add_init(n, &block.out, self.line);
        outer.temps.append(&mut block.temps);
        n
    }

    fn stmts(&mut self, block: &mut Block, list: Nodes) {
        for i in 0..list.len(&self.f.pool) {
            let n = self.f.nth(list, i);
            self.stmt(block, n);
        }
    }

    /// Emits the init list of `n`.
    fn init(&mut self, block: &mut Block, n: Node) {
        let init = std::mem::take(&mut self.f.nodes[n].init);
        self.stmts(block, init);
    }

    fn stmt(&mut self, block: &mut Block, n: Node) {
        let line = self.set_line(n);
        self.init(block, n);
        let mark = block.temps.len();
        match self.f.nodes[n].op {
            Op::VarKill
            | Op::InlMark
            | Op::Break
            | Op::Continue
            | Op::Dcl
            | Op::DclConst
            | Op::DclType
            | Op::Fall
            | Op::Goto
            | Op::Label => block.out.push(n),
            Op::As => {
                self.left(block, n);
                if let Some(right) = self.f.nodes[n].right.expand() {
                    let left = self.f.nodes[n].left.expand();
                    self.f.nodes[n].right = self.expr(block, right, left).into();
                }
                block.out.push(n);
                self.clean_temps(block, mark);
            }
            Op::AsOp => {
                self.left(block, n);
                self.right(block, n);
                block.out.push(n);
                self.clean_temps(block, mark);
            }
            Op::As2 => {
                let NodeData { list, rlist, .. } = self.f.nodes[n];
                self.exprs(block, list);
                for i in 0..rlist.len(&self.f.pool) {
                    let value = self.f.nth(rlist, i);
                    // Only the array of a slice that a call is passed is a temporary of the statement.
                    let is_slice = self.f.nodes[value].op == Op::SliceLit;
                    let left = is_slice.then(|| self.f.nth(list, i));
                    let value = self.expr(block, value, left);
                    self.f.set_nth(rlist, i, value);
                }
                block.out.push(n);
                self.clean_temps(block, mark);
            }
            Op::As2Func if self.inlined_call(n).is_some() => {
                let call = self.inlined_call(n).expect("checked");
                self.exprs(block, self.f.nodes[n].list);
                self.init(block, call);
                self.stmts(block, self.f.nodes[call].body);
                self.f.nodes[n].op = Op::As2;
                self.f.nodes[n].right = None.into();
                self.f.nodes[n].rlist = self.f.nodes[call].rlist;
                self.exprs(block, self.f.nodes[n].rlist);
                block.out.push(n);
                self.clean_temps(block, mark);
            }
            Op::As2Func => self.as2func(block, n),
            Op::InlCall => self.stmts(block, self.f.nodes[n].body),
            Op::Block | Op::Empty => self.stmts(block, self.f.nodes[n].list),
            Op::CallFunc => {
                self.call(block, n);
                block.out.push(n);
                self.clean_temps(block, mark);
            }
            Op::Print | Op::Printn => {
                self.exprs(block, self.f.nodes[n].list);
                block.out.push(n);
                self.clean_temps(block, mark);
            }
            Op::Panic => {
                self.left(block, n);
                let left = self.f.nodes[n].left.expect("a panic has a value");
                if self.f.nodes[left].op != Op::ConvIface {
                    self.f.nodes[n].left = self.addressable(block, left).into();
                }
                block.out.push(n);
                self.clean_temps(block, mark);
            }
            Op::For => self.for_stmt(block, n),
            Op::Range => {
                self.left(block, n);
                self.f.nodes[n].body = self.block(self.f.nodes[n].body);
                block.out.push(n);
                self.clean_temps(block, mark);
            }
            Op::If => self.if_stmt(block, n),
            // The temporaries stay in use until the end of the enclosing block.
            Op::Return => {
                self.exprs(block, self.f.nodes[n].list);
                block.out.push(n);
            }
            Op::Switch => self.switch(block, n),
            op => minigo_base::internal!("order: statement {op:?}"),
        }
        self.line = line;
    }

    /// Returns the expanded call whose results `n` assigns, if it was expanded.
    fn inlined_call(&self, n: Node) -> Option<Node> {
        let call = self.f.nodes[n].right.expect("As2Func has a call");
        (self.f.nodes[call].op == Op::InlCall).then_some(call)
    }

    /// Turns `a, b = f()` into `t1, t2 = f(); a, b = t1, t2`, omitting blank operands.
    fn as2func(&mut self, block: &mut Block, n: Node) {
        let mark = block.temps.len();
        let list = self.f.nodes[n].list;
        self.exprs(block, list);
        let call = self.f.nodes[n].right.expect("As2Func has a call");
        self.init(block, call);
        self.call(block, call);
        let (mut left, mut temps) = (Vec::new(), Vec::new());
        for i in 0..list.len(&self.f.pool) {
            let dst = self.f.nth(list, i);
            if !self.f.is_blank(dst) {
                let temp = self.new_temp(block, self.f.nodes[dst].ty);
                if self.f.nodes[dst].ty == Type::ERROR {
                    // A garbage collector may see it before the call has set it.
                    let clear = self.f.unary(self.line, Op::As, Type::VOID, temp);
                    block.out.push(clear);
                }
                self.f.set_nth(list, i, temp);
                left.push(dst);
                temps.push(temp);
            }
        }
        block.out.push(n);
        let copies = self.f.node(self.line, Op::As2, Type::VOID, Aux::None);
        self.f.nodes[copies].list = self.f.list(&left);
        self.f.nodes[copies].rlist = self.f.list(&temps);
        self.stmt(block, copies);
        self.clean_temps(block, mark);
    }

    /// Orders a loop. Temporaries of the condition are killed at the start of the body and after the loop.
    fn for_stmt(&mut self, block: &mut Block, n: Node) {
        let mark = block.temps.len();
        if let Some(cond) = self.f.nodes[n].left.expand() {
            self.f.nodes[n].left = self.expr_in_place(block, cond).into();
        }
        let kills = self.kills(block, mark);
        let body = self.f.prepend(self.f.nodes[n].body, &kills);
        self.f.nodes[n].body = self.block(body);
        let mut post = Block::default();
        if let Some(stmt) = self.f.nodes[n].right.expand() {
            self.stmt(&mut post, stmt);
        }
        self.clean_temps(&mut post, 0);
        self.f.nodes[n].right = self.f.block(&post.out, self.line).into();
        block.out.push(n);
        self.clean_temps(block, mark);
    }

    /// Orders an `if`. Temporaries of the condition are killed at the start of both branches.
    fn if_stmt(&mut self, block: &mut Block, n: Node) {
        let mark = block.temps.len();
        let cond = self.f.nodes[n].left.expect("If has a condition");
        self.f.nodes[n].left = self.expr_in_place(block, cond).into();
        let kills = self.kills(block, mark);
        let body = self.f.prepend(self.f.nodes[n].body, &kills);
        let kills = self.kills(block, mark);
        let rlist = self.f.prepend(self.f.nodes[n].rlist, &kills);
        self.pop_temps(block, mark);
        self.f.nodes[n].body = self.block(body);
        self.f.nodes[n].rlist = self.block(rlist);
        block.out.push(n);
    }

    /// Orders a switch. Temporaries of the tag and cases are killed after the whole statement.
    fn switch(&mut self, block: &mut Block, n: Node) {
        let mark = block.temps.len();
        self.left(block, n);
        let cases = self.f.nodes[n].list;
        for i in 0..cases.len(&self.f.pool) {
            let case = self.f.nth(cases, i);
            let list = self.f.nodes[case].list;
            for j in 0..list.len(&self.f.pool) {
                let value = self.expr_in_place(block, self.f.nth(list, j));
                self.f.set_nth(list, j, value);
            }
            self.f.nodes[case].body = self.block(self.f.nodes[case].body);
        }
        block.out.push(n);
        self.clean_temps(block, mark);
    }

    fn call(&mut self, block: &mut Block, n: Node) {
        self.pass_slice(n);
        self.left(block, n);
        self.exprs(block, self.f.nodes[n].list);
    }

    /// Passes the last arguments of a variadic call as a slice.
    fn pass_slice(&mut self, n: Node) {
        let node = self.f.nodes[n];
        let callee = node.left.expect("a call has a callee");
        let Aux::Func(callee) = self.f.nodes[callee].aux else {
            return;
        };
        let signature = (self.signature)(callee);
        if signature.is_variadic() && node.aux != Aux::Spread {
            let fixed = signature.params.len() - 1;
            let mut args = self.f.slice(&node.list).to_vec();
            let rest = args.split_off(fixed);
            args.push(self.f.slice_literal(node.pos, &rest));
            self.f.nodes[n].list = self.f.list(&args);
            self.f.nodes[n].aux = Aux::Spread;
        }
    }

    /// Returns `n` or a temporary with its value, whose address can be taken. A constant becomes a read-only variable
    /// (gc: order.go, addrTemp).
    fn addressable(&mut self, block: &mut Block, n: Node) -> Node {
        let node = self.f.nodes[n];
        match node {
            NodeData {
                op: Op::Literal,
                aux,
                ..
            } => {
                let text = match aux {
                    Aux::Str(string) => {
                        let text = self.f.strings[string].clone();
                        // The empty string is a zero value.
                        if !text.is_empty() {
                            self.f.string_symbols.push(string);
                        }
                        Some(text)
                    }
                    _ => None,
                };
                let number = u32::try_from(self.statics.len()).expect("fewer than 2^32 constants");
                self.statics.push(Static {
                    ty: node.ty,
                    value: aux,
                    text,
                    table: None,
                });
                let aux = Aux::External(External::Static(number));
                self.f.node(self.line, Op::Name, node.ty, aux)
            }
            NodeData {
                op: Op::Name,
                aux: Aux::Global(_) | Aux::External(_),
                ..
            } => n,
            NodeData {
                op: Op::Name,
                aux: Aux::Var(var),
                ..
            } if self.is_addressable(var) => n,
            _ => self.copy_expr(block, n),
        }
    }

    /// Reports whether the address of a variable may be taken, so that it leaves SSA.
    fn is_addressable(&self, var: Var) -> bool {
        let data = &self.f.vars[var];
        match self.kills {
            true => data.auto_temp,
            false => data.class != Class::Auto,
        }
    }

    /// Orders the slice of a variadic argument. Its elements get an array as a temporary.
    fn slice_literal(&mut self, block: &mut Block, n: Node) {
        let list = self.f.nodes[n].list;
        self.exprs(block, list);
        let len = u16::try_from(list.len(&self.f.pool)).expect("the type checker limits arguments");
        let array = self.new_temp(block, Type::basic(Kind::Array(len)));
        let array = self.f.var_of(array).expect("a temporary is a variable");
        self.f.nodes[n].aux = Aux::Var(array);
    }

    fn left(&mut self, block: &mut Block, n: Node) {
        if let Some(left) = self.f.nodes[n].left.expand() {
            self.f.nodes[n].left = self.expr(block, left, None).into();
        }
    }

    fn right(&mut self, block: &mut Block, n: Node) {
        if let Some(right) = self.f.nodes[n].right.expand() {
            self.f.nodes[n].right = self.expr(block, right, None).into();
        }
    }

    fn exprs(&mut self, block: &mut Block, list: Nodes) {
        for i in 0..list.len(&self.f.pool) {
            let n = self.expr(block, self.f.nth(list, i), None);
            self.f.set_nth(list, i, n);
        }
    }

    /// Orders an expression. `lhs` is the left side if `n` is the right side of an assignment: a call needn't be copied
    /// if that is a name.
    fn expr(&mut self, block: &mut Block, mut n: Node, lhs: Option<Node>) -> Node {
        if self.f.may_be_shared(n) {
            return n;
        }
        let line = self.set_line(n);
        self.init(block, n);
        match self.f.nodes[n].op {
            Op::AndAnd | Op::OrOr => n = self.short_circuit(block, n),
            Op::InlCall => {
                self.stmts(block, self.f.nodes[n].body);
                n = self.f.nth(self.f.nodes[n].rlist, 0);
            }
            Op::CallFunc => {
                self.call(block, n);
                if lhs.is_none_or(|lhs| self.f.nodes[lhs].op != Op::Name) {
                    n = self.copy_expr(block, n);
                }
            }
            Op::Min | Op::Max => {
                self.exprs(block, self.f.nodes[n].list);
                if lhs.is_none_or(|lhs| self.f.nodes[lhs].op != Op::Name) {
                    n = self.copy_expr(block, n);
                }
            }
            Op::ConvIface => {
                self.left(block, n);
                let left = self.f.nodes[n].left.expect("a conversion has an operand");
                let node = self.f.nodes[left];
                if node.op == Op::Literal || node.ty.size() == 1 {
                    self.f.nodes[n].left = self.addressable(block, left).into();
                }
            }
            Op::SliceLit if lhs.is_none() => self.slice_literal(block, n),
            Op::SliceLit => self.exprs(block, self.f.nodes[n].list),
            _ => {
                self.left(block, n);
                self.right(block, n);
            }
        }
        self.line = line;
        n
    }

    /// Turns `x && y` into `r = x; if r { r = y }`. For `x || y` the second assignment is in the other
    /// branch.
    fn short_circuit(&mut self, block: &mut Block, n: Node) -> Node {
        let node = self.f.nodes[n];
        let (x, y) = (node.left.expect("binary"), node.right.expect("binary"));
        let r = self.new_temp(block, node.ty);
        let x = self.expr(block, x, None);
        self.assign(block, r, x);
        let outer = std::mem::take(&mut block.out);
        let mark = block.temps.len();
        let y = self.expr(block, y, None);
        self.assign(block, r, y);
        self.clean_temps(block, mark);
        let arm = std::mem::replace(&mut block.out, outer);
        let arm = self.f.list(&arm);
        let cond = self.f.unary(self.line, Op::If, Type::VOID, r);
        match node.op {
            Op::AndAnd => self.f.nodes[cond].body = arm,
            _ => self.f.nodes[cond].rlist = arm,
        }
        block.out.push(cond);
        r
    }
}
