//! Wrong programs and the messages that gc has for them: every `.txtar` of `tests/syntax` has an `in.go`
//! and what `go tool compile in.go` of Go 1.15 prints as `err`.

use std::path::Path;

use minigo_base::{Diagnostics, PosTable};
use minigo_syntax::ast::Ast;
use minigo_syntax::parse_file;

#[test]
fn messages_are_gcs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/syntax");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of tests is there")
        .map(|entry| entry.expect("the folder is readable").path())
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    let mut failed = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("tests are UTF-8");
        let (source, expected) = sections(&text);
        let found = messages(source);
        if found != expected {
            let name = path.display();
            failed.push(format!("{name}\nexpected:\n{expected}found:\n{found}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// The sections `in.go` and `err` of a test.
fn sections(text: &str) -> (&str, &str) {
    let (_, text) = text.split_once("-- in.go --\n").expect("a section in.go");
    text.split_once("-- err --\n").expect("a section err")
}

fn messages(source: &str) -> String {
    let (mut ast, mut table) = (Ast::default(), PosTable::default());
    let mut diags = Diagnostics::default();
    parse_file(&mut ast, &mut table, &mut diags, "in.go", source.as_bytes());
    diags.render(&table)
}
