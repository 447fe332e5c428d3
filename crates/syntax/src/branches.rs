//! Checks labels and branch statements of a function body: misplaced `break` and `continue`, labels that are undefined,
//! unused or declared twice, and `goto` over a variable declaration or into a block (gc: syntax/branches.go).
//!
//! The checker walks the statements of a body once. Function literals are checked separately. A `goto` to a label that
//! has not been declared yet is pending under the label's name. Pending gotos are numbered in source order, so those of
//! a block and its ended inner blocks are exactly the numbers from the block's first one on; a label declared in the
//! block resolves these and no others. Each statement takes constant time.

use minigo_base::PosTable;
use minigo_base::pos::{COL_MAX, LINE_MAX};
use rustc_hash::FxHashMap;

use crate::ast::{Ast, BranchKind, Clause, Decl, DeclKind, Expr, ExprKind, List, Stmt, StmtKind};
use crate::handler::{Handler, Place};
use crate::print;
use crate::profile::Profile;
use crate::sym::Sym;

/// A node whose position a message can name.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Expr(Expr),
    Stmt(Stmt),
    Clause(Clause),
    Decl(Decl),
}

impl From<Expr> for Node {
    fn from(expr: Expr) -> Node {
        Node::Expr(expr)
    }
}

impl From<Stmt> for Node {
    fn from(stmt: Stmt) -> Node {
        Node::Stmt(stmt)
    }
}

impl From<Clause> for Node {
    fn from(clause: Clause) -> Node {
        Node::Clause(clause)
    }
}

impl From<Decl> for Node {
    fn from(decl: Decl) -> Node {
        Node::Decl(decl)
    }
}

/// Positions of nodes that don't fit in a [`Pos`], which holds no column past 254; messages do.
#[derive(Default)]
pub(crate) struct WidePlaces(FxHashMap<Node, Place>);

impl WidePlaces {
    /// Records the place of `node` if it doesn't fit in a [`Pos`].
    pub(crate) fn note(&mut self, node: Node, place: Place) {
        if place.col >= COL_MAX || place.line > LINE_MAX {
            self.0.insert(node, place);
        }
    }

    /// Returns the position of `node` as in messages: `file:line:col`, followed by the physical position in brackets if
    /// a line directive changed it (gc: syntax/pos.go, String).
    fn text(&self, ast: &Ast, table: &PosTable, node: Node) -> String {
        let pos = match node {
            Node::Expr(expr) => ast[expr].pos,
            Node::Stmt(stmt) => ast[stmt].pos,
            Node::Clause(clause) => ast[clause].pos,
            Node::Decl(decl) => ast[decl].pos,
        };
        let (line, col) = (pos.line(), pos.col());
        let Place { line, col } = *self.0.get(&node).unwrap_or(&Place { line, col });
        let base = table.base(pos.base());
        let start = base.pos;
        let file = &table.base(start.base()).filename;
        let rel_line = base.line.wrapping_add(line.wrapping_sub(start.line()));
        let rel_col = match base.col {
            0 => 0,
            n if line == start.line() => n.wrapping_add(col.wrapping_sub(start.col())),
            _ => col,
        };
        let here = format!("{file}:{line}:{col}");
        let there = match rel_col {
            0 => format!("{}:{rel_line}", base.filename),
            col => format!("{}:{rel_line}:{col}", base.filename),
        };
        match here == there {
            true => here,
            false => format!("{there}[{here}]"),
        }
    }
}

/// Reports errors in the labels and branches of `body`.
pub(crate) fn check(
    ast: &Ast,
    handler: &mut Handler,
    wide: &WidePlaces,
    profile: &Profile,
    body: Stmt,
) {
    let mut checker = Checker {
        ast,
        handler,
        wide,
        labels: FxHashMap::default(),
        declared: Vec::new(),
        blocks: Vec::new(),
        n_blocks: 0,
        gotos: Vec::new(),
        fallthroughs: profile.checks_fallthrough,
        short: profile.short_texts,
    };
    checker.block(body.into(), None, block_list(ast, body), Targets::default());
    checker.finish();
}

fn block_list(ast: &Ast, block: Stmt) -> List<Stmt> {
    match ast[block].kind {
        StmtKind::Block { list, .. } => list,
        _ => unreachable!("a body is a block"),
    }
}

