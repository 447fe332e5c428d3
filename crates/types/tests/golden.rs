//! Every program in `tests/types` against what the real compiler says about it.

use std::path::{Path, PathBuf};

use minigo_base::{Diagnostics, PosTable};
use minigo_syntax::ast::Ast;

/// The section `name` of a txtar file.
fn section<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let marker = format!("-- {name} --\n");
    let start = text.find(&marker)? + marker.len();
    let rest = &text[start..];
    let end = rest.find("\n-- ").map_or(rest.len(), |end| end + 1);
    Some(&rest[..end])
}

/// What the checker says about a program.
fn check(source: &str) -> String {
    let mut ast = Ast::default();
    let mut positions = PosTable::default();
    let mut diags = Diagnostics::default();
    minigo_syntax::parse_file(
        &mut ast,
        &mut positions,
        &mut diags,
        "in.go",
        source.as_bytes(),
    );
    minigo_types::check(&ast, &positions, &mut diags);
    diags.render(&positions)
}

fn golden_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/types");
    let entries = std::fs::read_dir(folder).expect("the folder of golden files");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "txtar")
    });
    files.sort();
    files
}

#[test]
fn messages_are_those_of_the_real_compiler() {
    let files = golden_files();
    assert!(!files.is_empty());
    let mut wrong = Vec::new();
    for file in &files {
        let text = std::fs::read_to_string(file).unwrap();
        let source = section(&text, "in.go").expect("a program");
        let expected = section(&text, "err").unwrap_or("");
        let found = check(source);
        if found != expected {
            let name = file.file_name().unwrap().to_string_lossy();
            wrong.push(format!("== {name}\nexpected:\n{expected}found:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
