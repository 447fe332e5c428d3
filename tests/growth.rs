//! `minigo run -growth`: what it says about growths of the stack. The figures are those that a debugger shows at each call of
//! `runtime.morestack_noctxt`; only where stacks are is the system's choice.

use libtest_mimic::{Failed, Trial};

use crate::{folder, minigo_command, same};

/// Calls itself a hundred times in frames of 32 bytes and a return address.
const DEEP: &[u8] = b"package main

func depth(n int64) int64 {
	if n == 0 {
		return 0
	}
	return depth(n-1) + 1
}

func main() { println(depth(100)) }
";

/// The same with a division by zero at the end.
const BROKEN: &[u8] = b"package main

var zero int64

func depth(n int64) int64 {
	if n == 0 {
		return 1 / zero
	}
	return depth(n-1) + 1
}

func main() { println(depth(100)) }
";

/// Programs that grow their stacks in other ways: calls in turn, calls of arguments, in two functions, until they fail. A
/// debugger stops as often in `runtime.morestack_noctxt` as the report says.
const OTHERS: [&[u8]; 4] = [
    b"package main\n\nfunc fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}\n\nfunc main() { println(fib(25)) }\n",
    b"package main\n\nfunc ack(m, n int) int {\n\tif m == 0 {\n\t\treturn n + 1\n\t}\n\tif n == 0 {\n\t\treturn ack(m-1, 1)\n\t}\n\treturn ack(m-1, ack(m, n-1))\n}\n\nfunc main() { println(ack(2, 200)) }\n",
    b"package main\n\nimport \"fmt\"\n\nfunc even(n int) bool {\n\tif n == 0 {\n\t\treturn true\n\t}\n\treturn odd(n - 1)\n}\n\nfunc odd(n int) bool {\n\tif n == 0 {\n\t\treturn false\n\t}\n\treturn even(n - 1)\n}\n\nfunc main() { fmt.Println(even(5000), odd(77)) }\n",
    b"package main\n\nvar zero int\n\nfunc sum(a, b, c, d int, n int) int {\n\tif n == 0 {\n\t\treturn a / zero\n\t}\n\treturn sum(b, c, d, a, n-1) + a*b\n}\n\nfunc main() {\n\tprintln(1)\n\tprintln(sum(1, 2, 3, 4, 300))\n}\n",
];

/// Returns the trials of this file.
pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("growth: each growth is told", told),
        Trial::test("growth: programs behave as without", behaviour),
        Trial::test("growth: JSON", json),
        Trial::test("growth: as many as a larger stack saves", counted),
    ]
}

/// Runs the command on a program. Returns standard output, standard error and exit status.
fn run(source: &[u8], flags: &[&str]) -> Result<(String, String, Option<i32>), Failed> {
    let dir = folder(&[("deep.go", source)])?;
    let output = minigo_command()
        .current_dir(dir.path())
        .arg("run")
        .args(flags)
        .arg("deep.go")
        .output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok((
        text(&output.stdout),
        text(&output.stderr),
        output.status.code(),
    ))
}

/// Removes where stacks moved.
fn without_moves(report: &str) -> String {
    let line = |line: &str| match (line.split_once(", moved by "), line.split_once("; ")) {
        (Some((before, _)), Some((_, after))) => format!("{before}; {after}\n"),
        _ => format!("{line}\n"),
    };
    report.lines().map(line).collect()
}

fn told() -> Result<(), Failed> {
    let (_, errors, _) = run(DEEP, &["-growth", "-lang", "en"])?;
    let expected = "\
100
growth 1: main.depth ./deep.go:3 +0x60 found 8 bytes too few above the guard
    2048 \u{2192} 4096 bytes, 1136 in use and copied; 31 saved BPs adjusted
growth 2: main.depth ./deep.go:3 +0x60 found 8 bytes too few above the guard
    4096 \u{2192} 8192 bytes, 3184 in use and copied; 95 saved BPs adjusted
stack: 8192 bytes at the end, growths: 2
";
    same("the report", expected, &without_moves(&errors))?;
    let (_, errors, _) = run(DEEP, &["-growth", "-lang", "zh", "-stack0", "65536"])?;
    let expected = "100\n栈：结束时 65536 字节，扩栈 0 次\n";
    same("the report", expected, &errors)
}

