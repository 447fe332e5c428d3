//! Files that minigo writes: whole or not at all, and never over something that it did not make.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// What a file holds, which decides its permissions and what it may replace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A listing.
    Text,
    /// A relocatable object.
    Object,
    /// A program.
    Executable,
}

/// Writes `bytes` to a temporary file beside `path`, then renames it.
///
/// # Errors
///
/// The path and what is wrong: it is one of the `inputs`, a folder, a file that is no object or executable
/// (gc: go/internal/work/exec.go, moveOrCopyFile), or it cannot be written.
pub fn write(path: &Path, bytes: &[u8], kind: Kind, inputs: &[PathBuf]) -> Result<(), String> {
    let broken = |err: &dyn std::fmt::Display| format!("{}: {err}", path.display());
    let exists = std::fs::metadata(path).ok();
    if let Some(existing) = &exists {
        let same = |input: &PathBuf| same_file(input, path);
        if inputs.iter().any(same) {
            return Err(format!("build output {path:?} is one of the source files"));
        }
        if existing.is_dir() {
            return Err(format!(
                "build output {path:?} already exists and is a directory"
            ));
        }
        if !existing.is_file() {
            // A device or a pipe: nothing to rename over.
            return std::fs::write(path, bytes).map_err(|err| broken(&err));
        }
        if kind != Kind::Text && existing.len() > 0 && !is_object(path) {
            return Err(format!(
                "build output {path:?} already exists and is not an object file"
            ));
        }
    }
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mode = if kind == Kind::Executable {
        0o777
    } else {
        0o666
    };
    let mut file = tempfile::Builder::new()
        .prefix(".minigo-")
        .permissions(std::fs::Permissions::from_mode(mode))
        .tempfile_in(folder)
        .map_err(|err| broken(&err))?;
    file.write_all(bytes).map_err(|err| broken(&err))?;
    file.persist(path).map_err(|err| broken(&err.error))?;
    Ok(())
}

fn same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (std::fs::metadata(a), std::fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.dev() == b.dev() && a.ino() == b.ino(),
        _ => false,
    }
}

/// Whether a file begins as objects, archives and executables do.
fn is_object(path: &Path) -> bool {
    use std::io::Read;
    let mut start = [0; 4];
    let Ok(mut file) = std::fs::File::open(path) else {
        return false;
    };
    file.read_exact(&mut start).is_ok()
        && matches!(
            &start,
            b"\x7fELF" | b"!<ar" | b"\xcf\xfa\xed\xfe" | b"\xfe\xed\xfa\xcf" | b"go o"
        )
}
