//! `cargo xtask golden asm`: minigo's assembler beside `go tool asm`, live.
//!
//! Compares lines of every form of the table and random lines, each in a function of its own: both assemblers must refuse
//! them with the same messages, or list the same bytes and relocations. Then compares every assembly file for
//! linux/amd64 of Go's own sources, function by function.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use minigo::{GoVersion, Tool};
use minigo_obj::Dialect;
use minigo_tests::{files, without_hints};

use crate::asm_lines;
use crate::fuzz::in_parallel;
use crate::go::{Go, Profile, minigo, run};
use minigo_fuzz::asm_mutations::Sources;
use minigo_fuzz::random::Random;

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Asm {
    /// The go command to compare with (default: the one on PATH)
    #[arg(long, value_name = "FILE")]
    go: Option<PathBuf>,

    /// Number of random lines
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    lines: usize,

    /// Lines of each form of the table
    #[arg(long, value_name = "N", default_value_t = 3)]
    per_form: usize,

    /// Seed of the lines
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,

    /// Go's sources with their assembly files (default: the toolchain's)
    #[arg(long, value_name = "FOLDER")]
    src: Option<PathBuf>,

    /// Only source files whose path contains this
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,

    /// Only this many mutated pieces of the sources, whose whole output is compared
    #[arg(long, value_name = "N")]
    mutations: Option<u64>,
}

/// The number of lines, functions or files that agree.
#[derive(Default, Clone, Copy)]
struct Count {
    same: usize,
    total: usize,
}

impl Count {
    fn add(&mut self, same: bool) {
        self.total += 1;
        self.same += usize::from(same);
    }
}

/// The number of lines in one run of both assemblers.
const BATCH: usize = 2000;
/// The number of differences that are printed.
const SHOWN: usize = 20;

/// Runs the command.
///
/// # Errors
///
/// There is no Go, or a difference.
pub fn golden(flags: &Asm) -> Result<(), String> {
    let Some(go) = Go::find_or_recorded(flags.go.as_deref(), &["tests/asm/", "tests/obj/"])? else {
        return Ok(());
    };
    let counterpart = go.counterpart(Tool::Assembler);
    let version = counterpart.version;
    let work = tempfile::tempdir().map_err(|err| err.to_string())?;
    let mut compare = Compare {
        minigo: minigo(Profile::Quick)?,
        dir: work.path(),
        go: &go,
        version,
        n_shown: 0,
    };
    let src = flags.src.clone().unwrap_or_else(|| go.root().join("src"));
    if let Some(n) = flags.mutations {
        let differ = mutations(&compare, &src, flags.seed, n);
        println!("{n} mutated pieces, {differ} differ");
        return counterpart.result(differ == 0, DIFFER);
    }
    let mut random = Random::new(flags.seed);
    let forms = asm_lines::of_every_form(&mut random, flags.per_form);
    let random: Vec<String> = (0..flags.lines)
        .map(|_| asm_lines::any(&mut random))
        .collect();
    let mut all_same = true;
    for (what, lines) in [("every form", forms), ("random", random)] {
        let mut same = 0;
        for batch in lines.chunks(BATCH) {
            let batch: Vec<&str> = batch.iter().map(String::as_str).collect();
            same += compare.lines(&batch);
        }
        println!("{what}: {same} of {} lines identical", lines.len());
        all_same &= same == lines.len();
    }
    let (listings, functions) = compare.sources(&src, &flags.only);
    println!(
        "{}: {} of {} functions identical, {} of {} files",
        src.display(),
        functions.same,
        functions.total,
        listings.same,
        listings.total
    );
    all_same &= functions.same == functions.total && listings.same == listings.total;
    counterpart.result(all_same, DIFFER)
}

const DIFFER: &str = "assemblers differ";

