//! `minigo vet`: checks assembly against its Go declarations as `go vet` does, and more.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use minigo_base::{GoVersion, Message, Position};
use minigo_vet::{Input, Source};

pub use minigo_vet::Checks;

pub use crate::modules::Modules;

use crate::excerpts;
use crate::failure::Failure;
use crate::files::{PackageFiles, Tags};
use crate::import_path::ImportPath;
use crate::modules::ModuleFolders;
use crate::profile::Profile;
use crate::stack;
use crate::target::Target;

/// The import path of a package whose files are named one by one.
const NAMED_FILES: &str = "command-line-arguments";

/// Types of the standard library that arguments of assembly functions have, in case its sources are missing.
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

/// How to vet. The default is what `minigo vet` does without flags.
#[derive(Clone, Debug)]
pub struct Options {
    /// The current folder, where relative names of files start.
    pub folder: PathBuf,
    /// The version of Go whose `go vet` to follow.
    pub version: GoVersion,
    /// The checks to make.
    pub checks: Checks,
    /// The package's import path (`-p`), if it isn't the path of its folder.
    pub package: Option<String>,
    /// The folder that `GOPATH` names, by which packages outside of modules have their import paths.
    pub gopath: Option<PathBuf>,
    /// The places of the modules that packages import.
    pub modules: Modules,
    /// Files for cgo are part of packages. Go's default where there is a C compiler.
    pub cgo: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            folder: PathBuf::new(),
            version: GoVersion::default(),
            checks: Checks::ALL,
            package: None,
            gopath: None,
            modules: Modules::default(),
            cgo: true,
        }
    }
}

/// The result of vetting a package.
pub struct Vetted {
    /// The findings.
    pub findings: Vec<Message>,
    /// Functions that could not be compared with their declarations, and why. A finding may be missed in them.
    pub notes: Vec<String>,
    /// The exit status of `go vet`; that of a finding if a function could not be compared.
    pub status: u8,
}

/// Vets a package: files, a folder, or the current folder if there are no `arguments`.
///
/// # Errors
///
/// Files that can't be read, and mistakes in the Go files.
pub fn vet(arguments: &[PathBuf], options: &Options) -> Result<Vetted, Failure> {
    stack::with_large(|| vet_package(arguments, options))
}

/// The skeleton of an assembly file.
pub struct Stub {
    /// Its text.
    pub text: String,
    /// The files of the package.
    pub inputs: Vec<PathBuf>,
}

/// Returns the skeleton of an assembly file for a package: files, a folder, or the current folder.
///
/// # Errors
///
/// Files that can't be read, mistakes in the Go files, and arguments without a known size.
pub fn stub(arguments: &[PathBuf], options: &Options) -> Result<Stub, Failure> {
    stack::with_large(|| {
        let vetting = Vetting::new(arguments, options)?;
        let importer = |path: &str| vetting.import(path, options);
        let text = minigo_vet::stub(vetting.input(options), vetting.profile, &importer);
        Ok(Stub {
            text: text.map_err(|errors| Failure::program(&errors))?,
            inputs: vetting.inputs,
        })
    })
}

/// A package to vet.
struct Vetting {
    profile: &'static minigo_vet::Profile,
    folder: PathBuf,
    import_path: ImportPath,
    /// The modules that the package may import, once they are asked for.
    modules: OnceCell<ModuleFolders>,
    go: Vec<Source>,
    assembly: Vec<Source>,
    /// The files of both.
    inputs: Vec<PathBuf>,
}

impl Vetting {
    fn new(arguments: &[PathBuf], options: &Options) -> Result<Vetting, Failure> {
        let here = &*options.folder;
        let profile = Profile::of(options.version).vet.ok_or_else(|| {
            let version = options.version;
            Failure::Environment(format!("minigo vet doesn't know Go {version}"))
        })?;
        let arguments: Vec<PathBuf> = arguments.iter().map(|path| without_dot(path)).collect();
        let files = PackageFiles::find(here, &arguments, &tags(options))?;
        let folder = here.join(folder_of(here, &arguments));
        let mut import_path = ImportPath::of(&folder, options.gopath.as_deref());
        let is_folder = |path: &PathBuf| here.join(path).is_dir();
        if arguments.first().is_some_and(|first| !is_folder(first)) {
            import_path.path = NAMED_FILES.to_owned();
        }
        let mut go = read(here, &files.go)?;
        go.extend(read(here, &files.tests)?.into_iter().filter(is_internal));
        for source in &mut go {
            source.name = shown(&source.name, true);
        }
        Ok(Vetting {
            profile,
            folder,
            import_path,
            modules: OnceCell::new(),
            go,
            assembly: read(here, &files.assembly)?,
            inputs: files.all(),
        })
    }

