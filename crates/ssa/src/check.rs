//! The checker of functions: the invariants of every stage (gc: check.go).
//!
//! Blocks: edges agree at both ends, kinds fit successors and controls. Values: each in one block, with the
//! arguments and operands that the operation's row asks for, dominated by its arguments, with the right number
//! of uses. Memory: one state at a time. Freed numbers: not in use.
//!
//! The checker computes its own dominators, so that checking does not change which analyses are cached.

use cranelift_entity::SecondaryMap;

use crate::block::{BlockKind, Likely};
use crate::dom::{SparseTree, dominators, postorder};
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::loopnest::LoopNest;
use crate::op::{AuxKind, Op, VARIADIC};
use crate::pass::Stage;
use crate::scratch::GraphLists;
use crate::sparse::SparseSet;
use crate::ty::Type;
use crate::value::Aux;

type Checked = Result<(), String>;

/// Fails with a formatted message unless a condition holds.
macro_rules! ensure {
    ($condition:expr, $($arg:tt)*) => {
        if !$condition {
            return Err(format!($($arg)*));
        }
    };
}

/// Checks the invariants of the function's stage.
///
/// # Errors
///
/// The first violated rule, with the numbers of the blocks and values concerned.
pub fn check(f: &Func) -> Result<(), String> {
    check_blocks(f)?;
    check_values(f)?;
    check_references(f)?;
    check_uses(f)?;
    // After register allocation, arguments need not dominate: their registers hold the right values.
    if f.stage < Stage::Allocated {
        let mut lists = GraphLists::default();
        let order = postorder(f, &mut lists);
        let tree = SparseTree::new(f, &dominators(f, &mut lists));
        check_dominance(f, &tree)?;
        check_loops(f, &order, &tree)?;
    }
    check_memory(f)?;
    if f.stage >= Stage::Scheduled {
        check_order(f)?;
    }
    Ok(())
}

fn check_blocks(f: &Func) -> Checked {
    let mut listed = vec![false; f.num_blocks()];
    for &b in &f.layout {
        ensure!(!listed[b.id()], "{b} is listed twice");
        listed[b.id()] = true;
        let data = &f[b];
        ensure!(data.allocated, "{b} is in the layout and free");
        for (index, edge) in data.preds.iter().enumerate() {
            let back = f[edge.block].succs.get(edge.index as usize);
            ensure!(
                back.is_some_and(|back| back.block == b && back.index as usize == index),
                "pred {index} of {b} does not know of it"
            );
        }
        for (index, edge) in data.succs.iter().enumerate() {
            let back = f[edge.block].preds.get(edge.index as usize);
            ensure!(
                back.is_some_and(|back| back.block == b && back.index as usize == index),
                "succ {index} of {b} does not know of it"
            );
        }
        check_kind(f, b)?;
    }
    ensure!(listed[f.entry.id()], "the entry {} is not listed", f.entry);
    ensure!(
        f[f.entry].preds.is_empty(),
        "the entry {} has predecessors",
        f.entry
    );
    for &b in &f.layout {
        for edge in f[b].preds.iter().chain(&f[b].succs) {
            let other = edge.block;
            ensure!(listed[other.id()], "{other}, next to {b}, is not listed");
        }
    }
    let free = f.free_blocks().iter().find(|b| listed[b.id()]);
    ensure!(free.is_none(), "a listed block is free: {free:?}");
    Ok(())
}

/// The test for types of control values; none where a block has no control.
type ControlType = Option<fn(Type) -> bool>;

/// Checks the successors and the control against the kind of the block.
fn check_kind(f: &Func, b: Block) -> Checked {
    use BlockKind::*;
    let data = &f[b];
    let (n_succs, control): (usize, ControlType) = match data.kind {
        // Waits for the next deadcode.
        Invalid => return Ok(()),
        Exit | Ret | RetJmp => (0, Some(Type::is_memory)),
        Plain => (1, None),
        First => (2, None),
        If => (2, Some(Type::is_boolean)),
        JumpTable | JUMPTABLE => (data.succs.len(), Some(Type::is_integer)),
        EQ | NE | LT | LE | GT | GE | OS | OC | ULT | ULE | UGT | UGE => (2, Some(Type::is_flags)),
    };
    let n = data.succs.len();
    ensure!(
        n == n_succs,
        "{b} of kind {} has {n} successors, not {n_succs}",
        data.kind
    );
    ensure!(
        data.control.is_some() == control.is_some(),
        "{b} of kind {} has control {:?}",
        data.kind,
        data.control
    );
    ensure!(
        data.second_control.is_some() == (data.kind == JUMPTABLE),
        "{b} of kind {} has second control {:?}",
        data.kind,
        data.second_control
    );
    if let (Some(is_right), Some(v)) = (control, data.control) {
        ensure!(
            is_right(f[v].ty),
            "{b} of kind {} has control {v} of type {:?}",
            data.kind,
            f[v].ty
        );
    }
    ensure!(
        n == 2 || data.likely == Likely::Unknown,
        "{b} has a prediction and {n} successors"
    );
    Ok(())
}

