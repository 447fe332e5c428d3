//! Documents and help texts: what they name exists, and the flags that they show are accepted.

use std::collections::BTreeSet;
use std::path::PathBuf;

use libtest_mimic::{Failed, Trial};
use minigo_base::GoVersion;
use minigo_ssa::Profile;
use minigo_tests::{files, root};

use crate::{folder, minigo_command};

/// The documents, and the number of lines that each stays below.
const DOCUMENTS: [(&str, usize); 7] = [
    ("README.md", 250),
    ("ARCHITECTURE.md", 150),
    ("CONTRIBUTING.md", 200),
    ("CHANGELOG.md", 500),
    ("NOTICE", 100),
    ("docs/articles.en.md", 700),
    ("docs/articles.zh.md", 700),
];

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("documents: they stay short", short),
        Trial::test("documents: paths exist", paths),
        Trial::test("documents: items exist", items),
        Trial::test("documents: flags are accepted", shown_flags),
        Trial::test("help: flags are accepted", help_flags),
        Trial::test("help: questions have answers", help_questions),
    ]
}

fn read(document: &str) -> Result<String, Failed> {
    let path = root().join(document);
    std::fs::read_to_string(&path).map_err(|err| format!("{document}: {err}").into())
}

fn short() -> Result<(), Failed> {
    for (document, limit) in DOCUMENTS {
        if read(document)?.lines().count() >= limit {
            return Err(format!("{document} has {limit} lines or more").into());
        }
    }
    Ok(())
}

/// The pieces of code in a document: what is between backquotes, and the lines of blocks.
fn code(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_fence = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_fence = !in_fence;
        } else if in_fence || line.starts_with("    ") {
            found.push(line.trim());
        } else {
            found.extend(line.split('`').skip(1).step_by(2));
        }
    }
    found
}

/// Whether a part of a path or name stands for something else: `PASS`, `<pass>`, `*`.
fn stands_for(part: &str) -> bool {
    let capitals = |c: char| c.is_ascii_uppercase() || c == '_';
    part.contains(['<', '*', '$', '…', '=', '\\']) || !part.is_empty() && part.chars().all(capitals)
}

