//! Checks the tables of the valid programs in `tests/types`, and the refusals of unsupported features.

use std::path::{Path, PathBuf};

use minigo_base::{Diagnostics, PosTable};
use minigo_syntax::ast::{Ast, Expr, ExprKind};
use minigo_types::info::{Mode, Package};
use minigo_types::ty::Type;
use minigo_types::{Imports, profile};

/// Returns the section `name` of a txtar file.
fn section<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let marker = format!("-- {name} --\n");
    let start = text.find(&marker)? + marker.len();
    let rest = &text[start..];
    let end = match rest.starts_with("-- ") {
        true => 0,
        false => rest.find("\n-- ").map_or(rest.len(), |end| end + 1),
    };
    Some(&rest[..end])
}

/// Returns a checked program of Go 1.15 and its messages.
fn check(source: &str) -> (Ast, Package, String) {
    check_with(source, &minigo_syntax::profile::GO1_15, &profile::GO1_15)
}

/// Returns a checked program and its messages.
fn check_with(
    source: &str,
    syntax: &'static minigo_syntax::Profile,
    types: &'static minigo_types::Profile,
) -> (Ast, Package, String) {
    let mut ast = Ast::default();
    let mut positions = PosTable::default();
    let mut diags = Diagnostics::default();
    minigo_syntax::parse_file(
        &mut ast,
        &mut positions,
        &mut diags,
        "in.go",
        source.as_bytes(),
        syntax,
    );
    let imports = Imports {
        folder: "/",
        exists: |_| false,
    };
    let package = minigo_types::check(&ast, &positions, &mut diags, imports, types);
    let messages = diags.render(&positions);
    (ast, package, messages)
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

/// Returns the operands of a non-constant expression.
fn operands(ast: &Ast, expr: Expr) -> Vec<Expr> {
    match ast[expr].kind {
        ExprKind::Unary { x, .. } => vec![x],
        ExprKind::Binary { x, y, .. } => vec![x, y],
        ExprKind::Call { args, .. } => ast[args].to_vec(),
        _ => Vec::new(),
    }
}

#[test]
fn valid_programs_are_fully_typed() {
    let mut n_exprs = 0;
    for file in golden_files() {
        let text = std::fs::read_to_string(&file).unwrap();
        if section(&text, "err") != Some("") {
            continue;
        }
        let (ast, package, _) = check(section(&text, "in.go").unwrap());
        for expr in ast.exprs.keys() {
            let info = package[expr];
            if info.mode != Mode::Value || info.value.is_some() {
                continue;
            }
            n_exprs += 1;
            let unwrapped = package.unwrap(&ast, expr);
            assert_eq!(expr, unwrapped, "facts of what is wrapped: {file:?}");
            for operand in std::iter::once(expr).chain(operands(&ast, expr)) {
                let operand = package.unwrap(&ast, operand);
                let ty = package[operand].ty;
                let typed = ty != Type::INVALID && !ty.is_untyped();
                assert!(
                    typed || package[operand].mode == Mode::Type,
                    "{file:?} {operand}"
                );
            }
        }
        let n_done = package.init_order.len();
        assert_eq!(n_done, package.inits.len(), "initialisation: {file:?}");
    }
    assert!(n_exprs > 1000, "{n_exprs}");
}

#[test]
fn unsupported_types_of_unused_variables_are_refused() {
    let (_, _, found) = check("package p\nvar s string\n");
    assert_eq!(
        found,
        "in.go:2:7: minigo does not support strings as values\n"
    );
}

/// Checks that each construct is refused once, at its position, and that nothing else is reported.
#[test]
fn unsupported_features_are_refused_by_name() {
    for (body, expected) in [
        ("go f()", "4:2: goroutines"),
        ("defer f()", "4:2: defer"),
        ("x := 1.5", "4:7: floating-point values"),
        ("x := \"a\"", "4:7: strings as values"),
        ("var x string", "4:8: strings as values"),
        ("x := f", "4:7: function values"),
        ("x := func() {}", "4:7: closures"),
        ("var x *int32", "4:8: pointers"),
        ("var x []int32", "4:8: slices"),
        ("x := [2]int32{}", "4:15: composite literals\n4:7: arrays"),
        ("var x map[bool]int32", "4:8: maps"),
        ("var x struct{}", "4:8: structs"),
        ("var x interface{ m() }", "4:8: interfaces"),
        ("var x error", "4:8: interfaces"),
        ("var x chan bool", "4:8: channels"),
        ("select {}", "4:2: select"),
        ("println(recover())", "4:10: recover"),
        ("x := 2i", "4:7: complex numbers"),
        ("panic(1.5)", "4:8: floating-point values"),
        ("println(1.5)", "4:10: floating-point values"),
    ] {
        let source = format!("package p\nvar g int32\nfunc f() {{\n\t{body}\n}}\n");
        let (_, _, found) = check(&source);
        let mut lines: Vec<String> = expected
            .lines()
            .map(|line| {
                let (pos, what) = line.split_once(": ").unwrap();
                format!("in.go:{pos}: minigo does not support {what}\n")
            })
            .collect();
        lines.sort_by_key(|line| line.len());
        let mut found_lines: Vec<String> = found.lines().map(|line| format!("{line}\n")).collect();
        found_lines.sort_by_key(|line| line.len());
        assert_eq!(found_lines, lines, "{body}");
    }
}

/// Like the test above, for what is new since Go 1.15.
#[test]
fn later_features_are_refused_by_name() {
    for (declaration, expected) in [
        ("type T[P any] int32", "2:8: type parameters"),
        ("type T[P any] = int32", "2:8: type parameters"),
        ("func h[P any](x P) {}", "2:8: type parameters"),
        ("type T interface{ ~int32 }", "2:8: interfaces"),
        ("var x any", "2:7: interfaces"),
        ("func f() { for range f {} }", "2:22: range over func"),
        (
            "func f() { for range \"abc\" {} }",
            "2:22: range over strings",
        ),
        ("func f() { clear(0) }", "2:12: clear"),
        ("func f() { _ = new(3) }", "2:16: new"),
        ("func f() { println(1.5) }", "2:20: floating-point values"),
    ] {
        let source = format!("package p\n{declaration}\n");
        let syntax = &minigo_syntax::profile::GO1_27;
        let (_, _, found) = check_with(&source, syntax, &profile::GO1_27);
        let (pos, what) = expected.split_once(": ").unwrap();
        let expected = format!("in.go:{pos}: minigo does not support {what}\n");
        assert_eq!(found, expected, "{declaration}");
    }
}

/// Beside refusals stand only messages of Go's. Those here are recorded from Go 1.27.
#[test]
fn refusals_have_no_false_consequences() {
    for (declarations, go) in [
        (
            "var a, b [n]int",
            "2:11: undefined array length n or missing type constraint",
        ),
        ("var n int\nvar a [n]int", "3:8: invalid array length n"),
        (
            "type E int\nfunc (E) Error() string { return \"\" }\nfunc f() error { return E(1) }",
            "",
        ),
        (
            "func f(x int) int { panic(g([]int{x})) }\nfunc g(x []int) int { return 1 }",
            "",
        ),
        ("func f() { _ = make(T, n) }", "2:21: undefined: T"),
        ("func f() { x := g(); _ = x.(T) }", "2:17: undefined: g"),
        (
            "var a = map[K]int{x: y}",
            "2:13: undefined: K\n2:19: undefined: x",
        ),
        ("var a = struct{ x int }{x: y}", "2:28: undefined: y"),
        ("func f(a *T, b *T) {}", "2:11: undefined: T"),
        ("type T[P any] int\nvar a Q[R]", "3:7: undefined: Q"),
        ("func f(x any) { _ = x.(T) }", "2:24: undefined: T"),
    ] {
        let source = format!("package p\n{declarations}\n");
        let syntax = &minigo_syntax::profile::GO1_27;
        let (_, _, found) = check_with(&source, syntax, &profile::GO1_27);
        let is_refusal = |line: &&str| line.contains("minigo does not support ");
        assert!(
            found.lines().any(|line| is_refusal(&line)),
            "{source}{found}"
        );
        let known: Vec<String> = go.lines().map(|line| format!("in.go:{line}")).collect();
        for line in found.lines().filter(|line| !is_refusal(line)) {
            assert!(known.contains(&line.to_owned()), "{source}{line}");
        }
    }
}
