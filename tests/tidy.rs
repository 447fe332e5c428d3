//! The source tree itself: the crates that each crate may use, and files that nothing compiles.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use minigo_tests::{files, root};

/// The crates of the workspace that each crate may use. A new arrow is a decision: it belongs here and in
/// ARCHITECTURE.md.
const ARROWS: [(&str, &[&str]); 15] = [
    ("base", &[]),
    ("syntax", &["base"]),
    ("types", &["base", "syntax"]),
    ("rules", &[]),
    ("obj", &["base"]),
    ("ssa", &["base", "obj", "rules"]),
    ("ssagen", &["base", "syntax", "types", "obj", "ssa"]),
    ("link", &["base", "obj"]),
    ("layout", &["base", "syntax"]),
    ("vet", &["base", "syntax", "layout", "obj"]),
    ("story", &["base", "obj", "ssa"]),
    ("page", &["base", "obj", "ssa", "story"]),
    ("disasm", &["base", "obj"]),
    (
        "minigo",
        &[
            "base", "syntax", "types", "obj", "ssa", "ssagen", "link", "layout", "vet", "story",
            "page", "disasm",
        ],
    ),
    ("web", &["minigo", "story", "page"]),
];

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("tidy: crates use only those that they may", arrows),
        Trial::test("tidy: every source file is compiled", modules),
        Trial::test("tidy: faerie has one file", faerie),
    ]
}

fn arrows() -> Result<(), Failed> {
    for (name, allowed) in ARROWS {
        let manifest = std::fs::read_to_string(root().join(format!("crates/{name}/Cargo.toml")))?;
        let dependencies = manifest
            .split("[dependencies]")
            .nth(1)
            .ok_or("no dependencies")?;
        let dependencies = dependencies
            .split("[dev-dependencies]")
            .next()
            .unwrap_or("");
        for line in dependencies.lines() {
            let Some(used) = line
                .strip_prefix("minigo-")
                .and_then(|rest| rest.split([' ', '.']).next())
            else {
                continue;
            };
            if !allowed.contains(&used) {
                return Err(format!("{name} may not use {used}").into());
            }
        }
    }
    let mut crates: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(root().join("crates"))? {
        crates.push(entry?.file_name().to_string_lossy().into_owned());
    }
    match crates
        .iter()
        .find(|name| ARROWS.iter().all(|(known, _)| known != name))
    {
        Some(name) => Err(format!("crate {name} isn't listed in tests/tidy.rs").into()),
        None => Ok(()),
    }
}

fn faerie() -> Result<(), Failed> {
    for file in files(&root().join("crates"), ".rs") {
        let uses = std::fs::read_to_string(&file)?.contains("use faerie");
        if uses && !file.ends_with("link/src/part.rs") {
            return Err(format!("{} uses faerie", file.display()).into());
        }
    }
    Ok(())
}

/// Every `.rs` file of the workspace is the root of a target, or a module of another file.
fn modules() -> Result<(), Failed> {
    let mut reached = BTreeSet::new();
    let mut work: Vec<PathBuf> = Vec::new();
    for manifest in files(&root(), "Cargo.toml") {
        work.extend(targets(&manifest)?);
    }
    while let Some(file) = work.pop() {
        if reached.insert(file.clone()) {
            work.extend(declared(&file)?);
        }
    }
    let folders = ["crates", "fuzz", "tests", "xtask"].map(|name| files(&root().join(name), ".rs"));
    match folders
        .iter()
        .flatten()
        .find(|file| !reached.contains(*file))
    {
        Some(file) => Err(format!("{} isn't a module of any target", file.display()).into()),
        None => Ok(()),
    }
}

/// Returns the roots of a package's targets: those that cargo finds, and those that the manifest names.
fn targets(manifest: &Path) -> Result<Vec<PathBuf>, Failed> {
    let folder = manifest.parent().ok_or("a manifest without a folder")?;
    let known = ["src/lib.rs", "src/main.rs", "build.rs"].map(|name| folder.join(name));
    let mut found: Vec<PathBuf> = known.into_iter().filter(|file| file.is_file()).collect();
    for name in ["examples", "tests", "benches", "src/bin"] {
        let inside = |file: &PathBuf| file.parent() == Some(&folder.join(name));
        found.extend(files(&folder.join(name), ".rs").into_iter().filter(inside));
    }
    let named = std::fs::read_to_string(manifest)?;
    let paths = named
        .lines()
        .filter_map(|line| line.strip_prefix("path = "));
    found.extend(paths.map(|path| folder.join(path.trim_matches('"'))));
    Ok(found)
}

/// Returns the files of the modules that a file declares.
fn declared(file: &Path) -> Result<Vec<PathBuf>, Failed> {
    let text = std::fs::read_to_string(file)?;
    let folder = file.parent().ok_or("a file without a folder")?;
    let stem = file.file_stem().unwrap_or_default();
    let mut found = Vec::new();
    let mut path = None;
    for line in text.lines().map(str::trim) {
        if let Some(named) = line.strip_prefix("#[path = \"") {
            path = named.strip_suffix("\"]");
        }
        let words: Vec<&str> = line.split(' ').collect();
        let [.., "mod", name] = words[..] else {
            continue;
        };
        let Some(name) = name.strip_suffix(';') else {
            continue;
        };
        let places = match path.take() {
            Some(named) => vec![folder.join(named)],
            // Beside the root of a target and beside `mod.rs`, otherwise in a folder of the file's name.
            None => [folder.to_owned(), folder.join(stem)]
                .iter()
                .flat_map(|folder| {
                    [format!("{name}.rs"), format!("{name}/mod.rs")].map(|file| folder.join(file))
                })
                .collect(),
        };
        found.extend(places.into_iter().filter(|file| file.is_file()));
    }
    Ok(found)
}
