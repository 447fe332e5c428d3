//! The `minigo` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    minigo::cli::main(std::env::args_os())
}
