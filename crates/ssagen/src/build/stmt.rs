//! Building of statements (gc: ssa.go, stmt).

use cranelift_entity::packed_option::PackedOption;
use minigo_base::Pos;
use minigo_ssa::{Aux, Op, Type};
use minigo_ssa::{Block, BlockKind, Likely, Value};

use super::expr::conversion;
use super::{Builder, Slot};
use crate::ir::{self, Node, Nodes};

/// A task left to do. The stack of tasks holds everything after the statement being built.
#[derive(Clone, Copy)]
pub(super) enum Task {
    /// Build a statement.
    Stmt(Node),
    /// Build a statement after its `init`.
    Body(Node),
    PopLine,
    /// End the current block, if there is one, with a jump.
    Jump(Block),
    /// Begin a block.
    Start(Block),
    /// Return from the function.
    Return,
    /// Restore the targets of `break` and `continue` after a loop or switch.
    Leave {
        break_to: PackedOption<Block>,
        continue_to: PackedOption<Block>,
    },
    /// Jump to the condition of a loop after its post statement.
    Repeat(Block),
    /// End a switch after its clauses.
    EndSwitch(Block),
}

/// The blocks that a label denotes.
#[derive(Clone, Copy, Default)]
pub(super) struct LabelBlocks {
    /// Target of `goto`.
    target: PackedOption<Block>,
    /// Target of `break`, while the labeled statement is being built.
    break_to: PackedOption<Block>,
    /// Target of `continue`, while the labeled statement is being built.
    continue_to: PackedOption<Block>,
}

