//! `cargo xtask ci`: the definition of what must pass before a change lands.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser;

use crate::Xtask;

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Ci {
    /// Compare with this go command, too; may be repeated
    #[arg(long, value_name = "FILE")]
    go: Vec<PathBuf>,

    /// The sources of the first Go with their assembly files (default: the toolchain's)
    #[arg(long, value_name = "FOLDER", requires = "go")]
    src: Option<PathBuf>,
}

/// The commands of cargo, which need no Go. All warnings are errors.
const CARGO: &[&str] = &[
    "fmt --all --check",
    "clippy --workspace --all-targets --quiet -- -D warnings",
    "clippy --package minigo --no-default-features --quiet -- -D warnings",
    "test --workspace",
    "doc --workspace --no-deps --quiet",
    "xtask see-test",
    "xtask fuzz --programs 0 --mutations 2000 --asm-mutations 5000",
    "xtask fuzz --coverage 1m",
];

/// Comparisons with a real Go; `--go` is added to each of them.
const COMPARISONS: &[&str] = &[
    "golden --random 500",
    "golden asm --lines 1000 --per-form 1",
    "fuzz --programs 100 --mutations 0 --asm-mutations 0",
    "golden vet --packages 5",
    "golden objdump",
    // Nothing fails by its figures. It builds minigo as users install it.
    "bench --runs 1",
];

/// Runs the checks one after the other; the first that fails ends it.
///
/// # Errors
///
/// A check fails.
pub fn ci(flags: &Ci) -> Result<(), String> {
    for command in CARGO {
        cargo(command)?;
    }
    compare_page()?;
    for (index, go) in flags.go.iter().enumerate() {
        for command in COMPARISONS {
            let src = flags.src.as_deref();
            compare(
                command,
                go,
                src.filter(|_| index == 0 && command.contains(" asm ")),
            )?;
        }
    }
    Ok(())
}

/// Runs a command of cargo.
fn cargo(command: &str) -> Result<(), String> {
    println!("\n== cargo {command}");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(command.split(' '))
        .env("RUSTDOCFLAGS", "-D warnings")
        .current_dir(minigo_tests::root())
        .status()
        .map_err(|err| format!("cargo: {err}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("cargo {command} fails")),
    }
}

/// Compares the playground's compiler with the command, where there is a compiler for it; built fast.
fn compare_page() -> Result<(), String> {
    println!("\n== cargo xtask web --quick --check");
    let command = Xtask::try_parse_from(["xtask", "web", "--quick", "--check"]);
    crate::run(command.map_err(|err| err.to_string())?)
}

/// Runs a developer command that compares with a Go, in a process of its own: the peak memory of the processes that it measures
/// counts from that of the one that starts them.
fn compare(command: &str, go: &Path, src: Option<&Path>) -> Result<(), String> {
    println!("\n== cargo xtask {command}");
    let xtask = std::env::current_exe().map_err(|err| format!("xtask: {err}"))?;
    let mut process = Command::new(xtask);
    process.args(command.split(' ')).arg("--go").arg(go);
    if let Some(src) = src {
        process.arg("--src").arg(src);
    }
    let status = process.status().map_err(|err| format!("xtask: {err}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("cargo xtask {command} fails")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_are_commands() {
        for command in COMPARISONS {
            let words = ["xtask"].into_iter().chain(command.split(' '));
            Xtask::try_parse_from(words).expect(command);
        }
    }
}
