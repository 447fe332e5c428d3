//! Inputs that are twice as long take about twice as many instructions. Valgrind counts them, because clocks depend on
//! what else the machine does.

use std::path::Path;

use libtest_mimic::{Failed, Trial};

use crate::debugging::is_installed;
use crate::{folder, minigo_command};

/// The instructions for an input of twice the length, in those for the input. Quadratic time would be 4; sorting and
/// growing tables are a little more than 2.
const MOST: f64 = 2.4;

/// A kind of input.
struct Kind {
    name: &'static str,
    /// The file, whose extension decides between the compiler and the assembler.
    file: &'static str,
    /// A length at which the input itself takes most of the time.
    n: usize,
    text: fn(usize) -> String,
}

const KINDS: [Kind; 7] = [
    Kind {
        name: "NOPs",
        file: "x.s",
        n: 4000,
        text: |n| format!("TEXT \u{b7}f(SB), 4, $0\n{}\tRET\n", "\tNOP\n".repeat(n)),
    },
    Kind {
        name: "macros",
        file: "x.s",
        n: 500,
        text: |n| {
            let defined = repeat(n, |i| format!("#define M{i}(a) ADDQ $a, AX\n"));
            let used = repeat(n, |i| format!("\tM{i}({i})\n"));
            format!("{defined}TEXT \u{b7}f(SB), 4, $0\n{used}\tRET\n")
        },
    },
    Kind {
        name: "messages",
        file: "x.go",
        n: 400,
        text: |n| {
            let functions = repeat(n, |i| format!("func f{i}() int32 {{ return x{i} }}\n"));
            format!("package p\n\n{functions}")
        },
    },
    Kind {
        name: "types",
        file: "x.go",
        n: 200,
        text: |n| {
            let types = repeat(n, |i| format!("type t{i} int32\n\nvar v{i} t{i}\n\n"));
            format!("package p\n\n{types}")
        },
    },
    Kind {
        name: "long sums",
        file: "x.go",
        n: 250,
        text: |n| {
            let sum = " + b*a".repeat(n);
            format!("package p\n\nfunc f(a, b int32) int32 {{\n\treturn a{sum}\n}}\n")
        },
    },
    // Classes of equal operations that are split one by one.
    Kind {
        name: "statements in a line",
        file: "x.go",
        n: 150,
        text: |n| {
            let statements = repeat(n, |i| match i % 3 {
                0 => format!("\ta += b*{i} ^ c\n"),
                1 => format!("\tb = a - c<<{}\n", i % 31),
                _ => format!("\tc, a = a|{i}, c&b\n"),
            });
            format!("package p\n\nfunc f(a, b, c int) int {{\n{statements}\treturn a ^ b ^ c\n}}\n")
        },
    },
    // Spills that are live from the start of the function on.
    Kind {
        name: "loops and switches",
        file: "x.go",
        n: 40,
        text: |n| {
            const VARIABLES: usize = 20;
            let declared = repeat(VARIABLES, |i| format!("\tv{i} := a * {i}\n"));
            let statements = repeat(n, |i| {
                let [a, b, c, d] = [1, 5, 11, 17].map(|step| (i * step + step) % VARIABLES);
                match i % 2 {
                    0 => format!(
                        "\tfor v{a} > v{d} {{\n\t\tif v{b} == v{c} {{\n\t\t\tbreak\n\t\t}}\n\t\tv{d}, v{b} = v{b}, v{a}-{i}\n\t}}\n"
                    ),
                    _ => format!(
                        "\tswitch v{d} & 7 {{\n\tcase 0:\n\t\tv{a}++\n\tcase 1:\n\t\tv{b} = v{c} / {i}\n\tdefault:\n\t\tv{d} ^= v{a}\n\t}}\n"
                    ),
                }
            });
            let used = repeat(VARIABLES, |i| format!(" ^ v{i}"));
            format!(
                "package p\n\nfunc f(a int) int {{\n{declared}{statements}\treturn a{used}\n}}\n"
            )
        },
    },
];

fn repeat(n: usize, text: impl Fn(usize) -> String) -> String {
    (0..n).map(text).collect()
}

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    let trial = |kind: &'static Kind| {
        let name = format!("scaling: {} take linear time", kind.name);
        Trial::test(name, move || check(kind))
    };
    KINDS.iter().map(trial).collect()
}

fn check(kind: &Kind) -> Result<(), Failed> {
    if !is_installed("valgrind") {
        return Ok(());
    }
    let start = instructions(kind, 0)?;
    let once = instructions(kind, kind.n)? - start;
    let twice = instructions(kind, 2 * kind.n)? - start;
    if twice / once > MOST {
        let n = kind.n;
        return Err(format!("{once} instructions for {n}, {twice} for twice as many").into());
    }
    Ok(())
}

/// Returns the number of instructions that the command executes for `n` parts.
fn instructions(kind: &Kind, n: usize) -> Result<f64, Failed> {
    let text = (kind.text)(n);
    let dir = folder(&[(kind.file, text.as_bytes())])?;
    let arguments: &[&str] = match Path::new(kind.file)
        .extension()
        .is_some_and(|end| end == "s")
    {
        true => &["asm", "-e", "-o", "x.o"],
        false => &["build", "-c", "-e", "-o", "x.o"],
    };
    let command = minigo_command();
    let mut valgrind = std::process::Command::new("valgrind");
    valgrind
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(dir.path())
        .args([
            "--tool=cachegrind",
            "--cache-sim=no",
            "--cachegrind-out-file=/dev/null",
        ])
        .arg(format!("--log-file={}", dir.path().join("log").display()))
        .arg(command.get_program())
        .args(arguments)
        .arg(kind.file)
        .output()?;
    let log = std::fs::read_to_string(dir.path().join("log"))?;
    let count = log.lines().find_map(|line| {
        let (name, number) = line.split_once("refs:")?;
        name.trim_end()
            .ends_with('I')
            .then(|| number.trim().replace(',', ""))
    });
    Ok(count.ok_or_else(|| format!("no count:\n{log}"))?.parse()?)
}
