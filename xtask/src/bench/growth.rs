//! Programs of several shapes in any size, for measuring how the cost of compiling grows with it.

use std::fmt::Write;

/// A family of programs.
pub(super) struct Shape {
    /// Names what there are `n` of.
    pub(super) name: &'static str,
    /// The sizes that are measured.
    pub(super) sizes: &'static [usize],
    /// Returns the program of a size.
    pub(super) program: fn(usize) -> String,
}

/// Sizes of one function in basic blocks or statements.
const LARGE: &[usize] = &[1000, 10_000, 100_000];

/// All shapes: one large function each, then packages of many functions.
pub(super) const SHAPES: &[Shape] = &[
    Shape {
        name: "mixed blocks",
        sizes: LARGE,
        program: mixed,
    },
    Shape {
        name: "blocks of large switches",
        sizes: LARGE,
        program: switches,
    },
    Shape {
        name: "straight-line statements",
        sizes: LARGE,
        program: straight_line,
    },
    Shape {
        name: "blocks with 300 live values",
        sizes: LARGE,
        program: live_values,
    },
    Shape {
        name: "nested blocks",
        sizes: LARGE,
        program: nested,
    },
    Shape {
        name: "conditions of && and ||",
        sizes: LARGE,
        program: conditions,
    },
    Shape {
        name: "equal terms of one sum",
        sizes: LARGE,
        program: sum,
    },
    Shape {
        name: "functions of 3 blocks",
        sizes: &[1000, 10_000],
        program: |n| functions(n, 3),
    },
    Shape {
        name: "functions of 10 blocks",
        sizes: &[1000, 10_000],
        program: |n| functions(n, 10),
    },
    Shape {
        name: "functions of 60 blocks",
        sizes: &[100, 1000],
        program: |n| functions(n, 60),
    },
];

/// The beginning of every program.
const MAIN: &str =
    "package main\n\nfunc main() {}\n\n//go:noinline\nfunc g(a, b int) int { return a ^ b }\n";

/// Returns the text of `write` behind the beginning of every program.
fn text(write: impl FnOnce(&mut String) -> std::fmt::Result) -> String {
    let mut text = MAIN.to_owned();
    write(&mut text).expect("a string takes everything");
    text
}

/// Writes statements that make about `n` basic blocks of every kind, over the variables `v0` to `v{n_vars - 1}`.
fn write_mixed(text: &mut String, n: usize, n_vars: usize) -> std::fmt::Result {
    let mut n_blocks = 0;
    let mut index = 0;
    while n_blocks < n {
        let [a, b, c, d] =
            [1, 5, 11, 17].map(|step| format!("v{}", (index * step + step) % n_vars));
        let (k, m) = (index % 97 + 1, index % 13 + 2);
        n_blocks += match index % 7 {
            0 => {
                writeln!(
                    text,
                    "\tif {a} > {index} {{\n\t\t{b} += {a}*{m}&{index}\n\t}} else {{\n\t\t{c} ^= {b}\n\t}}"
                )?;
                3
            }
            1 => {
                writeln!(
                    text,
                    "\tfor i := 0; i < {c}&{k}; i++ {{\n\t\t{a} += i*{m}\n\t}}"
                )?;
                3
            }
            2 => {
                writeln!(
                    text,
                    "\tswitch {d} & 7 {{\n\tcase 0, {m}:\n\t\t{a}++\n\tcase 1:\n\t\t{b} = {c} / {k}\n\tdefault:\n\t\t{d} ^= {a}\n\t}}"
                )?;
                6
            }
            3 => {
                writeln!(
                    text,
                    "\tif {a} < {b} && ({c} != {k} || {d} > {index}) {{\n\t\t{c} = {a}*{k} - {b}>>{}\n\t}}",
                    m % 8
                )?;
                4
            }
            4 => {
                writeln!(text, "\t{d} = g({a}, {d}+{k})")?;
                1
            }
            5 => {
                writeln!(
                    text,
                    "\tfor {a} > {d} {{\n\t\tif {b} == {c} {{\n\t\t\tbreak\n\t\t}}\n\t\t{d}, {b} = {b}, {a}-{k}\n\t}}"
                )?;
                4
            }
            _ => {
                writeln!(text, "\t{b}, {c} = {c}|{a}*{k}, {d}&{index}")?;
                0
            }
        };
        index += 1;
    }
    Ok(())
}

/// Writes a function with `n_vars` variables, all of which `body` may change and the result depends on.
fn write_function(
    text: &mut String,
    name: &str,
    n_vars: usize,
    body: impl FnOnce(&mut String) -> std::fmt::Result,
) -> std::fmt::Result {
    writeln!(text, "\nfunc {name}(v0, v1, v2, v3 int) int {{")?;
    for index in 4..n_vars {
        writeln!(
            text,
            "\tv{index} := v{} + v{}*{index}",
            index - 4,
            index - 1
        )?;
    }
    body(text)?;
    write!(text, "\treturn v0")?;
    for index in 1..n_vars {
        write!(text, " ^ v{index}")?;
    }
    writeln!(text, "\n}}")
}

/// Returns a function of `n` basic blocks of every kind.
fn mixed(n: usize) -> String {
    const VARIABLES: usize = 24;
    text(|text| write_function(text, "f", VARIABLES, |text| write_mixed(text, n, VARIABLES)))
}

