//! `cargo xtask golden`: minigo's listings beside those of a real Go.
//!
//! Live: every Go file of `tests/` and `examples/` and random programs are compiled by both, and compared
//! function by function. `--bless` records the expectations of test files from the real Go instead.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use minigo_tests::{Archive, files, outcome, root};

use crate::asm;
use crate::go::{Go, Profile, minigo, run};
use crate::package;
use crate::random::{Style, program};
use crate::vet;

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

/// What is compared instead of listings of Go programs.
#[derive(clap::Subcommand, Debug)]
enum What {
    /// Assembly: lines of every form, random lines, the files of Go's own sources
    Asm(asm::Asm),
    /// Findings in assembly: random packages
    Vet(vet::Vet),
}

/// What random functions are made of.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Mode {
    /// int32 and bool, no calls
    Leaf,
    /// int32 and bool, calls, prints, package variables
    I32,
    /// All integers, calls, prints, package variables
    All,
}

/// The filter that leaves the random programs.
const RANDOM: &str = "random";

/// Functions per random program.
const PER_PROGRAM: usize = 20;

/// How many functions agree.
#[derive(Default, Clone, Copy)]
struct Count {
    same: usize,
    total: usize,
}

/// Runs the command.
///
/// # Errors
///
/// No Go, or a difference.
pub fn golden(flags: &Golden) -> Result<(), String> {
    match &flags.what {
        Some(What::Asm(flags)) => return asm::golden(flags),
        Some(What::Vet(flags)) => return vet::golden(flags),
        None => {}
    }
    let go = Go::find(flags.go.as_deref())?;
    if flags.bless {
        return bless(flags, &go);
    }
    let minigo = minigo(Profile::Quick)?;
    let work = tempfile::tempdir().map_err(|err| err.to_string())?;
    let mut compare = Compare {
        flags,
        go: &go,
        minigo: &minigo,
        dir: work.path(),
        shown: false,
    };
    println!("comparing with go{}", go.version);
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
        _ if counts.iter().all(|count| count.same == count.total) => Ok(()),
        _ => Err("listings differ".to_owned()),
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
    minigo: &'a Path,
    dir: &'a Path,
    /// A difference has been printed.
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
        let version = self
            .go
            .version
            .split('.')
            .take(2)
            .collect::<Vec<_>>()
            .join(".");
        let theirs = self.go.compile(self.dir, &["-S"], "x.go");
        let ours = run(Command::new(self.minigo)
            .current_dir(self.dir)
            .args(["build", "-S", "--go", &version, "x.go"]));
        let (want, have) = (
            String::from_utf8_lossy(&theirs.stdout),
            String::from_utf8_lossy(&ours.stdout),
        );
        if !theirs.status.success() {
            println!("{what}: Go refuses the program:\n{want}");
            return Count { same: 0, total: 1 };
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
            // Functions agree, something else does not: data symbols or their order.
            self.show(what, source, "data", &want, &have);
            count.same = count.same.saturating_sub(1);
        }
        if !ours.stderr.is_empty() && count.same < count.total {
            eprint!("{}", String::from_utf8_lossy(&ours.stderr));
        }
        count
    }

    /// Prints the first difference, and in which pass it comes about.
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
            println!(
                "first pass that differs: {}",
                self.first_pass(oracle, name.trim_start_matches("\"\"."))
            );
        }
    }

    /// The name of the first pass after which the function's dump differs.
    fn first_pass(&self, oracle: &Path, name: &str) -> String {
        let theirs = run(Command::new(oracle)
            .current_dir(self.dir)
            .env("MGDUMP", name)
            .env("GOROOT", self.go.root())
            .args(["-o", "oracle.o", "x.go"]));
        let debug = format!("ssa/all/dump={name}");
        let ours = run(Command::new(self.minigo)
            .current_dir(self.dir)
            .args(["build", "-S", "-d", &debug, "x.go"]));
        let (want, have) = (
            String::from_utf8_lossy(&theirs.stdout),
            String::from_utf8_lossy(&ours.stdout),
        );
        let want = dumps(&want);
        for (pass, text) in dumps(&have) {
            let want = want
                .iter()
                .find(|(known, _)| *known == pass)
                .map(|(_, text)| *text);
            if let Some(want) = want.filter(|want| *want != text) {
                print!(
                    "{}",
                    similar::TextDiff::from_lines(want, text)
                        .unified_diff()
                        .context_radius(1)
                );
                return pass.to_owned();
            }
        }
        "none".to_owned()
    }
}

