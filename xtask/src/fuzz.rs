//! `cargo xtask fuzz`: random programs, whose executables must behave as gc's, and mutated sources, on which minigo must
//! never panic. `--coverage` runs the targets of `fuzz/` ([`crate::coverage`]).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use minigo::{GoVersion, Tool};
use minigo_fuzz::random::{Random, Style, program};
use minigo_fuzz::{assembly, seeds};
use minigo_tests::{files, outcome, root};

use crate::coverage::{self, Coverage, coverage};
use crate::go::{Go, Profile, minigo, run};

/// The number of findings that are printed.
const SHOWN: u64 = 20;

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Fuzz {
    /// The go command to compare with (default: the one on PATH)
    #[arg(long, value_name = "FILE")]
    go: Option<PathBuf>,

    /// Number of random programs
    #[arg(long, value_name = "N", default_value_t = 100)]
    programs: u64,

    /// Number of mutated sources
    #[arg(long, value_name = "N", default_value_t = 1000)]
    mutations: u64,

    /// Number of mutated assembly files
    #[arg(long, value_name = "N", default_value_t = 1000)]
    asm_mutations: u64,

    /// First seed
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,

    /// All integer types, not only int32
    #[arg(long)]
    all: bool,

    /// Fuzz guided by coverage instead, each target for this time: seconds, or as 90s, 10m, 2h
    #[arg(long, value_name = "TIME", value_parser = time)]
    coverage: Option<Duration>,

    /// With --coverage or --record: only this target; may be repeated
    #[arg(long, value_name = "NAME")]
    target: Vec<String>,

    /// With --coverage: build with a wrong rule of the optimizer, which must be found within the time
    #[arg(long, requires = "coverage")]
    planted: bool,

    /// Add to fuzz/corpus the inputs that runs with --coverage found, if no other reaches the same code
    #[arg(long)]
    record: bool,
}

/// Reads a time.
fn time(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(['s', 'm', 'h']);
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        _ => return Err("not a number with s, m or h".to_owned()),
    };
    let number: u32 = digits.parse().map_err(|err| format!("{err}"))?;
    Ok(Duration::from_secs(u64::from(number) * unit))
}

/// Runs the command.
///
/// # Errors
///
/// There is no Go, or a finding; each is printed.
pub fn fuzz(flags: &Fuzz) -> Result<(), String> {
    if let Some(time) = flags.coverage {
        let how = Coverage {
            time,
            targets: &flags.target,
            planted: flags.planted,
        };
        let findings = coverage(&how)?;
        if findings > 0 {
            return Err(format!("{findings} findings"));
        }
    }
    if flags.record {
        coverage::record(&flags.target)?;
    }
    if flags.coverage.is_some() || flags.record {
        return Ok(());
    }
    let minigo = minigo(Profile::Quick)?;
    let mut findings = 0;
    if flags.programs > 0 {
        let go = Go::find(flags.go.as_deref())?;
        let counterpart = go.counterpart(Tool::Compiler);
        let differ = in_parallel("seed", flags.seed, flags.programs, |dir, seed| {
            behaviour(&go, counterpart.version, &minigo, dir, seed, flags.all)
        });
        println!("{} programs, {differ} behave differently", flags.programs);
        findings += if counterpart.exact { differ } else { 0 };
    }
    if flags.mutations > 0 {
        let sources: Vec<Vec<u8>> = files(&root().join("examples"), ".go")
            .iter()
            .chain(&files(&root().join("tests"), ".txtar"))
            .filter_map(|file| std::fs::read(file).ok())
            .collect();
        let panics = in_parallel("seed", flags.seed, flags.mutations, |dir, seed| {
            mutation(&minigo, dir, seed, &sources)
        });
        println!("{} mutated sources, {panics} panics", flags.mutations);
        findings += panics;
    }
    if flags.asm_mutations > 0 {
        let sources = seeds::assembly();
        let n = in_parallel("seed", flags.seed, flags.asm_mutations, |_, seed| {
            assembly_mutation(seed, &sources)
        });
        println!(
            "{} mutated assembly files, {n} findings",
            flags.asm_mutations
        );
        findings += n;
    }
    if findings == 0 {
        Ok(())
    } else {
        Err(format!("{findings} findings"))
    }
}

/// Runs `check` for `n` numbers from `first` on, on all processors. Prints its findings, with the number as that of a
/// `kind`, and returns how many there are.
pub fn in_parallel(
    kind: &str,
    first: u64,
    n: u64,
    check: impl Fn(&Path, u64) -> Option<String> + Sync,
) -> u64 {
    let next = AtomicU64::new(first);
    let found = Mutex::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let dir = tempfile::tempdir().expect("a temporary folder can be made");
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + n {
                        return;
                    }
                    if let Some(finding) = check(dir.path(), seed) {
                        let mut found = found.lock().expect("no thread panics with the lock");
                        *found += 1;
                        if *found <= SHOWN {
                            println!("{kind} {seed}: {finding}");
                        }
                    }
                }
            });
        }
    });
    found.into_inner().expect("no thread panics with the lock")
}

