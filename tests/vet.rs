//! Findings in assembly: go vet's, recorded from it.

use std::path::Path;

use libtest_mimic::Failed;
use minigo_tests::Archive;

use crate::{minigo_command, same};

/// go vet's checks, which its recorded findings come from.
const GO_VET: [&str; 2] = ["-asmdecl", "-framepointer"];

/// The sections `vet VERSION` of a test.
pub fn archive(archive: &Archive) -> Result<(), Failed> {
    let dir = tempfile::tempdir()?;
    for (file, text) in archive.package() {
        std::fs::write(dir.path().join(file), text)?;
    }
    std::fs::write(dir.path().join("go.mod"), minigo_tests::GO_MOD)?;
    let mut tested = false;
    for (name, want) in &archive.sections {
        let Some(version) = name.strip_prefix("vet ") else {
            continue;
        };
        tested = true;
        let have = findings(dir.path(), version, &GO_VET)?;
        same(name, want, &have)?;
        let again = findings(dir.path(), version, &GO_VET)?;
        same(&format!("{name}, done again,"), &have, &again)?;
    }
    if tested {
        Ok(())
    } else {
        Err("the file tests nothing".into())
    }
}

/// What `minigo vet` prints.
fn findings(dir: &Path, version: &str, checks: &[&str]) -> Result<String, Failed> {
    let mut command = minigo_command();
    command.current_dir(dir).args(["vet", "-go", version]);
    let output = command.args(checks).output()?;
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}
