//! The names of what commands write.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::files::PackageFiles;

/// Returns the file that `-o` names, or one named after the first source file, in the current folder.
pub(super) fn output_path(
    arguments: &[PathBuf],
    output: Option<&Path>,
    files: &PackageFiles,
    extension: &str,
) -> PathBuf {
    let mut name = match arguments.first() {
        Some(folder) if folder.is_dir() => folder_name(folder),
        Some(_) => stem(files.first()),
        None => folder_name(Path::new(".")),
    };
    if name.is_empty() {
        name = stem(files.first());
    }
    name.push(extension);
    match output {
        Some(path) if path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/') => {
            path.join(name)
        }
        Some(path) => path.to_owned(),
        None => PathBuf::from(name),
    }
}

/// Returns the name of a folder, whatever its path says.
fn folder_name(folder: &Path) -> OsString {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    full.file_name().unwrap_or_default().to_owned()
}

/// Returns the name of a source file without its extension.
pub(super) fn stem(file: &Path) -> OsString {
    // Standard input has no name.
    let stem = file.file_stem().filter(|stem| *stem != "-");
    stem.unwrap_or(OsStr::new("main")).to_owned()
}