struct Checker<'a, 'h> {
    ast: &'a Ast,
    handler: &'a mut Handler<'h>,
    wide: &'a WidePlaces,
    labels: FxHashMap<Sym, Label>,
    /// Names of declared labels in source order.
    declared: Vec<Sym>,
    /// The blocks around the current statement, outermost first.
    blocks: Vec<Block>,
    n_blocks: u32,
    /// Forward gotos in source order, including resolved ones.
    gotos: Vec<Goto>,
    /// Whether to check `fallthrough`.
    fallthroughs: bool,
    /// Whether messages leave out the contents of composite literals and functions.
    short: bool,
}

/// The declaration and uses of one label name.
#[derive(Default)]
struct Label {
    decl: Option<LabelDecl>,
    used: bool,
    /// Indices of unresolved forward gotos, in source order.
    pending: Vec<usize>,
}

struct LabelDecl {
    /// The label's name.
    label: Expr,
    /// The labeled statement, and the statement inside it.
    labeled: Stmt,
    stmt: Stmt,
    /// Number, depth and start of the block with the declaration.
    block: u32,
    depth: usize,
    start: Node,
    /// Number of blocks of the labeled statement that are open.
    n_open: u32,
}

struct Block {
    number: u32,
    start: Node,
    first_goto: usize,
    /// The last variable declaration in the block, and the number of gotos before it.
    var: Option<(Var, usize)>,
}

#[derive(Clone, Copy)]
enum Var {
    Decl(Decl),
    Define(Stmt),
}

struct Goto {
    /// The label's name.
    label: Expr,
    resolved: bool,
}

/// Whether unlabeled `break` and `continue` are allowed, and why `fallthrough` isn't.
#[derive(Clone, Copy, Default)]
struct Targets {
    breaks: bool,
    continues: bool,
    fallthrough: Fallthrough,
}

/// The place of a `fallthrough`.
#[derive(Clone, Copy, Default)]
enum Fallthrough {
    /// Not in a clause itself.
    #[default]
    Misplaced,
    /// In a clause of an expression switch, and whether it is the last one.
    InClause(bool),
    /// In a type switch, or nested in one.
    InTypeSwitch,
}

impl Targets {
    /// Returns the targets in a nested block.
    fn nested(self) -> Targets {
        let fallthrough = match self.fallthrough {
            Fallthrough::InTypeSwitch => Fallthrough::InTypeSwitch,
            _ => Fallthrough::Misplaced,
        };
        Targets {
            fallthrough,
            ..self
        }
    }
}

impl Checker<'_, '_> {
    /// Checks the block `list`, which starts at `start` and belongs to the labeled statement `labeled`.
    fn block(&mut self, start: Node, labeled: Option<Stmt>, list: List<Stmt>, targets: Targets) {
        self.open_block(start, labeled);
        let ast = self.ast;
        let is_empty = |stmt: &Stmt| matches!(ast[*stmt].kind, StmtKind::Empty);
        let last = ast[list].iter().rfind(|stmt| !is_empty(stmt));
        for &stmt in &ast[list] {
            let in_place = Some(&stmt) == last || !self.fallthroughs;
            self.stmt(stmt, if in_place { targets } else { targets.nested() });
        }
        self.close_block(labeled);
    }

    fn open_block(&mut self, start: Node, labeled: Option<Stmt>) {
        self.n_blocks += 1;
        self.blocks.push(Block {
            number: self.n_blocks,
            start,
            first_goto: self.gotos.len(),
            var: None,
        });
        if let Some(decl) = self.decl_of(labeled) {
            decl.n_open += 1;
        }
    }

    fn close_block(&mut self, labeled: Option<Stmt>) {
        self.blocks.pop();
        if let Some(decl) = self.decl_of(labeled) {
            decl.n_open -= 1;
        }
    }

    /// Returns the declaration made by `labeled`; none if an earlier statement has declared the name.
    fn decl_of(&mut self, labeled: Option<Stmt>) -> Option<&mut LabelDecl> {
        let labeled = labeled?;
        let StmtKind::Labeled { label, .. } = self.ast[labeled].kind else {
            return None;
        };
        let decl = self.labels.get_mut(&self.ast.name(label)?)?.decl.as_mut();
        decl.filter(|decl| decl.labeled == labeled)
    }

