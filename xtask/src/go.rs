//! Finding and running Go's own tools.

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use minigo::{GoVersion, Tool};

/// The first release whose listings have whole names of files, and whose toolchain has no compiled packages.
const WHOLE_FILE_NAMES: u32 = 20;

/// A Go toolchain.
#[derive(Clone, Debug)]
pub struct Go {
    /// Its folder, the `GOROOT` of its tools.
    root: PathBuf,
    /// Its version: `1.15.15`.
    pub version: String,
}

impl Go {
    /// Returns the toolchain of a `go` command, or of the one on `PATH`.
    ///
    /// # Errors
    ///
    /// There is none, or it doesn't print its version.
    pub fn find(go: Option<&Path>) -> Result<Go, String> {
        let command = go.unwrap_or(Path::new("go"));
        // A toolchain that was moved doesn't know its folder.
        let real = which(command)
            .ok_or_else(|| format!("no Go found: {} (give one with --go)", command.display()))?;
        let root = real
            .parent()
            .and_then(Path::parent)
            .ok_or("the go command has no folder")?
            .to_owned();
        // A toolchain made from sources may have no such file.
        let text = match std::fs::read_to_string(root.join("VERSION")) {
            Ok(text) => text,
            Err(_) => {
                let run = Command::new(&real)
                    .arg("version")
                    .env("GOROOT", &root)
                    .env("GOTOOLCHAIN", "local")
                    .output()
                    .map_err(|err| err.to_string())?;
                String::from_utf8_lossy(&run.stdout).into_owned()
            }
        };
        let version = text
            .split_whitespace()
            .find_map(|word| word.strip_prefix("go").filter(|v| v.contains('.')));
        let version = version
            .ok_or_else(|| format!("{}: no version in {text:?}", real.display()))?
            .to_owned();
        Ok(Go { root, version })
    }

    /// Like [`Go::find`]. If no command is given and none is on `PATH`, runs the recorded tests whose names contain one
    /// of `tests` instead, and returns none.
    ///
    /// # Errors
    ///
    /// See [`Go::find`]; a test that fails.
    pub fn find_or_recorded(go: Option<&Path>, tests: &[&str]) -> Result<Option<Go>, String> {
        if go.is_some() || which(Path::new("go")).is_some() {
            return Go::find(go).map(Some);
        }
        println!(
            "no Go found: comparing with what is recorded in {}",
            tests.join(", ")
        );
        for test in tests {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let tested = Command::new(cargo)
                .args([
                    "test",
                    "--quiet",
                    "--package",
                    "minigo-tests",
                    "--test",
                    "golden",
                    "--",
                    test,
                ])
                .current_dir(minigo_tests::root())
                .status()
                .map_err(|err| format!("cargo: {err}"))?;
            if !tested.success() {
                return Err("minigo differs from what is recorded".to_owned());
            }
        }
        Ok(None)
    }

    /// Returns the `go` command, with a build cache of its own in `dir` unless that would have to hold Go's library.
    pub fn go(&self, dir: &Path) -> Command {
        let cache = match self.has_packages() {
            true => dir.join("cache"),
            false => self.cache(),
        };
        let mut command = Command::new(self.root.join("bin/go"));
        command
            .current_dir(dir)
            .env("GOROOT", &self.root)
            .env("GOCACHE", cache);
        command
            .env("GO111MODULE", "off")
            .env("GOFLAGS", "")
            .env("GOOS", "linux")
            .env("GOARCH", "amd64");
        command
    }

    /// Runs `go tool compile` on a file in `dir`. Names of files are relative to `dir`.
    pub fn compile(&self, dir: &Path, flags: &[&str], file: &str) -> Output {
        let mut command = Command::new(self.root.join("pkg/tool/linux_amd64/compile"));
        command
            .current_dir(dir)
            .env("GOROOT", &self.root)
            .env("GOOS", "linux")
            .env("GOARCH", "amd64");
        command.args(self.package_flags(dir, file));
        run(command.args(flags).args(["-o", "go.o", file]))
    }

    /// Returns the flags with which `go tool compile` compiles a file in `dir` as if it had none: relative names of
    /// files, packages that are found, and names of symbols as in programs.
    pub fn package_flags(&self, dir: &Path, file: &str) -> Vec<OsString> {
        let mut flags = Vec::new();
        if self.release() < WHOLE_FILE_NAMES {
            return flags;
        }
        flags.extend(["-trimpath".into(), dir.into()]);
        if let Some(packages) = self.importcfg() {
            flags.extend(["-importcfg".into(), packages.into()]);
        }
        flags.extend(package_path(dir, file));
        flags
    }

