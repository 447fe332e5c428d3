//! The one integration binary: a trial for each test file, each example, each behaviour of the command.
//!
//! A test file is a txtar archive: what is tested on top, an input, and a section for each output of a real
//! Go that minigo must print too (`cargo xtask golden --bless` records them). Everything is done twice and
//! must give the same bytes.
//!
//! The binary is also the `minigo` command: started with `MINIGO_TEST_COMMAND` set, it behaves as such.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Failed, Trial};
use minigo::{Failure, Options, Source};
use minigo_base::{Diagnostics, GoVersion, PosTable};
use minigo_obj::{SymTable, Unit, dialect};
use minigo_syntax::ast::Ast;
use minigo_tests::{Archive, files, outcome, root, without_hints};

mod assembler;
mod command;
mod dying;
mod large;
mod objects;
mod package;
mod tidy;
mod vet;

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
    trials.extend(assembler::trials());
    trials.extend(command::trials());
    trials.extend(dying::trials());
    trials.extend(large::trials());
    trials.extend(objects::trials());
    trials.extend(package::trials());
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

/// This binary as the `minigo` command.
fn minigo_command() -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this binary has a path"));
    command.env(COMMAND, "1");
    for variable in ["GOSSAFUNC", "GOOS", "GOARCH"] {
        command.env_remove(variable);
    }
    command
}

/// Compares texts line by line.
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

/// Runs a command that must fail with this message and status.
fn refused(command: &mut Command, message: &str, status: i32) -> Result<(), Failed> {
    let output = command.output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    same("the message", message, &without_hints(&text))?;
    match output.status.code() {
        Some(code) if code == status => Ok(()),
        code => Err(format!("status {code:?}, want {status}").into()),
    }
}

fn archive(file: &Path) -> Result<(), Failed> {
    let archive = Archive::parse(&std::fs::read_to_string(file)?);
    if file.starts_with(root().join("tests/vet")) {
        return vet::archive(&archive);
    }
    if file.starts_with(root().join("tests/asm")) {
        return assembler::archive(&archive);
    }
    let is_syntax = file.starts_with(root().join("tests/syntax"));
    let is_package = !archive.package().is_empty();
    let mut compared = 0;
    for (name, want) in &archive.sections {
        let output = || -> Result<Option<String>, Failed> {
            if is_package {
                return package::section(name, &archive);
            }
            if let (true, Some(source)) = (is_syntax, archive.section("in.go")) {
                return Ok(syntax_section(name, source));
            }
            if let Some((file, source)) = archive
                .sections
                .iter()
                .find(|(name, _)| name.ends_with(".go"))
            {
                return go_section(name, file, source);
            }
            if let Some(source) = archive.section("in.s") {
                return Ok(assembly_section(name, source));
            }
            match archive.section("in.ssa") {
                Some(source) => Ok(ssa_section(name, source)?),
                None => Ok(None),
            }
        };
        let Some(have) = output()? else { continue };
        compared += 1;
        same(name, want, &have)?;
        same(
            &format!("{name}, done again,"),
            &have,
            &output()?.unwrap_or_default(),
        )?;
    }
    if compared == 0 {
        Err("the file tests nothing".into())
    } else {
        Ok(())
    }
}

/// What the parser says of a file, whatever later stages would say; none for inputs.
fn syntax_section(name: &str, source: &str) -> Option<String> {
    let (mut ast, mut positions) = (Ast::default(), PosTable::default());
    let mut diags = Diagnostics::default();
    minigo_syntax::parse_file(
        &mut ast,
        &mut positions,
        &mut diags,
        "in.go",
        source.as_bytes(),
    );
    (name == "err").then(|| diags.render(&positions))
}

