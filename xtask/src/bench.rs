//! `cargo xtask bench`: what minigo costs beside `go tool compile`, in one run, as ratios.

mod shapes;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::go::{Go, Profile, minigo};

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Bench {
    /// The go command to compare with (default: the one on PATH)
    #[arg(long, value_name = "FILE")]
    go: Option<PathBuf>,

    /// Runs of each command, of which the median counts
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: usize,

    /// Measure how cost grows with the size of programs of several shapes instead
    #[arg(long)]
    growth: bool,
}

/// What one run took.
#[derive(Clone, Copy)]
struct Cost {
    /// In the program and in the system for it.
    cpu: Duration,
    /// The system's part of it.
    system: Duration,
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
    let minigo = minigo(Profile::Release)?;
    let dir = tempfile::tempdir().map_err(|err| err.to_string())?;
    println!(
        "go{} and minigo, medians of {} runs in turn; ratios are minigo / go",
        go.version, flags.runs
    );
    println!(
        "{:<34}{:>10}{:>10}{:>8}{:>10}{:>10}{:>8}{:>10}{:>8}",
        "", "go cpu", "cpu", "ratio", "system", "wall", "ratio", "memory", "ratio"
    );
    let listing: (&str, &[&str], &[&str]) = (
        "listing",
        &["-S", "-o", "go.o", "x.go"],
        &["build", "-S", "x.go"],
    );
    let object: (&str, &[&str], &[&str]) = (
        "object",
        &["-o", "go.o", "x.go"],
        &["build", "-c", "-o", "minigo.o", "x.go"],
    );
    let (workloads, outputs) = if flags.growth {
        (shapes::growth(), vec![object])
    } else {
        (shapes::workloads(), vec![object, listing])
    };
    for (name, source) in workloads {
        std::fs::write(dir.path().join("x.go"), source).map_err(|err| err.to_string())?;
        for &(what, theirs, ours) in &outputs {
            let mut go = go.compiler();
            go.args(theirs);
            let mut minigo = Command::new(&minigo);
            minigo.args(ours);
            let [theirs, ours] = medians(flags.runs, [go, minigo], dir.path())?;
            row(&format!("{name}, {what}"), theirs, ours);
        }
    }
    if flags.growth {
        return Ok(());
    }
    assembly(flags, &go, &minigo, dir.path())
}

/// Rows of the assembler beside `go tool asm`.
fn assembly(flags: &Bench, go: &Go, minigo: &Path, dir: &Path) -> Result<(), String> {
    for (name, n, per_function) in [
        ("an empty file", 0, 1),
        ("1,000,000 instructions", 1_000_000, 1000),
        ("the same in 10,000 functions", 1_000_000, 100),
        ("the same in one function", 1_000_000, 1_000_000),
    ] {
        // Never whole in memory: the system counts what this process had for the memory of those that it starts.
        let written = File::create(dir.join("x.s")).and_then(|file| {
            let mut file = BufWriter::new(file);
            shapes::write_instructions(&mut file, n, per_function)?;
            file.flush()
        });
        written.map_err(|err| err.to_string())?;
        let mut theirs = go.tool("asm");
        theirs.args(["-o", "go.o", "x.s"]);
        let mut ours = Command::new(minigo);
        ours.args(["asm", "-o", "minigo.o", "x.s"]);
        let [theirs, ours] = medians(flags.runs, [theirs, ours], dir)?;
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
        ms(ours.system),
        ms(ours.wall),
        ratio(ours.wall.as_secs_f64(), theirs.wall.as_secs_f64()),
        format!("{:.1} MB", ours.memory as f64 / 1e6),
        ratio(ours.memory as f64, theirs.memory as f64),
    );
}

/// For each command the run with the median of processor times. The commands take turns, so that what else the
/// machine does meets all of them.
fn medians<const N: usize>(
    runs: usize,
    mut commands: [Command; N],
    dir: &Path,
) -> Result<[Cost; N], String> {
    let mut costs = [(); N].map(|()| Vec::new());
    for _ in 0..runs.max(1) {
        for (command, costs) in commands.iter_mut().zip(&mut costs) {
            let command = command.current_dir(dir);
            // Warnings about the made-up assembly are no news.
            costs.push(measure(
                command.stdout(Stdio::null()).stderr(Stdio::null()),
            )?);
        }
    }
    Ok(costs.map(|mut costs| {
        costs.sort_by_key(|cost| cost.cpu);
        costs[costs.len() / 2]
    }))
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
        system: used.rusage.stime,
        wall,
        memory: used.rusage.maxrss,
    })
}
