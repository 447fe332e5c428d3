//! Writes files whole or not at all, and never over files that minigo could not have made.

use std::ffi::OsStr;
use std::fs::{File, Permissions};
use std::io::{self, ErrorKind, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::{
    AtFlags, CWD, MemfdFlags, Mode, OFlags, RenameFlags, linkat, memfd_create, openat, rename,
    renameat_with, unlink,
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

/// Has `contents` write a temporary file beside `path`, then renames it. A symbolic link stays one: the file that it leads to
/// is written. `-` and names of standard output are standard output; like devices and pipes, it gets the finished contents.
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
    let name = match path == Path::new("-") {
        true => "standard output".into(),
        false => path.to_string_lossy(),
    };
    let broken = |err: &dyn std::fmt::Display| E::from(format!("{name}: {err}"));
    let target = match Target::of(path).map_err(|err| broken(&err))? {
        Target::File(target) => target,
        stream => {
            let mut file = in_memory("output").map_err(|err| broken(&err))?;
            contents(&mut file)?;
            let printed = file.rewind().and_then(|()| stream.receive(file, path));
            return printed.map_err(|err| broken(&err));
        }
    };
    if let Ok(existing) = std::fs::metadata(&target) {
        let same = |input: &PathBuf| same_file(input, &target);
        if inputs.iter().any(same) {
            let message = format!("build output {path:?} is one of the source files");
            return Err(message.into());
        }
        if existing.is_dir() {
            let message = format!("build output {path:?} already exists and is a directory");
            return Err(message.into());
        }
        if kind != Kind::Text && existing.len() > 0 && !is_object(&target) {
            let message = format!("build output {path:?} already exists and is not an object file");
            return Err(message.into());
        }
    }
    let mode = if kind == Kind::Executable {
        0o777
    } else {
        0o666
    };
    let mut draft = Draft::new(folder_of(&target), mode).map_err(|err| broken(&err))?;
    contents(draft.file())?;
    let _held = signals::Held::new();
    draft.publish(&target).map_err(|err| broken(&err))
}

/// Where an output goes.
enum Target {
    StandardOutput,
    /// A device, a pipe or another open file, which can't be replaced.
    Stream,
    /// A file of this path, which is no symbolic link. It may not be there yet.
    File(PathBuf),
}

impl Target {
    /// The longest chain of symbolic links, as Linux follows them.
    const MAX_LINKS: usize = 40;

    /// Follows symbolic links, of which those of a process's open files have no file that could be replaced.
    fn of(path: &Path) -> io::Result<Target> {
        if path == Path::new("-") {
            return Ok(Target::StandardOutput);
        }
        let mut target = path.to_owned();
        for _ in 0..Target::MAX_LINKS {
            let metadata = match target.symlink_metadata() {
                Ok(metadata) => metadata,
                // Not there, or an error of writing.
                Err(_) => return Ok(Target::File(target)),
            };
            if !metadata.is_symlink() {
                return Ok(match metadata.is_file() || metadata.is_dir() {
                    true => Target::File(target),
                    false => Target::Stream,
                });
            }
            let folder = folder_of(&target).canonicalize()?;
            if folder.starts_with("/proc") {
                let own = PathBuf::from(format!("/proc/{}/fd", std::process::id()));
                return Ok(
                    match folder == own && target.file_name() == Some(OsStr::new("1")) {
                        true => Target::StandardOutput,
                        false => Target::Stream,
                    },
                );
            }
            target = folder.join(target.read_link()?);
        }
        Err(Errno::LOOP.into())
    }

    /// Copies a finished file to the stream that the path names. It is no error if the reader of standard output has gone.
    fn receive(self, mut file: File, path: &Path) -> io::Result<()> {
        let copied = match self {
            Target::StandardOutput => {
                let mut out = io::stdout().lock();
                io::copy(&mut file, &mut out).and_then(|_| out.flush())
            }
            Target::Stream | Target::File(_) => {
                let mut stream = File::options().write(true).truncate(true).open(path)?;
                return io::copy(&mut file, &mut stream).map(drop);
            }
        };
        match copied {
            Err(err) if err.kind() != ErrorKind::BrokenPipe => Err(err),
            _ => Ok(()),
        }
    }
}

/// Makes a file in memory, whose name is for debuggers only.
pub fn in_memory(name: &str) -> io::Result<File> {
    Ok(memfd_create(name, MemfdFlags::CLOEXEC)?.into())
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

/// Returns an error of tempfile without the name of the temporary file, which is of no interest to the user.
pub fn nameless(err: io::Error) -> io::Error {
    match err.to_string().split_once(" at path ") {
        Some((reason, _)) => io::Error::other(reason),
        None => err,
    }
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
