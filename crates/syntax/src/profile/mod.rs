//! The differences between the parsers of Go versions, as data.

mod go1_15;
mod go1_27;

use minigo_base::GoVersion;

pub use go1_15::GO1_15;
pub use go1_27::GO1_27;

/// The facts about one Go version that parsing depends on. No code asks which version it is.
#[derive(Debug)]
pub struct Profile {
    /// The word in front of what a message asks for: `expecting` or `expected`.
    pub(crate) expecting: &'static str,
    /// Whether messages tell a name and a keyword from other tokens: `unexpected name x`.
    pub(crate) kinds_of_tokens: bool,
    /// Whether messages about a list name the list, and what is possibly missing in it.
    pub(crate) names_lists: bool,
    /// Whether types and functions may have type parameters, with all that belongs to them.
    pub(crate) type_params: bool,
    /// Whether imports after other declarations are parsed. They are wrong nevertheless.
    pub(crate) late_imports: bool,
    /// Whether an import path that isn't a string is a syntax error.
    pub(crate) checks_import_paths: bool,
    /// Whether a function without a name is kept, with its body.
    pub(crate) keeps_unnamed_funcs: bool,
    /// Whether errors in receivers are at the end of the current token, not at its start.
    pub(crate) late_positions: bool,
    /// Whether an operand of `go` or `defer` that isn't a call is wrong in the parser, not in the checker.
    pub(crate) checks_calls: bool,
    /// Whether a misplaced `fallthrough` is wrong in the parser, not in the checker.
    pub(crate) checks_fallthrough: bool,
    /// Whether directives are checked, and uses of `...`, when the file is parsed. Otherwise the parser checks `...`, and
    /// directives are checked by [`crate::check_directives`].
    pub(crate) checks_files: bool,
    /// Whether messages leave out the contents of composite literals and functions, and emphasize only operations.
    pub(crate) short_texts: bool,
    /// Whether names of files in line directives are cleaned, and relative ones start in the folder of the file.
    pub(crate) relative_directives: bool,
    /// Directives that the version doesn't know.
    pub(crate) unknown_directives: crate::pragma::PragmaFlags,
    /// Whether `//go:linknamestd` is a directive.
    pub(crate) linkname_std: bool,
    /// Whether messages about files are in the order of their first errors.
    pub(crate) by_first_error: bool,
    /// Whether all files of a package are parsed before syntax errors end the compilation.
    pub all_files: bool,
}

impl Profile {
    /// Returns the facts of a version.
    pub const fn of(version: GoVersion) -> &'static Profile {
        match version {
            GoVersion::Go1_10 | GoVersion::Go1_15 => &GO1_15,
            GoVersion::Go1_27 => &GO1_27,
        }
    }
}
