//! Stores that tell the garbage collector about pointers (gc: writebarrier.go).
//!
//! In minigo's language these are stores of data words into arrays of interfaces that are known by a variable only:
//! that the array is on the stack has been forgotten.

use crate::block::{BlockKind, Likely};
use crate::config::Config;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::nilcheck::store_order;
use crate::op::Op;
use crate::ty::Type;
use crate::value::Aux;

/// Records the pointers that a store writes and overwrites, if the runtime says that it wants to know:
///
/// ```text
/// if writeBarrier.enabled {
///     buf := gcWriteBarrier2()
///     buf[0], buf[1] = val, *ptr
/// }
/// *ptr = val
/// ```
pub(crate) fn writebarrier(f: &mut Func, _config: &Config) {
    let Some(barrier) = f.barrier else { return };
    let mut flag: Option<(Value, Value)> = None;
    for index in 0..f.layout.len() {
        let b = f.layout[index];
        let stores = f[b].values.iter().copied();
        let stores: Vec<Value> = stores.filter(|&v| needs_barrier(f, v)).collect();
        if stores.is_empty() {
            continue;
        }
        let (address, zero) = *flag.get_or_insert_with(|| {
            let (_, sb) = f.sp_sb();
            let (entry, ty) = (f.entry, Type::UINT32.pointer_to());
            let (pos, aux) = (f[entry].pos, Aux::Sym(barrier.flag));
            let address = f.new_value_aux(entry, pos, Op::Addr, ty, 0, aux, &[sb]);
            (address, f.const_int(Type::UINT32, 0))
        });
        f[b].values = store_order(f, b);
        while let Some(at) = f[b].values.iter().rposition(|v| stores.contains(v)) {
            add_barrier(f, b, at, address, zero);
        }
    }
}

/// Reports whether a store may hide a pointer from the garbage collector (gc: needwb).
fn needs_barrier(f: &Func, v: Value) -> bool {
    match (f[v].op, f[v].aux) {
        (Op::Store, Aux::Type(ty)) => ty.has_pointers() && !is_on_stack(f, f[v].args[0]),
        _ => false,
    }
}

fn base(f: &Func, mut v: Value) -> Value {
    while let Op::OffPtr | Op::AddPtr | Op::PtrIndex | Op::Copy = f[v].op {
        v = f[v].args[0];
    }
    v
}

fn is_on_stack(f: &Func, v: Value) -> bool {
    matches!(f[base(f, v)].op, Op::SP | Op::LocalAddr)
}

/// Reports whether a value is the address of a variable of a package, or comes from one that is never written.
fn is_global(f: &Func, v: Value) -> bool {
    let v = base(f, v);
    match f[v].op {
        Op::Addr | Op::ConstNil => true,
        Op::Load => {
            let from = &f[f[v].args[0]];
            matches!(from.aux, Aux::Sym(sym) if from.op == Op::Addr && f.read_only.contains_key(&sym))
        }
        _ => false,
    }
}

/// Ends `b` before the store at index `at`: with the test of the flag at `address`.
fn add_barrier(f: &mut Func, b: Block, at: usize, address: Value, zero: Value) {
    let after = f[b].values.split_off(at + 1);
    let store = f[b].values.pop().expect("the store");
    let (pos, aux) = (f[store].pos, f[store].aux);
    let [to, new, mem] = f[store].args[..] else {
        minigo_base::internal!("{store} has other arguments")
    };

    let kind = f[b].kind;
    let (then, end) = (f.new_block(BlockKind::Plain), f.new_block(kind));
    f[then].pos = pos;
    f[end].pos = f[b].pos;
    f[b].pos = pos;
    if let Some(control) = f[b].control {
        f.set_control(end, control);
    }
    f[end].likely = f[b].likely;
    let succs = std::mem::take(&mut f[b].succs);
    for edge in &succs {
        f[edge.block].preds[edge.index as usize].block = end;
    }
    f[end].succs = succs;

    let enabled = f.new_value(b, pos, Op::Load, Type::UINT32, &[address, mem]);
    let is_enabled = f.new_value(b, pos, Op::Neq32, Type::BOOL, &[enabled, zero]);
    f.reset_block_with_control(b, BlockKind::If, is_enabled);
    f[b].likely = Likely::Unlikely;
    f.add_edge(b, then);
    f.add_edge(b, end);
    f.add_edge(then, end);

    let old = f.new_value(then, pos, Op::Load, Type::UINTPTR, &[to, mem]);
    let entry = Type::UINTPTR.pointer_to();
    let both = Type::tuple(Type::UNSAFE_PTR, Type::MEM);
    let pointers = [Some(new).filter(|&v| !is_global(f, v)), Some(old)];
    let n_pointers = pointers.iter().flatten().count() as i64;
    let call = f.new_value_int(then, pos, Op::WB, both, n_pointers, &[mem]);
    let buffer = f.new_value(then, pos, Op::Select0, entry, &[call]);
    let mut recorded = f.new_value(then, pos, Op::Select1, Type::MEM, &[call]);
    for (index, pointer) in pointers.into_iter().flatten().enumerate() {
        let offset = 8 * index as i64;
        let slot = f.new_value_int(then, pos, Op::OffPtr, entry, offset, &[buffer]);
        let (ty, args) = (Aux::Type(Type::UINTPTR), [slot, pointer, recorded]);
        recorded = f.new_value_aux(then, pos, Op::Store, Type::MEM, 0, ty, &args);
    }

    let mem = f.new_value(end, pos, Op::Phi, Type::MEM, &[mem, recorded]);
    let mem = f.new_value_aux(end, pos, Op::Store, Type::MEM, 0, aux, &[to, new, mem]);
    // What follows depends on the mark of the end.
    f.reset(store, Op::WBend);
    f[store].pos = pos.with_not_stmt();
    f.add_arg(store, mem);
    f[end].values.push(store);
    f[end].values.extend(after);
    for index in 0..f[end].values.len() {
        let v = f[end].values[index];
        f[v].block = end.into();
    }
}
