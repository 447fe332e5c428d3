//! `cargo xtask bench`: the time and memory that minigo takes beside `go tool compile`, or beside another build of
//! minigo, in one run, as ratios.

mod growth;
mod shapes;
mod to_c;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use minigo::{GoVersion, Tool};
use wait4::Wait4;

use self::growth::Shape;
pub(crate) use self::growth::functions;
use crate::go::{Go, Profile, minigo};

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Bench {
    /// The go command to compare with (default: the one on PATH); several, each with minigo as its version
    #[arg(long, value_name = "FILE")]
    go: Vec<PathBuf>,

    /// Compare with this build of minigo instead, and fail if a row is slower or larger by more than 2 %
    #[arg(long, value_name = "FILE", conflicts_with = "go")]
    against: Option<PathBuf>,

    /// Runs of each command, whose median counts (default: 5, and 15 with --against)
    #[arg(long, value_name = "N")]
    runs: Option<usize>,

    /// Measure how cost grows with the size of programs of several shapes instead, and print the exponents of size
    /// by which time and memory grow; beside tcc and gcc, too, if they are installed
    #[arg(long)]
    growth: bool,

    /// With --growth, only shapes whose name contains this
    #[arg(long, value_name = "TEXT", requires = "growth")]
    shape: Option<String>,
}

/// A compiler and assembler that minigo is compared with.
enum Other {
    Go(Go, GoVersion),
    Minigo(PathBuf),
    /// A compiler of C, with flags.
    C(&'static str, &'static [&'static str]),
}

impl Other {
    /// Returns the name in the table.
    fn name(&self) -> String {
        match self {
            Other::Go(_, version) => format!("go{}", version.name()),
            Other::Minigo(_) => "other".to_owned(),
            Other::C(command, flags) => [&[*command], *flags].concat().join(" "),
        }
    }
}

/// The compilers of C that growth is compared with: gcc at the level whose optimizations are most like gc's.
const C_COMPILERS: [Other; 2] = [Other::C("tcc", &[]), Other::C("gcc", &["-O1"])];

/// The time that a compiler may take for a program so that growth is measured further, except minigo's.
const PATIENCE: Duration = Duration::from_secs(20);

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
    let mut others = others(flags)?;
    let is_against = flags.against.is_some();
    if flags.growth && !is_against {
        for compiler in C_COMPILERS {
            match is_installed(&compiler) {
                true => others.push(compiler),
                false => println!("{} is not installed: not compared", compiler.name()),
            }
        }
    }
    let dir = tempfile::tempdir().map_err(|err| err.to_string())?;
    let mut table = Table {
        runs: flags.runs.unwrap_or(if is_against { 15 } else { 5 }),
        others,
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
                table.rows(&format!("{name}, {}", output.name), "compile", output)?;
            }
        }
        table.assembly()?;
    }
    match table.above.as_slice() {
        rows if is_against && !rows.is_empty() => Err(format!(
            "more than 2 % above the other build: {}",
            rows.join("; ")
        )),
        _ => Ok(()),
    }
}

/// Returns what the flags say to compare with.
fn others(flags: &Bench) -> Result<Vec<Other>, String> {
    if let Some(build) = &flags.against {
        let build = build.canonicalize();
        let build = build.map_err(|err| format!("the other build: {err}"))?;
        return Ok(vec![Other::Minigo(build)]);
    }
    let beside = |go: Option<&Path>| {
        let go = Go::find(go)?;
        let version = go.counterpart(Tool::Compiler).version;
        Ok(Other::Go(go, version))
    };
    match flags.go.as_slice() {
        [] => Ok(vec![beside(None)?]),
        gos => gos.iter().map(|go| beside(Some(go))).collect(),
    }
}

/// Reports whether the compiler of C can be run.
fn is_installed(compiler: &Other) -> bool {
    let Other::C(command, _) = compiler else {
        return true;
    };
    let mut version = Command::new(command);
    version
        .arg("-v")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
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
    others: Vec<Other>,
    minigo: PathBuf,
    dir: &'a Path,
    /// The rows above the tolerance.
    above: Vec<String>,
}

