//! minigo as a library: Go source files to listings, objects and executables, without Go.

pub mod asm;
mod build;
mod built;
#[cfg(feature = "cli")]
pub mod cli;
mod constraint;
mod debug;
mod failure;
mod file_assembler;
mod files;
mod functions;
mod import_path;
mod messages;
mod options;
mod parallel;
mod profile;
mod sfiles;
mod source;
mod stack;
mod target;
pub mod vet;

pub use built::Built;
pub use failure::Failure;
pub use files::{PackageFiles, Tags};
pub use minigo_base::{Code, Excerpt, GoVersion, Message, Position};
pub use options::Options;
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
