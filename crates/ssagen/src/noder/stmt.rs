//! Conversion of statements.

use minigo_base::Pos;
use minigo_syntax::ast::{BranchKind, Clause, Decl, DeclKind, Expr, List, Stmt, StmtKind};

use super::Noder;
use super::expr::binary_op;
use crate::ir::{Aux, Label, Node, Op, Type};

impl Noder<'_> {
    /// Converts a list of statements. Nested blocks are spliced.
    pub(super) fn stmts(&mut self, list: List<Stmt>) -> Vec<Node> {
        let ast = self.ast;
        let mut nodes = Vec::with_capacity(ast[list].len());
        for stmt in self.live(&ast[list]) {
            self.append(&mut nodes, stmt);
        }
        nodes
    }

    pub(super) fn append(&mut self, nodes: &mut Vec<Node>, stmt: Stmt) {
        if let Some(n) = self.stmt(stmt) {
            self.splice(nodes, n);
        }
    }

    /// Appends `n`, or its statements if it is a block.
    fn splice(&mut self, nodes: &mut Vec<Node>, n: Node) {
        match self.f.nodes[n] {
            node if node.op == Op::Block && node.init.is_empty() => {
                nodes.extend_from_slice(self.f.slice(&node.list));
            }
            _ => nodes.push(n),
        }
    }

    fn node(&mut self, stmt: Stmt, op: Op) -> Node {
        self.f.node(self.ast[stmt].pos, op, Type::VOID, Aux::None)
    }

    /// Converts a statement. Returns none for the empty statement.
    pub(super) fn stmt(&mut self, stmt: Stmt) -> Option<Node> {
        let ast = self.ast;
        let pos = ast[stmt].pos;
        Some(match ast[stmt].kind {
            StmtKind::Empty => return None,
            StmtKind::Labeled { label, stmt: inner } => self.labeled(pos, label, inner),
            StmtKind::Block { list, .. } => {
                let nodes = self.stmts(list);
                if nodes.is_empty() && self.unified {
                    return None;
                }
                if nodes.is_empty() {
                    let line = ast[list].last().map_or(pos, |&last| ast[last].pos);
                    self.f.node(line, Op::Empty, Type::VOID, Aux::None)
                } else {
                    self.f.block(&nodes, pos)
                }
            }
            StmtKind::Expr(x) => self.expr(x),
            StmtKind::Decl(decls) => {
                let mut nodes = Vec::new();
                for &decl in &ast[decls] {
                    self.decl(decl, &mut nodes);
                }
                self.f.block(&nodes, pos)
            }
            StmtKind::Define { lhs, rhs } if self.unified => self.unified_assign(pos, lhs, rhs),
            StmtKind::Assign { lhs, rhs } if self.unified => self.unified_assign(pos, lhs, rhs),
            StmtKind::Assign { lhs, rhs } => self.assign(pos, lhs, rhs),
            StmtKind::Define { lhs, rhs } => self.define(pos, lhs, rhs),
            StmtKind::AssignOp { op, lhs, rhs } => {
                let left = self.expr(lhs);
                let right = self.expr(rhs);
                let aux = Aux::SubOp(binary_op(op), false);
                self.as_op(pos, left, right, aux)
            }
            StmtKind::IncDec { op, x } => {
                let left = self.expr(x);
                // The literal 1 has the position of the last expression, not one of its own.
                let name = match self.unified {
                    true => pos,
                    false => ast[ast.unparen(x)].pos,
                };
                let ty = self.f.nodes[left].ty;
                let one = self.f.node(name, Op::Literal, ty, Aux::Int(1));
                let aux = Aux::SubOp(binary_op(op), true);
                self.as_op(pos, left, one, aux)
            }
            StmtKind::Branch { kind, label } => {
                let op = match kind {
                    BranchKind::Break => Op::Break,
                    BranchKind::Continue => Op::Continue,
                    BranchKind::Fallthrough => Op::Fall,
                    BranchKind::Goto => Op::Goto,
                };
                let n = self.node(stmt, op);
                if let Some(label) = label.expand() {
                    self.f.nodes[n].aux = Aux::Label(self.label(label));
                }
                n
            }
            StmtKind::Return(results) => {
                let n = self.node(stmt, Op::Return);
                self.args(n, results);
                n
            }
            StmtKind::If { .. } if self.unified => return self.unified_if(stmt),
            StmtKind::For { .. } if self.unified => return self.unified_for(stmt),
            StmtKind::If { .. } => self.if_stmt(stmt),
            StmtKind::For { .. } => self.for_stmt(stmt),
            StmtKind::Switch {
                init, tag, body, ..
            } => {
                let n = self.node(stmt, Op::Switch);
                self.init(n, init.expand());
                if let Some(tag) = tag.expand()
                    && !self.unified
                {
                    self.f.nodes[n].left = self.expr(tag).into();
                }
                if self.unified {
                    self.unified_clauses(n, tag.expand(), body);
                    return Some(n);
                }
                let cases: Vec<Node> = ast[body].iter().map(|&c| self.clause(c)).collect();
                self.f.nodes[n].list = self.f.list(&cases);
                n
            }
            StmtKind::Send { .. }
            | StmtKind::Call { .. }
            | StmtKind::Range { .. }
            | StmtKind::Select { .. } => {
                minigo_base::internal!("noder: statement {:?}", ast[stmt].kind)
            }
        })
    }

    fn if_stmt(&mut self, stmt: Stmt) -> Node {
        let StmtKind::If {
            init,
            cond,
            then,
            els,
        } = self.ast[stmt].kind
        else {
            minigo_base::internal!("noder: an if");
        };
        let n = self.node(stmt, Op::If);
        self.init(n, init.expand());
        let cond = cond.expand().expect("an if has a condition");
        self.f.nodes[n].left = self.expr(cond).into();
        self.f.nodes[n].body = self.block(then);
        if let Some(els) = els.expand().and_then(|els| self.stmt(els)) {
            let mut nodes = Vec::new();
            self.splice(&mut nodes, els);
            self.f.nodes[n].rlist = self.f.list(&nodes);
        }
        n
    }

    fn for_stmt(&mut self, stmt: Stmt) -> Node {
        let StmtKind::For {
            init,
            cond,
            post,
            body,
        } = self.ast[stmt].kind
        else {
            minigo_base::internal!("noder: a for");
        };
        let n = self.node(stmt, Op::For);
        self.init(n, init.expand());
        if let Some(cond) = cond.expand() {
            self.f.nodes[n].left = self.expr(cond).into();
        }
        if let Some(post) = post.expand().and_then(|post| self.stmt(post)) {
            self.f.nodes[n].right = post.into();
        }
        self.f.nodes[n].body = self.block(body);
        n
    }

    /// Converts `lhs := rhs`. The declarations of new names are in its init list.
    fn define(&mut self, pos: Pos, lhs: List<Expr>, rhs: List<Expr>) -> Node {
        let n = self.assign(pos, lhs, rhs);
        let mut decls = Vec::new();
        let ast = self.ast;
        for &name in &ast[lhs] {
            if self.types[name].declares {
                let left = self.expr(name);
                decls.push(self.f.unary(ast[name].pos, Op::Dcl, Type::VOID, left));
            }
        }
        self.f.nodes[n].init = self.f.list(&decls);
        self.f.nodes[n].defines = true;
        n
    }

    fn init(&mut self, n: Node, init: Option<Stmt>) {
        if let Some(init) = init.and_then(|init| self.stmt(init)) {
            self.f.nodes[n].init = self.f.list(&[init]);
        }
    }

    fn block(&mut self, block: Stmt) -> crate::ir::Nodes {
        let StmtKind::Block { list, .. } = self.ast[block].kind else {
            minigo_base::internal!("noder: a body is a block");
        };
        let nodes = self.stmts(list);
        self.f.list(&nodes)
    }

    fn as_op(&mut self, pos: Pos, left: Node, right: Node, aux: Aux) -> Node {
        let ty = self.f.nodes[left].ty;
        let n = self.f.binary(pos, Op::AsOp, ty, left, right);
        self.f.nodes[n].aux = aux;
        n
    }

    /// Converts `lhs = rhs`: single, parallel, or with the results of a call.
    fn assign(&mut self, pos: Pos, lhs: List<Expr>, rhs: List<Expr>) -> Node {
        let right = self.exprs(rhs);
        let left = self.exprs(lhs);
        match (&left[..], &right[..]) {
            (&[left], &[right]) => self.f.binary(pos, Op::As, Type::VOID, left, right),
            (left, &[call]) => self.as2func(pos, left, call),
            (left, right) => {
                let n = self.f.node(pos, Op::As2, Type::VOID, Aux::None);
                self.f.nodes[n].list = self.f.list(left);
                self.f.nodes[n].rlist = self.f.list(right);
                n
            }
        }
    }

    /// Converts a label and its statement. A loop or switch directly after the label records it.
    fn labeled(&mut self, pos: Pos, name: Expr, inner: Stmt) -> Node {
        let inner = self.stmt(inner);
        let mut nodes = Vec::new();
        if self.ast.name(name) == Some(minigo_syntax::sym::Sym::BLANK) {
            nodes.push(self.f.node(pos, Op::Empty, Type::VOID, Aux::None));
        } else {
            let aux = Aux::Label(self.label(name));
            nodes.push(self.f.node(pos, Op::Label, Type::VOID, aux));
            if let Some(inner) = inner
                && matches!(self.f.nodes[inner].op, Op::For | Op::Range | Op::Switch)
            {
                self.f.nodes[inner].aux = aux;
            }
        }
        if let Some(inner) = inner {
            self.splice(&mut nodes, inner);
        }
        self.f.block(&nodes, pos)
    }

    fn label(&mut self, name: Expr) -> Label {
        let sym = self.ast.name(name).expect("labels are names");
        let (f, ast) = (&mut self.f, self.ast);
        *self.labels.entry(sym).or_insert_with(|| {
            f.labels.push(crate::ir::LabelData {
                name: ast.text(sym).into(),
            })
        })
    }

    pub(super) fn clause(&mut self, clause: Clause) -> Node {
        let data = self.ast[clause];
        let n = self.f.node(data.pos, Op::Case, Type::VOID, Aux::None);
        let values = self.exprs(data.cases);
        self.f.nodes[n].list = self.f.list(&values);
        let body = self.stmts(data.body);
        self.f.nodes[n].body = self.f.list(&body);
        n
    }

    /// Converts a declaration inside a function.
    fn decl(&mut self, decl: Decl, nodes: &mut Vec<Node>) {
        let ast = self.ast;
        let pos = ast[decl].pos;
        match ast[decl].kind {
            DeclKind::Const { .. } | DeclKind::Type { .. } if self.unified => {}
            DeclKind::Const { names, .. } => {
                for _ in &ast[names] {
                    let blank = self.f.blank();
                    nodes.push(self.f.unary(pos, Op::DclConst, Type::VOID, blank));
                }
            }
            DeclKind::Type { .. } => {
                let blank = self.f.blank();
                nodes.push(self.f.unary(pos, Op::DclType, Type::VOID, blank));
            }
            DeclKind::Var { names, values, .. } if self.unified => {
                self.unified_var(pos, names, values, nodes);
            }
            DeclKind::Var { names, values, .. } => self.var_decl(pos, names, values, nodes),
            DeclKind::Import { .. } | DeclKind::Func { .. } => {
                minigo_base::internal!("noder: declaration in a function")
            }
        }
    }

    /// Declares each variable and assigns its value or zero. The variables of one call are all declared first (gc:
    /// dcl.go, variter).
    fn var_decl(&mut self, pos: Pos, names: List<Expr>, values: List<Expr>, nodes: &mut Vec<Node>) {
        let right = self.exprs(values);
        let left = self.exprs(names);
        let mut decls = Vec::new();
        for &left in &left {
            decls.push(self.f.unary(pos, Op::Dcl, Type::VOID, left));
        }
        if let [call] = right[..]
            && left.len() > 1
        {
            nodes.extend(decls);
            nodes.push(self.as2func(pos, &left, call));
            return;
        }
        for (i, (&left, decl)) in left.iter().zip(decls).enumerate() {
            nodes.push(decl);
            let n = self.f.unary(pos, Op::As, Type::VOID, left);
            self.f.nodes[n].right = right.get(i).copied().into();
            nodes.push(n);
        }
    }
}