/// The costs of another compiler and of minigo, which a compiler that was given up has not.
type Costs = Option<[Cost; 2]>;

impl Table<'_> {
    fn head(&self) {
        for other in &self.others {
            match other {
                Other::Go(go, _) => print!("go{}, ", go.version),
                Other::Minigo(build) => print!("{}, ", build.display()),
                Other::C(..) => print!("{}, ", other.name()),
            }
        }
        println!(
            "and minigo, medians of {} runs in turn; ratios are minigo / other",
            self.runs
        );
        println!(
            "{:<34}{:>8}{:>12}{:>12}{:>8}{:>10}{:>12}{:>8}{:>10}{:>10}{:>8}  exponents of cpu, memory; other's",
            "",
            "beside",
            "cpu",
            "minigo's",
            "ratio",
            "system",
            "wall",
            "ratio",
            "memory",
            "minigo's",
            "ratio"
        );
    }

    /// Writes the Go program that is measured next, and the C program that does the same, if there is one. Returns whether
    /// there is.
    fn write(&self, source: String) -> Result<bool, String> {
        let write = |name, text| {
            let written = std::fs::write(self.dir.join(name), text);
            written.map_err(|err| err.to_string())
        };
        let has_c = self
            .others
            .iter()
            .any(|other| matches!(other, Other::C(..)));
        let c = has_c.then(|| to_c::to_c(&source)).flatten();
        let is_in_c = c.is_some();
        if let Some(c) = c {
            write("x.c", c)?;
        }
        write("x.go", source)?;
        Ok(is_in_c)
    }

    /// Measures a shape in all its sizes. A size that would take another compiler minutes is measured in one run, and one
    /// that would take it longer isn't measured.
    fn growth(&mut self, shape: &Shape, output: &Output) -> Result<(), String> {
        let runs = self.runs;
        let mut last: Vec<Costs> = vec![None; self.others.len()];
        for (index, &n) in shape.sizes.iter().enumerate() {
            let is_in_c = self.write((shape.program)(n))?;
            let name = format!("{n} {}", shape.name);
            let is_slow = |cost: &Cost| cost.cpu > Duration::from_secs(5);
            if last.iter().flatten().flatten().any(is_slow) {
                self.runs = 1;
            }
            for other in 0..self.others.len() {
                let is_c = matches!(self.others[other], Other::C(..));
                let before = last[other].take();
                if is_c && !is_in_c
                    || index > 0 && before.is_none_or(|[theirs, _]| theirs.cpu > PATIENCE)
                {
                    println!("{name:<34}{:>8}  not measured", self.others[other].name());
                    continue;
                }
                last[other] = self.row(&name, "compile", output, other)?;
                if let (Some(before), Some(now)) = (before, last[other]) {
                    let size = (n as f64 / shape.sizes[index - 1] as f64).ln();
                    let [theirs, ours] = [0, 1].map(|of: usize| {
                        let exponents = growth_of(before[of], now[of]);
                        exponents
                            .map(|ratio| format!("{:.2}", ratio.ln() / size))
                            .join(" ")
                    });
                    print!("  {ours}; {theirs}");
                }
                println!();
            }
        }
        self.runs = runs;
        Ok(())
    }

    /// Measures an output of the input in the folder beside one of the others, prints the row without its end, and
    /// returns both costs; none if the other compiler fails. Go's is made by `tool`.
    fn row(
        &mut self,
        name: &str,
        tool: &str,
        output: &Output,
        other: usize,
    ) -> Result<Costs, String> {
        let other = &self.others[other];
        let version = match other {
            Other::Go(_, version) => Some(version),
            _ => None,
        };
        let build = |path: &Path| {
            let mut command = Command::new(path);
            command.args(output.minigo);
            if let Some(version) = version {
                command.args(["-go", version.name()]);
            }
            command
        };
        let theirs = match other {
            Other::Go(go, _) => {
                let mut command = go.tool(tool);
                if tool == "compile" {
                    command.args(go.package_flags(self.dir, "x.go"));
                }
                command.args(output.go);
                command
            }
            Other::Minigo(path) => build(path),
            Other::C(command, flags) => {
                let mut command = Command::new(command);
                command.args(*flags).args(["-c", "-o", "c.o", "x.c"]);
                command
            }
        };
        print!("{name:<34}{:>8}", other.name());
        let [theirs, ours] = medians(self.runs, [theirs, build(&self.minigo)], self.dir)?;
        let ours = ours.ok_or_else(|| format!("minigo fails: {name}"))?;
        let Some(theirs) = theirs else {
            print!("{:>12}{:>12}", "fails", ms(ours.cpu));
            return Ok(None);
        };
        let cpu = ours.cpu.as_secs_f64() / theirs.cpu.as_secs_f64();
        let wall = ours.wall.as_secs_f64() / theirs.wall.as_secs_f64();
        let memory = ours.memory as f64 / theirs.memory as f64;
        let megabytes = |bytes: u64| format!("{:.1} MB", bytes as f64 / 1e6);
        print!(
            "{:>12}{:>12}{cpu:>8.3}{:>10}{:>12}{wall:>8.3}{:>10}{:>10}{memory:>8.3}",
            ms(theirs.cpu),
            ms(ours.cpu),
            ms(ours.system),
            ms(ours.wall),
            megabytes(theirs.memory),
            megabytes(ours.memory),
        );
        if cpu > TOLERANCE || memory > TOLERANCE {
            self.above.push(name.to_owned());
        }
        Ok(Some([theirs, ours]))
    }

    /// Prints rows beside all others.
    fn rows(&mut self, name: &str, tool: &str, output: &Output) -> Result<(), String> {
        for other in 0..self.others.len() {
            self.row(name, tool, output, other)?;
            println!();
        }
        Ok(())
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
            self.rows(&format!("{name}, assembled"), "asm", &output)?;
        }
        Ok(())
    }
}

