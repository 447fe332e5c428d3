//! Stacks that are large enough for the parser and later stages, which recurse over nested code.
//!
//! The parser refuses code that is nested more than half a million deep. What it accepts fits into a stack of the usual
//! size, but not always into the smaller one of a process with little address space. A caller's stack may be of any size,
//! so the functions at the root of the crate work on a thread of their own.

use std::cell::Cell;
use std::thread;

use crate::failure::Failure;

/// Size of a large stack in bytes, where there is room. Only what is used takes memory. Without optimization, frames are
/// larger.
const SIZE: u64 = if cfg!(debug_assertions) {
    4 << 30
} else {
    1 << 30
};

thread_local! {
    /// The stack of this thread is large.
    static IS_LARGE: Cell<bool> = const { Cell::new(false) };
}

/// Does `work` on a large stack: on this thread if its stack is known to be large, otherwise on a new one. A panic
/// goes on in the caller.
///
/// # Errors
///
/// The errors of `work`, and of starting a thread.
pub(crate) fn with_large<T: Send>(
    work: impl FnOnce() -> Result<T, Failure> + Send,
) -> Result<T, Failure> {
    // WebAssembly has no threads, and the stack is its engine's.
    if IS_LARGE.get() || cfg!(target_family = "wasm") {
        return work();
    }
    thread::scope(|scope| {
        let thread = builder().spawn_scoped(scope, || on_large(work));
        let thread = thread.map_err(|err| Failure::Environment(format!("no thread: {err}")))?;
        let done = thread.join();
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// A thread with a large stack.
pub(crate) fn builder() -> thread::Builder {
    thread::Builder::new().stack_size(size())
}

/// Returns the size of large stacks in bytes.
pub(crate) fn size() -> usize {
    usize::try_from(room().min(SIZE)).unwrap_or(usize::MAX)
}

/// Returns the bytes that a stack may have: less if the process may use little address space, or the machine has little
/// memory, which the system then doesn't promise.
#[cfg(unix)]
fn room() -> u64 {
    use rustix::process::{Resource, getrlimit};
    use rustix::system::sysinfo;

    let space = getrlimit(Resource::As).current;
    let info = sysinfo();
    let memory = (info.totalram as u64).saturating_mul(info.mem_unit.into());
    space.map_or(u64::MAX, |space| space / 8).min(memory / 2)
}

/// Returns the bytes that a stack may have; nothing is known of this system.
#[cfg(not(unix))]
fn room() -> u64 {
    u64::MAX
}

/// Does `work` on this thread, the rest of whose stack is large.
pub(crate) fn on_large<T>(work: impl FnOnce() -> T) -> T {
    /// Sets the mark to what it was, after a panic, too.
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IS_LARGE.set(self.0);
        }
    }
    let _restore = Restore(IS_LARGE.replace(true));
    work()
}
