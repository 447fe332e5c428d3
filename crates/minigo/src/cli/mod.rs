//! The command line: reads flags, the environment and the current folder, calls the library, writes files.
//!
//! Exit status: 0 for success, 1 for errors in the program, 2 for errors of usage or files, 101 for a bug in minigo.

mod color;
mod document;
mod explain;
mod flags;
mod frame;
mod growth;
mod habits;
mod objdump;
mod output;
mod response;
mod see;
mod signals;
mod streams;
mod values;

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::io::{BufWriter, IsTerminal, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use nix::sys::wait::WaitStatus;

use minigo_base::{GoVersion, Message, unicode};
use minigo_obj::CodeModel;
use minigo_story::Lang;
use minigo_story::why::Form;

use crate::asm;
use crate::built::Built;
use crate::debug;
use crate::failure::Failure;
use crate::files::{PackageFiles, Tags};
use crate::messages;
use crate::options::Options;
use crate::profile::{self, Profile};
use crate::sig;
use crate::source::Source;
use crate::stack;
use crate::target::Target;
use crate::vet;
use flags::{Asm, Build, Cli, Command, Compile, LinkMode, Reasons, Run, Sig, Vet};
use streams::{print_out, say, to_stdout};

/// The exit status for a bug in minigo.
const INTERNAL: u8 = 101;

/// Why a command did not succeed.
enum Stop {
    /// Errors in the program.
    Program(Vec<Message>),
    /// A file or a flag is wrong.
    Usage(String),
    /// The program that was run ended with this status.
    Status(u8),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        match failure {
            Failure::Program(messages) => Stop::Program(messages),
            Failure::Environment(text) => Stop::Usage(text),
        }
    }
}

/// A file that can't be read or written.
impl From<String> for Stop {
    fn from(text: String) -> Stop {
        Stop::Usage(text)
    }
}

/// Returns the commands and their flags, as clap reads them: words have two dashes, which users needn't type.
pub fn command() -> clap::Command {
    Cli::command()
}

