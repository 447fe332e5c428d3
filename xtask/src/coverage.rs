//! `cargo xtask fuzz --coverage`: libFuzzer changes known inputs and keeps those that reach code which no other reached,
//! and each is checked ([`minigo_fuzz::Target`]).
//!
//! The folder `fuzz` of the target folder holds one for each target: `seeds` from the tests and examples, `found` by
//! earlier runs, `dictionary`, `log`, and findings. Recorded inputs, which every run begins with, are in `fuzz/corpus`.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use minigo_fuzz::Target;
use minigo_tests::root;
use sha2::{Digest, Sha256};
use wait4::Wait4;

use crate::fuzz::in_parallel;
use crate::go::target_folder;

/// The only system that the programs are built for. Naming it keeps the flags from build scripts.
const TRIPLE: &str = "x86_64-unknown-linux-gnu";

/// Flags of the compiler: LLVM counts how often edges between blocks are taken, where libFuzzer looks.
const INSTRUMENTED: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=3",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
];

/// The time of one input.
const LIMIT: Duration = Duration::from_secs(10);

/// The limits of one input: seconds, megabytes, bytes.
const LIMITS: &[&str] = &["-timeout=10", "-rss_limit_mb=2048", "-max_len=16384"];

/// The program from which the planted mistake is looked for: right, and wrong if it shifted to the right. The call is
/// between the constant and its use, so that only the optimizer knows the value.
const NEAR_PLANTED: &str = "package main

func f(a int64) int64 {
	x := int64(-8)
	println(a)
	return x<<2 + a
}

func main() {
	println(f(3), f(-9))
}
";

/// The settings of a run.
pub struct Coverage<'a> {
    /// The time of each target.
    pub time: Duration,
    /// The targets' names; all if there are none.
    pub targets: &'a [String],
    /// Build with a wrong rule, which the target `behaviour` must find.
    pub planted: bool,
}

/// Builds and runs the targets, as many at a time as there are processors. Returns the number of findings.
///
/// # Errors
///
/// The programs don't build; a target doesn't exist; the planted mistake isn't found.
pub fn coverage(how: &Coverage) -> Result<u64, String> {
    if let Some(reason) = missing() {
        println!("coverage-guided fuzzing is skipped: {reason}");
        return Ok(0);
    }
    let targets = match how.planted {
        true => vec![Target::Behaviour],
        false => chosen(how.targets)?,
    };
    let programs = build(how.planted)?;
    let run = |_: &Path, index: u64| {
        let target = targets[index as usize];
        let folder = Folder::prepare(target, how.planted);
        folder
            .and_then(|folder| folder.run(&programs, how.time))
            .err()
    };
    let findings = in_parallel("target", 0, targets.len() as u64, run);
    match (how.planted, findings) {
        (false, _) => Ok(findings),
        (true, 0) => Err("the planted mistake was not found".to_owned()),
        (true, _) => {
            println!("the planted mistake was found");
            Ok(0)
        }
    }
}

/// Adds to the recorded inputs those found by earlier runs that reach code which no other input reaches.
///
/// # Errors
///
/// The programs don't build; a target doesn't exist; files can't be written.
pub fn record(names: &[String]) -> Result<(), String> {
    if let Some(reason) = missing() {
        return Err(reason.to_owned());
    }
    let targets = chosen(names)?;
    let programs = build(false)?;
    for target in targets {
        Folder::prepare(target, false)?.record(&programs)?;
    }
    Ok(())
}

/// Returns what coverage-guided fuzzing needs and this system lacks.
fn missing() -> Option<&'static str> {
    let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    let works = Command::new(compiler)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !cfg!(all(
        target_os = "linux",
        target_arch = "x86_64",
        target_env = "gnu"
    )) {
        Some("it is for Linux on amd64")
    } else if !works {
        Some("libFuzzer needs a compiler for C++ (c++, or the one that CXX names)")
    } else {
        None
    }
}

