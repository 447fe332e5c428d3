//! Conversion where bodies pass through unified IR: variables are declared when they are read, each result of a call
//! gets a temporary, and decided branches and statements that can't be reached are omitted (gc: noder/writer.go and
//! noder/reader.go).

use minigo_base::Pos;
use minigo_syntax::ast::{BranchKind, Clause, DeclKind, Expr, ExprKind, List, Stmt, StmtKind};
use minigo_syntax::token::Operator;
use minigo_types::constant::Value;
use minigo_types::info::{self, Builtin, ObjectKind};
use minigo_types::ty;

use super::Noder;
use crate::ir::{Class, Node, Op, Signature, Type};

impl Noder<'_> {
    /// Returns the position of an expression.
    pub(super) fn pos(&self, expr: Expr) -> Pos {
        match self.ast[expr].kind {
            ExprKind::Call { lparen, .. } if self.unified => lparen,
            _ => self.ast[expr].pos,
        }
    }

    /// Declares parameters and results. Those without a name are numbered.
    pub(super) fn declare_params(&mut self, data: &info::FuncData, layout: &mut Signature) {
        let DeclKind::Func { typ, .. } = self.ast[data.decl].kind else {
            minigo_base::internal!("noder: a function's declaration");
        };
        let ExprKind::FuncType { params, .. } = self.ast[typ].kind else {
            minigo_base::internal!("noder: a function's type");
        };
        for (i, (slot, &field)) in layout.params.iter_mut().zip(&self.ast[params]).enumerate() {
            if slot.var.is_none() {
                let pos = self.ast[field].pos;
                let var = self.f.var(pos, &format!("~p{i}"), slot.ty, Class::Param);
                slot.var = var.into();
            }
        }
        for (i, slot) in layout.results.iter().enumerate() {
            let var = slot.var.expect("results have variables");
            let named =
                |object: &info::Object| matches!(self.types[*object].name, info::Name::Source(_));
            if !named(&data.results[i]) {
                self.f.vars[var].name = format!("~r{i}").into();
            }
        }
        let slots = layout.params.iter().chain(&layout.results);
        self.f
            .dcl
            .extend(slots.filter_map(|slot| slot.var.expand()));
    }

    /// Converts the left side of an assignment. Returns whether it declares a variable.
    fn assignee(&mut self, expr: Expr) -> (Node, bool) {
        let declares = self.types[expr].declares
            || self.types[expr].object.expand().is_some_and(|object| {
                matches!(
                    self.types[object].kind,
                    ObjectKind::Var(info::VarKind::Local)
                ) && !self.vars.contains_key(&object)
            });
        if declares {
            let object = self.types[expr]
                .object
                .expect("a declaration has an object");
            self.declare(object);
        }
        (self.expr(expr), declares)
    }

    /// Converts `lhs = rhs` or `lhs := rhs`. The declarations of new names are in its init list.
    pub(super) fn unified_assign(&mut self, pos: Pos, lhs: List<Expr>, rhs: List<Expr>) -> Node {
        let ast = self.ast;
        let (mut left, mut decls) = (Vec::new(), Vec::new());
        for &name in &ast[lhs] {
            let (node, declares) = self.assignee(name);
            left.push(node);
            if declares {
                decls.push(self.f.unary(ast[name].pos, Op::Dcl, Type::VOID, node));
            }
        }
        let right = self.values(pos, rhs);
        let n = match (&left[..], &right[..]) {
            (&[left], &[right]) => self.f.binary(pos, Op::As, Type::VOID, left, right),
            (left, right) => {
                let n = self.f.node(pos, Op::As2, Type::VOID, crate::ir::Aux::None);
                self.f.nodes[n].list = self.f.list(left);
                self.f.nodes[n].rlist = self.f.list(right);
                n
            }
        };
        self.f.nodes[n].init = self.f.list(&decls);
        self.f.nodes[n].defines = !decls.is_empty();
        n
    }

    /// Converts a declaration of variables.
    pub(super) fn unified_var(
        &mut self,
        pos: Pos,
        names: List<Expr>,
        values: List<Expr>,
        nodes: &mut Vec<Node>,
    ) {
        let ast = self.ast;
        if !ast[values].is_empty() {
            nodes.push(self.unified_assign(pos, names, values));
            return;
        }
        for &name in &ast[names] {
            let (left, declares) = self.assignee(name);
            if !declares {
                continue;
            }
            let n = self.f.unary(pos, Op::As, Type::VOID, left);
            let decl = self.f.unary(pos, Op::Dcl, Type::VOID, left);
            self.f.nodes[n].init = self.f.list(&[decl]);
            nodes.push(n);
        }
    }

    /// Converts a list of values. A call with several results becomes a list of temporaries, the first of which has the
    /// assignment in its init list.
    fn values(&mut self, pos: Pos, list: List<Expr>) -> Vec<Node> {
        let ast = self.ast;
        if let [value] = ast[list] {
            let call = self.types.unwrap(ast, value);
            let inner = self.expr(value);
            return match self.types.types.kind(self.types[call].ty) {
                ty::Kind::Tuple => self.results(pos, call, inner),
                _ => vec![inner],
            };
        }
        self.exprs(list)
    }

    /// Assigns the results of `call`, converted to `inner`, to new temporaries.
    pub(super) fn results(&mut self, pos: Pos, call: Expr, inner: Node) -> Vec<Node> {
        let results = &self.types.types[self.types[call].ty].params;
        let (mut temps, mut decls) = (Vec::new(), Vec::new());
        for &ty in results {
            let ty = self.ty(ty);
            let temp = self.f.temp(pos, ty);
            decls.push(self.f.unary(pos, Op::Dcl, Type::VOID, temp));
            temps.push(temp);
        }
        let assignment = self.as2func(pos, &temps, inner);
        self.f.nodes[assignment].init = self.f.list(&decls);
        temps[0] = self.f.add_init(temps[0], &[assignment], pos);
        temps
    }

    /// Returns the statements of a list that are converted: those after a statement that doesn't end are omitted, unless
    /// a label follows.
    pub(super) fn live(&self, list: &[Stmt]) -> Vec<Stmt> {
        if !self.unified {
            return list.to_vec();
        }
        let is_label = |stmt: &Stmt| matches!(self.ast[*stmt].kind, StmtKind::Labeled { .. });
        let last_label = list.iter().rposition(is_label);
        let mut live = Vec::with_capacity(list.len());
        let mut dead = false;
        for (i, &stmt) in list.iter().enumerate() {
            if dead && last_label.is_none_or(|label| i > label) {
                continue;
            }
            live.push(stmt);
            dead = self.terminates(stmt);
        }
        live
    }

    /// Reports whether control evidently doesn't reach the end of a statement (gc: noder/writer.go, terminates).
    fn terminates(&self, stmt: Stmt) -> bool {
        let ast = self.ast;
        match ast[stmt].kind {
            StmtKind::Return(_) => true,
            StmtKind::Branch { kind, .. } => kind == BranchKind::Goto,
            StmtKind::Block { list, .. } => self.ends(list),
            StmtKind::Expr(x) => {
                let ExprKind::Call { fun, .. } = ast[self.types.unwrap(ast, x)].kind else {
                    return false;
                };
                let fun = self.types.unwrap(ast, fun);
                self.types[fun].object.expand().is_some_and(|object| {
                    self.types[object].kind == ObjectKind::Builtin(Builtin::Panic)
                })
            }
            StmtKind::If {
                cond, then, els, ..
            } => {
                let els = els.expand();
                let cond = cond.expand().expect("an if has a condition");
                match self.decided(cond) {
                    Some(true) => self.terminates(then),
                    Some(false) => els.is_some_and(|els| self.terminates(els)),
                    None => self.terminates(then) && els.is_some_and(|els| self.terminates(els)),
                }
            }
            _ => false,
        }
    }

    /// Reports whether the last statement of a list terminates.
    fn ends(&self, list: List<Stmt>) -> bool {
        let last = self.ast[list].iter();
        let mut last = last.rev();
        last.find(|&&stmt| !matches!(self.ast[stmt].kind, StmtKind::Empty))
            .is_some_and(|&stmt| self.terminates(stmt))
    }

    /// Returns the value of a condition that constants decide (gc: noder/writer.go, staticBool).
    fn decided(&self, expr: Expr) -> Option<bool> {
        self.simplified(expr).1
    }

    /// Returns what is left of a condition, and its value if constants decide it.
    fn simplified(&self, expr: Expr) -> (Simplified, Option<bool>) {
        let value = self.types.value(self.types.unwrap(self.ast, expr));
        if let Some(Value::Bool(value)) = value {
            return (Simplified::Expr(expr), Some(*value));
        }
        match self.ast[expr].kind {
            // gc doesn't negate the value.
            ExprKind::Unary {
                op: Operator::Not,
                x,
            } => {
                let (rest, value) = self.simplified(x);
                (Simplified::Not(expr, Box::new(rest)), value)
            }
            ExprKind::Binary {
                op: op @ (Operator::AndAnd | Operator::OrOr),
                x,
                y,
            } => {
                let neutral = op == Operator::AndAnd;
                let (a, x) = self.simplified(x);
                if x == Some(!neutral) {
                    return (a, x);
                }
                let (b, y) = self.simplified(y);
                if x == Some(neutral) && self.is_constant(&a) {
                    return (b, y);
                }
                let decides = x == Some(neutral) || y == Some(!neutral);
                let value = y.filter(|_| decides);
                (Simplified::Both(expr, Box::new(a), Box::new(b)), value)
            }
            _ => (Simplified::Expr(expr), None),
        }
    }

    fn is_constant(&self, cond: &Simplified) -> bool {
        let Simplified::Expr(expr) = *cond else {
            return false;
        };
        let expr = self.types.unwrap(self.ast, expr);
        self.types.value(expr).is_some()
    }

    /// Converts what is left of a condition.
    fn condition(&mut self, cond: Simplified) -> Node {
        let op = |noder: &Self, expr: Expr| match noder.ast[expr].kind {
            ExprKind::Binary {
                op: Operator::OrOr, ..
            } => Op::OrOr,
            ExprKind::Binary { .. } => Op::AndAnd,
            _ => Op::Not,
        };
        match cond {
            Simplified::Expr(expr) => self.expr(expr),
            Simplified::Not(expr, x) => {
                let ty = self.ty(self.types[expr].ty);
                let x = self.condition(*x);
                self.f.unary(self.pos(expr), Op::Not, ty, x)
            }
            Simplified::Both(expr, x, y) => {
                let ty = self.ty(self.types[expr].ty);
                let x = self.condition(*x);
                let y = self.condition(*y);
                let op = op(self, expr);
                self.f.binary(self.pos(expr), op, ty, x, y)
            }
        }
    }

    /// Converts an `if`. One whose condition is decided becomes a block.
    pub(super) fn unified_if(&mut self, stmt: Stmt) -> Option<Node> {
        let StmtKind::If {
            init,
            cond,
            then,
            els,
        } = self.ast[stmt].kind
        else {
            minigo_base::internal!("noder: an if");
        };
        let pos = self.ast[stmt].pos;
        let mut nodes = Vec::new();
        if let Some(init) = init.expand() {
            self.append(&mut nodes, init);
        }
        let (cond, decided) = self.simplified(cond.expand().expect("an if has a condition"));
        let cond = self.condition(cond);
        let (mut body, mut other) = (Vec::new(), Vec::new());
        if decided != Some(false) {
            self.append(&mut body, then);
        }
        if decided != Some(true)
            && let Some(els) = els.expand()
        {
            self.append(&mut other, els);
        }
        if decided.is_some() {
            if self.f.nodes[cond].op != Op::Literal {
                let blank = self.f.blank();
                nodes.push(self.f.binary(pos, Op::As, Type::VOID, blank, cond));
            }
            nodes.extend(body);
            nodes.extend(other);
            let block = self
                .f
                .node(Pos::NONE, Op::Block, Type::VOID, crate::ir::Aux::None);
            self.f.nodes[block].list = self.f.list(&nodes);
            return Some(block);
        }
        let n = self.f.unary(pos, Op::If, Type::VOID, cond);
        self.f.nodes[n].init = self.f.list(&nodes);
        self.f.nodes[n].body = self.f.list(&body);
        self.f.nodes[n].rlist = self.f.list(&other);
        Some(n)
    }

    /// Converts a `for`. Only the init statement is left of one that never runs.
    pub(super) fn unified_for(&mut self, stmt: Stmt) -> Option<Node> {
        let StmtKind::For {
            init,
            cond,
            post,
            body,
        } = self.ast[stmt].kind
        else {
            minigo_base::internal!("noder: a for");
        };
        if let Some(clause) = init.expand()
            && let StmtKind::Range { lhs, x, .. } = self.ast[clause].kind
        {
            return Some(self.range(self.ast[clause].pos, lhs, x, body));
        }
        let pos = self.ast[stmt].pos;
        let init = init.expand().and_then(|init| self.stmt(init));
        let cond = cond.expand().map(|cond| self.simplified(cond));
        let never = matches!(cond, Some((_, Some(false))));
        let cond = cond.map(|(cond, _)| self.condition(cond));
        if never && cond.is_some_and(|cond| self.f.nodes[cond].op == Op::Literal) {
            return init;
        }
        let n = self.f.node(pos, Op::For, Type::VOID, crate::ir::Aux::None);
        self.f.nodes[n].init = self.f.list(init.as_slice());
        self.f.nodes[n].left = cond.into();
        if !never {
            let post = post.expand().and_then(|post| self.stmt(post));
            self.f.nodes[n].right = post.into();
            let mut nodes = Vec::new();
            self.append(&mut nodes, body);
            self.f.nodes[n].body = self.f.list(&nodes);
        }
        Some(n)
    }

    /// Converts `for lhs = range x` or `for lhs := range x`.
    fn range(&mut self, pos: Pos, lhs: List<Expr>, x: Expr, body: Stmt) -> Node {
        let ast = self.ast;
        let n = self
            .f
            .node(pos, Op::Range, Type::VOID, crate::ir::Aux::None);
        if let [name] = ast[lhs] {
            let (key, declares) = self.assignee(name);
            self.f.nodes[n].list = self.f.list(&[key]);
            if declares {
                let decl = self.f.unary(ast[name].pos, Op::Dcl, Type::VOID, key);
                self.f.nodes[n].init = self.f.list(&[decl]);
            }
        }
        self.f.nodes[n].left = self.expr(x).into();
        let mut nodes = Vec::new();
        self.append(&mut nodes, body);
        self.f.nodes[n].body = self.f.list(&nodes);
        n
    }

    /// Converts the tag and clauses of a switch. If constants decide it, only the chosen clause is left.
    pub(super) fn unified_clauses(&mut self, n: Node, tag: Option<Expr>, body: List<Clause>) {
        let ast = self.ast;
        match self.chosen(tag, &ast[body]) {
            Some(chosen) => {
                let clause = chosen.map(|clause| {
                    let case = self.clause(clause);
                    self.f.nodes[case].list = crate::ir::Nodes::new();
                    case
                });
                self.f.nodes[n].list = self.f.list(clause.as_slice());
            }
            None => {
                if let Some(tag) = tag {
                    self.f.nodes[n].left = self.expr(tag).into();
                }
                let cases: Vec<Node> = ast[body].iter().map(|&c| self.clause(c)).collect();
                self.f.nodes[n].list = self.f.list(&cases);
            }
        }
    }

    /// Returns the clause that a switch always runs, if constants decide that: perhaps none of them.
    fn chosen(&self, tag: Option<Expr>, clauses: &[Clause]) -> Option<Option<Clause>> {
        let yes = Value::Bool(true);
        let tag = match tag {
            Some(tag) => self.types.value(self.types.unwrap(self.ast, tag))?,
            None => &yes,
        };
        let mut chosen = None;
        'clauses: for &clause in clauses {
            let cases = self.ast[clause].cases;
            if self.ast[cases].is_empty() {
                chosen = Some(clause);
            }
            for &case in &self.ast[cases] {
                let value = self.types.value(self.types.unwrap(self.ast, case))?;
                if equal(tag, value) {
                    chosen = Some(clause);
                    break 'clauses;
                }
            }
        }
        if let Some(clause) = chosen {
            let last = self.ast[self.ast[clause].body].last();
            let falls = |&stmt: &Stmt| {
                matches!(
                    self.ast[stmt].kind,
                    StmtKind::Branch {
                        kind: BranchKind::Fallthrough,
                        ..
                    }
                )
            };
            if last.is_some_and(falls) {
                return None;
            }
        }
        Some(chosen)
    }
}

/// A condition without its decided parts.
enum Simplified {
    /// The expression as it is.
    Expr(Expr),
    /// The negation of another condition.
    Not(Expr, Box<Simplified>),
    /// `&&` or `||`.
    Both(Expr, Box<Simplified>, Box<Simplified>),
}

/// Reports whether two constants are equal.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a.value == b.value,
        _ => false,
    }
}
