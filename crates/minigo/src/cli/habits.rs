//! Command lines as Go's commands take them: file names without a command, `tool compile`, `-gcflags=-S`, `./...`, and
//! commands that minigo doesn't have.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use minigo_base::nearest;

use crate::files::has_sources;

/// The commands of Go that minigo doesn't have, and what to use.
const MISSING: &[(&str, &str)] = &[
    (
        "test",
        "go test; or a main function that prints, with minigo run",
    ),
    ("fmt", "gofmt"),
    (
        "get",
        "nothing: minigo compiles one package, which imports at most fmt and os",
    ),
    ("install", "minigo build -o FOLDER/NAME"),
    (
        "env",
        "the environment: MINIGO_GO, GOOS, GOARCH, GOROOT and GOSSAFUNC are read",
    ),
    (
        "mod",
        "nothing: minigo compiles one package, which needs no modules",
    ),
    (
        "work",
        "nothing: minigo compiles one package, which needs no modules",
    ),
    (
        "list",
        "ls; minigo build compiles the files of a folder that are for the target",
    ),
    (
        "clean",
        "rm; minigo keeps no cache and leaves no other files than those asked for",
    ),
    ("doc", "go doc, or minigo explain for terms and messages"),
    ("generate", "go generate"),
    ("fix", "go fix"),
    (
        "bug",
        "the message of an internal compiler error, which says what to report",
    ),
    ("nm", "nm or go tool nm, which read minigo's executables"),
    ("link", "minigo build, which links, too"),
    (
        "addr2line",
        "go tool addr2line, which reads minigo's executables",
    ),
    ("pprof", "perf"),
    ("trace", "minigo run -growth, or minigo build -S -why"),
];

/// The flags of Go's commands that minigo doesn't have, and why or what to use.
const MISSING_FLAGS: &[(&str, &str)] = &[
    ("-a", "nothing is kept between builds"),
    ("-asan", "there are no pointers that could be wrong"),
    ("-buildmode", "-c writes an object for programs in C"),
    ("-complete", "a package without .s files is complete"),
    ("-cover", "go build -cover"),
    ("-cpuprofile", "perf, which reads minigo's executables"),
    ("-gccgoflags", "-gcflags or minigo's own flags"),
    ("-i", "nothing is installed"),
    ("-mod", "a program is one package"),
    ("-msan", "there are no pointers that could be wrong"),
    ("-n", "minigo starts no other commands"),
    ("-pack", "-c writes an object"),
    ("-race", "programs have one goroutine"),
    ("-spectre", "minigo asm has it"),
    ("-tags", "name the files: minigo build x.go y.s"),
    ("-v", "minigo version prints the version"),
    ("-work", "minigo leaves no other files than those asked for"),
    ("-x", "minigo starts no other commands"),
];

