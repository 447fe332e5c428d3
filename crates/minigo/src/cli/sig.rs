//! `minigo sig`.

use super::flags::Sig;
use super::stop::Stop;
use super::streams::print_out;
use crate::sig;

/// Prints the places of a function's arguments.
pub(super) fn sig_command(flags: &Sig) -> Result<(), Stop> {
    let files = sig::read(&flags.files)?;
    print_out(sig::signature(&flags.signature, &files)?.to_string())
}
