//! The skeleton of an assembly file: every function that Go declares without body, with the places of its arguments.

use std::fmt::Write;

use minigo_base::Diagnostics;
use minigo_layout::{Call, Importer, Part, Types};
use rustc_hash::FxHashSet;

use crate::{Input, Profile, syntax_errors, text};

/// Returns the text of an assembly file with the functions of a package that no assembly file defines yet. They assemble,
/// and return zero.
///
/// # Errors
/// Messages about the Go files, as [`crate::vet`] returns them, and the first declaration whose arguments have no known
/// size.
pub fn stub(input: Input, profile: &'static Profile, importer: Importer) -> Result<String, String> {
    let mut types = Types::new(&profile.types, importer);
    let mut diags = Diagnostics::default();
    let package = types.parse(input.path, input.go, &mut diags);
    let errors = syntax_errors(&diags, &types);
    if !errors.is_empty() {
        return Err(errors);
    }
    let known = defined(input);
    let mut out = "#include \"textflag.h\"\n".to_owned();
    for f in types.functions(package, false) {
        if known.contains(&f.name) {
            continue;
        }
        let call = Call::new(&mut types, f.scope, f.params, f.results).map_err(|trouble| {
            let place = types.positions.format(trouble.pos, true, false);
            format!("vet: {place}: {}\n", trouble.message)
        })?;
        let typ = minigo_syntax::print::line(types.ast(package), f.typ);
        let typ = typ.strip_prefix("func").unwrap_or(&typ);
        write_function(&mut out, &f.name, typ, &call);
    }
    Ok(out)
}

/// Returns the functions that assembly files define.
fn defined(input: Input) -> FxHashSet<String> {
    let mut names = FxHashSet::default();
    for source in input.assembly {
        let source = String::from_utf8_lossy(&source.text);
        for line in source.lines() {
            let code = line.find("//").map_or(line, |comment| &line[..comment]);
            let name = text::text(code).map(|text| text.name);
            names.extend(name.map(|name| name.split('<').next().unwrap_or(name).to_owned()));
        }
    }
    names
}

fn write_function(out: &mut String, name: &str, typ: &str, call: &Call) {
    let (results, params): (Vec<_>, Vec<_>) = call.args.iter().partition(|arg| arg.is_result);
    let args_size = call.args_size;
    let _ = write!(
        out,
        "\n// func {name}{typ}\nTEXT \u{b7}{name}(SB), NOSPLIT, $0-{args_size}\n"
    );
    for part in params.iter().flat_map(|arg| &arg.parts) {
        let bytes = if part.size == 1 { "byte" } else { "bytes" };
        let _ = writeln!(
            out,
            "\t// {}+{}(FP): {}, {} {bytes}",
            part.name, part.offset, part.typ, part.size
        );
    }
    for part in results.iter().flat_map(|arg| &arg.parts) {
        if let Some(move_) = move_of(part) {
            let _ = writeln!(out, "\t{move_} $0, {}+{}(FP)", part.name, part.offset);
        }
    }
    out.push_str("\tRET\n");
}

/// Returns the instruction that moves as many bytes as a part has.
fn move_of(part: &Part) -> Option<&'static str> {
    match part.size {
        1 => Some("MOVB"),
        2 => Some("MOVW"),
        4 => Some("MOVL"),
        8 => Some("MOVQ"),
        _ => None,
    }
}
