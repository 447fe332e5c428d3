//! `minigo vet`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::environment::{current_folder, go_version};
use super::flags::Vet;
use super::status::in_each;
use super::stop::Stop;
use super::streams::{print_messages, print_out, say};
use super::{document, habits, output};
use crate::profile;
use crate::vet;

/// Vets a package, or several that a pattern names.
pub(super) fn vet_packages(mut flags: Vet) -> Result<(), Stop> {
    let folders = habits::folders(&flags.files).filter(|_| !flags.json);
    let Some(folders) = folders else {
        return vet_command(&flags);
    };
    in_each(folders, |folder| {
        flags.files = vec![folder];
        vet_command(&flags)
    })
}

/// Prints findings where `go vet` prints them, and ends with its status.
fn vet_command(flags: &Vet) -> Result<(), Stop> {
    let options = vet::Options {
        folder: current_folder(),
        version: go_version(flags.go, profile::vetted_version)?,
        checks: checks(flags),
        package: flags.package.clone(),
        gopath: std::env::var_os("GOPATH").map(PathBuf::from),
        modules: modules(),
        cgo: std::env::var_os("CGO_ENABLED").is_none_or(|enabled| enabled != "0"),
    };
    if let Some(path) = &flags.stub {
        let vet::Stub { text, inputs } = vet::stub(&flags.files, &options)?;
        return match path.is_empty() {
            true => print_out(text),
            false => output::write(
                Path::new(path),
                text.as_bytes(),
                output::Kind::Text,
                &inputs,
            )
            .map_err(Stop::Usage),
        };
    }
    let vetted = vet::vet(&flags.files, &options)?;
    let status = vetted.status;
    if flags.json {
        print_out(document::of_vetted(&vetted, &options).text())?;
        return match status {
            0 => Ok(()),
            status => Err(Stop::Status(status)),
        };
    }
    let notes: String = vetted
        .notes
        .iter()
        .map(|note| format!("{note}\n"))
        .collect();
    print_messages(&vetted.findings);
    say(notes);
    match status {
        0 => Ok(()),
        status => Err(Stop::Status(status)),
    }
}

/// Returns where modules are, by `GOMODCACHE`, `GOPATH` or the home folder, and by `GOWORK`.
fn modules() -> vet::Modules {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let first = |list: OsString| std::env::split_paths(&list).next();
    let gopath = || {
        let home = || Some(PathBuf::from(variable("HOME")?).join("go"));
        variable("GOPATH").and_then(first).or_else(home)
    };
    let cache = variable("GOMODCACHE").map(PathBuf::from);
    vet::Modules {
        cache: cache.or_else(|| Some(gopath()?.join("pkg/mod"))),
        workspace: variable("GOWORK").map(PathBuf::from),
    }
}

/// Returns the checks to make. As in `go vet`, naming a check switches the others off, unless it is `=false`.
fn checks(flags: &Vet) -> vet::Checks {
    let named = [flags.asmdecl, flags.framepointer, flags.frame, flags.cabi];
    let others = !named.contains(&Some(true));
    let [asmdecl, framepointer, frame, cabi] = named.map(|check| check.unwrap_or(others));
    vet::Checks {
        asmdecl,
        framepointer,
        frame,
        cabi,
    }
}
