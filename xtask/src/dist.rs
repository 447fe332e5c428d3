//! `cargo xtask dist`: completions for shells and man pages, from the flags that the command line reads.
//!
//! Flags that are words have one dash in them, as in Go's commands. The libraries write two, which [`one_dash`] mends; the
//! completions of bash are our own ([`mod@bash`]), since bash hands over `-flag=value` in three words.

mod bash;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::{Arg, Command};
use clap_complete::Shell;

use crate::go::target_folder;

/// Flags of the command.
#[derive(clap::Args, Debug)]
pub struct Dist {
    /// Write to this folder (default: target/dist)
    #[arg(short, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

/// A file to write: its path in the folder, and its text.
type File = (String, String);

/// Writes the completions and the man pages.
///
/// # Errors
///
/// A file can't be written.
pub fn dist(flags: &Dist) -> Result<(), String> {
    let default = || target_folder().join("dist");
    let folder = flags.output.clone().unwrap_or_else(default);
    for (path, text) in completions().into_iter().chain(man_pages()?) {
        let path = folder.join(path);
        let wrong = |err| format!("{}: {err}", path.display());
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(wrong)?;
        }
        std::fs::write(&path, text).map_err(wrong)?;
    }
    println!("wrote {0}/completions and {0}/man", folder.display());
    Ok(())
}

/// Returns minigo's commands with all their flags.
fn command() -> Command {
    let mut command = minigo::cli::command();
    command.build();
    command
}

/// Returns a command and its subcommands.
fn all(command: &Command) -> impl Iterator<Item = &Command> {
    std::iter::once(command).chain(command.get_subcommands())
}

/// Returns the flags of a command that users see.
fn flags(command: &Command) -> impl Iterator<Item = &Arg> {
    command
        .get_arguments()
        .filter(|arg| !arg.is_positional() && !arg.is_hide_set())
}

/// Returns how users type a flag, with one dash each: its letter and its word.
fn spellings(flag: &Arg) -> impl Iterator<Item = String> {
    let letter = flag.get_short().map(|letter| format!("-{letter}"));
    let word = flag.get_long().map(|word| format!("-{word}"));
    letter.into_iter().chain(word)
}

/// Returns the words that are flags of any command.
fn words(command: &Command) -> impl Iterator<Item = &str> {
    all(command).flat_map(flags).filter_map(Arg::get_long)
}

/// Reports whether a character may be part of a flag that is a word.
fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// Replaces `before` by `after` in front of a word, where the word ends.
fn respelled(text: &str, before: &str, word: &str, after: &str) -> String {
    let flag = format!("{before}{word}");
    let mut pieces = text.split(&flag);
    let mut respelled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let dashes = if piece.starts_with(is_part) {
            before
        } else {
            after
        };
        respelled.extend([dashes, word, piece]);
    }
    respelled
}

/// Returns a text with one dash in front of the flags that are words.
fn one_dash(command: &Command, mut text: String) -> String {
    for word in words(command) {
        text = respelled(&text, "--", word, "-");
    }
    text
}

/// Returns the completions of the shells, in files with the names that the shells look for.
fn completions() -> Vec<File> {
    let command = command();
    let file = |name: &str, text: String| (format!("completions/{name}"), text);
    vec![
        file("minigo.bash", bash::completions(&command)),
        file("_minigo", zsh(&command)),
        file("minigo.fish", fish(&command)),
        file("minigo.elv", one_dash(&command, generated(Shell::Elvish))),
        file(
            "_minigo.ps1",
            one_dash(&command, generated(Shell::PowerShell)),
        ),
    ]
}

/// Returns the completions of a shell as the library writes them.
fn generated(shell: Shell) -> String {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut minigo::cli::command(), "minigo", &mut text);
    String::from_utf8(text).expect("the library writes UTF-8")
}

/// Returns the spellings of the flags whose value must follow `=`.
fn flags_with_equals(command: &Command) -> impl Iterator<Item = String> {
    let all = all(command).flat_map(flags);
    all.filter(|flag| flag.is_require_equals_set())
        .flat_map(spellings)
}

/// Returns the completions for zsh.
fn zsh(command: &Command) -> String {
    let mut text = one_dash(command, generated(Shell::Zsh));
    // Letters don't join in one word, which may be a flag itself.
    for (before, after) in [("(-s -S -C)", "(-S -C)"), ("(-s -C)", "(-C)")] {
        text = text.replace(before, after);
    }
    // `=-`: the value is in the same word.
    for flag in flags_with_equals(command) {
        for sign in ['=', '+'] {
            text = text.replace(&format!("{flag}{sign}["), &format!("{flag}=-["));
        }
    }
    text
}

/// Returns the completions for fish.
fn fish(command: &Command) -> String {
    let mut text = one_dash(command, generated(Shell::Fish));
    // Flags of one dash that don't join in one word are "old-style".
    for word in words(command) {
        text = respelled(&text, "-l ", word, "-o ");
    }
    let with_equals: Vec<String> = flags_with_equals(command)
        .map(|flag| format!(" -o {} ", flag.trim_start_matches('-')))
        .collect();
    let lines = text.split_inclusive('\n').map(|line| {
        let line = line.replacen("\" -s ", "\" -o ", 1);
        // `-r`: the value may be the next word.
        match with_equals.iter().any(|flag| line.contains(flag)) {
            true => line.replace(" -r -f", " -f").replace(" -r\n", "\n"),
            false => line,
        }
    });
    lines.collect()
}

/// Returns a man page for minigo and one for each command.
///
/// # Errors
///
/// The library can't write a page.
fn man_pages() -> Result<Vec<File>, String> {
    let command = minigo::cli::command();
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let version = command.get_version().unwrap_or_default();
    let pages = all(&command).map(|page| {
        let name = page.get_display_name().unwrap_or(page.get_name());
        let man = clap_mangen::Man::new(page.clone())
            .title(name.to_uppercase())
            .source(format!("minigo {version}"))
            .manual("minigo");
        let mut text = Vec::new();
        man.render(&mut text).map_err(|err| err.to_string())?;
        let text = String::from_utf8(text).map_err(|err| err.to_string())?;
        Ok((format!("man/man1/{name}.1"), in_man(&command, text)))
    });
    pages.collect()
}

/// Returns the text of a man page with one dash in front of the flags that are words.
fn in_man(command: &Command, text: String) -> String {
    // The library ends names of flags without a word with a blank.
    let mut text = text.replace(" \\fR", "\\fR");
    for word in words(command) {
        text = respelled(&text, "\\-\\-", &word.replace('-', "\\-"), "\\-");
    }
    text
}