/// Runs the process's command line on a large stack, which takes less time than a thread with one.
pub fn main() -> ExitCode {
    std::panic::set_hook(Box::new(internal_error));
    stacker::grow(stack::size(), || {
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
            let _ = err.print();
            return 2;
        }
        // Help.
        Err(err) => return status(to_stdout(|_| err.print())),
    };
    cli.color.choose();
    let version = json_version(&cli.command);
    let done = match cli.command {
        Command::Build(flags) => build_packages(flags),
        Command::Run(flags) => run_command(&flags),
        Command::Asm(flags) => asm_command(&flags),
        Command::Vet(flags) => vet_packages(flags),
        Command::Sig(flags) => sig_command(&flags),
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

/// Says why a command did not succeed. Returns the exit status.
fn status(done: Result<(), Stop>) -> u8 {
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

/// Prints messages to standard error; on a terminal with their source lines, hints and codes.
fn print_messages(messages: &[Message]) {
    let stderr = std::io::stderr();
    let is_colored = color::is_on(&stderr);
    let text = match is_colored || stderr.is_terminal() {
        true => messages::for_terminal(messages, is_colored),
        false => lines(messages),
    };
    say(text);
}

/// Returns the language of explanations: the one asked for, or that of the locale.
fn lang(asked: Option<Lang>) -> Lang {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    let mut set = variables.filter_map(|name| std::env::var(name).ok());
    asked.unwrap_or_else(|| {
        let locale = set.find(|locale| !locale.is_empty());
        Lang::of_locale(&locale.unwrap_or_default())
    })
}

/// Returns the form and the language of reasons, if they are asked for.
fn why(flags: &Reasons) -> Option<(Form, Lang)> {
    flags.form().map(|form| (form, lang(flags.lang)))
}

/// Returns messages, each with a newline.
fn lines(messages: &[Message]) -> String {
    let lines = messages.iter().map(|message| format!("{message}\n"));
    lines.collect()
}

fn options(compile: &Compile) -> Result<Options, Stop> {
    let version = go_version(compile.go, profile::compiled_version)?;
    if compile.debug.iter().any(|setting| setting == debug::HELP) {
        let passes = Profile::of(version).compiler.map(|compiler| compiler.ssa);
        print_out(passes.map_or_else(String::new, debug::help))?;
        return Err(Stop::Status(0));
    }
    Ok(Options {
        version,
        optimize: !compile.no_optimize,
        inline: compile.no_inline == 0,
        explain: compile.explain_level(),
        all_errors: compile.all_errors,
        complete: false,
        package: compile.package.clone(),
        trimpath: compile.trimpath.clone(),
        listing: false,
        json: false,
        why: None,
        record: None,
        rows: false,
        stack0: compile.stack0,
        debugging: false,
        symbol_table: true,
        growth: None,
        debug: compile.debug.clone(),
        target: target()?,
        goroot: std::env::var_os("GOROOT").unwrap_or_default().into(),
        folder: current_folder(),
    })
}

/// Returns the version of Go that a flag asks for, else that of the environment, else minigo's default.
///
/// # Errors
///
/// A version in the environment that `parse` refuses.
fn go_version(
    flag: Option<GoVersion>,
    parse: fn(&str) -> Result<GoVersion, String>,
) -> Result<GoVersion, Stop> {
    const VARIABLE: &str = "MINIGO_GO";
    if let Some(version) = flag {
        return Ok(version);
    }
    match std::env::var_os(VARIABLE) {
        Some(name) if !name.is_empty() => {
            let name = name.to_string_lossy();
            let wrong = |why| Stop::Usage(format!("{VARIABLE}={name}: {why}"));
            parse(&name).map_err(wrong)
        }
        _ => Ok(GoVersion::default()),
    }
}

/// Returns the current folder; an empty path if the system can't name it.
fn current_folder() -> PathBuf {
    std::env::current_dir().unwrap_or_default()
}

/// Returns the target that `GOOS` and `GOARCH` ask for.
fn target() -> Result<Target, Stop> {
    let variable = |name| std::env::var(name).unwrap_or_default();
    Target::parse(&variable("GOOS"), &variable("GOARCH")).map_err(Stop::Usage)
}

/// Returns the files of the package that the arguments name, and how to compile it.
fn package(arguments: &[PathBuf], compile: &Compile) -> Result<(PackageFiles, Options), Stop> {
    let options = options(compile)?;
    let tags = Tags::of_build(options.target, options.version);
    let files = PackageFiles::find(&options.folder, arguments, &tags)?;
    Ok((files, options))
}

/// Reads and compiles a package as [`compile_sources`] does.
fn compile(files: &PackageFiles, options: &Options) -> Result<Built, Stop> {
    compile_sources(&files.read(options)?, options)
}

/// Compiles a package and prints what `-m` and the debugging flags asked for, where gc prints it: to standard output.
fn compile_sources(sources: &[Source], options: &Options) -> Result<Built, Stop> {
    let built = crate::compile(sources, options)?;
    print_out(built.report())?;
    Ok(built)
}

/// Builds a package. If a pattern names several, they are only checked, as `go build` does. A JSON document is about one.
fn build_packages(mut flags: Build) -> Result<(), Stop> {
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

/// Vets a package, or several that a pattern names.
fn vet_packages(mut flags: Vet) -> Result<(), Stop> {
    let folders = habits::folders(&flags.files).filter(|_| !flags.json);
    let Some(folders) = folders else {
        return vet_command(&flags);
    };
    in_each(folders, |folder| {
        flags.files = vec![folder];
        vet_command(&flags)
    })
}

/// Does something in each folder, and says what is wrong after each.
fn in_each(
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
    let sources = files.read(&options)?;
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
        let bytes = built.object(&name)?;
        return output::write(&path, &bytes, output::Kind::Object, inputs).map_err(Stop::Usage);
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

fn run_command(flags: &Run) -> Result<(), Stop> {
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
    let built = compile(&files, &options)?;
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

/// Assembles, or writes what `-gensymabis` asks for.
fn asm_command(flags: &Asm) -> Result<(), Stop> {
    let version = go_version(flags.go, profile::assembled_version)?;
    if flags.version.is_some() {
        let own = env!("CARGO_PKG_VERSION");
        let go = asm::release(version).map_err(Stop::Usage)?;
        return print_out(format!("asm version {go} minigo {own}\n"));
    }
    let wrong = |message: String| {
        say(format_args!("asm: {message}\n"));
        Stop::Status(2)
    };
    let mut options = asm_options(flags, version).map_err(wrong)?;
    let files = &flags.files;
    let default = || {
        let name = match files[0].file_name().unwrap_or_default().as_bytes() {
            // Standard input has no name.
            b"-" => b"main",
            name => name,
        };
        let stem = name.strip_suffix(b".s").unwrap_or(name);
        let mut name = OsStr::from_bytes(stem).to_owned();
        name.push(".o");
        PathBuf::from(name)
    };
    let path = flags.output.clone().unwrap_or_else(default);
    if flags.gensymabis {
        let symabis = asm::symabis(files, &options)?;
        say(lines(&symabis.messages));
        let inputs = [files.as_slice(), &symabis.included].concat();
        let text = symabis.text.as_bytes();
        return output::write(&path, text, output::Kind::Text, &inputs).map_err(Stop::Usage);
    }
    options.target = target()?;
    output::write_with(&path, output::Kind::Object, files, |file| {
        let file = BufWriter::with_capacity(1 << 16, file);
        let assembled = asm::assemble(files, &options, file).map_err(|failure| match failure {
            Failure::Environment(reason) => Stop::Usage(format!("{}: {reason}", path.display())),
            failure => failure.into(),
        })?;
        let ok = assembled.ok;
        if flags.json {
            print_out(document::of_assembled(assembled, &options).text())?;
        } else {
            print_messages(&assembled.messages);
            match color::is_on(&std::io::stdout()) {
                true => print_out(&*color::listing(&String::from_utf8_lossy(
                    &assembled.listing,
                )))?,
                false => print_out(&assembled.listing)?,
            }
        }
        match ok {
            true => Ok(()),
            false => Err(Stop::Status(1)),
        }
    })
}

/// Reads the flags that `go tool asm` checks itself.
///
/// # Errors
///
/// The line that it prints.
fn asm_options(flags: &Asm, version: GoVersion) -> Result<asm::Options, String> {
    if !matches!(flags.spectre.as_str(), "" | "index" | "all" | "ret") {
        return Err(format!("unknown setting -spectre={}", flags.spectre));
    }
    let defines: Vec<(String, String)> =
        flags.define.iter().map(|define| macro_of(define)).collect();
    for (name, _) in &defines {
        let is_letter = |c: char| unicode::is_letter(c) || matches!(c, '_' | '\u{b7}' | '\u{2215}');
        let is_part = |c: char| is_letter(c) || unicode::is_digit(c);
        if !(name.starts_with(is_letter) && name.chars().all(is_part)) {
            let quoted = unicode::quote(name.as_bytes());
            return Err(format!(
                "parsing -D: {quoted} is not a valid identifier name"
            ));
        }
    }
    if flags.files.len() > 1 && flags.output.is_none() {
        return Err("several files need -o".to_owned());
    }
    Ok(asm::Options {
        folder: current_folder(),
        version,
        package: flags.package.clone(),
        include: flags.include.clone(),
        defines,
        all_errors: flags.all_errors,
        debug: flags.debug,
        listing: flags.listing || flags.reasons.why.is_some(),
        json: flags.json,
        why: why(&flags.reasons),
        debugging: flags.debugging,
        trimpath: match &flags.trimpath {
            Some(prefix) => prefix.to_string_lossy().into_owned(),
            None => String::new(),
        },
        model: CodeModel {
            shared: flags.shared || flags.dynlink,
            dynlink: flags.dynlink,
            retpoline: matches!(flags.spectre.as_str(), "all" | "ret"),
        },
        ..asm::Options::default()
    })
}

/// Returns the name and the text of the macro that `-D` defines.
fn macro_of(define: &str) -> (String, String) {
    let (name, text) = define
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .unwrap_or((define, "1"));
    (name.to_owned(), text.to_owned())
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

/// Prints the places of a function's arguments.
fn sig_command(flags: &Sig) -> Result<(), Stop> {
    let files = sig::read(&flags.files)?;
    print_out(sig::signature(&flags.signature, &files)?.to_string())
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

/// Writes text piece by piece.
fn write_pieces(out: impl Write, pieces: impl Iterator<Item: AsRef<str>>) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, out);
    for piece in pieces {
        out.write_all(piece.as_ref().as_bytes())?;
    }
    out.flush()
}

/// Returns the file that `-o` names, or one named after the first source file, in the current folder.
fn output_path(
    arguments: &[PathBuf],
    output: Option<&Path>,
    files: &PackageFiles,
    extension: &str,
) -> PathBuf {
    let mut name = match arguments.first() {
        Some(folder) if folder.is_dir() => folder_name(folder),
        Some(_) => stem(files.first()),
        None => folder_name(Path::new(".")),
    };
    if name.is_empty() {
        name = stem(files.first());
    }
    name.push(extension);
    match output {
        Some(path) if path.is_dir() || path.as_os_str().to_string_lossy().ends_with('/') => {
            path.join(name)
        }
        Some(path) => path.to_owned(),
        None => PathBuf::from(name),
    }
}

fn folder_name(folder: &Path) -> OsString {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    full.file_name().unwrap_or_default().to_owned()
}

fn stem(file: &Path) -> OsString {
    // Standard input has no name.
    let stem = file.file_stem().filter(|stem| *stem != "-");
    stem.unwrap_or(OsStr::new("main")).to_owned()
}

fn temp_dir() -> Result<tempfile::TempDir, Stop> {
    tempfile::tempdir().map_err(|err| Stop::Usage(format!("cannot make a temporary folder: {err}")))
}

fn file_error(path: &Path, err: &std::io::Error) -> Stop {
    Stop::Usage(format!("{}: {err}", path.display()))
}
