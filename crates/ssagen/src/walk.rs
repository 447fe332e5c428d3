//! Reduces an ordered function to the forms that SSA construction accepts (listed in `ir`).
//!
//! Assignment operations become assignments. Parallel assignments become sequences, with temporaries for values that
//! would be overwritten too early. Arguments that may call or panic are computed into temporaries before the first
//! argument slot is written. `print` becomes runtime calls, and a switch becomes comparisons and jumps (`swt`).
//! Temporaries are numbered in creation order, so the walk visits nodes in gc's order and makes even those temporaries
//! that no code uses (gc: walk.go, subr.go).
//!
//! New nodes get the current line. A statement sets it and leaves it set; an expression restores it.

mod iface;

use minigo_base::Pos;

use crate::fold::fold;
use crate::front::Front;
use crate::ir::{
    Aux, Func, FuncId, Kind, Node, NodeData, Nodes, Op, Runtime, Signature, Static, Type,
};
use crate::pgen::Options;

/// Walks the body of `f`. `signature` returns the signatures of called functions. Tables are appended to `statics`.
///
/// Requires what `order` ensures. Ensures the forms that `ir` lists, and that `f.enter` zeroes the results.
pub fn walk<'a>(
    f: &mut Func,
    signature: &dyn Fn(FuncId) -> &'a Signature,
    statics: &mut Vec<Static>,
    options: Options,
) {
    let mut walk = Walk {
        f,
        line: Pos::NONE,
        signature,
        statics,
        front: options.front,
        optimize: options.optimize,
    };
    walk.stmts(walk.f.body);
    zero_results(f);
}

/// Makes `enter` zero all results, at the function's position (gc: zeroResults).
fn zero_results(f: &mut Func) {
    let mut enter = Vec::new();
    for i in 0..f.signature.results.len() {
        let result = f.signature.results[i].var.expect("results have variables");
        let name = f.vars[result].node;
        enter.push(f.unary(f.pos, Op::As, Type::VOID, name));
    }
    f.enter = f.list(&enter);
}

/// State of the pass for one function.
pub(crate) struct Walk<'f, 'a> {
    pub(crate) f: &'f mut Func,
    /// The current line, for new nodes.
    pub(crate) line: Pos,
    signature: &'f dyn Fn(FuncId) -> &'a Signature,
    pub(crate) statics: &'f mut Vec<Static>,
    pub(crate) front: &'static Front,
    /// Whether code is optimized.
    pub(crate) optimize: bool,
}

impl Walk<'_, '_> {
    /// Makes the position of `n` the current line, if it has one of its own. Returns the previous line.
    pub(crate) fn set_line(&mut self, n: Node) -> Pos {
        let old = self.line;
        if self.f.has_unique_pos(n) {
            self.line = self.f.nodes[n].pos;
        }
        old
    }

    /// Creates a node without operands at the current line.
    pub(crate) fn node(&mut self, op: Op, aux: Aux) -> Node {
        self.f.node(self.line, op, Type::VOID, aux)
    }

    fn assign(&mut self, left: Node, right: Node) -> Node {
        let n = self.f.binary(self.line, Op::As, Type::VOID, left, right);
        self.update_has_call(n);
        n
    }

    /// Walks each statement of a list in place.
    pub(crate) fn stmts(&mut self, list: Nodes) {
        for i in 0..list.len(&self.f.pool) {
            let n = self.stmt(self.f.nth(list, i));
            self.f.set_nth(list, i, n);
        }
    }

