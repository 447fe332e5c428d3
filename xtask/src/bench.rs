//! `cargo xtask bench`: what minigo costs beside `go tool compile`, in one run, as ratios.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::asm_lines;
use crate::go::{Go, minigo};
use crate::random::{Random, Style, program};

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Bench {
    /// The go command to compare with (default: the one on PATH)
    #[arg(long, value_name = "FILE")]
    go: Option<PathBuf>,

    /// Runs of each command, of which the median counts
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,
}

/// What one run took.
#[derive(Clone, Copy)]
struct Cost {
    cpu: Duration,
    wall: Duration,
    /// In bytes.
    memory: u64,
}

/// Runs the command.
///
/// # Errors
///
/// No Go, or a program that one of the compilers refuses.
pub fn bench(flags: &Bench) -> Result<(), String> {
    let go = Go::find(flags.go.as_deref())?;
    let minigo = minigo()?;
    let dir = tempfile::tempdir().map_err(|err| err.to_string())?;
    println!(
        "go{} and minigo, median of {} runs; ratios are minigo / go",
        go.version, flags.runs
    );
    println!(
        "{:<34}{:>10}{:>10}{:>8}{:>10}{:>10}{:>8}{:>10}{:>8}",
        "", "go cpu", "cpu", "ratio", "go wall", "wall", "ratio", "memory", "ratio"
    );
    let workloads = [
        (
            "an empty program",
            "package main\n\nfunc main() {}\n".to_owned(),
        ),
        ("1,000 small functions", functions(1000)),
        ("10,000 small functions", functions(10_000)),
        ("1,000 random functions", random_functions(1000)),
        ("1,000 blocks", blocks(1000)),
        ("10,000 blocks", blocks(10_000)),
    ];
    for (name, source) in workloads {
        std::fs::write(dir.path().join("x.go"), source).map_err(|err| err.to_string())?;
        for (what, theirs, ours) in [
            (
                "object",
                vec!["-o", "go.o", "x.go"],
                vec!["build", "-c", "-o", "minigo.o", "x.go"],
            ),
            (
                "listing",
                vec!["-S", "-o", "go.o", "x.go"],
                vec!["build", "-S", "x.go"],
            ),
        ] {
            let theirs = median(
                flags.runs,
                || {
                    let mut command = go.compiler();
                    command.args(&theirs);
                    command
                },
                dir.path(),
            )?;
            let ours = median(
                flags.runs,
                || {
                    let mut command = Command::new(&minigo);
                    command.args(&ours);
                    command
                },
                dir.path(),
            )?;
            row(&format!("{name}, {what}"), theirs, ours);
        }
    }
    assembly(flags, &go, &minigo, dir.path())
}

/// Rows of the assembler beside `go tool asm`.
fn assembly(flags: &Bench, go: &Go, minigo: &Path, dir: &Path) -> Result<(), String> {
    for (name, source) in [
        ("an empty file", "\n".to_owned()),
        ("1,000,000 instructions", instructions(1_000_000, 1000)),
        ("the same in 10,000 functions", instructions(1_000_000, 100)),
    ] {
        std::fs::write(dir.join("x.s"), source).map_err(|err| err.to_string())?;
        let theirs = || {
            let mut command = go.tool("asm");
            command.args(["-o", "go.o", "x.s"]);
            command
        };
        let ours = || {
            let mut command = Command::new(minigo);
            command.args(["asm", "-o", "minigo.o", "x.s"]);
            command
        };
        let theirs = median(flags.runs, theirs, dir)?;
        let ours = median(flags.runs, ours, dir)?;
        row(&format!("{name}, assembled"), theirs, ours);
    }
    Ok(())
}

fn row(name: &str, theirs: Cost, ours: Cost) {
    let ms = |duration: Duration| format!("{:.1} ms", duration.as_secs_f64() * 1e3);
    let ratio = |ours: f64, theirs: f64| format!("{:.3}", ours / theirs);
    println!(
        "{name:<34}{:>10}{:>10}{:>8}{:>10}{:>10}{:>8}{:>10}{:>8}",
        ms(theirs.cpu),
        ms(ours.cpu),
        ratio(ours.cpu.as_secs_f64(), theirs.cpu.as_secs_f64()),
        ms(theirs.wall),
        ms(ours.wall),
        ratio(ours.wall.as_secs_f64(), theirs.wall.as_secs_f64()),
        format!("{:.1} MB", ours.memory as f64 / 1e6),
        ratio(ours.memory as f64, theirs.memory as f64),
    );
}

