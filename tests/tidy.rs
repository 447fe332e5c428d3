//! The source tree itself: which crate may use which, and documents that tell the truth.

use std::path::Path;

use libtest_mimic::{Failed, Trial};
use minigo_tests::root;

/// Which crates of ours each crate may use. A new arrow is a decision: it belongs here and in
/// ARCHITECTURE.md.
const ARROWS: [(&str, &[&str]); 10] = [
    ("base", &[]),
    ("syntax", &["base"]),
    ("types", &["base", "syntax"]),
    ("rules", &[]),
    ("obj", &["base"]),
    ("ssa", &["base", "obj", "rules"]),
    ("ssagen", &["base", "syntax", "types", "obj", "ssa"]),
    ("link", &["base", "obj"]),
    ("vet", &["base", "syntax", "obj"]),
    (
        "minigo",
        &[
            "base", "syntax", "types", "obj", "ssa", "ssagen", "link", "vet",
        ],
    ),
];

/// The trials of this file.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("tidy: crates use each other as the house says", arrows),
        Trial::test("tidy: documents name what exists", documents),
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
        Some(name) => Err(format!("crate {name} has no place in the house").into()),
        None => Ok(()),
    }
}

/// Every path in a document exists, and ARCHITECTURE.md stays short.
fn documents() -> Result<(), Failed> {
    const LONGEST: usize = 150;
    for document in ["README.md", "ARCHITECTURE.md"] {
        let text = std::fs::read_to_string(root().join(document))?;
        if document == "ARCHITECTURE.md" && text.lines().count() >= LONGEST {
            return Err(format!("{document} has {LONGEST} lines or more").into());
        }
        for word in text.split(|c: char| c.is_whitespace() || "`(),".contains(c)) {
            let path = word.trim_end_matches([':', ';', '.']);
            // Words in capitals stand for something: ssa/PASS/off.
            let variable =
                |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_uppercase());
            let place = path.contains('/')
                && !path.split('/').any(variable)
                && !path.contains(['<', '*', '$', '=', '\\']);
            let known = [
                "crates", "tests", "examples", "xtask", "ssa", "ssagen", "obj", "link", "minigo",
            ];
            let Some(first) = path
                .split('/')
                .next()
                .filter(|first| place && known.contains(first))
            else {
                continue;
            };
            let inside = path.split_once('/').map_or("", |(_, rest)| rest);
            let in_crate = root().join(format!("crates/{first}/{inside}"));
            let in_source = root().join(format!("crates/{first}/src/{inside}"));
            if ![root().join(path), in_crate, in_source]
                .iter()
                .any(|path| Path::exists(path))
            {
                return Err(format!("{document} names {path}, which is not there").into());
            }
        }
    }
    Ok(())
}

fn faerie() -> Result<(), Failed> {
    for file in minigo_tests::files(&root().join("crates"), ".rs") {
        let uses = std::fs::read_to_string(&file)?.contains("use faerie");
        if uses && !file.ends_with("link/src/part.rs") {
            return Err(format!("{} uses faerie", file.display()).into());
        }
    }
    Ok(())
}