    fn stmt(&mut self, n: Node) -> Node {
        self.set_line(n);
        self.stmts(self.f.nodes[n].init);
        match self.f.nodes[n].op {
            Op::As
            | Op::AsOp
            | Op::As2
            | Op::As2Func
            | Op::CallFunc
            | Op::Print
            | Op::Printn
            | Op::Panic
            | Op::Empty => {
                let mut init = self.take_init(n);
                let n = self.expr(n, &mut init);
                if self.front.init_in_front
                    && !init.is_empty()
                    && !matches!(self.f.nodes[n].op, Op::As | Op::As2 | Op::Block)
                {
                    init.push(n);
                    let pos = self.f.nodes[n].pos;
                    let block = self.f.block(&init, pos);
                    self.f.nodes[block].pos = pos;
                    return block;
                }
                return self.f.add_init(n, &init, self.line);
            }
            Op::Block => self.stmts(self.f.nodes[n].list),
            Op::Range => self.range(n),
            Op::For => {
                if let Some(cond) = self.f.nodes[n].left.expand() {
                    self.stmts(self.f.nodes[cond].init);
                    let mut init = self.take_init(cond);
                    let cond = self.expr(cond, &mut init);
                    let cond = self.f.add_init(cond, &init, self.line);
                    self.f.nodes[n].left = cond.into();
                }
                if let Some(post) = self.f.nodes[n].right.expand() {
                    self.f.nodes[n].right = self.stmt(post).into();
                }
                self.stmts(self.f.nodes[n].body);
            }
            Op::If => {
                let cond = self.f.nodes[n].left.expect("If has a condition");
                let mut init = self.take_init(n);
                self.f.nodes[n].left = self.expr(cond, &mut init).into();
                self.f.nodes[n].init = self.f.list(&init);
                self.stmts(self.f.nodes[n].body);
                self.stmts(self.f.nodes[n].rlist);
            }
            Op::Return => self.return_stmt(n),
            Op::Switch => self.switch(n),
            Op::Break
            | Op::Continue
            | Op::Fall
            | Op::Goto
            | Op::JumpTable
            | Op::Label
            | Op::Dcl
            | Op::DclConst
            | Op::DclType
            | Op::VarKill
            | Op::InlMark => {}
            op => minigo_base::internal!("walk: statement {op:?}"),
        }
        n
    }

    /// Turns a loop over an integer into one that counts in a temporary, and walks it (gc: range.go, walkRange).
    fn range(&mut self, n: Node) {
        let NodeData {
            pos,
            left,
            list,
            init,
            body,
            ..
        } = self.f.nodes[n];
        let x = left.expect("Range has an operand");
        let line = self.set_line(x);
        let ty = self.f.nodes[x].ty;
        let index = self.f.temp(self.line, ty);
        let len = self.f.temp(self.line, ty);
        let zero = self.f.unary(self.line, Op::As, Type::VOID, index);
        let limit = self.assign(len, x);
        let mut init = self.f.slice(&init).to_vec();
        init.extend([zero, limit]);
        let cond = self.f.binary(self.line, Op::Lt, Type::BOOL, index, len);
        let one = self.f.node(self.line, Op::Literal, ty, Aux::Int(1));
        let next = self.f.binary(self.line, Op::Add, ty, index, one);
        let post = self.assign(index, next);
        let key = self.f.slice(&list).first().copied();
        let key = key.filter(|&key| !self.f.is_blank(key));
        let set_key = key.map(|key| self.f.binary(pos, Op::As, Type::VOID, key, index));
        let body = self.f.prepend(body, set_key.as_slice());
        let init = self.f.list(&init);
        let node = &mut self.f.nodes[n];
        node.op = Op::For;
        node.list = Nodes::new();
        node.init = init;
        node.left = cond.into();
        node.right = post.into();
        node.body = body;
        self.stmt(n);
        self.line = line;
    }

    fn take_init(&mut self, n: Node) -> Vec<Node> {
        let init = std::mem::take(&mut self.f.nodes[n].init);
        self.f.slice(&init).to_vec()
    }

    /// Walks the init list of `n` and moves it to the end of `init`.
    fn move_init(&mut self, n: Node, init: &mut Vec<Node>) {
        if !self.f.nodes[n].init.is_empty() {
            self.stmts(self.f.nodes[n].init);
            init.append(&mut self.take_init(n));
        }
    }

