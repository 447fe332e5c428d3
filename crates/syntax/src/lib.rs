//! Parses Go text into a syntax tree.
//!
//! Takes the bytes of source files and returns one [`ast::Ast`] for a package, in which every node has gc's position.
//! The whole grammar of a version ([`Profile`]) is parsed, so that a later stage can name each unsupported construct.
//!
//! On exit there is always a tree. Lexical and syntax errors, wrong directives, and wrong labels and branches are in
//! the diagnostics in gc's words; the nodes that they affect are [`ast::ExprKind::Bad`] or missing. Names are not
//! resolved, and nothing is checked that needs a type or a scope.

pub mod ast;
mod branches;
mod build;
mod cgo;
mod handler;
mod noder;
mod parse;
pub mod pragma;
pub mod print;
pub mod profile;
mod scan;
pub mod sym;
pub mod token;

pub use noder::check_directives;
pub use parse::parse_file;
pub use profile::Profile;
