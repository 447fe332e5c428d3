//! The function before allocation in brief: what the walks over its blocks look at again and again, in the order in which
//! they do.

use super::{State, ValueState};
use crate::entity::{Block, Value};
use crate::op::Op;

/// How a value is treated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Phi,
    Call,
    /// Not a call, but it destroys a register, or needs an argument in a certain one.
    Fixed,
    Other,
}

/// A value and its arguments.
pub(super) struct Step<'a> {
    pub(super) v: Value,
    pub(super) kind: Kind,
    /// The arguments that live in registers, in order. None of a phi.
    pub(super) args: &'a [Value],
}

/// The values of all blocks.
#[derive(Debug, Default)]
pub(super) struct Steps {
    /// By block number.
    starts: Vec<Start>,
    heads: Vec<Head>,
    args: Vec<Value>,
}

/// Where the values of a block begin in [`Steps::heads`], and their arguments in [`Steps::args`].
#[derive(Clone, Copy, Debug, Default)]
struct Start {
    head: u32,
    n_heads: u32,
    arg: u32,
}

/// A value, its kind and the number of its arguments.
#[derive(Clone, Copy, Debug)]
struct Head {
    v: Value,
    kind: Kind,
    n_args: u16,
}

impl Steps {
    /// Returns the number of values of `b`.
    pub(super) fn len(&self, b: Block) -> usize {
        self.starts[b.id()].n_heads as usize
    }

    /// Returns the values of `b`, last first, each with its index.
    #[inline]
    pub(super) fn backwards(&self, b: Block) -> impl Iterator<Item = (usize, Step<'_>)> {
        let start = self.starts[b.id()];
        let mut args = &self.args[start.arg as usize..];
        let heads = &self.heads[start.head as usize..][..start.n_heads as usize];
        let steps = heads.iter().map(move |&Head { v, kind, n_args }| {
            let (own, others) = args.split_at(n_args as usize);
            args = others;
            let args = own;
            Step { v, kind, args }
        });
        (0..heads.len()).rev().zip(steps)
    }
}

impl State<'_> {
    /// Finds the values that live in registers, and the steps of all blocks.
    pub(super) fn find_steps(&mut self) {
        let f = &*self.f;
        for v in (0..f.num_values() as u32).map(Value::from_u32) {
            let ty = f[v].ty;
            if f[v].block.is_some()
                && !(ty.is_memory() || ty.is_void() || ty.is_flags() || ty.is_tuple())
            {
                self.values[v] = ValueState {
                    needs_reg: true,
                    rematerializable: f.rematerializable(v),
                    ..ValueState::default()
                };
                self.orig[v] = v;
            }
        }
        let mut steps = std::mem::take(&mut self.steps);
        steps.starts.clear();
        steps.starts.resize(f.num_blocks(), Start::default());
        steps.heads.clear();
        steps.args.clear();
        for &b in &self.visit_order {
            let values = &f[b].values;
            steps.starts[b.id()] = Start {
                head: steps.heads.len() as u32,
                n_heads: values.len() as u32,
                arg: steps.args.len() as u32,
            };
            for &v in values.iter().rev() {
                let op = f[v].op;
                let kind = match op {
                    Op::Phi => Kind::Phi,
                    _ if op.is_call() => Kind::Call,
                    _ if op.info().reg.is_fixed || self.passed_constraints(v).is_some() => {
                        Kind::Fixed
                    }
                    _ => Kind::Other,
                };
                let first_arg = steps.args.len();
                if kind != Kind::Phi {
                    let args = f[v].args.iter().copied();
                    steps
                        .args
                        .extend(args.filter(|&arg| self.values[arg].needs_reg));
                }
                let n_args = (steps.args.len() - first_arg) as u16;
                steps.heads.push(Head { v, kind, n_args });
            }
        }
        self.steps = steps;
    }
}
