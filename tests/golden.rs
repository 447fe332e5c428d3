//! The integration tests, as one binary: a trial for each test file, each example and each behaviour of the command.
//!
//! A test file is a txtar archive: a comment that says what is tested, inputs, and a section for each output of a real
//! Go that minigo must print too (`cargo xtask golden --bless` records them). Every output is made twice, with the
//! same bytes.
//!
//! The binary is also the `minigo` command: it behaves as such if `MINIGO_TEST_COMMAND` is set.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use minigo::{Failure, Message, Options, Source};
use minigo_base::{Diagnostics, GoVersion, PosTable};
use minigo_obj::{SymTable, Unit, dialect};
use minigo_ssa::Profile;
use minigo_ssa::amd64::{StackMaps, emit, jump_tables, stack_map};
use minigo_ssa::profile::GO1_27;
use minigo_syntax::ast::Ast;
use minigo_tests::{
    Archive, Content, EXAMPLE_OUTPUTS, Section, files, outcome, references, registers, root,
    without_hints,
};

mod articles;
mod assembler;
mod command;
mod crash;
mod debugging;
mod documents;
mod explain;
mod frame;
mod growth;
mod habits;
mod json;
mod large;
mod objdump;
mod objects;
mod outputs;
mod package;
mod programs;
mod scaling;
mod see;
mod streams;
mod tidy;
mod vet;
mod why;

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: minigo::cli::Allocator = minigo::cli::Allocator;

/// Set in the environment of copies of this binary that stand in for the command.
const COMMAND: &str = "MINIGO_TEST_COMMAND";
/// Stack of a trial in bytes: that of the command's own threads.
const STACK: usize = 1 << 30;

fn main() -> ExitCode {
    if std::env::var_os(COMMAND).is_some() {
        return minigo::cli::main();
    }
    let mut trials = Vec::new();
    for file in files(&root().join("tests"), ".txtar") {
        let name = relative(&file);
        trials.push(Trial::test(name, move || {
            with_stack(move || archive(&file))
        }));
    }
    for file in files(&root().join("examples"), ".go") {
        let name = relative(&file);
        trials.push(Trial::test(name, move || {
            with_stack(move || example(&file))
        }));
    }
    trials.extend(articles::trials());
    trials.extend(assembler::trials());
    trials.extend(command::trials());
    trials.extend(crash::trials());
    trials.extend(debugging::trials());
    trials.extend(documents::trials());
    trials.extend(explain::trials());
    trials.extend(frame::trials());
    trials.extend(growth::trials());
    trials.extend(habits::trials());
    trials.extend(json::trials());
    trials.extend(why::trials());
    trials.extend(large::trials());
    trials.extend(objdump::trials());
    trials.extend(objects::trials());
    trials.extend(outputs::trials());
    trials.extend(package::trials());
    trials.extend(scaling::trials());
    trials.extend(see::trials());
    trials.extend(streams::trials());
    trials.extend(tidy::trials());
    trials.extend(vet::trials());
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn relative(file: &Path) -> String {
    file.strip_prefix(root())
        .unwrap_or(file)
        .to_string_lossy()
        .into_owned()
}

/// Runs a trial on a stack as large as the command's.
fn with_stack(trial: impl FnOnce() -> Result<(), Failed> + Send + 'static) -> Result<(), Failed> {
    let thread = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(trial)
        .map_err(|err| Failed::from(err.to_string()))?;
    thread
        .join()
        .unwrap_or_else(|_| Err("the trial panicked".into()))
}

/// Returns this binary as the `minigo` command.
fn minigo_command() -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this binary has a path"));
    command.env(COMMAND, "1");
    const VARIABLES: &str =
        "CGO_ENABLED CLICOLOR CLICOLOR_FORCE GOARCH GOOS GOROOT GOSSAFUNC MINIGO_GO NO_COLOR";
    for variable in VARIABLES.split(' ') {
        command.env_remove(variable);
    }
    command
}

/// Compares texts, and shows the lines that differ.
fn same(what: &str, want: &str, have: &str) -> Result<(), Failed> {
    if want == have {
        return Ok(());
    }
    Err(format!(
        "{what} differs:\n{}",
        pretty_assertions::StrComparison::new(want, have)
    )
    .into())
}