/// Compares the outputs of both for mutated pieces of the sources, one for each seed. Returns how many differ.
fn mutations(compare: &Compare, src: &Path, first: u64, n: u64) -> u64 {
    let sources = Sources::below(src, is_for_linux_amd64);
    let Compare {
        minigo,
        go,
        version,
        ..
    } = compare;
    in_parallel("seed", first, n, |dir, seed| {
        let mut random = Random::new(seed);
        let text = sources.mutated(&mut random);
        std::fs::write(dir.join("x.s"), &text).expect("a temporary file can be written");
        let compare = Compare {
            minigo: minigo.clone(),
            dir,
            go,
            version: *version,
            n_shown: 0,
        };
        let mut flags = vec!["-p".to_owned(), PACKAGE.to_owned()];
        if random.chance(50) {
            flags.push("-e".to_owned());
        }
        let (theirs, ours) = compare.both(&flags, Path::new("x.s"));
        // Where functions have one name, go tool asm lists the last one several times.
        let twice = ["double init", "redeclared"];
        let twice = twice.iter().any(|text| theirs.messages.contains(text));
        let alike = theirs == ours
            || theirs.crashed() && ours.status == Some(1)
            || twice && theirs.messages == ours.messages;
        if alike {
            return None;
        }
        let kept = std::env::temp_dir().join(format!("minigo-asm-{seed}.s"));
        let _ = std::fs::write(&kept, &text);
        let diff = difference(&theirs.whole(), &ours.whole());
        Some(format!("{}\n{diff}", kept.display()))
    })
}

/// The path of the package that made-up lines are in.
const PACKAGE: &str = "main";

/// The output of an assembler for a file.
#[derive(PartialEq, Eq)]
struct AsmOutput {
    status: Option<i32>,
    listing: String,
    /// Without the lines that minigo adds to Go's.
    messages: String,
}

impl AsmOutput {
    fn of(command: &mut Command) -> AsmOutput {
        let output = run(command);
        let messages = without_hints(&String::from_utf8_lossy(&output.stderr));
        AsmOutput {
            status: output.status.code(),
            listing: String::from_utf8_lossy(&output.stdout).into_owned(),
            messages,
        }
    }

    /// Reports whether the file was assembled.
    fn ok(&self) -> bool {
        self.status == Some(0)
    }

    /// Returns all of it as one text.
    fn whole(&self) -> String {
        format!(
            "{}{}exit status {:?}\n",
            self.listing, self.messages, self.status
        )
    }

    /// Reports whether the assembler itself failed.
    fn crashed(&self) -> bool {
        self.messages.contains("goroutine 1 [")
    }

    /// Reports whether the text was read to its end without an error.
    fn was_read(&self) -> bool {
        !self.messages.contains("asm: assembly of ")
    }

    /// Returns the messages by the function whose lines they name, and the messages that name no line.
    fn by_function(&self) -> (BTreeMap<usize, Vec<&str>>, Vec<&str>) {
        let mut placed: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        let mut others = Vec::new();
        for message in self.messages.lines() {
            let line: Option<usize> = message
                .split_once("x.s:")
                .and_then(|(_, rest)| rest.split([':', ')']).next()?.parse().ok());
            match line {
                // Reported at the end of the function, and again at the end of all functions after it.
                Some(_) if message.contains(": undefined label ") => others.push(message),
                Some(line) => placed.entry(index_of(line)).or_default().push(message),
                None if message.starts_with("asm: assembly ") => {}
                None => others.push(message),
            }
        }
        (placed, others)
    }
}

struct Compare<'a> {
    minigo: PathBuf,
    dir: &'a Path,
    go: &'a Go,
    version: GoVersion,
    n_shown: usize,
}

