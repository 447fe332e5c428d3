//! Completions and man pages hold every flag, with one dash; a real bash completes as users type.

use std::collections::BTreeMap;

use super::*;

/// Returns what is between the first `start` and the next `end` of a text.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("no {start:?} in\n{text}"));
    rest.split(end).next().unwrap_or_default()
}

/// Returns the part of a shell's completions that is about a command, and how that part spells a flag.
fn part(file: &str, text: &str, command: &Command) -> (String, fn(&str) -> Vec<String>) {
    let name = command.get_name();
    let top = name == "minigo";
    match file.rsplit('/').next().unwrap_or_default() {
        "minigo.bash" => {
            let name = if top { "''" } else { name };
            let part = between(text, &format!("        {name})\n"), ";;\n            ;;");
            let flags = between(part, "flags='", "'");
            (format!(" {flags} "), |flag| vec![format!(" {flag} ")])
        }
        "_minigo" => {
            let start = if top {
                "_arguments ".to_owned()
            } else {
                format!("({name})\n")
            };
            let part = between(text, &start, "&& ret=0").to_owned();
            (part, |flag| {
                ["[", "=[", "=-[", "+["]
                    .map(|end| format!("{flag}{end}"))
                    .into()
            })
        }
        "minigo.fish" => {
            let condition = match top {
                true => "__fish_minigo_needs_command\"".to_owned(),
                false => format!("__fish_minigo_using_subcommand {name}\""),
            };
            let lines = text.lines().filter(|line| line.contains(&condition));
            let part = lines.map(|line| format!("{line} \n")).collect();
            (part, |flag| vec![format!(" -o {} ", &flag[1..])])
        }
        "minigo.elv" => {
            let path = if top {
                "&'minigo'=".to_owned()
            } else {
                format!("&'minigo;{name}'=")
            };
            (between(text, &path, "}").to_owned(), |flag| {
                vec![format!("cand {flag} ")]
            })
        }
        "_minigo.ps1" => {
            let path = if top {
                "'minigo' {".to_owned()
            } else {
                format!("'minigo;{name}' {{")
            };
            (between(text, &path, "break").to_owned(), |flag| {
                vec![format!("::new('{flag}',")]
            })
        }
        other => panic!("{other}: which shell is it for?"),
    }
}

/// Returns the commands that have flags: all but `help`.
fn commands(command: &Command) -> Vec<&Command> {
    all(command)
        .filter(|command| command.get_name() != "help")
        .collect()
}

#[test]
fn completions_hold_every_flag() {
    let command = command();
    let files = completions();
    assert_eq!(files.len(), 5);
    for (file, text) in &files {
        let mut n_flags = 0;
        for command in commands(&command) {
            let (part, spelled) = part(file, text, command);
            for flag in flags(command).flat_map(spellings) {
                let found = spelled(&flag).iter().any(|flag| part.contains(flag));
                assert!(
                    found,
                    "{file}: {} has {flag}, not in\n{part}",
                    command.get_name()
                );
                n_flags += 1;
            }
        }
        assert!(n_flags > 100, "{file}: {n_flags} flags");
        for word in words(&command) {
            assert!(!text.contains(&format!("--{word}")), "{file} has --{word}");
        }
    }
}

#[test]
fn man_pages_hold_every_flag() {
    let command = command();
    let pages: BTreeMap<String, String> = man_pages().unwrap().into_iter().collect();
    let expected = commands(&command);
    assert_eq!(pages.len(), expected.len());
    for command in expected {
        let name = command.get_display_name().unwrap_or("minigo");
        let page = &pages[&format!("man/man1/{name}.1")];
        for flag in flags(command).flat_map(spellings) {
            let flag = flag.replace('-', "\\-");
            assert!(page.contains(&format!("\\fB{flag}\\fR")), "{name}: {flag}");
        }
        assert!(!page.contains("\\fB\\-\\-"), "{name} has two dashes");
    }
}

/// Returns what bash offers for a line: its last word is completed. None without bash.
fn offered(words: &[&str]) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("minigo.bash");
    std::fs::write(&script, bash::completions(&command())).unwrap();
    // As bash calls it: the word, and the word before. The word of a lone = is empty.
    let call = r#"source "$0" && COMP_WORDS=("$@") && COMP_CWORD=$(($# - 1)) &&
        word=${@: -1} && _minigo minigo "${word#=}" "${*: -2:1}"; printf '%s\n' "${COMPREPLY[@]}""#;
    let bash = std::process::Command::new("bash")
        .args(["--norc", "-c", call])
        .arg(&script)
        .args(words)
        .output();
    let Ok(output) = bash else {
        println!("There is no bash: its completions aren't tried.");
        return None;
    };
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && err.is_empty(),
        "{words:?}: {err}"
    );
    let out = String::from_utf8_lossy(&output.stdout);
    let lines = out.lines().filter(|line| !line.is_empty());
    Some(lines.map(str::to_owned).collect())
}

#[test]
fn bash_completes() {
    // Where = breaks words, as it usually does, -flag=value is three words.
    for (words, expected) in [
        (&["minigo", "b"][..], &["build"][..]),
        (&["minigo", "help", "ve"], &["vet", "version"]),
        (&["minigo", "-vers"], &["-version"]),
        (&["minigo", "build", "-wh"], &["-why"]),
        (&["minigo", "build", "x.go", "-lin"], &["-linkmode"]),
        (&["minigo", "build", "-go", "1."], &["1.10", "1.15", "1.27"]),
        (&["minigo", "build", "--go", "1.2"], &["1.27"]),
        (&["minigo", "asm", "-go", "="], &["1.15", "1.27"]),
        (&["minigo", "build", "-why", "="], &["full", "brief"]),
        (&["minigo", "build", "-why", "=", "b"], &["brief"]),
        (&["minigo", "build", "-why=b"], &["-why=brief"]),
        // The value must follow =, so the next word is a file, which bash completes.
        (&["minigo", "build", "-why", "b"], &[]),
        (&["minigo", "build", "-o", "x"], &[]),
        (&["minigo", "build", ""], &[]),
        (&["minigo", "-color", "never", "ru"], &["run"]),
        (&["minigo", "vet", "-frame", "=", ""], &["true", "false"]),
    ] {
        let Some(offered) = offered(words) else {
            return;
        };
        assert_eq!(offered, expected, "{words:?}");
    }
}