    /// Returns the flags with which `minigo build` does the same.
    pub fn minigo_flags(&self, dir: &Path, file: &str) -> Vec<OsString> {
        let mut flags = Vec::new();
        if self.release() >= WHOLE_FILE_NAMES {
            flags.push(format!("-trimpath={}", dir.display()).into());
            flags.extend(package_path(dir, file));
        }
        flags
    }

    /// Returns the number after the point of the version.
    fn release(&self) -> u32 {
        let number = self.version.split('.').nth(1);
        number.and_then(leading_number).unwrap_or_default()
    }

    /// Returns a file that says where the compiled packages are that programs of tests import. It is made when it is
    /// needed for the first time, since toolchains have no compiled packages any more.
    fn importcfg(&self) -> Option<PathBuf> {
        let cache = self.cache();
        let file = cache.join("importcfg");
        if file.exists() {
            return Some(file);
        }
        std::fs::create_dir_all(&cache).ok()?;
        let format = "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}";
        let mut list = self.go(&cache);
        list.args(["list", "-export", "-deps", "-f", format, "fmt", "os"]);
        let listed = list.output().ok()?;
        let lines = String::from_utf8(listed.stdout).ok()?;
        let lines = lines.lines().filter(|line| !line.is_empty());
        let text: String = lines.flat_map(|line| [line, "\n"]).collect();
        // Several comparisons may make it at once.
        let mut made = tempfile::NamedTempFile::new_in(&cache).ok()?;
        made.write_all(text.as_bytes()).ok()?;
        made.persist(&file).ok()?;
        Some(file)
    }

    /// Runs `go tool asm -S` on a file in `dir`.
    pub fn asm(&self, dir: &Path, file: &str) -> Output {
        let mut command = self.go(dir);
        command
            .args(["tool", "asm", "-S", "-I"])
            .arg(self.root.join("pkg/include"));
        run(command.args(["-D", "GOOS_linux", "-D", "GOARCH_amd64", "-o", "go.o", file]))
    }

    /// Runs `go build` of the package in `dir`, to `exe`.
    pub fn build_package(&self, dir: &Path, exe: &str) -> Output {
        run(self.go(dir).args(["build", "-o", exe, "."]))
    }

    /// Returns the findings of `go vet` in the assembly of the package in `dir`, without the line that names the package.
    pub fn vet(&self, dir: &Path) -> String {
        let mut command = self.go(dir);
        // Later versions look for lost frame pointers, too.
        let checks: &[&str] = match self.release() >= 17 {
            true => &["-asmdecl", "-framepointer"],
            false => &["-asmdecl"],
        };
        command.env("GO111MODULE", "on").env("GOTOOLCHAIN", "local");
        let output = run(command.arg("vet").args(checks).arg("."));
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let lines = text.lines().filter(|line| !line.starts_with("# "));
        lines.flat_map(|line| [line, "\n"]).collect()
    }

    /// Runs `go tool compile` on the Go files in `dir`, beside its assembly files as `go build` does, and returns the output.
    ///
    /// # Errors
    ///
    /// The messages of the tools that fail.
    pub fn compile_beside_assembly(&self, dir: &Path, flags: &[&str]) -> Result<String, String> {
        let names = |extension: &str| -> Vec<String> {
            let paths = minigo_tests::files(dir, extension).into_iter();
            let inside = paths.filter(|path| path.parent() == Some(dir));
            inside
                .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
                .collect()
        };
        std::fs::write(dir.join("go_asm.h"), "").map_err(|err| err.to_string())?;
        let mut asm = self.go(dir);
        asm.args(["tool", "asm", "-p", "main", "-gensymabis", "-o", "symabis"])
            .arg("-I")
            .arg(self.root.join("pkg/include"))
            .args(["-D", "GOOS_linux", "-D", "GOARCH_amd64"]);
        let assembled = run(asm.args(names(".s")));
        std::fs::remove_file(dir.join("go_asm.h")).map_err(|err| err.to_string())?;
        let mut compile = self.go(dir);
        compile.args(["tool", "compile", "-symabis", "symabis", "-o", "go.o"]);
        if self.release() >= WHOLE_FILE_NAMES {
            compile.arg("-trimpath").arg(dir);
        }
        let compiled = run(compile.args(flags).args(names(".go")));
        if assembled.status.success() && compiled.status.success() {
            return Ok(String::from_utf8_lossy(&compiled.stdout).into_owned());
        }
        let messages = [assembled.stderr, compiled.stdout, compiled.stderr].concat();
        Err(String::from_utf8_lossy(&messages).into_owned())
    }