impl Compare<'_> {
    /// Assembles a file with both.
    fn both(&self, flags: &[String], file: &Path) -> (AsmOutput, AsmOutput) {
        let include = self.go.root().join("pkg/include");
        let assemble = |mut command: Command, listing: &[&str], object: &str| {
            command
                .current_dir(self.dir)
                .args(listing)
                .args(["-D", "GOOS_linux", "-D", "GOARCH_amd64"])
                .args(flags)
                .arg("-I")
                .arg(&include)
                .args(["-o", object])
                .arg(file);
            AsmOutput::of(&mut command)
        };
        let ours = || {
            let mut command = Command::new(&self.minigo);
            command.args(["asm", "-go", self.version.name()]);
            command
        };
        let theirs = assemble(self.go.tool("asm"), &["-S"], "go.o");
        let listed = assemble(ours(), &["-S"], "listed.o");
        let mut other = assemble(ours(), &[], "x.o");
        let object = |name| std::fs::read(self.dir.join(name)).ok();
        if listed.ok() && object("listed.o") != object("x.o") {
            other
                .messages
                .push_str("the object differs without a listing\n");
        }
        let ours = AsmOutput {
            listing: listed.listing,
            ..other
        };
        (theirs, ours)
    }

    /// Returns the number of lines that both assemble alike, or refuse with the same messages.
    fn lines(&mut self, lines: &[&str]) -> usize {
        if lines.is_empty() {
            return 0;
        }
        let text: String = lines.iter().enumerate().map(|(i, l)| wrap(i, l)).collect();
        std::fs::write(self.dir.join("x.s"), text).expect("a temporary file can be written");
        let flags = ["-e", "-p", PACKAGE].map(str::to_owned);
        let (theirs, ours) = self.both(&flags, Path::new("x.s"));
        let prefix = (Dialect::of(self.version).naming.own_prefix)(PACKAGE);
        if theirs.ok() && ours.ok() {
            let (want, have) = (functions(&theirs.listing), functions(&ours.listing));
            let same = |index: &usize| {
                let name = format!("{prefix}f{index}");
                want.get(&name) == have.get(&name)
            };
            let (alike, other): (Vec<_>, Vec<_>) = (0..lines.len()).partition(same);
            for index in other {
                let name = format!("{prefix}f{index}");
                let text = |of: &BTreeMap<String, String>| of.get(&name).cloned();
                self.show(lines[index], text(&want), text(&have));
            }
            return alike.len();
        }
        if lines.len() == 1 {
            let alike =
                theirs.ok() == ours.ok() && (theirs.messages == ours.messages || theirs.crashed());
            if !alike {
                self.show(lines[0], Some(theirs.messages), Some(ours.messages));
            }
            return usize::from(alike);
        }
        let (mut want, want_others) = theirs.by_function();
        let (mut have, have_others) = ours.by_function();
        if theirs.crashed() {
            let (first, second) = lines.split_at(lines.len() / 2);
            return self.lines(first) + self.lines(second);
        }
        if theirs.was_read() != ours.was_read() {
            // An assembler that fails while reading doesn't encode.
            if theirs.was_read() {
                want.clear();
            } else {
                have.clear();
            }
        } else if !want_others.is_empty() || !have_others.is_empty() {
            let (first, second) = lines.split_at(lines.len() / 2);
            return self.lines(first) + self.lines(second);
        }
        let refused: BTreeSet<usize> = want.keys().chain(have.keys()).copied().collect();
        let mut same = 0;
        for &index in &refused {
            let (want, have) = (want.get(&index), have.get(&index));
            if want == have {
                same += 1;
            } else {
                let text = |messages: Option<&Vec<&str>>| messages.map(|m| m.join("\n") + "\n");
                self.show(lines[index], text(want), text(have));
            }
        }
        let rest: Vec<&str> = (0..lines.len())
            .filter(|index| !refused.contains(index))
            .map(|index| lines[index])
            .collect();
        if rest.len() == lines.len() {
            self.show("a batch", Some(theirs.messages), Some(ours.messages));
            return 0;
        }
        same + self.lines(&rest)
    }

    fn show(&mut self, what: &str, want: Option<String>, have: Option<String>) {
        self.n_shown += 1;
        if self.n_shown > SHOWN {
            return;
        }
        println!("{what}");
        let (want, have) = (want.unwrap_or_default(), have.unwrap_or_default());
        print!("{}", difference(&want, &have));
    }

    /// Compares the assembly files below a folder: whole outputs, and their functions.
    fn sources(&mut self, src: &Path, only: &str) -> (Count, Count) {
        let (mut listings, mut counts) = (Count::default(), Count::default());
        for file in files(src, ".s") {
            let name = file.to_string_lossy().into_owned();
            if !is_for_linux_amd64(&file) || !name.contains(only) {
                continue;
            }
            let folder = file.parent().unwrap_or(src);
            let package = folder.strip_prefix(src).unwrap_or(folder);
            let flags = self.flags(src, &file, package);
            let (theirs, ours) = self.both(&flags, &file);
            // Go lists files that it refuses, too; minigo doesn't.
            let listed = theirs.listing == ours.listing || !theirs.ok();
            let alike = theirs.ok() == ours.ok() && listed && theirs.messages == ours.messages;
            listings.add(alike);
            let (want, have) = (functions(&theirs.listing), functions(&ours.listing));
            for (name, text) in want.into_iter().filter(|_| theirs.ok()) {
                counts.add(have.get(&name) == Some(&text));
            }
            if !alike {
                let text = |output: AsmOutput| Some(output.listing + &output.messages);
                self.show(&name, text(theirs), text(ours));
            }
        }
        (listings, counts)
    }

    /// Returns the flags for a file of a package: the folders of its headers, and of `go_asm.h` if it includes that.
    fn flags(&self, src: &Path, file: &Path, package: &Path) -> Vec<String> {
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let mut flags = vec!["-e".to_owned(), "-I".to_owned(), path(&src.join("runtime"))];
        flags.extend(["-p".to_owned(), path(package)]);
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if text.contains("\"go_asm.h\"") {
            let folder = self.dir.join(package);
            if !folder.join("go_asm.h").exists() {
                self.write_header(package, &folder);
            }
            flags.extend(["-I".to_owned(), path(&folder)]);
        }
        flags
    }

    /// Lets Go's compiler write `go_asm.h` for a package of the toolchain. If it doesn't, both assemblers report that the
    /// header is missing.
    fn write_header(&self, package: &Path, folder: &Path) {
        let format = "{{range .GoFiles}}{{.}}\n{{end}}{{range $k, $v := .ImportMap}}=\n{{$k}}={{$v}}\n{{end}}";
        let sources = self.go.root().join("src").join(package);
        let list = run(self
            .go
            .go(self.dir)
            .current_dir(&sources)
            .args(["list", "-f", format]));
        let list = String::from_utf8_lossy(&list.stdout);
        let (maps, go_files): (Vec<_>, Vec<_>) = list.lines().partition(|line| line.contains('='));
        let _ = std::fs::create_dir_all(folder);
        let mut compile = self.go.tool("compile");
        compile
            .current_dir(&sources)
            .args(["-std", "-+", "-asmhdr"])
            .arg(folder.join("go_asm.h"))
            .arg("-p")
            .arg(package)
            .arg("-o")
            .arg(self.dir.join("header.a"));
        let maps = maps.into_iter().filter(|map| map.len() > 1);
        match self.exports(&sources) {
            // Without compiled packages, a file says what imports are.
            Some(mut config) => {
                config.extend(maps.map(|map| format!("importmap {map}\n")));
                let file = folder.join("importcfg");
                let _ = std::fs::write(&file, config);
                compile.arg("-importcfg").arg(file);
            }
            None => {
                for map in maps {
                    compile.args(["-importmap", map]);
                }
            }
        }
        run(compile.args(go_files));
    }

    /// Returns lines that say where the compiled packages are that a package needs, which Go compiles now. None if the
    /// toolchain has them.
    fn exports(&self, sources: &Path) -> Option<String> {
        if self.go.has_packages() {
            return None;
        }
        let format = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}";
        let mut list = self.go.go(self.dir);
        list.current_dir(sources)
            .env("GOCACHE", self.go.cache())
            .args(["list", "-export", "-deps", "-f", format, "."]);
        let listed = String::from_utf8_lossy(&run(&mut list).stdout).into_owned();
        let lines = listed.lines().filter(|line| !line.is_empty());
        Some(lines.flat_map(|line| [line, "\n"]).collect())
    }
}