    fn stmt(&mut self, mut stmt: Stmt, targets: Targets) {
        let mut labeled = None;
        while let StmtKind::Labeled { label, stmt: inner } = self.ast[stmt].kind {
            if self.name(label) != Sym::BLANK {
                self.declare(label, stmt, inner);
                labeled = Some(stmt);
            }
            stmt = inner;
        }
        let in_loop = Targets {
            breaks: true,
            continues: true,
            fallthrough: Fallthrough::Misplaced,
        };
        match self.ast[stmt].kind {
            StmtKind::Decl(decls) => {
                let is_var = |&&decl: &&Decl| matches!(self.ast[decl].kind, DeclKind::Var { .. });
                if let Some(&decl) = self.ast[decls].iter().find(is_var) {
                    self.record_var(Var::Decl(decl));
                }
            }
            StmtKind::Define { .. } => self.record_var(Var::Define(stmt)),
            StmtKind::Branch { kind, label } => match label.expand() {
                Some(label) => self.labeled_branch(kind, label),
                None => self.branch(stmt, kind, targets),
            },
            StmtKind::Block { list, .. } => {
                self.block(stmt.into(), labeled, list, targets.nested());
            }
            StmtKind::If { .. } => self.if_chain(stmt, labeled, targets.nested()),
            StmtKind::For { body, .. } => {
                self.block(body.into(), labeled, block_list(self.ast, body), in_loop);
            }
            StmtKind::Switch { body, tag, .. } => {
                let is_guard =
                    |tag: Expr| matches!(self.ast[tag].kind, ExprKind::TypeSwitchGuard { .. });
                let on_type = tag.expand().is_some_and(is_guard);
                for (index, &clause) in self.ast[body].iter().enumerate() {
                    let fallthrough = match on_type {
                        true => Fallthrough::InTypeSwitch,
                        false => Fallthrough::InClause(index + 1 == body.len()),
                    };
                    self.clause(clause, labeled, targets, fallthrough);
                }
            }
            StmtKind::Select { body, .. } => {
                for &clause in &self.ast[body] {
                    self.clause(clause, labeled, targets, Fallthrough::Misplaced);
                }
            }
            _ => {}
        }
    }

    fn clause(
        &mut self,
        clause: Clause,
        labeled: Option<Stmt>,
        targets: Targets,
        fallthrough: Fallthrough,
    ) {
        let targets = Targets {
            breaks: true,
            fallthrough,
            ..targets
        };
        self.block(clause.into(), labeled, self.ast[clause].body, targets);
    }

    /// Checks `if … else if … else …`. A chain is as deep as it is long, since each `else` is a block with one
    /// statement, so this is a loop and not a recursion.
    fn if_chain(&mut self, first: Stmt, mut labeled: Option<Stmt>, targets: Targets) {
        let mut n_elses = Vec::new();
        let mut stmt = first;
        loop {
            match self.ast[stmt].kind {
                StmtKind::If { then, els, .. } => {
                    self.block(then.into(), labeled, block_list(self.ast, then), targets);
                    let Some(els) = els.expand() else { break };
                    self.open_block(els.into(), labeled);
                    n_elses.push(labeled);
                    // The nested `if` has no label of its own.
                    labeled = None;
                    stmt = els;
                }
                StmtKind::Block { list, .. } => {
                    self.block(stmt.into(), labeled, list, targets);
                    break;
                }
                _ => unreachable!("an else is an if or a block"),
            }
        }
        for labeled in n_elses.into_iter().rev() {
            self.close_block(labeled);
        }
    }

    fn record_var(&mut self, var: Var) {
        let n_gotos = self.gotos.len();
        self.block_mut().var = Some((var, n_gotos));
    }

    /// Returns the innermost block.
    fn block_mut(&mut self) -> &mut Block {
        self.blocks.last_mut().expect("statements are in a block")
    }

    /// Declares the label of the statement `labeled`, which labels `stmt`, in the innermost block, and resolves the
    /// block's pending gotos to it.
    fn declare(&mut self, label: Expr, labeled: Stmt, stmt: Stmt) {
        let name = self.name(label);
        let depth = self.blocks.len() - 1;
        let &mut Block {
            number,
            start,
            first_goto,
            var,
        } = self.block_mut();
        let entry = self.labels.entry(name).or_default();
        // Older gotos are in enclosing blocks, where their label may still follow.
        let is_older = |&goto: &usize| goto < first_goto;
        let resolved = entry
            .pending
            .split_off(entry.pending.partition_point(is_older));
        entry.used |= !resolved.is_empty();
        if let Some(first) = &entry.decl {
            let first = self
                .wide
                .text(self.ast, self.handler.table, first.label.into());
            let text = self.ast.text(name);
            self.error(label, &format!("label {text} already defined at {first}"));
        } else {
            self.declared.push(name);
            entry.decl = Some(LabelDecl {
                label,
                labeled,
                stmt,
                block: number,
                depth,
                start,
                n_open: 0,
            });
        }
        for goto in resolved {
            self.gotos[goto].resolved = true;
            if let Some((var, n_before)) = var
                && goto < n_before
            {
                self.jumps_over(goto, var);
            }
        }
    }

