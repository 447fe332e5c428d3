//! List scheduling from the top of the block to its bottom.

use cranelift_entity::SecondaryMap;

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::{NIL_CHECK, Op};
use crate::schedule::{pop, push};
use crate::ty::Type;

/// Classes of values, from the top of the block to the bottom.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Score {
    /// Phis, and parameters in registers before anything can overwrite those.
    Phi,
    Arg,
    InitMem,
    /// Selectors directly behind their tuple or call.
    ReadTuple,
    /// Checks before loads from the same address.
    NilCheck,
    /// Stores early: the live range of the stored value ends there. Calls too.
    Memory,
    /// Users of flags early, makers of flags late: only one flags value can live.
    ReadFlags,
    Default,
    Flags,
    /// The next value of an induction variable, behind the uses of the current one, whose register it takes.
    InductionInc,
    Control,
}

/// Orders the values of each block: from here on the order is that of emission.
///
/// Among the values whose arguments in the block are all placed, the best one by [`comes_before`] is placed next.
/// Loads stay before the next store (gc: schedule.go, schedule).
pub(crate) fn schedule_forwards(f: &mut Func, config: &Config) {
    let mut scheduler = Scheduler {
        used_in_block: f.scratch.flags.table(f.num_values(), false),
        scores: score_values(f),
        waits_for: vec![0; f.num_values()],
        next_memory: SecondaryMap::with_capacity(f.num_values()),
        edges: Vec::new(),
        heap: f.scratch.values.list(),
    };
    if config.optimize {
        scheduler.find_uses(f);
    }
    for at in 0..f.layout.len() {
        f.look_ahead(at);
        scheduler.block(f, f.layout[at]);
    }
    unlink_anchors(f);
    f.scratch.values.free(scheduler.heap);
    f.scratch.flags.free(scheduler.used_in_block);
}

/// Replaces the uses of values that are there for the order alone, which is settled: those of anchored stack pointers,
/// which are freed, and of nil checks, which have no result any more.
fn unlink_anchors(f: &mut Func) {
    if !f.may_have(&[Op::SPanchored, Op::LoweredNilCheck]) {
        return;
    }
    let is_anchor = |op: Op| op == Op::SPanchored || op.has(NIL_CHECK);
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        for index in 0..f[b].values.len() {
            let v = f[b].values[index];
            for n in 0..f[v].args.len() {
                let mut arg = f[v].args[n];
                while is_anchor(f[arg].op) {
                    arg = f[arg].args[0];
                    f.set_arg(v, n, arg);
                }
            }
        }
    }
    for at in 0..f.layout.len() {
        let b = f.layout[at];
        let mut values = std::mem::take(&mut f[b].values);
        values.retain(|&v| {
            if f[v].op.has(NIL_CHECK) {
                f[v].ty = Type::VOID;
            }
            let is_freed = f[v].op == Op::SPanchored;
            if is_freed {
                f.reset_args(v);
                f.free_value(v);
            }
            !is_freed
        });
        f[b].values = values;
    }
}

fn score_values(f: &Func) -> Vec<Score> {
    let mut scores = vec![Score::Default; f.num_values()];
    for &b in &f.layout {
        for &v in &f[b].values {
            scores[v.id()] = score(f, b, v);
        }
        // The control comes last, unless it has a place of its own. A selector's tuple comes last instead.
        for control in f[b].controls() {
            match scores[control.id()] {
                _ if f[control].block != b.into() => {}
                Score::Phi | Score::Arg | Score::InitMem => {}
                Score::ReadTuple => scores[f[control].args[0].id()] = Score::Control,
                _ => scores[control.id()] = Score::Control,
            }
        }
    }
    scores
}

fn score(f: &Func, b: Block, v: Value) -> Score {
    let data = &f[v];
    let is_flags = |v: Value| {
        let ty = f[v].ty;
        ty.is_flags() || ty.is_tuple() && ty.field(1).is_flags()
    };
    match data.op {
        op if op.has(NIL_CHECK) => Score::NilCheck,
        Op::Phi | Op::ArgIntReg => Score::Phi,
        Op::Arg | Op::SP | Op::SB => Score::Arg,
        Op::InitMem => Score::InitMem,
        _ if data.ty.is_memory() => Score::Memory,
        Op::Select0 | Op::Select1 | Op::SelectN => Score::ReadTuple,
        _ if data.args.iter().any(|&arg| is_flags(arg)) => Score::ReadFlags,
        _ if is_flags(v) => Score::Flags,
        _ if is_induction_increment(f, b, v) => Score::InductionInc,
        _ => Score::Default,
    }
}

