//! `cargo xtask golden --bless`: records the outputs in test files and beside examples from a real Go.
//!
//! Recorded are the sections of that Go's version, whose names the harness reads too (`minigo_tests::Section`).
//! Functions after a pass (`ssa/PASS`) come from an instrumented gc, the oracle.

use std::path::Path;
use std::process::Command;

use minigo_base::GoVersion;
use minigo_tests::{Archive, Content, EXAMPLE_OUTPUTS, Section, files, outcome, root};

use crate::go::{Go, run};
use crate::oracle;
use crate::sig;

/// Records all files that are `wanted`, and prints how many have changed.
///
/// # Errors
///
/// A Go whose version minigo doesn't know, a section that isn't known, a program that Go doesn't build or builds
/// against expectation, or a file that can't be written.
pub fn bless(go: &Go, oracle: Option<&Path>, wanted: impl Fn(&Path) -> bool) -> Result<(), String> {
    let version = GoVersion::parse(&go.version)
        .ok_or_else(|| format!("no test is recorded from go{}", go.version))?;
    let mut recorder = Recorder {
        go,
        version,
        oracle,
        skipped: Vec::new(),
    };
    let mut changed = 0;
    let tests = files(&root().join("tests"), ".txtar");
    for file in tests.iter().filter(|file| wanted(file)) {
        let text = read(file)?;
        let mut archive = Archive::parse(&text);
        recorder
            .record(&mut archive)
            .map_err(|why| format!("{}: {why}", file.display()))?;
        changed += usize::from(replace(file, &text, &archive.render())?);
    }
    let examples = files(&root().join("examples"), ".go");
    for file in examples.iter().filter(|file| wanted(file)) {
        let folder = file.parent().ok_or("an example without a folder")?;
        let recorded = Archive::of_example(folder).map_err(|err| err.to_string())?;
        let mut archive = recorded.clone();
        recorder
            .record(&mut archive)
            .map_err(|why| format!("{}: {why}", file.display()))?;
        for (section, name) in EXAMPLE_OUTPUTS {
            let text = |archive: &Archive| archive.section(section).unwrap_or_default().to_owned();
            let (old, new) = (text(&recorded), text(&archive));
            changed += usize::from(replace(&folder.join(name), &old, &new)?);
        }
    }
    recorder.skipped.sort_unstable();
    for sections in recorder.skipped.chunk_by(|a, b| a == b) {
        println!("not recorded: {} sections {}", sections.len(), sections[0]);
    }
    println!("{changed} files changed, recorded from go{}", go.version);
    Ok(())
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|err| format!("{}: {err}", file.display()))
}

/// Writes a file if its text has changed.
fn replace(path: &Path, old: &str, new: &str) -> Result<bool, String> {
    if old == new {
        return Ok(false);
    }
    std::fs::write(path, new).map_err(|err| format!("{}: {err}", path.display()))?;
    Ok(true)
}

fn sorted_lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A Go that sections are recorded from.
struct Recorder<'a> {
    go: &'a Go,
    version: GoVersion,
    oracle: Option<&'a Path>,
    /// Why sections were left as they are, once for each.
    skipped: Vec<&'static str>,
}

/// The files of a test, which are in a folder.
struct Inputs<'a> {
    archive: &'a Archive,
    dir: &'a Path,
}

