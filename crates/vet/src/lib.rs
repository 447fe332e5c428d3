//! Checks of hand-written assembly against its Go declarations: go vet's.
//!
//! Takes the Go and assembly files of one package, whatever types they use: bodies are parsed but not
//! checked, and only what a signature needs is resolved. Gives findings: go vet's asmdecl and framepointer,
//! in its order and words.
//!
//! Nothing is compiled or assembled: whether the assembler takes a file does not matter.

mod arguments;
mod asmdecl;
mod framepointer;
mod reference;
mod text;
mod types;
mod version;

use minigo_base::Diagnostics;
use minigo_syntax::ast::{DeclKind, ExprKind};
use rustc_hash::FxHashMap;

use crate::arguments::Arguments;
use crate::asmdecl::Declared;
use crate::types::{Package, Scope, Types};

pub use types::Importer;
pub use version::Version;

/// A source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// As findings name it.
    pub name: String,
    /// Its bytes.
    pub text: Vec<u8>,
}

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

/// Which checks are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// go vet's asmdecl.
    pub asmdecl: bool,
    /// go vet's framepointer, in versions that have it.
    pub framepointer: bool,
}

impl Checks {
    /// All checks.
    pub const ALL: Checks = Checks {
        asmdecl: true,
        framepointer: true,
    };
}

/// What is wrong on a line of assembly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The name of the file.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// go vet's words.
    pub message: String,
}

/// Vets a package.
///
/// # Errors
/// Messages about the Go files, as go vet's type checker gives them: syntax errors, or the first type in a
/// declaration without body that is not declared or that has no known size.
pub fn vet(
    input: Input,
    version: Version,
    checks: Checks,
    importer: Importer,
) -> Result<Vec<Finding>, String> {
    let mut findings = Vec::new();
    if input.assembly.is_empty() {
        return Ok(findings);
    }
    let mut types = Types::new(version, importer);
    let mut diags = Diagnostics::default();
    let package = types.parse(input.path, input.go, &mut diags);
    let errors = syntax_errors(&diags, &types);
    if !errors.is_empty() && !version.newer_syntax {
        return Err(errors);
    }
    let declared = declared(&mut types, package);
    let troubles = declared
        .values()
        .filter_map(|arguments| arguments.as_ref().err());
    // Where files could not be parsed whole, declarations may be missing.
    let wrong = troubles.filter(|trouble| trouble.wrong && errors.is_empty());
    if let Some(first) = wrong.min_by_key(|trouble| trouble.pos) {
        let place = types.positions.format(first.pos, true, false);
        return Err(format!("vet: {place}: {}\n", first.message));
    }
    if checks.asmdecl {
        for source in input.assembly {
            asmdecl::check(source, input.path, &declared, version, &mut findings);
        }
    }
    // The runtime switches stacks, and knows what it does.
    if checks.framepointer && version.framepointer && input.path != "runtime" {
        for source in input.assembly {
            framepointer::check(source, &mut findings);
        }
    }
    Ok(findings)
}

/// The errors that go vet's parser has, too: it takes directives for comments.
fn syntax_errors(diags: &Diagnostics, types: &Types) -> String {
    let of_directive = |message: &str| {
        message.starts_with("//go:") || message.starts_with("misplaced compiler directive")
    };
    let errors = diags.sorted().into_iter();
    let errors = errors.filter(|error| !of_directive(&error.message));
    let line =
        |pos, message: &str| format!("{}: {message}\n", types.positions.format(pos, true, false));
    errors
        .take(Diagnostics::LIMIT)
        .map(|error| line(error.pos, &error.message))
        .collect()
}

/// The arguments of all functions without body.
fn declared(types: &mut Types, package: Package) -> Declared {
    let mut declared = FxHashMap::default();
    let ast = types.ast(package);
    let mut functions = Vec::new();
    for (file, data) in &ast.files {
        for &decl in &ast[data.decls] {
            if let DeclKind::Func {
                name, typ, body, ..
            } = ast.decls[decl].kind
                && body.is_none()
                && let Some(name) = ast.name(name)
                && let ExprKind::FuncType { params, results } = ast[typ].kind
            {
                functions.push((file, ast.text(name).to_owned(), params, results));
            }
        }
    }
    for (file, name, params, results) in functions {
        let scope = Scope { package, file };
        declared.insert(name, Arguments::new(types, scope, params, results));
    }
    declared
}
