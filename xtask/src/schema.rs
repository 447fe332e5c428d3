//! `cargo xtask schema`: records the schema of the documents of `-json`.
//!
//! It is made from the types by a test of the crate `story`, which alone needs the library for it.

use std::process::Command;

use minigo_tests::root;

/// Runs the test that has the schema, and has it record.
///
/// # Errors
///
/// The test can't be built, or fails.
pub fn schema() -> Result<(), String> {
    let status = Command::new(env!("CARGO"))
        .args(["test", "--quiet", "-p", "minigo-story", "--lib", "json::"])
        .env("MINIGO_BLESS", "1")
        .current_dir(root())
        .status()
        .map_err(|err| format!("cargo: {err}"))?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("the test of the schema: {status}")),
    }
}
