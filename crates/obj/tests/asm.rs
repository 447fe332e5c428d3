//! Assembly files against what Go's own assembler made of them: `tests/obj/*.txtar`.
//!
//! Sections: `in.s` goes in; `S` is the listing; `hex` is the bytes of the functions as compiled code, 32 a
//! line; `err` is the messages, without the last line that says that assembly failed.

use std::fs;
use std::path::Path;

use minigo_base::{GoVersion, PosTable};
use minigo_obj::{SymTable, Unit, asm, assemble, list};

/// Assembles a file called `in.s`. Gives the listing and the bytes, or the messages.
fn run(text: &str, hand_written: bool) -> Result<(String, String), String> {
    let mut syms = SymTable::new();
    let mut files = PosTable::default();
    let defines = [("GOOS_linux", "1"), ("GOARCH_amd64", "1")];
    let includes = |name: &str| Err(format!("open {name}: no such file or directory"));
    let file = asm::read("in.s", text, &defines, &includes, &mut syms, &mut files)?;
    let unit = Unit {
        hand_written,
        ..Unit::new(&syms, &files, GoVersion::GO1_15)
    };
    let (mut listing, mut hex, mut errors) = (String::new(), String::new(), String::new());
    for f in file.texts {
        match assemble(f, &unit) {
            Ok(symbol) => {
                list::write_symbol(&mut listing, &symbol, &unit);
                for row in symbol.data.chunks(32) {
                    hex.extend(row.iter().map(|byte| format!("{byte:02x}")));
                    hex.push('\n');
                }
                hex.push('\n');
            }
            Err(messages) => errors.extend(messages.iter().map(|m| format!("asm: {m}\n"))),
        }
    }
    for symbol in &file.data {
        list::write_symbol(&mut listing, symbol, &unit);
    }
    if errors.is_empty() {
        Ok((listing, hex))
    } else {
        Err(errors)
    }
}

/// The sections of a txtar file, without the text before the first.
fn sections(text: &str) -> Vec<(&str, &str)> {
    let mut sections = Vec::new();
    let mut rest = text.split_once("-- ").map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once(" --\n") {
        let end = after.find("\n-- ").map_or(after.len(), |at| at + 1);
        sections.push((name, &after[..end]));
        rest = after[end..].strip_prefix("-- ").unwrap_or("");
    }
    sections
}

/// Fails with the first line that differs, and the line of the instruction before it.
fn compare(name: &dyn std::fmt::Display, actual: &str, expected: &str) {
    let mut before = "";
    let mut lines = actual.lines();
    for (number, line) in expected.lines().enumerate() {
        let actual = lines.next().unwrap_or("nothing");
        assert!(
            actual == line,
            "{name}: line {} of the section, after {before:?}\n  Go:     {line}\n  minigo: {actual}",
            number + 1
        );
        before = line;
    }
    assert_eq!(lines.next(), None, "{name}: more than expected");
}

#[test]
fn files_assemble_as_with_go() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/obj");
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .expect("there are tests")
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let text = fs::read_to_string(&path).expect("readable");
        let name = path.display();
        let mut source = "";
        for (section, expected) in sections(&text) {
            match section {
                "in.s" => source = expected,
                "S" => {
                    let actual = run(source, true).map(|(listing, _)| listing);
                    compare(&name, actual.as_deref().unwrap_or_else(|e| e), expected);
                }
                "hex" => {
                    let actual = run(source, false).map(|(_, hex)| hex);
                    compare(&name, actual.as_deref().unwrap_or_else(|e| e), expected);
                }
                "err" => {
                    let actual = run(source, true).err().unwrap_or_default();
                    compare(&name, &actual, expected);
                }
                other => panic!("{name}: unknown section {other}"),
            }
        }
    }
}
