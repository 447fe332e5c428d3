//! Standard output and standard error, which may be closed or full.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

use super::Stop;

/// Writes messages to standard error. What it doesn't take is lost, because there is no other place for it.
pub fn say(text: impl Display) {
    let _ = std::io::stderr().write_all(text.to_string().as_bytes());
}

/// Writes a text to standard output.
///
/// # Errors
///
/// The errors of [`to_stdout`].
pub fn print_out(text: impl AsRef<[u8]>) -> Result<(), Stop> {
    to_stdout(|out| out.write_all(text.as_ref()))
}

/// Writes to standard output. It is no error if the reader has closed the pipe.
///
/// # Errors
///
/// The error of `write`, with the name of the stream.
pub fn to_stdout(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(err) if err.kind() != ErrorKind::BrokenPipe => {
            Err(Stop::Usage(format!("standard output: {err}")))
        }
        _ => Ok(()),
    }
}
