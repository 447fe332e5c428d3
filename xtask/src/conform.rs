//! `cargo xtask conform`: programs that weren't written for minigo, beside a real Go.
//!
//! Every Go file of a folder, Go's own tests or library for example, is compiled by both, or every function as a program of
//! its own. A program that both accept must have one listing, and behave the same when it is run if its first line is
//! `// run`. A program that Go refuses must be refused in the same words. A program that minigo refuses by name must have
//! no other message that isn't Go's, and a listing must be Go's unless minigo names what it lacks.

mod cut;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};

use minigo::{GoVersion, Options, Source, Tool};

use crate::fuzz::{execute, in_parallel};
use crate::go::{Go, Profile, minigo, run};
use crate::golden::DIFFERS;
use minigo_fuzz::go_mutations::mutated;
use minigo_fuzz::random::Random;

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Conform {
    /// Folders with Go files
    #[arg(required = true)]
    folders: Vec<PathBuf>,

    /// The go command to compare with (default: the one on PATH)
    #[arg(long, value_name = "FILE")]
    go: Option<PathBuf>,

    /// A flag for both compilers: --flag=-N
    #[arg(long = "flag", value_name = "FLAG", allow_hyphen_values = true)]
    flags: Vec<String>,

    /// Functions cut out of the files, each with what it refers to, instead of files
    #[arg(long, conflicts_with = "mutations")]
    functions: bool,

    /// This many files in which a few tokens are changed, instead of all as they are
    #[arg(long, value_name = "N")]
    mutations: Option<u64>,

    /// Seed of the first changed file
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
}

/// The words of refusals by name.
const REFUSED: &str = "minigo does not support ";

/// Why Go's compiler doesn't find a package that isn't in the list that it is given. Without a list, it says that there is
/// no file.
const NOT_LISTED: &str = "(open : no such file or directory)";

/// The size in bytes of programs that functions with all that they refer to may have.
const LARGEST: usize = 100_000;

/// The numbers of files or functions that don't differ, by result.
#[derive(Default)]
struct Counts {
    listings: AtomicUsize,
    messages: AtomicUsize,
    refused: AtomicUsize,
}

/// Runs the command.
///
/// # Errors
///
/// There is no Go, or a difference; the first few are printed.
pub fn conform(flags: &Conform) -> Result<(), String> {
    let (go, minigo) = (Go::find(flags.go.as_deref())?, minigo(Profile::Quick)?);
    let counterpart = go.counterpart(Tool::Compiler);
    let both = Both {
        go: &go,
        version: counterpart.version,
        minigo: &minigo,
    };
    let folders = flags.folders.iter();
    let files: Vec<PathBuf> = folders
        .flat_map(|folder| minigo_tests::files(folder, ".go"))
        .collect();
    let counts = Counts::default();
    let compared = |dir: &Path, name: &str, text: &[u8]| {
        if std::fs::write(dir.join(name), text).is_err() {
            return Some("can't be copied".to_owned());
        }
        both.compare(dir, name, &flags.flags, &counts)
    };
    let read = |file: &Path| std::fs::read(file).unwrap_or_default();
    let packages = match flags.functions {
        true => cut::packages(&files),
        false => Vec::new(),
    };
    let cuts: Vec<cut::Cut> = packages.iter().flat_map(cut::Package::functions).collect();
    let n = flags.mutations.unwrap_or(match flags.functions {
        true => cuts.len() as u64,
        false => files.len() as u64,
    });
    let differ = match flags.mutations {
        None if flags.functions => in_parallel("function", 0, n, |dir, index| {
            let cut = &cuts[index as usize];
            let is_supported = |text: &String| supports(text, both.version);
            let is_small = |text: &String| text.len() < LARGEST;
            let text = Some(cut.whole()).filter(is_small).filter(is_supported);
            let text = text.or_else(|| Some(cut.alone()).filter(is_supported));
            let Some(text) = text else {
                counts.refused.fetch_add(1, Ordering::Relaxed);
                return None;
            };
            let finding = compared(dir, "x.go", text.as_bytes())?;
            let kept = std::env::temp_dir().join(format!("minigo-function-{index}.go"));
            let _ = std::fs::write(&kept, text);
            let (kept, file) = (kept.display(), cut.file().display());
            Some(format!("{kept}, {} of {file}: {finding}", cut.name()))
        }),
        None => in_parallel("file", 0, n, |dir, index| {
            let file = &files[index as usize];
            let name = file.file_name()?.to_str()?;
            let finding = compared(dir, name, &read(file))?;
            Some(format!("{}: {finding}", file.display()))
        }),
        Some(n) => in_parallel("seed", flags.seed, n, |dir, seed| {
            let mut random = Random::new(seed);
            let file = &files[random.below(files.len())];
            let text = String::from_utf8_lossy(&read(file)).into_owned();
            let text = mutated(&text, &mut random);
            let finding = compared(dir, "x.go", text.as_bytes())?;
            let kept = std::env::temp_dir().join(format!("minigo-go-{seed}.go"));
            let _ = std::fs::write(&kept, &text);
            Some(format!(
                "{} of {}: {finding}",
                kept.display(),
                file.display()
            ))
        }),
    };
    let what = if flags.functions {
        "functions"
    } else {
        "files"
    };
    println!(
        "{n} {what}: {} with Go's listing, {} with its messages, {} refused by name, {differ} differ",
        counts.listings.into_inner(),
        counts.messages.into_inner(),
        counts.refused.into_inner(),
    );
    counterpart.result(differ == 0, &format!("{differ} {what} differ"))
}