/// Reports whether `v` computes from a phi its own value for the next iteration of a loop that ends in `b`.
fn is_induction_increment(f: &Func, b: Block, v: Value) -> bool {
    let ([phi], [edge]) = (&f[v].args[..], &f[b].succs[..]) else {
        return false;
    };
    let phi = &f[*phi];
    phi.op == Op::Phi
        && phi.uses > 1
        && phi.block == edge.block.into()
        && phi.args[edge.index as usize] == v
}

/// Tables by value number, and scratch space of one block.
struct Scheduler {
    /// Whether an argument in the value's own block is the value.
    used_in_block: Vec<bool>,
    scores: Vec<Score>,
    /// The number of edges from values that are not yet placed.
    waits_for: Vec<u32>,
    /// The value that follows in the chain of stores, of the block visited last.
    next_memory: SecondaryMap<Value, Option<Value>>,
    /// A value, and one that must come behind it; sorted by the former.
    edges: Vec<(Value, Value)>,
    heap: Vec<Value>,
}

impl Scheduler {
    fn find_uses(&mut self, f: &Func) {
        for &b in &f.layout {
            for &v in &f[b].values {
                for &arg in &f[v].args {
                    self.used_in_block[arg.id()] |= f[arg].block == b.into();
                }
            }
        }
    }

    fn block(&mut self, f: &mut Func, b: Block) {
        self.find_edges(f, b);
        let mut order = std::mem::take(&mut f[b].values);
        let n_values = order.len();
        for &v in &order {
            if self.waits_for[v.id()] == 0 {
                self.push(f, v);
            }
        }
        order.clear();
        while let Some(v) = self.pop(f) {
            order.push(v);
            let first = self.edges.partition_point(|&(from, _)| from < v);
            for at in first..self.edges.len() {
                let (from, to) = self.edges[at];
                if from != v {
                    break;
                }
                self.waits_for[to.id()] -= 1;
                if self.waits_for[to.id()] == 0 {
                    self.push(f, to);
                }
            }
        }
        assert_eq!(order.len(), n_values, "schedule lost a value of {b}");
        f[b].values = order;
    }

    /// Finds what must come before what: arguments before users, loads before the next store.
    fn find_edges(&mut self, f: &Func, b: Block) {
        self.edges.clear();
        for &v in &f[b].values {
            // The use by a phi belongs to another pass through the block.
            if f[v].op == Op::Phi {
                continue;
            }
            let in_block = |arg: &&Value| f[**arg].block == b.into();
            let args = f[v].args.iter().filter(in_block);
            self.edges.extend(args.map(|&arg| (arg, v)));
            if f[v].ty.is_memory()
                && let Some(memory) = f.memory_arg(v)
            {
                self.next_memory[memory] = Some(v);
            }
        }
        for &v in &f[b].values {
            if f[v].op != Op::Phi
                && !f[v].ty.is_memory()
                && let Some(memory) = f.memory_arg(v)
                && let Some(store) = self.next_memory[memory]
                && f[store].block == b.into()
            {
                self.edges.push((v, store));
            }
        }
        // The order of edges from one value is the order in which values enter the heap, which is total
        // but for wrapping aux integers.
        self.edges.sort_by_key(|&(from, _)| from);
        for &(_, to) in &self.edges {
            self.waits_for[to.id()] += 1;
        }
    }

    fn push(&mut self, f: &Func, v: Value) {
        let Scheduler {
            used_in_block,
            scores,
            heap,
            ..
        } = self;
        push(heap, v, |x, y| comes_before(f, scores, used_in_block, x, y));
    }

    fn pop(&mut self, f: &Func) -> Option<Value> {
        let Scheduler {
            used_in_block,
            scores,
            heap,
            ..
        } = self;
        pop(heap, |x, y| comes_before(f, scores, used_in_block, x, y))
    }
}

/// Reports whether `x` should be nearer to the top of the block than `y`: by score, then with a use in the block,
/// then earlier in the source, then with more arguments and more uses; the rest makes the order total.
fn comes_before(f: &Func, scores: &[Score], used: &[bool], x: Value, y: Value) -> bool {
    let (score_x, score_y) = (scores[x.id()], scores[y.id()]);
    if score_x != score_y {
        return score_x < score_y;
    }
    if used[x.id()] != used[y.id()] {
        return used[x.id()];
    }
    let (a, b) = (&f[x], &f[y]);
    if a.pos != b.pos {
        return a.pos.before(b.pos);
    }
    if a.op != Op::Phi && a.args.len() != b.args.len() {
        return a.args.len() > b.args.len();
    }
    if a.uses != b.uses {
        return a.uses > b.uses;
    }
    if a.aux_int != b.aux_int {
        return a.aux_int.wrapping_sub(b.aux_int) < 0;
    }
    a.ty.compare(b.ty, &f.type_names).then(x.cmp(&y)).is_lt()
}
