//! The completions for bash: a script with a table of flags and their values.

use std::fmt::Write;

use clap::builder::PossibleValue;
use clap::{Arg, Command};

use super::{flags, spellings};

/// The script; `COMMANDS` and `TABLE` stand for the names of the commands and for what each of them takes.
const SCRIPT: &str = include_str!("minigo.bash");

/// Returns the script for a command.
pub fn completions(command: &Command) -> String {
    let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    let mut table = String::new();
    add_command(&mut table, "''", &names, command);
    for subcommand in command.get_subcommands() {
        let words = match subcommand.get_name() {
            "help" => &*names,
            _ => &[],
        };
        add_command(&mut table, subcommand.get_name(), words, subcommand);
    }
    SCRIPT
        .replace("COMMANDS", &names.join(" | "))
        .replace("TABLE\n", &table)
}

/// Adds what a command takes: words, flags, and the values of these.
fn add_command(table: &mut String, pattern: &str, words: &[&str], command: &Command) {
    let offered: Vec<String> = flags(command).flat_map(spellings).collect();
    let _ = writeln!(table, "        {pattern})");
    let _ = writeln!(table, "            words='{}'", words.join(" "));
    let _ = writeln!(table, "            flags='{}'", offered.join(" "));
    let values =
        flags(command).filter(|flag| flag.get_num_args().is_some_and(|n| n.takes_values()));
    let lines: String = values.map(value_line).collect();
    if !lines.is_empty() {
        let _ = write!(
            table,
            "            case $flag in\n{lines}            esac\n"
        );
    }
    table.push_str("            ;;\n");
}

/// Returns the line of a flag's values. A flag without known values leaves the value to bash, which offers files.
fn value_line(flag: &Arg) -> String {
    let patterns = spellings(flag).flat_map(|spelling| {
        let alone = (!flag.is_require_equals_set()).then(|| spelling.clone());
        alone.into_iter().chain([format!("{spelling}=")])
    });
    let patterns: Vec<String> = patterns.collect();
    let values = flag.get_value_parser().possible_values();
    let values: Vec<PossibleValue> = values.into_iter().flatten().collect();
    let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let offer = match values.is_empty() {
        true => "return".to_owned(),
        false => format!("values='{}'", values.join(" ")),
    };
    format!("                {}) {offer} ;;\n", patterns.join(" | "))
}
