//! `cargo xtask bench`: the time and memory that minigo takes beside `go tool compile`, or beside another build of
//! minigo, in one run, as ratios.

mod growth;
mod shapes;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use minigo::{GoVersion, Tool};
use wait4::Wait4;

use self::growth::Shape;
use crate::go::{Go, Profile, minigo};

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Bench {
    /// The go command to compare with (default: the one on PATH)
    #[arg(long, value_name = "FILE")]
    go: Option<PathBuf>,

    /// Compare with this build of minigo instead, and fail if a row is slower or larger by more than 2 %
    #[arg(long, value_name = "FILE", conflicts_with = "go")]
    against: Option<PathBuf>,

    /// Runs of each command, whose median counts (default: 5, and 15 with --against)
    #[arg(long, value_name = "N")]
    runs: Option<usize>,

    /// Measure how cost grows with the size of programs of several shapes instead, and print the exponents of size
    /// by which minigo's time and memory grow
    #[arg(long)]
    growth: bool,

    /// With --growth, only shapes whose name contains this
    #[arg(long, value_name = "TEXT", requires = "growth")]
    shape: Option<String>,
}

/// The compiler and assembler that minigo is compared with.
enum Other {
    Go(Go, GoVersion),
    Minigo(PathBuf),
}

/// By how much a row may be slower or larger than that of another build.
const TOLERANCE: f64 = 1.02;

/// The cost of one run.
#[derive(Clone, Copy)]
struct Cost {
    /// In the program, and in the system for it.
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
/// There is no Go, a program that one of the compilers refuses, or a row above the tolerance.
pub fn bench(flags: &Bench) -> Result<(), String> {
    let other = match &flags.against {
        Some(build) => Other::Minigo(
            build
                .canonicalize()
                .map_err(|err| format!("{}: {err}", build.display()))?,
        ),
        None => {
            let go = Go::find(flags.go.as_deref())?;
            let version = go.counterpart(Tool::Compiler).version;
            Other::Go(go, version)
        }
    };
    let dir = tempfile::tempdir().map_err(|err| err.to_string())?;
    let mut table = Table {
        runs: flags.runs.unwrap_or(match other {
            Other::Go(..) => 5,
            Other::Minigo(_) => 15,
        }),
        other,
        minigo: minigo(Profile::Release)?,
        dir: dir.path(),
        above: Vec::new(),
    };
    table.head();
    let object = Output {
        name: "object",
        go: &["-o", "go.o", "x.go"],
        minigo: &["build", "-c", "-o", "minigo.o", "x.go"],
    };
    let listing = Output {
        name: "listing",
        go: &["-S", "-o", "go.o", "x.go"],
        minigo: &["build", "-S", "x.go"],
    };
    if flags.growth {
        let shapes = growth::SHAPES.iter().chain(&shapes::TWICE);
        for shape in shapes.filter(|shape| {
            let wanted = flags.shape.as_deref();
            wanted.is_none_or(|wanted| shape.name.contains(wanted))
        }) {
            table.growth(shape, &object)?;
        }
    } else {
        for (name, source) in shapes::workloads() {
            table.write(source)?;
            for output in [&object, &listing] {
                table.row(&format!("{name}, {}", output.name), "compile", output)?;
            }
        }
        table.assembly()?;
    }
    match (&table.other, table.above.as_slice()) {
        (Other::Go(..), _) | (_, []) => Ok(()),
        (_, rows) => Err(format!(
            "more than 2 % above the other build: {}",
            rows.join("; ")
        )),
    }
}

/// An output of both compilers or assemblers.
struct Output {
    name: &'static str,
    /// The arguments of Go's tool.
    go: &'static [&'static str],
    minigo: &'static [&'static str],
}

/// A table of measurements.
struct Table<'a> {
    runs: usize,
    other: Other,
    minigo: PathBuf,
    dir: &'a Path,
    /// The rows above the tolerance.
    above: Vec<String>,
}