/// Returns the first lines that differ.
fn difference(want: &str, have: &str) -> String {
    let diff = similar::TextDiff::from_lines(want, have);
    let diff = diff
        .unified_diff()
        .context_radius(0)
        .header("go", "minigo")
        .to_string();
    let lines = diff.lines().take(30);
    lines.map(|line| format!("    {line}\n")).collect()
}

/// The number of lines of the function around each line.
const LINES: usize = 5;

/// Returns a function around a line, with a label and instructions as targets of branches.
fn wrap(index: usize, line: &str) -> String {
    let frame = if index.is_multiple_of(4) { 16 } else { 0 };
    let mut text = String::new();
    let _ = write!(
        text,
        "TEXT ·f{index}(SB), 4, ${frame}-16\nl:\tINT $3\n\t{line}\n\tBYTE $0x90\n\tBYTE $0x91\n"
    );
    text
}

/// Returns the index of the function that has a line.
fn index_of(line: usize) -> usize {
    line.saturating_sub(1) / LINES
}

/// Returns the functions of a listing by name. Functions of the same name are numbered.
fn functions(listing: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut symbols: Vec<&str> = Vec::new();
    let mut start = 0;
    for (at, _) in listing.match_indices('\n') {
        if !listing[at + 1..].starts_with('\t') {
            symbols.push(&listing[start..=at]);
            start = at + 1;
        }
    }
    for symbol in symbols {
        let header = symbol.lines().next().unwrap_or("");
        let Some((name, _)) = header.split_once(" STEXT") else {
            continue;
        };
        let same_name = |key: &&String| key.split('#').next() == Some(name);
        let name = match found.keys().filter(same_name).count() {
            _ if !found.contains_key(name) => name.to_owned(),
            n => format!("{name}#{n}"),
        };
        found.insert(name, symbol.to_owned());
    }
    found
}

