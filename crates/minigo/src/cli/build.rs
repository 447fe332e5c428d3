//! `minigo build`.

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::compile::{compile_sources, package, read, why};
use super::environment::{lang, temp_dir};
use super::flags::{Build, LinkMode};
use super::names::output_path;
use super::status::in_each;
use super::stop::{Stop, file_error, unwritten};
use super::streams::{print_out, say, to_stdout};
use super::{color, document, habits, output, see, signals};
use crate::built::Built;
use crate::files::PackageFiles;

/// Builds a package. If a pattern names several, they are only checked, as `go build` does. A JSON document is about one.
pub(super) fn build_packages(mut flags: Build) -> Result<(), Stop> {
    let folders = habits::folders(&flags.files).filter(|_| !flags.json);
    let Some(folders) = folders else {
        return build_command(&flags);
    };
    flags.is_checked = folders.len() > 1;
    in_each(folders, |folder| {
        flags.files = vec![folder];
        build_command(&flags)
    })
}

fn build_command(flags: &Build) -> Result<(), Stop> {
    let (files, mut options) = package(&flags.files, &flags.compile)?;
    let mut inputs = files.all();
    let listing = flags.listing || flags.reasons.why.is_some();
    options.listing = listing;
    options.json = flags.json;
    options.why = why(&flags.reasons);
    let linker = flags.linker();
    options.debugging = !listing && !linker.no_debugging;
    options.symbol_table = !linker.no_symbols;
    // A function without a body may be another object's.
    options.complete = !listing && !flags.object;
    let asked = see::Asked::of_environment();
    if let Some(asked) = &asked {
        asked.add_to(&mut options);
    }
    let sources = read(&files, &mut options)?;
    let built = match flags.json {
        true => crate::compile(&sources, &options)?,
        false => compile_sources(&sources, &options)?,
    };
    if let Some(asked) = &asked {
        let said = asked.write(&built, &sources, &inputs, lang(flags.reasons.lang))?;
        if !flags.json {
            print_out(said)?;
        }
    }
    // Assembly that includes go_asm.h may find the one that is written.
    let included = built.included().iter();
    inputs.extend(included.filter(|path| !path.ends_with("go_asm.h")).cloned());
    let difference = built.known_difference().filter(|_| listing);
    let difference = difference.map(|what| format!("the listing differs from gc's: {what}"));
    let json = flags.json;
    let document = json.then(|| document::of_build(&built, &options, difference.clone()));
    if !listing {
        write_program(flags, built, &files, &inputs)?;
        return document.map_or(Ok(()), |document| print_out(document.text()));
    }
    write_asm_header(flags, &built, &inputs)?;
    let assembly = std::iter::once(built.assembly_listing().into());
    let listing: Box<dyn Iterator<Item = Cow<'_, str>>> = match document {
        Some(document) => Box::new(std::iter::once(Cow::from(document.text()))),
        None => Box::new(built.listing().chain(assembly)),
    };
    if let Some(what) = difference.filter(|_| !flags.json) {
        say(format_args!("minigo: {what}\n"));
    }
    let Some(path) = &flags.output else {
        let is_colored = !flags.json && color::is_on(&std::io::stdout());
        return to_stdout(|out| match is_colored {
            true => write_pieces(out, listing.map(|piece| color::listing(&piece))),
            false => write_pieces(out, listing),
        });
    };
    output::write_with(path, output::Kind::Text, &inputs, |file| {
        let written = write_pieces(file, listing);
        written.map_err(|err| Stop::Usage(format!("{}: {err}", path.display())))
    })
}

/// Writes an executable or an object, and `go_asm.h`.
fn write_program(
    flags: &Build,
    built: Built,
    files: &PackageFiles,
    inputs: &[PathBuf],
) -> Result<(), Stop> {
    if flags.object {
        write_asm_header(flags, &built, inputs)?;
        let path = output_path(&flags.files, flags.output.as_deref(), files, ".o");
        let name = path.file_name().map_or_else(
            || "a.o".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        return output::write_with(&path, output::Kind::Object, inputs, |file| {
            let file = BufWriter::with_capacity(1 << 16, file);
            let written = built.write_object(&name, file);
            written.map_err(|failure| unwritten(&path, failure))
        });
    }
    write_asm_header(flags, &built, inputs)?;
    if flags.is_checked || !built.is_program() {
        // As `go build` does, a package that isn't a program is only checked.
        return Ok(());
    }
    let path = output_path(&flags.files, flags.output.as_deref(), files, "");
    match flags.linkmode {
        LinkMode::Internal => output::write(
            &path,
            &built.executable()?,
            output::Kind::Executable,
            inputs,
        )
        .map_err(Stop::Usage),
        LinkMode::External => link_externally(built, &path, inputs, flags.linker().no_symbols),
    }
}

/// Writes `go_asm.h` to the file that `-asmhdr` names.
fn write_asm_header(flags: &Build, built: &Built, inputs: &[PathBuf]) -> Result<(), Stop> {
    let Some(path) = &flags.asmhdr else {
        return Ok(());
    };
    let text = built.asm_header().as_bytes();
    output::write(path, text, output::Kind::Text, inputs).map_err(Stop::Usage)
}

/// Writes an object and has `cc` link it.
fn link_externally(
    built: Built,
    path: &Path,
    files: &[PathBuf],
    no_symbols: bool,
) -> Result<(), Stop> {
    let object_bytes = built.program_object("main.o")?;
    let _held = signals::Held::new();
    let dir = temp_dir()?;
    let object = dir.path().join("main.o");
    let linked = dir.path().join("main");
    std::fs::write(&object, object_bytes).map_err(|err| file_error(&object, &err))?;
    let result = std::process::Command::new("cc")
        .args(["-nostdlib", "-static", "-no-pie", "-Wl,-e,_rt0_amd64_linux"])
        .args(no_symbols.then_some("-s"))
        .arg("-o")
        .args([&linked, &object])
        .output()
        .map_err(|err| Stop::Usage(format!("cc: {err}")))?;
    if !result.status.success() {
        return Err(Stop::Usage(format!(
            "cc: {}\n{}",
            result.status,
            String::from_utf8_lossy(&result.stderr)
        )));
    }
    let bytes = std::fs::read(&linked).map_err(|err| file_error(&linked, &err))?;
    output::write(path, &bytes, output::Kind::Executable, files).map_err(Stop::Usage)
}

/// Writes text piece by piece.
fn write_pieces(out: impl Write, pieces: impl Iterator<Item: AsRef<str>>) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    for piece in pieces {
        out.write_all(piece.as_ref().as_bytes())?;
    }
    out.flush()
}
