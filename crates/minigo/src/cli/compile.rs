//! Compiling a package as flags ask.

use std::path::PathBuf;

use minigo_story::Lang;
use minigo_story::why::Form;

use super::allocator;
use super::environment::{current_folder, go_version, lang, target};
use super::flags::{Compile, Reasons};
use super::stop::Stop;
use super::streams::print_out;
use crate::built::Built;
use crate::debug;
use crate::files::{PackageFiles, Tags};
use crate::options::Options;
use crate::profile::{self, Profile};
use crate::source::Source;

/// Returns how to compile a package.
///
/// # Errors
///
/// A wrong setting. What asks for help about settings ends the command, too, with the status 0.
fn options(compile: &Compile) -> Result<Options, Stop> {
    let version = go_version(compile.go, profile::compiled_version)?;
    if compile.debug.iter().any(|setting| setting == debug::HELP) {
        let passes = Profile::of(version).compiler.map(|compiler| compiler.ssa);
        print_out(passes.map_or_else(String::new, debug::help))?;
        return Err(Stop::Status(0));
    }
    Ok(Options {
        version,
        optimize: !compile.no_optimize,
        inline: !compile.no_inline,
        explain: compile.explain_level(),
        all_errors: compile.all_errors,
        complete: false,
        package: compile.package.clone(),
        trimpath: compile.trimpath.clone(),
        listing: false,
        json: false,
        why: None,
        record: None,
        rows: false,
        stack0: compile.stack0,
        debugging: false,
        symbol_table: true,
        growth: None,
        debug: compile.debug.clone(),
        target: target()?,
        goroot: std::env::var_os("GOROOT").unwrap_or_default().into(),
        folder: current_folder(),
        freed: None,
    })
}

/// Returns the form and the language of reasons, if they are asked for.
pub(super) fn why(flags: &Reasons) -> Option<(Form, Lang)> {
    flags.form().map(|form| (form, lang(flags.lang)))
}

/// Returns the files of the package that the arguments name, and how to compile it.
pub(super) fn package(
    arguments: &[PathBuf],
    compile: &Compile,
) -> Result<(PackageFiles, Options), Stop> {
    let options = options(compile)?;
    let tags = Tags::of_build(options.target, options.version);
    let files = PackageFiles::find(&options.folder, arguments, &tags)?;
    Ok((files, options))
}

/// Reads a package as [`read`] does, and compiles it as [`compile_sources`] does.
pub(super) fn compile(files: &PackageFiles, options: &mut Options) -> Result<Built, Stop> {
    let sources = read(files, options)?;
    compile_sources(&sources, options)
}

/// The size in bytes from which on the text of a function is large.
const LARGE_FUNCTION: usize = 64 << 10;

/// The size in bytes from which on a package has memory that is worth the time to return it.
const MEDIUM_PACKAGE: usize = 64 << 10;

/// Reads the files of a package, and prepares the allocator and the options for their size.
pub(super) fn read(files: &PackageFiles, options: &mut Options) -> Result<Vec<Source>, Stop> {
    let sources = files.read(options)?;
    let texts = || sources.iter().map(|source| source.text.as_slice());
    let package: usize = texts().map(<[u8]>::len).sum();
    if texts().any(has_large_function) {
        allocator::prefer_huge_pages();
    } else if package >= MEDIUM_PACKAGE {
        options.freed = Some(allocator::return_memory);
    }
    Ok(sources)
}

/// Reports whether there is much text between two lines that begin with `func`.
fn has_large_function(text: &[u8]) -> bool {
    let mut size = 0;
    text.split_inclusive(|&byte| byte == b'\n').any(|line| {
        if line.starts_with(b"func ") {
            size = 0;
        }
        size += line.len();
        size >= LARGE_FUNCTION
    })
}

/// Compiles a package and prints what `-m` and the debugging flags asked for, where gc prints it: to standard output.
pub(super) fn compile_sources(sources: &[Source], options: &Options) -> Result<Built, Stop> {
    let built = crate::compile(sources, options)?;
    print_out(built.report())?;
    Ok(built)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_large_by_themselves() {
        let function = |size: usize| format!("func f() {{{}\n}}\n", "\n\tg()".repeat(size / 5));
        let half = function(LARGE_FUNCTION / 2 + 10);
        assert!(!has_large_function(half.repeat(3).as_bytes()));
        assert!(has_large_function(
            (half + &function(LARGE_FUNCTION)).as_bytes()
        ));
    }
}