/// Reports whether a program uses nothing that minigo refuses by name. It may be wrong otherwise.
fn supports(text: &str, version: GoVersion) -> bool {
    let options = Options {
        version,
        all_errors: true,
        ..Options::default()
    };
    let checked = minigo::check(&[Source::new("x.go", text)], &options);
    checked.map_or_else(|failure| !failure.to_string().contains(REFUSED), |()| true)
}

/// The compilers.
struct Both<'a> {
    go: &'a Go,
    version: GoVersion,
    minigo: &'a Path,
}

impl Both<'_> {
    /// Compiles a file in `dir`, runs it if it asks for that, and returns the difference if there is one.
    fn compare(&self, dir: &Path, name: &str, flags: &[String], counts: &Counts) -> Option<String> {
        let Both { go, minigo, .. } = self;
        let source = std::fs::read(dir.join(name)).unwrap_or_default();
        let source = String::from_utf8_lossy(&source).into_owned();
        let both = flags.iter().map(String::as_str).chain(["-e", "-S"]);
        let theirs = go.compile(dir, &both.clone().collect::<Vec<_>>(), name);
        let mut command = Command::new("timeout");
        command.arg("60").arg(minigo).current_dir(dir);
        command.env("GOROOT", go.root());
        let ours = run(command
            .args(["build", "-go", self.version.name()])
            .args(go.minigo_flags(dir, name))
            .args(both)
            .arg(name));
        if !matches!(ours.status.code(), Some(0..=2)) {
            return Some(String::from_utf8_lossy(&ours.stderr).into_owned());
        }
        let want = String::from_utf8_lossy(&theirs.stdout).into_owned();
        let want = want.replace(NOT_LISTED, "(file not found)");
        let have = [ours.stdout, ours.stderr].concat();
        let have = String::from_utf8_lossy(&have).into_owned();
        let have: String = have
            .split_inclusive('\n')
            .map(|line| line.strip_prefix("./").unwrap_or(line))
            .collect();
        // Go's compiler writes there only when it dies, of endless recursion for example.
        let refused_by_both = !theirs.status.success() && !ours.status.success();
        let died = refused_by_both && !theirs.stderr.is_empty();
        if !died && have.contains(REFUSED) {
            counts.refused.fetch_add(1, Ordering::Relaxed);
            return misclaimed(&want, &have);
        }
        if !died && theirs.status.success() && have.contains(DIFFERS) {
            counts.refused.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        if !died && (want != have || theirs.status.success() != ours.status.success()) {
            return Some(diff(&want, &have));
        }
        if !theirs.status.success() {
            counts.messages.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        counts.listings.fetch_add(1, Ordering::Relaxed);
        let is_program = source.lines().next() == Some("// run");
        is_program
            .then(|| self.behaviour(dir, name, &source))
            .flatten()
    }

    /// Returns the difference between the outcomes of the executables.
    fn behaviour(&self, dir: &Path, name: &str, source: &str) -> Option<String> {
        let Both {
            go,
            version,
            minigo,
        } = *self;
        let theirs = go.build(dir, name, "theirs");
        let mut command = Command::new(minigo);
        let ours = run(command
            .current_dir(dir)
            .args(["build", "-go", version.name()])
            .args(["-o", "ours", name]));
        if !theirs.status.success() || !ours.status.success() {
            return Some(String::from_utf8_lossy(&ours.stderr).into_owned());
        }
        let (want, have) = (
            execute(version, dir, "theirs", source),
            execute(version, dir, "ours", source),
        );
        (want != have).then(|| diff(&want, &have))
    }
}

/// Returns the messages, other than refusals, that aren't Go's.
fn misclaimed(want: &str, have: &str) -> Option<String> {
    let ours = have.lines().filter(|line| !line.contains(REFUSED));
    let wrong: Vec<&str> = ours
        .filter(|line| want.lines().all(|known| known != *line))
        .collect();
    (!wrong.is_empty()).then(|| wrong.join("\n"))
}

fn diff(want: &str, have: &str) -> String {
    let diff = similar::TextDiff::from_lines(want, have);
    let text = diff
        .unified_diff()
        .context_radius(1)
        .header("go", "minigo")
        .to_string();
    text.lines()
        .take(12)
        .flat_map(|line| ["\n", line])
        .collect()
}
