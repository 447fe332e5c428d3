//! Values of a loop that are the same in every round, moved in front of it (gc: licm.go).

use crate::block::{BlockKind, Edge};
use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::lists::ValueLists;
use crate::loopnest::{Loop, LoopNest};
use crate::op::Op;

/// Moves operations that depend on nothing in an innermost loop in front of it, in a new block if the block there
/// leads elsewhere, too.
///
/// Requires lowered operations. Does nothing where a cycle is entered in two places.
pub(crate) fn loop_invariant(f: &mut Func, _config: &Config) {
    let nest = f.loopnest();
    if nest.loops.is_empty() || nest.has_irreducible {
        return;
    }
    let depends_on_loop = loop_dependent(f, &nest);
    for block_index in 0..f.layout.len() {
        let b = f.layout[block_index];
        let Some(l) = inner_loop(&nest, b) else {
            continue;
        };
        if f[nest.loops[l].header].preds.len() != 2 {
            continue;
        }
        let values = std::mem::take(&mut f[b].values);
        let (stay, leave): (Vec<Value>, Vec<Value>) =
            values.into_iter().partition(|v| depends_on_loop[v.id()]);
        f[b].values = stay;
        for v in leave {
            let target = preheader(f, &nest, l);
            f[v].block = target.into();
            f[target].values.push(v);
        }
    }
}

/// Returns the loop of a block if no other loop is inside it.
fn inner_loop(nest: &LoopNest, b: Block) -> Option<Loop> {
    // Blocks made on the way are outside.
    let l = (*nest.innermost.get(b.id())?)?;
    nest.loops[l].is_inner.then_some(l)
}

/// Returns, for each value, whether it is in an innermost loop and may be another one in each round, or can't be
/// computed unless the loop is entered.
fn loop_dependent(f: &Func, nest: &LoopNest) -> Vec<bool> {
    let mut users = Vec::new();
    let mut dependent = vec![false; f.num_values()];
    let mut work = Vec::new();
    for &b in &f.layout {
        if inner_loop(nest, b).is_none() {
            continue;
        }
        for &v in &f[b].values {
            users.extend(f[v].args.iter().map(|&arg| (arg, v)));
            // An address may be one only under a condition of the loop. Halves go where their pair goes.
            let stays = !is_safe_early(f[v].op) || f[v].ty.is_ptr();
            if stays && !matches!(f[v].op, Op::Select0 | Op::Select1) {
                dependent[v.id()] = true;
                work.push(v);
            }
        }
    }
    let users = ValueLists::new(f.num_values(), &users);
    while let Some(v) = work.pop() {
        for &user in &users[v] {
            if !std::mem::replace(&mut dependent[user.id()], true) {
                work.push(user);
            }
        }
    }
    dependent
}

/// Returns the block in front of a loop, whose header has one other predecessor.
fn preheader(f: &mut Func, nest: &LoopNest, l: Loop) -> Block {
    let header = nest.loops[l].header;
    let in_loop = |b: Block| nest.innermost.get(b.id()).copied().flatten() == Some(l);
    let pred_index = usize::from(in_loop(f[header].preds[0].block));
    let Edge { block: pred, index } = f[header].preds[pred_index];
    if f[pred].kind == BlockKind::Plain {
        return pred;
    }
    let between = f.new_block(BlockKind::Plain);
    f[between].pos = f[pred].pos;
    f[between].preds.push(Edge { block: pred, index });
    f[between].succs.push(Edge {
        block: header,
        index: pred_index as u32,
    });
    let edge = Edge {
        block: between,
        index: 0,
    };
    f[header].preds[pred_index] = edge;
    f[pred].succs[index as usize] = edge;
    between
}

/// Reports whether an operation may be done where its result isn't needed: it doesn't fault, reads no memory, and
/// makes no flags that something could destroy on the way (gc: AMD64Ops.go, earlyOk).
fn is_safe_early(op: Op) -> bool {
    use Op::*;
    match op {
        ADDQ | ADDL | ADDQconst | ADDLconst | SUBQ | SUBL | SUBQconst | SUBLconst | NEGQ | NEGL => {
            true
        }
        MULQ | MULL | MULQconst | MULLconst | MULLU | HMULQ | HMULL | HMULQU | HMULLU | AVGQU => {
            true
        }
        ANDQ | ANDL | ANDQconst | ANDLconst | ORQ | ORL | ORQconst | ORLconst | XORQ | XORL
        | XORQconst | XORLconst | NOTQ | NOTL => true,
        BTCL | BTCQ | BTRL | BTRQ | BTSL | BTSQ | BTCQconst | BTRQconst | BTSQconst => true,
        BTLconst | BTQconst => true,
        op if (SHLQ..=ROLBconst).contains(&op) => true,
        op if (CMOVQEQ..=CMOVWCS).contains(&op) => true,
        BSWAPQ | BSWAPL | SBBQcarrymask | SBBLcarrymask => true,
        SETEQ | SETNE | SETL | SETLE | SETG | SETGE | SETB | SETBE | SETA | SETAE => true,
        MOVBQSX | MOVBQZX | MOVWQSX | MOVWQZX | MOVLQSX | MOVLQZX | MOVLconst | MOVQconst => true,
        op => (LEAQ..=LEAW8).contains(&op),
    }
}
