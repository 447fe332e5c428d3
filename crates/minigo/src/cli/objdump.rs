//! `minigo objdump`: disassembles objects and executables.

use std::io::BufWriter;
use std::io::Write;
use std::path::Path;

use minigo_disasm::{File, Function, Sources, write_assembly, write_plain};
use regex_lite::Regex;

use super::environment::go_version;
use super::flags::Objdump;
use super::stop::{Stop, file_error};
use super::streams::to_stdout;
use crate::profile::{self, Profile};

pub(super) fn objdump_command(flags: &Objdump) -> Result<(), Stop> {
    let path = &flags.file;
    let wrong = |why| Stop::Usage(format!("{}: {why}", path.display()));
    let filter = flags.functions.as_deref().map(regex).transpose()?;
    let data = std::fs::read(path).map_err(|err| file_error(path, &err))?;
    let file = File::parse(&data).map_err(wrong)?;
    let is_wanted = |function: &&Function| match &filter {
        Some(filter) => function.names().any(|name| filter.is_match(name)),
        None => true,
    };
    let functions: Vec<&Function> = file.functions().iter().filter(is_wanted).collect();
    if functions.is_empty() {
        return Err(wrong(match &flags.functions {
            Some(text) => format!("no function has a name that matches {text}"),
            None => "no code".to_owned(),
        }));
    }
    let mut sources = Sources::new(&source);
    let sources = flags.source.then_some(&mut sources);
    let functions = functions.into_iter();
    let assembler = match flags.asm {
        true => {
            let version = go_version(flags.go, profile::assembled_version)?;
            Profile::of(version).assembler
        }
        false => None,
    };
    to_stdout(|out| {
        let mut out = BufWriter::with_capacity(1 << 16, out);
        match assembler {
            Some(assembler) => {
                write_assembly(&mut out, &file, functions, sources, assembler.dialect)?;
            }
            None => write_plain(&mut out, &file, functions, sources)?,
        }
        out.flush()
    })
}

fn regex(text: &str) -> Result<Regex, Stop> {
    Regex::new(text).map_err(|err| Stop::Usage(format!("-s {text}: {err}")))
}

/// Reads a source file by the name that a program has for it. Some begin with the name of Go's folder.
fn source(name: &str) -> Option<Vec<u8>> {
    let path = match name.strip_prefix("$GOROOT/") {
        Some(rest) => Path::new(&std::env::var_os("GOROOT")?).join(rest),
        None => Path::new(name).to_owned(),
    };
    std::fs::read(path).ok()
}