    /// Compiles and links the program `file` in `dir` to `exe`.
    pub fn build(&self, dir: &Path, file: &str, exe: &str) -> Output {
        if !self.has_packages() {
            return run(self
                .go(dir)
                .args(["build", "-ldflags=-s -w", "-o", exe, file]));
        }
        let compiled = self.compile(dir, &[], file);
        if !compiled.status.success() {
            return compiled;
        }
        let mut link = Command::new(self.root.join("pkg/tool/linux_amd64/link"));
        link.current_dir(dir)
            .env("GOROOT", &self.root)
            .env("GOOS", "linux")
            .env("GOARCH", "amd64");
        run(link.args(["-s", "-w", "-o", exe, "go.o"]))
    }

    /// Reports whether the toolchain has its library's packages compiled.
    pub fn has_packages(&self) -> bool {
        self.root.join("pkg/linux_amd64/runtime.a").exists()
    }

    /// Returns the folder that keeps compiled packages of toolchains that have none.
    pub fn cache(&self) -> PathBuf {
        std::env::temp_dir().join(format!("go{}-cache", self.version))
    }

    /// Returns the toolchain's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns a tool that the go command starts: `compile`, `asm`.
    pub fn tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.root.join("pkg/tool/linux_amd64").join(name));
        command
            .env("GOROOT", &self.root)
            .env("GOOS", "linux")
            .env("GOARCH", "amd64");
        command
    }
}

/// The version of Go as which minigo is compared with a Go.
#[derive(Clone, Copy, Debug)]
pub struct Counterpart {
    /// The version.
    pub version: GoVersion,
    /// It is the Go's own version. If not, differences are expected.
    pub exact: bool,
}

impl Counterpart {
    /// Returns the result of a comparison: a difference is an error only between equal versions.
    ///
    /// # Errors
    ///
    /// The outputs of equal versions differ.
    pub fn result(self, same: bool, why: &str) -> Result<(), String> {
        match same || !self.exact {
            true => Ok(()),
            false => Err(why.to_owned()),
        }
    }
}

impl Go {
    /// Returns the version of minigo to compare with a tool of this Go, and prints which: its own, or, if minigo
    /// doesn't follow that, the nearest.
    pub fn counterpart(&self, tool: Tool) -> Counterpart {
        let release = self.release();
        // Of two that are as near, the later one.
        let distance = |version: &GoVersion| version.release().abs_diff(release);
        let version = tool.versions().collect::<Vec<_>>().into_iter().rev();
        let version = version.min_by_key(distance).expect("each tool is followed");
        let exact = version.release() == release;
        match exact {
            true => println!("comparing with go{}, as minigo -go {version}", self.version),
            false => println!(
                "comparing with go{}: minigo has no profile of it; the nearest is {version}, differences are expected",
                self.version
            ),
        }
        Counterpart { version, exact }
    }
}

/// Returns the flag that makes the name of a file's package its path, unless a later flag says otherwise.
fn package_path(dir: &Path, file: &str) -> Vec<OsString> {
    let text = std::fs::read_to_string(dir.join(file)).unwrap_or_default();
    let mut lines = text.lines();
    let Some(name) = lines.find_map(|line| line.strip_prefix("package ")) else {
        return Vec::new();
    };
    let name = name.split([' ', ';']).next().unwrap_or_default();
    vec!["-p".into(), name.into()]
}

/// Returns the number that a text begins with: 27 for `27rc1`.
fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    text[..end.unwrap_or(text.len())].parse().ok()
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Output {
    command
        .output()
        .unwrap_or_else(|err| panic!("{}: {err}", command.get_program().to_string_lossy()))
}

/// Returns the file of a command, with symbolic links followed.
pub fn which(command: &Path) -> Option<PathBuf> {
    if command.components().count() > 1 {
        return command.canonicalize().ok();
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|dir| dir.join(command))
        .find(|file| file.is_file())?
        .canonicalize()
        .ok()
}

/// A build profile of the workspace.
#[derive(Clone, Copy, Debug)]
pub enum Profile {
    /// Shares everything with `cargo test`.
    Dev,
    /// Optimized, for comparisons that run minigo often.
    Quick,
    /// The one that users install, for measurements.
    Release,
}

/// Builds minigo with a profile, beside this command, and returns the path of the executable.
///
/// # Errors
///
/// minigo doesn't build.
pub fn minigo(profile: Profile) -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let (profile, folder) = match profile {
        Profile::Dev => ("dev", "debug"),
        Profile::Quick => ("quick", "quick"),
        Profile::Release => ("release", "release"),
    };
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", "minigo", "--profile"])
        .arg(profile)
        .current_dir(minigo_tests::root())
        .status()
        .map_err(|err| format!("cargo: {err}"))?;
    if !built.success() {
        return Err("minigo doesn't build".to_owned());
    }
    Ok(target_folder().join(folder).join("minigo"))
}

/// Returns cargo's folder for what it builds.
pub fn target_folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    minigo_tests::root().join(target)
}
