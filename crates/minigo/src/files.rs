//! The files of a package: those that are named, or those of a folder that are for the target.
//!
//! Source: go/build/build.go, matchFile, goodOSArchFile, shouldBuild; syslist.go.

use std::io::Read;
use std::path::{Component, Path, PathBuf};

use minigo_base::GoVersion;
use minigo_base::path::clean;

use crate::constraint;
use crate::failure::Failure;
use crate::options::Options;
use crate::profile::{Constraints, Profile};
use crate::source::Source;
use crate::target::Target;

/// Operating systems that a file's name may end with.
const SYSTEMS: &str = "aix android darwin dragonfly freebsd hurd illumos js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos";
/// Architectures that a file's name may end with.
const ARCHITECTURES: &str = "386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm";

/// The source files of one package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageFiles {
    /// Go files.
    pub go: Vec<PathBuf>,
    /// Assembly files.
    pub assembly: Vec<PathBuf>,
    /// Go files for tests, of a folder.
    pub tests: Vec<PathBuf>,
}

impl PackageFiles {
    /// Returns all files that are built: Go, then assembly.
    pub fn all(&self) -> Vec<PathBuf> {
        self.go.iter().chain(&self.assembly).cloned().collect()
    }

    /// Returns the file that the package is named after: the first Go file, or the first of all.
    pub fn first(&self) -> &Path {
        let first = self.go.first().or(self.assembly.first());
        first.expect("a package has files")
    }

    /// Finds the files that the arguments name, from the current folder `here`: files, taken as they are (`-` is standard
    /// input), or the files of one folder whose names and build constraints admit `tags`.
    ///
    /// # Errors
    ///
    /// No file, a folder without Go files, or files of another kind.
    pub fn find(here: &Path, arguments: &[PathBuf], tags: &Tags) -> Result<PackageFiles, Failure> {
        match arguments {
            [] => PackageFiles::in_folder(here, Path::new("."), tags),
            [folder] if here.join(folder).is_dir() => PackageFiles::in_folder(here, folder, tags),
            _ => PackageFiles::named(here, arguments),
        }
    }

    /// Reads the files that are built. For a listing they have the names that were given, as with gc alone, otherwise
    /// those that `go build` shows.
    ///
    /// # Errors
    ///
    /// A file that can't be read.
    pub fn read(&self, options: &Options) -> Result<Vec<Source>, Failure> {
        let files = self.go.iter().chain(&self.assembly);
        files.map(|file| read(file, options)).collect()
    }

    fn named(here: &Path, arguments: &[PathBuf]) -> Result<PackageFiles, Failure> {
        let mut files = PackageFiles::default();
        for file in arguments {
            if here.join(file).is_dir() {
                return Err(Failure::file(file, &"want one folder, or files"));
            }
            match extension(file) {
                _ if is_stdin(file) => files.go.push(file.clone()),
                Some("go") => files.go.push(file.clone()),
                Some("s") => files.assembly.push(file.clone()),
                // What has an extension is the wrong kind of file, even if it isn't there.
                kind => {
                    return Err(match here.join(file).metadata() {
                        Err(err) if kind.is_none() => Failure::file(file, &err),
                        _ => Failure::file(file, &"not a Go or assembly file"),
                    });
                }
            }
        }
        Ok(files)
    }

    fn in_folder(here: &Path, folder: &Path, tags: &Tags) -> Result<PackageFiles, Failure> {
        let broken = |err: std::io::Error| Failure::file(folder, &err);
        let mut names = Vec::new();
        for entry in std::fs::read_dir(here.join(folder)).map_err(broken)? {
            let name = entry.map_err(broken)?.file_name();
            names.push(name.to_string_lossy().into_owned());
        }
        names.sort();
        let mut files = PackageFiles::default();
        let mut excluded = false;
        for name in names {
            let is_go = name.ends_with(".go");
            let is_source = is_go || name.ends_with(".s");
            let is_test = name.ends_with("_test.go");
            if !is_source || name.starts_with(['_', '.']) {
                continue;
            }
            // Messages name it without dots in front.
            let components = folder.join(&name);
            let components = components.components();
            let path: PathBuf = components
                .filter(|part| *part != Component::CurDir)
                .collect();
            if !tags.admit_name(&name)
                || !tags.admit_text(&std::fs::read(here.join(&path)).unwrap_or_default())
            {
                excluded |= is_go && !is_test;
            } else if is_test {
                files.tests.push(path);
            } else if is_go {
                files.go.push(path);
            } else {
                files.assembly.push(path);
            }
        }
        match files.go.is_empty() {
            false => Ok(files),
            true if excluded => Err(Failure::Environment(format!(
                "build constraints exclude all Go files in {}",
                folder.display()
            ))),
            true => Err(Failure::Environment(format!(
                "no Go files in {}",
                folder.display()
            ))),
        }
    }
}