fn behaviour() -> Result<(), Failed> {
    for source in [DEEP, BROKEN] {
        for version in ["1.10", "1.15"] {
            let (output, errors, status) = run(source, &["-go", version])?;
            let (told_output, told_errors, told_status) =
                run(source, &["-go", version, "-growth"])?;
            same("standard output", &output, &told_output)?;
            if status != told_status {
                return Err(format!("{status:?} without, {told_status:?} with").into());
            }
            // What the program writes comes first, then the report, then the exit status.
            let own = errors.split("exit status").next().unwrap_or_default();
            let first_line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
            same(
                "the first line",
                &first_line(own),
                &first_line(&told_errors),
            )?;
            if told_errors.matches("main.depth ./deep.go").count() != 2 {
                return Err(format!("not two growths:\n{told_errors}").into());
            }
        }
    }
    Ok(())
}

/// Returns the number of growths and the size of the last stack, as the last line of a report says them.
fn last_line(errors: &str) -> Option<(u64, u32)> {
    let line = errors.lines().find(|line| line.starts_with("stack: "))?;
    let (size, growths) = line
        .strip_prefix("stack: ")?
        .split_once(" bytes at the end, growths: ")?;
    Some((size.parse().ok()?, growths.parse().ok()?))
}

/// A program with `n` growths from 2048 bytes ends with a stack of `2048 << n`. With a first stack of that size there are none,
/// with half of it there is one. Standard output and exit status are those without the report.
fn counted() -> Result<(), Failed> {
    for source in OTHERS.into_iter().chain([DEEP]) {
        for version in ["1.10", "1.15", "1.27"] {
            let go = &["-go", version];
            let (output, _, status) = run(source, go)?;
            let grown = |stack0: &str| -> Result<(u64, u32), Failed> {
                let flags = [&["-growth", "-stack0", stack0, "-lang", "en"][..], go].concat();
                let (told, errors, told_status) = run(source, &flags)?;
                same("standard output", &output, &told)?;
                if status != told_status {
                    return Err(format!("{status:?} without, {told_status:?} with").into());
                }
                last_line(&errors).ok_or_else(|| format!("no last line:\n{errors}").into())
            };
            let (size, growths) = grown("2048")?;
            if growths == 0 || size != 2048 << growths {
                return Err(format!("{growths} growths to {size} bytes").into());
            }
            let less = [grown(&size.to_string())?, grown(&(size / 2).to_string())?];
            if less != [(size, 0), (size, 1)] {
                return Err(format!("with larger first stacks: {less:?}").into());
            }
        }
    }
    Ok(())
}

fn json() -> Result<(), Failed> {
    let dir = folder(&[("deep.go", DEEP)])?;
    let output = minigo_command()
        .current_dir(dir.path())
        .args(["run", "-growth=grown.json", "deep.go"])
        .output()?;
    same(
        "standard error",
        "100\n",
        &String::from_utf8_lossy(&output.stderr),
    )?;
    let text = std::fs::read_to_string(dir.path().join("grown.json"))?;
    crate::json::valid(&text)?;
    for part in [
        "\"growth\":{\"stack0\":2048,\"stack\":8192,\"growths\":[{\"function\":\"main.depth\",\"file\":\"deep.go\",\"line\":3,",
        "\"offset\":96,\"below_guard\":8,\"old_size\":4096,\"new_size\":8192,\"used\":3184,\"saved_bps\":95}]}}\n",
    ] {
        if !text.contains(part) {
            return Err(format!("no {part:?} in {text}").into());
        }
    }
    Ok(())
}
