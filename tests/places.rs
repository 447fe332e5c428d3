//! The places of arguments as `minigo sig` knows them, written as a Go toolchain can confirm or contradict them.

use std::fmt::Write;

use minigo::sig::{self, Source};

/// Returns the declarations without body of a Go file, in which each is a line.
pub fn declarations(go: &str) -> impl Iterator<Item = &str> {
    go.lines()
        .filter(|line| line.starts_with("func ") && !line.ends_with('}'))
}

/// Returns the file without the declarations.
fn types_of(go: &str) -> Source {
    let lines = go.lines().filter(|line| !line.starts_with("func "));
    Source {
        name: "in.go".to_owned(),
        text: lines.collect::<Vec<_>>().join("\n").into_bytes(),
    }
}

/// Returns assembly that names each argument of each function, which `go vet` finds no mistake in.
///
/// # Errors
///
/// Messages about the declarations.
pub fn references(go: &str) -> Result<String, String> {
    let files = [types_of(go)];
    let mut out = "#define NOSPLIT 4\n".to_owned();
    for declaration in declarations(go) {
        let signature = sig::signature(declaration, &files).map_err(|err| err.to_string())?;
        let (name, call) = (&signature.name, &signature.call);
        let _ = write!(
            out,
            "\nTEXT \u{b7}{name}(SB), NOSPLIT, $0-{}\n",
            call.args_size
        );
        for part in call.args.iter().flat_map(|arg| &arg.parts) {
            let width = match part.size {
                1 => 'B',
                2 => 'W',
                4 => 'L',
                8 => 'Q',
                _ => continue,
            };
            // Parts without a name may be many.
            if !part.name.contains("__") {
                let _ = writeln!(out, "\tMOV{width} {}+{}(FP), AX", part.name, part.offset);
            }
        }
        out.push_str("\tRET\n");
    }
    Ok(out)
}

/// Returns the registers of the arguments of each function: of parameters, with the offsets of the places where the
/// caller has room for them, and of results, with the offsets in them.
///
/// # Errors
///
/// Messages about the declarations.
pub fn registers(go: &str) -> Result<String, String> {
    let files = [types_of(go)];
    let mut out = String::new();
    for declaration in declarations(go) {
        let signature = sig::signature(declaration, &files).map_err(|err| err.to_string())?;
        let call = &signature.call;
        let mut places = Vec::new();
        for arg in &call.args {
            let home = match arg.is_result {
                false => call.stack_size + arg.home.unwrap_or(0),
                true => 0,
            };
            for part in &arg.parts {
                if let Some(register) = part.register {
                    let offset = home + part.offset - arg.offset;
                    places.push((arg.name.clone(), offset, register.to_owned()));
                }
            }
        }
        let room = call.stack_size + call.spill_size;
        out.push_str(&listed(&signature.name, room, places));
    }
    Ok(out)
}

/// Returns the lines about one function: the size of its arguments, then names, offsets and registers, which are sorted.
pub fn listed(function: &str, room: u64, mut places: Vec<(String, u64, String)>) -> String {
    places.sort();
    let mut text = format!("{function} {room}\n");
    for (name, offset, register) in places {
        let _ = writeln!(text, "\t{name}+{offset} {register}");
    }
    text
}