/// The name of standard input in messages.
pub(crate) const STDIN: &str = "<standard input>";

/// Reports whether a file is standard input: `-`.
pub(crate) fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// Reports whether a folder has Go files.
#[cfg(feature = "cli")]
pub(crate) fn has_sources(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.any(|name| {
        let is_go = name.ends_with(".go") && !name.ends_with("_test.go");
        is_go && !name.starts_with(['_', '.'])
    })
}

fn read(file: &Path, options: &Options) -> Result<Source, Failure> {
    if is_stdin(file) {
        let mut text = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut text);
        read.map_err(|err| Failure::file(file, &err))?;
        return Ok(Source::new(STDIN, text));
    }
    let path = options.folder.join(file);
    if path.is_dir() {
        return Err(Failure::file(file, &"is a directory"));
    }
    let text = std::fs::read(path).map_err(|err| Failure::file(file, &err))?;
    let name = match options.listing {
        true => file.to_owned(),
        false => shown(&options.folder, file),
    };
    Ok(Source::new(name.to_string_lossy(), text))
}

/// Returns the name of a file in messages of `go build`: the path from the current folder `here`, if that is shorter
/// than the whole name (gc: go/internal/base, ShortPath; go/internal/work/exec.go, showOutput).
pub(crate) fn shown(here: &Path, file: &Path) -> PathBuf {
    let full = full(here, file);
    let (false, Some(folder), Some(name)) =
        (here.as_os_str().is_empty(), full.parent(), full.file_name())
    else {
        return file.to_owned();
    };
    let way = way(here, folder);
    match way.as_os_str().len() < folder.as_os_str().len() {
        true => way.join(name),
        false => full,
    }
}

/// Returns a file's whole name; `here` is the current folder.
pub(crate) fn full(here: &Path, file: &Path) -> PathBuf {
    clean(here.join(file))
}

/// Returns the path from one folder to another.
fn way(from: &Path, to: &Path) -> PathBuf {
    let n_common = from.components().zip(to.components());
    let n_common = n_common.take_while(|(from, to)| from == to).count();
    let up = from
        .components()
        .skip(n_common)
        .map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(n_common)).collect();
    match way.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => way,
    }
}

/// Returns the extension of a file's name.
pub(crate) fn extension(file: &Path) -> Option<&str> {
    file.extension().and_then(|extension| extension.to_str())
}