    fn jumps_over(&mut self, goto: usize, var: Var) {
        let (names, node) = match var {
            Var::Decl(decl) => match self.ast[decl].kind {
                DeclKind::Var { names, .. } => {
                    (print::line(self.ast, self.ast[names][0]), decl.into())
                }
                _ => unreachable!("a variable's declaration"),
            },
            Var::Define(stmt) => match self.ast[stmt].kind {
                StmtKind::Define { lhs, .. } => {
                    (print::list_line(self.ast, lhs, self.short), stmt.into())
                }
                _ => unreachable!("a variable's definition"),
            },
        };
        let place = self.wide.text(self.ast, self.handler.table, node);
        let label = self.gotos[goto].label;
        let name = self.ast.text(self.name(label));
        let message = format!("goto {name} jumps over declaration of {names} at {place}");
        self.error(label, &message);
    }

    fn branch(&mut self, stmt: Stmt, kind: BranchKind, targets: Targets) {
        let message = match kind {
            BranchKind::Break if !targets.breaks => "break is not in a loop, switch, or select",
            BranchKind::Continue if !targets.continues => "continue is not in a loop",
            BranchKind::Fallthrough if self.fallthroughs => match targets.fallthrough {
                Fallthrough::Misplaced => "fallthrough statement out of place",
                Fallthrough::InTypeSwitch => "cannot fallthrough in type switch",
                Fallthrough::InClause(true) => "cannot fallthrough final case in switch",
                Fallthrough::InClause(false) => return,
            },
            _ => return,
        };
        self.handler.soft_error(self.ast[stmt].pos, message);
    }

    fn labeled_branch(&mut self, kind: BranchKind, label: Expr) {
        if kind == BranchKind::Goto {
            return self.goto(label);
        }
        let name = self.name(label);
        let text = self.ast.text(name);
        let keyword = kind.text();
        let decl = self.labels.get_mut(&name).and_then(|entry| {
            entry.used = true; // even if it is not a valid target
            entry.decl.as_ref()
        });
        let Some(decl) = decl else {
            let message = format!("{keyword} label not defined: {text}");
            return self.error(label, &message);
        };
        let is_target = match self.ast[decl.stmt].kind {
            StmtKind::For { .. } => true,
            StmtKind::Switch { .. } | StmtKind::Select { .. } => kind == BranchKind::Break,
            _ => false,
        };
        if !is_target || decl.n_open == 0 {
            self.error(label, &format!("invalid {keyword} label {text}"));
        }
    }

    fn goto(&mut self, label: Expr) {
        let entry = self.labels.entry(self.name(label)).or_default();
        if let Some(decl) = &entry.decl {
            entry.used = true; // even if it is not a valid target
            let block = self.blocks.get(decl.depth);
            if block.is_some_and(|block| block.number == decl.block) {
                return;
            }
        }
        entry.pending.push(self.gotos.len());
        self.gotos.push(Goto {
            label,
            resolved: false,
        });
    }

    /// Reports unresolved gotos and unused labels once the whole body has been walked.
    fn finish(&mut self) {
        for goto in std::mem::take(&mut self.gotos) {
            if goto.resolved {
                continue;
            }
            let name = self.name(goto.label);
            let text = self.ast.text(name);
            let entry = self.labels.entry(name).or_default();
            entry.used = true;
            let message = match &entry.decl {
                Some(decl) => {
                    let start = self.wide.text(self.ast, self.handler.table, decl.start);
                    format!("goto {text} jumps into block starting at {start}")
                }
                None => format!("label {text} not defined"),
            };
            self.error(goto.label, &message);
        }
        for name in std::mem::take(&mut self.declared) {
            let entry = &self.labels[&name];
            if let (false, Some(decl)) = (entry.used, &entry.decl) {
                let text = self.ast.text(name);
                self.error(decl.label, &format!("label {text} defined and not used"));
            }
        }
    }

    fn name(&self, label: Expr) -> Sym {
        self.ast.name(label).expect("a label is a name")
    }

    fn error(&mut self, label: Expr, message: &str) {
        self.handler.soft_error(self.ast[label].pos, message);
    }
}
