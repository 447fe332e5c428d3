//! One HTML file about functions: source, passes, listing and frame, linked with each other.
//!
//! Takes the records of passes that [`minigo_story::record`] makes, assembled functions and the reasons of their lines; gives
//! text. A page needs no server, no library and no network: style, script and data are in it, the data as compressed JSON in
//! base64 ([`encode()`]). Without JavaScript it is an annotated listing. Nothing here reads files or the environment.

mod encode;
mod frames;
mod html;
pub mod layout;
mod listing;
mod words;

use minigo_story::Lang;
use minigo_story::frame::Frame;
use minigo_story::record::Record;

pub use encode::{encode, function_json};
pub use html::{CSS, SCRIPT, allowed, html, page_json};
pub use listing::{Line, lines};

/// The content of a page.
pub struct Page<'a> {
    /// The language that it begins with.
    pub lang: Lang,
    /// The version of minigo.
    pub minigo: String,
    /// The pass that it begins with, if it isn't the first.
    pub pass: Option<String>,
    /// The source files.
    pub files: Vec<File>,
    /// The functions, those of one version of Go after those of another.
    pub functions: Vec<Function<'a>>,
}

/// A source file.
pub struct File {
    /// The name.
    pub name: String,
    /// The text.
    pub text: String,
}

/// A function as one version of Go compiles it.
pub struct Function<'a> {
    /// The name after linking: `main.add`.
    pub name: String,
    /// The version of Go.
    pub go: String,
    /// The first line of the listing.
    pub header: String,
    /// The record of its passes; none for hand-written functions.
    pub record: Option<&'a Record>,
    /// The files of positions: the number in positions, and the index into [`Page::files`].
    pub places: Vec<(u32, usize)>,
    /// The lines of the listing.
    pub lines: Vec<Line>,
    /// Frames, by the offset of the instruction before which they are.
    pub frames: Vec<Frame>,
    /// The offset whose frame is shown first.
    pub first_frame: Option<u32>,
}
