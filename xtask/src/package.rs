//! Packages of Go and assembly files: what a real Go makes of them.

use std::path::Path;
use std::process::Command;

use minigo_tests::{Archive, outcome};

use crate::go::{Go, run};

/// Records the sections of a test, whose files are written to `dir`.
///
/// # Errors
///
/// Go does not build what it should, or builds what it should not.
pub fn record(go: &Go, dir: &Path, archive: &mut Archive) -> Result<(), String> {
    for (name, text) in archive.package() {
        std::fs::write(dir.join(name), text).map_err(|err| err.to_string())?;
    }
    let sections: Vec<String> = archive
        .sections
        .iter()
        .map(|(name, _)| name.clone())
        .collect();
    for name in sections {
        let text = match name.split(' ').next() {
            Some("S") => go.compile_beside_assembly(dir, &["-S"])?,
            Some("asmhdr") => {
                go.compile_beside_assembly(dir, &["-asmhdr", "header"])?;
                std::fs::read_to_string(dir.join("header")).map_err(|err| err.to_string())?
            }
            Some("build") => refusal(go, dir)?,
            Some("vet") => {
                // Each section is of one version, and recorded from that.
                let version = name.trim_start_matches("vet ");
                if !go.version.starts_with(&format!("{version}.")) {
                    continue;
                }
                std::fs::write(dir.join("go.mod"), minigo_tests::GO_MOD)
                    .map_err(|err| err.to_string())?;
                go.vet(dir)
            }
            Some("out") => {
                let built = go.build_package(dir, "go.exe");
                if !built.status.success() {
                    return Err(String::from_utf8_lossy(&built.stderr).into_owned());
                }
                let output = run(&mut Command::new(dir.join("go.exe")));
                outcome(&output, dir, &archive.go_text())
            }
            _ => continue,
        };
        archive.set(&name, text);
    }
    Ok(())
}

/// What `go build` says of a package, without the line that names it, the time of day and the folder.
fn refusal(go: &Go, dir: &Path) -> Result<String, String> {
    let built = go.build_package(dir, "go.exe");
    if built.status.success() {
        return Err(format!("Go builds {}", dir.display()));
    }
    let folder = format!("{}/", dir.display());
    let text = String::from_utf8_lossy(&built.stderr).replace(&folder, "");
    let lines = text.lines().filter(|line| !line.starts_with("# "));
    Ok(lines
        .map(|line| format!("{}\n", without_time(line)))
        .collect())
}

/// A line without the date and time that Go's logger puts in front.
fn without_time(line: &str) -> &str {
    const TIME: usize = "2006/01/02 15:04:05 ".len();
    let is_time = |text: &str| {
        let shape = text.bytes().filter(|byte| !byte.is_ascii_digit());
        shape.eq(*b"// :: ")
    };
    match line.get(..TIME) {
        Some(text) if is_time(text) => &line[TIME..],
        _ => line,
    }
}