/// Runs a command that must fail with a message and an exit status.
fn refused(command: &mut Command, message: &str, status: i32) -> Result<(), Failed> {
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    same("the message", message, &without_hints(&text))?;
    match output.status.code() {
        Some(code) if code == status => Ok(()),
        code => Err(format!("status {code:?}, want {status}").into()),
    }
}

/// Compares every output of a test file with minigo's, which is made twice.
fn archive(file: &Path) -> Result<(), Failed> {
    let archive = Archive::parse(&std::fs::read_to_string(file)?);
    let stage = match file.starts_with(root().join("tests/syntax")) {
        true => Stage::Parser,
        false => Stage::All,
    };
    let mut compared = 0;
    for (name, want) in &archive.sections {
        let section = Section::parse(name)?;
        if section.content != Content::File {
            twice(name, want, || output(&archive, &section, stage))?;
            compared += 1;
        }
    }
    match compared {
        0 => Err("the file tests nothing".into()),
        _ => Ok(()),
    }
}

/// Compares a recorded text with an output that is made twice.
fn twice(
    what: &str,
    want: &str,
    output: impl Fn() -> Result<String, Failed>,
) -> Result<(), Failed> {
    let have = output()?;
    same(what, want, &have)?;
    same(&format!("{what}, made again,"), &have, &output()?)
}

/// The stages that see the input of a test.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Parser,
    All,
}

/// Returns minigo's output for a section of a test.
fn output(archive: &Archive, section: &Section, stage: Stage) -> Result<String, Failed> {
    let has_package = !archive.package().is_empty();
    let go_file = archive
        .sections
        .iter()
        .find(|(name, _)| name.ends_with(".go"));
    let made = match (&section.content, go_file) {
        (Content::Assembler(arguments), _) => {
            Some(assembler::output(archive, section.version, arguments)?)
        }
        (Content::Places, Some((_, source))) => {
            let assembly = archive.section("in.s").unwrap_or_default();
            same("the assembly", &references(source)?, assembly)?;
            Some(registers(source)?)
        }
        (Content::Vet, _) => Some(vet::output(archive, section)?),
        (Content::Functions(pass), _) if archive.section("in.ssa").is_some() => {
            let state = archive.section("in.ssa").unwrap_or_default();
            Some(after_pass(section.version, pass, state)?)
        }
        (Content::Listing, _) if archive.section("in.ssa").is_some() => {
            let state = archive.section("in.ssa").unwrap_or_default();
            Some(listing_of_state(section.version, state)?)
        }
        (Content::Errors, Some((name, source))) if stage == Stage::Parser => {
            Some(syntax_errors(section, name, source))
        }
        _ if has_package => package::output(archive, section)?,
        (_, Some((name, source))) => go_output(section, name, source)?,
        _ => archive
            .section("in.s")
            .and_then(|source| assembly_output(section, source)),
    };
    made.ok_or_else(|| "a section that the inputs of this file don't have".into())
}

/// Returns the messages about a file, without those of later stages about what minigo doesn't support. gc of Go 1.15
/// stops after the parser's messages, so these are all of them.
fn syntax_errors(section: &Section, name: &str, source: &str) -> String {
    let version = section.version;
    if version >= GoVersion::Go1_27 {
        let checked = minigo::check(&[Source::new(name, source)], &options(section));
        let messages = checked
            .err()
            .map_or_else(String::new, |why| format!("{why}\n"));
        let lines = messages.split_inclusive('\n');
        return lines
            .filter(|line| !line.contains(": minigo does not support "))
            .collect();
    }
    let (mut ast, mut positions) = (Ast::default(), PosTable::default());
    let mut diags = Diagnostics::default();
    let text = source.as_bytes();
    let syntax = minigo_syntax::Profile::of(version);
    minigo_syntax::parse_file(&mut ast, &mut positions, &mut diags, name, text, syntax);
    diags.render(&positions)
}

