//! The command line's commands: read files, build, write or run.
//!
//! Exit status: 0 done, 1 the program is wrong, 2 usage or files, 101 minigo is wrong.

use std::ffi::OsString;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::asm;
use crate::build::{self, Built, Failure, Options};
use crate::files::{PackageFiles, Tags};
use crate::flags::{self, Asm, Build, Cli, Command, Compile, LinkMode, Run, Vet};
use crate::output;
use crate::parallel;
use crate::target::Target;
use crate::vet;

/// The exit status that says that minigo itself is wrong.
const INTERNAL: u8 = 101;

/// Why a command did not succeed.
enum Stop {
    /// The program is wrong; the messages end with a newline.
    Program(String),
    /// A file or a flag is wrong.
    Usage(String),
    /// The program that was run ended with this status.
    Status(u8),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        match failure {
            Failure::Program(text) => Stop::Program(text),
            Failure::Environment(text) => Stop::Usage(text),
        }
    }
}

/// What cannot be read or written.
impl From<String> for Stop {
    fn from(text: String) -> Stop {
        Stop::Usage(text)
    }
}

/// Runs the process's command line, on a large stack. Starting a thread that has one would take longer.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(internal_error));
    stacker::grow(parallel::STACK, || run(std::env::args_os()).into())
}

/// Runs the command line `args`, the program's name first; gives the exit status.
fn run(args: impl Iterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(flags::double_dashes(args)) {
        Ok(cli) => cli,
        Err(err) => {
            let _ = err.print();
            return if err.use_stderr() { 2 } else { 0 };
        }
    };
    let done = match cli.command {
        Command::Build(flags) => build_command(&flags),
        Command::Run(flags) => run_command(&flags),
        Command::Asm(flags) => asm_command(&flags),
        Command::Vet(flags) => vet_command(&flags),
        Command::Version => print_out(format!("minigo version {}\n", env!("CARGO_PKG_VERSION"))),
    };
    match done {
        Ok(()) => 0,
        Err(Stop::Program(text)) => {
            eprint!("{text}");
            1
        }
        Err(Stop::Usage(text)) => {
            eprintln!("minigo: {text}");
            2
        }
        Err(Stop::Status(status)) => status,
    }
}

/// Says that minigo is wrong, not the program, and ends the process.
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
    eprintln!(
        "minigo: {prefix}{text}{place}\nThis is a mistake of minigo; please report it with the program."
    );
    std::process::exit(INTERNAL.into());
}

fn options(compile: &Compile) -> Result<Options, Stop> {
    let mut options = Options {
        version: compile.go,
        optimize: !compile.no_optimize,
        inline: compile.no_inline == 0,
        explain: compile.explain_level(),
        all_errors: compile.all_errors,
        package: compile.package.clone(),
        trimpath: compile.trimpath.clone(),
        listing: false,
        stack0: compile.stack0,
        debug: compile.debug.clone(),
        pretty: std::io::stderr().is_terminal(),
        target: target()?,
    };
    if let Ok(name) = std::env::var("GOSSAFUNC")
        && !name.is_empty()
    {
        options.debug.push(format!("ssa/all/dump={name}"));
    }
    Ok(options)
}

/// What GOOS and GOARCH ask for.
fn target() -> Result<Target, Stop> {
    let variable = |name| std::env::var(name).unwrap_or_default();
    Target::parse(&variable("GOOS"), &variable("GOARCH")).map_err(Stop::Usage)
}

/// The package that the arguments name, and how to compile it.
fn package(arguments: &[PathBuf], compile: &Compile) -> Result<(PackageFiles, Options), Stop> {
    let options = options(compile)?;
    let tags = Tags::of_build(options.target, options.version);
    Ok((PackageFiles::find(arguments, &tags)?, options))
}

