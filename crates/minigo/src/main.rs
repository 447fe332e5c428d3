//! The `minigo` command.

use std::process::ExitCode;

use minigo::cli::Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

fn main() -> ExitCode {
    minigo::cli::main()
}
