//! The modules that a module's packages import: those of the workspace, replaced ones, and the module cache.
//!
//! Versions are chosen as by cmd/go: of each module the greatest version that any module requires (minimal version
//! selection). Nothing is downloaded. Source: the Go Modules Reference; cmd/go, modload.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The places of modules, by the environment of the go command.
#[derive(Clone, Debug, Default)]
pub struct Modules {
    /// The folder that `GOMODCACHE` names, or its default.
    pub cache: Option<PathBuf>,
    /// The value of `GOWORK`: a file, or `off`; without it, the nearest `go.work` counts.
    pub workspace: Option<PathBuf>,
}

/// The folders of modules by their paths.
#[derive(Debug, Default)]
pub(crate) struct ModuleFolders {
    folders: BTreeMap<String, PathBuf>,
}

impl ModuleFolders {
    /// Returns the modules that packages of the module in folder `root` may import.
    pub(crate) fn of(root: &Path, modules: &Modules, has_workspaces: bool) -> ModuleFolders {
        let mut graph = Graph {
            cache: modules.cache.clone(),
            ..Graph::default()
        };
        let workspace = match &modules.workspace {
            _ if !has_workspaces => None,
            Some(path) if path == Path::new("off") => None,
            Some(path) if path != Path::new("") => Some(path.clone()),
            _ => nearest(root, "go.work"),
        };
        let used = workspace.map_or_else(Vec::new, |file| graph.add_workspace(&file));
        // A module outside of the workspace is one of its own.
        match used.iter().any(|folder| folder == root) {
            true => used.iter().for_each(|folder| graph.add_main(folder)),
            false => {
                graph = Graph {
                    cache: graph.cache,
                    ..Graph::default()
                };
                graph.add_main(root);
            }
        }
        graph.resolve()
    }

    /// Returns the folder of a package: that of the module with the longest path in front of it that has the folder.
    pub(crate) fn package(&self, path: &str) -> Option<PathBuf> {
        let mut modules: Vec<_> = self.folders.iter().collect();
        modules.sort_by_key(|(module, _)| std::cmp::Reverse(module.len()));
        let mut inside = modules.into_iter().filter_map(|(module, folder)| {
            let inside = inside(path, module)?;
            Some(folder.join(inside))
        });
        inside.find(|folder| folder.is_dir())
    }
}

/// Returns the part of an import path behind a module's.
pub(crate) fn inside<'p>(path: &'p str, module: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(module)?;
    match rest.strip_prefix('/') {
        Some(inside) => Some(inside),
        None => (rest.is_empty() || module.is_empty()).then_some(rest),
    }
}

/// Returns the file of a name in a folder or the nearest one above it.
fn nearest(folder: &Path, name: &str) -> Option<PathBuf> {
    let mut files = folder.ancestors().map(|folder| folder.join(name));
    files.find(|file| file.is_file())
}

/// The replacement of a module: a folder, or another module of a version.
#[derive(Clone, Debug)]
enum Replacement {
    Folder(PathBuf),
    Module(String, String),
}

/// The modules that others require.
#[derive(Debug, Default)]
struct Graph {
    cache: Option<PathBuf>,
    /// The folders of the main modules, by path.
    main: BTreeMap<String, PathBuf>,
    /// By path and version, which is empty for all of them.
    replacements: BTreeMap<(String, String), Replacement>,
    /// The greatest version of each module so far.
    versions: BTreeMap<String, String>,
    /// The requirements that aren't followed yet.
    work: Vec<(String, String)>,
}

impl Graph {
    /// Reads a `go.work` and returns the folders that it uses.
    fn add_workspace(&mut self, file: &Path) -> Vec<PathBuf> {
        let folder = file.parent().unwrap_or(Path::new(""));
        let mut used = Vec::new();
        for words in directives(file) {
            match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                ["use", path] => {
                    let path = folder.join(path);
                    used.push(path.canonicalize().unwrap_or(path));
                }
                ["replace", ..] => self.add_replacement(&words, folder),
                _ => {}
            }
        }
        used
    }

    /// Reads the `go.mod` of a main module.
    fn add_main(&mut self, folder: &Path) {
        for words in directives(&folder.join("go.mod")) {
            match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                ["module", path] => {
                    self.main.insert(path.to_owned(), folder.to_owned());
                }
                ["require", path, version] => self.work.push((path.to_owned(), version.to_owned())),
                ["replace", ..] => self.add_replacement(&words, folder),
                _ => {}
            }
        }
    }

    /// Adds `replace PATH [VERSION] => FOLDER` or `=> PATH VERSION`. The first one counts: that of the workspace.
    fn add_replacement(&mut self, words: &[String], folder: &Path) {
        let mut sides = words[1..].split(|word| word == "=>");
        let (Some(old), Some(new)) = (sides.next(), sides.next()) else {
            return;
        };
        let version = old.get(1).cloned().unwrap_or_default();
        let replacement = match new {
            [path] => Replacement::Folder(folder.join(path)),
            [path, version] => Replacement::Module(path.clone(), version.clone()),
            _ => return,
        };
        if let Some(path) = old.first() {
            let key = (path.clone(), version);
            self.replacements.entry(key).or_insert(replacement);
        }
    }

    /// Follows all requirements.
    fn resolve(mut self) -> ModuleFolders {
        while let Some((path, version)) = self.work.pop() {
            let known = self.versions.get(&path);
            let is_known = known.is_some_and(|known| compare(known, &version) != Ordering::Less);
            if is_known || self.main.contains_key(&path) {
                continue;
            }
            if let Some(file) = self.go_mod(&path, &version) {
                let required = directives(&file).into_iter().filter_map(|words| {
                    let [verb, path, version] = words.try_into().ok()?;
                    (verb == "require").then_some((path, version))
                });
                self.work.extend(required);
            }
            self.versions.insert(path, version);
        }
        let mut folders = self.main.clone();
        for (path, version) in &self.versions {
            let folder = self.folder(path, version);
            folders.extend(folder.map(|folder| (path.clone(), folder)));
        }
        ModuleFolders { folders }
    }

    fn replacement(&self, path: &str, version: &str) -> Option<&Replacement> {
        let of = |version: &str| {
            self.replacements
                .get(&(path.to_owned(), version.to_owned()))
        };
        of(version).or_else(|| of(""))
    }

    /// Returns the folder of a module.
    fn folder(&self, path: &str, version: &str) -> Option<PathBuf> {
        let (path, version) = match self.replacement(path, version) {
            Some(Replacement::Folder(folder)) => return Some(folder.clone()),
            Some(Replacement::Module(path, version)) => (path.as_str(), version.as_str()),
            None => (path, version),
        };
        let name = format!("{}@{}", escaped(path), escaped(version));
        Some(self.cache.as_ref()?.join(name))
    }

    /// Returns the `go.mod` of a module, which the cache may have without the module.
    fn go_mod(&self, path: &str, version: &str) -> Option<PathBuf> {
        let (path, version) = match self.replacement(path, version) {
            Some(Replacement::Folder(folder)) => return Some(folder.join("go.mod")),
            Some(Replacement::Module(path, version)) => (path.as_str(), version.as_str()),
            None => (path, version),
        };
        let name = format!(
            "cache/download/{}/@v/{}.mod",
            escaped(path),
            escaped(version)
        );
        Some(self.cache.as_ref()?.join(name))
    }
}