/// Returns minigo's output of a Go file for a section; none for sections of other tests.
fn go_output(section: &Section, file: &str, source: &str) -> Result<Option<String>, Failed> {
    let sources = [Source::new(file, source)];
    let text = |failure: Failure| format!("{failure}\n");
    let plain = options(section);
    let explained = |explain, debug: Vec<String>| {
        let options = Options {
            explain,
            debug,
            ..plain.clone()
        };
        minigo::compile(&sources, &options).map(|built| built.report().to_owned())
    };
    let debug = |pass: &str, what: &str| {
        let setting = format!("ssa/{}/{what}", pass.replace(' ', "_"));
        explained(0, vec![setting])
    };
    let made = match &section.content {
        Content::Listing => {
            minigo::compile(&sources, &plain).map(|built| built.listing().collect())
        }
        Content::Errors => Ok(minigo::check(&sources, &plain)
            .err()
            .map_or_else(String::new, text)),
        Content::Hints => Ok(minigo::check(&sources, &plain)
            .err()
            .map_or_else(String::new, |failure| hints(&failure))),
        Content::Inlining => explained(2, Vec::new()),
        Content::Findings(pass) => debug(pass, "debug"),
        Content::Trees => debug("walk", "dump=*"),
        Content::Functions(pass) => debug(pass, "dump=*"),
        Content::Outcome => {
            let dir = folder(&[(file, source.as_bytes())])?;
            return run_built(dir.path(), section, file, source).map(Some);
        }
        _ => return Ok(None),
    };
    Ok(Some(made.map_err(text)?))
}

/// Returns the hints of messages, with their positions.
fn hints(failure: &Failure) -> String {
    let with_hint = failure
        .messages()
        .iter()
        .filter(|message| !message.hint.is_empty());
    let line = |message: &Message| match &message.position {
        Some(position) => format!("{position}: {}\n", message.hint),
        None => format!("{}\n", message.hint),
    };
    with_hint.map(line).collect()
}

/// Returns the compiler's options for a section.
fn options(section: &Section) -> Options {
    let plain = Options::default();
    Options {
        version: section.version,
        optimize: section.optimize,
        inline: section.inline,
        package: section.package.clone().unwrap_or(plain.package),
        ..plain
    }
}

/// Builds a program with the command, from a file or a folder, and runs it.
fn run_built(dir: &Path, section: &Section, file: &str, source: &str) -> Result<String, Failed> {
    let built = build_command(dir, section)
        .args(["-o", "program", file])
        .output()?;
    if !built.status.success() {
        return Err(format!("minigo build: {}", String::from_utf8_lossy(&built.stderr)).into());
    }
    let output = Command::new(dir.join("program")).output()?;
    Ok(outcome(&output, dir, source, section.version))
}

/// Returns the command `minigo build` in a folder, with the flags of a section.
fn build_command(dir: &Path, section: &Section) -> Command {
    let mut command = minigo_command();
    let version = section.version.name();
    command
        .current_dir(dir)
        .args(["build", "-go", version])
        .args(section.flags());
    if let Some(size) = section.stack0 {
        command.args(["-stack0", &size.to_string()]);
    }
    command
}

/// Emits the recorded state of a function after the last pass, and returns its listing. The source is `in.go`.
fn listing_of_state(version: GoVersion, state: &str) -> Result<String, String> {
    let profile = ssa_profile(version)?;
    let mut syms = SymTable::with_naming(&profile.dialect.naming, "main");
    let mut positions = PosTable::default();
    let source = positions.add_file("in.go");
    for call in 0..MAX_INLINED {
        positions.add_inlining(source, call);
    }
    let mut f = minigo_ssa::parse(state, &mut syms, profile)?.func;
    let stackframe = profile
        .pass("stackframe")
        .ok_or("no pass makes the frame")?;
    let config = minigo_ssa::Config::new(profile);
    minigo_ssa::run_pass(&mut f, stackframe, &config);
    let liveness = minigo_ssa::liveness(&f, &config);
    let name = syms.name(f.sym).to_owned();
    let mut table = |suffix: &str| syms.lookup(&format!("{name}{suffix}"));
    let arg_info = minigo_ssa::argument_info(&f).map(|_| table(".arginfo1"));
    let arg_live = liveness.argument_maps().map(|_| table(".argliveinfo"));
    let jump_tables: Vec<_> = jump_tables(&f)
        .map(|b| (b, table(&format!(".jump{}", b.as_u32()))))
        .collect();
    let empty = syms.lookup_gclocals(&stack_map(0));
    let maps = StackMaps {
        args: empty,
        locals: empty,
        objects: None,
        arg_info,
        arg_live,
        jump_tables: &jump_tables,
    };
    let text = emit(&f, &config, &liveness, maps);
    let unit = Unit {
        tracebacks: false,
        ..Unit::new(&syms, &positions, profile.dialect)
    };
    let symbol = minigo_obj::assemble(text, &unit).map_err(|messages| messages.join("\n"))?;
    let mut listing = String::new();
    for symbol in std::iter::once(&symbol).chain(&symbol.jump_tables()) {
        minigo_obj::list::write_symbol(&mut listing, symbol, &unit);
    }
    Ok(listing)
}

