//! `cargo xtask see-test`: the pages of `minigo see` in a browser.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::go::{Profile, minigo};

/// Names of Chromium.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Runs the command. Where Node.js, its packages or Chromium are missing, it says so and does nothing.
///
/// # Errors
///
/// minigo doesn't build, or a test fails.
pub fn see_test() -> Result<(), String> {
    let folder = minigo_tests::root().join("tests/browser");
    let (Some(node), Some(browser)) = (found("node"), BROWSERS.into_iter().find_map(found)) else {
        println!("SKIPPED: no Node.js or no Chromium");
        return Ok(());
    };
    if !folder.join("node_modules").exists() && !install(&folder) {
        println!("SKIPPED: npm can't install the packages of tests/browser");
        return Ok(());
    }
    let minigo = minigo(Profile::Dev)?;
    let pages = tempfile::tempdir().map_err(|err| format!("a temporary folder: {err}"))?;
    let status = Command::new(node)
        .current_dir(&folder)
        .arg("see.mjs")
        .args([&minigo, &browser, pages.path()])
        .status()
        .map_err(|err| format!("node: {err}"))?;
    match status.success() {
        true => Ok(()),
        false => Err("the pages of minigo see fail in a browser".to_owned()),
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
