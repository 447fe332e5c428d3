//! The runtime: Plan 9 assembly, assembled into every executable.
//!
//! Entry and exit, the stack that grows, print, and the panics that compiled code can raise. All of it
//! leaves every register but SP and BP to its callers, takes arguments on the stack, and is NOSPLIT.

/// The sources: file name and text.
pub const SOURCES: &[(&str, &str)] = &[
    ("runtime/rt0.s", include_str!("runtime/rt0.s")),
    ("runtime/stack.s", include_str!("runtime/stack.s")),
    ("runtime/print.s", include_str!("runtime/print.s")),
    ("runtime/panic.s", include_str!("runtime/panic.s")),
];
