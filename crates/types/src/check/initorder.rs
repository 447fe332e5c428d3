//! The initialisation order of package-level variables (gc: initorder.go).
//!
//! An assignment waits for the variables that its value refers to, directly or through functions. The next assignment
//! is the earliest declared one that waits for nothing. If none is ready, the remaining ones form a cycle.
//!
//! References in dead code don't count, because gc removes dead code first (gc: typecheck.go, deadcode).

use std::collections::BTreeSet;

use cranelift_entity::SecondaryMap;
use minigo_base::Pos;
use minigo_syntax::ast::{Expr, ExprKind, List, Stmt, StmtKind};
use minigo_syntax::token::Operator;
use rustc_hash::FxHashSet;

use super::{Checker, Definition};
use crate::info::{Builtin, Func, Init, Object, ObjectKind, VarKind};

/// Package-level functions and initialised variables that something refers to, without duplicates.
type References = Vec<Object>;

/// References by function, computed on demand.
#[derive(Default)]
struct Graph {
    funcs: SecondaryMap<Func, Option<References>>,
}

/// A statement of a list with blocks and labels flattened.
enum Flat {
    Label,
    Stmt(Stmt),
}

impl Checker<'_> {
    /// Computes the execution order of the assignments, or reports a cycle.
    pub(super) fn order_inits(&mut self) {
        let mut graph = Graph::default();
        let mut waiting: SecondaryMap<Init, u32> = SecondaryMap::new();
        let mut blocks: SecondaryMap<Init, Vec<Init>> = SecondaryMap::new();
        let mut done: SecondaryMap<Init, bool> = SecondaryMap::new();
        let mut ready: BTreeSet<(Pos, Init)> = BTreeSet::new();
        for init in self.package.inits.keys() {
            for object in self.all_references(init, &mut graph) {
                if let Some(needed) = self.init_of(object)
                    && !done[needed]
                {
                    waiting[init] += 1;
                    blocks[needed].push(init);
                }
            }
            if waiting[init] == 0 {
                ready.insert((self.init_pos(init), init));
            }
            while let Some((_, next)) = ready.pop_first() {
                self.package.init_order.push(next);
                done[next] = true;
                for blocked in std::mem::take(&mut blocks[next]) {
                    waiting[blocked] -= 1;
                    if waiting[blocked] == 0 {
                        ready.insert((self.init_pos(blocked), blocked));
                    }
                }
            }
        }
        let stuck = self.package.inits.keys().find(|&init| !done[init]);
        if let Some(stuck) = stuck {
            let first = self.package.inits[stuck].lhs[0];
            if let Some(object) = self.info(first).object.expand() {
                let mut search = Search {
                    path: Vec::new(),
                    finished: FxHashSet::default(),
                    done: &done,
                    graph: &mut graph,
                };
                if let Some(cycle) = self.find_loop(object, &mut search) {
                    self.report_init_loop(&cycle);
                }
            }
        }
    }

    /// Returns the position of the first variable that an assignment declares.
    fn init_pos(&self, init: Init) -> Pos {
        self.ast[self.package.inits[init].lhs[0]].pos
    }

    /// Returns the assignment that initialises a package-level variable.
    fn init_of(&self, object: Object) -> Option<Init> {
        match self.definitions[object] {
            Definition::Var { init, .. } => init,
            _ => None,
        }
    }

    /// Returns the variables that an assignment refers to, directly or through functions.
    fn all_references(&self, init: Init, graph: &mut Graph) -> References {
        let mut found = References::new();
        let mut seen: FxHashSet<Object> = FxHashSet::default();
        let mut work = Vec::new();
        self.references_of_expr(self.package.inits[init].rhs, &mut work);
        while let Some(object) = work.pop() {
            if !seen.insert(object) {
                continue;
            }
            match self.package[object].kind {
                ObjectKind::Func(func) => {
                    work.extend_from_slice(self.func_references(func, graph));
                }
                _ => found.push(object),
            }
        }
        found
    }

    /// Returns the direct references of a function, without duplicates.
    fn func_references<'g>(&self, func: Func, graph: &'g mut Graph) -> &'g References {
        graph.funcs[func].get_or_insert_with(|| {
            let mut found = References::new();
            if let Some(body) = self.package[func].body
                && let StmtKind::Block { list, .. } = self.ast[body].kind
            {
                self.references_of_list(list, &mut found);
            }
            let mut seen = FxHashSet::default();
            found.retain(|&object| seen.insert(object));
            found
        })
    }

    fn find_loop(&self, object: Object, search: &mut Search<'_>) -> Option<Vec<Object>> {
        if let Some(start) = search.path.iter().position(|&step| step == object) {
            return self.rotate_loop(&search.path[start..]);
        }
        if search.finished.contains(&object) {
            return None;
        }
        let mut references = match self.package[object].kind {
            ObjectKind::Func(func) => self.func_references(func, search.graph).clone(),
            _ => {
                let mut found = References::new();
                if let Some(init) = self.init_of(object) {
                    self.references_of_expr(self.package.inits[init].rhs, &mut found);
                }
                found
            }
        };
        references.sort_by_key(|&object| self.package[object].pos);
        references.dedup();
        search.path.push(object);
        for reference in references {
            if self
                .init_of(reference)
                .is_some_and(|init| search.done[init])
            {
                continue;
            }
            let found = self.find_loop(reference, search);
            if found.is_some() {
                return found;
            }
        }
        search.path.pop();
        search.finished.insert(object);
        None
    }

    /// Rotates a cycle to start at its earliest variable. Returns none for functions that only call one another.
    fn rotate_loop(&self, cycle: &[Object]) -> Option<Vec<Object>> {
        let is_variable = |index: &usize| {
            matches!(
                self.package[cycle[*index]].kind,
                ObjectKind::Var(VarKind::Global | VarKind::Blank)
            )
        };
        let first = (0..cycle.len())
            .filter(is_variable)
            .min_by_key(|&index| self.package[cycle[index]].pos)?;
        let (before, after) = cycle.split_at(first);
        Some([after, before].concat())
    }

    fn report_init_loop(&mut self, cycle: &[Object]) {
        let mut message = String::from("initialization loop:");
        for (index, &object) in cycle.iter().chain(&cycle[..1]).enumerate() {
            let place = self.format_pos(self.package[object].pos);
            let name = self.package.name(self.ast, object);
            message.push_str(&format!("\n\t{place}: {name}"));
            if index < cycle.len() {
                message.push_str(" refers to");
            }
        }
        self.error_at(self.package[cycle[0]].pos, message);
    }

    fn references_of_expr(&self, expr: Expr, found: &mut References) {
        let mut work = vec![expr];
        while let Some(expr) = work.pop() {
            let expr = self.unwrap(expr);
            if self.info(expr).value.is_some() {
                continue;
            }
            match self.ast[expr].kind {
                ExprKind::Name(_) => {
                    let object = self.info(expr).object.expand();
                    found.extend(object.filter(|&object| self.is_reference(object)));
                }
                ExprKind::Unary { x, .. } => work.push(x),
                ExprKind::Binary { x, y, .. } => work.extend([x, y]),
                ExprKind::Call { fun, args, .. } => {
                    work.push(fun);
                    work.extend_from_slice(&self.ast[args]);
                }
                _ => {}
            }
        }
    }

    fn is_reference(&self, object: Object) -> bool {
        match self.package[object].kind {
            ObjectKind::Func(_) => true,
            ObjectKind::Var(_) => self.init_of(object).is_some(),
            _ => false,
        }
    }

    fn references_of_list(&self, list: List<Stmt>, found: &mut References) {
        let mut flat = Vec::new();
        self.flatten(list, &mut flat);
        let last_label = flat.iter().rposition(|entry| matches!(entry, Flat::Label));
        for (index, entry) in flat.iter().enumerate() {
            let Flat::Stmt(stmt) = *entry else { continue };
            let ends = self.references_of_stmt(stmt, found);
            if ends && last_label.is_none_or(|label| index > label) {
                break;
            }
        }
    }

    fn flatten(&self, list: List<Stmt>, flat: &mut Vec<Flat>) {
        for &stmt in &self.ast[list] {
            self.flatten_stmt(stmt, flat);
        }
    }

    fn flatten_stmt(&self, stmt: Stmt, flat: &mut Vec<Flat>) {
        match self.ast[stmt].kind {
            StmtKind::Empty => {}
            StmtKind::Block { list, .. } => self.flatten(list, flat),
            StmtKind::Labeled { stmt, .. } => {
                flat.push(Flat::Label);
                self.flatten_stmt(stmt, flat);
            }
            _ => flat.push(Flat::Stmt(stmt)),
        }
    }

    /// Collects the references in a statement. Returns true for an `if` with a constant condition whose live branch
    /// returns or panics.
    fn references_of_stmt(&self, stmt: Stmt, found: &mut References) -> bool {
        let exprs = |list: List<Expr>, found: &mut References| {
            for &expr in &self.ast[list] {
                self.references_of_expr(expr, found);
            }
        };
        match self.ast[stmt].kind {
            StmtKind::Expr(expr) => self.references_of_expr(expr, found),
            StmtKind::Assign { lhs, rhs } | StmtKind::Define { lhs, rhs } => {
                exprs(lhs, found);
                exprs(rhs, found);
            }
            StmtKind::AssignOp { lhs, rhs, .. } => {
                self.references_of_expr(lhs, found);
                self.references_of_expr(rhs, found);
            }
            StmtKind::IncDec { x, .. } => self.references_of_expr(x, found),
            StmtKind::Return(results) => exprs(results, found),
            StmtKind::Decl(decls) => {
                for &decl in &self.ast[decls] {
                    if let minigo_syntax::ast::DeclKind::Var { values, .. } = self.ast[decl].kind {
                        exprs(values, found);
                    }
                }
            }
            StmtKind::If {
                init,
                cond,
                then,
                els,
            } => {
                init.expand()
                    .inspect(|&init| _ = self.references_of_stmt(init, found));
                return self.references_of_if(cond.expand(), then, els.expand(), found);
            }
            StmtKind::For {
                init,
                cond,
                post,
                body,
            } => {
                for part in [init, post].into_iter().filter_map(|part| part.expand()) {
                    self.references_of_stmt(part, found);
                }
                cond.expand()
                    .inspect(|&cond| self.references_of_expr(cond, found));
                self.references_of_branch(body, found);
            }
            StmtKind::Switch {
                init, tag, body, ..
            } => {
                init.expand()
                    .inspect(|&init| _ = self.references_of_stmt(init, found));
                tag.expand()
                    .inspect(|&tag| self.references_of_expr(tag, found));
                for &clause in &self.ast[body] {
                    exprs(self.ast[clause].cases, found);
                    self.references_of_list(self.ast[clause].body, found);
                }
            }
            _ => {}
        }
        false
    }

    fn references_of_if(
        &self,
        cond: Option<Expr>,
        then: Stmt,
        els: Option<Stmt>,
        found: &mut References,
    ) -> bool {
        let cond = cond.map(|cond| self.simplified(cond));
        match cond.and_then(|cond| self.package.value(cond)?.as_bool()) {
            Some(holds) => {
                let live = if holds { Some(then) } else { els };
                live.inspect(|&live| self.references_of_branch(live, found));
                live.is_some_and(|live| self.ends_in_exit(live))
            }
            None => {
                cond.inspect(|&cond| self.references_of_expr(cond, found));
                self.references_of_branch(then, found);
                els.inspect(|&els| self.references_of_branch(els, found));
                false
            }
        }
    }

    fn references_of_branch(&self, stmt: Stmt, found: &mut References) {
        match self.ast[stmt].kind {
            StmtKind::Block { list, .. } => self.references_of_list(list, found),
            _ => _ = self.references_of_stmt(stmt, found),
        }
    }

    /// Returns a condition without operands that a constant on their left makes irrelevant.
    fn simplified(&self, cond: Expr) -> Expr {
        let cond = self.unwrap(cond);
        let ExprKind::Binary {
            op: op @ (Operator::AndAnd | Operator::OrOr),
            x,
            y,
        } = self.ast[cond].kind
        else {
            return cond;
        };
        let left = self.simplified(x);
        match self.package.value(left).and_then(|value| value.as_bool()) {
            Some(value) if value == (op == Operator::AndAnd) => self.simplified(y),
            Some(_) => left,
            None => cond,
        }
    }

    /// Reports whether a branch ends in `return` or `panic`.
    fn ends_in_exit(&self, branch: Stmt) -> bool {
        let mut flat = Vec::new();
        self.flatten_stmt(branch, &mut flat);
        let Some(Flat::Stmt(last)) = flat.last() else {
            return false;
        };
        match self.ast[*last].kind {
            StmtKind::Return(_) => true,
            StmtKind::Expr(expr) => {
                let ExprKind::Call { fun, .. } = self.ast[self.unwrap(expr)].kind else {
                    return false;
                };
                let object = self.object_of(self.unwrap(fun));
                object.is_some_and(|object| {
                    self.package[object].kind == ObjectKind::Builtin(Builtin::Panic)
                })
            }
            _ => false,
        }
    }
}

/// State of the search for a cycle.
struct Search<'a> {
    /// Path from the waiting assignment to the current object.
    path: Vec<Object>,
    /// Objects from which no cycle is reachable.
    finished: FxHashSet<Object>,
    done: &'a SecondaryMap<Init, bool>,
    graph: &'a mut Graph,
}