fn check_values(f: &Func) -> Checked {
    for &b in &f.layout {
        for &v in &f[b].values {
            let data = &f[v];
            let is_known = (data.op == Op::Copy) == f.is_copy(v);
            ensure!(is_known, "{v} is wrongly known as a copy or none");
            ensure!(!f.is_copy(v) || f.has_copies(), "copies are miscounted");
            ensure!(data.block == b.into(), "{v} in {b} says {:?}", data.block);
            let (n, n_args) = (data.args.len(), data.op.info().args);
            ensure!(
                n_args == VARIADIC || n == n_args as usize,
                "{v} = {} has {n} arguments, not {n_args}",
                data.op
            );
            let n_preds = f[b].preds.len();
            ensure!(
                data.op != Op::Phi || n == n_preds,
                "{v} = Phi has {n} arguments, {b} has {n_preds} predecessors"
            );
            check_aux(f, v)?;
            check_args(f, v)?;
        }
    }
    Ok(())
}

/// Checks the operands besides arguments.
fn check_aux(f: &Func, v: Value) -> Checked {
    let data = &f[v];
    let n = data.aux_int;
    let (fits, has_aux) = match data.op.info().aux {
        AuxKind::None | AuxKind::Int128 => (n == 0, false),
        AuxKind::Bool => (n == 0 || n == 1, false),
        AuxKind::Int8 => (n == i64::from(n as i8), false),
        AuxKind::Int16 => (n == i64::from(n as i16), false),
        AuxKind::Int32 => (n == i64::from(n as i32), false),
        AuxKind::Int64 => (true, false),
        AuxKind::String => (n == 0, matches!(data.aux, Aux::Str(_))),
        AuxKind::Sym | AuxKind::Typ => (n == 0, true),
        AuxKind::NameOffInt8 => (n == i64::from(n as i8), matches!(data.aux, Aux::Var(_))),
        AuxKind::SymOff | AuxKind::SymValAndOff | AuxKind::TypSize => (true, true),
    };
    ensure!(fits, "{v} = {} has aux integer {n}", data.op);
    ensure!(
        has_aux || data.aux == Aux::None,
        "{v} = {} has aux {:?}",
        data.op,
        data.aux
    );
    Ok(())
}

/// Checks the kinds of arguments.
fn check_args(f: &Func, v: Value) -> Checked {
    let data = &f[v];
    if data.op != Op::Phi {
        let n = data.args.len().saturating_sub(1);
        let memory = data.args[..n].iter().find(|&&arg| f[arg].ty.is_memory());
        ensure!(
            memory.is_none(),
            "{v} = {} has memory {memory:?} before its last argument",
            data.op
        );
    }
    let arg = |index: usize| &f[data.args[index]];
    match data.op {
        Op::Addr => ensure!(arg(0).op == Op::SB, "{v} = Addr is not relative to SB"),
        Op::LocalAddr => ensure!(
            arg(0).op == Op::SP && arg(1).ty.is_memory(),
            "{v} = LocalAddr is not of SP and memory"
        ),
        Op::SP | Op::SB => ensure!(
            data.ty == Type::UINTPTR,
            "{v} = {} has type {:?}",
            data.op,
            data.ty
        ),
        _ => {}
    }
    Ok(())
}

/// Checks that every value is listed once, that used values are listed and free ones aren't.
fn check_references(f: &Func) -> Checked {
    let mut listed = vec![false; f.num_values()];
    for &b in &f.layout {
        for &v in &f[b].values {
            ensure!(!listed[v.id()], "{v} is listed twice");
            listed[v.id()] = true;
        }
    }
    for &b in &f.layout {
        for &v in &f[b].values {
            let missing = f[v].args.iter().find(|arg| !listed[arg.id()]);
            ensure!(missing.is_none(), "{v} uses {missing:?}, which is gone");
        }
        let missing = f[b].controls().find(|control| !listed[control.id()]);
        ensure!(missing.is_none(), "{b} uses {missing:?}, which is gone");
    }
    let free = f.free_values().iter().find(|v| listed[v.id()]);
    ensure!(free.is_none(), "a listed value is free: {free:?}");
    Ok(())
}

fn check_uses(f: &Func) -> Checked {
    let mut uses = vec![0; f.num_values()];
    for &b in &f.layout {
        for &v in &f[b].values {
            for arg in &f[v].args {
                uses[arg.id()] += 1;
            }
        }
        for control in f[b].controls() {
            uses[control.id()] += 1;
        }
    }
    for &b in &f.layout {
        for &v in &f[b].values {
            let (n, says) = (uses[v.id()], f[v].uses);
            ensure!(n == says, "{v} has {n} uses and says {says}");
        }
    }
    Ok(())
}

