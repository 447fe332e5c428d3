//! The library from threads with small stacks, and from several threads at once.

use std::thread;

use minigo::{Code, Options, Source};

/// Much less than the depth of the tests' sources takes.
const SMALL: usize = 64 << 10;

fn on_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = thread::Builder::new().stack_size(SMALL).spawn(work);
    let thread = thread.expect("the thread starts");
    thread.join().expect("the thread doesn't panic")
}

fn function(body: &str) -> Source {
    let text = format!("package p\n\nfunc f(a int32) int32 {{\n{body}\n}}\n");
    Source::new("x.go", text)
}

fn nested(open: &str, inner: &str, close: &str, n: usize) -> String {
    format!("{}{inner}{}", open.repeat(n), close.repeat(n))
}

#[test]
fn deep_nesting_compiles_on_small_stacks() {
    for body in [
        format!("return {}", nested("(", "a", ")", 100_000)),
        format!("return {}", nested("-^", "a", "", 50_000)),
        format!("return {}", nested("f(", "a", ")", 10_000)),
        format!("{}\nreturn a", nested("{", "", "}", 30_000)),
    ] {
        let built =
            on_small_stack(move || minigo::compile(&[function(&body)], &Options::default()));
        let built = built.expect("a program without mistakes");
        assert!(built.listing().next().is_some());
    }
}

#[test]
fn deeper_nesting_is_refused() {
    let body = format!("return {}", nested("(", "a", ")", 600_000));
    let failure = on_small_stack(move || minigo::check(&[function(&body)], &Options::default()));
    let failure = failure.expect_err("nested too deep");
    let [message] = failure.messages() else {
        panic!("{failure}");
    };
    assert_eq!(message.code, Some(Code::Unsupported));
    assert_eq!(
        failure.to_string(),
        "x.go:4: minigo does not support code nested more than 500000 deep"
    );
}

/// A program of many functions, so that each compilation has threads of its own, and of assembly.
fn program() -> Vec<Source> {
    let mut go = String::from(
        "package main\n\nfunc double(a int) int\n\nfunc main() { println(f0(1, 2), double(21)) }\n",
    );
    for n in 0..100 {
        let next = (n + 1) % 100;
        go.push_str(&format!(
            "func f{n}(a, b int) int {{ if a > 100 {{ return a }}; return f{next}(a+b*{n}, b) }}\n"
        ));
    }
    let assembly = "TEXT \u{b7}double(SB), 4, $0-16\n\tMOVQ a+0(FP), AX\n\tADDQ AX, AX\n\tMOVQ AX, ret+8(FP)\n\tRET\n";
    vec![
        Source::new("main.go", go),
        Source::new("double.s", assembly),
    ]
}

/// The listing and the executable.
fn outputs() -> (String, Vec<u8>) {
    let built =
        minigo::compile(&program(), &Options::default()).expect("a program without mistakes");
    let listing = built.listing().collect();
    (listing, built.executable().expect("a whole program"))
}

#[test]
fn threads_compile_the_same_at_once() {
    let expected = outputs();
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let thread = thread::Builder::new().stack_size(SMALL).spawn(outputs);
            thread.expect("the thread starts")
        })
        .collect();
    for thread in threads {
        let found = thread.join().expect("the thread doesn't panic");
        assert!(found == expected);
    }
}

#[test]
fn failures_are_errors_with_positions() {
    let source = Source::new(
        "x.go",
        "package p\n\nfunc f() int32 {\n\tx := true\n\tx = 1\n\treturn \"a\"\n}\n",
    );
    let failure = minigo::check(&[source], &Options::default()).expect_err("two mistakes");
    let error: &dyn std::error::Error = &failure;
    assert_eq!(error.to_string().lines().count(), 2);
    let places: Vec<_> = failure
        .messages()
        .iter()
        .filter_map(|message| message.position.as_ref())
        .map(|position| (position.line, position.column))
        .collect();
    assert_eq!(places, [(5, Some(4)), (6, Some(9))]);
}
