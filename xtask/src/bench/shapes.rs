//! The programs that `cargo xtask bench` compiles.

use std::fmt::Write;
use std::io;

use super::growth::Shape;
use crate::asm_lines;
use minigo_fuzz::random::{Random, Style, program};

/// The beginning of every program.
const MAIN: &str = "package main\n\nfunc main() {}\n";

/// Returns names and texts of the programs that are measured.
pub(super) fn workloads() -> Vec<(String, String)> {
    [
        ("an empty program", MAIN.to_owned()),
        ("1,000 small functions", functions(1000)),
        ("10,000 small functions", functions(10_000)),
        ("1,000 random functions", random_functions(1000)),
        ("1,000 blocks", blocks(1000)),
        ("10,000 blocks", blocks(10_000)),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

/// Programs whose cost could grow faster than their size, each in a size and in twice the size.
pub(super) const TWICE: [Shape; 10] = [
    Shape {
        name: "small functions",
        sizes: &[50_000, 100_000],
        program: functions,
    },
    Shape {
        name: "blocks",
        sizes: &[50_000, 100_000],
        program: blocks,
    },
    Shape {
        name: "calls",
        sizes: &[5000, 10_000],
        program: |n| function(n, |i| format!("a = g(a, {i})")),
    },
    Shape {
        name: "terms",
        sizes: &[5000, 10_000],
        program: |n| {
            let terms: Vec<String> = (0..n).map(|i| format!("a*{}", i + 2)).collect();
            function(1, |_| format!("a = {}", terms.join(" + ")))
        },
    },
    Shape {
        name: "locals",
        sizes: &[5000, 10_000],
        program: |n| {
            let uses: Vec<String> = (0..n).map(|i| format!("a ^= v{i}")).collect();
            let declare = |i| format!("v{i} := a*{} + b", i + 3);
            function(n, declare).replacen("\treturn", &(uses.join("\n") + "\n\treturn"), 1)
        },
    },
    Shape {
        name: "cases",
        sizes: &[5000, 10_000],
        program: |n| {
            let case = |i| format!("case {}:\n\t\ta = b * {i}", 3 * i);
            function(n, case)
                .replacen("\tcase", "\tswitch a {\n\tcase", 1)
                .replacen("\treturn", "\t}\n\treturn", 1)
        },
    },
    Shape {
        name: "conditions",
        sizes: &[5000, 10_000],
        program: |n| {
            let conditions: Vec<String> = (0..n).map(|i| format!("a != {i}")).collect();
            let all = conditions.join(" && ");
            function(1, |_| format!("if {all} {{\n\t\ta = b\n\t}}"))
        },
    },
    Shape {
        name: "nested ifs",
        sizes: &[2500, 5000],
        program: |n| {
            let ends = "}\n".repeat(n);
            function(n, |i| format!("if a > {i} {{\n\t\tb += a")).replacen(
                "\treturn",
                &(ends + "\treturn"),
                1,
            )
        },
    },
    Shape {
        name: "variables",
        sizes: &[5000, 10_000],
        program: |n| {
            let variables = (0..n).map(|i| format!("var x{i} = g({i}, 1)\n"));
            function(0, |_| String::new()) + &variables.collect::<String>()
        },
    },
    Shape {
        name: "constants",
        sizes: &[50_000, 100_000],
        program: |n| {
            let constants = (1..n).map(|i| format!("\tc{i}\n"));
            let constants: String = constants.collect();
            format!("{MAIN}\nconst (\n\tc0 = iota\n{constants})\n")
        },
    },
];

/// Returns a function of `n` statements, beside one that it can call.
fn function(n: usize, statement: impl Fn(usize) -> String) -> String {
    let statements: String = (0..n).map(|i| format!("\t{}\n", statement(i))).collect();
    format!(
        "{MAIN}\n//go:noinline\nfunc g(a, b int32) int32 {{ return a + b }}\n\n\
         func f(a, b int32) int32 {{\n{statements}\treturn a ^ b\n}}\n"
    )
}

/// Returns a package of small functions: a loop, a branch, a switch, a call, in turn.
fn functions(n: usize) -> String {
    let mut text = MAIN.to_owned();
    for index in 0..n {
        let (a, b) = (index % 97 + 1, index % 13 + 2);
        let body = match index % 4 {
            0 => format!("\tfor b != 0 {{\n\t\ta, b = b, a%b\n\t}}\n\treturn a * {b}, a < {a}\n"),
            1 => format!(
                "\tif a > b && b != {a} {{\n\t\ta -= {b}\n\t}} else {{\n\t\tb ^= a\n\t}}\n\treturn a + b, a == b\n"
            ),
            2 => format!(
                "\tswitch a {{\n\tcase 0, -1, {a}:\n\t\treturn b, true\n\tcase {}:\n\t\ta = b / {b}\n\t}}\n\treturn a, false\n",
                a + 100
            ),
            _ => format!(
                "\tc, ok := f{}(b, a+{a})\n\tif !ok {{\n\t\tc <<= 3\n\t}}\n\treturn c - a, ok\n",
                index - 1
            ),
        };
        let _ = write!(
            text,
            "\nfunc f{index}(a, b int32) (int32, bool) {{\n{body}}}\n"
        );
    }
    text
}

/// Returns a package of large random functions.
fn random_functions(n: usize) -> String {
    let style = Style {
        all_integers: false,
        calls: false,
        globals: false,
        main: false,
        functions: n,
    };
    program(7, style).replacen("package p", "package main\n\nfunc main() {}", 1)
}

/// Returns a function with about `n` basic blocks, a sequence of branches and loops.
fn blocks(n: usize) -> String {
    let mut text = format!("{MAIN}\nfunc f(a, b, c int32) int32 {{\n");
    for index in 0..n / 6 {
        let _ = write!(
            text,
            "\tif a > {index} {{\n\t\tb += a\n\t}} else {{\n\t\tc ^= b\n\t}}\n\tfor a < c {{\n\t\ta += {}\n\t}}\n",
            index % 7 + 1
        );
    }
    text.push_str("\treturn a + b + c\n}\n");
    text
}

/// Writes assembly of `n` instructions of every kind, in functions of `per_function`, with jumps and labels.
///
/// # Errors
///
/// An error of `out`.
pub(super) fn write_instructions(
    out: &mut impl io::Write,
    n: usize,
    per_function: usize,
) -> io::Result<()> {
    let mut random = Random::new(1);
    let forms = asm_lines::of_every_form(&mut random, 1);
    let plain: Vec<&String> = forms
        .iter()
        .filter(|line| !asm_lines::moves_control_or_stack(line) && asm_lines::is_right(line))
        .collect();
    for index in 0..n {
        let place = index % per_function;
        match place {
            0 => writeln!(out, "TEXT ·f{}(SB), 4, $0-16", index / per_function)?,
            _ if place.is_multiple_of(10) => {
                writeln!(
                    out,
                    "l{place}:\n\tDECQ\tAX\n\tJNE\tl{}",
                    place / 20 * 10 + 10
                )?;
                continue;
            }
            _ => {}
        }
        let register = random.pick(&["AX", "BX", "CX", "DX", "SI", "DI", "R8", "R9"]);
        match random.below(6) {
            0 => writeln!(out, "\tMOVQ\t{}(SP), {register}", random.below(64) * 8),
            1 => writeln!(out, "\tADDQ\t${}, {register}", random.below(4096)),
            2 => writeln!(out, "\tMOVQ\t{register}, ·x+8(SB)"),
            3 => writeln!(out, "\tLEAQ\t(AX)({register}*8), R10"),
            _ => writeln!(out, "\t{}", random.pick(&plain)),
        }?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_assemble() {
        let mut text = Vec::new();
        write_instructions(&mut text, 20_000, 100).expect("a list takes everything");
        let text = String::from_utf8(text).expect("assembly is text");
        assert!(asm_lines::is_right(&text));
    }
}