/// Checks that the definitions of arguments and controls dominate their uses.
fn check_dominance(f: &Func, tree: &SparseTree) -> Checked {
    let dominates = |v: Value, b: Block| {
        // No rule holds in unreachable blocks.
        let block = f[v].block.expand().unwrap_or(Block::NONE);
        !tree.is_ancestor_eq(f.entry, b) || tree.is_ancestor_eq(block, b)
    };
    for &b in &f.layout {
        for &v in &f[b].values {
            for (index, &arg) in f[v].args.iter().enumerate() {
                let at = match f[v].op {
                    Op::Phi => f[b].preds[index].block,
                    _ => b,
                };
                ensure!(dominates(arg, at), "{arg} does not dominate its use by {v}");
            }
        }
        for control in f[b].controls() {
            ensure!(
                dominates(control, b),
                "control {control} does not dominate {b}"
            );
        }
    }
    Ok(())
}

/// Checks that loops are entered through their headers.
fn check_loops(f: &Func, order: &[Block], tree: &SparseTree) -> Checked {
    let nest = LoopNest::new(f, order, tree);
    if nest.has_irreducible {
        return Ok(());
    }
    for &b in order {
        for edge in &f[b].succs {
            let succ = edge.block;
            let Some(entered) = nest.of(succ) else {
                continue;
            };
            let inside = || {
                nest.of(b)
                    .is_some_and(|from| nest.is_within_or_eq(from, Some(entered)))
            };
            ensure!(
                succ == nest.loops[entered].header || inside(),
                "{b} leads to {succ} past the header of its loop"
            );
        }
    }
    Ok(())
}

/// Checks that one state of memory is live at a time: at the end of blocks and where paths meet.
///
/// Memory that is copied or not used, and blocks that cannot be reached, make the last state of a block
/// ambiguous; then nothing is checked.
fn check_memory(f: &Func) -> Checked {
    for &b in &f.layout {
        for &v in &f[b].values {
            let data = &f[v];
            if data.ty.is_memory() && (data.op == Op::Copy || data.uses == 0) {
                return Ok(());
            }
        }
        if b != f.entry && f[b].preds.is_empty() {
            return Ok(());
        }
    }
    let last = last_memory(f)?;
    for &b in &f.layout {
        for &v in &f[b].values {
            if f[v].op != Op::Phi || !f[v].ty.is_memory() {
                continue;
            }
            for (index, &arg) in f[v].args.iter().enumerate() {
                let expected = last[f[b].preds[index].block];
                ensure!(
                    Some(arg) == expected,
                    "argument {index} of memory phi {v} is {arg}, not {expected:?}"
                );
            }
        }
    }
    if f.stage >= Stage::Scheduled {
        check_memory_order(f, &last)?;
    }
    Ok(())
}

/// Returns the state of memory at the end of every block.
fn last_memory(f: &Func) -> Result<SecondaryMap<Block, Option<Value>>, String> {
    let mut last: SecondaryMap<Block, Option<Value>> = SecondaryMap::new();
    last.resize(f.num_blocks());
    let mut overwritten = SparseSet::new(f.num_values());
    let is_phi = |v: Value| f[v].op == Op::Phi;
    for &b in &f.layout {
        let values = &f[b].values;
        overwritten.clear();
        for &v in values {
            if !is_phi(v)
                && f[v].ty.is_memory()
                && let Some(memory) = f.memory_arg(v)
            {
                overwritten.add(memory.as_u32());
            }
        }
        let states = values
            .iter()
            .filter(|v| f[**v].ty.is_memory() && !overwritten.contains(v.as_u32()));
        for &v in states {
            let other = last[b].replace(v);
            ensure!(other.is_none(), "{b} ends with memory {v} and {other:?}");
        }
        if last[b].is_none() {
            // Nothing changes memory here: the state is the one that is read, if any is.
            let reads = values.iter().filter(|&&v| !is_phi(v));
            for memory in reads.filter_map(|&v| f.memory_arg(v)) {
                let other = last[b].replace(memory);
                ensure!(
                    other.is_none() || other == Some(memory),
                    "{b} reads memory {memory} and {other:?}"
                );
            }
        }
    }
    // Blocks without memory operations pass on the state of a predecessor.
    let mut work: Vec<Block> = f
        .layout
        .iter()
        .copied()
        .filter(|&b| last[b].is_some())
        .collect();
    while let Some(b) = work.pop() {
        for edge in &f[b].succs {
            if last[edge.block].is_none() {
                last[edge.block] = last[b];
                work.push(edge.block);
            }
        }
    }
    Ok(last)
}