    /// Returns the Go files of an imported package.
    fn import(&self, path: &str, options: &Options) -> Option<Vec<Source>> {
        let has_workspaces = self.profile.workspaces;
        let others = |root: &Path| {
            let find = || ModuleFolders::of(root, &options.modules, has_workspaces);
            self.modules.get_or_init(find).package(path)
        };
        if let Some(folder) = self.import_path.import(path, others) {
            let files = PackageFiles::find(Path::new(""), &[folder], &tags(options)).ok()?;
            return read(Path::new(""), &files.go).ok();
        }
        let (path, text) = STANDARD.iter().find(|(known, _)| *known == path)?;
        Some(vec![Source {
            name: format!("{path}.go"),
            text: text.as_bytes().to_vec(),
        }])
    }

    fn input<'a>(&'a self, options: &'a Options) -> Input<'a> {
        Input {
            path: options.package.as_deref().unwrap_or(&self.import_path.path),
            go: &self.go,
            assembly: &self.assembly,
        }
    }
}

fn vet_package(arguments: &[PathBuf], options: &Options) -> Result<Vetted, Failure> {
    let vetting = Vetting::new(arguments, options)?;
    let (profile, input) = (vetting.profile, vetting.input(options));
    let importer = |path: &str| vetting.import(path, options);
    let includes = |name: &str| {
        let path = vetting.folder.join(name);
        std::fs::read_to_string(path).map_err(|err| err.to_string())
    };
    let report = minigo_vet::vet(input, profile, options.checks, &importer, &includes)
        .map_err(|errors| Failure::program(&errors))?;
    let findings = report.findings.iter().map(|finding| {
        let position = Position {
            file: shown(&finding.file, profile.dot_slash),
            line: finding.line,
            column: Some(1),
        };
        Message::new(Some(position), &finding.message)
    });
    let mut findings: Vec<Message> = findings.collect();
    excerpts::add(&mut findings, |file| {
        let own = |source: &&Source| shown(&source.name, profile.dot_slash) == file;
        let source = vetting.assembly.iter().find(own)?;
        Some(String::from_utf8_lossy(&source.text).into_owned())
    });
    Ok(Vetted {
        status: match report.findings.is_empty() && report.notes.is_empty() {
            true => 0,
            false => profile.status,
        },
        findings,
        notes: report.notes,
    })
}

/// Returns `x` for `./x`, which is how findings name it.
fn without_dot(path: &Path) -> PathBuf {
    match path.strip_prefix(".") {
        Ok(rest) if rest != Path::new("") => rest.to_owned(),
        _ => path.to_owned(),
    }
}

/// Returns the folder that the files of a package are in.
fn folder_of<'a>(here: &Path, arguments: &'a [PathBuf]) -> &'a Path {
    let folder = match arguments {
        [] => Path::new(""),
        [folder] if here.join(folder).is_dir() => folder,
        [file, ..] => file.parent().unwrap_or(Path::new("")),
    };
    if folder == Path::new("") {
        Path::new(".")
    } else {
        folder
    }
}

/// Returns the tags that hold in `go vet`.
fn tags(options: &Options) -> Tags {
    let version = options.version;
    Tags {
        target: Target::Linux,
        release: version.release(),
        cgo: options.cgo,
        constraints: &Profile::of(version).constraints,
    }
}

/// Reports whether a test file belongs to the package itself rather than to its external test package.
fn is_internal(test: &Source) -> bool {
    let text = String::from_utf8_lossy(&test.text);
    package_name(&text).is_some_and(|name| !name.ends_with("_test"))
}

/// Returns the name in a file's package clause.
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

fn read(here: &Path, files: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        match std::fs::read(here.join(path)) {
            Ok(text) => Ok(Source { name, text }),
            Err(err) => Err(Failure::file(path, &err)),
        }
    };
    files.iter().map(read).collect()
}

/// Returns the name that `go vet` prints for a file: with `./` if it is in the current folder.
fn shown(file: &str, dot_slash: bool) -> String {
    if dot_slash && !file.contains('/') {
        format!("./{file}")
    } else {
        file.to_owned()
    }
}