impl Recorder<'_> {
    /// Records the sections of a test that are outputs of this version.
    fn record(&mut self, archive: &mut Archive) -> Result<(), String> {
        let inputs = archive.clone();
        for (name, old) in &inputs.sections {
            let section = Section::parse(name)?;
            let is_go = !matches!(section.content, Content::File | Content::Hints);
            if !is_go || section.version != self.version {
                continue;
            }
            let folder = tempfile::tempdir().map_err(|err| err.to_string())?;
            match section.content {
                Content::Functions(pass) if inputs.section("in.ssa").is_some() => {
                    self.record_state(folder.path(), archive, name, &pass)?;
                }
                Content::Listing if inputs.section("in.ssa").is_some() => {
                    self.skipped.push(NO_PROGRAM);
                }
                _ => match self.output(folder.path(), &inputs, &section)? {
                    // Go's linker relocates text and data at once, and reports what it finds in any order.
                    Ok(text)
                        if section.content == Content::Refusal
                            && sorted_lines(&text) == sorted_lines(old) => {}
                    Ok(text) => archive.set(name, text),
                    Err(why) => self.skipped.push(why),
                },
            }
        }
        Ok(())
    }

    /// Returns Go's output for a section, or why it can't be recorded.
    fn output(
        &self,
        dir: &Path,
        archive: &Archive,
        section: &Section,
    ) -> Result<Result<String, &'static str>, String> {
        if let Content::Assembler(arguments) = &section.content {
            let output = archive.asm_output(dir, self.go.tool("asm").args(arguments));
            return output.map(Ok).map_err(|err| err.to_string());
        }
        let inputs = Inputs { archive, dir };
        for (name, text) in &archive.sections {
            if Section::parse(name)?.content == Content::File {
                std::fs::write(dir.join(name), text).map_err(|err| err.to_string())?;
            }
        }
        if !archive.package().is_empty() {
            return self.of_package(&inputs, section).map(Ok);
        }
        match archive
            .sections
            .iter()
            .find(|(name, _)| name.ends_with(".go"))
        {
            Some((file, _)) => self.of_file(&inputs, file, section),
            None => self.of_assembly(&inputs, section),
        }
    }

    /// Returns Go's output for a section of a package with assembly.
    fn of_package(&self, inputs: &Inputs, section: &Section) -> Result<String, String> {
        let (go, dir) = (self.go, inputs.dir);
        let flags = section.flags();
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        match section.content {
            Content::Listing => go.compile_beside_assembly(dir, &[&["-S"], &flags[..]].concat()),
            Content::Header => {
                go.compile_beside_assembly(dir, &["-asmhdr", "header"])?;
                read(&dir.join("header"))
            }
            Content::Refusal => refusal(go, dir),
            Content::Places => {
                let declared = inputs.archive.section("in.go").unwrap_or_default();
                sig::registers_of(go, dir, declared)
            }
            Content::Vet => {
                std::fs::write(dir.join("go.mod"), minigo_tests::GO_MOD)
                    .map_err(|err| err.to_string())?;
                Ok(go.vet(dir))
            }
            Content::Outcome => {
                let built = go.build_package(dir, "go.exe");
                if !built.status.success() {
                    return Err(text(&built.stderr));
                }
                let output = run(&mut Command::new(dir.join("go.exe")));
                Ok(outcome(
                    &output,
                    dir,
                    &inputs.archive.go_text(),
                    section.version,
                ))
            }
            _ => Err("a package with assembly doesn't have all of these sections".to_owned()),
        }
    }

    /// Returns gc's output for a section of a Go file, or why it can't be recorded.
    fn of_file(
        &self,
        inputs: &Inputs,
        file: &str,
        section: &Section,
    ) -> Result<Result<String, &'static str>, String> {
        let (go, dir) = (self.go, inputs.dir);
        let compile = |flag: &[&str]| {
            let own = section.flags();
            let flags: Vec<&str> = flag
                .iter()
                .copied()
                .chain(own.iter().map(String::as_str))
                .collect();
            let output = text(&go.compile(dir, &flags, file).stdout);
            // Files of Go's packages begin with the folder of this Go, in versions with whole names.
            output.replace(&format!("({}/", go.root().display()), "($GOROOT/")
        };
        Ok(Ok(match &section.content {
            Content::Listing => compile(&["-S"]),
            Content::Errors => compile(&[]),
            Content::Inlining => without_escapes(&compile(&["-m=2"])),
            Content::Trees => walked_trees(&compile(&["-W"])),
            Content::Findings(pass) => {
                compile(&[&format!("-d=ssa/{}/debug=1", pass.replace(' ', "_"))])
            }
            Content::Functions(pass) => {
                let Some(oracle) = self.oracle else {
                    return Ok(Err(NO_ORACLE));
                };
                let flags = section.flags();
                let printed = oracle::run(oracle, go, dir, "*", &flags, file);
                let source = inputs.archive.section(file).unwrap_or_default();
                functions_after(&printed, pass, source)
            }
            Content::Outcome => {
                let built = go.build(dir, file, "go.exe");
                if !built.status.success() {
                    return Err(text(&built.stdout));
                }
                let output = run(&mut Command::new(dir.join("go.exe")));
                outcome(&output, dir, &inputs.archive.go_text(), section.version)
            }
            _ => return Err("a Go file doesn't have all of these sections".to_owned()),
        }))
    }

    /// Returns the output of `go tool asm` for a section of an assembly file, or why it can't be recorded.
    fn of_assembly(
        &self,
        inputs: &Inputs,
        section: &Section,
    ) -> Result<Result<String, &'static str>, String> {
        match section.content {
            Content::Listing => Ok(Ok(text(&self.go.asm(inputs.dir, "in.s").stdout))),
            Content::Errors => {
                let messages = text(&self.go.asm(inputs.dir, "in.s").stderr);
                // The command's last line belongs to none of them.
                let lines = messages.split_inclusive('\n');
                Ok(Ok(lines
                    .filter(|line| !line.starts_with("asm: assembly "))
                    .collect()))
            }
            Content::Bytes => Ok(Err("hex: no tool of Go encodes assembly as compiled code")),
            _ => Err("an assembly file doesn't have all of these sections".to_owned()),
        }
    }

    /// Records the state of a function before a pass (`in.ssa`) and after it.
    ///
    /// An oracle that prints dumps without the rest of the state (variables, free lists, homes) can only confirm
    /// what is recorded.
    fn record_state(
        &mut self,
        dir: &Path,
        archive: &mut Archive,
        name: &str,
        pass: &str,
    ) -> Result<(), String> {
        let (Some(oracle), Some(source)) = (self.oracle, archive.section("in.go")) else {
            self.skipped.push(NO_ORACLE);
            return Ok(());
        };
        std::fs::write(dir.join("in.go"), source).map_err(|err| err.to_string())?;
        let before = archive.section("in.ssa").unwrap_or_default();
        let before = oracle::dumps(before).next();
        let before = before.ok_or("in.ssa has no line `== FUNCTION: PASS nb=… nv=…`")?;
        let (function, pass_before) = (before.function.to_owned(), before.pass.to_owned());
        let flags = Section::parse(name)?.flags();
        let printed = oracle::run(oracle, self.go, dir, &function, &flags, "in.go");
        for (name, pass) in [("in.ssa", pass_before.as_str()), (name, pass)] {
            let mut found = oracle::dumps(&printed)
                .filter(|dump| dump.function == function && dump.pass == pass);
            let dump = found
                .next()
                .ok_or_else(|| format!("the oracle prints no {function} after {pass}"))?;
            let old = archive.section(name).unwrap_or_default();
            if dump.has_state() {
                archive.set(name, dump.text.to_owned());
            } else if !oracle::dumps(old).any(|old| old.is_same_but_for_state(&dump)) {
                return Err(format!(
                    "{name} isn't {function} after {pass}, and recording it takes an oracle that prints whole states"
                ));
            }
        }
        Ok(())
    }
}