/// Returns a function of switches with 300 cases, some of which have a switch in them.
fn switches(n: usize) -> String {
    const CASES: usize = 300;
    const VARIABLES: usize = 24;
    text(|text| {
        write_function(text, "f", VARIABLES, |text| {
            // A case is a block, and about as many find it.
            for index in 0..n / 2 {
                let [a, b, c] =
                    [1, 7, 11].map(|step| format!("v{}", (index * step + step) % VARIABLES));
                let case = index % CASES;
                if case == 0 {
                    writeln!(text, "\tswitch {a} ^ {index} {{")?;
                }
                writeln!(text, "\tcase {}:", case * 3)?;
                match index % 10 {
                    0 => {
                        writeln!(text, "\t\tswitch {b} {{")?;
                        for inner in 0..8 {
                            writeln!(
                                text,
                                "\t\tcase {}:\n\t\t\t{c} += {a} ^ {inner}",
                                inner * 5 + index
                            )?;
                        }
                        writeln!(text, "\t\t}}")?;
                    }
                    1 | 4 | 7 => writeln!(text, "\t\t{a} += {b}*{case}&{index}")?,
                    2 | 5 | 8 => writeln!(text, "\t\t{b}, {c} = {c}, {b}+{case}")?,
                    _ => writeln!(text, "\t\t{b} = {c} - {index}")?,
                }
                if case == CASES - 1 || index == n / 2 - 1 {
                    writeln!(text, "\t}}")?;
                }
            }
            Ok(())
        })
    })
}

/// Returns a function of `n` statements without branches.
fn straight_line(n: usize) -> String {
    text(|text| {
        writeln!(text, "\nfunc f(a, b, c, d int) int {{")?;
        for index in 0..n {
            let number = index % 1000 + 2;
            match index % 5 {
                0 => writeln!(text, "\ta += b*{number} ^ c")?,
                1 => writeln!(text, "\tb = a - c<<{}", index % 31)?,
                2 => writeln!(text, "\tc, d = d|{number}, c&a")?,
                3 => writeln!(text, "\td ^= (a + {number}) * (b - {number})")?,
                _ => writeln!(text, "\ta, b = b+d, a+{number}")?,
            }
        }
        writeln!(text, "\treturn a ^ b ^ c ^ d\n}}")
    })
}

/// Returns a function of `n` blocks in which 300 variables are alive throughout.
fn live_values(n: usize) -> String {
    const VARIABLES: usize = 300;
    text(|text| {
        write_function(text, "f", VARIABLES, |text| {
            for index in 0..n / 2 {
                let [a, b, c] = [7, 11, 13].map(|step| format!("v{}", (index * step) % VARIABLES));
                match index % 10 {
                    0 => writeln!(text, "\tfor {a} > {index} {{\n\t\t{a} -= {b} | 1\n\t}}")?,
                    _ => writeln!(
                        text,
                        "\tif {a} > {b}+{index} {{\n\t\t{b} = {a}*{b} - {c}&{index}\n\t}}"
                    )?,
                }
            }
            Ok(())
        })
    })
}

/// Returns a function of `n` blocks in statements that are nested 100 deep.
fn nested(n: usize) -> String {
    const DEPTH: usize = 100;
    text(|text| {
        writeln!(text, "\nfunc f(a, b, c int) int {{")?;
        let mut depth = 0;
        for index in 0..n / 2 {
            match index % 4 {
                3 => writeln!(text, "for a > c+{index} {{\n\ta -= b | 1")?,
                _ => writeln!(text, "if a > {index} {{\n\tb += a")?,
            }
            depth += 1;
            if depth == DEPTH || index == n / 2 - 1 {
                for depth in 0..depth {
                    writeln!(text, "c ^= a + {depth}\n}}")?;
                }
                depth = 0;
            }
        }
        writeln!(text, "\treturn a ^ b ^ c\n}}")
    })
}

/// Returns a function of `n` conditions, in chains of 1000.
fn conditions(n: usize) -> String {
    const CHAIN: usize = 1000;
    text(|text| {
        writeln!(text, "\nfunc f(a, b, c, d int) int {{")?;
        for index in 0..n {
            let place = index % CHAIN;
            let start = if place == 0 { "\tif " } else { "" };
            let end = match place {
                _ if place == CHAIN - 1 || index == n - 1 => " {\n\t\tc += a ^ b\n\t}\n",
                _ if place % 3 == 2 => " ||\n\t\t",
                _ => " &&\n\t\t",
            };
            let variable = ["a", "b", "d"][index % 3];
            let op = ["<", "!=", ">", "=="][index % 4];
            write!(text, "{start}{variable} {op} {index}{end}")?;
        }
        writeln!(text, "\treturn a ^ b ^ c ^ d\n}}")
    })
}

/// Returns a function that returns a sum of `n` equal terms, ten in a line.
fn sum(n: usize) -> String {
    text(|text| {
        write!(text, "\nfunc f(a, b int) int {{\n\treturn b")?;
        for index in 1..n {
            write!(text, " +{}a", if index % 10 == 0 { "\n\t\t" } else { " " })?;
        }
        writeln!(text, "\n}}")
    })
}

/// Returns a package of `n` functions of about `n_blocks` basic blocks.
pub(crate) fn functions(n: usize, n_blocks: usize) -> String {
    const VARIABLES: usize = 5;
    text(|text| {
        for index in 0..n {
            let number = index % 1000;
            write_function(
                text,
                &format!("f{index}"),
                VARIABLES,
                |text| match n_blocks {
                    3 => writeln!(
                        text,
                        "\tif v0 > v1+{number} {{\n\t\tv2 = v3*{number} - v0&v1\n\t}}"
                    ),
                    _ => {
                        writeln!(
                            text,
                            "\tfor i := v2; i < {number}; i++ {{\n\t\tv1 += i ^ v0\n\t}}"
                        )?;
                        write_mixed(text, n_blocks - 3, VARIABLES)
                    }
                },
            )?;
        }
        Ok(())
    })
}
