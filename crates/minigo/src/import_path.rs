//! The import path of a package, and the folders of the packages that it imports.
//!
//! Source: cmd/go.

use std::path::{Path, PathBuf};

use crate::modules::{self, module_name};

/// A package's import path, and the module that the package belongs to.
#[derive(Clone, Debug)]
pub(crate) struct ImportPath {
    /// The import path.
    pub(crate) path: String,
    /// The folder and the path of the module, which is empty for the standard library.
    module: Option<(PathBuf, String)>,
}

impl ImportPath {
    /// Returns the import path of a folder: by the module of the nearest `go.mod`, otherwise by `gopath`, otherwise the
    /// folder's name with an underscore in front.
    pub(crate) fn of(folder: &Path, gopath: Option<&Path>) -> ImportPath {
        let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let slashed = |path: &Path| path.to_string_lossy().into_owned();
        for root in full.ancestors() {
            let Some(module) = module_name(&root.join("go.mod")) else {
                continue;
            };
            let inside = full.strip_prefix(root).map(slashed).unwrap_or_default();
            let module = if module == "std" {
                String::new()
            } else {
                module
            };
            return ImportPath {
                path: join(&module, &inside),
                module: Some((root.to_owned(), module)),
            };
        }
        let inside = gopath.and_then(|root| full.strip_prefix(root.join("src")).map(slashed).ok());
        ImportPath {
            path: inside.unwrap_or_else(|| format!("_{}", slashed(&full))),
            module: None,
        }
    }

    /// Returns the folder of an imported package of the same module, of a vendored one, or of a module that it may import.
    pub(crate) fn import(
        &self,
        path: &str,
        others: impl Fn(&Path) -> Option<PathBuf>,
    ) -> Option<PathBuf> {
        let (root, module) = self.module.as_ref()?;
        let own = modules::inside(path, module).map(|inside| root.join(inside));
        let vendored = Some(root.join("vendor").join(path));
        let mut folders = own.into_iter().chain(vendored);
        let folder = folders.find(|folder| folder.is_dir());
        folder.or_else(|| others(root))
    }
}

fn join(module: &str, inside: &str) -> String {
    match (module, inside) {
        ("", path) | (path, "") => path.to_owned(),
        _ => format!("{module}/{inside}"),
    }
}