impl Builder<'_> {
    /// Builds a list of statements.
    pub(super) fn stmt_list(&mut self, list: Nodes) {
        let base = self.tasks.len();
        self.push_list(list);
        while self.tasks.len() > base {
            match self.tasks.pop().expect("the stack is above its base") {
                Task::Stmt(n) => self.stmt(n),
                Task::Body(n) => self.stmt_body(n),
                Task::PopLine => self.pop_line(),
                Task::Jump(to) => {
                    self.jump(to);
                }
                Task::Start(b) => self.start_block(b),
                Task::Return => {
                    let b = self.exit();
                    self.f[b].pos = self.last_pos.with_is_stmt();
                }
                Task::Leave {
                    break_to,
                    continue_to,
                } => {
                    self.break_to = break_to;
                    self.continue_to = continue_to;
                }
                Task::Repeat(condition) => self.repeat(condition),
                Task::EndSwitch(end) => {
                    // Walk ends every clause with a jump, so a current block is unreachable.
                    if self.current.is_some() {
                        self.leave(BlockKind::Exit);
                    }
                    self.start_block(end);
                }
            }
        }
    }

    /// Pushes the statements of a list as tasks, the first on top.
    fn push_list(&mut self, list: Nodes) {
        let statements = self.func.slice(&list).iter();
        self.tasks.extend(statements.rev().map(|&n| Task::Stmt(n)));
    }

    fn stmt(&mut self, n: Node) {
        let node = &self.func.nodes[n];
        let reached = self.current.is_some() || node.op == ir::Op::Label;
        // The line is set even by a dead statement.
        if node.op != ir::Op::VarKill {
            self.push_line(node.pos);
            if !reached {
                self.pop_line();
                return;
            }
            self.tasks.push(Task::PopLine);
        } else if !reached {
            return;
        }
        if node.init.is_empty() {
            self.stmt_body(n);
        } else {
            self.tasks.push(Task::Body(n));
            self.push_list(node.init);
        }
    }

    fn stmt_body(&mut self, n: Node) {
        let node = &self.func.nodes[n];
        match node.op {
            ir::Op::As => self.assignment(n),
            ir::Op::Block => self.push_list(node.list),
            ir::Op::Empty | ir::Op::Dcl | ir::Op::DclConst | ir::Op::DclType | ir::Op::Fall => {}
            ir::Op::CallFunc if node.aux == ir::Aux::Tail => {
                self.call(n);
                self.leave(BlockKind::RetJmp);
            }
            ir::Op::CallFunc => {
                self.call(n);
                let callee = node.left.expect("a call has a callee");
                if let ir::Aux::Runtime(fun) = self.func.nodes[callee].aux
                    && fun.ends_block()
                {
                    self.leave(BlockKind::Exit);
                }
            }
            ir::Op::If => self.if_stmt(n),
            ir::Op::For => self.for_stmt(n),
            ir::Op::Switch => self.switch_stmt(n),
            ir::Op::JumpTable => self.jump_table(n),
            ir::Op::Label => self.label(n),
            ir::Op::Goto => {
                let to = self.label_target(n);
                self.branch(to);
            }
            ir::Op::Break => {
                let to = match node.aux {
                    ir::Aux::Label(label) => self.labels[label].break_to,
                    _ => self.break_to,
                };
                self.branch(to.expect("break is inside of its statement"));
            }
            ir::Op::Continue => {
                let to = match node.aux {
                    ir::Aux::Label(label) => self.labels[label].continue_to,
                    _ => self.continue_to,
                };
                self.branch(to.expect("continue is inside of its loop"));
            }
            ir::Op::Return => {
                self.tasks.push(Task::Return);
                self.push_list(node.list);
            }
            ir::Op::InlMark => {
                let ir::Aux::InlIndex(index) = node.aux else {
                    minigo_base::internal!("an inline mark has an index")
                };
                let mem = self.mem();
                let (b, pos) = (self.block(), self.pos());
                let index = i64::from(index);
                self.f
                    .new_value_int(b, pos, Op::InlMark, Type::VOID, index, &[mem]);
            }
            ir::Op::VarKill => self.var_kill(n),
            op => minigo_base::internal!("build: walk leaves no statement {op:?}"),
        }
    }

    /// Ends the current block with an explicit jump, which is a statement even if the block is empty.
    fn branch(&mut self, to: Block) {
        let b = self.jump(to).expect("dead statements are not built");
        self.f[b].pos = self.last_pos.with_is_stmt();
    }

    fn assignment(&mut self, n: Node) {
        let node = &self.func.nodes[n];
        let left = node.left.expect("an assignment has a left side");
        let right = node.right.expand();
        if right == Some(left) {
            return;
        }
        if self.func.is_blank(left) {
            if let Some(right) = right {
                self.expr(right);
            }
            return;
        }
        if let ir::Kind::Array(_) = self.func.nodes[left].ty.kind {
            return self.zero_array(left);
        }
        let v = match right {
            Some(right) => self.expr(right),
            None => self.zero(self.symbols.ty(self.func.nodes[left].ty)),
        };
        self.assign(left, v);
    }

    /// Assigns `v` to the variable that `left` names (gc: ssa.go, assign).
    pub(super) fn assign(&mut self, left: Node, v: Value) {
        let node = &self.func.nodes[left];
        let ty = self.symbols.ty(node.ty);
        if node.op == ir::Op::Index {
            let address = self.address(left);
            return self.store_type(ty, address, v);
        }
        match node.aux {
            ir::Aux::Var(ir_var) => {
                let var = self.var(ir_var);
                if self.optimize && !matches!(node.ty.kind, ir::Kind::Array(_)) {
                    self.assign_var(var, v);
                    return;
                }
                let auto_temp = self.func.vars[ir_var].auto_temp;
                self.define(ir_var);
                let address = self.address(left);
                if auto_temp {
                    self.store_not_stmt(ty, address, v);
                } else {
                    self.store(ty, address, v);
                }
            }
            ir::Aux::Global(_) => {
                let address = self.address(left);
                self.store(ty, address, v);
            }
            aux => minigo_base::internal!("assignment to {aux:?}"),
        }
    }

    fn var_kill(&mut self, n: Node) {
        let left = self.func.nodes[n].left.expect("a variable dies");
        if self.optimize && !matches!(self.func.nodes[left].ty.kind, ir::Kind::Array(_)) {
            return;
        }
        let var = self.var(self.func.var_of(left).expect("a variable dies"));
        let mem = self.mem();
        let mem = self.value_not_stmt(Op::VarKill, Type::MEM, Aux::Var(var), &[mem]);
        self.assigned.set(Slot::MEM, mem);
    }

    fn if_stmt(&mut self, n: Node) {
        let node = &self.func.nodes[n];
        let condition = node.left.expect("an if has a condition");
        if let Some(value) = self.func.bool_const(condition) {
            self.push_list(if value { node.body } else { node.rlist });
            self.push_list(self.func.nodes[condition].init);
            return;
        }
        let end = self.f.new_block(BlockKind::Plain);
        let mut arm = |list: Nodes| {
            if list.is_empty() {
                end
            } else {
                self.f.new_block(BlockKind::Plain)
            }
        };
        let arms = [(arm(node.body), node.body), (arm(node.rlist), node.rlist)];
        let likely = match node.aux {
            ir::Aux::Likely => Likely::Likely,
            _ => Likely::Unknown,
        };
        self.cond_branch(condition, arms[0].0, arms[1].0, likely);
        self.tasks.push(Task::Start(end));
        for (start, list) in arms.into_iter().rev() {
            if !list.is_empty() {
                self.tasks.push(Task::Jump(end));
                self.push_list(list);
                self.tasks.push(Task::Start(start));
            }
        }
    }

    fn for_stmt(&mut self, n: Node) {
        let node = &self.func.nodes[n];
        let [condition, body, post, end] =
            std::array::from_fn(|_| self.f.new_block(BlockKind::Plain));
        self.f[body].pos = node.pos;
        self.jump(condition);
        self.start_block(condition);
        match node.left.expand() {
            Some(left) => self.cond_branch(left, body, end, Likely::Likely),
            None => {
                self.jump(body);
            }
        }
        self.tasks.push(Task::Start(end));
        self.tasks.push(Task::Repeat(condition));
        if let Some(right) = node.right.expand() {
            self.tasks.push(Task::Stmt(right));
        }
        self.tasks.push(Task::Start(post));
        self.tasks.push(Task::Jump(post));
        self.push_leave();
        self.break_to = end.into();
        self.continue_to = post.into();
        if let ir::Aux::Label(label) = node.aux {
            self.labels[label].break_to = end.into();
            self.labels[label].continue_to = post.into();
        }
        self.push_list(node.body);
        self.start_block(body);
    }

    /// Ends the block of a loop's post statement. If it has no position, it gets that of the condition.
    fn repeat(&mut self, condition: Block) {
        if let Some(b) = self.jump(condition)
            && self.f[b].pos == Pos::NONE
        {
            self.f[b].pos = self.f[condition].pos;
        }
    }

    fn switch_stmt(&mut self, n: Node) {
        let node = &self.func.nodes[n];
        let end = self.f.new_block(BlockKind::Plain);
        self.tasks.push(Task::EndSwitch(end));
        self.push_leave();
        self.break_to = end.into();
        if let ir::Aux::Label(label) = node.aux {
            self.labels[label].break_to = end.into();
        }
        self.push_list(node.body);
    }

    /// Jumps by a table if the index is within it, otherwise goes on (gc: ssa.go, stmt).
    fn jump_table(&mut self, n: Node) {
        let node = &self.func.nodes[n];
        let func = self.func;
        let table = self.f.new_block(BlockKind::JumpTable);
        let end = self.f.new_block(BlockKind::Plain);
        let tag = node.left.expect("a table has an index");
        let index = self.expr(tag);
        let to = ir::Type::basic(ir::Kind::Uintptr);
        let op = conversion(func.nodes[tag].ty, to);
        let index = self.value(op, Type::UINTPTR, &[index]);
        let values = func.slice(&node.list);
        let value = |n: Node| match func.nodes[n].aux {
            ir::Aux::Int(value) => value,
            aux => minigo_base::internal!("build: index {aux:?}"),
        };
        let (first, last) = (value(values[0]), value(values[values.len() - 1]));
        let width = last.wrapping_sub(first);
        let min = self.uintptr(first);
        let index = self.value(Op::Sub64, Type::UINTPTR, &[index, min]);
        let limit = self.uintptr(width);
        let within = self.value(Op::Leq64U, Type::BOOL, &[index, limit]);
        let b = self.block();
        self.end_block();
        self.f.reset_block_with_control(b, BlockKind::If, within);
        self.f.add_edge(b, table);
        self.f.add_edge(b, end);
        self.f[b].likely = Likely::Likely;

        self.start_block(table);
        self.f.set_control(table, index);
        let mut targets = vec![end; width as usize + 1];
        for (&n, &jump) in values.iter().zip(func.slice(&node.rlist)) {
            targets[value(n).wrapping_sub(first) as usize] = self.label_target(jump);
        }
        for target in targets {
            self.f.add_edge(table, target);
        }
        self.end_block();
        self.start_block(end);
    }

    /// Makes a constant in the current block.
    fn uintptr(&mut self, value: i64) -> Value {
        let v = self.value(Op::Const64, Type::UINTPTR, &[]);
        self.f[v].aux_int = value;
        v
    }

    fn push_leave(&mut self) {
        let (break_to, continue_to) = (self.break_to, self.continue_to);
        self.tasks.push(Task::Leave {
            break_to,
            continue_to,
        });
    }

    fn label(&mut self, n: Node) {
        let target = self.label_target(n);
        self.jump(target);
        self.start_block(target);
    }

    /// Returns the block of the label in a `Label` or `Goto`, creating it on first use.
    fn label_target(&mut self, n: Node) -> Block {
        let ir::Aux::Label(label) = self.func.nodes[n].aux else {
            minigo_base::internal!("labels and gotos have labels")
        };
        if let Some(b) = self.labels[label].target.expand() {
            return b;
        }
        let b = self.f.new_block(BlockKind::Plain);
        self.labels[label].target = b.into();
        b
    }

    /// Ends the current block with a conditional branch (gc: ssa.go, condBranch).
    fn cond_branch(&mut self, condition: Node, yes: Block, no: Block, likely: Likely) {
        let node = &self.func.nodes[condition];
        let left = node.left.expand();
        match (node.op, left, node.right.expand()) {
            (ir::Op::AndAnd, Some(left), Some(right)) => {
                let mid = self.f.new_block(BlockKind::Plain);
                self.stmt_list(node.init);
                self.cond_branch(left, mid, no, likely.max(Likely::Unknown));
                self.start_block(mid);
                self.cond_branch(right, yes, no, likely);
            }
            (ir::Op::OrOr, Some(left), Some(right)) => {
                let mid = self.f.new_block(BlockKind::Plain);
                self.stmt_list(node.init);
                self.cond_branch(left, yes, mid, likely.min(Likely::Unknown));
                self.start_block(mid);
                self.cond_branch(right, yes, no, likely);
            }
            (ir::Op::ConvNop, Some(left), _) if self.front.drops_identical_conversions => {
                self.stmt_list(node.init);
                self.cond_branch(left, yes, no, likely);
            }
            (ir::Op::Not, Some(left), _) => {
                self.stmt_list(node.init);
                self.cond_branch(left, no, yes, likely.swapped());
            }
            _ => {
                let control = self.expr(condition);
                let b = self.block();
                self.end_block();
                self.f.reset_block_with_control(b, BlockKind::If, control);
                self.f[b].likely = likely;
                self.f.add_edge(b, yes);
                self.f.add_edge(b, no);
            }
        }
    }
}
