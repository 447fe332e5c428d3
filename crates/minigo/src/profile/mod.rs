//! The parts of the pipeline that follow a Go version, and the build constraints that hold in it.

mod go1_15;
mod go1_27;

use minigo_base::GoVersion;
use minigo_obj::Dialect;
use minigo_ssagen::Front;

/// One Go version as the pipeline sees it.
pub struct Profile {
    /// Build constraints in source files.
    pub constraints: Constraints,
    /// The name of the folder in executables without its path (`-trimpath`).
    pub trimmed_folder: &'static str,
    /// The compiler, if minigo compiles as this version does.
    pub compiler: Option<Compiler>,
    /// The assembler, if minigo assembles as this version does.
    pub assembler: Option<Assembler>,
    /// The checks of `go vet`, if minigo knows this version's.
    pub vet: Option<&'static minigo_vet::Profile>,
}

/// How the version reads build constraints (gc: go/build).
#[derive(Debug)]
pub struct Constraints {
    /// The tag `unix` holds.
    pub unix_tag: bool,
    /// `//go:build` lines decide, and `// +build` lines only where there is none.
    pub go_build_lines: bool,
}

/// The profiles of the stages of compilation.
#[derive(Clone, Copy)]
pub struct Compiler {
    /// Lowering and data symbols.
    pub front: &'static Front,
    /// Passes and emission.
    pub ssa: &'static minigo_ssa::Profile,
    /// Object code and listings.
    pub dialect: &'static Dialect,
    /// Runtime and executables.
    pub link: &'static minigo_link::Profile,
}

impl Compiler {
    /// Returns the compiler of a version.
    ///
    /// # Errors
    ///
    /// minigo doesn't compile as this version does.
    pub fn of(version: GoVersion) -> Result<Compiler, String> {
        let compiler = Profile::of(version).compiler;
        compiler.ok_or_else(|| unknown("minigo", Profile::compiles))
    }
}

/// A tool of Go that minigo follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `go tool compile`.
    Compiler,
    /// `go tool asm`.
    Assembler,
    /// `go vet`.
    Vet,
}

impl Tool {
    /// Returns the versions of Go whose tool minigo follows, oldest first.
    pub fn versions(self) -> impl Iterator<Item = GoVersion> {
        GoVersion::ALL.into_iter().filter(move |&version| {
            let profile = Profile::of(version);
            match self {
                Tool::Compiler => profile.compiler.is_some(),
                Tool::Assembler => profile.assembler.is_some(),
                Tool::Vet => profile.vet.is_some(),
            }
        })
    }
}

/// The profiles of the assembler.
#[derive(Clone, Copy)]
pub struct Assembler {
    /// Text, object code and listings.
    pub dialect: &'static Dialect,
    /// Objects.
    pub link: &'static minigo_link::Profile,
}

impl Assembler {
    /// Returns the assembler of a version.
    ///
    /// # Errors
    ///
    /// minigo doesn't assemble as this version does.
    pub fn of(version: GoVersion) -> Result<Assembler, String> {
        let assembler = Profile::of(version).assembler;
        assembler.ok_or_else(|| unknown("minigo asm", |profile| profile.assembler.is_some()))
    }
}

impl Profile {
    /// Returns the profile of a version.
    pub const fn of(version: GoVersion) -> &'static Profile {
        match version {
            GoVersion::Go1_10 => &go1_15::GO1_10,
            GoVersion::Go1_15 => &go1_15::GO1_15,
            GoVersion::Go1_27 => &go1_27::GO1_27,
        }
    }

    /// Reports whether minigo compiles as this version does.
    pub fn compiles(&self) -> bool {
        self.compiler.is_some()
    }
}

/// Returns the version named `name` if minigo compiles as it does.
///
/// # Errors
///
/// Names the versions that it has.
#[cfg(feature = "cli")]
pub fn compiled_version(name: &str) -> Result<GoVersion, String> {
    GoVersion::parse(name)
        .filter(|&version| Profile::of(version).compiles())
        .ok_or_else(|| unknown("minigo", Profile::compiles))
}

/// Returns the version named `name` if minigo has its assembler.
///
/// # Errors
///
/// Names the versions that it has.
#[cfg(feature = "cli")]
pub fn assembled_version(name: &str) -> Result<GoVersion, String> {
    let has = |profile: &Profile| profile.assembler.is_some();
    GoVersion::parse(name)
        .filter(|&version| has(Profile::of(version)))
        .ok_or_else(|| unknown("minigo asm", has))
}

/// Returns the version named `name` if minigo has the checks of its `go vet`.
///
/// # Errors
///
/// Names the versions that it has.
#[cfg(feature = "cli")]
pub fn vetted_version(name: &str) -> Result<GoVersion, String> {
    let has = |profile: &Profile| profile.vet.is_some();
    GoVersion::parse(name)
        .filter(|&version| has(Profile::of(version)))
        .ok_or_else(|| unknown("minigo vet", has))
}

fn unknown(command: &str, has: fn(&Profile) -> bool) -> String {
    format!("{command} knows Go {}", names(has))
}

/// Returns the names of the versions whose profile `has` something, oldest first.
pub(crate) fn names(has: fn(&Profile) -> bool) -> String {
    let versions = GoVersion::ALL.into_iter();
    let known = versions.filter(|&version| has(Profile::of(version)));
    let known: Vec<&str> = known.map(GoVersion::name).collect();
    known.join(", ")
}
