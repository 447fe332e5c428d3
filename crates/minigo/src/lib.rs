//! minigo compiles a subset of Go to listings, objects and executables that are byte for byte those of Go's own compiler
//! (gc). This crate is the command `minigo` and a library that does the same for sources in memory.
//!
//! [`compile`] takes [`Source`]s and [`Options`]. The [`Built`] package gives its [functions](Built::functions) as data,
//! its [listing](Built::listing) as text, an [object](Built::object) or an [executable](Built::executable). A [`Failure`]
//! holds [`Message`]s with positions, which display in gc's words.
//!
//! ```
//! use minigo::{Options, Source};
//!
//! let source = Source::new("add.go", "package main
//!
//! //go:noinline
//! func add(a, b int32) (int32, bool) { return a + b, true }
//!
//! func main() { add(10, 32) }
//! ");
//! let built = minigo::compile(&[source], &Options::default())?;
//!
//! let add = built.functions().find(|function| function.name() == "\"\".add").expect("a function");
//! assert!(add.is_nosplit());
//! assert_eq!(add.frame_size(), 0);
//! let rows: Vec<String> = add.rows().map(|row| format!("{:#04x} {}", row.pc, row.text)).collect();
//! assert_eq!(rows[0], "0x00 TEXT\t\"\".add(SB), NOSPLIT|ABIInternal, $0-16");
//! assert_eq!(rows[3..], [
//!     "0x00 MOVL\t\"\".b+12(SP), AX",
//!     "0x04 MOVL\t\"\".a+8(SP), CX",
//!     "0x08 ADDL\tCX, AX",
//!     "0x0a MOVL\tAX, \"\".~r2+16(SP)",
//!     "0x0e MOVB\t$1, \"\".~r3+20(SP)",
//!     "0x13 RET",
//! ]);
//! println!("{}", rows.join("\n"));
//! # Ok::<(), minigo::Failure>(())
//! ```
//!
//! Mistakes in the program are data, too:
//!
//! ```
//! # use minigo::{Options, Source};
//! let source = Source::new("x.go", "package p\n\nfunc f() { x := 1 }\n");
//! let failure = minigo::check(&[source], &Options::default()).expect_err("x is unused");
//!
//! assert_eq!(failure.to_string(), "x.go:3:12: x declared but not used");
//! let position = failure.messages()[0].position.as_ref().expect("a position");
//! assert_eq!((position.line, position.column), (3, Some(12)));
//! ```
//!
//! # Features
//!
//! `cli`, on by default, is the command line and brings the crates that only it needs. A library turns it off with
//! `default-features = false`.
//!
//! # The environment
//!
//! Below the command line, nothing reads environment variables, changes the process or looks for the current folder:
//! [`Options::folder`] names it. Files are read for packages that [`PackageFiles`] finds, for `#include` in assembly, and to
//! see whether a relative import exists.
//!
//! # Threads
//!
//! There is no global state: any number of threads can compile at once. The passes recurse over nested code, so each call
//! works on a thread of its own with a stack of 1 GiB of address space, of which only the used part takes memory. The
//! caller's stack may be of any size. Code nested more than half a million deep is refused. Packages of many
//! functions use as many threads as there are processors.

// Streams may be closed or full; the command has functions for them.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod asm;
mod build;
mod built;
#[cfg(feature = "cli")]
pub mod cli;
mod constraint;
mod debug;
mod debugging;
mod excerpts;
mod failure;
mod file_assembler;
mod files;
mod functions;
mod import_path;
mod messages;
mod modules;
mod options;
mod parallel;
mod profile;
mod rows;
mod scopes;
mod sfiles;
pub mod sig;
mod source;
mod stack;
mod target;
mod variables;
pub mod vet;
pub mod views;

pub use built::Built;
pub use failure::Failure;
pub use files::{PackageFiles, Tags};
pub use minigo_base::{Code, Excerpt, GoVersion, Message, Position};
pub use minigo_obj::CodeModel;
pub use minigo_story::Lang;
pub use minigo_story::frame::{Frame, NoFrame};
pub use minigo_story::why::Form;
pub use options::{Options, Recording};
pub use profile::Tool;
pub use rows::{Function, ListingRow};
pub use source::Source;
pub use target::Target;

/// Compiles the Go and assembly files of a package. Names of assembly files end with `.s`.
///
/// # Errors
///
/// Errors in the program, and options that are wrong.
pub fn compile(sources: &[Source], options: &Options) -> Result<Built, Failure> {
    stack::with_large(|| build::compile(sources, options))
}

/// Parses and checks the Go files of a package.
///
/// # Errors
///
/// Errors in the program.
pub fn check(sources: &[Source], options: &Options) -> Result<(), Failure> {
    stack::with_large(|| build::check(sources, options))
}
