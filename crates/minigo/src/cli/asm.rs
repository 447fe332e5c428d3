//! `minigo asm`.

use std::ffi::OsStr;
use std::io::BufWriter;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use minigo_base::{GoVersion, unicode};
use minigo_obj::CodeModel;

use super::compile::why;
use super::environment::{current_folder, go_version, target};
use super::flags::Asm;
use super::stop::{Stop, unwritten};
use super::streams::{lines, print_messages, print_out, say};
use super::{color, document, output};
use crate::asm;
use crate::profile;

/// Assembles, or writes what `-gensymabis` asks for.
pub(super) fn asm_command(flags: &Asm) -> Result<(), Stop> {
    let version = go_version(flags.go, profile::assembled_version)?;
    if flags.version.is_some() {
        let own = env!("CARGO_PKG_VERSION");
        let go = asm::release(version).map_err(Stop::Usage)?;
        return print_out(format!("asm version {go} minigo {own}\n"));
    }
    let wrong = |message: String| {
        say(format_args!("asm: {message}\n"));
        Stop::Status(2)
    };
    let mut options = asm_options(flags, version).map_err(wrong)?;
    let files = &flags.files;
    let default = || {
        let name = match files[0].file_name().unwrap_or_default().as_bytes() {
            // Standard input has no name.
            b"-" => b"main",
            name => name,
        };
        let stem = name.strip_suffix(b".s").unwrap_or(name);
        let mut name = OsStr::from_bytes(stem).to_owned();
        name.push(".o");
        PathBuf::from(name)
    };
    let path = flags.output.clone().unwrap_or_else(default);
    if flags.gensymabis {
        let symabis = asm::symabis(files, &options)?;
        say(lines(&symabis.messages));
        let inputs = [files.as_slice(), &symabis.included].concat();
        let text = symabis.text.as_bytes();
        return output::write(&path, text, output::Kind::Text, &inputs).map_err(Stop::Usage);
    }
    options.target = target()?;
    output::write_with(&path, output::Kind::Object, files, |file| {
        let file = BufWriter::with_capacity(1 << 16, file);
        let assembled = asm::assemble(files, &options, file);
        let assembled = assembled.map_err(|failure| unwritten(&path, failure))?;
        let ok = assembled.ok;
        if flags.json {
            print_out(document::of_assembled(assembled, &options).text())?;
        } else {
            print_messages(&assembled.messages);
            match color::is_on(&std::io::stdout()) {
                true => print_out(&*color::listing(&String::from_utf8_lossy(
                    &assembled.listing,
                )))?,
                false => print_out(&assembled.listing)?,
            }
        }
        match ok {
            true => Ok(()),
            false => Err(Stop::Status(1)),
        }
    })
}

/// Reads the flags that `go tool asm` checks itself.
///
/// # Errors
///
/// The line that it prints.
fn asm_options(flags: &Asm, version: GoVersion) -> Result<asm::Options, String> {
    if !matches!(flags.spectre.as_str(), "" | "index" | "all" | "ret") {
        return Err(format!("unknown setting -spectre={}", flags.spectre));
    }
    let defines: Vec<(String, String)> =
        flags.define.iter().map(|define| macro_of(define)).collect();
    for (name, _) in &defines {
        let is_letter = |c: char| unicode::is_letter(c) || matches!(c, '_' | '\u{b7}' | '\u{2215}');
        let is_part = |c: char| is_letter(c) || unicode::is_digit(c);
        if !(name.starts_with(is_letter) && name.chars().all(is_part)) {
            let quoted = unicode::quote(name.as_bytes());
            return Err(format!(
                "parsing -D: {quoted} is not a valid identifier name"
            ));
        }
    }
    if flags.files.len() > 1 && flags.output.is_none() {
        return Err("several files need -o".to_owned());
    }
    Ok(asm::Options {
        folder: current_folder(),
        version,
        package: flags.package.clone(),
        include: flags.include.clone(),
        defines,
        all_errors: flags.all_errors,
        debug: flags.debug,
        listing: flags.listing || flags.reasons.why.is_some(),
        json: flags.json,
        why: why(&flags.reasons),
        debugging: flags.debugging,
        trimpath: match &flags.trimpath {
            Some(prefix) => prefix.to_string_lossy().into_owned(),
            None => String::new(),
        },
        model: CodeModel {
            shared: flags.shared || flags.dynlink,
            dynlink: flags.dynlink,
            retpoline: matches!(flags.spectre.as_str(), "all" | "ret"),
        },
        ..asm::Options::default()
    })
}

/// Returns the name and the text of the macro that `-D` defines.
fn macro_of(define: &str) -> (String, String) {
    let (name, text) = define
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .unwrap_or((define, "1"));
    (name.to_owned(), text.to_owned())
}
