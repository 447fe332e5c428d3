//! `cargo xtask golden objdump`: `minigo objdump` on executables of a real Go, and beside `go tool objdump`.
//!
//! A program with Go's library is built. Its disassembly must assemble to the same bytes with few instructions as data.
//! The plain one must have the functions, positions, addresses and bytes of `go tool objdump`, in its layout; where that
//! doesn't know an instruction, it goes on at another byte. Names differ: there they are Intel's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use minigo::Tool;
use minigo_tests::{disassembled, round_trip};

use crate::go::{Go, run};

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Objdump {
    /// The go command to compare with (default: the one on PATH)
    #[arg(long, value_name = "FILE")]
    pub go: Option<PathBuf>,

    /// Executables of this Go (default: a program that it builds)
    #[arg(value_name = "EXECUTABLE")]
    pub files: Vec<PathBuf>,
}

/// A program that needs much of Go's library.
const PROGRAM: &str =
    "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Println(\"hello\")\n}\n";

/// The largest share of instructions that are data, apart from padding.
const MOST_DATA: f64 = 0.01;

/// The largest share of addresses that only one disassembly has.
const MOST_OTHER: f64 = 0.01;

/// Runs the command.
///
/// # Errors
///
/// No Go is found, or there is a difference.
pub fn golden(flags: &Objdump) -> Result<(), String> {
    let Some(go) = Go::find_or_recorded(flags.go.as_deref(), &["objdump:"])? else {
        return Ok(());
    };
    let version = go.counterpart(Tool::Assembler).version;
    let work = tempfile::tempdir().map_err(|err| err.to_string())?;
    let files = match flags.files.is_empty() {
        true => programs(&go, work.path())?,
        false => flags.files.clone(),
    };
    for file in &files {
        let name = file.display();
        let data = std::fs::read(file).map_err(|err| format!("{name}: {err}"))?;
        let made = round_trip(&data, version, |_| true).map_err(|why| format!("{name}: {why}"))?;
        let share = made.data as f64 / made.instructions as f64;
        println!(
            "{name}: {} instructions have the same bytes when they are assembled again; {} ({:.2} %) as data, and {} of \
             padding",
            made.instructions,
            made.data,
            100.0 * share,
            made.padding
        );
        if share >= MOST_DATA {
            return Err("too many instructions are data".to_owned());
        }
        compare(&go, work.path(), file, &data)?;
    }
    Ok(())
}

/// Builds the program with and without symbols.
fn programs(go: &Go, dir: &Path) -> Result<Vec<PathBuf>, String> {
    std::fs::write(dir.join("x.go"), PROGRAM).map_err(|err| err.to_string())?;
    let mut files = Vec::new();
    for (name, flags) in [("full", "-ldflags="), ("stripped", "-ldflags=-s -w")] {
        let built = run(go.go(dir).args(["build", flags, "-o", name, "x.go"]));
        if !built.status.success() {
            return Err(String::from_utf8_lossy(&built.stderr).into_owned());
        }
        files.push(dir.join(name));
    }
    Ok(files)
}

/// Compares the plain disassembly with Go's, which needs symbols.
fn compare(go: &Go, dir: &Path, file: &Path, data: &[u8]) -> Result<(), String> {
    let printed = run(go.go(dir).args(["tool", "objdump"]).arg(file));
    if !printed.status.success() {
        let why = String::from_utf8_lossy(&printed.stderr);
        println!("not compared with go tool objdump: {}", why.trim_end());
        return Ok(());
    }
    let want = String::from_utf8_lossy(&printed.stdout).into_owned();
    let have = disassembled(data)?;
    let (want, have) = (functions(&want), functions(&have));
    let (mut n_lines, mut n_other, mut n_layout) = (0, 0, 0);
    for (header, want) in &want {
        let have = have
            .get(header)
            .ok_or_else(|| format!("no function {header}"))?;
        let lines = |lines: &[&str]| -> BTreeMap<String, String> {
            lines.iter().filter_map(|line| cells(line)).collect()
        };
        let (by_address, ours) = (lines(want), lines(have));
        let same_lines = by_address.keys().eq(ours.keys());
        for (address, before) in &by_address {
            n_lines += 1;
            match ours.get(address) {
                None => n_other += 1,
                Some(own) if own != before && same_lines => {
                    n_layout += 1;
                    if n_layout < 5 {
                        println!("{header}:\ngo:     {before:?}\nminigo: {own:?}");
                    }
                }
                Some(_) => {}
            }
        }
    }
    println!(
        "{} functions, {n_lines} lines as go tool objdump prints them but for names; {n_other} only there, {n_layout} differ",
        want.len()
    );
    let is_close = f64::from(n_other) < MOST_OTHER * f64::from(n_lines);
    match is_close && n_layout == 0 && want.len() == have.len() {
        true => Ok(()),
        false => Err("the disassembly differs".to_owned()),
    }
}

/// Returns the lines of each function, by its header.
fn functions(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut functions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut header = "";
    for line in text.lines() {
        if line.starts_with("TEXT ") {
            header = line;
            functions.entry(header).or_default();
        } else if let Some(lines) = functions.get_mut(header) {
            lines.push(line);
        }
    }
    functions
}

/// Returns the address of a line, and everything before the instruction.
fn cells(line: &str) -> Option<(String, String)> {
    let mut cells = line.split('\t').filter(|cell| !cell.is_empty());
    let address = cells.nth(1)?;
    let _bytes = cells.next()?;
    let instruction = cells.next()?;
    let start = instruction.as_ptr() as usize - line.as_ptr() as usize;
    Some((address.to_owned(), line[..start].to_owned()))
}
