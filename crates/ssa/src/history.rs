//! The history of values: which pass made each, which changed its operation and by which rule, which removed it.
//!
//! A [`History`] looks at the function after every pass, so that only who asks pays for it. Numbers of freed values and
//! blocks are used again, so a number stands for several lives, one after the other: its generations.

use crate::block::BlockKind;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::op::Op;
use crate::value::Aux;

/// The trace of passes, if it was asked for: their events in order, since the function was built.
#[derive(Debug, Default)]
pub struct Trace {
    /// The values that rules rewrote, and the rules as name and place.
    pub(crate) rules: Vec<(Value, &'static str)>,
    /// The numbers of values that were freed.
    pub(crate) freed_values: Vec<Value>,
    /// The numbers of blocks that were freed.
    pub(crate) freed_blocks: Vec<Block>,
}

/// A step in the life of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The pass after which the value had the operation.
    pub pass: &'static str,
    /// The operation.
    pub op: Op,
    /// The bytes that a generic store writes; 0 for other operations.
    pub stored: i64,
    /// The rule that gave it the operation, if it was one.
    pub rule: Option<Rule>,
}

/// A rewrite rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule(&'static str);

impl Rule {
    /// The operations that it matches, and the one that replaces them: `Mul64(Const64) → LEAQ2`.
    pub fn name(self) -> &'static str {
        self.split().0
    }

    /// Its file and line: `amd64.rules:12`.
    pub fn place(self) -> &'static str {
        self.split().1
    }

    fn split(self) -> (&'static str, &'static str) {
        self.0.rsplit_once(' ').unwrap_or((self.0, ""))
    }
}

/// The life of a value or a block: one generation of its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Life<S> {
    /// The first state that has it, as an index into [`History::passes`].
    pub born: usize,
    /// The first state that doesn't have it any more; none if it is there to the end.
    pub died: Option<usize>,
    /// The steps of a value: the first made it.
    pub steps: Vec<S>,
}

/// The lives of the values and blocks of a function.
#[derive(Debug, Default)]
pub struct History {
    /// `start`, then the passes that ran.
    passes: Vec<&'static str>,
    values: Vec<Vec<Life<Step>>>,
    blocks: Vec<Vec<Life<BlockKind>>>,
    /// The number of events of the trace that are in the history: rules, values, blocks.
    seen: [usize; 3],
}

impl History {
    /// Begins with a function before its first pass.
    pub fn begin(f: &mut Func) -> History {
        f.trace = Some(Box::default());
        History::default()
    }

    /// Notes what a pass has done.
    pub fn observe(&mut self, f: &Func) {
        let trace = f.trace.as_deref().expect("the function is traced");
        let [rules, values, blocks] = self.seen;
        self.seen = [
            trace.rules.len(),
            trace.freed_values.len(),
            trace.freed_blocks.len(),
        ];
        let pass = f.pass;
        let now = self.passes.len();
        self.passes.push(pass);

        let freed = trace.freed_values[values..].iter().map(|v| v.id());
        let present = f.layout.iter().flat_map(|&b| &f[b].values);
        let present = present.map(|v| v.id());
        lives(&mut self.values, f.num_values(), present, freed, now);
        let freed = trace.freed_blocks[blocks..].iter().map(|b| b.id());
        let present = f.layout.iter().map(|b| b.id());
        lives(&mut self.blocks, f.num_blocks(), present, freed, now);

        let mut rule_of: Vec<(Value, &'static str)> = trace.rules[rules..].to_vec();
        // The last rule of each value, first.
        rule_of.reverse();
        rule_of.sort_by_key(|&(v, _)| v);
        for &b in &f.layout {
            if let Some(life) = self.blocks[b.id()].last_mut()
                && life.steps.last() != Some(&f[b].kind)
            {
                life.steps.push(f[b].kind);
            }
            for &v in &f[b].values {
                let op = f[v].op;
                let Some(life) = self.values[v.id()].last_mut() else {
                    continue;
                };
                if life.steps.last().is_some_and(|step| step.op == op) {
                    continue;
                }
                let first = rule_of.partition_point(|&(rewritten, _)| rewritten < v);
                let rule = rule_of.get(first).filter(|(rewritten, _)| *rewritten == v);
                life.steps.push(Step {
                    pass,
                    op,
                    stored: match f[v].aux {
                        Aux::Type(ty) if op == Op::Store => ty.size(),
                        _ => 0,
                    },
                    rule: rule.map(|&(_, rule)| Rule(rule)),
                });
            }
        }
    }

    /// Returns the steps of the value that has a number in the end, the first of which made it.
    pub fn of(&self, v: Value) -> &[Step] {
        let life = self.values.get(v.id()).and_then(|lives| lives.last());
        life.map_or(&[], |life| &life.steps)
    }

    /// Returns the states: `start`, then the passes that ran.
    pub fn passes(&self) -> &[&'static str] {
        &self.passes
    }

    /// Returns the lives of the values with each number, the oldest first.
    pub fn values(&self) -> &[Vec<Life<Step>>] {
        &self.values
    }

    /// Returns the lives of the blocks with each number, the oldest first.
    pub fn blocks(&self) -> &[Vec<Life<BlockKind>>] {
        &self.blocks
    }
}

/// Ends the lives that state `now` doesn't have, and begins those that it has for the first time.
fn lives<S>(
    lives: &mut Vec<Vec<Life<S>>>,
    len: usize,
    present: impl Iterator<Item = usize>,
    freed: impl Iterator<Item = usize>,
    now: usize,
) {
    lives.resize_with(len.max(lives.len()), Vec::new);
    let mut is_present = vec![false; lives.len()];
    for id in present {
        is_present[id] = true;
    }
    let mut was_freed = vec![false; lives.len()];
    for id in freed {
        was_freed[id] = true;
    }
    for (id, generations) in lives.iter_mut().enumerate() {
        let last = generations.last_mut().filter(|life| life.died.is_none());
        let mut is_alive = last.is_some();
        if let Some(life) = last
            && (!is_present[id] || was_freed[id])
        {
            life.died = Some(now);
            is_alive = false;
        }
        if is_present[id] && !is_alive {
            generations.push(Life {
                born: now,
                died: None,
                steps: Vec::new(),
            });
        }
    }
}
