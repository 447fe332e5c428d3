//! The order of values within blocks: from here on it is that of emission.
//!
//! Both schedulers keep the values that could be placed next in a heap, the best one on top. Their comparison
//! of aux integers wraps, so that the order is not always transitive; then the steps of the heap decide, which
//! are those of Go's container/heap.

mod backwards;
mod forwards;

use crate::entity::Value;

pub(crate) use backwards::schedule_backwards;
pub(crate) use forwards::schedule_forwards;

/// Adds `v` to a heap whose first element comes before all others.
fn push(heap: &mut Vec<Value>, v: Value, before: impl Fn(Value, Value) -> bool) {
    let mut at = heap.len();
    heap.push(v);
    while at > 0 {
        let parent = (at - 1) / 2;
        if !before(heap[at], heap[parent]) {
            break;
        }
        heap.swap(at, parent);
        at = parent;
    }
}

/// Removes the first element of a heap.
fn pop(heap: &mut Vec<Value>, before: impl Fn(Value, Value) -> bool) -> Option<Value> {
    let last = heap.len().checked_sub(1)?;
    heap.swap(0, last);
    let mut at = 0;
    loop {
        let mut child = 2 * at + 1;
        if child >= last {
            break;
        }
        if child + 1 < last && before(heap[child + 1], heap[child]) {
            child += 1;
        }
        if !before(heap[child], heap[at]) {
            break;
        }
        heap.swap(at, child);
        at = child;
    }
    heap.pop()
}
