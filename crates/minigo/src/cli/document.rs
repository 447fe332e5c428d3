//! The JSON documents of commands (`-json`).

use std::path::Path;

use minigo_base::{GoVersion, Message};
use minigo_story::frame::Frame;
use minigo_story::json::{self, Document};
use minigo_story::record::Record;

use super::environment::current_folder;
use super::stop::Stop;
use super::streams::print_out;
use crate::built::Built;
use crate::options::Options;
use crate::{asm, vet};

/// Returns an empty document.
pub(super) fn new() -> Document {
    Document::new(env!("CARGO_PKG_VERSION"))
}

fn of_version(version: GoVersion) -> Document {
    Document {
        go: Some(version.to_string()),
        ..new()
    }
}

fn data(messages: &[Message], folder: &Path) -> Option<Vec<json::Message>> {
    let messages = messages.iter();
    Some(
        messages
            .map(|message| json::Message::new(message, folder))
            .collect(),
    )
}

/// Prints the errors of a program as a document, if a command found any. Returns its other results.
pub(super) fn refused(
    done: Result<(), Stop>,
    version: Result<GoVersion, Stop>,
) -> Result<(), Stop> {
    let Err(Stop::Program(messages)) = done else {
        return done;
    };
    let document = Document {
        messages: data(&messages, &current_folder()),
        ..of_version(version?)
    };
    print_out(document.text())?;
    Err(Stop::Status(1))
}

/// Returns what is said about a compiled package: its listing, if that was asked for, and how it differs from gc's.
pub(super) fn of_build(built: &Built, options: &Options, difference: Option<String>) -> Document {
    let symbols = options.listing.then(|| built.symbols());
    let (funcs, data) = symbols.map(|symbols| (symbols.funcs, symbols.data)).unzip();
    let report = built.report().lines().map(str::to_owned);
    Document {
        messages: Some(Vec::new()),
        notes: report.chain(difference).collect(),
        funcs,
        data,
        ..of_version(options.version)
    }
}

/// Returns what is said about assembled files.
pub(super) fn of_assembled(assembled: asm::Assembled, options: &asm::Options) -> Document {
    let symbols = (options.listing && assembled.ok).then_some(assembled.symbols);
    let (funcs, symbols) = symbols.map(|symbols| (symbols.funcs, symbols.data)).unzip();
    let printed = String::from_utf8_lossy(&assembled.listing);
    Document {
        messages: data(&assembled.messages, &options.folder),
        notes: printed.lines().map(str::to_owned).collect(),
        funcs,
        data: symbols,
        ..of_version(options.version)
    }
}

/// Returns the findings of vet.
pub(super) fn of_vetted(vetted: &vet::Vetted, options: &vet::Options) -> Document {
    Document {
        messages: data(&vetted.findings, &options.folder),
        notes: vetted.notes.clone(),
        ..of_version(options.version)
    }
}

/// Returns what the passes did to functions.
pub(super) fn of_passes(passes: Vec<Record>, version: GoVersion) -> Document {
    Document {
        passes: Some(passes),
        ..of_version(version)
    }
}

/// Returns frames.
pub(super) fn of_frames(frames: &[Frame], version: GoVersion) -> Document {
    Document {
        frames: Some(frames.iter().map(json::Frame::from).collect()),
        ..of_version(version)
    }
}