    /// Walks a return. Several named results are assigned in parallel, since the values may use them; otherwise each
    /// value is assigned to its result in order.
    fn return_stmt(&mut self, n: Node) {
        let list = self.f.nodes[n].list;
        let len = list.len(&self.f.pool);
        if len == 0 {
            return;
        }
        let results: Vec<Node> = (0..len)
            .map(|i| {
                let var = self.f.signature.results[i].var;
                self.f.vars[var.expect("results have variables")].node
            })
            .collect();
        let mut init = self.take_init(n);
        let assignments = if !self.front.saves_all_values {
            let values = self.f.slice(&list).to_vec();
            self.sequence(true, &results, &values)
        } else if self.f.signature.named_results && len > 1 {
            self.safe_exprs(list, &mut init);
            let assignments = self.parallel(true, &results, list, &mut init);
            self.reorder(assignments)
        } else {
            for i in 0..len {
                let value = self.expr(self.f.nth(list, i), &mut init);
                self.f.set_nth(list, i, value);
            }
            (0..len)
                .map(|i| self.assign(results[i], self.f.nth(list, i)))
                .collect()
        };
        self.f.nodes[n].init = self.f.list(&init);
        self.f.nodes[n].list = self.f.list(&assignments);
    }

    /// Walks an expression or a simple statement. Statements that must run first are appended to `init`.
    pub(crate) fn expr(&mut self, mut n: Node, init: &mut Vec<Node>) -> Node {
        self.move_init(n, init);
        let line = self.set_line(n);
        match self.f.nodes[n].op {
            Op::Name | Op::Empty => {}
            Op::Literal => self.string_symbol(n),
            Op::Plus | Op::Neg | Op::BitNot | Op::Not | Op::Conv => self.left(n, init),
            Op::ConvNop => {
                self.left(n, init);
                let left = self.f.nodes[n].left.expect("a conversion has an operand");
                if self.front.drops_identical_conversions
                    && self.f.nodes[left].ty == self.f.nodes[n].ty
                {
                    self.line = line;
                    return left;
                }
            }
            Op::ConvIface => n = self.convert_to_interface(n, init),
            Op::SliceLit => {
                let slice = self.f.temp(self.line, Type::SLICE);
                self.slice_literal(n, slice, init);
                n = slice;
            }
            Op::Index => {
                self.left(n, init);
                self.right(n, init);
            }
            Op::Deref | Op::SliceArr => self.left(n, init),
            Op::Panic => n = self.panic(n, init),
            Op::Add
            | Op::Sub
            | Op::Mul
            | Op::Div
            | Op::Mod
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::Lsh
            | Op::Rsh
            | Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge => {
                self.left(n, init);
                self.right(n, init);
            }
            Op::AndNot if !self.front.folds_constants => {
                self.left(n, init);
                self.right(n, init);
            }
            Op::AndNot => {
                self.left(n, init);
                let right = self.f.nodes[n].right.expect("binary");
                let ty = self.f.nodes[right].ty;
                let not = self.f.unary(self.line, Op::BitNot, ty, right);
                fold(self.f, not);
                self.f.nodes[n].op = Op::And;
                self.f.nodes[n].right = self.expr(not, init).into();
            }
            Op::Min | Op::Max => {
                let list = self.f.nodes[n].list;
                for i in 0..list.len(&self.f.pool) {
                    let operand = self.expr(self.f.nth(list, i), init);
                    self.f.set_nth(list, i, operand);
                }
            }
            Op::AndAnd | Op::OrOr => {
                self.left(n, init);
                let right = self.f.nodes[n].right.expect("binary");
                let mut late = Vec::new();
                let right = self.expr(right, &mut late);
                let right = self.f.add_init(right, &late, self.line);
                self.f.nodes[n].right = right.into();
            }
            Op::CallFunc => self.call(n, init),
            Op::As | Op::AsOp => self.assignment(n, init),
            Op::As2 if !self.front.saves_all_values => {
                let node = self.f.nodes[n];
                let left = self.f.slice(&node.list).to_vec();
                let right = self.f.slice(&node.rlist).to_vec();
                let assignments = self.sequence(false, &left, &right);
                n = self.f.block(&assignments, self.line);
            }
            Op::As2 => {
                let node = self.f.nodes[n];
                self.safe_exprs(node.list, init);
                self.safe_exprs(node.rlist, init);
                let left = self.f.slice(&node.list).to_vec();
                let assignments = self.parallel(false, &left, node.rlist, init);
                let assignments = self.reorder(assignments);
                n = self.f.block(&assignments, self.line);
            }
            Op::As2Func => n = self.results(n, init),
            Op::Print | Op::Printn => n = self.print(n, init),
            op => minigo_base::internal!("walk: expression {op:?}"),
        }
        self.fold(n);
        self.update_has_call(n);
        self.line = line;
        n
    }

