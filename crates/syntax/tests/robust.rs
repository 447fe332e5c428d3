//! Parses deeply nested and damaged programs.

use std::thread;

use minigo_base::{Diagnostics, PosTable};
use minigo_syntax::ast::Ast;
use minigo_syntax::profile::{GO1_15, GO1_27};
use minigo_syntax::{parse_file, print};

/// Returns the messages for a program, parsed with as much stack as the command line has.
fn messages(source: Vec<u8>) -> String {
    let parse = move || {
        let (mut ast, mut table) = (Ast::default(), PosTable::default());
        let mut diags = Diagnostics::default();
        let file = parse_file(&mut ast, &mut table, &mut diags, "x.go", &source, &GO1_15);
        if diags.is_empty() {
            print::file(&ast, file);
        }
        diags.render(&table)
    };
    let thread = thread::Builder::new().stack_size(1 << 30).spawn(parse);
    let thread = thread.expect("a thread can be made");
    thread.join().expect("the parser does not panic")
}

#[test]
fn deep_nesting() {
    let nested = |open: &str, inner: &str, close: &str| {
        let n = 100_000;
        let (open, close) = (open.repeat(n), close.repeat(n));
        let source = format!("package p\nfunc f() {{\n{open}{inner}{close}\n}}\n");
        assert_eq!(messages(source.into_bytes()), "", "{inner}");
    };
    nested("{", "", "}");
    nested("if x {\n", "", "}\n");
    nested("if x {} else ", "{}", "");
    nested("for {\n", "", "}\n");
    nested("switch {\ncase x:\n", "", "}\n");
    nested("_ = func() {\n", "", "}\n");
    nested("for {\nbreak\n", "", "}\n");
}

#[test]
fn too_deep_nesting() {
    let want = "x.go:3: minigo does not support code nested more than 500000 deep\n";
    for start in [
        "func f() { {",
        "var x = (",
        "var x = !",
        "var x = f(",
        "var x *",
        "var x func(",
    ] {
        let (fixed, open) = start.split_at(start.len() - 1);
        let source = format!("package p\n\n{fixed}{}", open.repeat(600_000));
        assert_eq!(messages(source.into_bytes()), want, "{start}");
    }
    for link in ["+1", ".x", "[0]", "()"] {
        let source = format!("package p\n\nvar x = a{}\n", link.repeat(600_000));
        assert_eq!(messages(source.into_bytes()), want, "{link}");
    }
    // Each level adds one to the height of the tree, and its chain another.
    let levels = 300_000;
    let source = format!(
        "package p\n\nvar x = {}1{}\n",
        "(".repeat(levels),
        "+1)".repeat(levels)
    );
    assert_eq!(messages(source.into_bytes()), want);
    let source = format!(
        "package p\n\nfunc f() {{ if x {{}}{} }}\n",
        " else if x {}".repeat(600_000)
    );
    assert_eq!(messages(source.into_bytes()), want);
}

#[test]
fn siblings_do_not_add_to_the_depth() {
    let sum = format!("1{}", "+1".repeat(1000));
    let source = format!("package p\n\nvar x = f({})\n", vec![sum; 600].join(","));
    assert_eq!(messages(source.into_bytes()), "");
}

#[test]
fn deep_expressions_and_types() {
    let nested = |start: &str, open: &str, inner: &str, close: &str| {
        let n = 100_000;
        let (open, close) = (open.repeat(n), close.repeat(n));
        let source = format!("package p\n{start}{open}{inner}{close}\n");
        assert_eq!(messages(source.into_bytes()), "", "{start}{inner}");
    };
    nested("var x = ", "(", "1", ")");
    nested("var x = ", "-!", "1", "");
    nested("var x = ", "f(", "1", ")");
    nested("var x = ", "a[", "1", "]");
    nested("var x = T", "{", "", "}");
    nested("var x = ", "1 + ", "1", "");
    nested("var x = ", "a.", "b", "");
    nested("var x ", "[]", "int", "");
    nested("var x ", "*", "int", "");
    nested("var x ", "<-chan ", "int", "");
    nested("var x ", "func(", "int", ")");
    nested("var x ", "struct { x ", "int", "}");
}

const PUNCTUATION: &[u8] = b"(){}[];:=,.\"'`\n\0*&<-";

#[test]
fn damaged_text() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/syntax");
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of tests is there") {
        let path = entry.expect("the folder is readable").path();
        sources.push(std::fs::read(path).expect("tests are readable"));
    }
    sources.sort();
    let mut state: u64 = 1;
    let mut below = |n: usize| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as usize % n.max(1)
    };
    for _ in 0..10 {
        for source in &sources {
            let start = source.windows(7).position(|text| text == b"package");
            let mut source = source[start.unwrap_or(0)..].to_vec();
            for _ in 0..1 + below(4) {
                let at = below(source.len());
                match below(4) {
                    0 => drop(source.remove(at)),
                    1 => source[at] = below(256) as u8,
                    2 => source.insert(at, PUNCTUATION[below(PUNCTUATION.len())]),
                    _ => source.extend_from_within(at..(at + 20).min(source.len())),
                }
            }
            for profile in [&GO1_15, &GO1_27] {
                let (mut ast, mut table) = (Ast::default(), PosTable::default());
                let mut diags = Diagnostics::default();
                let file = parse_file(&mut ast, &mut table, &mut diags, "x.go", &source, profile);
                print::file(&ast, file);
            }
        }
    }
}