fn chosen(names: &[String]) -> Result<Vec<Target>, String> {
    if names.is_empty() {
        return Ok(Target::ALL.to_vec());
    }
    let find = |name: &String| {
        let known = Target::ALL.into_iter().find(|target| target.name() == name);
        let all = Target::ALL.map(Target::name).join(", ");
        known.ok_or_else(|| format!("there is no target {name}; there are {all}"))
    };
    names.iter().map(find).collect()
}

/// Builds the programs of all targets. Returns their folder.
fn build(planted: bool) -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let planted: &[&str] = if planted { &["--cfg=planted"] } else { &[] };
    let flags = [INSTRUMENTED, planted].concat().join("\x1f");
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--package", "minigo-fuzz", "--bins"])
        .args([
            "--features",
            "libfuzzer",
            "--profile",
            "fuzz",
            "--target",
            TRIPLE,
        ])
        .env("CARGO_ENCODED_RUSTFLAGS", flags)
        .current_dir(root())
        .status()
        .map_err(|err| format!("cargo: {err}"))?;
    match status.success() {
        true => Ok(target_folder().join(TRIPLE).join("fuzz")),
        false => Err("the fuzz targets don't build".to_owned()),
    }
}

/// The files of a target.
struct Folder {
    target: Target,
    /// The name of the target, or another one for the planted mistake.
    name: &'static str,
    path: PathBuf,
}

impl Folder {
    /// Writes seeds and dictionary.
    fn prepare(target: Target, planted: bool) -> Result<Folder, String> {
        let name = if planted { "planted" } else { target.name() };
        let path = target_folder().join("fuzz").join(name);
        let folder = Folder { target, name, path };
        let io = |err: std::io::Error| format!("{}: {err}", folder.path.display());
        let _ = std::fs::remove_dir_all(folder.seeds());
        if planted {
            let _ = std::fs::remove_dir_all(folder.found());
        }
        for made in [folder.seeds(), folder.found()] {
            std::fs::create_dir_all(made).map_err(io)?;
        }
        let seeds = match planted {
            true => vec![NEAR_PLANTED.into()],
            false => target.seeds(),
        };
        for seed in seeds {
            std::fs::write(folder.seeds().join(file_name(&seed)), seed).map_err(io)?;
        }
        std::fs::write(folder.path.join("dictionary"), target.dictionary()).map_err(io)?;
        Ok(folder)
    }

    fn seeds(&self) -> PathBuf {
        self.path.join("seeds")
    }

    fn found(&self) -> PathBuf {
        self.path.join("found")
    }

    fn recorded(&self) -> PathBuf {
        root().join("fuzz/corpus").join(self.name)
    }

    fn program(&self, programs: &Path) -> Command {
        let mut command = Command::new(programs.join(format!("fuzz-{}", self.target.name())));
        command.current_dir(&self.path).args(LIMITS);
        command
    }

    /// Runs the target for some time. An input that took long only because the machine is busy is no finding.
    ///
    /// # Errors
    ///
    /// A finding: its file, and what the program said last.
    fn run(&self, programs: &Path, time: Duration) -> Result<(), String> {
        let name = self.target.name();
        let start = Instant::now();
        loop {
            let left = time.saturating_sub(start.elapsed());
            let (is_clean, log) = self.run_once(programs, left.as_secs().max(1))?;
            println!("{name}: {}", figures(&log));
            if is_clean {
                return Ok(());
            }
            let used = slow_input(&log).and_then(|file| self.processor_time(programs, file));
            match used {
                Some(used) if used <= LIMIT => {
                    println!(
                        "{name}: an input was slow because the machine is busy: {used:?} of processor time"
                    );
                }
                _ => return Err(format!("{name}\n{}", finding(&log))),
            }
            if start.elapsed() >= time {
                return Ok(());
            }
        }
    }

