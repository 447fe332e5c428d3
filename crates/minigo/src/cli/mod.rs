//! The command line: reads flags, the environment and the current folder, calls the library, writes files.
//!
//! Exit status: 0 for success, 1 for errors in the program, 2 for errors of usage or files, 101 for a bug in minigo.

mod allocator;
mod asm;
mod build;
mod color;
mod compile;
mod document;
mod environment;
mod explain;
mod flags;
mod frame;
mod growth;
mod habits;
mod names;
mod objdump;
mod output;
mod response;
mod run;
mod see;
mod sig;
mod signals;
mod status;
mod stop;
mod streams;
mod values;
mod vet;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use minigo_base::GoVersion;

use crate::profile::{self, Profile};
use crate::stack;
pub use allocator::Allocator;
use environment::go_version;
use flags::{Cli, Command};
use status::status;
use stop::Stop;
use streams::{print_out, say, to_stdout};

/// The exit status for a bug in minigo.
const INTERNAL: u8 = 101;

/// Returns the commands and their flags, as clap reads them: words have two dashes, which users needn't type.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the process's command line on a large stack, which takes less time than a thread with one.
pub fn main() -> ExitCode {
    // The only panic of `grow` itself: there is no room for the stack.
    std::panic::set_hook(Box::new(|_| allocator::out_of_memory()));
    stacker::grow(stack::size(), || {
        std::panic::set_hook(Box::new(internal_error));
        stack::on_large(|| run(std::env::args_os()).into())
    })
}

/// Runs the command line `args`, the program's name first, and returns the exit status.
fn run(args: impl Iterator<Item = OsString>) -> u8 {
    let mut command = command();
    let is_command = |name: &str| name == "help" || command.find_subcommand(name).is_some();
    let args = match habits::translated(args.collect(), &is_command) {
        Ok(args) => args,
        Err(text) => return status(Err(Stop::Usage(text))),
    };
    let args = match response::expanded(args) {
        Ok(args) => flags::double_dashes(args.into_iter()),
        Err(stop) => return status(Err(stop)),
    };
    let matches = command.try_get_matches_from_mut(args);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(err) if err.use_stderr() => {
            // A closed or full standard error takes nothing.
            let _ = habits::explained(err).print();
            return 2;
        }
        // Help.
        Err(err) => return status(to_stdout(|_| err.print())),
    };
    cli.color.choose();
    let version = json_version(&cli.command);
    let done = match cli.command {
        Command::Build(flags) => build::build_packages(flags),
        Command::Run(flags) => run::run_command(&flags),
        Command::Asm(flags) => asm::asm_command(&flags),
        Command::Vet(flags) => vet::vet_packages(flags),
        Command::Sig(flags) => sig::sig_command(&flags),
        Command::Frame(flags) => frame::frame_command(&flags),
        Command::See(flags) => see::see_command(&flags),
        Command::Objdump(flags) => objdump::objdump_command(&flags),
        Command::Explain(flags) => explain::explain_command(&flags),
        Command::Version => print_out(self::version()),
    };
    status(match version {
        Some(version) => document::refused(done, version),
        None => done,
    })
}

/// Returns the version of Go for a command whose messages are part of a JSON document; none for other commands.
fn json_version(command: &Command) -> Option<Result<GoVersion, Stop>> {
    let compiled = profile::compiled_version;
    let version = match command {
        Command::Build(flags) if flags.json => go_version(flags.compile.go, compiled),
        Command::Asm(flags) if flags.json => go_version(flags.go, profile::assembled_version),
        Command::Vet(flags) if flags.json => go_version(flags.go, profile::vetted_version),
        Command::Frame(flags) if flags.json => go_version(flags.compile.go, compiled),
        Command::See(flags) if flags.json => go_version(flags.go.first().copied(), compiled),
        _ => return None,
    };
    Some(version)
}

/// Returns minigo's version and the versions of Go that it compiles as.
fn version() -> String {
    let own = env!("CARGO_PKG_VERSION");
    let versions = profile::names(Profile::compiles);
    format!("minigo version {own}, Go {versions}\n")
}

/// Reports a bug in minigo and exits.
fn internal_error(info: &std::panic::PanicHookInfo) {
    let payload = info.payload();
    let text = payload
        .downcast_ref::<String>()
        .map(String::as_str)
        .or(payload.downcast_ref::<&str>().copied());
    let place = info
        .location()
        .map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()));
    let text = text.unwrap_or("panic");
    let prefix = if text.starts_with("internal compiler error") {
        ""
    } else {
        "internal compiler error: "
    };
    say(format_args!(
        "minigo: {prefix}{text}{place}\nThis is a bug in minigo; please report it with the program.\n"
    ));
    std::process::exit(INTERNAL.into());
}
