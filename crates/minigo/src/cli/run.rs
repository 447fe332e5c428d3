//! `minigo run`.

use std::path::{Path, PathBuf};

use nix::sys::wait::WaitStatus;

use super::compile::{compile, package};
use super::environment::{lang, temp_dir};
use super::flags::Run;
use super::names::stem;
use super::stop::{Stop, file_error};
use super::streams::say;
use super::{growth, output, signals};

/// Builds a program, runs it, and ends with what it ended with.
pub(super) fn run_command(flags: &Run) -> Result<(), Stop> {
    let is_source = |path: &&PathBuf| {
        path.extension()
            .is_some_and(|ext| ext == "go" || ext == "s")
    };
    let n_files = flags.files.iter().take_while(is_source).count().max(1);
    let (files, arguments) = flags.files.split_at(n_files.min(flags.files.len()));
    let (files, mut options) = package(files, &flags.compile)?;
    let inputs = files.all();
    options.complete = true;
    let records = match flags.growth {
        Some(_) => Some(growth::Records::new()?),
        None => None,
    };
    options.growth = records.as_ref().map(growth::Records::descriptor);
    options.rows = records.is_some();
    let built = compile(&files, &mut options)?;
    if !built.is_program() {
        say("minigo run: cannot run non-main package\n");
        return Err(Stop::Status(1));
    }
    let places = growth::Program::places(&built);
    let executable = built.executable()?;
    let signals = signals::Held::new();
    let dir = temp_dir()?;
    let path = dir.path().join(stem(files.first()));
    output::write(&path, &executable, output::Kind::Executable, &[]).map_err(Stop::Usage)?;
    let child = signals.spawn(&path, arguments);
    // The program has been loaded.
    drop(dir);
    let status = child.and_then(|child| signals.wait_for(child));
    if let (Some(records), Some(file)) = (records, &flags.growth) {
        let program = growth::Program::new(&executable, places, options.stack0);
        let as_json = !file.is_empty();
        let report = records.report(&program, as_json, lang(flags.lang));
        match as_json {
            true => output::write(
                Path::new(file),
                report.as_bytes(),
                output::Kind::Text,
                &inputs,
            )
            .map_err(Stop::Usage)?,
            false => say(report),
        }
    }
    match status.map_err(|err| file_error(&path, &err))? {
        WaitStatus::Exited(_, 0) => Ok(()),
        WaitStatus::Exited(_, code) => {
            say(format_args!("exit status {code}\n"));
            Err(Stop::Status(code as u8))
        }
        WaitStatus::Signaled(_, signal, core_dumped) => {
            let core = if core_dumped { " (core dumped)" } else { "" };
            say(format_args!("signal: {}{core}\n", signals::name(signal)));
            Err(Stop::Status(1))
        }
        other => minigo_base::internal!("a program ended with {other:?}"),
    }
}