impl Table<'_> {
    fn head(&self) {
        let other = match &self.other {
            Other::Go(go, _) => {
                println!(
                    "go{} and minigo, medians of {} runs in turn; ratios are minigo / go",
                    go.version, self.runs
                );
                "go"
            }
            Other::Minigo(build) => {
                println!(
                    "{} and minigo, medians of {} runs in turn; ratios are minigo / other",
                    build.display(),
                    self.runs
                );
                "other"
            }
        };
        println!(
            "{:<34}{:>10}{:>10}{:>8}{:>10}{:>10}{:>8}{:>10}{:>8}",
            "",
            format!("{other} cpu"),
            "cpu",
            "ratio",
            "system",
            "wall",
            "ratio",
            "memory",
            "ratio"
        );
    }

    /// Writes the Go program that is measured next.
    fn write(&self, source: String) -> Result<(), String> {
        std::fs::write(self.dir.join("x.go"), source).map_err(|err| err.to_string())
    }

    /// Measures a shape in all its sizes. A size that would take the other compiler minutes is measured in one run.
    fn growth(&mut self, shape: &Shape, output: &Output) -> Result<(), String> {
        let runs = self.runs;
        let mut last: Option<(usize, [Cost; 2])> = None;
        for &n in shape.sizes {
            self.write((shape.program)(n))?;
            let is_slow = |cost: &Cost| cost.cpu > Duration::from_secs(5);
            if last.is_some_and(|(_, costs)| costs.iter().any(is_slow)) {
                self.runs = 1;
            }
            let costs = self.row(&format!("{n} {}", shape.name), "compile", output)?;
            if let Some((smaller, before)) = last {
                let size = (n as f64 / smaller as f64).ln();
                let [theirs, ours] = [0, 1].map(|which: usize| {
                    let (before, now): (Cost, Cost) = (before[which], costs[which]);
                    let cpu = now.cpu.as_secs_f64() / before.cpu.as_secs_f64();
                    let memory = now.memory as f64 / before.memory as f64;
                    [cpu, memory].map(|ratio| ratio.ln() / size)
                });
                println!(
                    "{:<34}cpu {:.2}, memory {:.2}; the other's: {:.2}, {:.2}",
                    "  exponents", ours[0], ours[1], theirs[0], theirs[1]
                );
            }
            last = Some((n, costs));
        }
        self.runs = runs;
        Ok(())
    }

    /// Measures an output of the input in the folder, prints and returns the costs of the other and of minigo. Go's is
    /// made by `tool`.
    fn row(&mut self, name: &str, tool: &str, output: &Output) -> Result<[Cost; 2], String> {
        let build = |path: &Path| {
            let mut command = Command::new(path);
            command.args(output.minigo);
            if let Other::Go(_, version) = &self.other {
                command.args(["-go", version.name()]);
            }
            command
        };
        let other = match &self.other {
            Other::Go(go, _) => {
                let mut command = go.tool(tool);
                if tool == "compile" {
                    command.args(go.package_flags(self.dir, "x.go"));
                }
                command.args(output.go);
                command
            }
            Other::Minigo(path) => build(path),
        };
        let [theirs, ours] = medians(self.runs, [other, build(&self.minigo)], self.dir)?;
        let ms = |duration: Duration| format!("{:.1} ms", duration.as_secs_f64() * 1e3);
        let cpu = ours.cpu.as_secs_f64() / theirs.cpu.as_secs_f64();
        let wall = ours.wall.as_secs_f64() / theirs.wall.as_secs_f64();
        let memory = ours.memory as f64 / theirs.memory as f64;
        println!(
            "{name:<34}{:>10}{:>10}{cpu:>8.3}{:>10}{:>10}{wall:>8.3}{:>10}{memory:>8.3}",
            ms(theirs.cpu),
            ms(ours.cpu),
            ms(ours.system),
            ms(ours.wall),
            format!("{:.1} MB", ours.memory as f64 / 1e6),
        );
        if cpu > TOLERANCE || memory > TOLERANCE {
            self.above.push(name.to_owned());
        }
        Ok([theirs, ours])
    }

    /// Rows of the assembler.
    fn assembly(&mut self) -> Result<(), String> {
        let output = Output {
            name: "object",
            go: &["-o", "go.o", "x.s"],
            minigo: &["asm", "-o", "minigo.o", "x.s"],
        };
        for (name, n, per_function) in [
            ("an empty file", 0, 1),
            ("1,000,000 instructions", 1_000_000, 1000),
            ("the same in 10,000 functions", 1_000_000, 100),
            ("the same in one function", 1_000_000, 1_000_000),
        ] {
            // Never whole in memory: the system counts the memory that this process had for the processes that it starts.
            let written = File::create(self.dir.join("x.s")).and_then(|file| {
                let mut file = BufWriter::new(file);
                shapes::write_instructions(&mut file, n, per_function)?;
                file.flush()
            });
            written.map_err(|err| err.to_string())?;
            self.row(&format!("{name}, assembled"), "asm", &output)?;
        }
        Ok(())
    }
}

/// Returns, for each command, the run with the median of processor times. The commands take turns, so that other work
/// of the machine affects all of them.
fn medians<const N: usize>(
    runs: usize,
    mut commands: [Command; N],
    dir: &Path,
) -> Result<[Cost; N], String> {
    let mut costs = [(); N].map(|()| Vec::new());
    for _ in 0..runs.max(1) {
        for (command, costs) in commands.iter_mut().zip(&mut costs) {
            let command = command.current_dir(dir);
            // Warnings about the made-up assembly are expected.
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