fn build_command(flags: &Build) -> Result<(), Stop> {
    let (files, mut options) = package(&flags.files, &flags.compile)?;
    let inputs = files.all();
    options.listing = flags.listing;
    if flags.listing {
        let built = build::compile(&files, &options)?;
        report(&built);
        write_asm_header(flags, &built, &inputs)?;
        let assembly = std::iter::once(built.assembly_listing().into());
        let listing = built.listing().chain(assembly);
        if let Some(what) = built.differs {
            eprintln!("minigo: the listing differs from gc's: {what}");
        }
        let Some(path) = &flags.output else {
            return to_stdout(|out| write_pieces(out, listing));
        };
        return output::write_with(path, output::Kind::Text, &inputs, |file| {
            let written = write_pieces(file, listing);
            written.map_err(|err| Stop::Usage(format!("{}: {err}", path.display())))
        });
    }
    if flags.object {
        let built = build::compile(&files, &options)?;
        report(&built);
        write_asm_header(flags, &built, &inputs)?;
        let path = output_path(flags, &files, ".o");
        let name = path.file_name().map_or_else(
            || "a.o".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        let bytes = built.object(&name)?;
        return output::write(&path, &bytes, output::Kind::Object, &inputs).map_err(Stop::Usage);
    }
    let built = build::compile_complete(&files, &options)?;
    report(&built);
    write_asm_header(flags, &built, &inputs)?;
    if !built.is_program {
        // As `go build` does: a package that is no program is compiled to see whether it compiles.
        return Ok(());
    }
    let path = output_path(flags, &files, "");
    match flags.linkmode {
        LinkMode::Internal => output::write(
            &path,
            &built.executable()?,
            output::Kind::Executable,
            &inputs,
        )
        .map_err(Stop::Usage),
        LinkMode::External => link_externally(built, &path, &inputs),
    }
}

/// Writes `go_asm.h` where `-asmhdr` wants it.
fn write_asm_header(flags: &Build, built: &Built, inputs: &[PathBuf]) -> Result<(), Stop> {
    let Some(path) = &flags.asmhdr else {
        return Ok(());
    };
    let text = built.asm_header.as_bytes();
    output::write(path, text, output::Kind::Text, inputs).map_err(Stop::Usage)
}

/// Makes an object and lets `cc` link it.
fn link_externally(built: Built, path: &Path, files: &[PathBuf]) -> Result<(), Stop> {
    let dir = temp_dir()?;
    let object = dir.path().join("main.o");
    let linked = dir.path().join("main");
    std::fs::write(&object, built.program_object("main.o")?)
        .map_err(|err| file_error(&object, &err))?;
    let result = std::process::Command::new("cc")
        .args([
            "-nostdlib",
            "-static",
            "-no-pie",
            "-Wl,-e,_rt0_amd64_linux",
            "-o",
        ])
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

fn run_command(flags: &Run) -> Result<(), Stop> {
    let is_source = |path: &&PathBuf| {
        path.extension()
            .is_some_and(|ext| ext == "go" || ext == "s")
    };
    let n_files = flags.files.iter().take_while(is_source).count().max(1);
    let (files, arguments) = flags.files.split_at(n_files);
    let (files, options) = package(files, &flags.compile)?;
    let built = build::compile_complete(&files, &options)?;
    report(&built);
    if !built.is_program {
        return Err(Stop::Program(
            "minigo run: cannot run non-main package\n".to_owned(),
        ));
    }
    let dir = temp_dir()?;
    let path = dir.path().join(stem(files.first()));
    let executable = built.executable()?;
    output::write(&path, &executable, output::Kind::Executable, &[]).map_err(Stop::Usage)?;
    let status = std::process::Command::new(&path)
        .args(arguments)
        .status()
        .map_err(|err| file_error(&path, &err))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(code) => {
            eprintln!("exit status {code}");
            Err(Stop::Status(code as u8))
        }
        None => {
            eprintln!("{status}");
            Err(Stop::Status(1))
        }
    }
}

/// Prints what `-m` and the debugging flags asked for, where gc prints it: standard output.
fn report(built: &Built) {
    let _ = std::io::stdout().write_all(built.report.as_bytes());
}

/// Assembles, or writes what `-gensymabis` asks for.
fn asm_command(flags: &Asm) -> Result<(), Stop> {
    if flags.version.is_some() {
        return print_out(asm::version());
    }
    if let Err(message) = asm::check(flags) {
        eprintln!("asm: {message}");
        return Err(Stop::Status(2));
    }
    let default = || {
        let name = flags.files[0].file_name().unwrap_or_default();
        let name = name.to_string_lossy();
        PathBuf::from(format!("{}.o", name.strip_suffix(".s").unwrap_or(&name)))
    };
    let path = flags.output.clone().unwrap_or_else(default);
    if flags.gensymabis {
        let (text, messages) = asm::symabis(flags)?;
        eprint!("{messages}");
        return output::write(&path, text.as_bytes(), output::Kind::Text, &flags.files)
            .map_err(Stop::Usage);
    }
    let target = target()?;
    output::write_with(&path, output::Kind::Object, &flags.files, |file| {
        let assembled = asm::run(flags, target, file)?;
        eprint!("{}", assembled.messages);
        print_out(&assembled.listing)?;
        match assembled.ok {
            true => Ok(()),
            false => Err(Stop::Status(1)),
        }
    })
}

/// Prints findings where `go vet` prints them, and ends with its status.
fn vet_command(flags: &Vet) -> Result<(), Stop> {
    let vetted = vet::run(flags)?;
    eprint!("{}{}", vetted.findings, vetted.notes);
    match vetted.status {
        0 => Ok(()),
        status => Err(Stop::Status(status)),
    }
}

fn print_out(text: impl AsRef<[u8]>) -> Result<(), Stop> {
    to_stdout(|out| out.write_all(text.as_ref()))
}

/// Has `write` write to standard output; a reader that went away is no error.
fn to_stdout(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(err) if err.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Stop::Usage(format!("standard output: {err}")))
        }
        _ => Ok(()),
    }
}

/// Writes text that comes in many pieces.
fn write_pieces(out: impl Write, pieces: impl Iterator<Item: AsRef<str>>) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    for piece in pieces {
        out.write_all(piece.as_ref().as_bytes())?;
    }
    out.flush()
}

/// The file that `-o` names, or one named after the first source file, in the current folder.
fn output_path(flags: &Build, files: &PackageFiles, extension: &str) -> PathBuf {
    let name = match flags.files.first() {
        Some(folder) if folder.is_dir() => folder_name(folder),
        Some(_) => stem(files.first()),
        None => folder_name(Path::new(".")),
    };
    let name = format!(
        "{}{extension}",
        if name.is_empty() {
            stem(files.first())
        } else {
            name
        }
    );
    match &flags.output {
        Some(path) if path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/') => {
            path.join(name)
        }
        Some(path) => path.clone(),
        None => PathBuf::from(name),
    }
}

fn folder_name(folder: &Path) -> String {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    full.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn stem(file: &Path) -> String {
    file.file_stem().map_or_else(
        || "main".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

fn temp_dir() -> Result<tempfile::TempDir, Stop> {
    tempfile::tempdir().map_err(|err| Stop::Usage(format!("cannot make a temporary folder: {err}")))
}

fn file_error(path: &Path, err: &std::io::Error) -> Stop {
    Stop::Usage(format!("{}: {err}", path.display()))
}
