//! `cargo xtask`: what developers run besides cargo's own commands.

use std::process::{Command, ExitCode};

use clap::Parser;

mod asm;
mod asm_lines;
mod asm_mutations;
mod bench;
mod bless;
mod conform;
mod demo;
mod fuzz;
mod go;
mod go_mutations;
mod golden;
mod oracle;
mod random;
mod vet;

/// Developer commands of minigo.
#[derive(Parser)]
#[command(name = "cargo xtask")]
enum Xtask {
    /// Compare listings with a real Go, or record expectations from it
    Golden(golden::Golden),
    /// Random programs and mutated sources
    Fuzz(fuzz::Fuzz),
    /// Go's own tests and library, or other folders of Go files, beside a real Go
    Conform(conform::Conform),
    /// Time, memory and size beside go tool compile
    Bench(bench::Bench),
    /// Print an example's listing and run it
    Demo(demo::Demo),
    /// What must pass before a change lands: fmt, clippy, tests; where there is a Go, findings beside go vet
    Ci,
}

fn main() -> ExitCode {
    let result = match Xtask::parse() {
        Xtask::Golden(flags) => golden::golden(&flags),
        Xtask::Fuzz(flags) => fuzz::fuzz(&flags),
        Xtask::Conform(flags) => conform::conform(&flags),
        Xtask::Bench(flags) => bench::bench(&flags),
        Xtask::Demo(flags) => demo::demo(&flags),
        Xtask::Ci => ci(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the checks one after the other; the first that fails ends it.
fn ci() -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    for line in [
        "fmt --all --check",
        "clippy --workspace --all-targets -- -D warnings",
        "test --workspace",
    ] {
        println!("cargo {line}");
        let status = Command::new(&cargo)
            .args(line.split(' '))
            .status()
            .map_err(|err| format!("cargo: {err}"))?;
        if !status.success() {
            return Err(format!("cargo {line} fails"));
        }
    }
    let flags = vet::Vet {
        go: None,
        packages: 5,
        seed: 1,
    };
    match go::Go::find(None) {
        Ok(go) if vet::is_followed(&go) => {
            println!("cargo xtask golden vet --packages {}", flags.packages);
            vet::golden(&flags)
        }
        _ => Ok(()),
    }
}