/// Says an error about a flag as Go spells flags, with one dash, and what to use instead of Go's.
pub(super) fn explained(mut err: clap::Error) -> clap::Error {
    let Some(ContextValue::String(flag)) = err.get(ContextKind::InvalidArg) else {
        return err;
    };
    if err.kind() != ErrorKind::UnknownArgument {
        return err;
    }
    let flag = match flag.strip_prefix("--") {
        Some(word) => format!("-{word}"),
        None => flag.clone(),
    };
    let name = flag.split('=').next().unwrap_or_default();
    let known = MISSING_FLAGS.iter().find(|(missing, _)| *missing == name);
    // Else clap offers to pass the flag as a file.
    err.remove(ContextKind::Suggested);
    if let Some(ContextValue::String(similar)) = err.get(ContextKind::SuggestedArg)
        && nearest(
            name.trim_start_matches('-'),
            [similar.trim_start_matches('-')],
        )
        .is_none()
    {
        err.remove(ContextKind::SuggestedArg);
    }
    if let Some((_, instead)) = known {
        err.remove(ContextKind::SuggestedArg);
        let tips = vec![StyledStr::from(*instead)];
        err.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    err.insert(ContextKind::InvalidArg, ContextValue::String(flag));
    err
}

/// Returns a command line as minigo spells it.
///
/// # Errors
///
/// The command isn't minigo's; the text says what to use.
pub(super) fn translated(
    args: Vec<OsString>,
    is_command: &dyn Fn(&str) -> bool,
) -> Result<Vec<OsString>, String> {
    let (front, all) = args.split_at(n_before_command(&args));
    let Some((first, rest)) = all.split_first() else {
        return Ok(args);
    };
    let with = |command: &[&str], rest: &[OsString]| {
        let command = command.iter().map(OsString::from);
        let front = front.iter().cloned();
        front.chain(command).chain(rest.iter().cloned()).collect()
    };
    let args = match first.to_str() {
        Some("tool") => match rest.split_first() {
            None => return Err("tool: want compile, asm, vet or objdump".to_owned()),
            Some((tool, rest)) => match tool.to_str() {
                // gc writes an object, and the listing besides.
                Some("compile") if lists(rest) => with(&["build"], rest),
                Some("compile") => with(&["build", "-c"], rest),
                Some(tool) if is_command(tool) => with(&[tool], rest),
                _ => return Err(missing(tool)),
            },
        },
        Some(name) if is_command(name) => args,
        Some("-h" | "-help" | "--help" | "-V" | "-version" | "--version" | "help") => args,
        Some(text) if text.starts_with('-') && text.len() > 1 => with(&["build"], all),
        _ if is_source(first) || Path::new(first).is_dir() => with(&["build"], all),
        Some("-") => with(&["build"], all),
        _ => return Err(missing(first)),
    };
    Ok(args.into_iter().flat_map(flags_of_compiler).collect())
}

/// Returns the number of words in front of the command: the program's name and `-color`, which all commands have.
pub(super) fn n_before_command(args: &[OsString]) -> usize {
    let mut n_words = 1;
    while let Some(flag) = args.get(n_words).and_then(|arg| arg.to_str()) {
        n_words += match flag.trim_start_matches('-') {
            "color" if flag.starts_with('-') => 2,
            rest if flag.starts_with('-') && rest.starts_with("color=") => 1,
            _ => break,
        };
    }
    n_words.min(args.len())
}

/// Returns what to use instead of a command that minigo doesn't have.
fn missing(command: &OsStr) -> String {
    let command = command.to_string_lossy();
    let known = MISSING.iter().find(|(name, _)| *name == command);
    let names = super::command();
    let names = names.get_subcommands().map(clap::Command::get_name);
    match (known, nearest(&command, names)) {
        (Some((_, instead)), _) => format!("there is no command {command}; use {instead}"),
        (None, Some(name)) => format!("there is no command {command}; did you mean {name}?"),
        (None, None) => format!("there is no command {command}; minigo help lists the commands"),
    }
}

fn is_source(file: &OsStr) -> bool {
    let extension = Path::new(file).extension();
    extension.is_some_and(|extension| extension == "go" || extension == "s")
}

/// Reports whether the flags ask for a listing.
fn lists(flags: &[OsString]) -> bool {
    let is_listing = |flag: &OsString| matches!(flag.to_str(), Some("-S" | "-S=1" | "-S=true"));
    flags.iter().any(is_listing)
}

/// Returns the flags inside of `-gcflags`, which may begin with the packages that they are for.
fn flags_of_compiler(arg: OsString) -> Vec<OsString> {
    let flags = arg.to_str().and_then(|arg| {
        let rest = arg.strip_prefix("--").or(arg.strip_prefix('-'))?;
        rest.strip_prefix("gcflags=")
    });
    let Some(flags) = flags else { return vec![arg] };
    let flags = flags.trim_matches(['\'', '"']);
    let flags = match flags.split_once('=') {
        Some((packages, flags)) if !packages.starts_with('-') => flags,
        _ => flags,
    };
    flags.split_whitespace().map(OsString::from).collect()
}

/// Returns the folders that `./...` and the like stand for: those with Go files. None for other arguments.
pub(super) fn folders(arguments: &[PathBuf]) -> Option<Vec<PathBuf>> {
    let [pattern] = arguments else { return None };
    let top = pattern.to_str()?.strip_suffix("...")?;
    let top = match top.strip_suffix('/') {
        Some("") => Path::new("/"),
        Some(top) => Path::new(top),
        None if top.is_empty() => Path::new("."),
        None => return None,
    };
    let mut folders = Vec::new();
    collect(top, &mut folders);
    Some(folders)
}

/// Adds the folders with Go files at and below one. Names that begin with `_` or `.`, `testdata` and `vendor` are left out, as
/// Go does.
fn collect(folder: &Path, folders: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut below = Vec::new();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_left_out = name.starts_with(['_', '.']) || matches!(&*name, "testdata" | "vendor");
        if !is_left_out && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            below.push(entry.path());
        }
    }
    below.sort();
    if has_sources(folder) {
        folders.push(folder.to_owned());
    }
    for folder in below {
        collect(&folder, folders);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translate(line: &str) -> Result<String, String> {
        let args = line.split(' ').map(OsString::from).collect();
        let is_command = |name: &str| ["build", "run", "asm"].contains(&name);
        let args = translated(args, &is_command)?;
        let args: Vec<_> = args.iter().map(|arg| arg.to_string_lossy()).collect();
        Ok(args.join(" "))
    }

    #[test]
    fn habits_are_understood() {
        for (line, expected) in [
            ("minigo x.go", "minigo build x.go"),
            ("minigo -S x.go", "minigo build -S x.go"),
            ("minigo run x.go", "minigo run x.go"),
            ("minigo tool compile x.go", "minigo build -c x.go"),
            ("minigo tool compile -S x.go", "minigo build -S x.go"),
            ("minigo tool asm -S x.s", "minigo asm -S x.s"),
            ("minigo build -gcflags=-S x.go", "minigo build -S x.go"),
            ("minigo build -gcflags=all=-l x.go", "minigo build -l x.go"),
            ("minigo --help", "minigo --help"),
            ("minigo -version", "minigo -version"),
            (
                "minigo -color never run x.go",
                "minigo -color never run x.go",
            ),
            (
                "minigo --color=never x.go",
                "minigo --color=never build x.go",
            ),
            ("minigo -color", "minigo -color"),
            ("minigo", "minigo"),
        ] {
            assert_eq!(translate(line).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn missing_commands_say_what_to_use() {
        for (name, _) in MISSING {
            let text = translate(&format!("minigo {name}")).expect_err("it is missing");
            assert!(
                text.starts_with(&format!("there is no command {name}; use ")),
                "{text}"
            );
        }
        assert!(translate("minigo tool objcopy x").is_err());
    }
}