/// The run with the median of processor times.
fn median(runs: usize, command: impl Fn() -> Command, dir: &Path) -> Result<Cost, String> {
    let mut costs = Vec::new();
    for _ in 0..runs.max(1) {
        costs.push(measure(command().current_dir(dir).stdout(Stdio::null()))?);
    }
    costs.sort_by_key(|cost| cost.cpu);
    Ok(costs[costs.len() / 2])
}

fn measure(command: &mut Command) -> Result<Cost, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let start = Instant::now();
    let child = command.spawn().map_err(|err| format!("{name}: {err}"))?;
    let used = child.wait4().map_err(|err| format!("{name}: {err}"))?;
    let wall = start.elapsed();
    if !used.status.success() {
        return Err(format!("{name} fails"));
    }
    Ok(Cost {
        cpu: used.rusage.utime + used.rusage.stime,
        wall,
        memory: used.rusage.maxrss,
    })
}

/// A package of small functions: a loop, a branch, a switch, a call, in turn.
fn functions(n: usize) -> String {
    let mut text = "package main\n\nfunc main() {}\n".to_owned();
    for index in 0..n {
        let (a, b) = (index % 97 + 1, index % 13 + 2);
        let body = match index % 4 {
            0 => format!("\tfor b != 0 {{\n\t\ta, b = b, a%b\n\t}}\n\treturn a * {b}, a < {a}\n"),
            1 => format!(
                "\tif a > b && b != {a} {{\n\t\ta -= {b}\n\t}} else {{\n\t\tb ^= a\n\t}}\n\treturn a + b, a == b\n"
            ),
            2 => format!(
                "\tswitch a {{\n\tcase 0, -1, {a}:\n\t\treturn b, true\n\tcase {}:\n\t\ta = b / {b}\n\t}}\n\treturn a, false\n",
                a + 100
            ),
            _ => format!(
                "\tc, ok := f{}(b, a+{a})\n\tif !ok {{\n\t\tc <<= 3\n\t}}\n\treturn c - a, ok\n",
                index - 1
            ),
        };
        let _ = write!(
            text,
            "\nfunc f{index}(a, b int32) (int32, bool) {{\n{body}}}\n"
        );
    }
    text
}

/// A package of large random functions.
fn random_functions(n: usize) -> String {
    let style = Style {
        all_integers: false,
        calls: false,
        globals: false,
        main: false,
        functions: n,
    };
    program(7, style).replacen("package p", "package main\n\nfunc main() {}", 1)
}

/// One function with about `n` basic blocks: branches and loops in a row.
fn blocks(n: usize) -> String {
    let mut text = "package main\n\nfunc main() {}\n\nfunc f(a, b, c int32) int32 {\n".to_owned();
    for index in 0..n / 6 {
        let _ = write!(
            text,
            "\tif a > {index} {{\n\t\tb += a\n\t}} else {{\n\t\tc ^= b\n\t}}\n\tfor a < c {{\n\t\ta += {}\n\t}}\n",
            index % 7 + 1
        );
    }
    text.push_str("\treturn a + b + c\n}\n");
    text
}

/// Assembly of `n` instructions of every kind, in functions of `per_function`, with jumps and labels.
fn instructions(n: usize, per_function: usize) -> String {
    let mut random = Random::new(1);
    let forms = asm_lines::of_every_form(&mut random, 1);
    let plain: Vec<&String> = forms
        .iter()
        .filter(|line| !asm_lines::moves_control_or_stack(line))
        .collect();
    let mut text = String::new();
    for index in 0..n {
        let place = index % per_function;
        match place {
            0 => {
                let _ = writeln!(text, "TEXT ·f{}(SB), 4, $0-16", index / per_function);
            }
            _ if place % 10 == 0 => {
                let _ = writeln!(
                    text,
                    "l{place}:\n\tDECQ\tAX\n\tJNE\tl{}",
                    place / 20 * 10 + 10
                );
                continue;
            }
            _ => {}
        }
        let register = random.pick(&["AX", "BX", "CX", "DX", "SI", "DI", "R8", "R9"]);
        let _ = match random.below(6) {
            0 => writeln!(text, "\tMOVQ\t{}(SP), {register}", random.below(64) * 8),
            1 => writeln!(text, "\tADDQ\t${}, {register}", random.below(4096)),
            2 => writeln!(text, "\tMOVQ\t{register}, ·x+8(SB)"),
            3 => writeln!(text, "\tLEAQ\t(AX)({register}*8), R10"),
            _ => writeln!(text, "\t{}", random.pick(&plain)),
        };
    }
    text
}
