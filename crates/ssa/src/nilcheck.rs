//! Removal of nil checks of pointers that can't be nil (gc: nilcheck.go, schedule.go).
//!
//! In minigo's language all checked pointers are addresses of local variables, which are never nil.

use cranelift_entity::SecondaryMap;
use minigo_base::{IsStmt, PosBase};
use rustc_hash::FxHashSet;

use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::numberlines::is_poor_statement_op;
use crate::op::Op;

/// Lines whose statement mark was on a removed check.
type PendingLines = FxHashSet<(PosBase, u32)>;

/// Removes the checks. Values of blocks with checks are put in an order in which each comes after the state of
/// memory that it uses; later passes see that. They also see the order in which checks are freed, which is that of
/// a walk over the dominator tree.
pub(crate) fn nilcheckelim(f: &mut Func, _config: &Config) {
    let has_check = |f: &Func, b: Block| f[b].values.iter().any(|&v| f[v].op == Op::NilCheck);
    let tree = f.sdom();
    let mut work = vec![f.entry];
    while let Some(b) = work.pop() {
        if has_check(f, b) {
            f[b].values = store_order(f, b);
            remove_checks(f, b);
        }
        work.extend(std::iter::successors(tree.child(b), |&child| {
            tree.sibling(child)
        }));
    }
}

fn remove_checks(f: &mut Func, b: Block) {
    let mut pending = PendingLines::default();
    let mut values = std::mem::take(&mut f[b].values);
    values.retain(|&v| {
        if f[v].op == Op::NilCheck && is_never_nil(f, f[v].args[0]) {
            if f[v].pos.is_stmt() == IsStmt::Yes {
                pending.insert((f[v].pos.base(), f[v].pos.line()));
            }
            f.reset(v, Op::Unknown);
            f.free_value(v);
            return false;
        }
        take_mark(f, v, &mut pending);
        true
    });
    for &v in &values {
        take_mark(f, v, &mut pending);
    }
    f[b].values = values;
    let pos = f[b].pos;
    if pending.contains(&(pos.base(), pos.line())) {
        f[b].pos = pos.with_is_stmt();
    }
}

/// Reports whether a pointer is an address, which is never nil.
fn is_never_nil(f: &Func, v: Value) -> bool {
    matches!(
        f[v].op,
        Op::Addr | Op::LocalAddr | Op::AddPtr | Op::OffPtr | Op::SlicePtr
    )
}

/// Puts a pending statement mark of its line on `v`.
fn take_mark(f: &mut Func, v: Value, pending: &mut PendingLines) {
    let pos = f[v].pos;
    if pos.is_stmt() != IsStmt::No
        && !is_poor_statement_op(f[v].op)
        && pending.remove(&(pos.base(), pos.line()))
    {
        f[v].pos = pos.with_is_stmt();
    }
}

/// Returns the values of a block by the state of memory that they depend on: first those that depend on none made
/// here, then for each state itself, the checks for nil that depend on it, and the others that do. In each of
/// these groups the order stays (gc: schedule.go, storeOrder).
pub(crate) fn store_order(f: &Func, b: Block) -> Vec<Value> {
    let values = &f[b].values;
    let states = memory_states(f, b);
    let mut numbers: SecondaryMap<Value, usize> = SecondaryMap::new();
    for (index, &state) in states.iter().enumerate() {
        numbers[state] = 3 * (index + 1);
    }
    // Arguments are numbered before their users.
    let mut stack = Vec::new();
    for &v in values {
        stack.push(v);
        while let Some(&v) = stack.last() {
            if numbers[v] != 0 {
                stack.pop();
                continue;
            }
            if f[v].op == Op::Phi {
                numbers[v] = 2;
                continue;
            }
            let here = |arg: &&Value| f[**arg].block == b.into();
            let mut args = f[v].args.iter().filter(here);
            if let Some(&arg) = args.find(|&&arg| numbers[arg] == 0) {
                stack.push(arg);
                continue;
            }
            let latest = f[v].args.iter().filter(here).map(|&arg| numbers[arg] / 3);
            let group = if f[v].op == Op::NilCheck { 1 } else { 2 };
            numbers[v] = 3 * latest.max().unwrap_or(0) + group;
        }
    }
    let mut order = values.clone();
    order.sort_by_key(|&v| numbers[v]);
    order
}

/// Returns the states of memory that a block makes, each one's predecessor before it.
fn memory_states(f: &Func, b: Block) -> Vec<Value> {
    let is_state = |&&v: &&Value| f[v].ty.is_memory();
    let previous = |v: Value| match f[v].op {
        Op::InitMem | Op::Phi => None,
        _ => f.memory_arg(v),
    };
    let states = || f[b].values.iter().filter(is_state).copied();
    let used: FxHashSet<Value> = states().filter_map(previous).collect();
    let mut chain = Vec::new();
    let mut next = states().find(|v| !used.contains(v));
    while let Some(v) = next {
        chain.push(v);
        next = previous(v).filter(|&state| f[state].block == b.into());
    }
    chain.reverse();
    chain
}
