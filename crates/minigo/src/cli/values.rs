//! The values of flags: how they are read, and those that a shell offers.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Command};
use minigo_base::GoVersion;
use minigo_story::Lang;

use crate::profile::{Tool, assembled_version, compiled_version, vetted_version};

/// A parser that knows the usual values, for completion. It may accept others.
#[derive(Clone)]
pub(super) struct Offering<T> {
    parse: fn(&str) -> Result<T, String>,
    words: Vec<&'static str>,
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Offering<T> {
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        self.parse.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.words.iter().map(PossibleValue::new)))
    }
}

/// Returns the parser of a version of Go whose tool minigo follows.
pub(super) fn versions(tool: Tool) -> Offering<GoVersion> {
    let parse = match tool {
        Tool::Compiler => compiled_version,
        Tool::Assembler => assembled_version,
        Tool::Vet => vetted_version,
    };
    let words = tool.versions().map(GoVersion::name).collect();
    Offering { parse, words }
}

/// Returns the parser of a language.
pub(super) fn langs() -> Offering<Lang> {
    let parse = |name: &str| Lang::parse(name).ok_or_else(|| "want en or zh".to_owned());
    let words = vec!["en", "zh"];
    Offering { parse, words }
}

/// Returns the parser of a boolean flag.
pub(super) fn bools() -> Offering<bool> {
    let words = vec!["true", "false"];
    Offering {
        parse: go_bool,
        words,
    }
}

/// Returns the parser of `-S`, which is a count for Go's compiler and for the assembler of Go 1.27 (gc: objabi/flag.go, count).
pub(super) fn listing() -> Offering<bool> {
    let parse = |text: &str| match text.parse::<i64>() {
        Ok(2..) => {
            Err("from 2 on, Go lists its debugging information, too: minigo has -S".to_owned())
        }
        Ok(level) => Ok(level == 1),
        Err(_) => go_bool(text),
    };
    let words = vec!["true", "false"];
    Offering { parse, words }
}

/// Returns the parser of `-l`, whose higher levels have gc inline more.
pub(super) fn inlining() -> Offering<bool> {
    let parse = |text: &str| match text.parse::<i64>() {
        Ok(2..) => Err("minigo inlines as gc does by default (0), or not at all (1)".to_owned()),
        _ => go_bool(text),
    };
    let words = vec!["true", "false"];
    Offering { parse, words }
}

/// Returns the parser of a flag that can't be switched off.
pub(super) fn only_true() -> Offering<bool> {
    let parse = |text: &str| match go_bool(text)? {
        true => Ok(true),
        false => Err("minigo doesn't write the object format of Go 1.14".to_owned()),
    };
    let words = vec!["true"];
    Offering { parse, words }
}

/// Returns the parser of `-spectre`, whose value the command checks as `go tool asm` does.
pub(super) fn spectre() -> Offering<String> {
    let parse = |text: &str| Ok(text.to_owned());
    let words = vec!["all", "index", "ret"];
    Offering { parse, words }
}

/// Flags of Go's linker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinkerFlags {
    /// `-w`: no debugging information. `-s` implies it.
    pub no_debugging: bool,
    /// `-s`: no symbol table.
    pub no_symbols: bool,
}

/// Reads the offset of an instruction as listings print it: in decimal, or in hexadecimal after `0x`.
pub(super) fn offset(text: &str) -> Result<u32, String> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map_err(|_| "want an offset such as 0x13 or 19".to_owned())
}

/// Reads flags of Go's linker, separated by blanks. A later one counts, and `-w=0` keeps what `-s` would take
/// (gc: link/internal/ld/main.go).
pub(super) fn linker_flags(text: &str) -> Result<LinkerFlags, String> {
    let mut flags = LinkerFlags::default();
    for word in text.split_whitespace() {
        let (name, value) = word.split_once('=').unwrap_or((word, "true"));
        let value = go_bool(value);
        match (name, value) {
            ("-w" | "--w", Ok(value)) => flags.no_debugging = value,
            ("-s" | "--s", Ok(value)) => flags.no_symbols = value,
            _ => return Err(format!("{word}: minigo's linker has -w and -s")),
        }
    }
    Ok(flags)
}

/// Reads the value of a boolean flag (gc: strconv, ParseBool).
fn go_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("want true or false".to_owned()),
    }
}

/// Reads a debugging setting of the assembler, `KEY` or `KEY=VALUE` (gc: objabi/flag.go, DebugFlag).
pub(super) fn assembler_setting(text: &str) -> Result<String, String> {
    match text.split('=').next() {
        Some("compressinstructions") => Ok(text.to_owned()),
        Some(key @ ("maymorestack" | "pctab")) => Err(format!("minigo asm doesn't have {key}")),
        Some("help") => Err("compressinstructions is the only setting".to_owned()),
        key => Err(format!("unknown debug key {}", key.unwrap_or_default())),
    }
}

/// Reads the size of a stack in bytes.
pub(super) fn stack_size(text: &str) -> Result<u64, String> {
    match text.parse::<u64>() {
        Ok(size) if size.is_power_of_two() && (2048..=1 << 29).contains(&size) => Ok(size),
        _ => Err("want a power of two from 2048 to 536870912".to_owned()),
    }
}