/// Compares the outcomes of both compilers' executables. Returns the difference, if there is one.
fn behaviour(
    go: &Go,
    version: GoVersion,
    minigo: &Path,
    dir: &Path,
    seed: u64,
    all: bool,
) -> Option<String> {
    let style = Style {
        all_integers: all,
        calls: true,
        globals: true,
        main: true,
        functions: 8,
    };
    let source = program(seed, style);
    std::fs::write(dir.join("x.go"), &source).expect("a temporary file can be written");
    let theirs = go.build(dir, "x.go", "theirs");
    if !theirs.status.success() {
        return Some(format!(
            "Go doesn't build it: {}",
            String::from_utf8_lossy(&theirs.stdout)
        ));
    }
    let _ = std::fs::remove_file(dir.join("ours"));
    let ours = run(Command::new(minigo)
        .current_dir(dir)
        .args(["build", "-go", version.name()])
        .args(["-o", "ours", "x.go"]));
    if !ours.status.success() {
        return Some(format!(
            "minigo doesn't build it: {}",
            String::from_utf8_lossy(&ours.stderr)
        ));
    }
    let (want, have) = (
        execute(version, dir, "theirs", &source),
        execute(version, dir, "ours", &source),
    );
    if want == have {
        return None;
    }
    let diff = similar::TextDiff::from_lines(&want, &have);
    Some(format!(
        "\n{}",
        diff.unified_diff().context_radius(1).header("go", "minigo")
    ))
}

/// Runs a program in `dir`, which follows a version of Go, for at most a minute.
pub fn execute(version: GoVersion, dir: &Path, exe: &str, source: &str) -> String {
    let mut command = Command::new("timeout");
    let output: Output = run(command.arg("60").arg(dir.join(exe)));
    outcome(&output, dir, source, version)
}

/// Compiles a mutated source. Returns the output if minigo panicked or took too long.
fn mutation(minigo: &Path, dir: &Path, seed: u64, sources: &[Vec<u8>]) -> Option<String> {
    let mut random = Random::new(seed);
    let mut source = sources[random.below(sources.len())].clone();
    for _ in 0..1 + random.below(8) {
        mutate(&mut random, &mut source, GO_WORDS);
    }
    std::fs::write(dir.join("x.go"), &source).expect("a temporary file can be written");
    let limit = Duration::from_secs(20).as_secs().to_string();
    let output = run(Command::new("timeout")
        .arg(limit)
        .arg(minigo)
        .current_dir(dir)
        .args(["build", "-o", "ours", "x.go"]));
    let sound = matches!(output.status.code(), Some(0..=2));
    if sound {
        return None;
    }
    let kept = std::env::temp_dir().join(format!("minigo-fuzz-{seed}.go"));
    let _ = std::fs::write(&kept, &source);
    Some(format!(
        "{}: {}",
        kept.display(),
        String::from_utf8_lossy(&output.stderr)
    ))
}

/// Assembles a mutated file. Returns the finding: a panic, a long time, or a difference without a listing.
fn assembly_mutation(seed: u64, sources: &[Vec<u8>]) -> Option<String> {
    const LIMIT: Duration = Duration::from_secs(5);
    let mut random = Random::new(seed);
    let mut source = sources[random.below(sources.len())].clone();
    for _ in 0..1 + random.below(8) {
        mutate(&mut random, &mut source, ASSEMBLY_WORDS);
    }
    let text = String::from_utf8_lossy(&source).into_owned();
    let start = Instant::now();
    let result = std::panic::catch_unwind(|| assembly::assemble(&text));
    let what = match result {
        Err(_) => "panic".to_owned(),
        Ok(_) if start.elapsed() > LIMIT => format!("{:?}", start.elapsed()),
        Ok(false) => "bytes or messages differ without a listing".to_owned(),
        Ok(true) => return None,
    };
    let kept = std::env::temp_dir().join(format!("minigo-fuzz-{seed}.s"));
    let _ = std::fs::write(&kept, &source);
    Some(format!("{}: {what}", kept.display()))
}

const GO_WORDS: &[&str] = &[
    "func ", "if ", "for ", "{", "}", "(", ")", "var x ", "int32", ":=", "case ", "goto ",
];

const ASSEMBLY_WORDS: &[&str] = &[
    "TEXT ",
    "·f(SB)",
    ", ",
    "$",
    "(AX)",
    "(BX*8)",
    "#define M(a,b) ",
    "#include \"textflag.h\"\n",
    "M(",
    "\\\n",
    "DATA ",
    "GLOBL ",
    "/8",
    "JMP ",
    "9223372036854775807",
    "-",
    "<>",
    "NOSPLIT",
    "l:\n",
    "PCALIGN $",
    "LOCK\n",
    "\0",
    "1(PC)",
    "#undef M\n",
    "#ifdef M\n",
    "#endif\n",
    "+8(FP)",
    "CALL ",
    "RET\n",
    ".BCST",
    "[Z0-Z3]",
    "$\"a\"",
    "0x1p-1074",
    ";",
    "/*",
    "*/",
    "FUNCDATA $",
];

/// Makes one change: bytes are removed, doubled, replaced or moved.
fn mutate(random: &mut Random, source: &mut Vec<u8>, words: &[&str]) {
    if source.is_empty() {
        source.push(b'x');
    }
    let at = random.below(source.len());
    let len = (1 + random.below(20)).min(source.len() - at);
    match random.below(5) {
        0 => drop(source.drain(at..at + len)),
        1 => {
            let piece = source[at..at + len].to_vec();
            let to = random.below(source.len());
            source.splice(to..to, piece);
        }
        2 => source[at] = random.bits() as u8,
        3 => source[at] = random.pick(b"(){}[];,.:=+-*/%&|^<>!\"'`\n0a"),
        _ => {
            let word = random.pick(words);
            source.splice(at..at, word.bytes());
        }
    }
}