/// Reports whether a file's name and build constraints allow it on linux/amd64, with any other tags.
fn is_for_linux_amd64(file: &Path) -> bool {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    if stem.split('_').skip(1).any(|part| OTHER.contains(&part)) {
        return false;
    }
    // Tests of other architectures are in folders and files named after them.
    let path = file.to_string_lossy();
    if path.contains("testdata") {
        let named = |name: &str| path.contains(&format!("/{name}")) || path.contains("/riscv");
        return !OTHER.iter().any(|name| named(name));
    }
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let head = || {
        text.lines()
            .take_while(|line| line.is_empty() || line.starts_with("//"))
    };
    if let Some(line) = head().find_map(|line| line.strip_prefix("//go:build ")) {
        return Constraint::of(line).either().can_hold;
    }
    head()
        .filter_map(|line| line.strip_prefix("// +build "))
        .all(|line| {
            line.split_whitespace()
                .any(|terms| terms.split(',').all(|term| Truth::of(term).can_hold))
        })
}

/// The values that a build constraint can have on linux/amd64, whatever the other tags are.
#[derive(Clone, Copy)]
struct Truth {
    can_hold: bool,
    can_fail: bool,
}

impl Truth {
    /// Returns the truth of a tag, or of a tag after `!`.
    fn of(term: &str) -> Truth {
        if let Some(tag) = term.strip_prefix('!') {
            return Truth::of(tag).not();
        }
        Truth {
            can_hold: !OTHER.contains(&term) && !matches!(term, "ignore" | "gccgo"),
            can_fail: !matches!(term, "linux" | "amd64" | "gc" | "unix"),
        }
    }

    fn not(self) -> Truth {
        Truth {
            can_hold: self.can_fail,
            can_fail: self.can_hold,
        }
    }
}

/// The rest of a `//go:build` line.
struct Constraint<'a>(&'a str);

impl<'a> Constraint<'a> {
    fn of(line: &'a str) -> Constraint<'a> {
        Constraint(line)
    }

    fn take(&mut self, token: &str) -> bool {
        match self.0.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn either(&mut self) -> Truth {
        let mut truth = self.both();
        while self.take("||") {
            let other = self.both();
            truth.can_hold |= other.can_hold;
            truth.can_fail &= other.can_fail;
        }
        truth
    }

    fn both(&mut self) -> Truth {
        let mut truth = self.term();
        while self.take("&&") {
            let other = self.term();
            truth.can_hold &= other.can_hold;
            truth.can_fail |= other.can_fail;
        }
        truth
    }

    fn term(&mut self) -> Truth {
        if self.take("!") {
            return self.term().not();
        }
        if self.take("(") {
            let truth = self.either();
            self.take(")");
            return truth;
        }
        let text = self.0.trim_start();
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        let (tag, rest) = text.split_at(end.unwrap_or(text.len()));
        self.0 = rest;
        Truth::of(tag)
    }
}

/// Systems and processors other than linux/amd64.
const OTHER: &[&str] = &[
    "386",
    "arm",
    "arm64",
    "loong64",
    "mips",
    "mipsle",
    "mips64",
    "mips64le",
    "mips64x",
    "mipsx",
    "ppc64",
    "ppc64le",
    "ppc64x",
    "riscv64",
    "s390x",
    "wasm",
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
];
