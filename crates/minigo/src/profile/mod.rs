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
    /// The compiler, if minigo compiles as this version does.
    pub compiler: Option<Compiler>,
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
}

impl Compiler {
    /// Returns the compiler of a version.
    ///
    /// # Errors
    ///
    /// minigo doesn't compile as this version does.
    pub fn of(version: GoVersion) -> Result<Compiler, String> {
        let compiler = Profile::of(version).compiler;
        compiler.ok_or_else(|| unknown("minigo", |profile| profile.compiler.is_some()))
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
}

/// Returns the version named `name` if `command` knows it, that is, if its profile `has` what the command needs.
///
/// # Errors
///
/// Names the versions that the command knows.
#[cfg(feature = "cli")]
pub fn known_version(
    name: &str,
    command: &str,
    has: fn(&Profile) -> bool,
) -> Result<GoVersion, String> {
    GoVersion::parse(name)
        .filter(|&version| has(Profile::of(version)))
        .ok_or_else(|| unknown(command, has))
}

fn unknown(command: &str, has: fn(&Profile) -> bool) -> String {
    let versions = GoVersion::ALL.into_iter();
    let known = versions.filter(|&version| has(Profile::of(version)));
    let known: Vec<&str> = known.map(GoVersion::name).collect();
    format!("{command} knows Go {}", known.join(", "))
}
