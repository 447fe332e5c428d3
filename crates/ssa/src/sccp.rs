//! Sparse conditional constant propagation, by Wegman and Zadeck ("Constant propagation with conditional branches",
//! 1991): values are taken for constant, and edges for never taken, until the contrary is seen (gc: sccp.go).

use std::collections::VecDeque;

use crate::block::{BlockKind, Likely};
use crate::config::Config;
use crate::deadcode::remove_edge;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::lists::ValueLists;
use crate::op::Op;
use crate::sparse::SparseSet;

/// Makes values constants that are constant on all edges that may be taken, and removes the edges that constant
/// conditions never take.
///
/// Operations on constants are evaluated by the generic rules. Leaves the constants made for that in the entry block,
/// unused, and `Invalid` values where no rule matched.
pub(crate) fn sccp(f: &mut Func, _config: &Config) {
    let mut solver = Solver::new(f);
    solver.edges.push_back((f.entry, 0));
    loop {
        if let Some((b, pred_index)) = solver.edges.pop_front() {
            solver.visit_edge(f, b, pred_index);
        } else if let Some(v) = solver.values.pop_front() {
            solver.waiting.remove(v.as_u32());
            solver.visit(f, v);
        } else {
            break;
        }
    }
    solver.replace_constants(f);
    f.scratch.free_set(solver.waiting);
}

/// Knowledge of a value, a lattice of three levels. A value only ever moves down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Cell {
    /// Nothing yet.
    #[default]
    Top,
    /// It equals this constant.
    Constant(Value),
    /// It is not constant.
    Bottom,
}

/// An edge by the block that it leads to and its index among the predecessors.
type EdgeTo = (Block, u32);

struct Solver {
    /// Edges that may be taken and have not been visited, first in, first out.
    edges: VecDeque<EdgeTo>,
    /// Values to visit again, first in, first out.
    values: VecDeque<Value>,
    /// The members of `values`.
    waiting: SparseSet,
    /// The level of each value.
    cells: Vec<Cell>,
    /// Whether each edge, by block and predecessor, has been visited.
    is_visited: Vec<bool>,
    /// Where the edges to each block begin in `is_visited`.
    first_edge: Vec<u32>,
    /// Whether each block has been visited.
    is_reached: Vec<bool>,
    /// The values that use a value, if both may be constant.
    uses: ValueLists<Value>,
    /// The blocks that a value controls, if it may be constant.
    controlled: ValueLists<Block>,
}

impl Solver {
    fn new(f: &mut Func) -> Solver {
        let n = f.num_values();
        let (mut uses, mut controlled) = (Vec::with_capacity(n), Vec::new());
        let mut first_edge = vec![0; f.num_blocks()];
        let mut n_edges = 0;
        for b in f.walk() {
            first_edge[b.id()] = n_edges;
            // The entry counts as entered through one edge.
            n_edges += f[b].preds.len().max(1) as u32;
            for &v in &f[b].values {
                if !may_be_constant(f[v].op) {
                    continue;
                }
                let args = f[v].args.iter().copied();
                let followed = args.filter(|&arg| arg != v && may_be_constant(f[arg].op));
                uses.extend(followed.map(|arg| (arg, v)));
            }
            if let Some(control) = f[b].control
                && may_be_constant(f[control].op)
            {
                controlled.push((control, b));
            }
        }
        Solver {
            edges: VecDeque::new(),
            values: VecDeque::new(),
            waiting: f.scratch.set(n),
            cells: vec![Cell::Top; n],
            is_visited: vec![false; n_edges as usize],
            first_edge,
            is_reached: vec![false; f.num_blocks()],
            uses: ValueLists::new(n, &uses),
            controlled: ValueLists::new(n, &controlled),
        }
    }

    /// Returns the index of an edge in `is_visited`.
    fn edge(&self, b: Block, pred_index: usize) -> usize {
        self.first_edge[b.id()] as usize + pred_index
    }

