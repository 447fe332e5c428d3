//! Writes files whole or not at all, and never over files that minigo could not have made.

use std::fs::{File, Permissions};
use std::io::{self, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{
    AtFlags, CWD, Mode, OFlags, RenameFlags, linkat, openat, rename, renameat_with, unlink,
};
use rustix::io::Errno;
use tempfile::NamedTempFile;

use super::signals;

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
    let mode = if kind == Kind::Executable {
        0o777
    } else {
        0o666
    };
    let mut draft = Draft::new(folder_of(path), mode).map_err(|err| broken(&err))?;
    contents(draft.file())?;
    let _held = signals::Held::new();
    draft.publish(path).map_err(|err| broken(&err))
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent();
    let named = folder.filter(|folder| !folder.as_os_str().is_empty());
    named.unwrap_or(Path::new("."))
}

/// A file that is being written.
enum Draft {
    /// It has no name yet, so that it vanishes with the process.
    Unnamed(File),
    /// The file system has no files without a name.
    Named(NamedTempFile),
}

impl Draft {
    fn new(folder: &Path, mode: u32) -> io::Result<Draft> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        match openat(CWD, folder, flags, Mode::from_raw_mode(mode)) {
            Ok(file) => Ok(Draft::Unnamed(file.into())),
            Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => {
                let file = tempfile::Builder::new()
                    .prefix(PREFIX)
                    .permissions(Permissions::from_mode(mode))
                    .tempfile_in(folder);
                file.map(Draft::Named).map_err(nameless)
            }
            Err(err) => Err(err.into()),
        }
    }

    fn file(&mut self) -> &mut File {
        match self {
            Draft::Unnamed(file) => file,
            Draft::Named(file) => file.as_file_mut(),
        }
    }

    /// Gives the finished file the name `path`.
    fn publish(self, path: &Path) -> io::Result<()> {
        match self {
            Draft::Unnamed(file) => name(&file, path),
            Draft::Named(file) => {
                if exchange(file.path(), path) {
                    file.close()
                } else {
                    file.persist(path)
                        .map(drop)
                        .map_err(|err| nameless(err.error))
                }
            }
        }
    }
}

const PREFIX: &str = ".minigo-";

/// Names a file without a name, in the place of another file that has the name.
fn name(file: &File, path: &Path) -> io::Result<()> {
    let open = format!("/proc/self/fd/{}", file.as_raw_fd());
    let link = |to: &Path| linkat(CWD, &*open, CWD, to, AtFlags::SYMLINK_FOLLOW);
    match link(path) {
        Err(Errno::EXIST) => {}
        done => return Ok(done?),
    }
    let mut number = std::process::id();
    let temporary = loop {
        let temporary = folder_of(path).join(format!("{PREFIX}{number}"));
        match link(&temporary) {
            Err(Errno::EXIST) => number = number.wrapping_add(1),
            done => break done.map(|()| temporary)?,
        }
    };
    if exchange(&temporary, path) {
        return Ok(unlink(&temporary)?);
    }
    Ok(rename(&temporary, path).inspect_err(|_| {
        let _ = unlink(&temporary);
    })?)
}

/// Lets two files change places. Renaming one over the other takes longer: ext4 first flushes it to the disk. Returns
/// false if the file system can't do it.
fn exchange(a: &Path, b: &Path) -> bool {
    renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).is_ok()
}

/// Returns an error without the name of the temporary file, which is of no interest to the user.
fn nameless(err: io::Error) -> io::Error {
    err.raw_os_error().map_or(err, io::Error::from_raw_os_error)
}

/// Copies a file from its beginning to a device or a pipe.
fn copy(mut file: File, path: &Path) -> io::Result<()> {
    file.rewind()?;
    io::copy(&mut file, &mut File::options().write(true).open(path)?)?;
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
