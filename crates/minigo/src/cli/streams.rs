//! Standard output and standard error, which may be closed or full.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write};

use minigo_base::Message;

use super::color;
use super::stop::Stop;
use crate::messages;

/// Writes messages to standard error. What it doesn't take is lost, because there is no other place for it.
pub(super) fn say(text: impl Display) {
    let _ = std::io::stderr().write_all(text.to_string().as_bytes());
}

/// Writes a text to standard output.
///
/// # Errors
///
/// The errors of [`to_stdout`].
pub(super) fn print_out(text: impl AsRef<[u8]>) -> Result<(), Stop> {
    to_stdout(|out| out.write_all(text.as_ref()))
}

/// Writes to standard output. It is no error if the reader has closed the pipe.
///
/// # Errors
///
/// The error of `write`, with the name of the stream.
pub(super) fn to_stdout(
    write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(err) if err.kind() != ErrorKind::BrokenPipe => {
            Err(Stop::Usage(format!("standard output: {err}")))
        }
        _ => Ok(()),
    }
}

/// Prints messages to standard error; on a terminal with their source lines, hints and codes.
pub(super) fn print_messages(messages: &[Message]) {
    let stderr = std::io::stderr();
    let is_colored = color::is_on(&stderr);
    let text = match is_colored || stderr.is_terminal() {
        true => messages::for_terminal(messages, is_colored),
        false => lines(messages),
    };
    say(text);
}

/// Returns messages, each with a newline.
pub(super) fn lines(messages: &[Message]) -> String {
    let lines = messages.iter().map(|message| format!("{message}\n"));
    lines.collect()
}