/// The dumps in a text with their passes, in order; passes that only one of the compilers has are compared
/// with nothing.
fn dumps(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for part in text
        .split("\n== ")
        .flat_map(|part| part.strip_prefix("== ").or(Some(part)))
    {
        let Some(pass) = part
            .split_once(": ")
            .and_then(|(_, rest)| rest.split_once(" nb="))
        else {
            continue;
        };
        let end = part.find("\n\"\".").map_or(part.len(), |at| at + 1);
        found.push((pass.0, &part[..end]));
    }
    found
}

/// The symbols of a listing by name: a header line, then indented lines.
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

/// Records the sections of test files, and outputs and listings of examples.
fn bless(flags: &Golden, go: &Go) -> Result<(), String> {
    let work = tempfile::tempdir().map_err(|err| err.to_string())?;
    let dir = work.path();
    let mut changed = 0;
    for file in files(&root().join("tests"), ".txtar")
        .into_iter()
        .filter(|file| wanted(flags, file))
    {
        let old = Archive::parse(&read(&file));
        let mut new = old.clone();
        for (name, _) in &old.sections {
            if let Some(arguments) = Archive::asm_arguments(name) {
                let folder = tempfile::tempdir().map_err(|err| err.to_string())?;
                let mut command = go.tool("asm");
                let said = old.asm_said(folder.path(), command.args(arguments));
                new.set(name, said.map_err(|err| err.to_string())?);
            }
        }
        if !old.package().is_empty() {
            let folder = tempfile::tempdir().map_err(|err| err.to_string())?;
            package::record(go, folder.path(), &mut new)?;
            changed += usize::from(replace(&file, &read(&file), &new.render())?);
            continue;
        }
        if let Some(source) = old.section("in.go") {
            std::fs::write(dir.join("in.go"), source).map_err(|err| err.to_string())?;
            for (name, _) in &old.sections {
                if let Some(text) = record(go, dir, name) {
                    new.set(name, text);
                }
            }
        }
        if let (Some(source), Some(_)) = (old.section("in.s"), old.section("S")) {
            std::fs::write(dir.join("in.s"), source).map_err(|err| err.to_string())?;
            new.set(
                "S",
                String::from_utf8_lossy(&go.asm(dir, "in.s").stdout).into_owned(),
            );
        }
        changed += usize::from(replace(&file, &read(&file), &new.render())?);
    }
    for file in files(&root().join("examples"), ".go")
        .into_iter()
        .filter(|file| wanted(flags, file))
    {
        let folder = file.parent().ok_or("an example without a folder")?;
        let name = file
            .file_name()
            .ok_or("an example without a name")?
            .to_string_lossy()
            .into_owned();
        let mut archive = Archive::of_example(folder).map_err(|err| err.to_string())?;
        let recorded = if archive.package().is_empty() {
            std::fs::copy(&file, dir.join(&name)).map_err(|err| err.to_string())?;
            let listing = go.compile(dir, &["-S"], &name).stdout;
            let built = go.build(dir, &name, "go.exe");
            if !built.status.success() {
                return Err(format!("{}: Go does not build it", file.display()));
            }
            let output = run(&mut Command::new(dir.join("go.exe")));
            let output = outcome(&output, dir, &read(&dir.join(&name)));
            [String::from_utf8_lossy(&listing).into_owned(), output]
        } else {
            let folder = tempfile::tempdir().map_err(|err| err.to_string())?;
            package::record(go, folder.path(), &mut archive)?;
            ["S", "out"].map(|name| archive.section(name).unwrap_or_default().to_owned())
        };
        for (file, text) in ["listing.txt", "output.txt"].into_iter().zip(recorded) {
            let path = folder.join(file);
            changed += usize::from(replace(
                &path,
                &std::fs::read_to_string(&path).unwrap_or_default(),
                &text,
            )?);
        }
    }
    println!("{changed} files changed, recorded from go{}", go.version);
    Ok(())
}