    /// Folds operations on constants, if walk does that.
    pub(crate) fn fold(&mut self, n: Node) {
        if self.front.folds_constants {
            fold(self.f, n);
        }
    }

    /// Records that the string `n` needs a data symbol, if it is a string.
    fn string_symbol(&mut self, n: Node) {
        if let Aux::Str(string) = self.f.nodes[n].aux {
            self.f.string_symbols.push(string);
        }
    }

    fn left(&mut self, n: Node, init: &mut Vec<Node>) {
        let left = self.f.nodes[n].left.expect("node has an operand");
        self.f.nodes[n].left = self.expr(left, init).into();
    }

    fn right(&mut self, n: Node, init: &mut Vec<Node>) {
        let right = self.f.nodes[n].right.expect("node has two operands");
        self.f.nodes[n].right = self.expr(right, init).into();
    }

    /// Walks an assignment. `x op= y` becomes `x = x op y`.
    fn assignment(&mut self, n: Node, init: &mut Vec<Node>) {
        self.left(n, init);
        let left = self.f.nodes[n].left.expect("assignment has a left side");
        if let Aux::SubOp(op, _) = self.f.nodes[n].aux {
            let right = self.f.nodes[n].right.expect("operation has two operands");
            let ty = self.f.nodes[left].ty;
            let right = self.f.binary(self.line, op, ty, left, right);
            self.f.nodes[n].op = Op::As;
            self.f.nodes[n].aux = Aux::None;
            self.f.nodes[n].right = right.into();
        }
        let Some(right) = self.f.nodes[n].right.expand() else {
            return;
        };
        if self.f.nodes[right].op == Op::SliceLit {
            self.slice_literal(right, left, init);
            self.f.nodes[n].op = Op::Empty;
            self.f.nodes[n].right = None.into();
        } else if !is_zero(self.f, right) {
            self.right(n, init);
        }
    }

    /// Walks a call. Arguments that may call or panic are assigned to temporaries in `list`; `rlist` then holds the
    /// arguments to store.
    fn call(&mut self, n: Node, init: &mut Vec<Node>) {
        if !self.f.nodes[n].rlist.is_empty() {
            return;
        }
        self.left(n, init);
        let args = self.f.nodes[n].list;
        for i in 0..args.len(&self.f.pool) {
            let arg = self.expr(self.f.nth(args, i), init);
            self.f.set_nth(args, i, arg);
        }
        let callee = self.f.nodes[n].left.expect("call has a callee");
        let callee = self.f.nodes[callee].aux;
        let mut temps = Vec::new();
        for i in 0..args.len(&self.f.pool) {
            let arg = self.f.nth(args, i);
            self.update_has_call(arg);
            let param = match callee {
                Aux::Func(func) => (self.signature)(func).params[i].ty,
                Aux::Runtime(func) if func.result().is_some() => self.f.nodes[arg].ty,
                Aux::Runtime(func) => func.param().expect("argument has a parameter"),
                _ => minigo_base::internal!("walk: call of {callee:?}"),
            };
            if self.may_call(arg, param) {
                let temp = self.f.temp(self.line, param);
                temps.push(self.assign(temp, arg));
                self.f.set_nth(args, i, temp);
            }
        }
        if self.front.saves_all_values {
            self.f.nodes[n].list = self.f.list(&temps);
        } else {
            self.f.nodes[n].list = Nodes::new();
            init.append(&mut temps);
        }
        self.f.nodes[n].rlist = args;
    }

    /// Reports whether assigning `n` to a variable of type `ty` may call (gc: fncall).
    fn may_call(&self, n: Node, ty: Type) -> bool {
        if !self.front.saves_all_values {
            return self.contains_call(n);
        }
        let node = &self.f.nodes[n];
        node.has_call || !node.ty.is_identical(ty)
    }

