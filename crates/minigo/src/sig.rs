//! `minigo sig`: the places of a function's arguments, for a writer of assembly.

use std::fmt;
use std::path::PathBuf;

use minigo_base::{Diagnostics, Message};
use minigo_layout::{Call, Rules, Types};

use crate::failure::Failure;
use crate::stack;

pub use minigo_layout::Source;

/// A function's arguments as assembly and compiled code find them. It displays as a table.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The function's name.
    pub name: String,
    /// The arguments in both calling conventions.
    pub call: Call,
}

/// The type checker: that of the newest version, which knows most types.
static RULES: Rules = Rules {
    gc_sizes: true,
    named_aliases: true,
    undeclared: "undefined",
};

/// Lays out the arguments of a function, given as `func(s string) error` or `func name(s string) error`. Types that aren't
/// predeclared are those of the Go `files`.
///
/// # Errors
///
/// A signature or a file that is no Go, and types without a known size.
pub fn signature(text: &str, files: &[Source]) -> Result<Signature, Failure> {
    stack::with_large(|| layout(text, files))
}

/// Reads Go files.
///
/// # Errors
///
/// A file that can't be read.
pub fn read(files: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let read = |path: &PathBuf| match std::fs::read(path) {
        Ok(text) => Ok(Source {
            name: path.display().to_string(),
            text,
        }),
        Err(err) => Err(Failure::file(path, &err)),
    };
    files.iter().map(read).collect()
}

fn layout(text: &str, files: &[Source]) -> Result<Signature, Failure> {
    let rest = text.trim();
    let rest = rest.strip_prefix("func").unwrap_or(rest).trim_start();
    let end = rest.find('(').unwrap_or(rest.len());
    let (name, types_text) = rest.split_at(end);
    let name = match name.trim() {
        "" => "f",
        name => name,
    };
    let column = text.chars().count() - types_text.trim_end().chars().count() + 1;
    let own = Source {
        name: "signature".to_owned(),
        text: format!(
            "package p; import \"unsafe\"\nfunc {name}/*line signature:1:{column}*/{types_text}\n"
        )
        .into_bytes(),
    };
    let mut types = Types::new(&RULES, &|_| None);
    let mut diags = Diagnostics::default();
    let mut sources = files.to_vec();
    sources.push(own);
    let package = types.parse("p", &sources, &mut diags);
    if !diags.is_empty() {
        return Err(Failure::Program(diags.messages(&types.positions, |_| None)));
    }
    let functions = types.functions(package, false);
    let Some(f) = functions.last().filter(|f| f.name == name) else {
        let usage = "want a signature such as 'func(s string, b []byte) (n int, err error)'";
        return Err(Failure::Environment(usage.to_owned()));
    };
    let call = Call::new(&mut types, f.scope, f.params, f.results).map_err(|trouble| {
        let position = types.positions.position(trouble.pos);
        let mut message = Message::new(position, &trouble.message);
        if trouble.message.starts_with("undefined: ") {
            message.hint = "name the files that declare it after the signature".to_owned();
        }
        Failure::Program(vec![message])
    })?;
    Ok(Signature {
        name: name.to_owned(),
        call,
    })
}

impl fmt::Display for Signature {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Signature { name, call } = self;
        writeln!(out, "TEXT \u{b7}{name}(SB), NOSPLIT, $0-{}", call.args_size)?;
        let parts = || call.args.iter().flat_map(|arg| &arg.parts);
        if parts().next().is_none() {
            return Ok(());
        }
        let place = |name: &str, offset: u64| format!("{name}+{offset}(FP)");
        let places = parts().map(|part| place(&part.name, part.offset).chars().count());
        let width = places.max().unwrap_or(0);
        let texts = parts().map(|part| part.typ.chars().count());
        let type_width = texts.max().unwrap_or(0);
        writeln!(
            out,
            "\n{:width$}  {:>5}  {:type_width$}  ABIInternal",
            "ABI0", "bytes", "type"
        )?;
        for arg in &call.args {
            for part in &arg.parts {
                let register = match (part.register, arg.home) {
                    (Some(register), Some(home)) => {
                        let offset = home + part.offset - arg.offset;
                        format!("{register}, kept at {offset}")
                    }
                    (Some(register), None) => register.to_owned(),
                    (None, _) if part.size == 0 => String::new(),
                    (None, home) => {
                        let offset = home.unwrap_or(0) + part.offset - arg.offset;
                        format!("stack at {offset}")
                    }
                };
                let line = format!(
                    "{:width$}  {:>5}  {:type_width$}  {register}",
                    place(&part.name, part.offset),
                    part.size,
                    part.typ
                );
                writeln!(out, "{}", line.trim_end())?;
            }
        }
        write!(
            out,
            "\nABI0: {} bytes on the stack\nABIInternal: {} bytes on the stack, {} to keep registers in\n",
            call.args_size, call.stack_size, call.spill_size
        )
    }
}
