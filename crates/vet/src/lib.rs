//! Checks of hand-written assembly against its Go declarations: go vet's, and minigo's own.
//!
//! Takes the Go and assembly files of one package, with any types: bodies are parsed but not checked, and only the types
//! of signatures are resolved. Returns findings: those of go vet's asmdecl and framepointer, in its order and words, and
//! then minigo's own, which read a file as the assembler does.
//!
//! Nothing is compiled or assembled. A file that the assembler would refuse is checked as far as it can be read.

mod asmdecl;
mod frame;
mod framepointer;
pub mod profile;
mod reference;
mod stub;
mod text;

use minigo_base::Diagnostics;
use minigo_layout::{Arguments, Package, Types};
use minigo_syntax::ast::Ast;
use rustc_hash::FxHashMap;

use crate::asmdecl::Declared;
use crate::frame::Surroundings;

pub use frame::Includes;
pub use minigo_layout::{Importer, Source};
pub use profile::Profile;
pub use stub::stub;

/// The package to vet.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Its import path.
    pub path: &'a str,
    /// Its Go files.
    pub go: &'a [Source],
    /// Its assembly files.
    pub assembly: &'a [Source],
}

/// The checks that are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// go vet's asmdecl.
    pub asmdecl: bool,
    /// go vet's framepointer, in versions that have it.
    pub framepointer: bool,
    /// minigo's own checks of frames, calls and registers.
    pub frame: bool,
    /// minigo's own checks of functions that C calls.
    pub cabi: bool,
}

impl Checks {
    /// All checks.
    pub const ALL: Checks = Checks {
        asmdecl: true,
        framepointer: true,
        frame: true,
        cabi: true,
    };
}

/// A mistake in a line of assembly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The text. minigo's own findings have `have`, `want` and `hint` lines after it.
    pub message: String,
}

/// The results for a package.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The mistakes.
    pub findings: Vec<Finding>,
    /// Functions that can't be compared with their declarations and the reasons, one line each.
    pub notes: Vec<String>,
}

/// Checks a package. `importer` finds the packages that it imports, `includes` files by the name in quotes.
///
/// # Errors
/// Messages about the Go files, as go vet's type checker prints them: syntax errors, or the first type in a declaration
/// without body that isn't declared or has no known size.
pub fn vet(
    input: Input,
    profile: &'static Profile,
    checks: Checks,
    importer: Importer,
    includes: Includes,
) -> Result<Report, String> {
    if input.assembly.is_empty() {
        return Ok(Report::default());
    }
    let mut types = Types::new(&profile.types, importer);
    let mut diags = Diagnostics::default();
    let package = types.parse(input.path, input.go, &mut diags);
    let errors = syntax_errors(&diags, &types);
    if !errors.is_empty() && !profile.newer_syntax {
        return Err(errors);
    }
    let declared = declared(&mut types, package);
    let troubles = declared
        .values()
        .filter_map(|arguments| arguments.as_ref().err());
    // If files couldn't be parsed completely, declarations may be missing.
    let wrong = troubles.filter(|trouble| trouble.wrong && errors.is_empty());
    if let Some(first) = wrong.min_by_key(|trouble| trouble.pos) {
        let place = types.positions.format(first.pos, true, false);
        return Err(format!("vet: {place}: {}\n", first.message));
    }
    let mut compared = Vec::new();
    for source in input.assembly {
        asmdecl::check(source, input.path, &declared, profile, &mut compared);
    }
    let mut findings = Vec::new();
    if checks.asmdecl {
        findings.clone_from(&compared);
    }
    // The runtime may switch stacks.
    if checks.framepointer && profile.framepointer && input.path != "runtime" {
        for source in input.assembly {
            framepointer::check(source, &mut findings);
        }
    }
    if checks.frame || checks.cabi {
        let surroundings = Surroundings {
            declared: &declared,
            name: &package_name(types.ast(package)),
            checks,
            includes,
            known: &compared,
        };
        let mut args_size = |name: &str| args_size(&mut types, package, name);
        findings.append(&mut frame::check(
            input,
            profile,
            &surroundings,
            &mut args_size,
        ));
    }
    let notes = notes(input, &declared, &types);
    Ok(Report { findings, notes })
}

/// Returns the functions with assembly whose arguments minigo can't lay out.
fn notes(input: Input, declared: &Declared, types: &Types) -> Vec<String> {
    let has_text = |name: &str| {
        let texts = [format!("\u{b7}{name}(SB)"), format!("\u{b7}{name}<")];
        input.assembly.iter().any(|source| {
            let source = String::from_utf8_lossy(&source.text);
            let mut lines = source.lines().filter(|line| line.starts_with("TEXT"));
            lines.any(|line| texts.iter().any(|text| line.contains(text.as_str())))
        })
    };
    let troubles = declared.iter().filter_map(|(name, arguments)| {
        let trouble = arguments.as_ref().err().filter(|_| has_text(name))?;
        let place = types.positions.format(trouble.pos, true, false);
        Some((
            trouble.pos,
            format!("{place}: {name} is not compared: {}", trouble.message),
        ))
    });
    let mut troubles: Vec<_> = troubles.collect();
    troubles.sort();
    troubles.into_iter().map(|(_, note)| note).collect()
}

fn package_name(ast: &Ast) -> String {
    let names = ast.files.values().filter_map(|file| file.pkg_name.expand());
    let name = names.filter_map(|name| ast.name(name)).next();
    name.map_or_else(String::new, |name| ast.text(name).to_owned())
}

/// Returns the errors that go vet's parser reports, too. To it, directives are comments.
fn syntax_errors(diags: &Diagnostics, types: &Types) -> String {
    let of_directive = |message: &str| {
        message.starts_with("//go:") || message.starts_with("misplaced compiler directive")
    };
    let errors = diags.sorted().into_iter();
    let errors = errors.filter(|error| !of_directive(&error.text));
    let line =
        |pos, message: &str| format!("{}: {message}\n", types.positions.format(pos, true, false));
    errors
        .take(Diagnostics::LIMIT)
        .map(|error| line(error.pos, &error.text))
        .collect()
}

/// Returns the arguments of all functions without body.
fn declared(types: &mut Types, package: Package) -> Declared {
    let mut declared = FxHashMap::default();
    for f in types.functions(package, false) {
        let arguments = Arguments::new(types, f.scope, f.params, f.results);
        declared.insert(f.name, arguments);
    }
    declared
}

/// Returns the size of a function's arguments in bytes, or none if there is no such function or minigo can't lay them out.
fn args_size(types: &mut Types, package: Package, name: &str) -> Option<u64> {
    let mut all = types.functions(package, true);
    all.append(&mut types.functions(package, false));
    let f = all.into_iter().find(|f| f.name == name)?;
    let arguments = Arguments::new(types, f.scope, f.params, f.results).ok()?;
    Some(arguments.size)
}