    /// Reports whether evaluating `n` may call or panic (gc: mayCall).
    fn contains_call(&self, n: Node) -> bool {
        let node = &self.f.nodes[n];
        let operand = |n: Option<Node>| n.is_some_and(|n| self.contains_call(n));
        match node.op {
            Op::Name | Op::Literal => false,
            Op::CallFunc | Op::Div | Op::Mod | Op::Index | Op::Deref | Op::SliceArr => true,
            Op::Min | Op::Max => {
                let operands = self.f.slice(&node.list);
                operands.iter().any(|&n| self.contains_call(n))
            }
            _ => operand(node.left.expand()) || operand(node.right.expand()),
        }
    }

    /// Walks `a, b = f()`. The call goes to `init`; loads of its results in order remain.
    fn results(&mut self, n: Node, init: &mut Vec<Node>) -> Node {
        let node = self.f.nodes[n];
        self.safe_exprs(node.list, init);
        let call = self.expr(node.right.expect("As2Func has a call"), init);
        init.push(call);
        let callee = self.f.nodes[call].left.expect("call has a callee");
        let Aux::Func(callee) = self.f.nodes[callee].aux else {
            minigo_base::internal!("walk: several results of a runtime call");
        };
        let (mut loads, mut late) = (Vec::new(), Vec::new());
        for i in 0..node.list.len(&self.f.pool) {
            let mut dst = self.f.nth(node.list, i);
            if self.f.is_blank(dst) {
                continue;
            }
            let slot = (self.signature)(callee).results[i];
            if self.may_call(dst, slot.ty) {
                let temp = self.f.temp(self.line, slot.ty);
                late.push(self.assign(dst, temp));
                dst = temp;
            }
            let place = match self.front.saves_all_values {
                true => Aux::Offset(slot.offset),
                false => Aux::ResultIndex(i as u32),
            };
            let result = self.f.node(self.line, Op::Result, slot.ty, place);
            loads.push(self.assign(dst, result));
        }
        loads.append(&mut late);
        self.f.block(&loads, self.line)
    }

    /// Replaces every node that is neither a name nor a literal by a temporary assigned in `init`, and walks it (gc:
    /// walkexprlistsafe).
    fn safe_exprs(&mut self, list: Nodes, init: &mut Vec<Node>) {
        for i in 0..list.len(&self.f.pool) {
            let n = self.safe_expr(self.f.nth(list, i), init);
            let n = self.expr(n, init);
            self.f.set_nth(list, i, n);
        }
    }

    fn safe_expr(&mut self, n: Node, init: &mut Vec<Node>) -> Node {
        self.move_init(n, init);
        self.cheap_expr(n, init)
    }

    fn cheap_expr(&mut self, n: Node, init: &mut Vec<Node>) -> Node {
        match self.f.nodes[n].op {
            Op::Name | Op::Literal => n,
            _ => self.copy_expr(n, init),
        }
    }

    /// Appends `temp = n` to `init` and returns the temporary.
    pub(crate) fn copy_expr(&mut self, n: Node, init: &mut Vec<Node>) -> Node {
        let temp = self.f.temp(self.line, self.f.nodes[n].ty);
        let copy = self.assign(temp, n);
        let copy = self.expr(copy, init);
        init.push(copy);
        temp
    }

    /// Returns the assignments of a parallel assignment. In a return, `x = x` is omitted (gc: ascompatee).
    fn parallel(
        &mut self,
        is_return: bool,
        left: &[Node],
        right: Nodes,
        init: &mut Vec<Node>,
    ) -> Vec<Node> {
        for i in 0..right.len(&self.f.pool) {
            let n = self.safe_expr(self.f.nth(right, i), init);
            self.f.set_nth(right, i, n);
        }
        let mut assignments = Vec::with_capacity(left.len());
        for (i, &dst) in left.iter().enumerate() {
            let value = self.f.nth(right, i);
            if !(is_return && dst == value) {
                assignments.push(self.assign(dst, value));
            }
        }
        assignments
    }