/// Checks that in scheduled blocks every value uses the state of memory before it.
fn check_memory_order(f: &Func, last: &SecondaryMap<Block, Option<Value>>) -> Checked {
    for &b in &f.layout {
        let mut memory = None;
        for &v in &f[b].values {
            let data = &f[v];
            if data.op == Op::Phi {
                if data.ty.is_memory() {
                    memory = Some(v);
                }
                continue;
            }
            if memory.is_none()
                && let Some(pred) = f[b].preds.first()
            {
                memory = last[pred.block];
            }
            if let Some(arg) = f.memory_arg(v) {
                ensure!(
                    Some(arg) == memory,
                    "{v} uses memory {arg}, not the live {memory:?}"
                );
            }
            if data.ty.is_memory() {
                memory = Some(v);
            }
        }
    }
    Ok(())
}

/// Checks that in scheduled blocks phis come first.
fn check_order(f: &Func) -> Checked {
    for &b in &f.layout {
        let mut others = f[b].values.iter().skip_while(|v| f[**v].op == Op::Phi);
        let late = others.find(|v| f[**v].op == Op::Phi);
        ensure!(
            late.is_none(),
            "phi {late:?} in {b} comes after other values"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use minigo_obj::SymTable;

    use super::*;
    use crate::profile::GO1_15;

    const GOOD: &str = "\
== f: start nb=4 nv=6
  b1: If v3 -> b2 b3 @2:3:5? preds succs b2.0 b3.0
    v1 = InitMem <mem> u1 @0:0:0-
    v3 = Arg <bool> {a} u1 @2:2:8-
    v4 = Const64 <int> [1] u1 @0:0:0-
    v5 = Const64 <int> [2] u1 @0:0:0-
  b2: Plain -> b3 @2:4:5? preds b1.0 succs b3.1
  b3: Ret v1 @2:5:2? preds b1.1 b2.0 succs
    v2 = Phi <int> v4 v5 u0 @2:4:5-
";

    /// Returns the finding after a change to the good function.
    fn complaint(change: impl Fn(&mut Func)) -> String {
        let mut f = crate::parse(GOOD, &mut SymTable::new(), &GO1_15)
            .unwrap()
            .func;
        assert_eq!(check(&f), Ok(()));
        change(&mut f);
        check(&f).unwrap_err()
    }

    fn block(n: usize) -> Block {
        cranelift_entity::EntityRef::new(n)
    }

    fn value(n: usize) -> Value {
        cranelift_entity::EntityRef::new(n)
    }

    #[test]
    fn graph() {
        let says = complaint(|f| f[block(2)].succs[0].index = 0);
        assert_eq!(says, "succ 0 of b2 does not know of it");
        let says = complaint(|f| f.layout.push(block(2)));
        assert_eq!(says, "b2 is listed twice");
        let says = complaint(|f| f.reset_control(block(1)));
        assert_eq!(says, "b1 of kind If has control None");
        let says = complaint(|f| f.set_control(block(1), value(4)));
        assert_eq!(says, "b1 of kind If has control v4 of type int");
        let says = complaint(|f| f[block(2)].likely = Likely::Likely);
        assert_eq!(says, "b2 has a prediction and 1 successors");
    }

    #[test]
    fn values() {
        let says = complaint(|f| (f[value(5)].op, f[value(5)].aux_int) = (Op::Const8, 300));
        assert_eq!(says, "v5 = Const8 has aux integer 300");
        let says = complaint(|f| f.remove_arg(value(2), 1));
        assert_eq!(says, "v2 = Phi has 1 arguments, b3 has 2 predecessors");
        let says = complaint(|f| f[value(4)].uses = 7);
        assert_eq!(says, "v4 has 1 uses and says 7");
        let says = complaint(|f| f.move_value(value(4), block(2), 2));
        assert_eq!(says, "v4 does not dominate its use by v2");
        let says = complaint(|f| f[block(3)].values.push(value(4)));
        assert_eq!(says, "v4 in b3 says Some(b1)");
        let says = complaint(|f| f.set_free_values(vec![value(4)]).unwrap());
        assert_eq!(says, "a listed value is free: Some(v4)");
    }

    #[test]
    fn memory() {
        use minigo_base::Pos;
        let says = complaint(|f| {
            let (b, pos) = (block(2), Pos::NONE);
            let call = f.new_value(b, pos, Op::StaticCall, Type::MEM, &[value(1)]);
            f.new_value(b, pos, Op::VarLive, Type::VOID, &[call]);
            // The call changes memory on the way through b2.
            let phi = f.new_value(block(3), pos, Op::Phi, Type::MEM, &[value(1), value(1)]);
            f.set_control(block(3), phi);
        });
        assert_eq!(says, "argument 1 of memory phi v8 is v1, not Some(v6)");
    }
}
