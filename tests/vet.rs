//! Findings in assembly: those of go vet, which are recorded, and minigo's own, which comments `// ERROR "text"` on their
//! lines expect.

use std::path::Path;

use libtest_mimic::{Failed, Trial};
use minigo_tests::{Archive, Section, files, root};
use minigo_vet::{Checks, Input, Source, profile};

use crate::{minigo_command, same, with_stack};

/// The checks of go vet, whose findings are recorded.
const GO_VET: [&str; 2] = ["-asmdecl", "-framepointer"];

/// Returns the findings of go vet's checks in the package of a test, and compares those of minigo's own with
/// the comments in it.
pub fn output(archive: &Archive, section: &Section) -> Result<String, Failed> {
    let dir = tempfile::tempdir()?;
    for (file, text) in archive.package() {
        std::fs::write(dir.path().join(file), text)?;
    }
    std::fs::write(dir.path().join("go.mod"), minigo_tests::GO_MOD)?;
    let version = section.version.name();
    let own = findings(dir.path(), version, &["-frame", "-cabi"])?;
    compare_own(archive, &own).map_err(|why| format!("with Go {version}: {why}"))?;
    findings(dir.path(), version, &GO_VET)
}

/// Returns the findings that `minigo vet` prints.
fn findings(dir: &Path, version: &str, checks: &[&str]) -> Result<String, Failed> {
    let mut command = minigo_command();
    command.current_dir(dir).args(["vet", "-go", version]);
    let output = command.args(checks).output()?;
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Checks that each text of a comment is in a finding on its line, and that each finding contains such a text.
fn compare_own(archive: &Archive, own: &str) -> Result<(), String> {
    let mut findings: Vec<(String, bool)> = Vec::new();
    // Refusals of the package are recorded in the sections of go vet.
    for line in own.lines().filter(|line| !line.starts_with("vet: ")) {
        match (line.starts_with('\t'), findings.last_mut()) {
            (true, Some((last, _))) => *last += &format!("\n{line}"),
            _ => findings.push((line.trim_start_matches("./").to_owned(), false)),
        }
    }
    for (file, text) in archive.package() {
        for (index, line) in text.lines().enumerate() {
            let place = format!("{file}:{}:", index + 1);
            let comment = line
                .split_once("// ERROR ")
                .map_or("", |(_, wanted)| wanted);
            for wanted in comment.split('"').skip(1).step_by(2) {
                let found = findings
                    .iter_mut()
                    .find(|(finding, _)| finding.starts_with(&place) && finding.contains(wanted));
                let (_, expected) =
                    found.ok_or_else(|| format!("{place} no finding has {wanted:?}:\n{own}"))?;
                *expected = true;
            }
        }
    }
    match findings.iter().find(|(_, expected)| !expected) {
        None => Ok(()),
        Some((finding, _)) => Err(format!("not expected:\n{finding}")),
    }
}

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("vet: mutated packages never panic", || with_stack(mutated)),
        Trial::test("vet: packages of other modules", modules),
    ]
}

/// A module whose package declares `f` with a type of another module, of 8 bytes, beside assembly that has it wrong.
const IMPORTING: [(&str, &str); 2] = [
    (
        "a/a.go",
        "package a\n\nimport \"ex.org/Other/types\"\n\nfunc f(x types.Pair, n int)\n",
    ),
    (
        "a/a_amd64.s",
        "TEXT \u{b7}f(SB), 4, $0-24\n\tMOVQ n+16(FP), AX\n\tRET\n",
    ),
];
const PAIR: &str = "package types\n\ntype Pair struct{ A, B int32 }\n";
/// Recorded from Go 1.15 and 1.27, with a replaced module and a workspace.
const FOUND: &str = "a_amd64.s:1:1: [amd64] f: wrong argument size 24; expected $...-16\n\
                     a_amd64.s:2:1: [amd64] f: invalid offset n+16(FP); expected n+8(FP)\n";

