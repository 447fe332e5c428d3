//! `cargo xtask golden`: minigo's listings beside those of a real Go.
//!
//! Both compile every Go file of `tests/` and `examples/` and random programs, and the listings are compared function by
//! function. A program whose listing lacks something that minigo names is left out, with a line that says so. `--bless`
//! records the expectations of test files from the real Go instead (`bless.rs`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use minigo::{GoVersion, Tool};
use minigo_obj::Dialect;
use minigo_tests::{Archive, files, root};

use crate::asm;
use crate::bless;
use crate::go::{Go, Profile, minigo, run};
use crate::objdump;
use crate::oracle;
use crate::sig;
use crate::vet;
use minigo_fuzz::random::{Style, program};

/// Flags of the command.
#[derive(clap::Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Golden {
    #[command(subcommand)]
    what: Option<What>,

    /// Only files whose path contains this; `random` for the random programs only
    filter: Option<String>,

    /// The go command to compare with (default: the one on PATH)
    #[arg(long, value_name = "FILE")]
    go: Option<PathBuf>,

    /// Record what the real Go prints into the test files, instead of comparing
    #[arg(long)]
    bless: bool,

    /// Number of random functions
    #[arg(long, value_name = "N", default_value_t = 500)]
    random: usize,

    /// First seed of the random programs
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,

    /// What random functions are made of
    #[arg(long, value_enum, default_value = "leaf")]
    mode: Mode,

    /// Name the first pass that differs, with the instrumented compiler of --oracle
    #[arg(long, requires = "oracle")]
    passes: bool,

    /// A gc that prints functions after every pass (MGDUMP)
    #[arg(long, value_name = "FILE")]
    oracle: Option<PathBuf>,
}

/// The comparisons other than that of Go programs.
#[derive(clap::Subcommand, Debug)]
enum What {
    /// Assembly: lines of every form, random lines, the files of Go's own sources
    Asm(asm::Asm),
    /// Findings in assembly: random packages
    Vet(vet::Vet),
    /// Places of arguments: random signatures
    Sig(sig::Sig),
    /// Disassembly: a program with Go's library
    Objdump(objdump::Objdump),
}

/// The types and statements of random functions.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Mode {
    /// int32 and bool, no calls
    Leaf,
    /// int32 and bool, calls, prints, package variables
    I32,
    /// All integers, calls, prints, package variables
    All,
}

/// The filter that selects the random programs.
const RANDOM: &str = "random";

/// The message about a listing that isn't gc's, before the name of what it lacks.
pub const DIFFERS: &str = "minigo: the listing differs from gc's: ";

/// The recorded tests that have listings, for machines without Go.
const RECORDED: [&str; 3] = ["examples/", "tests/build/", "tests/ssagen/"];

/// The number of functions in a random program.
const PER_PROGRAM: usize = 20;

/// The number of functions that agree.
#[derive(Default, Clone, Copy)]
struct Count {
    same: usize,
    total: usize,
}

/// Runs the command.
///
/// # Errors
///
/// There is no Go, or a difference.
pub fn golden(flags: &Golden) -> Result<(), String> {
    match &flags.what {
        Some(What::Asm(flags)) => return asm::golden(flags),
        Some(What::Vet(flags)) => return vet::golden(flags),
        Some(What::Sig(flags)) => return sig::golden(flags),
        Some(What::Objdump(flags)) => return objdump::golden(flags),
        None => {}
    }
    if flags.bless {
        let go = Go::find(flags.go.as_deref())?;
        return bless::bless(&go, flags.oracle.as_deref(), |file| wanted(flags, file));
    }
    let recorded = match &flags.filter {
        Some(filter) => vec![filter.as_str()],
        None => RECORDED.to_vec(),
    };
    let Some(go) = Go::find_or_recorded(flags.go.as_deref(), &recorded)? else {
        return Ok(());
    };
    let counterpart = go.counterpart(Tool::Compiler);
    let minigo = minigo(Profile::Quick)?;
    let work = tempfile::tempdir().map_err(|err| err.to_string())?;
    let mut compare = Compare {
        flags,
        go: &go,
        version: counterpart.version,
        minigo: &minigo,
        dir: work.path(),
        shown: false,
    };
    let examples: Vec<PathBuf> = files(&root().join("examples"), ".go")
        .into_iter()
        .filter(|f| wanted(flags, f))
        .collect();
    let examples = compare.all("examples", examples.iter().map(|file| read(file)));
    let archives = files(&root().join("tests"), ".txtar")
        .into_iter()
        .filter(|file| wanted(flags, file));
    let listed = archives.filter_map(|file| {
        let archive = Archive::parse(&read(&file));
        archive
            .section("S")
            .and(archive.section("in.go").map(str::to_owned))
    });
    let tests = compare.all("tests", listed);
    let style = Style {
        all_integers: matches!(flags.mode, Mode::All),
        calls: !matches!(flags.mode, Mode::Leaf),
        globals: !matches!(flags.mode, Mode::Leaf),
        main: false,
        functions: PER_PROGRAM,
    };
    let n_programs = match flags.filter.as_deref() {
        None | Some(RANDOM) => flags.random.div_ceil(PER_PROGRAM) as u64,
        Some(_) => 0,
    };
    let random = compare.all(
        "random",
        (0..n_programs).map(|n| program(flags.seed + n, style)),
    );
    for (what, count) in [("examples", examples), ("tests", tests), ("random", random)] {
        if flags.filter.is_some() && count.total == 0 {
            continue;
        }
        println!(
            "{what}: {} of {} functions identical",
            count.same, count.total
        );
    }
    let counts = [examples, tests, random];
    match &flags.filter {
        Some(filter) if counts.iter().all(|count| count.total == 0) => Err(format!(
            "no Go file with a listing has {filter} in its path"
        )),
        _ => {
            let same = counts.iter().all(|count| count.same == count.total);
            counterpart.result(same, "listings differ")
        }
    }
}

