//! `cargo xtask order`: records the functions of the command that compilations run, which are linked side by side.
//!
//! Valgrind's Callgrind writes the names of all functions that a process runs. Those that every version of Go needs come
//! first, then those of one version, then those of other work, so that a process loads few pages that it doesn't need.
//! Symbols of one path that differ in their hashes stand together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use minigo_tests::root;

use crate::bench::functions;
use crate::go::{Profile, minigo, which};

/// The recorded file.
const FILE: &str = "crates/minigo/text-order";

const HEADING: &str = "\
# Functions that compilations run, in the order in which they are linked; recorded by `cargo xtask order`.
# A path stands for all functions that have it, a name with a colon for a member of the C library's archive.
";

/// The commands whose functions are recorded, without the file, by what they are for.
const COMMANDS: [(&str, &[&str]); 9] = [
    ("1.15", &["build", "-go", "1.15", "-c", "-o", "x.o"]),
    ("1.15", &["build", "-go", "1.15", "-S"]),
    ("1.27", &["build", "-go", "1.27", "-c", "-o", "x.o"]),
    ("1.27", &["build", "-go", "1.27", "-S"]),
    ("other", &["build", "-go", "1.15", "-o", "x"]),
    ("other", &["build", "-go", "1.27", "-o", "x"]),
    ("other", &["build", "-go", "1.15", "-S", "-N"]),
    ("other", &["build", "-go", "1.27", "-S", "-N"]),
    ("other", &["run"]),
];

/// Records the functions.
///
/// # Errors
///
/// There is no Valgrind or `nm`, or minigo doesn't build.
pub fn order() -> Result<(), String> {
    if which(Path::new("valgrind")).is_none() {
        return Err("cargo xtask order needs Valgrind".to_owned());
    }
    let minigo = minigo(Profile::Release)?;
    let work = tempfile::tempdir().map_err(|err| err.to_string())?;
    let work = work.path();
    let mut files = ["fib/fib.go", "output/output.go"]
        .map(|name| root().join("examples").join(name))
        .to_vec();
    for n_blocks in [3, 10] {
        let file = work.join(format!("{n_blocks}.go"));
        std::fs::write(&file, functions(80, n_blocks)).map_err(|err| err.to_string())?;
        files.push(file);
    }
    let members = members()?;
    let mut users: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (user, args) in COMMANDS {
        for file in &files {
            for symbol in functions_of(&minigo, args, file, work)? {
                let name = members.get(&symbol).cloned().or_else(|| path(&symbol));
                users
                    .entry(name.unwrap_or(symbol))
                    .or_default()
                    .insert(user);
            }
        }
    }
    let mut sorted: Vec<(u8, &str)> = users
        .iter()
        .map(|(name, users)| {
            let place = match (users.contains("1.15"), users.contains("1.27")) {
                (true, true) => 0,
                (true, false) => 1,
                (false, true) => 2,
                (false, false) => 3,
            };
            (place, name.as_str())
        })
        .collect();
    sorted.sort_unstable();
    let lines = sorted.into_iter().map(|(_, name)| format!("{name}\n"));
    let text = HEADING.to_owned() + &lines.collect::<String>();
    std::fs::write(root().join(FILE), text).map_err(|err| format!("{FILE}: {err}"))
}

/// Returns the symbols of all functions that a command runs.
fn functions_of(
    minigo: &Path,
    args: &[&str],
    file: &Path,
    work: &Path,
) -> Result<BTreeSet<String>, String> {
    let status = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=calls",
            "--demangle=no",
        ])
        .arg(minigo)
        .args(args)
        .arg(file)
        .current_dir(work)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.map_err(|err| format!("valgrind: {err}"))?;
    let calls = std::fs::read_to_string(work.join("calls"));
    let calls = calls.map_err(|err| format!("valgrind wrote nothing: {err}"))?;
    // fn=(number) name, where a name occurs for the first time; 'n marks the depth of a recursion.
    let names = calls.lines().filter_map(|line| {
        let line = line.strip_prefix('c').unwrap_or(line);
        let name = line.strip_prefix("fn=(")?.split_once(") ")?.1;
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        is_name.then(|| name.split('\'').next().map(str::to_owned))?
    });
    Ok(names.collect())
}

/// Returns the members of the C library's archive by the functions that they define.
fn members() -> Result<BTreeMap<String, String>, String> {
    let run = |program: &str, args: &[&str]| {
        let output = Command::new(program).args(args).output();
        let output = output.map_err(|err| format!("{program}: {err}"))?;
        Ok::<String, String>(String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let archive = run("cc", &["-print-file-name=libc.a"])?;
    let defined = run("nm", &["-A", "--defined-only", archive.trim()])?;
    // archive:member:address kind name
    let member = |line: &str| {
        let (place, symbol) = line.split_once(' ')?;
        let (kind, name) = symbol.split_once(' ')?;
        let member = place.rsplit(':').nth(1)?;
        let is_function = matches!(kind, "t" | "T" | "W" | "i");
        is_function.then(|| (name.to_owned(), format!("libc.a:{member}")))
    };
    Ok(defined.lines().filter_map(member).collect())
}

/// Returns the path of a function's mangled name, without its hash; for a name of the standard library's own mangling, one
/// without the hashes of crates. None for other names.
fn path(symbol: &str) -> Option<String> {
    let mut rest = match symbol.strip_prefix("_ZN") {
        Some(rest) => rest,
        None => return symbol.starts_with("_R").then(|| without_crates(symbol)),
    };
    let mut parts = Vec::new();
    while let Some(end) = rest.find(|c: char| !c.is_ascii_digit())
        && let Ok(len) = rest[..end].parse::<usize>()
    {
        parts.push(rest.get(end..end + len)?);
        rest = &rest[end + len..];
    }
    parts.pop();
    Some(parts.join("::"))
}

/// Replaces the hashes of crates by stars: `Cs` and digits of base 62 up to `_`.
fn without_crates(symbol: &str) -> String {
    let mut parts = symbol.split("Cs");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once('_') {
            Some((hash, rest)) if hash.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                text += "Cs*_";
                text += rest;
            }
            _ => {
                text += "Cs";
                text += part;
            }
        }
    }
    text + "*"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_no_hashes() {
        let check = |symbol: &str, expected: &str| {
            assert_eq!(path(symbol).as_deref(), Some(expected));
        };
        check(
            "_ZN10minigo_ssa3opt3opt17h0123456789abcdefE",
            "minigo_ssa::opt::opt",
        );
        check(
            "_ZN4core3fmt5write17h0123456789abcdefE.llvm.12",
            "core::fmt::write",
        );
        check(
            "_RNvNtCsjrHSEGnQ3l9_3std2fs4read",
            "_RNvNtCs*_3std2fs4read*",
        );
        assert_eq!(path("mi_malloc"), None);
    }
}