    /// Visits the phis of the block that an edge leads to, the first time all of its values.
    fn visit_edge(&mut self, f: &mut Func, b: Block, pred_index: u32) {
        let edge = self.edge(b, pred_index as usize);
        if std::mem::replace(&mut self.is_visited[edge], true) {
            return;
        }
        let was_reached = std::mem::replace(&mut self.is_reached[b.id()], true);
        // Constants made on the way are at the end of the entry block.
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            if !was_reached || f[v].op == Op::Phi {
                self.visit(f, v);
            }
        }
        if !was_reached {
            self.follow(f, b);
        }
    }

    /// Adds the edges out of `b` that may be taken.
    fn follow(&mut self, f: &Func, b: Block) {
        let edge = |index: usize| {
            let edge = f[b].succs[index];
            (edge.block, edge.index)
        };
        match f[b].kind {
            BlockKind::Plain | BlockKind::First => self.edges.push_back(edge(0)),
            BlockKind::If | BlockKind::JumpTable => {
                let control = f[b].control.expect("a branch has a control");
                match self.cell(f, control) {
                    Cell::Top => {}
                    Cell::Constant(c) => self.edges.extend(taken(f, b, c).map(edge)),
                    Cell::Bottom => self.edges.extend((0..f[b].succs.len()).map(edge)),
                }
            }
            _ => {}
        }
    }

    fn cell(&self, f: &Func, v: Value) -> Cell {
        if may_be_constant(f[v].op) {
            self.cells[v.id()]
        } else {
            Cell::Bottom
        }
    }

    /// Evaluates `v`. If less is known of it than before, values that use it are visited again.
    fn visit(&mut self, f: &mut Func, v: Value) {
        let old = self.cell(f, v);
        if old == Cell::Bottom {
            return;
        }
        let arg = |index: usize| self.cell(f, f[v].args[index]);
        let new = match f[v].op {
            op if is_constant(op) => Cell::Constant(v),
            Op::Copy => arg(0),
            Op::Phi => self.meet(f, v),
            _ if f[v].args.len() == 1 => match arg(0) {
                Cell::Constant(c) => evaluate(f, v, &[c]),
                other => other,
            },
            _ => match (arg(0), arg(1)) {
                (Cell::Constant(c), Cell::Constant(d)) => evaluate(f, v, &[c, d]),
                (Cell::Bottom, _) | (_, Cell::Bottom) => Cell::Bottom,
                _ => Cell::Top,
            },
        };
        self.cells[v.id()] = new;
        if !is_same(f, old, new) {
            self.visit_users(f, v);
        }
    }

    /// Returns the meet of the operands of a phi whose edges have been visited.
    fn meet(&self, f: &Func, phi: Value) -> Cell {
        let b = f[phi].block.expect("the value is listed");
        let mut all = Cell::Top;
        for (index, &arg) in f[phi].args.iter().enumerate() {
            if !self.is_visited[self.edge(b, index)] {
                continue;
            }
            match self.cell(f, arg) {
                Cell::Top => {}
                Cell::Bottom => return Cell::Bottom,
                constant if all == Cell::Top => all = constant,
                constant if is_same(f, all, constant) => {}
                Cell::Constant(_) => return Cell::Bottom,
            }
        }
        all
    }

    /// Adds the values and edges that depend on `v` to the worklists.
    fn visit_users(&mut self, f: &Func, v: Value) {
        for index in 0..self.uses[v].len() {
            let user = self.uses[v][index];
            if self.cell(f, user) != Cell::Bottom && !self.waiting.contains(user.as_u32()) {
                self.waiting.add(user.as_u32());
                self.values.push_back(user);
            }
        }
        for index in 0..self.controlled[v].len() {
            let b = self.controlled[v][index];
            if self.is_reached[b.id()] {
                self.follow(f, b);
            }
        }
    }

    /// Makes the values found to be constant constants, and cuts the edges that they never take.
    fn replace_constants(&self, f: &mut Func) {
        for (index, &cell) in self.cells.iter().enumerate() {
            let v = Value::from_u32(index as u32);
            let Cell::Constant(c) = cell else { continue };
            if !is_constant(f[v].op) {
                let (op, aux_int) = (f[c].op, f[c].aux_int);
                f.reset(v, op);
                f[v].aux_int = aux_int;
            }
            for &b in &self.controlled[v] {
                rewire(f, b, c);
            }
        }
    }
}

