//! `cargo xtask golden vet`: `minigo vet` beside `go vet`, live.
//!
//! Random declarations with assembly that is mostly right ([`mod@package`]): the findings are compared line by line.
//! minigo's own checks are left out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use minigo::{GoVersion, Tool};
use minigo_tests::GO_MOD;

use crate::go::{Go, Profile, minigo, run};
use minigo_fuzz::random::Random;
use package::package;

pub mod layout;
mod package;

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Vet {
    /// The go command to compare with (default: the one on PATH)
    #[arg(long, value_name = "FILE")]
    pub go: Option<PathBuf>,

    /// Number of random packages
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub packages: u64,

    /// Seed of the first package
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub seed: u64,
}

/// The number of differences that are printed.
const SHOWN: usize = 20;

/// Runs the command.
///
/// # Errors
///
/// There is no Go, or a difference.
pub fn golden(flags: &Vet) -> Result<(), String> {
    let Some(go) = Go::find_or_recorded(flags.go.as_deref(), &["tests/vet/"])? else {
        return Ok(());
    };
    let counterpart = go.counterpart(Tool::Vet);
    let minigo = minigo(Profile::Quick)?;
    let (mut same, mut total, mut shown) = (0, 0, 0);
    for seed in flags.seed..flags.seed + flags.packages {
        let package = package(&mut Random::new(seed));
        let work = tempfile::tempdir().map_err(|err| err.to_string())?;
        let dir = work.path();
        for (name, text) in [
            ("go.mod", GO_MOD),
            ("x.go", &package.go),
            ("x_amd64.s", &package.assembly),
        ] {
            std::fs::write(dir.join(name), text).map_err(|err| err.to_string())?;
        }
        let (want, have) = (go.vet(dir), findings(&minigo, counterpart.version, dir));
        let differences = differences(&want, &have);
        total += want.lines().count().max(have.lines().count());
        same += want.lines().count().saturating_sub(differences.len());
        for (line, by) in differences {
            shown += 1;
            if shown <= SHOWN {
                println!("seed {seed}: {by} only: {line}");
            }
        }
    }
    println!("{same} of {total} findings identical");
    counterpart.result(shown == 0, "findings differ")
}

/// Returns the findings of go vet's checks in `minigo vet`.
fn findings(minigo: &Path, version: GoVersion, dir: &Path) -> String {
    let output = run(Command::new(minigo)
        .current_dir(dir)
        .args(["vet", "-go", version.name()])
        .args(["-asmdecl", "-framepointer", "."]));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Returns the lines that only one of the two prints, and which one.
fn differences<'a>(want: &'a str, have: &'a str) -> Vec<(&'a str, &'static str)> {
    let mut counts: BTreeMap<&str, i32> = BTreeMap::new();
    for line in want.lines() {
        *counts.entry(line).or_default() += 1;
    }
    for line in have.lines() {
        *counts.entry(line).or_default() -= 1;
    }
    let of = |(line, count): (&'a str, i32)| match count {
        0 => None,
        1.. => Some((line, "go")),
        _ => Some((line, "minigo")),
    };
    counts.into_iter().filter_map(of).collect()
}
