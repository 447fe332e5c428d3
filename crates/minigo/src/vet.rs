//! `minigo vet`: what `go vet` finds in assembly, and more.

use std::path::{Path, PathBuf};

use minigo_base::GoVersion;
use minigo_vet::{Checks, Input, Source};

use crate::build::Failure;
use crate::files::{PackageFiles, Tags};
use crate::flags::Vet;
use crate::place::Place;
use crate::profile::Profile;
use crate::target::Target;

/// The import path of files that are named one by one.
const NAMED_FILES: &str = "command-line-arguments";

/// Types of the standard library that assembly packages have as arguments, for when its sources are not
/// there.
const STANDARD: [(&str, &str); 5] = [
    (
        "syscall",
        "package syscall; type (Errno uintptr; Signal int)",
    ),
    (
        "time",
        "package time; type (Duration int64; Month int; Weekday int)",
    ),
    ("reflect", "package reflect; type (Kind uint; ChanDir int)"),
    (
        "math/big",
        "package big; type (Word uint; Accuracy int8; RoundingMode byte)",
    ),
    ("os", "package os; type FileMode uint32"),
];

/// What `minigo vet` prints.
pub struct Vetted {
    /// The findings; empty for none.
    pub findings: String,
    /// What could not be vetted; no reason to fail.
    pub notes: String,
    /// The exit status of `go vet`.
    pub status: u8,
}

/// Vets the files or the folder of the command line.
///
/// # Errors
/// Files that cannot be read, and mistakes in the Go files.
pub fn run(flags: &Vet) -> Result<Vetted, Failure> {
    let arguments: Vec<PathBuf> = flags.files.iter().map(|path| without_dot(path)).collect();
    let files = PackageFiles::find(&arguments, &tags(flags.go))?;
    let mut place = Place::of(folder_of(&arguments));
    if arguments.first().is_some_and(|first| !first.is_dir()) {
        place.path = NAMED_FILES.to_owned();
    }
    let importer = |path: &str| import(&place, path, flags.go);
    let folder = folder_of(&arguments);
    let includes =
        |name: &str| std::fs::read_to_string(folder.join(name)).map_err(|err| err.to_string());
    let mut go = read(&files.go)?;
    go.extend(read(&files.tests)?.into_iter().filter(is_internal));
    for source in &mut go {
        source.name = shown(&source.name, true);
    }
    let input = Input {
        path: flags.package.as_deref().unwrap_or(&place.path),
        go: &go,
        assembly: &read(&files.assembly)?,
    };
    let profile = Profile::of(flags.go)
        .vet
        .expect("the flag takes versions whose go vet is known");
    let report = minigo_vet::vet(input, profile, checks(flags), &importer, &includes)
        .map_err(Failure::Program)?;
    let findings = report.findings.iter().map(|finding| {
        let place = shown(&finding.file, profile.dot_slash);
        format!("{place}:{}:1: {}\n", finding.line, finding.message)
    });
    Ok(Vetted {
        status: if report.findings.is_empty() {
            0
        } else {
            profile.status
        },
        findings: findings.collect(),
        notes: report
            .notes
            .iter()
            .map(|note| format!("{note}\n"))
            .collect(),
    })
}

/// `./x` as `x`, which is how findings name it.
fn without_dot(path: &Path) -> PathBuf {
    match path.strip_prefix(".") {
        Ok(rest) if rest != Path::new("") => rest.to_owned(),
        _ => path.to_owned(),
    }
}

/// As in `go vet`: naming a check switches the others off, unless it is `=false`.
fn checks(flags: &Vet) -> Checks {
    let named = [flags.asmdecl, flags.framepointer, flags.frame];
    let others = !named.contains(&Some(true));
    let [asmdecl, framepointer, frame] = named.map(|check| check.unwrap_or(others));
    Checks {
        asmdecl,
        framepointer,
        frame,
    }
}

/// The folder that the files of a package are in.
fn folder_of(arguments: &[PathBuf]) -> &Path {
    let folder = match arguments {
        [] => Path::new(""),
        [folder] if folder.is_dir() => folder,
        [file, ..] => file.parent().unwrap_or(Path::new("")),
    };
    if folder == Path::new("") {
        Path::new(".")
    } else {
        folder
    }
}

/// What `go vet` builds with where there is a C compiler.
fn tags(version: GoVersion) -> Tags {
    Tags {
        target: Target::Linux,
        release: version.release(),
        cgo: true,
        constraints: &Profile::of(version).constraints,
    }
}

/// Whether a test file belongs to the package itself, and not to the one around it that only tests.
fn is_internal(test: &Source) -> bool {
    let text = String::from_utf8_lossy(&test.text);
    package_name(&text).is_some_and(|name| !name.ends_with("_test"))
}

/// The name in a file's package clause.
fn package_name(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.starts_with("//") {
            rest = rest.split_once('\n')?.1;
        } else if rest.starts_with("/*") {
            rest = rest.split_once("*/")?.1;
        } else {
            let name = rest.strip_prefix("package")?.trim_start();
            return name
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next();
        }
    }
}

/// The Go files of an imported package.
fn import(place: &Place, path: &str, version: GoVersion) -> Option<Vec<Source>> {
    if let Some(folder) = place.import(path) {
        let files = PackageFiles::find(&[folder], &tags(version)).ok()?;
        return read(&files.go).ok();
    }
    let (path, text) = STANDARD.iter().find(|(known, _)| *known == path)?;
    Some(vec![Source {
        name: format!("{path}.go"),
        text: text.as_bytes().to_vec(),
    }])
}

fn read(files: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(text) => Ok(Source { name, text }),
            Err(err) => Err(Failure::Environment(format!("{name}: {err}"))),
        }
    };
    files.iter().map(read).collect()
}

/// A file as `go vet` names it, with `./` if it is in this folder.
fn shown(file: &str, dot_slash: bool) -> String {
    if dot_slash && !file.contains('/') {
        format!("./{file}")
    } else {
        file.to_owned()
    }
}