fn wanted(flags: &Golden, file: &Path) -> bool {
    flags
        .filter
        .as_ref()
        .is_none_or(|filter| filter != RANDOM && file.to_string_lossy().contains(filter.as_str()))
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|err| panic!("{}: {err}", file.display()))
}

struct Compare<'a> {
    flags: &'a Golden,
    go: &'a Go,
    version: GoVersion,
    minigo: &'a Path,
    dir: &'a Path,
    /// Whether a difference has been printed.
    shown: bool,
}

impl Compare<'_> {
    fn all(&mut self, what: &str, sources: impl Iterator<Item = String>) -> Count {
        let mut sum = Count::default();
        for (index, source) in sources.enumerate() {
            let count = self.one(&format!("{what} {index}"), &source);
            sum.same += count.same;
            sum.total += count.total;
        }
        sum
    }

    fn one(&mut self, what: &str, source: &str) -> Count {
        std::fs::write(self.dir.join("x.go"), source).expect("a temporary file can be written");
        let theirs = self.go.compile(self.dir, &["-S"], "x.go");
        let ours = run(Command::new(self.minigo)
            .env("GOROOT", self.go.root())
            .current_dir(self.dir)
            .args(["build", "-S", "-go", self.version.name()])
            .args(self.go.minigo_flags(self.dir, "x.go"))
            .arg("x.go"));
        let (want, have) = (
            String::from_utf8_lossy(&theirs.stdout),
            String::from_utf8_lossy(&ours.stdout),
        );
        if !theirs.status.success() {
            println!("{what}: Go refuses the program:\n{want}");
            return Count { same: 0, total: 1 };
        }
        if String::from_utf8_lossy(&ours.stderr).contains(DIFFERS) {
            println!("{what}: minigo names what its listing lacks");
            return Count::default();
        }
        let (want_symbols, have_symbols) = (symbols(&want), symbols(&have));
        let mut count = Count::default();
        for (name, text) in want_symbols.iter().filter(|(_, text)| is_function(text)) {
            count.total += 1;
            if have_symbols.get(name) == Some(text) {
                count.same += 1;
            } else {
                self.show(
                    what,
                    source,
                    name,
                    text,
                    have_symbols.get(name).copied().unwrap_or(""),
                );
            }
        }
        if count.same == count.total && want != have {
            // Functions agree, but data symbols or their order don't.
            self.show(what, source, "data", &want, &have);
            count.same = count.same.saturating_sub(1);
        }
        if !ours.stderr.is_empty() && count.same < count.total {
            eprint!("{}", String::from_utf8_lossy(&ours.stderr));
        }
        count
    }

    /// Prints the first difference, and the pass that makes it.
    fn show(&mut self, what: &str, source: &str, name: &str, want: &str, have: &str) {
        println!("{what}: {name} differs");
        if std::mem::replace(&mut self.shown, true) && !self.flags.passes {
            return;
        }
        if !self.flags.passes {
            let kept = std::env::temp_dir().join("minigo-golden.go");
            let _ = std::fs::write(&kept, source);
            println!("the program is in {}", kept.display());
        }
        print!(
            "{}",
            similar::TextDiff::from_lines(want, have)
                .unified_diff()
                .context_radius(3)
                .header("go", "minigo")
        );
        if let Some(oracle) = self.flags.oracle.as_ref().filter(|_| self.flags.passes) {
            let naming = &Dialect::of(self.version).naming;
            let function = name.trim_start_matches(&(naming.own_prefix)("main"));
            println!(
                "first pass that differs: {}",
                self.first_pass(oracle, function)
            );
        }
    }

    /// Returns the name of the first pass after which the function's dump differs.
    fn first_pass(&self, oracle: &Path, name: &str) -> String {
        let want = oracle::run(oracle, self.go, self.dir, name, &[], "x.go");
        let debug = format!("ssa/all/dump={name}");
        let ours = run(Command::new(self.minigo)
            .env("GOROOT", self.go.root())
            .current_dir(self.dir)
            .args(["build", "-S", "-go", self.version.name(), "-d", &debug])
            .args(self.go.minigo_flags(self.dir, "x.go"))
            .arg("x.go"));
        let have = String::from_utf8_lossy(&ours.stdout);
        for have in oracle::dumps(&have) {
            // Passes that only one of the compilers has are compared with nothing.
            let want = oracle::dumps(&want).find(|want| want.pass == have.pass);
            let Some(want) = want else { continue };
            let (want, text) = (want.without_state(), have.without_state());
            if want != text {
                print!(
                    "{}",
                    similar::TextDiff::from_lines(&want, &text)
                        .unified_diff()
                        .context_radius(1)
                );
                return have.pass.to_owned();
            }
        }
        "none".to_owned()
    }
}

/// Returns the symbols of a listing by name. Each is a header line and the indented lines after it.
fn symbols(listing: &str) -> BTreeMap<&str, &str> {
    let mut found = BTreeMap::new();
    let mut start = 0;
    let mut at = 0;
    for line in listing.split_inclusive('\n') {
        if !line.starts_with('\t') && at > start {
            insert(&mut found, &listing[start..at]);
            start = at;
        }
        at += line.len();
    }
    insert(&mut found, &listing[start..]);
    found
}

fn insert<'a>(found: &mut BTreeMap<&'a str, &'a str>, text: &'a str) {
    if let Some((name, _)) = text.split_once(" S") {
        found.insert(name, text);
    }
}

fn is_function(text: &str) -> bool {
    text.lines()
        .next()
        .is_some_and(|header| header.contains(" STEXT "))
}
