//! The exit status of commands.

use std::path::PathBuf;

use super::stop::Stop;
use super::streams::{print_messages, say};

/// Says why a command did not succeed. Returns the exit status.
pub(super) fn status(done: Result<(), Stop>) -> u8 {
    match done {
        Ok(()) => 0,
        Err(Stop::Program(messages)) => {
            print_messages(&messages);
            1
        }
        Err(Stop::Usage(text)) => {
            say(format_args!("minigo: {text}\n"));
            2
        }
        Err(Stop::Status(status)) => status,
    }
}

/// Does something in each folder, and says what is wrong after each.
pub(super) fn in_each(
    folders: Vec<PathBuf>,
    mut command: impl FnMut(PathBuf) -> Result<(), Stop>,
) -> Result<(), Stop> {
    if folders.is_empty() {
        return Err(Stop::Usage("the pattern matches no packages".to_owned()));
    }
    let worst = folders.into_iter().map(|folder| status(command(folder)));
    match worst.max() {
        None | Some(0) => Ok(()),
        Some(worst) => Err(Stop::Status(worst)),
    }
}