/// Why listings of recorded states are left as they are.
const NO_PROGRAM: &str = "S with in.ssa: the program of the state isn't recorded";

/// Why functions after a pass are left as they are.
const NO_ORACLE: &str = "ssa/PASS: they come from --oracle";

/// Returns the dumps after a pass in the order of the functions in the source.
fn functions_after(printed: &str, pass: &str, source: &str) -> String {
    let dumps = oracle::dumps(printed).filter(|dump| dump.pass == pass);
    let mut dumps: Vec<oracle::Dump> = dumps.collect();
    // A function that isn't in the source, the generated init, is the last one.
    dumps.sort_by_key(|dump| {
        let declared = source.find(&format!("func {}(", dump.function));
        declared.unwrap_or(source.len())
    });
    dumps.iter().map(oracle::Dump::without_state).collect()
}

/// Returns the output of `-m=2` without the lines of escape analysis.
fn without_escapes(text: &str) -> String {
    let escape = [
        " escapes to heap",
        " does not escape",
        ": leaking param",
        ": moved to heap",
        ":   flow:",
        ":     from ",
        ": assuming ",
    ];
    let lines = text.split_inclusive('\n');
    lines
        .filter(|line| !escape.iter().any(|part| line.contains(part)))
        .collect()
}

/// Returns the trees after walk in the output of `-W`, without gc's remarks that aren't part of a tree: generation,
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
        // A string may hold blanks, so words are split behind it only.
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

/// Returns the messages of `go build` about a package, without the line that names it, the time of day and the
/// folder.
fn refusal(go: &Go, dir: &Path) -> Result<String, String> {
    let built = go.build_package(dir, "go.exe");
    if built.status.success() {
        return Err(format!("Go builds {}", dir.display()));
    }
    let folder = format!("{}/", dir.display());
    let messages = text(&built.stderr).replace(&folder, "");
    let lines = messages.lines().filter(|line| !line.starts_with("# "));
    Ok(lines
        .map(|line| format!("{}\n", without_time(line)))
        .collect())
}

/// Returns a line without the date and time that Go's logger puts in front.
fn without_time(line: &str) -> &str {
    const TIME: usize = "2006/01/02 15:04:05 ".len();
    let is_time = |text: &str| {
        let shape = text.bytes().filter(|byte| !byte.is_ascii_digit());
        shape.eq(*b"// :: ")
    };
    match line.get(..TIME) {
        Some(text) if is_time(text) => &line[TIME..],
        _ => line,
    }
}
