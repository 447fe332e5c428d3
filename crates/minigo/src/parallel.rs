//! Work on many items in parallel.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::stack;

/// Items that a thread takes at a time: about as many small functions as starting a thread costs.
const CHUNK: usize = 32;

/// Returns the results of `work` on each item, in the order of the items, or the first failure. Each thread has a
/// state of its own for all its calls. There are as many threads as processors, but one for a few items.
pub fn map<S, I: Send, T: Send, E: Send>(
    items: Vec<I>,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, I) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let n = items.len();
    let n_chunks = n.div_ceil(CHUNK);
    let items = Mutex::new(items.into_iter().enumerate());
    let worker = || {
        let mut state = state();
        let mut done = Vec::new();
        loop {
            let mut next = items.lock().unwrap_or_else(PoisonError::into_inner);
            let chunk: Vec<(usize, I)> = next.by_ref().take(CHUNK).collect();
            drop(next);
            let Some(&(first, _)) = chunk.first() else {
                return done;
            };
            let results = chunk.into_iter().map(|(_, item)| work(&mut state, item));
            done.push((first, results.collect::<Result<Vec<T>, E>>()));
        }
    };
    let mut chunks = if n_chunks <= 1 {
        worker()
    } else {
        let n_threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        thread::scope(|scope| {
            // If the system refuses a thread, the others do its share.
            let others: Vec<_> = (1..n_threads.min(n_chunks))
                .filter_map(|_| {
                    let worker = || stack::on_large(worker);
                    stack::builder().spawn_scoped(scope, worker).ok()
                })
                .collect();
            let mut chunks = worker();
            for other in others {
                let done = other.join();
                chunks.extend(done.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            }
            chunks
        })
    };
    chunks.sort_unstable_by_key(|&(first, _)| first);
    let mut all = Vec::with_capacity(n);
    for (_, results) in chunks {
        all.extend(results?);
    }
    Ok(all)
}