/// What the real Go prints for a section of a Go test; none for sections that are no output of it.
fn record(go: &Go, dir: &Path, section: &str) -> Option<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if let Some(pass) = section.strip_prefix("debug ") {
        let flag = format!("-d=ssa/{pass}/debug=1");
        return Some(text(&go.compile(dir, &[&flag], "in.go").stdout));
    }
    match section {
        "S" => Some(text(&go.compile(dir, &["-S"], "in.go").stdout)),
        "S -N" => Some(text(&go.compile(dir, &["-S", "-N"], "in.go").stdout)),
        "S -p main" => Some(text(
            &go.compile(dir, &["-S", "-p", "main"], "in.go").stdout,
        )),
        "err" => Some(text(&go.compile(dir, &[], "in.go").stdout)),
        "m" => Some(text(&go.compile(dir, &["-m=2"], "in.go").stdout)),
        "W" => Some(walked_trees(&text(
            &go.compile(dir, &["-W"], "in.go").stdout,
        ))),
        "out" => {
            let built = go.build(dir, "in.go", "go.exe");
            assert!(
                built.status.success(),
                "Go does not build a test: {}",
                text(&built.stdout)
            );
            let output = run(&mut Command::new(dir.join("go.exe")));
            Some(outcome(&output, dir, &read(&dir.join("in.go"))))
        }
        _ => None,
    }
}

/// The trees after walk of what `-W` prints, without gc's remarks that are no part of a tree: generation,
/// type checking, escape analysis, use, and the class of constants.
fn walked_trees(text: &str) -> String {
    let mut trees = String::new();
    let mut walked = false;
    for line in text.lines().filter(|line| !line.is_empty()) {
        let node = line.trim_start_matches(".   ");
        if node.len() == line.len() {
            walked = line.starts_with("after walk") || line.starts_with("enter");
        }
        if !walked {
            continue;
        }
        // A string may hold blanks, so words are told apart behind it only.
        let head = match node.starts_with("LITERAL-\"") {
            true => node.rfind('"').map_or(node.len(), |quote| quote + 1),
            false => node.find(' ').unwrap_or(node.len()),
        };
        let (head, rest) = node.split_at(head);
        let constant = head.starts_with("LITERAL");
        let remark = |word: &&str| {
            let starts = |prefix: &str| word.starts_with(prefix);
            ["g(", "tc(", "esc(", "ld(", "colas(", "implicit("]
                .iter()
                .any(|p| starts(p))
                || ["assigned", "used", "STRUCT-@0", "FUNC-@0"].contains(word)
                || constant && (starts("x(") || starts("class(") || word.contains('.'))
                || head == "VARKILL" && starts("l(")
        };
        trees.push_str(&line[..line.len() - node.len()]);
        trees.push_str(head);
        for word in rest
            .split(' ')
            .filter(|word| !word.is_empty() && !remark(word))
        {
            trees.push(' ');
            trees.push_str(word);
        }
        trees.push('\n');
    }
    trees
}

fn replace(path: &Path, old: &str, new: &str) -> Result<bool, String> {
    if old == new {
        return Ok(false);
    }
    std::fs::write(path, new).map_err(|err| format!("{}: {err}", path.display()))?;
    Ok(true)
}