/// Makes a branch lead to the successor that a constant control takes.
fn rewire(f: &mut Func, b: Block, control: Value) {
    let Some(taken) = taken(f, b, control) else {
        return;
    };
    match f[b].kind {
        BlockKind::If => remove_edge(f, b, 1 - taken),
        BlockKind::JumpTable => {
            f[b].succs.swap(0, taken);
            for index in [0, taken] {
                let edge = f[b].succs[index];
                f[edge.block].preds[edge.index as usize].index = index as u32;
            }
            while f[b].succs.len() > 1 {
                remove_edge(f, b, 1);
            }
        }
        _ => return,
    }
    f.reset_block(b, BlockKind::Plain);
    f[b].likely = Likely::Unknown;
}

/// Returns the successor of `b` that a constant control takes. An index that a jump table doesn't have takes none;
/// the code is unreachable.
fn taken(f: &Func, b: Block, control: Value) -> Option<usize> {
    let c = f[control].aux_int;
    let index = match f[b].kind {
        BlockKind::If => 1 - c,
        _ => c,
    };
    usize::try_from(index)
        .ok()
        .filter(|&index| index < f[b].succs.len())
}

/// Returns the result of an operation on constants. The value made for it goes to the end of the entry block.
fn evaluate(f: &mut Func, v: Value, args: &[Value]) -> Cell {
    let (op, ty, pos) = (f[v].op, f[v].ty, f[v].pos);
    let result = f.new_value(f.entry, pos, op, ty, args);
    if (f.profile.rules.generic_value)(f, result) && is_constant(f[result].op) {
        return Cell::Constant(result);
    }
    f.reset(result, Op::Invalid);
    Cell::Bottom
}

/// Reports whether two cells say the same: the same number, in whatever value.
fn is_same(f: &Func, a: Cell, b: Cell) -> bool {
    match (a, b) {
        (Cell::Constant(c), Cell::Constant(d)) => {
            f[c].op == f[d].op && f[c].aux_int == f[d].aux_int
        }
        _ => a == b,
    }
}

/// Reports whether an operation is a constant that is followed.
fn is_constant(op: Op) -> bool {
    use Op::*;
    matches!(op, Const64 | Const32 | Const16 | Const8 | ConstBool)
}

/// Reports whether an operation may be found to be constant. Of the comparisons for difference only that of booleans
/// is one, and of the shifts only those by 64 bits, which rules make of the others.
fn may_be_constant(op: Op) -> bool {
    use Op::*;
    match op {
        Copy | Phi | CvtBoolToUint8 | Not | EqB | NeqB => true,
        Neg8 | Neg16 | Neg32 | Neg64 | Com8 | Com16 | Com32 | Com64 => true,
        Trunc16to8 | Trunc32to8 | Trunc32to16 | Trunc64to8 | Trunc64to16 | Trunc64to32 => true,
        ZeroExt8to16 | ZeroExt8to32 | ZeroExt8to64 | ZeroExt16to32 | ZeroExt16to64
        | ZeroExt32to64 | SignExt8to16 | SignExt8to32 | SignExt8to64 | SignExt16to32
        | SignExt16to64 | SignExt32to64 => true,
        Add8 | Add16 | Add32 | Add64 | Sub8 | Sub16 | Sub32 | Sub64 | Mul8 | Mul16 | Mul32
        | Mul64 | And8 | And16 | And32 | And64 | Or8 | Or16 | Or32 | Or64 | Xor8 | Xor16
        | Xor32 | Xor64 => true,
        Eq8 | Eq16 | Eq32 | Eq64 => true,
        Lsh8x64 | Lsh16x64 | Lsh32x64 | Lsh64x64 | Rsh8x64 | Rsh16x64 | Rsh32x64 | Rsh64x64
        | Rsh8Ux64 | Rsh16Ux64 | Rsh32Ux64 | Rsh64Ux64 => true,
        op if (Div8..=Mod64u).contains(&op) || (Less8..=Leq64U).contains(&op) => true,
        op => is_constant(op),
    }
}
