//! The pipeline from Go files to listings, objects and executables, and the command line over it.

pub mod asm;
mod attempts;
pub mod build;
pub mod cli;
mod constraint;
mod debug;
pub mod files;
pub mod flags;
mod functions;
mod messages;
mod output;
mod parallel;
mod place;
mod profile;
mod sfiles;
pub mod target;
pub mod vet;
