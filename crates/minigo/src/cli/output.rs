//! Writes files whole or not at all, and never over files that minigo could not have made.

use std::fs::File;
use std::io::{Seek, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, RenameFlags, renameat_with};
use tempfile::NamedTempFile;

/// The kind of a file, which decides its permissions and which files it may replace.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A listing.
    Text,
    /// A relocatable object.
    Object,
    /// A program.
    Executable,
}

/// Writes `bytes` as [`write_with`] does.
///
/// # Errors
///
/// The errors of [`write_with`].
pub fn write(path: &Path, bytes: &[u8], kind: Kind, inputs: &[PathBuf]) -> Result<(), String> {
    write_with(path, kind, inputs, |file| {
        let written = file.write_all(bytes);
        written.map_err(|err| format!("{}: {err}", path.display()))
    })
}

/// Has `contents` write a temporary file beside `path`, then renames it.
///
/// # Errors
///
/// The errors of `contents`, and a path that can't be written: one of the `inputs`, a folder, or a file that is neither an
/// object nor an executable (gc: go/internal/work/exec.go, moveOrCopyFile).
pub fn write_with<E: From<String>>(
    path: &Path,
    kind: Kind,
    inputs: &[PathBuf],
    contents: impl FnOnce(&mut File) -> Result<(), E>,
) -> Result<(), E> {
    let broken = |err: &dyn std::fmt::Display| E::from(format!("{}: {err}", path.display()));
    let exists = std::fs::metadata(path).ok();
    if let Some(existing) = &exists {
        let same = |input: &PathBuf| same_file(input, path);
        if inputs.iter().any(same) {
            let message = format!("build output {path:?} is one of the source files");
            return Err(message.into());
        }
        if existing.is_dir() {
            let message = format!("build output {path:?} already exists and is a directory");
            return Err(message.into());
        }
        if !existing.is_file() {
            // A device or a pipe can't be replaced.
            let mut file = tempfile::tempfile().map_err(|err| broken(&err))?;
            contents(&mut file)?;
            return copy(file, path).map_err(|err| broken(&err));
        }
        if kind != Kind::Text && existing.len() > 0 && !is_object(path) {
            let message = format!("build output {path:?} already exists and is not an object file");
            return Err(message.into());
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
    contents(file.as_file_mut())?;
    publish(file, path).map_err(|err| broken(&err))
}

/// Renames a finished file to `path`. A file that has the name changes places with it and is then removed, because ext4
/// flushes a file to the disk before it is renamed over another.
fn publish(file: NamedTempFile, path: &Path) -> std::io::Result<()> {
    match renameat_with(CWD, file.path(), CWD, path, RenameFlags::EXCHANGE) {
        Ok(()) => file.close(),
        // There is no such file, or the file system can't exchange names.
        Err(_) => file.persist(path).map(drop).map_err(|err| err.error),
    }
}

/// Copies a file from its beginning to a device or a pipe.
fn copy(mut file: File, path: &Path) -> std::io::Result<()> {
    file.rewind()?;
    std::io::copy(&mut file, &mut File::options().write(true).open(path)?)?;
    Ok(())
}

fn same_file(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (std::fs::metadata(a), std::fs::metadata(b)) {
        (Ok(a), Ok(b)) => a.dev() == b.dev() && a.ino() == b.ino(),
        _ => false,
    }
}

/// Reports whether a file begins as objects, archives and executables do.
fn is_object(path: &Path) -> bool {
    use std::io::Read;
    let mut start = [0; 4];
    let Ok(mut file) = File::open(path) else {
        return false;
    };
    file.read_exact(&mut start).is_ok()
        && matches!(
            &start,
            b"\x7fELF" | b"!<ar" | b"\xcf\xfa\xed\xfe" | b"\xfe\xed\xfa\xcf" | b"go o"
        )
}
