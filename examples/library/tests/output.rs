//! The example prints the functions of its program and what the program prints.

use std::process::Command;

#[test]
fn prints_rows_and_runs_the_program() {
    let example = Command::new(env!("CARGO_BIN_EXE_minigo-example-library"));
    let output = { example }.output().expect("the example starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    let begin = "\"\".add: no stack check, frame of 0 bytes\n   \
                 4 0x0000  TEXT\t\"\".add(SB), NOSPLIT|ABIInternal, $0-16\n";
    assert!(text.starts_with(begin), "{text}");
    assert!(
        text.contains("\"\".main: a stack check, frame of "),
        "{text}"
    );
    assert!(text.ends_with("\n42 true\n"), "{text}");
}