/// Paths of files and folders, from the root, a crate or a crate's sources; a file's name alone may be anywhere.
fn paths() -> Result<(), Failed> {
    let crates = root().join("crates");
    let mut known: BTreeSet<String> = [
        ".cargo", ".ci", "crates", "docs", "examples", "fuzz", "tests", "xtask",
    ]
    .map(str::to_owned)
    .into();
    for entry in std::fs::read_dir(&crates)? {
        known.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    let places = ["crates", "docs", "tests", "xtask", "examples"];
    let all: Vec<PathBuf> = places
        .iter()
        .flat_map(|place| files(&root().join(place), ""))
        .collect();
    let exists = |path: &str| {
        let Some((first, inside)) = path.split_once('/') else {
            let named = |file: &PathBuf| file.file_name().is_some_and(|name| name == path);
            return root().join(path).exists() || all.iter().any(named);
        };
        !known.contains(first)
            || first == "ssa" && names_pass(inside)
            || root().join(path).exists()
            || crates.join(path).exists()
            || crates.join(first).join("src").join(inside).exists()
    };
    for (document, _) in DOCUMENTS {
        let text = read(document)?;
        for word in text.split(|c: char| c.is_whitespace() || "`(),;:".contains(c)) {
            let path = word.trim_end_matches('.');
            let is_path = path.contains('/') || path.ends_with(".rs") || path.ends_with(".md");
            if is_path && !path.split(['/', '.']).any(stands_for) && !exists(path) {
                return Err(format!("{document} names {path}, which doesn't exist").into());
            }
        }
    }
    Ok(())
}

/// Whether a path goes on with a pass, as settings of `-d` and sections do: `ssa/lower`, `ssa/prove/off`.
fn names_pass(path: &str) -> bool {
    let pass = path.split('/').next().unwrap_or("");
    let mut profiles = GoVersion::ALL.into_iter().filter_map(Profile::of);
    ["all", "check", "help", "start"].contains(&pass)
        || profiles.any(|known| known.pass(pass).is_some())
}

/// Items of crates (`ssa::compile`), of modules (`info::Package`) and of types (`FuncText::append_code`).
fn items() -> Result<(), Failed> {
    for (document, _) in DOCUMENTS {
        let text = read(document)?;
        for path in code(&text) {
            let names: Vec<&str> = path.split("::").collect();
            let is_name = |name: &&str| {
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
            };
            if names.len() > 1 && names.iter().all(is_name) && !exists(&names) {
                return Err(format!("{document} names {path}, which doesn't exist").into());
            }
        }
    }
    Ok(())
}

/// Whether there is an item with this path.
fn exists(names: &[&str]) -> bool {
    let (first, last) = (names[0], names[names.len() - 1]);
    let sources = root().join("crates").join(first).join("src");
    let (scope, path) = match sources.is_dir() {
        true => (files(&sources, ".rs"), &names[1..names.len() - 1]),
        false => (
            files(&root().join("crates"), ".rs"),
            &names[..names.len() - 1],
        ),
    };
    let texts: Vec<(PathBuf, String)> = scope
        .into_iter()
        .filter_map(|file| Some((file.clone(), std::fs::read_to_string(file).ok()?)))
        .collect();
    match path.split_last() {
        // In the crate, where its root says so.
        None => {
            let root = texts.iter().find(|(file, _)| file.ends_with("lib.rs"));
            root.is_some_and(|(_, text)| declares(text, last))
        }
        // In a module: its file declares it.
        Some((module, _)) if !module.starts_with(char::is_uppercase) => {
            texts.iter().any(|(file, text)| {
                let is_it = file.ends_with(format!("{module}.rs"))
                    || file.ends_with(format!("{module}/mod.rs"));
                is_it && declares(text, last)
            })
        }
        // In a type: a method, a field or a variant.
        Some((ty, _)) => {
            let declared = texts.iter().find(|(_, text)| declares(text, ty));
            let Some((file, _)) = declared else {
                return false;
            };
            let in_crate = file
                .components()
                .take_while(|part| part.as_os_str() != "src");
            let in_crate: PathBuf = in_crate.collect();
            let has = |text: &str| {
                declares(text, last)
                    || text.contains(&format!(" {last}: "))
                    || text.contains(&format!(" {last},"))
            };
            texts
                .iter()
                .any(|(file, text)| file.starts_with(&in_crate) && has(text))
        }
    }
}

/// Whether a file declares an item, or passes it on.
fn declares(text: &str, name: &str) -> bool {
    const KINDS: &[&str] = &[
        "mod", "fn", "struct", "enum", "trait", "type", "const", "static", "union",
    ];
    let is_end = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    text.lines().any(|line| {
        let words: Vec<&str> = line.split([' ', '(']).collect();
        let declared = words
            .windows(2)
            .any(|pair| KINDS.contains(&pair[0]) && pair[1].strip_prefix(name).is_some_and(is_end));
        let is_macro = line.trim_start() == format!("macro_rules! {name} {{");
        declared || is_macro
    }) || text.split("pub use ").skip(1).any(|list| {
        let list = list.split(';').next().unwrap_or("");
        list.split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .any(|word| word == name)
    })
}

/// The commands that have flags, and the files that these are tried on.
const COMMANDS: [(&str, &[&str]); 8] = [
    ("build", &["add.go"]),
    ("run", &["add.go"]),
    ("asm", &["add.s"]),
    ("vet", &["add.go", "add.s"]),
    ("explain", &["NOSPLIT"]),
    ("frame", &["add.go"]),
    ("see", &["add.go"]),
    ("objdump", &["f.o"]),
];

/// A flag as a line of `minigo help COMMAND` shows it: `--go <VERSION>`, `-m[=<LEVEL>]`.
struct Flag {
    /// Without its dashes.
    name: String,
    /// The name of its value, empty for none.
    value: String,
    /// The value may be left out, and follows `=` otherwise.
    is_optional: bool,
}

/// Returns the flags in a help text.
fn flags(help: &str) -> Vec<Flag> {
    let lines = help.lines().map(str::trim_start);
    let shown = lines
        .filter(|line| line.starts_with('-') && !line.starts_with("- "))
        .flat_map(|line| {
            // Two blanks before the text.
            line.split("  ").next().unwrap_or("").split(", ")
        });
    shown
        .map(|flag| {
            let end = flag.find(['[', ' ', '.']).unwrap_or(flag.len());
            let (name, value) = flag.split_at(end);
            Flag {
                name: name.trim_start_matches('-').to_owned(),
                value: value.trim_matches(|c| "[]=<> .".contains(c)).to_owned(),
                is_optional: value.starts_with("[="),
            }
        })
        .collect()
}

/// Returns what `minigo help` prints about a command.
fn help(command: &str) -> Result<String, Failed> {
    let words = ["help", command].into_iter();
    let output = minigo_command()
        .args(words.filter(|word| !word.is_empty()))
        .output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Fails unless a command accepts flags.
fn accepts(command: &str, flags: &[&str]) -> Result<(), Failed> {
    const GO: &[u8] = b"package main\n\nfunc main() {}\n";
    const ASSEMBLY: &[u8] = b"DATA x<>+0(SB)/8, $1\nGLOBL x<>(SB), 8, $8\n";
    const FUNCTION: &[u8] = b"TEXT f(SB), 4, $0\n\tRET\n";
    let dir = folder(&[("add.go", GO), ("add.s", ASSEMBLY), ("f.s", FUNCTION)])?;
    if command == "objdump" {
        let mut asm = minigo_command();
        asm.current_dir(dir.path()).args(["asm", "f.s"]).output()?;
    }
    let files = COMMANDS.iter().find(|(name, _)| *name == command);
    let output = minigo_command()
        .current_dir(dir.path())
        .arg(command)
        .args(flags)
        .args(files.map_or(&[][..], |(_, files)| files))
        .output()?;
    match output.status.success() {
        true => Ok(()),
        false => {
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            Err(format!("minigo {command} {}: {why}", flags.join(" ")).into())
        }
    }
}

/// Every flag that `minigo help` lists is accepted, with one dash and with two, and so is every setting of `-d`.
fn help_flags() -> Result<(), Failed> {
    for (command, _) in COMMANDS {
        let text = help(command)?;
        let flags = flags(&text);
        if flags.len() < 3 {
            return Err(format!("minigo help {command} lists no flags").into());
        }
        for flag in flags {
            let value = match flag.value.as_str() {
                "" => "",
                "VERSION" => "1.15",
                "VERSIONS" => "1.15,1.27",
                "FUNC" => "main",
                "PASSES" => "lower,regalloc",
                "LEVEL" => "2",
                "PATH" | "PREFIX" => "x",
                "BYTES" => "4096",
                "FILE" => "made",
                "MODE" => "internal",
                "FLAGS" => "-w",
                "FOLDER" => ".",
                "NAME[=VALUE" => "NAME=1",
                "LIST" if flag.name == "spectre" => "all",
                "LIST" => "ssa/check/on",
                "BOOL" | "true" => "true",
                "full" => "full",
                "SETTINGS" => "compressinstructions",
                "LANG" => "zh",
                "OFFSET" => "0",
                "WHEN" => "never",
                "FORM" => "brief",
                "REGEXP" => "f",
                other => return Err(format!("help calls a value {other}: give it one here").into()),
            };
            let dashes: &[&str] = match flag.name.len() {
                1 => &["-"],
                _ => &["-", "--"],
            };
            for name in dashes.iter().map(|dashes| format!("{dashes}{}", flag.name)) {
                match (value, flag.is_optional) {
                    ("", _) => accepts(command, &[&name])?,
                    (_, false) => accepts(command, &[&name, value])?,
                    (_, true) => {
                        accepts(command, &[&name])?;
                        accepts(command, &[&format!("{name}={value}")])?;
                    }
                }
            }
        }
        for setting in text
            .split([' ', ',', '\n'])
            .filter(|word| word.starts_with("ssa/"))
        {
            accepts(command, &["-d", &with_names(setting)])?;
        }
    }
    Ok(())
}

/// Every question of `minigo help` has a command that answers it: it succeeds and prints something, or writes a page.
fn help_questions() -> Result<(), Failed> {
    const GO: &[u8] = b"package main\n\nfunc one() int\n\nfunc f(n int) int { return n + one() }\n\nfunc main() { println(f(2)) }\n";
    const ASSEMBLY: &[u8] = b"TEXT \xc2\xb7one(SB), 4, $0-8\n\tMOVQ $1, ret+0(FP)\n\tRET\n";
    let text = help("")?;
    let (_, questions) = text
        .split_once("Questions:\n")
        .ok_or("minigo help has no questions")?;
    let questions: Vec<(&str, &str)> = questions
        .lines()
        .filter_map(|line| line.split_once("minigo "))
        .collect();
    if questions.len() < 6 {
        return Err(format!("minigo help has few questions:\n{text}").into());
    }
    for (question, command) in questions {
        let dir = folder(&[("x.go", GO), ("x.s", ASSEMBLY)])?;
        minigo_command()
            .current_dir(dir.path())
            .args(["build", "-c", "-o", "x.o", "x.go", "x.s"])
            .output()?;
        let command = command
            .replace("x.go", "x.go x.s")
            .replace("x.s x.s", "x.s");
        // What stands between quotes is a word.
        let parts = command.split('\'').enumerate();
        let words = parts.flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        });
        let output = minigo_command()
            .current_dir(dir.path())
            .args(words.map(|word| word.replace("FUNC", "f").replace("FILE", "x.o")))
            .output()?;
        let is_silent = output.stdout.is_empty() && output.stderr.is_empty();
        let made = std::fs::read_dir(dir.path())?.count();
        if !output.status.success() || is_silent && made == 3 && !command.starts_with("vet") {
            let errors = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{question}minigo {command}: {errors}").into());
        }
    }
    Ok(())
}

