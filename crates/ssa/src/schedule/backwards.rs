//! List scheduling from the bottom of the block to its top.

use cranelift_entity::SecondaryMap;

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use crate::schedule::{pop, push};

/// Classes of values, from the top of the block to the bottom.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
enum Score {
    #[default]
    Phi,
    Arg,
    /// Checks before loads from the same address.
    NilCheck,
    /// Selectors, held back and issued after their tuple.
    ReadTuple,
    VarDef,
    /// Stores early: they end live ranges.
    Memory,
    /// Users of flags early, makers of flags late: only one flags value can live.
    ReadFlags,
    Default,
    Flags,
    /// The control value and its users.
    Control,
}

/// Orders the values of each block: from here on the order is that of emission.
///
/// List scheduling from the bottom of the block: among the values whose users in the block are all
/// placed, the best one by [`comes_later`] is placed next. Loads stay before the next store
/// (gc: schedule.go, schedule).
pub(crate) fn schedule_backwards(f: &mut Func, _config: &Config) {
    let mut scheduler = Scheduler {
        uses: vec![0; f.num_values()],
        scores: score_values(f),
        next_memory: SecondaryMap::with_capacity(f.num_values()),
        loads: Vec::new(),
        tuples: SecondaryMap::new(),
        heap: f.scratch.values.list(),
        order: f.scratch.values.list(),
    };
    for at in 0..f.layout.len() {
        f.look_ahead(at);
        scheduler.block(f, f.layout[at]);
    }
    f.scratch.values.free(scheduler.heap);
    f.scratch.values.free(scheduler.order);
}

fn score_values(f: &Func) -> Vec<Score> {
    let mut scores = vec![Score::default(); f.num_values()];
    for b in f.walk() {
        for &v in &f[b].values {
            let data = &f[v];
            scores[v.as_u32() as usize] = match data.op {
                Op::Phi => Score::Phi,
                Op::LoweredNilCheck => Score::NilCheck,
                Op::VarDef => Score::VarDef,
                Op::Arg => Score::Arg,
                _ if data.ty.is_memory() => Score::Memory,
                Op::Select0 | Op::Select1 => Score::ReadTuple,
                _ if data.ty.is_flags() || data.ty.is_tuple() && data.ty.field(1).is_flags() => {
                    Score::Flags
                }
                _ if data.args.iter().any(|&arg| f[arg].ty.is_flags()) => Score::ReadFlags,
                _ => Score::Default,
            };
        }
    }
    scores
}

/// Tables by value number, and scratch space of one block.
struct Scheduler {
    /// Number of users in the block that are not yet placed.
    uses: Vec<i32>,
    scores: Vec<Score>,
    /// The value that follows in the chain of stores, of the block visited last.
    next_memory: SecondaryMap<Value, Option<Value>>,
    /// Stores and loads that must come before them, sorted by store.
    loads: Vec<(Value, Value)>,
    /// The selectors of a tuple that wait for it.
    tuples: SecondaryMap<Value, [Option<Value>; 2]>,
    heap: Vec<Value>,
    /// The block from the bottom up.
    order: Vec<Value>,
}

impl Scheduler {
    fn block(&mut self, f: &mut Func, b: Block) {
        self.count_uses(f, b);
        self.score_control(f, b);
        for &v in &f[b].values {
            if self.uses[v.as_u32() as usize] == 0 {
                self.push(f, v);
            }
        }
        self.order.clear();
        while let Some(v) = self.pop(f) {
            self.place(f, v);
            for &arg in &f[v].args {
                if f[arg].block == b.into() {
                    self.release(f, arg);
                }
            }
            let first = self.loads.partition_point(|&(store, _)| store < v);
            for at in first..self.loads.len() {
                let (store, load) = self.loads[at];
                if store != v {
                    break;
                }
                self.release(f, load);
            }
        }
        let n_values = f[b].values.len();
        assert_eq!(self.order.len(), n_values, "schedule lost a value of {b}");
        f[b].values.clear();
        f[b].values.extend(self.order.iter().rev());
    }

    /// Counts the users of each value, and finds the loads before each store.
    fn count_uses(&mut self, f: &Func, b: Block) {
        for &v in &f[b].values {
            if f[v].op != Op::Phi
                && f[v].ty.is_memory()
                && let Some(memory) = f.memory_arg(v)
            {
                self.next_memory[memory] = Some(v);
            }
        }
        self.loads.clear();
        for &v in &f[b].values {
            // The use by a phi belongs to another pass through the block.
            if f[v].op == Op::Phi {
                continue;
            }
            for &arg in &f[v].args {
                if f[arg].block == b.into() {
                    self.uses[arg.as_u32() as usize] += 1;
                }
                if !f[v].ty.is_memory()
                    && f[arg].ty.is_memory()
                    && let Some(store) = self.next_memory[arg]
                    && f[store].block == b.into()
                {
                    self.loads.push((store, v));
                    self.uses[v.as_u32() as usize] += 1;
                }
            }
        }
        // Stable: loads of one store stay in the order in which they were found.
        self.loads.sort_by_key(|&(store, _)| store);
    }

    fn score_control(&mut self, f: &Func, b: Block) {
        let Some(control) = f[b].control else { return };
        if matches!(f[control].op, Op::Phi | Op::Arg) {
            return;
        }
        self.scores[control.as_u32() as usize] = Score::Control;
        for &v in &f[b].values {
            if f[v].op != Op::Phi && f[v].args.contains(&control) {
                self.scores[v.as_u32() as usize] = Score::Control;
            }
        }
    }

    /// Places a value above those already placed; selectors wait for their tuple.
    fn place(&mut self, f: &Func, v: Value) {
        match f[v].op {
            Op::Select0 => self.tuples[f[v].args[0]][0] = Some(v),
            Op::Select1 => self.tuples[f[v].args[0]][1] = Some(v),
            _ => {
                if f[v].ty.is_tuple() {
                    let [first, second] = std::mem::take(&mut self.tuples[v]);
                    self.order.extend(second);
                    self.order.extend(first);
                }
                self.order.push(v);
            }
        }
    }

    fn push(&mut self, f: &Func, v: Value) {
        push(&mut self.heap, v, |x, y| comes_later(f, &self.scores, x, y));
    }

    fn pop(&mut self, f: &Func) -> Option<Value> {
        pop(&mut self.heap, |x, y| comes_later(f, &self.scores, x, y))
    }

    fn release(&mut self, f: &Func, v: Value) {
        let uses = &mut self.uses[v.as_u32() as usize];
        *uses -= 1;
        if *uses == 0 {
            self.push(f, v);
        }
    }
}

/// Reports whether `x` should be nearer to the bottom of the block than `y`: by score, then later in the
/// source, then with fewer arguments and fewer uses; the rest makes the order total.
fn comes_later(f: &Func, scores: &[Score], x: Value, y: Value) -> bool {
    let (score_x, score_y) = (scores[x.as_u32() as usize], scores[y.as_u32() as usize]);
    if score_x != score_y {
        return score_x > score_y;
    }
    let (a, b) = (&f[x], &f[y]);
    if a.pos != b.pos {
        return a.pos.after(b.pos);
    }
    if a.op != Op::Phi && a.args.len() != b.args.len() {
        return a.args.len() < b.args.len();
    }
    if a.uses != b.uses {
        return a.uses < b.uses;
    }
    if a.aux_int != b.aux_int {
        return a.aux_int.wrapping_sub(b.aux_int) > 0;
    }
    a.ty.compare(b.ty, &f.type_names).then(x.cmp(&y)).is_gt()
}