/// Returns a path or a version as file names spell it, which may not differ in case only.
fn escaped(path: &str) -> String {
    let mut text = String::new();
    for c in path.chars() {
        if c.is_ascii_uppercase() {
            text.push('!');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}

/// Returns the directives of a `go.mod` or `go.work` file, those in parentheses each with its verb; none if it can't be read.
fn directives(file: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut found = Vec::new();
    let mut block: Option<String> = None;
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or_default();
        let words = line.split_whitespace();
        let words = words.map(|word| word.trim_matches(['"', '`']).to_owned());
        let mut words: Vec<String> = words.collect();
        match (words.last().map(String::as_str), &block) {
            (None, _) => {}
            (Some(")"), _) => block = None,
            (Some("("), _) => block = words.drain(..).next(),
            (_, Some(verb)) => {
                words.insert(0, verb.clone());
                found.push(words);
            }
            (_, None) => found.push(words),
        }
    }
    found
}

/// Returns the path that a `go.mod` file gives its module.
pub(crate) fn module_name(file: &Path) -> Option<String> {
    let mut directives = directives(file).into_iter();
    let words = directives.find(|words| words[0] == "module")?;
    words.into_iter().nth(1)
}

/// Compares semantic versions (semver.org, 11).
fn compare(a: &str, b: &str) -> Ordering {
    let parts = |version: &str| {
        let version = version.trim_start_matches('v');
        let version = version.split('+').next().unwrap_or_default();
        let (numbers, pre) = version.split_once('-').unwrap_or((version, ""));
        let numbers = numbers.split('.').map(|number| number.parse().unwrap_or(0));
        (numbers.collect::<Vec<u64>>(), pre.to_owned())
    };
    let ((a_numbers, a_pre), (b_numbers, b_pre)) = (parts(a), parts(b));
    a_numbers.cmp(&b_numbers).then_with(|| {
        // A version before a release.
        match (a_pre.is_empty(), b_pre.is_empty()) {
            (false, false) => compare_identifiers(&a_pre, &b_pre),
            (a, b) => a.cmp(&b),
        }
    })
}

/// Compares what follows the dash of versions: numbers by value and before words.
fn compare_identifiers(a: &str, b: &str) -> Ordering {
    let key = |identifier: &str| match identifier.parse::<u64>() {
        Ok(number) => (0, number, String::new()),
        Err(_) => (1, 0, identifier.to_owned()),
    };
    a.split('.').map(key).cmp(b.split('.').map(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered() {
        let ordered = [
            "v0.0.0-20200101000000-abcdefabcdef",
            "v0.9.0",
            "v1.0.0-alpha",
            "v1.0.0-alpha.1",
            "v1.0.0-alpha.beta",
            "v1.0.0-rc.2",
            "v1.0.0-rc.10",
            "v1.0.0",
            "v1.0.10+incompatible",
            "v1.2.0",
            "v1.10.0",
        ];
        for (index, a) in ordered.iter().enumerate() {
            for (other, b) in ordered.iter().enumerate() {
                assert_eq!(compare(a, b), index.cmp(&other), "{a} {b}");
            }
        }
    }

    #[test]
    fn a_package_belongs_to_a_whole_path() {
        assert_eq!(inside("m/p", "m"), Some("p"));
        assert_eq!(inside("m", "m"), Some(""));
        assert_eq!(inside("mx/p", "m"), None);
        assert_eq!(inside("fmt", ""), Some("fmt"));
        assert_eq!(
            escaped("github.com/BurntSushi/toml"),
            "github.com/!burnt!sushi/toml"
        );
    }
}