/// Returns a setting of `-d` with a pass and a function for the words that stand for these.
fn with_names(setting: &str) -> String {
    let setting = setting.replace("PASS", "prove");
    setting
        .replace("FUNC", "main")
        .replace("dump=add", "dump=main")
}

/// Every flag that a document shows is one of the command that it is shown with, or of any on its own; every setting
/// of `-d` is accepted.
fn shown_flags() -> Result<(), Failed> {
    let mut known: Vec<(&str, Vec<Flag>)> = Vec::new();
    for (command, _) in COMMANDS {
        known.push((command, flags(&help(command)?)));
    }
    for (document, _) in DOCUMENTS {
        let text = read(document)?;
        // Those of `cargo xtask` are compared with it there.
        for piece in code(&text)
            .into_iter()
            .filter(|piece| !piece.contains("cargo "))
        {
            for line in piece.split(['&', '|', '(', ')', '#']) {
                let words: Vec<&str> = line.trim_start_matches("$ ").split_whitespace().collect();
                let (command, words) = match words[..] {
                    ["minigo", command, ref words @ ..] => (Some(command), words),
                    [first, ..] if first.starts_with('-') && document == "README.md" => {
                        (None, &words[..])
                    }
                    _ => continue,
                };
                let is_of = |flag: &str| {
                    let name = flag.trim_start_matches('-').split('=').next().unwrap_or("");
                    known.iter().any(|(of, flags)| {
                        command.is_none_or(|command| command == *of)
                            && flags.iter().any(|flag| flag.name == name)
                    })
                };
                let mut named = words.iter().filter(|word| word.starts_with('-'));
                if let Some(flag) = named.find(|flag| !is_of(flag)) {
                    return Err(format!("{document} shows {flag} in {piece:?}").into());
                }
            }
            if let Some((_, setting)) = piece.split_once("-d ssa/") {
                let setting = setting.split(' ').next().unwrap_or("");
                accepts("build", &["-d", &with_names(&format!("ssa/{setting}"))])?;
            }
        }
    }
    Ok(())
}
