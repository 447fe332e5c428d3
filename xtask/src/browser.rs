//! Tests of pages in a browser: the scripts of `tests/browser`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::go::{Profile, minigo};

/// Names of Chromium.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Runs a script of `tests/browser`, with minigo, the browser and a temporary folder before its own arguments. Where Node.js,
/// its packages or Chromium are missing, says so and does nothing.
///
/// # Errors
///
/// minigo doesn't build, or a test fails.
pub fn run(script: &str, args: &[&Path]) -> Result<(), String> {
    let folder = minigo_tests::root().join("tests/browser");
    let (Some(node), Some(browser)) = (found("node"), BROWSERS.into_iter().find_map(found)) else {
        println!("SKIPPED: {script}: no Node.js or no Chromium");
        return Ok(());
    };
    if !folder.join("node_modules").exists() && !install(&folder) {
        println!("SKIPPED: {script}: npm can't install the packages of tests/browser");
        return Ok(());
    }
    let minigo = minigo(Profile::Dev)?;
    let work = tempfile::tempdir().map_err(|err| format!("a temporary folder: {err}"))?;
    let status = Command::new(node)
        .current_dir(&folder)
        .arg(script)
        .args([&minigo, &browser, work.path()])
        .args(args)
        .status()
        .map_err(|err| format!("node: {err}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("tests/browser/{script} fails")),
    }
}

/// Returns the path of a command.
fn found(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Installs the packages that the tests use.
fn install(folder: &Path) -> bool {
    let mut npm = Command::new("npm");
    npm.current_dir(folder);
    npm.args([
        "install",
        "--ignore-scripts",
        "--no-package-lock",
        "--no-audit",
    ]);
    npm.status().is_ok_and(|status| status.success())
}
