//! Look-up of importable packages (gc: main.go, importfile and findpkg).

use minigo_base::path::clean;

/// The environment in which imports are looked up.
#[derive(Clone, Copy, Debug)]
pub struct Imports<'a> {
    /// The absolute folder from which relative paths start.
    pub folder: &'a str,
    /// Reports whether a file or folder with that path exists.
    pub exists: fn(&str) -> bool,
}

impl Imports<'_> {
    /// Returns the full path of a package. Relative imports start at the folder.
    pub(crate) fn resolve(&self, path: &str) -> String {
        match is_local(path) {
            true => cleaned(&format!("{}/{path}", self.folder)),
            false => path.to_owned(),
        }
    }

    /// Reports whether gc might find the package, or its source exists. `standard` lists the standard library.
    pub(crate) fn finds_in(&self, path: &str, standard: &str) -> bool {
        let exists = |suffix| (self.exists)(&format!("{path}{suffix}"));
        match is_local(path) {
            true => [".a", ".o", ""].into_iter().any(exists),
            false => standard.split(' ').any(|known| known == path),
        }
    }
}

/// Reports whether a path is one in the file system.
pub(crate) fn is_local(path: &str) -> bool {
    let first = path.split('/').next();
    matches!(first, Some("" | "." | ".."))
}

/// Returns the shortest equivalent path.
pub(crate) fn cleaned(path: &str) -> String {
    clean(path).to_string_lossy().into_owned()
}