/// The number of inlined calls that positions of a recorded state may name.
const MAX_INLINED: u32 = 100;

/// Returns the facts about a version whose passes can be tested one by one before all of them are there.
fn ssa_profile(version: GoVersion) -> Result<&'static Profile, String> {
    let profile = match version {
        GoVersion::Go1_27 => Some(&GO1_27),
        version => Profile::of(version),
    };
    profile.ok_or_else(|| format!("there are no passes of Go {version}"))
}

/// Returns the assembler's output of a file for a section: its listing, the bytes of its functions assembled as
/// compiled code, or its messages. None for sections of other tests.
fn assembly_output(section: &Section, source: &str) -> Option<String> {
    let result = assemble(source, section.content != Content::Bytes);
    match section.content {
        Content::Listing => Some(result.map_or_else(|errors| errors, |(listing, _)| listing)),
        Content::Bytes => Some(result.map_or_else(|errors| errors, |(_, hex)| hex)),
        Content::Errors => Some(without_hints(&result.err().unwrap_or_default())),
        _ => None,
    }
}

/// Returns the listing and the bytes of an assembly file called `in.s`.
fn assemble(source: &str, hand_written: bool) -> Result<(String, String), String> {
    let mut syms = SymTable::new();
    let mut positions = PosTable::default();
    let no_includes = |name: &str| Err(format!("open {name}: no such file or directory"));
    let defines = [("GOOS_linux", "1"), ("GOARCH_amd64", "1")];
    let file = minigo_obj::asm::read(
        "in.s",
        source,
        &defines,
        &no_includes,
        &mut syms,
        &mut positions,
    )?;
    let unit = Unit {
        hand_written,
        ..Unit::new(&syms, &positions, &dialect::GO1_15)
    };
    let (mut listing, mut hex, mut errors) = (String::new(), String::new(), String::new());
    for function in file.texts {
        match minigo_obj::amd64::assemble(function, &unit) {
            Ok(symbol) => {
                minigo_obj::list::write_symbol(&mut listing, &symbol, &unit);
                for row in symbol.data.chunks(32) {
                    hex.extend(row.iter().map(|byte| format!("{byte:02x}")));
                    hex.push('\n');
                }
                hex.push('\n');
            }
            Err(messages) => {
                errors.extend(messages.iter().map(|message| format!("asm: {message}\n")))
            }
        }
    }
    for symbol in &file.data {
        minigo_obj::list::write_symbol(&mut listing, symbol, &unit);
    }
    if errors.is_empty() {
        Ok((listing, hex))
    } else {
        Err(errors)
    }
}

/// Runs a single pass on a recorded state of a function, and returns the state after it.
fn after_pass(version: GoVersion, pass: &str, state: &str) -> Result<String, String> {
    let profile = ssa_profile(version)?;
    let known = profile.pass(pass);
    let known = known.ok_or_else(|| format!("there is no pass {pass}"))?;
    let mut syms = SymTable::with_naming(&profile.dialect.naming, "main");
    let mut f = minigo_ssa::parse(state, &mut syms, profile)?.func;
    minigo_ssa::run_pass(&mut f, known, &minigo_ssa::Config::new(profile));
    Ok(minigo_ssa::dump_state(&f, pass, &syms))
}

/// Compares an example's listing and behaviour with those recorded from Go.
fn example(file: &Path) -> Result<(), Failed> {
    let folder = file.parent().ok_or("an example without a folder")?;
    let archive = Archive::of_example(folder)?;
    for (name, recorded) in EXAMPLE_OUTPUTS {
        let section = Section::parse(name)?;
        let want = archive.section(name).unwrap_or_default();
        twice(recorded, want, || output(&archive, &section, Stage::All))?;
    }
    Ok(())
}

/// Makes a folder with files, for trials of the command.
fn folder(files: &[(&str, &[u8])]) -> Result<tempfile::TempDir, Failed> {
    let dir = tempfile::tempdir()?;
    for (name, text) in files {
        std::fs::write(dir.path().join(PathBuf::from(name)), text)?;
    }
    Ok(dir)
}