/// What minigo prints for a section of a test in Go; none for its inputs.
fn go_section(name: &str, file: &str, source: &str) -> Result<Option<String>, Failed> {
    let sources = [Source {
        name: file.to_owned(),
        text: source.as_bytes().to_vec(),
    }];
    let build = |options: &Options| minigo::compile(&sources, options);
    let text = |failure: Failure| format!("{failure}\n");
    let plain = Options::default();
    Ok(Some(match name {
        "S" => build(&plain).map_err(text)?.listing().collect(),
        "S -N" => build(&Options {
            optimize: false,
            ..plain
        })
        .map_err(text)?
        .listing()
        .collect(),
        "S -p main" => build(&Options {
            package: "main".to_owned(),
            ..plain
        })
        .map_err(text)?
        .listing()
        .collect(),
        "S 1.10" => build(&Options {
            version: GoVersion::Go1_10,
            ..plain
        })
        .map_err(text)?
        .listing()
        .collect(),
        "err" => minigo::check(&sources, &plain)
            .err()
            .map_or_else(String::new, text),
        "m" => build(&Options {
            explain: 2,
            ..plain
        })
        .map_err(text)?
        .report()
        .to_owned(),
        _ if name.starts_with("debug ") => build(&Options {
            debug: vec![format!("ssa/{}/debug", &name["debug ".len()..])],
            ..plain
        })
        .map_err(text)?
        .report()
        .to_owned(),
        "W" => build(&Options {
            debug: vec!["ssa/walk/dump=*".to_owned()],
            ..plain
        })
        .map_err(text)?
        .report()
        .to_owned(),
        "ssa/start" | "ssa/start -N" => build(&Options {
            debug: vec!["ssa/start/dump=*".to_owned()],
            optimize: !name.ends_with("-N"),
            ..plain
        })
        .map_err(text)?
        .report()
        .to_owned(),
        "out" => {
            let dir = tempfile::tempdir()?;
            std::fs::write(dir.path().join(file), source)?;
            run_built(dir.path(), file)?
        }
        _ => return Ok(None),
    }))
}

/// Builds a program with the command and runs it.
fn run_built(dir: &Path, file: &str) -> Result<String, Failed> {
    let built = minigo_command()
        .current_dir(dir)
        .args(["build", "-o", "program", file])
        .output()?;
    if !built.status.success() {
        return Err(format!("minigo build: {}", String::from_utf8_lossy(&built.stderr)).into());
    }
    let output = Command::new(dir.join("program")).output()?;
    let source = std::fs::read_to_string(dir.join(file))?;
    Ok(outcome(&output, dir, &source))
}

/// What the assembler makes of a file: `S`, its listing; `hex`, the bytes of its functions assembled as
/// compiled code, 32 a line; `err`, its messages. None for inputs.
fn assembly_section(name: &str, source: &str) -> Option<String> {
    let result = assemble(source, name != "hex");
    let listing = |(listing, _)| listing;
    match name {
        "S" => Some(result.map_or_else(|errors| errors, listing)),
        "hex" => Some(result.map_or_else(|errors| errors, |(_, hex)| hex)),
        "err" => Some(without_hints(&result.err().unwrap_or_default())),
        _ => None,
    }
}

/// The listing and the bytes of an assembly file called `in.s`.
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

/// A function after a pass; none for inputs.
fn ssa_section(name: &str, source: &str) -> Result<Option<String>, String> {
    let Some(pass) = name.strip_prefix("ssa/") else {
        return Ok(None);
    };
    let known = minigo_ssa::compile::PASSES
        .iter()
        .find(|known| known.name == pass);
    let known = known.ok_or_else(|| format!("there is no pass {pass}"))?;
    let mut syms = SymTable::new();
    let mut f = minigo_ssa::parse(source, &mut syms)?.func;
    f.pass = known.name;
    (known.run)(&mut f, &minigo_ssa::Config::default());
    Ok(Some(minigo_ssa::dump_state(&f, pass, &syms)))
}

/// An example builds, does what it did with Go, and has Go's listing.
fn example(file: &Path) -> Result<(), Failed> {
    let folder = file.parent().ok_or("an example without a folder")?;
    let name = file
        .file_name()
        .ok_or("an example without a name")?
        .to_string_lossy()
        .into_owned();
    let read = |file: &str| std::fs::read_to_string(folder.join(file));
    let archive = Archive::of_example(folder)?;
    if !archive.package().is_empty() {
        for (section, file) in [("S", "listing.txt"), ("out", "output.txt")] {
            let have = package::section(section, &archive)?.unwrap_or_default();
            same(file, &read(file)?, &have)?;
        }
        return Ok(());
    }
    let sources = [Source {
        name: name.clone(),
        text: std::fs::read(file)?,
    }];
    let listing = || -> Result<String, Failure> {
        let built = minigo::compile(&sources, &Options::default())?;
        Ok(built.listing().collect())
    };
    same("listing.txt", &read("listing.txt")?, &listing()?)?;
    let dir = tempfile::tempdir()?;
    std::fs::copy(file, dir.path().join(&name))?;
    same(
        "output.txt",
        &read("output.txt")?,
        &run_built(dir.path(), &name)?,
    )
}

/// A folder with files, for trials of the command.
fn folder(files: &[(&str, &[u8])]) -> Result<tempfile::TempDir, Failed> {
    let dir = tempfile::tempdir()?;
    for (name, text) in files {
        std::fs::write(dir.path().join(PathBuf::from(name)), text)?;
    }
    Ok(dir)
}