    /// Runs the target for some seconds, at least one. Reports whether there is no finding, and returns the log.
    fn run_once(&self, programs: &Path, seconds: u64) -> Result<(bool, String), String> {
        let log = self.path.join("log");
        let output =
            std::fs::File::create(&log).map_err(|err| format!("{}: {err}", log.display()))?;
        let status = self
            .program(programs)
            .arg(format!("-artifact_prefix={}/", self.path.display()))
            .arg(format!("-max_total_time={seconds}"))
            .args(["-dict=dictionary", "-print_final_stats=1"])
            .args([self.found(), self.seeds()])
            .args(self.recorded().is_dir().then(|| self.recorded()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(output)
            .status()
            .map_err(|err| format!("fuzz-{}: {err}", self.target.name()))?;
        let log = std::fs::read(&log).unwrap_or_default();
        Ok((status.success(), String::from_utf8_lossy(&log).into_owned()))
    }

    /// Returns the processor time that one input takes.
    fn processor_time(&self, programs: &Path, file: &str) -> Option<Duration> {
        let mut command = self.program(programs);
        command.arg("-timeout=600").arg(file);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let used = child.ok()?.wait4().ok()?;
        Some(used.rusage.utime + used.rusage.stime)
    }

    /// Adds inputs to the recorded ones.
    fn record(&self, programs: &Path) -> Result<(), String> {
        let io = |err: std::io::Error| format!("{}: {err}", self.path.display());
        let known = tempfile::tempdir().map_err(io)?;
        std::fs::create_dir_all(self.recorded()).map_err(io)?;
        for folder in [self.seeds(), self.recorded()] {
            for (name, input) in inputs(&folder) {
                std::fs::write(known.path().join(name), input).map_err(io)?;
            }
        }
        let before: BTreeSet<OsString> = inputs(known.path()).map(|(name, _)| name).collect();
        let status = self
            .program(programs)
            // How often an edge is taken doesn't count: a few inputs are enough.
            .args(["-merge=1", "-use_counters=0"])
            .arg(known.path())
            .arg(self.found())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .map_err(io)?;
        if !status.success() {
            return Err(format!("fuzz-{} fails to merge", self.target.name()));
        }
        let added = inputs(known.path()).filter(|(name, _)| !before.contains(name));
        let mut n = 0;
        for (_, input) in added {
            std::fs::write(self.recorded().join(file_name(&input)), input).map_err(io)?;
            n += 1;
        }
        println!("{}: {n} inputs added", self.target.name());
        Ok(())
    }
}

/// Returns the names and contents of the files in a folder.
fn inputs(folder: &Path) -> impl Iterator<Item = (OsString, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((entry.file_name(), std::fs::read(entry.path()).ok()?)))
}

/// Returns the name of an input: the beginning of its digest.
fn file_name(input: &[u8]) -> String {
    let digest = Sha256::digest(input);
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Returns the file of the input that took too long, if one did.
fn slow_input(log: &str) -> Option<&str> {
    let is_slow = log.contains("ERROR: libFuzzer: timeout");
    let (_, rest) = log
        .rsplit_once("Test unit written to ")
        .filter(|_| is_slow)?;
    rest.lines().next()
}

/// Returns the figures at the end of a log.
fn figures(log: &str) -> String {
    let value = |name: &str| {
        let line = log.lines().rev().find_map(|line| line.strip_prefix(name))?;
        Some(line.trim_start_matches(':').trim().to_owned())
    };
    let of = |name: &str| value(name).unwrap_or_else(|| "?".to_owned());
    format!(
        "{} inputs, {} a second, {} kept, {} MB",
        of("stat::number_of_executed_units"),
        of("stat::average_exec_per_sec"),
        of("stat::new_units_added"),
        of("stat::peak_rss_mb")
    )
}

/// Returns the part of a log that tells of a finding: the panic, and the file that keeps the input.
fn finding(log: &str) -> String {
    let is_progress = |line: &&str| {
        line.starts_with('#') || line.starts_with("stat::") || line.starts_with("INFO:")
    };
    let lines: Vec<&str> = log.lines().filter(|line| !is_progress(line)).collect();
    let starts = |line: &&str| line.contains("panicked at") || line.contains("ERROR: libFuzzer");
    let first = lines.iter().position(starts).unwrap_or(0);
    lines[first..].join("\n")
}