/// Returns by how much processor time and memory have grown.
fn growth_of(before: Cost, now: Cost) -> [f64; 2] {
    let cpu = now.cpu.as_secs_f64() / before.cpu.as_secs_f64();
    [cpu, now.memory as f64 / before.memory as f64]
}

fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}

/// Returns, for each command, the run with the median of processor times; none if it fails. The commands take turns, so
/// that other work of the machine affects all of them.
fn medians<const N: usize>(
    runs: usize,
    mut commands: [Command; N],
    dir: &Path,
) -> Result<[Option<Cost>; N], String> {
    let mut costs = [(); N].map(|()| Some(Vec::new()));
    for _ in 0..runs.max(1) {
        for (command, costs) in commands.iter_mut().zip(&mut costs) {
            let Some(known) = costs else { continue };
            let command = command.current_dir(dir);
            // Warnings about the made-up assembly are expected.
            let cost = measure(command.stdout(Stdio::null()).stderr(Stdio::null()))?;
            match cost {
                Some(cost) => known.push(cost),
                None => *costs = None,
            }
        }
    }
    Ok(costs.map(|costs| {
        let mut costs = costs?;
        costs.sort_by_key(|cost: &Cost| cost.cpu);
        Some(costs[costs.len() / 2])
    }))
}

/// Returns the cost of running a command; none if it fails.
fn measure(command: &mut Command) -> Result<Option<Cost>, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let start = Instant::now();
    let child = command.spawn().map_err(|err| format!("{name}: {err}"))?;
    let used = child.wait4().map_err(|err| format!("{name}: {err}"))?;
    let wall = start.elapsed();
    Ok(used.status.success().then(|| Cost {
        cpu: used.rusage.utime + used.rusage.stime,
        system: used.rusage.stime,
        wall,
        memory: used.rusage.maxrss,
    }))
}
