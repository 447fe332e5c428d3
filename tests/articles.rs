//! Documents that show commands with their output: every command is run, in a folder with the files that the document shows
//! before it, and prints what the document says.

use std::path::Path;
use std::process::Command;

use libtest_mimic::{Failed, Trial};
use minigo_tests::root;

use crate::{folder, minigo_command, same};

/// The documents, and the locale of their commands.
const DOCUMENTS: [(&str, &str); 3] = [
    ("README.md", "C"),
    ("docs/articles.en.md", "C"),
    ("docs/articles.zh.md", "zh_CN.UTF-8"),
];

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let trials = DOCUMENTS.map(|(document, locale)| {
        let name = format!("commands: {document}");
        Trial::test(name, move || commands(document, locale))
    });
    trials.into()
}

/// A block of code in a document.
struct Block<'a> {
    /// The line before it.
    title: &'a str,
    /// Its lines.
    lines: Vec<&'a str>,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut title = "";
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            let inside = lines.by_ref().take_while(|line| *line != "```").collect();
            let lines = inside;
            blocks.push(Block { title, lines });
        } else if !line.is_empty() {
            title = line;
        }
    }
    blocks
}

/// The name of a file that a title announces: `` `x/add.go`: `` is `add.go`.
fn file_name(title: &str) -> Option<&str> {
    let path = title.strip_prefix('`')?;
    let path = path.strip_suffix("`:").or(path.strip_suffix("`\u{ff1a}"))?;
    path.rsplit('/').next()
}

fn commands(document: &str, locale: &str) -> Result<(), Failed> {
    let text = std::fs::read_to_string(root().join(document))?;
    let dir = folder(&[])?;
    let here = dir.path();
    std::os::unix::fs::symlink(root().join("examples"), here.join("examples"))?;
    std::fs::create_dir(here.join("bin"))?;
    std::os::unix::fs::symlink(std::env::current_exe()?, here.join("bin/minigo"))?;
    let mut n_commands = 0;
    for block in blocks(&text) {
        let is_command = block
            .lines
            .first()
            .is_some_and(|line| line.starts_with("$ "));
        if is_command && has_files(here, &block) {
            n_commands += block
                .lines
                .iter()
                .filter(|line| line.starts_with("$ "))
                .count();
            let shown = block.lines.join("\n") + "\n";
            let printed = printed(here, &block, locale)?;
            same(&format!("a block of {document}"), &shown, &printed)?;
        } else if let (false, Some(name)) = (is_command, file_name(block.title)) {
            std::fs::write(here.join(name), block.lines.join("\n") + "\n")?;
        }
    }
    match n_commands {
        0..4 => Err(format!("{document} shows only {n_commands} commands").into()),
        _ => Ok(()),
    }
}

/// Whether the sources that the commands of a block name are known: a document may leave some to the reader.
fn has_files(here: &Path, block: &Block) -> bool {
    let commands = block.lines.iter().filter(|line| line.starts_with("$ "));
    let mut words = commands.flat_map(|line| line.split(' '));
    words.all(|word| {
        let is_source = word.ends_with(".go") || word.ends_with(".s");
        !is_source || here.join(word).exists()
    })
}

/// Runs the commands of a block. Returns the block as it should be.
fn printed(here: &Path, block: &Block, locale: &str) -> Result<String, Failed> {
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", here.join("bin").display());
    let mut printed = String::new();
    for line in block.lines.iter().filter(|line| line.starts_with("$ ")) {
        let mut command = Command::new("sh");
        // The environment makes the test's binary the command.
        let own = minigo_command();
        for (name, value) in own.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        let output = command
            .args(["-c", &format!("{} 2>&1", &line[2..])])
            .current_dir(here)
            .env("PATH", &path)
            .env("LC_ALL", locale)
            .output()?;
        printed.push_str(&format!(
            "{line}\n{}",
            String::from_utf8_lossy(&output.stdout)
        ));
    }
    Ok(printed)
}