/// Types of modules that are replaced, in the module cache, or in the workspace.
fn modules() -> Result<(), Failed> {
    let replaced = [
        (
            "a/go.mod",
            "module a\n\ngo 1.15\n\nrequire ex.org/Other v1.0.0\n\nreplace ex.org/Other => ../other // near\n",
        ),
        ("other/go.mod", "module ex.org/Other\n"),
        ("other/types/t.go", PAIR),
    ];
    // The module that b requires is newer than the one that a requires.
    let cached = [
        (
            "a/go.mod",
            "module a\n\ngo 1.15\n\nrequire (\n\tex.org/Other v1.9.0\n\tex.org/b v0.1.0\n)\n",
        ),
        (
            "cache/cache/download/ex.org/b/@v/v0.1.0.mod",
            "module ex.org/b\n\nrequire ex.org/Other v1.10.0 // indirect\n",
        ),
        (
            "cache/ex.org/!other@v1.9.0/types/t.go",
            "package types\n\ntype Pair struct{}\n",
        ),
        ("cache/ex.org/!other@v1.10.0/types/t.go", PAIR),
    ];
    let workspace = [
        ("go.work", "go 1.27\n\nuse (\n\t./a\n\t./other\n)\n"),
        ("a/go.mod", "module a\n\ngo 1.15\n"),
        ("other/go.mod", "module \"ex.org/Other\"\n"),
        ("other/types/t.go", PAIR),
    ];
    for (name, files, version, work) in [
        ("replaced", &replaced[..], "1.15", ""),
        ("replaced", &replaced, "1.27", ""),
        ("in the cache", &cached, "1.15", ""),
        ("in the workspace", &workspace, "1.27", ""),
        ("no workspace", &workspace, "1.27", "off"),
        ("no workspace yet", &workspace, "1.15", ""),
    ] {
        let dir = tempfile::tempdir()?;
        for (file, text) in IMPORTING.iter().chain(files) {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().ok_or("a folder")?)?;
            std::fs::write(path, text)?;
        }
        let output = minigo_command()
            .current_dir(dir.path().join("a"))
            .env("GOMODCACHE", dir.path().join("cache"))
            .env("GOWORK", work)
            .args(["vet", "-go", version])
            .output()?;
        let errors = String::from_utf8_lossy(&output.stderr).replace("./", "");
        let expected = match name.starts_with("no ") {
            true => {
                "a.go:5:10: f is not compared: minigo does not know ex.org/Other/types.Pair: it has no source of package ex.org/Other/types\n"
            }
            false => FOUND,
        };
        same(&format!("{name}, {version}"), expected, &errors)?;
        let status = if version == "1.15" { 2 } else { 1 };
        same(
            "status",
            &format!("{status:?}"),
            &format!("{:?}", output.status.code().unwrap_or(-1)),
        )?;
    }
    Ok(())
}

/// Vets the test files with bytes exchanged, removed and repeated.
fn mutated() -> Result<(), Failed> {
    const ROUNDS: u64 = 40;
    let mut state = 1u64;
    let mut random = |below: usize| {
        // Knuth's MMIX generator, whose high bits suffice.
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as usize % below.max(1)
    };
    for file in files(&root().join("tests/vet"), ".txtar") {
        let archive = Archive::parse(&std::fs::read_to_string(file)?);
        for _ in 0..ROUNDS {
            let mut sources: Vec<Source> = Vec::new();
            for (name, text) in archive.package() {
                let mut text = text.clone().into_bytes();
                for _ in 0..random(8).min(text.len()) {
                    let (at, len, other) = (random(text.len()), random(12), random(text.len()));
                    let piece = text[at..text.len().min(at + len)].to_vec();
                    match random(3) {
                        0 => drop(text.drain(at..at + piece.len())),
                        1 => drop(text.splice(other..other, piece)),
                        _ => text[other] = text[at],
                    }
                    if text.is_empty() {
                        break;
                    }
                }
                let name = name.clone();
                sources.push(Source { name, text });
            }
            let (go, assembly): (Vec<Source>, Vec<Source>) = sources
                .into_iter()
                .partition(|source| source.name.ends_with(".go"));
            let input = Input {
                path: "example",
                go: &go,
                assembly: &assembly,
            };
            for profile in [&profile::GO1_15, &profile::GO1_27] {
                let missing = |name: &str| Err(format!("open {name}: no such file or directory"));
                // Any findings will do.
                let _ = minigo_vet::vet(input, profile, Checks::ALL, &|_| None, &missing);
            }
        }
    }
    Ok(())
}