/// Reports whether a list of words has `word`.
fn listed(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// The tags that hold in build constraints.
#[derive(Clone, Copy, Debug)]
pub struct Tags {
    /// The system to build for.
    pub target: Target,
    /// Release tags that are satisfied: `go1.1` and so on, up to this one.
    pub release: u32,
    /// The tag `cgo` is satisfied.
    pub cgo: bool,
    /// How the version reads constraints.
    pub constraints: &'static Constraints,
}

impl Tags {
    /// Returns the tags that hold in `minigo build`, which has no cgo.
    pub fn of_build(target: Target, version: GoVersion) -> Tags {
        Tags {
            target,
            release: version.release(),
            cgo: false,
            constraints: &Profile::of(version).constraints,
        }
    }

    fn has(&self, tag: &str) -> bool {
        let release = tag
            .strip_prefix("go1.")
            .and_then(|minor| minor.parse::<u32>().ok());
        tag == self.target.os()
            || tag == Target::ARCH
            || tag == "gc"
            || self.cgo && tag == "cgo"
            || self.constraints.unix_tag && tag == "unix"
            || release.is_some_and(|release| (1..=self.release).contains(&release))
    }

    /// Reports whether a term of a constraint holds: `linux`, `!arm`, `linux,amd64`.
    fn term(&self, term: &str) -> bool {
        if let Some((first, rest)) = term.split_once(',') {
            return self.term(first) && self.term(rest);
        }
        match term.strip_prefix('!') {
            Some(tag) => !tag.is_empty() && !tag.starts_with('!') && !self.term(tag),
            None => self.has(term),
        }
    }

    /// Reports whether a file's name is for the target: `x_linux.go`, `x_amd64.s`, `x_linux_amd64.go`.
    fn admit_name(&self, name: &str) -> bool {
        let stem = name.split('.').next().unwrap_or("");
        let mut parts: Vec<&str> = stem.split('_').skip(1).collect();
        if parts.last() == Some(&"test") {
            parts.pop();
        }
        let is_os = |part: &str| listed(SYSTEMS, part);
        let is_arch = |part: &str| listed(ARCHITECTURES, part);
        match parts[..] {
            [.., os, arch] if is_os(os) && is_arch(arch) => self.has(os) && self.has(arch),
            [.., last] if is_os(last) || is_arch(last) => self.has(last),
            _ => true,
        }
    }

    /// Reports whether all `// +build` lines hold. They stand in comments before everything else, followed by a
    /// blank line; each one asks for one of its terms.
    fn admit_text(&self, text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text);
        if self.constraints.go_build_lines
            && let Some(holds) = constraint::go_build(&text, &|tag| self.has(tag))
        {
            return holds;
        }
        self.build_lines(&text)
    }

    /// Reports whether a file has a `//go:build` line that doesn't hold and that the version doesn't read.
    pub(crate) fn ignores_line(&self, text: &[u8]) -> bool {
        let text = String::from_utf8_lossy(text);
        let line = constraint::go_build(&text, &|tag| self.has(tag));
        !self.constraints.go_build_lines && line == Some(false)
    }

    /// Reports whether all `// +build` lines hold.
    fn build_lines(&self, text: &str) -> bool {
        let mut held = true;
        let mut holds = true;
        for line in text.lines().map(str::trim) {
            if line.is_empty() {
                held = holds;
                continue;
            }
            let Some(comment) = line.strip_prefix("//") else {
                break;
            };
            let mut words = comment.split_whitespace();
            if words.next() == Some("+build") {
                holds &= words.any(|term| self.term(term));
            }
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINUX: Tags = Tags {
        target: Target::Linux,
        release: 15,
        cgo: false,
        constraints: &Profile::of(GoVersion::Go1_15).constraints,
    };

    #[test]
    fn names_choose_files() {
        for (name, expected) in [
            ("add.go", true),
            ("add_amd64.s", true),
            ("add_arm64.s", false),
            ("add_linux.go", true),
            ("add_darwin_amd64.go", false),
            ("add_linux_amd64.go", true),
            ("add_windows_x.go", true),
            ("windows.go", true),
            ("a_windows_test.go", false),
        ] {
            assert_eq!(LINUX.admit_name(name), expected, "{name}");
        }
    }

    #[test]
    fn folders_are_named_from_others() {
        for (from, to, expected) in [
            ("/a/b", "/a/b", "."),
            ("/a/b", "/a/b/c/d", "c/d"),
            ("/a/b", "/a/c", "../c"),
            ("/a/bc", "/a/b", "../b"),
            ("/", "/a", "a"),
            ("/a/b", "/", "../.."),
        ] {
            let found = way(Path::new(from), Path::new(to));
            assert_eq!(found, Path::new(expected), "{from} {to}");
        }
    }

    #[test]
    fn constraints_choose_files() {
        for (text, expected) in [
            ("package p\n", true),
            ("// +build ignore\n\npackage p\n", false),
            ("// +build ignore\npackage p\n", true),
            ("package p\n// +build ignore\n\n", true),
            ("// +build windows linux\n\n", true),
            ("// +build linux,arm darwin\n\n", false),
            ("// +build linux\n// +build !amd64\n\n", false),
            ("// +build go1.15,!go1.16\n\n", true),
            ("// +build !!linux\n\n", false),
            ("// +build !cgo,gc\n\n", true),
            ("//go:build ignore\n\n", true),
        ] {
            assert_eq!(LINUX.admit_text(text.as_bytes()), expected, "{text}");
        }
    }
}