    /// Returns the assignments of a parallel assignment in order, after copies of the values that an earlier one of them
    /// may change. In a return, `x = x` is omitted (gc: ascompatee).
    fn sequence(&mut self, is_return: bool, left: &[Node], right: &[Node]) -> Vec<Node> {
        let (mut early, mut late) = (Vec::new(), Vec::new());
        let mut assigned = Vec::new();
        let mut memory_changes = false;
        for (&dst, &value) in left.iter().zip(right) {
            if is_return && dst == value {
                continue;
            }
            let value = match self.is_affected(value, &assigned, memory_changes) {
                true => self.copy_expr(value, &mut early),
                false => value,
            };
            let n = self.assign(dst, value);
            let n = self.stmt(n);
            late.push(n);
            match self.f.nodes[dst].aux {
                Aux::Var(_) => assigned.push(dst),
                Aux::Blank => {}
                _ => memory_changes = true,
            }
        }
        early.append(&mut late);
        early
    }

    /// Reports whether `n` reads one of the variables `assigned`, or memory if that changes.
    fn is_affected(&self, n: Node, assigned: &[Node], memory_changes: bool) -> bool {
        let node = &self.f.nodes[n];
        let operand =
            |n: Option<Node>| n.is_some_and(|n| self.is_affected(n, assigned, memory_changes));
        let reads_memory = match (node.op, node.aux) {
            (Op::Name, Aux::Global(_) | Aux::External(_)) => true,
            (Op::Name, _) => false,
            (Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Not, _) => true,
            (Op::Index | Op::Deref | Op::SliceArr | Op::CallFunc, _) => true,
            _ => false,
        };
        assigned.contains(&n)
            || memory_changes && reads_memory
            || operand(node.left.expand())
            || operand(node.right.expand())
    }

    /// Makes a parallel assignment sequential. A value that an earlier assignment would overwrite is first saved in a
    /// temporary (gc: reorder3).
    fn reorder(&mut self, assignments: Vec<Node>) -> Vec<Node> {
        let mut early = Vec::new();
        for i in 0..assignments.len() {
            let n = assignments[i];
            let value = self.f.nodes[n].right.expect("assignment has a value");
            if self.is_overwritten(value, &assignments[..i]) {
                let temp = self.f.temp(self.line, self.f.nodes[value].ty);
                let save = self.f.binary(self.line, Op::As, Type::VOID, temp, value);
                early.push(save);
                self.f.nodes[n].right = temp.into();
            }
        }
        early.extend(assignments);
        early
    }

    /// Reports whether assignments may change the value of `n`, a name or literal. Any assignment is assumed to change
    /// a global (gc: aliased).
    fn is_overwritten(&self, n: Node, assignments: &[Node]) -> bool {
        match self.f.nodes[n] {
            NodeData {
                op: Op::Name,
                aux: Aux::Var(_),
                ..
            } => assignments
                .iter()
                .any(|&assignment| self.f.nodes[assignment].left.expand() == Some(n)),
            NodeData { op: Op::Name, .. } => !assignments.is_empty(),
            _ => false,
        }
    }

    /// Sets `has_call` of `n` from its operands (gc: updateHasCall).
    fn update_has_call(&mut self, n: Node) {
        let node = &self.f.nodes[n];
        let operand = |n: Option<Node>| n.is_some_and(|n| self.f.nodes[n].has_call);
        let has_call = !node.init.is_empty()
            || match node.op {
                Op::Name | Op::Literal => false,
                Op::CallFunc | Op::Div | Op::Mod => true,
                // These may panic.
                Op::Index | Op::Deref | Op::SliceArr => true,
                _ => operand(node.left.expand()) || operand(node.right.expand()),
            };
        self.f.nodes[n].has_call = has_call;
    }

