//! Compiles the rewrite rules (see crate `minigo-rules`) to Rust in the build folder: for each folder of
//! `rules` a file of the same name, with a module of the name of each rule file.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use minigo_rules::{Ops, compile};

/// Names that rules and their conditions use. Not every file of rules needs all of them.
const IMPORTS: &str = "use crate::block::BlockKind;
use crate::entity::{Block, Value};
use crate::func::Func;
use crate::lower::*;
use crate::magic::*;
use crate::multiply::multiply_by;
use crate::op::Op;
use crate::opt::*;
use crate::profile::Unused;
use crate::rewrite::*;
use crate::ty::Type;
use crate::value::{Aux, ValAndOff};
";

/// A part of a rule, and the wrong one that stands for it under `--cfg planted`: `cargo xtask fuzz --planted` proves with it
/// that fuzzing finds miscompilations. Constants are unknown without optimization, so only optimized programs are wrong.
const PLANTED: (&str, &str) = (
    "Const$N[shift_right(c, d)]",
    "Const$N[unsigned_shift_right($N, c, d)]",
);

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let out = std::env::var("OUT_DIR").map_err(|err| format!("OUT_DIR: {err}"))?;
    let ops =
        Ops::read(&read(Path::new("src/op.rs"))?).map_err(|err| format!("src/op.rs: {err}"))?;
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-env-changed=CARGO_CFG_PLANTED");
    for folder in entries(Path::new("rules"))? {
        let mut modules = String::new();
        for file in entries(&folder)? {
            modules.push_str(&module(&file, &ops)?);
        }
        let target = Path::new(&out).join(format!("{}.rs", name(&folder)?));
        std::fs::write(&target, modules).map_err(|err| format!("{}: {err}", target.display()))?;
    }
    Ok(())
}

/// Returns the module that a rule file becomes.
fn module(file: &Path, ops: &Ops) -> Result<String, String> {
    let file_name = name(file)?;
    let module = file_name
        .strip_suffix(".rules")
        .ok_or_else(|| format!("{} is not a rule file", file.display()))?;
    let mut rules = read(file)?;
    if std::env::var_os("CARGO_CFG_PLANTED").is_some() {
        rules = rules.replace(PLANTED.0, PLANTED.1);
    }
    let functions =
        compile(&file_name, &rules, ops).map_err(|err| format!("{}:{err}", file.display()))?;
    let mut text = String::new();
    write!(
        text,
        "/// The rules of `{}`.
#[allow(
    clippy::all,
    dead_code,
    irrefutable_let_patterns,
    non_snake_case,
    unused_imports,
    unused_parens,
    unused_variables,
    reason = \"generated: clarity is in the rules\"
)]
pub(crate) mod {module} {{
{IMPORTS}
/// Rewrites by these rules until they change nothing.
pub(crate) fn rewrite(f: &mut Func, unused: Unused) {{
    apply_rewrite(f, unused, rewrite_block, rewrite_value);
}}

{functions}
}}

",
        file.display()
    )
    .expect("writing to a string cannot fail");
    Ok(text)
}

/// Returns what a folder holds, in the order of names.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let fail = |err: std::io::Error| format!("{}: {err}", folder.display());
    let mut paths = std::fs::read_dir(folder)
        .map_err(fail)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(fail)?;
    paths.sort();
    Ok(paths)
}

/// Returns the last part of a path.
fn name(path: &Path) -> Result<String, String> {
    let name = path.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned)
        .ok_or_else(|| format!("{} has no name in Unicode", path.display()))
}

fn read(path: &Path) -> Result<String, String> {
    println!("cargo::rerun-if-changed={}", path.display());
    std::fs::read_to_string(path).map_err(|err| format!("{}: {err}", path.display()))
}