    /// Replaces `print` or `println` by runtime calls between `printlock` and `printunlock`. The arguments are computed
    /// before the lock is taken (gc: walkprint).
    fn print(&mut self, n: Node, init: &mut Vec<Node>) -> Node {
        let node = self.f.nodes[n];
        let mut args = Vec::new();
        for i in 0..node.list.len(&self.f.pool) {
            if node.op == Op::Printn && i != 0 {
                args.push(self.string(b" "));
            }
            let arg = self.cheap_expr(self.f.nth(node.list, i), init);
            args.push(self.expr(arg, init));
        }
        if node.op == Op::Printn {
            args.push(self.string(b"\n"));
        }
        let args = self.join_strings(args);
        let mut calls = vec![self.runtime_call(Runtime::Printlock, None, init)];
        let mut prints = Vec::with_capacity(args.len());
        for arg in args {
            let (func, arg) = self.print_arg(arg);
            prints.push(self.new_runtime_call(func, arg));
        }
        let unlock = self.runtime_call(Runtime::Printunlock, None, init);
        for print in prints {
            calls.push(self.expr(print, init));
        }
        calls.push(unlock);
        let empty = self.node(Op::Empty, Aux::None);
        self.f.nodes[empty].init = self.f.list(&calls);
        empty
    }

    fn string(&mut self, text: &[u8]) -> Node {
        let string = self.f.strings.push(text.into());
        self.f
            .node(self.line, Op::Literal, Type::STRING, Aux::Str(string))
    }

    fn string_value(&self, n: Node) -> Option<&[u8]> {
        match self.f.nodes[n] {
            NodeData {
                op: Op::Literal,
                aux: Aux::Str(string),
                ..
            } => Some(&self.f.strings[string]),
            _ => None,
        }
    }

    /// Replaces each run of one or more string constants by a new constant.
    fn join_strings(&mut self, args: Vec<Node>) -> Vec<Node> {
        let mut joined = Vec::with_capacity(args.len());
        let mut text: Option<Vec<u8>> = None;
        for arg in args {
            match self.string_value(arg) {
                Some(part) => text.get_or_insert_default().extend_from_slice(part),
                None => {
                    if let Some(text) = text.take() {
                        joined.push(self.string(&text));
                    }
                    joined.push(arg);
                }
            }
        }
        if let Some(text) = text {
            joined.push(self.string(&text));
        }
        joined
    }

    /// Returns the runtime function that prints `arg`, and the argument to pass.
    fn print_arg(&mut self, arg: Node) -> (Runtime, Option<Node>) {
        let ty = self.f.nodes[arg].ty;
        let func = match (ty.kind, self.string_value(arg)) {
            (Kind::String, Some(b" ")) => Runtime::Printsp,
            (Kind::String, Some(b"\n")) => Runtime::Printnl,
            (Kind::String, _) => Runtime::Printstring,
            (Kind::Bool, _) => Runtime::Printbool,
            _ if ty.is_signed() => Runtime::Printint,
            _ => Runtime::Printuint,
        };
        let arg = func.param().map(|param| {
            if param.is_identical(ty) {
                arg
            } else {
                self.f.convert(self.line, param, arg)
            }
        });
        (func, arg)
    }

    fn new_runtime_call(&mut self, func: Runtime, arg: Option<Node>) -> Node {
        let callee = self
            .f
            .node(Pos::NONE, Op::Name, Type::VOID, Aux::Runtime(func));
        let call = self.f.unary(self.line, Op::CallFunc, Type::VOID, callee);
        if let Some(arg) = arg {
            self.f.nodes[call].list = self.f.list(&[arg]);
        }
        call
    }

    fn runtime_call(&mut self, func: Runtime, arg: Option<Node>, init: &mut Vec<Node>) -> Node {
        let call = self.new_runtime_call(func, arg);
        self.expr(call, init)
    }
}

/// Reports whether `n` is a literal zero value, which can be assigned without a walk (gc: sinit.go, isZero).
fn is_zero(f: &Func, n: Node) -> bool {
    match f.nodes[n] {
        NodeData {
            op: Op::Literal,
            aux,
            ..
        } => match aux {
            Aux::Int(value) => value == 0,
            Aux::Bool(value) => !value,
            Aux::Str(string) => f.strings[string].is_empty(),
            Aux::Nil => true,
            _ => false,
        },
        _ => false,
    }
}
